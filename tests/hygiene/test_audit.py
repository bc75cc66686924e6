"""The generated pages of the audit pack are fresh, and what they are made of would notice."""

import re

import pytest

from audit import diagrams, events, findings, pages, roles, scope, storage
from audit.callers import Search, of_a_signer, of_the_caller
from audit.effects import of as effects_of
from audit.sources import analysed, compiler_warnings, contracts, listened
from scripts._lib.files import ROOT


@pytest.mark.parametrize(
    "page", [events, findings, roles, scope, storage], ids=lambda each: each.PAGE.name
)
def test_page_is_fresh(page):
    assert page.PAGE.read_text() == page.page(), "run ./dev fmt"


def test_names_and_notes_fit_the_contracts():
    assert pages.complaints() == []


# ----- who may call -----

OWNED = """
from . import keys

initializes: keys

owner: address
limits: HashMap[address, uint256]

@external
def guarded(amount: uint256):
    assert msg.sender == self.owner, "thing: not owner"
    assert amount != 0, "thing: zero"
    self.limits[msg.sender] = amount

@external
def helped():
    self._check(msg.sender == self.owner, "thing: not owner")

@external
def told():
    allowed: bool = msg.sender == self.owner
    self._check(allowed, "thing: not owner")

@external
def branched():
    if msg.sender != self.owner:
        if self.limits[msg.sender] == 0:
            raise "thing: not allowed"

@external
def left():
    if self._owns():
        return
    assert self.limits[self.owner] > 1, "thing: owner is here"

@external
def of_another_file(account: address):
    keys._check(account)

@external
def of_mine():
    keys._check(msg.sender)

@external
def keyed(salt: bytes32):
    id: bytes32 = keccak256(abi_encode(msg.sender, salt))
    assert keys._known(id), "thing: unknown"

@external
def given(owner: address = msg.sender):
    assert owner == self.owner, "thing: not owner"

@external
def signed(digest: bytes32, v: uint8, r: bytes32, s: bytes32):
    signer: address = ecrecover(digest, v, r, s)
    assert signer == self.owner, "thing: not signed"

@external
def asked():
    assert self.limits[self.owner] != 0, "thing: closed"

@external
def noted():
    log Noted(who=msg.sender)

@external
def mine(amount: uint256):
    self.limits[msg.sender] = amount

event Noted:
    who: address

@internal
@view
def _owns() -> bool:
    return msg.sender == self.owner

@internal
@pure
def _check(holds: bool, reason: String[32]):
    assert holds, reason
"""
KEYS = """
known: HashMap[bytes32, bool]

@internal
@view
def _check(account: address):
    assert self._known(keccak256(abi_encode(account))), "keys: no key"

@internal
@view
def _known(id: bytes32) -> bool:
    return self.known[id]
"""


@pytest.fixture(scope="module")
def compile_thing(tmp_path_factory):
    def compile_(text=OWNED, keys=KEYS):
        folder = tmp_path_factory.mktemp("thing")
        (folder / "Thing.vy").write_text(text)
        (folder / "keys.vy").write_text(keys)
        return analysed("Thing.vy", folder)

    return compile_


@pytest.fixture(scope="module")
def thing(compile_thing):
    return compile_thing()


def function(contract, name):
    [found] = [each for each in contract.functions() if each.name == name]
    return found


def conditions(contract, name, source=of_the_caller):
    found = Search(source).conditions(function(contract, name))
    return [(each.place, each.text, each.reason) for each in found]


OWNER = "require msg.sender == self.owner"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("guarded", ("Thing.guarded", OWNER, "thing: not owner")),
        ("helped", ("Thing.helped", OWNER, "thing: not owner")),
        ("told", ("Thing.told", OWNER, "thing: not owner")),
        (
            "branched",
            (
                "Thing.branched",
                "if msg.sender != self.owner: if self.limits[msg.sender] == 0: refuse",
                "thing: not allowed",
            ),
        ),
        (
            "left",
            (
                "Thing.left",
                "unless self._owns(): require self.limits[self.owner] > 1",
                "thing: owner is here",
            ),
        ),
        (
            "of_mine",
            ("keys._check", "require self._known(keccak256(abi_encode(account)))", "keys: no key"),
        ),
        ("keyed", ("Thing.keyed", "require keys._known(id)", "thing: unknown")),
        ("given", ("Thing.given", "require owner == self.owner", "thing: not owner")),
    ],
)
def test_condition_on_the_caller_is_found(thing, name, found):
    assert conditions(thing, name) == [found]


@pytest.mark.parametrize("name", ["of_another_file", "signed", "asked", "noted", "mine"])
def test_what_does_not_depend_on_the_caller_is_none(thing, name):
    assert conditions(thing, name) == []


def test_condition_on_a_signer_is_found(thing):
    assert conditions(thing, "signed", of_a_signer) == [
        ("Thing.signed", "require signer == self.owner", "thing: not signed")
    ]
    assert conditions(thing, "guarded", of_a_signer) == []


