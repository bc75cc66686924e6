"""Judge one batch: `python -m mutants.batch < job` prints a line of JSON for each mutant.

All mutants are in one build, which must pass every test while they sleep; then each is
woken in a fork, which runs the tests that came past it until one fails. A fork has
compiled, imported and collected already. A process of its own, because pytest collects once.
"""

import gc
import json
import os
import re
import resource
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import boa
import pytest
from boa.vm import py_evm
from hypothesis.internal.conjecture.engine import ConjectureRunner
from vyper.compiler.settings import OptimizationLevel

from mutants.operators import Mutant
from mutants.weaving import Numbered, blamed, woven
from tests.support import compiled

PREVRANDAO = 0x44
AT_LINE = re.compile(r'contract "([^"]+):(\d+)"')
UNOPTIMISED = {"optimize": OptimizationLevel.NONE}  # compiles in half the time
FEW = 8  # tests of one file that a mutant meets before those of others
CODE_LIMIT = 2**24  # bytes of code: a woven build is larger than a chain would take


class Block:
    """What the contracts are told for `block.prevrandao`, and which mutants asked."""

    def __init__(self) -> None:
        self.awake = 0
        self.asked: set[int] = set()

    def answer(self, computation: Any) -> None:
        top = computation._stack.values[-1]
        self.asked.add(top if isinstance(top, int) else int.from_bytes(top, "big"))
        computation.stack_push_int(self.awake)


# ----- the build -----


def build(root: Path, folder: Path, numbered: Sequence[Numbered], contract: str) -> Any:
    """The woven contract, compiled; raises what the compiler raises."""
    by_path: dict[str, list[Numbered]] = defaultdict(list)
    for number, mutant in numbered:
        by_path[mutant.path].append((number, mutant))
    for path in {contract, *by_path}:
        (folder / path).write_text(woven((root / path).read_text(), by_path[path]))
    gc.disable()
    try:
        made = boa.load_partial(str(folder / contract), compiler_args=UNOPTIMISED)
        assert made.compiler_data.bytecode  # compiled on demand, and that is now
    finally:
        gc.enable()
    return made


def valid(
    root: Path, folder: Path, numbered: Sequence[Numbered], contract: str
) -> tuple[Any, list[Numbered]]:
    """The build without the mutants that do not compile, and those that do."""
    left = list(numbered)
    while True:
        try:
            return build(root, folder, left, contract), left
        except Exception as why:  # its panics are no errors of its own
            wrong = culprits(folder, str(why))
            left = [each for each in left if each[0] not in wrong]
            if not wrong:
                left = compiling(root, folder, left, contract)


def culprits(folder: Path, message: str) -> set[int]:
    found = set()
    for path, line in AT_LINE.findall(message):
        file = Path(path) if Path(path).is_absolute() else folder / path
        if file.is_file() and (number := blamed(file.read_text(), int(line))):
            found.add(number)
    return found


def compiling(
    root: Path, folder: Path, numbered: Sequence[Numbered], contract: str
) -> list[Numbered]:
    """By halves, where the compiler does not say what it stumbles over."""
    try:
        build(root, folder, numbered, contract)
        return list(numbered)
    except Exception:
        if len(numbered) < 2:
            return []
        half = len(numbered) // 2
        parts = numbered[:half], numbered[half:]
        return [each for part in parts for each in compiling(root, folder, part, contract)]


# ----- the tests -----


