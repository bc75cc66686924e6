"""SplitterFactory: what it refuses, where it puts a split, and what a split's code is."""

import boa
import pytest
from eth_abi import encode

from tests.support.compiled import deployer
from tests.support.income import (
    ETH,
    NO_SALT,
    deploy_income,
    new_accounts,
    new_token,
    split_address,
    split_at,
    split_code,
)

SALT = b"\1" * 32


@pytest.fixture
def income():
    return deploy_income()


@pytest.fixture
def accounts():
    return new_accounts(3)


def test_create_puts_the_split_where_it_was_predicted(income, accounts):
    predicted = income.factory.predict(accounts, [5, 3, 2], SALT)
    assert predicted == split_address(income, accounts, [5, 3, 2], SALT)
    assert income.factory.create(accounts, [5, 3, 2], SALT) == predicted


def test_create_deploys_the_code_of_the_page(income, accounts):
    split = income.factory.create(accounts, [5, 3, 2], SALT)
    expected = split_code(income.implementation.address, accounts, [5, 3, 2])
    assert boa.env.get_code(split) == expected
    assert len(expected) == 59 + 3 * 24 + 4


def test_create_logs_the_split(income, accounts):
    split = income.factory.create(accounts, [5, 3, 2], SALT)
    [event] = income.factory.get_logs()
    assert (event.split, event.salt) == (split, SALT)


def test_create_brings_shares_to_lowest_terms(income, accounts):
    split = income.factory.create(accounts, [250_000, 150_000, 100_000], SALT)
    assert split == income.factory.predict(accounts, [5, 3, 2], SALT)
    assert split_at(split).recipients() == (accounts, [5, 3, 2])


def test_create_finds_the_divisor_in_euclids_worst_case(income):
    fibonacci = [1, 2]
    while fibonacci[-1] + fibonacci[-2] < 2**32:
        fibonacci.append(fibonacci[-1] + fibonacci[-2])
    accounts = new_accounts(2)
    # Coprime after all steps: taken for coprime too early, they would be divided.
    with boa.reverts("income: total over 1,000,000"):
        income.factory.create(accounts, fibonacci[-2:], SALT)
    shares = [2 * number for number in fibonacci if number < 300_000][-2:]
    split = split_at(income.factory.create(accounts, shares, SALT))
    assert split.recipients()[1] == [number // 2 for number in shares]


def test_create_twice_returns_the_same_and_logs_once(income, accounts):
    first = income.factory.create(accounts, [5, 3, 2], SALT)
    assert income.factory.create(accounts, [5, 3, 2], SALT) == first
    assert income.factory.get_logs() == []


def test_create_takes_100_recipients_and_a_total_of_1_000_000(income):
    accounts = new_accounts(100)
    shares = [1] * 99 + [1_000_000 - 99]
    split = split_at(income.factory.create(accounts, shares, SALT))
    assert split.recipients() == (accounts, shares)
    assert boa.env.get_code(split.address)[-4:] == (1_000_000).to_bytes(3, "big") + b"\x64"


def test_create_with_more_than_100_recipients_reverts(income):
    # The argument's own bound refuses, without a reason.
    with boa.reverts():
        income.factory.create(new_accounts(101), [1] * 101, SALT)


def test_create_with_a_share_over_32_bits_reverts(income, accounts):
    def create(share: int) -> bool:
        types = ["address[]", "uint256[]", "bytes32"]
        selector = income.factory.create.prepare_calldata(accounts, [1, 1, 1], SALT)[:4]
        data = selector + encode(types, [accounts, [1, 1, share], SALT])
        return boa.env.execute_code(income.factory.address, data=data).is_success

    assert create(7)
    assert not create(2**32 + 7)


@pytest.mark.parametrize("shares", [[1, 1], [1, 1, 1, 1], []])
def test_create_with_lengths_that_differ_reverts(income, accounts, shares):
    with boa.reverts("income: lengths differ"):
        income.factory.create(accounts, shares, SALT)


@pytest.mark.parametrize("count", [0, 1])
def test_create_with_less_than_two_recipients_reverts(income, accounts, count):
    with boa.reverts("income: too few recipients"):
        income.factory.create(accounts[:count], [1] * count, SALT)


def test_create_with_the_zero_address_reverts(income, accounts):
    with boa.reverts("income: recipients not ascending"):
        income.factory.create([ETH, *accounts], [1, 1, 1, 1], SALT)


@pytest.mark.parametrize("shares", [[0, 1, 1], [1, 0, 1], [1, 1, 0], [0, 0, 0]])
def test_create_with_a_zero_share_reverts(income, accounts, shares):
    with boa.reverts("income: zero share"):
        income.factory.create(accounts, shares, SALT)


def test_create_with_a_total_over_1_000_000_reverts(income, accounts):
    with boa.reverts("income: total over 1,000,000"):
        income.factory.create(accounts, [1, 1, 999_999], SALT)


@pytest.mark.parametrize("function", ["create", "predict", "is_split"])
def test_every_function_checks_its_recipients(income, accounts, function):
    with boa.reverts("income: recipients not ascending"):
        getattr(income.factory, function)(accounts[::-1], [1, 1, 1], SALT)


def test_create_and_distribute_pays_what_had_come_before(income):
    accounts = new_accounts(2)
    token = new_token()
    split = income.factory.predict(accounts, [1, 3], SALT)
    boa.env.set_balance(split, 8)
    token.mint(split, 400)
    made = income.factory.create_and_distribute(accounts, [1, 3], SALT, [ETH, token])
    assert made == split
    assert [boa.env.get_balance(account) for account in accounts] == [2, 6]
    assert [token.balanceOf(account) for account in accounts] == [100, 300]


def test_create_and_distribute_finds_a_split_that_is_there(income, accounts):
    split = income.factory.create(accounts, [1, 1, 1], SALT)
    boa.env.set_balance(split, 3)
    assert income.factory.create_and_distribute(accounts, [1, 1, 1], SALT, [ETH]) == split
    assert [boa.env.get_balance(account) for account in accounts] == [1, 1, 1]


def test_create_and_distribute_with_a_codeless_token_reverts(income, accounts):
    with boa.reverts("income: token has no code"):
        income.factory.create_and_distribute(accounts, [1, 1, 1], SALT, [accounts[0]])
    assert not income.factory.is_split(accounts, [1, 1, 1], SALT)


def test_is_split_tells_whether_it_exists(income, accounts):
    assert not income.factory.is_split(accounts, [5, 3, 2], SALT)
    income.factory.create(accounts, [5, 3, 2], SALT)
    assert income.factory.is_split(accounts, [10, 6, 4], SALT)
    assert not income.factory.is_split(accounts, [5, 3, 2], NO_SALT)
    assert not income.factory.is_split(accounts, [5, 2, 3], SALT)


def test_implementation_is_what_was_given(income):
    assert income.factory.implementation() == income.implementation.address


def test_a_factory_for_a_codeless_implementation_reverts():
    with boa.reverts("income: splitter has no code"):
        deployer("SplitterFactory").deploy(boa.env.generate_address())
