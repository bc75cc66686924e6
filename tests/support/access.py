"""Access: builders for collections and rules, and models of what their page allows."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag
from itertools import pairwise
from types import MappingProxyType
from typing import Any, NamedTuple

import boa
from eth_account.messages import encode_typed_data
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
    referral: int = 0  # basis points
    soulbound: bool = False
    refundable: bool = False


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

    renderer: Any
    implementation: Any
    factory: Any
    gate: Any


def deploy_access() -> Access:
    renderer = deployer("PassRenderer").deploy()
    implementation = deployer("Pass").deploy(renderer)
    factory = deployer("PassFactory").deploy(implementation)
    return Access(renderer, implementation, factory, deployer("Gate").deploy())


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


# ----- signatures -----


class Voucher(NamedTuple):
    recipient: str
    plan: int = 1
    price: int = ETHER // 20
    currency: str = ZERO
    quantity: int = 1
    deadline: int = 2**40
    nonce: int = 0


class AutoRenew(NamedTuple):
    token_id: int
    plan: int
    max_price: int
    currency: str
    window: int = DAY
    until: int = 2**40


VOUCHER = "plan price currency:address quantity recipient:address deadline nonce epoch"
AUTO_RENEW = "tokenId plan maxPrice currency:address window until nonce"


def signed(signer: Any, collection: Any, order: Voucher | AutoRenew, last: int) -> bytes:
    """A key's signature of an order, and of the epoch or nonce that ends its typed data."""
    primary, fields = ("AutoRenew", AUTO_RENEW)
    values = [*order, last]
    if isinstance(order, Voucher):
        primary, fields = ("Voucher", VOUCHER)
        recipient, plan, price, currency, quantity, deadline, nonce = order
        values = [plan, price, currency, quantity, recipient, deadline, nonce, last]
    pairs = [(*field.split(":"), "uint256")[:2] for field in fields.split()]
    chain = boa.env.evm.patch.chain_id
    domain = {"name": "Uraeus Pass", "version": "1", "chainId": chain}
    message = encode_typed_data(
        domain | {"verifyingContract": _address(collection)},
        {primary: [{"name": name, "type": kind} for name, kind in pairs]},
        {name: value for (name, _), value in zip(pairs, values, strict=True)},
    )
    return signer.sign_message(message).signature


def given(voucher: Voucher) -> tuple:
    """As the contract takes it."""
    v = voucher
    return (v.plan, v.price, v.currency, v.quantity, v.recipient, v.deadline, v.nonce)


# ----- rules -----


class Kind(IntFlag):
    VALID_PASS = 1
    ERC20_BALANCE = 2
    ERC721_BALANCE = 4
    ERC1155_BALANCE = 8
    ERC721_OWNER = 16
    NAME_OWNER = 32
    PRIMARY_NAME = 64
    PAST_VOTES = 128
    LISTED = 256
    ALLOW_LIST = 512
    TIME_WINDOW = 1024
    RULE = 2048
    CONDITION = 4096


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


def packed(terms: Sequence[Term], weights: Mapping[bytes, int] = MappingProxyType({})) -> bytes:
    """A rule as the gate hashes it and keeps it; `weights` of the rules that it nests."""
    rule = b""
    for term in terms:
        detail = weights[_word(term.argument)] if term.kind == Kind.RULE else term.detail
        head = int(term.target, 16) | detail << 160 | term.opens << 232
        head |= term.negated << 233 | int(term.kind) << 240
        rule += _word(head) + _word(term.argument)
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


def _word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def _address(contract: Any) -> str:
    return str(getattr(contract, "address", contract))
