import boa
import pytest

from tests.support.compiled import deployer
from tests.support.names import (
    DAY,
    DURATION_MAX,
    DURATION_MIN,
    EXPIRY_MAX,
    GRACE,
    LIVE,
    RATES,
    YEAR,
    base_price,
    events,
    namehash,
    now,
    rate_cap,
    token,
)
from tests.support.names import cap as rate_limit

PRICE = base_price(5, YEAR)


def cheaper(world, factor=2):
    """The DAO lowers all prices."""
    world.point(
        "names.pricing", deployer("NamePricing").deploy([rate // factor for rate in RATES], 0)
    )


def dearer(world, factor=100):
    rates = [RATES[0]] * 4 + [min(RATES[0], RATES[4] * factor)]
    world.point("names.pricing", deployer("NamePricing").deploy(rates, 0))


@pytest.mark.parametrize("by_owner", [True, False])
def test_renew_adds_to_the_expiry_and_changes_no_owner(world, node, owner, stranger, by_owner):
    before = world.names.info(node)
    world.renew("alice", 2 * YEAR, payer=owner if by_owner else stranger)
    assert events(world.names) == [
        ("NameRenewed", node, before.expiry, before.expiry + 2 * YEAR, base_price(5, 2 * YEAR))
    ]
    assert world.names.info(node) == before._replace(expiry=before.expiry + 2 * YEAR)


def test_renew_takes_the_price(world, node, stranger):
    held, before = boa.env.get_balance(world.names.address), boa.env.get_balance(stranger)
    world.names.renew("alice", YEAR, sender=stranger, value=PRICE)
    assert boa.env.get_balance(stranger) == before - PRICE
    assert boa.env.get_balance(world.names.address) == held + PRICE


@pytest.mark.parametrize("function", ["renew", "renew_at_cap"])
@pytest.mark.parametrize("paid", [0, PRICE - 1, PRICE + 1])
def test_renew_with_another_payment_reverts(world, node, stranger, function, paid):
    with boa.reverts("names: wrong payment"):
        getattr(world.names, function)("alice", YEAR, sender=stranger, value=paid)


@pytest.mark.parametrize("after", [-1, 0, GRACE - 1])
def test_renew_live_or_in_grace_brings_back_the_last_owner(world, node, owner, after):
    world.resolver.setText(node, "url", "kept", sender=owner)
    boa.env.time_travel(seconds=YEAR + after)
    if after >= 0:
        assert world.resolver.text(node, "url") == ""
    world.renew("alice", YEAR)
    assert world.names.info(node).state == LIVE
    assert world.names.ownerOf(token(node)) == owner
    assert world.resolver.text(node, "url") == "kept"


@pytest.mark.parametrize("function", ["renew", "renew_at_cap"])
def test_renew_in_the_first_free_second_reverts(world, node, stranger, function):
    boa.env.time_travel(seconds=YEAR + GRACE)
    with boa.reverts("names: not registered"):
        getattr(world.names, function)("alice", YEAR, sender=stranger, value=PRICE)


@pytest.mark.parametrize("function", ["renew", "renew_at_cap"])
@pytest.mark.parametrize("label", ["nobody", "", "Alice", "x" * 127])
def test_renew_what_was_never_registered_reverts(world, stranger, function, label):
    with boa.reverts("names: not registered"):
        getattr(world.names, function)(label, YEAR, sender=stranger)


@pytest.mark.parametrize("function", ["renew", "renew_at_cap"])
@pytest.mark.parametrize("duration, reason", [
    (0, "names: duration too short"),
    (DURATION_MIN - 1, "names: duration too short"),
    (DURATION_MAX + 1, "names: duration too long"),
    (2**256 - 1, "names: duration too long"),
])  # fmt: skip
def test_renew_for_a_bad_time_reverts(world, node, stranger, function, duration, reason):
    with boa.reverts(reason):
        getattr(world.names, function)("alice", duration, sender=stranger)


@pytest.mark.parametrize("function", ["renew", "renew_at_cap"])
def test_renew_to_a_hundred_years_ahead_and_no_second_more(world, node, stranger, function):
    renew = getattr(world.names, function)
    for _ in range(9):
        renew("alice", 10 * YEAR, sender=stranger, value=10 * PRICE)
    left = now() + EXPIRY_MAX - world.names.info(node).expiry
    assert left == 9 * YEAR
    price, _ = world.names.renewal_price("alice", left + 1)
    with boa.reverts("names: expiry too far"):
        renew("alice", left + 1, sender=stranger, value=price)
    price, _ = world.names.renewal_price("alice", left)
    renew("alice", left, sender=stranger, value=price)
    assert world.names.info(node).expiry == now() + EXPIRY_MAX


def test_renew_costs_less_when_the_price_fell(world, node):
    cheaper(world)
    assert world.names.renewal_price("alice", YEAR) == (PRICE // 2, PRICE)
    assert world.renew("alice", YEAR) == PRICE // 2


def test_renew_never_costs_more_than_the_cap(world, node):
    dearer(world)
    assert world.names.registration_price("other", YEAR, 0)[0] == 100 * PRICE
    assert world.names.renewal_price("alice", YEAR) == (PRICE, PRICE)
    assert world.renew("alice", YEAR) == PRICE


def test_renew_at_cap_asks_nobody(world, node, stranger):
    cheaper(world)
    world.names.renew_at_cap("alice", YEAR, sender=stranger, value=PRICE)
    assert world.names.info(node).expiry == now() + 2 * YEAR


def test_cap_survives_transfer_and_falls_with_a_new_registration(world, node, owner, buyer):
    cheaper(world)
    world.names.transferFrom(owner, buyer, token(node), sender=owner)
    assert world.names.renewal_price("alice", YEAR)[1] == PRICE
    boa.env.time_travel(seconds=YEAR + GRACE + 21 * DAY)
    world.register("alice", buyer)
    assert world.names.renewal_price("alice", YEAR)[1] == PRICE // 2


def test_cap_rounds_up_so_that_it_is_never_below_the_first_price(world, owner):
    world.point("names.pricing", deployer("NamePricing").deploy([10**15 + 1] * 5, 0))
    world.register("alice", owner, duration=DURATION_MIN + 1)
    node = namehash("alice.os")
    assert world.names.info(node).rate == 1_001
    price, cap = world.names.renewal_price("alice", DURATION_MIN + 1)
    assert price == base_price(5, DURATION_MIN + 1, [10**15 + 1] * 5)
    assert cap == rate_limit(1_001, DURATION_MIN + 1) > price


@pytest.mark.parametrize("longer", [18, 19, 39])
def test_cap_is_not_below_a_first_price_that_was_rounded_up(world, owner, longer):
    """By less than a wei per second: 3,000 units a year would not pay for that."""
    duration = DURATION_MIN + longer
    node = world.register("alice", owner, duration=duration)
    assert world.names.info(node).rate == 3_001 == rate_cap(base_price(5, duration), duration)
    price, cap = world.names.renewal_price("alice", duration)
    assert cap == rate_limit(3_001, duration) > price
