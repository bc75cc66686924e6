"""Replace a module by proposal: `ape run upgrade new`, `check`, `rehearse`, ... `record`.

Exit status: 0 done; 1 refused, nothing was signed; 2 the command was mistyped; 3 what was
looked at is not as it should be.
"""

import json
import time
from pathlib import Path
from typing import Any

import click
from ape.api import AccountAPI, ReceiptAPI
from pydantic import ValidationError

from scripts._lib import options
from scripts._lib.build import artifact
from scripts._lib.console import answer, console, gas_line, progress
from scripts._lib.files import write_atomically
from scripts._lib.found import checked
from scripts._lib.records import LOCAL_CHAINS
from scripts._lib.refusal import Differs, Refusal
from scripts._lib.upgrade import drill as drills
from scripts._lib.upgrade import facts, keys, safes, steps, words
from scripts._lib.upgrade.compare import Judgement
from scripts._lib.upgrade.draft import Built, Desk, Draft, build, demand_clean, draft, judge
from scripts._lib.upgrade.rehearse import Rehearsal, rehearse
from scripts._lib.upgrade.report import Report, Times
from scripts._lib.upgrade.request import FILE, TEMPLATE
from scripts._lib.upgrade.review import review
from scripts._lib.upgrade.situation import Situation, situation
from scripts._lib.upgrade.sources import source_of
from scripts._lib.upgrade.tables import (
    call_lines,
    draft_table,
    judgement_table,
    review_table,
    watch_facts,
    watch_table,
)

name_argument = click.argument("name")
REHEARSAL = "rehearsal.json"
STEPS = 10  # of a rehearsal, about


@click.group()
def cli() -> None:
    """Replace a module by proposal, and say in public what that changes.

    new, check, rehearse, report, deploy, propose, watch, vote, queue, execute, apply, record: each
    looks at the chain and says what is missing. `review` is for those who vote, `drill` plays it
    all on the embedded chain. Papers are in deployments/<chain id>/upgrades/NAME/.
    """


def _desk(name: str, records: Path) -> Desk:
    options.quiet()
    return Desk(situation(records), name)


# ----- before anything is signed -----


@cli.command(cls=options.Command)
@name_argument
@click.option("--key", required=True, help="Such as names.pricing.")
@click.option("--contract", required=True, help="The new module, by the name of its source.")
@click.option("--title", default="Say in one line what it does", help="Of the proposal.")
@options.records
@options.as_json
def new(name: str, key: str, contract: str, title: str, records: Path, as_json: bool) -> None:
    """Begin an upgrade: write the file that describes it, to be filled in."""
    desk = _desk(name, records)
    present = desk.situation.in_force(key)
    source_of(contract)
    path = desk.path / FILE
    if path.exists():
        raise Refusal(f"{name} exists: edit {path.parent.name}/{FILE}, or take another name.")
    lines = [f'{each["name"]} = ""  # {each["type"]}' for each in artifact(contract).constructor]
    confirm = str(keys.of(key).confirm).lower()
    write_atomically(
        path,
        TEMPLATE.format(
            name=name,
            title=json.dumps(title, ensure_ascii=False),
            key=key,
            contract=contract,
            confirm=confirm,
            arguments="\n".join(lines),
        ),
    )
    console.print(f"{key} is {present.contract}, version {present.module.version}.", soft_wrap=True)
    console.print(f"Fill in {path}", soft_wrap=True)
    if as_json:
        answer({"file": str(path), "present": present.module.model_dump()})


def _judged(desk: Desk) -> tuple[Built, Judgement]:
    built = build(desk.situation, desk.request)
    return built, judge(built, desk.situation.in_force(built.request.key))


def _demand(judgement: Judgement) -> None:
    if not judgement.passed:
        more = len(judgement.problems) - 1
        raise Differs(judgement.problems[0] + (f" (and {more} more)" if more else "") + ".")


@cli.command(cls=options.Command)
@name_argument
@options.records
@options.as_json
def check(name: str, records: Path, as_json: bool) -> None:
    """Compare the new module with the one in force: layout, ABI, events, roles, sizes."""
    _, judgement = _judged(_desk(name, records))
    console.print(judgement_table(judgement))
    if as_json:
        answer({"passed": judgement.passed, "problems": judgement.problems})
    for problem in judgement.problems:
        console.print(f"[red]{problem}[/]", soft_wrap=True)
    _demand(judgement)
    console.print("Nothing stands in the way.")


