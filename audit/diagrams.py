"""What docs/audit/diagrams.md draws: arrows, functions along them, states; and what is not so."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from vyper.semantics.types.user import FlagT

from audit.sources import PAGES, Contract, contracts
from scripts._lib.files import ROOT
from scripts._lib.upgrade import surface

PAGE = PAGES / "diagrams.md"
BLOCK = re.compile(r"^```mermaid\n(.*?)^```$", re.M | re.S)
CALLED = re.compile(r"(\w+)\(\)")
OF_CONTRACT = re.compile(
    r"%% contract (\w+)(?:, states of (?:I\w+\.(\w+)|the constants (\w+) to (\w+)))?"
)
MOVE = re.compile(r"(\S+) --> (\S+)(?:: (.+))?")
CALL = re.compile(r'(\w+) (?:--|-\.) "([^"]+)" (?:-->|\.->) (\w+)')
START = "[*]"


@dataclass(frozen=True)
class Move:
    source: str
    target: str
    label: str


def blocks(page: str) -> list[str]:
    return BLOCK.findall(page)


def complaints(page: str) -> list[str]:
    return [fault for block in blocks(page) for fault in _faults(block)]


def _faults(block: str) -> Iterator[str]:
    if block.startswith("flowchart"):
        yield from call_faults(block)
    elif about := OF_CONTRACT.search(block):
        yield from state_faults(block, *about.groups())
    else:
        yield f"of which contract? {block.splitlines()[0]}"


# ----- who calls whom -----


def call_faults(block: str) -> Iterator[str]:
    for caller, label, called in CALL.findall(block):
        for name in CALLED.findall(label):
            if name not in functions(called):
                yield f"{called} has no {name}()"
            if not _calls(caller, name):
                yield f"{caller} does not call {name}()"


def _calls(caller: str, name: str) -> bool:
    """By an interface, by a signature, or by passing on what it was told itself."""
    passes = name in functions(caller) and ", msg.data)" in source(caller)
    return passes or re.search(rf'[."]{name}\(', source(caller)) is not None


# ----- states -----


def moves(block: str) -> list[Move]:
    return [Move(*found) for line in block.splitlines() if (found := _move(line))]


def _move(line: str) -> tuple[str, str, str] | None:
    match = MOVE.fullmatch(line.strip())
    return (match[1], match[2], match[3] or "") if match else None


def state_faults(
    block: str, name: str, flag: str | None, first: str | None, last: str | None
) -> Iterator[str]:
    drawn = moves(block)
    for move in drawn:
        if not move.label and START not in (move.source, move.target):
            yield f"{name}: {move.source} to {move.target}: by what?"
        if re.search("[:;]", move.label):
            yield f"{name}: {move.label}: Mermaid ends a label at : and ;"
        for called in CALLED.findall(move.label):
            if called not in functions(name):
                yield f"{name} has no {called}()"
    states = {state for move in drawn for state in (move.source, move.target)} - {START}
    if flag is not None:
        yield from _differences(name, states, members(name, flag))
    elif first is not None and last is not None:
        yield from _differences(name, states, between(name, first, last))


def _differences(name: str, drawn: set[str], real: set[str]) -> Iterable[str]:
    yield from (f"{name}: the state {each} is not drawn" for each in sorted(real - drawn))
    yield from (f"{name}: there is no state {each}" for each in sorted(drawn - real))


# ----- what there is -----


def contract(name: str) -> Contract:
    return next(each for each in contracts() if each.name == name)


@cache
def functions(name: str) -> set[str]:
    return {each.name for each in contract(name).module.exposed_functions}


@cache
def source(name: str) -> str:
    """Of a contract and of the libraries in it."""
    found = contract(name)
    libraries = (each.full_source_code for each in surface.imported(found.module))
    return "\n".join([(ROOT / found.source).read_text(), *libraries])


def members(name: str, flag: str) -> set[str]:
    """Of a flag in the contract's interface."""
    for each in contract(name).module.implemented_interfaces:
        found = each.flags.get(flag)
        if isinstance(found, FlagT):
            return set(found._flag_members)
    raise LookupError(f"{name} has no flag {flag}")


def between(name: str, first: str, last: str) -> set[str]:
    """Constants that stand in one row of the source."""
    names = [node.target.id for node in contract(name).module.variable_decls if node.is_constant]
    return set(names[names.index(first) : names.index(last) + 1])
