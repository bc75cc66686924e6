"""Records are whole, true to their schema, and refused when something else wrote them."""

import json
import os

import pytest
from eth_utils import keccak

from scripts._lib import create2, records
from scripts._lib.files import write_atomically
from scripts._lib.records import Folder, Record
from scripts._lib.refusal import Refusal

GENESIS = "0x" + "11" * 32
INIT_CODE = b"\x5f\x5f\xf3"
PUBLIC = 10


def record(**changed) -> Record:
    fields = {
        "chain_id": PUBLIC,
        "genesis": GENESIS,
        "contract": "Thing",
        "source": "contracts/Thing.vy",
        "address": create2.address_of(INIT_CODE),
        "creator": create2.DEPLOYER,
        "salt": "0x" + create2.SALT.hex(),
        "init_code_hash": "0x" + keccak(INIT_CODE).hex(),
        "code_hash": "0x" + "22" * 32,
        "arguments": [{"name": "amount", "type": "uint256", "value": str(2**255)}],
        "transaction": "0x" + "33" * 32,
        "block": 7,
        "compiler": {
            "version": "0.4.3",
            "optimize": "gas",
            "evm_version": "prague",
            "bytecode_metadata": False,
        },
        "commit": "4" * 40,
        "abi": [],
        "storage_layout": {},
    }
    return Record.model_validate({**fields, **changed})


@pytest.fixture
def folder(tmp_path) -> Folder:
    folder = Folder(PUBLIC, GENESIS, tmp_path)
    folder.write("Thing", record())
    return folder


def tamper(folder: Folder, **changed) -> str:
    """The refusal of the record with fields changed by hand."""
    content = json.loads(folder.file("Thing").read_text())
    folder.file("Thing").write_text(json.dumps({**content, **changed}))
    with pytest.raises(Refusal) as refusal:
        folder.merge(record())
    assert "\n" not in refusal.value.message
    return refusal.value.message


def test_schema_is_fresh():
    assert records.SCHEMA.read_text() == records.schema()


def test_record_is_read_as_it_was_written(folder):
    assert folder.record("Thing") == record()
    assert folder.record("Other") is None
    assert folder.book() is None


def test_second_look_keeps_the_history_of_the_first(folder):
    later = record(transaction=None, block=None, commit="5" * 40)
    assert folder.merge(later) == record()


def test_address_that_its_init_code_does_not_give_is_refused(folder):
    other = create2.address_of(b"\x00")
    assert "was changed by hand" in tamper(folder, address=other)


def test_address_with_a_wrong_checksum_is_refused(folder):
    lower = create2.address_of(INIT_CODE).lower()
    assert "address: the checksum" in tamper(folder, address=lower)


def test_name_of_another_contract_is_refused(folder):
    assert "was changed by hand" in tamper(folder, contract="Other")


@pytest.mark.parametrize(
    ("field", "content"),
    [("code_hash", "0x" + "23" * 32), ("arguments", []), ("abi", [{}]), ("source", "x.vy")],
)
def test_fact_that_is_not_so_is_refused(folder, field, content):
    assert f"its {field} is not what is deployed" in tamper(folder, **{field: content})


def test_unknown_field_is_refused(folder):
    assert "note: Extra inputs are not permitted" in tamper(folder, note="trust me")


def test_half_a_file_is_refused(folder):
    text = folder.file("Thing").read_text()
    folder.file("Thing").write_text(text[: len(text) // 2])
    with pytest.raises(Refusal, match="Invalid JSON"):
        folder.record("Thing")


def test_record_of_another_chain_is_refused_on_a_public_one(folder, tmp_path):
    stranger = Folder(PUBLIC, "0x" + "12" * 32, tmp_path)
    with pytest.raises(Refusal, match="is of another chain"):
        stranger.record("Thing")


def test_local_chain_that_began_anew_has_no_records(tmp_path):
    local, genesis = records.LOCAL_CHAINS[0], "0x" + "12" * 32
    old = Folder(local, GENESIS, tmp_path)
    old.write("Thing", record(chain_id=local))
    assert old.record("Thing") is not None
    assert Folder(local, genesis, tmp_path).record("Thing") is None


def test_public_deployment_is_not_overwritten_by_another(folder, tmp_path):
    other = create2.address_of(b"\x00")
    folder.check("Thing", record().address)
    with pytest.raises(Refusal, match="records another deployment"):
        folder.check("Thing", other)
    local = Folder(records.LOCAL_CHAINS[0], GENESIS, tmp_path)
    local.write("Thing", record(chain_id=local.chain_id))
    local.check("Thing", other)


def test_killed_writer_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "book.json"
    write_atomically(path, "old")

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_arguments_are_plain_json_that_no_reader_rounds():
    assert records.plain((2**255, b"\x01", [True, "text"])) == [str(2**255), "0x01", [True, "text"]]
