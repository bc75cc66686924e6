"""Access: builders for collections and rules, and models of what their page allows."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag
from itertools import pairwise
from typing import Any, NamedTuple

import boa
from eth_utils import keccak

from tests.support.compiled import deployer

DAY = 86_400
MONTH = 30 * DAY
CENTURY = 100 * 365 * DAY
NO_LIMIT = 2**32 - 1
NO_EXPIRY = 2**40 - 1
ETHER = 10**18
ZERO = "0x" + "00" * 20
GRANTS = 0  # the plan of granted passes


class Terms(NamedTuple):
    """A plan. Units: price in the currency's smallest, duration in seconds."""

    currency: str = ZERO
    price: int = ETHER // 10
    duration: int = MONTH
    cap: int = NO_LIMIT
    limit: int = 0


class Setup(NamedTuple):
    owner: str
    revenue: str
    royalty: int = 500  # basis points
    cap: int = NO_LIMIT
    name: str = "Studio"
    symbol: str = "STU"
    base_uri: str = "https://studio.example/p/"
    plans: Sequence[Terms] = (Terms(),)


@dataclass
class Access:
    """The contracts of the subsystem, deployed."""

    implementation: Any
    factory: Any
    gate: Any


def deploy_access() -> Access:
    implementation = deployer("Pass").deploy()
    factory = deployer("PassFactory").deploy(implementation)
    return Access(implementation, factory, deployer("Gate").deploy())


def create_collection(
    access: Access, setup: Setup, salt: bytes = bytes(32), sender: str | None = None
) -> Any:
    """The collection as a Pass."""
    with warnings.catch_warnings():  # boa finds that a clone's code is not the contract's
        warnings.simplefilter("ignore")
        address = access.factory.create(setup, salt, sender=sender or boa.env.eoa)
    return boa.env.lookup_contract(address)


def buy(collection: Any, buyer: str, plan: int = 1, *, to: str | None = None, **kwargs) -> int:
    """Buy at the price of the moment, in ETH."""
    price = collection.plan(plan).terms.price
    kwargs = {"value": price, "sender": buyer, **kwargs}
    return collection.mint(to or buyer, plan, price, **kwargs)


def logged(contract: Any) -> list[tuple]:
    """The last call's events, each as its name and its fields in order."""
    return [(type(log).__name__, *log[1:]) for log in contract.get_logs()]


def pass_id(plan: int, serial: int) -> int:
    """Serials start at 1."""
    return (plan << 32) + serial


def supply(collection: Any) -> int:
    """Passes ever minted; none is burned."""
    seen = collection.collection()
    return seen.granted + sum(collection.plan(n).minted for n in range(1, seen.plans + 1))


# ----- rules -----


class Kind(IntFlag):
    VALID_PASS = 1
    ERC20_BALANCE = 2
    ERC721_BALANCE = 4


class Value(IntFlag):
    NO = 1
    YES = 2
    ERROR = 4


class Term(NamedTuple):
    kind: int
    opens: bool
    negated: bool
    target: str
    detail: int = 0
    argument: int = 0


def pass_term(collection: Any, *, opens: bool = True, negated: bool = False) -> Term:
    return Term(Kind.VALID_PASS, opens, negated, _address(collection))


def erc20_term(token: Any, least: int, *, opens: bool = True, negated: bool = False) -> Term:
    return Term(Kind.ERC20_BALANCE, opens, negated, _address(token), 0, least)


def erc721_term(token: Any, least: int = 1, *, opens: bool = True, negated: bool = False) -> Term:
    return Term(Kind.ERC721_BALANCE, opens, negated, _address(token), 0, least)


def packed(terms: Sequence[Term]) -> bytes:
    """A rule as the gate hashes it and keeps it."""
    rule = b""
    for term in terms:
        head = int(term.target, 16) | term.detail << 160 | term.opens << 232
        head |= term.negated << 233 | int(term.kind) << 240
        rule += head.to_bytes(32, "big") + term.argument.to_bytes(32, "big")
    return rule


def rule_id(terms: Sequence[Term]) -> bytes:
    return keccak(packed(terms))


def judge(values: Sequence[Value], terms: Sequence[Term]) -> Value:
    """A rule's value from its terms' values (negation applied), in three values."""
    starts = [i for i, term in enumerate(terms) if term.opens or i == 0]
    clauses = [_all(values[a:b]) for a, b in pairwise([*starts, len(terms)])]
    if Value.YES in clauses:
        return Value.YES
    return Value.ERROR if Value.ERROR in clauses else Value.NO


def negate(value: Value) -> Value:
    return {Value.YES: Value.NO, Value.NO: Value.YES, Value.ERROR: Value.ERROR}[value]


def answering(word: int, size: int = 32) -> bytes:
    """Runtime code that answers any call with a word, cut or filled with zeros to a size."""
    return (
        b"\x7f" + word.to_bytes(32, "big") + b"\x5f\x52\x63" + size.to_bytes(4, "big") + b"\x5f\xf3"
    )


REVERTING = bytes.fromhex("5f5ffd")
BURNING = bytes.fromhex("fe")
BOMBING = bytes.fromhex("63000100005ffd")  # reverts with 64 KiB


def _all(values: Sequence[Value]) -> Value:
    if Value.ERROR in values:
        return Value.ERROR
    return Value.NO if Value.NO in values else Value.YES


def _address(contract: Any) -> str:
    return str(getattr(contract, "address", contract))
