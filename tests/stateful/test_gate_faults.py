"""Gates, lists and media records with one check taken out: a story must notice each."""

import gc
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import boa
import pytest
from boa.contracts.abi.abi_contract import ABIContractFactory
from eth_utils import keccak
from vyper.compiler import compile_code
from vyper.compiler.input_bundle import FilesystemInputBundle
from vyper.compiler.settings import OptimizationLevel, Settings

from scripts._lib.build import SOURCES
from tests.support.access import ZERO, Kind, Value, answering
from tests.support.compiled import ROOT
from tests.support.gate import REVERT, AllowList, both, either, speaking, term, text, word
from tests.support.names import YEAR, deploy_names, namehash

NO, YES, ERROR = Value.NO, Value.YES, Value.ERROR
ALICE, MALLORY, TARGET = ("0x" + digits * 20 for digits in ("a1", "bb", "c3"))
ALWAYS = term(Kind.TIME_WINDOW, ZERO, 0, 2**256 - 1)
CONTRACTS = ROOT / "contracts"


# ----- broken contracts -----


class Bundle(FilesystemInputBundle):
    """The sources, with one of them edited."""

    def __init__(self, path: str, edits: tuple[tuple[str, str], ...]) -> None:
        super().__init__(SOURCES)
        self.edited_path = (CONTRACTS / path).resolve()
        self.text = self.edited_path.read_text()
        for old, new in edits:
            assert self.text.count(old) == 1, f"{self.text.count(old)} times in {path}: {old!r}"
            self.text = self.text.replace(old, new)

    def _load_from_path(self, resolved_path, original_path):
        found = super()._load_from_path(resolved_path, original_path)
        if resolved_path.resolve() != self.edited_path:
            return found
        return self._generic_file(found, self.text)

    @staticmethod
    def _generic_file(found, text):
        return type(found)(found.source_id, found.path, found.resolved_path, text)


