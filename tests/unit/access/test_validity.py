"""ACC-2: when a pass is valid, and which one speaks for its owner."""

import boa
import pytest

from tests.support.access import MONTH, ZERO, buy, logged
from tests.unit.access.conftest import FREE, PRICE


@pytest.mark.parametrize(("offset", "valid"), [(-1, True), (0, False), (1, False)])
def test_valid_until_the_second_of_expiry(collection, buyer, offset, valid):
    id = buy(collection, buyer)
    boa.env.timestamp = collection.expiresAt(id) + offset
    assert collection.valid(id) is valid
    assert collection.valid_holder(buyer) is valid


def test_nothing_is_not_valid(collection, stranger):
    assert not collection.valid(0)
    assert not collection.valid(2**256 - 1)
    assert not collection.valid_holder(stranger)
    assert not collection.valid_holder(ZERO)
    assert collection.active(stranger) == 0


def test_first_pass_speaks(collection, buyer):
    first = buy(collection, buyer)
    buy(collection, buyer, FREE)
    assert collection.active(buyer) == first


def test_new_pass_replaces_an_expired_one(collection, buyer):
    buy(collection, buyer)
    boa.env.time_travel(seconds=MONTH)
    second = buy(collection, buyer)
    assert collection.active(buyer) == second and collection.balanceOf(buyer) == 2
    assert collection.valid_holder(buyer)


def test_received_pass_replaces_an_expired_one(collection, buyer, friend):
    buy(collection, friend)
    boa.env.time_travel(seconds=MONTH)
    fresh = buy(collection, buyer)
    collection.transferFrom(buyer, friend, fresh, sender=buyer)
    assert collection.active(friend) == fresh


def test_expired_gift_displaces_nothing(collection, buyer, stranger):
    """Its owner may yet renew the pass that spoke for him."""
    own, gift = buy(collection, buyer), buy(collection, stranger)
    boa.env.time_travel(seconds=MONTH)
    collection.transferFrom(stranger, buyer, gift, sender=stranger)
    collection.renew(own, 1, PRICE, value=PRICE, sender=buyer)
    assert collection.active(buyer) == own and collection.valid_holder(buyer)


def test_gift_displaces_no_valid_pass(collection, buyer, stranger):
    own, gift = buy(collection, buyer), buy(collection, stranger, FREE)
    collection.transferFrom(stranger, buyer, gift, sender=stranger)
    assert collection.active(buyer) == own


def test_sold_pass_speaks_for_its_buyer_only(collection, buyer, friend):
    id = buy(collection, buyer)
    collection.transferFrom(buyer, friend, id, sender=buyer)
    assert collection.active(buyer) == collection.active(friend) == id
    assert not collection.valid_holder(buyer) and collection.valid_holder(friend)
    collection.transferFrom(friend, buyer, id, sender=friend)
    assert collection.valid_holder(buyer) and not collection.valid_holder(friend)


def test_received_pass_replaces_a_sold_one(collection, buyer, friend, stranger):
    """Even an expired one: it may be renewed."""
    collection.transferFrom(buyer, friend, buy(collection, buyer, FREE), sender=buyer)
    gift = buy(collection, stranger)
    boa.env.time_travel(seconds=MONTH)
    collection.transferFrom(stranger, buyer, gift, sender=stranger)
    assert collection.active(buyer) == gift and not collection.valid_holder(buyer)
    collection.renew(gift, 1, PRICE, value=PRICE, sender=stranger)
    assert collection.valid_holder(buyer)


def test_first_pass_speaks_even_if_expired_when_it_comes(collection, buyer, friend):
    id = buy(collection, buyer)
    boa.env.time_travel(seconds=MONTH)
    collection.transferFrom(buyer, friend, id, sender=buyer)
    collection.renew(id, 1, PRICE, value=PRICE, sender=buyer)
    assert collection.valid_holder(friend)


def test_point_after_a_sale(collection, buyer, friend, stranger):
    first, second = buy(collection, buyer), buy(collection, buyer)
    collection.transferFrom(buyer, friend, first, sender=buyer)
    assert not collection.valid_holder(buyer)  # until anyone says so
    collection.point(buyer, second, sender=stranger)
    assert logged(collection) == [("Pointed", buyer, second)]
    assert collection.valid_holder(buyer) and collection.active(buyer) == second
    assert collection.balanceOf(buyer) == 1


def test_point_to_a_later_pass(collection, buyer, stranger):
    buy(collection, buyer)
    later = buy(collection, buyer, FREE)
    collection.point(buyer, later, sender=stranger)
    boa.env.time_travel(seconds=2 * MONTH)
    assert collection.valid_holder(buyer)


def test_point_to_an_earlier_or_the_same_reverts(collection, buyer, stranger):
    first, later = buy(collection, buyer), buy(collection, buyer, FREE)
    collection.point(buyer, later, sender=stranger)
    for id in (first, later):
        with boa.reverts("pass: not later"):
            collection.point(buyer, id, sender=stranger)


def test_point_to_another_owners_reverts(collection, buyer, friend):
    id = buy(collection, buyer)
    with boa.reverts("pass: not valid"):
        collection.point(friend, id, sender=friend)


@pytest.mark.parametrize("late", [0, 1])
def test_point_to_an_expired_reverts(collection, buyer, late):
    id = buy(collection, buyer)
    boa.env.timestamp = collection.expiresAt(id) + late
    with boa.reverts("pass: not valid"):
        collection.point(buyer, id)


@pytest.mark.parametrize("id", [0, 77])
def test_point_to_an_unknown_reverts(collection, buyer, id):
    with boa.reverts("pass: not valid"):
        collection.point(buyer, id)
    with boa.reverts("pass: not valid"):
        collection.point(ZERO, id)
