"""What each kind of term asks, and which terms have a meaning."""

from contextlib import suppress

import boa
import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.support.access import ZERO, Kind, Term, Value, answering
from tests.support.compiled import deployer
from tests.support.gate import REVERT, both, speaking, term, text, weigh, word
from tests.support.names import deploy_names, namehash, reverse_node

NO, YES, ERROR = Value.NO, Value.YES, Value.ERROR
SOMEONE = "0x" + "11" * 20
NODE = namehash("alice.os")


@pytest.fixture(scope="module")
def gate():
    return deployer("Gate").deploy()


@pytest.fixture
def account():
    return boa.env.generate_address("account")


@pytest.fixture
def target():
    return boa.env.generate_address("target")


def says(gate, account, term, answers):
    """The value of a term whose target answers as told."""
    boa.env.set_code(term.target, speaking(answers))
    return gate.evaluate(account, [term])


# ----- the question each asks -----

# kind, detail, argument, and the call that must be made
QUESTIONS = [
    (Kind.VALID_PASS, 0, 0, "valid_holder(address)", ["account"]),
    (Kind.ERC20_BALANCE, 0, 1, "balanceOf(address)", ["account"]),
    (Kind.ERC721_BALANCE, 0, 1, "balanceOf(address)", ["account"]),
    (Kind.ERC1155_BALANCE, 1, 77, "balanceOf(address,uint256)", ["account", 77]),
    (Kind.LISTED, 0, 88, "contains(bytes32,address)", [word(88), "account"]),
    (Kind.CONDITION, 0, 99, "allows(address,bytes32)", ["account", word(99)]),
]


@pytest.mark.parametrize(("kind", "detail", "argument", "signature", "values"), QUESTIONS)
def test_question_is_asked_with_these_arguments(
    gate, account, target, kind, detail, argument, signature, values
):
    """A target that answers 1 to exactly this call and 0 to any other."""
    types = signature[signature.index("(") + 1 : -1].split(",")
    values = [account if value == "account" else value for value in values]
    data = keccak(text=signature)[:4] + encode(types, values)
    size = len(data)
    # return keccak256(calldata) == keccak256(data)
    code = b"\x36\x5f\x5f\x37\x36\x5f\x20\x7f" + keccak(data) + bytes.fromhex("145f5260205ff3")
    boa.env.set_code(target, code)
    assert size in (36, 68)
    asked = term(kind, target, detail, argument)
    assert gate.evaluate(account, [asked]) == YES
    assert gate.evaluate(boa.env.generate_address(), [asked]) == NO


@pytest.mark.parametrize("kind", [Kind.VALID_PASS, Kind.ERC20_BALANCE, Kind.LISTED])
def test_question_gets_its_gas(gate, account, target, kind):
    """The target says 1 if it has 100,000, less the 2 of looking, and 0 if not."""
    boa.env.set_code(target, bytes.fromhex(f"5a62{100_000 - 2:06x}145f5260205ff3"))
    argument = 0 if kind == Kind.VALID_PASS else 1
    assert gate.evaluate(account, [term(kind, target, 0, argument)]) == YES


def test_erc1155_balance(gate, account, target):
    asked = term(Kind.ERC1155_BALANCE, target, 5, 3)
    for held, value in [(0, NO), (4, NO), (5, YES), (2**256 - 1, YES)]:
        assert says(gate, account, asked, {"balanceOf(address,uint256)": word(held)}) == value


def test_erc721_owner(gate, account, target):
    asked = term(Kind.ERC721_OWNER, target, 0, 7)
    owner = {"ownerOf(uint256)": word(int(account, 16))}
    assert says(gate, account, asked, owner) == YES
    assert says(gate, boa.env.generate_address(), asked, owner) == NO
    dirty = {"ownerOf(uint256)": word(int(account, 16) | 1 << 160)}
    assert says(gate, account, asked, dirty) == ERROR
    assert says(gate, account, asked, {"ownerOf(uint256)": REVERT}) == ERROR
    last = {"ownerOf(uint256)": word(2**160 - 1)}
    assert says(gate, "0x" + "ff" * 20, asked, last) == YES


