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

     In a term that nests a rule, `detail` is what that one weighs:

         depth 8 | questions 8 | conditions 8

     A registered rule is the code of a contract that CREATE2 puts where its id
     says, and that answers any call with the rule: no slot is read to find it, and
     nobody can change it. A rule nests only what was registered before it, so there
     are no cycles.

     An allow-list is a Merkle root. Proofs are checked first, each giving the root
     under which it puts the account; a term is YES if its root is among them.

     Invariant ACC-7.
@custom:security Any doubt denies: a reverting, starving, short or long answer and
     an address without code are errors, and so is an allow-list without its proof.
     Each question gets the same gas whoever asks; who brings less gets a revert.
     Balances and passes can be borrowed for one transaction, and a rule is as honest as the
     contracts that it asks: read it by `rule` before you trust its id.
"""

from snekmate.utils import merkle_proof_verification
from ...interfaces import IGate
from ..lib import gate_terms

implements: IGate

MAX_TERMS: constant(uint256) = 16
MAX_WORDS: constant(uint256) = 2 * MAX_TERMS
TERM: constant(uint256) = 64                   # bytes of a packed term
MAX_BYTES: constant(uint256) = 64 + TERM * MAX_TERMS    # the first 64 are never used

MAX_DEPTH: constant(uint256) = 3
MAX_QUESTIONS: constant(uint256) = 64
MAX_CONDITIONS: constant(uint256) = 10
MAX_PROOFS: constant(uint256) = 8
MAX_PROOF: constant(uint256) = 32              # words: a list of up to 2**32 accounts

AT_DETAIL: constant(uint256) = 160
OPENS: constant(uint256) = 1 << 232
NEGATED: constant(uint256) = 1 << 233
AT_KIND: constant(uint256) = 240

AT_QUESTIONS: constant(uint256) = 8
AT_CONDITIONS: constant(uint256) = 16

MASK_8: constant(uint256) = 2**8 - 1
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
    return self._value(account, self._load(id), []) == IGate.Value.YES


@external
@view
def check_with(
    account: address,
    id: bytes32,
    proofs: DynArray[DynArray[bytes32, MAX_PROOF], MAX_PROOFS],
) -> bool:
    """
    @notice Whether the account may in, by a rule that asks allow-lists.
    @param account The account, not zero.
    @param id A registered rule; reverts for another.
    @param proofs That roots hold the account, in any order; one that the rule does
           not ask for is harmless. As of OpenZeppelin's StandardMerkleTree over
           values of the one type `address`.
    @return True if the rule's value is YES: any doubt denies.
    """
    self._check_account(account)
    proven: DynArray[bytes32, MAX_PROOFS] = self._proven(account, proofs)
    return self._value(account, self._load(id), proven) == IGate.Value.YES


@external
@view
def explain(
    account: address,
    id: bytes32,
    proofs: DynArray[DynArray[bytes32, MAX_PROOF], MAX_PROOFS] = [],
) -> DynArray[IGate.Value, MAX_TERMS]:
    """
    @notice The value of each term, negation applied.
    @param account The account, not zero.
    @param id A registered rule; reverts for another.
    @param proofs As for `check_with`.
    @return In the order of `rule(id)`.
    """
    self._check_account(account)
    rule: Bytes[MAX_BYTES] = self._load(id)
    proven: DynArray[bytes32, MAX_PROOFS] = self._proven(account, proofs)
    values: DynArray[IGate.Value, MAX_TERMS] = []
    for i: uint256 in range(len(rule) // TERM, bound=MAX_TERMS):
        head: uint256 = extract32(rule, TERM * i, output_type=uint256)
        argument: uint256 = extract32(rule, TERM * i + 32, output_type=uint256)
        values.append(self._ask(account, head, argument, proven))
    return values


@external
@view
def evaluate(
    account: address,
    terms: DynArray[IGate.Term, MAX_TERMS],
    proofs: DynArray[DynArray[bytes32, MAX_PROOF], MAX_PROOFS] = [],
) -> IGate.Value:
    """
    @notice The value of a rule that need not be registered.
    @param account The account, not zero.
    @param terms The rule; reverts as `register`.
    @param proofs As for `check_with`.
    @return Its value.
    """
    self._check_account(account)
    return self._value(account, self._pack(terms), self._proven(account, proofs))


@external
@view
def value_of(
    account: address, id: bytes32, proven: DynArray[bytes32, MAX_PROOFS]
) -> IGate.Value:
    """
    @notice For the gate itself, where a rule nests another.
    @param account The account.
    @param id A registered rule.
    @param proven Roots that hold the account.
    @return The rule's value.
    """
    assert msg.sender == self, "gate: not the gate"   # it takes `proven` on trust
    return self._value(account, self._load(id), proven)


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
        kind: IGate.Kind = convert(head >> AT_KIND, IGate.Kind)
        detail: uint256 = (head >> AT_DETAIL) & MASK_72
        terms.append(
            IGate.Term(
                kind=kind,
                opens=head & OPENS != 0,
                negated=head & NEGATED != 0,
                target=convert(head & MASK_160, address),
                detail=0 if kind == IGate.Kind.RULE else detail,
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
@pure
def _proven(
    account: address, proofs: DynArray[DynArray[bytes32, MAX_PROOF], MAX_PROOFS]
) -> DynArray[bytes32, MAX_PROOFS]:
    # Hashed twice, so that no inner node is a leaf.
    leaf: bytes32 = keccak256(keccak256(abi_encode(account)))
    roots: DynArray[bytes32, MAX_PROOFS] = []
    for proof: DynArray[bytes32, MAX_PROOF] in proofs:
        roots.append(merkle_proof_verification._process_proof(proof, leaf))
    return roots


@internal
@view
def _value(
    account: address, rule: Bytes[MAX_BYTES], proven: DynArray[bytes32, MAX_PROOFS]
) -> IGate.Value:
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
        clause |= self._ask(account, head, argument, proven)
    if clause == IGate.Value.YES:
        return IGate.Value.YES
    if IGate.Value.ERROR in (before | clause):
        return IGate.Value.ERROR
    return IGate.Value.NO


@internal
@view
def _ask(
    account: address, head: uint256, argument: uint256, proven: DynArray[bytes32, MAX_PROOFS]
) -> IGate.Value:
    kind: IGate.Kind = convert(head >> AT_KIND, IGate.Kind)
    value: IGate.Value = IGate.Value.ERROR
    if kind == IGate.Kind.RULE:
        value = staticcall IGate(self).value_of(account, convert(argument, bytes32), proven)
    elif kind == IGate.Kind.ALLOW_LIST:
        if convert(argument, bytes32) in proven:
            value = IGate.Value.YES
    else:
        target: address = convert(head & MASK_160, address)
        detail: uint256 = (head >> AT_DETAIL) & MASK_72
        value = gate_terms._value(account, kind, target, detail, argument)
    if head & NEGATED != 0 and value != IGate.Value.ERROR:
        return value ^ (IGate.Value.YES | IGate.Value.NO)
    return value


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
    assert len(terms) != 0, "gate: no terms"
    assert terms[0].opens, "gate: first term opens"
    words: DynArray[uint256, MAX_WORDS] = []
    for term: IGate.Term in terms:
        kind: uint256 = convert(term.kind, uint256)
        assert kind != 0 and kind & (kind - 1) == 0, "gate: unknown kind"
        gate_terms._check(term)
        detail: uint256 = term.detail
        if term.kind == IGate.Kind.RULE:
            detail = self._weight(self._load(convert(term.argument, bytes32)))
        head: uint256 = convert(term.target, uint256) | (detail << AT_DETAIL) | (kind << AT_KIND)
        if term.opens:
            head |= OPENS
        if term.negated:
            head |= NEGATED
        words.append(head)
        words.append(term.argument)
    # without the ABI's offset and length
    rule: Bytes[MAX_BYTES] = slice(abi_encode(words), 64, 32 * len(words))
    self._weight(rule)   # reverts for what is too heavy
    return rule


@internal
@view
def _weight(rule: Bytes[MAX_BYTES]) -> uint256:
    depth: uint256 = 1
    questions: uint256 = 0
    conditions: uint256 = 0
    for i: uint256 in range(len(rule) // TERM, bound=MAX_TERMS):
        head: uint256 = extract32(rule, TERM * i, output_type=uint256)
        kind: IGate.Kind = convert(head >> AT_KIND, IGate.Kind)
        if kind == IGate.Kind.RULE:
            nested: uint256 = (head >> AT_DETAIL) & MASK_72
            depth = max(depth, (nested & MASK_8) + 1)
            questions += (nested >> AT_QUESTIONS) & MASK_8
            conditions += nested >> AT_CONDITIONS
            continue
        questions += gate_terms._questions(kind)
        if kind == IGate.Kind.CONDITION:
            conditions += 1
    assert depth <= MAX_DEPTH, "gate: nested too deeply"
    assert questions <= MAX_QUESTIONS, "gate: too many questions"
    assert conditions <= MAX_CONDITIONS, "gate: too many conditions"
    return depth | (questions << AT_QUESTIONS) | (conditions << AT_CONDITIONS)
