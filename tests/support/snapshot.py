"""Gas snapshots: one reviewed JSON file per subsystem under tests/gas/snapshots/.

Each row: operation -> {"gas": measured, "target": design figure, "peer": text}.
`pytest --update-gas` (without -n) rewrites the measured figures only.
"""

import json

from tests.support.compiled import ROOT

SNAPSHOTS = ROOT / "tests" / "gas" / "snapshots"
update = False  # set by the --update-gas option in conftest


def check(subsystem: str, operation: str, gas: int) -> None:
    """Fail when the figure is not the reviewed one, to the unit."""
    path = SNAPSHOTS / f"{subsystem}.json"
    rows = json.loads(path.read_text()) if path.exists() else {}
    if update:
        rows.setdefault(operation, {"gas": 0, "target": None, "peer": None})["gas"] = gas
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(rows, indent=2) + "\n")
        return
    assert operation in rows, f"{operation}: not in {path.name}; run pytest --update-gas"
    reviewed = rows[operation]["gas"]
    assert gas == reviewed, f"{operation}: {gas} gas, reviewed {reviewed}"
