"""A DAO under attack, each time played to the end: what is lost, and how it recovers.

Four members with 250 votes each, a treasury of 1,000 wei, a threshold of 10 votes, a quorum
of 20 percent, two days of delay, and two days of the kernel's notice.
"""

from dataclasses import replace

import boa
import pytest
from eth_utils import keccak

from tests.support.compiled import deployer
from tests.support.governance import (
    ACTIVE,
    AGAINST,
    CANCELED,
    DAY,
    DEFEATED,
    EXECUTED,
    FOR,
    GOVERNOR,
    HOUR,
    NOBODY,
    PENDING,
    QUEUED,
    TOKENS,
    Proposal,
    Settings,
    close_vote,
    deploy_dao,
    governor_change,
    open_vote,
    operation_of,
    propose,
    queue_proposal,
    ripen,
    run_proposal,
    travel_to,
)

SALT = bytes(32)
NOTICE = 2 * DAY
TREASURY = 1_000  # wei
CONFIRM_WINDOW = 30 * DAY
TERMS = Settings(DAY, 5 * DAY, 10 * TOKENS, 20, 2 * DAY)
DEAD = 32  # the timelock's state of what a replaced governor queued


@pytest.fixture(scope="module")
def members():
    return [boa.env.generate_address(f"member {number}") for number in range(4)]


@pytest.fixture(scope="module")
def guardian():
    return boa.env.generate_address("guardian")


@pytest.fixture(scope="module")
def attacker():
    return boa.env.generate_address("attacker")


@pytest.fixture(scope="module")
def dao(members, guardian):
    made = found(members, guardian)
    boa.env.set_balance(made.timelock.address, TREASURY)
    return made


def found(members, guardian):
    until = boa.env.timestamp + 300 * DAY if guardian != NOBODY else 0
    return deploy_dao(
        dict.fromkeys(members, 250 * TOKENS),
        settings=TERMS,
        notice=NOTICE,
        guardian=guardian,
        guardian_until=until,
    )


def drain(to: str, text: str = "a grant") -> Proposal:
    return Proposal([to], [TREASURY], [b""], text)


def treasury(dao) -> int:
    return boa.env.get_balance(dao.timelock.address)


def works(dao, members, text: str = "all is well again") -> None:
    """The DAO can still decide, and is obeyed."""
    payee = boa.env.generate_address()
    run_proposal(dao, Proposal([payee], [1], [b""], text), members[0], members)
    assert boa.env.get_balance(payee) == 1


def install(dao, members, governor, confirm: bool = True) -> list:
    """A new governor by proposal: vote, delay, announcement, notice, apply."""
    version = dao.kernel.head(entry_of(dao))[1] + 1
    changes = [governor_change(governor, version)]
    data = dao.kernel.schedule.prepare_calldata(dao.namespace, changes, SALT, confirm)
    upgrade = Proposal([str(dao.kernel.address)], [0], [data], f"governor {version}")
    run_proposal(dao, upgrade, members[0], members)
    boa.env.time_travel(seconds=NOTICE)
    dao.kernel.apply(dao.namespace, changes, SALT)
    assert dao.kernel.head(entry_of(dao)) == (governor.address, version)
    return changes


def entry_of(dao) -> bytes:
    return keccak(dao.namespace + GOVERNOR)


# ----- an attacker with borrowed tokens -----


def test_attacker_with_borrowed_tokens(dao, members, guardian, attacker):
    """GOV-9: borrowed for a transaction they are nothing; for a day they buy a proposal that
    anyone ends when they are gone; for a vote they must be held, in the open, for days, and
    then the delay still lies before the treasury.
    """
    governor, token = dao.governor, dao.token
    token.delegate(attacker, sender=attacker)

    def borrow() -> None:
        for lender in members[:3]:
            token.transfer(attacker, 200 * TOKENS, sender=lender)

    def give_back() -> None:
        for lender in members[:3]:
            token.transfer(lender, 200 * TOKENS, sender=attacker)

    borrow()
    with boa.reverts("governor: too few votes"):
        governor.propose(*drain(attacker).spelled(), sender=attacker)
    give_back()
    boa.env.time_travel(seconds=1)

    borrow()
    boa.env.time_travel(seconds=1)
    first = propose(dao, drain(attacker, "first try"), attacker)
    give_back()
    boa.env.time_travel(seconds=1)
    governor.cancel(*first.hashed(), sender=members[3])
    assert governor.state(first.id) == CANCELED

    borrow()
    boa.env.time_travel(seconds=1)
    second = propose(dao, drain(attacker, "second try"), attacker)
    open_vote(dao, second)
    governor.castVote(second.id, FOR, sender=attacker)
    close_vote(dao, second)
    give_back()
    governor.queue(*second.hashed(), sender=attacker)
    with boa.reverts("timelock: not ready"):
        governor.execute(*second.hashed(), sender=attacker)
    travel_to(governor.proposalEta(second.id) - 1)
    governor.cancel(*second.hashed(), sender=guardian)
    travel_to(governor.proposalEta(second.id))
    with boa.reverts("governor: already final"):
        governor.execute(*second.hashed(), sender=attacker)
    assert treasury(dao) == TREASURY
    works(dao, members)


