"""Forwarder of a name: whom it pays, through the life of the name."""

import boa
import pytest
from eth_utils import keccak

from tests.support.compiled import deployer
from tests.support.income import ETH, balance, new_recipient, receive
from tests.support.names import GRACE, PREMIUM_TIME, Registration, now


@pytest.fixture
def names(forwarding):
    return forwarding.world.names


@pytest.fixture
def resolver(forwarding):
    return forwarding.world.resolver


@pytest.fixture
def buyer() -> str:
    return boa.env.generate_address("buyer")


def expire(names, node):
    boa.env.time_travel(seconds=names.info(node).expiry - now())


def flushed(follower) -> str:
    """Who got the ten wei that come in."""
    payee = follower.target()
    before, waiting = balance(ETH, payee), follower.pending(ETH)
    receive(follower, ETH, 10)
    assert follower.flush(ETH) == waiting + 10
    assert balance(ETH, payee) == before + waiting + 10
    return payee


def test_flush_pays_the_owner_whose_name_has_no_address(follower, owner):
    assert flushed(follower) == owner


def test_flush_pays_the_address_of_the_name(follower, owner, resolver, node, target):
    resolver.setAddr(node, target, sender=owner)
    assert flushed(follower) == target


def test_flush_pays_the_highest_address(follower, owner, resolver, node):
    highest = "0x" + "ff" * 20
    resolver.setAddr(node, highest, sender=owner)
    assert flushed(follower).lower() == highest


def test_flush_follows_a_change_of_the_address(follower, owner, resolver, node, target, stranger):
    for account in (target, stranger, target):
        resolver.setAddr(node, account, sender=owner)
        assert flushed(follower) == account


def test_flush_asks_the_resolver_that_the_owner_chose(follower, owner, names, node, target):
    chosen = deployer("OddResolver").deploy()
    chosen.behave(0, bytes(12) + bytes.fromhex(target[2:]))
    names.setResolver(node, chosen, sender=owner)
    assert flushed(follower) == target


def test_flush_after_a_sale_pays_the_fallback_for_ever(
    follower, owner, buyer, names, node, fallback
):
    receive(follower, ETH, 10)
    names.transferFrom(owner, buyer, int.from_bytes(node, "big"), sender=owner)
    assert flushed(follower) == fallback
    assert balance(ETH, fallback) == 20  # what had come before the sale is not the buyer's
    names.transferFrom(buyer, owner, int.from_bytes(node, "big"), sender=buyer)
    assert flushed(follower) == fallback


def test_flush_after_clearing_the_records_pays_the_fallback_for_ever(
    forwarding, follower, owner, resolver, node, fallback, target
):
    """As a sale does: nothing on chain tells the two apart but an epoch."""
    resolver.setAddr(node, target, sender=owner)
    resolver.clearRecords(node, sender=owner)
    assert flushed(follower) == fallback
    resolver.setAddr(node, target, sender=owner)
    assert flushed(follower) == fallback
    again = forwarding.to_name(node, fallback)  # whoever means to go on makes another
    assert again.address != follower.address
    assert flushed(again) == target


def test_flush_after_a_migration_goes_along(follower, owner, buyer, names, resolver, node, target):
    names.migrate(node, buyer, sender=owner)
    assert flushed(follower) == buyer
    resolver.setAddr(node, target, sender=buyer)
    assert flushed(follower) == target


def test_flush_until_the_last_second_of_the_name(follower, owner, names, node):
    boa.env.time_travel(seconds=names.info(node).expiry - now() - 1)
    assert flushed(follower) == owner
    boa.env.time_travel(seconds=1)
    receive(follower, ETH, 10)
    with boa.reverts("income: name in grace"):
        follower.flush(ETH)


def test_flush_in_grace_reverts_and_a_renewal_brings_it_back(
    follower, owner, names, node, forwarding
):
    expire(names, node)
    boa.env.time_travel(seconds=GRACE - 1)
    receive(follower, ETH, 10)
    for function in (follower.target, lambda: follower.flush(ETH), lambda: follower.flush_many([])):
        with boa.reverts("income: name in grace"):
            function()
    forwarding.world.renew("alice")
    assert flushed(follower) == owner


