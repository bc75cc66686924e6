"""docs/bench.json: what was measured, what was recorded, the floors, and who is best."""

import json
from pathlib import Path
from typing import Any

from bench.book import Book
from bench.floors import FLOORS
from bench.systems import OURS, SYSTEMS
from tests.support.compiled import ROOT

FOLDER = Path(__file__).parent
MEASURED = FOLDER / "measured.json"  # written by a run, by nobody else
RECORDED = FOLDER / "recorded.json"  # written once, by hand: what is not measured here
RESULT = ROOT / "docs" / "bench.json"

Figures = dict[str, dict[str, dict[str, dict[str, int]]]]  # group, operation, system


def written_down(books: dict[str, Book]) -> Figures:
    found: Figures = {}
    for group, book in books.items():
        for each in book.figures:
            row = found.setdefault(group, {}).setdefault(each.operation, {})
            row[each.system] = {"gas": each.gas, "calldata": each.calldata}
            if each.transactions > 1:
                row[each.system]["transactions"] = each.transactions
    return found


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def text(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"


def result() -> dict[str, Any]:
    """All that the table and the chart show."""
    measured, recorded = read(MEASURED), read(RECORDED)["systems"]
    return {
        group: {
            operation: row(group, operation, measured[group][operation], recorded)
            for operation in operations
        }
        for group, operations in FLOORS.items()
    }


def row(
    group: str, operation: str, measured: dict[str, dict[str, int]], recorded: dict[str, Any]
) -> dict[str, Any]:
    floor, made_of = FLOORS[group][operation]
    peers = {key: measured[key]["gas"] for key in SYSTEMS[group] if key in measured}
    ours = peers.pop(OURS)
    remembered = {
        key: system["gas"][operation]
        for key, system in recorded.items()
        if system["group"] == group and operation in system["gas"]
    }
    every = peers | remembered
    best = min(every, key=every.__getitem__) if every else None
    return {
        "ours": ours,
        "floor": floor.gas(min(each["calldata"] for each in measured.values())),
        "floor_is": made_of,
        "best_peer": best,
        "measured": peers,
        "recorded": remembered,
    }
