"""How a script says no: one sentence that tells what is wrong and what to do.

Its exit status says how far it came; click's own 2 means that the command was mistyped.
"""

import click


class Refusal(click.ClickException):
    """Status 1: nothing was signed."""


class Differs(Refusal):
    """Status 3: the chain is not as it should be."""

    exit_code = 3


class Unfinished(Refusal):
    """Status 4: something was signed, and the same command goes on from there."""

    exit_code = 4
