"""A split over a zoo of tokens and recipients, with a Python model beside the chain.

The model knows only shares, credits and what each round was worth; behaviour of
recipients and tokens decides between paying and crediting, never how much.

Recipients: a plain account, a child split, a forwarder, and four contract wallets that
accept, refuse, burn, bomb, re-enter or are hungry. Tokens: see `zoo`.
"""

from dataclasses import dataclass, field

import boa
from eth_utils import keccak
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.support.compiled import deployer
from tests.support.deep import FACTOR
from tests.support.forwarders import NO_SALT, forwarder_at
from tests.support.income import (
    ETH,
    Mode,
    Odd,
    ascending,
    balance,
    create_split,
    deploy_income,
    lowest_terms,
    new_accounts,
    new_odd_token,
    new_recipient,
    new_token,
    receive,
)

PAYING = {Mode.ACCEPT, Mode.REENTER, Mode.HUNGRY}
ACTS, STEPS = 2_000, 60
PORTION = settings(max_examples=10, stateful_step_count=STEPS)
HUNGER = 110_000  # gas; the smallest allowance is 120,000


@dataclass
class Books:
    """What the model knows of one token. Unit: smallest units."""

    token: object
    fee: int = 0  # basis points
    hooks: bool = False  # calls its receivers
    rebases: bool = False
    received: int = 0
    sent: int = 0
    balance: int = 0
    units: int = 0  # per share, of all rounds
    credits: dict[str, int] = field(default_factory=dict)
    claimed: dict[str, int] = field(default_factory=dict)  # sent elsewhere, or lost by a rebase
    arrived: dict[str, int] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    paused: bool = False

    @property
    def owed(self) -> int:
        return sum(self.credits.values())

    def after_fee(self, amount: int) -> int:
        return amount - amount * self.fee // 10_000


def zoo() -> dict[str, Books]:
    return {
        "ETH": Books(ETH),
        "standard": Books(new_token(18)),
        "no decimals": Books(new_token(0)),
        "2 decimals": Books(new_token(2)),
        "30 decimals": Books(new_token(30)),
        "no answer": Books(new_odd_token(Odd.NO_ANSWER)),
        "answers false": Books(new_odd_token(Odd.ANSWERS_FALSE)),
        "fee on transfer": Books(new_odd_token(fee=300), fee=300),
        "hooks": Books(new_odd_token(), hooks=True),
        "rebasing": Books(deployer("RebasingToken").deploy(), rebases=True),
    }


def stored(contract: object, name: str, variable: str, *keys: object) -> int:
    """A number in the storage of a contract, by the layout of its source."""
    place = deployer(name).compiler_data.storage_layout["storage_layout"][variable]["slot"]
    for key in keys:
        number = int(getattr(key, "address", key), 16)
        place = int.from_bytes(
            keccak(place.to_bytes(32, "big") + number.to_bytes(32, "big")), "big"
        )
    return boa.env.get_storage(contract.address, place)


pausable = ["no answer", "answers false", "fee on transfer", "hooks"]
plain = ["standard", "no decimals", "2 decimals", "30 decimals"]
name = st.sampled_from(["ETH", "ETH", *plain, *pausable, "rebasing", "rebasing"])
index = st.integers(0, 6)
income = st.one_of(st.integers(0, 5_000), st.integers(0, 2**128))


