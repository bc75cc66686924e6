# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
# pragma optimize codesize
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
                      | limit 16 | referral 16
         sale         gate 160 | opens 40 | closes 40  read only if a flag says so
         revenue      revenue 160 | royalty 16
         announced    revenue 160 | ready at 40

     A cap of the collection holds for all plans and grants: each new plan takes
     its own cap out of the reserve, each grant takes one, and nothing returns. A
     plan's cap is of what it mints, and so rises by one with each refund: what is
     burned gives its place back, but never its id. A renewal takes no place.

     An epoch is one creator's time: delegates and vouchers are of an epoch, and so
     end with a hand-over. Money that is not the creator's yet: lib/pass_funds.

     Invariants ACC-1 to ACC-6.
@custom:security What a sale changes is changed before the currency is called,
     under a lock that all payments share, and the receiver's hook comes last, when
     all is settled. A creator chooses currencies and a plan's gate: a hostile one
     can stop or cheat the sales of its own plan and nothing else.
     Vouchers and orders to renew are bound to this chain and this collection by a
     domain that is computed at each call: one that the implementation computed
     would be that of all collections.
     The revenue address changes 7 days after its announcement, at the earliest.
     One ledger behind two addresses is two currencies here: anybody sweeps through
     the one what is held for refunds and referrers in the other.
     A pass that somebody else bought for its owner, or sold to it, has the receipt of
     their payment: see `refundable` before a renewal in another currency.
