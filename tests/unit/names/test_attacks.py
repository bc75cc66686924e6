"""Incidents and attacks on name systems, each with the name it is known by."""

import boa
import pytest
from eth_abi import decode, encode
from eth_utils import keccak

from tests.support.compiled import deployer
from tests.support.names import (
    COMMIT_MAX,
    COMMIT_MIN,
    DAY,
    FIRST_EPOCH,
    GRACE,
    IN_GRACE,
    PREMIUM_TIME,
    YEAR,
    ZERO,
    Refused,
    Registration,
    ask,
    base_price,
    call,
    cap,
    dns,
    error,
    labelhash,
    namehash,
    now,
    reverse_node,
    token,
)

PRICE = base_price(5, YEAR)

HONEST, REVERT, BURN, SHORT, LONG, BOMB, FLAP, MUTE, REGULAR, THROW = (
    1 << place for place in range(10)
)


def write_everything(world, node, sender):
    world.resolver.setAddr(node, sender, sender=sender)
    world.resolver.setText(node, "url", "of the old owner", sender=sender)
    world.resolver.setContenthash(node, b"old", sender=sender)
    world.names.setResolver(node, sender, sender=sender)
    world.names.setTTL(node, 999, sender=sender)


def assert_nothing_written(world, node):
    owner = world.names.owner(node)
    assert world.resolver.addr(node) == owner
    assert world.resolver.text(node, "url") == ""
    assert world.resolver.contenthash(node) == b""
    assert world.names.resolver(node) == world.resolver.address
    assert world.names.ttl(node) == 0


def writes(world, node, sender):
    return [
        lambda: world.resolver.setAddr(node, sender, sender=sender),
        lambda: world.resolver.setText(node, "url", "again", sender=sender),
        lambda: world.resolver.setContenthash(node, b"again", sender=sender),
        lambda: world.resolver.clearRecords(node, sender=sender),
    ]


def assert_cannot_write(world, node, sender):
    for act in writes(world, node, sender):
        with boa.reverts("resolver: not authorised"):
            act()


@pytest.fixture
def hostile():
    return deployer("HostileResolver").deploy()


@pytest.fixture
def wallet():
    return deployer("NameWallet").deploy()


@pytest.fixture
def bad(world):
    """A price module that misbehaves, in force."""
    module = deployer("BadPricing").deploy()
    world.point("names.pricing", module)
    return module


# ----- records -----


def test_stale_records_after_sale(world, node, owner, buyer):
    write_everything(world, node, owner)
    world.names.transferFrom(owner, buyer, token(node), sender=owner)
    assert_nothing_written(world, node)
    assert_cannot_write(world, node, owner)


def test_stale_records_come_back_when_the_seller_buys_again(world, node, owner, buyer):
    write_everything(world, node, owner)
    world.names.transferFrom(owner, buyer, token(node), sender=owner)
    world.names.transferFrom(buyer, owner, token(node), sender=buyer)
    assert_nothing_written(world, node)


def test_re_registration_with_old_records(world, node, owner, buyer):
    write_everything(world, node, owner)
    boa.env.time_travel(seconds=YEAR + GRACE)
    world.register("alice", buyer)
    assert_nothing_written(world, node)
    assert_cannot_write(world, node, owner)


def test_re_registration_by_the_same_owner_with_old_records(world, node, owner):
    write_everything(world, node, owner)
    boa.env.time_travel(seconds=YEAR + GRACE)
    world.register("alice", owner)
    assert_nothing_written(world, node)


def test_re_registration_with_an_old_approval(world, node, owner, buyer, stranger):
    world.names.approve(stranger, token(node), sender=owner)
    boa.env.time_travel(seconds=YEAR + GRACE)
    world.register("alice", buyer)
    with boa.reverts("names: not authorised"):
        world.names.transferFrom(buyer, stranger, token(node), sender=stranger)


