"""Kernels broken on purpose: each has to be caught, or the machine proves nothing.

A fault takes one rule out of the source. It is played through a story, a directed walk
of the machine's own world, and has to be caught by the invariant that it breaks, the
model left aside (`laws`). What no invariant speaks of has to be caught by the model
(`faults of the model`). A few are also left to the random machine, as a check that it
finds things without being told where they are.
"""

import gc
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from vyper.compiler import compile_code
from vyper.compiler.input_bundle import FilesystemInputBundle
from vyper.compiler.settings import OptimizationLevel, Settings

from tests.stateful.test_kernel import PORTION, KernelMachine
from tests.support.compiled import ROOT
from tests.support.kernel import (
    CONFIRM_WINDOW,
    DAY,
    GRACE,
    NOTICE_MAX,
    PAUSE_MAX,
    ROLLBACK_WINDOW,
    ZERO,
    ZERO32,
    Change,
    key,
    removal,
)
from tests.support.kernel_world import (
    DESIGNATOR,
    KEYS,
    BrokenRuleError,
    World,
    broken_laws,
    judge,
)
from tests.support.opcodes import code_only, metadata, outbound

PATH = ROOT / "contracts" / "kernel" / "Kernel.vy"
A, B, C = KEYS
NOTICE = 2 * DAY
SALT = b"\x05" * 32

Edit = tuple[str, str]


# ----- broken kernels -----


def edited(*edits: Edit) -> str:
    """The source with each text replaced; each must be there exactly once."""
    source = PATH.read_text()
    for old, new in edits:
        assert source.count(old) == 1, f"{source.count(old)} times in the source: {old!r}"
        source = source.replace(old, new)
    return source


def compiled(source: str, *formats: str) -> list[bytes]:
    """In half the time: without optimisation, and without the garbage collector."""
    gc.disable()
    try:
        made = compile_code(
            source,
            contract_path="Kernel.vy",
            resolved_path=PATH,
            input_bundle=FilesystemInputBundle([ROOT]),
            output_formats=formats,
            settings=Settings(optimize=OptimizationLevel.NONE),
        )
    finally:
        gc.enable()
    return [bytes.fromhex(made[name][2:]) for name in formats]


@cache
def init_code(*edits: Edit) -> bytes:
    return compiled(edited(*edits), "bytecode")[0]


# ----- stories -----


class Scene:
    """A world with two namespaces of two owners, and a judge after each act."""

    def __init__(self, init: bytes | None, judged: Callable[[World], None]) -> None:
        self.world = World(init)
        self.judged = judged
        actors = self.world.actors
        self.owner, self.guardian, self.candidate, self.stranger, self.other = actors[:5]
        self.modules = self.world.plain
        first = [self.first(A, 0), self.first(B, 1)]
        self.until = self.world.now + 300 * DAY
        self.ns = self.claim(
            self.owner, key("system"), self.owner, NOTICE, self.guardian, self.until, first
        )
        self.second = self.claim(self.other, key("studio"), self.other, 0, ZERO, 0, [])

    def first(self, name: bytes, module: int) -> Change:
        return self.world.change(ZERO32, name, self.modules[module])

    def claim(self, *args) -> bytes:
        ns = self.world.claim(*args)
        self.judged(self.world)
        return ns

    def do(self, name: str, sender: str, *args, ns: bytes | None = None) -> bool:
        step = self.world.act(name, sender, ns or self.ns, *args)
        self.judged(self.world)
        return step.done

    def wait(self, seconds: int) -> None:
        self.world.pass_time(seconds)
        self.judged(self.world)

    def change(self, name: bytes, module: int, version: int = 2) -> Change:
        return self.world.change(self.ns, name, self.modules[module])._replace(version=version)

    def upgrade(self, *changes: Change, confirm: bool = False, salt: bytes = SALT) -> list[Change]:
        told = list(changes)
        self.do("schedule", self.owner, told, salt, confirm)
        self.wait(NOTICE)
        self.do("apply", self.stranger, told, salt)
        return told

    def handle(self, changes: list[Change], epoch: int = 1) -> tuple:
        return (epoch, 1, tuple(changes), SALT)


