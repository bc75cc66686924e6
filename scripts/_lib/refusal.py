"""How a script says no: one sentence that tells what is wrong and what to do.

Its exit status says how far it came; click's own 2 means that the command was mistyped.
"""

import re
from collections.abc import Container

import click
from pydantic import ValidationError

from scripts._lib.visible import visible

AFTER_HOST = re.compile(r"(https?://[^/\s'\"]+/|with url: /)[^\s'\"]+")


class Refusal(click.ClickException):
    """Status 1: nothing was signed."""

    def format_message(self) -> str:
        """It may quote what somebody else wrote, or where a node is, which is often a key."""
        return visible(AFTER_HOST.sub(r"\1...", self.message))


class Differs(Refusal):
    """Status 3: the chain is not as it should be."""

    exit_code = 3


class Unfinished(Refusal):
    """Status 4: something was signed, and the same command goes on from there."""

    exit_code = 4


def fault(error: ValidationError, unsaid: Container[object] = ()) -> str:
    """What is wrong with a file first: where, but for parts that its writer did not write."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part not in unsaid) or "the file"
    return f"{where}: {first['msg'].removeprefix('Value error, ')}"
