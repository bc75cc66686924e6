"""What the tests did in each contract, in branches/results/<Contract>.json.

Results hold for the bytes from which they were measured, without the compiler's metadata. Why a way
was not taken stands in branches/reasons.toml.
"""

import hashlib
import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from branches.jumps import CONSTRUCTOR, Code, Jump, Place
from branches.recorder import Seen
from branches.subjects import key
from scripts._lib.files import ROOT, write_atomically

JUMPI = 0x57
RESULTS = ROOT / "branches" / "results"
REASONS = ROOT / "branches" / "reasons.toml"


@dataclass
class Added:
    """Jumps of one kind that the compiler adds."""

    both: int = 0
    one: int = 0


@dataclass
class Results:
    """Of one contract: runtime code and constructor together."""

    digest: str
    lines: int  # that have code
    branches: int  # ways that the sources ask for: two for each jump, and for each call of a check
    unseen: list[str] = field(default_factory=list)  # lines, and added jumps, that never ran
    untaken: list[str] = field(default_factory=list)  # branches
    added: dict[str, Added] = field(default_factory=dict)


@dataclass(frozen=True)
class Reason:
    contract: str
    ways: tuple[str, ...]  # as in `untaken` or `unseen`
    reason: str


@dataclass(frozen=True)
class Kind:
    """Of jumps that the compiler adds, which need not go both ways."""

    name: str
    what: str
    reason: str


# ----- from what was seen -----


def digest(init_code: bytes) -> str:
    """Of what is deployed, with or without the metadata behind it."""
    return hashlib.sha256(init_code).hexdigest()[:16]


def without_metadata(init_code: bytes) -> bytes:
    """The last two bytes say how long the compiler's metadata is."""
    return init_code[: -int.from_bytes(init_code[-2:], "big")]


def measured(contract: str, codes: Iterable[Code], seen: dict[str, Seen]) -> Results:
    codes = list(codes)
    found = Results(digest(without_metadata(codes[-1].starts)), 0, 0)
    names: Counter[str] = Counter()
    added: dict[str, Added] = defaultdict(Added)
    for code in codes:
        ran = seen.get(key(contract, code), Seen())
        ways = ways_taken(ran)
        check_all_known(contract, code, ways)
        ran_at = {at for step in ran.steps for at in step}
        found.lines += len(code.lines)
        for place, where in code.lines.items():
            if where.isdisjoint(ran_at):
                name = numbered(names, f"{where_of(code, place)}: line: {place.text}")
                found.unseen.append(name)
        for jump in code.jumps:
            name = numbered(names, f"{where_of(code, jump.place)}: {jump.kind}: {jump.place.text}")
            went = ways[jump.at]
            if jump.ours:
                found.branches += 2
                found.untaken += [f"{name}: never {way}" for way in missing(jump, went)]
            elif not went:
                found.unseen.append(name)
            else:
                one = added[jump.kind]
                one.both, one.one = one.both + (len(went) > 1), one.one + (len(went) == 1)
        for call in code.calls:
            name = numbered(names, f"{where_of(code, call.place)}: {call.place.text}")
            found.branches += 2
            found.untaken += [f"{name}: never returns"] * (call.at not in ran.returned)
            found.untaken += [f"{name}: never refuses"] * (call.at not in ran.refused)
    found.added = dict(sorted(added.items()))
    return found


def ways_taken(ran: Seen) -> dict[int, set[bool]]:
    """Of each program counter, whether it was followed by the next, or by another."""
    ways: dict[int, set[bool]] = defaultdict(set)
    for at, following in ran.steps:
        ways[at].add(following != at + 1)
    return ways


def check_all_known(contract: str, code: Code, ways: dict[int, set[bool]]) -> None:
    """Whatever jumps there where a test ran, it was read from the compiler."""
    known = {jump.at for jump in code.jumps}
    if strange := {at for at in ways if code.starts[at] == JUMPI} - known:
        raise ValueError(f"{contract}: unknown jumps in its {code.name} code: {sorted(strange)}")


def missing(jump: Jump, went: set[bool]) -> list[str]:
    return [way for way, took in ((jump.taken, True), (jump.passed, False)) if took not in went]


def where_of(code: Code, place: Place) -> str:
    """What a constructor calls is compiled once for it, and once for everything later."""
    within = "constructor" if code.name == CONSTRUCTOR else ""
    return " ".join(filter(None, (within, ".".join(filter(None, (place.source, place.function))))))


def numbered(names: Counter[str], name: str) -> str:
    """The second of equal ones is called so."""
    names[name] += 1
    return name if names[name] == 1 else f"{name} ({names[name]})"


# ----- files -----


def load(contract: str) -> Results | None:
    """None where the contract was never measured."""
    path = RESULTS / f"{contract}.json"
    if not path.is_file():
        return None
    held = json.loads(path.read_text())
    held["added"] = {kind: Added(**counts) for kind, counts in held["added"].items()}
    return Results(**held)


def save(contract: str, results: Results) -> None:
    write_atomically(RESULTS / f"{contract}.json", json.dumps(asdict(results), indent=1) + "\n")


def held() -> dict[str, Any]:
    return tomllib.loads(REASONS.read_text())


def reasons() -> list[Reason]:
    listed = held().get("untaken", [])
    return [Reason(each["contract"], tuple(each["ways"]), each["reason"]) for each in listed]


def kinds() -> list[Kind]:
    return [Kind(each["kind"], each["what"], each["reason"]) for each in held()["added"]]


# ----- whether it still holds -----


def complaints(
    contract: str,
    results: Results | None,
    init_code: bytes,
    reasons: Iterable[Reason],
    kinds: Iterable[Kind],
) -> list[str]:
    """Why what is written down of a contract is not to be believed; none when it is.

    The init code is without metadata.
    """
    if results is None:
        return [f"{contract} was never measured: run ./dev coverage"]
    faults = []
    if results.digest != digest(init_code):
        faults.append(f"{contract} has changed: run ./dev coverage")
    explained = [way for each in reasons if each.contract == contract for way in each.ways]
    open_ways = {*results.untaken, *results.unseen}
    faults += [
        f"{contract}: no test takes, and no reason says why: {way}"
        for way in sorted(open_ways - {*explained})
    ]
    faults += [
        f"{contract}: a reason for what the tests do take: {way}"
        for way in sorted({*explained} - open_ways)
    ]
    faults += [
        f"{contract}: two reasons for: {way}" for way in {*explained} if explained.count(way) > 1
    ]
    known = {each.name for each in kinds}
    faults += [
        f"{contract}: no reason why jumps of this kind need not go both ways: {kind}"
        for kind, counts in results.added.items()
        if counts.one and kind not in known
    ]
    return faults
