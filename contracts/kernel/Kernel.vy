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

     Words, highest bits first; every address in the upper 160 bits:

         entry      module | frozen 1 | paused until 40 | version 32
         past       predecessor | revisable until 40
         hash       of version v at place v mod 2, so that the predecessor's hash
                    stays where it is when a version is applied or rolled back
         namespace  owner | claimed at 40 | notice 24 | epoch 32
         guardian   guardian | until 40
         operation  confirmation 8 | status 8 | kind 8 | epoch 32 | applied at 40 |
                    ready at 40

     Invariants KER-1 to KER-12: docs/invariants.md.
@custom:security The kernel makes no call, so it has no reentrancy. A namespace's
     id holds its claimer's address, so no id can be taken before its owner.
     Watch `schedule` events: they announce every address and code hash, and a
     notice of zero gives no time to react. A guardian who rolls back a governor
     also ends what that governor had queued; a DAO that distrusts its guardian
     removes it before it upgrades. Code that an exotic chain lets
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

NOT_CODE: constant(uint256) = 239                 # 0xef: EIP-7702 accounts, EOF (EIP-3541)

MAX_CHANGES: constant(uint256) = 16
MAX_PAGE: constant(uint256) = 32

# Whether an operation needs its owner's proof of life.
NO_CONFIRMATION: constant(uint256) = 0
CONFIRMATION_ASKED: constant(uint256) = 1
CONFIRMATION_GIVEN: constant(uint256) = 2

# Places of fields in their words. A field is read in place, `(word >> AT) & MASK`:
# the compiler does not inline, and a call costs more than the reading.
AT_ADDRESS: constant(uint256) = 96
AT_PAUSED: constant(uint256) = 32
AT_FROZEN: constant(uint256) = 72
AT_NOTICE: constant(uint256) = 32
AT_CLAIMED: constant(uint256) = 56
AT_OP_APPLIED: constant(uint256) = 40
AT_OP_EPOCH: constant(uint256) = 80
AT_OP_KIND: constant(uint256) = 112
AT_OP_STATUS: constant(uint256) = 120
AT_OP_CONFIRM: constant(uint256) = 128

MASK_8: constant(uint256) = 2**8 - 1
MASK_24: constant(uint256) = 2**24 - 1
MASK_32: constant(uint256) = 2**32 - 1
MASK_40: constant(uint256) = 2**40 - 1
MASK_96: constant(uint256) = 2**96 - 1

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
    self._require(label != empty(bytes32), "kernel: zero label")
    self._require(owner != empty(address), "kernel: zero owner")
    ns: bytes32 = self._id(convert(msg.sender, bytes32), label)
    self._require(self._namespaces[ns] == 0, "kernel: already claimed")
    self._check_notice(notice)
    self._check_guardian(guardian, until)

    self._namespaces[ns] = (
        (convert(owner, uint256) << AT_ADDRESS)
        | (block.timestamp << AT_CLAIMED)
        | (notice << AT_NOTICE)
        | 1  # the first epoch
    )
    self._claimers[ns] = msg.sender
    self._labels[ns] = label
    log IKernel.Claimed(namespace=ns, claimer=msg.sender, owner=owner, label=label, notice=notice)
    if guardian != empty(address):
        self._set_guardian(ns, guardian, until)
    last: bytes32 = empty(bytes32)
    for change: IKernel.Change in changes:
        self._install(ns, change, last, 0)
        last = change.key
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
    word: uint256 = self._take(ns, self._hash_changes(ns, changes, salt))
    window: uint256 = ROLLBACK_WINDOW
    if word >> AT_OP_CONFIRM == CONFIRMATION_ASKED:
        window = 2 * CONFIRM_WINDOW
    last: bytes32 = empty(bytes32)
    for change: IKernel.Change in changes:
        self._install(ns, change, last, block.timestamp + window)
        last = change.key


@external
def apply_notice(ns: bytes32, notice: uint256, salt: bytes32):
    """
    @notice Apply an announced shorter notice. Anyone may.
    @param ns The namespace.
    @param notice As announced, seconds.
    @param salt As announced.
    """
    self._take(ns, self._hash_setting(ns, IKernel.Kind.NOTICE, empty(address), notice, salt))
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
    self._take(ns, self._hash_setting(ns, IKernel.Kind.GUARDIAN, guardian, until, salt))
    self._check_guardian(guardian, until)
    self._set_guardian(ns, guardian, until)


