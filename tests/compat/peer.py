"""OpenZeppelin's contracts, compiled by their own compiler, and their ABI."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from eth_abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_utils import keccak

from tests.support.solidity import compiled

SOURCES = sorted(Path(__file__).parent.glob("*.sol"))


def artifacts() -> dict[str, Any]:
    return compiled(*SOURCES)


def type_of(argument: dict[str, Any]) -> str:
    """The canonical type, tuples spelled out."""
    if not argument["type"].startswith("tuple"):
        return argument["type"]
    inner = ",".join(type_of(part) for part in argument["components"])
    return f"({inner}){argument['type'][len('tuple') :]}"


def signature_of(entry: dict[str, Any]) -> str:
    return f"{entry['name']}({','.join(type_of(argument) for argument in entry['inputs'])})"


@dataclass
class Abi:
    """One contract's ABI; functions, events and errors by signature."""

    functions: dict[str, dict[str, Any]]
    events: dict[str, dict[str, Any]]
    errors: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, entries: list[dict[str, Any]]) -> "Abi":
        kinds: dict[str, dict[str, Any]] = {"function": {}, "event": {}, "error": {}}
        for entry in entries:
            if entry["type"] in kinds:
                kinds[entry["type"]][signature_of(entry)] = entry
        return cls(*kinds.values())

    def encode_call(self, signature: str, arguments: tuple[Any, ...]) -> bytes:
        types = [type_of(argument) for argument in self.functions[signature]["inputs"]]
        return keccak(text=signature)[:4] + encode(types, list(arguments))

    def decode_answer(self, signature: str, answer: bytes) -> Any:
        types = [type_of(output) for output in self.functions[signature]["outputs"]]
        values = decode(types, answer)
        return values[0] if len(values) == 1 else values

    def error_name(self, data: bytes) -> str:
        """The custom error, or the text of a reason; empty where there is neither."""
        if data[:4] == keccak(text="Error(string)")[:4]:
            return decode(["string"], data[4:])[0]
        for signature, entry in self.errors.items():
            if data[:4] == keccak(text=signature)[:4]:
                return entry["name"]
        return ""

    def event_name(self, topics: list[bytes], data: bytes) -> str:
        """The event that this log is, all its fields decoded; empty where it is none."""
        for signature, entry in self.events.items():
            if topics and topics[0] == keccak(text=signature):
                fields = entry["inputs"]
                indexed = [type_of(field) for field in fields if field["indexed"]]
                plain = [type_of(field) for field in fields if not field["indexed"]]
                try:
                    decode(plain, data)
                except DecodingError:
                    return ""
                return entry["name"] if len(indexed) == len(topics) - 1 else ""
        return ""


@cache
def abi(name: str) -> Abi:
    return Abi.of(artifacts()[name]["abi"])


def init_code(name: str, *arguments: Any) -> bytes:
    made = artifacts()[name]
    constructor = next(entry for entry in made["abi"] if entry["type"] == "constructor")
    types = [type_of(argument) for argument in constructor["inputs"]]
    return bytes.fromhex(made["bytecode"]) + encode(types, list(arguments))
