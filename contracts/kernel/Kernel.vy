# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Kernel
@license AGPL-3.0-only
@notice A registry of modules without an administrator: where modules find each
        other, and the only road by which the code behind a key changes.
@dev Nobody rules the kernel. It holds namespaces, each with one owner, and
     every namespace changes by the same law:

         schedule --notice--> READY --apply (anyone)--> APPLIED --rollback--> ROLLED_BACK
            |                   |                          |
          cancel           14 days: EXPIRED             confirm
            v
         CANCELED             a new owner: every operation of the old one is DEAD

     One storage word holds what `module` reads, lowest bits first:

         entry      module 160 | version 32 | paused until 40 | frozen 1
         past       predecessor 160 | revisable until 40
         hash       of version v at place v mod 2, so that the predecessor's hash
                    stays where it is when a version is applied or rolled back
         namespace  owner 160 | epoch 32 | notice 24 | claimed at 40
         guardian   guardian 160 | until 40
         operation  ready at 40 | applied at 40 | epoch 32 | kind 8 | status 8 |
                    confirmation 8

     Invariants KER-1 to KER-12: docs/invariants.md.
@custom:security The kernel makes no call, so it has no reentrancy. A namespace's
     id holds its claimer's address, so no id can be taken before its owner.
     Watch `schedule` events: they announce every address and code hash, and a
     notice of zero gives no time to react. Code that an exotic chain lets
     disappear after `apply` is shown by `verify`.
