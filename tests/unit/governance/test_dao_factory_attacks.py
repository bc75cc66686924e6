"""What an attacker tries with a factory of DAOs, and with what it makes."""

import boa
import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.support.compiled import deployer
from tests.support.dao_factory import Setup, create, delegate_all, deploy_factory
from tests.support.governance import (
    DAY,
    EXECUTED,
    GOVERNOR,
    NOBODY,
    QUEUED,
    SUCCEEDED,
    TOKENS,
    Proposal,
    close_vote,
    code_hash,
    deploy_dao,
    deploy_governor,
    governor_change,
    open_vote,
    pass_proposal,
    propose,
    queue_proposal,
    ripen,
    run_proposal,
)
from tests.unit.governance.conftest import call

SALT = b"\x07" * 32
OTHER_SALT = b"\x08" * 32
APPLIED = 8
CONFIRM_WINDOW = 30 * DAY


@pytest.fixture(scope="module")
def attacker(stranger):
    return stranger


@pytest.fixture(scope="module")
def members(new_token):
    return new_token.holders


@pytest.fixture
def studio(factory, creator, new_token, members):
    dao = create(factory, creator, SALT, Setup(notice=0), new_token)
    delegate_all(dao, members)
    return dao


# ----- creation -----


def test_front_run_creation_takes_nothing(factory, creator, attacker, new_token):
    """An attacker who sends the same call first gets a DAO of its own, elsewhere."""
    said = factory.predict(creator, Setup().astuple(), new_token.astuple(), SALT)
    copied = create(factory, attacker, SALT, Setup(), new_token)
    dao = create(factory, creator, SALT, Setup(), new_token)
    assert dao.namespace == bytes(said.namespace)
    assert (dao.timelock.address, dao.token.address, dao.governor.address) == tuple(said)[1:]
    taken = {copied.timelock.address, copied.token.address, copied.governor.address}
    assert not taken & set(said[1:])
    assert copied.namespace != dao.namespace


def test_namespace_of_a_dao_cannot_be_claimed_around_the_factory(
    factory, kernel, creator, attacker, new_token
):
    """It holds the factory's address; an attacker's claim of the same label is another's."""
    label = factory.label_of(creator, SALT)
    kernel.claim(label, attacker, 0, NOBODY, 0, [], sender=attacker)
    dao = create(factory, creator, SALT, Setup(), new_token)
    assert kernel.namespace(dao.namespace).owner == dao.timelock.address


def test_treasury_paid_before_creation_belongs_to_the_dao(factory, creator, new_token, members):
    said = factory.predict(creator, Setup().astuple(), new_token.astuple(), SALT)
    boa.env.set_balance(said.timelock, 5)
    dao = create(factory, creator, SALT, Setup(), new_token)
    delegate_all(dao, members)
    receiver = boa.env.generate_address("receiver")
    run_proposal(dao, Proposal([str(receiver)], [5], [b""]), members[0], list(members[:2]))
    assert boa.env.get_balance(receiver) == 5


def test_factory_is_not_owner_for_ever(factory, kernel, studio, new_token, members):
    """Whoever could act as the factory would still have no right in what it made."""
    me, dao = factory.address, studio
    change = [governor_change(deploy_governor(dao), 2)]
    refused = {
        "kernel: not owner": [
            (kernel.schedule, (dao.namespace, change, SALT, False)),
            (kernel.set_notice, (dao.namespace, DAY, SALT)),
            (kernel.set_guardian, (dao.namespace, NOBODY, 0, SALT)),
            (kernel.propose_owner, (dao.namespace, me, SALT)),
            (kernel.freeze, (dao.namespace, GOVERNOR)),
            (kernel.unpause, (dao.namespace, GOVERNOR)),
        ],
        "kernel: not owner or guardian": [(kernel.pause, (dao.namespace, GOVERNOR, DAY))],
        "kernel: already claimed": [
            (kernel.claim, (kernel.namespace(dao.namespace).label, me, 0, NOBODY, 0, [])),
        ],
        "token: not timelock": [(dao.token.mint, (me, 1))],
        "timelock: not governor": [(dao.timelock.schedule, (SALT, 0, 1))],
        "timelock: only itself": [(dao.timelock.updateDelay, (DAY,))],
        "governor: not timelock": [(dao.governor.updateQuorumNumerator, (50,))],
    }
    for reason, calls in refused.items():
        for method, arguments in calls:
            with boa.reverts(reason):
                method(*arguments, sender=me)
    assert kernel.guardian(dao.namespace) == NOBODY
    assert dao.token.balanceOf(me) == dao.token.allowance(dao.timelock.address, me) == 0


