"""A kernel, its actors, and a record of everything that happened to it.

`World.act` makes one attempt on the chain and on the model. The functions `ker_*` judge
the last step by what the chain showed before and after, without asking the model, so
that each invariant stands on its own; `model_agrees` and `events_tell_all` come after
them. The stateful machine and the planted faults use the same functions.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import boa
from eth_utils import keccak

from tests.support.kernel import (
    CONFIRM_WINDOW,
    DAY,
    GRACE,
    PAUSE_MAX,
    PAUSE_REST,
    ROLLBACK_WINDOW,
    ZERO,
    ZERO32,
    Change,
    Entry,
    Kind,
    Model,
    Operation,
    State,
    changes_id,
    deploy_kernel,
    deploy_module,
    entry_id,
    key,
    live_hash,
    namespace_id,
    reason,
)

DESIGNATOR = bytes.fromhex("ef0100") + b"\x11" * 20  # an EIP-7702 account
KEYS = [key(name) for name in ("a", "b", "c")]
INTERVAL = PAUSE_MAX + PAUSE_REST

ANNOUNCES = {"schedule", "set_notice", "set_guardian", "propose_owner"}
APPLIES = {"apply", "apply_notice", "apply_guardian", "accept_owner"}
EVERYBODY = {"claim", *APPLIES}
NOBODY = {"time", "code"}  # steps in which no one acts
REPOINTS = {"claim", "apply", "rollback"}


class BrokenRuleError(AssertionError):
    """A rule of the design page does not hold; the message starts with its number."""


def expect(rule: str, holds: bool, detail: object = "") -> None:
    if not holds:
        raise BrokenRuleError(f"{rule}: {detail}")


# ----- what is seen -----


@dataclass(frozen=True)
class Seen:
    """All namespaces as the views show them."""

    spaces: dict[bytes, Any]
    entries: dict[bytes, dict[bytes, Entry]]

    def entry(self, ns: bytes, name: bytes) -> Entry:
        return self.entries.get(ns, {}).get(name, Entry())

    def epoch(self, ns: bytes) -> int:
        return self.spaces[ns].epoch if ns in self.spaces else 0

    def modules(self, ns: bytes) -> dict[bytes, tuple[str, bytes]]:
        return {name: (e.module, e.code_hash) for name, e in self.entries.get(ns, {}).items()}


@dataclass
class Announced:
    """An announcement as it was seen being made, and what became of it."""

    epoch: int
    kind: Kind
    content: tuple
    salt: bytes
    made_at: int
    notice: int
    confirm: bool = False
    hashes: dict[bytes, bytes] = field(default_factory=dict)  # key -> live hash when announced
    state: State = State.WAITING
    applied_at: int = 0
    confirmed: bool = False
    replaced: dict[bytes, tuple[str, bytes]] = field(default_factory=dict)  # when applied


def content(name: str, sender: str, args: tuple) -> tuple[Kind, tuple, bytes]:
    """Kind, content and salt of the operation that a call makes or names."""
    if name in ("schedule", "apply", "rollback"):
        return Kind.CHANGES, tuple(args[0]), args[1]
    if name in ("set_notice", "apply_notice"):
        return Kind.NOTICE, (ZERO, args[0]), args[1]
    if name in ("set_guardian", "apply_guardian"):
        return Kind.GUARDIAN, (args[0], args[1]), args[2]
    if name == "propose_owner":
        return Kind.OWNER, (args[0], 0), args[1]
    return Kind.OWNER, (sender, 0), args[0]


def plain_hash(account: str) -> bytes:
    """The hash of an account's code; none where it holds no plain code."""
    code = bytes(boa.env.get_code(account))
    return ZERO32 if code[:1] in (b"", b"\xef") else keccak(code)


class Step(NamedTuple):
    name: str
    sender: str
    ns: bytes
    args: tuple
    now: int
    why: str | None  # the chain's reason, or none when it was allowed
    allowed: set[str]  # the model's reasons to refuse
    before: Seen
    after: Seen
    announced: Announced | None  # the announcement that this call names, if any
    result: Any

    @property
    def done(self) -> bool:
        return self.why is None


