"""Splits and forwarders: `ape run income --help`."""

from pathlib import Path
from typing import Any

import click
from ape import accounts
from ape.api import AccountAPI
from ape.contracts import ContractInstance
from ape.exceptions import ApeException

from scripts._lib import contracts, income_proof, income_view, options, shares, splits
from scripts._lib.amounts import Asset, asset
from scripts._lib.console import console, gas_line, mark, table
from scripts._lib.ending import UNREADABLE
from scripts._lib.found import Found, checked, find_book, open_book
from scripts._lib.refusal import Refusal
from scripts._lib.sending import ask, send, signing
from scripts._lib.suite import deploy

account_option = click.option("--account", help="Ape's alias of the account that signs.")
token_option = click.option("--token", help="The token's address; ETH unless named.")
tokens_option = click.option(
    "--token", "tokens", multiple=True, help="A token's address, or ETH; repeat for more."
)
# Code of a forwarder before and after its implementation; its terms follow.
FORWARDS = bytes.fromhex("36600557005b365f5f375f5f365f73")
ANSWERS = bytes.fromhex("5af43d5f5f3e5f3d91603057fd5bf3")
TERMS = 56  # bytes
salt_option = click.option(
    "--salt", type=click.IntRange(0, 2**256 - 1), default=0, help="Tells equal ones apart."
)
yes_option = click.option("--yes", is_flag=True, help="Sign without asking.")


@click.group()
def cli() -> None:
    """Divide income for ever in the same way, and send it to who moves."""


# ----- splits -----


@cli.command(cls=options.Command)
@click.argument("recipients", nargs=-1, metavar="[RECIPIENT=SHARE]...")
@click.option("--csv", "file", type=click.Path(path_type=Path), help="Lines of recipient,share.")
@salt_option
@yes_option
@options.records
@account_option
def make(
    recipients: tuple[str, ...],
    file: Path | None,
    salt: int,
    yes: bool,
    records: Path,
    account: str | None,
) -> None:
    """Make a split of addresses or names. What a name resolves to now is fixed for ever."""
    found = _start(records)
    if bool(file) == bool(recipients):
        raise Refusal("Name the recipients by RECIPIENT=SHARE, or by --csv FILE: one of both.")
    rows = shares.of_csv(file) if file else shares.of_arguments(recipients)
    wanted = shares.table(rows, found.address)
    factory = found["SplitterFactory"]
    given = wanted.addresses, wanted.shares, salt.to_bytes(32, "big")
    address = factory.predict(*given)
    console.print(income_view.preview(wanted))
    console.print(f"Its address: [bold]{address}[/]")
    if factory.is_split(*given):
        console.print("It is there already: nothing was sent.")
        return
    sender = options.account(account)
    ask(yes, "Make it? It can never be changed.")
    send("make the split", factory.create, *given, sender=sender)


@cli.command(cls=options.Command)
@click.argument("to")
@click.argument("amount")
@token_option
@yes_option
@options.records
@account_option
def pay(
    to: str, amount: str, token: str | None, yes: bool, records: Path, account: str | None
) -> None:
    """Pay a split, or whomever, an AMOUNT such as 0.5."""
    found = _start(records)
    what, address = _asset(token), found.address(to)
    units = what.read(amount)
    sender = options.account(account)
    has = what.balance(sender.address)
    if has < units:
        raise Refusal(f"{sender.address} has only {what.show(has)}.")
    ask(yes, f"Pay {what.show(units)} to {address}?")
    if not what.is_eth:
        send("pay", what.contract.transfer, address, units, sender=sender)
        return
    with signing("pay", sender):
        receipt = sender.transfer(address, units)
    gas_line("pay", receipt.gas_used)


@cli.command(cls=options.Command)
@click.argument("split")
@tokens_option
@options.records
@account_option
def distribute(split: str, tokens: tuple[str, ...], records: Path, account: str | None) -> None:
    """Divide what a SPLIT has: ETH, unless tokens are named."""
    found = _start(records)
    chosen = _assets(tokens)
    it = _split(found, split)
    due = {what.address: it.pending(what.address) for what in chosen}
    ready = [what for what in chosen if due[what.address]]
    if not ready:
        raise Refusal("There is less than one unit per share: nothing to divide.")
    addresses = [what.address for what in ready]
    send("distribute", it.distribute_many, addresses, sender=options.account(account))
    for what in ready:
        console.print(f"  {what.show(due[what.address])} divided")


