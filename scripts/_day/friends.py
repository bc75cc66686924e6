"""Members of the studio pay less, by a gate; a critic comes by a voucher, and leaves."""

from ape import chain
from ape.api import AccountAPI

from scripts._day.listeners import took
from scripts._day.shop import LISTENER, PASS_PRICE, PASS_TIME
from scripts._day.song import plays_for
from scripts._day.story import ETH, Story
from scripts._lib import vouchers
from scripts._lib.day import gained, now, travel
from scripts._lib.intent import DAY, WEI

MEMBER_PRICE, MEMBERS = WEI // 50, 20
MEMBER = 2  # the plan
PAST_VOTES = 1 << 7  # the gate's kind of term
NO, YES = 1, 2  # its values
VOTES = 30 * WEI  # of the studio, which make a member

VOUCHER_PRICE = WEI * 3 // 100
VOUCHER_TIME = 7 * DAY
NONCE = 1
STAY = 10 * DAY


# ----- a plan with a gate -----


def invite_members(story: Story) -> None:
    day, passes, carol = story.day, story.passes, story.carol
    rule = _open_plan(story)
    for name, account, value in (
        ("carol is a member", carol, YES),
        ("a fan is none", story.fan, NO),
    ):
        day.check(f"members: the gate says that {name}", [value], _explained(story, account, rule))
    mint = (MEMBER, MEMBER_PRICE)
    pay = {"sender": carol, "value": MEMBER_PRICE}
    day.refused(
        "members: no friend's price for a fan, whoever pays",
        "pass: gate says no",
        passes.mint,
        story.fan,
        *mint,
        **pay,
    )
    bought = day.act("members: mint for carol", passes.mint, carol, *mint, **pay)
    took(story, "carol, a member", MEMBER_PRICE, bought)
    day.check("members: it plays for carol", True, plays_for(story, carol))
    day.refused("members: one each", "pass: limit reached", passes.mint, carol, *mint, **pay)
    day.refused(
        "members: nobody sells a member's pass",
        "pass: soulbound",
        passes.transferFrom,
        carol,
        story.fan,
        passes.active(carol),
        sender=carol,
    )


def _open_plan(story: Story) -> bytes:
    """Made at the full price, gated, and only then cheap: nobody slips in between."""
    day, alice, passes = story.day, story.alice, story.passes
    terms = (ETH, PASS_PRICE, PASS_TIME, MEMBERS, 1, 0, True, False)
    day.act("members: create the plan", passes.create_plan, terms, sender=alice)
    votes = story.studio.parts["VotesToken"].address
    asked = [(PAST_VOTES, True, False, votes, 1, VOTES)]  # those of a second ago: not borrowed
    rule = bytes(story.gate.rule_id(asked))
    day.act("members: register the rule", story.gate.register, asked, sender=alice)
    sale = (MEMBER, 0, 0, story.gate.address, rule)
    day.act("members: put the gate before the plan", passes.set_sale, *sale, sender=alice)
    day.act("members: lower the price", passes.set_price, MEMBER, MEMBER_PRICE, sender=alice)
    return rule


def _explained(story: Story, account: AccountAPI, rule: bytes) -> list[int]:
    return [int(value) for value in story.gate.explain(account, rule)]


# ----- a voucher, and a refund -----


def invite_critic(story: Story) -> None:
    day, passes, critic = story.day, story.passes, story.critic
    voucher = vouchers.Voucher(
        plan=LISTENER,
        price=VOUCHER_PRICE,
        currency=ETH,
        quantity=1,
        recipient=critic.address,
        deadline=now() + VOUCHER_TIME,
        nonce=NONCE,
        epoch=passes.collection().epoch,
    )
    signed = _signed(story, voucher, story.alice)
    pay = {"sender": critic, "value": VOUCHER_PRICE}
    day.refused(
        "voucher: one that the stranger signed is none",
        "pass: bad signature",
        passes.redeem,
        voucher.words,
        _signed(story, voucher, story.stranger),
        **pay,
    )
    cheaper = voucher.model_copy(update={"price": VOUCHER_PRICE - 1})
    day.refused(
        "voucher: a changed one is none",
        "pass: bad signature",
        passes.redeem,
        cheaper.words,
        signed,
        sender=critic,
        value=VOUCHER_PRICE - 1,
    )
    words = voucher.words
    bought = day.act("voucher: redeem", passes.redeem, words, signed, **pay)
    took(story, "the critic, by voucher", VOUCHER_PRICE, bought)
    day.check("voucher: it plays for the critic", True, plays_for(story, critic))
    day.refused(
        "voucher: it is good once", "pass: voucher is void", passes.redeem, words, signed, **pay
    )
    travel(STAY)
    _leave(story, bought.timestamp)


def _signed(story: Story, voucher: vouchers.Voucher, signer: AccountAPI) -> bytes:
    address = story.passes.address
    return vouchers.sign(chain.chain_id, address, voucher, signer).signature_bytes


def _leave(story: Story, since: int) -> None:
    """The critic has the days back that are left, to the second."""
    day, passes, critic = story.day, story.passes, story.critic
    token = passes.active(critic)
    day.refused(
        "refund: not for the stranger", "pass: not owner", passes.refund, token,
        sender=story.stranger,
    )  # fmt: skip
    left = day.act("refund: the critic leaves", passes.refund, token, sender=critic)
    unused = since + PASS_TIME - left.timestamp
    due = VOUCHER_PRICE * unused // PASS_TIME
    day.received("refund: of what is left of the month", -due, passes.address, left)
    paid = gained(critic.address, left) + left.total_fees_paid
    day.check("refund: the critic has it", due, paid)
    story.revenue.went["refund to the critic"] = paid
    day.check("refund: the pass is gone", 0, passes.balanceOf(critic))
    day.check("refund: it no longer plays for the critic", False, plays_for(story, critic))
    day.refused(
        "refund: nothing is left to refund", "pass: unknown id", passes.refund, token,
        sender=critic,
    )  # fmt: skip
