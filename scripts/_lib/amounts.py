"""Amounts as people write them, of ETH and of tokens."""

import re
from dataclasses import dataclass

from ape import chain
from ape.contracts import ContractInstance
from ape.exceptions import ContractLogicError
from ethpm_types import ContractType

from scripts._lib import contracts
from scripts._lib.ending import UNREADABLE
from scripts._lib.refusal import Refusal

SYMBOL_MAX = 16  # characters
AMOUNT = re.compile(r"([0-9]{1,60})(?:\.([0-9]+))?")


def _view(name: str, output: str, *inputs: str) -> dict:
    return {
        "type": "function",
        "name": name,
        "stateMutability": "view",
        "inputs": [{"name": "", "type": given} for given in inputs],
        "outputs": [{"name": "", "type": output}],
    }


ERC20 = ContractType.model_validate(
    {
        "contractName": "ERC20",
        "abi": [
            _view("symbol", "string"),
            _view("decimals", "uint8"),
            _view("balanceOf", "uint256", "address"),
            {
                "type": "function",
                "name": "transfer",
                "stateMutability": "nonpayable",
                "inputs": [
                    {"name": "to", "type": "address"},
                    {"name": "amount", "type": "uint256"},
                ],
                "outputs": [],  # some tokens answer nothing
            },
        ],
    }
)


@dataclass(frozen=True)
class Asset:
    """ETH, which has the zero address, or a token."""

    address: str
    symbol: str
    decimals: int

    @property
    def is_eth(self) -> bool:
        return self.address == contracts.NO_ONE

    @property
    def contract(self) -> ContractInstance:
        return ContractInstance(self.address, ERC20)

    def balance(self, account: str) -> int:
        if self.is_eth:
            return chain.get_balance(account)
        return self.contract.balanceOf(account)

    def read(self, text: str) -> int:
        """Smallest units of an amount with at most as many decimals as the asset has."""
        match = AMOUNT.fullmatch(text)
        if not match:
            raise Refusal(f"{text} is not an amount: write digits, and a point where needed.")
        whole, fraction = match[1], match[2] or ""
        if len(fraction) > self.decimals:
            raise Refusal(f"{text} has more than the {self.decimals} decimals of {self.symbol}.")
        amount = int(whole + fraction.ljust(self.decimals, "0"))
        if not 0 < amount < 2**256:
            raise Refusal(f"{text} {self.symbol} cannot be paid.")
        return amount

    def show(self, amount: int) -> str:
        whole, point, fraction = self.plain(amount).partition(".")
        return f"{int(whole):,}{point}{fraction} {self.symbol}"

    def plain(self, amount: int) -> str:
        """As `read` takes it."""
        digits = str(amount).rjust(self.decimals + 1, "0")
        at = len(digits) - self.decimals
        fraction = digits[at:].rstrip("0")
        return f"{digits[:at]}{'.' + fraction if fraction else ''}"


ETH = Asset(contracts.NO_ONE, "ETH", 18)


def asset(address: str | None) -> Asset:
    """The token at an address; ETH where none is named."""
    if address is None or address == contracts.NO_ONE:
        return ETH
    if not contracts.code(address):
        raise Refusal(f"There is no token at {address}: it has no code on this chain.")
    token = ContractInstance(address, ERC20)
    try:
        decimals = token.decimals()
    except (ContractLogicError, *UNREADABLE):
        decimals = 0  # it is optional in ERC-20
    return Asset(address, _symbol(token), decimals)


def _symbol(token: ContractInstance) -> str:
    """What a token calls itself, as far as that is a word, and not the name of ETH."""
    try:
        text = token.symbol()
    except ContractLogicError:
        text = ""
    except UNREADABLE:  # tokens from before ERC-20 was settled answer 32 bytes
        word = contracts.answer(token.address, "symbol") or b""
        text = word.rstrip(b"\0").decode("ascii", "ignore") if len(word) == 32 else ""
    text = text if isinstance(text, str) else ""  # Ape reads an empty answer as 0
    text = "".join(each for each in text if each.isprintable() and each not in "[]\\").strip()
    return text[:SYMBOL_MAX] if text and text.upper() != ETH.symbol else token.address[:8]
