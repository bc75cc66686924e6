"""Many faults planted in one compilation, of which at most one is awake.

A contract takes seconds to compile, so a hundred broken ones would take minutes. Here
each fault is an alternative in the source, chosen by `block.prevrandao`, which no
contract of ours reads: an expression becomes `(wrong if it is 7 else (right))`, a
statement an `if`. Zero wakes none, and then the contract must pass every story.
"""

import gc
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boa
import pytest
from eth_abi import decode
from eth_utils import keccak
from vyper.compiler.settings import OptimizationLevel

from tests.support.compiled import ROOT

UNOPTIMISED = {"optimize": OptimizationLevel.NONE}  # compiles in half the time
CHECK = re.compile(r'(?:assert|self\._require\()\s*(?!holds).*?"\w+: [^"]*"\)?', re.S)
AWAKE = "convert(block.prevrandao, uint256) == {number}"

# How a story says that something is wrong: its own assertions, boa's where a call fails
# that must not, and boa's or pytest's where one does not fail that must.
CAUGHT = (AssertionError, boa.BoaError, ValueError, pytest.fail.Exception)


@dataclass(frozen=True)
class Edit:
    """Text that stands once in a source (after `near`, where that is given)."""

    path: str  # below contracts/
    old: str
    new: str = "True"  # a check is taken out
    near: str = ""

    @property
    def is_statement(self) -> bool:
        return self.old.startswith(" ")  # whole lines, indented

    def span(self, source: str) -> tuple[int, int]:
        if self.near:
            assert source.count(self.near) == 1, f"{self.path}: {self.near!r} is not there once"
            start = source.index(self.old, source.index(self.near))
        else:
            found = source.count(self.old)
            assert found == 1, f"{self.path}: {found} times in the source: {self.old!r}"
            start = source.index(self.old)
        return start, start + len(self.old)


def woven(number: int, edit: Edit, text: str) -> str:
    """The text with an alternative for when this fault is awake."""
    awake = AWAKE.format(number=number)
    if not edit.is_statement:
        return f"(({edit.new}) if {awake} else ({text}))"
    indent = re.match(" +", edit.old)[0]
    deeper = re.sub(r"^(?=.)", "    ", text, flags=re.M)
    wrong = edit.new or f"{indent}pass\n"
    wrong = re.sub(r"^(?=.)", "    ", wrong, flags=re.M)
    return f"{indent}if {awake}:\n{wrong}{indent}else:\n{deeper}"


def with_faults(source: str, edits: list[tuple[int, Edit]]) -> str:
    """A source with all its faults; several may share one place."""
    places: dict[tuple[int, int], list[tuple[int, Edit]]] = {}
    for number, edit in edits:
        places.setdefault(edit.span(source), []).append((number, edit))
    end = len(source) + 1
    for start, stop in sorted(places, reverse=True):
        assert stop <= end, f"faults overlap: {source[start:stop]!r}"
        text = source[start:stop]
        for number, edit in places[start, stop]:
            text = woven(number, edit, text)
        source, end = source[:start] + text + source[stop:], start
    # what reads the block is no longer pure
    return source.replace("@pure\n", "@view\n")


def copy_sources(folder: Path) -> Path:
    for name in ("contracts", "interfaces"):
        shutil.copytree(ROOT / name, folder / name)
    return folder / "contracts"


def plant(folder: Path, faults: list[list[Edit]]) -> None:
    """A copy of the contracts with all faults; the first has number 1."""
    contracts = copy_sources(folder)
    by_path: dict[str, list[tuple[int, Edit]]] = {}
    for number, edits in enumerate(faults, 1):
        for edit in edits:
            by_path.setdefault(edit.path, []).append((number, edit))
    for path, edits in by_path.items():
        file = contracts / path
        source = file.read_text().replace("# pragma optimize codesize\n", "")
        file.write_text(with_faults(source, edits))


def rewrite(folder: Path, path: str, *changes: tuple[str, str]) -> None:
    """A copy of the contracts with one fault that is no expression, such as a missing lock."""
    file = copy_sources(folder) / path
    source = file.read_text()
    for old, new in changes:
        assert old in source, f"{path}: not in the source: {old!r}"
        source = source.replace(old, new)
    file.write_text(source)


def quickly_compiled(path: Path) -> Any:
    """Without optimisation and without the garbage collector: in half the time."""
    gc.disable()
    try:
        made = boa.load_partial(str(path), compiler_args=UNOPTIMISED)
        assert made.compiler_data.bytecode  # compiled on demand, and that is now
    finally:
        gc.enable()
    return made


@contextmanager
def broken(folder: Path, modules: list[Any], only: str = "") -> Iterator[None]:
    """Within, `deployer` of these modules deploys what is in the folder, of any size."""
    before = modules[0].deployer

    @cache
    def planted(name: str) -> Any:
        found = list(folder.glob(f"contracts/**/{name}.vy"))
        return quickly_compiled(*found) if found and only in ("", name) else before(name)

    with pytest.MonkeyPatch.context() as patch:
        for module in modules:
            patch.setattr(module, "deployer", planted)
        patch.setattr(boa.env.evm.patch, "code_size_limit", 2**24)
        yield


@contextmanager
def planted(
    factory: pytest.TempPathFactory, faults: Sequence[Any], modules: list[Any], only: str = ""
) -> Iterator[None]:
    """Within, `deployer` of these modules deploys what has all these faults, asleep."""
    folder = factory.mktemp("faults")
    plant(folder, [it.edits for it in faults])
    with broken(folder, modules, only):
        yield


@contextmanager
def awake(number: int) -> Iterator[None]:
    before = boa.env.evm.patch.prevrandao
    boa.env.evm.patch.prevrandao = number.to_bytes(32, "big")
    try:
        yield
    finally:
        boa.env.evm.patch.prevrandao = before


def each(faults: Sequence[Any]) -> pytest.MarkDecorator:
    """The test is told the number of each fault in turn."""
    numbers = range(1, len(faults) + 1)
    return pytest.mark.parametrize("number", numbers, ids=[it.name for it in faults])


def checks(path: str) -> list[tuple[int, int]]:
    """Where the checks of a source begin and end."""
    source = (ROOT / "contracts" / path).read_text()
    return [found.span() for found in CHECK.finditer(source)]


def unbroken(path: str, faults: Sequence[Any]) -> list[str]:
    """The checks of a source that none of these faults touches."""
    source = (ROOT / "contracts" / path).read_text()
    planted = [edit.span(source) for it in faults for edit in it.edits if edit.path == path]
    return [
        source[start:stop].strip()
        for start, stop in checks(path)
        if not any(begin < stop and start < end for begin, end in planted)
    ]


def refused(reason: str, function: Any, *args: Any, sender: Any = None, value: int = 0) -> None:
    """The call is refused for this reason and no other."""
    data = function.prepare_calldata(*args)
    to = function.contract.address
    made = boa.env.execute_code(
        to_address=to, sender=str(sender or boa.env.eoa), data=data, value=value, simulate=True
    )
    assert made.is_error, f"done, and not refused: {reason}"
    expected = keccak(text="Error(string)")[:4]
    assert made.output[:4] == expected, f"refused without a reason: {reason}"
    [told] = decode(["string"], made.output[4:])
    assert told == reason, f"refused for {told!r}, and not {reason!r}"
