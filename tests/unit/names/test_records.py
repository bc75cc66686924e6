"""Records beyond address, text and content: other chains, bytes, contracts, releases."""

import boa
import pytest
from eth_utils import keccak

from tests.support.compiled import deployer
from tests.support.names import (
    DAY,
    FIRST_EPOCH,
    YEAR,
    ZERO,
    Refused,
    ask,
    call,
    dns,
    error,
    events,
    namehash,
    now,
    token,
)

BITCOIN, ETHEREUM, OPTIMISM = 0, 60, 2**31 + 10
SET_COIN = "setAddr(bytes32,uint256,bytes)"
# IResolver.Kind
ADDR, TEXT, CONTENTHASH, NAME, DATA, CONTRACT, RELEASE = (1 << i for i in range(7))
EVERY_KIND = 2**7 - 1


def set_coin(world, node, coin, account, sender):
    """The second form of `setAddr`, which boa cannot name, inside a multicall."""
    world.resolver.multicall([call(SET_COIN, node, coin, account)], sender=sender)


def send(world, data, sender):
    """Calldata as it is, and whether it was taken."""
    computation = boa.env.execute_code(to_address=world.resolver.address, data=data, sender=sender)
    return not computation.is_error


# ----- addresses of many chains -----


@pytest.mark.parametrize("coin", [BITCOIN, 2, 501, 2**31 - 1, 2**32, 2**256 - 1])
@pytest.mark.parametrize("size", [1, 20, 25, 31, 32, 33, 128])
def test_set_addr_of_another_chain(world, node, owner, coin, size):
    account = b"\xb1" * size
    set_coin(world, node, coin, account, owner)
    assert world.resolver.addr(node, coin) == account
    assert world.resolver.addr(node, coin ^ 1) == b""
    assert world.resolver.addr(node) == owner


def test_set_addr_of_a_coin_sent_directly(world, node, owner):
    """Not only in a multicall."""
    data = call(SET_COIN, node, BITCOIN, b"\x01\x02")
    assert send(world, data, owner)
    assert world.resolver.addr(node, BITCOIN) == b"\x01\x02"


def test_set_addr_of_a_coin_is_told(world, node, owner):
    set_coin(world, node, BITCOIN, b"\x01\x02", owner)
    assert events(world.resolver) == [("AddressChanged", node, BITCOIN, b"\x01\x02")]


@pytest.mark.parametrize("coin", [2**31, OPTIMISM, 2**32 - 1])
def test_evm_chains_take_20_bytes_or_none(world, node, owner, coin):
    set_coin(world, node, coin, b"\xb1" * 20, owner)
    assert world.resolver.addr(node, coin) == b"\xb1" * 20
    set_coin(world, node, coin, b"", owner)
    assert world.resolver.addr(node, coin) == b""
    for size in (1, 19, 21, 32):
        with boa.reverts("resolver: not 20 bytes"):
            set_coin(world, node, coin, b"\xb1" * size, owner)


def test_both_forms_write_and_read_the_same_address(world, node, owner, stranger):
    account = bytes.fromhex(stranger[2:])
    assert world.resolver.addr(node, ETHEREUM) == bytes.fromhex(owner[2:])
    set_coin(world, node, ETHEREUM, account, owner)
    assert events(world.resolver)[-2:] == [
        ("AddressChanged", node, 60, account),
        ("AddrChanged", node, stranger),
    ]
    assert (world.resolver.addr(node), world.resolver.addr(node, ETHEREUM)) == (stranger, account)
    set_coin(world, node, ETHEREUM, b"", owner)
    assert (world.resolver.addr(node), world.resolver.addr(node, ETHEREUM)) == (ZERO, b"")
    world.resolver.setAddr(node, stranger, sender=owner)
    assert world.resolver.addr(node, ETHEREUM) == account
    for size in (1, 19, 21):
        with boa.reverts("resolver: not 20 bytes"):
            set_coin(world, node, ETHEREUM, b"\x01" * size, owner)


def test_no_address_is_implied_on_other_chains(world, node):
    for coin in (BITCOIN, OPTIMISM, 2**31):
        assert world.resolver.addr(node, coin) == b""


def test_set_addr_too_long_reverts(world, node, owner):
    with boa.reverts("resolver: address too long"):
        set_coin(world, node, BITCOIN, b"\x01" * 129, owner)


