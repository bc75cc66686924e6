from collections.abc import Iterator

import boa
import pytest
from hypothesis import HealthCheck, settings

from tests.support import quick_evm, snapshot
from tests.support.compiled import ROOT
from tests.support.deep import deepen
from tests.support.gas import START, Chain

boa.interpret.set_search_paths([str(ROOT)])

quick_evm.use()

# `ci` draws the same examples each time, at the same time of day, so that a change is
# judged by what it changes; `deep` draws new ones, and begins now.
settings.register_profile(
    "ci", deadline=None, suppress_health_check=list(HealthCheck), print_blob=True, derandomize=True
)
settings.register_profile("deep", parent=settings.get_profile("ci"), derandomize=False)
settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-gas", action="store_true", help="rewrite the measured gas figures")
    parser.addoption("--deep", action="store_true", help="many more, and new, examples")


def pytest_configure(config: pytest.Config) -> None:
    snapshot.update = config.getoption("--update-gas")
    if config.getoption("--deep"):
        settings.load_profile("deep")
    else:
        boa.env.timestamp = START


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("no_anchor"):
            item.add_marker("ignore_isolation")  # boa's own anchor around each test
    if config.getoption("--deep"):
        deepen(items)


@pytest.fixture(scope="module", autouse=True)
def same_deployer(request: pytest.FixtureRequest) -> Iterator[None]:
    """Boa's own has sent what earlier modules of this worker sent, and its nonce makes addresses.

    What an address is decides what a machine draws and what calldata costs.
    """
    boa.env.set_random_seed(request.node.nodeid)
    with boa.env.prank(boa.env.generate_address("eoa")):
        yield


@pytest.fixture(autouse=True)
def isolated(request: pytest.FixtureRequest) -> Iterator[None]:
    """Gas is measured on a chain of its own: see tests/support/gas.py.

    Boa's pytest plugin lays the chain back after every other test.
    """
    if request.node.get_closest_marker("no_anchor"):
        with boa.swap_env(Chain()):
            yield
    else:
        boa.env.set_random_seed(request.node.nodeid)
        yield
