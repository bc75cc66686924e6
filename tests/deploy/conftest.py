"""A deployed suite on a long-lived anvil, once for the commands of income and of names."""

import re
from types import SimpleNamespace

import pytest

from scripts import deploy, income
from tests.support.anvil import running_anvil
from tests.support.script import Script


@pytest.fixture(scope="session")
def suite(tmp_path_factory):
    """How to call a script, and the chain itself."""
    with running_anvil() as chain:
        script = Script(chain, tmp_path_factory.mktemp("deployments"))

        def done(*arguments: object, command=income.cli) -> str:
            return script.done(command, *arguments)

        def refused(*arguments: object, command=income.cli) -> str:
            return script.refused(command, *arguments)

        done("apply", command=deploy.cli)
        yield SimpleNamespace(done=done, refused=refused, chain=chain, records=script.records)


def address_in(printed: str) -> str:
    return re.search(r"Its address: (0x[0-9a-fA-F]{40})", printed)[1]