def upgrades(scene: Scene) -> None:
    both = [scene.change(A, 2), scene.change(B, 3)]
    scene.do("schedule", scene.owner, both, SALT, False)
    scene.do("schedule", scene.owner, both[:1], SALT, False)
    scene.wait(NOTICE - 1)
    scene.do("apply", scene.stranger, both, SALT)
    scene.wait(1)
    scene.do("apply", scene.stranger, both, SALT)
    scene.do("apply", scene.stranger, both, SALT)
    scene.do("apply", scene.stranger, both[:1], SALT)
    late = [scene.change(A, 1, 3)]
    scene.do("schedule", scene.owner, late, SALT, False)
    scene.wait(NOTICE + GRACE + 1)
    scene.do("apply", scene.stranger, late, SALT)
    scene.upgrade(removal(A, 3))
    scene.upgrade(scene.change(A, 1, 4))


def announcements(scene: Scene) -> None:
    """What may not be announced, or claimed; and what then happens to it."""
    honest = scene.change(A, 2)
    codeless = Change(A, scene.world.codeless, ZERO32, 2)
    delegated = scene.world.change(scene.ns, A, scene.world.delegated)
    bad = [
        [],
        [codeless],
        [delegated],
        [honest._replace(code_hash=b"\x01" * 32)],
        [honest._replace(version=3)],
        [scene.change(B, 2), honest],
        [honest, honest._replace(version=3)],
        [honest._replace(key=ZERO32, version=1)],
        [Change(C, ZERO, ZERO32, 1)],
        [Change(A, ZERO, honest.code_hash, 2)],
    ]
    for number, changes in enumerate(bad):
        salt = bytes([number]) * 32
        scene.do("schedule", scene.owner, changes, salt, False)
        scene.wait(NOTICE)
        scene.do("apply", scene.stranger, changes, salt)
        label = key(f"label {number}")
        again = [item._replace(version=1) for item in changes]
        scene.claim(scene.stranger, label, scene.stranger, 0, ZERO, 0, again)


def changing_code(scene: Scene) -> None:
    account, code = scene.world.changing[0], scene.world.codes
    for number, other in enumerate([code[1], b"", DESIGNATOR]):
        scene.world.set_code(account, code[0])
        told = [scene.world.change(scene.ns, A, account)]
        salt = bytes([number]) * 32
        scene.do("schedule", scene.owner, told, salt, False)
        scene.world.set_code(account, other)
        scene.wait(NOTICE)
        scene.do("apply", scene.stranger, told, salt)
    scene.world.set_code(account, code[0])
    scene.upgrade(scene.world.change(scene.ns, A, account), salt=b"\x0a" * 32)
    told = scene.upgrade(scene.world.change(scene.ns, A, scene.modules[3]), salt=b"\x0b" * 32)
    scene.world.set_code(account, code[2])
    scene.do("rollback", scene.guardian, told, b"\x0b" * 32)


def settings_wait(scene: Scene) -> None:
    scene.do("set_notice", scene.owner, DAY, SALT)
    scene.wait(NOTICE - 1)
    scene.do("apply_notice", scene.stranger, DAY, SALT)
    until = scene.world.now + 100 * DAY
    scene.do("set_guardian", scene.owner, scene.candidate, until, SALT)
    scene.do("set_guardian", scene.owner, ZERO, 0, SALT)
    scene.do("set_notice", scene.owner, NOTICE_MAX, SALT)
    scene.do("set_notice", scene.owner, NOTICE_MAX + 1, SALT)


def cancels(scene: Scene) -> None:
    told = [scene.change(A, 2)]
    scene.do("schedule", scene.owner, told, SALT, False)
    scene.do("cancel", scene.stranger, scene.handle(told))
    scene.do("cancel", scene.guardian, scene.handle(told))
    scene.wait(NOTICE)
    scene.do("apply", scene.stranger, told, SALT)
    until = scene.world.now + 100 * DAY
    scene.do("set_guardian", scene.owner, scene.candidate, until, SALT)
    scene.do("cancel", scene.guardian, (1, 4, (scene.candidate, until), SALT))


