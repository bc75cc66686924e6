"""Files of the repository."""

import os
import tempfile
from pathlib import Path

from scripts._lib.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]


def shown(path: Path) -> str:
    """As people know it: from the repository on."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def text_of(path: Path) -> str:
    """What somebody wrote, with whatever editor."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(f"{path.name} is not a text file in UTF-8.") from None
    except (OSError, ValueError) as error:  # a name that a file's content gave may be no name
        reason = getattr(error, "strerror", None) or error
        raise Refusal(f"Cannot read {path.name}: {reason}.") from None


def write_atomically(path: Path, text: str) -> None:
    """Whole or not at all: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # what is done next may rely on the file's being there
    finally:
        os.close(folder)
