"""What is known of a contract's mutants, in mutants/results/<Contract>.json, and why some live.

Results hold for the sources from which they were measured: `digest` leaves out comments and
documentation. A survivor's reason stands in mutants/survivors.toml.
"""

import hashlib
import io
import json
import re
import tokenize
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from mutants.subjects import ROOT, Subject

RESULTS = ROOT / "mutants" / "results"
SURVIVORS = ROOT / "mutants" / "survivors.toml"
IMPORT = re.compile(r"^from (\.+)([\w.]*) import (\w+)", re.M)
QUIET = {tokenize.COMMENT, tokenize.NL}
STARTS = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}


@dataclass
class Results:
    """Of one contract. What is in neither dictionary and not invalid was not run."""

    digest: str
    mutants: int  # that were made
    killed: dict[str, str] = field(default_factory=dict)  # id -> test
    survived: dict[str, str] = field(default_factory=dict)  # id -> what it changes
    invalid: list[str] = field(default_factory=list)  # do not compile

    def only(self, made: set[str]) -> "Results":
        """Without what is no longer made."""
        killed = {id: test for id, test in self.killed.items() if id in made}
        survived = {id: text for id, text in self.survived.items() if id in made}
        invalid = [id for id in self.invalid if id in made]
        return Results(self.digest, len(made), killed, survived, invalid)

    @property
    def possible(self) -> int:
        return self.mutants - len(self.invalid)

    @property
    def run(self) -> int:
        return len(self.killed) + len(self.survived)


@dataclass(frozen=True)
class Reason:
    contract: str
    ids: tuple[str, ...]
    equivalent: bool  # changes nothing that can be seen, but gas
    reason: str


# ----- sources -----


def digest(subject: Subject) -> str:
    """Of the sources and all that they import, without what changes nothing."""
    paths = sorted(closure(subject.root / path for path in subject.sources))
    return hashlib.sha256("\n".join(code(path.read_text()) for path in paths).encode()).hexdigest()[
        :16
    ]


def closure(paths: Iterable[Path]) -> set[Path]:
    found: set[Path] = set()
    waiting = list(paths)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += imports(path)
    return found


def imports(path: Path) -> list[Path]:
    listed = []
    for dots, module, name in IMPORT.findall(path.read_text()):
        folder = path.parents[len(dots) - 1].joinpath(*filter(None, module.split(".")))
        listed += [file for end in (".vy", ".vyi") if (file := folder / (name + end)).is_file()]
    return listed


@cache
def code(source: str) -> str:
    """The tokens of a source, without comments and documentation."""
    kept: list[str] = []
    begins, documented = True, False  # a line; and whether it was documentation
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in QUIET:
            continue
        documented = (begins and token.type == tokenize.STRING) or (
            documented and token.type == tokenize.NEWLINE
        )
        if not documented:
            kept.append(token.string)
        begins = token.type in STARTS
    return " ".join(kept)


# ----- files -----


def load(subject: Subject) -> Results | None:
    """None where the contract was never measured."""
    path = RESULTS / f"{subject.name}.json"
    if not path.is_file():
        return None
    held = json.loads(path.read_text())
    killed = {id: test for test, ids in held["killed"].items() for id in ids}
    return Results(held["digest"], held["mutants"], killed, held["survived"], held["invalid"])


def save(subject: Subject, results: Results) -> None:
    by_test: dict[str, list[str]] = defaultdict(list)
    for id, test in sorted(results.killed.items()):
        by_test[test].append(id)
    held = {
        "digest": results.digest,
        "mutants": results.mutants,
        "survived": dict(sorted(results.survived.items(), key=lambda item: item[1])),
        "invalid": sorted(results.invalid),
    }
    lines = ",\n".join(
        f"  {json.dumps(test)}: {json.dumps(by_test[test])}" for test in sorted(by_test)
    )
    text = json.dumps(held, indent=1)
    text = text.removesuffix("\n}") + ',\n "killed": {\n' + lines + "\n }\n}\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{subject.name}.json").write_text(text)


def reasons() -> list[Reason]:
    listed = tomllib.loads(SURVIVORS.read_text()).get("survivor", [])
    return [
        Reason(each["contract"], tuple(each["ids"]), each["equivalent"], each["reason"])
        for each in listed
    ]


# ----- whether it still holds -----


def complaints(subject: Subject, results: Results, reasons: Iterable[Reason]) -> list[str]:
    """Why what is written down of a contract is not to be believed; none when it is."""
    explained = [id for each in reasons if each.contract == subject.name for id in each.ids]
    faults = []
    if results.digest != digest(subject):
        faults.append(f"{subject.name} has changed: run ./dev mutate {subject.name}")
    faults += [
        f"{subject.name}: no reason for survivor {id}: {results.survived[id]}"
        for id in sorted(results.survived.keys() - set(explained))
    ]
    faults += [
        f"{subject.name}: a reason for {id}, which is no survivor"
        for id in sorted(set(explained) - results.survived.keys())
    ]
    faults += [
        f"{subject.name}: {id} has two reasons" for id in set(explained) if explained.count(id) > 1
    ]
    faults += [
        f"{subject.name}: killed by {test}, which is gone"
        for test in sorted(set(results.killed.values()))
        if not is_test(subject.root, test)
    ]
    return faults


def is_test(root: Path, test: str) -> bool:
    file, name = test.split("::", maxsplit=1)[0], test.rsplit("::", maxsplit=1)[-1]
    body = source(root / file)
    return bool(re.search(rf"\b(def|class) {re.escape(name)}\b", body)) or (
        name == "runTest" and bool(body)  # a state machine, run by Hypothesis
    )


@cache
def source(path: Path) -> str:
    return path.read_text() if path.is_file() else ""
