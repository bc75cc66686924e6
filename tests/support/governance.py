"""A DAO for tests: kernel, timelock, token and governor, wired as the system's own."""

from dataclasses import dataclass, field
from typing import Any

import boa
from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_utils import keccak

from tests.support.compiled import deployer

HOUR, DAY = 3_600, 86_400
GRACE = 14 * DAY
NOBODY = "0x" + "00" * 20
EXCLUDED = "0x00000000007572616575732E6578636c75646564"
GOVERNOR = b"governance.governor".ljust(32, b"\0")
LABEL = b"studio".ljust(32, b"\0")
TOKENS = 10**18

PENDING, ACTIVE, CANCELED, DEFEATED, SUCCEEDED, QUEUED, EXPIRED, EXECUTED = range(8)
AGAINST, FOR, ABSTAIN, FRACTIONAL = 0, 1, 2, 255


@dataclass
class Settings:
    """The governor's settings, in its constructor's order. Times in seconds."""

    voting_delay: int = DAY
    voting_period: int = 5 * DAY
    threshold: int = 10 * TOKENS
    quorum_numerator: int = 10
    late_extension: int = 0

    def astuple(self) -> tuple[int, ...]:
        return (
            self.voting_delay,
            self.voting_period,
            self.threshold,
            self.quorum_numerator,
            self.late_extension,
        )


@dataclass
class Dao:
    kernel: Any
    namespace: bytes
    timelock: Any
    token: Any
    governor: Any
    settings: Settings
    delay: int  # of the timelock, seconds


@dataclass
class Proposal:
    """What `propose`, `queue`, `execute` and `cancel` are called with."""

    targets: list[str]
    values: list[int]
    calldatas: list[bytes]
    description: str = "a proposal"
    id: int = field(default=0)

    def hashed(self) -> tuple[list[str], list[int], list[bytes], bytes]:
        return self.targets, self.values, self.calldatas, keccak(text=self.description)

    def spelled(self) -> tuple[list[str], list[int], list[bytes], str]:
        return self.targets, self.values, self.calldatas, self.description


def namespace_of(claimer: str, label: bytes) -> bytes:
    return keccak(bytes.fromhex(str(claimer)[2:]).rjust(32, b"\0") + label)


def code_hash(contract: Any) -> bytes:
    return keccak(boa.env.get_code(contract.address))


def governor_change(governor: Any, version: int) -> tuple[bytes, Any, bytes, int]:
    """The kernel's change that puts this governor in office."""
    return (GOVERNOR, governor.address, code_hash(governor), version)


def deploy_governor(
    dao: Dao, name: str = "Studio", settings: Settings | None = None, at: str | None = None
) -> Any:
    return deployer("Governor").deploy(
        dao.kernel.address,
        dao.namespace,
        dao.token.address,
        dao.timelock.address,
        name,
        (settings or dao.settings).astuple(),
        override_address=at,
    )


def deploy_dao(
    balances: dict[str, int],
    claimer: str | None = None,
    settings: Settings | None = None,
    delay: int = 2 * DAY,
    cap: int = 10**9 * TOKENS,
    notice: int = 0,
    guardian: str = NOBODY,
    guardian_until: int = 0,
    kernel: Any = None,
    token: Any = None,
    governor_at: str | None = None,
    uri: str = "",
) -> Dao:
    """A DAO whose namespace belongs to its timelock from the first moment.

    Each holder votes with its own tokens; the clock has moved since.
    """
    claimer = claimer or boa.env.eoa
    kernel = kernel or deployer("Kernel").deploy()
    settings = settings or Settings()
    namespace = namespace_of(claimer, LABEL)
    timelock = deployer("Timelock").deploy(kernel.address, namespace, delay, uri)
    token = token or deployer("VotesToken").deploy(
        timelock.address, "Studio votes", "VOTE", cap, list(balances), list(balances.values())
    )
    dao = Dao(kernel, namespace, timelock, token, None, settings, delay)
    dao.governor = deploy_governor(dao, at=governor_at)
    changes = [governor_change(dao.governor, 1)]
    kernel.claim(LABEL, timelock.address, notice, guardian, guardian_until, changes, sender=claimer)
    for holder in balances:
        if holder != str(timelock.address):
            token.delegate(holder, sender=holder)
    boa.env.time_travel(seconds=1)
    return dao