@pytest.mark.parametrize("after", [0, 1, GRACE - 1, GRACE, GRACE + YEAR])
def test_resolution_after_expiry(world, node, owner, after):
    write_everything(world, node, owner)
    boa.env.time_travel(seconds=world.names.info(node).expiry + after - now())
    assert world.names.owner(node) == world.names.resolver(node) == ZERO
    assert world.resolver.addr(node) == ZERO
    assert world.resolver.text(node, "url") == ""
    assert world.resolver.contenthash(node) == b""
    assert_cannot_write(world, node, owner)


def test_money_for_a_name_that_a_market_holds(world, node, owner, wallet):
    """Not to the market, which is no payee, and not to the seller."""
    world.names.transferFrom(owner, wallet.address, token(node), sender=owner)
    assert world.resolver.addr(node) == ZERO


# ----- commitments -----


def test_commitment_copied(world, owner, stranger):
    """The secret shows in the reveal; nobody else can use it."""
    registration = Registration("alice", owner)
    world.commit(registration)
    with boa.reverts("names: no commitment"):
        world.names.register(registration, sender=stranger, value=PRICE)
    with boa.reverts("names: no commitment"):
        world.names.register(registration._replace(owner=stranger), sender=owner, value=PRICE)
    world.reveal(registration)


def test_commitment_repeated_to_make_the_reveal_wait(world, owner, stranger):
    registration = Registration("alice", owner)
    commitment = world.commit(registration)
    world.names.commit(commitment, sender=stranger)
    world.reveal(registration)


def test_commitment_replayed(world, owner):
    registration = Registration("alice", owner, duration=28 * DAY)
    world.commit(registration)
    world.reveal(registration)
    boa.env.time_travel(seconds=28 * DAY + GRACE + PREMIUM_TIME)
    with boa.reverts("names: no commitment"):
        world.reveal(registration)


def test_commitment_replayed_on_another_chain(world, owner, monkeypatch):
    registration = Registration("alice", owner)
    world.commit(registration)
    monkeypatch.setattr(boa.env.evm.patch, "chain_id", 4242)
    with boa.reverts("names: no commitment"):
        world.names.register(registration, sender=owner, value=PRICE)


def test_commitment_with_records_exchanged(world, owner, stranger):
    node = namehash("alice.os")
    registration = Registration("alice", owner)
    world.commit(registration)
    theft = registration._replace(data=(call("setAddr(bytes32,address)", node, stranger),))
    with boa.reverts("names: no commitment"):
        world.names.register(theft, sender=owner, value=PRICE)


# ----- the premium -----


def test_premium_anchored_at_the_reveal(world, node, buyer):
    """Waiting after the commitment does not lower what is paid, nor raise it."""
    release = world.names.info(node).expiry + GRACE
    registration = Registration("alice", buyer)
    boa.env.time_travel(seconds=release + DAY - now())
    world.names.commit(world.names.commitment(registration, buyer))
    committed = now()
    boa.env.time_travel(seconds=COMMIT_MAX)
    then = sum(world.names.registration_price("alice", YEAR, committed))
    later = sum(world.names.registration_price("alice", YEAR, now()))
    assert later < then
    with boa.reverts("names: wrong payment"):
        world.names.register(registration, sender=buyer, value=later)
    world.names.register(registration, sender=buyer, value=then)


def test_premium_anchored_before_the_release(world, node, buyer):
    """A commitment made in grace pays the whole premium, not more and not none."""
    release = world.names.info(node).expiry + GRACE
    registration = Registration("alice", buyer)
    boa.env.time_travel(seconds=release - 1000 - now())
    world.names.commit(world.names.commitment(registration, buyer))
    committed = now()
    boa.env.time_travel(seconds=COMMIT_MAX)
    price, premium = world.names.registration_price("alice", YEAR, committed)
    assert premium == world.pricing.premium(0)
    world.names.register(registration, sender=buyer, value=price + premium)


