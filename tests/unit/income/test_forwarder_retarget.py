"""Forwarder: its owner names another target, after the old one is paid."""

import boa
import pytest

from tests.support.income import (
    ETH,
    NOTES_GAS,
    TOKEN_NOTES_GAS,
    Mode,
    balance,
    new_odd_token,
    new_recipient,
    receive,
)


@pytest.fixture
def moved():
    return boa.env.generate_address("moved")


def test_retarget_pays_the_old_target_first(forwarder, owner, target, moved, token):
    receive(forwarder, ETH, 10)
    receive(forwarder, token, 20)
    forwarder.retarget(moved, [token], sender=owner)
    assert (balance(ETH, target), token.balanceOf(target)) == (10, 20)
    assert forwarder.target() == moved
    receive(forwarder, ETH, 1)
    receive(forwarder, token, 2)
    forwarder.flush_many([ETH, token])
    assert (balance(ETH, moved), token.balanceOf(moved)) == (1, 2)
    assert (balance(ETH, target), token.balanceOf(target)) == (10, 20)


def test_retarget_logs_the_change_and_the_payments(forwarder, owner, target, moved):
    token = new_odd_token()  # logs nothing itself
    receive(forwarder, ETH, 10)
    receive(forwarder, token, 20)
    forwarder.retarget(moved, [token], sender=owner)
    change, eth, tokens = forwarder.get_logs()
    assert (change.old_target, change.target) == (target, moved)
    assert (eth.token, eth.payee, eth.amount) == (ETH, target, 10)
    assert (tokens.token, tokens.payee, tokens.amount) == (token.address, target, 20)


def test_retarget_of_nothing_pays_nothing(forwarder, owner, moved, token):
    forwarder.retarget(moved, [token], sender=owner)
    assert len(forwarder.get_logs()) == 1


def test_retarget_twice_and_back(forwarder, owner, target, moved):
    forwarder.retarget(moved, [], sender=owner)
    receive(forwarder, ETH, 3)
    forwarder.retarget(target, [], sender=owner)
    assert balance(ETH, moved) == 3
    receive(forwarder, ETH, 4)
    forwarder.flush(ETH)
    assert balance(ETH, target) == 4


def test_retarget_away_from_who_refuses_takes_it_along(forwarding, owner, moved):
    wallet, token = new_recipient(Mode.REFUSE), new_odd_token()
    token.block(wallet, True)
    forwarder = forwarding.to_address(owner, wallet)
    receive(forwarder, ETH, 10)
    receive(forwarder, token, 20)
    forwarder.retarget(moved, [token], sender=owner)
    _, *refused = forwarder.get_logs()
    assert [type(event).__name__ for event in refused] == ["Refused", "Refused"]
    assert [(event.token, event.payee, event.amount) for event in refused] == [
        (ETH, wallet.address, 10),
        (token.address, wallet.address, 20),
    ]
    forwarder.flush_many([ETH, token])
    assert (balance(ETH, moved), token.balanceOf(moved)) == (10, 20)


@pytest.mark.parametrize("who", ["target", "stranger", "candidate"])
def test_retarget_by_anyone_else_reverts(forwarder, owner, target, stranger, moved, who):
    candidate = boa.env.generate_address("candidate")
    forwarder.transferOwnership(candidate, sender=owner)
    sender = {"target": target, "stranger": stranger, "candidate": candidate}[who]
    with boa.reverts("income: not owner"):
        forwarder.retarget(moved, [], sender=sender)


def test_retarget_to_zero_reverts(forwarder, owner):
    with boa.reverts("income: zero address"):
        forwarder.retarget(ETH, [], sender=owner)


def test_retarget_to_itself_reverts(forwarder, owner):
    with boa.reverts("income: pays itself"):
        forwarder.retarget(forwarder, [], sender=owner)


def test_retarget_with_a_codeless_token_reverts(forwarder, owner, stranger, moved, target):
    with boa.reverts("income: token has no code"):
        forwarder.retarget(moved, [stranger], sender=owner)
    assert forwarder.target() == target


