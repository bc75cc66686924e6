# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title ReverseResolver
@license AGPL-3.0-only
@notice Primary names: which name an account wants to be called by.
@dev One string per account, under the node `<address>.addr.reverse` of EIP-181,
     in one storage word up to 31 bytes. The registry's `resolver` asks `answers`,
     so that older clients find this contract without a second write.

     Invariant NAM-7: docs/invariants.md.
@custom:security A primary name is a claim of the account alone. It proves nothing
     until the name resolves back to the account: every reader must check that.
     Signatures count once (a nonce per account), until their deadline, on one chain
     and here. The owner of a contract is asked by a capped static call.
"""

from ...interfaces import IReverseResolver
from ..lib import dns_names
from ..lib import eip712
from ..lib import packed_bytes
from ..lib import reverse_nodes
from ..lib import signatures

implements: IReverseResolver

initializes: eip712
initializes: packed_bytes

exports: eip712.eip712Domain

MAX_NAME: constant(uint256) = 255   # bytes, as in DNS
MAX_CALL: constant(uint256) = 1536  # bytes, as the resolver takes
MAX_ANSWER: constant(uint256) = 384 # bytes: the longest name, encoded
OWNER_GAS: constant(uint256) = 30_000  # a getter behind a proxy needs a third

SET_NAME: constant(bytes32) = keccak256(
    "SetName(address account,string name,uint256 nonce,uint256 deadline)"
)
NAME_SELECTOR: constant(Bytes[4]) = x"691f3431"   # name(bytes32)
UNSUPPORTED: constant(Bytes[4]) = x"7b1c461b"     # UnsupportedResolverProfile(bytes4)

_NAMES: immutable(address)

_nonces: HashMap[address, uint256]   # account -> signatures used


@deploy
def __init__(names: address):
    """
    @notice Fix the registry, which creates this contract in its constructor.
    @param names The registry; not zero.
    """
    assert names != empty(address), "reverse: zero names"
    eip712.__init__("Uraeus primary names")
    _NAMES = names


@external
def setName(name: String[MAX_NAME]) -> bytes32:
    """
    @notice Set the sender's primary name. (ENS reverse registrar)
    @param name Any name; empty to have none.
    @return The sender's reverse node.
    """
    return self._set_name(msg.sender, name)


@external
def setNameFor(account: address, name: String[MAX_NAME]) -> bytes32:
    """
    @notice Set the primary name of a contract that the sender owns. (ERC-173)
    @param account The contract; its `owner()` is the sender.
    @param name Any name; empty to have none.
    @return The contract's reverse node.
    """
    assert account.is_contract, "reverse: no contract"
    assert self._owner_of(account) == msg.sender, "reverse: not owner"
    return self._set_name(account, name)


@external
def setNameWithSignature(
    account: address,
    name: String[MAX_NAME],
    deadline: uint256,
    signature: Bytes[signatures.MAX_SIGNATURE],
) -> bytes32:
    """
    @notice Set the primary name of an account that signed for it; anyone may send it.
    @param account The account: a key, or a contract that checks signatures (ERC-1271).
    @param name Any name; empty to have none.
    @param deadline Last second at which the signature counts.
    @param signature Over SetName(account, name, nonce, deadline). (EIP-712)
    @return The account's reverse node.
    """
    assert block.timestamp <= deadline, "reverse: signature expired"
    nonce: uint256 = self._nonces[account]
    digest: bytes32 = eip712._digest(
        keccak256(abi_encode(SET_NAME, account, keccak256(name), nonce, deadline))
    )
    assert signatures._is_valid(account, digest, signature), "reverse: bad signature"
    self._nonces[account] = nonce + 1
    return self._set_name(account, name)


@external
def set_primary(account: address, name: String[MAX_NAME]) -> bytes32:
    """
    @notice Set the primary name of who registers it. Only the registry may, for
            its own sender.
    @param account Who registers.
    @param name The name.
    @return The account's reverse node.
    """
    assert msg.sender == _NAMES, "reverse: not names"
    return self._set_name(account, name)


@external
@view
@reentrant
def name(node: bytes32) -> String[MAX_NAME]:
    """
    @notice The primary name at a reverse node; to be confirmed by resolving it.
            (EIP-181)
    @param node Any node.
    @return The name, empty if none.
    """
    return self._name(node)


@external
@view
@reentrant
def resolve(name: Bytes[dns_names.MAX_WIRE], data: Bytes[MAX_CALL]) -> Bytes[MAX_ANSWER]:
    """
    @notice Answer `name(bytes32)` for any reverse node. (ENSIP-10)
    @param name DNS-encoded.
    @param data The call; its node must be the name's.
    @return The primary name, encoded. Reverts with UnsupportedResolverProfile for
            any other call.
    """
    valid: bool = False
    node: bytes32 = empty(bytes32)
    valid, node = dns_names._node(name)
    assert valid, "reverse: bad encoding"
    assert len(data) >= 36 and extract32(data, 4) == node, "reverse: other node"
    selector: Bytes[4] = slice(data, 0, 4)
    if selector != NAME_SELECTOR:
        raw_revert(concat(UNSUPPORTED, convert(convert(selector, bytes4), bytes32)))
    return abi_encode(self._name(node))


@external
@view
@reentrant
def nonces(account: address) -> uint256:
    """
    @notice The nonce of an account's next signature.
    @param account Any account.
    @return How many were used.
    """
    return self._nonces[account]


@external
@view
@reentrant
def answers(node: bytes32) -> bool:
    """
    @notice Whether a node has a primary name here.
    @param node Any node.
    @return True if it has.
    """
    return packed_bytes._is_set(node)


@external
@view
@reentrant
def node(account: address) -> bytes32:
    """
    @notice The reverse node of an account. (ENS reverse registrar)
    @param account Any account.
    @return namehash(<hexadecimal address, lower case>.addr.reverse)
    """
    return reverse_nodes._node(account)


@external
@view
@reentrant
def supportsInterface(interface_id: bytes4) -> bool:
    """
    @notice What this contract speaks. (ERC-165)
    @param interface_id Of an interface.
    @return True for ERC-165, `name(bytes32)` and `resolve`.
    """
    return interface_id in [0x01ffc9a7, 0x691f3431, 0x9061b923]


@external
@view
@reentrant
def names() -> address:
    """
    @notice The registry.
    @return Its address.
    """
    return _NAMES


# ----- internal -----

@internal
@view
def _name(node: bytes32) -> String[MAX_NAME]:
    return abi_decode(abi_encode(packed_bytes._load(node)), String[MAX_NAME])


@internal
@view
def _owner_of(account: address) -> address:
    # Zero where it says nothing that is an address.
    success: bool = False
    answer: Bytes[33] = b""
    success, answer = raw_call(
        account,
        method_id("owner()"),
        max_outsize=33,
        gas=OWNER_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success or len(answer) != 32:
        return empty(address)
    word: uint256 = extract32(answer, 0, output_type=uint256)
    if word >= 2**160:
        return empty(address)
    return convert(word, address)


@internal
def _set_name(account: address, name: String[MAX_NAME]) -> bytes32:
    node: bytes32 = reverse_nodes._node(account)
    packed_bytes._store(node, convert(name, Bytes[MAX_NAME]))
    log IReverseResolver.ReverseClaimed(addr=account, node=node)
    log IReverseResolver.NameChanged(node=node, name=name)
    return node
