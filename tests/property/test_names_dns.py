"""The wire form of names: decoded is exactly what encoding makes."""

import pytest
from ens.utils import dns_encode_name
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.names import Refused, World, ask, decoded, deploy_names, dns, error, namehash

LABELS = st.lists(st.text("abz019-", min_size=1, max_size=63), max_size=8)


@pytest.fixture(scope="module")
def world() -> World:
    return deploy_names()


def find(world: World, wire: bytes) -> tuple[str, bytes, int]:
    return ask(world.universal, "findResolver(bytes)", ["address", "bytes32", "uint256"], wire)


@settings(max_examples=60)
@given(LABELS.filter(lambda labels: len(".".join(labels)) <= 253))
@example([])
@example(["a"] * 127)
@example(["a" * 63] * 3 + ["b" * 61])
def test_what_encoding_makes_is_decoded(world, labels):
    name = ".".join(labels)
    assert find(world, dns(name))[1] == namehash(name)


@settings(max_examples=40)
@given(st.lists(st.text("abz019", min_size=1, max_size=20), min_size=1, max_size=5))
def test_our_encoding_is_that_of_web3(labels):
    name = ".".join(labels)
    assert dns(name) == bytes(dns_encode_name(name))


@settings(max_examples=120)
@given(
    st.one_of(
        st.binary(max_size=255),
        st.lists(st.sampled_from([0, 1, 2, 3, 97]), max_size=12).map(bytes),
        st.tuples(LABELS, st.binary(max_size=2)).map(
            lambda drawn: (dns(".".join(drawn[0])) + drawn[1])[:255]
        ),
    )
)
@example(b"")
@example(b"\0")
@example(b"\0\0")
@example(b"\xff" * 255)
@example(b"\x01a" * 127)
def test_nothing_else_is_decoded(world, wire):
    if decoded(wire) is None:
        with pytest.raises(Refused) as refused:
            find(world, wire)
        assert refused.value.args[0] == error("DNSDecodingFailed(bytes)", wire)
    else:
        find(world, wire)
