"""How a command ends that a node, a contract or a person ends: in one sentence, and its status.

Status 1 promises that nothing was signed. Whoever signs notes it here first, so that
whatever ends the command afterwards, Ctrl-C too, ends it with status 4.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError

import click
from ape.exceptions import ApeException, ContractLogicError
from ape.exceptions import DecodingError as ApeDecodingError
from eth_abi.exceptions import DecodingError
from web3.exceptions import Web3Exception

from scripts._lib.refusal import Refusal, Unfinished

# Of web3, which asks by `requests`: its errors are OSErrors. Ape has its own.
NODE_ERRORS = (OSError, Web3Exception, JSONDecodeError)
UNREADABLE = (ApeDecodingError, DecodingError, OverflowError, UnicodeDecodeError)
SIGNED = f"{__name__}.signed"


def note_signed() -> None:
    """From now on this command was not merely refused."""
    if context := click.get_current_context(silent=True):
        context.meta[SIGNED] = True


@contextmanager
def ending(context: click.Context) -> Iterator[None]:
    """Around a whole command."""
    try:
        yield
    except Refusal as refusal:
        if refusal.exit_code != Refusal.exit_code:
            raise
        raise _refusal(context, refusal.message) from None
    except (click.Abort, KeyboardInterrupt):
        if SIGNED not in context.meta:
            raise
        raise Unfinished(
            "Ended by hand after something was signed: the same command goes on from there."
        ) from None
    except UNREADABLE as error:
        raise _refusal(context, f"A contract does not answer as it should: {error}") from None
    except ContractLogicError as error:
        said = f"A contract refuses to answer: {error.revert_message}."
        raise _refusal(context, said) from None
    except (*NODE_ERRORS, ApeException) as error:
        if getattr(error, "errno", None):  # of a disk
            raise _refusal(context, f"Cannot go on: {error}") from None
        raise _refusal(context, f"The node does not answer as it should: {error}") from None


def _refusal(context: click.Context, sentence: str) -> Refusal:
    return Unfinished(sentence) if SIGNED in context.meta else Refusal(sentence)
