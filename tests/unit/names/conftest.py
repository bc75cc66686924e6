import boa
import pytest

from tests.support.names import World, deploy_names


@pytest.fixture(scope="module")
def world() -> World:
    return deploy_names()


def account(role: str) -> str:
    address = boa.env.generate_address(role)
    boa.env.set_balance(address, 10**24)
    return address


@pytest.fixture
def owner() -> str:
    return account("owner")


@pytest.fixture
def buyer() -> str:
    return account("buyer")


@pytest.fixture
def stranger() -> str:
    return account("stranger")


@pytest.fixture
def node(world: World, owner: str) -> bytes:
    """alice.os, registered by the owner for a year."""
    return world.register("alice", owner)
