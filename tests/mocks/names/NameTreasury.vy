# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A treasury that may refuse
@license AGPL-3.0-only
@notice Takes ether unless told not to.
"""

refuses: public(bool)


@external
def set_refuses(refuses: bool):
    """
    @notice Choose.
    @param refuses Whether ether is refused.
    """
    self.refuses = refuses


@external
@payable
def __default__():
    """
    @notice Take ether.
    """
    assert not self.refuses, "treasury: refused"
