"""A model of a collection, written from the design page and not from the contract.

Each act answers whether it must be allowed, and then makes the same change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.support.access import (
    CENTURY,
    GRANTS,
    NO_EXPIRY,
    NO_LIMIT,
    ZERO,
    AutoRenew,
    Terms,
    Voucher,
    pass_id,
)


@dataclass
class Receipt:
    """What was paid for a pass less the referral share, and for which time."""

    currency: str
    basis: int
    since: int
    until: int
    settled: int = 0

    def unearned(self, at: int) -> int:
        if at >= self.until:
            return 0
        return self.basis * (self.until - max(at, self.since)) // (self.until - self.since)


@dataclass
class Held:
    """One pass."""

    owner: str
    expiry: int  # seconds
    soulbound: bool = False
    user: str = ZERO
    user_until: int = 0
    nonce: int = 0
    receipt: Receipt | None = None


@dataclass
class Offer:
    """One plan."""

    terms: Terms
    minted: int = 0
    was_sold_out: bool = False  # seen by a refund
    minted_to: dict[str, int] = field(default_factory=dict)


@dataclass
class Model:
    now: int
    reserve: int
    plans: dict[int, Offer] = field(default_factory=dict)
    passes: dict[int, Held] = field(default_factory=dict)
    active: dict[str, int] = field(default_factory=dict)  # the pass that speaks for an account
    granted: int = 0
    rented: dict[str, int] = field(default_factory=dict)
    burned: int = 0
    epoch: int = 1
    delegates: dict[tuple[int, str], int] = field(default_factory=dict)  # until, of an epoch
    spent: set[tuple[int, int]] = field(default_factory=set)  # epoch and nonce
    paid: dict[str, int] = field(default_factory=dict)  # by currency, ever
    swept: dict[str, int] = field(default_factory=dict)
    returned: dict[str, int] = field(default_factory=dict)  # refunds and referral shares
    credits: dict[tuple[str, str], int] = field(default_factory=dict)  # account, currency

    # ----- acts -----

    def create_plan(self, terms: Terms) -> bool:
        if self.reserve != NO_LIMIT:
            if terms.cap > self.reserve:
                return False
            self.reserve -= terms.cap
        self.plans[len(self.plans) + 1] = Offer(terms)
        return True

    def mint(
        self,
        recipients: Sequence[str],
        plan: int,
        max_price: int,
        paid: int,
        referrer: str = ZERO,
        price: int | None = None,
    ) -> bool:
        """At the plan's price, or at a voucher's."""
        offer = self.plans.get(plan)
        if offer is None or not recipients:
            return False
        price = offer.terms.price if price is None else price
        if price > max_price or paid != len(recipients) * price:
            return False
        if offer.minted + len(recipients) > offer.terms.cap:
            return False
        counts = dict(offer.minted_to)
        for account in recipients:
            counts[account] = counts.get(account, 0) + 1
        if offer.terms.limit and max(counts.values()) > offer.terms.limit:
            return False
        offer.minted_to = counts
        self.receive(offer, paid)
        share = price * offer.terms.referral // 10_000 if referrer != ZERO else 0
        self.credit(referrer, offer.terms.currency, share * len(recipients))
        for account in recipients:
            offer.minted += 1
            id, expiry = pass_id(plan, offer.minted), self.after(self.now, offer.terms)
            self.deliver(account, id, expiry, soulbound=offer.terms.soulbound)
            if offer.terms.refundable and price > share:
                self.passes[id].receipt = Receipt(
                    offer.terms.currency, price - share, self.now, expiry
                )
        return True

    def redeem(self, voucher: Voucher, epoch: int, paid: int, referrer: str) -> bool:
        key = (epoch, voucher.nonce)
        if epoch != self.epoch or key in self.spent or self.now > voucher.deadline:
            return False
        recipients = [voucher.recipient] * voucher.quantity
        if not self.mint(recipients, voucher.plan, 2**112, paid, referrer, voucher.price):
            return False
        self.spent.add(key)
        return True

    def renew(self, id: int, plan: int, max_price: int, paid: int, payer: str) -> bool:
        held, offer = self.passes.get(id), self.plans.get(plan)
        if held is None or offer is None or not self.pays(offer, 1, max_price, paid):
            return False
        if not self.renews(id, plan, offer):
            return False
        since = max(self.now, held.expiry)
        expiry = self.after(since, offer.terms)
        if held.expiry == NO_EXPIRY or (expiry != NO_EXPIRY and expiry > self.now + CENTURY):
            return False
        held.expiry = expiry
        self.receive(offer, paid)
        old, currency = held.receipt, offer.terms.currency
        left = old.unearned(self.now) if old else 0
        replaces = left == 0 or (paid >= left and old.currency == currency)
        replaces = replaces and payer == held.owner
        if offer.terms.refundable and paid and replaces:
            held.receipt = Receipt(currency, paid, since, expiry)
        return True

    def auto_renew(self, order: AutoRenew, tip: int, signer: str, nonce: int) -> bool:
        held, offer = self.passes.get(order.token_id), self.plans.get(order.plan)
        if held is None or offer is None or (held.owner, held.nonce) != (signer, nonce):
            return False
        terms = offer.terms
        if ZERO in (order.currency, terms.currency) or order.currency != terms.currency:
            return False
        early = self.now + order.window < held.expiry
        if early or self.now > order.until or order.window >= terms.duration:
            return False
        price = terms.price
        return price + tip <= order.max_price and self.renew(
            order.token_id, order.plan, price, price, held.owner
        )

    def cancel_orders(self, id: int, by: str) -> bool:
        held = self.passes.get(id)
        if held is None or held.owner != by:
            return False
        held.nonce += 1
        return True

    def refund(self, id: int, by: str) -> int:
        """How much; 0: it must be refused."""
        held = self.passes.get(id)
        if held is None or held.owner != by or held.receipt is None:
            return 0
        amount = held.receipt.unearned(self.now) if held.receipt.since != self.now else 0
        if amount:
            self.give_place_back(id)
            self.pay_back(held.receipt.currency, amount)
            del self.passes[id]
            self.burned += 1
        return amount

    def give_place_back(self, id: int) -> None:
        offer = self.plans.get(id >> 32)
        if offer and offer.terms.cap != NO_LIMIT:
            offer.was_sold_out = offer.was_sold_out or offer.minted == offer.terms.cap
            offer.terms = offer.terms._replace(cap=offer.terms.cap + 1)

    def settle(self, ids: Sequence[int]) -> None:
        for id in ids:
            held = self.passes.get(id)
            if held and held.receipt:
                held.receipt.settled = self.now

    def claim(self, account: str, currency: str) -> int:
        amount = self.credits.pop((account, currency), 0)
        self.pay_back(currency, amount)
        return amount

    def set_user(self, id: int, user: str, until: int, by: str) -> bool:
        held = self.passes.get(id)
        if held is None or held.owner != by or held.soulbound:
            return False
        if user == ZERO:
            held.user, held.user_until = ZERO, 0
            return True
        if not self.now < until <= held.expiry:
            return False
        present = self.rented.get(user, 0)
        held.user, held.user_until = user, until
        if not self.speaks(user, present):
            self.rented[user] = id
        return True

    def hand_over(self) -> None:
        self.epoch += 1

    def renews(self, id: int, plan: int, offer: Offer) -> bool:
        if id == pass_id(plan, id % 2**32):
            return offer.terms.price > 0 or offer.terms.limit == 0
        if offer.was_sold_out or (offer.terms.soulbound and not self.passes[id].soulbound):
            return False
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
        if held is None or held.owner != sender or by != sender or held.soulbound:
            return False
        held.owner = receiver
        held.user, held.user_until = ZERO, 0
        held.nonce += 1
        self.offer_active(receiver, id)
        return True

    def point(self, account: str, id: int) -> bool:
        if not self.speaks(account, id):
            return False
        pointers = self.active if self.passes[id].owner == account else self.rented
        present = pointers.get(account, 0)
        if self.speaks(account, present) and self.until(id) <= self.until(present):
            return False
        pointers[account] = id
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
        amount = self.balance(currency) - self.held(currency)
        self.swept[currency] = self.swept.get(currency, 0) + amount
        return amount > 0

    # ----- what can be seen -----

    def supply(self) -> int:
        minted = sum(offer.minted for offer in self.plans.values())
        return self.granted + minted - self.burned

    def balance(self, currency: str) -> int:
        gone = self.swept.get(currency, 0) + self.returned.get(currency, 0)
        return self.paid.get(currency, 0) - gone

    def held(self, currency: str) -> int:
        receipts = [held.receipt for held in self.passes.values() if held.receipt]
        bases = sum(it.unearned(it.settled) for it in receipts if it.currency == currency)
        credits = sum(owed for (_, coin), owed in self.credits.items() if coin == currency)
        return bases + credits

    def valid(self, id: int) -> bool:
        return id in self.passes and self.now < self.passes[id].expiry

    def speaks(self, account: str, id: int) -> bool:
        """It lets in its user while it is rented out, else its owner."""
        if not self.valid(id):
            return False
        held = self.passes[id]
        return account == (held.user if self.now < held.user_until else held.owner)

    def until(self, id: int) -> int:
        """Until when it lets in whom it lets in now."""
        held = self.passes[id]
        return held.user_until if self.now < held.user_until else held.expiry

    def owned(self, account: str) -> list[int]:
        return [id for id, held in self.passes.items() if held.owner == account]

    # ----- inside -----

    def after(self, start: int, terms: Terms) -> int:
        return start + terms.duration if terms.duration else NO_EXPIRY

    def acceptable(self, expiry: int) -> bool:
        return expiry == NO_EXPIRY or self.now < expiry <= self.now + CENTURY

    def pays(self, offer: Offer, count: int, max_price: int, paid: int) -> bool:
        return offer.terms.price <= max_price and paid == count * offer.terms.price

    def receive(self, offer: Offer, amount: int) -> None:
        currency = offer.terms.currency
        self.paid[currency] = self.paid.get(currency, 0) + amount

    def pay_back(self, currency: str, amount: int) -> None:
        self.returned[currency] = self.returned.get(currency, 0) + amount

    def credit(self, account: str, currency: str, amount: int) -> None:
        if amount:
            key = (account, currency)
            self.credits[key] = self.credits.get(key, 0) + amount

    def deliver(self, account: str, id: int, expiry: int, soulbound: bool = False) -> None:
        self.passes[id] = Held(account, expiry, soulbound)
        self.offer_active(account, id)

    def offer_active(self, account: str, id: int) -> None:
        """Replaces one that is not its own, and one that does not let it in by a valid one."""
        present = self.active.get(account, 0)
        owned = present in self.passes and self.passes[present].owner == account
        if not owned or (self.valid(id) and not self.speaks(account, present)):
            self.active[account] = id
