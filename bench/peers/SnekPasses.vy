# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title SnekPasses
@license AGPL-3.0-only
@notice snekmate's ERC-721: enumerable, each token with a URI of its own.
"""

from snekmate.auth import ownable
from snekmate.tokens import erc721

initializes: ownable
initializes: erc721[ownable := ownable]
exports: erc721.__interface__


@deploy
def __init__():
    """
    @notice The deployer mints.
    """
    ownable.__init__()
    erc721.__init__("Studio", "STU", "", "Studio", "1")
