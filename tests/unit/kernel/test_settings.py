"""Notice and guardian: what protects more applies at once, what protects less waits."""

import boa
import pytest

from tests.support.kernel import (
    DAY,
    GRACE,
    GUARDIAN_MAX,
    NOTICE_MAX,
    ZERO,
    ZERO32,
    Kind,
    State,
    claim,
    logged,
    reverts,
)
from tests.unit.kernel.conftest import NOTICE

SALT = b"\x05" * 32


# ----- notice -----


def test_a_longer_notice_applies_at_once(kernel, ns, owner):
    assert kernel.set_notice(ns, NOTICE_MAX, SALT, sender=owner) == ZERO32
    assert logged(kernel) == [("NoticeSet", ns, NOTICE, NOTICE_MAX)]
    assert kernel.namespace(ns).notice == NOTICE_MAX


def test_a_shorter_notice_waits_the_old_one(kernel, ns, owner, stranger):
    op = kernel.set_notice(ns, DAY, SALT, sender=owner)
    ready = boa.env.timestamp + NOTICE
    assert logged(kernel) == [("SettingScheduled", ns, op, Kind.NOTICE, 1, ready, SALT, ZERO, DAY)]
    assert tuple(kernel.operation(ns, op)) == (
        Kind.NOTICE, State.WAITING, ready, 0, 1, False, False,
    )  # fmt: skip
    assert kernel.namespace(ns).notice == NOTICE
    boa.env.time_travel(seconds=NOTICE - 1)
    with reverts("kernel: notice not over"):
        kernel.apply_notice(ns, DAY, SALT, sender=owner)
    boa.env.time_travel(seconds=1)
    kernel.apply_notice(ns, DAY, SALT, sender=stranger)
    assert logged(kernel) == [("Applied", ns, op), ("NoticeSet", ns, NOTICE, DAY)]
    assert kernel.namespace(ns).notice == DAY
    assert kernel.operation(ns, op).state == State.APPLIED


def test_a_notice_of_zero(kernel, ns, owner):
    kernel.set_notice(ns, 0, SALT, sender=owner)
    boa.env.time_travel(seconds=NOTICE + GRACE)
    kernel.apply_notice(ns, 0, SALT)
    assert kernel.namespace(ns).notice == 0


def test_a_notice_changes_nothing_else(kernel, ns, owner):
    before = kernel.namespace(ns)
    kernel.set_notice(ns, NOTICE_MAX, SALT, sender=owner)
    seen = kernel.namespace(ns)
    assert (*seen[:2], *seen[3:]) == (*before[:2], *before[3:])


def test_set_notice_by_others_reverts(kernel, ns, claimer, guardian, stranger):
    for sender in (claimer, guardian, stranger):
        for notice in (DAY, NOTICE_MAX):
            with reverts("kernel: not owner"):
                kernel.set_notice(ns, notice, SALT, sender=sender)


@pytest.mark.parametrize("notice", [NOTICE_MAX + 1, 2**24, 2**256 - 1])
def test_set_notice_too_long_reverts(kernel, ns, owner, notice):
    with reverts("kernel: notice over 30 days"):
        kernel.set_notice(ns, notice, SALT, sender=owner)


def test_set_notice_to_the_same_reverts(kernel, ns, owner):
    with reverts("kernel: same notice"):
        kernel.set_notice(ns, NOTICE, SALT, sender=owner)


def test_set_notice_twice_reverts(kernel, ns, owner):
    kernel.set_notice(ns, DAY, SALT, sender=owner)
    with reverts("kernel: operation exists"):
        kernel.set_notice(ns, DAY, SALT, sender=owner)
    kernel.set_notice(ns, DAY, ZERO32, sender=owner)


