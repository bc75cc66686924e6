# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Names
@license AGPL-3.0-only
@notice Registry, registrar and ERC-721 of a name system in one: the one truth
        about who owns a name, spoken in ENS's interface.
@dev Every second is one of three for a registered name that expires at e:

         FREE --register--> LIVE (t < e) --> GRACE (t < e + 90 days) --> FREE
                             ^  ^--renew--'        |
                             '-------renew---------'

     In GRACE the name has no owner and only `renew` is possible, in favour of
     the last owner.

     Below a name its owner makes sub-names, in one of two modes:

         managed       lives while the name above does, in its registration; the
                       owner above may take it back at any time; no token
         emancipated   lives until its own expiry, never beyond that above, with a
                       grace of its own; nobody above has power over it; a token

     Storage, lowest bits first:

         name       owner 160 | expiry 40 | epoch 32 | rate cap 22 | mode 2
         sub-name   owner 160 | expiry 40 | epoch 32 | link 22     | mode 2
         link       registration of the parent 12 | levels below the second 10
         epoch      change 20 | registration 12
         record     resolver 160 | ttl 64 | epoch 32
         approval   approved 160 | epoch 32
         label      a word for up to 31 bytes, see `packed_bytes`

     Mode 0 with an owner is a fixed node, written by the constructor and by
     nothing else. A record or an approval counts in the epoch it was written in.
     Who clears records a million times (7 billion gas) uses an epoch up: until it is
     registered anew the name can then only `migrate`, and a managed one be taken back.
     Look at `epoch` before buying.
     The registration number lets what hangs below a name (a sub-name) end with a
     registration without ending with each transfer. It cannot overflow: 4,095
     registrations last 1,300 years. That of a sub-name grows with the parent's, and
     after each time that it was emancipated, which takes 90 days at least.

     Invariants NAM-1 to NAM-5, NAM-8: docs/invariants.md.
@custom:security Nobody is above an owner: the DAO names a price module and a
     treasury, both reached through the kernel. Prices are asked by gas-capped
     static calls and believed within bounds only; a renewal never costs more
     than the cap in the name's own word and never needs an answer. A treasury
     that fails stops `sweep` and nothing else. The resolver that a registrant
     chooses is called last, under the lock, and only by `multicallWithNodeCheck`.
     Who buys a name asks `emancipated_until` what was given away below it.
