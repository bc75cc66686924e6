"""One anvil that does the same twice: fixed rules, seconds, accounts and addresses."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from eth_abi import decode, encode
from eth_abi.grammar import parse
from eth_account import Account
from eth_utils import keccak, to_checksum_address
from web3 import Web3

from bench.book import Receipt
from tests.support.anvil import running_anvil

HARDFORK = "osaka"
START = 2_000_000_000  # seconds; of each group's first block
DAY = 86_400
RICH = 10**24  # wei
MINED = 20  # seconds of ours that a transaction may take
GAS = 16_000_000  # sent along; below what one transaction may use (EIP-7825)


def calldata(signature: str, *arguments: Any) -> bytes:
    """A call as "name(type,type)" and its arguments."""
    listed = signature[signature.index("(") :]
    types = [] if listed == "()" else [each.to_type_str() for each in parse(listed).components]
    return keccak(text=signature)[:4] + encode(types, arguments)


class Chain:
    """Who sends, when, and from which address is the same in each run of a group."""

    def __init__(self, web3: Web3) -> None:
        self._web3 = web3
        self._accounts = count(1)
        self.now = START

    def rpc(self, method: str, *params: Any) -> Any:
        answer = self._web3.provider.make_request(method, params)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    # ----- accounts -----

    def key(self) -> Any:
        """The next account, with ETH and with no zero byte that would make calldata cheaper."""
        while True:
            key = Account.from_key(keccak(text=f"bench {next(self._accounts)}"))
            if b"\0" not in bytes.fromhex(key.address[2:]):
                self.fund(key.address)
                return key

    def account(self) -> str:
        return self.key().address

    def accounts(self, number: int) -> list[str]:
        """In ascending order."""
        return sorted((self.account() for _ in range(number)), key=lambda each: int(each, 16))

    def fund(self, address: str, wei: int = RICH) -> None:
        self.rpc("anvil_setBalance", address, hex(wei))

    # ----- transactions -----

    def travel(self, second: int) -> None:
        """The next transaction is in this second."""
        assert second > self.now
        self.now = second - 1

    def transact(self, sender: str, data: bytes, to: str | None = None, value: int = 0) -> Any:
        """Each is a block of its own, a second after the last."""
        self.now += 1
        self.rpc("evm_setNextBlockTimestamp", self.now)
        sent = {"from": sender, "data": "0x" + data.hex(), "value": hex(value), "gas": hex(GAS)}
        receipt = self.receipt(self.rpc("eth_sendTransaction", sent | ({"to": to} if to else {})))
        if int(receipt["status"], 16) != 1:
            raise RuntimeError(f"a transaction to {to} reverted: {data[:4].hex()}")
        return receipt

    def receipt(self, transaction: str) -> dict[str, Any]:
        deadline = time.monotonic() + MINED
        while (found := self.rpc("eth_getTransactionReceipt", transaction)) is None:
            if time.monotonic() > deadline:
                raise RuntimeError("anvil did not mine a transaction")
            time.sleep(0.001)
        return found

    def create(
        self, sender: str, code: bytes, types: str = "", *arguments: Any
    ) -> tuple[str, Receipt]:
        """Deploy init code with constructor arguments of "type,type"; the address, the cost."""
        data = code + (calldata(f"({types})", *arguments)[4:] if types else b"")
        made = self.transact(sender, data)
        receipt = Receipt(int(made["gasUsed"], 16), data, made["logs"])
        return to_checksum_address(made["contractAddress"]), receipt

    def deploy(self, sender: str, code: bytes, types: str = "", *arguments: Any) -> str:
        return self.create(sender, code, types, *arguments)[0]

    def send(
        self, sender: str, to: str, signature: str, *arguments: Any, value: int = 0
    ) -> Receipt:
        data = calldata(signature, *arguments) if signature else b""
        receipt = self.transact(sender, data, to, value)
        return Receipt(int(receipt["gasUsed"], 16), data, receipt["logs"])

    # ----- questions -----

    def ask(
        self, to: str, signature: str, answer: str, *arguments: Any, sender: str | None = None
    ) -> Any:
        """What a call of this block's second would return."""
        sent = {"to": to, "data": "0x" + calldata(signature, *arguments).hex()}
        result = self.rpc("eth_call", sent | ({"from": sender} if sender else {}), "latest")
        [value] = decode([answer], bytes.fromhex(result[2:]))
        return to_checksum_address(value) if answer == "address" else value

    def code_hash(self, address: str) -> bytes:
        return keccak(hexstr=self.rpc("eth_getCode", address, "latest"))


@contextmanager
def anvil() -> Iterator[Web3]:
    with running_anvil(HARDFORK) as web3:
        Chain(web3).rpc("anvil_autoImpersonateAccount", True)
        yield web3


@contextmanager
def fresh(web3: Web3) -> Iterator[Chain]:
    """The chain as it was before any group, laid back afterwards."""
    chain = Chain(web3)
    kept = chain.rpc("evm_snapshot")
    yield chain
    chain.rpc("evm_revert", kept)
