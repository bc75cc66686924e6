# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title List
@license AGPL-3.0-only
@notice Sets of accounts that anyone may keep for gates to ask: guests, bans.
@dev A list has one owner, whom its creator names. Only changes make events, so the
     members of a list are what its `Listed` events leave.
@custom:security A rule that asks a list trusts the list's owner, at every moment.
     An unknown list is refused, never empty: a mistyped ban list must not let
     everybody in.
"""

from ...interfaces import IList

implements: IList

MAX_BATCH: constant(uint256) = 500   # about 13M gas, when all are new

AT_SIZE: constant(uint256) = 160
MASK_160: constant(uint256) = 2**160 - 1

_lists: HashMap[bytes32, uint256]          # id -> owner 160 | size 96
_pending: HashMap[bytes32, address]        # id -> who may accept the list
_members: HashMap[bytes32, HashMap[address, bool]]


@external
def create(salt: bytes32, owner: address) -> bytes32:
    """
    @notice Create a list. Anyone may.
    @param salt Tells the sender's lists apart.
    @param owner Who keeps the list; not zero.
    @return Its id: `list_id(msg.sender, salt)`. Reverts if it exists.
    """
    assert owner != empty(address), "list: zero owner"
    id: bytes32 = self._id(msg.sender, salt)
    assert self._lists[id] == 0, "list: exists"
    self._lists[id] = convert(owner, uint256)
    log IList.ListCreated(id=id, creator=msg.sender, owner=owner)
    return id


@external
def add(id: bytes32, accounts: DynArray[address, MAX_BATCH]) -> uint256:
    """
    @notice Put accounts on a list. Its owner alone; who is on it stays.
    @param id The list.
    @param accounts Any accounts.
    @return How many were not on it.
    """
    return self._set(id, accounts, True)


@external
def remove(id: bytes32, accounts: DynArray[address, MAX_BATCH]) -> uint256:
    """
    @notice Take accounts off a list. Its owner alone; who is not on it stays off.
    @param id The list.
    @param accounts Any accounts.
    @return How many were on it.
    """
    return self._set(id, accounts, False)


@external
def transfer_ownership(id: bytes32, to: address):
    """
    @notice Offer a list to another owner, who has to accept. Its owner alone.
    @param id The list.
    @param to The next owner; zero withdraws an offer.
    """
    owner: address = self._check_owner(id)
    self._pending[id] = to
    log IList.OwnershipTransferStarted(id=id, previous_owner=owner, new_owner=to)


@external
def accept_ownership(id: bytes32):
    """
    @notice Become the owner of a list that was offered to the sender.
    @param id The list.
    """
    pending: address = self._pending[id]
    assert pending != empty(address) and msg.sender == pending, "list: not offered"
    word: uint256 = self._lists[id]
    self._pending[id] = empty(address)
    self._lists[id] = (word & ~MASK_160) | convert(msg.sender, uint256)
    log IList.OwnershipTransferred(
        id=id, previous_owner=self._owner(word), new_owner=msg.sender
    )


@external
@view
def contains(id: bytes32, account: address) -> bool:
    """
    @notice Whether an account is on a list. What a gate's LISTED term asks.
    @param id The list; reverts for an unknown one.
    @param account Any account.
    @return True if it is.
    """
    self._load(id)
    return self._members[id][account]


@external
@view
def size(id: bytes32) -> uint256:
    """
    @notice How many accounts are on a list.
    @param id The list; reverts for an unknown one.
    @return Their number.
    """
    return self._load(id) >> AT_SIZE


@external
@view
def owner(id: bytes32) -> address:
    """
    @notice Who keeps a list.
    @param id The list; reverts for an unknown one.
    @return Its owner.
    """
    return self._owner(self._load(id))


@external
@view
def pending_owner(id: bytes32) -> address:
    """
    @notice Who was offered a list.
    @param id The list; reverts for an unknown one.
    @return The account, or zero.
    """
    self._load(id)
    return self._pending[id]


@external
@view
def list_id(creator: address, salt: bytes32) -> bytes32:
    """
    @notice The id that a list has or would have.
    @param creator Who creates it.
    @param salt Tells the creator's lists apart.
    @return keccak256(abi_encode(creator, salt))
    """
    return self._id(creator, salt)


@internal
def _set(id: bytes32, accounts: DynArray[address, MAX_BATCH], listed: bool) -> uint256:
    self._check_owner(id)
    changed: uint256 = 0
    for account: address in accounts:
        if self._members[id][account] == listed:
            continue
        self._members[id][account] = listed
        changed += 1
        log IList.Listed(id=id, account=account, listed=listed)
    if listed:
        self._lists[id] += changed << AT_SIZE
    else:
        self._lists[id] -= changed << AT_SIZE
    return changed


@internal
@view
def _check_owner(id: bytes32) -> address:
    owner: address = self._owner(self._load(id))
    assert msg.sender == owner, "list: not owner"
    return owner


@internal
@view
def _load(id: bytes32) -> uint256:
    word: uint256 = self._lists[id]
    assert word != 0, "list: unknown list"
    return word


@internal
@pure
def _owner(word: uint256) -> address:
    return convert(word & MASK_160, address)


@internal
@pure
def _id(creator: address, salt: bytes32) -> bytes32:
    return keccak256(abi_encode(creator, salt))
