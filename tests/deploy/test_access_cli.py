"""`ape run access` against a suite on anvil, as a creator and members use it."""

import csv
import io
import json
import os
import signal
import subprocess
import time
from types import SimpleNamespace

import pytest
from ape import accounts, chain
from ape.exceptions import ContractLogicError

from scripts import access
from scripts._lib import contracts, grants, passes
from scripts._lib.day import travel
from scripts._lib.files import ROOT
from scripts._lib.found import open_book
from scripts._lib.intent import DAY, WEI
from scripts._lib.passes import NO_EXPIRY
from scripts._lib.refusal import Refusal
from tests.support import ape as ape_process
from tests.support.anvil import laid_back
from tests.support.commands import ANVIL, deployed

pytestmark = [pytest.mark.no_anchor, pytest.mark.anvil]

EXAMPLE = (ROOT / "deployments" / "collections" / "studio.toml").read_text()
REVENUE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
FAN = "TEST::2"
GRANTS = "0x00000000000000000000000000000000000{:05x}"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The collection of the example file, made by its command."""
    folder = tmp_path_factory.mktemp("shop")
    with deployed(access.cli, ANVIL, folder / "deployments") as commands:
        file = folder / "studio.toml"
        file.write_text(EXAMPLE)
        printed = commands.done("create", file, "--yes")
        address = printed.split("ape run access show ")[1].split()[0]
        yield SimpleNamespace(
            commands=commands,
            folder=folder,
            file=file,
            printed=printed,
            it=contracts.at(address, "Pass"),
            address=address,
            creator=accounts.test_accounts[0],
            fan=accounts.test_accounts[2],
            friend=accounts.test_accounts[3],
        )


@pytest.fixture(autouse=True)
def undone(shop):
    """So that no test needs, or bears, what another did."""
    with laid_back(chain.provider.web3):
        yield


def balance(account) -> int:
    return chain.get_balance(str(account))


def unchanged(shop, *arguments) -> str:
    """A refusal that sent nothing."""
    height = chain.blocks.height
    sentence = shop.commands.refused(*arguments)
    assert chain.blocks.height == height
    return sentence


# ----- create -----


def test_create_shows_everything_and_makes_what_it_shows(shop):
    for shown in (
        f"{REVENUE}", "5 %", "0.05 ETH", "30 days", "10 %", "refundable", "0.4 ETH", "1 year",
        "1,000", "soulbound", "free", "3 days", "from 2026-01-01 00:00:00 UTC",
        "until 2100-01-01 00:00:00 UTC", "metadata", "on chain", shop.address,
    ):  # fmt: skip
        assert shown in shop.printed
    seen = shop.it.collection()
    assert (seen.owner, seen.revenue, seen.royalty) == (shop.creator.address, REVENUE, 500)
    assert (seen.plans, seen.reserve) == (3, passes.NO_LIMIT)
    month, year, trial = (shop.it.plan(n) for n in (1, 2, 3))
    nobody = contracts.NO_ONE
    no_cap = passes.NO_LIMIT
    assert tuple(month.terms) == (nobody, WEI // 20, 30 * DAY, no_cap, 0, 1000, False, True)
    assert tuple(year.terms) == (nobody, WEI * 2 // 5, 365 * DAY, 1000, 2, 0, True, False)
    assert tuple(trial.terms) == (nobody, 0, 3 * DAY, no_cap, 1, 0, False, False)
    assert (trial.opens, trial.closes) == (1_767_225_600, 4_102_444_800)


def test_create_again_finds_it(shop):
    height = chain.blocks.height
    assert "there already: nothing was sent" in shop.commands.done("create", shop.file)
    assert chain.blocks.height == height


def test_create_asks_first(shop):
    file = shop.folder / "other.toml"
    file.write_text(EXAMPLE.replace('label = "studio"', 'label = "other"'))
    height = chain.blocks.height
    asked = shop.commands.call("create", file, typed="n\n")
    assert asked.exit_code == 1
    assert "Create it as" in asked.output
    assert chain.blocks.height == height


def test_a_gated_plan_is_never_open_and_create_goes_on_where_it_ended(shop, monkeypatch):
    """Killed after each transaction, the plan is sold to nobody until it has its rule."""
    (shop.folder / "members.toml").write_text(
        f'let_in = "a valid studio pass"\n[pass]\nstudio = "{shop.address}"\n'
    )
    file = shop.folder / "gated.toml"
    file.write_text(
        EXAMPLE.replace('label = "studio"', 'label = "gated"').replace("# rule = ", "rule = ")
        .replace('"song.toml"', '"members.toml"')
    )  # fmt: skip
    assert "its rule is not registered" in unchanged(shop, "create", file, "--yes")
    shop.commands.done("rule", "register", shop.folder / "members.toml", "--yes")
    send, left = access.send, []

    def killed(*arguments, **given):
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return send(*arguments, **given)

    monkeypatch.setattr(access, "send", killed)
    for _ in range(2):  # created; its sale set
        left.append(True)
        stopped = shop.commands.call("create", file, "--yes")
        assert stopped.exit_code == 4
        address = stopped.output.split("address")[1].split()[0]
        gated = contracts.at(address, "Pass")
        assert gated.plan(3).terms.price == 2**112 - 1
    monkeypatch.setattr(access, "send", send)
    printed = shop.commands.done("create", file, "--yes")
    assert "set the price of plan 3" in printed
    assert "set the sale" not in printed
    assert gated.plan(3).terms.price == 0
    assert gated.plan(3).gate != contracts.NO_ONE
    sentence = unchanged(shop, "sell", address, 3, "--yes", "--to", GRANTS.format(9))
    assert "keeps" in sentence
    assert "kept out: a valid" in sentence
    assert "it has no pass" in sentence
    assert "there already" in shop.commands.done("create", file)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('price = "0.05"', "price = 0.05", "plans.0.price: Input should be a valid string."),
        ('"30 days"', '"a month"', '"a month" is not a duration'),
        ('royalty = "5 %"', 'royalty = "11 %"', "royalty: Input should be less than or equal"),
        ('royalty = "5 %"', 'royalty = "5"', 'write a percentage as text, e.g. "2.5 %".'),
        ("# cap = 10_000 ", "cap = 10 ", "so each plan needs its own."),
        ('duration = "30 days"', 'duration = "for ever"', "what lasts for ever cannot be refund"),
        ("closes = 2100-01-01", "closes = 2025-01-01", "it closes before it opens."),
        ("opens = 2026-01-01", "opens = 2026-01-01T18:00:00", "a time without its zone"),
        ('currency = "ETH"', f'currency = "{REVENUE}"', "There is no token at"),
        (REVENUE, REVENUE.replace("C8", "c8"), "has a wrong checksum"),
        ('# owner = "alice.os"', 'owner = "alice.os"', "alice.os is not registered"),
        ('# owner = "alice.os"', f'owner = "{REVENUE}"', "are set by the owner alone"),
        ("soulbound = true", "soulbond = true", "plans.1.soulbond: Extra inputs"),
        ('symbol = "STUDIO"', 'symbol = "STUDIOSTUDIOSTUDIO"', "symbol: more than 16 bytes."),
        ('price = "0.4"', 'price = "99999999999999999999"', "Plan 2: nobody has"),
        (
            '# rule = "song.toml"',
            'rule = "none.toml"',
            "there is no file none.toml",
        ),
    ],
)
def test_a_file_that_is_wrong_sends_nothing(shop, old, new, sentence):
    assert EXAMPLE.count(old) == 1
    file = shop.folder / "wrong.toml"
    file.write_text(EXAMPLE.replace(old, new).replace('label = "studio"', 'label = "wrong"'))
    height = chain.blocks.height
    result = shop.commands.call("create", file)
    assert result.exit_code == 1
    assert sentence in result.output
    assert chain.blocks.height == height


# ----- sell, renew, refund -----


def test_sell_renew_and_refund(shop):
    sell = ("sell", shop.address, 1, "--account", FAN, "--yes")
    printed = shop.commands.done(*sell, "--referrer", shop.friend.address)
    assert "in 29 days" in printed or "in 30 days" in printed
    id = shop.it.active(shop.fan)
    assert shop.it.ownerOf(id) == shop.fan.address
    assert shop.it.credit(shop.friend, contracts.NO_ONE) == WEI // 200
    name = f"1/{id - (1 << 32)}"
    renewed = shop.commands.done("renew", shop.address, name, "--yes")  # by the creator
    assert "in 59 days" in renewed or "in 60 days" in renewed
    assert "what you pay is a gift, and is not refunded" in renewed
    assert "who alone can give it back" in unchanged(shop, "refund", shop.address, name, "--yes")
    before = balance(shop.fan)
    shop.commands.done("refund", shop.address, name, "--account", FAN, "--yes")
    assert balance(shop.fan) - before > WEI * 44 // 1000  # nine tenths, less gas and seconds
    assert "There is no pass" in unchanged(shop, "renew", shop.address, name)
    before = balance(shop.friend)
    assert "0.005 ETH paid" in shop.commands.done(
        "claim", shop.address, "--to", shop.friend.address
    )
    assert balance(shop.friend) - before == WEI // 200
    sentence = unchanged(shop, "claim", shop.address, "--to", shop.friend.address)
    assert sentence == f"{shop.friend.address} is owed no ETH by this collection."


def test_sell_to_another_and_several(shop):
    to = GRANTS.format(0xA1)
    shop.commands.done("sell", shop.address, 2, "--to", to, "--count", 2, "--yes")
    assert shop.it.balanceOf(to) == 2
    assert "limit reached" in unchanged(shop, "sell", shop.address, 2, "--to", to, "--yes")
    id = shop.it.active(to)
    assert "pass: nothing" not in unchanged(shop, "refund", shop.address, id)


def test_sell_for_a_token(shop):
    """It is allowed exactly what is due."""
    found = open_book(shop.commands.records)
    token = found["VotesToken"]
    record = found.folder.record("VotesToken")
    [holders] = [each.value for each in record.arguments if each.name == "holders"]
    holder = accounts[holders[0]]
    token.transfer(shop.fan, 12 * WEI, sender=holder)
    terms = (token.address, 5 * WEI, 30 * DAY, 100, 0, 0, False, False)
    shop.it.create_plan(terms, sender=shop.creator)
    number = shop.it.collection().plans
    sell = ("sell", shop.address, number, "--account", FAN, "--yes")
    shop.commands.done(*sell, "--count", 2)
    assert token.balanceOf(shop.it) == 10 * WEI
    assert token.allowance(shop.fan, shop.it) == 0
    assert "has only 2 URA of 5 URA" in unchanged(shop, *sell)
    before = token.balanceOf(REVENUE)
    shop.commands.done("sweep", shop.address, "--token", token.address, "--yes")
    assert token.balanceOf(REVENUE) - before == 10 * WEI


def test_sweep_settles_first_if_it_is_asked_to(shop):
    shop.commands.done("sell", shop.address, 1, "--to", GRANTS.format(0xA2), "--yes")
    unit = contracts.NO_ONE
    if balance(shop.address) > shop.it.held(unit):
        shop.commands.done("sweep", shop.address, "--yes")
    assert "what is there is held for others" in unchanged(shop, "sweep", shop.address, "--yes")
    travel(15 * DAY)
    before = balance(REVENUE)
    shop.commands.done("sweep", shop.address, "--settle", "--yes")
    half = WEI // 40
    assert half <= balance(REVENUE) - before < half + WEI // 100
    assert balance(shop.address) == shop.it.held(unit)


# ----- vouchers -----


def test_voucher_is_signed_and_redeemed(shop):
    file = shop.folder / "voucher.json"
    sign = ("voucher", "sign", shop.address, 1, shop.fan.address, file, "--price", "0.01", "--yes")
    height = chain.blocks.height
    printed = shop.commands.done(*sign, "--count", 2, "--for", "2 days")
    assert chain.blocks.height == height
    assert "0.01 ETH" in printed
    assert "is there already" in unchanged(shop, *sign)
    forged = json.loads(file.read_text())
    forged["voucher"]["price"] = 1
    bad = shop.folder / "forged.json"
    bad.write_text(json.dumps(forged))
    assert "is not what" in unchanged(shop, "voucher", "redeem", bad, "--yes")
    before, count = balance(shop.address), shop.it.balanceOf(shop.fan)
    shop.commands.done("voucher", "redeem", file, "--yes")
    assert shop.it.balanceOf(shop.fan) == count + 2
    assert balance(shop.address) - before == WEI // 50
    assert "redeemed or cancelled" in unchanged(shop, "voucher", "redeem", file, "--yes")


def test_a_voucher_is_not_signed_unasked(shop):
    file = shop.folder / "unasked.json"
    sign = ("voucher", "sign", shop.address, 1, shop.fan.address, file, "--price", "0.01")
    asked = shop.commands.call(*sign, typed="n\n")
    assert asked.exit_code == 1
    assert f"Promise that to {shop.fan.address}" in asked.output
    assert not file.exists()


def test_what_a_contract_refuses_is_told_by_us_alone(shop, capfd):
    """Ape would draw the call, in the words of the contract, into what machines read."""
    assert "There is no pass 1/9999999" in unchanged(shop, "refund", shop.address, "1/9999999")
    assert capfd.readouterr().out == ""


def test_voucher_that_is_cancelled_or_late(shop):
    free, late = shop.folder / "free.json", shop.folder / "late.json"
    sign = ("voucher", "sign", "--yes", shop.address, 1, shop.fan.address)
    shop.commands.done(*sign, free, "--price", 0)
    shop.commands.done(*sign, late, "--price", 0, "--for", "1 hour")
    assert "not owner" in unchanged(shop, "voucher", "cancel", free, "--account", FAN, "--yes")
    shop.commands.done("voucher", "cancel", free, "--yes")
    assert "redeemed or cancelled" in unchanged(shop, "voucher", "redeem", free, "--yes")
    travel(DAY)
    assert "The voucher ended 22 hours ago" in unchanged(
        shop, "voucher", "redeem", late, "--yes"
    ) or "The voucher ended 23 hours ago" in shop.commands.refused("voucher", "redeem", late)
    sentence = unchanged(shop, *sign, shop.folder / "x.json", "--price", "1", "--account", FAN)
    assert sentence.startswith("Vouchers are signed by the owner")
    assert not (shop.folder / "x.json").exists()


# ----- members -----


def ids_of(it):
    """All passes there are, asked for one by one."""
    seen = it.collection()
    minted = {0: seen.granted} | {n: it.plan(n).minted for n in range(1, seen.plans + 1)}
    for plan, count in minted.items():
        for id in range((plan << 32) + 1, (plan << 32) + count + 1):
            try:
                it.ownerOf(id)
            except ContractLogicError:  # it was refunded
                continue
            yield id


def test_members_are_those_of_the_chain(shop):
    to = [GRANTS.format(0xB0 + number) for number in range(3)]
    month = chain.pending_timestamp + 30 * DAY
    shop.it.grant(to[0], NO_EXPIRY, sender=shop.creator)
    shop.it.grant(to[1], chain.pending_timestamp + DAY, sender=shop.creator)
    shop.it.grant(shop.fan, month, sender=shop.creator)
    rented = (shop.it.collection().granted,)[0]
    shop.it.setUser(rented, to[2], month - DAY, sender=shop.fan)
    travel(2 * DAY)
    rows = shop.commands.json("members", shop.address)
    for row in rows:
        id = int(row["id"])
        assert row["owner"] == shop.it.ownerOf(id)
        assert row["valid"] == shop.it.valid(id)
        assert (row["expiry"] or NO_EXPIRY) == shop.it.expiresAt(id)
        assert (row["rented_to"] or contracts.NO_ONE) == shop.it.userOf(id)
    assert [int(row["id"]) for row in rows] == list(ids_of(shop.it))
    by_id = {int(row["id"]): row for row in rows}
    assert by_id[rented - 2]["expires"] == "never"
    assert by_id[rented - 1]["expires"].endswith("1 day ago")
    assert by_id[rented]["rented_to"] == to[2]
    table = list(csv.DictReader(io.StringIO(shop.commands.done("members", shop.address, "--csv"))))
    assert [row["id"] for row in table] == [row["id"] for row in rows]
    valid = shop.commands.json("members", shop.address, "--valid")
    assert [row["id"] for row in valid] == [row["id"] for row in rows if row["valid"]]
    assert 0 < len(valid) < len(rows)
    printed = shop.commands.done("members", shop.address)
    assert f"rented to {to[2]}" in printed
    assert f"0/{rented}" in printed


def test_show(shop):
    shown = shop.commands.json("show", shop.address)
    assert (shown["name"], shown["royalty"]) == ("Studio", "5 %")
    assert [plan["lasts"] for plan in shown["plans"]][:3] == ["30 days", "1 year", "3 days"]
    printed = shop.commands.done("show", shop.address)
    assert "held for refunds and referrers" in printed


def test_revenue_moves_after_its_notice(shop):
    refused = unchanged(shop, "revenue", "apply", shop.address)
    assert refused == "No other revenue address is announced."
    other = GRANTS.format(0xC1)
    shop.commands.done("revenue", "announce", shop.address, other, "--yes")
    assert "Its notice ends in " in unchanged(shop, "revenue", "apply", shop.address)
    travel(7 * DAY)
    shop.commands.done("revenue", "apply", shop.address)
    assert int(shop.it.collection().revenue, 16) == int(other, 16)
    shop.it.announce_revenue(REVENUE, sender=shop.creator)
    travel(7 * DAY)
    shop.commands.done("revenue", "apply", shop.address)


# ----- grants -----


def written(shop, name, rows):
    file = shop.folder / name
    lines = "".join(f"{recipient},{until}\n" for recipient, until in rows)
    file.write_text(f"recipient,until\n{lines}")
    return file


def held_by(shop, rows):
    return [shop.it.balanceOf(recipient) for recipient, _ in rows]


def grant(shop, file):
    return "grant", shop.address, file, "--journal", shop.folder / "grants", "--yes"


def table_of(shop, name, first, count):
    """A file of grants, for recipients that no other test has."""
    file = shop.folder / f"{name}.csv"
    recipients = [GRANTS.format(number) for number in range(first, first + count)]
    file.write_text("".join(f"{each},30 days\n" for each in recipients))
    return file, recipients


def test_a_table_of_an_earlier_local_chain_says_nothing_of_this_one(shop):
    """Their ids and their collections' addresses are the same."""
    file, [recipient] = table_of(shop, "earlier", 0x70000, 1)
    shop.commands.done(*grant(shop, file))
    assert "were granted before" in unchanged(shop, *grant(shop, file))
    kept = grants.Journal(shop.folder / "grants", shop.address)
    path = kept.path(grants.digest(grants.of_csv(file)))
    path.write_text(path.read_text().replace(kept.genesis, "0x" + "00" * 32))
    shop.commands.done(*grant(shop, file))
    assert shop.it.balanceOf(recipient) == 2


