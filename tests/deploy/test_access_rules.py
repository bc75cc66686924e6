"""A rule in words: written in a file, registered, checked for ten accounts, each explained."""

from types import SimpleNamespace

import pytest
from ape import accounts, chain

from scripts import access
from scripts._lib import contracts, list_commands
from scripts._lib.allow_lists import AllowList
from scripts._lib.day import travel
from scripts._lib.found import open_book
from scripts._lib.intent import DAY, WEI
from scripts._lib.rule_commands import CANNOT_TELL, KEPT_OUT
from scripts._lib.rules import Kind
from scripts._lib.upgrade.stage import laid_back
from tests.support.commands import ANVIL, EMBEDDED, deployed

pytestmark = [pytest.mark.no_anchor, pytest.mark.anvil]

IN, OUT = "let in: ", "kept out: "
WORDS = "a valid studio pass, or 100 council votes and not on the ban list"
NO_ONE = contracts.NO_ONE
MONTH = 30 * DAY


embedded = pytest.mark.parametrize("world", [EMBEDDED], indirect=True)
both = pytest.mark.parametrize("world", [EMBEDDED, ANVIL], indirect=True)


@pytest.fixture(scope="module")
def world(request, tmp_path_factory):
    """A studio with passes, a council with votes, a ban list, and ten people who differ."""
    folder = tmp_path_factory.mktemp("rules")
    with deployed(access.cli, request.param, folder / "deployments") as commands:
        found = open_book(commands.records)
        people = [accounts.test_accounts.generate_test_account() for _ in range(10)]
        it = SimpleNamespace(commands=commands, found=found, folder=folder)
        it.creator = accounts.test_accounts[0]
        it.who = [person.address for person in people]
        _fund(it, people)
        _sell(it, people)
        _ban(it)
        it.file = folder / "song.toml"
        it.file.write_text(
            f"""
let_in = "a valid studio pass, or 100 votes and not on the ban list"

[pass]
studio = "{it.studio.address}"

[votes]
council = {{ token = "{found["VotesToken"].address}", lag = "1 hour" }}

[list]
ban = {{ id = "0x{it.ban.hex()}" }}
"""
        )
        yield it


@pytest.fixture(autouse=True)
def undone(world):
    """So that no test needs, or bears, what another did."""
    with laid_back():
        yield


