"""Collections broken on purpose: each has to be caught by the story of its rule.

A fault takes one rule out of the sources. The stories pass on the honest contract, so
that what catches a fault is the fault.
"""

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import boa
import pytest
from eth_account import Account

from tests.support import faults as planting
from tests.support.access import (
    DAY,
    ETHER,
    MONTH,
    NO_LIMIT,
    ZERO,
    AutoRenew,
    Setup,
    Terms,
    Voucher,
    buy,
    given,
    signed,
)
from tests.support.compiled import deployer
from tests.support.faults import CAUGHT, Edit, refused

pytestmark = pytest.mark.filterwarnings("ignore:casted bytecode")  # boa, of clones

PASS, TOKEN, FUNDS = "access/Pass.vy", "lib/pass_token.vy", "lib/pass_funds.vy"
KEY, HOLDER = Account.from_key(b"\x01" * 32), Account.from_key(b"\x02" * 32)
PRICE, PLAIN, BACK, COIN, BOUND, SCARCE = ETHER, 1, 2, 3, 4, 5


class World:
    """A creator with a key, buyers with money, a plan of each sort."""

    def __init__(self) -> None:
        implementation = deployer("Pass").deploy(deployer("PassRenderer").deploy())
        self.factory = deployer("PassFactory").deploy(implementation)
        self.token = deployer("AccessToken").deploy()
        self.owner, self.holder = KEY.address, HOLDER.address
        self.other, self.stranger = boa.env.generate_address(), boa.env.generate_address()
        self.collection = self.create(bytes(32))
        self.token.create(self.holder, 10_000)
        self.token.approve(self.collection, 2**256 - 1, sender=self.holder)
        for account in (self.holder, self.other, self.stranger):
            boa.env.set_balance(account, 100 * PRICE)

    def create(self, salt: bytes) -> Any:
        plans = (
            Terms(price=PRICE),
            Terms(price=PRICE, referral=2_500, refundable=True),
            Terms(str(self.token.address), 50),
            Terms(price=PRICE, soulbound=True),
            Terms(price=PRICE, limit=1),
        )
        setup = Setup(self.owner, boa.env.generate_address(), plans=plans)
        return deployer("Pass").at(self.factory.create(setup, salt))

    def let_in(self) -> list[bool]:
        people = (self.holder, self.other, self.stranger)
        return [self.collection.valid_holder(account) for account in people]

    def hand_over(self, old: str, new: str) -> None:
        self.collection.transferOwnership(new, sender=old)
        self.collection.acceptOwnership(sender=new)


# ----- stories -----


def self_referral(w: World) -> None:
    buy(w.collection, w.stranger, BACK)
    before = boa.env.get_balance(w.holder)
    id = w.collection.mint(w.holder, BACK, PRICE, w.holder, value=PRICE, sender=w.holder)
    boa.env.time_travel(seconds=1)
    w.collection.refund(id, sender=w.holder)
    w.collection.claim(w.holder, ZERO)
    paid = PRICE - PRICE // 4
    assert boa.env.get_balance(w.holder) == before - paid + paid * (MONTH - 1) // MONTH
    assert not w.collection.valid(id)


def lowered_price(w: World) -> None:
    terms = Terms(str(w.token.address), 50, refundable=True)
    plan = w.collection.create_plan(terms, sender=w.owner)
    id = w.collection.mint(w.holder, plan, 50, sender=w.holder)
    w.collection.set_price(plan, 49, sender=w.owner)
    w.collection.renew(id, plan, 50, sender=w.holder)
    assert w.collection.refundable(id) == (str(w.token.address), 50)


def other_currency(w: World) -> None:
    terms = Terms(str(w.token.address), PRICE, refundable=True)
    plan = w.collection.create_plan(terms, sender=w.owner)
    w.token.create(w.holder, PRICE)
    id = buy(w.collection, w.holder, BACK)
    w.collection.renew(id, plan, PRICE, sender=w.holder)
    assert w.collection.refundable(id) == (ZERO, PRICE)


