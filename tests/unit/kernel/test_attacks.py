"""Incidents and attacks on registries, upgrades and their owners, tried on the kernel.

Each test names the incident or the trick. Where the kernel stops only a part of it, the
test shows both what is stopped and what is not.
"""

from contextlib import suppress

import boa
import pytest
from eth_utils import function_abi_to_4byte_selector

from tests.support.compiled import deployer
from tests.support.kernel import (
    CONFIRM_WINDOW,
    DAY,
    GRACE,
    NOTICE_MAX,
    PAUSE_MAX,
    PAUSE_REST,
    ROLLBACK_WINDOW,
    ZERO,
    ZERO32,
    Entry,
    State,
    change,
    claim,
    entry_id,
    key,
    live_hash,
    namespace_id,
    removal,
    reverts,
    upgrade,
)
from tests.support.opcodes import code_only, metadata, outbound
from tests.unit.kernel.conftest import NOTICE

DESIGNATOR = bytes.fromhex("ef0100") + b"\x11" * 20
UNCLAIMED = b"\x01" * 32


@pytest.fixture
def attacker():
    return boa.env.generate_address()


def state(kernel, ns):
    return kernel.namespace(ns), kernel.page(ns, 0, 32)


def everything(kernel, ns, keys, modules, sender):
    """Every function that writes, as `sender`, on an existing namespace."""
    item = change(keys[0], modules[2], 2)
    until = boa.env.timestamp + 100 * DAY
    return {
        "claim": (key("system"), sender, 0, ZERO, 0, []),
        "apply": (ns, [item], ZERO32),
        "apply_notice": (ns, 0, ZERO32),
        "apply_guardian": (ns, sender, until, ZERO32),
        "accept_owner": (ns, ZERO32),
        "schedule": (ns, [item], ZERO32, False),
        "cancel": (ns, ZERO32),
        "confirm": (ns, ZERO32),
        "rollback": (ns, [item], ZERO32),
        "pause": (ns, keys[0], DAY),
        "unpause": (ns, keys[0]),
        "freeze": (ns, keys[0]),
        "set_notice": (ns, NOTICE_MAX, ZERO32),
        "set_guardian": (ns, ZERO, 0, ZERO32),
        "propose_owner": (ns, sender, ZERO32),
    }


def writes(kernel):
    return {
        item["name"]
        for item in kernel.abi
        if item["type"] == "function" and item["stateMutability"] == "nonpayable"
    }


# ----- incidents -----


def test_parity_no_initialiser_to_call(kernel, ns, keys, modules, attacker):
    """Parity 2017: anyone became the owner by an unprotected initialiser."""
    calls = everything(kernel, ns, keys, modules, attacker)
    assert set(calls) == writes(kernel)
    before = state(kernel, ns)
    for name, args in calls.items():
        if name == "claim":  # the attacker's own namespace, under another id
            assert getattr(kernel, name)(*args, sender=attacker) != ns
            continue
        with boa.reverts():
            getattr(kernel, name)(*args, sender=attacker)
    assert state(kernel, ns) == before


def test_parity_no_selfdestruct_to_reach():
    """Parity 2017, again: the library killed itself, and all wallets with it."""
    compiled = deployer("Kernel").compiler_data
    code = code_only(compiled.bytecode_runtime, metadata(compiled.bytecode))
    assert "SELFDESTRUCT" not in outbound(code)


def test_audius_storage_of_modules_cannot_collide(kernel, ns, owner, keys, modules):
    """Audius 2022: proxy and implementation disagreed on what slot 0 holds."""
    old, new = modules[0].address, modules[2].address
    boa.env.set_storage(old, 0, 123)
    upgrade(kernel, ns, owner, [change(keys[0], modules[2], 2)])
    assert boa.env.get_storage(new, 0) == 0
    assert boa.env.get_storage(old, 0) == 123


def test_wormhole_nothing_behind_a_proxy_to_initialise(kernel):
    """Wormhole 2022: an implementation without an owner could be taken over and killed."""
    functions = {item["name"] for item in kernel.abi if item["type"] == "function"}
    assert not {name for name in functions if "init" in name or "upgrade" in name}
    assert [item for item in kernel.abi if item["type"] in ("constructor", "fallback")] == []
    with reverts("kernel: no module"):
        kernel.module(ZERO32)


