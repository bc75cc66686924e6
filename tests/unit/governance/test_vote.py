"""Governor: votes, whole and split, and the quorum that comes late."""

from itertools import product

import boa
import pytest

from tests.support.governance import (
    ABSTAIN,
    ACTIVE,
    AGAINST,
    DAY,
    DEFEATED,
    FOR,
    FRACTIONAL,
    HOUR,
    TOKENS,
    Settings,
    close_vote,
    deploy_dao,
    events,
    open_vote,
    propose,
    travel_to,
)
from tests.unit.governance.conftest import call


@pytest.fixture
def vote(dao, proposal, proposer):
    """An open vote; its id."""
    propose(dao, proposal, proposer)
    open_vote(dao, proposal)
    return proposal.id


def split(against=0, in_favor=0, abstain=0) -> bytes:
    return b"".join(part.to_bytes(16, "big") for part in (against, in_favor, abstain))


def cast_split(governor, id, sender, against=0, in_favor=0, abstain=0, reason=""):
    params = split(against, in_favor, abstain)
    return governor.castVoteWithReasonAndParams(id, FRACTIONAL, reason, params, sender=sender)


# ----- whole votes -----


@pytest.mark.parametrize(
    "support, votes",
    [
        (AGAINST, (350 * TOKENS, 0, 0)),
        (FOR, (0, 350 * TOKENS, 0)),
        (ABSTAIN, (0, 0, 350 * TOKENS)),
    ],
)
def test_cast_vote(governor, vote, voter, support, votes):
    assert governor.castVote(vote, support, sender=voter) == 350 * TOKENS
    [cast] = events(governor, "VoteCast")
    assert (cast.voter, cast.proposalId, cast.support) == (voter, vote, support)
    assert (cast.weight, cast.reason) == (350 * TOKENS, "")
    assert governor.proposalVotes(vote) == votes
    assert governor.hasVoted(vote, voter)
    assert governor.usedVotes(vote, voter) == 350 * TOKENS


@pytest.mark.parametrize("supports", product((AGAINST, FOR, ABSTAIN), repeat=3))
def test_votes_add_up_in_any_order(governor, vote, proposer, voter, minority, supports):
    expected = [0, 0, 0]
    for account, support in zip((proposer, voter, minority), supports, strict=True):
        expected[support] += governor.castVote(vote, support, sender=account)
    assert governor.proposalVotes(vote) == tuple(expected)
    assert sum(expected) == 1_000 * TOKENS


def test_cast_vote_with_reason(governor, vote, voter):
    governor.castVoteWithReason(vote, FOR, "because " * 512, sender=voter)
    [cast] = events(governor, "VoteCast")
    assert (cast.reason, cast.weight) == ("because " * 512, 350 * TOKENS)


def test_cast_vote_with_empty_params_is_a_plain_vote(governor, vote, voter):
    governor.castVoteWithReasonAndParams(vote, FOR, "yes", b"", sender=voter)
    assert [cast.reason for cast in events(governor, "VoteCast")] == ["yes"]
    assert events(governor, "VoteCastWithParams") == []


def test_votes_of_many_proposals_share_a_word_and_do_not_mix(dao, governor, target, voter):
    ids = [propose(dao, call(target, number), voter).id for number in range(130)]
    travel_to(governor.proposalSnapshot(ids[-1]) + 1)
    for id in (ids[1], ids[127], ids[128]):
        governor.castVote(id, FOR, sender=voter)
    voted = [number for number, id in enumerate(ids) if governor.hasVoted(id, voter)]
    assert voted == [1, 127, 128]


def test_votes_on_the_first_proposal_are_none_on_the_unknown(governor, vote, proposer, voter):
    """Whose number reads as zero, as the first's is."""
    governor.castVote(vote, FOR, sender=voter)
    cast_split(governor, vote, proposer, in_favor=1)
    for account in (voter, proposer):
        assert governor.hasVoted(vote, account) and not governor.hasVoted(9, account)
        assert governor.usedVotes(vote, account) and not governor.usedVotes(9, account)


@pytest.mark.parametrize("support", [3, 4, 254])
def test_cast_vote_of_an_unknown_kind_reverts(governor, vote, voter, support):
    with boa.reverts("governor: unknown support"):
        governor.castVote(vote, support, sender=voter)


