# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
"""
@title KernelChecks
@license AGPL-3.0-only
@notice Laws of the kernel for every state of its storage, every caller and every
        call: one step of an induction, so they hold for histories of any length.
@dev Operations of one change stand for those of up to 16. Namespaces, entries and
     operations are written out as the hashes that they are: the prover keeps what is
     filed under a hash apart from what is filed under a word that is not one. A
     module is code of 32 bytes, whatever they are, the kernel itself, or no code.
"""

from interfaces import IKernel
import raw
import symbolic

MASK_32: constant(uint256) = 2**32 - 1
MASK_40: constant(uint256) = 2**40 - 1
VERSIONS: constant(uint256) = MASK_32      # as many as no entry and no namespace can reach
TIMES: constant(uint256) = MASK_40         # the year 36,000
GRACE: constant(uint256) = 14 * 86_400
NOTICE_MAX: constant(uint256) = 30 * 86_400
# In an operation's word: ready 40, applied 40, epoch 32, kind 8.
FIXED: constant(uint256) = MASK_40 | (MASK_40 << 80)
APPLIED_AT: constant(uint256) = MASK_40 << 40
MODULE: constant(address) = 0x000000000000000000000000000000000000c0DE

CLAIM: constant(bytes4) = method_id("claim(bytes32,address,uint256,address,uint256,(bytes32,address,bytes32,uint256)[])", output_type=bytes4)
APPLY: constant(bytes4) = method_id("apply(bytes32,(bytes32,address,bytes32,uint256)[],bytes32)", output_type=bytes4)
ROLLBACK: constant(bytes4) = method_id("rollback(bytes32,(bytes32,address,bytes32,uint256)[],bytes32)", output_type=bytes4)
SCHEDULE: constant(bytes4) = method_id("schedule(bytes32,(bytes32,address,bytes32,uint256)[],bytes32,bool)", output_type=bytes4)
ACCEPT_OWNER: constant(bytes4) = method_id("accept_owner(bytes32,bytes32)", output_type=bytes4)
CANCEL: constant(bytes4) = method_id("cancel(bytes32,bytes32)", output_type=bytes4)
CONFIRM: constant(bytes4) = method_id("confirm(bytes32,bytes32)", output_type=bytes4)
FREEZE: constant(bytes4) = method_id("freeze(bytes32,bytes32)", output_type=bytes4)

target: address


@external
def setUp():
    self.target = raw_create(INIT_Kernel)
    symbolic.forget_storage(self.target)
    raw.set_code(MODULE, symbolic.word("code"))
    now: uint256 = symbolic.number("now")
    symbolic.assume(now < TIMES - 366 * 86_400)
    symbolic.set_time(now)


@external
def check_ker_1_2_3_entries_change_by_law():
    # An entry changes only by claim, apply or roll-back, its version by exactly one,
    # and what is written is code with the hash that is kept.
    id: bytes32 = self.id(self.any_namespace("a"), symbolic.word("key"))
    before: uint256 = self.entry_word(id)
    code_hash: uint256 = self.code_hash(id, before)
    symbolic.assume(self.version(before) < VERSIONS)
    done: bytes4 = self.any_call(symbolic.account("sender"), self.any_namespace("b"))
    after: uint256 = self.entry_word(id)
    code_hash_after: uint256 = self.code_hash(id, after)
    if self.version(after) == self.version(before):
        changed: uint256 = (before ^ after) >> 96
        symbolic.ensure(changed | (code_hash ^ code_hash_after) == 0)
        return
    symbolic.ensure(done == CLAIM or done == APPLY or done == ROLLBACK)
    next: bool = self.version(after) == unsafe_add(self.version(before), 1)
    module: address = convert(after >> 96, address)
    if module != empty(address):
        is_kept: bool = convert(module.codehash, uint256) == code_hash_after
        symbolic.ensure(self.every(next, is_kept, module.codesize != 0))
    else:
        symbolic.ensure(self.every(next, before >> 96 != 0, code_hash_after == 0))


@external
def check_ker_3_announced_code_is_there():
    changes: DynArray[IKernel.Change, 1] = self.any_changes()
    change: IKernel.Change = changes[0]
    data: Bytes[1024] = abi_encode(
        self.any_namespace("a"), changes, symbolic.word("salt"), False, method_id=SCHEDULE
    )
    symbolic.assume(symbolic.send(self.target, symbolic.account("sender"), data))
    if change.module != empty(address):
        symbolic.ensure(change.module.codesize != 0)
        symbolic.ensure(change.module.codehash == change.code_hash)