@cli.command(cls=options.Command)
@click.argument("split")
@click.argument("recipient")
@token_option
@click.option("--to", help="Who is paid instead; only the recipient itself may say.")
@options.records
@account_option
def claim(
    split: str,
    recipient: str,
    token: str | None,
    to: str | None,
    records: Path,
    account: str | None,
) -> None:
    """Pay a RECIPIENT what it refused when a SPLIT was divided. Anyone may."""
    found = _start(records)
    it, what, owner = _split(found, split), _asset(token), found.address(recipient)
    payee = found.address(to) if to else owner
    if it.credits(what.address, owner) == 0:
        raise Refusal(f"{owner} is owed no {what.symbol} by this split.")
    amount = it.claimable(what.address, owner)
    send("claim", it.claim, what.address, owner, payee, sender=options.account(account))
    console.print(f"  {what.show(amount)} paid to {payee}")


@cli.command(cls=options.Command)
@click.argument("split")
@tokens_option
@options.records
def show(split: str, tokens: tuple[str, ...], records: Path) -> None:
    """Show who was paid and who is owed by a SPLIT, in every token it ever divided."""
    found = _start(records)
    it = _split(found, split)
    entries = splits.history(it, found.first_block)
    known = dict.fromkeys([contracts.NO_ONE, *(entry.token for entry in entries)])
    known |= dict.fromkeys(what.address for what in _assets(tokens))
    for address in known:
        try:
            sums = splits.sums(it, asset(address), entries)
        except (Refusal, ApeException, *UNREADABLE):  # anyone may have a split divide anything
            console.print(f"{address} does not answer as a token: its rounds are not shown.")
        else:
            console.print(*income_view.of_sums(sums))


# ----- forwarders -----


@cli.group()
def forwarder() -> None:
    """An address for income that follows its recipient."""


@forwarder.command("make", cls=options.Command)
@click.option("--owner", help="Who may name another target; by default who signs.")
@click.option("--target", help="Who is paid at first.")
@click.option("--name", help="Follow this name instead, as it is held now.")
@click.option("--fallback", help="Who is paid once the name has changed hands.")
@salt_option
@yes_option
@options.records
@account_option
def make_forwarder(
    owner: str | None,
    target: str | None,
    name: str | None,
    fallback: str | None,
    salt: int,
    yes: bool,
    records: Path,
    account: str | None,
) -> None:
    """Make a forwarder to a --target that its owner may change, or to a --name."""
    found = _start(records)
    factory, sender = found["ForwarderFactory"], options.account(account)
    unique = salt.to_bytes(32, "big")
    if bool(target) == bool(name) or bool(name) != bool(fallback) or (name and owner):
        raise Refusal("Give --target (and --owner), or --name and --fallback.")
    if target:
        given = (found.address(owner) if owner else sender.address, found.address(target), unique)
        predict, create = factory.predict, factory.create
        what = f"to {given[1]}, as long as {given[0]} names no other"
    else:
        node = found.node(name)
        epoch = found["Names"].holder(node)[1]
        if epoch == 0:
            raise Refusal(f"{name} is not registered, or has expired.")
        given = (node, epoch, found.address(fallback), unique)
        predict, create = factory.predict_for_name, factory.create_for_name
        what = f"to {name} as it is held now, then to {given[2]} for ever"
    address = predict(*given)
    console.print(f"A forwarder {what}.\nIts address: [bold]{address}[/]")
    if contracts.code(address):
        console.print("It is there already: nothing was sent.")
        return
    ask(yes, "Make it?")
    send("make the forwarder", create, *given, sender=sender)


@forwarder.command(cls=options.Command)
@click.argument("address")
@click.argument("target")
@tokens_option
@yes_option
@options.records
@account_option
def retarget(
    address: str,
    target: str,
    tokens: tuple[str, ...],
    yes: bool,
    records: Path,
    account: str | None,
) -> None:
    """Let the forwarder at ADDRESS pay another TARGET; the old one gets ETH and named tokens."""
    found = _start(records)
    it, new, sender = _forwarder(found, address), found.address(target), options.account(account)
    if it.owner() != sender.address:
        if it.owner() == contracts.NO_ONE:
            raise Refusal("This forwarder follows a name: change the name's address instead.")
        raise Refusal(f"Only {it.owner()} may change the target.")
    named = [what.address for what in _assets(tokens) if not what.is_eth]
    ask(yes, f"Pay {it.target()} what is here, and {new} from then on?")
    send("retarget", it.retarget, new, named, sender=sender)


