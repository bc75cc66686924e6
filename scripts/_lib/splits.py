"""A split on the connected chain: what came, what went, and who is owed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ape.contracts import ContractInstance
from eth_utils import keccak, to_checksum_address

from scripts._lib import contracts
from scripts._lib.amounts import Asset
from scripts._lib.refusal import Refusal
from scripts._lib.shares import MAX_RECIPIENTS, MIN_RECIPIENTS

HEAD, ROW, TRAILER = 59, 24, 4  # bytes of a split's code, as SplitterFactory puts it together
DISTRIBUTED = "Distributed(address,uint256)"
CREDITED = "Credited(address,address,uint256)"
CLAIMED = "Claimed(address,address,address,uint256,uint256)"
EVENTS = {"0x" + keccak(text=event).hex(): event for event in (DISTRIBUTED, CREDITED, CLAIMED)}


@dataclass(frozen=True)
class Entry:
    """One event of a split."""

    block: int
    event: str
    token: str
    accounts: tuple[str, ...]
    amounts: tuple[int, ...]  # smallest units


@dataclass
class Account:
    """One recipient and one token. Unit: smallest units."""

    address: str
    share: int
    due: int = 0  # of all rounds
    owed: int = 0
    lost: int = 0  # of a token that was worth less when it was claimed

    @property
    def paid(self) -> int:
        return self.due - self.owed - self.lost


@dataclass
class Sums:
    """What the events say of one token."""

    asset: Asset
    accounts: dict[str, Account]
    total: int
    divided: int = 0
    pending: int = 0
    rounds: list[tuple[int, int]] = field(default_factory=list)  # block, amount


def at(address: str, factory: ContractInstance) -> ContractInstance:
    """The split at an address, if its code is to the byte what this factory makes."""
    code = contracts.code(address)
    implementation = bytes.fromhex(factory.implementation()[2:])
    if not code or code != _code(implementation, code[HEAD:-TRAILER]):
        raise Refusal(f"There is no split of this deployment at {address}.")
    return contracts.at(address, "Splitter")


def _code(implementation: bytes, table: bytes) -> bytes:
    """Of a split with this table; nothing if no split has it."""
    rows = [table[at : at + ROW] for at in range(0, len(table), ROW)]
    shares = [int.from_bytes(row[20:], "big") for row in rows]
    accounts = [row[:20] for row in rows]
    ascending = all(one < other for one, other in pairwise(accounts))
    fits = MIN_RECIPIENTS <= len(rows) <= MAX_RECIPIENTS
    if len(table) % ROW or not fits or not ascending or 0 in shares:
        return b""
    size = (len(table) + TRAILER).to_bytes(2, "big")
    total = (sum(shares) << 8 | len(rows)) & 0xFFFFFFFF
    return (
        bytes.fromhex("36600557005b365f5f375f5f5f5f61") + size
        + bytes.fromhex("80603b363936015f73") + implementation
        + bytes.fromhex("5af43d3d93803e603957fd5bf3") + table + total.to_bytes(TRAILER, "big")
    )  # fmt: skip


def history(split: ContractInstance, first_block: int) -> list[Entry]:
    logs = contracts.logs_since(first_block, {"address": split.address})
    return [_entry(log) for log in logs if "0x" + bytes(log["topics"][0]).hex() in EVENTS]


def _entry(log: Any) -> Entry:
    topic, token, *accounts = (bytes(word) for word in log["topics"])
    data = bytes(log["data"])
    return Entry(
        block=log["blockNumber"],
        event=EVENTS["0x" + topic.hex()],
        token=to_checksum_address(token[12:]),
        accounts=tuple(to_checksum_address(account[12:]) for account in accounts),
        amounts=tuple(int.from_bytes(data[i : i + 32], "big") for i in range(0, len(data), 32)),
    )


def sums(split: ContractInstance, asset: Asset, entries: Iterable[Entry]) -> Sums:
    """One token's past by its events, and its present by the split's views."""
    recipients, shares = split.recipients()
    accounts = {
        account: Account(account, share) for account, share in zip(recipients, shares, strict=True)
    }
    found = Sums(asset, accounts, sum(shares))
    for entry in entries:
        if entry.token != asset.address:
            continue
        if entry.event == DISTRIBUTED:
            [amount] = entry.amounts
            found.divided += amount
            found.rounds.append((entry.block, amount))
            for account in accounts.values():
                account.due += amount // found.total * account.share
        elif entry.event == CLAIMED:
            credit, amount = entry.amounts
            accounts[entry.accounts[0]].lost += credit - amount
    for account in accounts.values():
        account.owed = split.credits(asset.address, account.address)
    found.pending = split.pending(asset.address)
    return found
