"""What wallets and markets are told parses, whatever a creator calls the collection."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser

import boa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.access import NO_EXPIRY, Setup, buy, create_collection, deploy_access, pass_id
from tests.support.compiled import deployer
from tests.support.metadata import JSON, opened, pictured, shown

EVIL = [
    b'"},"image":"javascript:alert(1)","x":{"',
    b"</text><script>alert(1)</script>",
    b"</script><img src=x onerror=alert(1)>",
    b"' onload='alert(1)",
    b"\\",
    b'\\"',
    b"]]>&amp;&#x26;&nbsp;<![CDATA[",
    b"<!--<?xml?>-->",
    b"\x00\x01\x08\t\n\r\x1b\x1f\x7f",
    b"\xff\xfe\xc0\xaf\xc1\xbf\xe0\x80\xaf\xf0\x80\x80\xaf",  # overlong
    b"\xed\xa0\x80\xed\xbf\xbf\xf4\x90\x80\x80\xf8\x88",  # surrogates, beyond
    b"\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd",
    "Ünïcödé 蛇 \U0001f40d".encode(),
    "\uf8ff\uffef".encode(),  # private, and close to what is no character
    b"\xe2\x80\xae\xe2\x80",  # cut in the middle
    b"&" * 64,
    b'"' * 64,
]

texts = st.one_of(
    st.sampled_from(EVIL),
    st.binary(max_size=64),
    st.text(max_size=64).map(lambda text: text.encode()[:64]),
    st.lists(st.sampled_from([b'"', b"\\", b"<", b"&", b"\xc3", b"\xa4", b"\n", b"a"])).map(
        lambda pieces: b"".join(pieces)[:64]
    ),
)


@pytest.fixture(scope="module")
def renderer():
    return deployer("PassRenderer").deploy()


@pytest.fixture(scope="module")
def named():
    return deployer("NamedPass").deploy()


class Markup(HTMLParser):
    """What a page sees that pastes a text as it is."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)

    def handle_endtag(self, tag):
        self.found.append(tag)


@example(name=EVIL[1], symbol=EVIL[1][:16], locked=False)
@example(name=EVIL[0], symbol=EVIL[0][:16], locked=False)
@example(name=EVIL[9], symbol=EVIL[10], locked=True)
@example(name=EVIL[8], symbol=EVIL[11], locked=True)
@example(name=EVIL[12], symbol=EVIL[13], locked=True)
@given(name=texts, symbol=texts.map(lambda text: text[:16]), locked=st.booleans())
@settings(max_examples=30)
def test_any_name_parses_as_json_and_svg(renderer, named, name, symbol, locked):
    id, expiry = pass_id(7, 12), 1_900_000_000
    named.describe(name, symbol, id, expiry, locked)
    source = opened(renderer.token_uri(named, id), JSON).decode()
    told = json.loads(source)
    assert told["name"] == f"{shown(name)} #7-12"
    assert told.keys() == {"name", "description", "attributes", "image"}
    assert pictured(told["image"])[:2] == [shown(name), "#7-12"]
    assert told["attributes"][2]["value"] == ("yes" if locked else "no")
    collection_source = opened(renderer.contract_uri(named), JSON).decode()
    told = json.loads(collection_source)
    assert (told["name"], told["symbol"]) == (shown(name), shown(symbol))
    assert told.keys() == {"name", "symbol", "description", "image"}
    assert pictured(told["image"]) == [shown(name), shown(symbol), ""]
    for pasted in (source, collection_source):
        assert Markup(pasted).found == [] and "'" not in pasted


@given(expiry=st.one_of(st.integers(1, 2**34), st.sampled_from([951_782_400, 68_169_600])))
@settings(max_examples=15)
def test_day_of_expiry_is_the_calendars(renderer, named, expiry):
    named.describe(b"Studio", b"STU", 1, expiry, False)
    day = datetime.fromtimestamp(expiry, UTC).strftime("%Y-%m-%d")
    told = json.loads(opened(renderer.token_uri(named, 1), JSON))
    assert told["description"] == f"A pass: until {day} UTC."
    assert pictured(told["image"])[2] == f"until {day} UTC"
    assert told["attributes"][1] == {
        "trait_type": "Expires",
        "display_type": "date",
        "value": expiry,
    }


@pytest.mark.parametrize("id", [1, pass_id(2**16 - 1, 2**32 - 1)])
def test_largest_texts_fit(renderer, named, id):
    named.describe(b"&" * 64, b"<" * 16, id, NO_EXPIRY, True)
    told = json.loads(opened(renderer.token_uri(named, id), JSON))
    assert pictured(told["image"])[2] == "never expires"
    assert told["name"] == "&" * 64 + f" #{id >> 32}-{id % 2**32}"
    named.describe(b"", b"", id, NO_EXPIRY, True)
    assert json.loads(opened(renderer.contract_uri(named), JSON))["name"] == ""


def test_a_pass_tells_it_as_the_renderer_does():
    access = deploy_access()
    owner, buyer = boa.env.generate_address(), boa.env.generate_address()
    collection = create_collection(access, Setup(owner, owner, name='A "B" <C>', base_uri=""))
    boa.env.set_balance(buyer, 10**18)
    id = buy(collection, buyer)
    assert collection.renderer() == access.renderer.address
    assert collection.tokenURI(id) == access.renderer.token_uri(collection, id)
    assert collection.contractURI() == access.renderer.contract_uri(collection)
    told = json.loads(opened(collection.tokenURI(id), JSON))
    assert told["name"] == 'A "B" <C> #1-1'
    with boa.reverts("pass: unknown id"):
        access.renderer.token_uri(collection, id + 1)


def test_a_creators_own_metadata_is_handed_on():
    access = deploy_access()
    owner = boa.env.generate_address()
    collection = create_collection(access, Setup(owner, owner, base_uri="ipfs://x/"))
    id = collection.grant(owner, NO_EXPIRY, sender=owner)
    assert collection.tokenURI(id) == f"ipfs://x/{id}"
    assert collection.contractURI() == "ipfs://x/collection"


def test_implementation_without_a_renderer_reverts():
    with boa.reverts("pass: no renderer"):
        deployer("Pass").deploy(boa.env.generate_address())
