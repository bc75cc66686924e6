import boa
import pytest

from tests.support.compiled import deployer
from tests.support.names import (
    COMMIT_MAX,
    COMMIT_MIN,
    DAY,
    DURATION_MAX,
    DURATION_MIN,
    FIRST_EPOCH,
    FREE,
    GRACE,
    IN_GRACE,
    LIVE,
    PREMIUM_START,
    PREMIUM_TIME,
    RATES,
    YEAR,
    ZERO,
    Registration,
    base_price,
    call,
    events,
    labelhash,
    namehash,
    now,
    rate_cap,
    token,
)


def test_register_gives_the_name_at_once(world, owner):
    node = world.register("alice", owner)
    assert node == namehash("alice.os")
    assert world.names.owner(node) == world.names.ownerOf(token(node)) == owner
    assert world.names.resolver(node) == world.resolver.address
    assert world.names.recordExists(node)
    assert world.names.balanceOf(owner) == 1
    assert world.resolver.addr(node) == owner  # without a record


def test_register_keeps_what_it_fixed(world, owner):
    node = world.register("alice", owner, duration=2 * YEAR)
    info = world.names.info(node)
    price = base_price(5, 2 * YEAR)
    assert (info.owner, info.expiry) == (owner, now() + 2 * YEAR)
    assert (info.epoch, info.mode, info.state) == (FIRST_EPOCH, 1, LIVE)
    assert info.rate == rate_cap(price, 2 * YEAR) == 3_000
    assert info.label == "alice"


def test_register_logs_everything_an_indexer_needs(world, owner):
    world.register("alice", owner)
    node, top = namehash("alice.os"), namehash("os")
    assert events(world.names) == [
        ("Transfer", ZERO, owner, token(node)),
        ("NewOwner", top, labelhash("alice"), owner),
        (
            "NameRegistered",
            node,
            owner,
            "alice",
            now() + YEAR,
            FIRST_EPOCH,
            3_000,
            base_price(5, YEAR),
        ),
    ]


def test_register_takes_the_price_and_keeps_it(world, owner):
    registration = Registration("bob", owner, duration=DURATION_MIN)
    world.commit(registration)
    price = base_price(3, DURATION_MIN)
    assert world.names.registration_price("bob", DURATION_MIN, 0) == (price, 0)
    before = boa.env.get_balance(owner)
    world.names.register(registration, sender=owner, value=price)
    assert boa.env.get_balance(owner) == before - price
    assert boa.env.get_balance(world.names.address) == price


@pytest.mark.parametrize("difference", [-1, 1])
def test_register_with_another_payment_reverts(world, owner, difference):
    registration = Registration("alice", owner)
    world.commit(registration)
    with boa.reverts("names: wrong payment"):
        world.names.register(registration, sender=owner, value=base_price(5, YEAR) + difference)


def test_register_for_another_owner(world, owner, buyer):
    node = world.register("alice", buyer, sender=owner)
    assert world.names.owner(node) == buyer


def test_register_uses_up_the_commitment(world, owner):
    registration = Registration("alice", owner)
    commitment = world.commit(registration)
    world.reveal(registration)
    assert world.names.committed_at(commitment) == 0


def test_register_without_commitment_reverts(world, owner):
    with boa.reverts("names: no commitment"):
        world.names.register(Registration("alice", owner), sender=owner)


@pytest.mark.parametrize("age, reason", [
    (COMMIT_MIN - 1, "names: commitment too new"),
    (COMMIT_MIN, None),
    (COMMIT_MAX, None),
    (COMMIT_MAX + 1, "names: commitment too old"),
])  # fmt: skip
def test_register_at_the_boundary_seconds_of_a_commitment(world, owner, age, reason):
    registration = Registration("alice", owner)
    world.names.commit(world.names.commitment(registration, owner))
    boa.env.time_travel(seconds=age)
    if reason is None:
        world.reveal(registration)
        return
    with boa.reverts(reason):
        world.reveal(registration)


