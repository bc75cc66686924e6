import boa
import pytest

from tests.support.kernel import (
    CONFIRM_WINDOW,
    DAY,
    ROLLBACK_WINDOW,
    ZERO,
    ZERO32,
    Entry,
    State,
    change,
    entry_id,
    key,
    live_hash,
    logged,
    removal,
    reverts,
    upgrade,
)


def entry(kernel, ns, name):
    return Entry(*kernel.entry(entry_id(ns, name)))


@pytest.fixture
def changes(keys, modules):
    return [change(keys[0], modules[2], 2), removal(keys[1], 2)]


def test_rollback_restores_the_whole_operation(kernel, ns, owner, guardian, keys, modules, changes):
    op = upgrade(kernel, ns, owner, changes)
    kernel.rollback(ns, changes, ZERO32, sender=guardian)
    first, second, bad = (module.address for module in modules[:3])
    assert logged(kernel) == [
        ("RolledBack", ns, op, guardian),
        ("ModuleChanged", ns, keys[0], first, bad, 3, live_hash(first)),
        ("ModuleChanged", ns, keys[1], second, ZERO, 3, live_hash(second)),
    ]
    assert kernel.operation(ns, op).state == State.ROLLED_BACK
    assert entry(kernel, ns, keys[0]) == Entry(first, 3, live_hash(first), bad, live_hash(bad))
    assert entry(kernel, ns, keys[1]) == Entry(second, 3, live_hash(second))
    assert [kernel.resolve(ns, name) for name in keys] == [first, second]


def test_rollback_by_the_owner_in_the_last_second(kernel, ns, owner, changes):
    upgrade(kernel, ns, owner, changes)
    boa.env.time_travel(seconds=ROLLBACK_WINDOW)
    kernel.rollback(ns, changes, ZERO32, sender=owner)


def test_rollback_then_upgrade_again_and_roll_back_again(kernel, ns, owner, keys, modules):
    for version in (2, 4, 6):
        changes = [change(keys[0], modules[2], version)]
        upgrade(kernel, ns, owner, changes)
        kernel.rollback(ns, changes, ZERO32, sender=owner)
        seen = entry(kernel, ns, keys[0])
        assert (seen.module, seen.version) == (modules[0].address, version + 1)
        assert kernel.verify(ns, keys[0])


@pytest.mark.parametrize("age", [CONFIRM_WINDOW + 1, 2 * CONFIRM_WINDOW])
def test_rollback_by_anyone_without_proof_of_life(kernel, ns, owner, stranger, changes, age):
    upgrade(kernel, ns, owner, changes, confirm=True)
    boa.env.time_travel(seconds=age)
    kernel.rollback(ns, changes, ZERO32, sender=stranger)


@pytest.mark.parametrize("age", [0, ROLLBACK_WINDOW, CONFIRM_WINDOW, 2 * CONFIRM_WINDOW + 1])
def test_rollback_by_anyone_out_of_the_window_reverts(kernel, ns, owner, stranger, changes, age):
    upgrade(kernel, ns, owner, changes, confirm=True)
    boa.env.time_travel(seconds=age)
    with reverts("kernel: may not roll back"):
        kernel.rollback(ns, changes, ZERO32, sender=stranger)


