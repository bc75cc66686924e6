"""Splitter's views, and what it does with calldata that is not a call."""

import boa
import pytest

from tests.support.income import (
    ETH,
    Mode,
    ascending,
    create_split,
    deploy_income,
    new_accounts,
    new_recipient,
    new_token,
    receive,
)


@pytest.fixture
def income():
    return deploy_income()


@pytest.mark.parametrize("count", [2, 3, 4, 5, 8, 99, 100])
def test_recipients_are_those_of_the_creation(income, count):
    accounts = new_accounts(count)
    shares = list(range(1, count + 1))
    assert create_split(income, accounts, shares).recipients() == (accounts, shares)


def test_recipients_may_be_read_while_the_split_pays(income):
    wallet = new_recipient()
    split = create_split(income, ascending([wallet, *new_accounts(1)]), [1, 1])
    wallet.reenter_with(split, split.recipients.prepare_calldata())
    receive(split, ETH, 2)
    split.distribute(ETH)
    assert wallet.reentered() == 1


@pytest.mark.parametrize("view", ["pending", "owed"])
def test_sums_may_not_be_read_while_the_split_pays(income, view):
    wallet = new_recipient()
    split = create_split(income, ascending([wallet, *new_accounts(1)]), [1, 1])
    wallet.reenter_with(split, getattr(split, view).prepare_calldata(ETH))
    receive(split, ETH, 2)
    split.distribute(ETH)
    assert (wallet.reentered(), wallet.stopped()) == (0, 1)


def test_pending_is_what_the_next_round_divides(income):
    split = create_split(income, new_accounts(2), [1, 2])
    token = new_token()
    assert split.pending(ETH) == split.pending(token) == 0
    receive(split, ETH, 8)
    receive(split, token, 11)
    assert (split.pending(ETH), split.pending(token)) == (6, 9)
    assert (split.distribute(ETH), split.distribute(token)) == (6, 9)
    assert split.pending(ETH) == split.pending(token) == 0


def test_pending_leaves_credits_out(income):
    wallet = new_recipient(Mode.REFUSE)
    split = create_split(income, ascending([wallet, *new_accounts(1)]), [1, 1])
    receive(split, ETH, 8)
    split.distribute(ETH)
    receive(split, ETH, 3)
    assert split.pending(ETH) == 2
    assert split.claimable(ETH, wallet) == split.credits(ETH, wallet) == split.owed(ETH) == 4


@pytest.mark.parametrize("view", ["pending", "claimable"])
def test_views_of_a_codeless_token_revert(income, view):
    split = create_split(income, new_accounts(2), [1, 2])
    codeless = boa.env.generate_address()
    with boa.reverts("income: token has no code"):
        getattr(split, view)(*([codeless] if view == "pending" else [codeless, codeless]))


def test_credits_of_a_codeless_token_are_readable(income):
    split = create_split(income, new_accounts(2), [1, 2])
    codeless = boa.env.generate_address()
    assert split.credits(codeless, codeless) == split.owed(codeless) == 0


def test_an_unknown_selector_reverts(income):
    split = create_split(income, new_accounts(2), [1, 2])
    for data in (b"\xde\xad\xbe\xef", b"\xde\xad\xbe\xef" + bytes(64), b"\0"):
        assert not boa.env.execute_code(split.address, data=data).is_success


def test_a_split_is_no_erc20_and_no_erc721_receiver(income):
    """A clone that answered success to everything would imitate a token."""
    split = create_split(income, new_accounts(2), [1, 2])
    selectors = ["a9059cbb", "23b872dd", "70a08231", "150b7a02", "01ffc9a7", "095ea7b3"]
    for selector in selectors:
        data = bytes.fromhex(selector) + bytes(160)
        assert not boa.env.execute_code(split.address, data=data).is_success
