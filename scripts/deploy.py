"""Deploy the suite: `ape run deploy --network ethereum:local:test`."""

from pathlib import Path

import click

from scripts._lib import options
from scripts._lib.console import console, failures, gas_line, suite_table
from scripts._lib.plan import system
from scripts._lib.records import commit
from scripts._lib.refusal import Refusal
from scripts._lib.suite import deploy


@click.command(cls=options.Command)
@options.settings
@options.records
@click.option("--account", help="Ape's alias of the account that pays.")
def cli(settings: Path | None, records: Path, account: str | None) -> None:
    """Deploy what is missing, claim the system namespace, check and record everything."""
    options.quiet()
    intent = options.chosen(settings)
    sender = options.account(account)
    if not options.is_local():
        if (commit() or "-dirty").endswith("-dirty"):
            raise Refusal("Commit contracts, interfaces and scripts before a public deployment.")
        console.print(f"{sender.address} will deploy, unless they are there:")
        for name, part in system(intent, sender.address).parts.items():
            console.print(f"  {part.address} {name}")
        click.confirm("Sign these transactions?", abort=True)
    suite = deploy(intent, sender, records, gas_line)
    console.print(suite_table(suite))
    if not suite.passed:
        console.print(failures(suite.checks))
        raise Refusal("The chain is not as planned; nothing was recorded.")
