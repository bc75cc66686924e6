"""Names broken on purpose: each fault has to be caught by a story.

Every check of the registry, its resolvers and its prices, and of the modules that only
they use, is taken out or bent, one at a time (tests/support/faults.py); a test sees that
no check was forgotten. The modules that others use too have their faults in the stories of
governance.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

import boa
import pytest
from ens.exceptions import InvalidName
from eth_abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_account import Account
from eth_utils import keccak
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful import test_names as machine
from tests.support import faults as planting
from tests.support import names as support
from tests.support.faults import Edit, checks, refused, unbroken
from tests.support.names import (
    COMMIT_MAX,
    COMMIT_MIN,
    DAY,
    DURATION_MAX,
    DURATION_MIN,
    EXPIRY_MAX,
    FIRST_EPOCH,
    FREE,
    GRACE,
    IN_GRACE,
    LIVE,
    PREMIUM_START,
    PREMIUM_TIME,
    RATE_MAX,
    RATE_UNIT,
    RATES,
    YEAR,
    ZERO,
    ZERO32,
    Refused,
    Registration,
    ask,
    base_price,
    call,
    cap,
    deploy_names,
    dns,
    error,
    labelhash,
    namehash,
    now,
    rate_cap,
    reverse_node,
    token,
)

MANAGED, EMANCIPATED = 2, 3
ADDR_KIND, TEXT_KIND = 1, 2
ADDR, TEXT = "addr(bytes32)", "text(bytes32,string)"
SET_COIN = "setAddr(bytes32,uint256,bytes)"
IPFS = bytes.fromhex("e30101701220")
KEY = Account.from_key(b"\x4b" * 32)
LAST_CHANGE = 2**20 - 1  # in an epoch


class Scene:
    """alice.os and what is below it, and who has to do with it."""

    def __init__(self) -> None:
        self.world = deploy_names()
        self.names, self.resolver = self.world.names, self.world.resolver
        self.reverse, self.universal = self.world.reverse, self.world.universal
        roles = ("owner", "buyer", "operator", "stranger")
        self.owner, self.buyer, self.operator, self.stranger = map(account, roles)
        self.node = self.world.register("alice", self.owner)
        self.expiry = self.names.info(self.node).expiry
        self.half = self.expiry - YEAR // 2
        self.names.setApprovalForAll(self.operator, True, sender=self.owner)
        self.sub = self.below("sub", self.buyer, self.half)
        self.managed = self.below("man", self.buyer, 0)

    def below(self, label: str, owner: str, expiry: int) -> bytes:
        return self.names.createSubname(self.node, label, owner, expiry, sender=self.owner)

    def committed(self, *registrations: Registration, sender: str) -> None:
        for it in registrations:
            self.names.commit(self.names.commitment(it, sender))
        boa.env.time_travel(seconds=COMMIT_MIN)

    def price_with(self, code: str) -> None:
        """Let bare code answer for the prices."""
        module = SimpleNamespace(address=boa.env.generate_address())
        boa.env.set_code(module.address, bytes.fromhex(code))
        self.world.point("names.pricing", module)

    def write(self, node: bytes, change: Callable[[int], int]) -> None:
        """Change a name's word in storage, as ages would."""
        place = self.names.compiler_data.storage_layout["storage_layout"]["_names"]["slot"]
        slot = int.from_bytes(keccak(place.to_bytes(32, "big") + node), "big")
        word = boa.env.get_storage(self.names.address, slot)
        boa.env.set_storage(self.names.address, slot, change(word))


def account(role: str) -> str:
    address = boa.env.generate_address(role)
    boa.env.set_balance(address, 10**30)
    return address


def travel_to(second: int) -> None:
    boa.env.time_travel(seconds=second - now())


def not_made(reason: str, name: str, *args: Any) -> None:
    with boa.reverts(reason), boa.env.anchor():
        support.deployer(name).deploy(*args)


def told(word: int, size: int = 32) -> str:
    """Code that answers with a word, and maybe a byte more or less."""
    return f"7f{word:064x}60005260{size:02x}6000f3"


def told_once(word: int, size: int) -> str:
    """Code that answers with a word, but with nothing to a question of this size."""
    return f"3660{size:02x}14603057{told(word)}5b60006000fd"


def refusal(act: Callable[..., Any], *arguments: Any) -> bytes:
    with pytest.raises(Refused) as found:
        act(*arguments)
    return found.value.args[0]


# ----- stories: what is made -----


def systems_are_made(s: Scene) -> None:
    blueprints = [
        support.deployer(name).deploy_as_blueprint().address
        for name in ("Resolver", "ReverseResolver")
    ]
    make = (s.world.kernel.address, s.world.namespace)
    for label in ("eth", "reverse"):
        not_made("names: label is reserved", "Names", *make, label, *blueprints)
    not_made("names: bad label", "Names", *make, "Os", *blueprints)


def resolvers_are_made(s: Scene) -> None:
    not_made("resolver: zero names", "Resolver", ZERO)
    not_made("reverse: zero names", "ReverseResolver", ZERO)
    not_made("universal: names has no code", "UniversalResolver", s.stranger)


def tables_are_made(s: Scene) -> None:
    top = 4 * 10**18
    not_made("pricing: rate too high", "NamePricing", [top + 1, 0, 0, 0, 0], 0)
    not_made("pricing: longer is dearer", "NamePricing", [5, 4, 3, 2, 3], 0)
    not_made("pricing: premium too high", "NamePricing", RATES, 10**24 + 1)
    support.deployer("NamePricing").deploy([top] * 5, 10**24)


