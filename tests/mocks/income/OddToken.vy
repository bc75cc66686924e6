# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A token that differs from ERC-20 as real ones do
@license AGPL-3.0-only
@notice Answers nothing or false, takes a fee, calls its receivers, blacklists, pauses.
"""

NO_ANSWER: constant(uint256) = 1
ANSWERS_FALSE: constant(uint256) = 2

odd: public(immutable(uint256))
fee: public(immutable(uint256))    # basis points, burned

paused: public(bool)
blocked: public(HashMap[address, bool])
hooked: public(HashMap[address, bool])    # asked to be called, as with ERC-1820
balanceOf: public(HashMap[address, uint256])


@deploy
def __init__(odd_: uint256, fee_: uint256):
    odd = odd_
    fee = fee_


@external
def mint(account: address, amount: uint256):
    self.balanceOf[account] += amount


@external
def pause(paused: bool):
    self.paused = paused


@external
def block(account: address, blocked: bool):
    self.blocked[account] = blocked


@external
def hook(account: address):
    self.hooked[account] = True


@external
@raw_return
def transfer(to: address, amount: uint256) -> Bytes[32]:
    if self.paused or self.blocked[to] or self.balanceOf[msg.sender] < amount:
        assert odd & ANSWERS_FALSE != 0, "token: refused"
        return abi_encode(False)
    self.balanceOf[msg.sender] -= amount
    self.balanceOf[to] += amount - amount * fee // 10_000
    if self.hooked[to]:
        raw_call(to, method_id("tokensReceived()"))
    if odd & NO_ANSWER != 0:
        return b""
    return abi_encode(True)