def row(contract, name):
    [found] = [each for each in roles.rows(contract) if each.function.name == name]
    return found


@pytest.mark.parametrize(
    ("old", "name"),
    [
        ('    assert msg.sender == self.owner, "thing: not owner"\n', "guarded"),
        ("    keys._check(msg.sender)\n", "of_mine"),
    ],
)
def test_removed_check_changes_the_row(compile_thing, thing, old, name):
    weaker = compile_thing(OWNED.replace(old, "    pass\n", 1))
    anyone = {roles.ANYONE, roles.ITSELF}
    assert not anyone & set(row(thing, name).who([]))
    assert anyone & set(row(weaker, name).who([]))


def test_check_that_a_library_loses_changes_the_row(compile_thing, thing):
    check = '    assert self._known(keccak256(abi_encode(account))), "keys: no key"'
    weaker = compile_thing(keys=KEYS.replace(check, "    pass"))
    assert row(thing, "of_mine").who([]) == [roles.UNNAMED]
    assert row(weaker, "of_mine").who([]) == [roles.ITSELF]


def test_who_is_nobody_in_particular(thing):
    assert row(thing, "asked").who([]) == [roles.ANYONE]
    assert row(thing, "noted").who([]) == [roles.ANYONE]
    assert row(thing, "mine").who([]) == [roles.ITSELF]


def test_condition_without_a_name_and_name_without_a_condition_are_found(thing):
    named = roles.Name("who", "the owner", "Thing.guarded", OWNER)
    stale = roles.Name("who", "the king", "Thing.guarded", "require msg.sender == self.king")
    guarded = [row(thing, "guarded")]
    assert guarded[0].who([named]) == ["the owner"]
    assert roles.complaints(guarded, [named]) == []
    assert roles.complaints(guarded, []) == [f"Thing.guarded: no name for {OWNER}"]
    assert roles.complaints(guarded, [named, stale]) == [
        "Thing.guarded: a name for no condition: require msg.sender == self.king"
    ]


# ----- what it does -----

BUSY = """
from ethereum.ercs import IERC20

total: uint256
once: transient(uint256)

event Paid:
    amount: uint256

@external
@payable
@nonreentrant
def pay(to: address, token: IERC20):
    spent: uint256 = msg.value
    self._note(spent)
    raw_call(to, b"", value=spent)
    extcall token.transfer(to, staticcall token.balanceOf(self))
    log Paid(amount=spent)

@external
def ask(to: address, data: Bytes[36]):
    self.once = 1
    raw_call(to, method_id("transfer(address,uint256)"))
    raw_call(self, data, is_delegate_call=True)
    raw_log([keccak256("Paid()")], b"")

@internal
def _note(amount: uint256):
    self.total += amount
"""


def test_effects_are_found(compile_thing):
    busy = compile_thing(BUSY)
    pay, ask = (effects_of(function(busy, name)) for name in ("pay", "ask"))
    assert (pay.payable, pay.locked, pay.writes, pay.events) == (
        True,
        "whole",
        ("total",),
        ("Paid",),
    )
    assert [(each.text, each.value, each.moves) for each in pay.calls] == [
        ("call `to`", "spent", False),
        ("call `token.transfer`", "", True),
        ("static `token.balanceOf`", "", False),
    ]
    assert (ask.payable, ask.locked, ask.writes) == (False, "", ("once",))
    assert ask.events == ('raw keccak256("Paid()")',)
    assert [(each.text, each.moves) for each in ask.calls] == [
        ("call `to: transfer`", True),
        ("delegate `self`", False),
    ]


# ----- words, events, lines -----

CONSTANTS = {"AT_NEXT": 40, "MASK_40": 2**40 - 1, "FLAG": 1 << 80}


def word(*fields):
    return storage.Word("Thing", "word", fields)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        (("a: 0 + MASK_40", "b: AT_NEXT + 40", "c: FLAG"), None),
        (("a: 0 + 41", "b: AT_NEXT + 40"), "a runs into b"),
        (("a: 0 + MASK_40", "b: AT_NEXT + 41", "c: FLAG"), "b runs into c"),
        (("a: 0 + 40", "b: AT_NEXT + 217"), "b runs out of the word"),
        (("a: AT_GONE + 8",), "AT_GONE"),
        (("a 8",), "not a field"),
    ],
)
def test_word_whose_fields_do_not_fit_is_found(fields, fault):
    found = storage.complaints(word(*fields), CONSTANTS)
    assert (found == []) if fault is None else fault in found[0]


def test_place_without_a_word_is_found():
    assert storage.unused("Thing", [word("a: 0 + 40")], CONSTANTS, set()) == [
        "Thing: no word has AT_NEXT"
    ]
    lost = storage.Word("Thing", "word", ("a: AT_NEXT + 8",), "_gone")
    assert storage.unused("Thing", [lost], CONSTANTS, {"_here"}) == [
        "Thing: word: there is no _gone"
    ]


