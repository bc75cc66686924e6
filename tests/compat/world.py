"""Two worlds that differ in nothing but whose governance is at the three addresses.

Each has a chain of its own, with the same accounts, the same seconds and the same
contracts at the same addresses. So every byte may be compared: ids, topics, digests.
Both are driven through OpenZeppelin's ABI.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boa
from eth_account.messages import _hash_eip191_message, encode_typed_data
from eth_utils import keccak

from tests.compat.peer import Abi, abi, init_code
from tests.support.compiled import deployer
from tests.support.governance import (
    DAY,
    HOUR,
    LABEL,
    TOKENS,
    Settings,
    governor_change,
    key,
    namespace_of,
    travel_to,
)

START = 2_000_000_000  # seconds
DELAY = 2 * DAY
SETTINGS = Settings(DAY, 5 * DAY, 10 * TOKENS, 10, 12 * HOUR)


def place(number: int) -> str:
    """An address by number, the same in both worlds."""
    return f"0x{number:040x}"


GOVERNOR, TOKEN, TIMELOCK, TARGET, WALLET = (place(0xA000 + number) for number in range(5))
PROPOSER, VOTER, STRANGER, GUARDIAN, PAYEE = (place(0xB000 + number) for number in range(5))
SIGNER, OWNER = key("signer"), key("owner of the wallet")
HOLDERS = {
    PROPOSER: 400 * TOKENS,
    VOTER: 350 * TOKENS,
    SIGNER.address: 200 * TOKENS,
    WALLET: 50 * TOKENS,
}
MIN_DELAY_CHANGE = keccak(text="MinDelayChange(uint256,uint256)")
Log = tuple[str, list[bytes], bytes]  # contract, topics, data
CONTRACTS = {GOVERNOR: "PeerGovernor", TOKEN: "PeerVotes", TIMELOCK: "PeerTimelock"}


@dataclass
class Step:
    """What one call did, seen from outside."""

    name: str
    done: bool
    answer: bytes  # what it returned
    reason: str  # why it was refused: a custom error's name or a text
    logs: list[Log]
    events: list[str]  # the same by name, in order


@dataclass
class World:
    """One side: what happened, and what could be read between."""

    steps: list[Step] = field(default_factory=list)
    views: dict[Any, Any] = field(default_factory=dict)  # by number of steps and question
    called: set[str] = field(default_factory=set)  # "contract.signature"
    digests: list[bytes] = field(default_factory=list)

    # ----- calls -----

    def abi(self, contract: str) -> Abi:
        return abi(CONTRACTS[contract])

    def signature(self, contract: str, name: str) -> str:
        """The full signature of a function that is not overloaded, or of a full one."""
        known = self.abi(contract).functions
        found = [each for each in known if each == name or each.split("(")[0] == name]
        assert len(found) == 1, f"{name}: {found}"
        return found[0]

    def send(self, contract: str, name: str, arguments: tuple[Any, ...], sender: str) -> Any:
        signature = self.signature(contract, name)
        self.called.add(f"{CONTRACTS[contract]}.{signature}")
        data = self.abi(contract).encode_call(signature, arguments)
        return boa.env.execute_code(to_address=contract, sender=sender, data=data)

    def act(self, contract: str, name: str, *arguments: Any, sender: str = STRANGER) -> Any:
        """One transaction, recorded. Returns the answer, or None where it was refused."""
        made = self.send(contract, name, arguments, sender)
        reason = self.abi(contract).error_name(made.output) if made.is_error else ""
        if made.is_error and not reason:  # what the timelock refuses comes through
            reason = abi("PeerTimelock").error_name(made.output)
        logs = [] if made.is_error else [log for log in logs_of(made) if is_compared(log)]
        events = [self.event(*log) for log in logs]
        answer = b"" if made.is_error else made.output
        self.steps.append(Step(name, not made.is_error, answer, reason, logs, events))
        if made.is_error:
            return None
        signature = self.signature(contract, name)
        outputs = self.abi(contract).functions[signature]["outputs"]
        return self.abi(contract).decode_answer(signature, answer) if outputs else True

    def take(self, contract: str, name: str, *arguments: Any) -> None:
        """Read a view and keep it, to be compared: the answer's bytes, or that it refused."""
        made = self.send(contract, name, arguments, STRANGER)
        question = (len(self.steps), CONTRACTS[contract], name, repr(arguments))
        self.views[question] = "refused" if made.is_error else made.output

    def event(self, contract: str, topics: list[bytes], data: bytes) -> str:
        return self.abi(contract).event_name(topics, data) if contract in CONTRACTS else ""

    def read(self, contract: str, name: str, *arguments: Any) -> Any:
        """A view, decoded; the name of what it refused with where it did."""
        made = self.send(contract, name, arguments, STRANGER)
        if made.is_error:
            return self.abi(contract).error_name(made.output)
        return self.abi(contract).decode_answer(self.signature(contract, name), made.output)

    # ----- typed data -----

    def sign(self, account: Any, contract: str, primary: str, types: str, **message: Any) -> Any:
        """A signature over a struct of the domain that the contract tells."""
        fields, name, version, chain, at, salt, extensions = self.read(contract, "eip712Domain")
        assert (fields, salt, extensions) == (b"\x0f", bytes(32), ())
        parts = [part.split(" ") for part in types.split(",")]
        data = {
            "types": {
                "EIP712Domain": [
                    {"name": "name", "type": "string"},
                    {"name": "version", "type": "string"},
                    {"name": "chainId", "type": "uint256"},
                    {"name": "verifyingContract", "type": "address"},
                ],
                primary: [{"type": kind, "name": word} for kind, word in parts],
            },
            "primaryType": primary,
            "domain": dict(
                zip(
                    ("name", "version", "chainId", "verifyingContract"),
                    (name, version, chain, at),
                    strict=True,
                )
            ),
            "message": message,
        }
        made = encode_typed_data(full_message=data)
        self.digests.append(_hash_eip191_message(made))
        return account.sign_message(made)


