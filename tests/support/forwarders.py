"""Builders for forwarders: their factory beside a registry of names, and their code."""

import warnings
from dataclasses import dataclass
from typing import Any

from eth_utils import keccak, to_canonical_address, to_checksum_address

from tests.support.compiled import deployer
from tests.support.names import World, deploy_names

NO_SALT = b"\0" * 32
SIZE = 106  # bytes of a forwarder


@dataclass
class Forwarding:
    implementation: Any
    factory: Any
    world: World

    def to_address(self, owner: Any, target: Any, salt: bytes = NO_SALT) -> Any:
        return forwarder_at(self.factory.create(owner, target, salt))

    def to_name(self, node: bytes, fallback: Any, epoch: int | None = None) -> Any:
        """A forwarder to a name, in its present epoch unless told another."""
        epoch = self.world.names.epoch(node) if epoch is None else epoch
        return forwarder_at(self.factory.create_for_name(node, epoch, fallback, NO_SALT))


def deploy_forwarding(world: World | None = None) -> Forwarding:
    world = world or deploy_names()
    implementation = deployer("Forwarder").deploy(world.names.address)
    factory = deployer("ForwarderFactory").deploy(implementation.address)
    return Forwarding(implementation, factory, world)


def forwarder_at(address: str) -> Any:
    """The functions of Forwarder at a clone, as boa would warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return deployer("Forwarder").at(address)


def owned_terms(owner: str, target: str) -> bytes:
    return bytes(12) + to_canonical_address(owner) + bytes(4) + to_canonical_address(target)


def named_terms(node: bytes, epoch: int, fallback: str) -> bytes:
    return node + epoch.to_bytes(4, "big") + to_canonical_address(fallback)


def forwarder_code(implementation: str, terms: bytes) -> bytes:
    """The code of a forwarder, written down independently of the factory."""
    return (
        bytes.fromhex("36600557005b365f5f375f5f365f73")
        + to_canonical_address(implementation)
        + bytes.fromhex("5af43d5f5f3e5f3d91603057fd5bf3")
        + terms
    )


def forwarder_address(forwarding: Forwarding, terms: bytes, salt: bytes = NO_SALT) -> str:
    """EIP-1014, written down independently of the factory."""
    code = forwarder_code(forwarding.implementation.address, terms)
    init_code = bytes.fromhex("606a8060095f395ff3") + code
    factory = to_canonical_address(forwarding.factory.address)
    return to_checksum_address(keccak(b"\xff" + factory + salt + keccak(init_code))[12:])
