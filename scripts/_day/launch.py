"""The suite is deployed, and belongs to its DAO."""

from scripts._day.story import SALT, Story
from scripts._lib.console import console, suite_table
from scripts._lib.suite import deploy


def launch_system(story: Story) -> None:
    day = story.day
    story.suite = deploy(story.intent, story.deployer, story.records, day.spent)
    console.print(suite_table(story.suite))
    day.note("system", story.suite.checks)
    story.kernel, story.names = story.suite["Kernel"], story.suite["Names"]
    story.resolver = story.suite["Resolver"]
    story.system = story.suite.claim.namespace
    day.refused(
        "the deployer rules nothing",
        "kernel: not owner",
        story.kernel.set_notice,
        story.system,
        2 * story.intent.notice,
        SALT,
        sender=story.deployer,
    )
