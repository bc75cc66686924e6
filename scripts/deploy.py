"""Deploy the suite: `ape run deploy plan`, `apply`, `doctor`, `verify`, or `all`.

Exit status: 0 done; 1 refused, nothing was signed; 2 the command was mistyped; 3 the chain is
not as it should be; 4 something was signed and is not finished: run `apply` again.
"""

from pathlib import Path
from typing import Any

import click
from ape import chain

from scripts._lib import options, sources
from scripts._lib.console import (
    answer,
    changes_table,
    console,
    draft_tables,
    failures,
    progress,
    signing_table,
    suite_table,
)
from scripts._lib.contracts import code
from scripts._lib.doctor import Check, healthy
from scripts._lib.records import plain
from scripts._lib.refusal import Differs, Refusal
from scripts._lib.suite import (
    Cost,
    Draft,
    Suite,
    apply,
    check_code,
    check_records,
    draft,
    examine,
    prepare,
)


@click.group()
def cli() -> None:
    """Deploy what is missing, claim the system namespace, check and record everything.

    Exit status: 0 done; 1 refused, nothing was signed; 2 the command was mistyped; 3 the chain
    is not as it should be; 4 signed but not finished, `apply` goes on from there.
    """


@cli.command("plan", cls=options.Command)
@options.settings
@options.records
@options.paying
@options.as_json
def show_plan(settings: Path | None, records: Path, account: str | None, as_json: bool) -> None:
    """What would be deployed and signed, where, and at what cost. Changes nothing."""
    meant = _draft(settings, records, account)
    check_code(meant)
    steps = meant.steps()
    cost, balance = Cost.of(steps), chain.get_balance(meant.claim.claimer)
    console.print(*draft_tables(meant, steps, cost, balance))
    if not steps:
        console.print("Nothing is missing: `ape run deploy doctor` compares all of it.")
    if balance < cost.wei:
        console.print(f"[red]{meant.claim.claimer} cannot pay for it.[/]")
    console.print(f"Plan {meant.hash}", soft_wrap=True)
    if as_json:
        answer(_plan_for_machines(meant, cost, balance))


