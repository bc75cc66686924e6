"""KER-10, and the size."""

import pytest

from tests.support.compiled import deployer
from tests.support.kernel import kernel_abi
from tests.support.opcodes import OUTBOUND, code_only, metadata, opcodes, outbound

EIP_170 = 24_576
LIMIT = EIP_170 // 2


def code_of(name: str) -> bytes:
    compiled = deployer(name).compiler_data
    return code_only(compiled.bytecode_runtime, metadata(compiled.bytecode))


def test_ker_10_the_kernel_calls_nobody():
    code = code_of("Kernel")
    assert outbound(code) == set()
    assert len(opcodes(code)) > 1_000  # it was walked


def test_the_deployed_code_is_the_code_that_was_walked(kernel):
    assert kernel.env.get_code(kernel.address) == deployer("Kernel").compiler_data.bytecode_runtime
    assert metadata(deployer("Kernel").compiler_data.bytecode).immutables == 0


def test_the_walker_sees_each_of_them():
    """CALLCODE cannot be written in Vyper; it is put in by hand."""
    code = code_of("KernelEscapes")
    assert outbound(code) == set(OUTBOUND.values()) - {"CALLCODE"}
    assert outbound(code + b"\xf2") == set(OUTBOUND.values())


def test_the_walker_skips_what_a_push_carries():
    assert outbound(bytes.fromhex("60f1" + "61f4fa" + "7f" + "ff" * 32 + "5f00")) == set()
    assert outbound(bytes.fromhex("5ff1")) == {"CALL"}  # PUSH0 carries nothing


def test_the_walker_refuses_code_that_ends_inside_a_push():
    with pytest.raises(ValueError, match="inside a PUSH"):
        opcodes(bytes.fromhex("61f1"))


def test_the_data_sections_are_no_code():
    """Jump tables follow the code; the last opcode before them ends a path."""
    compiled = deployer("Kernel").compiler_data
    meta = metadata(compiled.bytecode)
    assert sum(meta.data) > 0
    assert len(code_of("Kernel")) + sum(meta.data) == len(compiled.bytecode_runtime)


def test_the_kernel_is_half_of_what_may_be_deployed():
    assert len(deployer("Kernel").compiler_data.bytecode_runtime) < LIMIT


def test_the_kernel_takes_no_argument():
    """So that the same bytes get the same address on every chain."""
    assert [item for item in kernel_abi() if item["type"] == "constructor"] == []
