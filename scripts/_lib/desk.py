"""What the commands of access share: options, the deployment they find, and how they pay."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import click
from ape import chain
from ape.api import AccountAPI
from ape.contracts import ContractInstance
from ape.exceptions import ContractLogicError

from scripts._lib import access_view, options, passes, vouchers
from scripts._lib.amounts import asset
from scripts._lib.console import console
from scripts._lib.found import Found, checked, open_book
from scripts._lib.gate_facts import Facts
from scripts._lib.known import Known
from scripts._lib.refusal import Refusal
from scripts._lib.sending import allow, ask, attempt, begun, check_funds, send, value_of

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
to_option = click.option("--to", help="Who gets it; by default who signs.")
referrer_option = click.option("--referrer", help="Who gets the plan's referral share.")
token_option = click.option("--token", help="A token's address; ETH unless named.")
count_option = click.option(
    "--count", type=click.IntRange(1, vouchers.QUANTITY_MAX), default=1, help="How many, to 32."
)


class Desk:
    """What every command starts with: the deployment, its names, the time."""

    def __init__(self, records: Path) -> None:
        options.quiet()
        self.found: Found = open_book(records)
        self.known = Known(self.found)
        self.now = chain.pending_timestamp

    def collection(self, text: str) -> ContractInstance:
        return passes.at(self.found, text)

    def address(self, text: str | None, sender: AccountAPI) -> str:
        return self.found.address(text) if text else sender.address

    @property
    def facts(self) -> Facts:
        return Facts(self.known, self.now)


def asset_of(token: str | None) -> Any:
    return asset(None if token in (None, "ETH") else checked(token))


def pass_of(it: ContractInstance, text: str) -> int:
    """The id of a pass such as 1/7, or as wallets show it."""
    match = re.fullmatch(r"([0-9]{1,5})/([0-9]{1,10})", text)
    if match:
        id = (int(match[1]) << passes.AT_PLAN) + int(match[2])
    elif re.fullmatch(r"[0-9]{1,15}", text):
        id = int(text)
    else:
        raise Refusal(f"{text} is no pass: write plan and serial, e.g. 1/7, or its id.")
    try:
        it.ownerOf(id)
    except ContractLogicError:
        raise Refusal(f"There is no pass {text} in this collection.") from None
    return id


def pay(
    yes: bool,
    what: str,
    desk: Desk,
    it: ContractInstance,
    unit: Any,
    due: int,
    sender: AccountAPI,
    method: Any,
    *arguments: Any,
) -> None:
    """Ask, allow a token if it is one, try, send."""
    check_funds(unit, due, sender)
    given = {"sender": sender, "value": value_of(unit, due)}
    if unit.is_eth or due == 0:  # a token cannot be tried before it is allowed
        attempt("do it", method, *arguments, **given)
    ask(yes, f"As {desk.known(sender.address)}: {what}?")
    with begun() if allow(unit, due, it.address, sender) else nullcontext():
        send(what, method, *arguments, **given)


def tell_newest(it: ContractInstance, holder: str, now: int) -> None:
    active = it.active(holder)
    if active and it.ownerOf(active) == holder:
        console.print(
            f"{holder} is let in by pass {access_view.pass_name(active)}; "
            f"it expires: {passes.expiry(it.expiresAt(active), now)}."
        )


@contextmanager
def reasons(what: str) -> Iterator[None]:
    try:
        yield
    except ContractLogicError as error:
        raise Refusal(f"The chain refuses to {what}: {error.revert_message}.") from None
