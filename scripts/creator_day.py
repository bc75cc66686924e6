"""Play a creator's day through the deployed suite: `ape run creator_day`.

From the launch of the system to its first upgrade by vote, in chapters (scripts/_day).
Every sum is checked to the wei, and every refusal for its reason.
"""

import json
from pathlib import Path

import click

from scripts._day.friends import invite_critic, invite_members
from scripts._day.income import divide_income, take_stock
from scripts._day.launch import launch_system
from scripts._day.listeners import renew_pass, sell_passes
from scripts._day.name import register_name
from scripts._day.shop import open_shop
from scripts._day.song import publish_song
from scripts._day.story import Chapter, Story
from scripts._day.studio import open_studio
from scripts._day.votes import change_by_vote
from scripts._lib import options
from scripts._lib.console import console, day_tables
from scripts._lib.files import write_atomically
from scripts._lib.refusal import Refusal

CHAPTERS: list[tuple[str, Chapter]] = [
    ("The suite is deployed, and belongs to its DAO", launch_system),
    ("Alice registers alice.os", register_name),
    ("She opens a DAO for the studio", open_studio),
    ("She splits her income, and sells passes into the split", open_shop),
    ("She publishes a song under her name, for holders of a pass", publish_song),
    ("A fan, brought by Bob, buys a pass and hears the song until it runs out", sell_passes),
    ("The fan renews it", renew_pass),
    ("Members of the studio pay less", invite_members),
    ("A critic comes by a voucher, and leaves for a refund", invite_critic),
    ("The income is divided", divide_income),
    ("The studio votes; the system upgrades its prices by vote", change_by_vote),
    ("What is left where", take_stock),
]


@click.command(cls=options.Command)
@options.settings
@options.records
@click.option(
    "--json",
    "output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write addresses, gas, balances, revenue and checks there.",
)
def cli(settings: Path | None, records: Path, output: Path | None) -> None:
    """Deploy the suite and play a creator's day, on a local chain."""
    options.quiet()
    if not options.is_local():
        raise Refusal("A creator's day travels in time: play it on a local network.")
    story = Story(options.chosen(settings), records)
    for number, (title, chapter) in enumerate(CHAPTERS, 1):
        story.day.step(number, title)
        chapter(story)
    summary = story.summary()
    console.print(*day_tables(summary))
    if output:
        write_atomically(output, json.dumps(summary, indent=2) + "\n")
