import boa
import pytest
from eth_abi import decode
from eth_utils import keccak

from tests.support.compiled import deployer
from tests.support.names import (
    FIRST_EPOCH,
    YEAR,
    ZERO,
    ZERO32,
    call,
    events,
    namehash,
    token,
    topics,
)

IPFS = bytes.fromhex("e30101701220")
RAW = bytes.fromhex("e30101551220")  # a file of one block: as long as a digest of IPFS
SWARM = bytes.fromhex("e40101fa011b20")

SELECTORS = {
    "addr(bytes32)": "3b3b57de",
    "text(bytes32,string)": "59d1d43c",
    "contenthash(bytes32)": "bc1c58d1",
    "recordVersions(bytes32)": "d700ff33",
    "setAddr(bytes32,address)": "d5fa2b00",
    "setText(bytes32,string,string)": "10f13a8c",
    "setContenthash(bytes32,bytes)": "304e6ade",
    "clearRecords(bytes32)": "3603d758",
    "multicall(bytes[])": "ac9650d8",
    "multicallWithNodeCheck(bytes32,bytes[])": "e32954eb",
    "supportsInterface(bytes4)": "01ffc9a7",
}


def test_selectors_are_those_of_ens(world):
    ours = world.resolver.compiler_data.function_signatures
    code = boa.env.get_code(world.resolver.address)
    for signature, selector in SELECTORS.items():
        assert keccak(text=signature)[:4].hex() == selector
        assert signature.split("(")[0] in ours
        assert bytes.fromhex(selector).lstrip(b"\0") in code


def test_events_are_those_of_ens(world, node, owner):
    def signature(text: str, indexed: int) -> tuple[int, int]:
        return int.from_bytes(keccak(text=text), "big"), indexed + 1

    world.resolver.setAddr(node, owner, sender=owner)
    assert topics(world.resolver) == [
        signature("AddressChanged(bytes32,uint256,bytes)", 1),
        signature("AddrChanged(bytes32,address)", 1),
    ]
    world.resolver.setText(node, "url", "x", sender=owner)
    assert topics(world.resolver) == [signature("TextChanged(bytes32,string,string,string)", 2)]
    world.resolver.setContenthash(node, b"x", sender=owner)
    assert topics(world.resolver) == [signature("ContenthashChanged(bytes32,bytes)", 1)]
    world.resolver.clearRecords(node, sender=owner)
    assert topics(world.resolver)[-1] == signature("VersionChanged(bytes32,uint64)", 1)


# ----- addresses -----


def test_set_addr(world, node, owner, stranger):
    world.resolver.setAddr(node, stranger, sender=owner)
    assert events(world.resolver) == [
        ("AddressChanged", node, 60, bytes.fromhex(stranger[2:])),
        ("AddrChanged", node, stranger),
    ]
    assert world.resolver.addr(node) == stranger


def test_addr_is_the_owner_until_set(world, node, owner):
    assert world.resolver.addr(node) == owner


def test_addr_can_be_none_explicitly(world, node, owner):
    world.resolver.setAddr(node, ZERO, sender=owner)
    assert world.resolver.addr(node) == ZERO


def test_addr_is_never_implied_for_a_contract(world, node, owner):
    wallet = deployer("NameWallet").deploy()
    world.names.transferFrom(owner, wallet.address, token(node), sender=owner)
    assert world.resolver.addr(node) == ZERO
    data = world.resolver.setAddr.prepare_calldata(node, wallet.address)
    wallet.execute(world.resolver.address, data)
    assert world.resolver.addr(node) == wallet.address


@pytest.mark.parametrize("code, implied", [
    (b"", True),
    (bytes.fromhex("ef0100") + b"\x11" * 20, True),   # EIP-7702 designator
    (bytes.fromhex("ef0101") + b"\x11" * 20, False),  # not one
    (bytes.fromhex("ef0100") + b"\x11" * 21, False),  # neither
    (bytes.fromhex("ef0100") + b"\x11" * 19, False),
    (b"\x00", False),
])  # fmt: skip
def test_addr_is_implied_for_plain_and_delegating_accounts(world, node, owner, code, implied):
    boa.env.set_code(owner, code)
    assert world.resolver.addr(node) == (owner if implied else ZERO)


def test_addr_of_an_unknown_node(world):
    assert world.resolver.addr(namehash("nobody.os")) == ZERO
    assert world.resolver.addr(ZERO32) == ZERO


