"""What the ABI's decoder refuses, before a line of the contract runs: without a reason."""

from typing import Any, NamedTuple

import boa
from eth_abi import encode
from eth_utils import keccak


class Bound(NamedTuple):
    """A function, and what to call it with when one argument is as long as it may be."""

    contract: str  # field of the world
    name: str
    types: list[str]
    fits: list[Any]
    over: list[Any]  # the same, by one byte or item longer

    def __str__(self) -> str:
        return f"{self.contract}.{self.name}"


def refused_without_a_reason(contract: Any, name: str, types: list[str], values: list[Any]) -> bool:
    data = keccak(text=f"{name}({','.join(types)})")[:4] + encode(types, values)
    return bare(contract, data)


def bare(contract: Any, data: bytes) -> bool:
    """Whether this calldata is refused, and with nothing said."""
    made = boa.env.execute_code(to_address=contract.address, data=data, simulate=True)
    return made.is_error and made.output == b""