@cache
def compiled(name: str, path: str, edits: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """In half the time: without optimisation, and without the garbage collector."""
    bundle = Bundle(path, edits)
    own = CONTRACTS / "access" / f"{name}.vy"
    source = bundle.text if bundle.edited_path == own.resolve() else own.read_text()
    gc.disable()
    try:
        return compile_code(
            source,
            contract_path=f"{name}.vy",
            resolved_path=own,
            input_bundle=bundle,
            output_formats=("bytecode", "abi"),
            settings=Settings(optimize=OptimizationLevel.NONE),
        )
    finally:
        gc.enable()


def deploy(name: str, path: str, edits: tuple[tuple[str, str], ...], arguments: bytes = b"") -> Any:
    made = compiled(name, path, edits)
    code = bytes.fromhex(made["bytecode"][2:]) + arguments
    address, _ = boa.env.deploy(bytecode=code)
    return ABIContractFactory.from_abi_dict(made["abi"], name=name).at(address)


# ----- stories -----


def value(gate: Any, terms: list, proofs: list = (), account: str = ALICE) -> int:
    return gate.evaluate(account, terms, list(proofs))


def refused(call: Callable, *arguments: Any, **options: Any) -> None:
    with boa.reverts():
        call(*arguments, **options)


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
    refused(gate.rule_id, [asked._replace(detail=0)])


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
    refused(gate.rule_id, [asked._replace(negated=True)])
    refused(gate.rule_id, [asked._replace(argument=0)])
    id = gate.register([asked])
    refused(gate.value_of, MALLORY, id, [allowed.root], sender=MALLORY)
    nested = [term(Kind.RULE, ZERO, 0, id)]
    assert value(gate, nested, [proof]) == YES
    assert value(gate, nested) == ERROR


def nesting(gate: Any) -> None:
    ids = [gate.register([ALWAYS])]
    for _ in range(2):
        ids.append(gate.register([term(Kind.RULE, ZERO, 0, ids[-1])]))
    assert gate.check(ALICE, ids[-1])
    refused(gate.rule_id, [term(Kind.RULE, ZERO, 0, ids[-1])])
    refused(gate.rule_id, [term(Kind.RULE, ZERO, 0, keccak(b"unknown"))])
    names = gate.register(both(*[term(Kind.PRIMARY_NAME, TARGET)] * 16))
    gate.rule_id([term(Kind.RULE, ZERO, 0, names)])
    refused(gate.rule_id, both(term(Kind.RULE, ZERO, 0, names), ALWAYS))
    past = gate.register(both(*[term(Kind.PAST_VOTES, TARGET, 1, 1)] * 16))
    refused(gate.rule_id, both(*[term(Kind.RULE, ZERO, 0, past)] * 3))
    conditions = gate.register(both(*[term(Kind.CONDITION, TARGET)] * 10))
    refused(gate.rule_id, both(term(Kind.RULE, ZERO, 0, conditions), term(Kind.CONDITION, TARGET)))


def meaningless(gate: Any) -> None:
    bad = [
        term(Kind.ERC20_BALANCE, ZERO, 0, 1),
        term(Kind.ERC20_BALANCE, f"0x{2**16:040x}", 0, 1),
        term(Kind.ERC20_BALANCE, TARGET, 0, 0),
        term(Kind.ERC20_BALANCE, TARGET, 1, 1),
        term(Kind.VALID_PASS, TARGET, 0, 1),
        term(Kind.ERC1155_BALANCE, TARGET, 0, 1),
        term(Kind.ERC1155_BALANCE, TARGET, 2**72, 1),
        term(Kind.NAME_OWNER, TARGET, 2**32, 1),
        term(Kind.PAST_VOTES, TARGET, 2**48, 1),
        term(Kind.TIME_WINDOW, ZERO, 5, 5),
        term(Kind.TIME_WINDOW, TARGET, 0, 5),
        term(Kind.VALID_PASS | Kind.ERC20_BALANCE, TARGET),
        term(Kind(0), TARGET),
        ALWAYS._replace(opens=False),
    ]
    for each in bad:
        refused(gate.rule_id, [each])
    refused(gate.rule_id, [])
    refused(gate.check, ALICE, keccak(b"unknown"))
    id = gate.register([ALWAYS])
    for ask in (gate.check, gate.explain):
        refused(ask, ZERO, id)
    refused(gate.evaluate, ZERO, [ALWAYS])
    refused(gate.check_with, ZERO, id, [])


def starving(gate: Any) -> None:
    """A token that needs 90,000 gas, asked with any amount."""
    boa.env.set_code(TARGET, bytes.fromhex("610bb85b600190038060035760015f5260205ff3"))
    id = gate.register([term(Kind.ERC20_BALANCE, TARGET, 0, 1, negated=True)])
    for gas in range(40_000, 160_000, 8_000):
        try:
            assert gate.explain(ALICE, id, [], gas=gas)[0] != ERROR
        except boa.BoaError:
            continue


def lists(made: Any) -> None:
    owner, other = ALICE, MALLORY
    refused(made.create, bytes(32), ZERO, sender=owner)
    id = made.create(bytes(32), owner, sender=owner)
    refused(made.create, bytes(32), other, sender=owner)
    refused(made.add, id, [TARGET], sender=other)
    refused(made.contains, keccak(b"unknown"), TARGET)
    assert made.add(id, [TARGET, TARGET], sender=owner) == 1 == made.size(id)
    assert made.contains(id, TARGET) and not made.contains(id, other)
    refused(made.transfer_ownership, id, other, sender=other)
    made.transfer_ownership(id, other, sender=owner)
    assert made.owner(id) == boa.util.abi.Address(owner)
    refused(made.accept_ownership, id, sender=TARGET)
    made.accept_ownership(id, sender=other)
    assert made.size(id) == 1 and made.pending_owner(id) == ZERO
    refused(made.accept_ownership, id, sender=ZERO)
    assert made.remove(id, [TARGET, TARGET, owner], sender=other) == 1
    assert made.size(id) == 0 and not made.contains(id, TARGET)


CID = bytes.fromhex("01701220") + keccak(b"a file")


def media(make: Callable) -> None:
    world = deploy_names()
    node = world.register("alice", ALICE)
    made = make(world.names.address)
    assert made.names() == world.names.address
    unmade = make(TARGET)
    assert boa.env.get_code(str(unmade.address)) == b""
    slot, rule = keccak(b"song"), keccak(b"rule")
    entry = (node, slot, CID, rule)
    refused(made.publish, *entry, sender=MALLORY)
    refused(made.publish, node, slot, CID, bytes(32), sender=ALICE)
    for bad in (b"", b"\x02" + CID[1:], CID[:2] + b"\x13\x20" + CID[4:], b"\x01\x80" + CID[2:]):
        refused(made.publish, node, slot, bad, rule, sender=ALICE)
    refused(made.publish, node, slot, b"\x01\x00" + CID[2:], rule, sender=ALICE)
    refused(made.withdraw, node, slot, sender=ALICE)
    assert made.publish(*entry, sender=ALICE) == 1
    now = boa.env.timestamp
    refused(made.set_delegate, node, MALLORY, now + 9, sender=MALLORY)
    refused(made.set_delegate, node, MALLORY, 2**40, sender=ALICE)
    made.set_delegate(node, MALLORY, now + 9, sender=ALICE)
    assert made.publish(*entry, sender=MALLORY) == 2
    refused(made.set_delegate, node, MALLORY, now + 99, sender=MALLORY)
    boa.env.time_travel(seconds=9)
    refused(made.publish, *entry, sender=MALLORY)
    assert [it[0] for it in made.history(node, slot, 1, 9)] == [1, 2]
    refused(made.entry, node, slot, 3)
    refused(made.entry, node, slot, 0)
    made.set_delegate(node, TARGET, 2**40 - 1, sender=ALICE)
    made.withdraw(node, slot, sender=ALICE)
    assert made.current(node, slot)[0] == 0
    made.publish(*entry, sender=ALICE)
    assert made.current(node, slot)[1] == CID
    with boa.env.anchor():
        boa.env.time_travel(seconds=YEAR)
        assert made.current(node, slot)[0] == 0
        assert not made.is_authorised(node, TARGET)
        refused(made.publish, *entry, sender=TARGET)
        refused(made.publish, *entry, sender=ZERO)
        refused(made.set_delegate, node, TARGET, 5, sender=ZERO)
    world.names.transferFrom(ALICE, MALLORY, int.from_bytes(node, "big"), sender=ALICE)
    assert made.current(node, slot)[0] == 0
    refused(made.publish, *entry, sender=TARGET)
    refused(made.withdraw, node, slot, sender=MALLORY)


# ----- what is broken -----


class Fault(NamedTuple):
    name: str
    contract: str
    path: str
    story: Callable
    edits: tuple[tuple[str, str], ...]


def fault(name: str, contract: str, path: str, story: Callable, *edits: tuple[str, str]) -> Fault:
    return Fault(name, contract, path, story, edits)


def without(name: str, path: str, story: Callable, check: str) -> Fault:
    """The line, `assert condition, "reason"`, made always true."""
    indent = check[: len(check) - len(check.lstrip())]
    reason = check.rsplit(", ", 1)[1]
    contract = {"List": "List", "Media": "Media"}.get(path.rsplit("/", maxsplit=1)[-1][:-3], "Gate")
    return Fault(name, contract, path, story, ((check, f"{indent}assert True, {reason}"),))


def checks(path: str, story: Callable, contract: str) -> list[Fault]:
    """One fault for each one-line `assert` of a source."""
    lines = (CONTRACTS / path).read_text().splitlines()
    found = [line for line in lines if line.lstrip().startswith("assert ") and '", ' not in line]
    return [
        Fault(f"without: {line.strip()[7:]}", contract, path, story, edit_of(path, line))
        for line in dict.fromkeys(found)
        if line.rstrip().endswith('"')
    ]


def edit_of(path: str, line: str) -> tuple[tuple[str, str], ...]:
    before, reason = line.rsplit(', "', 1)
    indent = before[: len(before) - len(before.lstrip())]
    return ((line + "\n", f'{indent}assert True, "{reason}\n'),)


GATE, TERMS = "access/Gate.vy", "lib/gate_terms.vy"
QUESTIONS, PRIMARY = "lib/questions.vy", "lib/primary_names.vy"
LIST, MEDIA = "access/List.vy", "access/Media.vy"

FAULTS = [
    without("first term", GATE, meaningless,
            '    assert terms[0].opens, "gate: first term opens"'),
    without("kind", GATE, meaningless,
            '        assert kind != 0 and kind & (kind - 1) == 0, "gate: unknown kind"'),
    without("unknown rule", GATE, meaningless, '    assert len(rule) != 0, "gate: unknown rule"'),
    without("depth", GATE, nesting,
            '    assert depth <= MAX_DEPTH, "gate: nested too deeply"'),
    without("questions", GATE, nesting,
            '    assert questions <= MAX_QUESTIONS, "gate: too many questions"'),
    without("conditions", GATE, nesting,
            '    assert conditions <= MAX_CONDITIONS, "gate: too many conditions"'),
    without("zero account", GATE, meaningless,
            '    assert account != empty(address), "gate: zero account"'),
    fault("anybody proves", "Gate", GATE, allow_lists,
          ("    assert msg.sender == self, ", "    assert True, ")),
    fault("no proof is no", "Gate", GATE, allow_lists,
          ("            value = IGate.Value.YES\n    else:",
           "            value = IGate.Value.YES\n        else:\n"
           "            value = IGate.Value.NO\n    else:")),
    fault("leaf of another", "Gate", GATE, allow_lists,
          ("keccak256(keccak256(abi_encode(account)))",
           "keccak256(keccak256(abi_encode(empty(address))))")),
    fault("leaf hashed once", "Gate", GATE, allow_lists,
          ("keccak256(keccak256(abi_encode(account)))", "keccak256(abi_encode(account))")),
    fault("proofs stop at the first rule", "Gate", GATE, allow_lists,
          ("value_of(account, convert(argument, bytes32), proven)",
           "value_of(account, convert(argument, bytes32), [])")),
    fault("no is turned into an error", "Gate", GATE, three_values,
          ("    if head & NEGATED != 0 and value != IGate.Value.ERROR:", "    if False:")),
    fault("an error is turned over", "Gate", GATE, three_values,
          ("    if head & NEGATED != 0 and value != IGate.Value.ERROR:",
           "    if value == IGate.Value.ERROR:\n        return IGate.Value.NO\n"
           "    if head & NEGATED != 0:")),
    fault("clauses are forgotten", "Gate", GATE, three_values,
          ("            before |= clause\n", "")),
    fault("one clause", "Gate", GATE, three_values,
          ("        if i != 0 and head & OPENS != 0:", "        if False:")),
    fault("any yes", "Gate", GATE, three_values,
          ("    if clause == IGate.Value.YES:\n        return IGate.Value.YES\n    if IGate",
           "    if IGate.Value.YES in clause:\n        return IGate.Value.YES\n    if IGate")),
    fault("errors are no", "Gate", GATE, three_values,
          ("    if IGate.Value.ERROR in (before | clause):", "    if False:")),
    fault("weight of nested questions", "Gate", GATE, nesting,
          ("            questions += (nested >> AT_QUESTIONS) & MASK_8\n", "")),
    fault("weight of nested conditions", "Gate", GATE, nesting,
          ("            conditions += nested >> AT_CONDITIONS\n", "")),
    fault("depth of nested", "Gate", GATE, nesting,
          ("            depth = max(depth, (nested & MASK_8) + 1)\n", "")),
    fault("target", "Gate", TERMS, meaningless,
          ("        assert convert(term.target, uint256) > LAST_PRECOMPILE, ",
           "        assert True, ")),
    without("no target", TERMS, meaningless,
            '        assert term.target == empty(address), "gate: unused field set"'),
    without("detail's size", TERMS, meaningless,
            '    assert term.detail <= MAX_DETAIL, "gate: detail out of range"'),
    without("1155 of zero", TERMS, meaningless,
            '        assert term.detail != 0, "gate: balance of zero"'),
    without("epoch's size", TERMS, meaningless,
            '        assert term.detail <= MAX_EPOCH, "gate: epoch out of range"'),
    without("present votes", TERMS, votes,
            '        assert term.detail != 0 and term.detail <= MAX_LAG, "gate: lag out of range"'),
    without("empty window", TERMS, meaningless,
            '        assert term.detail < term.argument, "gate: empty window"'),
    without("unused detail", TERMS, meaningless,
            '        assert term.detail == 0, "gate: unused field set"'),
    without("unused argument", TERMS, meaningless,
            '        assert term.argument == 0, "gate: unused field set"'),
    without("balance of zero", TERMS, meaningless,
            '        assert term.argument != 0, "gate: balance of zero"'),
    without("negated allow-list", TERMS, allow_lists,
            '        assert not term.negated, "gate: negated allow-list"'),
    without("zero root", TERMS, allow_lists,
            '        assert term.argument != 0, "gate: zero root"'),
    fault("names weigh one", "Gate", TERMS, nesting, ("        return 4\n", "        return 1\n")),
    fault("votes weigh one", "Gate", TERMS, nesting, ("        return 2\n", "        return 1\n")),
    fault("more than", "Gate", TERMS, balances, ("amount >= least", "amount > least")),
    fault("1155 asks the argument", "Gate", TERMS, balances,
          ("return self._at_least(target, question, detail)",
           "return self._at_least(target, question, argument)")),
    fault("any word is a bool", "Gate", TERMS, balances,
          ("    if not good or answer > 1:", "    if not good:")),
    fault("window's end", "Gate", TERMS, windows,
          ("block.timestamp < argument", "block.timestamp <= argument")),
    fault("window's start", "Gate", TERMS, windows,
          ("detail <= block.timestamp", "detail < block.timestamp")),
    fault("clock of any size", "Gate", TERMS, votes,
          ("    if not good or now > MAX_LAG or now < lag:", "    if not good or now < lag:")),
    fault("epoch is not asked", "Gate", TERMS, owners,
          ("    if epoch == 0 or value != IGate.Value.YES:", "    if True:")),
    fault("no epoch is no", "Gate", TERMS, owners,
          ("    return self._of(present == epoch) if good else IGate.Value.ERROR",
           "    return self._of(present == epoch)")),
    fault("dirty accounts", "Gate", QUESTIONS, owners,
          ("    if not found or word > convert(max_value(uint160), uint256):", "    if not found:"),
          ("    return True, convert(word, address)",
           "    return True, convert(word & convert(max_value(uint160), uint256), address)")),
    fault("failures answer", "Gate", QUESTIONS, balances,
          ("    if not success or len(answer) != 32:\n        return False, 0\n",
           "    if len(answer) < 32:\n        return True, 0\n")),
    fault("long answers", "Gate", QUESTIONS, balances,
          ("    if not success or len(answer) != 32:", "    if not success or len(answer) < 32:")),
    fault("short answers", "Gate", QUESTIONS, balances,
          ("    if not success or len(answer) != 32:\n        return False, 0\n",
           "    if not success or len(answer) == 33:\n        return False, 0\n"
           "    if len(answer) < 32:\n        return True, 0\n")),
    fault("starved", "Gate", QUESTIONS, starving,
          ('    assert msg.gas >= ENOUGH, "gate: too little gas"\n    success, answer = raw_call(\n'
           "        target,\n        question,\n        max_outsize=33,",
           "    success, answer = raw_call(\n        target,\n        question,\n"
           "        max_outsize=33,")),
    fault("any offset", "Gate", QUESTIONS, primary_names,
          ("extract32(answer, 0, output_type=uint256) != 32 or size", "size")),
    fault("text and more", "Gate", QUESTIONS, primary_names,
          ("    if len(answer) != 64 + 32 * ((size + 31) // 32):",
           "    if len(answer) < 64 + 32 * ((size + 31) // 32):")),
    fault("longer than a name", "Gate", QUESTIONS, primary_names,
          (" != 32 or size > MAX_TEXT:", " != 32:")),
    fault("no need to resolve back", "Gate", PRIMARY, primary_names,
          ("    return good, owner == account\n", "    return good, good\n")),
    fault("the parent itself", "Gate", PRIMARY, primary_names,
          ("    return below, node\n", "    return below or node == parent, node\n")),
    fault("empty labels", "Gate", PRIMARY, primary_names,
          ("        if start == end:\n            return False, empty(bytes32)\n", "")),
    fault("no resolver", "Gate", PRIMARY, primary_names,
          ("    if not good or resolver == empty(address):\n"
           "        return good, False\n    good, name",
           "    if not good:\n        return good, False\n    good, name")),
    *checks(LIST, lists, "List"),
    fault("size only grows", "List", LIST, lists,
          ("        self._lists[id] -= changed << AT_SIZE\n", "        pass\n")),
    fault("offers stay", "List", LIST, lists, ("    self._pending[id] = empty(address)\n", "")),
    fault("twice", "List", LIST, lists,
          ("        if self._members[id][account] == listed:\n            continue\n", "")),
    *checks(MEDIA, media, "Media"),
    fault("delegates for ever", "Media", MEDIA, media,
          ("    if block.timestamp < self._delegates", "    if 0 < self._delegates")),
    fault("delegates a second more", "Media", MEDIA, media,
          ("    if block.timestamp < self._delegates",
           "    if block.timestamp <= self._delegates")),
    fault("delegates hand on", "Media", MEDIA, media,
          ('    assert self._controls(owner, msg.sender), "media: not authorised"\n',
           "    assert self._may_write(node, owner, epoch, msg.sender), "
           '"media: not authorised"\n')),
    fault("what is sold stays current", "Media", MEDIA, media,
          (" and (about >> AT_EPOCH) & MASK_32 == epoch", "")),
    fault("withdrawn stays current", "Media", MEDIA, media,
          ("    return about >> AT_CODEC != 0 and ", "    return ")),
    fault("expired stays current", "Media", MEDIA, media,
          ("    if owner == empty(address) or not self._is_current(words.about, epoch):",
           "    if not self._is_current(words.about, max(epoch, 1 << 20)):")),
]  # fmt: skip


def made_by(it: Fault, edits: tuple[tuple[str, str], ...]) -> Any:
    if it.contract == "Media":
        return lambda names: deploy("Media", it.path, edits, word(int(names, 16)))
    return deploy(it.contract, it.path, edits)


@pytest.mark.parametrize("it", FAULTS, ids=lambda it: f"{it.contract} {it.name}")
def test_broken_check_is_caught(it):
    with pytest.raises((AssertionError, ValueError, boa.BoaError)):
        it.story(made_by(it, it.edits))


STORIES = {it.story: it for it in FAULTS}


@pytest.mark.parametrize("it", STORIES.values(), ids=lambda it: it.story.__name__)
def test_story_passes_on_what_is_whole(it):
    it.story(made_by(it, ()))
