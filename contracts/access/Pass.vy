# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Pass
@license AGPL-3.0-only
@notice A collection of memberships that one creator sells: ERC-721 tokens that
        expire, on plans with a price, and proceeds that go to a revenue address.
@dev Deployed once and locked; each collection is an ERC-1167 clone of it, made
     and initialized by PassFactory in one transaction. Code never changes.

     A pass's id is (plan << 32) + serial, so that a sale counts in the plan's word
     alone; plan 0 are the creator's grants. All plans of a collection sell the
     same right for different times and prices: tiers are collections.

     Words, lowest bits first (passes and accounts: lib/pass_token):

         collection   owner 160 | plans 16 | granted 32 | reserve 32 | epoch 16
         plan         price 112 | duration 32 | cap 32 | minted 32 | flags 8
         terms        currency 160 | limit 16          read only if a flag says so
         revenue      revenue 160 | royalty 16
         announced    revenue 160 | ready at 40

     A cap of the collection holds for all plans and grants: each new plan takes
     its own cap out of the reserve, each grant takes one, and nothing returns.

     Invariants ACC-1, ACC-2, ACC-3, ACC-4 and ACC-6.
@custom:security What a sale changes is changed before the currency is called,
     under a lock that `sweep` shares, and the receiver's hook comes last, when all
     is settled. A creator chooses currencies: a hostile one can stop or cheat the
     sales of its own plan and nothing else.
     The revenue address changes 7 days after its announcement, at the earliest.
