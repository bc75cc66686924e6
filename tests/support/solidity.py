"""Contracts of others, compiled by their own compiler.

`npm ci` brings both; solidity.cjs compiles. What it makes is kept under .build, named by a
hash of all that it is made of.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.compiled import ROOT

SCRIPT = Path(__file__).with_suffix(".cjs")
LOCK = ROOT / "package-lock.json"
MODULES = ROOT / "node_modules"
KEPT = ROOT / ".build" / "solidity"
MISSING = "!!! NO CONTRACTS TO COMPARE WITH: run `npm ci` (needs Node) !!!"


def find_node() -> str:
    """The path of node; without it or the packages, CI fails and others skip loudly."""
    node = shutil.which("node")
    wanted = json.loads(LOCK.read_text())["packages"][""]["devDependencies"]
    if node and all((MODULES / package).is_dir() for package in wanted):
        return node
    if os.environ.get("CI") == "true":
        pytest.fail(MISSING)
    return pytest.skip(MISSING)


@cache
def compiled(*files: Path) -> dict[str, Any]:
    """{name: {"abi": ..., "bytecode": hex}}, compiled once for all sessions."""
    node = find_node()
    KEPT.mkdir(parents=True, exist_ok=True)
    made_of = b"\0".join(path.read_bytes() for path in (*files, SCRIPT, LOCK))
    kept = KEPT / f"{hashlib.sha256(made_of).hexdigest()[:16]}.json"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            command = [node, str(SCRIPT), *map(str, files)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            kept.write_text(done.stdout)
    return json.loads(kept.read_text())