def owners_only(scene: Scene) -> None:
    for sender in (scene.stranger, scene.guardian):
        scene.do("schedule", sender, [scene.change(A, 2)], SALT, False)
        scene.do("set_notice", sender, NOTICE_MAX, SALT)
        scene.do("freeze", sender, B)
        scene.do("pause", sender, A, DAY)
        scene.do("unpause", sender, A)
        scene.do("propose_owner", sender, sender, SALT)


def guardians_time(scene: Scene) -> None:
    scene.wait(scene.until - scene.world.now - 1)
    scene.do("pause", scene.guardian, A, DAY)
    scene.wait(1)
    scene.do("pause", scene.guardian, B, DAY)


def freezes(scene: Scene) -> None:
    told = scene.upgrade(scene.change(A, 2))
    scene.wait(ROLLBACK_WINDOW)
    scene.do("freeze", scene.owner, A)
    scene.wait(1)
    scene.do("pause", scene.owner, A, DAY)
    scene.do("freeze", scene.owner, A)
    scene.do("freeze", scene.owner, B)
    scene.do("schedule", scene.owner, [scene.change(B, 2)], SALT, False)
    scene.do("pause", scene.guardian, B, DAY)
    scene.do("rollback", scene.owner, told, SALT)


def freezes_with_confirmation(scene: Scene) -> None:
    scene.upgrade(scene.change(A, 2), confirm=True)
    scene.wait(2 * CONFIRM_WINDOW)
    scene.do("freeze", scene.owner, A)


def rollbacks(scene: Scene) -> None:
    told = scene.upgrade(scene.change(A, 2), removal(B, 2))
    scene.do("rollback", scene.stranger, told, SALT)
    scene.wait(ROLLBACK_WINDOW)
    scene.do("rollback", scene.guardian, told, SALT)
    scene.do("rollback", scene.guardian, told, SALT)
    again = scene.upgrade(scene.change(A, 2, 4), salt=ZERO32)
    scene.wait(ROLLBACK_WINDOW + 1)
    scene.do("rollback", scene.owner, again, ZERO32)
    scene.wait(CONFIRM_WINDOW)
    scene.do("rollback", scene.stranger, again, ZERO32)


def rollback_over_a_later_change(scene: Scene) -> None:
    """The two later modules have the same code, so that only the version tells."""
    early = [scene.world.change(scene.ns, A, scene.world.changing[0])]
    scene.upgrade(*early)
    scene.upgrade(scene.world.change(scene.ns, A, scene.world.changing[1]))
    scene.do("rollback", scene.owner, early, SALT)


def proof_of_life(scene: Scene) -> None:
    told = scene.upgrade(scene.change(A, 2), scene.change(B, 2), confirm=True)
    scene.wait(CONFIRM_WINDOW)
    scene.do("rollback", scene.stranger, told, SALT)
    scene.do("confirm", scene.owner, scene.handle(told))
    scene.wait(1)
    scene.do("rollback", scene.stranger, told, SALT)


def no_proof_of_life(scene: Scene) -> None:
    told = scene.upgrade(scene.change(A, 2), confirm=True)
    scene.wait(2 * CONFIRM_WINDOW + 1)
    scene.do("rollback", scene.stranger, told, SALT)


def too_late_a_proof(scene: Scene) -> None:
    told = scene.upgrade(scene.change(A, 2), confirm=True)
    scene.wait(CONFIRM_WINDOW + 1)
    scene.do("confirm", scene.owner, scene.handle(told))
    scene.do("rollback", scene.stranger, told, SALT)


def zeros(scene: Scene) -> None:
    scene.claim(scene.stranger, ZERO32, scene.stranger, 0, ZERO, 0, [])
    scene.claim(scene.stranger, key("x"), ZERO, 0, ZERO, 0, [])
    scene.do("propose_owner", scene.owner, ZERO, SALT)
    scene.wait(NOTICE)
    scene.do("accept_owner", ZERO, SALT)


