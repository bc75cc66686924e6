"""DaoFactory: a DAO in one transaction, for anybody, without a power that is kept."""

import boa
import pytest
from eth.exceptions import Revert
from eth_abi import encode
from eth_utils import keccak

from tests.support.compiled import deployer
from tests.support.dao_factory import (
    NewToken,
    Setup,
    create,
    delegate_all,
    predicted,
)
from tests.support.governance import (
    DAY,
    EXCLUDED,
    GOVERNOR,
    HOUR,
    NOBODY,
    TOKENS,
    Settings,
    code_hash,
    events,
)

SALT = b"\x07" * 32
OTHER_SALT = b"\x08" * 32
SUPPLY = 1_000 * TOKENS
SMALL = Settings(threshold=SUPPLY // 10)  # the highest threshold that the supply allows


@pytest.fixture(scope="module")
def foreign():
    """A token of somebody else's, which answers as it should."""
    return deployer("OddVotes").deploy(SUPPLY)


def module(key: str, version: int = 1) -> tuple:
    """A first module of the creator's own."""
    target = deployer("Target").deploy()
    return (key.encode().ljust(32, b"\0"), target.address, code_hash(target), version)


# ----- what is made -----


def test_create_makes_a_dao_that_owns_itself(factory, kernel, creator, new_token, balances):
    setup = Setup(settings=SMALL)
    dao = create(factory, creator, SALT, setup, new_token)
    found = kernel.namespace(dao.namespace)
    assert (found.owner, found.claimer) == (dao.timelock.address, factory.address)
    assert (found.notice, found.guardian, found.keys) == (DAY, NOBODY, 1)
    assert kernel.entry(keccak(dao.namespace + GOVERNOR))[:3] == (
        dao.governor.address,
        1,
        code_hash(dao.governor),
    )
    for part in (dao.timelock, dao.governor):
        assert (part.kernel(), bytes(part.namespace())) == (kernel.address, dao.namespace)
        assert part.daoURI() == setup.uri
    assert dao.timelock.getMinDelay() == setup.delay
    governor = dao.governor
    assert (governor.token(), governor.timelock()) == (dao.token.address, dao.timelock.address)
    assert governor.name() == setup.name
    assert (
        governor.votingDelay(),
        governor.votingPeriod(),
        governor.proposalThreshold(),
        governor.quorumNumerator(),
        governor.lateQuorumVoteExtension(),
    ) == SMALL.astuple()
    token = dao.token
    assert (token.timelock(), token.cap()) == (dao.timelock.address, new_token.cap)
    assert (token.name(), token.symbol()) == (new_token.name, new_token.symbol)
    assert token.totalSupply() == SUPPLY
    assert [token.balanceOf(holder) for holder in balances] == list(balances.values())


def test_the_treasury_counts_in_no_quorum_from_the_start(factory, creator, new_token):
    dao = create(factory, creator, SALT, Setup(), new_token)
    assert dao.token.delegates(dao.timelock.address) == EXCLUDED


def test_create_tells_who_made_what(factory, creator, new_token):
    dao = factory.create(Setup().astuple(), new_token.astuple(), SALT, sender=creator)
    [told] = events(factory, "DaoCreated")
    assert (told.creator, bytes(told.salt)) == (creator, SALT)
    assert (told.namespace, told.timelock, told.token, told.governor) == tuple(dao)


def test_create_with_token_takes_the_token_as_it_is(factory, kernel, creator, foreign):
    dao = create(factory, creator, SALT, Setup(settings=SMALL), str(foreign.address))
    assert dao.governor.token() == dao.token.address == foreign.address
    assert kernel.namespace(dao.namespace).owner == dao.timelock.address
    assert kernel.head(keccak(dao.namespace + GOVERNOR)) == (dao.governor.address, 1)


@pytest.mark.parametrize("existing", [False, True])
def test_everything_is_where_it_was_said_to_be(factory, creator, new_token, foreign, existing):
    setup = Setup(settings=SMALL)
    if existing:
        token = str(foreign.address)
        said = factory.predict_with_token(creator, setup.astuple(), token, SALT)
    else:
        token = new_token
        said = factory.predict(creator, setup.astuple(), token.astuple(), SALT)
    assert tuple(said) == predicted(factory, creator, SALT, setup, token)
    dao = create(factory, creator, SALT, setup, token)
    made = (dao.namespace, dao.timelock.address, dao.token.address, dao.governor.address)
    assert made == tuple(said)


def test_label_and_namespace_follow_from_creator_and_salt(factory, kernel, creator, new_token):
    label = keccak(encode(["address", "bytes32"], [creator, SALT]))
    namespace = keccak(encode(["address", "bytes32"], [str(factory.address), label]))
    assert bytes(factory.label_of(creator, SALT)) == label
    assert bytes(factory.namespace_of(creator, SALT)) == namespace
    dao = create(factory, creator, SALT, Setup(), new_token)
    assert dao.namespace == namespace
    assert bytes(kernel.namespace(namespace).label) == label


def test_a_guardian_is_appointed_until_its_day(factory, kernel, creator, new_token, guardian):
    until = boa.env.timestamp + 300 * DAY
    setup = Setup(guardian=guardian, guardian_until=until)
    dao = create(factory, creator, SALT, setup, new_token)
    found = kernel.namespace(dao.namespace)
    assert (found.guardian, found.guardian_until) == (guardian, until)


@pytest.mark.parametrize(
    "keys",
    [
        ["a"],
        ["z"],
        ["access.gate", "governance.g", "governance.governor2", "treasury"],
        [f"module.{n:02}" for n in range(15)],
        [f"a.{n:02}" for n in range(15)],
    ],
)
def test_first_modules_stand_beside_the_governor(factory, kernel, creator, new_token, keys):
    setup = Setup(modules=tuple(map(module, keys)))
    dao = create(factory, creator, SALT, setup, new_token)
    wanted = sorted([*((m[0], m[1]) for m in setup.modules), (GOVERNOR, dao.governor.address)])
    rows = kernel.page(dao.namespace, 0, 32)
    assert [(bytes(row.key), row.entry.module) for row in rows] == wanted
    assert {row.entry.version for row in rows} == {1}


def test_create_at_the_bounds(factory, creator, balances):
    """The most of everything, and exactly 13 days."""
    holders = tuple(boa.env.generate_address() for _ in range(128))
    token = NewToken(holders, (TOKENS,) * 128, "n" * 64, "s" * 32, 128 * TOKENS)
    settings = Settings(5 * DAY, 5 * DAY, 128 * TOKENS // 10, 50, 5 * DAY)
    modules = tuple(module(f"module.{n:02}") for n in range(15))
    setup = Setup("n" * 64, "u" * 256, settings, 3 * DAY, 30 * DAY, modules=modules)
    dao = create(factory, creator, SALT, setup, token)
    assert dao.token.totalSupply() == 128 * TOKENS
    said = factory.predict(creator, setup.astuple(), token.astuple(), SALT)
    assert said.governor == dao.governor.address


# ----- what is refused -----


def test_create_with_a_salt_that_was_used_reverts(factory, creator, new_token, foreign):
    create(factory, creator, SALT, Setup(), new_token)
    for setup in (Setup(), Setup(name="Another"), Setup(delay=DAY)):
        with boa.reverts("dao factory: salt was used"):
            create(factory, creator, SALT, setup, new_token)
        with boa.reverts("dao factory: salt was used"):
            create(factory, creator, SALT, setup, str(foreign.address))
    assert factory.count() == 1
    create(factory, creator, OTHER_SALT, Setup(), new_token)


@pytest.mark.parametrize(
    ("delay", "period", "timelock"),
    [
        (5 * DAY, 5 * DAY, 3 * DAY + 1),
        (14 * DAY, HOUR, HOUR),
        (HOUR, 14 * DAY, HOUR),
        (HOUR, HOUR, 14 * DAY),
        (2**256 - 1, 2, 2),
        (2, 2**256 - 1, 2),
        (2, 2, 2**256 - 1),
    ],
)
def test_times_in_which_no_pause_is_answered_revert(
    factory, creator, new_token, delay, period, timelock
):
    setup = Setup(settings=Settings(delay, period), delay=timelock)
    with boa.reverts("dao factory: times over 13 days"):
        create(factory, creator, SALT, setup, new_token)


@pytest.mark.parametrize("threshold", [SUPPLY // 10 + 1, SUPPLY, 2**256 - 1])
def test_threshold_that_few_could_reach_reverts(factory, creator, new_token, foreign, threshold):
    setup = Setup(settings=Settings(threshold=threshold))
    for token in (new_token, str(foreign.address)):
        with boa.reverts("dao factory: threshold too high"):
            create(factory, creator, SALT, setup, token)


def test_threshold_that_only_the_treasury_could_reach_reverts(factory, creator, new_token, foreign):
    """Nine tenths of the votes are the treasury's, which never proposes."""
    treasury = factory.predict(creator, Setup().astuple(), new_token.astuple(), SALT).timelock
    idle = 9 * SUPPLY
    treasured = NewToken((*new_token.holders, treasury), (*new_token.amounts, idle))
    sold = deployer("OddVotes").deploy(SUPPLY + idle)
    sold.give(EXCLUDED, idle)
    for threshold, fits in ((SUPPLY // 10 + 1, False), (SUPPLY // 10, True)):
        setup = Setup(settings=Settings(threshold=threshold))
        for token in (treasured, str(sold.address)):
            with boa.env.anchor():
                if fits:
                    create(factory, creator, SALT, setup, token)
                    continue
                with boa.reverts("dao factory: threshold too high"):
                    create(factory, creator, SALT, setup, token)


def test_token_of_nobody_reverts(factory, creator):
    """Its DAO could never decide anything."""
    setup = Setup(settings=Settings(threshold=1))
    with boa.reverts("dao factory: threshold too high"):
        create(factory, creator, SALT, setup, NewToken())
    with boa.reverts("dao factory: threshold too high"):
        create(factory, creator, SALT, setup, str(deployer("OddVotes").deploy(0).address))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"settings": Settings(voting_delay=HOUR - 1)}, "governor: delay of 1 h to 14 d"),
        ({"settings": Settings(voting_period=HOUR - 1)}, "governor: period of 1 h to 30 d"),
        ({"settings": Settings(threshold=0)}, "governor: zero threshold"),
        ({"settings": Settings(quorum_numerator=0)}, "governor: quorum of 1 to 50 %"),
        ({"settings": Settings(quorum_numerator=51)}, "governor: quorum of 1 to 50 %"),
        ({"settings": Settings(late_extension=5 * DAY + 1)}, "governor: extension over period"),
        ({"name": ""}, "eip712: empty name"),
        ({"delay": HOUR - 1}, "timelock: delay of 1 h to 30 d"),
        ({"notice": 30 * DAY + 1}, "kernel: notice over 30 days"),
        ({"guardian_until": 1}, "kernel: time without guardian"),
        ({"guardian": "0x" + "77" * 20}, "kernel: guardian ends too soon"),
        # One part of all 13 days is not too long; what is left for the others is too short.
        ({"settings": Settings(13 * DAY, 0), "delay": 0}, "timelock: delay of 1 h to 30 d"),
        ({"settings": Settings(0, 13 * DAY), "delay": 0}, "timelock: delay of 1 h to 30 d"),
        ({"settings": Settings(0, 0), "delay": 13 * DAY}, "governor: delay of 1 h to 14 d"),
    ],
)
def test_setup_that_a_part_refuses_reverts_with_its_reason(
    factory, creator, new_token, change, reason
):
    with boa.reverts(reason):
        create(factory, creator, SALT, Setup()._replace(**change), new_token)
    assert factory.count() == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": ""}, "eip712: empty name"),
        ({"cap": 0}, "token: cap of 1 to 2**96 - 1"),
        ({"cap": SUPPLY - 1}, "token: cap exceeded"),
        ({"amounts": (1,)}, "token: lengths differ"),
        ({"holders": (NOBODY,), "amounts": (1,)}, "token: to the zero address"),
    ],
)
def test_token_that_is_refused_reverts_with_its_reason(factory, creator, new_token, change, reason):
    with boa.reverts(reason):
        create(factory, creator, SALT, Setup(), new_token._replace(**change))


