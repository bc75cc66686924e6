# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title ForwarderFactory
@license AGPL-3.0-only
@notice Makes forwarders: addresses for income that follow their recipient.
@dev Anyone may ask for any forwarder, and nothing is stored: an address is the hash of
     this factory, the salt and the code, and the code holds the terms:

         loader 9 | head 50: empty calldata stops, all other delegates | terms of Forwarder

     The name is not looked up here: an address that was shared and paid before the name
     changed hands can still be made, and pays the fallback.
@custom:security There is no right to hold here. An address may be paid before its
     forwarder exists; being overtaken in creating it changes nothing. `is_forwarder`
     tells a forwarder from a contract that has the same code from elsewhere.
"""

from ...interfaces import IForwarderFactory

implements: IForwarderFactory

LOADER: constant(Bytes[9]) = x"606a8060095f395ff3"    # returns the 106 bytes that follow
HEAD: constant(uint256) = 50     # bytes of the forwarder before its terms
TERMS: constant(uint256) = 56    # subject 32 | epoch 4 | payee 20
SIZE: constant(uint256) = HEAD + TERMS

_IMPLEMENTATION: immutable(address)


@deploy
def __init__(implementation: address):
    """
    @notice Fix what all forwarders of this factory delegate to.
    @param implementation A Forwarder.
    """
    assert implementation.is_contract, "income: forwarder has no code"
    _IMPLEMENTATION = implementation


@external
def create(owner: address, target: address, salt: bytes32) -> address:
    """
    @notice Make the forwarder to an address that its owner may change, or find it made.
    @param owner Who may name another target; not zero.
    @param target Who is paid at first; not zero.
    @param salt Tells apart forwarders of the same owner and first target.
    @return The forwarder.
    @custom:reverts When owner or target is zero.
    """
    code: Bytes[SIZE] = self._owned(owner, target)
    forwarder: address = self._address(code, salt)
    if not forwarder.is_contract:
        forwarder = raw_create(concat(LOADER, code), salt=salt)
        log IForwarderFactory.ForwarderCreated(
            forwarder=forwarder, owner=owner, target=target, salt=salt
        )
    return forwarder


@external
def create_for_name(node: bytes32, epoch: uint32, fallback: address, salt: bytes32) -> address:
    """
    @notice Make the forwarder to whatever a name resolves to, or find it made.
    @param node The name.
    @param epoch In which it is followed: `Names.epoch(node)` of the name as it is held
           now. Another one is not refused, and pays the fallback.
    @param fallback Who is paid when the epoch is over, and while a managed name is hidden
           because one above it belongs to nobody; not zero.
    @param salt Tells apart forwarders of the same name, epoch and fallback.
    @return The forwarder.
    @custom:reverts When node, epoch or fallback is zero.
    """
    code: Bytes[SIZE] = self._named(node, epoch, fallback)
    forwarder: address = self._address(code, salt)
    if not forwarder.is_contract:
        forwarder = raw_create(concat(LOADER, code), salt=salt)
        log IForwarderFactory.ForwarderForNameCreated(
            forwarder=forwarder,
            node=node,
            fallback=fallback,
            epoch=convert(epoch, uint256),
            salt=salt,
        )
    return forwarder


@external
@view
def predict(owner: address, target: address, salt: bytes32) -> address:
    """
    @notice Where the forwarder is, or would be: it may be paid before it exists.
    @param owner As in `create`.
    @param target As in `create`.
    @param salt As in `create`.
    @return Its address.
    @custom:reverts As `create`.
    """
    return self._address(self._owned(owner, target), salt)


@external
@view
def predict_for_name(
    node: bytes32, epoch: uint32, fallback: address, salt: bytes32
) -> address:
    """
    @notice Where the forwarder is, or would be: it may be paid before it exists.
    @param node As in `create_for_name`.
    @param epoch As in `create_for_name`.
    @param fallback As in `create_for_name`.
    @param salt As in `create_for_name`.
    @return Its address.
    @custom:reverts As `create_for_name`.
    """
    return self._address(self._named(node, epoch, fallback), salt)


@external
@view
def is_forwarder(account: address, salt: bytes32) -> bool:
    """
    @notice Whether an account is a forwarder of this factory.
    @param account Any account.
    @param salt With which it was made.
    @return True if it is: what its `owner` and `bound` say can then be believed.
    """
    if account.codesize != SIZE:
        return False
    return account == self._address(slice(account.code, 0, SIZE), salt)


@external
@view
def implementation() -> address:
    """
    @notice What all forwarders of this factory delegate to.
    @return A Forwarder.
    """
    return _IMPLEMENTATION


@internal
@view
def _owned(owner: address, target: address) -> Bytes[SIZE]:
    assert owner != empty(address), "income: zero owner"
    assert target != empty(address), "income: zero address"
    return self._code(convert(convert(owner, uint256), bytes32), 0, target)


@internal
@view
def _named(node: bytes32, epoch: uint32, fallback: address) -> Bytes[SIZE]:
    assert node != empty(bytes32), "income: zero node"
    assert epoch != 0, "income: zero epoch"    # it marks the forwarder of an owner
    assert fallback != empty(address), "income: zero fallback"
    return self._code(node, epoch, fallback)


@internal
@view
def _code(subject: bytes32, epoch: uint32, payee: address) -> Bytes[SIZE]:
    return concat(
        x"36600557005b",                   # no calldata: stop
        x"365f5f37",                       # copy the calldata
        x"5f5f365f73",                     # delegate it to
        convert(_IMPLEMENTATION, bytes20),
        x"5af4",
        x"3d5f5f3e5f3d91603057fd5bf3",     # return or revert with the answer
        subject,
        convert(epoch, bytes4),
        convert(payee, bytes20),
    )


@internal
@view
def _address(code: Bytes[SIZE], salt: bytes32) -> address:
    # EIP-1014
    digest: bytes32 = keccak256(
        concat(b"\xff", convert(self, bytes20), salt, keccak256(concat(LOADER, code)))
    )
    return convert(convert(digest, uint256) & convert(max_value(uint160), uint256), address)
