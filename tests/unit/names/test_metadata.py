"""What wallets and markets show of a name."""

import json
from urllib.parse import unquote
from xml.etree import ElementTree

import boa
import pytest

from tests.support.names import YEAR, namehash, token

PREFIX = "data:application/json,"
PICTURE = "data:image/svg+xml,"
TEXT = "{http://www.w3.org/2000/svg}text"


def shown(world, node):
    """The name that the JSON gives, the text in its picture, and the text's size."""
    uri = world.names.tokenURI(token(node))
    assert uri.startswith(PREFIX) and uri.isascii() and '"' not in uri and " " not in uri
    content = json.loads(unquote(uri.removeprefix(PREFIX)))
    assert set(content) == {"name", "image"}
    assert content["image"].startswith(PICTURE) and "<" not in content["image"]
    picture = ElementTree.fromstring(unquote(content["image"].removeprefix(PICTURE)))
    [text] = picture.iter(TEXT)
    return content["name"], text.text, int(text.get("font-size"))


def test_token_uri_shows_the_name(world, node):
    assert shown(world, node) == ("alice.os", "alice.os", 56)


@pytest.mark.parametrize("label", ["a", "0", "a-b", "x" * 31, "x" * 32, "x" * 63])
def test_token_uri_of_every_length(world, owner, label):
    name, text, size = shown(world, world.register(label, owner))
    assert name == text == f"{label}.os"
    assert 0.6 * size * len(text) <= 512


@pytest.mark.parametrize("size, shown_at", [(14, 56), (15, 53), (20, 40), (66, 12)])
def test_token_uri_fills_the_picture(world, owner, size, shown_at):
    """800 over the number of characters, at most 56."""
    node = world.register("x" * (size - 3), owner)
    assert shown(world, node)[2] == shown_at


def test_token_uri_of_a_long_name_is_rounded_down(world, node, owner):
    expiry = world.names.info(node).expiry
    for label in ("y" * 63, "z" * 16):
        node = world.names.createSubname(node, label, owner, expiry, sender=owner)
    assert len(world.names.full_name(node)) == 89
    assert shown(world, node)[2] == 8


def test_token_uri_of_a_deep_name(world, node, owner):
    at, name = node, "alice.os"
    expiry = world.names.info(node).expiry
    for _ in range(8):
        label = "y" * 63
        at = world.names.createSubname(at, label, owner, expiry, sender=owner)
        name = f"{label}.{name}"
    assert at == namehash(name)
    assert shown(world, at)[:2] == (name, name)


def test_token_uri_of_what_is_no_token_reverts(world, node):
    for other in (namehash("nobody.os"), namehash("os"), b"\0" * 32):
        with boa.reverts("names: not live"):
            world.names.tokenURI(token(other))
    boa.env.time_travel(seconds=YEAR)
    with boa.reverts("names: not live"):
        world.names.tokenURI(token(node))


def test_full_name_of_what_is_no_name_is_empty(world):
    for other in (namehash("nobody.os"), namehash("os"), namehash("resolver.eth"), b"\0" * 32):
        assert world.names.full_name(other) == ""


def test_tokens_have_a_name(world):
    assert (world.names.name(), world.names.symbol()) == ("Uraeus names", "NAME")
    assert world.names.supportsInterface(bytes.fromhex("5b5e139f"))
