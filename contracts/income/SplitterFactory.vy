# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title SplitterFactory
@license AGPL-3.0-only
@notice Makes splits: addresses that commit to their recipients and shares.
@dev Anyone may ask for any split, and nothing is stored: an address is the hash of
     this factory, the salt and the code, and the code holds the recipients:

         loader 10 | head 59: empty calldata stops, all other delegates | tail of Splitter

     INC-4: the same recipients, shares and salt give the same address for ever.
@custom:security There is no right to hold here. An address may be paid before its
     split exists; being overtaken in creating it changes nothing. Only `is_split`
     tells a split from a contract that has the same code with unchecked recipients.
"""

from ...interfaces import ISplitter
from ...interfaces import ISplitterFactory

implements: ISplitterFactory

MIN_RECIPIENTS: constant(uint256) = 2
MAX_RECIPIENTS: constant(uint256) = 100    # a round fits one transaction, INC-6
MAX_TOTAL: constant(uint256) = 1_000_000   # bounds what a round leaves over
MAX_TOKENS: constant(uint256) = 16
GCD_STEPS: constant(uint256) = 48          # Euclid needs at most 47 below 2 ** 32

LOADER: constant(uint256) = 10    # bytes of the code that returns the split's
HEAD: constant(uint256) = 59      # bytes of the split before its recipients
ROW: constant(uint256) = 24       # bytes of one recipient: account 160, share 32
TRAILER: constant(uint256) = 4    # bytes after the last: total 24, count 8
MAX_ROWS: constant(uint256) = MAX_RECIPIENTS * ROW
MAX_CODE: constant(uint256) = LOADER + HEAD + MAX_ROWS + TRAILER

_IMPLEMENTATION: immutable(address)


@deploy
def __init__(implementation: address):
    """
    @notice Fix what all splits of this factory delegate to.
    @param implementation A Splitter.
    """
    assert implementation.is_contract, "income: splitter has no code"
    _IMPLEMENTATION = implementation


@external
def create(
    recipients: DynArray[address, MAX_RECIPIENTS],
    shares: DynArray[uint32, MAX_RECIPIENTS],
    salt: bytes32,
) -> address:
    """
    @notice Make the split, or find it made.
    @param recipients 2 to 100 accounts, strictly ascending, none zero.
    @param shares The share of each, above zero; brought to lowest terms.
    @param salt Tells apart splits of the same recipients and shares.
    @return The split.
    @custom:reverts When the recipients or the shares are not as above, or when the
            shares in lowest terms add up to more than 1,000,000.
    """
    code: Bytes[MAX_CODE] = self._init_code(recipients, shares)
    split: address = self._address(keccak256(code), salt)
    if not split.is_contract:
        split = raw_create(code, salt=salt)
        log ISplitterFactory.SplitCreated(split=split, salt=salt)
    return split


@external
def create_and_distribute(
    recipients: DynArray[address, MAX_RECIPIENTS],
    shares: DynArray[uint32, MAX_RECIPIENTS],
    salt: bytes32,
    tokens: DynArray[address, MAX_TOKENS],
) -> address:
    """
    @notice Make the split, or find it made, and pay a round of each token.
    @param recipients As in `create`.
    @param shares As in `create`.
    @param salt As in `create`.
    @param tokens The tokens; zero for ETH.
    @return The split.
    @custom:reverts As `create`, and as `distribute_many` of the split.
    """
    # From outside: passing the code to an internal function costs every creation more.
    split: address = extcall ISplitterFactory(self).create(recipients, shares, salt)
    extcall ISplitter(split).distribute_many(tokens)
    return split


@external
@view
def predict(
    recipients: DynArray[address, MAX_RECIPIENTS],
    shares: DynArray[uint32, MAX_RECIPIENTS],
    salt: bytes32,
) -> address:
    """
    @notice Where the split is, or would be: it may be paid before it exists.
    @param recipients As in `create`.
    @param shares As in `create`.
    @param salt As in `create`.
    @return Its address.
    @custom:reverts As `create`.
    """
    return self._address(keccak256(self._init_code(recipients, shares)), salt)


@external
@view
def is_split(
    recipients: DynArray[address, MAX_RECIPIENTS],
    shares: DynArray[uint32, MAX_RECIPIENTS],
    salt: bytes32,
) -> bool:
    """
    @notice Whether the split exists.
    @param recipients As in `create`.
    @param shares As in `create`.
    @param salt As in `create`.
    @return True once it was created.
    @custom:reverts As `create`.
    """
    return self._address(keccak256(self._init_code(recipients, shares)), salt).is_contract


@external
@view
def implementation() -> address:
    """
    @notice What all splits of this factory delegate to.
    @return A Splitter.
    """
    return _IMPLEMENTATION


@internal
@view
def _address(code_hash: bytes32, salt: bytes32) -> address:
    # EIP-1014
    digest: bytes32 = keccak256(concat(b"\xff", convert(self, bytes20), salt, code_hash))
    return convert(convert(digest, uint256) & convert(max_value(uint160), uint256), address)


@internal
@view
def _init_code(
    recipients: DynArray[address, MAX_RECIPIENTS], shares: DynArray[uint32, MAX_RECIPIENTS]
) -> Bytes[MAX_CODE]:
    count: uint256 = len(recipients)
    assert count == len(shares), "income: lengths differ"
    assert count >= MIN_RECIPIENTS, "income: too few recipients"
    divisor: uint32 = 0
    for share: uint32 in shares:
        divisor = self._gcd(share, divisor)
        if divisor == 1:
            break

    rows: Bytes[MAX_ROWS] = b""
    total: uint256 = 0
    previous: uint256 = 0
    i: uint256 = 0
    for recipient: address in recipients:
        assert convert(recipient, uint256) > previous, "income: recipients not ascending"
        previous = convert(recipient, uint256)
        share: uint32 = shares[i]
        assert share != 0, "income: zero share"
        share = unsafe_div(share, divisor)
        total = unsafe_add(total, convert(share, uint256))
        rows = convert(
            concat(rows, convert(recipient, bytes20), convert(share, bytes4)), Bytes[MAX_ROWS]
        )
        i = unsafe_add(i, 1)
    assert total <= MAX_TOTAL, "income: total over 1,000,000"

    size: uint256 = unsafe_add(len(rows), TRAILER)
    return concat(
        x"61",                                              # PUSH2 size of the split:
        convert(convert(unsafe_add(HEAD, size), uint16), bytes2),
        x"80600a5f395ff3",                                  # return what follows
        x"36600557005b",                                    # no calldata: stop
        x"365f5f37",                                        # copy the calldata
        x"5f5f5f5f61",                                      # PUSH2 size of rows and trailer:
        convert(convert(size, uint16), bytes2),
        x"80603b3639",                                      # copy them behind the calldata
        x"36015f73",                                        # delegate both to
        convert(_IMPLEMENTATION, bytes20),
        x"5af4",
        x"3d3d93803e603957fd5bf3",                          # return or revert with the answer
        rows,
        convert(convert((total << 8) | count, uint32), bytes4),
    )


@internal
@pure
def _gcd(a: uint32, b: uint32) -> uint32:
    x: uint32 = a
    y: uint32 = b
    for _: uint256 in range(GCD_STEPS):
        if y == 0:
            break
        rest: uint32 = x % y
        x = y
        y = rest
    return x
