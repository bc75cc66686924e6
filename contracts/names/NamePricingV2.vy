# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Prices of names, which change by a timetable
@license AGPL-3.0-only
@notice What a second-level name costs, by length and time, and the premium of a
        name that was released a short while ago. A new table replaces the old one
        in weekly steps, at dates that were voted on.
@dev Takes the place of `NamePricing` under the key `names.pricing`. With that one a
     change is a cliff, at whichever second within 14 days somebody applies it: a
     raise starts a run, a cut stops sales. Here the second of `apply` decides
     nobody's price, as long as it comes before the first step:

         old  ------+
                    +------+                 step k of n, at first_step + (k - 1) weeks:
                           +------+          (old * (n - k) + new * k) / n, rounded up
                                  +------ new

     Without storage: what was voted on is what answers. Within a step the price
     stands still, so a payer knows the exact sum for up to a week.
     Invariant NAM-9: docs/invariants.md.
@custom:security Answers nobody's balance and calls nobody. `Names` bounds every
     answer: a wrong table can stop registrations, it cannot take a name. A
     registration that is revealed after a step pays the price of that step; the
     commitment's largest price bounds it.
"""

from ...interfaces import INamePricing
from ...interfaces import INamePricingV2

implements: INamePricing
implements: INamePricingV2

YEAR: constant(uint256) = 365 * 86_400          # seconds
DAY: constant(uint256) = 86_400                 # seconds
STEP: constant(uint256) = 7 * 86_400            # seconds: time to see a price and pay it
PREMIUM_DAYS: constant(uint256) = 21            # as long as `Names` asks for it
LENGTHS: constant(uint256) = 5                  # 1, 2, 3, 4, and 5 or more bytes
MAX_RATE: constant(uint256) = 4 * 10**18        # wei per year: what fits a name's rate cap
MAX_PREMIUM: constant(uint256) = 10**6 * 10**18 # wei: above what anybody pays for a name
MAX_STEPS: constant(uint256) = 104              # two years: what a vote can foresee
MAX_TIME: constant(uint256) = 2**40 - 1         # seconds: what `Names` counts with

_OLD: immutable(uint256[LENGTHS])               # wei per year
_NEW: immutable(uint256[LENGTHS])               # wei per year
_FIRST_STEP: immutable(uint256)                 # seconds
_STEPS: immutable(uint256)
_START: immutable(uint256)                      # wei


@deploy
def __init__(
    old_rates: uint256[LENGTHS],
    new_rates: uint256[LENGTHS],
    first_step: uint256,
    steps: uint256,
    premium_start: uint256,
):
    """
    @notice Fix both tables and the timetable for good.
    @param old_rates Wei per year for labels of 1, 2, 3, 4, and 5 or more bytes, until
           the first step; each at most 4 ether, none dearer than that of a shorter
           label.
    @param new_rates The same, from the last step on.
    @param first_step When the first step is taken, seconds, below 2^40.
    @param steps How many weekly steps there are, 1 to 104.
    @param premium_start What the premium of a released name starts from, wei; at
           most a million ether.
    """
    for rates: uint256[LENGTHS] in [old_rates, new_rates]:
        assert rates[0] <= MAX_RATE, "pricing: rate too high"
        for i: uint256 in range(1, LENGTHS):
            assert rates[i] <= rates[i - 1], "pricing: longer is dearer"
    assert first_step <= MAX_TIME, "pricing: first step too far"
    assert steps != 0 and steps <= MAX_STEPS, "pricing: 1 to 104 steps"
    assert premium_start <= MAX_PREMIUM, "pricing: premium too high"
    _OLD = old_rates
    _NEW = new_rates
    _FIRST_STEP = first_step
    _STEPS = steps
    _START = premium_start


@external
@view
def price(length: uint256, duration: uint256) -> uint256:
    """
    @notice The price of registering or renewing now, without premium.
    @param length Of the label, bytes, not zero.
    @param duration Seconds, at most 2^128.
    @return Wei, rounded up.
    """
    assert length != 0, "pricing: empty label"
    assert duration <= 2**128, "pricing: duration too long"
    rate: uint256 = self._rate(min(length, LENGTHS) - 1, self._taken(block.timestamp))
    return (rate * duration + YEAR - 1) // YEAR


@external
@view
def premium(elapsed: uint256) -> uint256:
    """
    @notice What a released name costs more.
    @param elapsed Seconds since its release.
    @return Wei, rounded up; zero from 21 days on.
    """
    day: uint256 = elapsed // DAY
    if day >= PREMIUM_DAYS:
        return 0
    whole: uint256 = _START >> day
    # Half of it goes over this day; what is left is rounded up.
    gone: uint256 = (whole // 2) * (elapsed % DAY) // DAY
    return whole - gone - (_START >> PREMIUM_DAYS)


@external
@view
def rates() -> uint256[LENGTHS]:
    """
    @notice The table of now.
    @return Wei per year for labels of 1, 2, 3, 4, and 5 or more bytes.
    """
    return self._rates(block.timestamp)


@external
@view
def rates_at(time: uint256) -> uint256[LENGTHS]:
    """
    @notice The table of any second, so that nobody is surprised by a step.
    @param time Seconds.
    @return Wei per year for labels of 1, 2, 3, 4, and 5 or more bytes.
    """
    return self._rates(time)


@external
@view
def first_step() -> uint256:
    """
    @notice When the old table begins to give way.
    @return Seconds.
    """
    return _FIRST_STEP


@external
@view
def steps() -> uint256:
    """
    @notice How many weekly steps lead to the new table.
    @return Their number.
    """
    return _STEPS


@external
@view
def premium_start() -> uint256:
    """
    @notice The premium's start, before the value at 21 days is taken off.
    @return Wei.
    """
    return _START


@internal
@view
def _rates(time: uint256) -> uint256[LENGTHS]:
    taken: uint256 = self._taken(time)
    table: uint256[LENGTHS] = empty(uint256[LENGTHS])
    for i: uint256 in range(LENGTHS):
        table[i] = self._rate(i, taken)
    return table


@internal
@view
def _taken(time: uint256) -> uint256:
    # How many steps have been taken.
    if time < _FIRST_STEP:
        return 0
    return min((time - _FIRST_STEP) // STEP + 1, _STEPS)


@internal
@view
def _rate(place: uint256, taken: uint256) -> uint256:
    # Rounded up; both tables fall with the length, and so does every mixture of them.
    return (_OLD[place] * (_STEPS - taken) + _NEW[place] * taken + _STEPS - 1) // _STEPS