def tables_answer(s: Scene) -> None:
    pricing = s.world.pricing
    refused("pricing: empty label", pricing.price, 0, 1)
    refused("pricing: duration too long", pricing.price, 1, 2**128 + 1)
    for size in (1, 4, 5, 6, 63):
        assert pricing.price(size, DAY + 1) == base_price(size, DAY + 1)
    left = PREMIUM_START >> 21
    assert pricing.premium(0) == PREMIUM_START - left
    assert pricing.premium(DAY // 2) == PREMIUM_START * 3 // 4 - left
    assert pricing.premium(DAY) == PREMIUM_START // 2 - left
    assert pricing.premium(PREMIUM_TIME - 1) > 0
    assert pricing.premium(PREMIUM_TIME) == pricing.premium(300 * DAY) == 0


BAD_LABELS = ["", "-a", "a-", "ab--cd", "A", "Z", "a_b", "a.b", "a,b", "a/b", "a:b", "a`b", "a{b"]
BAD_LABELS += ["\u1c30", "a" * 64, "a" * 32 + "-", "a" * 32 + "A", "\x00"]


def labels_are_plain(s: Scene) -> None:
    for label in BAD_LABELS:
        assert not s.names.available(label)
    for label in ("a-b", "a--b", "abc--d", "09az", "a" * 32, "a" * 63, "a" * 31 + "-b"):
        assert s.names.available(label)
    assert not s.names.available("alice")
    refused("names: bad label", s.names.registration_price, "New", YEAR, 0)


# ----- stories: commitments, registrations, prices -----


def commitments_bind(s: Scene) -> None:
    registration = Registration("new", s.owner)
    commitment = s.names.commitment(registration, s.owner)
    refused("names: zero commitment", s.names.commit, ZERO32)
    act = (s.names.register, registration)
    pay = {"sender": s.owner, "value": s.world.price(registration)}
    refused("names: no commitment", *act, **pay)
    s.names.commit(commitment)
    made = now()
    travel_to(made + COMMIT_MIN - 1)
    refused("names: commitment too new", *act, **pay)
    s.names.commit(commitment)
    assert s.names.committed_at(commitment) == made  # nobody makes a reveal wait
    travel_to(made + COMMIT_MIN)
    refused("names: no commitment", *act, sender=s.stranger, value=pay["value"])
    with boa.env.anchor():
        s.names.register(registration, **pay)
        assert s.names.committed_at(commitment) == 0
    travel_to(made + COMMIT_MAX)
    s.names.commit(commitment)
    assert s.names.committed_at(commitment) == made
    with boa.env.anchor():
        s.names.register(registration, **pay)
    travel_to(made + COMMIT_MAX + 1)
    refused("names: commitment too old", *act, **pay)
    s.names.commit(commitment)
    assert s.names.committed_at(commitment) == now()


def registrations_are_checked(s: Scene) -> None:
    good = Registration("new", s.owner, DURATION_MIN + 1)
    price = s.world.price(good)
    exact = good._replace(max_price=price)
    bad = [
        ("names: bad label", good._replace(label="New")),
        ("names: zero owner", good._replace(owner=ZERO)),
        ("names: not available", good._replace(label="alice")),
        ("names: duration too short", good._replace(duration=DURATION_MIN - 1)),
        ("names: duration too long", good._replace(duration=DURATION_MAX + 1)),
        ("names: above max price", good._replace(max_price=price - 1)),
        ("names: resolver has no code", good._replace(resolver=s.stranger, data=(b"data",))),
    ]
    s.committed(exact, *(it for _, it in bad), sender=s.owner)
    for reason, registration in bad:
        refused(reason, s.names.register, registration, sender=s.owner, value=price)
    refused("names: not available", s.names.registration_price, "alice", YEAR, 0)
    for wrong in (0, price - 1, price + 1):
        refused("names: wrong payment", s.names.register, exact, sender=s.owner, value=wrong)
    node = s.names.register(exact, sender=s.owner, value=price)
    info = s.names.info(node)
    assert (info.owner, info.expiry) == (s.owner, now() + exact.duration)
    assert (info.epoch, info.mode, info.label) == (FIRST_EPOCH, 1, "new")
    assert info.rate == rate_cap(price, exact.duration)
    assert s.names.renewal_price("new", exact.duration)[1] >= price
    assert s.names.balanceOf(s.owner) == 2
    assert s.names.full_name(node) == "new.os"


def durations_are_bounded(s: Scene) -> None:
    for view, label in ((s.names.registration_price, "new"), (s.names.renewal_price, "alice")):
        more = (0,) if label == "new" else ()
        for good in (DURATION_MIN, DURATION_MAX):
            view(label, good, *more)
        refused("names: duration too short", view, label, DURATION_MIN - 1, *more)
        refused("names: duration too long", view, label, DURATION_MAX + 1, *more)


def wishes_come_true(s: Scene) -> None:
    """Resolver, primary name and records, as one asked for them."""
    chosen, first = s.world.treasury.address, namehash("one.os")
    data = (call("setText(bytes32,string,string)", first, "url", "x"),)
    one = Registration("one", s.owner, primary=True, data=data)
    two = Registration("two", s.owner, resolver=chosen)
    s.committed(one, two, sender=s.buyer)
    for registration in (one, two):
        s.world.reveal(registration, s.buyer)
    assert s.reverse.name(reverse_node(s.buyer)) == "one.os"
    assert s.reverse.name(reverse_node(s.owner)) == ""
    assert s.resolver.text(first, "url") == "x"
    assert s.names.resolver(first) == s.resolver.address
    assert s.names.resolver(namehash("two.os")) == chosen


def names_begin_anew(s: Scene) -> None:
    s.names.approve(s.stranger, token(s.node), sender=s.owner)
    s.names.setResolver(s.node, s.stranger, sender=s.owner)
    s.resolver.setText(s.node, "url", "old", sender=s.owner)
    s.resolver.setAddr(s.node, s.stranger, sender=s.owner)
    s.world.renew("alice")
    release = s.expiry + YEAR + GRACE
    registration = Registration("alice", s.buyer)
    travel_to(release - 1 - COMMIT_MIN)
    s.committed(registration, sender=s.buyer)
    refused("names: not available", s.names.register, registration, sender=s.buyer)
    travel_to(release + 1000)
    assert s.names.info(s.node).state == FREE
    price, premium = base_price(5, YEAR), s.world.pricing.premium(0)
    s.names.register(registration, sender=s.buyer, value=price + premium)
    info = s.names.info(s.node)
    assert (info.epoch, info.rate) == (2 * FIRST_EPOCH, rate_cap(price, YEAR))
    assert (s.names.balanceOf(s.owner), s.names.balanceOf(s.buyer)) == (0, 2)
    assert s.names.getApproved(token(s.node)) == ZERO
    assert s.names.resolver(s.node) == s.resolver.address
    assert s.resolver.text(s.node, "url") == ""
    assert s.resolver.addr(s.node) == s.buyer
    assert s.names.owner(s.managed) == ZERO


def premiums_end(s: Scene) -> None:
    release = s.expiry + GRACE
    travel_to(release)
    s.price_with(told(7))
    price = s.names.registration_price
    assert price("alice", YEAR, release + PREMIUM_TIME - 1) == (7, 7)
    assert price("alice", YEAR, release + PREMIUM_TIME) == (7, 0)
    assert price("new", YEAR, 0) == (7, 0)
    registration = Registration("alice", s.buyer, max_price=13)
    s.committed(registration, sender=s.buyer)
    act = (s.names.register, registration)
    refused("names: above max price", *act, sender=s.buyer, value=14)
    s.price_with(told_once(7, 36))
    refused("names: no price", price, "alice", YEAR, release)


def answers_are_bounded(s: Scene) -> None:
    at_cap, bound = cap(s.names.info(s.node).rate, YEAR), RATE_MAX * RATE_UNIT
    price, renewal = s.names.registration_price, s.names.renewal_price
    s.price_with(told(bound + 1))
    refused("names: price out of bounds", price, "new", YEAR, 0)
    assert renewal("alice", YEAR) == (at_cap, at_cap)
    s.price_with(told(bound))
    assert price("new", YEAR, 0) == (bound, 0)
    for code in (told(1, 31), told(1, 33), "60006000fd"):
        s.price_with(code)
        refused("names: no price", price, "new", YEAR, 0)
        assert renewal("alice", YEAR) == (at_cap, at_cap)


def burners_are_capped(s: Scene) -> None:
    at_cap = cap(s.names.info(s.node).rate, YEAR)
    s.price_with("5b600056")  # for ever
    s.names.renew("alice", YEAR, value=at_cap, sender=s.buyer, gas=200_000)


def renewals_are_capped(s: Scene) -> None:
    price = base_price(5, DAY * 29)
    at_cap, name = cap(s.names.info(s.node).rate, DAY * 29), ("alice", DAY * 29)
    refused("names: not registered", s.names.renew, "nobody", YEAR, sender=s.buyer)
    refused("names: not registered", s.names.renew_at_cap, "nobody", YEAR, sender=s.buyer)
    for wrong in (price - 1, price + 1):
        refused("names: wrong payment", s.names.renew, *name, sender=s.buyer, value=wrong)
    s.names.renew(*name, sender=s.buyer, value=price)
    refused("names: wrong payment", s.names.renew_at_cap, *name, sender=s.buyer, value=at_cap - 1)
    s.names.renew_at_cap(*name, sender=s.buyer, value=at_cap)
    assert s.names.info(s.node).expiry == s.expiry + 58 * DAY
    s.price_with(told(at_cap + 1))
    refused("names: wrong payment", s.names.renew, *name, sender=s.buyer, value=at_cap + 1)
    s.names.renew(*name, sender=s.buyer, value=at_cap)
    s.price_with(told(at_cap - 1))
    s.names.renew(*name, sender=s.buyer, value=at_cap - 1)


def renewals_end(s: Scene) -> None:
    """A century ahead, and in grace to its last second."""
    renew = s.names.renew_at_cap
    rate = s.names.info(s.node).rate
    with boa.env.anchor():
        for _ in range(9):
            price = cap(rate, DURATION_MAX)
            renew("alice", DURATION_MAX, sender=s.buyer, value=price)
        left = now() + EXPIRY_MAX - s.names.info(s.node).expiry
        pay = {"sender": s.buyer, "value": cap(rate, left + 1)}
        refused("names: expiry too far", renew, "alice", left + 1, **pay)
        renew("alice", left, sender=s.buyer, value=cap(rate, left))
    travel_to(s.expiry + GRACE - 1)
    with boa.env.anchor():
        s.world.renew("alice", YEAR)
        assert s.names.owner(s.node) == s.owner
    travel_to(s.expiry + GRACE)
    pay = {"sender": s.buyer, "value": cap(rate, YEAR)}
    refused("names: not registered", renew, "alice", YEAR, **pay)


def proceeds_are_swept(s: Scene) -> None:
    treasury, names = s.world.treasury, s.names.address
    taken = boa.env.get_balance(names)
    assert taken == base_price(5, YEAR)
    treasury.set_refuses(True)
    refused("names: treasury refuses", s.names.sweep)
    treasury.set_refuses(False)
    s.names.sweep()
    assert (boa.env.get_balance(names), boa.env.get_balance(treasury.address)) == (0, taken)
    refused("names: nothing to sweep", s.names.sweep)
    s.world.point("treasury", None)
    boa.env.set_balance(names, 1)
    refused("names: no treasury", s.names.sweep)


# ----- stories: owning -----


def only_who_controls(s: Scene) -> None:
    me, label = s.stranger, labelhash("new")
    acts = [
        (s.names.migrate, s.node, me),
        (s.names.setOwner, s.node, me),
        (s.names.setRecord, s.node, me, me, 1),
        (s.names.setResolver, s.node, me),
        (s.names.setTTL, s.node, 1),
        (s.names.createSubname, s.node, "new", me, 0),
        (s.names.setSubnodeOwner, s.node, label, me),
        (s.names.setSubnodeRecord, s.node, label, me, me, 1),
        (s.names.approve, me, token(s.node)),
        (s.names.extend, s.sub, s.expiry),
        (s.names.transferFrom, s.owner, me, token(s.node)),
    ]
    for act, *arguments in acts:
        refused("names: not authorised", act, *arguments, sender=me)
        with boa.env.anchor():
            act(*arguments, sender=s.buyer if act is s.names.extend else s.operator)
    refused("names: not authorised", s.names.extend, s.sub, s.expiry, sender=s.owner)
    travel_to(s.expiry - 1)
    s.names.setTTL(s.node, 1, sender=s.owner)
    travel_to(s.expiry)
    refused("names: not live", s.names.setTTL, s.node, 2, sender=s.owner)
    refused("names: not live", s.names.ownerOf, token(s.node))


def times_pass(s: Scene) -> None:
    names = s.names

    def shown(node: bytes) -> tuple:
        return names.owner(node), names.holder(node)[0], names.recordExists(node)

    names.setTTL(s.node, 5, sender=s.owner)
    travel_to(s.half - 1)
    assert shown(s.sub) == (s.buyer, s.buyer, True)
    travel_to(s.half)
    assert shown(s.sub) == (ZERO, ZERO, False)
    travel_to(s.expiry - 1)
    assert shown(s.node) == (s.owner, s.owner, True)
    assert shown(s.managed) == (s.buyer, s.buyer, True)
    assert (names.ttl(s.node), names.resolver(s.node)) == (5, s.resolver.address)
    travel_to(s.expiry)
    assert shown(s.node) == shown(s.managed) == (ZERO, ZERO, False)
    assert (names.ttl(s.node), names.resolver(s.node)) == (0, ZERO)
    assert names.info(s.node).state == IN_GRACE
    travel_to(s.expiry + GRACE - 1)
    assert names.info(s.node).state == IN_GRACE and not names.available("alice")
    travel_to(s.expiry + GRACE)
    assert names.info(s.node).state == FREE and names.available("alice")
    assert names.holder(namehash("os")) == (ZERO, 0)
    assert names.owner(namehash("os")) == names.address
    assert names.resolver(namehash("os")) == ZERO


def names_are_moved(s: Scene) -> None:
    names, id = s.names, token(s.node)
    for act, *arguments in (
        (names.setOwner, s.node, ZERO), (names.migrate, s.node, ZERO),
        (names.transferFrom, s.owner, ZERO, id),
    ):  # fmt: skip
        refused("names: zero owner", act, *arguments, sender=s.owner)
    refused("names: zero owner", names.balanceOf, ZERO)
    refused("names: wrong sender", names.transferFrom, s.buyer, s.stranger, id, sender=s.owner)
    kernel = s.world.kernel.address
    refused("names: receiver refuses", names.safeTransferFrom, s.owner, kernel, id, sender=s.owner)
    names.approve(s.stranger, id, sender=s.operator)
    names.setRecord(s.node, s.owner, s.stranger, 9, sender=s.owner)
    s.resolver.setText(s.node, "url", "old", sender=s.owner)
    assert names.getApproved(id) == s.stranger
    names.transferFrom(s.owner, s.buyer, id, sender=s.stranger)
    assert names.ownerOf(id) == s.buyer
    assert (names.balanceOf(s.owner), names.balanceOf(s.buyer)) == (0, 2)
    assert names.getApproved(id) == ZERO
    assert names.epoch(s.node) == FIRST_EPOCH + 1
    assert (names.resolver(s.node), names.ttl(s.node)) == (s.resolver.address, 0)
    assert s.resolver.text(s.node, "url") == ""
    refused("names: not authorised", names.transferFrom, s.buyer, s.stranger, id, sender=s.stranger)
    refused("names: not authorised", names.setTTL, s.node, 1, sender=s.owner)
    names.setOwner(s.node, s.owner, sender=s.buyer)
    assert names.epoch(s.node) == FIRST_EPOCH + 2


def records_of_the_registry(s: Scene) -> None:
    names = s.names

    def shown() -> tuple:
        return names.resolver(s.node), names.ttl(s.node), names.epoch(s.node) - FIRST_EPOCH

    names.setTTL(s.node, 9, sender=s.owner)
    names.setResolver(s.node, s.stranger, sender=s.owner)
    assert shown() == (s.stranger, 9, 0)
    names.setTTL(s.node, 8, sender=s.owner)
    assert shown() == (s.stranger, 8, 0)
    refused("names: not resolver", names.raise_epoch, s.node, sender=s.owner)
    s.resolver.clearRecords(s.node, sender=s.owner)
    assert shown() == (s.stranger, 8, 1)
    names.setRecord(s.node, s.owner, s.buyer, 7, sender=s.owner)
    assert shown() == (s.buyer, 7, 1)
    names.setRecord(s.node, s.stranger, s.buyer, 7, sender=s.owner)
    assert shown() == (s.buyer, 7, 2)
    names.setOwner(s.node, s.owner, sender=s.stranger)
    s.resolver.clearRecords(s.node, sender=s.owner)  # an older choice is not revived
    assert shown() == (s.resolver.address, 0, 4)


def names_migrate(s: Scene) -> None:
    names, id = s.names, token(s.node)
    names.approve(s.stranger, id, sender=s.owner)
    s.resolver.setText(s.node, "url", "kept", sender=s.owner)
    s.resolver.setDelegate(s.node, s.stranger, TEXT_KIND, 2**40 - 1, sender=s.owner)
    names.migrate(s.node, s.buyer, sender=s.owner)
    assert names.ownerOf(id) == s.buyer and names.migrations(s.node) == 1
    assert names.getApproved(id) == ZERO
    assert s.resolver.text(s.node, "url") == "kept"
    assert s.resolver.delegate(s.node, s.stranger) == (0, 0)


def epochs_are_used_up(s: Scene) -> None:
    take = (s.names.setSubnodeOwner, s.node, labelhash("man"), s.stranger)
    with boa.env.anchor():
        s.write(s.managed, lambda word: word | (LAST_CHANGE << 200))
        take[0](*take[1:], sender=s.owner)
        assert s.names.holder(s.managed) == (s.stranger, 2 * FIRST_EPOCH)
    s.write(s.node, lambda word: word | (LAST_CHANGE << 200))
    refused("names: epochs used up", s.names.setOwner, s.node, s.buyer, sender=s.owner)
    s.names.migrate(s.node, s.buyer, sender=s.owner)
    s.write(s.managed, lambda word: (word | (0xFFF << 220)) ^ (1 << 232))
    act = (s.names.setSubnodeOwner, s.node, labelhash("man"), s.owner)
    refused("names: epochs used up", *act, sender=s.buyer)


# ----- stories: sub-names -----


def subnames_are_made(s: Scene) -> None:
    names, create = s.names, s.names.createSubname
    refused("names: bad label", create, s.node, "New", s.buyer, 0, sender=s.owner)
    for expiry in (0, s.half):
        refused("names: zero owner", create, s.node, "new", ZERO, expiry, sender=s.owner)
    refused("names: expiry in the past", create, s.node, "new", s.buyer, now(), sender=s.owner)
    refused("names: beyond parent", create, s.node, "new", s.buyer, s.expiry + 1, sender=s.owner)
    act = (create, s.managed, "new", s.stranger, s.half)
    refused("names: parent is managed", *act, sender=s.buyer)
    refused("names: not a token", names.ownerOf, token(s.managed))
    before = names.balanceOf(s.stranger)
    node = s.below("new", s.stranger, s.expiry)
    assert names.balanceOf(s.stranger) == before + 1
    assert names.full_name(node) == "new.alice.os"
    assert names.emancipated_until(s.node) == s.expiry + GRACE
    s.below("short", s.stranger, now() + 1)
    assert names.emancipated_until(s.node) == s.expiry + GRACE
    info = names.info(node)
    assert (info.mode, info.expiry, info.parent) == (EMANCIPATED, s.expiry, s.node)
    assert names.ownerOf(token(node)) == s.stranger


def managed_names_are_lent(s: Scene) -> None:
    names, own = s.names, {"sender": s.owner}
    assert names.info(s.managed).mode == MANAGED
    s.resolver.setText(s.managed, "url", "x", sender=s.buyer)
    names.setSubnodeOwner(s.node, labelhash("man"), s.buyer, **own)  # the same: nothing ends
    assert s.resolver.text(s.managed, "url") == "x"
    with boa.env.anchor():  # but the owner above does not redirect what is paid to the holder
        names.setSubnodeRecord(s.node, labelhash("man"), s.buyer, s.stranger, 1, **own)
        assert names.holder(s.managed) == (s.buyer, FIRST_EPOCH + 1)
    before = names.balanceOf(s.buyer)
    names.setOwner(s.managed, s.stranger, sender=s.buyer)
    assert (names.owner(s.managed), names.balanceOf(s.buyer)) == (s.stranger, before)
    names.setSubnodeOwner(s.node, labelhash("man"), s.owner, **own)
    assert names.holder(s.managed) == (s.owner, FIRST_EPOCH + 2)
    names.setSubnodeRecord(s.node, labelhash("man"), s.owner, s.resolver.address, 1, **own)
    assert names.holder(s.managed) == (s.owner, FIRST_EPOCH + 2)  # it is its own
    assert s.resolver.text(s.managed, "url") == ""
    deep = names.createSubname(s.managed, "x", s.buyer, 0, **own)
    names.setSubnodeOwner(s.node, labelhash("man"), ZERO, **own)
    assert names.owner(s.managed) == ZERO and not names.recordExists(s.managed)
    assert names.owner(deep) == ZERO  # what is below ends too
    refused("names: not live", names.setTTL, deep, 1, sender=s.buyer)


def emancipated_names_are_free(s: Scene) -> None:
    names, own = s.names, {"sender": s.owner}
    take = (names.setSubnodeOwner, s.node, labelhash("sub"), s.owner)
    refused("names: emancipated", *take, **own)
    refused("names: emancipated", names.createSubname, s.node, "sub", s.owner, s.half, **own)
    below = names.createSubname(s.sub, "below", s.buyer, 0, sender=s.buyer)
    travel_to(s.half + GRACE - 1)
    refused("names: emancipated", *take, **own)
    assert names.resolver(s.sub) == s.resolver.address  # nobody above is asked
    assert names.resolver(below) == ZERO
    travel_to(s.half + GRACE)
    assert names.resolver(s.sub) == ZERO
    before = names.balanceOf(s.buyer)
    take[0](*take[1:], **own)
    assert names.balanceOf(s.buyer) == before - 1
    assert names.holder(s.sub) == (s.owner, 2 * FIRST_EPOCH)
    refused("names: not emancipated", names.extend, s.sub, s.expiry, **own)


def subnames_are_extended(s: Scene) -> None:
    names, by = s.names, {"sender": s.buyer}
    refused("names: not emancipated", names.extend, s.managed, s.expiry, **by)
    for expiry in (s.half, s.half - 1):
        refused("names: expiry not later", names.extend, s.sub, expiry, **by)
    refused("names: beyond parent", names.extend, s.sub, s.expiry + 1, **by)
    names.extend(s.sub, s.half + 1, **by)
    assert names.info(s.sub).expiry == s.half + 1
    assert names.emancipated_until(s.node) == s.half + 1 + GRACE
    travel_to(s.half + GRACE)
    with boa.env.anchor():
        names.extend(s.sub, s.expiry, **by)
    travel_to(s.half + 1 + GRACE)
    refused("names: not registered", names.extend, s.sub, s.expiry, **by)


def trees_are_eight_deep(s: Scene) -> None:
    node = s.managed
    for _ in range(7):
        node = s.names.createSubname(node, "x", s.buyer, 0, sender=s.buyer)
    assert s.names.info(node).state == LIVE
    assert s.names.full_name(node) == "x.x.x.x.x.x.x.man.alice.os"
    refused("names: too deep", s.names.createSubname, node, "x", s.buyer, 0, sender=s.buyer)


def metadata_fits(s: Scene) -> None:
    uri = s.names.tokenURI(token(s.node))
    assert uri.count("alice.os") == 2 and "font-size='56'" in uri
    long = s.below("a" * 63, s.buyer, s.half)
    assert "font-size='11'" in s.names.tokenURI(token(long))


# ----- stories: records -----


def only_who_may_write(s: Scene) -> None:
    far = 2**40 - 1
    acts = [
        (s.resolver.setAddr, s.node, s.buyer),
        (s.resolver.setText, s.node, "url", "x"),
        (s.resolver.setContenthash, s.node, b"x"),
        (s.resolver.setName, s.node, "x"),
        (s.resolver.setData, s.node, "x", b"x"),
        (s.resolver.setABI, s.node, 1, b"x"),
        (s.resolver.setInterface, s.node, b"abcd", s.buyer),
        (s.resolver.setRelease, s.node, "1", b"\x01" * 32),
        (s.resolver.setWildcard, s.node, True),
        (s.resolver.setDelegate, s.node, s.buyer, 1, far),
        (s.resolver.clearRecords, s.node),
    ]
    s.resolver.setDelegate(s.node, s.buyer, 0, far, sender=s.owner)
    for act, *arguments in acts:
        for sender in (s.stranger, s.buyer):
            refused("resolver: not authorised", act, *arguments, sender=sender)
    for sender in (s.owner, s.operator, s.names.address):
        acts[0][0](*acts[0][1:], sender=sender)
    for act, *arguments in acts[-3:]:  # who registers may be another than the owner
        refused("resolver: not authorised", act, *arguments, sender=s.names.address)
    nowhere = namehash("nobody.os")
    for sender in (ZERO, s.names.address):
        refused("resolver: not live", s.resolver.setAddr, nowhere, s.buyer, sender=sender)


def delegates_write_their_kind(s: Scene) -> None:
    give, until = s.resolver.setDelegate, now() + 10
    refused("resolver: zero delegate", give, s.node, ZERO, 1, until, sender=s.owner)
    refused("resolver: until too far", give, s.node, s.buyer, 1, 2**40, sender=s.owner)
    give(s.node, s.buyer, TEXT_KIND, until, sender=s.owner)
    assert s.resolver.delegate(s.node, s.buyer) == (TEXT_KIND, until)
    text, by = (s.resolver.setText, s.node, "url", "x"), {"sender": s.buyer}
    text[0](*text[1:], **by)
    for act, *arguments in (
        (s.resolver.setAddr, s.node, s.buyer),
        (s.resolver.setName, s.node, "x"),
        (s.resolver.setWildcard, s.node, True),
        (s.resolver.clearRecords, s.node),
        (give, s.node, s.stranger, TEXT_KIND, until),
    ):
        refused("resolver: not authorised", act, *arguments, **by)
    travel_to(until - 1)
    text[0](*text[1:], **by)
    travel_to(until)
    refused("resolver: not authorised", *text, **by)
    assert s.resolver.delegate(s.node, s.buyer) == (0, 0)
    give(s.node, s.buyer, ADDR_KIND, until + 9, sender=s.owner)
    s.resolver.setAddr(s.node, s.buyer, **by)
    refused("resolver: not authorised", *text, **by)


def records_are_of_an_epoch(s: Scene) -> None:
    r, by = s.resolver, {"sender": s.owner}
    r.setAddr(s.node, s.stranger, **by)
    r.setText(s.node, "url", "x", **by)
    r.setContenthash(s.node, IPFS + b"\x01" * 32, **by)
    r.setRelease(s.node, "1", b"\x01" * 32, **by)
    r.setWildcard(s.node, True, **by)
    assert (r.addr(s.node), r.text(s.node, "url")) == (s.stranger, "x")
    assert r.wildcard(s.node) and r.contenthash(s.node)
    r.clearRecords(s.node, **by)
    assert (r.addr(s.node), r.text(s.node, "url")) == (s.owner, "")
    assert not r.wildcard(s.node) and r.contenthash(s.node) == b""
    assert r.release(s.node, "1", FIRST_EPOCH) == b"\x01" * 32
    assert r.release(s.node, "1", FIRST_EPOCH + 1) == ZERO32
    r.setText(s.node, "url", "y", **by)
    travel_to(s.expiry)
    assert (r.addr(s.node), r.text(s.node, "url")) == (ZERO, "")


def contents_of_every_size(s: Scene) -> None:
    r, by = s.resolver, {"sender": s.owner}
    for size in (33, 32, 31, 1, 0, 64, 1024):
        r.setData(s.node, "x", b"\x99" * size, **by)
        assert r.data(s.node, "x") == b"\x99" * size
    ipfs = IPFS + b"\x01" * 32
    for content in (ipfs, b"x", ipfs, IPFS + bytes(32), b"\xe4" + ipfs[1:], b""):
        r.setContenthash(s.node, content, **by)
        assert r.contenthash(s.node) == content
    for wrong in (0, 3, 16):
        refused("resolver: unknown content type", r.setABI, s.node, wrong, b"x", **by)
    for kind in (1, 2, 4, 8):
        r.setABI(s.node, kind, b"x", **by)
        assert r.ABI(s.node, kind) == (kind, b"x")
    assert r.ABI(s.node, 12) == (4, b"x") and r.ABI(s.node, 16) == (0, b"")


def releases_stay(s: Scene) -> None:
    release, by = s.resolver.setRelease, {"sender": s.owner}
    refused("resolver: zero digest", release, s.node, "1", ZERO32, **by)
    release(s.node, "1", b"\x01" * 32, **by)
    refused("resolver: already released", release, s.node, "1", b"\x02" * 32, **by)
    assert s.resolver.release(s.node, "1", FIRST_EPOCH) == b"\x01" * 32


def money_goes_to_plain_accounts(s: Scene) -> None:
    assert s.resolver.addr(s.node) == s.owner
    boa.env.set_code(s.owner, bytes.fromhex("ef0100") + b"\x11" * 20)
    assert s.resolver.addr(s.node) == s.owner
    for code in (b"\0", b"\0" * 23):
        boa.env.set_code(s.owner, code)
        assert s.resolver.addr(s.node) == ZERO
    s.resolver.setAddr(s.sub, ZERO, sender=s.buyer)
    assert s.resolver.addr(s.sub) == ZERO


def interfaces_are_asked_for(s: Scene) -> None:
    ask_for, erc721 = s.resolver.interfaceImplementer, bytes.fromhex("80ac58cd")
    s.resolver.setAddr(s.node, s.names.address, sender=s.owner)
    assert ask_for(s.node, erc721) == s.names.address
    assert ask_for(s.node, b"abcd") == ZERO
    # neither a short nor a long answer, a failure, another number, or all gas
    for code in (told(1, 31), "60006000fd", told(2), "5b600056", "00"):
        other = boa.env.generate_address()
        boa.env.set_code(other, bytes.fromhex(code))
        s.resolver.setAddr(s.node, other, sender=s.owner)
        assert ask_for(s.node, erc721) == ZERO
    # one that speaks an interface, and not of interfaces
    boa.env.set_code(other, bytes.fromhex("60043560e01c6380ac58cd1460005260206000f3"))
    assert ask_for(s.node, erc721) == ZERO
    s.resolver.setInterface(s.node, erc721, s.stranger, sender=s.owner)
    assert ask_for(s.node, erc721) == s.stranger


def calls_name_their_node(s: Scene) -> None:
    r, by = s.resolver, {"sender": s.owner}
    good = call("setText(bytes32,string,string)", s.node, "url", "x")
    other = call("setText(bytes32,string,string)", s.managed, "url", "x")
    act = (r.multicallWithNodeCheck, s.node)
    refused("resolver: other node", *act, [good, other], **by)
    refused("resolver: call too short", *act, [good[:35]], **by)
    act[0](s.node, [good], **by)
    assert r.text(s.node, "url") == "x"
    refused("resolver: not authorised", r.multicall, [good], sender=s.stranger)
    r.setABI(s.node, 1, b"x" * 1024, **by)
    nested = call("multicall(bytes[])", [call("ABI(bytes32,uint256)", s.node, 1)] * 2)
    refused("resolver: answer too long", r.multicall, [nested], **by)
    refused("resolver: call failed", r.multicall, [good[:70]], **by)


def coins_are_set(s: Scene) -> None:
    btc, evm = 0, 2**31 + 10

    def sent(data: bytes, sender: str = s.owner) -> bytes:
        """What it was refused with; empty: it was done."""
        made = boa.env.execute_code(to_address=s.resolver.address, sender=sender, data=data)
        return bytes(made.output) if made.is_error else b""

    def reason(text: str) -> bytes:
        return error("Error(string)", text)

    unauthorised = reason("resolver: not authorised")
    assert sent(call(SET_COIN, s.node, btc, b"x"), s.stranger) == unauthorised
    for coin, a in ((60, b"\x11" * 20), (evm, b"\x22" * 20), (btc, b"\x33" * 128), (60, b"")):
        assert sent(call(SET_COIN, s.node, coin, a)) == b""
        assert s.resolver.addr(s.node, coin) == a
    for coin in (60, evm, 2**31, 2**32 - 1):
        assert sent(call(SET_COIN, s.node, coin, b"x")) == reason("resolver: not 20 bytes")
    for coin in (2**31 - 1, 2**32):
        assert sent(call(SET_COIN, s.node, coin, b"x")) == b""
    long = call(SET_COIN, s.node, btc, b"x" * 129)
    assert sent(long) == reason("resolver: address too long")
    unknown = reason("resolver: unknown call")
    malformed = reason("resolver: malformed call")
    good = call(SET_COIN, s.node, btc, b"x")
    assert sent(good[:99] + b"\x40" + good[100:]) == malformed
    assert sent(good[:131] + b"\x21" + good[132:]) == malformed
    assert sent(good[:133]) == b""
    for data in (good[:131], b"abcd" + good[4:], b""):
        assert sent(data) == unknown


def absent_names_are_answered(s: Scene) -> None:
    r, by = s.resolver, {"sender": s.owner}

    def resolve(name: str, data: bytes) -> bytes:
        return ask(r, "resolve(bytes,bytes)", ["bytes"], dns(name), data)

    def reason(text: str) -> bytes:
        return error("Error(string)", text)

    question = call(ADDR, namehash("x.alice.os"))
    for data in (call(ADDR, s.node), question[:35], b""):
        assert refusal(resolve, "x.alice.os", data) == reason("resolver: other node")
    short = call("addr(bytes32,uint256)", s.node, 60)[:67]
    assert refusal(resolve, "alice.os", short) == reason("resolver: call too short")
    absent = reason("resolver: no such name")
    assert refusal(resolve, "x.alice.os", question) == absent
    assert refusal(resolve, "nobody.os", call(ADDR, namehash("nobody.os"))) == absent
    assert resolve("alice.os", call(ADDR, s.node)) == word(s.owner)
    r.setWildcard(s.node, True, **by)
    assert resolve("x.alice.os", question) == bytes(32)  # not the owner
    r.setAddr(s.node, s.stranger, **by)
    assert resolve("x.alice.os", question) == word(s.stranger)
    r.setText(s.node, "url", "x", **by)
    answer = resolve("x.alice.os", call(TEXT, namehash("x.alice.os"), "url"))
    assert decode(["string"], answer) == ("x",)
    unknown = refusal(resolve, "alice.os", call("pubkey(bytes32)", s.node))
    assert unknown == error(
        "UnsupportedResolverProfile(bytes4)", keccak(text="pubkey(bytes32)")[:4]
    )
    bad = (r, "resolve(bytes,bytes)", ["bytes"], b"\x05alice\x02os\0\0", call(ADDR, s.node))
    assert refusal(ask, *bad) == reason("resolver: bad encoding")
    at = "resolver.eth"
    assert resolve(at, call(ADDR, namehash(at))) == word(r.address)
    question = call(ADDR, s.sub)
    travel_to(s.half + GRACE - 1)
    assert refusal(resolve, "sub.alice.os", question) == absent
    travel_to(s.half + GRACE)
    assert resolve("sub.alice.os", question) == word(s.stranger)


def word(account: Any) -> bytes:
    return bytes.fromhex(str(account)[2:]).rjust(32, b"\0")


# ----- stories: primary names -----


def primary_names_are_claimed(s: Scene) -> None:
    act = s.reverse
    refused("reverse: not names", act.set_primary, s.owner, "x.os", sender=s.owner)
    refused("reverse: no contract", act.setNameFor, s.buyer, "x.os", sender=s.owner)
    zero = boa.env.generate_address()
    for code in (told(0, 0), "5b600056", told(int(s.owner, 16), 33), "60006000fd",
                 told(int(s.owner, 16) + 2**160), told(int(s.owner, 16), 31)):  # fmt: skip
        boa.env.set_code(zero, bytes.fromhex(code))
        refused("reverse: not owner", act.setNameFor, zero, "x.os", sender=s.owner)
    boa.env.set_code(zero, bytes.fromhex(told(int(s.owner, 16))))
    refused("reverse: not owner", act.setNameFor, zero, "x.os", sender=s.buyer)
    act.setNameFor(zero, "x.os", sender=s.owner)
    assert act.name(reverse_node(zero)) == "x.os"
    act.setName("y.os", sender=s.owner)
    assert act.name(reverse_node(s.owner)) == "y.os"
    assert s.names.resolver(reverse_node(s.owner)) == act.address
    assert s.names.resolver(reverse_node(s.buyer)) == ZERO


def primary_names_are_signed(s: Scene) -> None:
    act, deadline = s.reverse.setNameWithSignature, now() + 60

    def signed(nonce: int) -> bytes:
        domain = {
            "name": "Uraeus primary names",
            "version": "1",
            "chainId": boa.env.evm.patch.chain_id,
            "verifyingContract": s.reverse.address,
        }
        kinds = {"account": "address", "name": "string", "nonce": "uint256", "deadline": "uint256"}
        types = {"SetName": [{"name": name, "type": kind} for name, kind in kinds.items()]}
        values = (KEY.address, "key.os", nonce, deadline)
        message = dict(zip(kinds, values, strict=True))
        return bytes(KEY.sign_typed_data(domain, types, message).signature)

    good = (KEY.address, "key.os", deadline, signed(0))
    refused("reverse: bad signature", act, s.owner, *good[1:])
    refused("reverse: bad signature", act, KEY.address, "other.os", *good[2:])
    refused("reverse: bad signature", act, *good[:2], deadline + 1, good[3])
    travel_to(deadline)
    act(*good)
    assert s.reverse.name(reverse_node(KEY.address)) == "key.os"
    refused("reverse: bad signature", act, *good)
    travel_to(deadline + 1)
    refused("reverse: signature expired", act, *good[:3], signed(1))


def reverse_nodes_are_answered(s: Scene) -> None:
    s.reverse.setName("alice.os", sender=s.owner)
    name = f"{s.owner[2:].lower()}.addr.reverse"
    node = reverse_node(s.owner)

    def resolve(wire: bytes, data: bytes) -> bytes:
        return ask(s.reverse, "resolve(bytes,bytes)", ["bytes"], wire, data)

    question = call("name(bytes32)", node)
    assert decode(["string"], resolve(dns(name), question)) == ("alice.os",)
    bad = error("Error(string)", "reverse: bad encoding")
    assert refusal(resolve, dns(name) + b"\0", question) == bad
    assert refusal(resolve, dns(name)[:-1], question) == bad
    other = error("Error(string)", "reverse: other node")
    assert refusal(resolve, dns(name), call("name(bytes32)", s.node)) == other
    assert refusal(resolve, dns(name), question[:35]) == other
    unknown = error("UnsupportedResolverProfile(bytes4)", keccak(text=ADDR)[:4])
    assert refusal(resolve, dns(name), call(ADDR, node)) == unknown


# ----- stories: what clients ask -----


def resolvers_are_found(s: Scene) -> None:
    kinds = ["address", "bytes32", "uint256"]

    def find(wire: bytes) -> tuple:
        return ask(s.universal, "findResolver(bytes)", kinds, wire)

    def require(wire: bytes) -> tuple:
        kind = ["(bytes,uint256,bytes32,address,bool)"]
        return ask(s.universal, "requireResolver(bytes)", kind, wire)

    deep, at = dns("x.alice.os"), namehash("x.alice.os")
    assert find(deep) == (s.resolver.address, at, 2)
    assert find(dns("sub.alice.os")) == (s.resolver.address, s.sub, 0)
    assert find(dns("alice.os")) == (s.resolver.address, s.node, 0)
    assert find(dns("nobody.os")) == (ZERO, namehash("nobody.os"), 0)
    assert require(deep) == (deep, 2, at, s.resolver.address.lower(), True)
    assert refusal(require, dns("nobody.os")) == error("ResolverNotFound(bytes)", dns("nobody.os"))
    for wire in (b"", b"\x05alice\x02os", b"\x05alice\x03os\0", b"\x02os\0\0"):
        assert refusal(find, wire) == error("DNSDecodingFailed(bytes)", wire)
    long = b"\x01a" * 128
    assert refusal(find, long) == error("ResolverNotFound(bytes)", long)
    s.names.setResolver(s.node, s.stranger, sender=s.owner)
    wire = dns("alice.os")
    without = error("ResolverNotContract(bytes,address)", wire, s.stranger)
    assert refusal(require, wire) == without
    assert refusal(require, deep) == error("ResolverNotFound(bytes)", deep)
    sub, below = dns("sub.alice.os"), dns("x.sub.alice.os")
    travel_to(s.half)
    assert find(sub) == (ZERO, s.sub, 0)
    travel_to(s.half + GRACE - 1)
    assert find(below) == (ZERO, namehash("x.sub.alice.os"), 0)
    travel_to(s.half + GRACE)
    assert find(sub) == (s.stranger, s.sub, 4)


def resolvers_are_asked(s: Scene) -> None:
    odd = support.deployer("ToldResolver").deploy()
    s.names.setResolver(s.node, odd.address, sender=s.owner)

    def resolve(data: bytes) -> bytes:
        kinds = ["bytes", "address"]
        return ask(s.universal, "resolve(bytes,bytes)", kinds, dns("alice.os"), data)[0]

    def failed(inner: bytes) -> bytes:
        return error("ResolverError(bytes)", inner)

    question = call(ADDR, s.node)
    selector = keccak(text=ADDR)[:4]
    unsupported = error("UnsupportedResolverProfile(bytes4)", selector)
    several = call("multicall(bytes[])", [question, question])
    odd.set(False, False, b"x")
    assert decode(["bytes[]"], resolve(several)) == ((b"x", b"x"),)
    assert refusal(resolve, question + bytes(1024)) == failed(b"")
    odd.set(False, False, b"")
    assert refusal(resolve, question) == unsupported
    odd.set(False, True, b"why")
    assert refusal(resolve, question) == failed(b"why")
    odd.set(False, True, unsupported)
    assert refusal(resolve, question) == unsupported
    wrapped = (32).to_bytes(32, "big") + (3).to_bytes(32, "big") + b"yes" + bytes(29)
    odd.set(True, False, wrapped)
    assert resolve(question) == b"yes"
    for wrong in (wrapped[:63], wrapped[:66], b"\1" + wrapped[1:], bytes(32) + wrapped[32:]):
        odd.set(True, False, wrong)
        assert refusal(resolve, question) == failed(b"")
    odd.set(False, False, b"x" * 4096)
    assert resolve(question) == b"x" * 4096
    odd.set(False, False, b"x" * 4097)
    assert refusal(resolve, question) == failed(b"")


def several_are_read(s: Scene) -> None:
    """What is no `multicall` of so many calls of such a size is an error with a name."""
    s.world.resolver.setText(s.node, "url", "x", sender=s.owner)
    kinds, signature = ["bytes", "address"], "resolve(bytes,bytes)"

    def resolve(data: bytes) -> bytes:
        return ask(s.universal, signature, kinds, dns("alice.os"), data)[0]

    def words(*numbers: int) -> bytes:
        head = keccak(text="multicall(bytes[])")[:4]
        return head + b"".join(number.to_bytes(32, "big") for number in numbers)

    question = call(TEXT, s.node, "url")
    several = call("multicall(bytes[])", [question] * 16)
    assert decode(["bytes[]"], resolve(several)) == ((encode(["string"], ["x"]),) * 16,)
    nothing = error("ResolverError(bytes)", b"")
    for data in (
        words(32), words(32, 1), words(32, 1, 32), words(32, 1, 32)[:-1], words(32, 1, 32, 1),
        words(2**256 - 1), words(32, 1, 2**256 - 32), words(32, 1, 32, 2**256 - 1),
        words(32, 2**256 - 1), words(2**256 - 32, 0), several[:-160],
        call("multicall(bytes[])", [b""] * 17),
        call("multicall(bytes[])", [b"x" * 1025]),
    ):  # fmt: skip
        assert refusal(resolve, data) == nothing


def shown(s: Scene, account: Any, coin: int = 60) -> str:
    raw = account if isinstance(account, bytes) else bytes.fromhex(account[2:])
    kinds = ["string", "address", "address"]
    return ask(s.universal, "reverse(bytes,uint256)", kinds, raw, coin)[0]


def primary_names_are_confirmed(s: Scene) -> None:
    s.reverse.setName("alice.os", sender=s.owner)
    s.reverse.setName("alice.os", sender=s.stranger)
    mine = bytes.fromhex(s.owner[2:])
    nothing = error("ResolverNotFound(bytes)", dns("reverse"))
    assert refusal(shown, s, s.owner, 61) == nothing
    assert refusal(shown, s, mine + b"\0") == nothing
    assert shown(s, s.owner) == "alice.os"
    mismatch = error("ReverseAddressMismatch(string,bytes)", "alice.os", mine)
    assert refusal(shown, s, s.stranger) == mismatch


def names_are_shown_if_plain(s: Scene) -> None:
    wire = dns(f"{s.owner[2:].lower()}.addr.reverse")
    for bad in ("", "Alice.os", "alice..os", ".os", "xn--a.os", "alice.os.", "a\u00e9.os"):
        s.reverse.setName(bad, sender=s.owner)
        refused_with = refusal(shown, s, s.owner)
        assert refused_with == error("ResolverNotFound(bytes)", wire)
    s.reverse.setName("a-b.alice.os", sender=s.buyer)
    s.below("a-b", s.buyer, 0)
    assert shown(s, s.buyer) == "a-b.alice.os"


# ----- faults -----


class Fault(NamedTuple):
    name: str
    story: Callable[[Scene], None]
    edits: list[Edit]


def fault(
    name: str,
    story: Callable[[Scene], None],
    path: str,
    old: str,
    new: str = "True",
    near: str = "",
) -> Fault:
    return Fault(name, story, [Edit(path, old, new, near)])


N, R, P = "names/Names.vy", "names/Resolver.vy", "names/NamePricing.vy"
V, U = "names/ReverseResolver.vy", "names/UniversalResolver.vy"
NOT_CONTROLLED = (
    "msg.sender != owner and (msg.sender != _NAMES.address or kind == empty(IResolver.Kind))"
)
WIRE, META, PACKED = "lib/dns_names.vy", "lib/name_metadata.vy", "lib/packed_bytes.vy"
FAULTS = [
    # ----- commitments and registrations -----
    fault("a name system in place of ENS's", systems_are_made, N, "_TOP_NODE != ETH"),
    fault("a name system in place of the reverse", systems_are_made, N, "_TOP_NODE != REVERSE"),
    fault("a commitment to nothing", commitments_bind, N, "commitment != empty(bytes32)"),
    fault("a commitment begins again", commitments_bind, N,
          "committed == 0 or block.timestamp > committed + COMMIT_MAX"),
    fault("a commitment never again", commitments_bind, N,
          "committed == 0 or block.timestamp > committed + COMMIT_MAX", "committed == 0"),
    fault("a commitment again too soon", commitments_bind, N,
          "committed == 0 or block.timestamp > committed + COMMIT_MAX",
          "committed == 0 or block.timestamp >= committed + COMMIT_MAX"),
    fault("not committed", commitments_bind, N, "committed != 0"),
    fault("no waiting", commitments_bind, N, "block.timestamp >= committed + COMMIT_MIN"),
    fault("waiting a second more", commitments_bind, N,
          "block.timestamp >= committed + COMMIT_MIN", "block.timestamp > committed + COMMIT_MIN"),
    fault("old commitments", commitments_bind, N, "block.timestamp <= committed + COMMIT_MAX"),
    fault("a commitment too old", commitments_bind, N,
          "block.timestamp <= committed + COMMIT_MAX", "block.timestamp < committed + COMMIT_MAX"),
    fault("commitments of others", commitments_bind, N, "msg.sender",
          "registration.owner", near="commitment: bytes32 = keccak256(abi_encode(registration, "),
    fault("a commitment stays", commitments_bind, N,
          "    self._commitments[commitment] = 0\n", ""),
    fault("any label", registrations_are_checked, N,
          "self._is_label(label)", near="def _check_label("),
    fault("registered for nobody", registrations_are_checked, N,
          "registration.owner != empty(address)"),
    fault("registered though taken", registrations_are_checked, N,
          "self._state(node, old) == INames.State.FREE",
          near="node: bytes32 = keccak256(concat(_TOP_NODE, label))"),
    fault("a price of what is taken", registrations_are_checked, N,
          "self._state(node, word) == INames.State.FREE", near="def registration_price("),
    fault("above the highest price", registrations_are_checked, N,
          "premium <= max_price and base <= max_price - premium"),
    fault("the premium comes on top", premiums_end, N,
          "premium <= max_price and base <= max_price - premium", "base <= max_price"),
    fault("paid or not", registrations_are_checked, N, "msg.value == price"),
    fault("paid too much", registrations_are_checked, N, "msg.value == price",
          "msg.value >= price"),
    fault("the rate is cut", registrations_are_checked, N,
          "(base * YEAR + duration * RATE_UNIT - 1)", "(base * YEAR)"),
    fault("data to an account", registrations_are_checked, N, "resolver.is_contract"),
    fault("the registration has no number", names_begin_anew, N,
          "self._registration(word) + 1 << AT_REGISTRATION", "1 << AT_REGISTRATION"),
    fault("the old token stays", names_begin_anew, N, "        self._burn(node, old)\n", "",
          near="convert(registration.label, Bytes[LABEL_ARGUMENT])"),
    fault("no token for who registers", registrations_are_checked, N,
          "    self._mint(node, registration.owner)\n", ""),
    fault("another resolver is passed over", wishes_come_true, N, "resolver != _RESOLVER",
          "False"),
    fault("primary though not asked for", wishes_come_true, N, "registration.primary"),
    fault("no primary though asked for", wishes_come_true, N, "registration.primary", "False"),
    fault("the owner's primary name", wishes_come_true, N, "msg.sender", "registration.owner",
          near="IReverseResolver(_REVERSE_RESOLVER).set_primary("),
    fault("records are passed over", wishes_come_true, N, "len(registration.data) != 0", "False"),
    # ----- prices and proceeds -----
    fault("registered too short", durations_are_bounded, N, "duration >= DURATION_MIN"),
    fault("the shortest is too short", durations_are_bounded, N, "duration >= DURATION_MIN",
          "duration > DURATION_MIN"),
    fault("registered too long", durations_are_bounded, N, "duration <= DURATION_MAX"),
    fault("the longest is too long", durations_are_bounded, N, "duration <= DURATION_MAX",
          "duration < DURATION_MAX"),
    fault("no price is no price", answers_are_bounded, N, "answered",
          near='method_id=method_id("price(uint256,uint256)"))\n    )\n    assert '),
    fault("no premium is no premium", premiums_end, N, "answered",
          near='method_id=method_id("premium(uint256)"))\n    )\n    assert '),
    fault("any price is a price", answers_are_bounded, N,
          "base <= MASK_RATE * RATE_UNIT * duration // YEAR"),
    fault("the premium of now", names_begin_anew, N, "max(committed, release) - release",
          "block.timestamp - release"),
    fault("committed before the release", names_begin_anew, N,
          "max(committed, release) - release", "committed - release"),
    fault("a premium for ever", premiums_end, N, "elapsed >= PREMIUM_TIME", "False"),
    fault("a premium never", premiums_end, N, "elapsed >= PREMIUM_TIME"),
    fault("a premium a second longer", premiums_end, N, "elapsed >= PREMIUM_TIME",
          "elapsed > PREMIUM_TIME"),
    fault("failure is an answer", answers_are_bounded, N, "not success or len(answer) != 32",
          "len(answer) != 32 and False"),
    fault("short is an answer", answers_are_bounded, N, "not success or len(answer) != 32",
          "not success or len(answer) > 32"),
    fault("long is an answer", answers_are_bounded, N, "not success or len(answer) != 32",
          "not success or len(answer) < 32"),
    fault("all gas for an answer", burners_are_capped, N, "PRICING_GAS", "msg.gas",
          near="max_outsize=33,"),
    fault("renewed at any price", renewals_are_capped, N, "min(price, cap) if answered else cap",
          "price"),
    fault("renewed at the cap always", renewals_are_capped, N,
          "min(price, cap) if answered else cap", "cap"),
    fault("renewed above the cap", renewals_are_capped, N,
          "min(price, cap) if answered else cap", "(price if answered else cap)"),
    fault("renewed for nothing", answers_are_bounded, N, "min(price, cap) if answered else cap",
          "min(price, cap)"),
    fault("the cap is cut", renewals_are_capped, N,
          "(rate * RATE_UNIT * duration + YEAR - 1) // YEAR",
          "rate * RATE_UNIT * duration // YEAR"),
    fault("renewed though free", renewals_end, N,
          "self._state(node, word) != INames.State.FREE", near="def _check_renewable("),
    fault("renewed when live only", renewals_end, N,
          "self._state(node, word) != INames.State.FREE",
          "self._state(node, word) == INames.State.LIVE", near="def _check_renewable("),
    fault("at the cap without a check", renewals_end, N,
          "    self._check_renewable(node, word, duration)\n", "", near="def renew_at_cap("),
    fault("renewed for ever", renewals_end, N, "expiry <= block.timestamp + EXPIRY_MAX"),
    fault("renewed a second less", renewals_end, N, "expiry <= block.timestamp + EXPIRY_MAX",
          "expiry < block.timestamp + EXPIRY_MAX"),
    fault("paid and not renewed", renewals_are_capped, N, "word + (duration << AT_EXPIRY)",
          "word"),
    fault("swept into nothing", proceeds_are_swept, N, "treasury.is_contract"),
    fault("swept without anything", proceeds_are_swept, N, "amount != 0"),
    fault("a refusal is passed over", proceeds_are_swept, N,
          'raw_call(treasury, b"", value=amount, revert_on_failure=False)',
          'raw_call(treasury, b"", value=amount, revert_on_failure=False) or True'),
    fault("half is swept", proceeds_are_swept, N, "self.balance", "self.balance // 2"),
    # ----- labels -----
    fault("the empty label", labels_are_plain, N, "size == 0 or size > MAX_LABEL",
          "size > MAX_LABEL"),
    fault("the longest label and one", labels_are_plain, N, "size == 0 or size > MAX_LABEL",
          "size == 0 or size > MAX_LABEL + 1"),
    fault("any tail", labels_are_plain, N, "not self._is_word(tail, size - 32)", "False"),
    fault("any head", labels_are_plain, N, "self._is_word(head, min(size, 32))"),
    fault("a hyphen first", labels_are_plain, N, "head >> 248 != HYPHEN"),
    fault("a hyphen last", labels_are_plain, N, "last & 255 != HYPHEN"),
    fault("punycode", labels_are_plain, N, "(head >> 224) & 65535 != TWO_HYPHENS"),
    fault("bytes beyond ASCII", labels_are_plain, N, "word & TOPS != 0", "False"),
    *(fault(f"a label with {wrong}", labels_are_plain, N, old, new) for wrong, old, new in (
        ("a grave", "(filled - 97 * ONES)", "(filled - 96 * ONES)"),
        ("a brace", "(filled - 123 * ONES)", "(filled - 124 * ONES)"),
        ("a slash", "(filled - 48 * ONES)", "(filled - 47 * ONES)"),
        ("a colon", "(filled - 58 * ONES)", "(filled - 59 * ONES)"),
        ("a comma", "(filled - 45 * ONES)", "(filled - 44 * ONES)"),
        ("a dot", "(filled - 46 * ONES)", "(filled - 47 * ONES)"),
    )),
    # ----- who and when -----
    fault("everybody controls", only_who_controls, N,
          "msg.sender == owner or self._operators[owner][msg.sender]"),
    fault("operators do not", only_who_controls, N,
          "msg.sender == owner or self._operators[owner][msg.sender]", "msg.sender == owner"),
    fault("owners do not", only_who_controls, N,
          "msg.sender == owner or self._operators[owner][msg.sender]",
          "self._operators[owner][msg.sender]"),
    *(fault(f"{who} is not asked for", only_who_controls, N, "    self._check_controls(word)\n", "",
            near=f"def {who}(") for who in ("_controlled", "extend", "approve")),
    fault("after the end", only_who_controls, N, "block.timestamp < self._expiry(node, word)",
          near="def _live("),
    fault("a second after the end", only_who_controls, N,
          "block.timestamp < self._expiry(node, word)",
          "block.timestamp <= self._expiry(node, word)", near="def _live("),
    fault("expired names have owners", times_pass, N,
          "word >> AT_MODE != 0 and block.timestamp >= self._expiry(node, word)", "False"),
    fault("owners a second longer", times_pass, N,
          "word >> AT_MODE != 0 and block.timestamp >= self._expiry(node, word)",
          "word >> AT_MODE != 0 and block.timestamp > self._expiry(node, word)"),
    fault("expired names have holders", times_pass, N,
          "word >> AT_MODE == 0 or block.timestamp >= self._expiry(node, word)", "False"),
    fault("fixed nodes have holders", times_pass, N,
          "word >> AT_MODE == 0 or block.timestamp >= self._expiry(node, word)",
          "block.timestamp >= self._expiry(node, word) and word >> AT_MODE != 0"),
    fault("expired names have resolvers", times_pass, N,
          "block.timestamp >= self._expiry(node, word)", "False", near="def resolver("),
    fault("expired names have a ttl", times_pass, N,
          "self._state(node, word) != INames.State.LIVE", "False"),
    fault("expired names exist", times_pass, N, "block.timestamp < self._expiry(node, word)",
          near="def recordExists("),
    fault("no grace", times_pass, N, "word >> AT_MODE != 0 and block.timestamp < expiry + GRACE",
          "False"),
    fault("a grace of a second more", times_pass, N,
          "word >> AT_MODE != 0 and block.timestamp < expiry + GRACE",
          "word >> AT_MODE != 0 and block.timestamp <= expiry + GRACE"),
    fault("live when expired", times_pass, N, "block.timestamp < expiry",
          "block.timestamp <= expiry", near="expiry: uint256 = self._expiry(node, word)"),
    # ----- moving -----
    fault("to nobody", names_are_moved, N, "to != empty(address)", near="def _move("),
    fault("tokens of nobody", names_are_moved, N, "owner != empty(address)",
          near="def balanceOf("),
    fault("from anybody", names_are_moved, N, "sender == convert(word & MASK_160, address)",
          near="def _transfer("),
    fault("everybody is approved", names_are_moved, N,
          "msg.sender == self._approved(node, word)"),
    fault("nobody needs to be approved", only_who_controls, N,
          "msg.sender != sender and not self._operators[sender][msg.sender]", "False"),
    fault("operators need to be approved", only_who_controls, N,
          "msg.sender != sender and not self._operators[sender][msg.sender]",
          "msg.sender != sender"),
    fault("approvals outlive the epoch", names_are_moved, N,
          "approval >> AT_APPROVAL_EPOCH != self._epoch(word)", "False"),
    fault("whoever receives", names_are_moved, N, "accepted", near="data)\n    assert "),
    fault("transferred in the old epoch", names_are_moved, N, "self._next_epoch(word)", "word",
          near="def _transfer("),
    fault("given away in the old epoch", names_are_moved, N, "self._next_epoch(word)", "word",
          near="def setOwner("),
    fault("the sender's balance stays", names_are_moved, N,
          "        self._balances[sender] -= 1\n", ""),
    fault("the receiver's balance stays", names_are_moved, N,
          "        self._balances[to] += 1\n", ""),
    fault("managed names are counted", managed_names_are_lent, N,
          "word >> AT_MODE != MANAGED", near="def _move("),
    fault("approved across a migration", names_migrate, N,
          "    self._approvals[node] = 0\n", ""),
    fault("migrations are not counted", names_migrate, N,
          "    self._migrations[node] += 1\n", ""),
    fault("records of an old epoch", names_are_moved, N,
          "record >> AT_RECORD_EPOCH != epoch", "False"),
    fault("another owner, the same epoch", records_of_the_registry, N,
          "owner != convert(word & MASK_160, address)", "False"),
    fault("the same owner, another epoch", records_of_the_registry, N,
          "owner != convert(word & MASK_160, address)"),
    fault("the ttl is lost", records_of_the_registry, N,
          "self._record(node, epoch) >> AT_TTL & MASK_64", "0"),
    fault("the resolver is lost", records_of_the_registry, N,
          "convert(self._record(node, epoch) & MASK_160, address)", "_RESOLVER",
          near="def setTTL("),
    fault("anybody raises epochs", records_of_the_registry, N, "msg.sender == _RESOLVER"),
    fault("the choice of a resolver is lost", records_of_the_registry, N,
          "record >> AT_RECORD_EPOCH == old_epoch", "False"),
    fault("an older choice comes back", records_of_the_registry, N,
          "record >> AT_RECORD_EPOCH == old_epoch"),
    fault("changes run over", epochs_are_used_up, N,
          "(word >> AT_EPOCH) & MASK_CHANGE != MASK_CHANGE"),
    fault("registrations run over", epochs_are_used_up, N,
          "self._registration(old) != MASK_REGISTRATION"),
    # ----- sub-names -----
    fault("a sub-name of nobody", subnames_are_made, N, "owner != empty(address)",
          near="def createSubname("),
    fault("emancipated below a managed one", subnames_are_made, N,
          "above >> AT_MODE != MANAGED", near="def createSubname("),
    fault("emancipated in the past", subnames_are_made, N, "expiry > block.timestamp"),
    fault("emancipated for no second", subnames_are_made, N, "expiry > block.timestamp",
          "expiry >= block.timestamp"),
    fault("emancipated beyond the parent", subnames_are_made, N,
          "expiry <= (above >> AT_EXPIRY) & MASK_40"),
    fault("not as long as the parent", subnames_are_made, N,
          "expiry <= (above >> AT_EXPIRY) & MASK_40", "expiry < (above >> AT_EXPIRY) & MASK_40"),
    fault("a sub-name without a token", subnames_are_made, N,
          "        self._mint(node, owner)\n", ""),
    fault("buyers are not told", subnames_are_made, N,
          "        self._note_emancipated(parent, expiry)\n", "", near="def createSubname("),
    fault("buyers are told of the last only", subnames_are_made, N,
          "expiry + GRACE > self._emancipated[parent]"),
    fault("the label is lost", subnames_are_made, N, "not packed_bytes._is_set(node)", "False"),
    fault("the parent is lost", subnames_are_made, N,
          "        self._parents[node] = parent\n", ""),
    fault("managed names are tokens", subnames_are_made, N, "word >> AT_MODE != MANAGED",
          near="def _token("),
    fault("the owner above redirects", managed_names_are_lent, N,
          "(anew and (above ^ word) & MASK_160 != 0)", "False"),
    fault("every owner above ends the records", managed_names_are_lent, N,
          "(anew and (above ^ word) & MASK_160 != 0)",
          "((above ^ word) & MASK_160 != 0)"),
    fault("one's own records end", managed_names_are_lent, N,
          "(anew and (above ^ word) & MASK_160 != 0)", "anew"),
    fault("clients ask above in the grace", emancipated_names_are_free, N,
          "word >> AT_MODE == EMANCIPATED and self._state(node, word) == INames.State.GRACE",
          "False"),
    fault("and for ever", emancipated_names_are_free, N,
          "word >> AT_MODE == EMANCIPATED and self._state(node, word) == INames.State.GRACE",
          "word >> AT_MODE == EMANCIPATED"),
    fault("managed ones in grace have a resolver", emancipated_names_are_free, N,
          "word >> AT_MODE == EMANCIPATED and self._state(node, word) == INames.State.GRACE",
          "self._state(node, word) == INames.State.GRACE"),
    fault("an emancipated one is taken", emancipated_names_are_free, N,
          "self._state(node, old) == INames.State.FREE", near="def _start("),
    fault("taken in its grace", emancipated_names_are_free, N,
          "self._state(node, old) == INames.State.FREE",
          "self._state(node, old) != INames.State.LIVE", near="def _start("),
    fault("taken as if it were managed", emancipated_names_are_free, N,
          "old >> AT_MODE == EMANCIPATED", "False"),
    fault("its token stays", emancipated_names_are_free, N, "        self._burn(node, old)\n", "",
          near="def _start("),
    fault("managed ones are extended", subnames_are_extended, N,
          "word >> AT_MODE == EMANCIPATED", near="def extend("),
    fault("extended when free", subnames_are_extended, N,
          "self._state(node, word) != INames.State.FREE", near="def extend("),
    fault("extended when live only", subnames_are_extended, N,
          "self._state(node, word) != INames.State.FREE",
          "self._state(node, word) == INames.State.LIVE", near="def extend("),
    fault("shortened", subnames_are_extended, N, "expiry > old_expiry"),
    fault("extended by nothing", subnames_are_extended, N, "expiry > old_expiry",
          "expiry >= old_expiry"),
    fault("extended beyond the parent", subnames_are_extended, N,
          "expiry <= (self._names[parent] >> AT_EXPIRY) & MASK_40"),
    fault("buyers are not told of more", subnames_are_extended, N,
          "    self._note_emancipated(parent, expiry)\n", "", near="def extend("),
    fault("too deep", trees_are_eight_deep, N, "link >> AT_DEPTH <= MAX_DEPTH"),
    fault("not deep enough", trees_are_eight_deep, N, "link >> AT_DEPTH <= MAX_DEPTH",
          "link >> AT_DEPTH < MAX_DEPTH"),
    fault("below what was taken back", managed_names_are_lent, N,
          "below & MASK_160 == 0 or self._link(above) != (below >> AT_RATE) & MASK_RATE",
          "self._link(above) != (below >> AT_RATE) & MASK_RATE"),
    fault("below another registration", names_begin_anew, N,
          "below & MASK_160 == 0 or self._link(above) != (below >> AT_RATE) & MASK_RATE",
          "below & MASK_160 == 0"),
    fault("a managed one has its own end", times_pass, N, "word >> AT_MODE != MANAGED",
          near="def _expiry("),
    fault("taken back in the old epoch", managed_names_are_lent, N, "self._next_epoch(word)",
          "word", near="def _assign("),
    fault("given again, all is lost", managed_names_are_lent, N,
          "(word >> AT_RATE) & MASK_RATE != link", near="def _assign("),
    fault("kept by using epochs up", epochs_are_used_up, N,
          "(word >> AT_EPOCH) & MASK_CHANGE == MASK_CHANGE", "False"),
    # ----- the resolver: who may write -----
    fault("a resolver of nothing", resolvers_are_made, R, "names != empty(address)"),
    fault("everybody writes", only_who_may_write, R, NOT_CONTROLLED, "False"),
    fault("the registry may not write", only_who_may_write, R, NOT_CONTROLLED,
          "msg.sender != owner"),
    fault("the owner may not write", only_who_may_write, R, NOT_CONTROLLED,
          "msg.sender != _NAMES.address"),
    fault("the registry gives rights", only_who_may_write, R, NOT_CONTROLLED,
          "msg.sender != owner and msg.sender != _NAMES.address"),
    fault("everybody is an operator", only_who_may_write, R,
          "not staticcall _NAMES.isApprovedForAll(owner, msg.sender)", "False"),
    fault("operators may not write", only_who_may_write, R,
          "not staticcall _NAMES.isApprovedForAll(owner, msg.sender)"),
    fault("names of nobody", only_who_may_write, R, "owner != empty(address)",
          near="def _authorise("),
    fault("everybody is a delegate", delegates_write_their_kind, R,
          "kinds != 0 and block.timestamp < word & MASK_40"),
    fault("delegates for ever", delegates_write_their_kind, R,
          "kinds != 0 and block.timestamp < word & MASK_40", "kinds != 0"),
    fault("delegates a second more", delegates_write_their_kind, R,
          "kinds != 0 and block.timestamp < word & MASK_40",
          "kinds != 0 and block.timestamp <= word & MASK_40"),
    fault("delegates of nothing", only_who_may_write, R,
          "kinds != 0 and block.timestamp < word & MASK_40", "block.timestamp < word & MASK_40"),
    fault("delegates of every kind", delegates_write_their_kind, R,
          "(word >> AT_KINDS) & convert(kind, uint256)", "word >> AT_KINDS"),
    *(fault(f"delegates may {act}", delegates_write_their_kind, R,
            "self._authorise(node, empty(IResolver.Kind))",
            "self._authorise(node, IResolver.Kind.TEXT)", near=f"def {act}(")
      for act in ("setWildcard", "setDelegate")),
    fault("delegates may clear", delegates_write_their_kind, R,
          "    self._authorise(node, empty(IResolver.Kind))\n",
          "    self._authorise(node, IResolver.Kind.TEXT)\n", near="def clearRecords("),
    *(fault(f"another kind for {act}", delegates_write_their_kind, R, f"IResolver.Kind.{kind}",
            f"IResolver.Kind.{other}", near=f"def {act}(")
      for act, kind, other in (
          ("setAddr", "ADDR", "TEXT"), ("setText", "TEXT", "ADDR"), ("setName", "NAME", "TEXT"))),
    fault("nobody as a delegate", delegates_write_their_kind, R, "account != empty(address)"),
    fault("until too far", delegates_write_their_kind, R, "until <= MASK_40"),
    fault("delegates are shown for ever", delegates_write_their_kind, R,
          "owner == empty(address) or block.timestamp >= word & MASK_40", "False"),
    fault("delegates outlive a migration", names_migrate, R, "staticcall _NAMES.migrations(node)",
          "convert(0, uint256)"),
    # ----- the resolver: what is written -----
    fault("records outlive the epoch", records_are_of_an_epoch, R, "epoch",
          "convert(0, uint256)", near="keccak256(abi_encode(kind, node, "),
    fault("the address set is not shown", records_are_of_an_epoch, R, "word != 0", "False",
          near="word: uint256 = self._addrs[node][epoch]"),
    fault("an explicit none is unset", money_goes_to_plain_accounts, R,
          "convert(a, uint256) | (1 << AT_SET)", "convert(a, uint256)"),
    fault("contracts receive", money_goes_to_plain_accounts, R,
          "implied and self._is_plain(owner)", "implied"),
    fault("the owner answers for what is absent", absent_names_are_answered, R,
          "implied and self._is_plain(owner)", "self._is_plain(owner)"),
    fault("delegated accounts do not receive", money_goes_to_plain_accounts, R,
          "size == DESIGNATOR_SIZE and slice(account.code, 0, 3) == DESIGNATOR_PREFIX", "False"),
    fault("any code of a designator's size", money_goes_to_plain_accounts, R,
          "size == DESIGNATOR_SIZE and slice(account.code, 0, 3) == DESIGNATOR_PREFIX",
          "size == DESIGNATOR_SIZE"),
    fault("any content type", contents_of_every_size, R, "contentType in [1, 2, 4, 8]"),
    fault("every content type at once", contents_of_every_size, R,
          "contentTypes & content_type != 0"),
    fault("any hash of its size is of IPFS", contents_of_every_size, R,
          "len(content) == IPFS_SIZE and slice(content, 0, 6) == IPFS_PREFIX",
          "len(content) == IPFS_SIZE"),
    fault("the digest of zeros is lost", contents_of_every_size, R, "digest != empty(bytes32)",
          near="digest: bytes32 = extract32(content, 6)"),
    fault("the old digest stays", contents_of_every_size, R,
          "    self._digests[node][epoch] = empty(bytes32)\n", ""),
    fault("a release of nothing", releases_stay, R, "digest != empty(bytes32)",
          near="epoch: uint256 = self._authorise(node, IResolver.Kind.RELEASE)"),
    fault("released again", releases_stay, R, "self._words[at] == 0"),
    fault("any contract implements", interfaces_are_asked_for, R,
          "self._speaks(a, 0x01ffc9a7) and self._speaks(a, interfaceID)"),
    fault("speaks not of interfaces", interfaces_are_asked_for, R,
          "self._speaks(a, 0x01ffc9a7) and self._speaks(a, interfaceID)",
          "self._speaks(a, interfaceID)"),
    fault("speaks of interfaces only", interfaces_are_asked_for, R,
          "self._speaks(a, 0x01ffc9a7) and self._speaks(a, interfaceID)",
          "self._speaks(a, 0x01ffc9a7)"),
    fault("any answer is a yes", interfaces_are_asked_for, R,
          "success and len(answer) == 32 and extract32(answer, 0, output_type=uint256) == 1",
          "success and len(answer) == 32"),
    fault("a short answer is one", interfaces_are_asked_for, R,
          "success and len(answer) == 32 and extract32(answer, 0, output_type=uint256) == 1",
          "success and extract32(answer, 0, output_type=uint256) == 1"),
    # ----- the resolver: calls -----
    fault("short calls", calls_name_their_node, R, "len(call) >= 36"),
    fault("calls about another node", calls_name_their_node, R, "extract32(call, 4) == node"),
    fault("answers are cut", calls_name_their_node, R, "len(answer) <= MAX_CALL"),
    fault("any call is for a coin", coins_are_set, R,
          "len(call) >= 132 and slice(call, 0, 4) == SET_COIN_SELECTOR", "len(call) >= 132"),
    fault("short calls for a coin", coins_are_set, R,
          "len(call) >= 132 and slice(call, 0, 4) == SET_COIN_SELECTOR",
          "slice(call, 0, 4) == SET_COIN_SELECTOR"),
    fault("long addresses", coins_are_set, R, "len(call) <= SET_COIN_SIZE"),
    fault("addresses anywhere", coins_are_set, R,
          "offset == 96 and size <= len(call) - 132", "size <= len(call) - 132"),
    fault("addresses beyond the call", coins_are_set, R,
          "offset == 96 and size <= len(call) - 132", "offset == 96"),
    fault("failures without a reason", calls_name_their_node, R, "success",
          near='raw_revert(answer)\n        assert success, "resolver: call failed"'),
    fault("failures for another reason", calls_name_their_node, R,
          "not success and len(answer) != 0", "False"),
    fault("addresses of any size", coins_are_set, R, "len(a) == 0 or len(a) == 20"),
    fault("every address is removed", coins_are_set, R, "len(a) == 0 or len(a) == 20",
          "len(a) == 20"),
    fault("one chain has 20 bytes", coins_are_set, R,
          "coin == COIN_ETH or (coin >= COIN_EVM and coin < COIN_EVM_END)", "coin == COIN_ETH"),
    fault("chains begin late", coins_are_set, R,
          "coin == COIN_ETH or (coin >= COIN_EVM and coin < COIN_EVM_END)",
          "coin == COIN_ETH or (coin > COIN_EVM and coin < COIN_EVM_END)"),
    fault("chains never end", coins_are_set, R,
          "coin == COIN_ETH or (coin >= COIN_EVM and coin < COIN_EVM_END)",
          "coin == COIN_ETH or coin >= COIN_EVM"),
    fault("questions about another node", absent_names_are_answered, R,
          "len(data) >= 36 and extract32(data, 4) == node", "len(data) >= 36"),
    fault("short questions", absent_names_are_answered, R,
          "len(data) >= 36 and extract32(data, 4) == node", "extract32(data, 4) == node"),
    fault("every name answers", absent_names_are_answered, R,
          "at != empty(bytes32) and wild != 0"),
    fault("a question without its coin", absent_names_are_answered, R, "len(data) >= 68"),
    fault("any encoding", absent_names_are_answered, R, "valid", near="assert valid"),
    fault("no answer is one", absent_names_are_answered, R,
          "not success or len(answer) == 0", "False"),
    fault("a parent answers in the grace", absent_names_are_answered, R,
          "name_at.state == INames.State.GRACE", "False"),
    fault("nobody finds the resolver", absent_names_are_answered, R,
          "owner != empty(address) or node == RESOLVER_ETH", "owner != empty(address)"),
    # ----- prices -----
    fault("rates too high", tables_are_made, P, "rates[0] <= MAX_RATE"),
    fault("longer is dearer", tables_are_made, P, "rates[i] <= rates[i - 1]"),
    fault("premiums too high", tables_are_made, P, "premium_start <= MAX_PREMIUM"),
    fault("the empty label has a price", tables_answer, P, "length != 0"),
    fault("endless durations", tables_answer, P, "duration <= 2**128"),
    fault("prices are cut", tables_answer, P, "(cost + YEAR - 1) // YEAR", "cost // YEAR"),
    fault("every label is short", tables_answer, P, "min(length, LENGTHS) - 1",
          "min(length, LENGTHS - 1) - 1"),
    fault("premiums do not end", tables_answer, P, "day >= PREMIUM_DAYS", "False"),
    fault("premiums end a day early", tables_answer, P, "day >= PREMIUM_DAYS",
          "day + 1 >= PREMIUM_DAYS"),
    fault("premiums fall by the day", tables_answer, P,
          "(whole // 2) * (elapsed % DAY) // DAY", "0"),
    fault("premiums end above zero", tables_answer, P, "(_START >> PREMIUM_DAYS)", "0"),
    # ----- primary names -----
    fault("primary names of nothing", resolvers_are_made, V, "names != empty(address)"),
    fault("accounts are contracts", primary_names_are_claimed, V, "account.is_contract"),
    fault("everybody owns", primary_names_are_claimed, V, "self._owner_of(account) == msg.sender"),
    fault("a failure is an owner", primary_names_are_claimed, V,
          "not success or len(answer) != 32", "False"),
    fault("a long answer is an owner", primary_names_are_claimed, V,
          "not success or len(answer) != 32", "not success or len(answer) < 32"),
    fault("an owner and more", primary_names_are_claimed, V, "word >= 2**160", "False"),
    fault("signed for ever", primary_names_are_signed, V, "block.timestamp <= deadline"),
    fault("signed a second less", primary_names_are_signed, V, "block.timestamp <= deadline",
          "block.timestamp < deadline"),
    fault("any signature", primary_names_are_signed, V,
          "signatures._is_valid(account, digest, signature)"),
    fault("signed again", primary_names_are_signed, V,
          "    self._nonces[account] = nonce + 1\n", ""),
    fault("any name is signed", primary_names_are_signed, V, "keccak256(name)",
          "keccak256(\"key.os\")"),
    fault("anybody as the registry", primary_names_are_claimed, V, "msg.sender == _NAMES"),
    fault("any encoding of a reverse node", reverse_nodes_are_answered, V, "valid",
          near="assert valid"),
    fault("another reverse node", reverse_nodes_are_answered, V,
          "len(data) >= 36 and extract32(data, 4) == node", "len(data) >= 36"),
    fault("short questions for a primary name", reverse_nodes_are_answered, V,
          "len(data) >= 36 and extract32(data, 4) == node", "extract32(data, 4) == node"),
    fault("a name for every question", reverse_nodes_are_answered, V, "selector != NAME_SELECTOR",
          "False"),
    fault("nobody has a primary name", primary_names_are_claimed, V,
          "packed_bytes._is_set(node)", "False"),
    # ----- the universal resolver -----
    fault("no registry", resolvers_are_made, U, "names.is_contract"),
    fault("long names", resolvers_are_found, U, "len(name) > dns_names.MAX_WIRE", "False"),
    fault("names in any encoding", resolvers_are_found, U, "not valid", "False",
          near="valid, starts = dns_names._starts(info.name)"),
    fault("the highest resolver", resolvers_are_found, U, "resolver != empty(address)",
          "resolver != empty(address) and info.resolver == empty(address)",
          near="resolver: address = staticcall _NAMES.resolver(info.node)"),
    fault("the parent's in the grace", resolvers_are_found, U,
          "found.state == INames.State.GRACE", "False"),
    fault("begins above the grace", resolvers_are_found, U,
          "                info.offset = 0\n", ""),
    fault("no resolver is one", resolvers_are_found, U, "info.resolver == empty(address)", "False"),
    fault("every resolver is extended", resolvers_are_asked, U,
          "success and len(answer) == 32 and extract32(answer, 0, output_type=uint256) != 0"),
    fault("no resolver is extended", resolvers_are_asked, U,
          "success and len(answer) == 32 and extract32(answer, 0, output_type=uint256) != 0",
          "False"),
    fault("plain ones for what is absent", resolvers_are_found, U, "info.offset != 0", "False"),
    fault("accounts are resolvers", resolvers_are_found, U, "not info.resolver.is_contract",
          "False"),
    fault("several are one", resolvers_are_asked, U,
          "len(data) >= 4 and slice(data, 0, 4) == MULTICALL", "False"),
    fault("long questions", resolvers_are_asked, U, "len(data) > MAX_CALL", "False"),
    fault("several in any encoding", several_are_read, U, "not valid", "False",
          near="valid, calls = self._calls(data)"),
    fault("several without end", several_are_read, U, "not found or count > MAX_CALLS",
          "not found"),
    fault("several that are not there", several_are_read, U, "not found or count > MAX_CALLS",
          "count > MAX_CALLS"),
    fault("one that is not there", several_are_read, U,
          "not found or size > min(MAX_CALL, len(data) - start - at - 32)",
          "size > min(MAX_CALL, len(data) - start - at - 32)"),
    fault("one of any size", several_are_read, U,
          "not found or size > min(MAX_CALL, len(data) - start - at - 32)",
          "not found or size > len(data) - start - at - 32"),
    fault("one beyond the end", several_are_read, U,
          "not found or size > min(MAX_CALL, len(data) - start - at - 32)",
          "not found or size > MAX_CALL"),
    fault("a word beyond the end", several_are_read, U, "at + 32 > len(data)", "False"),
    fault("a word cut short", several_are_read, U, "at + 32 > len(data)", "at + 31 > len(data)"),
    fault("offsets of any size", several_are_read, U, "word <= MAX_DATA"),
    fault("failures are answers", resolvers_are_asked, U, "not success", "False",
          near="success, answer = self._ask(info, data)\n    if"),
    fault("profiles are errors", resolvers_are_asked, U,
          "len(answer) >= 4 and slice(answer, 0, 4) == UNSUPPORTED", "False"),
    fault("nothing is an answer", resolvers_are_asked, U, "len(answer) == 0", "False",
          near="raw_revert(concat(RESOLVER_ERROR, abi_encode(answer)))"),
    fault("long answers", resolvers_are_asked, U, "len(answer) > MAX_ANSWER", "False"),
    fault("answers as they come", resolvers_are_asked, U,
          "not success or not info.extended or len(answer) == 0"),
    fault("bytes anywhere", resolvers_are_asked, U,
          "len(answer) < 64 or extract32(answer, 0, output_type=uint256) != 32",
          "len(answer) < 64"),
    fault("bytes without a size", resolvers_are_asked, U,
          "len(answer) < 64 or extract32(answer, 0, output_type=uint256) != 32",
          "extract32(answer, 0, output_type=uint256) != 32"),
    fault("bytes beyond the answer", resolvers_are_asked, U, "size > len(answer) - 64", "False"),
    fault("names of every chain", primary_names_are_confirmed, U,
          "coin_type != COIN_ETH or len(lookup) != 20", "len(lookup) != 20"),
    fault("names of any bytes", primary_names_are_confirmed, U,
          "coin_type != COIN_ETH or len(lookup) != 20", "coin_type != COIN_ETH"),
    fault("names that cannot be shown", names_are_shown_if_plain, U, "not valid", "False",
          near="valid, forward = dns_names._encode(primary)"),
    fault("names that are not confirmed", primary_names_are_confirmed, U,
          "keccak256(confirmed) != keccak256(lookup)", "False"),
    # ----- what they share -----
    fault("no end", resolvers_are_found, WIRE, "at >= len(wire)", "at > len(wire)"),
    fault("something behind the end", resolvers_are_found, WIRE, "at + 1 == len(wire)"),
    fault("an empty label", names_are_shown_if_plain, WIRE, "i == start", "False",
          near="if character == DOT:"),
    fault("any letter", names_are_shown_if_plain, WIRE, "not self._is_plain(character)",
          "False"),
    fault("names in punycode", names_are_shown_if_plain, WIRE,
          "i == start + 3 and slice(name, start + 2, 2) == HYPHENS", "False"),
    fault("the top label first", resolvers_are_found, WIRE,
          "concat(node, keccak256(slice(wire, start + 1, size)))",
          "concat(keccak256(slice(wire, start + 1, size)), node)"),
    fault("a text too wide", metadata_fits, META,
          "min(LARGEST, WIDTH // max(len(name), 1))", "LARGEST"),
    fault("a text too large", metadata_fits, META,
          "min(LARGEST, WIDTH // max(len(name), 1))", "WIDTH // max(len(name), 1)"),
    fault("labels without a dot", subnames_are_made, META, 'concat(lower, ".", upper)',
          'concat(lower, "-", upper)'),
    fault("32 bytes in one word", contents_of_every_size, PACKED, "size < 32", "size < 33"),
    fault("the size is cut", contents_of_every_size, PACKED, "(head & 63) >> 1",
          "(head & 31) >> 1"),
    fault("the last word is lost", contents_of_every_size, PACKED, "(size + 31) // 32",
          "size // 32", near="self._heads[key] = 2 * size + 1"),
]  # fmt: skip
STORIES = list(dict.fromkeys(it.story for it in FAULTS))

CAUGHT = (*planting.CAUGHT, Refused, DecodingError)  # a raw call's too, where it must not fail


# ----- each is caught -----


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """Names of faulty contracts, with all faults asleep; boa lays the chain back."""
    with planting.planted(tmp_path_factory, FAULTS, [support]):
        yield Scene()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_names_pass_the_story(scene, story):
    story(scene)


@planting.each(FAULTS)
def test_a_fault_is_caught(scene, number):
    with planting.awake(number), pytest.raises(CAUGHT):
        FAULTS[number - 1].story(scene)


# ----- what of NAM-6 the machine alone sees by its own law -----

UNSPELT = ["punycode", "something behind the end"]


def play(laws: list[str], histories: int = 12) -> None:
    """A few steps of the machine, judged by these laws."""
    short = settings(max_examples=histories, stateful_step_count=30, phases=[Phase.generate])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine, "LAWS", laws)
        run_state_machine_as_test(machine.NamesMachine, settings=short)


@pytest.mark.parametrize("name", UNSPELT)
def test_no_other_law_of_the_machine_sees_what_is_not_normal(scene, name):
    [law] = [it for it in machine.LAWS if it.startswith("nam_6")]
    [number] = [at for at, it in enumerate(FAULTS, 1) if it.name == name]
    with planting.awake(number):
        play([it for it in machine.LAWS if it != law])
        with pytest.raises((AssertionError, pytest.fail.Exception, InvalidName)):
            play([law], 300)  # the first that breaks it ends the play


# ----- no check is forgotten -----

CHECKED = {N: 44, R: 20, P: 5, V: 8, U: 1}


@pytest.mark.parametrize("path", CHECKED)
def test_every_check_has_its_fault(path):
    assert unbroken(path, FAULTS) == []


def test_checks_are_found():
    assert {path: len(checks(path)) for path in CHECKED} == CHECKED
