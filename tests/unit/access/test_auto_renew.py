"""Renewals that the owner ordered once (AutoRenew), and those of ERC-5643."""

import boa
import pytest
from eth_account import Account

from tests.support.access import (
    DAY,
    MONTH,
    NO_EXPIRY,
    ZERO,
    AutoRenew,
    Terms,
    buy,
    logged,
    pass_id,
    signed,
)
from tests.support.compiled import deployer
from tests.unit.access.conftest import ETH, FREE, PRICE, SCARCE, TOKEN, TOKENS

HOLDER = Account.from_key(b"\x03" * 32)
OTHER = Account.from_key(b"\x04" * 32)
YEAR = 12 * MONTH
TIP = 5


@pytest.fixture
def buyer(collection_of):
    return HOLDER.address


@pytest.fixture
def collection_of():
    boa.env.set_balance(HOLDER.address, 10**20)


@pytest.fixture
def id(collection, buyer):
    return collection.mint(buyer, TOKEN, TOKENS, sender=buyer)


@pytest.fixture
def order(id, token):
    return AutoRenew(id, TOKEN, TOKENS + TIP, str(token.address))


def auto_renew(collection, order, keeper, tip=TIP, *, nonce=0, signer=HOLDER):
    collection.auto_renew(order, tip, signed(signer, collection, order, nonce), sender=keeper)


def near_the_end(collection, id, left=DAY):
    boa.env.timestamp = collection.expiresAt(id) - left


def test_auto_renew_pays_price_and_tip(collection, token, id, order, buyer, stranger):
    expiry, before = collection.expiresAt(id), token.balanceOf(buyer)
    near_the_end(collection, id)
    auto_renew(collection, order, stranger)
    assert logged(collection) == [
        ("SubscriptionUpdate", id, expiry + YEAR),
        ("MetadataUpdate", id),
    ]
    assert collection.expiresAt(id) == expiry + YEAR
    assert token.balanceOf(buyer) == before - TOKENS - TIP
    assert token.balanceOf(stranger) == TIP
    assert token.balanceOf(collection) == 2 * TOKENS


def test_once_in_a_period_and_again_in_the_next(collection, id, order, stranger):
    near_the_end(collection, id)
    auto_renew(collection, order, stranger)
    with boa.reverts("pass: order too early"):
        auto_renew(collection, order, stranger)
    near_the_end(collection, id)
    auto_renew(collection, order, stranger)


def test_before_its_window_reverts(collection, id, order, stranger):
    near_the_end(collection, id, DAY + 1)
    with boa.reverts("pass: order too early"):
        auto_renew(collection, order, stranger)


def test_expired_pass_is_renewed_from_now_and_once(collection, id, order, stranger):
    near_the_end(collection, id, -5 * DAY)
    auto_renew(collection, order, stranger)
    assert collection.expiresAt(id) == boa.env.timestamp + YEAR
    with boa.reverts("pass: order too early"):
        auto_renew(collection, order, stranger)


def test_order_holds_through_its_last_second(collection, id, order, stranger):
    near_the_end(collection, id)
    auto_renew(collection, order._replace(until=boa.env.timestamp), stranger)
    near_the_end(collection, id)
    late = order._replace(until=boa.env.timestamp - 1)
    with boa.reverts("pass: order too late"):
        auto_renew(collection, late, stranger)


@pytest.mark.parametrize("window", [YEAR, YEAR + 1, 2**256 - 1])
def test_window_of_a_whole_period_reverts(collection, id, order, stranger, window):
    """Else it could be renewed twice for one."""
    with boa.reverts("pass: window too wide"):
        auto_renew(collection, order._replace(window=window), stranger)


def test_price_and_tip_above_the_max_revert(collection, owner, id, order, stranger):
    near_the_end(collection, id)
    for tip in (TIP + 1, TOKENS + TIP + 1, 2**256 - 1):
        with boa.reverts("pass: above max price"):
            auto_renew(collection, order, stranger, tip)
    collection.set_price(TOKEN, TOKENS + 1, sender=owner)
    with boa.reverts("pass: above max price"):
        auto_renew(collection, order, stranger)
    auto_renew(collection, order, stranger, TIP - 1)


def test_tip_may_be_all_that_is_paid(collection, token, owner, id, order, stranger):
    collection.set_price(TOKEN, 0, sender=owner)
    near_the_end(collection, id)
    auto_renew(collection, order._replace(max_price=TIP), stranger)
    assert token.balanceOf(stranger) == TIP


def test_order_in_another_currency_reverts(collection, id, order, stranger):
    near_the_end(collection, id)
    for plan in (ETH, SCARCE):
        with boa.reverts("pass: wrong currency"):
            auto_renew(collection, order._replace(plan=plan), stranger)


def test_eth_is_not_pulled(collection, order, stranger):
    with boa.reverts("pass: ETH is not pulled"):
        auto_renew(collection, order._replace(plan=ETH, currency="0x" + "00" * 20), stranger)


