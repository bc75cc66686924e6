"""Calls with names instead of addresses, and times as people say them."""

from collections.abc import Mapping
from typing import Any

from eth_abi import decode
from eth_utils import keccak, to_checksum_address
from eth_utils.abi import get_abi_input_types

UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def span(seconds: int) -> str:
    """A time in its two largest units, such as "1 day 6 hours"."""
    parts = []
    for unit, name in UNITS:
        count, seconds = divmod(max(seconds, 0), unit)
        if count:
            parts.append(f"{count} {name}{'s' * (count != 1)}")
    return " ".join(parts[:2]) or "no time"


def away(at: int, now: int) -> str:
    """A moment as seen from now."""
    return f"in {span(at - now)}" if at > now else f"{span(now - at)} ago"


def call(abi: list[dict[str, Any]], calldata: bytes, names: Mapping[str, str]) -> list[str]:
    """A call of one of our contracts, one line each for the function and its arguments."""
    for entry in abi:
        if entry["type"] != "function":
            continue
        types = get_abi_input_types(entry)
        if keccak(text=f"{entry['name']}({','.join(types)})")[:4] == calldata[:4]:
            values = decode(types, calldata[4:])
            given = zip(entry["inputs"], values, strict=True)
            return [
                entry["name"],
                *(line for each, value in given for line in _argument(each, value, names, 1)),
            ]
    return [f"unknown function 0x{calldata[:4].hex()}"]


def _argument(
    input_: dict[str, Any], value: Any, names: Mapping[str, str], depth: int
) -> list[str]:
    indent, name, type_ = "  " * depth, input_["name"], input_["type"]
    if type_.endswith("]"):
        inner = {**input_, "type": type_[: type_.rindex("[")]}
        lines = [f"{indent}{name}: {len(value)}"]
        for number, each in enumerate(value, 1):
            lines += _argument({**inner, "name": f"{name} {number}"}, each, names, depth + 1)
        return lines
    if type_ == "tuple":
        lines = [f"{indent}{name}"]
        for part, each in zip(input_["components"], value, strict=True):
            lines += _argument(part, each, names, depth + 1)
        return lines
    return [f"{indent}{name} = {shown(value, names)}"]


def shown(value: Any, names: Mapping[str, str]) -> str:
    """An address by its name, ASCII keys as text, bytes in hexadecimal."""
    if isinstance(value, str) and value.startswith("0x") and len(value) == 42:
        address = to_checksum_address(value)
        return f"{names[address]} ({address})" if address in names else address
    if isinstance(value, bytes):
        text = value.rstrip(b"\0")
        if len(value) == 32 and text and all(32 < byte < 127 for byte in text):
            return f'"{text.decode()}"'
        found = "0x" + value.hex()
        return f"{names[found]} ({found})" if found in names else found
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
