import boa
import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.support.access import ZERO, Kind, Value, logged
from tests.support.compiled import deployer
from tests.support.gate import term

SALT = keccak(b"bans")


@pytest.fixture
def lists():
    return deployer("List").deploy()


@pytest.fixture
def owner():
    return boa.env.generate_address("owner")


@pytest.fixture
def stranger():
    return boa.env.generate_address("stranger")


@pytest.fixture
def accounts():
    return [boa.env.generate_address(f"account {n}") for n in range(4)]


@pytest.fixture
def bans(lists, owner, stranger):
    return lists.create(SALT, owner, sender=stranger)


def test_create(lists, owner, stranger):
    id = lists.create(SALT, owner, sender=stranger)
    assert logged(lists) == [("ListCreated", id, stranger, owner)]
    assert id == lists.list_id(stranger, SALT)
    assert id == keccak(encode(["address", "bytes32"], [stranger, SALT]))
    assert lists.owner(id) == owner
    assert lists.pending_owner(id) == ZERO
    assert lists.size(id) == 0


def test_create_again_reverts(lists, bans, owner, stranger):
    with boa.reverts("list: exists"):
        lists.create(SALT, stranger, sender=stranger)
    assert lists.create(SALT, stranger, sender=owner) != bans


def test_create_for_nobody_reverts(lists):
    with boa.reverts("list: zero owner"):
        lists.create(SALT, ZERO)


def test_add_and_remove(lists, bans, owner, accounts):
    a, b, c, d = accounts
    assert lists.add(bans, [a, b], sender=owner) == 2
    assert logged(lists) == [("Listed", bans, a, True), ("Listed", bans, b, True)]
    assert lists.add(bans, [b, c, c], sender=owner) == 1
    assert logged(lists) == [("Listed", bans, c, True)]
    assert lists.size(bans) == 3
    assert lists.remove(bans, [a, d, a], sender=owner) == 1
    assert logged(lists) == [("Listed", bans, a, False)]
    assert [lists.contains(bans, account) for account in accounts] == [False, True, True, False]
    assert lists.size(bans) == 2
    assert lists.add(bans, [], sender=owner) == 0


def test_lists_are_apart(lists, bans, owner, accounts):
    other = lists.create(keccak(b"guests"), owner, sender=owner)
    lists.add(bans, accounts, sender=owner)
    assert not any(lists.contains(other, account) for account in accounts)
    assert lists.size(other) == 0


def test_only_the_owner_changes_a_list(lists, bans, stranger, accounts):
    for change in (lists.add, lists.remove):
        with boa.reverts("list: not owner"):
            change(bans, accounts, sender=stranger)
    with boa.reverts("list: not owner"):
        lists.transfer_ownership(bans, stranger, sender=stranger)


def test_unknown_list_reverts(lists, owner):
    unknown = keccak(b"nobody made this")
    for question in (lists.size, lists.owner, lists.pending_owner):
        with boa.reverts("list: unknown list"):
            question(unknown)
    with boa.reverts("list: unknown list"):
        lists.contains(unknown, owner)
    with boa.reverts("list: unknown list"):
        lists.add(unknown, [owner], sender=owner)
    with boa.reverts("list: unknown list"):
        lists.transfer_ownership(unknown, owner, sender=ZERO)
    with boa.reverts("list: not offered"):
        lists.accept_ownership(unknown, sender=owner)


def test_ownership_takes_two_steps(lists, bans, owner, stranger, accounts):
    lists.add(bans, accounts[:2], sender=owner)
    lists.transfer_ownership(bans, stranger, sender=owner)
    assert logged(lists) == [("OwnershipTransferStarted", bans, owner, stranger)]
    assert (lists.owner(bans), lists.pending_owner(bans)) == (owner, stranger)
    with boa.reverts("list: not offered"):
        lists.accept_ownership(bans, sender=owner)
    lists.accept_ownership(bans, sender=stranger)
    assert logged(lists) == [("OwnershipTransferred", bans, owner, stranger)]
    assert (lists.owner(bans), lists.pending_owner(bans)) == (stranger, ZERO)
    assert lists.size(bans) == 2
    with boa.reverts("list: not offered"):
        lists.accept_ownership(bans, sender=stranger)
    with boa.reverts("list: not owner"):
        lists.add(bans, accounts, sender=owner)
    lists.add(bans, accounts, sender=stranger)


def test_ownership_passes_from_an_odd_to_an_even_account(lists, accounts):
    """The word keeps no bit of the old owner's address."""
    odd, even = (f"0x{int(accounts[0], 16) & ~1 | bit:040x}" for bit in (1, 0))
    list_ = lists.create(SALT, odd, sender=odd)
    lists.add(list_, accounts[:3], sender=odd)
    lists.transfer_ownership(list_, even, sender=odd)
    lists.accept_ownership(list_, sender=even)
    assert (lists.owner(list_).lower(), lists.size(list_)) == (even, 3)


def test_offer_can_be_withdrawn(lists, bans, owner, stranger):
    lists.transfer_ownership(bans, stranger, sender=owner)
    lists.transfer_ownership(bans, ZERO, sender=owner)
    with boa.reverts("list: not offered"):
        lists.accept_ownership(bans, sender=stranger)
    with boa.reverts("list: not offered"):
        lists.accept_ownership(bans, sender=ZERO)


def test_whole_batch_fits_one_transaction(lists, bans, owner):
    batch = [boa.env.generate_address() for _ in range(500)]
    data = lists.add.prepare_calldata(bans, batch)
    called = boa.env.execute_code(lists.address, data=data, sender=owner, gas=16_000_000)
    assert not called.is_error
    assert lists.size(bans) == 500
    with boa.reverts():
        lists.add(bans, [*batch, owner], sender=owner)


def test_ban_list_of_a_gate(lists, bans, owner, accounts):
    gate = deployer("Gate").deploy()
    banned, free = accounts[:2]
    lists.add(bans, [banned], sender=owner)
    on_it = term(Kind.LISTED, lists, 0, bans)
    off_it = on_it._replace(negated=True)
    assert [gate.evaluate(who, [on_it]) for who in (banned, free)] == [Value.YES, Value.NO]
    assert [gate.evaluate(who, [off_it]) for who in (banned, free)] == [Value.NO, Value.YES]
    mistyped = term(Kind.LISTED, lists, 0, keccak(b"bens"), negated=True)
    assert gate.evaluate(free, [mistyped]) == Value.ERROR
