# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title What of a collection's money is not its creator's yet
@license AGPL-3.0-only
@notice Payments that may still be refunded, and shares of those who referred a sale.
@dev A payment on a refundable plan leaves a receipt, one per pass, lowest bits first:

         receipt    basis 112 | since 40 | until 40 | settled 40 | plan 16

     The basis is what was paid less the referral share. It is earned linearly from
     since to until; what is not earned yet is refunded to the pass's owner, and
     burns the pass, but not in the second of since: a pass that is bought, shown and
     given back in one transaction would cost nothing. `held` is, per currency,

         sum of unearned(receipt, settled) + sum of credits

     where settled is the last second for which `settle` freed what was earned. It
     is a time and not an amount, so that no sequence of calls gathers roundings.

     Invariant ACC-4.
@custom:security Only what its owner pays replaces a receipt, when that is worth
     nothing, or in its currency at most as much: else a renewal by a stranger or the
     creator, for another currency or for a second, or a price that falls in front of
     an owner, would end a right to a refund, or keep one from beginning.
     Currencies are called under one lock, after all effects.
"""

from ethereum.ercs import IERC20

from ...interfaces import IPass
from . import pass_token

uses: pass_token

MAX_BATCH: constant(uint256) = 32

AT_SINCE: constant(uint256) = 112
AT_UNTIL: constant(uint256) = 152
AT_SETTLED: constant(uint256) = 192
AT_PLAN: constant(uint256) = 232

MASK_40: constant(uint256) = 2**40 - 1
MASK_112: constant(uint256) = 2**112 - 1
MASK_160: constant(uint256) = 2**160 - 1

_currencies: HashMap[uint256, address]                   # plan -> token; none: ETH
_held: HashMap[address, uint256]                         # currency -> not the creator's
_credits: HashMap[address, HashMap[address, uint256]]    # currency -> referrer -> share
_receipts: HashMap[uint256, uint256]                     # id -> receipt word; 0: none


# ----- for everybody -----

@external
def settle(ids: DynArray[uint256, MAX_BATCH]):
    """
    @notice Free what refundable payments have earned, for `sweep`. Anyone may.
    @param ids Passes; those without a receipt are passed over.
    """
    for id: uint256 in ids:
        receipt: uint256 = self._receipts[id]
        if receipt != 0:
            self._free(receipt, self._unearned(receipt, block.timestamp))
            settled: uint256 = receipt & ~(MASK_40 << AT_SETTLED)
            self._receipts[id] = settled | (block.timestamp << AT_SETTLED)


@external
def claim(account: address, currency: address):
    """
    @notice Pay a referrer all its shares. Anyone may.
    @param account The referrer.
    @param currency An ERC-20 token; zero for ETH.
    """
    amount: uint256 = self._credits[currency][account]
    pass_token._require(amount != 0, "pass: nothing to claim")
    self._credits[currency][account] = 0
    self._held[currency] -= amount
    log IPass.Claimed(account=account, currency=currency, amount=amount)
    self._pay(currency, account, amount)


# ----- views -----

@external
@view
def held(currency: address) -> uint256:
    """
    @notice What `sweep` leaves here, for refunds and referrers.
    @param currency An ERC-20 token; zero for ETH.
    @return In its smallest unit.
    """
    return self._held[currency]


@external
@view
def credit(account: address, currency: address) -> uint256:
    """
    @notice What a referrer may claim.
    @param account The referrer.
    @param currency An ERC-20 token; zero for ETH.
    @return In its smallest unit.
    """
    return self._credits[currency][account]


@external
@view
def refundable(id: uint256) -> (address, uint256):
    """
    @notice What the owner of a pass would be refunded now; but for the second in
            which it was paid.
    @param id The pass.
    @return The currency, and the sum in its smallest unit; 0: no refund.
    """
    receipt: uint256 = self._receipts[id]
    return self._currencies[receipt >> AT_PLAN], self._unearned(receipt, block.timestamp)


# ----- for the contract that uses this module -----

@internal
def _record(id: uint256, plan: uint256, basis: uint256, since: uint256, until: uint256):
    self._receipts[id] = basis | (since << AT_SINCE) | (until << AT_UNTIL) | (plan << AT_PLAN)


@internal
def _hold(currency: address, referrer: address, share: uint256, basis: uint256):
    # Shares and bases of one sale.
    self._held[currency] += share + basis
    if share != 0:
        self._credits[currency][referrer] += share


@internal
def _renewed(id: uint256, plan: uint256, basis: uint256, since: uint256, until: uint256):
    # By the pass's owner.
    old: uint256 = self._receipts[id]
    left: uint256 = self._unearned(old, block.timestamp)
    currency: address = self._currencies[plan]
    if left == 0 or (left <= basis and self._currencies[old >> AT_PLAN] == currency):
        self._free(old, 0)
        self._record(id, plan, basis, since, until)
        self._held[currency] += basis


@internal
def _refund(id: uint256) -> uint256:
    holder: address = pass_token._account(pass_token._pass(id))
    pass_token._require(msg.sender == holder, "pass: not owner")
    receipt: uint256 = self._receipts[id]
    since: uint256 = (receipt >> AT_SINCE) & MASK_40
    pass_token._require(block.timestamp != since, "pass: paid just now")
    currency: address = self._currencies[receipt >> AT_PLAN]
    amount: uint256 = self._unearned(receipt, block.timestamp)
    pass_token._require(amount != 0, "pass: nothing to refund")
    self._free(receipt, 0)
    self._receipts[id] = 0
    pass_token._burn(id, holder)
    log IPass.Refunded(id=id, owner=holder, currency=currency, amount=amount)
    self._pay(currency, holder, amount)
    return amount


@internal
@nonreentrant
def _charge(currency: IERC20, payer: address, due: uint256, tip: uint256):
    # Takes the price to the unit, and a tip for who calls.
    before: uint256 = staticcall currency.balanceOf(self)
    paid: bool = extcall currency.transferFrom(payer, self, due, default_return_value=True)
    self._check_moved(paid)
    exact: bool = staticcall currency.balanceOf(self) == before + due
    pass_token._require(exact, "pass: wrong receipt")
    if tip != 0:
        paid = extcall currency.transferFrom(payer, msg.sender, tip, default_return_value=True)
        self._check_moved(paid)


@internal
@nonreentrant
def _pay(currency: address, receiver: address, amount: uint256):
    success: bool = False
    if currency == empty(address):
        success = raw_call(receiver, b"", value=amount, revert_on_failure=False)
    else:
        success = extcall IERC20(currency).transfer(receiver, amount, default_return_value=True)
    self._check_moved(success)


# ----- inside -----

@internal
@pure
def _check_moved(done: bool):
    pass_token._require(done, "pass: transfer refused")


@internal
def _free(receipt: uint256, left: uint256):
    # What is held for a receipt falls to what is left.
    before: uint256 = self._unearned(receipt, (receipt >> AT_SETTLED) & MASK_40)
    if before != left:
        self._held[self._currencies[receipt >> AT_PLAN]] -= before - left


@internal
@pure
def _unearned(receipt: uint256, now: uint256) -> uint256:
    since: uint256 = (receipt >> AT_SINCE) & MASK_40
    until: uint256 = (receipt >> AT_UNTIL) & MASK_40
    if now >= until:
        return 0
    return (receipt & MASK_112) * (until - max(now, since)) // (until - since)
