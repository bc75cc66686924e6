"""A DAO of three members: 400, 350 and 250 votes, a quorum of 10 percent, two days of delay."""

import boa
import pytest

from tests.support.compiled import deployer
from tests.support.dao_factory import NewToken, deploy_factory
from tests.support.governance import DAY, TOKENS, Proposal, deploy_dao


@pytest.fixture(scope="module")
def proposer():
    return boa.env.generate_address("proposer")


@pytest.fixture(scope="module")
def voter():
    return boa.env.generate_address("voter")


@pytest.fixture(scope="module")
def minority():
    return boa.env.generate_address("minority")


@pytest.fixture(scope="module")
def stranger():
    return boa.env.generate_address("stranger")


@pytest.fixture(scope="module")
def guardian():
    return boa.env.generate_address("guardian")


@pytest.fixture(scope="module")
def balances(proposer, voter, minority):
    return {proposer: 400 * TOKENS, voter: 350 * TOKENS, minority: 250 * TOKENS}


@pytest.fixture(scope="module")
def dao(balances, guardian):
    until = boa.env.timestamp + 300 * DAY
    return deploy_dao(balances, guardian=guardian, guardian_until=until)


@pytest.fixture(scope="module")
def governor(dao):
    return dao.governor


@pytest.fixture(scope="module")
def timelock(dao):
    return dao.timelock


@pytest.fixture(scope="module")
def token(dao):
    return dao.token


@pytest.fixture(scope="module")
def target():
    return deployer("Target").deploy()


@pytest.fixture(scope="module")
def factory():
    return deploy_factory()


@pytest.fixture(scope="module")
def kernel(factory):
    return deployer("Kernel").at(factory.kernel())


@pytest.fixture(scope="module")
def creator():
    return boa.env.generate_address("creator")


@pytest.fixture(scope="module")
def new_token(balances):
    return NewToken(tuple(map(str, balances)), tuple(balances.values()))


@pytest.fixture
def proposal(target):
    return call(target, 1)


def call(target, number: int, text: str = "note a number") -> Proposal:
    """A proposal whose only action tells the target a number."""
    data = target.note.prepare_calldata(number)
    return Proposal([str(target.address)], [0], [data], text)
