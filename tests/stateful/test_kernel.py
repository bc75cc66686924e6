"""The kernel under random acts of its actors, beside a model (tests/support/kernel.py).

Rules are named by what an actor does; most attempts are likely to be allowed, many are
not, and the model tells which. After each act the invariants of the design page judge
what the chain shows (tests/support/kernel_world.py). KER-10 is static: see
tests/unit/kernel/test_opcodes.py.
"""

from collections.abc import Callable

import boa
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.support import kernel_world as laws
from tests.support.deep import FACTOR
from tests.support.kernel import (
    CONFIRM_WINDOW,
    DAY,
    GRACE,
    GUARDIAN_MAX,
    NOTICE_MAX,
    PAUSE_MAX,
    ROLLBACK_WINDOW,
    ZERO,
    ZERO32,
    Change,
    Entry,
    Kind,
    State,
    key,
    namespace_id,
)
from tests.support.kernel_world import DESIGNATOR, KEYS, World

ACTS, STEPS = 2_000, 80
PORTION = settings(max_examples=10, stateful_step_count=STEPS)
LABELS = [key("system"), key("studio")]
SALTS = [bytes([number]) * 32 for number in range(4)]

places = st.sampled_from([0, 0, 0, 1, 2])  # which namespace
indexes = st.integers(0, 63)  # which of some list, modulo its length
module_picks = st.lists(indexes, min_size=3, max_size=3)
salts = st.sampled_from(SALTS)
names = st.sampled_from([*KEYS, KEYS[0]])
strangers = ["guardian", "candidate", "former", "stranger"]
mostly_owner = st.sampled_from(["owner"] * 14 + strangers)
mostly_privileged = st.sampled_from(["owner"] * 4 + ["guardian"] * 8 + strangers)
anybody = st.sampled_from(["owner", *strangers])
notices = st.sampled_from([0, 1, DAY, 2 * DAY, 10 * DAY, NOTICE_MAX, NOTICE_MAX + 1])
durations = st.sampled_from([1, DAY, 5 * DAY, PAUSE_MAX, PAUSE_MAX, PAUSE_MAX, 0, PAUSE_MAX + 1])
terms = st.sampled_from([-1, 0, 1, 5 * DAY, 100 * DAY, GUARDIAN_MAX, GUARDIAN_MAX + 1])
edges = st.sampled_from([(0, 0)] * 5 + [(0, -1), (0, 1), (1, 0), (1, 1)])  # graces, seconds
ends = [ROLLBACK_WINDOW, CONFIRM_WINDOW, 2 * CONFIRM_WINDOW]
windows = st.sampled_from([0, 0, 0, *ends, *[end + 1 for end in ends]])
swaps = st.sampled_from([None, None, 0, 1, 2, 3, 4])  # which other code, before apply
key_sets = st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True)
flaws = st.sampled_from(
    ["none"] * 12 + ["version", "hash", "order", "twice", "zero key", "empty", "zero with hash"]
)


