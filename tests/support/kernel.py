"""Kernel: ids, builders, and a model of what its design page allows.

The model is written from the page, not from the contract. It answers a call with the
*set* of reasons for which the call must be refused, so it does not depend on the order
of the contract's checks; an empty set means that the call must succeed, and then the
model has made the same change.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import IntFlag
from functools import cache
from typing import Any, NamedTuple

import boa
import pytest
from boa.contracts.abi.abi_contract import ABIContractFactory
from eth_abi import decode, encode
from eth_utils import keccak
from vyper.compiler.output import build_abi_output

from tests.support.compiled import deployer

DAY = 86_400
NOTICE_MAX = 30 * DAY
GUARDIAN_MAX = 365 * DAY
GRACE = 14 * DAY
ROLLBACK_WINDOW = 7 * DAY
CONFIRM_WINDOW = 30 * DAY
PAUSE_MAX = 14 * DAY
PAUSE_REST = 60 * DAY
MAX_CHANGES = 16
MAX_PAGE = 32

ZERO = "0x" + "00" * 20
ZERO32 = bytes(32)


class Kind(IntFlag):
    CHANGES = 1
    NOTICE = 2
    GUARDIAN = 4
    OWNER = 8


class State(IntFlag):
    NONE = 0
    WAITING = 1
    READY = 2
    EXPIRED = 4
    APPLIED = 8
    CANCELED = 16
    ROLLED_BACK = 32
    DEAD = 64


class Change(NamedTuple):
    key: bytes
    module: str
    code_hash: bytes
    version: int


# ----- ids and builders -----


def key(text: str) -> bytes:
    """ASCII, left-aligned, as explorers show it."""
    return text.encode().ljust(32, b"\0")


def namespace_id(claimer: str, label: bytes) -> bytes:
    return keccak(encode(["address", "bytes32"], [str(claimer), label]))


def entry_id(ns: bytes, name: bytes) -> bytes:
    return keccak(ns + name)


def changes_id(ns: bytes, epoch: int, changes: Iterable[Change], salt: bytes) -> bytes:
    types = ["bytes32", "uint256", "uint256", "(bytes32,address,bytes32,uint256)[]", "bytes32"]
    rows = [(c.key, str(c.module), c.code_hash, c.version) for c in changes]
    return keccak(encode(types, [ns, epoch, int(Kind.CHANGES), rows, salt]))


def live_hash(module: str) -> bytes:
    """EXTCODEHASH of an account that exists."""
    return keccak(boa.env.get_code(module))


def change(name: bytes, module: Any, version: int = 1) -> Change:
    address = str(getattr(module, "address", module))
    return Change(name, address, live_hash(address), version)


def removal(name: bytes, version: int) -> Change:
    return Change(name, ZERO, ZERO32, version)


def deploy_kernel() -> Any:
    """The kernel behind its ABI: refusals are then a hundred times quicker than with traces."""
    address, _ = boa.env.deploy_code(bytecode=deployer("Kernel").compiler_data.bytecode)
    return ABIContractFactory("Kernel", kernel_abi()).at(address)


@cache
def kernel_abi() -> list[dict]:
    return build_abi_output(deployer("Kernel").compiler_data)


def deploy_module(number: int) -> Any:
    """A small module; each number gives other code."""
    return deployer("KernelModule").deploy(number)


def claim(
    kernel: Any,
    claimer: str,
    owner: str,
    modules: Mapping[bytes, Any] | None = None,
    *,
    label: bytes = key("system"),
    notice: int = 0,
    guardian: str = ZERO,
    until: int = 0,
) -> bytes:
    """Claim a namespace with these first modules; its id."""
    changes = [change(name, modules[name]) for name in sorted(modules or {})]
    return kernel.claim(label, owner, notice, guardian, until, changes, sender=claimer)


def upgrade(
    kernel: Any, ns: bytes, owner: str, changes: list[Change], salt: bytes = ZERO32, **asked: bool
) -> bytes:
    """Schedule, let the notice pass, apply; the operation's id."""
    op = kernel.schedule(ns, changes, salt, asked.get("confirm", False), sender=owner)
    boa.env.time_travel(seconds=kernel.namespace(ns).notice)
    kernel.apply(ns, changes, salt)
    return op


def logged(kernel: Any) -> list[tuple]:
    """The last call's events, each as its name and its fields in order."""
    return [(type(log).__name__, *log[1:]) for log in kernel.get_logs()]


