"""DAOs for people: `ape run dao create FILE`, `ape run dao list`, `ape run dao show DAO`."""

from pathlib import Path

import click
from eth_utils import is_address, to_checksum_address

from scripts._lib import contracts, daos, options
from scripts._lib.console import console, failures
from scripts._lib.dao_tables import dao_tables, list_table, preview_tables
from scripts._lib.doctor import healthy
from scripts._lib.intent import Studio, load
from scripts._lib.plan import text32
from scripts._lib.refusal import Differs, Refusal
from scripts._lib.sending import ask, attempt, signing

PAGE = 32

factory_option = click.option(
    "--factory",
    "factory_address",
    help="The DaoFactory; by default the one in force of the system that is on record.",
)


@click.group()
def cli() -> None:
    """Open a DAO, list the DAOs of the factory, look at one."""


@cli.command(cls=options.Command)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.records
@factory_option
@click.option("--account", help="Ape's alias of the account that creates it and pays.")
@click.option("--yes", is_flag=True, help="Do not ask before signing.")
def create(
    file: Path, records: Path, factory_address: str | None, account: str | None, yes: bool
) -> None:
    """Open the DAO that a file describes: see deployments/daos/studio.toml."""
    options.quiet()
    studio = load(file, Studio)
    sender = options.account(account)
    factory = _factory(factory_address, records)
    opening = daos.Opening(
        factory.address,
        factory.kernel(),
        sender.address,
        text32(studio.label),
        studio,
        studio.notice,
        studio.guardian,
    )
    method, arguments = getattr(factory, opening.method), opening.arguments()
    attempt("create this DAO", method, *arguments, sender=sender)
    console.print(*preview_tables(opening))
    ask(yes, f"Create it as {sender.address}?")
    with signing("create this DAO", sender):
        receipt = method(*arguments, sender=sender)
    found = list(daos.checks(opening))
    if not healthy(found):
        console.print(failures(found))
        raise Differs("The DAO is not as planned.")
    console.print(f"Created, {receipt.gas_used:,} gas; {len(found)} facts are as planned.")
    console.print(f"Look at it: ape run dao show 0x{opening.namespace.hex()}")


@cli.command("list", cls=options.Command)
@options.records
@factory_option
@click.option("--start", type=click.IntRange(0, 2**64), default=0, help="The first place, from 0.")
def list_daos(records: Path, factory_address: str | None, start: int) -> None:
    """The DAOs of the factory, 32 at a time."""
    options.quiet()
    factory = _factory(factory_address, records)
    rows = factory.page(start, PAGE)
    console.print(list_table(rows, start, factory.count()))


@cli.command(cls=options.Command)
@click.argument("dao")
@options.records
@factory_option
def show(dao: str, records: Path, factory_address: str | None) -> None:
    """A DAO by its number in the list, or by its namespace: settings, members, proposals."""
    options.quiet()
    factory = _factory(factory_address, records)
    console.print(*dao_tables(daos.look_up(factory, dao)))


def _factory(address: str | None, records: Path) -> contracts.ContractInstance:
    address = address or daos.factory_on_record(records)
    if not is_address(address):
        raise Refusal(f"{address} is not an address.")
    address = to_checksum_address(address)
    if not contracts.code(address):
        raise Refusal(f"There is no factory at {address} on this network.")
    factory = contracts.at(address, "DaoFactory")
    try:
        factory.count()
    except Exception:  # whatever is there, it does not speak as a factory
        raise Refusal(f"What is at {address} is not a factory of DAOs.") from None
    return factory
