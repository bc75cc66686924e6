"""The income is divided, and in the end every wei is accounted for."""

from ape import chain

from scripts._day.listeners import REFERRED, RESALE_PRICE
from scripts._day.shop import PASS_PRICE, PASS_TIME, ROYALTY, SHARES
from scripts._day.story import ETH, Story
from scripts._day.votes import SALARY
from scripts._lib.day import gained

TIP = 7  # wei: less than one per share


def divide_income(story: Story) -> None:
    """Anybody may: here the stranger does it all, and gains nothing by it."""
    day, stranger, split = story.day, story.stranger, story.split
    claim = story.passes.claim
    claimed = day.act("income: claim bob's share", claim, story.bob, ETH, sender=stranger)
    day.received("income: bob has his share of the fan", REFERRED, story.bob.address, claimed)
    story.revenue.went["referral to bob"] = gained(story.bob.address, claimed)
    _sweep(story)
    stranger.transfer(split.address, TIP)
    story.revenue.paid["tip of the stranger"] = TIP
    whole = split.balance
    unit, rest = divmod(whole, sum(SHARES.values()))
    paid = day.act("income: distribute", split.distribute, ETH, sender=stranger)
    for name, account in story.partners.items():
        share = day.received(
            f"income: {name} has {SHARES[name]} shares", SHARES[name] * unit, account, paid
        )
        story.revenue.went[f"{SHARES[name]} shares to {name}"] = share
    day.check("income: less than a share each waits in the split", rest, split.balance)


def _sweep(story: Story) -> None:
    """All but what the fan could still have back goes to the split."""
    day, passes, split, stranger = story.day, story.passes, story.split, story.stranger
    fans, resold = passes.active(story.fan), passes.active(story.second_hand)
    expiry = passes.expiresAt(fans)
    settled = day.act("income: settle", passes.settle, [fans, resold], sender=stranger)
    unearned = PASS_PRICE * (expiry - settled.timestamp) // PASS_TIME
    day.check("income: the fan's days to come are not earned yet", unearned, passes.held(ETH))
    story.unearned = unearned
    sales = sum(story.revenue.paid.values()) - royalty()
    earned = sales - unearned - sum(story.revenue.went.values())
    swept = day.act("income: sweep the sales", passes.sweep, ETH, sender=stranger)
    day.received("income: all that is earned reaches the split", earned, split.address, swept)


def royalty() -> int:
    return RESALE_PRICE * ROYALTY // 10_000


def take_stock(story: Story) -> None:
    day, treasury = story.day, story.suite["Timelock"].address
    swept = day.act("names: sweep to the treasury", story.names.sweep, sender=story.stranger)
    income = story.name_price + story.name_price // 2
    day.received("names: all fees reach the treasury", income, treasury, swept)
    went = story.revenue.went
    expected = {
        "system treasury": (income, treasury),
        "studio treasury": (
            went[f"{SHARES['studio']} shares to studio"] - SALARY,
            story.partners["studio"],
        ),
        "passes": (story.unearned, story.passes.address),
        "names": (0, story.names.address),
    }
    for name, (amount, account) in expected.items():
        story.balances[name] = chain.get_balance(account)
        day.check(f"balance: {name}", amount, story.balances[name])
    story.balances["split"] = story.split.balance
    for name, account in story.people.items():
        story.balances[name] = account.balance
    _balance_revenue(story)


def _balance_revenue(story: Story) -> None:
    """What people agreed to pay is what the chain moved, and what it still keeps."""
    revenue = story.revenue
    revenue.went["kept for the fan's days to come"] = story.balances["passes"]
    revenue.went["kept in the split"] = story.balances["split"]
    paid, went = sum(revenue.paid.values()), sum(revenue.went.values())
    story.day.check("revenue: what came in is what went out, to the wei", paid, went)
