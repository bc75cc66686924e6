import boa
import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.support.compiled import deployer
from tests.support.names import FIRST_EPOCH, YEAR, ZERO, events, now, token


@pytest.fixture
def wallet():
    return deployer("NameWallet").deploy()


@pytest.mark.parametrize("function", ["transferFrom", "safeTransferFrom", "setOwner"])
def test_transfer_moves_everything_at_once(world, node, owner, buyer, function):
    if function == "setOwner":
        world.names.setOwner(node, buyer, sender=owner)
    else:
        getattr(world.names, function)(owner, buyer, token(node), sender=owner)
    assert events(world.names) == [
        ("Transfer", owner, buyer, token(node)),
        ("RegistryTransfer", node, buyer),
    ]
    assert world.names.owner(node) == world.names.ownerOf(token(node)) == buyer
    assert (world.names.balanceOf(owner), world.names.balanceOf(buyer)) == (0, 1)
    assert world.names.epoch(node) == FIRST_EPOCH + 1
    assert world.resolver.addr(node) == buyer


def test_transfer_changes_nothing_else(world, node, owner, buyer):
    before = world.names.info(node)
    world.names.transferFrom(owner, buyer, token(node), sender=owner)
    assert world.names.info(node) == before._replace(owner=buyer, epoch=before.epoch + 1)


def test_transfer_to_oneself_starts_an_epoch(world, node, owner):
    world.names.transferFrom(owner, owner, token(node), sender=owner)
    assert world.names.balanceOf(owner) == 1
    assert world.names.epoch(node) == FIRST_EPOCH + 1


@pytest.mark.parametrize("right", ["operator", "approved"])
def test_transfer_by_operator_or_approved(world, node, owner, buyer, stranger, right):
    if right == "operator":
        world.names.setApprovalForAll(stranger, True, sender=owner)
    else:
        world.names.approve(stranger, token(node), sender=owner)
    world.names.transferFrom(owner, buyer, token(node), sender=stranger)
    assert world.names.ownerOf(token(node)) == buyer


@pytest.mark.parametrize("function", ["transferFrom", "safeTransferFrom"])
def test_transfer_by_a_stranger_reverts(world, node, owner, buyer, stranger, function):
    with boa.reverts("names: not authorised"):
        getattr(world.names, function)(owner, buyer, token(node), sender=stranger)


@pytest.mark.parametrize("function", ["transferFrom", "safeTransferFrom"])
def test_transfer_from_another_than_the_owner_reverts(world, node, owner, buyer, function):
    with boa.reverts("names: wrong sender"):
        getattr(world.names, function)(buyer, buyer, token(node), sender=owner)


@pytest.mark.parametrize("function", ["transferFrom", "safeTransferFrom"])
def test_transfer_to_nobody_reverts(world, node, owner, function):
    with boa.reverts("names: zero owner"):
        getattr(world.names, function)(owner, ZERO, token(node), sender=owner)
    with boa.reverts("names: zero owner"):
        world.names.setOwner(node, ZERO, sender=owner)


def test_transfer_in_the_last_live_second_and_no_later(world, node, owner, buyer):
    boa.env.time_travel(seconds=YEAR - 1)
    with boa.env.anchor():
        world.names.transferFrom(owner, buyer, token(node), sender=owner)
    boa.env.time_travel(seconds=1)
    assert world.names.info(node).expiry == now()
    with boa.reverts("names: not live"):
        world.names.transferFrom(owner, buyer, token(node), sender=owner)
    with boa.reverts("names: not live"):
        world.names.setOwner(node, buyer, sender=owner)


def test_approve_is_for_one_name_in_one_epoch(world, node, owner, buyer, stranger):
    other = world.register("other", owner)
    world.names.approve(stranger, token(node), sender=owner)
    assert events(world.names) == [("Approval", owner, stranger, token(node))]
    assert world.names.getApproved(token(node)) == stranger
    assert world.names.getApproved(token(other)) == ZERO
    with boa.reverts("names: not authorised"):
        world.names.transferFrom(owner, buyer, token(other), sender=stranger)
    world.names.transferFrom(owner, buyer, token(node), sender=owner)
    assert world.names.getApproved(token(node)) == ZERO
    with boa.reverts("names: not authorised"):
        world.names.transferFrom(buyer, stranger, token(node), sender=stranger)


