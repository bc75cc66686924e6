"""The incidents of the field's governors, each tried on ours."""

import boa
import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.support.compiled import deployer
from tests.support.governance import (
    ACTIVE,
    AGAINST,
    DAY,
    DEFEATED,
    EXECUTED,
    FOR,
    GRACE,
    HOUR,
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
    governor_change,
    key,
    open_vote,
    operation_of,
    pass_proposal,
    propose,
    queue_proposal,
    ripen,
    run_proposal,
    sign,
    travel_to,
)
from tests.unit.governance.conftest import call

SALT = bytes(32)
BALLOT = "uint256 proposalId,uint8 support,address voter,uint256 nonce"
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


@pytest.fixture
def attacker(stranger):
    return stranger


# ----- votes out of nothing -----


def test_beanstalk_flash_loaned_votes_do_not_count(dao, governor, token, target, attacker, voter):
    """GOV-9: what is borrowed within one transaction proposes nothing and votes nothing."""
    token.delegate(attacker, sender=attacker)
    boa.env.time_travel(seconds=1)
    token.transfer(attacker, 350 * TOKENS, sender=voter)
    assert token.getVotes(attacker) == 350 * TOKENS
    with boa.reverts("governor: too few votes"):
        governor.propose(*call(target, 1).spelled(), sender=attacker)
    token.transfer(voter, 350 * TOKENS, sender=attacker)
    borrowed = boa.env.timestamp
    boa.env.time_travel(seconds=1)
    assert token.getPastVotes(attacker, borrowed) == 0
    assert token.getPastVotes(voter, borrowed) == 350 * TOKENS


def test_beanstalk_flash_loan_at_the_snapshot_votes_nothing(
    dao, governor, token, proposal, proposer, attacker, voter
):
    token.delegate(attacker, sender=attacker)
    propose(dao, proposal, proposer)
    travel_to(governor.proposalSnapshot(proposal.id))
    token.transfer(attacker, 350 * TOKENS, sender=voter)
    token.transfer(voter, 350 * TOKENS, sender=attacker)
    boa.env.time_travel(seconds=1)
    with boa.reverts("governor: no votes"):
        governor.castVote(proposal.id, FOR, sender=attacker)


def test_vote_twice_by_transfer(dao, governor, token, proposal, proposer, voter, attacker):
    propose(dao, proposal, proposer)
    open_vote(dao, proposal)
    governor.castVote(proposal.id, FOR, sender=voter)
    token.transfer(attacker, 350 * TOKENS, sender=voter)
    token.delegate(attacker, sender=attacker)
    boa.env.time_travel(seconds=1)
    with boa.reverts("governor: no votes"):
        governor.castVote(proposal.id, FOR, sender=attacker)
    assert governor.proposalVotes(proposal.id) == (0, 350 * TOKENS, 0)


def test_vote_twice_by_delegation(dao, governor, token, proposal, proposer, voter, attacker):
    propose(dao, proposal, proposer)
    open_vote(dao, proposal)
    governor.castVote(proposal.id, FOR, sender=voter)
    token.delegate(attacker, sender=voter)
    boa.env.time_travel(seconds=1)
    with boa.reverts("governor: no votes"):
        governor.castVote(proposal.id, FOR, sender=attacker)


def test_many_checkpoints_in_one_second_make_one(token, voter, attacker):
    token.delegate(attacker, sender=attacker)
    start = boa.env.timestamp
    for _ in range(30):
        token.transfer(attacker, 10, sender=voter)
        token.transfer(voter, 9, sender=attacker)
    boa.env.time_travel(seconds=1)
    assert token.getPastVotes(attacker, start - 1) == 0
    assert token.getPastVotes(attacker, start) == token.getVotes(attacker) == 30
    head = token.eval(f"checkpoints._heads[convert({attacker}, uint256)]")
    assert (head >> 96) % 2**32 == 0  # no superseded value was kept


