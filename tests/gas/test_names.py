"""Whole-transaction gas of names, against the figures of the design page."""

from typing import Any

import boa
import pytest
from eth_utils import to_checksum_address

from tests.support.compiled import deployer
from tests.support.gas import transaction
from tests.support.names import RATES, YEAR, Registration, World, deploy_names, namehash, token
from tests.support.snapshot import check

pytestmark = pytest.mark.no_anchor

IPFS = bytes.fromhex("e30101701220")


@pytest.fixture
def world() -> World:
    return deploy_names()


@pytest.fixture
def owner() -> str:
    address = to_checksum_address("0x" + "a1" * 20)  # of fixed bytes, for which calldata is paid
    boa.env.set_balance(address, 10**24)
    return address


@pytest.fixture
def buyer() -> str:
    return to_checksum_address("0x" + "b2" * 20)


def measure(operation: str, function: Any, *arguments: Any, **call: Any) -> None:
    with transaction() as measured:
        function(*arguments, **call)
    check("names", operation, measured.gas)


def register(world: World, operation: str, registration: Registration) -> None:
    """For an account that holds no name yet, which is what costs most."""
    world.commit(registration)
    price, _ = world.names.registration_price(registration.label, registration.duration, 0)
    measure(operation, world.names.register, registration, sender=registration.owner, value=price)


def test_commit(world, owner):
    # Any hash: this one has no zero bytes, whatever the registry's address.
    measure("commit", world.names.commit, b"\xc0" * 32, sender=owner)


@pytest.mark.parametrize("label", ["alices", "a-name-of-thirty-characters-xx"])
def test_register(world, owner, label):
    # The most that is accepted is a sum that people write, not the type's maximum.
    registration = Registration(label, owner, max_price=10**18)
    register(world, f"register, {len(label)} characters", registration)
    assert world.resolver.addr(namehash(f"{label}.os")) == owner


def test_register_with_primary_name(world, owner):
    registration = Registration("alices", owner, max_price=10**18, primary=True)
    register(world, "register + primary name", registration)
    assert world.reverse.name(world.reverse.node(owner)) == "alices.os"


@pytest.mark.parametrize("function", ["renew", "renew_at_cap"])
def test_renew(world, owner, function):
    world.register("alices", owner)
    price, _ = world.names.renewal_price("alices", YEAR)
    renew = getattr(world.names, function)
    measure(function.replace("_", " "), renew, "alices", YEAR, sender=owner, value=price)


def test_renew_by_a_timetable(world, owner):
    """Between two tables, where most is computed."""
    world.register("alices", owner)
    dearer = [2 * rate for rate in RATES[1:]] + [RATES[-1]]
    step = boa.env.timestamp
    world.point("names.pricing", deployer("NamePricingV2").deploy(RATES, dearer, step, 4, 0))
    price, _ = world.names.renewal_price("alices", YEAR)
    renew = world.names.renew
    measure("renew, prices by timetable", renew, "alices", YEAR, sender=owner, value=price)


def test_transfer(world, owner, buyer):
    node = world.register("alices", owner)
    transfer = world.names.transferFrom
    measure("transfer", transfer, owner, buyer, token(node), sender=owner)


def test_transfer_one_of_several(world, owner, buyer):
    node = world.register("alices", owner)
    world.register("others", owner)
    transfer = world.names.transferFrom
    measure("transfer, one of several", transfer, owner, buyer, token(node), sender=owner)


def test_migrate(world, owner, buyer):
    node = world.register("alices", owner)
    measure("migrate", world.names.migrate, node, buyer, sender=owner)


def test_set_addr(world, owner, buyer):
    node = world.register("alices", owner)
    measure("setAddr, first", world.resolver.setAddr, node, buyer, sender=owner)
    measure("setAddr, change", world.resolver.setAddr, node, owner, sender=owner)


def test_set_text(world, owner):
    node = world.register("alices", owner)
    for operation, text in (("first", "x" * 20), ("change", "y" * 20)):
        set_text = world.resolver.setText
        measure(f"setText 20 B, {operation}", set_text, node, "avatar", text, sender=owner)


def test_set_contenthash(world, owner):
    node = world.register("alices", owner)
    for operation, digest in (("first", b"\x77" * 32), ("change", b"\x88" * 32)):
        set_content = world.resolver.setContenthash
        measure(f"contenthash dag-pb, {operation}", set_content, node, IPFS + digest, sender=owner)


def test_clear_records(world, owner):
    node = world.register("alices", owner)
    measure("clearRecords", world.resolver.clearRecords, node, sender=owner)


def test_set_primary_name(world, owner):
    measure("primary name", world.reverse.setName, "alices.os", sender=owner)


def test_sweep(world, owner):
    world.register("alices", owner)
    measure("sweep", world.names.sweep, sender=owner)
