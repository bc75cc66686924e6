"""A collection with a plan of each sort, and people with money."""

import boa
import pytest
from boa.util.abi import Address

from tests.support.access import (
    DAY,
    ETHER,
    MONTH,
    NO_LIMIT,
    Setup,
    Terms,
    create_collection,
    deploy_access,
)
from tests.support.compiled import deployer

ETH, TOKEN, SCARCE, FREE = 1, 2, 3, 4  # plans of the collection
PRICE = ETHER // 10
TOKENS = 50 * 10**6


@pytest.fixture(scope="session")
def access():
    with boa.env.prank(Address(b"access".rjust(20))):  # at the same addresses in every run
        return deploy_access()


@pytest.fixture
def owner():
    return boa.env.generate_address("owner")


@pytest.fixture
def revenue():
    return boa.env.generate_address("revenue")


@pytest.fixture
def buyer():
    return rich("buyer")


@pytest.fixture
def friend():
    return rich("friend")


@pytest.fixture
def stranger():
    return rich("stranger")


def rich(role):
    account = boa.env.generate_address(role)
    boa.env.set_balance(account, 100 * ETHER)
    return account


@pytest.fixture
def token(buyer):
    token = deployer("AccessToken").deploy()
    token.create(buyer, 100 * TOKENS)
    return token


@pytest.fixture
def receiver():
    """A contract that takes passes."""
    contract = deployer("PassReceiver").deploy()
    boa.env.set_balance(contract.address, 10 * ETHER)
    return contract


@pytest.fixture
def setup(owner, revenue, token):
    plans = (
        Terms(price=PRICE, duration=MONTH),
        Terms(currency=token.address, price=TOKENS, duration=12 * MONTH),
        Terms(price=PRICE, duration=MONTH, cap=3, limit=2),
        Terms(price=0, duration=0, cap=NO_LIMIT),
    )
    return Setup(owner, revenue, plans=plans)


@pytest.fixture
def collection(access, setup, token, buyer):
    collection = create_collection(access, setup)
    token.approve(collection.address, 2**256 - 1, sender=buyer)
    return collection


@pytest.fixture
def in_a_month():
    return boa.env.timestamp + MONTH


@pytest.fixture
def tomorrow():
    return boa.env.timestamp + DAY
