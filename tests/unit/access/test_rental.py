"""A pass that is rented out lets its user in, and its owner not (ERC-4907, ACC-2)."""

import boa
import pytest

from tests.support.access import DAY, MONTH, ZERO, buy, logged
from tests.unit.access.conftest import ETH, FREE, PRICE


@pytest.fixture
def id(collection, buyer):
    return buy(collection, buyer)


@pytest.fixture
def until():
    return boa.env.timestamp + DAY


def let_in(collection, *accounts):
    return [collection.valid_holder(account) for account in accounts]


def test_user_gets_in_instead_of_the_owner(collection, id, buyer, friend, until):
    collection.setUser(id, friend, until, sender=buyer)
    assert logged(collection) == [("UpdateUser", id, friend, until)]
    assert (collection.userOf(id), collection.userExpires(id)) == (friend, until)
    assert (collection.active(buyer), collection.rented(friend)) == (id, id)
    assert collection.ownerOf(id) == buyer and collection.balanceOf(friend) == 0
    boa.env.timestamp = until - 1
    assert let_in(collection, buyer, friend) == [False, True]
    boa.env.timestamp = until
    assert let_in(collection, buyer, friend) == [True, False]
    assert (collection.userOf(id), collection.userExpires(id)) == (ZERO, until)


def test_user_until_the_pass_expires_and_no_longer(collection, id, buyer, friend):
    expiry = collection.expiresAt(id)
    with boa.reverts("pass: user outlives pass"):
        collection.setUser(id, friend, expiry + 1, sender=buyer)
    collection.setUser(id, friend, expiry, sender=buyer)
    boa.env.timestamp = expiry
    assert let_in(collection, buyer, friend) == [False, False]


def test_renewal_does_not_lengthen_a_rental(collection, id, buyer, friend):
    expiry = collection.expiresAt(id)
    collection.setUser(id, friend, expiry, sender=buyer)
    collection.renew(id, ETH, PRICE, value=PRICE, sender=buyer)
    boa.env.timestamp = expiry
    assert let_in(collection, buyer, friend) == [True, False]


def test_rental_ends_by_the_owner(collection, id, buyer, friend, until):
    collection.setUser(id, friend, until, sender=buyer)
    collection.setUser(id, ZERO, until, sender=buyer)
    assert logged(collection) == [("UpdateUser", id, ZERO, 0)]
    assert (collection.userOf(id), collection.userExpires(id)) == (ZERO, 0)
    assert let_in(collection, buyer, friend) == [True, False]


def test_another_user_replaces_the_first(collection, id, buyer, friend, stranger, until):
    collection.setUser(id, friend, until, sender=buyer)
    collection.setUser(id, stranger, until, sender=buyer)
    assert let_in(collection, buyer, friend, stranger) == [False, False, True]


def test_transfer_ends_the_rental(collection, id, buyer, friend, stranger, until):
    collection.setUser(id, friend, until, sender=buyer)
    collection.transferFrom(buyer, stranger, id, sender=buyer)
    assert logged(collection) == [
        ("Transfer", buyer, stranger, id),
        ("UpdateUser", id, ZERO, 0),
    ]
    assert let_in(collection, buyer, friend, stranger) == [False, False, True]
    assert (collection.userOf(id), collection.userExpires(id)) == (ZERO, 0)
    collection.transferFrom(stranger, buyer, id, sender=stranger)
    assert let_in(collection, buyer, friend) == [True, False]  # it does not come back


def test_operator_and_approved_may_rent_out(collection, id, buyer, friend, stranger, until):
    collection.approve(friend, id, sender=buyer)
    collection.setUser(id, friend, until, sender=friend)
    with boa.reverts("pass: not allowed"):
        collection.setUser(id, stranger, until, sender=stranger)
    collection.setApprovalForAll(stranger, True, sender=buyer)
    collection.setUser(id, stranger, until, sender=stranger)
    assert collection.getApproved(id) == friend


def test_user_may_not_rent_on(collection, id, buyer, friend, stranger, until):
    collection.setUser(id, friend, until, sender=buyer)
    with boa.reverts("pass: not allowed"):
        collection.setUser(id, stranger, until, sender=friend)


def test_rental_that_is_over_reverts(collection, id, buyer, friend):
    for late in (0, 1):
        with boa.reverts("pass: expiry has passed"):
            collection.setUser(id, friend, boa.env.timestamp - late, sender=buyer)
    boa.env.timestamp = collection.expiresAt(id)
    with boa.reverts("pass: user outlives pass"):
        collection.setUser(id, friend, boa.env.timestamp + 1, sender=buyer)


