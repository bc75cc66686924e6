"""Every bit of a number counts, the lowest too: odd and even accounts, seconds and epochs.

Words hold several numbers, of which none may change another or lend it a bit.
"""

import boa
import pytest
from eth_utils import keccak, to_checksum_address

from tests.support.names import (
    DAY,
    FIRST_EPOCH,
    GRACE,
    IN_GRACE,
    LIVE,
    YEAR,
    ZERO,
    events,
    labelhash,
    now,
    token,
)

CHANGES = 2**20 - 1  # within a registration
REGISTRATIONS = 2**12 - 1
SUB = labelhash("sub")


@pytest.fixture(params=[0, 1], ids=["even", "odd"])
def bit(request):
    """The lowest bit of what a test is about, and of the second in which a name begins."""
    boa.env.timestamp += (boa.env.timestamp ^ request.param) & 1
    return request.param


def somebody(bit):
    return to_checksum_address(f"{int(boa.env.generate_address(), 16) & ~1 | bit:#042x}")


def next_to(account):
    return to_checksum_address(f"{int(account, 16) ^ 1:#042x}")


@pytest.fixture
def owner(bit):
    return somebody(bit)


@pytest.fixture
def buyer(bit):
    return somebody(bit)


@pytest.fixture
def node(world, owner):
    """alice.os, registered by the owner for a year, in a second of the test's bit."""
    return world.register("alice", owner)


def write(world, node, change=0, registration=0):
    """More changes and registrations than anybody waits for."""
    place = world.names.compiler_data.storage_layout["storage_layout"]["_names"]["slot"]
    slot = int.from_bytes(keccak(place.to_bytes(32, "big") + node), "big")
    word = boa.env.get_storage(world.names.address, slot)
    boa.env.set_storage(world.names.address, slot, word + (change << 200) + (registration << 220))


def test_name_is_its_owners_until_its_second(world, bit, node, owner):
    expiry = now() + YEAR
    for second, live in ((expiry - 1, True), (expiry, False), (expiry + GRACE - 1, False)):
        boa.env.timestamp = second
        info = world.names.info(node)
        assert (info.owner, info.expiry, info.epoch) == (owner, expiry, FIRST_EPOCH)
        assert info.state == (LIVE if live else IN_GRACE)
        assert world.names.owner(node) == (owner if live else ZERO)
        assert world.names.recordExists(node) == live
        assert world.names.holder(node) == ((owner, FIRST_EPOCH) if live else (ZERO, 0))
        assert not world.names.available("alice")
    boa.env.timestamp = expiry + GRACE
    assert world.names.available("alice")


def test_name_moves_whole(world, bit, node, owner, buyer):
    """From an odd account to an even one, and back."""
    before = world.names.info(node)
    sender = owner
    for epoch, receiver in enumerate((next_to(owner), buyer, somebody(1 - bit)), FIRST_EPOCH + 1):
        world.names.transferFrom(sender, receiver, token(node), sender=sender)
        assert world.names.info(node) == before._replace(owner=receiver, epoch=epoch)
        assert world.names.ownerOf(token(node)) == world.names.owner(node) == receiver
        assert world.names.holder(node) == (receiver, epoch)
        assert (world.names.balanceOf(sender), world.names.balanceOf(receiver)) == (0, 1)
        sender = receiver
    world.names.migrate(node, next_to(sender), sender=sender)
    assert events(world.names)[0] == ("Migrated", node, sender, next_to(sender))
    assert world.names.owner(node) == next_to(sender)


def test_next_address_is_another_for_the_owner_above(world, node, owner):
    """Who chooses anew what answers for another starts an epoch."""
    sub = world.names.createSubname(node, "sub", next_to(owner), 0, sender=owner)
    world.names.setSubnodeRecord(node, SUB, next_to(owner), ZERO, 0, sender=owner)
    assert world.names.epoch(sub) == FIRST_EPOCH + 1


def test_next_address_has_no_right(world, node, owner):
    other = next_to(owner)
    for act in (
        lambda: world.names.setTTL(node, 1, sender=other),
        lambda: world.names.transferFrom(owner, other, token(node), sender=other),
    ):
        with boa.reverts("names: not authorised"):
            act()
    with boa.reverts("names: wrong sender"):
        world.names.transferFrom(other, owner, token(node), sender=other)


def test_approval_is_for_the_account(world, bit, node, owner):
    approved = somebody(bit)
    for _ in range(2):
        world.names.approve(approved, token(node), sender=owner)
        assert events(world.names) == [("Approval", owner, approved, token(node))]
        assert world.names.getApproved(token(node)) == approved
        world.names.setOwner(node, owner, sender=owner)
        assert world.names.getApproved(token(node)) == ZERO


def test_resolver_and_ttl_stay_what_they_are(world, bit, node, owner):
    """Whichever is written, and when records are cleared."""
    resolver, ttl = somebody(bit), 60 + bit
    for epoch in (FIRST_EPOCH, FIRST_EPOCH + 1):
        world.names.setResolver(node, resolver, sender=owner)
        world.names.setTTL(node, ttl, sender=owner)
        world.names.setResolver(node, resolver, sender=owner)
        assert (world.names.resolver(node), world.names.ttl(node)) == (resolver, ttl)
        world.resolver.clearRecords(node, sender=owner)
        assert world.names.epoch(node) == epoch + 1
        assert (world.names.resolver(node), world.names.ttl(node)) == (resolver, ttl)