def test_many_checkpoints_do_not_make_a_vote_too_expensive(token, voter, attacker):
    """Dust sent every second for a while: a look-up stays logarithmic."""
    token.delegate(attacker, sender=attacker)
    start = boa.env.timestamp
    for _ in range(300):
        token.transfer(attacker, 1, sender=voter)
        boa.env.time_travel(seconds=1)
    for ago in (300, 299, 151, 150, 128, 2, 1):
        second = start + 300 - ago
        assert token.getPastVotes(attacker, second) == 301 - ago
        assert token._computation.get_gas_used() < 60_000


def test_compound_289_needs_a_quorum_of_all_votes_that_count(
    dao, governor, token, target, voter, minority, attacker
):
    """A hostile minority in a quiet week: below the quorum nothing passes."""
    token.delegate(attacker, sender=attacker)
    token.transfer(attacker, 99 * TOKENS, sender=voter)
    boa.env.time_travel(seconds=1)
    proposal = pass_proposal(dao, call(target, 1), attacker, [attacker])
    assert governor.state(proposal.id) == DEFEATED


def test_last_minute_quorum_gives_the_others_time(balances, target, proposer, voter, minority):
    dao = deploy_dao(balances, settings=Settings(late_extension=2 * DAY))
    proposal = propose(dao, call(target, 1), proposer)
    open_vote(dao, proposal)
    travel_to(dao.governor.proposalDeadline(proposal.id))
    dao.governor.castVote(proposal.id, FOR, sender=minority)
    boa.env.time_travel(seconds=1)
    assert dao.governor.state(proposal.id) == ACTIVE
    dao.governor.castVote(proposal.id, AGAINST, sender=voter)
    close_vote(dao, proposal)
    assert dao.governor.state(proposal.id) == DEFEATED


def test_last_minute_quorum_cannot_be_hidden_by_starving_the_token_of_gas(
    balances, target, proposer, minority
):
    """A vote that is counted has also told whether it made the quorum."""
    dao = deploy_dao(balances, settings=Settings(late_extension=2 * DAY))
    proposal = propose(dao, call(target, 1), proposer)
    deadline = dao.governor.proposalDeadline(proposal.id)
    travel_to(deadline)
    counted = 0
    for gas in range(30_000, 130_000, 1_500):
        with boa.env.anchor():
            try:
                dao.governor.castVote(proposal.id, FOR, sender=minority, gas=gas)
            except boa.BoaError:
                continue
            counted += 1
            assert dao.governor.proposalDeadline(proposal.id) == deadline + 2 * DAY
    assert counted > 5


def test_cve_2022_31198_lowering_the_quorum_revives_nothing(
    dao, governor, timelock, token, target, proposer, voter, minority
):
    small = boa.env.generate_address()
    token.delegate(small, sender=small)
    token.transfer(small, 50 * TOKENS, sender=voter)
    boa.env.time_travel(seconds=1)
    proposal = pass_proposal(dao, call(target, 1), proposer, [small])
    assert governor.state(proposal.id) == DEFEATED
    governor.updateQuorumNumerator(1, sender=timelock.address)
    assert governor.state(proposal.id) == DEFEATED
    with boa.reverts("governor: not succeeded"):
        governor.queue(*proposal.hashed())


def test_zero_quorum_is_impossible(dao, governor, timelock):
    with boa.reverts("governor: quorum of 1 to 50 %"):
        governor.updateQuorumNumerator(0, sender=timelock.address)
    empty = deploy_dao({})
    assert empty.governor.quorum(boa.env.timestamp - 1) == 1


# ----- one proposal for another -----


@pytest.mark.parametrize("longer", range(3))
def test_cve_2023_30542_lists_of_different_lengths(governor, target, proposer, longer):
    sizes = [2 if place == longer else 1 for place in range(3)]
    lists = ([str(target.address)] * sizes[0], [0] * sizes[1], [b"\x01"] * sizes[2])
    with boa.reverts("governor: lengths differ"):
        governor.propose(*lists, "mismatch", sender=proposer)


def test_cve_2023_34234_description_front_run(governor, target, proposer, attacker, token, voter):
    token.delegate(attacker, sender=attacker)
    token.transfer(attacker, 50 * TOKENS, sender=voter)
    boa.env.time_travel(seconds=1)
    mine = call(target, 1, f"mine#proposer={proposer}")
    with boa.reverts("governor: for another proposer"):
        governor.propose(*mine.spelled(), sender=attacker)
    governor.propose(*mine.spelled(), sender=proposer)


