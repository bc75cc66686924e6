"""ACC-7: the gate equals a three-valued oracle on random rules and worlds."""

from typing import NamedTuple

import boa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.access import (
    BOMBING,
    BURNING,
    REVERTING,
    Kind,
    Term,
    Value,
    answering,
    deploy_access,
    judge,
    negate,
    rule_id,
)

TARGETS = 5
WORLDS, RULES = 400, 5  # 2,000 rules
REGISTERED = 100  # these are slower

edges = [0, 1, 2, 2**127, 2**256 - 1]
words = st.sampled_from(edges) | st.integers(0, 2**256 - 1)
leasts = st.sampled_from(edges[1:]) | st.integers(1, 2**256 - 1)


class Answer(NamedTuple):
    """What a contract does when it is asked anything."""

    code: bytes
    word: int | None  # None: it gives no single word


answers = st.one_of(
    words.map(lambda word: Answer(answering(word), word)),
    st.sampled_from([0, 1]).map(lambda word: Answer(answering(word), word)),
    st.sampled_from([0, 1, 31, 33, 64, 2**16]).map(lambda size: Answer(answering(1, size), None)),
    st.sampled_from([b"", REVERTING, BURNING, BOMBING]).map(lambda code: Answer(code, None)),
)


class Draft(NamedTuple):
    """A term over the number of a target."""

    kind: Kind
    opens: bool
    negated: bool
    target: int
    least: int


drafts = st.builds(
    Draft,
    st.sampled_from(list(Kind)),
    st.booleans(),
    st.booleans(),
    st.integers(0, TARGETS - 1),
    leasts,
)
small, large = (st.lists(drafts, min_size=1, max_size=size) for size in (3, 16))
worlds = st.lists(answers, min_size=TARGETS, max_size=TARGETS)
rules = st.one_of([small] * 6 + [large])


def answer_of(draft: Draft, world: list[Answer]) -> Value:
    """The oracle's value of a term: any doubt is an error, and so is its negation."""
    word = world[draft.target].word
    if word is None or (draft.kind == Kind.VALID_PASS and word > 1):
        return Value.ERROR
    least = 1 if draft.kind == Kind.VALID_PASS else draft.least
    value = Value.YES if word >= least else Value.NO
    return negate(value) if draft.negated else value


@pytest.fixture(scope="module")
def gate():
    return deploy_access().gate


@pytest.fixture(scope="module")
def targets():
    return [boa.env.generate_address(f"target {n}") for n in range(TARGETS)]


def build(world: list[Answer], targets: list[str], drafts: list[Draft]) -> list[Term]:
    for target, answer in zip(targets, world, strict=True):
        boa.env.set_code(target, answer.code)
    return [
        Term(
            draft.kind,
            draft.opens or place == 0,
            draft.negated,
            targets[draft.target],
            0,
            0 if draft.kind == Kind.VALID_PASS else draft.least,
        )
        for place, draft in enumerate(drafts)
    ]


@settings(max_examples=WORLDS)
@given(worlds, st.lists(rules, min_size=RULES, max_size=RULES))
def test_acc_7_gate_equals_the_oracle(gate, targets, world, drawn):
    for drafts in drawn:
        terms = build(world, targets, drafts)
        expected = judge([answer_of(draft, world) for draft in drafts], terms)
        assert gate.evaluate(boa.env.eoa, terms) == expected


@settings(max_examples=REGISTERED)
@given(worlds, rules)
def test_acc_7_registered_rules_answer_as_written(gate, targets, world, drafts):
    terms = build(world, targets, drafts)
    values = [answer_of(draft, world) for draft in drafts]
    id = gate.register(terms)
    assert id == rule_id(terms)
    assert gate.rule(id) == terms
    assert gate.check(boa.env.eoa, id) == (judge(values, terms) == Value.YES)
    assert gate.explain(boa.env.eoa, id) == values
