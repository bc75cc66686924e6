"""The tool itself: weak tests leave survivors, strong ones none; and a sample of the real."""

import random

import pytest

from mutants.campaign import Campaign, FaultError, judged
from mutants.results import Results, digest, load
from mutants.subjects import SUBJECTS, Subject

COUNTER = """\
# pragma version 0.4.3

LIMIT: constant(uint256) = 3

count: public(uint256)


@external
def add(amount: uint256):
    assert amount <= LIMIT and amount != 0, "counter: too much"
    self.count += amount
"""
ASKING = """

interface Other:
    def count() -> uint256: view


@external
@view
def same(other: address) -> bool:
    return staticcall Other(other).count() == self.count
"""
HEAD = """\
import boa
import pytest
from tests.support.compiled import deployer

@pytest.fixture(scope="module")
def counter():
    return deployer("Counter").deploy()

"""
STRONG = """\
@pytest.mark.parametrize("amount", [1, 3])
def test_add(counter, amount):
    counter.add(amount)
    assert counter.count() == amount

@pytest.mark.parametrize("amount", [0, 4])
def test_refuse(counter, amount):
    with boa.reverts("counter: too much"):
        counter.add(amount)
"""
WEAK = STRONG.replace("[0, 4]", "[0, 5]")  # one more than the limit is not tried
FALSE = STRONG.replace("== amount", "== 2")  # fails without any mutant


def subject(folder, tests):
    for name in ("contracts/toy", "interfaces", "tests"):
        (folder / name).mkdir(parents=True)
    (folder / "contracts/toy/Counter.vy").write_text(COUNTER)
    (folder / "tests/test_counter.py").write_text(HEAD + tests)
    return Subject("Counter", ("contracts/toy/Counter.vy",), ("tests/test_counter.py",), (), folder)


def run(campaign, chosen):
    campaign.run(chosen, campaign.subject.first, lambda mutant: None)


def test_weak_test_leaves_a_survivor(tmp_path):
    made = Campaign(subject(tmp_path, WEAK))
    run(made, made.unknown())
    assert list(made.results.survived.values()) == ["add: LIMIT -> 4"]
    assert made.unknown() == []
    assert "tests/test_counter.py::test_add" in made.results.killed.values()
    (tmp_path / "tests/test_counter.py").write_text(HEAD + STRONG)
    run(made, made.survivors())
    assert not made.results.survived


def test_what_fails_asleep_judges_nothing(tmp_path):
    made = Campaign(subject(tmp_path, FALSE))
    with pytest.raises(FaultError, match="asleep"):
        run(made, made.unknown())
    assert made.results.run == 0


def test_changed_contract_is_judged_anew(tmp_path):
    counter = subject(tmp_path, STRONG)
    known = Results(digest(counter), 12, dict.fromkeys(Campaign(counter).all, "a test"))
    assert Campaign(counter, known).unknown() == []
    (tmp_path / "contracts/toy/Counter.vy").write_text(COUNTER.replace("= 3", "= 4"))
    again = Campaign(counter, known)
    assert len(again.unknown()) == len(again.all)
    assert again.killers == known.killed


def test_what_follows_a_call_on_its_line_is_not_cut_off(tmp_path):
    asking = subject(tmp_path, STRONG)
    (tmp_path / "contracts/toy/Counter.vy").write_text(COUNTER + ASKING)
    old, new = "staticcall Other(other).count()", "(staticcall Other(other).count())"
    assert f"same: {old} == self.count -> {new} != (self.count)" in map(
        str, Campaign(asking).all.values()
    )


@pytest.mark.parametrize("name", ["Timelock"])
def test_known_mutants_are_still_killed(name):
    """A sample; another one whenever the contract changes. The whole by hand: ./dev mutate."""
    subject = SUBJECTS[name]
    held = Campaign(subject, load(subject))
    assert held.results.digest == digest(subject)
    chosen = random.Random(held.results.digest).sample(sorted(held.results.killed), 8)
    killers = {id: held.results.killed[id] for id in chosen}
    verdicts = judged(
        subject, [held.all[id] for id in chosen], sorted(set(killers.values())), killers
    )
    assert [held.all[chosen[each["number"] - 1]] for each in verdicts if not each["killer"]] == []
