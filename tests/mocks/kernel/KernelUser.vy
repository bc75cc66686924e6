# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A contract that finds others through kernel_client
@license AGPL-3.0-only
@notice Shows the internal functions of kernel_client, and what a look-up costs.
"""

from contracts.lib import kernel_client
from interfaces import IKernel

initializes: kernel_client

exports: (kernel_client.kernel, kernel_client.namespace)


@deploy
def __init__(kernel: address, namespace: bytes32):
    kernel_client.__init__(kernel, namespace)


@external
@view
def use(key: bytes32) -> address:
    """
    @notice `_module`.
    @param key The entry's key.
    @return The module.
    """
    return kernel_client._module(key)


@external
@view
def try_use(key: bytes32) -> address:
    """
    @notice `_try_module`.
    @param key The entry's key.
    @return The module; zero when unset or paused.
    """
    return kernel_client._try_module(key)


@external
@view
def authority(key: bytes32) -> (address, uint256):
    """
    @notice `_head`.
    @param key The entry's key.
    @return The module and its version.
    """
    return kernel_client._head(key)


@external
@view
def cost(id: bytes32) -> (uint256, uint256):
    """
    @notice What `module(id)` costs as a static call, the first and the second time
            in a transaction, apart from what measuring costs.
    @param id The entry's id.
    @return Gas, and gas.
    """
    kernel: IKernel = IKernel(kernel_client._KERNEL.address)
    start: uint256 = msg.gas
    overhead: uint256 = start - msg.gas
    start = msg.gas
    first: address = staticcall kernel.module(id)
    once: uint256 = start - msg.gas - overhead
    start = msg.gas
    second: address = staticcall kernel.module(id)
    return once, start - msg.gas - overhead