def pauses(scene: Scene) -> None:
    scene.do("pause", scene.guardian, A, PAUSE_MAX + 1)
    scene.do("pause", scene.guardian, A, PAUSE_MAX)
    scene.wait(PAUSE_MAX)
    scene.do("pause", scene.guardian, A, PAUSE_MAX)
    scene.do("pause", scene.guardian, B, PAUSE_MAX)
    scene.wait(PAUSE_MAX - 1)
    scene.do("unpause", scene.owner, B)
    scene.do("pause", scene.guardian, B, PAUSE_MAX)


def pauses_around_an_upgrade(scene: Scene) -> None:
    told = [scene.change(A, 2)]
    scene.do("schedule", scene.owner, told, SALT, False)
    scene.wait(NOTICE)
    scene.do("pause", scene.guardian, A, PAUSE_MAX)
    scene.wait(PAUSE_MAX - 1)
    scene.do("apply", scene.stranger, told, SALT)
    scene.do("pause", scene.guardian, A, PAUSE_MAX)


def hand_overs(scene: Scene) -> None:
    scene.do("propose_owner", scene.owner, scene.owner, SALT)
    bomb = [scene.change(A, 2)]
    until = scene.world.now + 100 * DAY
    scene.do("schedule", scene.owner, bomb, SALT, False)
    scene.do("set_notice", scene.owner, DAY, SALT)
    scene.do("set_guardian", scene.owner, scene.stranger, until, SALT)
    scene.do("propose_owner", scene.owner, scene.candidate, SALT)
    scene.do("propose_owner", scene.owner, scene.stranger, SALT)
    scene.wait(NOTICE)
    scene.do("accept_owner", scene.candidate, SALT)
    scene.do("apply_notice", scene.stranger, DAY, SALT)
    scene.do("apply_guardian", scene.stranger, scene.stranger, until, SALT)
    scene.do("apply", scene.stranger, bomb, SALT)
    scene.do("accept_owner", scene.stranger, SALT)


def neighbours(scene: Scene) -> None:
    """The owner of the second namespace uses the keys of the first."""
    for number, version in enumerate((1, 2)):
        told = [scene.change(A, 2, version)]
        salt = bytes([number]) * 32
        scene.do("schedule", scene.other, told, salt, False, ns=scene.second)
        scene.do("apply", scene.other, told, salt, ns=scene.second)
    scene.do("pause", scene.other, A, DAY, ns=scene.second)
    scene.do("pause", scene.other, B, DAY, ns=scene.second)


STORIES = [
    upgrades, announcements, changing_code, settings_wait, cancels, owners_only, guardians_time,
    freezes, freezes_with_confirmation, rollbacks, rollback_over_a_later_change, proof_of_life,
    no_proof_of_life, too_late_a_proof, zeros, pauses, pauses_around_an_upgrade, hand_overs,
    neighbours,
]  # fmt: skip


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_the_kernel_passes_the_story(story):
    story(Scene(None, judge))


# ----- faults of which an invariant speaks -----


class Fault(NamedTuple):
    law: str
    name: str
    story: Callable[[Scene], None]
    edits: list[Edit]


def fault(law: str, name: str, story: Callable[[Scene], None], *edits: Edit) -> Fault:
    return Fault(law, name, story, list(edits))


