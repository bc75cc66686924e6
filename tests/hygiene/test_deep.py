"""`--deep` reaches property tests and stateful machines, each once."""

from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.support.deep import FACTOR, deepen


class Machine(RuleBasedStateMachine):
    @rule()
    def act(self):
        pass


def test_deep_multiplies_examples_once():
    drawn = []

    @settings(max_examples=2, database=None)
    @given(st.integers())
    def prop(number):
        drawn.append(number)

    def plain():
        pass

    case = Machine.TestCase
    case.settings = settings(max_examples=3)
    items = [
        SimpleNamespace(function=prop, cls=None),
        SimpleNamespace(function=prop, cls=None),  # another parameter of the same test
        SimpleNamespace(function=case.runTest, cls=case),
        SimpleNamespace(function=plain, cls=None),
    ]
    assert deepen(items) == 2
    prop()
    assert len(drawn) == 2 * FACTOR
    assert case.settings.max_examples == 3 * FACTOR
