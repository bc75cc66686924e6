"""The ERC-721 side: who may move a pass, and what it looks like from outside."""

import boa
import pytest

from tests.support.access import MONTH, ZERO, buy, logged
from tests.unit.access.conftest import PRICE


@pytest.fixture
def id(collection, buyer):
    return buy(collection, buyer)


def test_transfer(collection, id, buyer, friend):
    expiry = collection.expiresAt(id)
    collection.transferFrom(buyer, friend, id, sender=buyer)
    assert logged(collection) == [("Transfer", buyer, friend, id)]
    assert collection.ownerOf(id) == friend
    assert (collection.balanceOf(buyer), collection.balanceOf(friend)) == (0, 1)
    assert collection.expiresAt(id) == expiry


def test_transfer_to_oneself_changes_nothing(collection, id, buyer):
    collection.transferFrom(buyer, buyer, id, sender=buyer)
    assert (collection.ownerOf(id), collection.balanceOf(buyer)) == (buyer, 1)
    assert collection.valid_holder(buyer)


def test_transfer_by_approved(collection, id, buyer, friend, stranger):
    collection.approve(friend, id, sender=buyer)
    assert logged(collection) == [("Approval", buyer, friend, id)]
    assert collection.getApproved(id) == friend
    collection.transferFrom(buyer, stranger, id, sender=friend)
    assert collection.getApproved(id) == ZERO
    with boa.reverts("pass: not allowed"):
        collection.transferFrom(stranger, friend, id, sender=friend)


def test_approval_does_not_come_back(collection, id, buyer, friend, stranger):
    """The slot keeps the old approved address; only the flag says that it counts."""
    collection.approve(friend, id, sender=buyer)
    collection.transferFrom(buyer, stranger, id, sender=buyer)
    collection.transferFrom(stranger, buyer, id, sender=stranger)
    with boa.reverts("pass: not allowed"):
        collection.transferFrom(buyer, friend, id, sender=friend)


def test_approve_nobody(collection, id, buyer, friend):
    collection.approve(friend, id, sender=buyer)
    collection.approve(ZERO, id, sender=buyer)
    assert collection.getApproved(id) == ZERO
    with boa.reverts("pass: not allowed"):
        collection.transferFrom(buyer, friend, id, sender=friend)


def test_operator(collection, id, buyer, friend, stranger):
    collection.setApprovalForAll(friend, True, sender=buyer)
    assert logged(collection) == [("ApprovalForAll", buyer, friend, True)]
    assert collection.isApprovedForAll(buyer, friend)
    collection.approve(stranger, id, sender=friend)
    collection.transferFrom(buyer, stranger, id, sender=friend)
    assert collection.ownerOf(id) == stranger
    other = buy(collection, buyer)
    collection.setApprovalForAll(friend, False, sender=buyer)
    with boa.reverts("pass: not allowed"):
        collection.transferFrom(buyer, friend, other, sender=friend)


def test_approve_by_approved_or_stranger_reverts(collection, id, buyer, friend, stranger):
    collection.approve(friend, id, sender=buyer)
    for account in (friend, stranger):
        with boa.reverts("pass: not allowed"):
            collection.approve(stranger, id, sender=account)


def test_transfer_by_stranger_reverts(collection, id, buyer, stranger):
    with boa.reverts("pass: not allowed"):
        collection.transferFrom(buyer, stranger, id, sender=stranger)


def test_transfer_from_another_reverts(collection, id, buyer, friend):
    with boa.reverts("pass: not owner"):
        collection.transferFrom(friend, buyer, id, sender=friend)


def test_transfer_to_zero_reverts(collection, id, buyer):
    with boa.reverts("pass: zero recipient"):
        collection.transferFrom(buyer, ZERO, id, sender=buyer)


@pytest.mark.parametrize("unknown", [0, 1, 2**32 + 9, 2**256 - 1])
def test_unknown_id_reverts(collection, id, buyer, friend, unknown):
    calls = [
        (collection.ownerOf, (unknown,)),
        (collection.getApproved, (unknown,)),
        (collection.expiresAt, (unknown,)),
        (collection.approve, (friend, unknown)),
        (collection.transferFrom, (buyer, friend, unknown)),
        (collection.safeTransferFrom, (buyer, friend, unknown)),
        (collection.transferFrom, (ZERO, friend, unknown)),
    ]
    for call, arguments in calls:
        with boa.reverts("pass: unknown id"), boa.env.prank(buyer):
            call(*arguments)


def test_balance_of_zero_reverts(collection):
    with boa.reverts("pass: zero account"):
        collection.balanceOf(ZERO)


# ----- safe transfers -----


