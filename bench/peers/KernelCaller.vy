# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title KernelCaller
@license AGPL-3.0-only
@notice Calls a store that it finds through the kernel, as every module of the suite does.
"""

from interfaces import IKernel


interface Store:
    def store(number: uint256): nonpayable


KERNEL: immutable(IKernel)
ENTRY: immutable(bytes32)


@deploy
def __init__(kernel: address, entry: bytes32):
    """
    @notice Fix whom to ask, and for what.
    @param kernel The kernel.
    @param entry The id of the store's entry.
    """
    KERNEL = IKernel(kernel)
    ENTRY = entry


@external
def store(number: uint256):
    """
    @notice Set the slot of the store that is in force.
    @param number What to.
    """
    extcall Store(staticcall KERNEL.module(ENTRY)).store(number)