def _fund(it, people):
    for person in people:
        it.creator.transfer(person, WEI // 10)


def _sell(it, people):
    """Passes of a month and of a day; votes for some; then two days pass."""
    factory, salt = it.found["PassFactory"], bytes(32)
    plans = [(NO_ONE, 0, time, 1_000, 0, 0, False, False) for time in (MONTH, DAY)]
    setup = (it.creator.address, it.creator.address, 0, 10_000, "Studio", "ST", "", plans)
    address = factory.predict(it.creator, setup, salt)
    factory.create(setup, salt, sender=it.creator)
    it.studio = contracts.at(address, "Pass")
    token = it.found["VotesToken"]
    holder = accounts[token_holder(it)]
    for number, votes in ((2, 100), (3, 100), (4, 99), (5, 100)):
        token.transfer(people[number], votes * WEI, sender=holder)
        if number != 5:  # who has tokens, and lets nobody vote with them
            token.invoke_transaction("delegate", people[number], sender=people[number])
    for number, plan in ((0, 1), (1, 1), (6, 2), (7, 1)):
        it.studio.mint(people[number], plan, 0, sender=people[number])
    token_id = it.studio.active(people[7])
    until = chain.pending_timestamp + 20 * DAY
    it.studio.setUser(token_id, people[8], until, sender=people[7])
    travel(2 * DAY)


def token_holder(it):
    record = it.found.folder.record("VotesToken")
    [holders] = [each.value for each in record.arguments if each.name == "holders"]
    return holders[0]


def _ban(it):
    printed = it.commands.done("list", "create", "ban", "--yes")
    it.ban = bytes.fromhex(printed.split("Its id: 0x")[1].strip())
    banned = [it.who[number] for number in (1, 3, 9)]
    it.commands.done("list", "add", f"0x{it.ban.hex()}", *banned, "--yes")


EXPECTED = [
    "let in: a valid studio pass (yes: it has a valid pass)",
    "let in: a valid studio pass (yes: it has a valid pass)",  # banned, but by its pass
    "let in: 100 council votes (yes: it had 100 URA of 100 URA in votes) "
    "and not on the ban list (yes: it is not on the list)",
    "kept out: a valid studio pass (no: it has no pass); "
    "not on the ban list (no: it is on the list)",
    "kept out: a valid studio pass (no: it has no pass); "
    "100 council votes (no: it had 99 URA of 100 URA in votes)",
    "kept out: a valid studio pass (no: it has no pass); "
    "100 council votes (no: it had 0 URA of 100 URA in votes)",
    "kept out: a valid studio pass (no: its pass expired 1 day ago); "
    "100 council votes (no: it had 0 URA of 100 URA in votes)",
    "kept out: a valid studio pass (no: its pass left it, or lets another in); "
    "100 council votes (no: it had 0 URA of 100 URA in votes)",
    "let in: a valid studio pass (yes: it has a valid pass)",  # who rents it
    "kept out: a valid studio pass (no: it has no pass); "
    "100 council votes (no: it had 0 URA of 100 URA in votes) "
    "and not on the ban list (no: it is on the list)",
]


def check_ten(world, rule):
    found = world.commands.json("rule", "test", rule, *world.who, code=KEPT_OUT)
    answers = found["answers"]
    assert [each["account"] for each in answers] == world.who
    assert [each["because"] for each in answers] == EXPECTED
    assert [each["let_in"] for each in answers] == [it.startswith(IN) for it in EXPECTED]
    gate, id = world.found["Gate"], bytes.fromhex(found["id"][2:])
    return gate, id, answers


@both
def test_from_words_in_a_file_to_ten_answers_explained(world):
    commands = world.commands
    assert commands.json("rule", "show", world.file)["registered"] is False
    check_ten(world, world.file)  # before it is registered
    printed = commands.done("rule", "register", world.file, "--yes")
    assert f"Let in whoever has or is: {WORDS}" in printed
    gate, id, answers = check_ten(world, world.file)
    assert f"Its id: 0x{id.hex()}" in printed
    for account, answer in zip(world.who, answers, strict=True):
        assert gate.check(account, id) == answer["let_in"]
    assert "registered already: nothing was sent" in commands.done("rule", "register", world.file)
    shown = commands.json("rule", "show", world.file)
    assert (shown["registered"], shown["rule"]) == (True, WORDS)
    assert [term["kind"] for term in shown["terms"]] == ["VALID_PASS", "PAST_VOTES", "LISTED"]


@embedded
def test_people_see_the_same(world):
    printed = world.commands.done("rule", "test", world.file, *world.who, code=KEPT_OUT)
    for account, because in zip(world.who, EXPECTED, strict=True):
        assert f"{account}\n  {because}\n" in printed
    assert "4 let in, 6 kept out, 0 kept out because the gate cannot tell" in printed


@embedded
def test_by_its_id_alone(world):
    """What a stranger sees of a rule, whose file somebody else has."""
    world.commands.done("rule", "register", world.file, "--yes")
    id = world.commands.json("rule", "show", world.file)["id"]
    shown = world.commands.json("rule", "show", id)
    assert shown["rule"] == (
        f"a valid {world.studio.address} pass, or 100 VotesToken votes "
        f"and not on the 0x{world.ban.hex()} list"
    )
    found = world.commands.json("rule", "test", id, world.who[2])
    assert found["answers"][0]["let_in"]


@embedded
def test_parentheses_are_rules_of_their_own(world):
    text = world.file.read_text()
    file = world.folder / "strict.toml"
    start, end = text.index("let_in"), text.index("[pass]")
    words = "not (a valid studio pass and 100 council votes) and not (on the ban list)"
    file.write_text(f'{text[:start]}let_in = "{words}"\n{text[end:]}')
    asked = [world.who[number] for number in (0, 2, 3)]
    before = world.commands.json("rule", "test", file, *asked, code=KEPT_OUT)
    printed = world.commands.done("rule", "register", file, "--yes")
    assert printed.count("register 0x") == 2
    found = world.commands.json("rule", "test", file, *asked, code=KEPT_OUT)
    assert found == before
    assert found["rule"] == words.replace("(on the ban list)", "on the ban list")
    assert [each["let_in"] for each in found["answers"]] == [True, True, False]
    first, *_ = found["answers"][0]["terms"]
    assert first["asked"] == "not (a valid studio pass and 100 council votes)"
    assert first["why"].startswith("kept out: 100 council votes (no:")
    outer = world.folder / "outer.toml"
    outer.write_text(f'let_in = "within the base rule"\n[rule]\nbase = "{found["id"]}"\n')
    answers = world.commands.json("rule", "test", outer, *asked, code=KEPT_OUT)["answers"]
    assert [each["let_in"] for each in answers] == [True, True, False]


@embedded
def test_what_the_gate_cannot_tell(world):
    """An allow-list without a proof; a contract that does not answer the question."""
    (world.folder / "friends.txt").write_text(f"# two friends\n{world.who[4]}\n{world.who[5]}\n")
    file = world.folder / "friends.toml"
    file.write_text(
        f"""
let_in = "on the friends allow-list or allowed by the mute condition"
[allow-list]
friends = {{ accounts = "friends.txt" }}
[condition]
mute = {{ contract = "{world.found["List"].address}" }}
"""
    )
    assert AllowList(world.who[4:6]).root.hex() == _argument(world, file, Kind.ALLOW_LIST)
    for _ in range(2):
        found = world.commands.json(
            "rule", "test", file, world.who[4], world.who[6], code=CANNOT_TELL
        )
        friend, other = found["answers"]
        assert friend["because"] == ("let in: on the friends allow-list (yes: its proof is good)")
        assert other["value"] == "cannot tell"
        assert other["because"] == (
            "kept out, because the gate cannot tell: "
            "on the friends allow-list (cannot tell: there is no good proof for it); "
            "allowed by the mute condition (cannot tell: List refuses to answer)"
        )
        world.commands.done("rule", "register", file, "--yes")
    world.commands.done("rule", "test", file, world.who[4])


def _argument(world, file, kind):
    terms = world.commands.json("rule", "show", file)["terms"]
    return next(term["argument"][2:] for term in terms if term["kind"] == kind.name)


@embedded
def test_every_kind_of_term_is_asked_and_explained(world):
    """Contracts of the suite stand in where it has none of a kind: they refuse, and are named."""
    found, who = world.found, world.who
    token, lists = found["VotesToken"].address, found["List"].address
    file = world.folder / "all.toml"
    file.write_text(
        f"""
let_in = '''1.5 council tokens or 2 studio collectibles or 1 sword item
or the owner of the song piece or the owner of the alice name
or a primary name below the alice name or during the past time or during the future time
or not during the future time and 2000000000 council votes'''
[token]
council = "{token}"
[collectible]
studio = "{world.studio.address}"
[item]
sword = {{ contract = "{lists}", id = 7 }}
[piece]
song = {{ contract = "{world.studio.address}", id = {(1 << 32) + 1} }}
[name]
alice = "alice.os"
[votes]
council = {{ token = "{token}" }}
[time]
past = {{ until = 2020-01-01 }}
future = {{ from = 2100-01-01T00:00:00Z }}
""".replace("\nor", ",\nor").replace(" or ", ", or ")
    )
    asked = ("rule", "test", file, who[5], who[0], who[9])
    answers = world.commands.json(*asked, code=CANNOT_TELL)["answers"]
    first, second, third = answers
    assert [each["let_in"] for each in answers] == [True, True, False]
    assert third["because"] == (
        "kept out, because the gate cannot tell: 1 sword item (cannot tell: List refuses to answer)"
    )
    why = [term["why"] for term in first["terms"]]
    assert why[0] == "it has 100 URA of 1.5 URA"
    assert why[1] == "it has 0 of 2"
    assert why[2] == "List refuses to answer"
    assert why[3] == f"{who[0]} owns it"
    assert why[4] == "nobody owns it"
    assert why[5] == "it has no primary name"
    assert why[6].startswith("it ended ") and why[6].endswith(" years ago")
    assert why[7].startswith("it begins in ") and why[8].startswith("it begins in ")
    assert why[9] == "it had 0 URA of 2,000,000,000 URA in votes"
    assert first["let_in"]
    assert second["because"].startswith("let in: the owner of the song piece (yes: it is the own")


@embedded
@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("let_in", "letin", "song.toml: let_in: Field required."),
        ("100 votes", "100 vote and", "is not understood at"),
        ("100 votes", "0 votes", '"0 council votes": everybody has none: ask for more.'),
        ("100 votes", "0.0000000000000000001 votes", "has more than the 18 decimals of URA."),
        ("a valid studio", "a valid shop", 'the file names no pass "shop", but studio.'),
        ("[pass]\nstudio", "[pass]\npass", '"pass" cannot be a name in a rule'),
        ('lag = "1 hour"', 'lag = "soon"', '"soon" is not a duration'),
        ('lag = "1 hour"', "lag = 0", "votes.council.lag"),
        ("[votes]", "[voices]", "voices: Extra inputs are not permitted."),
        ("STUDIO", "0x" + "77" * 20, "there is no contract at 0x7777"),
        ("STUDIO", "nobody.os", "nobody.os is not registered, or has no resolver."),
        ("ban = {", "[", "song.toml is not TOML"),
    ],
)
def test_a_file_that_is_wrong_is_refused_before_anything_is_signed(world, old, new, sentence):
    text = world.file.read_text()
    old = old.replace("STUDIO", world.studio.address)
    assert text.count(old) >= 1
    folder = world.folder / "bad"
    folder.mkdir(exist_ok=True)
    file = folder / "song.toml"
    file.write_text(text.replace(old, new, 1))
    height = chain.blocks.height
    assert sentence in world.commands.refused("rule", "register", file, "--yes")
    assert chain.blocks.height == height


