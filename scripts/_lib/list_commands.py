"""`ape run access list`: accounts that rules ask about, such as those who are banned."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from ape.contracts import ContractInstance

from scripts._lib import access_view, allow_lists, contracts, options
from scripts._lib.console import answer, console
from scripts._lib.desk import Desk, reasons
from scripts._lib.plan import text32
from scripts._lib.refusal import Refusal
from scripts._lib.sending import ask, attempt, begun, send, transactions

BATCH = 200  # accounts in one transaction: a third of what one may use of gas


@click.group("list")
def lists() -> None:
    """Keep lists of accounts, for rules that ask who is on them."""


def changing(command: Callable[..., None]) -> Callable[..., None]:
    """What `add` and `remove` are given."""
    for given in (
        options.paying,
        options.records,
        options.yes,
        click.option(
            "--accounts",
            "file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="A file of accounts, one a line, by address or name.",
        ),
        click.argument("accounts", nargs=-1),
        click.argument("id"),
    ):
        command = given(command)
    return command


@lists.command(cls=options.Command)
@click.argument("label")
@click.option("--owner", help="Who keeps the list; by default who signs.")
@options.yes
@options.records
@options.paying
def create(label: str, owner: str | None, yes: bool, records: Path, account: str | None) -> None:
    """Create a list under a LABEL, which tells your lists apart."""
    desk, sender = Desk(records), options.account(account)
    keeper = desk.address(owner, sender)
    salt, it = _salt(label), desk.found["List"]
    id = bytes(it.list_id(sender.address, salt))
    if _owner(it, id) is None:
        attempt("create the list", it.create, salt, keeper, sender=sender)
        ask(yes, f"As {desk.known(sender.address)}: create {label}, kept by {desk.known(keeper)}?")
        send(f"create {label}", it.create, salt, keeper, sender=sender)
    else:
        console.print("It is there already: nothing was sent.")
    console.print(f"Its id: 0x{id.hex()}")


@lists.command(cls=options.Command)
@changing
def add(**given: Any) -> None:
    """Put ACCOUNTS on the list with this ID. If it ends halfway, give it again."""
    _change(**given, onto=True)


@lists.command(cls=options.Command)
@changing
def remove(**given: Any) -> None:
    """Take ACCOUNTS off the list with this ID. If it ends halfway, give it again."""
    _change(**given, onto=False)


@lists.command(cls=options.Command)
@click.argument("id")
@options.as_json
@options.records
def show(id: str, as_json: bool, records: Path) -> None:
    """Who is on the list with this ID, and who keeps it."""
    desk = Desk(records)
    it, word = _list(desk, id)
    members = _members(it, word, desk.found.first_block)
    if as_json:
        answer({"id": id.lower(), "owner": it.owner(word), "accounts": members})
        return
    shown = access_view.table(f"{len(members)} on the list", "account", "address")
    for each in members:
        shown.add_row("" if desk.known(each) == each else desk.known(each), each)
    console.print(shown)
    console.print(f"kept by {desk.known.whole(it.owner(word))}")


def _change(
    id: str,
    accounts: tuple[str, ...],
    file: Path | None,
    yes: bool,
    records: Path,
    account: str | None,
    onto: bool,
) -> None:
    desk, sender = Desk(records), options.account(account)
    it, word = _list(desk, id)
    named = [desk.found.address(text) for text in accounts]
    if file:
        named += allow_lists.accounts(file, desk.found.address)
    if not named:
        raise Refusal("Name the accounts, or a file of them by --accounts.")
    changed = [each for each in dict.fromkeys(named) if it.contains(word, each) != onto]
    if not changed:
        console.print("That is how it is already: nothing was sent.")
        return
    method, verb = (it.add, "put on") if onto else (it.remove, "take off")
    batches = [changed[at : at + BATCH] for at in range(0, len(changed), BATCH)]
    attempt(f"{verb} the list", method, word, batches[0], sender=sender)
    for each in changed:
        console.print(f"  {desk.known.whole(each)}")
    ask(yes, f"{verb.capitalize()} the list {len(changed)}, by {transactions(len(batches))}?")
    with begun():
        for batch in batches:
            send(f"{verb} the list {len(batch)}", method, word, batch, sender=sender)


def _list(desk: Desk, id: str) -> tuple[ContractInstance, bytes]:
    if not re.fullmatch(r"0x[0-9a-fA-F]{64}", id):
        raise Refusal(f"{id} is no id of a list: it has 64 digits after 0x.")
    it, word = desk.found["List"], bytes.fromhex(id[2:])
    if _owner(it, word) is None:
        raise Refusal(f"There is no list {id}.")
    return it, word


def _owner(it: ContractInstance, id: bytes) -> str | None:
    try:
        with reasons("show the list"):
            return it.owner(id)
    except Refusal:
        return None


def _members(it: ContractInstance, id: bytes, start: int) -> list[str]:
    found: dict[str, None] = {}
    for event in contracts.events(it, "Listed", start, "0x" + id.hex()):
        if event["args"]["listed"]:
            found[event["args"]["account"]] = None
        else:
            found.pop(event["args"]["account"], None)
    return list(found)


def _salt(label: str) -> bytes:
    if not re.fullmatch(r"[!-~]{1,32}", label):
        raise Refusal("A label has 1 to 32 ASCII characters and no space.")
    return text32(label)
