"""The creator's day is played once for all tests, also when they run in two processes."""

import fcntl
import os
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support import ape


class Played(NamedTuple):
    printed: str
    json: Path
    records: Path


@pytest.fixture(scope="session")
def embedded_day(tmp_path_factory) -> Played:
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    played = base / "creator_day.txt"
    output, records = base / "creator_day.json", base / "deployments"
    with (base / "creator_day.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not played.exists():
            done = ape.run("creator_day", "--json", output, "--records", records)
            assert done.returncode == 0, done.stdout
            played.write_text(done.stdout)
    return Played(played.read_text(), output, records)
