"""Each contract is compiled once per session; tests deploy from here."""

import hashlib
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import boa

ROOT = Path(__file__).resolve().parents[2]
IMPORTED = ("contracts/lib/*.vy", "interfaces/*.vyi")


def keep_compiled() -> None:
    """Keep what boa compiles between sessions, as long as no library changes.

    Boa looks at what a contract imports, but no further: it would go on with the old code
    where a library of a library has changed.
    """
    digest = hashlib.sha256()
    for path in sorted(path for pattern in IMPORTED for path in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    folder = ROOT / ".build" / "boa" / digest.hexdigest()[:16]
    for old in folder.parent.glob("*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
    boa.interpret.set_cache_dir(folder)


keep_compiled()


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
