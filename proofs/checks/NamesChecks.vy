# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
"""
@title NamesChecks
@license AGPL-3.0-only
@notice Who may touch a live name of the second level, how its epoch goes and what its
        new owner sees, for every state of the storage, every caller and every call:
        one step of an induction.
@dev A name is one of five bytes, and every call is about such a name. Beyond these
     checks: sub-names, prices (`register` of what is free, `renew`, but for
     `renew_at_cap`), `sweep`, and `safeTransferFrom`, which is `transferFrom` and a call.
"""

from interfaces import INames
import raw
import symbolic

DAY: constant(uint256) = 86_400
NAMESPACE: constant(bytes32) = keccak256("namespace")
TIMES: constant(uint256) = 2**40 - 1 - 36_500 * DAY    # the year 36,000
# Init code of a blueprint (ERC-5202) whose contracts have no code.
BLUEPRINT: constant(Bytes[14]) = x"65fe71005f5ff35f526006601af3"

SECOND_LEVEL: constant(uint256) = 1
OWNER: constant(uint256) = 2**160 - 1
EXPIRY: constant(uint256) = (2**40 - 1) << 160
EPOCH: constant(uint256) = (2**32 - 1) << 200
REST: constant(uint256) = ~(OWNER | EXPIRY | EPOCH)

SET_RECORD: constant(bytes4) = method_id("setRecord(bytes32,address,address,uint64)", output_type=bytes4)
SET_OWNER: constant(bytes4) = method_id("setOwner(bytes32,address)", output_type=bytes4)
MIGRATE: constant(bytes4) = method_id("migrate(bytes32,address)", output_type=bytes4)
TRANSFER_FROM: constant(bytes4) = method_id("transferFrom(address,address,uint256)", output_type=bytes4)
RAISE_EPOCH: constant(bytes4) = method_id("raise_epoch(bytes32)", output_type=bytes4)
RENEW_AT_CAP: constant(bytes4) = method_id("renew_at_cap(string,uint256)", output_type=bytes4)

target: address
top: bytes32
resolver: address


@external
def setUp():
    kernel: address = raw_create(INIT_AnyKernel)
    blueprint: address = raw_create(BLUEPRINT)
    self.target = raw_create(INIT_Names, kernel, NAMESPACE, "os", blueprint, blueprint)
    self.top = staticcall INames(self.target).top_node()
    self.resolver = staticcall INames(self.target).default_resolver()
    symbolic.forget_storage(self.target)
    now: uint256 = symbolic.number("now")
    symbolic.assume(now < TIMES)
    symbolic.set_time(now)


@external
def check_nam_8_nobody_else_touches_a_name():
    node: bytes32 = self.node(self.any_label("a"))
    name: uint256 = self.live(node)
    owner: bytes32 = convert(name & OWNER, bytes32)
    sender: address = symbolic.account("sender")
    by: bytes32 = convert(sender, bytes32)
    symbolic.assume(by != owner)
    symbolic.assume(raw.stored(self.target, self.at(self.at(SLOT_Names_operators, owner), by)) == 0)
    approval: uint256 = self.approval(node)
    record: uint256 = self.record(node)
    migrations: uint256 = self.migrations(node)

    done: bytes4 = self.any_call(sender)
    changed: uint256 = self.name(node) ^ name
    recorded: uint256 = self.record(node) ^ record
    rest: uint256 = (self.approval(node) ^ approval) | (self.migrations(node) ^ migrations)
    if done == RENEW_AT_CAP:
        symbolic.ensure(rest | recorded | (changed & ~EXPIRY) == 0)
        symbolic.ensure(self.name(node) & EXPIRY >= name & EXPIRY)
    elif done == RAISE_EPOCH:
        symbolic.ensure(rest | (recorded & (2**224 - 1)) | (changed & ~EPOCH) == 0)
        symbolic.ensure(changed == 0 or sender == self.resolver)
    elif done == TRANSFER_FROM:
        approved: uint256 = convert(sender, uint256) | ((name & EPOCH) >> 40)
        symbolic.ensure(rest | recorded == 0)
        symbolic.ensure(changed == 0 or approval == approved)
    else:
        symbolic.ensure(rest | recorded | changed == 0)