# ----- the world -----


class World:
    def __init__(self) -> None:
        self.kernel = deploy_kernel()
        self.actors = [boa.env.generate_address() for _ in range(6)]
        self.model = Model(lambda account: bytes(boa.env.get_code(account)))
        self.plain = [str(deploy_module(number).address) for number in range(4)]
        self.codes = [bytes(boa.env.get_code(module)) for module in self.plain]
        self.changing = [str(boa.env.generate_address()) for _ in range(2)]
        for account in self.changing:
            boa.env.set_code(account, self.codes[0])
        self.codeless = str(boa.env.generate_address())
        self.delegated = str(boa.env.generate_address())
        boa.env.set_code(self.delegated, DESIGNATOR)
        self.pool = [*self.plain, *self.changing, self.codeless, self.delegated]

        self.claimed: list[bytes] = []
        self.ids: dict[tuple[bytes, tuple], bytes] = {}  # (ns, handle) -> operation id
        self.announced: dict[tuple[bytes, tuple], Announced] = {}
        self.pauses: dict[tuple[bytes, bytes], list[list[int]]] = {}
        self.indexer = Indexer()
        self.seen = Seen({}, {})
        self.last: Step | None = None
        self.steps = 0

    @property
    def now(self) -> int:
        return boa.env.timestamp

    # -- what happens --

    def claim(self, claimer, label, owner, notice=0, guardian=ZERO, until=0, changes=()) -> bytes:
        """Claim, and keep watching what was claimed."""
        ns = namespace_id(claimer, label)
        self.act("claim", claimer, ns, label, owner, notice, guardian, until, list(changes))
        return ns

    def act(self, name: str, sender: str, ns: bytes, *args: Any) -> Step:
        """Try `name` as `sender` on the chain and on the model. Judges nothing."""
        before, now = self.seen, self.now
        named = self._named(name, sender, ns, args)
        why, result = self._call(name, sender, ns, args)
        told = args if name == "claim" else (ns, *args)
        allowed = getattr(self.model, name)(now, sender, *told)
        announced = replace(named) if named else None
        if why is None:
            self.indexer.read(self.kernel.get_logs(), now)
            if name == "claim":
                self.claimed.append(ns)
            if name in ANNOUNCES and result != ZERO32:
                announced = self._announce(name, sender, ns, args, result)
            if named:
                self._progress(name, named, before.modules(ns))
            self.seen = self._look()  # what is refused leaves no trace: the EVM sees to it
        self.last = Step(
            name, sender, ns, args, now, why, allowed, before, self.seen, announced, result
        )
        self._note_pauses(self.last)
        self.steps += 1
        return self.last

    def pass_time(self, seconds: int) -> None:
        boa.env.time_travel(seconds=seconds)
        self._nobody_acts("time")

    def set_code(self, account: str, code: bytes) -> None:
        """Emulates a selfdestruct and a re-deployment by CREATE2 behind one address."""
        boa.env.set_code(account, code)
        self._nobody_acts("code")

    # -- builders of arguments --

    def change(self, ns: bytes, name: bytes, module: str) -> Change:
        """An honest next change of this key."""
        code_hash = ZERO32 if module == ZERO else live_hash(module)
        return Change(name, module, code_hash, self.model.at(ns).entry(name).version + 1)

    def boundaries(self) -> list[int]:
        """The moments ahead, and those just gone, at which some rule changes its answer."""
        moments: set[int] = set()
        for space in self.model.namespaces.values():
            moments.add(space.guardian_until)
            for entry in space.entries.values():
                moments |= {entry.paused_until, entry.paused_until + PAUSE_REST}
                moments.add(entry.revisable_until)
            for operation in space.operations.values():
                if operation.state == State.WAITING:
                    moments |= {operation.ready_at, operation.ready_at + GRACE}
                if operation.state == State.APPLIED:
                    windows = (ROLLBACK_WINDOW, CONFIRM_WINDOW, 2 * CONFIRM_WINDOW)
                    moments |= {operation.applied_at + window for window in windows}
        return sorted(moment for moment in moments if moment > self.now - 2)

    # -- how it is done --

    def _nobody_acts(self, name: str) -> None:
        seen, ns = self.seen, self.last.ns if self.last else ZERO32
        self.last = Step(name, ZERO, ns, (), self.now, None, set(), seen, seen, None, None)

    def _named(self, name: str, sender: str, ns: bytes, args: tuple) -> Announced | None:
        """The announcement that a call refers to: of this epoch, else of a former one."""
        if name in ("cancel", "confirm"):
            return self.announced.get((ns, args[0]))
        if name in APPLIES or name == "rollback":
            for epoch in range(self.seen.epoch(ns), 0, -1):
                found = self.announced.get((ns, (epoch, *content(name, sender, args))))
                if found:
                    return found
        return None

    def _announce(self, name: str, sender: str, ns: bytes, args: tuple, op: bytes) -> Announced:
        kind, what, salt = content(name, sender, args)
        space = self.seen.spaces[ns]
        made = Announced(space.epoch, kind, what, salt, self.now, space.notice)
        if kind == Kind.CHANGES:
            made.confirm = args[2]
            made.hashes = {item.key: plain_hash(item.module) for item in what}
        handle = (space.epoch, kind, what, salt)
        self.announced[ns, handle] = made
        self.ids[ns, handle] = op
        return replace(made)

    def _progress(self, name: str, announced: Announced, modules: dict) -> None:
        if name in APPLIES:
            announced.state, announced.applied_at = State.APPLIED, self.now
            announced.replaced = modules
        elif name == "confirm":
            announced.confirmed = True
        else:
            announced.state = State.CANCELED if name == "cancel" else State.ROLLED_BACK

    def _call(self, name: str, sender: str, ns: bytes, args: tuple) -> tuple[str | None, Any]:
        if name == "claim":
            sent = args
        elif name in ("cancel", "confirm"):
            sent = (ns, self.ids.get((ns, args[0]), keccak(repr(args[0]).encode())))
        else:
            sent = (ns, *args)
        try:
            return None, getattr(self.kernel, name)(*sent, sender=sender)
        except boa.BoaError as error:
            return reason(error), None

    def _look(self) -> Seen:
        spaces, entries = {}, {}
        for ns in self.claimed:
            spaces[ns] = self.kernel.namespace(ns)
            entries[ns] = {row.key: Entry(*row.entry) for row in self.kernel.page(ns, 0, 32)}
        return Seen(spaces, entries)

    def _note_pauses(self, step: Step) -> None:
        for name, entry in step.after.entries.get(step.ns, {}).items():
            old = step.before.entry(step.ns, name).paused_until
            if entry.paused_until == old:
                continue
            spans = self.pauses.setdefault((step.ns, name), [])
            if spans and old > step.now:  # it was paused: its last span ends elsewhere now
                spans[-1][1] = max(step.now, entry.paused_until)
            else:
                spans.append([step.now, entry.paused_until])


