# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A token whose transfers answer nothing, as USDT's
@license AGPL-3.0-only
@notice Anyone mints.
"""

balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])


@external
def create(account: address, amount: uint256):
    """
    @notice Make tokens.
    @param account Who gets them.
    @param amount How many.
    """
    self.balanceOf[account] += amount


@external
def approve(spender: address, amount: uint256):
    """
    @notice As ERC-20, without an answer.
    @param spender Who may spend.
    @param amount How much.
    """
    self.allowance[msg.sender][spender] = amount


@external
def transfer(receiver: address, amount: uint256):
    """
    @notice As ERC-20, without an answer.
    @param receiver Who gets it.
    @param amount How much.
    """
    self._move(msg.sender, receiver, amount)


@external
def transferFrom(sender: address, receiver: address, amount: uint256):
    """
    @notice As ERC-20, without an answer.
    @param sender Who gives it.
    @param receiver Who gets it.
    @param amount How much.
    """
    self.allowance[sender][msg.sender] -= amount
    self._move(sender, receiver, amount)


@internal
def _move(sender: address, receiver: address, amount: uint256):
    self.balanceOf[sender] -= amount
    self.balanceOf[receiver] += amount
