"""What clients ask, and each error exact to the byte."""

import boa
import pytest
from eth_abi import decode, encode
from eth_utils import keccak

from tests.support.compiled import deployer
from tests.support.gate import speaking, text
from tests.support.names import (
    DAY,
    FREE,
    YEAR,
    ZERO,
    ZERO32,
    Refused,
    ask,
    call,
    dns,
    error,
    labelhash,
    namehash,
    token,
)

ODD = "odd.os"
ADDR, TEXT = "addr(bytes32)", "text(bytes32,string)"
REVERSE_OF_OTHERS = dns("reverse")


def find(world, wire):
    return ask(world.universal, "findResolver(bytes)", ["address", "bytes32", "uint256"], wire)


def require(world, wire):
    kinds = ["(bytes,uint256,bytes32,address,bool)"]
    return ask(world.universal, "requireResolver(bytes)", kinds, wire)


def resolve(world, name, data):
    kinds = ["bytes", "address"]
    plain = ask(world.universal, "resolve(bytes,bytes)", kinds, dns(name), data)
    again = call_with_gateways(world, "resolveWithGateways(bytes,bytes,string[])", dns(name), data)
    assert decode(kinds, again)[0] == plain[0]
    return plain


def call_with_gateways(world, signature, *arguments):
    types = signature[signature.index("(") + 1 : -1].split(",")
    data = keccak(text=signature)[:4] + encode(types, [*arguments, ["x-batch-gateway:true"]])
    computation = boa.env.execute_code(to_address=world.universal.address, data=data)
    assert not computation.is_error
    return computation.output


def reverse(world, account, coin=60):
    kinds = ["string", "address", "address"]
    raw = account if isinstance(account, bytes) else bytes.fromhex(account[2:])
    return ask(world.universal, "reverse(bytes,uint256)", kinds, raw, coin)


def refusal(act, *arguments):
    with pytest.raises(Refused) as refused:
        act(*arguments)
    return refused.value.args[0]


def not_found(wire):
    return error("ResolverNotFound(bytes)", wire)


def question(name, signature=ADDR, *more):
    return call(signature, namehash(name), *more)


def word(account):
    return bytes.fromhex(account[2:]).rjust(32, b"\0")


@pytest.fixture
def odd(world, owner):
    """A resolver of odd.os that answers what it is told."""
    resolver = deployer("ToldResolver").deploy()
    node = world.register("odd", owner)
    world.names.setResolver(node, resolver.address, sender=owner)
    return resolver


# ----- finding -----


def test_find_resolver(world, node, owner):
    resolver = world.resolver.address
    assert find(world, dns("alice.os")) == (resolver, node, 0)
    assert find(world, dns("x.alice.os")) == (resolver, namehash("x.alice.os"), 2)
    assert find(world, dns("y.x.alice.os")) == (resolver, namehash("y.x.alice.os"), 4)
    assert find(world, dns("resolver.eth")) == (resolver, namehash("resolver.eth"), 0)
    for nothing in ("nobody.os", "os", "", "com", "vitalik.eth"):
        assert find(world, dns(nothing)) == (ZERO, namehash(nothing), 0)


def test_find_resolver_prefers_the_deepest(world, node, owner, stranger):
    sub = world.names.createSubname(node, "sub", owner, 0, sender=owner)
    world.names.setResolver(sub, stranger, sender=owner)
    assert find(world, dns("x.sub.alice.os")) == (stranger, namehash("x.sub.alice.os"), 2)
    world.names.setResolver(sub, ZERO, sender=owner)
    assert find(world, dns("x.sub.alice.os"))[0] == world.resolver.address


