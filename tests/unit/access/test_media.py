import boa
import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.support.access import ZERO, logged
from tests.support.compiled import deployer
from tests.support.gate import speaking
from tests.support.names import GRACE, YEAR, World, deploy_names

SONG, ALBUM = keccak(b"song"), keccak(b"album")
RULE, OTHER_RULE = keccak(b"a rule"), keccak(b"another rule")
DAG_PB, RAW = 0x70, 0x55
NOTHING = (0, b"", bytes(32), 0, 0, ZERO)


def cid(content: bytes, codec: int = DAG_PB) -> bytes:
    return bytes([1, codec, 0x12, 0x20]) + keccak(content)


@pytest.fixture(scope="module")
def world() -> World:
    return deploy_names()


@pytest.fixture
def media(world):
    return deployer("Media").deploy(world.names.address)


@pytest.fixture
def owner():
    return boa.env.generate_address("owner")


@pytest.fixture
def stranger():
    return boa.env.generate_address("stranger")


@pytest.fixture
def node(world, owner):
    return world.register("alice", owner)


def fields(entry):
    return tuple(entry)


def test_publish(world, media, node, owner):
    assert media.publish(node, SONG, cid(b"one"), RULE, sender=owner) == 1
    epoch = world.names.epoch(node)
    assert logged(media) == [("Published", node, SONG, owner, 1, epoch, cid(b"one"), RULE)]
    entry = (1, cid(b"one"), RULE, epoch, boa.env.timestamp, owner)
    assert fields(media.current(node, SONG)) == entry
    assert fields(media.entry(node, SONG, 1)) == entry
    assert media.versions(node, SONG) == 1
    assert media.names() == world.names.address


def test_replace_keeps_the_history(media, node, owner):
    first = boa.env.timestamp
    media.publish(node, SONG, cid(b"one"), RULE, sender=owner)
    boa.env.time_travel(seconds=10)
    assert media.publish(node, SONG, cid(b"two", RAW), OTHER_RULE, sender=owner) == 2
    current = media.current(node, SONG)
    assert (current.version, current.cid, current.rule) == (2, cid(b"two", RAW), OTHER_RULE)
    old = media.entry(node, SONG, 1)
    assert (old.cid, old.rule, old.time) == (cid(b"one"), RULE, first)


def test_slots_and_names_are_apart(world, media, node, owner):
    other = world.register("bob", owner)
    media.publish(node, SONG, cid(b"one"), RULE, sender=owner)
    for place in [(node, ALBUM), (other, SONG)]:
        assert fields(media.current(*place)) == NOTHING
        assert media.versions(*place) == 0


def test_withdraw(world, media, node, owner):
    media.publish(node, SONG, cid(b"one"), RULE, sender=owner)
    assert media.withdraw(node, SONG, sender=owner) == 2
    epoch = world.names.epoch(node)
    assert logged(media) == [("Published", node, SONG, owner, 2, epoch, b"", bytes(32))]
    assert fields(media.current(node, SONG)) == NOTHING
    gone = (2, b"", bytes(32), epoch, boa.env.timestamp, owner)
    assert fields(media.entry(node, SONG, 2)) == gone
    with boa.reverts("media: nothing there"):
        media.withdraw(node, SONG, sender=owner)
    assert media.publish(node, SONG, cid(b"two"), RULE, sender=owner) == 3
    assert media.current(node, SONG).version == 3


def test_withdraw_nothing_reverts(media, node, owner):
    with boa.reverts("media: nothing there"):
        media.withdraw(node, SONG, sender=owner)


def test_history(media, node, owner):
    for n in range(53):
        media.publish(node, SONG, cid(bytes([n])), RULE, sender=owner)
    page = media.history(node, SONG, 1, 50)
    assert [entry.version for entry in page] == list(range(1, 51))
    assert [entry.cid for entry in page] == [cid(bytes([n])) for n in range(50)]
    assert len(media.history(node, SONG, 1, 2**256 - 1)) == 50
    assert [entry.version for entry in media.history(node, SONG, 51, 50)] == [51, 52, 53]
    assert [entry.version for entry in media.history(node, SONG, 2, 1)] == [2]
    assert [entry.version for entry in media.history(node, SONG, 53, 5)] == [53]
    for start, count in [(0, 5), (54, 5), (2**256 - 1, 5), (1, 0)]:
        assert media.history(node, SONG, start, count) == []


def test_unknown_version_reverts(media, node, owner):
    media.publish(node, SONG, cid(b"one"), RULE, sender=owner)
    for version in (0, 2, 2**256 - 1):
        with boa.reverts("media: unknown version"):
            media.entry(node, SONG, version)


