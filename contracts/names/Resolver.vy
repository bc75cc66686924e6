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
         contenthash   the digest alone for IPFS (dag-pb, sha2-256), else packed
         text, other addresses, name, data, ABI
                       a word for up to 31 bytes, see `packed_bytes`
         release, interface, wildcard
                       a word
         delegate      until 40 | kinds 8; keyed by (node, epoch, migrations)

     `addr` answers with the owner where nothing is set and the owner is a plain
     account. An IPFS digest goes before a content hash of another kind.

     ENS has two `addr` and two `setAddr`, Vyper no overloading: `addr` tells them
     apart by the selector, and the second `setAddr` arrives in `__default__`.

     Invariants NAM-2, NAM-8: docs/invariants.md.
@custom:security Only the registry says who may write, and it is asked at every
     write. The registry itself writes for the node that is being registered, by
     `multicallWithNodeCheck`: hence every setter takes its node first. It gives no rights,
     since who registers may be another than the owner. A contract
     without code yet is taken for a plain account. A delegate writes records of its
     kinds only, and appoints nobody. A release can be hidden (by another epoch) but
     never exchanged: who pins it pins the epoch too.
"""

from ...interfaces import INames
from ...interfaces import IResolver
from ..lib import dns_names
from ..lib import packed_bytes

implements: IResolver

initializes: packed_bytes

MAX_KEY: constant(uint256) = 128        # bytes
MAX_ADDRESS: constant(uint256) = 128    # bytes: the longest of any chain known, with room
MAX_NAME: constant(uint256) = 255       # bytes, as in DNS
MAX_CONTENT: constant(uint256) = 1024   # bytes; longer things belong on IPFS
MAX_CALL: constant(uint256) = 1536      # bytes: the longest setter, with room
MAX_CALLS: constant(uint256) = 8        # a profile; the bound costs memory
MAX_ANSWER: constant(uint256) = 1152    # bytes: the longest record, encoded
SET_COIN_SIZE: constant(uint256) = 260  # bytes: `setAddr` of a coin with the longest address
IMPLEMENTS_GAS: constant(uint256) = 30_000  # by ERC-165

COIN_ETH: constant(uint256) = 60        # SLIP-44
COIN_EVM: constant(uint256) = 2**31     # and a chain's id (ENSIP-11)
COIN_EVM_END: constant(uint256) = 2**32
AT_SET: constant(uint256) = 160         # so that an explicit "none" differs from unset
MASK_160: constant(uint256) = 2**160 - 1

RESOLVER_ETH: constant(bytes32) = 0xfdd5d5de6dd63db72bbc2d487944ba13bf775b50a80805fe6fcaba9b0fba88f5

# Kinds of keys.
TEXT: constant(uint256) = 1
CONTENTHASH: constant(uint256) = 2
COIN: constant(uint256) = 3
NAME: constant(uint256) = 4
DATA: constant(uint256) = 5
CONTRACT_ABI: constant(uint256) = 6
IMPLEMENTER: constant(uint256) = 7
RELEASE: constant(uint256) = 8
WILDCARD: constant(uint256) = 9
DELEGATE: constant(uint256) = 10

ABI_JSON: constant(uint256) = 1         # the content types of EIP-205; then
ABI_END: constant(uint256) = 16         # zlib 2, CBOR 4, URI 8

AT_KINDS: constant(uint256) = 40
MASK_40: constant(uint256) = 2**40 - 1
IDENTITY: constant(address) = 0x0000000000000000000000000000000000000004   # returns what it is sent

ADDR_SELECTOR: constant(Bytes[4]) = x"3b3b57de"        # addr(bytes32)
COIN_SELECTOR: constant(Bytes[4]) = x"f1cb7e06"        # addr(bytes32,uint256)
SET_COIN_SELECTOR: constant(Bytes[4]) = x"8b95dd71"    # setAddr(bytes32,uint256,bytes)
UNSUPPORTED: constant(Bytes[4]) = x"7b1c461b"          # UnsupportedResolverProfile(bytes4)

IPFS_SIZE: constant(uint256) = 38                      # prefix and digest, bytes
IPFS_PREFIX: constant(Bytes[6]) = x"e30101701220"      # ipfs-ns, CIDv1, dag-pb, sha2-256, 32 bytes
DESIGNATOR_SIZE: constant(uint256) = 23                # EIP-7702
DESIGNATOR_PREFIX: constant(Bytes[3]) = x"ef0100"

_NAMES: immutable(INames)

_addrs: HashMap[bytes32, HashMap[uint256, uint256]]     # node -> epoch -> address word
_digests: HashMap[bytes32, HashMap[uint256, bytes32]]   # node -> epoch -> IPFS digest
_words: HashMap[bytes32, uint256]                       # key -> what fits one word


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
    @param node The name, live; the sender its owner, an operator or a delegate.
    @param a Any address; zero for an explicit "none".
    """
    self._set_addr(node, self._authorise(node, IResolver.Kind.ADDR), a)


