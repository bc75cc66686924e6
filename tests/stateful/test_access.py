"""A collection under random acts of its people, beside a model (tests/support/access_model.py).

Acts are drawn so that most are allowed and many are not; the model tells which. One of
the accounts is a contract, which notes what it sees in its hook.
"""

from collections.abc import Callable, Sequence

import boa
from eth_account import Account
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.support.access import (
    CENTURY,
    DAY,
    MONTH,
    NO_EXPIRY,
    NO_LIMIT,
    ZERO,
    Access,
    AutoRenew,
    Setup,
    Terms,
    Voucher,
    create_collection,
    deploy_access,
    given,
    signed,
)
from tests.support.access_model import Model
from tests.support.compiled import deployer

EXAMPLES, STEPS = 40, 50
RICH = 10**24
ETH_PLAN, TOKEN_PLAN, SCARCE, FREE, LONG, BACK, BACK_TOKEN, BOUND = range(1, 9)
UNKNOWN = 9
KEYS = [Account.from_key(bytes([n]) * 32) for n in (1, 2)]  # of the first two people
CREATORS = [Account.from_key(bytes([n]) * 32) for n in (3, 4)]  # who hand over to one another

picks = st.integers(0, 31)  # which of some list, modulo its length
accounts = st.integers(0, 3)
batches = st.lists(accounts, max_size=4)
plans = st.sampled_from(
    [ETH_PLAN, TOKEN_PLAN, SCARCE, SCARCE, FREE, LONG, BOUND, UNKNOWN, *[BACK, BACK_TOKEN] * 3]
)
referrers = st.sampled_from([None, None, 0, 1, 3])
thieves = st.sampled_from([None] * 6 + [0, 1, 2])  # None: the owner itself
errors = st.sampled_from([0] * 12 + [-1, 1])  # by how much a payment is wrong
spans = st.sampled_from([0, 1, DAY, MONTH, 12 * MONTH, CENTURY, CENTURY + 1])
offsets = st.sampled_from([-1, 0, 1])


