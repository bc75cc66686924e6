"""viem and ethers, unmodified, by the snippets of docs/names.md."""

import pytest
from eth_utils import to_checksum_address

from scripts._lib import cid
from tests.support.names import namehash

pytestmark = [pytest.mark.anvil, pytest.mark.no_anchor]

PAGE = cid.of_file(b"<h1>alice</h1>")
AVATAR = "data:image/png;base64,iVBORw0KGgo="  # nothing to fetch
OPTIMISM = 2**31 + 10
COUSIN = "0x" + "b1" * 20


@pytest.fixture(scope="module")
def records(chain, alice):
    """bob.os with every kind of record, and wild.os that answers for what is below."""
    node = chain.register("bob", chain.other, primary=True)
    functions = chain.resolver.functions
    for act in (
        functions.setText(node, "avatar", AVATAR),
        functions.setText(node, "com.github", "bob"),
        functions.setContenthash(node, cid.contenthash(PAGE)),
        functions.setAddr(node, OPTIMISM, bytes.fromhex(COUSIN[2:])),
    ):
        chain.do(act, chain.other)
    wild = chain.register("any", chain.other)
    chain.do(functions.setAddr(wild, chain.other), chain.other)
    chain.do(functions.setWildcard(wild, True), chain.other)
    chain.do(chain.reverse.functions.setName("bob.os"), chain.web3.eth.accounts[7])
    return node


def test_viem_reads(speak, chain, records):
    liar, nobody = chain.web3.eth.accounts[7:9]
    assert speak(
        "viem",
        ("getEnsAddress", {"name": "bob.os"}),
        ("getEnsAddress", {"name": "BOB.os"}),
        ("getEnsAddress", {"name": "bob.os", "coinType": OPTIMISM}),
        ("getEnsAddress", {"name": "bob.os", "coinType": 0}),
        ("getEnsText", {"name": "bob.os", "key": "com.github"}),
        ("getEnsText", {"name": "bob.os", "key": "other"}),
        ("getEnsAvatar", {"name": "bob.os"}),
        ("getEnsResolver", {"name": "bob.os"}),
        ("getEnsName", {"address": chain.other}),
        ("getEnsName", {"address": liar}),
        ("getEnsName", {"address": nobody}),
    ) == [
        chain.other,
        chain.other,
        COUSIN,
        None,
        "bob",
        None,
        AVATAR,
        chain.resolver.address,
        "bob.os",
        None,
        None,
    ]


def test_viem_missing_names_are_null_and_nothing_is_thrown(speak, records):
    names = ["nobody.os", "x.bob.os", "x.nobody.os", "os", "vitalik.eth", "a" * 240 + ".os"]
    found = speak(
        "viem",
        *[("getEnsAddress", {"name": name}) for name in names],
        *[("getEnsText", {"name": name, "key": "url"}) for name in names],
    )
    assert found == [None] * 12


def test_viem_wildcard(speak, chain, records):
    [found] = speak("viem", ("getEnsAddress", {"name": "x.y.any.os"}))
    assert found == chain.other


def test_ethers_reads(speak, chain, records):
    liar, nobody = chain.web3.eth.accounts[7:9]
    assert speak(
        "ethers",
        ("resolveName", "bob.os"),
        ("resolveName", "BOB.os"),
        ("getAddress", ["bob.os", OPTIMISM]),
        ("getText", ["bob.os", "com.github"]),
        ("getContentHash", ["bob.os"]),
        ("getAvatar", "bob.os"),
        ("address", ["bob.os"]),
        ("lookupAddress", chain.other),
        ("lookupAddress", liar),
        ("lookupAddress", nobody),
    ) == [
        chain.other,
        chain.other,
        to_checksum_address(COUSIN),
        "bob",
        f"ipfs://{PAGE}",
        AVATAR,
        chain.resolver.address,
        "bob.os",
        None,
        None,
    ]


def test_ethers_missing_names_are_null(speak, records):
    names = ["nobody.os", "x.bob.os", "x.nobody.os", "os", "vitalik.eth"]
    found = speak(
        "ethers",
        *[("resolveName", name) for name in names],
        *[("getText", [name, "url"]) for name in names],
    )
    assert found == [None] * 10


def test_ethers_wildcard(speak, chain, records):
    [found] = speak("ethers", ("resolveName", "x.y.any.os"))
    assert found == chain.other


def test_ethers_writes_as_to_ens(speak, chain, records):
    """A sub-name with its records, through ENS's own ABI, and read back by both."""
    parent, sub = "0x" + records.hex(), "0x" + namehash("shop.bob.os").hex()
    label = "0x" + chain.web3.keccak(text="shop").hex()

    def send(to, abi, function, *arguments):
        return "send", {
            "to": to.address,
            "from": chain.other,
            "abi": abi,
            "function": function,
            "arguments": arguments,
        }

    assert speak(
        "ethers",
        send(
            chain.names,
            "function setSubnodeRecord(bytes32,bytes32,address,address,uint64)",
            "setSubnodeRecord",
            parent,
            label,
            chain.other,
            chain.resolver.address,
            0,
        ),
        send(chain.resolver, "function setAddr(bytes32,uint256,bytes)", "setAddr", sub, 60, COUSIN),
        send(chain.resolver, "function setText(bytes32,string,string)", "setText", sub, "url", "s"),
        ("resolveName", "shop.bob.os"),
        ("getText", ["shop.bob.os", "url"]),
    ) == [1, 1, 1, to_checksum_address(COUSIN), "s"]
    assert speak("viem", ("getEnsAddress", {"name": "shop.bob.os"})) == [
        to_checksum_address(COUSIN)
    ]
