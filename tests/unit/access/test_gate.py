import boa
import pytest
from eth_utils import function_signature_to_4byte_selector, keccak

from tests.support.access import (
    BOMBING,
    BURNING,
    MONTH,
    REVERTING,
    Kind,
    Term,
    Value,
    answering,
    buy,
    erc20_term,
    erc721_term,
    logged,
    packed,
    pass_term,
    rule_id,
)
from tests.support.compiled import deployer

NO, YES, ERROR = Value.NO, Value.YES, Value.ERROR
UNKNOWN = keccak(b"nobody registered this")
READER = bytes.fromhex("600b380380600b5f395ff3")


@pytest.fixture
def gate(access):
    return access.gate


@pytest.fixture
def target():
    """An address whose code each test chooses."""
    return boa.env.generate_address("target")


def says(gate, target, code, term):
    boa.env.set_code(target, code)
    return gate.evaluate(boa.env.eoa, [term])


# ----- register -----


def test_register(gate, collection, token):
    terms = [pass_term(collection), erc20_term(token, 5, negated=True, opens=False)]
    id = gate.register(terms)
    assert logged(gate) == [("RuleRegistered", id, terms)]
    assert id == rule_id(terms) == gate.rule_id(terms)
    assert gate.rule(id) == terms


def test_starved_register_leaves_nothing_behind(gate, token):
    """Whatever the gas, the rule is there whole or not at all."""
    terms = [erc20_term(token, 5)]
    id = gate.rule_id(terms)
    data = gate.register.prepare_calldata(terms)
    for gas in range(40_000, 200_000, 500):
        if not boa.env.execute_code(to_address=gate.address, data=data, gas=gas).is_error:
            break
        with boa.reverts("gate: unknown rule"):
            gate.rule(id)
    assert gas > 50_000
    assert gate.rule(id) == terms


def test_register_again_changes_nothing(gate, collection, stranger):
    id = gate.register([pass_term(collection)])
    assert gate.register([pass_term(collection)], sender=stranger) == id
    assert logged(gate) == []


def test_rule_is_code_at_a_known_address(gate, collection):
    """keccak(0xff, gate, id, keccak(init code)), by EIP-1014; the code answers with the rule."""
    terms = [pass_term(collection)] * 16
    id = gate.register(terms)
    selector = function_signature_to_4byte_selector("code_of_rule()")
    maker = b"\x63" + selector + bytes.fromhex("5f525f5f6004601c335afa503d5f5f3e3d5ff3")
    deployed = bytes.fromhex(str(gate.address)[2:])
    store = "0x" + keccak(b"\xff" + deployed + id + keccak(maker))[12:].hex()
    assert boa.env.get_code(store) == READER + packed(terms)
    assert boa.env.raw_call(store, data=b"anything").output == packed(terms)
    assert boa.env.raw_call(gate.address, data=selector).output == b""


def test_every_field_changes_the_id(gate):
    term = Term(Kind.ERC20_BALANCE, True, False, "0x" + "11" * 20, 0, 7)
    other = [
        term._replace(kind=Kind.ERC721_BALANCE),
        term._replace(negated=True),
        term._replace(target="0x" + "22" * 20),
        term._replace(argument=8),
    ]
    rules = [[term], *[[changed] for changed in other], [term, term]]
    rules.append([term, term._replace(opens=False)])
    assert len({gate.rule_id(rule) for rule in rules}) == len(rules)
    assert [gate.rule_id(rule) for rule in rules] == [rule_id(rule) for rule in rules]


ERC20 = Term(Kind.ERC20_BALANCE, True, False, "0x" + "11" * 20, 0, 1)
PASS = Term(Kind.VALID_PASS, True, False, "0x" + "11" * 20)


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ([], "gate: no terms"),
        ([ERC20._replace(opens=False)], "gate: first term opens"),
        ([ERC20._replace(kind=0)], "gate: unknown kind"),
        ([ERC20._replace(kind=3)], "gate: unknown kind"),
        ([ERC20._replace(kind=2**13 - 1)], "gate: unknown kind"),
        ([ERC20, ERC20._replace(target="0x" + "00" * 20)], "gate: target out of range"),
        ([ERC20._replace(target="0x" + "00" * 17 + "010000")], "gate: target out of range"),
        ([ERC20._replace(detail=1)], "gate: unused field set"),
        ([PASS._replace(argument=1)], "gate: unused field set"),
        ([ERC20._replace(argument=0)], "gate: balance of zero"),
    ],
)
def test_rule_without_meaning_reverts(gate, stranger, terms, reason):
    with boa.reverts(reason):
        gate.register(terms)
    with boa.reverts(reason):
        gate.rule_id(terms)
    with boa.reverts(reason):
        gate.evaluate(stranger, terms)


def test_seventeen_terms_revert(gate):
    data = gate.register.prepare_calldata([ERC20] * 16)
    longer = data[: 4 + 32] + (17).to_bytes(32, "big") + data[4 + 64 :] + data[-192:]
    assert boa.env.execute_code(gate.address, data=longer).is_error
    assert not boa.env.execute_code(gate.address, data=data).is_error


def test_unknown_rule_reverts(gate, stranger):
    for call in (gate.check, gate.explain):
        with boa.reverts("gate: unknown rule"):
            call(stranger, UNKNOWN)
    with boa.reverts("gate: unknown rule"):
        gate.rule(UNKNOWN)


# ----- the three kinds, with real tokens -----


