# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title ERC-721 tokens that expire, and the one that speaks for an account
@license AGPL-3.0-only
@notice Who holds which pass until when, and whether an account holds a valid one.
@dev One word per pass and one per account, lowest bits first:

         pass       owner 160 | expiry 40 | approved 1 | user 1 | soulbound 1 | nonce 40 at 208
         user       user 160 | until 40                 read only if the pass says so
         account    balance 64 | active pass 48 | rented pass 48

     A pass is valid while now < expiry; 2**40 - 1 means that it never expires. A
     word of zero is no pass, so id 0 never exists. While it is rented out it lets
     its user in, and its owner not (ERC-4907).

     The active pass makes "does this account hold a valid pass?" one look-up. It
     is only a hint, which a transfer leaves behind: `valid_holder` believes it only
     if that pass lets the account in. What an account receives replaces a pass that
     is not its own, and one that does not let it in if it is itself valid; what it
     rents has a pointer of its own, so that a lender cannot disturb the other.
     Anyone may `point` to a pass that lets the account in for longer.

     The nonce rises with each transfer: it voids what the former owner signed.

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
AT_RENTED: constant(uint256) = 112
AT_NONCE: constant(uint256) = 208
APPROVED: constant(uint256) = 1 << 200              # spares transfers a cold slot
RENTED_OUT: constant(uint256) = 1 << 201            # as well; stays when the time is over
SOULBOUND: constant(uint256) = 1 << 202
EXPIRY: constant(uint256) = (2**40 - 1) << AT_EXPIRY
ACTIVE: constant(uint256) = (2**48 - 1) << AT_ACTIVE
NONCE: constant(uint256) = (2**40 - 1) << AT_NONCE

MASK_40: constant(uint256) = 2**40 - 1
MASK_48: constant(uint256) = 2**48 - 1
MASK_64: constant(uint256) = 2**64 - 1
MASK_160: constant(uint256) = 2**160 - 1

_passes: HashMap[uint256, uint256]                       # id -> pass word
_accounts: HashMap[address, uint256]                     # account -> account word
_approved: HashMap[uint256, address]                     # id -> approved; stale without the flag
_users: HashMap[uint256, uint256]                        # id -> user word; stale without the flag
_operators: HashMap[address, HashMap[address, bool]]     # holder -> operator -> may move all


# ----- for everybody -----

@external
def point(account: address, id: uint256):
    """
    @notice Make a pass speak for its owner, or for its user. Anyone may.
    @param account The owner or user.
    @param id A pass that lets the account in, for longer than the one of the same
           sort that speaks now. Reverts otherwise.
    """
    until: uint256 = self._until(account, id)
    self._require(block.timestamp < until, "pass: not valid")
    at: uint256 = AT_RENTED
    if self._passes[id] & MASK_160 == convert(account, uint256):
        at = AT_ACTIVE
    holder: uint256 = self._accounts[account]
    present: uint256 = (holder >> at) & MASK_48
    self._require(self._until(account, present) < until, "pass: not later")
    self._accounts[account] = (holder & ~(MASK_48 << at)) | (id << at)
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
    holder: address = self._account(word)
    allowed: bool = msg.sender == holder or self._operators[holder][msg.sender]
    self._require(allowed, "pass: not allowed")
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
    @notice Move a pass (ERC-721). Its expiry stays; approval, user and what its
            owner signed end. A soulbound pass does not move.
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


