"""`./dev bench` says what it said: some of its operations again, on an anvil of their own.

tests/hygiene/test_bench.py compares our other figures with those of this folder.
"""

import pytest

from bench.chain import anvil
from bench.groups import played
from bench.results import MEASURED, read, written_down
from tests.support.solidity import find_node

pytestmark = pytest.mark.anvil

GROUPS = ("token",)  # three packages' code, and little to compile


def test_measured_again_to_the_unit():
    find_node()
    with anvil() as web3:
        again = written_down({group: played(group, web3) for group in GROUPS})
    assert again == {group: read(MEASURED)[group] for group in GROUPS}, "run ./dev bench"
