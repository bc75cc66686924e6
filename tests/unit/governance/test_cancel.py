"""Governor: who may end a proposal, and until when."""

import boa
import pytest

from tests.support.governance import (
    CANCELED,
    DAY,
    NOBODY,
    TOKENS,
    Proposal,
    close_vote,
    deploy_governor,
    events,
    governor_change,
    open_vote,
    operation_of,
    pass_proposal,
    propose,
    queue_proposal,
    ripen,
    travel_to,
)
from tests.unit.governance.conftest import call

SALT = bytes(32)
TIMELOCK_CANCELED = 16


@pytest.fixture
def pending(dao, proposal, proposer):
    return propose(dao, proposal, proposer)


@pytest.fixture
def active(dao, pending):
    open_vote(dao, pending)
    return pending


def impoverish(dao, proposer, stranger):
    """Take the proposer below the threshold of 10 tokens."""
    dao.token.transfer(stranger, 391 * TOKENS, sender=proposer)
    boa.env.time_travel(seconds=1)


# ----- the proposer -----


def test_proposer_cancels_while_pending(governor, pending, proposer):
    travel_to(governor.proposalSnapshot(pending.id))
    assert governor.cancel(*pending.hashed(), sender=proposer) == pending.id
    assert [log.proposalId for log in events(governor, "ProposalCanceled")] == [pending.id]
    assert governor.state(pending.id) == CANCELED


def test_proposer_cancels_an_active_proposal_reverts(governor, active, proposer):
    with boa.reverts("governor: may not cancel"):
        governor.cancel(*active.hashed(), sender=proposer)


def test_anyone_else_reverts(governor, pending, voter):
    with boa.reverts("governor: may not cancel"):
        governor.cancel(*pending.hashed(), sender=voter)


def test_a_canceled_proposal_cannot_come_back(governor, pending, proposer, voter):
    governor.cancel(*pending.hashed(), sender=proposer)
    with boa.reverts("governor: already final"):
        governor.cancel(*pending.hashed(), sender=proposer)
    with boa.reverts("governor: already proposed"):
        governor.propose(*pending.spelled(), sender=voter)


def test_the_unknown_reverts(governor, proposal, proposer):
    with boa.reverts("governor: unknown proposal"):
        governor.cancel(*proposal.hashed(), sender=proposer)


def test_lists_of_different_lengths_are_unknown(governor, proposal, proposer):
    """None of them is taken for a removal of the guardian."""
    targets, values, calldatas, salt = proposal.hashed()
    for lists in (
        (targets[:1], values[:1], []),
        (targets[:1], [], calldatas[:1]),
        ([], values[:1], calldatas[:1]),
        ([], [], []),
    ):
        with boa.reverts("governor: unknown proposal"):
            governor.cancel(*lists, salt, sender=proposer)


# ----- anyone, when the proposer falls below the threshold -----


@pytest.mark.parametrize("opened", [False, True])
def test_anyone_cancels_when_the_proposer_is_below_the_threshold(
    dao, governor, pending, opened, proposer, stranger
):
    if opened:
        open_vote(dao, pending)
    impoverish(dao, proposer, stranger)
    governor.cancel(*pending.hashed(), sender=stranger)
    assert governor.state(pending.id) == CANCELED


def test_at_the_threshold_reverts(dao, governor, pending, proposer, stranger):
    dao.token.transfer(stranger, 390 * TOKENS, sender=proposer)
    boa.env.time_travel(seconds=1)
    with boa.reverts("governor: may not cancel"):
        governor.cancel(*pending.hashed(), sender=stranger)


def test_the_threshold_is_that_under_which_it_was_proposed(
    dao, governor, target, proposer, stranger
):
    """Neither an earlier one nor the one in force."""
    low = propose(dao, call(target, 1), proposer)
    governor.setProposalThreshold(20 * TOKENS, sender=dao.timelock.address)
    high = propose(dao, call(target, 2), proposer)
    governor.setProposalThreshold(10 * TOKENS, sender=dao.timelock.address)
    dao.token.transfer(stranger, 385 * TOKENS, sender=proposer)
    boa.env.time_travel(seconds=1)
    with boa.reverts("governor: may not cancel"):
        governor.cancel(*low.hashed(), sender=stranger)
    governor.cancel(*high.hashed(), sender=stranger)
    assert governor.state(high.id) == CANCELED


def test_below_the_threshold_only_in_this_second_reverts(dao, governor, active, proposer, stranger):
    dao.token.transfer(stranger, 391 * TOKENS, sender=proposer)
    with boa.reverts("governor: may not cancel"):
        governor.cancel(*active.hashed(), sender=stranger)


def test_below_the_threshold_after_the_vote_reverts(
    dao, governor, proposal, proposer, voter, stranger
):
    pass_proposal(dao, proposal, proposer, [voter])
    impoverish(dao, proposer, stranger)
    with boa.reverts("governor: may not cancel"):
        governor.cancel(*proposal.hashed(), sender=stranger)
    governor.queue(*proposal.hashed())
    with boa.reverts("governor: may not cancel"):
        governor.cancel(*proposal.hashed(), sender=stranger)


# ----- the guardian -----