def code_pin(targets: list[str], calldatas: list[bytes]) -> int:
    """The pin of lib/code_pins.vy, as it stands now."""
    pin = bytes(32)
    for target, data in zip(targets, calldatas, strict=True):
        if data:
            pin = keccak(pin + keccak(boa.env.get_code(target)))
    return int.from_bytes(pin, "big") % 2**168


def operation_of(dao: Dao, proposal: Proposal) -> Any:
    """What the timelock knows about a proposal."""
    pin = code_pin(proposal.targets, proposal.calldatas)
    payload = proposal.id.to_bytes(32, "big")
    id = dao.timelock.operation_id(dao.governor.address, payload, pin)
    return dao.timelock.operation(id)


def propose(dao: Dao, proposal: Proposal, proposer: str) -> Proposal:
    proposal.id = dao.governor.propose(*proposal.spelled(), sender=proposer)
    return proposal


def open_vote(dao: Dao, proposal: Proposal) -> None:
    """Travel to the first second of the vote."""
    travel_to(dao.governor.proposalSnapshot(proposal.id) + 1)


def close_vote(dao: Dao, proposal: Proposal) -> None:
    """Travel to the first second after the vote."""
    travel_to(dao.governor.proposalDeadline(proposal.id) + 1)


def pass_proposal(dao: Dao, proposal: Proposal, proposer: str, voters: list[str]) -> Proposal:
    """Propose, let all voters vote for it, and close the vote."""
    propose(dao, proposal, proposer)
    open_vote(dao, proposal)
    for voter in voters:
        dao.governor.castVote(proposal.id, FOR, sender=voter)
    close_vote(dao, proposal)
    return proposal


def queue_proposal(dao: Dao, proposal: Proposal, proposer: str, voters: list[str]) -> Proposal:
    pass_proposal(dao, proposal, proposer, voters)
    dao.governor.queue(*proposal.hashed())
    return proposal


def ripen(dao: Dao, proposal: Proposal) -> None:
    """Travel to the first second in which a queued proposal may be executed."""
    travel_to(dao.governor.proposalEta(proposal.id))


def run_proposal(dao: Dao, proposal: Proposal, proposer: str, voters: list[str]) -> Proposal:
    """The whole life of a proposal, from propose to execute."""
    queue_proposal(dao, proposal, proposer, voters)
    ripen(dao, proposal)
    dao.governor.execute(*proposal.hashed())
    return proposal


def travel_to(second: int) -> None:
    boa.env.time_travel(seconds=second - boa.env.timestamp)


def events(contract: Any, name: str) -> list[Any]:
    """Events of one name in the last call, as named tuples."""
    return [log for log in contract.get_logs() if type(log).__name__ == name]


def key(name: str) -> Any:
    """A signing account for a role."""
    return Account.from_key(keccak(text=name))


def sign(account: Any, contract: Any, primary: str, types: str, message: dict[str, Any]) -> Any:
    return account.sign_message(signable(contract, primary, types, message))


def signable(contract: Any, primary: str, types: str, message: dict[str, Any]) -> SignableMessage:
    """A struct of one contract's domain; `types` is "type name,type name"."""
    fields = [
        dict(zip(("type", "name"), part.split(" "), strict=True)) for part in types.split(",")
    ]
    _, name, version, chain_id, address, _, _ = contract.eip712Domain()
    data = {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            primary: fields,
        },
        "primaryType": primary,
        "domain": {
            "name": name,
            "version": version,
            "chainId": chain_id,
            "verifyingContract": str(address),
        },
        "message": message,
    }
    return encode_typed_data(full_message=data)