@cli.command("rehearse", cls=options.Command)
@name_argument
@options.records
@options.as_json
def rehearse_it(name: str, records: Path, as_json: bool) -> None:
    """Play the whole of it on a fork (or a snapshot), from deployment to roll-back."""
    desk = _desk(name, records)
    drafted, rehearsal = _rehearsed(desk)
    console.print(draft_table(drafted))
    if as_json:
        answer({"draft": drafted.model_dump(), "rehearsal": rehearsal.model_dump()})


def _rehearsed(desk: Desk) -> tuple[Draft, Rehearsal]:
    built, judgement = _judged(desk)
    _demand(judgement)
    drafted = draft(desk.situation, desk.name, built)
    with progress(STEPS) as tell:
        rehearsal = rehearse(desk.situation, drafted, built, tell)
    write_atomically(desk.path / REHEARSAL, rehearsal.model_dump_json(indent=2) + "\n")
    return desk.save(drafted), rehearsal


@cli.command("report", cls=options.Command)
@name_argument
@options.records
@options.as_json
def report_it(name: str, records: Path, as_json: bool) -> None:
    """Write what voters read, as Markdown, HTML and JSON, and its content address."""
    desk = _desk(name, records)
    drafted = _reported(desk)
    for kind in ("md", "html", "json"):
        console.print(str(desk.path / f"report.{kind}"), soft_wrap=True)
    console.print(f"ipfs://{drafted.report}")
    if as_json:
        answer({"report": drafted.report, "description": drafted.text})


def _reported(desk: Desk) -> Draft:
    built, judgement = _judged(desk)
    drafted = desk.load()
    rehearsal = _rehearsal(desk)
    if drafted.proposal:
        raise Refusal(f"It is proposed already, as {drafted.proposal}: its report is fixed.")
    if (built.code.init_code_hash, drafted.calldata) != (
        rehearsal.init_code_hash,
        rehearsal.calldata,
    ):
        raise Refusal("Sources or file have changed since the rehearsal: rehearse again.")
    drafted = drafted.model_copy(update={"code": built.code})
    names = desk.situation.names()
    times = Times.of(desk.situation)
    written = Report(drafted, judgement, rehearsal, times, names).write(desk.path)
    return desk.save(drafted.model_copy(update={"report": written}))


def _rehearsal(desk: Desk) -> Rehearsal:
    try:
        return Rehearsal.model_validate_json((desk.path / REHEARSAL).read_bytes())
    except (FileNotFoundError, ValidationError):
        raise Refusal(f"{REHEARSAL} is missing or damaged: rehearse again.") from None


# ----- what is signed -----


def _done(what: str, receipt: ReceiptAPI, as_json: bool, **more: Any) -> None:
    gas_line(what, receipt.gas_used)
    if as_json:
        answer({"transaction": receipt.txn_hash, "gas": receipt.gas_used, **more})


def _confirm(desk: Desk, drafted: Draft, what: str, sender: str, yes: bool, as_json: bool) -> None:
    """Show decoded what is signed; public chains ask, local ones only do not."""
    console.print(draft_table(drafted))
    for line in call_lines(desk.situation, drafted, artifact("Kernel").abi):
        console.print(line, markup=False, soft_wrap=True)
    if not yes and desk.situation.found.folder.chain_id not in LOCAL_CHAINS:
        if drafted.report:  # what it says becomes public, too
            console.print(f"\n{drafted.text}\n", markup=False, soft_wrap=True)
        click.confirm(f"{what} as {sender}?", abort=True, err=as_json)


@cli.command("deploy", cls=options.Command)
@name_argument
@options.records
@options.paying
@options.yes
@options.as_json
def deploy_it(name: str, records: Path, account: str | None, yes: bool, as_json: bool) -> None:
    """Put the new module at its CREATE2 address. It has no right before it is applied."""
    desk = _desk(name, records)
    sender, drafted = options.account(account), desk.load()
    built = build(desk.situation, desk.request)
    if built.code.init_code_hash != drafted.code.init_code_hash:
        raise Refusal("Sources or file have changed since the rehearsal: rehearse again.")
    demand_clean(built.code)
    _confirm(desk, drafted, f"Deploy {drafted.code.contract}", sender.address, yes, as_json)
    receipt = steps.deploy(desk, drafted, built.init_code, sender)
    if receipt is None:
        console.print(f"{drafted.to.address} is there already.")
        if as_json:
            answer({"transaction": None, "address": drafted.to.address})
    else:
        _done("deploy", receipt, as_json, address=drafted.to.address)


