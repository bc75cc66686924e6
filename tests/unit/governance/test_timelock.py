"""Timelock: what the governor in office schedules, it calls once, in time, or never."""

import boa
import pytest
from eth.exceptions import Revert
from eth_abi import encode
from eth_utils import keccak

from tests.support.compiled import deployer
from tests.support.governance import (
    DAY,
    GRACE,
    HOUR,
    NOBODY,
    code_pin,
    deploy_governor,
    events,
    governor_change,
    travel_to,
)

UNKNOWN, WAITING, READY, EXPIRED, CANCELED, DEAD, DONE = (2**n for n in range(7))
SALT = bytes(32)


class Batch:
    """Actions, and what the timelock knows them by."""

    def __init__(self, dao, *actions):
        self.targets = [str(getattr(to, "address", to)) for to, _, _ in actions]
        self.values = [value for _, value, _ in actions]
        self.calldatas = [data for _, _, data in actions]
        self.payload = keccak(
            encode(
                ["address[]", "uint256[]", "bytes[]", "bytes32"],
                [self.targets, self.values, self.calldatas, SALT],
            )
        )
        self.pin = code_pin(self.targets, self.calldatas)
        self.id = dao.timelock.operation_id(dao.governor.address, self.payload, self.pin)

    def scheduled(self, version=1):
        return self.payload, self.pin, version

    def whole(self):
        return self.targets, self.values, self.calldatas, SALT


@pytest.fixture
def batch(dao, target):
    return Batch(dao, (target, 0, target.note.prepare_calldata(7)))


@pytest.fixture
def office(governor):
    return str(governor.address)


@pytest.fixture
def scheduled(timelock, batch, office):
    timelock.schedule(*batch.scheduled(), sender=office)
    return batch


def window(timelock, batch):
    """First and last second in which a batch may be executed."""
    operation = timelock.operation(batch.id)
    return operation.ready_at, operation.expires_at


def replace_governor(dao, version):
    """Put a new governor in office, with the timelock as the namespace's owner."""
    newer = deploy_governor(dao, f"Studio {version}")
    changes = [governor_change(newer, version)]
    dao.kernel.schedule(dao.namespace, changes, SALT, False, sender=dao.timelock.address)
    dao.kernel.apply(dao.namespace, changes, SALT)
    return newer


# ----- creation -----


def test_create_fixes_the_dao(dao):
    assert dao.timelock.kernel() == dao.kernel.address
    assert dao.timelock.namespace() == dao.namespace
    assert dao.timelock.getMinDelay() == 2 * DAY


@pytest.mark.parametrize("delay", [HOUR, 30 * DAY])
def test_create_at_the_bounds_of_the_delay(dao, delay):
    made = deployer("Timelock").deploy(dao.kernel.address, dao.namespace, delay, "")
    assert made.getMinDelay() == delay


@pytest.mark.parametrize("delay", [0, HOUR - 1, 30 * DAY + 1, 2**256 - 1])
def test_create_with_a_delay_out_of_bounds_reverts(dao, delay):
    with boa.reverts("timelock: delay of 1 h to 30 d"):
        deployer("Timelock").deploy(dao.kernel.address, dao.namespace, delay, "")


def test_create_without_kernel_or_namespace_reverts(dao, stranger):
    with boa.reverts("client: kernel has no code"):
        deployer("Timelock").deploy(stranger, dao.namespace, DAY, "")
    with boa.reverts("client: zero namespace"):
        deployer("Timelock").deploy(dao.kernel.address, bytes(32), DAY, "")


# ----- schedule -----


def test_schedule(dao, timelock, batch, office):
    ready = boa.env.timestamp + 2 * DAY
    assert timelock.schedule(*batch.scheduled(), sender=office) == ready
    [log] = events(timelock, "Scheduled")
    assert (log.operation, log.governor, log.payload) == (batch.id, office, batch.payload)
    assert (log.code_pin, log.ready_at) == (batch.pin, ready)
    operation = timelock.operation(batch.id)
    assert operation == (WAITING, ready, ready + GRACE, 1)
    assert timelock.window(office, batch.payload, batch.pin) == (ready, ready + GRACE)


