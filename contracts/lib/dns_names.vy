# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Names on the wire
@license AGPL-3.0-only
@notice Reads and writes the encoding in which clients pass names to resolvers: each
        label after its length in one byte, then a zero (RFC 1035, ENSIP-10).
@dev Accepted is exactly what encoding makes: no empty label before the end, no label
     that runs over it, nothing behind it, and at most 255 bytes.
@custom:security Labels are taken as they are. Only `_encode` knows which of them can
     be shown to people.
"""

MAX_WIRE: constant(uint256) = 255    # bytes, as in DNS
MAX_TEXT: constant(uint256) = 253    # without the first length and the last zero
MAX_LABELS: constant(uint256) = 127  # of one byte each

DOT: constant(uint256) = 46
HYPHEN: constant(uint256) = 45
HYPHENS: constant(Bytes[2]) = b"--"


@internal
@pure
def _starts(wire: Bytes[MAX_WIRE]) -> (bool, DynArray[uint256, MAX_LABELS]):
    # Whether it is an encoded name, and where its labels begin.
    starts: DynArray[uint256, MAX_LABELS] = []
    at: uint256 = 0
    for i: uint256 in range(MAX_LABELS + 1):
        if at >= len(wire):
            return False, starts   # no end
        size: uint256 = convert(slice(wire, at, 1), uint256)
        if size == 0:
            return at + 1 == len(wire), starts
        starts.append(at)
        at += size + 1
    return False, starts  # dev: 255 bytes hold no more labels


@internal
@pure
def _child(node: bytes32, wire: Bytes[MAX_WIRE], start: uint256) -> bytes32:
    # The node of the label that begins there, below another (EIP-137).
    size: uint256 = convert(slice(wire, start, 1), uint256)
    return keccak256(concat(node, keccak256(slice(wire, start + 1, size))))


@internal
@pure
def _node(wire: Bytes[MAX_WIRE]) -> (bool, bytes32):
    # Whether it is an encoded name, and its node.
    valid: bool = False
    starts: DynArray[uint256, MAX_LABELS] = []
    valid, starts = self._starts(wire)
    node: bytes32 = empty(bytes32)
    if valid:
        for i: uint256 in range(len(starts), bound=MAX_LABELS):
            node = self._child(node, wire, starts[len(starts) - 1 - i])
    return valid, node


@internal
@pure
def _encode(text: String[MAX_WIRE]) -> (bool, Bytes[MAX_WIRE]):
    # A name that can be shown, encoded: of letters, digits and hyphens, as all names
    # that can be registered. Whether others are normal (ENSIP-15) no contract can tell.
    wire: Bytes[MAX_WIRE] = b""
    name: Bytes[MAX_WIRE] = convert(text, Bytes[MAX_WIRE])
    if len(name) == 0 or len(name) > MAX_TEXT:
        return False, b""
    start: uint256 = 0
    for i: uint256 in range(MAX_WIRE):
        at_end: bool = i == len(name)
        character: uint256 = DOT
        if not at_end:
            character = convert(slice(name, i, 1), uint256)
        if character == DOT:
            if i == start:
                return False, b""  # an empty label
            wire = self._append(wire, slice(name, start, i - start))
            start = i + 1
        elif not self._is_plain(character):
            return False, b""
        elif i == start + 3 and slice(name, start + 2, 2) == HYPHENS:
            return False, b""      # reserved, e.g. for punycode
        if at_end:
            break
    return True, abi_decode(abi_encode(concat(wire, b"\x00")), Bytes[MAX_WIRE])


@internal
@pure
def _append(wire: Bytes[MAX_WIRE], label: Bytes[MAX_WIRE]) -> Bytes[MAX_WIRE]:
    size: Bytes[1] = slice(convert(len(label), bytes32), 31, 1)
    return abi_decode(abi_encode(concat(wire, size, label)), Bytes[MAX_WIRE])


@internal
@pure
def _is_plain(character: uint256) -> bool:
    return (
        (character >= 97 and character <= 122)
        or (character >= 48 and character <= 57)
        or character == HYPHEN
    )
