"""How a script says no: one sentence that tells what is wrong and what to do."""

import click


class Refusal(click.ClickException):
    """Ends a script with status 1 and its one sentence."""