def test_schedule_by_anyone_else_reverts(timelock, batch, proposer):
    for account in (proposer, str(timelock.address)):
        with boa.reverts("timelock: not governor"):
            timelock.schedule(*batch.scheduled(), sender=account)


def test_schedule_twice_reverts(timelock, scheduled, office):
    with boa.reverts("timelock: already scheduled"):
        timelock.schedule(*scheduled.scheduled(), sender=office)


def test_schedule_again_after_it_was_done_reverts(timelock, scheduled, office):
    travel_to(window(timelock, scheduled)[0])
    timelock.execute(*scheduled.whole(), sender=office)
    with boa.reverts("timelock: already scheduled"):
        timelock.schedule(*scheduled.scheduled(), sender=office)


@pytest.mark.parametrize("version", [0, 2])
def test_schedule_of_another_version_reverts(timelock, batch, office, version):
    with boa.reverts("timelock: governor replaced"):
        timelock.schedule(*batch.scheduled(version), sender=office)


def test_nobody_may_schedule_before_the_namespace_is_claimed(dao, batch):
    orphan = deployer("Timelock").deploy(dao.kernel.address, keccak(b"unclaimed"), DAY, "")
    for account in (NOBODY, str(dao.governor.address)):
        with boa.reverts("timelock: not governor"):
            orphan.schedule(*batch.scheduled(0), sender=account)


# ----- execute -----


def test_execute(timelock, scheduled, office, target):
    ready, last = window(timelock, scheduled)
    travel_to(ready)
    assert timelock.operation(scheduled.id).state == READY
    timelock.execute(*scheduled.whole(), sender=office)
    assert [log.operation for log in events(timelock, "Executed")] == [scheduled.id]
    assert timelock.operation(scheduled.id) == (DONE, ready, last, 1)
    assert (target.count(), target.notes(0), target.caller()) == (1, 7, timelock.address)


def test_execute_of_no_calls_does_nothing(dao, timelock, office):
    """Our governor proposes none, but what it schedules is a hash."""
    batch = Batch(dao)
    timelock.schedule(*batch.scheduled(), sender=office)
    travel_to(window(timelock, batch)[0])
    timelock.execute(*batch.whole(), sender=office)
    assert timelock.operation(batch.id).state == DONE


def test_execute_a_second_early_reverts(timelock, scheduled, office):
    travel_to(window(timelock, scheduled)[0] - 1)
    with boa.reverts("timelock: not ready"):
        timelock.execute(*scheduled.whole(), sender=office)


def test_execute_in_its_last_second_but_not_after(timelock, scheduled, office):
    travel_to(window(timelock, scheduled)[1])
    with boa.env.anchor():
        timelock.execute(*scheduled.whole(), sender=office)
    boa.env.time_travel(seconds=1)
    assert timelock.operation(scheduled.id).state == EXPIRED
    with boa.reverts("timelock: expired"):
        timelock.execute(*scheduled.whole(), sender=office)


@pytest.mark.parametrize("ready", [2**34 - 1, 2**34])
def test_times_keep_all_their_bits(timelock, batch, office, ready):
    """Whether the second is odd or even: nothing of it is cut off."""
    travel_to(ready - 2 * DAY)
    timelock.schedule(*batch.scheduled(), sender=office)
    assert window(timelock, batch) == (ready, ready + GRACE)
    assert timelock.window(office, batch.payload, batch.pin) == (ready, ready + GRACE)
    for second, state in ((ready - 1, WAITING), (ready, READY), (ready + GRACE, READY)):
        travel_to(second)
        assert timelock.operation(batch.id).state == state
        if state == WAITING:
            with boa.reverts("timelock: not ready"):
                timelock.execute(*batch.whole(), sender=office)
    timelock.execute(*batch.whole(), sender=office)
    assert window(timelock, batch) == (ready, ready + GRACE)