@pytest.mark.parametrize(
    "changed", [{"max_price": 2**200}, {"window": 2 * DAY}, {"until": 2**41}, {"token_id": 0}]
)
def test_changed_order_reverts(collection, token, id, order, buyer, stranger, changed):
    second = collection.mint(buyer, TOKEN, TOKENS, sender=buyer)
    near_the_end(collection, second)
    if "token_id" in changed:
        changed = {"token_id": second}
    signature = signed(HOLDER, collection, order, 0)
    with boa.reverts("pass: bad signature"):
        collection.auto_renew(order._replace(**changed), 0, signature, sender=stranger)


def test_order_of_another_reverts(collection, id, order, owner, stranger):
    near_the_end(collection, id)
    with boa.reverts("pass: bad signature"):
        auto_renew(collection, order, stranger, signer=OTHER)


def test_unknown_plan_or_pass_reverts(collection, order, stranger):
    with boa.reverts("pass: unknown plan"):
        auto_renew(collection, order._replace(plan=9), stranger)
    with boa.reverts("pass: unknown id"):
        auto_renew(collection, order._replace(token_id=7), stranger)


def test_without_allowance_reverts(collection, token, id, order, buyer, stranger):
    token.approve(collection.address, 0, sender=buyer)
    near_the_end(collection, id)
    with boa.reverts():
        auto_renew(collection, order, stranger)


def test_refused_tip_reverts_all(collection, token, id, order, buyer, stranger):
    token.approve(collection.address, TOKENS, sender=buyer)
    near_the_end(collection, id)
    with boa.reverts():
        auto_renew(collection, order, stranger)
    auto_renew(collection, order, stranger, 0)


def test_tip_that_the_token_refuses_reverts_all(collection, token, id, order, stranger):
    """It answers false to the second of two transfers."""
    refuse = token.misbehave.prepare_calldata(0, True, ZERO, b"")
    refuse_next = token.misbehave.prepare_calldata(0, False, token.address, refuse)
    token.misbehave(0, False, token.address, refuse_next)
    near_the_end(collection, id)
    with boa.reverts("pass: transfer refused"):
        auto_renew(collection, order, stranger)


def test_tip_in_a_token_that_answers_nothing(collection, owner, buyer, stranger):
    silent = deployer("SilentToken").deploy()
    silent.create(buyer, 3 * TOKENS)
    silent.approve(collection.address, 3 * TOKENS, sender=buyer)
    plan = collection.create_plan(Terms(silent.address, TOKENS, YEAR), sender=owner)
    id = collection.mint(buyer, plan, TOKENS, sender=buyer)
    near_the_end(collection, id)
    auto_renew(collection, AutoRenew(id, plan, TOKENS + TIP, silent.address), stranger)
    assert silent.balanceOf(stranger) == TIP


def test_refund_after_auto_renewal_is_of_it(collection, owner, token, buyer, stranger):
    terms = Terms(str(token.address), TOKENS, MONTH, refundable=True)
    plan = collection.create_plan(terms, sender=owner)
    id = collection.mint(buyer, plan, TOKENS, sender=buyer)
    near_the_end(collection, id)
    auto_renew(collection, AutoRenew(id, plan, TOKENS, str(token.address)), stranger, 0)
    assert collection.refundable(id) == (str(token.address), TOKENS)
    assert collection.held(token) == TOKENS


# ----- what voids an order -----


def test_transfer_voids_orders_for_ever(collection, id, order, buyer, friend, stranger):
    """Also when the pass comes back to who signed them."""
    collection.transferFrom(buyer, friend, id, sender=buyer)
    assert collection.nonce(id) == 1
    near_the_end(collection, id)
    with boa.reverts("pass: bad signature"):
        auto_renew(collection, order, stranger)
    collection.transferFrom(friend, buyer, id, sender=friend)
    with boa.reverts("pass: bad signature"):
        auto_renew(collection, order, stranger)
    auto_renew(collection, order, stranger, nonce=2)


def test_cancel_subscription_voids_orders_only(collection, id, order, buyer, friend, stranger):
    expiry = collection.expiresAt(id)
    collection.approve(friend, id, sender=buyer)
    with boa.reverts("pass: not allowed"):
        collection.cancelSubscription(id, sender=stranger)
    collection.cancelSubscription(id, sender=friend)
    assert logged(collection) == [("OrdersVoided", id)]
    assert collection.nonce(id) == 1 and collection.expiresAt(id) == expiry
    assert collection.getApproved(id) == friend
    near_the_end(collection, id)
    with boa.reverts("pass: bad signature"):
        auto_renew(collection, order, stranger)


