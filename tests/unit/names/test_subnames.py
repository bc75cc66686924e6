"""Names below names: managed ones, which their parent may take back, and emancipated ones."""

import boa
import pytest

from tests.support.names import (
    DAY,
    FIRST_EPOCH,
    FREE,
    GRACE,
    IN_GRACE,
    LIVE,
    YEAR,
    ZERO,
    ZERO32,
    events,
    labelhash,
    namehash,
    now,
    token,
)

MANAGED, EMANCIPATED = 2, 3
SUB = namehash("sub.alice.os")
DEEP = namehash("deep.sub.alice.os")


@pytest.fixture
def holder(buyer):
    """Who gets a sub-name."""
    return buyer


@pytest.fixture
def expiry(world, node):
    return world.names.info(node).expiry - 100 * DAY


@pytest.fixture
def managed(world, node, owner, holder):
    return world.names.createSubname(node, "sub", holder, 0, sender=owner)


@pytest.fixture
def emancipated(world, node, owner, holder, expiry):
    return world.names.createSubname(node, "sub", holder, expiry, sender=owner)


def travel_to(second: int) -> None:
    boa.env.time_travel(seconds=second - now())


# ----- managed -----


def test_create_managed(world, node, owner, holder):
    assert world.names.createSubname(node, "sub", holder, 0, sender=owner) == SUB
    assert events(world.names) == [
        ("SubnameLabelled", SUB, node, "sub", 0),
        ("NewOwner", node, labelhash("sub"), holder),
    ]
    info = world.names.info(SUB)
    expires = world.names.info(node).expiry
    assert info == (holder, expires, FIRST_EPOCH, 0, MANAGED, LIVE, "sub", node)
    assert world.names.owner(SUB) == holder
    assert world.names.resolver(SUB) == world.resolver.address
    assert world.resolver.addr(SUB) == holder
    assert world.names.full_name(SUB) == "sub.alice.os"


def test_set_subnode_owner_takes_any_label_hash(world, node, owner, holder):
    made = world.names.setSubnodeOwner(node, labelhash("Sub"), holder, sender=owner)
    assert events(world.names) == [("NewOwner", node, labelhash("Sub"), holder)]
    assert made == namehash("Sub.alice.os")
    assert world.names.owner(made) == holder
    assert world.names.info(made).label == ""
    assert world.names.full_name(made) == ""


def test_managed_name_is_no_token(world, managed, holder, owner):
    with boa.reverts("names: not a token"):
        world.names.ownerOf(token(managed))
    with boa.reverts("names: not a token"):
        world.names.getApproved(token(managed))
    with boa.reverts("names: not a token"):
        world.names.approve(owner, token(managed), sender=holder)
    with boa.reverts("names: not a token"):
        world.names.transferFrom(holder, owner, token(managed), sender=holder)
    with boa.reverts("names: not a token"):
        world.names.tokenURI(token(managed))
    assert world.names.balanceOf(holder) == 0


def test_managed_name_is_given_away_by_its_owner(world, managed, holder, stranger):
    world.resolver.setText(managed, "url", "x", sender=holder)
    world.names.setOwner(managed, stranger, sender=holder)
    assert events(world.names) == [("RegistryTransfer", managed, stranger)]
    assert world.names.owner(managed) == stranger
    assert world.names.balanceOf(stranger) == 0
    assert world.resolver.text(managed, "url") == ""


def test_take_back_starts_an_epoch(world, node, managed, owner, holder):
    world.resolver.setText(managed, "url", "theirs", sender=holder)
    world.names.setResolver(managed, holder, sender=holder)
    world.names.setSubnodeOwner(node, labelhash("sub"), owner, sender=owner)
    assert world.names.owner(managed) == owner
    assert world.names.epoch(managed) == FIRST_EPOCH + 1
    assert world.names.resolver(managed) == world.resolver.address
    assert world.resolver.text(managed, "url") == ""
    with boa.reverts("resolver: not authorised"):
        world.resolver.setText(managed, "url", "again", sender=holder)
    assert world.names.full_name(managed) == "sub.alice.os"


def test_set_subnode_owner_to_the_same_owner_changes_nothing(world, node, managed, owner, holder):
    world.resolver.setText(managed, "url", "x", sender=holder)
    world.names.setSubnodeOwner(node, labelhash("sub"), holder, sender=owner)
    assert world.resolver.text(managed, "url") == "x"
    assert world.names.epoch(managed) == FIRST_EPOCH