@forwarder.command(cls=options.Command)
@click.argument("address")
@tokens_option
@options.records
@account_option
def flush(address: str, tokens: tuple[str, ...], records: Path, account: str | None) -> None:
    """Pay on what the forwarder at ADDRESS has: ETH, unless tokens are named."""
    found = _start(records)
    it = _forwarder(found, address)
    due = {what: it.pending(what.address) for what in _assets(tokens)}
    ready = [what for what in due if due[what]]
    if not ready:
        raise Refusal("There is nothing to pay on.")
    send("flush", it.flush_many, [what.address for what in ready], sender=options.account(account))
    for what in ready:
        console.print(f"  {what.show(due[what])} paid on")


# ----- the proof -----


@cli.command(cls=options.Command)
@options.settings
@options.records
def prove(settings: Path | None, records: Path) -> None:
    """Divide awkward payments among 37 recipients on three levels, and account for every unit."""
    options.quiet()
    if not options.is_local():
        raise Refusal("The proof pays accounts without a key: run it on a local network.")
    intent = options.chosen(settings)
    sender = options.account(None)
    if find_book(records) is None and not deploy(intent, sender, records, _silent).passed:
        raise Refusal("The chain is not as planned: see `ape run deploy doctor`.")
    suite = open_book(records)
    payer, token = _holder(intent.token.holders), asset(suite["VotesToken"].address)
    levels = income_proof.make_levels(suite["SplitterFactory"], sender)
    found: list[income_proof.Sum] = []
    for what, giver in ((asset(None), sender), (token, payer)):
        before = income_proof.whole(levels, what)
        found += income_proof.rounds(levels, what, giver)
        _check_whole(what, income_proof.whole(levels, what) - before)
    console.print(_proof_table(found))
    wrong = sum(not each.is_right for each in found)
    if wrong:
        raise Refusal(f"{wrong} of {len(found)} sums are off.")
    console.print(f"  {mark(True)} {len(found)} rounds, every unit accounted for")


def _holder(holders: dict[str, int]) -> AccountAPI:
    try:
        return accounts[next(iter(holders))]
    except KeyError:
        raise Refusal("The proof needs a test account as first of token.holders.") from None


def _silent(_what: str, _gas: int) -> None:
    """What a deployment costs is not the proof's subject."""


def _check_whole(what: Asset, arrived: int) -> None:
    paid = sum(income_proof.PAYMENTS)
    if arrived != paid:
        raise Refusal(f"{what.show(paid)} were paid, and {what.show(arrived)} are there.")


def _proof_table(sums: list[income_proof.Sum]) -> Any:
    shown = table("Sums, in smallest units", "token", "level", "received", "paid", "left", "of", "")
    for each in sums:
        shown.add_row(
            each.asset.symbol,
            str(each.level),
            f"{each.received:,}",
            f"{sum(each.found):,}",
            f"{each.remainder:,}",
            f"{each.total:,}",
            mark(each.is_right),
        )
    return shown


# ----- what all share -----


def _start(records: Path) -> Found:
    options.quiet()
    return open_book(records)


def _asset(token: str | None) -> Asset:
    return asset(None if token in (None, "ETH") else checked(token))


def _assets(tokens: tuple[str, ...]) -> list[Asset]:
    return [_asset(token) for token in dict.fromkeys(tokens or ("ETH",))]


def _split(found: Found, text: str) -> ContractInstance:
    return splits.at(found.address(text), found["SplitterFactory"])


def _forwarder(found: Found, text: str) -> ContractInstance:
    address = found.address(text)
    implementation = bytes.fromhex(found["ForwarderFactory"].implementation()[2:])
    if contracts.code(address)[:-TERMS] != FORWARDS + implementation + ANSWERS:
        raise Refusal(f"There is no forwarder of this deployment at {address}.")
    return contracts.at(address, "Forwarder")
