# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title An ERC-20 token with bad habits that can be switched on
@license AGPL-3.0-only
@notice Anyone mints. It may keep a fee, answer false, or call someone before it
        moves anything, as ERC-777 does.
"""

balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
_fee: uint256                # kept of each transfer
_refuses: bool
_called: address             # zero: nobody
_call: Bytes[1024]


@external
def create(account: address, amount: uint256):
    """
    @notice Make tokens.
    @param account Who gets them.
    @param amount How many.
    """
    self.balanceOf[account] += amount


@external
def misbehave(fee: uint256, refuses: bool, called: address, call: Bytes[1024]):
    """
    @notice Choose habits.
    @param fee Tokens that vanish in each transfer.
    @param refuses Answer false and move nothing.
    @param called Who is called before a transfer; zero for nobody.
    @param call With which calldata; a failure of it is passed on.
    """
    self._fee = fee
    self._refuses = refuses
    self._called = called
    self._call = call


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice As ERC-20.
    @param spender Who may spend.
    @param amount How much.
    @return True.
    """
    self.allowance[msg.sender][spender] = amount
    return True


@external
def transfer(receiver: address, amount: uint256) -> bool:
    """
    @notice As ERC-20, but for the habits.
    @param receiver Who gets it.
    @param amount How much.
    @return Whether it moved.
    """
    return self._move(msg.sender, receiver, amount)


@external
def transferFrom(sender: address, receiver: address, amount: uint256) -> bool:
    """
    @notice As ERC-20, but for the habits.
    @param sender Who gives it.
    @param receiver Who gets it.
    @param amount How much.
    @return Whether it moved.
    """
    self.allowance[sender][msg.sender] -= amount
    return self._move(sender, receiver, amount)


@internal
def _move(sender: address, receiver: address, amount: uint256) -> bool:
    if self._called != empty(address):
        raw_call(self._called, self._call)
    if self._refuses:
        return False
    self.balanceOf[sender] -= amount
    self.balanceOf[receiver] += amount - self._fee
    return True