def reason(error: boa.BoaError) -> str:
    """The text of `assert ..., "text"`, or what else ended the call."""
    computation = error.call_trace.computation
    output = bytes(computation.output)
    if output[:4] == bytes.fromhex("08c379a0"):
        return decode(["string"], output[4:])[0]
    return f"without a reason: {computation.error!r}"


@contextmanager
def reverts(why: str) -> Iterator[None]:
    """As `boa.reverts`, to the letter for contracts behind an ABI too."""
    with pytest.raises(boa.BoaError) as caught:
        yield
    assert reason(caught.value) == why


# ----- the model -----


@dataclass
class Entry:
    """Field by field what `IKernel.Entry` holds."""

    module: str = ZERO
    version: int = 0
    code_hash: bytes = ZERO32
    predecessor: str = ZERO
    predecessor_hash: bytes = ZERO32
    revisable_until: int = 0
    paused_until: int = 0
    frozen: bool = False


@dataclass
class Operation:
    kind: Kind
    epoch: int
    ready_at: int
    state: State = State.WAITING  # WAITING stands for all that time and epoch decide
    applied_at: int = 0
    confirm: bool = False
    confirmed: bool = False
    content: tuple = ()
    salt: bytes = ZERO32


@dataclass
class Namespace:
    owner: str = ZERO
    epoch: int = 0
    notice: int = 0
    claimed_at: int = 0
    claimer: str = ZERO
    label: bytes = ZERO32
    guardian: str = ZERO
    guardian_until: int = 0
    entries: dict[bytes, Entry] = field(default_factory=dict)  # in the order of first filling
    operations: dict[tuple, Operation] = field(default_factory=dict)  # by epoch and content

    def entry(self, name: bytes) -> Entry:
        return self.entries.get(name, Entry())

    def guardian_at(self, now: int) -> str:
        return self.guardian if now < self.guardian_until else ZERO


Refusal = set[str]


def refused(**rules: bool) -> Refusal:
    """refused(not_owner=True) -> {"kernel: not owner"}; the reasons that hold."""
    return {f"kernel: {name.replace('_', ' ')}" for name, holds in rules.items() if holds}


