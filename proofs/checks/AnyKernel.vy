# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
"""
@title AnyKernel
@license AGPL-3.0-only
@notice A kernel that names whom it likes: with symbolic storage, every kernel whose
        answers do not change within a transaction.
"""

_heads: HashMap[bytes32, uint256]    # module 160 | version 32


@external
@view
def head(id: bytes32) -> (address, uint256):
    word: uint256 = self._heads[id]
    return convert(word & (2**160 - 1), address), (word >> 160) & (2**32 - 1)
