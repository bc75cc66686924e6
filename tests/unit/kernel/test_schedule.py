import boa
import pytest

from tests.support.kernel import (
    ZERO,
    ZERO32,
    Entry,
    Kind,
    State,
    change,
    changes_id,
    entry_id,
    key,
    live_hash,
    logged,
    removal,
    reverts,
)
from tests.unit.kernel.conftest import NOTICE

SALT = b"\x05" * 32


@pytest.mark.parametrize("confirm", [False, True])
def test_schedule_announces_every_field(kernel, ns, owner, keys, modules, confirm):
    changes = [change(keys[0], modules[2], 2), removal(keys[1], 2)]
    op = kernel.schedule(ns, changes, SALT, confirm, sender=owner)
    ready = boa.env.timestamp + NOTICE
    [(name, space, operation, epoch, ready_at, asked, salt, told)] = logged(kernel)
    assert (name, space, operation, epoch) == ("ChangesScheduled", ns, op, 1)
    assert (ready_at, asked, salt) == (ready, confirm, SALT)
    assert [tuple(item) for item in told] == [tuple(item) for item in changes]
    assert op == changes_id(ns, 1, changes, SALT)
    seen = (Kind.CHANGES, State.WAITING, ready, 0, 1, confirm, False)
    assert tuple(kernel.operation(ns, op)) == seen


def test_schedule_changes_no_entry(kernel, ns, owner, keys, modules):
    before = kernel.page(ns, 0, 32)
    changes = [change(keys[0], modules[2], 2), change(key("z"), modules[2])]
    kernel.schedule(ns, changes, SALT, False, sender=owner)
    assert kernel.page(ns, 0, 32) == before
    assert Entry(*kernel.entry(entry_id(ns, key("z")))) == Entry()


def test_schedule_the_same_with_another_salt(kernel, ns, owner, keys, modules):
    changes = [change(keys[0], modules[2], 2)]
    first = kernel.schedule(ns, changes, SALT, False, sender=owner)
    assert kernel.schedule(ns, changes, ZERO32, False, sender=owner) != first


def test_schedule_sixteen_changes(kernel, ns, owner, modules):
    changes = [change(key(f"m{number:02}"), modules[0]) for number in range(16)]
    kernel.schedule(ns, changes, SALT, False, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    kernel.apply(ns, changes, SALT)
    assert kernel.namespace(ns).keys == 18


def test_schedule_seventeen_changes_reverts(kernel, ns, owner, modules):
    changes = [change(key(f"m{number:02}"), modules[0]) for number in range(17)]
    with boa.reverts():
        kernel.schedule(ns, changes, SALT, False, sender=owner)


def test_schedule_by_others_reverts(kernel, ns, claimer, guardian, stranger, keys, modules):
    for sender in (claimer, guardian, stranger):
        with reverts("kernel: not owner"):
            kernel.schedule(ns, [change(keys[0], modules[2], 2)], SALT, False, sender=sender)


def test_schedule_nothing_reverts(kernel, ns, owner):
    with reverts("kernel: no changes"):
        kernel.schedule(ns, [], SALT, False, sender=owner)


def test_schedule_twice_reverts(kernel, ns, owner, keys, modules):
    changes = [change(keys[0], modules[2], 2)]
    kernel.schedule(ns, changes, SALT, False, sender=owner)
    for confirm in (False, True):  # whether to confirm is no part of the id
        with reverts("kernel: operation exists"):
            kernel.schedule(ns, changes, SALT, confirm, sender=owner)


def test_schedule_disorder_reverts(kernel, ns, owner, keys, modules):
    first, second = change(keys[0], modules[2], 2), change(keys[1], modules[2], 2)
    for changes in ([second, first], [first, first], [first, second, second]):
        with reverts("kernel: keys not ascending"):
            kernel.schedule(ns, changes, SALT, False, sender=owner)


def test_schedule_zero_key_reverts(kernel, ns, owner, modules):
    with reverts("kernel: keys not ascending"):
        kernel.schedule(ns, [change(ZERO32, modules[0])], SALT, False, sender=owner)


@pytest.mark.parametrize("version", [0, 1, 3, 2**32 + 2, 2**256 - 1])
def test_schedule_another_version_reverts(kernel, ns, owner, keys, modules, version):
    with reverts("kernel: not the next version"):
        kernel.schedule(ns, [change(keys[0], modules[2], version)], SALT, False, sender=owner)


def test_schedule_no_code_reverts(kernel, ns, owner, stranger, keys):
    for account in (stranger, "0x" + "00" * 19 + "04"):  # a precompile has none either
        with reverts("kernel: no code"):
            kernel.schedule(ns, [change(keys[0], account, 2)], SALT, False, sender=owner)


@pytest.mark.parametrize("code", ["ef0100" + "11" * 20, "ef", "ef00", "ef01" + "00" * 40])
def test_schedule_code_that_is_none_reverts(kernel, ns, owner, stranger, keys, code):
    boa.env.set_code(stranger, bytes.fromhex(code))
    with reverts("kernel: not plain code"):
        kernel.schedule(ns, [change(keys[0], stranger, 2)], SALT, False, sender=owner)


def test_schedule_one_byte_of_code_is_enough(kernel, ns, owner, stranger, keys):
    """Only the first byte tells; `ee` and `f0` are opcodes like others."""
    for number, code in enumerate([b"\x00", b"\xee", b"\xf0", b"\x00\xef"]):
        boa.env.set_code(stranger, code)
        salt = bytes([number]) * 32
        kernel.schedule(ns, [change(keys[0], stranger, 2)], salt, False, sender=owner)


def test_schedule_another_hash_reverts(kernel, ns, owner, keys, modules):
    honest = change(keys[0], modules[2], 2)
    for code_hash in (ZERO32, live_hash(modules[3].address)):
        with reverts("kernel: not the announced code"):
            changes = [honest._replace(code_hash=code_hash)]
            kernel.schedule(ns, changes, SALT, False, sender=owner)


def test_schedule_removal_of_nothing_reverts(kernel, ns, owner):
    with reverts("kernel: nothing to remove"):
        kernel.schedule(ns, [removal(key("z"), 1)], SALT, False, sender=owner)


def test_schedule_removal_with_a_hash_reverts(kernel, ns, owner, keys, modules):
    item = removal(keys[0], 2)._replace(code_hash=live_hash(modules[0].address))
    with reverts("kernel: hash of a removal"):
        kernel.schedule(ns, [item], SALT, False, sender=owner)


def test_schedule_for_a_frozen_key_reverts(kernel, ns, owner, keys, modules):
    kernel.freeze(ns, keys[0], sender=owner)
    for item in (change(keys[0], modules[2], 2), removal(keys[0], 2)):
        with reverts("kernel: frozen"):
            kernel.schedule(ns, [item], SALT, False, sender=owner)


def test_schedule_confirm_of_what_cannot_go_back_reverts(kernel, ns, owner, keys, modules):
    """One first module would make the whole operation impossible to roll back."""
    changes = [change(keys[0], modules[2], 2), change(key("z"), modules[2])]
    with reverts("kernel: nothing to go back to"):
        kernel.schedule(ns, changes, SALT, True, sender=owner)
    kernel.schedule(ns, changes, SALT, False, sender=owner)


def test_schedule_in_no_namespace_reverts(kernel, owner, modules):
    with reverts("kernel: not owner"):
        kernel.schedule(b"\x01" * 32, [change(key("a"), modules[0])], SALT, False, sender=owner)
    assert kernel.namespace(b"\x01" * 32).owner == ZERO
