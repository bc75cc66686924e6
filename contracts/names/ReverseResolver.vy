# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title ReverseResolver
@license AGPL-3.0-only
@notice Primary names: which name an account wants to be called by.
@dev One string per account, under the node `<address>.addr.reverse` of EIP-181,
     in one storage word up to 31 bytes. The registry's `resolver` asks `answers`,
     so that older clients find this contract without a second write.

     Invariant NAM-7: docs/invariants.md.
@custom:security A primary name is a claim of the account alone. It proves nothing
     until the name resolves back to the account: every reader must check that.
"""

from ...interfaces import IReverseResolver
from ..lib import packed_bytes
from ..lib import reverse_nodes

implements: IReverseResolver

initializes: packed_bytes

MAX_NAME: constant(uint256) = 255   # bytes, as in DNS

_NAMES: immutable(address)


@deploy
def __init__(names: address):
    """
    @notice Fix the registry, which creates this contract in its constructor.
    @param names The registry; not zero.
    """
    assert names != empty(address), "reverse: zero names"
    _NAMES = names


@external
def setName(name: String[MAX_NAME]) -> bytes32:
    """
    @notice Set the sender's primary name. (ENS reverse registrar)
    @param name Any name; empty to have none.
    @return The sender's reverse node.
    """
    return self._set_name(msg.sender, name)


@external
def set_primary(account: address, name: String[MAX_NAME]) -> bytes32:
    """
    @notice Set the primary name of who registers it. Only the registry may, for
            its own sender.
    @param account Who registers.
    @param name The name.
    @return The account's reverse node.
    """
    assert msg.sender == _NAMES, "reverse: not names"
    return self._set_name(account, name)


@external
@view
@reentrant
def name(node: bytes32) -> String[MAX_NAME]:
    """
    @notice The primary name at a reverse node; to be confirmed by resolving it.
            (EIP-181)
    @param node Any node.
    @return The name, empty if none.
    """
    return abi_decode(abi_encode(packed_bytes._load(node)), String[MAX_NAME])


@external
@view
@reentrant
def answers(node: bytes32) -> bool:
    """
    @notice Whether a node has a primary name here.
    @param node Any node.
    @return True if it has.
    """
    return packed_bytes._is_set(node)


@external
@view
@reentrant
def node(account: address) -> bytes32:
    """
    @notice The reverse node of an account. (ENS reverse registrar)
    @param account Any account.
    @return namehash(<hexadecimal address, lower case>.addr.reverse)
    """
    return reverse_nodes._node(account)


@external
@view
@reentrant
def supportsInterface(interface_id: bytes4) -> bool:
    """
    @notice What this contract speaks. (ERC-165)
    @param interface_id Of an interface.
    @return True for ERC-165 and `name(bytes32)`.
    """
    return interface_id in [0x01ffc9a7, 0x691f3431]


@external
@view
@reentrant
def names() -> address:
    """
    @notice The registry.
    @return Its address.
    """
    return _NAMES


# ----- internal -----

@internal
def _set_name(account: address, name: String[MAX_NAME]) -> bytes32:
    node: bytes32 = reverse_nodes._node(account)
    packed_bytes._store(node, convert(name, Bytes[MAX_NAME]))
    log IReverseResolver.ReverseClaimed(addr=account, node=node)
    log IReverseResolver.NameChanged(node=node, name=name)
    return node