@cli.command("propose", cls=options.Command)
@name_argument
@options.records
@click.option("--account", help="Ape's alias of who proposes, or of an owner of the Safe.")
@click.option("--safe", metavar="SAFE", help="Propose as this Safe: its address or Ape's alias.")
@options.yes
@options.as_json
def propose_it(
    name: str, records: Path, account: str | None, safe: str | None, yes: bool, as_json: bool
) -> None:
    """Put it to the vote, from an account or as a transaction of a Safe."""
    desk = _desk(name, records)
    drafted, signer = desk.load(), options.account(account)
    multisig = safes.load(safe) if safe else None
    proposer = multisig.address if multisig else signer.address
    steps.check_proposable(desk, drafted, proposer)
    _check_sources(desk, drafted)
    _confirm(desk, drafted, f"Propose it for {proposer}", signer.address, yes, as_json)
    if multisig:
        _propose_as_safe(desk, drafted, multisig, signer, as_json)
        return
    drafted, receipt = steps.propose(desk, drafted, signer)
    _proposed(drafted, receipt, as_json)


def _check_sources(desk: Desk, drafted: Draft) -> None:
    """Whoever handed the papers on: what is signed is what the file and our sources give."""
    fresh = draft(desk.situation, desk.name, build(desk.situation, desk.request))
    code = fresh.code.model_copy(update={"commit": drafted.code.commit})
    given = {"code", "report", "description", "proposal", "transactions"}
    if code != drafted.code or fresh.model_dump(exclude=given) != drafted.model_dump(exclude=given):
        raise Refusal(f"draft.json is not what {FILE} and the sources here give: rehearse again.")


def _proposed(drafted: Draft, receipt: ReceiptAPI | None, as_json: bool) -> None:
    console.print(f"Proposal {drafted.proposal}", soft_wrap=True)
    said = {"proposal": drafted.proposal, "description": drafted.description}
    if receipt:
        _done("propose", receipt, as_json, **said)
        return
    console.print("It was proposed before: nothing was sent.")
    if as_json:
        answer({"transaction": None, **said})


def _propose_as_safe(
    desk: Desk, drafted: Draft, safe: safes.Safe, signer: AccountAPI, as_json: bool
) -> None:
    drafted, receipt = safes.propose(desk, drafted, safe, signer)
    if drafted.proposal:
        _proposed(drafted, receipt, as_json)
        return
    signed = safes.read(desk.path)
    console.print(f"Signed by {len(signed.signatures)} of {safe.threshold} owners that it takes.")
    console.print("Another owner signs by the same command, with the same papers.")
    if as_json:
        answer({"transaction": None, **signed.model_dump(exclude={"data"})})


@cli.command(cls=options.Command)
@click.argument("to", required=False)
@options.records
@options.paying
@options.as_json
def delegate(to: str | None, records: Path, account: str | None, as_json: bool) -> None:
    """Let the tokens of an account vote: by itself, or by somebody else, such as a Safe."""
    options.quiet()
    found = situation(records)
    sender = options.account(account)
    receipt = steps.delegate(found, checked(to) if to else sender.address, sender)
    votes = found.token.getVotes(to or sender.address)
    _done(f"delegate, now {votes // 10**18:,} votes", receipt, as_json, votes=str(votes))


@cli.command(cls=options.Command)
@name_argument
@options.records
@click.option("--follow", is_flag=True, help="Stay until it stands otherwise.")
@click.option("--every", type=click.IntRange(1), default=15, help="Seconds between looks.")
@options.as_json
def watch(name: str, records: Path, follow: bool, every: int, as_json: bool) -> None:
    """Where it stands: votes and quorum, what comes when, and the next command."""
    desk = _desk(name, records)
    drafted = desk.load()
    found = watch_facts(desk.situation, drafted)
    console.print(watch_table(name, found))
    if follow:
        before = found["standing"]
        with console.status(f"{before}; looking every {every} seconds"):
            while found["standing"] == before:
                time.sleep(every)
                found = watch_facts(desk.situation, drafted)
        console.print(watch_table(name, found))
    if as_json:
        answer(found)


@cli.command(cls=options.Command)
@name_argument
@click.argument("support", type=click.Choice(list(steps.SUPPORT)))
@click.option("--reason", default="", help="Why, in public.")
@options.records
@options.paying
@options.as_json
def vote(
    name: str, support: str, reason: str, records: Path, account: str | None, as_json: bool
) -> None:
    """Vote for, against, or abstain."""
    desk = _desk(name, records)
    receipt = steps.vote(desk, desk.load(), support, reason, options.account(account))
    _done(f"vote {support}", receipt, as_json)


