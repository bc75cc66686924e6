# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Splitter
@license AGPL-3.0-only
@notice Divides whatever its address receives, for ever in the same way: the code
        that every split delegates to.
@dev A split is a clone made by the SplitterFactory. Its own code holds who gets
     how much, and appends that to whatever it is called with:

         call to a split --> | what the caller sent | 24 bytes per recipient | 4 bytes |
                                                      account 160 share 32     total 24
                                                                               count 8

     So recipients are found from the end, which the caller cannot reach. A round
     pays k = (balance - owed) // total units per share; fewer than `total` units
     wait for the next one. A refused part becomes a credit:

         balance --distribute--> paid
                       |
                    refused --> credit --claim--> paid

     Invariants INC-1 to INC-7: docs/invariants.md.
@custom:security Nobody owns a split. A foreign contract may delegate here with
     recipients of its choice: it then divides its own balance and no other.
     Recipients and tokens are hostile: a push has an allowance of gas, a starved
     caller reverts, no return data beyond a word is copied, every function is
     locked. A token decides what its own balances are worth, no other's. One ledger
     behind two addresses is two tokens here: a round of the one pays out what is
     owed in the other.
"""

from ...interfaces import ISplitter
from ..lib import assets

implements: ISplitter

# What one recipient may burn. A hundred that burn it all and are credited, some
# 160,000 gas each, still fit one transaction of 16,777,216 gas.
PUSH_GAS: constant(uint256) = 120_000             # ETH: a wallet with hooks needs less
TOKEN_PUSH_GAS: constant(uint256) = 500_000       # some tokens pay out rewards in a transfer
TOKEN_ROUND_GAS: constant(uint256) = 12_000_000   # for all recipients of a token together

MAX_RECIPIENTS: constant(uint256) = 100
MAX_TOKENS: constant(uint256) = 16
ROW: constant(uint256) = 24       # bytes of one recipient
TRAILER: constant(uint256) = 4    # bytes after the last recipient
AT_ACCOUNT: constant(uint256) = 32
AT_TOTAL: constant(uint256) = 8
SHARE_MASK: constant(uint256) = 2**32 - 1
COUNT_MASK: constant(uint256) = 2**8 - 1

_IMPLEMENTATION: immutable(address)

_credits: HashMap[address, HashMap[address, uint256]]  # token -> account -> smallest units
_owed: HashMap[address, uint256]                       # token -> sum of its credits


@deploy
def __init__():
    """
    @notice Remember which calls are not made through a split.
    """
    _IMPLEMENTATION = self


@external
def distribute(token: address) -> uint256:
    """
    @notice Pay one round of a token to all recipients. Anyone may call.
    @param token The token; zero for ETH.
    @return Smallest units divided, 0 when there is less than one per share.
    @custom:reverts When the token has no code or refuses everybody, or when the
            caller gives too little gas to push.
    """
    return self._distribute(token, 36)


@external
def distribute_many(tokens: DynArray[address, MAX_TOKENS]):
    """
    @notice Pay one round of each token. One that reverts reverts all.
    @param tokens The tokens; zero for ETH.
    @custom:reverts As `distribute`.
    """
    sent: uint256 = 68 + 32 * len(tokens)
    self._tail(sent)    # also where there is no token
    for token: address in tokens:
        self._distribute(token, sent)


@external
def claim(token: address, account: address, to: address) -> uint256:
    """
    @notice Pay an account's credit, with all the gas of the call. Anyone may pay it
            to the account; the account itself may have it sent elsewhere.
    @dev After a negative rebase that left less than is owed, only the account may
         take its part of the loss: others would choose the worst moment for it.
    @param token The token; zero for ETH.
    @param account Whose credit.
    @param to Who is paid.
    @return Smallest units paid: the credit, or its part of what is left.
    @custom:reverts When there is no credit, the caller may not, or `to` refuses.
    """
    self._tail(100)
    assert to != empty(address), "income: zero address"
    assert to == account or msg.sender == account, "income: not the account"
    credit: uint256 = self._credits[token][account]
    assert credit != 0, "income: no credit"
    owed: uint256 = self._owed[token]
    amount: uint256 = self._worth(credit, assets._balance(token), owed)
    assert amount == credit or msg.sender == account, "income: short of tokens"
    self._credits[token][account] = 0
    self._owed[token] = owed - credit
    log ISplitter.Claimed(token=token, account=account, to=to, credit=credit, amount=amount)
    paid: bool = False
    if token == empty(address):
        paid = raw_call(to, b"", value=amount, revert_on_failure=False)
    else:
        paid = assets._transfer(token, to, amount, msg.gas)
    assert paid, "income: payment refused"
    return amount


@external
@view
@reentrant
def recipients() -> (DynArray[address, MAX_RECIPIENTS], DynArray[uint32, MAX_RECIPIENTS]):
    """
    @notice Who gets how much, as the address commits to it.
    @return The recipients in ascending order, and their shares in lowest terms.
    """
    start: uint256 = 0
    count: uint256 = 0
    total: uint256 = 0
    start, count, total = self._tail(4)
    accounts: DynArray[address, MAX_RECIPIENTS] = []
    shares: DynArray[uint32, MAX_RECIPIENTS] = []
    for i: uint256 in range(count, bound=MAX_RECIPIENTS):
        row: uint256 = convert(slice(msg.data, start + i * ROW, ROW), uint256)
        accounts.append(convert(row >> AT_ACCOUNT, address))
        shares.append(convert(row & SHARE_MASK, uint32))
    return accounts, shares


@external
@view
def pending(token: address) -> uint256:
    """
    @notice What the next round would divide.
    @param token The token; zero for ETH.
    @return Smallest units.
    @custom:reverts When the token has no code.
    """
    start: uint256 = 0
    count: uint256 = 0
    total: uint256 = 0
    start, count, total = self._tail(36)
    balance: uint256 = assets._balance(token)
    owed: uint256 = self._owed[token]
    if balance <= owed:
        return 0
    return (balance - owed) // total * total


@external
@view
def claimable(token: address, account: address) -> uint256:
    """
    @notice What `claim` would pay now.
    @param token The token; zero for ETH.
    @param account Whose credit.
    @return Smallest units.
    @custom:reverts When the token has no code.
    """
    self._tail(68)
    return self._worth(self._credits[token][account], assets._balance(token), self._owed[token])


@external
@view
def credits(token: address, account: address) -> uint256:
    """
    @notice What an account could not be paid, whether or not the token is still there.
    @param token The token; zero for ETH.
    @param account Whose credit.
    @return Smallest units.
    """
    self._tail(68)
    return self._credits[token][account]


@external
@view
def owed(token: address) -> uint256:
    """
    @notice The sum of all credits of a token; rounds leave it alone.
    @param token The token; zero for ETH.
    @return Smallest units.
    """
    self._tail(36)
    return self._owed[token]


@internal
def _distribute(token: address, sent: uint256) -> uint256:
    at: uint256 = 0
    count: uint256 = 0
    total: uint256 = 0
    at, count, total = self._tail(sent)

    balance: uint256 = self.balance
    allowance: uint256 = PUSH_GAS
    if token != empty(address):
        balance = assets._balance(token)
        allowance = min(TOKEN_ROUND_GAS // count, TOKEN_PUSH_GAS)
    owed: uint256 = self._owed[token]
    if balance <= owed:
        return 0
    units: uint256 = unsafe_div(unsafe_sub(balance, owed), total)
    if units == 0:
        return 0
    amount: uint256 = unsafe_mul(units, total)    # at most the balance

    # A call passes on 63/64 of the gas at most, and silently less than it was told.
    needed: uint256 = unsafe_add(unsafe_div(unsafe_mul(allowance, 64), 63), assets.CALL_GAS)
    refused: uint256 = 0
    for _: uint256 in range(count, bound=MAX_RECIPIENTS):
        row: uint256 = convert(slice(msg.data, at, ROW), uint256)
        at = unsafe_add(at, ROW)
        account: address = convert(row >> AT_ACCOUNT, address)
        part: uint256 = unsafe_mul(units, row & SHARE_MASK)
        assert msg.gas >= needed, "income: too little gas"
        if token == empty(address):
            if raw_call(account, b"", value=part, gas=allowance, revert_on_failure=False):
                continue
        elif assets._transfer(token, account, part, allowance):
            continue
        self._credits[token][account] += part
        refused += part
        log ISplitter.Credited(token=token, account=account, amount=part)

    if refused != 0:
        # A token that pays nobody is paused: its round can wait.
        assert token == empty(address) or refused != amount, "income: token refuses all"
        self._owed[token] = owed + refused
    log ISplitter.Distributed(token=token, amount=amount)
    return amount


@internal
@view
def _tail(sent: uint256) -> (uint256, uint256, uint256):
    # The door of every function: where the recipients start, how many they are, the
    # sum of their shares. A caller who `sent` fewer bytes than the function's
    # arguments take would have the recipients read as the rest of them.
    assert self != _IMPLEMENTATION, "income: not a split"
    end: uint256 = unsafe_sub(len(msg.data), TRAILER)
    trailer: uint256 = convert(slice(msg.data, end, TRAILER), uint256)
    count: uint256 = trailer & COUNT_MASK
    start: uint256 = end - unsafe_mul(count, ROW)
    assert start >= sent, "income: short calldata"
    return start, count, trailer >> AT_TOTAL


@internal
@pure
def _worth(credit: uint256, balance: uint256, owed: uint256) -> uint256:
    if balance >= owed:
        return credit
    # Exact below 2 ** 128 units; above, low bits go so that the product fits.
    scale: uint256 = (owed >> 128) + 1
    return (credit // scale) * (balance // scale) // (owed // scale) * scale
