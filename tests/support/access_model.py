"""A model of a collection, written from the design page and not from the contract.

Each act answers whether it must be allowed, and then makes the same change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.support.access import CENTURY, GRANTS, NO_EXPIRY, NO_LIMIT, Terms, pass_id


@dataclass
class Held:
    """One pass."""

    owner: str
    expiry: int  # seconds


@dataclass
class Offer:
    """One plan."""

    terms: Terms
    minted: int = 0
    minted_to: dict[str, int] = field(default_factory=dict)


@dataclass
class Model:
    now: int
    reserve: int
    plans: dict[int, Offer] = field(default_factory=dict)
    passes: dict[int, Held] = field(default_factory=dict)
    active: dict[str, int] = field(default_factory=dict)  # the pass that speaks for an account
    granted: int = 0
    paid: dict[str, int] = field(default_factory=dict)  # by currency, ever
    swept: dict[str, int] = field(default_factory=dict)

    # ----- acts -----

    def create_plan(self, terms: Terms) -> bool:
        if self.reserve != NO_LIMIT:
            if terms.cap > self.reserve:
                return False
            self.reserve -= terms.cap
        self.plans[len(self.plans) + 1] = Offer(terms)
        return True

    def mint(self, recipients: Sequence[str], plan: int, max_price: int, paid: int) -> bool:
        offer = self.plans.get(plan)
        if (
            offer is None
            or not recipients
            or not self.pays(offer, len(recipients), max_price, paid)
        ):
            return False
        if offer.minted + len(recipients) > offer.terms.cap:
            return False
        counts = dict(offer.minted_to)
        for account in recipients:
            counts[account] = counts.get(account, 0) + 1
        if offer.terms.limit and max(counts.values()) > offer.terms.limit:
            return False
        offer.minted_to = counts
        self.receive(offer, len(recipients))
        for account in recipients:
            offer.minted += 1
            self.deliver(account, pass_id(plan, offer.minted), self.after(self.now, offer.terms))
        return True

    def renew(self, id: int, plan: int, max_price: int, paid: int) -> bool:
        held, offer = self.passes.get(id), self.plans.get(plan)
        if held is None or offer is None or not self.pays(offer, 1, max_price, paid):
            return False
        if not self.renews(id, plan, offer):
            return False
        expiry = self.after(max(self.now, held.expiry), offer.terms)
        if held.expiry == NO_EXPIRY or (expiry != NO_EXPIRY and expiry > self.now + CENTURY):
            return False
        held.expiry = expiry
        self.receive(offer, 1)
        return True

    def renews(self, id: int, plan: int, offer: Offer) -> bool:
        if id == pass_id(plan, id % 2**32):
            return offer.terms.price > 0 or offer.terms.limit == 0
        return offer.terms.limit == 0 and offer.minted < offer.terms.cap

    def grant(self, recipients: Sequence[str], expiry: int) -> bool:
        if not recipients or not self.acceptable(expiry):
            return False
        if self.reserve != NO_LIMIT:
            if len(recipients) > self.reserve:
                return False
            self.reserve -= len(recipients)
        for account in recipients:
            self.granted += 1
            self.deliver(account, pass_id(GRANTS, self.granted), expiry)
        return True

    def extend(self, id: int, expiry: int) -> bool:
        held = self.passes.get(id)
        if held is None or not self.acceptable(expiry) or expiry <= held.expiry:
            return False
        held.expiry = expiry
        return True

    def transfer(self, sender: str, receiver: str, id: int, by: str) -> bool:
        held = self.passes.get(id)
        if held is None or held.owner != sender or by != sender:
            return False
        held.owner = receiver
        self.offer_active(receiver, id)
        return True

    def point(self, account: str, id: int) -> bool:
        if not self.speaks(account, id):
            return False
        present = self.active.get(account, 0)
        if self.speaks(account, present) and (
            self.passes[id].expiry <= self.passes[present].expiry
        ):
            return False
        self.active[account] = id
        return True

    def set_price(self, plan: int, price: int) -> bool:
        if plan not in self.plans:
            return False
        self.plans[plan].terms = self.plans[plan].terms._replace(price=price)
        return True

    def lower_cap(self, plan: int, cap: int) -> bool:
        offer = self.plans.get(plan)
        if offer is None or not offer.minted <= cap < offer.terms.cap:
            return False
        offer.terms = offer.terms._replace(cap=cap)
        return True

    def sweep(self, currency: str) -> bool:
        amount = self.free(currency)
        self.swept[currency] = self.swept.get(currency, 0) + amount
        return amount > 0

    # ----- what can be seen -----

    def supply(self) -> int:
        return self.granted + sum(offer.minted for offer in self.plans.values())

    def free(self, currency: str) -> int:
        return self.paid.get(currency, 0) - self.swept.get(currency, 0)

    def valid(self, id: int) -> bool:
        return id in self.passes and self.now < self.passes[id].expiry

    def speaks(self, account: str, id: int) -> bool:
        return self.valid(id) and self.passes[id].owner == account

    def owned(self, account: str) -> list[int]:
        return [id for id, held in self.passes.items() if held.owner == account]

    # ----- inside -----

    def after(self, start: int, terms: Terms) -> int:
        return start + terms.duration if terms.duration else NO_EXPIRY

    def acceptable(self, expiry: int) -> bool:
        return expiry == NO_EXPIRY or self.now < expiry <= self.now + CENTURY

    def pays(self, offer: Offer, count: int, max_price: int, paid: int) -> bool:
        return offer.terms.price <= max_price and paid == count * offer.terms.price

    def receive(self, offer: Offer, count: int) -> None:
        currency = offer.terms.currency
        self.paid[currency] = self.paid.get(currency, 0) + count * offer.terms.price

    def deliver(self, account: str, id: int, expiry: int) -> None:
        self.passes[id] = Held(account, expiry)
        self.offer_active(account, id)

    def offer_active(self, account: str, id: int) -> None:
        """Replaces one that is not the account's, and an expired one if itself valid."""
        present = self.active.get(account, 0)
        owned = present in self.passes and self.passes[present].owner == account
        if not owned or (self.valid(id) and not self.valid(present)):
            self.active[account] = id