def test_set_subnode_owner_to_nobody(world, node, managed, owner, holder):
    world.names.setSubnodeOwner(node, labelhash("sub"), ZERO, sender=owner)
    assert world.names.owner(managed) == ZERO
    assert world.names.resolver(managed) == ZERO
    assert world.resolver.addr(managed) == ZERO
    assert not world.names.recordExists(managed)
    info = world.names.info(managed)
    assert (info.state, info.expiry) == (FREE, 0)
    with boa.reverts("names: not live"):
        world.names.setOwner(managed, holder, sender=holder)


def test_managed_name_ends_and_returns_with_its_parent(world, node, managed, holder):
    end = world.names.info(node).expiry
    travel_to(end - 1)
    assert world.names.owner(managed) == holder
    travel_to(end)
    assert world.names.owner(managed) == ZERO
    assert world.names.ttl(managed) == 0
    assert world.names.info(managed).state == IN_GRACE
    world.renew("alice")
    assert world.names.owner(managed) == holder


def test_managed_name_outlives_a_transfer_of_its_parent(
    world, node, managed, owner, holder, stranger
):
    world.names.transferFrom(owner, stranger, token(node), sender=owner)
    assert world.names.owner(managed) == holder
    with boa.reverts("names: not authorised"):
        world.names.setSubnodeOwner(node, labelhash("sub"), owner, sender=owner)
    world.names.setSubnodeOwner(node, labelhash("sub"), stranger, sender=stranger)
    assert world.names.owner(managed) == stranger


def test_managed_name_ends_with_the_registration_of_its_parent(world, node, managed, stranger):
    travel_to(world.names.info(node).expiry + GRACE + 30 * DAY)
    world.register("alice", stranger)
    assert world.names.owner(managed) == ZERO
    assert world.names.info(managed).state == FREE
    world.names.createSubname(node, "sub", stranger, 0, sender=stranger)
    assert world.names.owner(managed) == stranger
    assert world.names.epoch(managed) == 2 * FIRST_EPOCH


def test_managed_names_below_managed_ones(world, node, managed, owner, holder, stranger):
    world.names.createSubname(managed, "deep", stranger, 0, sender=holder)
    assert world.names.owner(DEEP) == stranger
    assert world.names.full_name(DEEP) == "deep.sub.alice.os"
    with boa.reverts("names: not authorised"):  # only through the name between
        world.names.setSubnodeOwner(managed, labelhash("deep"), owner, sender=owner)
    world.names.setSubnodeOwner(node, labelhash("sub"), ZERO, sender=owner)
    assert world.names.owner(DEEP) == ZERO
    with boa.reverts("names: not live"):
        world.names.setOwner(DEEP, stranger, sender=stranger)


@pytest.mark.parametrize("label", ["alice", "a"])  # a cheap name and a dear one
def test_names_go_eight_levels_deep(world, owner, label):
    at = world.register(label, owner)
    for _ in range(8):
        at = world.names.createSubname(at, "x", owner, 0, sender=owner)
    assert world.names.owner(at) == owner
    assert world.names.full_name(at) == "x." * 8 + f"{label}.os"
    with boa.reverts("names: too deep"):
        world.names.createSubname(at, "x", owner, 0, sender=owner)
    boa.env.time_travel(seconds=YEAR)
    assert world.names.owner(at) == ZERO


# ----- emancipated -----


def test_create_emancipated(world, node, owner, holder, expiry):
    assert world.names.createSubname(node, "sub", holder, expiry, sender=owner) == SUB
    assert events(world.names) == [
        ("Transfer", ZERO, holder, token(SUB)),
        ("SubnameLabelled", SUB, node, "sub", expiry),
        ("NewOwner", node, labelhash("sub"), holder),
    ]
    info = world.names.info(SUB)
    assert info == (holder, expiry, FIRST_EPOCH, 0, EMANCIPATED, LIVE, "sub", node)
    assert world.names.ownerOf(token(SUB)) == holder
    assert world.names.balanceOf(holder) == 1
    assert world.names.emancipated_until(node) == expiry + GRACE
    assert world.names.emancipated_until(SUB) == 0


