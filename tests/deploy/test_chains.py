"""Deployments on anvil: the same everywhere, done once, and never trusted unseen."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from scripts._lib import create2
from scripts._lib.intent import INTENTS
from scripts._lib.records import Book, Record
from tests.support import ape
from tests.support.anvil import running_anvil

FOUNDRY = ("--network", "ethereum:local:foundry")
DEPLOYER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
CHAINS = (31337, 777)

pytestmark = [pytest.mark.anvil, pytest.mark.no_anchor]


def deploy(web3, records):
    host = web3.provider.endpoint_uri
    return ape.run("deploy", *FOUNDRY, "--records", records, APE_FOUNDRY_HOST=host)


def read(folder, chain_id):
    folder = folder / str(chain_id)
    book = Book.model_validate_json((folder / "addresses.json").read_text())
    records = {
        name: Record.model_validate_json((folder / f"{name}.json").read_text())
        for name in book.contracts
    }
    assert {path.stem for path in folder.iterdir()} == {"addresses", *records}
    return book, records


def test_suite_on_two_chains(tmp_path):
    """One story, because each deployment takes seconds."""
    # The second chain lacks the keyless deployer: the script has to put it there.
    with (
        running_anvil("prague", CHAINS[0]) as first,
        running_anvil("prague", CHAINS[1]) as second,
    ):
        for method, nothing in (("anvil_setCode", "0x"), ("anvil_setNonce", "0x0")):
            second.provider.make_request(method, [create2.DEPLOYER, nothing])
        assert not second.eth.get_code(create2.DEPLOYER)
        with ThreadPoolExecutor(2) as both:
            done = list(both.map(lambda web3: deploy(web3, tmp_path), (first, second)))
        for process in done:
            assert process.returncode == 0, process.stdout

        same_addresses_on_both(first, second, tmp_path)
        second_run_changes_nothing(first, tmp_path)
        daos_are_opened_and_found(first, tmp_path)
        tampered_record_is_refused(first, tmp_path)
        changed_code_is_found(second, tmp_path)


def same_addresses_on_both(first, second, folder):
    (book, records), (other_book, other_records) = (read(folder, chain) for chain in CHAINS)
    assert (book.contracts, book.modules) == (other_book.contracts, other_book.modules)
    for name, record in records.items():
        assert record.code_hash == other_records[name].code_hash
        assert first.eth.get_code(record.address) == second.eth.get_code(record.address) != b""
        receipt = first.eth.get_transaction_receipt(record.transaction)
        assert (receipt["status"], receipt["blockNumber"]) == (1, record.block)
        assert receipt["to"] == create2.DEPLOYER


def second_run_changes_nothing(web3, folder):
    nonce = web3.eth.get_transaction_count(DEPLOYER)
    before = {path: path.read_bytes() for path in (folder / str(CHAINS[0])).iterdir()}
    again = deploy(web3, folder)
    assert again.returncode == 0, again.stdout
    assert web3.eth.get_transaction_count(DEPLOYER) == nonce
    assert {path: path.read_bytes() for path in before} == before


STUDIO = INTENTS.parent / "daos" / "studio.toml"


def daos_are_opened_and_found(web3, folder):
    """`ape run dao`: a DAO with its own token, and one over that token."""

    def dao(*arguments):
        host = web3.provider.endpoint_uri
        return ape.run("dao", *arguments, *FOUNDRY, "--records", folder, APE_FOUNDRY_HOST=host)

    created = dao("create", STUDIO, "--yes")
    assert created.returncode == 0, created.stdout
    assert "3 days 1 hour" in created.stdout  # until a change of code is in force
    namespace = re.search(r"dao show (0x[0-9a-f]{64})", created.stdout)[1]
    token = re.search(r"token +(0x[0-9a-fA-F]{40})", created.stdout)[1]
    assert web3.eth.get_code(token) != b""

    again = dao("create", STUDIO, "--yes")
    assert again.returncode == 1
    assert "This DAO cannot be created: dao factory: salt was used." in again.stdout

    text = re.sub(r"\[token\].*(?=\[governance\])", "", STUDIO.read_text(), flags=re.S)
    guild = folder / "guild.toml"
    guild.write_text(f'token = "{token}"\n' + text.replace('label = "studio"', 'label = "guild"'))
    web3.provider.make_request("evm_mine", [])  # the token has a past from its next second on
    unsigned = dao("create", guild)  # nobody says yes
    assert unsigned.returncode == 1
    assert "Create it as" in unsigned.stdout
    assert "facts are as planned" not in unsigned.stdout
    over = dao("create", guild, "--yes")
    assert over.returncode == 0, over.stdout

    listed = dao("list")
    assert "DAOs of the factory: 2" in listed.stdout
    assert namespace in listed.stdout
    shown = dao("show", namespace)
    assert shown.returncode == 0, shown.stdout
    for part in (token, "1 day", "threshold, votes", DEPLOYER, "guardian"):
        assert part in shown.stdout
    guild.unlink()


def tampered_record_is_refused(web3, folder):
    path = folder / str(CHAINS[0]) / "Gate.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "address": DEPLOYER}))
    refused = deploy(web3, folder)
    assert refused.returncode == 1
    assert "Gate.json was changed by hand: restore the file." in refused.stdout.replace("\n", "")
    assert "Traceback" not in refused.stdout


def changed_code_is_found(web3, folder):
    """A chain that answers with other code than was deployed."""
    gate = read(folder, CHAINS[1])[0].contracts["Gate"]
    code = bytearray(web3.eth.get_code(gate))
    code[-1] ^= 1
    web3.provider.make_request("anvil_setCode", [gate, "0x" + code.hex()])
    found = deploy(web3, folder)
    assert found.returncode == 1
    assert "The chain is not as planned; nothing was recorded." in found.stdout
    assert "Gate code" in found.stdout
    assert "access.gate verified" in found.stdout