def test_cast_vote_twice_reverts(governor, vote, voter):
    governor.castVote(vote, FOR, sender=voter)
    for support in (FOR, AGAINST):
        with boa.reverts("governor: already voted"):
            governor.castVote(vote, support, sender=voter)


def test_cast_vote_without_votes_reverts(governor, vote, stranger):
    with boa.reverts("governor: no votes"):
        governor.castVote(vote, FOR, sender=stranger)


def test_cast_vote_on_the_unknown_reverts(governor, voter):
    with boa.reverts("governor: unknown proposal"):
        governor.castVote(1, FOR, sender=voter)


def test_cast_vote_opens_after_the_snapshot_and_closes_after_the_deadline(
    dao, governor, proposal, proposer, voter, minority
):
    propose(dao, proposal, proposer)
    travel_to(governor.proposalSnapshot(proposal.id))
    with boa.reverts("governor: vote not open"):
        governor.castVote(proposal.id, FOR, sender=voter)
    boa.env.time_travel(seconds=1)
    governor.castVote(proposal.id, FOR, sender=voter)
    travel_to(governor.proposalDeadline(proposal.id))
    governor.castVote(proposal.id, FOR, sender=minority)
    boa.env.time_travel(seconds=1)
    with boa.reverts("governor: vote not open"):
        governor.castVote(proposal.id, FOR, sender=proposer)


def test_cast_vote_on_a_canceled_proposal_reverts(governor, vote, proposal, guardian, voter):
    governor.cancel(*proposal.hashed(), sender=guardian)
    with boa.reverts("governor: vote not open"):
        governor.castVote(vote, FOR, sender=voter)


def test_votes_count_as_they_were_at_the_snapshot(dao, governor, token, vote, voter, minority):
    token.transfer(minority, 350 * TOKENS, sender=voter)
    assert governor.castVote(vote, FOR, sender=voter) == 350 * TOKENS
    assert governor.castVote(vote, FOR, sender=minority) == 250 * TOKENS


# ----- split votes -----


@pytest.mark.parametrize("votes", [(11, 21, 31), (1, 1, 1)])
def test_split(governor, vote, voter, votes):
    used = cast_split(governor, vote, voter, *votes, "thirds")
    [cast] = events(governor, "VoteCastWithParams")
    assert used == cast.weight == sum(votes)
    assert (cast.support, cast.reason, cast.params) == (FRACTIONAL, "thirds", split(*votes))
    assert governor.proposalVotes(vote) == votes
    assert governor.usedVotes(vote, voter) == sum(votes)
    assert governor.hasVoted(vote, voter)


def test_split_again_and_spend_the_rest(governor, vote, voter):
    cast_split(governor, vote, voter, in_favor=100)
    cast_split(governor, vote, voter, against=50)
    assert governor.castVote(vote, ABSTAIN, sender=voter) == 350 * TOKENS - 150
    assert governor.proposalVotes(vote) == (50, 100, 350 * TOKENS - 150)
    assert governor.usedVotes(vote, voter) == 350 * TOKENS
    with boa.reverts("governor: already voted"):
        cast_split(governor, vote, voter, in_favor=1)


def test_split_of_everything_spends_it(governor, vote, voter):
    cast_split(governor, vote, voter, 100 * TOKENS, 200 * TOKENS, 50 * TOKENS)
    with boa.reverts("governor: already voted"):
        governor.castVote(vote, FOR, sender=voter)


def test_split_of_more_than_is_left_reverts(governor, vote, voter):
    with boa.reverts("governor: more than is left"):
        cast_split(governor, vote, voter, 1, 350 * TOKENS, 0)
    cast_split(governor, vote, voter, in_favor=350 * TOKENS - 1)
    with boa.reverts("governor: more than is left"):
        cast_split(governor, vote, voter, abstain=2)
    with boa.reverts("governor: more than is left"):
        cast_split(governor, vote, voter, 2**128 - 1, 2**128 - 1, 2**128 - 1)


def test_split_of_nothing_reverts(governor, vote, voter, stranger):
    for account in (voter, stranger):
        with boa.reverts("governor: no votes"):
            cast_split(governor, vote, account)


