# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A price module that misbehaves
@license AGPL-3.0-only
@notice Answers every question as it was told to.
"""

flag Fault:
    HONEST    # answers `amount`
    REVERT
    BURN      # all gas
    SHORT     # 31 bytes
    LONG      # 33 bytes
    BOMB      # 4,096 bytes
    FLAP      # another amount at every second
    MUTE      # nothing at all
    REGULAR   # a price, but no premium
    THROW     # what would be an answer, as the reason of a failure

fault: Fault
amount: uint256
premium_amount: uint256


@external
def set(fault: Fault, amount: uint256, premium_amount: uint256):
    """
    @notice Choose what to answer.
    @param fault How to misbehave.
    @param amount The price, wei.
    @param premium_amount The premium, wei.
    """
    self.fault = fault
    self.amount = amount
    self.premium_amount = premium_amount


@external
@view
@raw_return
def price(length: uint256, duration: uint256) -> Bytes[4096]:
    """
    @notice Misbehave.
    @param length Ignored.
    @param duration Ignored.
    @return Anything.
    """
    return self._answer(self.amount)


@external
@view
@raw_return
def premium(elapsed: uint256) -> Bytes[4096]:
    """
    @notice Misbehave.
    @param elapsed Ignored.
    @return Anything.
    """
    assert self.fault != Fault.REGULAR, "pricing: no premium"
    return self._answer(self.premium_amount)


@internal
@view
def _answer(amount: uint256) -> Bytes[4096]:
    if self.fault == Fault.REVERT:
        raise "pricing: no"
    if self.fault == Fault.BURN:
        x: uint256 = 0
        for i: uint256 in range(10_000_000):
            x = unsafe_add(x, i)
    if self.fault == Fault.SHORT:
        return slice(abi_encode(amount), 1, 31)
    if self.fault == Fault.LONG:
        return concat(abi_encode(amount), b"!")
    if self.fault == Fault.BOMB:
        bomb: uint256[128] = empty(uint256[128])
        return abi_encode(bomb)
    if self.fault == Fault.FLAP:
        return abi_encode(amount + block.timestamp)
    if self.fault == Fault.MUTE:
        return b""
    if self.fault == Fault.THROW:
        raw_revert(abi_encode(amount))
    return abi_encode(amount)