@pytest.mark.parametrize("opened", [False, True])
def test_guardian_vetoes_before_the_end(dao, governor, pending, opened, guardian):
    if opened:
        open_vote(dao, pending)
    governor.cancel(*pending.hashed(), sender=guardian)
    assert governor.state(pending.id) == CANCELED


def test_guardian_vetoes_what_succeeded(dao, governor, proposal, proposer, voter, guardian):
    pass_proposal(dao, proposal, proposer, [voter])
    governor.cancel(*proposal.hashed(), sender=guardian)
    with boa.reverts("governor: not succeeded"):
        governor.queue(*proposal.hashed())


def test_guardian_vetoes_what_is_queued(dao, governor, proposal, proposer, voter, guardian):
    queue_proposal(dao, proposal, proposer, [voter])
    ripen(dao, proposal)
    governor.cancel(*proposal.hashed(), sender=guardian)
    assert governor.state(proposal.id) == CANCELED
    with boa.reverts("governor: already final"):
        governor.execute(*proposal.hashed())
    assert operation_of(dao, proposal).state == TIMELOCK_CANCELED


def test_guardian_vetoes_nothing_that_is_final(dao, governor, proposal, proposer, voter, guardian):
    queue_proposal(dao, proposal, proposer, [voter])
    ripen(dao, proposal)
    governor.execute(*proposal.hashed())
    with boa.reverts("governor: already final"):
        governor.cancel(*proposal.hashed(), sender=guardian)


@pytest.mark.parametrize("end", ["defeated", "expired"])
def test_guardian_vetoes_no_dead_proposal(dao, governor, proposal, proposer, voter, guardian, end):
    pass_proposal(dao, proposal, proposer, [] if end == "defeated" else [voter])
    boa.env.time_travel(seconds=15 * DAY if end == "expired" else 0)
    with boa.reverts("governor: already final"):
        governor.cancel(*proposal.hashed(), sender=guardian)


def test_guardian_out_of_office_reverts(dao, governor, active, guardian):
    dao.kernel.set_guardian(dao.namespace, NOBODY, 0, SALT, sender=dao.timelock.address)
    for sender in (guardian, NOBODY):  # as which simulations can send
        with boa.reverts("governor: may not cancel"):
            governor.cancel(*active.hashed(), sender=sender)


def removal(dao, namespace=None, guardian=NOBODY, until=0, salt=SALT, value=0, times=1, to=None):
    """A proposal to remove the guardian, or something close to it."""
    data = dao.kernel.set_guardian.prepare_calldata(
        namespace or dao.namespace, guardian, until, salt
    )
    to = to or str(dao.kernel.address)
    return Proposal([to] * times, [value] * times, [data] * times, "remove the guardian")


def test_guardian_vetoes_its_own_removal_reverts(dao, governor, proposer, voter, guardian):
    proposal = removal(dao, salt=b"\x07" * 32)
    queue_proposal(dao, proposal, proposer, [voter])
    with boa.reverts("governor: may not cancel"):
        governor.cancel(*proposal.hashed(), sender=guardian)
    ripen(dao, proposal)
    governor.execute(*proposal.hashed())
    assert dao.kernel.guardian(dao.namespace) == NOBODY


@pytest.mark.parametrize(
    "close",
    [
        {"namespace": b"\x01" * 32},
        {"guardian": "0x" + "11" * 20},
        {"until": 1},
        {"value": 1},
        {"times": 2},
        {"to": "token"},
    ],
)
def test_guardian_vetoes_what_only_looks_like_its_removal(dao, governor, proposer, guardian, close):
    if "to" in close:
        close = {"to": str(dao.token.address)}
    proposal = propose(dao, removal(dao, **close), proposer)
    governor.cancel(*proposal.hashed(), sender=guardian)
    assert governor.state(proposal.id) == CANCELED


def test_a_removal_with_more_calldata_is_no_removal(dao, governor, proposer, guardian):
    proposal = removal(dao)
    proposal.calldatas[0] += b"\x00"
    propose(dao, proposal, proposer)
    governor.cancel(*proposal.hashed(), sender=guardian)
    assert governor.state(proposal.id) == CANCELED


def test_the_proposer_may_still_drop_a_removal(dao, governor, proposer):
    proposal = propose(dao, removal(dao), proposer)
    governor.cancel(*proposal.hashed(), sender=proposer)
    assert governor.state(proposal.id) == CANCELED


def test_a_queued_proposal_of_a_replaced_governor_needs_no_veto(
    dao, governor, proposal, proposer, voter, guardian
):
    queue_proposal(dao, proposal, proposer, [voter])
    changes = [governor_change(deploy_governor(dao, "newer"), 2)]
    dao.kernel.schedule(dao.namespace, changes, SALT, False, sender=dao.timelock.address)
    dao.kernel.apply(dao.namespace, changes, SALT)
    with boa.reverts("timelock: not governor"):
        governor.cancel(*proposal.hashed(), sender=guardian)


def test_a_defeated_vote_stays_defeated(dao, governor, proposal, proposer):
    propose(dao, proposal, proposer)
    close_vote(dao, proposal)
    with boa.reverts("governor: already final"):
        governor.cancel(*proposal.hashed(), sender=proposer)