def test_the_description_is_part_of_the_proposal(dao, governor, proposal, proposer, voter):
    queue_proposal(dao, proposal, proposer, [voter])
    ripen(dao, proposal)
    targets, values, calldatas, _ = proposal.hashed()
    with boa.reverts("governor: unknown proposal"):
        governor.execute(targets, values, calldatas, keccak(text="another text"))


def test_identical_proposals_of_two_governors_are_two_operations(dao, governor, proposal):
    pin, payload = 7, b"\x05" * 32
    other = deploy_governor(dao, "other")
    ids = {dao.timelock.operation_id(each.address, payload, pin) for each in (governor, other)}
    assert len(ids) == 2


def test_calldata_with_a_tail_or_in_another_order_executes_what_was_voted(
    dao, governor, target, proposer, voter
):
    """`execute` is forwarded as it came: odd encodings decode to the same or to nothing."""
    proposal = queue_proposal(dao, call(target, 5), proposer, [voter])
    ripen(dao, proposal)
    types = ["address[]", "uint256[]", "bytes[]", "bytes32"]
    selector = keccak(text="execute(address[],uint256[],bytes[],bytes32)")[:4]
    plain = encode(types, list(proposal.hashed()))
    forged = encode(types, [proposal.targets, [0], [b"\x01" * 36], SALT])
    for body in (plain + forged, reordered(proposal)):
        with boa.env.anchor():
            boa.env.raw_call(governor.address, data=selector + body)
            assert (target.count(), target.notes(0)) == (1, 5)
            assert governor.state(proposal.id) == EXECUTED


def reordered(proposal: Proposal) -> bytes:
    """The same arguments with the lists behind each other in another order."""
    targets, values, calldatas, text = proposal.hashed()
    parts = [
        encode([kind], [part])[32:]
        for kind, part in (("address[]", targets), ("uint256[]", values), ("bytes[]", calldatas))
    ]
    place, offsets, tail = 4 * 32, [0, 0, 0], b""
    for index in (2, 1, 0):
        offsets[index] = place + len(tail)
        tail += parts[index]
    return b"".join(offset.to_bytes(32, "big") for offset in offsets) + text + tail


# ----- signatures -----


@pytest.fixture(scope="module")
def signer(dao, voter):
    account = key("signer")
    dao.token.transfer(account.address, 90, sender=voter)
    dao.token.delegate(account.address, sender=account.address)
    boa.env.time_travel(seconds=1)
    return account


@pytest.fixture
def vote(dao, signer, proposal, proposer):
    propose(dao, proposal, proposer)
    open_vote(dao, proposal)
    return proposal.id


def ballot(governor, account, id, voter=None):
    message = {
        "proposalId": id,
        "support": FOR,
        "voter": str(voter or account.address),
        "nonce": governor.nonces(str(voter or account.address), id % 2**192),
    }
    return sign(account, governor, "Ballot", BALLOT, message)


@pytest.mark.parametrize("mode", ["reverts", "refuses", "empty", "short", "dirty"])
def test_cve_2022_31172_contract_signatures_that_answer_badly(dao, governor, vote, mode):
    wallet = deployer("Wallet").deploy(NOBODY, mode)
    with boa.reverts("governor: invalid signature"):
        governor.castVoteBySig(vote, FOR, wallet.address, b"\x01" * 65)
    with boa.reverts("token: invalid signature"):
        dao.token.delegateBySignature(wallet.address, NOBODY, 0, 2**255, b"\x01" * 65)


def test_cve_2022_31172_a_huge_answer_is_not_copied(dao, governor, vote):
    wallet = deployer("Wallet").deploy(NOBODY, "huge")
    dao.token.delegateBySignature(wallet.address, NOBODY, 0, 2**255, b"")
    assert dao.token.nonces(wallet.address) == 1
    with boa.reverts("governor: no votes"):
        governor.castVoteBySig(vote, FOR, wallet.address, b"")