class IncomeMachine(RuleBasedStateMachine):
    total = 0  # steps of all runs

    @initialize(
        shares=st.lists(st.integers(1, 600), min_size=7, max_size=7),
        modes=st.lists(st.sampled_from(Mode), min_size=4, max_size=4),
        amount=st.integers(0, 10**9),
        blocked=index,
    )
    def create(self, shares, modes, amount, blocked):
        income = deploy_income()
        self.wallets = {wallet.address: wallet for wallet in map(new_recipient, modes)}
        self.modes = dict(zip(self.wallets, modes, strict=True))
        [plain] = new_accounts(1)
        child = create_split(income, new_accounts(2), [1, 1])
        self.forwarder = self.new_forwarder(income)
        self.mute = {child.address, self.forwarder.address}  # they cannot call
        self.recipients = ascending([plain, *self.mute, *self.wallets])
        self.stash, self.keeper = boa.env.generate_address(), boa.env.generate_address()
        self.split = create_split(income, self.recipients, shares)
        self.shares = dict(zip(self.recipients, lowest_terms(shares), strict=True))
        self.total = sum(self.shares.values())
        self.code = boa.env.get_code(self.split.address)
        self.zoo = zoo()
        self.touched: list[Books] = []  # by the last rule; all are looked at in the end
        for wallet in self.wallets.values():
            wallet.need(HUNGER)
            wallet.bomb_less()
            wallet.behave(self.modes[wallet.address])
            self.zoo["hooks"].token.hook(wallet)
        for address in [address for address, mode in self.modes.items() if mode == Mode.REENTER]:
            self.aim(address, "ETH")
        for name in [*self.zoo]:
            self.receive(name, amount)
        for name in [*pausable, "rebasing"]:  # so that credits arise early
            self.blacklist(name, blocked, True)

    def new_forwarder(self, income):
        """To an address: what names do to it, tests/property/test_income_forwarders.py says."""
        [owner, target] = new_accounts(2)
        implementation = deployer("Forwarder").deploy(income.factory)
        factory = deployer("ForwarderFactory").deploy(implementation)
        return forwarder_at(factory.create(owner, target, NO_SALT))

    def aim(self, address, name):
        token = self.zoo[name].token
        data = self.split.distribute.prepare_calldata(token)
        self.wallets[address].reenter_with(self.split, data)
        self.modes[address] = Mode.REENTER

    def touch(self, *names: str) -> list[Books]:
        self.touched = [self.zoo[name] for name in names]
        return self.touched

    # The model

    def pays(self, books: Books, to: str) -> bool:
        if books.paused or to in books.blocked:
            return False
        runs_code = books.token == ETH or books.hooks
        return not runs_code or self.modes.get(to, Mode.ACCEPT) in PAYING

    def book_payment(self, books: Books, account: str, to: str, amount: int) -> None:
        books.sent += amount
        books.balance -= amount
        books.arrived[to] = books.arrived.get(to, 0) + books.after_fee(amount)
        if to != account:
            books.claimed[account] = books.claimed.get(account, 0) + amount

    def book_round(self, books: Books) -> None:
        units = max(books.balance - books.owed, 0) // self.total
        for account, share in self.shares.items():
            part = units * share
            if part and self.pays(books, account):
                self.book_payment(books, account, account, part)
            elif part:
                books.credits[account] = books.credits.get(account, 0) + part
        books.units += units

    def round_amount(self, books: Books) -> int:
        return max(books.balance - books.owed, 0) // self.total * self.total

    def refuses_all(self, books: Books) -> bool:
        nobody = not any(self.pays(books, account) for account in self.recipients)
        return books.token != ETH and self.round_amount(books) > 0 and nobody

    def reread(self, books: Books) -> None:
        """A rebasing token rounds: its balance is what it says."""
        if books.rebases:
            books.balance = balance(books.token, self.split)

    # Rules

    @rule(name=name, amount=income)
    def receive(self, name, amount):
        [books] = self.touch(name)
        receive(self.split, books.token, amount)
        books.received += amount
        books.balance += amount
        self.reread(books)

    @rule(name=name, amount=income)
    def distribute(self, name, amount):
        self.receive(name, amount)
        [books] = self.touch(name)
        expected = self.round_amount(books)
        assert self.split.pending(books.token) == expected
        if self.refuses_all(books):
            with boa.reverts("income: token refuses all"):
                self.split.distribute(books.token)
            return
        assert self.split.distribute(books.token) == expected
        self.book_round(books)
        self.reread(books)

    @rule(name=st.sampled_from(["ETH", "hooks"]), gas=st.integers(60_000, 800_000))
    def distribute_starved(self, name, gas):
        self.receive(name, 100 * self.total)
        [books] = self.touch(name)
        try:
            self.split.distribute(books.token, gas=gas)
        except boa.BoaError:
            return  # the invariants see that nothing changed
        self.book_round(books)
        self.reread(books)

    @rule(names=st.lists(name, max_size=4), amount=income)
    def distribute_many(self, names, amount):
        for name in names:
            self.receive(name, amount)
        chosen = self.touch(*names)
        tokens = [books.token for books in chosen]
        if any(self.refuses_all(books) for books in chosen):
            with boa.reverts("income: token refuses all"):
                self.split.distribute_many(tokens)
            return
        self.split.distribute_many(tokens)
        for books in chosen:
            self.book_round(books)
            self.reread(books)

    @rule(data=st.data(), owed=st.booleans(), by_account=st.booleans(), elsewhere=st.booleans())
    def claim(self, data, owed, by_account, elsewhere):
        every = [(name, account) for name in self.zoo for account in self.recipients]
        credits = [
            (name, account) for name, account in every if self.zoo[name].credits.get(account)
        ]
        name, account = data.draw(st.sampled_from(credits if owed and credits else every))
        self.try_claim(name, account, by_account, self.stash if elsewhere else account)

    @rule(at=index, percent=st.integers(40, 90), by_account=st.booleans())
    def claim_after_a_loss(self, at, percent, by_account):
        self.blacklist("rebasing", at, True)
        self.blacklist("rebasing", at - 1, False)
        self.distribute("rebasing", 100 * self.total)
        self.blacklist("rebasing", at, False)
        self.rebase(percent)
        self.try_claim("rebasing", self.recipients[at], by_account, self.recipients[at])

    def try_claim(self, name, account, by_account, to):
        [books] = self.touch(name)
        caller = account if by_account else self.keeper
        credit, owed = books.credits.get(account, 0), books.owed
        worth = credit if books.balance >= owed else credit * books.balance // owed
        assert self.split.claimable(books.token, account) == worth
        reason = None
        if to != account and not by_account:
            reason = "income: not the account"
        elif credit == 0:
            reason = "income: no credit"
        elif worth < credit and not by_account:
            reason = "income: short of tokens"
        elif not self.pays(books, to):
            reason = "income: payment refused"
        if reason:
            with boa.reverts(reason):
                self.split.claim(books.token, account, to, sender=caller)
            return
        assert self.split.claim(books.token, account, to, sender=caller) == worth
        books.credits[account] = 0
        self.book_payment(books, account, to, worth)
        self.reread(books)

    @rule(at=st.integers(0, 3), mode=st.sampled_from(sorted({*Mode} - {Mode.REENTER})))
    def change_behaviour(self, at, mode):
        address = list(self.wallets)[at]
        self.wallets[address].behave(mode)
        self.modes[address] = mode

    @rule(at=st.integers(0, 3), name=name)
    def plan_to_reenter(self, at, name):
        self.aim(list(self.wallets)[at], name)

    @rule(name=st.sampled_from([*pausable, "rebasing"]), at=index, blocked=st.booleans())
    def blacklist(self, name, at, blocked):
        books, account = self.zoo[name], self.recipients[at]
        books.token.block(account, blocked)
        (books.blocked.add if blocked else books.blocked.discard)(account)

    @rule(name=st.sampled_from(pausable), paused=st.booleans())
    def pause(self, name, paused):
        self.zoo[name].token.pause(paused)
        self.zoo[name].paused = paused

    @rule(name=name)
    def forward(self, name):
        """What reached the forwarder goes on, however often and by whomever."""
        [books] = self.touch(name)
        address = self.forwarder.address
        if books.paused and books.arrived.get(address):
            with boa.reverts("income: payment refused"):
                self.forwarder.flush(books.token)
            return
        moved = self.forwarder.flush(books.token)
        if not books.rebases:
            assert moved == books.arrived.get(address, 0)
        books.arrived[address] = 0
        books.claimed[address] = books.claimed.get(address, 0) + moved

    @rule(percent=st.integers(40, 180))
    def rebase(self, percent):
        [books] = self.touch("rebasing")
        new = books.token.index() * percent // 100
        books.token.rebase(min(max(new, 10**16), 10**20))
        self.reread(books)

    # Invariants

    def credit(self, books: Books, account: str) -> int:
        """From storage, as calls would take the machine most of its time."""
        return stored(self.split, "Splitter", "_credits", books.token, account)

    def arrived(self, books: Books, account: str) -> int:
        if books.token == ETH:
            return boa.env.get_balance(account)
        return stored(books.token, books.token.contract_name, "balanceOf", account)

    @invariant()
    def a_step_is_counted(self):
        IncomeMachine.total += 1

    @invariant()
    def inc_1_received_is_paid_plus_balance_and_credits_are_covered(self):
        for books in self.touched:
            held = balance(books.token, self.split)
            owed = stored(self.split, "Splitter", "_owed", books.token)
            assert held == books.balance
            assert owed == books.owed
            if not books.rebases:
                assert books.received == books.sent + held
                assert held >= owed

    @invariant()
    def inc_2_inc_3_each_sum_is_units_times_share_whoever_refuses(self):
        for books in self.touched:
            for account, share in self.shares.items():
                credit = self.credit(books, account)
                assert credit == books.credits.get(account, 0)
                if books.rebases:
                    continue
                arrived = self.arrived(books, account)
                assert arrived == books.arrived.get(account, 0)
                if not books.fee:
                    elsewhere = books.claimed.get(account, 0)
                    assert arrived + credit + elsewhere == books.units * share
        self.touched = []

    @invariant()
    def inc_4_the_code_never_changes(self):
        assert boa.env.get_code(self.split.address) == self.code

    @invariant()
    def inc_5_nobody_got_in_while_paid(self):
        assert all(wallet.reentered() == 0 for wallet in self.wallets.values())

    def teardown(self):
        if hasattr(self, "zoo"):
            assert self.split.recipients() == (self.recipients, list(self.shares.values()))
            self.touched = list(self.zoo.values())
            for books in self.touched:
                for account in self.recipients:
                    credit = self.split.credits(books.token, account)
                    assert credit == self.credit(books, account)
            self.inc_1_received_is_paid_plus_balance_and_credits_are_covered()
            self.inc_2_inc_3_each_sum_is_units_times_share_whoever_refuses()
            self.inc_7_every_credit_finds_its_caller()

    def inc_7_every_credit_finds_its_caller(self):
        """An account that can call has it sent elsewhere; for one that cannot, anyone claims."""
        for books in self.zoo.values():
            if books.paused:
                books.token.pause(False)
            for account, credit in books.credits.items():
                if not credit:
                    continue
                if account in self.mute:
                    if books.blocked:
                        books.token.block(account, False)
                    missing = self.split.owed(books.token) - balance(books.token, self.split)
                    if missing > 0:
                        receive(self.split, books.token, missing + 2)
                    self.split.claim(books.token, account, account, sender=self.keeper)
                else:
                    self.split.claim(books.token, account, self.stash, sender=account)
            assert self.split.owed(books.token) == 0


def test_the_machine():
    """In portions, as Hypothesis may end an example early, until it has acted often enough."""
    deep = not settings().derandomize  # see tests/conftest.py
    IncomeMachine.total = portion = 0
    while IncomeMachine.total < ACTS * (FACTOR if deep else 1):
        portion += 1
        machine = IncomeMachine if deep else seed(portion)(IncomeMachine)
        run_state_machine_as_test(machine, settings=PORTION)