def junk_in_front(w: World) -> None:
    terms = Terms(str(w.token.address), 1, duration=DAY, refundable=True)
    plan = w.collection.create_plan(terms, sender=w.owner)
    w.token.create(w.stranger, 1)
    w.token.approve(w.collection, 1, sender=w.stranger)
    id = buy(w.collection, w.holder, BACK)
    boa.env.time_travel(seconds=MONTH)
    w.collection.renew(id, plan, 1, sender=w.stranger)
    w.collection.renew(id, BACK, PRICE, value=PRICE, sender=w.holder)
    assert w.collection.refundable(id) == (ZERO, PRICE)


def borrowing(w: World) -> None:
    id = buy(w.collection, w.holder, BACK)
    refused("pass: paid just now", w.collection.refund, id, sender=w.holder)


def places(w: World) -> None:
    terms = Terms(price=PRICE, cap=1, refundable=True)
    plan = w.collection.create_plan(terms, sender=w.owner)
    id = buy(w.collection, w.holder, plan)
    boa.env.time_travel(seconds=1)
    w.collection.refund(id, sender=w.holder)
    call = (buy(w.collection, w.other), plan, PRICE)
    refused("pass: plan not open", w.collection.renew, *call, value=PRICE, sender=w.other)
    buy(w.collection, w.other, plan)
    call = (w.other, plan, PRICE)
    refused("pass: sold out", w.collection.mint, *call, value=PRICE, sender=w.other)


def no_places(w: World) -> None:
    granted = w.collection.grant(w.holder, boa.env.timestamp + 1, sender=w.owner)
    w.collection.renew(granted, BACK, PRICE, value=PRICE, sender=w.holder)
    id = buy(w.collection, w.holder, BACK)
    boa.env.time_travel(seconds=2)
    for each in (id, granted):
        w.collection.refund(each, sender=w.holder)
    assert (w.collection.plan(BACK).terms.cap, w.collection.plan(BACK).minted) == (NO_LIMIT, 1)
    refused("pass: unknown plan", w.collection.plan, 0)


