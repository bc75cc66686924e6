# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
"""
@title SplitterChecks
@license AGPL-3.0-only
@notice Rounds and claims of ETH in a split of three: for all shares, every balance, all
        debts and whoever refuses, one step of an induction.
@dev The split is a clone as the factory makes it. The solver does not divide 256 bits:
     what a quotient is, and that products of a sum add up, is told to it in
     `assume_arithmetic`, of the very numbers that the contract comes to. Those are
     theorems, and leave out no state; that the contract comes to those numbers, pays
     them and books them is what is proved.
"""

import raw
import symbolic

REFUSES: constant(bytes32) = 0x5f5ffd0000000000000000000000000000000000000000000000000000000000
ACCOUNTS: constant(address[3]) = [
    0x000000000000000000000000000000000000aaaa,
    0x000000000000000000000000000000000000BbBB,
    0x000000000000000000000000000000000000CcCc,
]


struct Round:
    balance: uint256
    owed: uint256
    units: uint256
    total: uint256
    parts: uint256[3]
    credits: uint256[3]


splitter: address
split: address


@external
def setUp():
    self.splitter = raw_create(INIT_Splitter)


@external
def check_inc_2_3_a_round_is_in_exact_proportion():
    before: Round = self.any_round()
    symbolic.assume(before.units != 0)
    refused: bool[3] = self.any_refusals()
    self.distribute()
    # One claim, since each costs the prover.
    wrong: uint256 = 0
    credits: uint256[3] = self.credits()
    for i: uint256 in range(3):
        if refused[i]:
            wrong |= ACCOUNTS[i].balance
            wrong |= credits[i] ^ unsafe_add(before.credits[i], before.parts[i])
        else:
            wrong |= ACCOUNTS[i].balance ^ before.parts[i]
            wrong |= credits[i] ^ before.credits[i]
    symbolic.ensure(wrong == 0)


@external
def check_inc_1_2_a_round_loses_nothing_and_leaves_less_than_a_unit_each():
    before: Round = self.any_round()
    symbolic.assume(before.units != 0)
    refused: bool[3] = self.any_refusals()
    self.distribute()
    paid: uint256 = 0
    credited: uint256 = 0
    credits: uint256[3] = self.credits()
    for i: uint256 in range(3):
        paid = unsafe_add(paid, ACCOUNTS[i].balance)
        credited = unsafe_add(credited, unsafe_sub(credits[i], before.credits[i]))
    owed: uint256 = self.owed()
    symbolic.ensure(unsafe_add(self.split.balance, paid) == before.balance)
    symbolic.ensure(owed == unsafe_add(before.owed, credited))
    # So it is no less than what is owed, too.
    symbolic.ensure(unsafe_sub(self.split.balance, owed) < before.total)


@external
def check_inc_2_less_than_a_unit_each_waits():
    before: Round = self.any_round()
    symbolic.assume(unsafe_sub(before.balance, before.owed) < before.total)
    self.distribute()
    symbolic.ensure(self.split.balance == before.balance)
    symbolic.ensure(self.owed() == before.owed)


@external
def check_inc_1_a_claim_pays_its_credit_once():
    before: Round = self.any_round()
    credit: uint256 = before.credits[0]
    symbolic.assume(credit <= before.owed)
    to: address = ACCOUNTS[1] if symbolic.number("elsewhere") == 1 else ACCOUNTS[0]
    sender: address = symbolic.account("sender")
    self.call(
        sender,
        abi_encode(
            empty(address),
            ACCOUNTS[0],
            to,
            method_id=method_id("claim(address,address,address)"),
        ),
    )
    symbolic.ensure(to == ACCOUNTS[0] or sender == ACCOUNTS[0])
    credits: uint256[3] = self.credits()
    wrong: uint256 = to.balance ^ credit
    wrong |= unsafe_add(self.split.balance, credit) ^ before.balance
    wrong |= unsafe_add(self.owed(), credit) ^ before.owed
    wrong |= credits[0] | (credits[1] ^ before.credits[1]) | (credits[2] ^ before.credits[2])
    symbolic.ensure(wrong == 0)
    symbolic.ensure(credit != 0)