# ----- texts -----


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, 63, 64, 65, 1023, 1024])
def test_set_text_of_every_shape(world, node, owner, size):
    text = ("0123456789abcdef" * 64)[:size]
    world.resolver.setText(node, "key", text, sender=owner)
    [(_, _, (event, at, key), data)] = world.resolver._computation.get_raw_log_entries()
    assert event == int.from_bytes(keccak(text="TextChanged(bytes32,string,string,string)"), "big")
    assert (at, key) == (token(node), int.from_bytes(keccak(text="key"), "big"))
    assert decode(["string", "string"], data) == ("key", text)
    assert world.resolver.text(node, "key") == text


@pytest.mark.parametrize("first, then", [(100, 5), (5, 100), (64, 33), (40, 0), (3, 0)])
def test_set_text_again_leaves_nothing_of_the_old(world, node, owner, first, then):
    world.resolver.setText(node, "key", "o" * first, sender=owner)
    world.resolver.setText(node, "key", "n" * then, sender=owner)
    assert world.resolver.text(node, "key") == "n" * then


def test_texts_of_different_keys_and_nodes_are_apart(world, node, owner):
    other = world.register("other", owner)
    keys = ["", "a", "avatar", "k" * 128]
    for key in keys:
        world.resolver.setText(node, key, f"text of {key[:9]}", sender=owner)
    assert [world.resolver.text(node, key) for key in keys] == [f"text of {k[:9]}" for k in keys]
    assert all(world.resolver.text(other, key) == "" for key in keys)


# ----- content hashes -----


@pytest.mark.parametrize("content", [
    IPFS + b"\x77" * 32,
    IPFS + ZERO32,                # a digest that looks unset
    IPFS + b"\x77" * 31,
    IPFS + b"\x77" * 33,
    SWARM + b"\x77" * 32,
    RAW + b"\x77" * 32,
    b"\x00",
    b"x" * 1024,
    b"",
])  # fmt: skip
@pytest.mark.parametrize("before", [b"", IPFS + b"\x11" * 32, SWARM + b"\x22" * 32])
def test_set_contenthash_replaces_whatever_was(world, node, owner, before, content):
    world.resolver.setContenthash(node, before, sender=owner)
    world.resolver.setContenthash(node, content, sender=owner)
    assert events(world.resolver) == [("ContenthashChanged", node, content)]
    assert world.resolver.contenthash(node) == content


# ----- who may write -----


def setters(world, node, account):
    return [
        lambda: world.resolver.setAddr(node, account, sender=account),
        lambda: world.resolver.setText(node, "a", "b", sender=account),
        lambda: world.resolver.setContenthash(node, b"c", sender=account),
        lambda: world.resolver.clearRecords(node, sender=account),
    ]


def test_setters_by_a_stranger_revert(world, node, stranger):
    for act in setters(world, node, stranger):
        with boa.reverts("resolver: not authorised"):
            act()


def test_setters_of_unknown_nodes_revert(world, stranger):
    for unknown in (namehash("nobody.os"), namehash("os"), ZERO32):
        for act in setters(world, unknown, stranger):
            with boa.reverts("resolver: not authorised"):
                act()


def test_setters_by_the_owner_of_an_expired_name_revert(world, node, owner):
    boa.env.time_travel(seconds=YEAR - 1)
    with boa.env.anchor():
        for act in setters(world, node, owner):
            act()
    boa.env.time_travel(seconds=1)
    for act in setters(world, node, owner):
        with boa.reverts("resolver: not authorised"):
            act()


def test_setters_by_an_operator(world, node, owner, stranger):
    world.names.setApprovalForAll(stranger, True, sender=owner)
    for act in setters(world, node, stranger):
        act()


def test_registry_writes_what_comes_with_a_registration(world, owner, buyer):
    """For the owner, who may be another than who sends it."""
    node = namehash("alice.os")
    data = (call("setText(bytes32,string,string)", node, "url", "x"),)
    world.register("alice", buyer, sender=owner, data=data)
    assert world.resolver.text(node, "url") == "x"


def test_operator_of_nobody_is_nobody(world, stranger):
    """Zero owns what expired: an approval by zero must not count."""
    world.names.setApprovalForAll(stranger, True, sender=ZERO)
    for act in setters(world, namehash("nobody.os"), stranger):
        with boa.reverts("resolver: not live"):
            act()


def test_expired_name_answers_nothing(world, node, owner):
    world.resolver.setAddr(node, owner, sender=owner)
    world.resolver.setText(node, "url", "x", sender=owner)
    world.resolver.setContenthash(node, b"y", sender=owner)
    boa.env.time_travel(seconds=YEAR)
    assert world.resolver.addr(node) == ZERO
    assert world.resolver.text(node, "url") == ""
    assert world.resolver.contenthash(node) == b""
    assert world.resolver.recordVersions(node) == FIRST_EPOCH


