import boa
import pytest

from tests.support import names as support
from tests.support.compiled import deployer
from tests.support.names import (
    DURATION_MIN,
    FREE,
    GRACE,
    IN_GRACE,
    LIVE,
    YEAR,
    ZERO,
    ZERO32,
    base_price,
    events,
    namehash,
    now,
)


def test_info_in_every_state(world, node, owner):
    expiry = world.names.info(node).expiry
    for second, state in (
        (expiry - 1, LIVE),
        (expiry, IN_GRACE),
        (expiry + GRACE - 1, IN_GRACE),
        (expiry + GRACE, FREE),
    ):
        boa.env.time_travel(seconds=second - now())
        info = world.names.info(node)
        assert info.state == state == support.state(expiry, second)
        assert (info.owner, info.expiry, info.label) == (owner, expiry, "alice")


def test_info_of_nothing(world):
    info = world.names.info(namehash("nobody.os"))
    assert info == (ZERO, 0, 0, 0, 0, FREE, "", ZERO32)


def test_namehash(world):
    for label in ("alice", "a", "x" * 63):
        assert world.names.namehash(label) == namehash(f"{label}.os")


def test_top(world):
    assert world.names.top_label() == "os"
    assert world.names.top_node() == namehash("os")


def test_kernel_and_namespace(world):
    assert world.names.kernel() == world.kernel.address
    assert world.names.namespace() == world.namespace


@pytest.mark.parametrize(
    "label, free", [("bob", True), ("alice", False), ("-b", False), ("", False)]
)
def test_available(world, node, label, free):
    assert world.names.available(label) == free


@pytest.mark.parametrize("place", [0, 1, 31, 32, 40])
def test_available_by_each_character(world, place):
    """[a-z0-9-], a hyphen not first or last; at each end of both words of a label."""
    good = set("abcdefghijklmnopqrstuvwxyz0123456789-")
    for size in {place + 1, 41}:
        for code in range(128):
            label = "x" * place + chr(code) + "x" * (size - place - 1)
            ends = place == 0 or place == size - 1
            expected = chr(code) in good and not (ends and chr(code) == "-")
            assert world.names.available(label) == expected, label


def test_registration_price_reverts_where_register_would(world, node):
    for label, duration, reason in (
        ("Bob", YEAR, "names: bad label"),
        ("alice", YEAR, "names: not available"),
        ("bob", DURATION_MIN - 1, "names: duration too short"),
        ("bob", 10 * YEAR + 1, "names: duration too long"),
    ):
        with boa.reverts(reason):
            world.names.registration_price(label, duration, 0)


def test_registration_price_of_now(world, node):
    boa.env.time_travel(seconds=world.names.info(node).expiry + GRACE - now())
    at_zero = world.names.registration_price("alice", YEAR, 0)
    assert at_zero == world.names.registration_price("alice", YEAR, now())
    assert at_zero[1] > 0
    assert world.names.registration_price("bob", YEAR, 0) == (base_price(3, YEAR), 0)


def test_renewal_price_reverts_where_renew_would(world, node):
    with boa.reverts("names: not registered"):
        world.names.renewal_price("bob", YEAR)
    with boa.reverts("names: duration too short"):
        world.names.renewal_price("alice", 0)


# ----- the constructor -----


def build(world, **changed):
    arguments = {
        "kernel": world.kernel.address,
        "namespace": world.namespace,
        "label": "os",
        "resolver": deployer("Resolver").deploy_as_blueprint().address,
        "reverse": deployer("ReverseResolver").deploy_as_blueprint().address,
    }
    return deployer("Names").deploy(*(arguments | changed).values())


def test_constructor_takes_another_top_level(world):
    names = build(world, label="x" * 63)
    assert names.top_label() == "x" * 63
    assert names.top_node() == namehash("x" * 63)
    assert deployer("Resolver").at(names.default_resolver()).names() == names.address
    assert deployer("ReverseResolver").at(names.reverse_resolver()).names() == names.address


def test_constructor_tells_of_the_fixed_nodes(world):
    """As ENS's registry does of each owner: indexers know no other way."""
    names = build(world)
    fixed = [(name, names.address) for name in ("", "os", "reverse", "eth")]
    told = events(names)
    fixed.append(("addr.reverse", names.reverse_resolver()))
    fixed.append(("resolver.eth", names.default_resolver()))
    assert told == [("RegistryTransfer", namehash(name), owner) for name, owner in fixed]


@pytest.mark.parametrize("changed, reason", [
    ({"kernel": ZERO}, "client: kernel has no code"),
    ({"namespace": bytes(32)}, "client: zero namespace"),
    ({"label": ""}, "names: bad label"),
    ({"label": "OS"}, "names: bad label"),
    ({"label": "o.s"}, "names: bad label"),
    ({"label": "x" * 64}, "names: bad label"),
    ({"label": "x" * 40 + "."}, "names: bad label"),
    ({"label": "\u00e5lice"}, "names: bad label"),
    ({"label": "-os"}, "names: bad label"),
    ({"label": "os-"}, "names: bad label"),
    ({"label": "xn--os"}, "names: bad label"),
    ({"label": "eth"}, "names: label is reserved"),
    ({"label": "reverse"}, "names: label is reserved"),
])  # fmt: skip
def test_constructor_reverts(world, changed, reason):
    with boa.reverts(reason):
        build(world, **changed)


def test_constructor_needs_blueprints(world):
    for place in ("resolver", "reverse"):
        with boa.reverts():
            build(world, **{place: ZERO})
