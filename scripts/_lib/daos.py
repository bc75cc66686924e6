"""A DAO that the factory opens: where everything will be, and what is there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ape import chain
from ape.contracts import ContractInstance
from ape.exceptions import ContractLogicError, DecodingError
from eth_abi import encode
from eth_utils import keccak, to_checksum_address

from scripts._lib import contracts, doctor
from scripts._lib.found import find_book
from scripts._lib.intent import DAY, Dao, Guardian
from scripts._lib.launch import Claim
from scripts._lib.plan import Plan, add_dao, entry_id, namespace_id
from scripts._lib.refusal import Refusal


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


# ----- DAOs that are there -----

STATES = (
    "pending",
    "active",
    "canceled",
    "defeated",
    "succeeded",
    "queued",
    "expired",
    "executed",
)
SHOWN = 20  # proposals, the latest


@dataclass(frozen=True)
class Member:
    account: str
    balance: int
    votes: int


@dataclass(frozen=True)
class Proposal:
    number: int
    id: int
    state: str
    against: int
    in_favor: int
    abstaining: int


@dataclass(frozen=True)
class Found:
    """A DAO as the chain knows it now."""

    namespace: bytes
    facts: dict[str, Any]
    settings: dict[str, Any]
    members: list[Member]
    proposals: list[Proposal]


def factory_on_record(records: Path) -> str:
    """The factory in force of the recorded system: asked of the kernel, not of the record."""
    found = find_book(records)
    if found is None:
        raise Refusal("No system is on record for this chain: name the factory by --factory.")
    kernel = found["Kernel"]
    namespace = bytes.fromhex(found.book.namespace[2:])
    return kernel.head(entry_id(namespace, "governance.dao_factory"))[0]


def look_up(factory: ContractInstance, dao: str) -> Found:
    """A DAO by its number or its namespace."""
    namespace = _namespace(factory, dao)
    kernel = contracts.at(factory.kernel(), "Kernel")
    space = kernel.namespace(namespace)
    if space.owner == contracts.NO_ONE:
        raise Refusal(f"There is no DAO 0x{namespace.hex()}.")
    office, version = kernel.head(entry_id(namespace, "governance.governor"))
    governor = contracts.at(office, "Governor")
    timelock = contracts.at(space.owner, "Timelock")
    try:
        token = contracts.at(governor.token(), "VotesToken")
        return Found(
            namespace,
            _facts(space, governor, timelock, token, version),
            _settings(space, governor, timelock),
            _members(factory, namespace, token),
            _proposals(governor),
        )
    except (ContractLogicError, DecodingError):
        raise Refusal(
            f"The governor at {office} or the owner at {space.owner} does not answer as ours do."
        ) from None


def _namespace(factory: ContractInstance, dao: str) -> bytes:
    if re.fullmatch(r"0x[0-9a-fA-F]{64}", dao):
        return bytes.fromhex(dao[2:])
    if not re.fullmatch(r"[0-9]{1,9}", dao):
        raise Refusal(f"{dao} is neither a number of the list nor a namespace of 64 digits.")
    if int(dao) >= factory.count():
        raise Refusal(f"The factory has made {factory.count()} DAOs: there is no number {dao}.")
    rows = factory.page(int(dao), 1)
    if not rows:
        raise Refusal(f"The factory does not tell what its DAO {dao} is.")
    return bytes(rows[0].namespace)


def _facts(
    space: Any,
    governor: ContractInstance,
    timelock: ContractInstance,
    token: ContractInstance,
    version: int,
) -> dict[str, Any]:
    return {
        "name": governor.name(),
        "described at": governor.daoURI() or "-",
        "timelock": timelock.address,
        "governor": f"{governor.address} (version {version})",
        "token": f"{token.address} ({token.symbol()})",
        "supply": token.totalSupply(),
        "treasury, wei": timelock.balance,
        "guardian": "none" if space.guardian == contracts.NO_ONE else space.guardian,
    }


def _settings(space: Any, governor: ContractInstance, timelock: ContractInstance) -> dict[str, Any]:
    return {
        "voting delay": governor.votingDelay(),
        "voting period": governor.votingPeriod(),
        "timelock delay": timelock.getMinDelay(),
        "notice of code": space.notice,
        "late extension": governor.lateQuorumVoteExtension(),
        "quorum, percent": governor.quorumNumerator(),
        "threshold, votes": governor.proposalThreshold(),
    }


def _members(factory: ContractInstance, namespace: bytes, token: ContractInstance) -> list[Member]:
    """Who got tokens since the DAO is there, and holds any or votes now."""
    made = contracts.logs(factory, "DaoCreated", 0, "0x" + namespace.hex())
    if not made:
        raise Refusal(f"The factory at {factory.address} did not make 0x{namespace.hex()}.")
    block = made[0]["blockNumber"]
    received = {_account(log["topics"][2]) for log in contracts.logs(token, "Transfer", block)}
    members = [Member(who, token.balanceOf(who), token.getVotes(who)) for who in received]
    present = [member for member in members if member.balance or member.votes]
    return sorted(present, key=lambda member: (-member.votes, -member.balance, member.account))


def _account(topic: bytes) -> str:
    return to_checksum_address(bytes(topic)[12:])


def _proposals(governor: ContractInstance) -> list[Proposal]:
    """The latest ones, newest first."""
    count = governor.proposalCount()
    found = []
    for number in range(count - 1, max(count - SHOWN, 0) - 1, -1):
        id = governor.proposalAt(number)
        state = STATES[governor.state(id)]
        found.append(Proposal(number, id, state, *governor.proposalVotes(id)))
    return found
