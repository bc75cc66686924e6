"""Every bit of a number counts, the lowest too: odd and even accounts, seconds, prices, terms.

Words hold several numbers, of which none may change another or lend it a bit.
"""

import boa
import pytest
from eth_account import Account
from eth_utils import to_checksum_address

from tests.support.access import (
    DAY,
    MONTH,
    ZERO,
    AutoRenew,
    Setup,
    Terms,
    answering,
    buy,
    create_collection,
    logged,
    signed,
)

ANY = bytes(32)
FIRST, PLAIN = 1, 2  # plans of the collection


@pytest.fixture(params=[0, 1], ids=["even", "odd"])
def bit(request):
    """The lowest bit of what a test is about, and of the second in which it begins."""
    boa.env.timestamp += (boa.env.timestamp ^ request.param) & 1
    return request.param


@pytest.fixture
def owner(bit):
    return somebody(bit)


@pytest.fixture
def buyer(bit):
    return somebody(bit)


@pytest.fixture
def friend(bit):
    return somebody(bit)


@pytest.fixture
def terms(bit):
    return Terms(ZERO, 10 + bit, 60 + bit, 8 + bit, 4 + bit, 300 + bit)


@pytest.fixture
def collection(access, owner, bit, terms):
    plans = (terms, Terms(price=10 + bit))
    return create_collection(access, Setup(owner, somebody(bit), 500 + bit, plans=plans))


def somebody(bit):
    account = to_checksum_address(f"{int(boa.env.generate_address(), 16) & ~1 | bit:#042x}")
    boa.env.set_balance(account, 10**20)
    return account


# ----- passes -----


def test_pass_is_its_owners_until_the_second_of_expiry(collection, bit, terms, buyer, friend):
    id = buy(collection, buyer)
    expiry = boa.env.timestamp + 60 + bit
    assert (collection.ownerOf(id), collection.expiresAt(id)) == (buyer, expiry)
    collection.approve(friend, id, sender=buyer)
    assert (collection.ownerOf(id), collection.getApproved(id)) == (buyer, friend)
    collection.approve(ZERO, id, sender=buyer)
    assert (collection.ownerOf(id), collection.getApproved(id)) == (buyer, ZERO)
    with boa.reverts("pass: not allowed"):
        collection.transferFrom(buyer, friend, id, sender=friend)
    collection.cancelSubscription(id, sender=buyer)
    assert (collection.ownerOf(id), collection.nonce(id)) == (buyer, 1)
    assert not collection.locked(id)
    boa.env.timestamp = expiry - 1
    assert collection.valid(id) and collection.valid_holder(buyer)
    boa.env.timestamp = expiry
    assert not collection.valid(id) and not collection.valid_holder(buyer)


def test_pass_moves_whole(collection, bit, buyer, friend):
    """From an odd account to an even one, and back."""
    other = somebody(1 - bit)
    id = buy(collection, buyer)
    expiry = collection.expiresAt(id)
    for sender, receiver in ((buyer, other), (other, friend)):
        collection.transferFrom(sender, receiver, id, sender=sender)
        assert (collection.ownerOf(id), collection.expiresAt(id)) == (receiver, expiry)
        assert collection.valid_holder(receiver) and not collection.valid_holder(sender)
    assert collection.nonce(id) == 2


@pytest.mark.parametrize("later", [0, 1])
def test_pass_is_the_active_one_to_its_last_second(collection, bit, buyer, friend, later):
    """Of who receives it, and of who had rented it out."""
    boa.env.timestamp += later
    id = buy(collection, buyer)
    expiry = collection.expiresAt(id)
    collection.setUser(id, friend, expiry - 10, sender=buyer)
    boa.env.timestamp = expiry - 1
    assert collection.valid_holder(buyer)
    collection.setUser(id, ZERO, 0, sender=buyer)
    other = somebody(bit)
    boa.env.timestamp = expiry - 62
    old = buy(collection, other)  # for a minute
    boa.env.timestamp = expiry - 1
    assert collection.active(other) == old and not collection.valid_holder(other)
    collection.transferFrom(buyer, other, id, sender=buyer)
    assert collection.active(other) == id and collection.valid_holder(other)