@pytest.mark.parametrize("params", [b"", b"\x00" * 47])
def test_split_with_short_params_reverts(governor, vote, voter, params):
    with boa.reverts("governor: params of 48 bytes"):
        governor.castVoteWithReasonAndParams(vote, FRACTIONAL, "", params, sender=voter)


def test_split_without_params_by_the_plain_vote_reverts(governor, vote, voter):
    with boa.reverts("governor: params of 48 bytes"):
        governor.castVote(vote, FRACTIONAL, sender=voter)


def test_params_without_split_reverts(governor, vote, voter):
    with boa.reverts("governor: params without split"):
        governor.castVoteWithReasonAndParams(vote, FOR, "", split(0, 1, 0), sender=voter)


# ----- late quorum -----


@pytest.fixture
def late_dao(balances):
    return deploy_dao(balances, settings=Settings(late_extension=DAY, quorum_numerator=30))


@pytest.fixture
def late_vote(late_dao, target, proposer):
    proposal = propose(late_dao, call(target, 1), proposer)
    open_vote(late_dao, proposal)
    return proposal


def test_late_quorum_prolongs_the_vote_once(late_dao, late_vote, proposer, voter, minority):
    governor = late_dao.governor
    deadline = governor.proposalDeadline(late_vote.id)
    travel_to(deadline - DAY + 1)
    governor.castVote(late_vote.id, FOR, sender=minority)  # 250 of 300
    assert governor.proposalDeadline(late_vote.id) == deadline
    travel_to(deadline)
    governor.castVote(late_vote.id, ABSTAIN, sender=voter)
    [extended] = events(governor, "ProposalExtended")
    assert (extended.proposalId, extended.extendedDeadline) == (late_vote.id, deadline + DAY)
    assert governor.proposalDeadline(late_vote.id) == deadline + DAY
    travel_to(deadline + DAY)
    assert governor.state(late_vote.id) == ACTIVE
    governor.castVote(late_vote.id, AGAINST, sender=proposer)
    assert governor.proposalDeadline(late_vote.id) == deadline + DAY
    boa.env.time_travel(seconds=1)
    assert governor.state(late_vote.id) == DEFEATED


def test_early_quorum_prolongs_nothing(late_dao, late_vote, voter):
    governor = late_dao.governor
    deadline = governor.proposalDeadline(late_vote.id)
    travel_to(deadline - DAY)
    governor.castVote(late_vote.id, FOR, sender=voter)
    assert governor.proposalDeadline(late_vote.id) == deadline


@pytest.mark.parametrize("early", [FOR, ABSTAIN])
@pytest.mark.parametrize("late", [FOR, AGAINST])
def test_votes_after_an_early_quorum_prolong_nothing(
    late_dao, late_vote, voter, proposer, early, late
):
    """Not even those that would reach one alone."""
    governor = late_dao.governor
    deadline = governor.proposalDeadline(late_vote.id)
    governor.castVote(late_vote.id, early, sender=voter)
    travel_to(deadline)
    governor.castVote(late_vote.id, late, sender=proposer)
    assert governor.proposalDeadline(late_vote.id) == deadline


def test_votes_against_make_no_quorum(late_dao, late_vote, proposer):
    governor = late_dao.governor
    deadline = governor.proposalDeadline(late_vote.id)
    travel_to(deadline)
    governor.castVote(late_vote.id, AGAINST, sender=proposer)
    assert governor.proposalDeadline(late_vote.id) == deadline


def test_without_extension_nothing_is_prolonged(dao, governor, vote, voter):
    deadline = governor.proposalDeadline(vote)
    travel_to(deadline)
    governor.castVote(vote, FOR, sender=voter)
    assert governor.proposalDeadline(vote) == deadline


def test_an_extension_as_long_as_the_period(balances, target, proposer, voter):
    dao = deploy_dao(balances, settings=Settings(voting_period=HOUR, late_extension=HOUR))
    proposal = propose(dao, call(target, 1), proposer)
    open_vote(dao, proposal)
    dao.governor.castVote(proposal.id, FOR, sender=voter)
    snapshot = dao.governor.proposalSnapshot(proposal.id)
    assert dao.governor.proposalDeadline(proposal.id) == snapshot + 2 * HOUR
    close_vote(dao, proposal)