"""

from ...interfaces import IKernel

implements: IKernel

NOTICE_MAX: constant(uint256) = 30 * 86_400       # longer would outlive attention
GUARDIAN_MAX: constant(uint256) = 365 * 86_400    # a guardian is appointed anew each year
GRACE: constant(uint256) = 14 * 86_400            # an old announcement surprises nobody
ROLLBACK_WINDOW: constant(uint256) = 7 * 86_400   # time to see that an upgrade is bad
CONFIRM_WINDOW: constant(uint256) = 30 * 86_400   # time for a full vote of a new governor
PAUSE_MAX: constant(uint256) = 14 * 86_400        # long enough for a vote of the owner
PAUSE_REST: constant(uint256) = 60 * 86_400       # so that pauses cannot be chained

MAX_CHANGES: constant(uint256) = 16
MAX_PAGE: constant(uint256) = 32

# Status and kind of an operation, as they stand in its word.
SCHEDULED: constant(uint256) = 1
APPLIED: constant(uint256) = 2
CANCELED: constant(uint256) = 3
ROLLED_BACK: constant(uint256) = 4

KIND_CHANGES: constant(uint256) = 1
KIND_NOTICE: constant(uint256) = 2
KIND_GUARDIAN: constant(uint256) = 3
KIND_OWNER: constant(uint256) = 4

NO_CONFIRMATION: constant(uint256) = 0
CONFIRMATION_ASKED: constant(uint256) = 1
CONFIRMATION_GIVEN: constant(uint256) = 2

# Places of fields in their words.
AT_VERSION: constant(uint256) = 160
AT_PAUSED: constant(uint256) = 192
AT_FROZEN: constant(uint256) = 232
AT_UNTIL: constant(uint256) = 160      # of a guardian, and of a past
AT_EPOCH: constant(uint256) = 160
AT_NOTICE: constant(uint256) = 192
AT_CLAIMED: constant(uint256) = 216
AT_OP_APPLIED: constant(uint256) = 40
AT_OP_EPOCH: constant(uint256) = 80
AT_OP_KIND: constant(uint256) = 112
AT_OP_STATUS: constant(uint256) = 120
AT_OP_CONFIRM: constant(uint256) = 128

MASK_8: constant(uint256) = 2**8 - 1
MASK_24: constant(uint256) = 2**24 - 1
MASK_32: constant(uint256) = 2**32 - 1
MASK_40: constant(uint256) = 2**40 - 1
MASK_160: constant(uint256) = 2**160 - 1

_entries: HashMap[bytes32, uint256]                        # entry id -> entry word
_pasts: HashMap[bytes32, uint256]                          # entry id -> past word
_hashes: HashMap[bytes32, bytes32[2]]                      # entry id -> code hash by parity of version
_namespaces: HashMap[bytes32, uint256]                     # ns -> namespace word
_guardians: HashMap[bytes32, uint256]                      # ns -> guardian word
_claimers: HashMap[bytes32, address]                       # ns -> claimer
_labels: HashMap[bytes32, bytes32]                         # ns -> label
_keys: HashMap[bytes32, DynArray[bytes32, 2**32]]          # ns -> keys ever filled, in order
_operations: HashMap[bytes32, HashMap[bytes32, uint256]]   # ns -> operation id -> operation word


# ----- for everybody -----

@external
def claim(
    label: bytes32,
    owner: address,
    notice: uint256,
    guardian: address,
    until: uint256,
    changes: DynArray[IKernel.Change, MAX_CHANGES],
) -> bytes32:
    """
    @notice Claim the namespace keccak256(abi_encode(msg.sender, label)), with
            its first modules; the only changes that ever apply at once.
    @param label Any label of the sender's, not zero, once.
    @param owner Who will own it; not zero. The claimer keeps no right.
    @param notice The notice period, seconds, at most 30 days.
    @param guardian Who may cancel, pause and roll back; zero for none.
    @param until When the guardian's right ends, seconds, at most 365 days
           ahead; zero if there is none.
    @param changes At most 16 first modules, keys ascending, versions 1.
    @return The namespace's id.
    """
    assert label != empty(bytes32), "kernel: zero label"
    assert owner != empty(address), "kernel: zero owner"
    ns: bytes32 = keccak256(abi_encode(msg.sender, label))
    assert self._namespaces[ns] == 0, "kernel: already claimed"
    self._check_notice(notice)
    self._check_guardian(guardian, until)

    self._namespaces[ns] = self._namespace_word(owner, 1, notice, block.timestamp)
    self._claimers[ns] = msg.sender
    self._labels[ns] = label
    log IKernel.Claimed(namespace=ns, claimer=msg.sender, owner=owner, label=label, notice=notice)
    if guardian != empty(address):
        self._set_guardian(ns, guardian, until)
    self._check_ascending(changes)
    for change: IKernel.Change in changes:
        self._install(ns, change, 0)
    return ns


@external
def apply(ns: bytes32, changes: DynArray[IKernel.Change, MAX_CHANGES], salt: bytes32):
    """
    @notice Apply announced changes, all of them or none. Anyone may.
    @param ns The namespace.
    @param changes As announced.
    @param salt As announced.
    @dev Reverts before the notice has passed, more than 14 days after, when a
         version is no longer the next one, and when code is not as announced.
    """
    op: bytes32 = self._hash_changes(ns, changes, salt)
    word: uint256 = self._take(ns, op)
    revisable: uint256 = block.timestamp + ROLLBACK_WINDOW
    if ((word >> AT_OP_CONFIRM) & MASK_8) == CONFIRMATION_ASKED:
        revisable = block.timestamp + 2 * CONFIRM_WINDOW
    for change: IKernel.Change in changes:
        self._install(ns, change, revisable)


@external
def apply_notice(ns: bytes32, notice: uint256, salt: bytes32):
    """
    @notice Apply an announced shorter notice. Anyone may.
    @param ns The namespace.
    @param notice As announced, seconds.
    @param salt As announced.
    """
    self._take(ns, self._hash_setting(ns, KIND_NOTICE, convert(notice, bytes32), salt))
    self._set_notice(ns, notice)


@external
def apply_guardian(ns: bytes32, guardian: address, until: uint256, salt: bytes32):
    """
    @notice Apply an announced guardian. Anyone may.
    @param ns The namespace.
    @param guardian As announced.
    @param until As announced, seconds; must still lie ahead.
    @param salt As announced.
    """
    self._take(ns, self._hash_setting(ns, KIND_GUARDIAN, self._guardian_word(guardian, until), salt))
    self._check_guardian(guardian, until)
    self._set_guardian(ns, guardian, until)


@external
def accept_owner(ns: bytes32, salt: bytes32):
    """
    @notice Become the owner, as the announced candidate, within 14 days after
            the notice. Every operation of the old owner dies.
    @param ns The namespace.
    @param salt As announced.
    """
    self._take(ns, self._hash_setting(ns, KIND_OWNER, convert(msg.sender, bytes32), salt))
    word: uint256 = self._namespaces[ns]
    old_owner: address = self._address(word)
    epoch: uint256 = ((word >> AT_EPOCH) & MASK_32) + 1
    self._namespaces[ns] = self._namespace_word(
        msg.sender,
        epoch,
        ((word >> AT_NOTICE) & MASK_24),
        ((word >> AT_CLAIMED) & MASK_40),
    )
    log IKernel.OwnerSet(
        namespace=ns, old_owner=old_owner, owner=msg.sender, epoch=epoch
    )


# ----- for the owner -----

@external
def schedule(
    ns: bytes32,
    changes: DynArray[IKernel.Change, MAX_CHANGES],
    salt: bytes32,
    confirm: bool,
) -> bytes32:
    """
    @notice Announce changes of modules. Only the owner.
    @param ns The namespace.
    @param changes 1 to 16 changes, keys ascending. Each names the version that
           it creates, its module and its code hash; zero module and zero hash
           remove. The code must be there already.
    @param salt Tells apart operations that are otherwise the same.
    @param confirm Ask for the owner's proof of life: see `confirm`. Always ask
           for it when what controls the owner changes.
    @return The operation's id.
    """
    word: uint256 = self._check_owner(ns)
    assert len(changes) != 0, "kernel: no changes"
    self._check_ascending(changes)
    for change: IKernel.Change in changes:
        id: bytes32 = self._id(ns, change.key)
        self._check_change(change, self._entries[id])
    op: bytes32 = self._hash_changes(ns, changes, salt)
    confirmation: uint256 = NO_CONFIRMATION
    if confirm:
        confirmation = CONFIRMATION_ASKED
    ready: uint256 = self._announce(ns, word, op, KIND_CHANGES, confirmation)
    log IKernel.ChangesScheduled(
        namespace=ns,
        operation=op,
        epoch=self._epoch(word),
        ready_at=ready,
        confirm=confirm,
        salt=salt,
        changes=changes,
    )
    return op


@external
def cancel(ns: bytes32, op: bytes32):
    """
    @notice Cancel an operation that was not applied. Only the owner and the
            guardian; the guardian not one that sets the guardian.
    @param ns The namespace.
    @param op The operation's id.
    """
    word: uint256 = self._operations[ns][op]
    if not self._is_owner(ns):
        assert self._is_guardian(ns), "kernel: not owner or guardian"
        assert ((word >> AT_OP_KIND) & MASK_8) != KIND_GUARDIAN, "kernel: sets the guardian"
    self._check_status(ns, word, SCHEDULED)
    self._operations[ns][op] = self._put(word, AT_OP_STATUS, MASK_8, CANCELED)
    log IKernel.Canceled(namespace=ns, operation=op, by=msg.sender)


@external
def confirm(ns: bytes32, op: bytes32):
    """
    @notice Prove that the owner is alive after an applied operation that asked
            for it, within 30 days. Only the owner. Without this proof anyone
            may roll the operation back during the 30 days after.
    @param ns The namespace.
    @param op The operation's id.
    """
    self._check_owner(ns)
    word: uint256 = self._operations[ns][op]
    self._check_status(ns, word, APPLIED)
    assert ((word >> AT_OP_CONFIRM) & MASK_8) == CONFIRMATION_ASKED, "kernel: nothing to confirm"
    applied: uint256 = ((word >> AT_OP_APPLIED) & MASK_40)
    assert block.timestamp <= applied + CONFIRM_WINDOW, "kernel: too late to confirm"
    self._operations[ns][op] = self._put(word, AT_OP_CONFIRM, MASK_8, CONFIRMATION_GIVEN)
    log IKernel.Confirmed(namespace=ns, operation=op)


@external
def rollback(ns: bytes32, changes: DynArray[IKernel.Change, MAX_CHANGES], salt: bytes32):
    """
    @notice Undo an applied operation, all of it or nothing: every entry gets its
            predecessor back, as a new version. The owner and the guardian within
            7 days from apply; anyone from day 30 to day 60 where the owner owed
            a confirmation and gave none.
    @param ns The namespace.
    @param changes As applied.
    @param salt As applied.
    @dev Reverts when an entry has changed since, or had no predecessor (a first
         module is paused, not rolled back), or when the predecessor's code has.
    """
    op: bytes32 = self._hash_changes(ns, changes, salt)
    word: uint256 = self._operations[ns][op]
    self._check_status(ns, word, APPLIED)
    self._check_may_roll_back(ns, word)
    self._operations[ns][op] = self._put(word, AT_OP_STATUS, MASK_8, ROLLED_BACK)
    log IKernel.RolledBack(namespace=ns, operation=op, by=msg.sender)
    for change: IKernel.Change in changes:
        self._restore(ns, change)


@external
def pause(ns: bytes32, key: bytes32, duration: uint256):
    """
    @notice Stop the use of a module: `module` and `resolve` revert, `head` does
            not change. Only the owner and the guardian.
    @param ns The namespace.
    @param key The entry's key.
    @param duration Seconds, 1 to 14 days; then 60 days without a pause of it.
    @dev A pause belongs to the key: it outlives a change of its module, and ends
         by time or by the owner's `unpause`.
    """
    if not self._is_owner(ns):
        assert self._is_guardian(ns), "kernel: not owner or guardian"
    id: bytes32 = self._id(ns, key)
    word: uint256 = self._check_live(id)
    assert duration != 0 and duration <= PAUSE_MAX, "kernel: pause of 1 s to 14 days"
    last: uint256 = ((word >> AT_PAUSED) & MASK_40)
    assert last == 0 or block.timestamp >= last + PAUSE_REST, "kernel: paused lately"
    until: uint256 = block.timestamp + duration
    self._entries[id] = self._put(word, AT_PAUSED, MASK_40, until)
    log IKernel.Paused(namespace=ns, key=key, until=until, by=msg.sender)


@external
def unpause(ns: bytes32, key: bytes32):
    """
    @notice End a pause. Only the owner. The 60 days of rest count from now.
    @param ns The namespace.
    @param key The entry's key.
    """
    self._check_owner(ns)
    id: bytes32 = self._id(ns, key)
    word: uint256 = self._entries[id]
    assert block.timestamp < ((word >> AT_PAUSED) & MASK_40), "kernel: not paused"
    self._entries[id] = self._put(word, AT_PAUSED, MASK_40, block.timestamp)
    log IKernel.Unpaused(namespace=ns, key=key)


@external
def freeze(ns: bytes32, key: bytes32):
    """
    @notice Fix an entry for ever. Only the owner. Irreversible.
    @param ns The namespace.
    @param key The entry's key; neither empty, nor paused, nor within the window
           in which its last change can be rolled back (7 days, or 60 days where
           a confirmation was asked for).
    """
    self._check_owner(ns)
    id: bytes32 = self._id(ns, key)
    word: uint256 = self._check_live(id)
    assert block.timestamp >= ((word >> AT_PAUSED) & MASK_40), "kernel: paused"
    revisable: uint256 = ((self._pasts[id] >> AT_UNTIL) & MASK_40)
    assert block.timestamp > revisable, "kernel: still revisable"
    self._entries[id] = word | (1 << AT_FROZEN)
    log IKernel.Frozen(namespace=ns, key=key)


@external
def set_notice(ns: bytes32, notice: uint256, salt: bytes32):
    """
    @notice Lengthen the notice at once, or announce a shorter one, which waits
            the present notice and then `apply_notice`. Only the owner.
    @param ns The namespace.
    @param notice Seconds, at most 30 days, not the present one.
    @param salt Tells apart operations that are otherwise the same.
    """
    word: uint256 = self._check_owner(ns)
    self._check_notice(notice)
    present: uint256 = ((word >> AT_NOTICE) & MASK_24)
    assert notice != present, "kernel: same notice"
    if notice > present:
        self._set_notice(ns, notice)
    else:
        op: bytes32 = self._hash_setting(ns, KIND_NOTICE, convert(notice, bytes32), salt)
        ready: uint256 = self._announce(ns, word, op, KIND_NOTICE, NO_CONFIRMATION)
        log IKernel.NoticeScheduled(
            namespace=ns,
            operation=op,
            epoch=self._epoch(word),
            ready_at=ready,
            salt=salt,
            notice=notice,
        )


@external
def set_guardian(ns: bytes32, guardian: address, until: uint256, salt: bytes32):
    """
    @notice Remove the guardian at once (zero, zero), or announce a new one,
            which waits the notice and then `apply_guardian`. Only the owner.
    @param ns The namespace.
    @param guardian The new guardian; zero for none.
    @param until When its right ends, seconds, at most 365 days ahead.
    @param salt Tells apart operations that are otherwise the same.
    """
    word: uint256 = self._check_owner(ns)
    self._check_guardian(guardian, until)
    if guardian == empty(address):
        self._set_guardian(ns, guardian, until)
    else:
        op: bytes32 = self._hash_setting(
            ns, KIND_GUARDIAN, self._guardian_word(guardian, until), salt
        )
        ready: uint256 = self._announce(ns, word, op, KIND_GUARDIAN, NO_CONFIRMATION)
        assert until > ready, "kernel: guardian ends too soon"
        log IKernel.GuardianScheduled(
            namespace=ns,
            operation=op,
            epoch=self._epoch(word),
            ready_at=ready,
            salt=salt,
            guardian=guardian,
            until=until,
        )


@external
def propose_owner(ns: bytes32, candidate: address, salt: bytes32) -> bytes32:
    """
    @notice Announce a new owner, who may `accept_owner` within 14 days after the
            notice; the present one stays owner until then. Only the owner.
    @param ns The namespace.
    @param candidate The new owner; not zero.
    @param salt Tells apart operations that are otherwise the same.
    @return The operation's id.
    """
    word: uint256 = self._check_owner(ns)
    assert candidate != empty(address), "kernel: zero owner"
    op: bytes32 = self._hash_setting(ns, KIND_OWNER, convert(candidate, bytes32), salt)
    ready: uint256 = self._announce(ns, word, op, KIND_OWNER, NO_CONFIRMATION)
    log IKernel.OwnerProposed(
        namespace=ns,
        operation=op,
        epoch=self._epoch(word),
        ready_at=ready,
        salt=salt,
        candidate=candidate,
    )
    return op


# ----- views -----

@external
@view
def module(id: bytes32) -> address:
    """
    @notice The module to use for an entry. One storage read.
    @param id keccak256(abi_encode(ns, key)).
    @return Its address. Reverts when unset or paused.
    """
    return self._module(id)


@external
@view
def head(id: bytes32) -> (address, uint256):
    """
    @notice Who has the authority of an entry; a pause changes nothing here.
    @param id keccak256(abi_encode(ns, key)).
    @return The module (zero when unset) and its version (zero when never set).
    """
    word: uint256 = self._entries[id]
    return self._address(word), ((word >> AT_VERSION) & MASK_32)


@external
@view
def resolve(ns: bytes32, key: bytes32) -> address:
    """
    @notice `module` by namespace and key.
    @param ns The namespace.
    @param key The entry's key.
    @return Its address. Reverts when unset or paused.
    """
    return self._module(self._id(ns, key))


@external
@view
def entry(id: bytes32) -> IKernel.Entry:
    """
    @notice All that is known of an entry.
    @param id keccak256(abi_encode(ns, key)).
    @return The entry; all zero when never set.
    """
    return self._entry(id)


@external
@view
def namespace(ns: bytes32) -> IKernel.Namespace:
    """
    @notice All that is known of a namespace.
    @param ns Its id.
    @return The namespace; all zero when not claimed.
    """
    word: uint256 = self._namespaces[ns]
    guard: uint256 = self._guardians[ns]
    return IKernel.Namespace(
        owner=self._address(word),
        epoch=self._epoch(word),
        notice=((word >> AT_NOTICE) & MASK_24),
        claimed_at=((word >> AT_CLAIMED) & MASK_40),
        claimer=self._claimers[ns],
        label=self._labels[ns],
        guardian=self._address(guard),
        guardian_until=((guard >> AT_UNTIL) & MASK_40),
        keys=len(self._keys[ns]),
    )


@external
@view
def guardian(ns: bytes32) -> address:
    """
    @notice The guardian in office.
    @param ns The namespace.
    @return Its address; zero when there is none or its time is over.
    """
    return self._guardian(ns)


@external
@view
def page(ns: bytes32, start: uint256, count: uint256) -> DynArray[IKernel.Row, MAX_PAGE]:
    """
    @notice The entries of a namespace, in the order in which their keys were
            first filled. Removed ones stay, with a zero module.
    @param ns The namespace.
    @param start The first place, from 0.
    @param count How many at most, 1 to 32.
    @return The rows; empty past the end.
    """
    assert count != 0 and count <= MAX_PAGE, "kernel: 1 to 32 rows"
    rows: DynArray[IKernel.Row, MAX_PAGE] = []
    total: uint256 = len(self._keys[ns])
    for i: uint256 in range(count, bound=MAX_PAGE):
        if start >= total or i >= total - start:
            break
        key: bytes32 = self._keys[ns][start + i]
        rows.append(IKernel.Row(key=key, entry=self._entry(self._id(ns, key))))
    return rows


@external
@view
def operation(ns: bytes32, op: bytes32) -> IKernel.Operation:
    """
    @notice All that is known of an operation.
    @param ns The namespace.
    @param op The operation's id.
    @return The operation; all zero when never announced.
    """
    word: uint256 = self._operations[ns][op]
    if word == 0:
        return empty(IKernel.Operation)
    confirmation: uint256 = ((word >> AT_OP_CONFIRM) & MASK_8)
    return IKernel.Operation(
        kind=convert(1 << (((word >> AT_OP_KIND) & MASK_8) - 1), IKernel.Kind),
        state=self._state(ns, word),
        ready_at=(word & MASK_40),
        applied_at=((word >> AT_OP_APPLIED) & MASK_40),
        epoch=((word >> AT_OP_EPOCH) & MASK_32),
        confirm=confirmation != NO_CONFIRMATION,
        confirmed=confirmation == CONFIRMATION_GIVEN,
    )


@external
@view
def operation_id(
    ns: bytes32, changes: DynArray[IKernel.Change, MAX_CHANGES], salt: bytes32
) -> bytes32:
    """
    @notice The id that `schedule` would give in the present epoch.
    @param ns The namespace.
    @param changes The changes.
    @param salt The salt.
    @return keccak256(abi_encode(ns, epoch, 1, changes, salt)).
    """
    return self._hash_changes(ns, changes, salt)


@external
@view
def verify(ns: bytes32, key: bytes32) -> bool:
    """
    @notice Whether the code behind an entry is still the code that was announced.
    @param ns The namespace.
    @param key The entry's key.
    @return False too when the entry is empty.
    """
    id: bytes32 = self._id(ns, key)
    word: uint256 = self._entries[id]
    module: address = self._address(word)
    if module == empty(address):
        return False
    return module.codehash == self._hashes[id][((word >> AT_VERSION) & MASK_32) % 2]


# ----- operations -----

@internal
def _announce(
    ns: bytes32, namespace_word: uint256, op: bytes32, kind: uint256, confirmation: uint256
) -> uint256:
    assert self._operations[ns][op] == 0, "kernel: operation exists"
    ready: uint256 = block.timestamp + ((namespace_word >> AT_NOTICE) & MASK_24)
    self._operations[ns][op] = (
        ready
        | (((namespace_word >> AT_EPOCH) & MASK_32) << AT_OP_EPOCH)
        | (kind << AT_OP_KIND)
        | (SCHEDULED << AT_OP_STATUS)
        | (confirmation << AT_OP_CONFIRM)
    )
    return ready


@internal
def _take(ns: bytes32, op: bytes32) -> uint256:
    # Mark a waiting operation applied. Its id binds the epoch in force.
    word: uint256 = self._operations[ns][op]
    self._check_status(ns, word, SCHEDULED)
    ready: uint256 = (word & MASK_40)
    assert block.timestamp >= ready, "kernel: notice not over"
    assert block.timestamp <= ready + GRACE, "kernel: operation expired"
    self._operations[ns][op] = (
        self._put(word, AT_OP_STATUS, MASK_8, APPLIED) | (block.timestamp << AT_OP_APPLIED)
    )
    log IKernel.Applied(namespace=ns, operation=op)
    return word


@internal
def _install(ns: bytes32, change: IKernel.Change, revisable: uint256):
    # The new version's hash goes to the place of the version before last; the
    # predecessor's stays where it is.
    id: bytes32 = self._id(ns, change.key)
    word: uint256 = self._entries[id]
    self._check_change(change, word)
    old: address = self._address(word)
    if change.version == 1:
        self._keys[ns].append(change.key)
    elif old == empty(address):
        self._pasts[id] = 0
    else:
        self._pasts[id] = convert(old, uint256) | (revisable << AT_UNTIL)
    version: uint256 = change.version
    self._hashes[id][version % 2] = change.code_hash
    self._write_entry(ns, id, change.key, word, change.module, version, change.code_hash)


@internal
def _restore(ns: bytes32, change: IKernel.Change):
    # Versions v - 1 and v + 1 have their hash at the same place, so the restored
    # module finds its own.
    id: bytes32 = self._id(ns, change.key)
    word: uint256 = self._entries[id]
    version: uint256 = ((word >> AT_VERSION) & MASK_32)
    assert version == change.version, "kernel: changed since"
    past: uint256 = self._pasts[id]
    predecessor: address = self._address(past)
    assert predecessor != empty(address), "kernel: no predecessor"
    code_hash: bytes32 = self._hashes[id][(version + 1) % 2]
    self._check_code(predecessor, code_hash)
    self._pasts[id] = convert(change.module, uint256)
    self._write_entry(ns, id, change.key, word, predecessor, version + 1, code_hash)


@internal
def _write_entry(
    ns: bytes32,
    id: bytes32,
    key: bytes32,
    word: uint256,
    module: address,
    version: uint256,
    code_hash: bytes32,
):
    assert ((word >> AT_FROZEN) & 1) == 0, "kernel: frozen"
    self._entries[id] = (
        convert(module, uint256)
        | (version << AT_VERSION)
        | (((word >> AT_PAUSED) & MASK_40) << AT_PAUSED)
    )
    log IKernel.ModuleChanged(
        namespace=ns,
        key=key,
        module=module,
        old_module=self._address(word),
        version=version,
        code_hash=code_hash,
    )


@internal
@view
def _state(ns: bytes32, word: uint256) -> IKernel.State:
    status: uint256 = ((word >> AT_OP_STATUS) & MASK_8)
    if status == APPLIED:
        return IKernel.State.APPLIED
    if status == CANCELED:
        return IKernel.State.CANCELED
    if status == ROLLED_BACK:
        return IKernel.State.ROLLED_BACK
    if ((word >> AT_OP_EPOCH) & MASK_32) != ((self._namespaces[ns] >> AT_EPOCH) & MASK_32):
        return IKernel.State.DEAD
    ready: uint256 = (word & MASK_40)
    if block.timestamp < ready:
        return IKernel.State.WAITING
    if block.timestamp <= ready + GRACE:
        return IKernel.State.READY
    return IKernel.State.EXPIRED


# ----- settings -----

@internal
def _set_notice(ns: bytes32, notice: uint256):
    word: uint256 = self._namespaces[ns]
    self._namespaces[ns] = self._put(word, AT_NOTICE, MASK_24, notice)
    log IKernel.NoticeSet(
        namespace=ns,
        old_notice=((word >> AT_NOTICE) & MASK_24),
        notice=notice,
    )


@internal
def _set_guardian(ns: bytes32, guardian: address, until: uint256):
    old: address = self._address(self._guardians[ns])
    self._guardians[ns] = convert(self._guardian_word(guardian, until), uint256)
    log IKernel.GuardianSet(namespace=ns, old_guardian=old, guardian=guardian, until=until)


# ----- checks -----

@internal
@view
def _check_owner(ns: bytes32) -> uint256:
    word: uint256 = self._namespaces[ns]
    assert msg.sender == self._address(word), "kernel: not owner"
    return word


@internal
@view
def _check_status(ns: bytes32, word: uint256, status: uint256):
    assert ((word >> AT_OP_STATUS) & MASK_8) == status, "kernel: wrong operation state"
    # The id binds the epoch where the content is given; where only the id is, this does.
    epoch: uint256 = ((self._namespaces[ns] >> AT_EPOCH) & MASK_32)
    assert ((word >> AT_OP_EPOCH) & MASK_32) == epoch, "kernel: of a former owner"


@internal
@view
def _check_may_roll_back(ns: bytes32, word: uint256):
    applied: uint256 = ((word >> AT_OP_APPLIED) & MASK_40)
    if block.timestamp <= applied + ROLLBACK_WINDOW and (self._is_owner(ns) or self._is_guardian(ns)):
        return
    owed: bool = ((word >> AT_OP_CONFIRM) & MASK_8) == CONFIRMATION_ASKED
    assert owed and block.timestamp > applied + CONFIRM_WINDOW, "kernel: may not roll back"
    assert block.timestamp <= applied + 2 * CONFIRM_WINDOW, "kernel: may not roll back"


@internal
@view
def _check_live(id: bytes32) -> uint256:
    word: uint256 = self._entries[id]
    assert self._address(word) != empty(address), "kernel: no module"
    assert ((word >> AT_FROZEN) & 1) == 0, "kernel: frozen"
    return word


@internal
@view
def _check_change(change: IKernel.Change, word: uint256):
    assert change.key != empty(bytes32), "kernel: zero key"
    assert ((word >> AT_FROZEN) & 1) == 0, "kernel: frozen"
    next: uint256 = ((word >> AT_VERSION) & MASK_32) + 1
    assert change.version == next, "kernel: not the next version"
    if change.module == empty(address):
        assert self._address(word) != empty(address), "kernel: nothing to remove"
        assert change.code_hash == empty(bytes32), "kernel: hash of a removal"
    else:
        self._check_code(change.module, change.code_hash)


@internal
@view
def _check_code(module: address, code_hash: bytes32):
    assert module.codesize != 0, "kernel: no code"
    # 0xef starts what is not plain code, an EIP-7702 account among it.
    assert slice(module.code, 0, 1) != b"\xef", "kernel: not plain code"
    assert module.codehash == code_hash, "kernel: not the announced code"


@internal
@pure
def _check_ascending(changes: DynArray[IKernel.Change, MAX_CHANGES]):
    # One canonical order, and no key twice.
    last: uint256 = 0
    for change: IKernel.Change in changes:
        key: uint256 = convert(change.key, uint256)
        assert key > last, "kernel: keys not ascending"
        last = key


@internal
@pure
def _check_notice(notice: uint256):
    assert notice <= NOTICE_MAX, "kernel: notice over 30 days"


@internal
@view
def _check_guardian(guardian: address, until: uint256):
    if guardian == empty(address):
        assert until == 0, "kernel: time without guardian"
    else:
        end: uint256 = until
        assert end > block.timestamp, "kernel: guardian ends too soon"
        assert end <= block.timestamp + GUARDIAN_MAX, "kernel: guardian over a year"


# ----- readers -----

@internal
@view
def _module(id: bytes32) -> address:
    word: uint256 = self._entries[id]
    module: address = self._address(word)
    assert module != empty(address), "kernel: no module"
    assert block.timestamp >= ((word >> AT_PAUSED) & MASK_40), "kernel: paused"
    return module


@internal
@view
def _entry(id: bytes32) -> IKernel.Entry:
    word: uint256 = self._entries[id]
    past: uint256 = self._pasts[id]
    version: uint256 = ((word >> AT_VERSION) & MASK_32)
    predecessor: address = self._address(past)
    predecessor_hash: bytes32 = empty(bytes32)
    if predecessor != empty(address):
        predecessor_hash = self._hashes[id][(version + 1) % 2]
    return IKernel.Entry(
        module=self._address(word),
        version=version,
        code_hash=self._hashes[id][version % 2],
        predecessor=predecessor,
        predecessor_hash=predecessor_hash,
        revisable_until=((past >> AT_UNTIL) & MASK_40),
        paused_until=((word >> AT_PAUSED) & MASK_40),
        frozen=((word >> AT_FROZEN) & 1) == 1,
    )


@internal
@view
def _is_owner(ns: bytes32) -> bool:
    return msg.sender == self._address(self._namespaces[ns])


@internal
@view
def _is_guardian(ns: bytes32) -> bool:
    return msg.sender == self._guardian(ns)


@internal
@view
def _guardian(ns: bytes32) -> address:
    word: uint256 = self._guardians[ns]
    if block.timestamp >= ((word >> AT_UNTIL) & MASK_40):
        return empty(address)
    return self._address(word)


@internal
@pure
def _epoch(namespace_word: uint256) -> uint256:
    return ((namespace_word >> AT_EPOCH) & MASK_32)


# ----- words -----

@internal
@pure
def _id(ns: bytes32, key: bytes32) -> bytes32:
    return keccak256(abi_encode(ns, key))


@internal
@view
def _hash_changes(
    ns: bytes32, changes: DynArray[IKernel.Change, MAX_CHANGES], salt: bytes32
) -> bytes32:
    epoch: uint256 = ((self._namespaces[ns] >> AT_EPOCH) & MASK_32)
    return keccak256(abi_encode(ns, epoch, KIND_CHANGES, changes, salt))


@internal
@view
def _hash_setting(ns: bytes32, kind: uint256, content: bytes32, salt: bytes32) -> bytes32:
    epoch: uint256 = ((self._namespaces[ns] >> AT_EPOCH) & MASK_32)
    return keccak256(abi_encode(ns, epoch, kind, content, salt))


@internal
@pure
def _namespace_word(owner: address, epoch: uint256, notice: uint256, claimed: uint256) -> uint256:
    return (
        convert(owner, uint256)
        | (epoch << AT_EPOCH)
        | (notice << AT_NOTICE)
        | (claimed << AT_CLAIMED)
    )


@internal
@pure
def _guardian_word(guardian: address, until: uint256) -> bytes32:
    return convert(
        convert(guardian, uint256) | (until << AT_UNTIL), bytes32
    )


@internal
@pure
def _address(word: uint256) -> address:
    return convert(convert(word & MASK_160, uint160), address)


@internal
@pure
def _put(word: uint256, at: uint256, mask: uint256, new: uint256) -> uint256:
    return (word & ~(mask << at)) | (new << at)
