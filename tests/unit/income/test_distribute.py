"""Splitter.distribute and distribute_many: who gets what, and what waits."""

import boa
import pytest

from tests.support.income import (
    ETH,
    NOTES_GAS,
    TOKEN_NOTES_GAS,
    Mode,
    ascending,
    balance,
    create_split,
    deploy_income,
    new_accounts,
    new_odd_token,
    new_recipient,
    new_token,
    receive,
)


@pytest.fixture
def income():
    return deploy_income()


@pytest.fixture
def accounts():
    return new_accounts(3)


@pytest.fixture
def split(income, accounts):
    return create_split(income, accounts, [5, 3, 2])


@pytest.fixture(params=["ETH", "ERC-20"])
def token(request):
    return ETH if request.param == "ETH" else new_token()


def test_a_plain_transfer_of_eth_fits_the_stipend_and_is_silent(split):
    payer = boa.env.generate_address()
    boa.env.set_balance(payer, 7)
    computation = boa.env.execute_code(split.address, sender=payer, value=7, gas=2_300)
    assert computation.is_success
    assert boa.env.get_balance(split.address) == 7
    assert computation.get_log_entries() == ()


def test_distribute_pays_shares_and_keeps_the_remainder(split, accounts, token):
    receive(split, token, 1_009)
    assert split.distribute(token) == 1_000
    assert [balance(token, account) for account in accounts] == [500, 300, 200]
    assert balance(token, split) == 9


def test_distribute_pays_the_remainder_of_the_round_before(split, accounts, token):
    receive(split, token, 1_009)
    split.distribute(token)
    receive(split, token, 1)
    assert split.distribute(token) == 10
    assert [balance(token, account) for account in accounts] == [505, 303, 202]
    assert balance(token, split) == 0


def test_distribute_logs_the_round(split, token):
    receive(split, token, 1_009)
    split.distribute(token)
    [event] = [log for log in split.get_logs() if type(log).__name__ == "Distributed"]
    assert event.token == getattr(token, "address", token)
    assert event.amount == 1_000


@pytest.mark.parametrize("amount", [0, 9])
def test_distribute_of_less_than_one_per_share_pays_nothing(split, accounts, token, amount):
    receive(split, token, amount)
    assert split.distribute(token) == 0
    assert split.get_logs() == []
    assert balance(token, split) == amount


def test_distribute_of_the_largest_balance(split, accounts):
    token = new_token()
    receive(split, token, 2**256 - 1)
    units = (2**256 - 1) // 10
    assert split.distribute(token) == 10 * units
    assert [token.balanceOf(account) for account in accounts] == [5 * units, 3 * units, 2 * units]


def test_distribute_credits_what_is_refused(income, token):
    refusing = new_recipient(Mode.REFUSE)
    token = token if token == ETH else new_odd_token()
    accounts = ascending([refusing, *new_accounts(2)])
    split = create_split(income, accounts, [1, 1, 1])
    if token != ETH:
        token.block(refusing, True)
    receive(split, token, 31)
    assert split.distribute(token) == 30
    [event] = [log for log in split.get_logs() if type(log).__name__ == "Credited"]
    assert (event.account, event.amount) == (refusing.address, 10)
    assert split.credits(token, refusing) == split.owed(token) == 10
    assert [balance(token, account) for account in accounts if account != refusing] == [10, 10]
    assert balance(token, split) == 11


def test_distribute_leaves_credits_alone(income):
    refusing = new_recipient(Mode.REFUSE)
    [plain] = new_accounts(1)
    split = create_split(income, ascending([refusing, plain]), [1, 1])
    receive(split, ETH, 20)
    split.distribute(ETH)
    assert split.distribute(ETH) == 0
    receive(split, ETH, 4)
    assert split.distribute(ETH) == 4
    assert split.credits(ETH, refusing) == split.owed(ETH) == 12
    assert balance(ETH, plain) == 12


def test_distribute_of_eth_that_all_refuse_credits_all(income):
    accounts = ascending([new_recipient(Mode.REFUSE) for _ in range(2)])
    split = create_split(income, accounts, [1, 2])
    receive(split, ETH, 3)
    assert split.distribute(ETH) == 3
    assert [split.credits(ETH, account) for account in accounts] == [1, 2]


def test_distribute_with_eth_attached_reverts(split):
    boa.env.set_balance(boa.env.eoa, 1)
    with pytest.raises(boa.BoaError):
        split.distribute(ETH, value=1)


def test_distribute_many_pays_each_token(split, accounts):
    token = new_token()
    receive(split, ETH, 10)
    receive(split, token, 20)
    split.distribute_many([ETH, token])
    assert [balance(ETH, account) for account in accounts] == [5, 3, 2]
    assert [token.balanceOf(account) for account in accounts] == [10, 6, 4]


def test_distribute_many_of_no_token_does_nothing(split):
    receive(split, ETH, 10)
    split.distribute_many([])
    assert balance(ETH, split) == 10


def test_distribute_many_with_one_that_reverts_reverts(split, accounts):
    paused = new_odd_token()
    paused.pause(True)
    receive(split, ETH, 10)
    receive(split, paused, 10)
    with boa.reverts("income: token refuses all"):
        split.distribute_many([ETH, paused])
    assert balance(ETH, split) == 10


def test_a_split_of_a_split_pays_through(income, accounts):
    child = create_split(income, accounts[:2], [1, 1])
    [parent_account] = new_accounts(1)
    recipients = ascending([child.address, parent_account])
    parent = create_split(income, recipients, [1, 1])
    receive(parent, ETH, 40)
    parent.distribute(ETH)
    child.distribute(ETH)
    assert [balance(ETH, account) for account in accounts[:2]] == [10, 10]


def test_a_child_may_be_distributed_while_its_parent_pays_it(income):
    """A lock per split: a recipient may serve another split from its payment."""
    recipient = new_recipient()
    child = create_split(income, new_accounts(2), [1, 1])
    parent = create_split(income, ascending([recipient, *new_accounts(1)]), [1, 1])
    receive(child, ETH, 10)
    recipient.reenter_with(child, child.distribute.prepare_calldata(ETH))
    token = new_odd_token()
    token.hook(recipient)
    receive(parent, token, 10)
    parent.distribute(token)
    assert recipient.reentered() == 1
    assert balance(ETH, child) == 0


# ----- gas -----


def test_a_push_has_its_allowance_of_gas_to_the_unit(income):
    [noting, other] = new_accounts(2)
    boa.env.set_code(noting, NOTES_GAS)
    split = create_split(income, [noting, other], [1, 1])
    receive(split, ETH, 2)
    split.distribute(ETH)
    assert boa.env.get_storage(noting, 0) == 120_000 + 2_300 - 2  # the stipend of a payment


@pytest.mark.parametrize(("count", "allowance"), [(2, 500_000), (24, 500_000), (48, 250_000)])
def test_a_round_of_a_token_has_its_gas_for_all_recipients(income, count, allowance):
    token = boa.env.generate_address("token")
    boa.env.set_code(token, TOKEN_NOTES_GAS)
    create_split(income, new_accounts(count), [1] * count).distribute(token)
    assert boa.env.get_storage(token, 0) == allowance - 24
