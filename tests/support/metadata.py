"""Metadata as wallets read it: JSON and SVG in data URIs, and names as they may be shown."""

import base64
from xml.etree import ElementTree

JSON, SVG = "data:application/json;base64,", "data:image/svg+xml;base64,"
TEXT = "{http://www.w3.org/2000/svg}text"


def opened(uri: str, prefix: str) -> bytes:
    assert uri.startswith(prefix)
    return base64.b64decode(uri.removeprefix(prefix), validate=True)


def pictured(image: str) -> list[str]:
    """The texts of a picture that holds nothing but texts."""
    source = opened(image, SVG)
    root = ElementTree.fromstring(source)
    tags = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert tags == ["svg", "rect", "g", "text", "text", "text"]
    assert all("on" not in name[:2] for element in root.iter() for name in element.attrib)
    return [element.text or "" for element in root.iter(TEXT)]


def shown(data: bytes) -> str:
    """RFC 3629 by Python; what XML has not, and each stray byte, is a question mark."""
    out, at = "", 0
    while at < len(data):
        for size in (1, 2, 3, 4):
            try:
                character = data[at : at + size].decode()
            except UnicodeDecodeError:
                continue
            if len(character) == 1 and character not in "\ufffe\uffff":
                out += " " if ord(character) < 32 or character == "\x7f" else character
                at += size
                break
        else:
            out += "?"
            at += 1
    return out