SCHEDULE_CHECK = "        self._check_change(change, entry, last)\n"
INSTALL_CHECK = "    self._check_change(change, word, last)\n"
OF_THIS_EPOCH = "        (word >> AT_OP_EPOCH) & MASK_32 == self._namespaces[ns] & MASK_32,\n"
LAWS = [
    fault("KER-1", "pause drops the module", pauses,
          ("    self._entries[id] = (word & ~(MASK_40 << AT_PAUSED)) | (until << AT_PAUSED)",
           "    self._entries[id] = (word & MASK_32) | (until << AT_PAUSED)")),
    fault("KER-1", "schedule applies at once", upgrades,
          (SCHEDULE_CHECK, SCHEDULE_CHECK
           + "        self._write_module(ns, change.key, self._id(ns, change.key), entry,"
             " change.module, change.code_hash)\n")),
    fault("KER-1", "apply stops after one change", upgrades,
          ("        self._install(ns, change, last, block.timestamp + window)\n",
           "        self._install(ns, change, last, block.timestamp + window)\n        break\n")),
    fault("KER-2", "a version is skipped", upgrades,
          ("    settings: uint256 = (word & MASK_96) + 1\n    self._entries",
           "    settings: uint256 = (word & MASK_96) + 2\n    self._entries")),
    fault("KER-2", "any version goes", upgrades,
          ("    assert change.version == (word & MASK_32) + 1,", "    assert True,")),
    fault("KER-2", "a rollback brings the old version back", rollbacks,
          ("    self._write_module(ns, change.key, id, word, predecessor, code_hash)",
           "    self._write_module(ns, change.key, id, word - 2, predecessor, code_hash)")),
    fault("KER-3", "any code goes", changing_code,
          ("    assert module.codehash == code_hash,", "    assert True,")),
    fault("KER-3", "delegated accounts go", announcements,
          ("    assert convert(slice(module.code, 0, 1), uint256) != NOT_CODE,",
           "    assert True,")),
    fault("KER-3", "code is not checked at the announcement", announcements,
          (SCHEDULE_CHECK, "")),
    fault("KER-3", "code is not checked at apply", changing_code, (INSTALL_CHECK, "")),
    fault("KER-3", "code is not checked at rollback", changing_code,
          ("    self._check_code(predecessor, code_hash)\n", "")),
    fault("KER-4", "no notice", upgrades,
          ('    self._require(block.timestamp >= ready, "kernel: notice not over")\n', "")),
    fault("KER-4", "a second too soon", upgrades,
          ("self._require(block.timestamp >= ready,",
           "self._require(block.timestamp + 1 >= ready,")),
    fault("KER-4", "no end", upgrades,
          ('    self._require(block.timestamp <= ready + GRACE, "kernel: operation expired")\n',
           "")),
    fault("KER-4", "a shorter notice at once", settings_wait,
          ("    if notice < present:", "    if notice > present:")),
    fault("KER-4", "a new guardian at once", settings_wait,
          ("    if guardian != empty(address):\n        return self._announce_setting",
           "    if guardian == empty(address):\n        return self._announce_setting")),
    fault("KER-4", "what is canceled applies", cancels,
          ("        (word >> AT_OP_STATUS) & MASK_8 == convert(status, uint256),\n",
           "        True,\n")),
    fault("KER-5", "frozen means nothing", freezes,
          ("    assert (word >> AT_FROZEN) & 1 == 0,", "    assert True,")),
    fault("KER-5", "frozen a second too soon", freezes,
          ("self._require(block.timestamp > self._pasts[id]",
           "self._require(block.timestamp >= self._pasts[id]")),
    fault("KER-5", "frozen while paused", freezes,
          ("    self._check_not_paused(word)\n    self._require(block.timestamp > self._pasts",
           "    self._require(block.timestamp > self._pasts")),
    fault("KER-5", "confirmation widens no window", freezes_with_confirmation,
          ("        window = 2 * CONFIRM_WINDOW\n", "        window = ROLLBACK_WINDOW\n")),
    fault("KER-6", "keys are shared by all namespaces", neighbours,
          ("    return keccak256(abi_encode(ns, key))",
           "    if ns == convert(msg.sender, bytes32):\n"
           "        return keccak256(abi_encode(ns, key))\n"
           "    return keccak256(abi_encode(empty(bytes32), key))"),
          ("@internal\n@pure\ndef _id(", "@internal\n@view\ndef _id(")),
    fault("KER-7", "anyone is the owner", owners_only,
          ('    self._require(owns, "kernel: not owner")\n', "")),
    fault("KER-7", "anyone is the guardian", owners_only,
          ("    return msg.sender != empty(address) and msg.sender == self._guardian(ns)",
           "    return True")),
    fault("KER-7", "a guardian for ever", guardians_time,
          ("    if block.timestamp >= word & MASK_40:\n        return empty(address)\n", "")),
    fault("KER-7", "a guardian for a second more", guardians_time,
          ("    if block.timestamp >= word & MASK_40:",
           "    if block.timestamp > word & MASK_40:")),
    fault("KER-7", "a guardian cancels its successor", cancels,
          ("            kind != convert(IKernel.Kind.GUARDIAN, uint256),", "            True,")),
    fault("KER-7", "a longer rollback", rollbacks,
          ("    if age <= ROLLBACK_WINDOW and", "    if age <= CONFIRM_WINDOW and")),
    fault("KER-7", "anyone rolls back at any time", rollbacks,
          ("        owed and age > CONFIRM_WINDOW and age <= 2 * CONFIRM_WINDOW,",
           "        True,")),
    fault("KER-7", "anyone rolls back a day too soon", proof_of_life,
          ("age > CONFIRM_WINDOW and", "age >= CONFIRM_WINDOW and")),
    fault("KER-7", "anyone rolls back for ever", no_proof_of_life,
          (" and age <= 2 * CONFIRM_WINDOW,", ",")),
    fault("KER-7", "anyone rolls back what was confirmed", proof_of_life,
          ("    owed: bool = word >> AT_OP_CONFIRM == CONFIRMATION_ASKED",
           "    owed: bool = word >> AT_OP_CONFIRM != NO_CONFIRMATION")),
    fault("KER-8", "zero label", zeros,
          ('    self._require(label != empty(bytes32), "kernel: zero label")\n', "")),
    fault("KER-8", "claimed for nobody", zeros,
          ('    self._require(owner != empty(address), "kernel: zero owner")\n', "")),
    fault("KER-8", "handed over to nobody", zeros,
          ('    self._require(candidate != empty(address), "kernel: zero owner")\n', "")),
    fault("KER-8", "zero key", announcements,
          ("    assert convert(change.key, uint256) > convert(last, uint256),",
           "    assert True,")),
    fault("KER-8", "removal of nothing", announcements,
          ('        self._require(word >> AT_ADDRESS != 0, "kernel: nothing to remove")\n', "")),
    fault("KER-8", "removal with a hash", announcements,
          ('        self._require(change.code_hash == empty(bytes32),'
           ' "kernel: hash of a removal")\n', "        pass\n")),
    fault("KER-9", "no rest between pauses", pauses,
          ("last == 0 or block.timestamp >= last + PAUSE_REST", "block.timestamp >= last")),
    fault("KER-9", "a longer pause", pauses,
          ("duration <= PAUSE_MAX", "duration <= PAUSE_MAX + 1")),
    fault("KER-9", "unpause ends the rest", pauses,
          ("    self._write_paused(id, word, block.timestamp)\n",
           "    self._write_paused(id, word, 0)\n")),
    fault("KER-9", "a change of module ends the pause", pauses_around_an_upgrade,
          ("    settings: uint256 = (word & MASK_96) + 1\n    self._entries",
           "    settings: uint256 = (word & MASK_32) + 1\n    self._entries")),
    fault("KER-11", "no new epoch", hand_overs,
          ("    settings: uint256 = (word & MASK_96) + 1  # the next epoch\n",
           "    settings: uint256 = word & MASK_96\n")),
    fault("KER-11", "changes outlive their owner", hand_overs,
          (OF_THIS_EPOCH, "        True,\n"),
          ("        abi_encode(ns, self._namespaces[ns] & MASK_32, IKernel.Kind.CHANGES,",
           "        abi_encode(ns, convert(1, uint256), IKernel.Kind.CHANGES,")),
    fault("KER-11", "settings outlive their owner", hand_overs,
          (OF_THIS_EPOCH, "        True,\n"),
          ("        abi_encode(ns, self._namespaces[ns] & MASK_32, kind,",
           "        abi_encode(ns, convert(1, uint256), kind,")),
    fault("KER-12", "rollback of what has changed since", rollback_over_a_later_change,
          ('    self._require(word & MASK_32 == change.version, "kernel: changed since")\n', "")),
    fault("KER-12", "rollback of a part", rollbacks,
          ("        self._restore(ns, change)\n",
           "        self._restore(ns, change)\n        break\n")),
]  # fmt: skip


