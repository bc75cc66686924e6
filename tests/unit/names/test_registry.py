"""The face that ENS's clients know."""

import boa
import pytest
from eth_utils import keccak

from tests.support.names import (
    YEAR,
    ZERO,
    events,
    namehash,
    reverse_node,
    token,
    topics,
)

FUNCTIONS = [
    "owner(bytes32)", "resolver(bytes32)", "ttl(bytes32)", "recordExists(bytes32)",
    "setOwner(bytes32,address)", "setResolver(bytes32,address)", "setTTL(bytes32,uint64)",
    "setApprovalForAll(address,bool)", "isApprovedForAll(address,address)",
    "ownerOf(uint256)", "balanceOf(address)", "getApproved(uint256)", "approve(address,uint256)",
    "transferFrom(address,address,uint256)", "safeTransferFrom(address,address,uint256)",
    "safeTransferFrom(address,address,uint256,bytes)", "supportsInterface(bytes4)",
]  # fmt: skip


def test_selectors_are_those_of_ens_and_erc721(world):
    code = boa.env.get_code(world.names.address)
    ours = set(world.names.compiler_data.function_signatures)
    for signature in FUNCTIONS:
        assert signature.split("(")[0] in ours
        assert keccak(text=signature)[:4] in code, signature


def test_events_are_those_of_ens_and_erc721(world, owner, buyer):
    def signature(text: str, indexed: int) -> tuple[int, int]:
        return int.from_bytes(keccak(text=text), "big"), indexed + 1

    node = world.register("alice", owner)
    assert topics(world.names)[:2] == [
        signature("Transfer(address,address,uint256)", 3),
        signature("NewOwner(bytes32,bytes32,address)", 2),
    ]
    world.names.setResolver(node, buyer, sender=owner)
    assert topics(world.names) == [signature("NewResolver(bytes32,address)", 1)]
    world.names.setTTL(node, 60, sender=owner)
    assert topics(world.names) == [signature("NewTTL(bytes32,uint64)", 1)]
    world.names.setApprovalForAll(buyer, True, sender=owner)
    assert topics(world.names) == [signature("ApprovalForAll(address,address,bool)", 2)]
    world.names.setOwner(node, buyer, sender=owner)
    assert topics(world.names) == [
        signature("Transfer(address,address,uint256)", 3),
        signature("Transfer(bytes32,address)", 1),
    ]


def test_set_resolver_lasts_for_the_epoch(world, node, owner, buyer, stranger):
    world.names.setResolver(node, stranger, sender=owner)
    assert events(world.names) == [("NewResolver", node, stranger)]
    assert world.names.resolver(node) == stranger
    world.names.transferFrom(owner, buyer, token(node), sender=owner)
    assert world.names.resolver(node) == world.resolver.address


def test_set_resolver_to_none(world, node, owner):
    world.names.setResolver(node, ZERO, sender=owner)
    assert world.names.resolver(node) == ZERO


def test_set_ttl_lasts_for_the_epoch(world, node, owner, buyer):
    assert world.names.ttl(node) == 0
    world.names.setTTL(node, 2**64 - 1, sender=owner)
    assert events(world.names) == [("NewTTL", node, 2**64 - 1)]
    assert world.names.ttl(node) == 2**64 - 1
    assert world.names.resolver(node) == world.resolver.address
    world.names.setOwner(node, buyer, sender=owner)
    assert world.names.ttl(node) == 0


def test_resolver_and_ttl_do_not_touch_one_another(world, node, owner, stranger):
    world.names.setTTL(node, 5, sender=owner)
    world.names.setResolver(node, stranger, sender=owner)
    world.names.setTTL(node, 6, sender=owner)
    assert (world.names.resolver(node), world.names.ttl(node)) == (stranger, 6)


@pytest.mark.parametrize("act", ["setOwner", "setResolver", "setTTL"])
def test_setters_by_a_stranger_revert(world, node, stranger, act):
    argument = 1 if act == "setTTL" else stranger
    with boa.reverts("names: not authorised"):
        getattr(world.names, act)(node, argument, sender=stranger)