@internal
def any_round() -> Round:
    # A split of any shares, with any balance and any debts that it can pay. The numbers
    # are read from the split's end, as the contract does.
    tail: Bytes[76] = concat(
        self.any_row(0),
        self.any_row(1),
        self.any_row(2),
        slice(symbolic.word("total"), 29, 3),
        x"03",
    )
    total: uint256 = convert(slice(tail, 72, 3), uint256)
    shares: uint256[3] = [
        convert(slice(tail, 20, 4), uint256),
        convert(slice(tail, 44, 4), uint256),
        convert(slice(tail, 68, 4), uint256),
    ]
    symbolic.assume(total != 0)
    symbolic.assume(unsafe_add(unsafe_add(shares[0], shares[1]), shares[2]) == total)
    self.split = raw_create(self.init_code(tail))
    symbolic.forget_storage(self.split)

    balance: uint256 = symbolic.number("balance")
    symbolic.assume(balance < 2**96)    # more wei than there are
    symbolic.give(self.split, balance)
    for account: address in ACCOUNTS:
        symbolic.give(account, 0)
    owed: uint256 = self.owed()
    symbolic.assume(owed <= balance)
    units: uint256 = unsafe_div(unsafe_sub(balance, owed), total)
    parts: uint256[3] = [
        unsafe_mul(units, shares[0]),
        unsafe_mul(units, shares[1]),
        unsafe_mul(units, shares[2]),
    ]
    self.assume_arithmetic(balance, owed, units, total, parts)
    return Round(
        balance=balance,
        owed=owed,
        units=units,
        total=total,
        parts=parts,
        credits=self.credits(),
    )


@internal
def assume_arithmetic(
    balance: uint256, owed: uint256, units: uint256, total: uint256, parts: uint256[3]
):
    # units = (balance - owed) // total, and a part is units times a share of the total.
    amount: uint256 = unsafe_sub(balance, owed)
    sum: uint256 = unsafe_add(unsafe_add(parts[0], parts[1]), parts[2])
    symbolic.assume(sum == unsafe_mul(units, total))
    symbolic.assume(sum <= amount)
    symbolic.assume(unsafe_sub(amount, sum) < total)
    # So each part is there, whoever was paid before: a way that is long for the solver.
    symbolic.assume(parts[0] <= balance)
    symbolic.assume(parts[1] <= balance)
    symbolic.assume(parts[2] <= balance)
    symbolic.assume(parts[1] <= unsafe_sub(balance, parts[0]))
    symbolic.assume(parts[2] <= unsafe_sub(balance, parts[0]))
    symbolic.assume(parts[2] <= unsafe_sub(balance, parts[1]))
    symbolic.assume(parts[2] <= unsafe_sub(unsafe_sub(balance, parts[0]), parts[1]))


@internal
def any_row(i: uint256) -> Bytes[24]:
    # Account 160 | share 32.
    return concat(convert(ACCOUNTS[i], bytes20), slice(symbolic.word("share"), 28, 4))


@internal
def any_refusals() -> bool[3]:
    refuses: bool[3] = [False, False, False]
    for i: uint256 in range(3):
        if symbolic.number("refuses") == 1:
            raw.set_code(ACCOUNTS[i], REFUSES)
            refuses[i] = True
    return refuses


@internal
def distribute():
    data: Bytes[36] = abi_encode(empty(address), method_id=method_id("distribute(address)"))
    self.call(symbolic.account("sender"), data)


@internal
def call(sender: address, data: Bytes[100]):
    # One that reverts changes nothing.
    symbolic.assume(symbolic.send(self.split, sender, data))


@internal
def owed() -> uint256:
    return raw.stored(self.split, self.at(SLOT_Splitter_owed, empty(address)))


@internal
def credits() -> uint256[3]:
    of_eth: bytes32 = self.at(SLOT_Splitter_credits, empty(address))
    return [
        raw.stored(self.split, self.at(of_eth, ACCOUNTS[0])),
        raw.stored(self.split, self.at(of_eth, ACCOUNTS[1])),
        raw.stored(self.split, self.at(of_eth, ACCOUNTS[2])),
    ]


@internal
@pure
def at(slot: bytes32, key: address) -> bytes32:
    return keccak256(abi_encode(slot, key))


@internal
@view
def init_code(tail: Bytes[76]) -> Bytes[145]:
    # As in SplitterFactory.
    return concat(
        x"61008780600a5f395ff336600557005b365f5f375f5f5f5f61004c80603b363936015f73",
        convert(self.splitter, bytes20),
        x"5af43d3d93803e603957fd5bf3",
        tail,
    )
