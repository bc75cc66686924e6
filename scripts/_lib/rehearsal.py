"""Deploy a plan on a chain in memory, to learn which code has to be where, and what it costs.

Constructors depend on nothing but their bytes, so the code there, immutables
included, is the code on every chain.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from eth_tester import EthereumTester, PyEVMBackend
from eth_tester.exceptions import TransactionFailed
from eth_utils.abi import function_signature_to_4byte_selector

from scripts._lib import create2
from scripts._lib.plan import Part
from scripts._lib.refusal import Refusal

GAS = 16_777_216  # the most that one transaction may use (EIP-7825)


@dataclass(frozen=True)
class Rehearsed:
    codes: dict[str, bytes]  # by part
    gas: dict[str, int]  # by part that is deployed, and of `claim`
    answer: Callable[[str, str], bytes | None]  # of a part to a view; None: it reverts


class Stage:
    """A chain in memory that has the keyless deployer and nothing else."""

    def __init__(self) -> None:
        self.chain = EthereumTester(PyEVMBackend())
        self.payer = self.chain.get_accounts()[0]
        self.send(create2.SIGNER, value=create2.SIGNER_FUNDS)
        self.chain.send_raw_transaction(create2.CREATION)

    @property
    def now(self) -> int:
        return self.chain.get_block_by_number("pending")["timestamp"]

    def send(self, to: str, data: bytes = b"", value: int = 0) -> dict[str, Any]:
        transaction = {"from": self.payer, "to": to, "data": "0x" + data.hex(), "value": value}
        sent = self.chain.send_transaction({**transaction, "gas": GAS})
        return self.chain.get_transaction_receipt(sent)

    def code(self, address: str) -> bytes:
        return bytes.fromhex(self.chain.get_code(address)[2:])

    def answer(self, address: str, view: str) -> bytes | None:
        data = "0x" + function_signature_to_4byte_selector(f"{view}()").hex()
        try:
            found = self.chain.call({"from": self.payer, "to": address, "data": data, "gas": GAS})
        except TransactionFailed:
            return None
        return bytes.fromhex(found[2:])


def rehearse(parts: Iterable[Part], then: Callable[[Stage, dict[str, bytes]], int]) -> Rehearsed:
    """Deploy the parts; `then` does what comes after, and says its gas."""
    stage, parts = Stage(), list(parts)
    gas = {}
    for part in parts:
        if part.init_code is not None:
            receipt = stage.send(create2.DEPLOYER, create2.SALT + part.init_code)
            gas[part.name] = receipt["gas_used"]
    codes = {part.name: stage.code(part.address) for part in parts}
    for name, code in codes.items():
        if not code:
            raise Refusal(f"The constructor of {name} refuses its arguments: check the settings.")
    addresses = {part.name: part.address for part in parts}
    gas["claim"] = then(stage, codes)
    return Rehearsed(codes, gas, lambda name, view: stage.answer(addresses[name], view))


def codes(parts: Iterable[Part]) -> dict[str, bytes]:
    """The code that each part gets, by name."""
    return rehearse(parts, lambda *_: 0).codes
