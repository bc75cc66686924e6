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

implements: IReverseResolver

initializes: packed_bytes

MAX_NAME: constant(uint256) = 255   # bytes, as in DNS

ADDR_REVERSE: constant(bytes32) = 0x91d1777781884d03a6757a803996e38de2a42967fb37eeaca72729271025a9e2

MASK_32: constant(uint256) = 2**32 - 1
ONES: constant(uint256) = max_value(uint256) // 255   # 0x0101...01

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
    return self._node(account)


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
    node: bytes32 = self._node(account)
    packed_bytes._store(node, convert(name, Bytes[MAX_NAME]))
    log IReverseResolver.ReverseClaimed(addr=account, node=node)
    log IReverseResolver.NameChanged(node=node, name=name)
    return node


@internal
@pure
def _node(account: address) -> bytes32:
    digits: uint256 = convert(account, uint256)
    label: bytes32 = keccak256(
        concat(
            convert(self._hex(digits >> 32), bytes32),
            slice(convert(self._hex(digits & MASK_32), bytes32), 24, 8),
        )
    )
    return keccak256(concat(ADDR_REVERSE, label))


@internal
@pure
def _hex(number: uint256) -> uint256:
    # 16 bytes as 32 lower-case hexadecimal digits, all at once. Halves move apart
    # until each nibble has a byte of its own; max // (2^k + 1) keeps every other k bits.
    word: uint256 = (number | (number << 64)) & (max_value(uint256) // (2**64 + 1))
    word = (word | (word << 32)) & (max_value(uint256) // (2**32 + 1))
    word = (word | (word << 16)) & (max_value(uint256) // (2**16 + 1))
    word = (word | (word << 8)) & (max_value(uint256) // (2**8 + 1))
    word = (word | (word << 4)) & (max_value(uint256) // (2**4 + 1))
    # "0" is 48, and "a" lies 39 behind what follows "9". Adding 6 carries above 9.
    above_nine: uint256 = ((word + 6 * ONES) >> 4) & ONES
    return word + 48 * ONES + 39 * above_nine
