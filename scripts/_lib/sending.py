"""Ask, try, send: nothing is signed before the chain was asked whether it would take it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from ape import chain
from ape.api import AccountAPI, ReceiptAPI
from ape.exceptions import ApeException, ContractLogicError

from scripts._lib import contracts
from scripts._lib.amounts import Asset
from scripts._lib.console import gas_line
from scripts._lib.ending import NODE_ERRORS, note_signed
from scripts._lib.refusal import Refusal, Unfinished
from scripts._lib.visible import visible


def ask(yes: bool, question: str) -> None:
    if not yes:
        click.confirm(visible(question, keep=""), abort=True)


def transactions(number: int) -> str:
    return f"{number} transaction{'s' * (number != 1)}"


def attempt(what: str, method: Any, *arguments: Any, **given: Any) -> None:
    """Without sending; the chain's reason where it refuses."""
    try:
        method.call(*arguments, **given, skip_trace=True)
    except ContractLogicError as error:
        raise Refusal(f"The chain refuses to {what}: {error.revert_message}.") from None


def send(what: str, method: Any, *arguments: Any, **given: Any) -> ReceiptAPI:
    """Send one transaction that the chain would take, and tell its gas."""
    attempt(what, method, *arguments, **given)
    with signing(what, given["sender"]):
        receipt = method(*arguments, **given)
    gas_line(what, receipt.gas_used)
    return receipt


@contextmanager
def signing(what: str, sender: AccountAPI) -> Iterator[None]:
    """Where a transaction is sent: why it failed, and whether it is on its way all the same.

    A node may lose touch after it took a transaction, and one that was tried may still
    fail in its block: what was signed is never told as if it had not been.
    """
    before = _sent_by(sender)
    try:
        yield
    except (ApeException, *NODE_ERRORS, KeyboardInterrupt) as error:
        refused = isinstance(error, ContractLogicError)
        reason = error.revert_message if refused else str(error).rstrip(".") or "ended by hand"
        if state := _state(error, sender, before):
            raise Unfinished(
                f"The transaction to {what} {state}: {reason}. "
                f"Look at what {sender.address} sent last before you give the command again."
            ) from None
        if isinstance(error, KeyboardInterrupt):
            raise
        verb = "The chain refuses to" if refused else "Could not"
        raise Refusal(f"{verb} {what}: {reason}.") from None
    note_signed()


def _state(error: BaseException, sender: AccountAPI, before: int) -> str:
    """What became of a transaction that ended so; nothing if it was not sent."""
    try:
        if _sent_by(sender) != before:
            return "was sent, and failed or still waits"
    except (ApeException, *NODE_ERRORS):
        return "may have been sent"
    # A node that broke off may have taken it, and count it later.
    return "may have been sent" if isinstance(error, NODE_ERRORS) else ""


def _sent_by(sender: AccountAPI) -> int:
    return chain.provider.web3.eth.get_transaction_count(sender.address, "pending")


def check_funds(asset: Asset, due: int, payer: AccountAPI) -> None:
    has = asset.balance(payer.address)
    if has < due:
        raise Refusal(f"{payer.address} has only {asset.show(has)} of {asset.show(due)}.")


def value_of(asset: Asset, due: int) -> int:
    """What is sent along."""
    return due if asset.is_eth else 0


def allow(asset: Asset, due: int, spender: str, payer: AccountAPI) -> bool:
    """Let a contract take exactly what is due; whether that had to be signed."""
    if asset.is_eth or due == 0:
        return False
    token = contracts.at(asset.address, "VotesToken")  # for what all of ERC-20 have in common
    if token.allowance(payer.address, spender) >= due:
        return False
    send(f"allow {asset.show(due)}", token.approve, spender, due, sender=payer)
    return True


@contextmanager
def begun() -> Iterator[None]:
    """Where a refusal comes after something was signed: the same command goes on from there."""
    try:
        yield
    except Refusal as refusal:
        raise Unfinished(refusal.message) from None
