# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A token that answers a transfer with any bytes, moves nothing, or needs much gas
@license AGPL-3.0-only
"""

balanceOf: public(HashMap[address, uint256])
answer: Bytes[96]
moves: bool
needs: uint256    # gas


@external
def mint(account: address, amount: uint256):
    self.balanceOf[account] += amount


@external
def behave(answer: Bytes[96], moves: bool, needs: uint256):
    self.answer = answer
    self.moves = moves
    self.needs = needs


@external
@raw_return
def transfer(to: address, amount: uint256) -> Bytes[96]:
    assert msg.gas >= self.needs, "token: too little gas"
    if self.moves:
        self.balanceOf[msg.sender] -= amount
        self.balanceOf[to] += amount
    return self.answer
