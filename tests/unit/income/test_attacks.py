"""The "Income" part of ATTACKS.md, line by line, and what else came to mind."""

import boa
import pytest
from eth_utils import to_canonical_address, to_checksum_address

from tests.support.compiled import deployer
from tests.support.income import (
    ETH,
    NO_SALT,
    Mode,
    Odd,
    ascending,
    balance,
    create_split,
    deploy_income,
    new_accounts,
    new_odd_token,
    new_recipient,
    new_token,
    receive,
    split_at,
    where_done,
)

HOSTILE = [Mode.REFUSE, Mode.BURN, Mode.BOMB]


@pytest.fixture
def income():
    return deploy_income()


def with_plain(income, recipient, shares=(1, 1)):
    """A split between a recipient under test and a plain account: (split, plain)."""
    [plain] = new_accounts(1)
    return create_split(income, ascending([recipient, plain]), shares), plain


# Dust and low decimals


@pytest.mark.parametrize("decimals", [0, 2])
def test_attack_dust_rounds_capture_nothing(income, decimals):
    """50 rounds of one unit: cumulative rounding gave a holder of 1 in 10,000 everything."""
    [small, large] = new_accounts(2)
    split = create_split(income, [small, large], [1, 9_999])
    token = new_token(decimals)
    for _ in range(50):
        receive(split, token, 1)
        assert split.distribute(token) == 0
    assert token.balanceOf(small) == token.balanceOf(large) == 0
    receive(split, token, 9_950)
    split.distribute(token)
    assert (token.balanceOf(small), token.balanceOf(large)) == (1, 9_999)


# Hostile recipients


@pytest.mark.parametrize("mode", HOSTILE)
def test_attack_hostile_recipient_of_eth_costs_others_nothing(income, mode):
    hostile = new_recipient(mode)
    split, plain = with_plain(income, hostile)
    receive(split, ETH, 20)
    assert split.distribute(ETH) == 20
    assert balance(ETH, plain) == 10
    assert split.credits(ETH, hostile) == 10


@pytest.mark.parametrize("mode", HOSTILE)
def test_attack_hostile_token_hook_costs_others_nothing(income, mode):
    hostile = new_recipient(mode)
    split, plain = with_plain(income, hostile)
    token = new_odd_token()
    token.hook(hostile)
    receive(split, token, 20)
    assert split.distribute(token) == 20
    assert token.balanceOf(plain) == 10
    assert split.credits(token, hostile) == 10


def test_attack_return_bomb_costs_the_caller_its_allowance_at_most(income):
    costs = {}
    for mode in (Mode.BURN, Mode.BOMB):
        split, _ = with_plain(income, new_recipient(mode))
        receive(split, ETH, 20)
        split.distribute(ETH)
        costs[mode] = split._computation.get_gas_used()
    assert costs[Mode.BOMB] < costs[Mode.BURN] < 120_000 + 150_000


# INC-6, 100 recipients that burn their gas: tests/gas/test_income.py


# Starved callers


def test_attack_starved_eth_push_reverts_or_pays_inc_3(income):
    """No limit of gas turns the payment of a recipient that needs its allowance into a credit."""
    hungry = new_recipient()
    hungry.need(118_000)
    split, plain = with_plain(income, hungry)
    receive(split, ETH, 20)
    for _ in where_done(range(100_000, 300_000, 2_000), split.distribute, ETH):
        assert balance(ETH, hungry) == balance(ETH, plain) == 10
        assert split.owed(ETH) == 0


def test_attack_starved_token_push_reverts_or_pays_inc_3(income):
    token = deployer("RawToken").deploy()
    token.behave((1).to_bytes(32, "big"), True, 490_000)
    accounts = new_accounts(2)
    split = create_split(income, accounts, [1, 1])
    receive(split, token, 20)
    for _ in where_done(range(400_000, 800_000, 5_000), split.distribute, token):
        assert [token.balanceOf(account) for account in accounts] == [10, 10]


