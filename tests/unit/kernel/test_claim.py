import boa
import pytest

from tests.support.kernel import (
    DAY,
    GUARDIAN_MAX,
    NOTICE_MAX,
    ZERO,
    ZERO32,
    Entry,
    change,
    claim,
    entry_id,
    key,
    live_hash,
    logged,
    namespace_id,
    removal,
    reverts,
)

LABEL = key("system")


def test_claim_sets_everything_in_one_call(kernel, claimer, owner, guardian, modules, keys):
    until = boa.env.timestamp + 100 * DAY
    changes = [change(name, module) for name, module in zip(keys, modules, strict=False)]
    ns = kernel.claim(LABEL, owner, 3 * DAY, guardian, until, changes, sender=claimer)
    assert logged(kernel) == [
        ("Claimed", ns, claimer, owner, LABEL, 3 * DAY),
        ("GuardianSet", ns, ZERO, guardian, until),
        *[
            ("ModuleChanged", ns, item.key, item.module, ZERO, 1, item.code_hash)
            for item in changes
        ],
    ]
    assert ns == namespace_id(claimer, LABEL)
    now = boa.env.timestamp
    seen = (owner, 1, 3 * DAY, now, claimer, LABEL, guardian, until, 2)
    assert tuple(kernel.namespace(ns)) == seen
    for item in changes:
        entry = Entry(*kernel.entry(entry_id(ns, item.key)))
        assert entry == Entry(item.module, 1, item.code_hash)
        assert kernel.resolve(ns, item.key) == item.module


def test_claim_without_guardian_and_modules(kernel, claimer, owner):
    ns = claim(kernel, claimer, owner)
    assert logged(kernel) == [("Claimed", ns, claimer, owner, LABEL, 0)]
    assert kernel.guardian(ns) == ZERO
    assert kernel.page(ns, 0, 32) == []


def test_claim_takes_the_longest_notice_and_term(kernel, claimer, owner, guardian):
    until = boa.env.timestamp + GUARDIAN_MAX
    ns = claim(kernel, claimer, owner, notice=NOTICE_MAX, guardian=guardian, until=until)
    seen = kernel.namespace(ns)
    assert (seen.notice, seen.guardian_until) == (NOTICE_MAX, until)


def test_claim_sixteen_modules(kernel, claimer, owner, modules):
    names = [key(f"module.{number:02}") for number in range(16)]
    ns = claim(kernel, claimer, owner, {name: modules[0] for name in names})
    assert [row.key for row in kernel.page(ns, 0, 32)] == names


def test_claim_seventeen_modules_reverts(kernel, claimer, owner, modules):
    changes = [change(key(f"module.{number:02}"), modules[0]) for number in range(17)]
    with boa.reverts():
        kernel.claim(LABEL, owner, 0, ZERO, 0, changes, sender=claimer)


def test_claim_is_per_claimer_and_label(kernel, claimer, owner, stranger):
    """Nobody can take another's namespace before its owner."""
    first = claim(kernel, claimer, owner)
    assert claim(kernel, stranger, stranger) != first
    assert claim(kernel, claimer, owner, label=key("studio")) != first
    assert kernel.namespace(first).owner == owner


def test_the_claimer_keeps_no_right(kernel, ns, claimer):
    with reverts("kernel: not owner"):
        kernel.set_notice(ns, NOTICE_MAX, ZERO32, sender=claimer)


def test_claim_twice_reverts(kernel, claimer, owner, stranger):
    claim(kernel, claimer, owner)
    with reverts("kernel: already claimed"):
        claim(kernel, claimer, stranger)


def test_claim_zero_label_reverts(kernel, claimer, owner):
    with reverts("kernel: zero label"):
        claim(kernel, claimer, owner, label=ZERO32)


def test_claim_for_nobody_reverts(kernel, claimer):
    with reverts("kernel: zero owner"):
        claim(kernel, claimer, ZERO)


@pytest.mark.parametrize("notice", [NOTICE_MAX + 1, 2**24, 2**256 - 1])
def test_claim_with_a_long_notice_reverts(kernel, claimer, owner, notice):
    with reverts("kernel: notice over 30 days"):
        claim(kernel, claimer, owner, notice=notice)


def test_claim_with_a_time_but_no_guardian_reverts(kernel, claimer, owner):
    with reverts("kernel: time without guardian"):
        claim(kernel, claimer, owner, until=boa.env.timestamp + DAY)


@pytest.mark.parametrize("late", [0, 1])
def test_claim_with_an_expired_guardian_reverts(kernel, claimer, owner, guardian, late):
    with reverts("kernel: guardian ends too soon"):
        claim(kernel, claimer, owner, guardian=guardian, until=boa.env.timestamp - late)


def test_claim_with_a_guardian_for_over_a_year_reverts(kernel, claimer, owner, guardian):
    for until in (boa.env.timestamp + GUARDIAN_MAX + 1, 2**96 + boa.env.timestamp + DAY):
        with reverts("kernel: guardian over a year"):
            claim(kernel, claimer, owner, guardian=guardian, until=until)


@pytest.mark.parametrize("version", [0, 2, 2**32 + 1])
def test_claim_with_another_version_reverts(kernel, claimer, owner, modules, version):
    item = change(key("a"), modules[0], version)
    with reverts("kernel: not the next version"):
        kernel.claim(LABEL, owner, 0, ZERO, 0, [item], sender=claimer)


def test_claim_with_zero_key_reverts(kernel, claimer, owner, modules):
    with reverts("kernel: keys not ascending"):
        kernel.claim(LABEL, owner, 0, ZERO, 0, [change(ZERO32, modules[0])], sender=claimer)


def test_claim_with_a_key_twice_reverts(kernel, claimer, owner, modules):
    first = change(key("a"), modules[0])
    for changes in ([first, first], [first, first._replace(version=2)]):
        with reverts("kernel: keys not ascending"):
            kernel.claim(LABEL, owner, 0, ZERO, 0, changes, sender=claimer)


def test_claim_with_a_removal_reverts(kernel, claimer, owner):
    with reverts("kernel: nothing to remove"):
        kernel.claim(LABEL, owner, 0, ZERO, 0, [removal(key("a"), 1)], sender=claimer)


def test_claim_with_other_code_reverts(kernel, claimer, owner, modules):
    item = change(key("a"), modules[0])._replace(code_hash=live_hash(modules[1].address))
    with reverts("kernel: not the announced code"):
        kernel.claim(LABEL, owner, 0, ZERO, 0, [item], sender=claimer)


def test_claim_with_a_plain_account_reverts(kernel, claimer, owner, stranger):
    with reverts("kernel: no code"):
        kernel.claim(LABEL, owner, 0, ZERO, 0, [change(key("a"), stranger)], sender=claimer)


def test_claim_with_a_delegated_account_reverts(kernel, claimer, owner, stranger):
    boa.env.set_code(stranger, bytes.fromhex("ef0100") + b"\x11" * 20)
    with reverts("kernel: not plain code"):
        kernel.claim(LABEL, owner, 0, ZERO, 0, [change(key("a"), stranger)], sender=claimer)