def sweeps(w: World) -> None:
    id = buy(w.collection, w.holder, BACK)
    buy(w.collection, w.holder)
    w.collection.sweep(ZERO)
    boa.env.time_travel(seconds=MONTH // 2)
    w.collection.settle([id])
    w.collection.settle([id])
    w.collection.sweep(ZERO)
    assert boa.env.get_balance(w.collection.address) == PRICE // 2 == w.collection.held(ZERO)
    w.collection.refund(id, sender=w.holder)
    assert w.collection.held(ZERO) == 0


def vouchers(w: World) -> None:
    voucher = Voucher(w.holder, price=0, deadline=boa.env.timestamp + DAY)
    call = (given(voucher), signed(KEY, w.collection, voucher, 1))
    refused("pass: bad signature", w.create(b"\x01" * 32).redeem, *call, sender=w.holder)
    boa.env.evm.patch.chain_id, here = 10, boa.env.evm.patch.chain_id
    try:
        refused("pass: bad signature", w.collection.redeem, *call, sender=w.holder)
    finally:
        boa.env.evm.patch.chain_id = here
    w.collection.redeem(*call, sender=w.holder)
    refused("pass: voucher is void", w.collection.redeem, *call, sender=w.holder)
    fresh = voucher._replace(nonce=1)
    call = (given(fresh), signed(KEY, w.collection, fresh, 1))
    with boa.env.anchor():
        boa.env.timestamp += DAY + 1
        refused("pass: voucher too late", w.collection.redeem, *call, sender=w.holder)
    w.collection.set_delegate(w.stranger, 2**40, sender=w.owner)
    w.hand_over(w.owner, w.other)
    w.hand_over(w.other, w.owner)
    refused("pass: bad signature", w.collection.redeem, *call, sender=w.holder)
    refused(
        "pass: not owner",
        w.collection.grant,
        w.stranger,
        boa.env.timestamp + 1,
        sender=w.stranger,
    )


def orders(w: World) -> None:
    id = w.collection.mint(w.holder, COIN, 50, sender=w.holder)
    order = AutoRenew(id, COIN, 50, str(w.token.address))
    call = (order, 0, signed(HOLDER, w.collection, order, 0))
    refused("pass: order too early", w.collection.auto_renew, *call, sender=w.stranger)
    boa.env.timestamp = w.collection.expiresAt(id) - DAY
    refused("pass: above max price", w.collection.auto_renew, order, 1, call[2], sender=w.stranger)
    w.collection.auto_renew(*call, sender=w.stranger)
    boa.env.timestamp = w.collection.expiresAt(id) - DAY
    w.collection.transferFrom(w.holder, w.other, id, sender=w.holder)
    w.collection.transferFrom(w.other, w.holder, id, sender=w.other)
    refused("pass: bad signature", w.collection.auto_renew, *call, sender=w.stranger)


def rentals(w: World) -> None:
    id, until = buy(w.collection, w.holder), boa.env.timestamp + DAY
    w.collection.setUser(id, w.other, until, sender=w.holder)
    assert w.let_in() == [False, True, False]
    w.collection.transferFrom(w.holder, w.stranger, id, sender=w.holder)
    assert w.let_in() == [False, False, True]
    refused(
        "pass: user outlives pass",
        w.collection.setUser,
        id,
        w.other,
        until + 2 * MONTH,
        sender=w.stranger,
    )


def bound(w: World) -> None:
    id = buy(w.collection, w.holder, BOUND)
    refused("pass: soulbound", w.collection.transferFrom, w.holder, w.other, id, sender=w.holder)
    call = (buy(w.collection, w.holder), BOUND, PRICE)
    refused("pass: plan not open", w.collection.renew, *call, value=PRICE, sender=w.holder)


def limits(w: World) -> None:
    refused(
        "pass: limit reached",
        w.collection.mint_many,
        [w.other] * 2,
        SCARCE,
        PRICE,
        value=2 * PRICE,
        sender=w.other,
    )


def notices(w: World) -> None:
    w.collection.announce_revenue(w.stranger, sender=w.owner)
    refused("pass: notice runs", w.collection.apply_revenue)


# ----- faults -----


class Fault(NamedTuple):
    law: str
    name: str
    story: Callable[[World], None]
    edits: list[Edit]


def fault(
    law: str,
    name: str,
    story: Callable[[World], None],
    path: str,
    old: str,
    new: str = "True",
    near: str = "",
) -> Fault:
    return Fault(law, name, story, [Edit(path, old, new, near)])


DOMAIN = "eip712.VERSION_HASH, chain.id, self)"
MOVED = "(word & (EXPIRY | NONCE))"
CHEAPER = "left <= basis"
PLACES = "(word >> AT_CAP) & MASK_32 not in [0, NO_LIMIT]"
FAULTS = [
    fault("ACC-1", "a limit that forgets", limits, PASS,
          "        self._minted_to[plan][to] = count\n", ""),
    fault("ACC-2", "an owner who rents out gets in", rentals, TOKEN,
          "            return 0\n", "",
          near="return user >> AT_EXPIRY\n            return 0\n"),
    fault("ACC-2", "a user who outlives a transfer", rentals, TOKEN,
          MOVED, "word & (EXPIRY | NONCE | RENTED_OUT)"),
    fault("ACC-2", "a user who outlives the pass", rentals, TOKEN,
          "until <= (word >> AT_EXPIRY) & MASK_40"),
    fault("ACC-3", "an order that works twice", orders, PASS,
          "block.timestamp + order.window >= expiry"),
    fault("ACC-3", "a soulbound pass that moves", bound, TOKEN,
          "    self._check_loose(word)\n", "",
          near="    self._check_loose(word)\n    self._passes[id] = ("),
    fault("ACC-4", "a refund of what was shared", self_referral, PASS, "price - share", "price"),
    fault("ACC-4", "a refund that burns nothing", self_referral, FUNDS,
          "    pass_token._burn(id, holder)\n", ""),
    fault("ACC-4", "a stranger's receipt in the way", junk_in_front, PASS,
          "pass_token._account(before) == payer"),
    fault("ACC-4", "a lower payment ends a refund", lowered_price, FUNDS, CHEAPER),
    fault("ACC-4", "another currency ends a refund", other_currency, FUNDS,
          "self._currencies[old >> AT_PLAN] == currency"),
    fault("ACC-4", "a pass on loan", borrowing, FUNDS, "block.timestamp != since"),
    fault("ACC-1", "a place that is lost", places, PASS,
          "(1 << AT_CAP)", "0", near="closed) + (1 << AT_CAP)"),
    fault("ACC-1", "a place for all renewals", places, PASS, "(word | closed)", "word"),
    fault("ACC-3", "time that was bound, on a pass that moves", bound, PASS,
          "loose", "0", near="(MASK_16 << AT_LIMIT)) | loose"),
    fault("ACC-1", "a cap out of none", no_places, PASS, PLACES, PLACES.replace(", NO_LIMIT", "")),
    fault("ACC-1", "a plan of the grants", no_places, PASS, PLACES, PLACES.replace("0, ", "")),
    fault("ACC-4", "a sweep of what is held", sweeps, PASS,
          "pass_funds._held[token]", "0", near="held: uint256 = pass_funds._held[token]"),
    fault("ACC-4", "settled twice", sweeps, FUNDS,
          "settled | (block.timestamp << AT_SETTLED)", "settled"),
    fault("ACC-4", "a tip above the price agreed", orders, PASS,
          "word & MASK_112 <= order.maxPrice - tip", "word & MASK_112 <= order.maxPrice"),
    fault("ACC-5", "a voucher that stays", vouchers, PASS,
          "    self._spend(epoch, voucher.nonce)\n", ""),
    fault("ACC-5", "a voucher without a deadline", vouchers, PASS,
          "block.timestamp <= voucher.deadline"),
    fault("ACC-5", "a voucher of all collections", vouchers, PASS,
          "self", "_RENDERER.address", near=DOMAIN),
    fault("ACC-5", "a voucher of all chains", vouchers, PASS,
          "chain.id", "convert(1, uint256)", near=DOMAIN),
    fault("ACC-5", "a voucher that outlives its creator", vouchers, PASS,
          "epoch", "convert(1, uint256)", near="abi_encode(VOUCHER, voucher, epoch)"),
    fault("ACC-5", "a delegate who outlives his creator", vouchers, PASS,
          "self._delegates[word >> AT_EPOCH][msg.sender]", "self._delegates[1][msg.sender]"),
    fault("ACC-5", "an order that outlives a transfer", orders, TOKEN,
          "(1 << AT_NONCE)", "0", near="convert(receiver, uint256)) + (1 << AT_NONCE)"),
    fault("notice", "a revenue address without notice", notices, PASS, "block.timestamp >= ready"),
]  # fmt: skip
STORIES = list(dict.fromkeys(it.story for it in FAULTS))


# ----- each is caught -----


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Collections with all faults asleep; boa lays the chain back after each story."""
    with planting.planted(tmp_path_factory, FAULTS, [sys.modules[__name__]], "Pass"):
        yield World()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_collections_pass_the_story(world, story):
    story(world)


@planting.each(FAULTS)
def test_a_fault_is_caught(world, number):
    with planting.awake(number), pytest.raises(CAUGHT):
        FAULTS[number - 1].story(world)


def test_each_law_of_passes_has_a_fault():
    elsewhere = {"ACC-6", "ACC-7"}  # of the hook and of the gate
    laws = {fault.law for fault in FAULTS if fault.law.startswith("ACC")}
    assert laws | elsewhere == {f"ACC-{number}" for number in range(1, 8)}
