"""Passes by a voucher that the creator signed (ACC-5), and what hands over ends."""

import boa
import pytest
from eth_account import Account

from tests.support.access import (
    DAY,
    MONTH,
    ZERO,
    Setup,
    Terms,
    Voucher,
    create_collection,
    given,
    logged,
    pass_id,
    signed,
)
from tests.support.compiled import deployer
from tests.unit.access.conftest import ETH, FREE, PRICE, SCARCE, TOKEN

CREATOR = Account.from_key(b"\x01" * 32)
CHEAP = PRICE // 2


@pytest.fixture
def owner():
    return CREATOR.address


@pytest.fixture
def voucher(buyer):
    return Voucher(buyer, ETH, CHEAP, deadline=boa.env.timestamp + DAY, nonce=300)


def redeem(collection, voucher, sender, *, epoch=1, signer=CREATOR, paid=None, **changed):
    """What was signed for `voucher`, and redeemed with some of it changed."""
    signature = signed(signer, collection, voucher, epoch)
    used = voucher._replace(**changed)
    value = used.price * used.quantity if paid is None else paid
    return collection.redeem(given(used), signature, value=value, sender=sender)


def test_redeem(collection, voucher, buyer, friend, stranger):
    signature = signed(CREATOR, collection, voucher, 1)
    call = (given(voucher), signature, friend)
    id = collection.redeem(*call, value=CHEAP, sender=stranger)
    assert logged(collection) == [
        ("VoucherSpent", 1, 300),
        ("Transfer", ZERO, buyer, id),
        ("SubscriptionUpdate", id, boa.env.timestamp + MONTH),
        ("Purchased", id, stranger, friend, CHEAP),
    ]
    assert id == pass_id(ETH, 1) and collection.valid_holder(buyer)
    assert boa.env.get_balance(collection.address) == CHEAP
    assert collection.spent(300) and not collection.spent(44) and not collection.spent(301)


def test_redeem_several_for_tokens(collection, token, buyer):
    voucher = Voucher(buyer, TOKEN, 7, str(token.address), 32)
    collection.redeem(given(voucher), signed(CREATOR, collection, voucher, 1), sender=buyer)
    assert collection.balanceOf(buyer) == 32 and token.balanceOf(collection) == 32 * 7


def test_redeem_twice_reverts(collection, voucher, buyer):
    redeem(collection, voucher, buyer)
    with boa.reverts("pass: voucher is void"):
        redeem(collection, voucher, buyer)
    with boa.reverts("pass: voucher is void"):  # another with the same nonce
        redeem(collection, voucher._replace(price=1), buyer)
    redeem(collection, voucher._replace(nonce=301), buyer)


@pytest.mark.parametrize("nonce", [0, 255, 256, 2**256 - 1])
def test_nonces_are_unordered(collection, voucher, buyer, nonce):
    redeem(collection, voucher._replace(nonce=nonce), buyer)
    assert collection.spent(nonce)


def test_redeem_until_the_second_of_the_deadline(collection, voucher, buyer):
    boa.env.timestamp = voucher.deadline
    with boa.env.anchor():
        redeem(collection, voucher, buyer)
    boa.env.timestamp += 1
    with boa.reverts("pass: voucher too late"):
        redeem(collection, voucher, buyer)


@pytest.mark.parametrize(
    "changed",
    [
        {"recipient": ZERO},
        {"plan": FREE},
        {"price": CHEAP - 1},
        {"quantity": 2},
        {"deadline": 2**40},
        {"nonce": 1},
    ],
)
def test_redeem_of_a_changed_voucher_reverts(collection, voucher, buyer, changed):
    with boa.reverts("pass: bad signature"):
        redeem(collection, voucher, buyer, **changed)


def test_redeem_signed_by_another_reverts(collection, voucher, buyer):
    with boa.reverts("pass: bad signature"):
        redeem(collection, voucher, buyer, signer=Account.from_key(b"\x02" * 32))


@pytest.mark.parametrize("paid", [0, CHEAP - 1, CHEAP + 1, PRICE])
def test_redeem_for_another_sum_reverts(collection, voucher, buyer, paid):
    with boa.reverts("pass: not the price"):
        redeem(collection, voucher, buyer, paid=paid)


def test_redeem_in_another_currency_reverts(collection, voucher, token, buyer):
    with boa.reverts("pass: wrong currency"):
        redeem(collection, voucher._replace(currency=str(token.address)), buyer)
    with boa.reverts("pass: wrong currency"):
        redeem(collection, voucher._replace(plan=TOKEN), buyer)


