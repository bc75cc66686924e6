# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Questions to contracts that nobody vouches for
@license AGPL-3.0-only
@notice Static calls with the same gas whoever asks, that no answer can hurt.
@custom:security What cannot be trusted is no answer: a revert, an answer that is
     too short or too long, an account without code. A caller with too little gas
     gets a revert, never a wrong answer.
"""

GAS: constant(uint256) = 100_000    # for the dearest proxied tokens
# What a caller must have left, so that GAS is there after the call's own cost, a
# cold EIP-7702 delegate's too, and the 64th that EIP-150 keeps back.
ENOUGH: constant(uint256) = GAS * 64 // 63 + 5_000 + 2_600

MAX_QUESTION: constant(uint256) = 68      # a selector and two words
MAX_TEXT: constant(uint256) = 255         # bytes, as a name in DNS
MAX_ANSWER: constant(uint256) = 64 + 256  # a text's place and length, and its words
READ: constant(uint256) = MAX_ANSWER + 1  # one byte more than is right, to see what is too long


@internal
@view
def _word(target: address, question: Bytes[MAX_QUESTION]) -> (bool, uint256):
    # Whether there is an answer of one word, and which.
    success: bool = False
    answer: Bytes[33] = b""   # one byte more than is right, to see what is too long
    assert msg.gas >= ENOUGH, "gate: too little gas"
    success, answer = raw_call(
        target,
        question,
        max_outsize=33,
        gas=GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success or len(answer) != 32:
        return False, 0
    return True, extract32(answer, 0, output_type=uint256)


@internal
@view
def _account(target: address, question: Bytes[MAX_QUESTION]) -> (bool, address):
    found: bool = False
    word: uint256 = 0
    found, word = self._word(target, question)
    if not found or word > convert(max_value(uint160), uint256):
        return False, empty(address)
    return True, convert(word, address)


@internal
@view
def _text(target: address, question: Bytes[MAX_QUESTION]) -> (bool, Bytes[READ]):
    # Whether there is an answer of one string in the ABI's usual form, and which.
    success: bool = False
    answer: Bytes[READ] = b""
    assert msg.gas >= ENOUGH, "gate: too little gas"
    success, answer = raw_call(
        target,
        question,
        max_outsize=READ,
        gas=GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success or len(answer) < 64:
        return False, b""
    size: uint256 = extract32(answer, 32, output_type=uint256)
    if extract32(answer, 0, output_type=uint256) != 32 or size > MAX_TEXT:
        return False, b""
    if len(answer) != 64 + 32 * ((size + 31) // 32):   # nor one that was cut off
        return False, b""
    return True, slice(answer, 64, size)