def test_emancipated_until_is_that_of_the_last_one(world, node, emancipated, owner, holder, expiry):
    world.names.createSubname(node, "brief", holder, expiry - DAY, sender=owner)
    assert world.names.emancipated_until(node) == expiry + GRACE
    world.names.createSubname(node, "long", holder, expiry + DAY, sender=owner)
    assert world.names.emancipated_until(node) == expiry + DAY + GRACE


def every_way_to_seize(world, node, owner):
    create = world.names.createSubname
    return [
        lambda: world.names.setSubnodeOwner(node, labelhash("sub"), owner, sender=owner),
        lambda: world.names.setSubnodeOwner(node, labelhash("sub"), ZERO, sender=owner),
        lambda: world.names.setSubnodeRecord(node, labelhash("sub"), owner, ZERO, 0, sender=owner),
        lambda: create(node, "sub", owner, 0, sender=owner),
        lambda: create(node, "sub", owner, world.names.info(node).expiry, sender=owner),
    ]


def test_emancipated_name_is_beyond_its_parent_until_its_grace_ends(
    world, node, emancipated, owner, holder, expiry
):
    world.renew("alice", 2 * YEAR)
    for second in (now(), expiry - 1, expiry, expiry + GRACE - 1):
        travel_to(second)
        for seize in every_way_to_seize(world, node, owner):
            with boa.reverts("names: emancipated"):
                seize()
    travel_to(expiry + GRACE)
    for seize in every_way_to_seize(world, node, owner):
        with boa.env.anchor():
            seize()
    world.names.setSubnodeOwner(node, labelhash("sub"), owner, sender=owner)
    assert ("Transfer", holder, ZERO, token(SUB)) in events(world.names)
    assert world.names.balanceOf(holder) == 0
    assert world.names.owner(SUB) == owner


def test_emancipated_name_has_a_grace_of_its_own(world, node, emancipated, holder, expiry):
    travel_to(expiry)
    assert world.names.owner(SUB) == ZERO
    assert world.names.info(SUB).state == IN_GRACE
    with boa.reverts("names: not live"):
        world.names.ownerOf(token(SUB))
    world.names.extend(SUB, expiry + DAY, sender=holder)
    assert world.names.ownerOf(token(SUB)) == holder


def test_extend(world, node, emancipated, holder, expiry, stranger):
    end = world.names.info(node).expiry
    world.names.extend(SUB, expiry + 1, sender=holder)
    assert events(world.names) == [("NameRenewed", SUB, expiry, expiry + 1, 0)]
    assert world.names.emancipated_until(node) == expiry + 1 + GRACE
    world.names.setApprovalForAll(stranger, True, sender=holder)
    world.names.extend(SUB, end, sender=stranger)
    assert world.names.info(SUB).expiry == end


def test_extend_not_later_reverts(world, emancipated, holder, expiry):
    for earlier in (0, expiry - 1, expiry):
        with boa.reverts("names: expiry not later"):
            world.names.extend(SUB, earlier, sender=holder)


def test_extend_beyond_the_parent_reverts(world, node, emancipated, holder):
    end = world.names.info(node).expiry
    for later in (end + 1, 2**40, 2**256 - 1):
        with boa.reverts("names: beyond parent"):
            world.names.extend(SUB, later, sender=holder)


def test_extend_by_anybody_else_reverts(world, emancipated, owner, stranger, expiry):
    for second in (now(), expiry):
        travel_to(second)
        for sender in (owner, stranger):
            with boa.reverts("names: not authorised"):
                world.names.extend(SUB, expiry + DAY, sender=sender)


def test_extend_after_grace_reverts(world, emancipated, holder, expiry):
    world.renew("alice", 2 * YEAR)
    travel_to(expiry + GRACE)
    with boa.reverts("names: not registered"):
        world.names.extend(SUB, now() + DAY, sender=holder)


def test_extend_of_other_names_reverts(world, node, owner, managed, holder):
    for other, sender in ((node, owner), (managed, holder), (ZERO32, owner)):
        with boa.reverts("names: not emancipated"):
            world.names.extend(other, now() + YEAR, sender=sender)


def test_emancipated_name_is_transferred_as_any_token(world, emancipated, holder, stranger):
    world.resolver.setText(SUB, "url", "x", sender=holder)
    world.names.transferFrom(holder, stranger, token(SUB), sender=holder)
    assert world.names.ownerOf(token(SUB)) == stranger
    assert (world.names.balanceOf(holder), world.names.balanceOf(stranger)) == (0, 1)
    assert world.resolver.text(SUB, "url") == ""


