"""Every contract, module and interface keeps to every rule of `rules.py`."""

import pytest

from tests.hygiene.rules import RULES, Rule, Source
from tests.support.compiled import ROOT

SOURCES = [
    Source.read(path, ROOT)
    for path in sorted([*ROOT.glob("contracts/**/*.vy"), *ROOT.glob("interfaces/*.vyi")])
]


def test_sources_are_found():
    assert any(source.path == "contracts/kernel/Kernel.vy" for source in SOURCES)
    assert any(source.is_library for source in SOURCES)
    assert any(source.is_interface for source in SOURCES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.path)
def test_source_keeps_to_rule(source: Source, rule: Rule):
    assert rule(source) == []
