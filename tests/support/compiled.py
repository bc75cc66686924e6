"""Each contract is compiled once per session; tests deploy from here."""

from functools import cache
from pathlib import Path
from typing import Any

import boa

ROOT = Path(__file__).resolve().parents[2]


@cache
def deployer(name: str) -> Any:
    """The boa deployer of `contracts/**/name.vy`, or of `tests/**/name.vy` for a mock."""
    found = [
        *ROOT.glob(f"contracts/**/{name}.vy"),
        *ROOT.glob(f"tests/**/{name}.vy"),
    ]
    if len(found) != 1:
        raise LookupError(f"{name}: found {len(found)} sources, expected one")
    return boa.load_partial(str(found[0].relative_to(ROOT)))
