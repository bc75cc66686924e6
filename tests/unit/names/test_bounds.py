"""Arguments over the bounds of docs/names.md: the only thing that is refused without a reason."""

import boa
import pytest

from tests.support.bounds import Bound, bare, refused_without_a_reason
from tests.support.names import YEAR, ZERO, ZERO32, call, dns

REGISTRATION = "(string,address,uint256,address,bytes[],bool,uint256,bytes32)"


def registration(label="new", data=()):
    return [(label, ZERO, YEAR, ZERO, list(data), False, 0, ZERO32)]


def one(contract, name, kinds, bound, values=lambda it: [ZERO32, it]):
    """Of a function with one argument of so many bytes."""
    text = any("string" in kind for kind in kinds)
    item = "x" * bound if text else b"x" * bound
    return Bound(contract, name, kinds, values(item), values(item + item[:1]))


BOUNDS = [
    Bound("names", "register", [REGISTRATION],
          registration("x" * 127, [b"x" * 512] * 8), registration("x" * 128)),
    Bound("names", "register", [REGISTRATION],
          registration("x"), registration(data=[b""] * 9)),
    Bound("names", "register", [REGISTRATION],
          registration("y"), registration(data=[b"x" * 513])),
    one("names", "available", ["string"], 127, lambda it: [it]),
    one("names", "createSubname", ["bytes32", "string", "address", "uint256"], 127,
        lambda it: [ZERO32, it, ZERO, 0]),
    one("names", "renew", ["string", "uint256"], 127, lambda it: [it, YEAR]),
    one("names", "safeTransferFrom", ["address", "address", "uint256", "bytes"], 1024,
        lambda it: [ZERO, ZERO, 0, it]),
    one("resolver", "setText", ["bytes32", "string", "string"], 128, lambda it: [ZERO32, it, ""]),
    one("resolver", "setText", ["bytes32", "string", "string"], 1024,
        lambda it: [ZERO32, "url", it]),
    one("resolver", "setContenthash", ["bytes32", "bytes"], 1024),
    one("resolver", "setName", ["bytes32", "string"], 255),
    one("resolver", "setData", ["bytes32", "string", "bytes"], 1024,
        lambda it: [ZERO32, "key", it.encode()]),
    one("resolver", "setABI", ["bytes32", "uint256", "bytes"], 1024, lambda it: [ZERO32, 1, it]),
    one("resolver", "setRelease", ["bytes32", "string", "bytes32"], 128,
        lambda it: [ZERO32, it, ZERO32]),
    one("resolver", "multicall", ["bytes[]"], 1536, lambda it: [[it]]),
    Bound("resolver", "multicall", ["bytes[]"], [[b""] * 8], [[b""] * 9]),
    one("resolver", "resolve", ["bytes", "bytes"], 255, lambda it: [it, b""]),
    one("resolver", "resolve", ["bytes", "bytes"], 1536, lambda it: [dns("os"), it]),
    one("reverse", "setName", ["string"], 255, lambda it: [it]),
    one("universal", "findResolver", ["bytes"], 4096, lambda it: [it]),
    one("universal", "resolve", ["bytes", "bytes"], 17_600, lambda it: [dns("os"), it]),
    one("universal", "reverse", ["bytes", "uint256"], 1024, lambda it: [it, 60]),
    Bound("universal", "resolveWithGateways", ["bytes", "bytes", "string[]"],
          [dns("os"), b"", ["x" * 256] * 16], [dns("os"), b"", [""] * 17]),
    one("universal", "resolveWithGateways", ["bytes", "bytes", "string[]"], 256,
        lambda it: [dns("os"), b"", [it]]),
]  # fmt: skip


@pytest.mark.parametrize("bound", BOUNDS, ids=str)
def test_what_is_too_long_is_refused_without_a_reason_and_nothing_shorter(world, bound):
    contract = getattr(world, bound.contract)
    asked = (contract, bound.name, bound.types)
    assert not refused_without_a_reason(*asked, bound.fits)
    assert refused_without_a_reason(*asked, bound.over)


def test_calldata_without_all_its_words_is_refused_without_a_reason(world, node):
    text = call("setText(bytes32,string,string)", node, "url", "x")
    asked = call("resolve(bytes,bytes)", dns("alice.os"), call("addr(bytes32)", node))
    for contract, data, head in ((world.resolver, text, 100), (world.universal, asked, 68)):
        assert bare(contract, data[: head - 1])
        assert not bare(contract, data[:head])  # what is behind it counts as zeros


def test_unknown_functions_of_what_has_no_default_are_refused_without_a_reason(world):
    for contract in (world.names, world.reverse, world.universal):
        assert bare(contract, b"abcd")
    with boa.reverts("resolver: unknown call"):
        world.resolver.multicall([b"abcd"])
