import boa
import pytest

from tests.support.forwarders import Forwarding, deploy_forwarding
from tests.support.income import new_token


def account(role: str) -> str:
    return boa.env.generate_address(role)


@pytest.fixture(scope="module")
def forwarding() -> Forwarding:
    return deploy_forwarding()


@pytest.fixture
def owner() -> str:
    return account("owner")


@pytest.fixture
def target() -> str:
    return account("target")


@pytest.fixture
def fallback() -> str:
    return account("fallback")


@pytest.fixture
def stranger() -> str:
    return account("stranger")


@pytest.fixture
def token():
    return new_token()


@pytest.fixture
def forwarder(forwarding, owner, target):
    """A forwarder to an address that its owner may change."""
    return forwarding.to_address(owner, target)


@pytest.fixture
def node(forwarding, owner) -> bytes:
    """alice.os, registered by the owner for a year."""
    return forwarding.world.register("alice", owner)


@pytest.fixture
def follower(forwarding, node, fallback):
    """A forwarder to alice.os in its first epoch."""
    return forwarding.to_name(node, fallback)
