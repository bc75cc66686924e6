"""Gas of access, beside the targets of its design page. Views are execution gas."""

import boa
import pytest

from tests.support import snapshot
from tests.support.access import (
    ETHER,
    MONTH,
    Setup,
    Terms,
    buy,
    create_collection,
    deploy_access,
    erc20_term,
    pass_term,
)
from tests.support.compiled import deployer
from tests.support.gas import transaction

pytestmark = [
    pytest.mark.no_anchor,
    pytest.mark.filterwarnings("ignore:casted bytecode"),  # boa, of clones
]

PRICE = ETHER // 10
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
    plans = (Terms(price=PRICE), Terms(price=PRICE, limit=5))
    collection = create_collection(access, Setup(owner, rich("revenue"), plans=plans))
    first = rich("first")
    buy(collection, first)
    buy(collection, first, 2)
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
    for plan, operation in ((1, "purchase"), (2, "purchase, with a limit")):
        buyer = rich(operation)
        mint = collection.mint
        measure(operation, mint, buyer, plan, PRICE, value=PRICE, sender=buyer)


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
