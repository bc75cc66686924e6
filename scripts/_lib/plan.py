"""What is deployed, in which order and with which arguments: known before any transaction.

Every address follows from bytes alone (CREATE2), so contracts can name one another
before they exist, and the namespace before it is claimed.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import rlp
from eth_abi import encode
from eth_utils import keccak, to_canonical_address, to_checksum_address

from scripts._lib import create2
from scripts._lib.build import Artifact, artifact
from scripts._lib.intent import Dao, Governance, Intent, Token


@dataclass(frozen=True)
class Part:
    """One contract of the plan."""

    name: str
    artifact: Artifact
    address: str
    creator: str
    arguments: tuple[Any, ...] = ()
    init_code: bytes | None = None  # None: its creator is another part, not the deployer
    reads: dict[str, Any] = field(default_factory=dict)  # view -> the answer that is right
    code_only: bool = False  # a blueprint, which answers nothing


@dataclass
class Plan:
    """Parts by name in the order of deployment, and which of them the kernel lists.

    They are made by the deployer, or by a factory of ours with a salt of its own.
    """

    creator: str = create2.DEPLOYER
    salt: bytes = create2.SALT
    parts: dict[str, Part] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)  # kernel key -> part

    def add(self, name: str, /, *arguments: Any, **reads: Any) -> str:
        """A contract; the keywords are views and what they have to answer."""
        compiled = artifact(name)
        return self._put(name, compiled, compiled.init_code_with(arguments), arguments, reads)

    def add_blueprint(self, name: str) -> str:
        """A contract's init code as a blueprint (ERC-5202), for others to create it."""
        compiled = artifact(name)
        blueprint = f"{name}Blueprint"
        address = self._put(blueprint, compiled, compiled.blueprint, (), {})
        self.parts[blueprint] = replace(self.parts[blueprint], code_only=True)
        return address

    def add_created(
        self, name: str, creator: str, nonce: int, /, *arguments: Any, **reads: Any
    ) -> str:
        """A contract that another part creates in its constructor."""
        seed = rlp.encode([to_canonical_address(creator), nonce])
        address = to_checksum_address(keccak(seed)[12:])
        self.parts[name] = Part(name, artifact(name), address, creator, arguments, None, reads)
        return address

    def _put(
        self,
        name: str,
        compiled: Artifact,
        init_code: bytes,
        arguments: tuple[Any, ...],
        reads: dict[str, Any],
    ) -> str:
        address = create2.address_from_hash(keccak(init_code), self.salt, self.creator)
        self.parts[name] = Part(name, compiled, address, self.creator, arguments, init_code, reads)
        return address


def text32(text: str) -> bytes:
    """ASCII in a bytes32, left-aligned: keys and labels of the kernel."""
    return text.encode("ascii").ljust(32, b"\0")


def namespace_id(claimer: str, label: bytes) -> bytes:
    return keccak(encode(["address", "bytes32"], [claimer, label]))


def entry_id(namespace: bytes, key: str) -> bytes:
    return keccak(encode(["bytes32", "bytes32"], [namespace, text32(key)]))


def add_dao(plan: Plan, kernel: str, namespace: bytes, dao: Dao) -> str:
    """Timelock, token and governor of one DAO. Returns the timelock, its owner."""
    governance = dao.governance
    own = {"kernel": kernel, "namespace": namespace}
    timelock = plan.add(
        "Timelock",
        kernel,
        namespace,
        governance.timelock_delay,
        governance.uri,
        **own,
        getMinDelay=governance.timelock_delay,
        daoURI=governance.uri,
    )
    votes = dao.token if isinstance(dao.token, str) else add_token(plan, timelock, dao.token)
    _add_governor(plan, kernel, namespace, votes, timelock, governance)
    return timelock


def add_token(plan: Plan, timelock: str, token: Token) -> str:
    """The votes of one DAO."""
    return plan.add(
        "VotesToken",
        timelock,
        token.name,
        token.symbol,
        token.cap,
        list(token.holders),
        list(token.holders.values()),
        timelock=timelock,
        name=token.name,
        symbol=token.symbol,
        cap=token.cap,
        totalSupply=sum(token.holders.values()),
    )


def _add_governor(
    plan: Plan, kernel: str, namespace: bytes, votes: str, timelock: str, governance: Governance
) -> None:
    plan.add(
        "Governor",
        kernel,
        namespace,
        votes,
        timelock,
        governance.name,
        governance.settings,
        kernel=kernel,
        namespace=namespace,
        timelock=timelock,
        token=votes,
        name=governance.name,
        votingDelay=governance.voting_delay,
        votingPeriod=governance.voting_period,
        proposalThreshold=governance.threshold,
        quorumNumerator=governance.quorum,
        lateQuorumVoteExtension=governance.late_extension,
        daoURI=governance.uri,
    )
    plan.modules["governance.governor"] = "Governor"


def add_dao_factory(plan: Plan, kernel: str) -> None:
    """What opens anybody's DAO, and the blueprints that it makes them of."""
    blueprints = [plan.add_blueprint(name) for name in ("Timelock", "VotesToken", "Governor")]
    timelock, token, governor = blueprints
    plan.add(
        "DaoFactory",
        kernel,
        *blueprints,
        kernel=kernel,
        timelock_blueprint=timelock,
        token_blueprint=token,
        governor_blueprint=governor,
    )
    plan.modules["governance.dao_factory"] = "DaoFactory"


def system(intent: Intent, claimer: str) -> Plan:
    """The whole suite. Its namespace belongs to the timelock from its first block."""
    plan = Plan()
    kernel = plan.add("Kernel")
    namespace = namespace_id(claimer, text32(intent.label))
    add_dao(plan, kernel, namespace, intent)
    add_dao_factory(plan, kernel)
    names = add_names(plan, kernel, namespace, intent)

    splitter = plan.add("Splitter")
    plan.add("SplitterFactory", splitter, implementation=splitter)
    forwarder = plan.add("Forwarder", names, names=names)
    plan.add("ForwarderFactory", forwarder, implementation=forwarder)
    renderer = plan.add("PassRenderer")
    collection = plan.add("Pass", renderer, renderer=renderer)
    plan.add("PassFactory", collection, implementation=collection)
    plan.add("Gate")
    plan.add("List")
    plan.add("Media", names, names=names)
    plan.modules |= {
        "names.pricing": "NamePricing",
        "treasury": "Timelock",
        "income.splitter_factory": "SplitterFactory",
        "income.forwarder_factory": "ForwarderFactory",
        "access.pass_factory": "PassFactory",
        "access.gate": "Gate",
        "access.list": "List",
        "access.media": "Media",
    }
    return plan


def add_names(plan: Plan, kernel: str, namespace: bytes, intent: Intent) -> str:
    """Names with its prices; its constructor creates both resolvers. Returns Names."""
    prices = intent.prices
    plan.add(
        "NamePricing",
        prices.rates,
        prices.premium,
        rates=prices.rates,
        premium_start=prices.premium,
    )
    resolver = plan.add_blueprint("Resolver")
    reverse = plan.add_blueprint("ReverseResolver")
    names = plan.add(
        "Names",
        kernel,
        namespace,
        intent.top_level,
        resolver,
        reverse,
        kernel=kernel,
        namespace=namespace,
        top_label=intent.top_level,
    )
    # The first two contracts that it creates.
    resolver = plan.add_created("Resolver", names, 1, names, names=names)
    reverse = plan.add_created("ReverseResolver", names, 2, names, names=names)
    plan.parts["Names"].reads.update(default_resolver=resolver, reverse_resolver=reverse)
    plan.add("UniversalResolver", names, names=names)
    return names
