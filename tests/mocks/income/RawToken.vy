# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A token that answers a transfer with any bytes, moves nothing, or burns its gas
@license AGPL-3.0-only
"""

balanceOf: public(HashMap[address, uint256])
answer: Bytes[96]
moves: bool
burns: uint256    # gas


@external
def mint(account: address, amount: uint256):
    self.balanceOf[account] += amount


@external
def behave(answer: Bytes[96], moves: bool, burns: uint256):
    self.answer = answer
    self.moves = moves
    self.burns = burns


@external
@raw_return
def transfer(to: address, amount: uint256) -> Bytes[96]:
    start: uint256 = msg.gas
    burnt: uint256 = 0
    for _: uint256 in range(1_000):
        if start - msg.gas >= self.burns:
            break
        burnt = pow_mod256(burnt, max_value(uint256))    # 1,610 gas
    if self.moves:
        self.balanceOf[msg.sender] -= amount
        self.balanceOf[to] += amount
    return self.answer
