# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Resolver
@license AGPL-3.0-only
@notice The records of every name whose owner chose no other resolver, without a
        transaction that says so; spoken in ENS's interface.
@dev Every record is keyed by (node, epoch): a transfer, a new registration or
     `clearRecords` starts another epoch, in which nothing is set. Expiry hides.

         address       address 160 | set 1
         text          a word for up to 31 bytes, see `packed_bytes`
         contenthash   the digest alone for IPFS (dag-pb, sha2-256), else as text

     `addr` answers with the owner where nothing is set and the owner is a plain
     account. An IPFS digest goes before a content hash of another kind.

     Invariants NAM-2, NAM-8: docs/invariants.md.
@custom:security Only the registry says who may write, and it is asked at every
     write. The registry itself writes for the node that is being registered, by
     `multicallWithNodeCheck`: hence every setter takes its node first. A contract
     without code yet is taken for a plain account.
"""

from ...interfaces import INames
from ...interfaces import IResolver
from ..lib import packed_bytes

implements: IResolver

initializes: packed_bytes

MAX_KEY: constant(uint256) = 128        # bytes
MAX_CONTENT: constant(uint256) = 1024   # bytes; longer things belong on IPFS
MAX_CALL: constant(uint256) = 1536      # bytes: the longest setter, with room
MAX_CALLS: constant(uint256) = 8        # a profile; the bound costs memory

COIN_ETH: constant(uint256) = 60        # SLIP-44
AT_SET: constant(uint256) = 160         # so that an explicit "none" differs from unset
MASK_160: constant(uint256) = 2**160 - 1

RESOLVER_ETH: constant(bytes32) = 0xfdd5d5de6dd63db72bbc2d487944ba13bf775b50a80805fe6fcaba9b0fba88f5

# Kinds of packed records.
TEXT: constant(uint256) = 1
CONTENTHASH: constant(uint256) = 2

IPFS_SIZE: constant(uint256) = 38                      # prefix and digest, bytes
IPFS_PREFIX: constant(Bytes[6]) = x"e30101701220"      # ipfs-ns, CIDv1, dag-pb, sha2-256, 32 bytes
DESIGNATOR_SIZE: constant(uint256) = 23                # EIP-7702
DESIGNATOR_PREFIX: constant(Bytes[3]) = x"ef0100"

_NAMES: immutable(INames)

_addrs: HashMap[bytes32, HashMap[uint256, uint256]]     # node -> epoch -> address word
_digests: HashMap[bytes32, HashMap[uint256, bytes32]]   # node -> epoch -> IPFS digest


@deploy
def __init__(names: address):
    """
    @notice Fix the registry, which creates this contract in its constructor.
    @param names The registry; not zero.
    """
    assert names != empty(address), "resolver: zero names"
    _NAMES = INames(names)


# ----- for the owner of a name -----

@external
def setAddr(node: bytes32, a: address):
    """
    @notice Set the address of a name on Ethereum. (ENSIP-1)
    @param node The name, live; the sender its owner or an operator of the owner.
    @param a Any address; zero for an explicit "none".
    """
    epoch: uint256 = self._authorise(node)
    self._addrs[node][epoch] = convert(a, uint256) | (1 << AT_SET)
    log IResolver.AddressChanged(
        node=node, coinType=COIN_ETH, newAddress=slice(convert(a, bytes32), 12, 20)
    )
    log IResolver.AddrChanged(node=node, a=a)


@external
def setText(node: bytes32, key: String[MAX_KEY], content: String[MAX_CONTENT]):
    """
    @notice Set a text record. (ENSIP-5)
    @param node The name, live; the sender its owner or an operator of the owner.
    @param key E.g. "avatar".
    @param content Empty to remove it.
    """
    epoch: uint256 = self._authorise(node)
    packed_bytes._store(self._text_key(node, epoch, key), convert(content, Bytes[MAX_CONTENT]))
    log IResolver.TextChanged(node=node, indexedKey=key, key=key, value=content)


@external
def setContenthash(node: bytes32, content: Bytes[MAX_CONTENT]):
    """
    @notice Set the content of a name. (ENSIP-7)
    @param node The name, live; the sender its owner or an operator of the owner.
    @param content A content hash, multicodec prefix first; empty to remove it.
    """
    epoch: uint256 = self._authorise(node)
    log IResolver.ContenthashChanged(node=node, hash=content)
    if len(content) == IPFS_SIZE and slice(content, 0, 6) == IPFS_PREFIX:
        digest: bytes32 = extract32(content, 6)
        if digest != empty(bytes32):
            self._digests[node][epoch] = digest
            return
    self._digests[node][epoch] = empty(bytes32)
    packed_bytes._store(self._contenthash_key(node, epoch), content)


@external
def clearRecords(node: bytes32):
    """
    @notice Remove all records at once, by a new epoch.
    @param node The name, live; the sender its owner or an operator of the owner.
    """
    self._authorise(node)
    epoch: uint256 = extcall _NAMES.raise_epoch(node)
    log IResolver.VersionChanged(node=node, newVersion=convert(epoch, uint64))


@external
@reentrant
def multicall(data: DynArray[Bytes[MAX_CALL], MAX_CALLS]) -> DynArray[Bytes[MAX_CALL], MAX_CALLS]:
    """
    @notice Make several calls to this contract at once, all of them or none.
    @param data Calls, at most 8.
    @return Their answers.
    """
    return self._multicall(data)


@external
@reentrant
def multicallWithNodeCheck(
    node: bytes32, data: DynArray[Bytes[MAX_CALL], MAX_CALLS]
) -> DynArray[Bytes[MAX_CALL], MAX_CALLS]:
    """
    @notice Make several calls about one node; how a registration writes records.
    @param node The node that every call must name first.
    @param data Calls, at most 8.
    @return Their answers.
    """
    for call: Bytes[MAX_CALL] in data:
        assert len(call) >= 36, "resolver: call too short"
        assert extract32(call, 4) == node, "resolver: other node"
    return self._multicall(data)


# ----- views -----

@external
@view
@reentrant
def addr(node: bytes32) -> address:
    """
    @notice The address of a name on Ethereum. (ENSIP-1)
    @param node Any node.
    @return What was set in this epoch; if nothing was, the owner, unless a contract:
            a vault or a market that holds a name must not receive its money.
    """
    if node == RESOLVER_ETH:
        return self   # where clients look for the public resolver
    owner: address = empty(address)
    epoch: uint256 = 0
    owner, epoch = staticcall _NAMES.holder(node)
    if owner == empty(address):
        return empty(address)
    word: uint256 = self._addrs[node][epoch]
    if word != 0:
        return convert(word & MASK_160, address)
    return owner if self._is_plain(owner) else empty(address)


@external
@view
@reentrant
def text(node: bytes32, key: String[MAX_KEY]) -> String[MAX_CONTENT]:
    """
    @notice A text record. (ENSIP-5)
    @param node Any node.
    @param key E.g. "avatar".
    @return What was set in this epoch, else empty.
    """
    owner: address = empty(address)
    epoch: uint256 = 0
    owner, epoch = staticcall _NAMES.holder(node)
    if owner == empty(address):
        return ""
    return convert(packed_bytes._load(self._text_key(node, epoch, key)), String[MAX_CONTENT])


@external
@view
@reentrant
def contenthash(node: bytes32) -> Bytes[MAX_CONTENT]:
    """
    @notice The content of a name. (ENSIP-7)
    @param node Any node.
    @return What was set in this epoch, else empty.
    """
    owner: address = empty(address)
    epoch: uint256 = 0
    owner, epoch = staticcall _NAMES.holder(node)
    if owner == empty(address):
        return b""
    digest: bytes32 = self._digests[node][epoch]
    if digest != empty(bytes32):
        return concat(IPFS_PREFIX, digest)
    return packed_bytes._load(self._contenthash_key(node, epoch))


@external
@view
@reentrant
def recordVersions(node: bytes32) -> uint64:
    """
    @notice The version of a name's records: its epoch.
    @param node Any node.
    @return It only ever grows; zero if never registered.
    """
    return convert(staticcall _NAMES.epoch(node), uint64)


@external
@view
@reentrant
def supportsInterface(interface_id: bytes4) -> bool:
    """
    @notice What this contract speaks. (ERC-165)
    @param interface_id Of an interface.
    @return True for ERC-165, `addr`, `text`, `contenthash`, `recordVersions`,
            `multicall` with `multicallWithNodeCheck`.
    """
    return interface_id in [
        0x01ffc9a7, 0x3b3b57de, 0x59d1d43c, 0xbc1c58d1, 0xd700ff33, 0x4fbf0433
    ]


@external
@view
@reentrant
def names() -> address:
    """
    @notice The registry.
    @return Its address.
    """
    return _NAMES.address


# ----- internal -----

@internal
@view
def _authorise(node: bytes32) -> uint256:
    # The epoch in which the sender may write.
    owner: address = empty(address)
    epoch: uint256 = 0
    owner, epoch = staticcall _NAMES.holder(node)
    if msg.sender != owner and msg.sender != _NAMES.address:
        assert staticcall _NAMES.isApprovedForAll(owner, msg.sender), "resolver: not authorised"
    assert owner != empty(address), "resolver: not live"
    return epoch


@internal
def _multicall(data: DynArray[Bytes[MAX_CALL], MAX_CALLS]) -> DynArray[Bytes[MAX_CALL], MAX_CALLS]:
    answers: DynArray[Bytes[MAX_CALL], MAX_CALLS] = []
    for call: Bytes[MAX_CALL] in data:
        # One byte more is read, to see what would be cut off.
        answer: Bytes[MAX_CALL + 1] = raw_call(
            self, call, max_outsize=MAX_CALL + 1, is_delegate_call=True
        )
        assert len(answer) <= MAX_CALL, "resolver: answer too long"
        answers.append(convert(answer, Bytes[MAX_CALL]))
    return answers


@internal
@view
def _is_plain(account: address) -> bool:
    # No code, or that of an account which lends itself some by EIP-7702.
    size: uint256 = account.codesize
    return size == 0 or (
        size == DESIGNATOR_SIZE and slice(account.code, 0, 3) == DESIGNATOR_PREFIX
    )


@internal
@pure
def _text_key(node: bytes32, epoch: uint256, key: String[MAX_KEY]) -> bytes32:
    return keccak256(abi_encode(TEXT, node, epoch, keccak256(key)))


@internal
@pure
def _contenthash_key(node: bytes32, epoch: uint256) -> bytes32:
    return keccak256(abi_encode(CONTENTHASH, node, epoch))
