"""Whole-transaction gas of income, beside the targets of design/income.md.

As the peers were measured: all of the balance is divided, so that the split's
token balance ends at zero; recipients exist; "again" finds their balances set.
"""

import boa
import pytest

from tests.support.forwarders import deploy_forwarding
from tests.support.gas import transaction
from tests.support.income import (
    ETH,
    NO_SALT,
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
    split_at,
)
from tests.support.snapshot import check

pytestmark = pytest.mark.no_anchor

TRANSACTION_GAS = 16_777_216  # EIP-7825
UNIT = 10**15


@pytest.fixture
def income():
    boa.env.set_random_seed("income")  # the zeros in an address decide what it costs
    boa.env.eoa = boa.env.generate_address()
    return deploy_income()


@pytest.mark.parametrize("count", [2, 5, 10, 50, 100])
def test_gas_of_a_split(income, count):
    accounts = new_accounts(count, wei=1)
    shares = [1] * (count - 1) + [2]
    token = new_token()
    with transaction() as create:
        address = income.factory.create(accounts, shares, NO_SALT)
    check("income", f"create: {count} recipients", create.gas)

    split = split_at(address)
    for asset, name in ((ETH, "ETH"), (token, "ERC-20, first"), (token, "ERC-20, again")):
        receive(split, asset, UNIT * (count + 1))
        with transaction() as distribute:
            assert split.distribute(asset) == UNIT * (count + 1)
        check("income", f"distribute {name}: {count} recipients", distribute.gas)


def test_gas_of_receiving_eth(income):
    split = create_split(income, new_accounts(2, wei=1), [1, 1])
    payer = boa.env.generate_address()
    boa.env.set_balance(payer, 1)
    with transaction() as payment:
        boa.env.execute_code(split.address, sender=payer, value=1)
    check("income", "receive ETH", payment.gas)


def test_gas_of_create_that_finds_the_split(income):
    accounts = new_accounts(2, wei=1)
    income.factory.create(accounts, [1, 2], NO_SALT)
    with transaction() as again:
        income.factory.create(accounts, [1, 2], NO_SALT)
    check("income", "create: 2 recipients, there already", again.gas)


def test_gas_of_credit_and_claim(income):
    wallet = new_recipient(Mode.REFUSE)
    split = create_split(income, ascending([wallet, *new_accounts(1, wei=1)]), [1, 1])
    receive(split, ETH, 2 * UNIT)
    with transaction() as refused:
        split.distribute(ETH)
    check("income", "distribute ETH: 2 recipients, one refuses", refused.gas)
    wallet.behave(Mode.ACCEPT)
    with transaction() as claim:
        split.claim(ETH, wallet, wallet)
    check("income", "claim ETH", claim.gas)


def test_100_recipients_that_burn_their_gas_fit_one_transaction_inc_6(income):
    burners = ascending([new_recipient(Mode.BURN) for _ in range(100)])
    split = create_split(income, burners, [1] * 100)
    receive(split, ETH, 100)
    with transaction() as distribute:
        split.distribute(ETH, gas=TRANSACTION_GAS - 22_000)
    assert split.owed(ETH) == 100
    assert distribute.gas < TRANSACTION_GAS
    check("income", "distribute ETH: 100 recipients that burn their gas", distribute.gas)


def test_99_token_hooks_that_burn_their_gas_fit_one_transaction_inc_6(income):
    """A hundredth accepts: an ERC-20 round that everybody refuses reverts."""
    burners = [new_recipient(Mode.BURN) for _ in range(99)]
    token = new_odd_token()
    for burner in burners:
        token.hook(burner)
    split = create_split(income, ascending([*burners, *new_accounts(1)]), [1] * 100)
    receive(split, token, 100)
    with transaction() as distribute:
        split.distribute(token, gas=TRANSACTION_GAS - 22_000)
    assert split.owed(token) == 99
    assert distribute.gas < TRANSACTION_GAS
    check("income", "distribute ERC-20: 99 of 100 hooks burn their gas", distribute.gas)


@pytest.fixture
def forwarding(income):
    return deploy_forwarding()


def test_gas_of_a_forwarder_to_an_address(forwarding):
    owner, target, moved = new_accounts(3, wei=1)
    token = new_token()
    with transaction() as create:
        forwarder = forwarding.to_address(owner, target)
    check("income", "forwarder: create", create.gas)
    payer = boa.env.generate_address()
    boa.env.set_balance(payer, 1)
    with transaction() as payment:
        boa.env.execute_code(forwarder.address, sender=payer, value=1)
    check("income", "forwarder: receive ETH", payment.gas)
    measure_flushes(forwarder, token, "")
    receive(forwarder, ETH, UNIT)
    with transaction() as retarget:
        forwarder.retarget(moved, [], sender=owner)
    check("income", "forwarder: change the target, which is paid ETH", retarget.gas)
    measure_flushes(forwarder, token, " to a later target")


def test_gas_of_a_forwarder_to_a_name(forwarding):
    owner, target, fallback = new_accounts(3, wei=1)
    world, token = forwarding.world, new_token()
    node = world.register("alice", owner)
    epoch = world.names.epoch(node)
    with transaction() as create:
        forwarding.factory.create_for_name(node, epoch, fallback, NO_SALT)
    check("income", "forwarder of a name: create", create.gas)
    forwarder = forwarding.to_name(node, fallback)
    world.resolver.setAddr(node, target, sender=owner)
    measure_flushes(forwarder, token, " of a name")
    world.names.setOwner(node, target, sender=owner)
    measure_flushes(forwarder, token, " of a name that was sold")


def measure_flushes(forwarder, token, what):
    receive(forwarder, ETH, UNIT - balance(ETH, forwarder))
    with transaction() as flush:
        assert forwarder.flush(ETH) == UNIT
    check("income", f"forwarder{what}: flush ETH", flush.gas)
    token.mint(forwarder.target(), 1)
    receive(forwarder, token, UNIT)
    with transaction() as flush:
        assert forwarder.flush(token) == UNIT
    check("income", f"forwarder{what}: flush ERC-20", flush.gas)
