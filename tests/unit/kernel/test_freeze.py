import boa
import pytest

from tests.support.kernel import (
    CONFIRM_WINDOW,
    DAY,
    ROLLBACK_WINDOW,
    ZERO32,
    change,
    entry_id,
    key,
    logged,
    removal,
    reverts,
    upgrade,
)


def test_freeze(kernel, ns, owner, keys, modules):
    before = kernel.entry(entry_id(ns, keys[0]))
    kernel.freeze(ns, keys[0], sender=owner)
    assert logged(kernel) == [("Frozen", ns, keys[0])]
    seen = kernel.entry(entry_id(ns, keys[0]))
    assert tuple(seen) == (*before[:-1], True)
    assert kernel.resolve(ns, keys[0]) == modules[0].address
    assert not kernel.entry(entry_id(ns, keys[1])).frozen


@pytest.mark.parametrize("confirm", [False, True])
@pytest.mark.parametrize("confirmed", [False, True])
def test_freeze_only_after_the_window(kernel, ns, owner, keys, modules, confirm, confirmed):
    """Sixty days where a confirmation was asked for, whether it was given or not."""
    op = upgrade(kernel, ns, owner, [change(keys[0], modules[2], 2)], confirm=confirm)
    if confirm and confirmed:
        kernel.confirm(ns, op, sender=owner)
    boa.env.time_travel(seconds=2 * CONFIRM_WINDOW if confirm else ROLLBACK_WINDOW)
    with reverts("kernel: still revisable"):
        kernel.freeze(ns, keys[0], sender=owner)
    boa.env.time_travel(seconds=1)
    kernel.freeze(ns, keys[0], sender=owner)


def test_freeze_a_refill_at_once(kernel, ns, owner, keys, modules):
    """Entries without a predecessor cannot be rolled back: there is no window."""
    upgrade(kernel, ns, owner, [removal(keys[0], 2)])
    upgrade(kernel, ns, owner, [change(keys[0], modules[2], 3), change(key("z"), modules[2])])
    kernel.freeze(ns, keys[0], sender=owner)
    kernel.freeze(ns, key("z"), sender=owner)


def test_freeze_what_was_rolled_back_at_once(kernel, ns, owner, keys, modules):
    changes = [change(keys[0], modules[2], 2)]
    upgrade(kernel, ns, owner, changes)
    kernel.rollback(ns, changes, ZERO32, sender=owner)
    kernel.freeze(ns, keys[0], sender=owner)


def test_freeze_by_others_reverts(kernel, ns, claimer, guardian, stranger, keys):
    for sender in (claimer, guardian, stranger):
        with reverts("kernel: not owner"):
            kernel.freeze(ns, keys[0], sender=sender)


def test_freeze_while_paused_reverts(kernel, ns, owner, guardian, keys):
    kernel.pause(ns, keys[0], DAY, sender=guardian)
    with reverts("kernel: paused"):
        kernel.freeze(ns, keys[0], sender=owner)
    boa.env.time_travel(seconds=DAY)
    kernel.freeze(ns, keys[0], sender=owner)


def test_freeze_nothing_reverts(kernel, ns, owner, keys):
    upgrade(kernel, ns, owner, [removal(keys[0], 2)])
    boa.env.time_travel(seconds=ROLLBACK_WINDOW + 1)
    for name in (keys[0], key("z"), ZERO32):
        with reverts("kernel: no module"):
            kernel.freeze(ns, name, sender=owner)


def test_freeze_twice_reverts(kernel, ns, owner, keys):
    kernel.freeze(ns, keys[0], sender=owner)
    with reverts("kernel: frozen"):
        kernel.freeze(ns, keys[0], sender=owner)
