"""Gates, lists and media records with one check taken out: a story must notice each."""

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import boa
import pytest
from eth_utils import keccak

from tests.support import faults as planting
from tests.support.access import ZERO, Kind, Value, answering
from tests.support.compiled import ROOT, deployer
from tests.support.faults import CAUGHT, Edit, refused
from tests.support.gate import REVERT, AllowList, both, either, speaking, term, text, word
from tests.support.names import YEAR, deploy_names, namehash

NO, YES, ERROR = Value.NO, Value.YES, Value.ERROR
ALICE, MALLORY, TARGET = ("0x" + digits * 20 for digits in ("a1", "bb", "c3"))
ALWAYS = term(Kind.TIME_WINDOW, ZERO, 0, 2**256 - 1)


# ----- stories -----


def value(gate: Any, terms: list, proofs: list = (), account: str = ALICE) -> int:
    return gate.evaluate(account, terms, list(proofs))


def balances(gate: Any) -> None:
    asked = term(Kind.ERC20_BALANCE, TARGET, 0, 5)
    for held, expected in [(4, NO), (5, YES), (6, YES)]:
        boa.env.set_code(TARGET, answering(held))
        assert value(gate, [asked]) == expected
    for bad in (b"", answering(9, 31), answering(9, 33), bytes.fromhex("5f5ffd")):
        boa.env.set_code(TARGET, bad)
        assert value(gate, [asked]) == ERROR
        assert value(gate, [asked._replace(negated=True)]) == ERROR
    boa.env.set_code(TARGET, answering(2))
    for kind in (Kind.VALID_PASS, Kind.LISTED, Kind.CONDITION):
        assert value(gate, [term(kind, TARGET)]) == ERROR
    boa.env.set_code(TARGET, answering(5))
    assert value(gate, [term(Kind.ERC1155_BALANCE, TARGET, 5, 9)]) == YES
    assert value(gate, [term(Kind.ERC1155_BALANCE, TARGET, 6, 4)]) == NO


def three_values(gate: Any) -> None:
    boa.env.set_code(TARGET, b"")
    dead, never = term(Kind.CONDITION, TARGET), ALWAYS._replace(negated=True)
    assert value(gate, [never]) == NO
    assert value(gate, both(ALWAYS, never)) == NO
    assert value(gate, both(never, dead)) == ERROR
    assert value(gate, both(ALWAYS, dead)) == ERROR
    assert value(gate, either(never, ALWAYS)) == YES
    assert value(gate, either(ALWAYS, never)) == YES
    assert value(gate, either(never, dead, never)) == ERROR
    id = gate.register(either(never, dead))
    assert not gate.check(ALICE, id)
    assert gate.explain(ALICE, id) == [NO, ERROR]
    id = gate.register([dead._replace(negated=True)])
    assert gate.explain(ALICE, id) == [ERROR]


def owners(gate: Any) -> None:
    asked = term(Kind.ERC721_OWNER, TARGET, 0, 7)
    for owner, expected in [(int(ALICE, 16), YES), (5, NO), (int(ALICE, 16) | 1 << 160, ERROR)]:
        boa.env.set_code(TARGET, speaking({"ownerOf(uint256)": word(owner)}))
        assert value(gate, [asked]) == expected
    name = {"owner(bytes32)": word(int(ALICE, 16)), "epoch(bytes32)": word(9)}
    boa.env.set_code(TARGET, speaking(name))
    epochs = [value(gate, [term(Kind.NAME_OWNER, TARGET, epoch, 1)]) for epoch in (0, 8, 9)]
    assert epochs == [YES, NO, YES]
    boa.env.set_code(TARGET, speaking({**name, "epoch(bytes32)": REVERT}))
    assert value(gate, [term(Kind.NAME_OWNER, TARGET, 9, 1)]) == ERROR


def votes(gate: Any) -> None:
    asked = term(Kind.PAST_VOTES, TARGET, 60, 100)
    cases = [(60, 100, YES), (60, 99, NO), (59, 100, ERROR), (2**48, 9, ERROR)]
    for clock, held, expected in cases:
        answers = {"clock()": word(clock), "getPastVotes(address,uint256)": word(held)}
        boa.env.set_code(TARGET, speaking(answers))
        assert value(gate, [asked]) == expected
    refused("gate: lag out of range", gate.rule_id, [asked._replace(detail=0)])


