# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title One function for each opcode that a kernel must not hold
@license AGPL-3.0-only
@notice Proves that the walker of tests/support/opcodes.py sees them.
"""


@external
def call(target: address):
    """
    @notice CALL.
    @param target Any account.
    """
    raw_call(target, b"")


@external
@view
def static_call(target: address):
    """
    @notice STATICCALL.
    @param target Any account.
    """
    raw_call(target, b"", is_static_call=True)


@external
def delegate_call(target: address):
    """
    @notice DELEGATECALL.
    @param target Any account.
    """
    raw_call(target, b"", is_delegate_call=True)


@external
def create(target: address) -> address:
    """
    @notice CREATE.
    @param target Any contract.
    @return The clone.
    """
    return create_minimal_proxy_to(target)


@external
def create_at(target: address) -> address:
    """
    @notice CREATE2.
    @param target Any contract.
    @return The clone.
    """
    return create_minimal_proxy_to(target, salt=empty(bytes32))


@external
def vanish(target: address):
    """
    @notice SELFDESTRUCT.
    @param target Who gets the balance.
    """
    selfdestruct(target)
