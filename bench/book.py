"""What a run writes down."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Receipt:
    gas: int  # gasUsed
    data: bytes  # calldata
    logs: list[dict[str, Any]]


@dataclass(frozen=True)
class Figure:
    """What one operation cost in one system."""

    operation: str
    system: str  # a key of bench/systems.py
    gas: int  # of all its transactions
    transactions: int
    calldata: int  # of that gas: 4 for a byte that is zero, 16 for any other


@dataclass
class Book:
    figures: list[Figure] = field(default_factory=list)

    def note(self, operation: str, system: str, *receipts: Receipt) -> None:
        figure = Figure(
            operation,
            system,
            sum(receipt.gas for receipt in receipts),
            len(receipts),
            sum(calldata_gas(receipt.data) for receipt in receipts),
        )
        self.figures.append(figure)


def calldata_gas(data: bytes) -> int:
    """EIP-2028."""
    return 16 * len(data) - 12 * data.count(0)
