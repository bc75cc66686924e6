"""All mutants of one contract, in batches that a build can hold."""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field

from boa.interpret import get_search_paths
from vyper import ast as vy
from vyper.ast.pre_parser import PreParser
from vyper.compiler.input_bundle import FilesystemInputBundle
from vyper.compiler.phases import CompilerData

from mutants.operators import Mutant, mutants
from mutants.results import Results, digest
from mutants.subjects import ROOT, Subject

BATCH = 250  # jumps within a build reach 64 KB
SECONDS = 60  # of processor time for each mutant; what takes longer has survived


class FaultError(Exception):
    """The tests fail while all mutants sleep, or the batch came to no end."""


@dataclass
class Campaign:
    subject: Subject
    old: Results | None = None
    killers: dict[str, str] = field(init=False)
    all: dict[str, Mutant] = field(init=False)
    results: Results = field(init=False)

    def __post_init__(self) -> None:
        self.all = {each.id: each for each in of_subject(self.subject)}
        present = digest(self.subject)
        if self.old is not None and self.old.digest == present:
            self.results = self.old.only(set(self.all))
        else:
            self.results = Results(present, len(self.all))
        self.killers = dict(self.old.killed) if self.old else {}

    def unknown(self) -> list[Mutant]:
        known = {*self.results.killed, *self.results.survived, *self.results.invalid}
        return [mutant for id, mutant in self.all.items() if id not in known]

    def survivors(self) -> list[Mutant]:
        return [self.all[id] for id in self.results.survived]

    def sample(self, count: int) -> list[Mutant]:
        """The same each time, so that it can be made larger; in an order without bias."""
        shuffled = list(self.all)
        random.Random(self.subject.name).shuffle(shuffled)
        unknown = {mutant.id for mutant in self.unknown()}
        return [self.all[id] for id in shuffled[:count] if id in unknown]

    def run(
        self, chosen: Sequence[Mutant], tests: Sequence[str], told: Callable[[Mutant], None]
    ) -> None:
        for start in range(0, len(chosen), BATCH):
            batch = chosen[start : start + BATCH]
            for verdict in judged(self.subject, batch, tests, self.killers):
                mutant = batch[verdict["number"] - 1]
                self.note(mutant, verdict)
                told(mutant)

    def note(self, mutant: Mutant, verdict: dict) -> None:
        self.results.survived.pop(mutant.id, None)
        if verdict.get("invalid"):
            self.results.invalid.append(mutant.id)
        elif verdict["killer"]:
            self.results.killed[mutant.id] = verdict["killer"].split("[")[0]
        else:
            self.results.survived[mutant.id] = str(mutant)


def judged(
    subject: Subject, batch: Sequence[Mutant], tests: Sequence[str], killers: dict[str, str]
) -> Iterator[dict]:
    job = {
        "root": str(subject.root),
        "contract": subject.compiled,
        "tests": [str(subject.root / test) for test in tests],
        "mutants": [astuple(mutant) for mutant in batch],
        "killers": killers,
        "seconds": SECONDS,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "mutants.batch"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        process.stdin.write(json.dumps(job))
        process.stdin.close()
        heard = 0
        for line in process.stdout:
            verdict = json.loads(line)
            if "fault" in verdict:
                raise FaultError(f"{subject.name}, asleep: " + "\n".join(verdict["fault"]))
            heard += 1
            yield verdict
    if heard != len(batch):
        raise FaultError(f"{subject.name}: {heard} of {len(batch)} mutants were judged")


def of_subject(subject: Subject) -> Iterator[Mutant]:
    bundle = FilesystemInputBundle(get_search_paths([str(subject.root)]))
    source = bundle.load_file(subject.root / subject.compiled)
    with whole_ends():
        tree = CompilerData(source, bundle).annotated_vyper_module
    trees = {each.resolved_path: each for each in modules(tree)}
    for path in subject.sources:
        yield from mutants(trees[str(subject.root / path)], path)


class Shifts(dict[tuple[int, int], int]):
    """By how much the parser's columns lie before the source's: as at the token before."""

    def get(self, place: tuple[int, int], _default: int = 0) -> int:
        line, column = place
        while column and (line, column) not in self:
            column -= 1
        return super().get((line, column), 0)


@contextmanager
def whole_ends() -> Iterator[None]:
    """The compiler parses `await` for `staticcall`, and knows by how much where a token
    begins. Something that ends before a space would lose its last characters.
    """
    parse = PreParser.parse

    def parse_whole(it: PreParser, code: str) -> None:
        parse(it, code)
        it.adjustments = Shifts(it.adjustments)

    PreParser.parse = parse_whole
    try:
        yield
    finally:
        PreParser.parse = parse


def modules(tree: vy.Module) -> Iterator[vy.Module]:
    """A contract and what is compiled into it."""
    yield tree
    for info in tree._metadata["type"].imported_modules.values():
        yield from modules(info.module_node)
