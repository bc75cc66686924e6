"""Forwarder and its factory under attack."""

import boa
import pytest

from tests.support.compiled import deployer
from tests.support.forwarders import NO_SALT, forwarder_at, forwarder_code, owned_terms
from tests.support.income import (
    ETH,
    Mode,
    Odd,
    balance,
    new_odd_token,
    new_recipient,
    new_token,
    receive,
    where_done,
)
from tests.support.names import GRACE, now

STIPEND = 2_300


@pytest.fixture
def moved():
    return boa.env.generate_address("moved")


@pytest.fixture
def names(forwarding):
    return forwarding.world.names


def attempts(forwarder, token=ETH):
    other = boa.env.generate_address("other")
    return [
        forwarder.flush.prepare_calldata(token),
        forwarder.flush_many.prepare_calldata([token]),
        forwarder.retarget.prepare_calldata(other, []),
        forwarder.transferOwnership.prepare_calldata(other),
        forwarder.acceptOwnership.prepare_calldata(),
    ]


# Receiving


def test_attack_eth_within_the_stipend_of_transfer(forwarder, follower):
    """`transfer` and `send` of old contracts give 2,300 gas and no more."""
    for it in (forwarder, follower):
        boa.env.set_balance(boa.env.eoa, 7)
        paid = boa.env.execute_code(it.address, value=7, gas=STIPEND)
        assert paid.is_success
        assert paid.get_gas_used() < 50
        assert balance(ETH, it) == 7


def test_attack_eth_by_selfdestruct_is_income(forwarder, target):
    boa.env.set_balance(boa.env.eoa, 20)
    deployer("ForcedEther").deploy(forwarder, value=20)
    assert forwarder.flush(ETH) == 20
    assert balance(ETH, target) == 20


# A change of target and the money that came before


def test_attack_change_of_target_in_front_of_a_flush_takes_nothing_named(
    forwarder, owner, target, moved, token
):
    receive(forwarder, ETH, 10)
    receive(forwarder, token, 10)
    forwarder.retarget(moved, [token], sender=owner)
    assert forwarder.flush(ETH, sender=target) == 0
    assert forwarder.flush(token, sender=target) == 0
    assert (balance(ETH, target), token.balanceOf(target)) == (10, 10)
    assert (balance(ETH, moved), token.balanceOf(moved)) == (0, 0)


def test_attack_owner_cannot_leave_eth_out(forwarder, owner, target, moved):
    receive(forwarder, ETH, 10)
    forwarder.retarget(moved, [], sender=owner)
    assert (balance(ETH, target), balance(ETH, forwarder)) == (10, 0)


def test_attack_owner_who_starves_the_old_target_keeps_nothing(forwarding, owner, moved):
    """Too little gas is no refusal: it reverts, or the old target is paid."""
    hungry = new_recipient()
    hungry.need(118_000)
    forwarder = forwarding.to_address(owner, hungry)
    receive(forwarder, ETH, 10)
    for _ in where_done(range(60_000, 300_000, 4_000), forwarder.retarget, moved, [], sender=owner):
        assert (balance(ETH, hungry), balance(ETH, forwarder)) == (10, 0)


def test_attack_owner_who_starves_a_token_keeps_nothing(forwarder, owner, target, moved):
    token = deployer("RawToken").deploy()
    token.behave((1).to_bytes(32, "big"), True, 490_000)
    receive(forwarder, token, 10)
    for _ in where_done(
        range(400_000, 800_000, 8_000), forwarder.retarget, moved, [token], sender=owner
    ):
        assert token.balanceOf(target) == 10


def test_attack_starved_owner_is_told_so(forwarder, owner, moved):
    receive(forwarder, ETH, 10)
    with boa.reverts("income: too little gas"):
        forwarder.retarget(moved, [], sender=owner, gas=150_000)


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.BURN, Mode.BOMB])
def test_attack_old_target_cannot_hold_the_owner(forwarding, owner, moved, mode):
    """It costs its allowance at most, and what it refuses goes along."""
    wallet, token = new_recipient(mode), new_odd_token()
    token.hook(wallet)
    forwarder = forwarding.to_address(owner, wallet)
    receive(forwarder, ETH, 10)
    receive(forwarder, token, 10)
    forwarder.retarget(moved, [token], sender=owner, gas=1_000_000)
    forwarder.flush_many([ETH, token])
    assert (balance(ETH, moved), token.balanceOf(moved)) == (10, 10)