def test_attack_starved_caller_is_told_so(income):
    split, _ = with_plain(income, new_recipient())
    receive(split, ETH, 20)
    with boa.reverts("income: too little gas"):
        split.distribute(ETH, gas=150_000)


# Re-entrancy


def attempts(split, token, account):
    return [
        split.distribute.prepare_calldata(token),
        split.distribute_many.prepare_calldata([token]),
        split.claim.prepare_calldata(token, account, account),
    ]


@pytest.mark.parametrize("attempt", range(3))
@pytest.mark.parametrize("across", [False, True])
def test_attack_reentering_from_eth_gains_nothing_inc_5(income, attempt, across):
    thief = new_recipient(Mode.REFUSE)
    split, plain = with_plain(income, thief)
    other = new_odd_token()
    other.block(thief, True)
    for token in (ETH, other):  # a credit in each, to be claimed twice
        receive(split, token, 20)
        split.distribute(token)
    other.block(thief, False)
    receive(split, ETH, 20)
    receive(split, other, 20)
    target = other if across else ETH
    thief.reenter_with(split, attempts(split, target, thief)[attempt])
    split.distribute(ETH)
    split.claim(ETH, thief, thief)
    assert (thief.reentered(), thief.stopped()) == (0, 2)
    assert balance(ETH, thief) == balance(ETH, plain) == 20
    assert (other.balanceOf(thief), other.balanceOf(plain)) == (0, 10)
    assert (split.credits(other, thief), split.owed(other)) == (10, 10)


@pytest.mark.parametrize("attempt", range(3))
@pytest.mark.parametrize("across", [False, True])
def test_attack_reentering_from_an_erc777_hook_gains_nothing_inc_5(income, attempt, across):
    thief = new_recipient()
    split, plain = with_plain(income, thief)
    token = new_odd_token()
    token.hook(thief)
    for paid in (ETH, token):
        receive(split, paid, 20)
    target = ETH if across else token
    thief.reenter_with(split, attempts(split, target, thief)[attempt])
    split.distribute(token)
    assert (thief.reentered(), thief.stopped()) == (0, 1)
    assert token.balanceOf(thief) == token.balanceOf(plain) == 10
    assert balance(ETH, split) == 20


def test_attack_reentering_through_distribute_many_gains_nothing_inc_5(income):
    """Between two tokens of one call the lock holds too."""
    thief = new_recipient()
    split, plain = with_plain(income, thief)
    token = new_odd_token()
    token.hook(thief)
    receive(split, token, 20)
    receive(split, ETH, 20)
    thief.reenter_with(split, split.distribute.prepare_calldata(ETH))
    split.distribute_many([token, ETH])
    assert (thief.reentered(), thief.stopped()) == (0, 2)
    assert balance(ETH, thief) == balance(ETH, plain) == 10


# Tokens


def test_attack_token_without_return_value_is_paid(income):
    token = new_odd_token(Odd.NO_ANSWER)
    accounts = new_accounts(2)
    split = create_split(income, accounts, [1, 1])
    receive(split, token, 20)
    split.distribute(token)
    assert [token.balanceOf(account) for account in accounts] == [10, 10]
    assert split.owed(token) == 0


def test_attack_token_that_answers_false_becomes_a_credit(income):
    token = new_odd_token(Odd.ANSWERS_FALSE)
    [blocked, plain] = new_accounts(2)
    split = create_split(income, [blocked, plain], [1, 1])
    token.block(blocked, True)
    receive(split, token, 20)
    split.distribute(token)
    assert split.credits(token, blocked) == 10
    with boa.reverts("income: payment refused"):
        split.claim(token, blocked, blocked)
    token.block(blocked, False)
    split.claim(token, blocked, blocked)
    assert token.balanceOf(blocked) == 10


@pytest.mark.parametrize(
    "answer",
    [
        (2).to_bytes(32, "big"),
        b"\xff" * 32,
        b"\1",
        bytes(31),
        bytes(96),
        b"\1" + bytes(31),
    ],
)
def test_attack_answer_that_is_not_true_is_a_refusal(income, answer):
    token = deployer("RawToken").deploy()
    token.behave(answer, False, 0)
    split = create_split(income, new_accounts(2), [1, 1])
    receive(split, token, 20)
    with boa.reverts("income: token refuses all"):
        split.distribute(token)


