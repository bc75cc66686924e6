# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A contract with an owner
@license AGPL-3.0-only
@notice Says whose it is, and signs what its owner signed (ERC-1271).
"""

owner: public(address)


@deploy
def __init__(owner: address):
    """
    @notice Fix the owner.
    @param owner Any account.
    """
    self.owner = owner


@external
@view
def isValidSignature(digest: bytes32, signature: Bytes[65]) -> bytes4:
    """
    @notice Whether the owner signed. (ERC-1271)
    @param digest What was signed.
    @param signature r, s, v.
    @return The magic value, or zero.
    """
    signer: address = ecrecover(
        digest,
        convert(slice(signature, 64, 1), uint8),
        convert(slice(signature, 0, 32), bytes32),
        convert(slice(signature, 32, 32), bytes32),
    )
    return 0x1626ba7e if signer == self.owner else 0x00000000
