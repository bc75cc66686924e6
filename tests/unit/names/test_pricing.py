import boa
import pytest

from tests.support.compiled import deployer
from tests.support.names import (
    DAY,
    PREMIUM_START,
    PREMIUM_TIME,
    RATES,
    YEAR,
    base_price,
)

pricing = deployer("NamePricing").deploy  # a table is all there is to it


def test_answers_its_table():
    table = pricing(RATES, PREMIUM_START)
    assert table.rates() == RATES
    assert table.premium_start() == PREMIUM_START


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 6, 63, 2**256 - 1])
def test_price_by_length(length):
    assert pricing(RATES, 0).price(length, YEAR) == RATES[min(length, 5) - 1]


@pytest.mark.parametrize("duration", [0, 1, 28 * DAY, YEAR - 1, YEAR + 1, 10 * YEAR, 2**128])
def test_price_by_time_rounds_up(duration):
    table = pricing([10**9 + 7] * 5, 0)
    assert table.price(3, duration) == base_price(3, duration, [10**9 + 7] * 5)


def test_smallest_part_of_a_wei_costs_one():
    assert pricing([1] * 5, 0).price(1, 1) == 1


def test_price_of_nothing_reverts():
    with boa.reverts("pricing: empty label"):
        pricing(RATES, 0).price(0, YEAR)


def test_price_of_eternity_reverts():
    with boa.reverts("pricing: duration too long"):
        pricing(RATES, 0).price(5, 2**128 + 1)


@pytest.mark.parametrize("day", range(21))
def test_premium_halves_every_day(day):
    table = pricing(RATES, PREMIUM_START)
    rest = PREMIUM_START >> 21
    assert table.premium(day * DAY) == (PREMIUM_START >> day) - rest
    between = table.premium(day * DAY + DAY // 2) + rest
    assert between == (PREMIUM_START >> day) * 3 // 4


def test_premium_ends_after_21_days():
    table = pricing(RATES, PREMIUM_START)
    assert 0 < table.premium(PREMIUM_TIME - 1) < PREMIUM_START >> 20
    assert table.premium(PREMIUM_TIME) == table.premium(PREMIUM_TIME + DAY // 2) == 0
    assert table.premium(2**256 - 1) == 0


def test_premium_may_be_none():
    assert pricing(RATES, 0).premium(0) == 0


@pytest.mark.parametrize("rates, premium, reason", [
    ([4 * 10**18 + 1] + [0] * 4, 0, "pricing: rate too high"),
    ([5, 4, 3, 2, 3], 0, "pricing: longer is dearer"),
    ([5, 6, 3, 2, 1], 0, "pricing: longer is dearer"),
    (RATES, 10**24 + 1, "pricing: premium too high"),
])  # fmt: skip
def test_impossible_tables_revert(rates, premium, reason):
    with boa.reverts(reason):
        pricing(rates, premium)


def test_extreme_tables_are_possible():
    assert pricing([4 * 10**18] * 5, 10**24).price(1, YEAR) == 4 * 10**18
    assert pricing([0] * 5, 0).price(1, YEAR) == 0