# ----- what is no file -----


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"", "media: not a CIDv1"),
        (cid(b"one")[:3], "media: not a CIDv1"),
        (cid(b"one")[:4], "media: not sha2-256"),
        (cid(b"one")[:-1], "media: not sha2-256"),
        (cid(b"one") + b"\0", "media: not sha2-256"),
        (b"\x01\x70\x13\x40" + bytes(64), "media: not sha2-256"),
        (b"bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi", "media: not a CIDv1"),
        (b"\x00" + cid(b"one")[1:], "media: not a CIDv1"),
        (b"\x12\x20" + keccak(b"a CIDv0"), "media: not a CIDv1"),
        (bytes([1, DAG_PB, 0x13, 0x20]) + keccak(b"one"), "media: not sha2-256"),
        (bytes([1, DAG_PB, 0x12, 0x1F]) + keccak(b"one"), "media: not sha2-256"),
        (cid(b"one", 0), "media: unknown codec"),
        (cid(b"one", 0x80), "media: unknown codec"),
    ],
)
def test_no_cid_reverts(media, node, owner, bad, reason):
    with boa.reverts(reason):
        media.publish(node, SONG, bad, RULE, sender=owner)


@pytest.mark.parametrize("codec", [1, 127])
def test_codec_of_one_byte_is_published(media, node, owner, codec):
    media.publish(node, SONG, cid(b"one", codec), RULE, sender=owner)
    assert media.current(node, SONG).cid == cid(b"one", codec)


def test_longer_than_a_cid_reverts(media, node, owner):
    with boa.reverts():
        media.publish(node, SONG, cid(b"one") + b"\0", RULE, sender=owner)


def test_zero_rule_reverts(media, node, owner):
    """What everybody may have stands in the name's content hash."""
    with boa.reverts("media: zero rule"):
        media.publish(node, SONG, cid(b"one"), bytes(32), sender=owner)


# ----- who may write -----


def test_stranger_reverts(media, node, stranger):
    with boa.reverts("media: not authorised"):
        media.publish(node, SONG, cid(b"one"), RULE, sender=stranger)
    with boa.reverts("media: not authorised"):
        media.withdraw(node, SONG, sender=stranger)
    with boa.reverts("media: not authorised"):
        media.set_delegate(node, stranger, 2**40 - 1, sender=stranger)
    assert not media.is_authorised(node, stranger)


def test_operator(world, media, node, owner, stranger):
    world.names.setApprovalForAll(stranger, True, sender=owner)
    assert media.is_authorised(node, stranger)
    media.publish(node, SONG, cid(b"one"), RULE, sender=stranger)
    assert media.current(node, SONG).author == stranger
    media.set_delegate(node, owner, 1, sender=stranger)


def test_token_approval_is_not_enough(world, media, node, owner, stranger):
    world.names.approve(stranger, int.from_bytes(node, "big"), sender=owner)
    with boa.reverts("media: not authorised"):
        media.publish(node, SONG, cid(b"one"), RULE, sender=stranger)


def test_delegate_until_its_second(world, media, node, owner, stranger):
    until = boa.env.timestamp + 100
    media.set_delegate(node, stranger, until, sender=owner)
    epoch = world.names.epoch(node)
    assert logged(media) == [("DelegateSet", node, stranger, epoch, until)]
    assert media.delegate_until(node, stranger) == until
    boa.env.time_travel(seconds=99)
    assert media.is_authorised(node, stranger)
    media.publish(node, SONG, cid(b"one"), RULE, sender=stranger)
    with boa.reverts("media: not authorised"):  # it hands nothing on
        media.set_delegate(node, stranger, until + 1, sender=stranger)
    boa.env.time_travel(seconds=1)
    assert not media.is_authorised(node, stranger)
    with boa.reverts("media: not authorised"):
        media.publish(node, SONG, cid(b"two"), RULE, sender=stranger)


def test_delegate_can_be_ended(media, node, owner, stranger):
    media.set_delegate(node, stranger, 2**40 - 1, sender=owner)
    media.set_delegate(node, stranger, 0, sender=owner)
    assert not media.is_authorised(node, stranger)


def test_delegate_of_one_name_only(world, media, node, owner, stranger):
    other = world.register("bob", owner)
    media.set_delegate(node, stranger, 2**40 - 1, sender=owner)
    assert not media.is_authorised(other, stranger)
    with boa.reverts("media: not authorised"):
        media.publish(other, SONG, cid(b"one"), RULE, sender=stranger)


def test_time_out_of_range_reverts(media, node, owner, stranger):
    with boa.reverts("media: time out of range"):
        media.set_delegate(node, stranger, 2**40, sender=owner)