def windows(gate: Any) -> None:
    now = boa.env.timestamp
    for start, end, expected in [(now, now + 1, YES), (now + 1, now + 2, NO), (0, now, NO)]:
        assert value(gate, [term(Kind.TIME_WINDOW, ZERO, start, end)]) == expected


def primary_names(gate: Any) -> None:
    asked = term(Kind.PRIMARY_NAME, TARGET, 0, namehash("studio.os"))

    def named(name: bytes, addr: int = int(ALICE, 16), resolver: int = int(TARGET, 16)) -> int:
        answers = {"resolver(bytes32)": word(resolver), "name(bytes32)": name}
        boa.env.set_code(TARGET, speaking({**answers, "addr(bytes32)": word(addr)}))
        return value(gate, [asked])

    assert named(text("alice.studio.os")) == YES
    assert named(text("alice.studio.os"), addr=5) == NO
    assert named(text("alice.studio.os"), resolver=0) == NO
    for name in ("studio.os", "alice.os", "", "alice..studio.os", ".studio.os", "x.studio.os."):
        assert named(text(name)) == NO
    misplaced = word(64) + text("alice.studio.os")[32:]
    for bad in (word(32), misplaced, text("a" * 256), text("a" * 300), bytes(400)):
        assert named(bad) == ERROR
    assert named(text("alice.studio.os") + bytes(32)) == ERROR


def allow_lists(gate: Any) -> None:
    allowed = AllowList([ALICE, TARGET])
    asked = term(Kind.ALLOW_LIST, ZERO, 0, allowed.root)
    proof = allowed.proof(ALICE)
    assert value(gate, [asked], [proof]) == YES
    assert value(gate, [asked]) == ERROR
    assert value(gate, [asked], [proof], MALLORY) == ERROR
    refused("gate: negated allow-list", gate.rule_id, [asked._replace(negated=True)])
    refused("gate: zero root", gate.rule_id, [asked._replace(argument=0)])
    id = gate.register([asked])
    refused("gate: not the gate", gate.value_of, MALLORY, id, [allowed.root], sender=MALLORY)
    nested = [term(Kind.RULE, ZERO, 0, id)]
    assert value(gate, nested, [proof]) == YES
    assert value(gate, nested) == ERROR


def nesting(gate: Any) -> None:
    ids = [gate.register([ALWAYS])]
    for _ in range(2):
        ids.append(gate.register([term(Kind.RULE, ZERO, 0, ids[-1])]))
    assert gate.check(ALICE, ids[-1])
    refused("gate: nested too deeply", gate.rule_id, [term(Kind.RULE, ZERO, 0, ids[-1])])
    refused("gate: unknown rule", gate.rule_id, [term(Kind.RULE, ZERO, 0, keccak(b"unknown"))])
    names = gate.register(both(*[term(Kind.PRIMARY_NAME, TARGET)] * 16))
    gate.rule_id([term(Kind.RULE, ZERO, 0, names)])
    refused("gate: too many questions", gate.rule_id, both(term(Kind.RULE, ZERO, 0, names), ALWAYS))
    past = gate.register(both(*[term(Kind.PAST_VOTES, TARGET, 1, 1)] * 16))
    refused("gate: too many questions", gate.rule_id, both(*[term(Kind.RULE, ZERO, 0, past)] * 3))
    conditions = gate.register(both(*[term(Kind.CONDITION, TARGET)] * 10))
    refused(
        "gate: too many conditions",
        gate.rule_id,
        both(term(Kind.RULE, ZERO, 0, conditions), term(Kind.CONDITION, TARGET)),
    )


