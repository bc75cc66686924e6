"""Any history of a name or of an owner: who is paid what (a Python oracle says)."""

import boa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.forwarders import (
    deploy_forwarding,
    forwarder_address,
    named_terms,
    owned_terms,
)
from tests.support.income import ETH, balance, new_accounts, new_token, receive
from tests.support.names import DAY, GRACE, YEAR, now

word = st.binary(min_size=32, max_size=32)
address = st.integers(1, 2**160 - 1).map(lambda number: "0x" + number.to_bytes(20, "big").hex())
act = st.sampled_from(["sell", "migrate", "clear", "set", "unset", "lapse", "wait", "renew", "buy"])


class Life:
    """A name, and what the page says a forwarder of its first epoch does."""

    def __init__(self, forwarding) -> None:
        self.world, self.names = forwarding.world, forwarding.world.names
        self.people = new_accounts(3)
        self.holder = self.people[0]
        self.node = self.world.register("alice", self.holder)
        self.fallback = boa.env.generate_address("fallback")
        self.forwarder = forwarding.to_name(self.node, self.fallback)
        self.addr = None  # the record, None where none was set
        self.over = False  # whether the epoch is
        self.expiry = now() + YEAR

    def payee(self):
        """An address, or the reason for none."""
        if self.over or now() >= self.expiry + GRACE:
            return self.fallback
        if now() >= self.expiry:
            return "income: name in grace"
        if self.addr == ETH:
            return "income: name unresolved"
        return self.addr or self.holder

    def do(self, what, who, days):
        live, free = now() < self.expiry, now() >= self.expiry + GRACE
        other = self.people[who]
        if what == "wait":
            boa.env.time_travel(seconds=days * DAY)
        elif what == "lapse":  # to the second before, of or after expiry, or the end of grace
            at = self.expiry + (days - 2) % 3 - 1 + (GRACE if days % 2 else 0)
            boa.env.time_travel(seconds=max(at - now(), 0))
        elif what == "renew" and not free:
            self.world.renew("alice")
            self.expiry += YEAR
        elif what == "buy" and free:
            self.world.register("alice", other)
            self.holder, self.addr, self.over = other, None, True
            self.expiry = now() + YEAR
        elif live:
            self.do_as_owner(what, other)

    def do_as_owner(self, what, other):
        names, resolver, sender = self.names, self.world.resolver, self.holder
        if what == "sell":
            names.setOwner(self.node, other, sender=sender)
            self.holder, self.addr, self.over = other, None, True
        elif what == "clear":
            resolver.clearRecords(self.node, sender=sender)
            self.addr, self.over = None, True
        elif what == "migrate":
            names.migrate(self.node, other, sender=sender)
            self.holder = other
        elif what in ("set", "unset"):
            self.addr = other if what == "set" else ETH
            resolver.setAddr(self.node, self.addr, sender=sender)


@settings(max_examples=25)
@given(acts=st.lists(st.tuples(act, st.integers(0, 2), st.integers(1, 400)), max_size=7))
def test_a_forwarder_pays_as_the_life_of_its_name_says_inc_8(acts):
    with boa.env.anchor():
        life = Life(deploy_forwarding())
        waiting = 0
        for what in [None, *acts]:
            if what:
                life.do(*what)
            receive(life.forwarder, ETH, 7)
            waiting += 7
            payee = life.payee()
            if payee.startswith("income"):
                with boa.reverts(payee):
                    life.forwarder.flush(ETH)
                continue
            before = balance(ETH, payee)
            assert life.forwarder.target() == payee
            assert life.forwarder.flush(ETH) == waiting
            assert balance(ETH, payee) == before + waiting
            waiting = 0


step = st.tuples(
    st.sampled_from(["receive ETH", "receive token", "flush ETH", "flush token", "retarget"]),
    st.integers(0, 2),
    st.integers(1, 2**100),
)


@settings(max_examples=25)
@given(steps=st.lists(step, max_size=10))
def test_each_target_gets_what_came_in_its_time_inc_8(steps):
    """When flushes happen, and who asks for them, changes no sum."""
    with boa.env.anchor():
        forwarding, token = deploy_forwarding(), new_token()
        [owner, *_], targets = new_accounts(1), new_accounts(3)
        forwarder = forwarding.to_address(owner, targets[0])
        assets, present = {"ETH": ETH, "token": token}, targets[0]
        due = {(asset, target): 0 for asset in assets for target in targets}
        for what, who, amount in [*steps, ("retarget", 0, 0)]:
            verb, _, asset = what.partition(" ")
            if verb == "receive":
                receive(forwarder, assets[asset], amount)
                due[asset, present] += amount
            elif verb == "flush":
                forwarder.flush(assets[asset], sender=targets[who])
            else:
                forwarder.retarget(targets[who], [token], sender=owner)
                present = targets[who]
        for (asset, target), amount in due.items():
            assert balance(assets[asset], target) == amount


@settings(max_examples=25)
@given(
    subject=word, epoch=st.integers(1, 2**32 - 1), salt=word, accounts=st.tuples(address, address)
)
def test_an_address_commits_to_its_terms_inc_8(subject, epoch, salt, accounts):
    with boa.env.anchor():
        forwarding = deploy_forwarding()
        factory, [owner, payee] = forwarding.factory, accounts
        made = factory.create(owner, payee, salt)
        assert made == forwarder_address(forwarding, owned_terms(owner, payee), salt)
        if any(subject):
            made = factory.create_for_name(subject, epoch, payee, salt)
            terms = named_terms(subject, epoch, payee)
            assert made == forwarder_address(forwarding, terms, salt)
        assert factory.is_forwarder(made, salt)
