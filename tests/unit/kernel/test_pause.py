import boa
import pytest

from tests.support.kernel import (
    DAY,
    PAUSE_MAX,
    PAUSE_REST,
    ZERO,
    ZERO32,
    change,
    entry_id,
    key,
    logged,
    removal,
    reverts,
    upgrade,
)


def test_pause_by_the_owner_and_the_guardian(kernel, ns, owner, guardian, keys):
    for name, sender in zip(keys, (owner, guardian), strict=True):
        kernel.pause(ns, name, 5 * DAY, sender=sender)
        until = boa.env.timestamp + 5 * DAY
        assert logged(kernel) == [("Paused", ns, name, until, sender)]
        assert kernel.entry(entry_id(ns, name)).paused_until == until


def test_pause_stops_use_and_not_authority(kernel, ns, guardian, keys, modules):
    id = entry_id(ns, keys[0])
    kernel.pause(ns, keys[0], PAUSE_MAX, sender=guardian)
    for look_up in (lambda: kernel.module(id), lambda: kernel.resolve(ns, keys[0])):
        with reverts("kernel: paused"):
            look_up()
    assert kernel.head(id) == (modules[0].address, 1)
    assert kernel.resolve(ns, keys[1]) == modules[1].address
    boa.env.time_travel(seconds=PAUSE_MAX - 1)
    with reverts("kernel: paused"):
        kernel.module(id)
    boa.env.time_travel(seconds=1)
    assert kernel.module(id) == modules[0].address


@pytest.mark.parametrize("duration", [0, PAUSE_MAX + 1, 2**40, 2**256 - 1])
def test_pause_for_a_bad_time_reverts(kernel, ns, owner, keys, duration):
    with reverts("kernel: pause of 1 s to 14 days"):
        kernel.pause(ns, keys[0], duration, sender=owner)


def test_pause_again_only_after_sixty_days(kernel, ns, owner, guardian, keys):
    kernel.pause(ns, keys[0], DAY, sender=guardian)
    boa.env.time_travel(seconds=DAY + PAUSE_REST - 1)
    for sender in (owner, guardian):
        with reverts("kernel: paused lately"):
            kernel.pause(ns, keys[0], DAY, sender=sender)
    boa.env.time_travel(seconds=1)
    kernel.pause(ns, keys[0], PAUSE_MAX, sender=guardian)


def test_pause_while_paused_reverts(kernel, ns, owner, keys):
    kernel.pause(ns, keys[0], DAY, sender=owner)
    with reverts("kernel: paused lately"):
        kernel.pause(ns, keys[0], PAUSE_MAX, sender=owner)


def test_pause_rests_across_removal_and_refill(kernel, ns, owner, guardian, keys, modules):
    """A pause belongs to the key: neither its time nor its rest ends with the module."""
    kernel.pause(ns, keys[0], DAY, sender=guardian)
    upgrade(kernel, ns, owner, [removal(keys[0], 2)])
    upgrade(kernel, ns, owner, [change(keys[0], modules[2], 3)])
    with reverts("kernel: paused lately"):
        kernel.pause(ns, keys[0], DAY, sender=guardian)


def test_pause_by_others_reverts(kernel, ns, claimer, stranger, keys):
    for sender in (claimer, stranger):
        with reverts("kernel: not owner or guardian"):
            kernel.pause(ns, keys[0], DAY, sender=sender)


def test_pause_by_a_guardian_whose_time_is_over_reverts(kernel, ns, guardian, until, keys):
    boa.env.time_travel(seconds=until - boa.env.timestamp - 1)
    kernel.pause(ns, keys[0], DAY, sender=guardian)
    boa.env.time_travel(seconds=1)
    with reverts("kernel: not owner or guardian"):
        kernel.pause(ns, keys[1], DAY, sender=guardian)


def test_pause_of_nothing_reverts(kernel, ns, owner, keys):
    upgrade(kernel, ns, owner, [removal(keys[0], 2)])
    for name in (keys[0], key("z"), ZERO32):
        with reverts("kernel: no module"):
            kernel.pause(ns, name, DAY, sender=owner)


def test_pause_of_a_frozen_entry_reverts(kernel, ns, owner, guardian, keys):
    kernel.freeze(ns, keys[0], sender=owner)
    for sender in (owner, guardian):
        with reverts("kernel: frozen"):
            kernel.pause(ns, keys[0], DAY, sender=sender)


def test_unpause(kernel, ns, owner, guardian, keys, modules):
    kernel.pause(ns, keys[0], PAUSE_MAX, sender=guardian)
    boa.env.time_travel(seconds=DAY)
    kernel.unpause(ns, keys[0], sender=owner)
    assert logged(kernel) == [("Unpaused", ns, keys[0])]
    assert kernel.resolve(ns, keys[0]) == modules[0].address
    assert kernel.entry(entry_id(ns, keys[0])).paused_until == boa.env.timestamp


def test_unpause_begins_the_rest(kernel, ns, owner, guardian, keys):
    kernel.pause(ns, keys[0], PAUSE_MAX, sender=guardian)
    kernel.unpause(ns, keys[0], sender=owner)
    boa.env.time_travel(seconds=PAUSE_REST - 1)
    with reverts("kernel: paused lately"):
        kernel.pause(ns, keys[0], DAY, sender=guardian)
    boa.env.time_travel(seconds=1)
    kernel.pause(ns, keys[0], DAY, sender=guardian)


def test_unpause_by_others_reverts(kernel, ns, guardian, stranger, keys):
    kernel.pause(ns, keys[0], DAY, sender=guardian)
    for sender in (guardian, stranger):
        with reverts("kernel: not owner"):
            kernel.unpause(ns, keys[0], sender=sender)


def test_unpause_what_is_not_paused_reverts(kernel, ns, owner, guardian, keys):
    for name in (keys[0], key("z"), ZERO32):
        with reverts("kernel: not paused"):
            kernel.unpause(ns, name, sender=owner)
    kernel.pause(ns, keys[0], DAY, sender=guardian)
    boa.env.time_travel(seconds=DAY)
    with reverts("kernel: not paused"):
        kernel.unpause(ns, keys[0], sender=owner)


def test_unpause_twice_reverts(kernel, ns, owner, keys):
    kernel.pause(ns, keys[0], DAY, sender=owner)
    kernel.unpause(ns, keys[0], sender=owner)
    with reverts("kernel: not paused"):
        kernel.unpause(ns, keys[0], sender=owner)


def test_unpause_a_removed_key(kernel, ns, owner, guardian, keys, modules):
    kernel.pause(ns, keys[0], PAUSE_MAX, sender=guardian)
    upgrade(kernel, ns, owner, [removal(keys[0], 2)])
    kernel.unpause(ns, keys[0], sender=owner)
    seen = kernel.entry(entry_id(ns, keys[0]))
    assert (seen.module, seen.version, seen.predecessor) == (ZERO, 2, modules[0].address)