"""

from ethereum.ercs import IERC20

from ...interfaces import IGate
from ...interfaces import IPass
from ...interfaces import IPassRenderer
from ..lib import eip712
from ..lib import pass_funds
from ..lib import pass_token
from ..lib import signatures

implements: IPass

initializes: pass_token
initializes: pass_funds[pass_token := pass_token]
exports: (
    pass_funds.settle,
    pass_funds.claim,
    pass_funds.held,
    pass_funds.credit,
    pass_funds.refundable,
    pass_token.point,
    pass_token.approve,
    pass_token.setApprovalForAll,
    pass_token.transferFrom,
    pass_token.safeTransferFrom,
    pass_token.setUser,
    pass_token.valid,
    pass_token.valid_holder,
    pass_token.active,
    pass_token.rented,
    pass_token.userOf,
    pass_token.userExpires,
    pass_token.locked,
    pass_token.nonce,
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
MAX_REFERRAL: constant(uint256) = 5_000              # basis points; more than half is a slip
MAX_ROYALTY: constant(uint256) = 1_000               # basis points; markets refuse more
MAX_PLANS: constant(uint256) = 2**16 - 1
MAX_BATCH: constant(uint256) = 32
MAX_URI: constant(uint256) = 5_216                   # bytes; as the renderer's
NOTICE: constant(uint256) = 7 * 86_400               # seconds; time to see where money will go
GRACE: constant(uint256) = 14 * 86_400               # seconds; an old announcement surprises nobody

AT_CLOSED: constant(uint256) = 213

# Flags of a plan.
CREATED: constant(uint256) = 1 << 208                # no plan's word is zero
IN_TOKEN: constant(uint256) = 1 << 209               # it has a currency
SOULBOUND: constant(uint256) = 1 << 210              # as the pass's, but for its place
REFUNDABLE: constant(uint256) = 1 << 211
CONDITIONED: constant(uint256) = 1 << 212            # it has a sale word
CLOSED: constant(uint256) = 1 << AT_CLOSED           # sold out before a refund: renews only its own

AT_DURATION: constant(uint256) = 112
AT_CAP: constant(uint256) = 144
AT_MINTED: constant(uint256) = 176
AT_LIMIT: constant(uint256) = 216
AT_REFERRAL: constant(uint256) = 232
AT_OPENS: constant(uint256) = 160
AT_CLOSES: constant(uint256) = 200
TO_PASS: constant(uint256) = 8                       # from a plan's flag to a pass's
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

# The domain of typed data: this name, version 1, this chain, this collection.
DOMAIN_NAME: constant(bytes32) = keccak256("Uraeus Pass")
VOUCHER: constant(bytes32) = keccak256(
    "Voucher(uint256 plan,uint256 price,address currency,uint256 quantity,address recipient,uint256 deadline,uint256 nonce,uint256 epoch)"
)
AUTO_RENEW: constant(bytes32) = keccak256(
    "AutoRenew(uint256 tokenId,uint256 plan,uint256 maxPrice,address currency,uint256 window,uint256 until,uint256 nonce)"
)

_RENDERER: immutable(IPassRenderer)

_collection: uint256                                        # collection word
_pending_owner: address
_revenue: uint256                                           # revenue word
_announced: uint256                                         # announced word; 0: nothing
_plans: HashMap[uint256, uint256]                           # plan -> plan word
_sales: HashMap[uint256, uint256]                           # plan -> sale word
_rules: HashMap[uint256, bytes32]                           # plan -> the gate's rule
_delegates: HashMap[uint256, HashMap[address, uint256]]     # epoch -> delegate -> until, seconds
_spent: HashMap[uint256, HashMap[uint256, uint256]]         # epoch -> nonce / 256 -> bits
_minted_to: HashMap[uint256, HashMap[address, uint256]]     # limited plan -> recipient -> mints
_name: String[64]
_symbol: uint256                                            # 16 bytes 128 | length
_base_uri: String[256]


@deploy
def __init__(renderer: address):
    """
    @notice Lock the implementation: it has an epoch, so nobody can initialize it.
    @param renderer A deployed PassRenderer, for all collections and for good.
    """
    assert renderer.is_contract, "pass: no renderer"
    _RENDERER = IPassRenderer(renderer)
    self._collection = 1 << AT_EPOCH


# ----- for everybody -----

@external
def initialize(setup: IPass.Setup):
    """
    @notice Set a fresh clone up, once; PassFactory does it on creation.
    @param setup The creator, where money goes, the cap, names, the first plans.
    """
    pass_token._require(self._collection == 0, "pass: initialized")
    pass_token._require(setup.owner != empty(address), "pass: zero owner")
    pass_token._require(setup.revenue != empty(address), "pass: zero revenue")
    pass_token._require(setup.royalty <= MAX_ROYALTY, "pass: royalty over 10 percent")
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
    # in one word: a String has its length in a slot of its own
    symbol: bytes16 = convert(convert(setup.symbol, Bytes[16]), bytes16)
    self._symbol = convert(symbol, uint256) | (len(setup.symbol) << 128)
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
    @param referrer Who gets the plan's referral share; zero for nobody.
    @return The pass's id.
    """
    return self._sell_publicly([to], plan, max_price, referrer)


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
    @param referrer Who gets the plan's referral share of each; zero for nobody.
    @return The first pass's id; the others follow it.
    """
    return self._sell_publicly(recipients, plan, max_price, referrer)


@external
@payable
def redeem(
    voucher: IPass.Voucher,
    signature: Bytes[signatures.MAX_SIGNATURE],
    referrer: address = empty(address),
) -> uint256:
    """
    @notice Buy passes by a voucher (EIP-712) that the present creator signed: at its
            price, and whatever the plan's times and gate say. Anyone may pay.
    @param voucher See IPass.Voucher. Caps and limits hold for it, too.
    @param signature The creator's, of a key or a contract (ERC-1271).
    @param referrer Who gets the plan's referral share; zero for nobody.
    @return The first pass's id; the others follow it.
    """
    word: uint256 = self._plan(voucher.plan)
    pass_token._require(block.timestamp <= voucher.deadline, "pass: voucher too late")
    self._check_price(voucher.price)
    self._check_currency(voucher.plan, voucher.currency)
    pass_token._require(voucher.quantity <= MAX_BATCH, "pass: too many")
    collection: uint256 = self._collection
    epoch: uint256 = collection >> AT_EPOCH
    self._spend(epoch, voucher.nonce)
    creator: address = pass_token._account(collection)
    self._check_signature(creator, keccak256(abi_encode(VOUCHER, voucher, epoch)), signature)
    recipients: DynArray[address, MAX_BATCH] = []
    for i: uint256 in range(voucher.quantity, bound=MAX_BATCH):
        recipients.append(voucher.recipient)
    return self._sell(recipients, voucher.plan, word, voucher.price, referrer)


@external
@payable
def renew(id: uint256, plan: uint256, max_price: uint256):
    """
    @notice Add a plan's duration to a pass, from its expiry or, if that has
            passed, from now. Anyone may pay; the owner does not change.
    @param id The pass.
    @param plan The plan that is paid: the one of the pass, sold out or not, or
           another that everybody may still buy and that never was sold out; a
           soulbound one only for a soulbound pass. A trial, free and with a limit,
           renews nothing. If it is refundable and the owner pays, the refund is of
           this payment from now on, unless that of an earlier one is worth more or in
           another currency: see `refundable`. What others pay is not refunded.
    @param max_price The highest price that the caller agrees to.
    """
    self._renew(id, plan, self._offer(plan, max_price), 1, msg.sender, 0)


@external
@payable
def renewSubscription(id: uint256, duration: uint64):
    """
    @notice As `renew`, by the pass's own plan (ERC-5643), paid in ETH: the sum that
            is sent along is what the caller agrees to.
    @param id The pass; not a granted one.
    @param duration A multiple of the plan's, in seconds.
    """
    plan: uint256 = id >> AT_PLAN
    word: uint256 = self._plan(plan)
    one: uint256 = (word >> AT_DURATION) & MASK_32
    pass_token._require(word & IN_TOKEN == 0, "pass: name a max price")
    periods: uint256 = 0
    if one != 0:
        periods = convert(duration, uint256) // one
    pass_token._require(periods != 0 and periods * one == convert(duration, uint256), "pass: no multiple")
    self._renew(id, plan, word, periods, msg.sender, 0)


@external
def auto_renew(order: IPass.AutoRenew, tip: uint256, signature: Bytes[signatures.MAX_SIGNATURE]):
    """
    @notice Renew a pass as its owner ordered (EIP-712), out of the owner's tokens.
            Anyone may.
    @param order See IPass.AutoRenew. It works once in a period: when it has, the
           expiry is farther away than its window.
    @param tip Tokens for the caller; with the price at most the order's max price.
    @param signature The present owner's, of a key or a contract (ERC-1271).
    """
    word: uint256 = self._plan(order.plan)
    pass_word: uint256 = pass_token._pass(order.tokenId)
    self._check_currency(order.plan, order.currency)
    pass_token._require(word & IN_TOKEN != 0, "pass: ETH is not pulled")
    pass_token._require(block.timestamp <= order.until, "pass: order too late")
    pass_token._require(order.window < (word >> AT_DURATION) & MASK_32, "pass: window too wide")
    expiry: uint256 = (pass_word >> pass_token.AT_EXPIRY) & MASK_40
    pass_token._require(block.timestamp + order.window >= expiry, "pass: order too early")
    agreed: bool = tip <= order.maxPrice and word & MASK_112 <= order.maxPrice - tip
    pass_token._require(agreed, "pass: above max price")
    holder: address = pass_token._account(pass_word)
    nonce: uint256 = pass_word >> pass_token.AT_NONCE
    self._check_signature(holder, keccak256(abi_encode(AUTO_RENEW, order, nonce)), signature)
    self._renew(order.tokenId, order.plan, word, 1, holder, tip)


@external
def cancelSubscription(id: uint256):
    """
    @notice Void all orders to renew that were signed for a pass (ERC-5643); it stays
            valid until it expires. Only who may move it.
    @param id The pass.
    """
    pass_token._raise_nonce(id)
    log IPass.OrdersVoided(id=id)


@external
def refund(id: uint256) -> uint256:
    """
    @notice Burn a pass for what its receipt has not earned. Only its owner, and not in
            the second of the payment. Its place is free again. Rentals and further
            time, also given or paid by others, end with it.
    @param id The pass.
    @return The sum, in the currency that was paid.
    """
    plan: uint256 = id >> AT_PLAN
    word: uint256 = self._plans[plan]
    # else who buys and refunds all day sells a plan out; grants have no plan
    if (word >> AT_CAP) & MASK_32 not in [0, NO_LIMIT]:
        # a renewal takes no place, so this one would do for all passes of other plans
        closed: uint256 = convert(self._is_sold_out(word), uint256) << AT_CLOSED
        self._plans[plan] = (word | closed) + (1 << AT_CAP)
    return pass_funds._refund(id)


@external
def sweep(token: address):
    """
    @notice Send all of a token, but what is held for refunds and referrers, to the
            revenue address. Anyone may.
    @param token An ERC-20 token; zero for ETH.
    """
    amount: uint256 = self.balance
    if token != empty(address):
        pass_token._require(token.is_contract, "pass: token has no code")
        amount = staticcall IERC20(token).balanceOf(self)
    held: uint256 = pass_funds._held[token]
    pass_token._require(amount > held, "pass: nothing to sweep")
    revenue: address = pass_token._account(self._revenue)
    log IPass.Swept(token=token, revenue=revenue, amount=amount - held)
    pass_funds._pay(token, revenue, amount - held)


@external
def apply_revenue():
    """
    @notice Make the announced revenue address the one in force, within 14 days
            after its 7 days of notice. Anyone may.
    """
    announced: uint256 = self._announced
    ready: uint256 = (announced >> AT_READY) & MASK_40
    pass_token._require(announced != 0, "pass: nothing announced")
    pass_token._require(block.timestamp >= ready, "pass: notice runs")
    pass_token._require(block.timestamp <= ready + GRACE, "pass: announced too long ago")
    revenue: address = pass_token._account(announced)
    word: uint256 = self._revenue
    self._revenue = (word & ~MASK_160) | convert(revenue, uint256)
    self._announced = 0
    log IPass.RevenueSet(old_revenue=pass_token._account(word), revenue=revenue)


@external
def acceptOwnership():
    """
    @notice Become the creator, as the candidate. What the old one had announced
            is void, and so are its delegates and vouchers.
    """
    pass_token._require(msg.sender == self._pending_owner, "pass: not candidate")
    word: uint256 = self._collection
    self._pending_owner = empty(address)
    self._announced = 0
    self._collection = ((word & ~MASK_160) | convert(msg.sender, uint256)) + (1 << AT_EPOCH)
    log IPass.OwnershipTransferred(
        previousOwner=pass_token._account(word), newOwner=msg.sender
    )


# ----- for the creator -----

@external
def grant(to: address, expiry: uint256) -> uint256:
    """
    @notice Give a pass. Only the creator and its delegates.
    @param to Who gets it. It is not asked, so that nobody can disturb a batch.
    @param expiry Seconds, at most 100 years ahead, or 2**40 - 1 for never.
    @return The pass's id.
    """
    id: uint256 = self._take_grants(1, expiry)
    pass_token._mint(to, id, expiry, 0)
    return id


@external
def grant_many(recipients: DynArray[address, MAX_BATCH], expiry: uint256) -> uint256:
    """
    @notice Give a pass to each of 1 to 32 recipients. Only the creator and its
            delegates.
    @param recipients Who gets one; each time it is named.
    @param expiry As for `grant`.
    @return The first pass's id; the others follow it.
    """
    first: uint256 = self._take_grants(len(recipients), expiry)
    id: uint256 = first
    for to: address in recipients:
        pass_token._mint(to, id, expiry, 0)
        id += 1
    return first


@external
def extend(id: uint256, expiry: uint256):
    """
    @notice Give time to a pass. Only the creator and its delegates.
    @param id The pass, sold or granted; what may be refunded for it stays.
    @param expiry Later than the present one; else as for `grant`.
    """
    self._check_giver(self._collection)
    pass_token._check_expiry(expiry)
    pass_token._extend(id, expiry)


@external
def set_delegate(delegate: address, until: uint256):
    """
    @notice Let another account grant and extend for a time. Only the creator; a
            hand-over ends it.
    @param delegate Who may.
    @param until Seconds, the first at which it no longer may; 0 ends it now.
    """
    word: uint256 = self._collection
    self._check_owner(word)
    self._delegates[word >> AT_EPOCH][delegate] = until
    log IPass.DelegateSet(epoch=word >> AT_EPOCH, delegate=delegate, until=until)


@external
def cancel_voucher(nonce: uint256):
    """
    @notice Make a voucher void, signed or not. Only the creator.
    @param nonce Its nonce; reverts if it is spent or void.
    """
    word: uint256 = self._collection
    self._check_owner(word)
    self._spend(word >> AT_EPOCH, nonce)


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
    self._check_price(price)
    self._plans[plan] = (word & ~MASK_112) | price
    log IPass.PriceSet(plan=plan, old_price=word & MASK_112, price=price)


@external
def set_sale(plan: uint256, opens: uint256, closes: uint256, gate: address, rule: bytes32):
    """
    @notice Say when, and to whom, a plan is sold. Only the creator. Holders renew by
            their own plan all the same.
    @param plan The plan.
    @param opens Seconds; the first at which it is sold.
    @param closes Seconds; the first at which it no longer is. 0: no end.
    @param gate Who is asked whether a recipient may have one; zero: anyone may.
    @param rule The rule of that gate.
    """
    self._check_owner(self._collection)
    word: uint256 = self._plan(plan) & ~CONDITIONED
    pass_token._require(opens <= MASK_40 and closes <= MASK_40, "pass: time out of range")
    pass_token._require(gate == empty(address) or gate.is_contract, "pass: gate has no code")
    sale: uint256 = convert(gate, uint256) | (opens << AT_OPENS) | (closes << AT_CLOSES)
    if sale != 0:
        word |= CONDITIONED
    self._plans[plan] = word
    self._sales[plan] = sale
    self._rules[plan] = rule
    log IPass.SaleSet(plan=plan, opens=opens, closes=closes, gate=gate, rule=rule)


@external
def lower_cap(plan: uint256, cap: uint256):
    """
    @notice Lower a plan's cap. Only the creator.
    @param plan The plan.
    @param cap Below the present cap, not below what was minted; equal to that, only
           refunds give places. `set_sale` closes for good.
    """
    self._check_owner(self._collection)
    word: uint256 = self._plan(plan)
    old: uint256 = (word >> AT_CAP) & MASK_32
    pass_token._require(cap < old, "pass: cap only falls")
    pass_token._require(cap >= (word >> AT_MINTED) & MASK_32, "pass: cap under minted")
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
        previousOwner=pass_token._account(word), newOwner=candidate
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
    sale: uint256 = self._sales[plan]
    return IPass.Plan(
        terms=IPass.Terms(
            currency=pass_funds._currencies[plan],
            price=word & MASK_112,
            duration=(word >> AT_DURATION) & MASK_32,
            cap=(word >> AT_CAP) & MASK_32,
            limit=(word >> AT_LIMIT) & MASK_16,
            referral=word >> AT_REFERRAL,
            soulbound=word & SOULBOUND != 0,
            refundable=word & REFUNDABLE != 0,
        ),
        minted=(word >> AT_MINTED) & MASK_32,
        opens=(sale >> AT_OPENS) & MASK_40,
        closes=sale >> AT_CLOSES,
        gate=pass_token._account(sale),
        rule=self._rules[plan],
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
        owner=pass_token._account(word),
        pending_owner=self._pending_owner,
        epoch=word >> AT_EPOCH,
        revenue=pass_token._account(revenue),
        royalty=revenue >> AT_ROYALTY,
        pending_revenue=pass_token._account(announced),
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
    return pass_token._account(self._collection)


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
def symbol() -> String[32]:
    """
    @notice The collection's symbol (ERC-721).
    @return As the creator wrote it: escape it before you show it.
    """
    word: uint256 = self._symbol
    return convert(slice(convert(word << 128, bytes32), 0, word >> 128), String[32])


@external
@view
def base_uri() -> String[256]:
    """
    @notice Where the creator keeps metadata of its own.
    @return Token ids, and "collection", are appended to it; empty: on chain.
    """
    return self._base_uri


@external
@view
def renderer() -> address:
    """
    @notice What draws and describes passes, for good.
    @return The PassRenderer.
    """
    return _RENDERER.address


@external
@view
def tokenURI(id: uint256) -> String[MAX_URI]:
    """
    @notice The metadata of a pass (ERC-721). Reverts for an unknown id.
    @param id The pass.
    @return A URI of JSON: see PassRenderer.
    """
    return staticcall _RENDERER.token_uri(self, id)


@external
@view
def contractURI() -> String[MAX_URI]:
    """
    @notice The collection's metadata (ERC-7572).
    @return A URI of JSON: see PassRenderer.
    """
    return staticcall _RENDERER.contract_uri(self)


@external
@view
def delegate_until(account: address) -> uint256:
    """
    @notice Until when an account may grant for the present creator.
    @param account The account.
    @return Seconds; zero: never.
    """
    return self._delegates[self._collection >> AT_EPOCH][account]


@external
@view
def spent(nonce: uint256) -> bool:
    """
    @notice Whether a voucher of the present creator is used up or cancelled.
    @param nonce Its nonce.
    @return True if it is void.
    """
    return self._spent[self._collection >> AT_EPOCH][nonce >> 8] & (1 << (nonce & 255)) != 0


@external
@view
def isRenewable(id: uint256) -> bool:
    """
    @notice Whether `renew` takes the pass's own plan now (ERC-5643).
    @param id The pass.
    @return False also for granted passes, which other plans may renew, and unknown ids.
    """
    word: uint256 = self._plans[id >> AT_PLAN]
    expiry: uint256 = (pass_token._passes[id] >> pass_token.AT_EXPIRY) & MASK_40
    lasts: bool = expiry == 0 or expiry == pass_token.NO_EXPIRY
    return word != 0 and not lasts and not self._is_trial(word)


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
    return pass_token._account(word), share


@external
@view
def supportsInterface(interface_id: bytes4) -> bool:
    """
    @notice Which standards the collection follows (ERC-165).
    @param interface_id The standard's interface id.
    @return True for ERC-165, 173, 721 with metadata, 2981, 4906, 4907, 5192, 5643
            and 7572.
    """
    return interface_id in [
        0x01ffc9a7, 0x7f5828d0, 0x80ac58cd, 0x5b5e139f, 0x2a55205a, 0x49064906,
        0xad092b5c, 0xb45a3c0e, 0x8c65f84d, 0xe8a3d485,
    ]


# ----- inside -----

@internal
@payable
def _sell_publicly(
    recipients: DynArray[address, MAX_BATCH], plan: uint256, max_price: uint256, referrer: address
) -> uint256:
    word: uint256 = self._offer(plan, max_price)
    if word & CONDITIONED != 0:
        self._check_sale(plan, recipients)
    return self._sell(recipients, plan, word, word & MASK_112, referrer)


@internal
@payable
def _sell(
    recipients: DynArray[address, MAX_BATCH],
    plan: uint256,
    word: uint256,
    price: uint256,
    referrer: address,
) -> uint256:
    # Counts, delivers, books, charges, asks: in this order. Gives the first new id.
    count: uint256 = len(recipients)
    pass_token._require(count != 0, "pass: no recipients")
    minted: uint256 = (word >> AT_MINTED) & MASK_32
    if minted + count > (word >> AT_CAP) & MASK_32:
        pass_token._fail("pass: sold out")
    self._plans[plan] = word + (count << AT_MINTED)

    share: uint256 = 0
    if referrer != empty(address):
        share = price * (word >> AT_REFERRAL) // 10_000
    basis: uint256 = 0
    if word & REFUNDABLE != 0:
        basis = price - share
    expiry: uint256 = pass_token.NO_EXPIRY
    if (word >> AT_DURATION) & MASK_32 != 0:
        expiry = block.timestamp + ((word >> AT_DURATION) & MASK_32)

    first: uint256 = (plan << AT_PLAN) + minted + 1
    id: uint256 = first
    for to: address in recipients:
        self._count_for(to, plan, (word >> AT_LIMIT) & MASK_16)
        pass_token._mint(to, id, expiry, (word & SOULBOUND) >> TO_PASS)
        log IPass.Purchased(id=id, payer=msg.sender, referrer=referrer, price=price)
        if basis != 0:
            pass_funds._record(id, plan, basis, block.timestamp, expiry)
        id += 1
    if share + basis != 0:
        pass_funds._hold(pass_funds._currencies[plan], referrer, share * count, basis * count)
    self._charge(plan, word, price * count, msg.sender, 0)
    id = first
    for to: address in recipients:
        if to != msg.sender:   # who buys for itself knows that it can hold a pass
            pass_token._ask_receiver(empty(address), to, id, b"")
        id += 1
    return first


@internal
def _count_for(to: address, plan: uint256, limit: uint256):
    if limit != 0:
        count: uint256 = self._minted_to[plan][to] + 1
        if count > limit:
            pass_token._fail("pass: limit reached")
        self._minted_to[plan][to] = count


@internal
@payable
def _renew(
    id: uint256, plan: uint256, word: uint256, periods: uint256, payer: address, tip: uint256
):
    self._check_renews(id, plan, word)
    due: uint256 = (word & MASK_112) * periods
    duration: uint256 = ((word >> AT_DURATION) & MASK_32) * periods
    before: uint256 = pass_token._renew(id, duration)
    # What others pay is given: a receipt of theirs would be in the way of the owner's own.
    if word & REFUNDABLE != 0 and due != 0 and pass_token._account(before) == payer:
        since: uint256 = max((before >> pass_token.AT_EXPIRY) & MASK_40, block.timestamp)
        pass_funds._renewed(id, plan, due, since, since + duration)
    self._charge(plan, word, due, payer, tip)


@internal
def _take_grants(count: uint256, expiry: uint256) -> uint256:
    word: uint256 = self._collection
    self._check_giver(word)
    pass_token._require(count != 0, "pass: no recipients")
    pass_token._check_expiry(expiry)
    granted: uint256 = (word >> AT_GRANTED) & MASK_32
    pass_token._require(granted + count <= NO_LIMIT, "pass: sold out")
    self._collection = self._take_reserve(word, count) + (count << AT_GRANTED)
    return granted + 1


@internal
@pure
def _take_reserve(word: uint256, count: uint256) -> uint256:
    reserve: uint256 = (word >> AT_RESERVE) & MASK_32
    if reserve == NO_LIMIT:
        return word
    pass_token._require(count <= reserve, "pass: over the cap")
    return word - (count << AT_RESERVE)


@internal
@payable
def _charge(plan: uint256, word: uint256, due: uint256, payer: address, tip: uint256):
    # To the unit, and after everything that the sale changes.
    if word & IN_TOKEN == 0:
        if msg.value != due:
            pass_token._fail("pass: not the price")
    else:
        pass_token._require(msg.value == 0, "pass: not sold for ETH")
        if due + tip != 0:
            pass_funds._charge(IERC20(pass_funds._currencies[plan]), payer, due, tip)


@internal
def _spend(epoch: uint256, nonce: uint256):
    bit: uint256 = 1 << (nonce & 255)
    bits: uint256 = self._spent[epoch][nonce >> 8]
    pass_token._require(bits & bit == 0, "pass: voucher is void")
    self._spent[epoch][nonce >> 8] = bits | bit
    log IPass.VoucherSpent(epoch=epoch, nonce=nonce)


@internal
def _add_plan(word: uint256, terms: IPass.Terms) -> uint256:
    in_token: bool = terms.currency != empty(address)
    pass_token._require(not in_token or terms.currency.is_contract, "pass: currency has no code")
    self._check_price(terms.price)
    pass_token._require(terms.duration <= MAX_DURATION, "pass: duration out of range")
    self._check_cap(terms.cap)
    pass_token._require(terms.limit <= MAX_LIMIT, "pass: limit out of range")
    plan: uint256 = ((word >> AT_PLANS) & MASK_16) + 1
    pass_token._require(plan <= MAX_PLANS, "pass: too many plans")

    pass_token._require(terms.referral <= MAX_REFERRAL, "pass: referral over 50 percent")
    lasts: bool = terms.duration == 0
    pass_token._require(not (terms.refundable and lasts), "pass: refund needs a duration")

    flags: uint256 = CREATED
    if in_token:
        flags |= IN_TOKEN
        pass_funds._currencies[plan] = terms.currency
    if terms.soulbound:
        flags |= SOULBOUND
    if terms.refundable:
        flags |= REFUNDABLE
    self._plans[plan] = (
        terms.price
        | (terms.duration << AT_DURATION)
        | (terms.cap << AT_CAP)
        | flags
        | (terms.limit << AT_LIMIT)
        | (terms.referral << AT_REFERRAL)
    )
    log IPass.PlanCreated(plan=plan, terms=terms)
    return self._take_reserve(word, terms.cap) + (1 << AT_PLANS)


@internal
@view
def _plan(plan: uint256) -> uint256:
    word: uint256 = self._plans[plan]
    if word == 0:
        pass_token._fail("pass: unknown plan")
    return word


@internal
@view
def _offer(plan: uint256, max_price: uint256) -> uint256:
    # The plan's word, if its price suits the buyer.
    word: uint256 = self._plan(plan)
    if word & MASK_112 > max_price:
        pass_token._fail("pass: above max price")
    return word


@internal
@view
def _check_sale(plan: uint256, recipients: DynArray[address, MAX_BATCH]):
    sale: uint256 = self._sales[plan]
    closes: uint256 = sale >> AT_CLOSES
    runs: bool = block.timestamp >= (sale >> AT_OPENS) & MASK_40
    pass_token._require(runs and (closes == 0 or block.timestamp < closes), "pass: not on sale")
    gate: address = convert(sale & MASK_160, address)
    if gate != empty(address):
        for to: address in recipients:
            may: bool = staticcall IGate(gate).check(to, self._rules[plan])
            pass_token._require(may, "pass: gate says no")


@internal
@view
def _check_renews(id: uint256, plan: uint256, word: uint256):
    # Otherwise a renewal would be the way round every cap and limit of a cheap plan.
    if id >> AT_PLAN == plan:
        if self._is_trial(word):
            pass_token._fail("pass: a trial ends")
    else:
        # nor does what binds passes renew one that may be sold and lent
        loose: uint256 = word & ~(pass_token._pass(id) << TO_PASS) & SOULBOUND
        closed: uint256 = word & (CONDITIONED | CLOSED | (MASK_16 << AT_LIMIT)) | loose
        if closed != 0 or self._is_sold_out(word):
            pass_token._fail("pass: plan not open")


@internal
@pure
def _is_sold_out(word: uint256) -> bool:
    return (word >> AT_MINTED) & MASK_32 == (word >> AT_CAP) & MASK_32


@internal
@pure
def _is_trial(word: uint256) -> bool:
    return word & MASK_112 == 0 and (word >> AT_LIMIT) & MASK_16 != 0


@internal
@view
def _check_signature(
    signer: address, struct_hash: bytes32, signature: Bytes[signatures.MAX_SIGNATURE]
):
    domain: bytes32 = keccak256(
        abi_encode(eip712.DOMAIN_TYPEHASH, DOMAIN_NAME, eip712.VERSION_HASH, chain.id, self)
    )
    digest: bytes32 = keccak256(concat(b"\x19\x01", domain, struct_hash))
    valid: bool = signatures._is_valid(signer, digest, signature)
    pass_token._require(valid, "pass: bad signature")


@internal
@view
def _check_owner(word: uint256):
    if word & MASK_160 != convert(msg.sender, uint256):
        pass_token._fail("pass: not owner")


@internal
@view
def _check_giver(word: uint256):
    if word & MASK_160 != convert(msg.sender, uint256):
        if block.timestamp >= self._delegates[word >> AT_EPOCH][msg.sender]:
            pass_token._fail("pass: not owner")


@internal
@pure
def _check_price(price: uint256):
    pass_token._require(price <= MAX_PRICE, "pass: price out of range")


@internal
@view
def _check_currency(plan: uint256, currency: address):
    pass_token._require(currency == pass_funds._currencies[plan], "pass: wrong currency")


@internal
@pure
def _check_cap(cap: uint256):
    pass_token._require(0 < cap and cap <= NO_LIMIT, "pass: cap out of range")
