"""Tokens, files and names of people who mean harm, shown by our commands on the embedded chain."""

import re

import pytest
from ape import accounts, chain
from ape.api import NetworkAPI
from click.testing import CliRunner
from eth_abi import encode
from eth_utils.abi import function_signature_to_4byte_selector
from web3.exceptions import Web3RPCError

from scripts import access, dao, deploy, income, names
from scripts._lib import contracts, passes, sending, splits, suite, vouchers
from scripts._lib.amounts import asset
from scripts._lib.files import ROOT
from scripts._lib.found import open_book
from scripts._lib.intent import INTENTS, WEI, Studio, load
from scripts._lib.refusal import Refusal
from scripts._lib.visible import said, visible
from tests.deploy.conftest import address_in
from tests.support.commands import EMBEDDED, deployed

pytestmark = pytest.mark.no_anchor

ALICE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
BOB = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
CLEAR = "\x1b[2J"  # what empties a terminal
EXAMPLE = (ROOT / "deployments" / "collections" / "studio.toml").read_text()


@pytest.fixture(scope="module")
def commands(tmp_path_factory):
    with deployed(access.cli, EMBEDDED, tmp_path_factory.mktemp("hostile")) as commands:
        yield commands


def copying(data: bytes, end: bytes) -> bytes:
    """Code that ends with the data that stands behind it."""
    size = b"\x61" + len(data).to_bytes(2, "big")  # PUSH2
    return size + b"\x60\x0c\x5f\x39" + size + b"\x5f" + end + data  # CODECOPY from byte 12


RETURN, REVERT = b"\xf3", b"\xfd"


def answering(answer: bytes, end: bytes = RETURN) -> str:
    """A contract that answers, or refuses, the same whatever it is asked."""
    return put(copying(answer, end))


def put(code: bytes) -> str:
    """Where a contract of this code is."""
    creation = chain.provider.network.ecosystem.create_transaction(data=copying(code, RETURN))
    return accounts.test_accounts[7].call(creation).contract_address


def calling_itself(text: str) -> str:
    """A token of 32 decimals, of which everybody has 32."""
    return answering(encode(["string"], [text]))


# ----- text -----


def test_what_a_terminal_obeys_is_spelled():
    assert visible(f"a{CLEAR}\u202eb\r\nc") == "a\\x1b[2J\\u202eb\\r\nc"
    assert said("[red]\n[/]") == "\\[red]\\n\\[/]"


def test_a_refusal_quotes_without_obeying(commands):
    with pytest.raises(Refusal) as caught:
        raise Refusal(f"{CLEAR} is not an address.")
    assert caught.value.format_message() == "\\x1b[2J is not an address."


def test_a_question_is_on_one_line(commands, monkeypatch):
    asked = []
    monkeypatch.setattr(sending.click, "confirm", lambda question, **_: asked.append(question))
    sending.ask(False, f"Pay 1 A\r\n{CLEAR}B?")
    assert asked == ["Pay 1 A\\r\\n\\x1b[2JB?"]


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("GEM", "GEM"),
        ("USD\u20ae0", "USD\u20ae0"),
        (CLEAR + "GEM", "2JGEM"),
        ("[/]", "/"),
        ("GEM\nto Bob", "GEMto Bob"),
        ("G" * 99, "G" * 16),
    ],
)
def test_a_symbol_is_a_word(commands, text, symbol):
    token = asset(calling_itself(text))
    assert (token.symbol, token.decimals) == (symbol, 32)


@pytest.mark.parametrize("text", ["", "ETH", " eth", "E\u200bTH", "\n"])
def test_no_token_is_called_as_eth_is(commands, text):
    address = calling_itself(text)
    assert asset(address).symbol == address[:8]


def test_a_token_that_says_its_symbol_in_32_bytes(commands):
    assert asset(answering(b"MKR".ljust(32, b"\0"))).symbol == "MKR"


@pytest.mark.parametrize("answer", [b"", b"\xff" * 32, b"\xff" * 96, b"\x01"])
def test_a_token_that_answers_nonsense(commands, answer):
    address = answering(answer)
    assert asset(address).symbol == address[:8]


