# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title PassFactory
@license AGPL-3.0-only
@notice Makes pass collections for anybody, keeps no power over them and stores
        nothing.
@dev A collection is an ERC-1167 clone of the implementation, initialized in the
     call that creates it. Its address commits to who made it and to the whole
     set-up, so it can be named and paid before it exists, and nobody else can
     take it or set it up otherwise.
@custom:security The implementation is fixed here for good and must be locked, as
     Pass is from its constructor on.
"""

from ...interfaces import IPass
from ...interfaces import IPassFactory

implements: IPassFactory

# ERC-1167, as create_minimal_proxy_to deploys it.
CLONE_HEAD: constant(Bytes[19]) = x"602d3d8160093d39f3363d3d373d3d3d363d73"
CLONE_TAIL: constant(Bytes[15]) = x"5af43d82803e903d91602b57fd5bf3"

_IMPLEMENTATION: immutable(address)


@deploy
def __init__(implementation: address):
    """
    @notice Fix the implementation for good.
    @param implementation A deployed Pass.
    """
    assert implementation.is_contract, "pass factory: no implementation"
    _IMPLEMENTATION = implementation


@external
def create(setup: IPass.Setup, salt: bytes32) -> address:
    """
    @notice Create a collection. Anyone may; the owner is the one in the set-up.
    @param setup See IPass.Setup.
    @param salt Tells apart collections of one sender with one set-up.
    @return The collection. Reverts if it exists.
    """
    unique: bytes32 = self._salt(msg.sender, salt, keccak256(abi_encode(setup)))
    collection: address = create_minimal_proxy_to(
        _IMPLEMENTATION, salt=unique, revert_on_failure=False
    )
    assert collection != empty(address), "pass factory: exists"
    log IPassFactory.CollectionCreated(collection=collection, sender=msg.sender)
    extcall IPass(collection).initialize(setup)
    return collection


@external
@view
def predict(sender: address, setup: IPass.Setup, salt: bytes32) -> address:
    """
    @notice Where `create` puts a collection (CREATE2, EIP-1014).
    @param sender Who will call `create`.
    @param setup As for `create`.
    @param salt As for `create`.
    @return The address, whether it exists or not.
    """
    unique: bytes32 = self._salt(sender, salt, keccak256(abi_encode(setup)))
    code_hash: bytes32 = keccak256(
        concat(CLONE_HEAD, convert(_IMPLEMENTATION, bytes20), CLONE_TAIL)
    )
    digest: bytes32 = keccak256(concat(0xff, convert(self, bytes20), unique, code_hash))
    return convert(convert(digest, uint256) & (2**160 - 1), address)


@external
@view
def implementation() -> address:
    """
    @notice What every collection is a clone of.
    @return Its address.
    """
    return _IMPLEMENTATION


@internal
@pure
def _salt(sender: address, salt: bytes32, digest: bytes32) -> bytes32:
    return keccak256(abi_encode(sender, salt, digest))
