"""Allow-lists as OpenZeppelin's StandardMerkleTree makes them over values of type address."""

from collections.abc import Callable, Sequence
from pathlib import Path

from eth_utils import keccak, to_canonical_address

from scripts._lib.files import text_of
from scripts._lib.refusal import Refusal


class AllowList:
    """A Merkle tree over accounts, in the order of OpenZeppelin's: parents before children."""

    def __init__(self, accounts: Sequence[str]) -> None:
        leaves = sorted((_leaf(account), account) for account in accounts)
        last = 2 * len(leaves) - 2
        self.places = {account: last - i for i, (_, account) in enumerate(leaves)}
        self.tree = [b""] * (len(leaves) - 1) + [leaf for leaf, _ in reversed(leaves)]
        for place in reversed(range(len(leaves) - 1)):
            self.tree[place] = _pair(*self.tree[2 * place + 1 : 2 * place + 3])

    @property
    def root(self) -> bytes:
        return self.tree[0]

    def proof(self, account: str) -> list[bytes] | None:
        """That the account is on the list; None if it is not."""
        if account not in self.places:
            return None
        place, proof = self.places[account], []
        while place:
            proof.append(self.tree[place + 1 if place % 2 else place - 1])
            place = (place - 1) // 2
        return proof


def _leaf(account: str) -> bytes:
    return keccak(keccak(to_canonical_address(account).rjust(32, b"\0")))


def _pair(left: bytes, right: bytes) -> bytes:
    return keccak(b"".join(sorted([left, right])))


def lines(path: Path) -> list[tuple[str, str]]:
    """Where and what, of each line that says something; # begins a comment."""
    stripped = [line.partition("#")[0].strip() for line in text_of(path).splitlines()]
    return [(f"{path.name}, line {n}", line) for n, line in enumerate(stripped, 1) if line]


def accounts(path: Path, find: Callable[[str], str]) -> list[str]:
    """The accounts of a file, one a line, by address or name; each once."""
    found: dict[str, str] = {}
    for where, line in lines(path):
        try:
            address = find(line)
        except Refusal as refusal:
            raise Refusal(f"{where}: {refusal.message}") from None
        if address in found:
            raise Refusal(f"{where}: {line} is there before: {found[address]}.")
        found[address] = where
    if not found:
        raise Refusal(f"{path.name} names no account.")
    return list(found)