@external
def check_ker_1_3_4_what_applies_was_announced_and_is_what_is_written():
    ns: bytes32 = self.any_namespace("a")
    changes: DynArray[IKernel.Change, 1] = self.any_changes()
    change: IKernel.Change = changes[0]
    salt: bytes32 = symbolic.word("salt")
    epoch: uint256 = self.epoch(self.namespace(ns))
    op: bytes32 = keccak256(abi_encode(ns, epoch, IKernel.Kind.CHANGES, changes, salt))
    announced: uint256 = self.operation(ns, op)
    before: IKernel.Entry = self.entry(self.id(ns, change.key))
    symbolic.assume(before.version < VERSIONS)
    data: Bytes[1024] = abi_encode(ns, changes, salt, method_id=APPLY)
    symbolic.assume(symbolic.send(self.target, symbolic.account("sender"), data))
    symbolic.ensure(self.is_state(announced, IKernel.State.WAITING))
    symbolic.ensure(self.epoch_of(announced) == epoch)
    symbolic.ensure(block.timestamp >= announced & MASK_40)
    symbolic.ensure(block.timestamp <= (announced & MASK_40) + GRACE)
    symbolic.ensure(self.is_state(self.operation(ns, op), IKernel.State.APPLIED))
    after: IKernel.Entry = self.entry(self.id(ns, change.key))
    symbolic.ensure(after.module == change.module)
    symbolic.ensure(after.code_hash == change.code_hash)
    symbolic.ensure(after.version == change.version)
    symbolic.ensure(change.version == 1 or after.predecessor == before.module)
    if change.module != empty(address):
        symbolic.ensure(change.module.codesize != 0)
        symbolic.ensure(change.module.codehash == change.code_hash)


@external
def check_ker_12_a_rollback_restores_the_predecessor():
    ns: bytes32 = self.any_namespace("a")
    changes: DynArray[IKernel.Change, 1] = self.any_changes()
    id: bytes32 = self.id(ns, changes[0].key)
    before: IKernel.Entry = self.entry(id)
    data: Bytes[1024] = abi_encode(ns, changes, symbolic.word("salt"), method_id=ROLLBACK)
    symbolic.assume(symbolic.send(self.target, symbolic.account("sender"), data))
    after: IKernel.Entry = self.entry(id)
    symbolic.ensure(after.module == before.predecessor)
    symbolic.ensure(after.module != empty(address))
    symbolic.ensure(after.code_hash == before.predecessor_hash)
    symbolic.ensure(after.module.codehash == after.code_hash)
    symbolic.ensure(after.predecessor == before.module)


@external
def check_ker_4_11_announced_changes_live_by_law():
    ns: bytes32 = self.any_namespace("a")
    announced: bool = self.lives_by_law(ns, self.changes_id(ns, symbolic.number("of epoch")))


@external
def check_ker_4_11_announced_settings_live_by_law():
    ns: bytes32 = self.any_namespace("a")
    kind: uint256 = symbolic.number("kind")
    amount: uint256 = symbolic.number("amount")
    op: bytes32 = keccak256(
        abi_encode(
            ns,
            symbolic.number("of epoch"),
            kind,
            self.any_address("account"),
            amount,
            symbolic.word("salt"),
        )
    )
    if self.lives_by_law(ns, op) and kind == convert(IKernel.Kind.NOTICE, uint256):
        symbolic.ensure(amount <= NOTICE_MAX)


@external
def check_ker_5_frozen_stays_and_is_not_paused():
    id: bytes32 = self.id(self.any_namespace("a"), symbolic.word("key"))
    before: uint256 = self.entry_word(id)
    past: uint256 = self.past(id)
    hashes: uint256[2] = self.hashes(id)
    symbolic.assume(before & MASK_32 < VERSIONS)
    symbolic.assume(not self.is_frozen(before) or not self.is_paused(before))
    done: bytes4 = self.any_call(symbolic.account("sender"), self.any_namespace("b"))
    after: uint256 = self.entry_word(id)
    if self.is_frozen(before):
        symbolic.ensure(after == before)
        symbolic.ensure(self.past(id) == past)
        hashes_after: uint256[2] = self.hashes(id)
        symbolic.ensure(hashes_after[0] == hashes[0] and hashes_after[1] == hashes[1])
    elif self.is_frozen(after):
        symbolic.ensure(done == FREEZE)
        symbolic.ensure(not self.is_paused(after))