def test_loan_without_a_guardian_meets_the_members(members, attacker):
    """Where nobody may veto, a late quorum gives the lenders' DAO two days to answer."""
    dao = found(members, NOBODY)
    boa.env.set_balance(dao.timelock.address, TREASURY)
    governor, token = dao.governor, dao.token
    token.delegate(attacker, sender=attacker)
    token.transfer(attacker, 250 * TOKENS, sender=members[0])
    boa.env.time_travel(seconds=1)
    late = propose(dao, drain(attacker), attacker)
    open_vote(dao, late)
    travel_to(governor.proposalDeadline(late.id))
    governor.castVote(late.id, FOR, sender=attacker)
    boa.env.time_travel(seconds=DAY)
    assert governor.state(late.id) == ACTIVE
    for member in members[1:3]:
        governor.castVote(late.id, AGAINST, sender=member)
    close_vote(dao, late)
    assert governor.state(late.id) == DEFEATED
    assert treasury(dao) == TREASURY


# ----- a hostile guardian -----


def test_hostile_guardian(dao, members, guardian):
    """It can stop everything but its own end, and take nothing."""
    governor, kernel = dao.governor, dao.kernel
    payee = boa.env.generate_address()
    grant = Proposal([payee], [5], [b""], "a grant")
    queue_proposal(dao, grant, members[0], members)
    governor.cancel(*grant.hashed(), sender=guardian)
    kernel.pause(dao.namespace, GOVERNOR, 14 * DAY, sender=guardian)

    data = kernel.set_guardian.prepare_calldata(dao.namespace, NOBODY, 0, SALT)
    removal = Proposal([str(kernel.address)], [0], [data], "remove the guardian")
    propose(dao, removal, members[1])
    assert governor.state(removal.id) == PENDING
    for step in (open_vote, close_vote):
        refused_to_the_guardian(dao, removal, guardian)
        step(dao, removal)
        if governor.state(removal.id) == ACTIVE:
            for member in members:
                governor.castVote(removal.id, FOR, sender=member)
    refused_to_the_guardian(dao, removal, guardian)
    governor.queue(*removal.hashed())
    refused_to_the_guardian(dao, removal, guardian)
    ripen(dao, removal)
    governor.execute(*removal.hashed())

    assert kernel.guardian(dao.namespace) == NOBODY
    again = propose(dao, Proposal([payee], [5], [b""], "a grant, again"), members[0])
    with boa.reverts("governor: may not cancel"):
        governor.cancel(*again.hashed(), sender=guardian)
    open_vote(dao, again)
    for member in members:
        governor.castVote(again.id, FOR, sender=member)
    close_vote(dao, again)
    governor.queue(*again.hashed())
    ripen(dao, again)
    governor.execute(*again.hashed())
    assert boa.env.get_balance(payee) == 5


def refused_to_the_guardian(dao, removal: Proposal, guardian: str) -> None:
    with boa.reverts("governor: may not cancel"):
        dao.governor.cancel(*removal.hashed(), sender=guardian)


# ----- a hostile proposer -----


def test_hostile_proposer(dao, members, attacker):
    """Front-running, bait and switch, and floods: the members lose nothing but their time."""
    governor = dao.governor
    dao.token.delegate(attacker, sender=attacker)
    dao.token.transfer(attacker, 20 * TOKENS, sender=members[3])
    boa.env.time_travel(seconds=1)

    honest = drain(members[0], f"pay us #proposer={members[0]}")
    with boa.reverts("governor: for another proposer"):
        propose(dao, honest, attacker)
    propose(dao, honest, members[0])

    bait = deployer("Target").deploy()
    code = boa.env.get_code(bait.address)
    switch = Proposal([str(bait.address)], [0], [bait.note.prepare_calldata(1)], "harmless")
    propose(dao, switch, attacker)
    for number in range(5):
        propose(dao, drain(attacker, f"flood {number}"), attacker)
    open_vote(dao, switch)
    for member in members[:2]:
        governor.castVote(switch.id, FOR, sender=member)
    close_vote(dao, switch)
    boa.env.set_code(bait.address, boa.env.get_code(dao.token.address))
    with boa.reverts("governor: code changed"):
        governor.queue(*switch.hashed())
    boa.env.set_code(bait.address, code)
    governor.queue(*switch.hashed())
    ripen(dao, switch)
    boa.env.set_code(bait.address, boa.env.get_code(dao.token.address))
    with boa.reverts("timelock: not scheduled"):
        governor.execute(*switch.hashed())

    ids = [governor.proposalAt(number) for number in range(governor.proposalCount())]
    states = {id: governor.state(id) for id in ids}
    assert all(state in (DEFEATED, QUEUED) for state in states.values())
    assert [id for id, state in states.items() if state == QUEUED] == [switch.id]
    assert treasury(dao) == TREASURY
    works(dao, members)


