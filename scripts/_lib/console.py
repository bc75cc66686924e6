"""What people see."""

from collections.abc import Iterable, Iterator
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from scripts._lib.doctor import Check
from scripts._lib.suite import Suite

LEFT = {"address", "value", "id"}  # columns; numbers are on the right

console = Console(highlight=False)


def gas_line(what: str, gas: int) -> None:
    console.print(f"  [green]\u2713[/] {what} [dim]{gas:,} gas[/]")


def mark(passed: bool) -> str:
    return "[green]\u2713[/]" if passed else "[red]\u2717[/]"


def suite_table(suite: Suite) -> Table:
    """Every contract with its address and how many of its checks passed."""
    contracts = table("Contracts", "contract", "address", "checks")
    for name, part in suite.plan.parts.items():
        keys = [key for key, module in suite.plan.modules.items() if module == name]
        own = [check for check in suite.checks if check.about in {name, *keys}]
        contracts.add_row(
            "\n".join([name, *(f"[dim]{key}[/]" for key in keys)]), part.address, _share(own)
        )
    claim = [check for check in suite.checks if check.about == "namespace"]
    contracts.add_row(f"namespace {suite.claim.label}", "", _share(claim))
    return contracts


def day_tables(summary: dict[str, Any]) -> Iterator[Table]:
    """What a day cost, and what is left where."""
    gas = table("Gas", "act", "gas")
    for act, amount in summary["gas"].items():
        gas.add_row(act, f"{amount:,}")
    yield gas
    balances = table("Balances", "who", "wei")
    for who, amount in summary["balances"].items():
        balances.add_row(who, f"{int(amount):,}")
    yield balances
    checks = summary["checks"].values()
    passed = table("Checks", "passed", "of")
    passed.add_row(str(sum(checks)), str(len(checks)))
    yield passed


def failures(checks: Iterable[Check]) -> Table:
    shown = Table(title="[red]Not as planned[/]", title_justify="left")
    for column in ("what", "planned", "on the chain"):
        shown.add_column(column, overflow="fold")
    for check in checks:
        if not check.passed:
            shown.add_row(f"{check.about} {check.fact}", str(check.expected), str(check.found))
    return shown


def table(title: str, first: str, *others: str) -> Table:
    shown = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    shown.add_column(first)
    for other in others:
        shown.add_column(other, no_wrap=True, justify="left" if other in LEFT else "right")
    return shown


def _share(checks: list[Check]) -> str:
    passed = sum(check.passed for check in checks)
    return f"{passed}/{len(checks)} {mark(passed == len(checks))}"
