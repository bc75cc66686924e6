import boa
import pytest
from eth_abi import encode
from eth_utils import keccak, to_checksum_address

from tests.support.access import (
    CENTURY,
    ETHER,
    NO_LIMIT,
    ZERO,
    Setup,
    Terms,
    create_collection,
    logged,
)
from tests.support.compiled import deployer

pytestmark = pytest.mark.filterwarnings("ignore:casted bytecode")  # boa, of clones

SALT = b"\x07" * 32


def test_create_sets_everything_up(access, setup, owner, revenue):
    collection = create_collection(access, setup, SALT)
    seen = collection.collection()
    assert (seen.owner, seen.pending_owner, seen.epoch) == (owner, ZERO, 1)
    assert (seen.revenue, seen.royalty) == (revenue, 500)
    assert (seen.pending_revenue, seen.revenue_ready_at) == (ZERO, 0)
    assert (seen.plans, seen.granted, seen.reserve) == (4, 0, NO_LIMIT)
    assert [collection.plan(n).terms for n in range(1, 5)] == list(setup.plans)
    assert [collection.plan(n).minted for n in range(1, 5)] == [0] * 4
    assert (collection.name(), collection.symbol()) == (setup.name, setup.symbol)
    assert collection.owner() == owner


def test_create_tells_everything(access, setup, owner, revenue, stranger):
    collection = create_collection(access, setup, SALT, stranger)
    assert logged(access.factory) == [
        ("CollectionCreated", collection.address, stranger),
        ("OwnershipTransferred", ZERO, owner),
        ("Initialized", revenue, 500, NO_LIMIT, setup.name, setup.symbol, setup.base_uri),
        *[("PlanCreated", n, terms) for n, terms in enumerate(setup.plans, start=1)],
    ]


def test_create_makes_a_plain_clone_where_predicted(access, setup, stranger):
    predicted = access.factory.predict(stranger, setup, SALT)
    address = access.factory.create(setup, SALT, sender=stranger)
    assert address == predicted
    implementation = bytes.fromhex(str(access.factory.implementation())[2:])
    assert str(access.factory.implementation()) == str(access.implementation.address)
    head, tail = "363d3d373d3d3d363d73", "5af43d82803e903d91602b57fd5bf3"
    assert boa.env.get_code(address) == bytes.fromhex(head) + implementation + bytes.fromhex(tail)


def test_address_commits_to_sender_salt_and_setup(access, setup, stranger, buyer):
    predictions = {
        access.factory.predict(stranger, setup, SALT),
        access.factory.predict(buyer, setup, SALT),
        access.factory.predict(stranger, setup, bytes(32)),
        access.factory.predict(stranger, setup._replace(owner=buyer), SALT),
        access.factory.predict(stranger, setup._replace(name="Studio."), SALT),
        access.factory.predict(stranger, setup._replace(plans=setup.plans[:3]), SALT),
    }
    assert len(predictions) == 6


def test_address_can_be_computed_off_chain(access, setup, stranger):
    """By CREATE2 (EIP-1014) from a salt of sender, salt and the hash of the set-up."""
    plan = "(address,uint256,uint256,uint256,uint256,uint256,bool,bool)[]"
    whole = f"(address,address,uint256,uint256,string,string,string,{plan})"
    digest = keccak(encode([whole], [setup]))
    unique = keccak(encode(["address", "bytes32", "bytes32"], [stranger, SALT, digest]))
    implementation = str(access.implementation.address)[2:]
    code = f"602d3d8160093d39f3363d3d373d3d3d363d73{implementation}5af43d82803e903d91602b57fd5bf3"
    factory = bytes.fromhex(str(access.factory.address)[2:])
    address = keccak(b"\xff" + factory + unique + keccak(bytes.fromhex(code)))[12:]
    assert access.factory.predict(stranger, setup, SALT) == to_checksum_address(address)


def test_create_twice_reverts(access, setup):
    access.factory.create(setup, SALT)
    with boa.reverts("pass factory: exists"):
        access.factory.create(setup, SALT)
    access.factory.create(setup, bytes(32))


def test_factory_of_nothing_reverts(stranger):
    with boa.reverts("pass factory: no implementation"):
        deployer("PassFactory").deploy(stranger)


def test_create_without_plans_and_with_a_cap(access, owner, revenue):
    collection = create_collection(access, Setup(owner, revenue, cap=10, plans=()))
    assert (collection.collection().plans, collection.collection().reserve) == (0, 10)


def test_first_plans_take_their_caps_from_the_collections(access, owner, revenue):
    setup = Setup(owner, revenue, cap=10, plans=(Terms(cap=4), Terms(cap=5)))
    assert create_collection(access, setup).collection().reserve == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"owner": ZERO}, "pass: zero owner"),
        ({"revenue": ZERO}, "pass: zero revenue"),
        ({"royalty": 1_001}, "pass: royalty over 10 percent"),
        ({"cap": 0}, "pass: cap out of range"),
        ({"cap": NO_LIMIT + 1}, "pass: cap out of range"),
        ({"cap": 10}, "pass: over the cap"),
        ({"cap": 10, "plans": (Terms(cap=6), Terms(cap=5))}, "pass: over the cap"),
        ({"plans": (Terms(cap=0),)}, "pass: cap out of range"),
        ({"plans": (Terms(cap=NO_LIMIT + 1),)}, "pass: cap out of range"),
        ({"plans": (Terms(price=2**112),)}, "pass: price out of range"),
        ({"plans": (Terms(duration=CENTURY + 1),)}, "pass: duration out of range"),
        ({"plans": (Terms(limit=2**16),)}, "pass: limit out of range"),
        ({"plans": (Terms(currency="0x" + "77" * 20),)}, "pass: currency has no code"),
    ],
)
def test_create_with_bad_setup_reverts(access, setup, change, reason):
    with boa.reverts(reason):
        access.factory.create(setup._replace(**change), SALT)


def test_create_with_the_largest_setup(access, owner, revenue):
    plan = Terms(price=2**112 - 1, duration=CENTURY, cap=NO_LIMIT, limit=2**16 - 1)
    setup = Setup(owner, revenue, 1_000, NO_LIMIT, "n" * 64, "s" * 16, "u" * 256, (plan,) * 8)
    collection = create_collection(access, setup)
    assert collection.plan(8).terms == plan
    assert collection.name() == "n" * 64
    assert collection.contractURI() == "u" * 256 + "collection"
    assert collection.royaltyInfo(1, ETHER) == (revenue, ETHER // 10)


def test_implementation_without_a_renderer_reverts(stranger):
    with boa.reverts("pass: no renderer"):
        deployer("Pass").deploy(stranger)


def test_initialize_again_reverts(collection, setup, stranger):
    with boa.reverts("pass: initialized"):
        collection.initialize(setup, sender=stranger)