def test_premium_anchored_at_the_expiry(world, node, buyer):
    """Grace does not eat the premium."""
    boa.env.time_travel(seconds=world.names.info(node).expiry + GRACE - now())
    assert world.names.registration_price("alice", YEAR, now())[1] == world.pricing.premium(0)


# ----- registration -----


@pytest.mark.parametrize("act", ["register", "renew", "transfer", "resolver", "sweep"])
def test_hostile_resolver_during_registration_re_enters(world, node, owner, hostile, act):
    mallory = namehash("mallory.os")
    hostile.set_target(world.names.address, False)
    world.names.setApprovalForAll(hostile.address, True, sender=owner)
    inner = Registration("other", hostile.address)
    world.names.commit(world.names.commitment(inner, hostile.address))
    data = {
        "register": world.names.register.prepare_calldata(inner),
        "renew": world.names.renew.prepare_calldata("alice", YEAR),
        "transfer": world.names.setOwner.prepare_calldata(mallory, hostile.address),
        "resolver": world.names.setResolver.prepare_calldata(mallory, ZERO),
        "sweep": world.names.sweep.prepare_calldata(),
    }[act]
    world.register("mallory", owner, resolver=hostile.address, data=(data,))
    assert (hostile.calls(), hostile.successes()) == (1, 0)
    assert world.names.owner(mallory) == owner
    assert world.names.resolver(mallory) == hostile.address
    assert boa.env.get_balance(world.names.address) == PRICE + base_price(7, YEAR)


def test_hostile_resolver_during_registration_sees_the_finished_state(world, owner, hostile):
    hostile.set_target(world.names.address, False)
    data = (world.names.ownerOf.prepare_calldata(token(namehash("mallory.os"))),)
    world.register("mallory", owner, resolver=hostile.address, data=data)
    assert (hostile.calls(), hostile.successes()) == (1, 1)


def test_hostile_resolver_during_registration_refuses(world, owner, hostile):
    hostile.set_target(world.names.address, True)
    registration = Registration("mallory", owner, resolver=hostile.address, data=(b"",))
    world.commit(registration)
    before = boa.env.get_balance(owner)
    with boa.reverts("hostile: refused"):
        world.reveal(registration)
    assert boa.env.get_balance(owner) == before
    assert world.names.available("mallory")


def test_hostile_resolver_cannot_write_for_the_registry(world, node, owner, hostile):
    """The registry is trusted by the default resolver; who it calls is not."""
    hostile.set_target(world.resolver.address, False)
    data = (call("setAddr(bytes32,address)", namehash("mallory.os"), ZERO),)
    world.register("mallory", owner, resolver=hostile.address, data=data)
    assert (hostile.calls(), hostile.successes()) == (1, 0)


@pytest.mark.parametrize("how", ["plainly", "in a multicall", "in a checked multicall"])
def test_multicall_that_writes_another_node(world, node, owner, stranger, how):
    """At registration the registry itself writes, and could write any node."""
    mine = namehash("mallory.os")
    theft = call("setAddr(bytes32,address)", node, stranger)
    data = {
        "plainly": theft,
        "in a multicall": world.resolver.multicall.prepare_calldata([theft]),
        "in a checked multicall": world.resolver.multicallWithNodeCheck.prepare_calldata(
            mine, [theft]
        ),
    }[how]
    registration = Registration("mallory", stranger, data=(data,))
    world.commit(registration)
    with boa.reverts("resolver: other node"):
        world.reveal(registration)
    assert world.resolver.addr(node) == owner


@pytest.mark.parametrize("label", [
    "alice\0", "\0alice", "al\0ice",            # null bytes (ENS, 2020)
    "alice.os", "a.b", ".", "alice.",           # dots: a label that looks like a path
    "Alice", "ALICE",                           # upper case
    "\u0430lice",                                    # Cyrillic
    "\u1c2d\u1c2d",                                 # each byte a letter but for its highest bit
    "ali\u200dce",                              # joiner
    "xn--alice",                                # punycode
    "alice ", "al\tice", "al_ice", "al/ice", "al@ice", "al`ice", "al{ice", "al:ice",
])  # fmt: skip
def test_label_that_looks_like_another(world, owner, label):
    registration = Registration(label, owner)
    world.names.commit(world.names.commitment(registration, owner))
    boa.env.time_travel(seconds=COMMIT_MIN)
    with boa.reverts("names: bad label"):
        world.names.register(registration, sender=owner, value=PRICE)
    assert not world.names.available(label)


