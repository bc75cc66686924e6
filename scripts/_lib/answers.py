"""A gate's answer about an account, explained term by term in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ape.contracts import ContractInstance

from scripts._lib import rules
from scripts._lib.amounts import asset
from scripts._lib.gate_facts import Facts, Label
from scripts._lib.rules import Kind, Rule, Term, Value
from scripts._lib.sentence import Part, Phrase, Sentence

WORDS = {Value.YES: "yes", Value.NO: "no", Value.ERROR: "cannot tell"}
VERDICTS = {
    Value.YES: "let in",
    Value.NO: "kept out",
    Value.ERROR: "kept out, because the gate cannot tell",
}
Proofs = Sequence[Sequence[bytes]]


@dataclass(frozen=True)
class Answer:
    """One term of a rule: what was asked, the gate's value, and why."""

    words: str
    opens: bool
    value: Value  # negation applied
    why: str
    inner: "Verdict | None" = None  # of a rule in parentheses, before negation


@dataclass(frozen=True)
class Verdict:
    """A rule and an account."""

    account: str
    value: Value
    answers: tuple[Answer, ...]

    @property
    def sentence(self) -> str:
        """In one sentence: what lets it in, what is doubtful, or how each alternative fails."""
        alternatives = self._alternatives()
        if self.value == Value.YES:
            good = next(each for each in alternatives if {it.value for it in each} == {Value.YES})
            reasons = [" and ".join(map(_because, good))]
        else:
            failed = [[it for it in each if it.value == self.value] for each in alternatives]
            reasons = [" and ".join(map(_because, each)) for each in failed if each]
        return f"{VERDICTS[self.value]}: " + "; ".join(reasons)

    def _alternatives(self) -> list[list[Answer]]:
        found: list[list[Answer]] = []
        for answer in self.answers:
            if answer.opens:
                found.append([])
            found[-1].append(answer)
        return found

    @property
    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "account": self.account,
            "let_in": self.value == Value.YES,
            "value": WORDS[self.value],
            "because": self.sentence,
            "terms": [
                {
                    "alternative": number,
                    "asked": answer.words,
                    "value": WORDS[answer.value],
                    "why": answer.why,
                }
                for number, answers in enumerate(self._alternatives(), 1)
                for answer in answers
            ],
        }


def _because(answer: Answer) -> str:
    return f"{answer.words} ({WORDS[answer.value]}: {answer.why})"


@dataclass(frozen=True)
class Explainer:
    """Asks one gate about one rule."""

    gate: ContractInstance
    rule: Rule
    sentence: Sentence
    facts: Facts

    @cached_property
    def _is_registered(self) -> dict[bytes, bool]:
        return {
            each.id: rules.registered(self.gate, each.id) is not None
            for each in self.rule.innermost_first()
        }

    def verdict(self, account: str, proofs: Proofs = ()) -> Verdict:
        return self._verdict(account, self.rule, self.sentence, list(proofs))

    def _verdict(self, account: str, rule: Rule, said: Sentence, proofs: Proofs) -> Verdict:
        parts = [part for each in said.alternatives for part in each]
        inner = [
            self._verdict(account, rule.inner(term), self._inside(rule, term, part), proofs)
            if term.kind == Kind.RULE
            else None
            for term, part in zip(rule.terms, parts, strict=True)
        ]
        values = self._values(account, rule, inner, proofs)
        answers = tuple(
            self._answer(account, *each)
            for each in zip(rule.terms, parts, values, inner, strict=True)
        )
        if self._is_registered[rule.id]:
            value = Value(self.gate.evaluate(account, rule.terms, proofs))
        else:
            value = rules.combine(rule.terms, values)
        return Verdict(account, value, answers)

    def _values(
        self, account: str, rule: Rule, inner: list[Verdict | None], proofs: Proofs
    ) -> list[Value]:
        """By the gate: as a whole once it is registered, before that term by term."""
        if self._is_registered[rule.id]:
            return [Value(each) for each in self.gate.explain(account, rule.id, proofs)]
        values = []
        for term, verdict in zip(rule.terms, inner, strict=True):
            if verdict:
                values.append(contrary(verdict.value) if term.negated else verdict.value)
            else:
                alone = [term._replace(opens=True)]
                values.append(Value(self.gate.evaluate(account, alone, proofs)))
        return values

    def _answer(
        self, account: str, term: Term, part: Part, value: Value, inner: Verdict | None
    ) -> Answer:
        if inner:
            return Answer(str(part), term.opens, value, inner.sentence, inner)
        plain = contrary(value) if term.negated else value
        return Answer(str(part), term.opens, value, self.facts.why(account, term, plain))

    def _inside(self, rule: Rule, term: Term, part: Part) -> Sentence:
        if isinstance(part.what, Sentence):
            return part.what
        return worded(rule.inner(term), self.facts.label)


def contrary(value: Value) -> Value:
    """NOT: a doubt stays a doubt."""
    return {Value.YES: Value.NO, Value.NO: Value.YES}.get(value, value)


def worded(rule: Rule, label: Label) -> Sentence:
    """A registered rule in words; things go by what people call their contracts."""
    alternatives = []
    for terms in rules.clauses(rule.terms):
        alternatives.append(tuple(Part(_what(rule, each, label), each.negated) for each in terms))
    return Sentence(tuple(alternatives))


def _what(rule: Rule, term: Term, label: Label) -> Phrase | Sentence:
    if term.kind == Kind.RULE:
        return worded(rule.inner(term), label)
    name, amount = label(term.target), ""
    match term.kind:
        case Kind.ERC20_BALANCE | Kind.PAST_VOTES:
            amount = asset(term.target).plain(term.argument)
        case Kind.ERC721_BALANCE:
            amount = str(term.argument)
        case Kind.ERC1155_BALANCE:
            name, amount = f"{name}:{term.argument}", str(term.detail)
        case Kind.ERC721_OWNER:
            name = f"{name}:{term.argument}"
        case Kind.NAME_OWNER | Kind.PRIMARY_NAME | Kind.LISTED | Kind.ALLOW_LIST:
            name = f"0x{term.argument:064x}"
        case Kind.TIME_WINDOW:
            name = f"{term.detail}-{term.argument}"
    return Phrase(term.kind, name, amount)
