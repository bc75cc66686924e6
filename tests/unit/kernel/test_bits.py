"""Every bit of a number counts, the lowest too: odd and even times, notices, epochs, versions."""

import boa
import pytest

from tests.support.kernel import (
    DAY,
    ROLLBACK_WINDOW,
    ZERO,
    ZERO32,
    change,
    claim,
    entry_id,
    key,
    logged,
    removal,
    reverts,
    upgrade,
)
from tests.unit.kernel.conftest import NOTICE


@pytest.mark.parametrize("notice", [2 * DAY, 2 * DAY + 1])
def test_a_notice_is_waited_to_the_second(kernel, claimer, owner, modules, notice):
    ns = claim(kernel, claimer, owner, notice=notice)
    assert kernel.namespace(ns).notice == notice
    changes = [change(key("a"), modules[0])]
    op = kernel.schedule(ns, changes, ZERO32, False, sender=owner)
    assert kernel.operation(ns, op).ready_at == boa.env.timestamp + notice
    boa.env.time_travel(seconds=notice - 1)
    with reverts("kernel: notice not over"):
        kernel.apply(ns, changes, ZERO32)
    boa.env.time_travel(seconds=1)
    kernel.apply(ns, changes, ZERO32)


def test_epochs_count_one_by_one(kernel, ns, owner, candidate, stranger):
    for epoch, old, new in ((2, owner, candidate), (3, candidate, stranger)):
        kernel.propose_owner(ns, new, ZERO32, sender=old)
        boa.env.time_travel(seconds=kernel.namespace(ns).notice)
        kernel.accept_owner(ns, ZERO32, sender=new)
        assert logged(kernel)[-1] == ("OwnerSet", ns, old, new, epoch)
        assert kernel.namespace(ns).epoch == epoch


@pytest.mark.parametrize("version", [1, 2])
def test_freeze_leaves_the_version(kernel, ns, owner, keys, modules, version):
    if version == 2:
        upgrade(kernel, ns, owner, [change(keys[0], modules[2], 2)])
        boa.env.time_travel(seconds=ROLLBACK_WINDOW + 1)
    before = kernel.entry(entry_id(ns, keys[0]))
    assert before.version == version
    kernel.freeze(ns, keys[0], sender=owner)
    assert tuple(kernel.entry(entry_id(ns, keys[0]))) == (*before[:-1], True)


@pytest.mark.parametrize("version", [2, 3])
def test_roll_back_leaves_nothing_of_the_version(kernel, ns, owner, keys, modules, version):
    """Neither in the predecessor nor in the time until which the entry is revisable."""
    for number in range(2, version + 1):
        last = [change(keys[0], modules[number], number)]
        upgrade(kernel, ns, owner, last)
    kernel.rollback(ns, last, ZERO32, sender=owner)
    seen = kernel.entry(entry_id(ns, keys[0]))
    assert (seen.version, seen.revisable_until) == (version + 1, 0)
    assert seen.predecessor == modules[version].address


def test_zero_owns_no_namespace_that_is_not_claimed(kernel):
    with reverts("kernel: not owner or guardian"):
        kernel.pause(key("none"), key("a"), DAY, sender=ZERO)


@pytest.mark.parametrize("duration", [DAY, DAY + 1])
def test_unpause_until_the_last_second_of_a_pause(kernel, ns, owner, keys, duration):
    kernel.pause(ns, keys[0], duration, sender=owner)
    assert kernel.entry(entry_id(ns, keys[0])).paused_until == boa.env.timestamp + duration
    boa.env.time_travel(seconds=duration - 1)
    with reverts("kernel: paused"):
        kernel.freeze(ns, keys[0], sender=owner)
    with boa.env.anchor():
        kernel.unpause(ns, keys[0], sender=owner)
    boa.env.time_travel(seconds=1)
    with reverts("kernel: not paused"):
        kernel.unpause(ns, keys[0], sender=owner)


@pytest.mark.parametrize("later", [0, 1])
def test_what_becomes_of_an_operation_leaves_its_times(kernel, ns, owner, keys, modules, later):
    boa.env.time_travel(seconds=later)
    changes, other = ([change(keys[0], module, 2)] for module in modules[2:4])
    op, canceled = (
        kernel.schedule(ns, each, ZERO32, True, sender=owner) for each in (changes, other)
    )
    ready = boa.env.timestamp + NOTICE

    def times(operation):
        seen = kernel.operation(ns, operation)
        return seen.ready_at, seen.applied_at

    kernel.cancel(ns, canceled, sender=owner)
    assert times(canceled) == (ready, 0)
    boa.env.timestamp = ready + 1 + later
    kernel.apply(ns, changes, ZERO32)
    applied = boa.env.timestamp
    assert times(op) == (ready, applied)
    kernel.confirm(ns, op, sender=owner)
    assert times(op) == (ready, applied)
    kernel.rollback(ns, changes, ZERO32, sender=owner)
    assert times(op) == (ready, applied)


@pytest.mark.parametrize("later", [0, 1])
@pytest.mark.parametrize("version", [2, 3])
def test_revisable_to_the_second(kernel, ns, owner, keys, modules, version, later):
    for number in range(2, version + 1):
        boa.env.time_travel(seconds=later)
        upgrade(kernel, ns, owner, [change(keys[0], modules[number], number)])
    seen = kernel.entry(entry_id(ns, keys[0]))
    assert seen.revisable_until == boa.env.timestamp + ROLLBACK_WINDOW


@pytest.mark.parametrize("old, new", [(1, 2), (2, 4), (3, 4)])
def test_a_longer_notice_leaves_nothing_of_the_old_one(kernel, claimer, owner, old, new):
    ns = claim(kernel, claimer, owner, notice=old)
    kernel.set_notice(ns, new, ZERO32, sender=owner)
    assert logged(kernel)[-1] == ("NoticeSet", ns, old, new)
    assert kernel.namespace(ns).notice == new


def test_a_notice_shorter_by_a_second_is_announced(kernel, claimer, owner):
    ns = claim(kernel, claimer, owner, notice=DAY + 1)
    op = kernel.set_notice(ns, DAY, ZERO32, sender=owner)
    assert kernel.operation(ns, op).ready_at == boa.env.timestamp + DAY + 1
    assert kernel.namespace(ns).notice == DAY + 1


def test_settings_of_each_epoch_are_operations_of_their_own(
    kernel, ns, owner, candidate, stranger, guardian, until
):
    made = set()
    for old, new in ((owner, candidate), (candidate, stranger), (stranger, owner)):
        made.add(kernel.set_guardian(ns, guardian, until, ZERO32, sender=old))
        kernel.propose_owner(ns, new, ZERO32, sender=old)
        boa.env.time_travel(seconds=NOTICE)
        kernel.accept_owner(ns, ZERO32, sender=new)
    assert len(made) == 3


def test_what_was_removed_is_not_removed_again_nor_gone_back_to(kernel, ns, owner, keys, modules):
    upgrade(kernel, ns, owner, [removal(keys[0], 2)])
    with reverts("kernel: nothing to remove"):
        kernel.schedule(ns, [removal(keys[0], 3)], ZERO32, False, sender=owner)
    with reverts("kernel: nothing to go back to"):
        kernel.schedule(ns, [change(keys[0], modules[2], 3)], ZERO32, True, sender=owner)
