# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title How a module knows its kernel and its namespace
@license AGPL-3.0-only
@notice Holds the two for good, and finds other modules of the namespace.
@dev A role may pass to another contract at any block: resolve it once per
     transaction and pass the answer down; never store it.
@custom:security Use `_module` to call a module, `_head` to ask who has
     authority (a pause stops use, it never takes or gives power), and
     `_try_module` where a missing or paused module must not stop a user.
"""

from ...interfaces import IKernel

_KERNEL: immutable(IKernel)
_NAMESPACE: immutable(bytes32)


@deploy
def __init__(kernel: address, namespace: bytes32):
    """
    @notice Fix the kernel and the namespace for good.
    @param kernel The kernel; must have code.
    @param namespace The namespace of this module; not zero. It may be claimed
           later: its id is known before.
    """
    assert kernel.is_contract, "client: kernel has no code"
    assert namespace != empty(bytes32), "client: zero namespace"
    _KERNEL = IKernel(kernel)
    _NAMESPACE = namespace


@external
@view
def kernel() -> address:
    """
    @notice The kernel this module asks.
    @return Its address.
    """
    return _KERNEL.address


@external
@view
def namespace() -> bytes32:
    """
    @notice The namespace this module belongs to.
    @return Its id, keccak256(abi_encode(claimer, label)).
    """
    return _NAMESPACE


@internal
@view
def _module(key: bytes32) -> address:
    # For use. Reverts when the key is unset or paused.
    return staticcall _KERNEL.module(self._id(key))


@internal
@view
def _try_module(key: bytes32) -> address:
    # For use where failure has a safe answer: zero when unset or paused.
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        _KERNEL.address,
        abi_encode(self._id(key), method_id=method_id("module(bytes32)")),
        max_outsize=32,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success or len(answer) != 32:
        return empty(address)
    return abi_decode(answer, address)


@internal
@view
def _head(key: bytes32) -> (address, uint256):
    # For authority: (module, version), whether paused or not.
    return staticcall _KERNEL.head(self._id(key))


@internal
@view
def _id(key: bytes32) -> bytes32:
    return keccak256(abi_encode(_NAMESPACE, key))