def test_set_addr_of_a_coin_by_a_stranger_reverts(world, node, stranger):
    with boa.reverts("resolver: not authorised"):
        set_coin(world, node, BITCOIN, b"\x01", stranger)


@pytest.mark.parametrize("data", [
    b"", b"\x8b", bytes.fromhex("8b95dd71"), bytes.fromhex("8b95dd71") + b"\0" * 127,
    bytes.fromhex("8b95dd72") + b"\0" * 128, b"\xff" * 400,
])  # fmt: skip
def test_unknown_calls_are_refused(world, owner, data):
    assert not send(world, data, owner)


def test_set_addr_of_a_coin_with_bad_encoding_is_refused(world, node, owner):
    good = call(SET_COIN, node, BITCOIN, b"\x01" * 40)
    assert send(world, good, owner)
    far = good[:68] + (2**255).to_bytes(32, "big") + good[100:]
    near = good[:68] + (64).to_bytes(32, "big") + good[100:]
    long = good[:100] + (200).to_bytes(32, "big") + good[132:]
    over = good[:100] + (65).to_bytes(32, "big") + good[132:]
    assert len(good) == 132 + 64
    for bad in (far, near, long, over, good[:-30]):
        with boa.reverts("resolver: malformed call"):
            world.resolver.multicall([bad], sender=owner)
        assert not send(world, bad, owner)
    assert send(world, good[:-24], owner)  # without padding


def test_unknown_call_names_its_reason(world, owner):
    for unknown in (b"\xff" * 200, bytes.fromhex("8b95dd71") + b"\0" * 127):
        with boa.reverts("resolver: unknown call"):
            world.resolver.multicall([unknown], sender=owner)


# ----- name, data, ABI, interfaces -----


@pytest.mark.parametrize("name", ["", "alice.os", "x" * 255])
def test_set_name(world, node, owner, name):
    world.resolver.setName(node, name, sender=owner)
    assert events(world.resolver) == [("NameChanged", node, name)]
    assert world.resolver.name(node) == name


@pytest.mark.parametrize("size", [0, 1, 31, 32, 1024])
def test_set_data(world, node, owner, size):
    content = bytes(range(256)) * 4
    world.resolver.setData(node, "agent-context", content[:size], sender=owner)
    topic = keccak(text="DataChanged(bytes32,string,string,bytes)")
    [(_, _, (event, at, key, digest), _)] = world.resolver._computation.get_raw_log_entries()
    assert event.to_bytes(32, "big") == topic
    assert (at, key) == (token(node), int.from_bytes(keccak(text="agent-context"), "big"))
    assert digest.to_bytes(32, "big") == keccak(content[:size])
    assert world.resolver.data(node, "agent-context") == content[:size]
    assert world.resolver.data(node, "other") == b""
    assert world.resolver.text(node, "agent-context") == ""


def test_set_abi(world, node, owner):
    for kind, content in ((1, b"[]"), (4, b"\x80"), (8, b"ipfs://Qm")):
        world.resolver.setABI(node, kind, content, sender=owner)
        assert events(world.resolver) == [("ABIChanged", node, kind)]
    assert world.resolver.ABI(node, 1) == (1, b"[]")
    assert world.resolver.ABI(node, 2) == (0, b"")
    assert world.resolver.ABI(node, 2 + 4 + 8) == (4, b"\x80")
    assert world.resolver.ABI(node, 2**256 - 1) == (1, b"[]")
    assert world.resolver.ABI(node, 0) == (0, b"")
    world.resolver.setABI(node, 1, b"", sender=owner)
    assert world.resolver.ABI(node, 15) == (4, b"\x80")


@pytest.mark.parametrize("kind", [1, 2, 4, 8])
def test_set_abi_of_each_type(world, node, owner, kind):
    world.resolver.setABI(node, kind, b"content", sender=owner)
    assert world.resolver.ABI(node, kind) == (kind, b"content")


@pytest.mark.parametrize("kind", [0, 3, 5, 16, 2**255, 2**256 - 1])
def test_set_abi_of_an_unknown_type_reverts(world, node, owner, kind):
    with boa.reverts("resolver: unknown content type"):
        world.resolver.setABI(node, kind, b"[]", sender=owner)