@pytest.mark.parametrize("label", [
    "", "-a", "a-", "-", "ab--c", "xn--4gbrim", "Alice", "al ice", "al.ice", "al\0ice",
    "alice\0", "al_ice", "ålice", "a" * 64, "a" * 127,
    "a" * 40 + "_",
])  # fmt: skip
def test_register_bad_label_reverts(world, owner, label):
    with boa.reverts("names: bad label"):
        world.names.register(Registration(label, owner), sender=owner)


@pytest.mark.parametrize(
    "label", ["a", "0", "a-b", "a--b", "abc--d", "a" * 31, "a" * 32, "z9" * 31 + "x"]
)
def test_register_good_labels_and_keep_them(world, owner, label):
    node = world.register(label, owner)
    assert node == namehash(f"{label}.os")
    assert world.names.info(node).label == label


def test_register_for_nobody_reverts(world, owner):
    with boa.reverts("names: zero owner"):
        world.names.register(Registration("alice", ZERO), sender=owner)


@pytest.mark.parametrize("duration, reason", [
    (0, "names: duration too short"),
    (DURATION_MIN - 1, "names: duration too short"),
    (DURATION_MAX + 1, "names: duration too long"),
    (2**256 - 1, "names: duration too long"),
])  # fmt: skip
def test_register_for_a_bad_time_reverts(world, owner, duration, reason):
    registration = Registration("alice", owner, duration=duration)
    world.commit(registration)
    with boa.reverts(reason):
        world.names.register(registration, sender=owner, value=1)


@pytest.mark.parametrize("duration", [DURATION_MIN, DURATION_MAX])
def test_register_for_the_shortest_and_longest_time(world, owner, duration):
    node = world.register("alice", owner, duration=duration)
    assert world.names.info(node).expiry == now() + duration


@pytest.mark.parametrize(
    "after, state",
    [(-1, LIVE), (0, IN_GRACE), (GRACE - 1, IN_GRACE), (GRACE, FREE)],
)
def test_register_at_the_boundary_seconds_of_another_registration(
    world, owner, buyer, after, state
):
    node = world.register("alice", owner)
    second = world.names.info(node).expiry + after
    registration = Registration("alice", buyer)
    boa.env.time_travel(seconds=second - COMMIT_MIN - now())
    world.names.commit(world.names.commitment(registration, buyer))
    boa.env.time_travel(seconds=COMMIT_MIN)
    assert world.names.info(node).state == state
    assert world.names.available("alice") == (state == FREE)
    if state == FREE:
        world.reveal(registration)
        assert world.names.owner(node) == buyer
        return
    with boa.reverts("names: not available"):
        world.names.register(registration, sender=buyer, value=base_price(5, YEAR))


def test_register_anew_burns_and_mints(world, owner, buyer):
    node = world.register("alice", owner)
    boa.env.time_travel(seconds=YEAR + GRACE + PREMIUM_TIME)
    assert world.names.balanceOf(owner) == 1  # not yet registered anew
    world.register("alice", buyer)
    log = events(world.names)
    assert log[0] == ("Transfer", owner, ZERO, token(node))
    assert log[1] == ("Transfer", ZERO, buyer, token(node))
    assert (world.names.balanceOf(owner), world.names.balanceOf(buyer)) == (0, 1)
    assert world.names.epoch(node) == 2 * FIRST_EPOCH  # the second registration
    assert world.names.info(node).label == "alice"


def test_register_anew_by_the_last_owner(world, owner):
    node = world.register("alice", owner)
    boa.env.time_travel(seconds=YEAR + GRACE + PREMIUM_TIME)
    world.register("alice", owner)
    assert world.names.balanceOf(owner) == 1
    assert world.names.owner(node) == owner


