"""What is written down of the branches still holds: by digests and names, no test is run."""

from dataclasses import replace

import pytest

from branches import report
from branches.results import (
    Added,
    Kind,
    Reason,
    Results,
    complaints,
    digest,
    kinds,
    load,
    reasons,
    without_metadata,
)
from branches.subjects import TESTS, contracts
from tests.support.compiled import ROOT, deployer


@pytest.mark.parametrize("name", contracts())
def test_coverage_holds(name):
    init_code = without_metadata(deployer(name).compiler_data.bytecode)
    assert complaints(name, load(name), init_code, reasons(), kinds()) == []


def test_reasons_are_given_for_contracts():
    assert {each.contract for each in reasons()} <= set(contracts())


def test_kinds_that_are_told_are_there():
    found = {kind for name in contracts() for kind in load(name).added}
    assert {each.name for each in kinds()} == found


def test_page_is_fresh():
    assert report.PAGE.read_text() == report.page(), "run ./dev fmt"


def test_tests_that_judge_exist():
    assert [path for path in TESTS if not (ROOT / path).is_dir()] == []


# ----- what does not hold is found -----

CODE = b"code"
KINDS = [Kind("copy", "a copy.", "none is empty.")]


@pytest.fixture
def sound():
    return Results(digest(CODE), 3, 6, added={"copy": Added(1, 1), "lock": Added(1, 0)})


def test_sound_results_hold(sound):
    assert complaints("List", sound, CODE, [], KINDS) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"digest": "0"}, "List has changed"),
        ({"untaken": ["f: if: x: never true"]}, "no reason says why: f: if: x: never true"),
        ({"unseen": ["f: line: x = 1"]}, "no reason says why: f: line: x = 1"),
        ({"added": {"lock": Added(1, 1)}}, "need not go both ways: lock"),
    ],
)
def test_what_does_not_hold_is_found(sound, change, fault):
    [found] = complaints("List", replace(sound, **change), CODE, [], KINDS)
    assert fault in found


def test_contract_that_was_never_measured_is_found():
    assert complaints("List", None, CODE, [], KINDS) == [
        "List was never measured: run ./dev coverage"
    ]


def test_reason_for_what_tests_take_is_found(sound):
    found = complaints("List", sound, CODE, [Reason("List", ("f: if: x: never true",), "")], KINDS)
    assert found == ["List: a reason for what the tests do take: f: if: x: never true"]


def test_way_has_one_reason(sound):
    way = "f: if: x: never true"
    why = [Reason("List", (way,), "one"), Reason("List", (way,), "two")]
    found = complaints("List", replace(sound, untaken=[way]), CODE, why, KINDS)
    assert found == [f"List: two reasons for: {way}"]


def test_metadata_counts_for_nothing():
    one, other = (b"code" + metadata + b"\0\6" for metadata in (b"meta", b"data"))
    assert without_metadata(one) == without_metadata(other) == b"code"