def test_set_interface(world, node, owner, stranger):
    interface = bytes.fromhex("12345678")
    world.resolver.setInterface(node, interface, stranger, sender=owner)
    assert events(world.resolver) == [("InterfaceChanged", node, interface, stranger)]
    assert world.resolver.interfaceImplementer(node, interface) == stranger
    world.resolver.setInterface(node, interface, ZERO, sender=owner)
    assert world.resolver.interfaceImplementer(node, interface) == ZERO


def test_interface_of_the_contract_that_a_name_stands_for(world, node, owner):
    erc721, other = bytes.fromhex("80ac58cd"), bytes.fromhex("12345678")
    assert world.resolver.interfaceImplementer(node, erc721) == ZERO  # a plain account
    world.resolver.setAddr(node, world.names.address, sender=owner)
    assert world.resolver.interfaceImplementer(node, erc721) == world.names.address
    assert world.resolver.interfaceImplementer(node, other) == ZERO


def test_interface_of_code_that_an_owner_borrows(world, node, owner):
    """EIP-7702: it is an account still, and the name's address without a word."""
    boa.env.set_code(owner, bytes.fromhex("ef0100" + world.names.address[2:]))
    assert world.resolver.addr(node) == owner
    assert world.resolver.interfaceImplementer(node, bytes.fromhex("80ac58cd")) == owner


def test_interface_of_a_contract_that_burns_gas_or_says_nothing(world, node, owner):
    pricing = deployer("BadPricing").deploy()
    world.resolver.setAddr(node, pricing.address, sender=owner)
    assert world.resolver.interfaceImplementer(node, bytes.fromhex("80ac58cd")) == ZERO
    boa.env.set_code(pricing.address, bytes.fromhex("5b600056"))  # for ever
    assert world.resolver.interfaceImplementer(node, bytes.fromhex("80ac58cd")) == ZERO


@pytest.mark.parametrize("code, implements", [
    ("600160005260206000f3", True),
    ("600260005260206000f3", False),
    ("600160005260206000fd", False),
    ("600160005260406000f3", True),  # what follows is not read
    ("61010060005260206000f3", False),
    ("610100600052601f6000f3", False),  # a byte too few
    (f"5a{0x61_0000 + 29_998:06x}1460005260206000f3", True),  # if it has 30,000 gas, less 2
    ("60043560e01c6380ac58cd1460005260206000f3", False),  # does not say that it says so
])  # fmt: skip
def test_interface_of_a_contract_by_its_answer(world, node, owner, code, implements):
    account = boa.env.generate_address("contract")
    boa.env.set_code(account, bytes.fromhex(code))
    world.resolver.setAddr(node, account, sender=owner)
    found = world.resolver.interfaceImplementer(node, bytes.fromhex("80ac58cd"))
    assert found == (account if implements else ZERO)


# ----- releases -----


def test_release_is_written_once(world, node, owner):
    world.resolver.setRelease(node, "1.0", b"\x01" * 32, sender=owner)
    assert events(world.resolver) == [("Released", node, FIRST_EPOCH, "1.0", b"\x01" * 32)]
    for digest in (b"\x01" * 32, b"\x02" * 32):
        with boa.reverts("resolver: already released"):
            world.resolver.setRelease(node, "1.0", digest, sender=owner)
    world.resolver.setRelease(node, "1.1", b"\x02" * 32, sender=owner)
    assert world.resolver.release(node, "1.0", FIRST_EPOCH) == b"\x01" * 32


def test_release_of_zero_reverts(world, node, owner):
    with boa.reverts("resolver: zero digest"):
        world.resolver.setRelease(node, "1.0", b"\0" * 32, sender=owner)


def test_release_stays_what_it_was_for_who_pins_the_epoch(world, node, owner, buyer):
    world.resolver.setRelease(node, "1.0", b"\x01" * 32, sender=owner)
    world.names.transferFrom(owner, buyer, token(node), sender=owner)
    world.resolver.setRelease(node, "1.0", b"\x66" * 32, sender=buyer)
    assert world.resolver.release(node, "1.0", FIRST_EPOCH) == b"\x01" * 32
    assert world.resolver.release(node, "1.0", FIRST_EPOCH + 1) == b"\x66" * 32
    boa.env.time_travel(seconds=YEAR)
    assert world.resolver.release(node, "1.0", FIRST_EPOCH) == b"\x01" * 32


# ----- delegates -----


