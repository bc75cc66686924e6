"""The check before an upgrade: bad ones are refused for their reason, good ones pass.

Each case is an edit of a real contract, compiled from a tree that holds the edit.
"""

from functools import cache

import pytest

from scripts._lib.files import ROOT
from scripts._lib.intent import of_network
from scripts._lib.plan import system
from scripts._lib.refusal import Refusal
from scripts._lib.upgrade import compare, keys, surface
from scripts._lib.upgrade.compare import Verdict
from scripts._lib.upgrade.keys import judged

pytestmark = pytest.mark.no_anchor

PRICING = "contracts/names/NamePricing.vy"
PRICING_2 = "contracts/names/NamePricingV2.vy"
LIST = "contracts/access/List.vy"
MEDIA = "contracts/access/Media.vy"
TIMELOCK = "contracts/governance/Timelock.vy"
KEY_OF = {
    PRICING: "names.pricing",
    LIST: "access.list",
    MEDIA: "access.media",
    TIMELOCK: "treasury",
}

Replacements = list[tuple[str, str, str]]  # file, what stands there, what instead


@cache
def present(source: str) -> surface.Surface:
    return surface.read(source)


def edited(source: str, replacements: Replacements) -> surface.Surface:
    edits: dict[str, str] = {}
    for file, old, new in replacements:
        text = edits.get(file) or (ROOT / file).read_text()
        assert old in text, f"{file} has no longer: {old}"
        edits[file] = text.replace(old, new)
    return surface.read(source, edits=edits)


def problems(source: str, replacements: Replacements) -> list[str]:
    """Of an edit, beyond what every change of this contract has to accept."""
    accepted = {each.key: "known" for each in keys.left_behind(present(source))}
    new = edited(source, replacements)
    return judged(KEY_OF[source], present(source), new, accepted).problems


I_LIST = "interfaces/IList.vyi"
VIEW = "@external\n@view\ndef contains"
INTO_LIST = "\n\n@external\n@view\ndef contains"
SENDS = """

@external
def run(to: address):
    raw_call(to, b"", is_delegate_call=True)
"""
ASKS = """

@external
@view
def asked(to: address) -> bool:
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        to, b"", max_outsize=32, is_static_call=True, revert_on_failure=False
    )
    return success
"""
I_PRICING = "interfaces/INamePricing.vyi"
I_TIMELOCK = "interfaces/ITimelock.vyi"
EXPIRED = "    CANCELED\n    EXPIRED\n"
ASKED = "def price(length: uint256, duration: uint256)"
ASKED_OTHERWISE = "def price(duration: uint256, length: uint256)"
SIZE = "def size(id: bytes32) -> uint256"
SIZE_96 = "def size(id: bytes32) -> uint96"
SHIFTED = "self._load(id) >> AT_SIZE"
LAST_OF_PRICING = "    return _START\n"
MEMBERS = "_members: HashMap[bytes32, HashMap[address, bool]]"
PENDING = "_pending: HashMap[bytes32, address]        # id -> who may accept the list\n"

