# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Media
@license AGPL-3.0-only
@notice What a name publishes for those who pass a gate: an encrypted file and the
        rule that says who may have it, in as many slots as the name likes.
@dev Entries are appended and never change. Each keeps the name's epoch: after a
     sale or a new registration nothing is current, and the history stays readable.

         digest, rule     a word each
         about            author 160 | time 40 | epoch 32 | codec 8

     A codec of zero is a withdrawal. `names.epoch` starts at one registration, so
     no entry has epoch zero. A delegate is of a term, which ends with the epoch and
     with each migration:

         term             epoch 32 | migrations
@custom:security Only the registry says who may write, and it is asked at every
     write. The page that everybody may read is the name's `contenthash`; what
     stands here names ciphertext, which anyone can fetch: the rule guards the key.
"""

from ...interfaces import IMedia
from ...interfaces import INames

implements: IMedia

MAX_PAGE: constant(uint256) = 50

CID_SIZE: constant(uint256) = 36
CID_ARGUMENT: constant(uint256) = 128       # longer than a CID, to refuse others by name
CID_V1: constant(Bytes[1]) = x"01"
SHA2_256: constant(Bytes[2]) = x"1220"      # and 32 bytes
LAST_CODEC: constant(uint256) = 127         # in one byte; dag-pb is 0x70, raw 0x55

AT_TIME: constant(uint256) = 160
AT_EPOCH: constant(uint256) = 200
AT_CODEC: constant(uint256) = 232
AT_MIGRATIONS: constant(uint256) = 32

MASK_32: constant(uint256) = 2**32 - 1
MASK_40: constant(uint256) = 2**40 - 1
MASK_160: constant(uint256) = 2**160 - 1

_NAMES: immutable(INames)

_versions: HashMap[bytes32, HashMap[bytes32, uint256]]   # node -> slot -> how many
_entries: HashMap[bytes32, HashMap[bytes32, HashMap[uint256, IMedia.Words]]]   # by version
_delegates: HashMap[bytes32, HashMap[uint256, HashMap[address, uint256]]]   # node -> term -> until


@deploy
def __init__(names: address):
    """
    @notice Fix the registry.
    @param names The registry; must have code.
    """
    assert names.is_contract, "media: names has no code"
    _NAMES = INames(names)


@external
def publish(node: bytes32, slot: bytes32, cid: Bytes[CID_ARGUMENT], rule: bytes32) -> uint256:
    """
    @notice Publish a file in a slot. The name's owner, operators and delegates.
    @param node A live name.
    @param slot Any word: a name has as many slots as it likes.
    @param cid Of the encrypted file, in binary: CIDv1, sha2-256.
    @param rule A gate's id of a rule; not zero.
    @return The version: one more than the last of this slot, whoever owned the name.
    """
    epoch: uint256 = self._check_may_write(node)
    assert rule != empty(bytes32), "media: zero rule"
    assert len(cid) >= 4 and slice(cid, 0, 1) == CID_V1, "media: not a CIDv1"
    assert len(cid) == CID_SIZE and slice(cid, 2, 2) == SHA2_256, "media: not sha2-256"
    codec: uint256 = convert(slice(cid, 1, 1), uint256)
    assert codec != 0 and codec <= LAST_CODEC, "media: unknown codec"
    version: uint256 = self._append(node, slot, epoch, codec, extract32(cid, 4), rule)
    log IMedia.Published(
        node=node,
        slot=slot,
        author=msg.sender,
        version=version,
        epoch=epoch,
        cid=convert(cid, Bytes[CID_SIZE]),
        rule=rule,
    )
    return version


@external
def withdraw(node: bytes32, slot: bytes32) -> uint256:
    """
    @notice Let nothing be current in a slot. The name's owner, operators and delegates.
    @param node A live name.
    @param slot A slot in which a file of this epoch is current.
    @return The version of the withdrawal.
    """
    epoch: uint256 = self._check_may_write(node)
    last: uint256 = self._versions[node][slot]
    assert self._is_current(self._entries[node][slot][last].about, epoch), "media: nothing there"
    version: uint256 = self._append(node, slot, epoch, 0, empty(bytes32), empty(bytes32))
    log IMedia.Published(
        node=node,
        slot=slot,
        author=msg.sender,
        version=version,
        epoch=epoch,
        cid=b"",
        rule=empty(bytes32),
    )
    return version


@external
def set_delegate(node: bytes32, delegate: address, until: uint256):
    """
    @notice Let another account publish for a name. Its owner and operators; ends with
            the name's epoch or its next migration at the latest.
    @param node A live name.
    @param delegate The account.
    @param until The first second at which it may no more, below 2**40; zero ends it now.
    """
    assert until <= MASK_40, "media: time out of range"
    owner: address = empty(address)
    epoch: uint256 = 0
    owner, epoch = staticcall _NAMES.holder(node)
    assert owner != empty(address), "media: not live"
    assert self._controls(owner, msg.sender), "media: not authorised"
    self._delegates[node][self._term(node, epoch)][delegate] = until
    log IMedia.DelegateSet(node=node, delegate=delegate, epoch=epoch, until=until)


@external
@view
def current(node: bytes32, slot: bytes32) -> IMedia.Entry:
    """
    @notice What a live name publishes in a slot now.
    @param node Any node.
    @param slot Any slot.
    @return The last entry if it is of this epoch and not withdrawn, else an empty one.
    """
    owner: address = empty(address)
    epoch: uint256 = 0
    owner, epoch = staticcall _NAMES.holder(node)
    last: uint256 = self._versions[node][slot]
    words: IMedia.Words = self._entries[node][slot][last]
    if owner == empty(address) or not self._is_current(words.about, epoch):
        return empty(IMedia.Entry)
    return self._entry(last, words)


@external
@view
def versions(node: bytes32, slot: bytes32) -> uint256:
    """
    @notice How many entries a slot has had, withdrawals among them.
    @param node Any node.
    @param slot Any slot.
    @return The last version; zero if none.
    """
    return self._versions[node][slot]


@external
@view
def entry(node: bytes32, slot: bytes32, version: uint256) -> IMedia.Entry:
    """
    @notice One entry of a slot, of whatever epoch.
    @param node Any node.
    @param slot Any slot.
    @param version From 1 to `versions`; reverts for another.
    @return The entry.
    """
    assert version != 0 and version <= self._versions[node][slot], "media: unknown version"
    return self._entry(version, self._entries[node][slot][version])


@external
@view
def history(
    node: bytes32, slot: bytes32, start: uint256, count: uint256
) -> DynArray[IMedia.Entry, MAX_PAGE]:
    """
    @notice Entries of a slot, oldest first.
    @param node Any node.
    @param slot Any slot.
    @param start The first version wanted, from 1.
    @param count How many, at most; 50 are the most.
    @return Those that there are; empty beyond the last.
    """
    last: uint256 = self._versions[node][slot]
    page: DynArray[IMedia.Entry, MAX_PAGE] = []
    if start == 0 or start > last:
        return page
    for i: uint256 in range(min(min(count, MAX_PAGE), last - start + 1), bound=MAX_PAGE):
        page.append(self._entry(start + i, self._entries[node][slot][start + i]))
    return page


@external
@view
def delegate_until(node: bytes32, delegate: address) -> uint256:
    """
    @notice How long an account may publish for a name, if nothing ends it before.
    @param node Any node.
    @param delegate The account.
    @return The first second at which it may no more; zero if never.
    """
    return self._delegates[node][self._term(node, staticcall _NAMES.epoch(node))][delegate]


@external
@view
def is_authorised(node: bytes32, account: address) -> bool:
    """
    @notice Whether an account may publish for a name now.
    @param node Any node.
    @param account Any account.
    @return True for a live name's owner, operators and delegates.
    """
    owner: address = empty(address)
    epoch: uint256 = 0
    owner, epoch = staticcall _NAMES.holder(node)
    return owner != empty(address) and self._may_write(node, owner, epoch, account)


@external
@view
def names() -> address:
    """
    @notice The registry.
    @return Its address.
    """
    return _NAMES.address


@internal
@view
def _check_may_write(node: bytes32) -> uint256:
    owner: address = empty(address)
    epoch: uint256 = 0
    owner, epoch = staticcall _NAMES.holder(node)
    assert owner != empty(address), "media: not live"
    assert self._may_write(node, owner, epoch, msg.sender), "media: not authorised"
    return epoch


@internal
@view
def _may_write(node: bytes32, owner: address, epoch: uint256, account: address) -> bool:
    if self._controls(owner, account):
        return True
    return block.timestamp < self._delegates[node][self._term(node, epoch)][account]


@internal
@view
def _controls(owner: address, account: address) -> bool:
    return account == owner or staticcall _NAMES.isApprovedForAll(owner, account)


@internal
@view
def _term(node: bytes32, epoch: uint256) -> uint256:
    # A migration stays in the epoch: what was published goes along, who might does not.
    return epoch | (staticcall _NAMES.migrations(node) << AT_MIGRATIONS)


@internal
def _append(
    node: bytes32, slot: bytes32, epoch: uint256, codec: uint256, digest: bytes32, rule: bytes32
) -> uint256:
    version: uint256 = self._versions[node][slot] + 1
    self._versions[node][slot] = version
    about: uint256 = convert(msg.sender, uint256) | (block.timestamp << AT_TIME)
    about |= (epoch << AT_EPOCH) | (codec << AT_CODEC)
    self._entries[node][slot][version] = IMedia.Words(digest=digest, rule=rule, about=about)
    return version


@internal
@pure
def _is_current(about: uint256, epoch: uint256) -> bool:
    return about >> AT_CODEC != 0 and (about >> AT_EPOCH) & MASK_32 == epoch


@internal
@pure
def _entry(version: uint256, words: IMedia.Words) -> IMedia.Entry:
    codec: uint256 = words.about >> AT_CODEC
    cid: Bytes[CID_SIZE] = b""
    if codec != 0:
        cid = concat(CID_V1, convert(convert(codec, uint8), bytes1), SHA2_256, words.digest)
    return IMedia.Entry(
        version=version,
        cid=cid,
        rule=words.rule,
        epoch=(words.about >> AT_EPOCH) & MASK_32,
        time=(words.about >> AT_TIME) & MASK_40,
        author=convert(words.about & MASK_160, address),
    )