def meaningless(gate: Any) -> None:
    bad = [
        ("gate: target out of range", term(Kind.ERC20_BALANCE, ZERO, 0, 1)),
        ("gate: target out of range", term(Kind.ERC20_BALANCE, f"0x{2**16:040x}", 0, 1)),
        ("gate: balance of zero", term(Kind.ERC20_BALANCE, TARGET, 0, 0)),
        ("gate: unused field set", term(Kind.ERC20_BALANCE, TARGET, 1, 1)),
        ("gate: unused field set", term(Kind.VALID_PASS, TARGET, 0, 1)),
        ("gate: balance of zero", term(Kind.ERC1155_BALANCE, TARGET, 0, 1)),
        ("gate: detail out of range", term(Kind.ERC1155_BALANCE, TARGET, 2**72, 1)),
        ("gate: epoch out of range", term(Kind.NAME_OWNER, TARGET, 2**32, 1)),
        ("gate: lag out of range", term(Kind.PAST_VOTES, TARGET, 2**48, 1)),
        ("gate: empty window", term(Kind.TIME_WINDOW, ZERO, 5, 5)),
        ("gate: unused field set", term(Kind.TIME_WINDOW, TARGET, 0, 5)),
        ("gate: unknown kind", term(Kind.VALID_PASS | Kind.ERC20_BALANCE, TARGET)),
        ("gate: unknown kind", term(Kind(0), TARGET)),
        ("gate: first term opens", ALWAYS._replace(opens=False)),
    ]
    for reason, each in bad:
        refused(reason, gate.rule_id, [each])
    refused("gate: no terms", gate.rule_id, [])
    refused("gate: unknown rule", gate.check, ALICE, keccak(b"unknown"))
    id = gate.register([ALWAYS])
    for ask in (gate.check, gate.explain):
        refused("gate: zero account", ask, ZERO, id)
    refused("gate: zero account", gate.evaluate, ZERO, [ALWAYS])
    refused("gate: zero account", gate.check_with, ZERO, id, [])


def starving(gate: Any) -> None:
    """A token that needs 90,000 gas, asked with any amount."""
    boa.env.set_code(TARGET, bytes.fromhex("610bb85b600190038060035760015f5260205ff3"))
    id = gate.register([term(Kind.ERC20_BALANCE, TARGET, 0, 1, negated=True)])
    for gas in range(40_000, 160_000, 8_000):
        try:
            assert gate.explain(ALICE, id, [], gas=gas)[0] != ERROR
        except boa.BoaError:
            continue


def slow(answer: bytes) -> bytes:
    """Touches memory at 200,000, which costs 95,000 gas, and answers."""
    size = b"\x60" + bytes([len(answer)])
    touch, copy = bytes.fromhex("5f62030d4052"), size + b"\x60\x10\x5f\x39"
    return touch + copy + size + b"\x5f\xf3" + answer


def starving_names(gate: Any) -> None:
    """A registry and a resolver that need most of their gas: the second meets what is left."""
    boa.env.set_code(TARGET, slow(word(int(MALLORY, 16))))
    boa.env.set_code(MALLORY, slow(text("bob.os")))
    parent = namehash("studio.os")
    id = gate.register([term(Kind.PRIMARY_NAME, TARGET, 0, parent, negated=True)])
    assert gate.explain(ALICE, id) == [YES]
    for gas in range(180_000, 240_000, 4_000):
        try:
            assert gate.explain(ALICE, id, [], gas=gas)[0] != ERROR
        except boa.BoaError:
            continue


def lists(made: Any) -> None:
    owner, other = ALICE, MALLORY
    refused("list: zero owner", made.create, bytes(32), ZERO, sender=owner)
    id = made.create(bytes(32), owner, sender=owner)
    refused("list: exists", made.create, bytes(32), other, sender=owner)
    refused("list: not owner", made.add, id, [TARGET], sender=other)
    refused("list: unknown list", made.contains, keccak(b"unknown"), TARGET)
    assert made.add(id, [TARGET, TARGET], sender=owner) == 1 == made.size(id)
    assert made.contains(id, TARGET) and not made.contains(id, other)
    refused("list: not owner", made.transfer_ownership, id, other, sender=other)
    made.transfer_ownership(id, other, sender=owner)
    assert made.owner(id) == boa.util.abi.Address(owner)
    refused("list: not offered", made.accept_ownership, id, sender=TARGET)
    made.accept_ownership(id, sender=other)
    assert made.size(id) == 1 and made.pending_owner(id) == ZERO
    refused("list: not offered", made.accept_ownership, id, sender=ZERO)
    assert made.remove(id, [TARGET, TARGET, owner], sender=other) == 1
    assert made.size(id) == 0 and not made.contains(id, TARGET)


CID = bytes.fromhex("01701220") + keccak(b"a file")


