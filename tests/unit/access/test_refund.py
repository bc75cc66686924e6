"""What was paid and is not earned yet comes back to the owner of the pass (ACC-4)."""

import boa
import pytest

from tests.support.access import MONTH, NO_LIMIT, ZERO, Terms, buy, logged, pass_id
from tests.unit.access.conftest import ETH, PRICE, TOKENS

BACK, BACK_TOKEN, SHARED = 5, 6, 7  # refundable plans; the last with a referral share
SHARE = PRICE // 10


@pytest.fixture
def collection(collection, owner, token):
    plans = [
        Terms(price=PRICE, refundable=True),
        Terms(str(token.address), TOKENS, refundable=True),
        Terms(price=PRICE, refundable=True, referral=1_000),
    ]
    for number, terms in enumerate(plans, start=BACK):
        assert collection.create_plan(terms, sender=owner) == number
    return collection


@pytest.fixture
def id(collection, buyer):
    return buy(collection, buyer, BACK)


def balance(account) -> int:
    return boa.env.get_balance(getattr(account, "address", account))


def test_refund_in_the_first_second_is_of_everything(collection, buyer):
    before = balance(buyer)
    id = buy(collection, buyer, BACK)
    assert collection.refundable(id) == (ZERO, PRICE) and collection.held(ZERO) == PRICE
    assert collection.refund(id, sender=buyer) == PRICE
    assert logged(collection) == [
        ("Transfer", buyer, ZERO, id),
        ("Refunded", id, buyer, ZERO, PRICE),
    ]
    assert balance(buyer) == before and balance(collection) == collection.held(ZERO) == 0


