import boa

from tests.support.kernel import DAY, GRACE, ZERO32, State, change, logged, reverts, upgrade
from tests.unit.kernel.conftest import NOTICE


def announce(kernel, ns, owner, keys, modules):
    return kernel.schedule(ns, [change(keys[0], modules[2], 2)], ZERO32, False, sender=owner)


def test_cancel_by_the_owner_and_by_the_guardian(kernel, ns, owner, guardian, keys, modules):
    for version, sender in enumerate((owner, guardian)):
        changes = [change(keys[version], modules[2], 2)]
        op = kernel.schedule(ns, changes, ZERO32, False, sender=owner)
        kernel.cancel(ns, op, sender=sender)
        assert logged(kernel) == [("Canceled", ns, op, sender)]
        assert kernel.operation(ns, op).state == State.CANCELED
        boa.env.time_travel(seconds=NOTICE)
        with reverts("kernel: wrong operation state"):
            kernel.apply(ns, changes, ZERO32)


def test_cancel_the_id_cannot_be_announced_again(kernel, ns, owner, keys, modules):
    kernel.cancel(ns, announce(kernel, ns, owner, keys, modules), sender=owner)
    with reverts("kernel: operation exists"):
        announce(kernel, ns, owner, keys, modules)


def test_cancel_what_is_ready_or_expired(kernel, ns, owner, guardian, keys, modules):
    op = announce(kernel, ns, owner, keys, modules)
    boa.env.time_travel(seconds=NOTICE + GRACE + 1)
    kernel.cancel(ns, op, sender=guardian)
    assert kernel.operation(ns, op).state == State.CANCELED


def test_cancel_settings_by_the_guardian(kernel, ns, owner, guardian, candidate):
    """All but the one that sets the guardian."""
    shorter = kernel.set_notice(ns, DAY, ZERO32, sender=owner)
    hand_over = kernel.propose_owner(ns, candidate, ZERO32, sender=owner)
    for op in (shorter, hand_over):
        kernel.cancel(ns, op, sender=guardian)
        assert kernel.operation(ns, op).state == State.CANCELED


def test_cancel_the_guardians_successor_by_the_guardian_reverts(
    kernel, ns, owner, guardian, candidate
):
    until = boa.env.timestamp + 100 * DAY
    op = kernel.set_guardian(ns, candidate, until, ZERO32, sender=owner)
    with reverts("kernel: sets the guardian"):
        kernel.cancel(ns, op, sender=guardian)
    kernel.cancel(ns, op, sender=owner)


def test_cancel_by_others_reverts(kernel, ns, owner, claimer, stranger, keys, modules):
    op = announce(kernel, ns, owner, keys, modules)
    for sender in (claimer, stranger):
        with reverts("kernel: not owner or guardian"):
            kernel.cancel(ns, op, sender=sender)


def test_cancel_by_a_former_guardian_reverts(kernel, ns, owner, guardian, until, keys, modules):
    boa.env.time_travel(seconds=until - boa.env.timestamp)
    op = announce(kernel, ns, owner, keys, modules)
    with reverts("kernel: not owner or guardian"):
        kernel.cancel(ns, op, sender=guardian)


def test_cancel_twice_or_applied_or_unknown_reverts(kernel, ns, owner, keys, modules):
    canceled = announce(kernel, ns, owner, keys, modules)
    kernel.cancel(ns, canceled, sender=owner)
    applied = upgrade(kernel, ns, owner, [change(keys[1], modules[2], 2)])
    for op in (canceled, applied, ZERO32, b"\x01" * 32):
        with reverts("kernel: wrong operation state"):
            kernel.cancel(ns, op, sender=owner)


def test_cancel_a_dead_operation_reverts(kernel, ns, owner, candidate, keys, modules):
    op = announce(kernel, ns, owner, keys, modules)
    kernel.propose_owner(ns, candidate, ZERO32, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    kernel.accept_owner(ns, ZERO32, sender=candidate)
    with reverts("kernel: of a former owner"):
        kernel.cancel(ns, op, sender=candidate)