def test_one_bad_token_does_not_hide_what_a_split_divided(commands, monkeypatch):
    """Anyone may have it divide a token that is gone in the end of the same transaction."""
    printed = commands.done("make", f"{ALICE}=1", f"{BOB}=1", "--yes", cli=income.cli)
    split, gem = address_in(printed), calling_itself("[/]")
    bad = [answering(b""), ALICE]  # one does not answer, one has no code
    past = [splits.Entry(1, splits.DISTRIBUTED, token, (), (7,)) for token in (*bad, gem)]
    monkeypatch.setattr(splits, "history", lambda *_: past)
    shown = commands.done("show", split, cli=income.cli)
    for token in bad:
        assert f"{token} does not answer as a token" in shown
    assert "ETH: 0 ETH divided" in shown
    assert re.search(r"/: 0\.0+7 / divided", shown)


def test_who_only_looks_like_a_split_is_none(commands):
    """It would show what it likes of who was paid."""
    printed = commands.done("make", f"{ALICE}=1", f"{BOB}=1", "--yes", cli=income.cli)
    code = contracts.code(address_in(printed))
    row = code[59:83]
    for other in (
        b"\xfe" * 26 + code[26:46] + code[46:],
        code[:46] + b"\xfe" * 13 + code[59:],
        code[:-4] + ((1 << 8) | 2).to_bytes(4, "big"),  # pays out more than comes in
        code[:59] + row + row + code[-4:],
        code[:58],
    ):
        said = refused(commands, "show", put(other), cli=income.cli)
        assert "There is no split of this deployment" in said
    assert "ETH: 0 ETH divided" in commands.done("show", put(code), cli=income.cli)


def test_who_only_looks_like_a_forwarder_is_none(commands):
    made = ("forwarder", "make", "--target", ALICE, "--yes")
    code = contracts.code(address_in(commands.done(*made, cli=income.cli)))
    for other in (b"\xfe" * 15 + code[15:], code[:35] + b"\xfe" * 15 + code[50:], code[:-1]):
        said = refused(commands, "forwarder", "flush", put(other), cli=income.cli)
        assert "There is no forwarder of this deployment" in said
    said = refused(commands, "forwarder", "flush", put(code), cli=income.cli)
    assert "There is nothing to pay on" in said


def test_a_plan_shows_which_token_it_is_paid_in(commands, tmp_path):
    """Symbols say nothing: the example again, for a token that borrows one."""
    token = calling_itself("USDC")
    file = tmp_path / "studio.toml"
    text = EXAMPLE.replace('label = "studio"', 'label = "paid"')
    file.write_text(text.replace('currency = "ETH"', f'currency = "{token}"'))
    paid_in = f"USDC, the token at {token}"
    made = commands.done("create", file, "--yes")
    assert paid_in in made
    address = made.split("access show ")[1].split()[0]
    assert paid_in in commands.done("show", address)
    asked = commands.call("sell", address, 1, typed="n\n")
    assert paid_in in asked.output
    voucher = tmp_path / "voucher.json"
    signed = commands.done("voucher", "sign", address, 1, ALICE, voucher, "--price", "0", "--yes")
    assert paid_in in signed


def test_metadata_are_the_owners(commands, shop):
    address, _ = shop
    it = contracts.at(address, "Pass")
    other = ("metadata", address, "ipfs://other/", "--yes", "--account", "TEST::2")
    assert "The chain refuses to set it: pass: not owner" in refused(commands, *other)
    assert "more than 256 bytes" in refused(commands, "metadata", address, "x" * 257)
    asked = commands.call("metadata", address, "ipfs://cid/", typed="n\n")
    assert "Read the metadata of Studio below ipfs://cid/?" in asked.output
    assert it.contractURI().startswith("data:")
    commands.done("metadata", address, "ipfs://cid/", "--yes")
    assert it.contractURI() == "ipfs://cid/collection"
    commands.done("metadata", address, "", "--yes")
    assert it.contractURI().startswith("data:")


def test_a_dao_file_shows_who_will_decide(commands, tmp_path):
    file = tmp_path / "studio.toml"
    text = (ROOT / "deployments" / "daos" / "studio.toml").read_text()
    file.write_text(text)
    asked = commands.call("create", file, typed="n\n", cli=dao.cli)
    for holder, amount in load(file, Studio).token.holders.items():
        assert re.search(rf"{holder} +{amount // WEI}\b", asked.output)
    assert re.search(r"a quorum is +40 percent", asked.output)
    assert re.search(r"a proposal needs +10\b", asked.output)


