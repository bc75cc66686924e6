import boa
import pytest

from tests.support.access import CENTURY, MONTH, NO_EXPIRY, Terms, buy, logged
from tests.unit.access.conftest import ETH, FREE, PRICE, TOKEN, TOKENS


def renew(collection, id, sender, plan=ETH):
    price = collection.plan(plan).terms.price
    collection.renew(id, plan, price, value=price, sender=sender)


def test_renew_adds_to_what_is_left(collection, buyer, stranger):
    id = buy(collection, buyer)
    expiry = collection.expiresAt(id)
    boa.env.time_travel(seconds=MONTH - 1)
    renew(collection, id, stranger)
    assert logged(collection) == [
        ("SubscriptionUpdate", id, expiry + MONTH),
        ("MetadataUpdate", id),
    ]
    assert collection.expiresAt(id) == expiry + MONTH
    assert collection.ownerOf(id) == buyer
    assert boa.env.get_balance(collection.address) == 2 * PRICE


@pytest.mark.parametrize("late", [0, 1, 400 * 86_400])
def test_renew_of_expired_counts_from_now(collection, buyer, late):
    id = buy(collection, buyer)
    boa.env.timestamp = collection.expiresAt(id) + late
    renew(collection, id, buyer)
    assert collection.expiresAt(id) == boa.env.timestamp + MONTH
    assert collection.valid_holder(buyer)


def test_renew_by_another_plan_and_currency(collection, token, buyer):
    id = buy(collection, buyer)
    collection.renew(id, TOKEN, TOKENS, sender=buyer)
    assert collection.expiresAt(id) == boa.env.timestamp + 13 * MONTH
    assert token.balanceOf(collection.address) == TOKENS


def test_renew_for_ever_and_then_no_more(collection, buyer):
    id = buy(collection, buyer)
    renew(collection, id, buyer, FREE)
    assert collection.expiresAt(id) == NO_EXPIRY
    with boa.reverts("pass: never expires"):
        renew(collection, id, buyer)


def test_renew_takes_no_place(collection, owner, buyer):
    id = buy(collection, buyer)
    collection.lower_cap(ETH, 1, sender=owner)
    renew(collection, id, buyer)
    assert collection.plan(ETH).minted == 1


def test_granted_pass_is_renewed_by_an_open_plan(collection, owner, buyer, in_a_month):
    id = collection.grant(buyer, in_a_month, sender=owner)
    renew(collection, id, buyer)
    assert collection.expiresAt(id) == in_a_month + MONTH
    with boa.reverts("pass: unknown plan"):  # grants are no plan that anybody pays
        collection.renew(id, 0, 0, sender=buyer)


def test_renew_keeps_the_approval(collection, buyer, friend):
    id = buy(collection, buyer)
    collection.approve(friend, id, sender=buyer)
    renew(collection, id, buyer)
    assert collection.getApproved(id) == friend


def test_renew_of_unknown_pass_reverts(collection, buyer):
    with boa.reverts("pass: unknown id"):
        renew(collection, 7, buyer)


def test_renew_by_unknown_plan_reverts(collection, buyer):
    id = buy(collection, buyer)
    with boa.reverts("pass: unknown plan"):
        collection.renew(id, 0, PRICE, value=PRICE, sender=buyer)


@pytest.mark.parametrize("paid", [0, PRICE - 1, PRICE + 1])
def test_renew_for_another_sum_reverts(collection, buyer, paid):
    id = buy(collection, buyer)
    with boa.reverts("pass: not the price"):
        collection.renew(id, ETH, PRICE, value=paid, sender=buyer)


def test_renew_above_max_price_reverts(collection, buyer):
    id = buy(collection, buyer)
    with boa.reverts("pass: above max price"):
        collection.renew(id, ETH, PRICE - 1, value=PRICE, sender=buyer)


def test_renew_beyond_a_century_reverts(collection, owner, buyer):
    plan = collection.create_plan(Terms(price=0, duration=CENTURY), sender=owner)
    id = buy(collection, buyer)
    with boa.reverts("pass: too far ahead"):
        renew(collection, id, buyer, plan)
    boa.env.timestamp = collection.expiresAt(id)
    renew(collection, id, buyer, plan)
    assert collection.expiresAt(id) == boa.env.timestamp + CENTURY


def test_renew_by_a_trial_reverts(collection, owner, buyer):
    """A free week per wallet is not a free year."""
    trial = collection.create_plan(Terms(price=0, duration=7 * 86_400, limit=1), sender=owner)
    id = buy(collection, buyer, trial)
    with boa.reverts("pass: a trial ends"):
        renew(collection, id, buyer, trial)


def test_smallest_price_makes_no_trial(collection, owner, buyer):
    plan = collection.create_plan(Terms(price=1, limit=1), sender=owner)
    id = buy(collection, buyer, plan)
    with boa.reverts("pass: limit reached"):
        buy(collection, buyer, plan)
    assert collection.isRenewable(id)
    renew(collection, id, buyer, plan)


def test_renew_by_own_plan_with_a_limit_is_paid_and_takes_none_of_it(collection, owner, buyer):
    plan = collection.create_plan(Terms(price=PRICE, duration=MONTH, limit=1), sender=owner)
    id = buy(collection, buyer, plan)
    renew(collection, id, buyer, plan)
    assert collection.expiresAt(id) == boa.env.timestamp + 2 * MONTH


@pytest.fixture
def bound(collection, owner):
    return collection.create_plan(Terms(price=PRICE // 2, soulbound=True), sender=owner)


def test_movable_pass_is_not_renewed_by_a_soulbound_plan(
    collection, owner, buyer, bound, in_a_month
):
    """Else a day of a plan that moves would make a year that was not to move, movable."""
    for id in (buy(collection, buyer), collection.grant(buyer, in_a_month, sender=owner)):
        with boa.reverts("pass: plan not open"):
            renew(collection, id, buyer, bound)


def test_soulbound_pass_is_renewed_by_any_open_plan_and_stays(collection, owner, buyer, bound):
    id = buy(collection, buyer, bound)
    other = collection.create_plan(Terms(price=1, soulbound=True), sender=owner)
    for plan in (bound, other, ETH):
        renew(collection, id, buyer, plan)
    assert collection.expiresAt(id) == boa.env.timestamp + 4 * MONTH
    assert collection.locked(id)


@pytest.mark.parametrize("closed", [{"limit": 1}, {"cap": 1}])
def test_renew_by_another_plan_that_is_not_open_reverts(collection, owner, buyer, friend, closed):
    """Neither a cap nor a limit per wallet is passed by renewing a pass of another plan."""
    press = Terms(price=0, duration=0, **closed)
    plan = collection.create_plan(press, sender=owner)
    buy(collection, friend, plan)
    id = buy(collection, buyer)
    with boa.reverts("pass: plan not open"):
        renew(collection, id, buyer, plan)
