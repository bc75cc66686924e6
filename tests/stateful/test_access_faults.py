"""Collections broken on purpose: each has to be caught by the story of its rule.

A fault takes one rule out of the sources. The stories pass on the honest contract, so
that what catches a fault is the fault.
"""

import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import boa
import pytest
from eth_account import Account
from vyper.compiler import compile_code
from vyper.compiler.input_bundle import FilesystemInputBundle
from vyper.compiler.settings import OptimizationLevel, Settings

from tests.support.access import (
    DAY,
    ETHER,
    MONTH,
    ZERO,
    AutoRenew,
    Setup,
    Terms,
    Voucher,
    buy,
    given,
    signed,
)
from tests.support.compiled import ROOT, deployer

PASS, TOKEN, FUNDS = "access/Pass.vy", "lib/pass_token.vy", "lib/pass_funds.vy"
KEY, HOLDER = Account.from_key(b"\x01" * 32), Account.from_key(b"\x02" * 32)
PRICE, PLAIN, BACK, COIN, BOUND, SCARCE = ETHER, 1, 2, 3, 4, 5


class World:
    """A creator with a key, buyers with money, a plan of each sort."""

    def __init__(self, implementation: str) -> None:
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


@contextmanager
def refused() -> Iterator[None]:
    try:
        yield
    except boa.BoaError:
        return
    raise AssertionError("must be refused")


# ----- stories -----


def self_referral(w: World) -> None:
    buy(w.collection, w.stranger, BACK)
    before = boa.env.get_balance(w.holder)
    id = w.collection.mint(w.holder, BACK, PRICE, w.holder, value=PRICE, sender=w.holder)
    w.collection.refund(id, sender=w.holder)
    w.collection.claim(w.holder, ZERO)
    assert boa.env.get_balance(w.holder) == before
    assert not w.collection.valid(id)


def strangers_renewal(w: World) -> None:
    id = buy(w.collection, w.holder, BACK)
    w.collection.set_price(BACK, 1, sender=w.owner)
    w.collection.renew(id, BACK, 1, value=1, sender=w.stranger)
    assert w.collection.refundable(id) == (ZERO, PRICE)


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
    with refused():
        w.create(b"\x01" * 32).redeem(*call, sender=w.holder)
    boa.env.evm.patch.chain_id, here = 10, boa.env.evm.patch.chain_id
    try:
        with refused():
            w.collection.redeem(*call, sender=w.holder)
    finally:
        boa.env.evm.patch.chain_id = here
    w.collection.redeem(*call, sender=w.holder)
    with refused():
        w.collection.redeem(*call, sender=w.holder)
    fresh = voucher._replace(nonce=1)
    call = (given(fresh), signed(KEY, w.collection, fresh, 1))
    with boa.env.anchor(), refused():
        boa.env.timestamp += DAY + 1
        w.collection.redeem(*call, sender=w.holder)
    w.collection.set_delegate(w.stranger, 2**40, sender=w.owner)
    w.hand_over(w.owner, w.other)
    w.hand_over(w.other, w.owner)
    with refused():
        w.collection.redeem(*call, sender=w.holder)
    with refused():
        w.collection.grant(w.stranger, boa.env.timestamp + 1, sender=w.stranger)


def orders(w: World) -> None:
    id = w.collection.mint(w.holder, COIN, 50, sender=w.holder)
    order = AutoRenew(id, COIN, 50, str(w.token.address))
    call = (order, 0, signed(HOLDER, w.collection, order, 0))
    with refused():
        w.collection.auto_renew(*call, sender=w.stranger)
    boa.env.timestamp = w.collection.expiresAt(id) - DAY
    with refused():
        w.collection.auto_renew(order, 1, call[2], sender=w.stranger)
    w.collection.auto_renew(*call, sender=w.stranger)
    boa.env.timestamp = w.collection.expiresAt(id) - DAY
    w.collection.transferFrom(w.holder, w.other, id, sender=w.holder)
    w.collection.transferFrom(w.other, w.holder, id, sender=w.other)
    with refused():
        w.collection.auto_renew(*call, sender=w.stranger)


def rentals(w: World) -> None:
    id, until = buy(w.collection, w.holder), boa.env.timestamp + DAY
    w.collection.setUser(id, w.other, until, sender=w.holder)
    assert w.let_in() == [False, True, False]
    w.collection.transferFrom(w.holder, w.stranger, id, sender=w.holder)
    assert w.let_in() == [False, False, True]
    with refused():
        w.collection.setUser(id, w.other, until + 2 * MONTH, sender=w.stranger)


def bound(w: World) -> None:
    id = buy(w.collection, w.holder, BOUND)
    with refused():
        w.collection.transferFrom(w.holder, w.other, id, sender=w.holder)


def limits(w: World) -> None:
    with refused():
        w.collection.mint_many([w.other] * 2, SCARCE, PRICE, value=2 * PRICE, sender=w.other)


def notices(w: World) -> None:
    w.collection.announce_revenue(w.stranger, sender=w.owner)
    with refused():
        w.collection.apply_revenue()


STORIES = [
    self_referral, strangers_renewal, sweeps, vouchers, orders, rentals, bound, limits, notices,
]  # fmt: skip


# ----- faults -----


class Fault(NamedTuple):
    law: str
    name: str
    story: Callable[[World], None]
    path: str
    old: str
    new: str