def test_zero_account_reverts(gate, collection):
    """A forged signature recovers to zero, where burned tokens lie."""
    zero, terms = "0x" + "00" * 20, [pass_term(collection, negated=True)]
    id = gate.register(terms)
    for question in (gate.check, gate.explain):
        with boa.reverts("gate: zero account"):
            question(zero, id)
    with boa.reverts("gate: zero account"):
        gate.evaluate(zero, terms)


def test_pass_term(gate, collection, buyer, stranger):
    buy(collection, buyer)
    id = gate.register([pass_term(collection)])
    assert gate.check(buyer, id) and not gate.check(stranger, id)
    boa.env.time_travel(seconds=MONTH)
    assert not gate.check(buyer, id)
    assert gate.explain(buyer, id) == [NO]


@pytest.mark.parametrize(("held", "value"), [(0, NO), (4, NO), (5, YES), (6, YES)])
def test_erc20_term(gate, stranger, held, value):
    token = deployer("AccessToken").deploy()
    token.create(stranger, held)
    assert gate.evaluate(stranger, [erc20_term(token, 5)]) == value


def test_erc721_term_counts_expired_passes(gate, collection, buyer):
    buy(collection, buyer)
    buy(collection, buyer)
    boa.env.time_travel(seconds=MONTH)
    assert gate.evaluate(buyer, [erc721_term(collection, 2)]) == YES
    assert gate.evaluate(buyer, [erc721_term(collection, 3)]) == NO
    assert gate.evaluate(buyer, [pass_term(collection)]) == NO


def test_ban_by_negation(gate, collection, token, buyer, stranger):
    """In for those without the token who hold a pass."""
    rule = [pass_term(collection), erc20_term(token, 1, opens=False, negated=True)]
    buy(collection, buyer)
    buy(collection, stranger)
    assert token.balanceOf(buyer) > 0
    assert gate.evaluate(buyer, rule) == NO
    assert gate.evaluate(stranger, rule) == YES


# ----- three values -----

ANSWERS = {NO: answering(0), YES: answering(9), ERROR: REVERTING}


def world(gate, values):
    """One ERC-20 term for each value, in one clause."""
    terms = []
    for number, value in enumerate(values):
        target = boa.env.generate_address(f"target {number}")
        boa.env.set_code(target, ANSWERS[value])
        terms.append(erc20_term(target, 9, opens=number == 0))
    return terms


@pytest.mark.parametrize("left", [NO, YES, ERROR])
@pytest.mark.parametrize("right", [NO, YES, ERROR])
def test_and_or_not(gate, stranger, left, right):
    both = world(gate, [left, right])
    either = [both[0], both[1]._replace(opens=True)]
    if ERROR in (left, right):
        assert gate.evaluate(stranger, both) == ERROR
    else:
        assert gate.evaluate(stranger, both) == (YES if left == right == YES else NO)
    if YES in (left, right):
        assert gate.evaluate(stranger, either) == YES
    else:
        assert gate.evaluate(stranger, either) == (ERROR if ERROR in (left, right) else NO)
    negated = {NO: YES, YES: NO, ERROR: ERROR}
    assert gate.evaluate(stranger, [both[0]._replace(negated=True)]) == negated[left]


def test_explain_gives_each_term_its_value(gate, stranger):
    terms = world(gate, [NO, YES, ERROR, YES])
    terms[3] = terms[3]._replace(negated=True, opens=True)
    id = gate.register(terms)
    assert gate.explain(stranger, id) == [NO, YES, ERROR, NO]
    assert not gate.check(stranger, id)


def test_sixteen_terms(gate, stranger):
    terms = world(gate, [YES] * 16)
    id = gate.register(terms)
    assert gate.rule(id) == terms
    assert gate.check(stranger, id)
    boa.env.set_code(terms[15].target, answering(0))
    assert not gate.check(stranger, id)


# ----- answers that cannot be trusted -----

BAD = {
    "dead": b"",
    "reverts": REVERTING,
    "reverts with an answer": answering(1)[:-1] + b"\xfd",
    "reverts with 64 KiB": BOMBING,
    "burns its gas": BURNING,
    "empty": answering(9, 0),
    "one byte short": answering(9 << 8, 31),
    "one byte long": answering(9, 33),
    "two words": answering(9, 64),
    "64 KiB": answering(9, 2**16),
    "more than its gas pays for": answering(9, 2**24),
}


@pytest.mark.parametrize("negated", [False, True])
@pytest.mark.parametrize("kind", [Kind.VALID_PASS, Kind.ERC20_BALANCE, Kind.ERC721_BALANCE])
@pytest.mark.parametrize("code", BAD.values(), ids=BAD.keys())
def test_bad_answer_is_an_error(gate, target, code, kind, negated):
    least = 0 if kind == Kind.VALID_PASS else 1
    assert says(gate, target, code, Term(kind, True, negated, target, 0, least)) == ERROR


@pytest.mark.parametrize(
    ("word", "value"), [(0, NO), (1, YES), (2, ERROR), (2**255, ERROR), (2**256 - 1, ERROR)]
)
def test_pass_must_answer_a_bool(gate, target, word, value):
    assert says(gate, target, answering(word), pass_term(target)) == value


@pytest.mark.parametrize("least", [1, 2**255, 2**256 - 1])
def test_balances_of_any_size(gate, target, least):
    assert says(gate, target, answering(least), erc20_term(target, least)) == YES
    assert says(gate, target, answering(least - 1), erc20_term(target, least)) == NO
