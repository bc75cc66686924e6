"""Rules in words: read, brought to one form, printed; and as the gate knows them."""

from itertools import product

import boa
import pytest
from eth_utils import to_checksum_address
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts._lib import rules
from scripts._lib.allow_lists import AllowList
from scripts._lib.refusal import Refusal
from scripts._lib.rules import Kind, Rule, Term, Value
from scripts._lib.sentence import COUNTED, PATTERNS, PHRASES, Part, Phrase, Sentence, parse
from tests.support import gate as model
from tests.support.access import judge, negate
from tests.support.compiled import deployer

WORDS = ["studio", "ban", "b2", "long-one"]
NAMES = dict.fromkeys(Kind, WORDS)
EXAMPLE = "a valid studio pass, or 100 votes and not on the ban list"

# ----- random sentences -----

amounts = st.integers(0, 10**30).map(str) | st.from_regex(
    r"(0|[1-9][0-9]{0,5})\.[0-9]{0,5}[1-9]", fullmatch=True
)


@st.composite
def phrases(draw):
    kind = draw(st.sampled_from(list(Kind)))
    amount = draw(amounts) if "#" in PATTERNS[kind] else ""
    return Phrase(kind, draw(st.sampled_from(WORDS)), amount)


def is_normal(part: Part, alone: bool) -> bool:
    """Whether its parentheses, if it has any, mean something."""
    if not isinstance(part.what, Sentence):
        return True
    alternatives = part.what.alternatives
    if part.negated:
        return len(alternatives) > 1 or len(alternatives[0]) > 1
    return len(alternatives) > 1 and not alone


def sentences_of(parts):
    together = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.lists(together.filter(all_normal), min_size=1, max_size=3).map(
        lambda it: Sentence(tuple(it))
    )


def all_normal(parts):
    return all(is_normal(part, len(parts) == 1) for part in parts)


leaves = st.builds(Part, phrases(), st.booleans())
sentences = st.recursive(
    sentences_of(leaves),
    lambda inner: sentences_of(leaves | st.builds(Part, inner, st.booleans())),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(sentences)
def test_what_is_printed_is_read_as_the_same(sentence):
    assert parse(str(sentence), NAMES) == sentence


# ----- as people write: parentheses anywhere -----

ATOMS = ["a valid studio pass", "1 ban vote", "on the b2 list", "during the ban time"]

trees = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.tuples(st.sampled_from(["and", "or", "not", "()"]), inner, inner),
    max_leaves=7,
)


def spelled(tree) -> str:
    if isinstance(tree, str):
        return tree
    how, left, right = tree
    if how == "()":
        return f"( {spelled(left)})"
    if how == "not":
        return f"not ({spelled(left)})"
    return f"({spelled(left)})  {how.upper()} ({spelled(right)})"


def meaning(tree, values) -> Value:
    """Each parenthesis is a rule of its own, as the gate would nest it."""
    if isinstance(tree, str):
        return values[tree]
    how, left, right = tree
    first = meaning(left, values)
    if how in ("not", "()"):
        return negate(first) if how == "not" else first
    term = Term(Kind.RULE, True, False)
    return judge([first, meaning(right, values)], [term, term._replace(opens=how == "or")])


def value_of(sentence: Sentence, values) -> Value:
    found, terms = [], []
    for parts in sentence.alternatives:
        for number, part in enumerate(parts):
            inner = part.what
            value = value_of(inner, values) if isinstance(inner, Sentence) else values[str(inner)]
            found.append(negate(value) if part.negated else value)
            terms.append(Term(Kind.RULE, number == 0, False))
    assert rules.combine(terms, found) == judge(found, terms)
    return rules.combine(terms, found)


@settings(max_examples=150, deadline=None)
@given(trees)
def test_one_form_changes_no_answer_not_even_a_doubtful_one(tree):
    sentence = parse(spelled(tree), NAMES)
    assert parse(str(sentence), NAMES) == sentence
    for drawn in product(Value, repeat=len(ATOMS)):
        values = dict(zip(ATOMS, drawn, strict=True))
        assert value_of(sentence, values) == meaning(tree, values)


# ----- one by one -----


def test_the_example_in_its_one_form():
    names = NAMES | {Kind.PAST_VOTES: ["council"]}
    sentence = parse(EXAMPLE, names)
    assert str(sentence) == "a valid studio pass, or 100 council votes and not on the ban list"
    [[first], [votes, ban]] = sentence.alternatives
    assert first == Part(Phrase(Kind.VALID_PASS, "studio"))
    assert votes == Part(Phrase(Kind.PAST_VOTES, "council", "100"))
    assert ban == Part(Phrase(Kind.LISTED, "ban"), True)


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_its_phrase_and_takes_its_only_name(kind):
    said = PHRASES[kind].replace("#", "2").replace("*", "studio")
    only = {kind: ["studio"]}
    [[part]] = parse(said, only).alternatives
    assert part == Part(Phrase(kind, "studio", "2" if "#" in PHRASES[kind] else ""))
    assert parse(said.replace("studio ", ""), only) == parse(said, only)
    one = said.replace("2", "1").replace(PATTERNS[kind][-1], COUNTED.get(PATTERNS[kind][-1], ""))
    if kind in (Kind.ERC20_BALANCE, Kind.PAST_VOTES):
        assert str(parse(one, only)) == one


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("", "is not understood at the end: no phrase of rules begins so"),
        ("a valid studio", 'at "a valid studio": no phrase'),
        ("a valid studio passs", "no phrase of rules begins so"),
        ("a valid shop pass", 'the file names no pass "shop", but b2, ban, long-one, studio'),
        ("a valid pass", "which pass? The file names b2, ban, long-one, studio"),
        ("not not on the ban list", 'at "not on the ban" after "not": no phrase'),
        ("on the ban list on the b2 list", 'at "on the b2 list" after "on the ban list".'),
        ("on the ban list, and 1 ban vote", 'a comma stands only before "or"'),
        ("on the ban list, 1 ban vote", 'a comma stands only before "or"'),
        ("on the ban list and 1 ban vote or on the b2 list", 'mixes "and" with "or"'),
        ("on the ban list, or 1 ban vote and on the b2 list or 1 b2 vote", 'mixes "and" with'),
        ("(on the ban list", '")" is missing'),
        ("on the ban list)", 'at ")" after "on the ban list".'),
        ("()", 'at ")" after "(": no phrase'),
        ("-1 ban votes", "no phrase"),
        ("1e3 ban votes", "no phrase"),
        ("1. ban votes", "no phrase"),
        ("# ban votes", "no phrase"),
        ("a valid * pass", "no phrase"),
        ("(" * 30 + "on the ban list" + ")" * 30, "more than 20 parentheses"),
    ],
)
def test_what_is_not_understood_is_said_where(said, sentence):
    with pytest.raises(Refusal) as refused:
        parse(said, NAMES)
    assert sentence in refused.value.message


