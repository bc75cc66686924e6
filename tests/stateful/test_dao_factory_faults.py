"""Factories broken on purpose: each fault takes one rule out, and a story has to notice."""

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import boa
import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.support import faults as planting
from tests.support.compiled import deployer
from tests.support.dao_factory import PARTS, NewToken, Setup, create, predicted
from tests.support.faults import CAUGHT, Edit, refused, unbroken
from tests.support.governance import (
    DAY,
    EXCLUDED,
    GOVERNOR,
    HOUR,
    NOBODY,
    TOKENS,
    Settings,
    code_hash,
)

PATH = "governance/DaoFactory.vy"
SALT, OTHER_SALT = b"\x07" * 32, b"\x08" * 32
CREATOR, ANOTHER, HOLDER = ("0x" + digit * 40 for digit in "135")
SUPPLY = 100 * TOKENS
TOKEN = NewToken((HOLDER,), (SUPPLY,))
FIT = Setup(settings=Settings(threshold=SUPPLY // 10))


class World:
    """A kernel, blueprints, a foreign token and a factory, its faults asleep."""

    def __init__(self) -> None:
        self.kernel = deployer("Kernel").deploy()
        self.blueprints = [deployer(part).deploy_as_blueprint().address for part in PARTS]
        self.factory = self.make(self.kernel.address, *self.blueprints)
        self.foreign = deployer("OddVotes").deploy(SUPPLY)

    def make(self, *arguments: str) -> Any:
        return deployer("DaoFactory").deploy(*arguments)

    def create(
        self, setup: Setup = FIT, token: Any = TOKEN, salt: bytes = SALT, creator: str = CREATOR
    ) -> Any:
        return create(self.factory, creator, salt, setup, token)

    def odd(self, question: str, answer: bytes) -> str:
        self.foreign.behave(keccak(text=question)[:4], "answers", answer, NOBODY)
        return str(self.foreign.address)


def not_made(reason: str, world: World, *arguments: str) -> None:
    with boa.reverts(reason), boa.env.anchor():
        world.make(*arguments)


def module(key: str) -> tuple:
    target = deployer("Target").deploy()
    return (key.encode().ljust(32, b"\0"), target.address, code_hash(target), 1)


# ----- stories: each passes with the factory as it is -----


def makes_what_it_says(world: World) -> None:
    factory = world.make(world.kernel.address, *world.blueprints)  # its reader too may be broken
    said = predicted(factory, CREATOR, SALT, FIT, TOKEN)
    asked = factory.predict(CREATOR, FIT.astuple(), TOKEN.astuple(), SALT)
    label = keccak(encode(["address", "bytes32"], [CREATOR, SALT]))
    namespace = keccak(encode(["address", "bytes32"], [str(factory.address), label]))
    dao = create(factory, CREATOR, SALT, FIT, TOKEN)
    made = (dao.namespace, dao.timelock.address, dao.token.address, dao.governor.address)
    assert made == tuple(asked) == said
    assert dao.namespace == namespace == bytes(factory.namespace_of(CREATOR, SALT))
    assert bytes(factory.label_of(CREATOR, SALT)) == label


def gives_all_power_away(world: World) -> None:
    setup = FIT._replace(guardian=ANOTHER, guardian_until=boa.env.timestamp + DAY)
    dao = world.create(setup)
    found = world.kernel.namespace(dao.namespace)
    assert (found.owner, found.notice) == (dao.timelock.address, FIT.notice)
    assert (found.guardian, found.guardian_until) == (ANOTHER, setup.guardian_until)
    assert world.kernel.head(keccak(dao.namespace + GOVERNOR)) == (dao.governor.address, 1)
    assert dao.timelock.getMinDelay() == FIT.delay
    assert dao.governor.daoURI() == FIT.uri
    assert dao.token.balanceOf(HOLDER) == SUPPLY


def keeps_creators_apart(world: World) -> None:
    first, second = world.create(), world.create(creator=ANOTHER)
    third = world.create(salt=OTHER_SALT)
    assert len({first.namespace, second.namespace, third.namespace}) == 3
    relay = deployer("Target").deploy()  # a contract's DAO is not that of who sent the transaction
    data = world.factory.create.prepare_calldata(FIT.astuple(), TOKEN.astuple(), OTHER_SALT)
    relay.prepare(world.factory, data, sender=CREATOR)
    relay.fire(sender=ANOTHER)
    [row] = world.factory.page(3, 1)
    assert row.namespace == world.factory.namespace_of(relay, OTHER_SALT)
    with boa.reverts("dao factory: salt was used"):
        world.create(FIT._replace(name="Another"))


def lists_what_it_made(world: World) -> None:
    daos = [world.create(salt=bytes([n]) * 32) for n in range(1, 4)]
    rows = [(dao.namespace, dao.timelock.address, dao.governor.address) for dao in daos]
    assert world.factory.count() == 3
    assert [tuple(row) for row in world.factory.page(0, 32)] == rows
    assert [tuple(row) for row in world.factory.page(1, 1)] == rows[1:2]
    assert world.factory.page(2**256 - 1, 2) == []
    for wrong in (0, 33):
        refused("dao factory: 1 to 32 rows", world.factory.page, 0, wrong)


def tells_what_it_made(world: World) -> None:
    setup, token = FIT.astuple(), TOKEN.astuple()
    dao = world.factory.create(setup, token, SALT, sender=CREATOR)
    [told] = [log for log in world.factory.get_logs() if type(log).__name__ == "DaoCreated"]
    assert (told.creator, bytes(told.salt)) == (CREATOR, SALT)
    assert (told.namespace, told.timelock, told.token, told.governor) == tuple(dao)


def refuses_times_that_answer_no_pause(world: World) -> None:
    world.create(FIT._replace(settings=Settings(5 * DAY, 5 * DAY), delay=3 * DAY))
    for delay, period, timelock in [
        (5 * DAY, 5 * DAY, 3 * DAY + 1),
        (14 * DAY, HOUR, HOUR),
        (HOUR, 14 * DAY, HOUR),
        (HOUR, HOUR, 14 * DAY),
        (2**256 - 1, 1, 1),
    ]:
        setup = FIT._replace(settings=Settings(delay, period), delay=timelock)
        with boa.reverts("dao factory: times over 13 days"):
            world.create(setup, salt=OTHER_SALT)


def refuses_thresholds_out_of_reach(world: World) -> None:
    high = FIT._replace(settings=Settings(threshold=SUPPLY // 10 + 1))
    for token in (TOKEN, str(world.foreign.address)):
        with boa.reverts("dao factory: threshold too high"):
            world.create(high, token)
    world.create()
    world.create(token=str(world.foreign.address), salt=OTHER_SALT)
    # nor those that the treasury alone could reach, which never proposes
    salt = b"\x09" * 32
    treasury = world.factory.predict(CREATOR, FIT.astuple(), TOKEN.astuple(), salt).timelock
    treasured = TOKEN._replace(holders=(HOLDER, treasury), amounts=(SUPPLY - 10, 10))
    world.foreign.give(EXCLUDED, 10)
    for token in (treasured, str(world.foreign.address)):
        with boa.reverts("dao factory: threshold too high"):
            world.create(token=token, salt=salt)


def puts_modules_in_order(world: World) -> None:
    for salt, keys in enumerate((["a"], ["z"], ["a", "b", "y", "z"], [])):
        dao = world.create(FIT._replace(modules=tuple(map(module, keys))), salt=bytes([salt]) * 32)
        assert world.kernel.namespace(dao.namespace).keys == len(keys) + 1
    with boa.reverts("dao factory: governor is given"):
        world.create(FIT._replace(modules=(module("governance.governor"),)), salt=OTHER_SALT)


def examines_foreign_tokens(world: World) -> None:
    word = (2**127).to_bytes(32, "big")
    late = (boa.env.timestamp - 1).to_bytes(32, "big")
    block = encode(["string"], ["mode=blocknumber"])
    mode = encode(["string"], ["mode=timestamp"])
    world.foreign.give(EXCLUDED, SUPPLY)
    delegated = boa.env.generate_address()
    boa.env.set_code(delegated, b"\xef\x01\x00" + bytes(20))
    for question, answer, reason in [
        ("CLOCK_MODE()", block, "dao factory: clock not timestamp"),
        ("CLOCK_MODE()", mode + b"\0", "dao factory: clock not timestamp"),
        ("clock()", late, "dao factory: clock is wrong"),
        ("getPastTotalSupply(uint256)", word, "dao factory: no past supply"),
        ("getPastTotalSupply(uint256)", b"\0" * 64, "dao factory: no past supply"),
        ("getPastVotes(address,uint256)", b"\0" * 33, "dao factory: no past votes"),
        (
            "getPastVotes(address,uint256)",
            (SUPPLY + 1).to_bytes(32, "big"),
            "dao factory: no past votes",
        ),
    ]:
        with boa.reverts(reason):
            world.create(token=world.odd(question, answer))
    for account, reason in [
        (ANOTHER, "dao factory: token has no code"),
        (delegated, "dao factory: not plain code"),
    ]:
        with boa.reverts(reason):
            world.create(token=account)
    world.foreign.behave(keccak(text="clock()")[:4], "reverts", b"", NOBODY)
    with boa.reverts("dao factory: clock is wrong"):
        world.create(token=str(world.foreign.address))
    world.foreign.give(EXCLUDED, 0)
    world.create(token=world.odd("nothing()", b""))


def refuses_what_is_no_blueprint(world: World) -> None:
    plain = deployer("Target").deploy().address
    for place in range(3):
        wrong = [*world.blueprints[:place], plain, *world.blueprints[place + 1 :]]
        not_made("dao factory: not a blueprint", world, world.kernel.address, *wrong)
    not_made("dao factory: kernel has no code", world, ANOTHER, *world.blueprints)


# ----- faults -----


class Fault(NamedTuple):
    name: str
    story: Callable[[World], None]
    edits: list[Edit]


def fault(
    name: str, story: Callable[[World], None], old: str, new: str = "True", near: str = ""
) -> Fault:
    return Fault(name, story, [Edit(PATH, old, new, near)])


LABEL = "keccak256(abi_encode(creator, salt))"
OWNER = "        label,\n        timelock,"
TIMES = "delay + period + setup.delay <= ANSWER_MAX"
THRESHOLD = "setup.settings.threshold <= counting // THRESHOLD_SHARE"
BELIEVED = 'answer if success else concat(convert(block.timestamp, bytes32), b"")'
FAULTS = [
    fault("label without the creator", keeps_creators_apart, LABEL,
          "keccak256(abi_encode(salt))", near=f"    return {LABEL}"),
    fault("label of the original sender", keeps_creators_apart,
          "msg.sender", "tx.origin", near="self._label(msg.sender"),
    fault("used salt not looked at", keeps_creators_apart,
          "(staticcall _KERNEL.namespace(ns)).claimed_at == 0"),
    fault("factory stays owner", gives_all_power_away, "timelock", "self", near=OWNER),
    fault("creator becomes owner", gives_all_power_away, "timelock", "msg.sender", near=OWNER),
    fault("notice dropped", gives_all_power_away, "setup.notice", "0"),
    fault("guardian replaced by the creator", gives_all_power_away,
          "setup.guardian", "msg.sender", near="setup.guardian,"),
    fault("guardian's end dropped", gives_all_power_away,
          "setup.guardian_until", "block.timestamp + 1"),
    fault("timelock of another delay", gives_all_power_away, "setup.delay", "setup.delay + 1",
          near="abi_encode(_KERNEL.address, ns, setup.delay"),
    fault("prediction of another namespace", makes_what_it_says, "self._namespace(label)", "label",
          near="self._namespace(label)\n    timelock: address"),
    fault("prediction without the preamble's three bytes", makes_what_it_says, "READER",
          "x\"600f8060095f395ff360035f353b038060025f5f353c5ff3\"", near="raw_create(READER"),
    fault("not listed", lists_what_it_made, "    self._namespaces.append(ns)\n", ""),
    fault("page past the end", lists_what_it_made, "start + i >= total", "start + i > total"),
    fault("page of nothing", lists_what_it_made,
          "rows != 0 and rows <= MAX_PAGE", "rows <= MAX_PAGE"),
    fault("sender not told", tells_what_it_made, "msg.sender", "self", near="creator=msg.sender"),
    fault("salt not told", tells_what_it_made, "salt", "label", near="=salt,\n    )"),
    fault("times not added up", refuses_times_that_answer_no_pause, TIMES),
    fault("voting delay not looked at", refuses_times_that_answer_no_pause,
          "delay <= ANSWER_MAX", near="delay <= ANSWER_MAX\n        and period"),
    fault("timelock's delay not counted", refuses_times_that_answer_no_pause, TIMES,
          "delay + period <= ANSWER_MAX"),
    fault("threshold not looked at", refuses_thresholds_out_of_reach, THRESHOLD),
    fault("threshold of the whole supply", refuses_thresholds_out_of_reach, THRESHOLD,
          "setup.settings.threshold <= counting"),
    fault("threshold of the treasury's votes", refuses_thresholds_out_of_reach,
          "supply - idle", "supply", near="votes, supply - idle"),
    fault("threshold of idle votes", refuses_thresholds_out_of_reach,
          "supply - idle", "supply", near="return supply - idle"),
    fault("governor always first", puts_modules_in_order,
          "convert(module.key, uint256) > convert(GOVERNOR, uint256)"),
    fault("governor always last", puts_modules_in_order,
          "not placed", "placed", near="not placed and"),
    fault("governor left out", puts_modules_in_order,
          "    if not placed:\n        changes.append(office)\n", ""),
    fault("governor of the creator's", puts_modules_in_order, "module.key != GOVERNOR"),
    fault("clock mode not compared", examines_foreign_tokens,
          'mode == abi_encode("mode=timestamp")', "len(mode) != 0"),
    fault("clock not compared", examines_foreign_tokens,
          "clock == block.timestamp", "clock != 0"),
    fault("supply not bounded", examines_foreign_tokens, "supply < SUPPLY_LIMIT", "supply != 0"),
    fault("supply one too high", examines_foreign_tokens,
          "supply < SUPPLY_LIMIT", "supply <= SUPPLY_LIMIT"),
    fault("past votes not compared", examines_foreign_tokens, "idle <= supply"),
    fault("long answers cut off", examines_foreign_tokens,
          "len(answer) != 32", "len(answer) < 32"),
    fault("failed call believed", examines_foreign_tokens,
          'answer if success else b""', BELIEVED),
    fault("code of the token not looked at", examines_foreign_tokens, "token.codesize != 0"),
    fault("delegated account taken for a token", examines_foreign_tokens,
          'slice(token.code, 0, 1) != b"\\xef"'),
    fault("any code taken for a blueprint", refuses_what_is_no_blueprint,
          "slice(blueprint.code, 0, PREAMBLE_SIZE) == PREAMBLE"),
    fault("governor's blueprint not looked at", refuses_what_is_no_blueprint,
          "    self._check_blueprint(governor)\n", ""),
    fault("kernel not looked at", refuses_what_is_no_blueprint, "kernel.is_contract"),
]  # fmt: skip
STORIES = list(dict.fromkeys(it.story for it in FAULTS))


# ----- each is caught -----


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Boa lays the chain back after each story."""
    with planting.planted(tmp_path_factory, FAULTS, [sys.modules[__name__]], "DaoFactory"):
        yield World()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_factory_passes_every_story(world, story):
    story(world)


@planting.each(FAULTS)
def test_fault_is_noticed(world, number):
    with planting.awake(number), pytest.raises(CAUGHT):
        FAULTS[number - 1].story(world)


def test_every_check_has_its_fault():
    assert unbroken(PATH, FAULTS) == []