def test_build_finance_a_hostile_minority_that_reaches_the_quorum(dao, members, guardian, attacker):
    """The owner of one quarter takes over a quiet week: it wins the vote, and not the treasury."""
    governor, hostile = dao.governor, members[3]
    data = dao.token.mint.prepare_calldata(hostile, 10**6 * TOKENS)
    takeover = Proposal([str(dao.token.address)], [0], [data], "routine")
    queue_proposal(dao, takeover, hostile, [hostile])
    assert governor.state(takeover.id) == QUEUED
    assert governor.proposalEta(takeover.id) - boa.env.timestamp == 2 * DAY
    governor.cancel(*takeover.hashed(), sender=guardian)
    ripen(dao, takeover)
    with boa.reverts("governor: already final"):
        governor.execute(*takeover.hashed())
    assert dao.token.totalSupply() == 1_000 * TOKENS
    raised = dao.governor.updateQuorumNumerator.prepare_calldata(50)
    answer = Proposal([str(governor.address)], [0], [raised], "never again")
    run_proposal(dao, answer, members[0], members[:3])
    again = Proposal([str(dao.token.address)], [0], [data], "routine, again")
    propose(dao, again, hostile)
    open_vote(dao, again)
    governor.castVote(again.id, FOR, sender=hostile)
    close_vote(dao, again)
    assert governor.state(again.id) == DEFEATED


# ----- a captured governor, and a dead one -----


def test_captured_and_replaced_governor(dao, members, guardian, attacker):
    """An upgrade turns out to obey one key: the guardian rolls it back inside the delay."""
    waiting = queue_proposal(dao, drain(members[1], "began before"), members[0], members)
    captured = deployer("Wallet").deploy(attacker, "honest")
    changes = install(dao, members, captured)

    loot = drain(attacker, "loot")
    payload = dao.governor.hashProposal(*loot.hashed()).to_bytes(32, "big")
    order = dao.timelock.schedule.prepare_calldata(payload, 0, 2)
    captured.act(dao.timelock.address, order, sender=attacker)
    execute = dao.timelock.execute.prepare_calldata(*loot.hashed())
    with boa.reverts("timelock: not ready"):
        captured.act(dao.timelock.address, execute, sender=attacker)

    boa.env.time_travel(seconds=2 * DAY - 1)
    dao.kernel.rollback(dao.namespace, changes, SALT, sender=guardian)
    boa.env.time_travel(seconds=2)
    with boa.reverts("timelock: not governor"):
        captured.act(dao.timelock.address, execute, sender=attacker)
    with boa.reverts("timelock: not governor"):
        captured.act(dao.timelock.address, order, sender=attacker)
    assert dao.kernel.head(entry_of(dao)) == (dao.governor.address, 3)

    # What waited before the captured term does not come back to life with its governor.
    assert operation_of(dao, waiting).state == DEAD
    with boa.reverts("timelock: governor replaced"):
        dao.governor.execute(*waiting.hashed())
    assert treasury(dao) == TREASURY
    works(dao, members)


def test_dead_governor_is_rolled_back_by_anyone(members, attacker):
    """An upgrade to code that can do nothing, in a DAO without a guardian."""
    dao = found(members, NOBODY)
    boa.env.set_balance(dao.timelock.address, TREASURY)
    dead = deployer("Target").deploy()
    changes = install(dao, members, dead)
    op = dao.kernel.operation_id(dao.namespace, changes, SALT)
    applied = boa.env.timestamp

    with boa.reverts("governor: not in office"):
        propose(dao, drain(members[0], "help"), members[0])
    with boa.reverts("kernel: not owner"):
        dao.kernel.confirm(dao.namespace, op, sender=members[0])
    travel_to(applied + CONFIRM_WINDOW)
    with boa.reverts("kernel: may not roll back"):
        dao.kernel.rollback(dao.namespace, changes, SALT, sender=members[2])
    boa.env.time_travel(seconds=1)
    dao.kernel.rollback(dao.namespace, changes, SALT, sender=attacker)  # anyone at all

    assert dao.kernel.head(entry_of(dao)) == (dao.governor.address, 3)
    assert treasury(dao) == TREASURY
    works(dao, members)


def test_living_governor_confirms_and_cannot_be_rolled_back(dao, members, attacker):
    """The same upgrade to one that works: its first vote is the proof of life."""
    old = dao.governor
    newer = deployer("Governor").deploy(
        dao.kernel.address,
        dao.namespace,
        dao.token.address,
        dao.timelock.address,
        "Newer",
        TERMS.astuple(),
    )
    changes = install(dao, members, newer)
    op = dao.kernel.operation_id(dao.namespace, changes, SALT)
    dao = replace(dao, governor=newer)
    proof = dao.kernel.confirm.prepare_calldata(dao.namespace, op)
    alive = Proposal([str(dao.kernel.address)], [0], [proof], "we live")
    run_proposal(dao, alive, members[0], members)
    assert newer.state(alive.id) == EXECUTED
    boa.env.time_travel(seconds=CONFIRM_WINDOW + HOUR)
    with boa.reverts("kernel: may not roll back"):
        dao.kernel.rollback(dao.namespace, changes, SALT, sender=attacker)
    with boa.reverts("governor: not in office"):
        old.propose(*drain(members[0]).spelled(), sender=members[0])
    works(dao, members)
