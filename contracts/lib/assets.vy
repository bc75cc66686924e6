# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title ETH and tokens on one path
@license AGPL-3.0-only
@notice What a contract has of a token, and a payment that may be refused. The zero
        address stands for ETH wherever a token is asked for.
@custom:security Tokens are hostile: no answer beyond a word is copied, and whatever
     is not a plain yes is a refusal. Only a token's own word about its balances is
     taken on trust, and by it no other token can be moved.
"""

from ethereum.ercs import IERC20

# What a call with an allowance of gas may cost before it: cold account, cold EIP-7702
# delegate, value, new account; the rest is for the instructions that lead to it.
CALL_GAS: constant(uint256) = 2_600 + 2_600 + 9_000 + 25_000 + 2_800


@internal
@view
def _balance(token: address) -> uint256:
    if token == empty(address):
        return self.balance
    assert token.is_contract, "income: token has no code"
    return staticcall IERC20(token).balanceOf(self, skip_contract_check=True)


@internal
def _transfer(token: address, to: address, amount: uint256, allowance: uint256) -> bool:
    # Returning nothing is as good as true; beyond one word nothing is copied.
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        token,
        abi_encode(to, amount, method_id=method_id("transfer(address,uint256)")),
        max_outsize=32,
        gas=allowance,
        revert_on_failure=False,
    )
    return success and (len(answer) == 0 or (len(answer) == 32 and convert(answer, uint256) == 1))
