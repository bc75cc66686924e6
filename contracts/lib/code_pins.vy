# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title The code that a vote was about
@license AGPL-3.0-only
@notice One pin for the code of all accounts that a batch calls.
@dev 168 bits, which is the room that a proposal's two words have: code that matches
     is harder to find than an address that matches (160 bits).
@custom:security A pin covers the code at an address, not what that code delegates
     to: an implementation behind a proxy may change under it.
"""

MAX_TARGETS: constant(uint256) = 10
PIN_MASK: constant(uint256) = 2**168 - 1


@internal
@view
def _pin(targets: DynArray[address, MAX_TARGETS]) -> uint256:
    pin: bytes32 = empty(bytes32)
    for target: address in targets:
        # A call to an account without code succeeds and does nothing.
        assert target.codesize != 0, "pin: target has no code"
        # 0xef starts what is not plain code, an EIP-7702 account among it.
        assert slice(target.code, 0, 1) != b"\xef", "pin: target not plain code"
        pin = keccak256(concat(pin, target.codehash))
    return convert(pin, uint256) & PIN_MASK