@pytest.mark.parametrize(
    ("modules", "reason"),
    [
        ([("governance.governor", 1)], "dao factory: governor is given"),
        ([("b", 1), ("a", 1)], "kernel: keys not ascending"),
        ([("z", 1), ("a", 1)], "kernel: keys not ascending"),
        ([("a", 1), ("a", 1)], "kernel: keys not ascending"),
        ([("", 1)], "kernel: keys not ascending"),
        ([("a", 2)], "kernel: not the next version"),
    ],
)
def test_first_modules_that_are_refused(factory, creator, new_token, modules, reason):
    setup = Setup(modules=tuple(module(*each) for each in modules))
    with boa.reverts(reason):
        create(factory, creator, SALT, setup, new_token)


def test_first_module_without_its_code_reverts(factory, creator, new_token, stranger):
    key, address, _, version = module("a")
    for wrong, reason in [
        ((key, address, bytes(32), version), "kernel: not the announced code"),
        ((key, stranger, bytes(32), version), "kernel: no code"),
        ((key, NOBODY, bytes(32), version), "kernel: nothing to remove"),
    ]:
        with boa.reverts(reason):
            create(factory, creator, SALT, Setup(modules=(wrong,)), new_token)


def test_factory_takes_no_ether(factory, creator, new_token):
    boa.env.set_balance(creator, 10)
    with boa.reverts():
        factory.create(Setup().astuple(), new_token.astuple(), SALT, sender=creator, value=1)
    with pytest.raises(Revert):
        boa.env.raw_call(factory.address, value=1, sender=creator)
    assert boa.env.get_balance(factory.address) == 0


