"""A diary that cannot be wrong without saying so."""

import pytest
from ape.exceptions import ContractLogicError

from scripts._lib.day import Day
from scripts._lib.doctor import Check
from scripts._lib.refusal import Refusal


class Method:
    def __init__(self, reason: str | None) -> None:
        self.reason = reason

    def call(self, **_: object) -> None:
        if self.reason:
            raise ContractLogicError(revert_message=self.reason)


def test_true_fact_is_noted():
    day = Day()
    day.check("two and two", 4, 2 + 2)
    assert day.checks == {"two and two": True}


def test_wrong_fact_ends_the_day():
    day = Day()
    with pytest.raises(Refusal, match="Check failed: two and two: expected 5, found 4"):
        day.check("two and two", 5, 2 + 2)
    assert day.checks == {"two and two": False}


def test_wrong_deployment_ends_the_day():
    with pytest.raises(Refusal, match="Check failed: system: Gate code"):
        Day().note("system", [Check("Gate", "code", "0x01", "0x02")])


def test_refusal_for_the_reason_is_noted():
    day = Day()
    day.refused("stranger", "names: not authorised", Method("names: not authorised"))
    assert day.checks == {"stranger": True}


@pytest.mark.parametrize("reason", [None, "names: not live"])
def test_other_refusal_or_none_ends_the_day(reason):
    with pytest.raises(Refusal, match="expected names: not authorised"):
        Day().refused("stranger", "names: not authorised", Method(reason))


def test_nothing_is_noted_twice():
    day = Day()
    day.check("once", 1, 1)
    with pytest.raises(ValueError, match="once was noted before"):
        day.check("once", 1, 1)
    day.spent("act", 21_000)
    with pytest.raises(ValueError, match="act was noted before"):
        day.spent("act", 21_000)
