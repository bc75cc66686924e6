"""Deployments on anvil: the same everywhere, done once, and never trusted unseen."""

import json
import re

import pytest

from scripts import dao, deploy
from scripts._lib import create2
from scripts._lib.intent import INTENTS
from scripts._lib.manifest import MANIFEST
from scripts._lib.records import Book, Journal, Manifest, Record
from tests.support.anvil import ask, laid_back, running_anvil, travel
from tests.support.script import Script

DEPLOYER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
CHAINS = (31337, 777)

pytestmark = [pytest.mark.anvil, pytest.mark.no_anchor]


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    return tmp_path_factory.mktemp("deployments")


@pytest.fixture(scope="module")
def first(records):
    with running_anvil("prague", CHAINS[0]) as chain:
        script = Script(chain, records)
        script.done(deploy.cli, "apply")
        yield script


@pytest.fixture(scope="module")
def second(records):
    """A chain that lacks the keyless deployer: the script has to put it there."""
    with running_anvil("prague", CHAINS[1]) as chain:
        for method, nothing in (("anvil_setCode", "0x"), ("anvil_setNonce", "0x0")):
            ask(chain, method, create2.DEPLOYER, nothing)
        assert not chain.eth.get_code(create2.DEPLOYER)
        script = Script(chain, records)
        script.done(deploy.cli, "apply")
        yield script


def read(folder, chain_id):
    folder = folder / str(chain_id)
    book = Book.model_validate_json((folder / "addresses.json").read_text())
    journal = Journal.model_validate_json((folder / "journal.json").read_text())
    records = {
        name: Record.model_validate_json((folder / f"{name}.json").read_text())
        for name in book.contracts
    }
    assert {path.stem for path in folder.iterdir()} == {"addresses", "journal", *records}
    assert journal.finished
    return book, records


def test_same_addresses_on_two_chains(first, second, records):
    (book, own), (other_book, other) = (read(records, chain) for chain in CHAINS)
    assert (book.contracts, book.modules) == (other_book.contracts, other_book.modules)
    for name, record in own.items():
        assert record.code_hash == other[name].code_hash
        codes = [script.chain.eth.get_code(record.address) for script in (first, second)]
        assert codes[0] == codes[1] != b""
        receipt = first.chain.eth.get_transaction_receipt(record.transaction)
        assert (receipt["status"], receipt["blockNumber"]) == (1, record.block)
        assert receipt["to"] == create2.DEPLOYER


def test_manifest_holds_on_every_chain(first, second):
    predicted = Manifest.model_validate_json(MANIFEST.read_text()).contracts
    for chain in CHAINS:
        _, found = read(first.records, chain)
        for name, entry in predicted.items():
            record = found[name]
            assert (record.address, record.code_hash) == (entry.address, entry.code_hash)
            assert record.init_code_hash == entry.init_code_hash


def test_second_run_changes_nothing(first, records):
    nonce = first.chain.eth.get_transaction_count(DEPLOYER)
    before = {path: path.read_bytes() for path in (records / str(CHAINS[0])).iterdir()}
    first.done(deploy.cli, "apply")
    assert first.chain.eth.get_transaction_count(DEPLOYER) == nonce
    assert {path: path.read_bytes() for path in before} == before


STUDIO = INTENTS.parent / "daos" / "studio.toml"


def test_daos_are_opened_and_found(first, tmp_path):
    """`ape run dao`: a DAO with its own token, and one over that token."""
    created = first.done(dao.cli, "create", STUDIO, "--yes")
    assert "3 days 1 hour" in created  # until a change of code is in force
    namespace = re.search(r"dao show (0x[0-9a-f]{64})", created)[1]
    token = re.search(r"token +(0x[0-9a-fA-F]{40})", created)[1]
    assert first.chain.eth.get_code(token) != b""

    again = first.refused(dao.cli, "create", STUDIO, "--yes")
    assert "The chain refuses to create this DAO: dao factory: salt was used." in again

    text = re.sub(r"\[token\].*(?=\[governance\])", "", STUDIO.read_text(), flags=re.S)
    guild = tmp_path / "guild.toml"
    guild.write_text(f'token = "{token}"\n' + text.replace('label = "studio"', 'label = "guild"'))
    travel(first.chain, 1)  # the token has a past from its next second on
    unsigned = first.call(dao.cli, "create", guild)  # nobody says yes
    assert unsigned.exit_code == 1
    assert "Create it as" in unsigned.stdout
    assert "facts are as planned" not in unsigned.stdout
    first.done(dao.cli, "create", guild, "--yes")

    listed = first.done(dao.cli, "list")
    assert "DAOs of the factory: 2" in listed
    assert namespace in listed
    shown = first.done(dao.cli, "show", namespace)
    for part in (token, "1 day", "threshold, votes", DEPLOYER, "guardian"):
        assert part in shown


def test_answers_for_machines(first):
    """Standard output is JSON and nothing else."""
    plan = json.loads(first.call(deploy.cli, "plan", "--json").stdout)
    assert (plan["transactions"], plan["cost"]) == ([], "0")
    assert all(contract["there"] for contract in plan["contracts"].values())
    applied = json.loads(first.call(deploy.cli, "apply", "--json", "--plan", plan["plan"]).stdout)
    examined = json.loads(first.call(deploy.cli, "doctor", "--json").stdout)
    assert applied["passed"] is examined["passed"] is True
    assert applied["plan"] == examined["plan"] == plan["plan"]
    assert len(examined["checks"]) > len(applied["checks"]) > 100


def test_doctor_trusts_no_record(first):
    path = first.records / str(CHAINS[0]) / "Gate.json"
    text = path.read_text()
    path.write_text(json.dumps({**json.loads(text), "address": DEPLOYER}))
    sentence = first.refused(deploy.cli, "doctor")
    path.write_text(text)
    assert sentence.endswith("Gate.json was changed by hand: restore the file.")


def test_changed_code_is_found(first):
    """A chain that answers with other code than was deployed."""
    gate = read(first.records, CHAINS[0])[0].contracts["Gate"]
    code = bytearray(first.chain.eth.get_code(gate))
    code[-1] ^= 1
    with laid_back(first.chain):
        ask(first.chain, "anvil_setCode", gate, "0x" + code.hex())
        result = first.call(deploy.cli, "doctor")
    assert result.exit_code == 3
    assert "Gate code" in result.stdout
    assert "access.gate verified" in result.stdout
    assert result.stderr == "Error: The chain is not as it should be.\n"


def test_bundle_gives_the_code_on_the_chain(first, tmp_path):
    """List is the smallest; the others go the same way."""
    told = first.done(deploy.cli, "verify", "List", "--bundles", tmp_path)
    assert "1 contracts: the sources give the code on the chain." in told
    path = tmp_path / "List.json"
    text = path.read_text()
    assert text.count("list: unknown list") == 1
    path.write_text(text.replace("list: unknown list", "list: unknown LIST"))
    sentence = first.refused(deploy.cli, "verify", "List", "--bundles", tmp_path, status=3)
    assert sentence == "The sources do not give the code on the chain."
    path.write_text(text[:-9])
    sentence = first.refused(deploy.cli, "verify", "List", "--bundles", tmp_path)
    assert "List.json is not JSON: remove it to have it written anew." in sentence
    sentence = first.refused(deploy.cli, "verify", "Lists")
    assert sentence == "There is no Lists in the plan: see `ape run deploy plan`."
    sentence = first.refused(deploy.cli, "verify", "List", "--publish")
    assert sentence.startswith("Ape knows no explorer of this network: install the group `verify`")