def test_name_owner(gate, account, target):
    mine = {"owner(bytes32)": word(int(account, 16)), "epoch(bytes32)": word(9)}
    whoever = term(Kind.NAME_OWNER, target, 0, NODE)
    assert says(gate, account, whoever, mine) == YES
    assert says(gate, account, whoever, {**mine, "epoch(bytes32)": REVERT}) == YES
    for epoch, value in [(8, NO), (9, YES), (10, NO)]:
        assert says(gate, account, term(Kind.NAME_OWNER, target, epoch, NODE), mine) == value
    asked = term(Kind.NAME_OWNER, target, 9, NODE)
    assert says(gate, account, asked, {**mine, "epoch(bytes32)": REVERT}) == ERROR
    assert says(gate, account, asked, {**mine, "owner(bytes32)": word(0)}) == NO
    assert says(gate, account, asked, {**mine, "owner(bytes32)": REVERT}) == ERROR


def test_past_votes(gate, account, target):
    asked = term(Kind.PAST_VOTES, target, 60, 100)
    votes = "getPastVotes(address,uint256)"
    for clock, held, value in [
        (60, 100, YES),
        (61, 99, NO),
        (2**48 - 1, 2**256 - 1, YES),
        (59, 100, ERROR),  # before the clock's beginning
        (2**48, 100, ERROR),  # no ERC-6372 clock
    ]:
        answers = {"clock()": word(clock), votes: word(held)}
        assert says(gate, account, asked, answers) == value
    assert says(gate, account, asked, {"clock()": REVERT, votes: word(100)}) == ERROR
    assert says(gate, account, asked, {"clock()": word(99), votes: REVERT}) == ERROR


def test_past_votes_are_asked_at_the_lag(gate, account):
    arguments = (account, "Votes", "V", 100, [account], [100])
    token = deployer("VotesToken").deploy(*arguments)
    boa.env.time_travel(seconds=100)
    token.delegate(account, sender=account)
    start = boa.env.timestamp
    boa.env.time_travel(seconds=10)
    for lag, value in [(9, YES), (10, YES), (11, NO)]:
        assert boa.env.timestamp == start + 10
        assert gate.evaluate(account, [term(Kind.PAST_VOTES, token, lag, 100)]) == value


def test_time_window(gate, account):
    now = boa.env.timestamp
    for start, end, value in [
        (0, now, NO),
        (0, now + 1, YES),
        (now, now + 1, YES),
        (now, 2**256 - 1, YES),
        (now + 1, now + 2, NO),
        (2**72 - 1, 2**72, NO),
    ]:
        assert gate.evaluate(account, [term(Kind.TIME_WINDOW, ZERO, start, end)]) == value


@pytest.mark.parametrize("kind", [Kind.LISTED, Kind.CONDITION])
@pytest.mark.parametrize(("answer", "value"), [(0, NO), (1, YES), (2, ERROR), (2**255, ERROR)])
def test_yes_or_no_is_a_bool(gate, account, target, kind, answer, value):
    boa.env.set_code(target, answering(answer))
    assert gate.evaluate(account, [term(kind, target, 0, 5)]) == value


# ----- primary names -----

PARENT = namehash("studio.os")
MINE = object()  # the account itself


@pytest.fixture
def resolver():
    return boa.env.generate_address("resolver")


@pytest.fixture
def named(gate, account, target, resolver):
    """The value of PRIMARY_NAME below studio.os, or another node, in a world of answers."""

    def value(name=b"", addr=MINE, found=resolver, parent=PARENT):
        name = text(name) if isinstance(name, str) else name
        owner = word(int(account, 16)) if addr is MINE else addr
        found = word(int(found, 16)) if isinstance(found, str) else found
        boa.env.set_code(resolver, speaking({"name(bytes32)": name, "addr(bytes32)": owner}))
        asked = term(Kind.PRIMARY_NAME, target, 0, parent)
        return says(gate, account, asked, {"resolver(bytes32)": found})

    return value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("alice.studio.os", YES),
        ("a.b.c.studio.os", YES),
        ("x" * 245 + ".studio.os", YES),
        ("studio.os", NO),  # the parent itself
        ("os", NO),
        ("alice.studio.com", NO),
        ("alice.os", NO),
        ("", NO),
        (".", NO),
        (".studio.os", NO),
        ("alice..studio.os", NO),
        ("alice.studio.os.", NO),
        ("alice.studio..os", NO),
        ("alice.Studio.os", NO),
        ("studio.os.evil.com", NO),
        ("alice\0.studio.os", YES),  # another label, and it resolves to the account
    ],
)
def test_primary_name(named, name, value):
    assert named(name) == value


