"""Passes and rules for people: `ape run access <command>`.

Whatever is typed or read from a file is checked before anything is signed, and each
transaction is tried before it is sent. Exit codes are those of `_lib/refusal.py`;
`rule test` has two more, 5 if somebody is kept out and 6 if the gate cannot tell.
"""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click
from ape.api import AccountAPI
from ape.contracts import ContractInstance
from ape.exceptions import ContractLogicError
from rich.progress import Progress

from scripts._lib import access_view, contracts, grants, options, passes, rules, times
from scripts._lib.amounts import asset
from scripts._lib.answers import Explainer, worded
from scripts._lib.collection_file import Offer
from scripts._lib.console import answer, console, gas_line
from scripts._lib.desk import (
    Desk,
    asset_of,
    count_option,
    file_argument,
    pass_of,
    pay,
    reasons,
    referrer_option,
    tell_newest,
    to_option,
    token_option,
)
from scripts._lib.files import ROOT
from scripts._lib.list_commands import lists
from scripts._lib.refusal import Refusal
from scripts._lib.rule_commands import rule
from scripts._lib.rules import Value
from scripts._lib.sending import ask, attempt, begun, send, transactions
from scripts._lib.visible import said
from scripts._lib.voucher_commands import voucher

ALL = 32  # passes that are settled at once
URI_MAX = 256  # bytes


@click.group()
def cli() -> None:
    """Sell memberships, say who is a member, ask who may in."""


cli.add_command(voucher)
cli.add_command(rule)
cli.add_command(lists)


# ----- collections -----


@cli.command(cls=options.Command)
@file_argument
@options.yes
@options.records
@options.paying
def create(file: Path, yes: bool, records: Path, account: str | None) -> None:
    """Create the collection of a FILE: see deployments/collections/studio.toml."""
    desk, sender = Desk(records), options.account(account)
    offer = Offer(file, desk.found, sender.address)
    console.print(*access_view.preview(offer, desk.known))
    if not offer.is_there:
        given = (offer.setup, offer.salt)
        attempt("create the collection", offer.factory.create, *given, sender=sender)
        more = 2 * sum(map(bool, offer.sales))
        ask(yes, f"Create it as {sender.address}, by {transactions(1 + more)}?")
        send("create the collection", offer.factory.create, *given, sender=sender)
    elif steps := list(offer.missing()):
        ask(yes, f"It is there, but not whole. Go on, by {transactions(len(steps))}?")
    else:
        console.print("It is there already: nothing was sent.")
        return
    with begun():
        for step in offer.missing():
            send(step.what, step.method, *step.arguments, sender=sender)
    console.print(f"Look at it: ape run access show {offer.address}")


@cli.command(cls=options.Command)
@click.argument("collection")
@options.as_json
@options.records
def show(collection: str, as_json: bool, records: Path) -> None:
    """Show a COLLECTION: its plans, its money, whose it is."""
    desk = Desk(records)
    shown = access_view.collection(desk.collection(collection), desk.now)
    if as_json:
        answer(shown)
        return
    console.print(*access_view.collection_tables(shown, desk.known, desk.now))


