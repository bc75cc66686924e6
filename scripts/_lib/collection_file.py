"""A collection as its creator writes it, and what the factory is asked for.

A plan that is sold at certain times or by a rule cannot be made so in one call. It is
made at a price that nobody has, then gets its times and its rule, and its price last:
at no moment is it sold to whom it should not be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from ape.contracts import ContractInstance
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from scripts._lib import contracts, passes, rules, times
from scripts._lib.amounts import Asset, asset
from scripts._lib.found import Found, checked
from scripts._lib.intent import Text, load
from scripts._lib.plan import text32
from scripts._lib.records import Strict
from scripts._lib.refusal import Refusal
from scripts._lib.rule_file import Written

RULE_ID = re.compile(r"0x[0-9a-f]{64}")
PERCENT = re.compile(r"([0-9]{1,2})(?:\.([0-9]{1,2}))? ?%")
PRICELESS = 2**112 - 1  # the highest price there is
DURATION_MAX = 100 * 365 * 86_400  # seconds
Price = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?$")]


def _basis_points(text: object) -> int:
    match = PERCENT.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise ValueError('write a percentage as text, e.g. "2.5 %"')
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def _duration(text: object) -> int:
    """Seconds; 0 is for ever, as the contract has it."""
    if not isinstance(text, str):
        raise ValueError('write a duration as text, e.g. "30 days" or "for ever"')
    if text.lower() == times.FOR_EVER:
        return 0
    try:
        return times.of_duration(text)
    except Refusal as refusal:
        raise ValueError(refusal.message.rstrip(".")) from None


def _at_most(most: int) -> AfterValidator:
    def check(text: str) -> str:
        if len(text.encode()) > most:
            raise ValueError(f"more than {most} bytes")
        return text

    return AfterValidator(check)


def _second(moment: date) -> int:
    return times.second(moment)


Moment = Annotated[datetime | date, AfterValidator(_second)]
Cap = Annotated[int, Field(ge=1, lt=passes.NO_LIMIT)]


class PlanOf(Strict):
    """`IPass.Terms`, and when and to whom it is sold."""

    price: Price  # of the currency, in its units
    currency: str = "ETH"  # or a token's address
    duration: Annotated[int, BeforeValidator(_duration), Field(le=DURATION_MAX)]  # seconds
    cap: Cap | None = None
    limit: Annotated[int, Field(ge=0, lt=2**16)] = 0  # to one recipient; 0: none
    referral: Annotated[int, BeforeValidator(_basis_points), Field(le=5_000)] = 0
    soulbound: bool = False
    refundable: bool = False
    opens: Moment | None = None
    closes: Moment | None = None
    rule: str | None = None  # its id, or the file of its words, beside this one

    @model_validator(mode="after")
    def _has_a_meaning(self) -> "PlanOf":
        if self.refundable and self.duration == 0:
            raise ValueError("what lasts for ever cannot be refunded by its time")
        if self.closes is not None and self.closes <= (self.opens or 0):
            raise ValueError("it closes before it opens")
        return self

    @property
    def is_conditioned(self) -> bool:
        return any(each is not None for each in (self.opens, self.closes, self.rule))


class CollectionFile(Strict):
    label: Text  # tells apart the collections of one creator
    name: Annotated[str, Field(min_length=1), _at_most(64)]
    symbol: Annotated[str, Field(min_length=1), _at_most(16)]
    base_uri: Annotated[str, _at_most(256)] = ""
    owner: str | None = None  # who signs
    revenue: Annotated[str, Field(min_length=1)]
    royalty: Annotated[int, BeforeValidator(_basis_points), Field(le=1_000)] = 0
    cap: Cap | None = None
    plans: Annotated[list[PlanOf], Field(max_length=8, default_factory=list)]

    @model_validator(mode="after")
    def _caps_fit(self) -> "CollectionFile":
        caps = [plan.cap for plan in self.plans]
        if self.cap is not None:
            if None in caps:
                raise ValueError("the collection has a cap, so each plan needs its own")
            if sum(cap or 0 for cap in caps) > self.cap:
                raise ValueError("the caps of the plans add up to more than the collection's")
        return self


@dataclass(frozen=True)
class Sale:
    """When and to whom a plan is sold: the arguments of `set_sale` after the plan."""

    opens: int
    closes: int
    gate: str
    rule: bytes


@dataclass(frozen=True)
class Step:
    """A transaction that is still missing."""

    what: str
    method: Any
    arguments: tuple[Any, ...]


class Offer:
    """A file, understood on the connected chain for one creator."""

    def __init__(self, path: Path, found: Found, sender: str) -> None:
        self.path = path
        self.found = found
        self.sender = sender
        self.file = load(path, CollectionFile)
        self.owner = found.address(self.file.owner) if self.file.owner else sender
        self.revenue = found.address(self.file.revenue)
        self.currencies = [self._currency(plan) for plan in self.file.plans]
        self.prices = [self._price(number, plan) for number, plan in enumerate(self.file.plans, 1)]
        self.sales = [
            self._sale(number, plan) if plan.is_conditioned else None
            for number, plan in enumerate(self.file.plans, 1)
        ]
        if self.owner != sender and any(self.sales):
            raise Refusal(
                "Times and rules are set by the owner alone: let the owner create the "
                "collection, or leave them out for the owner to set."
            )

    @property
    def salt(self) -> bytes:
        return text32(self.file.label)

    @property
    def setup(self) -> tuple[Any, ...]:
        """`IPass.Setup`."""
        file = self.file
        cap = passes.NO_LIMIT if file.cap is None else file.cap
        plans = [self._terms(number) for number in range(len(file.plans))]
        return (
            self.owner, self.revenue, file.royalty, cap,
            file.name, file.symbol, file.base_uri, plans,
        )  # fmt: skip

    @cached_property
    def factory(self) -> ContractInstance:
        return self.found["PassFactory"]

    @cached_property
    def address(self) -> str:
        return self.factory.predict(self.sender, self.setup, self.salt)

    @property
    def is_there(self) -> bool:
        return bool(contracts.code(self.address))

    def missing(self) -> Iterator[Step]:
        """What turns the collection that is there into the one of the file."""
        collection = contracts.at(self.address, "Pass")
        for number, (sale, price) in enumerate(zip(self.sales, self.prices, strict=True), 1):
            if sale is None:
                continue
            plan = collection.plan(number)
            if plan.terms.price != PRICELESS:
                continue  # it was opened; what the creator changed since stays
            present = Sale(plan.opens, plan.closes, plan.gate, bytes(plan.rule))
            if present != sale:
                arguments = (number, sale.opens, sale.closes, sale.gate, sale.rule)
                yield Step(f"set the sale of plan {number}", collection.set_sale, arguments)
            yield Step(f"set the price of plan {number}", collection.set_price, (number, price))

    def _terms(self, index: int) -> tuple[Any, ...]:
        plan = self.file.plans[index]
        return (
            self.currencies[index].address,
            PRICELESS if self.sales[index] else self.prices[index],
            plan.duration,
            passes.NO_LIMIT if plan.cap is None else plan.cap,
            plan.limit,
            plan.referral,
            plan.soulbound,
            plan.refundable,
        )

    def _currency(self, plan: PlanOf) -> Asset:
        return asset(None if plan.currency == "ETH" else checked(plan.currency))

    def _price(self, number: int, plan: PlanOf) -> int:
        if not plan.price.strip("0."):
            return 0
        price = self.currencies[number - 1].read(plan.price)
        if price >= PRICELESS:
            raise Refusal(f"Plan {number}: nobody has {plan.price}.")
        return price

    def _sale(self, number: int, plan: PlanOf) -> Sale:
        gate, rule = contracts.NO_ONE, bytes(32)
        if plan.rule:
            gate, rule = self.found["Gate"].address, self._rule(number, plan.rule)
        return Sale(plan.opens or 0, plan.closes or 0, gate, rule)

    def _rule(self, number: int, said: str) -> bytes:
        if RULE_ID.fullmatch(said):
            id = bytes.fromhex(said[2:])
        else:
            path = self.path.parent / said
            if not path.is_file():
                raise Refusal(f"Plan {number}: there is no file {said} of its rule.")
            id = Written(path, self.found).rule.id
        if rules.registered(self.found["Gate"], id) is None:
            raise Refusal(
                f"Plan {number}: its rule is not registered: `ape run access rule register`."
            )
        return id