def test_attack_token_that_lies_pays_again_and_harms_no_other(income):
    token = deployer("RawToken").deploy()
    token.behave((1).to_bytes(32, "big"), False, 0)
    accounts = new_accounts(2)
    split = create_split(income, accounts, [1, 1])
    receive(split, token, 20)
    receive(split, ETH, 20)
    assert split.distribute(token) == split.distribute(token) == 20
    assert split.owed(token) == 0
    split.distribute(ETH)
    assert [balance(ETH, account) for account in accounts] == [10, 10]


def test_attack_expensive_token_still_pays_a_small_split(income):
    token = deployer("RawToken").deploy()
    token.behave((1).to_bytes(32, "big"), True, 450_000)
    accounts = new_accounts(2)
    split = create_split(income, accounts, [1, 1])
    receive(split, token, 20)
    split.distribute(token)
    assert [token.balanceOf(account) for account in accounts] == [10, 10]


def test_attack_blacklisted_recipient_costs_others_nothing(income):
    token = new_odd_token()
    [blocked, plain] = new_accounts(2)
    split = create_split(income, [blocked, plain], [1, 1])
    token.block(blocked, True)
    receive(split, token, 20)
    split.distribute(token)
    assert token.balanceOf(plain) == 10
    to = boa.env.generate_address()
    split.claim(token, blocked, to, sender=blocked)
    assert token.balanceOf(to) == 10


def test_attack_paused_token_waits_without_credits(income):
    token = new_odd_token()
    accounts = new_accounts(2)
    split = create_split(income, accounts, [1, 1])
    receive(split, token, 20)
    token.pause(True)
    with boa.reverts("income: token refuses all"):
        split.distribute(token)
    assert split.owed(token) == 0
    token.pause(False)
    split.distribute(token)
    assert [token.balanceOf(account) for account in accounts] == [10, 10]


def test_attack_fee_on_transfer_divides_what_arrived(income):
    token = new_odd_token(fee=1_000)
    accounts = new_accounts(2)
    split = create_split(income, accounts, [1, 1])
    payer = boa.env.generate_address()
    token.mint(payer, 2_000)
    payment = token.transfer.prepare_calldata(split, 2_000)
    assert boa.env.execute_code(token.address, sender=payer, data=payment).is_success
    assert split.pending(token) == 1_800
    split.distribute(token)
    assert [token.balanceOf(account) for account in accounts] == [810, 810]
    assert token.balanceOf(split) == split.owed(token) == 0


