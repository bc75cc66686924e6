"""Alice registers alice.os: an address, an avatar, a primary name; and what names cost."""

from typing import Any

from ape import chain

from scripts._day.story import ETH, YEAR, Story
from scripts._lib import ens_client
from scripts._lib.day import travel
from scripts._lib.refusal import Refusal

LABEL = "alice"
AVATAR = "https://alice.example/portrait.png"


def register_name(story: Story) -> None:
    names, resolver, alice, day = story.names, story.resolver, story.alice, story.day
    story.node = bytes(names.namehash(LABEL))
    if not names.available(LABEL):
        raise Refusal("alice.os is taken on this chain: play the day on a new one.")
    records = [
        resolver.setAddr.encode_input(story.node, alice.address),
        resolver.setText.encode_input(story.node, "avatar", AVATAR),
    ]
    price = story.intent.prices.rates[-1]
    secret = b"only alice knows this".ljust(32)
    wanted = (LABEL, alice.address, YEAR, ETH, records, True, price, secret)
    commitment = names.commitment(wanted, alice.address)
    committed = day.act("name: commit", names.commit, commitment, sender=alice)
    day.refused(
        "name: no reveal in the minute of the commitment",
        "names: commitment too new",
        names.register,
        wanted,
        sender=alice,
        value=price,
    )
    travel(61)
    day.check("name: the price is known", (price, 0), price_of(story, LABEL, committed.timestamp))
    for paid in (price - 1, price + 1):
        refuse_wrong_payment(
            story, f"name: {paid - price:+} wei", names.register, wanted, value=paid
        )
    day.refused(
        "name: nobody else can use the commitment",
        "names: no commitment",
        names.register,
        wanted,
        sender=story.stranger,
        value=price,
    )
    receipt = day.act("name: register", names.register, wanted, sender=alice, value=price)
    story.name_price = price
    day.received("name: the price arrived", price, names.address, receipt)
    day.check("name: alice owns it", alice.address, names.owner(story.node))
    token = int.from_bytes(story.node, "big")
    day.check("name: as a token, too", alice.address, names.ownerOf(token))
    day.check("name: it resolves to her", alice.address, resolver.addr(story.node))
    day.check("name: it has her avatar", AVATAR, resolver.text(story.node, "avatar"))
    reverse = story.suite["ReverseResolver"]
    primary = reverse.name(reverse.node(alice))
    day.check("name: it is her primary name", f"{LABEL}.{story.intent.top_level}", primary)
    day.check("name: nobody can register it again", False, names.available(LABEL))
    full = f"{LABEL}.{story.intent.top_level}"
    client = ens_client.ready(
        chain.provider.web3, names.address, story.suite["UniversalResolver"].address
    )
    day.check("name: web3.py's own client finds her", alice.address, client.address(full))
    day.check("name: and her avatar", AVATAR, client.get_text(full, "avatar"))
    day.check("name: and her primary name", full, client.name(alice.address))


def price_of(story: Story, label: str, committed_at: int, **block: int) -> tuple[int, int]:
    return tuple(story.names.registration_price(label, YEAR, committed_at, **block))


def refuse_wrong_payment(story: Story, what: str, method: Any, *arguments: Any, value: int) -> None:
    story.day.refused(
        f"{what} is refused",
        "names: wrong payment",
        method,
        *arguments,
        sender=story.alice,
        value=value,
    )