def test_approve_can_be_taken_back(world, node, owner, stranger):
    world.names.approve(stranger, token(node), sender=owner)
    world.names.approve(ZERO, token(node), sender=owner)
    assert world.names.getApproved(token(node)) == ZERO


def test_approved_may_transfer_and_nothing_else(world, node, owner, stranger):
    world.names.approve(stranger, token(node), sender=owner)
    for act in (
        lambda: world.names.approve(stranger, token(node), sender=stranger),
        lambda: world.names.setOwner(node, stranger, sender=stranger),
        lambda: world.names.setResolver(node, stranger, sender=stranger),
        lambda: world.names.setTTL(node, 1, sender=stranger),
        lambda: world.names.migrate(node, stranger, sender=stranger),
    ):
        with boa.reverts("names: not authorised"):
            act()
    with boa.reverts("resolver: not authorised"):
        world.resolver.setAddr(node, stranger, sender=stranger)


def test_approve_by_operator(world, node, owner, buyer, stranger):
    world.names.setApprovalForAll(stranger, True, sender=owner)
    world.names.approve(buyer, token(node), sender=stranger)
    assert world.names.getApproved(token(node)) == buyer


def test_operators_are_those_of_one_owner(world, node, owner, buyer, stranger):
    world.names.setApprovalForAll(stranger, True, sender=owner)
    assert events(world.names) == [("ApprovalForAll", owner, stranger, True)]
    assert world.names.isApprovedForAll(owner, stranger)
    assert not world.names.isApprovedForAll(stranger, owner)
    world.names.setOwner(node, buyer, sender=stranger)
    with boa.reverts("names: not authorised"):
        world.names.setOwner(node, stranger, sender=stranger)
    world.names.setApprovalForAll(stranger, False, sender=owner)
    assert not world.names.isApprovedForAll(owner, stranger)


def test_views_of_a_token_revert_when_it_expired(world, node):
    boa.env.time_travel(seconds=YEAR)
    for view in (world.names.ownerOf, world.names.getApproved):
        with boa.reverts("names: not live"):
            view(token(node))
    assert world.names.owner(node) == ZERO


def test_views_of_no_token_revert(world):
    for view in (world.names.ownerOf, world.names.getApproved):
        with boa.reverts("names: not live"):
            view(1)


def test_balance_of_nobody_reverts(world):
    with boa.reverts("names: zero owner"):
        world.names.balanceOf(ZERO)


def refusing(reason):
    """A contract that answers every call with a reason to refuse it."""
    error = keccak(text="Error(string)")[:4] + encode(["string"], [reason])
    account = boa.env.generate_address("refusing")
    boa.env.set_code(account, bytes.fromhex(f"61{len(error):04x}80600a5f395ffd") + error)
    return account


def test_safe_transfer_to_a_contract_that_accepts(world, node, owner, wallet):
    wallet.set_reaction(True, ZERO, b"")
    world.names.safeTransferFrom(owner, wallet.address, token(node), b"hello", sender=owner)
    assert world.names.ownerOf(token(node)) == wallet.address


def test_safe_transfer_to_a_contract_that_does_not_accept_reverts(world, node, owner, wallet):
    with boa.reverts("names: receiver refuses"):
        world.names.safeTransferFrom(owner, wallet.address, token(node), sender=owner)
    with boa.reverts("names: receiver refuses"):  # has no such function
        world.names.safeTransferFrom(owner, world.kernel.address, token(node), sender=owner)
    silent = boa.env.generate_address("silent")
    boa.env.set_code(silent, b"\0")  # STOP
    with boa.reverts("names: receiver refuses"):  # takes any call, and answers none
        world.names.safeTransferFrom(owner, silent, token(node), sender=owner)
    other = refusing("vault: closed")
    with boa.reverts("vault: closed"):  # its own reason is passed on
        world.names.safeTransferFrom(owner, other, token(node), sender=owner)
    world.names.transferFrom(owner, wallet.address, token(node), sender=owner)
    assert world.names.ownerOf(token(node)) == wallet.address


def test_speaks_erc721(world):
    for interface, spoken in ((0x01FFC9A7, True), (0x80AC58CD, True), (0xFFFFFFFF, False)):
        assert world.names.supportsInterface(interface.to_bytes(4, "big")) == spoken
