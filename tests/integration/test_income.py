"""Income that passes through the suite: each arrow of the picture, to the unit."""

import boa
import pytest

from tests.support import ape
from tests.support.access import Setup, Terms, buy, create_collection, deploy_access
from tests.support.forwarders import deploy_forwarding
from tests.support.governance import Proposal, deploy_dao, run_proposal
from tests.support.income import (
    ETH,
    ascending,
    balance,
    create_split,
    deploy_income,
    new_accounts,
    new_odd_token,
    new_token,
    receive,
)
from tests.support.names import deploy_names

PRICE = 10**17


def split_of(income, shares: dict):
    """A split from a table of recipients, contracts among them, and shares."""
    by_address = {getattr(account, "address", account): share for account, share in shares.items()}
    accounts = ascending(list(by_address))
    return create_split(income, accounts, [by_address[account] for account in accounts])


@pytest.fixture
def income():
    return deploy_income()


@pytest.fixture
def member() -> str:
    return boa.env.generate_address("member")


@pytest.fixture
def dao(member):
    return deploy_dao({member: 10**24})


@pytest.mark.parametrize("kind", ["ETH", "token"])
def test_splitter_into_splitter_into_the_treasury_of_a_dao(income, dao, kind):
    """13 of 21 of 5 of 7: the treasury's part is exact, and the rests wait on their level."""
    asset = ETH if kind == "ETH" else new_token()
    [author, editor] = new_accounts(2)
    house = split_of(income, {dao.timelock: 13, editor: 8})
    top = split_of(income, {house: 5, author: 2})
    receive(top, asset, 1_000_003)
    top.distribute(asset)
    house.distribute(asset)
    units = 1_000_003 // 7
    below = 5 * units // 21
    assert balance(asset, author) == 2 * units
    assert balance(asset, dao.timelock) == 13 * below
    assert balance(asset, editor) == 8 * below
    assert balance(asset, top) == 1_000_003 % 7
    assert balance(asset, house) == 5 * units % 21


def test_the_dao_spends_what_a_split_brought_by_vote(income, dao, member):
    [author, payee] = new_accounts(2)
    split = split_of(income, {dao.timelock: 1, author: 1})
    receive(split, ETH, 2 * PRICE)
    split.distribute(ETH)
    run_proposal(dao, Proposal([payee], [PRICE], [b""]), member, [member])
    assert (balance(ETH, payee), balance(ETH, dao.timelock)) == (PRICE, 0)


def test_pass_revenue_and_royalties_into_a_split(income):
    """Sales in ETH and in a token are swept there; a market pays the royalty itself."""
    token, access = new_token(), deploy_access()
    owner, market, *fans = new_accounts(4, wei=10 * PRICE)
    creator, partner = new_accounts(2)
    split = split_of(income, {creator: 3, partner: 1})
    collection = create_collection(
        access, Setup(owner, split.address, royalty=500, plans=(Terms(price=PRICE),))
    )
    passes = [buy(collection, fan) for fan in fans]
    collection.sweep(ETH)
    receiver, royalty = collection.royaltyInfo(passes[0], 2 * PRICE)
    assert (receiver, royalty) == (split.address, PRICE // 10)
    boa.env.execute_code(split.address, sender=market, value=royalty)
    receive(collection, token, 400)  # as if sold for it
    collection.sweep(token.address)
    split.distribute_many([ETH, token])
    income_in_eth = len(fans) * PRICE + royalty
    assert balance(ETH, creator) == income_in_eth * 3 // 4
    assert balance(ETH, partner) == income_in_eth // 4
    assert (token.balanceOf(creator), token.balanceOf(partner)) == (300, 100)


def test_name_fees_into_the_system_treasury(dao, member):
    """Proceeds wait in the registry; anybody sends them where the kernel says; a vote spends."""
    world = deploy_names()
    world.point("treasury", dao.timelock)
    for label in ("alice", "bob", "carol"):
        world.register(label, boa.env.generate_address(label))
    fees = balance(ETH, world.names)
    assert fees > 0
    assert world.names.sweep(sender=boa.env.generate_address("anyone")) == fees
    assert (balance(ETH, dao.timelock), balance(ETH, world.names)) == (fees, 0)
    [payee] = new_accounts(1)
    run_proposal(dao, Proposal([payee], [fees], [b""]), member, [member])
    assert balance(ETH, payee) == fees


def test_forwarder_for_a_recipient_who_moves(income):
    """The split cannot change; what it pays follows."""
    forwarding, token = deploy_forwarding(), new_token()
    partner, old, new = new_accounts(3)
    forwarder = forwarding.to_address(old, old)
    split = split_of(income, {forwarder: 2, partner: 1})
    for asset in (ETH, token):
        receive(split, asset, 300)
    split.distribute_many([ETH, token])
    forwarder.retarget(new, [token], sender=old)
    for asset in (ETH, token):
        receive(split, asset, 30)
    split.distribute_many([ETH, token])
    forwarder.flush_many([ETH, token])
    for asset in (ETH, token):
        assert [balance(asset, account) for account in (old, new, partner)] == [200, 20, 110]
        assert balance(asset, forwarder) == balance(asset, split) == 0


def test_forwarder_for_a_recipient_known_by_name(income):
    """It follows the name's address, and after the sale of the name pays the fallback."""
    world = deploy_names()
    forwarding = deploy_forwarding(world)
    partner, owner, buyer, wallet, vault = new_accounts(5)
    node = world.register("alice", owner)
    forwarder = forwarding.to_name(node, vault)
    split = split_of(income, {forwarder: 1, partner: 1})
    world.resolver.setAddr(node, wallet, sender=owner)
    for payee in (wallet, vault):
        receive(split, ETH, 20)
        split.distribute(ETH)
        forwarder.flush(ETH)
        assert balance(ETH, payee) == 10
        world.names.setOwner(node, buyer, sender=world.names.owner(node))
    assert balance(ETH, buyer) == 0


def test_credit_of_a_forwarder_reaches_its_target(income):
    """A blacklisted forwarder cannot call: anyone claims for it, and flushes."""
    forwarding, token = deploy_forwarding(), new_odd_token()
    partner, owner, target = new_accounts(3)
    forwarder = forwarding.to_address(owner, target)
    split = split_of(income, {forwarder: 1, partner: 1})
    token.block(forwarder, True)
    receive(split, token, 20)
    split.distribute(token)
    assert split.credits(token, forwarder) == 10
    token.block(forwarder, False)
    split.claim(token, forwarder, forwarder)
    forwarder.flush(token)
    assert token.balanceOf(target) == 10


@pytest.mark.no_anchor
def test_37_recipients_through_three_levels_on_the_embedded_chain(tmp_path):
    done = ape.run("income", "prove", "--records", tmp_path)
    assert done.returncode == 0, done.stdout
    assert "18 rounds, every unit accounted for" in done.stdout
