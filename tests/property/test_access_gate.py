"""ACC-7: the gate equals a three-valued oracle on random rules and worlds."""

from random import Random
from typing import NamedTuple

import boa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.access import ZERO, Kind, Term, Value, judge, negate, packed
from tests.support.compiled import deployer
from tests.support.gate import (
    BURN,
    DEPTH,
    REVERT,
    AllowList,
    Weight,
    fact,
    keccak,
    nodes_of,
    speaking,
    text,
    weigh,
    word,
)
from tests.support.names import namehash

WORLDS, RULES = 80, 16  # of each world's rules some are registered, and nested by later ones
REGISTERED = (0, 1, 8)

ACCOUNT = "0x" + "a1" * 20
OTHER = "0x" + "b2" * 20
TARGETS = ["0x" + f"{n:02x}" * 20 for n in range(0xC1, 0xC5)]
DEAD = "0x" + "de" * 20

FEW = [0, 1, 2, 5, 2**127, 2**256 - 1]
ACCOUNTS = [int(ACCOUNT, 16)] * 3 + [int(OTHER, 16), 0, int(ACCOUNT, 16) | 1 << 160]
EPOCHS = [1, 7, 2**32 - 1]
CLOCKS = [0, 1, 60, 10**9, 2**48 - 1, 2**48, 2**256 - 1]
RESOLVERS = [int(target, 16) for target in TARGETS] * 2 + [0, int(DEAD, 16), 1 << 160]
NAMES = ["alice.studio.os"] * 3
NAMES += ["studio.os", "a.b.studio.os", "alice.os", "", "a..os", ".os", "os."]
PARENTS = [namehash("studio.os")] * 2 + [namehash("os"), bytes(32), namehash("other.os")]
BAD = [REVERT, BURN, b"", bytes(31), bytes(33), bytes(64), bytes(400)]

# What contracts are asked, and the words that they answer with.
ANSWERS = {
    "valid_holder(address)": [0, 1, 1, 2],
    "balanceOf(address)": FEW,
    "balanceOf(address,uint256)": FEW,
    "ownerOf(uint256)": ACCOUNTS,
    "owner(bytes32)": ACCOUNTS,
    "epoch(bytes32)": [0, *EPOCHS],
    "resolver(bytes32)": RESOLVERS,
    "addr(bytes32)": ACCOUNTS,
    "clock()": CLOCKS,
    "getPastVotes(address,uint256)": FEW,
    "contains(bytes32,address)": [0, 1, 1, 2],
    "allows(address,bytes32)": [0, 1, 1, 2**255],
}

ALLOWED = [AllowList([ACCOUNT, OTHER, *TARGETS]), AllowList([ACCOUNT]), AllowList([OTHER, DEAD])]


class Rule(NamedTuple):
    terms: list[Term]
    weight: Weight