def test_cve_2022_35961_malleable_and_compact_signatures(governor, signer, vote):
    made = ballot(governor, signer, vote)
    r, s, odd = made.r.to_bytes(32, "big"), made.s, made.v - 27
    mirrored = r + (ORDER - s).to_bytes(32, "big") + bytes([28 - odd])
    compact = r + (s | odd << 255).to_bytes(32, "big")
    low_v = r + s.to_bytes(32, "big") + bytes([odd])
    for signature in (mirrored, compact, low_v, bytes(made.signature) + b"\x00"):
        with boa.reverts("governor: invalid signature"):
            governor.castVoteBySig(vote, FOR, signer.address, signature)
    governor.castVoteBySig(vote, FOR, signer.address, bytes(made.signature))


def test_replay_on_another_chain(governor, signer, vote):
    signature = bytes(ballot(governor, signer, vote).signature)
    chain = boa.env.evm.patch.chain_id
    boa.env.evm.patch.chain_id = chain + 1
    try:
        with boa.reverts("governor: invalid signature"):
            governor.castVoteBySig(vote, FOR, signer.address, signature)
    finally:
        boa.env.evm.patch.chain_id = chain
    governor.castVoteBySig(vote, FOR, signer.address, signature)


def test_replay_on_another_proposal(dao, governor, signer, vote, target, proposer):
    other = propose(dao, call(target, 2), proposer)
    open_vote(dao, other)
    signature = bytes(ballot(governor, signer, vote).signature)
    with boa.reverts("governor: invalid signature"):
        governor.castVoteBySig(other.id, FOR, signer.address, signature)


def test_replay_on_another_governor_of_the_same_name(dao, governor, signer, proposal, proposer):
    twin = deploy_governor(dao, governor.name())
    changes = [governor_change(twin, 2)]
    propose(dao, proposal, proposer)
    signature = bytes(ballot(governor, signer, proposal.id).signature)
    dao.kernel.schedule(dao.namespace, changes, SALT, False, sender=dao.timelock.address)
    dao.kernel.apply(dao.namespace, changes, SALT)
    assert twin.propose(*proposal.spelled(), sender=proposer) == proposal.id
    travel_to(twin.proposalSnapshot(proposal.id) + 1)
    with boa.reverts("governor: invalid signature"):
        twin.castVoteBySig(proposal.id, FOR, signer.address, signature)
    governor.castVoteBySig(proposal.id, FOR, signer.address, signature)


def test_replay_on_another_token_of_the_same_name(dao, token, timelock, signer):
    twin = deployer("VotesToken").deploy(
        timelock.address, token.name(), token.symbol(), 100, [signer.address], [1]
    )
    message = {"delegatee": signer.address, "nonce": 0, "expiry": 2**255}
    made = sign(
        signer, token, "Delegation", "address delegatee,uint256 nonce,uint256 expiry", message
    )
    r, s = made.r.to_bytes(32, "big"), made.s.to_bytes(32, "big")
    signed = (signer.address, 0, 2**255, made.v, r, s)
    twin.delegateBySig(*signed)  # recovers some other account, which has nothing
    assert twin.delegates(signer.address) == NOBODY
    token.delegateBySig(*signed)
    assert token.nonces(signer.address) == 1


def test_one_key_of_two_wallets_signs_for_the_one_it_names(dao, governor, signer, vote):
    first, second = (deployer("Wallet").deploy(signer.address, "honest") for _ in range(2))
    signature = bytes(ballot(governor, signer, vote, voter=first.address).signature)
    with boa.reverts("governor: invalid signature"):
        governor.castVoteBySig(vote, FOR, second.address, signature)
    message = {"delegator": first.address, "delegatee": NOBODY, "nonce": 0, "expiry": 2**255}
    types = "address delegator,address delegatee,uint256 nonce,uint256 expiry"
    named = bytes(sign(signer, dao.token, "Delegation", types, message).signature)
    with boa.reverts("token: invalid signature"):
        dao.token.delegateBySignature(second.address, NOBODY, 0, 2**255, named)
    dao.token.delegateBySignature(first.address, NOBODY, 0, 2**255, named)


# ----- the timelock -----


