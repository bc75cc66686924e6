"""Factories broken on purpose: each fault takes one rule out, and a story has to notice."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boa
import pytest
from _pytest.outcomes import Failed
from boa.contracts.base_evm_contract import BoaError
from eth.exceptions import Revert
from eth_abi import encode
from eth_utils import keccak
from vyper.compiler import compile_code
from vyper.compiler.input_bundle import FilesystemInputBundle
from vyper.compiler.settings import OptimizationLevel
from vyper.compiler.settings import Settings as CompilerSettings

from tests.support.compiled import ROOT, deployer
from tests.support.dao_factory import PARTS, NewToken, Setup, create, predicted
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

pytestmark = pytest.mark.filterwarnings("ignore:casted bytecode")  # boa, of broken factories

PATH = ROOT / "contracts" / "governance" / "DaoFactory.vy"
SALT, OTHER_SALT = b"\x07" * 32, b"\x08" * 32
CREATOR, ANOTHER, HOLDER = ("0x" + digit * 40 for digit in "135")
SUPPLY = 100 * TOKENS
TOKEN = NewToken((HOLDER,), (SUPPLY,))
FIT = Setup(settings=Settings(threshold=SUPPLY // 10))

Edit = tuple[str, str]


# ----- broken factories -----


def edited(old: str, new: str) -> str:
    source = PATH.read_text()
    assert source.count(old) == 1, f"{source.count(old)} times in the source: {old!r}"
    return source.replace(old, new)


@cache
def init_code(edit: Edit) -> bytes:
    """In half the time: without optimisation, and without the garbage collector."""
    gc.disable()
    try:
        made = compile_code(
            edited(*edit),
            contract_path="DaoFactory.vy",
            resolved_path=PATH,
            input_bundle=FilesystemInputBundle([ROOT]),
            output_formats=["bytecode"],
            settings=CompilerSettings(optimize=OptimizationLevel.NONE),
        )
    finally:
        gc.enable()
    return bytes.fromhex(made["bytecode"][2:])


class World:
    """A kernel, blueprints, a foreign token and a factory, broken or not."""

    def __init__(self, edit: Edit | None) -> None:
        self.code = init_code(edit) if edit else deployer("DaoFactory").compiler_data.bytecode
        self.kernel = deployer("Kernel").deploy()
        self.blueprints = [deployer(part).deploy_as_blueprint().address for part in PARTS]
        self.factory = self.make(self.kernel.address, *self.blueprints)
        self.foreign = deployer("OddVotes").deploy(SUPPLY)

    def make(self, *arguments: Any) -> Any:
        data = encode(["address"] * 4, [str(argument) for argument in arguments])
        address, _ = boa.env.deploy_code(bytecode=self.code + data)
        return deployer("DaoFactory").at(address)

    def create(
        self, setup: Setup = FIT, token: Any = TOKEN, salt: bytes = SALT, creator: str = CREATOR
    ) -> Any:
        return create(self.factory, creator, salt, setup, token)

    def odd(self, question: str, answer: bytes) -> str:
        self.foreign.behave(keccak(text=question)[:4], "answers", answer, NOBODY)
        return str(self.foreign.address)


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises((BoaError, Revert)):
        yield


def module(key: str) -> tuple:
    target = deployer("Target").deploy()
    return (key.encode().ljust(32, b"\0"), target.address, code_hash(target), 1)


# ----- stories: each passes with the factory as it is -----


def makes_what_it_says(world: World) -> None:
    said = predicted(world.factory, CREATOR, SALT, FIT, TOKEN)
    asked = world.factory.predict(CREATOR, FIT.astuple(), TOKEN.astuple(), SALT)
    label = keccak(encode(["address", "bytes32"], [CREATOR, SALT]))
    namespace = keccak(encode(["address", "bytes32"], [str(world.factory.address), label]))
    dao = world.create()
    made = (dao.namespace, dao.timelock.address, dao.token.address, dao.governor.address)
    assert made == tuple(asked) == said
    assert dao.namespace == namespace == bytes(world.factory.namespace_of(CREATOR, SALT))
    assert bytes(world.factory.label_of(CREATOR, SALT)) == label


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
        with refused():
            world.factory.page(0, wrong)


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
        with refused():
            world.create(high, token)
    world.create()
    world.create(token=str(world.foreign.address), salt=OTHER_SALT)


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
    world.create(token=world.odd("nothing()", b""))


def refuses_what_is_no_blueprint(world: World) -> None:
    plain = deployer("Target").deploy().address
    for place in range(3):
        wrong = [*world.blueprints[:place], plain, *world.blueprints[place + 1 :]]
        with refused():
            world.make(world.kernel.address, *wrong)
    with refused():
        world.make(ANOTHER, *world.blueprints)


Story = Callable[[World], None]

STORIES: list[Story] = [
    makes_what_it_says,
    gives_all_power_away,
    keeps_creators_apart,
    lists_what_it_made,
    tells_what_it_made,
    refuses_times_that_answer_no_pause,
    refuses_thresholds_out_of_reach,
    puts_modules_in_order,
    examines_foreign_tokens,
    refuses_what_is_no_blueprint,
]

# Each is noticed by the story that stands with it.
FAULTS: dict[str, tuple[Story, Edit]] = {
    "label without the creator": (
        keeps_creators_apart,
        (
            "keccak256(abi_encode(creator, salt))\n\n\n@internal\n@view\ndef _namespace",
            "keccak256(abi_encode(salt))\n\n\n@internal\n@view\ndef _namespace",
        ),
    ),
    "label of the original sender": (
        keeps_creators_apart,
        ("self._label(msg.sender, salt)", "self._label(tx.origin, salt)"),
    ),
    "used salt not looked at": (
        keeps_creators_apart,
        (".claimed_at == 0", ".claimed_at >= 0"),
    ),
    "factory stays owner": (
        gives_all_power_away,
        ("        timelock,\n        setup.notice,", "        self,\n        setup.notice,"),
    ),
    "creator becomes owner": (
        gives_all_power_away,
        ("        timelock,\n        setup.notice,", "        msg.sender,\n        setup.notice,"),
    ),
    "notice dropped": (gives_all_power_away, ("        setup.notice,", "        0,")),
    "guardian replaced by the creator": (
        gives_all_power_away,
        ("        setup.guardian,", "        msg.sender,"),
    ),
    "guardian's end dropped": (
        gives_all_power_away,
        ("        setup.guardian_until,", "        block.timestamp + 1,"),
    ),
    "timelock of another delay": (
        gives_all_power_away,
        (
            "abi_encode(_KERNEL.address, ns, setup.delay, setup.uri)",
            "abi_encode(_KERNEL.address, ns, setup.delay + 1, setup.uri)",
        ),
    ),
    "prediction of another namespace": (
        makes_what_it_says,
        (
            "ns: bytes32 = self._namespace(label)\n    timelock: address",
            "ns: bytes32 = label\n    timelock: address",
        ),
    ),
    "prediction without the preamble's three bytes": (
        makes_what_it_says,
        ("353b038060035f5f353c", "353b038060025f5f353c"),
    ),
    "not listed": (lists_what_it_made, ("    self._namespaces.append(ns)\n", "")),
    "page past the end": (
        lists_what_it_made,
        ("if start + i >= total:", "if start + i > total:"),
    ),
    "page of nothing": (lists_what_it_made, ("rows != 0 and rows <=", "rows <=")),
    "sender not told": (tells_what_it_made, ("creator=msg.sender,", "creator=self,")),
    "salt not told": (
        tells_what_it_made,
        ("        salt=salt,\n    )", "        salt=label,\n    )"),
    ),
    "times not added up": (
        refuses_times_that_answer_no_pause,
        ("delay + period + setup.delay <= ANSWER_MAX,", "True,"),
    ),
    "voting delay not looked at": (
        refuses_times_that_answer_no_pause,
        ("        delay <= ANSWER_MAX\n        and period", "        period"),
    ),
    "timelock's delay not counted": (
        refuses_times_that_answer_no_pause,
        ("delay + period + setup.delay <=", "delay + period <="),
    ),
    "threshold not looked at": (
        refuses_thresholds_out_of_reach,
        ("setup.settings.threshold <= supply // THRESHOLD_SHARE,", "True,"),
    ),
    "threshold of the whole supply": (
        refuses_thresholds_out_of_reach,
        ("<= supply // THRESHOLD_SHARE,", "<= supply,"),
    ),
    "governor always first": (
        puts_modules_in_order,
        ("convert(module.key, uint256) > convert(GOVERNOR, uint256)", "True"),
    ),
    "governor always last": (
        puts_modules_in_order,
        ("if not placed and convert", "if placed and convert"),
    ),
    "governor left out": (
        puts_modules_in_order,
        ("    if not placed:\n        changes.append(office)\n", ""),
    ),
    "governor of the creator's": (
        puts_modules_in_order,
        ("module.key != GOVERNOR,", "True,"),
    ),
    "clock mode not compared": (
        examines_foreign_tokens,
        ('mode == abi_encode("mode=timestamp")', "len(mode) != 0"),
    ),
    "clock not compared": (examines_foreign_tokens, ("clock == block.timestamp,", "clock != 0,")),
    "supply not bounded": (examines_foreign_tokens, ("supply < SUPPLY_LIMIT,", "supply != 0,")),
    "supply one too high": (
        examines_foreign_tokens,
        ("supply < SUPPLY_LIMIT,", "supply <= SUPPLY_LIMIT,"),
    ),
    "past votes not compared": (examines_foreign_tokens, ("idle <= supply,", "True,")),
    "long answers cut off": (
        examines_foreign_tokens,
        ("if len(answer) != 32:", "if len(answer) < 32:"),
    ),
    "failed call believed": (
        examines_foreign_tokens,
        (
            'answer if success else b""',
            'answer if success else concat(convert(block.timestamp, bytes32), b"")',
        ),
    ),
    "code of the token not looked at": (
        examines_foreign_tokens,
        ('self._require(token.codesize != 0, "dao factory: token has no code")', "pass"),
    ),
    "delegated account taken for a token": (
        examines_foreign_tokens,
        ('!= b"\\xef", "dao factory', '!= b"\\xee", "dao factory'),
    ),
    "any code taken for a blueprint": (
        refuses_what_is_no_blueprint,
        ("slice(blueprint.code, 0, PREAMBLE_SIZE) == PREAMBLE,", "True,"),
    ),
    "governor's blueprint not looked at": (
        refuses_what_is_no_blueprint,
        ("    self._check_blueprint(governor)\n", ""),
    ),
    "kernel not looked at": (refuses_what_is_no_blueprint, ("kernel.is_contract,", "True,")),
}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_factory_passes_every_story(story):
    story(World(None))


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_noticed(fault):
    story, edit = FAULTS[fault]
    world = World(edit)
    with pytest.raises((BoaError, AssertionError, ValueError, Failed)):
        story(world)
