"""Governor: settings, which only a vote changes and no running vote feels."""

import boa
import pytest

from tests.support.compiled import deployer
from tests.support.governance import (
    DAY,
    DEFEATED,
    FOR,
    HOUR,
    SUCCEEDED,
    TOKENS,
    Proposal,
    Settings,
    close_vote,
    events,
    open_vote,
    propose,
    run_proposal,
)
from tests.unit.governance.conftest import call

SETTERS = {
    "setVotingDelay": ("VotingDelaySet", "votingDelay", 2 * DAY),
    "setVotingPeriod": ("VotingPeriodSet", "votingPeriod", 3 * DAY),
    "setProposalThreshold": ("ProposalThresholdSet", "proposalThreshold", 20 * TOKENS),
    "updateQuorumNumerator": ("QuorumNumeratorUpdated", "quorumNumerator", 20),
    "setLateQuorumVoteExtension": ("LateQuorumVoteExtensionSet", "lateQuorumVoteExtension", DAY),
}


@pytest.fixture
def change(governor, timelock):
    """Change a setting as the timelock does."""

    def change(setter, number):
        getattr(governor, setter)(number, sender=timelock.address)

    return change


@pytest.mark.parametrize("setter", SETTERS)
def test_set(governor, change, setter):
    event, view, new = SETTERS[setter]
    old = getattr(governor, view)()
    change(setter, new)
    [log] = events(governor, event)
    assert tuple(log)[-2:] == (old, new)
    assert getattr(governor, view)() == new


def test_set_leaves_the_proposals(dao, governor, change, target, proposer):
    ids = [propose(dao, call(target, number), proposer).id for number in (1, 2)]
    for count in (2, 3):
        change("setVotingDelay", count * DAY)
        assert [governor.proposalAt(index) for index in range(governor.proposalCount())] == ids
        ids.append(propose(dao, call(target, count + 1), proposer).id)


@pytest.mark.parametrize("setter", SETTERS)
def test_set_leaves_the_other_settings(governor, change, setter):
    others = [view for name, (_, view, _) in SETTERS.items() if name != setter]
    before = [getattr(governor, view)() for view in others]
    change(setter, SETTERS[setter][2])
    assert [getattr(governor, view)() for view in others] == before


@pytest.mark.parametrize("setter", SETTERS)
def test_set_by_anyone_else_reverts(governor, proposer, guardian, setter):
    for account in (proposer, guardian, str(governor.address)):
        with boa.reverts("governor: not timelock"):
            getattr(governor, setter)(SETTERS[setter][2], sender=account)


@pytest.mark.parametrize(
    "setter, number, reason",
    [
        ("setVotingDelay", HOUR - 1, "governor: delay of 1 h to 14 d"),
        ("setVotingDelay", 14 * DAY + 1, "governor: delay of 1 h to 14 d"),
        ("setVotingDelay", 2**48 - 1, "governor: delay of 1 h to 14 d"),
        ("setVotingPeriod", HOUR - 1, "governor: period of 1 h to 30 d"),
        ("setVotingPeriod", 2**32 - 1, "governor: period of 1 h to 30 d"),
        ("setProposalThreshold", 0, "governor: zero threshold"),
        ("setProposalThreshold", 100 * TOKENS + 1, "governor: threshold too high"),
        ("setProposalThreshold", 2**256 - 1, "governor: threshold too high"),
        ("updateQuorumNumerator", 0, "governor: quorum of 1 to 50 %"),
        ("updateQuorumNumerator", 51, "governor: quorum of 1 to 50 %"),
        ("updateQuorumNumerator", 2**256 - 1, "governor: quorum of 1 to 50 %"),
        ("setLateQuorumVoteExtension", 7 * DAY + 1, "governor: extension over 7 days"),
        ("setLateQuorumVoteExtension", 5 * DAY + 1, "governor: extension over period"),
    ],
)
def test_set_out_of_bounds_reverts(change, setter, number, reason):
    with boa.reverts(reason):
        change(setter, number)


def test_a_period_below_the_extension_reverts(change):
    change("setLateQuorumVoteExtension", 2 * DAY)
    with boa.reverts("governor: extension over period"):
        change("setVotingPeriod", 2 * DAY - 1)
    change("setVotingPeriod", 2 * DAY)


def test_the_threshold_may_reach_a_tenth_of_the_supply(governor, change):
    change("setProposalThreshold", 100 * TOKENS)
    assert governor.proposalThreshold() == 100 * TOKENS


def test_the_threshold_is_compared_with_the_votes_that_count(token, timelock, governor, change):
    """Else a vote could set one that only the treasury reaches, which never proposes."""
    token.mint(timelock.address, 9_000 * TOKENS, sender=timelock.address)
    boa.env.time_travel(seconds=1)
    with boa.reverts("governor: threshold too high"):
        change("setProposalThreshold", 100 * TOKENS + 1)
    change("setProposalThreshold", 100 * TOKENS)
    assert governor.proposalThreshold() == 100 * TOKENS