@embedded
def test_other_refusals(world):
    commands = world.commands
    assert "neither a file nor the id" in commands.refused("rule", "test", "none.toml", NO_ONE)
    assert "is registered." in commands.refused("rule", "show", "0x" + "00" * 32)
    assert "Name the accounts" in commands.refused("rule", "test", world.file)
    assert "is not an address" in commands.refused("rule", "test", world.file, "alice")
    file = world.folder / "people.txt"
    file.write_text(f"{world.who[0]}\n\n{world.who[0]}\n")
    sentence = commands.refused("rule", "test", world.file, "--accounts", file)
    assert sentence == f"people.txt, line 3: {world.who[0]} is there before: people.txt, line 1."


@embedded
def test_a_rule_is_registered_by_whom_says_yes(world):
    text = world.file.read_text()
    file = world.folder / "unwanted.toml"
    start, end = text.index("let_in"), text.index("[pass]")
    file.write_text(
        f'{text[:start]}let_in = "not on the ban list and not a valid studio pass"\n{text[end:]}'
    )
    height = chain.blocks.height
    asked = world.commands.call("rule", "register", file, typed="n\n")
    assert asked.exit_code == 1
    assert "Register it, by 1 transaction?" in asked.output
    assert chain.blocks.height == height


@embedded
def test_a_list_is_kept_by_its_owner(world):
    commands, who = world.commands, world.who
    printed = commands.done("list", "create", "press", "--yes")
    id = printed.split("Its id: ")[1].strip()
    assert "nothing was sent" in commands.done("list", "create", "press")
    file = world.folder / "press.txt"
    file.write_text(f"# of the press\n{who[0]}\n{who[1]}\n")
    commands.done("list", "add", id, who[2], "--accounts", file, "--yes")
    assert "nothing was sent" in commands.done("list", "add", id, who[1])
    commands.done("list", "remove", id, who[1], who[5], "--yes")
    shown = commands.json("list", "show", id)
    owner = world.creator.address
    assert shown == {"id": id, "owner": owner, "accounts": [who[2], who[0]]}
    lists, word = world.found["List"], bytes.fromhex(id[2:])
    assert [lists.contains(word, each) for each in who[:3]] == [True, False, True]
    assert who[2] in commands.done("list", "show", id)