class CaughtError(Exception):
    """Carries the numbers of the laws that a step broke."""


def raise_what_is_broken(world: World) -> None:
    if broken := broken_laws(world):
        raise CaughtError(broken)


@pytest.mark.parametrize("it", LAWS, ids=lambda it: f"{it.law} {it.name}")
def test_a_broken_law_is_caught(it):
    with pytest.raises(CaughtError) as caught:
        it.story(Scene(init_code(*it.edits), raise_what_is_broken))
    assert it.law in caught.value.args[0]


def test_each_law_has_a_fault():
    static = {"KER-10"}
    assert {it.law for it in LAWS} | static == {f"KER-{number}" for number in range(1, 13)}


def test_a_kernel_that_calls_is_caught():
    """KER-10, which is static: see tests/unit/kernel/test_opcodes.py."""
    sound = "    module: address = convert(word >> AT_ADDRESS, address)\n    return module != empty"
    call = "    raw_call(module, b'', is_static_call=True)\n"
    calling = (sound, sound.replace("    return", call + "    return"))
    for edits, expected in (((), set()), ((calling,), {"STATICCALL"})):
        init, runtime = compiled(edited(*edits), "bytecode", "bytecode_runtime")
        assert outbound(code_only(runtime, metadata(init))) == expected


# ----- faults that the model and the events show -----

