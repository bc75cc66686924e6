import boa
import pytest

from tests.support.access import MONTH, NO_EXPIRY, ZERO, buy, logged, pass_id
from tests.support.compiled import deployer
from tests.unit.access.conftest import ETH, FREE, PRICE, SCARCE, TOKEN, TOKENS


def test_mint_for_eth(collection, buyer, friend):
    before = boa.env.get_balance(buyer)
    id = collection.mint(buyer, ETH, PRICE, friend, value=PRICE, sender=buyer)
    expiry = boa.env.timestamp + MONTH
    assert logged(collection) == [
        ("Transfer", ZERO, buyer, id),
        ("SubscriptionUpdate", id, expiry),
        ("Purchased", id, buyer, friend, PRICE),
    ]
    assert id == pass_id(ETH, 1)
    assert (collection.ownerOf(id), collection.balanceOf(buyer)) == (buyer, 1)
    assert (collection.expiresAt(id), collection.active(buyer)) == (expiry, id)
    assert collection.plan(ETH).minted == 1
    assert boa.env.get_balance(collection.address) == PRICE
    assert boa.env.get_balance(buyer) == before - PRICE
    assert buy(collection, buyer) == pass_id(ETH, 2)
    assert collection.balanceOf(buyer) == 2


def test_mint_for_another(collection, buyer, friend):
    id = buy(collection, buyer, to=friend)
    assert collection.ownerOf(id) == friend
    assert collection.valid_holder(friend) and not collection.valid_holder(buyer)


def test_mint_for_tokens(collection, token, buyer):
    id = collection.mint(buyer, TOKEN, TOKENS, sender=buyer)
    assert logged(collection)[-1] == ("Purchased", id, buyer, ZERO, TOKENS)
    assert collection.expiresAt(id) == boa.env.timestamp + 12 * MONTH
    assert token.balanceOf(collection.address) == TOKENS


def test_mint_for_nothing_and_for_ever(collection, stranger):
    id = collection.mint(stranger, FREE, 0, sender=stranger)
    assert collection.expiresAt(id) == NO_EXPIRY


def test_mint_to_zero_reverts(collection, buyer):
    with boa.reverts("pass: zero recipient"):
        collection.mint(ZERO, ETH, PRICE, value=PRICE, sender=buyer)


@pytest.mark.parametrize("plan", [0, 5, 2**16 + 1, 2**256 - 1])
def test_mint_of_unknown_plan_reverts(collection, buyer, plan):
    with boa.reverts("pass: unknown plan"):
        collection.mint(buyer, plan, PRICE, value=PRICE, sender=buyer)


@pytest.mark.parametrize("paid", [0, PRICE - 1, PRICE + 1])
def test_mint_for_another_sum_reverts(collection, buyer, paid):
    with boa.reverts("pass: not the price"):
        collection.mint(buyer, ETH, PRICE, value=paid, sender=buyer)


def test_mint_above_max_price_reverts(collection, buyer):
    with boa.reverts("pass: above max price"):
        collection.mint(buyer, ETH, PRICE - 1, value=PRICE, sender=buyer)


def test_mint_of_token_plan_with_eth_reverts(collection, buyer):
    with boa.reverts("pass: not sold for ETH"):
        collection.mint(buyer, TOKEN, TOKENS, value=1, sender=buyer)


def test_mint_with_refused_tokens_reverts(collection, token, buyer):
    token.misbehave(0, True, ZERO, b"")
    with boa.reverts("pass: transfer refused"):
        collection.mint(buyer, TOKEN, TOKENS, sender=buyer)


def test_mint_with_fee_on_transfer_reverts(collection, token, buyer):
    token.misbehave(1, False, ZERO, b"")
    with boa.reverts("pass: wrong receipt"):
        collection.mint(buyer, TOKEN, TOKENS, sender=buyer)


def test_free_token_plan_calls_no_token(collection, token, owner, stranger):
    collection.set_price(TOKEN, 0, sender=owner)
    token.misbehave(0, True, ZERO, b"")
    collection.mint(stranger, TOKEN, 0, sender=stranger)
    with boa.reverts("pass: not sold for ETH"):
        collection.mint(stranger, TOKEN, 0, value=1, sender=stranger)


def test_mint_beyond_cap_reverts(collection, buyer, friend, stranger):
    for account in (buyer, friend, stranger):
        buy(collection, account, SCARCE)
    with boa.reverts("pass: sold out"):
        buy(collection, buyer, SCARCE)


def test_mint_beyond_limit_reverts(collection, buyer, friend):
    buy(collection, buyer, SCARCE)
    id = buy(collection, friend, SCARCE, to=buyer)
    assert collection.minted_to(SCARCE, buyer) == 2
    collection.transferFrom(buyer, friend, id, sender=buyer)
    with boa.reverts("pass: limit reached"):  # it counts mints, not holdings
        buy(collection, buyer, SCARCE)
    assert collection.minted_to(SCARCE, friend) == 0
    buy(collection, friend, SCARCE)