# ----- the invariants of the design page; each judges the last step -----


def ker_1(world: World) -> None:
    """An entry changes only by an applied operation, by its claim, or by rollback."""
    step = world.last
    touched = {item.key for item in changes_of(step)}
    old, new = step.before.modules(step.ns), step.after.modules(step.ns)
    for name in {*old, *new}:
        if old.get(name) != new.get(name):
            expect("KER-1", name in touched, f"{step.name} changed {name!r}")
    if step.name in ("claim", "apply"):
        for item in changes_of(step):
            expect("KER-1", new.get(item.key) == (item.module, item.code_hash), "not as announced")


def ker_2(world: World) -> None:
    """Versions never repeat and never skip."""
    step = world.last
    touched = {item.key for item in changes_of(step)} if step.done else set()
    for name, entry in step.after.entries.get(step.ns, {}).items():
        rise = entry.version - step.before.entry(step.ns, name).version
        expect("KER-2", rise == (name in touched), f"{step.name} raised {name!r} by {rise}")
    if step.done and step.name in ("claim", "apply"):
        for item in changes_of(step):
            version = step.after.entry(step.ns, item.key).version
            expect("KER-2", version == item.version, f"{version}, announced {item.version}")
    old = list(step.before.entries.get(step.ns, {}))
    expect("KER-2", list(step.after.entries.get(step.ns, {}))[: len(old)] == old, "key lost")