# ----- receivers -----


def test_receiver_re_enters_the_transfer(world, node, owner, stranger, wallet):
    """It may use what it was given, but not pass it on below a running transfer."""
    onward = world.names.transferFrom.prepare_calldata(wallet.address, stranger, token(node))
    wallet.set_reaction(True, world.names.address, onward)
    world.names.safeTransferFrom(owner, wallet.address, token(node), sender=owner)
    assert not wallet.reacted()
    assert world.names.ownerOf(token(node)) == wallet.address
    assert world.names.balanceOf(wallet.address) == 1


@pytest.mark.parametrize("function", ["clearRecords", "setAddr"])
def test_receiver_writes_records_in_its_hook(world, node, owner, wallet, function):
    argument = (node,) if function == "clearRecords" else (node, wallet.address)
    reaction = getattr(world.resolver, function).prepare_calldata(*argument)
    wallet.set_reaction(True, world.resolver.address, reaction)
    world.names.safeTransferFrom(owner, wallet.address, token(node), sender=owner)
    assert wallet.reacted()


def test_treasury_re_enters_the_sweep(world, node):
    world.treasury.set_again(world.names.address)
    with boa.reverts("names: treasury refuses"):
        world.names.sweep()
    assert boa.env.get_balance(world.names.address) == PRICE


# ----- prices -----


def test_renewing_without_paying(world, node, stranger):
    before = world.names.info(node)
    for paid in (0, 1, PRICE - 1):
        with boa.reverts("names: wrong payment"):
            world.names.renew("alice", YEAR, sender=stranger, value=paid)
        with boa.reverts("names: wrong payment"):
            world.names.renew_at_cap("alice", YEAR, sender=stranger, value=paid)
    assert world.names.info(node) == before


@pytest.mark.parametrize("fault", [REVERT, BURN, SHORT, LONG, BOMB, MUTE, THROW])
def test_broken_prices_cost_the_cap_and_stop_registrations_only(world, node, owner, bad, fault):
    bad.set(fault, 1, 1)
    assert world.names.renewal_price("alice", YEAR) == (PRICE, PRICE)
    assert world.renew("alice", YEAR) == PRICE
    registration = Registration("other", owner)
    world.commit(registration)
    with boa.reverts("names: no price"):
        world.names.register(registration, sender=owner, value=1)


@pytest.mark.parametrize("fault", [REVERT, BURN, SHORT, LONG, BOMB, MUTE, THROW])
def test_broken_prices_in_grace(world, node, owner, bad, fault):
    bad.set(fault, 1, 1)
    boa.env.time_travel(seconds=YEAR + GRACE - 1)
    assert world.renew("alice", YEAR) == PRICE
    assert world.names.owner(node) == owner


def test_prices_are_asked_with_50_000_gas(world):
    """One who pays is not made to pay more for the asking."""
    boa.env.set_code(
        world.pricing.address, bytes.fromhex(f"5a62{50_000 - 2:06x}1460005260206000f3")
    )
    assert world.names.registration_price("other", YEAR, 0) == (1, 0)


def test_what_is_long_released_has_no_premium_whatever_prices_say(world, node, bad):
    bad.set(HONEST, 7, 9)
    over = world.names.info(node).expiry + GRACE + PREMIUM_TIME
    boa.env.timestamp = over
    assert world.names.registration_price("alice", YEAR, over - 1) == (7, 9)
    assert world.names.registration_price("alice", YEAR, over) == (7, 0)
    assert world.names.registration_price("alice", YEAR, 0) == (7, 0)  # of now


