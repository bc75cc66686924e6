# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title ERC-721 tokens that expire, and the one that speaks for an account
@license AGPL-3.0-only
@notice Who holds which pass until when, and whether an account holds a valid one.
@dev One word per pass and one per account, lowest bits first:

         pass       owner 160 | expiry 40 | approved 1
         account    balance 64 | active pass 48

     A pass is valid while now < expiry; 2**40 - 1 means that it never expires. A
     word of zero is no pass, so id 0 never exists.

     The active pass makes "does this account hold a valid pass?" one look-up. It
     is only a hint, which a transfer leaves behind: `valid_holder` believes it only
     if that pass is the account's and valid. What an account receives replaces a
     pass that is not its own, and an expired one if it is itself valid; anyone may
     `point` to a pass of the account that is valid for longer.

     Invariants ACC-1 (sum of balances), ACC-2 and ACC-3.
@custom:security Expired passes keep their owner and count in `balanceOf`: ask
     `valid_holder`, not the balance. The receiver's hook is the last thing that a
     function does.
"""

from ...interfaces import IPass
from . import erc721_receiver

NO_EXPIRY: constant(uint256) = 2**40 - 1
MAX_AHEAD: constant(uint256) = 100 * 365 * 86_400   # seconds; a slip of units is not paid for

AT_EXPIRY: constant(uint256) = 160
AT_ACTIVE: constant(uint256) = 64
APPROVED: constant(uint256) = 1 << 200              # spares transfers a cold slot
EXPIRY: constant(uint256) = (2**40 - 1) << AT_EXPIRY
ACTIVE: constant(uint256) = (2**48 - 1) << AT_ACTIVE

MASK_40: constant(uint256) = 2**40 - 1
MASK_48: constant(uint256) = 2**48 - 1
MASK_64: constant(uint256) = 2**64 - 1
MASK_160: constant(uint256) = 2**160 - 1

_passes: HashMap[uint256, uint256]                       # id -> pass word
_accounts: HashMap[address, uint256]                     # account -> account word
_approved: HashMap[uint256, address]                     # id -> approved; stale without the flag
_operators: HashMap[address, HashMap[address, bool]]     # holder -> operator -> may move all


# ----- for everybody -----

@external
def point(account: address, id: uint256):
    """
    @notice Make a pass speak for its owner. Anyone may.
    @param account The owner.
    @param id A valid pass of the account's, that expires later than the present
           active one, if that is valid. Reverts otherwise.
    """
    word: uint256 = self._passes[id]
    expiry: uint256 = (word >> AT_EXPIRY) & MASK_40
    assert block.timestamp < expiry, "pass: not valid"
    assert word & MASK_160 == convert(account, uint256), "pass: not owner"
    holder: uint256 = self._accounts[account]
    present: uint256 = self._passes[(holder >> AT_ACTIVE) & MASK_48]
    if present & MASK_160 == convert(account, uint256):
        assert (present >> AT_EXPIRY) & MASK_40 < expiry, "pass: not later"
    self._accounts[account] = (holder & ~ACTIVE) | (id << AT_ACTIVE)
    log IPass.Pointed(account=account, id=id)


# ----- for holders -----

@external
def approve(approved: address, id: uint256):
    """
    @notice Let one address move one pass (ERC-721). Only its owner and operators.
    @param approved Who may; zero for nobody. A transfer ends it.
    @param id The pass.
    """
    word: uint256 = self._pass(id)
    holder: address = convert(word & MASK_160, address)
    assert msg.sender == holder or self._operators[holder][msg.sender], "pass: not allowed"
    if approved == empty(address):
        self._passes[id] = word & ~APPROVED
    else:
        self._passes[id] = word | APPROVED
        self._approved[id] = approved
    log IPass.Approval(owner=holder, approved=approved, token_id=id)


@external
def setApprovalForAll(operator: address, approved: bool):
    """
    @notice Let an operator move all passes of the sender, or end that (ERC-721).
    @param operator The operator.
    @param approved Whether it may.
    """
    self._operators[msg.sender][operator] = approved
    log IPass.ApprovalForAll(owner=msg.sender, operator=operator, approved=approved)


@external
def transferFrom(sender: address, receiver: address, id: uint256):
    """
    @notice Move a pass (ERC-721). Its expiry does not change, its approval ends.
    @param sender The owner. The caller is the owner, approved, or an operator.
    @param receiver The new owner; not zero, and not asked.
    @param id The pass, valid or expired.
    """
    self._transfer(sender, receiver, id)


@external
def safeTransferFrom(sender: address, receiver: address, id: uint256, data: Bytes[1024] = b""):
    """
    @notice As transferFrom; a receiver with code must accept (ERC-721).
    @param sender The owner.
    @param receiver The new owner.
    @param id The pass.
    @param data Passed on to the receiver; at most 1,024 bytes.
    """
    self._transfer(sender, receiver, id)
    self._ask_receiver(sender, receiver, id, data)


# ----- views -----

@external
@view
def valid(id: uint256) -> bool:
    """
    @notice Whether a pass exists and has not expired.
    @param id The pass.
    @return True while now < expiry.
    """
    return block.timestamp < (self._passes[id] >> AT_EXPIRY) & MASK_40


@external
@view
def valid_holder(account: address) -> bool:
    """
    @notice Whether the account's active pass is its own and valid. What gates ask.
    @param account The account.
    @return Never true without a valid pass of the account's. False although it
            holds one only until someone calls `point`.
    """
    word: uint256 = self._passes[(self._accounts[account] >> AT_ACTIVE) & MASK_48]
    if word & MASK_160 != convert(account, uint256):
        return False
    return block.timestamp < (word >> AT_EXPIRY) & MASK_40


@external
@view
def active(account: address) -> uint256:
    """
    @notice The pass that speaks for an account.
    @param account The account.
    @return Its id; zero if there never was one. It may have expired, or left the
            account: then `valid_holder` is false.
    """
    return (self._accounts[account] >> AT_ACTIVE) & MASK_48


@external
@view
def expiresAt(id: uint256) -> uint64:
    """
    @notice When a pass expires (ERC-5643). Reverts for an unknown id.
    @param id The pass.
    @return Seconds; 2**40 - 1: never.
    """
    return convert((self._pass(id) >> AT_EXPIRY) & MASK_40, uint64)


@external
@view
def ownerOf(id: uint256) -> address:
    """
    @notice The owner of a pass, also of an expired one (ERC-721).
    @param id The pass. Reverts for an unknown id.
    @return The owner.
    """
    return convert(self._pass(id) & MASK_160, address)


@external
@view
def balanceOf(account: address) -> uint256:
    """
    @notice How many passes an account owns, expired ones included (ERC-721).
    @param account The account; not zero.
    @return Their number.
    """
    assert account != empty(address), "pass: zero account"
    return self._accounts[account] & MASK_64


@external
@view
def getApproved(id: uint256) -> address:
    """
    @notice Who else may move a pass (ERC-721). Reverts for an unknown id.
    @param id The pass.
    @return The approved address; zero if there is none.
    """
    if self._pass(id) & APPROVED == 0:
        return empty(address)
    return self._approved[id]


@external
@view
def isApprovedForAll(account: address, operator: address) -> bool:
    """
    @notice Whether an operator may move all passes of an account (ERC-721).
    @param account The account.
    @param operator The operator.
    @return True if it may.
    """
    return self._operators[account][operator]


# ----- for the contract that uses this module -----

@internal
def _mint(to: address, id: uint256, expiry: uint256):
    # The caller gives an id that never was, and an expiry that lies ahead.
    assert to != empty(address), "pass: zero recipient"
    self._passes[id] = convert(to, uint256) | (expiry << AT_EXPIRY)
    self._receive(to, id, expiry)
    log IPass.Transfer(sender=empty(address), receiver=to, token_id=id)
    log IPass.SubscriptionUpdate(tokenId=id, expiration=convert(expiry, uint64))


@internal
def _renew(id: uint256, duration: uint256):
    # Adds time to what is left, or from now; a duration of 0 is for ever.
    word: uint256 = self._passes[id]
    assert word != 0, "pass: unknown id"
    expiry: uint256 = (word >> AT_EXPIRY) & MASK_40
    assert expiry != NO_EXPIRY, "pass: never expires"
    renewed: uint256 = NO_EXPIRY
    if duration != 0:
        renewed = max(expiry, block.timestamp) + duration
        assert renewed <= block.timestamp + MAX_AHEAD, "pass: too far ahead"
    self._passes[id] = (word & ~EXPIRY) | (renewed << AT_EXPIRY)
    log IPass.SubscriptionUpdate(tokenId=id, expiration=convert(renewed, uint64))


@internal
def _extend(id: uint256, expiry: uint256):
    word: uint256 = self._pass(id)
    assert (word >> AT_EXPIRY) & MASK_40 < expiry, "pass: not later"
    self._set_expiry(id, word, expiry)


@internal
def _ask_receiver(sender: address, receiver: address, id: uint256, data: Bytes[1024]):
    accepted: bool = erc721_receiver._accepts(sender, receiver, id, data)
    assert accepted, "pass: receiver refused"


@internal
@view
def _check_expiry(expiry: uint256):
    # An expiry that somebody chose.
    if expiry != NO_EXPIRY:
        assert block.timestamp < expiry, "pass: expiry has passed"
        assert expiry <= block.timestamp + MAX_AHEAD, "pass: too far ahead"


@internal
@view
def _pass(id: uint256) -> uint256:
    word: uint256 = self._passes[id]
    assert word != 0, "pass: unknown id"
    return word


# ----- inside -----

@internal
def _set_expiry(id: uint256, word: uint256, expiry: uint256):
    self._passes[id] = (word & ~EXPIRY) | (expiry << AT_EXPIRY)
    log IPass.SubscriptionUpdate(tokenId=id, expiration=convert(expiry, uint64))


@internal
def _transfer(sender: address, receiver: address, id: uint256):
    word: uint256 = self._pass(id)
    assert receiver != empty(address), "pass: zero recipient"
    assert word & MASK_160 == convert(sender, uint256), "pass: not owner"
    if msg.sender != sender and not self._operators[sender][msg.sender]:
        assert word & APPROVED != 0 and self._approved[id] == msg.sender, "pass: not allowed"
    self._passes[id] = (word & EXPIRY) | convert(receiver, uint256)

    self._accounts[sender] -= 1
    self._receive(receiver, id, (word >> AT_EXPIRY) & MASK_40)
    log IPass.Transfer(sender=sender, receiver=receiver, token_id=id)


@internal
def _receive(account: address, id: uint256, expiry: uint256):
    holder: uint256 = self._accounts[account]
    active: uint256 = (holder >> AT_ACTIVE) & MASK_48
    present: uint256 = 0
    if active != 0:   # else a cold slot for nothing
        present = self._passes[active]
    stale: bool = block.timestamp >= (present >> AT_EXPIRY) & MASK_40
    if present & MASK_160 != convert(account, uint256) or (stale and block.timestamp < expiry):
        holder = (holder & ~ACTIVE) | (id << AT_ACTIVE)
    self._accounts[account] = holder + 1