def ker_3(world: World) -> None:
    """The code at apply has the announced hash, and was there at the announcement."""
    step = world.last
    if not step.done:
        return
    if step.name == "schedule":
        for item in step.args[0]:
            if item.module != ZERO:
                live = step.announced.hashes[item.key]
                expect("KER-3", live != ZERO32, f"no plain code: {item}")
                expect("KER-3", live == item.code_hash, "announced code is not there")
    for item in changes_of(step):
        entry = step.after.entry(step.ns, item.key)
        if entry.module == ZERO:
            continue
        live = plain_hash(entry.module)
        expect("KER-3", live != ZERO32, f"{step.name}: no plain code behind {item.key!r}")
        expect("KER-3", live == entry.code_hash, f"{step.name}: other code behind {item.key!r}")
        if step.name == "apply" and step.announced:
            expect("KER-3", step.announced.hashes[item.key] == live, "other code than announced")


def ker_4(world: World) -> None:
    """What waits has waited the notice in force at its announcement, once, in time."""
    step = world.last
    if not step.done:
        return
    if step.name in APPLIES:
        made = step.announced
        expect("KER-4", made is not None, f"{step.name} of what was never announced")
        waited = step.now - made.made_at
        expect("KER-4", waited >= made.notice, f"{step.name} after {waited} of {made.notice} s")
        expect("KER-4", waited <= made.notice + GRACE, f"{step.name} {waited} s later")
        expect("KER-4", made.state == State.WAITING, f"{step.name} of {made.state!r}")
    old, new = step.before.spaces.get(step.ns), step.after.spaces.get(step.ns)
    if old is None:
        return
    if new.notice < old.notice:
        expect("KER-4", step.name == "apply_notice", f"{step.name} shortened the notice")
    if new.guardian != ZERO and (new.guardian, new.guardian_until) != (
        old.guardian,
        old.guardian_until,
    ):
        expect("KER-4", step.name == "apply_guardian", f"{step.name} set a guardian")
    if new.owner != old.owner:
        expect("KER-4", step.name == "accept_owner", f"{step.name} changed the owner")
        expect("KER-4", new.owner == step.sender, "owner without acceptance")


def ker_5(world: World) -> None:
    """A frozen entry never changes and is never paused."""
    step = world.last
    for ns, entries in step.before.entries.items():
        for name, entry in entries.items():
            if entry.frozen:
                expect("KER-5", step.after.entry(ns, name) == entry, f"{step.name}: {name!r}")
                expect("KER-5", entry.paused_until <= step.now, f"paused: {name!r}")
    for name, entry in step.after.entries.get(step.ns, {}).items():
        if entry.frozen and not step.before.entry(step.ns, name).frozen:
            expect("KER-5", step.name == "freeze", f"{step.name} froze {name!r}")
            expect("KER-5", entry.paused_until <= step.now, f"frozen while paused: {name!r}")
            expect("KER-5", step.now > revisable_until(world, name), f"too soon: {name!r}")


def revisable_until(world: World, name: bytes) -> int:
    """The end of the last window in which an entry's present version may be rolled back."""
    ns, ends = world.last.ns, [0]
    entry = world.seen.entry(ns, name)
    for (space, _), made in world.announced.items():
        if space == ns and made.kind == Kind.CHANGES and made.state == State.APPLIED:
            window = 2 * CONFIRM_WINDOW if made.confirm else ROLLBACK_WINDOW
            old, _ = made.replaced.get(name, (ZERO, ZERO32))
            if old != ZERO and (name, entry.version) in {(c.key, c.version) for c in made.content}:
                ends.append(made.applied_at + window)
    return max(ends)