def test_attack_sixteen_burning_tokens_still_fit_one_transaction(forwarding, owner, moved):
    burner = new_recipient(Mode.BURN)
    forwarder = forwarding.to_address(owner, burner)
    tokens = [new_odd_token() for _ in range(16)]
    for token in tokens:
        token.hook(burner)
        receive(forwarder, token, 10)
    receive(forwarder, ETH, 10)
    forwarder.retarget(moved, tokens, sender=owner, gas=16_777_216 - 30_000)
    assert forwarder.target() == moved


# Names


def test_attack_expired_name_pays_neither_owner_nor_stranger(follower, names, node, forwarding):
    """The registry says zero: nobody is paid, least of all the zero address."""
    receive(follower, ETH, 10)
    boa.env.time_travel(seconds=names.info(node).expiry - now())
    assert names.owner(node) == ETH
    with boa.reverts("income: name in grace"):
        follower.flush(ETH)
    assert (balance(ETH, follower), balance(ETH, ETH)) == (10, 0)


def test_attack_money_of_a_lapsed_name_is_not_for_who_registers_it(
    follower, names, node, fallback, forwarding
):
    receive(follower, ETH, 10)
    boa.env.time_travel(seconds=names.info(node).expiry - now() + GRACE)
    sniper = boa.env.generate_address("sniper")
    forwarding.world.register("alice", sniper)
    assert follower.flush(ETH, sender=sniper) == 10
    assert (balance(ETH, fallback), balance(ETH, sniper)) == (10, 0)


def test_attack_buyer_who_gives_the_name_back_revives_nothing(follower, names, node, owner):
    buyer = boa.env.generate_address("buyer")
    epoch = names.epoch(node)
    names.setOwner(node, buyer, sender=owner)
    names.setOwner(node, owner, sender=buyer)
    assert names.epoch(node) > epoch
    assert follower.target() == follower.bound()[2]


def test_attack_starving_the_look_up_pays_no_fallback(follower, names, node, owner, fallback):
    """No limit of gas makes a living name look dead."""
    receive(follower, ETH, 10)
    for _ in where_done(range(3_000, 90_000, 1_000), follower.flush, ETH):
        assert (balance(ETH, owner), balance(ETH, fallback)) == (10, 0)


def test_attack_name_that_resolves_to_the_forwarder_reverts(follower, forwarding, node, owner):
    """A payment to itself would be logged for ever and pay nobody."""
    forwarding.world.resolver.setAddr(node, follower, sender=owner)
    receive(follower, ETH, 10)
    for call in (follower.target, lambda: follower.flush(ETH)):
        with boa.reverts("income: pays itself"):
            call()
    forwarding.world.resolver.setAddr(node, owner, sender=owner)
    assert follower.flush(ETH) == 10


@pytest.mark.parametrize(
    ("mode", "answer"),
    [
        (1, b""),
        (1, bytes(12) + b"\1" * 20),
        (2, b""),
        (3, b""),
        (0, b""),
        (0, b"\1" * 20),
        (0, b"\1" * 31),
        (0, bytes(32)),
        (0, b"\1" * 32),
        (0, bytes(11) + b"\1" * 21),
        (0, bytes(12) + b"\1" * 20 + b"\0"),
        (0, bytes(12) + b"\1" * 84),
        (4, bytes(12) + b"\1" * 20),
    ],
)
def test_attack_resolver_that_refuses_burns_bombs_or_answers_no_address(
    follower, names, node, owner, mode, answer
):
    odd = deployer("OddResolver").deploy()
    odd.behave(mode, answer)
    names.setResolver(node, odd, sender=owner)
    receive(follower, ETH, 10)
    with boa.reverts("income: name unresolved"):
        follower.flush(ETH, gas=10_000_000)
    assert balance(ETH, follower) == 10


def test_attack_resolver_cannot_call_back(follower, names, node, owner, forwarding):
    """It is asked by a static call: writing, its answer is lost."""
    odd = deployer("OddResolver").deploy()
    payee = bytes(12) + b"\1" * 20
    odd.behave(4, payee)
    names.setResolver(node, odd, sender=owner)
    with boa.reverts("income: name unresolved"):
        follower.target()
    odd.behave(0, payee)
    assert int(follower.target(), 16) == int.from_bytes(payee, "big")


# Re-entrancy


