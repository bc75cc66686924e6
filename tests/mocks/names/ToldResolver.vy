# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A resolver that answers what it was told
@license AGPL-3.0-only
@notice Any bytes as an answer or as an error, with or without ENSIP-10.
"""

extended: bool
fails: bool

answer: Bytes[8192]


@external
def set(extended: bool, fails: bool, answer: Bytes[8192]):
    """
    @notice Choose what to answer.
    @param extended Whether it speaks ENSIP-10.
    @param fails Whether the answer is an error.
    @param answer The bytes.
    """
    self.extended = extended
    self.fails = fails
    self.answer = answer


@external
@view
def supportsInterface(interface_id: bytes4) -> bool:
    """
    @notice Whether it speaks ENSIP-10. (ERC-165)
    @param interface_id Ignored.
    @return As it was told.
    """
    return self.extended


@external
@view
@raw_return
def __default__() -> Bytes[8192]:
    """
    @notice Answer.
    @return Anything.
    """
    if self.fails:
        raw_revert(self.answer)
    return self.answer