class AccessMachine(RuleBasedStateMachine):
    access: Access  # deployed before the examples, which are laid back

    def __init__(self):
        super().__init__()
        self.anchor = boa.env.anchor()
        self.anchor.__enter__()
        self.token = deployer("AccessToken").deploy()
        self.receiver = deployer("PassReceiver").deploy()
        self.people = [key.address for key in KEYS]
        self.people += [boa.env.generate_address(), self.receiver.address]
        self.owner, self.revenue = CREATORS[0].address, boa.env.generate_address()
        token = str(self.token.address)
        offers = [
            Terms(price=10**17, duration=MONTH, cap=1_000),
            Terms(currency=token, price=50, duration=12 * MONTH, cap=1_000),
            Terms(price=3, duration=DAY, cap=4, limit=2),
            Terms(price=0, duration=0, cap=5, limit=3),
            Terms(price=7, duration=60 * 12 * MONTH, cap=1_000),
            Terms(price=10**17, duration=MONTH, cap=1_000, referral=2_500, refundable=True),
            Terms(token, 77, MONTH, 1_000, referral=5_000, refundable=True),
            Terms(price=1_001, duration=MONTH, cap=1_000, soulbound=True, refundable=True),
        ]
        cap = sum(terms.cap for terms in offers) + 5  # five are left to grant
        setup = Setup(self.owner, self.revenue, cap=cap, plans=offers)
        self.collection = create_collection(self.access, setup)
        self.model = Model(boa.env.timestamp, cap)
        for terms in offers:
            assert self.model.create_plan(terms)
        self.payer = self.people[0]
        for person in self.people[:2]:
            boa.env.set_balance(person, RICH)
            self.token.create(person, RICH)
            self.token.approve(self.collection.address, 2**256 - 1, sender=person)
        self.keeper = boa.env.generate_address()
        for plan in (BACK, BACK_TOKEN, BOUND):  # something to act on from the first step
            recipients = self.people[:2]
            max_price, paid, sent = self.payment(plan, 2, 0)
            assert self.model.mint(recipients, plan, max_price, paid)
            mint = self.collection.mint_many
            mint(recipients, plan, max_price, sender=self.payer, **sent)
        self.steps = 0

    def teardown(self):
        try:
            for id in self.model.passes:
                self.check_pass(id)
            for plan in self.model.plans:
                self.check_plan(plan)
            self.everybody_leaves()
        finally:
            self.anchor.__exit__(None, None, None)

    # ----- helpers -----

    def act(self, allowed: bool, call: Callable, *args, **kwargs):
        """Do it; the chain must agree with the model."""
        if allowed:
            return call(*args, **kwargs)
        try:
            call(*args, **kwargs)
        except boa.BoaError:
            return None
        raise AssertionError(f"{call} must be refused")

    def some_id(self, pick: int) -> int:
        ids = [*self.model.passes, 77]  # and one that never was
        return ids[pick % len(ids)]

    def owner_or(self, thief: int | None, pick: int) -> str:
        if thief is not None:
            return self.people[thief]
        held = self.model.passes.get(self.some_id(pick))
        return held.owner if held else self.people[0]

    def creator(self, which: int):
        """0: the present one; 1: the other."""
        present = CREATORS[0].address == self.owner
        return CREATORS[0 if present == (which == 0) else 1]

    def payment(self, plan: int, count: int, error: int) -> tuple[int, int, dict]:
        """max_price, what is paid by the model's reckoning, and what to send along."""
        offer = self.model.plans.get(plan)
        price = offer.terms.price if offer else 1
        if offer and offer.terms.currency != ZERO:
            return max(price + min(error, 0), 0), count * price, {}  # tokens are taken, not sent
        paid = max(count * price + error, 0)
        return price, paid, {"value": paid}

    def everybody_leaves(self):
        """ACC-4: all that may be refunded or claimed is there, to the unit."""
        for (account, currency), owed in [*self.model.credits.items()]:
            assert self.collection.credit(account, currency) == owed
            self.collection.claim(account, currency)
            assert self.model.claim(account, currency) == owed
        self.set_time(self.model.now + 1)
        for id, held in [*self.model.passes.items()]:
            if amount := self.model.refund(id, held.owner):
                assert self.collection.refund(id, sender=held.owner) == amount
        self.collection.settle([*self.model.passes][:32])
        self.model.settle([*self.model.passes][:32])
        self.acc_4_every_unit_is_somewhere()

    # ----- acts -----

    @rule(batch=batches, plan=plans, error=errors)
    def mint_many(self, batch: Sequence[int], plan: int, error: int):
        recipients = [self.people[i] for i in batch]
        max_price, paid, sent = self.payment(plan, len(batch), error)
        allowed = self.model.mint(recipients, plan, max_price, paid)
        mint = self.collection.mint_many
        self.act(allowed, mint, recipients, plan, max_price, sender=self.payer, **sent)
        self.check_hook(allowed and self.receiver.address in recipients)

    @rule(to=accounts, plan=plans, error=errors, referrer=referrers)
    def mint(self, to: int, plan: int, error: int, referrer: int | None):
        account = self.people[to]
        by = ZERO if referrer is None else self.people[referrer]
        max_price, paid, sent = self.payment(plan, 1, error)
        allowed = self.model.mint([account], plan, max_price, paid, by)
        mint = self.collection.mint
        self.act(allowed, mint, account, plan, max_price, by, sender=self.payer, **sent)
        self.check_hook(allowed and account == self.receiver.address)

    @rule(
        to=accounts,
        plan=plans,
        price=st.sampled_from([0, 1, 10**17]),
        quantity=st.integers(0, 3),
        nonce=st.integers(0, 2),
        deadline=offsets,
        epoch=st.sampled_from([0] * 5 + [-1]),
        signer=st.sampled_from([0] * 5 + [1]),
        referrer=referrers,
    )
    def redeem(self, to, plan, price, quantity, nonce, deadline, epoch, signer, referrer):
        """ACC-5: the model knows which nonces of which epoch are spent."""
        offer, account = self.model.plans.get(plan), self.people[to]
        currency = offer.terms.currency if offer else ZERO
        by = ZERO if referrer is None else self.people[referrer]
        deadline += self.model.now
        voucher = Voucher(account, plan, price, currency, quantity, deadline, nonce)
        epoch += self.model.epoch
        key = self.creator(signer)
        signature = signed(key, self.collection, voucher, epoch)
        paid = price * quantity
        sent = {"value": paid} if currency == ZERO else {}
        signed_well = key.address == self.owner
        allowed = signed_well and self.model.redeem(voucher, epoch, paid, by)
        redeem = self.collection.redeem
        self.act(allowed, redeem, given(voucher), signature, by, sender=self.payer, **sent)
        self.check_hook(allowed and account == self.receiver.address)

    @rule(pick=picks, plan=plans, error=errors, payer=st.integers(0, 1))
    def renew(self, pick: int, plan: int, error: int, payer: int):
        id, by = self.some_id(pick), self.people[payer]
        max_price, paid, sent = self.payment(plan, 1, error)
        allowed = self.model.renew(id, plan, max_price, paid, by)
        self.act(allowed, self.collection.renew, id, plan, max_price, sender=by, **sent)

    @rule(
        pick=picks,
        plan=st.sampled_from([TOKEN_PLAN, BACK_TOKEN, BACK_TOKEN, BACK]),
        window=st.sampled_from([0, MONTH - 1, MONTH - 1, MONTH, 12 * MONTH - 1]),
        tip=st.sampled_from([0, 0, 3, 4]),
        signer=st.sampled_from([None, None, None, 0]),
        stale=st.sampled_from([0] * 5 + [1]),
    )
    def auto_renew(
        self, pick: int, plan: int, window: int, tip: int, signer: int | None, stale: int
    ):
        id = self.some_id(pick)
        key = KEYS[self.owner_or(signer, pick) != KEYS[0].address]
        held, terms = self.model.passes.get(id), self.model.plans[plan].terms
        nonce = (held.nonce if held else 0) + stale
        order = AutoRenew(id, plan, 77 + 3, terms.currency, window, self.model.now)
        allowed = self.model.auto_renew(order, tip, key.address, nonce)
        signature = signed(key, self.collection, order, nonce)
        renew = self.collection.auto_renew
        self.act(allowed, renew, order, tip, signature, sender=self.keeper)

    @rule(pick=picks, thief=thieves)
    def cancel_orders(self, pick: int, thief: int | None):
        id, by = self.some_id(pick), self.owner_or(thief, pick)
        allowed = self.model.cancel_orders(id, by)
        self.act(allowed, self.collection.cancelSubscription, id, sender=by)

    @rule(pick=picks, thief=thieves)
    def refund(self, pick: int, thief: int | None):
        """ACC-4: never more than the model's share of what was paid, and to the unit."""
        id, by = self.some_id(pick), self.owner_or(thief, pick)
        amount = self.model.refund(id, by)
        answer = self.act(amount > 0, self.collection.refund, id, sender=by)
        assert (answer or 0) == amount

    @rule(batch=st.lists(picks, max_size=5))
    def settle(self, batch: Sequence[int]):
        ids = [self.some_id(pick) for pick in batch]
        self.model.settle(ids)
        self.collection.settle(ids)

    @rule(account=accounts, in_token=st.booleans())
    def claim(self, account: int, in_token: bool):
        currency = str(self.token.address) if in_token else ZERO
        amount = self.model.claim(self.people[account], currency)
        self.act(amount > 0, self.collection.claim, self.people[account], currency)

    @rule(
        pick=picks,
        user=st.sampled_from([None, 0, 1, 2, 3]),
        span=st.sampled_from([0, 1, DAY, MONTH]),
        thief=thieves,
    )
    def rent_out(self, pick: int, user: int | None, span: int, thief: int | None):
        id, by = self.some_id(pick), self.owner_or(thief, pick)
        account = ZERO if user is None else self.people[user]
        until = self.model.now + span
        allowed = self.model.set_user(id, account, until, by)
        self.act(allowed, self.collection.setUser, id, account, until, sender=by)

    @rule()
    def hand_over(self):
        candidate = self.creator(1).address
        self.collection.transferOwnership(candidate, sender=self.owner)
        self.collection.acceptOwnership(sender=candidate)
        self.owner = candidate
        self.model.hand_over()

    @rule(pick=picks, delegate=accounts, span=st.sampled_from([0, 1, DAY]))
    def delegate_and_extend(self, pick: int, delegate: int, span: int):
        """By a delegate who may until then: the second before, or of, its end."""
        account, id = self.people[delegate], self.some_id(pick)
        until = self.model.now + span
        self.collection.set_delegate(account, until, sender=self.owner)
        later = self.model.now + 2 * MONTH
        allowed = span > 0 and self.model.extend(id, later)
        self.act(allowed, self.collection.extend, id, later, sender=account)

    @rule(to=accounts, span=spans)
    def grant(self, to: int, span: int):
        expiry = self.model.now + span
        allowed = self.model.grant([self.people[to]], expiry)
        self.act(allowed, self.collection.grant, self.people[to], expiry, sender=self.owner)

    @rule(batch=batches)
    def grant_many_for_ever(self, batch: Sequence[int]):
        recipients = [self.people[i] for i in batch]
        allowed = self.model.grant(recipients, NO_EXPIRY)
        grant = self.collection.grant_many
        self.act(allowed, grant, recipients, NO_EXPIRY, sender=self.owner)

    @rule(pick=picks, span=spans)
    def extend(self, pick: int, span: int):
        id, expiry = self.some_id(pick), self.model.now + span
        allowed = self.model.extend(id, expiry)
        self.act(allowed, self.collection.extend, id, expiry, sender=self.owner)

    @rule(pick=picks, to=accounts, thief=thieves)
    def transfer(self, pick: int, to: int, thief: int | None):
        id, receiver = self.some_id(pick), self.people[to]
        held = self.model.passes.get(id)
        sender = held.owner if held else self.people[0]
        by = sender if thief is None else self.people[thief]
        allowed = self.model.transfer(sender, receiver, id, by)
        self.act(allowed, self.collection.transferFrom, sender, receiver, id, sender=by)

    @rule(account=accounts, pick=picks)
    def point(self, account: int, pick: int):
        id = self.some_id(pick)
        allowed = self.model.point(self.people[account], id)
        self.act(allowed, self.collection.point, self.people[account], id)

    @rule(plan=plans, price=st.sampled_from([0, 1, 10**17, 10**18]))
    def set_price(self, plan: int, price: int):
        allowed = self.model.set_price(plan, price)
        self.act(allowed, self.collection.set_price, plan, price, sender=self.owner)

    @rule(plan=plans, cap=st.sampled_from([0, 1, 3, 4, 900, NO_LIMIT]))
    def lower_cap(self, plan: int, cap: int):
        allowed = self.model.lower_cap(plan, cap)
        self.act(allowed, self.collection.lower_cap, plan, cap, sender=self.owner)

    @rule(in_token=st.booleans())
    def sweep(self, in_token: bool):
        currency = str(self.token.address) if in_token else ZERO
        allowed = self.model.sweep(currency)
        self.act(allowed, self.collection.sweep, currency)

    @rule(pick=picks, offset=offsets)
    def pass_time_to_an_expiry(self, pick: int, offset: int):
        """The second before, of and after; never backwards."""
        held = self.model.passes.get(self.some_id(pick))
        if held and self.model.now < held.expiry + offset < NO_EXPIRY - 1:
            self.set_time(held.expiry + offset)
            self.check_pass(self.some_id(pick))

    @rule(span=st.sampled_from([1, DAY, MONTH]))
    def pass_time(self, span: int):
        self.set_time(self.model.now + span)

    def set_time(self, now: int):
        self.model.now = boa.env.timestamp = now

    # ----- invariants -----

    @invariant()
    def acc_1_supply(self):
        balances = [self.collection.balanceOf(account) for account in self.people]
        assert balances == [len(self.model.owned(account)) for account in self.people]
        assert sum(balances) == self.model.supply()
        seen = self.collection.collection()
        assert (seen.granted, seen.reserve) == (self.model.granted, self.model.reserve)
        self.check_plan(1 + self.steps % len(self.model.plans))

    @invariant()
    def acc_1_limits(self):
        for number in (SCARCE, FREE):
            limit = self.model.plans[number].terms.limit
            account = self.people[self.steps % len(self.people)]
            assert self.collection.minted_to(number, account) <= limit

    @invariant()
    def acc_2_holders(self):
        for account in self.people:
            said = self.collection.valid_holder(account)
            valid = [id for id in self.model.passes if self.model.speaks(account, id)]
            assert said <= bool(valid)
            assert self.collection.active(account) == self.model.active.get(account, 0)
            assert self.collection.rented(account) == self.model.rented.get(account, 0)
            if valid and not said:  # then anybody can make it true
                with boa.env.anchor():
                    self.collection.point(account, valid[0], sender=self.people[1])
                    assert self.collection.valid_holder(account)

    @invariant()
    def acc_3_one_pass_in_turn(self):
        self.steps += 1
        if self.model.passes:
            ids = [*self.model.passes]
            self.check_pass(ids[self.steps % len(ids)])

    @invariant()
    def acc_4_every_unit_is_somewhere(self):
        """What came in is here, was swept, or went back; and what is held is here."""
        token, ether = str(self.token.address), boa.env.get_balance
        assert ether(self.collection.address) == self.model.balance(ZERO)
        assert ether(self.revenue) == self.model.swept.get(ZERO, 0)
        assert self.token.balanceOf(self.collection) == self.model.balance(token)
        assert self.token.balanceOf(self.revenue) == self.model.swept.get(token, 0)
        for currency in (ZERO, token):
            held = self.collection.held(currency)
            assert held == self.model.held(currency) <= self.model.balance(currency)
            in_and_out = self.model.returned.get(currency, 0), self.model.paid.get(currency, 0)
            assert in_and_out[0] <= in_and_out[1]  # nobody gets out more than all paid

    @invariant()
    def acc_5_vouchers(self):
        nonce = self.steps % 3
        spent = (self.model.epoch, nonce) in self.model.spent
        assert self.collection.spent(nonce) is spent

    def check_plan(self, plan: int):
        seen, offer = self.collection.plan(plan), self.model.plans[plan]
        assert seen.terms == offer.terms
        assert seen.minted == offer.minted <= seen.terms.cap

    def check_pass(self, id: int):
        """ACC-2 and ACC-3: the model's expiry rises by paid and granted time only."""
        assert self.collection.valid(id) == self.model.valid(id)
        if id in self.model.passes:
            held = self.model.passes[id]
            assert self.collection.ownerOf(id) == held.owner
            assert self.collection.expiresAt(id) == held.expiry
            assert self.collection.nonce(id) == held.nonce
            left = held.receipt.unearned(self.model.now) if held.receipt else 0
            assert self.collection.refundable(id)[1] == left

    def check_hook(self, called: bool):
        """ACC-6: it saw all passes and all money of its transaction."""
        if called:
            owned = len(self.model.owned(self.receiver.address))
            assert self.receiver.balance_seen() == owned
            assert self.receiver.funds_seen() == self.model.balance(ZERO)


class TestAccess(AccessMachine.TestCase):
    settings = settings(max_examples=EXAMPLES, stateful_step_count=STEPS)

    def runTest(self):  # noqa: N802
        AccessMachine.access = deploy_access()
        super().runTest()