@pytest.mark.parametrize("elapsed, premium", [
    (0, PREMIUM_START - PREMIUM_START // 2**21),
    (DAY, PREMIUM_START // 2 - PREMIUM_START // 2**21),
    (PREMIUM_TIME - 1, 1),
    (PREMIUM_TIME, 0),
    (PREMIUM_TIME + YEAR, 0),
])  # fmt: skip
def test_register_a_released_name_pays_the_premium(world, owner, buyer, elapsed, premium):
    node = world.register("alice", owner)
    release = world.names.info(node).expiry + GRACE
    boa.env.time_travel(seconds=release + elapsed - now())
    registration = Registration("alice", buyer)
    world.names.commit(world.names.commitment(registration, buyer))
    boa.env.time_travel(seconds=COMMIT_MIN)
    price, shown = world.names.registration_price("alice", YEAR, release + elapsed)
    assert price == base_price(5, YEAR)
    if premium == 1:
        assert 0 < shown < PREMIUM_START // 2**21
    else:
        assert shown == premium
    world.names.register(registration, sender=buyer, value=price + shown)
    assert world.names.info(node).rate == 3_000  # the premium is no part of the cap


def test_register_above_the_accepted_price_reverts(world, owner):
    price = base_price(5, YEAR)
    for accepted, reason in ((price - 1, "names: above max price"), (price, None)):
        registration = Registration("alice", owner, max_price=accepted)
        world.commit(registration)
        if reason is None:
            world.reveal(registration)
        else:
            with boa.reverts(reason):
                world.reveal(registration)


def test_register_counts_the_premium_into_the_accepted_price(world, owner, buyer):
    node = world.register("alice", owner)
    boa.env.time_travel(seconds=world.names.info(node).expiry + GRACE + DAY - now())
    registration = Registration("alice", buyer, max_price=base_price(5, YEAR))
    world.commit(registration)
    with boa.reverts("names: above max price"):
        world.reveal(registration)


def test_register_where_the_premium_is_all_that_is_accepted(world, node, buyer):
    world.point("names.pricing", deployer("NamePricing").deploy([0] * 5, PREMIUM_START))
    release = world.names.info(node).expiry + GRACE
    boa.env.time_travel(seconds=release - now())
    price, premium = world.names.registration_price("alice", YEAR, release)
    assert price == 0 < premium
    registration = Registration("alice", buyer, max_price=premium)
    world.names.commit(world.names.commitment(registration, buyer))
    boa.env.time_travel(seconds=COMMIT_MIN)
    world.reveal(registration)
    assert world.names.owner(node) == buyer


def test_register_with_another_resolver(world, owner, stranger):
    node = world.register("alice", owner, resolver=stranger)
    assert events(world.names)[-1] == ("NewResolver", node, stranger)
    assert (world.names.resolver(node), world.names.ttl(node)) == (stranger, 0)


def test_register_with_the_default_resolver_by_name(world, owner):
    node = world.register("alice", owner, resolver=world.resolver.address)
    assert events(world.names)[-1][0] == "NameRegistered"
    assert world.names.resolver(node) == world.resolver.address


def test_register_with_records(world, owner, stranger):
    node = namehash("alice.os")
    data = (
        call("setAddr(bytes32,address)", node, stranger),
        call("setText(bytes32,string,string)", node, "url", "ipns://alice"),
    )
    world.register("alice", owner, data=data)
    assert world.resolver.addr(node) == stranger
    assert world.resolver.text(node, "url") == "ipns://alice"


def test_register_with_records_for_a_resolver_without_code_reverts(world, owner, stranger):
    registration = Registration("alice", owner, resolver=stranger, data=(b"",))
    world.commit(registration)
    with boa.reverts("names: resolver has no code"):
        world.reveal(registration)


def test_register_with_primary_name(world, owner):
    world.register("alice", owner, primary=True)
    assert world.reverse.name(world.reverse.node(owner)) == "alice.os"


def test_register_for_another_makes_it_the_primary_name_of_who_pays(world, owner, buyer):
    world.register("alice", buyer, sender=owner, primary=True)
    assert world.reverse.name(world.reverse.node(owner)) == "alice.os"
    assert world.reverse.name(world.reverse.node(buyer)) == ""


def test_register_every_length_at_its_price(world, owner):
    for length, rate in enumerate(RATES, start=1):
        label = "x" * length
        node = world.register(label, owner)
        assert world.names.info(node).rate * 10**12 == rate
