"""The studio votes; the system upgrades a module by vote."""

from scripts._day.name import LABEL, price_of, refuse_wrong_payment
from scripts._day.story import SALT, YEAR, Story
from scripts._day.studio import LONGER_NOTICE
from scripts._lib import contracts, create2
from scripts._lib.ballot import Ballot
from scripts._lib.build import artifact
from scripts._lib.day import now, travel, travel_to
from scripts._lib.intent import WEI
from scripts._lib.plan import entry_id, text32
from scripts._lib.records import code_hash

SALARY = WEI // 100
APPLIED = 8  # the kernel's state of an operation


def change_by_vote(story: Story) -> None:
    _studio_votes(story)
    _system_upgrades(story)


def _studio_votes(story: Story) -> None:
    """A salary out of the treasury, and a longer notice for changes of the studio's code."""
    day, namespace = story.day, story.studio_claim.namespace
    ballot = Ballot(
        "studio",
        contracts.of(story.studio.parts["Governor"]),
        contracts.of(story.studio.parts["Timelock"]),
        story.members,
        story.stranger,
        day,
    )
    notice = story.kernel.set_notice.encode_input(namespace, LONGER_NOTICE, SALT)
    executed = ballot.carry(
        [(story.carol.address, SALARY, b""), (story.kernel.address, 0, notice)],
        "Pay Carol for the recording, and announce changes three days ahead",
    )
    day.received("studio: carol gets her salary", SALARY, story.carol.address, executed)
    found = story.kernel.namespace(namespace).notice
    day.check("studio: its notice is longer", LONGER_NOTICE, found)


def _system_upgrades(story: Story) -> None:
    """Names at half the price: a new pricing module by vote, notice and apply."""
    day, kernel = story.day, story.kernel
    halved = [rate // 2 for rate in story.intent.prices.rates]
    pricing = artifact("NamePricing").init_code_with((halved, story.intent.prices.premium))
    day.spent("upgrade: deploy the new prices", create2.deploy(story.stranger, pricing).gas_used)
    module = create2.address_of(pricing)
    change = (text32("names.pricing"), module, code_hash(contracts.code(module)), 2)
    ballot = Ballot(
        "system",
        story.suite["Governor"],
        story.suite["Timelock"],
        story.voters,
        story.stranger,
        day,
    )
    for name, voter in story.voters.items():
        story.delegate("system", story.suite["VotesToken"], name, voter)
    travel(1)  # votes can propose when the second of their delegation is over
    schedule = kernel.schedule.encode_input(story.system, [change], SALT, False)
    ballot.carry([(kernel.address, 0, schedule)], "Halve the prices of names")

    apply = (story.system, [change], SALT)
    operation = kernel.operation_id(*apply)
    ready = kernel.operation(story.system, operation).ready_at
    day.check("upgrade: the kernel's notice runs", story.intent.notice, ready - now())
    day.refused(
        "upgrade: nobody applies it before",
        "kernel: notice not over",
        kernel.apply,
        *apply,
        sender=story.stranger,
    )
    travel_to(ready)
    applied = day.act("upgrade: apply", kernel.apply, *apply, sender=story.stranger)
    state = kernel.operation(story.system, operation).state
    day.check("upgrade: it is applied", APPLIED, state)
    day.check("upgrade: the kernel names the new module", module, _pricing(story))
    _prices_halved_in(story, applied.block_number)


def _pricing(story: Story) -> str:
    return story.kernel.module(entry_id(story.system, "names.pricing"))


def _prices_halved_in(story: Story, block: int) -> None:
    """Names asks the new module from the very block on in which it was applied."""
    day, names, price = story.day, story.names, story.name_price
    before = price_of(story, "carol", now(), block_id=block - 1)
    after = price_of(story, "carol", now(), block_id=block)
    day.check("upgrade: names cost the old price one block before", (price, 0), before)
    day.check("upgrade: and half of it in the same block", (price // 2, 0), after)
    refuse_wrong_payment(story, "upgrade: the old price", names.renew, LABEL, YEAR, value=price)
    renewed = day.act("name: renew", names.renew, LABEL, YEAR, sender=story.alice, value=price // 2)
    day.received("name: half the price arrived", price // 2, names.address, renewed)
