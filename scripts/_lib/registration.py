"""A registration from its commitment to its reveal, which survives the end of the process.

What was committed to, the secret with it, is on disk before the commitment is sent: a run
that is killed is taken up by the next one, and pays once.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ape import chain
from ape.api import AccountAPI, ReceiptAPI
from ape.contracts import ContractInstance

from scripts._lib.files import write_atomically
from scripts._lib.refusal import Refusal
from scripts._lib.sending import attempt

COMMIT_MIN, COMMIT_MAX = 60, 86_400  # seconds, as in Names
POLL = 1.0  # seconds

Progress = Callable[[int, int], None]  # seconds passed, of how many


@dataclass(frozen=True)
class Wanted:
    """What is committed to; `INames.Registration`."""

    label: str
    owner: str
    duration: int
    resolver: str
    data: list[str]  # hexadecimal
    primary: bool
    max_price: int
    secret: str  # hexadecimal

    @property
    def words(self) -> tuple[Any, ...]:
        data = [bytes.fromhex(call) for call in self.data]
        secret = bytes.fromhex(self.secret)
        return (
            self.label, self.owner, self.duration, self.resolver, data, self.primary,
            self.max_price, secret,
        )  # fmt: skip

    def same_as(self, other: "Wanted") -> bool:
        """But for the secret, and for what it may cost."""
        own, foreign = self.__dict__.copy(), other.__dict__.copy()
        for kept in ("secret", "max_price"):
            own.pop(kept)
            foreign.pop(kept)
        return own == foreign


class Pending:
    """One registration on disk: by chain, registry, label and sender."""

    def __init__(self, root: Path, names: str, label: str, sender: str) -> None:
        self.path = root / str(chain.chain_id) / names / f"{label}-{sender}.json"

    def load(self) -> Wanted | None:
        if not self.path.exists():
            return None
        try:
            return Wanted(**json.loads(self.path.read_text()))
        except (TypeError, ValueError):
            raise Refusal(
                f"{self.path} is damaged: restore it, or remove it to begin anew."
            ) from None

    def keep(self, wanted: Wanted) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        os.chmod(self.path.parent, 0o700)  # nobody else is to read the secret
        write_atomically(self.path, json.dumps(wanted.__dict__, indent=2) + "\n")
        os.chmod(self.path, 0o600)

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)


def begin(pending: Pending, wanted: Wanted) -> tuple[Wanted, bool]:
    """What to go on with, and whether it was begun before."""
    before = pending.load()
    if before is None:
        pending.keep(wanted)
        return wanted, False
    if not before.same_as(wanted):
        raise Refusal(
            f"{wanted.label} was committed to with other options: repeat those, "
            f"or remove {pending.path} to begin anew."
        )
    return before, True


def commit(names: ContractInstance, wanted: Wanted, sender: AccountAPI) -> ReceiptAPI | None:
    """Commit, unless a commitment is live; when it was made is on the chain."""
    commitment = names.commitment(wanted.words, sender.address)
    made = names.committed_at(commitment)
    if made and chain.pending_timestamp <= made + COMMIT_MAX:
        return None
    if sum(names.registration_price(wanted.label, wanted.duration, 0)) > wanted.max_price:
        raise Refusal(
            f"{wanted.label} costs more than when it was committed to: "
            "remove its file in .registrations to begin anew."
        )
    attempt("commit to it", names.commit, commitment, sender=sender)
    return names.commit(commitment, sender=sender)


def _block() -> str:
    """On which a reveal is tried: a local chain that nobody else uses mines none meanwhile."""
    return "pending" if chain.provider.network.is_local else "latest"


def wait(names: ContractInstance, wanted: Wanted, sender: AccountAPI, progress: Progress) -> int:
    """Until the reveal is allowed. Returns when the commitment was made."""
    made = names.committed_at(names.commitment(wanted.words, sender.address))
    while (passed := chain.provider.get_block(_block()).timestamp - made) < COMMIT_MIN:
        progress(max(passed, 0), COMMIT_MIN)
        time.sleep(POLL)
    progress(COMMIT_MIN, COMMIT_MIN)
    return made


def reveal(names: ContractInstance, wanted: Wanted, made: int, sender: AccountAPI) -> ReceiptAPI:
    """Register, for the price of the commitment's second."""
    price = sum(names.registration_price(wanted.label, wanted.duration, made))
    given = {"sender": sender, "value": price, "block_id": _block()}
    attempt("register it", names.register, wanted.words, **given)
    return names.register(wanted.words, sender=sender, value=price)
