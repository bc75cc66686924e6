"""Prices that change by a timetable: between two tables, in weekly steps."""

import boa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.compiled import deployer
from tests.support.names import DAY, PREMIUM_START, RATES, YEAR, base_price, deploy_names

WEEK = 7 * DAY
CHEAPER = [rate // 4 for rate in RATES]
STEPS = 4
MAX_RATE = 4 * 10**18

pricing = deployer("NamePricingV2").deploy


@pytest.fixture
def first_step() -> int:
    return boa.env.timestamp + 30 * DAY


@pytest.fixture
def table(first_step):
    return pricing(RATES, CHEAPER, first_step, STEPS, PREMIUM_START)


def mixture(old: list[int], new: list[int], taken: int, steps: int) -> list[int]:
    """What the docstring says, rounded up."""
    return [-(-(a * (steps - taken) + b * taken) // steps) for a, b in zip(old, new, strict=True)]


def test_answers_its_timetable(table, first_step):
    assert (table.first_step(), table.steps(), table.premium_start()) == (
        first_step,
        STEPS,
        PREMIUM_START,
    )
    assert table.rates() == RATES
    assert table.rates_at(2**256 - 1) == CHEAPER


def test_second_of_the_upgrade_decides_nothing(first_step):
    """NAM-9: until the first step it answers to the wei what the table before it answers."""
    before = deployer("NamePricing").deploy(RATES, PREMIUM_START)
    after = pricing(RATES, CHEAPER, first_step, STEPS, PREMIUM_START)
    for later in (0, 29 * DAY):
        boa.env.time_travel(seconds=later)
        for length in (1, 2, 3, 4, 5, 63):
            assert after.price(length, YEAR + 1) == before.price(length, YEAR + 1)
        for elapsed in (0, DAY - 1, 20 * DAY, 21 * DAY, 21 * DAY + DAY // 2, 2**256 - 1):
            assert after.premium(elapsed) == before.premium(elapsed)


@pytest.mark.parametrize("taken", range(STEPS + 2))
def test_each_step_has_its_week(table, first_step, taken):
    """NAM-9: the price stands still for a week, and moves in the second that was voted on."""
    expected = mixture(RATES, CHEAPER, min(taken, STEPS), STEPS)
    first = first_step + (taken - 1) * WEEK
    assert table.rates_at(first) == table.rates_at(first + WEEK - 1) == expected
    boa.env.timestamp = first
    assert table.rates() == expected
    for length in (1, 3, 5, 63):
        assert table.price(length, YEAR) == expected[min(length, 5) - 1]


def rates() -> st.SearchStrategy[list[int]]:
    each = st.integers(0, MAX_RATE) | st.sampled_from([0, 1, MAX_RATE])
    return st.lists(each, min_size=5, max_size=5).map(lambda drawn: sorted(drawn, reverse=True))


@settings(max_examples=40)
@given(
    old=rates(),
    new=rates(),
    steps=st.integers(1, 104),
    start=st.integers(0, 2**40 - 1),
    elapsed=st.integers(-WEEK, 105 * WEEK),
    duration=st.integers(0, 10 * YEAR),
)
def test_price_stays_between_both_tables(old, new, steps, start, elapsed, duration):
    """NAM-9: at no second outside of what was voted on, and never dearer for a longer name."""
    table = pricing(old, new, start, steps, 0)
    time = max(start + elapsed, 0)
    taken = min(max((time - start) // WEEK + 1, 0), steps)
    found = table.rates_at(time)
    assert found == mixture(old, new, taken, steps) == sorted(found, reverse=True)
    for rate, *voted in zip(found, old, new, strict=True):
        assert min(voted) <= rate <= max(voted)
    boa.env.timestamp = time
    assert table.price(2, duration) == base_price(2, duration, found)


def test_raise_goes_by_the_same_steps(first_step):
    table = pricing(CHEAPER, RATES, first_step, STEPS, 0)
    assert table.rates_at(first_step + WEEK) == mixture(CHEAPER, RATES, 2, STEPS)


def test_smallest_part_of_a_wei_costs_one():
    assert pricing([1] * 5, [1] * 5, 0, 1, 0).price(1, 1) == 1


def test_price_of_nothing_reverts(table):
    with boa.reverts("pricing: empty label"):
        table.price(0, YEAR)


def test_price_of_eternity_reverts(table):
    assert table.price(5, 2**128)
    with boa.reverts("pricing: duration too long"):
        table.price(5, 2**128 + 1)


@pytest.mark.parametrize("old, new, first_step, steps, premium, reason", [
    ([MAX_RATE + 1] + [0] * 4, RATES, 0, 1, 0, "pricing: rate too high"),
    (RATES, [MAX_RATE + 1] + [0] * 4, 0, 1, 0, "pricing: rate too high"),
    ([5, 4, 3, 2, 3], RATES, 0, 1, 0, "pricing: longer is dearer"),
    (RATES, [5, 6, 3, 2, 1], 0, 1, 0, "pricing: longer is dearer"),
    (RATES, RATES, 2**40, 1, 0, "pricing: first step too far"),
    (RATES, RATES, 0, 0, 0, "pricing: 1 to 104 steps"),
    (RATES, RATES, 0, 105, 0, "pricing: 1 to 104 steps"),
    (RATES, RATES, 0, 1, 10**24 + 1, "pricing: premium too high"),
])  # fmt: skip
def test_impossible_timetables_revert(old, new, first_step, steps, premium, reason):
    with boa.reverts(reason):
        pricing(old, new, first_step, steps, premium)


def test_extreme_timetables_are_possible():
    table = pricing([MAX_RATE] * 5, [0] * 5, 2**40 - 1, 104, 10**24)
    assert (table.first_step(), table.steps(), table.premium_start()) == (2**40 - 1, 104, 10**24)
    assert table.rates() == [MAX_RATE] * 5


def test_names_sell_by_the_timetable():
    """Through the registry: a commitment from before a step pays the price of its reveal."""
    world = deploy_names()
    first_step = boa.env.timestamp + 2 * DAY
    world.point("names.pricing", pricing(RATES, CHEAPER, first_step, STEPS, PREMIUM_START))
    owner = boa.env.generate_address("owner")
    world.register("before", owner)
    assert world.renew("before") == RATES[4]
    boa.env.timestamp = first_step
    cheaper = mixture(RATES, CHEAPER, 1, STEPS)[4]
    assert world.renew("before") == cheaper
    world.register("after-it", owner)
    assert world.names.renewal_price("after-it", YEAR)[1] < RATES[4]  # its cap is of the step
