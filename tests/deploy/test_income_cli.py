"""`ape run income` against a suite on a long-lived anvil, as a creator uses it."""

import re

import pytest
from click.testing import CliRunner

from scripts import income
from scripts._lib import income_proof
from scripts._lib.amounts import ETH
from tests.deploy.conftest import address_in
from tests.support.script import NETWORK, connected

pytestmark = [pytest.mark.no_anchor, pytest.mark.anvil]

ALICE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
BOB = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
CAROL = "0x90F79bf6EB2c4f870365E785982E1f101E93b906"


@pytest.fixture(scope="module")
def split(suite, tmp_path_factory):
    """Made from a table: Alice 3, Bob 2."""
    file = tmp_path_factory.mktemp("csv") / "band.csv"
    file.write_text(f"recipient,share\n{ALICE},60\n{BOB},40\n")
    printed = suite.done("make", "--csv", file, "--yes")
    for shown in ("60.0000%", "40.0000%", ALICE, BOB):
        assert shown in printed
    return address_in(printed)


def nonce(suite) -> int:
    return suite.chain.eth.get_transaction_count(suite.chain.eth.accounts[0])


def test_make_shows_before_it_asks_and_sends_nothing_unasked(suite):
    before = nonce(suite)
    given = ["make", f"{ALICE}=1", f"{CAROL}=2", *NETWORK, "--records", str(suite.records)]
    with connected(suite.chain):
        asked = CliRunner().invoke(income.cli, given, input="n\n")
    assert asked.exit_code == 1
    assert "66.6666%" in asked.output
    assert "Its address: 0x" in asked.output
    assert nonce(suite) == before


def test_make_again_finds_it_and_sends_nothing(suite, split):
    before = nonce(suite)
    printed = suite.done("make", f"{ALICE}=3", f"{BOB}=2", "--yes")
    assert address_in(printed) == split
    assert "there already" in printed
    assert nonce(suite) == before


def test_pay_distribute_and_show(suite, split):
    balances = [suite.chain.eth.get_balance(account) for account in (ALICE, BOB)]
    suite.done("pay", split, "1.000000000000000003", "--yes")
    printed = suite.done("distribute", split)
    assert "1 ETH divided" in printed
    paid = [suite.chain.eth.get_balance(account) for account in (ALICE, BOB)]
    gained = [after - before for before, after in zip(balances, paid, strict=True)]
    assert gained == [6 * 10**17, 4 * 10**17]
    shown = suite.done("show", split)
    assert "1 ETH divided, 0 ETH to divide" in shown
    assert re.search(rf"{ALICE} +60.0000% +0.6 ETH +\u2588+", shown)
    assert re.search(rf"{BOB} +40.0000% +0.4 ETH +\u2588+", shown)
    bars = sorted(line.count("\u2588") for line in shown.splitlines() if "%" in line)
    assert bars[0] == pytest.approx(bars[1] * 2 / 3, abs=1)
    assert "nothing to divide" in suite.refused("distribute", split)


def test_claim_by_who_is_not_owed(suite, split):
    assert f"{ALICE} is owed no ETH by this split." == suite.refused("claim", split, ALICE)


def test_refused_income_is_shown_as_owed_and_claimed(suite):
    """A recipient whose code reverts, until it does not."""
    stubborn = "0x00000000000000000000000000000000000a11ce"
    split = address_in(suite.done("make", f"{stubborn}=1", f"{BOB}=1", "--yes"))
    stubborn = suite.chain.to_checksum_address(stubborn)
    suite.chain.provider.make_request("anvil_setCode", [stubborn, "0x5f5ffd"])
    suite.done("pay", split, "2", "--yes")
    suite.done("distribute", split)
    assert re.search(r"0 ETH +1 ETH", suite.done("show", split))
    assert "payment refused" in suite.refused("claim", split, stubborn)
    assert "not the account" in suite.refused("claim", split, stubborn, "--to", CAROL)
    suite.chain.provider.make_request("anvil_setCode", [stubborn, "0x"])
    assert "1 ETH paid" in suite.done("claim", split, stubborn)
    assert suite.chain.eth.get_balance(stubborn) == 10**18


