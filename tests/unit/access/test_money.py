"""Where the money goes: sweep, royalties, and the change of the revenue address."""

import boa
import pytest

from tests.support.access import DAY, ETHER, ZERO, buy, logged
from tests.support.compiled import deployer
from tests.unit.access.conftest import PRICE, TOKEN, TOKENS

NOTICE = 7 * DAY
GRACE = 14 * DAY


def test_sweep_eth(collection, revenue, buyer, stranger):
    buy(collection, buyer)
    boa.env.set_balance(collection.address, PRICE + 5)  # five were forced in
    collection.sweep(ZERO, sender=stranger)
    assert logged(collection) == [("Swept", ZERO, revenue, PRICE + 5)]
    assert boa.env.get_balance(revenue) == PRICE + 5
    assert boa.env.get_balance(collection.address) == 0


def test_sweep_tokens(collection, revenue, token, buyer, stranger):
    collection.mint(buyer, TOKEN, TOKENS, sender=buyer)
    collection.sweep(token.address, sender=stranger)
    assert logged(collection) == [("Swept", token.address, revenue, TOKENS)]
    assert token.balanceOf(revenue) == TOKENS


def test_sweep_nothing_reverts(collection, token):
    for currency in (ZERO, token.address):
        with boa.reverts("pass: nothing to sweep"):
            collection.sweep(currency)


def test_sweep_refused_reverts(collection, token, buyer):
    collection.mint(buyer, TOKEN, TOKENS, sender=buyer)
    token.misbehave(0, True, ZERO, b"")
    with boa.reverts("pass: transfer refused"):
        collection.sweep(token.address)


def test_sweep_to_contract_that_takes_no_eth_reverts(collection, owner, token, buyer):
    buy(collection, buyer)
    collection.announce_revenue(token.address, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    collection.apply_revenue()
    with boa.reverts("pass: transfer refused"):
        collection.sweep(ZERO)
    assert boa.env.get_balance(collection.address) == PRICE


def test_sweep_of_no_token_reverts(collection, stranger):
    with boa.reverts("pass: token has no code"):
        collection.sweep(stranger)


def test_plain_eth_reverts(collection, stranger):
    call = boa.env.execute_code(collection.address, sender=stranger, value=1)
    assert call.is_error
    assert boa.env.get_balance(collection.address) == 0


# ----- royalties -----


@pytest.mark.parametrize("price", [0, 1, 19, 20, 9_999, ETHER, 2**256 - 1])
def test_royalty_goes_to_revenue(collection, revenue, price):
    assert collection.royaltyInfo(1, price) == (revenue, price * 500 // 10_000)


# ----- another revenue address -----


def test_revenue_changes_after_notice(collection, owner, revenue, friend, stranger):
    collection.announce_revenue(friend, sender=owner)
    ready = boa.env.timestamp + NOTICE
    assert logged(collection) == [("RevenueAnnounced", friend, ready)]
    seen = collection.collection()
    assert (seen.pending_revenue, seen.revenue_ready_at) == (friend, ready)
    assert seen.revenue == revenue
    boa.env.timestamp = ready - 1
    with boa.reverts("pass: notice runs"):
        collection.apply_revenue(sender=owner)
    boa.env.timestamp = ready
    collection.apply_revenue(sender=stranger)
    assert logged(collection) == [("RevenueSet", revenue, friend)]
    seen = collection.collection()
    assert (seen.revenue, seen.royalty, seen.pending_revenue) == (friend, 500, ZERO)
    assert collection.royaltyInfo(1, 100) == (friend, 5)
    with boa.reverts("pass: nothing announced"):
        collection.apply_revenue(sender=owner)


def test_old_announcement_surprises_nobody(collection, owner, friend):
    collection.announce_revenue(friend, sender=owner)
    boa.env.time_travel(seconds=NOTICE + GRACE + 1)
    with boa.reverts("pass: announced too long ago"):
        collection.apply_revenue(sender=owner)


def test_announcement_lives_through_its_last_second(collection, owner, friend):
    collection.announce_revenue(friend, sender=owner)
    boa.env.time_travel(seconds=NOTICE + GRACE)
    collection.apply_revenue(sender=owner)
    assert collection.collection().revenue == friend


def test_new_announcement_waits_anew(collection, owner, friend, buyer):
    collection.announce_revenue(friend, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    collection.announce_revenue(buyer, sender=owner)
    with boa.reverts("pass: notice runs"):
        collection.apply_revenue(sender=owner)


def test_announcement_is_withdrawn(collection, owner, friend):
    collection.announce_revenue(friend, sender=owner)
    collection.announce_revenue(ZERO, sender=owner)
    assert logged(collection) == [("RevenueAnnounced", ZERO, 0)]
    boa.env.time_travel(seconds=NOTICE)
    with boa.reverts("pass: nothing announced"):
        collection.apply_revenue(sender=owner)


def test_announce_by_stranger_reverts(collection, stranger):
    with boa.reverts("pass: not owner"):
        collection.announce_revenue(stranger, sender=stranger)


def test_sweep_can_be_received_by_a_contract(collection, owner, buyer):
    till = deployer("PassReceiver").deploy()
    collection.announce_revenue(till.address, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    collection.apply_revenue()
    buy(collection, buyer)
    collection.sweep(ZERO)
    assert boa.env.get_balance(till.address) == PRICE
