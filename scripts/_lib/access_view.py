"""What people see of collections, members and rules."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from ape.contracts import ContractInstance
from rich.table import Table

from scripts._lib import contracts, passes, times
from scripts._lib.amounts import Asset, asset
from scripts._lib.answers import WORDS, Verdict
from scripts._lib.collection_file import Offer
from scripts._lib.console import table
from scripts._lib.known import Known
from scripts._lib.passes import GRANTS, Member
from scripts._lib.rules import Value
from scripts._lib.visible import said

COLORS = {Value.YES: "green", Value.NO: "red", Value.ERROR: "yellow"}


def facts(title: str, *rows: tuple[str, str]) -> Table:
    shown = table(title, "", "value")
    shown.show_header = False
    for what, value in rows:
        shown.add_row(what, said(value))
    return shown


def paid_in(*units: Asset) -> list[tuple[str, str]]:
    """Which tokens are meant: anybody may call theirs as another is called."""
    tokens = dict.fromkeys(unit for unit in units if not unit.is_eth)
    return [("paid in", f"{unit.symbol}, the token at {unit.address}") for unit in tokens]


def percent(basis_points: int) -> str:
    return f"{basis_points / 100:g} %"


def number(cap: int) -> str:
    return "no limit" if cap == passes.NO_LIMIT else f"{cap:,}"


# ----- before a collection is there -----


def preview(offer: Offer, known: Known) -> Iterator[Table]:
    file = offer.file
    yield facts(
        f"Collection {said(file.name)} ({said(file.symbol)})",
        ("address", offer.address),
        ("owner", known.whole(offer.owner)),
        ("revenue to", known.whole(offer.revenue)),
        ("royalty", percent(file.royalty)),
        ("passes, ever", number(passes.NO_LIMIT if file.cap is None else file.cap)),
        ("metadata", file.base_uri or "on chain"),
        *paid_in(*offer.currencies),
    )
    shown = table("Plans", "plan", "price", "lasts", "cap", "each", "referrer", "")
    for n, plan in enumerate(file.plans, 1):
        price, unit = offer.prices[n - 1], offer.currencies[n - 1]
        shown.add_row(
            str(n),
            unit.show(price) if price else "free",
            times.duration(plan.duration) if plan.duration else times.FOR_EVER,
            number(passes.NO_LIMIT if plan.cap is None else plan.cap),
            str(plan.limit or "any"),
            percent(plan.referral),
            _traits(plan),
        )
    yield shown
    if conditions := _conditions(offer):
        yield facts("Sold only", *conditions)


def _traits(terms: Any) -> str:
    return ", ".join(each for each in ("soulbound", "refundable") if getattr(terms, each))


def _conditions(offer: Offer) -> list[tuple[str, str]]:
    rows = []
    for n, sale in enumerate(offer.sales, 1):
        if sale is None:
            continue
        if sale.opens:
            rows.append((f"plan {n}", f"from {times.moment(sale.opens)}"))
        if sale.closes:
            rows.append((f"plan {n}", f"until {times.moment(sale.closes)}"))
        if sale.gate != contracts.NO_ONE:
            rows.append((f"plan {n}", f"to whom rule 0x{sale.rule.hex()} lets in"))
    return rows


# ----- a collection that is there -----


def collection(it: ContractInstance, now: int) -> dict[str, Any]:
    """All that is to be said of a collection, for JSON."""
    seen = it.collection()
    plans = {n: it.plan(n) for n in range(1, seen.plans + 1)}
    currencies = dict.fromkeys([contracts.NO_ONE, *(p.terms.currency for p in plans.values())])
    return {
        "address": it.address,
        "name": it.name(),
        "symbol": it.symbol(),
        "owner": seen.owner,
        "offered_to": _somebody(seen.pending_owner),
        "revenue": seen.revenue,
        "revenue_announced": _somebody(seen.pending_revenue),
        "revenue_ready_at": seen.revenue_ready_at or None,
        "royalty": percent(seen.royalty),
        "granted": seen.granted,
        "reserve": None if seen.reserve == passes.NO_LIMIT else seen.reserve,
        "plans": [_plan(n, plan, now) for n, plan in plans.items()],
        "money": [_money(it, currency) for currency in currencies],
    }


def _plan(number: int, plan: Any, now: int) -> dict[str, Any]:
    terms = plan.terms
    return {
        "plan": number,
        "price": passes.price(plan),
        "price_units": str(terms.price),
        "currency": terms.currency,
        "lasts": passes.lasts(plan),
        "duration": terms.duration or None,
        "minted": plan.minted,
        "cap": None if terms.cap == passes.NO_LIMIT else terms.cap,
        "limit": terms.limit or None,
        "referral": percent(terms.referral),
        "soulbound": terms.soulbound,
        "refundable": terms.refundable,
        "opens": plan.opens or None,
        "closes": plan.closes or None,
        "rule": None if plan.gate == contracts.NO_ONE else "0x" + bytes(plan.rule).hex(),
        "on_sale": plan.opens <= now and (plan.closes == 0 or now < plan.closes),
    }


def _money(it: ContractInstance, currency: str) -> dict[str, Any]:
    unit = asset(currency)
    balance, held = unit.balance(it.address), it.held(currency)
    return {
        "currency": currency,
        "here": unit.show(balance),
        "held": unit.show(held),
        "to_sweep": unit.show(max(balance - held, 0)),
    }


def _somebody(address: str) -> str | None:
    return None if address == contracts.NO_ONE else address


def collection_tables(shown: dict[str, Any], known: Known, now: int) -> Iterator[Table]:
    rows = [
        ("address", shown["address"]),
        ("owner", known.whole(shown["owner"])),
        ("revenue to", known.whole(shown["revenue"])),
        ("royalty", shown["royalty"]),
        ("granted", f"{shown['granted']:,}"),
        ("room left", "no limit" if shown["reserve"] is None else f"{shown['reserve']:,}"),
    ]
    rows += paid_in(*(asset(each["currency"]) for each in shown["money"]))
    if shown["offered_to"]:
        rows.append(("offered to", known.whole(shown["offered_to"])))
    if shown["revenue_announced"]:
        ready = times.distance(shown["revenue_ready_at"], now)
        rows.append(("next revenue to", f"{known.whole(shown['revenue_announced'])}, {ready}"))
    yield facts(f"Collection {said(shown['name'])} ({said(shown['symbol'])})", *rows)
    plans = table("Plans", "plan", "price", "lasts", "sold", "each", "referrer", "on sale")
    for plan in shown["plans"]:
        cap = "" if plan["cap"] is None else f" of {plan['cap']:,}"
        plans.add_row(
            str(plan["plan"]),
            plan["price"],
            plan["lasts"],
            f"{plan['minted']:,}{cap}",
            str(plan["limit"] or "any"),
            plan["referral"],
            _on_sale(plan, now),
        )
    yield plans
    money = table("Money", "here", "held for refunds and referrers", "to sweep")
    for each in shown["money"]:
        money.add_row(each["here"], each["held"], each["to_sweep"])
    yield money


def _on_sale(plan: dict[str, Any], now: int) -> str:
    if plan["on_sale"]:
        return "by a rule" if plan["rule"] else "yes"
    if (plan["opens"] or 0) > now:
        return f"opens {times.distance(plan['opens'], now)}"
    return f"closed {times.distance(plan['closes'], now)}"


# ----- members -----


def pass_name(id: int) -> str:
    """As people give it: plan and serial."""
    return f"{id >> passes.AT_PLAN}/{id & (2**passes.AT_PLAN - 1)}"


def member_rows(members: Iterable[Member], known: Known, now: int) -> list[dict[str, Any]]:
    return [
        {
            "pass": pass_name(member.id),
            "id": str(member.id),
            "plan": member.plan if member.plan != GRANTS else "granted",
            "owner": member.owner,
            "name": known(member.owner) if known(member.owner) != member.owner else "",
            "expiry": None if member.expiry == passes.NO_EXPIRY else member.expiry,
            "expires": passes.expiry(member.expiry, now),
            "valid": member.is_valid(now),
            "rented_to": member.tenant(now) or "",
        }
        for member in members
    ]


def member_table(rows: list[dict[str, Any]], known: Known, now: int) -> Table:
    valid = sum(row["valid"] for row in rows)
    shown = table(f"{len(rows):,} passes, {valid:,} valid", "pass", "plan", "id", "expires", "")
    shown.columns[2].header = "holder"
    for row in rows:
        holder, state = row["name"] or row["owner"], "[red]expired[/]"
        if row["valid"]:
            state = "[yellow]rented out[/]" if row["rented_to"] else "[green]valid[/]"
            holder += f"\nrented to {known(row['rented_to'])}" if row["rented_to"] else ""
        when = "never" if row["expiry"] is None else times.distance(row["expiry"], now)
        shown.add_row(row["pass"], str(row["plan"]), holder, when, state)
    return shown


def member_csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    fields = ["pass", "id", "plan", "owner", "name", "expiry", "expires", "valid", "rented_to"]
    writer = csv.DictWriter(out, fields, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


# ----- answers -----


def verdict_tables(verdict: Verdict, known: Known) -> Iterator[Table | str]:
    name = known.whole(verdict.account)
    color = COLORS[verdict.value]
    yield f"[bold]{name}[/]\n  [{color}]{said(verdict.sentence)}[/]"
    yield _answers(verdict, 0)


def _answers(verdict: Verdict, depth: int) -> Table:
    shown = table("", "asked", "value", "because")
    shown.show_header = False
    _add(shown, verdict, depth)
    return shown


def _add(shown: Table, verdict: Verdict, depth: int) -> None:
    for place, answer in enumerate(verdict.answers):
        lead = "" if place == 0 else "or " if answer.opens else "and "
        asked = "  " * depth + lead + answer.words
        why = "by these:" if answer.inner else answer.why
        color = COLORS[answer.value]
        shown.add_row(said(asked), f"[{color}]{WORDS[answer.value]}[/]", said(why))
        if answer.inner:
            _add(shown, answer.inner, depth + 1)
