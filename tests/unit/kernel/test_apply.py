import boa

from tests.support.kernel import (
    DAY,
    GRACE,
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
from tests.unit.kernel.conftest import NOTICE

SALT = b"\x05" * 32


def entry(kernel, ns, name):
    return Entry(*kernel.entry(entry_id(ns, name)))


def test_apply_replaces_adds_and_removes_at_once(kernel, ns, owner, stranger, keys, modules):
    added = key("added")
    changes = sorted(
        [change(added, modules[3]), change(keys[0], modules[2], 2), removal(keys[1], 2)]
    )
    op = kernel.schedule(ns, changes, SALT, False, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    kernel.apply(ns, changes, SALT, sender=stranger)

    now = boa.env.timestamp
    old, removed, new = modules[0].address, modules[1].address, modules[2].address
    assert logged(kernel) == [
        ("Applied", ns, op),
        ("ModuleChanged", ns, added, modules[3].address, ZERO, 1, live_hash(modules[3].address)),
        ("ModuleChanged", ns, keys[0], new, old, 2, live_hash(new)),
        ("ModuleChanged", ns, keys[1], ZERO, removed, 2, ZERO32),
    ]
    window = now + ROLLBACK_WINDOW
    assert entry(kernel, ns, added) == Entry(modules[3].address, 1, live_hash(modules[3].address))
    assert entry(kernel, ns, keys[0]) == Entry(new, 2, live_hash(new), old, live_hash(old), window)
    assert entry(kernel, ns, keys[1]) == Entry(ZERO, 2, ZERO32, removed, live_hash(removed), window)
    seen = kernel.operation(ns, op)
    assert (seen.state, seen.applied_at) == (State.APPLIED, now)
    assert [row.key for row in kernel.page(ns, 0, 32)] == [*keys, added]


def test_apply_many_versions_of_one_key(kernel, ns, owner, keys, modules):
    for version in range(2, 8):
        module = modules[version % 4]
        upgrade(kernel, ns, owner, [change(keys[0], module, version)])
        old = modules[(version - 1) % 4 if version > 2 else 0].address
        seen = entry(kernel, ns, keys[0])
        assert (seen.module, seen.version) == (module.address, version)
        assert (seen.predecessor, seen.predecessor_hash) == (old, live_hash(old))
        assert kernel.verify(ns, keys[0])


def test_apply_a_removed_key_is_filled_again(kernel, ns, owner, keys, modules):
    upgrade(kernel, ns, owner, [removal(keys[0], 2)])
    upgrade(kernel, ns, owner, [change(keys[0], modules[3], 3)])
    seen = entry(kernel, ns, keys[0])
    assert seen == Entry(modules[3].address, 3, live_hash(modules[3].address))
    assert kernel.namespace(ns).keys == 2


def test_apply_with_confirmation_widens_the_window(kernel, ns, owner, keys, modules):
    upgrade(kernel, ns, owner, [change(keys[0], modules[2], 2)], confirm=True)
    assert entry(kernel, ns, keys[0]).revisable_until == boa.env.timestamp + 60 * DAY


def test_apply_a_pause_outlives_the_change(kernel, ns, owner, keys, modules):
    changes = [change(keys[0], modules[2], 2)]
    kernel.schedule(ns, changes, SALT, False, sender=owner)
    kernel.pause(ns, keys[0], 14 * DAY, sender=owner)
    paused_until = boa.env.timestamp + 14 * DAY
    boa.env.time_travel(seconds=NOTICE)
    kernel.apply(ns, changes, SALT)
    assert entry(kernel, ns, keys[0]).paused_until == paused_until
    with reverts("kernel: paused"):
        kernel.resolve(ns, keys[0])


def test_apply_in_the_first_and_the_last_second(kernel, ns, owner, keys, modules):
    for version, wait in ((2, NOTICE), (3, NOTICE + GRACE)):
        changes = [change(keys[0], modules[version], version)]
        op = kernel.schedule(ns, changes, SALT, False, sender=owner)
        boa.env.time_travel(seconds=wait)
        assert kernel.operation(ns, op).state == State.READY
        kernel.apply(ns, changes, SALT)


def test_apply_before_notice_reverts(kernel, ns, owner, keys, modules):
    changes = [change(keys[0], modules[2], 2)]
    op = kernel.schedule(ns, changes, SALT, False, sender=owner)
    boa.env.time_travel(seconds=NOTICE - 1)
    assert kernel.operation(ns, op).state == State.WAITING
    with reverts("kernel: notice not over"):
        kernel.apply(ns, changes, SALT, sender=owner)


def test_apply_the_notice_in_force_at_the_announcement_counts(kernel, ns, owner, keys, modules):
    changes = [change(keys[0], modules[2], 2)]
    kernel.schedule(ns, changes, SALT, False, sender=owner)
    kernel.set_notice(ns, 10 * NOTICE, ZERO32, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    kernel.apply(ns, changes, SALT)


def test_apply_too_late_reverts(kernel, ns, owner, keys, modules):
    changes = [change(keys[0], modules[2], 2)]
    op = kernel.schedule(ns, changes, SALT, False, sender=owner)
    boa.env.time_travel(seconds=NOTICE + GRACE + 1)
    assert kernel.operation(ns, op).state == State.EXPIRED
    with reverts("kernel: operation expired"):
        kernel.apply(ns, changes, SALT)


def test_apply_twice_reverts(kernel, ns, owner, keys, modules):
    changes = [change(keys[0], modules[2], 2)]
    upgrade(kernel, ns, owner, changes, SALT)
    with reverts("kernel: wrong operation state"):
        kernel.apply(ns, changes, SALT)


def test_apply_what_was_not_announced_reverts(kernel, ns, owner, keys, modules):
    honest = [change(keys[0], modules[2], 2)]
    kernel.schedule(ns, honest, SALT, False, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    other = [change(keys[0], modules[3], 2)]
    longer = [*honest, change(keys[1], modules[3], 2)]
    for changes, salt in ((other, SALT), (longer, SALT), (honest, ZERO32), ([], SALT)):
        with reverts("kernel: wrong operation state"):
            kernel.apply(ns, changes, salt)


def test_apply_of_a_stale_version_reverts_whole(kernel, ns, owner, keys, modules):
    both = [change(keys[0], modules[2], 2), change(keys[1], modules[2], 2)]
    one = [change(keys[1], modules[3], 2)]
    kernel.schedule(ns, both, SALT, False, sender=owner)
    kernel.schedule(ns, one, SALT, False, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    kernel.apply(ns, one, SALT)
    with reverts("kernel: not the next version"):
        kernel.apply(ns, both, SALT)
    assert entry(kernel, ns, keys[0]).version == 1


def test_apply_of_a_frozen_entry_reverts_whole(kernel, ns, owner, keys, modules):
    both = [change(keys[0], modules[2], 2), change(keys[1], modules[2], 2)]
    kernel.schedule(ns, both, SALT, False, sender=owner)
    kernel.freeze(ns, keys[1], sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    with reverts("kernel: frozen"):
        kernel.apply(ns, both, SALT)
    assert entry(kernel, ns, keys[0]).version == 1


def test_apply_of_vanished_code_reverts(kernel, ns, owner, keys, modules):
    changes = [change(keys[0], modules[2], 2)]
    kernel.schedule(ns, changes, SALT, False, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    boa.env.set_code(modules[2].address, b"")
    with reverts("kernel: no code"):
        kernel.apply(ns, changes, SALT)


def test_apply_of_a_removal_overtaken_by_a_removal_reverts(kernel, ns, owner, keys):
    changes = [removal(keys[0], 2)]
    kernel.schedule(ns, changes, SALT, False, sender=owner)
    kernel.schedule(ns, changes, ZERO32, False, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    kernel.apply(ns, changes, SALT)
    with reverts("kernel: not the next version"):
        kernel.apply(ns, changes, ZERO32)
