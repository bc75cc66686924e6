"""The addresses that we announce are those of the contracts as they are."""

import pytest

from scripts._lib import manifest


@pytest.fixture(scope="module")
def fresh():
    return manifest.manifest()


def test_manifest_is_fresh(fresh):
    assert manifest.MANIFEST.read_text() == manifest.text(fresh), "run ./dev fmt"


def test_table_of_addresses_is_fresh(fresh):
    assert manifest.PAGE.read_text() == manifest.page(fresh), "run ./dev fmt"


def test_manifest_holds_what_depends_on_nothing(fresh):
    """And nothing else: a name in it could not be kept."""
    assert {"Kernel", "DaoFactory", "Gate", "GovernorBlueprint"} <= fresh.contracts.keys()
    assert not {"Timelock", "VotesToken", "Names", "Media"} & fresh.contracts.keys()
