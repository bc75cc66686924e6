"""Governor: queue and execute, and the states that time makes."""

import boa
import pytest
from eth_utils import keccak

from tests.support.compiled import deployer
from tests.support.governance import (
    ABSTAIN,
    ACTIVE,
    AGAINST,
    DAY,
    DEFEATED,
    EXCLUDED,
    EXECUTED,
    EXPIRED,
    FOR,
    GRACE,
    NOBODY,
    PENDING,
    QUEUED,
    SUCCEEDED,
    TOKENS,
    Proposal,
    Settings,
    close_vote,
    deploy_dao,
    deploy_governor,
    events,
    governor_change,
    open_vote,
    pass_proposal,
    propose,
    queue_proposal,
    ripen,
    run_proposal,
    travel_to,
)
from tests.unit.governance.conftest import call

SALT = bytes(32)


@pytest.fixture
def passed(dao, proposal, proposer, voter):
    return pass_proposal(dao, proposal, proposer, [voter])


@pytest.fixture
def queued(dao, proposal, proposer, voter):
    return queue_proposal(dao, proposal, proposer, [voter])


# ----- states by time -----


def test_states_from_propose_to_execute(dao, governor, proposal, proposer, voter):
    propose(dao, proposal, proposer)
    snapshot, deadline = (
        governor.proposalSnapshot(proposal.id),
        governor.proposalDeadline(proposal.id),
    )
    assert governor.state(proposal.id) == PENDING
    travel_to(snapshot)
    assert governor.state(proposal.id) == PENDING
    travel_to(snapshot + 1)
    assert governor.state(proposal.id) == ACTIVE
    governor.castVote(proposal.id, FOR, sender=voter)
    travel_to(deadline)
    assert governor.state(proposal.id) == ACTIVE
    travel_to(deadline + 1)
    assert governor.state(proposal.id) == SUCCEEDED
    travel_to(deadline + GRACE)
    assert governor.state(proposal.id) == SUCCEEDED
    with boa.env.anchor():
        boa.env.time_travel(seconds=1)
        assert governor.state(proposal.id) == EXPIRED
    governor.queue(*proposal.hashed())
    assert governor.state(proposal.id) == QUEUED
    eta = governor.proposalEta(proposal.id)
    travel_to(eta + GRACE)
    assert governor.state(proposal.id) == QUEUED
    with boa.env.anchor():
        boa.env.time_travel(seconds=1)
        assert governor.state(proposal.id) == EXPIRED
    governor.execute(*proposal.hashed())
    assert governor.state(proposal.id) == EXECUTED
    travel_to(eta + 2 * GRACE)
    assert governor.state(proposal.id) == EXECUTED


@pytest.mark.parametrize(
    "votes, state",
    [
        ({}, DEFEATED),
        ({"voter": FOR}, SUCCEEDED),
        ({"voter": AGAINST}, DEFEATED),
        ({"voter": ABSTAIN}, DEFEATED),
        ({"voter": FOR, "proposer": AGAINST}, DEFEATED),
        ({"voter": FOR, "minority": AGAINST}, SUCCEEDED),
        ({"voter": FOR, "proposer": ABSTAIN}, SUCCEEDED),
    ],
)
def test_outcome(dao, governor, proposal, proposer, votes, state, request):
    propose(dao, proposal, proposer)
    open_vote(dao, proposal)
    for role, support in votes.items():
        governor.castVote(proposal.id, support, sender=request.getfixturevalue(role))
    close_vote(dao, proposal)
    assert governor.state(proposal.id) == state


def outcome(dao, target, proposer, voter, in_favor, abstain=0, against=0):
    proposal = propose(dao, call(target, 1), proposer)
    open_vote(dao, proposal)
    params = b"".join(n.to_bytes(16, "big") for n in (against, in_favor, abstain))
    dao.governor.castVoteWithReasonAndParams(proposal.id, 255, "", params, sender=voter)
    close_vote(dao, proposal)
    return dao.governor.state(proposal.id)


def test_a_tie_is_defeat(dao, target, proposer, voter):
    assert outcome(dao, target, proposer, voter, 150 * TOKENS, 0, 150 * TOKENS) == DEFEATED


def test_quorum_to_the_vote(dao, target, proposer, voter):
    quorum = 100 * TOKENS
    for in_favor, abstain, state in (
        (quorum - 1, 0, DEFEATED),
        (quorum, 0, SUCCEEDED),
        (1, quorum - 2, DEFEATED),
        (1, quorum - 1, SUCCEEDED),
    ):
        with boa.env.anchor():
            assert outcome(dao, target, proposer, voter, in_favor, abstain) == state


