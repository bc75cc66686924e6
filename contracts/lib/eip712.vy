# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title The domain of typed data (EIP-712, ERC-5267)
@license AGPL-3.0-only
@notice A name and a version, and digests bound to this contract on this chain.
@dev The separator is computed per call (40 gas): no immutable depends on the
     chain, so the code is the same everywhere and a fork replays nothing.
"""

VERSION: constant(String[8]) = "1"
VERSION_HASH: constant(bytes32) = keccak256("1")
DOMAIN_TYPEHASH: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)

_NAME: immutable(String[64])
_NAME_HASH: immutable(bytes32)


@deploy
def __init__(name: String[64]):
    """
    @notice Fix the name for good.
    @param name The contract's name and that of its domain; not empty.
    """
    assert len(name) != 0, "eip712: empty name"
    _NAME = name
    _NAME_HASH = keccak256(name)


@external
@view
def name() -> String[64]:
    """
    @notice The contract's name, also that of its domain.
    @return The name.
    """
    return _NAME


@external
@view
def version() -> String[8]:
    """
    @notice The version of the domain.
    @return Always "1".
    """
    return VERSION


@external
@view
def eip712Domain() -> (
    bytes1, String[64], String[8], uint256, address, bytes32, DynArray[uint256, 1]
):
    """
    @notice The domain, as wallets ask for it (ERC-5267).
    @return Which fields are used (0x0f: the first four), name, version, chain
            id, this contract, no salt, no extensions.
    """
    return (0x0f, _NAME, VERSION, chain.id, self, empty(bytes32), [])


@internal
@view
def _separator() -> bytes32:
    return keccak256(abi_encode(DOMAIN_TYPEHASH, _NAME_HASH, VERSION_HASH, chain.id, self))


@internal
@view
def _digest(struct_hash: bytes32) -> bytes32:
    return keccak256(concat(b"\x19\x01", self._separator(), struct_hash))
