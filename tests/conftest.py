import os
from collections.abc import Iterator

import boa
import pytest
from hypothesis import HealthCheck, settings

from tests.support import snapshot
from tests.support.compiled import ROOT

boa.interpret.set_search_paths([str(ROOT)])

# `ci` is what `./dev test` runs; `deep` is run by hand: ./dev test --deep
settings.register_profile(
    "ci", deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
settings.register_profile(
    "deep", parent=settings.get_profile("ci"), max_examples=2_000, stateful_step_count=100
)
settings.load_profile(os.environ.get("URAEUS_PROFILE", "ci"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-gas", action="store_true", help="rewrite the gas snapshots")


def pytest_configure(config: pytest.Config) -> None:
    snapshot.update = config.getoption("--update-gas")


@pytest.fixture(autouse=True)
def isolated(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test starts from the same chain. Gas tests cannot: see tests/support/gas.py."""
    if request.node.get_closest_marker("no_anchor"):
        yield
        return
    with boa.env.anchor():
        yield