def test_votes_against_do_not_make_the_quorum(dao, target, proposer, voter):
    assert outcome(dao, target, proposer, voter, 60 * TOKENS, 0, 50 * TOKENS) == DEFEATED


def test_excluded_votes_lower_the_quorum(dao, governor, token, minority):
    token.delegate(EXCLUDED, sender=minority)
    second = boa.env.timestamp
    boa.env.time_travel(seconds=1)
    assert governor.quorum(second - 1) == 100 * TOKENS
    assert governor.quorum(second) == 75 * TOKENS


def test_the_treasurys_tokens_do_not_count(balances):
    dao = deploy_dao(balances)
    treasury = {str(dao.timelock.address): 9_000 * TOKENS}
    token = deployer("VotesToken").deploy(
        dao.timelock.address,
        "x",
        "x",
        10**28,
        [*balances, *treasury],
        [*balances.values(), *treasury.values()],
    )
    dao.token = token
    governor = deploy_governor(dao)
    boa.env.time_travel(seconds=1)
    assert governor.quorum(boa.env.timestamp - 1) == 100 * TOKENS


def test_quorum_is_never_zero(dao, governor, token, proposer, voter, minority):
    for holder in (proposer, voter, minority):
        token.delegate(EXCLUDED, sender=holder)
    boa.env.time_travel(seconds=1)
    assert governor.quorum(boa.env.timestamp - 1) == 1
    assert governor.quorum(0) == 1


def test_state_of_the_unknown_reverts(governor):
    with boa.reverts("governor: unknown proposal"):
        governor.state(7)


# ----- a token that fails -----


@pytest.fixture
def foreign(balances):
    """A DAO on a token that is not ours and can misbehave."""
    votes = deployer("ForeignVotes").deploy()
    votes.set(False, 0, 1_000 * TOKENS)
    for holder, amount in balances.items():
        votes.give(holder, amount)
    dao = deploy_dao(balances, token=None)
    dao.token = votes
    dao.governor = deploy_governor(dao)
    changes = [governor_change(dao.governor, 2)]
    dao.kernel.schedule(dao.namespace, changes, SALT, False, sender=dao.timelock.address)
    dao.kernel.apply(dao.namespace, changes, SALT)
    return dao


@pytest.mark.parametrize("broken, supply", [(True, 0), (False, 2**128), (False, 2**256 - 1)])
def test_a_token_that_fails_makes_no_quorum(foreign, proposal, proposer, voter, broken, supply):
    pass_proposal(foreign, proposal, proposer, [voter])
    assert foreign.governor.state(proposal.id) == SUCCEEDED
    foreign.token.set(broken, 0, supply)
    assert foreign.governor.state(proposal.id) == DEFEATED
    with boa.reverts("governor: token does not answer"):
        foreign.governor.proposalQuorum(proposal.id)


@pytest.mark.parametrize("broken, supply", [(True, 0), (False, 2**128)])
def test_a_token_that_fails_has_no_quorum_and_no_threshold(foreign, broken, supply):
    foreign.token.set(broken, 0, supply)
    with boa.reverts("governor: token does not answer"):
        foreign.governor.quorum(boa.env.timestamp - 1)
    with boa.reverts("governor: token does not answer"):
        foreign.governor.setProposalThreshold(1, sender=foreign.timelock.address)


