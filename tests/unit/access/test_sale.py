"""When, and to whom, a plan is sold; and passes that stay with who bought them."""

import boa
import pytest

from tests.support.access import DAY, ZERO, Terms, buy, erc721_term, logged
from tests.unit.access.conftest import ETH, FREE, PRICE, SCARCE

ANY = bytes(32)


def test_sale_runs_from_its_first_second_to_before_its_last(collection, owner, buyer):
    opens, closes = boa.env.timestamp + DAY, boa.env.timestamp + 2 * DAY
    collection.set_sale(ETH, opens, closes, ZERO, ANY, sender=owner)
    assert logged(collection) == [("SaleSet", ETH, opens, closes, ZERO, ANY)]
    seen = collection.plan(ETH)
    assert (seen.opens, seen.closes, seen.gate, seen.rule) == (opens, closes, ZERO, ANY)
    for now, runs in ((opens - 1, False), (opens, True), (closes - 1, True), (closes, False)):
        boa.env.timestamp = now
        if runs:
            buy(collection, buyer)
            continue
        with boa.reverts("pass: not on sale"):
            buy(collection, buyer)
        with boa.reverts("pass: not on sale"):
            collection.mint_many([buyer], ETH, PRICE, value=PRICE, sender=buyer)


def test_sale_without_an_end(collection, owner, buyer):
    collection.set_sale(ETH, boa.env.timestamp, 0, ZERO, ANY, sender=owner)
    boa.env.time_travel(seconds=10_000 * DAY)
    buy(collection, buyer)


def test_sale_is_made_plain_again(collection, owner, buyer):
    before = collection.plan(ETH)
    collection.set_sale(ETH, 2**40 - 1, 0, ZERO, ANY, sender=owner)
    collection.set_sale(ETH, 0, 0, ZERO, ANY, sender=owner)
    assert collection.plan(ETH) == before
    buy(collection, buyer)
    other = buy(collection, buyer, SCARCE)
    collection.renew(other, ETH, PRICE, value=PRICE, sender=buyer)


def test_closed_plan_still_renews_its_own_but_no_others(collection, owner, buyer):
    id, other = buy(collection, buyer), buy(collection, buyer, SCARCE)
    collection.set_sale(ETH, 2**40 - 1, 0, ZERO, ANY, sender=owner)
    collection.renew(id, ETH, PRICE, value=PRICE, sender=buyer)
    with boa.reverts("pass: plan not open"):
        collection.renew(other, ETH, PRICE, value=PRICE, sender=buyer)


def test_gate_says_to_whom(access, collection, owner, buyer, friend):
    """A second collection for those who hold a pass of the first."""
    rule = access.gate.register([erc721_term(collection)])
    plan = collection.create_plan(Terms(price=0), sender=owner)
    collection.set_sale(plan, 0, 0, access.gate.address, rule, sender=owner)
    with boa.reverts("pass: gate says no"):
        buy(collection, buyer, plan)
    buy(collection, buyer, FREE)
    buy(collection, buyer, plan)
    with boa.reverts("pass: gate says no"):  # each recipient is asked about, not the payer
        collection.mint_many([buyer, friend], plan, 0, sender=buyer)


def test_bad_sale_reverts(collection, owner, stranger):
    with boa.reverts("pass: not owner"):
        collection.set_sale(ETH, 0, 0, ZERO, ANY, sender=stranger)
    with boa.reverts("pass: unknown plan"):
        collection.set_sale(9, 0, 0, ZERO, ANY, sender=owner)
    with boa.reverts("pass: gate has no code"):
        collection.set_sale(ETH, 0, 0, stranger, ANY, sender=owner)
    for times in ((2**40, 0), (0, 2**40)):
        with boa.reverts("pass: time out of range"):
            collection.set_sale(ETH, *times, ZERO, ANY, sender=owner)


# ----- soulbound -----


@pytest.fixture
def bound(collection, owner, buyer):
    plan = collection.create_plan(Terms(price=PRICE, soulbound=True, refundable=True), sender=owner)
    return buy(collection, buyer, plan)


def test_soulbound_is_told_at_mint(collection, bound, buyer):
    other = buy(collection, buyer, bound >> 32)
    assert ("Locked", other) in logged(collection)
    assert collection.locked(bound) and not collection.locked(buy(collection, buyer))
    with boa.reverts("pass: unknown id"):
        collection.locked(77)


def test_soulbound_does_not_move(collection, bound, buyer, friend):
    collection.approve(friend, bound, sender=buyer)
    for move in (collection.transferFrom, collection.safeTransferFrom):
        for sender in (buyer, friend):
            with boa.reverts("pass: soulbound"):
                move(buyer, friend, bound, sender=sender)
    with boa.reverts("pass: soulbound"):
        collection.setUser(bound, friend, boa.env.timestamp + 1, sender=buyer)
    assert collection.ownerOf(bound) == buyer and not collection.valid_holder(friend)


def test_soulbound_stays_so_when_renewed_and_is_refunded(collection, bound, buyer):
    collection.renew(bound, ETH, PRICE, value=PRICE, sender=buyer)
    assert collection.locked(bound)
    boa.env.time_travel(seconds=1)
    collection.refund(bound, sender=buyer)
    with boa.reverts("pass: unknown id"):
        collection.locked(bound)


def test_terms_are_read_back(collection, owner):
    terms = Terms(ZERO, 5, 60, 9, 3, 250, True, True)
    plan = collection.create_plan(terms, sender=owner)
    assert collection.plan(plan).terms == terms
