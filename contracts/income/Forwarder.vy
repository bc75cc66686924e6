# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Forwarder
@license AGPL-3.0-only
@notice An address for income that follows its recipient: to whatever address its
        owner says, or to whatever a name resolves to. The code that every forwarder
        delegates to.
@dev A forwarder is a clone made by the ForwarderFactory. The end of its own code
     holds its terms, 56 bytes, so that its address commits to them:

         subject 32 | epoch 4 | payee 20
         owner      | zero    | first target     an owner names the target
         node       | not 0   | fallback         a name does

     Whom a forwarder of a name pays, by the registry's word on that node:

         LIVE, same epoch ---------> what the name resolves to; unresolved: reverts
         GRACE, same epoch --------> nobody: reverts, since a renewal brings it back
         another epoch, or FREE ---> the fallback: an epoch that is over does not return

     A managed name is FREE too while a managed one above it belongs to nobody: given
     again, it is there again, and followed again.
     A transfer, a new registration and `clearRecords` start another epoch; `migrate`
     does not, and takes the income along.
     Nothing is owed here: all that is here belongs to the payee of the moment.
@custom:security Anyone may flush, and nobody gains by it. An owner who changes the
     target pays the old one first, in ETH and in the tokens that it names; who is paid
     in others flushes them as they come. What the old target refuses moves on with the
     forwarder, else a blacklisted or broken one would hold it for ever; a starved
     payment is no refusal. The fallback is paid only where the registry says that the
     name is free or the epoch another, never because a call failed. Payees, tokens and resolvers are
     hostile: every function is locked, no return data beyond a word is copied, and a
     payee that is the forwarder itself is refused.