@cli.command("apply", cls=options.Command)
@options.settings
@options.records
@options.paying
@click.option("--plan", "agreed", metavar="HASH", help="Refuse any other plan than this one.")
@options.yes
@options.as_json
def apply_plan(
    settings: Path | None,
    records: Path,
    account: str | None,
    agreed: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Deploy what is missing, claim, check, record. Killed, it goes on where it was."""
    suite, meant = _apply(settings, records, account, agreed, yes, as_json)
    _show(meant, suite, as_json, "The chain is not as planned; nothing was recorded.")


@cli.command("doctor", cls=options.Command)
@options.settings
@options.records
@options.paying
@options.as_json
def doctor(settings: Path | None, records: Path, account: str | None, as_json: bool) -> None:
    """Compare everything on the chain with the settings and with the code of this repository."""
    meant = _draft(settings, records, account)
    check_records(meant)
    _show(meant, examine(meant), as_json)


@cli.command("verify", cls=options.Command)
@click.argument("names", metavar="[CONTRACT]...", nargs=-1)
@options.settings
@options.records
@options.paying
@click.option(
    "--bundles",
    type=click.Path(file_okay=False, path_type=Path),
    help="Compile the bundles there; those that are missing are written.",
)
@click.option("--publish", is_flag=True, help="Hand the bundles to the network's explorer, too.")
@options.as_json
def verify(
    names: tuple[str, ...],
    settings: Path | None,
    records: Path,
    account: str | None,
    bundles: Path | None,
    publish: bool,
    as_json: bool,
) -> None:
    """Recompile the sources from bundles, and compare with the code on the chain."""
    meant = _draft(settings, records, account)
    if unknown := set(names) - meant.plan.parts.keys():
        raise Refusal(f"There is no {min(unknown)} in the plan: see `ape run deploy plan`.")
    explorer = _explorer() if publish else None
    chosen = names or tuple(meant.plan.parts)
    checks: list[Check] = []
    with progress(len(chosen), "compiling") as tell:
        for name in chosen:
            part = meant.plan.parts[name]
            made = sources.kept(part.artifact.name, bundles)
            own = list(sources.checks(part, made, meant.rehearsal.codes[name]))
            checks += own
            if explorer and healthy(own):
                record = meant.folder.record(name)
                job = sources.publish(explorer, part, made, record and record.transaction)
                console.print(f"  {name}: submitted, {job}")
            tell(name, None)
    if as_json:
        answer({**_head(meant), "passed": healthy(checks), "checks": _checks_for_machines(checks)})
    if not healthy(checks):
        console.print(failures(checks))
        raise Differs("The sources do not give the code on the chain.")
    console.print(f"{len(chosen)} contracts: the sources give the code on the chain.")


@cli.command("all", cls=options.Command)
@options.settings
@options.records
@options.paying
@options.yes
@options.as_json
def everything(
    settings: Path | None, records: Path, account: str | None, yes: bool, as_json: bool
) -> None:
    """Plan, apply and doctor in one process, as the embedded chain needs it."""
    _suite, meant = _apply(settings, records, account, None, yes, as_json)
    _show(meant, examine(meant), as_json)


def _draft(settings: Path | None, records: Path, account: str | None) -> Draft:
    options.quiet()
    intent = options.chosen(settings)
    # Looking needs no account where the settings say whose plan it is.
    named = intent.claimer if account is None else None
    return draft(intent, named or options.account(account).address, records)


def _apply(
    settings: Path | None,
    records: Path,
    account: str | None,
    agreed: str | None,
    yes: bool,
    as_json: bool,
) -> tuple[Suite, Draft]:
    options.quiet()
    sender = options.account(account)
    meant = draft(options.chosen(settings), sender.address, records)
    if agreed not in {None, meant.hash}:
        raise Refusal(f"You agreed to plan {agreed}, and this is {meant.hash}.")
    log = prepare(meant, sender)
    steps = meant.steps()
    if steps:
        given = steps, Cost.of(steps), sender.balance
        shown = draft_tables(meant, *given) if meant.public else [signing_table(*given)]
        console.print(*shown)
    console.print(f"Plan {meant.hash}", soft_wrap=True)
    console.print(f"On chain {meant.folder.chain_id}, as {sender.address}")
    if meant.public and steps and not yes:
        click.confirm("Sign these transactions?", abort=True, err=as_json)
    with progress(len(steps)) as tell:
        suite = apply(meant, sender, log, tell)
    return suite, meant


def _explorer() -> Any:
    explorer = chain.provider.network.explorer
    if explorer is None:
        raise Refusal(
            "Ape knows no explorer of this network: install the group `verify` of pyproject.toml "
            "into an environment of its own (deployments/README.md)."
        )
    return explorer


def _show(
    meant: Draft, suite: Suite, as_json: bool, sentence: str = "The chain is not as it should be."
) -> None:
    console.print(suite_table(suite))
    if any(check.because for check in suite.checks):
        console.print(changes_table(suite.checks))
    if as_json:
        answer(_suite_for_machines(meant, suite))
    if not suite.passed:
        console.print(failures(suite.checks))
        raise Differs(sentence)


def _plan_for_machines(meant: Draft, cost: Cost, balance: int) -> dict[str, Any]:
    return {
        **_head(meant),
        "contracts": {
            name: {
                "address": part.address,
                "gas": meant.rehearsal.gas.get(name),
                "there": bool(code(part.address)),
            }
            for name, part in meant.plan.parts.items()
        },
        "transactions": [
            {"name": step.name, "to": step.receiver, "value": str(step.value), "gas": step.gas}
            for step in meant.steps()
        ],
        "gas": cost.gas,
        "gas_price": str(cost.price),
        "cost": str(cost.wei),
        "balance": str(balance),
    }


def _suite_for_machines(meant: Draft, suite: Suite) -> dict[str, Any]:
    return {
        **_head(meant),
        "passed": suite.passed,
        "contracts": suite.addresses,
        "checks": _checks_for_machines(suite.checks),
    }


def _checks_for_machines(checks: list[Check]) -> list[dict[str, Any]]:
    return [
        {
            "about": check.about,
            "fact": check.fact,
            "expected": plain(check.expected),
            "found": plain(check.found),
            "passed": check.passed,
            "because": check.because or None,
        }
        for check in checks
    ]


def _head(meant: Draft) -> dict[str, Any]:
    return {
        "plan": meant.hash,
        "chain_id": meant.folder.chain_id,
        "genesis": meant.folder.genesis,
        "claimer": meant.claim.claimer,
        "namespace": plain(meant.claim.namespace),
    }
