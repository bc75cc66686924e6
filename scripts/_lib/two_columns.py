"""Tables of two columns in CSV files, as people keep them."""

import csv
from pathlib import Path

from scripts._lib.refusal import Refusal


def rows(path: Path, header: tuple[str, str]) -> list[tuple[str, str, str]]:
    """Where each row is and its two fields; empty lines, comments and a header may be there."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(f"{path.name} is not a text file in UTF-8.") from None
    except OSError as error:
        raise Refusal(f"Cannot read {path.name}: {error.strerror}.") from None
    found: list[tuple[str, str, str]] = []
    for number, cells in enumerate(csv.reader(text.splitlines()), 1):
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