def ker_6(world: World) -> None:
    """An owner's acts never touch another namespace."""
    step = world.last
    for ns in step.before.spaces:
        if ns != step.ns:
            same = step.before.spaces[ns] == step.after.spaces[ns]
            same = same and step.before.entries[ns] == step.after.entries[ns]
            expect("KER-6", same, f"{step.name} in another namespace")


def ker_7(world: World) -> None:
    """The guardian can only cancel, pause, roll back; after expiry, and others, nothing."""
    step = world.last
    if not step.done or step.name in EVERYBODY | NOBODY:
        return
    space = step.before.spaces.get(step.ns)
    expect("KER-7", space is not None, f"{step.name} in no namespace")
    if step.sender == space.owner and step.name != "rollback":
        return
    in_office = step.sender == space.guardian and step.now < space.guardian_until
    if step.name == "rollback":
        age = step.now - step.announced.applied_at
        unproven = step.announced.confirm and not step.announced.confirmed
        anybody = unproven and CONFIRM_WINDOW < age <= 2 * CONFIRM_WINDOW
        may = in_office or step.sender == space.owner
        expect("KER-7", anybody or (may and age <= ROLLBACK_WINDOW), f"rollback {age} s later")
        return
    expect("KER-7", in_office, f"{step.name} by a stranger")
    expect("KER-7", step.name in ("cancel", "pause"), f"{step.name} by the guardian")
    if step.name == "cancel":
        expect("KER-7", step.announced.kind != Kind.GUARDIAN, "guardian defends its office")


def ker_8(world: World) -> None:
    """No zero key, namespace or owner is ever valid; a zero module only as a removal."""
    step = world.last
    for ns, space in step.after.spaces.items():
        valid = ZERO32 not in (ns, space.label) and ZERO not in (space.owner, space.claimer)
        expect("KER-8", valid, f"namespace {space}")
        for name, entry in step.after.entries[ns].items():
            expect("KER-8", name != ZERO32 and entry.version > 0, "zero key or version")
            empty = entry.module == ZERO
            expect("KER-8", empty == (entry.code_hash == ZERO32), "hash of nothing")
            if empty and step.before.entry(ns, name).module != ZERO:
                removed = step.name == "apply" and name in {
                    item.key for item in changes_of(step) if item.module == ZERO
                }
                expect("KER-8", removed, f"{step.name} removed {name!r}")
            expect("KER-8", not empty or entry.version > 1, "empty from the start")


def ker_9(world: World) -> None:
    """An entry is never paused more than 14 of any 74 days."""
    for place, spans in world.pauses.items():
        starts = {start for start, _ in spans} | {end - INTERVAL for _, end in spans}
        for start in starts:
            paused = sum(
                max(0, min(end, start + INTERVAL) - max(begin, start)) for begin, end in spans
            )
            expect("KER-9", paused <= PAUSE_MAX, f"{place[1]!r}: {paused / DAY:.1f} of 74 days")


def ker_11(world: World) -> None:
    """After an owner hand-over no operation of the former owner applies."""
    step = world.last
    if step.done and step.name in APPLIES and step.announced:
        former = step.announced.epoch != step.before.epoch(step.ns)
        expect("KER-11", not former, f"{step.name} of epoch {step.announced.epoch}")
    if step.done and step.name == "accept_owner":
        rise = step.after.epoch(step.ns) - step.before.epoch(step.ns)
        expect("KER-11", rise == 1, f"epoch rose by {rise}")


def ker_12(world: World) -> None:
    """A rollback restores exactly the set of modules in force before the operation."""
    step = world.last
    if step.done and step.name == "rollback":
        new = step.after.modules(step.ns)
        expect("KER-12", step.announced.state == State.APPLIED, "it was not in force")
        for item in step.args[0]:
            old = step.announced.replaced.get(item.key)
            expect("KER-12", old is not None and old[0] != ZERO, "there was nothing before")
            expect("KER-12", new[item.key] == old, f"{item.key!r}: {new[item.key]}, not {old}")


def changes_of(step: Step) -> list[Change]:
    """What a successful step re-points; nothing for other steps."""
    if not step.done or step.name not in REPOINTS:
        return []
    return step.args[-1] if step.name == "claim" else step.args[0]


