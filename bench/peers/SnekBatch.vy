# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title SnekBatch
@license AGPL-3.0-only
@notice snekmate's batch_distributor: the payer lists everybody in each payment.
"""

from ethereum.ercs import IERC20
from snekmate.utils import batch_distributor

initializes: batch_distributor


@deploy
def __init__():
    """
    @notice Nothing to set.
    """
    batch_distributor.__init__()


@external
@payable
def distribute_ether(data: batch_distributor.Batch):
    """
    @notice Pay out what is sent along.
    @param data Whom, and how much each, wei.
    """
    batch_distributor._distribute_ether(data)


@external
def distribute_token(token: IERC20, data: batch_distributor.Batch):
    """
    @notice Pay out of the caller's allowance.
    @param token The token.
    @param data Whom, and how much each, smallest units.
    """
    batch_distributor._distribute_token(token, data)
