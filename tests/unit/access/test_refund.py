"""What was paid and is not earned yet comes back to the owner of the pass (ACC-4)."""

import boa
import pytest
from eth_account import Account

from tests.support.access import (
    DAY,
    MONTH,
    NO_LIMIT,
    ZERO,
    AutoRenew,
    Terms,
    buy,
    logged,
    pass_id,
    signed,
)
from tests.support.compiled import deployer
from tests.unit.access.conftest import ETH, PRICE, TOKENS

BACK, BACK_TOKEN, SHARED = 5, 6, 7  # refundable plans; the last with a referral share
SHARE = PRICE // 10
LEFT = PRICE * (MONTH - 1) // MONTH  # a second after a payment
HOLDER = Account.from_key(b"\x05" * 32)


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


def a_second_later(collection, id, owner) -> int:
    """Refunded as soon as that may be."""
    boa.env.time_travel(seconds=1)
    return collection.refund(id, sender=owner)


def test_refund_a_second_later(collection, buyer):
    before = balance(buyer)
    id = buy(collection, buyer, BACK)
    assert collection.refundable(id) == (ZERO, PRICE) and collection.held(ZERO) == PRICE
    assert a_second_later(collection, id, buyer) == LEFT
    assert logged(collection) == [
        ("Transfer", buyer, ZERO, id),
        ("Refunded", id, buyer, ZERO, LEFT),
    ]
    assert balance(buyer) == before - PRICE + LEFT
    assert balance(collection) == PRICE - LEFT and collection.held(ZERO) == 0


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
    a_second_later(collection, id, buyer)
    assert not collection.valid(id) and collection.balanceOf(buyer) == 1
    for call in (collection.ownerOf, collection.getApproved, collection.expiresAt):
        with boa.reverts("pass: unknown id"):
            call(id)
    assert not collection.valid_holder(buyer)
    collection.point(buyer, other)
    assert collection.valid_holder(buyer)
    assert buy(collection, buyer, BACK) == pass_id(BACK, 3)  # an id never comes back


def test_refund_leaves_nothing_to_settle(collection, id, buyer, friend):
    """Else what is held for others would be freed."""
    buy(collection, friend, BACK)
    a_second_later(collection, id, buyer)
    held = collection.held(ZERO)
    boa.env.time_travel(seconds=1)
    collection.settle([id])
    assert collection.held(ZERO) == held and collection.refundable(id) == (ZERO, 0)


def test_refund_twice_reverts(collection, id, buyer):
    a_second_later(collection, id, buyer)
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
    a_second_later(collection, id, friend)
    assert balance(friend) == before + LEFT


def test_refund_to_contract_that_takes_no_eth_reverts(collection, id, buyer, token):
    collection.transferFrom(buyer, token.address, id, sender=buyer)
    boa.env.time_travel(seconds=1)
    with boa.reverts("pass: transfer refused"):
        collection.refund(id, sender=token.address)
    assert collection.ownerOf(id) == token.address


def test_refund_of_a_batch_is_by_pass(collection, buyer, friend):
    first = collection.mint_many([buyer, friend], BACK, PRICE, value=2 * PRICE, sender=buyer)
    assert collection.held(ZERO) == 2 * PRICE
    a_second_later(collection, first + 1, friend)
    assert collection.held(ZERO) == PRICE and collection.refundable(first) == (ZERO, LEFT)


def test_free_refundable_pass_has_nothing_to_refund(collection, owner, buyer):
    collection.set_price(BACK, 0, sender=owner)
    id = buy(collection, buyer, BACK)
    with boa.reverts("pass: nothing to refund"):
        collection.refund(id, sender=buyer)


def test_refundable_plan_without_duration_reverts(collection, owner):
    with boa.reverts("pass: refund needs a duration"):
        collection.create_plan(Terms(duration=0, refundable=True), sender=owner)


