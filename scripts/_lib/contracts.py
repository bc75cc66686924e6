"""Contracts on the connected chain."""

from pathlib import Path
from typing import Any

from ape import chain
from ape.contracts import ContractInstance
from eth_abi import decode
from eth_abi.exceptions import DecodingError
from eth_tester.exceptions import TransactionFailed
from eth_utils import keccak, to_checksum_address
from eth_utils.abi import function_signature_to_4byte_selector, get_abi_output_types
from web3.exceptions import ContractLogicError, Web3RPCError
from web3.types import EventData

from scripts._lib.build import artifact
from scripts._lib.ending import NODE_ERRORS
from scripts._lib.plan import Part
from scripts._lib.records import Folder

NO_ONE = "0x" + "00" * 20
NO_ANSWER = "no answer"


def at(address: str, name: str) -> ContractInstance:
    """The contract at an address, spoken to by the ABI of a source of ours."""
    return ContractInstance(address, artifact(name).contract_type)


def of(part: Part) -> ContractInstance:
    return ContractInstance(part.address, part.artifact.contract_type)


def folder(root: Path) -> Folder:
    """Where this chain's records are. Of the node itself: ape remembers one id per network."""
    provider = chain.provider
    return Folder(provider.chain_id, provider.get_block(0).hash.to_0x_hex(), root)


def code(address: str) -> bytes:
    return bytes(chain.provider.get_code(address))


def logs(contract: ContractInstance, event: str, start: int, *topics: str | None) -> list[Any]:
    """Its events of one kind since a block, by their indexed words; None for any."""
    [abi] = [each for each in contract.contract_type.events if each.name == event]
    topic = "0x" + keccak(text=abi.selector).hex()
    return logs_since(start, {"address": contract.address, "topics": [topic, *topics]})


def logs_since(start: int, query: dict[str, Any]) -> list[Any]:
    return logs_between(start, chain.provider.web3.eth.block_number, query)


def logs_between(first: int, last: int, query: dict[str, Any]) -> list[Any]:
    """Of these blocks; in pieces where the node refuses so many blocks or logs at once."""
    asked = {**query, "fromBlock": first, "toBlock": last}
    try:
        return list(chain.provider.web3.eth.get_logs(asked))
    except NODE_ERRORS:
        if first >= last:
            raise
        middle = (first + last) // 2
        return logs_between(first, middle, query) + logs_between(middle + 1, last, query)


def answer(address: str, view: str) -> bytes | None:
    """What a view answers, as it stands; None if it reverts."""
    data = "0x" + function_signature_to_4byte_selector(f"{view}()").hex()
    try:
        return bytes(chain.provider.web3.eth.call({"to": address, "data": data}))
    except (ContractLogicError, TransactionFailed, Web3RPCError):
        return None


def read(part: Part, view: str) -> Any:
    """What a view of a part says, or that it says nothing: whatever is there may be asked."""
    [abi] = [
        entry for entry in part.artifact.abi if entry.get("name") == view and not entry["inputs"]
    ]
    types = get_abi_output_types(abi)
    try:
        values = decode(types, answer(part.address, view) or b"")
    except DecodingError:
        return NO_ANSWER
    return to_checksum_address(values[0]) if types == ["address"] else values[0]


def events(
    contract: ContractInstance, event: str, start: int, *topics: str | None
) -> list[EventData]:
    """The same, with their fields by name."""
    [abi] = [each for each in contract.contract_type.events if each.name == event]
    shape = chain.provider.web3.eth.contract(abi=[abi.model_dump(mode="json")])
    return [shape.events[event]().process_log(log) for log in logs(contract, event, start, *topics)]
