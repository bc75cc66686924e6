"""Times in human words, calls with names, values of files by their types, invariants of keys."""

import pytest
from eth_abi import encode
from eth_utils import keccak

from scripts._lib.refusal import Refusal
from scripts._lib.upgrade import facts, words
from scripts._lib.upgrade.request import checked_name, typed

pytestmark = pytest.mark.no_anchor

GATE = "0x" + "ab" * 20
DAY = 86_400


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "no time"),
        (1, "1 second"),
        (61, "1 minute 1 second"),
        (DAY, "1 day"),
        (2 * DAY + 3_600 + 59, "2 days 1 hour"),
        (14 * DAY, "14 days"),
    ],
)
def test_times(seconds, said):
    assert words.span(seconds) == said
    assert words.away(1_000 + seconds, 1_000) == (f"in {said}" if seconds else "no time ago")
    assert words.away(1_000, 1_000 + seconds) == f"{said} ago"


ABI = [
    {
        "type": "function",
        "name": "set",
        "inputs": [
            {"name": "who", "type": "address"},
            {"name": "key", "type": "bytes32"},
            {
                "name": "rows",
                "type": "tuple[]",
                "components": [
                    {"name": "share", "type": "uint256"},
                    {"name": "final", "type": "bool"},
                ],
            },
        ],
    }
]


def test_calls():
    types = ["address", "bytes32", "(uint256,bool)[]"]
    values = [GATE, b"names.pricing".ljust(32, b"\0"), [(7, True)]]
    data = keccak(text=f"set({','.join(types)})")[:4] + encode(types, values)
    known = words.shown(GATE, {})
    head, *lines = words.call(ABI, data, {known: "Gate"})
    assert head == "set"
    assert [line.strip() for line in lines] == [
        f"who = Gate ({known})",
        'key = "names.pricing"',
        "rows: 1",
        "rows 1",
        "share = 7",
        "final = true",
    ]


def test_call_of_another_function_is_not_read_as_one_of_ours():
    assert words.call(ABI, b"\x01\x02\x03\x04", {}) == ["unknown function 0x01020304"]


def value(type_: str, given: object, **more: object) -> object:
    def look_up(name: str) -> object:
        return {"Gate": words.shown(GATE, {}), "namespace": b"\x01" * 32}[name]

    return typed({"type": type_, **more}, given, "it", look_up)


PAIR = [{"name": "a", "type": "uint8"}, {"name": "b", "type": "bool"}]


def test_values_of_a_file():
    assert value("uint256", "1_000") == value("uint256", 1_000) == 1_000
    assert value("int8", "-128") == -128
    assert value("address", "@Gate") == words.shown(GATE, {})
    assert value("bytes32", "@namespace") == b"\x01" * 32
    assert value("bytes", "0x0102") == b"\x01\x02"
    assert value("uint8[2]", ["1", 2]) == [1, 2]
    assert value("bool[]", []) == []
    assert value("tuple", {"a": 1, "b": True}, components=PAIR) == (1, True)
    assert value("tuple", ["1", False], components=PAIR) == (1, False)
    assert value("string", "text") == "text"


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        ("uint8", "256"),
        ("uint8", "-1"),
        ("int8", "128"),
        ("uint256", "1.5"),
        ("uint256", True),
        ("bool", "true"),
        ("bool", 1),
        ("address", "0x" + "ab" * 20),  # without its checksum
        ("bytes2", "0x010203"),
        ("bytes", "0x1"),
        ("string", 1),
        ("uint8[2]", [1]),
        ("uint8[]", "1"),
        ("fixed128x18", "1"),
    ],
)
def test_values_that_are_not_of_their_type(type_, given):
    with pytest.raises(Refusal, match="it"):
        value(type_, given)


@pytest.mark.parametrize("given", [{"a": 1}, {"a": 1, "b": True, "c": 1}, [1], "1"])
def test_tables_that_lack_a_part_or_have_one_more(given):
    with pytest.raises(Refusal, match="is a table of a, b"):
        value("tuple", given, components=PAIR)


@pytest.mark.parametrize("name", ["", "A", "a--b", "../x", "a/b", "a.b", "x" * 41])
def test_names_that_are_none(name):
    with pytest.raises(Refusal, match="is no name"):
        checked_name(name)


def prices(*amounts: int) -> facts.Facts:
    return dict(zip(facts.QUESTIONS["names.pricing"], map(str, amounts), strict=True))


def test_prices_that_no_upgrade_may_bring():
    assert facts.broken("names.pricing", prices(5, 4, 3, 2, 1)) == []
    [dearer] = facts.broken("names.pricing", prices(5, 4, 3, 2, 3))
    assert dearer == "a longer name is dearer than a shorter one"
    [limit] = facts.broken("names.pricing", prices(4 * 10**18 + 1, 4, 3, 2, 1))
    assert limit == "a year costs more than 4 ether"
    refusing = {**prices(5, 4, 3, 2, 1), "rates()": "refuses: no answer"}
    assert facts.broken("names.pricing", refusing) == ["rates() refuses: no answer"]


def test_facts_that_moved():
    assert facts.changed({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == {"b", "c"}
