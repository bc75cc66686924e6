# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A token whose balances grow and shrink in place
@license AGPL-3.0-only
"""

ONE: constant(uint256) = 10**18

index: public(uint256)    # units per part, times 10 ** 18
parts: HashMap[address, uint256]
blocked: HashMap[address, bool]


@deploy
def __init__():
    self.index = ONE


@external
def mint(account: address, amount: uint256):
    self.parts[account] += amount * ONE // self.index


@external
def block(account: address, blocked: bool):
    self.blocked[account] = blocked


@external
def rebase(index: uint256):
    self.index = index


@external
@view
def balanceOf(account: address) -> uint256:
    return self.parts[account] * self.index // ONE


@external
def transfer(to: address, amount: uint256) -> bool:
    assert not self.blocked[to], "token: refused"
    # Rounded up, so that nobody pays with less than the amount.
    parts: uint256 = min((amount * ONE + self.index - 1) // self.index, self.parts[msg.sender])
    self.parts[msg.sender] -= parts
    self.parts[to] += parts
    return True
