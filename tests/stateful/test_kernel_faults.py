"""Kernels broken on purpose: each has to be caught, or the machine proves nothing.

A fault takes one rule out of the source. It is played through a story, a directed walk
of the machine's own world, and has to be caught by the invariant that it breaks, the
model left aside (`laws`). What no invariant speaks of has to be caught by the model
(`faults of the model`). A few are also left to the random machine, as a check that it
finds things without being told where they are.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.test_kernel import PORTION, KernelMachine
from tests.support import faults as planting
from tests.support import kernel
from tests.support.faults import Edit
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

PATH = "kernel/Kernel.vy"
A, B, C = KEYS
NOTICE = 2 * DAY
SALT = b"\x05" * 32


# ----- stories -----


class Scene:
    """A world with two namespaces of two owners, and a judge after each act."""

    def __init__(self, judged: Callable[[World], None]) -> None:
        self.world = World()
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


# ----- faults of which an invariant speaks -----


class Fault(NamedTuple):
    law: str
    name: str
    story: Callable[[Scene], None]
    edits: list[Edit]


def fault(law: str, name: str, story: Callable[[Scene], None], *edits: tuple[str, ...]) -> Fault:
    """Each edit: a text, what stands there instead, and from where the text is looked for."""
    return Fault(law, name, story, [Edit(PATH, *edit) for edit in edits])


SCHEDULE_CHECK = "        self._check_change(change, entry, last)\n"
INSTALL = "        self._install(ns, change, last, block.timestamp + window)\n"
RESTORE = "        self._restore(ns, change)\n"
NEXT = "(word & MASK_96) + 1"
NEXT_VERSION = "self._check_not_frozen(word)\n    settings: uint256 ="
NEXT_EPOCH = "self._namespaces[ns]\n    settings: uint256 ="
EPOCH = "self._namespaces[ns] & MASK_32"
OF_THIS_EPOCH = ("(word >> AT_OP_EPOCH) & MASK_32 == self._namespaces[ns] & MASK_32",)
IN_OFFICE = "block.timestamp >= word & MASK_40"
RESTED = "last == 0 or block.timestamp >= last + PAUSE_REST"
UNPROVED = "owed and age > CONFIRM_WINDOW and age <= 2 * CONFIRM_WINDOW"
LAWS = [
    fault("KER-1", "pause drops the module", pauses,
          ("(word & ~(MASK_40 << AT_PAUSED)) | (until << AT_PAUSED)",
           "(word & MASK_32) | (until << AT_PAUSED)")),
    fault("KER-1", "schedule applies at once", upgrades,
          (SCHEDULE_CHECK, SCHEDULE_CHECK
           + "        self._write_module(ns, change.key, self._id(ns, change.key), entry,"
             " change.module, change.code_hash)\n")),
    fault("KER-1", "apply stops after one change", upgrades,
          (INSTALL, INSTALL + "        break\n")),
    fault("KER-2", "a version is skipped", upgrades,
          (NEXT, "(word & MASK_96) + 2", NEXT_VERSION)),
    fault("KER-2", "any version goes", upgrades,
          ("change.version == (word & MASK_32) + 1",)),
    fault("KER-2", "a rollback brings the old version back", rollbacks,
          ("word", "word - 2", "(ns, change.key, id, word, predecessor, code_hash)")),
    fault("KER-3", "any code goes", changing_code, ("module.codehash == code_hash",)),
    fault("KER-3", "delegated accounts go", announcements,
          ("convert(slice(module.code, 0, 1), uint256) != NOT_CODE",)),
    fault("KER-3", "code is not checked at the announcement", announcements,
          (SCHEDULE_CHECK, "")),
    fault("KER-3", "code is not checked at apply", changing_code,
          ("    self._check_change(change, word, last)\n", "")),
    fault("KER-3", "code is not checked at rollback", changing_code,
          ("    self._check_code(predecessor, code_hash)\n", "")),
    fault("KER-4", "no notice", upgrades, ("block.timestamp >= ready",)),
    fault("KER-4", "a second too soon", upgrades,
          ("block.timestamp >= ready", "block.timestamp + 1 >= ready")),
    fault("KER-4", "no end", upgrades,
          ("block.timestamp <= ready + GRACE", "True", "_require(block.timestamp <= ready")),
    fault("KER-4", "a shorter notice at once", settings_wait,
          ("notice < present", "notice > present")),
    fault("KER-4", "a new guardian at once", settings_wait,
          ("guardian != empty(address)", "guardian == empty(address)",
           "guardian != empty(address):\n        return")),
    fault("KER-4", "what is canceled applies", cancels,
          ("(word >> AT_OP_STATUS) & MASK_8 == convert(status, uint256)",)),
    fault("KER-5", "frozen means nothing", freezes, ("(word >> AT_FROZEN) & 1 == 0",)),
    fault("KER-5", "frozen a second too soon", freezes,
          ("block.timestamp > self._pasts[id] & MASK_40",
           "block.timestamp >= self._pasts[id] & MASK_40")),
    fault("KER-5", "frozen while paused", freezes,
          ("    self._check_not_paused(word)\n", "",
           "    self._check_not_paused(word)\n    self._require(block.timestamp > self._pasts")),
    fault("KER-5", "confirmation widens no window", freezes_with_confirmation,
          ("2 * CONFIRM_WINDOW", "ROLLBACK_WINDOW", "window = 2 *")),
    fault("KER-6", "keys are shared by all namespaces", neighbours,
          ("    return keccak256(abi_encode(ns, key))\n",
           "    if ns == convert(msg.sender, bytes32):\n"
           "        return keccak256(abi_encode(ns, key))\n"
           "    return keccak256(abi_encode(empty(bytes32), key))\n")),
    fault("KER-7", "anyone is the owner", owners_only, ("owns", "True", "_require(owns")),
    fault("KER-7", "anyone is the guardian", owners_only,
          ("msg.sender != empty(address) and msg.sender == self._guardian(ns)",)),
    fault("KER-7", "a guardian for ever", guardians_time, (IN_OFFICE, "False")),
    fault("KER-7", "a guardian for a second more", guardians_time,
          (IN_OFFICE, "block.timestamp > word & MASK_40")),
    fault("KER-7", "a guardian cancels its successor", cancels,
          ("kind != convert(IKernel.Kind.GUARDIAN, uint256)",)),
    fault("KER-7", "a longer rollback", rollbacks,
          ("age <= ROLLBACK_WINDOW", "age <= CONFIRM_WINDOW")),
    fault("KER-7", "anyone rolls back at any time", rollbacks, (UNPROVED,)),
    fault("KER-7", "anyone rolls back a day too soon", proof_of_life,
          (UNPROVED, UNPROVED.replace("age >", "age >="))),
    fault("KER-7", "anyone rolls back for ever", no_proof_of_life,
          (UNPROVED, "owed and age > CONFIRM_WINDOW")),
    fault("KER-7", "anyone rolls back what was confirmed", proof_of_life,
          ("word >> AT_OP_CONFIRM == CONFIRMATION_ASKED",
           "word >> AT_OP_CONFIRM != NO_CONFIRMATION", "owed: bool =")),
    fault("KER-8", "zero label", zeros, ("label != empty(bytes32)",)),
    fault("KER-8", "claimed for nobody", zeros, ("owner != empty(address)",)),
    fault("KER-8", "handed over to nobody", zeros, ("candidate != empty(address)",)),
    fault("KER-8", "zero key", announcements,
          ("convert(change.key, uint256) > convert(last, uint256)",)),
    fault("KER-8", "removal of nothing", announcements,
          ("word >> AT_ADDRESS != 0", "True",
           'word >> AT_ADDRESS != 0, "kernel: nothing to remove"')),
    fault("KER-8", "removal with a hash", announcements,
          ("change.code_hash == empty(bytes32)",)),
    fault("KER-9", "no rest between pauses", pauses, (RESTED, "block.timestamp >= last")),
    fault("KER-9", "a longer pause", pauses,
          ("duration <= PAUSE_MAX", "duration <= PAUSE_MAX + 1")),
    fault("KER-9", "unpause ends the rest", pauses,
          ("block.timestamp", "0", "block.timestamp)\n    log IKernel.Unpaused")),
    fault("KER-9", "a change of module ends the pause", pauses_around_an_upgrade,
          (NEXT, "(word & MASK_32) + 1", NEXT_VERSION)),
    fault("KER-11", "no new epoch", hand_overs, (NEXT, "word & MASK_96", NEXT_EPOCH)),
    fault("KER-11", "changes outlive their owner", hand_overs, OF_THIS_EPOCH,
          (EPOCH, "convert(1, uint256)", f"abi_encode(ns, {EPOCH}, IKernel.Kind.CHANGES,")),
    fault("KER-11", "settings outlive their owner", hand_overs, OF_THIS_EPOCH,
          (EPOCH, "convert(1, uint256)", f"abi_encode(ns, {EPOCH}, kind,")),
    fault("KER-12", "rollback of what has changed since", rollback_over_a_later_change,
          ("word & MASK_32 == change.version",)),
    fault("KER-12", "rollback of a part", rollbacks, (RESTORE, RESTORE + "        break\n")),
]  # fmt: skip


# ----- faults that the model and the events show -----

MODEL = [
    fault("MODEL", "a proof that comes too late", too_late_a_proof,
          ("block.timestamp <= applied + CONFIRM_WINDOW",)),
    fault("MODEL", "an id without its salt", upgrades,
          ("salt", "empty(bytes32)", "IKernel.Kind.CHANGES, changes, salt)")),
    fault("MODEL", "a key that is not listed", announcements,
          ("change.version == 1", "change.version == 0")),
    fault("MODEL", "the hash of another version", upgrades,
          ("change.version % 2", "(change.version + 1) % 2")),
    fault("MODEL", "a notice over thirty days", settings_wait, ("notice <= NOTICE_MAX",)),
    fault("MODEL", "a hand-over to oneself", hand_overs, ("candidate != msg.sender",)),
    fault("EVENTS", "silent cancel", cancels,
          ("    log IKernel.Canceled(namespace=ns, operation=op, by=msg.sender)\n", "")),
    fault("EVENTS", "silent unpause", pauses,
          ("    log IKernel.Unpaused(namespace=ns, key=key)\n", "")),
]  # fmt: skip
NUMBERS = {it.name: number for number, it in enumerate(LAWS + MODEL, 1)}


# ----- each is caught -----


@pytest.fixture(scope="module", autouse=True)
def planted(tmp_path_factory):
    """Kernels here have all faults, asleep."""
    with planting.planted(tmp_path_factory, LAWS + MODEL, [kernel]):
        yield


class CaughtError(Exception):
    """Carries the numbers of the laws that a step broke."""


def raise_what_is_broken(world: World) -> None:
    if broken := broken_laws(world):
        raise CaughtError(broken)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_the_kernel_passes_the_story(story):
    story(Scene(judge))


@pytest.mark.parametrize("it", LAWS, ids=lambda it: f"{it.law} {it.name}")
def test_a_broken_law_is_caught(it):
    with planting.awake(NUMBERS[it.name]), pytest.raises(CaughtError) as caught:
        it.story(Scene(raise_what_is_broken))
    assert it.law in caught.value.args[0]


@pytest.mark.parametrize("it", MODEL, ids=lambda it: it.name)
def test_another_fault_is_caught(it):
    with planting.awake(NUMBERS[it.name]), pytest.raises(BrokenRuleError):
        it.story(Scene(judge))


def test_each_law_has_a_fault():
    static = {"KER-10"}
    assert {it.law for it in LAWS} | static == {f"KER-{number}" for number in range(1, 13)}


def test_each_fault_has_a_name_of_its_own():
    assert len(NUMBERS) == len(LAWS + MODEL)


def test_a_kernel_that_calls_is_caught(tmp_path):
    """KER-10, which is static: see tests/unit/kernel/test_opcodes.py."""
    sound = "    module: address = convert(word >> AT_ADDRESS, address)\n"
    call = "    raw_call(module, b'', is_static_call=True)\n"
    planting.rewrite(tmp_path, PATH, (sound, sound + call))
    made = planting.quickly_compiled(tmp_path / "contracts" / PATH).compiler_data
    code = code_only(made.bytecode_runtime, metadata(made.bytecode))
    assert outbound(code) == {"STATICCALL"}


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
    asked = settings(PORTION, max_examples=30, phases=[Phase.generate], print_blob=False)
    with planting.awake(NUMBERS[it.name]), pytest.raises(BrokenRuleError):
        run_state_machine_as_test(seed(1)(KernelMachine), settings=asked)


def test_an_edit_of_a_text_that_is_gone_fails_loudly():
    with pytest.raises(AssertionError, match="0 times in the source"):
        Edit(PATH, "not in there").span("self, and self")
    with pytest.raises(AssertionError, match="2 times in the source"):
        Edit(PATH, "self").span("self, and self")  # which of them?
