"""Passes granted from a table: once each, whatever ends the process in between.

The plan of a run, and each transaction as it was signed, are on disk before anything is
sent. A run that is killed is taken up by the next one, which sends the same bytes again:
their nonce is good for one transaction only, so nobody is granted twice, and what never
arrived arrives then, so nobody is left out.
"""

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import sha256
from pathlib import Path
from typing import Any

from ape import chain
from ape.api import AccountAPI
from ape.contracts import ContractInstance
from eth_utils import to_checksum_address
from pydantic import ValidationError
from web3.exceptions import TransactionNotFound

from scripts._lib import contracts, passes, times, two_columns
from scripts._lib.ending import note_signed
from scripts._lib.files import write_atomically
from scripts._lib.records import LOCAL_CHAINS, Address, Hash, Strict
from scripts._lib.refusal import Refusal, Unfinished

HEADER = ("recipient", "until")
BATCH = 32
ROWS_MAX = 10_000
AHEAD_MAX = 100 * 365 * 86_400  # seconds, as in Pass
PLAN = re.compile(r"plan ([0-9]{1,9})")
WAIT = 300  # seconds for one transaction
POLL = 0.5  # seconds
LOOKS = 6

Find = Callable[[str], str]  # the address that an address or a name stands for


@dataclass(frozen=True)
class Row:
    """One grant as written, and where."""

    where: str  # "press.csv, line 3"
    recipient: str
    until: str


class Batch(Strict):
    """Up to 32 grants of one expiry, and their transaction once it is signed."""

    expiry: int  # seconds
    recipients: list[Address]
    signed: str | None = None  # hexadecimal
    hash: str | None = None
    nonce: int | None = None
    done: bool = False

    @property
    def unsigned(self) -> "Batch":
        return Batch(expiry=self.expiry, recipients=self.recipients)


class Run(Strict):
    """A table on its way to the chain."""

    genesis: Hash  # of its chain: local ones share their id and their addresses
    table: str  # the digest of its rows
    sender: Address
    batches: list[Batch]

    def with_batch(self, number: int, batch: Batch) -> "Run":
        changed = [*self.batches[:number], batch, *self.batches[number + 1 :]]
        return self.model_copy(update={"batches": changed})

    @property
    def is_done(self) -> bool:
        return all(batch.done for batch in self.batches)

    @property
    def count(self) -> int:
        return sum(len(batch.recipients) for batch in self.batches)


# ----- the table -----


def of_csv(path: Path) -> list[Row]:
    """Rows of a file with two columns, recipient and until; a header may come first."""
    rows = [Row(*each) for each in two_columns.rows(path, HEADER)]
    if not 0 < len(rows) <= ROWS_MAX:
        raise Refusal(f"{path.name} has {len(rows)} rows; 1 to {ROWS_MAX:,} are granted at once.")
    return rows


def digest(rows: list[Row]) -> str:
    """Of what is written, not of how it is laid out."""
    return sha256(json.dumps([[row.recipient, row.until] for row in rows]).encode()).hexdigest()


def batches(rows: list[Row], find: Find, collection: ContractInstance, now: int) -> list[Batch]:
    """The grants that the rows ask for, or a Refusal that names the first bad one."""
    by_expiry: dict[int, list[str]] = {}
    seen: dict[str, Row] = {}
    for row in rows:
        try:
            address, expiry = find(row.recipient), _expiry(row.until, collection, now)
        except Refusal as refusal:
            raise Refusal(f"{row.where}: {refusal.message}") from None
        if address in seen:
            raise Refusal(f"{row.where}: {row.recipient} is there before: {seen[address].where}.")
        seen[address] = row
        by_expiry.setdefault(expiry, []).append(address)
    _check_room(collection, len(rows))
    return [
        Batch(expiry=expiry, recipients=some[start : start + BATCH])
        for expiry, some in by_expiry.items()
        for start in range(0, len(some), BATCH)
    ]


def _expiry(until: str, collection: ContractInstance, now: int) -> int:
    """The second of a day or time, of a duration from now, of a plan's; or never."""
    if until.lower() == times.FOR_EVER:
        return passes.NO_EXPIRY
    if match := PLAN.fullmatch(until.lower()):
        duration = passes.plan(collection, int(match[1])).terms.duration
        return now + duration if duration else passes.NO_EXPIRY
    if times.DURATION.fullmatch(until.lower()):
        expiry = now + times.of_duration(until)
    elif until[:4].isdigit():
        expiry = times.of_moment(until)
    else:
        raise Refusal(
            f'"{until}" says no time: write a day as 2027-01-31, a duration as "30 days", '
            '"plan 1" for its duration, or "for ever".'
        )
    if expiry <= now:
        raise Refusal(f"{until} is over.")
    if expiry > now + AHEAD_MAX:
        raise Refusal(f'{until} is more than 100 years ahead: write "for ever".')
    return expiry


def _check_room(collection: ContractInstance, count: int) -> None:
    reserve = collection.collection().reserve
    if reserve != passes.NO_LIMIT and count > reserve:
        raise Refusal(f"{count} grants are asked for, and the collection has room for {reserve}.")


# ----- on disk -----