def test_safe_transfer_asks_the_receiver(collection, id, buyer, receiver):
    collection.safeTransferFrom(buyer, receiver, id, b"hello", sender=buyer)
    assert (receiver.operator_seen(), receiver.sender_seen()) == (buyer, buyer)
    assert receiver.data_seen() == b"hello"
    assert receiver.balance_seen() == 1 and receiver.valid_seen()


def test_safe_transfer_to_account_without_code(collection, id, buyer, friend):
    collection.safeTransferFrom(buyer, friend, id, sender=buyer)
    assert collection.ownerOf(id) == friend


def test_safe_transfer_to_refusing_contract_reverts(collection, id, buyer, receiver):
    receiver.refuse()
    with boa.reverts("pass: receiver refused"):
        collection.safeTransferFrom(buyer, receiver, id, sender=buyer)
    collection.transferFrom(buyer, receiver, id, sender=buyer)


def test_safe_transfer_to_contract_without_hook_reverts(collection, id, buyer, token):
    with boa.reverts("pass: receiver refused"):
        collection.safeTransferFrom(buyer, token, id, sender=buyer)


MAGIC = "7f150b7a02" + "00" * 28 + "5f52"  # the right answer, in memory


@pytest.mark.parametrize("size, taken", [(4, False), (31, False), (32, True), (64, True)])
def test_safe_transfer_is_answered_by_a_whole_word(collection, id, buyer, size, taken):
    account = boa.env.generate_address()
    boa.env.set_code(account, bytes.fromhex(f"{MAGIC}60{size:02x}5ff3"))
    if taken:
        collection.safeTransferFrom(buyer, account, id, sender=buyer)
        assert collection.ownerOf(id) == account
    else:
        with boa.reverts("pass: receiver refused"):
            collection.safeTransferFrom(buyer, account, id, sender=buyer)


def test_reason_of_a_receiver_is_passed_on(collection, id, buyer):
    """Also if it begins as the right answer does."""
    account = boa.env.generate_address()
    boa.env.set_code(account, bytes.fromhex(f"{MAGIC}60205ffd"))
    call = collection.safeTransferFrom.prepare_calldata(buyer, account, id)
    told = boa.env.execute_code(collection.address, data=call, sender=buyer)
    assert told.is_error and told.output == bytes.fromhex("150b7a02") + bytes(28)


def test_safe_transfer_by_stranger_reverts(collection, id, buyer, stranger):
    with boa.reverts("pass: not allowed"):
        collection.safeTransferFrom(buyer, stranger, id, sender=stranger)


# ----- expired passes -----


def test_expired_pass_keeps_its_owner_and_moves(collection, id, buyer, friend):
    boa.env.time_travel(seconds=MONTH)
    assert (collection.ownerOf(id), collection.balanceOf(buyer)) == (buyer, 1)
    collection.transferFrom(buyer, friend, id, sender=buyer)
    assert not collection.valid_holder(friend)
    collection.renew(id, 1, PRICE, value=PRICE, sender=buyer)
    assert collection.valid_holder(friend)


# ----- metadata -----


def test_metadata_stands_under_the_base_uri(collection, id):
    assert collection.tokenURI(id) == f"https://studio.example/p/{id}"
    assert collection.contractURI() == "https://studio.example/p/collection"


def test_set_base_uri(collection, id, owner):
    collection.set_base_uri("ipfs://other/", sender=owner)
    assert logged(collection) == [
        ("BatchMetadataUpdate", 0, 2**256 - 1),
        ("ContractURIUpdated",),
    ]
    assert collection.tokenURI(id) == f"ipfs://other/{id}"


def test_metadata_of_unknown_id_reverts(collection, id):
    for unknown in (0, 1, id + 1):
        with boa.reverts("pass: unknown id"):
            collection.tokenURI(unknown)


def test_set_base_uri_by_stranger_reverts(collection, stranger):
    with boa.reverts("pass: not owner"):
        collection.set_base_uri("", sender=stranger)


def test_mint_tells_no_metadata_update(collection, buyer):
    """ERC-4906 advises against it."""
    buy(collection, buyer)
    assert "MetadataUpdate" not in str(logged(collection))


@pytest.mark.parametrize(
    ("interface", "supported"),
    [
        ("01ffc9a7", True),  # ERC-165
        ("80ac58cd", True),  # ERC-721
        ("5b5e139f", True),  # ERC-721 metadata
        ("2a55205a", True),  # ERC-2981
        ("49064906", True),  # ERC-4906
        ("7f5828d0", True),  # ERC-173
        ("780e9d63", False),  # ERC-721 enumerable
        ("ad092b5c", True),  # ERC-4907
        ("b45a3c0e", True),  # ERC-5192
        ("8c65f84d", True),  # ERC-5643
        ("e8a3d485", True),  # ERC-7572
        ("ffffffff", False),
        ("00000000", False),
    ],
)
def test_supports_interface(collection, interface, supported):
    assert collection.supportsInterface(bytes.fromhex(interface)) is supported
