"""Compare what is on the chain with what was planned.

Code, immutables and wiring are fixed for ever. What may change since the launch (who holds
tokens, settings that a vote changes, modules that an announced operation replaced) differs
without fault where the chain or the records say by what: see `history`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ape.contracts import ContractInstance
from ape.exceptions import ApeException
from eth_abi.exceptions import DecodingError

from scripts._lib import contracts
from scripts._lib.build import artifact
from scripts._lib.intent import DAY
from scripts._lib.launch import Claim
from scripts._lib.plan import Part, Plan, entry_id, text32
from scripts._lib.records import code_hash, plain, typed
from scripts._lib.rehearsal import Rehearsed
from scripts._lib.upgrade.record import Upgrade

if TYPE_CHECKING:
    from scripts._lib.history import History

PAGE = 32  # keys that the kernel lists at once
# Views that go with time, with the chain, or with use.
MOVING = {"clock", "DOMAIN_SEPARATOR", "eip712Domain", "proposalCount", "count", "code_of_rule"}


@dataclass(frozen=True)
class Check:
    """One fact: what it has to be, and what the chain says."""

    about: str  # a contract, a kernel key, or the namespace
    fact: str
    expected: Any
    found: Any
    because: str = ""  # what changed it lawfully since the launch

    @property
    def as_launched(self) -> bool:
        return plain(self.expected) == plain(self.found)

    @property
    def passed(self) -> bool:
        return self.as_launched or bool(self.because)


def healthy(checks: Iterable[Check]) -> bool:
    return all(check.passed for check in checks)


def explained(checks: Iterable[Check], history: "History") -> list[Check]:
    """The same, with the reason of each difference that the law of change accounts for."""
    return [
        check if check.passed else replace(check, because=history.reason(check)) for check in checks
    ]


def of_what_answers(about: str, checks: Iterator[Check]) -> Iterator[Check]:
    """The checks, up to where a contract that is not ours does not answer as ours do."""
    try:
        yield from checks
    except (ApeException, DecodingError, OverflowError):
        yield Check(about, "answer", "as ours", contracts.NO_ANSWER)


def of_parts(parts: Iterable[Part], codes: dict[str, bytes]) -> Iterator[Check]:
    """The code of every contract, immutables included, and what its views answer."""
    for part in parts:
        found = code_hash(contracts.code(part.address))
        yield Check(part.name, "code", code_hash(codes[part.name]), found)
        for view, answer in part.reads.items():
            yield Check(part.name, view, answer, contracts.read(part, view))


def of_views(parts: Iterable[Part], rehearsal: Rehearsed) -> Iterator[Check]:
    """Every view that asks for nothing answers as it did in the rehearsal."""
    for part in parts:
        if part.code_only:
            continue
        for view in part.artifact.views:
            if view not in part.reads and view not in MOVING:
                yield Check(
                    part.name,
                    view,
                    rehearsal.answer(part.name, view),
                    contracts.answer(part.address, view),
                )


def of_upgrades(upgrades: Iterable[Upgrade]) -> Iterator[Check]:
    """Modules that replaced those of the launch come of this repository's sources too."""
    for upgrade in upgrades:
        if upgrade.code:
            init_code = artifact(upgrade.code.contract).init_code_with(
                tuple(typed(given.type, given.value) for given in upgrade.code.arguments)
            )
            yield Check(upgrade.key, "source", upgrade.code.init_code_hash, code_hash(init_code))


def of_holders(token: ContractInstance, holders: dict[str, int]) -> Iterator[Check]:
    """What the holders got. The supply is their sum, so nobody else got any."""
    for holder, amount in holders.items():
        yield Check("VotesToken", f"balance of {holder}", amount, token.balanceOf(holder))


def of_namespace(kernel: ContractInstance, claim: Claim, plan: Plan) -> Iterator[Check]:
    """Who rules the namespace, and every module that the kernel names in it."""
    found = kernel.namespace(claim.namespace)
    guardian = claim.guardian.account if claim.guardian else contracts.NO_ONE
    if found.guardian != contracts.NO_ONE and claim.guardian:
        latest = found.claimed_at + claim.guardian.days * DAY
        # It is written when the claim is signed, which is mined seconds or hours later.
        until = min(max(found.guardian_until, latest - DAY), latest)
        yield Check("namespace", "guardian until", until, found.guardian_until)
    yield Check("namespace", "owner", claim.owner, found.owner)
    yield Check("namespace", "epoch", 1, found.epoch)
    yield Check("namespace", "notice", claim.notice, found.notice)
    yield Check("namespace", "claimer", claim.claimer, found.claimer)
    yield Check("namespace", "label", claim.label32, bytes(found.label))
    yield Check("namespace", "guardian", guardian, found.guardian)
    yield from _keys(kernel, claim.namespace, plan)
    for key, name in plan.modules.items():
        module = plan.parts[name].address
        entry = kernel.entry(entry_id(claim.namespace, key))
        yield Check(key, "module", module, entry.module)
        yield Check(key, "version", 1, entry.version)
        yield Check(key, "hash", code_hash(contracts.code(module)), plain(bytes(entry.code_hash)))
        yield Check(key, "predecessor", contracts.NO_ONE, entry.predecessor)
        yield Check(key, "frozen", False, entry.frozen)
        yield Check(key, "paused until", 0, entry.paused_until)
        yield Check(key, "verified", True, kernel.verify(claim.namespace, text32(key)))


def _keys(kernel: ContractInstance, namespace: bytes, plan: Plan) -> Iterator[Check]:
    """Which keys there are: none is missing, and none was added that nobody announced."""
    planned, found = {text32(key) for key in plan.modules}, set()
    while rows := kernel.page(namespace, len(found), PAGE):
        found |= {bytes(row.key) for row in rows}
    yield Check("namespace", "missing keys", [], sorted(planned - found))
    for key in sorted(found - planned):
        name = key.rstrip(b"\0").decode(errors="replace")
        entry = kernel.entry(entry_id(namespace, name))
        yield Check(name, "module", contracts.NO_ONE, entry.module)
        yield Check(name, "version", 0, entry.version)
        yield Check(name, "verified", True, kernel.verify(namespace, key))
