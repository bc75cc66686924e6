"""Gas of access, beside the targets of its design page. Views are execution gas."""

import boa
import pytest
from eth_account import Account

from tests.support import snapshot
from tests.support.access import (
    ETHER,
    MONTH,
    AutoRenew,
    Setup,
    Terms,
    Voucher,
    buy,
    create_collection,
    deploy_access,
    erc20_term,
    given,
    pass_term,
    signed,
)
from tests.support.compiled import deployer
from tests.support.gas import transaction
from tests.support.names import deploy_names

pytestmark = [
    pytest.mark.no_anchor,
    pytest.mark.filterwarnings("ignore:casted bytecode"),  # boa, of clones
]

PRICE = ETHER // 10
SLOT, RULE = b"\x51" * 32, b"\xe5" * 32
BASE_URI = "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/"


def measure(operation: str, call, *args, **kwargs):
    with transaction() as measured:
        answer = call(*args, **kwargs)
    snapshot.check("access", operation, measured.gas)
    return answer


def question(operation: str, call, *args):
    with transaction() as measured:
        answer = call(*args)
    snapshot.check("access", operation, measured.execution)
    return answer


def rich(role: str) -> str:
    account = boa.env.generate_address(f"gas of access: {role}")
    boa.env.set_balance(account, 100 * ETHER)
    return account


@pytest.fixture
def access():
    return deploy_access()


@pytest.fixture
def owner():
    return rich("owner")


@pytest.fixture
def collection(access, owner):
    """Somebody bought and was granted before, so that no counter is fresh."""
    plans = (
        Terms(price=PRICE),
        Terms(price=PRICE, limit=5),
        Terms(price=PRICE, refundable=True),
        Terms(price=PRICE, referral=1_000),
        Terms(price=PRICE, soulbound=True),
    )
    collection = create_collection(access, Setup(owner, rich("revenue"), plans=plans))
    first = rich("first")
    for plan in range(1, 6):
        mint = collection.mint
        mint(first, plan, PRICE, rich("refers"), value=PRICE, sender=first)
    collection.grant(first, boa.env.timestamp + MONTH, sender=owner)
    return collection


def test_create(access, owner):
    setup = Setup(owner, owner, name="Studio", symbol="STU", base_uri=BASE_URI)
    measure("create a collection", access.factory.create, setup, b"\x01" * 32)


def test_mint(collection, owner):
    expiry = boa.env.timestamp + MONTH
    measure("mint granted pass", collection.grant, rich("granted"), expiry, sender=owner)
    many = [rich(f"granted {n}") for n in range(10)]
    measure("mint 10 granted passes", collection.grant_many, many, expiry, sender=owner)


def test_purchase(collection):
    operations = (
        "purchase",
        "purchase, with a limit",
        "purchase, refundable",
        "purchase, with a referral",
        "purchase, soulbound",
    )
    for plan, operation in enumerate(operations, start=1):
        buyer = rich(operation)
        sent = {"value": PRICE, "sender": buyer}
        referrer = [rich("refers first")] if "referral" in operation else []
        measure(operation, collection.mint, buyer, plan, PRICE, *referrer, **sent)


def test_voucher(collection, owner):
    signer = Account.from_key(b"\x01" * 32)
    collection.transferOwnership(signer.address, sender=owner)
    collection.acceptOwnership(sender=signer.address)
    for nonce, operation in ((1, "first voucher of 256"), (2, "purchase by a voucher")):
        buyer = rich(operation)
        voucher = Voucher(buyer, price=PRICE, nonce=nonce)
        signature = signed(signer, collection, voucher, 2)
        sent = {"value": PRICE, "sender": buyer}
        measure(operation, collection.redeem, given(voucher), signature, **sent)


def test_refund(collection):
    buyer = rich("is refunded")
    id = buy(collection, buyer, 3)
    buy(collection, buyer, 3)
    boa.env.time_travel(seconds=MONTH // 2)
    measure("settle a refundable payment", collection.settle, [id])
    measure("refund", collection.refund, id, sender=buyer)
    referrer = rich("claims")
    collection.mint(buyer, 4, PRICE, referrer, value=PRICE, sender=buyer)
    measure("claim a referral share", collection.claim, referrer, "0x" + "00" * 20)


def test_rental(collection):
    owner, user = rich("rents out"), rich("rents")
    id = buy(collection, owner)
    measure("rent out", collection.setUser, id, user, boa.env.timestamp + 60, sender=owner)
    assert question("valid, by a renting account (execution)", collection.valid_holder, user)


def test_auto_renew(access):
    holder, token = Account.from_key(b"\x02" * 32), deployer("AccessToken").deploy()
    creator = rich("creator of a token plan")
    plans = (Terms(str(token.address), 50),)
    collection = create_collection(access, Setup(creator, creator, plans=plans))
    token.create(holder.address, 1_000)
    token.create(rich("keeper"), 1)
    token.approve(collection, 2**256 - 1, sender=holder.address)
    id = collection.mint(holder.address, 1, 50, sender=holder.address)
    order = AutoRenew(id, 1, 60, str(token.address), MONTH - 1)
    boa.env.time_travel(seconds=1)
    signature = signed(holder, collection, order, 0)
    measure("auto-renew in tokens", collection.auto_renew, order, 5, signature, sender=creator)


def test_renew(collection):
    buyer = rich("renews")
    id = buy(collection, buyer)
    measure("renew", collection.renew, id, 1, PRICE, value=PRICE, sender=buyer)


def test_transfer(collection):
    sender, receiver = rich("sends"), rich("receives")
    buy(collection, receiver)
    first = buy(collection, sender)
    buy(collection, sender)
    move = collection.transferFrom
    measure("transfer, both hold", move, sender, receiver, first, sender=sender)


def test_point_and_sweep(collection):
    account = rich("points")
    buy(collection, account)
    id = buy(collection, account, 2)
    collection.renew(id, 1, PRICE, value=PRICE, sender=account)
    measure("point", collection.point, account, id)
    collection.sweep("0x" + "00" * 20)
    buy(collection, account)
    measure("sweep ETH", collection.sweep, "0x" + "00" * 20)


def test_list_and_media():
    owner = rich("publishes")
    lists = deployer("List").deploy()
    id = measure("create a list", lists.create, bytes(32), owner, sender=owner)
    ten = [boa.env.generate_address(f"listed {n}") for n in range(10)]
    measure("add 10 to a list", lists.add, id, ten, sender=owner)

    world = deploy_names()
    node = world.register("alice", owner)
    media = deployer("Media").deploy(world.names.address)
    for place, version in (("publish, first of a slot", 1), ("publish, again", 2)):
        cid = bytes.fromhex("01701220") + bytes([version]) * 32
        measure(place, media.publish, node, SLOT, cid, RULE, sender=owner)


def test_questions(access, collection):
    buyer, gate = rich("asks"), access.gate
    id = buy(collection, buyer)
    assert question("valid, by id (execution)", collection.valid, id)
    assert question("valid, by account (execution)", collection.valid_holder, buyer)

    rule = measure("register a rule of one term", gate.register, [pass_term(collection)])
    assert question("gate, a pass (execution)", gate.check, buyer, rule)
    token = deployer("AccessToken").deploy()
    balance = erc20_term(token, 1, opens=False, negated=True)
    rule = gate.register([pass_term(collection), balance])
    assert question("gate, a pass and no token (execution)", gate.check, buyer, rule)