@external
def accept_owner(ns: bytes32, salt: bytes32):
    """
    @notice Become the owner, as the announced candidate, within 14 days after
            the notice. Every operation of the old owner dies, and with it what
            could still be rolled back. The guardian stays until you remove it.
    @param ns The namespace.
    @param salt As announced.
    """
    self._take(ns, self._hash_setting(ns, IKernel.Kind.OWNER, msg.sender, 0, salt))
    word: uint256 = self._namespaces[ns]
    settings: uint256 = (word & MASK_96) + 1  # the next epoch
    self._namespaces[ns] = (convert(msg.sender, uint256) << AT_ADDRESS) | settings
    log IKernel.OwnerSet(
        namespace=ns,
        old_owner=convert(word >> AT_ADDRESS, address),
        owner=msg.sender,
        epoch=settings & MASK_32,
    )


# ----- for the owner, some of it for the guardian too -----

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
           for it when what controls the owner changes. Then each change must
           have a module to go back to.
    @return The operation's id.
    """
    word: uint256 = self._check_owner(ns)
    self._require(len(changes) != 0, "kernel: no changes")
    last: bytes32 = empty(bytes32)
    for change: IKernel.Change in changes:
        entry: uint256 = self._entries[self._id(ns, change.key)]
        self._check_change(change, entry, last)
        # One first module would make the whole operation impossible to roll back.
        self._require(not confirm or entry >> AT_ADDRESS != 0, "kernel: nothing to go back to")
        last = change.key
    op: bytes32 = self._hash_changes(ns, changes, salt)
    confirmation: uint256 = NO_CONFIRMATION
    if confirm:
        confirmation = CONFIRMATION_ASKED
    ready: uint256 = self._announce(ns, word, op, IKernel.Kind.CHANGES, confirmation)
    log IKernel.ChangesScheduled(
        namespace=ns,
        operation=op,
        epoch=word & MASK_32,
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
    word: uint256 = self._operation(ns, op, IKernel.State.WAITING)
    if not self._is_owner(ns):
        self._check_guardian_acts(ns)
        kind: uint256 = (word >> AT_OP_KIND) & MASK_8
        self._require(
            kind != convert(IKernel.Kind.GUARDIAN, uint256), "kernel: sets the guardian"
        )
    self._write_status(ns, op, word, IKernel.State.CANCELED)
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
    word: uint256 = self._operation(ns, op, IKernel.State.APPLIED)
    self._require(word >> AT_OP_CONFIRM == CONFIRMATION_ASKED, "kernel: nothing to confirm")
    applied: uint256 = (word >> AT_OP_APPLIED) & MASK_40
    self._require(block.timestamp <= applied + CONFIRM_WINDOW, "kernel: too late to confirm")
    self._operations[ns][op] = word ^ (
        (CONFIRMATION_ASKED ^ CONFIRMATION_GIVEN) << AT_OP_CONFIRM
    )
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
    word: uint256 = self._operation(ns, op, IKernel.State.APPLIED)
    self._check_may_roll_back(ns, word)
    self._write_status(ns, op, word, IKernel.State.ROLLED_BACK)
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
        self._check_guardian_acts(ns)
    id: bytes32 = self._id(ns, key)
    word: uint256 = self._check_live(id)
    self._require(duration != 0 and duration <= PAUSE_MAX, "kernel: pause of 1 s to 14 days")
    last: uint256 = (word >> AT_PAUSED) & MASK_40
    self._require(last == 0 or block.timestamp >= last + PAUSE_REST, "kernel: paused lately")
    until: uint256 = block.timestamp + duration
    self._write_paused(id, word, until)
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
    self._require(block.timestamp < (word >> AT_PAUSED) & MASK_40, "kernel: not paused")
    self._write_paused(id, word, block.timestamp)
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
    self._check_not_paused(word)
    self._require(block.timestamp > self._pasts[id] & MASK_40, "kernel: still revisable")
    self._entries[id] = word | (1 << AT_FROZEN)
    log IKernel.Frozen(namespace=ns, key=key)


@external
def set_notice(ns: bytes32, notice: uint256, salt: bytes32) -> bytes32:
    """
    @notice Lengthen the notice at once, or announce a shorter one, which waits
            the present notice and then `apply_notice`. Only the owner. What was
            announced stays announced: cancel it when lengthening.
    @param ns The namespace.
    @param notice Seconds, at most 30 days, not the present one.
    @param salt Tells apart operations that are otherwise the same.
    @return The operation's id; zero when set at once.
    """
    word: uint256 = self._check_owner(ns)
    self._check_notice(notice)
    present: uint256 = (word >> AT_NOTICE) & MASK_24
    self._require(notice != present, "kernel: same notice")
    if notice < present:
        return self._announce_setting(
            ns, word, IKernel.Kind.NOTICE, empty(address), notice, salt
        )
    self._set_notice(ns, notice)
    return empty(bytes32)


@external
def set_guardian(ns: bytes32, guardian: address, until: uint256, salt: bytes32) -> bytes32:
    """
    @notice Remove the guardian at once (zero, zero), or announce a new one,
            which waits the notice and then `apply_guardian`. Only the owner.
    @param ns The namespace.
    @param guardian The new guardian; zero for none.
    @param until When its right ends, seconds, at most 365 days ahead.
    @param salt Tells apart operations that are otherwise the same.
    @return The operation's id; zero when set at once.
    """
    word: uint256 = self._check_owner(ns)
    self._check_guardian(guardian, until)
    if guardian != empty(address):
        return self._announce_setting(ns, word, IKernel.Kind.GUARDIAN, guardian, until, salt)
    self._set_guardian(ns, guardian, until)
    return empty(bytes32)


@external
def propose_owner(ns: bytes32, candidate: address, salt: bytes32) -> bytes32:
    """
    @notice Announce a new owner, who may `accept_owner` within 14 days after the
            notice; the present one stays owner until then. Only the owner.
    @param ns The namespace.
    @param candidate The new owner; neither zero nor the present one, who would
           end the rights to roll back without handing anything over.
    @param salt Tells apart operations that are otherwise the same.
    @return The operation's id.
    """
    word: uint256 = self._check_owner(ns)
    self._require(candidate != empty(address), "kernel: zero owner")
    self._require(candidate != msg.sender, "kernel: already owner")
    return self._announce_setting(ns, word, IKernel.Kind.OWNER, candidate, 0, salt)


# ----- views -----

@external
@view
def module(id: bytes32) -> address:
    """
    @notice The module to use for an entry. One storage read.
    @param id keccak256(abi_encode(ns, key)).
    @return Its address. Reverts when unset or paused.
    """
    # In place: this is what every user of every module pays.
    word: uint256 = self._entries[id]
    assert word >> AT_ADDRESS != 0, "kernel: no module"
    assert block.timestamp >= (word >> AT_PAUSED) & MASK_40, "kernel: paused"
    return convert(word >> AT_ADDRESS, address)


@external
@view
def head(id: bytes32) -> (address, uint256):
    """
    @notice Who has the authority of an entry; a pause changes nothing here.
    @param id keccak256(abi_encode(ns, key)).
    @return The module (zero when unset) and its version (zero when never set).
    """
    word: uint256 = self._entries[id]
    return convert(word >> AT_ADDRESS, address), word & MASK_32


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
        owner=convert(word >> AT_ADDRESS, address),
        epoch=word & MASK_32,
        notice=(word >> AT_NOTICE) & MASK_24,
        claimed_at=(word >> AT_CLAIMED) & MASK_40,
        claimer=self._claimers[ns],
        label=self._labels[ns],
        guardian=convert(guard >> AT_ADDRESS, address),
        guardian_until=guard & MASK_40,
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
    self._require(count != 0 and count <= MAX_PAGE, "kernel: 1 to 32 rows")
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
    confirmation: uint256 = word >> AT_OP_CONFIRM
    return IKernel.Operation(
        kind=convert((word >> AT_OP_KIND) & MASK_8, IKernel.Kind),
        state=self._state(ns, word),
        ready_at=word & MASK_40,
        applied_at=(word >> AT_OP_APPLIED) & MASK_40,
        epoch=(word >> AT_OP_EPOCH) & MASK_32,
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
    module: address = convert(word >> AT_ADDRESS, address)
    return module != empty(address) and module.codehash == self._hashes[id][word % 2]


# ----- operations -----

@internal
def _announce(
    ns: bytes32,
    namespace_word: uint256,
    op: bytes32,
    kind: IKernel.Kind,
    confirmation: uint256,
) -> uint256:
    self._require(self._operations[ns][op] == 0, "kernel: operation exists")
    ready: uint256 = block.timestamp + ((namespace_word >> AT_NOTICE) & MASK_24)
    self._operations[ns][op] = (
        (confirmation << AT_OP_CONFIRM)
        | (convert(IKernel.State.WAITING, uint256) << AT_OP_STATUS)
        | (convert(kind, uint256) << AT_OP_KIND)
        | ((namespace_word & MASK_32) << AT_OP_EPOCH)
        | ready
    )
    return ready


@internal
def _announce_setting(
    ns: bytes32,
    namespace_word: uint256,
    kind: IKernel.Kind,
    account: address,
    amount: uint256,
    salt: bytes32,
) -> bytes32:
    op: bytes32 = self._hash_setting(ns, kind, account, amount, salt)
    ready: uint256 = self._announce(ns, namespace_word, op, kind, NO_CONFIRMATION)
    log IKernel.SettingScheduled(
        namespace=ns,
        operation=op,
        kind=kind,
        epoch=namespace_word & MASK_32,
        ready_at=ready,
        salt=salt,
        account=account,
        amount=amount,
    )
    return op


@internal
def _take(ns: bytes32, op: bytes32) -> uint256:
    # Mark a waiting operation applied, before anything that it does.
    word: uint256 = self._operation(ns, op, IKernel.State.WAITING)
    ready: uint256 = word & MASK_40
    self._require(block.timestamp >= ready, "kernel: notice not over")
    self._require(block.timestamp <= ready + GRACE, "kernel: operation expired")
    self._write_status(
        ns, op, word | (block.timestamp << AT_OP_APPLIED), IKernel.State.APPLIED
    )
    log IKernel.Applied(namespace=ns, operation=op)
    return word


@internal
def _write_status(ns: bytes32, op: bytes32, word: uint256, status: IKernel.State):
    self._operations[ns][op] = (
        word & ~(MASK_8 << AT_OP_STATUS)
    ) | (convert(status, uint256) << AT_OP_STATUS)


@internal
@view
def _operation(ns: bytes32, op: bytes32, status: IKernel.State) -> uint256:
    # Its word, if it has the status and belongs to the present owner.
    word: uint256 = self._operations[ns][op]
    self._require(
        (word >> AT_OP_STATUS) & MASK_8 == convert(status, uint256),
        "kernel: wrong operation state",
    )
    self._require(
        (word >> AT_OP_EPOCH) & MASK_32 == self._namespaces[ns] & MASK_32,
        "kernel: of a former owner",
    )
    return word


@internal
@view
def _state(ns: bytes32, word: uint256) -> IKernel.State:
    status: IKernel.State = convert((word >> AT_OP_STATUS) & MASK_8, IKernel.State)
    if status != IKernel.State.WAITING:
        return status
    if (word >> AT_OP_EPOCH) & MASK_32 != self._namespaces[ns] & MASK_32:
        return IKernel.State.DEAD
    ready: uint256 = word & MASK_40
    if block.timestamp < ready:
        return IKernel.State.WAITING
    if block.timestamp <= ready + GRACE:
        return IKernel.State.READY
    return IKernel.State.EXPIRED


# ----- entries -----

@internal
def _install(ns: bytes32, change: IKernel.Change, last: bytes32, revisable: uint256):
    id: bytes32 = self._id(ns, change.key)
    word: uint256 = self._entries[id]
    self._check_change(change, word, last)
    if change.version == 1:
        self._keys[ns].append(change.key)
    elif word >> AT_ADDRESS == 0:
        self._pasts[id] = 0  # filled again after a removal: nothing to go back to
    else:
        self._pasts[id] = (word & ~MASK_96) | revisable
    # The predecessor's hash stays at the other place.
    self._hashes[id][change.version % 2] = change.code_hash
    self._write_module(ns, change.key, id, word, change.module, change.code_hash)


@internal
def _restore(ns: bytes32, change: IKernel.Change):
    id: bytes32 = self._id(ns, change.key)
    word: uint256 = self._entries[id]
    self._require(word & MASK_32 == change.version, "kernel: changed since")
    predecessor: address = convert(self._pasts[id] >> AT_ADDRESS, address)
    self._require(predecessor != empty(address), "kernel: no predecessor")
    # Versions v - 1 and v + 1 have their hash at the same place.
    code_hash: bytes32 = self._hashes[id][(change.version + 1) % 2]
    self._check_code(predecessor, code_hash)
    self._pasts[id] = word & ~MASK_96
    self._write_module(ns, change.key, id, word, predecessor, code_hash)


@internal
def _write_module(
    ns: bytes32,
    key: bytes32,
    id: bytes32,
    word: uint256,
    module: address,
    code_hash: bytes32,
):
    # The one place where a module is written: the next version, and the pause kept.
    self._check_not_frozen(word)
    settings: uint256 = (word & MASK_96) + 1
    self._entries[id] = (convert(module, uint256) << AT_ADDRESS) | settings
    log IKernel.ModuleChanged(
        namespace=ns,
        key=key,
        module=module,
        old_module=convert(word >> AT_ADDRESS, address),
        version=settings & MASK_32,
        code_hash=code_hash,
    )


@internal
def _write_paused(id: bytes32, word: uint256, until: uint256):
    self._entries[id] = (word & ~(MASK_40 << AT_PAUSED)) | (until << AT_PAUSED)


@internal
@view
def _module(id: bytes32) -> address:
    word: uint256 = self._entries[id]
    self._require(word >> AT_ADDRESS != 0, "kernel: no module")
    self._check_not_paused(word)
    return convert(word >> AT_ADDRESS, address)


@internal
@view
def _entry(id: bytes32) -> IKernel.Entry:
    word: uint256 = self._entries[id]
    past: uint256 = self._pasts[id]
    predecessor_hash: bytes32 = empty(bytes32)
    if past >> AT_ADDRESS != 0:
        predecessor_hash = self._hashes[id][(word + 1) % 2]
    return IKernel.Entry(
        module=convert(word >> AT_ADDRESS, address),
        version=word & MASK_32,
        code_hash=self._hashes[id][word % 2],
        predecessor=convert(past >> AT_ADDRESS, address),
        predecessor_hash=predecessor_hash,
        revisable_until=past & MASK_40,
        paused_until=(word >> AT_PAUSED) & MASK_40,
        frozen=(word >> AT_FROZEN) & 1 == 1,
    )


# ----- settings -----

@internal
def _set_notice(ns: bytes32, notice: uint256):
    word: uint256 = self._namespaces[ns]
    self._namespaces[ns] = (word & ~(MASK_24 << AT_NOTICE)) | (notice << AT_NOTICE)
    log IKernel.NoticeSet(
        namespace=ns, old_notice=(word >> AT_NOTICE) & MASK_24, notice=notice
    )


@internal
def _set_guardian(ns: bytes32, guardian: address, until: uint256):
    old: address = convert(self._guardians[ns] >> AT_ADDRESS, address)
    self._guardians[ns] = (convert(guardian, uint256) << AT_ADDRESS) | until
    log IKernel.GuardianSet(namespace=ns, old_guardian=old, guardian=guardian, until=until)


@internal
@view
def _guardian(ns: bytes32) -> address:
    word: uint256 = self._guardians[ns]
    if block.timestamp >= word & MASK_40:
        return empty(address)
    return convert(word >> AT_ADDRESS, address)


# ----- checks -----

@internal
@pure
def _require(holds: bool, reason: String[32]):
    # A reason written at an assert costs 119 bytes of code, given to this one 60.
    assert holds, reason


@internal
@view
def _is_owner(ns: bytes32) -> bool:
    # Zero owns nothing, whatever an unclaimed namespace looks like.
    word: uint256 = self._namespaces[ns]
    return word != 0 and convert(msg.sender, uint256) == word >> AT_ADDRESS


@internal
@view
def _is_guardian(ns: bytes32) -> bool:
    # Where nobody is in office, zero is not.
    return msg.sender != empty(address) and msg.sender == self._guardian(ns)


@internal
@view
def _check_owner(ns: bytes32) -> uint256:
    word: uint256 = self._namespaces[ns]
    owns: bool = word != 0 and convert(msg.sender, uint256) == word >> AT_ADDRESS
    self._require(owns, "kernel: not owner")
    return word


@internal
@view
def _check_guardian_acts(ns: bytes32):
    self._require(self._is_guardian(ns), "kernel: not owner or guardian")


@internal
@view
def _check_may_roll_back(ns: bytes32, word: uint256):
    age: uint256 = block.timestamp - ((word >> AT_OP_APPLIED) & MASK_40)
    if age <= ROLLBACK_WINDOW and (self._is_owner(ns) or self._is_guardian(ns)):
        return
    owed: bool = word >> AT_OP_CONFIRM == CONFIRMATION_ASKED
    self._require(
        owed and age > CONFIRM_WINDOW and age <= 2 * CONFIRM_WINDOW,
        "kernel: may not roll back",
    )


@internal
@view
def _check_live(id: bytes32) -> uint256:
    word: uint256 = self._entries[id]
    self._require(word >> AT_ADDRESS != 0, "kernel: no module")
    self._check_not_frozen(word)
    return word


@internal
@pure
def _check_not_frozen(word: uint256):
    assert (word >> AT_FROZEN) & 1 == 0, "kernel: frozen"


@internal
@view
def _check_not_paused(word: uint256):
    self._require(block.timestamp >= (word >> AT_PAUSED) & MASK_40, "kernel: paused")


@internal
@view
def _check_change(change: IKernel.Change, word: uint256, last: bytes32):
    # Ascending keys: one canonical order, no key twice, and no zero key.
    assert convert(change.key, uint256) > convert(last, uint256), "kernel: keys not ascending"
    assert change.version == (word & MASK_32) + 1, "kernel: not the next version"
    self._check_not_frozen(word)
    if change.module == empty(address):
        self._require(word >> AT_ADDRESS != 0, "kernel: nothing to remove")
        self._require(change.code_hash == empty(bytes32), "kernel: hash of a removal")
    else:
        self._check_code(change.module, change.code_hash)


@internal
@view
def _check_code(module: address, code_hash: bytes32):
    assert module.codesize != 0, "kernel: no code"
    assert convert(slice(module.code, 0, 1), uint256) != NOT_CODE, "kernel: not plain code"
    assert module.codehash == code_hash, "kernel: not the announced code"


@internal
@pure
def _check_notice(notice: uint256):
    self._require(notice <= NOTICE_MAX, "kernel: notice over 30 days")


@internal
@view
def _check_guardian(guardian: address, until: uint256):
    if guardian == empty(address):
        self._require(until == 0, "kernel: time without guardian")
    else:
        self._require(until > block.timestamp, "kernel: guardian ends too soon")
        self._require(until <= block.timestamp + GUARDIAN_MAX, "kernel: guardian over a year")


# ----- ids -----

@internal
@pure
def _id(ns: bytes32, key: bytes32) -> bytes32:
    return keccak256(abi_encode(ns, key))


@internal
@view
def _hash_changes(
    ns: bytes32, changes: DynArray[IKernel.Change, MAX_CHANGES], salt: bytes32
) -> bytes32:
    return keccak256(
        abi_encode(ns, self._namespaces[ns] & MASK_32, IKernel.Kind.CHANGES, changes, salt)
    )


@internal
@view
def _hash_setting(
    ns: bytes32, kind: IKernel.Kind, account: address, amount: uint256, salt: bytes32
) -> bytes32:
    return keccak256(
        abi_encode(ns, self._namespaces[ns] & MASK_32, kind, account, amount, salt)
    )
