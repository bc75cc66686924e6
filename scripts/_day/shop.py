"""Alice splits her income with a partner and the studio, and sells passes into the split."""

from typing import Any

from scripts._day.story import ETH, SALT, Story
from scripts._lib import contracts
from scripts._lib.intent import DAY, WEI

SHARES = {"alice": 5, "bob": 3, "studio": 2}
PASS_PRICE = WEI // 20
PASS_TIME = 30 * DAY
SUPPLY, LISTENERS = 1_000, 900  # passes: all, and of the first plan
REFERRAL = 1_000  # basis points of the price, for who brings a listener
ROYALTY = 500  # basis points
LISTENER = 1  # the plan


def open_shop(story: Story) -> None:
    day, alice = story.day, story.alice
    partners = {account: SHARES[name] for name, account in story.partners.items()}
    recipients = sorted(partners, key=lambda account: int(account, 16))
    shares = [partners[account] for account in recipients]
    splitters = story.module("income.splitter_factory", "SplitterFactory")
    split = splitters.predict(recipients, shares, SALT)
    day.act("split: create", splitters.create, recipients, shares, SALT, sender=alice)
    story.split = contracts.at(split, "Splitter")
    day.check("split: it has its recipients", [recipients, shares], _split_parts(story))
    day.check("split: its address says so", True, splitters.is_split(recipients, shares, SALT))

    listeners = (ETH, PASS_PRICE, PASS_TIME, LISTENERS, 0, REFERRAL, False, True)
    setup = (alice, split, ROYALTY, SUPPLY, "Alice's listeners", "LISTEN", "", [listeners])
    passes = story.module("access.pass_factory", "PassFactory")
    collection = passes.predict(alice, setup, SALT)
    day.act("passes: create", passes.create, setup, SALT, sender=alice)
    story.passes = contracts.at(collection, "Pass")
    day.check("passes: alice owns the collection", alice.address, story.passes.owner())
    day.check("passes: sales go to the split", split, story.passes.collection().revenue)


def _split_parts(story: Story) -> list[list[Any]]:
    return [list(part) for part in story.split.recipients()]