@external
def setText(node: bytes32, key: String[MAX_KEY], content: String[MAX_CONTENT]):
    """
    @notice Set a text record. (ENSIP-5)
    @param node The name, live; the sender its owner, an operator or a delegate.
    @param key E.g. "avatar".
    @param content Empty to remove it.
    """
    epoch: uint256 = self._authorise(node, IResolver.Kind.TEXT)
    at: bytes32 = self._key(TEXT, node, epoch, keccak256(key))
    packed_bytes._store(at, convert(content, Bytes[MAX_CONTENT]))
    log IResolver.TextChanged(node=node, indexedKey=key, key=key, value=content)


@external
def setContenthash(node: bytes32, content: Bytes[MAX_CONTENT]):
    """
    @notice Set the content of a name. (ENSIP-7)
    @param node The name, live; the sender its owner, an operator or a delegate.
    @param content A content hash, multicodec prefix first; empty to remove it.
    """
    epoch: uint256 = self._authorise(node, IResolver.Kind.CONTENTHASH)
    log IResolver.ContenthashChanged(node=node, hash=content)
    if len(content) == IPFS_SIZE and slice(content, 0, 6) == IPFS_PREFIX:
        digest: bytes32 = extract32(content, 6)
        if digest != empty(bytes32):
            self._digests[node][epoch] = digest
            return
    self._digests[node][epoch] = empty(bytes32)
    packed_bytes._store(self._key(CONTENTHASH, node, epoch, empty(bytes32)), content)


@external
def setName(node: bytes32, newName: String[MAX_NAME]):
    """
    @notice Set the name record, e.g. of a reverse node served here. (EIP-181)
    @param node The name, live; the sender its owner, an operator or a delegate.
    @param newName Empty to remove it.
    """
    epoch: uint256 = self._authorise(node, IResolver.Kind.NAME)
    at: bytes32 = self._key(NAME, node, epoch, empty(bytes32))
    packed_bytes._store(at, convert(newName, Bytes[MAX_NAME]))
    log IResolver.NameChanged(node=node, name=newName)


@external
def setData(node: bytes32, key: String[MAX_KEY], content: Bytes[MAX_CONTENT]):
    """
    @notice Set a record of bytes. (ENSIP-24)
    @param node The name, live; the sender its owner, an operator or a delegate.
    @param key E.g. "agent-context".
    @param content Empty to remove it.
    """
    epoch: uint256 = self._authorise(node, IResolver.Kind.DATA)
    packed_bytes._store(self._key(DATA, node, epoch, keccak256(key)), content)
    log IResolver.DataChanged(node=node, indexedKey=key, key=key, indexedData=content)


@external
def setABI(node: bytes32, contentType: uint256, content: Bytes[MAX_CONTENT]):
    """
    @notice Set the ABI of the contract that a name stands for. (EIP-205)
    @param node The name, live; the sender its owner, an operator or a delegate.
    @param contentType 1 JSON, 2 JSON in zlib, 4 CBOR, 8 a URI, for what is longer.
    @param content Empty to remove it.
    """
    epoch: uint256 = self._authorise(node, IResolver.Kind.CONTRACT)
    assert contentType in [1, 2, 4, 8], "resolver: unknown content type"
    at: bytes32 = self._key(CONTRACT_ABI, node, epoch, convert(contentType, bytes32))
    packed_bytes._store(at, content)
    log IResolver.ABIChanged(node=node, contentType=contentType)


@external
def setInterface(node: bytes32, interfaceID: bytes4, implementer: address):
    """
    @notice Say which contract implements an interface for a name. (ENS)
    @param node The name, live; the sender its owner, an operator or a delegate.
    @param interfaceID By ERC-165.
    @param implementer The contract; zero to remove it.
    """
    epoch: uint256 = self._authorise(node, IResolver.Kind.CONTRACT)
    at: bytes32 = self._key(IMPLEMENTER, node, epoch, convert(interfaceID, bytes32))
    self._words[at] = convert(implementer, uint256)
    log IResolver.InterfaceChanged(node=node, interfaceID=interfaceID, implementer=implementer)