"""

from ...interfaces import INames
from ...interfaces import IReverseResolver
from ..lib import erc721_receiver
from ..lib import kernel_client
from ..lib import name_metadata
from ..lib import packed_bytes

implements: INames

initializes: kernel_client
initializes: packed_bytes

exports: (kernel_client.kernel, kernel_client.namespace)


# What a registrant's resolver must understand, if it shall write records.
interface Writer:
    def multicallWithNodeCheck(node: bytes32, data: DynArray[Bytes[512], 8]): nonpayable


DAY: constant(uint256) = 86_400
YEAR: constant(uint256) = 365 * DAY
GRACE: constant(uint256) = 90 * DAY          # time to notice that a renewal was missed
PREMIUM_TIME: constant(uint256) = 21 * DAY   # after it a released name costs as a new one
COMMIT_MIN: constant(uint256) = 60           # a reveal cannot be overtaken within a block
COMMIT_MAX: constant(uint256) = DAY          # an old secret may have leaked
DURATION_MIN: constant(uint256) = 28 * DAY   # shorter ones only serve to grab names
DURATION_MAX: constant(uint256) = 10 * YEAR  # one payment, at one price
EXPIRY_MAX: constant(uint256) = 100 * YEAR   # ahead of now; fits 40 bits for 34,000 years

RATE_UNIT: constant(uint256) = 10**12        # wei per year in one unit of a rate cap
PRICING_GAS: constant(uint256) = 50_000      # a table needs a tenth; a burner costs no more

PRICING: constant(bytes32) = 0x6e616d65732e70726963696e6700000000000000000000000000000000000000  # "names.pricing"
TREASURY: constant(bytes32) = 0x7472656173757279000000000000000000000000000000000000000000000000  # "treasury"

MAX_LABEL: constant(uint256) = 63            # bytes, as in DNS
LABEL_ARGUMENT: constant(uint256) = 127      # longer than a label, to refuse by name

SECOND_LEVEL: constant(uint256) = 1          # modes: a registered name,
MANAGED: constant(uint256) = 2               # and both kinds of sub-names
EMANCIPATED: constant(uint256) = 3

MAX_DEPTH: constant(uint256) = 8             # levels below the second: a read walks them up

# Places of fields in their words.
AT_EXPIRY: constant(uint256) = 160
AT_EPOCH: constant(uint256) = 200
AT_RATE: constant(uint256) = 232
AT_MODE: constant(uint256) = 254
AT_TTL: constant(uint256) = 160
AT_RECORD_EPOCH: constant(uint256) = 224
AT_APPROVAL_EPOCH: constant(uint256) = 160
AT_REGISTRATION: constant(uint256) = 20      # in an epoch
AT_DEPTH: constant(uint256) = 12             # in a link

MASK_CHANGE: constant(uint256) = 2**20 - 1
MASK_REGISTRATION: constant(uint256) = 2**12 - 1
MASK_RATE: constant(uint256) = 2**22 - 1     # and of a link, in the same place
MASK_32: constant(uint256) = 2**32 - 1
MASK_40: constant(uint256) = 2**40 - 1
MASK_64: constant(uint256) = 2**64 - 1
MASK_160: constant(uint256) = 2**160 - 1

ROOT: constant(bytes32) = empty(bytes32)
REVERSE: constant(bytes32) = 0xa097f6721ce401e757d1223a763fef49b8b5f90bb18567ddb86fd205dff71d34
ADDR_REVERSE: constant(bytes32) = 0x91d1777781884d03a6757a803996e38de2a42967fb37eeaca72729271025a9e2
ETH: constant(bytes32) = 0x93cdeb708b7545dc668eb9280176169d1c33cfd8ed6f04690a0bcc88a93fc4ae
RESOLVER_ETH: constant(bytes32) = 0xfdd5d5de6dd63db72bbc2d487944ba13bf775b50a80805fe6fcaba9b0fba88f5

# The registry's event, beside ERC-721's of the same name.
REGISTRY_TRANSFER: constant(bytes32) = keccak256("Transfer(bytes32,address)")

# A one in each byte of a word, the highest bit in each, and what a label may not hold.
ONES: constant(uint256) = max_value(uint256) // 255   # 0x0101...01
TOPS: constant(uint256) = 128 * ONES
HYPHEN: constant(uint256) = 45
TWO_HYPHENS: constant(uint256) = 45 * 256 + 45

_TOP_NODE: immutable(bytes32)
_TOP_LABEL: immutable(String[MAX_LABEL])
_RESOLVER: immutable(address)
_REVERSE_RESOLVER: immutable(address)

_names: HashMap[bytes32, uint256]                          # node -> name word
_records: HashMap[bytes32, uint256]                        # node -> record word
_approvals: HashMap[bytes32, uint256]                      # node -> approval word
_migrations: HashMap[bytes32, uint256]                     # node -> how often migrated
_parents: HashMap[bytes32, bytes32]                        # sub-name -> the node above
_emancipated: HashMap[bytes32, uint256]                    # node -> end of what is below, seconds
_balances: HashMap[address, uint256]                       # tokens not yet registered anew
_operators: HashMap[address, HashMap[address, bool]]       # owner -> operator -> allowed
_commitments: HashMap[bytes32, uint256]                    # commitment -> when, seconds


@deploy
def __init__(
    kernel: address,
    namespace: bytes32,
    label: String[LABEL_ARGUMENT],
    resolver_blueprint: address,
    reverse_blueprint: address,
):
    """
    @notice Fix the top-level label, create both resolvers, write the fixed nodes.
    @param kernel The kernel; must have code.
    @param namespace The system namespace, in which prices and treasury are named.
    @param label The top-level label, e.g. "os"; by the rule of all labels.
    @param resolver_blueprint ERC-5202 blueprint of `Resolver`.
    @param reverse_blueprint ERC-5202 blueprint of `ReverseResolver`.
    """
    kernel_client.__init__(kernel, namespace)
    self._check_label(label)
    _TOP_LABEL = abi_decode(abi_encode(label), String[MAX_LABEL])
    _TOP_NODE = keccak256(concat(ROOT, keccak256(label)))
    assert _TOP_NODE != ETH, "names: label is reserved"
    assert _TOP_NODE != REVERSE, "names: label is reserved"
    _RESOLVER = create_from_blueprint(resolver_blueprint, self)
    _REVERSE_RESOLVER = create_from_blueprint(reverse_blueprint, self)

    for node: bytes32 in [ROOT, _TOP_NODE, REVERSE, ETH]:
        self._fix(node, self)
    self._fix(ADDR_REVERSE, _REVERSE_RESOLVER)   # clients look for the registrar here
    self._fix(RESOLVER_ETH, _RESOLVER)           # and for the public resolver here


# ----- for everybody -----

@external
@reentrant
def commit(commitment: bytes32):
    """
    @notice Announce a registration without saying which.
    @param commitment From `commitment`; not zero. While it is live, doing it again
           changes nothing, so that nobody can make a reveal wait.
    """
    assert commitment != empty(bytes32), "names: zero commitment"
    committed: uint256 = self._commitments[commitment]
    if committed == 0 or block.timestamp > committed + COMMIT_MAX:
        self._commitments[commitment] = block.timestamp


@external
@payable
def register(registration: INames.Registration) -> bytes32:
    """
    @notice Register a free name, 60 seconds to 24 hours after the sender committed
            to it. Send the exact price, with the premium of the commitment's second.
    @param registration As committed.
    @return The name's node.
    @dev The chosen resolver is called last. The owner is not called: as in ENS,
         who registers for a contract knows that it can hold a name.
    """
    self._check_label(registration.label)
    assert registration.owner != empty(address), "names: zero owner"
    commitment: bytes32 = keccak256(abi_encode(registration, msg.sender, chain.id, self))
    committed: uint256 = self._commitments[commitment]
    assert committed != 0, "names: no commitment"
    assert block.timestamp >= committed + COMMIT_MIN, "names: commitment too new"
    assert block.timestamp <= committed + COMMIT_MAX, "names: commitment too old"
    self._commitments[commitment] = 0

    label: bytes32 = keccak256(registration.label)
    node: bytes32 = keccak256(concat(_TOP_NODE, label))
    old: uint256 = self._names[node]
    assert self._state(node, old) == INames.State.FREE, "names: not available"
    duration: uint256 = registration.duration
    base: uint256 = 0
    premium: uint256 = 0
    base, premium = self._registration_price(
        old, len(registration.label), duration, committed
    )
    max_price: uint256 = registration.max_price
    assert premium <= max_price and base <= max_price - premium, "names: above max price"
    self._check_paid(base + premium)

    # Rounded up, so that the cap is never below the first price.
    rate: uint256 = (base * YEAR + duration * RATE_UNIT - 1) // (duration * RATE_UNIT)
    epoch: uint256 = self._next_registration(old)
    expiry: uint256 = block.timestamp + duration
    self._names[node] = (
        convert(registration.owner, uint256)
        | (expiry << AT_EXPIRY)
        | (epoch << AT_EPOCH)
        | (rate << AT_RATE)
        | (SECOND_LEVEL << AT_MODE)
    )
    if old == 0:
        packed_bytes._store(node, convert(registration.label, Bytes[LABEL_ARGUMENT]))
    else:
        self._burn(node, old)
    self._mint(node, registration.owner)
    log INames.NewOwner(node=_TOP_NODE, label=label, owner=registration.owner)
    log INames.NameRegistered(
        node=node,
        owner=registration.owner,
        label=registration.label,
        expiry=expiry,
        epoch=epoch,
        rate=rate,
        price=msg.value,
    )

    resolver: address = registration.resolver
    if resolver == empty(address):
        resolver = _RESOLVER
    if resolver != _RESOLVER:
        self._set_record(node, epoch, resolver, 0)
        log INames.NewResolver(node=node, resolver=resolver)
    if registration.primary:
        extcall IReverseResolver(_REVERSE_RESOLVER).set_primary(
            msg.sender, concat(registration.label, ".", _TOP_LABEL)
        )
    if len(registration.data) != 0:
        assert resolver.is_contract, "names: resolver has no code"
        extcall Writer(resolver).multicallWithNodeCheck(node, registration.data)
    return node


@external
@payable
def renew(label: String[LABEL_ARGUMENT], duration: uint256):
    """
    @notice Renew a live name, or one in grace, for its owner; anyone may. Send the
            exact price: the price module's answer, the name's cap if that is less or
            if there is no answer. In grace the days missed are paid too: a renewal
            that ends in the past leaves the name in grace.
    @param label The name's label.
    @param duration Seconds to add to the expiry, 28 days to 10 years.
    """
    node: bytes32 = self._node(label)
    word: uint256 = self._names[node]
    price: uint256 = 0
    cap: uint256 = 0
    price, cap = self._renewal_price(node, word, len(label), duration)
    self._renew(node, word, duration, price)


@external
@payable
def renew_at_cap(label: String[LABEL_ARGUMENT], duration: uint256):
    """
    @notice Renew for exactly the name's cap, asking nobody: the way out when a
            hostile price module answers something else at every call.
    @param label The name's label.
    @param duration Seconds to add to the expiry, 28 days to 10 years.
    """
    node: bytes32 = self._node(label)
    word: uint256 = self._names[node]
    self._check_renewable(node, word, duration)
    self._renew(node, word, duration, self._cap(word, duration))


@external
def sweep() -> uint256:
    """
    @notice Send all proceeds to the treasury that the kernel names; anyone may.
    @return The amount, wei.
    """
    treasury: address = kernel_client._try_module(TREASURY)
    assert treasury.is_contract, "names: no treasury"
    amount: uint256 = self.balance
    assert amount != 0, "names: nothing to sweep"
    log INames.Swept(treasury=treasury, amount=amount)
    assert raw_call(treasury, b"", value=amount, revert_on_failure=False), "names: treasury refuses"
    return amount


# ----- for the owner of a name -----

@external
def migrate(node: bytes32, to: address):
    """
    @notice Move a name and keep its records; approvals and delegates die.
    @param node The name, live; the sender its owner or an operator of the owner.
    @param to The new owner, not zero: yourself, since records are inherited.
    """
    word: uint256 = self._controlled(node)
    self._approvals[node] = 0
    self._migrations[node] += 1
    log INames.Migrated(node=node, old_owner=convert(word & MASK_160, address), owner=to)
    self._move(node, word, to)


@external
def setOwner(node: bytes32, owner: address):
    """
    @notice Give a name away, as `transferFrom` does. (ENS registry)
    @param node The name, live; the sender its owner or an operator of the owner.
    @param owner The new owner, not zero.
    """
    word: uint256 = self._controlled(node)
    self._move(node, self._next_epoch(word), owner)


@external
def setRecord(node: bytes32, owner: address, resolver: address, ttl: uint64):
    """
    @notice Set owner, resolver and ttl at once; another owner starts an epoch, in
            which the other two are set. (ENS registry)
    @param node The name, live; the sender its owner or an operator of the owner.
    @param owner The owner, not zero.
    @param resolver Any address; zero for none of its own: one above may then answer.
    @param ttl Seconds.
    """
    word: uint256 = self._controlled(node)
    if owner != convert(word & MASK_160, address):
        word = self._next_epoch(word)
        self._move(node, word, owner)
    self._write_record(node, word, resolver, ttl)


@external
def setResolver(node: bytes32, resolver: address):
    """
    @notice Choose another resolver, until the epoch ends. (ENS registry)
    @param node The name, live; the sender its owner or an operator of the owner.
    @param resolver Any address; zero for none of its own: one above may then answer.
    """
    epoch: uint256 = self._epoch(self._controlled(node))
    self._set_record(node, epoch, resolver, self._record(node, epoch) >> AT_TTL & MASK_64)
    log INames.NewResolver(node=node, resolver=resolver)


@external
def setTTL(node: bytes32, ttl: uint64):
    """
    @notice Set how long clients may cache, until the epoch ends. (ENS registry)
    @param node The name, live; the sender its owner or an operator of the owner.
    @param ttl Seconds.
    """
    epoch: uint256 = self._epoch(self._controlled(node))
    resolver: address = convert(self._record(node, epoch) & MASK_160, address)
    self._set_record(node, epoch, resolver, convert(ttl, uint256))
    log INames.NewTTL(node=node, ttl=ttl)


@external
def createSubname(
    parent: bytes32, label: String[LABEL_ARGUMENT], owner: address, expiry: uint256
) -> bytes32:
    """
    @notice Make a sub-name whose label is kept on chain.
    @param parent The name above, live; the sender its owner or an operator of the
           owner. For an emancipated sub-name it is not itself managed.
    @param label By the rule of all labels.
    @param owner The sub-name's owner, not zero.
    @param expiry Zero for a managed one, else emancipated until then: seconds, in
           the future, at most the parent's expiry.
    @return The sub-name's node; reverts while one there is emancipated, in its
            grace too.
    """
    self._check_label(label)
    assert owner != empty(address), "names: zero owner"
    above: uint256 = self._controlled(parent)
    node: bytes32 = keccak256(concat(parent, keccak256(label)))
    if expiry == 0:
        self._assign(parent, above, node, owner, False)
    else:
        assert above >> AT_MODE != MANAGED, "names: parent is managed"
        assert expiry > block.timestamp, "names: expiry in the past"
        assert expiry <= (above >> AT_EXPIRY) & MASK_40, "names: beyond parent"
        self._start(parent, above, node, owner, expiry, EMANCIPATED)
        self._mint(node, owner)
        self._note_emancipated(parent, expiry)
    if not packed_bytes._is_set(node):
        packed_bytes._store(node, convert(label, Bytes[LABEL_ARGUMENT]))
    log INames.SubnameLabelled(node=node, parent=parent, label=label, expiry=expiry)
    log INames.NewOwner(node=parent, label=keccak256(label), owner=owner)
    return node


@external
def extend(node: bytes32, expiry: uint256):
    """
    @notice Prolong an emancipated sub-name, live or in its grace. Only its holder
            may, or an operator of the holder.
    @param node The sub-name.
    @param expiry Seconds; later than before, at most the parent's expiry.
    """
    word: uint256 = self._names[node]
    assert word >> AT_MODE == EMANCIPATED, "names: not emancipated"
    assert self._state(node, word) != INames.State.FREE, "names: not registered"
    self._check_controls(word)
    parent: bytes32 = self._parents[node]
    old_expiry: uint256 = (word >> AT_EXPIRY) & MASK_40
    assert expiry > old_expiry, "names: expiry not later"
    assert expiry <= (self._names[parent] >> AT_EXPIRY) & MASK_40, "names: beyond parent"
    self._names[node] = word + (expiry - old_expiry << AT_EXPIRY)
    self._note_emancipated(parent, expiry)
    log INames.NameRenewed(node=node, old_expiry=old_expiry, expiry=expiry, price=0)


@external
def setSubnodeOwner(node: bytes32, label: bytes32, owner: address) -> bytes32:
    """
    @notice Make a managed sub-name, give it to another, or take it back. (ENS registry)
    @param node The name above, live; the sender its owner or an operator of the owner.
    @param label Hash of the label, which is not kept.
    @param owner The owner; zero for none.
    @return The sub-name's node; reverts while it is emancipated, in its grace too.
    """
    return self._set_subnode(node, label, owner, False)


@external
def setSubnodeRecord(
    node: bytes32, label: bytes32, owner: address, resolver: address, ttl: uint64
):
    """
    @notice As `setSubnodeOwner`, with resolver and ttl; the records of another owner
            end, since the resolver was that one's to choose. (ENS registry)
    @param node The name above, live; the sender its owner or an operator of the owner.
    @param label Hash of the label, which is not kept.
    @param owner The owner; zero for none.
    @param resolver Any address; zero for none of its own: one above may then answer.
    @param ttl Seconds.
    """
    subnode: bytes32 = self._set_subnode(node, label, owner, True)
    self._write_record(subnode, self._names[subnode], resolver, ttl)


@external
def setApprovalForAll(operator: address, approved: bool):
    """
    @notice Let another account control all names of the sender, or no longer.
            (ERC-721 and ENS registry)
    @param operator The account.
    @param approved Whether it may.
    """
    self._operators[msg.sender][operator] = approved
    log INames.ApprovalForAll(owner=msg.sender, operator=operator, approved=approved)


@external
def approve(to: address, token_id: uint256):
    """
    @notice Let one account transfer one name, and nothing else, in this epoch.
            (ERC-721)
    @param to The account; zero for none.
    @param token_id The name's node; live, the sender its owner or an operator.
    """
    node: bytes32 = convert(token_id, bytes32)
    word: uint256 = self._token(token_id)
    self._check_controls(word)
    self._approvals[node] = convert(to, uint256) | (self._epoch(word) << AT_APPROVAL_EPOCH)
    log INames.Approval(owner=convert(word & MASK_160, address), approved=to, token_id=token_id)


@external
def transferFrom(sender: address, receiver: address, token_id: uint256):
    """
    @notice Transfer a name without its records. (ERC-721)
    @param sender The owner.
    @param receiver The new owner, not zero.
    @param token_id The name's node; live, the transaction's sender its owner, an
           operator or approved.
    """
    self._transfer(sender, receiver, token_id)


@external
def safeTransferFrom(
    sender: address, receiver: address, token_id: uint256, data: Bytes[1024] = b""
):
    """
    @notice Transfer a name without its records; a contract must accept it. (ERC-721)
    @param sender The owner.
    @param receiver The new owner, not zero.
    @param token_id The name's node; live, the transaction's sender its owner, an
           operator or approved.
    @param data Passed to the receiver.
    """
    self._transfer(sender, receiver, token_id)
    accepted: bool = erc721_receiver._accepts(sender, receiver, token_id, data)
    assert accepted, "names: receiver refuses"


# ----- for the default resolver -----

@external
@reentrant
def raise_epoch(node: bytes32) -> uint256:
    """
    @notice Hide all records of a name, when its controller clears them.
    @param node The name, live. Only the default resolver may, which asks whether
           its sender is authorised.
    @return The new epoch.
    @dev Reentrant, so that who just received a name may clear it in the hook.
    """
    assert msg.sender == _RESOLVER, "names: not resolver"
    word: uint256 = self._live(node)
    old_epoch: uint256 = self._epoch(word)
    word = self._next_epoch(word)
    epoch: uint256 = self._epoch(word)
    self._names[node] = word
    record: uint256 = self._records[node]
    if record >> AT_RECORD_EPOCH == old_epoch:
        # Which resolver answers is the owner's choice and no record of it.
        self._records[node] = (record & (2**AT_RECORD_EPOCH - 1)) | (epoch << AT_RECORD_EPOCH)
    log INames.EpochRaised(node=node, old_epoch=old_epoch, epoch=epoch)
    return epoch


# ----- views of the ENS registry -----

@external
@view
@reentrant
def owner(node: bytes32) -> address:
    """
    @notice Who owns a node. (ENS registry)
    @param node Any node.
    @return The owner of a live name; this contract or a resolver for a fixed node;
            else zero.
    """
    word: uint256 = self._names[node]
    if word >> AT_MODE != 0 and block.timestamp >= self._expiry(node, word):
        return empty(address)
    return convert(word & MASK_160, address)


@external
@view
@reentrant
def resolver(node: bytes32) -> address:
    """
    @notice Which contract answers for a node. Never reverts. (ENS registry)
    @param node Any node.
    @return For a live name its owner's choice or the default; for an emancipated one
            in its grace the default, which answers nothing, so that clients ask nobody
            above; for the reverse node of an account with a primary name the reverse
            resolver; else zero.
    """
    word: uint256 = self._names[node]
    if word >> AT_MODE != 0:
        if block.timestamp >= self._expiry(node, word):
            if word >> AT_MODE == EMANCIPATED and self._state(node, word) == INames.State.GRACE:
                return _RESOLVER
            return empty(address)
        return convert(self._record(node, self._epoch(word)) & MASK_160, address)
    if word == 0:
        if staticcall IReverseResolver(_REVERSE_RESOLVER).answers(node):
            return _REVERSE_RESOLVER
        return empty(address)
    fixed: address = convert(word, address)
    return fixed if fixed != self else empty(address)


@external
@view
@reentrant
def ttl(node: bytes32) -> uint64:
    """
    @notice How long clients may cache. (ENS registry)
    @param node Any node.
    @return Seconds; zero where the owner of a live name set nothing.
    """
    word: uint256 = self._names[node]
    if self._state(node, word) != INames.State.LIVE:
        return 0
    return convert((self._record(node, self._epoch(word)) >> AT_TTL) & MASK_64, uint64)


@external
@view
@reentrant
def recordExists(node: bytes32) -> bool:
    """
    @notice Whether a node has an owner. (ENS registry)
    @param node Any node.
    @return True for live names and fixed nodes.
    """
    word: uint256 = self._names[node]
    if word >> AT_MODE == 0:
        return word != 0
    return block.timestamp < self._expiry(node, word)


@external
@view
@reentrant
def isApprovedForAll(owner: address, operator: address) -> bool:
    """
    @notice Whether an account controls all names of another.
            (ERC-721 and ENS registry)
    @param owner The owner.
    @param operator The account.
    @return True if it does.
    """
    return self._operators[owner][operator]


# ----- views of the ERC-721 -----

@external
@view
@reentrant
def ownerOf(token_id: uint256) -> address:
    """
    @notice Who owns a name. (ERC-721)
    @param token_id The name's node; reverts unless live, and for managed sub-names.
    @return The owner.
    """
    return convert(self._token(token_id) & MASK_160, address)


@external
@view
@reentrant
def balanceOf(owner: address) -> uint256:
    """
    @notice How many names an account holds, expired ones that nobody registered
            anew included. (ERC-721)
    @param owner The account, not zero.
    @return The number.
    """
    assert owner != empty(address), "names: zero owner"
    return self._balances[owner]


@external
@view
@reentrant
def getApproved(token_id: uint256) -> address:
    """
    @notice Who may transfer a name beside owner and operators. (ERC-721)
    @param token_id The name's node; reverts unless live, and for managed sub-names.
    @return The account, or zero.
    """
    return self._approved(convert(token_id, bytes32), self._token(token_id))


@external
@view
@reentrant
def name() -> String[16]:
    """
    @notice What the tokens are. (ERC-721)
    @return The same wherever it is deployed.
    """
    return "Uraeus names"


@external
@view
@reentrant
def symbol() -> String[8]:
    """
    @notice What the tokens are, in short. (ERC-721)
    @return The same wherever it is deployed.
    """
    return "NAME"


@external
@view
@reentrant
def tokenURI(token_id: uint256) -> String[name_metadata.MAX_URI]:
    """
    @notice What wallets show: the full name, as text and as a picture. (ERC-721)
    @param token_id The name's node; reverts unless live, and for managed sub-names.
    @return JSON in a data URI: all of it is made here.
    """
    node: bytes32 = convert(token_id, bytes32)
    return name_metadata._uri(self._full_name(node, self._token(token_id)))


@external
@view
@reentrant
def supportsInterface(interface_id: bytes4) -> bool:
    """
    @notice What this contract speaks. (ERC-165)
    @param interface_id Of an interface.
    @return True for ERC-165, ERC-721 and its metadata.
    """
    return interface_id in [0x01ffc9a7, 0x80ac58cd, 0x5b5e139f]


# ----- views of names -----

@external
@view
@reentrant
def holder(node: bytes32) -> (address, uint256):
    """
    @notice What a resolver has to know, in one call.
    @param node Any node.
    @return Owner and epoch of a live name; zero and zero for anything else, fixed
            nodes included.
    """
    word: uint256 = self._names[node]
    if word >> AT_MODE == 0 or block.timestamp >= self._expiry(node, word):
        return empty(address), 0
    return convert(word & MASK_160, address), (word >> AT_EPOCH) & MASK_32


@external
@view
@reentrant
def epoch(node: bytes32) -> uint256:
    """
    @notice The epoch of a name, live or not.
    @param node Any node.
    @return Registration number 12 bits, change 20 bits; zero if never registered.
    """
    return self._epoch(self._names[node])


@external
@view
@reentrant
def migrations(node: bytes32) -> uint256:
    """
    @notice How often a name was migrated: rights given to others within an epoch
            are keyed by it.
    @param node Any node.
    @return The number.
    """
    return self._migrations[node]


@external
@view
@reentrant
def info(node: bytes32) -> INames.Name:
    """
    @notice All that is known of a name, whatever its state.
    @param node Any node.
    @return See `INames.Name`.
    """
    word: uint256 = self._names[node]
    mode: uint256 = word >> AT_MODE
    return INames.Name(
        owner=convert(word & MASK_160, address),
        expiry=self._expiry(node, word),
        epoch=self._epoch(word),
        rate=(word >> AT_RATE) & MASK_RATE if mode == SECOND_LEVEL else 0,
        mode=mode,
        state=self._state(node, word),
        label=self._label(node),
        parent=_TOP_NODE if mode == SECOND_LEVEL else self._parents[node],
    )


@external
@view
@reentrant
def full_name(node: bytes32) -> String[name_metadata.MAX_NAME]:
    """
    @notice A name as people write it.
    @param node Any node.
    @return E.g. "alice.os"; empty where a label on the way up is not kept, and for
            what is no name.
    """
    return self._full_name(node, self._names[node])


@external
@view
@reentrant
def emancipated_until(node: bytes32) -> uint256:
    """
    @notice Until when something below a name is out of its owner's hands: to be
            asked before buying. What is below a sub-name ends with it, so that the
            direct sub-names tell for all.
    @param node Any node.
    @return Seconds, the grace of the last one included; past or zero: nothing is.
    """
    return self._emancipated[node]


@external
@view
@reentrant
def committed_at(commitment: bytes32) -> uint256:
    """
    @notice When a commitment was made.
    @param commitment Its hash.
    @return Seconds; zero if never, or used.
    """
    return self._commitments[commitment]


@external
@view
@reentrant
def commitment(registration: INames.Registration, sender: address) -> bytes32:
    """
    @notice What to commit to. Ask a node of your own: who sees it, knows the name.
    @param registration What will be registered.
    @param sender Who will send it.
    @return The hash.
    """
    return keccak256(abi_encode(registration, sender, chain.id, self))


@external
@view
@reentrant
def available(label: String[LABEL_ARGUMENT]) -> bool:
    """
    @notice Whether a name can be registered.
    @param label Its label.
    @return False for bad labels, live names and names in grace.
    """
    node: bytes32 = self._node(label)
    return self._is_label(label) and self._state(node, self._names[node]) == INames.State.FREE


@external
@view
@reentrant
def registration_price(
    label: String[LABEL_ARGUMENT], duration: uint256, committed_at: uint256
) -> (uint256, uint256):
    """
    @notice The exact price of a registration. Reverts where `register` would.
    @param label The name's label.
    @param duration Seconds, 28 days to 10 years.
    @param committed_at The commitment's time, seconds; zero: now.
    @return Price and premium, wei; their sum is to be sent.
    """
    self._check_label(label)
    node: bytes32 = self._node(label)
    word: uint256 = self._names[node]
    assert self._state(node, word) == INames.State.FREE, "names: not available"
    committed: uint256 = committed_at if committed_at != 0 else block.timestamp
    return self._registration_price(word, len(label), duration, committed)


@external
@view
@reentrant
def renewal_price(label: String[LABEL_ARGUMENT], duration: uint256) -> (uint256, uint256):
    """
    @notice The exact price of a renewal. Reverts where `renew` would, but for an
            expiry too far ahead.
    @param label The name's label.
    @param duration Seconds, 28 days to 10 years.
    @return What `renew` takes, and the cap, which `renew_at_cap` takes, wei.
    """
    node: bytes32 = self._node(label)
    return self._renewal_price(node, self._names[node], len(label), duration)


@external
@view
@reentrant
def namehash(label: String[LABEL_ARGUMENT]) -> bytes32:
    """
    @notice The node of a label under the top level. (EIP-137)
    @param label Any label.
    @return The node, which is also the token's id.
    """
    return self._node(label)


@external
@view
@reentrant
def top_label() -> String[MAX_LABEL]:
    """
    @notice The top-level label.
    @return E.g. "os".
    """
    return _TOP_LABEL


@external
@view
@reentrant
def top_node() -> bytes32:
    """
    @notice The top level's node.
    @return Its namehash.
    """
    return _TOP_NODE


@external
@view
@reentrant
def default_resolver() -> address:
    """
    @notice The resolver of every name whose owner chose no other.
    @return Its address; it can never change.
    """
    return _RESOLVER


@external
@view
@reentrant
def reverse_resolver() -> address:
    """
    @notice Where primary names are set and read.
    @return Its address; it can never change.
    """
    return _REVERSE_RESOLVER


# ----- internal -----

@internal
def _fix(node: bytes32, owner: address):
    self._names[node] = convert(owner, uint256)
    raw_log([REGISTRY_TRANSFER, node], abi_encode(owner))


@internal
@view
def _node(label: String[LABEL_ARGUMENT]) -> bytes32:
    return keccak256(concat(_TOP_NODE, keccak256(label)))


@internal
@pure
def _epoch(word: uint256) -> uint256:
    return (word >> AT_EPOCH) & MASK_32


@internal
@pure
def _registration(word: uint256) -> uint256:
    return (word >> AT_EPOCH + AT_REGISTRATION) & MASK_REGISTRATION


@internal
@view
def _label(node: bytes32) -> String[MAX_LABEL]:
    return abi_decode(abi_encode(packed_bytes._load(node)), String[MAX_LABEL])


@internal
@view
def _full_name(node: bytes32, word: uint256) -> String[name_metadata.MAX_NAME]:
    full: String[name_metadata.MAX_NAME] = self._label(node)
    at: bytes32 = node
    below: uint256 = word
    for i: uint256 in range(MAX_DEPTH + 1):
        mode: uint256 = below >> AT_MODE
        if mode == 0 or not packed_bytes._is_set(at):
            return ""
        if mode == SECOND_LEVEL:
            return name_metadata._join(full, _TOP_LABEL)
        at = self._parents[at]
        below = self._names[at]
        full = name_metadata._join(full, self._label(at))
    return ""  # dev: no name is deeper


@internal
@view
def _expiry(node: bytes32, word: uint256) -> uint256:
    if word >> AT_MODE != MANAGED:
        return (word >> AT_EXPIRY) & MASK_40
    # A managed name expires with the first above that is not; at once where one on
    # the way was taken back, or is of another registration than when it was made.
    at: bytes32 = node
    below: uint256 = word
    for i: uint256 in range(MAX_DEPTH):
        at = self._parents[at]
        above: uint256 = self._names[at]
        if below & MASK_160 == 0 or self._link(above) != (below >> AT_RATE) & MASK_RATE:
            return 0
        if above >> AT_MODE != MANAGED:
            return (above >> AT_EXPIRY) & MASK_40
        below = above
    return 0  # dev: no name is deeper


@internal
@pure
def _depth(word: uint256) -> uint256:
    return 0 if word >> AT_MODE == SECOND_LEVEL else (word >> AT_RATE + AT_DEPTH) & 1023


@internal
@pure
def _link(above: uint256) -> uint256:
    # What a sub-name keeps of the name above.
    return self._registration(above) | (self._depth(above) + 1 << AT_DEPTH)


@internal
@view
def _state(node: bytes32, word: uint256) -> INames.State:
    expiry: uint256 = self._expiry(node, word)
    if block.timestamp < expiry:
        return INames.State.LIVE
    if word >> AT_MODE != 0 and block.timestamp < expiry + GRACE:
        return INames.State.GRACE
    return INames.State.FREE


@internal
@view
def _live(node: bytes32) -> uint256:
    # The word of a live name.
    word: uint256 = self._names[node]
    assert block.timestamp < self._expiry(node, word), "names: not live"
    return word


@internal
@view
def _controlled(node: bytes32) -> uint256:
    # The word of a live name that the sender controls.
    word: uint256 = self._live(node)
    self._check_controls(word)
    return word


@internal
@view
def _check_controls(word: uint256):
    owner: address = convert(word & MASK_160, address)
    assert msg.sender == owner or self._operators[owner][msg.sender], "names: not authorised"


@internal
@view
def _token(token_id: uint256) -> uint256:
    # The word of a live name that is a token.
    word: uint256 = self._live(convert(token_id, bytes32))
    assert word >> AT_MODE != MANAGED, "names: not a token"
    return word


@internal
@pure
def _next_registration(word: uint256) -> uint256:
    # The epoch with which the next registration begins.
    return self._registration(word) + 1 << AT_REGISTRATION


@internal
@pure
def _next_epoch(word: uint256) -> uint256:
    # The change must not run over into the registration number.
    assert (word >> AT_EPOCH) & MASK_CHANGE != MASK_CHANGE, "names: epochs used up"
    return word + (1 << AT_EPOCH)


@internal
@view
def _approved(node: bytes32, word: uint256) -> address:
    approval: uint256 = self._approvals[node]
    if approval >> AT_APPROVAL_EPOCH != self._epoch(word):
        return empty(address)
    return convert(approval & MASK_160, address)


@internal
@view
def _record(node: bytes32, epoch: uint256) -> uint256:
    # Resolver and ttl in this epoch.
    record: uint256 = self._records[node]
    if record >> AT_RECORD_EPOCH != epoch:
        return convert(_RESOLVER, uint256)
    return record


@internal
def _set_record(node: bytes32, epoch: uint256, resolver: address, ttl: uint256):
    self._records[node] = (
        convert(resolver, uint256) | (ttl << AT_TTL) | (epoch << AT_RECORD_EPOCH)
    )


@internal
def _write_record(node: bytes32, word: uint256, resolver: address, ttl: uint64):
    self._set_record(node, self._epoch(word), resolver, convert(ttl, uint256))
    log INames.NewResolver(node=node, resolver=resolver)
    log INames.NewTTL(node=node, ttl=ttl)


@internal
def _set_subnode(parent: bytes32, label: bytes32, owner: address, anew: bool) -> bytes32:
    above: uint256 = self._controlled(parent)
    node: bytes32 = keccak256(concat(parent, label))
    self._assign(parent, above, node, owner, anew)
    log INames.NewOwner(node=parent, label=label, owner=owner)
    return node


@internal
def _assign(parent: bytes32, above: uint256, node: bytes32, owner: address, anew: bool):
    # A managed sub-name to its owner. One that stays with its owner keeps its epoch, but
    # where the owner above chooses anew what answers for another; one whose epochs are
    # used up is made anew, so that they keep nobody from taking it back.
    word: uint256 = self._names[node]
    link: uint256 = self._link(above)
    if (
        word >> AT_MODE != MANAGED
        or (word >> AT_RATE) & MASK_RATE != link
        or (word >> AT_EPOCH) & MASK_CHANGE == MASK_CHANGE
    ):
        self._start(parent, above, node, owner, 0, MANAGED)
    elif word & MASK_160 != convert(owner, uint256) or (anew and (above ^ word) & MASK_160 != 0):
        word = self._next_epoch(word)
        self._names[node] = (word - (word & MASK_160)) | convert(owner, uint256)


@internal
def _start(
    parent: bytes32,
    above: uint256,
    node: bytes32,
    owner: address,
    expiry: uint256,
    mode: uint256,
):
    # A sub-name's registration, after which nothing of an earlier one counts.
    old: uint256 = self._names[node]
    if old >> AT_MODE == EMANCIPATED:
        assert self._state(node, old) == INames.State.FREE, "names: emancipated"
        self._burn(node, old)
    link: uint256 = self._link(above)
    assert link >> AT_DEPTH <= MAX_DEPTH, "names: too deep"
    assert self._registration(old) != MASK_REGISTRATION, "names: epochs used up"
    self._names[node] = (
        convert(owner, uint256)
        | (expiry << AT_EXPIRY)
        | (self._next_registration(old) << AT_EPOCH)
        | (link << AT_RATE)
        | (mode << AT_MODE)
    )
    if old == 0:
        self._parents[node] = parent


@internal
def _note_emancipated(parent: bytes32, expiry: uint256):
    if expiry + GRACE > self._emancipated[parent]:
        self._emancipated[parent] = expiry + GRACE


@internal
def _mint(node: bytes32, owner: address):
    self._balances[owner] += 1
    log INames.Transfer(sender=empty(address), receiver=owner, token_id=convert(node, uint256))


@internal
def _burn(node: bytes32, word: uint256):
    owner: address = convert(word & MASK_160, address)
    self._balances[owner] -= 1
    log INames.Transfer(sender=owner, receiver=empty(address), token_id=convert(node, uint256))


@internal
def _transfer(sender: address, receiver: address, token_id: uint256):
    node: bytes32 = convert(token_id, bytes32)
    word: uint256 = self._token(token_id)
    assert sender == convert(word & MASK_160, address), "names: wrong sender"
    if msg.sender != sender and not self._operators[sender][msg.sender]:
        assert msg.sender == self._approved(node, word), "names: not authorised"
    self._move(node, self._next_epoch(word), receiver)


@internal
def _move(node: bytes32, word: uint256, to: address):
    # `word` is the name's, of the epoch in which it arrives.
    assert to != empty(address), "names: zero owner"
    sender: address = convert(word & MASK_160, address)
    self._names[node] = (word - (word & MASK_160)) | convert(to, uint256)
    if word >> AT_MODE != MANAGED:
        self._balances[sender] -= 1
        self._balances[to] += 1
        log INames.Transfer(sender=sender, receiver=to, token_id=convert(node, uint256))
    raw_log([REGISTRY_TRANSFER, node], abi_encode(to))


@internal
@view
def _registration_price(
    word: uint256, length: uint256, duration: uint256, committed: uint256
) -> (uint256, uint256):
    # Of a free name: price and premium.
    self._check_duration(duration)
    pricing: address = kernel_client._try_module(PRICING)
    answered: bool = False
    base: uint256 = 0
    answered, base = self._ask(
        pricing, abi_encode(length, duration, method_id=method_id("price(uint256,uint256)"))
    )
    assert answered, "names: no price"
    assert base <= MASK_RATE * RATE_UNIT * duration // YEAR, "names: price out of bounds"
    if word == 0:
        return base, 0

    # A commitment from before the release counts as made at the release.
    release: uint256 = ((word >> AT_EXPIRY) & MASK_40) + GRACE
    elapsed: uint256 = max(committed, release) - release
    if elapsed >= PREMIUM_TIME:
        return base, 0
    premium: uint256 = 0
    answered, premium = self._ask(
        pricing, abi_encode(elapsed, method_id=method_id("premium(uint256)"))
    )
    assert answered, "names: no price"
    return base, premium


@internal
@view
def _renewal_price(
    node: bytes32, word: uint256, length: uint256, duration: uint256
) -> (uint256, uint256):
    # What a renewal costs, and the cap.
    self._check_renewable(node, word, duration)
    cap: uint256 = self._cap(word, duration)
    answered: bool = False
    price: uint256 = 0
    answered, price = self._ask(
        kernel_client._try_module(PRICING),
        abi_encode(length, duration, method_id=method_id("price(uint256,uint256)")),
    )
    return (min(price, cap) if answered else cap), cap


@internal
@pure
def _cap(word: uint256, duration: uint256) -> uint256:
    rate: uint256 = (word >> AT_RATE) & MASK_RATE
    return (rate * RATE_UNIT * duration + YEAR - 1) // YEAR


@internal
@view
def _ask(pricing: address, question: Bytes[68]) -> (bool, uint256):
    # One word exactly, or no answer. One byte more is read, to see longer ones.
    success: bool = False
    answer: Bytes[33] = b""
    success, answer = raw_call(
        pricing,
        question,
        max_outsize=33,
        gas=PRICING_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success or len(answer) != 32:
        return False, 0
    return True, extract32(answer, 0, output_type=uint256)


@internal
@payable
def _renew(node: bytes32, word: uint256, duration: uint256, price: uint256):
    # The caller has checked that it may be renewed for so long.
    self._check_paid(price)
    old_expiry: uint256 = (word >> AT_EXPIRY) & MASK_40
    expiry: uint256 = old_expiry + duration
    assert expiry <= block.timestamp + EXPIRY_MAX, "names: expiry too far"
    self._names[node] = word + (duration << AT_EXPIRY)
    log INames.NameRenewed(node=node, old_expiry=old_expiry, expiry=expiry, price=price)


@internal
@payable
def _check_paid(price: uint256):
    assert msg.value == price, "names: wrong payment"


@internal
@view
def _check_renewable(node: bytes32, word: uint256, duration: uint256):
    assert self._state(node, word) != INames.State.FREE, "names: not registered"
    self._check_duration(duration)


@internal
@pure
def _check_duration(duration: uint256):
    assert duration >= DURATION_MIN, "names: duration too short"
    assert duration <= DURATION_MAX, "names: duration too long"


@internal
@pure
def _check_label(label: String[LABEL_ARGUMENT]):
    assert self._is_label(label), "names: bad label"


@internal
@pure
def _is_label(label: String[LABEL_ARGUMENT]) -> bool:
    # [a-z0-9-], 1 to 63 bytes, no hyphen first or last, none in places 3 and 4
    # together: then it is normal by ENSIP-15 and looks like no other.
    size: uint256 = len(label)
    if size == 0 or size > MAX_LABEL:
        return False
    padded: Bytes[LABEL_ARGUMENT + 64] = concat(
        convert(label, Bytes[LABEL_ARGUMENT]), empty(bytes32), empty(bytes32)
    )
    head: uint256 = extract32(padded, 0, output_type=uint256)
    last: uint256 = head >> unsafe_sub(256, 8 * min(size, 32))
    if size > 32:
        tail: uint256 = extract32(padded, 32, output_type=uint256)
        if not self._is_word(tail, size - 32):
            return False
        last = tail >> (256 - 8 * (size - 32))
    return (
        self._is_word(head, min(size, 32))
        and head >> 248 != HYPHEN
        and last & 255 != HYPHEN
        and (head >> 224) & 65535 != TWO_HYPHENS
    )


@internal
@pure
def _is_word(word: uint256, size: uint256) -> bool:
    # All 32 bytes at once. In `word + TOPS - c * ONES` each byte's highest bit says
    # whether that byte is c or more; no byte borrows, since all are below 128.
    if word & TOPS != 0:
        return False
    filled: uint256 = word | ((97 * ONES) >> (8 * size)) | TOPS             # rest: "a"
    letters: uint256 = (filled - 97 * ONES) & ~(filled - 123 * ONES)        # "a" to "z"
    digits: uint256 = (filled - 48 * ONES) & ~(filled - 58 * ONES)          # "0" to "9"
    hyphens: uint256 = (filled - 45 * ONES) & ~(filled - 46 * ONES)         # "-"
    return (letters | digits | hyphens) & TOPS == TOPS