@pytest.mark.parametrize("code", [b"\xef\x01\x00" + b"\x01" * 20, b"\xef"])
def test_execute_with_a_target_that_is_not_plain_code_reverts(dao, timelock, target, office, code):
    """Also where the decision already named that code: such an account may change at will."""
    boa.env.set_code(target.address, code)
    batch = Batch(dao, (target, 0, target.note.prepare_calldata(7)))
    timelock.schedule(*batch.scheduled(), sender=office)
    travel_to(window(timelock, batch)[0])
    with boa.reverts("pin: target not plain code"):
        timelock.execute(*batch.whole(), sender=office)


def test_execute_by_anyone_else_reverts(timelock, scheduled, proposer):
    travel_to(window(timelock, scheduled)[0])
    with boa.reverts("timelock: not governor"):
        timelock.execute(*scheduled.whole(), sender=proposer)


def test_execute_twice_reverts(timelock, scheduled, office):
    travel_to(window(timelock, scheduled)[0])
    timelock.execute(*scheduled.whole(), sender=office)
    with boa.reverts("timelock: already done"):
        timelock.execute(*scheduled.whole(), sender=office)


@pytest.mark.parametrize("changed", ["target", "value", "data", "salt", "more"])
def test_execute_of_another_payload_reverts(timelock, scheduled, office, changed, dao, target):
    travel_to(window(timelock, scheduled)[0])
    targets, values, calldatas, salt = scheduled.whole()
    other = {
        "target": ([str(dao.token.address)], values, calldatas, salt),
        "value": (targets, [1], calldatas, salt),
        "data": (targets, values, [target.note.prepare_calldata(8)], salt),
        "salt": (targets, values, calldatas, b"\x01" * 32),
        "more": (targets * 2, values * 2, calldatas * 2, salt),
    }[changed]
    with boa.reverts("timelock: not scheduled"):
        timelock.execute(*other, sender=office)


@pytest.mark.parametrize("short", [0, 1, 2])
def test_execute_with_lists_of_two_lengths_reverts(timelock, batch, office, short):
    lists = [list(part) * 2 for part in batch.whole()[:3]]
    lists[short] = lists[short][:1]
    with boa.reverts("timelock: lengths differ"):
        timelock.execute(*lists, SALT, sender=office)


def test_execute_pays_from_the_treasury(dao, timelock, office, target, stranger):
    boa.env.set_balance(timelock.address, 100)
    batch = Batch(dao, (stranger, 30, b""), (target, 20, target.note.prepare_calldata(1)))
    timelock.schedule(*batch.scheduled(), sender=office)
    travel_to(window(timelock, batch)[0])
    timelock.execute(*batch.whole(), sender=office)
    balances = [boa.env.get_balance(str(to)) for to in (timelock.address, stranger, target.address)]
    assert balances == [50, 30, 20]


def test_execute_where_one_call_fails_undoes_all(dao, timelock, office, target, stranger):
    boa.env.set_balance(timelock.address, 100)
    batch = Batch(
        dao,
        (stranger, 30, b""),
        (target, 0, target.note.prepare_calldata(1)),
        (target, 0, target.refuse.prepare_calldata()),
    )
    timelock.schedule(*batch.scheduled(), sender=office)
    travel_to(window(timelock, batch)[0])
    with boa.reverts("target: refused"):
        timelock.execute(*batch.whole(), sender=office)
    assert boa.env.get_balance(timelock.address) == 100
    assert target.count() == 0
    assert timelock.operation(batch.id).state == READY


def test_execute_above_the_treasury_reverts(dao, timelock, office, stranger):
    batch = Batch(dao, (stranger, 1, b""))
    timelock.schedule(*batch.scheduled(), sender=office)
    travel_to(window(timelock, batch)[0])
    with boa.reverts():
        timelock.execute(*batch.whole(), sender=office)
    assert timelock.operation(batch.id).state == READY


def test_execute_with_other_code_at_a_target_reverts(timelock, scheduled, office, target):
    travel_to(window(timelock, scheduled)[0])
    boa.env.set_code(target.address, boa.env.get_code(timelock.address))
    with boa.reverts("timelock: not scheduled"):
        timelock.execute(*scheduled.whole(), sender=office)