def test_primary_name_is_asked_with_its_gas(named, resolver):
    """A resolver that hands on to another what comes with 100,000 gas, and reverts for the rest."""
    asker = boa.env.generate_address("asker")
    hand_on = f"365f5f375f5f365f73{resolver[2:]}5afa503d5f5f3e3d5ff3"
    boa.env.set_code(asker, bytes.fromhex(f"5a62{100_000 - 2:06x}14600c575f5ffd5b{hand_on}"))
    assert named("alice.studio.os", found=asker) == YES


def test_name_that_is_told_by_a_failure_is_no_name(named, resolver):
    """A resolver that reverts with a name, and answers everything else."""
    asker = boa.env.generate_address("asker")
    hand_on = f"365f5f375f5f365f73{resolver[2:]}5afa503d5f5f3e"
    fail = "5f3560e01c63691f3431146035573d5ff35b3d5ffd"  # where name(bytes32) was asked
    boa.env.set_code(asker, bytes.fromhex(hand_on + fail))
    assert named("alice.studio.os") == YES
    assert named("alice.studio.os", found=asker) == ERROR


def test_primary_name_below_the_root_is_any(named):
    assert named("alice.com", parent=bytes(32)) == YES
    assert named("com", parent=bytes(32)) == YES
    assert named("", parent=bytes(32)) == NO


def test_primary_name_must_resolve_back(named):
    assert named("alice.studio.os", addr=word(int(SOMEONE, 16))) == NO
    assert named("alice.studio.os", addr=word(0)) == NO
    assert named("alice.studio.os", addr=REVERT) == ERROR
    assert named("alice.studio.os", addr=b"") == ERROR


def test_no_primary_name(named):
    assert named("alice.studio.os", found=ZERO) == NO
    assert named("alice.studio.os", found=REVERT) == ERROR
    assert named("alice.studio.os", found=SOMEONE) == ERROR  # there is no contract
    assert named(REVERT) == ERROR
    assert named(text("")[:-1]) == ERROR  # no whole size


def test_registry_that_fails_for_the_name_itself(gate, account, target, resolver):
    """It knows the resolver of the account's reverse node, and reverts for every other."""
    boa.env.set_code(resolver, speaking({"name(bytes32)": text("alice.studio.os")}))
    code = f"6004357f{reverse_node(account).hex()}141560445773{resolver[2:]}5f5260205ff35b5f5ffd"
    boa.env.set_code(target, bytes.fromhex(code))
    assert gate.evaluate(account, [term(Kind.PRIMARY_NAME, target, 0, PARENT)]) == ERROR


def test_starved_question_for_a_name_reverts(gate, account, named, target):
    """Whatever the gas, the answer is right or there is none."""
    assert named("alice.studio.os") == YES
    asked = term(Kind.PRIMARY_NAME, target, 0, PARENT)
    refused, answers = set(), set()
    for gas in range(100_000, 160_000, 1_000):
        try:
            answers.add(gate.evaluate(account, [asked], gas=gas))
        except boa.BoaError as error:
            refused.add("gate: too little gas" in str(error))
    assert (refused, answers) == ({True}, {YES})


