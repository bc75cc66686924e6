"""Governance against a model in Python (tests/support/governance_world.py).

Three machines: a token, a DAO, and two DAOs side by side on one kernel. A rule draws
what a user or an attacker would do; each invariant carries its number
(docs/invariants.md).
"""

import boa
from hypothesis import seed, settings
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
from tests.support.deep import FACTOR
from tests.support.governance import (
    DAY,
    EXCLUDED,
    FOR,
    GRACE,
    HOUR,
    NOBODY,
    TOKENS,
    Settings,
    governor_change,
    key,
    sign,
)
from tests.support.governance_world import (
    CAP,
    ROLES,
    SALT,
    SHARE,
    Known,
    Life,
    Votes,
    must_fail,
    supports,
)

STEPS = 2_000
BALLOT = "uint256 proposalId,uint8 support,address voter,uint256 nonce"
AMOUNTS = st.sampled_from([0, 1, TOKENS, 10 * TOKENS, 99 * TOKENS, 400 * TOKENS])
PLACES = st.integers(0, len(ROLES) - 1)
NUMBERS = st.integers(0, 9)
WHICH = st.integers(0, 1)


class Machine(RuleBasedStateMachine):
    total = 0  # steps of all runs

    def __init__(self) -> None:
        super().__init__()
        self.anchor = boa.env.anchor()
        self.anchor.__enter__()
        self.steps = 0

    def teardown(self) -> None:
        type(self).total += self.steps
        try:
            self.judge()
        finally:
            self.anchor.__exit__(None, None, None)

    def judge(self) -> None:
        raise NotImplementedError


class TokenMachine(Machine):
    """Tokens and votes only."""

    @initialize()
    def found(self) -> None:
        holders = [boa.env.generate_address(role) for role in ROLES]
        treasury = boa.env.generate_address("timelock")
        token = deployer("VotesToken").deploy(
            treasury, "Votes", "VOTE", CAP, holders, [SHARE] * len(holders)
        )
        for holder in holders:
            token.delegate(holder, sender=holder)
        self.votes = Votes(token, holders, treasury)
        self.everybody = [*holders, treasury]
        self.votes.past[boa.env.timestamp - 1] = ({}, 0)

    @rule(source=st.integers(0, len(ROLES)), to=st.integers(0, len(ROLES)), amount=AMOUNTS)
    def transfer(self, source: int, to: int, amount: int) -> None:
        self.votes.transfer(self.everybody[source], self.everybody[to], amount)

    @rule(source=PLACES, to=st.integers(0, len(ROLES)), amount=AMOUNTS, allowed=AMOUNTS)
    def transfer_from(self, source: int, to: int, amount: int, allowed: int) -> None:
        owner, spender = self.everybody[source], self.everybody[to]
        self.votes.token.approve(spender, allowed, sender=owner)
        if amount > min(allowed, self.votes.balances[owner]):
            must_fail(self.votes.token.transferFrom, owner, spender, amount, sender=spender)
            return
        self.votes.token.transferFrom(owner, spender, amount, sender=spender)
        assert self.votes.token.allowance(owner, spender) == allowed - amount
        self.votes.balances[owner] -= amount
        self.votes.balances[spender] += amount

    @rule(source=st.integers(0, len(ROLES)), to=st.integers(0, len(ROLES) + 2))
    def delegate(self, source: int, to: int) -> None:
        delegatees = [*self.everybody, NOBODY, EXCLUDED]
        self.votes.delegate(self.everybody[source], delegatees[to])

    @rule(to=st.integers(0, len(ROLES)), amount=AMOUNTS, by_timelock=st.integers(0, 3))
    def mint(self, to: int, amount: int, by_timelock: int) -> None:
        sender = self.everybody[-1] if by_timelock else self.everybody[0]
        self.votes.mint(self.everybody[to], amount, sender)

    @rule(seconds=st.sampled_from([1, 1, 2, HOUR, 6 * HOUR]))
    def wait(self, seconds: int) -> None:
        self.votes.record()
        boa.env.time_travel(seconds=seconds)

    @invariant()
    def gov_1_votes_are_the_balances_with_a_delegate(self) -> None:
        self.steps += 1
        self.votes.gov_1()

    @invariant()
    def gov_2_the_past_stays(self) -> None:
        self.votes.gov_2()

    def judge(self) -> None:
        self.votes.sums()


