"""`ape run names` on a long-lived anvil, and a forwarder to what it registered."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from scripts import names
from scripts._lib import registration
from scripts._lib.build import artifact
from scripts._lib.refusal import Refusal
from tests.deploy.conftest import address_in
from tests.support.anvil import ask, laid_back
from tests.support.names import DAY, GRACE, YEAR, namehash, reverse_node, token

pytestmark = [pytest.mark.no_anchor, pytest.mark.anvil]

PRICE = 5 * 10**15  # of a year, by the settings of local chains
REGISTERED, EMANCIPATED = 1, 3  # modes


class Typed:
    """What is typed after `ape run names`, and what the chain then says."""

    def __init__(self, suite, pending) -> None:
        self.suite, self.pending = suite, pending
        self.eth = suite.chain.eth
        self.owner, self.other = self.eth.accounts[0], self.eth.accounts[1]
        [book] = suite.records.glob("*/addresses.json")
        self.addresses = json.loads(book.read_text())["contracts"]

    def __call__(self, *arguments: object) -> str:
        return self.suite.done(*arguments, command=names.cli)

    def refused(self, *arguments: object) -> str:
        return self.suite.refused(*arguments, command=names.cli)

    def at(self, name: str, address: str | None = None):
        address = address or self.addresses[name]
        return self.eth.contract(address=address, abi=artifact(name).abi).functions

    def info(self, name: str):
        """Owner, expiry, epoch, mode by their names."""
        [function] = [it for it in artifact("Names").abi if it.get("name") == "info"]
        fields = [field["name"] for field in function["outputs"][0]["components"]]
        return dict(zip(fields, self.at("Names").info(namehash(name)).call(), strict=True))

    @property
    def now(self) -> int:
        return self.eth.get_block("latest")["timestamp"]


@pytest.fixture(scope="module")
def typed(suite, tmp_path_factory):
    return Typed(suite, tmp_path_factory.mktemp("pending"))


@pytest.fixture(scope="module")
def doris(typed):
    """doris.os: asked for, priced and registered, while time flies instead of waiting.

    As on an anvil that nobody else uses, no block is mined meanwhile.
    """

    def fly(_seconds: float) -> None:
        ask(typed.suite.chain, "evm_setNextBlockTimestamp", typed.now + registration.COMMIT_MIN)

    assert "doris.os is free." in typed("available", "Doris")
    assert "0.005 ether for 365 days." in typed("price", "doris")
    assert "0.01 ether for 730 days." in typed("price", "doris.os", "--days", 730)
    before = typed.eth.get_balance(typed.addresses["Names"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registration.time, "sleep", fly)
        printed = typed("register", "doris", "--pending", typed.pending)
    assert "doris.os is yours until" in printed
    assert typed.eth.get_balance(typed.addresses["Names"]) - before == PRICE
    assert not list(typed.pending.rglob("*.json"))
    return "doris.os"


@pytest.fixture(autouse=True)
def undone(typed, doris):
    """So that no test needs, or bears, what another did."""
    with laid_back(typed.suite.chain):
        yield


def day(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%d}"


def test_available_and_price_of_what_is_taken(typed, doris):
    info = typed.info(doris)
    assert (info["owner"], info["mode"]) == (typed.owner, REGISTERED)
    assert 0 <= typed.now + YEAR - info["expiry"] < DAY
    assert f"doris.os is live; it expires {day(info['expiry'])}" in typed("available", "doris")
    told = "0.005 ether to renew for 365 days, and never more than 0.005 ether."
    assert told in typed("price", "doris")
    assert typed.refused("register", "doris", "--pending", typed.pending) == (
        "doris.os is yours already."
    )


def test_primary(typed, doris):
    reverse = typed.at("ReverseResolver").name(reverse_node(typed.owner))
    assert reverse.call() == ""
    assert "primary name doris.os" in typed("primary", "doris")
    assert reverse.call() == doris
    typed("set", "doris", "--addr", typed.other)
    told = f"doris.os does not resolve to {typed.owner}: set its address first."
    assert typed.refused("primary", "doris") == told
    typed("set", "doris", "--addr", typed.owner)


def test_a_name_that_another_resolver_answers_for(typed, doris):
    """What is set where nobody asks would be told as done."""
    other = typed.addresses["Names"]
    set_resolver = typed.at("Names").setResolver(namehash(doris), other)
    set_resolver.transact({"from": typed.owner})
    told = f"doris.os is answered for by {other}, which its owner chose: "
    assert typed.refused("set", "doris", "--addr", typed.other).startswith(told)
    assert typed.refused("primary", "doris").startswith(told)
    shown = typed("show", "doris")
    assert f"resolver {other}" in shown
    assert "its records are there, not with this system" in shown
    assert "  address " not in shown


def test_a_name_that_became_dearer_since_it_was_committed_to():
    """Its reveal would be refused, each time anew, after a new commitment."""
    words = registration.Wanted("doris", "0x", 365, "0x", [], False, 5, "00")
    names = SimpleNamespace(
        commitment=lambda *_: b"", committed_at=lambda _: 0, registration_price=lambda *_: (5, 1)
    )
    with pytest.raises(Refusal, match="costs more than when it was committed to"):
        registration.commit(names, words, SimpleNamespace(address="0x"))


def test_what_a_record_says_is_only_shown(typed, doris):
    typed("set", "doris", "--text", "url=\x1b[2J[red]https://doris.example")
    assert "url \\x1b[2J[red]https://doris.example" in typed("show", "doris")


def test_subname_out_of_its_parents_power(typed, doris):
    until = datetime.fromtimestamp(typed.now, UTC) + timedelta(days=100)
    until = until.replace(hour=0, minute=0, second=0, microsecond=0)
    given = ("--emancipated", f"{until:%Y-%m-%d}")
    assert "make shop.doris.os" in typed("subname", "shop.doris.os", typed.other, *given)
    info = typed.info("shop.doris.os")
    assert (info["owner"], info["mode"]) == (typed.other, EMANCIPATED)
    assert info["expiry"] == until.timestamp()
    again = typed.refused("subname", "shop.doris.os", typed.owner)
    assert again.startswith("The chain refuses to make shop.doris.os: names: ")
    late = datetime.fromtimestamp(typed.info(doris)["expiry"], UTC) + timedelta(days=2)
    late = typed.refused(
        "subname", "late.doris.os", typed.other, "--emancipated", f"{late:%Y-%m-%d}"
    )
    assert late.startswith("Until when has to be in the future, and not after ")
    assert typed.info("late.doris.os")["mode"] == 0

    shown = typed("show", "shop.doris.os")
    for said in ("emancipated, live", f"expires {until:%Y-%m-%d}", f"owner {typed.other}"):
        assert said in shown
    ends = day(int(until.timestamp()) + GRACE)
    assert f"sub-names are out of its owner's power until {ends}" in typed("show", "doris")


def test_renew_and_show(typed, doris):
    before = typed.info(doris)["expiry"]
    printed = typed("renew", "doris.os", "--days", 28)
    expiry = typed.info(doris)["expiry"]
    assert expiry == before + 28 * DAY
    assert f"It expires {day(expiry)}" in printed
    shown = typed("show", "DORIS")
    for said in (
        "doris.os",
        "registered, live",
        f"expires {day(expiry)}",
        f"owner {typed.owner}",
        f"resolver {typed.addresses['Resolver']}",
        f"address {typed.owner}",
    ):
        assert said in shown
    assert "not a name, free" in typed("show", "nobody")


def test_forwarder_follows_the_name_until_it_is_sold(typed, doris):
    """`ape run income forwarder make --name`, paid and flushed, before and after a sale."""
    fallback = "0x00000000000000000000000000000000000FA11b"
    fallback = typed.suite.chain.to_checksum_address(fallback)
    given = ("forwarder", "make", "--name", doris, "--fallback", fallback, "--yes")
    printed = typed.suite.done(*given)
    assert f"to doris.os as it is held now, then to {fallback} for ever" in printed
    made = address_in(printed)
    forwarder = typed.at("Forwarder", made)
    epoch = typed.info(doris)["epoch"]
    assert forwarder.bound().call() == [namehash(doris), epoch, fallback]
    assert "nothing was sent" in typed.suite.done(*given)

    payee = typed.eth.account.create().address
    typed("set", "doris", "--addr", payee)
    typed.suite.done("pay", made, "0.25", "--yes")
    assert "0.25 ETH paid on" in typed.suite.done("forwarder", "flush", made)
    assert typed.eth.get_balance(payee) == 25 * 10**16

    sale = typed.at("Names").transferFrom(typed.owner, typed.other, token(namehash(doris)))
    typed.eth.wait_for_transaction_receipt(sale.transact({"from": typed.owner}))
    typed.suite.done("pay", made, "0.5", "--yes")
    assert "0.5 ETH paid on" in typed.suite.done("forwarder", "flush", made)
    assert typed.eth.get_balance(payee) == 25 * 10**16
    assert typed.eth.get_balance(fallback) == 5 * 10**17