@pytest.mark.parametrize("act", ["setOwner", "setResolver", "setTTL"])
def test_setters_for_an_expired_name_revert(world, node, owner, act):
    boa.env.time_travel(seconds=YEAR)
    argument = 1 if act == "setTTL" else owner
    with boa.reverts("names: not live"):
        getattr(world.names, act)(node, argument, sender=owner)


def test_operator_may_set(world, node, owner, stranger):
    world.names.setApprovalForAll(stranger, True, sender=owner)
    world.names.setResolver(node, stranger, sender=stranger)
    world.names.setTTL(node, 1, sender=stranger)
    assert (world.names.resolver(node), world.names.ttl(node)) == (stranger, 1)


def test_expired_name_answers_nothing(world, node, owner, stranger):
    world.names.setResolver(node, stranger, sender=owner)
    world.names.setTTL(node, 1, sender=owner)
    boa.env.time_travel(seconds=YEAR - 1)
    assert (world.names.owner(node), world.names.resolver(node)) == (owner, stranger)
    boa.env.time_travel(seconds=1)
    assert (world.names.owner(node), world.names.resolver(node)) == (ZERO, ZERO)
    assert (world.names.ttl(node), world.names.recordExists(node)) == (0, False)
    assert world.names.holder(node) == (ZERO, 0)
    world.renew("alice")
    assert (world.names.owner(node), world.names.resolver(node)) == (owner, stranger)


def test_unknown_node_answers_nothing(world):
    node = namehash("nobody.os")
    assert (world.names.owner(node), world.names.resolver(node)) == (ZERO, ZERO)
    assert (world.names.ttl(node), world.names.recordExists(node)) == (0, False)
    assert world.names.holder(node) == (ZERO, 0)


def test_fixed_nodes(world):
    names, resolver, reverse = (c.address for c in (world.names, world.resolver, world.reverse))
    expected = {
        "": (names, ZERO),
        "os": (names, ZERO),
        "eth": (names, ZERO),
        "reverse": (names, ZERO),
        "addr.reverse": (reverse, reverse),  # where clients find the registrar
        "resolver.eth": (resolver, resolver),  # and the public resolver
    }
    for name, answers in expected.items():
        node = namehash(name)
        assert (world.names.owner(node), world.names.resolver(node)) == answers
        assert world.names.recordExists(node)
        assert world.names.holder(node) == (ZERO, 0)
        assert (world.names.ttl(node), world.names.epoch(node)) == (0, 0)
    assert world.resolver.addr(namehash("resolver.eth")) == resolver


@pytest.mark.parametrize("name", ["", "os", "eth", "reverse", "addr.reverse", "resolver.eth"])
def test_fixed_nodes_cannot_be_written_even_by_their_owners(world, name):
    node = namehash(name)
    names, owner = world.names, world.names.owner(node)
    for act in (
        lambda: names.setOwner(node, owner, sender=owner),
        lambda: names.setResolver(node, owner, sender=owner),
        lambda: names.setTTL(node, 1, sender=owner),
        lambda: names.transferFrom(owner, owner, token(node), sender=owner),
        lambda: names.approve(owner, token(node), sender=owner),
        lambda: names.migrate(node, owner, sender=owner),
        lambda: names.raise_epoch(node, sender=world.resolver.address),
        lambda: names.ownerOf(token(node)),
    ):
        with boa.reverts("names: not live"):
            act()
    with boa.reverts("resolver: not live"):
        world.resolver.setAddr(node, owner, sender=names.address)


def test_reverse_node_answers_for_older_clients(world, owner):
    node = reverse_node(owner)
    assert world.names.resolver(node) == ZERO
    world.reverse.setName("alice.os", sender=owner)
    assert world.names.resolver(node) == world.reverse.address
    world.reverse.setName("", sender=owner)
    assert world.names.resolver(node) == ZERO


def test_holder_is_owner_and_epoch(world, node, owner):
    assert world.names.holder(node) == (owner, world.names.epoch(node))