def writers(world, node, sender):
    """Kind of record -> an act that writes it."""
    resolver = world.resolver
    return {
        ADDR: lambda: resolver.setAddr(node, sender, sender=sender),
        TEXT: lambda: resolver.setText(node, "a", "b", sender=sender),
        CONTENTHASH: lambda: resolver.setContenthash(node, b"c", sender=sender),
        NAME: lambda: resolver.setName(node, "d.os", sender=sender),
        DATA: lambda: resolver.setData(node, "e", b"f", sender=sender),
        CONTRACT: lambda: resolver.setABI(node, 1, b"[]", sender=sender),
        RELEASE: lambda: resolver.setRelease(node, "1", b"\x01" * 32, sender=sender),
    }


@pytest.mark.parametrize("kind", [1 << i for i in range(7)])
def test_delegate_writes_its_kind_and_no_other(world, node, owner, stranger, kind):
    until = now() + DAY
    world.resolver.setDelegate(node, stranger, kind, until, sender=owner)
    assert events(world.resolver) == [("DelegateChanged", node, stranger, kind, until)]
    assert world.resolver.delegate(node, stranger) == (kind, until)
    for other, act in writers(world, node, stranger).items():
        if other == kind:
            act()
        else:
            with boa.reverts("resolver: not authorised"):
                act()


def test_delegate_for_other_chains_and_interfaces(world, node, owner, stranger):
    world.resolver.setDelegate(node, stranger, ADDR | CONTRACT, now() + DAY, sender=owner)
    set_coin(world, node, BITCOIN, b"\x01", stranger)
    world.resolver.setInterface(node, b"\x01\x02\x03\x04", stranger, sender=stranger)
    world.resolver.setDelegate(node, stranger, TEXT, now() + DAY, sender=owner)
    with boa.reverts("resolver: not authorised"):
        set_coin(world, node, BITCOIN, b"\x01", stranger)
    with boa.reverts("resolver: not authorised"):
        world.resolver.setInterface(node, b"\x01\x02\x03\x04", stranger, sender=stranger)


def test_delegate_until_a_second(world, node, owner, stranger):
    until = now() + DAY
    world.resolver.setDelegate(node, stranger, TEXT, until, sender=owner)
    boa.env.time_travel(seconds=DAY - 1)
    world.resolver.setText(node, "a", "b", sender=stranger)
    boa.env.time_travel(seconds=1)
    assert world.resolver.delegate(node, stranger) == (0, 0)
    with boa.reverts("resolver: not authorised"):
        world.resolver.setText(node, "a", "b", sender=stranger)


def test_delegate_is_dismissed(world, node, owner, stranger):
    world.resolver.setDelegate(node, stranger, EVERY_KIND, now() + DAY, sender=owner)
    world.resolver.setDelegate(node, stranger, 0, 0, sender=owner)
    for act in writers(world, node, stranger).values():
        with boa.reverts("resolver: not authorised"):
            act()


@pytest.mark.parametrize("end", ["transfer", "migrate", "clear", "expiry"])
def test_delegate_ends_with_the_epoch_and_with_a_migration(
    world, node, owner, buyer, stranger, end
):
    world.resolver.setDelegate(node, stranger, EVERY_KIND, now() + 2 * YEAR, sender=owner)
    if end == "transfer":
        world.names.transferFrom(owner, buyer, token(node), sender=owner)
    elif end == "migrate":
        world.names.migrate(node, buyer, sender=owner)
    elif end == "clear":
        world.resolver.clearRecords(node, sender=owner)
    else:
        boa.env.time_travel(seconds=YEAR)
    assert world.resolver.delegate(node, stranger) == (0, 0)
    for act in writers(world, node, stranger).values():
        with boa.reverts("resolver: not authorised"):
            act()


def test_delegate_controls_nothing_else(world, node, owner, stranger):
    world.resolver.setDelegate(node, stranger, EVERY_KIND, now() + DAY, sender=owner)
    resolver = world.resolver
    for act in (
        lambda: resolver.setDelegate(node, stranger, 1, now() + YEAR, sender=stranger),
        lambda: resolver.setWildcard(node, True, sender=stranger),
        lambda: resolver.clearRecords(node, sender=stranger),
    ):
        with boa.reverts("resolver: not authorised"):
            act()
    with boa.reverts("names: not authorised"):
        world.names.setResolver(node, stranger, sender=stranger)


