"""A fan buys a pass, hears the song until the pass runs out, and renews it."""

from ape.api import AccountAPI, ReceiptAPI

from scripts._day.shop import LISTENER, PASS_PRICE, PASS_TIME, REFERRAL, ROYALTY
from scripts._day.song import heard, plays_for
from scripts._day.story import ETH, Story
from scripts._lib import contracts
from scripts._lib.day import travel_to
from scripts._lib.intent import HOUR, WEI

REFERRED = PASS_PRICE * REFERRAL // 10_000
RESALE_PRICE = WEI * 8 // 100


def sell_passes(story: Story) -> None:
    day, fan = story.day, story.fan
    for paid in (PASS_PRICE - 1, PASS_PRICE + 1):
        day.refused(
            f"pass: {paid - PASS_PRICE:+} wei is refused",
            "pass: not the price",
            story.passes.mint,
            fan,
            LISTENER,
            PASS_PRICE,
            sender=fan,
            value=paid,
        )
    bought = _buy(story, "the fan", fan, referrer=story.bob.address)
    day.check("pass: bob, who brought her, has his share", REFERRED, _credit(story, story.bob))
    expiry = story.passes.expiresAt(story.passes.active(fan))
    day.check("pass: it lasts 30 days", PASS_TIME, expiry - bought.timestamp)
    day.check("pass: it plays for the fan, not for a stranger", (True, False), heard(story))
    _resell(story)
    travel_to(expiry - HOUR)
    day.check("pass: it still plays in the last hour", (True, False), heard(story))
    travel_to(expiry)
    day.check("pass: it no longer plays after the end", (False, False), heard(story))


def _buy(story: Story, who: str, buyer: AccountAPI, referrer: str = contracts.NO_ONE) -> ReceiptAPI:
    terms = (buyer, LISTENER, PASS_PRICE, referrer)
    mint = story.passes.mint
    receipt = story.day.act(f"pass: mint for {who}", mint, *terms, sender=buyer, value=PASS_PRICE)
    took(story, who, PASS_PRICE, receipt)
    return receipt


def took(story: Story, who: str, price: int, receipt: ReceiptAPI) -> None:
    """The collection took this price in this transaction, and nothing else."""
    passes = story.passes.address
    story.day.received(f"pass: the price of {who} arrived", price, passes, receipt)
    story.revenue.paid[who] = price


def _credit(story: Story, referrer: AccountAPI) -> int:
    return story.passes.credit(referrer, ETH)


def _resell(story: Story) -> None:
    """A second-hand sale, as a market settles it: the royalty goes to the split."""
    day, seller, buyer = story.day, story.collector, story.second_hand
    _buy(story, "a collector", seller)
    day.check("pass: nobody brought the collector", REFERRED, _credit(story, story.bob))
    token = story.passes.active(seller)
    receiver, royalty = story.passes.royaltyInfo(token, RESALE_PRICE)
    due = RESALE_PRICE * ROYALTY // 10_000
    day.check("resale: its royalty", (story.split.address, due), (receiver, royalty))
    buyer.transfer(receiver, royalty)
    story.revenue.paid["royalty of a resale"] = due
    buyer.transfer(seller, RESALE_PRICE - royalty)
    transfer = story.passes.transferFrom
    day.act("resale: transfer", transfer, seller, buyer, token, sender=seller)
    moved = plays_for(story, seller), plays_for(story, buyer)
    day.check("resale: the right moved with the pass", (False, True), moved)


def renew_pass(story: Story) -> None:
    """Late: the time that she missed is not hers, and not charged."""
    day, fan, passes = story.day, story.fan, story.passes
    token = passes.active(fan)
    terms = (token, LISTENER, PASS_PRICE)
    day.refused(
        "renewal: a wei less is refused",
        "pass: not the price",
        passes.renew,
        *terms,
        sender=fan,
        value=PASS_PRICE - 1,
    )
    renewed = day.act("pass: renew", passes.renew, *terms, sender=fan, value=PASS_PRICE)
    took(story, "the fan, renewing", PASS_PRICE, renewed)
    left = passes.expiresAt(token) - renewed.timestamp
    day.check("renewal: 30 days from now, not from the old end", PASS_TIME, left)
    held = passes.ownerOf(token), passes.balanceOf(fan)
    day.check("renewal: it is her only pass, as before", (fan.address, 1), held)
    day.check("renewal: it plays for her again", (True, False), heard(story))