@embedded
def test_a_list_in_batches_goes_on_where_it_ended(world, monkeypatch):
    monkeypatch.setattr(list_commands, "BATCH", 2)
    commands, who = world.commands, world.who
    id = commands.done("list", "create", "many", "--yes").split("Its id: ")[1].strip()
    commands.done("list", "add", id, *who[:3], "--yes")
    printed = commands.done("list", "add", id, *who[:8], "--yes")
    assert printed.count("put on the list 2") == 2 and printed.count("put on the list 1") == 1
    assert commands.json("list", "show", id)["accounts"] == who[:8]


@embedded
def test_refusals_of_lists(world):
    commands, ban = world.commands, f"0x{world.ban.hex()}"
    strange = "0x" + "11" * 32
    height = chain.blocks.height
    assert commands.refused("list", "show", strange) == f"There is no list {strange}."
    assert "64 digits" in commands.refused("list", "show", "ban")
    assert "no space" in commands.refused("list", "create", "the ban", "--yes")
    assert "no space" in commands.refused("list", "create", "x" * 33, "--yes")
    assert "Name the accounts" in commands.refused("list", "add", ban, "--yes")
    assert "is not an address" in commands.refused("list", "add", ban, "alice", "--yes")
    foreign = ("--account", "TEST::3", "--yes")
    sentence = commands.refused("list", "remove", ban, world.who[1], *foreign)
    assert sentence == "The chain refuses to take off the list: list: not owner."
    asked = commands.call("list", "remove", ban, world.who[1], typed="n\n")
    assert asked.exit_code == 1
    assert chain.blocks.height == height
