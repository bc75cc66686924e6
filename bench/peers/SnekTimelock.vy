# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title SnekTimelock
@license AGPL-3.0-only
@notice snekmate's timelock, as it is.
"""

from snekmate.auth import access_control
from snekmate.governance import timelock_controller

initializes: access_control
initializes: timelock_controller[access_control := access_control]
exports: timelock_controller.__interface__


@deploy
def __init__(delay: uint256, proposer: address):
    """
    @notice One account proposes, and executes.
    @param delay Seconds from schedule to execution.
    @param proposer That account.
    """
    access_control.__init__()
    timelock_controller.__init__(delay, [proposer], [proposer], empty(address))
