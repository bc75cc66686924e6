"""What is asked for: the file upgrade.toml of one upgrade, checked before use."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from eth_utils import is_checksum_address
from pydantic import AfterValidator, Field

from scripts._lib.intent import Strict, load
from scripts._lib.refusal import Refusal

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FILE = "upgrade.toml"
Lookup = Callable[[str], Any]  # what "@Kernel" stands for

TEMPLATE = '''\
# What is to be in force at one key of the kernel. `ape run upgrade check {name}` reads it.

title = {title}
key = "{key}"
contract = "{contract}"
confirm = {confirm}  # true where the new module controls the owner, which then has to confirm it
why = """
Say here what is better afterwards, and for whom. It becomes the proposal's description.
"""

# Of the constructor. Numbers as text; "@Kernel" is the address of that contract,
# "@namespace" the id of the system namespace.
[arguments]
{arguments}

# What differs, and why that is right: copy each line that `check` prints.
[accepts]
'''


def _plain_text(text: str) -> str:
    if not text.isprintable() and any(not (c.isprintable() or c == "\n") for c in text):
        raise ValueError("not printable")
    return text


class Request(Strict):
    title: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_plain_text)]
    key: str
    contract: str
    confirm: bool = False
    why: Annotated[str, Field(min_length=1, max_length=8_000), AfterValidator(_plain_text)]
    arguments: dict[str, Any] = Field(default_factory=dict)
    accepts: dict[str, str] = Field(default_factory=dict)


def checked_name(name: str) -> str:
    if not NAME.fullmatch(name) or len(name) > 40:
        raise Refusal(f"{name} is no name: take small letters, digits and hyphens.")
    return name


def read(path: Path) -> Request:
    if not path.is_file():
        raise Refusal(f"There is no {path.parent.name}/{FILE}: run `ape run upgrade new` first.")
    return load(path, Request)


def arguments(request: Request, inputs: list[dict[str, Any]], look_up: Lookup) -> tuple[Any, ...]:
    """The constructor's arguments, in order and of its types."""
    names = [each["name"] for each in inputs]
    for name in request.arguments.keys() - set(names):
        raise Refusal(f"{request.contract} has no argument {name}: it has {', '.join(names)}.")
    missing = [name for name in names if name not in request.arguments]
    if missing:
        raise Refusal(f"{request.contract} also needs the argument {missing[0]}.")
    return tuple(
        typed(each, request.arguments[each["name"]], each["name"], look_up) for each in inputs
    )


def typed(input_: dict[str, Any], value: Any, where: str, look_up: Lookup) -> Any:
    """A value of a file as the ABI's input has it; a Refusal that says where it is not."""
    type_ = input_["type"]
    if match := re.fullmatch(r"(.+)\[(\d*)\]", type_):
        return _list({**input_, "type": match[1]}, match[2], value, where, look_up)
    if type_ == "tuple":
        return _tuple(input_["components"], value, where, look_up)
    if isinstance(value, str) and value.startswith("@"):
        value = look_up(value[1:])
    found = _simple(type_, value)
    if found is None:
        raise Refusal(f"{where}: {value!r} is not of type {type_}.")
    return found


def _list(inner: dict[str, Any], length: str, value: Any, where: str, look_up: Lookup) -> Any:
    if not isinstance(value, list) or (length and len(value) != int(length)):
        raise Refusal(
            f"{where}: {inner['type']}[{length}] is a list{f' of {length}' * (length != '')}."
        )
    return [typed(inner, each, f"{where}[{i}]", look_up) for i, each in enumerate(value)]


def _tuple(parts: list[dict[str, Any]], value: Any, where: str, look_up: Lookup) -> Any:
    """Of a table with the parts' names, or of a list in their order, as records have it."""
    if isinstance(value, dict) and value.keys() == {part["name"] for part in parts}:
        value = [value[part["name"]] for part in parts]
    if not isinstance(value, list) or len(value) != len(parts):
        names = ", ".join(part["name"] for part in parts)
        raise Refusal(f"{where}: is a table of {names}.")
    return tuple(
        typed(part, each, f"{where}.{part['name']}", look_up)
        for part, each in zip(parts, value, strict=True)
    )


def _simple(type_: str, value: Any) -> Any:
    """None if it is not of this type."""
    found = None
    if type_ == "bool":
        found = value if isinstance(value, bool) else None
    elif type_ == "address":
        found = value if is_checksum_address(value) else None
    elif type_ == "string":
        found = value if isinstance(value, str) else None
    elif match := re.fullmatch(r"(u?)int(\d+)", type_):
        found = _number(value, bool(match[1]), int(match[2]))
    elif match := re.fullmatch(r"bytes(\d*)", type_):
        found = _bytes(value, match[1])
    return found


def _number(value: Any, unsigned: bool, bits: int) -> int | None:
    text = str(value).replace("_", "")
    if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]+", text):
        return None
    number = int(text)
    low, high = (0, 2**bits) if unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1))
    return number if low <= number < high else None


def _bytes(value: Any, size: str) -> bytes | None:
    if isinstance(value, bytes):
        content = value
    elif isinstance(value, str) and re.fullmatch(r"0x([0-9a-fA-F]{2})*", value):
        content = bytes.fromhex(value[2:])
    else:
        return None
    return content if not size or len(content) == int(size) else None
