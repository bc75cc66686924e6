"""`ape run access rule`: who may in, written, registered and asked in words."""

import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress

from scripts._lib import access_view, allow_lists, contracts, options, rules
from scripts._lib.answers import Explainer, Verdict, worded
from scripts._lib.console import answer, console
from scripts._lib.desk import (
    Desk,
    file_argument,
    reasons,
)
from scripts._lib.refusal import Refusal
from scripts._lib.rule_file import Written
from scripts._lib.rules import Rule, Value
from scripts._lib.sending import ask, attempt, begun, send, transactions
from scripts._lib.sentence import Sentence

KEPT_OUT, CANNOT_TELL = 5, 6  # exit codes of `rule test`


@click.group()
def rule() -> None:
    """Who may in, in words: docs/access.md has the grammar."""


@rule.command("show", cls=options.Command)
@click.argument("rule", metavar="FILE|ID")
@options.as_json
@options.records
def show_rule(rule: str, as_json: bool, records: Path) -> None:
    """Show a rule in words, and as the gate keeps it."""
    desk = Desk(records)
    found, said, _ = _rule(desk, rule)
    known = rules.registered(desk.found["Gate"], found.id) is not None
    if as_json:
        answer(_plain_rule(found, said, known))
        return
    console.print(*_rule_tables(desk, found, said, known))


@rule.command(cls=options.Command)
@file_argument
@options.yes
@options.records
@options.paying
def register(file: Path, yes: bool, records: Path, account: str | None) -> None:
    """Register the rule of a FILE on the gate, once and for good. Anyone may."""
    desk, sender = Desk(records), options.account(account)
    found, said, _ = _rule(desk, str(file))
    gate = desk.found["Gate"]
    console.print(*_rule_tables(desk, found, said, False))
    missing = [each for each in found.innermost_first() if not rules.registered(gate, each.id)]
    if not missing:
        console.print("It is registered already: nothing was sent.")
        return
    attempt("register it", gate.register, missing[0].terms, sender=sender)
    ask(yes, f"Is this what you mean? Register it, by {transactions(len(missing))}?")
    for number, each in enumerate(missing):
        with begun() if number else nullcontext():
            send(f"register 0x{each.id.hex()[:8]}", gate.register, each.terms, sender=sender)
    if rules.registered(gate, found.id) is None:
        raise Refusal("The gate does not know the rule by the id that was shown.")


@rule.command(cls=options.Command)
@click.argument("rule", metavar="FILE|ID")
@click.argument("accounts", nargs=-1)
@click.option(
    "--accounts",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of accounts, one a line, by address or name.",
)
@options.as_json
@options.records
@click.pass_context
def test(
    context: click.Context,
    rule: str,
    accounts: tuple[str, ...],
    file: Path | None,
    as_json: bool,
    records: Path,
) -> None:
    """Ask whether a rule lets ACCOUNTS in, and why."""
    desk = Desk(records)
    found, said, proofs = _rule(desk, rule)
    asked = [desk.found.address(text) for text in accounts]
    if file:
        asked += allow_lists.accounts(file, desk.found.address)
    if not asked:
        raise Refusal("Name the accounts to ask about, or a file of them by --accounts.")
    explainer = Explainer(desk.found["Gate"], found, said, desk.facts)
    verdicts = []
    with reasons("answer"), Progress(console=console, transient=True, disable=as_json) as bar:
        for account in bar.track(dict.fromkeys(asked), description="asking the gate"):
            verdicts.append(explainer.verdict(account, proofs(account)))
    if as_json:
        head = {"rule": str(said), "id": "0x" + found.id.hex()}
        answer(head | {"answers": [each.plain for each in verdicts]})
    else:
        console.print(f"[bold]{said}[/]\n")
        for verdict in verdicts:
            console.print(*access_view.verdict_tables(verdict, desk.known))
        _print_sum(verdicts)
    values = {each.value for each in verdicts}
    code = CANNOT_TELL if Value.ERROR in values else KEPT_OUT if Value.NO in values else 0
    context.exit(code)


def _print_sum(verdicts: list[Verdict]) -> None:
    count = {value: sum(each.value == value for each in verdicts) for value in Value}
    console.print(
        f"{count[Value.YES]} let in, {count[Value.NO]} kept out, "
        f"{count[Value.ERROR]} kept out because the gate cannot tell"
    )


def _rule(desk: Desk, text: str) -> tuple[Rule, Sentence, Callable[[str], list[Any]]]:
    """A rule by its file or its id: its terms, its words, and what accounts can prove."""
    if re.fullmatch(r"0x[0-9a-fA-F]{64}", text):
        found = rules.registered(desk.found["Gate"], bytes.fromhex(text[2:]))
        if found is None:
            raise Refusal(f"No rule {text} is registered.")
        return found, worded(found, desk.known), lambda _: []
    path = Path(text)
    if not path.is_file():
        raise Refusal(f"{text} is neither a file nor the id of a rule.")
    written = Written(path, desk.found)
    return written.rule, written.sentence, written.proofs


def _rule_tables(desk: Desk, found: Rule, said: Sentence, known: bool) -> Iterator[Any]:
    yield f"Let in whoever has or is: [bold]{said}[/]\n"
    shown = access_view.table("Terms", "asked", "id", "address")
    shown.columns[1].header = "who answers"
    for phrase, target in _asked(found, said):
        if target != contracts.NO_ONE:
            shown.add_row(
                phrase, "" if desk.known(target) == target else desk.known(target), target
            )
    yield shown
    yield f"Its id: 0x{found.id.hex()}" + (", registered" if known else "")


def _asked(found: Rule, said: Sentence) -> Iterator[tuple[str, str]]:
    parts = [part for each in said.alternatives for part in each]
    for term, part in zip(found.terms, parts, strict=True):
        if isinstance(part.what, Sentence):
            yield from _asked(found.inner(term), part.what)
        else:
            yield str(part.what), term.target


def _plain_rule(found: Rule, said: Sentence, known: bool) -> dict[str, Any]:
    return {
        "rule": str(said),
        "id": "0x" + found.id.hex(),
        "registered": known,
        "weight": found.weight._asdict(),
        "terms": [
            {
                "kind": term.kind.name,
                "opens": term.opens,
                "negated": term.negated,
                "target": term.target,
                "detail": str(term.detail),
                "argument": f"0x{term.argument:064x}",
            }
            for term in found.terms
        ],
    }
