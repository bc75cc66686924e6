# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Store
@license AGPL-3.0-only
@notice One slot that anybody sets: what calls are made to, where only the way counts.
"""

value: public(uint256)


@external
def store(number: uint256):
    """
    @notice Set the slot.
    @param number What to.
    """
    self.value = number