def test_nomad_zero_is_no_announcement(kernel, ns, owner, attacker):
    """Nomad 2022: zero was a trusted root, so everything was proven."""
    for space in (ZERO32, UNCLAIMED, ns):
        with reverts("kernel: wrong operation state"):
            kernel.apply(space, [], ZERO32, sender=attacker)
        with reverts("kernel: wrong operation state"):
            kernel.rollback(space, [], ZERO32, sender=attacker)
        with reverts("kernel: wrong operation state"):
            kernel.apply_notice(space, 0, ZERO32, sender=attacker)
        with reverts("kernel: wrong operation state"):
            kernel.apply_guardian(space, ZERO, 0, ZERO32, sender=attacker)
        with reverts("kernel: wrong operation state"):
            kernel.accept_owner(space, ZERO32, sender=attacker)


def test_nomad_zero_owns_no_unclaimed_namespace(kernel, keys, modules):
    """KER-8. No key signs for zero, but chains exist whose system calls come from it,
    and a simulation from it must not show what cannot happen."""
    for space in (ZERO32, UNCLAIMED):
        for name, args in everything(kernel, space, keys, modules, ZERO).items():
            if name != "claim":
                with boa.reverts():
                    getattr(kernel, name)(*args, sender=ZERO)
        first = [change(keys[0], modules[0])]
        with boa.reverts():
            kernel.schedule(space, first, ZERO32, False, sender=ZERO)
        assert kernel.page(space, 0, 32) == []


def test_nomad_zero_is_no_guardian(kernel, claimer, owner, keys, modules):
    """KER-8. Where no guardian is in office, its address reads as zero."""
    ns = claim(kernel, claimer, owner, {keys[0]: modules[0]})
    with reverts("kernel: not owner or guardian"):
        kernel.pause(ns, keys[0], DAY, sender=ZERO)
    op = kernel.schedule(ns, [change(keys[0], modules[1], 2)], ZERO32, False, sender=owner)
    with reverts("kernel: not owner or guardian"):
        kernel.cancel(ns, op, sender=ZERO)