def test_apply_notice_otherwise_than_announced_reverts(kernel, ns, owner):
    kernel.set_notice(ns, DAY, SALT, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    for notice, salt in ((0, SALT), (DAY, ZERO32), (DAY + 2**24, SALT), (DAY + 2**96, SALT)):
        with reverts("kernel: wrong operation state"):
            kernel.apply_notice(ns, notice, salt)


def test_apply_notice_too_late_or_twice_reverts(kernel, ns, owner):
    kernel.set_notice(ns, DAY, SALT, sender=owner)
    kernel.set_notice(ns, DAY, ZERO32, sender=owner)
    boa.env.time_travel(seconds=NOTICE + GRACE)
    kernel.apply_notice(ns, DAY, SALT)
    with reverts("kernel: wrong operation state"):
        kernel.apply_notice(ns, DAY, SALT)
    boa.env.time_travel(seconds=1)
    with reverts("kernel: operation expired"):
        kernel.apply_notice(ns, DAY, ZERO32)


# ----- guardian -----


def test_a_guardian_is_removed_at_once(kernel, ns, owner, guardian):
    assert kernel.set_guardian(ns, ZERO, 0, SALT, sender=owner) == ZERO32
    assert logged(kernel) == [("GuardianSet", ns, guardian, ZERO, 0)]
    seen = kernel.namespace(ns)
    assert (seen.guardian, seen.guardian_until) == (ZERO, 0)
    assert kernel.guardian(ns) == ZERO


def test_a_new_guardian_waits(kernel, ns, owner, guardian, candidate, stranger):
    until = boa.env.timestamp + 100 * DAY
    op = kernel.set_guardian(ns, candidate, until, SALT, sender=owner)
    ready = boa.env.timestamp + NOTICE
    assert logged(kernel) == [
        ("SettingScheduled", ns, op, Kind.GUARDIAN, 1, ready, SALT, candidate, until)
    ]
    assert kernel.operation(ns, op).kind == Kind.GUARDIAN
    assert kernel.guardian(ns) == guardian
    boa.env.time_travel(seconds=NOTICE - 1)
    with reverts("kernel: notice not over"):
        kernel.apply_guardian(ns, candidate, until, SALT)
    boa.env.time_travel(seconds=1)
    kernel.apply_guardian(ns, candidate, until, SALT, sender=stranger)
    assert logged(kernel) == [
        ("Applied", ns, op),
        ("GuardianSet", ns, guardian, candidate, until),
    ]
    assert kernel.guardian(ns) == candidate


def test_a_longer_term_of_the_same_guardian_waits_too(kernel, ns, owner, guardian, until):
    assert kernel.set_guardian(ns, guardian, until + DAY, SALT, sender=owner) != ZERO32
    assert kernel.namespace(ns).guardian_until == until


def test_set_guardian_by_others_reverts(kernel, ns, claimer, guardian, stranger):
    until = boa.env.timestamp + DAY
    for sender in (claimer, guardian, stranger):
        for chosen, end in ((sender, until), (ZERO, 0)):
            with reverts("kernel: not owner"):
                kernel.set_guardian(ns, chosen, end, SALT, sender=sender)


def test_set_guardian_with_a_bad_term_reverts(kernel, ns, owner, candidate):
    now = boa.env.timestamp
    for chosen, end, why in (
        (ZERO, now + DAY, "kernel: time without guardian"),
        (candidate, 0, "kernel: guardian ends too soon"),
        (candidate, now, "kernel: guardian ends too soon"),
        (candidate, now + GUARDIAN_MAX + 1, "kernel: guardian over a year"),
        (candidate, 2**256 - 1, "kernel: guardian over a year"),
    ):
        with reverts(why):
            kernel.set_guardian(ns, chosen, end, SALT, sender=owner)


def test_set_guardian_twice_reverts(kernel, ns, owner, candidate):
    until = boa.env.timestamp + DAY
    kernel.set_guardian(ns, candidate, until, SALT, sender=owner)
    with reverts("kernel: operation exists"):
        kernel.set_guardian(ns, candidate, until, SALT, sender=owner)


def test_apply_guardian_whose_time_is_over_reverts(kernel, ns, owner, candidate):
    until = boa.env.timestamp + NOTICE
    kernel.set_guardian(ns, candidate, until, SALT, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    with reverts("kernel: guardian ends too soon"):
        kernel.apply_guardian(ns, candidate, until, SALT)


def test_apply_guardian_otherwise_than_announced_reverts(kernel, ns, owner, candidate, stranger):
    until = boa.env.timestamp + 100 * DAY
    kernel.set_guardian(ns, candidate, until, SALT, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    for chosen, end, salt in (
        (stranger, until, SALT),
        (candidate, until + 1, SALT),
        (candidate, until + 2**96, SALT),
        (candidate, until, ZERO32),
        (ZERO, 0, SALT),
    ):
        with reverts("kernel: wrong operation state"):
            kernel.apply_guardian(ns, chosen, end, salt)


def test_apply_guardian_too_late_or_twice_reverts(kernel, ns, owner, candidate):
    until = boa.env.timestamp + 100 * DAY
    kernel.set_guardian(ns, candidate, until, SALT, sender=owner)
    kernel.set_guardian(ns, candidate, until, ZERO32, sender=owner)
    boa.env.time_travel(seconds=NOTICE + GRACE)
    kernel.apply_guardian(ns, candidate, until, SALT)
    with reverts("kernel: wrong operation state"):
        kernel.apply_guardian(ns, candidate, until, SALT)
    boa.env.time_travel(seconds=1)
    with reverts("kernel: operation expired"):
        kernel.apply_guardian(ns, candidate, until, ZERO32)


def test_a_guardian_ends_with_its_last_second(kernel, ns, guardian, until):
    boa.env.time_travel(seconds=until - boa.env.timestamp - 1)
    assert kernel.guardian(ns) == guardian
    boa.env.time_travel(seconds=1)
    assert kernel.guardian(ns) == ZERO
    assert kernel.namespace(ns).guardian == guardian


def test_settings_of_another_namespace_are_untouched(kernel, ns, stranger, owner):
    other = claim(kernel, stranger, stranger, notice=NOTICE)
    before = kernel.namespace(other)
    kernel.set_notice(ns, NOTICE_MAX, SALT, sender=owner)
    kernel.set_guardian(ns, ZERO, 0, SALT, sender=owner)
    assert kernel.namespace(other) == before
