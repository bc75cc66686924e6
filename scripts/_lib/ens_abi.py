"""What Vyper's own ABI cannot say of the names contracts, in ENS's words.

Vyper has no overloading and no declared errors, so the registry's second `Transfer`, the
two answers of `addr`, the second `setAddr` and the universal resolver's errors are
written by hand, and put into every ABI that is published.
"""

from typing import Any

Abi = list[dict[str, Any]]


def _inputs(*pairs: str) -> list[dict[str, Any]]:
    return [dict(zip(("type", "name"), pair.split(), strict=True)) for pair in pairs]


def _error(name: str, *inputs: str) -> dict[str, Any]:
    return {"type": "error", "name": name, "inputs": _inputs(*inputs)}


REGISTRY_TRANSFER = {
    "type": "event",
    "name": "Transfer",
    "anonymous": False,
    "inputs": [
        {"type": "bytes32", "name": "node", "indexed": True},
        {"type": "address", "name": "owner", "indexed": False},
    ],
}
ADDR = {
    "type": "function",
    "name": "addr",
    "stateMutability": "view",
    "inputs": _inputs("bytes32 node"),
    "outputs": [{"type": "address", "name": ""}],
}
SET_COIN = {
    "type": "function",
    "name": "setAddr",
    "stateMutability": "nonpayable",
    "inputs": _inputs("bytes32 node", "uint256 coinType", "bytes a"),
    "outputs": [],
}
UNSUPPORTED = _error("UnsupportedResolverProfile", "bytes4 selector")
ERRORS = [
    _error("ResolverNotFound", "bytes name"),
    _error("ResolverNotContract", "bytes name", "address resolver"),
    UNSUPPORTED,
    _error("ResolverError", "bytes errorData"),
    _error("ReverseAddressMismatch", "string primary", "bytes primaryAddress"),
    _error("DNSDecodingFailed", "bytes dns"),
    _error("HttpError", "uint16 status", "string message"),
]


def _is_addr_of_ethereum(entry: dict[str, Any]) -> bool:
    return entry.get("name") == "addr" and len(entry["inputs"]) == 1


def complete(name: str, abi: Abi) -> Abi:
    """The ABI of a contract, with what its compiler leaves out."""
    match name:
        case "Names":
            return [*abi, REGISTRY_TRANSFER]
        case "Resolver":
            kept = [entry for entry in abi if not _is_addr_of_ethereum(entry)]
            return [*kept, ADDR, SET_COIN, UNSUPPORTED]
        case "ReverseResolver":
            return [*abi, UNSUPPORTED]
        case "UniversalResolver":
            return [*abi, *ERRORS]
    return abi