@external
def setRelease(node: bytes32, version: String[MAX_KEY], digest: bytes32):
    """
    @notice Publish the digest of a release; it cannot be changed in this epoch.
    @param node The name, live; the sender its owner, an operator or a delegate.
    @param version E.g. "1.0.0".
    @param digest Of the release, not zero.
    """
    epoch: uint256 = self._authorise(node, IResolver.Kind.RELEASE)
    assert digest != empty(bytes32), "resolver: zero digest"
    at: bytes32 = self._key(RELEASE, node, epoch, keccak256(version))
    assert self._words[at] == 0, "resolver: already released"
    self._words[at] = convert(digest, uint256)
    log IResolver.Released(node=node, epoch=epoch, version=version, digest=digest)


@external
def setWildcard(node: bytes32, answers: bool):
    """
    @notice Let a name answer for all names below it that are not there, in this
            epoch. (ENSIP-10)
    @param node The name, live; the sender its owner or an operator of the owner.
    @param answers Whether it does.
    """
    epoch: uint256 = self._authorise(node, empty(IResolver.Kind))
    self._words[self._key(WILDCARD, node, epoch, empty(bytes32))] = convert(answers, uint256)
    log IResolver.WildcardChanged(node=node, answers=answers)


@external
def setDelegate(node: bytes32, account: address, kinds: IResolver.Kind, until: uint256):
    """
    @notice Let another account write some kinds of records, in this epoch and until
            the name migrates.
    @param node The name, live; the sender its owner or an operator of the owner.
    @param account The delegate, not zero.
    @param kinds What it may write; none to dismiss it.
    @param until Seconds: the first at which it may no longer.
    """
    epoch: uint256 = self._authorise(node, empty(IResolver.Kind))
    assert account != empty(address), "resolver: zero delegate"
    assert until <= MASK_40, "resolver: until too far"
    word: uint256 = until | (convert(kinds, uint256) << AT_KINDS)
    self._words[self._delegate_key(node, epoch, account)] = word
    log IResolver.DelegateChanged(node=node, account=account, kinds=kinds, until=until)


@external
def clearRecords(node: bytes32):
    """
    @notice Remove all records at once, by a new epoch. It ends for good whatever
            else holds an epoch of this name, as a sale would: delegates, what it
            publishes, rules about its owner, and its forwarders, which pay their
            fallback from now on. To change where income goes, set the address.
    @param node The name, live; the sender its owner or an operator of the owner.
    """
    self._authorise(node, empty(IResolver.Kind))
    epoch: uint256 = extcall _NAMES.raise_epoch(node)
    log IResolver.VersionChanged(node=node, newVersion=convert(epoch, uint64))


