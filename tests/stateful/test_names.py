"""Names under random acts of their actors, beside a model written from the design page.

An act is tried by anybody at any time; the model says whether it must be refused, and
changes in the same way if not. Then the invariants of the page judge what the chain
shows, through the views alone.
"""

import inspect
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

import boa
import pytest
from ens.utils import normalize_name
from eth_utils import keccak
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.support.compiled import deployer
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
    LABEL,
    LIVE,
    PREMIUM_TIME,
    RATES,
    YEAR,
    ZERO,
    ZERO32,
    Refused,
    Registration,
    ask,
    base_price,
    cap,
    decoded,
    deploy_names,
    dns,
    error,
    labelhash,
    namehash,
    now,
    rate_cap,
    state,
    token,
)

LABELS = ["bob", "alice"]
ROLES = ["owner", "buyer", "operator", "attacker"]
KEYS = ["url", "avatar"]
MANAGED, EMANCIPATED = 2, 3
CLAIMS = ["alice.os", "bob.os", "sub.alice.os", "sub.bob.os", "nobody.os", "Alice.os"]
ENOUGH = 300  # successful acts, of which there are usually twice as many
CHEAP, DEAR = [rate // 2 for rate in RATES], [RATES[0]] * 5

LAWS = [
    "nam_1_one_owner",
    "nam_2_and_8_records_of_this_epoch_by_who_controls",
    "nam_3_live_grace_and_free_partition_time",
    "nam_4_an_emancipated_name_is_its_holders",
    "nam_5_every_wei_is_accounted_for_and_the_cap_holds",
    "nam_6_what_is_registered_is_normal_and_spelt_in_one_way",
    "nam_7_shown_is_what_the_name_confirms",
]

SPELT = 4  # wires that are asked for at each judgement: those drawn last

labels = st.sampled_from(LABELS)
ODD_WORDS = ["xn--ls8h", "ab--", "ab--c", "a--b", "-a", "a-", "Q", "a_b", "a.b", "a b", "\u0430x"]
words = st.one_of(
    st.sampled_from(ODD_WORDS),
    st.text("ab-", min_size=1, max_size=6),
    st.text("aZ_. \u00e9\u0430\u200d", max_size=4),
    st.integers(61, 65).map("q".__mul__),
)
names = st.sampled_from(
    ["", "os", "alice.os", "sub.alice.os", "bob.os", "sub.bob.os", "x.sub.bob.os", "resolver.eth"]
)
flaws = st.one_of(
    st.just((0, 0, b"")),
    st.tuples(st.integers(0, 14), st.integers(0, 2), st.binary(max_size=2)),
)  # where, how many bytes go, and what comes there
actors = st.integers(0, len(ROLES) - 1)
writers = st.integers(0, len(ROLES) + 2)  # beyond the roles: who owns the name now
durations = st.sampled_from([DURATION_MIN, YEAR, YEAR, DURATION_MAX, DURATION_MIN - 1])


def wire_of(name: str, flaw: tuple[int, int, bytes]) -> bytes:
    """A name on the wire, as it should be or almost."""
    place, gone, more = flaw
    wire = dns(name)
    return wire[:place] + more + wire[place + gone :]


@dataclass
class Name:
    """What the page says of one name."""

    owner: str
    expiry: int
    epoch: int
    rate: int
    approved: str = ZERO
    resolver: str | None = None  # None: the default
    addr: str | None = None
    texts: dict[str, tuple[str, int]] = field(default_factory=dict)  # with the epoch written in

    def text(self, key: str) -> str:
        text, epoch = self.texts.get(key, ("", 0))
        return text if epoch == self.epoch else ""

    def start_epoch(self, epoch: int) -> None:
        self.epoch, self.approved, self.addr = epoch, ZERO, None


@dataclass
class Sub:
    """What the page says of the sub-name "sub" of a name."""

    owner: str
    mode: int
    expiry: int  # of an emancipated one
    registration: int  # of its parent, of which a managed one is part
    epoch: int


class NamesMachine(RuleBasedStateMachine):
    done: ClassVar[Counter[str]] = Counter()  # successful acts of all runs, by rule

    @initialize()
    def deploy(self):
        self.world = deploy_names()
        self.names, self.resolver = self.world.names, self.world.resolver
        self.actors = [boa.env.generate_address(role) for role in ROLES]
        for actor in self.actors:
            boa.env.set_balance(actor, 10**30)
        self.held: dict[str, Name] = {}
        self.subs: dict[str, Sub] = {}
        self.claims: dict[str, str] = {}
        self.words: list[str] = []  # registered by a passer-by, whom no other act knows
        self.wires: list[bytes] = []
        self.passer_by = boa.env.generate_address("passer-by")
        self.steps = 0
        self.commitments: dict[tuple[Registration, str], int] = {}
        self.operators: set[tuple[str, str]] = set()
        self.table: list[int] | None = RATES  # None: no answer
        self.taken = self.swept = 0
        for label, owner in (("alice", 0), ("bob", 1)):
            registration = Registration(label, self.actors[owner])
            self.commit(registration, self.actors[owner])
            boa.env.time_travel(seconds=COMMIT_MIN)
            self.reveal(registration, self.actors[owner])
        half = self.held["alice"].expiry - YEAR // 2
        create = self.names.createSubname
        create(namehash("alice.os"), "sub", self.actors[2], half, sender=self.actors[0])
        self.start_sub("alice", self.actors[2], EMANCIPATED, half)
        create(namehash("bob.os"), "sub", self.actors[0], 0, sender=self.actors[1])
        self.start_sub("bob", self.actors[0], MANAGED, 0)

    # ----- the model's words -----

    def state(self, label: str) -> int:
        return state(self.held[label].expiry, now()) if label in self.held else FREE

    def controls(self, label: str, actor: str) -> bool:
        if self.state(label) != LIVE:
            return False
        owner = self.held[label].owner
        return actor == owner or (owner, actor) in self.operators

    def sub_state(self, label: str) -> int:
        sub = self.subs.get(label)
        if sub is None:
            return FREE
        if sub.mode == EMANCIPATED:
            return state(sub.expiry, now())
        parent = self.held[label]
        same = parent.epoch // FIRST_EPOCH == sub.registration
        return self.state(label) if same and sub.owner != ZERO else FREE

    def sub_controls(self, label: str, actor: str) -> bool:
        owner = self.subs[label].owner
        return actor == owner or (owner, actor) in self.operators

    def seizable(self, label: str) -> bool:
        """NAM-4: nothing that was emancipated, until its own grace is over."""
        sub = self.subs.get(label)
        return sub is None or sub.mode == MANAGED or self.sub_state(label) == FREE

    def start_sub(self, label: str, owner: str, mode: int, expiry: int) -> None:
        old = self.subs.get(label)
        epoch = (old.epoch // FIRST_EPOCH + 1) * FIRST_EPOCH if old else FIRST_EPOCH
        registration = self.held[label].epoch // FIRST_EPOCH
        self.subs[label] = Sub(owner, mode, expiry, registration, epoch)

    def sub_addr(self, label: str) -> str:
        return self.subs[label].owner if self.sub_state(label) == LIVE else ZERO

    def addr_of(self, name: str) -> str:
        """What a name resolves to: the model's answer for the default resolver."""
        *sub, label, _ = name.split(".")
        if sub:
            return self.sub_addr(label)
        held = self.held.get(label)
        if held is None or self.state(label) != LIVE:
            return ZERO
        return held.addr or held.owner

    def who_sub(self, label: str, writer: int) -> str:
        return self.actors[writer] if writer < len(self.actors) else self.subs[label].owner

    def who(self, label: str, writer: int) -> str:
        if writer < len(self.actors):
            return self.actors[writer]
        return self.held[label].owner

    def attempt(self, allowed: bool, act: Callable[[], object]) -> bool:
        """Act; whether it was done must be what the model says."""
        try:
            act()
        except boa.BoaError:
            assert not allowed, "refused what the page allows"
            return False
        assert allowed, "allowed what the page forbids"
        self.done[inspect.stack()[1].function] += 1
        return True

    # ----- time -----

    @rule(seconds=st.sampled_from([1, 3_600, 20 * DAY]))
    def wait(self, seconds):
        boa.env.time_travel(seconds=seconds)

    @precondition(lambda self: self.held)
    @rule(
        label=labels,
        boundary=st.sampled_from([0, GRACE, GRACE + PREMIUM_TIME]),
        near=st.integers(-1, 1),
    )
    def wait_for_a_boundary(self, label, boundary, near):
        if label in self.held:
            boa.env.time_travel(seconds=max(0, self.held[label].expiry + boundary + near - now()))

    # ----- registering and renewing -----

    def commit(self, registration: Registration, sender: str) -> None:
        self.names.commit(self.names.commitment(registration, sender))
        made = self.commitments.get((registration, sender))
        if made is None or now() > made + COMMIT_MAX:
            self.commitments[registration, sender] = now()

    def reveal(self, registration: Registration, sender: str, short: bool = False) -> None:
        made = self.commitments.get((registration, sender))
        label, duration = registration.label, registration.duration
        allowed = (
            made is not None
            and made + COMMIT_MIN <= now() <= made + COMMIT_MAX
            and self.state(label) == FREE
            and DURATION_MIN <= duration <= DURATION_MAX
            and self.table is not None
        )
        base = base_price(len(label), duration, self.table or RATES)
        price = base
        if allowed and label in self.held:
            release = self.held[label].expiry + GRACE
            price += self.world.pricing.premium(max(made - release, 0))
        if self.attempt(
            allowed and not short,
            lambda: self.names.register(
                registration, sender=sender, value=price - 1 if short else price
            ),
        ):
            del self.commitments[registration, sender]
            before = self.held.get(label)
            epoch = (before.epoch // FIRST_EPOCH + 1) * FIRST_EPOCH if before else FIRST_EPOCH
            self.held[label] = Name(
                registration.owner, now() + duration, epoch, rate_cap(base, duration)
            )
            self.taken += price

    @rule(
        label=labels,
        actor=actors,
        owner=actors,
        duration=durations,
        delay=st.sampled_from([COMMIT_MIN, COMMIT_MIN, COMMIT_MAX, COMMIT_MIN - 1, COMMIT_MAX + 1]),
        short=st.sampled_from([False, False, False, True]),
    )
    def register(self, label, actor, owner, duration, delay, short):
        registration = Registration(label, self.actors[owner], duration=duration)
        self.commit(registration, self.actors[actor])
        boa.env.time_travel(seconds=delay)
        self.reveal(registration, self.actors[actor], short)

    @rule(
        drawn=st.lists(words, min_size=4, max_size=8, unique=True),
        name=names,
        flaw=flaws,
    )
    def spell_and_register(self, drawn, name, flaw):
        """A label of the page's alphabet is taken; what else may be, NAM-6 judges."""
        self.wires = [*self.wires[1 - SPELT :], wire_of(name, flaw)]
        self.done["spell" if decoded(self.wires[-1]) is not None else "misspell"] += 1
        for word in drawn:
            if word in (*LABELS, *self.words):
                continue
            if not self.names.available(word):
                assert not LABEL.fullmatch(word), "refused what the page allows"
            elif self.table is not None:
                self.world.register(word, self.passer_by)
                self.words.append(word)
                self.taken += base_price(len(word.encode()), YEAR, self.table)
                self.done["register_words"] += 1
                break  # one costs as much as three other acts

    @precondition(lambda self: self.commitments)
    @rule(data=st.data(), actor=actors, commit=st.booleans())
    def use_what_was_committed(self, data, actor, commit):
        """Again, too late, or by another."""
        key = data.draw(st.sampled_from(sorted(self.commitments, key=repr)))
        registration, sender = key
        if commit:
            self.commit(registration, sender)
        else:
            self.reveal(registration, self.actors[actor])

    @rule(label=labels, duration=durations, actor=actors, wrong=st.sampled_from([0, 0, 0, -1, 1]))
    def renew(self, label, duration, actor, wrong):
        self.pay_renewal(self.names.renew, label, duration, actor, wrong, at_cap=False)

    @rule(label=labels, duration=durations, actor=actors, wrong=st.sampled_from([0, 0, 0, -1, 1]))
    def renew_at_cap(self, label, duration, actor, wrong):
        self.pay_renewal(self.names.renew_at_cap, label, duration, actor, wrong, at_cap=True)

    def pay_renewal(self, function, label, duration, actor, wrong, at_cap):
        name = self.held.get(label)
        price = cap(name.rate, duration) if name else 10**18
        if name and self.table is not None and not at_cap:
            price = min(price, base_price(len(label), duration, self.table))
        allowed = (
            self.state(label) in (LIVE, IN_GRACE)
            and DURATION_MIN <= duration <= DURATION_MAX
            and wrong == 0
            and name.expiry + duration <= now() + EXPIRY_MAX
        )
        if self.attempt(
            allowed,
            lambda: function(label, duration, sender=self.actors[actor], value=price + wrong),
        ):
            name.expiry += duration
            self.taken += price

    # ----- prices and proceeds -----

    @rule(table=st.sampled_from([RATES, CHEAP, DEAR, DEAR, None]))
    def change_prices(self, table):
        if table is None and self.table is None:
            return
        module = None if table is None else deployer("NamePricing").deploy(table, 10**18)
        self.world.point("names.pricing", module)
        self.table = table
        if module is not None:
            self.world.pricing = module

    @rule(refuses=st.booleans())
    def sweep(self, refuses):
        self.world.treasury.set_refuses(refuses)
        amount = boa.env.get_balance(self.names.address)
        if self.attempt(amount > 0 and not refuses, self.names.sweep):
            self.swept += amount

    # ----- owning -----

    @rule(
        label=labels,
        actor=writers,
        to=actors,
        kind=st.sampled_from(["transferFrom", "setOwner", "migrate"]),
    )
    def hand_over(self, label, actor, to, kind):
        sender, receiver, node = self.who(label, actor), self.actors[to], namehash(f"{label}.os")
        name = self.held.get(label)
        allowed = self.controls(label, sender)
        if kind == "transferFrom":
            allowed = allowed or (self.state(label) == LIVE and sender == name.approved)
            arguments = (name.owner if name else sender, receiver, token(node))
        else:
            arguments = (node, receiver)
        act = getattr(self.names, kind)
        if self.attempt(allowed, lambda: act(*arguments, sender=sender)):
            name.owner = receiver
            if kind == "migrate":
                name.approved = ZERO
            else:
                name.start_epoch(name.epoch + 1)
                name.resolver = None

    @rule(label=labels, actor=writers, to=actors)
    def approve(self, label, actor, to):
        sender, node = self.who(label, actor), namehash(f"{label}.os")
        if self.attempt(
            self.controls(label, sender),
            lambda: self.names.approve(self.actors[to], token(node), sender=sender),
        ):
            self.held[label].approved = self.actors[to]

    @rule(owner=actors, operator=actors, approved=st.booleans())
    def set_operator(self, owner, operator, approved):
        pair = (self.actors[owner], self.actors[operator])
        self.names.setApprovalForAll(pair[1], approved, sender=pair[0])
        (self.operators.add if approved else self.operators.discard)(pair)

    # ----- records -----

    @rule(
        label=labels,
        actor=writers,
        key=st.sampled_from(KEYS),
        text=st.sampled_from(["", "x", "y" * 40]),
    )
    def set_text(self, label, actor, key, text):
        sender, node = self.who(label, actor), namehash(f"{label}.os")
        if self.attempt(
            self.controls(label, sender),
            lambda: self.resolver.setText(node, key, text, sender=sender),
        ):
            self.held[label].texts[key] = (text, self.held[label].epoch)

    @rule(label=labels, actor=writers, to=actors)
    def set_addr(self, label, actor, to):
        sender, node = self.who(label, actor), namehash(f"{label}.os")
        if self.attempt(
            self.controls(label, sender),
            lambda: self.resolver.setAddr(node, self.actors[to], sender=sender),
        ):
            self.held[label].addr = self.actors[to]

    @rule(label=labels, actor=writers)
    def set_resolver(self, label, actor):
        sender, node = self.who(label, actor), namehash(f"{label}.os")
        if self.attempt(
            self.controls(label, sender),
            lambda: self.names.setResolver(node, sender, sender=sender),
        ):
            self.held[label].resolver = sender

    @rule(label=labels, actor=writers)
    def clear_records(self, label, actor):
        sender, node = self.who(label, actor), namehash(f"{label}.os")
        if self.attempt(
            self.controls(label, sender),
            lambda: self.resolver.clearRecords(node, sender=sender),
        ):
            name = self.held[label]
            name.start_epoch(name.epoch + 1)

    # ----- sub-names -----

    @rule(label=labels, actor=writers, to=st.integers(0, len(ROLES)))
    def assign_sub(self, label, actor, to):
        sender = self.who(label, actor)
        owner = [*self.actors, ZERO][to]
        if not self.attempt(
            self.controls(label, sender) and self.seizable(label),
            lambda: self.names.setSubnodeOwner(
                namehash(f"{label}.os"), labelhash("sub"), owner, sender=sender
            ),
        ):
            return
        sub = self.subs.get(label)
        here = self.held[label].epoch // FIRST_EPOCH
        if sub is None or sub.mode != MANAGED or sub.registration != here:
            self.start_sub(label, owner, MANAGED, 0)
        elif sub.owner != owner:
            sub.owner, sub.epoch = owner, sub.epoch + 1

    @precondition(lambda self: self.held)
    @rule(
        label=labels,
        actor=writers,
        to=actors,
        before_parent=st.sampled_from([-1, 0, 1, 100 * DAY, 300 * DAY]),
    )
    def emancipate(self, label, actor, to, before_parent):
        # mostly by its owner: it takes a live name with nothing emancipated there
        writer = actor if actor in (0, 3) else len(self.actors)
        sender, end = self.who(label, writer), self.held[label].expiry
        expiry = max(end - before_parent, 1)
        if self.attempt(
            self.controls(label, sender) and self.seizable(label) and now() < expiry <= end,
            lambda: self.names.createSubname(
                namehash(f"{label}.os"), "sub", self.actors[to], expiry, sender=sender
            ),
        ):
            self.start_sub(label, self.actors[to], EMANCIPATED, expiry)

    @precondition(lambda self: self.subs)
    @rule(label=labels, actor=writers, more=st.sampled_from([0, 1, 1, 1, 50 * DAY, 400 * DAY]))
    def extend_sub(self, label, actor, more):
        sub = self.subs.get(label)
        if sub is None:
            return
        # mostly by its holder: there are few, and time passes by years
        writer = actor if actor in (0, 3) else len(self.actors)
        sender, expiry = self.who_sub(label, writer), sub.expiry + more
        if self.attempt(
            sub.mode == EMANCIPATED
            and self.sub_state(label) != FREE
            and self.sub_controls(label, sender)
            and sub.expiry < expiry <= self.held[label].expiry,
            lambda: self.names.extend(namehash(f"sub.{label}.os"), expiry, sender=sender),
        ):
            sub.expiry = expiry

    @precondition(lambda self: self.subs)
    @rule(
        label=labels,
        actor=writers,
        to=actors,
        kind=st.sampled_from(["transferFrom", "setOwner", "migrate"]),
    )
    def hand_over_sub(self, label, actor, to, kind):
        sub = self.subs.get(label)
        if sub is None:
            return
        sender, node = self.who_sub(label, actor), namehash(f"sub.{label}.os")
        is_token = kind == "transferFrom"
        arguments = (
            (sub.owner, self.actors[to], token(node)) if is_token else (node, self.actors[to])
        )
        if self.attempt(
            self.sub_state(label) == LIVE
            and self.sub_controls(label, sender)
            and not (is_token and sub.mode == MANAGED),
            lambda: getattr(self.names, kind)(*arguments, sender=sender),
        ):
            sub.owner = self.actors[to]
            sub.epoch += kind != "migrate"

    # ----- primary names -----

    @rule(actor=actors, name=st.sampled_from(CLAIMS))
    def claim_primary_name(self, actor, name):
        """Anybody may claim any name: what is shown is another matter."""
        self.world.reverse.setName(name, sender=self.actors[actor])
        self.claims[self.actors[actor]] = name
        self.done["claim"] += 1

    # ----- what must hold -----

    @invariant()
    def judge(self):
        """After every third step, which costs a third; what is broken stays broken."""
        self.steps += 1
        if self.steps % 3 == 0:
            self.judge_now()

    def teardown(self):
        if hasattr(self, "steps"):
            self.judge_now()

    def judge_now(self):
        for law in LAWS:
            getattr(self, law)()

    def nam_1_one_owner(self):
        for label in LABELS:
            node = namehash(f"{label}.os")
            live = self.state(label) == LIVE
            owner = self.held[label].owner if live else ZERO
            assert self.names.owner(node) == owner
            assert self.names.recordExists(node) == live
            if live:
                assert self.names.ownerOf(token(node)) == owner
                assert self.names.getApproved(token(node)) == self.held[label].approved
            else:
                with boa.reverts("names: not live"):
                    self.names.ownerOf(token(node))
        for actor in self.actors:
            held = sum(name.owner == actor for name in self.held.values())
            held += sum(s.owner == actor and s.mode == EMANCIPATED for s in self.subs.values())
            assert self.names.balanceOf(actor) == held

    def nam_2_and_8_records_of_this_epoch_by_who_controls(self):
        for label in LABELS:
            node = namehash(f"{label}.os")
            live = self.state(label) == LIVE
            name = self.held.get(label)
            for key in KEYS:
                text = name.text(key) if live else ""
                assert self.resolver.text(node, key) == text
            assert self.resolver.addr(node) == ((name.addr or name.owner) if live else ZERO)
            answers = (name.resolver or self.resolver.address) if live else ZERO
            assert self.names.resolver(node) == answers
            assert self.resolver.recordVersions(node) == (name.epoch if name else 0)

    def nam_3_live_grace_and_free_partition_time(self):
        for label in LABELS:
            info = self.names.info(namehash(f"{label}.os"))
            assert info.state == self.state(label)
            assert self.names.available(label) == (self.state(label) == FREE)
            name = self.held.get(label)
            if name:
                assert (info.owner, info.expiry, info.rate) == (name.owner, name.expiry, name.rate)

    def nam_4_an_emancipated_name_is_its_holders(self):
        """And a managed one is its parent's to give; `subs` changes by allowed acts alone."""
        for label, sub in self.subs.items():
            node, found = namehash(f"sub.{label}.os"), self.sub_state(label)
            live = found == LIVE
            assert self.names.holder(node) == ((sub.owner, sub.epoch) if live else (ZERO, 0))
            info = self.names.info(node)
            assert (info.owner, info.mode, info.state) == (sub.owner, sub.mode, found)
            if sub.mode == EMANCIPATED:
                assert info.expiry == sub.expiry
                until = self.names.emancipated_until(namehash(f"{label}.os"))
                assert until >= sub.expiry + GRACE

    def nam_6_what_is_registered_is_normal_and_spelt_in_one_way(self):
        for word in self.words:
            full = f"{word}.os"
            assert normalize_name(full) == full, f"NAM-6: {word!r} is not normal"
            assert self.names.full_name(namehash(full)) == full
        for wire in [*self.wires, *(dns(f"{word}.os") for word in self.words[-1:])]:
            spelt = decoded(wire)
            if spelt is None:
                with pytest.raises(Refused) as refused:
                    self.find(wire)
                assert refused.value.args[0] == error("DNSDecodingFailed(bytes)", wire)
            else:
                assert self.find(wire) == self.found(spelt)

    def find(self, wire: bytes) -> tuple[str, bytes, int]:
        kinds = ["address", "bytes32", "uint256"]
        return ask(self.world.universal, "findResolver(bytes)", kinds, wire)

    def found(self, spelt: list[bytes]) -> tuple[str, bytes, int]:
        """The deepest resolver on the way, the node, and where it is; none above a grace."""
        node, resolver, offset = ZERO32, ZERO, 0
        at = sum(1 + len(label) for label in spelt)
        in_grace = {namehash(f"sub.{it}.os") for it in self.subs if self.sub_state(it) == IN_GRACE}
        for label in reversed(spelt):
            node, at = keccak(node + keccak(label)), at - 1 - len(label)
            answers = self.names.resolver(node)
            if node in in_grace:
                resolver, offset = ZERO, 0
            elif answers != ZERO:
                resolver, offset = answers, at
        return resolver, node, offset

    def nam_7_shown_is_what_the_name_confirms(self):
        kinds = ["string", "address", "address"]
        for account, name in self.claims.items():
            raw = bytes.fromhex(account[2:])
            confirmed = name in CLAIMS[:4] and self.confirms(name, account)
            try:
                shown, *_ = ask(self.world.universal, "reverse(bytes,uint256)", kinds, raw, 60)
            except Refused:
                assert not confirmed
            else:
                assert confirmed and shown == name
                assert self.resolver.addr(namehash(shown)) == account

    def confirms(self, name: str, account: str) -> bool:
        *_, label, _ = name.split(".")
        held = self.held.get(label)
        if name.startswith("sub.") and label not in self.subs:
            return False
        if not name.startswith("sub.") and held and held.resolver is not None:
            return False  # an account that answers nothing
        return self.addr_of(name) == account

    def nam_5_every_wei_is_accounted_for_and_the_cap_holds(self):
        assert boa.env.get_balance(self.names.address) == self.taken - self.swept
        assert boa.env.get_balance(self.world.treasury.address) == self.swept
        for label, name in self.held.items():
            if self.state(label) == FREE:
                continue
            price, at_cap = self.names.renewal_price(label, YEAR)
            answer = at_cap if self.table is None else base_price(len(label), YEAR, self.table)
            assert at_cap == cap(name.rate, YEAR)
            assert price == min(answer, at_cap)


class TestNames(NamesMachine.TestCase):
    settings = settings(max_examples=40, stateful_step_count=50)  # 2,000 steps

    @classmethod
    def tearDownClass(cls):
        done = NamesMachine.done
        for act in (  # what is prolonged was emancipated
            "reveal", "pay_renewal", "hand_over", "extend_sub", "claim",
            "register_words", "spell", "misspell",
        ):  # fmt: skip
            assert done[act] > 0, f"{act} never succeeded: {done}"
        assert done.total() >= ENOUGH, f"only {done.total()} acts succeeded"
