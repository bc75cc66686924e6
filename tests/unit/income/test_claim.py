"""Splitter.claim: who may have a credit paid, and where to."""

import boa
import pytest

from tests.support.compiled import deployer
from tests.support.income import (
    ETH,
    Mode,
    balance,
    create_split,
    deploy_income,
    new_accounts,
    new_odd_token,
    receive,
    refused_split,
)


@pytest.fixture
def income():
    return deploy_income()


@pytest.fixture
def refused(income):
    return refused_split(income)


def test_claim_by_anyone_pays_the_account(refused):
    split, wallet = refused
    wallet.behave(Mode.ACCEPT)
    assert split.claim(ETH, wallet, wallet, sender=boa.env.generate_address()) == 10
    assert balance(ETH, wallet) == 10
    assert split.credits(ETH, wallet) == split.owed(ETH) == balance(ETH, split) == 0


def test_claim_by_the_account_pays_whom_it_names(refused):
    split, wallet = refused
    to = boa.env.generate_address()
    wallet.execute(split, split.claim.prepare_calldata(ETH, wallet, to))
    assert balance(ETH, to) == 10
    assert split.credits(ETH, wallet) == split.owed(ETH) == 0


def test_claim_logs_the_payment(refused):
    split, wallet = refused
    to = boa.env.generate_address()
    split.claim(ETH, wallet, to, sender=wallet.address)
    [event] = split.get_logs()
    assert (event.token, event.account, event.to) == (ETH, wallet.address, to)
    assert (event.credit, event.amount) == (10, 10)


def test_claim_has_all_the_gas_of_the_call(refused):
    split, wallet = refused
    wallet.need(1_000_000)
    split.claim(ETH, wallet, wallet)
    assert balance(ETH, wallet) == 10


def test_claim_of_a_token_pays_once_it_is_allowed(income):
    token = new_odd_token()
    [blocked, other] = new_accounts(2)
    split = create_split(income, [blocked, other], [1, 1])
    token.block(blocked, True)
    receive(split, token, 20)
    split.distribute(token)
    with boa.reverts("income: payment refused"):
        split.claim(token, blocked, blocked)
    token.block(blocked, False)
    assert split.claim(token, blocked, blocked) == 10
    assert token.balanceOf(blocked) == 10


def test_claim_elsewhere_by_another_reverts(refused):
    split, wallet = refused
    attacker = boa.env.generate_address()
    with boa.reverts("income: not the account"):
        split.claim(ETH, wallet, attacker, sender=attacker)


def test_claim_to_the_zero_address_reverts(refused):
    split, wallet = refused
    with boa.reverts("income: zero address"):
        split.claim(ETH, wallet, ETH, sender=wallet.address)
    with boa.reverts("income: zero address"):
        split.claim(ETH, ETH, ETH)


def test_claim_without_credit_reverts(refused):
    split, wallet = refused
    other = boa.env.generate_address()
    with boa.reverts("income: no credit"):
        split.claim(ETH, other, other)
    split.claim(ETH, wallet, other, sender=wallet.address)
    with boa.reverts("income: no credit"):
        split.claim(ETH, wallet, other, sender=wallet.address)


def test_claim_that_is_refused_reverts_and_keeps_the_credit(refused):
    split, wallet = refused
    with boa.reverts("income: payment refused"):
        split.claim(ETH, wallet, wallet)
    assert split.credits(ETH, wallet) == split.owed(ETH) == 10


def test_claim_starved_of_gas_reverts_and_keeps_the_credit(refused):
    split, wallet = refused
    wallet.need(200_000)
    with boa.reverts("income: payment refused"):
        split.claim(ETH, wallet, wallet, gas=200_000)
    assert split.credits(ETH, wallet) == 10


