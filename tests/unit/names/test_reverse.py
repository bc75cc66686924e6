import boa
import pytest
from eth_abi import decode
from eth_account import Account
from eth_utils import keccak

from tests.support.compiled import deployer
from tests.support.names import (
    ZERO,
    Refused,
    ask,
    call,
    dns,
    error,
    events,
    namehash,
    now,
    reverse_node,
)


def test_set_name(world, owner):
    node = world.reverse.setName("alice.os", sender=owner)
    assert events(world.reverse) == [
        ("ReverseClaimed", owner, node),
        ("NameChanged", node, "alice.os"),
    ]
    assert node == reverse_node(owner)
    assert world.reverse.name(node) == "alice.os"
    assert world.reverse.answers(node)


@pytest.mark.parametrize("account", [
    "0x0000000000000000000000000000000000000000",
    "0x0123456789abcdef0123456789abcdef01234567",
    "0xffffffffffffffffffffffffffffffffffffffff",
    "0x9a9b0fa0f9afa909090909090909090909090a99",
])  # fmt: skip
def test_node_is_that_of_eip_181(world, account):
    assert world.reverse.node(account) == reverse_node(account)


@pytest.mark.parametrize("size", [1, 31, 32, 255])
def test_set_name_of_every_shape(world, owner, size):
    world.reverse.setName("n" * size, sender=owner)
    assert world.reverse.name(world.reverse.node(owner)) == "n" * size


def test_set_name_again_and_to_none(world, owner):
    world.reverse.setName("a-rather-long-name-that-takes-more-than-a-word.os", sender=owner)
    world.reverse.setName("short.os", sender=owner)
    node = world.reverse.node(owner)
    assert world.reverse.name(node) == "short.os"
    world.reverse.setName("", sender=owner)
    assert world.reverse.name(node) == ""
    assert not world.reverse.answers(node)


def test_set_name_is_for_oneself(world, owner, buyer):
    world.reverse.setName("alice.os", sender=owner)
    assert world.reverse.name(world.reverse.node(buyer)) == ""


def test_set_primary_by_anybody_but_the_registry_reverts(world, owner, stranger):
    for sender in (owner, stranger, world.resolver.address):
        with boa.reverts("reverse: not names"):
            world.reverse.set_primary(owner, "spoofed.os", sender=sender)


def test_other_nodes_have_no_name(world):
    assert world.reverse.name(namehash("alice.os")) == ""
    assert not world.reverse.answers(namehash("addr.reverse"))


@pytest.mark.parametrize("interface, spoken", [
    ("01ffc9a7", True), ("691f3431", True), ("ffffffff", False), ("9061b923", True),
])  # fmt: skip
def test_speaks(world, interface, spoken):
    assert world.reverse.supportsInterface(bytes.fromhex(interface)) == spoken


def test_knows_its_registry(world):
    assert world.reverse.names() == world.names.address


def test_without_a_registry_reverts():
    with boa.reverts("reverse: zero names"):
        deployer("ReverseResolver").deploy(ZERO)


# ----- for contracts that one owns -----


def test_set_name_for_an_owned_contract(world, owner):
    shop = deployer("NameShop").deploy(owner)
    node = world.reverse.setNameFor(shop.address, "shop.os", sender=owner)
    assert events(world.reverse) == [
        ("ReverseClaimed", shop.address, node),
        ("NameChanged", node, "shop.os"),
    ]
    assert node == reverse_node(shop.address)
    assert world.reverse.name(node) == "shop.os"


def test_set_name_for_a_contract_of_another_reverts(world, owner, stranger):
    shop = deployer("NameShop").deploy(owner)
    with boa.reverts("reverse: not owner"):
        world.reverse.setNameFor(shop.address, "shop.os", sender=stranger)