FAULTS = [
    Fault("ACC-1", "a limit that forgets", limits, PASS,
          "        self._minted_to[plan][to] = count\n", ""),
    Fault("ACC-2", "an owner who rents out gets in", rentals, TOKEN,
          "                return user >> AT_EXPIRY\n            return 0\n",
          "                return user >> AT_EXPIRY\n"),
    Fault("ACC-2", "a user who outlives a transfer", rentals, TOKEN,
          "(word & (EXPIRY | NONCE))", "(word & (EXPIRY | NONCE | RENTED_OUT))"),
    Fault("ACC-2", "a user who outlives the pass", rentals, TOKEN,
          "self._require(until <= (word >> AT_EXPIRY) & MASK_40,", "self._require(True,"),
    Fault("ACC-3", "an order that works twice", orders, PASS,
          "block.timestamp + order.window >= expiry,", "True,"),
    Fault("ACC-3", "a soulbound pass that moves", bound, TOKEN,
          "    self._check_loose(word)\n    self._passes[id] = (", "    self._passes[id] = ("),
    Fault("ACC-4", "a refund of what was shared", self_referral, PASS,
          "        basis = price - share\n", "        basis = price\n"),
    Fault("ACC-4", "a refund that burns nothing", self_referral, FUNDS,
          "    pass_token._burn(id, holder)\n", ""),
    Fault("ACC-4", "a stranger ends a refund", strangers_renewal, FUNDS,
          "    if by_owner or self._unearned(old, block.timestamp) == 0:\n", "    if True:\n"),
    Fault("ACC-4", "a sweep of what is held", sweeps, PASS,
          "    held: uint256 = pass_funds._held[token]\n", "    held: uint256 = 0\n"),
    Fault("ACC-4", "settled twice", sweeps, FUNDS,
          "settled | (block.timestamp << AT_SETTLED)", "settled"),
    Fault("ACC-4", "a tip above the price agreed", orders, PASS,
          "word & MASK_112 <= order.maxPrice - tip", "word & MASK_112 <= order.maxPrice"),
    Fault("ACC-5", "a voucher that stays", vouchers, PASS,
          "    self._spend(epoch, voucher.nonce)\n", ""),
    Fault("ACC-5", "a voucher without a deadline", vouchers, PASS,
          "pass_token._require(block.timestamp <= voucher.deadline,", "pass_token._require(True,"),
    Fault("ACC-5", "a voucher of all collections", vouchers, PASS,
          "eip712.VERSION_HASH, chain.id, self)", "eip712.VERSION_HASH, chain.id, _RENDERER)"),
    Fault("ACC-5", "a voucher of all chains", vouchers, PASS,
          "eip712.VERSION_HASH, chain.id, self)",
          "eip712.VERSION_HASH, convert(1, uint256), self)"),
    Fault("ACC-5", "a voucher that outlives its creator", vouchers, PASS,
          "abi_encode(VOUCHER, voucher, epoch)",
          "abi_encode(VOUCHER, voucher, convert(1, uint256))"),
    Fault("ACC-5", "a delegate who outlives his creator", vouchers, PASS,
          "self._delegates[word >> AT_EPOCH][msg.sender]:", "self._delegates[1][msg.sender]:"),
    Fault("ACC-5", "an order that outlives a transfer", orders, TOKEN,
          "convert(receiver, uint256)) + (1 << AT_NONCE)", "convert(receiver, uint256))"),
    Fault("notice", "a revenue address without notice", notices, PASS,
          "pass_token._require(block.timestamp >= ready,", "pass_token._require(True,"),
]  # fmt: skip


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    root = tmp_path_factory.mktemp("faulty")
    for folder in ("contracts", "interfaces"):
        shutil.copytree(ROOT / folder, root / folder)
    return root


@pytest.fixture(scope="module")
def renderer():
    return deployer("PassRenderer").deploy().address


@pytest.fixture
def any_size():
    """Broken contracts are compiled in half the time, and so are too large."""
    limit, boa.env.evm.patch.code_size_limit = boa.env.evm.patch.code_size_limit, 2**17
    yield
    boa.env.evm.patch.code_size_limit = limit


def broken(root, fault: Fault | None) -> bytes:
    """The init code of a Pass in which one text was replaced; it must be there exactly once."""
    path = root / "contracts" / (fault.path if fault else PASS)
    honest = path.read_text()
    if fault:
        count = honest.count(fault.old)
        assert count == 1, f"{count} times in the source: {fault.old!r}"
        path.write_text(honest.replace(fault.old, fault.new))
    main = root / "contracts" / PASS
    gc.disable()
    try:
        made = compile_code(
            main.read_text().replace("# pragma optimize codesize\n", ""),
            contract_path="Pass.vy",
            resolved_path=main,
            input_bundle=FilesystemInputBundle([root]),
            output_formats=["bytecode"],
            settings=Settings(optimize=OptimizationLevel.NONE),
        )
    finally:
        gc.enable()
        path.write_text(honest)
    return bytes.fromhex(made["bytecode"][2:])


def world(init_code: bytes, renderer: str) -> World:
    argument = int(renderer, 16).to_bytes(32, "big")
    address, _ = boa.env.deploy_code(bytecode=init_code + argument)
    return World(str(address))


@pytest.mark.filterwarnings("ignore:casted bytecode")
def test_the_honest_collection_passes_all_stories(sources, renderer, any_size):
    init_code = broken(sources, None)
    for story in STORIES:
        with boa.env.anchor():
            story(world(init_code, renderer))


@pytest.mark.filterwarnings("ignore:casted bytecode")
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.law} {fault.name}")
def test_a_fault_is_caught(sources, renderer, any_size, fault):
    made = world(broken(sources, fault), renderer)
    with pytest.raises((AssertionError, boa.BoaError)):
        fault.story(made)


def test_each_law_of_passes_has_a_fault():
    elsewhere = {"ACC-6", "ACC-7"}  # of the hook and of the gate
    laws = {fault.law for fault in FAULTS if fault.law.startswith("ACC")}
    assert laws | elsewhere == {f"ACC-{number}" for number in range(1, 8)}