@external
def check_ker_6_no_call_touches_another_namespace():
    ns: bytes32 = self.any_namespace("a")
    other: bytes32 = self.any_namespace("b")
    symbolic.assume(other != ns)
    symbolic.assume(self.namespace(ns) != 0)    # so that it cannot be claimed
    id: bytes32 = self.id(ns, symbolic.word("key"))
    changes: bytes32 = self.changes_id(ns, symbolic.number("epoch of changes"))
    setting: bytes32 = self.setting_id(ns, symbolic.number("epoch of setting"))
    before: uint256[11] = self.all_of(ns, id, changes, setting)
    done: bytes4 = self.any_call(symbolic.account("sender"), other)
    after: uint256[11] = self.all_of(ns, id, changes, setting)
    changed: uint256 = (before[0] ^ after[0]) | (before[1] ^ after[1]) | (before[2] ^ after[2])
    changed |= (before[3] ^ after[3]) | (before[4] ^ after[4]) | (before[5] ^ after[5])
    changed |= (before[6] ^ after[6]) | (before[7] ^ after[7]) | (before[8] ^ after[8])
    changed |= (before[9] ^ after[9]) | (before[10] ^ after[10])
    symbolic.ensure(changed == 0)


@external
def check_ker_8_no_zero_key():
    zero: bytes32 = self.id(self.any_namespace("a"), empty(bytes32))
    symbolic.assume(self.entry_word(zero) | self.past(zero) == 0)
    done: bytes4 = self.any_call(symbolic.account("sender"), self.any_namespace("b"))
    symbolic.ensure(self.entry_word(zero) | self.past(zero) == 0)


@external
def check_ker_8_11_an_owner_is_not_zero_and_comes_with_an_epoch():
    ns: bytes32 = self.any_namespace("a")
    before: uint256 = self.namespace(ns)
    symbolic.assume(not self.every(before != 0, self.owner(before) == empty(address)))
    symbolic.assume(self.epoch(before) < VERSIONS)
    sender: address = symbolic.account("sender")
    other: bytes32 = self.any_namespace("b")
    # Where nobody claimed nothing was announced: see lives_by_law.
    symbolic.assume(self.namespace(other) != 0)
    done: bytes4 = self.any_call(sender, other)
    after: uint256 = self.namespace(ns)
    if after == before:
        return
    # Claimed, taken over, or a notice was set.
    owned: bool = self.owner(after) != empty(address)
    stays: bool = self.every(
        before != 0,
        self.owner(after) == self.owner(before),
        self.epoch(after) == self.epoch(before),
    )
    if done == CLAIM:
        symbolic.ensure(self.every(before == 0, owned, self.epoch(after) == 1))
    elif done == ACCEPT_OWNER:
        epoch: uint256 = unsafe_add(self.epoch(before), 1)
        is_sender: bool = self.owner(after) == sender
        symbolic.ensure(self.every(before != 0, owned, is_sender, self.epoch(after) == epoch))
    else:
        symbolic.ensure(self.every(owned, stays))


# ----- laws -----

@internal
def lives_by_law(ns: bytes32, op: bytes32) -> bool:
    # An operation waits the notice in force at its announcement, is of the epoch of that
    # moment, is applied in its time only, and nothing happens to it in another epoch.
    # Returns whether it was announced now.
    now: uint256 = block.timestamp
    namespace: uint256 = self.namespace(ns)
    before: uint256 = self.operation(ns, op)
    # What waits was not applied: so it is announced, and never waits again.
    waited: bool = self.is_state(before, IKernel.State.WAITING)
    symbolic.assume(not self.every(waited, self.applied_at(before) != 0))
    done: bytes4 = self.any_call(symbolic.account("sender"), self.any_namespace("b"))
    after: uint256 = self.operation(ns, op)
    if after == before:
        return False

    changed: uint256 = after ^ before
    in_force: bool = self.every(
        self.epoch_of(before) == self.epoch(namespace), changed & (FIXED | APPLIED_AT) == 0
    )
    was_applied: bool = self.is_state(before, IKernel.State.APPLIED)
    announced: bool = self.every(
        before == 0,
        namespace != 0,
        self.is_state(after, IKernel.State.WAITING),
        self.epoch_of(after) == self.epoch(namespace),
        after & (MASK_40 | APPLIED_AT) == unsafe_add(now, self.notice(namespace)),
    )
    ready: uint256 = before & MASK_40
    applied: bool = self.every(
        waited,
        self.is_state(after, IKernel.State.APPLIED),
        self.every(self.epoch_of(before) == self.epoch(namespace), changed & FIXED == 0),
        self.every(now >= ready, now <= unsafe_add(ready, GRACE)),
        self.applied_at(after) == now,
    )
    canceled: bool = self.every(
        done == CANCEL, waited, self.is_state(after, IKernel.State.CANCELED), in_force
    )
    confirmed: bool = self.every(
        done == CONFIRM, was_applied, self.is_state(after, IKernel.State.APPLIED), in_force
    )
    rolled_back: bool = self.every(
        done == ROLLBACK, was_applied, self.is_state(after, IKernel.State.ROLLED_BACK), in_force
    )
    symbolic.ensure(self.any(announced, applied, canceled, confirmed, rolled_back))
    return before == 0