@pytest.mark.parametrize("how", ["missing", "paused", "without code"])
def test_absent_prices_cost_the_cap(world, node, owner, how):
    if how == "missing":
        world.point("names.pricing", None)
    elif how == "paused":
        world.pause("names.pricing")
    else:
        boa.env.set_code(world.pricing.address, b"")
    assert world.renew("alice", YEAR) == PRICE
    registration = Registration("other", owner)
    world.commit(registration)
    with boa.reverts("names: no price"):
        world.names.register(registration, sender=owner, value=PRICE)


@pytest.mark.parametrize("answer", [PRICE + 1, 10**30, 2**256 - 1])
def test_greedy_prices_are_capped(world, node, bad, answer):
    bad.set(HONEST, answer, 0)
    assert world.renew("alice", YEAR) == PRICE


def test_lying_prices_of_every_second_leave_the_way_at_the_cap(world, node, stranger, bad):
    bad.set(FLAP, 1, 0)
    shown, at_cap = world.names.renewal_price("alice", YEAR)
    boa.env.time_travel(seconds=1)
    with boa.reverts("names: wrong payment"):
        world.names.renew("alice", YEAR, sender=stranger, value=shown)
    world.names.renew_at_cap("alice", YEAR, sender=stranger, value=at_cap)
    assert world.names.info(node).expiry == now() - 1 + 2 * YEAR


def test_gas_burning_prices_burn_little(world, node, stranger, bad):
    bad.set(BURN, 0, 0)
    world.names.renew("alice", YEAR, sender=stranger, value=PRICE)
    assert world.names._computation.get_gas_used() < 100_000


def test_starving_the_price_module_of_gas_buys_nothing(world, node, stranger):
    """With little gas the question fails; the answer is then the cap, never less."""
    cheap = deployer("NamePricing").deploy([10**12] * 5, 0)
    world.point("names.pricing", cheap)
    price, at_cap = world.names.renewal_price("alice", YEAR)
    assert price < at_cap
    refused = 0
    for gas in range(15_000, 60_000, 1_500):
        with boa.env.anchor():
            try:
                world.names.renew("alice", YEAR, sender=stranger, value=price - 1, gas=gas)
            except boa.BoaError:
                refused += 1
    assert refused == 30


@pytest.mark.parametrize("answer", [
    cap(2**22 - 1, YEAR) + 1, 10**30, 2**255, 2**256 - 1,
])  # fmt: skip
def test_greedy_prices_cannot_be_packed_into_another_field(world, owner, bad, answer):
    bad.set(HONEST, answer, 0)
    registration = Registration("other", owner)
    world.commit(registration)
    boa.env.set_balance(owner, 2**256 - 1)
    with boa.reverts("names: price out of bounds"):
        world.names.register(registration, sender=owner, value=answer)


@pytest.mark.parametrize("duration", [28 * DAY, YEAR - 1, YEAR, 10 * YEAR])
def test_highest_price_in_bounds_fills_its_field_and_no_other(world, owner, bad, duration):
    highest = (2**22 - 1) * 10**12 * duration // YEAR
    bad.set(HONEST, highest, 0)
    node = world.register("other", owner, duration=duration)
    info = world.names.info(node)
    assert (info.rate, info.mode, info.epoch) == (2**22 - 1, 1, FIRST_EPOCH)
    bad.set(HONEST, highest + 1, 0)
    with boa.reverts("names: price out of bounds"):
        world.names.registration_price("another", duration, 0)


def test_greedy_premium_is_bounded_by_what_the_buyer_accepts(world, node, buyer, bad):
    boa.env.time_travel(seconds=world.names.info(node).expiry + GRACE - now())
    bad.set(HONEST, PRICE, 2**256 - 1)
    registration = Registration("alice", buyer, max_price=2 * PRICE)
    world.commit(registration)
    with boa.reverts("names: above max price"):
        world.names.register(registration, sender=buyer, value=PRICE)


