"""Alice opens a DAO for her studio, with three members."""

from scripts._day.story import SALT, Story
from scripts._lib import contracts, daos
from scripts._lib.daos import Opening
from scripts._lib.intent import DAY, HOUR, Dao
from scripts._lib.plan import text32

NOTICE, LONGER_NOTICE = DAY, 3 * DAY  # of the studio's namespace


def open_studio(story: Story) -> None:
    day, alice = story.day, story.alice
    dao = Dao.model_validate(
        {
            "token": {
                "name": "Alice's studio",
                "symbol": "STUDIO",
                "cap": "100",
                "holders": {
                    alice.address: "40",
                    story.bob.address: "30",
                    story.carol.address: "30",
                },
            },
            "governance": {
                "name": "Alice's studio",
                "voting_delay": HOUR,
                "voting_period": DAY,
                "timelock_delay": DAY,
                "threshold": "10",
                "quorum": 40,
                "late_extension": HOUR,
            },
        }
    )
    factory = story.module("governance.dao_factory", "DaoFactory")
    opening = Opening(
        factory.address, story.kernel.address, alice.address, text32("studio"), dao, NOTICE
    )
    story.studio, story.studio_claim = opening.plan, opening.claim
    setup, token, salt = opening.arguments()
    made = [opening.namespace, *(part.address for part in story.studio.parts.values())]
    said = list(factory.predict(alice, setup, token, salt))
    day.check("studio: its addresses are known before", made, [bytes(said[0]), *said[1:]])
    day.act("studio: create", factory.create, setup, token, salt, sender=alice)
    day.note("studio", daos.checks(opening))
    row = factory.page(factory.count() - 1, 1)[0]
    day.check("studio: the factory lists it", opening.namespace, bytes(row.namespace))
    day.refused(
        "studio: the salt is good once",
        "dao factory: salt was used",
        factory.create,
        setup,
        token,
        salt,
        sender=alice,
    )
    token = contracts.of(story.studio.parts["VotesToken"])
    for name, member in story.members.items():
        story.delegate("studio", token, name, member)
        shares = dao.token.holders[member.address]
        day.check(f"studio: {name} has votes", shares, token.getVotes(member))
    day.refused(
        "studio: alice alone no longer rules it",
        "kernel: not owner",
        story.kernel.set_notice,
        opening.namespace,
        LONGER_NOTICE,
        SALT,
        sender=alice,
    )
