"""Every reason in the source is short enough, and is asked for by a test of this folder."""

import re
from pathlib import Path

import pytest

from tests.support.compiled import ROOT

SOURCE = (ROOT / "contracts" / "kernel" / "Kernel.vy").read_text()
REASONS = sorted(set(re.findall(r'"(kernel: [^"]*)"', SOURCE)))
TESTS = "".join(
    path.read_text() for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__)
)


def test_there_are_reasons():
    assert len(REASONS) > 20
    assert len(re.findall(r"^ +assert ", SOURCE, re.MULTILINE)) == len(
        re.findall(r'^ +assert .*(?:, "kernel: [^"]*"|, reason)$', SOURCE, re.MULTILINE)
    )


@pytest.mark.parametrize("reason", REASONS)
def test_reason_is_tested(reason):
    assert len(reason) <= 32
    assert f'"{reason}"' in TESTS