def test_nobody_answers_for_a_sub_name_in_its_grace(world, node, owner, stranger):
    """It is still its holder's; nor is the name above asked, which would answer."""
    until = world.names.info(node).expiry
    world.names.createSubname(node, "app", stranger, until - 90 * DAY, sender=owner)
    world.resolver.setWildcard(node, True, sender=owner)
    for name in ("app.alice.os", "x.app.alice.os"):
        assert find(world, dns(name))[0] == world.resolver.address
    boa.env.timestamp = until - 90 * DAY
    for name in ("app.alice.os", "x.app.alice.os"):
        assert find(world, dns(name)) == (ZERO, namehash(name), 0)
        assert refusal(resolve, world, name, question(name)) == not_found(dns(name))
    assert find(world, dns("x.alice.os")) == (world.resolver.address, namehash("x.alice.os"), 2)


def test_require_resolver(world, node):
    resolver = world.resolver.address.lower()
    wire = dns("x.alice.os")
    assert require(world, wire) == (wire, 2, namehash("x.alice.os"), resolver, True)


@pytest.mark.parametrize("code, extended", [
    ("600160005260206000f3", True),
    ("600260005260206000f3", True),  # any word but zero
    ("600060005260206000f3", False),
    ("600160005260206000fd", False),  # fails
    ("610100600052601f6000f3", False),  # a byte too few
    ("", False),
    (f"5a{0x61_0000 + 29_998:06x}1460005260206000f3", True),  # if it has 30,000 gas, less 2
])  # fmt: skip
def test_resolver_says_that_it_is_extended(world, owner, code, extended):
    node = world.register("odd", owner)
    account = boa.env.generate_address("resolver")
    boa.env.set_code(account, bytes.fromhex(code or "00"))
    world.names.setResolver(node, account, sender=owner)
    assert require(world, dns(ODD))[4] == extended


BAD_WIRES = [
    b"",                            # nothing
    b"\x05alice\x02os",             # no end
    b"\x05alice\x03os\0",           # a label over the end
    b"\x05alice\x02os\0\0",         # something behind
    b"\0\0",
    b"\x05alice\0\x02os\0",         # an end in the middle
    b"\xff" + b"a" * 200,
    b"a" * 255,
]  # fmt: skip


@pytest.mark.parametrize("wire", BAD_WIRES)
def test_bad_encodings_are_decoding_failures(world, wire):
    failed = error("DNSDecodingFailed(bytes)", wire)
    assert refusal(find, world, wire) == failed
    assert refusal(require, world, wire) == failed
    kinds, data = ["bytes", "address"], question("alice.os")
    refused = refusal(ask, world.universal, "resolve(bytes,bytes)", kinds, wire, data)
    assert refused == failed


