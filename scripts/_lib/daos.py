"""A DAO that the factory opens: where everything will be, and whether it is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ape import chain
from eth_abi import encode
from eth_utils import keccak

from scripts._lib import contracts, doctor
from scripts._lib.intent import DAY, Dao, Guardian
from scripts._lib.launch import Claim
from scripts._lib.plan import Plan, add_dao, namespace_id


@dataclass(frozen=True)
class Opening:
    """What its creator asks the factory for."""

    factory: str
    kernel: str
    creator: str
    salt: bytes
    dao: Dao
    notice: int  # seconds
    guardian: Guardian | None = None

    @property
    def over_existing_token(self) -> bool:
        return isinstance(self.dao.token, str)

    @property
    def method(self) -> str:
        return "create_with_token" if self.over_existing_token else "create"

    @property
    def label(self) -> bytes:
        return keccak(encode(["address", "bytes32"], [self.creator, self.salt]))

    @property
    def namespace(self) -> bytes:
        return namespace_id(self.factory, self.label)

    @cached_property
    def plan(self) -> Plan:
        """The DAO's contracts with their addresses, by the constructors of the system's own."""
        plan = Plan(creator=self.factory, salt=self.label)
        add_dao(plan, self.kernel, self.namespace, self.dao)
        return plan

    @property
    def token(self) -> str:
        if isinstance(self.dao.token, str):
            return self.dao.token
        return self.plan.parts["VotesToken"].address

    @property
    def claim(self) -> Claim:
        """Of its namespace, which the factory claims for the timelock."""
        timelock = self.plan.parts["Timelock"].address
        return Claim(self.factory, self.label, timelock, self.notice, self.guardian)

    def arguments(self) -> tuple[Any, ...]:
        """Of the factory's function."""
        governance = self.dao.governance
        guardian, until = contracts.NO_ONE, 0
        if self.guardian:
            guardian = self.guardian.account
            until = chain.pending_timestamp + self.guardian.days * DAY
        setup = (
            governance.name,
            governance.uri,
            governance.settings,
            governance.timelock_delay,
            self.notice,
            guardian,
            until,
            [],
        )
        return setup, self._token_argument(), self.salt

    def _token_argument(self) -> Any:
        token = self.dao.token
        if isinstance(token, str):
            return token
        holders, amounts = list(token.holders), list(token.holders.values())
        return token.name, token.symbol, token.cap, holders, amounts


def checks(opening: Opening) -> Iterator[doctor.Check]:
    """The DAO on the chain: its code, its settings, its holders, and who owns it."""
    parts = opening.plan.parts
    # Constructors depend on nothing but their bytes and what they ask of each other,
    # so what they would return now is the code that has to be there.
    codes = {
        name: chain.provider.web3.eth.call({"data": part.init_code}) for name, part in parts.items()
    }
    yield from doctor.of_parts(parts.values(), codes)
    if not isinstance(opening.dao.token, str):
        token = contracts.of(parts["VotesToken"])
        yield from doctor.of_holders(token, opening.dao.token.holders)
    kernel = contracts.at(opening.kernel, "Kernel")
    yield from doctor.of_namespace(kernel, opening.claim, opening.plan)