def test_redeem_of_unknown_plan_reverts(collection, voucher, buyer):
    with boa.reverts("pass: unknown plan"):
        redeem(collection, voucher._replace(plan=9), buyer)


def test_redeem_of_bad_quantity_reverts(collection, voucher, buyer):
    with boa.reverts("pass: no recipients"):
        redeem(collection, voucher._replace(quantity=0), buyer)
    with boa.reverts("pass: too many"):
        redeem(collection, voucher._replace(quantity=33, price=0), buyer)


def test_redeem_above_any_price_reverts(collection, voucher, buyer):
    with boa.reverts("pass: price out of range"):
        redeem(collection, voucher._replace(price=2**112), buyer, paid=0)


def test_voucher_passes_no_limit_and_no_cap(collection, voucher, buyer, friend):
    many = voucher._replace(plan=SCARCE, quantity=2)
    redeem(collection, many, buyer)
    with boa.reverts("pass: limit reached"):
        redeem(collection, many._replace(nonce=1, quantity=1), buyer)
    with boa.reverts("pass: sold out"):
        redeem(collection, many._replace(nonce=2, recipient=friend), buyer)
    assert not collection.spent(1) and not collection.spent(2)


def test_voucher_to_contract_asks_it(collection, voucher, receiver, buyer):
    receiver.refuse()
    with boa.reverts("pass: receiver refused"):
        redeem(collection, voucher._replace(recipient=receiver.address), buyer)


def test_refund_of_a_voucher_is_of_its_price(collection, owner, voucher, buyer):
    plan = collection.create_plan(Terms(price=PRICE, refundable=True), sender=owner)
    id = redeem(collection, voucher._replace(plan=plan), buyer)
    assert collection.refundable(id) == (ZERO, CHEAP) and collection.held(ZERO) == CHEAP


# ----- cancelling -----


def test_cancelled_voucher_reverts(collection, owner, voucher, buyer):
    collection.cancel_voucher(300, sender=owner)
    assert logged(collection) == [("VoucherSpent", 1, 300)]
    with boa.reverts("pass: voucher is void"):
        redeem(collection, voucher, buyer)
    with boa.reverts("pass: voucher is void"):
        collection.cancel_voucher(300, sender=owner)


def test_cancel_by_another_reverts(collection, buyer):
    with boa.reverts("pass: not owner"):
        collection.cancel_voucher(300, sender=buyer)


# ----- replay (ATTACKS.md: chain, collection, recipient, time, malleability) -----


def test_replay_on_another_chain_reverts(collection, voucher, buyer):
    signature = signed(CREATOR, collection, voucher, 1)
    boa.env.evm.patch.chain_id, here = 10, boa.env.evm.patch.chain_id
    try:
        with boa.reverts("pass: bad signature"):
            collection.redeem(given(voucher), signature, value=CHEAP, sender=buyer)
    finally:
        boa.env.evm.patch.chain_id = here


def test_replay_on_another_collection_reverts(access, collection, owner, revenue, voucher, buyer):
    other = create_collection(access, Setup(owner, revenue), b"\x07" * 32)
    for source in (collection, access.implementation):
        signature = signed(CREATOR, source, voucher, 1)
        with boa.reverts("pass: bad signature"):
            other.redeem(given(voucher), signature, value=CHEAP, sender=buyer)


def test_implementation_redeems_nothing(access, voucher, buyer):
    signature = signed(CREATOR, access.implementation, voucher, 1)
    with boa.reverts("pass: unknown plan"):
        access.implementation.redeem(given(voucher), signature, value=CHEAP, sender=buyer)


def test_malleable_signature_reverts(collection, voucher, buyer):
    """The other s, v of 0 or 1, a byte too many: no second form works."""
    r_s_v = signed(CREATOR, collection, voucher, 1)
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    s, v = int.from_bytes(r_s_v[32:64], "big"), r_s_v[64]
    forms = [
        r_s_v[:32] + (order - s).to_bytes(32, "big") + bytes([55 - v]),
        r_s_v[:64] + bytes([v - 27]),
        r_s_v + b"\x00",
        r_s_v[:64],
        b"",
    ]
    for form in forms:
        with boa.reverts("pass: bad signature"):
            collection.redeem(given(voucher), form, value=CHEAP, sender=buyer)
    collection.redeem(given(voucher), r_s_v, value=CHEAP, sender=buyer)


