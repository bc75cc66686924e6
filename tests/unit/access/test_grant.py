import boa
import pytest

from tests.support.access import (
    CENTURY,
    GRANTS,
    NO_EXPIRY,
    ZERO,
    Setup,
    Terms,
    buy,
    create_collection,
    logged,
    pass_id,
)
from tests.support.compiled import deployer


@pytest.fixture
def scarce(access, owner, revenue):
    """Ten places: six for a plan, four for grants and later plans."""
    return create_collection(access, Setup(owner, revenue, cap=10, plans=(Terms(cap=6),)))


def test_grant(collection, owner, friend, in_a_month):
    id = collection.grant(friend, in_a_month, sender=owner)
    assert logged(collection) == [
        ("Transfer", ZERO, friend, id),
        ("SubscriptionUpdate", id, in_a_month),
    ]
    assert id == pass_id(GRANTS, 1)
    assert (collection.ownerOf(id), collection.expiresAt(id)) == (friend, in_a_month)
    assert collection.valid_holder(friend)
    assert collection.collection().granted == 1


def test_grant_for_ever(collection, owner, friend):
    id = collection.grant(friend, NO_EXPIRY, sender=owner)
    boa.env.time_travel(seconds=2 * CENTURY)
    assert collection.valid(id)


def test_grant_asks_nobody(collection, owner, receiver, in_a_month):
    receiver.refuse()
    collection.grant(receiver, in_a_month, sender=owner)
    assert collection.valid_holder(receiver)


def test_grant_many(collection, owner, buyer, friend, in_a_month):
    collection.grant(buyer, in_a_month, sender=owner)
    first = collection.grant_many([buyer, friend, friend], in_a_month, sender=owner)
    assert first == 2
    assert [collection.ownerOf(id) for id in (2, 3, 4)] == [buyer, friend, friend]
    assert collection.collection().granted == 4


def test_first_grant_is_a_pass_like_others(collection, owner, buyer, friend, in_a_month):
    """Its id is 1."""
    id = collection.grant(buyer, in_a_month, sender=owner)
    buy(collection, buyer)
    assert collection.active(buyer) == id == 1
    collection.setUser(id, friend, in_a_month, sender=buyer)
    assert collection.rented(friend) == 1 and collection.valid_holder(friend)


def test_grant_beyond_numbers_reverts(collection, owner, buyer, in_a_month):
    layout = deployer("Pass").compiler_data.storage_layout["storage_layout"]
    slot = layout["_collection"]["slot"]
    word = boa.env.get_storage(collection.address, slot)
    boa.env.set_storage(collection.address, slot, word + ((2**32 - 2) << 176))
    assert collection.grant(buyer, in_a_month, sender=owner) == 2**32 - 1
    with boa.reverts("pass: sold out"):
        collection.grant(buyer, in_a_month, sender=owner)


def test_grants_take_places_of_the_collection(scarce, owner, buyer, friend, in_a_month):
    scarce.grant(friend, in_a_month, sender=owner)
    scarce.grant_many([friend] * 3, in_a_month, sender=owner)
    assert scarce.collection().reserve == 0
    with boa.reverts("pass: over the cap"):
        scarce.grant(friend, in_a_month, sender=owner)
    buy(scarce, buyer)  # the plan's own places are untouched
    assert scarce.plan(1).minted == 1


def test_grant_many_beyond_cap_reverts_whole(scarce, owner, friend, in_a_month):
    with boa.reverts("pass: over the cap"):
        scarce.grant_many([friend] * 5, in_a_month, sender=owner)
    assert scarce.balanceOf(friend) == 0


def test_grant_by_stranger_reverts(collection, stranger, in_a_month):
    with boa.reverts("pass: not owner"):
        collection.grant(stranger, in_a_month, sender=stranger)
    with boa.reverts("pass: not owner"):
        collection.grant_many([stranger], in_a_month, sender=stranger)


def test_grant_to_zero_reverts(collection, owner, in_a_month):
    with boa.reverts("pass: zero recipient"):
        collection.grant(ZERO, in_a_month, sender=owner)
    with boa.reverts("pass: zero recipient"):
        collection.grant_many([ZERO], in_a_month, sender=owner)


def test_grant_many_to_nobody_reverts(collection, owner, in_a_month):
    with boa.reverts("pass: no recipients"):
        collection.grant_many([], in_a_month, sender=owner)


@pytest.mark.parametrize("act", ["grant", "grant_many", "extend"])
@pytest.mark.parametrize(
    ("ahead", "reason"),
    [(0, "pass: expiry has passed"), (CENTURY + 1, "pass: too far ahead")],
)
def test_bad_expiry_reverts(collection, owner, friend, act, ahead, reason):
    id = collection.grant(friend, boa.env.timestamp + 1, sender=owner)
    first = {"grant": friend, "grant_many": [friend], "extend": id}[act]
    with boa.reverts(reason):
        getattr(collection, act)(first, boa.env.timestamp + ahead, sender=owner)
    edge = boa.env.timestamp + (2 if ahead == 0 else CENTURY)
    getattr(collection, act)(first, edge, sender=owner)


# ----- extend -----


def test_extend(collection, owner, buyer):
    id = buy(collection, buyer)
    later = collection.expiresAt(id) + 5
    collection.extend(id, later, sender=owner)
    assert logged(collection) == [
        ("SubscriptionUpdate", id, later),
        ("MetadataUpdate", id),
    ]
    assert (collection.expiresAt(id), collection.ownerOf(id)) == (later, buyer)
    collection.extend(id, NO_EXPIRY, sender=owner)
    assert collection.expiresAt(id) == NO_EXPIRY


def test_extend_revives(collection, owner, buyer):
    id = buy(collection, buyer)
    boa.env.timestamp = collection.expiresAt(id)
    collection.extend(id, boa.env.timestamp + 1, sender=owner)
    assert collection.valid_holder(buyer)


@pytest.mark.parametrize("change", [0, -1])
def test_extend_backwards_reverts(collection, owner, buyer, change):
    id = buy(collection, buyer)
    with boa.reverts("pass: not later"):
        collection.extend(id, collection.expiresAt(id) + change, sender=owner)


def test_extend_by_holder_reverts(collection, buyer):
    id = buy(collection, buyer)
    with boa.reverts("pass: not owner"):
        collection.extend(id, NO_EXPIRY, sender=buyer)


def test_extend_unknown_reverts(collection, owner):
    with boa.reverts("pass: unknown id"):
        collection.extend(1, NO_EXPIRY, sender=owner)
