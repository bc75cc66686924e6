"""Rules as the gate knows them: kinds, terms, three values, ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Any, NamedTuple

from ape.contracts import ContractInstance
from ape.exceptions import ContractLogicError
from eth_utils import keccak

from scripts._lib.contracts import NO_ONE
from scripts._lib.refusal import Refusal

MAX_TERMS, MAX_DEPTH, MAX_QUESTIONS, MAX_CONDITIONS = 16, 3, 64, 10


class Kind(IntFlag):
    """`IGate.Kind`."""

    VALID_PASS = 1 << 0
    ERC20_BALANCE = 1 << 1
    ERC721_BALANCE = 1 << 2
    ERC1155_BALANCE = 1 << 3
    ERC721_OWNER = 1 << 4
    NAME_OWNER = 1 << 5
    PRIMARY_NAME = 1 << 6
    PAST_VOTES = 1 << 7
    LISTED = 1 << 8
    ALLOW_LIST = 1 << 9
    TIME_WINDOW = 1 << 10
    RULE = 1 << 11
    CONDITION = 1 << 12


class Value(IntFlag):
    """`IGate.Value`."""

    NO = 1
    YES = 2
    ERROR = 4


CALLS = {Kind.PRIMARY_NAME: 4, Kind.NAME_OWNER: 2, Kind.PAST_VOTES: 2}


class Term(NamedTuple):
    """`IGate.Term`."""

    kind: Kind
    opens: bool
    negated: bool
    target: str = NO_ONE
    detail: int = 0
    argument: int = 0


class Weight(NamedTuple):
    """What a rule costs to ask, with the rules that it nests."""

    depth: int
    questions: int
    conditions: int

    @property
    def packed(self) -> int:
        return self.depth | self.questions << 8 | self.conditions << 16


@dataclass(frozen=True)
class Rule:
    """Terms, and by their ids the rules that they nest."""

    terms: tuple[Term, ...]
    nested: Mapping[int, "Rule"] = field(default_factory=dict)

    def inner(self, term: Term) -> "Rule":
        return self.nested[term.argument]

    @property
    def weight(self) -> Weight:
        inner = [self.inner(term).weight for term in self.terms if term.kind == Kind.RULE]
        leaves = [term.kind for term in self.terms if term.kind != Kind.RULE]
        return Weight(
            1 + max((each.depth for each in inner), default=0),
            sum(CALLS.get(kind, 1) for kind in leaves) + sum(each.questions for each in inner),
            leaves.count(Kind.CONDITION) + sum(each.conditions for each in inner),
        )

    @property
    def id(self) -> bytes:
        """As the gate computes it, also of what nests rules that are not registered yet."""
        return keccak(b"".join(self._packed(term) for term in self.terms))

    def _packed(self, term: Term) -> bytes:
        detail = self.inner(term).weight.packed if term.kind == Kind.RULE else term.detail
        head = int(term.target, 16) | detail << 160 | term.opens << 232 | term.negated << 233
        return (head | term.kind << 240).to_bytes(32, "big") + term.argument.to_bytes(32, "big")

    def innermost_first(self) -> list["Rule"]:
        """What has to be registered, in this order; each once."""
        found: dict[bytes, Rule] = {}
        for term in self.terms:
            if term.kind == Kind.RULE:
                found |= {rule.id: rule for rule in self.inner(term).innermost_first()}
        return [*found.values(), self]

    def check(self) -> None:
        """What the gate would refuse, in words."""
        if len(self.terms) > MAX_TERMS:
            raise Refusal(
                f"The rule has {len(self.terms)} terms outside parentheses; "
                f"the gate takes {MAX_TERMS}: put some into parentheses."
            )
        weight = self.weight
        for found, most, what in (
            (weight.depth, MAX_DEPTH, "levels of parentheses and nested rules, itself included"),
            (weight.questions, MAX_QUESTIONS, "questions to contracts"),
            (weight.conditions, MAX_CONDITIONS, "conditions"),
        ):
            if found > most:
                raise Refusal(f"The rule has {found} {what}; the gate takes {most}.")


def clauses(terms: Iterable[Term]) -> list[list[Term]]:
    """The alternatives, each with the terms that it asks for together."""
    found: list[list[Term]] = []
    for term in terms:
        if term.opens:
            found.append([])
        found[-1].append(term)
    return found


def combine(terms: Iterable[Term], values: Iterable[Value]) -> Value:
    """The rule's value: a clause is as doubtful as its terms; one sure clause is enough."""
    sets: list[Value] = []
    for term, value in zip(terms, values, strict=True):
        if term.opens:
            sets.append(Value(0))
        sets[-1] |= value
    if Value.YES in sets:
        return Value.YES
    return Value.ERROR if any(Value.ERROR in each for each in sets) else Value.NO


def registered(gate: ContractInstance, id: bytes) -> Rule | None:
    """A rule by its id, with all that it nests."""
    try:
        rows: list[Any] = gate.rule(id)
    except ContractLogicError:
        return None
    terms = tuple(_term(row) for row in rows)
    inner = [term.argument for term in terms if term.kind == Kind.RULE]
    return Rule(terms, {id: _known(gate, id) for id in inner})


def _known(gate: ContractInstance, id: int) -> Rule:
    found = registered(gate, id.to_bytes(32, "big"))
    assert found is not None, "the gate nests only what is registered"
    return found


def _term(row: Any) -> Term:
    return Term(Kind(row.kind), row.opens, row.negated, str(row.target), row.detail, row.argument)
