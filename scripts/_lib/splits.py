"""A split on the connected chain: what came, what went, and who is owed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ape.contracts import ContractInstance
from eth_utils import keccak, to_checksum_address

from scripts._lib import contracts
from scripts._lib.amounts import Asset
from scripts._lib.refusal import Refusal

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
    """The split at an address, if it has a split's code and this factory's implementation."""
    code = contracts.code(address)
    implementation = bytes.fromhex(factory.implementation()[2:])
    if len(code) < 59 + 2 * 24 + 4 or code[26:46] != implementation:
        raise Refusal(f"There is no split of this deployment at {address}.")
    return contracts.at(address, "Splitter")


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