# ----- what comes after them -----


def model_agrees(world: World) -> None:
    """The chain did what the model expects, and every view shows it."""
    step, model = world.last, world.model
    if step.done:
        expect("MODEL", not step.allowed, f"{step.name} went through; expected {step.allowed}")
    else:
        expect("MODEL", step.why in step.allowed, f"{step.name}: {step.why}, not {step.allowed}")
    for ns, space in model.namespaces.items():
        seen = step.after.spaces[ns]
        told = (
            space.owner, space.epoch, space.notice, space.claimed_at, space.claimer, space.label,
            space.guardian, space.guardian_until, len(space.entries),
        )  # fmt: skip
        expect("MODEL", tuple(seen) == told, f"namespace {seen}, not {told}")
        expect("MODEL", step.after.entries[ns] == space.entries, "entries differ")
        expect("MODEL", list(step.after.entries[ns]) == list(space.entries), "order of keys")


def operations_agree(world: World, ns: bytes, every: bool = False) -> None:
    """The views of operations; of a few of them, as there may be many."""
    space = world.model.at(ns)
    handles = list(space.operations)
    picked = handles if every else handles[-1:] + handles[world.steps % max(1, len(handles)) :][:1]
    for handle in picked:
        told: Operation = space.operations[handle]
        expect("MODEL", (ns, handle) in world.ids, f"never announced: {handle}")
        seen = world.kernel.operation(ns, world.ids[ns, handle])
        state = world.model.state(world.now, ns, told)
        expected = (
            told.kind, state, told.ready_at, told.applied_at, told.epoch, told.confirm,
            told.confirmed,
        )  # fmt: skip
        expect("MODEL", tuple(seen) == expected, f"operation {seen}, not {expected}")
        if told.kind == Kind.CHANGES:
            op = changes_id(ns, told.epoch, told.content, told.salt)
            expect("MODEL", op == world.ids[ns, handle], "operation id")


def look_ups_agree(world: World, ns: bytes) -> None:
    """The other views of one entry, one of them at each step."""
    kernel, name = world.kernel, KEYS[world.steps % len(KEYS)]
    space, now = world.model.at(ns), world.now
    entry, id = space.entry(name), entry_id(ns, name)
    usable = entry.module if now >= entry.paused_until else "kernel: paused"
    usable = usable if entry.module != ZERO else "kernel: no module"
    same = entry.module != ZERO and live_hash(entry.module) == entry.code_hash
    looks: list[tuple[str, tuple, Any]] = [
        ("module", (id,), usable),
        ("verify", (ns, name), same),
        ("guardian", (ns,), space.guardian_at(now)),
        ("resolve", (ns, name), usable),
        ("head", (id,), (entry.module, entry.version)),
    ]
    view, args, expected = looks[world.steps % len(looks)]
    try:
        found = getattr(kernel, view)(*args)
    except boa.BoaError as error:
        found = reason(error)
    expect("MODEL", found == expected, f"{view}: {found}, not {expected}")