def _step(verb: str, text: str) -> None:
    """One command for a step that anybody, or whoever has the right, may take."""

    @cli.command(verb, cls=options.Command, help=text)
    @name_argument
    @options.records
    @options.paying
    @options.as_json
    def take(name: str, records: Path, account: str | None, as_json: bool) -> None:
        desk = _desk(name, records)
        method = {
            "queue": steps.queue,
            "execute": steps.execute,
            "apply": steps.apply,
            "cancel": steps.cancel,
            "rollback": steps.roll_back,
        }[verb]
        receipt = method(desk, desk.load(), options.account(account))
        _done(verb, receipt, as_json, standing=steps.standing(desk.situation, desk.load()))


_step("queue", "Hand what was voted for to the treasury, where it waits. Anyone may.")
_step("execute", "Have the treasury announce it to the kernel, after its delay. Anyone may.")
_step("apply", "Put it in force, after the kernel's notice. Anyone may.")
_step("cancel", "Stop it: its proposer while it is pending, the guardian until it is applied.")
_step("rollback", "Undo it, within 7 days: the guardian, or the system by another vote.")


@cli.command(cls=options.Command)
@click.argument("key")
@click.option("--days", type=click.IntRange(1, 14), default=14, show_default=True)
@options.records
@options.paying
@options.as_json
def pause(key: str, days: int, records: Path, account: str | None, as_json: bool) -> None:
    """Stop the use of a key's module at once: the guardian, while the system votes."""
    options.quiet()
    keys.of(key)
    found = situation(records)
    receipt = steps.pause(found, key, days * 86_400, options.account(account))
    _done(f"pause {key} for {words.span(days * 86_400)}", receipt, as_json)


@cli.command(cls=options.Command)
@name_argument
@options.records
@options.as_json
def doctor(name: str, records: Path, as_json: bool) -> None:
    """Whether what is in force is what was voted for, and keeps what its key promises."""
    desk = _desk(name, records)
    drafted = desk.load()
    problems = _wrong(desk.situation, drafted)
    if as_json:
        answer({"passed": not problems, "problems": problems})
    for problem in problems:
        console.print(f"[red]{problem}[/]", soft_wrap=True)
    if problems:
        raise Differs("The chain is not as it should be.")
    console.print(f"{drafted.key} is {drafted.code.contract}, version {drafted.to.version}.")


def _wrong(found: Situation, drafted: Draft) -> list[str]:
    present = found.module(drafted.key)
    wrong = []
    if present != drafted.to:
        wrong.append(f"{drafted.key} is {present.address}, version {present.version}")
    if not found.kernel.verify(found.namespace, drafted.key.encode().ljust(32, b"\0")):
        wrong.append(f"the code behind {drafted.key} is not what was announced")
    if not wrong:
        module = artifact(drafted.code.contract).contract_type
        answers = facts.of_module(found, drafted.key, steps.contract(present.address, module))
        wrong += facts.broken(drafted.key, answers)
    return wrong


@cli.command("record", cls=options.Command)
@name_argument
@options.records
@options.as_json
def record_it(name: str, records: Path, as_json: bool) -> None:
    """Write deployments/<chain id>/upgrades/NNN.json, after seeing that it is in force."""
    desk = _desk(name, records)
    written = steps.record(desk, desk.load())
    path = desk.situation.upgrades.path / f"{written.number:03}.json"
    console.print(f"{path}: {written.key} is version {written.to.version}", soft_wrap=True)
    if as_json:
        answer(written.model_dump())


@cli.command("review", cls=options.Command)
@click.argument("proposal", type=click.IntRange(0))
@click.option("--commit", help="A commit or tag; by default the one that the proposal names.")
@options.records
@options.as_json
def review_it(proposal: int, commit: str | None, records: Path, as_json: bool) -> None:
    """Build it again from a commit: is the calldata on the chain what this commit gives?"""
    options.quiet()
    found = review(situation(records), proposal, commit)
    console.print(review_table(found))
    for line in found.calls:
        console.print(line, markup=False, soft_wrap=True)
    if as_json:
        answer(
            {
                "passed": found.passed,
                "commit": found.commit,
                "checks": {f"{each.about} {each.fact}": each.passed for each in found.checks},
                "calls": found.calls,
            }
        )
    if not found.passed:
        raise Differs("The proposal is not what this commit gives: vote against it.")
    console.print("The calldata on the chain is what this commit gives.")


@cli.command(cls=options.Command)
@options.settings
@options.records
@click.option(
    "--docs",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write the worked example of the docs there.",
)
@options.as_json
def drill(settings: Path | None, records: Path, docs: Path | None, as_json: bool) -> None:
    """Play it all in one process on the embedded chain, with everything that may go wrong."""
    options.quiet()
    if not options.is_local():
        raise Refusal("A drill travels in time: take --network ethereum:local:test.")
    summary = drills.run(options.chosen(settings), records, docs)
    if as_json:
        answer(summary)
