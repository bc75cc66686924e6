"""Contracts compiled from a tree of sources: the working one, or that of a commit."""

import io
import subprocess
import tarfile
from functools import cache
from pathlib import Path
from sysconfig import get_path
from tempfile import TemporaryDirectory
from typing import Any

from eth_abi import encode
from eth_utils.abi import get_abi_input_types
from vyper.compiler import CompilerData
from vyper.compiler.input_bundle import FileInput, FilesystemInputBundle
from vyper.compiler.output import build_abi_output
from vyper.exceptions import VyperException

from scripts._lib.files import ROOT
from scripts._lib.refusal import Refusal

COMMITS = ROOT / ".build" / "commits"
FOLDERS = ("contracts", "interfaces")

Edits = dict[str, str]  # path below the root -> the text to read instead


class Tree(FilesystemInputBundle):
    """Sources below a root, some of them read as edited."""

    def __init__(self, root: Path, edits: Edits) -> None:
        super().__init__([Path(get_path("purelib")), root])
        self.edits = {(root / path).resolve(): text for path, text in edits.items()}

    def _load_from_path(self, resolved_path: Path, original_path: Path) -> FileInput:
        text = self.edits.get(resolved_path)
        if text is None:
            return super()._load_from_path(resolved_path, original_path)
        return FileInput(
            self._generate_source_id(resolved_path), original_path, resolved_path, text
        )


def compiled(source: str, root: Path = ROOT, edits: Edits | None = None) -> CompilerData:
    """A contract by its path below the root, to the bytes that are deployed."""
    bundle = Tree(root, edits or {})
    try:
        file = bundle.load_file(source)
    except FileNotFoundError:
        raise Refusal(f"There is no {source} in the sources.") from None
    data = CompilerData(file, input_bundle=bundle, no_bytecode_metadata=True)
    try:
        _ = data.bytecode
    except VyperException as error:
        reason = str(error).strip().splitlines()[0]
        raise Refusal(f"{source} does not compile: {reason}") from None
    return data


def constructor(data: CompilerData) -> list[dict[str, Any]]:
    """The constructor's inputs, as in the ABI."""
    abi = build_abi_output(data)
    return next((entry["inputs"] for entry in abi if entry["type"] == "constructor"), [])


def init_code(data: CompilerData, arguments: tuple[Any, ...]) -> bytes:
    types = get_abi_input_types({"type": "function", "inputs": constructor(data)})
    return data.bytecode + encode(types, arguments)


def source_of(contract: str, root: Path = ROOT) -> str:
    """Where a contract of ours is written."""
    found = list((root / "contracts").glob("**/*.vy"))
    found = [each for each in found if each.stem == contract]
    if len(found) != 1 or not contract[:1].isupper():
        raise Refusal(f"There is no contract {contract} in contracts/.")
    return str(found[0].relative_to(root))


@cache
def at_commit(commit: str) -> Path:
    """The sources of a commit, unpacked once below .build/."""
    full = resolved(commit)
    place = COMMITS / full
    if place.exists():
        return place
    done = subprocess.run(
        ["git", "archive", full, *FOLDERS], cwd=ROOT, capture_output=True, check=False
    )
    if done.returncode != 0:
        raise Refusal(f"Commit {full[:10]} has no contracts.")
    COMMITS.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=COMMITS) as draft,
        tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive,
    ):
        unpacked = Path(draft) / full
        # Python knows filters from 3.11.4 on; git lets no path lead through a link.
        careful = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(unpacked, **careful)
        try:
            unpacked.rename(place)
        except OSError:
            if not place.exists():  # another process was not quicker
                raise
    return place


def resolved(commit: str) -> str:
    """The 40 digits of a commit, a tag or a branch."""
    command = [
        "git",
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        f"{commit}^{{commit}}",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refusal(f"There is no commit {commit} in this repository: fetch it first.")
    return done.stdout.strip()
