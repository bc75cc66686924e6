"""A DAO beside its model: who did what, what must come of it, and what must hold.

Each act is tried on the chain; where the model says that it must fail, it must. The
functions `gov_*` judge what can be seen (docs/invariants.md). The machines and the
planted faults use the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import boa

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
SHARE = 100 * TOKENS  # of each holder at the start
ROLES = ["founder", "member", "newcomer", "whale"]
TREASURY = 1_000  # wei

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


def must_fail(function: Any, *args: Any, sender: str | None = None) -> None:
    """Below boa's own calls, which trace every revert for their messages."""
    data = function.prepare_calldata(*args)
    made = boa.env.execute_code(to_address=function.contract.address, sender=sender, data=data)
    assert made.is_error, f"{function.fn_ast.name} was done, and must not be"


class Votes:
    """A token and its model: who has what, who votes with it, and what that was."""

    def __init__(self, token: Any, holders: list[str], minter: str) -> None:
        self.token, self.minter, self.holders = token, minter, holders
        self.balances = dict.fromkeys(holders, SHARE) | {minter: 0}
        self.delegates = {holder: holder for holder in holders} | {minter: EXCLUDED}
        self.past: dict[int, tuple[dict[str, int], int]] = {}  # by the second that was over
        self.turn = 0

    # ----- the model -----

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
        """What is now will be past."""
        self.past[boa.env.timestamp] = (self.votes(), self.supply)

    def at(self, second: int) -> tuple[dict[str, int], int]:
        known = [when for when in self.past if when <= second]
        return self.past[max(known)] if known else ({}, 0)

    def votes_at(self, account: str, second: int) -> int:
        return self.at(second)[0].get(account, 0)

    # ----- acts -----

    def transfer(self, sender: str, receiver: str, amount: int) -> None:
        if amount > self.balances[sender]:
            must_fail(self.token.transfer, receiver, amount, sender=sender)
            return
        self.token.transfer(receiver, amount, sender=sender)
        self.balances[sender] -= amount
        self.balances[receiver] += amount

    def delegate(self, holder: str, delegatee: str) -> None:
        self.token.delegate(delegatee, sender=holder)
        self.delegates[holder] = delegatee

    def mint(self, to: str, amount: int, sender: str) -> None:
        if sender != self.minter or self.supply + amount > CAP:
            must_fail(self.token.mint, to, amount, sender=sender)
            return
        self.token.mint(to, amount, sender=sender)
        self.balances[to] += amount

    # ----- what must hold -----

    def gov_1(self) -> None:
        """Two accounts in their turn, and all sums."""
        token, votes = self.token, self.votes()
        accounts = [*self.holders, EXCLUDED, NOBODY, self.minter]
        self.turn += 1
        for account in (accounts[self.turn % len(accounts)], accounts[-self.turn % len(accounts)]):
            assert token.getVotes(account) == votes.get(account, 0)
            assert token.balanceOf(account) == self.balances.get(account, 0)
            assert token.delegates(account) == self.delegates.get(account, NOBODY)
        assert sum(votes.values()) <= token.totalSupply() == self.supply <= CAP

    def gov_2(self) -> None:
        """One past second and one account in their turn, as they were told before."""
        now, seconds = boa.env.timestamp, sorted(self.past)
        second = seconds[self.turn * 7 % len(seconds)]
        if second >= now:
            must_fail(self.token.getPastVotes, self.holders[0], second)
            must_fail(self.token.getPastTotalSupply, now)
            return
        votes, supply = self.at(second)
        account = [*self.holders, EXCLUDED][self.turn % (len(self.holders) + 1)]
        assert self.token.getPastTotalSupply(second) == supply
        assert self.token.getPastVotes(account, second) == votes.get(account, 0)

    def sums(self) -> None:
        """All of GOV-1 at once, at the end of a history."""
        votes = [self.token.getVotes(each) for each in {*self.delegates.values()} - {NOBODY}]
        assert sum(votes) == sum(self.votes().values())
        balances = [self.token.balanceOf(each) for each in self.balances]
        assert sum(balances) == self.token.totalSupply()