def test_cve_2021_39167_a_batch_cannot_schedule_itself(dao, governor, timelock, target, attacker):
    """Execution before the check: nothing runs that was not scheduled, waited and current."""
    inner = timelock.execute.prepare_calldata([], [], [], SALT)
    targets, values, calldatas = [str(timelock.address)], [0], [inner]
    for account in (attacker, str(timelock.address)):
        with boa.reverts("timelock: not governor"):
            timelock.execute(targets, values, calldatas, SALT, sender=account)
    with boa.reverts("timelock: not scheduled"):
        timelock.execute(targets, values, calldatas, SALT, sender=governor.address)


@pytest.mark.parametrize("again", ["itself", "a queued one", "a passed one"])
def test_reentrant_execution_reverts(dao, governor, target, proposer, voter, again):
    probe = deployer("Target").deploy()
    outer = Proposal([str(probe.address)], [0], [probe.fire.prepare_calldata()], "outer")
    other = call(target, 2, "other")
    for each in (other, outer):
        propose(dao, each, proposer)
    open_vote(dao, outer)
    for each in (other, outer):
        governor.castVote(each.id, FOR, sender=voter)
    close_vote(dao, outer)
    for each in [outer] if again == "a passed one" else [outer, other]:
        governor.queue(*each.hashed())
    ripen(dao, outer)
    inner = outer if again == "itself" else other
    probe.prepare(governor.address, governor.execute.prepare_calldata(*inner.hashed()))
    with boa.reverts():
        governor.execute(*outer.hashed())
    assert governor.state(outer.id) == QUEUED
    assert target.count() == 0
    probe.prepare(target.address, target.note.prepare_calldata(1))
    governor.execute(*outer.hashed())
    assert target.count() == 1


def test_a_batch_cannot_cut_the_delay_for_itself(dao, governor, timelock, target, proposer, voter):
    """A shorter delay holds from its own execution on, not for what waits."""
    waiting = queue_proposal(dao, call(target, 1), proposer, [voter])
    eta = governor.proposalEta(waiting.id)
    timelock.updateDelay(HOUR, sender=timelock.address)
    assert governor.proposalEta(waiting.id) == eta
    with boa.reverts("timelock: not ready"):
        governor.execute(*waiting.hashed())


def test_msg_value_cannot_change_committed_values(
    dao, governor, timelock, proposer, voter, attacker
):
    boa.env.set_balance(timelock.address, 100)
    boa.env.set_balance(attacker, 100)
    payee = boa.env.generate_address()
    proposal = queue_proposal(dao, Proposal([payee], [40], [b""], "pay"), proposer, [voter])
    ripen(dao, proposal)
    with boa.reverts():
        governor.execute(*proposal.hashed(), value=1, sender=attacker)
    governor.execute(*proposal.hashed(), sender=attacker)
    assert boa.env.get_balance(payee) == 40
    assert boa.env.get_balance(timelock.address) == 60


def test_gas_griefing_cannot_skip_a_call(dao, governor, target, proposer, voter):
    """With too little gas all fails: there is no call whose failure is swallowed."""
    data = [target.note.prepare_calldata(number) for number in range(3)]
    proposal = Proposal([str(target.address)] * 3, [0] * 3, data, "three")
    queue_proposal(dao, proposal, proposer, [voter])
    ripen(dao, proposal)
    counts = set()
    for gas in range(20_000, 320_000, 6_000):
        with boa.env.anchor():
            try:
                governor.execute(*proposal.hashed(), gas=gas)
            except boa.BoaError:
                counts.add(target.count())
                continue
            counts.add(target.count())
            assert governor.state(proposal.id) == EXECUTED
    assert counts == {0, 3}


def test_a_proposal_target_that_is_a_plain_account(governor, proposer, attacker):
    with boa.reverts("pin: target has no code"):
        governor.propose([attacker], [0], [b"\x01\x02"], "nobody is there", sender=proposer)


def test_tornado_metamorphic_code_does_not_run(dao, governor, proposer, voter, token):
    """Other code at a voted address, before queue or before execute: nothing runs."""
    honest, hostile = deployer("Target").deploy(), boa.env.get_code(token.address)
    proposal = pass_proposal(dao, call(honest, 1), proposer, [voter])
    with boa.env.anchor():
        boa.env.set_code(honest.address, hostile)
        with boa.reverts("governor: code changed"):
            governor.queue(*proposal.hashed())
    governor.queue(*proposal.hashed())
    ripen(dao, proposal)
    boa.env.set_code(honest.address, hostile)
    with boa.reverts("timelock: not scheduled"):
        governor.execute(*proposal.hashed())


