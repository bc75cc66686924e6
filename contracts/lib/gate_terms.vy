# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title What each kind of a rule's term means
@license AGPL-3.0-only
@notice For each kind: which terms have a meaning, what they cost to ask, and their
        value before negation. Allow-lists and nested rules are the gate's.
@custom:security A term is as honest as the contract that it asks. Balances of
     tokens, an owner, a primary name, and a pass that is not soulbound (no granted
     one is) can be borrowed for one transaction. Only past votes and soulbound passes
     cannot: where value moves, ask for those. What can be borrowed can be put away,
     too, and a pass need not be pointed to: keep people out by a list.
"""

from ...interfaces import IGate
from . import primary_names
from . import questions

LAST_PRECOMPILE: constant(uint256) = 2**16     # some answer one word to any question
MAX_EPOCH: constant(uint256) = 2**32 - 1
MAX_LAG: constant(uint256) = 2**48 - 1         # of an ERC-6372 clock
MAX_DETAIL: constant(uint256) = 2**72 - 1      # what a packed term has room for


@internal
@view
def _check(term: IGate.Term):
    # One meaning has one encoding: what a kind does not use is zero.
    kind: IGate.Kind = term.kind
    asks: bool = kind not in (IGate.Kind.ALLOW_LIST | IGate.Kind.TIME_WINDOW | IGate.Kind.RULE)
    if asks:
        assert convert(term.target, uint256) > LAST_PRECOMPILE, "gate: target out of range"
    else:
        assert term.target == empty(address), "gate: unused field set"

    assert term.detail <= MAX_DETAIL, "gate: detail out of range"
    if kind == IGate.Kind.ERC1155_BALANCE:
        assert term.detail != 0, "gate: balance of zero"
    elif kind == IGate.Kind.NAME_OWNER:
        assert term.detail <= MAX_EPOCH, "gate: epoch out of range"
    elif kind == IGate.Kind.PAST_VOTES:
        # votes that are held now can be borrowed
        assert term.detail != 0 and term.detail <= MAX_LAG, "gate: lag out of range"
    elif kind == IGate.Kind.TIME_WINDOW:
        assert term.detail < term.argument, "gate: empty window"
    else:
        assert term.detail == 0, "gate: unused field set"

    if kind == IGate.Kind.VALID_PASS:
        assert term.argument == 0, "gate: unused field set"
    elif kind in (IGate.Kind.ERC20_BALANCE | IGate.Kind.ERC721_BALANCE | IGate.Kind.PAST_VOTES):
        assert term.argument != 0, "gate: balance of zero"
    elif kind == IGate.Kind.ALLOW_LIST:
        # whoever gives no proof would be in
        assert not term.negated, "gate: negated allow-list"
        assert term.argument != 0, "gate: zero root"


@internal
@view
def _questions(kind: IGate.Kind) -> uint256:
    # How many calls a term makes at most; one that makes none counts as one.
    if kind == IGate.Kind.PRIMARY_NAME:
        return 4
    if kind in (IGate.Kind.NAME_OWNER | IGate.Kind.PAST_VOTES):
        return 2
    return 1


@internal
@view
def _value(
    account: address, kind: IGate.Kind, target: address, detail: uint256, argument: uint256
) -> IGate.Value:
    if kind == IGate.Kind.VALID_PASS:
        return self._yes(target, concat(method_id("valid_holder(address)"), convert(account, bytes32)))
    if kind in (IGate.Kind.ERC20_BALANCE | IGate.Kind.ERC721_BALANCE):
        question: Bytes[36] = concat(method_id("balanceOf(address)"), convert(account, bytes32))
        return self._at_least(target, question, argument)
    if kind == IGate.Kind.TIME_WINDOW:
        return self._of(detail <= block.timestamp and block.timestamp < argument)
    if kind == IGate.Kind.PAST_VOTES:
        return self._past_votes(account, target, detail, argument)
    if kind == IGate.Kind.NAME_OWNER:
        return self._name_owner(account, target, detail, argument)
    if kind == IGate.Kind.PRIMARY_NAME:
        good: bool = False
        below: bool = False
        good, below = primary_names._is_below(target, account, convert(argument, bytes32))
        return self._of(below) if good else IGate.Value.ERROR
    return self._of_account_and_argument(account, kind, target, detail, argument)


@internal
@view
def _of_account_and_argument(
    account: address, kind: IGate.Kind, target: address, detail: uint256, argument: uint256
) -> IGate.Value:
    who: bytes32 = convert(account, bytes32)
    what: bytes32 = convert(argument, bytes32)
    if kind == IGate.Kind.ERC1155_BALANCE:
        question: Bytes[68] = concat(method_id("balanceOf(address,uint256)"), who, what)
        return self._at_least(target, question, detail)
    if kind == IGate.Kind.ERC721_OWNER:
        return self._is_account(account, target, concat(method_id("ownerOf(uint256)"), what))
    if kind == IGate.Kind.LISTED:
        return self._yes(target, concat(method_id("contains(bytes32,address)"), what, who))
    return self._yes(target, concat(method_id("allows(address,bytes32)"), who, what))


@internal
@view
def _past_votes(
    account: address, token: address, lag: uint256, least: uint256
) -> IGate.Value:
    good: bool = False
    now: uint256 = 0
    good, now = questions._word(token, method_id("clock()", output_type=Bytes[4]))
    if not good or now > MAX_LAG or now < lag:
        return IGate.Value.ERROR
    return self._at_least(
        token,
        concat(
            method_id("getPastVotes(address,uint256)"),
            convert(account, bytes32),
            convert(now - lag, bytes32),
        ),
        least,
    )


@internal
@view
def _name_owner(
    account: address, names: address, epoch: uint256, node: uint256
) -> IGate.Value:
    what: bytes32 = convert(node, bytes32)
    value: IGate.Value = self._is_account(account, names, concat(method_id("owner(bytes32)"), what))
    if epoch == 0 or value != IGate.Value.YES:
        return value
    good: bool = False
    present: uint256 = 0
    good, present = questions._word(names, concat(method_id("epoch(bytes32)"), what))
    return self._of(present == epoch) if good else IGate.Value.ERROR


@internal
@view
def _is_account(
    account: address, target: address, question: Bytes[36]
) -> IGate.Value:
    good: bool = False
    found: address = empty(address)
    good, found = questions._account(target, question)
    return self._of(found == account) if good else IGate.Value.ERROR


@internal
@view
def _at_least(
    target: address, question: Bytes[questions.MAX_QUESTION], least: uint256
) -> IGate.Value:
    good: bool = False
    amount: uint256 = 0
    good, amount = questions._word(target, question)
    return self._of(amount >= least) if good else IGate.Value.ERROR


@internal
@view
def _yes(target: address, question: Bytes[questions.MAX_QUESTION]) -> IGate.Value:
    # A bool that is neither false nor true is no answer.
    good: bool = False
    answer: uint256 = 0
    good, answer = questions._word(target, question)
    if not good or answer > 1:
        return IGate.Value.ERROR
    return self._of(answer == 1)


@internal
@view
def _of(fact: bool) -> IGate.Value:
    if fact:
        return IGate.Value.YES
    return IGate.Value.NO
