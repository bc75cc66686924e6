# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Amounts that remember their past
@license AGPL-3.0-only
@notice Amounts by key, and what each was at the end of any past second.
@dev One head word per key is all that a change touches within a second; the
     superseded value goes to history only when the clock has moved:

         head     value 96 | count of history 32 | time 48
         history  value 96 | time 48, at places 0 .. count - 1, times rising

     GOV-2: a value is readable only for seconds that are over, so that it can
     never change afterwards.
"""

MASK_32: constant(uint256) = 2**32 - 1
MASK_48: constant(uint256) = 2**48 - 1
MASK_96: constant(uint256) = 2**96 - 1
AT_COUNT: constant(uint256) = 96
AT_TIME: constant(uint256) = 128
AT_PAST_TIME: constant(uint256) = 96

_heads: HashMap[uint256, uint256]
_history: HashMap[uint256, HashMap[uint256, uint256]]


@internal
@view
def _latest(key: uint256) -> uint256:
    return self._heads[key] & MASK_96


@internal
def _add(key: uint256, amount: uint256) -> uint256:
    # The caller knows that no sum exceeds 96 bits. Returns the old value.
    head: uint256 = self._heads[key]
    old: uint256 = head & MASK_96
    self._write(key, head, old + amount)
    return old


@internal
def _subtract(key: uint256, amount: uint256) -> uint256:
    head: uint256 = self._heads[key]
    old: uint256 = head & MASK_96
    self._write(key, head, old - amount)
    return old


@internal
def _write(key: uint256, head: uint256, new: uint256):
    time: uint256 = head >> AT_TIME
    count: uint256 = (head >> AT_COUNT) & MASK_32
    if time != block.timestamp and time != 0:
        self._history[key][count] = (head & MASK_96) | (time << AT_PAST_TIME)
        count += 1
    self._heads[key] = new | (count << AT_COUNT) | (block.timestamp << AT_TIME)


@internal
@view
def _past(key: uint256, timepoint: uint256) -> uint256:
    assert timepoint < block.timestamp, "votes: second not over"
    head: uint256 = self._heads[key]
    if head >> AT_TIME <= timepoint:
        return head & MASK_96
    count: uint256 = (head >> AT_COUNT) & MASK_32

    # Most questions are about the recent past: double the step back until the
    # answer is at `low` or after, then halve what lies between. Places below
    # `low` and from `high` on are known to be no answer.
    low: uint256 = 0
    high: uint256 = count
    step: uint256 = 1
    for _: uint256 in range(33):
        if step > count:
            break
        place: uint256 = count - step
        if self._history[key][place] >> AT_PAST_TIME <= timepoint:
            low = place + 1
            break
        high = place
        step *= 2
    for _: uint256 in range(33):
        if low >= high:
            break
        middle: uint256 = (low + high) // 2
        if self._history[key][middle] >> AT_PAST_TIME <= timepoint:
            low = middle + 1
        else:
            high = middle
    if high == 0:
        return 0
    return self._history[key][high - 1] & MASK_96
