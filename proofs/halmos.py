"""Halmos, told about Vyper contracts: it reads what Foundry would have compiled."""

import json
import subprocess
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from eth_utils import keccak
from eth_utils.abi import abi_to_signature
from vyper.compiler import CompilerData
from vyper.compiler.output import build_abi_output

from proofs.suites import Suite, Wrong
from scripts._lib.files import ROOT
from scripts._lib.refusal import Refusal
from scripts._lib.upgrade.sources import compiled, source_of

CHECKS = Path("proofs/checks")
ENVIRONMENT = ROOT / ".build" / "halmos"
LOOPS = "4"  # what no loop here exceeds; more is reported, and counts as a failure
SECONDS = "1800"  # for one question to the solver
PASSED, REFUTED = 0, 1  # halmos's exit codes of a check


@dataclass(frozen=True)
class Answer:
    """What halmos says of one check."""

    check: str
    code: int
    paths: int
    seconds: float
    is_bounded: bool  # some loop was left unexplored

    @property
    def is_proof(self) -> bool:
        return self.code == PASSED and not self.is_bounded

    @property
    def is_counterexample(self) -> bool:
        return self.code == REFUTED


def digest(suite: Suite) -> str:
    """Of all that a proof depends on: the contract's bytes, the checks and the faults."""
    made = sha256(repr(suite).encode())
    made.update(compiled(source_of(suite.subject)).bytecode)
    for name in (suite.contract, "symbolic", *suite.helpers):
        made.update((ROOT / CHECKS / f"{name}.vy").read_bytes())
    return made.hexdigest()


def ask(suite: Suite, wrong: Wrong | None = None) -> list[Answer]:
    """All checks of the contract as it is, or the one that a wrong contract fails."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        _lay_out(suite, wrong, root / "out")
        return _run(suite, root, f"^{wrong.check}\\(" if wrong else "^check_")


def _lay_out(suite: Suite, wrong: Wrong | None, out: Path) -> None:
    source = source_of(suite.subject)
    subject = compiled(source, edits=_edits(source, wrong) if wrong else {})
    parts = {suite.subject: subject}
    parts |= {name: compiled(str(CHECKS / f"{name}.vy")) for name in suite.helpers}
    path = str(CHECKS / f"{suite.contract}.vy")
    text = (ROOT / path).read_text()
    for name, data in parts.items():
        text = text.replace(f"INIT_{name}", f'x"{data.bytecode.hex()}"')
        is_function = " or ".join(f"selector == {selector}" for selector in _changing(data))
        text = text.replace(f"IS_FUNCTION_OF_{name}", f"({is_function})")
    parts[suite.contract] = compiled(path, edits={path: text})
    for name, data in parts.items():
        folder = out / f"{name}.sol"
        folder.mkdir(parents=True)
        (folder / f"{name}.json").write_text(json.dumps(_as_foundry(name, data)))


def _edits(source: str, wrong: Wrong) -> dict[str, str]:
    text = (ROOT / source).read_text()
    for old, new in wrong.edits:
        if text.count(old) != 1:
            raise Refusal(f"{source} does not say once: {old!r}. Mend proofs/suites.py.")
        text = text.replace(old, new)
    return {source: text}


def _selectors(data: CompilerData) -> dict[str, str]:
    functions = [entry for entry in build_abi_output(data) if entry["type"] == "function"]
    signatures = [abi_to_signature(entry) for entry in functions]
    return {signature: keccak(text=signature)[:4].hex() for signature in signatures}


def _changing(data: CompilerData) -> list[str]:
    # Selectors of what is no view.
    known = _selectors(data)
    return [
        f"0x{known[abi_to_signature(entry)]}"
        for entry in build_abi_output(data)
        if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
    ]


def _as_foundry(name: str, data: CompilerData) -> dict[str, Any]:
    def code(text: bytes) -> dict[str, Any]:
        return {"object": f"0x{text.hex()}", "linkReferences": {}}

    contract = {"nodeType": "ContractDefinition", "name": name, "contractKind": "contract"}
    return {
        "id": 0,
        "abi": build_abi_output(data),
        "bytecode": code(data.bytecode),
        "deployedBytecode": code(data.bytecode_runtime),
        "methodIdentifiers": _selectors(data),
        "metadata": {"compiler": {"version": "0.4.3"}, "output": {"devdoc": {"methods": {}}}},
        "ast": {"absolutePath": f"{name}.sol", "nodes": [contract]},
    }


def _run(suite: Suite, root: Path, pattern: str) -> list[Answer]:
    # It asks Foundry to build what is there already.
    forge = root / "bin" / "forge"
    forge.parent.mkdir()
    forge.write_text("#!/bin/sh\n")
    forge.chmod(0o755)
    told = root / "answer.json"
    command = [
        str(ENVIRONMENT / "bin" / "halmos"),
        *("--root", str(root), "--json-output", str(told), "--no-status"),
        *("--contract", suite.contract, "--match-test", pattern),
        *("--storage-layout", "generic", "--loop", LOOPS),
        *("--default-array-lengths", suite.arrays, "--default-bytes-lengths", suite.bytes),
        *("--solver-timeout-assertion", f"{SECONDS}s"),
    ]
    path = f"{forge.parent}:{ENVIRONMENT / 'bin'}:/usr/bin:/bin"
    done = subprocess.run(
        command, env={"PATH": path, "HOME": str(root)}, capture_output=True, text=True, check=False
    )
    if not told.exists():
        raise Refusal(f"halmos stopped: {(done.stdout + done.stderr).strip()[-500:]}")
    [answers] = json.loads(told.read_text())["test_results"].values()
    if any(answer["num_paths"] is None for answer in answers):
        raise Refusal(f"halmos gave up: {(done.stdout + done.stderr).strip()[-2000:]}")
    return [
        Answer(
            check=answer["name"].removesuffix("()"),
            code=answer["exitcode"],
            paths=answer["num_paths"][0],
            seconds=round(answer["time"][0], 1),
            is_bounded=answer["num_bounded_loops"] != 0,
        )
        for answer in answers
    ]
