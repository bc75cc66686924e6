# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title What a renderer asks of a collection
@license AGPL-3.0-only
@notice Its name and symbol are any bytes, also such as are no text.
"""

name: public(Bytes[64])
symbol: public(Bytes[16])
base_uri: public(String[256])
expiresAt: public(HashMap[uint256, uint64])
locked: public(HashMap[uint256, bool])


@external
def describe(name: Bytes[64], symbol: Bytes[16], id: uint256, expiry: uint64, locked: bool):
    """
    @notice Set everything.
    @param name The name.
    @param symbol The symbol.
    @param id A pass.
    @param expiry When it expires, in seconds.
    @param locked Whether it is soulbound.
    """
    self.name = name
    self.symbol = symbol
    self.expiresAt[id] = expiry
    self.locked[id] = locked


@external
def set_base_uri(base_uri: String[256]):
    """
    @notice Have its metadata elsewhere.
    @param base_uri Where.
    """
    self.base_uri = base_uri
