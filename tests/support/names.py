"""Names on a chain of their own: builders, hashes and what the design page says of times."""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

import boa
from eth_abi import decode, encode
from eth_utils import keccak, to_checksum_address

from tests.support import kernel as kernel_support
from tests.support.compiled import deployer
from tests.support.kernel import ZERO, ZERO32, Change, key

DAY = 86_400
YEAR = 365 * DAY
GRACE = 90 * DAY
PREMIUM_TIME = 21 * DAY
COMMIT_MIN = 60
COMMIT_MAX = DAY
DURATION_MIN = 28 * DAY
DURATION_MAX = 10 * YEAR
EXPIRY_MAX = 100 * YEAR
RATE_UNIT = 10**12  # wei per year in one unit of a rate cap
RATE_MAX = 2**22 - 1
FIRST_EPOCH = 1 << 20

FREE, LIVE, IN_GRACE = 1, 2, 4  # INames.State

# Wei per year for 1, 2, 3, 4, and 5 or more bytes, and the premium's start.
RATES = [4 * 10**18, 2 * 10**18, 5 * 10**17, 10**17, 3 * 10**15]
PREMIUM_START = 2**21 * 10**15

LABEL = re.compile(r"(?!..--)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")  # that can be registered

SECRET = b"\x53" * 32


class Registration(NamedTuple):
    """`INames.Registration`, with what a test seldom cares about filled in."""

    label: str
    owner: str
    duration: int = YEAR
    resolver: str = ZERO
    data: tuple[bytes, ...] = ()
    primary: bool = False
    max_price: int = 2**256 - 1
    secret: bytes = SECRET


@dataclass
class World:
    kernel: Any
    names: Any
    resolver: Any
    reverse: Any
    universal: Any
    pricing: Any
    treasury: Any
    admin: str  # owns the system namespace, without notice
    namespace: bytes

    def commit(self, registration: Registration, sender: str | None = None) -> bytes:
        """Commit for the sender, and let the waiting time pass."""
        commitment = self.names.commitment(registration, sender or registration.owner)
        self.names.commit(commitment)
        boa.env.time_travel(seconds=COMMIT_MIN)
        return commitment

    def price(self, registration: Registration, committed_at: int = 0) -> int:
        return sum(
            self.names.registration_price(registration.label, registration.duration, committed_at)
        )

    def reveal(self, registration: Registration, sender: str | None = None, **call: Any) -> bytes:
        """Register what was committed to, for the price that the view shows."""
        sender = sender or registration.owner
        at = self.names.committed_at(self.names.commitment(registration, sender))
        call.setdefault("value", self.price(registration, at))
        boa.env.set_balance(sender, max(boa.env.get_balance(sender), call["value"]))
        return self.names.register(registration, sender=sender, **call)

    def register(self, label: str, owner: str, sender: str | None = None, **more: Any) -> bytes:
        """Commit, wait, register; the node."""
        registration = Registration(label, owner, **more)
        self.commit(registration, sender)
        return self.reveal(registration, sender)

    def renew(self, label: str, duration: int = YEAR, payer: str | None = None) -> int:
        """Renew for the price that the view shows; the price."""
        payer = payer or boa.env.generate_address("payer")
        price, _ = self.names.renewal_price(label, duration)
        boa.env.set_balance(payer, max(boa.env.get_balance(payer), price))
        self.names.renew(label, duration, sender=payer, value=price)
        return price

    def point(self, role: str, module: Any) -> None:
        """Let the kernel name another module (None: none) for a role of the system."""
        entry = self.kernel.entry(kernel_support.entry_id(self.namespace, key(role)))
        address = ZERO if module is None else module.address
        code_hash = ZERO32 if module is None else keccak(boa.env.get_code(address))
        changes = [Change(key(role), address, code_hash, entry.version + 1)]
        salt = keccak(text=f"{role} {entry.version}")
        self.kernel.schedule(self.namespace, changes, salt, False, sender=self.admin)
        self.kernel.apply(self.namespace, changes, salt)

    def pause(self, role: str) -> None:
        self.kernel.pause(self.namespace, key(role), DAY, sender=self.admin)


def deploy_names(
    rates: list[int] = RATES,
    premium_start: int = PREMIUM_START,
) -> World:
    """The whole name system, its namespace owned by `admin`, with a zero notice."""
    admin = boa.env.generate_address("admin")
    kernel = deployer("Kernel").deploy()
    pricing = deployer("NamePricing").deploy(rates, premium_start)
    treasury = deployer("NameTreasury").deploy()
    namespace = kernel_support.namespace_id(admin, key("uraeus"))
    names = deployer("Names").deploy(
        kernel.address,
        namespace,
        "os",
        deployer("Resolver").deploy_as_blueprint().address,
        deployer("ReverseResolver").deploy_as_blueprint().address,
    )
    first = [
        Change(key(role), module.address, keccak(boa.env.get_code(module.address)), 1)
        for role, module in (("names.pricing", pricing), ("treasury", treasury))
    ]
    kernel.claim(key("uraeus"), admin, 0, ZERO, 0, first, sender=admin)
    return World(
        kernel=kernel,
        names=names,
        resolver=resolver_at(names.default_resolver()),
        reverse=deployer("ReverseResolver").at(names.reverse_resolver()),
        universal=deployer("UniversalResolver").deploy(names.address),
        pricing=pricing,
        treasury=treasury,
        admin=admin,
        namespace=namespace,
    )