BAD = {
    "a variable is put before others": (
        LIST,
        [(LIST, "_pending: HashMap", "_closed: HashMap[bytes32, bool]\n_pending: HashMap")],
        "storage: _pending: HashMap[bytes32, address] at slot 1 became",
    ),
    "two variables change places": (
        LIST,
        [(LIST, PENDING, ""), (LIST, MEMBERS, MEMBERS + "\n" + PENDING.strip())],
        "storage: _members:",
    ),
    "a variable has another name": (
        LIST,
        [(LIST, "_pending", "_offered")],
        "storage: _pending: HashMap[bytes32, address] at slot 1 became nothing",
    ),
    "a variable has another type": (
        LIST,
        [
            (LIST, "HashMap[address, bool]]", "HashMap[address, uint256]]"),
            (LIST, "[account] == listed", "[account] == convert(listed, uint256)"),
            (LIST, "[account] = listed", "[account] = convert(listed, uint256)"),
            (LIST, "return self._members[id][account]", "return self._members[id][account] == 1"),
        ],
        "storage: _members: HashMap[bytes32, HashMap[address, bool]] at slot 2 became",
    ),
    "two fields of a struct change places": (
        MEDIA,
        [
            (
                "interfaces/IMedia.vyi",
                "struct Words:\n    digest: bytes32\n    rule: bytes32",
                "struct Words:\n    rule: bytes32\n    digest: bytes32",
            ),
            (MEDIA, "digest=digest, rule=rule", "rule=rule, digest=digest"),
        ],
        "storage: _entries:",
    ),
    "two members of a flag change places": (
        TIMELOCK,
        [(I_TIMELOCK, "    EXPIRED       # was not executed in time\n    CANCELED\n", EXPIRED)],
        "function: operation(bytes32) answer:",
    ),
    "a packed field has another place": (
        LIST,
        [(LIST, "AT_SIZE: constant(uint256) = 160", "AT_SIZE: constant(uint256) = 168")],
        "constant: AT_SIZE: 160 became 168",
    ),
    "a function is gone": (
        LIST,
        [
            (LIST, "@external\n@view\ndef size", "@internal\n@view\ndef _size"),
            (I_LIST, "@external\n@view\ndef size(id: bytes32) -> uint256: ...\n", ""),
        ],
        "function: size(bytes32): there became gone",
    ),
    "two arguments of one type change places": (
        PRICING,
        [(each, ASKED, ASKED_OTHERWISE) for each in (PRICING, I_PRICING)],
        "function: price(uint256,uint256) arguments: (length: uint256, duration: uint256) became",
    ),
    "an answer has another type": (
        LIST,
        [
            (I_LIST, SIZE, SIZE_96),
            (LIST, SIZE, SIZE_96),
            (LIST, f"return {SHIFTED}", f"return convert({SHIFTED}, uint96)"),
        ],
        "function: size(bytes32) answer: uint256 became uint96",
    ),
    "a view may write": (
        LIST,
        [(I_LIST, VIEW, "@external\ndef contains"), (LIST, VIEW, "@external\ndef contains")],
        "function: contains(bytes32,address) mutability: view became nonpayable",
    ),
    "an event loses an index": (
        LIST,
        [
            (
                I_LIST,
                "event Listed:\n    id: indexed(bytes32)\n    account: indexed(address)",
                "event Listed:\n    id: indexed(bytes32)\n    account: address",
            ),
        ],
        "event: Listed(bytes32,address,bool): id: bytes32 indexed, account: address indexed",
    ),
    "an event is no longer emitted": (
        LIST,
        [(LIST, "        log IList.Listed(id=id, account=account, listed=listed)\n", "")],
        "event: Listed(bytes32,address,bool): there became gone",
    ),
    "an owner is no longer asked for": (
        LIST,
        [(LIST, '    assert msg.sender == owner, "list: not owner"\n', "")],
        "role: add(bytes32,address[]): msg.sender == owner became open to anybody",
    ),
    "an owner is asked for in vain": (
        LIST,
        [(LIST, "assert msg.sender == owner,", "assert msg.sender == owner or owner != self,")],
        "role: remove(bytes32,address[]): msg.sender == owner became msg.sender == owner or",
    ),
    "a lock is gone": (
        TIMELOCK,
        [(TIMELOCK, "@nonreentrant\n", "")],
        "lock: execute(address[],uint256[],bytes[],bytes32): locked became open to reentrancy",
    ),
    "a reason is worded otherwise": (
        LIST,
        [(LIST, '"list: not owner"', '"list: not yours"')],
        "reason: list: not owner: there became gone",
    ),
    "it runs the code of others": (
        PRICING,
        [(PRICING, LAST_OF_PRICING, LAST_OF_PRICING + SENDS)],
        "power: DELEGATECALL: is gained",
    ),
    "it asks others": (
        PRICING,
        [(PRICING, LAST_OF_PRICING, LAST_OF_PRICING + ASKS)],
        "power: STATICCALL: is gained",
    ),
    "its address depends on who deploys it": (
        PRICING,
        [(PRICING, "    _RATES = rates\n", "    assert msg.sender != self\n    _RATES = rates\n")],
        "constructor: msg.sender: is read",
    ),
}  # fmt: skip

APPEND = "\n_notes: HashMap[bytes32, uint256]   # id -> about\n"
NOTE = """

@external
def note(id: bytes32, about: uint256):
    self._check_owner(id)
    self._notes[id] = about
    log Noted(id=id, about=about)

event Noted:
    id: indexed(bytes32)
    about: uint256
"""

OWNER = "owner: address = self._owner(self._word_of(id))\n    assert"
WORD_BY_WORD = (
    f"    {OWNER}",
    "    word: uint256 = self._word_of(id)\n    owner: address = self._owner(word)\n    assert",
)