def test_pass_that_is_given_is_whose_it_is_meant_for(collection, bit, owner):
    given = [somebody(bit), somebody(1 - bit)]
    first = collection.grant_many(given, boa.env.timestamp + 60, sender=owner)
    assert [collection.ownerOf(first + i) for i in range(2)] == given


def test_pass_of_the_next_address_lets_nobody_else_in(collection, buyer):
    """It still is the active one of who sold it."""
    neighbour = to_checksum_address(f"{int(buyer, 16) ^ 1:#042x}")
    boa.env.set_balance(neighbour, 10**20)
    id = buy(collection, buyer)
    collection.transferFrom(buyer, neighbour, id, sender=buyer)
    assert collection.active(buyer) == id
    assert collection.valid_holder(neighbour) and not collection.valid_holder(buyer)
    with boa.reverts("pass: not valid"):
        collection.point(buyer, id)
    with boa.reverts("pass: not allowed"):
        collection.cancelSubscription(id, sender=buyer)
    with boa.reverts("pass: not owner"):
        collection.transferFrom(buyer, neighbour, id, sender=neighbour)
    own = buy(collection, buyer)
    assert collection.active(buyer) == own and collection.valid_holder(buyer)


def test_rental_until_its_second(collection, bit, buyer, friend):
    id = buy(collection, buyer)
    expiry = collection.expiresAt(id)
    until = expiry - 20 + bit  # even
    with boa.reverts("pass: user outlives pass"):
        collection.setUser(id, friend, expiry + 1, sender=buyer)
    for end in (until, expiry):
        collection.setUser(id, friend, end, sender=buyer)
        assert (collection.userOf(id), collection.userExpires(id)) == (friend, end)
        assert (collection.ownerOf(id), collection.expiresAt(id)) == (buyer, expiry)
        with boa.env.anchor():
            boa.env.timestamp = end - 1
            assert collection.valid_holder(friend) and not collection.valid_holder(buyer)
            boa.env.timestamp = end
            assert not collection.valid_holder(friend)
            assert collection.valid_holder(buyer) == (end != expiry)
    collection.setUser(id, ZERO, 0, sender=buyer)
    assert (collection.userOf(id), collection.userExpires(id)) == (ZERO, 0)
    assert (collection.ownerOf(id), collection.expiresAt(id)) == (buyer, expiry)
    assert collection.valid_holder(buyer) and not collection.valid_holder(friend)
    collection.setApprovalForAll(friend, True, sender=buyer)
    collection.transferFrom(buyer, somebody(bit), id, sender=friend)
    assert [log[0] for log in logged(collection)] == ["Transfer"]


# ----- plans -----


def test_pass_of_68_years_expires(access, owner, buyer):
    """The highest bit of a duration counts alone, too."""
    collection = create_collection(access, Setup(owner, owner, plans=(Terms(duration=2**31),)))
    id = buy(collection, buyer)
    assert collection.expiresAt(id) == boa.env.timestamp + 2**31


def test_terms_stay_what_they_are(collection, bit, terms, owner, buyer):
    """Whatever else is written in a plan's word, and in the sale's."""
    assert collection.plan(FIRST).terms == terms
    gate = somebody(bit)
    boa.env.set_code(gate, answering(1))
    sale = (boa.env.timestamp - 2, boa.env.timestamp + 2**30, gate)
    collection.set_sale(FIRST, *sale, ANY, sender=owner)
    seen = collection.plan(FIRST)
    assert (seen.opens, seen.closes, seen.gate, seen.terms) == (*sale, terms)
    buy(collection, buyer)
    assert (collection.plan(FIRST).minted, collection.plan(FIRST).terms) == (1, terms)
    collection.set_sale(FIRST, 0, 0, ZERO, ANY, sender=owner)
    assert collection.plan(FIRST).terms == terms
    collection.lower_cap(FIRST, 6 + bit, sender=owner)
    assert collection.plan(FIRST).terms == terms._replace(cap=6 + bit)
    for old, new in ((10 + bit, 20), (20, 20 + bit), (20 + bit, 20)):
        collection.set_price(FIRST, new, sender=owner)
        assert logged(collection) == [("PriceSet", FIRST, old, new)]
        assert collection.plan(FIRST).terms == terms._replace(cap=6 + bit, price=new)


