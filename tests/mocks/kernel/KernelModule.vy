# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A module to register: each number is other code
@license AGPL-3.0-only
"""

_NUMBER: immutable(uint256)


@deploy
def __init__(number: uint256):
    _NUMBER = number


@external
@view
def number() -> uint256:
    """
    @notice Tells this module from the others.
    @return Its number.
    """
    return _NUMBER