def test_delegate_of_another_name(world, node, owner, stranger):
    other = world.register("other", owner)
    world.resolver.setDelegate(other, stranger, EVERY_KIND, now() + DAY, sender=owner)
    with boa.reverts("resolver: not authorised"):
        world.resolver.setText(node, "a", "b", sender=stranger)


def test_delegate_that_is_nobody_reverts(world, node, owner):
    with boa.reverts("resolver: zero delegate"):
        world.resolver.setDelegate(node, ZERO, TEXT, now() + DAY, sender=owner)


def test_delegate_until_what_does_not_fit_reverts(world, node, owner, stranger):
    for until in (2**40, 2**255):
        with boa.reverts("resolver: until too far"):
            world.resolver.setDelegate(node, stranger, 0, until, sender=owner)
    world.resolver.setDelegate(node, stranger, TEXT, 2**40 - 1, sender=owner)
    assert world.resolver.delegate(node, stranger) == (TEXT, 2**40 - 1)


# ----- ENSIP-10 -----


def resolve(world, name, data):
    answer = ask(world.resolver, "resolve(bytes,bytes)", ["bytes"], dns(name), data)
    return answer


def question(name, signature="addr(bytes32)", *more):
    return call(signature, namehash(name), *more)


def word(account):
    return bytes.fromhex(account[2:]).rjust(32, b"\0")


def test_resolve_of_the_name_itself(world, node, owner):
    """As if asked directly, the implied address too."""
    world.resolver.setText(node, "url", "x", sender=owner)
    assert resolve(world, "alice.os", question("alice.os")) == word(owner)
    for signature, more in (
        ("addr(bytes32,uint256)", (60,)),
        ("addr(bytes32,uint256)", (0,)),
        ("text(bytes32,string)", ("url",)),
        ("contenthash(bytes32)", ()),
        ("name(bytes32)", ()),
        ("data(bytes32,string)", ("k",)),
        ("ABI(bytes32,uint256)", (15,)),
        ("recordVersions(bytes32)", ()),
    ):
        data = question("alice.os", signature, *more)
        direct = boa.env.execute_code(to_address=world.resolver.address, data=data)
        assert resolve(world, "alice.os", data) == direct.output


def test_resolve_below_a_name_that_does_not_answer_reverts(world, node):
    with boa.reverts("resolver: no such name"):
        world.resolver.resolve(dns("x.alice.os"), question("x.alice.os"))


def test_resolve_below_nothing_reverts(world):
    for name in ("nobody.os", "x.nobody.os", "os", "com"):
        with boa.reverts("resolver: no such name"):
            world.resolver.resolve(dns(name), question(name))


def test_resolve_of_the_root_finds_nothing(world, node, owner):
    assert resolve(world, "", question("")) == word(ZERO)
    with boa.reverts("resolver: no such name"):
        world.resolver.resolve(dns("alice"), question("alice"))


def test_wildcard_answers_for_what_is_below(world, node, owner, stranger):
    world.resolver.setWildcard(node, True, sender=owner)
    assert events(world.resolver) == [("WildcardChanged", node, True)]
    assert world.resolver.wildcard(node)
    world.resolver.setText(node, "url", "x", sender=owner)
    for name in ("x.alice.os", "y.x.alice.os"):
        assert b"x" in resolve(world, name, question(name, "text(bytes32,string)", "url"))
        assert resolve(world, name, question(name)) == b"\0" * 32  # the owner is not implied
        assert resolve(world, name, question(name, "addr(bytes32,uint256)", 60))[-32:] == b"\0" * 32
    world.resolver.setAddr(node, stranger, sender=owner)
    assert resolve(world, "x.alice.os", question("x.alice.os")) == word(stranger)


def test_wildcard_does_not_answer_for_a_name_that_is_there(world, node, owner, stranger):
    world.resolver.setWildcard(node, True, sender=owner)
    world.resolver.setText(node, "url", "above", sender=owner)
    world.names.createSubname(node, "sub", stranger, 0, sender=owner)
    asked = question("sub.alice.os", "text(bytes32,string)", "url")
    assert b"above" not in resolve(world, "sub.alice.os", asked)
    with boa.reverts("resolver: no such name"):
        world.resolver.resolve(dns("x.sub.alice.os"), question("x.sub.alice.os"))