GOOD = {
    "comments and the inside alone": (
        LIST,
        [
            (LIST, "_load", "_word_of"),
            (LIST, "# about 13M gas, when all are new", "# fits a block"),
            (LIST, *WORD_BY_WORD),
        ],
        set(),
    ),
    "more at the end: a variable, a function, an event": (
        LIST,
        [(LIST, MEMBERS, MEMBERS + APPEND), (LIST, VIEW, NOTE.strip() + "\n\n\n" + VIEW)],
        {"storage: _notes", "function: note(bytes32,uint256)", "event: Noted(bytes32,uint256)"},
    ),
    "a flag grows at its end": (
        TIMELOCK,
        [(I_TIMELOCK, "    DONE\n", "    DONE\n    FORGOTTEN\n")],
        {"function: operation(bytes32) answer"},
    ),
    "other arguments of the constructor": (
        PRICING,
        [
            (PRICING, "rates: uint256[LENGTHS], premium_start: uint256)",
             "premium_start: uint256, rates: uint256[LENGTHS])"),
        ],
        {"constructor: arguments"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_upgrade_is_refused(case):
    source, replacements, reason = BAD[case]
    found = problems(source, replacements)
    assert any(each.startswith(reason) for each in found), found


@pytest.mark.parametrize("case", GOOD)
def test_good_upgrade_passes(case):
    source, replacements, differences = GOOD[case]
    new = edited(source, replacements)
    judgement = judged(
        KEY_OF[source],
        present(source),
        new,
        {each.key: "known" for each in keys.left_behind(present(source))},
    )
    assert judgement.problems == []
    harmless = {each.key for each in judgement.differences if each.verdict is Verdict.HARMLESS}
    assert harmless == differences


def test_prices_by_timetable_pass_without_anything_to_accept():
    judgement = judged("names.pricing", present(PRICING), present(PRICING_2))
    assert judgement.problems == []
    assert {each.verdict for each in judgement.differences} == {Verdict.HARMLESS}


def test_contract_of_another_key_is_refused():
    found = judged("names.pricing", present(PRICING), present(LIST)).problems
    assert "key: price(uint256,uint256): is asked for, and missing" in found


def test_state_that_stays_behind_has_to_be_accepted():
    found = judged("access.list", present(LIST), present(LIST)).problems
    assert "state: _members: stays in the old module" in found


# ----- what is accepted -----

RENAMED = {"reason: list: not owner": "clients were told in May"}


def accepting(accepted: dict[str, str]) -> list[str]:
    source, replacements, _ = BAD["a reason is worded otherwise"]
    state = {each.key: "known" for each in keys.left_behind(present(source))}
    new = edited(source, replacements)
    return judged(KEY_OF[source], present(source), new, state | accepted).problems


def test_difference_that_is_accepted_passes():
    assert accepting(RENAMED) == []


def test_difference_that_is_accepted_and_is_not_there_is_refused():
    stale = "storage: _members: is accepted, but is not so"
    assert accepting({**RENAMED, "storage: _members": "moved"}) == [stale]


def test_difference_that_is_accepted_without_a_reason_is_refused():
    key = next(iter(RENAMED))
    assert accepting({key: " "}) == [f"{key}: is accepted without a reason"]


def test_what_nobody_may_do_cannot_be_accepted():
    source, replacements, _ = BAD["it runs the code of others"]
    new = edited(source, replacements)
    found = judged("names.pricing", present(source), new, {"power: DELEGATECALL": "we must"})
    assert "power: DELEGATECALL: is gained" in found.problems


def test_code_over_the_limits_is_refused(monkeypatch):
    size = present(PRICING).code_size
    for limit, found in ((size, []), (size - 1, [f"size: runtime: {size} of {size - 1} bytes"])):
        monkeypatch.setattr(compare, "CODE_LIMIT", limit)
        assert judged("names.pricing", present(PRICING), present(PRICING)).problems == found


# ----- closed where it does not know -----


def test_type_that_it_does_not_know_is_refused():
    with pytest.raises(Refusal, match="cannot read the type"):
        surface.spelled(object())


@pytest.mark.parametrize(
    ("layout", "reason"),
    [
        ({"_lists": {"type": "HashMap[bytes32, uint256]", "n_slots": 1, "slot": 7}}, "declaration"),
        ({"_lists": {"type": "uint256", "n_slots": 1, "slot": 0}}, "declaration of _lists"),
        ({"_other": {"type": "HashMap[bytes32, uint256]", "n_slots": 1, "slot": 0}}, "declaration"),
        ({}, "place of _lists, _pending, _members"),
    ],
)
def test_layout_that_does_not_join_with_the_sources_is_refused(monkeypatch, layout, reason):
    monkeypatch.setattr(surface, "build_layout_output", lambda _: {"storage_layout": layout})
    with pytest.raises(Refusal, match=reason):
        surface.read(LIST)


def test_source_that_does_not_compile_is_refused():
    with pytest.raises(Refusal, match="does not compile"):
        edited(PRICING, [(PRICING, "@view\ndef rates()", "@view\ndef rates(")])


def test_contract_that_is_missing_is_refused():
    with pytest.raises(Refusal, match=r"There is no contracts/names/Nothing\.vy"):
        surface.read("contracts/names/Nothing.vy")


# ----- keys -----


def test_every_key_of_the_system_is_described():
    plan = system(of_network("ethereum", "local"), "0x" + "11" * 20)
    assert plan.modules.keys() == keys.KEYS.keys()


@pytest.mark.parametrize("source", [PRICING, LIST])
def test_module_of_today_keeps_what_its_key_promises(source):
    assert list(keys.unkept(KEY_OF[source], present(source))) == []


def test_unknown_key_is_refused():
    with pytest.raises(Refusal, match="has no key names"):
        keys.of("names")
