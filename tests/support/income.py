"""Builders for the income suites: a factory, splits, tokens of every kind, recipients."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from math import gcd
from typing import Any

import boa
from eth_utils import keccak, to_canonical_address, to_checksum_address

from tests.support.compiled import deployer

ETH = "0x" + "00" * 20
NO_SALT = b"\0" * 32

# Code that notes with how much gas it was called: a payee, storage 0 = gas(); and a token, of
# which everybody has 1,000, whose transfer notes it 24 gas after it began, and answers true.
NOTES_GAS = bytes.fromhex("5a5f5500")
TOKEN_NOTES_GAS = bytes.fromhex("366044146010576103e85f5260205ff35b5a5f5560015f5260205ff3")


class Mode(IntEnum):
    """What a `Recipient` does when it is paid."""

    ACCEPT = 0
    REFUSE = 1
    BURN = 2
    BOMB = 3
    REENTER = 4
    HUNGRY = 5


class Odd(IntFlag):
    """In what an `OddToken` differs from the standard."""

    NO_ANSWER = 1
    ANSWERS_FALSE = 2


@dataclass(frozen=True)
class Income:
    implementation: Any
    factory: Any


def deploy_income() -> Income:
    implementation = deployer("Splitter").deploy()
    return Income(implementation, deployer("SplitterFactory").deploy(implementation.address))


def split_at(address: str) -> Any:
    """The functions of Splitter at a split; its code is a clone's, as boa would warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return deployer("Splitter").at(address)


def create_split(income: Income, recipients: Sequence[Any], shares: Sequence[int]) -> Any:
    return split_at(income.factory.create(recipients, shares, NO_SALT))


def ascending(accounts: Sequence[Any]) -> list[Any]:
    """Accounts and contracts in the order that the factory asks for."""
    return sorted(accounts, key=lambda account: int(getattr(account, "address", account), 16))


def new_accounts(count: int, wei: int = 0) -> list[str]:
    """Plain accounts in ascending order; with any wei they exist already."""
    accounts = ascending([boa.env.generate_address() for _ in range(count)])
    for account in accounts:
        boa.env.set_balance(account, wei)
    return accounts


def new_recipient(mode: Mode = Mode.ACCEPT) -> Any:
    recipient = deployer("Recipient").deploy()
    recipient.behave(mode)
    return recipient


def new_token(decimals: int = 18) -> Any:
    return deployer("PlainToken").deploy(decimals)


def new_odd_token(odd: int = 0, fee: int = 0) -> Any:
    return deployer("OddToken").deploy(odd, fee)


def receive(split: Any, token: Any, amount: int) -> None:
    """Income arrives: wei for ETH, minted units otherwise."""
    if token == ETH:
        boa.env.set_balance(split.address, boa.env.get_balance(split.address) + amount)
    else:
        token.mint(split, amount)


def refused_split(income: Income) -> tuple[Any, Any]:
    """A split that owes 10 wei of 20 to a contract wallet that refused them, and the wallet."""
    wallet = new_recipient(Mode.REFUSE)
    split = create_split(income, ascending([wallet, *new_accounts(1)]), [1, 1])
    receive(split, ETH, 20)
    split.distribute(ETH)
    assert split.credits(ETH, wallet) == 10
    return split, wallet


def where_done(gases: Iterable[int], function: Any, *args: Any, **options: Any) -> Iterator[int]:
    """Each limit of gas that suffices, its outcome at hand; some must, and some must revert."""
    done = refused = False
    for gas in gases:
        with boa.env.anchor():
            try:
                function(*args, **options, gas=gas)
            except boa.BoaError:
                refused = True
                continue
            done = True
            yield gas
    assert done and refused


def balance(token: Any, account: Any) -> int:
    address = getattr(account, "address", account)
    return boa.env.get_balance(address) if token == ETH else token.balanceOf(address)


def lowest_terms(shares: Sequence[int]) -> list[int]:
    divisor = gcd(*shares)
    return [share // divisor for share in shares]


def split_code(implementation: str, recipients: Sequence[str], shares: Sequence[int]) -> bytes:
    """The code of a split, written down independently of the factory."""
    shares = lowest_terms(shares)
    tail = b"".join(
        to_canonical_address(account) + share.to_bytes(4, "big")
        for account, share in zip(recipients, shares, strict=True)
    )
    tail += sum(shares).to_bytes(3, "big") + len(recipients).to_bytes(1, "big")
    return (
        bytes.fromhex("36600557005b365f5f375f5f5f5f61")
        + len(tail).to_bytes(2, "big")
        + bytes.fromhex("80603b363936015f73")
        + to_canonical_address(implementation)
        + bytes.fromhex("5af43d3d93803e603957fd5bf3")
        + tail
    )


def split_address(
    income: Income, recipients: Sequence[str], shares: Sequence[int], salt: bytes = NO_SALT
) -> str:
    """EIP-1014, written down independently of the factory."""
    code = split_code(income.implementation.address, recipients, shares)
    loader = b"\x61" + len(code).to_bytes(2, "big") + bytes.fromhex("80600a5f395ff3")
    factory = to_canonical_address(income.factory.address)
    return to_checksum_address(keccak(b"\xff" + factory + salt + keccak(loader + code))[12:])
