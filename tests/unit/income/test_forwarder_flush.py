"""Forwarder.flush: all there is goes to the payee, whoever asks."""

import boa
import pytest

from tests.support.income import ETH, Mode, Odd, balance, new_odd_token, new_recipient, receive


def test_flush_pays_all_eth(forwarder, target, stranger):
    receive(forwarder, ETH, 10)
    assert forwarder.pending(ETH) == 10
    assert forwarder.flush(ETH, sender=stranger) == 10
    assert (balance(ETH, target), balance(ETH, forwarder)) == (10, 0)
    assert forwarder.pending(ETH) == 0


def test_flush_pays_all_tokens(forwarder, target, token, stranger):
    receive(forwarder, token, 10)
    assert forwarder.pending(token) == 10
    assert forwarder.flush(token, sender=stranger) == 10
    assert (token.balanceOf(target), token.balanceOf(forwarder)) == (10, 0)


def test_flush_logs_the_payment(forwarder, target):
    token = new_odd_token()  # logs nothing itself
    receive(forwarder, token, 10)
    forwarder.flush(token)
    [event] = forwarder.get_logs()
    assert (event.token, event.payee, event.amount) == (token.address, target, 10)


@pytest.mark.parametrize("kind", ["ETH", "token"])
def test_flush_of_nothing_does_nothing(forwarder, token, kind):
    asset = ETH if kind == "ETH" else token
    assert forwarder.flush(asset) == 0
    assert forwarder.get_logs() == []


def test_flush_many_pays_each(forwarder, target, token):
    receive(forwarder, ETH, 10)
    receive(forwarder, token, 20)
    forwarder.flush_many([token, ETH, token])
    assert (balance(ETH, target), token.balanceOf(target)) == (10, 20)


def test_flush_many_of_nothing_does_nothing(forwarder):
    receive(forwarder, ETH, 10)
    forwarder.flush_many([])
    assert (balance(ETH, forwarder), forwarder.get_logs()) == (10, [])


def test_flush_many_with_one_that_reverts_reverts_all(forwarder, token, stranger):
    receive(forwarder, token, 20)
    with boa.reverts("income: token has no code"):
        forwarder.flush_many([token, stranger])
    assert token.balanceOf(forwarder) == 20


def test_flush_of_a_codeless_token_reverts(forwarder, stranger):
    for function in (forwarder.flush, forwarder.pending):
        with boa.reverts("income: token has no code"):
            function(stranger)


def test_flush_to_who_refuses_reverts_and_waits(forwarding, owner):
    wallet = new_recipient(Mode.REFUSE)
    forwarder = forwarding.to_address(owner, wallet)
    receive(forwarder, ETH, 10)
    with boa.reverts("income: payment refused"):
        forwarder.flush(ETH)
    wallet.behave(Mode.ACCEPT)
    assert forwarder.flush(ETH) == 10


def test_flush_of_a_token_that_answers_false_reverts(forwarder, target):
    token = new_odd_token(Odd.ANSWERS_FALSE)
    token.block(target, True)
    receive(forwarder, token, 10)
    with boa.reverts("income: payment refused"):
        forwarder.flush(token)


def test_flush_of_a_token_without_answer_is_paid(forwarder, target):
    token = new_odd_token(Odd.NO_ANSWER)
    receive(forwarder, token, 10)
    assert forwarder.flush(token) == 10
    assert token.balanceOf(target) == 10


def test_flush_of_a_fee_on_transfer_token_pays_what_is_here(forwarder, target):
    token = new_odd_token(fee=1_000)
    receive(forwarder, token, 100)
    assert forwarder.flush(token) == 100
    assert (token.balanceOf(target), token.balanceOf(forwarder)) == (90, 0)


def test_flush_gives_a_hungry_wallet_all_the_gas(forwarding, owner):
    wallet = new_recipient()
    wallet.need(5_000_000)
    forwarder = forwarding.to_address(owner, wallet)
    receive(forwarder, ETH, 10)
    assert forwarder.flush(ETH, gas=6_000_000) == 10


def test_unknown_selectors_and_paid_calls_revert(forwarder):
    boa.env.set_balance(boa.env.eoa, 1)
    assert boa.env.execute_code(forwarder.address, data=b"\0").is_error
    assert boa.env.execute_code(forwarder.address, data=b"\xde\xad\xbe\xef").is_error
    paid = forwarder.flush.prepare_calldata(ETH)
    assert boa.env.execute_code(forwarder.address, value=1, data=paid).is_error
    assert boa.env.execute_code(forwarder.address, value=1).is_success


def test_unknown_name_reverts_with_its_reason_through_the_clone(follower, owner, forwarding):
    """A reason of the implementation arrives whole."""
    forwarding.world.names.setResolver(follower.bound()[0], ETH, sender=owner)
    answer = boa.env.execute_code(follower.address, data=follower.target.prepare_calldata())
    assert answer.is_error
    assert b"income: name unresolved" in answer.output