class DaoMachine(Machine):
    """Proposals of every fate, with time travelling to the seconds that matter."""

    count = 1

    @initialize(late=st.sampled_from([0, HOUR, 12 * HOUR]), quorum=st.sampled_from([1, 20, 50]))
    def found(self, late: int, quorum: int) -> None:
        self.signer = key("founder")
        others = [boa.env.generate_address(role) for role in ROLES[1:]]
        terms = Settings(DAY, DAY, 10 * TOKENS, quorum, late)
        kernel = deployer("Kernel").deploy()
        self.lives: list[Life] = []
        for number in range(self.count):
            claimer = boa.env.generate_address(f"claimer {number}")
            life = Life(terms, [self.signer.address, *others], kernel, claimer)
            for earlier in self.lives:  # deploying has moved the clock
                earlier.tokens.past[boa.env.timestamp - 1] = earlier.tokens.at(2**40)
            self.lives.append(life)
        for life in self.lives:
            life.neighbours = self.lives
            life.propose(life.holders[0], 7)
            life.propose(life.holders[1], 0, True)

    def life(self, which: int) -> Life:
        return self.lives[which % len(self.lives)]

    def some(self, which: int, number: int) -> tuple[Life, Known]:
        life = self.life(which)
        return life, life.proposals[number % len(life.proposals)]

    # ----- holders -----

    @rule(which=WHICH, source=PLACES, to=st.integers(0, len(ROLES)), amount=AMOUNTS)
    def transfer(self, which: int, source: int, to: int, amount: int) -> None:
        life = self.life(which)
        receiver = [*life.holders, life.treasury][to]
        life.tokens.transfer(life.holders[source], receiver, amount)

    @rule(which=WHICH, source=PLACES, to=st.integers(0, len(ROLES) + 1))
    def delegate(self, which: int, source: int, to: int) -> None:
        life = self.life(which)
        life.tokens.delegate(life.holders[source], [*life.holders, NOBODY, EXCLUDED][to])

    @rule(which=WHICH, to=PLACES, amount=AMOUNTS)
    def mint(self, which: int, to: int, amount: int) -> None:
        life = self.life(which)
        life.tokens.mint(life.holders[to], amount, life.treasury)

    @rule(which=WHICH)
    @precondition(lambda self: self.steps % 8 == 3)
    def borrow(self, which: int) -> None:
        self.life(which).borrow()

    # ----- time -----

    @rule(seconds=st.sampled_from([1, 1, 2, HOUR, 6 * HOUR]))
    def wait(self, seconds: int) -> None:
        self.lives[0].wait(seconds)

    @rule(
        which=WHICH,
        number=NUMBERS,
        event=st.sampled_from(["snapshot", "deadline", "eta", "grace", "late"]),
        shift=st.sampled_from([0, 1]),
    )
    def travel_to_an_event(self, which: int, number: int, event: str, shift: int) -> None:
        life, known = self.some(which, number)
        second = {
            "snapshot": known.snapshot,
            "deadline": known.deadline,
            "eta": known.eta,
            "grace": max(known.eta, known.deadline) + GRACE,
            "late": known.deadline - known.settings.late_extension,
        }[event]
        life.travel(second + shift)

    # ----- proposals -----

    @precondition(lambda self: sum(len(life.proposals) for life in self.lives) < 4 * self.count)
    @rule(
        which=WHICH,
        place=PLACES,
        value=st.sampled_from([0, 7]),
        fails=st.sampled_from([False] * 3 + [True]),
    )
    def propose(self, which: int, place: int, value: int, fails: bool) -> None:
        life = self.life(which)
        life.propose(life.holders[place], value, fails)

    @rule(
        which=WHICH,
        number=NUMBERS,
        place=PLACES,
        support=st.sampled_from(supports()),
        parts=st.tuples(*[st.sampled_from([0, 1, 30 * TOKENS])] * 3),
    )
    def vote(self, which: int, number: int, place: int, support: int, parts: tuple) -> None:
        life, known = self.some(which, number)
        life.vote(known, life.holders[place], support, parts)

    @rule(which=WHICH, number=NUMBERS, steps=st.integers(1, 4), late=st.booleans())
    def push(self, which: int, number: int, steps: int, late: bool) -> None:
        life, known = self.some(which, number)
        for _ in range(steps):
            life.push(known, late)

    @rule(which=WHICH, number=NUMBERS)
    def queue(self, which: int, number: int) -> None:
        life, known = self.some(which, number)
        life.queue(known)

    @rule(which=WHICH, number=NUMBERS)
    def execute(self, which: int, number: int) -> None:
        life, known = self.some(which, number)
        life.execute(known)

    @rule(which=WHICH, number=NUMBERS, who=st.sampled_from(["proposer", "guardian", "anyone"]))
    def cancel(self, which: int, number: int, who: str) -> None:
        life, known = self.some(which, number)
        accounts = {"proposer": known.proposer, "guardian": life.guardian, "anyone": life.payee}
        life.cancel(known, accounts[who])

    # ----- what only an executed operation may -----

    @rule(
        which=WHICH,
        numerator=st.sampled_from([1, 5, 20, 50]),
        late=st.sampled_from([0, HOUR, DAY]),
    )
    def change_settings(self, which: int, numerator: int, late: int) -> None:
        self.life(which).change_settings(numerator, late)

    @rule(which=WHICH, delay=st.sampled_from([HOUR, DAY, 3 * DAY]))
    def change_delay(self, which: int, delay: int) -> None:
        self.life(which).change_delay(delay)

    @rule(which=WHICH)
    @precondition(lambda self: self.steps % 16 == 15)
    def replace_governor(self, which: int) -> None:
        self.life(which).replace_governor()

    # ----- invariants: in each step one proposal of each DAO -----

    @invariant()
    def count_the_steps(self) -> None:
        self.steps += 1
        self.looked_at = [(life, known) for life in self.lives for known in life.in_turn()]

    @invariant()
    def gov_3_votes_add_up(self) -> None:
        for life, known in self.looked_at:
            life.gov_3(known)

    @invariant()
    def gov_4_states_follow_the_graph(self) -> None:
        for life, known in self.looked_at:
            life.gov_4(known)

    @invariant()
    def gov_5_terms_stay(self) -> None:
        for life, known in self.looked_at:
            life.gov_5(known)

    @invariant()
    def gov_6_executed_once_in_its_window(self) -> None:
        for life, known in self.looked_at:
            life.gov_6(known)

    @invariant()
    def gov_7_settings_and_governor_change_only_as_ruled(self) -> None:
        for life in self.lives:
            life.gov_7()

    @invariant()
    def gov_8_the_treasury_pays_only_what_was_executed(self) -> None:
        for life in self.lives:
            life.gov_8()

    @invariant()
    def gov_9_borrowed_tokens_get_nowhere(self) -> None:
        for life, known in self.looked_at:
            life.gov_9(known)

    def judge(self) -> None:
        for life in self.lives:
            life.judge()


