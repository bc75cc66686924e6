"""Tables of two columns in CSV files, as people keep them."""

import csv
from collections.abc import Iterator
from pathlib import Path

from scripts._lib.files import text_of
from scripts._lib.refusal import Refusal


def rows(path: Path, header: tuple[str, str]) -> list[tuple[str, str, str]]:
    """Where each row is and its two fields; empty lines, comments and a header may be there."""
    found: list[tuple[str, str, str]] = []
    for number, cells in _lines(path):
        fields = [cell.strip() for cell in cells]
        if not any(fields) or fields[0].startswith("#"):
            continue
        if not found and tuple(field.lower() for field in fields) == header:
            continue
        where = f"{path.name}, line {number}"
        if len(fields) != 2:
            raise Refusal(f"{where}: {len(fields)} columns: write {','.join(header)}.")
        found.append((where, *fields))
    return found


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from enumerate(csv.reader(text_of(path).splitlines()), 1)
    except csv.Error as error:
        raise Refusal(f"{path.name} is no table: {error}.") from None
