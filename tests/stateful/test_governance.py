"""Governance against a model in Python: a token machine and a machine of whole DAOs.

Each invariant carries its number (docs/invariants.md). A rule draws what a user or
an attacker would do; where the model says that it must fail, it must.
"""

from dataclasses import dataclass, field

import boa
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.support.compiled import deployer
from tests.support.governance import (
    ABSTAIN,
    ACTIVE,
    AGAINST,
    CANCELED,
    DAY,
    DEFEATED,
    EXCLUDED,
    EXECUTED,
    EXPIRED,
    FOR,
    FRACTIONAL,
    GRACE,
    HOUR,
    NOBODY,
    PENDING,
    QUEUED,
    SUCCEEDED,
    TOKENS,
    Proposal,
    Settings,
    deploy_dao,
    deploy_governor,
    governor_change,
    travel_to,
)

SALT = bytes(32)
CAP = 2_000 * TOKENS
ROLES = ["founder", "member", "newcomer", "whale"]
AMOUNTS = st.sampled_from([0, 1, TOKENS, 10 * TOKENS, 99 * TOKENS, 400 * TOKENS])
PLACES = st.integers(0, len(ROLES) - 1)

# From which state the steps of one rule may lead where (GOV-4).
NEXT = {
    PENDING: {PENDING, ACTIVE, CANCELED, DEFEATED, SUCCEEDED, QUEUED, EXPIRED, EXECUTED},
    ACTIVE: {ACTIVE, CANCELED, DEFEATED, SUCCEEDED, QUEUED, EXPIRED, EXECUTED},
    SUCCEEDED: {SUCCEEDED, QUEUED, EXPIRED, CANCELED, EXECUTED},
    QUEUED: {QUEUED, EXECUTED, EXPIRED, CANCELED},
    DEFEATED: {DEFEATED},
    EXPIRED: {EXPIRED},
    CANCELED: {CANCELED},
    EXECUTED: {EXECUTED},
}


def must_fail(function, *args, **kwargs) -> None:
    with pytest.raises(boa.BoaError):
        function(*args, **kwargs)