def media(made: Any) -> None:
    names = made.names()
    world = WORLDS[str(names)]
    node = world.register("alice", ALICE)
    with boa.reverts("media: names has no code"):
        deployer("Media").deploy(TARGET)
    slot, rule = keccak(b"song"), keccak(b"rule")
    entry = (node, slot, CID, rule)
    refused("media: not authorised", made.publish, *entry, sender=MALLORY)
    refused("media: zero rule", made.publish, node, slot, CID, bytes(32), sender=ALICE)
    bad = [
        ("media: not a CIDv1", b""),
        ("media: not a CIDv1", b"\x02" + CID[1:]),
        ("media: not sha2-256", CID[:2] + b"\x13\x20" + CID[4:]),
        ("media: unknown codec", b"\x01\x80" + CID[2:]),
        ("media: unknown codec", b"\x01\x00" + CID[2:]),
    ]
    for reason, cid in bad:
        refused(reason, made.publish, node, slot, cid, rule, sender=ALICE)
    refused("media: nothing there", made.withdraw, node, slot, sender=ALICE)
    assert made.publish(*entry, sender=ALICE) == 1
    now = boa.env.timestamp
    refused("media: not authorised", made.set_delegate, node, MALLORY, now + 9, sender=MALLORY)
    refused("media: time out of range", made.set_delegate, node, MALLORY, 2**40, sender=ALICE)
    made.set_delegate(node, MALLORY, now + 9, sender=ALICE)
    assert made.publish(*entry, sender=MALLORY) == 2
    refused("media: not authorised", made.set_delegate, node, MALLORY, now + 99, sender=MALLORY)
    boa.env.time_travel(seconds=9)
    refused("media: not authorised", made.publish, *entry, sender=MALLORY)
    assert [it[0] for it in made.history(node, slot, 1, 9)] == [1, 2]
    refused("media: unknown version", made.entry, node, slot, 3)
    refused("media: unknown version", made.entry, node, slot, 0)
    made.set_delegate(node, TARGET, 2**40 - 1, sender=ALICE)
    made.withdraw(node, slot, sender=ALICE)
    assert made.current(node, slot)[0] == 0
    made.publish(*entry, sender=ALICE)
    assert made.current(node, slot)[1] == CID
    with boa.env.anchor():
        boa.env.time_travel(seconds=YEAR)
        assert made.current(node, slot)[0] == 0
        assert not made.is_authorised(node, TARGET)
        refused("media: not live", made.publish, *entry, sender=TARGET)
        refused("media: not live", made.publish, *entry, sender=ZERO)
        refused("media: not live", made.set_delegate, node, TARGET, 5, sender=ZERO)
    with boa.env.anchor():
        world.names.migrate(node, MALLORY, sender=ALICE)
        assert made.current(node, slot)[1] == CID
        refused("media: not authorised", made.publish, *entry, sender=TARGET)
    world.names.transferFrom(ALICE, MALLORY, int.from_bytes(node, "big"), sender=ALICE)
    assert made.current(node, slot)[0] == 0
    refused("media: not authorised", made.publish, *entry, sender=TARGET)
    refused("media: nothing there", made.withdraw, node, slot, sender=MALLORY)


# ----- what is broken -----


class Fault(NamedTuple):
    name: str
    story: Callable
    edits: list[Edit]


def fault(name: str, path: str, story: Callable, *edits: tuple[str, ...]) -> Fault:
    """Each edit: a text, what stands there instead, and what is before it if there are more."""
    return Fault(name, story, [Edit(path, *edit) for edit in edits])


def checks(path: str, story: Callable) -> list[Fault]:
    """One fault for each one-line check of a source: it is taken out."""
    source = (ROOT / "contracts" / path).read_text()
    found, function = [], ""
    for line in source.splitlines(keepends=True):
        function = line.strip() if line.startswith("def ") else function
        if line.lstrip().startswith("assert ") and '", "' not in line:
            near = () if source.count(line) == 1 else (function,)
            found.append(fault(f"no {line.strip()}", path, story, (line, "", *near)))
    return found


GATE, TERMS = "access/Gate.vy", "lib/gate_terms.vy"
QUESTIONS, PRIMARY = "lib/questions.vy", "lib/primary_names.vy"
LIST, MEDIA = "access/List.vy", "access/Media.vy"
TURNS = "head & NEGATED != 0 and value != IGate.Value.ERROR"
LEAF = "keccak256(keccak256(abi_encode(account)))"
ONE_WORD = "    if not success or len(answer) != 32:\n        return False, 0\n"
USUAL_FORM = "extract32(answer, 0, output_type=uint256) != 32 or size > MAX_TEXT"
DELEGATED = "block.timestamp < self._delegates[node][self._term(node, epoch)][account]"
NO_RESOLVER = "    if not good or resolver == empty(address):\n        return good, False\n"
IN_LIST = "        if convert(argument, bytes32) in proven:\n            value = IGate.Value.YES\n"
NESTED = (
    "        value = staticcall IGate(self).value_of(account, convert(argument, bytes32), {})\n"
)

