import boa

from tests.support.kernel import (
    GRACE,
    NOTICE_MAX,
    ZERO,
    Kind,
    State,
    change,
    logged,
    reverts,
)
from tests.unit.kernel.conftest import NOTICE

SALT = b"\x05" * 32


def hand_over(kernel, ns, owner, candidate, salt=SALT):
    kernel.propose_owner(ns, candidate, salt, sender=owner)
    boa.env.time_travel(seconds=kernel.namespace(ns).notice)
    kernel.accept_owner(ns, salt, sender=candidate)


def test_propose_owner_announces(kernel, ns, owner, candidate):
    op = kernel.propose_owner(ns, candidate, SALT, sender=owner)
    ready = boa.env.timestamp + NOTICE
    assert logged(kernel) == [
        ("SettingScheduled", ns, op, Kind.OWNER, 1, ready, SALT, candidate, 0)
    ]
    seen = kernel.operation(ns, op)
    assert (seen.kind, seen.state, seen.ready_at) == (Kind.OWNER, State.WAITING, ready)
    assert kernel.namespace(ns).owner == owner


def test_accept_owner(kernel, ns, owner, candidate):
    before = kernel.namespace(ns)
    op = kernel.propose_owner(ns, candidate, SALT, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    kernel.accept_owner(ns, SALT, sender=candidate)
    assert logged(kernel) == [("Applied", ns, op), ("OwnerSet", ns, owner, candidate, 2)]
    seen = kernel.namespace(ns)
    assert (seen.owner, seen.epoch) == (candidate, 2)
    assert tuple(seen[2:]) == tuple(before[2:])
    assert kernel.operation(ns, op).state == State.APPLIED


def test_the_old_owner_rules_until_acceptance_and_not_after(kernel, ns, owner, candidate):
    kernel.propose_owner(ns, candidate, SALT, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    with reverts("kernel: not owner"):
        kernel.set_notice(ns, NOTICE + 1, SALT, sender=candidate)
    kernel.set_notice(ns, NOTICE + 1, SALT, sender=owner)
    kernel.accept_owner(ns, SALT, sender=candidate)
    with reverts("kernel: not owner"):
        kernel.set_notice(ns, NOTICE_MAX, SALT, sender=owner)
    kernel.set_notice(ns, NOTICE_MAX, SALT, sender=candidate)


def test_accept_owner_in_the_last_second(kernel, ns, owner, candidate):
    kernel.propose_owner(ns, candidate, SALT, sender=owner)
    boa.env.time_travel(seconds=NOTICE + GRACE)
    kernel.accept_owner(ns, SALT, sender=candidate)


def test_accept_owner_too_soon_or_too_late_reverts(kernel, ns, owner, candidate):
    kernel.propose_owner(ns, candidate, SALT, sender=owner)
    boa.env.time_travel(seconds=NOTICE - 1)
    with reverts("kernel: notice not over"):
        kernel.accept_owner(ns, SALT, sender=candidate)
    boa.env.time_travel(seconds=GRACE + 2)
    with reverts("kernel: operation expired"):
        kernel.accept_owner(ns, SALT, sender=candidate)


def test_accept_owner_by_others_reverts(kernel, ns, owner, candidate, guardian, stranger):
    kernel.propose_owner(ns, candidate, SALT, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    for sender in (owner, guardian, stranger):
        with reverts("kernel: wrong operation state"):
            kernel.accept_owner(ns, SALT, sender=sender)


def test_accept_owner_after_cancel_reverts(kernel, ns, owner, candidate):
    op = kernel.propose_owner(ns, candidate, SALT, sender=owner)
    kernel.cancel(ns, op, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    with reverts("kernel: wrong operation state"):
        kernel.accept_owner(ns, SALT, sender=candidate)


def test_the_first_of_two_candidates_wins(kernel, ns, owner, candidate, stranger):
    kernel.propose_owner(ns, candidate, SALT, sender=owner)
    second = kernel.propose_owner(ns, stranger, SALT, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    kernel.accept_owner(ns, SALT, sender=candidate)
    assert kernel.operation(ns, second).state == State.DEAD
    with reverts("kernel: wrong operation state"):
        kernel.accept_owner(ns, SALT, sender=stranger)


def test_propose_owner_by_others_reverts(kernel, ns, claimer, guardian, stranger):
    for sender in (claimer, guardian, stranger):
        with reverts("kernel: not owner"):
            kernel.propose_owner(ns, sender, SALT, sender=sender)


def test_propose_nobody_reverts(kernel, ns, owner):
    with reverts("kernel: zero owner"):
        kernel.propose_owner(ns, ZERO, SALT, sender=owner)


def test_propose_oneself_reverts(kernel, ns, owner):
    """A hand-over to oneself would void every right to roll back."""
    with reverts("kernel: already owner"):
        kernel.propose_owner(ns, owner, SALT, sender=owner)


def test_propose_the_present_owner_reverts(kernel, ns, owner):
    """Else it would end every right to roll back without handing anything over."""
    with reverts("kernel: already owner"):
        kernel.propose_owner(ns, owner, SALT, sender=owner)


def test_propose_owner_twice_reverts(kernel, ns, owner, candidate):
    kernel.propose_owner(ns, candidate, SALT, sender=owner)
    with reverts("kernel: operation exists"):
        kernel.propose_owner(ns, candidate, SALT, sender=owner)


def test_the_new_owner_may_announce_what_the_old_one_had(
    kernel, ns, owner, candidate, keys, modules
):
    """The same content in a new epoch is another operation."""
    changes = [change(keys[0], modules[2], 2)]
    old = kernel.schedule(ns, changes, SALT, False, sender=owner)
    hand_over(kernel, ns, owner, candidate)
    assert kernel.operation(ns, old).state == State.DEAD
    new = kernel.schedule(ns, changes, SALT, False, sender=candidate)
    assert new != old
    boa.env.time_travel(seconds=NOTICE)
    kernel.apply(ns, changes, SALT)


def test_a_namespace_goes_round(kernel, ns, owner, candidate):
    for epoch, (old, new) in enumerate(((owner, candidate), (candidate, owner)), start=2):
        hand_over(kernel, ns, old, new)
        assert kernel.namespace(ns).epoch == epoch
    kernel.set_notice(ns, NOTICE_MAX, SALT, sender=owner)
