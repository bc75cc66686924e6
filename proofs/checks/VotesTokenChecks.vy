# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
"""
@title VotesTokenChecks
@license AGPL-3.0-only
@notice Minting, delegating and all calls but transfers make, lose or move tokens and
        votes as they should, for every state of the storage: one step of an
        induction over GOV-1.
@dev Beyond these checks: `transfer` and `transferFrom`.
"""

from interfaces import IVotesToken
import symbolic

CAP: constant(uint256) = 10**26
TIMELOCK: constant(address) = 0x00000000000000000000000000000000D1E10C0C
TIMES: constant(uint256) = 2**48 - 1

TRANSFER: constant(bytes4) = method_id("transfer(address,uint256)", output_type=bytes4)
TRANSFER_FROM: constant(bytes4) = method_id("transferFrom(address,address,uint256)", output_type=bytes4)
MINT: constant(bytes4) = method_id("mint(address,uint256)", output_type=bytes4)

target: address


@external
def setUp():
    holders: DynArray[address, 1] = []
    amounts: DynArray[uint256, 1] = []
    self.target = raw_create(INIT_VotesToken, TIMELOCK, "Votes", "V", CAP, holders, amounts)
    symbolic.forget_storage(self.target)
    now: uint256 = symbolic.number("now")
    symbolic.assume(now < TIMES)
    symbolic.set_time(now)


@external
def check_gov_1_only_the_timelock_mints_up_to_the_cap():
    to: address = symbolic.account("to")
    other: address = symbolic.account("other")
    delegate: address = symbolic.account("delegate")
    amount: uint256 = symbolic.number("amount")
    sender: address = symbolic.account("sender")
    symbolic.assume(other != to)
    token: IVotesToken = IVotesToken(self.target)
    self.assume_sums(to, other, delegate)

    supply: uint256 = staticcall token.totalSupply()
    of_to: uint256 = staticcall token.balanceOf(to)
    of_other: uint256 = staticcall token.balanceOf(other)
    delegated: uint256 = self.delegated(to, delegate)
    votes: uint256 = staticcall token.getVotes(delegate)
    minted: uint256 = 0
    if symbolic.send(self.target, sender, abi_encode(to, amount, method_id=MINT)):
        symbolic.ensure(sender == TIMELOCK)
        minted = amount
    symbolic.ensure(staticcall token.totalSupply() == supply + minted)
    symbolic.ensure(supply + minted <= CAP)
    symbolic.ensure(staticcall token.balanceOf(to) == of_to + minted)
    symbolic.ensure(staticcall token.balanceOf(other) == of_other)
    after: uint256 = self.delegated(to, delegate)
    symbolic.ensure(staticcall token.getVotes(delegate) + delegated == votes + after)


@external
def check_gov_1_nothing_else_moves_tokens():
    account: address = symbolic.account("account")
    token: IVotesToken = IVotesToken(self.target)
    balance: uint256 = staticcall token.balanceOf(account)
    supply: uint256 = staticcall token.totalSupply()
    data: Bytes[8192] = symbolic.call_of("VotesToken")
    selector: bytes4 = convert(slice(data, 0, 4), bytes4)
    symbolic.assume(IS_FUNCTION_OF_VotesToken)
    symbolic.assume(selector not in [TRANSFER, TRANSFER_FROM, MINT])
    done: bool = symbolic.send(self.target, symbolic.account("sender"), data)
    symbolic.ensure(staticcall token.balanceOf(account) == balance)
    symbolic.ensure(staticcall token.totalSupply() == supply)


@external
def check_gov_1_a_delegation_moves_its_votes():
    holder: address = symbolic.account("holder")
    other: address = symbolic.account("other")
    delegate: address = symbolic.account("delegate")
    to: address = symbolic.account("to")
    token: IVotesToken = IVotesToken(self.target)
    symbolic.assume(holder != other)
    self.assume_sums(holder, other, delegate)
    self.assume_sums(holder, other, staticcall token.delegates(holder))

    delegated: uint256 = self.delegated(holder, delegate)
    votes: uint256 = staticcall token.getVotes(delegate)
    others: address = staticcall token.delegates(other)
    if symbolic.send(self.target, holder, abi_encode(to, method_id=method_id("delegate(address)"))):
        symbolic.ensure(staticcall token.delegates(holder) == to)
    symbolic.ensure(staticcall token.delegates(other) == others)
    after: uint256 = self.delegated(holder, delegate)
    symbolic.ensure(staticcall token.getVotes(delegate) + delegated == votes + after)


@internal
@view
def delegated(account: address, delegate: address) -> uint256:
    # What an account adds to a delegate's votes.
    token: IVotesToken = IVotesToken(self.target)
    if staticcall token.delegates(account) != delegate:
        return 0
    return staticcall token.balanceOf(account)


@internal
def assume_sums(a: address, b: address, delegate: address):
    # Of the state before: two balances within the supply, that within the cap, and
    # votes that hold at least what the two delegated, at most the supply.
    token: IVotesToken = IVotesToken(self.target)
    supply: uint256 = staticcall token.totalSupply()
    votes: uint256 = staticcall token.getVotes(delegate)
    symbolic.assume(supply <= CAP)
    symbolic.assume(staticcall token.balanceOf(a) + staticcall token.balanceOf(b) <= supply)
    symbolic.assume(votes >= self.delegated(a, delegate) + self.delegated(b, delegate))
    symbolic.assume(votes <= supply)
