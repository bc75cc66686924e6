"""Which labels can be registered: the contract against a regular expression."""

import re

import boa
import pytest
from ens.utils import normalize_name
from eth_abi import decode, encode
from eth_utils import keccak
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.names import World, deploy_names, reverse_node

LABEL = re.compile(rb"(?!..--)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")

ALLOWED = b"abcdefghijklmnopqrstuvwxyz0123456789-"
NASTY = b"-ABZ/:@[`{._ \x00\x7f\x80\xad\xe1\xff"


@pytest.fixture(scope="module")
def world() -> World:
    return deploy_names()


def is_label(world: World, label: bytes) -> bool:
    """Asked with raw bytes: a client need not send UTF-8."""
    data = keccak(text="available(string)")[:4] + encode(["bytes"], [label])
    answer = boa.env.execute_code(to_address=world.names.address, data=data)
    assert not answer.is_error
    return decode(["bool"], answer.output)[0]


def letters(alphabet: bytes) -> st.SearchStrategy[bytes]:
    return st.lists(st.sampled_from(list(alphabet)), max_size=66).map(bytes)


@pytest.mark.parametrize("size", [1, 4, 32, 63])
def test_every_byte_at_one_place(world, size):
    place = size // 2
    for byte in range(256):
        label = b"x" * place + bytes([byte]) + b"x" * (size - place - 1)
        assert is_label(world, label) == bool(LABEL.fullmatch(label)), label


@pytest.mark.parametrize("byte", NASTY)
def test_bytes_beside_the_allowed_ones_at_every_place(world, byte):
    for size in (3, 4, 31, 32, 33, 63):
        for place in {0, 1, 2, 3, 15, 30, 31, 32, size - 1} & set(range(size)):
            label = b"x" * place + bytes([byte]) + b"x" * (size - place - 1)
            assert is_label(world, label) == bool(LABEL.fullmatch(label)), label


@settings(max_examples=150)
@given(
    st.one_of(
        letters(ALLOWED),
        letters(b"ab-"),
        letters(ALLOWED + NASTY),
        st.binary(max_size=127),
        st.text(max_size=40).map(str.encode).filter(lambda text: len(text) < 128),
    )
)
@example(b"")
@example(b"a" * 63)
@example(b"a" * 64)
@example(b"ab--")
@example(b"a--b")
@example(b"--")
def test_labels_by_the_rule_and_no_others(world, label):
    assert is_label(world, label) == bool(LABEL.fullmatch(label))


@settings(max_examples=80)
@given(letters(ALLOWED))
def test_what_can_be_registered_is_normal(world, label):
    """NAM-6, under the implementation of ENSIP-15 in web3.py."""
    if is_label(world, label):
        assert normalize_name(label.decode()) == label.decode()


@settings(max_examples=80)
@given(st.binary(min_size=20, max_size=20))
def test_reverse_nodes_are_those_of_eip_181(world, account):
    address = "0x" + account.hex()
    assert world.reverse.node(address) == reverse_node(address)
