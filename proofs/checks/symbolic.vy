# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
"""
@title symbolic
@license AGPL-3.0-only
@notice What a check says to the prover: halmos's cheat codes under plain names.
@dev A value made here stands for all values of its type at once, and so does the
     storage of what was forgotten.
"""


interface Vm:
    def assume(condition: bool): nonpayable
    def prank(sender: address): nonpayable
    def warp(time: uint256): nonpayable
    def deal(account: address, balance: uint256): nonpayable


interface Svm:
    def createUint256(name: String[32]) -> uint256: nonpayable
    def createBytes32(name: String[32]) -> bytes32: nonpayable
    def createAddress(name: String[32]) -> address: nonpayable
    def createCalldata(contract: String[32]) -> Bytes[8192]: nonpayable
    def enableSymbolicStorage(account: address): nonpayable


VM: constant(Vm) = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D)
SVM: constant(Svm) = Svm(0xF3993A62377BCd56AE39D773740A5390411E8BC9)
PANIC: constant(bytes4) = 0x4e487b71    # Panic(1): what the prover takes for a failure


@internal
def assume(holds: bool):
    extcall VM.assume(holds, skip_contract_check=True)


@internal
def ensure(holds: bool):
    if not holds:
        raw_revert(concat(PANIC, convert(1, bytes32)))


@internal
def number(name: String[32]) -> uint256:
    return extcall SVM.createUint256(name, skip_contract_check=True)


@internal
def word(name: String[32]) -> bytes32:
    return extcall SVM.createBytes32(name, skip_contract_check=True)


@internal
def account(name: String[32]) -> address:
    # Nobody has the key of zero.
    made: address = extcall SVM.createAddress(name, skip_contract_check=True)
    extcall VM.assume(made != empty(address), skip_contract_check=True)
    return made


@internal
def forget_storage(target: address):
    extcall SVM.enableSymbolicStorage(target, skip_contract_check=True)


@internal
def set_time(time: uint256):
    extcall VM.warp(time, skip_contract_check=True)


@internal
def give(account: address, balance: uint256):
    extcall VM.deal(account, balance, skip_contract_check=True)


@internal
def call_of(contract: String[32]) -> Bytes[8192]:
    # Any arguments, dynamic ones of a bounded length. Beside the functions that change
    # something it makes a call of no function: to be excluded by IS_FUNCTION_OF_...,
    # which the prover writes out as `selector == ... or ...`.
    data: Bytes[8192] = extcall SVM.createCalldata(contract, skip_contract_check=True)
    extcall VM.assume(len(data) >= 4, skip_contract_check=True)
    return data


@internal
def send(target: address, sender: address, data: Bytes[8192]) -> bool:
    extcall VM.prank(sender, skip_contract_check=True)
    return raw_call(target, data, revert_on_failure=False)