def test_token_that_reenters_creation_makes_nothing(factory, kernel, creator, new_token):
    """It is asked by static calls, by the factory and by the governor's constructor."""
    token = deployer("OddVotes").deploy(1_000 * TOKENS)
    small = new_token._replace(holders=new_token.holders[:1], amounts=new_token.amounts[:1])
    again = factory.create.prepare_calldata(Setup().astuple(), small.astuple(), OTHER_SALT)
    assert len(again) <= 2_048
    boa.env.raw_call(factory.address, data=again)  # it would work, were it not static
    token.behave(keccak(text="clock()")[:4], "reenters", again, str(factory.address))
    dao = create(factory, creator, SALT, Setup(), str(token.address))
    assert [bytes(row.namespace) for row in factory.page(1, 32)] == [dao.namespace]
    assert kernel.namespace(factory.namespace_of(token, OTHER_SALT)).claimed_at == 0


def test_token_that_bombs_with_its_answer_is_refused_in_bounded_gas(factory, creator):
    bomb = boa.env.generate_address("bomb")
    boa.env.set_code(bomb, bytes.fromhex("62061a805ff3"))  # RETURN(0, 400,000), whatever is asked
    with boa.reverts("dao factory: clock not timestamp"):
        factory.create_with_token(Setup().astuple(), bomb, SALT, sender=creator, gas=2_000_000)


def test_token_has_gas_for_each_answer_to_the_unit(factory, creator):
    # Only if gas() == 500,000 - 2 it says its clock's mode, also when it is asked the time.
    code = bytes.fromhex("5a6207a11e14600c575f5ffd5b606060175f3960605ff3")
    token = boa.env.generate_address("token")
    boa.env.set_code(token, code + encode(["string"], ["mode=timestamp"]))
    with boa.reverts("dao factory: clock is wrong"):
        factory.create_with_token(Setup().astuple(), token, SALT, sender=creator)


def test_token_that_lies_later_makes_no_quorum_but_no_damage(factory, creator, members):
    """A foreign token is looked at once: later it rules, or stops, its own DAO alone."""
    token = deployer("OddVotes").deploy(1_000 * TOKENS)
    token.give(members[0], 1_000 * TOKENS)
    dao = create(factory, creator, SALT, Setup(), str(token.address))
    boa.env.time_travel(seconds=1)
    target = deployer("Target").deploy()
    proposal = pass_proposal(dao, call(target, 1), members[0], [members[0]])
    assert dao.governor.state(proposal.id) == SUCCEEDED
    token.behave(keccak(text="getPastTotalSupply(uint256)")[:4], "reverts", b"", NOBODY)
    assert dao.governor.state(proposal.id) != SUCCEEDED
    with boa.reverts("governor: not succeeded"):
        dao.governor.queue(*proposal.hashed())


def test_creation_that_fails_late_leaves_no_trace(factory, kernel, creator, new_token):
    """The claim comes last: its refusal undoes three contracts and the list."""
    said = factory.predict(creator, Setup().astuple(), new_token.astuple(), SALT)
    with boa.reverts("kernel: notice over 30 days"):
        create(factory, creator, SALT, Setup(notice=31 * DAY), new_token)
    assert factory.count() == 0
    assert [boa.env.get_code(address) for address in said[1:]] == [b""] * 3
    create(factory, creator, SALT, Setup(), new_token)  # the salt is still good


# ----- DAOs that it made -----


def test_two_daos_side_by_side_do_not_touch_each_other(
    factory, kernel, creator, attacker, studio, members, new_token
):
    """One's votes, governor and timelock are nothing to the other; even one set-up."""
    other = create(factory, attacker, SALT, Setup(notice=0), new_token)
    delegate_all(other, members)
    target = deployer("Target").deploy()
    # the same proposal has one id in both, and lives in both by itself
    queued = queue_proposal(studio, call(target, 1), members[0], list(members))
    with boa.reverts("governor: unknown proposal"):
        other.governor.state(queued.id)
    propose(other, call(target, 1), members[0])
    assert other.governor.proposalAt(0) == queued.id
    ripen(studio, queued)
    with boa.reverts("timelock: not scheduled"):
        other.governor.execute(*queued.hashed())
    with boa.reverts("timelock: not governor"):
        other.timelock.execute(*queued.hashed(), sender=studio.governor.address)
    studio.governor.execute(*queued.hashed())
    assert (target.count(), target.caller()) == (1, studio.timelock.address)
    # a vote of one cannot write the other's namespace
    notice = kernel.set_notice.prepare_calldata(other.namespace, DAY, SALT)
    grab = Proposal([str(kernel.address)], [0], [notice], "grab")
    queue_proposal(studio, grab, members[0], list(members))
    ripen(studio, grab)
    with boa.reverts("kernel: not owner"):
        studio.governor.execute(*grab.hashed())


