# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Target
@license AGPL-3.0-only
@notice What a treasury calls in tests: remembers, refuses, calls back, pays.
"""

count: public(uint256)
notes: public(DynArray[uint256, 64])
caller: public(address)
_to: address
_data: Bytes[4096]


@external
@payable
def __default__():
    """
    @notice Receive ETH.
    """
    pass


@external
@payable
def note(number: uint256):
    """
    @notice Remember a number and the caller.
    @param number Any.
    """
    self.notes.append(number)
    self.count += 1
    self.caller = msg.sender


@external
def refuse():
    """
    @notice Fail.
    """
    raise "target: refused"


@external
def prepare(to: address, data: Bytes[4096]):
    """
    @notice Choose what `fire` calls.
    @param to Whom.
    @param data What.
    """
    self._to = to
    self._data = data


@external
def fire():
    """
    @notice Call what was chosen, and fail if it fails.
    """
    raw_call(self._to, self._data)


@external
def pay(to: address, amount: uint256):
    """
    @notice Send ETH with no more gas than a plain transfer has.
    @param to Whom.
    @param amount Wei.
    """
    send(to, amount)
