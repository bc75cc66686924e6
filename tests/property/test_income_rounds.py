"""Any shares, any history: exact proportions (INC-2) and one address per split (INC-4)."""

import boa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.income import (
    ETH,
    NO_SALT,
    balance,
    create_split,
    deploy_income,
    lowest_terms,
    new_accounts,
    receive,
    split_address,
    split_code,
)

share = st.one_of(st.integers(1, 20), st.integers(1, 90_000))
shares = st.lists(share, min_size=2, max_size=10)
address = st.integers(1, 2**160 - 1).map(lambda number: "0x" + number.to_bytes(20, "big").hex())
recipients = st.lists(address, min_size=2, max_size=10, unique=True).map(sorted)
wei = st.one_of(st.integers(0, 50), st.integers(0, 10**9), st.integers(0, 2**128))


@settings(max_examples=40)
@given(shares=shares, receipts=st.lists(wei, min_size=1, max_size=6))
def test_sums_are_proportional_to_the_unit_inc_2(shares, receipts):
    with boa.env.anchor():
        accounts = new_accounts(len(shares))
        split = create_split(deploy_income(), accounts, shares)
        terms = lowest_terms(shares)
        total, units = sum(terms), 0
        for received in receipts:
            receive(split, ETH, received)
            amount = split.distribute(ETH)
            assert amount % total == 0
            assert balance(ETH, split) < total
            units += amount // total
        assert [balance(ETH, account) for account in accounts] == [units * term for term in terms]
        assert units * total + balance(ETH, split) == sum(receipts)


@settings(max_examples=25)
@given(shares=shares, receipts=st.lists(wei, min_size=2, max_size=6), data=st.data())
def test_when_rounds_happen_changes_no_sum_inc_2(shares, receipts, data):
    """Once all rounds are made, it does not matter how many there were."""
    with boa.env.anchor():
        income = deploy_income()
        often, once = new_accounts(len(shares)), new_accounts(len(shares))
        first, second = (create_split(income, accounts, shares) for accounts in (often, once))
        for received in receipts:
            receive(first, ETH, received)
            receive(second, ETH, received)
            if data.draw(st.booleans()):
                first.distribute(ETH)
        first.distribute(ETH)
        second.distribute(ETH)
        paid = [[balance(ETH, account) for account in accounts] for accounts in (often, once)]
        assert paid[0] == paid[1]


@settings(max_examples=40)
@given(
    accounts=recipients,
    data=st.data(),
    factor=st.integers(1, 40_000),
    salt=st.binary(min_size=32, max_size=32),
)
def test_a_split_has_one_address_and_its_code_says_all_inc_4(accounts, data, factor, salt):
    with boa.env.anchor():
        income = deploy_income()
        size = len(accounts)
        shares = data.draw(st.lists(share, min_size=size, max_size=size))
        scaled = [factor * number for number in shares]
        split = income.factory.create(accounts, scaled, salt)
        assert split == income.factory.predict(accounts, shares, salt)
        assert split == split_address(income, accounts, shares, salt)
        code = split_code(income.implementation.address, accounts, shares)
        assert boa.env.get_code(split) == code


@settings(max_examples=40)
@given(shares=shares, data=st.data())
def test_one_changed_byte_gives_another_address_inc_4(shares, data):
    with boa.env.anchor():
        income = deploy_income()
        accounts = new_accounts(len(shares))
        original = income.factory.predict(accounts, shares, NO_SALT)
        at = data.draw(st.integers(0, len(shares) - 1))
        flip = data.draw(st.integers(1, 255))
        what = data.draw(st.sampled_from(["account", "share", "salt"]))
        salt = NO_SALT
        if what == "account":
            number = int(accounts[at], 16) ^ flip
            accounts = sorted({*accounts, "0x" + number.to_bytes(20, "big").hex()} - {accounts[at]})
            accounts.sort(key=lambda account: int(account, 16))
            if len(accounts) < len(shares) or int(accounts[0], 16) == 0:
                return
        elif what == "share":
            before = lowest_terms(shares)
            shares = [*shares[:at], shares[at] ^ flip, *shares[at + 1 :]]
            if shares[at] == 0 or lowest_terms(shares) == before:
                return
        else:
            salt = bytes(31) + bytes([flip])
        assert income.factory.predict(accounts, shares, salt) != original