def test_settings_are_not_counted_over(governor, change):
    """Set their number to its last value in storage: after 65,534 changes."""
    layout = deployer("Governor").compiler_data.storage_layout["storage_layout"]
    head = boa.env.get_storage(governor.address, layout["_head"]["slot"])
    full = head | (2**16 - 1) << 208
    boa.env.set_storage(governor.address, layout["_head"]["slot"], full)
    with boa.reverts("governor: too many settings"):
        change("setVotingDelay", 2 * HOUR)


def test_settings_of_a_running_proposal_stay(dao, governor, change, proposal, proposer):
    propose(dao, proposal, proposer)
    times = (governor.proposalSnapshot(proposal.id), governor.proposalDeadline(proposal.id))
    for setter, (_, _, new) in SETTERS.items():
        change(setter, new)
    assert governor.proposalSettings(proposal.id) == Settings().astuple()
    after = (governor.proposalSnapshot(proposal.id), governor.proposalDeadline(proposal.id))
    assert after == times
    open_vote(dao, proposal)
    assert governor.proposalQuorum(proposal.id) == 100 * TOKENS
    assert governor.quorum(governor.proposalSnapshot(proposal.id)) == 200 * TOKENS


def test_the_next_proposal_takes_the_new_settings(dao, governor, change, target, proposer):
    for setter, (_, _, new) in SETTERS.items():
        change(setter, new)
    made = propose(dao, call(target, 2), proposer)
    expected = Settings(2 * DAY, 3 * DAY, 20 * TOKENS, 20, DAY)
    assert governor.proposalSettings(made.id) == expected.astuple()
    assert governor.proposalSnapshot(made.id) == boa.env.timestamp + 2 * DAY
    assert governor.proposalDeadline(made.id) == boa.env.timestamp + 5 * DAY


def test_the_quorum_of_a_past_second(governor, change):
    start = boa.env.timestamp
    for number in (20, 30, 40):
        boa.env.time_travel(seconds=100)
        change("updateQuorumNumerator", number)
    expected = {0: 10, start: 10, start + 99: 10, start + 100: 20, start + 199: 20}
    expected |= {start + 200: 30, start + 300: 40, start + 9_999: 40, 2**256 - 1: 40}
    assert {second: governor.quorumNumerator(second) for second in expected} == expected
    assert governor.quorumNumerator() == 40


def test_two_changes_in_one_second(governor, change):
    before = boa.env.timestamp - 1
    change("updateQuorumNumerator", 20)
    change("updateQuorumNumerator", 30)
    assert governor.quorumNumerator(boa.env.timestamp) == 30
    assert governor.quorumNumerator(before) == 10


def test_settings_are_changed_65_534_times_at_most(governor, change):
    """Their count has 16 bits, with the first."""
    layout = governor.compiler_data.storage_layout["storage_layout"]
    slot, at_count = layout["_head"]["slot"], 208
    head = boa.env.get_storage(governor.address, slot)
    assert (head >> at_count) & 0xFFFF == 1
    boa.env.set_storage(governor.address, slot, head + (0xFFFD << at_count))
    change("updateQuorumNumerator", 20)
    with boa.reverts("governor: too many settings"):
        change("updateQuorumNumerator", 30)
    assert (governor.quorumNumerator(), governor.proposalCount()) == (20, 0)


def test_settings_change_by_vote(dao, governor, timelock, proposer, voter):
    data = [
        governor.setVotingPeriod.prepare_calldata(7 * DAY),
        timelock.updateDelay.prepare_calldata(4 * DAY),
    ]
    targets = [str(governor.address), str(timelock.address)]
    run_proposal(dao, Proposal(targets, [0, 0], data, "slower"), proposer, [voter])
    assert governor.votingPeriod() == 7 * DAY
    assert timelock.getMinDelay() == 4 * DAY


def test_proposal_settings_of_the_unknown_revert(governor):
    with boa.reverts("governor: unknown proposal"):
        governor.proposalSettings(1)
    with boa.reverts("governor: unknown proposal"):
        governor.proposalQuorum(1)


def test_a_raised_quorum_binds_only_later_proposals(dao, governor, change, target, proposer, voter):
    before = propose(dao, call(target, 1), proposer)
    change("updateQuorumNumerator", 40)
    after = propose(dao, call(target, 2), proposer)
    open_vote(dao, after)
    for each in (before, after):
        governor.castVote(each.id, FOR, sender=voter)
    close_vote(dao, after)
    assert governor.state(before.id) == SUCCEEDED
    assert governor.state(after.id) == DEFEATED
