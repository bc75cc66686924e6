# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title UniversalResolver
@license AGPL-3.0-only
@notice What clients ask: finds the resolver of a name, asks it, and shows a primary
        name only if the name says the same. Spoken in ENS's interface (ENSIP-21).
@dev         name --registry--> resolver of the deepest ancestor that has one
                                    |
             exact --> asked directly, or by `resolve` if it speaks ENSIP-10
             not exact --> by `resolve`; else ResolverNotFound
             in grace, or below such a name --> ResolverNotFound

         address --> <address>.addr.reverse --> name --> address again: the same?

     Without storage. The errors are those of ENS, exact to the byte: clients tell
     "there is none" from "something broke" by them.

     Invariant NAM-7: docs/invariants.md.
@custom:security For callers off chain only: a resolver may burn all gas. An answer
     that is longer than can be read is an error, never cut off. Off-chain look-ups
     (ERC-3668) are not followed: what asks for one is a ResolverError, so that no
     gateway learns who looks for whom. A primary name is shown only if it is of
     letters, digits and hyphens, as all that can be registered: whether another one
     looks like it no contract can tell.
"""

from ...interfaces import INames
from ...interfaces import IUniversalResolver
from ..lib import dns_names

implements: IUniversalResolver

MAX_INPUT: constant(uint256) = 4096       # bytes of a name, to refuse it by its error
MAX_DATA: constant(uint256) = 17_600      # bytes of a question, or of several
MAX_CALL: constant(uint256) = 1024        # bytes of one of several
MAX_CALLS: constant(uint256) = 16
MAX_ANSWER: constant(uint256) = 4096      # bytes of one answer
MAX_ANSWERS: constant(uint256) = 66_624   # bytes of several, encoded
MAX_GATEWAY: constant(uint256) = 256
PROBE_GAS: constant(uint256) = 30_000     # by ERC-165

COIN_ETH: constant(uint256) = 60          # SLIP-44
ADDR_REVERSE: constant(Bytes[14]) = b"\x04addr\x07reverse\x00"
REVERSE: constant(Bytes[9]) = b"\x07reverse\x00"
HEX_DIGITS: constant(Bytes[16]) = b"0123456789abcdef"

MULTICALL: constant(Bytes[4]) = x"ac9650d8"
NOT_FOUND: constant(Bytes[4]) = x"77209fe8"
NOT_CONTRACT: constant(Bytes[4]) = x"1e9535f2"
UNSUPPORTED: constant(Bytes[4]) = x"7b1c461b"
RESOLVER_ERROR: constant(Bytes[4]) = x"95c0c752"
MISMATCH: constant(Bytes[4]) = x"ef9c03ce"
DECODING_FAILED: constant(Bytes[4]) = x"ba4adc23"

_NAMES: immutable(INames)


@deploy
def __init__(names: address):
    """
    @notice Fix the registry for good.
    @param names The registry; must have code.
    """
    assert names.is_contract, "universal: names has no code"
    _NAMES = INames(names)


@external
@view
def findResolver(name: Bytes[MAX_INPUT]) -> (address, bytes32, uint256):
    """
    @notice The resolver of the deepest ancestor of a name that has one. (ENSIP-10)
    @param name DNS-encoded.
    @return The resolver, zero if there is none; the name's node; and where in the
            name the ancestor begins. Reverts with DNSDecodingFailed.
    """
    info: IUniversalResolver.ResolverInfo = self._find(name)
    return info.resolver, info.node, info.offset


@external
@view
def requireResolver(name: Bytes[MAX_INPUT]) -> IUniversalResolver.ResolverInfo:
    """
    @notice As `findResolver`, for a resolver that can answer for the name.
    @param name DNS-encoded.
    @return See `IUniversalResolver`. Reverts with DNSDecodingFailed, ResolverNotFound
            or ResolverNotContract.
    """
    return self._require(name)


@external
@view
def resolve(
    name: Bytes[MAX_INPUT], data: Bytes[MAX_DATA]
) -> (Bytes[MAX_ANSWERS], address):
    """
    @notice Ask the resolver of a name.
    @param name DNS-encoded.
    @param data A call of the resolver, or `multicall(bytes[])` of several.
    @return The answer and the resolver. Of several, an array in which the error of a
            call that failed stands for its answer. Reverts as `requireResolver`, with
            UnsupportedResolverProfile if the resolver has no such record, and with
            ResolverError if it fails, if `data` is longer than 1,024 bytes or no
            `multicall` of up to 16 calls of at most that.
    """
    return self._resolve(name, data)


@external
@view
def resolveWithGateways(
    name: Bytes[MAX_INPUT],
    data: Bytes[MAX_DATA],
    gateways: DynArray[String[MAX_GATEWAY], MAX_CALLS],
) -> (Bytes[MAX_ANSWERS], address):
    """
    @notice As `resolve`.
    @param name DNS-encoded.
    @param data A call of the resolver, or `multicall(bytes[])` of several.
    @param gateways Ignored: none is asked.
    @return As of `resolve`.
    """
    return self._resolve(name, data)


@external
@view
def reverse(
    lookupAddress: Bytes[MAX_CALL], coinType: uint256
) -> (String[dns_names.MAX_WIRE], address, address):
    """
    @notice The primary name of an address, confirmed by the name. (ENSIP-19)
    @param lookupAddress 20 bytes.
    @param coinType 60; primary names of other chains there are none.
    @return The name, its resolver, and the resolver of the reverse node. Reverts with
            ResolverNotFound if there is none that can be shown, and with
            ReverseAddressMismatch if the name says something else.
    """
    return self._reverse(lookupAddress, coinType)


@external
@view
def reverseWithGateways(
    lookupAddress: Bytes[MAX_CALL],
    coinType: uint256,
    gateways: DynArray[String[MAX_GATEWAY], MAX_CALLS],
) -> (String[dns_names.MAX_WIRE], address, address):
    """
    @notice As `reverse`.
    @param lookupAddress 20 bytes.
    @param coinType 60; primary names of other chains there are none.
    @param gateways Ignored: none is asked.
    @return As of `reverse`.
    """
    return self._reverse(lookupAddress, coinType)


@external
@view
def supportsInterface(interface_id: bytes4) -> bool:
    """
    @notice What this contract speaks. (ERC-165)
    @param interface_id Of an interface.
    @return True for ERC-165 and ENS's universal resolver.
    """
    return interface_id in [0x01ffc9a7, 0xcd191b34]


@external
@view
def names() -> address:
    """
    @notice The registry.
    @return Its address.
    """
    return _NAMES.address


# ----- internal: finding -----

@internal
@view
def _find(name: Bytes[MAX_INPUT]) -> IUniversalResolver.ResolverInfo:
    info: IUniversalResolver.ResolverInfo = empty(IUniversalResolver.ResolverInfo)
    if len(name) > dns_names.MAX_WIRE:
        raw_revert(concat(NOT_FOUND, abi_encode(name)))   # no name is so long
    info.name = convert(name, Bytes[dns_names.MAX_WIRE])
    valid: bool = False
    starts: DynArray[uint256, dns_names.MAX_LABELS] = []
    valid, starts = dns_names._starts(info.name)
    if not valid:
        raw_revert(concat(DECODING_FAILED, abi_encode(name)))
    for i: uint256 in range(len(starts), bound=dns_names.MAX_LABELS):
        start: uint256 = starts[len(starts) - 1 - i]
        info.node = dns_names._child(info.node, info.name, start)
        resolver: address = staticcall _NAMES.resolver(info.node)
        if resolver != empty(address):
            info.resolver = resolver
            info.offset = start
        if i >= 2:
            # A sub-name in grace is still its holder's: nobody answers for it.
            found: INames.Name = staticcall _NAMES.info(info.node)
            if found.state == INames.State.GRACE:
                info.resolver = empty(address)
                info.offset = 0
    return info


@internal
@view
def _require(name: Bytes[MAX_INPUT]) -> IUniversalResolver.ResolverInfo:
    info: IUniversalResolver.ResolverInfo = self._find(name)
    if info.resolver == empty(address):
        raw_revert(concat(NOT_FOUND, abi_encode(name)))
    info.extended = self._is_extended(info.resolver)
    if not info.extended:
        if info.offset != 0:
            raw_revert(concat(NOT_FOUND, abi_encode(name)))
        if not info.resolver.is_contract:
            raw_revert(concat(NOT_CONTRACT, abi_encode(name, info.resolver)))
    return info


@internal
@view
def _is_extended(resolver: address) -> bool:
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        resolver,
        x"01ffc9a79061b92300000000000000000000000000000000000000000000000000000000",
        max_outsize=32,
        gas=PROBE_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    return success and len(answer) == 32 and extract32(answer, 0, output_type=uint256) != 0


# ----- internal: asking -----

@internal
@view
def _resolve(
    name: Bytes[MAX_INPUT], data: Bytes[MAX_DATA]
) -> (Bytes[MAX_ANSWERS], address):
    info: IUniversalResolver.ResolverInfo = self._require(name)
    if len(data) >= 4 and slice(data, 0, 4) == MULTICALL:
        return self._answers(info, data), info.resolver
    if len(data) > MAX_CALL:
        raw_revert(concat(RESOLVER_ERROR, abi_encode(b"")))
    return self._answer(info, convert(data, Bytes[MAX_CALL])), info.resolver


@internal
@view
def _answers(info: IUniversalResolver.ResolverInfo, data: Bytes[MAX_DATA]) -> Bytes[MAX_ANSWERS]:
    valid: bool = False
    calls: DynArray[Bytes[MAX_CALL], MAX_CALLS] = []
    valid, calls = self._calls(data)
    if not valid:
        raw_revert(concat(RESOLVER_ERROR, abi_encode(b"")))
    answers: DynArray[Bytes[MAX_ANSWER], MAX_CALLS] = []
    for call: Bytes[MAX_CALL] in calls:
        success: bool = False
        answer: Bytes[MAX_ANSWER] = b""
        success, answer = self._ask(info, call)
        answers.append(answer)
    return abi_encode(answers)


@internal
@pure
def _calls(data: Bytes[MAX_DATA]) -> (bool, DynArray[Bytes[MAX_CALL], MAX_CALLS]):
    # The calls of `multicall(bytes[])`, and whether they are so many and so long that
    # they can be asked. Read by hand: the compiler's decoder refuses without a name.
    calls: DynArray[Bytes[MAX_CALL], MAX_CALLS] = []
    found: bool = False
    at: uint256 = 0
    count: uint256 = 0
    size: uint256 = 0
    found, at = self._word(data, 4)
    if found:
        found, count = self._word(data, at + 4)
    if not found or count > MAX_CALLS:
        return False, calls
    start: uint256 = at + 36    # of the array; offsets count from here
    for i: uint256 in range(count, bound=MAX_CALLS):
        found, at = self._word(data, start + 32 * i)
        if found:
            found, size = self._word(data, start + at)
        if not found or size > min(MAX_CALL, len(data) - start - at - 32):
            return False, calls
        calls.append(convert(slice(data, start + at + 32, size), Bytes[MAX_CALL]))
    return True, calls


@internal
@pure
def _word(data: Bytes[MAX_DATA], at: uint256) -> (bool, uint256):
    # The word that begins there, and whether it is there whole, as an offset, a size
    # or a count: a number that no sum with it overflows.
    if at + 32 > len(data):
        return False, 0
    word: uint256 = extract32(data, at, output_type=uint256)
    return word <= MAX_DATA, word


@internal
@view
def _answer(info: IUniversalResolver.ResolverInfo, data: Bytes[MAX_CALL]) -> Bytes[MAX_ANSWER]:
    success: bool = False
    answer: Bytes[MAX_ANSWER] = b""
    success, answer = self._ask(info, data)
    if not success:
        if len(answer) >= 4 and slice(answer, 0, 4) == UNSUPPORTED:
            raw_revert(answer)
        raw_revert(concat(RESOLVER_ERROR, abi_encode(answer)))
    if len(answer) == 0:
        selector: bytes32 = extract32(concat(data, empty(bytes32)), 0)
        selector = convert(convert(selector, uint256) >> 224 << 224, bytes32)
        raw_revert(concat(UNSUPPORTED, selector))
    return answer


@internal
@view
def _ask(
    info: IUniversalResolver.ResolverInfo, data: Bytes[MAX_CALL]
) -> (bool, Bytes[MAX_ANSWER]):
    # Whether there is an answer, and it or the error. One byte more is read, to see
    # what would be cut off.
    question: Bytes[MAX_CALL + 512] = data
    if info.extended:
        question = abi_encode(info.name, data, method_id=method_id("resolve(bytes,bytes)"))
    success: bool = False
    answer: Bytes[MAX_ANSWER + 1] = b""
    success, answer = raw_call(
        info.resolver,
        question,
        max_outsize=MAX_ANSWER + 1,
        is_static_call=True,
        revert_on_failure=False,
    )
    if len(answer) > MAX_ANSWER:
        return False, b""
    if not success or not info.extended or len(answer) == 0:
        return success, convert(answer, Bytes[MAX_ANSWER])
    return self._unwrap(convert(answer, Bytes[MAX_ANSWER]))


@internal
@pure
def _unwrap(answer: Bytes[MAX_ANSWER]) -> (bool, Bytes[MAX_ANSWER]):
    # What `resolve` returned: bytes within bytes; false where they are not.
    if len(answer) < 64 or extract32(answer, 0, output_type=uint256) != 32:
        return False, b""
    size: uint256 = extract32(answer, 32, output_type=uint256)
    if size > len(answer) - 64:
        return False, b""
    return True, slice(answer, 64, size)


# ----- internal: primary names -----

@internal
@view
def _reverse(
    lookup: Bytes[MAX_CALL], coin_type: uint256
) -> (String[dns_names.MAX_WIRE], address, address):
    if coin_type != COIN_ETH or len(lookup) != 20:
        raw_revert(concat(NOT_FOUND, abi_encode(REVERSE)))
    wire: Bytes[MAX_INPUT] = self._reverse_wire(extract32(concat(lookup, empty(bytes32)), 0))
    info: IUniversalResolver.ResolverInfo = self._require(wire)
    named: Bytes[MAX_ANSWER] = self._answer(info, concat(method_id("name(bytes32)"), info.node))
    primary: String[dns_names.MAX_WIRE] = ""
    valid: bool = False
    forward: Bytes[dns_names.MAX_WIRE] = b""
    if len(named) >= 64 and len(named) <= 64 + 256:
        success: bool = False
        text: Bytes[MAX_ANSWER] = b""
        success, text = self._unwrap(named)
        if success and len(text) <= dns_names.MAX_TEXT:
            primary = convert(convert(text, Bytes[dns_names.MAX_WIRE]), String[dns_names.MAX_WIRE])
            valid, forward = dns_names._encode(primary)
    if not valid:
        raw_revert(concat(NOT_FOUND, abi_encode(wire)))

    found: IUniversalResolver.ResolverInfo = self._require(forward)
    answer: Bytes[MAX_ANSWER] = self._answer(
        found, concat(method_id("addr(bytes32)"), found.node)
    )
    confirmed: Bytes[20] = b""
    if len(answer) == 32:
        confirmed = slice(answer, 12, 20)
    if keccak256(confirmed) != keccak256(lookup):
        raw_revert(concat(MISMATCH, abi_encode(primary, confirmed)))
    return primary, found.resolver, info.resolver


@internal
@pure
def _reverse_wire(account: bytes32) -> Bytes[55]:
    # <40 hexadecimal digits>.addr.reverse, encoded. (EIP-181)
    digits: Bytes[40] = b""
    for i: uint256 in range(40):
        nibble: uint256 = (convert(account, uint256) >> 252 - 4 * i) & 15
        digits = abi_decode(
            abi_encode(concat(digits, slice(HEX_DIGITS, nibble, 1))), Bytes[40]
        )
    return concat(b"\x28", digits, ADDR_REVERSE)