def test_only_one_run_at_a_time_grants(shop):
    """Two would both sign what neither has signed yet."""
    file, [recipient] = table_of(shop, "twice", 0x70100, 1)
    with grants.Journal(shop.folder / "grants", shop.address).held():
        assert "Another run grants passes" in unchanged(shop, *grant(shop, file))
    shop.commands.done(*grant(shop, file))
    assert shop.it.balanceOf(recipient) == 1


def test_what_is_refused_halfway_was_not_merely_refused(shop, monkeypatch):
    file, recipients = table_of(shop, "halfway", 0x70200, 33)
    sign, left = grants._signed, [True]

    def once(*given):
        if not left:
            raise Refusal("The account did not sign.")
        left.pop()
        return sign(*given)

    monkeypatch.setattr(grants, "_signed", once)
    stopped = shop.commands.call(*grant(shop, file))
    assert stopped.exit_code == 4
    assert "Error: The account did not sign." in stopped.output
    monkeypatch.undo()
    shop.commands.done(*grant(shop, file))
    assert [shop.it.balanceOf(each) for each in recipients] == [1] * 33


class KilledError(BaseException):
    """As a process that ends here."""


def killing(monkeypatch, point):
    """End the run at a point: before and after each note and each transaction."""
    passed = iter(range(point))

    def step():
        if next(passed, None) is None:
            raise KilledError

    def around(function):
        def call(*arguments):
            step()
            answer = function(*arguments)
            step()
            return answer

        return call

    monkeypatch.setattr(grants.Journal, "keep", around(grants.Journal.keep))
    monkeypatch.setattr(grants, "_deliver", around(grants._deliver))