def test_rollback_by_anyone_where_none_was_asked_for_reverts(kernel, ns, owner, stranger, changes):
    upgrade(kernel, ns, owner, changes)
    for _ in range(3):
        boa.env.time_travel(seconds=CONFIRM_WINDOW // 2 + 1)
        with reverts("kernel: may not roll back"):
            kernel.rollback(ns, changes, ZERO32, sender=stranger)


def test_rollback_too_late_reverts(kernel, ns, owner, guardian, changes):
    upgrade(kernel, ns, owner, changes)
    boa.env.time_travel(seconds=ROLLBACK_WINDOW + 1)
    for sender in (owner, guardian):
        with reverts("kernel: may not roll back"):
            kernel.rollback(ns, changes, ZERO32, sender=sender)


def test_rollback_by_a_former_guardian_reverts(kernel, ns, owner, guardian, changes):
    upgrade(kernel, ns, owner, changes)
    kernel.set_guardian(ns, ZERO, 0, ZERO32, sender=owner)
    with reverts("kernel: may not roll back"):
        kernel.rollback(ns, changes, ZERO32, sender=guardian)


def test_rollback_twice_or_before_apply_or_of_another_reverts(kernel, ns, owner, changes):
    kernel.schedule(ns, changes, ZERO32, False, sender=owner)
    with reverts("kernel: wrong operation state"):
        kernel.rollback(ns, changes, ZERO32, sender=owner)
    boa.env.time_travel(seconds=kernel.namespace(ns).notice)
    kernel.apply(ns, changes, ZERO32)
    for other, salt in ((changes[:1], ZERO32), (changes, b"\x01" * 32)):
        with reverts("kernel: wrong operation state"):
            kernel.rollback(ns, other, salt, sender=owner)
    kernel.rollback(ns, changes, ZERO32, sender=owner)
    with reverts("kernel: wrong operation state"):
        kernel.rollback(ns, changes, ZERO32, sender=owner)


def test_rollback_after_a_later_change_reverts_whole(kernel, ns, owner, keys, modules, changes):
    upgrade(kernel, ns, owner, changes)
    upgrade(kernel, ns, owner, [change(keys[1], modules[3], 3)])
    with reverts("kernel: changed since"):
        kernel.rollback(ns, changes, ZERO32, sender=owner)
    assert entry(kernel, ns, keys[0]).version == 2


def test_rollback_of_a_first_module_reverts_whole(kernel, ns, owner, keys, modules):
    changes = [change(keys[0], modules[2], 2), change(key("z"), modules[2])]
    upgrade(kernel, ns, owner, changes)
    with reverts("kernel: no predecessor"):
        kernel.rollback(ns, changes, ZERO32, sender=owner)
    assert entry(kernel, ns, keys[0]).version == 2


def test_rollback_of_a_refill_reverts(kernel, ns, owner, keys, modules):
    upgrade(kernel, ns, owner, [removal(keys[0], 2)])
    refill = [change(keys[0], modules[2], 3)]
    upgrade(kernel, ns, owner, refill)
    with reverts("kernel: no predecessor"):
        kernel.rollback(ns, refill, ZERO32, sender=owner)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (b"", "kernel: no code"),
        (b"\x00", "kernel: not the announced code"),
        (b"\xef\x01\x00" + b"\x11" * 20, "kernel: not plain code"),
    ],
)
def test_rollback_to_code_that_is_gone_reverts(kernel, ns, owner, modules, changes, code, why):
    upgrade(kernel, ns, owner, changes)
    boa.env.set_code(modules[0].address, code)
    with reverts(why):
        kernel.rollback(ns, changes, ZERO32, sender=owner)


def test_rollback_after_a_hand_over_reverts(
    kernel, ns, owner, guardian, candidate, stranger, changes
):
    """Decided by the kernel: a hand-over ends what concerns a former owner's operations.

    The id binds the epoch, so the operation is not even found.
    """
    upgrade(kernel, ns, owner, changes, confirm=True)
    kernel.propose_owner(ns, candidate, ZERO32, sender=owner)
    boa.env.time_travel(seconds=kernel.namespace(ns).notice)
    kernel.accept_owner(ns, ZERO32, sender=candidate)
    for wait, sender in ((0, guardian), (0, candidate), (CONFIRM_WINDOW, stranger)):
        boa.env.time_travel(seconds=wait)
        with reverts("kernel: wrong operation state"):
            kernel.rollback(ns, changes, ZERO32, sender=sender)


def test_rollback_keeps_a_pause(kernel, ns, owner, guardian, keys, changes):
    upgrade(kernel, ns, owner, changes)
    kernel.pause(ns, keys[0], DAY, sender=guardian)
    kernel.rollback(ns, changes, ZERO32, sender=guardian)
    assert entry(kernel, ns, keys[0]).paused_until == boa.env.timestamp + DAY