class Indexer:
    """Rebuilds the state from events alone (law 6)."""

    def __init__(self) -> None:
        self.spaces: dict[bytes, dict[str, Any]] = {}
        self.entries: dict[tuple[bytes, bytes], Entry] = {}
        self.operations: dict[tuple[bytes, bytes], State] = {}
        self.doubts: list[str] = []  # what contradicts an earlier event

    def read(self, logs: list[Any], now: int) -> None:
        for log in logs:
            getattr(self, f"_{type(log).__name__}")(log, now)

    def _expect(self, holds: bool, detail: str) -> None:
        if not holds:
            self.doubts.append(detail)

    def _Claimed(self, log, now):  # noqa: N802
        self.spaces[log.namespace] = {
            "owner": log.owner, "epoch": 1, "notice": log.notice, "claimed_at": now,
            "claimer": log.claimer, "label": log.label, "guardian": ZERO, "guardian_until": 0,
        }  # fmt: skip

    def _ModuleChanged(self, log, now):  # noqa: N802
        entry = self.entries.setdefault((log.namespace, log.key), Entry())
        self._expect(log.old_module == entry.module, "old module")
        entry.module, entry.version, entry.code_hash = log.module, log.version, log.code_hash

    def _Paused(self, log, now):  # noqa: N802
        self.entries[log.namespace, log.key].paused_until = log.until

    def _Unpaused(self, log, now):  # noqa: N802
        self.entries[log.namespace, log.key].paused_until = now

    def _Frozen(self, log, now):  # noqa: N802
        self.entries[log.namespace, log.key].frozen = True

    def _NoticeSet(self, log, now):  # noqa: N802
        self._expect(log.old_notice == self.spaces[log.namespace]["notice"], "old notice")
        self.spaces[log.namespace]["notice"] = log.notice

    def _GuardianSet(self, log, now):  # noqa: N802
        space = self.spaces[log.namespace]
        self._expect(log.old_guardian == space["guardian"], "old guardian")
        space |= {"guardian": log.guardian, "guardian_until": log.until}

    def _OwnerSet(self, log, now):  # noqa: N802
        space = self.spaces[log.namespace]
        self._expect(log.old_owner == space["owner"], "old owner")
        space |= {"owner": log.owner, "epoch": log.epoch}

    def _ChangesScheduled(self, log, now):  # noqa: N802
        space = self.spaces[log.namespace]
        self.operations[log.namespace, log.operation] = State.WAITING
        self._expect(log.ready_at == now + space["notice"], "ready at")
        changes = [Change(*item) for item in log.changes]
        op = changes_id(log.namespace, log.epoch, changes, log.salt)
        self._expect(op == log.operation, "an announcement tells what it announces")

    def _SettingScheduled(self, log, now):  # noqa: N802
        self.operations[log.namespace, log.operation] = State.WAITING
        ready = now + self.spaces[log.namespace]["notice"]
        self._expect(log.ready_at == ready, "ready at")

    def _Applied(self, log, now):  # noqa: N802
        self.operations[log.namespace, log.operation] = State.APPLIED

    def _Canceled(self, log, now):  # noqa: N802
        self.operations[log.namespace, log.operation] = State.CANCELED

    def _Confirmed(self, log, now):  # noqa: N802
        self._expect((log.namespace, log.operation) in self.operations, "confirmed unknown")

    def _RolledBack(self, log, now):  # noqa: N802
        self.operations[log.namespace, log.operation] = State.ROLLED_BACK


def events_tell_all(world: World) -> None:
    """What events say is what the views show."""
    index, seen = world.indexer, world.seen
    expect("EVENTS", not index.doubts, index.doubts)
    for ns, space in seen.spaces.items():
        shown = {name: getattr(space, name) for name in index.spaces[ns]}
        expect("EVENTS", shown == index.spaces[ns], f"{shown}, not {index.spaces[ns]}")
        for name, entry in seen.entries[ns].items():
            told = index.entries[ns, name]
            for part in ("module", "version", "code_hash", "paused_until", "frozen"):
                expect("EVENTS", getattr(told, part) == getattr(entry, part), part)
    known = {(ns, world.ids[ns, handle]): it.state for (ns, handle), it in world.announced.items()}
    expect("EVENTS", known == index.operations, "states of operations")


INVARIANTS: list[Callable[[World], None]] = [
    ker_1, ker_2, ker_3, ker_4, ker_5, ker_6, ker_7, ker_8, ker_9, ker_11, ker_12,
]  # fmt: skip


def judge(world: World) -> None:
    """Every rule, on the last step: the invariants first, by their numbers."""
    for rule in INVARIANTS:
        rule(world)
    model_agrees(world)
    events_tell_all(world)
    operations_agree(world, world.last.ns)
    look_ups_agree(world, world.last.ns)


def broken_laws(world: World) -> set[str]:
    """The numbers of the invariants that the last step broke, the model left aside."""
    broken = set()
    for rule in INVARIANTS:
        try:
            rule(world)
        except BrokenRuleError as error:
            broken.add(str(error).split(":")[0])
    return broken