class KernelMachine(RuleBasedStateMachine):
    total = 0  # steps of all runs

    def __init__(self):
        super().__init__()
        self.anchor = boa.env.anchor()
        self.anchor.__enter__()
        self.world = World()
        self.former = self.world.actors[5]

    def teardown(self):
        type(self).total += self.world.steps
        try:
            for ns in self.world.model.namespaces:
                laws.operations_agree(self.world, ns, every=True)
        finally:
            self.anchor.__exit__(None, None, None)

    # -- who and what --

    def space(self, place: int) -> bytes:
        spaces = list(self.world.model.namespaces)
        return spaces[place % len(spaces)]

    def actor(self, ns: bytes, role: str) -> str:
        space, actors = self.world.model.at(ns), self.world.actors
        guardian = space.guardian if space.guardian != ZERO else actors[1]
        known = {"owner": space.owner, "guardian": guardian, "former": self.former}
        return known.get(role) or {"candidate": actors[2], "stranger": actors[3]}[role]

    def operation(self, ns: bytes, index: int, *kinds: Kind, state: State | None = None):
        """One of the operations; of the wanted state where there is one."""
        space = self.world.model.at(ns)
        found = [handle for handle in space.operations if handle[1] in (kinds or Kind)]
        wanted = [handle for handle in found if space.operations[handle].state == state]
        listed = wanted or found
        return listed[index % len(listed)] if listed else (0, Kind.CHANGES, (), ZERO32)

    def changes(self, ns: bytes, names: list[bytes], modules: list[int], flaw: str):
        pool = [*self.world.pool, *self.world.plain, ZERO]
        made = [
            self.world.change(ns, name, pool[modules[at] % len(pool)])
            for at, name in enumerate(sorted(names))
        ]
        first = made[0]
        flawed = {
            "version": [first._replace(version=first.version + 1), *made[1:]],
            "hash": [first._replace(code_hash=b"\x01" * 32), *made[1:]],
            "order": made[::-1],
            "twice": [first, *made],
            "zero key": [first._replace(key=ZERO32), *made[1:]],
            "empty": [],
            "zero with hash": [Change(first.key, ZERO, first.code_hash, first.version)],
        }
        return flawed.get(flaw, made)

    def act(self, name: str, role: str, ns: bytes, *args):
        self.world.act(name, self.actor(ns, role), ns, *args)

    def has(self, *states: State, kind: Kind | None = None) -> bool:
        """Whether there is something to act on: most rules would else only be refused."""
        return any(
            operation.state in states and kind in (None, operation.kind)
            for space in self.world.model.namespaces.values()
            for operation in space.operations.values()
        )

    def has_entry(self, wanted: Callable[[Entry], bool]) -> bool:
        spaces = self.world.model.namespaces.values()
        return any(wanted(entry) for space in spaces for entry in space.entries.values())

    # -- acts --

    @initialize(notice=st.sampled_from([0, DAY, 10 * DAY]))
    def found(self, notice):
        """Two namespaces: one with modules and a guardian, one with nothing."""
        world = self.world
        owner, guardian = world.actors[0], world.actors[1]
        first = [
            Change(name, module, laws.live_hash(module), 1)
            for name, module in zip(KEYS[:2], world.plain, strict=False)
        ]
        until = world.now + 300 * DAY
        world.claim(owner, LABELS[0], owner, notice, guardian, until, first)
        laws.judge(world)
        world.claim(owner, LABELS[1], world.actors[4])

    @rule(
        who=st.integers(0, 3), label=st.sampled_from([*LABELS, ZERO32]), notice=notices,
        owner=st.sampled_from([0, 1, 4, None]), term=terms, guarded=st.booleans(),
        of=key_sets, picks=module_picks, flaw=flaws,
    )  # fmt: skip
    @precondition(lambda self: self.world.steps % 10 == 9)
    def claim(self, who, label, notice, owner, term, guarded, of, picks, flaw):
        world = self.world
        claimer = world.actors[who]
        ns = namespace_id(claimer, label)
        changes = self.changes(ns, of, picks, flaw)
        world.claim(
            claimer, label, ZERO if owner is None else world.actors[owner], notice,
            world.actors[1] if guarded else ZERO, world.now + term if guarded else term % DAY,
            changes,
        )  # fmt: skip

    @rule(
        place=places, role=mostly_owner, of=key_sets, salt=salts, confirm=st.booleans(),
        picks=module_picks, flaw=flaws,
    )  # fmt: skip
    def schedule(self, place, role, of, picks, flaw, salt, confirm):
        ns = self.space(place)
        self.act("schedule", role, ns, self.changes(ns, of, picks, flaw), salt, confirm)

    @rule(place=places, role=anybody, index=indexes, spoilt=st.integers(0, 9))
    @precondition(lambda self: self.has(State.WAITING, kind=Kind.CHANGES))
    def apply(self, place, role, index, spoilt):
        ns = self.space(place)
        _, _, changes, salt = self.operation(ns, index, Kind.CHANGES, state=State.WAITING)
        if spoilt == 0:
            salt = SALTS[index % len(SALTS)]
        self.act("apply", role, self.space(index) if spoilt == 1 else ns, list(changes), salt)

    @rule(place=places, of=key_sets, pick=indexes, salt=salts, confirm=st.booleans(),
          wait=edges, swap=swaps)  # fmt: skip
    def upgrade(self, place, of, pick, salt, confirm, wait, swap):
        """Schedule, wait, apply: so that other rules find something applied."""
        self.try_upgrade(self.space(place), of, pick, salt, confirm, wait, swap)

    @rule(place=places, of=key_sets, pick=indexes, salt=salts, confirm=st.booleans(),
          wait=windows, role=mostly_privileged)  # fmt: skip
    def upgrade_and_regret(self, place, of, pick, salt, confirm, wait, role):
        ns = self.space(place)
        changes = self.try_upgrade(ns, of, pick, salt, confirm, (0, 0))
        laws.judge(self.world)
        self.world.pass_time(wait)
        laws.judge(self.world)
        self.act("rollback", role, ns, changes, salt)

    @rule(place=places, name=names, pick=indexes, confirm=st.booleans())
    def compete(self, place, name, pick, confirm):
        """Two operations on one entry: only one can apply."""
        ns, world = self.space(place), self.world
        filled = [item for item in KEYS if world.model.at(ns).entry(item).module != ZERO]
        name = name if name in filled else (filled or [name])[0]
        rivals = [[world.change(ns, name, world.plain[(pick + at) % 4])] for at in range(2)]
        for changes in rivals:
            self.act("schedule", "owner", ns, changes, SALTS[pick % 4], confirm)
            laws.judge(world)
        self.wait_notice(ns, (0, 0))
        self.act("apply", "stranger", ns, rivals[pick % 2], SALTS[pick % 4])
        laws.judge(world)
        self.act("apply", "owner", ns, rivals[1 - pick % 2], SALTS[pick % 4])

    def try_upgrade(self, ns, of, pick, salt, confirm, wait, swap=None):
        world = self.world
        filled = [name for name in KEYS if world.model.at(ns).entry(name).module != ZERO]
        chosen = [name for name in sorted(of) if name in filled] or sorted(of)
        changes = [world.change(ns, name, world.pool[pick % 6]) for name in chosen]
        self.act("schedule", "owner", ns, changes, salt, confirm)
        if swap is not None:
            self.swap_code(world.pool[pick % 6], swap)
        self.wait_notice(ns, wait)
        self.act("apply", "stranger", ns, changes, salt)
        return changes

    def wait_notice(self, ns, wait):
        laws.judge(self.world)
        graces, seconds = wait
        notice = self.world.model.at(ns).notice
        self.world.pass_time(max(0, notice + graces * GRACE + seconds))
        laws.judge(self.world)

    @rule(place=places, role=mostly_privileged, index=indexes)
    @precondition(lambda self: self.has(State.APPLIED, State.ROLLED_BACK, kind=Kind.CHANGES))
    def rollback(self, place, role, index):
        ns = self.space(place)
        _, _, changes, salt = self.operation(ns, index, Kind.CHANGES, state=State.APPLIED)
        self.act("rollback", role, ns, list(changes), salt)

    @rule(place=places, role=mostly_owner, index=indexes)
    @precondition(lambda self: self.has(State.APPLIED, kind=Kind.CHANGES))
    def confirm(self, place, role, index):
        ns = self.space(place)
        self.act("confirm", role, ns, self.operation(ns, index, state=State.APPLIED))

    @rule(place=places, role=mostly_privileged, index=indexes)
    @precondition(lambda self: self.world.steps % 3 == 0 and self.has(State.WAITING))
    def cancel(self, place, role, index):
        ns = self.space(place)
        self.act("cancel", role, ns, self.operation(ns, index, state=State.WAITING))

    @rule(place=places, role=mostly_privileged, name=names, duration=durations)
    @precondition(lambda self: self.has_entry(lambda entry: entry.module != ZERO))
    def pause(self, place, role, name, duration):
        self.act("pause", role, self.space(place), name, duration)

    @rule(place=places, role=mostly_owner, name=names)
    @precondition(lambda self: self.has_entry(lambda entry: entry.paused_until > self.world.now))
    def unpause(self, place, role, name):
        self.act("unpause", role, self.space(place), name)

    @rule(place=places, role=mostly_owner, name=st.sampled_from(KEYS[1:]))
    @precondition(lambda self: self.world.steps > STEPS // 3)
    def freeze(self, place, role, name):
        self.act("freeze", role, self.space(place), name)

    @rule(place=places, role=mostly_owner, notice=notices, salt=salts)
    @precondition(lambda self: self.world.steps % 2 == 0)
    def set_notice(self, place, role, notice, salt):
        self.act("set_notice", role, self.space(place), notice, salt)

    @rule(place=places, role=anybody, index=indexes)
    @precondition(lambda self: self.has(State.WAITING, kind=Kind.NOTICE))
    def apply_notice(self, place, role, index):
        ns = self.space(place)
        _, _, told, salt = self.operation(ns, index, Kind.NOTICE, state=State.WAITING)
        self.act("apply_notice", role, ns, told[1] if told else DAY, salt)

    @rule(
        place=places, role=mostly_owner, who=st.integers(0, 3), term=terms, salt=salts,
    )  # fmt: skip
    @precondition(lambda self: self.world.steps % 2 == 1)
    def set_guardian(self, place, role, who, term, salt):
        chosen = [*self.world.actors[1:3], ZERO, ZERO][who]
        until = term % DAY * (who - 2) if chosen == ZERO else self.world.now + term
        self.act("set_guardian", role, self.space(place), chosen, until, salt)

    @rule(place=places, role=anybody, index=indexes)
    @precondition(lambda self: self.has(State.WAITING, kind=Kind.GUARDIAN))
    def apply_guardian(self, place, role, index):
        ns = self.space(place)
        _, _, told, salt = self.operation(ns, index, Kind.GUARDIAN, state=State.WAITING)
        self.act("apply_guardian", role, ns, *(told or (ZERO, 0)), salt)

    @rule(place=places, who=st.integers(1, 2), term=terms, salt=salts, wait=edges)
    def appoint_guardian(self, place, who, term, salt, wait):
        ns, guardian = self.space(place), self.world.actors[who]
        until = self.world.now + self.world.model.at(ns).notice + term
        self.act("set_guardian", "owner", ns, guardian, until, salt)
        self.wait_notice(ns, wait)
        self.act("apply_guardian", "stranger", ns, guardian, until, salt)

    @rule(place=places, role=mostly_owner, who=st.sampled_from([0, 2, 2, 4, None]), salt=salts)
    @precondition(lambda self: self.world.steps % 4 == 0)
    def propose_owner(self, place, role, who, salt):
        candidate = ZERO if who is None else self.world.actors[who]
        self.act("propose_owner", role, self.space(place), candidate, salt)

    @rule(place=places, index=indexes, impostor=st.integers(0, 5))
    @precondition(lambda self: self.has(State.WAITING, kind=Kind.OWNER))
    def accept_owner(self, place, index, impostor):
        ns = self.space(place)
        _, _, told, salt = self.operation(ns, index, Kind.OWNER, state=State.WAITING)
        honest = bool(told) and impostor != 0
        self.accept(told[0] if honest else self.world.actors[index % 6], ns, salt)

    @rule(place=places, who=st.sampled_from([2, 4, 0]), salt=salts, wait=edges)
    @precondition(lambda self: self.world.steps % 3 == 0)
    def hand_over(self, place, who, salt, wait):
        ns, candidate = self.space(place), self.world.actors[who]
        self.act("propose_owner", "owner", ns, candidate, salt)
        self.wait_notice(ns, wait)
        self.accept(candidate, ns, salt)

    def accept(self, candidate, ns, salt):
        owner = self.world.model.at(ns).owner
        if self.world.act("accept_owner", candidate, ns, salt).done:
            self.former = owner

    @rule(which=st.integers(0, 1), code=st.integers(0, 4))
    @precondition(lambda self: self.world.steps % 4 == 0)
    def code_changes(self, which, code):
        self.swap_code(self.world.changing[which], code)

    def swap_code(self, account, code):
        if account in self.world.changing:
            laws.judge(self.world)
            self.world.set_code(account, [*self.world.codes[:3], b"", DESIGNATOR][code])

    @rule(index=indexes, shift=st.sampled_from([-1, 0, 0, 1, 1]), far=st.integers(0, 3))
    def time_passes_to_a_boundary(self, index, shift, far):
        moments = self.world.boundaries()
        near = moments[: 2 if far else None] or [self.world.now + DAY]  # mostly to a near one
        self.world.pass_time(max(0, near[index % len(near)] + shift - self.world.now))

    @rule(seconds=st.sampled_from([1, 3_600, DAY]))
    def time_passes(self, seconds):
        self.world.pass_time(seconds)

    # -- what must hold --

    @invariant()
    def ker_1_an_entry_changes_only_by_its_law(self):
        laws.ker_1(self.world)

    @invariant()
    def ker_2_versions_never_repeat_and_never_skip(self):
        laws.ker_2(self.world)

    @invariant()
    def ker_3_the_code_is_the_announced_code(self):
        laws.ker_3(self.world)

    @invariant()
    def ker_4_the_notice_has_passed(self):
        laws.ker_4(self.world)

    @invariant()
    def ker_5_frozen_stays_frozen(self):
        laws.ker_5(self.world)

    @invariant()
    def ker_6_no_act_touches_another_namespace(self):
        laws.ker_6(self.world)

    @invariant()
    def ker_7_the_guardian_only_cancels_pauses_rolls_back(self):
        laws.ker_7(self.world)

    @invariant()
    def ker_8_zero_is_never_valid(self):
        laws.ker_8(self.world)

    @invariant()
    def ker_9_paused_at_most_14_of_74_days(self):
        laws.ker_9(self.world)

    @invariant()
    def ker_11_a_former_owners_operation_never_applies(self):
        laws.ker_11(self.world)

    @invariant()
    def ker_12_a_rollback_restores_what_was_in_force(self):
        laws.ker_12(self.world)

    @invariant()
    def model_agrees(self):
        laws.model_agrees(self.world)

    @invariant()
    def events_tell_all(self):
        laws.events_tell_all(self.world)

    @invariant()
    def views_agree(self):
        laws.operations_agree(self.world, self.world.last.ns)
        laws.look_ups_agree(self.world, self.world.last.ns)


def test_the_kernel_keeps_its_laws():
    """In portions, since hypothesis may take few or many acts for one example."""
    deep = not settings().derandomize  # see tests/conftest.py
    KernelMachine.total = portion = 0
    while KernelMachine.total < ACTS * (FACTOR if deep else 1):
        portion += 1
        machine = KernelMachine if deep else seed(portion)(KernelMachine)
        run_state_machine_as_test(machine, settings=PORTION)