# ----- what is stored -----

@internal
@view
def entry(id: bytes32) -> IKernel.Entry:
    return staticcall IKernel(self.target).entry(id)


@internal
def entry_word(id: bytes32) -> uint256:
    return raw.stored(self.target, self.id(SLOT_Kernel_entries, id))


@internal
def past(id: bytes32) -> uint256:
    return raw.stored(self.target, self.id(SLOT_Kernel_pasts, id))


@internal
def hashes(id: bytes32) -> uint256[2]:
    at: uint256 = convert(self.id(SLOT_Kernel_hashes, id), uint256)
    return [
        raw.stored(self.target, convert(at, bytes32)),
        raw.stored(self.target, convert(unsafe_add(at, 1), bytes32)),
    ]


@internal
def namespace(ns: bytes32) -> uint256:
    return raw.stored(self.target, self.id(SLOT_Kernel_namespaces, ns))


@internal
def operation(ns: bytes32, op: bytes32) -> uint256:
    return raw.stored(self.target, self.id(self.id(SLOT_Kernel_operations, ns), op))


@internal
def all_of(ns: bytes32, id: bytes32, changes: bytes32, setting: bytes32) -> uint256[11]:
    # A namespace, one of its entries and two of its operations.
    hashes: uint256[2] = self.hashes(id)
    return [
        self.namespace(ns),
        raw.stored(self.target, self.id(SLOT_Kernel_guardians, ns)),
        raw.stored(self.target, self.id(SLOT_Kernel_claimers, ns)),
        raw.stored(self.target, self.id(SLOT_Kernel_labels, ns)),
        raw.stored(self.target, self.id(SLOT_Kernel_keys, ns)),
        self.entry_word(id),
        self.past(id),
        hashes[0],
        hashes[1],
        self.operation(ns, changes),
        self.operation(ns, setting),
    ]


@internal
def code_hash(id: bytes32, entry_word: uint256) -> uint256:
    # By parity of the version.
    at: uint256 = convert(self.id(SLOT_Kernel_hashes, id), uint256)
    return raw.stored(self.target, convert(unsafe_add(at, entry_word & 1), bytes32))


@internal
@pure
def version(entry_word: uint256) -> uint256:
    return entry_word & MASK_32


@internal
@pure
def is_frozen(entry_word: uint256) -> bool:
    return (entry_word >> 72) & 1 == 1


@internal
@view
def is_paused(entry_word: uint256) -> bool:
    return block.timestamp < (entry_word >> 32) & MASK_40


@internal
@pure
def owner(namespace_word: uint256) -> address:
    return convert(namespace_word >> 96, address)


@internal
@pure
def notice(namespace_word: uint256) -> uint256:
    return (namespace_word >> 32) & (2**24 - 1)


@internal
@pure
def epoch(namespace_word: uint256) -> uint256:
    return namespace_word & MASK_32


@internal
@pure
def is_state(operation_word: uint256, state: IKernel.State) -> bool:
    return (operation_word >> 120) & 255 == convert(state, uint256)


@internal
@pure
def epoch_of(operation_word: uint256) -> uint256:
    return (operation_word >> 80) & MASK_32


@internal
@pure
def applied_at(operation_word: uint256) -> uint256:
    return (operation_word >> 40) & MASK_40


@internal
@pure
def every(a: bool, b: bool, c: bool = True, d: bool = True, e: bool = True) -> bool:
    # As `and`, but without branches, which would multiply the prover's paths.
    return convert(
        convert(a, uint256)
        & convert(b, uint256)
        & convert(c, uint256)
        & convert(d, uint256)
        & convert(e, uint256),
        bool,
    )


@internal
@pure
def any(a: bool, b: bool, c: bool, d: bool, e: bool) -> bool:
    return not self.every(not a, not b, not c, not d, not e)


# ----- anything -----