def test_prices_without_a_premium_stop_released_names_only(world, node, buyer, bad):
    bad.set(REGULAR, PRICE, 0)
    assert world.names.registration_price("another", YEAR, 0) == (PRICE, 0)
    boa.env.time_travel(seconds=world.names.info(node).expiry + GRACE - now())
    with boa.reverts("names: no price"):
        world.names.registration_price("alice", YEAR, now())


def test_price_changed_between_commitment_and_reveal(world, owner, bad):
    bad.set(HONEST, PRICE, 0)
    registration = Registration("other", owner, max_price=PRICE)
    world.commit(registration)
    bad.set(HONEST, PRICE + 1, 0)
    with boa.reverts("names: above max price"):
        world.names.register(registration, sender=owner, value=PRICE + 1)


def test_price_module_replaced_is_seen_in_the_same_block(world, node):
    world.point("names.pricing", deployer("NamePricing").deploy([10**12] * 5, 0))
    assert world.names.renewal_price("alice", YEAR)[0] == 10**12


# ----- reverse records -----


def test_reverse_record_spoofing(world, node, owner, stranger):
    """A stranger may claim the name, only for himself; the name denies it."""
    world.reverse.setName("alice.os", sender=stranger)
    assert world.reverse.name(reverse_node(owner)) == ""
    assert world.resolver.addr(node) != stranger
    with boa.reverts("reverse: not names"):
        world.reverse.set_primary(owner, "mallory.os", sender=stranger)


def test_reverse_record_after_sale_is_denied(world, node, owner, buyer):
    world.reverse.setName("alice.os", sender=owner)
    world.names.transferFrom(owner, buyer, token(node), sender=owner)
    assert world.resolver.addr(node) == buyer


def test_ether_forced_in_breaks_no_account(world, node, owner):
    boa.env.set_balance(world.names.address, 5 * PRICE)
    world.register("other", owner)
    assert world.names.sweep() == 6 * PRICE


@pytest.mark.parametrize("fault, size", [(SHORT, 31), (LONG, 33), (BOMB, 4096), (MUTE, 0)])
def test_price_modules_above_do_answer_as_they_are_told(bad, fault, size):
    """Within the gas that the registry gives: the size is what it refuses."""
    bad.set(fault, 1, 1)
    data = bad.price.prepare_calldata(5, YEAR)
    answer = boa.env.execute_code(to_address=bad.address, data=data, gas=50_000)
    assert not answer.is_error
    assert len(answer.output) == size


def test_dao_points_its_roles_at_the_resolver(world, node, owner):
    """NAM-8: the registry may write records, so nothing the DAO names may steer its calls."""
    world.resolver.setText(node, "url", "mine", sender=owner)
    world.point("names.pricing", world.resolver)
    world.point("treasury", world.resolver)
    assert world.renew("alice", YEAR) == PRICE
    with boa.reverts("names: treasury refuses"):
        world.names.sweep()
    assert world.resolver.text(node, "url") == "mine"
    assert world.names.epoch(node) == FIRST_EPOCH


# ----- sub-names -----


def seizures(world, node, thief):
    return [
        lambda: world.names.setSubnodeOwner(node, labelhash("sub"), thief, sender=thief),
        lambda: world.names.createSubname(node, "sub", thief, 0, sender=thief),
        lambda: world.names.createSubname(
            node, "sub", thief, world.names.info(node).expiry, sender=thief
        ),
    ]


def given_away(world, node, owner, holder):
    expiry = world.names.info(node).expiry
    return world.names.createSubname(node, "sub", holder, expiry, sender=owner)


def test_sub_name_seizure_by_the_parent(world, node, owner, buyer):
    given_away(world, node, owner, buyer)
    for seize in seizures(world, node, owner):
        with boa.reverts("names: emancipated"):
            seize()


def test_sub_name_seizure_by_the_buyer_of_the_parent(world, node, owner, buyer, stranger):
    given_away(world, node, owner, buyer)
    world.names.transferFrom(owner, stranger, token(node), sender=owner)
    for seize in seizures(world, node, stranger):
        with boa.reverts("names: emancipated"):
            seize()


