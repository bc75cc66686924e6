# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Prices of names
@license AGPL-3.0-only
@notice What a second-level name costs, by length and time, and the premium of a
        name that was released a short while ago.
@dev Policy: found by `Names` under the key `names.pricing`, replaced by deploying
     another and pointing the key at it. Without storage: what was voted on is
     what answers.

         premium(t) = start / 2^(t / day), linear within a day,
                      less the value at 21 days, where it ends at zero
@custom:security Answers nobody's balance and calls nobody. `Names` bounds every
     answer: a wrong table can stop registrations, it cannot take a name.
"""

from ...interfaces import INamePricing

implements: INamePricing

YEAR: constant(uint256) = 365 * 86_400          # seconds
DAY: constant(uint256) = 86_400                 # seconds
PREMIUM_DAYS: constant(uint256) = 21            # as long as `Names` asks for it
LENGTHS: constant(uint256) = 5                  # 1, 2, 3, 4, and 5 or more bytes
MAX_RATE: constant(uint256) = 4 * 10**18        # wei per year: what fits a name's rate cap
MAX_PREMIUM: constant(uint256) = 10**6 * 10**18 # wei: above what anybody pays for a name

_RATES: immutable(uint256[LENGTHS])             # wei per year
_START: immutable(uint256)                      # wei


@deploy
def __init__(rates: uint256[LENGTHS], premium_start: uint256):
    """
    @notice Fix the table for good.
    @param rates Wei per year for labels of 1, 2, 3, 4, and 5 or more bytes; each
           at most 4 ether, none dearer than that of a shorter label.
    @param premium_start What the premium of a released name starts from, wei; at
           most a million ether.
    """
    assert rates[0] <= MAX_RATE, "pricing: rate too high"
    for i: uint256 in range(1, LENGTHS):
        assert rates[i] <= rates[i - 1], "pricing: longer is dearer"
    assert premium_start <= MAX_PREMIUM, "pricing: premium too high"
    _RATES = rates
    _START = premium_start


@external
@view
def price(length: uint256, duration: uint256) -> uint256:
    """
    @notice The price of registering or renewing, without premium.
    @param length Of the label, bytes, not zero.
    @param duration Seconds, at most 2^128.
    @return Wei, rounded up.
    """
    assert length != 0, "pricing: empty label"
    assert duration <= 2**128, "pricing: duration too long"
    rates: uint256[LENGTHS] = _RATES
    cost: uint256 = rates[min(length, LENGTHS) - 1] * duration
    return (cost + YEAR - 1) // YEAR


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
    @notice The table.
    @return Wei per year for labels of 1, 2, 3, 4, and 5 or more bytes.
    """
    return _RATES


@external
@view
def premium_start() -> uint256:
    """
    @notice The premium's start, before the value at 21 days is taken off.
    @return Wei.
    """
    return _START