class TestShortage:
    """After a negative rebase: 400 units are owed, 200 are left."""

    @pytest.fixture
    def short(self, income):
        token = deployer("RebasingToken").deploy()
        accounts = new_accounts(3)
        split = create_split(income, accounts, [1, 3, 6])
        for account in accounts[:2]:
            token.block(account, True)
        receive(split, token, 1_000)
        split.distribute(token)
        token.rebase(10**18 // 2)
        for account in accounts[:2]:
            token.block(account, False)
        assert (split.owed(token), token.balanceOf(split)) == (400, 200)
        return split, token, accounts

    def test_distribute_pays_nothing(self, short):
        split, token, _ = short
        assert split.distribute(token) == split.pending(token) == 0

    def test_claim_by_the_account_takes_its_part_and_cancels_the_credit(self, short):
        split, token, [first, second, _] = short
        assert split.claimable(token, first) == 50
        assert split.claim(token, first, first, sender=first) == 50
        [event] = split.get_logs()
        assert (event.credit, event.amount) == (100, 50)
        assert split.credits(token, first) == 0
        assert split.owed(token) == split.credits(token, second) == 300
        assert split.claim(token, second, second, sender=second) == 150

    def test_claim_by_another_reverts(self, short):
        split, token, [first, _, attacker] = short
        with boa.reverts("income: short of tokens"):
            split.claim(token, first, first, sender=attacker)

    def test_claim_by_another_pays_in_full_once_income_filled_the_gap(self, short):
        split, token, [first, *_] = short
        receive(split, token, 200)
        assert split.claim(token, first, first, sender=boa.env.generate_address()) == 100

    def test_a_recovered_token_pays_every_credit_in_full(self, short):
        split, token, [first, second, _] = short
        token.rebase(10**18)
        assert split.claim(token, first, first) == 100
        assert split.claim(token, second, second) == 300


def test_a_shortage_beyond_128_bits_neither_overflows_nor_overpays(income):
    token = deployer("RebasingToken").deploy()
    accounts = new_accounts(2)
    split = create_split(income, accounts, [1, 1])
    token.block(accounts[0], True)
    receive(split, token, 2**190)
    split.distribute(token)
    token.rebase(10**18 - 1)
    owed, left = split.owed(token), token.balanceOf(split)
    assert owed == 2**189 > left
    token.block(accounts[0], False)
    paid = split.claim(token, accounts[0], accounts[0], sender=accounts[0])
    assert left - 2**62 <= paid <= left


@pytest.mark.parametrize("credit", [101, 2**127 + 1, 2**128 - 1])
def test_a_shortage_below_128_bits_is_exact(income, credit):
    """The only creditor gets all that is left, to the unit."""
    token, accounts = deployer("RebasingToken").deploy(), new_accounts(2)
    split = create_split(income, accounts, [1, 1])
    token.block(accounts[0], True)
    receive(split, token, 2 * credit)
    split.distribute(token)
    indices = range(10**18 - 10**16, 0, -1)
    token.rebase(next(index for index in indices if credit * index // 10**18 % 2))
    left = token.balanceOf(split)
    assert left % 2 == 1 and left < split.owed(token) == credit
    assert split.claimable(token, accounts[0]) == left


def test_a_credit_beyond_128_bits_that_is_there_is_paid_in_full(income):
    token, accounts, credit = deployer("RebasingToken").deploy(), new_accounts(2), 2**189 + 1
    split = create_split(income, accounts, [1, 1])
    token.block(accounts[0], True)
    receive(split, token, 2 * credit)
    split.distribute(token)
    assert token.balanceOf(split) == split.owed(token) == credit
    assert split.claimable(token, accounts[0]) == credit


def test_the_only_creditor_takes_nothing_of_the_next_round(income):
    split, wallet = refused_split(income)
    receive(split, ETH, 30)
    wallet.behave(Mode.ACCEPT)
    assert split.claim(ETH, wallet, wallet, sender=wallet.address) == 10
    assert split.pending(ETH) == balance(ETH, split) == 30
