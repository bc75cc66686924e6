"""The diary of a creator's day: every act with its gas, every check with its answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ape import chain
from ape.api import ReceiptAPI
from ape.exceptions import ContractLogicError

from scripts._lib.console import console, gas_line, mark
from scripts._lib.doctor import Check
from scripts._lib.records import plain
from scripts._lib.refusal import Refusal


@dataclass
class Day:
    gas: dict[str, int] = field(default_factory=dict)
    checks: dict[str, bool] = field(default_factory=dict)

    def step(self, number: int, title: str) -> None:
        console.print(f"\n[bold cyan]{number}[/] [bold]{title}[/]")

    def spent(self, what: str, gas: int) -> None:
        """Note the gas of an act under a name of its own."""
        if what in self.gas:
            raise ValueError(f"{what} was noted before")
        self.gas[what] = gas
        gas_line(what, gas)

    def act(self, what: str, method: Any, *arguments: Any, **options: Any) -> ReceiptAPI:
        """Send a transaction and note its gas."""
        receipt = method(*arguments, **options)
        self.spent(what, receipt.gas_used)
        return receipt

    def check(self, what: str, expected: Any, found: Any) -> None:
        """Check a fact, and show it."""
        self._note(what, expected, found)
        console.print(f"  {mark(True)} {what}")

    def note(self, who: str, checks: Iterable[Check]) -> None:
        """Note what a deployment was found to be, shown as one line."""
        count = len(self.checks)
        for check in checks:
            self._note(f"{who}: {check.about} {check.fact}", check.expected, check.found)
        console.print(f"  {mark(True)} {who}: {len(self.checks) - count} facts are as planned")

    def _note(self, what: str, expected: Any, found: Any) -> None:
        """A day with a wrong fact ends there."""
        if what in self.checks:
            raise ValueError(f"{what} was noted before")
        self.checks[what] = plain(expected) == plain(found)
        if not self.checks[what]:
            raise Refusal(f"Check failed: {what}: expected {expected}, found {found}.")

    def refused(self, what: str, reason: str, method: Any, *arguments: Any, **options: Any) -> None:
        """Note that the chain refuses a call, and for this reason."""
        try:
            method.call(*arguments, **options, skip_trace=True)
            found = "no refusal"
        except ContractLogicError as error:
            found = error.revert_message
        self.check(what, reason, found)

    def received(self, what: str, expected: int, account: str, receipt: ReceiptAPI) -> int:
        """Check what an account got in a transaction (not its own), to the wei."""
        found = gained(account, receipt)
        self.check(what, expected, found)
        return found


def gained(account: str, receipt: ReceiptAPI) -> int:
    """By how much the block of a transaction changed an account's balance, fees included."""
    after, before = (
        chain.provider.web3.eth.get_balance(account, receipt.block_number - back) for back in (0, 1)
    )
    return after - before


def now() -> int:
    return chain.blocks.head.timestamp


def travel_to(timestamp: int) -> None:
    """Mine a block at that second."""
    chain.mine(timestamp=timestamp)


def travel(seconds: int) -> None:
    travel_to(now() + seconds)