def test_refunded_pass_is_not_renewed(collection, owner, token, buyer, stranger):
    terms = Terms(str(token.address), TOKENS, MONTH, refundable=True)
    plan = collection.create_plan(terms, sender=owner)
    id = collection.mint(buyer, plan, TOKENS, sender=buyer)
    boa.env.time_travel(seconds=1)
    collection.refund(id, sender=buyer)
    with boa.reverts("pass: unknown id"):
        auto_renew(collection, AutoRenew(id, plan, TOKENS, str(token.address)), stranger, 0)
    with boa.reverts("pass: unknown id"):
        collection.renew(id, plan, TOKENS, sender=buyer)


def test_contract_is_asked_again_each_time(collection, token, id, order, buyer, stranger):
    wallet = deployer("Wallet").deploy(HOLDER.address, "honest")
    token.transfer(wallet.address, 2 * TOKENS + 2 * TIP, sender=buyer)
    approve = token.approve.prepare_calldata(collection.address, 2**256 - 1)
    wallet.act(token.address, approve)
    collection.transferFrom(buyer, wallet.address, id, sender=buyer)
    near_the_end(collection, id)
    auto_renew(collection, order, stranger, nonce=1)
    near_the_end(collection, id)
    wallet.eval('self.mode = "reverts"')
    with boa.reverts("pass: bad signature"):
        auto_renew(collection, order, stranger, nonce=1)


def test_order_of_another_chain_reverts(collection, id, order, stranger):
    near_the_end(collection, id)
    signature = signed(HOLDER, collection, order, 0)
    boa.env.evm.patch.chain_id, here = 10, boa.env.evm.patch.chain_id
    try:
        with boa.reverts("pass: bad signature"):
            collection.auto_renew(order, TIP, signature, sender=stranger)
    finally:
        boa.env.evm.patch.chain_id = here


# ----- ERC-5643 -----


def test_renew_subscription_for_periods(collection, buyer, stranger):
    id = buy(collection, buyer)
    expiry = collection.expiresAt(id)
    collection.renewSubscription(id, 3 * MONTH, value=3 * PRICE, sender=stranger)
    assert logged(collection) == [
        ("SubscriptionUpdate", id, expiry + 3 * MONTH),
        ("MetadataUpdate", id),
    ]
    assert collection.expiresAt(id) == expiry + 3 * MONTH


@pytest.mark.parametrize("duration", [0, 1, MONTH - 1, MONTH + 1, 2**64 - 1])
def test_renew_subscription_for_no_multiple_reverts(collection, buyer, duration):
    id = buy(collection, buyer)
    with boa.reverts("pass: no multiple"):
        collection.renewSubscription(id, duration, value=PRICE, sender=buyer)


def test_renew_subscription_for_ever_reverts(collection, buyer):
    id = buy(collection, buyer, FREE)
    for duration in (0, 1, NO_EXPIRY):
        with boa.reverts("pass: no multiple"):
            collection.renewSubscription(id, duration, sender=buyer)


@pytest.mark.parametrize("paid", [0, PRICE, 2 * PRICE - 1, 2 * PRICE + 1])
def test_renew_subscription_for_another_sum_reverts(collection, buyer, paid):
    id = buy(collection, buyer)
    with boa.reverts("pass: not the price"):
        collection.renewSubscription(id, 2 * MONTH, value=paid, sender=buyer)


def test_renew_subscription_in_tokens_reverts(collection, id, buyer):
    """An unlimited approval is no consent, and ERC-5643 has no max price."""
    with boa.reverts("pass: name a max price"):
        collection.renewSubscription(id, YEAR, sender=buyer)


def test_renew_subscription_of_granted_or_unknown_reverts(collection, owner, buyer, in_a_month):
    id = collection.grant(buyer, in_a_month, sender=owner)
    with boa.reverts("pass: unknown plan"):
        collection.renewSubscription(id, MONTH, value=PRICE, sender=buyer)
    with boa.reverts("pass: unknown id"):
        collection.renewSubscription(pass_id(ETH, 9), MONTH, value=PRICE, sender=buyer)


def test_refund_of_several_periods(collection, owner, buyer):
    plan = collection.create_plan(Terms(price=PRICE, refundable=True), sender=owner)
    id = buy(collection, buyer, plan)
    collection.renewSubscription(id, 2 * MONTH, value=2 * PRICE, sender=buyer)
    boa.env.time_travel(seconds=2 * MONTH)
    assert collection.refundable(id)[1] == PRICE == collection.held("0x" + "00" * 20) - PRICE


def test_is_renewable(collection, owner, buyer, in_a_month):
    trial = collection.create_plan(Terms(price=0, limit=1), sender=owner)
    granted = collection.grant(buyer, in_a_month, sender=owner)
    ids = [buy(collection, buyer, plan) for plan in (ETH, SCARCE, FREE, trial)]
    assert [collection.isRenewable(id) for id in ids] == [True, True, False, False]
    for id in (granted, 77, pass_id(ETH, 9), pass_id(9, 1)):
        assert not collection.isRenewable(id)
