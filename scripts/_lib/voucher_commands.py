"""`ape run access voucher`: passes at a price of their own, promised by a signature."""

from pathlib import Path
from typing import Any

import click
from ape import chain
from ape.contracts import ContractInstance

from scripts._lib import access_view, contracts, options, passes, times, vouchers
from scripts._lib.amounts import asset
from scripts._lib.console import console
from scripts._lib.desk import (
    Desk,
    count_option,
    file_argument,
    pay,
    referrer_option,
    tell_newest,
)
from scripts._lib.refusal import Refusal
from scripts._lib.sending import ask, attempt, send


@click.group()
def voucher() -> None:
    """Passes at a price of their own, on a signed piece of paper."""


@voucher.command("sign", cls=options.Command)
@click.argument("collection")
@click.argument("plan", type=int)
@click.argument("recipient")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--price", required=True, help="Of one pass, such as 0.01; 0 is free.")
@click.option("--for", "lasts", default="30 days", show_default=True, help="How long it is good.")
@count_option
@options.yes
@options.records
@options.paying
def sign_voucher(
    collection: str,
    plan: int,
    recipient: str,
    out: Path,
    price: str,
    lasts: str,
    count: int,
    yes: bool,
    records: Path,
    account: str | None,
) -> None:
    """Sign a voucher for passes of a PLAN to RECIPIENT, into the file OUT. Sends nothing."""
    desk, sender = Desk(records), options.account(account)
    it, receiver = desk.collection(collection), desk.found.address(recipient)
    unit = passes.currency(passes.plan(it, plan))
    if it.owner() != sender.address:
        raise Refusal(f"Vouchers are signed by the owner, {desk.known.whole(it.owner())}.")
    if out.exists():
        raise Refusal(f"{out.name} is there already: name another file.")
    units = unit.read(price) if price.strip("0.") else 0
    if units > vouchers.MAX_PRICE:
        raise Refusal(f"Nobody has {price}.")
    deadline = desk.now + times.of_duration(lasts)
    made = vouchers.fresh(it, plan, units, count, receiver, deadline)
    console.print(_voucher_table(desk, it, made))
    ask(yes, f"Promise that to {desk.known(receiver)}, as {desk.known(sender.address)}?")
    vouchers.write(out, vouchers.sign(chain.chain_id, it.address, made, sender))
    console.print(f"Signed: hand {out} to {desk.known(receiver)}.")


@voucher.command(cls=options.Command)
@file_argument
@referrer_option
@options.yes
@options.records
@options.paying
def redeem(file: Path, referrer: str | None, yes: bool, records: Path, account: str | None) -> None:
    """Buy what the voucher in a FILE promises. Anyone may pay."""
    desk, sender = Desk(records), options.account(account)
    it, signed = _voucher(desk, file)
    made = signed.voucher
    unit, due = asset(made.currency), made.price * made.quantity
    console.print(_voucher_table(desk, it, made))
    friend = desk.found.address(referrer) if referrer else contracts.NO_ONE
    pay(
        yes, f"redeem it for {unit.show(due) if due else 'nothing'}", desk, it, unit, due, sender,
        it.redeem, made.words, signed.signature_bytes, friend,
    )  # fmt: skip
    tell_newest(it, made.recipient, desk.now)


@voucher.command(cls=options.Command)
@file_argument
@options.yes
@options.records
@options.paying
def cancel(file: Path, yes: bool, records: Path, account: str | None) -> None:
    """Make the voucher in a FILE void. Only the owner of its collection."""
    desk, sender = Desk(records), options.account(account)
    it, signed = _voucher(desk, file)
    nonce = signed.voucher.nonce
    attempt("cancel it", it.cancel_voucher, nonce, sender=sender)
    ask(yes, f"Make void what {desk.known(signed.voucher.recipient)} was promised?")
    send("cancel the voucher", it.cancel_voucher, nonce, sender=sender)


def _voucher(desk: Desk, file: Path) -> tuple[ContractInstance, vouchers.Signed]:
    """A voucher that is still good, as far as can be seen."""
    signed = vouchers.read(file)
    if signed.chain_id != chain.chain_id:
        raise Refusal(f"{file.name} is for chain {signed.chain_id}, not for {chain.chain_id}.")
    it, made = desk.collection(signed.collection), signed.voucher
    seen = it.collection()
    if made.epoch != seen.epoch:
        raise Refusal("The collection has another owner since: the voucher is void.")
    if it.spent(made.nonce):
        raise Refusal("The voucher was redeemed or cancelled before.")
    if desk.now > made.deadline:
        raise Refusal(f"The voucher ended {times.distance(made.deadline, desk.now)}.")
    if not contracts.code(seen.owner) and not signed.is_of_key(seen.owner):
        raise Refusal(f"{file.name} is not what {desk.known(seen.owner)} signed.")
    return it, signed


def _voucher_table(desk: Desk, it: ContractInstance, made: vouchers.Voucher) -> Any:
    unit = asset(made.currency)
    return access_view.facts(
        "Voucher",
        ("collection", it.name()),
        ("plan", f"{made.plan}, lasts {passes.lasts(passes.plan(it, made.plan))}"),
        ("passes", str(made.quantity)),
        ("price of each", unit.show(made.price) if made.price else "free"),
        *access_view.paid_in(unit),
        ("to", desk.known.whole(made.recipient)),
        ("good until", passes.expiry(made.deadline, desk.now)),
    )
