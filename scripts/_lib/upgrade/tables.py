"""What people see of an upgrade."""

from collections.abc import Iterator
from typing import Any

from ape.contracts import ContractInstance
from rich.table import Table

from scripts._lib import contracts
from scripts._lib.console import mark, table
from scripts._lib.day import now
from scripts._lib.upgrade import steps, words
from scripts._lib.upgrade.compare import Judgement
from scripts._lib.upgrade.draft import Draft
from scripts._lib.upgrade.review import Review
from scripts._lib.upgrade.situation import Situation
from scripts._lib.visible import said

BAR = 40  # characters


def judgement_table(judgement: Judgement) -> Table:
    shown = table("What is not the same", "what")
    for column in ("was", "becomes", ""):
        shown.add_column(column, overflow="fold")
    for each in judgement.differences:
        reason = judgement.accepted.get(each.key) or each.verdict.value
        colour = "red" if judgement.stands(each) else "green"
        cells = (each.key, each.was or "-", each.now or "-")
        shown.add_row(*map(said, cells), f"[{colour}]{said(reason)}[/]")
    return shown


def draft_table(draft: Draft) -> Table:
    shown = table(f"Upgrade {draft.name}", "what")
    shown.add_column("", overflow="fold")
    rows = {
        "key": draft.key,
        "now": f"version {draft.was.version}, {draft.was.address}",
        "then": f"version {draft.to.version}, {draft.to.address}",
        "contract": draft.code.contract,
        "code hash": draft.to.code_hash,
        "operation": draft.operation,
        "report": f"ipfs://{draft.report}" if draft.report else "not written",
        "proposal": draft.proposal or "not proposed",
    }
    for name, value in rows.items():
        shown.add_row(name, said(str(value)))
    return shown


def call_lines(situation: Situation, draft: Draft, abi: list[dict[str, Any]]) -> Iterator[str]:
    """What is signed, with names instead of addresses."""
    names = {**situation.names(), draft.to.address: f"the new {draft.code.contract}"}
    for target, wei, calldata in draft.calls:
        head, *rest = words.call(abi, calldata, names)
        yield f"{words.shown(target, names)}.{head}, with {wei} wei"
        yield from rest


def watch_facts(situation: Situation, draft: Draft) -> dict[str, Any]:
    """Where it stands, for people and machines."""
    governor = contracts.at(draft.governor, "Governor")
    facts: dict[str, Any] = {"standing": steps.standing(situation, draft)}
    if draft.proposal is not None:
        facts |= _votes(governor, draft.proposal_id)
    operation = steps.operation_of(situation, draft)
    at = {
        "vote opens": facts.get("opens"),
        "vote closes": facts.get("closes"),
        "can be executed": draft.proposal and governor.proposalEta(draft.proposal_id),
        "can be applied": operation.ready_at,
        "was applied": operation.applied_at,
    }
    facts["times"] = {name: time for name, time in at.items() if time}
    facts["next"] = _next(facts["standing"], draft.name)
    return facts


def _votes(governor: ContractInstance, proposal: int) -> dict[str, Any]:
    opens = governor.proposalSnapshot(proposal)
    against, in_favor, abstaining = governor.proposalVotes(proposal)
    quorum = governor.proposalQuorum(proposal) if now() > opens else None
    return {
        "opens": opens,
        "closes": governor.proposalDeadline(proposal),
        "against": str(against),
        "for": str(in_favor),
        "abstaining": str(abstaining),
        "quorum": None if quorum is None else str(quorum),
    }


NEXT = {
    "it was not proposed": "propose",
    "the proposal is active": "vote",
    "the proposal is succeeded": "queue",
    "the proposal is queued": "execute",
    "its notice runs": "apply",
    "ready to apply": "apply",
    "in force": "record",
    "rolled back": "record",
}


def _next(standing: str, name: str) -> str | None:
    verb = NEXT.get(standing)
    return f"ape run upgrade {verb} {name}" if verb else None


def watch_table(name: str, facts: dict[str, Any]) -> Table:
    shown = table(f"Upgrade {name}: {facts['standing']}", "what")
    shown.add_column("")
    if "for" in facts:
        in_favor, against = int(facts["for"]), int(facts["against"])
        abstaining, quorum = int(facts["abstaining"]), facts["quorum"]
        for side, votes in (("for", in_favor), ("against", against), ("abstaining", abstaining)):
            shown.add_row(side, f"{votes // 10**18:,}")
        if quorum is None:
            shown.add_row("quorum", "known when the vote opens")
        else:
            shown.add_row("quorum", quorum_bar(in_favor + abstaining, int(quorum)))
    for moment, time in facts["times"].items():
        shown.add_row(moment, words.away(time, now()))
    if facts["next"]:
        shown.add_row("next", facts["next"])
    return shown


def quorum_bar(votes: int, quorum: int) -> str:
    share = min(votes / quorum, 1) if quorum else 1.0
    filled = int(share * BAR)
    colour = "green" if votes >= quorum else "yellow"
    bar = f"[{colour}]{'#' * filled}[/]{'.' * (BAR - filled)}"
    return f"{bar} {votes // 10**18:,} of {quorum // 10**18:,}"


def review_table(review: Review) -> Table:
    shown = table(f"Proposal {review.proposal.id} and commit {review.commit[:10]}", "what")
    for column in ("this commit", "on the chain"):
        shown.add_column(column, overflow="fold")
    shown.add_column("")
    for check in review.checks:
        about = f"{check.about} {check.fact}"
        values = said(str(check.expected)), said(str(check.found))
        shown.add_row(about, *values, mark(check.passed))
    return shown
