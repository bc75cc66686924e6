"""What docs/audit says is proved was proved of the contracts as they are."""

import pytest

from proofs import report
from proofs.halmos import digest
from proofs.suites import SUITES

suites = pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)


@suites
def test_proofs_are_of_this_code(suite):
    assert report.kept(suite.name)["digest"] == digest(suite), (
        f"{suite.subject} or its checks have changed: ./dev prove {suite.name}"
    )


@suites
def test_every_proof_can_fail(suite):
    found = report.kept(suite.name)
    proved = {each["check"] for each in found["proved"]}
    assert proved == {wrong.check for wrong in suite.wrong}
    assert proved == {each["check"] for each in found["refuted"]}
    assert [each["fault"] for each in found["refuted"]] == [wrong.fault for wrong in suite.wrong]


def test_page_is_fresh():
    assert report.PAGE.read_text() == report.page(), "stale: ./dev fmt"