def test_sub_name_seizure_by_letting_the_parent_lapse(world, node, owner, buyer, stranger):
    """The parent cannot be registered anew before the sub-name's own grace is over."""
    sub = given_away(world, node, owner, buyer)
    release = world.names.info(node).expiry + GRACE
    boa.env.time_travel(seconds=release - 1 - now())
    assert world.names.info(sub).state == IN_GRACE
    assert not world.names.available("alice")
    for seize in seizures(world, node, owner):
        with boa.reverts("names: not live"):
            seize()
    world.renew("alice", 2 * YEAR)
    for seize in seizures(world, node, owner):
        with boa.reverts("names: emancipated"):
            seize()
    world.names.extend(sub, now() + DAY, sender=buyer)
    assert world.names.ownerOf(token(sub)) == buyer


def test_sub_name_seizure_by_a_new_registration_of_the_parent(world, node, owner, buyer, stranger):
    sub = given_away(world, node, owner, buyer)
    world.resolver.setText(sub, "url", "old", sender=buyer)
    boa.env.time_travel(seconds=world.names.info(node).expiry + GRACE + 30 * DAY - now())
    world.register("alice", stranger)
    with boa.reverts("names: not registered"):
        world.names.extend(sub, now() + DAY, sender=buyer)
    given_away(world, node, stranger, stranger)
    assert world.resolver.text(sub, "url") == ""
    assert world.names.balanceOf(buyer) == 0


@pytest.mark.parametrize("name", ["sub.alice.os", "deep.sub.alice.os"])
@pytest.mark.parametrize("resolver", ["the default", "its own"])
def test_sub_name_seizure_by_answering_for_it_in_its_grace(
    world, node, owner, buyer, resolver, name
):
    """A wildcard above, or another resolver there, gets no payment meant for the holder."""
    world.resolver.setWildcard(node, True, sender=owner)
    world.resolver.setAddr(node, owner, sender=owner)
    if resolver == "its own":
        told = deployer("ToldResolver").deploy()
        told.set(True, False, encode(["bytes"], [encode(["address"], [owner])]))
        world.names.setResolver(node, told.address, sender=owner)
    world.names.createSubname(node, "sub", buyer, now() + DAY, sender=owner)
    question = call("addr(bytes32)", namehash(name))
    asked = world.universal, "resolve(bytes,bytes)", ["bytes", "address"], dns(name), question
    for wait in (DAY, GRACE - 1):
        boa.env.time_travel(seconds=wait)
        with pytest.raises(Refused) as refused:
            ask(*asked)
        assert refused.value.args[0] == error("ResolverNotFound(bytes)", dns(name))
        with boa.reverts("resolver: no such name"):
            world.resolver.resolve(dns(name), question)
    boa.env.time_travel(seconds=1)  # free: what is below is the owner's again
    assert decode(["address"], ask(*asked)[0]) == (owner.lower(),)


def test_sub_name_kept_by_using_up_its_epochs(world, node, owner, buyer, stranger):
    """Clearing records a million times is no way out of a take-back."""
    middle = world.names.createSubname(node, "middle", owner, 0, sender=owner)
    for parent in (node, middle):
        sub = world.names.createSubname(parent, "sub", buyer, 0, sender=owner)
        below = world.names.createSubname(sub, "below", buyer, 0, sender=buyer)
        place = world.names.compiler_data.storage_layout["storage_layout"]["_names"]["slot"]
        slot = int.from_bytes(keccak(place.to_bytes(32, "big") + sub), "big")
        word = boa.env.get_storage(world.names.address, slot)
        boa.env.set_storage(world.names.address, slot, word | ((2**20 - 1) << 200))
        assert world.names.owner(sub) == world.names.owner(below) == buyer
        world.names.setSubnodeOwner(parent, labelhash("sub"), stranger, sender=owner)
        assert world.names.owner(sub) == stranger
        assert world.names.epoch(sub) == 2 * FIRST_EPOCH
        assert world.names.owner(below) == ZERO


