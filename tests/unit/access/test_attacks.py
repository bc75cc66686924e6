"""The "Access" lines of ATTACKS.md that passes, their factory and the gate answer."""

import boa
import pytest

from tests.support.access import (
    BURNING,
    MONTH,
    NO_EXPIRY,
    ZERO,
    Setup,
    Terms,
    Value,
    answering,
    buy,
    create_collection,
    erc20_term,
    erc721_term,
    pass_term,
    rule_id,
    supply,
)
from tests.unit.access.conftest import ETH, PRICE, SCARCE, TOKEN, TOKENS

CLONES = pytest.mark.filterwarnings("ignore:casted bytecode")  # boa, of clones


# ----- over-mint -----


def test_over_mint_by_batch_reverts(collection, buyer, friend, stranger):
    accounts = [buyer, friend, stranger, boa.env.generate_address()]
    with boa.reverts("pass: sold out"):
        collection.mint_many(accounts, SCARCE, PRICE, value=4 * PRICE, sender=buyer)
    with boa.reverts("pass: limit reached"):  # named three times, limit two
        collection.mint_many([friend] * 3, SCARCE, PRICE, value=3 * PRICE, sender=buyer)
    assert supply(collection) == 0


def test_over_mint_by_reentrancy_reverts(collection, receiver, buyer, friend):
    """From the hook the receiver buys on: counters and limits already know."""
    call = collection.mint.prepare_calldata(receiver.address, SCARCE, PRICE)
    receiver.then_call(collection.address, call, PRICE)
    buy(collection, buyer, SCARCE, to=receiver.address)
    assert receiver.call_succeeded() and collection.balanceOf(receiver) == 2
    receiver.then_call(collection.address, call, PRICE)
    with boa.reverts("pass: limit reached"):
        buy(collection, buyer, SCARCE, to=receiver.address)
    call = collection.mint.prepare_calldata(friend, SCARCE, PRICE)
    receiver.execute(collection.address, call, value=PRICE, sender=buyer)
    with boa.reverts("pass: sold out"):
        receiver.execute(collection.address, call, value=PRICE, sender=buyer)
    assert collection.plan(SCARCE).minted == 3
    assert boa.env.get_balance(collection.address) == 3 * PRICE


def test_over_mint_by_reentrancy_within_a_batch_reverts(collection, receiver, buyer, friend):
    call = collection.mint.prepare_calldata(friend, SCARCE, PRICE)
    receiver.then_call(collection.address, call, PRICE)
    batch = [receiver.address, friend, buyer]
    collection.mint_many(batch, SCARCE, PRICE, value=3 * PRICE, sender=buyer)
    assert not receiver.call_succeeded()  # all three places were counted before the first hook
    assert collection.plan(SCARCE).minted == 3


def test_over_mint_by_grants_reverts(access, owner, revenue, buyer, friend, in_a_month):
    setup = Setup(owner, revenue, cap=3, plans=(Terms(price=PRICE, cap=2),))
    collection = create_collection(access, setup)
    collection.grant(friend, in_a_month, sender=owner)
    for _ in range(2):
        buy(collection, buyer)
    with boa.reverts("pass: over the cap"):
        collection.grant_many([friend], in_a_month, sender=owner)
    with boa.reverts("pass: over the cap"):
        collection.create_plan(Terms(cap=1), sender=owner)
    assert supply(collection) == 3


# ----- money -----


def test_price_change_in_front_of_a_buyer_reverts(collection, owner, token, buyer):
    collection.set_price(ETH, PRICE + 1, sender=owner)
    collection.set_price(TOKEN, TOKENS + 1, sender=owner)
    id = buy(collection, buyer)
    with boa.reverts("pass: above max price"):
        collection.mint(buyer, ETH, PRICE, value=PRICE, sender=buyer)
    with boa.reverts("pass: above max price"):  # an unlimited approval is no consent
        collection.mint(buyer, TOKEN, TOKENS, sender=buyer)
    with boa.reverts("pass: above max price"):
        collection.mint_many([buyer], TOKEN, TOKENS, sender=buyer)
    with boa.reverts("pass: above max price"):
        collection.renew(id, TOKEN, TOKENS, sender=buyer)
    assert token.balanceOf(collection.address) == 0


def test_over_payment_reverts(collection, owner, buyer):
    """Also when the price fell in front of the buyer."""
    id = buy(collection, buyer)
    collection.set_price(ETH, PRICE - 1, sender=owner)
    with boa.reverts("pass: not the price"):
        collection.mint(buyer, ETH, PRICE, value=PRICE, sender=buyer)
    with boa.reverts("pass: not the price"):
        collection.mint_many([buyer] * 2, ETH, PRICE, value=2 * PRICE, sender=buyer)
    with boa.reverts("pass: not the price"):
        collection.renew(id, ETH, PRICE, value=PRICE, sender=buyer)


