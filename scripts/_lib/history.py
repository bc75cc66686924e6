"""What changed a system lawfully since its launch: asked of events and of recorded upgrades.

The code of the contracts is compared as well, and only that code writes these events: a
value that no event leads to was not changed by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ape.contracts import ContractInstance

from scripts._lib import contracts
from scripts._lib.plan import text32
from scripts._lib.records import Folder, plain
from scripts._lib.upgrade.record import Upgrade

if TYPE_CHECKING:
    from scripts._lib.doctor import Check

APPLIED, ROLLED_BACK = 8, 32  # states of an operation, as the kernel numbers them

# By contract and view: who says its new value, in the last field of which event.
SETTINGS = {
    ("Governor", "votingDelay"): ("Governor", "VotingDelaySet"),
    ("Governor", "votingPeriod"): ("Governor", "VotingPeriodSet"),
    ("Governor", "proposalThreshold"): ("Governor", "ProposalThresholdSet"),
    ("Governor", "quorumNumerator"): ("Governor", "QuorumNumeratorUpdated"),
    ("Governor", "lateQuorumVoteExtension"): ("Governor", "LateQuorumVoteExtensionSet"),
    ("Governor", "daoURI"): ("Timelock", "DAOURIUpdate"),
    ("Timelock", "getMinDelay"): ("Timelock", "MinDelayChange"),
    ("Timelock", "daoURI"): ("Timelock", "DAOURIUpdate"),
}
# By what the kernel says of a namespace: the event, and its field.
NAMESPACE = {
    "owner": ("OwnerSet", "owner"),
    "epoch": ("OwnerSet", "epoch"),
    "notice": ("NoticeSet", "notice"),
    "guardian": ("GuardianSet", "guardian"),
    "guardian until": ("GuardianSet", "until"),
}
# By what the kernel says of a key: what a record calls it.
ENTRY = {
    "module": lambda record: record.to.address,
    "version": lambda record: record.to.version,
    "hash": lambda record: record.to.code_hash,
    "predecessor": lambda record: record.was.address,
}


@dataclass(frozen=True)
class History:
    parts: dict[str, ContractInstance]
    namespace: bytes
    folder: Folder
    upgrades: Sequence[Upgrade]

    def reason(self, check: "Check") -> str:
        """What led to what was found; nothing if nothing did."""
        about, fact, found = check.about, check.fact, check.found
        if about == "VotesToken":
            return self._tokens(fact, found)
        if event := SETTINGS.get((about, fact)):
            return self._last(*event, None, found)
        if about == "namespace" and fact in NAMESPACE:
            return self._last("Kernel", *NAMESPACE[fact], found, plain(self.namespace))
        if fact in ENTRY:
            return self._upgrade(about, fact, found)
        return self._state_of_key(about, fact, found)

    # ----- settings -----

    def _last(self, part: str, event: str, name: str | None, found: Any, *topics: str) -> str:
        told = self._told(part, event, *topics)
        if not told:
            return ""
        values = told[-1]["args"]
        value = values[name] if name else list(values.values())[-1]
        return f"{event} in block {told[-1]['blockNumber']}" if _same(value, found) else ""

    def _state_of_key(self, key: str, fact: str, found: Any) -> str:
        topics = plain(self.namespace), plain(text32(key))
        if fact == "paused until":
            return self._last("Kernel", "Paused", "until", found, *topics)
        told = self._told("Kernel", "Frozen", *topics) if fact == "frozen" else []
        return f"Frozen in block {told[-1]['blockNumber']}" if told else ""

    # ----- tokens -----

    def _tokens(self, fact: str, found: int) -> str:
        if fact == "totalSupply":
            minted = sum(_amounts(self._told("VotesToken", "Transfer", _topic(contracts.NO_ONE))))
            return "minted by votes" if minted == found else ""
        if not fact.startswith("balance of "):
            return ""
        holder = _topic(fact.removeprefix("balance of "))
        got = _amounts(self._told("VotesToken", "Transfer", None, holder))
        gave = _amounts(self._told("VotesToken", "Transfer", holder))
        return f"{len(got) + len(gave)} transfers" if sum(got) - sum(gave) == found else ""

    # ----- modules -----

    def _upgrade(self, key: str, fact: str, found: Any) -> str:
        """The last record of the key, if the kernel knows its operation as the record does."""
        own = [upgrade for upgrade in self.upgrades if upgrade.key == key]
        if not own or not _same(ENTRY[fact](own[-1]), found):
            return ""
        last = own[-1]
        operation = bytes.fromhex(last.operation[2:])
        state = self.parts["Kernel"].operation(self.namespace, operation).state
        expected = ROLLED_BACK if last.kind == "rollback" else APPLIED
        return f"upgrade {last.number:03}: {last.title}" if state == expected else ""

    def _told(self, part: str, event: str, *topics: str | None) -> list[Any]:
        record = self.folder.record(part)
        start = (record and record.block) or 0
        return contracts.events(self.parts[part], event, start, *topics)


def _same(one: Any, other: Any) -> bool:
    return plain(one) == plain(other)


def _topic(account: str) -> str:
    return "0x" + account[2:].lower().rjust(64, "0")


def _amounts(told: list[Any]) -> list[int]:
    return [event["args"]["amount"] for event in told]