def test_emancipated_below_emancipated(world, emancipated, holder, expiry, stranger):
    world.names.createSubname(SUB, "deep", stranger, expiry, sender=holder)
    assert world.names.ownerOf(token(DEEP)) == stranger
    assert world.names.emancipated_until(SUB) == expiry + GRACE
    with boa.reverts("names: beyond parent"):
        world.names.createSubname(SUB, "more", stranger, expiry + 1, sender=holder)
    world.names.createSubname(SUB, "less", stranger, 0, sender=holder)
    travel_to(expiry)
    assert world.names.owner(namehash("less.sub.alice.os")) == ZERO


def test_emancipated_below_managed_reverts(world, managed, holder, expiry):
    with boa.reverts("names: parent is managed"):
        world.names.createSubname(managed, "deep", holder, expiry, sender=holder)


def test_managed_name_is_emancipated_by_its_parent(world, node, managed, owner, holder, expiry):
    """What hung below it as managed ends: its new holder begins with nothing below."""
    world.names.createSubname(managed, "deep", owner, 0, sender=holder)
    world.names.createSubname(node, "sub", holder, expiry, sender=owner)
    assert world.names.owner(DEEP) == ZERO
    assert world.names.epoch(SUB) == 2 * FIRST_EPOCH
    assert world.names.info(SUB).mode == EMANCIPATED


# ----- what is refused -----


@pytest.mark.parametrize("label", ["", "Sub", "a.b", "-a", "a-", "ab--c", "a" * 64, "\u00e9"])
def test_create_with_a_bad_label_reverts(world, node, owner, label):
    with boa.reverts("names: bad label"):
        world.names.createSubname(node, label, owner, 0, sender=owner)


def test_create_for_nobody_reverts(world, node, owner):
    with boa.reverts("names: zero owner"):
        world.names.createSubname(node, "sub", ZERO, 0, sender=owner)


def test_create_emancipated_into_the_past_reverts(world, node, owner):
    for past in (1, now() - 1, now()):
        with boa.reverts("names: expiry in the past"):
            world.names.createSubname(node, "sub", owner, past, sender=owner)
    world.names.createSubname(node, "sub", owner, now() + 1, sender=owner)


def test_create_emancipated_beyond_the_parent_reverts(world, node, owner):
    end = world.names.info(node).expiry
    for later in (end + 1, 2**40, 2**256 - 1):
        with boa.reverts("names: beyond parent"):
            world.names.createSubname(node, "sub", owner, later, sender=owner)
    world.names.createSubname(node, "sub", owner, end, sender=owner)


def sub_name_acts(world, parent, sender):
    hash_ = labelhash("sub")
    return [
        lambda: world.names.createSubname(parent, "sub", sender, 0, sender=sender),
        lambda: world.names.setSubnodeOwner(parent, hash_, sender, sender=sender),
        lambda: world.names.setSubnodeRecord(parent, hash_, sender, ZERO, 0, sender=sender),
    ]


def test_sub_names_of_another_revert(world, node, stranger):
    for act in sub_name_acts(world, node, stranger):
        with boa.reverts("names: not authorised"):
            act()


def test_sub_names_by_an_operator(world, node, owner, stranger):
    world.names.setApprovalForAll(stranger, True, sender=owner)
    for act in sub_name_acts(world, node, stranger):
        act()


def test_sub_names_by_who_is_approved_for_the_token_revert(world, node, owner, stranger):
    world.names.approve(stranger, token(node), sender=owner)
    for act in sub_name_acts(world, node, stranger):
        with boa.reverts("names: not authorised"):
            act()


@pytest.mark.parametrize(
    "name", ["os", "reverse", "addr.reverse", "eth", "resolver.eth", "", "x.os"]
)
def test_sub_names_of_fixed_and_unknown_nodes_revert(world, name):
    for sender in (world.admin, world.names.address, world.resolver.address):
        for act in sub_name_acts(world, namehash(name), sender):
            with boa.reverts("names: not live"):
                act()


def test_sub_names_of_an_expired_name_revert(world, node, owner):
    boa.env.time_travel(seconds=YEAR)
    for act in sub_name_acts(world, node, owner):
        with boa.reverts("names: not live"):
            act()


