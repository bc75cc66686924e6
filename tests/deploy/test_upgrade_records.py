"""Records of upgrades are true to their schema, follow from each other, and are not edited."""

import json

import pytest
from eth_utils import keccak

from scripts._lib import create2
from scripts._lib.records import LOCAL_CHAINS, Folder
from scripts._lib.refusal import Refusal
from scripts._lib.upgrade import record as records
from scripts._lib.upgrade.record import Upgrade, Upgrades

GENESIS = "0x" + "11" * 32
PUBLIC = 10
KEY = "names.pricing"


def module(version: int) -> dict:
    """A module whose address follows from init code that holds its version."""
    address = create2.address_of(bytes([version]))
    return {"address": address, "version": version, "code_hash": f"0x{version:064x}"}


def code(version: int) -> dict:
    return {
        "contract": "NamePricing",
        "source": "contracts/names/NamePricing.vy",
        "creator": create2.DEPLOYER,
        "salt": "0x" + create2.SALT.hex(),
        "init_code_hash": "0x" + keccak(bytes([version])).hex(),
        "arguments": [],
        "compiler": {
            "version": "0.4.3",
            "optimize": "gas",
            "evm_version": "prague",
            "bytecode_metadata": False,
        },
        "commit": "4" * 40,
    }


def record(number: int, **changed) -> Upgrade:
    """The number-th change of one key."""
    fields = {
        "chain_id": PUBLIC,
        "genesis": GENESIS,
        "number": number,
        "kind": "upgrade",
        "title": "Better prices",
        "namespace": "0x" + "22" * 32,
        "key": KEY,
        "operation": "0x" + "33" * 32,
        "kernel_salt": "0x" + "00" * 32,
        "confirm": False,
        "was": module(number),
        "to": module(number + 1),
        "code": code(number + 1),
        "vote": {
            "governor": create2.DEPLOYER,
            "proposal": str(2**255),
            "description_hash": "0x" + "44" * 32,
            "report": "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG",
        },
        "transactions": {"apply": "0x" + "55" * 32},
    }
    return Upgrade.model_validate({**fields, **changed})


@pytest.fixture
def upgrades(tmp_path) -> Upgrades:
    upgrades = Upgrades(Folder(PUBLIC, GENESIS, tmp_path))
    upgrades.write(record(1))
    upgrades.write(record(2))
    return upgrades


def tamper(upgrades: Upgrades, nth: int, **changed) -> str:
    path = upgrades.path / f"{nth:03}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))
    with pytest.raises(Refusal) as refusal:
        upgrades.in_force()
    assert "\n" not in refusal.value.message
    return refusal.value.message


def test_schema_is_fresh():
    assert records.SCHEMA.read_text() == records.schema()


def test_the_last_record_of_a_key_is_in_force(upgrades):
    assert upgrades.all() == [record(1), record(2)]
    assert upgrades.in_force() == {KEY: record(2)}
    assert upgrades.next_number() == 3


def test_rollback_is_a_version_too(upgrades):
    back = {**module(2), "version": 4}
    undone = record(3, kind="rollback", was=module(3), to=back, code=None, vote=None)
    upgrades.write(undone)
    assert upgrades.in_force()[KEY].to.version == 4


def test_chain_without_upgrades(tmp_path):
    none = Upgrades(Folder(PUBLIC, GENESIS, tmp_path))
    assert (none.all(), none.in_force(), none.next_number()) == ([], {}, 1)


@pytest.mark.parametrize(
    ("number", "changed"),
    [
        (2, {"was": module(1)}),  # not what the record before left
        (2, {"to": module(4)}),  # a version is missing
        (1, {"to": {**module(2), "address": create2.DEPLOYER}}),  # not the address of its code
        (1, {"code": None}),  # an upgrade that built nothing
        (2, {"kind": "rollback"}),  # a roll-back that built something
    ],
)
def test_record_that_does_not_follow_is_refused(upgrades, number, changed):
    assert f"{number:03}.json was changed by hand" in tamper(upgrades, number, **changed)


def test_record_that_is_damaged_is_refused(upgrades):
    assert "001.json: note: Extra inputs" in tamper(upgrades, 1, note="trust me")


def test_record_of_another_number_is_refused(upgrades):
    assert "is numbered 7" in tamper(upgrades, 2, number=7)


def test_record_that_is_missing_is_noticed(upgrades):
    (upgrades.path / "001.json").unlink()
    with pytest.raises(Refusal, match="the upgrade before it is missing"):
        upgrades.all()


def test_record_of_another_chain_is_refused_on_a_public_one(upgrades, tmp_path):
    with pytest.raises(Refusal, match="is of another chain"):
        Upgrades(Folder(PUBLIC, "0x" + "12" * 32, tmp_path)).all()


def test_local_chain_that_began_anew_has_no_upgrades(tmp_path):
    local = LOCAL_CHAINS[0]
    old = Upgrades(Folder(local, GENESIS, tmp_path))
    old.write(record(1, chain_id=local))
    assert old.next_number() == 2
    assert Upgrades(Folder(local, "0x" + "12" * 32, tmp_path)).next_number() == 1