@pytest.fixture
def accomplice(collection, token, receiver, buyer):
    """Has tokens of its own, and is called by the token before it moves any."""
    token.transfer(receiver, TOKENS, sender=buyer)
    receiver.execute(token.address, token.approve.prepare_calldata(collection, TOKENS))
    token.misbehave(0, False, receiver.address, receiver.act.prepare_calldata())
    return receiver


def test_purchase_during_a_payment_meets_the_lock(collection, token, accomplice, buyer):
    """ERC-777: else one receipt might pay for two passes."""
    again = collection.mint.prepare_calldata(accomplice.address, TOKEN, TOKENS)
    accomplice.then_call(collection.address, again, 0)
    collection.mint(buyer, TOKEN, TOKENS, sender=buyer)
    assert not accomplice.call_succeeded()
    assert collection.plan(TOKEN).minted == 1
    assert token.balanceOf(collection.address) == TOKENS


def test_renewal_during_a_payment_meets_the_lock(collection, token, accomplice, buyer):
    id = buy(collection, buyer)
    expiry = collection.expiresAt(id)
    again = collection.renew.prepare_calldata(id, TOKEN, TOKENS)
    accomplice.then_call(collection.address, again, 0)
    collection.mint(buyer, TOKEN, TOKENS, sender=buyer)
    assert not accomplice.call_succeeded()
    assert collection.expiresAt(id) == expiry


def test_sweep_during_a_payment_or_a_sweep_meets_the_lock(collection, token, accomplice, buyer):
    token.create(collection.address, 1)
    sweep = collection.sweep.prepare_calldata(token.address)
    accomplice.then_call(collection.address, sweep, 0)
    collection.mint(buyer, TOKEN, TOKENS, sender=buyer)
    assert not accomplice.call_succeeded()
    accomplice.then_call(collection.address, sweep, 0)
    collection.sweep(token.address)
    assert not accomplice.call_succeeded()
    assert token.balanceOf(collection.collection().revenue) == TOKENS + 1


def test_hostile_currency_spoils_only_its_own_plan(collection, token, buyer):
    token.misbehave(0, True, ZERO, b"")
    with boa.reverts("pass: transfer refused"):
        collection.mint(buyer, TOKEN, TOKENS, sender=buyer)
    id = buy(collection, buyer)
    collection.renew(id, ETH, PRICE, value=PRICE, sender=buyer)
    collection.sweep(ZERO)
    assert boa.env.get_balance(collection.collection().revenue) == 2 * PRICE


def test_sweep_into_a_reentering_revenue_pays_once(access, owner, receiver, buyer):
    collection = create_collection(access, Setup(owner, receiver.address))
    buy(collection, buyer)
    before = boa.env.get_balance(receiver.address)
    price = boa.env.get_balance(collection.address)
    collection.sweep(ZERO)
    assert boa.env.get_balance(receiver.address) == before + price
    with boa.reverts("pass: nothing to sweep"):
        collection.sweep(ZERO)


@CLONES
@pytest.mark.parametrize("royalty", [10_001, 10_000, 1_001])
def test_royalty_over_100_percent_reverts(access, setup, royalty):
    with boa.reverts("pass: royalty over 10 percent"):
        access.factory.create(setup._replace(royalty=royalty), bytes(32))


# ----- time -----


def test_renewal_of_an_expired_pass_counts_from_now(collection, buyer):
    id = buy(collection, buyer)
    boa.env.time_travel(seconds=10 * MONTH)
    collection.renew(id, ETH, PRICE, value=PRICE, sender=buyer)
    assert collection.expiresAt(id) == boa.env.timestamp + MONTH


def test_renewal_of_a_transferred_pass_serves_its_new_owner(collection, buyer, friend):
    id = buy(collection, buyer)
    collection.transferFrom(buyer, friend, id, sender=buyer)
    collection.renew(id, ETH, PRICE, value=PRICE, sender=buyer)
    assert collection.valid_holder(friend) and not collection.valid_holder(buyer)


@pytest.mark.parametrize("left", [1, 0])
def test_transferring_at_the_boundary_makes_no_time(collection, buyer, friend, left):
    """One pass, handed round in one second, lets in one account at a time."""
    id = buy(collection, buyer)
    expiry = collection.expiresAt(id)
    boa.env.timestamp = expiry - left
    collection.transferFrom(buyer, friend, id, sender=buyer)
    assert [collection.valid_holder(a) for a in (buyer, friend)] == [False, left > 0]
    collection.transferFrom(friend, buyer, id, sender=friend)
    assert [collection.valid_holder(a) for a in (buyer, friend)] == [left > 0, False]
    assert collection.expiresAt(id) == expiry


