"""What people see of DAOs."""

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from scripts._lib.console import table
from scripts._lib.daos import Found, Opening
from scripts._lib.intent import DAY, HOUR, WEI
from scripts._lib.visible import said

UNITS = ((DAY, "day"), (HOUR, "hour"), (60, "minute"), (1, "second"))
TIMES = {"voting delay", "voting period", "timelock delay", "notice of code", "late extension"}
VOTES = {"threshold, votes", "supply"}


def words(seconds: int) -> str:
    """A time as people say it, without rounding."""
    parts = []
    for unit, name in UNITS:
        count, seconds = divmod(seconds, unit)
        if count:
            parts.append(f"{count} {name}{'s' * (count != 1)}")
    return " ".join(parts) or "at once"


def tokens(amount: int) -> str:
    whole, rest = divmod(amount, WEI)
    return f"{whole:,}" + (f".{rest:018}".rstrip("0") if rest else "")


def preview_tables(opening: Opening) -> Iterator[Table]:
    """What will be where, and how long a change will take."""
    places = table("What will be where", "what", "address")
    places.add_row("namespace", f"0x{opening.namespace.hex()}")
    places.add_row("timelock and treasury", opening.plan.parts["Timelock"].address)
    places.add_row("token", opening.token)
    places.add_row("governor", opening.plan.parts["Governor"].address)
    guardian = opening.guardian
    who = f"{guardian.account}, {guardian.days} days" if guardian else "none"
    places.add_row("guardian", who)
    yield places
    governance = opening.dao.governance
    votes = table("Who decides", "what", "votes")
    if not isinstance(opening.dao.token, str):
        for holder, amount in opening.dao.token.holders.items():
            votes.add_row(holder, tokens(amount))
        votes.add_row("votes may ever be", tokens(opening.dao.token.cap))
    votes.add_row("a proposal needs", tokens(governance.threshold))
    votes.add_row("a quorum is", f"{governance.quorum} percent")
    yield votes
    steps = {
        "before the vote": governance.voting_delay,
        "vote": governance.voting_period,
        "timelock": governance.timelock_delay,
    }
    voted = sum(steps.values())
    times = table("How long a change takes", "step", "time")
    for step, seconds in steps.items():
        times.add_row(step, words(seconds))
    times.add_row("a payment, in all", words(voted))
    times.add_row("notice of code", words(opening.notice))
    times.add_row("a change of code, in all", words(voted + opening.notice))
    times.add_row("a late quorum adds", words(governance.late_extension))
    yield times


def list_table(rows: list[Any], start: int, count: int) -> Table:
    """One page of the factory's DAOs."""
    shown = table(f"DAOs of the factory: {count}", "number", "what", "value")
    for number, row in enumerate(rows, start):
        shown.add_row(str(number), "namespace", f"0x{bytes(row.namespace).hex()}")
        shown.add_row("", "owner", row.owner)
        shown.add_row("", "governor", row.governor)
    return shown


def dao_tables(found: Found) -> Iterator[Table]:
    """One DAO."""
    facts = table(f"DAO 0x{found.namespace.hex()}", "what", "value")
    for what, value in {**found.facts, **found.settings}.items():
        facts.add_row(what, _shown(what, value))
    yield facts
    members = table("Members", "account", "tokens", "votes")
    for member in found.members:
        members.add_row(member.account, tokens(member.balance), tokens(member.votes))
    yield members
    proposals = table("Proposals", "number", "state", "for", "against", "abstaining", "id")
    for each in found.proposals:
        votes = (tokens(each.in_favor), tokens(each.against), tokens(each.abstaining))
        proposals.add_row(str(each.number), each.state, *votes, hex(each.id))
    yield proposals


def _shown(what: str, value: Any) -> str:
    if what in TIMES:
        return words(value)
    return tokens(value) if what in VOTES else said(str(value))
