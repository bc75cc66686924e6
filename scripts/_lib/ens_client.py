"""web3.py's own ENS client, for a deployment of ours.

web3.py knows one registry and one universal resolver, those of Ethereum; here both are
named. Whatever is asked of it is normalised (ENSIP-15) before anything is hashed.
"""

from pathlib import Path
from typing import cast

from ens import ENS
from eth_utils import to_checksum_address
from web3 import Web3

from scripts._lib.records import DEPLOYMENTS, Folder
from scripts._lib.refusal import Refusal


def ready(web3: Web3, names: str, universal: str) -> ENS:
    """A client that asks this registry, and this universal resolver."""
    for what, address in (("registry", names), ("universal resolver", universal)):
        if not web3.eth.get_code(to_checksum_address(address)):
            raise Refusal(f"There is no code at {address}, the {what}: is it the right chain?")
    client = ENS.from_web3(web3, to_checksum_address(names))
    ours = web3.eth.contract(
        abi=client._universal_resolver.abi, address=to_checksum_address(universal)
    )
    client._universal_resolver = cast("type", ours)
    return client


def recorded(web3: Web3, root: Path = DEPLOYMENTS) -> ENS:
    """A client for the deployment that is recorded for the chain of this connection."""
    genesis = web3.eth.get_block(0)["hash"].to_0x_hex()
    book = Folder(web3.eth.chain_id, genesis, root).book()
    if book is None:
        raise Refusal(f"No deployment is recorded for chain {web3.eth.chain_id}.")
    return ready(web3, book.contracts["Names"], book.contracts["UniversalResolver"])