@external
def setUser(id: uint256, user: address, expires: uint64):
    """
    @notice Rent a pass out (ERC-4907), or end that. Until then it lets its user in,
            and its owner not. Only who may move it; a transfer ends it.
    @param id The pass; not a soulbound one.
    @param user Who gets in; zero for nobody.
    @param expires Seconds; ahead, and not after the pass expires.
    """
    word: uint256 = self._pass(id)
    self._check_mover(word, id)
    self._check_loose(word)
    until: uint256 = convert(expires, uint256)
    if user == empty(address):
        until = 0
        self._passes[id] = word & ~RENTED_OUT
    else:
        self._check_future(until)
        self._require(until <= (word >> AT_EXPIRY) & MASK_40, "pass: user outlives pass")
        self._passes[id] = word | RENTED_OUT
        self._users[id] = convert(user, uint256) | (until << AT_EXPIRY)
        renter: uint256 = self._accounts[user]
        if block.timestamp >= self._until(user, (renter >> AT_RENTED) & MASK_48):
            self._accounts[user] = (renter & ~(MASK_48 << AT_RENTED)) | (id << AT_RENTED)
    log IPass.UpdateUser(tokenId=id, user=user, expires=convert(until, uint64))


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
    @notice Whether a pass that speaks for the account lets it in. What gates ask.
    @param account The account.
    @return Never true without a valid pass that the account owns and has not rented
            out, or rents. False although there is one only until someone calls
            `point`.
    """
    holder: uint256 = self._accounts[account]
    active: uint256 = (holder >> AT_ACTIVE) & MASK_48
    word: uint256 = self._passes[active]
    if word & (MASK_160 | RENTED_OUT) == convert(account, uint256):   # as most often
        if block.timestamp < (word >> AT_EXPIRY) & MASK_40:
            return True
    elif block.timestamp < self._until(account, active):
        return True
    rented: uint256 = holder >> AT_RENTED
    return rented != 0 and block.timestamp < self._until(account, rented)


@external
@view
def active(account: address) -> uint256:
    """
    @notice The own pass that speaks for an account.
    @param account The account.
    @return Its id; zero if there never was one. It may have expired, be rented out,
            or have left the account.
    """
    return (self._accounts[account] >> AT_ACTIVE) & MASK_48


@external
@view
def rented(account: address) -> uint256:
    """
    @notice The rented pass that speaks for an account.
    @param account The account.
    @return Its id; zero if there never was one. Its time may be over.
    """
    return self._accounts[account] >> AT_RENTED


@external
@view
def userOf(id: uint256) -> address:
    """
    @notice Whom a pass is rented out to (ERC-4907).
    @param id The pass.
    @return The user; zero for nobody.
    """
    user: uint256 = self._user(id)
    if block.timestamp >= user >> AT_EXPIRY:
        return empty(address)
    return self._account(user)


@external
@view
def userExpires(id: uint256) -> uint256:
    """
    @notice Until when a pass is, or was last, rented out (ERC-4907).
    @param id The pass.
    @return Seconds; zero if it was not since its last transfer.
    """
    return self._user(id) >> AT_EXPIRY


@external
@view
def locked(id: uint256) -> bool:
    """
    @notice Whether a pass is soulbound (ERC-5192). Reverts for an unknown id.
    @param id The pass.
    @return True if it can neither move nor be rented out.
    """
    return self._pass(id) & SOULBOUND != 0


@external
@view
def nonce(id: uint256) -> uint256:
    """
    @notice What the owner signs along with an order to renew. Reverts for an
            unknown id.
    @param id The pass.
    @return One more after each transfer and each `cancelSubscription`.
    """
    return (self._pass(id) & NONCE) >> AT_NONCE


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
    return self._account(self._pass(id))


@external
@view
def balanceOf(account: address) -> uint256:
    """
    @notice How many passes an account owns, expired ones included (ERC-721).
    @param account The account; not zero.
    @return Their number.
    """
    self._require(account != empty(address), "pass: zero account")
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
def _mint(to: address, id: uint256, expiry: uint256, flags: uint256):
    # The caller gives an id that never was, an expiry ahead, and SOULBOUND or 0.
    self._receive(to, id, expiry)
    log IPass.Transfer(sender=empty(address), receiver=to, token_id=id)
    self._set_expiry(id, convert(to, uint256) | flags, expiry)
    if flags != 0:
        log IPass.Locked(tokenId=id)


@internal
def _burn(id: uint256, holder: address):
    # An id never comes back, so neither do its user, approval and nonce.
    self._passes[id] = 0
    self._accounts[holder] -= 1
    log IPass.Transfer(sender=holder, receiver=empty(address), token_id=id)


@internal
def _renew(id: uint256, duration: uint256) -> uint256:
    # Adds time to what is left, or from now; a duration of 0 is for ever. Gives the
    # pass's word as it was.
    word: uint256 = self._pass(id)
    expiry: uint256 = (word >> AT_EXPIRY) & MASK_40
    if expiry == NO_EXPIRY:
        self._fail("pass: never expires")
    renewed: uint256 = NO_EXPIRY
    if duration != 0:
        renewed = max(expiry, block.timestamp) + duration
        self._check_ahead(renewed)
    self._prolong(id, word, renewed)
    return word


@internal
def _raise_nonce(id: uint256):
    word: uint256 = self._pass(id)
    self._check_mover(word, id)
    self._passes[id] = word + (1 << AT_NONCE)


@internal
def _extend(id: uint256, expiry: uint256):
    word: uint256 = self._pass(id)
    self._require((word >> AT_EXPIRY) & MASK_40 < expiry, "pass: not later")
    self._prolong(id, word, expiry)


@internal
def _ask_receiver(sender: address, receiver: address, id: uint256, data: Bytes[1024]):
    accepted: bool = erc721_receiver._accepts(sender, receiver, id, data)
    self._require(accepted, "pass: receiver refused")


@internal
@view
def _check_expiry(expiry: uint256):
    # An expiry that somebody chose.
    if expiry != NO_EXPIRY:
        self._check_future(expiry)
        self._check_ahead(expiry)


@internal
@view
def _pass(id: uint256) -> uint256:
    word: uint256 = self._passes[id]
    if word == 0:
        self._fail("pass: unknown id")
    return word


@internal
@pure
def _account(word: uint256) -> address:
    # The lowest 160 bits.
    return convert(word & MASK_160, address)


@internal
@pure
def _require(holds: bool, reason: String[32]):
    # Spares half the bytes of an assert, and costs 120 gas: not for what is called often.
    assert holds, reason


@internal
@pure
def _fail(reason: String[32]):
    # Spares them, too, behind an if.
    raise reason


# ----- inside -----

@internal
def _set_expiry(id: uint256, word: uint256, expiry: uint256):
    self._passes[id] = (word & ~EXPIRY) | (expiry << AT_EXPIRY)
    log IPass.SubscriptionUpdate(tokenId=id, expiration=convert(expiry, uint64))


@internal
def _prolong(id: uint256, word: uint256, expiry: uint256):
    self._set_expiry(id, word, expiry)
    log IPass.MetadataUpdate(_tokenId=id)   # which tell the expiry (ERC-4906)


@internal
def _transfer(sender: address, receiver: address, id: uint256):
    word: uint256 = self._pass(id)
    if word & MASK_160 != convert(sender, uint256):
        self._fail("pass: not owner")
    self._check_mover(word, id)
    self._check_loose(word)
    self._passes[id] = ((word & (EXPIRY | NONCE)) | convert(receiver, uint256)) + (1 << AT_NONCE)

    self._accounts[sender] -= 1
    self._receive(receiver, id, (word >> AT_EXPIRY) & MASK_40)
    log IPass.Transfer(sender=sender, receiver=receiver, token_id=id)
    if word & RENTED_OUT != 0:
        log IPass.UpdateUser(tokenId=id, user=empty(address), expires=0)


@internal
@view
def _check_mover(word: uint256, id: uint256):
    holder: address = convert(word & MASK_160, address)
    if msg.sender != holder and not self._operators[holder][msg.sender]:
        if word & APPROVED == 0 or self._approved[id] != msg.sender:
            self._fail("pass: not allowed")


@internal
@pure
def _check_loose(word: uint256):
    if word & SOULBOUND != 0:
        self._fail("pass: soulbound")


@internal
@view
def _check_future(time: uint256):
    if block.timestamp >= time:
        self._fail("pass: expiry has passed")


@internal
@view
def _check_ahead(expiry: uint256):
    if expiry > block.timestamp + MAX_AHEAD:
        self._fail("pass: too far ahead")


@internal
def _receive(account: address, id: uint256, expiry: uint256):
    if account == empty(address):
        self._fail("pass: zero recipient")
    holder: uint256 = self._accounts[account]
    active: uint256 = (holder >> AT_ACTIVE) & MASK_48
    if active == 0 or self._yields(account, active, expiry):   # else a cold slot for nothing
        holder = (holder & ~ACTIVE) | (id << AT_ACTIVE)
    self._accounts[account] = holder + 1


@internal
@view
def _yields(account: address, active: uint256, expiry: uint256) -> bool:
    # Whether the active pass makes room for one that the account receives.
    if self._passes[active] & MASK_160 != convert(account, uint256):
        return True
    return block.timestamp < expiry and block.timestamp >= self._until(account, active)


@internal
@view
def _until(account: address, id: uint256) -> uint256:
    # Until when a pass lets an account in: its user if it is rented out, else its
    # owner. In the past or zero: not at all.
    word: uint256 = self._passes[id]
    if word & RENTED_OUT != 0:
        user: uint256 = self._users[id]
        if block.timestamp < user >> AT_EXPIRY:
            if user & MASK_160 == convert(account, uint256):
                return user >> AT_EXPIRY
            return 0
    if word & MASK_160 != convert(account, uint256):
        return 0
    return (word >> AT_EXPIRY) & MASK_40


@internal
@view
def _user(id: uint256) -> uint256:
    if self._passes[id] & RENTED_OUT == 0:
        return 0
    return self._users[id]
