"""What people call an address: by the recorded deployment, and by its primary name."""

from functools import cached_property

from ape import chain
from ens import ENS

from scripts._lib import ens_client
from scripts._lib.found import Found


class Known:
    """Names for addresses; an address without one stands for itself."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.names = {address: name for name, address in found.book.contracts.items()}

    @cached_property
    def client(self) -> ENS:
        contracts = self.found.book.contracts
        return ens_client.ready(
            chain.provider.web3, contracts["Names"], contracts["UniversalResolver"]
        )

    def __call__(self, address: str) -> str:
        if address not in self.names:
            self.names[address] = self._primary(address) or address
        return self.names[address]

    def _primary(self, address: str) -> str | None:
        try:
            return self.client.name(address)  # confirmed forwards by the client
        except Exception:  # a resolver that misbehaves names nobody
            return None

    def whole(self, address: str) -> str:
        """With the address, for what is about to be signed."""
        name = self(address)
        return address if name == address else f"{name} ({address})"
