# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title VotesToken
@license AGPL-3.0-only
@notice The votes of a DAO: a token whose holders delegate votes, with every past
        second on record.
@dev One word per holder, one head word per delegate:

         account  balance 96 | delegate 160
         votes    lib/checkpoints.vy, keyed by delegate; the supply at SUPPLY

     Invariants GOV-1 and GOV-2: docs/invariants.md.
@custom:security Votes count at the end of a second that is over, so what was
     borrowed and given back within one transaction has none. Nobody but the
     timelock mints, and never above the cap.
"""

from ...interfaces import IVotesToken

implements: IVotesToken

from ..lib import checkpoints
from ..lib import eip712
from ..lib import excluded_votes
from ..lib import signatures

initializes: checkpoints
initializes: eip712

exports: (eip712.name, eip712.version, eip712.eip712Domain, excluded_votes.excluded)

decimals: public(constant(uint8)) = 18

MAX_HOLDERS: constant(uint256) = 128    # at creation; more are minted later
MASK_96: constant(uint256) = 2**96 - 1
AT_DELEGATE: constant(uint256) = 96
SUPPLY: constant(uint256) = 2**160      # a key that is no account

PERMIT_TYPEHASH: constant(bytes32) = keccak256(
    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
)
DELEGATION_TYPEHASH: constant(bytes32) = keccak256(
    "Delegation(address delegatee,uint256 nonce,uint256 expiry)"
)
# A contract's signature must name the contract: one key may sign for many.
NAMED_DELEGATION_TYPEHASH: constant(bytes32) = keccak256(
    "Delegation(address delegator,address delegatee,uint256 nonce,uint256 expiry)"
)

timelock: public(immutable(address))    # the only minter
cap: public(immutable(uint256))         # tokens
symbol: public(immutable(String[32]))

_accounts: HashMap[address, uint256]
allowance: public(HashMap[address, HashMap[address, uint256]])
nonces: public(HashMap[address, uint256])    # of permits and delegations


@deploy
def __init__(
    timelock_: address,
    name: String[64],
    symbol_: String[32],
    cap_: uint256,
    holders: DynArray[address, MAX_HOLDERS],
    amounts: DynArray[uint256, MAX_HOLDERS],
):
    """
    @notice Mint the first tokens and fix the cap.
    @param timelock_ The DAO's timelock, which alone may mint; not zero. Its own
           tokens are delegated to `excluded` from the start.
    @param name Name of the token and of its typed data; not empty.
    @param symbol_ Its symbol.
    @param cap_ The most that will ever exist, 1 to 2**96 - 1.
    @param holders First holders, at most 128.
    @param amounts What each gets.
    """
    eip712.__init__(name)
    assert timelock_ != empty(address), "token: zero timelock"
    assert cap_ != 0 and cap_ <= MASK_96, "token: cap of 1 to 2**96 - 1"
    assert len(holders) == len(amounts), "token: lengths differ"
    timelock = timelock_
    cap = cap_
    symbol = symbol_

    self._delegate(timelock_, excluded_votes.ACCOUNT)
    for i: uint256 in range(len(holders), bound=MAX_HOLDERS):
        self._mint(holders[i], amounts[i])


# ----- tokens -----

@external
def transfer(to: address, amount: uint256) -> bool:
    """
    @notice Send tokens (ERC-20).
    @param to The receiver; not zero.
    @param amount Tokens, at most the sender's balance.
    @return True.
    """
    self._transfer(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice Send tokens of another who allowed it (ERC-20).
    @param owner Whose tokens.
    @param to The receiver; not zero.
    @param amount Tokens, at most the balance and the allowance. The largest
           allowance never shrinks.
    @return True.
    """
    allowed: uint256 = self.allowance[owner][msg.sender]
    if allowed != max_value(uint256):
        assert amount <= allowed, "token: allowance too low"
        self._approve(owner, msg.sender, unsafe_sub(allowed, amount))
    self._transfer(owner, to, amount)
    return True


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice Allow another to send the caller's tokens (ERC-20).
    @param spender Who may.
    @param amount How many in all; replaces what was allowed.
    @return True.
    """
    self._approve(msg.sender, spender, amount)
    return True


@external
def permit(
    owner: address, spender: address, amount: uint256, deadline: uint256, v: uint8, r: bytes32, s: bytes32
):
    """
    @notice Allow by the owner's signature (ERC-2612).
    @param owner Whose tokens.
    @param spender Who may send them.
    @param amount How many in all.
    @param deadline The last second in which the signature is good.
    @param v Of the signature, 27 or 28.
    @param r Of the signature.
    @param s Of the signature, in the lower half.
    """
    self._check_deadline(deadline)
    nonce: uint256 = self.nonces[owner]
    self.nonces[owner] = nonce + 1
    digest: bytes32 = eip712._digest(
        keccak256(abi_encode(PERMIT_TYPEHASH, owner, spender, amount, nonce, deadline))
    )
    signer: address = signatures._recover(digest, v, r, s)
    self._check_signature(signer != empty(address) and signer == owner)
    self._approve(owner, spender, amount)


@external
def mint(to: address, amount: uint256):
    """
    @notice Make new tokens, up to the cap. Only the timelock.
    @param to Who gets them; not zero.
    @param amount Tokens.
    """
    assert msg.sender == timelock, "token: not timelock"
    self._mint(to, amount)


# ----- votes -----

@external
def delegate(delegatee: address):
    """
    @notice Give the votes of all the caller's tokens, present and future, to one
            account (ERC-5805).
    @param delegatee Who votes: oneself too; zero for nobody.
    """
    self._delegate(msg.sender, delegatee)


@external
def delegateBySig(delegatee: address, nonce: uint256, expiry: uint256, v: uint8, r: bytes32, s: bytes32):
    """
    @notice Delegate by a key's signature (ERC-5805).
    @param delegatee Who votes.
    @param nonce The signer's nonce.
    @param expiry The last second in which the signature is good.
    @param v Of the signature, 27 or 28.
    @param r Of the signature.
    @param s Of the signature, in the lower half.
    """
    self._check_deadline(expiry)
    digest: bytes32 = eip712._digest(
        keccak256(abi_encode(DELEGATION_TYPEHASH, delegatee, nonce, expiry))
    )
    signer: address = signatures._recover(digest, v, r, s)
    self._check_signature(signer != empty(address))
    self._use_nonce(signer, nonce)
    self._delegate(signer, delegatee)


@external
def delegateBySignature(
    delegator: address, delegatee: address, nonce: uint256, expiry: uint256, signature: Bytes[2048]
):
    """
    @notice Delegate by the signature of a key or of a contract (ERC-1271), which
            names the delegator.
    @param delegator Whose tokens.
    @param delegatee Who votes.
    @param nonce The delegator's nonce.
    @param expiry The last second in which the signature is good.
    @param signature Over `Delegation(address delegator,address delegatee,uint256
           nonce,uint256 expiry)`: 65 bytes of a key, or what the contract wants.
    """
    self._check_deadline(expiry)
    self._use_nonce(delegator, nonce)
    digest: bytes32 = eip712._digest(
        keccak256(abi_encode(NAMED_DELEGATION_TYPEHASH, delegator, delegatee, nonce, expiry))
    )
    self._check_signature(signatures._is_valid(delegator, digest, signature))
    self._delegate(delegator, delegatee)


# ----- views -----

@external
@view
def balanceOf(owner: address) -> uint256:
    """
    @notice Tokens of an account (ERC-20).
    @param owner The account.
    @return Its balance.
    """
    return self._accounts[owner] & MASK_96


@external
@view
def totalSupply() -> uint256:
    """
    @notice All tokens (ERC-20).
    @return Their number.
    """
    return checkpoints._latest(SUPPLY)


@external
@view
def delegates(account: address) -> address:
    """
    @notice Who votes with an account's tokens (ERC-5805).
    @param account The holder.
    @return The delegate; zero for nobody.
    """
    return convert(convert(self._accounts[account] >> AT_DELEGATE, uint160), address)


@external
@view
def getVotes(account: address) -> uint256:
    """
    @notice Votes of an account now (ERC-5805).
    @param account The delegate.
    @return The sum of the balances delegated to it.
    """
    return checkpoints._latest(convert(account, uint256))


@external
@view
def getPastVotes(account: address, timepoint: uint256) -> uint256:
    """
    @notice Votes of an account at the end of a second that is over (ERC-5805).
    @param account The delegate.
    @param timepoint Seconds; before now.
    @return Its votes then.
    """
    return checkpoints._past(convert(account, uint256), timepoint)


@external
@view
def getPastTotalSupply(timepoint: uint256) -> uint256:
    """
    @notice All tokens at the end of a second that is over (ERC-5805).
    @param timepoint Seconds; before now.
    @return Their number then.
    """
    return checkpoints._past(SUPPLY, timepoint)


@external
@view
def clock() -> uint48:
    """
    @notice The clock of votes (ERC-6372).
    @return Seconds.
    """
    return convert(block.timestamp, uint48)


@external
@view
def CLOCK_MODE() -> String[16]:
    """
    @notice How the clock counts (ERC-6372).
    @return Always "mode=timestamp".
    """
    return "mode=timestamp"


@external
@view
def DOMAIN_SEPARATOR() -> bytes32:
    """
    @notice The domain's hash on this chain (ERC-2612).
    @return The EIP-712 separator.
    """
    return eip712._separator()


# ----- changes -----

@internal
def _transfer(owner: address, to: address, amount: uint256):
    self._check_receiver(to)
    word: uint256 = self._accounts[owner]
    assert word & MASK_96 >= amount, "token: balance too low"
    log IVotesToken.Transfer(sender=owner, receiver=to, amount=amount)
    if owner == to:
        return
    # Balances are lowest in their words, and sum to the supply: no carry.
    to_word: uint256 = self._accounts[to]
    self._accounts[owner] = unsafe_sub(word, amount)
    self._accounts[to] = unsafe_add(to_word, amount)
    self._move_votes(word >> AT_DELEGATE, to_word >> AT_DELEGATE, amount)


@internal
def _mint(to: address, amount: uint256):
    self._check_receiver(to)
    assert amount <= cap - checkpoints._latest(SUPPLY), "token: cap exceeded"
    checkpoints._add(SUPPLY, amount)
    word: uint256 = self._accounts[to]
    self._accounts[to] = word + amount
    log IVotesToken.Transfer(sender=empty(address), receiver=to, amount=amount)
    self._move_votes(0, word >> AT_DELEGATE, amount)


@internal
def _approve(owner: address, spender: address, amount: uint256):
    self.allowance[owner][spender] = amount
    log IVotesToken.Approval(owner=owner, spender=spender, amount=amount)


@internal
def _delegate(delegator: address, delegatee: address):
    word: uint256 = self._accounts[delegator]
    amount: uint256 = word & MASK_96
    old: uint256 = word >> AT_DELEGATE
    new: uint256 = convert(delegatee, uint256)
    self._accounts[delegator] = amount | (new << AT_DELEGATE)
    log IVotesToken.DelegateChanged(
        delegator=delegator,
        fromDelegate=convert(convert(old, uint160), address),
        toDelegate=delegatee,
    )
    self._move_votes(old, new, amount)


@internal
def _move_votes(source: uint256, target: uint256, amount: uint256):
    # Delegates as keys; zero is nobody.
    if source == target or amount == 0:
        return
    if source != 0:
        old: uint256 = checkpoints._subtract(source, amount)
        log IVotesToken.DelegateVotesChanged(
            delegate=convert(convert(source, uint160), address),
            previousVotes=old,
            newVotes=unsafe_sub(old, amount),
        )
    if target != 0:
        old: uint256 = checkpoints._add(target, amount)
        log IVotesToken.DelegateVotesChanged(
            delegate=convert(convert(target, uint160), address),
            previousVotes=old,
            newVotes=unsafe_add(old, amount),
        )


@internal
def _use_nonce(account: address, nonce: uint256):
    assert nonce == self.nonces[account], "token: wrong nonce"
    self.nonces[account] = nonce + 1


# ----- checks -----

@internal
@pure
def _check_receiver(to: address):
    assert to != empty(address), "token: to the zero address"


@internal
@view
def _check_deadline(deadline: uint256):
    assert block.timestamp <= deadline, "token: signature expired"


@internal
@pure
def _check_signature(valid: bool):
    assert valid, "token: invalid signature"
