"""Rules in rules, and allow-lists with their proofs."""

import boa
import pytest
from eth_utils import keccak

from tests.support.access import ZERO, Kind, Term, Value, answering, packed
from tests.support.compiled import deployer
from tests.support.gate import AllowList, both, either, leaf, pair, term, weigh, word

NO, YES, ERROR = Value.NO, Value.YES, Value.ERROR
ALWAYS = term(Kind.TIME_WINDOW, ZERO, 0, 2**256 - 1)
NEVER = term(Kind.TIME_WINDOW, ZERO, 0, 1)
DEAD = term(Kind.CONDITION, "0x" + "de" * 20)
FIXED = {YES: ALWAYS, NO: NEVER, ERROR: DEAD}


@pytest.fixture
def gate():
    return deployer("Gate").deploy()


@pytest.fixture
def account():
    return boa.env.generate_address("account")


def rule(id, *, negated=False):
    return term(Kind.RULE, ZERO, 0, id, negated=negated)


# ----- rules in rules -----


@pytest.mark.parametrize("inner", [NO, YES, ERROR])
@pytest.mark.parametrize("negated", [False, True])
def test_three_values_pass_through(gate, account, inner, negated):
    id = gate.register([FIXED[inner]])
    expected = {NO: YES, YES: NO, ERROR: ERROR}[inner] if negated else inner
    outer = [rule(id, negated=negated)]
    assert gate.evaluate(account, outer) == expected
    assert gate.explain(account, gate.register(outer)) == [expected]


def test_three_levels_and_no_more(gate, account):
    one = gate.register([ALWAYS])
    two = gate.register(both(rule(one), ALWAYS))
    three = gate.register(both(ALWAYS, rule(two)))
    assert gate.check(account, three)
    for refuse in (gate.register, gate.rule_id):
        with boa.reverts("gate: nested too deeply"):
            refuse([rule(three)])
    with boa.reverts("gate: nested too deeply"):
        gate.evaluate(account, [rule(three)])


def test_only_what_is_registered_can_be_nested(gate, account):
    id = gate.rule_id([ALWAYS])
    for refuse in (gate.register, gate.rule_id):
        with boa.reverts("gate: unknown rule"):
            refuse([rule(id)])
    with boa.reverts("gate: unknown rule"):
        gate.evaluate(account, [rule(id)])


def test_id_covers_what_is_nested(gate):
    inner = both(term(Kind.PRIMARY_NAME, "0x" + "11" * 20), DEAD)
    id = gate.register(inner)
    outer = [rule(id)]
    weights = {bytes(id): weigh(inner, {}).packed}
    assert gate.rule_id(outer) == keccak(packed(outer, weights))
    assert gate.rule(gate.register(outer)) == outer


@pytest.mark.parametrize(
    ("kind", "detail", "terms", "times"),
    [
        (Kind.PRIMARY_NAME, 0, 8, 2),
        (Kind.NAME_OWNER, 0, 16, 2),
        (Kind.PAST_VOTES, 1, 16, 2),
        (Kind.ERC721_OWNER, 0, 16, 4),
    ],
)
def test_questions_of_each_kind_are_weighed(gate, kind, detail, terms, times):
    """64 in all, four, two or one for each term; and none more."""
    asked = term(kind, "0x" + "11" * 20, detail, 1)
    inner = gate.register(both(*[asked] * terms))
    full = both(*[rule(inner)] * times)
    gate.register(full)
    with boa.reverts("gate: too many questions"):
        gate.register(either(*full, ALWAYS))


def test_odd_numbers_of_questions_are_weighed(gate):
    asked = term(Kind.ERC721_OWNER, "0x" + "11" * 20, 0, 1)
    inner = gate.register(both(*[asked] * 13))
    gate.register(both(*[rule(inner)] * 4, *[asked] * 12))
    with boa.reverts("gate: too many questions"):
        gate.register(both(*[rule(inner)] * 5))


def test_weight_of_what_is_nested_counts(gate):
    names = gate.register(both(*[term(Kind.PRIMARY_NAME, "0x" + "11" * 20)] * 8))  # 32 questions
    full = both(rule(names), rule(names))
    gate.register(full)
    with boa.reverts("gate: too many questions"):
        gate.register(either(*full, ALWAYS))
    # 16 times 64 would not fit the eight bits in which a weight is kept
    whole = gate.register(full)
    with boa.reverts("gate: too many questions"):
        gate.register(both(*[rule(whole)] * 16))
    conditions = gate.register(both(*[DEAD] * 5))
    gate.register(both(*[rule(conditions)] * 2))
    with boa.reverts("gate: too many conditions"):
        gate.register(both(*[rule(conditions)] * 2, DEAD))


def test_heaviest_rule_that_burns_fits_one_transaction(gate, account):
    """64 questions and what nests them, each burning all that it gets."""
    burner = boa.env.generate_address("burner")
    boa.env.set_code(burner, bytes.fromhex("fe"))
    votes = term(Kind.ERC20_BALANCE, burner, 0, 1)
    inner = gate.register(both(*[votes] * 16))
    outer = gate.register(either(*[rule(inner)] * 4))
    called = boa.env.execute_code(
        to_address=gate.address, data=gate.check.prepare_calldata(account, outer), gas=16_000_000
    )
    assert not called.is_error and int.from_bytes(called.output, "big") == 0
    assert called.get_gas_used() < 7_000_000


