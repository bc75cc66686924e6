# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Where an account's primary name lies
@license AGPL-3.0-only
@notice The reverse node of an account: `<hexadecimal address>.addr.reverse` (EIP-181).
"""

ADDR_REVERSE: constant(bytes32) = 0x91d1777781884d03a6757a803996e38de2a42967fb37eeaca72729271025a9e2

MASK_32: constant(uint256) = 2**32 - 1
ONES: constant(uint256) = max_value(uint256) // 255   # 0x0101...01


@internal
@pure
def _node(account: address) -> bytes32:
    digits: uint256 = convert(account, uint256)
    label: bytes32 = keccak256(
        concat(
            convert(self._hex(digits >> 32), bytes32),
            slice(convert(self._hex(digits & MASK_32), bytes32), 24, 8),
        )
    )
    return keccak256(concat(ADDR_REVERSE, label))


@internal
@pure
def _hex(number: uint256) -> uint256:
    # 16 bytes as 32 lower-case hexadecimal digits, all at once. Halves move apart
    # until each nibble has a byte of its own; max // (2^k + 1) keeps every other k bits.
    word: uint256 = (number | (number << 64)) & (max_value(uint256) // (2**64 + 1))
    word = (word | (word << 32)) & (max_value(uint256) // (2**32 + 1))
    word = (word | (word << 16)) & (max_value(uint256) // (2**16 + 1))
    word = (word | (word << 8)) & (max_value(uint256) // (2**8 + 1))
    word = (word | (word << 4)) & (max_value(uint256) // (2**4 + 1))
    # "0" is 48, and "a" lies 39 behind what follows "9". Adding 6 carries above 9.
    above_nine: uint256 = ((word + 6 * ONES) >> 4) & ONES
    return word + 48 * ONES + 39 * above_nine
