"""A deployment that is there already: its contracts by the address book, names by Names."""

from dataclasses import dataclass
from pathlib import Path

from ape import chain
from ape.contracts import ContractInstance
from ape.exceptions import ContractLogicError
from eth_utils import is_address, is_checksum_formatted_address, keccak, to_checksum_address

from scripts._lib import contracts
from scripts._lib.ending import UNREADABLE
from scripts._lib.records import Book, Folder
from scripts._lib.refusal import Refusal


@dataclass(frozen=True)
class Found:
    folder: Folder
    book: Book

    def __getitem__(self, name: str) -> ContractInstance:
        address = self.book.contracts.get(name)
        if address is None or not contracts.code(address):
            raise Refusal(f"The recorded deployment has no {name}: run `ape run deploy apply`.")
        return contracts.at(address, name)

    @property
    def first_block(self) -> int:
        """Before which there is no split."""
        record = self.folder.record("SplitterFactory")
        return (record and record.block) or 0

    def node(self, name: str) -> bytes:
        """EIP-137, of a name below the top level of this deployment."""
        top = self["Names"].top_label()
        if not name.endswith(f".{top}") or not name.isascii() or name != name.lower():
            raise Refusal(f"{name} is neither an address nor a name that ends in .{top}.")
        node = bytes(32)
        for label in reversed(name.split(".")):
            node = keccak(node + keccak(text=label))
        return node

    def address(self, text: str) -> str:
        """What an address or a name stands for."""
        head, dot, _ = text.partition(".")
        if not dot or is_address(head):  # "0x7099...79C8.os" is not to be taken for the account
            return checked(text)
        node = self.node(text)
        resolver = self["Names"].resolver(node)
        if not contracts.code(resolver):
            raise Refusal(f"{text} is not registered, or has no resolver.")
        try:
            address = contracts.at(resolver, "Resolver").addr(node)
        except (ContractLogicError, *UNREADABLE):  # it may be anybody's
            address = contracts.NO_ONE
        if address == contracts.NO_ONE:
            raise Refusal(f"{text} resolves to no address.")
        return address


def checked(text: str) -> str:
    """An address, which has to be whole."""
    if not is_address(text) or not text.startswith("0x"):
        raise Refusal(f"{text or 'nothing'} is not an address.")
    address = to_checksum_address(text)
    if is_checksum_formatted_address(text) and text != address:
        raise Refusal(f"{text} has a wrong checksum: was it typed?")
    if address == contracts.NO_ONE:
        raise Refusal("The zero address cannot be paid.")
    return address


def find_book(root: Path) -> Found | None:
    """The deployment recorded for the connected chain, if there is one."""
    folder = contracts.folder(root)
    book = folder.book()
    return Found(folder, book) if book else None


def open_book(root: Path) -> Found:
    found = find_book(root)
    if found is None:
        raise Refusal(
            f"There is no deployment on chain {chain.chain_id} in {root.name}/: "
            "run `ape run deploy apply` on this network first."
        )
    return found
