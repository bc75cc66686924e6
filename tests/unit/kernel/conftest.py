"""A kernel with one namespace: two modules, a notice of two days, a guardian."""

import boa
import pytest

from tests.support.kernel import DAY, claim, deploy_kernel, deploy_module, key

NOTICE = 2 * DAY


@pytest.fixture(scope="session")
def keys():
    return [key("names.pricing"), key("treasury")]


@pytest.fixture
def kernel():
    return deploy_kernel()


@pytest.fixture
def modules():
    return [deploy_module(number) for number in range(4)]


@pytest.fixture
def claimer():
    return boa.env.generate_address()


@pytest.fixture
def owner():
    return boa.env.generate_address()


@pytest.fixture
def guardian():
    return boa.env.generate_address()


@pytest.fixture
def candidate():
    return boa.env.generate_address()


@pytest.fixture
def stranger():
    return boa.env.generate_address()


@pytest.fixture
def until():
    """When the guardian's time ends."""
    return boa.env.timestamp + 200 * DAY


@pytest.fixture
def ns(kernel, claimer, owner, guardian, until, keys, modules):
    first = dict(zip(keys, modules, strict=False))
    return claim(kernel, claimer, owner, first, notice=NOTICE, guardian=guardian, until=until)