def test_a_dao_over_an_existing_token_runs_a_proposal(factory, creator, members, balances):
    """The token of another DAO, of whose timelock this one knows nothing."""
    first = deploy_dao(balances, kernel=deployer("Kernel").at(factory.kernel()))
    dao = create(factory, creator, SALT, Setup(), str(first.token.address))
    assert dao.timelock.address != first.timelock.address
    target = deployer("Target").deploy()
    done = run_proposal(dao, call(target, 1), members[0], list(members[:2]))
    assert dao.governor.state(done.id) == EXECUTED
    assert (target.count(), target.caller()) == (1, dao.timelock.address)
    mint = first.token.mint.prepare_calldata(creator, 1)
    greedy = Proposal([str(first.token.address)], [0], [mint], "mint what is not ours")
    queue_proposal(dao, greedy, members[0], list(members[:2]))
    ripen(dao, greedy)
    with boa.reverts("token: not timelock"):
        dao.governor.execute(*greedy.hashed())


def upgrade_governor(dao, kernel, members, newer):
    """Vote a new governor in, with proof of life asked for, and apply it."""
    change = [governor_change(newer, 2)]
    schedule = kernel.schedule.prepare_calldata(dao.namespace, change, SALT, True)
    upgrade = Proposal([str(kernel.address)], [0], [schedule], "a new governor")
    run_proposal(dao, upgrade, members[0], list(members))
    operation = kernel.operation_id(dao.namespace, change, SALT)
    kernel.apply(dao.namespace, change, SALT)
    assert kernel.head(keccak(dao.namespace + GOVERNOR)) == (newer.address, 2)
    return change, operation


def test_a_dao_replaces_its_governor_by_proposal_and_confirms(factory, kernel, studio, members):
    """The new governor proves that it can act, from the same timelock; the old is dead."""
    old = studio.governor
    newer = deploy_governor(studio, "Studio 2")
    change, operation = upgrade_governor(studio, kernel, members, newer)
    with boa.reverts("governor: not in office"):
        propose(studio, Proposal([NOBODY], [0], [b""]), members[0])
    studio.governor = newer
    confirm = kernel.confirm.prepare_calldata(studio.namespace, operation)
    proof = Proposal([str(kernel.address)], [0], [confirm], "we are alive")
    run_proposal(studio, proof, members[0], list(members))
    assert kernel.operation(studio.namespace, operation).confirmed
    boa.env.time_travel(seconds=CONFIRM_WINDOW)
    with boa.reverts("kernel: may not roll back"):
        kernel.rollback(studio.namespace, change, SALT)
    assert factory.page(0, 1)[0].governor == newer.address != old.address


def test_a_governor_that_cannot_act_is_rolled_back_by_anyone(kernel, studio, members, attacker):
    dead = deployer("Target").deploy()
    change, _ = upgrade_governor(studio, kernel, members, dead)
    boa.env.time_travel(seconds=CONFIRM_WINDOW + 1)
    kernel.rollback(studio.namespace, change, SALT, sender=attacker)
    assert kernel.head(keccak(studio.namespace + GOVERNOR)) == (studio.governor.address, 3)
    target = deployer("Target").deploy()
    run_proposal(studio, call(target, 1), members[0], list(members))
    assert target.count() == 1


def test_hostile_guardian_from_creation_can_stop_but_not_rule(
    factory, kernel, creator, attacker, new_token, members
):
    until = boa.env.timestamp + 300 * DAY
    setup = Setup(guardian=attacker, guardian_until=until)
    dao = create(factory, creator, OTHER_SALT, setup, new_token)
    delegate_all(dao, members)
    target = deployer("Target").deploy()
    vetoed = queue_proposal(dao, call(target, 1), members[0], list(members))
    dao.governor.cancel(*vetoed.hashed(), sender=attacker)
    removal = kernel.set_guardian.prepare_calldata(dao.namespace, NOBODY, 0, SALT)
    remove = Proposal([str(kernel.address)], [0], [removal], "remove the guardian")
    propose(dao, remove, members[0])
    with boa.reverts("governor: may not cancel"):
        dao.governor.cancel(*remove.hashed(), sender=attacker)
    open_vote(dao, remove)
    for member in members:
        dao.governor.castVote(remove.id, 1, sender=member)
    close_vote(dao, remove)
    dao.governor.queue(*remove.hashed())
    assert dao.governor.state(remove.id) == QUEUED
    ripen(dao, remove)
    dao.governor.execute(*remove.hashed())
    assert kernel.guardian(dao.namespace) == NOBODY


def test_daos_of_two_factories_never_meet(factory, kernel, creator, new_token):
    """A next version of the factory: the same creator and salt are another DAO there."""
    newer = deploy_factory(kernel)
    first = create(factory, creator, SALT, Setup(), new_token)
    second = create(newer, creator, SALT, Setup(), new_token)
    assert first.namespace != second.namespace
    assert (factory.count(), newer.count()) == (1, 1)
    assert code_hash(first.governor) != code_hash(second.governor)  # each bound to its own
