"""What every script of ours can be told, and what it starts with."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click
from ape import accounts, chain
from ape.api import AccountAPI
from ape.cli import ConnectedProviderCommand
from ape.cli.commands import parse_network
from ape.exceptions import NetworkError, ProviderError
from ape.logging import LogLevel, logger
from ape_ethereum.trace import Trace
from ape_foundry.exceptions import FoundryNotInstalledError

from scripts._lib import intent
from scripts._lib.console import beside
from scripts._lib.ending import NODE_ERRORS, ending
from scripts._lib.records import DEPLOYMENTS
from scripts._lib.refusal import Refusal

TEST_ACCOUNT = re.compile(r"TEST::([0-9]{1,3})")  # as Ape's own commands name them

settings = click.option(
    "--settings",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What to deploy; by default deployments/intents/<ecosystem>-<network>.toml.",
)
records = click.option(
    "--records",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEPLOYMENTS,
    show_default="deployments",
    help="Where the records are kept, by chain id.",
)

paying = click.option("--account", help="Ape's alias of the account that pays.")
yes = click.option("--yes", is_flag=True, help="Sign without asking.")
as_json = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON for machines; people read standard error."
)


class Command(ConnectedProviderCommand):
    """A command on a connected network, which says in one sentence why it cannot connect."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.BadParameter as error:
            if error.param is None or error.param.name != "network":
                raise
            # Its own message lists every network there is.
            raise Refusal(
                "There is no such network: take --network ethereum:local:test (embedded) "
                "or ethereum:local:foundry (anvil)."
            ) from None

    def invoke(self, ctx: click.Context) -> Any:
        with ExitStack() as stack:
            try:
                provider = stack.enter_context(parse_network(ctx))
            except FoundryNotInstalledError:
                raise Refusal(
                    "anvil is not on the PATH: install it, or take ethereum:local:test."
                ) from None
            except (NetworkError, ProviderError, *NODE_ERRORS) as error:
                raise Refusal(f"Cannot connect: {error}") from None
            stack.enter_context(beside(ctx.params.get("as_json", False)))
            stack.enter_context(untraced())
            stack.enter_context(ending(ctx))
            # Else a contract that is asked could name an address that web3 asks in its stead.
            provider.web3.provider.global_ccip_read_enabled = False
            return self._invoke(ctx, provider=provider)


@contextmanager
def untraced() -> Iterator[None]:
    """Ape draws each call that reverts, in the contract's own words, before we say why."""
    show, Trace.show = Trace.show, lambda *_, **__: None
    try:
        yield
    finally:
        Trace.show = show


def is_local() -> bool:
    return chain.provider.network.is_local


def chosen(path: Path | None) -> intent.Intent:
    """The settings in a file, or those of the connected network."""
    if path:
        return intent.load(path)
    network = chain.provider.network
    return intent.of_network(network.ecosystem.name, network.name)


def account(alias: str | None) -> AccountAPI:
    """The account that pays; on local chains the first test account unless named."""
    if alias is None:
        if is_local():
            return accounts.test_accounts[0]
        raise Refusal("Name the account that pays: --account ALIAS (see `ape accounts list`).")
    test = TEST_ACCOUNT.fullmatch(alias)
    if test and is_local():
        number, count = int(test[1]), len(accounts.test_accounts)
        if number >= count:
            raise Refusal(f"There is no account {alias}: the last is TEST::{count - 1}.")
        return accounts.test_accounts[number]
    try:
        return accounts.load(alias)
    except KeyError:
        raise Refusal(f"There is no account {alias}: see `ape accounts list`.") from None


def quiet() -> None:
    """Our own lines tell what happens; ape's line per transaction only when asked for."""
    if logger.level == LogLevel.INFO:
        logger.set_level(LogLevel.WARNING)
