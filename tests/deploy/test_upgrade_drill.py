"""The drill ends well, and the worked example of the docs is what it writes."""

import json

import pytest

from scripts._lib.upgrade.drill import EXAMPLE
from tests.support import ape

pytestmark = pytest.mark.no_anchor


def test_drill_and_the_example_in_the_docs(tmp_path):
    """One drill for both, since it deploys everything."""
    docs, records = tmp_path / "docs", tmp_path / "records"
    done = ape.run("upgrade", "drill", "--records", records, "--docs", docs, "--json")
    assert done.returncode == 0, done.stdout
    summary = json.loads(done.stdout[done.stdout.index('\n{\n  "gas"') :])
    assert all(summary["checks"].values())
    for scene in ("cancel", "notice", "roll-back", "pause", "dead governor"):
        assert any(check.startswith(f"{scene}:") for check in summary["checks"]), scene
    assert summary["record"]["to"]["version"] == 2
    for page in docs.iterdir():
        fresh = page.read_text() == (EXAMPLE / page.name).read_text()
        assert fresh, f"{page.name} is stale: run ./dev docs"
    assert {page.name for page in docs.iterdir()} | {"upgrade.toml"} == {
        page.name for page in EXAMPLE.iterdir()
    }
