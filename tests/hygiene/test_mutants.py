"""What is written down of the mutants still holds: by digests and names, nothing is run."""

from dataclasses import replace

import pytest

from mutants import report
from mutants.results import Reason, Results, code, complaints, digest, load, reasons
from mutants.subjects import ROOT, SUBJECTS

MEASURED = [name for name, subject in SUBJECTS.items() if load(subject) is not None]


@pytest.mark.parametrize("name", MEASURED)
def test_results_hold(name):
    assert complaints(SUBJECTS[name], load(SUBJECTS[name]), reasons()) == []


def test_reasons_are_given_for_measured_contracts():
    assert {each.contract for each in reasons()} <= set(MEASURED)


def test_page_is_fresh():
    assert report.PAGE.read_text() == report.page(), "run ./dev fmt"


def test_every_contract_and_library_is_a_subject():
    listed = [path for subject in SUBJECTS.values() for path in subject.sources]
    there = [str(path.relative_to(ROOT)) for path in ROOT.glob("contracts/**/*.vy")]
    assert sorted(listed) == sorted(there)


def test_tests_of_subjects_exist():
    named = {path for subject in SUBJECTS.values() for path in (*subject.first, *subject.then)}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


# ----- what does not hold is found -----

SUBJECT = SUBJECTS["Timelock"]
TEST = "tests/hygiene/test_mutants.py::test_page_is_fresh"


@pytest.fixture
def sound():
    return Results(digest(SUBJECT), 3, killed={"a": TEST}, invalid=["c"])


def test_sound_results_hold(sound):
    assert complaints(SUBJECT, sound, []) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"digest": "0"}, "has changed"),
        ({"survived": {"b": "f: 1 -> 2"}}, "no reason for survivor b: f: 1 -> 2"),
        ({"killed": {"a": TEST.replace("fresh", "gone")}}, "which is gone"),
    ],
)
def test_what_does_not_hold_is_found(sound, change, fault):
    [found] = complaints(SUBJECT, replace(sound, **change), [])
    assert fault in found


def test_reason_for_no_survivor_is_found(sound):
    found = complaints(SUBJECT, sound, [Reason("Timelock", ("a",), True, "it is the same")])
    assert found == ["Timelock: a reason for a, which is no survivor"]


def test_digest_leaves_out_what_changes_nothing():
    plain = 'def f():\n    assert x, "why"\n'
    told = f'"""\nOf it.\n"""\n# why\n\n{plain}'.replace(":\n", ':\n    """Of f."""\n')
    assert code(plain) == code(told) != code(plain.replace("why", "how"))


def test_share_is_never_rounded_up():
    assert report.percent(9499, 10000) == "94.9 %"
    assert report.percent(0, 0) == ""


def test_sample_does_not_look_like_a_whole():
    few = Results("", 300, killed={"a": TEST}, survived={"b": "f: 1 -> 2"})
    assert "| sampled 2 of 300 |" in report.row("Timelock", "", few, [])
    assert "| sampled" not in report.row("Timelock", "", replace(few, mutants=2), [])
