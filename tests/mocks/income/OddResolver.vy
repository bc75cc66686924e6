# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A resolver that answers with any bytes, or not at all
@license AGPL-3.0-only
"""

answer: Bytes[96]
mode: uint256    # as in Recipient: 0 answers, 1 refuses, 2 burns, 3 bombs, 4 writes
writes: uint256


@external
def behave(mode: uint256, answer: Bytes[96]):
    self.mode = mode
    self.answer = answer


@external
@raw_return
def addr(node: bytes32) -> Bytes[96]:
    if self.mode == 1:
        raw_revert(self.answer)
    elif self.mode == 2:
        raise UNREACHABLE    # the opcode that takes all gas
    elif self.mode == 3:
        raw_revert(abi_encode(empty(uint256[1_500])))    # 48,000 bytes
    elif self.mode == 4:
        self.writes += 1
    return self.answer
