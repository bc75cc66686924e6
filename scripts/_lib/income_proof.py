"""Thirty-seven recipients with awkward shares through three composed levels, unit by unit.

Each level is a split of 37: the first has the second among its recipients, the second
the third. Every sum is computed from the shares alone, and compared with the chain.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ape.api import AccountAPI
from ape.contracts import ContractInstance
from eth_utils import keccak, to_checksum_address

from scripts._lib import contracts
from scripts._lib.amounts import Asset

SIZE = 37
SALT = keccak(text="income prove")
# Whole numbers without a common divisor that no percentage expresses.
SHARES = [[(7 * i * i + 13 * i + 1 + level) % 8_191 + 1 for i in range(SIZE)] for level in range(3)]
PAYMENTS = [10**18 + 1, 999_999_999_999_999_989, 123_456_789_012_345_678]  # smallest units


@dataclass(frozen=True)
class Level:
    split: ContractInstance
    accounts: list[str]
    shares: list[int]

    @property
    def total(self) -> int:
        return sum(self.shares)


@dataclass(frozen=True)
class Sum:
    """One level and one payment: what the shares say, and what the chain says."""

    level: int
    asset: Asset
    received: int
    expected: list[int]  # of each recipient
    found: list[int]
    remainder: int
    total: int  # of shares

    @property
    def is_right(self) -> bool:
        return (
            self.found == self.expected
            and sum(self.found) + self.remainder == self.received
            and 0 <= self.remainder < self.total
        )


def accounts(level: int, count: int) -> list[str]:
    """Plain accounts that nobody has a key to."""
    seeds = (f"income prove {level} {number}" for number in range(count))
    return [to_checksum_address(keccak(text=seed)[12:]) for seed in seeds]


def make_levels(factory: ContractInstance, sender: AccountAPI) -> list[Level]:
    """The third level first, since addresses commit to their recipients."""
    levels: list[Level] = []
    for level in (2, 1, 0):
        below = [levels[0].split.address] if levels else []
        members = accounts(level, SIZE - len(below)) + below
        pairs = sorted(zip(members, SHARES[level], strict=True), key=lambda pair: int(pair[0], 16))
        addresses, shares = ([pair[side] for pair in pairs] for side in (0, 1))
        factory.create(addresses, shares, SALT, sender=sender)
        split = contracts.at(factory.predict(addresses, shares, SALT), "Splitter")
        [found, terms] = split.recipients()
        if [list(found), list(terms)] != [addresses, shares]:
            raise ValueError("the shares are not in lowest terms")
        levels.insert(0, Level(split, addresses, shares))
    return levels


def rounds(levels: list[Level], asset: Asset, sender: AccountAPI) -> Iterator[Sum]:
    """Pay the first level, and divide all three in turn; for each payment."""
    for payment in PAYMENTS:
        if asset.is_eth:
            sender.transfer(levels[0].split.address, payment)
        else:
            asset.contract.transfer(levels[0].split.address, payment, sender=sender)
        for number, level in enumerate(levels):
            yield _divide(number, level, asset, sender)


def _divide(number: int, level: Level, asset: Asset, sender: AccountAPI) -> Sum:
    received = asset.balance(level.split.address)
    before = [asset.balance(account) for account in level.accounts]
    level.split.distribute(asset.address, sender=sender)
    after = [asset.balance(account) for account in level.accounts]
    units = received // level.total
    return Sum(
        level=number + 1,
        asset=asset,
        received=received,
        expected=[units * share for share in level.shares],
        found=[late - early for early, late in zip(before, after, strict=True)],
        remainder=asset.balance(level.split.address),
        total=level.total,
    )


def whole(levels: list[Level], asset: Asset) -> int:
    """All that the three levels and their recipients have."""
    everyone = {account for level in levels for account in level.accounts}
    everyone.add(levels[0].split.address)
    return sum(asset.balance(account) for account in everyone)