def test_forwarder_to_an_address_that_moves(suite):
    old, new = (f"0x{number:040x}" for number in (0xABCDE1, 0xABCDE2))
    made = address_in(suite.done("forwarder", "make", "--target", old, "--yes"))
    assert "nothing was sent" in suite.done("forwarder", "make", "--target", old, "--yes")
    assert suite.refused("forwarder", "flush", made) == "There is nothing to pay on."
    suite.done("pay", made, "0.25", "--yes")
    suite.done("forwarder", "retarget", made, new, "--yes")
    suite.done("pay", made, "0.5", "--yes")
    assert "0.5 ETH paid on" in suite.done("forwarder", "flush", made)
    assert suite.chain.eth.get_balance(suite.chain.to_checksum_address(old)) == 25 * 10**16
    assert suite.chain.eth.get_balance(suite.chain.to_checksum_address(new)) == 5 * 10**17
    foreign = ("forwarder", "make", "--target", old, "--owner", BOB, "--yes")
    made = address_in(suite.done(*foreign))
    assert suite.refused("forwarder", "retarget", made, new) == f"Only {BOB} may change the target."


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("make",), "Name the recipients by RECIPIENT=SHARE, or by --csv FILE: one of both."),
        (("make", f"{ALICE}=1"), "A split has 2 to 100 recipients, not 1."),
        (("make", f"{ALICE}=1", "nobody.os=1"), "nobody.os is not registered, or has no resolver."),
        (("make", f"{ALICE}=1", "nobody.eth=1"), "neither an address nor a name that ends in .os"),
        (("pay", ALICE, "9999999"), "has only"),
        (("pay", ALICE, "1", "--token", CAROL), "There is no token at"),
        (("show", ALICE), "There is no split of this deployment at"),
        (("forwarder", "flush", ALICE), "There is no forwarder of this deployment at"),
        (("forwarder", "make"), "Give --target (and --owner), or --name and --fallback."),
        (
            ("forwarder", "make", "--name", "nobody.os", "--fallback", ALICE),
            "nobody.os is not registered, or has expired.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(suite, arguments, sentence):
    before = nonce(suite)
    assert sentence in suite.refused(*arguments)
    assert nonce(suite) == before


def test_without_a_deployment(suite, tmp_path):
    given = ["show", ALICE, *NETWORK, "--records", str(tmp_path / "none")]
    with connected(suite.chain):
        result = CliRunner().invoke(income.cli, given)
    assert result.exit_code == 1
    assert (
        "There is no deployment on chain 31337 in none/: run `ape run deploy apply`"
        in result.output
    )
    assert not (tmp_path / "none").exists()


def test_37_recipients_through_three_levels_to_the_unit(suite):
    printed = suite.done("prove")
    assert "18 rounds, every unit accounted for" in printed
    assert "\u2717" not in printed


def test_a_sum_that_is_off_is_seen():
    right = income_proof.Sum(1, ETH, 107, [30, 70], [30, 70], 7, 10)
    assert right.is_right
    for wrong in (
        income_proof.Sum(1, ETH, 107, [30, 70], [29, 71], 7, 10),
        income_proof.Sum(1, ETH, 108, [30, 70], [30, 70], 7, 10),
        income_proof.Sum(1, ETH, 117, [30, 70], [30, 70], 17, 10),
    ):
        assert not wrong.is_right


def test_a_proof_that_fails_ends_with_an_error(suite, monkeypatch):
    monkeypatch.setattr(income_proof, "PAYMENTS", [1_000_003])
    monkeypatch.setattr(income_proof.Sum, "is_right", property(lambda it: it.level != 2))
    assert suite.refused("prove") == "2 of 6 sums are off."
