"""Tokens that vote: transfer, delegate, permit."""

from typing import Any

from eth_abi import encode
from eth_utils import keccak

from bench.book import Book
from bench.chain import DAY, Chain
from bench.contracts import solidity, vyper
from bench.governance import our_token, peer_token
from tests.support.governance import TOKENS

TRANSFER = "transfer(address,uint256)"
PERMIT = "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)"
FIELDS = "address owner,address spender,uint256 value,uint256 nonce,uint256 deadline"
NEVER = 2**256 - 1
HELD = 1_000 * TOKENS


def play(chain: Chain, book: Book) -> None:
    deployer, holders = chain.account(), [chain.account() for _ in range(4)]
    signer, spender, new = chain.key(), chain.account(), chain.account()
    solady = chain.deploy(deployer, solidity("SoladyVotes"), "address[],uint256", holders, HELD)
    snekmate = chain.deploy(deployer, vyper("SnekToken"), "address[],uint256", holders, HELD)
    voting = {
        "uraeus": our_token(chain, deployer, deployer, holders, HELD),
        "openzeppelin": peer_token(chain, deployer, holders, HELD),
        "solady": solady,
    }
    for system, token in (voting | {"snekmate": snekmate}).items():
        transfer(chain, book, system, token, holders, new)
        approve(chain, book, system, token, holders[0], spender)
        permit(chain, book, system, token, signer, spender)
    for system, token in voting.items():
        delegate(chain, book, system, token, holders)


def transfer(
    chain: Chain, book: Book, system: str, token: str, holders: list[str], new: str
) -> None:
    first, second = holders[:2]
    book.note("transfer to a new holder", system, chain.send(first, token, TRANSFER, new, TOKENS))
    book.note("transfer, both hold", system, chain.send(first, token, TRANSFER, second, TOKENS))


def approve(chain: Chain, book: Book, system: str, token: str, owner: str, spender: str) -> None:
    sent = chain.send(owner, token, "approve(address,uint256)", spender, TOKENS)
    book.note("approve", system, sent)


def delegate(chain: Chain, book: Book, system: str, token: str, holders: list[str]) -> None:
    """To oneself; then votes move between two who have some, a day after they last did."""
    first, second = holders[2:]
    sent = chain.send(first, token, "delegate(address)", first)
    book.note("delegate, first", system, sent)
    chain.send(second, token, "delegate(address)", second)
    chain.send(first, token, TRANSFER, second, TOKENS)
    chain.travel(chain.now + DAY)
    sent = chain.send(first, token, TRANSFER, second, TOKENS)
    book.note("transfer, both delegated", system, sent)


def permit(chain: Chain, book: Book, system: str, token: str, signer: Any, spender: str) -> None:
    """The owner's first, sent by the spender."""
    domain = chain.ask(token, "DOMAIN_SEPARATOR()", "bytes32")
    struct = encode(
        ["bytes32", "address", "address", "uint256", "uint256", "uint256"],
        [keccak(text=f"Permit({FIELDS})"), signer.address, spender, TOKENS, 0, NEVER],
    )
    signed = signer.unsafe_sign_hash(keccak(b"\x19\x01" + domain + keccak(struct)))
    parts = (signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big"))
    arguments = (signer.address, spender, TOKENS, NEVER, *parts)
    book.note("permit, first", system, chain.send(spender, token, PERMIT, *arguments))