@external
def check_nam_2_epochs_never_fall_and_a_new_owner_sees_nothing_old():
    node: bytes32 = self.node(self.any_label("a"))
    name: uint256 = self.live(node)
    epoch: uint256 = (name & EPOCH) >> 200
    # Nothing is of an epoch that is yet to come.
    symbolic.assume(self.record(node) >> 224 <= epoch)
    symbolic.assume(self.approval(node) >> 160 <= epoch)

    done: bytes4 = self.any_call(symbolic.account("sender"))
    after: uint256 = self.name(node)
    later: uint256 = (after & EPOCH) >> 200
    of_record: uint256 = self.record(node) >> 224
    of_approval: uint256 = self.approval(node) >> 160
    # Claims as ones and zeros, since a branch for each would cost the prover.
    right: uint256 = convert((after ^ name) & REST == 0, uint256)
    right &= convert(after & OWNER != 0, uint256)
    right &= convert(of_record <= later, uint256)
    right &= convert(of_approval <= later, uint256)
    if done != RENEW_AT_CAP:
        right &= convert((after ^ name) & EXPIRY == 0, uint256)
    if (after ^ name) & OWNER != 0:
        if done == MIGRATE:
            right &= convert(later == epoch, uint256)
            right &= convert(self.approval(node) == 0, uint256)
        else:
            right &= convert(later == unsafe_add(epoch, 1), uint256)
            right &= convert(of_approval != later, uint256)
            if done != SET_RECORD:
                right &= convert(of_record != later, uint256)
    elif done == SET_OWNER or done == TRANSFER_FROM or done == RAISE_EPOCH:
        # To the owner itself, and what clears records.
        right &= convert(unsafe_sub(later, epoch) <= 1, uint256)
    else:
        right &= convert(later == epoch, uint256)
    symbolic.ensure(right == 1)


@internal
def any_label(name: String[32]) -> String[5]:
    letters: uint256 = symbolic.number(name) & (2**40 - 1)
    return convert(slice(convert(letters, bytes32), 27, 5), String[5])


@internal
@view
def node(label: String[5]) -> bytes32:
    return keccak256(concat(self.top, keccak256(label)))


@internal
@pure
def at(slot: bytes32, key: bytes32) -> bytes32:
    return keccak256(concat(slot, key))


@internal
def live(node: bytes32) -> uint256:
    # The word of a name that is live, as every reachable state has them.
    name: uint256 = self.name(node)
    symbolic.assume(name >> 254 == SECOND_LEVEL)
    symbolic.assume(name & OWNER != 0)
    symbolic.assume(block.timestamp < (name & EXPIRY) >> 160)
    return name


@internal
def name(node: bytes32) -> uint256:
    return raw.stored(self.target, self.at(SLOT_Names_names, node))


@internal
def record(node: bytes32) -> uint256:
    return raw.stored(self.target, self.at(SLOT_Names_records, node))


@internal
def approval(node: bytes32) -> uint256:
    return raw.stored(self.target, self.at(SLOT_Names_approvals, node))


@internal
def migrations(node: bytes32) -> uint256:
    return raw.stored(self.target, self.at(SLOT_Names_migrations, node))


@internal
def any_call(sender: address) -> bytes4:
    # Each function that changes something, with any arguments. Returns which. One that
    # reverts changes nothing.
    which: uint256 = symbolic.number("which")
    label: String[5] = self.any_label("b")
    node: bytes32 = self.node(label)
    # What is under the top level was registered, or never was.
    symbolic.assume(self.name(node) >> 254 <= SECOND_LEVEL)
    to: address = self.any_address("to")
    other: address = self.any_address("other")
    word: bytes32 = symbolic.word("word")
    amount: uint256 = symbolic.number("amount")
    ttl: uint256 = symbolic.number("ttl")
    symbolic.assume(ttl < 2**64)
    data: Bytes[1024] = b""
    if which == 0:
        data = abi_encode(node, to, method_id=MIGRATE)
    elif which == 1:
        data = abi_encode(node, to, method_id=SET_OWNER)
    elif which == 2:
        data = abi_encode(node, to, other, ttl, method_id=SET_RECORD)
    elif which == 3:
        data = abi_encode(node, to, method_id=method_id("setResolver(bytes32,address)"))
    elif which == 4:
        data = abi_encode(node, ttl, method_id=method_id("setTTL(bytes32,uint64)"))
    elif which == 5:
        data = abi_encode(to, ttl == 1, method_id=method_id("setApprovalForAll(address,bool)"))
    elif which == 6:
        data = abi_encode(to, node, method_id=method_id("approve(address,uint256)"))
    elif which == 7:
        data = abi_encode(other, to, node, method_id=TRANSFER_FROM)
    elif which == 8:
        data = abi_encode(word, method_id=method_id("commit(bytes32)"))
    elif which == 9:
        data = abi_encode(node, method_id=RAISE_EPOCH)
    elif which == 10:
        data = abi_encode(label, amount, method_id=RENEW_AT_CAP)
    elif which == 11:
        data = abi_encode(
            node, word, to, method_id=method_id("setSubnodeOwner(bytes32,bytes32,address)")
        )
    elif which == 12:
        data = abi_encode(
            node,
            word,
            to,
            other,
            ttl,
            method_id=method_id("setSubnodeRecord(bytes32,bytes32,address,address,uint64)"),
        )
    symbolic.assume(len(data) != 0)
    symbolic.assume(symbolic.send(self.target, sender, data))
    return convert(slice(data, 0, 4), bytes4)


@internal
def any_address(name: String[32]) -> address:
    # Zero too.
    return convert(convert(symbolic.number(name) & OWNER, uint160), address)
