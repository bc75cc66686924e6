# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title SnekToken
@license AGPL-3.0-only
@notice snekmate's ERC-20 with permits. It counts no votes.
"""

from snekmate.auth import ownable
from snekmate.tokens import erc20

initializes: ownable
initializes: erc20[ownable := ownable]
exports: erc20.__interface__


@deploy
def __init__(holders: DynArray[address, 8], amount: uint256):
    """
    @notice Mint the first tokens.
    @param holders Who gets some.
    @param amount How many each.
    """
    ownable.__init__()
    erc20.__init__("Studio votes", "VOTE", 18, "Studio votes", "1")
    for holder: address in holders:
        erc20._mint(holder, amount)
