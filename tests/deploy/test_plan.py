"""Addresses are known before any transaction, and follow from bytes alone."""

import shutil

import pytest
import rlp
from eth_account import Account
from eth_utils import keccak, to_canonical_address, to_checksum_address

from scripts._lib import build, create2, intent, rehearsal
from scripts._lib.plan import Plan, namespace_id, system, text32
from scripts._lib.refusal import Refusal

DEPLOYER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
OTHER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


@pytest.fixture(scope="module")
def local() -> intent.Intent:
    return intent.of_network("ethereum", "local")


@pytest.fixture(scope="module")
def plan(local) -> Plan:
    return system(local, DEPLOYER)


@pytest.fixture(scope="module")
def codes(plan) -> dict[str, bytes]:
    return rehearsal.codes(plan.parts.values())


def test_keyless_transaction_makes_the_deployer():
    signer = Account.recover_transaction(create2.CREATION)
    assert signer == create2.SIGNER
    created = keccak(rlp.encode([to_canonical_address(signer), 0]))[12:]
    assert to_checksum_address(created) == create2.DEPLOYER


def test_every_contract_fits_and_is_where_the_plan_says(plan, codes):
    assert codes.keys() == plan.parts.keys()
    for name, code in codes.items():
        assert 0 < len(code) <= 24_576, name


def test_blueprints_begin_as_erc_5202_asks(plan, codes):
    blueprints = [name for name in plan.parts if name.endswith("Blueprint")]
    assert blueprints
    for name in blueprints:
        assert codes[name] == b"\xfe\x71\x00" + plan.parts[name].artifact.init_code


def test_kernel_does_not_depend_on_who_deploys_or_what(plan, local):
    other = system(local.model_copy(update={"label": "other"}), OTHER)
    assert other.parts["Kernel"].address == plan.parts["Kernel"].address
    assert other.parts["Timelock"].address != plan.parts["Timelock"].address


def test_every_module_of_the_system_namespace_is_planned(plan):
    assert set(plan.modules) == {
        "governance.dao_factory",
        "governance.governor",
        "names.pricing",
        "treasury",
        "income.splitter_factory",
        "income.forwarder_factory",
        "access.pass_factory",
        "access.gate",
        "access.list",
        "access.media",
    }
    assert set(plan.modules.values()) <= plan.parts.keys()


def test_every_plain_constructor_argument_is_read_back(plan):
    """Each argument that a view can show is compared with the chain."""
    shown_elsewhere = {"holders", "amounts", "resolver_blueprint", "reverse_blueprint", "settings"}
    for part in plan.parts.values():
        if not part.arguments:
            continue
        names = {given["name"] for given in part.artifact.constructor} - shown_elsewhere
        given = [
            argument
            for entry, argument in zip(part.artifact.constructor, part.arguments, strict=True)
            if entry["name"] in names
        ]
        for argument in given:
            assert argument in part.reads.values(), (part.name, argument)


def test_constructor_that_refuses_is_found_before_anything_is_sent(local):
    with pytest.raises(Refusal, match="The constructor of Names refuses its arguments"):
        rehearsal.codes(
            system(local.model_copy(update={"top_level": "NOT A LABEL"}), DEPLOYER).parts.values()
        )


def test_namespace_holds_its_claimer():
    label = text32("uraeus")
    assert namespace_id(DEPLOYER, label) != namespace_id(OTHER, label)
    assert namespace_id(DEPLOYER, label) == keccak(bytes(12) + bytes.fromhex(DEPLOYER[2:]) + label)


def test_comment_does_not_move_an_address(tmp_path, monkeypatch):
    kernel = build.artifact("Kernel")
    for folder in ("contracts", "interfaces"):
        shutil.copytree(build.ROOT / folder, tmp_path / folder)
    source = tmp_path / kernel.source
    source.write_text(source.read_text() + "\n# A comment more.\n")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    assert build._compile("Kernel").init_code == kernel.init_code