def test_a_supply_of_128_bits_makes_a_quorum(foreign, proposal, proposer, voter):
    supply = 2**128 - 1
    foreign.token.set(False, 0, supply)
    foreign.token.give(voter, supply // 10)
    pass_proposal(foreign, proposal, proposer, [voter])
    assert foreign.governor.proposalQuorum(proposal.id) == supply // 10
    assert foreign.governor.state(proposal.id) == SUCCEEDED


def test_a_token_without_code_makes_no_quorum(foreign, proposal, proposer, voter):
    pass_proposal(foreign, proposal, proposer, [voter])
    boa.env.set_code(foreign.token.address, b"")
    assert foreign.governor.state(proposal.id) == DEFEATED


def test_more_excluded_than_exist_makes_no_quorum(foreign, proposal, proposer, voter):
    foreign.token.give(EXCLUDED, 1_001 * TOKENS)
    pass_proposal(foreign, proposal, proposer, [voter])
    assert foreign.governor.state(proposal.id) == DEFEATED


def test_votes_that_do_not_fit_revert(foreign, proposal, proposer, voter):
    propose(foreign, proposal, proposer)
    open_vote(foreign, proposal)
    foreign.token.give(voter, 2**128)
    split = (1).to_bytes(16, "big") * 3
    for support in (AGAINST, FOR, ABSTAIN):
        with boa.reverts("governor: too many votes"):
            foreign.governor.castVote(proposal.id, support, sender=voter)
    with boa.reverts("governor: too many votes"):
        foreign.governor.castVoteWithReasonAndParams(proposal.id, 255, "", split, sender=voter)
    foreign.token.give(voter, 2**128 - 1)
    foreign.governor.castVote(proposal.id, ABSTAIN, sender=voter)
    assert foreign.governor.state(proposal.id) == ACTIVE


@pytest.mark.parametrize("support", [AGAINST, FOR])
@pytest.mark.parametrize("more", [1, 2**128 - 1])
def test_sums_of_votes_that_do_not_fit_revert(
    foreign, proposal, proposer, voter, minority, more, support
):
    propose(foreign, proposal, proposer)
    open_vote(foreign, proposal)
    foreign.token.give(voter, 2**128 - 1)
    foreign.token.give(minority, more)
    foreign.governor.castVote(proposal.id, support, sender=voter)
    with boa.reverts("governor: too many votes"):
        foreign.governor.castVote(proposal.id, support, sender=minority)


# ----- queue -----


def test_queue(dao, governor, passed, stranger):
    eta = boa.env.timestamp + dao.delay
    assert governor.queue(*passed.hashed(), sender=stranger) == passed.id
    [log] = events(governor, "ProposalQueued")
    assert (log.proposalId, log.etaSeconds) == (passed.id, eta)
    assert governor.proposalEta(passed.id) == eta
    assert governor.proposalNeedsQueuing(passed.id)


def test_queue_too_early_reverts(dao, governor, proposal, proposer, voter):
    propose(dao, proposal, proposer)
    for step in (lambda: None, lambda: open_vote(dao, proposal)):
        step()
        with boa.reverts("governor: not succeeded"):
            governor.queue(*proposal.hashed())


def test_queue_of_a_defeated_proposal_reverts(dao, governor, proposal, proposer):
    pass_proposal(dao, proposal, proposer, [])
    with boa.reverts("governor: not succeeded"):
        governor.queue(*proposal.hashed())


def test_queue_twice_reverts(governor, queued):
    with boa.reverts("governor: not succeeded"):
        governor.queue(*queued.hashed())


def test_queue_too_late_reverts(governor, passed):
    travel_to(governor.proposalDeadline(passed.id) + GRACE + 1)
    with boa.reverts("governor: not succeeded"):
        governor.queue(*passed.hashed())


def test_queue_of_the_unknown_reverts(governor, proposal):
    with boa.reverts("governor: unknown proposal"):
        governor.queue(*proposal.hashed())


def test_queue_with_other_code_at_a_target_reverts(dao, governor, passed, target):
    boa.env.set_code(target.address, boa.env.get_code(dao.token.address))
    with boa.reverts("governor: code changed"):
        governor.queue(*passed.hashed())


def test_queue_without_code_at_a_target_reverts(governor, passed, target):
    boa.env.set_code(target.address, b"")
    with boa.reverts("pin: target has no code"):
        governor.queue(*passed.hashed())


def replace_governor(dao, governor, version):
    changes = [governor_change(governor, version)]
    dao.kernel.schedule(dao.namespace, changes, SALT, False, sender=dao.timelock.address)
    dao.kernel.apply(dao.namespace, changes, SALT)


def test_queue_by_a_replaced_governor_reverts(dao, governor, passed):
    replace_governor(dao, deploy_governor(dao, "newer"), 2)
    with boa.reverts("timelock: not governor"):
        governor.queue(*passed.hashed())


def test_queue_by_a_governor_that_came_back_reverts(dao, governor, passed):
    replace_governor(dao, deploy_governor(dao, "newer"), 2)
    replace_governor(dao, governor, 3)
    with boa.reverts("timelock: governor replaced"):
        governor.queue(*passed.hashed())


# ----- execute -----


def test_execute(dao, governor, timelock, queued, target, stranger):
    ripen(dao, queued)
    assert governor.execute(*queued.hashed(), sender=stranger) == queued.id
    assert [log.proposalId for log in events(governor, "ProposalExecuted")] == [queued.id]
    assert (target.count(), target.notes(0), target.caller()) == (1, 1, timelock.address)


def test_execute_ten_actions_in_order(dao, target, proposer, voter):
    data = [target.note.prepare_calldata(number) for number in range(10)]
    proposal = Proposal([str(target.address)] * 10, [0] * 10, data, "ten")
    run_proposal(dao, proposal, proposer, [voter])
    assert [target.notes(place) for place in range(10)] == list(range(10))


def test_execute_payments_and_calls(dao, timelock, target, proposer, voter, stranger):
    boa.env.set_balance(timelock.address, 100)
    data = target.note.prepare_calldata(1)
    proposal = Proposal([stranger, str(target.address)], [30, 20], [b"", data], "pay")
    run_proposal(dao, proposal, proposer, [voter])
    assert boa.env.get_balance(stranger) == 30
    assert boa.env.get_balance(target.address) == 20


def test_execute_before_the_eta_reverts(dao, governor, queued):
    travel_to(governor.proposalEta(queued.id) - 1)
    with boa.reverts("timelock: not ready"):
        governor.execute(*queued.hashed())


def test_execute_after_the_grace_reverts(dao, governor, queued):
    travel_to(governor.proposalEta(queued.id) + GRACE + 1)
    with boa.reverts("timelock: expired"):
        governor.execute(*queued.hashed())


def test_execute_what_is_not_queued_reverts(dao, governor, proposal, proposer, voter):
    with boa.reverts("governor: unknown proposal"):
        governor.execute(*proposal.hashed())
    propose(dao, proposal, proposer)
    for step in (lambda: open_vote(dao, proposal), lambda: close_vote(dao, proposal)):
        with boa.reverts("timelock: not scheduled"):
            governor.execute(*proposal.hashed())
        step()
        if governor.state(proposal.id) == ACTIVE:
            governor.castVote(proposal.id, FOR, sender=voter)
    assert governor.state(proposal.id) == SUCCEEDED
    boa.env.time_travel(seconds=5 * DAY)
    with boa.reverts("timelock: not scheduled"):
        governor.execute(*proposal.hashed())
    assert governor.state(proposal.id) == SUCCEEDED


def test_execute_twice_reverts(dao, governor, queued):
    ripen(dao, queued)
    governor.execute(*queued.hashed())
    with boa.reverts("governor: already final"):
        governor.execute(*queued.hashed())


def test_execute_where_a_call_fails_leaves_no_trace(dao, governor, target, proposer, voter):
    data = [target.note.prepare_calldata(1), target.refuse.prepare_calldata()]
    proposal = Proposal([str(target.address)] * 2, [0, 0], data, "fail")
    queue_proposal(dao, proposal, proposer, [voter])
    ripen(dao, proposal)
    with boa.reverts("target: refused"):
        governor.execute(*proposal.hashed())
    assert governor.state(proposal.id) == QUEUED
    assert target.count() == 0


def test_execute_by_a_replaced_governor_reverts(dao, governor, queued):
    replace_governor(dao, deploy_governor(dao, "newer"), 2)
    ripen(dao, queued)
    with boa.reverts("timelock: not governor"):
        governor.execute(*queued.hashed())


def test_execute_with_other_code_at_a_target_reverts(dao, governor, queued, target):
    ripen(dao, queued)
    boa.env.set_code(target.address, boa.env.get_code(dao.token.address))
    with boa.reverts("timelock: not scheduled"):
        governor.execute(*queued.hashed())


def test_a_dao_replaces_its_own_governor_by_vote(dao, governor, proposer, voter):
    newer = deploy_governor(dao, "newer", Settings(voting_period=2 * DAY))
    changes = [governor_change(newer, 2)]
    data = dao.kernel.schedule.prepare_calldata(dao.namespace, changes, SALT, False)
    run_proposal(
        dao, Proposal([str(dao.kernel.address)], [0], [data], "new governor"), proposer, [voter]
    )
    dao.kernel.apply(dao.namespace, changes, SALT)
    assert dao.kernel.head(keyed(dao)) == (newer.address, 2)
    dao.governor = newer
    run_proposal(
        dao,
        Proposal(
            [str(dao.token.address)], [0], [dao.token.mint.prepare_calldata(voter, 1)], "mint"
        ),
        proposer,
        [voter],
    )
    assert dao.token.balanceOf(voter) == 350 * TOKENS + 1
    with boa.reverts("governor: not in office"):
        governor.propose([NOBODY], [0], [b""], "again", sender=proposer)


def keyed(dao) -> bytes:
    return keccak(dao.namespace + b"governance.governor".ljust(32, b"\0"))
