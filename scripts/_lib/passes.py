"""A collection of passes on the connected chain: found, its plans, its members."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ape import chain
from ape.contracts import ContractInstance
from eth_utils import keccak, to_checksum_address

from scripts._lib import contracts, times
from scripts._lib.amounts import Asset, asset
from scripts._lib.found import Found
from scripts._lib.refusal import Refusal

CLONE_HEAD = bytes.fromhex("363d3d373d3d3d363d73")  # ERC-1167
CLONE_TAIL = bytes.fromhex("5af43d82803e903d91602b57fd5bf3")
NO_LIMIT = 2**32 - 1
NO_EXPIRY = 2**40 - 1
AT_PLAN = 32
GRANTS = 0  # the plan of what was granted
BLOCKS = 5_000  # of one question for logs; nodes refuse more

TRANSFER = "Transfer(address,address,uint256)"
EXPIRES = "SubscriptionUpdate(uint256,uint64)"
RENTED = "UpdateUser(uint256,address,uint64)"
EVENTS = {keccak(text=event): event for event in (TRANSFER, EXPIRES, RENTED)}

Tell = Callable[[int, int], None]  # how much is done, of how much


def at(found: Found, text: str) -> ContractInstance:
    """The collection at an address or a name, if the deployment's factory makes such ones."""
    address = found.address(text)
    implementation = bytes.fromhex(found["PassFactory"].implementation()[2:])
    if contracts.code(address) != CLONE_HEAD + implementation + CLONE_TAIL:
        raise Refusal(f"There is no pass collection of this deployment at {address}.")
    return contracts.at(address, "Pass")


def first_block(found: Found) -> int:
    """Before which there is no collection."""
    record = found.folder.record("PassFactory")
    return (record and record.block) or 0


# ----- plans -----


def plan(collection: ContractInstance, number: int) -> Any:
    plans = collection.collection().plans
    if not 1 <= number <= plans:
        raise Refusal(f"There is no plan {number}: the collection has {plans}, from 1.")
    return collection.plan(number)


def currency(plan: Any) -> Asset:
    return asset(plan.terms.currency)


def price(plan: Any) -> str:
    terms = plan.terms
    return currency(plan).show(terms.price) if terms.price else "free"


def lasts(plan: Any) -> str:
    return times.duration(plan.terms.duration) if plan.terms.duration else times.FOR_EVER


def expiry(seconds: int, now: int) -> str:
    """When, and how far that is."""
    if seconds == NO_EXPIRY:
        return "never"
    return f"{times.moment(seconds)}, {times.distance(seconds, now)}"


# ----- members -----


@dataclass
class Member:
    """One pass, by the collection's events."""

    id: int
    owner: str
    expiry: int  # seconds
    user: str = contracts.NO_ONE
    user_until: int = 0  # seconds
    times: int = 0  # that its expiry was set: by the mint, and by each renewal

    @property
    def plan(self) -> int:
        return self.id >> AT_PLAN

    def is_valid(self, now: int) -> bool:
        return now < self.expiry

    def tenant(self, now: int) -> str | None:
        """Who rents it, and so gets in instead of the owner."""
        return self.user if self.user != contracts.NO_ONE and now < self.user_until else None


def members(collection: ContractInstance, start: int, tell: Tell) -> list[Member]:
    """All passes that there are, expired ones too, by plan and serial."""
    found: dict[int, Member] = {}
    for log in logs(collection.address, start, tell):
        topics = [bytes(topic) for topic in log["topics"]]
        event, data = EVENTS.get(topics[0]), bytes(log["data"])
        if event == TRANSFER:
            _moved(found, _address(topics[2]), _number(topics[3]))
        elif event == EXPIRES:
            member = found[_number(topics[1])]
            member.expiry, member.times = _number(data), member.times + 1
        elif event == RENTED:
            member = found[_number(topics[1])]
            member.user, member.user_until = _address(topics[2]), _number(data)
    return [found[id] for id in sorted(found)]


def _moved(found: dict[int, Member], to: str, id: int) -> None:
    """A transfer ends a rental, and to nobody, the pass."""
    if to == contracts.NO_ONE:
        del found[id]
        return
    before = found.get(id, Member(id, to, NO_EXPIRY))
    found[id] = Member(id, to, before.expiry, times=before.times)


def logs(address: str, start: int, tell: Tell) -> Iterable[Any]:
    """All of a contract, in pieces that nodes answer."""
    head = chain.blocks.head.number
    for first in range(start, head + 1, BLOCKS):
        last = min(first + BLOCKS - 1, head)
        yield from contracts.logs_between(first, last, {"address": address})
        tell(last + 1 - start, head + 1 - start)


def _address(word: bytes) -> str:
    return to_checksum_address(word[12:])


def _number(word: bytes) -> int:
    return int.from_bytes(word, "big")