def test_free_renewals_cannot_overflow_an_expiry(collection, owner, buyer):
    plan = collection.create_plan(Terms(price=0, duration=40 * 365 * 86_400), sender=owner)
    id = buy(collection, buyer, plan)
    collection.renew(id, plan, 0)
    with boa.reverts("pass: too far ahead"):
        collection.renew(id, plan, 0)
    assert collection.expiresAt(id) < NO_EXPIRY


# ----- take-over -----


@CLONES
def test_initialiser_cannot_be_front_run(access, setup, stranger):
    """The address commits to sender and set-up: whoever copies them makes what was meant."""
    meant = access.factory.predict(boa.env.eoa, setup, bytes(32))
    stolen = setup._replace(owner=stranger, revenue=stranger)
    for attempt in (setup, stolen):
        assert access.factory.create(attempt, bytes(32), sender=stranger) != meant
    collection = create_collection(access, setup)
    assert collection.address == meant
    with boa.reverts("pass: initialized"):
        collection.initialize(stolen, sender=stranger)
    assert collection.owner() == setup.owner


def test_implementation_cannot_be_taken_over(access, setup, stranger, in_a_month):
    """Parity's wallet library, 2017."""
    implementation = access.implementation
    with boa.reverts("pass: initialized"):
        implementation.initialize(setup._replace(owner=stranger), sender=stranger)
    assert (implementation.owner(), implementation.pendingOwner()) == (ZERO, ZERO)
    with boa.env.prank(stranger):
        for call in (
            lambda: implementation.grant(stranger, in_a_month),
            lambda: implementation.create_plan(Terms()),
            lambda: implementation.transferOwnership(stranger),
            lambda: implementation.announce_revenue(stranger),
            lambda: implementation.set_base_uri(""),
        ):
            with boa.reverts("pass: not owner"):
                call()
        with boa.reverts("pass: not candidate"):
            implementation.acceptOwnership()
        with boa.reverts("pass: unknown plan"):
            implementation.mint(stranger, 1, 0)


def test_factory_keeps_no_power(access, collection, stranger, in_a_month):
    for account in (access.factory.address, boa.env.eoa):
        with boa.reverts("pass: not owner"):
            collection.grant(stranger, in_a_month, sender=account)


def test_collections_share_no_state(access, setup, collection, buyer):
    other = create_collection(access, setup, b"\x01" * 32)
    id = buy(collection, buyer)
    assert collection.valid_holder(buyer) and not other.valid_holder(buyer)
    with boa.reverts("pass: unknown id"):
        other.ownerOf(id)


# ----- metadata -----


def test_script_and_quotes_in_names_stay_out_of_uris(access, setup, buyer):
    """With a base URI; JSON on chain: see tests/property/test_access_renderer.py."""
    evil = '"},<script>alert(1)</script>'
    collection = create_collection(access, setup._replace(name=evil, symbol='"\\<x>'))
    id = buy(collection, buyer)
    assert collection.name() == evil and collection.symbol() == '"\\<x>'
    assert collection.tokenURI(id) == f"{setup.base_uri}{id}"
    assert collection.contractURI() == f"{setup.base_uri}collection"


# ----- the hook -----


def test_acc_6_the_hook_sees_money_and_counters_settled(collection, receiver, buyer, friend):
    batch = [receiver.address, friend, receiver.address]
    collection.mint_many(batch, ETH, PRICE, value=3 * PRICE, sender=buyer)
    assert receiver.balance_seen() == 2  # also in the first of its two hooks: see below
    assert receiver.funds_seen() == 3 * PRICE
    assert receiver.valid_seen()


def test_acc_6_the_first_hook_of_a_batch_sees_all_of_it(collection, receiver, buyer, friend):
    probe = collection.ownerOf.prepare_calldata((ETH << 32) + 2)  # the one after its own
    receiver.then_call(collection.address, probe, 0)
    collection.mint_many([receiver.address, friend], ETH, PRICE, value=2 * PRICE, sender=buyer)
    assert receiver.call_succeeded()


def test_hook_may_pass_the_pass_on(collection, receiver, buyer, friend):
    id = (ETH << 32) + 1
    move = collection.transferFrom.prepare_calldata(receiver.address, friend, id)
    receiver.then_call(collection.address, move, 0)
    assert buy(collection, buyer, to=receiver.address) == id
    assert collection.ownerOf(id) == friend
    assert (collection.balanceOf(receiver), collection.balanceOf(friend)) == (0, 1)


# ----- the gate -----


@pytest.fixture
def gate(access):
    return access.gate


def test_naive_not_over_a_dead_token_lets_nobody_in(gate, collection, stranger):
    dead = boa.env.generate_address("dead token")
    rule = [erc20_term(dead, 1, negated=True)]
    assert gate.evaluate(stranger, rule) == Value.ERROR
    assert not gate.check(stranger, gate.register(rule))


