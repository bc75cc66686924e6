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
def call_back(target: address, data: Bytes[4096]):
    """
    @notice Call another, and fail if it fails.
    @param target Whom.
    @param data What.
    """
    raw_call(target, data)


@external
def pay(to: address, amount: uint256):
    """
    @notice Send ETH with no more gas than a plain transfer has.
    @param to Whom.
    @param amount Wei.
    """
    send(to, amount)