def test_flush_of_a_released_name_pays_the_fallback(follower, names, node, fallback):
    """Nothing can bring this epoch back, so the money need not wait for a new owner."""
    expire(names, node)
    boa.env.time_travel(seconds=GRACE)
    assert flushed(follower) == fallback


def test_flush_of_a_name_registered_anew_pays_the_fallback(
    follower, buyer, names, node, fallback, forwarding
):
    expire(names, node)
    boa.env.time_travel(seconds=GRACE + PREMIUM_TIME)
    forwarding.world.register("alice", buyer)
    assert names.owner(node) == buyer
    assert flushed(follower) == fallback


def test_flush_of_a_managed_name_hidden_by_a_take_back_above_it(
    forwarding, names, node, owner, stranger, fallback
):
    """The fallback while it is hidden, since nobody has to give the name between again."""
    middle = names.createSubname(node, "middle", owner, 0, sender=owner)
    deep = names.createSubname(middle, "deep", stranger, 0, sender=owner)
    follower, epoch = forwarding.to_name(deep, fallback), names.epoch(deep)
    assert flushed(follower) == stranger
    label = names.info(middle).label.encode()
    names.setSubnodeOwner(node, keccak(label), ETH, sender=owner)
    assert flushed(follower) == fallback
    names.setSubnodeOwner(node, keccak(label), owner, sender=owner)
    assert names.epoch(deep) == epoch
    assert flushed(follower) == stranger


def test_flush_of_a_name_that_never_was_pays_the_fallback(forwarding, names, fallback, owner):
    node = names.namehash("nobody")
    follower = forwarding.to_name(node, fallback, 1 << 20)
    assert flushed(follower) == fallback
    forwarding.world.register("nobody", owner)  # the epoch it was bound to begins
    assert flushed(follower) == owner


def test_flush_of_another_epoch_of_a_live_name_pays_the_fallback(forwarding, names, node, fallback):
    for other in (names.epoch(node) - 1, names.epoch(node) + 1, 2**32 - 1):
        assert flushed(forwarding.to_name(node, fallback, other)) == fallback


def test_flush_of_a_fixed_node_pays_the_fallback(forwarding, names, fallback):
    assert flushed(forwarding.to_name(names.top_node(), fallback, 1 << 20)) == fallback


def test_flush_of_an_explicit_none_reverts_and_waits(follower, owner, resolver, node, target):
    resolver.setAddr(node, ETH, sender=owner)
    receive(follower, ETH, 10)
    with boa.reverts("income: name unresolved"):
        follower.flush(ETH)
    resolver.setAddr(node, target, sender=owner)
    assert follower.flush(ETH) == 10


def test_flush_of_a_contract_that_set_no_address_reverts(forwarding, names, fallback):
    """A vault or a market that holds a name must not receive its money."""
    vault = new_recipient()
    node = forwarding.world.register("vault", vault.address)
    receive(forwarding.to_name(node, fallback), ETH, 10)
    with boa.reverts("income: name unresolved"):
        forwarding.to_name(node, fallback).flush(ETH)


def test_flush_without_a_resolver_reverts(follower, owner, names, node):
    names.setResolver(node, ETH, sender=owner)
    with boa.reverts("income: name unresolved"):
        follower.target()


def test_flush_with_a_resolver_without_code_reverts(follower, owner, names, node, stranger):
    names.setResolver(node, stranger, sender=owner)
    with boa.reverts("income: name unresolved"):
        follower.target()


def test_flush_in_the_same_block_as_the_sale_pays_the_fallback(forwarding, fallback, buyer):
    """Registered for somebody else at the boundary: epochs tell, not times."""
    seller = boa.env.generate_address("seller")
    world = forwarding.world
    world.commit(Registration("boundary", seller))
    node = world.reveal(Registration("boundary", seller))
    follower = forwarding.to_name(node, fallback)
    world.names.setOwner(node, buyer, sender=seller)
    assert flushed(follower) == fallback


def test_tokens_follow_the_name_too(follower, owner, target, resolver, node, token):
    receive(follower, token, 10)
    resolver.setAddr(node, target, sender=owner)
    receive(follower, token, 10)
    assert follower.flush(token) == 20
    assert token.balanceOf(target) == 20