def test_retarget_of_a_forwarder_of_a_name_reverts(follower, owner, moved):
    with boa.reverts("income: not owner"):
        follower.retarget(moved, [], sender=owner)


def test_retarget_gives_the_old_target_its_allowances_of_gas_to_the_unit(
    forwarder, owner, target, moved, stranger
):
    boa.env.set_code(target, NOTES_GAS)
    boa.env.set_code(stranger, TOKEN_NOTES_GAS)
    receive(forwarder, ETH, 10)
    forwarder.retarget(moved, [stranger], sender=owner)
    assert boa.env.get_storage(target, 0) == 120_000 + 2_300 - 2  # the stipend of a payment
    assert boa.env.get_storage(stranger, 0) == 500_000 - 24


# ----- ownership in two steps -----


def test_transfer_of_ownership_waits_for_its_acceptance(forwarder, owner, stranger, moved):
    forwarder.transferOwnership(stranger, sender=owner)
    [event] = forwarder.get_logs()
    assert (event.previousOwner, event.newOwner) == (owner, stranger)
    assert (forwarder.owner(), forwarder.pendingOwner()) == (owner, stranger)
    forwarder.acceptOwnership(sender=stranger)
    [event] = forwarder.get_logs()
    assert (event.previousOwner, event.newOwner) == (owner, stranger)
    assert (forwarder.owner(), forwarder.pendingOwner()) == (stranger, ETH)
    forwarder.retarget(moved, [], sender=stranger)
    with boa.reverts("income: not owner"):
        forwarder.retarget(moved, [], sender=owner)


def test_transfer_of_ownership_can_be_withdrawn(forwarder, owner, stranger):
    forwarder.transferOwnership(stranger, sender=owner)
    forwarder.transferOwnership(ETH, sender=owner)
    with boa.reverts("income: not candidate"):
        forwarder.acceptOwnership(sender=stranger)


def test_transfer_of_ownership_by_anyone_else_reverts(forwarder, stranger, target):
    for sender in (stranger, target):
        with boa.reverts("income: not owner"):
            forwarder.transferOwnership(sender, sender=sender)


def test_accept_of_what_was_not_offered_reverts(forwarder, owner, stranger):
    for sender in (owner, stranger):
        with boa.reverts("income: not candidate"):
            forwarder.acceptOwnership(sender=sender)


def test_acceptance_by_anyone_but_the_candidate_reverts(forwarder, owner, target, stranger):
    forwarder.transferOwnership(stranger, sender=owner)
    for sender in (owner, target):
        with boa.reverts("income: not candidate"):
            forwarder.acceptOwnership(sender=sender)
    assert (forwarder.owner(), forwarder.pendingOwner()) == (owner, stranger)


def test_an_acceptance_counts_once(forwarder, owner, stranger):
    forwarder.transferOwnership(stranger, sender=owner)
    forwarder.acceptOwnership(sender=stranger)
    forwarder.transferOwnership(owner, sender=stranger)
    forwarder.acceptOwnership(sender=owner)
    with boa.reverts("income: not candidate"):
        forwarder.acceptOwnership(sender=stranger)
    assert forwarder.owner() == owner


def test_a_forwarder_of_a_name_has_no_owner_to_offer_it(follower, owner, stranger):
    assert follower.owner() == ETH
    with boa.reverts("income: not owner"):
        follower.transferOwnership(stranger, sender=owner)
    with boa.reverts("income: not candidate"):
        follower.acceptOwnership(sender=stranger)


def test_zero_owns_nothing_though_it_cannot_send(forwarder, follower, moved):
    """Simulations can send as zero, and would show a right that nobody has."""
    for it in (forwarder, follower):
        with boa.reverts("income: not owner"):
            it.retarget(moved, [], sender=ETH)
        with boa.reverts("income: not owner"):
            it.transferOwnership(moved, sender=ETH)
        with boa.reverts("income: not candidate"):
            it.acceptOwnership(sender=ETH)