def test_sale_opens_and_closes_to_the_second(collection, bit, owner, buyer):
    opens, closes = boa.env.timestamp + 20, boa.env.timestamp + 40
    collection.set_sale(PLAIN, opens, closes, ZERO, ANY, sender=owner)
    for second, runs in ((opens - 1, False), (opens, True), (closes - 1, True), (closes, False)):
        boa.env.timestamp = second
        if runs:
            buy(collection, buyer, PLAIN)
        else:
            with boa.reverts("pass: not on sale"):
                buy(collection, buyer, PLAIN)


def test_sale_may_open_and_close_in_the_last_second(collection, owner):
    collection.set_sale(PLAIN, 2**40 - 1, 2**40 - 1, ZERO, ANY, sender=owner)
    seen = collection.plan(PLAIN)
    assert (seen.opens, seen.closes) == (2**40 - 1, 2**40 - 1)


def test_last_places_and_the_last_of_a_limit(collection, bit, buyer, friend):
    for account, count in ((buyer, 4 + bit), (friend, 4)):
        for n in range(1, count + 1):
            buy(collection, account, FIRST)
            assert collection.minted_to(FIRST, account) == n
        if account == buyer:
            with boa.reverts("pass: limit reached"):
                buy(collection, account, FIRST)
    assert collection.plan(FIRST).minted == 8 + bit
    with boa.reverts("pass: sold out"):
        buy(collection, somebody(bit), FIRST)


def test_subscription_is_renewed_by_the_price_and_duration_of_its_plan(collection, bit, buyer):
    id = buy(collection, buyer)
    expiry = collection.expiresAt(id)
    collection.renewSubscription(id, 3 * (60 + bit), value=3 * (10 + bit), sender=buyer)
    assert collection.expiresAt(id) == expiry + 3 * (60 + bit)


def test_pass_is_renewed_by_another_plan(collection, bit, owner, buyer, in_a_month):
    """Which is open, though its price is odd."""
    for id in (buy(collection, buyer), collection.grant(buyer, in_a_month, sender=owner)):
        expiry = collection.expiresAt(id)
        collection.renew(id, PLAIN, 10 + bit, value=10 + bit, sender=buyer)
        assert collection.expiresAt(id) == expiry + MONTH


# ----- money -----


def test_refund_is_linear_to_the_unit(access, bit, owner, buyer):
    price, lasts = 10**9 + 6 + bit, 1_008 + bit
    plan = Terms(price=price, duration=lasts, refundable=True)
    collection = create_collection(access, Setup(owner, somebody(bit), plans=(plan,)))
    ids = [buy(collection, buyer) for _ in range(2)]
    since = boa.env.timestamp
    with boa.reverts("pass: paid just now"):
        collection.refund(ids[0], sender=buyer)
    for used in (1, 2, 333, 334, lasts - 1):
        boa.env.timestamp = since + used
        left = price * (lasts - used) // lasts
        assert collection.refundable(ids[0]) == (ZERO, left)
        collection.settle(ids)
        assert collection.held(ZERO) == 2 * left
        collection.settle(ids)
        assert collection.held(ZERO) == 2 * left


