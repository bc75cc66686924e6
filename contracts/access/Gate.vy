# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Gate
@license AGPL-3.0-only
@notice One question for every application: may this account in, by this rule?
@dev A rule is an OR of ANDs of terms, each of which may be negated. A term asks
     another contract and has one of three values; negation leaves an error alone:

         clause    ERROR if any term is, else NO if any is, else YES
         rule      YES if any clause is, else ERROR if any is, else NO

     A rule's id is the hash of its terms, packed in two words each:

         target 160 | detail 72 | opens 1 | negated 1 | 0 (6) | kind 16
         argument 256

     A registered rule is the code of a contract that CREATE2 puts where its id
     says, and that answers any call with the rule: no slot is read to find it, and
     nobody can change it.

     Invariant ACC-7.
@custom:security Any doubt denies: a reverting, starving, short or long answer and
     an address without code are errors. Each question gets the same gas whoever
     asks; who brings less gets a revert. Balances can be borrowed for one
     transaction, and a rule is as honest as the contracts that it asks: read it
     by `rule` before you trust its id.
"""

from ...interfaces import IGate

implements: IGate

MAX_TERMS: constant(uint256) = 16
MAX_WORDS: constant(uint256) = 2 * MAX_TERMS
TERM: constant(uint256) = 64                   # bytes of a packed term
MAX_BYTES: constant(uint256) = 64 + TERM * MAX_TERMS    # the first 64 are never used
TERM_GAS: constant(uint256) = 100_000          # for the dearest proxied tokens
# What a caller must have left, so that TERM_GAS is there after the call's own
# cost, a cold EIP-7702 delegate's too, and the 64th that EIP-150 keeps back.
ENOUGH_GAS: constant(uint256) = TERM_GAS * 64 // 63 + 5_000 + 2_600
LAST_PRECOMPILE: constant(uint256) = 2**16     # some answer one word to any question

AT_DETAIL: constant(uint256) = 160
OPENS: constant(uint256) = 1 << 232
NEGATED: constant(uint256) = 1 << 233
AT_KIND: constant(uint256) = 240

MASK_72: constant(uint256) = 2**72 - 1
MASK_160: constant(uint256) = 2**160 - 1

# A rule's contract: this, and the rule, which it returns.
#   CODECOPY(0, 11, codesize - 11), RETURN(0, codesize - 11)
READER: constant(Bytes[11]) = x"600b380380600b5f395ff3"

# Init code that asks its creator for `code_of_rule` and becomes that. It is the
# same for every rule, so that the salt alone decides the address.
#   PUSH4 selector, MSTORE at 0, STATICCALL(gas, caller, 28, 4, 0, 0), POP,
#   RETURNDATACOPY(0, 0, size), RETURN(0, size)
MAKER: constant(Bytes[24]) = x"6367cdf1ae5f525f5f6004601c335afa503d5f5f3e3d5ff3"

_code: transient(Bytes[1099])   # reader and rule, while it is being registered


@external
def register(terms: DynArray[IGate.Term, MAX_TERMS]) -> bytes32:
    """
    @notice Register a rule for good. Anyone may; doing so again changes nothing.
    @param terms The rule. Reverts for one without terms and for one that says
           something which has no meaning.
    @return Its id.
    """
    rule: Bytes[MAX_BYTES] = self._pack(terms)
    id: bytes32 = keccak256(rule)
    if self._store(id).codesize != 0:
        return id
    self._code = concat(READER, rule)
    store: address = raw_create(MAKER, salt=id)
    # with little gas, the maker hears nothing and would leave an empty contract
    assert store.codesize == len(READER) + len(rule), "gate: too little gas"
    self._code = b""
    log IGate.RuleRegistered(id=id, terms=terms)
    return id


@external
@view
@raw_return
def code_of_rule() -> Bytes[1099]:
    """
    @notice For the contract that becomes a rule, while it is being created.
    @return Reader and rule, as raw bytes; nothing at any other time.
    """
    return self._code


@external
@view
def check(account: address, id: bytes32) -> bool:
    """
    @notice Whether the account may in.
    @param account The account, not zero.
    @param id A registered rule; reverts for another.
    @return True if the rule's value is YES: any doubt denies.
    """
    self._check_account(account)
    return self._value(account, self._load(id)) == IGate.Value.YES


@external
@view
def explain(account: address, id: bytes32) -> DynArray[IGate.Value, MAX_TERMS]:
    """
    @notice The value of each term, negation applied.
    @param account The account, not zero.
    @param id A registered rule; reverts for another.
    @return In the order of `rule(id)`.
    """
    self._check_account(account)
    rule: Bytes[MAX_BYTES] = self._load(id)
    values: DynArray[IGate.Value, MAX_TERMS] = []
    for i: uint256 in range(len(rule) // TERM, bound=MAX_TERMS):
        head: uint256 = extract32(rule, TERM * i, output_type=uint256)
        argument: uint256 = extract32(rule, TERM * i + 32, output_type=uint256)
        values.append(self._ask(account, head, argument))
    return values


@external
@view
def evaluate(account: address, terms: DynArray[IGate.Term, MAX_TERMS]) -> IGate.Value:
    """
    @notice The value of a rule that need not be registered.
    @param account The account, not zero.
    @param terms The rule; reverts as `register`.
    @return Its value.
    """
    self._check_account(account)
    return self._value(account, self._pack(terms))


@external
@view
def rule(id: bytes32) -> DynArray[IGate.Term, MAX_TERMS]:
    """
    @notice The terms of a registered rule.
    @param id The rule; reverts for an unknown one.
    @return Its terms, as registered.
    """
    rule: Bytes[MAX_BYTES] = self._load(id)
    terms: DynArray[IGate.Term, MAX_TERMS] = []
    for i: uint256 in range(len(rule) // TERM, bound=MAX_TERMS):
        head: uint256 = extract32(rule, TERM * i, output_type=uint256)
        terms.append(
            IGate.Term(
                kind=convert(head >> AT_KIND, IGate.Kind),
                opens=head & OPENS != 0,
                negated=head & NEGATED != 0,
                target=convert(head & MASK_160, address),
                detail=(head >> AT_DETAIL) & MASK_72,
                argument=extract32(rule, TERM * i + 32, output_type=uint256),
            )
        )
    return terms


@external
@view
def rule_id(terms: DynArray[IGate.Term, MAX_TERMS]) -> bytes32:
    """
    @notice The id that a rule has or would have.
    @param terms The rule; reverts as `register`.
    @return The hash of its packed terms.
    """
    return keccak256(self._pack(terms))


@internal
@pure
def _check_account(account: address):
    # Burned tokens lie at zero, and a bad signature recovers to it.
    assert account != empty(address), "gate: zero account"


@internal
@view
def _value(account: address, rule: Bytes[MAX_BYTES]) -> IGate.Value:
    # A flag holds a set: the values of a clause's terms, and of those before it.
    clause: IGate.Value = empty(IGate.Value)
    before: IGate.Value = empty(IGate.Value)
    for i: uint256 in range(len(rule) // TERM, bound=MAX_TERMS):
        head: uint256 = extract32(rule, TERM * i, output_type=uint256)
        if i != 0 and head & OPENS != 0:
            if clause == IGate.Value.YES:
                return IGate.Value.YES
            before |= clause
            clause = empty(IGate.Value)
        argument: uint256 = extract32(rule, TERM * i + 32, output_type=uint256)
        clause |= self._ask(account, head, argument)
    if clause == IGate.Value.YES:
        return IGate.Value.YES
    if IGate.Value.ERROR in (before | clause):
        return IGate.Value.ERROR
    return IGate.Value.NO


@internal
@view
def _ask(account: address, head: uint256, argument: uint256) -> IGate.Value:
    pass_asked: bool = head >> AT_KIND == convert(IGate.Kind.VALID_PASS, uint256)
    question: bytes4 = method_id("balanceOf(address)", output_type=bytes4)
    if pass_asked:
        question = method_id("valid_holder(address)", output_type=bytes4)
    success: bool = False
    answer: Bytes[33] = b""   # one byte more than is right, to see what is too long
    assert msg.gas >= ENOUGH_GAS, "gate: too little gas"
    success, answer = raw_call(
        convert(head & MASK_160, address),
        concat(question, convert(account, bytes32)),
        max_outsize=33,
        gas=TERM_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success or len(answer) != 32:
        return IGate.Value.ERROR
    amount: uint256 = extract32(answer, 0, output_type=uint256)
    if pass_asked and amount > 1:
        return IGate.Value.ERROR
    least: uint256 = max(argument, 1)
    if (amount >= least) == (head & NEGATED == 0):
        return IGate.Value.YES
    return IGate.Value.NO


@internal
@view
def _load(id: bytes32) -> Bytes[MAX_BYTES]:
    rule: Bytes[MAX_BYTES] = raw_call(
        self._store(id), b"", max_outsize=MAX_BYTES, is_static_call=True
    )
    assert len(rule) != 0, "gate: unknown rule"
    return rule


@internal
@view
def _store(id: bytes32) -> address:
    # CREATE2 (EIP-1014); most of it is known at compile time
    digest: bytes32 = keccak256(concat(0xff, convert(self, bytes20), id, keccak256(MAKER)))
    return convert(convert(digest, uint256) & MASK_160, address)


@internal
@view
def _pack(terms: DynArray[IGate.Term, MAX_TERMS]) -> Bytes[MAX_BYTES]:
    # One meaning has one encoding: what a kind does not use is zero.
    assert len(terms) != 0, "gate: no terms"
    assert terms[0].opens, "gate: first term opens"
    words: DynArray[uint256, MAX_WORDS] = []
    for term: IGate.Term in terms:
        kind: uint256 = convert(term.kind, uint256)
        target: uint256 = convert(term.target, uint256)
        assert kind != 0 and kind & (kind - 1) == 0, "gate: unknown kind"
        assert target > LAST_PRECOMPILE, "gate: target out of range"
        assert term.detail == 0, "gate: unused field set"
        if term.kind == IGate.Kind.VALID_PASS:
            assert term.argument == 0, "gate: unused field set"
        else:
            assert term.argument != 0, "gate: balance of zero"
        head: uint256 = target | (kind << AT_KIND)
        if term.opens:
            head |= OPENS
        if term.negated:
            head |= NEGATED
        words.append(head)
        words.append(term.argument)
    # without the ABI's offset and length
    return slice(abi_encode(words), 64, 32 * len(words))
