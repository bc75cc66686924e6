# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title An ERC-20 token that does what the standard says
@license AGPL-3.0-only
"""

decimals: public(immutable(uint8))
totalSupply: public(uint256)
balanceOf: public(HashMap[address, uint256])

event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    amount: uint256


@deploy
def __init__(decimals_: uint8):
    decimals = decimals_


@external
def mint(account: address, amount: uint256):
    self.totalSupply += amount
    self.balanceOf[account] += amount
    log Transfer(sender=empty(address), receiver=account, amount=amount)


@external
def transfer(to: address, amount: uint256) -> bool:
    self.balanceOf[msg.sender] -= amount
    self.balanceOf[to] += amount
    log Transfer(sender=msg.sender, receiver=to, amount=amount)
    return True
