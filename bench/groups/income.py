"""Splits: create one, and pay its recipients in ETH and in a token."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.book import Book, Receipt
from bench.chain import Chain
from bench.contracts import ours, solidity, vyper
from tests.support.income import ETH, NO_SALT

COUNTS = (2, 10, 50, 100)
TRANSFER = "transfer(address,uint256)"
UNIT = 10**15  # of each round, for each share
LAST_SHARE = 2
Pay = Callable[[], list[Receipt]]


def play(chain: Chain, book: Book) -> None:
    admin = chain.account()
    token = chain.deploy(admin, vyper("SnekToken"), "address[],uint256", [admin], 10**30)
    implementation = chain.deploy(admin, ours("Splitter"))
    factory = chain.deploy(admin, ours("SplitterFactory"), "address", implementation)
    batch = chain.deploy(admin, vyper("SnekBatch"))
    chain.send(admin, token, "approve(address,uint256)", batch, 2**256 - 1)
    for count in COUNTS:
        recipients = chain.accounts(count)
        shares = [1] * (count - 1) + [LAST_SHARE]
        our_split(chain, book, admin, token, factory, recipients, shares)
        payment_splitter(chain, book, admin, token, recipients, shares)
        batch_distributor(chain, book, admin, token, batch, recipients, shares)


@dataclass(frozen=True)
class Income:
    """What arrives at a split in each round."""

    admin: str
    token: str
    split: str
    count: int
    round: int  # smallest units, or wei


def twice(chain: Chain, book: Book, system: str, income: Income, ether: Pay, tokens: Pay) -> None:
    """The second round is noted: the first is told apart only by slots that were empty."""
    for _ in range(2):
        chain.send(income.admin, income.split, "", value=income.round)
        paid = ether()
    book.note(f"pay {income.count} in ETH", system, *paid)
    for _ in range(2):
        chain.send(income.admin, income.token, TRANSFER, income.split, income.round)
        paid = tokens()
    book.note(f"pay {income.count} in a token", system, *paid)


def our_split(
    chain: Chain,
    book: Book,
    admin: str,
    token: str,
    factory: str,
    recipients: list[str],
    shares: list[int],
) -> None:
    count, round_ = len(recipients), UNIT * sum(shares)
    create = "create(address[],uint32[],bytes32)"
    arguments = (recipients, shares, NO_SALT)
    split = chain.ask(factory, create, "address", *arguments, sender=admin)
    sent = chain.send(admin, factory, create, *arguments)
    book.note(f"create a split of {count}", "uraeus", sent)

    def pay(asset: str) -> Pay:
        return lambda: [chain.send(admin, split, "distribute(address)", asset)]

    income = Income(admin, token, split, count, round_)
    twice(chain, book, "uraeus", income, pay(ETH), pay(token))


def payment_splitter(
    chain: Chain,
    book: Book,
    admin: str,
    token: str,
    recipients: list[str],
    shares: list[int],
) -> None:
    count, round_ = len(recipients), UNIT * sum(shares)
    code, types = solidity("PaymentSplit"), "address[],uint256[]"
    split, created = chain.create(admin, code, types, recipients, shares)
    book.note(f"create a split of {count}", "openzeppelin", created)

    def release(signature: str, *asset: str) -> Pay:
        return lambda: [chain.send(admin, split, signature, *asset, each) for each in recipients]

    income = Income(admin, token, split, count, round_)
    ether, tokens = release("release(address)"), release("release(address,address)", token)
    twice(chain, book, "openzeppelin", income, ether, tokens)


def batch_distributor(
    chain: Chain,
    book: Book,
    admin: str,
    token: str,
    batch: str,
    recipients: list[str],
    shares: list[int],
) -> None:
    count, round_ = len(recipients), UNIT * sum(shares)
    rows = ([(to, UNIT * share) for to, share in zip(recipients, shares, strict=True)],)
    ether = "distribute_ether(((address,uint256)[]))"
    sent = chain.send(admin, batch, ether, rows, value=round_)
    book.note(f"pay {count} in ETH", "snekmate", sent)
    tokens = "distribute_token(address,((address,uint256)[]))"
    sent = chain.send(admin, batch, tokens, token, rows)
    book.note(f"pay {count} in a token", "snekmate", sent)