class World:
    """Contracts that say what was drawn, allow-lists that were proven, rules that exist."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.said = {target: self._replies() for target in TARGETS}
        self.proven = {it.root for it in ALLOWED[:2] if random.random() < 0.5}
        self.rules: dict[bytes, Rule] = {}
        for target, replies in self.said.items():
            boa.env.set_code(target, speaking(replies))

    def _replies(self) -> dict:
        random = self.random
        words = {
            asked: random.choice(BAD) if random.random() < 0.2 else word(random.choice(answers))
            for asked, answers in ANSWERS.items()
        }
        spelled = random.choice(BAD) if random.random() < 0.2 else text(random.choice(NAMES))
        return {**words, "name(bytes32)": spelled}

    @property
    def proofs(self) -> list[list[bytes]]:
        return [it.proof(ACCOUNT) for it in ALLOWED if it.root in self.proven]

    # ----- what a contract answers, as the gate should take it -----

    def word(self, target: str, asked: str) -> int | None:
        reply = self.said.get(target, {}).get(asked)
        if not isinstance(reply, bytes) or len(reply) != 32:
            return None
        return int.from_bytes(reply, "big")

    def account(self, target: str, asked: str) -> str | None:
        found = self.word(target, asked)
        return None if found is None or found >> 160 else f"0x{found:040x}"

    def name(self, target: str) -> str | None:
        reply = self.said.get(target, {}).get("name(bytes32)")
        return next((name for name in NAMES if text(name) == reply), None)

    # ----- what a term means -----

    def value(self, term: Term) -> Value:
        value = self._value(term)
        return negate(value) if term.negated else value

    def _value(self, it: Term) -> Value:  # noqa: PLR0911, PLR0912 - a table of the kinds
        match it.kind:
            case Kind.VALID_PASS:
                return self._bool(it.target, "valid_holder(address)")
            case Kind.ERC20_BALANCE | Kind.ERC721_BALANCE:
                return self._least(it.target, "balanceOf(address)", it.argument)
            case Kind.ERC1155_BALANCE:
                return self._least(it.target, "balanceOf(address,uint256)", it.detail)
            case Kind.ERC721_OWNER:
                return self._mine(it.target, "ownerOf(uint256)")
            case Kind.NAME_OWNER:
                return self._name_owner(it)
            case Kind.PRIMARY_NAME:
                return self._primary_name(it)
            case Kind.PAST_VOTES:
                clock = self.word(it.target, "clock()")
                if clock is None or clock >= 2**48 or clock < it.detail:
                    return Value.ERROR
                return self._least(it.target, "getPastVotes(address,uint256)", it.argument)
            case Kind.LISTED:
                return self._bool(it.target, "contains(bytes32,address)")
            case Kind.ALLOW_LIST:
                return Value.YES if word(it.argument) in self.proven else Value.ERROR
            case Kind.TIME_WINDOW:
                return fact(it.detail <= boa.env.timestamp < it.argument)
            case Kind.RULE:
                return self.judge(self.rules[word(it.argument)].terms)
            case Kind.CONDITION:
                return self._bool(it.target, "allows(address,bytes32)")

    def judge(self, terms: list[Term]) -> Value:
        return judge([self.value(term) for term in terms], terms)

    def _bool(self, target: str, asked: str) -> Value:
        found = self.word(target, asked)
        return Value.ERROR if found not in (0, 1) else fact(found == 1)

    def _least(self, target: str, asked: str, least: int) -> Value:
        found = self.word(target, asked)
        return Value.ERROR if found is None else fact(found >= least)

    def _mine(self, target: str, asked: str) -> Value:
        found = self.account(target, asked)
        return Value.ERROR if found is None else fact(found == ACCOUNT)

    def _name_owner(self, it: Term) -> Value:
        owned = self._mine(it.target, "owner(bytes32)")
        if owned != Value.YES or it.detail == 0:
            return owned
        found = self.word(it.target, "epoch(bytes32)")
        return Value.ERROR if found is None else fact(found == it.detail)

    def _primary_name(self, it: Term) -> Value:
        resolver = self.account(it.target, "resolver(bytes32)")
        if resolver in (None, ZERO):
            return Value.ERROR if resolver is None else Value.NO
        name = self.name(resolver)
        if name is None:
            return Value.ERROR
        nodes = nodes_of(name)
        if nodes is None or word(it.argument) not in nodes[:-1]:
            return Value.NO
        return self._mine(resolver, "addr(bytes32)")  # the same resolver for both nodes

    # ----- rules -----

    def term(self, deep: bool) -> Term:
        random = self.random
        kind = random.choice(list(Kind))
        if kind == Kind.RULE and not (deep and self.rules):
            kind = Kind.VALID_PASS
        target = random.choice([*TARGETS, DEAD])
        detail, argument = 0, random.choice(FEW[1:])
        now = boa.env.timestamp
        match kind:
            case Kind.VALID_PASS:
                argument = 0
            case Kind.ERC1155_BALANCE:
                detail = random.choice([1, 2, 5, 2**72 - 1])
            case Kind.NAME_OWNER:
                detail = random.choice([0, *EPOCHS])
            case Kind.PRIMARY_NAME:
                argument = int.from_bytes(random.choice(PARENTS), "big")
            case Kind.PAST_VOTES:
                detail = random.choice([1, 60, 2**48 - 1])
            case Kind.ALLOW_LIST:
                argument = int.from_bytes(random.choice(ALLOWED).root, "big")
            case Kind.TIME_WINDOW:
                detail = random.choice([0, now - 1, now, now + 1])
                argument = random.choice([detail + 1, now + 2, 2**256 - 1])
            case Kind.RULE:
                argument = int.from_bytes(random.choice(list(self.rules)), "big")
        if kind in (Kind.ALLOW_LIST, Kind.TIME_WINDOW, Kind.RULE):
            target = ZERO
        negated = kind != Kind.ALLOW_LIST and random.random() < 0.4
        return Term(kind, random.random() < 0.4, negated, target, detail, argument)

    def rule(self, deep: bool) -> Rule:
        size = self.random.choice([1, 1, 1, 1, 2, 2, 2, 3, 3, 5])
        terms = [self.term(deep) for _ in range(size)]
        terms[0] = terms[0]._replace(opens=True)
        nested = {id: rule.weight for id, rule in self.rules.items()}
        return Rule(terms, weigh(terms, nested))


@pytest.fixture(scope="module")
def gate():
    return deployer("Gate").deploy()


def reason(weight: Weight) -> str:
    if weight.depth > DEPTH:
        return "gate: nested too deeply"
    return "gate: too many questions" if weight.questions > 64 else "gate: too many conditions"


@settings(max_examples=WORLDS)
@given(seed=st.integers(0, 2**64))
def test_acc_7_gate_equals_the_oracle(gate, seed):
    with boa.env.anchor():
        world = World(Random(seed))
        for number in range(RULES):
            terms, weight = rule = world.rule(deep=number > 1)
            if not weight.is_light:
                with boa.reverts(reason(weight)):
                    gate.rule_id(terms)
                continue
            weights = {id: rule.weight.packed for id, rule in world.rules.items()}
            id = keccak(packed(terms, weights))
            expected = world.judge(terms)
            assert gate.evaluate(ACCOUNT, terms, world.proofs) == expected
            if number in REGISTERED:
                assert gate.register(terms) == id
                world.rules[id] = rule
                assert packed(gate.rule(id), weights) == packed(terms, weights)
                assert gate.check_with(ACCOUNT, id, world.proofs) == (expected == Value.YES)
                assert gate.explain(ACCOUNT, id, world.proofs) == [*map(world.value, terms)]


def test_every_value_of_every_kind_is_met():
    """The worlds above are worth asking: no kind is always the same."""
    met = set()
    for seed in range(400):
        world = World(Random(seed))
        world.rules[word(1)] = world.rule(deep=False)
        met |= {(it.kind, world._value(it)) for it in (world.term(deep=True) for _ in range(20))}
    missing = {(kind, value) for kind in Kind for value in Value} - met
    # a time window cannot fail, and an allow-list never says no
    assert missing == {(Kind.TIME_WINDOW, Value.ERROR), (Kind.ALLOW_LIST, Value.NO)}
