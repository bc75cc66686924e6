"""Compile contracts to the bytes that are deployed.

Without the compiler's metadata in the bytecode: it would move every address when a
comment changes. Neither ape-vyper nor its cache can do this, so the compiler is called.
"""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from sysconfig import get_path
from typing import Any

import vyper
from eth_abi import encode
from eth_utils.abi import function_abi_to_4byte_selector, get_abi_input_types
from ethpm_types import ContractType
from pydantic import BaseModel, ConfigDict
from vyper.compiler import CompilerData
from vyper.compiler.input_bundle import FilesystemInputBundle
from vyper.compiler.output import build_abi_output, build_layout_output
from vyper.evm.opcodes import DEFAULT_EVM_VERSION

from scripts._lib import ens_abi
from scripts._lib.files import ROOT, write_atomically

CACHE = ROOT / ".build" / "deploy"
SOURCES = [Path(get_path("purelib")), ROOT]  # snekmate's modules, and our own before them


class Artifact(BaseModel):
    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")

    name: str
    source: str  # path below the repository
    abi: list[dict[str, Any]]
    init_code: bytes
    blueprint: bytes  # init code that stores `init_code` as a blueprint (ERC-5202)
    runtime_size: int  # bytes, without the immutables that follow
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

    def call(self, method: str, *arguments: Any) -> bytes:
        """The data that calls a function."""
        [entry] = [each for each in self.abi if each.get("name") == method]
        return function_abi_to_4byte_selector(entry) + encode(get_abi_input_types(entry), arguments)

    @property
    def views(self) -> list[str]:
        """The views that ask for nothing."""
        return [
            entry["name"]
            for entry in self.abi
            if entry["type"] == "function"
            and not entry["inputs"]
            and entry["stateMutability"] in {"view", "pure"}
        ]

    def init_code_with(self, arguments: tuple[Any, ...]) -> bytes:
        types = get_abi_input_types({"type": "function", "inputs": self.constructor})
        return self.init_code + encode(types, arguments)


@cache
def artifact(name: str) -> Artifact:
    """The contract `contracts/**/name.vy`, compiled once for the sources as they are."""
    kept = CACHE / f"{name}-{_digest()}.json"
    if not kept.exists():
        write_atomically(kept, _compile(name).model_dump_json())
    return Artifact.model_validate_json(kept.read_text())


def _compile(name: str) -> Artifact:
    [path] = (ROOT / "contracts").glob(f"**/{name}.vy")
    bundle = FilesystemInputBundle(SOURCES)
    source = bundle.load_file(path.relative_to(ROOT))
    compiled = CompilerData(source, input_bundle=bundle, no_bytecode_metadata=True)
    return Artifact(
        name=name,
        source=str(path.relative_to(ROOT)),
        abi=ens_abi.complete(name, build_abi_output(compiled)),
        init_code=compiled.bytecode,
        blueprint=compiled.blueprint_bytecode,
        runtime_size=len(compiled.bytecode_runtime),
        layout=build_layout_output(compiled),
        settings={
            "version": vyper.__version__,
            "optimize": str(compiled.settings.optimize),
            "evm_version": compiled.settings.evm_version or DEFAULT_EVM_VERSION,
            "bytecode_metadata": False,
        },
    )


@cache
def _digest() -> str:
    """Of everything that decides the bytes: compiler, sources, and how it is called."""
    digest = sha256(f"{vyper.__long_version__} {version('snekmate')}".encode())
    for path in sorted([*ROOT.glob("contracts/**/*.vy"), *ROOT.glob("interfaces/**/*.vyi")]):
        digest.update(f"{path.relative_to(ROOT)}\0{path.read_text()}\0".encode())
    for module in (__file__, ens_abi.__file__):
        digest.update(Path(module).read_bytes())
    return digest.hexdigest()[:32]
