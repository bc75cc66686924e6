"""Passes: ERC-721 tokens granted, sold, renewed and moved."""

from collections.abc import Callable
from functools import partial

from bench.book import Book
from bench.chain import Chain, calldata
from bench.contracts import ours, solidity, unlock, vyper
from tests.support.access import ETHER, MONTH, ZERO, Setup, Terms, pass_id

PRICE = ETHER // 10
BATCH = 5
MOVE = "transferFrom(address,address,uint256)"
TERMS = "(address,uint256,uint256,uint256,uint256,uint256,bool,bool)"
SETUP = f"(address,address,uint256,uint256,string,string,string,{TERMS}[])"


def play(chain: Chain, book: Book) -> None:
    deployer = chain.account()
    collection = our_collection(chain, book, deployer)
    grants = ("grant(address,uint256)", "grant_many(address[],uint256)")
    expiry = chain.now + 12 * MONTH

    granted = partial(pass_id, 0)
    minting(chain, book, deployer, "uraeus", collection, *grants, granted, expiry)
    mints = ("mint(address)", "mintMany(address[])")
    for system, name in (
        ("openzeppelin", "PlainPasses"),
        ("solady", "SoladyPasses"),
        ("erc721a", "BatchPasses"),
    ):
        token = chain.deploy(deployer, solidity(name))
        minting(chain, book, deployer, system, token, *mints, int)
    snekmate(chain, book, deployer)
    our_sales(chain, book, collection)
    unlock_sales(chain, book, deployer)


def minting(
    chain: Chain,
    book: Book,
    deployer: str,
    system: str,
    token: str,
    one: str,
    many: str,
    id_of: Callable[[int], int],
    *expiry: int,
) -> None:
    """The first pass goes to somebody else, so that no counter is fresh."""
    first, second, new = (chain.account() for _ in range(3))
    chain.send(deployer, token, one, first, *expiry)
    fresh = chain.send(deployer, token, one, second, *expiry)
    book.note("mint, to a new holder", system, fresh)
    book.note("mint, to a holder", system, chain.send(deployer, token, one, second, *expiry))
    batch = [new] * BATCH
    if system == "erc721a":
        sent = chain.send(deployer, token, "mintMany(address,uint256)", new, BATCH)
    else:
        sent = chain.send(deployer, token, many, batch, *expiry)
    book.note(f"mint {BATCH}, to a new holder", system, sent)
    crowd = [chain.account() for _ in range(10)]
    book.note("mint 10, to ten holders", system, chain.send(deployer, token, many, crowd, *expiry))
    moved = chain.send(second, token, MOVE, second, first, id_of(2))
    book.note("transfer, both hold", system, moved)
    moved = chain.send(new, token, MOVE, new, first, id_of(6))
    book.note("transfer out of a batch, both hold", system, moved)


def snekmate(chain: Chain, book: Book, deployer: str) -> None:
    """It mints one at a time, and asks the receiver."""
    token = chain.deploy(deployer, vyper("SnekPasses"))
    first, second = chain.account(), chain.account()
    mint = "safe_mint(address,string)"
    chain.send(deployer, token, mint, first, "")
    book.note("mint, to a new holder", "snekmate", chain.send(deployer, token, mint, second, ""))
    book.note("mint, to a holder", "snekmate", chain.send(deployer, token, mint, second, ""))
    moved = chain.send(second, token, MOVE, second, first, 1)
    book.note("transfer, both hold", "snekmate", moved)


def our_collection(chain: Chain, book: Book, deployer: str) -> str:
    renderer = chain.deploy(deployer, ours("PassRenderer"))
    implementation = chain.deploy(deployer, ours("Pass"), "address", renderer)
    factory = chain.deploy(deployer, ours("PassFactory"), "address", implementation)
    plans = (tuple(Terms(price=PRICE)),)
    setup = tuple(Setup(deployer, deployer, plans=plans))
    create = (f"create({SETUP},bytes32)", setup, bytes(32))
    collection = chain.ask(factory, create[0], "address", *create[1:], sender=deployer)
    book.note("create a collection", "uraeus", chain.send(deployer, factory, *create))
    return collection


def our_sales(chain: Chain, book: Book, collection: str) -> None:
    first, buyer, new = (chain.account() for _ in range(3))
    mint = "mint(address,uint256,uint256)"
    chain.send(first, collection, mint, first, 1, PRICE, value=PRICE)
    bought = chain.send(buyer, collection, mint, buyer, 1, PRICE, value=PRICE)
    book.note("sell a pass", "uraeus", bought)
    renew = ("renew(uint256,uint256,uint256)", pass_id(1, 2), 1, PRICE)
    book.note("renew a pass", "uraeus", chain.send(buyer, collection, *renew, value=PRICE))
    moved = chain.send(buyer, collection, MOVE, buyer, new, pass_id(1, 2))
    book.note("transfer a valid pass to a new holder", "uraeus", moved)


def unlock_sales(chain: Chain, book: Book, deployer: str) -> None:
    """Unlock as it is deployed: itself and each lock behind OpenZeppelin's transparent proxy."""
    system = deploy_unlock(chain, deployer)
    signature = "initialize(address,uint256,address,uint256,uint256,string)"
    data = calldata(signature, deployer, MONTH, ZERO, PRICE, 2**256 - 1, "Studio")
    create = ("createUpgradeableLockAtVersion(bytes,uint16)", data, 15)
    lock = chain.ask(system, create[0], "address", *create[1:], sender=deployer)
    book.note("create a collection", "unlock", chain.send(deployer, system, *create))

    first, buyer, new = (chain.account() for _ in range(3))
    purchase = "purchase(uint256[],address[],address[],address[],bytes[])"

    def order(account: str) -> tuple[list[int], list[str], list[str], list[str], list[bytes]]:
        return ([PRICE], [account], [ZERO], [ZERO], [b""])

    chain.send(first, lock, purchase, *order(first), value=PRICE)
    bought = chain.send(buyer, lock, purchase, *order(buyer), value=PRICE)
    book.note("sell a pass", "unlock", bought)
    extend = ("extend(uint256,uint256,address,bytes)", PRICE, 2, ZERO, b"")
    book.note("renew a pass", "unlock", chain.send(buyer, lock, *extend, value=PRICE))
    moved = chain.send(buyer, lock, MOVE, buyer, new, 2)
    book.note("transfer a valid pass to a new holder", "unlock", moved)


def deploy_unlock(chain: Chain, deployer: str) -> str:
    code = chain.deploy(deployer, unlock("UnlockV14"))
    # Owned by another, as a transparent proxy does not let its owner's calls through.
    # Set up while it is made: it wants that.
    setup = calldata("initialize(address)", deployer)
    proxy, owner = solidity("TransparentProxy"), chain.account()
    system = chain.deploy(deployer, proxy, "address,address,bytes", code, owner, setup)
    lock = chain.deploy(deployer, unlock("PublicLockV15"))
    chain.send(deployer, system, "addLockTemplate(address,uint16)", lock, 15)
    chain.send(deployer, system, "setLockTemplate(address)", lock)
    return system
