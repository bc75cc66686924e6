import boa
import pytest
from eth_utils import keccak

from tests.support.names import FIRST_EPOCH, YEAR, ZERO, events, namehash, now, token


def test_clear_records_starts_an_epoch(world, node, owner):
    world.resolver.setText(node, "url", "old", sender=owner)
    world.resolver.setAddr(node, ZERO, sender=owner)
    world.resolver.clearRecords(node, sender=owner)
    assert events(world.resolver) == [
        ("EpochRaised", node, FIRST_EPOCH, FIRST_EPOCH + 1),
        ("VersionChanged", node, FIRST_EPOCH + 1),
    ]
    assert world.resolver.recordVersions(node) == FIRST_EPOCH + 1
    assert world.resolver.text(node, "url") == ""
    assert world.resolver.addr(node) == owner


def test_clear_records_keeps_owner_and_expiry(world, node, owner):
    before = world.names.info(node)
    world.resolver.clearRecords(node, sender=owner)
    assert world.names.info(node) == before._replace(epoch=before.epoch + 1)


def test_clear_records_keeps_the_choice_of_resolver(world, node, owner, stranger):
    world.names.setTTL(node, 9, sender=owner)
    world.names.setResolver(node, stranger, sender=owner)
    world.resolver.clearRecords(node, sender=owner)
    assert (world.names.resolver(node), world.names.ttl(node)) == (stranger, 9)


def test_clear_records_does_not_revive_an_older_choice_of_resolver(
    world, node, owner, buyer, stranger
):
    world.names.setResolver(node, stranger, sender=owner)
    world.names.setOwner(node, buyer, sender=owner)
    world.resolver.clearRecords(node, sender=buyer)
    assert world.names.resolver(node) == world.resolver.address


def test_clear_records_ends_approvals(world, node, owner, stranger):
    world.names.approve(stranger, token(node), sender=owner)
    world.resolver.clearRecords(node, sender=owner)
    assert world.names.getApproved(token(node)) == ZERO


def test_clear_records_by_a_stranger_reverts(world, node, stranger):
    with boa.reverts("resolver: not authorised"):
        world.resolver.clearRecords(node, sender=stranger)


def test_clear_records_of_an_expired_name_reverts(world, node, owner):
    boa.env.time_travel(seconds=YEAR)
    with boa.reverts("resolver: not authorised"):
        world.resolver.clearRecords(node, sender=owner)


def test_raise_epoch_by_anybody_else_reverts(world, node, owner):
    with boa.reverts("names: not resolver"):
        world.names.raise_epoch(node, sender=owner)


def test_changes_never_run_over_into_the_registration_number(world, node, owner, buyer):
    """Set the change to its last value in storage: a million transfers later."""
    place = world.names.compiler_data.storage_layout["storage_layout"]["_names"]["slot"]
    slot = int.from_bytes(keccak(place.to_bytes(32, "big") + node), "big")
    word = boa.env.get_storage(world.names.address, slot)
    boa.env.set_storage(world.names.address, slot, word | ((2**20 - 1) << 200))
    assert world.names.epoch(node) == FIRST_EPOCH + 2**20 - 1
    with boa.reverts("names: epochs used up"):
        world.names.transferFrom(owner, buyer, token(node), sender=owner)
    with boa.reverts("names: epochs used up"):
        world.resolver.clearRecords(node, sender=owner)
    world.names.migrate(node, buyer, sender=owner)  # the way out: no new epoch
    assert world.names.owner(node) == buyer


def test_registrations_of_a_sub_name_never_run_over(world, node, owner, buyer):
    """Set their number to its last value in storage: after 4,095 owners."""
    sub = world.names.createSubname(node, "sub", owner, 0, sender=owner)
    place = world.names.compiler_data.storage_layout["storage_layout"]["_names"]["slot"]
    slot = int.from_bytes(keccak(place.to_bytes(32, "big") + sub), "big")
    word = boa.env.get_storage(world.names.address, slot)
    boa.env.set_storage(world.names.address, slot, word | ((2**12 - 1) << 220))
    with boa.reverts("names: epochs used up"):
        world.names.createSubname(node, "sub", buyer, now() + 1, sender=owner)
    assert world.names.owner(sub) == owner


def test_migrate_keeps_records_and_epoch(world, node, owner, buyer):
    world.resolver.setText(node, "url", "kept", sender=owner)
    world.names.setTTL(node, 9, sender=owner)
    world.names.migrate(node, buyer, sender=owner)
    assert events(world.names) == [
        ("Migrated", node, owner, buyer),
        ("Transfer", owner, buyer, token(node)),
        ("RegistryTransfer", node, buyer),
    ]
    assert world.names.owner(node) == world.names.ownerOf(token(node)) == buyer
    assert (world.names.balanceOf(owner), world.names.balanceOf(buyer)) == (0, 1)
    assert world.names.epoch(node) == FIRST_EPOCH
    assert world.resolver.text(node, "url") == "kept"
    assert world.names.ttl(node) == 9
    assert world.resolver.addr(node) == buyer
    with boa.reverts("resolver: not authorised"):
        world.resolver.setText(node, "url", "mine", sender=owner)


def test_migrate_ends_approvals_for_good(world, node, owner, buyer, stranger):
    world.names.approve(stranger, token(node), sender=owner)
    world.names.migrate(node, buyer, sender=owner)
    world.names.migrate(node, owner, sender=buyer)
    assert world.names.migrations(node) == 2
    assert world.names.getApproved(token(node)) == ZERO
    with boa.reverts("names: not authorised"):
        world.names.transferFrom(owner, stranger, token(node), sender=stranger)


def test_migrate_by_a_stranger_reverts(world, node, stranger):
    with boa.reverts("names: not authorised"):
        world.names.migrate(node, stranger, sender=stranger)


def test_migrate_to_nobody_reverts(world, node, owner):
    with boa.reverts("names: zero owner"):
        world.names.migrate(node, ZERO, sender=owner)


@pytest.mark.parametrize("after", [0, 90 * 86_400])
def test_migrate_an_expired_name_reverts(world, node, owner, buyer, after):
    boa.env.time_travel(seconds=world.names.info(node).expiry + after - now())
    with boa.reverts("names: not live"):
        world.names.migrate(node, buyer, sender=owner)


def test_migrate_what_is_no_name_reverts(world, owner):
    with boa.reverts("names: not live"):
        world.names.migrate(namehash("nobody.os"), owner, sender=owner)