def test_execute_without_code_at_a_target_reverts(timelock, scheduled, office, target):
    travel_to(window(timelock, scheduled)[0])
    boa.env.set_code(target.address, b"")
    with boa.reverts("pin: target has no code"):
        timelock.execute(*scheduled.whole(), sender=office)


# ----- cancel -----


def test_cancel(timelock, scheduled, office):
    timelock.cancel(scheduled.payload, scheduled.pin, sender=office)
    assert [log.operation for log in events(timelock, "Canceled")] == [scheduled.id]
    assert timelock.operation(scheduled.id).state == CANCELED
    travel_to(window(timelock, scheduled)[0])
    with boa.reverts("timelock: canceled"):
        timelock.execute(*scheduled.whole(), sender=office)
    with boa.reverts("timelock: canceled"):
        timelock.cancel(scheduled.payload, scheduled.pin, sender=office)


def test_cancel_by_anyone_else_reverts(timelock, scheduled, proposer):
    with boa.reverts("timelock: not governor"):
        timelock.cancel(scheduled.payload, scheduled.pin, sender=proposer)


def test_cancel_of_the_unknown_reverts(timelock, batch, office):
    with boa.reverts("timelock: not scheduled"):
        timelock.cancel(batch.payload, batch.pin, sender=office)


def test_cancel_of_what_is_done_reverts(timelock, scheduled, office):
    travel_to(window(timelock, scheduled)[0])
    timelock.execute(*scheduled.whole(), sender=office)
    with boa.reverts("timelock: already done"):
        timelock.cancel(scheduled.payload, scheduled.pin, sender=office)


# ----- a new governor -----


def test_what_a_replaced_governor_scheduled_is_dead(dao, timelock, scheduled, office):
    newer = replace_governor(dao, 2)
    travel_to(window(timelock, scheduled)[0])
    assert timelock.operation(scheduled.id).state == DEAD
    with boa.reverts("timelock: not governor"):
        timelock.execute(*scheduled.whole(), sender=office)
    with boa.reverts("timelock: not scheduled"):
        timelock.execute(*scheduled.whole(), sender=newer.address)


def test_what_a_governor_scheduled_stays_dead_when_it_comes_back(dao, timelock, scheduled, office):
    replace_governor(dao, 2)
    changes = [governor_change(dao.governor, 3)]
    dao.kernel.schedule(dao.namespace, changes, SALT, False, sender=timelock.address)
    dao.kernel.apply(dao.namespace, changes, SALT)
    travel_to(window(timelock, scheduled)[0])
    assert timelock.operation(scheduled.id).state == DEAD
    with boa.reverts("timelock: governor replaced"):
        timelock.execute(*scheduled.whole(), sender=office)


def test_a_pause_of_the_governor_takes_no_power(dao, timelock, scheduled, office, guardian):
    travel_to(window(timelock, scheduled)[0])
    key = b"governance.governor".ljust(32, b"\0")
    dao.kernel.pause(dao.namespace, key, DAY, sender=guardian)
    timelock.execute(*scheduled.whole(), sender=office)
    assert timelock.operation(scheduled.id).state == DONE


# ----- delay -----


def test_update_delay_by_its_own_call(timelock):
    timelock.updateDelay(3 * DAY, sender=timelock.address)
    [change] = events(timelock, "MinDelayChange")
    assert (change.oldDuration, change.newDuration) == (2 * DAY, 3 * DAY)
    assert timelock.getMinDelay() == 3 * DAY


def test_update_delay_leaves_what_is_scheduled(timelock, scheduled):
    before = window(timelock, scheduled)
    timelock.updateDelay(30 * DAY, sender=timelock.address)
    assert window(timelock, scheduled) == before


def test_update_delay_by_anyone_else_reverts(timelock, office):
    with boa.reverts("timelock: only itself"):
        timelock.updateDelay(3 * DAY, sender=office)


@pytest.mark.parametrize("delay", [HOUR - 1, 30 * DAY + 1])
def test_update_delay_out_of_bounds_reverts(timelock, delay):
    with boa.reverts("timelock: delay of 1 h to 30 d"):
        timelock.updateDelay(delay, sender=timelock.address)


