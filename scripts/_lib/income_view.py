"""What people see of splits and forwarders."""

from collections.abc import Iterator

from rich.bar import Bar
from rich.table import Table

from scripts._lib.console import table
from scripts._lib.shares import Table as Shares
from scripts._lib.splits import Sums

BAR = 16  # characters of the longest: a line then fits 80


def percent(share: int, total: int) -> str:
    """With four decimals, cut: they never add up to more than all."""
    hundredths = share * 1_000_000 // total
    return f"{hundredths // 10_000}.{hundredths % 10_000:04}%"


def preview(shares: Shares) -> Table:
    """Before anything is signed: each recipient with its share in lowest terms."""
    shown = table("Split", "recipient", "address", "share", "percent")
    for part in shares.parts:
        shown.add_row(
            part.recipient if part.recipient.lower() != part.address.lower() else "",
            part.address,
            f"{part.share:,}",
            percent(part.share, shares.total),
        )
    shown.add_row("", "", f"{shares.total:,}", "")
    return shown


def of_sums(sums: Sums) -> Iterator[Table]:
    """Who got what of one token, who is owed, and round by round what came in."""
    show, accounts = sums.asset.show, list(sums.accounts.values())
    # What nobody has is not shown: it leaves room for the bars.
    extra = {
        "owed": [account.owed for account in accounts],
        "lost": [account.lost for account in accounts],
    }
    extra = {name: amounts for name, amounts in extra.items() if any(amounts)}
    title = f"{sums.asset.symbol}: {show(sums.divided)} divided, {show(sums.pending)} to divide"
    shown = table(title, "address", "share", "paid", *extra, "")
    most = max(account.due for account in accounts)
    for number, account in enumerate(accounts):
        more = [f"[yellow]{show(amounts[number])}[/]" for amounts in extra.values()]
        shown.add_row(
            account.address,
            percent(account.share, sums.total),
            show(account.paid),
            *more,
            _bar(account.paid, most, "green"),
        )
    yield shown
    if sums.rounds:
        rounds = table(f"Rounds of {sums.asset.symbol}", "block", "divided", "")
        largest = max(amount for _, amount in sums.rounds)
        for block, amount in sums.rounds:
            rounds.add_row(f"{block:,}", show(amount), _bar(amount, largest, "cyan"))
        yield rounds


def _bar(amount: int, most: int, color: str) -> Bar:
    return Bar(max(most, 1), 0, amount, width=BAR, color=color)
