"""A pytest plugin that notes which ways jumps went: `-p branches.recorder`.

What runs is known by its bytes alone: whoever deployed it, at whatever address, as a clone, from a
blueprint or in a constructor. What is nobody's code (mocks, contracts with planted faults) is
passed over. Each process writes a file; BRANCHES names the folder, and what to look for is there.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from boa.vm.py_evm import titanoboa_computation

REVERT = 0xFD
FOLDER = "BRANCHES"


@dataclass
class Watched:
    """One code: what it begins with, and its calls of functions that check."""

    starts: bytes
    calls: dict[int, str]  # of any function: the one that is called, by program counter
    functions: dict[int, str]  # in which function a program counter is
    checks: set[int]  # those calls whose two ways are asked for


@dataclass
class Seen:
    steps: set[tuple[int, int]] = field(default_factory=set)  # a program counter and the next
    returned: set[int] = field(default_factory=set)  # calls of checks
    refused: set[int] = field(default_factory=set)

    def add(self, watched: Watched, trace: list[int], reverted: bool) -> None:
        self.steps.update(pairwise(trace))
        called = watched.checks.intersection(trace)
        if not called:
            return
        within = open_calls(watched, trace) if reverted else []
        self.refused |= called.intersection(within)
        self.returned |= {at for at in called if trace.count(at) > within.count(at)}


def open_calls(watched: Watched, trace: list[int]) -> list[int]:
    """The calls that have not returned when the trace ends. No function of Vyper calls itself."""
    calls: list[int] = []
    names: list[str] = []
    for at, following in pairwise(trace):
        if at in watched.calls:
            calls.append(at)
            names.append(watched.calls[at])
            continue
        present = watched.functions.get(following)
        while names and present is not None and present != names[-1]:
            calls.pop()
            names.pop()
    return calls


class Recorder:
    def __init__(self, watched: dict[str, Watched]) -> None:
        self.watched = watched
        self.seen: dict[str, Seen] = defaultdict(Seen)

    def note(self, computation: Any) -> None:
        code = computation.code
        bytes_ = code._raw_code_bytes
        for name, watched in self.watched.items():
            if bytes_.startswith(watched.starts):
                trace = code._trace
                reverted = computation.is_error and bytes_[trace[-1]] == REVERT
                self.seen[name].add(watched, trace, reverted)
                return

    def as_json(self) -> dict[str, Any]:
        return {
            name: {
                "steps": sorted(seen.steps),
                "returned": sorted(seen.returned),
                "refused": sorted(seen.refused),
            }
            for name, seen in self.seen.items()
        }


@contextmanager
def recording(recorder: Recorder) -> Iterator[None]:
    """Every computation of boa, in whatever environment."""
    plain = titanoboa_computation.__dict__["apply_computation"]  # not bound to this class

    def applied(cls: type, *args: Any, **kwargs: Any) -> Any:
        computation = plain.__func__(cls, *args, **kwargs)
        recorder.note(computation)
        return computation

    titanoboa_computation.apply_computation = classmethod(applied)
    try:
        yield
    finally:
        titanoboa_computation.apply_computation = plain


# ----- pytest -----


def watch_file(folder: Path) -> Path:
    return folder / "watched.json"


def write_watched(folder: Path, watched: dict[str, Watched]) -> None:
    listed = {
        name: {
            "starts": each.starts.hex(),
            "calls": list(each.calls.items()),
            "functions": list(each.functions.items()),
            "checks": sorted(each.checks),
        }
        for name, each in watched.items()
    }
    watch_file(folder).write_text(json.dumps(listed))


def read_watched(folder: Path) -> dict[str, Watched]:
    return {
        name: Watched(
            bytes.fromhex(each["starts"]),
            dict(each["calls"]),
            dict(each["functions"]),
            set(each["checks"]),
        )
        for name, each in json.loads(watch_file(folder).read_text()).items()
    }


def read_seen(folder: Path) -> dict[str, Seen]:
    """What all processes saw."""
    found: dict[str, Seen] = defaultdict(Seen)
    for file in folder.glob("seen-*.json"):
        for name, each in json.loads(file.read_text()).items():
            found[name].steps |= {(at, following) for at, following in each["steps"]}
            found[name].returned |= set(each["returned"])
            found[name].refused |= set(each["refused"])
    return found


def pytest_configure(config: Any) -> None:
    config.recorder = Recorder(read_watched(Path(os.environ[FOLDER])))
    running = recording(config.recorder)
    running.__enter__()
    config.add_cleanup(lambda: running.__exit__(None, None, None))


def pytest_sessionfinish(session: Any) -> None:
    """While who started this process still waits for it: what is written later may be lost."""
    file = Path(os.environ[FOLDER]) / f"seen-{os.getpid()}.json"
    file.write_text(json.dumps(session.config.recorder.as_json()))
