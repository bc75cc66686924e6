"""What is stored is what is read, whatever its shape and whatever was there."""

import boa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.names import World, deploy_names

IPFS = bytes.fromhex("e30101701220")

texts = st.one_of(
    st.text(max_size=80),
    st.integers(0, 1024).map(lambda size: "t" * size),
)
contents = st.one_of(
    st.binary(max_size=80),
    st.binary(min_size=32, max_size=32).map(lambda digest: IPFS + digest),
    st.integers(0, 1024).map(lambda size: b"\xff" * size),
)


@pytest.fixture(scope="module")
def world() -> World:
    return deploy_names()


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["", "a", "avatar", "\x01"]), texts), max_size=8))
def test_texts(world, written):
    owner = boa.env.generate_address("owner")
    node = world.register("alice", owner)
    expected: dict[str, str] = {}
    for key, text in written:
        world.resolver.setText(node, key, text, sender=owner)
        expected[key] = text
        for known, last in expected.items():
            assert world.resolver.text(node, known) == last


@settings(max_examples=25)
@given(st.lists(contents, min_size=1, max_size=6))
def test_contenthashes(world, written):
    owner = boa.env.generate_address("owner")
    node = world.register("alice", owner)
    for content in written:
        world.resolver.setContenthash(node, content, sender=owner)
        assert world.resolver.contenthash(node) == content