def test_renewal_ahead_is_refunded_to_the_unit(access, bit, owner, buyer):
    price, lasts = 10**9 + 6 + bit, 1_008 + bit
    plan = Terms(price=price, duration=lasts, refundable=True)
    collection = create_collection(access, Setup(owner, somebody(bit), plans=(plan,)))
    id = buy(collection, buyer)
    expiry = collection.expiresAt(id)
    boa.env.timestamp = expiry - 1
    collection.renew(id, 1, price, value=price, sender=buyer)
    for used in (0, 1, 500):
        boa.env.timestamp = expiry + used
        assert collection.refundable(id) == (ZERO, price * (lasts - used) // lasts)
    assert collection.refund(id, sender=buyer) == price * (lasts - 500) // lasts


def test_refund_leaves_a_plan_without_cap_as_it_was(collection, bit, owner, buyer):
    plan = collection.create_plan(Terms(price=10 + bit, refundable=True), sender=owner)
    before = collection.plan(plan).terms
    ids = [buy(collection, buyer, plan) for _ in range(2 + bit)]
    boa.env.time_travel(seconds=1)
    collection.refund(ids[0], sender=buyer)
    assert (collection.plan(plan).terms, collection.plan(plan).minted) == (before, 2 + bit)


def test_plain_plan_refunds_nothing(collection, bit, buyer):
    id = buy(collection, buyer, PLAIN)
    assert collection.refundable(id) == (ZERO, 0) and collection.held(ZERO) == 0
    collection.renew(id, PLAIN, 10 + bit, sender=buyer, value=10 + bit)
    assert collection.refundable(id) == (ZERO, 0) and collection.held(ZERO) == 0


def test_price_is_agreed_to_the_unit(collection, bit, buyer):
    price = 10 + bit
    with boa.reverts("pass: above max price"):
        collection.mint(buyer, PLAIN, price - 1, sender=buyer, value=price)
    collection.mint(buyer, PLAIN, price, sender=buyer, value=price)


def test_flags_leave_the_price(access, bit, owner):
    plans = Terms(price=10 + bit, soulbound=True), Terms(price=10 + bit, refundable=True)
    collection = create_collection(access, Setup(owner, owner, plans=plans))
    assert [collection.plan(number).terms for number in (1, 2)] == [*plans]


def test_revenue_waits_for_its_second(collection, bit, owner):
    for revenue in (somebody(bit), somebody(1 - bit), somebody(bit)):
        collection.announce_revenue(revenue, sender=owner)
        ready = boa.env.timestamp + 7 * DAY
        boa.env.timestamp = ready - 1
        with boa.reverts("pass: notice runs"):
            collection.apply_revenue()
        boa.env.timestamp = ready + 14 * DAY
        collection.apply_revenue()
        assert collection.royaltyInfo(1, 10_000) == (revenue, 500 + bit)


# ----- the creator -----


def test_collection_is_handed_over_whole(collection, bit, owner):
    """From an odd account to an even one, and back."""
    before = collection.collection()
    for epoch, candidate in enumerate((somebody(1 - bit), somebody(bit)), start=2):
        collection.transferOwnership(candidate, sender=owner)
        collection.acceptOwnership(sender=candidate)
        assert collection.collection() == before._replace(owner=candidate, epoch=epoch)
        collection.set_price(PLAIN, 4, sender=candidate)
        owner = candidate


def test_next_address_is_not_the_creator(collection, owner, in_a_month):
    neighbour = to_checksum_address(f"{int(owner, 16) ^ 1:#042x}")
    for call in (
        lambda: collection.set_price(PLAIN, 4, sender=neighbour),
        lambda: collection.grant(neighbour, in_a_month, sender=neighbour),
    ):
        with boa.reverts("pass: not owner"):
            call()


# ----- orders -----


@pytest.fixture
def paid(access, bit, owner, token):
    """A collection with plans in tokens and in ETH, of one price and duration."""
    plans = (Terms(str(token.address), 10 + bit, 60 + bit), Terms(ZERO, 10 + bit, 60 + bit))
    return create_collection(access, Setup(owner, somebody(bit), plans=plans))


def test_order_is_carried_out_in_its_window_and_at_its_price(paid, token, bit, friend):
    holder = Account.from_key(b"\x03" * 32)
    token.create(holder.address, 100)
    token.approve(paid.address, 100, sender=holder.address)
    id = paid.mint(holder.address, 1, 10 + bit, sender=holder.address)
    expiry = paid.expiresAt(id)
    window = 59 + bit  # a second less than a period
    order = AutoRenew(id, 1, 11 + bit, str(token.address), window)
    boa.env.timestamp = expiry - window
    for tip, refused in ((2, True), (1, False)):
        sent = (order, tip, signed(holder, paid, order, 0))
        if refused:
            with boa.reverts("pass: above max price"):
                paid.auto_renew(*sent, sender=friend)
        else:
            paid.auto_renew(*sent, sender=friend)
    assert token.balanceOf(friend) == 1 and token.balanceOf(paid) == 2 * (10 + bit)
    expiry += 60 + bit
    assert paid.expiresAt(id) == expiry
    order = order._replace(window=10)
    boa.env.timestamp = expiry - 11
    with boa.reverts("pass: order too early"):
        paid.auto_renew(order, 0, signed(holder, paid, order, 0), sender=friend)


def test_order_in_eth_is_not_pulled_whatever_its_price(paid, bit, buyer):
    id = buy(paid, buyer, 2)
    order = AutoRenew(id, 2, 100, ZERO, 10)
    with boa.reverts("pass: ETH is not pulled"):
        paid.auto_renew(order, 0, b"", sender=buyer)