# ----- as the gate knows them -----


@pytest.fixture(scope="module")
def gate():
    with boa.env.anchor():
        yield deployer("Gate").deploy()


PLACE = to_checksum_address("0x" + "c1" * 20)
LEAVES = [
    Term(Kind.VALID_PASS, True, False, PLACE),
    Term(Kind.PAST_VOTES, True, True, PLACE, 60, 5),
    Term(Kind.PRIMARY_NAME, True, False, PLACE, 0, 7),
    Term(Kind.CONDITION, True, True, PLACE, 0, 3),
    Term(Kind.ALLOW_LIST, True, False, argument=9),
    Term(Kind.TIME_WINDOW, True, False, detail=5, argument=6),
]

terms = st.builds(
    lambda term, opens: term._replace(opens=opens), st.sampled_from(LEAVES), st.booleans()
)
flat = st.lists(terms, min_size=1, max_size=6)


def rule_of(terms, *inner: Rule) -> Rule:
    nesting = [Term(Kind.RULE, True, True, argument=int.from_bytes(it.id, "big")) for it in inner]
    first, *others = [*nesting, *terms]
    nested = {term.argument: it for term, it in zip(nesting, inner, strict=True)}
    return Rule((first._replace(opens=True), *others), nested)


@settings(max_examples=25, deadline=None)
@given(flat, flat, flat)
def test_ids_are_the_gates(gate, first, second, third):
    rule = rule_of(first, inner := rule_of(second, innermost := rule_of(third)), innermost)
    assert [it.id for it in rule.innermost_first()] == [innermost.id, inner.id, rule.id]
    for each in rule.innermost_first():
        assert gate.register(each.terms) == each.id
    assert rules.registered(gate, rule.id) == rule
    with pytest.raises(Refusal, match="4 levels of parentheses"):
        rule_of(first, rule).check()
    with boa.reverts("gate: nested too deeply"):
        gate.register(rule_of(first, rule).terms)


@pytest.mark.parametrize(
    ("heavy", "sentence", "reason"),
    [
        (LEAVES[:1] * 17, "has 17 terms outside parentheses", None),
        (LEAVES[3:4] * 11, "has 11 conditions; the gate takes 10", "gate: too many conditions"),
        (LEAVES[2:3] * 16 + LEAVES[:1], "has 17 terms", None),
    ],
)
def test_too_heavy_rules_are_refused_as_the_gate_would(gate, heavy, sentence, reason):
    with pytest.raises(Refusal, match=sentence):
        rule_of(heavy).check()
    if reason:
        with boa.reverts(reason):
            gate.register(heavy)


def test_too_many_questions(gate):
    inner = rule_of(LEAVES[2:3] * 15)
    gate.register(inner.terms)
    rule = rule_of(LEAVES[2:3], inner)
    rule.check()
    assert gate.register(rule.terms) == rule.id
    heavier = rule_of([*LEAVES[2:3], LEAVES[0]], inner)
    with pytest.raises(Refusal, match="65 questions to contracts; the gate takes 64"):
        heavier.check()
    with boa.reverts("gate: too many questions"):
        gate.register(heavier.terms)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13])
def test_the_gate_takes_our_proofs_of_an_allow_list(gate, size):
    accounts = [boa.env.generate_address() for _ in range(size + 1)]
    stranger = accounts.pop()
    listed = AllowList(accounts)
    terms = [Term(Kind.ALLOW_LIST, True, False, argument=int.from_bytes(listed.root, "big"))]
    for account in accounts:
        assert gate.evaluate(account, terms, [listed.proof(account)]) == Value.YES
    assert listed.proof(stranger) is None
    assert gate.evaluate(stranger, terms, [listed.proof(accounts[0])]) == Value.ERROR
    if size in (1, 2, 8):  # where both sorts of tree have one shape
        assert listed.root == model.AllowList(accounts).root


def test_a_root_that_openzeppelin_made():
    """StandardMerkleTree.of(accounts, ["address"]).root, of merkle-tree 1.0.8."""
    accounts = [f"0x{number:040x}" for number in (1, 2, 3, 4, 5)]
    assert AllowList(accounts).root.hex() == (
        "21abd2f655ded75d91fbd5e0b1ad35171a675fd315a077efa7f2d555a26e7094"
    )
