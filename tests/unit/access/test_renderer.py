"""What a renderer writes for chosen texts, numbers and days; any others: tests/property."""

import json
from datetime import UTC, datetime

import pytest

from tests.support.access import NO_EXPIRY, pass_id
from tests.support.compiled import deployer
from tests.support.metadata import JSON, SVG, opened, pictured, shown

EXPIRY = 1_900_000_000
ID = pass_id(7, 12)

BOUNDARIES = [  # of RFC 3629, and of what XML has
    b"\x00\x1f\x20\x7e\x7f\x80\xbf\xc0\x80\xc1\xbf\xc2\x80\xdf\xbf",
    b"\xe0\x9f\xbf\xe0\xa0\x80\xec\xbf\xbf\xed\x9f\xbf\xed\xa0\x80\xee\x80\x80",
    b"\xef\xbe\xbe\xef\xbf\xbd\xef\xbf\xbe\xef\xbf\xbf\xee\xbf\xbf\xef\xbb\xbe",
    b"\xf0\x8f\xbf\xbf\xf0\x90\x80\x80\xf3\xbf\xbf\xbf\xf4\x8f\xbf\xbf\xf4\x90\x80\x80\xf5\x80\x80\x80",
    b"\xc2A\xe1\x80A\xe1A\x80\xf1\x80\x80A\xf1\x80A\x80\xf1A\x80\x80\xc3\xc0\xc0",
    b"\xe1\xc0\x80\xf1\x80\xc0\x80\xf1\x80\x80\xc0\xe1\x80\x7f",
    b"a\xf1\x80\x80",
    b"a\xe1\x80",
    b"a\xc2",
    "Ä€\U0001f40d".encode(),
]
MARKUP = b"\"&'<>\\/`=%#!(*,./;:?@[]^{|}"


@pytest.fixture(scope="module")
def renderer():
    return deployer("PassRenderer").deploy()


@pytest.fixture(scope="module")
def named():
    return deployer("NamedPass").deploy()


def told(renderer, named, name=b"Studio", id=ID, expiry=EXPIRY, locked=False):
    named.describe(name, b"STU", id, expiry, locked)
    return json.loads(opened(renderer.token_uri(named, id), JSON))


@pytest.mark.parametrize("name", [*BOUNDARIES, MARKUP])
def test_name_is_shown_by_the_rules_of_its_encoding(renderer, named, name):
    seen = told(renderer, named, name)
    assert seen["name"] == f"{shown(name)} #7-12"
    assert pictured(seen["image"])[:2] == [shown(name), "#7-12"]


@pytest.mark.parametrize("size", range(65))
def test_text_of_every_length_is_whole(renderer, named, size):
    name = bytes(97 + i % 26 for i in range(size))
    assert told(renderer, named, name)["name"] == f"{name.decode()} #7-12"


def test_markup_is_written_by_its_number(renderer, named):
    """In JSON as \\u and in SVG as &#: neither is ever itself, in what somebody pastes."""
    named.describe(MARKUP, b"STU", ID, EXPIRY, False)
    source = opened(renderer.token_uri(named, ID), JSON).decode()
    assert source.startswith('{"name":"\\u0022\\u0026\\u0027\\u003c\\u003e\\u005c/`=%#!')
    picture = opened(json.loads(source)["image"], SVG).decode()
    assert ">&#34;&#38;&#39;&#60;&#62;\\/`=%#!" in picture


@pytest.mark.parametrize("size, shrinks", [(18, False), (19, True)])
def test_long_name_shrinks_to_the_width(renderer, named, size, shrinks):
    picture = opened(told(renderer, named, b"n" * size)["image"], SVG).decode()
    assert (' textLength="340" lengthAdjust="spacingAndGlyphs">n' in picture) == shrinks


def test_colour_is_the_collections(renderer, named):
    picture = opened(told(renderer, named)["image"], SVG).decode()
    assert f'fill="hsl({int(named.address, 16) % 360},45%,22%)"' in picture


@pytest.mark.parametrize("time", [
    "1970-01-01", "1970-12-31T23:59:59", "1972-02-28", "1972-02-29T23:59:59", "1972-03-01",
    "1999-12-31T23:59:59", "2000-02-29", "2000-03-01", "2023-04-30", "2024-03-31", "2024-07-01",
    "2024-09-30T23:59:59", "2024-10-01", "2100-02-28T23:59:59", "2100-03-01", "2399-12-31",
    "2400-02-29T23:59:59", "2400-03-01",
])  # fmt: skip
def test_day_of_expiry(renderer, named, time):
    expiry = int(datetime.fromisoformat(time).replace(tzinfo=UTC).timestamp())
    seen = told(renderer, named, expiry=expiry)
    assert seen["description"] == f"A pass: until {time[:10]} UTC."
    assert seen["attributes"][1]["value"] == expiry


@pytest.mark.parametrize("id", [1, pass_id(1, 1), pass_id(2**16 - 1, 2**32 - 1)])
@pytest.mark.parametrize("locked", [False, True])
def test_attributes(renderer, named, id, locked):
    seen = told(renderer, named, id=id, expiry=NO_EXPIRY, locked=locked)
    plan, serial = divmod(id, 2**32)
    assert seen["name"] == f"Studio #{plan}-{serial}"
    assert seen["description"] == "A pass: never expires."
    assert [each["value"] for each in seen["attributes"]] == [
        str(plan),
        NO_EXPIRY,
        "yes" if locked else "no",
    ]


def test_metadata_elsewhere_is_pointed_to(renderer):
    collection = deployer("NamedPass").deploy()
    collection.set_base_uri("ipfs://bafy/")
    assert renderer.token_uri(collection, ID) == f"ipfs://bafy/{ID}"
    assert renderer.contract_uri(collection) == "ipfs://bafy/collection"


def test_collection_shows_its_symbol(renderer, named):
    named.describe(b"<A>", b"&B", ID, EXPIRY, False)
    seen = json.loads(opened(renderer.contract_uri(named), JSON))
    assert (seen["name"], seen["symbol"]) == ("<A>", "&B")
    assert pictured(seen["image"]) == ["<A>", "&B", ""]