def test_refund_of_one_unit(collection, token, owner, buyer):
    """The smallest price is taken, held, and held again after a renewal; nothing else is taken."""
    plan = collection.create_plan(Terms(str(token.address), 1, refundable=True), sender=owner)
    token.approve(collection.address, 2, sender=buyer)
    id = collection.mint(buyer, plan, 1, sender=buyer)
    assert collection.refundable(id) == (str(token.address), 1)
    assert collection.held(token) == token.balanceOf(collection) == 1
    boa.env.time_travel(seconds=MONTH)
    collection.renew(id, plan, 1, sender=buyer)
    assert collection.refundable(id) == (str(token.address), 1)
    assert collection.held(token) == 1 and token.balanceOf(collection) == 2
    assert token.allowance(buyer, collection) == 0


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


def test_strangers_renewal_of_an_earned_pass_is_a_gift(collection, id, revenue, stranger):
    """A receipt of theirs could be in the way of the owner's own."""
    boa.env.time_travel(seconds=MONTH)
    collection.renew(id, BACK, PRICE, value=PRICE, sender=stranger)
    assert collection.valid(id) and collection.refundable(id) == (ZERO, 0)
    collection.settle([id])
    collection.sweep(ZERO)
    assert balance(revenue) == 2 * PRICE


def test_owners_renewal_by_a_plain_plan_leaves_the_refund(collection, id, buyer):
    collection.renew(id, ETH, PRICE, value=PRICE, sender=buyer)
    boa.env.time_travel(seconds=MONTH // 2)
    assert collection.refundable(id) == (ZERO, PRICE // 2) and collection.held(ZERO) == PRICE


def test_renewal_in_another_currency_when_nothing_is_left(collection, token, id, buyer):
    boa.env.time_travel(seconds=MONTH)
    collection.renew(id, BACK_TOKEN, TOKENS, sender=buyer)
    assert (collection.held(ZERO), collection.held(token)) == (0, TOKENS)
    assert collection.refundable(id) == (str(token.address), TOKENS)


def test_renewal_of_as_much_replaces_the_refund(collection, owner, id, buyer):
    """It can only be worth more, and for longer."""
    boa.env.time_travel(seconds=MONTH // 2)
    collection.set_price(BACK, PRICE // 2, sender=owner)
    collection.renew(id, BACK, PRICE, value=PRICE // 2, sender=buyer)
    assert collection.held(ZERO) == PRICE // 2
    boa.env.time_travel(seconds=MONTH // 2)
    assert collection.refundable(id) == (ZERO, PRICE // 2)


def test_users_and_operators_renewals_are_gifts(collection, id, buyer, friend):
    """Who pays is the owner, or it is a gift."""
    boa.env.time_travel(seconds=MONTH)
    for paid in (1, 2):
        collection.renew(id, BACK, PRICE, value=PRICE, sender=friend)
        if paid == 1:
            collection.setUser(id, friend, boa.env.timestamp + 1, sender=buyer)
            collection.setApprovalForAll(friend, True, sender=buyer)
    assert collection.refundable(id) == (ZERO, 0)


def test_signed_renewal_is_the_owners(collection, token, buyer, stranger):
    """Whoever carries it out: the owner pays."""
    collection.mint(HOLDER.address, BACK_TOKEN, TOKENS, sender=buyer)
    token.create(HOLDER.address, TOKENS)
    token.approve(collection.address, TOKENS, sender=HOLDER.address)
    boa.env.time_travel(seconds=MONTH)
    order = AutoRenew(pass_id(BACK_TOKEN, 1), BACK_TOKEN, TOKENS, str(token.address))
    signature = signed(HOLDER, collection, order, 0)
    collection.auto_renew(order, 0, signature, sender=stranger)
    assert collection.refundable(order.token_id) == (str(token.address), TOKENS)


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


def test_settle_of_nothing_frees_nothing(collection, id):
    boa.env.time_travel(seconds=MONTH // 2)
    collection.settle([])
    assert collection.held(ZERO) == PRICE


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


def test_share_of_one_unit_is_credited(collection, owner, buyer, friend):
    plan = collection.create_plan(Terms(price=2, referral=5_000), sender=owner)
    collection.mint(buyer, plan, 2, friend, value=2, sender=buyer)
    assert collection.credit(friend, ZERO) == collection.held(ZERO) == 1


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
    ids = [
        collection.mint(buyer, SHARED, PRICE, buyer, value=PRICE, sender=buyer) for _ in range(3)
    ]
    boa.env.time_travel(seconds=1)
    back = sum(collection.refund(id, sender=buyer) for id in ids)
    collection.claim(buyer, ZERO)
    assert balance(buyer) == before - 3 * (PRICE - SHARE) + back < before
    assert collection.held(ZERO) == PRICE <= balance(collection)


def test_refund_at_a_raised_price_is_of_what_was_paid(collection, owner, id, buyer, stranger):
    buy(collection, stranger, BACK)
    collection.set_price(BACK, 100 * PRICE, sender=owner)
    before = balance(buyer)
    a_second_later(collection, id, buyer)
    assert balance(buyer) == before + LEFT


def test_refund_and_claim_that_reenter_pay_once(collection, receiver, buyer):
    """From the payment the receiver asks again: for its refund, its claim, another sweep."""
    buy(collection, buyer, BACK)
    held = collection.held(ZERO)
    id = buy(collection, buyer, SHARED, to=receiver.address)
    call = collection.refund.prepare_calldata(id)
    boa.env.time_travel(seconds=1)
    deposit, back = balance(receiver), collection.refundable(id)[1]
    receiver.then_call(collection.address, call, 0)
    receiver.react_to_ether()
    receiver.execute(collection.address, call)
    assert not receiver.call_succeeded()
    assert balance(receiver) == deposit + back and collection.held(ZERO) == held
    collection.mint(buyer, SHARED, PRICE, receiver.address, value=PRICE, sender=buyer)
    receiver.then_call(
        collection.address, collection.claim.prepare_calldata(receiver.address, ZERO), 0
    )
    collection.claim(receiver.address, ZERO)
    assert not receiver.call_succeeded()
    assert balance(receiver) == deposit + back + SHARE


def test_refund_during_a_payment_meets_the_lock(collection, token, receiver, buyer):
    """A payment out, while one comes in, would disturb what is received."""
    token.create(receiver, TOKENS)
    approve = token.approve.prepare_calldata(collection.address, TOKENS)
    receiver.execute(token.address, approve)
    mint = collection.mint.prepare_calldata(receiver.address, BACK_TOKEN, TOKENS)
    receiver.execute(collection.address, mint)
    id = pass_id(BACK_TOKEN, 1)
    boa.env.time_travel(seconds=1)
    receiver.then_call(collection.address, collection.refund.prepare_calldata(id), 0)
    token.misbehave(0, False, receiver.address, receiver.act.prepare_calldata())
    collection.mint(buyer, BACK_TOKEN, TOKENS, sender=buyer)
    assert not receiver.call_succeeded() and collection.ownerOf(id) == receiver.address


def test_pass_cannot_be_borrowed_for_one_transaction(collection, receiver, buyer):
    """Bought with borrowed money, shown at a gate and given back: a pass that nobody paid for."""
    id = pass_id(BACK, 1)
    mint = collection.mint.prepare_calldata(receiver.address, BACK, PRICE)
    refund = collection.refund.prepare_calldata(id)
    receiver.execute(collection.address, mint, value=PRICE, sender=buyer)
    with boa.reverts("pass: paid just now"):
        receiver.execute(collection.address, refund)
    boa.env.time_travel(seconds=1)
    receiver.execute(collection.address, refund)


def test_renewal_of_an_expired_pass_cannot_be_borrowed(collection, id, buyer):
    boa.env.time_travel(seconds=MONTH)
    collection.renew(id, BACK, PRICE, value=PRICE, sender=buyer)
    with boa.reverts("pass: paid just now"):
        collection.refund(id, sender=buyer)


def test_buying_and_refunding_sells_nothing_out(collection, owner, buyer, friend):
    """A refund gives the place back: else the price of all, lent for a second, ends a sale."""
    plan = collection.create_plan(Terms(price=PRICE, cap=2, refundable=True), sender=owner)
    for _ in range(3):
        first = collection.mint_many([buyer] * 2, plan, PRICE, value=2 * PRICE, sender=buyer)
        with boa.reverts("pass: sold out"):
            buy(collection, friend, plan)
        boa.env.time_travel(seconds=1)
        for id in (first, first + 1):
            collection.refund(id, sender=buyer)
    assert collection.balanceOf(buyer) == 0
    assert first == pass_id(plan, 5)  # and never an id
    assert (collection.plan(plan).minted, collection.plan(plan).terms.cap) == (6, 8)
    collection.mint_many([friend] * 2, plan, PRICE, value=2 * PRICE, sender=friend)
    with boa.reverts("pass: sold out"):
        buy(collection, friend, plan)


@pytest.fixture
def early(collection, owner, friend):
    """A plan with two places at a low price, both sold."""
    terms = Terms(price=1_000, cap=2, refundable=True)
    plan = collection.create_plan(terms, sender=owner)
    for _ in range(2):
        buy(collection, friend, plan)
    boa.env.time_travel(seconds=1)
    return plan


def test_place_given_back_is_for_one_buyer_and_no_renewals(collection, early, buyer, friend):
    """A renewal takes no place: else all passes would be renewed at the price of the first two."""
    others = [buy(collection, buyer) for _ in range(3)]
    collection.refund(pass_id(early, 1), sender=friend)
    for id in others:
        with boa.reverts("pass: plan not open"):
            collection.renew(id, early, 1_000, value=1_000, sender=buyer)
    back = buy(collection, friend, early)
    collection.renew(back, early, 1_000, value=1_000, sender=friend)


def test_what_was_sold_out_stays_closed(collection, owner, early, buyer, friend):
    """Also by a second refund, a sale that has ended, and another price; it shows the same."""
    id = buy(collection, buyer)
    before = collection.plan(early)
    for serial in (1, 2):
        collection.refund(pass_id(early, serial), sender=friend)
    collection.set_sale(early, boa.env.timestamp, 0, ZERO, bytes(32), sender=owner)
    collection.set_sale(early, 0, 0, ZERO, bytes(32), sender=owner)
    collection.set_price(early, 1_000, sender=owner)
    with boa.reverts("pass: plan not open"):
        collection.renew(id, early, 1_000, value=1_000, sender=buyer)
    assert collection.plan(early) == before._replace(terms=before.terms._replace(cap=4))


def test_refund_before_the_last_place_closes_nothing(collection, owner, buyer):
    """Else a second of a pass would close a plan to all."""
    terms = Terms(price=PRICE, cap=2, refundable=True)
    plan = collection.create_plan(terms, sender=owner)
    id, given_back = buy(collection, buyer), buy(collection, buyer, plan)
    a_second_later(collection, given_back, buyer)
    collection.renew(id, plan, PRICE, value=PRICE, sender=buyer)
    assert collection.refundable(id) == (ZERO, PRICE)


def test_refund_makes_no_place_where_there_is_no_cap(collection, owner, id, buyer, in_a_month):
    """No cap stays none, and plan 0, of the grants, stays no plan."""
    free = collection.grant(buyer, in_a_month, sender=owner)
    collection.renew(free, BACK, PRICE, value=PRICE, sender=buyer)
    boa.env.time_travel(seconds=1)
    for each in (id, free):
        collection.refund(each, sender=buyer)
    assert collection.plan(BACK).terms.cap == NO_LIMIT and collection.plan(BACK).minted == 1
    with boa.reverts("pass: unknown plan"):
        collection.plan(0)


@pytest.mark.parametrize("price", [0, 1, TOKENS // 2 - 1])
def test_price_that_falls_in_front_of_an_owner(collection, token, owner, buyer, price):
    """A max price is no consent to give up a refund of more than the payment."""
    id = collection.mint(buyer, BACK_TOKEN, TOKENS, sender=buyer)
    boa.env.time_travel(seconds=MONTH // 2)
    collection.set_price(BACK_TOKEN, price, sender=owner)
    collection.renew(id, BACK_TOKEN, TOKENS, sender=buyer)
    assert collection.refundable(id) == (str(token.address), TOKENS // 2)
    assert collection.held(token) == TOKENS


def test_order_at_a_lowered_price_ends_no_refund(collection, token, owner, buyer):
    """The creator could carry out a standing order for one unit, and keep the first payment."""
    token.create(HOLDER.address, 1)
    token.approve(collection, TOKENS, sender=HOLDER.address)
    id = collection.mint(HOLDER.address, BACK_TOKEN, TOKENS, sender=buyer)
    order = AutoRenew(id, BACK_TOKEN, TOKENS, str(token.address), MONTH - 1)
    boa.env.time_travel(seconds=1)
    left = collection.refundable(id)
    collection.set_price(BACK_TOKEN, 1, sender=owner)
    collection.auto_renew(order, 0, signed(HOLDER, collection, order, 0), sender=owner)
    assert collection.expiresAt(id) > boa.env.timestamp + MONTH
    assert collection.refundable(id) == left


def test_renewal_in_another_currency_ends_no_refund(collection, token, owner, id, buyer):
    """What is worth more, no contract can tell."""
    collection.set_price(BACK_TOKEN, 10**30, sender=owner)
    token.create(buyer, 10**30)
    collection.renew(id, BACK_TOKEN, 10**30, sender=buyer)
    assert collection.refundable(id) == (ZERO, PRICE)
    assert (collection.held(ZERO), collection.held(token)) == (PRICE, 0)


# ----- receipts in the way -----


@pytest.fixture
def junk(collection, owner):
    """A refundable plan in a token that is the creator's own."""
    token = deployer("AccessToken").deploy()
    token.create(owner, 10**18)
    token.approve(collection.address, 2**256 - 1, sender=owner)
    terms = Terms(str(token.address), 10**6, duration=DAY, refundable=True)
    return collection.create_plan(terms, sender=owner)


def owners_renewal_is_refundable(collection, id, buyer):
    collection.settle([id])
    collection.renew(id, BACK, PRICE, value=PRICE, sender=buyer)
    assert collection.refundable(id) == (ZERO, PRICE) == (ZERO, collection.held(ZERO))
    assert a_second_later(collection, id, buyer) == PRICE  # it begins when the other ends


def test_creators_junk_in_front_of_a_renewal(collection, owner, id, buyer, junk):
    """A receipt in another currency could not be replaced: the payment would be final."""
    boa.env.time_travel(seconds=MONTH)
    collection.renew(id, junk, 10**6, sender=owner)
    owners_renewal_is_refundable(collection, id, buyer)


def test_creator_cannot_sweep_a_renewal_at_once(collection, owner, id, buyer, junk):
    boa.env.time_travel(seconds=MONTH)
    collection.settle([id])
    collection.sweep(ZERO)
    collection.renew(id, junk, 10**6, sender=owner)
    collection.renew(id, BACK, PRICE, value=PRICE, sender=buyer)
    with boa.reverts("pass: nothing to sweep"):
        collection.sweep(ZERO)


def test_strangers_cheap_currency_in_front_of_a_renewal(collection, token, owner, id, buyer):
    """No hostile creator is needed, only a second currency."""
    cheap = Terms(str(token.address), 1, duration=DAY, refundable=True)
    plan = collection.create_plan(cheap, sender=owner)
    someone = boa.env.generate_address()
    token.create(someone, 1)
    token.approve(collection.address, 1, sender=someone)
    boa.env.time_travel(seconds=MONTH)
    collection.renew(id, plan, 1, sender=someone)
    owners_renewal_is_refundable(collection, id, buyer)


@pytest.mark.parametrize("left", [0, 1])
def test_creators_costly_second_in_front_of_a_renewal(collection, owner, id, buyer, left):
    """In the same currency, of more, and over before anybody can ask for it back."""
    moment = Terms(price=2 * PRICE, duration=1, refundable=True)
    plan = collection.create_plan(moment, sender=owner)
    boa.env.set_balance(owner, 2 * PRICE)
    boa.env.time_travel(seconds=MONTH - left)
    collection.renew(id, plan, 2 * PRICE, value=2 * PRICE, sender=owner)
    collection.renew(id, BACK, PRICE, value=PRICE, sender=buyer)
    boa.env.time_travel(seconds=left)
    assert collection.refundable(id) == (ZERO, PRICE)