@pytest.mark.parametrize("size", [256, 300, 4096])
def test_names_longer_than_any_are_not_found(world, size):
    wire = b"\x01a" * (size // 2) + b"\0" * (size % 2)
    assert refusal(find, world, wire) == not_found(wire)


def test_names_as_long_as_they_may_be(world, node, owner):
    world.resolver.setWildcard(node, True, sender=owner)
    name = ".".join(["a"] * 122 + ["alice", "os"])
    wire = dns(name)
    assert len(wire) == 254
    assert find(world, wire) == (world.resolver.address, namehash(name), 244)
    assert resolve(world, name, question(name))[0] == ZERO32


# ----- resolving -----


def test_resolve(world, node, owner):
    world.resolver.setText(node, "url", "x", sender=owner)
    assert resolve(world, "alice.os", question("alice.os")) == (word(owner), world.resolver.address)
    answer, _ = resolve(world, "alice.os", question("alice.os", TEXT, "url"))
    assert decode(["string"], answer) == ("x",)


def test_resolve_resolver_eth(world):
    answer, _ = resolve(world, "resolver.eth", question("resolver.eth"))
    assert answer == word(world.resolver.address)


@pytest.mark.parametrize("name", ["nobody.os", "x.nobody.os", "os", "vitalik.eth", ""])
def test_resolve_of_missing_names_is_not_found(world, name):
    assert refusal(resolve, world, name, question(name)) == not_found(dns(name))


def test_resolve_of_expired_names_is_not_found(world, node):
    boa.env.time_travel(seconds=YEAR)
    assert refusal(resolve, world, "alice.os", question("alice.os")) == not_found(dns("alice.os"))


def test_resolve_below_a_name_that_does_not_answer_is_a_resolver_error(world, node):
    refused = refusal(resolve, world, "x.alice.os", question("x.alice.os"))
    inner = error("Error(string)", "resolver: no such name")
    assert refused == error("ResolverError(bytes)", inner)


def test_resolve_by_wildcard(world, node, owner, stranger):
    world.resolver.setWildcard(node, True, sender=owner)
    world.resolver.setAddr(node, stranger, sender=owner)
    assert resolve(world, "x.alice.os", question("x.alice.os"))[0] == word(stranger)


def test_resolver_without_code(world, node, owner, stranger):
    world.names.setResolver(node, stranger, sender=owner)
    refused = refusal(resolve, world, "alice.os", question("alice.os"))
    assert refused == error("ResolverNotContract(bytes,address)", dns("alice.os"), stranger)
    refused = refusal(resolve, world, "x.alice.os", question("x.alice.os"))
    assert refused == not_found(dns("x.alice.os"))


def test_plain_resolver_answers_for_the_exact_name_only(world, odd):
    odd.set(False, False, word(odd.address))
    assert resolve(world, ODD, question(ODD)) == (word(odd.address), odd.address)
    assert refusal(resolve, world, "x.odd.os", question("x.odd.os")) == not_found(dns("x.odd.os"))


def test_extended_resolver_is_unwrapped(world, odd):
    odd.set(True, False, encode(["bytes"], [b"\x01\x02"]))
    assert resolve(world, "x.odd.os", question("x.odd.os"))[0] == b"\x01\x02"


@pytest.mark.parametrize("extended", [False, True])
def test_silent_resolver_is_an_unsupported_profile(world, odd, extended):
    data = question(ODD)
    unsupported = error("UnsupportedResolverProfile(bytes4)", data[:4])
    for nothing in (b"", encode(["bytes"], [b""]) if extended else b""):
        odd.set(extended, False, nothing)
        assert refusal(resolve, world, ODD, data) == unsupported


@pytest.mark.parametrize("extended", [False, True])
def test_unsupported_profile_is_passed_on(world, odd, extended):
    whole = error("UnsupportedResolverProfile(bytes4)", b"abcd")
    for unsupported in (whole, whole[:4]):
        odd.set(extended, True, unsupported)
        assert refusal(resolve, world, ODD, question(ODD)) == unsupported


@pytest.mark.parametrize("inner", [
    b"", b"x", error("Error(string)", "no"),
    # ERC-3668: not followed
    keccak(text="OffchainLookup(address,string[],bytes,bytes4,bytes)")[:4] + b"\0" * 200,
    keccak(text="UnsupportedResolverProfile(bytes4)")[:3],
])  # fmt: skip
def test_failing_resolver_is_a_resolver_error(world, odd, inner):
    for extended in (False, True):
        odd.set(extended, True, inner)
        refused = refusal(resolve, world, ODD, question(ODD))
        assert refused == error("ResolverError(bytes)", inner)


@pytest.mark.parametrize("fails", [False, True])
def test_answer_that_would_be_cut_off_is_a_resolver_error(world, odd, fails):
    odd.set(False, fails, b"\x01" * 4097)
    assert refusal(resolve, world, ODD, question(ODD)) == error("ResolverError(bytes)", b"")
    odd.set(False, False, b"\x01" * 4096)
    assert resolve(world, ODD, question(ODD))[0] == b"\x01" * 4096


@pytest.mark.parametrize("answer", [
    b"\x01",                                             # no bytes
    encode(["uint256", "uint256"], [64, 0]) + b"\0" * 32,  # elsewhere
    encode(["uint256", "uint256"], [32, 1]),             # beyond the end
    encode(["uint256"], [32]) + b"\0" * 31,              # no whole size
    encode(["uint256", "uint256"], [32, 2**256 - 1]) + b"\0" * 32,
])  # fmt: skip
def test_extended_answer_that_is_no_bytes_is_a_resolver_error(world, odd, answer):
    odd.set(True, False, answer)
    assert refusal(resolve, world, ODD, question(ODD)) == error("ResolverError(bytes)", b"")


def test_resolver_that_burns_all_gas_is_a_resolver_error(world, owner):
    node = world.register("odd", owner)
    burner = boa.env.generate_address()
    boa.env.set_code(burner, bytes.fromhex("5b600056"))
    world.names.setResolver(node, burner, sender=owner)
    data = call("resolve(bytes,bytes)", dns(ODD), question(ODD))
    done = boa.env.execute_code(to_address=world.universal.address, data=data, gas=1_000_000)
    assert done.is_error
    assert done.output == error("ResolverError(bytes)", b"")


@pytest.mark.parametrize("data", [b"", b"abc"])
def test_question_shorter_than_a_selector_is_asked(world, odd, data):
    odd.set(False, False, b"same")
    assert resolve(world, ODD, data)[0] == b"same"


def test_question_that_is_too_long_is_a_resolver_error(world, odd):
    odd.set(False, False, b"same")
    assert resolve(world, ODD, b"k" * 1024)[0] == b"same"
    assert refusal(resolve, world, ODD, b"k" * 1025) == error("ResolverError(bytes)", b"")


@pytest.mark.parametrize("data", [b"", b"abc"])
def test_question_without_a_selector_is_passed_on(world, odd, data):
    odd.set(False, False, b"same")
    assert resolve(world, ODD, data)[0] == b"same"


@pytest.mark.parametrize("extended", [False, True])
def test_several_questions(world, odd, node, owner, extended):
    """Each has its own answer; an error stands for the answer of what failed."""
    if extended:
        name = "alice.os"
        expected = [word(owner), error("UnsupportedResolverProfile(bytes4)", b"abcd")]
    else:
        name = ODD
        odd.set(False, False, b"same")
        expected = [b"same", b"same"]
    calls = [question(name), b"abcd" + namehash(name)]
    answer, _ = resolve(world, name, call("multicall(bytes[])", calls))
    assert list(decode(["bytes[]"], answer)[0]) == expected


def test_as_many_and_as_long_questions_as_there_may_be(world, odd):
    odd.set(False, False, b"same")
    calls = [b"k" * 1024] * 16
    answer, _ = resolve(world, ODD, call("multicall(bytes[])", calls))
    assert decode(["bytes[]"], answer) == ((b"same",) * 16,)
    assert decode(["bytes[]"], resolve(world, ODD, call("multicall(bytes[])", []))[0]) == ((),)


MULTICALL = keccak(text="multicall(bytes[])")[:4]


def words(*numbers):
    return MULTICALL + b"".join(number.to_bytes(32, "big") for number in numbers)


@pytest.mark.parametrize("data", [
    MULTICALL,
    MULTICALL + b"\0" * 31,
    words(32),                                   # no count
    words(32, 1),                                # no offset
    words(32, 1, 32),                            # no size
    words(32, 1, 32, 1),                         # no byte
    words(32, 2, 64, 128, 1, 0, 33) + b"\0" * 32,  # a byte too few, of the second
    words(2**256 - 1, 1),
    words(2**256 - 31, 1),
    words(32, 2**256 - 1),
    words(32, 1, 2**256 - 32, 0),
    words(32, 1, 32, 2**256 - 1),
    call("multicall(bytes[])", [b""] * 17),
    call("multicall(bytes[])", [b"x", b"x" * 1025]),
])  # fmt: skip
def test_questions_that_are_no_multicall_are_a_resolver_error(world, node, data):
    refused = refusal(resolve, world, "alice.os", data)
    assert refused == error("ResolverError(bytes)", b"")


# ----- primary names -----


def test_reverse(world, node, owner):
    world.reverse.setName("alice.os", sender=owner)
    expected = ("alice.os", world.resolver.address, world.reverse.address)
    assert reverse(world, owner) == expected
    answer = call_with_gateways(
        world, "reverseWithGateways(bytes,uint256,string[])", bytes.fromhex(owner[2:]), 60
    )
    assert decode(["string", "address", "address"], answer)[0] == "alice.os"


def test_reverse_to_a_name_with_digits_and_a_hyphen(world, owner):
    world.register("r2-d2", owner)
    world.reverse.setName("r2-d2.os", sender=owner)
    assert reverse(world, owner)[0] == "r2-d2.os"


def reverse_wire(account):
    return dns(f"{account[2:].lower()}.addr.reverse")


def test_reverse_of_nobody_is_not_found(world, stranger):
    assert refusal(reverse, world, stranger) == not_found(reverse_wire(stranger))


@pytest.mark.parametrize("coin", [0, 61, 2**31, 2**31 + 10, 2**256 - 1])
def test_reverse_on_other_chains_is_not_found(world, node, owner, coin):
    world.reverse.setName("alice.os", sender=owner)
    assert refusal(reverse, world, owner, coin) == not_found(REVERSE_OF_OTHERS)


@pytest.mark.parametrize("size", [0, 1, 19, 21, 32])
def test_reverse_of_what_is_no_account_is_not_found(world, size):
    assert refusal(reverse, world, b"\x01" * size) == not_found(REVERSE_OF_OTHERS)


@pytest.mark.parametrize("name", [
    ".", "alice.", ".alice", "alice..os", "Alice.os", "alice .os", "alice.os\0", "\u0430lice.os",
    "xn--alice.os", "alice_.os", "a" * 254, "x." * 126 + "os", "\U0001f40d.os",
])  # fmt: skip
def test_reverse_of_a_malformed_name_is_not_found(world, node, owner, name):
    data = call("setName(string)", name)
    assert not boa.env.execute_code(world.reverse.address, data=data, sender=owner).is_error
    assert refusal(reverse, world, owner) == not_found(reverse_wire(owner))


@pytest.mark.parametrize("character", "`{/:,.@[ABZ_+~ ")
def test_reverse_of_a_name_with_another_character_is_not_found(world, owner, character):
    world.reverse.setName(f"alic{character}.os", sender=owner)
    assert refusal(reverse, world, owner) == not_found(reverse_wire(owner))


@pytest.mark.parametrize("name", [
    "az09.os", "a-b.os", "-.os", "a--b.os", "abc--d.os", "a", "x.a--.os", "x.abc",
    ".".join(["a" * 63] * 3 + ["b" * 61]),
])  # fmt: skip
def test_reverse_of_any_plain_name_is_looked_for(world, owner, name):
    """And not found: it is not registered."""
    world.reverse.setName(name, sender=owner)
    assert refusal(reverse, world, owner) == not_found(dns(name))


@pytest.mark.parametrize("name", ["ab--c.os", "x.ab--c.os", "ab--.os", "ab--"])
def test_reverse_of_a_name_that_may_be_coded_is_not_found(world, owner, name):
    world.reverse.setName(name, sender=owner)
    assert refusal(reverse, world, owner) == not_found(reverse_wire(owner))


@pytest.mark.parametrize("answer", [
    text("x" * 254),
    text("x" * 256),
    text("alice.os") + bytes(225),  # and a byte more than the longest name
    encode(["uint256", "uint256"], [64, 8]) + b"alice.os".ljust(32, b"\0"),
    b"\x20",
])  # fmt: skip
def test_reverse_by_a_registry_that_tells_no_name_is_not_found(owner, answer):
    """Whatever its resolver says: no registry is trusted with it."""
    registry, resolver = boa.env.generate_address(), boa.env.generate_address()
    free = encode(
        ["(address,uint256,uint256,uint256,uint256,uint256,string,bytes32)"],
        [(ZERO, 0, 0, 0, 0, FREE, "", ZERO32)],
    )
    answers = {"resolver(bytes32)": word(resolver), "info(bytes32)": free}
    boa.env.set_code(registry, speaking(answers))
    plain = {"supportsInterface(bytes4)": bytes(32), "name(bytes32)": answer}
    boa.env.set_code(resolver, speaking(plain))
    universal = deployer("UniversalResolver").deploy(registry)
    asked = "reverse(bytes,uint256)", ["string"], bytes.fromhex(owner[2:]), 60
    assert refusal(ask, universal, *asked) == not_found(reverse_wire(owner))


def test_reverse_to_a_missing_name_is_not_found(world, owner):
    world.reverse.setName("nobody.os", sender=owner)
    assert refusal(reverse, world, owner) == not_found(dns("nobody.os"))


def test_reverse_that_the_name_denies_is_a_mismatch(world, node, owner, stranger):
    """NAM-7: who claims another's name is shown the name's own address."""
    world.reverse.setName("alice.os", sender=stranger)
    denied = error("ReverseAddressMismatch(string,bytes)", "alice.os", bytes.fromhex(owner[2:]))
    assert refusal(reverse, world, stranger) == denied


def test_reverse_after_sale_is_a_mismatch(world, node, owner, buyer):
    world.reverse.setName("alice.os", sender=owner)
    world.names.transferFrom(owner, buyer, token(node), sender=owner)
    denied = error("ReverseAddressMismatch(string,bytes)", "alice.os", bytes.fromhex(buyer[2:]))
    assert refusal(reverse, world, owner) == denied


@pytest.mark.parametrize("answer", [b"", b"\x01", b"\0" * 32, b"\0" * 33])
def test_reverse_to_a_name_of_an_odd_resolver(world, odd, owner, answer):
    world.reverse.setName(ODD, sender=owner)
    odd.set(False, False, answer)
    refused = refusal(reverse, world, owner)
    if answer:
        shown = answer[12:32] if len(answer) == 32 else b""
        assert refused == error("ReverseAddressMismatch(string,bytes)", ODD, shown)
    else:
        selector = keccak(text=ADDR)[:4]
        assert refused == error("UnsupportedResolverProfile(bytes4)", selector)
    odd.set(False, False, word(owner))
    assert reverse(world, owner)[0] == ODD


def test_reverse_is_not_confirmed_by_a_wildcard_owner(world, node, owner):
    """Names below alice.os that are not there stand for nobody."""
    world.resolver.setWildcard(node, True, sender=owner)
    world.reverse.setName("x.alice.os", sender=owner)
    denied = error("ReverseAddressMismatch(string,bytes)", "x.alice.os", b"\0" * 20)
    assert refusal(reverse, world, owner) == denied


def test_reverse_of_a_sub_name(world, node, owner, stranger):
    world.names.setSubnodeOwner(node, labelhash("app"), stranger, sender=owner)
    world.reverse.setName("app.alice.os", sender=stranger)
    assert reverse(world, stranger)[0] == "app.alice.os"


# ----- about itself -----


def test_speaks(world):
    for interface, spoken in (("01ffc9a7", True), ("cd191b34", True), ("ffffffff", False)):
        assert world.universal.supportsInterface(bytes.fromhex(interface)) == spoken


def test_knows_its_registry(world):
    assert world.universal.names() == world.names.address


def test_without_a_registry_reverts(stranger):
    for nothing in (ZERO, stranger):
        with boa.reverts("universal: names has no code"):
            deployer("UniversalResolver").deploy(nothing)


def test_has_no_storage():
    layout = deployer("UniversalResolver").compiler_data.storage_layout
    assert layout.get("storage_layout", {}) == {}