def test_apply_shows_on_public_networks_who_will_hold_what(commands, tmp_path, monkeypatch):
    sender = accounts.test_accounts[0].address
    text = (INTENTS / "ethereum-local.toml").read_text().replace('"uraeus"', '"other"')
    file = tmp_path / "settings.toml"
    file.write_text(f'chain_id = {chain.chain_id}\nclaimer = "{sender}"\n{text}')
    monkeypatch.setattr(NetworkAPI, "is_dev", False)
    monkeypatch.setattr(suite, "commit", lambda: "0" * 40)
    asked = commands.call("apply", "--settings", file, typed="n\n", cli=deploy.cli)
    assert "Sign these transactions?" in asked.output
    settings = load(file)
    for holder, amount in settings.token.holders.items():
        assert re.search(rf"{holder} +{amount // WEI}\b", asked.output)
    assert f"{settings.guardian.account}, {settings.guardian.days} days" in asked.output


# ----- nodes -----


@pytest.mark.parametrize("error", [Web3RPCError("too many blocks"), OSError("413")])
def test_logs_from_a_node_that_answers_a_few_blocks_at_once(commands, monkeypatch, error):
    token = open_book(commands.records)["VotesToken"]
    whole = contracts.logs(token, "Transfer", 0)
    all_of_it = list(passes.logs(token.address, 0, lambda *_: None))
    eth = chain.provider.web3.eth
    ask, asked = eth.get_logs, []

    def few(query):
        asked.append((query["fromBlock"], query["toBlock"]))
        if query["toBlock"] - query["fromBlock"] >= 3:
            raise error
        return ask(query)

    monkeypatch.setattr(eth, "get_logs", few)
    assert contracts.logs(token, "Transfer", 0) == whole != []
    assert list(passes.logs(token.address, 0, lambda *_: None)) == all_of_it != []
    monkeypatch.setattr(eth, "get_logs", lambda _: (_ for _ in ()).throw(error))
    with pytest.raises(type(error)):
        contracts.logs(token, "Transfer", 0)


def test_a_factory_that_answers_nonsense(commands):
    for answer in (b"MKR".ljust(32, b"\0"), encode(["uint256"], [7])):
        for command in (["list"], ["show", "0"]):
            given = [*command, "--factory", answering(answer)]
            result = commands.call(*given, cli=dao.cli)
            assert result.exit_code == 1
            assert "Error: A contract does not answer as it should" in result.output


# ----- files -----


def refused(commands, *arguments: object, cli=None) -> str:
    result = commands.call(*arguments, cli=cli)
    assert result.exit_code == 1, (result.output, result.exception)
    assert isinstance(result.exception, SystemExit), result.exception
    return result.output


@pytest.mark.parametrize(
    "text",
    [
        f"{ALICE},1\n{BOB},{'9' * 5000}\n",
        f"{ALICE},1\n{BOB},\u00b2\n",
        f"{ALICE},1\n{'x' * 140_000},1\n",
        f"{ALICE},1\n{ALICE}.os,1\n",
    ],
    ids=range(4),
)
def test_tables_of_a_split(commands, tmp_path, text):
    file = tmp_path / "band.csv"
    file.write_text(text)
    assert "Error: band.csv" in refused(commands, "make", "--csv", file, cli=income.cli)


@pytest.mark.parametrize(
    "text",
    [
        "let_in = " + "[" * 20_000,
        "let_in = " + "9" * 5_000,
        "\xff",
        'let_in = "during the x time"\n[time]\nx = { from = 1969-12-31 }',
        'let_in = "during the x time"\n[time]\nx = { from = 0001-01-01 }',
        f'let_in = "{"9" * 5_000} x collectibles"\n[collectible]\nx = "{ALICE}"',
        'let_in = "on the x allow-list"\n[allow-list]\nx = { accounts = "a\\u0000b" }',
        'let_in = "' + "(" * 5_000 + '"',
    ],
    ids=range(8),
)
def test_rules_that_no_gate_takes(commands, tmp_path, text):
    file = tmp_path / "rule.toml"
    file.write_text(text, encoding="latin-1")
    assert refused(commands, "rule", "show", file).startswith("Error: ")


def test_a_rule_with_the_mark_that_some_editors_leave(commands, tmp_path):
    file = tmp_path / "rule.toml"
    file.write_text('\ufefflet_in = "during the x time"\n[time]\nx = { from = 2026-01-01 }')
    assert "during the x time" in commands.done("rule", "show", file)