class Journal:
    """The runs of one collection on one chain, by the digest of their tables."""

    def __init__(self, root: Path, collection: str) -> None:
        chain_records = contracts.folder(root)
        self.folder = chain_records.path / collection
        self.genesis = chain_records.genesis

    @contextmanager
    def held(self) -> Iterator[None]:
        """By one process at a time: two would each sign what the other has not signed yet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        os.chmod(self.folder, 0o700)  # who has a signed transaction can send it
        with (self.folder / "lock").open("w") as lock:
            try:
                flock(lock, LOCK_EX | LOCK_NB)
            except OSError:
                raise Refusal(
                    "Another run grants passes of this collection: let it end, or end it."
                ) from None
            yield

    def path(self, table: str) -> Path:
        return self.folder / f"{table[:16]}.json"

    def load(self, table: str) -> Run | None:
        path = self.path(table)
        return self._read(path) if path.exists() else None

    def keep(self, run: Run) -> None:
        write_atomically(self.path(run.table), run.model_dump_json(indent=2) + "\n")

    def check_free(self, table: str) -> None:
        """No other table is half granted: it could hold the same people."""
        for path in sorted(self.folder.glob("*.json")):
            run = self._read(path)
            if path != self.path(table) and run and not run.is_done:
                raise Refusal(
                    "Another table of this collection is not granted to its end: give that file "
                    f"again as it was, or remove {path} to leave out the rest of it."
                )

    def _read(self, path: Path) -> Run | None:
        """Of an earlier local chain, nothing."""
        try:
            run = Run.model_validate_json(path.read_text())
        except (UnicodeDecodeError, ValidationError):
            raise Refusal(
                f"{path} is damaged: restore it. Without it, nobody knows who was granted."
            ) from None
        if run.genesis == self.genesis:
            return run
        if chain.chain_id in LOCAL_CHAINS:
            return None
        raise Refusal(f"{path} is of another chain: check the network.")


# ----- to the chain -----


def carry(
    collection: ContractInstance, run: Run, journal: Journal, sender: AccountAPI
) -> Iterator[tuple[int, int]]:
    """Send what is not there yet; after each batch, how many it granted, and its gas."""
    for number in range(len(run.batches)):
        batch = run.batches[number]
        if batch.done:
            continue
        if batch.signed is None or _is_void(batch, run.sender):
            batch = _signed(collection, batch, sender)
            run = run.with_batch(number, batch)
            journal.keep(run)
        note_signed()
        receipt = _deliver(batch)
        if receipt["status"] != 1:
            # Its nonce is used up: the next run signs anew, if that can help.
            journal.keep(run.with_batch(number, batch.unsigned))
            raise Unfinished(
                f"The chain refused a batch of {len(batch.recipients)} grants ({batch.hash}): "
                "see whether the account may still grant, and give the command again."
            )
        run = run.with_batch(number, batch.model_copy(update={"done": True}))
        journal.keep(run)
        yield len(batch.recipients), receipt["gasUsed"]


def _signed(collection: ContractInstance, batch: Batch, sender: AccountAPI) -> Batch:
    method = collection.grant_many
    transaction = method.as_transaction(batch.recipients, batch.expiry, sender=sender.address)
    signed = sender.sign_transaction(sender.prepare_transaction(transaction))
    if signed is None:
        raise Refusal("The account did not sign.")
    return batch.model_copy(
        update={
            "signed": signed.serialize_transaction().hex(),
            "hash": signed.txn_hash.to_0x_hex(),
            "nonce": signed.nonce,
        }
    )


def _is_void(batch: Batch, sender: str) -> bool:
    """Whether another transaction of the account took its nonce: it can never arrive."""
    count = chain.provider.web3.eth.get_transaction_count(to_checksum_address(sender), "latest")
    if count <= batch.nonce:
        return False
    for _ in range(LOOKS):  # a node may know of the nonce before it knows of the receipt
        if _receipt(batch):
            return False
        time.sleep(POLL)
    return True


def _deliver(batch: Batch) -> Any:
    """The receipt; what was sent before is sent again, which changes nothing."""
    if receipt := _receipt(batch):
        return receipt
    try:
        chain.provider.web3.eth.send_raw_transaction("0x" + batch.signed)
    except Exception as error:  # each node has its own words for one that it knows already
        refused = error
    else:
        refused = None
    deadline = time.monotonic() + (LOOKS * POLL if refused else WAIT)
    while time.monotonic() < deadline:
        if receipt := _receipt(batch):
            return receipt
        if refused and _is_pending(batch):
            refused, deadline = None, time.monotonic() + WAIT
        time.sleep(POLL)
    if refused:
        raise Unfinished(f"The node does not take the transaction: {refused}. Give it again later.")
    raise Unfinished(f"{batch.hash} was sent, and is not mined: give the command again later.")


def _receipt(batch: Batch) -> Any | None:
    try:
        return chain.provider.web3.eth.get_transaction_receipt(batch.hash)
    except TransactionNotFound:
        return None


def _is_pending(batch: Batch) -> bool:
    try:
        return bool(chain.provider.web3.eth.get_transaction(batch.hash))
    except TransactionNotFound:
        return False