def is_killed(shop, file) -> bool:
    try:
        shop.commands.call(*grant(shop, file))
    except KilledError:
        return True
    return False


def test_grants_killed_at_every_point_reach_everybody_once(shop):
    """Three people in two batches; each point has a table of its own."""
    points = 2 * (1 + 2 * 3)  # of the plan a note; of each batch a note, its transaction, a note
    for point in range(points + 1):
        people = [GRANTS.format(0x10000 + 16 * point + n) for n in range(3)]
        rows = [(people[0], "for ever"), (people[1], "for ever"), (people[2], "30 days")]
        file = written(shop, f"press-{point}.csv", rows)
        with pytest.MonkeyPatch.context() as patch:
            killing(patch, point)
            assert is_killed(shop, file) == (point < points)
        assert max(held_by(shop, rows)) <= 1
        if point < points:
            resumed = shop.commands.call(*grant(shop, file))
            assert resumed.exit_code == 0 or "were granted before" in resumed.output
        assert held_by(shop, rows) == [1, 1, 1]
    sentence = unchanged(shop, *grant(shop, file))
    assert sentence.startswith(f"All 3 of press-{point}.csv were granted before.")


def test_a_process_that_is_killed_while_its_transaction_waits(shop):
    """The node holds the transaction; the next run neither loses nor repeats it."""
    rows = [(GRANTS.format(0x20000 + n), "2100-01-01") for n in range(40)]
    file = written(shop, "wait.csv", rows)
    web3 = chain.provider.web3
    web3.provider.make_request("evm_setAutomine", [False])
    records, started = shop.commands.records, time.monotonic()
    given = [*map(str, grant(shop, file)), "--network", ANVIL, "--records", str(records)]
    process = subprocess.Popen(
        ["ape", "run", "access", *given],
        cwd=ROOT,
        env={**os.environ, "PATH": ape_process.PATH},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while web3.eth.get_block("pending", True)["transactions"] == []:
            assert process.poll() is None and time.monotonic() < started + 120
            time.sleep(0.2)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    finally:
        process.kill()
        web3.provider.make_request("evm_setAutomine", [True])
    printed = shop.commands.done(*grant(shop, file))
    assert "wait.csv was begun before: 0 of 40 are noted as granted." in printed
    assert held_by(shop, rows) == [1] * 40


def test_a_nonce_that_another_transaction_took(shop, monkeypatch):
    """What was signed can never arrive: it is signed anew."""
    rows = [(GRANTS.format(0x30000), "30 days")]
    file = written(shop, "nonce.csv", rows)
    killing(monkeypatch, 4)  # signed and noted, not sent
    assert is_killed(shop, file)
    monkeypatch.undo()
    monkeypatch.setattr(grants, "POLL", 0.01)
    shop.creator.transfer(shop.fan, 1)
    shop.commands.done(*grant(shop, file))
    assert held_by(shop, rows) == [1]


def test_one_table_at_a_time_and_by_one_account(shop, monkeypatch):
    rows = [(GRANTS.format(0x40000), "30 days")]
    first = written(shop, "first.csv", rows)
    killing(monkeypatch, 4)
    assert is_killed(shop, first)
    monkeypatch.undo()
    second = written(shop, "second.csv", [*rows, (GRANTS.format(0x40001), "1 year")])
    assert "Another table of this collection is not granted" in unchanged(
        shop, *grant(shop, second)
    )
    assert "began with first.csv: go on with that account." in unchanged(
        shop, *grant(shop, first), "--account", FAN
    )
    journal = next(
        path for path in (shop.folder / "grants").glob("*/*/*.json") if '"done":false' in
        path.read_text().replace(" ", "")
    )  # fmt: skip
    kept = journal.read_text()
    journal.write_text(kept[:-20])
    assert "is damaged: restore it." in unchanged(shop, *grant(shop, first))
    journal.write_text(kept)
    shop.commands.done(*grant(shop, first))
    assert held_by(shop, rows) == [1]


def test_grants_by_a_delegate_only(shop):
    file = written(shop, "mine.csv", [(GRANTS.format(0x50000), "plan 2")])
    given = (*grant(shop, file), "--account", FAN)
    assert "pass: not owner" in unchanged(shop, *given)
    shop.it.set_delegate(shop.fan, chain.pending_timestamp + DAY, sender=shop.creator)
    shop.commands.done(*given)
    id = shop.it.active(GRANTS.format(0x50000))
    assert abs(shop.it.expiresAt(id) - chain.pending_timestamp - 365 * DAY) < 600


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("0x12,30 days", "bad.csv, line 3: 0x12 is not an address."),
        ("nobody.os,30 days", "line 3: nobody.os is not registered"),
        (f"{REVENUE},soon", 'line 3: "soon" says no time'),
        (f"{REVENUE},30", 'line 3: "30" is not a time'),
        (f"{REVENUE},2020-01-01", "line 3: 2020-01-01 is over."),
        (f"{REVENUE},2027-02-30", 'line 3: "2027-02-30" is not a time'),
        (f"{REVENUE},101 years", "line 3: 101 years is more than 100 years ahead"),
        (f"{REVENUE},plan 9", "line 3: There is no plan 9"),
        (f"{REVENUE}", "line 3: 1 columns: write recipient,until."),
        (f"{GRANTS.format(0x60000)},for ever", "is there before: bad.csv, line 2."),
    ],
)
def test_a_table_that_is_wrong_grants_nobody(shop, row, sentence):
    file = shop.folder / "bad.csv"
    file.write_text(f"# people\n{GRANTS.format(0x60000)},for ever\n{row}\n")
    assert sentence in unchanged(shop, *grant(shop, file))
    assert shop.it.balanceOf(GRANTS.format(0x60000)) == 0


def test_what_is_not_there(shop):
    assert "There is no pass collection" in unchanged(shop, "show", REVENUE)
    assert "There is no plan 9: the collection has" in unchanged(shop, "sell", shop.address, 9)
    assert "There is no pass 1/999" in unchanged(shop, "renew", shop.address, "1/999")
    assert "is no pass: write plan" in unchanged(shop, "renew", shop.address, "first")
