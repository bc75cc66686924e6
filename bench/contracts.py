"""Init code: ours and snekmate's by Vyper, Solidity's by solc, Unlock's as published."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import boa

from tests.compat.peer import artifacts
from tests.support.compiled import ROOT, deployer
from tests.support.solidity import MODULES, compiled

PEERS = Path(__file__).parent / "peers"

boa.interpret.set_search_paths([str(ROOT)])


def ours(name: str) -> bytes:
    return deployer(name).compiler_data.bytecode


def blueprint(name: str) -> bytes:
    """Init code that deploys a contract's own as an ERC-5202 blueprint."""
    code = b"\xfe\x71\x00" + ours(name)
    return b"\x61" + len(code).to_bytes(2, "big") + bytes.fromhex("3d81600a3d39f3") + code


@cache
def vyper(name: str) -> bytes:
    return boa.load_partial(str((PEERS / f"{name}.vy").relative_to(ROOT))).compiler_data.bytecode


@cache
def solidity(name: str) -> bytes:
    return bytes.fromhex(compiled(PEERS / f"{name}.sol")[name]["bytecode"])


def compat(name: str) -> bytes:
    """OpenZeppelin's, as tests/compat compares ours with."""
    return bytes.fromhex(artifacts()[name]["bytecode"])


def unlock(name: str) -> bytes:
    folder = MODULES / "@unlock-protocol" / "contracts" / "dist" / "abis"
    [artifact] = folder.glob(f"*/{name}.json")
    made: dict[str, Any] = json.loads(artifact.read_text())
    return bytes.fromhex(made["bytecode"][2:])