# ----- the registry's other setters -----


def test_set_record(world, node, owner, stranger):
    world.names.setRecord(node, owner, stranger, 60, sender=owner)
    assert events(world.names) == [("NewResolver", node, stranger), ("NewTTL", node, 60)]
    assert world.names.epoch(node) == FIRST_EPOCH
    assert (world.names.resolver(node), world.names.ttl(node)) == (stranger, 60)


def test_set_record_to_another_owner_starts_an_epoch(world, node, owner, stranger):
    world.resolver.setText(node, "url", "x", sender=owner)
    world.names.setRecord(node, stranger, world.resolver.address, 5, sender=owner)
    assert world.names.owner(node) == stranger
    assert world.names.epoch(node) == FIRST_EPOCH + 1
    assert world.resolver.text(node, "url") == ""
    assert world.names.ttl(node) == 5


def test_set_record_by_a_stranger_reverts(world, node, stranger):
    with boa.reverts("names: not authorised"):
        world.names.setRecord(node, stranger, ZERO, 0, sender=stranger)


def test_set_record_to_nobody_reverts(world, node, owner):
    with boa.reverts("names: zero owner"):
        world.names.setRecord(node, ZERO, ZERO, 0, sender=owner)


def test_set_subnode_record(world, node, owner, holder, stranger):
    world.names.setSubnodeRecord(node, labelhash("sub"), holder, stranger, 7, sender=owner)
    assert events(world.names) == [
        ("NewOwner", node, labelhash("sub"), holder),
        ("NewResolver", SUB, stranger),
        ("NewTTL", SUB, 7),
    ]
    assert world.names.owner(SUB) == holder
    assert (world.names.resolver(SUB), world.names.ttl(SUB)) == (stranger, 7)


def test_set_subnode_record_of_another_ends_the_epoch(world, node, managed, owner, holder):
    """Who holds it chose what answers; who owns the name above chooses for a new epoch only."""
    world.resolver.setText(managed, "url", "x", sender=holder)
    epoch = world.names.epoch(managed)
    world.names.setSubnodeRecord(node, labelhash("sub"), holder, ZERO, 0, sender=owner)
    assert world.names.owner(managed) == holder
    assert world.names.epoch(managed) == epoch + 1
    assert world.resolver.text(managed, "url") == ""


def test_create_again_for_its_holder_keeps_the_epoch(world, node, managed, owner, holder):
    world.resolver.setText(managed, "url", "x", sender=holder)
    world.names.createSubname(node, "sub", holder, 0, sender=owner)
    assert (world.names.epoch(managed), world.resolver.text(managed, "url")) == (FIRST_EPOCH, "x")


def test_set_subnode_record_of_ones_own_keeps_the_epoch(world, node, owner):
    sub = world.names.createSubname(node, "sub", owner, 0, sender=owner)
    world.resolver.setText(sub, "url", "x", sender=owner)
    world.names.setSubnodeRecord(
        node, labelhash("sub"), owner, world.resolver.address, 5, sender=owner
    )
    assert (world.names.epoch(sub), world.resolver.text(sub, "url")) == (FIRST_EPOCH, "x")


@pytest.mark.parametrize("resolver", [ZERO, "stranger"])
def test_emancipated_name_in_grace_answers_nothing(
    world, node, emancipated, holder, expiry, stranger, resolver
):
    """Its resolver is the default one, so that no client goes on to the names above."""
    world.names.setResolver(
        emancipated, stranger if resolver == "stranger" else ZERO, sender=holder
    )
    below = world.names.createSubname(emancipated, "below", holder, 0, sender=holder)
    travel_to(expiry)
    assert world.names.resolver(emancipated) == world.resolver.address
    assert world.names.resolver(below) == ZERO
    assert world.resolver.addr(emancipated) == ZERO
    travel_to(expiry + GRACE)
    assert world.names.resolver(emancipated) == ZERO


def test_migrate_a_managed_name_keeps_its_records(world, managed, holder, stranger):
    world.resolver.setText(managed, "url", "x", sender=holder)
    world.names.migrate(managed, stranger, sender=holder)
    assert world.names.owner(managed) == stranger
    assert world.resolver.text(managed, "url") == "x"
    assert world.names.balanceOf(stranger) == 0
