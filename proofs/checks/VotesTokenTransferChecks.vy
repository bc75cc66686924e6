# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
"""
@title VotesTokenTransferChecks
@license AGPL-3.0-only
@notice `transfer` and `transferFrom` move tokens and their votes, and make and lose
        none, for every state of the storage: one step of an induction.
"""

import raw
import symbolic

CAP: constant(uint256) = 10**26
TIMELOCK: constant(address) = 0x00000000000000000000000000000000D1E10C0C
TIMES: constant(uint256) = 2**48 - 1
MASK_96: constant(uint256) = 2**96 - 1
SUPPLY: constant(uint256) = 2**160

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
def check_gov_1_a_transfer_moves_its_amount():
    owner: address = symbolic.account("owner")
    sender: address = symbolic.account("sender")
    to: address = symbolic.account("to")
    other: address = symbolic.account("other")
    amount: uint256 = symbolic.number("amount")
    symbolic.assume(owner != to)
    symbolic.assume(other != owner)
    symbolic.assume(other != to)
    self.assume_balances(owner, to)

    supply: uint256 = self.votes(SUPPLY)
    of_owner: uint256 = self.account(owner)
    of_to: uint256 = self.account(to)
    of_other: uint256 = self.account(other)
    allowed: uint256 = self.allowance(owner, sender)
    self.transfer(sender, owner, to, amount)
    symbolic.ensure(of_owner & MASK_96 >= amount)
    # One claim, since each costs the prover; the delegates in the same words stay.
    wrong: uint256 = self.account(owner) ^ unsafe_sub(of_owner, amount)
    wrong |= self.account(to) ^ unsafe_add(of_to, amount)
    wrong |= self.account(other) ^ of_other
    wrong |= self.votes(SUPPLY) ^ supply
    symbolic.ensure(wrong == 0)
    if sender != owner:
        symbolic.ensure(allowed >= amount)
        if allowed != max_value(uint256):
            symbolic.ensure(self.allowance(owner, sender) == unsafe_sub(allowed, amount))


@external
def check_gov_1_a_transfer_to_oneself_moves_nothing():
    owner: address = symbolic.account("owner")
    delegate: uint256 = convert(symbolic.account("delegate"), uint256)
    before: uint256 = self.account(owner)
    votes: uint256 = self.votes(delegate)
    amount: uint256 = symbolic.number("amount")
    self.transfer(symbolic.account("sender"), owner, owner, amount)
    symbolic.ensure(before & MASK_96 >= amount)
    symbolic.ensure((self.account(owner) ^ before) | (self.votes(delegate) ^ votes) == 0)


@external
def check_gov_1_a_transfer_moves_its_votes_from_delegate_to_delegate():
    owner: address = symbolic.account("owner")
    to: address = symbolic.account("to")
    delegate: uint256 = convert(symbolic.account("delegate"), uint256)
    symbolic.assume(owner != to)
    self.assume_balances(owner, to)
    amount: uint256 = symbolic.number("amount")
    # No more votes than tokens; a transfer of more than there are reverts.
    votes: uint256 = self.votes(delegate)
    symbolic.assume(votes <= CAP)
    symbolic.assume(amount <= CAP)
    # No branches: what the delegate of the receiver gets, what that of the sender loses.
    gained: uint256 = amount & self.all_if(self.account(to) >> 96 == delegate)
    lost: uint256 = amount & self.all_if(self.account(owner) >> 96 == delegate)
    self.transfer(symbolic.account("sender"), owner, to, amount)
    symbolic.ensure(self.votes(delegate) == unsafe_sub(unsafe_add(votes, gained), lost))


@internal
def transfer(sender: address, owner: address, to: address, amount: uint256):
    # One that reverts changes nothing.
    data: Bytes[8192] = abi_encode(to, amount, method_id=method_id("transfer(address,uint256)"))
    if sender != owner:
        data = abi_encode(
            owner, to, amount, method_id=method_id("transferFrom(address,address,uint256)")
        )
    symbolic.assume(symbolic.send(self.target, sender, data))


@internal
def assume_balances(a: address, b: address):
    supply: uint256 = self.votes(SUPPLY)
    symbolic.assume(supply <= CAP)
    sum: uint256 = unsafe_add(self.account(a) & MASK_96, self.account(b) & MASK_96)
    symbolic.assume(sum <= supply)


@internal
def account(account: address) -> uint256:
    # Delegate 160 | balance 96.
    return raw.stored(self.target, self.at(SLOT_VotesToken_accounts, convert(account, uint256)))


@internal
def votes(key: uint256) -> uint256:
    return raw.stored(self.target, self.at(SLOT_VotesToken_heads, key)) & MASK_96


@internal
def allowance(owner: address, spender: address) -> uint256:
    of_owner: bytes32 = self.at(SLOT_VotesToken_allowance, convert(owner, uint256))
    return raw.stored(self.target, self.at(of_owner, convert(spender, uint256)))


@internal
@pure
def at(slot: bytes32, key: uint256) -> bytes32:
    return keccak256(concat(slot, convert(key, bytes32)))


@internal
@pure
def all_if(holds: bool) -> uint256:
    return unsafe_sub(0, convert(holds, uint256))