def test_factory_of_what_is_no_blueprint_reverts(factory, stranger):
    parts = [factory.timelock_blueprint(), factory.token_blueprint(), factory.governor_blueprint()]
    plain = deployer("Target").deploy().address
    short = boa.env.deploy_code(bytecode=bytes.fromhex("62fe71005f526003601df3"))[0]
    assert boa.env.get_code(short) == b"\xfe\x71\x00"
    for place in range(3):
        for wrong in (plain, short, stranger):
            blueprints = [*parts[:place], wrong, *parts[place + 1 :]]
            with boa.reverts("dao factory: not a blueprint"):
                deployer("DaoFactory").deploy(factory.kernel(), *blueprints)
    with boa.reverts("dao factory: kernel has no code"):
        deployer("DaoFactory").deploy(stranger, *parts)


def test_factory_of_the_shortest_blueprint(factory):
    """One byte behind the preamble is code."""
    stop = boa.env.deploy_code(bytecode=bytes.fromhex("63fe7100005f526004601cf3"))[0]
    assert boa.env.get_code(stop) == b"\xfe\x71\x00\x00"
    made = deployer("DaoFactory").deploy(factory.kernel(), stop, stop, stop)
    assert made.governor_blueprint() == stop


# ----- the list -----


def test_page_lists_daos_in_their_order(factory, creator, new_token):
    assert (factory.count(), factory.page(0, 32)) == (0, [])
    daos = [create(factory, creator, bytes([n]) * 32, Setup(), new_token) for n in range(5)]
    assert factory.count() == 5
    rows = [(dao.namespace, dao.timelock.address, dao.governor.address) for dao in daos]

    def page(start, count):
        return [tuple(row) for row in factory.page(start, count)]

    assert page(0, 32) == page(0, 5) == rows
    assert page(1, 2) == rows[1:3]
    assert page(4, 32) == rows[4:]
    assert page(5, 1) == page(2**256 - 1, 32) == []