def test_reentry_cannot_redeem_twice(collection, voucher, receiver, buyer):
    voucher = voucher._replace(recipient=receiver.address)
    signature = signed(CREATOR, collection, voucher, 1)
    again = collection.redeem.prepare_calldata(given(voucher), signature)
    receiver.then_call(collection.address, again, CHEAP)
    collection.redeem(given(voucher), signature, value=CHEAP, sender=buyer)
    assert not receiver.call_succeeded() and collection.balanceOf(receiver) == 1


# ----- creators that are contracts, and hand-overs -----


def hand_over(collection, owner, candidate):
    collection.transferOwnership(candidate, sender=owner)
    collection.acceptOwnership(sender=candidate)


@pytest.mark.parametrize("mode", ["reverts", "empty", "short", "dirty"])
def test_contract_signs_for_itself(collection, owner, voucher, buyer, mode):
    wallet = deployer("Wallet").deploy(CREATOR.address, "honest")
    hand_over(collection, owner, wallet.address)
    redeem(collection, voucher, buyer, epoch=2)
    bad = deployer("Wallet").deploy(CREATOR.address, mode)
    hand_over(collection, wallet.address, bad.address)
    with boa.reverts("pass: bad signature"):
        redeem(collection, voucher, buyer, epoch=3)


def test_hand_over_voids_vouchers_for_ever(collection, owner, voucher, buyer, friend):
    """Also when the collection comes back to who signed them."""
    hand_over(collection, owner, friend)
    with boa.reverts("pass: bad signature"):
        redeem(collection, voucher, buyer)
    hand_over(collection, friend, owner)
    with boa.reverts("pass: bad signature"):
        redeem(collection, voucher, buyer)
    redeem(collection, voucher, buyer, epoch=3)


def test_nonces_are_the_creators_own(collection, owner, voucher, buyer, friend):
    redeem(collection, voucher, buyer)
    hand_over(collection, owner, friend)
    assert not collection.spent(300)
    hand_over(collection, friend, owner)
    redeem(collection, voucher, buyer, epoch=3)


# ----- delegates -----


def test_delegate_gives_until_its_second(collection, owner, friend, buyer, in_a_month):
    until = boa.env.timestamp + DAY
    collection.set_delegate(friend, until, sender=owner)
    assert logged(collection) == [("DelegateSet", 1, friend, until)]
    assert collection.delegate_until(friend) == until
    boa.env.timestamp = until - 1
    id = collection.grant(buyer, in_a_month, sender=friend)
    collection.grant_many([buyer], in_a_month, sender=friend)
    collection.extend(id, in_a_month + 1, sender=friend)
    boa.env.timestamp = until
    with boa.reverts("pass: not owner"):
        collection.grant(buyer, in_a_month, sender=friend)
    with boa.reverts("pass: not owner"):
        collection.grant_many([buyer], in_a_month, sender=friend)
    with boa.reverts("pass: not owner"):
        collection.extend(id, in_a_month + 2, sender=friend)


def test_delegate_is_ended_at_once(collection, owner, friend, buyer, in_a_month):
    collection.set_delegate(friend, 2**40, sender=owner)
    collection.set_delegate(friend, 0, sender=owner)
    with boa.reverts("pass: not owner"):
        collection.grant(buyer, in_a_month, sender=friend)


def test_delegate_does_nothing_else(collection, owner, friend):
    collection.set_delegate(friend, 2**40, sender=owner)
    calls = [
        (collection.set_delegate, (friend, 2**40)),
        (collection.set_price, (ETH, 0)),
        (collection.cancel_voucher, (1,)),
        (collection.set_sale, (ETH, 0, 0, ZERO, bytes(32))),
        (collection.create_plan, (Terms(),)),
        (collection.announce_revenue, (friend,)),
        (collection.transferOwnership, (friend,)),
    ]
    for call, arguments in calls:
        with boa.reverts("pass: not owner"):
            call(*arguments, sender=friend)


def test_hand_over_voids_delegates_for_ever(collection, owner, friend, buyer, in_a_month):
    collection.set_delegate(friend, 2**40, sender=owner)
    hand_over(collection, owner, buyer)
    assert collection.delegate_until(friend) == 0
    with boa.reverts("pass: not owner"):
        collection.grant(buyer, in_a_month, sender=friend)
    hand_over(collection, buyer, owner)
    with boa.reverts("pass: not owner"):
        collection.grant(buyer, in_a_month, sender=friend)