MODEL = [
    fault("MODEL", "a proof that comes too late", too_late_a_proof,
          ("    self._require(block.timestamp <= applied + CONFIRM_WINDOW,",
           "    self._require(True,")),
    fault("MODEL", "an id without its salt", upgrades,
          ("IKernel.Kind.CHANGES, changes, salt)",
           "IKernel.Kind.CHANGES, changes, empty(bytes32))")),
    fault("MODEL", "a key that is not listed", announcements,
          ("    if change.version == 1:\n", "    if change.version == 0:\n")),
    fault("MODEL", "the hash of another version", upgrades,
          ("    self._hashes[id][change.version % 2] = change.code_hash",
           "    self._hashes[id][(change.version + 1) % 2] = change.code_hash")),
    fault("MODEL", "a notice over thirty days", settings_wait,
          ('    self._require(notice <= NOTICE_MAX,', "    self._require(True,")),
    fault("MODEL", "a hand-over to oneself", hand_overs,
          ('    self._require(candidate != msg.sender, "kernel: already owner")\n', "")),
    fault("EVENTS", "silent cancel", cancels,
          ("    log IKernel.Canceled(namespace=ns, operation=op, by=msg.sender)\n", "")),
    fault("EVENTS", "silent unpause", pauses,
          ("    log IKernel.Unpaused(namespace=ns, key=key)\n", "")),
]  # fmt: skip


@pytest.mark.parametrize("it", MODEL, ids=lambda it: it.name)
def test_another_fault_is_caught(it):
    with pytest.raises(BrokenRuleError):
        it.story(Scene(init_code(*it.edits), judge))


# ----- and without being told where to look -----

COMMON = {
    "any version goes",
    "a rollback brings the old version back",
    "no notice",
    "frozen means nothing",
    "anyone is the owner",
}


@pytest.mark.parametrize(
    "it", [it for it in LAWS if it.name in COMMON], ids=lambda it: f"{it.law} {it.name}"
)
def test_the_machine_finds_a_broken_law_by_itself(it):
    machine = type("Broken", (KernelMachine,), {"bytecode": init_code(*it.edits)})
    asked = settings(PORTION, max_examples=30, phases=[Phase.generate], print_blob=False)
    with pytest.raises(BrokenRuleError):
        run_state_machine_as_test(seed(1)(machine), settings=asked)


def test_an_edit_of_a_text_that_is_gone_fails_loudly():
    with pytest.raises(AssertionError, match="0 times in the source"):
        edited(("not in the kernel", ""))
    with pytest.raises(AssertionError, match="times in the source"):
        edited(("self", ""))  # which of them?


def test_the_unedited_source_is_the_kernel():
    """Else the faults would prove something about another contract."""
    scene = Scene(init_code(), judge)
    upgrades(scene)
    assert scene.world.seen.modules(scene.ns)[A][0] == scene.modules[1]
