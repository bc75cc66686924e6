"""Names for people: `ape run names <command>`.

Whatever is typed is checked before anything is signed; a registration that was
interrupted goes on when the same command is given again.
"""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from ape import chain
from ape.api import AccountAPI
from ape.contracts import ContractInstance
from rich.progress import Progress

from scripts._lib import cid, contracts, name_input, options, registration, times
from scripts._lib.console import console, gas_line
from scripts._lib.files import ROOT
from scripts._lib.found import open_book
from scripts._lib.intent import WEI
from scripts._lib.refusal import Refusal
from scripts._lib.sending import begun, send, signing
from scripts._lib.visible import said

STATES = {1: "free", 2: "live", 4: "in grace"}
MODES = {0: "not a name", 1: "registered", 2: "managed", 3: "emancipated"}
SHOWN_TEXTS = ("avatar", "url", "description", "email", "com.github")
CALL_MAX, CALLS_MAX = 512, 8  # of a registration's records

days = click.option("--days", default=365, show_default=True, help="How long, 28 to 3650.")
account = click.option("--account", help="Ape's alias of the account that pays.")
addr = click.option("--addr", help="Its address on Ethereum.")
texts = click.option("--text", "texts", multiple=True, metavar="KEY=TEXT", help="A text record.")
content = click.option("--content", metavar="CID", help="Its content, as `ipfs add` names it.")


class System:
    """The name system that is recorded for the connected chain."""

    def __init__(self, records: Path) -> None:
        options.quiet()
        self.names = open_book(records)["Names"]
        self.resolver = contracts.at(self.names.default_resolver(), "Resolver")
        self.reverse = contracts.at(self.names.reverse_resolver(), "ReverseResolver")
        self.top = self.names.top_label()

    def node(self, name: str) -> tuple[str, bytes]:
        labels = name_input.labels_of(name, self.top)
        return ".".join([*labels, self.top]), name_input.node_of(labels, self.top)

    def live(self, name: str) -> tuple[str, bytes]:
        full, node = self.node(name)
        if self.names.owner(node) == contracts.NO_ONE:
            raise Refusal(f"{full} is not registered, or expired.")
        return full, node

    def check_answers(self, full: str, node: bytes) -> None:
        """What is set where nobody asks would be told as done."""
        chosen = self.names.resolver(node)
        if chosen != self.resolver.address:
            raise Refusal(
                f"{full} is answered for by {chosen}, which its owner chose: records of "
                f"{self.resolver.address} would reach nobody (Names.setResolver changes that)."
            )

    def records(
        self, node: bytes, addr: str | None, texts: tuple[str, ...], content: str | None
    ) -> list[bytes]:
        """The calls that write these records."""
        calls = []
        if addr:
            calls.append(self.resolver.setAddr.encode_input(node, name_input.account(addr)))
        for key, text in map(name_input.text_record, texts):
            calls.append(self.resolver.setText.encode_input(node, key, text))
        if content:
            hashed = name_input.content(content)
            calls.append(self.resolver.setContenthash.encode_input(node, hashed))
        return [bytes(call) for call in calls]


def sign(what: str, sender: AccountAPI, cost: int, method: Any, *arguments: Any) -> None:
    """Ask on public networks, then send."""
    if sender.balance < cost:
        raise Refusal(f"{sender.address} has less than the {ether(cost)} that this costs.")
    if not options.is_local():
        click.confirm(f"Sign: {what}, for {ether(cost)} and gas?", abort=True)
    send(what, method, *arguments, sender=sender, value=cost)


def ether(amount: int) -> str:
    return f"{amount / WEI:.6g} ether"


def day_of(second: int) -> str:
    return times.moment(second, "%Y-%m-%d %H:%M")


@click.group()
def cli() -> None:
    """Look names up, register and renew them, set their records."""