def test_name_that_is_told_for_enough_gas_only(gate, account, named, target, resolver):
    """It says nothing where the registry has used the gas, which is no answer either."""
    hand_on = "365f5f375f5f365f73{}5afa503d5f5f3e3d5ff3"
    choosy, dear = boa.env.generate_address("choosy"), boa.env.generate_address("dear")
    boa.env.set_code(
        choosy,
        bytes.fromhex(f"5a62{100_000 - 2:06x}14600c575f5ffd5b" + hand_on.format(resolver[2:])),
    )
    burn = "5f6202710052"  # touch memory at 160,000 (about 64,000 gas)
    boa.env.set_code(dear, bytes.fromhex(burn + hand_on.format(target[2:])))
    assert named("alice.studio.os", found=choosy) == YES
    asked = term(Kind.PRIMARY_NAME, dear, 0, PARENT)
    answers = set()
    for gas in range(110_000, 400_000, 5_000):
        with suppress(boa.BoaError):
            answers.add(gate.evaluate(account, [asked], gas=gas))
    assert answers == {YES}


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        word(32),
        word(64) + word(0) + word(15) + b"alice.studio.os".ljust(32, b"\0"),
        word(64) + word(15) + b"alice.studio.os".ljust(32, b"\0"),
        word(32) + word(16) + b"alice.studio.os",
        word(32) + word(33) + b"alice.studio.os".ljust(32, b"\0"),
        word(32) + word(2**256 - 1) + b"alice.studio.os".ljust(32, b"\0"),
        text("alice.studio.os") + bytes(32),
        text("x" * 246 + ".studio.os"),
        text("x" * 1000),
    ],
)
def test_primary_name_in_another_form_is_an_error(named, answer):
    assert named(answer) == ERROR


def test_primary_name_on_our_own_registry(gate):
    world = deploy_names()
    alice = boa.env.generate_address("alice")
    boa.env.set_balance(alice, 10**20)
    node = world.register("alice", alice)
    below = term(Kind.PRIMARY_NAME, world.names, 0, namehash("os"))
    exact = term(Kind.PRIMARY_NAME, world.names, 0, node)
    assert gate.evaluate(alice, [below]) == NO
    world.reverse.setName("alice.os", sender=alice)
    assert world.reverse.node(alice) == reverse_node(alice)
    assert gate.evaluate(alice, [below]) == YES
    assert gate.evaluate(alice, [exact]) == NO
    world.reverse.setName("nobody.os", sender=alice)  # which nobody registered
    assert gate.evaluate(alice, [below]) == NO
    world.reverse.setName("alice.os", sender=alice)
    owner = term(Kind.NAME_OWNER, world.names, world.names.epoch(node), node)
    assert gate.evaluate(alice, [owner]) == YES
    world.resolver.clearRecords(node, sender=alice)
    assert gate.evaluate(alice, [owner]) == NO
    mallory = boa.env.generate_address("mallory")
    world.reverse.setName("alice.os", sender=mallory)
    assert gate.evaluate(mallory, [below]) == NO
    world.reverse.setName("nobody.os", sender=mallory)  # which has no resolver
    assert gate.evaluate(mallory, [below]) == NO


# ----- which terms have a meaning -----


def valid(kind):
    """A term of the kind that has a meaning."""
    target = ZERO if kind in (Kind.ALLOW_LIST, Kind.TIME_WINDOW, Kind.RULE) else SOMEONE
    detail = 1 if kind in (Kind.ERC1155_BALANCE, Kind.PAST_VOTES) else 0
    return term(kind, target, detail, 0 if kind == Kind.VALID_PASS else 1)


KINDS = [kind for kind in Kind if kind != Kind.RULE]  # rules: test_gate_nesting.py


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_valid_term(gate, kind):
    asked = valid(kind)
    id = gate.register([asked])
    assert gate.rule(id) == [asked]


LARGEST = [
    (Kind.NAME_OWNER, {"detail": 2**32 - 1}),
    (Kind.PAST_VOTES, {"detail": 2**48 - 1}),
    (Kind.TIME_WINDOW, {"detail": 2**72 - 1, "argument": 2**72}),
    (Kind.ERC1155_BALANCE, {"detail": 2**72 - 1, "argument": 2**256 - 1}),
    (Kind.ERC20_BALANCE, {"target": "0x" + "00" * 17 + "010001"}),
    (Kind.ERC20_BALANCE, {"target": "0x" + "Ff" * 20, "argument": 2**256 - 1}),
]