def test_a_replaced_governor_has_no_power(dao, governor, timelock, target, proposer, voter):
    pending = call(target, 1, "pending")
    passed = call(target, 2, "passed")
    queued = queue_proposal(dao, call(target, 3, "queued"), proposer, [voter])
    pass_proposal(dao, passed, proposer, [voter])
    propose(dao, pending, proposer)
    newer = deploy_governor(dao, "newer")
    changes = [governor_change(newer, 2)]
    dao.kernel.schedule(dao.namespace, changes, SALT, False, sender=timelock.address)
    dao.kernel.apply(dao.namespace, changes, SALT)
    with boa.reverts("timelock: not governor"):
        governor.queue(*passed.hashed())
    with boa.reverts("timelock: not governor"):
        governor.execute(*queued.hashed())
    with boa.reverts("governor: not in office"):
        governor.propose(*call(target, 4).spelled(), sender=proposer)
    open_vote(dao, pending)
    governor.castVote(pending.id, FOR, sender=voter)
    close_vote(dao, pending)
    with boa.reverts("timelock: not governor"):
        governor.queue(*pending.hashed())
    assert operation_of(dao, queued).state == 32  # dead
    assert target.count() == 0


def test_cancel_griefing_by_a_raised_threshold(
    dao, governor, timelock, token, target, attacker, voter
):
    """Who could propose when it proposed is not cancelled because the bar rose."""
    token.delegate(attacker, sender=attacker)
    token.transfer(attacker, 10 * TOKENS, sender=voter)
    boa.env.time_travel(seconds=1)
    proposal = propose(dao, call(target, 1), attacker)
    governor.setProposalThreshold(100 * TOKENS, sender=timelock.address)
    with boa.reverts("governor: may not cancel"):
        governor.cancel(*proposal.hashed(), sender=voter)
    assert governor.state(proposal.id) == PENDING


@pytest.mark.parametrize("delay", [HOUR, 30 * DAY])
def test_no_delay_and_grace_leave_an_empty_window(balances, target, proposer, voter, delay):
    for settings in (Settings(HOUR, HOUR, 1, 1, 0), Settings(14 * DAY, 30 * DAY, 1, 1, 7 * DAY)):
        dao = deploy_dao(balances, settings=settings, delay=delay)
        run_proposal(dao, call(target, 1), proposer, [voter])
        queued = queue_proposal(dao, call(target, 2), proposer, [voter])
        travel_to(dao.governor.proposalEta(queued.id) + GRACE)
        dao.governor.execute(*queued.hashed())


def test_hostile_guardian_cannot_block_its_own_removal(dao, governor, guardian, proposer, voter):
    data = dao.kernel.set_guardian.prepare_calldata(dao.namespace, NOBODY, 0, SALT)
    removal = Proposal([str(dao.kernel.address)], [0], [data], "remove the guardian")
    propose(dao, removal, proposer)
    for step in (open_vote, close_vote):
        with boa.reverts("governor: may not cancel"):
            governor.cancel(*removal.hashed(), sender=guardian)
        step(dao, removal)
        if governor.state(removal.id) == ACTIVE:
            governor.castVote(removal.id, FOR, sender=voter)
    assert governor.state(removal.id) == SUCCEEDED
    governor.queue(*removal.hashed())
    ripen(dao, removal)
    governor.execute(*removal.hashed())
    with boa.reverts("governor: unknown proposal"):
        governor.cancel(*removal.hashed()[:3], SALT, sender=guardian)
    assert dao.kernel.guardian(dao.namespace) == NOBODY


def test_settings_cannot_be_changed_by_calling_the_governor_from_outside(governor, attacker):
    for setter, number in (("updateQuorumNumerator", 1), ("setVotingDelay", HOUR)):
        with boa.reverts("governor: not timelock"):
            getattr(governor, setter)(number, sender=attacker)
