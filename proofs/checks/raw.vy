# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
"""
@title raw
@license AGPL-3.0-only
@notice What a check reads below the views, where those would have the prover go
        through cases that do not matter, and the code that it puts somewhere.
"""


interface Vm:
    def load(account: address, slot: bytes32) -> uint256: nonpayable
    def etch(account: address, code: Bytes[32]): nonpayable


VM: constant(Vm) = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D)


@internal
def stored(target: address, slot: bytes32) -> uint256:
    # The slot of a variable _x of contract C is written SLOT_C_x.
    return extcall VM.load(target, slot, skip_contract_check=True)


@internal
def set_code(account: address, code: bytes32):
    extcall VM.etch(account, abi_encode(code), skip_contract_check=True)
