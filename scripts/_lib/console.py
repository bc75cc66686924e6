"""What people see."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn
from rich.segment import Segment
from rich.table import Table

from scripts._lib import contracts
from scripts._lib.amounts import ETH
from scripts._lib.doctor import Check
from scripts._lib.journal import Step
from scripts._lib.records import plain
from scripts._lib.suite import Cost, Draft, Suite
from scripts._lib.visible import said, visible

LEFT = {
    "address",
    "value",
    "id",
    "to",
    "state",
    "now",
    "at launch",
    "because",
}  # columns; numbers are on the right


class Careful(Console):
    """Whatever is shown, only our own styles reach the terminal as what it obeys."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        for each in super().render(renderable, options):
            yield each if each.control else Segment(visible(each.text), each.style)


console = Careful(highlight=False)


@contextmanager
def beside(machine: bool) -> Iterator[None]:
    """People read standard error while a machine reads standard output."""
    console.stderr = machine
    try:
        yield
    finally:
        console.stderr = False


def answer(content: Any) -> None:
    """For a machine, whole."""
    click.echo(json.dumps(content, indent=2))


@contextmanager
def progress(total: int, doing: str = "signing") -> Iterator[Callable[[str, int | None], None]]:
    """A bar over steps that are told one by one, with the gas of those that cost any."""
    with Progress(
        "[progress.description]{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        auto_refresh=False,  # it would draw over what an account asks its owner
    ) as shown:
        bar = shown.add_task(doing, total=total)

        def tell(what: str, gas: int | None) -> None:
            if gas is not None:
                gas_line(what, gas)
            shown.update(bar, advance=1, description=what, refresh=True)

        yield tell


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
    for title, name in (("Income: paid", "paid"), ("Income: where it went", "went")):
        sums = {what: int(wei) for what, wei in summary["revenue"][name].items()}
        revenue = table(title, "what", "wei")
        for what, amount in {**sums, "sum": sum(sums.values())}.items():
            revenue.add_row(what, f"{amount:,}")
        yield revenue
    balances = table("Balances", "who", "wei")
    for who, amount in summary["balances"].items():
        balances.add_row(who, f"{int(amount):,}")
    yield balances
    checks = summary["checks"].values()
    passed = table("Checks", "passed", "of")
    passed.add_row(str(sum(checks)), str(len(checks)))
    yield passed


def draft_tables(meant: Draft, steps: list[Step], cost: Cost, balance: int) -> Iterator[Table]:
    """Where everything will be, what is still to be signed, and what it costs."""
    named = {step.name: step for step in steps}
    names = {part.address: name for name, part in meant.plan.parts.items()}
    parts = table("Contracts", "contract", "address", "gas to deploy")
    for name, part in meant.plan.parts.items():
        step = named.get(f"deploy {name}")
        if step:
            state = f"{step.gas:,}"
        elif contracts.code(part.address):
            state = "there"
        else:
            state = f"by {names[part.creator]}"  # made by another part, which is not there yet
        parts.add_row(name, part.address, state)
    yield parts
    claim = meant.claim
    guardian = f"{claim.guardian.account}, {claim.guardian.days} days" if claim.guardian else "none"
    space = table(f"Namespace {claim.label}", "what", "value")
    for what, value in {
        "id": plain(claim.namespace),
        "claimer": claim.claimer,
        "owner": f"{claim.owner} (Timelock)",
        "notice": f"{claim.notice:,} s",
        "guardian": guardian,
        "modules": str(len(meant.plan.modules)),
    }.items():
        space.add_row(what, value)
    yield space
    votes = table("Votes", "holder", "votes")
    for holder, amount in meant.intent.token.holders.items():
        votes.add_row(holder, ETH.plain(amount))
    yield votes
    yield signing_table(steps, cost, balance)


def signing_table(steps: list[Step], cost: Cost, balance: int) -> Table:
    """What will be signed."""
    signed = table("To sign", "transaction", "ETH", "gas")
    for step in steps:
        if step.signed is None:
            signed.add_row(step.name, _eth(step.value), f"{step.gas:,}")
    signed.add_section()
    signed.add_row(f"{cost.transactions} transactions", "", f"{cost.gas:,}")
    signed.add_row(f"at {cost.price / 10**9:,.4g} gwei about", _eth(cost.wei), "")
    signed.add_row("balance", _eth(balance), "")
    return signed


def _eth(amount: int) -> str:
    return ETH.show(amount).split()[0]


def changes_table(checks: Iterable[Check]) -> Table:
    """What is not as it was launched, lawfully."""
    shown = table("Changed by the law since", "what", "at launch", "now", "because")
    for check in checks:
        if check.because:
            what = f"{check.about} {check.fact}"
            values = said(str(check.expected)), said(str(check.found))
            shown.add_row(what, *values, said(check.because))
    return shown


def failures(checks: Iterable[Check]) -> Table:
    shown = Table(title="[red]Not as planned[/]", title_justify="left")
    for column in ("what", "planned", "on the chain"):
        shown.add_column(column, overflow="fold")
    for check in checks:
        if not check.passed:
            values = said(str(check.expected)), said(str(check.found))
            shown.add_row(f"{check.about} {check.fact}", *values)
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
