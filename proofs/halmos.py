"""Halmos, told about Vyper contracts: it reads what Foundry would have compiled."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from eth_utils import keccak
from eth_utils.abi import abi_to_signature
from vyper.compiler import CompilerData
from vyper.compiler.output import build_abi_output

from proofs.suites import Suite, Wrong
from scripts._lib.files import ROOT, write_atomically
from scripts._lib.refusal import Refusal
from scripts._lib.upgrade.sources import compiled, source_of

CHECKS = Path("proofs/checks")
ENVIRONMENT = ROOT / ".build" / "halmos"
ANSWERS = ROOT / ".build" / "proofs"
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
    for name in (suite.contract, *_modules(suite), *suite.helpers):
        made.update((ROOT / CHECKS / f"{name}.vy").read_bytes())
    return made.hexdigest()


def _modules(suite: Suite) -> list[str]:
    # What the checks import of what stands beside them.
    return re.findall(r"^import (\w+)$", _text(suite), re.MULTILINE)


def checks_of(suite: Suite) -> list[str]:
    """The names of a contract's checks."""
    return re.findall(r"^def (check_\w+)\(", _text(suite), re.MULTILINE)


def ask(suite: Suite, check: str, wrong: Wrong | None = None) -> Answer:
    """One check of the contract as it is, or of a wrong one. What was answered before is not
    asked again."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        _lay_out(suite, check, wrong, root / "out")
        # A proof needs all paths, a counterexample one.
        options = [*_options(suite), *(["--early-exit"] if wrong else [])]
        known = ANSWERS / f"{_digest_of(root / 'out', options)}.json"
        if not known.exists():
            answer = _run(suite, root, options)
            write_atomically(known, json.dumps(asdict(answer)))
        return Answer(**json.loads(known.read_text()))


def _text(suite: Suite) -> str:
    return (ROOT / CHECKS / f"{suite.contract}.vy").read_text()


def _alone(text: str, check: str) -> str:
    # Without the other checks, so that an answer holds until what it depends on changes.
    def kept(found: re.Match[str]) -> str:
        return found[0] if found[1] == check else ""

    return re.sub(r"@external\ndef (check_\w+)\(\):\n(?:(?: .*)?\n)+", kept, text)


def _digest_of(out: Path, options: list[str]) -> str:
    made = sha256(repr(options).encode())
    for path in sorted(out.rglob("*.json")):
        made.update(path.read_bytes())
    return made.hexdigest()


def _lay_out(suite: Suite, check: str, wrong: Wrong | None, out: Path) -> None:
    source = source_of(suite.subject)
    subject = compiled(source, edits=_edits(source, wrong) if wrong else {})
    parts = {suite.subject: subject}
    parts |= {name: compiled(str(CHECKS / f"{name}.vy")) for name in suite.helpers}
    path = str(CHECKS / f"{suite.contract}.vy")
    text = _alone(_text(suite), check)
    for name, data in parts.items():
        text = text.replace(f"INIT_{name}", f'x"{data.bytecode.hex()}"')
        is_function = " or ".join(f"selector == {selector}" for selector in _changing(data))
        text = text.replace(f"IS_FUNCTION_OF_{name}", f"({is_function})")
        for variable, slot in _slots(data.storage_layout["storage_layout"]):
            text = re.sub(rf"\bSLOT_{name}_{variable.strip('_')}\b", f"0x{slot:064x}", text)
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


def _slots(layout: dict[str, Any]) -> Iterator[tuple[str, int]]:
    # Of a contract's variables and of those of its modules.
    for name, place in layout.items():
        if isinstance(place.get("slot"), int):
            yield name, place["slot"]
        else:
            yield from _slots(place)


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


def _options(suite: Suite) -> list[str]:
    return [
        *("--no-status", "--contract", suite.contract, "--match-test", "^check_"),
        *("--storage-layout", "generic", "--loop", LOOPS),
        *("--default-array-lengths", suite.arrays, "--default-bytes-lengths", suite.bytes),
        *("--solver-timeout-assertion", f"{SECONDS}s"),
    ]


def _run(suite: Suite, root: Path, options: list[str]) -> Answer:
    # It asks Foundry to build what is there already.
    forge = root / "bin" / "forge"
    forge.parent.mkdir()
    forge.write_text("#!/bin/sh\n")
    forge.chmod(0o755)
    told = root / "answer.json"
    halmos = str(ENVIRONMENT / "bin" / "halmos")
    command = [halmos, "--root", str(root), "--json-output", str(told), *options]
    path = f"{forge.parent}:{ENVIRONMENT / 'bin'}:/usr/bin:/bin"
    done = subprocess.run(
        command, env={"PATH": path, "HOME": str(root)}, capture_output=True, text=True, check=False
    )
    if not told.exists():
        raise Refusal(f"halmos stopped: {(done.stdout + done.stderr).strip()[-500:]}")
    [[answer]] = json.loads(told.read_text())["test_results"].values()
    if answer["num_paths"] is None:
        raise Refusal(f"halmos gave up: {(done.stdout + done.stderr).strip()[-2000:]}")
    return Answer(
        check=answer["name"].removesuffix("()"),
        code=answer["exitcode"],
        paths=answer["num_paths"][0],
        seconds=round(answer["time"][0], 1),
        is_bounded=answer["num_bounded_loops"] != 0,
    )