@pytest.mark.parametrize(("kind", "change"), LARGEST)
@pytest.mark.parametrize("opens", [False, True])
def test_fields_at_their_bounds_are_kept(gate, kind, change, opens):
    """The smallest and the largest; none reaches into another."""
    asked = valid(kind)._replace(**change, opens=opens, negated=not opens)
    terms = [valid(Kind.CONDITION), asked]
    seen = gate.rule(gate.register(terms))
    assert [tuple(each)[:3] for each in seen] == [tuple(each)[:3] for each in terms]
    assert (seen[1].target.lower(), *seen[1][4:]) == (asked.target.lower(), *asked[4:])


MEANINGLESS = [
    *[
        (kind, {"target": ZERO}, "gate: target out of range")
        for kind in KINDS
        if valid(kind).target != ZERO
    ],
    (Kind.ALLOW_LIST, {"target": SOMEONE}, "gate: unused field set"),
    (Kind.TIME_WINDOW, {"target": SOMEONE}, "gate: unused field set"),
    *[
        (kind, {"detail": 1}, "gate: unused field set")
        for kind in (
            Kind.VALID_PASS,
            Kind.ERC20_BALANCE,
            Kind.ERC721_BALANCE,
            Kind.ERC721_OWNER,
            Kind.PRIMARY_NAME,
            Kind.LISTED,
            Kind.ALLOW_LIST,
            Kind.CONDITION,
        )
    ],
    (Kind.VALID_PASS, {"argument": 1}, "gate: unused field set"),
    (Kind.ERC20_BALANCE, {"argument": 0}, "gate: balance of zero"),
    (Kind.ERC721_BALANCE, {"argument": 0}, "gate: balance of zero"),
    (Kind.PAST_VOTES, {"argument": 0}, "gate: balance of zero"),
    (Kind.ERC1155_BALANCE, {"detail": 0}, "gate: balance of zero"),
    (Kind.NAME_OWNER, {"detail": 2**32}, "gate: epoch out of range"),
    (Kind.PAST_VOTES, {"detail": 0}, "gate: lag out of range"),
    (Kind.PAST_VOTES, {"detail": 2**48}, "gate: lag out of range"),
    (Kind.TIME_WINDOW, {"detail": 1}, "gate: empty window"),
    (Kind.TIME_WINDOW, {"detail": 2}, "gate: empty window"),
    (Kind.ALLOW_LIST, {"argument": 0}, "gate: zero root"),
    (Kind.ALLOW_LIST, {"negated": True}, "gate: negated allow-list"),
]


@pytest.mark.parametrize(("kind", "change", "reason"), MEANINGLESS)
def test_term_without_meaning_reverts(gate, account, kind, change, reason):
    terms = both(valid(Kind.ERC20_BALANCE), valid(kind)._replace(**change))
    for refuse in (gate.register, gate.rule_id):
        with boa.reverts(reason):
            refuse(terms)
    with boa.reverts(reason):
        gate.evaluate(account, terms)


@pytest.mark.parametrize("kind", KINDS)
def test_details_never_reach_into_other_fields(gate, kind):
    asked = valid(kind)._replace(detail=2**72)
    with boa.reverts("gate: detail out of range"):
        gate.register([asked])


def test_kinds_of_the_future_revert(gate):
    with boa.reverts():  # the ABI decoder knows thirteen
        gate.register([Term(2 * max(Kind), True, False, SOMEONE, 0, 1)])


@pytest.mark.parametrize(
    ("kind", "most"),
    [(Kind.ERC20_BALANCE, 16), (Kind.CONDITION, 10), (Kind.PRIMARY_NAME, 16)],
)
def test_weight_of_one_rule(gate, kind, most):
    terms = both(*[valid(kind)] * most)
    assert weigh(terms, {}).is_light
    gate.rule_id(terms)
    if most < 16:
        with boa.reverts("gate: too many conditions"):
            gate.rule_id(both(*[valid(kind)] * (most + 1)))