@pytest.mark.parametrize("end", ["off", "transfer", "clear", "expiry"])
def test_wildcard_ends_with_the_epoch(world, node, owner, buyer, end):
    world.resolver.setWildcard(node, True, sender=owner)
    if end == "off":
        world.resolver.setWildcard(node, False, sender=owner)
    elif end == "transfer":
        world.names.transferFrom(owner, buyer, token(node), sender=owner)
    elif end == "clear":
        world.resolver.clearRecords(node, sender=owner)
    else:
        boa.env.time_travel(seconds=YEAR)
    with boa.reverts("resolver: no such name"):
        world.resolver.resolve(dns("x.alice.os"), question("x.alice.os"))


def test_resolve_with_the_node_of_another_name_reverts(world, node, owner):
    world.resolver.setWildcard(node, True, sender=owner)
    other = world.register("other", owner)
    for name in ("alice.os", "x.alice.os"):
        with boa.reverts("resolver: other node"):
            world.resolver.resolve(dns(name), call("addr(bytes32)", other))
        with boa.reverts("resolver: other node"):
            world.resolver.resolve(dns(name), question(name)[:35])


@pytest.mark.parametrize("signature, more", [
    ("zonehash(bytes32)", ()),                       # not served here
    ("clearRecords(bytes32)", ()),                   # no question
    ("setWildcard(bytes32,bool)", (True,)),
    ("text(bytes32,string)", None),                  # cut short
])  # fmt: skip
def test_resolve_of_what_is_no_record_is_an_unsupported_profile(world, node, signature, more):
    data = call("text(bytes32)", node) if more is None else call(signature, node, *more)
    if more is None:
        data = keccak(text=signature)[:4] + data[4:]
    with pytest.raises(Refused) as refused:
        resolve(world, "alice.os", data)
    assert refused.value.args[0] == error("UnsupportedResolverProfile(bytes4)", data[:4])


def test_resolve_of_a_coin_cut_short_reverts(world, node):
    data = question("alice.os", "addr(bytes32,uint256)", 1)
    for size in (36, 60, 67):
        with boa.reverts("resolver: call too short"):
            world.resolver.resolve(dns("alice.os"), data[:size])


@pytest.mark.parametrize(
    "wire", [b"", b"\x05alice", b"\x05alice\x02os", b"\x06alice\0", dns("alice.os") + b"\0"]
)
def test_resolve_of_a_bad_encoding_reverts(world, wire):
    with boa.reverts("resolver: bad encoding"):
        world.resolver.resolve(wire, question("alice.os"))


def test_resolver_eth_is_the_resolver(world):
    answer = resolve(world, "resolver.eth", question("resolver.eth"))
    assert answer == word(world.resolver.address)
    assert world.resolver.addr(namehash("resolver.eth")) == world.resolver.address
    assert world.resolver.addr(namehash("resolver.eth"), 60) == bytes.fromhex(
        world.resolver.address[2:]
    )


# ----- who may write -----


def test_new_setters_by_a_stranger_revert(world, node, stranger):
    resolver = world.resolver
    for act in (
        *writers(world, node, stranger).values(),
        lambda: resolver.setInterface(node, b"abcd", stranger, sender=stranger),
        lambda: resolver.setWildcard(node, True, sender=stranger),
        lambda: resolver.setDelegate(node, stranger, 1, now() + 1, sender=stranger),
    ):
        with boa.reverts("resolver: not authorised"):
            act()


def test_records_of_every_kind_end_with_the_epoch(world, node, owner, buyer):
    for act in writers(world, node, owner).values():
        act()
    set_coin(world, node, BITCOIN, b"\x01", owner)
    world.resolver.setInterface(node, b"abcd", owner, sender=owner)
    for end in ("transfer", "expiry"):
        with boa.env.anchor():
            if end == "transfer":
                world.names.transferFrom(owner, buyer, token(node), sender=owner)
            else:
                boa.env.time_travel(seconds=YEAR)
            assert world.resolver.addr(node, BITCOIN) == b""
            assert world.resolver.text(node, "a") == world.resolver.name(node) == ""
            assert world.resolver.contenthash(node) == world.resolver.data(node, "e") == b""
            assert world.resolver.ABI(node, 15) == (0, b"")
            assert world.resolver.interfaceImplementer(node, b"abcd") == ZERO