@pytest.mark.parametrize("used", [1, MONTH // 3, MONTH - 1])
def test_refund_is_linear(collection, id, buyer, used):
    boa.env.time_travel(seconds=used)
    left = PRICE * (MONTH - used) // MONTH
    assert collection.refundable(id) == (ZERO, left)
    before = balance(buyer)
    collection.refund(id, sender=buyer)
    assert balance(buyer) == before + left
    assert balance(collection) == PRICE - left and collection.held(ZERO) == 0


def test_refund_in_tokens(collection, token, buyer):
    id = collection.mint(buyer, BACK_TOKEN, TOKENS, sender=buyer)
    boa.env.time_travel(seconds=MONTH // 2)
    before = token.balanceOf(buyer)
    collection.refund(id, sender=buyer)
    assert token.balanceOf(buyer) == before + TOKENS // 2
    assert collection.held(token) == 0 and token.balanceOf(collection) == TOKENS // 2


def test_refund_burns_the_pass(collection, id, buyer, friend):
    other = buy(collection, buyer, BACK)
    collection.approve(friend, id, sender=buyer)
    collection.refund(id, sender=buyer)
    assert not collection.valid(id) and collection.balanceOf(buyer) == 1
    for call in (collection.ownerOf, collection.getApproved, collection.expiresAt):
        with boa.reverts("pass: unknown id"):
            call(id)
    assert not collection.valid_holder(buyer)
    collection.point(buyer, other)
    assert collection.valid_holder(buyer)
    assert buy(collection, buyer, BACK) == pass_id(BACK, 3)  # an id never comes back


def test_refund_twice_reverts(collection, id, buyer):
    collection.refund(id, sender=buyer)
    with boa.reverts("pass: unknown id"):
        collection.refund(id, sender=buyer)


def test_refund_after_the_end_reverts(collection, id, buyer):
    boa.env.time_travel(seconds=MONTH)
    with boa.reverts("pass: nothing to refund"):
        collection.refund(id, sender=buyer)


def test_refund_of_plain_or_granted_pass_reverts(collection, owner, buyer, in_a_month):
    plain = buy(collection, buyer, ETH)
    granted = collection.grant(buyer, in_a_month, sender=owner)
    for id in (plain, granted):
        assert collection.refundable(id) == (ZERO, 0)
        with boa.reverts("pass: nothing to refund"):
            collection.refund(id, sender=buyer)


def test_refund_by_another_reverts(collection, id, buyer, owner, friend):
    collection.setApprovalForAll(friend, True, sender=buyer)
    collection.approve(friend, id, sender=buyer)
    for account in (owner, friend):
        with boa.reverts("pass: not owner"):
            collection.refund(id, sender=account)


def test_refund_goes_with_the_pass(collection, id, buyer, friend):
    collection.transferFrom(buyer, friend, id, sender=buyer)
    with boa.reverts("pass: not owner"):
        collection.refund(id, sender=buyer)
    before = balance(friend)
    collection.refund(id, sender=friend)
    assert balance(friend) == before + PRICE


def test_refund_to_contract_that_takes_no_eth_reverts(collection, id, buyer, token):
    collection.transferFrom(buyer, token.address, id, sender=buyer)
    with boa.reverts("pass: transfer refused"):
        collection.refund(id, sender=token.address)
    assert collection.ownerOf(id) == token.address


def test_refund_of_a_batch_is_by_pass(collection, buyer, friend):
    first = collection.mint_many([buyer, friend], BACK, PRICE, value=2 * PRICE, sender=buyer)
    assert collection.held(ZERO) == 2 * PRICE
    collection.refund(first + 1, sender=friend)
    assert collection.held(ZERO) == PRICE and collection.refundable(first) == (ZERO, PRICE)


def test_free_refundable_pass_has_nothing_to_refund(collection, owner, buyer):
    collection.set_price(BACK, 0, sender=owner)
    id = buy(collection, buyer, BACK)
    with boa.reverts("pass: nothing to refund"):
        collection.refund(id, sender=buyer)


def test_refundable_plan_without_duration_reverts(collection, owner):
    with boa.reverts("pass: refund needs a duration"):
        collection.create_plan(Terms(duration=0, refundable=True), sender=owner)


# ----- renewals and gifts -----


def test_owners_renewal_replaces_the_refund(collection, id, buyer):
    expiry = collection.expiresAt(id)
    boa.env.time_travel(seconds=MONTH // 2)
    collection.renew(id, BACK, PRICE, value=PRICE, sender=buyer)
    assert collection.held(ZERO) == PRICE  # of the second payment, which is all ahead
    boa.env.timestamp = expiry
    assert collection.refundable(id) == (ZERO, PRICE)
    boa.env.timestamp = expiry + MONTH // 4
    before = balance(buyer)
    collection.refund(id, sender=buyer)
    assert balance(buyer) == before + PRICE * 3 // 4
    assert collection.held(ZERO) == 0


@pytest.mark.parametrize("plan", [BACK, ETH])
def test_strangers_renewal_leaves_the_refund(collection, owner, id, buyer, stranger, plan):
    """Else a wei would end anybody's right to a refund."""
    collection.set_price(plan, 1, sender=owner)
    collection.renew(id, plan, 1, value=1, sender=stranger)
    assert collection.refundable(id) == (ZERO, PRICE)
    boa.env.time_travel(seconds=MONTH // 2)
    assert collection.refundable(id) == (ZERO, PRICE // 2)
    boa.env.time_travel(seconds=MONTH // 2)
    assert collection.valid(id) and collection.refundable(id) == (ZERO, 0)


def test_strangers_renewal_of_an_earned_pass_is_refundable(collection, id, buyer, stranger):
    """To the owner: it was given."""
    boa.env.time_travel(seconds=MONTH)
    collection.renew(id, BACK, PRICE, value=PRICE, sender=stranger)
    assert collection.refundable(id) == (ZERO, PRICE) and collection.held(ZERO) == PRICE
    collection.refund(id, sender=buyer)


def test_owners_renewal_by_a_plain_plan_leaves_the_refund(collection, id, buyer):
    collection.renew(id, ETH, PRICE, value=PRICE, sender=buyer)
    assert collection.refundable(id) == (ZERO, PRICE)


def test_renewal_in_another_currency_moves_what_is_held(collection, token, id, buyer):
    collection.renew(id, BACK_TOKEN, TOKENS, sender=buyer)
    assert (collection.held(ZERO), collection.held(token)) == (0, TOKENS)
    assert collection.refundable(id) == (str(token.address), TOKENS)


def test_given_time_leaves_the_refund(collection, owner, id, buyer):
    """A creator's grace of a second ends nobody's right."""
    collection.extend(id, collection.expiresAt(id) + 1, sender=owner)
    boa.env.time_travel(seconds=MONTH // 2)
    assert collection.refundable(id) == (ZERO, PRICE // 2)


# ----- settle and sweep -----


def test_sweep_leaves_what_is_held(collection, id, revenue, stranger):
    with boa.reverts("pass: nothing to sweep"):
        collection.sweep(ZERO)
    boa.env.time_travel(seconds=MONTH // 4)
    collection.settle([id], sender=stranger)
    assert collection.held(ZERO) == PRICE * 3 // 4
    collection.sweep(ZERO)
    assert logged(collection) == [("Swept", ZERO, revenue, PRICE // 4)]
    assert balance(collection) == collection.held(ZERO) == PRICE * 3 // 4


def test_settle_costs_the_owner_nothing(collection, token, owner, buyer):
    """Also not by roundings, however often it is called."""
    odd = Terms(str(token.address), 7, duration=1_000, refundable=True)
    plan = collection.create_plan(odd, sender=owner)
    id = collection.mint(buyer, plan, 7, sender=buyer)
    for _ in range(10):
        boa.env.time_travel(seconds=10)
        collection.settle([id])
    assert collection.refundable(id)[1] == 7 * 900 // 1_000 == collection.held(token)
    collection.refund(id, sender=buyer)
    assert collection.held(token) == 0


def test_settle_of_ended_passes_frees_all(collection, id, buyer):
    second = buy(collection, buyer, BACK)
    boa.env.time_travel(seconds=MONTH)
    collection.settle([id, second, second, 77, 0])
    assert collection.held(ZERO) == 0
    collection.settle([id])
    assert collection.held(ZERO) == 0


def test_settle_before_a_renewal_begins_frees_nothing(collection, id, buyer):
    collection.renew(id, BACK, PRICE, value=PRICE, sender=buyer)
    boa.env.time_travel(seconds=MONTH // 2)
    collection.settle([id])
    assert collection.held(ZERO) == PRICE


def test_sweep_of_a_token_that_lost_value_reverts(collection, token, buyer):
    collection.mint(buyer, BACK_TOKEN, TOKENS, sender=buyer)
    token.transfer(buyer, 1, sender=collection.address)
    with boa.reverts("pass: nothing to sweep"):
        collection.sweep(token)


# ----- referrals -----


def test_referral_share_is_of_the_price_and_pulled(collection, buyer, friend, stranger):
    before = balance(friend)
    id = collection.mint(buyer, SHARED, PRICE, friend, value=PRICE, sender=buyer)
    assert collection.credit(friend, ZERO) == SHARE and balance(friend) == before
    assert collection.refundable(id) == (ZERO, PRICE - SHARE)
    assert collection.held(ZERO) == PRICE
    collection.claim(friend, ZERO, sender=stranger)
    assert logged(collection) == [("Claimed", friend, ZERO, SHARE)]
    assert balance(friend) == before + SHARE
    assert collection.held(ZERO) == PRICE - SHARE
    with boa.reverts("pass: nothing to claim"):
        collection.claim(friend, ZERO)


def test_referral_in_tokens_without_refunds(collection, token, owner, buyer, friend):
    terms = Terms(str(token.address), 999, cap=NO_LIMIT, referral=5_000)
    plan = collection.create_plan(terms, sender=owner)
    collection.mint_many([buyer, buyer], plan, 999, friend, sender=buyer)
    assert collection.credit(friend, token) == 2 * 499 == collection.held(token)
    collection.sweep(token)
    assert token.balanceOf(collection) == 2 * 499
    collection.claim(friend, token)
    assert token.balanceOf(friend) == 2 * 499


def test_nobody_referred_nobody_shares(collection, buyer):
    id = buy(collection, buyer, SHARED)
    assert collection.refundable(id) == (ZERO, PRICE)
    assert collection.credit(ZERO, ZERO) == 0


def test_referral_over_half_reverts(collection, owner):
    with boa.reverts("pass: referral over 50 percent"):
        collection.create_plan(Terms(referral=5_001), sender=owner)
    collection.create_plan(Terms(referral=5_000), sender=owner)


def test_claim_refused_keeps_the_credit(collection, token, buyer):
    collection.mint(buyer, SHARED, PRICE, token.address, value=PRICE, sender=buyer)
    with boa.reverts("pass: transfer refused"):
        collection.claim(token.address, ZERO)
    assert collection.credit(token, ZERO) == SHARE


# ----- attacks -----


def test_self_referral_with_refund_gains_nothing(collection, buyer, stranger):
    """The naive refund of what was paid would empty the collection."""
    buy(collection, stranger, BACK)
    before = balance(buyer)
    for _ in range(3):
        id = collection.mint(buyer, SHARED, PRICE, buyer, value=PRICE, sender=buyer)
        collection.refund(id, sender=buyer)
    collection.claim(buyer, ZERO)
    assert balance(buyer) == before
    assert balance(collection) == collection.held(ZERO) == PRICE


def test_refund_at_a_raised_price_is_of_what_was_paid(collection, owner, id, buyer, stranger):
    buy(collection, stranger, BACK)
    collection.set_price(BACK, 100 * PRICE, sender=owner)
    before = balance(buyer)
    collection.refund(id, sender=buyer)
    assert balance(buyer) == before + PRICE


def test_refund_and_claim_that_reenter_pay_once(collection, receiver, buyer):
    """From the payment the receiver asks again: for its refund, its claim, another sweep."""
    buy(collection, buyer, BACK)
    held = collection.held(ZERO)
    id = buy(collection, buyer, SHARED, to=receiver.address)
    call = collection.refund.prepare_calldata(id)
    deposit = balance(receiver)
    receiver.then_call(collection.address, call, 0)
    receiver.react_to_ether()
    receiver.execute(collection.address, call)
    assert not receiver.call_succeeded()
    assert balance(receiver) == deposit + PRICE and collection.held(ZERO) == held
    collection.mint(buyer, SHARED, PRICE, receiver.address, value=PRICE, sender=buyer)
    receiver.then_call(
        collection.address, collection.claim.prepare_calldata(receiver.address, ZERO), 0
    )
    collection.claim(receiver.address, ZERO)
    assert not receiver.call_succeeded()
    assert balance(receiver) == deposit + PRICE + SHARE


def test_refund_during_a_payment_meets_the_lock(collection, token, receiver, buyer):
    """A payment out, while one comes in, would disturb what is received."""
    token.create(receiver, TOKENS)
    approve = token.approve.prepare_calldata(collection.address, TOKENS)
    receiver.execute(token.address, approve)
    mint = collection.mint.prepare_calldata(receiver.address, BACK_TOKEN, TOKENS)
    receiver.execute(collection.address, mint)
    id = pass_id(BACK_TOKEN, 1)
    receiver.then_call(collection.address, collection.refund.prepare_calldata(id), 0)
    token.misbehave(0, False, receiver.address, receiver.act.prepare_calldata())
    collection.mint(buyer, BACK_TOKEN, TOKENS, sender=buyer)
    assert not receiver.call_succeeded() and collection.ownerOf(id) == receiver.address