def test_rental_of_unknown_reverts(collection, buyer, until):
    with boa.reverts("pass: unknown id"):
        collection.setUser(77, buyer, until, sender=buyer)
    assert (collection.userOf(77), collection.userExpires(77)) == (ZERO, 0)


# ----- pointers -----


def test_owner_with_another_pass_gets_in_by_it(collection, id, buyer, friend, stranger, until):
    other = buy(collection, buyer)
    collection.setUser(id, friend, until, sender=buyer)
    assert let_in(collection, buyer) == [False]
    collection.point(buyer, other, sender=stranger)
    assert let_in(collection, buyer) == [True]
    with boa.reverts("pass: not valid"):  # the owner cannot point to what it rented out
        collection.point(buyer, id)


def test_new_pass_replaces_one_that_is_rented_out(collection, id, buyer, friend, until):
    collection.setUser(id, friend, until, sender=buyer)
    other = buy(collection, buyer)
    assert collection.active(buyer) == other and let_in(collection, buyer) == [True]


def test_lender_cannot_disturb_an_own_pass(collection, buyer, friend):
    """A rental does not take the place of an expired own pass, which may be renewed."""
    own = buy(collection, friend)
    boa.env.timestamp = collection.expiresAt(own)
    id = buy(collection, buyer, FREE)
    collection.setUser(id, friend, boa.env.timestamp + DAY, sender=buyer)
    assert (collection.active(friend), collection.rented(friend)) == (own, id)
    assert collection.balanceOf(friend) == 1
    boa.env.time_travel(seconds=DAY)
    collection.renew(own, ETH, PRICE, value=PRICE, sender=buyer)
    assert let_in(collection, friend) == [True]


def test_second_rental_does_not_replace_the_first(collection, id, buyer, friend, until):
    second = buy(collection, buyer)
    collection.setUser(id, friend, until, sender=buyer)
    collection.setUser(second, friend, until - 1, sender=buyer)
    assert collection.rented(friend) == id
    with boa.reverts("pass: not later"):
        collection.point(friend, second)
    collection.setUser(id, ZERO, 0, sender=buyer)
    assert let_in(collection, friend) == [False]
    collection.point(friend, second)
    assert logged(collection) == [("Pointed", friend, second)]
    assert let_in(collection, friend) == [True]


def test_rental_may_follow_in_the_second_in_which_the_first_ends(
    collection, id, buyer, friend, until
):
    second = buy(collection, buyer)
    collection.setUser(id, friend, until, sender=buyer)
    boa.env.timestamp = until
    collection.setUser(second, friend, until + 1, sender=buyer)
    assert collection.rented(friend) == second and let_in(collection, friend) == [True]


def test_later_rental_may_be_pointed_to(collection, id, buyer, friend, until):
    second = buy(collection, buyer)
    collection.setUser(id, friend, until, sender=buyer)
    collection.setUser(second, friend, until + 1, sender=buyer)
    collection.point(friend, second)
    boa.env.timestamp = until
    assert let_in(collection, friend) == [True]


def test_owner_may_rent_to_itself(collection, id, buyer, until):
    collection.setUser(id, buyer, until, sender=buyer)
    assert let_in(collection, buyer) == [True]
    boa.env.timestamp = until
    assert let_in(collection, buyer) == [True]


# ----- attacks -----


@pytest.mark.parametrize("left", [2, 1])
def test_lending_at_the_boundary_makes_no_time(collection, id, buyer, friend, stranger, left):
    """One pass lets in one account at a time, whoever lends, ends, moves it in a second."""
    expiry = collection.expiresAt(id)
    boa.env.timestamp = expiry - left
    people = (buyer, friend, stranger)
    for user in (friend, stranger, friend):
        collection.setUser(id, user, expiry, sender=buyer)
        assert sum(let_in(collection, *people)) == 1 and collection.valid_holder(user)
    collection.transferFrom(buyer, stranger, id, sender=buyer)
    assert let_in(collection, *people) == [False, False, True]
    boa.env.timestamp = expiry
    assert let_in(collection, *people) == [False, False, False]
    assert collection.expiresAt(id) == expiry


def test_refunded_pass_lets_its_user_out(collection, owner, buyer, friend):
    terms = collection.plan(ETH).terms._replace(refundable=True)
    id = buy(collection, buyer, collection.create_plan(terms, sender=owner))
    collection.setUser(id, friend, boa.env.timestamp + MONTH, sender=buyer)
    boa.env.time_travel(seconds=1)
    collection.refund(id, sender=buyer)
    assert let_in(collection, buyer, friend) == [False, False]
    assert (collection.userOf(id), collection.userExpires(id)) == (ZERO, 0)
    with boa.reverts("pass: not valid"):
        collection.point(friend, id)
