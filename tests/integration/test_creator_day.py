"""The main job: a creator's day through the deployed suite, on both local chains."""

import json

import pytest

from scripts._lib.records import Book, Record
from tests.support import ape
from tests.support.anvil import find_anvil

pytestmark = pytest.mark.no_anchor

# What would be missed most if a later change dropped it from the story.
STORY = {
    "the deployer rules nothing",
    "name: +1 wei is refused",
    "name: nobody else can use the commitment",
    "name: it is her primary name",
    "studio: its addresses are known before",
    "studio: the factory lists it",
    "studio: alice alone no longer rules it",
    "song: alice.os names the file",
    "song: a stranger cannot publish under her name",
    "pass: -1 wei is refused",
    "pass: it plays for the fan, not for a stranger",
    "pass: it no longer plays after the end",
    "income: the rest waits in the split",
    "studio: carol gets her salary",
    "system: the proposal is executed",
    "upgrade: nobody applies it before",
    "upgrade: and half of it in the same block",
    "names: all fees reach the treasury",
    "balance: studio treasury has 10,800,000,000,000,000 wei",
}


def check(summary):
    assert summary.keys() == {"addresses", "gas", "balances", "checks"}
    assert summary["checks"].keys() >= STORY
    assert all(passed is True for passed in summary["checks"].values())
    assert all(isinstance(gas, int) and gas > 21_000 for gas in summary["gas"].values())
    assert summary["balances"]["system treasury"] == str(75 * 10**14)
    assert summary["balances"]["split"] == "7"


def test_day_on_the_embedded_chain(embedded_day):
    summary = json.loads(embedded_day.json.read_text())
    check(summary)
    for what in (*summary["gas"], *summary["balances"]):
        assert what in embedded_day.printed


def test_day_writes_the_records_of_what_it_deployed(embedded_day):
    folder = embedded_day.records / "1337"
    book = Book.model_validate_json((folder / "addresses.json").read_text())
    summary = json.loads(embedded_day.json.read_text())
    assert book.contracts.items() <= summary["addresses"].items()
    for name, address in book.contracts.items():
        record = Record.model_validate_json((folder / f"{name}.json").read_text())
        assert (record.contract, record.address) == (name, address)


@pytest.mark.anvil
def test_day_on_anvil_is_the_same(embedded_day, tmp_path):
    find_anvil()
    output = tmp_path / "day.json"
    done = ape.run(
        "creator_day",
        *("--network", "ethereum:local:foundry"),
        *("--json", output, "--records", tmp_path),
    )
    assert done.returncode == 0, done.stdout
    summary = json.loads(output.read_text())
    check(summary)
    embedded = json.loads(embedded_day.json.read_text())
    assert summary["addresses"] == embedded["addresses"]
    # A commitment binds the chain's id: it may hold other zero bytes, at 12 gas each.
    commits = [day["gas"].pop("name: commit") for day in (summary, embedded)]
    assert (commits[0] - commits[1]) % 12 == 0
    assert abs(commits[0] - commits[1]) <= 60
    assert summary["gas"] == embedded["gas"]