@pytest.fixture(scope="module")
def shop(commands, tmp_path_factory):
    """A collection, and a voucher of its creator for Alice."""
    folder = tmp_path_factory.mktemp("shop")
    file, voucher = folder / "studio.toml", folder / "voucher.json"
    file.write_text(EXAMPLE)
    address = commands.done("create", file, "--yes").split("access show ")[1].split()[0]
    commands.done("voucher", "sign", address, 1, ALICE, voucher, "--price", "0", "--yes")
    return address, vouchers.read(voucher)


@pytest.mark.parametrize("deadline", [2**256 - 1, 2**62, 253_402_300_800], ids=range(3))
def test_a_voucher_without_an_end(commands, shop, tmp_path, deadline):
    """Its creator may sign that; it is shown."""
    address, signed = shop
    far = signed.voucher.model_copy(update={"deadline": deadline})
    file = tmp_path / "voucher.json"
    vouchers.write(file, vouchers.sign(chain.chain_id, address, far, accounts.test_accounts[0]))
    asked = commands.call("voucher", "redeem", file, typed="n\n")
    assert "after the year 9999" in asked.output
    assert asked.output.endswith("Aborted!\n")


def test_an_address_book_without_what_is_asked(commands, tmp_path):
    [book] = commands.records.glob("*/addresses.json")
    other = tmp_path / book.parent.name / book.name
    other.parent.mkdir()
    for text, told in (
        (book.read_text().replace('"Names"', '"Nobody"'), "The recorded deployment has no Names"),
        ("\xff", "restore the file"),
    ):
        other.write_text(text, encoding="latin-1")
        given = ["available", "alice", "--network", EMBEDDED, "--records", str(tmp_path)]
        result = CliRunner().invoke(names.cli, given)
        assert told in result.output, result.exception
        assert result.exit_code == 1


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"chain_id": ' + "9" * 5_000 + "}", "", "\xff"], ids=range(4)
)
def test_vouchers_that_are_none(commands, tmp_path, text):
    file = tmp_path / "voucher.json"
    file.write_text(text, encoding="latin-1")
    assert "Error: voucher.json" in refused(commands, "voucher", "redeem", file)


@pytest.mark.parametrize("plan", ["-1", "0", "4", str(2**256)])
def test_plans_that_are_none(commands, shop, plan):
    said = refused(commands, "renew", shop[0], "1/1", "--plan", plan)
    assert "There is no pass 1/1" in said
    given = ["sell", shop[0], "--network", EMBEDDED, "--records", str(commands.records), "--", plan]
    result = CliRunner().invoke(access.cli, given)
    assert f"Error: There is no plan {plan}: the collection has 3, from 1." in result.output


@pytest.mark.parametrize(
    "until", ["plan \u00b2", "plan " + "9" * 90, "plan " + "9" * 5_000], ids=range(3)
)
def test_grants_until_nonsense(commands, shop, tmp_path, until):
    file = tmp_path / "press.csv"
    file.write_text(f"{ALICE},{until}\n")
    given = ["grant", shop[0], file, "--journal", tmp_path / "journal"]
    assert "Error: press.csv, line 1: " in refused(commands, *given)


def test_a_collection_that_opens_before_all_chains(commands, tmp_path):
    file = tmp_path / "studio.toml"
    file.write_text(EXAMPLE.replace("opens = 2026-01-01", "opens = 1960-01-01"))
    assert "before 1970" in refused(commands, "create", file)


def test_no_contract_has_other_machines_asked(commands, tmp_path, monkeypatch):
    """ERC-3668: one may refuse by naming an address that is to be asked instead."""
    asked = []
    monkeypatch.setattr("web3.eth.eth.handle_offchain_lookup", lambda *_, **__: asked.append(1))
    lookup = function_signature_to_4byte_selector(
        "OffchainLookup(address,string[],bytes,bytes4,bytes)"
    ) + encode(
        ["address", "string[]", "bytes", "bytes4", "bytes"],
        [ALICE, ["https://thief.example/{sender}/{data}"], b"", bytes(4), b""],
    )
    file = tmp_path / "rule.toml"
    condition = answering(lookup, REVERT)
    file.write_text(
        f'let_in = "allowed by the x condition"\n[condition]\nx = {{ contract = "{condition}" }}'
    )
    result = commands.call("rule", "test", file, ALICE)
    assert "refuses to answer" in result.output
    assert not asked