def resolver_at(address: str) -> Any:
    """The resolver, with both of ENS's `addr`: Vyper's ABI knows one answer only."""
    resolver = deployer("Resolver").at(address)

    def addr(node: bytes, coin: int | None = None) -> Any:
        if coin is None:
            return ask(resolver, "addr(bytes32)", ["address"], node)
        return ask(resolver, "addr(bytes32,uint256)", ["bytes"], node, coin)

    resolver.addr = addr
    return resolver


class Refused(Exception):
    """Carries what a raw call reverted with."""


def ask(contract: Any, signature: str, answers: list[str], *arguments: Any) -> Any:
    """Call by signature, as clients do: bytes in, bytes out."""
    data = call(signature, *arguments)
    computation = boa.env.execute_code(to_address=contract.address, data=data)
    if computation.is_error:
        raise Refused(bytes(computation.output))
    found = [plain(value) for value in decode(answers, computation.output)]
    return found[0] if len(found) == 1 else tuple(found)


def plain(value: Any) -> Any:
    """Addresses as boa shows them."""
    is_address = isinstance(value, str) and value.startswith("0x") and len(value) == 42
    return to_checksum_address(value) if is_address else value


def error(signature: str, *arguments: Any) -> bytes:
    """What a contract reverts with by a custom error."""
    return call(signature, *arguments)


def dns(name: str) -> bytes:
    """The wire form of a name, as RFC 1035 has it."""
    labels = name.encode().split(b".") if name else []
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def decoded(wire: bytes) -> list[bytes] | None:
    """The labels, read from the front as RFC 1035 has it; None for what is no encoding."""
    labels, at = [], 0
    while at < len(wire) and wire[at]:
        labels.append(wire[at + 1 : at + 1 + wire[at]])
        at += 1 + wire[at]
    return labels if at == len(wire) - 1 else None


# ----- what the page says, computed without the contract -----


def namehash(name: str) -> bytes:
    """EIP-137, for names that are normal already."""
    node = ZERO32
    for label in reversed(name.split(".")) if name else ():
        node = keccak(node + keccak(text=label))
    return node


def labelhash(label: str) -> bytes:
    return keccak(text=label)


def reverse_node(account: str) -> bytes:
    return namehash(f"{str(account)[2:].lower()}.addr.reverse")


def base_price(length: int, duration: int, rates: list[int] = RATES) -> int:
    return -(-rates[min(length, 5) - 1] * duration // YEAR)


def rate_cap(price: int, duration: int) -> int:
    """The cap's rate that a registration at this price fixes."""
    return -(-price * YEAR // (duration * RATE_UNIT))


def cap(rate: int, duration: int) -> int:
    return -(-rate * RATE_UNIT * duration // YEAR)


def state(expiry: int, now: int) -> int:
    """Of a name that expires then; zero: never registered."""
    if now < expiry:
        return LIVE
    return IN_GRACE if expiry and now < expiry + GRACE else FREE


def token(node: bytes) -> int:
    return int.from_bytes(node, "big")


def call(signature: str, *arguments: Any) -> bytes:
    """Calldata, for multicalls."""
    types = signature[signature.index("(") + 1 : -1].split(",")
    return keccak(text=signature)[:4] + encode(types, arguments)


def now() -> int:
    return boa.env.evm.patch.timestamp


REGISTRY_TRANSFER = int.from_bytes(keccak(text="Transfer(bytes32,address)"), "big")


def events(contract: Any) -> list[tuple]:
    """What the last call logged, in order, as (name, *fields).

    The registry's `Transfer(bytes32,address)` is not in the compiler's ABI; it is
    decoded here and named `RegistryTransfer`.
    """
    found: list[tuple] = []
    for entry in contract.get_logs(strict=False):
        if hasattr(entry, "topics"):
            topic, node = entry.topics
            if topic != REGISTRY_TRANSFER:
                raise LookupError(f"unknown event {topic:#x}")
            [owner] = decode(["address"], entry.data)
            found.append(("RegistryTransfer", node.to_bytes(32, "big"), to_checksum_address(owner)))
        else:
            found.append((type(entry).__name__, *entry[1:]))
    return found


def topics(contract: Any) -> list[tuple[int, int]]:
    """(first topic, number of topics) of what the last call logged, undecoded."""
    raw = contract._computation.get_raw_log_entries()
    return [(entry[2][0], len(entry[2])) for entry in sorted(raw)]