@pytest.mark.parametrize("attempt", range(5))
def test_attack_reentering_from_eth_gains_nothing(forwarding, owner, attempt):
    thief = new_recipient()
    forwarder = forwarding.to_address(owner, thief)
    receive(forwarder, ETH, 10)
    thief.reenter_with(forwarder, attempts(forwarder)[attempt])
    forwarder.flush(ETH)
    assert (thief.reentered(), thief.stopped()) == (0, 1)
    assert balance(ETH, thief) == 10


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("attempt", range(5))
def test_attack_reentering_from_an_erc777_hook_gains_nothing(forwarding, attempt, across):
    """The thief is owner and target, and would change the target inside the payment."""
    thief, token = new_recipient(), new_odd_token()
    forwarder = forwarding.to_address(thief, thief)
    token.hook(thief)
    receive(forwarder, token, 10)
    receive(forwarder, ETH, 10)
    asset = ETH if across else token
    thief.reenter_with(forwarder, attempts(forwarder, asset)[attempt])
    forwarder.flush_many([token])
    assert (thief.reentered(), thief.stopped()) == (0, 1)
    assert (token.balanceOf(thief), balance(ETH, forwarder)) == (10, 10)


def test_attack_reentering_while_the_target_changes_gains_nothing(forwarding, moved):
    thief, token = new_recipient(), new_odd_token()
    forwarder = forwarding.to_address(thief, thief)
    token.hook(thief)
    receive(forwarder, ETH, 10)
    receive(forwarder, token, 10)
    thief.reenter_with(forwarder, forwarder.retarget.prepare_calldata(thief, []))
    change = forwarder.retarget.prepare_calldata(moved, [token])
    thief.execute(forwarder, change)
    assert (thief.reentered(), thief.stopped()) == (0, 2)
    assert forwarder.target() == moved
    assert (balance(ETH, thief), token.balanceOf(thief)) == (10, 10)


# Payees and tokens


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.BURN, Mode.BOMB])
def test_attack_hostile_payee_reverts_and_costs_nothing_but_gas(forwarding, owner, mode):
    forwarder = forwarding.to_address(owner, new_recipient(mode))
    receive(forwarder, ETH, 10)
    with boa.reverts("income: payment refused"):
        forwarder.flush(ETH, gas=4_000_000)
    assert balance(ETH, forwarder) == 10


@pytest.mark.parametrize(
    "answer",
    [(2).to_bytes(32, "big"), b"\xff" * 32, b"\1", bytes(31), bytes(96), b"\1" + bytes(31)],
)
def test_attack_answer_that_is_not_true_is_a_refusal(forwarder, answer):
    token = deployer("RawToken").deploy()
    token.behave(answer, False, 0)
    receive(forwarder, token, 10)
    with boa.reverts("income: payment refused"):
        forwarder.flush(token)


def test_attack_token_that_lies_harms_no_other(forwarder, target, token):
    liar = deployer("RawToken").deploy()
    liar.behave((1).to_bytes(32, "big"), False, 0)
    receive(forwarder, liar, 10)
    receive(forwarder, token, 10)
    assert forwarder.flush(liar) == forwarder.flush(liar) == 10
    assert forwarder.flush(token) == 10
    assert token.balanceOf(target) == 10


def test_attack_blacklisted_target_is_left(forwarder, owner, target, moved):
    token = new_odd_token(Odd.NO_ANSWER)
    token.block(target, True)
    receive(forwarder, token, 10)
    with boa.reverts("income: payment refused"):
        forwarder.flush(token)
    forwarder.retarget(moved, [token], sender=owner)
    forwarder.flush(token)
    assert token.balanceOf(moved) == 10


def test_attack_paused_token_waits(forwarder, target):
    token = new_odd_token()
    token.pause(True)
    receive(forwarder, token, 10)
    with boa.reverts("income: payment refused"):
        forwarder.flush(token)
    token.pause(False)
    assert forwarder.flush(token) == 10


