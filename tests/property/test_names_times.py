"""Times and prices, at every boundary second and at sums that do not divide."""

from itertools import pairwise

import boa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.compiled import deployer
from tests.support.names import (
    DAY,
    DURATION_MAX,
    DURATION_MIN,
    FREE,
    GRACE,
    IN_GRACE,
    LIVE,
    PREMIUM_TIME,
    RATE_UNIT,
    YEAR,
    ZERO,
    Registration,
    World,
    base_price,
    cap,
    deploy_names,
    namehash,
    now,
    rate_cap,
    state,
    token,
)

durations = st.one_of(
    st.integers(DURATION_MIN, DURATION_MAX),
    st.sampled_from([DURATION_MIN, DURATION_MIN + 1, YEAR - 1, YEAR, YEAR + 1, DURATION_MAX]),
)
rates = st.integers(0, 4 * 10**18)


@pytest.fixture(scope="module")
def world() -> World:
    return deploy_names()


@settings(max_examples=15)
@given(durations, st.lists(st.integers(DURATION_MIN, YEAR), max_size=2), st.integers(-2, 2))
@example(DURATION_MIN, [], 0)
def test_live_grace_and_free_partition_time(world, duration, renewals, near):
    """NAM-3, around both boundaries of a name with any history."""
    owner = boa.env.generate_address("owner")
    node = world.register("alice", owner, duration=duration)
    for renewal in renewals:
        world.renew("alice", renewal)
    expiry = now() + duration + sum(renewals)
    assert world.names.info(node).expiry == expiry
    for boundary in (expiry, expiry + GRACE):
        boa.env.time_travel(seconds=boundary + near - now())
        is_now = state(expiry, now())
        live, in_grace, free = (is_now == s for s in (LIVE, IN_GRACE, FREE))
        assert live + in_grace + free == 1
        assert world.names.info(node).state == is_now
        assert world.names.available("alice") == free
        assert world.names.owner(node) == (owner if live else ZERO)
        assert world.resolver.addr(node) == (owner if live else ZERO)
        with boa.env.anchor():
            if free:
                with boa.reverts("names: not registered"):
                    world.names.renewal_price("alice", YEAR)
            else:
                world.renew("alice", DURATION_MAX)
                assert world.names.ownerOf(token(node)) == owner


@settings(max_examples=60)
@given(st.integers(0, PREMIUM_TIME + DAY), st.integers(0, 10**24))
def test_premium_only_ever_falls(start, premium):
    table = deployer("NamePricing").deploy([0] * 5, premium)
    seconds = [start, start + 1, start + 2, start + DAY]
    asked = [table.premium(second) for second in seconds]
    assert all(earlier >= later for earlier, later in pairwise(asked))
    assert asked[0] <= premium
    if start >= PREMIUM_TIME:
        assert asked[0] == 0


@settings(max_examples=20)
@given(rates, durations, durations)
def test_cap_covers_the_first_price_and_little_more(world, rate, duration, later):
    """NAM-5: rounding never makes a renewal dearer than what was paid, but for a unit."""
    world.point("names.pricing", deployer("NamePricing").deploy([rate] * 5, 0))
    owner = boa.env.generate_address("owner")
    node = world.register("alice", owner, duration=duration)
    paid = base_price(5, duration, [rate] * 5)
    info = world.names.info(node)
    assert info.rate == rate_cap(paid, duration)
    assert cap(info.rate, duration) >= paid
    assert (info.rate - 1) * RATE_UNIT < rate + RATE_UNIT
    price, at_cap = world.names.renewal_price("alice", later)
    assert at_cap == cap(info.rate, later)
    assert price == min(base_price(5, later, [rate] * 5), at_cap)


@settings(max_examples=30)
@given(st.text("ab", min_size=1, max_size=63), durations)
def test_price_shown_is_the_price_taken(world, label, duration):
    owner = boa.env.generate_address("owner")
    registration = Registration(label, owner, duration=duration)
    world.commit(registration)
    price = base_price(len(label), duration)
    assert world.names.registration_price(label, duration, 0) == (price, 0)
    boa.env.set_balance(owner, price)
    world.names.register(registration, sender=owner, value=price)
    assert boa.env.get_balance(owner) == 0
    assert world.names.owner(namehash(f"{label}.os")) == owner