class VotesModel:
    """Who has what, who votes with it, and what that was in every second."""

    def __init__(self, holders: list[str], amount: int, treasury: str) -> None:
        self.balances = dict.fromkeys(holders, amount)
        self.delegates = {holder: holder for holder in holders} | {treasury: EXCLUDED}
        self.past: dict[int, tuple[dict[str, int], int]] = {}  # by the second that was over

    @property
    def supply(self) -> int:
        return sum(self.balances.values())

    def votes(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for holder, amount in self.balances.items():
            delegate = self.delegates.get(holder, NOBODY)
            if delegate != NOBODY:
                found[delegate] = found.get(delegate, 0) + amount
        return found

    def record(self) -> None:
        self.past[boa.env.timestamp] = (self.votes(), self.supply)

    def at(self, second: int) -> tuple[dict[str, int], int]:
        known = [when for when in self.past if when <= second]
        return self.past[max(known)] if known else ({}, 0)

    def votes_at(self, account: str, second: int) -> int:
        return self.at(second)[0].get(account, 0)


class Members(RuleBasedStateMachine):
    """What holders do with tokens and votes; both machines have it."""

    def __init__(self) -> None:
        super().__init__()
        self.anchor = boa.env.anchor()
        self.anchor.__enter__()

    def teardown(self) -> None:
        self.anchor.__exit__(None, None, None)

    @initialize(late=st.sampled_from([0, HOUR, 12 * HOUR]), quorum=st.sampled_from([1, 20, 50]))
    def found(self, late: int, quorum: int) -> None:
        self.holders = [boa.env.generate_address(role) for role in ROLES]
        self.guardian = boa.env.generate_address("guardian")
        start = Settings(DAY, DAY, 10 * TOKENS, quorum, late)
        self.dao = deploy_dao(
            dict.fromkeys(self.holders, 100 * TOKENS),
            settings=start,
            cap=CAP,
            guardian=self.guardian,
            guardian_until=boa.env.timestamp + 360 * DAY,
        )
        self.treasury = str(self.dao.timelock.address)
        self.model = VotesModel(self.holders, 100 * TOKENS, self.treasury)
        self.model.past[boa.env.timestamp - 1] = (self.model.votes(), self.model.supply)
        self.begin(start)

    def begin(self, start: Settings) -> None:
        """For machines with more state."""

    @rule(source=PLACES, to=st.integers(0, len(ROLES)), amount=AMOUNTS)
    def transfer(self, source: int, to: int, amount: int) -> None:
        sender = self.holders[source]
        receiver = [*self.holders, self.treasury][to]
        if amount > self.model.balances[sender]:
            must_fail(self.dao.token.transfer, receiver, amount, sender=sender)
            return
        self.dao.token.transfer(receiver, amount, sender=sender)
        self.model.balances[sender] -= amount
        self.model.balances[receiver] = self.model.balances.get(receiver, 0) + amount

    @rule(source=PLACES, to=st.integers(0, len(ROLES) + 1))
    def delegate(self, source: int, to: int) -> None:
        delegatee = [*self.holders, NOBODY, EXCLUDED][to]
        self.dao.token.delegate(delegatee, sender=self.holders[source])
        self.model.delegates[self.holders[source]] = delegatee

    @rule(to=PLACES, amount=AMOUNTS)
    def mint(self, to: int, amount: int) -> None:
        receiver = self.holders[to]
        if self.model.supply + amount > CAP:
            must_fail(self.dao.token.mint, receiver, amount, sender=self.treasury)
            return
        self.dao.token.mint(receiver, amount, sender=self.treasury)
        self.model.balances[receiver] += amount

    @rule(seconds=st.sampled_from([1, 1, 2, HOUR, 6 * HOUR]))
    def wait(self, seconds: int) -> None:
        self.model.record()
        boa.env.time_travel(seconds=seconds)

    def travel(self, second: int) -> None:
        if second > boa.env.timestamp:
            self.model.record()
            travel_to(second)


class Tokens(Members):
    """Tokens and votes only."""

    @invariant()
    def gov_1_votes_are_the_balances_with_a_delegate(self) -> None:
        token, votes = self.dao.token, self.model.votes()
        for account in [*self.holders, EXCLUDED]:
            assert token.getVotes(account) == votes.get(account, 0)
        assert token.getVotes(NOBODY) == 0
        assert sum(votes.values()) <= token.totalSupply() == self.model.supply <= CAP
        for holder, amount in self.model.balances.items():
            assert token.balanceOf(holder) == amount

    @invariant()
    def gov_2_the_past_stays(self) -> None:
        token, now = self.dao.token, boa.env.timestamp
        seconds = sorted(self.model.past)
        for second in {seconds[0], seconds[len(seconds) // 2], seconds[-1]}:
            if second < now:
                votes, supply = self.model.at(second)
                assert token.getPastTotalSupply(second) == supply
                for account in [self.holders[0], EXCLUDED]:
                    assert token.getPastVotes(account, second) == votes.get(account, 0)


@dataclass
class Known:
    """A proposal as the model has it."""

    proposal: Proposal
    proposer: str
    snapshot: int
    deadline: int
    settings: Settings
    version: int
    value: int  # wei paid when executed
    fails: bool  # whether its second call reverts
    used: dict[str, int] = field(default_factory=dict)
    votes: list[int] = field(default_factory=lambda: [0, 0, 0])
    extended: bool = False
    eta: int = 0
    status: int = PENDING  # or CANCELED, QUEUED, EXECUTED
    seen: int = PENDING


class Daos(Members):
    """Proposals of every fate, with time travelling to the seconds that matter."""

    def begin(self, start: Settings) -> None:
        self.target = deployer("Target").deploy()
        self.payee = boa.env.generate_address("payee")
        boa.env.set_balance(self.treasury, 1_000)
        boa.env.set_balance(self.payee, 0)
        self.settings = start
        self.version = 1
        self.delay = self.dao.delay
        self.proposals: list[Known] = []
        self.paid = 0
        self.executed = 0
        self.turn = 0  # whose terms are compared next
        self.propose(0, 7, False)
        self.propose(1, 0, True)

    # ----- what the model expects -----

    def quorum(self, known: Known) -> int:
        votes, supply = self.model.at(known.snapshot)
        counted = supply - votes.get(EXCLUDED, 0)
        return max(1, counted * known.settings.quorum_numerator // 100)

    def state(self, known: Known) -> int:
        now = boa.env.timestamp
        if known.status in (CANCELED, EXECUTED):
            return known.status
        if now <= known.snapshot:
            return PENDING
        if now <= known.deadline:
            return ACTIVE
        if known.status == QUEUED:
            return EXPIRED if now > known.eta + GRACE else QUEUED
        against, in_favor, abstain = known.votes
        if in_favor <= against or in_favor + abstain < self.quorum(known):
            return DEFEATED
        return EXPIRED if now > known.deadline + GRACE else SUCCEEDED

    def pick(self, number: int) -> Known:
        return self.proposals[number % len(self.proposals)]

    def some(self) -> bool:
        return bool(self.proposals)

    # ----- rules -----

    @precondition(lambda self: len(self.proposals) < 4)
    @rule(place=PLACES, value=st.sampled_from([0, 7]), fails=st.sampled_from([False] * 3 + [True]))
    def propose(self, place: int, value: int, fails: bool) -> None:
        governor, proposer = self.dao.governor, self.holders[place]
        second = self.target.refuse if fails else self.target.note
        data = [b"", second.prepare_calldata(*([] if fails else [len(self.proposals)]))]
        text = f"number {len(self.proposals)}"  # no two alike
        proposal = Proposal([self.payee, str(self.target.address)], [value, 0], data, text)
        now = boa.env.timestamp
        if self.model.votes_at(proposer, now - 1) < self.settings.threshold:
            must_fail(governor.propose, *proposal.spelled(), sender=proposer)
            return
        proposal.id = governor.propose(*proposal.spelled(), sender=proposer)
        snapshot = now + self.settings.voting_delay
        deadline = snapshot + self.settings.voting_period
        known = Known(
            proposal, proposer, snapshot, deadline, self.settings, self.version, value, fails
        )
        self.proposals.append(known)

    @precondition(some)
    @rule(
        number=st.integers(0, 9),
        event=st.sampled_from(["snapshot", "deadline", "eta", "grace", "late"]),
        shift=st.sampled_from([0, 1]),
    )
    def travel_to_an_event(self, number: int, event: str, shift: int) -> None:
        known = self.pick(number)
        second = {
            "snapshot": known.snapshot,
            "deadline": known.deadline,
            "eta": known.eta,
            "grace": max(known.eta, known.deadline) + GRACE,
            "late": known.deadline - known.settings.late_extension,
        }[event]
        self.travel(second + shift)

    @precondition(some)
    @rule(
        number=st.integers(0, 9),
        place=PLACES,
        support=st.sampled_from([FOR, FOR, FOR, AGAINST, ABSTAIN, FRACTIONAL]),
        parts=st.tuples(*[st.sampled_from([0, 1, 30 * TOKENS])] * 3),
    )
    def vote(self, number: int, place: int, support: int, parts: tuple[int, int, int]) -> None:
        known, voter = self.pick(number), self.holders[place]
        left = self.model.votes_at(voter, known.snapshot) - known.used.get(voter, 0)
        wanted = [0, 0, 0]
        params = b""
        if support == FRACTIONAL:
            wanted = list(parts)
            params = b"".join(part.to_bytes(16, "big") for part in parts)
        else:
            wanted[support] = left
        cast = self.dao.governor.castVoteWithReasonAndParams
        arguments = (known.proposal.id, support, "", params)
        if self.state(known) != ACTIVE or not 0 < sum(wanted) <= left:
            must_fail(cast, *arguments, sender=voter)
            return
        assert cast(*arguments, sender=voter) == sum(wanted)
        self.count(known, voter, wanted)

    def count(self, known: Known, voter: str, wanted: list[int]) -> None:
        before = known.votes[FOR] + known.votes[ABSTAIN]
        known.used[voter] = known.used.get(voter, 0) + sum(wanted)
        known.votes = [a + b for a, b in zip(known.votes, wanted, strict=True)]
        after = known.votes[FOR] + known.votes[ABSTAIN]
        late = boa.env.timestamp + known.settings.late_extension > known.deadline
        if late and not known.extended and before < self.quorum(known) <= after:
            known.extended = True
            known.deadline += known.settings.late_extension

    @precondition(some)
    @rule(number=st.integers(0, 9))
    def queue(self, number: int) -> None:
        known = self.pick(number)
        if self.state(known) != SUCCEEDED or known.version != self.version:
            must_fail(self.dao.governor.queue, *known.proposal.hashed())
            return
        self.dao.governor.queue(*known.proposal.hashed())
        known.status = QUEUED
        known.eta = boa.env.timestamp + self.delay

    @precondition(some)
    @rule(number=st.integers(0, 9))
    def execute(self, number: int) -> None:
        known = self.pick(number)
        ready = self.state(known) == QUEUED and boa.env.timestamp >= known.eta
        affordable = known.value <= boa.env.get_balance(self.treasury)
        current = known.version == self.version
        if not (ready and affordable and current) or known.fails:
            must_fail(self.dao.governor.execute, *known.proposal.hashed())
            return
        self.dao.governor.execute(*known.proposal.hashed())
        known.status = EXECUTED
        self.paid += known.value
        self.executed += 1

    @precondition(some)
    @rule(number=st.integers(0, 9), steps=st.integers(1, 6), late=st.booleans())
    def push(self, number: int, steps: int, late: bool) -> None:
        """The next steps of a proposal that its friends want, voting early or late."""
        known = self.pick(number)
        for _ in range(steps):
            state = self.state(known)
            if state == PENDING:
                self.travel(known.snapshot + 1)
            elif state == ACTIVE:
                self.travel(known.deadline if late else known.snapshot + 1)
                self.all_vote_for_all()
                self.travel(known.deadline + 1)
            elif state == SUCCEEDED:
                self.queue(number)
            elif state == QUEUED:
                self.travel(known.eta)
                self.execute(number)

    def all_vote_for_all(self) -> None:
        for number, known in enumerate(self.proposals):
            if self.state(known) == ACTIVE:
                for place in range(len(ROLES)):
                    self.vote(number, place, FOR, (0, 0, 0))

    @precondition(some)
    @rule(number=st.integers(0, 9), who=st.sampled_from(["proposer", "guardian", "anyone"]))
    def cancel(self, number: int, who: str) -> None:
        known = self.pick(number)
        account = {"proposer": known.proposer, "guardian": self.guardian, "anyone": self.payee}[who]
        state = self.state(known)
        votes = self.model.votes_at(known.proposer, boa.env.timestamp - 1)
        poor = votes < known.settings.threshold and state in (PENDING, ACTIVE)
        allowed = poor or (who == "proposer" and state == PENDING) or who == "guardian"
        open_ = state in (PENDING, ACTIVE, SUCCEEDED, QUEUED)
        if not (allowed and open_):
            must_fail(self.dao.governor.cancel, *known.proposal.hashed(), sender=account)
            return
        self.dao.governor.cancel(*known.proposal.hashed(), sender=account)
        known.status = CANCELED

    @rule(numerator=st.sampled_from([1, 5, 20, 50]), late=st.sampled_from([0, HOUR, DAY]))
    def change_settings(self, numerator: int, late: int) -> None:
        governor, old = self.dao.governor, self.settings
        must_fail(governor.updateQuorumNumerator, numerator, sender=self.guardian)
        governor.updateQuorumNumerator(numerator, sender=self.treasury)
        governor.setLateQuorumVoteExtension(late, sender=self.treasury)
        self.settings = Settings(
            old.voting_delay, old.voting_period, old.threshold, numerator, late
        )

    @rule(delay=st.sampled_from([HOUR, DAY, 3 * DAY]))
    def change_delay(self, delay: int) -> None:
        must_fail(self.dao.timelock.updateDelay, delay, sender=self.dao.governor.address)
        self.dao.timelock.updateDelay(delay, sender=self.treasury)
        self.delay = delay

    @precondition(lambda self: self.version < 4 and len(self.proposals) > 1)
    @rule(comes_back=st.booleans())
    def replace_governor(self, comes_back: bool) -> None:
        """Another governor takes office; the machine goes on with the one that came back."""
        for governor in [deploy_governor(self.dao, "other")] + [self.dao.governor] * comes_back:
            self.version += 1
            changes = [governor_change(governor, self.version)]
            kernel, namespace = self.dao.kernel, self.dao.namespace
            kernel.schedule(namespace, changes, SALT, False, sender=self.treasury)
            kernel.apply(namespace, changes, SALT)
        if not comes_back:
            proposal = Proposal([self.payee], [0], [b""], "out of office")
            must_fail(self.dao.governor.propose, *proposal.spelled(), sender=self.holders[0])
            for known in self.proposals:
                must_fail(self.dao.governor.queue, *known.proposal.hashed())
                must_fail(self.dao.governor.execute, *known.proposal.hashed())
            self.version += 1
            changes = [governor_change(self.dao.governor, self.version)]
            kernel.schedule(namespace, changes, SALT, False, sender=self.treasury)
            kernel.apply(namespace, changes, SALT)

    # ----- invariants -----

    def one(self) -> list[Known]:
        """Each proposal in its turn; all in each step would take too long."""
        self.turn += 1
        return [self.pick(self.turn)] if self.proposals else []

    @invariant()
    def gov_3_votes_add_up(self) -> None:
        for known in self.one():
            id, votes = known.proposal.id, self.dao.governor.proposalVotes(known.proposal.id)
            assert list(votes) == known.votes
            assert sum(votes) == sum(known.used.values()) <= self.model.at(known.snapshot)[1]
            for voter, used in known.used.items():
                assert self.dao.governor.usedVotes(id, voter) == used
                assert used <= self.model.votes_at(voter, known.snapshot)

    @invariant()
    def gov_4_states_follow_the_graph(self) -> None:
        for known in self.proposals:
            state = self.dao.governor.state(known.proposal.id)
            assert state == self.state(known)
            assert state in NEXT[known.seen]
            known.seen = state

    @invariant()
    def gov_5_terms_stay(self) -> None:
        governor = self.dao.governor
        for known in self.one():
            id = known.proposal.id
            assert governor.proposalSnapshot(id) == known.snapshot
            assert governor.proposalSettings(id) == known.settings.astuple()
            assert governor.proposalDeadline(id) == known.deadline
            original = known.snapshot + known.settings.voting_period
            assert known.deadline in (original, original + known.settings.late_extension)

    @invariant()
    def gov_6_executed_once_in_its_window(self) -> None:
        assert self.target.count() == self.executed
        for known in self.one():
            assert self.dao.governor.proposalEta(known.proposal.id) == known.eta

    @invariant()
    def gov_7_settings_and_governor_change_only_as_ruled(self) -> None:
        governor = self.dao.governor
        assert governor.quorumNumerator() == self.settings.quorum_numerator
        assert governor.lateQuorumVoteExtension() == self.settings.late_extension
        assert governor.proposalThreshold() == self.settings.threshold
        assert self.dao.timelock.getMinDelay() == self.delay

    @invariant()
    def gov_8_the_treasury_pays_only_what_was_executed(self) -> None:
        assert boa.env.get_balance(self.treasury) == 1_000 - self.paid
        assert boa.env.get_balance(self.payee) == self.paid


def test_votes_machine() -> None:
    run_state_machine_as_test(Tokens, settings=settings(max_examples=10, stateful_step_count=40))


def test_dao_machine() -> None:
    run_state_machine_as_test(Daos, settings=settings(max_examples=15, stateful_step_count=60))
