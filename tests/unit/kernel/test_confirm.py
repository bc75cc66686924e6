import boa
import pytest

from tests.support.kernel import CONFIRM_WINDOW, ZERO32, change, logged, reverts, upgrade


@pytest.fixture
def changes(keys, modules):
    return [change(keys[0], modules[2], 2)]


@pytest.fixture
def op(kernel, ns, owner, changes):
    return upgrade(kernel, ns, owner, changes, confirm=True)


def test_confirm_ends_the_danger_of_a_rollback(kernel, ns, owner, stranger, changes, op):
    kernel.confirm(ns, op, sender=owner)
    assert logged(kernel) == [("Confirmed", ns, op)]
    seen = kernel.operation(ns, op)
    assert (seen.confirm, seen.confirmed) == (True, True)
    boa.env.time_travel(seconds=CONFIRM_WINDOW + 1)
    with reverts("kernel: may not roll back"):
        kernel.rollback(ns, changes, ZERO32, sender=stranger)


def test_confirm_in_the_last_second(kernel, ns, owner, op):
    boa.env.time_travel(seconds=CONFIRM_WINDOW)
    kernel.confirm(ns, op, sender=owner)


def test_confirm_does_not_end_the_guardians_seven_days(kernel, ns, owner, guardian, changes, op):
    kernel.confirm(ns, op, sender=owner)
    kernel.rollback(ns, changes, ZERO32, sender=guardian)


def test_confirm_too_late_reverts(kernel, ns, owner, op):
    boa.env.time_travel(seconds=CONFIRM_WINDOW + 1)
    with reverts("kernel: too late to confirm"):
        kernel.confirm(ns, op, sender=owner)


def test_confirm_by_others_reverts(kernel, ns, guardian, stranger, op):
    for sender in (guardian, stranger):
        with reverts("kernel: not owner"):
            kernel.confirm(ns, op, sender=sender)


def test_confirm_twice_reverts(kernel, ns, owner, op):
    kernel.confirm(ns, op, sender=owner)
    with reverts("kernel: nothing to confirm"):
        kernel.confirm(ns, op, sender=owner)


def test_confirm_what_asked_for_none_reverts(kernel, ns, owner, keys, modules):
    op = upgrade(kernel, ns, owner, [change(keys[1], modules[2], 2)])
    with reverts("kernel: nothing to confirm"):
        kernel.confirm(ns, op, sender=owner)


def test_confirm_what_is_not_applied_reverts(kernel, ns, owner, changes):
    op = kernel.schedule(ns, changes, ZERO32, True, sender=owner)
    for name in (op, ZERO32):
        with reverts("kernel: wrong operation state"):
            kernel.confirm(ns, name, sender=owner)


def test_confirm_what_is_rolled_back_reverts(kernel, ns, owner, changes, op):
    kernel.rollback(ns, changes, ZERO32, sender=owner)
    with reverts("kernel: wrong operation state"):
        kernel.confirm(ns, op, sender=owner)


def test_confirm_after_a_hand_over_reverts(kernel, ns, owner, candidate, op):
    kernel.propose_owner(ns, candidate, ZERO32, sender=owner)
    boa.env.time_travel(seconds=kernel.namespace(ns).notice)
    kernel.accept_owner(ns, ZERO32, sender=candidate)
    with reverts("kernel: of a former owner"):
        kernel.confirm(ns, op, sender=candidate)
