"""Disassemble what the Vyper compiler made: the code alone, without data and metadata.

Vyper appends to the init code a CBOR list (integrity hash, runtime length, lengths of
the data sections, length of the immutables, compiler version) and its length in two
bytes. The runtime code is followed by its data sections (jump tables), which are no
code: bytes in them may look like any opcode.
"""

from typing import NamedTuple

import cbor2

PUSH1, PUSH32 = 0x60, 0x7F
OUTBOUND = {
    0xF0: "CREATE",
    0xF1: "CALL",
    0xF2: "CALLCODE",
    0xF4: "DELEGATECALL",
    0xF5: "CREATE2",
    0xFA: "STATICCALL",
    0xFF: "SELFDESTRUCT",
}


class Metadata(NamedTuple):
    runtime: int  # bytes
    data: list[int]  # bytes of each data section
    immutables: int  # bytes


def metadata(init_code: bytes) -> Metadata:
    length = int.from_bytes(init_code[-2:], "big")
    _, runtime, data, immutables, compiler = cbor2.loads(init_code[-length:-2])
    if set(compiler) != {"vyper"}:
        raise ValueError(f"not the metadata of vyper: {compiler}")
    return Metadata(runtime, data, immutables)


def code_only(runtime: bytes, meta: Metadata) -> bytes:
    """The runtime code without its data sections. Immutables come after `runtime`."""
    if len(runtime) != meta.runtime:
        raise ValueError(f"{len(runtime)} bytes, not {meta.runtime} as the metadata says")
    return runtime[: meta.runtime - sum(meta.data)]


def opcodes(code: bytes) -> list[int]:
    """The opcodes in order; what a PUSH carries is no opcode."""
    found, at = [], 0
    while at < len(code):
        found.append(code[at])
        at += 1 + (code[at] - PUSH1 + 1 if PUSH1 <= code[at] <= PUSH32 else 0)
    if at != len(code):
        raise ValueError("the code ends inside a PUSH")
    return found


def outbound(code: bytes) -> set[str]:
    """Names of the opcodes by which code can call, create or vanish."""
    return {OUTBOUND[opcode] for opcode in opcodes(code) if opcode in OUTBOUND}