"""

from ethereum.ercs import IERC20

from ...interfaces import IPass
from ..lib import pass_token

implements: IPass

initializes: pass_token
exports: (
    pass_token.point,
    pass_token.approve,
    pass_token.setApprovalForAll,
    pass_token.transferFrom,
    pass_token.safeTransferFrom,
    pass_token.valid,
    pass_token.valid_holder,
    pass_token.active,
    pass_token.expiresAt,
    pass_token.ownerOf,
    pass_token.balanceOf,
    pass_token.getApproved,
    pass_token.isApprovedForAll,
)

NO_LIMIT: constant(uint256) = 2**32 - 1              # as a cap; serials have 32 bits
MAX_PRICE: constant(uint256) = 2**112 - 1            # more than any token's supply we know of
MAX_DURATION: constant(uint256) = pass_token.MAX_AHEAD
MAX_LIMIT: constant(uint256) = 2**16 - 1
MAX_ROYALTY: constant(uint256) = 1_000               # basis points; markets refuse more
MAX_PLANS: constant(uint256) = 2**16 - 1
MAX_BATCH: constant(uint256) = 32
NOTICE: constant(uint256) = 7 * 86_400               # seconds; time to see where money will go
GRACE: constant(uint256) = 14 * 86_400               # seconds; an old announcement surprises nobody

# Flags of a plan.
CREATED: constant(uint256) = 1 << 208                # no plan's word is zero
IN_TOKEN: constant(uint256) = 1 << 209               # currency is in the terms
LIMITED: constant(uint256) = 1 << 210                # limit is in the terms

AT_DURATION: constant(uint256) = 112
AT_CAP: constant(uint256) = 144
AT_MINTED: constant(uint256) = 176
AT_LIMIT: constant(uint256) = 160
AT_PLANS: constant(uint256) = 160
AT_GRANTED: constant(uint256) = 176
AT_RESERVE: constant(uint256) = 208
AT_EPOCH: constant(uint256) = 240
AT_ROYALTY: constant(uint256) = 160
AT_READY: constant(uint256) = 160
AT_PLAN: constant(uint256) = 32                      # in an id

MASK_16: constant(uint256) = 2**16 - 1
MASK_32: constant(uint256) = 2**32 - 1
MASK_40: constant(uint256) = 2**40 - 1
MASK_112: constant(uint256) = 2**112 - 1
MASK_160: constant(uint256) = 2**160 - 1

_collection: uint256                                        # collection word
_pending_owner: address
_revenue: uint256                                           # revenue word
_announced: uint256                                         # announced word; 0: nothing
_plans: HashMap[uint256, uint256]                           # plan -> plan word
_terms: HashMap[uint256, uint256]                           # plan -> terms word
_minted_to: HashMap[uint256, HashMap[address, uint256]]     # limited plan -> recipient -> mints
_name: String[64]
_symbol: String[16]
_base_uri: String[256]


@deploy
def __init__():
    """
    @notice Lock the implementation: it has an epoch, so nobody can initialize it.
    """
    self._collection = 1 << AT_EPOCH


# ----- for everybody -----

@external
def initialize(setup: IPass.Setup):
    """
    @notice Set a fresh clone up, once; PassFactory does it on creation.
    @param setup The creator, where money goes, the cap, names, the first plans.
    """
    assert self._collection == 0, "pass: initialized"
    assert setup.owner != empty(address), "pass: zero owner"
    assert setup.revenue != empty(address), "pass: zero revenue"
    assert setup.royalty <= MAX_ROYALTY, "pass: royalty over 10 percent"
    self._check_cap(setup.cap)

    log IPass.OwnershipTransferred(previousOwner=empty(address), newOwner=setup.owner)
    log IPass.Initialized(
        revenue=setup.revenue,
        royalty=setup.royalty,
        cap=setup.cap,
        name=setup.name,
        symbol=setup.symbol,
        base_uri=setup.base_uri,
    )
    word: uint256 = convert(setup.owner, uint256) | (setup.cap << AT_RESERVE) | (1 << AT_EPOCH)
    for terms: IPass.Terms in setup.plans:
        word = self._add_plan(word, terms)
    self._collection = word
    self._revenue = convert(setup.revenue, uint256) | (setup.royalty << AT_ROYALTY)
    self._name = setup.name
    self._symbol = setup.symbol
    self._base_uri = setup.base_uri


@external
@payable
def mint(
    to: address, plan: uint256, max_price: uint256, referrer: address = empty(address)
) -> uint256:
    """
    @notice Buy a pass for exactly its price. Anyone may, for anyone.
    @param to Who gets it; asked to accept if it has code and is not the caller.
    @param plan The plan.
    @param max_price The highest price that the caller agrees to, in the plan's
           currency. ETH is sent along to the wei, a token must be approved.
    @param referrer Named in the event; zero for nobody.
    @return The pass's id.
    """
    word: uint256 = self._offer(plan, max_price)
    id: uint256 = self._take_places(plan, word, 1)
    self._deliver(to, id, word, referrer)
    self._charge(plan, word, 1)
    if to != msg.sender:   # who buys for itself knows that it can hold a pass
        pass_token._ask_receiver(empty(address), to, id, b"")
    return id


@external
@payable
def mint_many(
    recipients: DynArray[address, MAX_BATCH],
    plan: uint256,
    max_price: uint256,
    referrer: address = empty(address),
) -> uint256:
    """
    @notice As `mint`, for 1 to 32 recipients and as many times the price.
    @param recipients Who gets one; each time it is named.
    @param plan The plan.
    @param max_price The highest price of one pass that the caller agrees to.
    @param referrer Named in the events; zero for nobody.
    @return The first pass's id; the others follow it.
    """
    self._check_count(len(recipients))
    word: uint256 = self._offer(plan, max_price)
    first: uint256 = self._take_places(plan, word, len(recipients))
    id: uint256 = first
    for to: address in recipients:
        self._deliver(to, id, word, referrer)
        id += 1
    self._charge(plan, word, len(recipients))
    id = first
    for to: address in recipients:
        if to != msg.sender:
            pass_token._ask_receiver(empty(address), to, id, b"")
        id += 1
    return first


@external
@payable
def renew(id: uint256, plan: uint256, max_price: uint256):
    """
    @notice Add a plan's duration to a pass, from its expiry or, if that has
            passed, from now. Anyone may pay; the owner does not change.
    @param id The pass.
    @param plan The plan that is paid: the one of the pass, sold out or not, or
           another that everybody may still buy. A trial, free and with a limit,
           renews nothing.
    @param max_price The highest price that the caller agrees to.
    """
    word: uint256 = self._offer(plan, max_price)
    self._check_renews(id, plan, word)
    pass_token._renew(id, (word >> AT_DURATION) & MASK_32)
    self._charge(plan, word, 1)


@external
@nonreentrant
def sweep(token: address):
    """
    @notice Send all of a token to the revenue address. Anyone may.
    @param token An ERC-20 token; zero for ETH.
    """
    revenue: address = self._revenue_address()
    amount: uint256 = self.balance
    if token != empty(address):
        assert token.is_contract, "pass: token has no code"
        amount = staticcall IERC20(token).balanceOf(self)
    assert amount != 0, "pass: nothing to sweep"
    log IPass.Swept(token=token, revenue=revenue, amount=amount)
    success: bool = False
    if token == empty(address):
        success = raw_call(revenue, b"", value=amount, revert_on_failure=False)
    else:
        success = extcall IERC20(token).transfer(revenue, amount, default_return_value=True)
    assert success, "pass: transfer refused"


@external
def apply_revenue():
    """
    @notice Make the announced revenue address the one in force, within 14 days
            after its 7 days of notice. Anyone may.
    """
    announced: uint256 = self._announced
    ready: uint256 = (announced >> AT_READY) & MASK_40
    assert announced != 0, "pass: nothing announced"
    assert block.timestamp >= ready, "pass: notice runs"
    assert block.timestamp <= ready + GRACE, "pass: announced too long ago"
    revenue: address = convert(announced & MASK_160, address)
    word: uint256 = self._revenue
    self._revenue = (word & ~MASK_160) | convert(revenue, uint256)
    self._announced = 0
    log IPass.RevenueSet(old_revenue=convert(word & MASK_160, address), revenue=revenue)


@external
def acceptOwnership():
    """
    @notice Become the creator, as the candidate. What the old one had announced
            is void.
    """
    assert msg.sender == self._pending_owner, "pass: not candidate"
    word: uint256 = self._collection
    self._pending_owner = empty(address)
    self._announced = 0
    self._collection = ((word & ~MASK_160) | convert(msg.sender, uint256)) + (1 << AT_EPOCH)
    log IPass.OwnershipTransferred(
        previousOwner=convert(word & MASK_160, address), newOwner=msg.sender
    )


# ----- for the creator -----

@external
def grant(to: address, expiry: uint256) -> uint256:
    """
    @notice Give a pass. Only the creator.
    @param to Who gets it. It is not asked, so that nobody can disturb a batch.
    @param expiry Seconds, at most 100 years ahead, or 2**40 - 1 for never.
    @return The pass's id.
    """
    id: uint256 = self._take_grants(1, expiry)
    pass_token._mint(to, id, expiry)
    return id


@external
def grant_many(recipients: DynArray[address, MAX_BATCH], expiry: uint256) -> uint256:
    """
    @notice Give a pass to each of 1 to 32 recipients. Only the creator.
    @param recipients Who gets one; each time it is named.
    @param expiry As for `grant`.
    @return The first pass's id; the others follow it.
    """
    self._check_count(len(recipients))
    first: uint256 = self._take_grants(len(recipients), expiry)
    id: uint256 = first
    for to: address in recipients:
        pass_token._mint(to, id, expiry)
        id += 1
    return first


@external
def extend(id: uint256, expiry: uint256):
    """
    @notice Give time to a pass. Only the creator.
    @param id The pass, sold or granted.
    @param expiry Later than the present one; else as for `grant`.
    """
    self._check_owner(self._collection)
    pass_token._check_expiry(expiry)
    pass_token._extend(id, expiry)


@external
def create_plan(terms: IPass.Terms) -> uint256:
    """
    @notice Offer a new plan. Only the creator.
    @param terms The plan's terms; its cap fits in what no plan has taken yet.
    @return The plan's number.
    """
    word: uint256 = self._collection
    self._check_owner(word)
    word = self._add_plan(word, terms)
    self._collection = word
    return (word >> AT_PLANS) & MASK_16


@external
def set_price(plan: uint256, price: uint256):
    """
    @notice Change a plan's price, at once. Only the creator; buyers are safe by
            their `max_price`.
    @param plan The plan.
    @param price In the plan's currency, below 2**112; zero: free.
    """
    self._check_owner(self._collection)
    word: uint256 = self._plan(plan)
    assert price <= MAX_PRICE, "pass: price out of range"
    self._plans[plan] = (word & ~MASK_112) | price
    log IPass.PriceSet(plan=plan, old_price=word & MASK_112, price=price)


@external
def lower_cap(plan: uint256, cap: uint256):
    """
    @notice Lower a plan's cap for good. Only the creator.
    @param plan The plan.
    @param cap Below the present cap, not below what was minted; equal to that,
           it closes the plan to new passes.
    """
    self._check_owner(self._collection)
    word: uint256 = self._plan(plan)
    old: uint256 = (word >> AT_CAP) & MASK_32
    assert cap < old, "pass: cap only falls"
    assert cap >= (word >> AT_MINTED) & MASK_32, "pass: cap under minted"
    self._plans[plan] = (word & ~(MASK_32 << AT_CAP)) | (cap << AT_CAP)
    log IPass.CapLowered(plan=plan, old_cap=old, cap=cap)


@external
def announce_revenue(revenue: address):
    """
    @notice Announce another revenue address, or withdraw the announcement. Only
            the creator.
    @param revenue In force once applied, 7 to 21 days from now; zero withdraws.
    """
    self._check_owner(self._collection)
    ready: uint256 = 0
    if revenue != empty(address):
        ready = block.timestamp + NOTICE
    self._announced = convert(revenue, uint256) | (ready << AT_READY)
    log IPass.RevenueAnnounced(revenue=revenue, ready_at=ready)


@external
def set_base_uri(base_uri: String[256]):
    """
    @notice Move the metadata (ERC-4906, ERC-7572). Only the creator.
    @param base_uri Token ids, and "collection", are appended to it.
    """
    self._check_owner(self._collection)
    self._base_uri = base_uri
    log IPass.BatchMetadataUpdate(_fromTokenId=0, _toTokenId=max_value(uint256))
    log IPass.ContractURIUpdated()


@external
def transferOwnership(candidate: address):
    """
    @notice Offer the collection to another creator, who must accept (ERC-173, in
            two steps). Only the creator.
    @param candidate Zero withdraws the offer.
    """
    word: uint256 = self._collection
    self._check_owner(word)
    self._pending_owner = candidate
    log IPass.OwnershipTransferStarted(
        previousOwner=convert(word & MASK_160, address), newOwner=candidate
    )


# ----- views -----

@external
@view
def plan(plan: uint256) -> IPass.Plan:
    """
    @notice A plan's terms and what it has minted.
    @param plan The plan, from 1. Reverts for an unknown one.
    @return Everything about it.
    """
    word: uint256 = self._plan(plan)
    terms: uint256 = self._terms[plan]
    return IPass.Plan(
        terms=IPass.Terms(
            currency=convert(terms & MASK_160, address),
            price=word & MASK_112,
            duration=(word >> AT_DURATION) & MASK_32,
            cap=(word >> AT_CAP) & MASK_32,
            limit=(terms >> AT_LIMIT) & MASK_16,
        ),
        minted=(word >> AT_MINTED) & MASK_32,
    )


@external
@view
def minted_to(plan: uint256, account: address) -> uint256:
    """
    @notice How often a plan with a limit was minted to an account.
    @param plan The plan.
    @param account The recipient.
    @return Their number; it never falls, and stays 0 for a plan without limit.
    """
    return self._minted_to[plan][account]


@external
@view
def collection() -> IPass.Collection:
    """
    @notice Everything about the collection but its plans and names.
    @return See IPass.Collection.
    """
    word: uint256 = self._collection
    revenue: uint256 = self._revenue
    announced: uint256 = self._announced
    return IPass.Collection(
        owner=convert(word & MASK_160, address),
        pending_owner=self._pending_owner,
        epoch=word >> AT_EPOCH,
        revenue=convert(revenue & MASK_160, address),
        royalty=revenue >> AT_ROYALTY,
        pending_revenue=convert(announced & MASK_160, address),
        revenue_ready_at=announced >> AT_READY,
        plans=(word >> AT_PLANS) & MASK_16,
        granted=(word >> AT_GRANTED) & MASK_32,
        reserve=(word >> AT_RESERVE) & MASK_32,
    )


@external
@view
def owner() -> address:
    """
    @notice The creator (ERC-173).
    @return Its address; zero for the implementation.
    """
    return convert(self._collection & MASK_160, address)


@external
@view
def pendingOwner() -> address:
    """
    @notice Whom the collection is offered to.
    @return The candidate; zero if there is none.
    """
    return self._pending_owner


@external
@view
def name() -> String[64]:
    """
    @notice The collection's name (ERC-721).
    @return As the creator wrote it: escape it before you show it.
    """
    return self._name


@external
@view
def symbol() -> String[16]:
    """
    @notice The collection's symbol (ERC-721).
    @return As the creator wrote it: escape it before you show it.
    """
    return self._symbol


@external
@view
def tokenURI(id: uint256) -> String[334]:
    """
    @notice Where the metadata of a pass is (ERC-721). Reverts for an unknown id.
    @param id The pass.
    @return The base URI and the id; empty if there is no base URI.
    """
    pass_token._pass(id)
    base: String[256] = self._base_uri
    if len(base) == 0:
        return ""
    return concat(base, uint2str(id))


@external
@view
def contractURI() -> String[266]:
    """
    @notice Where the collection's metadata is (ERC-7572).
    @return The base URI and "collection"; empty if there is no base URI.
    """
    base: String[256] = self._base_uri
    if len(base) == 0:
        return ""
    return concat(base, "collection")


@external
@view
def royaltyInfo(id: uint256, price: uint256) -> (address, uint256):
    """
    @notice What a market owes to the revenue address (ERC-2981).
    @param id Any pass; all have the same royalty.
    @param price What the pass is sold for, in any unit.
    @return The revenue address, and at most a tenth of the price, rounded down.
    """
    word: uint256 = self._revenue
    royalty: uint256 = word >> AT_ROYALTY
    # in two parts, so that no price overflows
    share: uint256 = (price // 10_000) * royalty + (price % 10_000) * royalty // 10_000
    return convert(word & MASK_160, address), share


@external
@view
def supportsInterface(interface_id: bytes4) -> bool:
    """
    @notice Which standards the collection follows (ERC-165).
    @param interface_id The standard's interface id.
    @return True for ERC-165, 173, 721 with metadata, 2981 and 4906.
    """
    return interface_id in [
        0x01ffc9a7, 0x7f5828d0, 0x80ac58cd, 0x5b5e139f, 0x2a55205a, 0x49064906
    ]


# ----- inside -----

@internal
def _take_places(plan: uint256, word: uint256, count: uint256) -> uint256:
    # Counts before anything is delivered or paid. Gives the first new id.
    minted: uint256 = (word >> AT_MINTED) & MASK_32
    assert minted + count <= (word >> AT_CAP) & MASK_32, "pass: sold out"
    self._plans[plan] = word + (count << AT_MINTED)
    return (plan << AT_PLAN) + minted + 1


@internal
def _take_grants(count: uint256, expiry: uint256) -> uint256:
    word: uint256 = self._collection
    self._check_owner(word)
    pass_token._check_expiry(expiry)
    granted: uint256 = (word >> AT_GRANTED) & MASK_32
    assert granted + count <= NO_LIMIT, "pass: sold out"
    self._collection = self._take_reserve(word, count) + (count << AT_GRANTED)
    return granted + 1


@internal
@pure
def _take_reserve(word: uint256, count: uint256) -> uint256:
    reserve: uint256 = (word >> AT_RESERVE) & MASK_32
    if reserve == NO_LIMIT:
        return word
    assert count <= reserve, "pass: over the cap"
    return word - (count << AT_RESERVE)


@internal
def _deliver(to: address, id: uint256, word: uint256, referrer: address):
    if word & LIMITED != 0:
        plan: uint256 = id >> AT_PLAN
        count: uint256 = self._minted_to[plan][to] + 1
        assert count <= (self._terms[plan] >> AT_LIMIT) & MASK_16, "pass: limit reached"
        self._minted_to[plan][to] = count
    expiry: uint256 = pass_token.NO_EXPIRY
    if (word >> AT_DURATION) & MASK_32 != 0:
        expiry = block.timestamp + ((word >> AT_DURATION) & MASK_32)
    pass_token._mint(to, id, expiry)
    log IPass.Purchased(id=id, payer=msg.sender, referrer=referrer, price=word & MASK_112)


@internal
@payable
def _charge(plan: uint256, word: uint256, count: uint256):
    # To the unit, and after everything that the sale changes.
    due: uint256 = (word & MASK_112) * count
    if word & IN_TOKEN == 0:
        assert msg.value == due, "pass: not the price"
    else:
        assert msg.value == 0, "pass: not sold for ETH"
        if due != 0:
            self._charge_token(IERC20(convert(self._terms[plan] & MASK_160, address)), due)


@internal
@nonreentrant
def _charge_token(currency: IERC20, due: uint256):
    before: uint256 = staticcall currency.balanceOf(self)
    paid: bool = extcall currency.transferFrom(msg.sender, self, due, default_return_value=True)
    assert paid, "pass: transfer refused"
    assert staticcall currency.balanceOf(self) == before + due, "pass: wrong receipt"


@internal
def _add_plan(word: uint256, terms: IPass.Terms) -> uint256:
    assert terms.currency == empty(address) or terms.currency.is_contract, "pass: currency has no code"
    assert terms.price <= MAX_PRICE, "pass: price out of range"
    assert terms.duration <= MAX_DURATION, "pass: duration out of range"
    self._check_cap(terms.cap)
    assert terms.limit <= MAX_LIMIT, "pass: limit out of range"
    plan: uint256 = ((word >> AT_PLANS) & MASK_16) + 1
    assert plan <= MAX_PLANS, "pass: too many plans"

    flags: uint256 = CREATED
    if terms.currency != empty(address):
        flags |= IN_TOKEN
    if terms.limit != 0:
        flags |= LIMITED
    if flags != CREATED:
        self._terms[plan] = convert(terms.currency, uint256) | (terms.limit << AT_LIMIT)
    self._plans[plan] = (
        terms.price | (terms.duration << AT_DURATION) | (terms.cap << AT_CAP) | flags
    )
    log IPass.PlanCreated(plan=plan, terms=terms)
    return self._take_reserve(word, terms.cap) + (1 << AT_PLANS)


@internal
@view
def _plan(plan: uint256) -> uint256:
    word: uint256 = self._plans[plan]
    assert word != 0, "pass: unknown plan"
    return word


@internal
@view
def _offer(plan: uint256, max_price: uint256) -> uint256:
    # The plan's word, if its price suits the buyer.
    word: uint256 = self._plans[plan]
    assert word != 0, "pass: unknown plan"
    assert word & MASK_112 <= max_price, "pass: above max price"
    return word


@internal
@pure
def _check_renews(id: uint256, plan: uint256, word: uint256):
    # Otherwise a renewal would be the way round every cap and limit of a cheap plan.
    limited: bool = word & LIMITED != 0
    if id >> AT_PLAN == plan:
        assert not limited or word & MASK_112 != 0, "pass: a trial ends"
    else:
        sold_out: bool = (word >> AT_MINTED) & MASK_32 == (word >> AT_CAP) & MASK_32
        assert not limited and not sold_out, "pass: plan not open"


@internal
@view
def _revenue_address() -> address:
    return convert(self._revenue & MASK_160, address)


@internal
@view
def _check_owner(word: uint256):
    assert word & MASK_160 == convert(msg.sender, uint256), "pass: not owner"


@internal
@pure
def _check_cap(cap: uint256):
    assert 0 < cap and cap <= NO_LIMIT, "pass: cap out of range"


@internal
@pure
def _check_count(count: uint256):
    assert count != 0, "pass: no recipients"
