"""The people of a creator's day, and what its earlier chapters leave to the later ones."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from ape import accounts
from ape.api import AccountAPI
from ape.contracts import ContractInstance

from scripts._day.revenue import Revenue
from scripts._lib import contracts
from scripts._lib.day import Day
from scripts._lib.intent import DAY, Intent
from scripts._lib.launch import Claim
from scripts._lib.plan import Plan, entry_id
from scripts._lib.refusal import Refusal
from scripts._lib.suite import Suite

ETH = contracts.NO_ONE  # where a token is asked for
YEAR = 365 * DAY
SALT = bytes(32)


class Story:
    # Set by the chapters.
    suite: Suite
    kernel: ContractInstance
    names: ContractInstance
    resolver: ContractInstance
    system: bytes  # namespace
    node: bytes  # of alice.os
    name_price: int
    studio: Plan
    studio_claim: Claim
    split: ContractInstance
    passes: ContractInstance
    gate: ContractInstance
    media: ContractInstance
    unearned: int  # wei that the fan could still have back when the income was divided

    def __init__(self, intent: Intent, records: Path) -> None:
        self.intent = intent
        self.records = records
        self.day = Day()
        self.revenue = Revenue()
        self.balances: dict[str, int] = {}
        test = accounts.test_accounts
        self.deployer, self.alice, self.bob, self.carol, self.fan = (test[i] for i in range(5))
        self.stranger, self.critic = test[8], test[9]
        self.members = {"alice": self.alice, "bob": self.bob, "carol": self.carol}
        self.voters = self._holders()
        self.collector, self.second_hand, *_ = self.voters.values()

    def _holders(self) -> dict[str, AccountAPI]:
        """The system's voters, whose tokens the settings give to test accounts."""
        try:
            return {
                f"holder {number}": accounts[holder]
                for number, holder in enumerate(self.intent.token.holders, 1)
            }
        except KeyError:
            raise Refusal("The day needs test accounts as token.holders of the settings.") from None

    @property
    def people(self) -> dict[str, AccountAPI]:
        names = ("alice", "bob", "carol", "fan", "critic", "stranger", "deployer")
        return {name: getattr(self, name) for name in names}

    @property
    def partners(self) -> dict[str, str]:
        """Who shares the income."""
        treasury = self.studio.parts["Timelock"].address
        return {"alice": self.alice.address, "bob": self.bob.address, "studio": treasury}

    def module(self, key: str, name: str) -> ContractInstance:
        """A replaceable contract, found as everybody finds it: through the kernel."""
        return contracts.at(self.kernel.module(entry_id(self.system, key)), name)

    def delegate(self, dao: str, token: ContractInstance, name: str, voter: AccountAPI) -> None:
        """Let an account vote with its own tokens. (`token.delegate` is ape's, for EIP-7702.)"""
        delegate = partial(token.invoke_transaction, "delegate")
        self.day.act(f"{dao}: {name} delegates", delegate, voter, sender=voter)

    def summary(self) -> dict[str, Any]:
        """For machines: what is where, what it cost, what was checked."""
        shop = {"split": self.split.address, "passes": self.passes.address}
        studio = {f"studio {name}": part.address for name, part in self.studio.parts.items()}
        people = {name: account.address for name, account in self.people.items()}
        return {
            "addresses": {**self.suite.addresses, **studio, **shop, **people},
            "gas": self.day.gas,
            "balances": {who: str(wei) for who, wei in self.balances.items()},
            "revenue": self.revenue.plain,
            "checks": self.day.checks,
        }


Chapter = Callable[[Story], None]