@cli.command(cls=options.Command)
@options.records
@click.argument("name")
def available(name: str, records: Path) -> None:
    """Say whether NAME can be registered."""
    system = System(records)
    label = name_input.second_level(name, system.top)
    if system.names.available(label):
        console.print(f"{label}.{system.top} is free.")
        return
    info = system.names.info(system.names.namehash(label))
    console.print(
        f"{label}.{system.top} is {STATES[info.state]}; it expires {day_of(info.expiry)}."
    )


@cli.command(cls=options.Command)
@options.records
@days
@click.argument("name")
def price(name: str, days: int, records: Path) -> None:
    """Say what registering NAME, or renewing it, costs now."""
    system = System(records)
    label, duration = name_input.second_level(name, system.top), name_input.seconds(days)
    if system.names.available(label):
        base, premium = system.names.registration_price(label, duration, 0)
        extra = f", {ether(premium)} of it because it was released lately" if premium else ""
        console.print(f"{ether(base + premium)} for {days} days{extra}.")
    else:
        due, cap = system.names.renewal_price(label, duration)
        console.print(f"{ether(due)} to renew for {days} days, and never more than {ether(cap)}.")


@cli.command(cls=options.Command)
@options.records
@account
@days
@click.option("--primary", is_flag=True, help="Make it the account's primary name.")
@addr
@texts
@content
@click.option(
    "--pending",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / ".registrations",
    show_default=".registrations",
    help="Where secrets are kept until they are used.",
)
@click.argument("name")
def register(
    name: str,
    days: int,
    primary: bool,
    addr: str | None,
    texts: tuple[str, ...],
    content: str | None,
    pending: Path,
    account: str | None,
    records: Path,
) -> None:
    """Register NAME: commit, wait a minute, reveal. Give it again if it was interrupted."""
    system, sender = System(records), options.account(account)
    label, duration = name_input.second_level(name, system.top), name_input.seconds(days)
    full, node = system.node(label)
    calls = system.records(node, addr, texts, content)
    if len(calls) > CALLS_MAX or any(len(call) > CALL_MAX for call in calls):
        raise Refusal("These are too many or too long records at once: set some afterwards.")
    kept = registration.Pending(pending, system.names.address, label, sender.address)
    if not system.names.available(label):
        mine = system.names.owner(node) == sender.address
        if mine:
            kept.forget()
        raise Refusal(f"{full} is {'yours already' if mine else 'taken'}.")
    cost = sum(system.names.registration_price(label, duration, 0))
    wanted = registration.Wanted(
        label, sender.address, duration, contracts.NO_ONE, [call.hex() for call in calls],
        primary, cost, secrets.token_hex(32),
    )  # fmt: skip
    if sender.balance < cost:
        raise Refusal(f"{sender.address} has less than the {ether(cost)} that this costs.")
    if not options.is_local():
        click.confirm(f"Register {full} for {days} days at {ether(cost)} and gas?", abort=True)
    wanted, resumed = registration.begin(kept, wanted)
    carry(system.names, full, wanted, sender, resumed)
    kept.forget()
    console.print(f"{full} is yours until {day_of(system.names.info(node).expiry)}.")


def carry(
    names: ContractInstance,
    full: str,
    wanted: registration.Wanted,
    sender: AccountAPI,
    resumed: bool,
) -> None:
    """Commit, wait, reveal."""
    with signing(f"commit to {full}", sender):
        committed = registration.commit(names, wanted, sender)
    if committed:
        gas_line(f"commit to {full}", committed.gas_used)
    elif resumed:
        console.print(f"  {full} was committed to before: going on.")
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("waiting for the reveal", total=registration.COMMIT_MIN)
        made = registration.wait(
            names,
            wanted,
            sender,
            lambda passed, total: bar.update(task, completed=passed, total=total),
        )
    with begun(), signing(f"register {full}", sender):
        receipt = registration.reveal(names, wanted, made, sender)
    gas_line(f"register {full}", receipt.gas_used)