"""

from ...interfaces import IForwarder
from ...interfaces import INames
from ..lib import assets

implements: IForwarder

# What an old target may burn when it is left; enough for a wallet with hooks.
PUSH_GAS: constant(uint256) = 120_000          # ETH
TOKEN_PUSH_GAS: constant(uint256) = 500_000    # some tokens pay out rewards in a transfer

MAX_TOKENS: constant(uint256) = 16    # that all burn their gas still fit one transaction
HEAD: constant(uint256) = 50          # bytes of the clone before its terms
TERMS: constant(uint256) = 56
AT_EPOCH: constant(uint256) = 160     # above the payee

_IMPLEMENTATION: immutable(address)
_NAMES: immutable(INames)

_target: address           # zero until the first `retarget`
_owner: address            # zero until the first `acceptOwnership`
_pending_owner: address


@deploy
def __init__(names: address):
    """
    @notice Fix the registry of names, and remember which calls are not made through
            a forwarder.
    @param names The registry; must have code.
    """
    assert names.is_contract, "income: names has no code"
    _IMPLEMENTATION = self
    _NAMES = INames(names)


@external
def flush(token: address) -> uint256:
    """
    @notice Pay all there is of a token, with all the gas of the call. Anyone may.
    @param token The token; zero for ETH.
    @return Smallest units paid; 0 when there is nothing.
    @custom:reverts When there is nobody to pay (see `target`), the payee or the token
            refuses, or the token has no code.
    """
    return self._flush(token, self._payee())


@external
def flush_many(tokens: DynArray[address, MAX_TOKENS]):
    """
    @notice Pay all there is of each token. One that reverts reverts all.
    @param tokens The tokens; zero for ETH.
    @custom:reverts As `flush`.
    """
    payee: address = self._payee()
    for token: address in tokens:
        self._flush(token, payee)


@external
def acceptOwnership():
    """
    @notice Become the owner, as the candidate.
    @custom:reverts When the sender is not the candidate.
    """
    old_owner: address = self._owner_now()
    candidate: address = self._pending_owner
    assert candidate != empty(address) and msg.sender == candidate, "income: not candidate"
    self._pending_owner = empty(address)
    self._owner = msg.sender
    log IForwarder.OwnershipTransferred(previousOwner=old_owner, newOwner=msg.sender)


@external
def retarget(target: address, tokens: DynArray[address, MAX_TOKENS]):
    """
    @notice Pay another target from now on. What is here is the old one's: it is first
            paid all ETH and the tokens named. Only the owner.
    @param target Who is paid from now on; not zero.
    @param tokens What to pay the old target, beside ETH.
    @custom:reverts When the sender is not the owner, the target is zero or the
            forwarder itself, a token has no code, or the gas given is too little to
            pay the old target. Its refusal does not revert: see `Refused`.
    """
    self._check_owner()
    assert target != empty(address), "income: zero address"
    assert target != self, "income: pays itself"
    old_target: address = self._payee()
    self._target = target
    log IForwarder.TargetSet(old_target=old_target, target=target)
    self._leave(empty(address), old_target)
    for token: address in tokens:
        self._leave(token, old_target)


@external
def transferOwnership(candidate: address):
    """
    @notice Offer the forwarder to another owner, who must accept (ERC-173, in two
            steps). Only the owner.
    @param candidate Zero withdraws the offer.
    @custom:reverts When the sender is not the owner.
    """
    owner: address = self._check_owner()
    self._pending_owner = candidate
    log IForwarder.OwnershipTransferStarted(previousOwner=owner, newOwner=candidate)


@external
@view
@reentrant
def target() -> address:
    """
    @notice Who would be paid now.
    @return The owner's choice; of a forwarder of a name what the name resolves to, or
            the fallback where the epoch is over.
    @custom:reverts When the name is in grace or resolves to nothing, or when the
            payee is the forwarder itself.
    """
    return self._payee()


@external
@view
@reentrant
def pending(token: address) -> uint256:
    """
    @notice What `flush` would pay.
    @param token The token; zero for ETH.
    @return Smallest units.
    @custom:reverts When the token has no code.
    """
    self._check_clone()
    return assets._balance(token)


@external
@view
@reentrant
def bound() -> (bytes32, uint256, address):
    """
    @notice The name that this forwarder follows.
    @return Its node, the epoch in which it is followed, and who is paid after that
            epoch; zeros if an owner names the target.
    """
    subject: uint256 = 0
    word: uint256 = 0
    subject, word = self._terms()
    if word >> AT_EPOCH == 0:
        return empty(bytes32), 0, empty(address)
    return convert(subject, bytes32), word >> AT_EPOCH, self._address(word)


@external
@view
@reentrant
def owner() -> address:
    """
    @notice Who may name another target. (ERC-173)
    @return Zero for a forwarder of a name.
    """
    return self._owner_now()


@external
@view
@reentrant
def pendingOwner() -> address:
    """
    @notice To whom the forwarder is offered.
    @return Zero if to nobody.
    """
    self._check_clone()
    return self._pending_owner


@external
@view
@reentrant
def names() -> address:
    """
    @notice The registry that forwarders of names ask.
    @return Its address; it can never change.
    """
    return _NAMES.address


@internal
def _flush(token: address, payee: address) -> uint256:
    amount: uint256 = assets._balance(token)
    if amount != 0:
        assert self._pay(token, payee, amount, msg.gas), "income: payment refused"
        log IForwarder.Flushed(token=token, payee=payee, amount=amount)
    return amount


@internal
def _leave(token: address, old_target: address):
    # A refusal counts only of who was given the whole allowance: else the owner would
    # keep the old target's money by giving too little gas.
    amount: uint256 = assets._balance(token)
    if amount == 0:
        return
    allowance: uint256 = PUSH_GAS if token == empty(address) else TOKEN_PUSH_GAS
    assert msg.gas >= allowance * 64 // 63 + assets.CALL_GAS, "income: too little gas"
    if self._pay(token, old_target, amount, allowance):
        log IForwarder.Flushed(token=token, payee=old_target, amount=amount)
    else:
        log IForwarder.Refused(token=token, payee=old_target, amount=amount)


@internal
def _pay(token: address, payee: address, amount: uint256, allowance: uint256) -> bool:
    if token == empty(address):
        return raw_call(payee, b"", value=amount, gas=allowance, revert_on_failure=False)
    return assets._transfer(token, payee, amount, allowance)


@internal
@view
def _payee() -> address:
    subject: uint256 = 0
    word: uint256 = 0
    subject, word = self._terms()
    payee: address = self._address(word)    # the first target, or the fallback
    if word >> AT_EPOCH == 0:
        if self._target != empty(address):
            payee = self._target
    elif self._is_followed(convert(subject, bytes32), word >> AT_EPOCH):
        payee = self._resolved(convert(subject, bytes32))
    assert payee != self, "income: pays itself"
    return payee


@internal
@view
def _is_followed(node: bytes32, epoch: uint256) -> bool:
    # Only the registry's own answer ends an epoch. None at all reverts here.
    holder: address = empty(address)
    current: uint256 = 0
    holder, current = staticcall _NAMES.holder(node)
    if holder != empty(address):
        return current == epoch
    if staticcall _NAMES.epoch(node) == epoch:
        name: INames.Name = staticcall _NAMES.info(node)
        assert name.state == INames.State.FREE, "income: name in grace"
    return False


@internal
@view
def _resolved(node: bytes32) -> address:
    # One byte more than an address is read, to see longer answers.
    success: bool = False
    answer: Bytes[33] = b""
    success, answer = raw_call(
        staticcall _NAMES.resolver(node),
        abi_encode(node, method_id=method_id("addr(bytes32)")),
        max_outsize=33,
        is_static_call=True,
        revert_on_failure=False,
    )
    word: uint256 = 0
    if success and len(answer) == 32:
        word = extract32(answer, 0, output_type=uint256)
    assert word != 0 and word <= convert(max_value(uint160), uint256), "income: name unresolved"
    return self._address(word)


@internal
@view
def _check_owner() -> address:
    owner: address = self._owner_now()
    assert owner != empty(address) and msg.sender == owner, "income: not owner"
    return owner


@internal
@view
def _owner_now() -> address:
    subject: uint256 = 0
    word: uint256 = 0
    subject, word = self._terms()
    if word >> AT_EPOCH != 0:
        return empty(address)
    if self._owner != empty(address):
        return self._owner
    return self._address(subject)


@internal
@view
def _terms() -> (uint256, uint256):
    # From the clone's own code; under delegatecall `self.code` would be this code's.
    self._check_clone()
    me: address = self
    terms: Bytes[TERMS] = slice(me.code, HEAD, TERMS)
    return extract32(terms, 0, output_type=uint256), convert(slice(terms, 32, 24), uint256)


@internal
@view
def _check_clone():
    assert self != _IMPLEMENTATION, "income: not a forwarder"


@internal
@pure
def _address(word: uint256) -> address:
    return convert(word & convert(max_value(uint160), uint256), address)