def test_plan_without_limit_counts_nobody(collection, buyer):
    buy(collection, buyer)
    assert collection.minted_to(ETH, buyer) == 0


# ----- the hook -----


def test_mint_asks_a_contract(collection, receiver, buyer):
    id = buy(collection, buyer, to=receiver.address)
    assert (receiver.operator_seen(), receiver.sender_seen()) == (buyer, ZERO)
    assert receiver.data_seen() == b""
    assert collection.ownerOf(id) == receiver.address


def test_contracts_of_a_batch_are_asked_about_their_own_passes(collection, buyer, friend):
    """Each takes one id alone: it answers the right word times whether that id was asked."""
    first = pass_id(ETH, 1)
    takers = [boa.env.generate_address() for _ in range(2)]
    for account, id in zip(takers, (first, first + 2), strict=True):
        answer = "7f150b7a02" + "00" * 28
        code = f"60443564{id:010x}14{answer}025f5260205ff3"
        boa.env.set_code(account, bytes.fromhex(code))
    batch = [takers[0], friend, takers[1]]
    assert collection.mint_many(batch, ETH, PRICE, value=3 * PRICE, sender=buyer) == first


def test_mint_to_refusing_contract_reverts(collection, receiver, buyer):
    receiver.refuse()
    with boa.reverts("pass: receiver refused"):
        buy(collection, buyer, to=receiver.address)
    with boa.reverts("pass: receiver refused"):
        collection.mint_many([buyer, receiver], ETH, PRICE, value=2 * PRICE, sender=buyer)


def test_contract_that_buys_for_itself_is_not_asked(collection, receiver, buyer):
    receiver.refuse()
    call = collection.mint.prepare_calldata(receiver.address, ETH, PRICE)
    receiver.execute(collection.address, call, value=PRICE, sender=buyer)
    assert collection.valid_holder(receiver.address)


# ----- in a batch -----


def test_mint_many(collection, receiver, buyer, friend, stranger):
    accounts = [buyer, friend, receiver.address, friend]
    first = collection.mint_many(accounts, ETH, PRICE, stranger, value=4 * PRICE, sender=buyer)
    assert logged(collection)[-1] == ("Purchased", first + 3, buyer, stranger, PRICE)
    assert first == pass_id(ETH, 1)
    assert [collection.ownerOf(first + i) for i in range(4)] == accounts
    assert collection.plan(ETH).minted == 4
    assert boa.env.get_balance(collection.address) == 4 * PRICE
    assert receiver.operator_seen() == buyer


def test_mint_many_for_tokens(collection, token, buyer, friend):
    collection.mint_many([buyer, friend], TOKEN, TOKENS, sender=buyer)
    assert token.balanceOf(collection.address) == 2 * TOKENS


def test_mint_many_to_nobody_reverts(collection, buyer):
    with boa.reverts("pass: no recipients"):
        collection.mint_many([], ETH, PRICE, sender=buyer)


@pytest.mark.parametrize("paid", [PRICE, 2 * PRICE - 1, 2 * PRICE + 1])
def test_mint_many_for_another_sum_reverts(collection, buyer, friend, paid):
    with boa.reverts("pass: not the price"):
        collection.mint_many([buyer, friend], ETH, PRICE, value=paid, sender=buyer)


def test_mint_many_above_max_price_reverts(collection, buyer, friend):
    with boa.reverts("pass: above max price"):
        collection.mint_many([buyer, friend], ETH, PRICE - 1, value=2 * PRICE, sender=buyer)


def test_mint_many_of_unknown_plan_reverts(collection, buyer):
    with boa.reverts("pass: unknown plan"):
        collection.mint_many([buyer], 9, PRICE, value=PRICE, sender=buyer)


def test_mint_many_to_zero_reverts(collection, buyer):
    with boa.reverts("pass: zero recipient"):
        collection.mint_many([buyer, ZERO], ETH, PRICE, value=2 * PRICE, sender=buyer)


def test_mint_many_in_plan_of_token_that_returns_nothing(access, collection, owner, buyer):
    """USDT answers nothing to transferFrom: that is a yes."""
    silent = deployer("SilentToken").deploy()
    silent.create(buyer, TOKENS)
    silent.approve(collection.address, TOKENS, sender=buyer)
    terms = collection.plan(TOKEN).terms._replace(currency=silent.address)
    plan = collection.create_plan(terms, sender=owner)
    collection.mint_many([buyer], plan, TOKENS, sender=buyer)
    collection.sweep(silent.address)
    assert silent.balanceOf(collection.collection().revenue) == TOKENS