class Judge:
    """A pytest plugin: all tests asleep, and then for each mutant a fork."""

    def __init__(
        self, block: Block, numbered: Sequence[Numbered], job: dict, tell: Callable[[dict], None]
    ) -> None:
        self.block, self.numbered, self.job, self.tell = block, numbered, job, tell
        self.reached: dict[str, set[int]] = {}  # by test
        self.prepared: dict[Any, set[int]] = defaultdict(set)  # by fixture
        self.took: dict[str, float] = {}
        self.kills: dict[tuple[str, str], int] = defaultdict(int)  # by function and test
        self.failed: list[str] = []
        self.out: int | None = None  # in a fork: where the verdict goes

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        before, self.block.asked = self.block.asked, set()
        try:
            return (yield)
        finally:
            self.prepared[fixturedef] |= self.block.asked
            self.block.asked |= before

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
        """In a fork what fails is told at once: its report would take longer than the test."""
        if self.out is None or not call.excinfo or call.when == "teardown":
            return
        if not isinstance(call.excinfo.value, pytest.skip.Exception):
            os.write(self.out, item.nodeid.encode())
            os._exit(0)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed and report.when != "teardown":
            self.failed.append(f"{report.nodeid}: {str(report.longrepr)[-600:]}")

    def pytest_runtestloop(self, session: Any) -> bool:
        self.sleep(session.items)
        if self.failed or not session.items:
            self.tell({"fault": self.failed or ["no tests"]})
            return True
        gc.collect()
        gc.freeze()
        for path, waiting in self.by_file(session.items).items():
            tests = [item for item in session.items if item.path == path]
            prepared = self.warm(tests)
            for number, mutant, chosen in waiting:
                if number not in prepared:
                    self.verdict(number, mutant, self.ordered(mutant, chosen, standing=path))
            self.cool(tests)
            for number, mutant, chosen in waiting:
                if number in prepared:
                    self.verdict(number, mutant, self.ordered(mutant, chosen))
        return True

    def sleep(self, items: list[Any]) -> None:
        for item, following in zip(items, [*items[1:], None], strict=True):
            self.block.asked = set()
            start = time.process_time()
            run(item, following)
            self.took[item.nodeid] = time.process_time() - start
            self.reached[item.nodeid] = set(self.block.asked)
        for item in items:  # what a shared fixture came past, all its tests do
            for fixtures in item._fixtureinfo.name2fixturedefs.values():
                for fixture in fixtures:
                    self.reached[item.nodeid] |= self.prepared[fixture]

    def by_file(self, items: list[Any]) -> dict[Path, list[tuple[int, Mutant, list[Any]]]]:
        """The mutants and the tests that come past each, by the file of the best of these."""
        found: dict[Path, list[tuple[int, Mutant, list[Any]]]] = defaultdict(list)
        for number, mutant in self.numbered:
            chosen = [item for item in items if number in self.reached[item.nodeid]]
            if chosen:
                found[self.ordered(mutant, chosen)[0].path].append((number, mutant, chosen))
            else:
                self.tell({"number": number, "killer": None, "tests": 0})
        return found

    def warm(self, tests: list[Any]) -> set[int]:
        """Leaves the fixtures that tests of a file share standing: which mutants these came
        past, and must therefore not be judged with them.
        """
        quick, *others = self.quickest(tests)
        if not others:
            return {number for number, _ in self.numbered}
        run(quick, others[0])
        fixtures = [each for some in quick._fixtureinfo.name2fixturedefs.values() for each in some]
        return set().union(*(self.prepared[each] for each in fixtures if each.cached_result))

    def cool(self, tests: list[Any]) -> None:
        run(self.quickest(tests)[0], None)

    def quickest(self, tests: list[Any]) -> list[Any]:
        return sorted(tests, key=lambda item: self.took[item.nodeid])

    def verdict(self, number: int, mutant: Mutant, chosen: list[Any]) -> None:
        """By which test it is killed; none where all pass."""
        killer = self.fork(number, chosen)
        if killer:
            self.kills[mutant.function, killer] += 1
        self.tell({"number": number, "killer": killer, "tests": len(chosen)})

    def ordered(self, mutant: Mutant, chosen: list[Any], standing: Path | None = None) -> list[Any]:
        """What killed it before, and then the quick and the good; the best few of each file
        first, and together: where the file changes its fixtures are made again. Those of one
        may be standing.
        """
        files: dict[Path, list[Any]] = defaultdict(list, {standing: []} if standing else {})
        for item in sorted(chosen, key=lambda item: self.rank(mutant, item)):
            files[item.path].append(item)
        best = [item for items in files.values() for item in items[:FEW]]
        return best + [item for items in files.values() for item in items[FEW:]]

    def rank(self, mutant: Mutant, item: Any) -> tuple[bool, float]:
        known = self.job["killers"].get(mutant.id) == bare(item.nodeid)
        kills = self.kills[mutant.function, item.nodeid]
        return not known, self.took[item.nodeid] / (1 + kills)

    def fork(self, number: int, chosen: list[Any]) -> str | None:
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            resource.setrlimit(resource.RLIMIT_CPU, (self.job["seconds"], self.job["seconds"] + 5))
            gc.disable()
            self.out, self.block.awake = write, number
            try:
                for item, following in zip(chosen, [*chosen[1:], None], strict=True):
                    run(item, following)
            finally:
                os._exit(0)
        os.close(write)
        told = b"".join(iter(lambda: os.read(read, 4096), b""))
        os.close(read)
        os.waitpid(child, 0)
        return told.decode() or None


def run(item: Any, following: Any) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def bare(nodeid: str) -> str:
    """A test without its parameters."""
    return nodeid.split("[", maxsplit=1)[0]


def use(made: Any, name: str) -> None:
    """Tests deploy this build; to be called before they are imported."""
    plain = compiled.deployer
    compiled.deployer = lambda asked: made if asked == name else plain(asked)


def stop_at_first_example() -> None:
    """That an example fails is enough: Hypothesis looks for no other, and for no smaller one."""
    more = ConjectureRunner.should_generate_more
    ConjectureRunner.should_generate_more = lambda it: not it.interesting_test_cases and more(it)
    ConjectureRunner.shrink_interesting_test_cases = lambda it: None


def judge(job: dict, tell: Callable[[dict], None]) -> None:
    root, contract = Path(job["root"]), job["contract"]
    numbered = [(number, Mutant(*row)) for number, row in enumerate(job["mutants"], 1)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("contracts", "interfaces"):
            shutil.copytree(root / name, folder / name)
        if not (folder / contract).is_file():  # it is a mock
            shutil.copytree((root / contract).parent, (folder / contract).parent)
        boa.interpret.set_search_paths([str(folder)])
        made, left = valid(root, folder, numbered, contract)
        kept = {number for number, _ in left}
        for number, _ in numbered:
            if number not in kept:
                tell({"number": number, "invalid": True})
        block = Block()
        py_evm.patch_opcode(PREVRANDAO, block.answer)
        boa.env.evm.patch.code_size_limit = CODE_LIMIT
        stop_at_first_example()
        use(made, Path(contract).stem)
        options = ["-q", "-s", "--tb=short", "-W", "ignore", f"--rootdir={root}"]
        options += ["-c", str(compiled.ROOT / "pyproject.toml")]
        pytest.main([*options, *job["tests"]], plugins=[Judge(block, left, job, tell)])


def main() -> None:
    job = json.load(sys.stdin)
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the tests print is no verdict

    def tell(line: dict) -> None:
        print(json.dumps(line), file=out, flush=True)

    judge(job, tell)


if __name__ == "__main__":
    main()