def is_compared(log: Log) -> bool:
    """Of the timelock's own events only the one of its delay is meant to be the same."""
    return log[0] != TIMELOCK or log[1][0] == MIN_DELAY_CHANGE


def logs_of(computation: Any) -> list[Log]:
    return [
        ("0x" + address.hex(), [topic.to_bytes(32, "big") for topic in topics], data)
        for _, address, topics, data in computation.get_raw_log_entries()
    ]


# ----- the two sides -----


def deploy_peer() -> None:
    env, settings = boa.env, SETTINGS
    holders, amounts = list(HOLDERS), list(HOLDERS.values())
    tokens = init_code("PeerVotes", "Studio votes", "VOTE", holders, amounts)
    env.deploy_code(bytecode=tokens, override_address=TOKEN)
    timelock = init_code("PeerTimelock", DELAY, [GOVERNOR], [place(0)])
    env.deploy_code(bytecode=timelock, override_address=TIMELOCK)
    governor = init_code(
        "PeerGovernor",
        "Studio",
        TOKEN,
        TIMELOCK,
        settings.voting_delay,
        settings.voting_period,
        settings.threshold,
        settings.quorum_numerator,
        settings.late_extension,
        GUARDIAN,
    )
    env.deploy_code(bytecode=governor, override_address=GOVERNOR)


def deploy_ours() -> None:
    kernel = deployer("Kernel").deploy()
    namespace = namespace_of(STRANGER, LABEL)
    deployer("Timelock").deploy(kernel.address, namespace, DELAY, "", override_address=TIMELOCK)
    holders, amounts, cap = list(HOLDERS), list(HOLDERS.values()), 10**9 * TOKENS
    deployer("VotesToken").deploy(
        TIMELOCK, "Studio votes", "VOTE", cap, holders, amounts, override_address=TOKEN
    )
    parts = (kernel.address, namespace, TOKEN, TIMELOCK, "Studio", SETTINGS.astuple())
    governor = deployer("Governor").deploy(*parts, override_address=GOVERNOR)
    kernel.claim(
        LABEL,
        TIMELOCK,
        0,
        GUARDIAN,
        boa.env.timestamp + 360 * DAY,
        [governor_change(governor, 1)],
        sender=STRANGER,
    )


@contextmanager
def world(deploy: Callable[[], None]) -> Iterator[World]:
    with boa.swap_env(boa.Env()):
        travel_to(START)
        deployer("Target").deploy(override_address=TARGET)
        deployer("Wallet").deploy(OWNER.address, "honest", override_address=WALLET)
        deploy()
        boa.env.set_balance(TIMELOCK, 1_000)
        boa.env.time_travel(seconds=1)
        yield World()


def play(script: Callable[[World], Any]) -> tuple[Any, Any]:
    """What a script returns in OpenZeppelin's world, and in ours."""
    found = []
    for deploy in (deploy_peer, deploy_ours):
        with world(deploy) as side:
            found.append(script(side))
    return found[0], found[1]