# ----- several at once -----


def test_multicall_writes_and_reads(world, node, owner, stranger):
    answers = world.resolver.multicall(
        [
            call("setAddr(bytes32,address)", node, stranger),
            call("setText(bytes32,string,string)", node, "url", "x"),
            call("addr(bytes32)", node),
        ],
        sender=owner,
    )
    assert answers == [b"", b"", bytes.fromhex(stranger[2:]).rjust(32, b"\0")]
    assert world.resolver.text(node, "url") == "x"


def test_multicall_of_nothing(world, stranger):
    assert world.resolver.multicall([], sender=stranger) == []


def test_multicall_is_all_or_nothing_with_the_inner_reason(world, node, owner):
    data = [
        call("setAddr(bytes32,address)", node, ZERO),
        call("clearRecords(bytes32)", namehash("other.os")),
    ]
    with boa.reverts("resolver: not authorised"):
        world.resolver.multicall(data, sender=owner)
    assert world.resolver.addr(node) == owner


def test_nested_multicall_whose_answers_do_not_fit_reverts(world, node, owner):
    """Cut off, they would look like answers."""
    long = [call("text(bytes32,string)", node, "bio")] * 2
    world.resolver.setText(node, "bio", "x" * 1000, sender=owner)
    assert len(world.resolver.multicall(long)) == 2
    with boa.reverts("resolver: answer too long"):
        world.resolver.multicall([call("multicall(bytes[])", long)])


def test_nested_multicall_whose_answers_just_fit(world, node, owner):
    for size in (224, 256):
        world.resolver.setText(node, str(size), "x" * size, sender=owner)
    asked = [call("text(bytes32,string)", node, key) for key in ("224", "224", "256", "256")]
    [answer] = world.resolver.multicall([call("multicall(bytes[])", asked)])
    assert len(answer) == 1536
    assert len(decode(["bytes[]"], answer)[0]) == 4


def test_multicall_of_a_malformed_call_reverts(world, node, owner):
    """The compiler's decoder gives no reason; the multicall does."""
    good = call("setText(bytes32,string,string)", node, "url", "x")
    for bad in (good[:70], call("setText(bytes32,string,string)", node, "k" * 129, "x")):
        with boa.reverts("resolver: call failed"):
            world.resolver.multicall([good, bad], sender=owner)
    assert world.resolver.text(node, "url") == ""


def test_multicall_of_what_the_resolver_cannot_do_reverts(world, node, owner):
    with boa.reverts("resolver: unknown call"):
        world.resolver.multicall([call("setOwner(bytes32,address)", node, ZERO)], sender=owner)


def test_multicall_of_nothing_does_nothing(world, node, stranger):
    assert world.resolver.multicallWithNodeCheck(node, [], sender=stranger) == []
    assert world.resolver.get_logs() == []


def test_multicall_with_node_check(world, node, owner):
    data = [call("setText(bytes32,string,string)", node, "url", "x")]
    world.resolver.multicallWithNodeCheck(node, data, sender=owner)
    assert world.resolver.text(node, "url") == "x"
    other = world.register("other", owner)
    with boa.reverts("resolver: other node"):
        world.resolver.multicallWithNodeCheck(other, data, sender=owner)
    with boa.reverts("resolver: call too short"):
        world.resolver.multicallWithNodeCheck(node, [data[0][:35]], sender=owner)
    shortest = call("clearRecords(bytes32)", node)
    assert len(shortest) == 36
    world.resolver.multicallWithNodeCheck(node, [shortest], sender=owner)
    assert world.resolver.text(node, "url") == ""


# ----- about itself -----


@pytest.mark.parametrize("interface, spoken", [
    ("01ffc9a7", True), ("3b3b57de", True), ("59d1d43c", True), ("bc1c58d1", True),
    ("d700ff33", True), ("4fbf0433", True), ("ffffffff", False), ("9061b923", True),
    ("ecbfada3", True), ("f1cb7e06", True), ("691f3431", True), ("2203ab56", True),
    ("124a319c", True),
])  # fmt: skip
def test_speaks(world, interface, spoken):
    assert world.resolver.supportsInterface(bytes.fromhex(interface)) == spoken


def test_knows_its_registry(world):
    assert world.resolver.names() == world.names.address


def test_without_a_registry_reverts():
    with boa.reverts("resolver: zero names"):
        deployer("Resolver").deploy(ZERO)
