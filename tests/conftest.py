from collections.abc import Iterator
from typing import Any

import boa
import pytest
from boa.contracts.vyper.vyper_contract import FrameDetail, StorageModel
from boa.vm.py_evm import PyEVM
from hypothesis import HealthCheck, settings

from tests.support import snapshot
from tests.support.compiled import ROOT
from tests.support.deep import deepen
from tests.support.gas import Chain

boa.interpret.set_search_paths([str(ROOT)])

# On every revert boa decodes the whole storage of the contract for its message, from
# traces that no anchor lays back. So it stumbles over slots of whatever had the address
# in an earlier test (AttributeError: key_type), and takes longer with every test.
StorageModel.dump = lambda self: FrameDetail("storage")

# py-evm notes a checkpoint, at every call, in the storage of every account that was ever
# written to, those among them that a revert laid back: calls would get slower with every
# test. What was first written to after a snapshot is as new after its revert.
snapshot_of, revert_to = PyEVM.snapshot, PyEVM.revert
written: dict[Any, set[bytes]] = {}  # the accounts, by snapshot


def take_snapshot(evm: PyEVM) -> Any:
    taken = snapshot_of(evm)
    written[taken] = set(evm.vm.state._account_db._dirty_accounts)
    return taken


def revert_and_forget(evm: PyEVM, taken: Any) -> None:
    revert_to(evm, taken)
    accounts = evm.vm.state._account_db
    for address in accounts._dirty_accounts - written.pop(taken, accounts._dirty_accounts):
        accounts._dirty_accounts.remove(address)
        accounts._account_stores.pop(address)


PyEVM.snapshot, PyEVM.revert = take_snapshot, revert_and_forget

# `ci` draws the same examples each time, so that a change is judged by what it
# changes; `deep` draws new ones.
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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("no_anchor"):
            item.add_marker("ignore_isolation")  # boa's own anchor around each test
    if config.getoption("--deep"):
        deepen(items)


@pytest.fixture(autouse=True)
def isolated(request: pytest.FixtureRequest) -> Iterator[None]:
    """Gas is measured on a chain of its own: see tests/support/gas.py.

    Boa's pytest plugin lays the chain back after every other test.
    """
    if request.node.get_closest_marker("no_anchor"):
        with boa.swap_env(Chain()):
            yield
    else:
        yield
