"""Compare what is on the chain with what was planned."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ape.contracts import ContractInstance

from scripts._lib import contracts
from scripts._lib.launch import Claim
from scripts._lib.plan import Part, Plan, entry_id, text32
from scripts._lib.records import code_hash, plain


@dataclass(frozen=True)
class Check:
    """One fact: what it has to be, and what the chain says."""

    about: str  # a contract, a kernel key, or the namespace
    fact: str
    expected: Any
    found: Any

    @property
    def passed(self) -> bool:
        return plain(self.expected) == plain(self.found)


def healthy(checks: Iterable[Check]) -> bool:
    return all(check.passed for check in checks)


def of_parts(parts: Iterable[Part], codes: dict[str, bytes]) -> Iterator[Check]:
    """The code of every contract, immutables included, and what its views answer."""
    for part in parts:
        found = code_hash(contracts.code(part.address))
        yield Check(part.name, "code", code_hash(codes[part.name]), found)
        contract = contracts.of(part)
        for view, answer in part.reads.items():
            yield Check(part.name, view, answer, getattr(contract, view)())


def of_holders(token: ContractInstance, holders: dict[str, int]) -> Iterator[Check]:
    """What the holders got. The supply is their sum, so nobody else got any."""
    for holder, amount in holders.items():
        yield Check("VotesToken", f"balance of {holder}", amount, token.balanceOf(holder))


def of_namespace(kernel: ContractInstance, claim: Claim, plan: Plan) -> Iterator[Check]:
    """Who rules the namespace, and every module that the kernel names in it."""
    found = kernel.namespace(claim.namespace)
    guardian = claim.guardian.account if claim.guardian else contracts.NO_ONE
    yield Check("namespace", "owner", claim.owner, found.owner)
    yield Check("namespace", "epoch", 1, found.epoch)
    yield Check("namespace", "notice", claim.notice, found.notice)
    yield Check("namespace", "claimer", claim.claimer, found.claimer)
    yield Check("namespace", "label", claim.label32, bytes(found.label))
    yield Check("namespace", "guardian", guardian, found.guardian)
    yield Check("namespace", "keys", len(plan.modules), found.keys)
    for key, name in plan.modules.items():
        module = plan.parts[name].address
        entry = kernel.entry(entry_id(claim.namespace, key))
        yield Check(key, "module", module, entry.module)
        yield Check(key, "version", 1, entry.version)
        yield Check(
            key, "hash", code_hash(contracts.code(module)), "0x" + bytes(entry.code_hash).hex()
        )
        yield Check(key, "frozen", False, entry.frozen)
        yield Check(key, "paused until", 0, entry.paused_until)
        yield Check(key, "verified", True, kernel.verify(claim.namespace, text32(key)))