def test_event_without_a_note_and_note_without_an_event_are_found(compile_thing):
    found = list(events.of(compile_thing(BUSY)))
    assert [each.key for each in found] == ["Thing.Paid", 'Thing.raw keccak256("Paid()")']
    assert [each.emitters for each in found] == [("pay",), ("ask",)]
    given = {"Thing.Paid": events.Note("log", ""), "Thing.Gone": events.Note("soon", "")}
    assert events.complaints(found, given) == [
        'Thing.raw keccak256("Paid()"): an event without a note',
        "Thing.Gone: a note for no event",
        "Thing.Gone: soon?",
    ]


def test_code_lines_leave_out_what_changes_nothing():
    assert scope.code_lines(OWNED.split("@external", maxsplit=1)[0]) == 4
    assert scope.code_lines('"""\nof it\n"""\n# why\nx: uint256  # here\n\n') == 1
    told = (
        'def f() -> (\n    uint256\n):\n    """\n    @notice F.\n    """\n    return (\n    1\n)\n'
    )
    assert scope.code_lines(told) == 6
    assert scope.code_lines('x: String[2] = "a"\n') == 1


# ----- linters -----

FOUND = findings.Finding("contracts/Thing.vy", "NTX8", "Variable 'i' is declared but never used.")
DESIGN = findings.Verdict("NTX8", "unused", "by design", "a counter")
SPECIAL = findings.Verdict("NTX8", "unused", "by design", "another counter", ("i",))


def test_findings_are_judged():
    assert findings.complaints("1", [FOUND], [DESIGN], "1") == []
    assert findings.verdict_of(FOUND, [SPECIAL, DESIGN]) == SPECIAL


@pytest.mark.parametrize(
    ("of_sources", "given", "fault"),
    [
        ("0", [DESIGN], "are of other sources"),
        ("1", [], "Variable 'i' is declared but never used.: why?"),
        ("1", [DESIGN, SPECIAL], "a verdict for no finding: a counter"),
    ],
)
def test_what_linters_say_and_we_do_not_is_found(of_sources, given, fault):
    [found] = findings.complaints(of_sources, [FOUND], given, "1")
    assert fault in found


def test_compiler_warns_of_nothing():
    assert compiler_warnings() == ()


def test_warning_of_the_compiler_is_heard(tmp_path):
    (tmp_path / "Old.vy").write_text(
        "@external\ndef f(x: uint256) -> uint256:\n    return shift(x, 1)\n"
    )
    _, said = listened(["Old.vy"], tmp_path)
    assert len(said) == 1
    assert "deprecated" in said[0]


# ----- pages that people write -----

DIAGRAMS = diagrams.PAGE.read_text()
MONITORING = (ROOT / "docs" / "monitoring.md").read_text()


def test_diagrams_are_true():
    assert len(diagrams.blocks(DIAGRAMS)) == DIAGRAMS.count("```mermaid")
    assert diagrams.complaints(DIAGRAMS) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("READY --> DONE: execute()", "READY --> DONE: perform()", "Timelock has no perform()"),
        ("READY --> DONE: execute()", "", "the state DONE is not drawn"),
        ("FREE --> LIVE: register()", "FREE --> Live: register()", "there is no state Live"),
        ("GRACE --> FREE: time, 90 days", "GRACE --> FREE", "GRACE to FREE: by what?"),
        ("GRACE --> FREE: time, 90 days", "GRACE --> FREE: time; 90 days", "Mermaid ends a label"),
        ('"price(), premium()"', '"price(), cost()"', "NamePricing has no cost()"),
        ('"contains()" .-> List', '"contains(), size()" .-> List', "Gate does not call size()"),
        ("SUCCEEDED --> QUEUED", "SUCCEEDED --> WAITING", "there is no state WAITING"),
        ("%% contract Pass", "%%", "of which contract?"),
    ],
)
def test_diagram_that_is_not_true_is_found(old, new, fault):
    assert old in DIAGRAMS
    assert any(fault in found for found in diagrams.complaints(DIAGRAMS.replace(old, new)))


def test_every_event_that_cannot_wait_is_in_the_notes():
    urgent = {key for key, note in events.notes().items() if note.urgency == "now"}
    assert {key for key in urgent if f"`{key}`" not in MONITORING} == set()


def test_events_and_functions_that_the_notes_name_exist():
    known = {event.key for event in events.all_events()}
    for contract in contracts():
        known |= {f"{contract.name}.{each.name}" for each in contract.module.exposed_functions}
    names = "|".join(contract.name for contract in contracts())
    named = set(re.findall(rf"`((?:{names})\.\w+)", MONITORING))
    assert named
    assert named <= known
