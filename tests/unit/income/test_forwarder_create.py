"""ForwarderFactory: what it refuses, where it puts a forwarder, and what its code is."""

import boa
import pytest
from eth_abi import encode

from tests.support.compiled import deployer
from tests.support.forwarders import (
    NO_SALT,
    SIZE,
    forwarder_address,
    forwarder_at,
    forwarder_code,
    named_terms,
    owned_terms,
)
from tests.support.income import ETH, balance

SALT = b"\1" * 32
NODE = b"\xab" * 32
EPOCH = 1 << 20


def test_create_puts_the_forwarder_where_it_was_predicted(forwarding, owner, target):
    predicted = forwarding.factory.predict(owner, target, SALT)
    assert predicted == forwarder_address(forwarding, owned_terms(owner, target), SALT)
    assert forwarding.factory.create(owner, target, SALT) == predicted


def test_create_for_name_puts_the_forwarder_where_it_was_predicted(forwarding, fallback):
    predicted = forwarding.factory.predict_for_name(NODE, EPOCH, fallback, SALT)
    assert predicted == forwarder_address(forwarding, named_terms(NODE, EPOCH, fallback), SALT)
    assert forwarding.factory.create_for_name(NODE, EPOCH, fallback, SALT) == predicted


def test_create_deploys_the_code_of_the_page(forwarding, owner, target, fallback):
    factory, implementation = forwarding.factory, forwarding.implementation.address
    for made, terms in (
        (factory.create(owner, target, SALT), owned_terms(owner, target)),
        (
            factory.create_for_name(NODE, EPOCH, fallback, SALT),
            named_terms(NODE, EPOCH, fallback),
        ),
    ):
        assert boa.env.get_code(made) == forwarder_code(implementation, terms)
        assert len(boa.env.get_code(made)) == SIZE


def test_create_says_the_terms(forwarding, owner, target, fallback):
    owned = forwarding.to_address(owner, target)
    assert (owned.owner(), owned.target(), owned.pendingOwner()) == (owner, target, ETH)
    assert owned.bound() == (bytes(32), 0, ETH)
    named = forwarding.to_name(NODE, fallback, EPOCH)
    assert (named.owner(), named.pendingOwner()) == (ETH, ETH)
    assert named.bound() == (NODE, EPOCH, fallback)
    assert owned.names() == named.names() == forwarding.world.names.address


def test_create_says_terms_at_their_bounds(forwarding, owner):
    """The least epoch is one, and the highest bit of a payee is none of it."""
    highest = "0x80" + "00" * 19
    owned, named = forwarding.to_address(owner, highest), forwarding.to_name(NODE, highest, 1)
    assert (owned.owner(), owned.target(), owned.bound()) == (owner, highest, (bytes(32), 0, ETH))
    assert (named.owner(), named.bound()) == (ETH, (NODE, 1, highest))


def test_create_logs_the_forwarder(forwarding, owner, target, fallback):
    made = forwarding.factory.create(owner, target, SALT)
    [event] = forwarding.factory.get_logs()
    assert (event.forwarder, event.owner, event.target) == (made, owner, target)
    assert event.salt == SALT
    made = forwarding.factory.create_for_name(NODE, EPOCH, fallback, SALT)
    [event] = forwarding.factory.get_logs()
    assert (event.forwarder, event.node, event.fallback) == (made, NODE, fallback)
    assert (event.epoch, event.salt) == (EPOCH, SALT)


def test_create_twice_returns_the_same_and_logs_once(forwarding, owner, target, fallback):
    factory = forwarding.factory
    first = factory.create(owner, target, SALT)
    assert factory.create(owner, target, SALT) == first
    assert factory.get_logs() == []
    first = factory.create_for_name(NODE, EPOCH, fallback, SALT)
    assert factory.create_for_name(NODE, EPOCH, fallback, SALT) == first
    assert factory.get_logs() == []


def test_create_with_a_zero_owner_reverts(forwarding, target):
    for function in (forwarding.factory.create, forwarding.factory.predict):
        with boa.reverts("income: zero owner"):
            function(ETH, target, SALT)


def test_create_with_a_zero_target_reverts(forwarding, owner):
    for function in (forwarding.factory.create, forwarding.factory.predict):
        with boa.reverts("income: zero address"):
            function(owner, ETH, SALT)


@pytest.mark.parametrize("function", ["create_for_name", "predict_for_name"])
def test_create_for_name_with_a_zero_node_reverts(forwarding, fallback, function):
    with boa.reverts("income: zero node"):
        getattr(forwarding.factory, function)(bytes(32), EPOCH, fallback, SALT)


@pytest.mark.parametrize("function", ["create_for_name", "predict_for_name"])
def test_create_for_name_with_a_zero_epoch_reverts(forwarding, fallback, function):
    with boa.reverts("income: zero epoch"):
        getattr(forwarding.factory, function)(NODE, 0, fallback, SALT)


@pytest.mark.parametrize("function", ["create_for_name", "predict_for_name"])
def test_create_for_name_with_a_zero_fallback_reverts(forwarding, function):
    with boa.reverts("income: zero fallback"):
        getattr(forwarding.factory, function)(NODE, EPOCH, ETH, SALT)


def test_create_for_name_with_an_epoch_over_32_bits_reverts(forwarding, fallback):
    def create(epoch: int) -> bool:
        types = ["bytes32", "uint256", "address", "bytes32"]
        name = forwarding.factory.create_for_name
        data = name.prepare_calldata(NODE, EPOCH, fallback, SALT)[:4]
        data += encode(types, [NODE, epoch, fallback, SALT])
        return boa.env.execute_code(forwarding.factory.address, data=data).is_success

    assert create(2**32 - 1)
    assert not create(2**32 + EPOCH)


def test_create_after_being_paid_forwards_it(forwarding, owner, target):
    predicted = forwarding.factory.predict(owner, target, SALT)
    boa.env.set_balance(predicted, 10)
    forwarding.factory.create(owner, target, SALT)
    assert forwarder_at(predicted).flush(ETH) == 10
    assert balance(ETH, target) == 10


def test_is_forwarder_tells_whose_code_it_is(forwarding, owner, target, fallback):
    is_forwarder = forwarding.factory.is_forwarder
    predicted = forwarding.factory.predict(owner, target, SALT)
    assert not is_forwarder(predicted, SALT)
    forwarding.factory.create(owner, target, SALT)
    assert is_forwarder(predicted, SALT)
    assert not is_forwarder(predicted, NO_SALT)
    assert is_forwarder(forwarding.to_name(NODE, fallback, EPOCH), NO_SALT)
    for other in (owner, forwarding.factory, forwarding.implementation):
        assert not is_forwarder(other, SALT)


def test_implementation_is_what_was_given(forwarding):
    assert forwarding.factory.implementation() == forwarding.implementation.address


def test_a_factory_for_a_codeless_implementation_reverts():
    with boa.reverts("income: forwarder has no code"):
        deployer("ForwarderFactory").deploy(boa.env.generate_address())


def test_a_forwarder_for_codeless_names_reverts():
    with boa.reverts("income: names has no code"):
        deployer("Forwarder").deploy(boa.env.generate_address())