@cli.command(cls=options.Command)
@options.records
@account
@days
@click.argument("name")
def renew(name: str, days: int, account: str | None, records: Path) -> None:
    """Renew NAME, whoever owns it."""
    system, sender = System(records), options.account(account)
    label, duration = name_input.second_level(name, system.top), name_input.seconds(days)
    if system.names.available(label):
        raise Refusal(f"{label}.{system.top} is not registered: register it.")
    due, _ = system.names.renewal_price(label, duration)
    sign(f"renew {label}.{system.top}", sender, due, system.names.renew, label, duration)
    expiry = system.names.info(system.names.namehash(label)).expiry
    console.print(f"It expires {day_of(expiry)}.")


@cli.command("set", cls=options.Command)
@options.records
@account
@addr
@texts
@content
@click.argument("name")
def set_records(
    name: str,
    addr: str | None,
    texts: tuple[str, ...],
    content: str | None,
    account: str | None,
    records: Path,
) -> None:
    """Set records of NAME."""
    system, sender = System(records), options.account(account)
    full, node = system.live(name)
    system.check_answers(full, node)
    calls = system.records(node, addr, texts, content)
    if not calls:
        raise Refusal("Nothing to set: give --addr, --text or --content.")
    if len(calls) > CALLS_MAX:
        raise Refusal(f"At most {CALLS_MAX} records at once.")
    sign(f"set records of {full}", sender, 0, system.resolver.multicall, calls)


@cli.command(cls=options.Command)
@options.records
@account
@click.argument("name")
def primary(name: str, account: str | None, records: Path) -> None:
    """Make NAME the primary name of the account, which it has to resolve to."""
    system, sender = System(records), options.account(account)
    full, node = system.live(name)
    system.check_answers(full, node)
    if system.resolver.addr(node) != sender.address:
        raise Refusal(f"{full} does not resolve to {sender.address}: set its address first.")
    sign(f"primary name {full}", sender, 0, system.reverse.setName, full)


@cli.command(cls=options.Command)
@options.records
@account
@click.option(
    "--emancipated",
    "until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Out of the parent's power until then; else managed by the parent.",
)
@click.argument("name")
@click.argument("owner")
def subname(
    name: str, owner: str, until: datetime | None, account: str | None, records: Path
) -> None:
    """Make the sub-name NAME, e.g. shop.alice.os, for OWNER."""
    system, sender = System(records), options.account(account)
    label, *above = name_input.labels_of(name, system.top)
    if not above:
        raise Refusal(f"{name} is no sub-name: register it.")
    name_input.checked_label(label)
    full, parent = system.live(".".join([*above, system.top]))
    owner = name_input.account(owner)
    expiry = int(until.replace(tzinfo=UTC).timestamp()) if until else 0
    end = system.names.info(parent).expiry
    if until and not chain.pending_timestamp < expiry <= end:
        raise Refusal(f"Until when has to be in the future, and not after {day_of(end)}.")
    sign(
        f"make {label}.{full}", sender, 0, system.names.createSubname, parent, label, owner, expiry
    )


@cli.command(cls=options.Command)
@options.records
@click.argument("name")
def show(name: str, records: Path) -> None:
    """Show all that is known of NAME."""
    system = System(records)
    full, node = system.node(name)
    info = system.names.info(node)
    console.print(f"[bold]{full}[/]")
    console.print(f"  {MODES[info.mode]}, {STATES[info.state]}")
    if not info.mode:
        return
    console.print(f"  expires {day_of(info.expiry)}" if info.expiry else "  belongs to nobody")
    console.print(f"  owner {info.owner}")
    resolver = system.names.resolver(node)
    console.print(f"  resolver {resolver}")
    until = system.names.emancipated_until(node)
    if until > chain.pending_timestamp:
        console.print(f"  sub-names are out of its owner's power until {day_of(until)}")
    if resolver != system.resolver.address:
        console.print("  its records are there, not with this system")
        return
    console.print(f"  address {system.resolver.addr(node)}")
    published = bytes(system.resolver.contenthash(node))
    if published:
        try:
            console.print(f"  content {cid.from_contenthash(published)}")
        except ValueError:
            console.print(f"  content 0x{published.hex()}")
    for key in SHOWN_TEXTS:
        if text := system.resolver.text(node, key):
            console.print(f"  {key} {said(text)}")
