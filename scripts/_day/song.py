"""Alice publishes a song under her name, for holders of a pass."""

from ape.api import AccountAPI

from scripts._day.story import Story
from scripts._lib import cid
from scripts._lib.files import ROOT
from scripts._lib.plan import text32
from scripts._lib.records import plain

SONG = ROOT / "media" / "first-song.wav"
SONG_SLOT = text32("song")  # in which the name publishes it
VALID_PASS = 1  # the gate's kind of term


def publish_song(story: Story) -> None:
    day, alice = story.day, story.alice
    story.gate = story.module("access.gate", "Gate")
    terms = [(VALID_PASS, True, False, story.passes.address, 0, 0)]
    rule = bytes(story.gate.rule_id(terms))
    day.act("song: register the rule", story.gate.register, terms, sender=alice)
    story.media = story.module("access.media", "Media")
    address = cid.of_file(SONG.read_bytes())
    entry = (story.node, SONG_SLOT, cid.binary(address), rule)
    day.act("song: publish", story.media.publish, *entry, sender=alice)
    published = story.media.current(story.node, SONG_SLOT)
    day.check("song: alice.os names the file", address, cid.from_binary(published.cid))
    day.check("song: and its rule", plain(rule), plain(published.rule))
    day.refused(
        "song: a stranger cannot publish under her name",
        "media: not authorised",
        story.media.publish,
        *entry,
        sender=story.stranger,
    )
    day.check("song: it plays for nobody yet", (False, False), heard(story))


def plays_for(story: Story, listener: AccountAPI) -> bool:
    """A gate-keeper, who knows only the name: does it hand out the file that it names?"""
    entry = story.media.current(story.node, SONG_SLOT)
    named = cid.from_binary(entry.cid)
    return named == cid.of_file(SONG.read_bytes()) and story.gate.check(listener, entry.rule)


def heard(story: Story) -> tuple[bool, bool]:
    return plays_for(story, story.fan), plays_for(story, story.stranger)
