# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Short byte strings in one word
@license AGPL-3.0-only
@notice Keeps byte strings under keys; up to 31 bytes take one storage word, where
        Vyper's own take two.
@dev The layout is that of Solidity's strings:

         up to 31 bytes   head = bytes, left-aligned | 2 * length
         more             head = 2 * length + 1, bytes in the tail, 32 to a word

     A shorter string leaves old words in the tail; the head's length hides them.
@custom:security One module has one table: keys of different kinds must differ,
     so derive them by hashing the kind too.
"""

MAX_BYTES: constant(uint256) = 1024   # a page of text; longer things belong on IPFS
MAX_WORDS: constant(uint256) = MAX_BYTES // 32

_heads: HashMap[bytes32, uint256]                # key -> bytes and length
_tails: HashMap[bytes32, bytes32[MAX_WORDS]]     # key -> bytes of a long one


@internal
def _store(key: bytes32, data: Bytes[MAX_BYTES]):
    size: uint256 = len(data)
    padded: Bytes[MAX_BYTES + 32] = concat(data, empty(bytes32))
    if size < 32:
        self._heads[key] = extract32(padded, 0, output_type=uint256) | (2 * size)
        return
    self._heads[key] = 2 * size + 1
    for i: uint256 in range((size + 31) // 32, bound=MAX_WORDS):
        self._tails[key][i] = extract32(padded, 32 * i)


@internal
@view
def _load(key: bytes32) -> Bytes[MAX_BYTES]:
    head: uint256 = self._heads[key]
    if head & 1 == 0:
        return slice(convert(head, bytes32), 0, (head & 63) >> 1)
    size: uint256 = head >> 1
    words: bytes32[MAX_WORDS] = empty(bytes32[MAX_WORDS])
    for i: uint256 in range((size + 31) // 32, bound=MAX_WORDS):
        words[i] = self._tails[key][i]
    return slice(abi_encode(words), 0, size)


@internal
@view
def _is_set(key: bytes32) -> bool:
    return self._heads[key] != 0
