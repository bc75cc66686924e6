"""Contracts on the connected chain."""

from ape import chain
from ape.contracts import ContractInstance

from scripts._lib.build import artifact
from scripts._lib.plan import Part

NO_ONE = "0x" + "00" * 20


def at(address: str, name: str) -> ContractInstance:
    """The contract at an address, spoken to by the ABI of a source of ours."""
    return ContractInstance(address, artifact(name).contract_type)


def of(part: Part) -> ContractInstance:
    return ContractInstance(part.address, part.artifact.contract_type)


def code(address: str) -> bytes:
    return bytes(chain.provider.get_code(address))