def test_token_that_dies_later_closes_the_gate(gate, token, buyer):
    id = gate.register([erc20_term(token, 10**18, negated=True)])
    assert gate.check(buyer, id)
    boa.env.set_code(token.address, b"")
    assert not gate.check(buyer, id)


def test_huge_return_data_costs_its_sender_only(gate, stranger):
    bomb = boa.env.generate_address("bomb")
    boa.env.set_code(bomb, answering(1, 2**17))
    rule = [erc20_term(bomb, 1, opens=True)] * 16
    id = gate.register(rule)
    assert not gate.check(stranger, id, gas=2_000_000)
    boa.env.set_code(bomb, BURNING)
    assert not gate.check(stranger, id, gas=2_000_000)


def test_precompile_is_no_token(gate):
    """SHA-256 and others answer one word to anything: a balance that everybody has."""
    for number in (1, 2, 4, 0x100, 2**16):
        with boa.reverts("gate: target out of range"):
            gate.register([erc20_term(f"0x{number:040x}", 1)])


@pytest.mark.parametrize("negated", [False, True])
def test_starved_caller_gets_a_revert_or_the_same_answer(gate, negated):
    """A token that needs most of its gas: with less it fails, and the gate does not take
    that for an answer."""
    account = boa.env.generate_address("account")
    spender = boa.env.generate_address("dear token")
    # touch memory at 160,000 (about 64,000 gas); return 1
    boa.env.set_code(spender, bytes.fromhex("5f620271005260015f5260205ff3"))
    rule = [erc20_term(spender, 1, negated=negated)]
    id = gate.register(rule)
    expected = gate.check(account, id)
    assert expected is not negated
    assert gate.explain(account, id) == [Value.NO if negated else Value.YES]
    answers = set()
    for gas in range(2_000, 200_000, 1_500):
        try:
            answers.add(gate.check(account, id, gas=gas))
        except boa.BoaError:
            answers.add(None)
    assert answers == {expected, None}


def test_starved_registration_cannot_spoil_an_id(gate):
    """With little gas the rule's contract would be empty and its address taken for ever."""
    terms = [erc20_term(boa.env.generate_address(), n) for n in range(1, 17)]
    enough = 0
    for gas in range(60_000, 500_000, 4_000):
        with boa.env.anchor():
            try:
                gate.register(terms, gas=gas)
                assert gate.rule(rule_id(terms)) == terms
                enough += 1
            except boa.BoaError:
                with boa.reverts("gate: unknown rule"):
                    gate.rule(rule_id(terms))
    assert enough > 0
    gate.register(terms)
    assert gate.rule(rule_id(terms)) == terms


def test_borrowed_balance_opens_a_balance_term(gate, token, buyer, stranger):
    """Known and documented: uses that move value ask for past votes or a soulbound pass."""
    rule = [erc20_term(token, TOKENS)]
    assert gate.evaluate(stranger, rule) == Value.NO
    token.transfer(stranger, TOKENS, sender=buyer)
    assert gate.evaluate(stranger, rule) == Value.YES
    token.transfer(buyer, TOKENS, sender=stranger)
    assert gate.evaluate(stranger, rule) == Value.NO


def test_borrowed_pass_opens_a_pass_term(gate, collection, buyer, stranger):
    """Known and documented: sent, or rented out, and back in the same second."""
    id = buy(collection, buyer)
    rule = [pass_term(collection)]
    collection.transferFrom(buyer, stranger, id, sender=buyer)
    assert gate.evaluate(stranger, rule) == Value.YES
    collection.transferFrom(stranger, buyer, id, sender=stranger)
    collection.setUser(id, stranger, boa.env.timestamp + 1, sender=buyer)
    assert gate.evaluate(stranger, rule) == Value.YES
    collection.setUser(id, ZERO, 0, sender=buyer)
    assert gate.evaluate(buyer, rule) == Value.YES


def test_soulbound_pass_cannot_be_borrowed(gate, collection, owner, buyer, stranger):
    plan = collection.create_plan(Terms(price=PRICE, soulbound=True), sender=owner)
    id = buy(collection, buyer, plan)
    with boa.reverts("pass: soulbound"):
        collection.transferFrom(buyer, stranger, id, sender=buyer)
    with boa.reverts("pass: soulbound"):
        collection.setUser(id, stranger, boa.env.timestamp + 1, sender=buyer)
    assert gate.evaluate(stranger, [pass_term(collection)]) == Value.NO


def test_expired_pass_opens_a_plain_erc721_term_but_no_pass_term(gate, collection, buyer):
    buy(collection, buyer)
    boa.env.time_travel(seconds=MONTH)
    assert gate.evaluate(buyer, [erc721_term(collection)]) == Value.YES
    assert gate.evaluate(buyer, [pass_term(collection)]) == Value.NO