@dataclass
class Known:
    """A proposal as the model has it."""

    proposal: Proposal
    proposer: str
    made: int  # second
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
    delay: int = 0  # of the timelock when it was queued
    executed_at: int = 0
    status: int = PENDING  # or CANCELED, QUEUED, EXECUTED
    seen: int = PENDING


class Life:
    """One DAO and its model. Several may live on one chain, of one kernel."""

    def __init__(
        self,
        settings: Settings,
        holders: list[str],
        kernel: Any = None,
        claimer: str | None = None,
        dao: Any = None,
    ) -> None:
        self.guardian = boa.env.generate_address("guardian")
        self.borrower = boa.env.generate_address("borrower")
        self.dao = dao or deploy_dao(
            dict.fromkeys(holders, SHARE),
            claimer=claimer,
            settings=settings,
            cap=CAP,
            guardian=self.guardian,
            guardian_until=boa.env.timestamp + 360 * DAY,
            kernel=kernel,
        )
        self.treasury = str(self.dao.timelock.address)
        self.tokens = Votes(self.dao.token, holders, self.treasury)
        self.tokens.past[boa.env.timestamp - 1] = (self.tokens.votes(), self.tokens.supply)
        self.neighbours: list[Life] = [self]  # all that live on this chain
        self.holders, self.settings = holders, settings
        self.version, self.delay = 1, self.dao.delay
        self.target = deployer("Target").deploy()
        self.payee = boa.env.generate_address("payee")
        boa.env.set_balance(self.treasury, TREASURY)
        boa.env.set_balance(self.payee, 0)
        self.proposals: list[Known] = []
        self.paid = self.executed = self.turn = 0
        self.tokens.delegate(self.borrower, self.borrower)

    # ----- time -----

    def wait(self, seconds: int) -> None:
        self.travel(boa.env.timestamp + seconds)

    def travel(self, second: int) -> None:
        if second > boa.env.timestamp:
            for life in self.neighbours:
                life.tokens.record()
            travel_to(second)

    # ----- what the model expects -----

    def quorum(self, known: Known) -> int:
        votes, supply = self.tokens.at(known.snapshot)
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

    def left(self, known: Known, voter: str) -> int:
        return self.tokens.votes_at(voter, known.snapshot) - known.used.get(voter, 0)

    # ----- acts -----

    def propose(self, proposer: str, value: int = 0, fails: bool = False) -> Known | None:
        second = self.target.refuse if fails else self.target.note
        data = [b"", second.prepare_calldata(*([] if fails else [len(self.proposals)]))]
        text = f"number {len(self.proposals)}"  # no two alike
        proposal = Proposal([self.payee, str(self.target.address)], [value, 0], data, text)
        now = boa.env.timestamp
        if self.tokens.votes_at(proposer, now - 1) < self.settings.threshold:
            must_fail(self.dao.governor.propose, *proposal.spelled(), sender=proposer)
            return None
        proposal.id = self.dao.governor.propose(*proposal.spelled(), sender=proposer)
        snapshot = now + self.settings.voting_delay
        deadline = snapshot + self.settings.voting_period
        known = Known(
            proposal, proposer, now, snapshot, deadline, self.settings, self.version, value, fails
        )
        self.proposals.append(known)
        return known

    def vote(self, known: Known, voter: str, support: int, parts: Iterable[int] = ()) -> None:
        left = self.left(known, voter)
        wanted, params = [0, 0, 0], b""
        if support == FRACTIONAL:
            wanted = list(parts)
            params = b"".join(part.to_bytes(16, "big") for part in wanted)
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

    def queue(self, known: Known) -> None:
        if self.state(known) != SUCCEEDED or known.version != self.version:
            must_fail(self.dao.governor.queue, *known.proposal.hashed())
            return
        self.dao.governor.queue(*known.proposal.hashed())
        known.status, known.delay = QUEUED, self.delay
        known.eta = boa.env.timestamp + self.delay

    def execute(self, known: Known) -> None:
        ready = self.state(known) == QUEUED and boa.env.timestamp >= known.eta
        affordable = known.value <= boa.env.get_balance(self.treasury)
        current = known.version == self.version
        if not (ready and affordable and current) or known.fails:
            must_fail(self.dao.governor.execute, *known.proposal.hashed())
            return
        self.dao.governor.execute(*known.proposal.hashed())
        known.status, known.executed_at = EXECUTED, boa.env.timestamp
        self.paid += known.value
        self.executed += 1

    def cancel(self, known: Known, account: str) -> None:
        state = self.state(known)
        votes = self.tokens.votes_at(known.proposer, boa.env.timestamp - 1)
        poor = votes < known.settings.threshold and state in (PENDING, ACTIVE)
        own = account == known.proposer and state == PENDING
        open_ = state in (PENDING, ACTIVE, SUCCEEDED, QUEUED)
        if not ((poor or own or account == self.guardian) and open_):
            must_fail(self.dao.governor.cancel, *known.proposal.hashed(), sender=account)
            return
        self.dao.governor.cancel(*known.proposal.hashed(), sender=account)
        known.status = CANCELED

    def push(self, known: Known, late: bool = False) -> None:
        """The next step of a proposal that all want, voted for early or at the last second."""
        state = self.state(known)
        if state == PENDING:
            self.travel(known.snapshot + 1)
        elif state == ACTIVE:
            self.travel(known.deadline if late else known.snapshot + 1)
            for each in self.proposals:
                if self.state(each) == ACTIVE:
                    for holder in self.holders:
                        self.vote(each, holder, FOR)
            self.travel(known.deadline + 1)
        elif state == SUCCEEDED:
            self.queue(known)
        elif state == QUEUED:
            self.travel(known.eta)
            self.execute(known)

    def change_settings(self, numerator: int, late: int) -> None:
        governor, old = self.dao.governor, self.settings
        must_fail(governor.updateQuorumNumerator, numerator, sender=self.guardian)
        governor.updateQuorumNumerator(numerator, sender=self.treasury)
        governor.setLateQuorumVoteExtension(late, sender=self.treasury)
        self.settings = Settings(
            old.voting_delay, old.voting_period, old.threshold, numerator, late
        )

    def change_delay(self, delay: int) -> None:
        must_fail(self.dao.timelock.updateDelay, delay, sender=self.dao.governor.address)
        self.dao.timelock.updateDelay(delay, sender=self.treasury)
        self.delay = delay

    def appoint(self, governor: Any) -> None:
        """By the kernel, as an executed operation of the timelock would."""
        self.version += 1
        changes = [governor_change(governor, self.version)]
        kernel, namespace = self.dao.kernel, self.dao.namespace
        must_fail(kernel.schedule, namespace, changes, SALT, False, sender=self.guardian)
        kernel.schedule(namespace, changes, SALT, False, sender=self.treasury)
        kernel.apply(namespace, changes, SALT)

    def replace_governor(self) -> None:
        """Another takes office for a while: ours can do nothing, and comes back anew."""
        self.appoint(deploy_governor(self.dao, "other"))
        plain = Proposal([self.payee], [0], [b""], "out of office")
        must_fail(self.dao.governor.propose, *plain.spelled(), sender=self.holders[0])
        for known in self.proposals:
            must_fail(self.dao.governor.queue, *known.proposal.hashed())
            must_fail(self.dao.governor.execute, *known.proposal.hashed())
        self.appoint(self.dao.governor)

    def borrow(self) -> None:
        """GOV-9: all tokens, borrowed and given back in one second, do nothing at all."""
        governor, token = self.dao.governor, self.dao.token
        loans = {holder: self.tokens.balances[holder] for holder in self.holders}
        for holder, amount in loans.items():
            token.transfer(self.borrower, amount, sender=holder)
        assert token.getVotes(self.borrower) >= sum(loans.values())
        plain = Proposal([self.payee], [0], [b""], "borrowed")
        must_fail(governor.propose, *plain.spelled(), sender=self.borrower)
        for known in self.proposals:
            must_fail(governor.castVote, known.proposal.id, FOR, sender=self.borrower)
            if self.state(known) != QUEUED or boa.env.timestamp < known.eta:
                must_fail(governor.execute, *known.proposal.hashed(), sender=self.borrower)
        for holder, amount in loans.items():
            token.transfer(holder, amount, sender=self.borrower)

    # ----- what must hold -----

    def in_turn(self) -> list[Known]:
        """Each proposal in its turn; all in each step would take too long."""
        self.turn += 1
        return [self.proposals[self.turn % len(self.proposals)]] if self.proposals else []

    def gov_3(self, known: Known) -> None:
        id, governor = known.proposal.id, self.dao.governor
        votes = governor.proposalVotes(id)
        assert list(votes) == known.votes
        assert sum(votes) == sum(known.used.values()) <= self.tokens.at(known.snapshot)[1]
        voter = self.holders[self.turn % len(self.holders)]
        used = known.used.get(voter, 0)
        assert governor.usedVotes(id, voter) == used
        assert used <= self.tokens.votes_at(voter, known.snapshot)

    def gov_4(self, known: Known) -> None:
        state = self.dao.governor.state(known.proposal.id)
        assert state == self.state(known)
        assert state in NEXT[known.seen]
        known.seen = state

    def gov_5(self, known: Known) -> None:
        governor, id = self.dao.governor, known.proposal.id
        assert governor.proposalDeadline(id) == known.deadline
        original = known.snapshot + known.settings.voting_period
        assert known.deadline in (original, original + known.settings.late_extension)
        if self.turn % 3 == 0:
            assert governor.proposalSnapshot(id) == known.snapshot
            assert governor.proposalSettings(id) == known.settings.astuple()

    def gov_6(self, known: Known) -> None:
        assert self.target.count() == self.executed
        assert self.dao.governor.proposalEta(known.proposal.id) == known.eta
        if known.status == EXECUTED:
            assert known.eta <= known.executed_at <= known.eta + GRACE

    def gov_7(self) -> None:
        governor, settings = self.dao.governor, self.settings
        told = [
            (governor.quorumNumerator, settings.quorum_numerator),
            (governor.lateQuorumVoteExtension, settings.late_extension),
            (governor.proposalThreshold, settings.threshold),
            (governor.votingDelay, settings.voting_delay),
            (governor.votingPeriod, settings.voting_period),
            (self.dao.timelock.getMinDelay, self.delay),
        ]
        view, expected = told[self.turn % len(told)]
        assert view() == expected

    def gov_8(self) -> None:
        assert boa.env.get_balance(self.treasury) == TREASURY - self.paid
        assert boa.env.get_balance(self.payee) == self.paid

    def gov_9(self, known: Known) -> None:
        """Nothing is executed before everybody had all the time that the rules promise."""
        assert self.borrower not in known.used
        assert self.dao.governor.usedVotes(known.proposal.id, self.borrower) == 0
        if known.status == EXECUTED:
            terms = known.settings
            promised = terms.voting_delay + terms.voting_period + known.delay
            assert known.executed_at - known.made > promised

    def judge(self) -> None:
        """Every rule on every proposal: at the end of a history."""
        for known in self.proposals:
            for rule in (self.gov_3, self.gov_4, self.gov_5, self.gov_6, self.gov_9):
                rule(known)
        self.gov_7()
        self.gov_8()
        self.tokens.sums()


def supports() -> list[int]:
    return [FOR, FOR, FOR, AGAINST, ABSTAIN, FRACTIONAL]
