import boa
import pytest

from tests.support.access import NO_LIMIT, Setup, Terms, buy, create_collection, logged
from tests.support.compiled import deployer
from tests.unit.access.conftest import ETH, PRICE, SCARCE


def test_create_plan(collection, owner, token):
    terms = Terms(token.address, 7, 60, 100, 9)
    plan = collection.create_plan(terms, sender=owner)
    assert logged(collection) == [("PlanCreated", plan, terms)]
    assert plan == collection.collection().plans == 5
    assert collection.plan(plan).terms == terms


def test_create_plan_takes_its_cap_from_the_collection(access, owner, revenue):
    collection = create_collection(access, Setup(owner, revenue, cap=10, plans=()))
    collection.create_plan(Terms(cap=7), sender=owner)
    assert collection.collection().reserve == 3
    for cap in (4, NO_LIMIT):
        with boa.reverts("pass: over the cap"):
            collection.create_plan(Terms(cap=cap), sender=owner)
    collection.create_plan(Terms(cap=3), sender=owner)
    assert collection.collection().reserve == 0


def test_create_plan_by_stranger_reverts(collection, stranger):
    with boa.reverts("pass: not owner"):
        collection.create_plan(Terms(), sender=stranger)


@pytest.mark.parametrize("cap", [0, NO_LIMIT + 1])
def test_create_plan_with_bad_cap_reverts(collection, owner, cap):
    with boa.reverts("pass: cap out of range"):
        collection.create_plan(Terms(cap=cap), sender=owner)


def test_create_plan_beyond_numbers_reverts(collection, owner):
    layout = deployer("Pass").compiler_data.storage_layout["storage_layout"]
    slot = layout["_collection"]["slot"]
    word = boa.env.get_storage(collection.address, slot)
    boa.env.set_storage(collection.address, slot, word | (2**16 - 1) << 160)
    assert collection.collection().plans == 2**16 - 1
    with boa.reverts("pass: too many plans"):
        collection.create_plan(Terms(), sender=owner)


def test_create_the_last_plan(collection, owner):
    layout = deployer("Pass").compiler_data.storage_layout["storage_layout"]
    slot = layout["_collection"]["slot"]
    word = boa.env.get_storage(collection.address, slot)
    boa.env.set_storage(collection.address, slot, word + ((2**16 - 6) << 160))
    assert collection.create_plan(Terms(), sender=owner) == 2**16 - 1


def test_shortest_plan_lasts_a_second(collection, owner, buyer):
    """And may be refundable: zero alone is for ever."""
    plan = collection.create_plan(Terms(price=1, duration=1, refundable=True), sender=owner)
    assert collection.expiresAt(buy(collection, buyer, plan)) == boa.env.timestamp + 1


def test_unknown_plan_reverts(collection, owner):
    for plan in (0, 5):
        with boa.reverts("pass: unknown plan"):
            collection.plan(plan)
        with boa.reverts("pass: unknown plan"):
            collection.set_price(plan, 1, sender=owner)
        with boa.reverts("pass: unknown plan"):
            collection.lower_cap(plan, 1, sender=owner)


# ----- price -----


def test_set_price(collection, owner, buyer):
    before = collection.plan(ETH)
    collection.set_price(ETH, 3, sender=owner)
    assert logged(collection) == [("PriceSet", ETH, PRICE, 3)]
    assert collection.plan(ETH).terms == before.terms._replace(price=3)
    buy(collection, buyer)
    assert boa.env.get_balance(collection.address) == 3


def test_set_price_to_the_bounds(collection, owner):
    for price in (0, 2**112 - 1):
        collection.set_price(ETH, price, sender=owner)
        assert collection.plan(ETH).terms.price == price
    with boa.reverts("pass: price out of range"):
        collection.set_price(ETH, 2**112, sender=owner)


def test_set_price_by_stranger_reverts(collection, stranger):
    with boa.reverts("pass: not owner"):
        collection.set_price(ETH, 0, sender=stranger)


# ----- cap -----


def test_lower_cap(collection, owner, buyer):
    buy(collection, buyer, SCARCE)
    before = collection.plan(SCARCE)
    collection.lower_cap(SCARCE, 1, sender=owner)
    assert logged(collection) == [("CapLowered", SCARCE, 3, 1)]
    assert collection.plan(SCARCE).terms == before.terms._replace(cap=1)
    assert collection.plan(SCARCE).minted == 1
    with boa.reverts("pass: sold out"):
        buy(collection, buyer, SCARCE)


def test_lower_cap_to_nothing_closes_a_plan(collection, owner, buyer):
    collection.lower_cap(SCARCE, 0, sender=owner)
    with boa.reverts("pass: sold out"):
        buy(collection, buyer, SCARCE)


def test_lower_cap_returns_nothing_to_the_collection(access, owner, revenue):
    setup = Setup(owner, revenue, cap=10, plans=(Terms(cap=7),))
    collection = create_collection(access, setup)
    collection.lower_cap(1, 2, sender=owner)
    assert collection.collection().reserve == 3


@pytest.mark.parametrize("cap", [3, 4, 2**32])
def test_lower_cap_up_reverts(collection, owner, cap):
    with boa.reverts("pass: cap only falls"):
        collection.lower_cap(SCARCE, cap, sender=owner)


def test_lower_cap_under_minted_reverts(collection, owner, buyer):
    buy(collection, buyer, SCARCE)
    with boa.reverts("pass: cap under minted"):
        collection.lower_cap(SCARCE, 0, sender=owner)


def test_lower_cap_by_stranger_reverts(collection, stranger):
    with boa.reverts("pass: not owner"):
        collection.lower_cap(SCARCE, 1, sender=stranger)
