"""What is measured: each module plays the same operations in each system that has them."""

from importlib import import_module

from web3 import Web3

from bench.book import Book
from bench.chain import fresh


def played(group: str, web3: Web3) -> Book:
    book = Book()
    with fresh(web3) as chain:
        import_module(f"bench.groups.{group}").play(chain, book)
    return book
