"""The table of a split: read, checked as the factory will, shown before it is signed."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import gcd
from pathlib import Path

from scripts._lib import two_columns
from scripts._lib.refusal import Refusal

MIN_RECIPIENTS, MAX_RECIPIENTS = 2, 100
MAX_TOTAL = 1_000_000
MAX_SHARE = 2**32 - 1
HEADER = ("recipient", "share")
DIGITS = re.compile(r"[0-9]{1,40}")

Find = Callable[[str], str]  # the address that an address or a name stands for


@dataclass(frozen=True)
class Row:
    """One recipient, as written, and where."""

    where: str  # "team.csv, line 3", or the argument
    recipient: str
    share: str


@dataclass(frozen=True)
class Part:
    """One recipient of a split as it will be."""

    recipient: str  # as written
    address: str
    share: int  # in lowest terms


@dataclass(frozen=True)
class Table:
    """Parts in the order that the factory asks for."""

    parts: list[Part]

    @property
    def addresses(self) -> list[str]:
        return [part.address for part in self.parts]

    @property
    def shares(self) -> list[int]:
        return [part.share for part in self.parts]

    @property
    def total(self) -> int:
        return sum(self.shares)


def of_csv(path: Path) -> list[Row]:
    """Rows of a file with two columns, recipient and share; a header may come first."""
    return [Row(*each) for each in two_columns.rows(path, HEADER)]


def of_arguments(arguments: Iterable[str]) -> list[Row]:
    """Rows written as recipient=share."""
    rows = []
    for argument in arguments:
        recipient, sign, share = argument.rpartition("=")
        if not sign:
            raise Refusal(f"{argument}: write recipient=share, e.g. alice.os=5.")
        rows.append(Row(argument, recipient.strip(), share.strip()))
    return rows


def table(rows: list[Row], find: Find) -> Table:
    """The split that the rows ask for, or a Refusal that names the first bad one."""
    if not MIN_RECIPIENTS <= len(rows) <= MAX_RECIPIENTS:
        raise Refusal(f"A split has 2 to 100 recipients, not {len(rows)}.")
    shares = [_share(row) for row in rows]
    divisor = gcd(*shares)
    seen: dict[str, Row] = {}
    parts = []
    for row, share in zip(rows, shares, strict=True):
        try:
            address = find(row.recipient)
        except Refusal as refusal:
            raise Refusal(f"{row.where}: {refusal.message}") from None
        if address in seen:
            raise Refusal(f"{row.where}: {row.recipient} is there before: {seen[address].where}.")
        seen[address] = row
        parts.append(Part(row.recipient, address, share // divisor))
    made = Table(sorted(parts, key=lambda part: int(part.address, 16)))
    if made.total > MAX_TOTAL:
        raise Refusal(
            f"The shares in lowest terms add up to {made.total:,}; a split takes 1,000,000 "
            "at most: round them."
        )
    return made


def _share(row: Row) -> int:
    if not DIGITS.fullmatch(row.share) or not 0 < int(row.share) <= MAX_SHARE:
        raise Refusal(
            f"{row.where}: the share {row.share or 'that is missing'} is not a whole number "
            f"from 1 to {MAX_SHARE:,}."
        )
    return int(row.share)
