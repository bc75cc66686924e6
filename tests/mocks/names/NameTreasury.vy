# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A treasury that may refuse
@license AGPL-3.0-only
@notice Takes ether unless told not to, and may ask for more while it does.
"""

interface Names:
    def sweep() -> uint256: nonpayable

refuses: bool
again: address


@external
def set_refuses(refuses: bool):
    """
    @notice Choose.
    @param refuses Whether ether is refused.
    """
    self.refuses = refuses


@external
def set_again(names: address):
    """
    @notice Sweep once more while being paid.
    @param names The registry; zero for not.
    """
    self.again = names


@external
@payable
def __default__():
    """
    @notice Take ether.
    """
    assert not self.refuses, "treasury: refused"
    if self.again != empty(address):
        extcall Names(self.again).sweep()