@pytest.mark.parametrize("index", [10**18 // 2, 3 * 10**18])
def test_attack_rebase_between_rounds_divides_the_balance(income, index):
    token = deployer("RebasingToken").deploy()
    accounts = new_accounts(2)
    split = create_split(income, accounts, [1, 1])
    receive(split, token, 20)
    token.rebase(index)
    now = 20 * index // 10**18
    assert split.distribute(token) == now
    assert [token.balanceOf(account) for account in accounts] == [now // 2, now // 2]


def test_attack_claim_for_another_at_the_bottom_of_a_rebase_reverts_inc_3(income):
    """Who may force a loss on others, and share the recovery, would choose the moment."""
    token = deployer("RebasingToken").deploy()
    [victim, attacker] = new_accounts(2)
    split = create_split(income, [victim, attacker], [1, 1])
    token.block(victim, True)
    receive(split, token, 2_000)
    split.distribute(token)
    token.block(victim, False)
    token.rebase(10**16)
    with boa.reverts("income: short of tokens"):
        split.claim(token, victim, victim, sender=attacker)
    token.rebase(10**18)
    assert split.distribute(token) == 0
    assert split.claim(token, victim, victim, sender=attacker) == 1_000


def test_attack_codeless_token_reverts(income):
    split = create_split(income, new_accounts(2), [1, 1])
    codeless = boa.env.generate_address()
    for call in (split.distribute, split.pending):
        with boa.reverts("income: token has no code"):
            call(codeless)
    with boa.reverts("income: token has no code"):
        split.distribute_many([codeless])


# ETH by force


def test_attack_eth_by_selfdestruct_after_creation_is_income(income):
    accounts = new_accounts(2)
    split = create_split(income, accounts, [1, 1])
    boa.env.set_balance(boa.env.eoa, 20)
    deployer("ForcedEther").deploy(split, value=20)
    assert split.distribute(ETH) == 20
    assert [balance(ETH, account) for account in accounts] == [10, 10]


def test_attack_eth_by_selfdestruct_before_creation_is_income(income):
    accounts = new_accounts(2)
    split = income.factory.predict(accounts, [1, 1], NO_SALT)
    boa.env.set_balance(boa.env.eoa, 20)
    deployer("ForcedEther").deploy(split, value=20)
    assert income.factory.create(accounts, [1, 1], NO_SALT) == split
    assert split_at(split).distribute(ETH) == 20
    assert [balance(ETH, account) for account in accounts] == [10, 10]


# Calldata


def forged_tail(*accounts):
    rows = b"".join(to_canonical_address(account) + bytes(3) + b"\1" for account in accounts)
    return rows + len(accounts).to_bytes(3, "big") + len(accounts).to_bytes(1, "big")


def test_attack_spoofed_trailing_calldata_is_not_read_as_recipients(income):
    accounts = new_accounts(2)
    attackers = new_accounts(2)
    split = create_split(income, accounts, [1, 1])
    spoofed = split.recipients.prepare_calldata() + forged_tail(*attackers)
    answer = boa.env.execute_code(split.address, data=spoofed)
    assert answer.is_success
    assert to_canonical_address(accounts[0]) in answer.output
    assert to_canonical_address(attackers[0]) not in answer.output
    receive(split, ETH, 20)
    spoofed = split.distribute.prepare_calldata(ETH) + forged_tail(*attackers)
    assert boa.env.execute_code(split.address, data=spoofed).is_success
    assert [balance(ETH, account) for account in [*accounts, *attackers]] == [10, 10, 0, 0]


@pytest.mark.parametrize("sent", [1, 2, 3])
def test_attack_short_selector_is_not_completed_by_recipients(income, sent):
    """One byte of a caller and three of a recipient's address would make a selector."""
    selector = boa.eval('method_id("recipients()")')
    chosen = to_checksum_address((selector[sent:] + bytes(20))[:20])
    split = create_split(income, [chosen, "0x" + "ff" * 20], [1, 1])
    assert boa.env.execute_code(split.address, data=selector).is_success
    answer = boa.env.execute_code(split.address, data=selector[:sent])
    assert answer.is_error
    assert b"income: short calldata" in answer.output


@pytest.mark.parametrize("sent", [4, 20, 35])
def test_attack_short_arguments_are_not_completed_by_recipients(income, sent):
    """A recipient with leading zeros would be read as the token that was not sent."""
    low = "0x" + "00" * 19 + "aa"
    split = create_split(income, [low, *new_accounts(1)], [1, 1])
    data = split.owed.prepare_calldata(low)
    assert boa.env.execute_code(split.address, data=data).is_success
    answer = boa.env.execute_code(split.address, data=data[:sent])
    assert answer.is_error
    assert b"income: short calldata" in answer.output


def calls_of_all(split, account):
    """Each function of a split, as it is called."""
    return [
        split.distribute.prepare_calldata(ETH),
        split.distribute_many.prepare_calldata([]),
        split.distribute_many.prepare_calldata([ETH]),
        split.claim.prepare_calldata(ETH, account, account),
        split.recipients.prepare_calldata(),
        split.pending.prepare_calldata(ETH),
        split.claimable.prepare_calldata(ETH, account),
        split.credits.prepare_calldata(ETH, account),
        split.owed.prepare_calldata(ETH),
    ]


def test_attack_one_byte_too_few_reverts_everywhere(income):
    """It would be taken from the first recipient's address: here as it was sent."""
    low, wallet = "0x" + "00" * 19 + "aa", new_recipient(Mode.REFUSE)
    split = create_split(income, [low, wallet], [1, 1])
    receive(split, ETH, 2)
    split.distribute(ETH)
    wallet.behave(Mode.ACCEPT)
    for call in calls_of_all(split, wallet.address):
        if len(call) > 4:  # else it is another selector
            with boa.env.anchor():
                assert boa.env.execute_code(split.address, data=call).is_success
            answer = boa.env.execute_code(split.address, data=call[:-1])
            assert answer.is_error
            assert b"income: short calldata" in answer.output


def test_attack_direct_calls_to_the_implementation_revert(income):
    implementation, account = income.implementation, boa.env.generate_address()
    boa.env.set_balance(implementation.address, 10)
    for call in calls_of_all(implementation, account):
        for data in (call, call + forged_tail(account, account)):
            answer = boa.env.execute_code(implementation.address, data=data)
            assert answer.is_error
            assert b"income: not a split" in answer.output
    assert boa.env.get_balance(implementation.address) == 10


def test_attack_plain_eth_to_the_implementation_reverts(income):
    boa.env.set_balance(boa.env.eoa, 1)
    answer = boa.env.execute_code(
        income.implementation.address, sender=boa.env.eoa, value=1, data=b""
    )
    assert answer.is_error


def test_attack_foreign_contract_divides_its_own_balance_only(income):
    """It may bring recipients of its choice: the storage and the balance are its own."""
    accounts, attackers = new_accounts(2), new_accounts(2)
    split = create_split(income, accounts, [1, 1])
    receive(split, ETH, 20)
    boa.env.set_balance(boa.env.eoa, 6)
    foreign = deployer("ForeignSplit").deploy(
        income.implementation, forged_tail(*attackers), value=6
    )
    data = split.distribute.prepare_calldata(ETH)
    assert boa.env.execute_code(foreign.address, data=data).is_success
    assert [balance(ETH, account) for account in attackers] == [3, 3]
    assert balance(ETH, split) == 20
    assert balance(ETH, income.implementation) == 0


# Creation


def test_attack_share_overflow_reverts(income):
    accounts = new_accounts(100)
    for shares in ([2**32 - 1] * 99 + [2**32 - 2], [2**32 - 1, 1] * 50):
        with boa.reverts("income: total over 1,000,000"):
            income.factory.create(accounts, shares, NO_SALT)


def test_attack_duplicate_recipients_revert(income):
    [first, second] = new_accounts(2)
    for accounts in ([first, first], [first, second, second], [first, first, second]):
        with boa.reverts("income: recipients not ascending"):
            income.factory.create(accounts, [1] * len(accounts), NO_SALT)


def test_attack_disordered_recipients_revert(income):
    [first, second, third] = new_accounts(3)
    for accounts in ([second, first, third], [first, third, second], [third, second, first]):
        with boa.reverts("income: recipients not ascending"):
            income.factory.create(accounts, [1, 1, 1], NO_SALT)


def test_attack_front_run_creation_changes_nothing(income):
    accounts = new_accounts(2)
    front_runner = boa.env.generate_address()
    split = income.factory.create(accounts, [1, 1], NO_SALT, sender=front_runner)
    boa.env.set_balance(split, 4)
    made = income.factory.create_and_distribute(accounts, [1, 1], NO_SALT, [ETH])
    assert made == split
    assert [balance(ETH, account) for account in accounts] == [2, 2]


def test_attack_clone_of_the_same_code_from_elsewhere_is_no_split(income):
    accounts = new_accounts(2)
    split = income.factory.create(accounts, [1, 1], NO_SALT)
    code = boa.env.get_code(split)
    loader = b"\x61" + len(code).to_bytes(2, "big") + bytes.fromhex("80600a5f395ff3")
    copy, _ = boa.env.deploy_code(bytecode=loader + code)
    assert boa.env.get_code(copy) == code
    assert copy != income.factory.predict(accounts, [1, 1], NO_SALT)
    assert income.factory.is_split(accounts, [1, 1], NO_SALT)