# The story by which each check is missed; `meaningless` for the others.
STORY_OF = {
    "depth <= MAX_DEPTH": "nesting",
    "questions <= MAX_QUESTIONS": "nesting",
    "conditions <= MAX_CONDITIONS": "nesting",
    "msg.sender == self": "allow_lists",
    "term.detail != 0 and": "votes",
    "not term.negated": "allow_lists",
    '"gate: zero root"': "allow_lists",
}


def by_line(path: str) -> list[Fault]:
    return [
        it._replace(story=globals()[story])
        for it in checks(path, meaningless)
        for story in [next((s for text, s in STORY_OF.items() if text in it.name), "meaningless")]
        # shown by tests/unit/access/test_attacks.py::test_starved_registration_cannot_spoil_an_id
        if "store.codesize" not in it.name
    ]


FAULTS = [
    *by_line(GATE),
    *by_line(TERMS),
    *checks(LIST, lists),
    *checks(MEDIA, media),
    fault("no proof is no", GATE, allow_lists,
          (IN_LIST, f"        value = IGate.Value.NO\n{IN_LIST}")),
    fault("leaf of another", GATE, allow_lists,
          (LEAF, "keccak256(keccak256(abi_encode(empty(address))))")),
    fault("leaf hashed once", GATE, allow_lists, (LEAF, "keccak256(abi_encode(account))")),
    fault("proofs stop at the first rule", GATE, allow_lists,
          (NESTED.format("proven"), NESTED.format("[]"))),
    fault("nothing is negated", GATE, three_values, (TURNS, "False")),
    fault("an error is negated", GATE, three_values, (TURNS, "head & NEGATED != 0")),
    fault("clauses are forgotten", GATE, three_values, ("            before |= clause\n", "")),
    fault("one clause", GATE, three_values, ("i != 0 and head & OPENS != 0", "False")),
    fault("any yes", GATE, three_values,
          ("    if clause == IGate.Value.YES:\n        return IGate.Value.YES\n",
           "    if IGate.Value.YES in clause:\n        return IGate.Value.YES\n")),
    fault("errors are no", GATE, three_values,
          ("IGate.Value.ERROR in (before | clause)", "False")),
    fault("weight of nested questions", GATE, nesting,
          ("            questions += (nested >> AT_QUESTIONS) & MASK_8\n", "")),
    fault("weight of nested conditions", GATE, nesting,
          ("            conditions += nested >> AT_CONDITIONS\n", "")),
    fault("depth of nested", GATE, nesting,
          ("            depth = max(depth, (nested & MASK_8) + 1)\n", "")),
    fault("names weigh one", TERMS, nesting, ("        return 4\n", "        return 1\n")),
    fault("votes weigh one", TERMS, nesting, ("        return 2\n", "        return 1\n")),
    fault("more than", TERMS, balances, ("amount >= least", "amount > least")),
    fault("1155 asks the argument", TERMS, balances,
          ("self._at_least(target, question, detail)",
           "self._at_least(target, question, argument)")),
    fault("any word is a bool", TERMS, balances, ("not good or answer > 1", "not good")),
    fault("window's end", TERMS, windows,
          ("block.timestamp < argument", "block.timestamp <= argument")),
    fault("window's start", TERMS, windows,
          ("detail <= block.timestamp", "detail < block.timestamp")),
    fault("clock of any size", TERMS, votes,
          ("not good or now > MAX_LAG or now < lag", "not good or now < lag")),
    fault("epoch is not asked", TERMS, owners,
          ("epoch == 0 or value != IGate.Value.YES", "True")),
    fault("no epoch is no", TERMS, owners,
          ("self._of(present == epoch) if good else IGate.Value.ERROR",
           "self._of(present == epoch)")),
    fault("dirty accounts", QUESTIONS, owners,
          ("not found or word > convert(max_value(uint160), uint256)", "not found"),
          ("convert(word, address)",
           "convert(word & convert(max_value(uint160), uint256), address)")),
    fault("failures answer", QUESTIONS, balances,
          (ONE_WORD, "    if len(answer) < 32:\n        return True, 0\n")),
    fault("long answers", QUESTIONS, balances,
          (ONE_WORD, "    if not success or len(answer) < 32:\n        return False, 0\n")),
    fault("short answers", QUESTIONS, balances,
          (ONE_WORD, "    if not success or len(answer) == 33:\n        return False, 0\n"
                     "    if len(answer) < 32:\n        return True, 0\n")),
    fault("starved", QUESTIONS, starving,
          ('    assert msg.gas >= ENOUGH, "gate: too little gas"\n', "", "def _word(")),
    fault("starved names", QUESTIONS, starving_names,
          ('    assert msg.gas >= ENOUGH, "gate: too little gas"\n', "", "def _text(")),
    fault("any offset", QUESTIONS, primary_names, (USUAL_FORM, "size > MAX_TEXT")),
    fault("longer than a name", QUESTIONS, primary_names,
          (USUAL_FORM, "extract32(answer, 0, output_type=uint256) != 32")),
    fault("text and more", QUESTIONS, primary_names,
          ("len(answer) != 64 + 32 * ((size + 31) // 32)",
           "len(answer) < 64 + 32 * ((size + 31) // 32)")),
    fault("no need to resolve back", PRIMARY, primary_names, ("owner == account", "good")),
    fault("the parent itself", PRIMARY, primary_names,
          ("    return below, node\n", "    return below or node == parent, node\n")),
    fault("empty labels", PRIMARY, primary_names,
          ("        if start == end:\n            return False, empty(bytes32)\n", "")),
    fault("no resolver", PRIMARY, primary_names,
          (NO_RESOLVER, "    if not good:\n        return good, False\n",
           "node: bytes32 = reverse_nodes._node(account)")),
    fault("size only grows", LIST, lists,
          ("        self._lists[id] -= changed << AT_SIZE\n", "")),
    fault("offers stay", LIST, lists, ("    self._pending[id] = empty(address)\n", "")),
    fault("twice", LIST, lists,
          ("        if self._members[id][account] == listed:\n            continue\n", "")),
    fault("delegates for ever", MEDIA, media,
          (DELEGATED, DELEGATED.replace("block.timestamp", "0"))),
    fault("delegates a second more", MEDIA, media, (DELEGATED, DELEGATED.replace("<", "<="))),
    fault("delegates outlive a migration", MEDIA, media,
          ("epoch | (staticcall _NAMES.migrations(node) << AT_MIGRATIONS)", "epoch")),
    fault("delegates hand on", MEDIA, media,
          ('    assert self._controls(owner, msg.sender), "media: not authorised"\n',
           "    assert self._may_write(node, owner, epoch, msg.sender)\n")),
    fault("what is sold stays current", MEDIA, media,
          ("(about >> AT_EPOCH) & MASK_32 == epoch", "True")),
    fault("withdrawn stays current", MEDIA, media, ("about >> AT_CODEC != 0", "True")),
    fault("expired stays current", MEDIA, media,
          ("owner == empty(address) or not self._is_current(words.about, epoch)",
           "not self._is_current(words.about, max(epoch, 1 << 20))")),
]  # fmt: skip

STORIES = list(dict.fromkeys(it.story for it in FAULTS))
WORLDS: dict[str, Any] = {}


# ----- each is caught -----


@pytest.fixture(scope="module")
def contracts(tmp_path_factory):
    """Gate, List and Media with all faults asleep, by the story that plays with each."""
    with planting.planted(tmp_path_factory, FAULTS, [sys.modules[__name__]]):
        world = deploy_names()
        WORLDS[str(world.names.address)] = world
        gate, own = deployer("Gate").deploy(), deployer("List").deploy()
        yield {lists: own, media: deployer("Media").deploy(world.names.address), None: gate}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_story_passes_on_what_is_whole(contracts, story):
    story(contracts.get(story, contracts[None]))


@planting.each(FAULTS)
def test_broken_check_is_caught(contracts, number):
    story = FAULTS[number - 1].story
    with planting.awake(number), pytest.raises(CAUGHT):
        story(contracts.get(story, contracts[None]))