def test_sale_ends_what_was_current(world, media, node, owner, stranger):
    """Stale records after sale: the buyer's name publishes nothing, and nobody may for him."""
    helper = boa.env.generate_address("helper")
    media.publish(node, SONG, cid(b"one"), RULE, sender=owner)
    media.set_delegate(node, helper, 2**40 - 1, sender=owner)
    world.names.transferFrom(owner, stranger, int.from_bytes(node, "big"), sender=owner)
    assert fields(media.current(node, SONG)) == NOTHING
    assert media.entry(node, SONG, 1).cid == cid(b"one")
    assert media.delegate_until(node, helper) == 0
    for old in (owner, helper):
        assert not media.is_authorised(node, old)
        with boa.reverts("media: not authorised"):
            media.publish(node, SONG, cid(b"mine"), RULE, sender=old)
    with boa.reverts("media: nothing there"):
        media.withdraw(node, SONG, sender=stranger)
    assert media.publish(node, SONG, cid(b"two"), RULE, sender=stranger) == 2


def test_migration_keeps_what_is_current_and_ends_delegates(world, media, node, owner, stranger):
    """It stays in the epoch, but the old account's helpers are not the new one's."""
    helper = boa.env.generate_address("helper")
    media.publish(node, SONG, cid(b"one"), RULE, sender=owner)
    media.set_delegate(node, helper, 2**40 - 1, sender=owner)
    world.names.migrate(node, stranger, sender=owner)
    assert media.current(node, SONG).cid == cid(b"one")
    assert media.delegate_until(node, helper) == 0 and not media.is_authorised(node, helper)
    with boa.reverts("media: not authorised"):
        media.publish(node, SONG, cid(b"two"), RULE, sender=helper)
    world.names.migrate(node, owner, sender=stranger)  # nor when it comes back
    assert not media.is_authorised(node, helper)


def test_expiry_hides_and_renewal_brings_back(world, media, node, owner, stranger):
    media.publish(node, SONG, cid(b"one"), RULE, sender=owner)
    media.set_delegate(node, stranger, 2**40 - 1, sender=owner)
    boa.env.time_travel(seconds=YEAR)
    assert fields(media.current(node, SONG)) == NOTHING
    for account in (owner, stranger):
        assert not media.is_authorised(node, account)
        with boa.reverts("media: not live"):
            media.publish(node, SONG, cid(b"two"), RULE, sender=account)
        with boa.reverts("media: not live"):
            media.set_delegate(node, account, 2**40 - 1, sender=account)
    world.renew("alice")
    assert media.current(node, SONG).cid == cid(b"one")
    media.publish(node, SONG, cid(b"two"), RULE, sender=stranger)


def test_registered_again_after_expiry_shows_nothing(world, media, node, owner, stranger):
    media.publish(node, SONG, cid(b"one"), RULE, sender=owner)
    media.set_delegate(node, owner, 2**40 - 1, sender=owner)
    boa.env.time_travel(seconds=YEAR + GRACE)
    world.register("alice", stranger)
    assert fields(media.current(node, SONG)) == NOTHING
    with boa.reverts("media: not authorised"):
        media.publish(node, SONG, cid(b"two"), RULE, sender=owner)


def test_name_that_was_never_registered_reverts(media, owner):
    node = keccak(b"no such name")
    with boa.reverts("media: not live"):
        media.publish(node, SONG, cid(b"one"), RULE, sender=ZERO)
    with boa.reverts("media: not live"):
        media.set_delegate(node, owner, 5, sender=ZERO)
    assert not media.is_authorised(node, ZERO)


# ----- every bit of an epoch -----


@pytest.fixture
def registry():
    return boa.env.generate_address("registry")


def holds(registry, owner, epoch, migrations=0):
    """A registry that says so of every node."""
    answers = {
        "holder(bytes32)": encode(["address", "uint256"], [owner, epoch]),
        "epoch(bytes32)": encode(["uint256"], [epoch]),
        "migrations(bytes32)": encode(["uint256"], [migrations]),
        "isApprovedForAll(address,address)": bytes(32),
    }
    boa.env.set_code(registry, speaking(answers))


def test_last_epoch_is_noted_whole(registry, owner):
    holds(registry, owner, 2**32 - 1)
    media = deployer("Media").deploy(registry)
    media.publish(SONG, SONG, cid(b"one"), RULE, sender=owner)
    assert media.current(SONG, SONG).epoch == 2**32 - 1
    holds(registry, owner, 2**32 - 2)
    assert fields(media.current(SONG, SONG)) == NOTHING
    holds(registry, owner, 2**32 - 1)
    media.withdraw(SONG, SONG, sender=owner)
    assert fields(media.current(SONG, SONG)) == NOTHING


def test_delegate_of_a_migration_is_none_of_a_later_epoch(registry, owner, stranger):
    holds(registry, owner, 5, migrations=1)
    media = deployer("Media").deploy(registry)
    media.set_delegate(SONG, stranger, 2**40 - 1, sender=owner)
    assert media.is_authorised(SONG, stranger)
    holds(registry, owner, 5 | 2**31)
    assert not media.is_authorised(SONG, stranger)


def test_registry_without_code_reverts(owner):
    with boa.reverts("media: names has no code"):
        deployer("Media").deploy(owner)