@cli.command(cls=options.Command)
@click.argument("collection")
@click.option("--valid", "only_valid", is_flag=True, help="Leave expired passes out.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV instead of a table.")
@options.as_json
@options.records
def members(collection: str, only_valid: bool, as_csv: bool, as_json: bool, records: Path) -> None:
    """Who holds a pass of a COLLECTION, of which plan, and until when."""
    desk = Desk(records)
    it = desk.collection(collection)
    with Progress(console=console, transient=True, disable=as_csv or as_json) as bar:
        task = bar.add_task("reading the chain", total=None)
        found = passes.members(
            it,
            passes.first_block(desk.found),
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    chosen = [member for member in found if member.is_valid(desk.now) or not only_valid]
    rows = access_view.member_rows(chosen, desk.known, desk.now)
    if as_json:
        answer(rows)
    elif as_csv:
        click.echo(access_view.member_csv(rows), nl=False)
    else:
        console.print(access_view.member_table(rows, desk.known, desk.now))


# ----- passes -----


@cli.command(cls=options.Command)
@click.argument("collection")
@click.argument("plan", type=int)
@to_option
@count_option
@referrer_option
@options.yes
@options.records
@options.paying
def sell(
    collection: str,
    plan: int,
    to: str | None,
    count: int,
    referrer: str | None,
    yes: bool,
    records: Path,
    account: str | None,
) -> None:
    """Sell a pass of a PLAN of a COLLECTION to the account that signs and pays, or --to another."""
    desk, sender = Desk(records), options.account(account)
    it, receiver = desk.collection(collection), desk.address(to, sender)
    terms = passes.plan(it, plan)
    unit, due = passes.currency(terms), terms.terms.price * count
    console.print(
        access_view.facts(
            "Pass" if count == 1 else f"{count} passes",
            ("collection", it.name()),
            ("plan", f"{plan}, lasts {passes.lasts(terms)}"),
            ("price", f"{passes.price(terms)}" + (f", {unit.show(due)} in all" if due else "")),
            *access_view.paid_in(unit),
            ("to", desk.known.whole(receiver)),
        )
    )
    _check_gate(desk, terms, receiver)
    friend = desk.found.address(referrer) if referrer else contracts.NO_ONE
    recipients = [receiver] * count
    pay(
        yes, f"buy {unit.show(due) if due else 'it, free'}", desk, it, unit, due, sender,
        it.mint_many, recipients, plan, terms.terms.price, friend,
    )  # fmt: skip
    tell_newest(it, receiver, desk.now)


def _check_gate(desk: Desk, plan: Any, receiver: str) -> None:
    """The gate's no in words, rather than the collection's in three."""
    if plan.gate == contracts.NO_ONE:
        return
    gate = contracts.at(plan.gate, "Gate")
    try:
        rule = rules.registered(gate, bytes(plan.rule))
        if rule is None:
            raise Refusal("The plan's rule is not registered: nobody can buy it.")
        verdict = Explainer(gate, rule, worded(rule, desk.known), desk.facts).verdict(receiver)
    except ContractLogicError as error:
        raise Refusal(f"The plan's gate does not answer: {error.revert_message}.") from None
    if verdict.value != Value.YES:
        raise Refusal(f"The plan's rule keeps {desk.known(receiver)} out: {verdict.sentence}.")


@cli.command(cls=options.Command)
@click.argument("collection")
@click.argument("id", metavar="PASS")
@click.option("--plan", type=int, help="The plan that is paid; by default the pass's own.")
@options.yes
@options.records
@options.paying
def renew(
    collection: str, id: str, plan: int | None, yes: bool, records: Path, account: str | None
) -> None:
    """Add a plan's time to a PASS such as 1/7, whoever owns it."""
    desk, sender = Desk(records), options.account(account)
    it = desk.collection(collection)
    token = pass_of(it, id)
    if plan is None and token >> passes.AT_PLAN == passes.GRANTS:
        raise Refusal("A granted pass has no plan of its own: name one by --plan.")
    chosen = plan if plan is not None else token >> passes.AT_PLAN
    terms = passes.plan(it, chosen)
    unit, due, owner = passes.currency(terms), terms.terms.price, it.ownerOf(token)
    console.print(
        access_view.facts(
            f"Pass {access_view.pass_name(token)}",
            ("collection", it.name()),
            ("owner", desk.known.whole(owner)),
            ("expires", passes.expiry(it.expiresAt(token), desk.now)),
            ("is renewed for", f"{passes.lasts(terms)}, by plan {chosen}"),
            ("price", passes.price(terms)),
            *access_view.paid_in(unit),
        )
    )
    if terms.terms.refundable and owner != sender.address:
        console.print("It is not yours: what you pay is a gift, and is not refunded.")
    pay(
        yes, f"renew it for {passes.price(terms)}", desk, it, unit, due, sender,
        it.renew, token, chosen, due,
    )  # fmt: skip
    console.print(f"It expires: {passes.expiry(it.expiresAt(token), desk.now)}.")


@cli.command(cls=options.Command)
@click.argument("collection")
@click.argument("id", metavar="PASS")
@options.yes
@options.records
@options.paying
def refund(collection: str, id: str, yes: bool, records: Path, account: str | None) -> None:
    """Give a PASS back for what its payment has not earned yet. It is burned."""
    desk, sender = Desk(records), options.account(account)
    it = desk.collection(collection)
    token = pass_of(it, id)
    owner = it.ownerOf(token)
    if owner != sender.address:
        raise Refusal(f"Pass {id} is {desk.known(owner)}'s, who alone can give it back.")
    currency, amount = it.refundable(token)
    if amount == 0:
        raise Refusal("Nothing would be refunded for this pass.")
    what = asset(currency).show(amount)
    attempt("refund", it.refund, token, sender=sender)
    ask(yes, f"Burn pass {access_view.pass_name(token)} for about {what}, less each second?")
    send("refund", it.refund, token, sender=sender)


@cli.command(cls=options.Command)
@click.argument("collection")
@click.option("--token", "currency", help="The currency; ETH unless named.")
@click.option("--to", "referrer", help="The referrer; by default who signs.")
@options.records
@options.paying
def claim(
    collection: str, currency: str | None, referrer: str | None, records: Path, account: str | None
) -> None:
    """Pay a referrer its shares of sales. Anyone may."""
    desk, sender = Desk(records), options.account(account)
    it, unit = desk.collection(collection), asset_of(currency)
    owed = desk.address(referrer, sender)
    amount = it.credit(owed, unit.address)
    if amount == 0:
        raise Refusal(f"{desk.known(owed)} is owed no {unit.symbol} by this collection.")
    send("claim", it.claim, owed, unit.address, sender=sender)
    console.print(f"  {unit.show(amount)} paid to {desk.known.whole(owed)}")


# ----- money -----


@cli.command(cls=options.Command)
@click.argument("collection")
@token_option
@click.option("--settle", is_flag=True, help="First free what refundable payments have earned.")
@options.yes
@options.records
@options.paying
def sweep(
    collection: str,
    token: str | None,
    settle: bool,
    yes: bool,
    records: Path,
    account: str | None,
) -> None:
    """Send what a COLLECTION has earned to its revenue address. Anyone may."""
    desk, sender = Desk(records), options.account(account)
    it, unit = desk.collection(collection), asset_of(token)
    settled = settle and _settle(desk, it, unit.address, sender, yes)
    with begun() if settled else nullcontext():
        free = unit.balance(it.address) - it.held(unit.address)
        if free <= 0:
            raise Refusal(f"There is no {unit.symbol} to sweep: what is there is held for others.")
        revenue = it.collection().revenue
        attempt("sweep", it.sweep, unit.address, sender=sender)
        ask(yes, f"Send {unit.show(free)} to {desk.known.whole(revenue)}?")
        send("sweep", it.sweep, unit.address, sender=sender)
    console.print(f"  {unit.show(free)} to {desk.known.whole(revenue)}")


def _settle(desk: Desk, it: ContractInstance, currency: str, sender: AccountAPI, yes: bool) -> bool:
    """All passes that a refundable plan of the currency may have been paid for; 32 at a time."""
    plans = {n: it.plan(n).terms for n in range(1, it.collection().plans + 1)}
    paid = {n for n, plan in plans.items() if plan.refundable and plan.currency == currency}
    members = passes.members(it, passes.first_block(desk.found), lambda *_: None)
    # a renewal may have been by another plan than the pass's own
    ids = [each.id for each in members if each.plan in paid or (paid and each.times > 1)]
    if not ids or it.held(currency) == 0:
        console.print("  nothing is held for refunds: nothing to settle")
        return False
    ask(yes, f"Settle {len(ids):,} passes, by {transactions(-(-len(ids) // ALL))}?")
    for start in range(0, len(ids), ALL):
        some = ids[start : start + ALL]
        with begun() if start else nullcontext():
            send(f"settle {len(some)} passes", it.settle, some, sender=sender)
    return True


@cli.command(cls=options.Command)
@click.argument("collection")
@click.argument("uri")
@options.yes
@options.records
@options.paying
def metadata(collection: str, uri: str, yes: bool, records: Path, account: str | None) -> None:
    """Let wallets read the metadata of a COLLECTION below a URI. Only its owner.

    Ids of passes, and "collection", are appended to it; "" is what stands on the chain.
    """
    desk, sender = Desk(records), options.account(account)
    it = desk.collection(collection)
    if len(uri.encode()) > URI_MAX:
        raise Refusal(f"The URI has more than {URI_MAX} bytes.")
    attempt("set it", it.set_base_uri, uri, sender=sender)
    ask(yes, f"Read the metadata of {it.name()} {f'below {uri}' if uri else 'on the chain'}?")
    send("set the metadata", it.set_base_uri, uri, sender=sender)


@cli.group()
def revenue() -> None:
    """Where the money goes: a change takes 7 days of notice."""


@revenue.command(cls=options.Command)
@click.argument("collection")
@click.argument("to")
@options.yes
@options.records
@options.paying
def announce(collection: str, to: str, yes: bool, records: Path, account: str | None) -> None:
    """Announce another revenue address of a COLLECTION. Only its owner."""
    desk, sender = Desk(records), options.account(account)
    it, address = desk.collection(collection), desk.found.address(to)
    attempt("announce it", it.announce_revenue, address, sender=sender)
    ask(yes, f"Announce that money will go to {desk.known.whole(address)}?")
    send("announce the revenue address", it.announce_revenue, address, sender=sender)
    ready = it.collection().revenue_ready_at
    console.print(f"It can be applied from {times.moment(ready)}, for 14 days.")


@revenue.command(cls=options.Command)
@click.argument("collection")
@options.records
@options.paying
def apply(collection: str, records: Path, account: str | None) -> None:
    """Make the announced revenue address the one in force. Anyone may."""
    desk, sender = Desk(records), options.account(account)
    it = desk.collection(collection)
    seen = it.collection()
    if seen.pending_revenue == contracts.NO_ONE:
        raise Refusal("No other revenue address is announced.")
    if desk.now < seen.revenue_ready_at:
        raise Refusal(f"Its notice ends {times.distance(seen.revenue_ready_at, desk.now)}.")
    send("apply the revenue address", it.apply_revenue, sender=sender)
    console.print(f"Money goes to {desk.known.whole(it.collection().revenue)}.")


# ----- grants -----


@cli.command(cls=options.Command)
@click.argument("collection")
@file_argument
@click.option(
    "--journal",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / ".grants",
    show_default=".grants",
    help="Where it is written down how far a table came.",
)
@options.yes
@options.records
@options.paying
def grant(
    collection: str, file: Path, journal: Path, yes: bool, records: Path, account: str | None
) -> None:
    """Give a pass to each row of a FILE with the columns recipient,until.

    `until` is a day (2027-01-31), a time with its zone, a duration from now ("30 days"),
    "plan 1" for that plan's duration, or "for ever". Give the command again if it was
    interrupted: everybody gets one pass.
    """
    desk, sender = Desk(records), options.account(account)
    it = desk.collection(collection)
    rows = grants.of_csv(file)
    kept = grants.Journal(journal, it.address)
    with kept.held():
        _grant(desk, it, file, rows, kept, yes, sender)


def _grant(
    desk: Desk,
    it: ContractInstance,
    file: Path,
    rows: list[grants.Row],
    kept: grants.Journal,
    yes: bool,
    sender: AccountAPI,
) -> None:
    table = grants.digest(rows)
    kept.check_free(table)
    run = kept.load(table)
    if run and run.is_done:
        raise Refusal(
            f"All {run.count} of {file.name} were granted before. To grant them once more, "
            f"remove {kept.path(table)}."
        )
    if run is None:
        made = grants.batches(rows, desk.found.address, it, desk.now)
        run = grants.Run(genesis=kept.genesis, table=table, sender=sender.address, batches=made)
        console.print(_grants_table(desk, it, run))
        first = made[0]
        attempt("grant", it.grant_many, first.recipients, first.expiry, sender=sender)
        ask(yes, f"Grant {run.count} passes, by {transactions(len(made))}?")
        kept.keep(run)
    elif run.sender != sender.address:
        raise Refusal(f"{run.sender} began with {file.name}: go on with that account.")
    else:
        done = sum(len(batch.recipients) for batch in run.batches if batch.done)
        console.print(f"{file.name} was begun before: {done} of {run.count} are noted as granted.")
    with reasons("grant"), Progress(console=console, transient=True) as bar:
        task = bar.add_task("granting", total=run.count)
        for count, gas in grants.carry(it, run, kept, sender):
            bar.advance(task, count)
            gas_line(f"grant {count} passes", gas)
    console.print(f"All {run.count} of {file.name} are granted.")


def _grants_table(desk: Desk, it: ContractInstance, run: grants.Run) -> Any:
    shown = access_view.table(f"Grants of {said(it.name())}", "transaction", "id", "until")
    shown.columns[1].header = "recipient"
    for number, batch in enumerate(run.batches, 1):
        until = passes.expiry(batch.expiry, desk.now)
        for recipient in batch.recipients:
            shown.add_row(str(number), desk.known.whole(recipient), until)
    return shown