@internal
def any_namespace(name: String[32]) -> bytes32:
    return self.id(convert(symbolic.account(name), bytes32), symbolic.word(name))


@internal
def any_address(name: String[32]) -> address:
    # Zero too.
    return convert(convert(symbolic.number(name) & (2**160 - 1), uint160), address)


@internal
@pure
def id(of: bytes32, key: bytes32) -> bytes32:
    return keccak256(abi_encode(of, key))


@internal
def changes_id(ns: bytes32, epoch: uint256) -> bytes32:
    return keccak256(
        abi_encode(ns, epoch, IKernel.Kind.CHANGES, self.any_changes(), symbolic.word("salt"))
    )


@internal
def setting_id(ns: bytes32, epoch: uint256) -> bytes32:
    return keccak256(
        abi_encode(
            ns,
            epoch,
            symbolic.number("kind"),
            self.any_address("account"),
            symbolic.number("amount"),
            symbolic.word("salt"),
        )
    )


@internal
def any_changes() -> DynArray[IKernel.Change, 1]:
    change: IKernel.Change = IKernel.Change(
        key=symbolic.word("key"),
        module=self.any_address("module"),
        code_hash=symbolic.word("code hash"),
        version=symbolic.number("version"),
    )
    return [change]


@internal
def any_call(sender: address, ns: bytes32) -> bytes4:
    # Each function that changes something, with any arguments. Returns which. One that
    # reverts changes nothing.
    which: uint256 = symbolic.number("which")
    key: bytes32 = symbolic.word("key")
    salt: bytes32 = symbolic.word("salt")
    amount: uint256 = symbolic.number("amount")
    to: address = self.any_address("to")
    data: Bytes[1024] = b""
    if which == 0:
        data = abi_encode(
            symbolic.word("label"),
            to,
            amount,
            self.any_address("guardian"),
            symbolic.number("until"),
            self.any_changes(),
            method_id=CLAIM,
        )
    elif which == 1:
        data = abi_encode(ns, self.any_changes(), salt, method_id=APPLY)
    elif which == 2:
        data = abi_encode(ns, self.any_changes(), salt, method_id=ROLLBACK)
    elif which == 3:
        data = abi_encode(
            ns,
            self.any_changes(),
            salt,
            symbolic.number("confirm") == 0,
            method_id=SCHEDULE,
        )
    elif which == 4:
        # No longer one is ever announced: check_ker_4_11_announced_settings_live_by_law.
        symbolic.assume(amount <= NOTICE_MAX)
        data = abi_encode(
            ns, amount, salt, method_id=method_id("apply_notice(bytes32,uint256,bytes32)")
        )
    elif which == 5:
        data = abi_encode(
            ns, to, amount, salt, method_id=method_id("apply_guardian(bytes32,address,uint256,bytes32)")
        )
    elif which == 6:
        data = abi_encode(ns, salt, method_id=ACCEPT_OWNER)
    elif which == 7:
        op: bytes32 = self.changes_id(ns, symbolic.number("epoch"))
        data = abi_encode(ns, op, method_id=CANCEL)
    elif which == 8:
        op: bytes32 = self.setting_id(ns, symbolic.number("epoch"))
        data = abi_encode(ns, op, method_id=CANCEL)
    elif which == 9:
        op: bytes32 = self.changes_id(ns, symbolic.number("epoch"))
        data = abi_encode(ns, op, method_id=CONFIRM)
    elif which == 10:
        op: bytes32 = self.setting_id(ns, symbolic.number("epoch"))
        data = abi_encode(ns, op, method_id=CONFIRM)
    elif which == 11:
        data = abi_encode(ns, key, amount, method_id=method_id("pause(bytes32,bytes32,uint256)"))
    elif which == 12:
        data = abi_encode(ns, key, method_id=method_id("unpause(bytes32,bytes32)"))
    elif which == 13:
        data = abi_encode(ns, key, method_id=FREEZE)
    elif which == 14:
        data = abi_encode(ns, amount, salt, method_id=method_id("set_notice(bytes32,uint256,bytes32)"))
    elif which == 15:
        data = abi_encode(
            ns, to, amount, salt, method_id=method_id("set_guardian(bytes32,address,uint256,bytes32)")
        )
    elif which == 16:
        data = abi_encode(ns, to, salt, method_id=method_id("propose_owner(bytes32,address,bytes32)"))
    symbolic.assume(len(data) != 0)
    symbolic.assume(symbolic.send(self.target, sender, data))
    return convert(slice(data, 0, 4), bytes4)
