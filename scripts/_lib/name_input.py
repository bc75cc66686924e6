"""What people type about names, checked before anything is signed.

Every refusal says what is wrong; the contracts would refuse the same, at a price.
"""

import re

from ens.exceptions import InvalidName
from ens.utils import normalize_name
from eth_utils import is_checksum_address, is_hex_address, keccak
from multiformats import CID

from scripts._lib import cid
from scripts._lib.intent import DAY
from scripts._lib.refusal import Refusal

LABEL = re.compile(r"(?!..--)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
DAYS_MIN, DAYS_MAX = 28, 3_650
KEY_MAX, TEXT_MAX = 128, 1_024  # bytes


def labels_of(name: str, top: str) -> list[str]:
    """The labels below the top level, e.g. ["alice"]; a bare label is completed."""
    try:
        normal = normalize_name(name.strip())
    except InvalidName as error:
        raise Refusal(f"{name!r} is no name (ENSIP-15): {error}.") from None
    if not normal:
        raise Refusal("A name is needed, e.g. alice.")
    labels = normal.split(".")
    if labels[-1] == top and len(labels) > 1:
        labels.pop()
    elif len(labels) > 1:
        raise Refusal(f"{normal} does not end in .{top}: write {normal}.{top} if it should.")
    return labels


def second_level(name: str, top: str) -> str:
    """The label of a name that is registered, not made below another."""
    label, *more = labels_of(name, top)
    if more:
        raise Refusal(f"{name} is a sub-name: its parent makes it (see the command subname).")
    return checked_label(label)


def checked_label(label: str) -> str:
    if len(label.encode()) > 63:
        raise Refusal(f"{label} has {len(label.encode())} bytes; at most 63 are allowed.")
    if not LABEL.fullmatch(label):
        raise Refusal(
            f"{label!r} cannot be registered: letters a to z, digits and hyphens only, "
            "no hyphen first, last, or in places 3 and 4 together."
        )
    return label


def node_of(labels: list[str], top: str) -> bytes:
    """EIP-137, of what is normal already."""
    node = bytes(32)
    for label in [top, *reversed(labels)]:
        node = keccak(node + keccak(text=label))
    return node


def seconds(days: int) -> int:
    if not DAYS_MIN <= days <= DAYS_MAX:
        raise Refusal(f"{days} days: a name is paid for {DAYS_MIN} to {DAYS_MAX} days at a time.")
    return days * DAY


def account(text: str) -> str:
    if not is_hex_address(text):
        raise Refusal(f"{text} is no address.")
    if not is_checksum_address(text):
        raise Refusal(f"The checksum of {text} is wrong, or missing: was it mistyped?")
    return text


def text_record(pair: str) -> tuple[str, str]:
    key, equals, text = pair.partition("=")
    if not key or not equals:
        raise Refusal(f"{pair!r}: write a text record as KEY=TEXT.")
    for what, value, most in (("key", key, KEY_MAX), ("text", text, TEXT_MAX)):
        if len(value.encode()) > most:
            raise Refusal(f"The {what} of {key[:40]} has more than {most} bytes.")
    return key, text


def content(text: str) -> bytes:
    """The content hash of a CID, of the kind that all clients read."""
    try:
        found = CID.decode(text.removeprefix("ipfs://"))
    except (ValueError, KeyError, IndexError) as error:
        raise Refusal(f"{text} is no CID: {error}.") from None
    if found.codec.name != "dag-pb" or found.hashfun.name != "sha2-256":
        raise Refusal(
            f"{text} is of the kind {found.codec.name} with {found.hashfun.name}: clients read "
            "dag-pb with sha2-256, which `ipfs add` makes."
        )
    return cid.contenthash(found)