def test_set_name_for_a_contract_that_says_nothing_good_reverts(world, owner):
    """No owner, none at all, more than an address, dirty bits, a failure, or all gas burnt."""
    for code in (
        "00",  # stop: nothing
        "5b600056",  # for ever
        "60406000f3",  # two words of zero
        "336000526020601ff3",  # one byte late
        f"73{owner[2:]}600160a01b1760005260206000f3",  # the sender, and a bit above
        "600160a01b60005260206000f3",  # that bit alone
        f"73{owner[2:]}60005260206000fd",  # the sender, and reverts
    ):
        account = boa.env.generate_address()
        boa.env.set_code(account, bytes.fromhex(code))
        with boa.reverts("reverse: not owner"):
            world.reverse.setNameFor(account, "shop.os", sender=owner)
    with boa.reverts("reverse: not owner"):
        world.reverse.setNameFor(world.kernel.address, "shop.os", sender=owner)


def test_owner_of_a_contract_may_be_the_last_address(world):
    last = "0x" + "ff" * 20
    shop = deployer("NameShop").deploy(last)
    node = world.reverse.setNameFor(shop.address, "shop.os", sender=last)
    assert world.reverse.name(node) == "shop.os"


def test_owner_is_asked_with_30_000_gas(world, owner):
    """The contract knows its owner only with as much, less the 2 gas of looking."""
    account = boa.env.generate_address()
    code = f"5a{0x61_0000 + 29_998:06x}1473{owner[2:]}0260005260206000f3"
    boa.env.set_code(account, bytes.fromhex(code))
    world.reverse.setNameFor(account, "shop.os", sender=owner)
    assert world.reverse.name(reverse_node(account)) == "shop.os"


def test_set_name_for_an_account_without_code_reverts(world, owner, stranger):
    for account in (owner, stranger, ZERO):
        with boa.reverts("reverse: no contract"):
            world.reverse.setNameFor(account, "alice.os", sender=owner)


# ----- by signature -----


@pytest.fixture
def key():
    return Account.from_key(b"\x4b" * 32)


def signed(world, key, name="alice.os", account=None, **changed):
    """A deadline and a signature, of what is right but for what is changed."""
    deadline = changed.pop("deadline", now() + 60)
    domain = {
        "name": "Uraeus primary names",
        "version": "1",
        "chainId": boa.env.evm.patch.chain_id,
        "verifyingContract": world.reverse.address,
        **changed.pop("domain", {}),
    }
    types = {
        "SetName": [
            {"name": "account", "type": "address"},
            {"name": "name", "type": "string"},
            {"name": "nonce", "type": "uint256"},
            {"name": "deadline", "type": "uint256"},
        ]
    }
    account = account or key.address
    nonce = world.reverse.nonces(account)
    message = {"account": account, "name": name, "nonce": nonce, "deadline": deadline, **changed}
    return deadline, bytes(key.sign_typed_data(domain, types, message).signature)


def test_set_name_with_signature(world, key, stranger):
    act = world.reverse.setNameWithSignature
    node = act(key.address, "alice.os", *signed(world, key), sender=stranger)
    assert node == reverse_node(key.address)
    assert world.reverse.name(node) == "alice.os"
    assert world.reverse.nonces(key.address) == 1


def test_set_name_with_signature_of_a_contract(world, key, stranger):
    shop = deployer("NameShop").deploy(key.address)
    signature = signed(world, key, account=shop.address)
    world.reverse.setNameWithSignature(shop.address, "alice.os", *signature, sender=stranger)
    assert world.reverse.name(reverse_node(shop.address)) == "alice.os"


def test_signature_counts_once(world, key):
    signature = signed(world, key)
    world.reverse.setNameWithSignature(key.address, "alice.os", *signature)
    with boa.reverts("reverse: bad signature"):
        world.reverse.setNameWithSignature(key.address, "alice.os", *signature)


def test_signature_counts_until_its_deadline(world, key):
    signature = signed(world, key)
    boa.env.time_travel(seconds=60)
    with boa.env.anchor():
        world.reverse.setNameWithSignature(key.address, "alice.os", *signature)
    boa.env.time_travel(seconds=1)
    with boa.reverts("reverse: signature expired"):
        world.reverse.setNameWithSignature(key.address, "alice.os", *signature)