@pytest.mark.parametrize("index", [10**18 // 2, 3 * 10**18])
def test_attack_rebase_in_between_forwards_what_is_there(forwarder, target, index):
    token = deployer("RebasingToken").deploy()
    receive(forwarder, token, 20)
    token.rebase(index)
    assert forwarder.flush(token) == 20 * index // 10**18
    assert token.balanceOf(forwarder) == 0


def test_attack_two_forwarders_in_a_circle_lose_nothing(forwarding, owner, target):
    """Anyone may send the money round; the owner breaks the circle, and it is all there."""
    first = forwarding.to_address(owner, target)
    second = forwarding.to_address(owner, first)
    first.retarget(second, [], sender=owner)
    receive(first, ETH, 10)
    for _ in range(3):
        first.flush(ETH)
        second.flush(ETH)
    assert balance(ETH, first) == 10
    second.retarget(target, [], sender=owner)
    first.flush(ETH)
    second.flush(ETH)
    assert balance(ETH, target) == 10


# Calldata, clones and the implementation


@pytest.mark.parametrize("sent", [1, 2, 3, 4, 20, 35])
def test_attack_short_calldata_is_not_completed_by_the_terms(forwarder, sent):
    receive(forwarder, ETH, 10)
    data = forwarder.flush.prepare_calldata(ETH)
    assert boa.env.execute_code(forwarder.address, data=data[:sent]).is_error
    assert boa.env.execute_code(forwarder.address, data=data).is_success


def test_attack_spoofed_trailing_calldata_is_not_read_as_terms(forwarder, target, stranger):
    receive(forwarder, ETH, 10)
    spoofed = forwarder.flush.prepare_calldata(ETH) + owned_terms(stranger, stranger)
    assert boa.env.execute_code(forwarder.address, sender=stranger, data=spoofed).is_success
    assert (balance(ETH, target), balance(ETH, stranger)) == (10, 0)
    spoofed = forwarder.retarget.prepare_calldata(stranger, []) + owned_terms(stranger, stranger)
    assert boa.env.execute_code(forwarder.address, sender=stranger, data=spoofed).is_error


def test_attack_direct_calls_to_the_implementation_revert(forwarding, stranger):
    implementation = forwarding.implementation
    views = ["target", "bound", "owner", "pendingOwner"]
    calls = [
        *attempts(implementation),
        *[getattr(implementation, view).prepare_calldata() for view in views],
        implementation.pending.prepare_calldata(ETH),
    ]
    boa.env.set_balance(implementation.address, 10)
    for call in calls:
        for data in (call, call + owned_terms(stranger, stranger)):
            answer = boa.env.execute_code(implementation.address, sender=stranger, data=data)
            assert answer.is_error
            assert b"income: not a forwarder" in answer.output
    assert boa.env.get_balance(implementation.address) == 10


def test_attack_plain_eth_to_the_implementation_reverts(forwarding):
    boa.env.set_balance(boa.env.eoa, 1)
    assert boa.env.execute_code(forwarding.implementation.address, value=1).is_error


def test_attack_clone_of_the_same_code_from_elsewhere_is_no_forwarder(forwarding, owner, stranger):
    code = forwarder_code(forwarding.implementation.address, owned_terms(owner, stranger))
    copy, _ = boa.env.deploy_code(bytecode=bytes.fromhex("606a8060095f395ff3") + code)
    assert boa.env.get_code(copy) == code
    assert forwarder_at(copy).target() == stranger
    assert not forwarding.factory.is_forwarder(copy, NO_SALT)


def test_attack_owner_and_name_cannot_be_mistaken_for_one_another(forwarding, owner, target):
    """A node that reads as an address is still a node: the epoch, never zero, tells."""
    node = bytes(12) + bytes.fromhex(owner[2:])
    named = forwarding.to_name(node, target, 1)
    owned = forwarding.to_address(owner, target)
    assert named.address != owned.address
    assert named.owner() == ETH
    with boa.reverts("income: not owner"):
        named.retarget(owner, [], sender=owner)


def test_attack_front_run_creation_changes_nothing(forwarding, owner, target, stranger):
    made = forwarding.factory.create(owner, target, NO_SALT, sender=stranger)
    assert forwarding.factory.create(owner, target, NO_SALT) == made
    assert forwarder_at(made).owner() == owner


def test_attack_name_sold_before_its_forwarder_is_made_strands_nothing(
    forwarding, names, node, owner, fallback
):
    epoch = names.epoch(node)
    shared = forwarding.factory.predict_for_name(node, epoch, fallback, NO_SALT)
    boa.env.set_balance(shared, 10)
    names.setOwner(node, boa.env.generate_address("buyer"), sender=owner)
    assert forwarding.to_name(node, fallback, epoch).address == shared
    assert forwarder_at(shared).flush(ETH) == 10
    assert balance(ETH, fallback) == 10


def test_attack_token_worth_nothing_beside_one_of_worth(forwarder, target):
    """A token that burns all gas spoils a `flush_many`; each can be flushed alone."""
    bad, good = deployer("RawToken").deploy(), new_token()
    bad.behave(b"", True, 10**9)
    for token in (bad, good):
        receive(forwarder, token, 10)
    with boa.reverts("income: payment refused"):
        forwarder.flush_many([good, bad])
    assert forwarder.flush(good) == 10
    assert good.balanceOf(target) == 10