# ----- where the DAO describes itself (ERC-4824) -----

URI = "ipfs://QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"


@pytest.mark.parametrize("uri", [URI, "/"])
def test_create_with_a_uri(dao, uri):
    made = deployer("Timelock").deploy(dao.kernel.address, dao.namespace, DAY, uri)
    [update] = events(made, "DAOURIUpdate")
    assert (update.daoAddress, update.daoURI) == (made.address, uri)
    assert made.daoURI() == uri


def test_create_without_a_uri(dao):
    made = deployer("Timelock").deploy(dao.kernel.address, dao.namespace, DAY, "")
    assert events(made, "DAOURIUpdate") == []
    assert made.daoURI() == ""


def test_set_uri_by_its_own_call(timelock, governor):
    for uri in (URI, "u" * 256, ""):
        timelock.setDaoURI(uri, sender=timelock.address)
        [update] = events(timelock, "DAOURIUpdate")
        assert (update.daoAddress, update.daoURI) == (timelock.address, uri)
        assert timelock.daoURI() == governor.daoURI() == uri


def test_uri_outlives_the_governor(dao, timelock):
    timelock.setDaoURI(URI, sender=timelock.address)
    assert replace_governor(dao, 2).daoURI() == URI


def test_set_uri_by_anyone_else_reverts(timelock, office):
    with boa.reverts("timelock: only itself"):
        timelock.setDaoURI(URI, sender=office)


# ----- treasury -----


def test_receive_eth(timelock, stranger):
    boa.env.set_balance(stranger, 100)
    made = boa.env.raw_call(timelock.address, value=60, sender=stranger)
    assert boa.env.get_balance(timelock.address) == 60
    [(_, (event, sender), amount)] = made.get_log_entries()
    assert event == int.from_bytes(keccak(text="Received(address,uint256)"), "big")
    assert (sender, int.from_bytes(amount, "big")) == (int(stranger, 16), 60)


def test_receive_eth_with_the_gas_of_a_plain_transfer(timelock, target):
    boa.env.set_balance(target.address, 100)
    target.pay(timelock.address, 60)
    assert boa.env.get_balance(timelock.address) == 60


def test_unknown_function_reverts(timelock):
    with pytest.raises(Revert, match="timelock: unknown function"):
        boa.env.raw_call(timelock.address, data=b"\x12\x34\x56\x78")


def test_receive_nfts(timelock, stranger):
    one = timelock.onERC721Received(stranger, stranger, 1, b"x" * 4_096)
    kind = timelock.onERC1155Received(stranger, stranger, 1, 2, b"")
    kinds = timelock.onERC1155BatchReceived(stranger, stranger, [1] * 256, [2] * 256, b"")
    assert [magic.hex() for magic in (one, kind, kinds)] == ["150b7a02", "f23a6e61", "bc197c81"]


def test_supports_interface(timelock):
    for known in ("01ffc9a7", "7034731b", "150b7a02", "4e2312e0"):
        assert timelock.supportsInterface(bytes.fromhex(known))
    assert not timelock.supportsInterface(b"\xff" * 4)


# ----- views -----


def test_operation_of_the_unknown(timelock, batch):
    assert timelock.operation(batch.id) == (UNKNOWN, 0, 0, 0)
    assert timelock.window(NOBODY, batch.payload, batch.pin) == (0, 0)


def test_operation_id_binds_chain_timelock_and_governor(dao, timelock, batch, stranger):
    def words(governor, chain=boa.env.evm.patch.chain_id):
        accounts = (str(timelock.address), governor)
        padded = [bytes.fromhex(account[2:]).rjust(32, b"\0") for account in accounts]
        numbers = [n.to_bytes(32, "big") for n in (chain, batch.pin)]
        return keccak(numbers[0] + b"".join(padded) + batch.payload + numbers[1])

    assert batch.id == words(str(dao.governor.address))
    assert timelock.operation_id(stranger, batch.payload, batch.pin) == words(stranger)