@pytest.mark.parametrize("changed", [
    {"domain": {"chainId": 7}},
    {"domain": {"verifyingContract": "0x" + "11" * 20}},
    {"domain": {"name": "Uraeus"}},
    {"nonce": 1},
    {"account": "0x" + "11" * 20},
    {"name": "mallory.os"},
], ids=str)  # fmt: skip
def test_signature_of_something_else_reverts(world, key, changed):
    deadline, _ = signed(world, key)
    if "account" in changed:
        _, signature = signed(world, Account.from_key(b"\x4c" * 32), account=key.address)
    else:
        _, signature = signed(world, key, **changed)
    with boa.reverts("reverse: bad signature"):
        world.reverse.setNameWithSignature(key.address, "alice.os", deadline, signature)


def test_signature_for_another_name_or_deadline_reverts(world, key):
    deadline, signature = signed(world, key)
    for name, until in (("mallory.os", deadline), ("alice.os", deadline + 1)):
        with boa.reverts("reverse: bad signature"):
            world.reverse.setNameWithSignature(key.address, name, until, signature)


def test_signature_in_another_form_reverts(world, key):
    """High s, compact, and none for the zero account (CVE-2022-35961)."""
    deadline, good = signed(world, key)
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    high = (order - int.from_bytes(good[32:64], "big")).to_bytes(32, "big")
    for bad in (good[:32] + high + bytes([55 - good[64]]), good[:64], b"", b"\0" * 65):
        with boa.reverts("reverse: bad signature"):
            world.reverse.setNameWithSignature(key.address, "alice.os", deadline, bad)
    with boa.reverts("reverse: bad signature"):
        world.reverse.setNameWithSignature(ZERO, "alice.os", deadline, b"\0" * 65)


@pytest.mark.parametrize("mode", ["reverts", "empty", "short", "dirty"])
def test_signature_of_a_contract_that_answers_badly_reverts(world, key, mode):
    wallet = deployer("Wallet").deploy(key.address, mode)
    deadline, signature = signed(world, key, account=wallet.address)
    with boa.reverts("reverse: bad signature"):
        world.reverse.setNameWithSignature(wallet.address, "alice.os", deadline, signature)


def test_domain_can_be_read(world):
    _, name, version, *_ = world.reverse.eip712Domain()
    assert (name, version) == ("Uraeus primary names", "1")


# ----- ENSIP-10 -----


def resolve(world, name, data):
    return ask(world.reverse, "resolve(bytes,bytes)", ["bytes"], dns(name), data)


def test_resolve_answers_name_only(world, owner):
    world.reverse.setName("alice.os", sender=owner)
    name = f"{owner[2:].lower()}.addr.reverse"
    answer = resolve(world, name, call("name(bytes32)", namehash(name)))
    assert decode(["string"], answer) == ("alice.os",)
    with pytest.raises(Refused) as refused:
        resolve(world, name, call("addr(bytes32)", namehash(name)))
    selector = keccak(text="addr(bytes32)")[:4]
    assert refused.value.args[0] == error("UnsupportedResolverProfile(bytes4)", selector)


def test_resolve_of_no_name_is_empty(world, stranger):
    name = f"{stranger[2:].lower()}.addr.reverse"
    answer = resolve(world, name, call("name(bytes32)", namehash(name)))
    assert decode(["string"], answer) == ("",)


def test_resolve_of_the_root_is_empty(world):
    answer = resolve(world, "", call("name(bytes32)", namehash("")))
    assert decode(["string"], answer) == ("",)


def test_resolve_of_another_node_or_a_bad_encoding_reverts(world, owner):
    data = call("name(bytes32)", reverse_node(owner))
    with boa.reverts("reverse: other node"):
        world.reverse.resolve(dns("alice.os"), data)
    with boa.reverts("reverse: other node"):
        world.reverse.resolve(dns("alice.os"), data[:35])
    with boa.reverts("reverse: bad encoding"):
        world.reverse.resolve(b"", data)