@pytest.mark.parametrize("rows", [0, 33, 2**256 - 1])
def test_page_of_other_sizes_reverts(factory, rows):
    with boa.reverts("dao factory: 1 to 32 rows"):
        factory.page(0, rows)


def test_page_shows_whoever_is_in_office_now(factory, kernel, creator, new_token, stranger):
    dao = create(factory, creator, SALT, Setup(notice=0), new_token)
    newer = deployer("Target").deploy()
    change = [(GOVERNOR, newer.address, code_hash(newer), 2)]
    owner = dao.timelock.address
    kernel.schedule(dao.namespace, change, SALT, False, sender=owner)
    kernel.apply(dao.namespace, change, SALT)
    kernel.propose_owner(dao.namespace, stranger, SALT, sender=owner)
    kernel.accept_owner(dao.namespace, SALT, sender=stranger)
    assert tuple(factory.page(0, 1)[0]) == (dao.namespace, stranger, newer.address)


# ----- foreign tokens -----

MODE = encode(["string"], ["mode=timestamp"])


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


QUESTIONS = {
    "CLOCK_MODE()": "dao factory: clock not timestamp",
    "clock()": "dao factory: clock is wrong",
    "getPastTotalSupply(uint256)": "dao factory: no past supply",
    "getPastVotes(address,uint256)": "dao factory: no past votes",
}