class Model:
    """What the kernel must do. `code` answers with the code at an address."""

    def __init__(self, code: Callable[[str], bytes]) -> None:
        self.code = code
        self.namespaces: dict[bytes, Namespace] = {}

    def at(self, ns: bytes) -> Namespace:
        return self.namespaces.get(ns, Namespace())

    # -- everybody --

    def claim(self, now, sender, label, owner, notice, guardian, until, changes) -> Refusal:
        ns = namespace_id(sender, label)
        space = Namespace(owner, 1, notice, now, sender, label, guardian, until)
        why = refused(
            zero_label=label == ZERO32,
            zero_owner=owner == ZERO,
            already_claimed=ns in self.namespaces,
        )
        why |= self._bad_notice(notice) | self._bad_guardian(now, guardian, until)
        why |= self._bad_changes(space, changes)
        if not why:
            self.namespaces[ns] = space
            for item in changes:
                self._install(space, item, 0)
        return why

    def apply(self, now, sender, ns, changes, salt) -> Refusal:
        space = self.at(ns)
        operation = self._find(space, Kind.CHANGES, tuple(changes), salt)
        why = self._not_ready(now, operation) or self._bad_changes(space, changes)
        if not why:
            self._take(now, operation)
            window = 2 * CONFIRM_WINDOW if operation.confirm else ROLLBACK_WINDOW
            for item in changes:
                self._install(space, item, now + window)
        return why

    def apply_notice(self, now, sender, ns, notice, salt) -> Refusal:
        space = self.at(ns)
        operation = self._find(space, Kind.NOTICE, (ZERO, notice), salt)
        why = self._not_ready(now, operation)
        if not why:
            self._take(now, operation)
            space.notice = notice
        return why

    def apply_guardian(self, now, sender, ns, guardian, until, salt) -> Refusal:
        space = self.at(ns)
        operation = self._find(space, Kind.GUARDIAN, (guardian, until), salt)
        why = self._not_ready(now, operation) or self._bad_guardian(now, guardian, until)
        if not why:
            self._take(now, operation)
            space.guardian, space.guardian_until = guardian, until
        return why

    def accept_owner(self, now, sender, ns, salt) -> Refusal:
        space = self.at(ns)
        operation = self._find(space, Kind.OWNER, (sender, 0), salt)
        why = self._not_ready(now, operation)
        if not why:
            self._take(now, operation)
            space.owner = sender
            space.epoch += 1
        return why

    # -- the owner --

    def schedule(self, now, sender, ns, changes, salt, confirm) -> Refusal:
        space = self.at(ns)
        why = self._not_owner(space, sender) | refused(no_changes=not changes)
        why |= self._bad_changes(space, changes)
        why |= refused(
            nothing_to_go_back_to=confirm
            and any(space.entry(c.key).module == ZERO for c in changes)
        )
        return why or self._announce(now, space, Kind.CHANGES, tuple(changes), salt, confirm)

    def set_notice(self, now, sender, ns, notice, salt) -> Refusal:
        space = self.at(ns)
        why = self._not_owner(space, sender) | self._bad_notice(notice)
        why |= refused(same_notice=notice == space.notice)
        if why:
            return why
        if notice < space.notice:
            return self._announce(now, space, Kind.NOTICE, (ZERO, notice), salt)
        space.notice = notice
        return set()

    def set_guardian(self, now, sender, ns, guardian, until, salt) -> Refusal:
        space = self.at(ns)
        why = self._not_owner(space, sender) | self._bad_guardian(now, guardian, until)
        if why:
            return why
        if guardian != ZERO:
            return self._announce(now, space, Kind.GUARDIAN, (guardian, until), salt)
        space.guardian, space.guardian_until = ZERO, 0
        return set()

    def propose_owner(self, now, sender, ns, candidate, salt) -> Refusal:
        space = self.at(ns)
        why = self._not_owner(space, sender) | refused(
            zero_owner=candidate == ZERO, already_owner=candidate == sender
        )
        return why or self._announce(now, space, Kind.OWNER, (candidate, 0), salt)

    def confirm(self, now, sender, ns, handle) -> Refusal:
        space = self.at(ns)
        operation = space.operations.get(handle)
        why = self._not_owner(space, sender) | self._not_in(space, operation, State.APPLIED)
        if operation is not None and not why:
            why = refused(
                nothing_to_confirm=not operation.confirm or operation.confirmed,
                too_late_to_confirm=now > operation.applied_at + CONFIRM_WINDOW,
            )
            operation.confirmed |= not why
        return why

    def freeze(self, now, sender, ns, name) -> Refusal:
        space = self.at(ns)
        entry = space.entry(name)
        why = self._not_owner(space, sender) | self._not_live(entry)
        why |= refused(
            paused=now < entry.paused_until, still_revisable=now <= entry.revisable_until
        )
        if not why:
            entry.frozen = True
        return why

    def unpause(self, now, sender, ns, name) -> Refusal:
        space = self.at(ns)
        entry = space.entry(name)
        why = self._not_owner(space, sender) | refused(not_paused=now >= entry.paused_until)
        if not why:
            entry.paused_until = now
        return why

    # -- the owner and the guardian --

    def cancel(self, now, sender, ns, handle) -> Refusal:
        space = self.at(ns)
        operation = space.operations.get(handle)
        why = self._not_owner_or_guardian(now, space, sender)
        why |= self._not_in(space, operation, State.WAITING)
        why |= refused(
            sets_the_guardian=operation is not None
            and operation.kind == Kind.GUARDIAN
            and sender != space.owner
        )
        if operation is not None and not why:
            operation.state = State.CANCELED
        return why

    def pause(self, now, sender, ns, name, duration) -> Refusal:
        space = self.at(ns)
        entry = space.entry(name)
        why = self._not_owner_or_guardian(now, space, sender) | self._not_live(entry)
        if not 1 <= duration <= PAUSE_MAX:
            why.add("kernel: pause of 1 s to 14 days")
        last = entry.paused_until
        why |= refused(paused_lately=last != 0 and now < last + PAUSE_REST)
        if not why:
            entry.paused_until = now + duration
        return why

    def rollback(self, now, sender, ns, changes, salt) -> Refusal:
        space = self.at(ns)
        operation = self._find(space, Kind.CHANGES, tuple(changes), salt)
        why = self._not_in(space, operation, State.APPLIED)
        if operation is None or why:
            return why
        age = now - operation.applied_at
        privileged = not self._not_owner_or_guardian(now, space, sender)
        unproven = operation.confirm and not operation.confirmed
        why |= refused(
            may_not_roll_back=not (privileged and age <= ROLLBACK_WINDOW)
            and not (unproven and CONFIRM_WINDOW < age <= 2 * CONFIRM_WINDOW)
        )
        for item in changes:
            entry = space.entry(item.key)
            why |= refused(
                changed_since=entry.version != item.version,
                no_predecessor=entry.predecessor == ZERO,
                frozen=entry.frozen,
            )
            why |= self._bad_code(entry.predecessor, entry.predecessor_hash)
        if not why:
            operation.state = State.ROLLED_BACK
            for item in changes:
                self._restore(space.entry(item.key))
        return why

    # -- rules --

    def _not_owner(self, space: Namespace, sender: str) -> Refusal:
        return refused(not_owner=sender != space.owner)

    def _not_owner_or_guardian(self, now: int, space: Namespace, sender: str) -> Refusal:
        return refused(not_owner_or_guardian=sender not in (space.owner, space.guardian_at(now)))

    def _bad_notice(self, notice: int) -> Refusal:
        return refused(notice_over_30_days=notice > NOTICE_MAX)

    def _bad_guardian(self, now: int, guardian: str, until: int) -> Refusal:
        if guardian == ZERO:
            return refused(time_without_guardian=until != 0)
        return refused(
            guardian_ends_too_soon=until <= now, guardian_over_a_year=until > now + GUARDIAN_MAX
        )

    def _bad_code(self, module: str, code_hash: bytes) -> Refusal:
        code = self.code(module)
        return refused(
            no_code=not code,
            not_plain_code=code[:1] == b"\xef",
            not_the_announced_code=keccak(code) != code_hash,
        )

    def _bad_changes(self, space: Namespace, changes: Iterable[Change]) -> Refusal:
        why: Refusal = set()
        last = ZERO32
        for item in changes:
            entry = space.entry(item.key)
            why |= refused(
                keys_not_ascending=item.key <= last,
                frozen=entry.frozen,
                not_the_next_version=item.version != entry.version + 1,
            )
            if item.module == ZERO:
                why |= refused(
                    nothing_to_remove=entry.module == ZERO,
                    hash_of_a_removal=item.code_hash != ZERO32,
                )
            else:
                why |= self._bad_code(item.module, item.code_hash)
            last = item.key
        return why

    def _not_live(self, entry: Entry) -> Refusal:
        return refused(no_module=entry.module == ZERO, frozen=entry.frozen)

    def _not_in(self, space: Namespace, operation: Operation | None, state: State) -> Refusal:
        if operation is None:
            return refused(wrong_operation_state=True)
        return refused(
            wrong_operation_state=operation.state != state,
            of_a_former_owner=operation.epoch != space.epoch,
        )

    def _not_ready(self, now: int, operation: Operation | None) -> Refusal:
        if operation is None or operation.state != State.WAITING:
            return refused(wrong_operation_state=True)
        return refused(
            notice_not_over=now < operation.ready_at,
            operation_expired=now > operation.ready_at + GRACE,
        )

    # -- effects --

    def _find(self, space: Namespace, kind: Kind, content: tuple, salt: bytes) -> Operation | None:
        return space.operations.get((space.epoch, kind, content, salt))

    def _announce(
        self,
        now: int,
        space: Namespace,
        kind: Kind,
        content: tuple,
        salt: bytes,
        confirm: bool = False,
    ) -> Refusal:
        handle = (space.epoch, kind, content, salt)
        if handle in space.operations:
            return refused(operation_exists=True)
        space.operations[handle] = Operation(
            kind, space.epoch, now + space.notice, confirm=confirm, content=content, salt=salt
        )
        return set()

    def _take(self, now: int, operation: Operation) -> None:
        operation.state = State.APPLIED
        operation.applied_at = now

    def _install(self, space: Namespace, item: Change, revisable_until: int) -> None:
        old = space.entry(item.key)
        fresh = replace(old, module=item.module, code_hash=item.code_hash, version=item.version)
        if old.module == ZERO:
            fresh.predecessor, fresh.predecessor_hash, fresh.revisable_until = ZERO, ZERO32, 0
        else:
            fresh.predecessor, fresh.predecessor_hash = old.module, old.code_hash
            fresh.revisable_until = revisable_until
        space.entries[item.key] = fresh

    def _restore(self, entry: Entry) -> None:
        entry.module, entry.predecessor = entry.predecessor, entry.module
        entry.code_hash, entry.predecessor_hash = entry.predecessor_hash, entry.code_hash
        entry.version += 1
        entry.revisable_until = 0

    # -- views --

    def state(self, now: int, ns: bytes, operation: Operation) -> State:
        if operation.state != State.WAITING:
            return operation.state
        if operation.epoch != self.at(ns).epoch:
            return State.DEAD
        if now < operation.ready_at:
            return State.WAITING
        return State.READY if now <= operation.ready_at + GRACE else State.EXPIRED
