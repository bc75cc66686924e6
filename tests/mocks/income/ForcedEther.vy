# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title ETH that no code can refuse
@license AGPL-3.0-only
"""


@deploy
@payable
def __init__(to: address):
    selfdestruct(to)
