import boa
import pytest

from tests.support.compiled import deployer
from tests.support.names import ZERO, events, namehash, reverse_node


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
    ("01ffc9a7", True), ("691f3431", True), ("ffffffff", False), ("9061b923", False),
])  # fmt: skip
def test_speaks(world, interface, spoken):
    assert world.reverse.supportsInterface(bytes.fromhex(interface)) == spoken


def test_knows_its_registry(world):
    assert world.reverse.names() == world.names.address


def test_without_a_registry_reverts():
    with boa.reverts("reverse: zero names"):
        deployer("ReverseResolver").deploy(ZERO)