@external
@reentrant
def multicall(data: DynArray[Bytes[MAX_CALL], MAX_CALLS]) -> DynArray[Bytes[MAX_CALL], MAX_CALLS]:
    """
    @notice Make several calls to this contract at once, all of them or none.
    @param data Calls, at most 8.
    @return Their answers. Reverts with the reason of the call that fails, with
            "resolver: call failed" where it gives none: malformed, or out of gas.
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


@external
def __default__():
    """
    @notice The second form of ENS's `setAddr(bytes32 node, uint256 coinType, bytes a)`:
            set the address of a name on any chain. (ENSIP-9, ENSIP-11)
    @dev 0 or 20 bytes for Ethereum and its kin, up to 128 for others; empty for
         none. What is not this call is refused.
    """
    call: Bytes[SET_COIN_SIZE + 1] = raw_call(
        IDENTITY, msg.data, max_outsize=SET_COIN_SIZE + 1, is_static_call=True
    )
    assert len(call) >= 132 and slice(call, 0, 4) == SET_COIN_SELECTOR, "resolver: unknown call"
    assert len(call) <= SET_COIN_SIZE, "resolver: address too long"
    # Read by hand: the compiler's decoder refuses without a reason.
    offset: uint256 = extract32(call, 68, output_type=uint256)
    size: uint256 = extract32(call, 100, output_type=uint256)
    assert offset == 96 and size <= len(call) - 132, "resolver: malformed call"
    node: bytes32 = extract32(call, 4)
    coin: uint256 = extract32(call, 36, output_type=uint256)
    a: Bytes[MAX_ADDRESS] = convert(slice(call, 132, size), Bytes[MAX_ADDRESS])
    epoch: uint256 = self._authorise(node, IResolver.Kind.ADDR)
    if coin == COIN_ETH or (coin >= COIN_EVM and coin < COIN_EVM_END):
        assert len(a) == 0 or len(a) == 20, "resolver: not 20 bytes"
    if coin == COIN_ETH:
        left: uint256 = extract32(concat(a, empty(bytes32)), 0, output_type=uint256)
        self._set_addr(node, epoch, convert(left >> 96, address))
        return
    packed_bytes._store(self._key(COIN, node, epoch, convert(coin, bytes32)), a)
    log IResolver.AddressChanged(node=node, coinType=coin, newAddress=a)


# ----- views -----

@external
@view
@reentrant
@raw_return
def addr(node: bytes32, coinType: uint256 = COIN_ETH) -> Bytes[256]:
    """
    @notice The address of a name: as `address` on Ethereum if only the node is given
            (ENSIP-1), else as `bytes` on any chain (ENSIP-9).
    @param node Any node.
    @param coinType Of SLIP-44 or ENSIP-11.
    @return What was set in this epoch; for Ethereum, if nothing was, the owner, unless
            a contract: a vault or a market that holds a name must not receive its
            money.
    """
    return self._addr(node, coinType, slice(msg.data, 0, 4) == COIN_SELECTOR, True)


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
    return convert(self._load(TEXT, node, keccak256(key)), String[MAX_CONTENT])


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
    return packed_bytes._load(self._key(CONTENTHASH, node, epoch, empty(bytes32)))


@external
@view
@reentrant
def name(node: bytes32) -> String[MAX_NAME]:
    """
    @notice The name record. (EIP-181)
    @param node Any node.
    @return What was set in this epoch, else empty.
    """
    return abi_decode(abi_encode(self._load(NAME, node, empty(bytes32))), String[MAX_NAME])


@external
@view
@reentrant
def data(node: bytes32, key: String[MAX_KEY]) -> Bytes[MAX_CONTENT]:
    """
    @notice A record of bytes. (ENSIP-24)
    @param node Any node.
    @param key E.g. "agent-context".
    @return What was set in this epoch, else empty.
    """
    return self._load(DATA, node, keccak256(key))


@external
@view
@reentrant
def ABI(node: bytes32, contentTypes: uint256) -> (uint256, Bytes[MAX_CONTENT]):
    """
    @notice The ABI of the contract that a name stands for. (EIP-205)
    @param node Any node.
    @param contentTypes Those that the caller reads, added up.
    @return The lowest of them that was set in this epoch, and the ABI; else zero and
            nothing.
    """
    content_type: uint256 = ABI_JSON
    for i: uint256 in range(4):
        if contentTypes & content_type != 0:
            content: Bytes[MAX_CONTENT] = self._load(
                CONTRACT_ABI, node, convert(content_type, bytes32)
            )
            if len(content) != 0:
                return content_type, content
        content_type *= 2
    return 0, b""


@external
@view
@reentrant
def interfaceImplementer(node: bytes32, interfaceID: bytes4) -> address:
    """
    @notice Which contract implements an interface for a name.
    @param node Any node.
    @param interfaceID By ERC-165.
    @return What was set in this epoch; if nothing was, the name's address, where
            that says by ERC-165 that it does; else zero.
    """
    word: uint256 = self._load_word(IMPLEMENTER, node, convert(interfaceID, bytes32))
    if word != 0:
        return convert(word, address)
    a: address = convert(extract32(self._addr(node, COIN_ETH, False, True), 0), address)
    if self._speaks(a, 0x01ffc9a7) and self._speaks(a, interfaceID):
        return a
    return empty(address)


@external
@view
@reentrant
def release(node: bytes32, version: String[MAX_KEY], epoch: uint256) -> bytes32:
    """
    @notice The digest of a release, as it was published in an epoch.
    @param node Any node.
    @param version E.g. "1.0.0".
    @param epoch The epoch that the reader trusts: see `recordVersions`.
    @return The digest, zero if there is none; also after the epoch, and of an expired
            name: the same for ever.
    """
    return convert(self._words[self._key(RELEASE, node, epoch, keccak256(version))], bytes32)


@external
@view
@reentrant
def wildcard(node: bytes32) -> bool:
    """
    @notice Whether a name answers for those below it that are not there.
    @param node Any node.
    @return True if its owner said so in this epoch.
    """
    return self._load_word(WILDCARD, node, empty(bytes32)) != 0


@external
@view
@reentrant
def delegate(node: bytes32, account: address) -> (IResolver.Kind, uint256):
    """
    @notice What an account may write as a delegate.
    @param node Any node.
    @param account The account.
    @return Kinds of records, and the first second at which it may no longer; none and
            zero where it is no delegate.
    """
    owner: address = empty(address)
    epoch: uint256 = 0
    owner, epoch = staticcall _NAMES.holder(node)
    word: uint256 = self._words[self._delegate_key(node, epoch, account)]
    if owner == empty(address) or block.timestamp >= word & MASK_40:
        return empty(IResolver.Kind), 0
    return convert(word >> AT_KINDS, IResolver.Kind), word & MASK_40


@external
@view
@reentrant
def resolve(name: Bytes[dns_names.MAX_WIRE], data: Bytes[MAX_CALL]) -> Bytes[MAX_ANSWER]:
    """
    @notice Answer a question about a name that may not be there. (ENSIP-10)
    @param name DNS-encoded.
    @param data A call of a view that takes a node first; the node must be the name's.
    @return The answer, encoded: the name's own, or that of the deepest name above it,
            if its owner said that it answers for those below, and none between is in its
            grace. The owner's account is then no answer to `addr`. Reverts with UnsupportedResolverProfile where
            there is no such view.
    """
    node: bytes32 = empty(bytes32)
    at: bytes32 = empty(bytes32)
    node, at = self._find(name)
    assert len(data) >= 36 and extract32(data, 4) == node, "resolver: other node"
    if at != node:
        wild: uint256 = self._load_word(WILDCARD, at, empty(bytes32))
        assert at != empty(bytes32) and wild != 0, "resolver: no such name"
    selector: Bytes[4] = slice(data, 0, 4)
    if selector == ADDR_SELECTOR:
        return self._addr(at, COIN_ETH, False, at == node)
    if selector == COIN_SELECTOR:
        assert len(data) >= 68, "resolver: call too short"
        return self._addr(at, extract32(data, 36, output_type=uint256), True, at == node)
    success: bool = False
    answer: Bytes[MAX_ANSWER] = b""
    success, answer = raw_call(
        self,
        concat(selector, at, slice(data, 36, len(data) - 36)),
        max_outsize=MAX_ANSWER,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success or len(answer) == 0:
        raw_revert(concat(UNSUPPORTED, convert(convert(selector, bytes4), bytes32)))
    return answer


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
    @return True for ERC-165, both `addr`, `text`, `contenthash`, `name`, `data`, `ABI`,
            `interfaceImplementer`, `resolve`, `recordVersions`, and `multicall` with
            `multicallWithNodeCheck`.
    """
    return interface_id in [
        0x01ffc9a7, 0x3b3b57de, 0xf1cb7e06, 0x59d1d43c, 0xbc1c58d1, 0x691f3431,
        0xecbfada3, 0x2203ab56, 0x124a319c, 0x9061b923, 0xd700ff33, 0x4fbf0433
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
def _authorise(node: bytes32, kind: IResolver.Kind) -> uint256:
    # The epoch in which the sender may write records of the kind; of none: for those
    # only who control the name, which the registry does not.
    owner: address = empty(address)
    epoch: uint256 = 0
    owner, epoch = staticcall _NAMES.holder(node)
    if msg.sender != owner and (msg.sender != _NAMES.address or kind == empty(IResolver.Kind)):
        if not staticcall _NAMES.isApprovedForAll(owner, msg.sender):
            self._check_delegate(node, epoch, kind)
    assert owner != empty(address), "resolver: not live"
    return epoch


@internal
@view
def _check_delegate(node: bytes32, epoch: uint256, kind: IResolver.Kind):
    word: uint256 = self._words[self._delegate_key(node, epoch, msg.sender)]
    kinds: uint256 = (word >> AT_KINDS) & convert(kind, uint256)
    assert kinds != 0 and block.timestamp < word & MASK_40, "resolver: not authorised"


@internal
def _set_addr(node: bytes32, epoch: uint256, a: address):
    self._addrs[node][epoch] = convert(a, uint256) | (1 << AT_SET)
    log IResolver.AddressChanged(
        node=node, coinType=COIN_ETH, newAddress=slice(convert(a, bytes32), 12, 20)
    )
    log IResolver.AddrChanged(node=node, a=a)


@internal
@view
def _addr(node: bytes32, coin: uint256, as_bytes: bool, implied: bool) -> Bytes[256]:
    # Encoded as the caller expects it.
    if coin != COIN_ETH:
        return abi_encode(self._coin(node, coin))
    a: address = self._eth_addr(node, implied)
    if not as_bytes:
        return abi_encode(a)
    found: Bytes[20] = b""
    if a != empty(address):
        found = slice(convert(a, bytes32), 12, 20)
    return abi_encode(found)


@internal
@view
def _coin(node: bytes32, coin: uint256) -> Bytes[MAX_ADDRESS]:
    a: Bytes[MAX_CONTENT] = self._load(COIN, node, convert(coin, bytes32))
    return abi_decode(abi_encode(a), Bytes[MAX_ADDRESS])


@internal
@view
def _eth_addr(node: bytes32, implied: bool) -> address:
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
    return owner if implied and self._is_plain(owner) else empty(address)


@internal
@view
def _find(name: Bytes[dns_names.MAX_WIRE]) -> (bytes32, bytes32):
    # The name's node, and that of the deepest name on the way which is there; none below
    # a name in grace, for which nobody above may answer.
    valid: bool = False
    starts: DynArray[uint256, dns_names.MAX_LABELS] = []
    valid, starts = dns_names._starts(name)
    assert valid, "resolver: bad encoding"
    node: bytes32 = empty(bytes32)
    found: bytes32 = empty(bytes32)
    for i: uint256 in range(len(starts), bound=dns_names.MAX_LABELS):
        node = dns_names._child(node, name, starts[len(starts) - 1 - i])
        owner: address = empty(address)
        epoch: uint256 = 0
        owner, epoch = staticcall _NAMES.holder(node)
        if owner != empty(address) or node == RESOLVER_ETH:
            found = node
        elif found != empty(bytes32):
            name_at: INames.Name = staticcall _NAMES.info(node)
            if name_at.state == INames.State.GRACE:
                found = empty(bytes32)
    return node, found


@internal
@view
def _speaks(account: address, interface_id: bytes4) -> bool:
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        account,
        abi_encode(interface_id, method_id=method_id("supportsInterface(bytes4)")),
        max_outsize=32,
        gas=IMPLEMENTS_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    return success and len(answer) == 32 and extract32(answer, 0, output_type=uint256) == 1


@internal
@view
def _load(kind: uint256, node: bytes32, detail: bytes32) -> Bytes[MAX_CONTENT]:
    # A packed record of this epoch; empty for what is not live.
    owner: address = empty(address)
    epoch: uint256 = 0
    owner, epoch = staticcall _NAMES.holder(node)
    if owner == empty(address):
        return b""
    return packed_bytes._load(self._key(kind, node, epoch, detail))


@internal
@view
def _load_word(kind: uint256, node: bytes32, detail: bytes32) -> uint256:
    owner: address = empty(address)
    epoch: uint256 = 0
    owner, epoch = staticcall _NAMES.holder(node)
    if owner == empty(address):
        return 0
    return self._words[self._key(kind, node, epoch, detail)]


@internal
def _multicall(data: DynArray[Bytes[MAX_CALL], MAX_CALLS]) -> DynArray[Bytes[MAX_CALL], MAX_CALLS]:
    answers: DynArray[Bytes[MAX_CALL], MAX_CALLS] = []
    for call: Bytes[MAX_CALL] in data:
        # One byte more is read, to see what would be cut off.
        success: bool = False
        answer: Bytes[MAX_CALL + 1] = b""
        success, answer = raw_call(
            self,
            call,
            max_outsize=MAX_CALL + 1,
            is_delegate_call=True,
            revert_on_failure=False,
        )
        if not success and len(answer) != 0:
            raw_revert(answer)
        assert success, "resolver: call failed"  # malformed, or out of gas
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
def _key(kind: uint256, node: bytes32, epoch: uint256, detail: bytes32) -> bytes32:
    return keccak256(abi_encode(kind, node, epoch, detail))


@internal
@view
def _delegate_key(node: bytes32, epoch: uint256, account: address) -> bytes32:
    migrations: uint256 = staticcall _NAMES.migrations(node)
    return keccak256(abi_encode(DELEGATE, node, epoch, migrations, account))