def ask(token, question: str, manner: str, odd: bytes = b"", victim: str = NOBODY) -> str:
    """Let a token answer one question oddly; its address."""
    token.behave(keccak(text=question)[:4], manner, odd, victim)
    return str(token.address)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    ("manner", "odd"),
    [
        ("reverts", b""),
        ("burns", b""),
        ("answers", b""),
        ("answers", b"\x00" * 31),
        ("answers", b"\xff" * 32),
        ("answers", b"\x00" * 33),
        ("answers", b"\x00" * 2_048),
    ],
)
def test_token_that_does_not_answer_is_refused(factory, creator, foreign, question, manner, odd):
    token = ask(foreign, question, manner, odd)
    with boa.reverts(QUESTIONS[question]):
        create(factory, creator, SALT, Setup(), token)


@pytest.mark.parametrize(
    "mode",
    [
        "mode=blocknumber&from=default",
        "mode=timestamp&from=eip155:1",
        "mode=timestamp ",
        "Mode=timestamp",
        "",
    ],
)
def test_token_on_another_clock_is_refused(factory, creator, foreign, mode):
    token = ask(foreign, "CLOCK_MODE()", "answers", encode(["string"], [mode]))
    with boa.reverts("dao factory: clock not timestamp"):
        create(factory, creator, SALT, Setup(), token)


@pytest.mark.parametrize("mode", [MODE[:-1], MODE + b"\x00", MODE[:-1] + b"\x01", MODE * 2])
def test_mode_in_another_coding_is_refused(factory, creator, foreign, mode):
    token = ask(foreign, "CLOCK_MODE()", "answers", mode)
    with boa.reverts("dao factory: clock not timestamp"):
        create(factory, creator, SALT, Setup(), token)


@pytest.mark.parametrize("late", [-1, 1, -DAY])
def test_clock_that_lies_is_refused(factory, creator, foreign, late):
    token = ask(foreign, "clock()", "answers", word(boa.env.timestamp + late))
    with boa.reverts("dao factory: clock is wrong"):
        create(factory, creator, SALT, Setup(), token)


def test_supply_is_below_2_to_the_127(factory, creator, foreign):
    token = ask(foreign, "getPastTotalSupply(uint256)", "answers", word(2**127))
    with boa.reverts("dao factory: no past supply"):
        create(factory, creator, SALT, Setup(), token)
    ask(foreign, "getPastTotalSupply(uint256)", "answers", word(2**127 - 1))
    create(factory, creator, SALT, Setup(), token)


def test_more_idle_votes_than_supply_are_refused(factory, creator, foreign):
    foreign.give(EXCLUDED, SUPPLY + 1)
    with boa.reverts("dao factory: no past votes"):
        create(factory, creator, SALT, Setup(), str(foreign.address))
    foreign.give(EXCLUDED, SUPPLY)  # as far as it goes; but then nobody reaches a threshold
    with boa.reverts("dao factory: threshold too high"):
        create(factory, creator, SALT, Setup(), str(foreign.address))


def test_account_that_is_no_token_is_refused(factory, creator, stranger):
    delegated = boa.env.generate_address("delegated by EIP-7702")
    boa.env.set_code(delegated, b"\xef\x01\x00" + bytes(20))
    for account, reason in [
        (NOBODY, "dao factory: token has no code"),
        (stranger, "dao factory: token has no code"),
        (delegated, "dao factory: not plain code"),
        (str(deployer("Target").deploy().address), "dao factory: clock not timestamp"),
    ]:
        with boa.reverts(reason):
            create(factory, creator, SALT, Setup(), account)


def test_token_of_this_second_has_no_past_yet(factory, creator, new_token, balances):
    other = create(factory, creator, OTHER_SALT, Setup(), new_token)
    with boa.reverts("dao factory: threshold too high"):
        create(factory, creator, SALT, Setup(), str(other.token.address))
    delegate_all(other, tuple(balances))
    create(factory, creator, SALT, Setup(), str(other.token.address))
