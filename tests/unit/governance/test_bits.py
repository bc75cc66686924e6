"""Governor: every bit counts, the lowest too: odd and even times, numbers and thresholds."""

from itertools import count

import boa
import pytest

from tests.support.governance import (
    ACTIVE,
    CANCELED,
    DAY,
    EXCLUDED,
    FOR,
    FRACTIONAL,
    HOUR,
    PENDING,
    SUCCEEDED,
    TOKENS,
    Settings,
    deploy_dao,
    events,
    open_vote,
    propose,
    queue_proposal,
    ripen,
    travel_to,
)
from tests.unit.governance.conftest import call

ODD = Settings(DAY + 1, 5 * DAY + 1, 10 * TOKENS + 1, 11, HOUR + 1)
EVEN = Settings(DAY + 2, 5 * DAY + 2, 10 * TOKENS + 2, 12, HOUR + 2)


@pytest.fixture(scope="module")
def odd(balances):
    return deploy_dao(balances, settings=ODD)


@pytest.fixture(params=[0, 1])
def parity(request):
    """Of the time, and with a delay of whole days of the snapshot."""
    travel_to(boa.env.timestamp // 2 * 2 + 2 + request.param)
    return request.param


@pytest.mark.parametrize("settings", [ODD, EVEN])
def test_times_of_a_vote_are_kept_to_the_second(
    balances, target, proposer, voter, minority, settings, parity
):
    dao = deploy_dao(balances, settings=settings)
    governor = dao.governor
    travel_to(boa.env.timestamp // 2 * 2 + 2 + parity)
    opened = boa.env.timestamp + settings.voting_delay
    closed = opened + settings.voting_period
    id = propose(dao, call(target, 1), proposer).id
    [created] = events(governor, "ProposalCreated")
    assert (created.voteStart, created.voteEnd) == (opened, closed)
    assert (governor.proposalSnapshot(id), governor.proposalDeadline(id)) == (opened, closed)
    assert governor.proposalSettings(id) == settings.astuple()
    assert (governor.votingDelay(), governor.proposalCount()) == (settings.voting_delay, 1)
    travel_to(opened)
    assert governor.state(id) == PENDING
    travel_to(closed)
    governor.castVote(id, FOR, sender=minority)
    prolonged = closed + settings.late_extension
    assert [log.extendedDeadline for log in events(governor, "ProposalExtended")] == [prolonged]
    assert governor.proposalDeadline(id) == prolonged
    travel_to(prolonged)
    assert governor.state(id) == ACTIVE
    governor.castVote(id, FOR, sender=voter)
    travel_to(prolonged + 1)
    assert governor.state(id) == SUCCEEDED
    with boa.reverts("governor: vote not open"):
        governor.castVote(id, FOR, sender=proposer)


@pytest.mark.parametrize("settings", [ODD, EVEN])
def test_a_quorum_is_late_in_the_last_seconds_of_an_extension(
    balances, target, proposer, minority, settings
):
    dao = deploy_dao(balances, settings=settings)
    id = propose(dao, call(target, 1), proposer).id
    closed = dao.governor.proposalDeadline(id)
    travel_to(closed - settings.late_extension)
    with boa.env.anchor():
        dao.governor.castVote(id, FOR, sender=minority)
        assert dao.governor.proposalDeadline(id) == closed
    boa.env.time_travel(seconds=1)
    dao.governor.castVote(id, FOR, sender=minority)
    assert dao.governor.proposalDeadline(id) == closed + settings.late_extension


@pytest.fixture(scope="module")
def exact(proposer, voter, minority):
    """A quorum of 101, which the proposer alone just makes."""
    settings = Settings(threshold=1, quorum_numerator=50, late_extension=DAY)
    return deploy_dao({proposer: 101, voter: 51, minority: 50}, settings=settings)


def test_a_late_vote_that_just_makes_the_quorum_prolongs(exact, target, proposer):
    id = propose(exact, call(target, 1), proposer).id
    closed = exact.governor.proposalDeadline(id)
    travel_to(closed)
    exact.governor.castVote(id, FOR, sender=proposer)
    assert exact.governor.proposalDeadline(id) == closed + DAY


def test_votes_after_a_quorum_that_was_just_made_prolong_nothing(exact, target, proposer, voter):
    governor = exact.governor
    id = propose(exact, call(target, 1), proposer).id
    closed = governor.proposalDeadline(id)
    travel_to(closed - DAY)
    governor.castVote(id, FOR, sender=proposer)
    travel_to(closed)
    assert governor.proposalQuorum(id) == 101
    governor.castVote(id, FOR, sender=voter)
    assert governor.proposalDeadline(id) == closed
    assert governor.proposalVotes(id) == (0, 152, 0)


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


def test_votes_and_quorum_count_as_of_the_very_second(
    dao, governor, token, proposal, proposer, voter, minority, parity
):
    propose(dao, proposal, proposer)
    travel_to(governor.proposalSnapshot(proposal.id))
    assert boa.env.timestamp % 2 == parity
    token.transfer(proposer, 50 * TOKENS, sender=voter)
    token.delegate(EXCLUDED, sender=minority)
    boa.env.time_travel(seconds=1)
    assert governor.castVote(proposal.id, FOR, sender=voter) == 300 * TOKENS
    assert governor.usedVotes(proposal.id, voter) == 300 * TOKENS
    assert governor.proposalQuorum(proposal.id) == 75 * TOKENS


@pytest.mark.parametrize("last", [0, 1])
def test_split_votes_are_kept_by_every_bit_of_the_id(dao, governor, target, proposer, voter, last):
    propose(dao, call(target, 0, "the first"), proposer)
    calls = (call(target, number) for number in count())
    proposal = next(each for each in calls if governor.hashProposal(*each.hashed()) % 2 == last)
    id = propose(dao, proposal, proposer).id
    open_vote(dao, proposal)
    for in_favor in (7, 8):
        params = bytes(16) + in_favor.to_bytes(16, "big") + bytes(16)
        governor.castVoteWithReasonAndParams(id, FRACTIONAL, "", params, sender=voter)
    assert governor.usedVotes(id, voter) == 15
    assert governor.castVote(id, FOR, sender=voter) == 350 * TOKENS - 15
    assert governor.nonces(voter, id % 2**192) == (id % 2**192) << 64


@pytest.mark.parametrize("end", ["execute", "cancel"])
def test_the_end_of_a_proposal_changes_nothing_but_its_state(
    dao, governor, proposal, proposer, voter, guardian, parity, end
):
    queue_proposal(dao, proposal, proposer, [voter])
    ripen(dao, proposal)

    def told():
        views = ("Snapshot", "Deadline", "Proposer", "Version", "Settings", "Votes", "Quorum")
        return [getattr(governor, f"proposal{view}")(proposal.id) for view in views]

    before = told()
    assert before[0] % 2 == parity
    getattr(governor, end)(*proposal.hashed(), sender=guardian)
    assert told() == before