def test_starved_caller_of_a_nested_rule_gets_a_revert_or_the_same_answer(gate, account):
    """With little gas the inner rule must fail as a whole, not turn into a value."""
    spender = boa.env.generate_address("spender")
    # burn about 90,000 gas, then answer 1: loop from 3,000 down
    boa.env.set_code(spender, bytes.fromhex("610bb85b600190038060035760015f5260205ff3"))
    inner = gate.register([term(Kind.ERC20_BALANCE, spender, 0, 1)])
    outer = gate.register([rule(inner, negated=True)])
    assert not gate.check(account, outer)
    answers = set()
    for gas in range(30_000, 260_000, 5_000):
        try:
            answers.add(gate.check(account, outer, gas=gas))
        except boa.BoaError:
            answers.add("revert")
    assert answers == {"revert", False}


def test_values_on_trust_are_for_the_gate_alone(gate, account):
    id = gate.register([ALWAYS])
    for sender in (account, boa.env.eoa):
        with boa.reverts("gate: not the gate"):
            gate.value_of(account, id, [word(1)], sender=sender)


# ----- allow-lists -----


@pytest.fixture
def guests(account):
    return [account] + [boa.env.generate_address(f"guest {n}") for n in range(6)]


@pytest.mark.parametrize("size", range(1, 8))
def test_everybody_on_an_allow_list_is_in(gate, guests, size):
    allowed = AllowList(guests[:size])
    id = gate.register([term(Kind.ALLOW_LIST, ZERO, 0, allowed.root)])
    for guest in guests[:size]:
        assert gate.check_with(guest, id, [allowed.proof(guest)])
        assert gate.explain(guest, id, [allowed.proof(guest)]) == [YES]
        assert gate.evaluate(guest, gate.rule(id), [allowed.proof(guest)]) == YES
    for guest in guests[size:]:
        for other in guests[:size]:
            assert not gate.check_with(guest, id, [allowed.proof(other)])


def test_without_a_proof_is_an_error(gate, account, guests):
    allowed = AllowList(guests)
    terms = [term(Kind.ALLOW_LIST, ZERO, 0, allowed.root)]
    id = gate.register(terms)
    assert not gate.check(account, id)
    assert not gate.check_with(account, id, [])
    assert gate.explain(account, id) == [ERROR]
    assert gate.evaluate(account, terms) == ERROR
    proof = allowed.proof(account)
    for bad in (proof[:-1], proof[::-1], [*proof, bytes(32)], [keccak(proof[0]), *proof[1:]], []):
        assert gate.explain(account, id, [bad]) == [ERROR]


def test_negation_around_an_allow_list_lets_nobody_in(gate, account, guests):
    """A ban list by Merkle root would open to whoever brings no proof."""
    banned = AllowList(guests)
    id = gate.register([term(Kind.ALLOW_LIST, ZERO, 0, banned.root)])
    outer = gate.register([rule(id, negated=True)])
    outsider = boa.env.generate_address("outsider")
    for who, proofs in [
        (account, []),
        (account, [banned.proof(account)]),
        (outsider, []),
        (outsider, [banned.proof(account)]),
    ]:
        assert not gate.check_with(who, outer, proofs)


def test_inner_node_is_no_member(gate, guests):
    """A leaf is hashed twice: 20 bytes cannot be given that hash to an inner node."""
    allowed = AllowList(guests[:4])
    assert allowed.layers[1][0] == pair(*allowed.layers[0][:2])
    id = gate.register([term(Kind.ALLOW_LIST, ZERO, 0, allowed.root)])
    for layer in allowed.layers[1:]:
        for node in layer:
            account = "0x" + node[-20:].hex()
            assert leaf(account) != node
            assert not gate.check_with(account, id, [[]])


def test_proofs_in_any_order_reach_nested_rules(gate, account, guests):
    first, second, third = (AllowList([account, *guests[n:]]) for n in (2, 3, 4))
    inner = gate.register([term(Kind.ALLOW_LIST, ZERO, 0, first.root)])
    terms = both(rule(inner), term(Kind.ALLOW_LIST, ZERO, 0, second.root))
    id = gate.register(terms)
    proofs = [allowed.proof(account) for allowed in (third, second, first)]
    assert gate.check_with(account, id, proofs)
    assert gate.check_with(account, id, proofs[::-1])
    assert not gate.check_with(account, id, proofs[:2])
    assert gate.explain(account, id, proofs[:2]) == [ERROR, YES]


def test_proof_of_32_levels(gate, account):
    proof = [keccak(word(n)) for n in range(32)]
    root = leaf(account)
    for node in proof:
        root = pair(root, node)
    id = gate.register([term(Kind.ALLOW_LIST, ZERO, 0, root)])
    assert gate.check_with(account, id, [proof])
    with boa.reverts():
        gate.check_with(account, id, [[*proof, bytes(32)]])
    with boa.reverts():
        gate.check_with(account, id, [proof] * 9)


def test_zero_account_reverts(gate, guests):
    """A forged signature recovers to zero, which may even stand on a list."""
    allowed = AllowList([ZERO, *guests])
    id = gate.register([term(Kind.ALLOW_LIST, ZERO, 0, allowed.root)])
    with boa.reverts("gate: zero account"):
        gate.check_with(ZERO, id, [allowed.proof(ZERO)])
    with boa.reverts("gate: zero account"):
        gate.explain(ZERO, id, [allowed.proof(ZERO)])


def test_unknown_rule_reverts(gate, account):
    with boa.reverts("gate: unknown rule"):
        gate.check_with(account, word(1), [])


def test_answer_of_a_condition_is_not_asked_twice(gate, account):
    """Its answer in a clause that is already YES does not matter."""
    burner = boa.env.generate_address("burner")
    boa.env.set_code(burner, bytes.fromhex("fe"))
    rules = either(ALWAYS, term(Kind.CONDITION, burner))
    id = gate.register(rules)
    assert gate.check(account, id, gas=150_000)
    boa.env.set_code(burner, answering(1))
    assert gate.rule(id)[1] == Term(Kind.CONDITION, True, False, burner, 0, 0)
