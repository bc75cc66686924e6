import boa
import pytest

from tests.support.kernel import (
    MAX_PAGE,
    ZERO,
    ZERO32,
    Entry,
    change,
    changes_id,
    claim,
    entry_id,
    key,
    live_hash,
    removal,
    reverts,
    upgrade,
)

UNKNOWN = b"\x01" * 32


def test_module_head_and_resolve(kernel, ns, keys, modules):
    for name, module in zip(keys, modules, strict=False):
        id = entry_id(ns, name)
        assert kernel.module(id) == kernel.resolve(ns, name) == module.address
        assert kernel.head(id) == (module.address, 1)


def test_module_of_nothing_reverts(kernel, ns, owner, keys):
    upgrade(kernel, ns, owner, [removal(keys[0], 2)])
    for name in (keys[0], key("z"), ZERO32):
        with reverts("kernel: no module"):
            kernel.module(entry_id(ns, name))
        with reverts("kernel: no module"):
            kernel.resolve(ns, name)
    for id in (ZERO32, UNKNOWN):
        with reverts("kernel: no module"):
            kernel.module(id)


def test_head_of_nothing(kernel, ns, owner, keys):
    upgrade(kernel, ns, owner, [removal(keys[0], 2)])
    assert kernel.head(entry_id(ns, keys[0])) == (ZERO, 2)
    assert kernel.head(UNKNOWN) == (ZERO, 0)


def test_views_of_nothing_are_zero(kernel, ns):
    assert Entry(*kernel.entry(UNKNOWN)) == Entry()
    assert tuple(kernel.namespace(UNKNOWN)) == (ZERO, 0, 0, 0, ZERO, ZERO32, ZERO, 0, 0)
    assert tuple(kernel.operation(ns, UNKNOWN)) == (0, 0, 0, 0, 0, False, False)
    assert kernel.guardian(UNKNOWN) == ZERO
    assert kernel.page(UNKNOWN, 0, 1) == []


def test_page_cuts(kernel, claimer, owner, modules):
    names = [key(f"m{number:02}") for number in range(16)]
    ns = claim(kernel, claimer, owner, {name: modules[0] for name in names})
    more = [key(f"n{number:02}") for number in range(16)]
    upgrade(kernel, ns, owner, [change(name, modules[1]) for name in more])
    upgrade(kernel, ns, owner, [change(key("a"), modules[2])])
    every = [*names, *more, key("a")]  # in the order of first filling
    assert kernel.namespace(ns).keys == len(every) == MAX_PAGE + 1
    for start, count in ((0, 32), (0, 1), (16, 4), (31, 32), (32, 32), (20, 13)):
        rows = kernel.page(ns, start, count)
        assert [row.key for row in rows] == every[start : start + count]
        for row in rows:
            assert row.entry == kernel.entry(entry_id(ns, row.key))
    for start in (33, 34, 2**255, 2**256 - 1):
        assert kernel.page(ns, start, 32) == []


@pytest.mark.parametrize("count", [0, MAX_PAGE + 1, 2**256 - 1])
def test_page_of_a_bad_length_reverts(kernel, ns, count):
    with reverts("kernel: 1 to 32 rows"):
        kernel.page(ns, 0, count)


def test_page_keeps_what_was_removed(kernel, ns, owner, keys):
    upgrade(kernel, ns, owner, [removal(keys[0], 2)])
    assert [(row.key, row.entry.module == ZERO) for row in kernel.page(ns, 0, 32)] == [
        (keys[0], True),
        (keys[1], False),
    ]


def test_verify_sees_the_live_code(kernel, ns, owner, keys, modules):
    assert kernel.verify(ns, keys[0])
    code = boa.env.get_code(modules[0].address)
    for other in (b"", b"\x00", b"\xef\x01\x00" + b"\x11" * 20):
        boa.env.set_code(modules[0].address, other)
        assert not kernel.verify(ns, keys[0])
    boa.env.set_code(modules[0].address, code)
    assert kernel.verify(ns, keys[0])


def test_verify_of_nothing_is_false(kernel, ns, owner, keys):
    upgrade(kernel, ns, owner, [removal(keys[0], 2)])
    for name in (keys[0], key("z"), ZERO32):
        assert not kernel.verify(ns, name)


def test_operation_id_is_of_the_present_epoch(kernel, ns, owner, candidate, keys, modules):
    changes = [change(keys[0], modules[2], 2)]
    assert kernel.operation_id(ns, changes, UNKNOWN) == changes_id(ns, 1, changes, UNKNOWN)
    kernel.propose_owner(ns, candidate, ZERO32, sender=owner)
    boa.env.time_travel(seconds=kernel.namespace(ns).notice)
    kernel.accept_owner(ns, ZERO32, sender=candidate)
    assert kernel.operation_id(ns, changes, UNKNOWN) == changes_id(ns, 2, changes, UNKNOWN)


def test_operations_are_kept_per_namespace(kernel, ns, owner, keys, modules):
    other = claim(kernel, owner, owner)
    op = kernel.schedule(ns, [change(keys[0], modules[2], 2)], ZERO32, False, sender=owner)
    assert tuple(kernel.operation(other, op)) == (0, 0, 0, 0, 0, False, False)
    with reverts("kernel: wrong operation state"):
        kernel.cancel(other, op, sender=owner)


def test_entry_ids_are_as_documented(kernel, ns, keys, modules):
    seen = Entry(*kernel.entry(entry_id(ns, keys[0])))
    assert seen == Entry(modules[0].address, 1, live_hash(modules[0].address))


def test_writes_take_no_value(kernel, owner):
    boa.env.set_balance(owner, 1)
    with boa.reverts():
        kernel.claim(key("x"), owner, 0, ZERO, 0, [], value=1, sender=owner)
