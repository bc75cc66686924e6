"""Compile contracts to the bytes that are deployed.

Without the compiler's metadata in the bytecode: it would move every address when a
comment changes. Neither ape-vyper nor its cache can do this, so the compiler is called.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import vyper
from eth_abi import encode
from eth_utils.abi import get_abi_input_types
from ethpm_types import ContractType
from vyper.compiler import CompilerData
from vyper.compiler.input_bundle import FilesystemInputBundle
from vyper.compiler.output import build_abi_output, build_layout_output

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Artifact:
    name: str
    source: str  # path below the repository
    abi: list[dict[str, Any]]
    init_code: bytes
    runtime: bytes  # without the immutables, which the constructor appends
    layout: dict[str, Any]
    settings: dict[str, Any]

    @property
    def constructor(self) -> list[dict[str, Any]]:
        """The constructor's inputs, as in the ABI."""
        found = [entry["inputs"] for entry in self.abi if entry["type"] == "constructor"]
        return found[0] if found else []

    @property
    def contract_type(self) -> ContractType:
        return ContractType.model_validate({"contractName": self.name, "abi": self.abi})

    def init_code_with(self, arguments: tuple[Any, ...]) -> bytes:
        types = get_abi_input_types({"type": "function", "inputs": self.constructor})
        return self.init_code + encode(types, arguments)


@cache
def artifact(name: str) -> Artifact:
    """Compile `contracts/**/name.vy`, once per process."""
    [path] = (ROOT / "contracts").glob(f"**/{name}.vy")
    bundle = FilesystemInputBundle([ROOT])
    source = bundle.load_file(path.relative_to(ROOT))
    compiled = CompilerData(source, input_bundle=bundle, no_bytecode_metadata=True)
    return Artifact(
        name=name,
        source=str(path.relative_to(ROOT)),
        abi=build_abi_output(compiled),
        init_code=compiled.bytecode,
        runtime=compiled.bytecode_runtime,
        layout=build_layout_output(compiled),
        settings={
            "version": vyper.__version__,
            "optimize": str(compiled.settings.optimize),
            "evm_version": compiled.settings.evm_version or "prague",
            "bytecode_metadata": False,
        },
    )
