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
    "pass: bob, who brought her, has his share",
    "pass: it no longer plays after the end",
    "renewal: 30 days from now, not from the old end",
    "renewal: it plays for her again",
    "members: the gate says that a fan is none",
    "members: no friend's price for a fan, whoever pays",
    "members: nobody sells a member's pass",
    "voucher: one that the stranger signed is none",
    "voucher: a changed one is none",
    "voucher: it is good once",
    "refund: of what is left of the month",
    "refund: it no longer plays for the critic",
    "income: the fan's days to come are not earned yet",
    "income: all that is earned reaches the split",
    "income: less than a share each waits in the split",
    "studio: carol gets her salary",
    "system: the proposal is executed",
    "upgrade: nobody applies it before",
    "upgrade: and half of it in the same block",
    "names: all fees reach the treasury",
    "balance: studio treasury",
    "revenue: what came in is what went out, to the wei",
}
SHARES = {"5 shares to alice": 5, "3 shares to bob": 3, "2 shares to studio": 2}
# What signs or binds the chain's id or the time: it may hold other zero bytes, at 12 gas each.
SIGNED = {"name: commit": 60, "voucher: redeem": 180}


def check(summary):
    assert summary.keys() == {"addresses", "gas", "balances", "revenue", "checks"}
    assert summary["checks"].keys() >= STORY
    assert all(passed is True for passed in summary["checks"].values())
    assert all(isinstance(gas, int) and gas > 21_000 for gas in summary["gas"].values())
    assert summary["balances"]["system treasury"] == str(75 * 10**14)
    check_revenue(summary)


def check_revenue(summary):
    """The sums once more, from what was written down alone."""
    paid, went = (
        {what: int(wei) for what, wei in summary["revenue"][name].items()}
        for name in ("paid", "went")
    )
    assert sum(paid.values()) == sum(went.values())
    assert paid.pop("tip of the stranger") == 7
    assert sum(paid.values()) == 204 * 10**15  # three at 0.05, 0.02, 0.03, 5 % of 0.08
    assert went["referral to bob"] == 5 * 10**15
    # Ten of thirty days were used, and the seconds that the steps took.
    assert 0 <= 2 * 10**16 - went["refund to the critic"] < 10**13
    assert 0 <= 10**17 // 3 - went["kept for the fan's days to come"] < 10**13
    [unit] = {went[what] // share for what, share in SHARES.items()}
    assert all(went[what] == unit * share for what, share in SHARES.items())
    assert went["kept in the split"] < sum(SHARES.values())
    salary = 10**16
    assert summary["balances"]["studio treasury"] == str(2 * unit - salary)


def test_day_on_the_embedded_chain(embedded_day):
    summary = json.loads(embedded_day.json.read_text())
    check(summary)
    for what in (*summary["gas"], *summary["balances"], *summary["revenue"]["went"]):
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
    for what, most in SIGNED.items():
        spent = [day["gas"].pop(what) for day in (summary, embedded)]
        assert (spent[0] - spent[1]) % 12 == 0
        assert abs(spent[0] - spent[1]) <= most
    assert summary["gas"] == embedded["gas"]
