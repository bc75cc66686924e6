"""Commands of ours on a chain that goes on between them, in this process."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from ape import networks
from click.testing import CliRunner, Result

from scripts import deploy
from scripts._lib import options
from scripts._lib.console import console
from tests.support.anvil import running_anvil

ANVIL, EMBEDDED = "ethereum:local:foundry", "ethereum:local:test"


class Commands:
    """One script's commands, against a deployed suite."""

    def __init__(self, cli: Any, network: str, records: Path) -> None:
        self.cli = cli
        self.network = network
        self.records = records

    def call(self, *arguments: object, cli: Any = None, typed: str | None = None) -> Result:
        given = [*map(str, arguments), "--network", self.network, "--records", str(self.records)]
        return CliRunner().invoke(cli or self.cli, given, input=typed)

    def done(self, *arguments: object, cli: Any = None, code: int = 0) -> str:
        result = self.call(*arguments, cli=cli)
        assert result.exit_code == code, (result.output, result.exception)
        return result.output

    def json(self, *arguments: object, code: int = 0) -> Any:
        result = self.call(*arguments, "--json")
        assert result.exit_code == code, (result.output, result.exception)
        return json.loads(result.stdout)

    def refused(self, *arguments: object) -> str:
        """The one sentence with which a command refuses."""
        result = self.call(*arguments)
        assert result.exit_code == 1, (result.output, result.exception)
        [sentence] = [line for line in result.output.splitlines() if line.startswith("Error: ")]
        return sentence.removeprefix("Error: ")


@contextmanager
def deployed(cli: Any, network: str, records: Path) -> Iterator[Commands]:
    """The suite on a fresh chain, which ends with the block."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setattr(console, "width", 400)
        commands = Commands(cli, network, records)
        if network == ANVIL:
            web3 = stack.enter_context(running_anvil())
            patch.setenv("APE_FOUNDRY_HOST", web3.provider.endpoint_uri)
        provider = stack.enter_context(networks.parse_network_choice(network))
        # Once for all commands: ape takes half a second to leave a node for itself.
        patch.setattr(options, "parse_network", lambda _: nullcontext(provider))
        commands.done("apply", cli=deploy.cli)
        yield commands
