"""Run scripts in this process, against an anvil: an `ape` of its own costs seconds each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from ape import networks
from ape.api.networks import ProviderContextManager
from click import BaseCommand
from click.testing import CliRunner, Result
from web3 import Web3

from scripts._lib.console import console

NETWORK = ("--network", "ethereum:local:foundry")


@dataclass(frozen=True)
class Script:
    """How a script is called on one chain."""

    chain: Web3
    records: Path

    def call(self, command: BaseCommand, *arguments: object) -> Result:
        given = [*map(str, arguments), *NETWORK, "--records", str(self.records)]
        with pytest.MonkeyPatch.context() as patch, connected(self.chain):
            patch.setattr(console, "width", 120)
            return CliRunner(mix_stderr=False).invoke(command, given)

    def done(self, command: BaseCommand, *arguments: object) -> str:
        result = self.call(command, *arguments)
        assert result.exit_code == 0, result.stdout + result.stderr
        return result.stdout

    def refused(self, command: BaseCommand, *arguments: object, status: int = 1) -> str:
        """The one sentence with which it ended."""
        result = self.call(command, *arguments)
        assert result.exit_code == status, result.stdout + result.stderr
        [sentence] = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
        return sentence.removeprefix("Error: ")


@contextmanager
def connected(chain: Web3) -> Iterator[None]:
    """Ape on this anvil, for what our modules ask it."""
    host = chain.provider.endpoint_uri
    if networks.active_provider and getattr(networks.active_provider, "uri", None) == host:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("APE_FOUNDRY_HOST", host)
        try:
            with networks.parse_network_choice(NETWORK[1]):
                yield
        finally:  # ape would hand out this connection again, whatever host is asked for
            ProviderContextManager.connected_providers.clear()