@pytest.mark.parametrize("code", [b"\x00", b"", DESIGNATOR], ids=["other", "none", "delegated"])
def test_tornado_2023_metamorphic_code_between_announcement_and_apply(
    kernel, ns, owner, attacker, keys, modules, code
):
    """Tornado Cash 2023: selfdestruct, then CREATE2 of other code at the approved address."""
    changes = [change(keys[0], modules[2], 2)]
    kernel.schedule(ns, changes, ZERO32, False, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    approved = boa.env.get_code(modules[2].address)
    boa.env.set_code(modules[2].address, code)
    with boa.reverts():
        kernel.apply(ns, changes, ZERO32, sender=attacker)
    assert kernel.resolve(ns, keys[0]) == modules[0].address
    boa.env.set_code(modules[2].address, approved)  # back in time: it is what was announced
    kernel.apply(ns, changes, ZERO32, sender=attacker)


def test_tornado_2023_metamorphic_code_announced_before_it_is_there(
    kernel, ns, owner, attacker, keys, modules
):
    future = change(keys[0], attacker, 2)._replace(code_hash=live_hash(modules[2].address))
    with reverts("kernel: no code"):
        kernel.schedule(ns, [future], ZERO32, False, sender=owner)


def test_tornado_2023_metamorphic_code_after_apply_is_shown(kernel, ns, owner, keys, modules):
    """EIP-6780 forbids it on mainnet. Elsewhere the kernel cannot stop it; `verify` tells."""
    upgrade(kernel, ns, owner, [change(keys[0], modules[2], 2)])
    boa.env.set_code(modules[2].address, b"\x00")
    assert not kernel.verify(ns, keys[0])
    assert kernel.resolve(ns, keys[0]) == modules[2].address


def test_tornado_2023_metamorphic_predecessor_is_not_rolled_back_to(
    kernel, ns, owner, guardian, keys, modules
):
    changes = [change(keys[0], modules[2], 2)]
    upgrade(kernel, ns, owner, changes)
    boa.env.set_code(modules[0].address, b"\x00")
    with reverts("kernel: not the announced code"):
        kernel.rollback(ns, changes, ZERO32, sender=guardian)


def test_an_account_delegates_between_announcement_and_apply(kernel, ns, owner, attacker, keys):
    """EIP-7702: an account's code is a designator, whoever it points to."""
    boa.env.set_code(attacker, DESIGNATOR)
    with reverts("kernel: not plain code"):
        kernel.schedule(ns, [change(keys[0], attacker, 2)], ZERO32, False, sender=owner)


# ----- dispatch and encoding -----


def test_selector_clash_unknown_selectors_reach_nothing(kernel, ns, owner, modules):
    """Nothing is forwarded: a module's selector means nothing to the kernel."""
    functions = [item for item in kernel.abi if item["type"] == "function"]
    selectors = {function_abi_to_4byte_selector(item) for item in functions}
    assert len(selectors) == len(functions)
    number = modules[0].number.prepare_calldata()
    assert number not in selectors
    for data in (b"", number[:3], number, bytes(4), b"\xff" * 4, number + bytes(64)):
        computation = boa.env.execute_code(to_address=kernel.address, sender=owner, data=data)
        assert computation.is_error


def test_dirty_calldata_is_refused(kernel, ns, owner, keys, modules):
    """An address with bits above 160, or a flag of 2, is no other spelling of the same."""
    item = change(keys[0], modules[2], 2)
    honest = kernel.schedule.prepare_calldata(ns, [item], ZERO32, True)
    module = bytes.fromhex(modules[2].address[2:])
    at = honest.index(module)
    dirty_module = honest[: at - 1] + b"\x01" + honest[at:]
    flag = 4 + 4 * 32 - 1
    assert honest[flag] == 1
    dirty_flag = honest[:flag] + b"\x02" + honest[flag + 1 :]
    for data in (dirty_module, dirty_flag, honest[:-1]):
        computation = boa.env.execute_code(to_address=kernel.address, sender=owner, data=data)
        assert computation.is_error
    trailing = honest + b"\x01" * 32  # content as told, and something behind it
    done = boa.env.execute_code(to_address=kernel.address, sender=owner, data=trailing)
    assert done.output == kernel.operation_id(ns, [item], ZERO32)


# ----- replay, order, versions -----


def test_replay_of_an_applied_rolled_back_canceled_or_expired_operation(
    kernel, ns, owner, attacker, keys, modules
):
    rolled_back = [change(keys[0], modules[2], 2)]
    upgrade(kernel, ns, owner, rolled_back)
    kernel.rollback(ns, rolled_back, ZERO32, sender=owner)
    canceled = [change(keys[1], modules[2], 2)]
    op = kernel.schedule(ns, canceled, ZERO32, False, sender=owner)
    kernel.cancel(ns, op, sender=owner)
    expired = [change(keys[1], modules[3], 2)]
    kernel.schedule(ns, expired, ZERO32, False, sender=owner)
    boa.env.time_travel(seconds=NOTICE + GRACE + 1)
    for changes in (rolled_back, canceled):
        with reverts("kernel: wrong operation state"):
            kernel.apply(ns, changes, ZERO32, sender=attacker)
    with reverts("kernel: operation expired"):
        kernel.apply(ns, expired, ZERO32, sender=attacker)
    for changes in (canceled, expired):  # nor announced again under the same id
        with reverts("kernel: operation exists"):
            kernel.schedule(ns, changes, ZERO32, False, sender=owner)


def test_replay_in_another_namespace_of_the_same_owner(kernel, ns, owner, keys, modules):
    other = claim(kernel, owner, owner, dict(zip(keys, modules, strict=False)))
    changes = [change(keys[0], modules[2], 2)]
    kernel.schedule(ns, changes, ZERO32, False, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    with reverts("kernel: wrong operation state"):
        kernel.apply(other, changes, ZERO32)


def test_replay_after_the_namespace_came_back_to_its_owner(
    kernel, ns, owner, candidate, keys, modules
):
    """Two hand-overs bring the owner back, and nothing of the first epoch."""
    changes = [change(keys[0], modules[2], 2)]
    op = kernel.schedule(ns, changes, ZERO32, False, sender=owner)
    kernel.propose_owner(ns, candidate, ZERO32, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    kernel.accept_owner(ns, ZERO32, sender=candidate)
    kernel.propose_owner(ns, owner, ZERO32, sender=candidate)
    boa.env.time_travel(seconds=NOTICE)
    kernel.accept_owner(ns, ZERO32, sender=owner)
    assert kernel.operation(ns, op).state == State.DEAD
    with reverts("kernel: wrong operation state"):
        kernel.apply(ns, changes, ZERO32)
    with reverts("kernel: wrong operation state"):
        kernel.accept_owner(ns, ZERO32, sender=candidate)


def test_stale_operation_never_applies_over_what_came_between(kernel, ns, owner, keys, modules):
    """Versions also rise by rollback, so that going back makes nothing fresh again."""
    stale = [change(keys[0], modules[3], 2)]
    kernel.schedule(ns, stale, ZERO32, False, sender=owner)
    between = [change(keys[0], modules[2], 2)]
    kernel.schedule(ns, between, ZERO32, False, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    kernel.apply(ns, between, ZERO32)
    kernel.rollback(ns, between, ZERO32, sender=owner)
    assert kernel.resolve(ns, keys[0]) == modules[0].address
    with reverts("kernel: not the next version"):
        kernel.apply(ns, stale, ZERO32)


def test_downgrade_is_an_announced_new_version(kernel, ns, owner, keys, modules):
    upgrade(kernel, ns, owner, [change(keys[0], modules[2], 2)])
    for version in (1, 2):
        with reverts("kernel: not the next version"):
            old = change(keys[0], modules[0], version)
            kernel.schedule(ns, [old], ZERO32, False, sender=owner)
    upgrade(kernel, ns, owner, [change(keys[0], modules[0], 3)])
    assert kernel.head(entry_id(ns, keys[0])) == (modules[0].address, 3)


def test_downgrade_by_anyone_only_where_the_owner_owed_a_proof(
    kernel, ns, owner, attacker, keys, modules
):
    changes = [change(keys[0], modules[2], 2)]
    op = upgrade(kernel, ns, owner, changes, confirm=True)
    kernel.confirm(ns, op, sender=owner)
    for wait in (0, ROLLBACK_WINDOW, CONFIRM_WINDOW, CONFIRM_WINDOW):
        boa.env.time_travel(seconds=wait)
        with reverts("kernel: may not roll back"):
            kernel.rollback(ns, changes, ZERO32, sender=attacker)


def test_competing_operations_on_one_entry(kernel, ns, owner, keys, modules):
    """The first to apply wins; the other is void, not queued behind it."""
    one, two = [change(keys[0], modules[2], 2)], [change(keys[0], modules[3], 2)]
    for changes in (one, two):
        kernel.schedule(ns, changes, ZERO32, False, sender=owner)
    with reverts("kernel: not the next version"):  # nor can one be prepared on top
        kernel.schedule(ns, [change(keys[0], modules[3], 3)], ZERO32, False, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    kernel.apply(ns, two, ZERO32)
    with reverts("kernel: not the next version"):
        kernel.apply(ns, one, ZERO32)
    assert kernel.resolve(ns, keys[0]) == modules[3].address


def test_stuck_queue_heads_do_not_exist(kernel, ns, owner, keys, modules):
    """What can no longer apply stands in nobody's way."""
    broken = [change(keys[0], modules[2], 2)]
    sound = [change(keys[1], modules[3], 2)]
    kernel.schedule(ns, broken, ZERO32, False, sender=owner)
    kernel.schedule(ns, sound, ZERO32, False, sender=owner)
    boa.env.set_code(modules[2].address, b"")
    boa.env.time_travel(seconds=NOTICE)
    with reverts("kernel: no code"):
        kernel.apply(ns, broken, ZERO32)
    kernel.apply(ns, sound, ZERO32)
    upgrade(kernel, ns, owner, [change(keys[0], modules[3], 2)])


def test_stale_address_caches(kernel, ns, owner, guardian, keys, modules):
    """A user of kernel_client sees upgrade, rollback and removal in the same block."""
    user = deployer("KernelUser").deploy(kernel.address, ns)
    changes = [change(keys[0], modules[2], 2), removal(keys[1], 2)]
    kernel.schedule(ns, changes, ZERO32, False, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    assert user.use(keys[0]) == modules[0].address
    kernel.apply(ns, changes, ZERO32)
    assert user.use(keys[0]) == modules[2].address
    assert user.authority(keys[1]) == (ZERO, 2)
    kernel.rollback(ns, changes, ZERO32, sender=guardian)
    assert user.use(keys[0]) == modules[0].address
    assert user.authority(keys[1]) == (modules[1].address, 3)


# ----- owners -----


def test_hand_over_to_a_dead_owner_fails_by_itself(kernel, ns, owner, modules):
    """A contract that cannot accept never becomes the owner; the offer runs out."""
    kernel.propose_owner(ns, modules[0].address, ZERO32, sender=owner)
    boa.env.time_travel(seconds=NOTICE + GRACE + 1)
    assert kernel.namespace(ns).owner == owner
    with reverts("kernel: operation expired"):
        kernel.accept_owner(ns, ZERO32, sender=modules[0].address)
    kernel.set_notice(ns, NOTICE_MAX, ZERO32, sender=owner)


def test_hand_over_cannot_be_taken_by_repeating_the_salt(kernel, ns, owner, candidate, attacker):
    kernel.propose_owner(ns, candidate, ZERO32, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    with reverts("kernel: wrong operation state"):
        kernel.accept_owner(ns, ZERO32, sender=attacker)


def test_hand_over_ends_every_pending_operation_of_a_hostile_owner(
    kernel, ns, owner, candidate, attacker, keys, modules
):
    """KER-11. What the seller leaves behind cannot be sprung on the buyer."""
    until = boa.env.timestamp + 100 * DAY
    bomb = [change(keys[0], modules[2], 2)]
    kernel.schedule(ns, bomb, ZERO32, False, sender=owner)
    kernel.set_notice(ns, 0, ZERO32, sender=owner)
    kernel.set_guardian(ns, attacker, until, ZERO32, sender=owner)
    kernel.propose_owner(ns, attacker, ZERO32, sender=owner)
    kernel.propose_owner(ns, candidate, ZERO32, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    kernel.accept_owner(ns, ZERO32, sender=candidate)
    for spring in (
        lambda: kernel.apply(ns, bomb, ZERO32, sender=attacker),
        lambda: kernel.apply_notice(ns, 0, ZERO32, sender=attacker),
        lambda: kernel.apply_guardian(ns, attacker, until, ZERO32, sender=attacker),
        lambda: kernel.accept_owner(ns, ZERO32, sender=attacker),
    ):
        with reverts("kernel: wrong operation state"):
            spring()


def test_hand_over_to_an_ally_to_escape_rollback_can_be_canceled_before(
    kernel, ns, owner, guardian, candidate, keys, modules
):
    """A hand-over ends rollbacks, so an owner might hand over to an ally right after an
    upgrade. Both are announced for the whole notice, and the guardian may cancel both."""
    bad = [change(keys[0], modules[2], 2)]
    kernel.schedule(ns, bad, ZERO32, False, sender=owner)
    escape = kernel.propose_owner(ns, candidate, ZERO32, sender=owner)
    kernel.cancel(ns, escape, sender=guardian)
    boa.env.time_travel(seconds=NOTICE)
    kernel.apply(ns, bad, ZERO32)
    with reverts("kernel: wrong operation state"):
        kernel.accept_owner(ns, ZERO32, sender=candidate)
    kernel.rollback(ns, bad, ZERO32, sender=guardian)


def test_hand_over_to_an_ally_that_nobody_canceled_escapes_rollback(
    kernel, ns, owner, guardian, candidate, keys, modules
):
    """The other half of the test before: this the kernel does not stop. (To itself an
    owner cannot hand over; but an ally costs nothing.)"""
    bad = [change(keys[0], modules[2], 2)]
    kernel.schedule(ns, bad, ZERO32, False, sender=owner)
    kernel.propose_owner(ns, candidate, ZERO32, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    kernel.apply(ns, bad, ZERO32)
    kernel.accept_owner(ns, ZERO32, sender=candidate)
    with reverts("kernel: wrong operation state"):
        kernel.rollback(ns, bad, ZERO32, sender=guardian)
    kernel.pause(ns, keys[0], PAUSE_MAX, sender=guardian)  # what is left to it


def test_factory_that_becomes_owner_for_ever(kernel, modules, owner, keys):
    """A factory claims for another; nothing it can do afterwards touches the namespace."""
    factory = modules[3].address
    ns = claim(kernel, factory, owner, {keys[0]: modules[0]})
    assert kernel.namespace(ns).claimer == factory
    before = state(kernel, ns)
    for name, args in everything(kernel, ns, keys, modules, factory).items():
        with boa.reverts():
            getattr(kernel, name)(*args, sender=factory)
    assert state(kernel, ns) == before


def test_squatting_a_namespace_before_its_owner(kernel, claimer, owner, attacker):
    """Front-running the claim with the same arguments gives another namespace."""
    args = (key("system"), attacker, 0, ZERO, 0, [])
    assert kernel.claim(*args, sender=attacker) == namespace_id(attacker, key("system"))
    ns = claim(kernel, claimer, owner)
    assert kernel.namespace(ns).owner == owner


def test_notice_lengthened_to_win_trust_leaves_what_was_announced_before(
    kernel, claimer, owner, keys, modules
):
    """KER-4 binds the notice in force at the announcement. Who relies on a notice has to
    look at what was announced before it too: for it, only the old notice counts."""
    ns = claim(kernel, claimer, owner, dict(zip(keys, modules, strict=False)), notice=DAY)
    early = [change(keys[0], modules[2], 2)]
    kernel.schedule(ns, early, ZERO32, False, sender=owner)
    kernel.set_notice(ns, 0, ZERO32, sender=owner)
    kernel.set_notice(ns, NOTICE_MAX, ZERO32, sender=owner)
    boa.env.time_travel(seconds=DAY)
    kernel.apply(ns, early, ZERO32)
    kernel.apply_notice(ns, 0, ZERO32)
    assert kernel.namespace(ns).notice == 0


def test_bundling_a_first_module_makes_an_operation_final(
    kernel, ns, owner, guardian, keys, modules
):
    """Stopped where a proof of life is asked for; elsewhere it is for the guardian to see."""
    bundle = sorted([change(keys[0], modules[2], 2), change(key("decoy"), modules[3])])
    with reverts("kernel: nothing to go back to"):
        kernel.schedule(ns, bundle, ZERO32, True, sender=owner)
    upgrade(kernel, ns, owner, bundle)
    with reverts("kernel: no predecessor"):
        kernel.rollback(ns, bundle, ZERO32, sender=guardian)


# ----- guardians -----


def test_hostile_guardian_can_only_cancel_pause_and_roll_back(
    kernel, ns, owner, guardian, keys, modules
):
    """KER-7."""
    refused = everything(kernel, ns, keys, modules, guardian)
    for name in ("claim", "cancel", "pause", "rollback"):
        del refused[name]
    before = state(kernel, ns)
    for name, args in refused.items():
        with boa.reverts():
            getattr(kernel, name)(*args, sender=guardian)
    assert state(kernel, ns) == before


def test_hostile_guardian_cancels_all_and_is_removed_at_once(
    kernel, ns, owner, guardian, keys, modules
):
    for salt in (ZERO32, b"\x01" * 32):
        changes = [change(keys[0], modules[2], 2)]
        op = kernel.schedule(ns, changes, salt, False, sender=owner)
        kernel.cancel(ns, op, sender=guardian)
    kernel.set_guardian(ns, ZERO, 0, ZERO32, sender=owner)
    upgrade(kernel, ns, owner, [change(keys[0], modules[2], 2)], b"\x02" * 32)
    for name, args in everything(kernel, ns, keys, modules, guardian).items():
        if name != "claim":
            with boa.reverts():
                getattr(kernel, name)(*args, sender=guardian)


def test_guardian_cannot_cancel_its_own_removal(kernel, ns, owner, guardian, candidate):
    """Removal does not wait; and a successor's appointment is out of the guardian's reach."""
    until = boa.env.timestamp + 100 * DAY
    op = kernel.set_guardian(ns, candidate, until, ZERO32, sender=owner)
    with reverts("kernel: sets the guardian"):
        kernel.cancel(ns, op, sender=guardian)
    boa.env.time_travel(seconds=NOTICE)
    kernel.apply_guardian(ns, candidate, until, ZERO32)
    for sender in (guardian, candidate):
        with reverts("kernel: wrong operation state"):
            kernel.cancel(ns, op, sender=sender)


def test_guardian_that_is_also_candidate_cannot_save_its_own_appointment(
    kernel, ns, owner, guardian
):
    """A longer term of the same guardian is the owner's to cancel."""
    until = boa.env.timestamp + 300 * DAY
    op = kernel.set_guardian(ns, guardian, until, ZERO32, sender=owner)
    kernel.set_guardian(ns, ZERO, 0, ZERO32, sender=owner)
    kernel.cancel(ns, op, sender=owner)
    boa.env.time_travel(seconds=NOTICE)
    with reverts("kernel: wrong operation state"):
        kernel.apply_guardian(ns, guardian, until, ZERO32, sender=guardian)


def test_hostile_guardian_pauses_as_long_as_it_can(kernel, ns, guardian, until, keys):
    """KER-9: trying every day for 200 days, 14 of any 74 days are lost."""
    id, step, paused = entry_id(ns, keys[0]), DAY, []
    while boa.env.timestamp < until:
        with suppress(boa.BoaError):
            kernel.pause(ns, keys[0], PAUSE_MAX, sender=guardian)
        paused.append(boa.env.timestamp < kernel.entry(id).paused_until)
        boa.env.time_travel(seconds=step)
    window = (PAUSE_MAX + PAUSE_REST) // step
    worst = max(sum(paused[at : at + window]) for at in range(len(paused) - window))
    assert worst == PAUSE_MAX // step


def test_hostile_guardian_spends_the_pause_of_a_key(kernel, ns, owner, guardian, keys):
    """One second of pause, and for 60 days the owner cannot pause this key either.

    The kernel does not stop this; removal of a module (with notice) is what is left.
    """
    kernel.pause(ns, keys[0], 1, sender=guardian)
    kernel.set_guardian(ns, ZERO, 0, ZERO32, sender=owner)
    boa.env.time_travel(seconds=PAUSE_REST)
    with reverts("kernel: paused lately"):
        kernel.pause(ns, keys[0], DAY, sender=owner)
    boa.env.time_travel(seconds=1)
    kernel.pause(ns, keys[0], DAY, sender=owner)


def test_pausing_the_governor_takes_no_power(kernel, claimer, owner, guardian, modules):
    """Else a guardian could stop the vote that removes it."""
    governor = key("governance.governor")
    ns = claim(
        kernel, claimer, owner, {governor: modules[0]}, guardian=guardian,
        until=boa.env.timestamp + DAY,
    )  # fmt: skip
    kernel.pause(ns, governor, PAUSE_MAX, sender=guardian)
    assert kernel.head(entry_id(ns, governor)) == (modules[0].address, 1)


def test_dead_governor_undoes_itself(kernel, ns, owner, attacker, keys, modules):
    """An owner that the new module killed cannot confirm; anyone brings the old one back."""
    changes = [change(keys[0], modules[2], 2)]
    upgrade(kernel, ns, owner, changes, confirm=True)
    boa.env.time_travel(seconds=CONFIRM_WINDOW + 1)
    kernel.rollback(ns, changes, ZERO32, sender=attacker)
    assert kernel.head(entry_id(ns, keys[0])) == (modules[0].address, 3)


def test_freezing_a_doubtful_governor_is_too_soon_as_long_as_it_can_be_undone(
    kernel, ns, owner, keys, modules
):
    upgrade(kernel, ns, owner, [change(keys[0], modules[2], 2)], confirm=True)
    boa.env.time_travel(seconds=2 * CONFIRM_WINDOW)
    with reverts("kernel: still revisable"):
        kernel.freeze(ns, keys[0], sender=owner)


def test_one_owner_of_two_namespaces_touches_one_at_a_time(kernel, ns, owner, keys, modules):
    """KER-6, where nothing but the id tells them apart."""
    other = claim(kernel, owner, owner, dict(zip(keys, modules, strict=False)), notice=NOTICE)
    before = state(kernel, other)
    changes = [change(keys[0], modules[2], 2)]
    upgrade(kernel, ns, owner, changes)
    kernel.rollback(ns, changes, ZERO32, sender=owner)
    kernel.pause(ns, keys[0], DAY, sender=owner)
    kernel.freeze(ns, keys[1], sender=owner)
    kernel.set_notice(ns, NOTICE_MAX, ZERO32, sender=owner)
    assert state(kernel, other) == before
    assert Entry(*kernel.entry(entry_id(other, keys[1]))).frozen is False
