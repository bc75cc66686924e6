"""Governor: every bit counts, the lowest too: odd and even times, numbers and thresholds."""

import boa
import pytest

from tests.support.governance import (
    ACTIVE,
    CANCELED,
    DAY,
    FOR,
    HOUR,
    PENDING,
    TOKENS,
    Settings,
    deploy_dao,
    propose,
    travel_to,
)
from tests.unit.governance.conftest import call

ODD = Settings(DAY + 1, 5 * DAY + 1, 10 * TOKENS + 1, 11, HOUR + 1)
EVEN = Settings(DAY + 2, 5 * DAY + 2, 10 * TOKENS + 2, 12, HOUR + 2)


@pytest.fixture(scope="module")
def odd(balances):
    return deploy_dao(balances, settings=ODD)


@pytest.mark.parametrize("settings", [ODD, EVEN])
@pytest.mark.parametrize("second", [0, 1])
def test_times_of_a_vote_are_kept_to_the_second(
    balances, target, proposer, minority, settings, second
):
    dao = deploy_dao(balances, settings=settings)
    travel_to(boa.env.timestamp // 2 * 2 + 2 + second)
    start = boa.env.timestamp
    id = propose(dao, call(target, 1), proposer).id
    governor, opened = dao.governor, start + settings.voting_delay
    closed = opened + settings.voting_period
    assert (governor.proposalSnapshot(id), governor.proposalDeadline(id)) == (opened, closed)
    assert governor.proposalSettings(id) == settings.astuple()
    travel_to(opened)
    assert governor.state(id) == PENDING
    travel_to(closed)
    governor.castVote(id, FOR, sender=minority)
    prolonged = closed + settings.late_extension
    assert governor.proposalDeadline(id) == prolonged
    travel_to(prolonged)
    assert governor.state(id) == ACTIVE
    travel_to(prolonged + 1)
    assert governor.state(id) != ACTIVE


def test_one_vote_below_an_odd_threshold_is_below(odd, target, proposer, voter, stranger):
    """To propose, and to keep what was proposed."""
    proposal = propose(odd, call(target, 1), proposer)
    odd.token.transfer(voter, 400 * TOKENS - ODD.threshold, sender=proposer)
    boa.env.time_travel(seconds=1)
    with boa.reverts("governor: may not cancel"):
        odd.governor.cancel(*proposal.hashed(), sender=stranger)
    with boa.env.anchor():
        propose(odd, call(target, 2), proposer)
    odd.token.transfer(voter, 1, sender=proposer)
    boa.env.time_travel(seconds=1)
    with boa.reverts("governor: too few votes"):
        propose(odd, call(target, 2), proposer)
    odd.governor.cancel(*proposal.hashed(), sender=stranger)
    assert odd.governor.state(proposal.id) == CANCELED