def test_sub_name_seizure_by_a_re_entering_receiver(world, node, owner, wallet):
    """In its hook a receiver of the parent makes no sub-name, and none under a running sale."""
    reaction = world.names.setSubnodeOwner.prepare_calldata(node, labelhash("sub"), wallet.address)
    wallet.set_reaction(True, world.names.address, reaction)
    world.names.safeTransferFrom(owner, wallet.address, token(node), sender=owner)
    assert not wallet.reacted()
    assert world.names.owner(namehash("sub.alice.os")) == ZERO


def test_child_outliving_its_parent(world, node, owner, buyer):
    end = world.names.info(node).expiry
    with boa.reverts("names: beyond parent"):
        world.names.createSubname(node, "sub", buyer, end + 1, sender=owner)
    emancipated = given_away(world, node, owner, buyer)
    managed = world.names.createSubname(node, "low", buyer, 0, sender=owner)
    boa.env.time_travel(seconds=end - now())
    for child in (emancipated, managed):
        assert world.names.owner(child) == ZERO
        assert world.resolver.addr(child) == ZERO


def test_stale_records_after_a_sub_name_is_taken_back(world, node, owner, buyer, stranger):
    sub = world.names.createSubname(node, "sub", buyer, 0, sender=owner)
    world.resolver.setAddr(sub, buyer, sender=buyer)
    world.names.setSubnodeOwner(node, labelhash("sub"), stranger, sender=owner)
    world.names.setSubnodeOwner(node, labelhash("sub"), buyer, sender=owner)
    assert world.resolver.addr(sub) == buyer  # implied: what was written is gone
    assert world.names.epoch(sub) == FIRST_EPOCH + 2


def test_epochs_of_sub_names_are_never_seen_twice(world, node, owner, buyer, stranger):
    """Managed, emancipated, managed again, below another registration: always a new one."""
    seen = []

    def note():
        seen.append(world.names.epoch(namehash("sub.alice.os")))

    create = world.names.createSubname
    create(node, "sub", buyer, 0, sender=owner)
    note()
    create(node, "sub", buyer, now() + 1, sender=owner)
    note()
    boa.env.time_travel(seconds=GRACE + 1)
    create(node, "sub", buyer, 0, sender=owner)
    note()
    boa.env.time_travel(seconds=world.names.info(node).expiry + GRACE + 30 * DAY - now())
    world.register("alice", stranger)
    create(node, "sub", buyer, 0, sender=stranger)
    note()
    assert len(set(seen)) == 4
    assert seen == sorted(seen)


def test_delegates_of_the_seller_after_sale(world, node, owner, buyer, stranger):
    world.resolver.setDelegate(node, stranger, 1, now() + YEAR, sender=owner)
    world.names.transferFrom(owner, buyer, token(node), sender=owner)
    with boa.reverts("resolver: not authorised"):
        world.resolver.setAddr(node, stranger, sender=stranger)


def test_delegates_of_who_registered_the_name_for_another(world, owner, stranger):
    """Who pays may write records with it, but keeps no way to write them later."""
    mine = namehash("mallory.os")
    for data in (
        call("setDelegate(bytes32,address,uint256,uint256)", mine, stranger, 1, 2**40 - 1),
        call("setWildcard(bytes32,bool)", mine, True),
        call("clearRecords(bytes32)", mine),
    ):
        registration = Registration("mallory", owner, data=(data,))
        world.commit(registration, stranger)
        with boa.reverts("resolver: not authorised"), boa.env.anchor():
            world.reveal(registration, stranger)


def test_wildcard_of_the_seller_after_sale(world, node, owner, buyer):
    world.resolver.setWildcard(node, True, sender=owner)
    world.names.transferFrom(owner, buyer, token(node), sender=owner)
    assert not world.resolver.wildcard(node)