class TwoDaosMachine(DaoMachine):
    """Two DAOs of one kernel with the same members: nothing of one moves the other.

    Each has its own model, which knows nothing of the neighbour.
    """

    count = 2

    @rule(which=WHICH, number=NUMBERS, way=st.integers(0, 7))
    def trespass(self, which: int, number: int, way: int) -> None:
        """One DAO's timelock and governor, tried on everything of the other."""
        life, known = self.some(which, number)
        mine, other = life.dao, self.life(which + 1).dao
        timelock, governor = mine.timelock.address, mine.governor.address
        id = known.proposal.id.to_bytes(32, "big")
        change = governor_change(mine.governor, self.life(which + 1).version + 1)
        calls = [
            (other.token.mint, (life.payee, 1), timelock),
            (other.governor.updateQuorumNumerator, (1,), timelock),
            (other.timelock.updateDelay, (HOUR,), timelock),
            (other.timelock.schedule, (id, 0, 1), governor),
            (other.timelock.cancel, (id, 0), governor),
            (other.timelock.execute, known.proposal.hashed(), governor),
            (other.kernel.schedule, (other.namespace, [change], SALT, False), timelock),
            (other.governor.execute, known.proposal.hashed(), timelock),
        ]
        function, arguments, sender = calls[way]
        must_fail(function, *arguments, sender=sender)

    @rule(which=WHICH, number=NUMBERS)
    @precondition(lambda self: self.steps % 4 == 0)
    def replay_a_signed_vote(self, which: int, number: int) -> None:
        """What is signed for one DAO's proposal votes on none of the other's."""
        life = self.life(which)
        other, theirs = self.some(which + 1, number)
        message = {
            "proposalId": theirs.proposal.id,
            "support": FOR,
            "voter": self.signer.address,
            "nonce": other.dao.governor.nonces(self.signer.address, theirs.proposal.id % 2**192),
        }
        made = sign(self.signer, life.dao.governor, "Ballot", BALLOT, message)
        cast = other.dao.governor.castVoteBySig
        must_fail(cast, theirs.proposal.id, FOR, self.signer.address, bytes(made.signature))


def run(machine: type[Machine], examples: int, length: int) -> None:
    """In portions, since hypothesis may take few or many steps for one example."""
    deep = not settings().derandomize  # see tests/conftest.py
    portion = settings(max_examples=examples, stateful_step_count=length)
    machine.total = number = 0
    while machine.total < STEPS * (FACTOR if deep else 1):
        number += 1
        drawn = machine if deep else seed(number)(machine)
        run_state_machine_as_test(drawn, settings=portion)


def test_token_machine() -> None:
    run(TokenMachine, 10, 60)


def test_dao_machine() -> None:
    run(DaoMachine, 6, 80)


def test_two_daos_machine() -> None:
    run(TwoDaosMachine, 6, 80)