def test_address_and_delegate_are_kept_whole(world, bit, node, owner):
    account, delegate, until = somebody(bit), somebody(bit), now() + 100
    world.resolver.setAddr(node, account, sender=owner)
    assert world.resolver.addr(node) == account
    world.resolver.setDelegate(node, delegate, 1, until, sender=owner)
    boa.env.timestamp = until - 1
    assert world.resolver.delegate(node, delegate) == (1, until)
    world.resolver.setAddr(node, delegate, sender=delegate)
    boa.env.timestamp = until
    assert world.resolver.delegate(node, delegate) == (0, 0)
    with boa.reverts("resolver: not authorised"):
        world.resolver.setAddr(node, account, sender=delegate)


def test_record_of_the_same_owner_starts_no_epoch(world, bit, node, owner):
    world.names.setRecord(node, owner, somebody(bit), 7, sender=owner)
    assert [log[0] for log in events(world.names)] == ["NewResolver", "NewTTL"]
    assert world.names.epoch(node) == FIRST_EPOCH


def test_renewal_adds_to_the_second(world, node):
    expiry = world.names.info(node).expiry
    world.renew("alice", 28 * DAY + 1)
    end = expiry + 28 * DAY + 1
    assert events(world.names)[0][2:4] == (expiry, end)
    world.renew("alice", 28 * DAY + 1)
    assert events(world.names)[0][2:4] == (end, end + 28 * DAY + 1)


def test_premium_counts_from_the_second_of_release(world, node, buyer):
    release = world.names.info(node).expiry + GRACE
    boa.env.timestamp = release
    at_release = world.names.registration_price("alice", YEAR, release)
    assert world.names.registration_price("alice", YEAR, release - 1) == at_release
    assert world.names.registration_price("alice", YEAR, release + 1)[1] < at_release[1]
    assert at_release[1] == world.pricing.premium(0)


# ----- sub-names -----


def test_sub_name_lives_as_long_as_the_name_above(world, node, owner, buyer):
    end = world.names.info(node).expiry
    managed = world.names.createSubname(node, "managed", buyer, 0, sender=owner)
    sub = world.names.createSubname(node, "sub", buyer, end - 2, sender=owner)
    assert world.names.info(managed).expiry == end
    for expiry in (end - 1, end):
        world.names.extend(sub, expiry, sender=buyer)
        assert events(world.names) == [("NameRenewed", sub, expiry - 1, expiry, 0)]
        assert world.names.info(sub).expiry == expiry
    world.names.createSubname(node, "other", buyer, end, sender=owner)


def test_sub_name_is_taken_back_whole(world, bit, node, owner, buyer):
    """From an odd account to an even one, and back; not from who has it."""
    sub = world.names.setSubnodeOwner(node, SUB, buyer, sender=owner)
    epochs = [world.names.epoch(sub)]
    for account in (buyer, next_to(buyer), owner, somebody(1 - bit)):
        world.names.setSubnodeOwner(node, SUB, account, sender=owner)
        assert world.names.owner(sub) == account
        epochs.append(world.names.epoch(sub))
    assert epochs == [FIRST_EPOCH + change for change in (0, 0, 1, 2, 3)]


def test_sub_name_of_the_first_address_lives(world, node, owner):
    first = to_checksum_address(f"{1:#042x}")
    sub = world.names.setSubnodeOwner(node, SUB, first, sender=owner)
    assert world.names.owner(sub) == first


def test_emancipated_name_is_burned_for_who_had_it(world, node, owner, buyer):
    sub = world.names.createSubname(node, "sub", buyer, now() + 1, sender=owner)
    assert world.names.balanceOf(buyer) == 1
    boa.env.time_travel(seconds=1 + GRACE)
    world.names.createSubname(node, "sub", owner, 0, sender=owner)
    assert events(world.names)[0] == ("Transfer", buyer, ZERO, token(sub))
    assert world.names.balanceOf(buyer) == 0


# ----- the last of their kind -----


def test_last_change_is_made(world, node, owner, buyer):
    write(world, node, CHANGES - 1)
    world.names.setOwner(node, buyer, sender=owner)
    assert world.names.epoch(node) == FIRST_EPOCH + CHANGES
    with boa.reverts("names: epochs used up"):
        world.names.setOwner(node, owner, sender=buyer)


@pytest.mark.parametrize("left, epoch", [(1, FIRST_EPOCH + CHANGES), (0, 2 * FIRST_EPOCH)])
def test_sub_name_without_epochs_is_made_anew(world, node, owner, buyer, left, epoch):
    sub = world.names.setSubnodeOwner(node, SUB, buyer, sender=owner)
    write(world, sub, CHANGES - left)
    world.names.setSubnodeOwner(node, SUB, owner, sender=owner)
    assert (world.names.owner(sub), world.names.epoch(sub)) == (owner, epoch)


def test_last_registration_of_a_sub_name_is_made(world, node, owner, buyer):
    sub = world.names.setSubnodeOwner(node, SUB, buyer, sender=owner)
    write(world, sub, CHANGES, REGISTRATIONS - 2)
    world.names.setSubnodeOwner(node, SUB, owner, sender=owner)
    assert world.names.epoch(sub) == REGISTRATIONS << 20
    write(world, sub, CHANGES)
    with boa.reverts("names: epochs used up"):
        world.names.setSubnodeOwner(node, SUB, buyer, sender=owner)
