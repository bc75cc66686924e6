"""web3.py's own ENS class, unmodified."""

import pytest
from ens.exceptions import InvalidName, ResolverNotFound, UnauthorizedError

from scripts._lib import cid, ens_client
from scripts._lib.refusal import Refusal
from tests.support.names import ZERO, namehash

pytestmark = [pytest.mark.anvil, pytest.mark.no_anchor]


def test_reads(ns, chain):
    assert ns.address("alice.os") == chain.owner
    assert ns.address("ALICE.os") == chain.owner  # normalised first
    assert ns.owner("alice.os") == chain.owner
    assert ns.resolver("alice.os").address == chain.resolver.address
    assert ns.address("resolver.eth") == chain.resolver.address


def test_missing_names(ns, chain):
    for name in ("nobody.os", "x.alice.os", "x.nobody.os"):
        assert ns.address(name) is None
    assert ns.owner("nobody.os") == ZERO
    assert ns.resolver("nobody.os") is None
    with pytest.raises(ResolverNotFound):
        ns.get_text("nobody.os", "url")


def test_bad_names_are_refused_before_anything_is_sent(ns):
    for name in ("a..os", "alice\u200d.os", "al_ice!.os", "xn--alice.os"):
        with pytest.raises(InvalidName):
            ns.address(name)


def test_primary_name(ns, chain):
    assert ns.name(chain.owner) == "alice.os"
    assert ns.name(chain.web3.eth.accounts[5]) is None


def test_primary_name_that_the_name_denies(ns, chain):
    liar = chain.web3.eth.accounts[6]
    chain.do(chain.reverse.functions.setName("alice.os"), liar)
    assert ns.name(liar) is None


def test_set_text(ns, chain):
    chain.web3.eth.wait_for_transaction_receipt(ns.set_text("alice.os", "url", "https://a.example"))
    assert ns.get_text("alice.os", "url") == "https://a.example"
    assert ns.get_text("alice.os", "other") == ""


def test_setup_address_and_name_of_a_sub_name(ns, chain):
    """Makes the sub-name, by `setSubnodeOwner`, and sets its address and primary name."""
    sent = ns.setup_address("app.alice.os", chain.other)
    chain.web3.eth.wait_for_transaction_receipt(sent)
    assert ns.owner("app.alice.os") == chain.owner
    assert ns.address("app.alice.os") == chain.other
    chain.web3.eth.wait_for_transaction_receipt(ns.setup_name("app.alice.os", chain.other))
    assert ns.name(chain.other) == "app.alice.os"


def test_setup_owner(ns, chain):
    assert ns.setup_owner("team.alice.os", chain.other) == chain.other
    assert ns.owner("team.alice.os") == chain.other
    node = namehash("team.alice.os")
    assert chain.names.functions.owner(node).call() == chain.other


def test_setup_address_of_a_foreign_name(ns, chain):
    with pytest.raises(UnauthorizedError):
        ns.setup_address("os", chain.owner)


def test_addresses_of_other_chains(ns, chain, alice):
    account = "0x" + "b1" * 20
    sent = ns.setup_address("alice.os", ns.w3.to_checksum_address(account), coin_type=2**31 + 10)
    chain.web3.eth.wait_for_transaction_receipt(sent)
    assert ns.address("alice.os", coin_type=2**31 + 10).lower() == account
    assert ns.address("alice.os", coin_type=2**31 + 137) is None
    assert ns.address("alice.os") == chain.owner


def test_contenthash(ns, chain, alice):
    published = cid.of_file(b"a page")
    resolver = ns.resolver("alice.os").functions
    chain.do(resolver.setContenthash(alice, cid.contenthash(published)))
    assert cid.from_contenthash(resolver.contenthash(alice).call()) == published


def test_wildcard(ns, chain):
    node = chain.register("wild", chain.owner)
    chain.do(chain.resolver.functions.setAddr(node, chain.other))
    assert ns.address("anything.wild.os") is None
    chain.do(chain.resolver.functions.setWildcard(node, True))
    assert ns.address("anything.wild.os") == chain.other
    assert ns.address("any.thing.wild.os") == chain.other


def test_wrong_addresses_are_refused(chain):
    nobody = "0x" + "11" * 20
    with pytest.raises(Refusal, match="no code at"):
        ens_client.ready(chain.web3, nobody, chain.universal.address)
    with pytest.raises(Refusal, match="universal resolver"):
        ens_client.ready(chain.web3, chain.names.address, nobody)


def test_chain_without_a_record_is_refused(chain, tmp_path):
    with pytest.raises(Refusal, match="No deployment is recorded for chain 31337"):
        ens_client.recorded(chain.web3, tmp_path)
