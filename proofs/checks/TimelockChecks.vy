# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
"""
@title TimelockChecks
@license AGPL-3.0-only
@notice Laws of the timelock for every state of its storage, every governor in
        office, every caller and every call.
@dev An operation is one plain payment here: what a called contract does next is beyond
     these proofs, and an operation is done before its first call. Payloads are written
     out as hashes: the prover keeps what is filed under a hash apart from what is filed
     under a word that is not one.
"""

from interfaces import ITimelock
import symbolic

MIN_DELAY: constant(uint256) = 3_600
MAX_DELAY: constant(uint256) = 30 * 86_400
GRACE: constant(uint256) = 14 * 86_400
TIMES: constant(uint256) = 2**40 - 1       # the year 36,000
NAMESPACE: constant(bytes32) = keccak256("namespace")
GOVERNOR: constant(bytes32) = 0x676f7665726e616e63652e676f7665726e6f7200000000000000000000000000


interface Kernel:
    def head(id: bytes32) -> (address, uint256): view


struct Payment:
    to: address
    amount: uint256
    salt: bytes32


kernel: address
target: address


@external
def setUp():
    self.kernel = raw_create(INIT_AnyKernel)
    self.target = raw_create(INIT_Timelock, self.kernel, NAMESPACE, MIN_DELAY, "")
    symbolic.forget_storage(self.kernel)
    symbolic.forget_storage(self.target)
    now: uint256 = symbolic.number("now")
    symbolic.assume(now < TIMES - MAX_DELAY - GRACE)
    symbolic.set_time(now)
    delay: uint256 = staticcall ITimelock(self.target).getMinDelay()
    symbolic.assume(delay >= MIN_DELAY and delay <= MAX_DELAY)


@external
def check_gov_6_done_only_in_its_window():
    id: bytes32 = self.any_operation()
    before: ITimelock.Operation = staticcall ITimelock(self.target).operation(id)
    sender: address = symbolic.account("sender")
    governor: address = empty(address)
    version: uint256 = 0
    governor, version = self.head()
    done: bool = self.any_call(sender)
    after: ITimelock.Operation = staticcall ITimelock(self.target).operation(id)
    if after.state == ITimelock.State.DONE and before.state != ITimelock.State.DONE:
        symbolic.ensure(before.state == ITimelock.State.READY)
        symbolic.ensure(block.timestamp >= before.ready_at)
        symbolic.ensure(block.timestamp <= before.expires_at)
        symbolic.ensure(sender == governor)
        symbolic.ensure(before.version == version)


@external
def check_gov_6_done_and_canceled_are_final():
    id: bytes32 = self.any_operation()
    before: ITimelock.Operation = staticcall ITimelock(self.target).operation(id)
    symbolic.assume(before.state in (ITimelock.State.DONE | ITimelock.State.CANCELED))
    done: bool = self.any_call(symbolic.account("sender"))
    after: ITimelock.Operation = staticcall ITimelock(self.target).operation(id)
    symbolic.ensure(keccak256(abi_encode(before)) == keccak256(abi_encode(after)))


@external
def check_gov_6_waits_the_delay_in_force():
    id: bytes32 = self.any_operation()
    before: ITimelock.Operation = staticcall ITimelock(self.target).operation(id)
    delay: uint256 = staticcall ITimelock(self.target).getMinDelay()
    sender: address = symbolic.account("sender")
    done: bool = self.any_call(sender)
    after: ITimelock.Operation = staticcall ITimelock(self.target).operation(id)
    if before.state == ITimelock.State.UNKNOWN:
        if after.state != ITimelock.State.UNKNOWN:
            symbolic.ensure(sender == self.head()[0])
            symbolic.ensure(after.ready_at == block.timestamp + delay)
            symbolic.ensure(after.expires_at == after.ready_at + GRACE)
    else:
        symbolic.ensure(after.ready_at == before.ready_at)
        symbolic.ensure(after.expires_at == before.expires_at)
        symbolic.ensure(after.version == before.version)


@external
def check_gov_7_only_its_own_call_sets_the_delay():
    delay: uint256 = staticcall ITimelock(self.target).getMinDelay()
    sender: address = symbolic.account("sender")
    done: bool = self.any_call(sender)
    after: uint256 = staticcall ITimelock(self.target).getMinDelay()
    symbolic.ensure(after >= MIN_DELAY and after <= MAX_DELAY)
    if sender != self.target:
        symbolic.ensure(after == delay)


@external
def check_gov_8_the_treasury_pays_for_nobody_else():
    balance: uint256 = symbolic.number("balance")
    symbolic.assume(balance < 2**128)
    symbolic.give(self.target, balance)
    sender: address = symbolic.account("sender")
    symbolic.assume(sender != self.head()[0])
    done: bool = self.any_call(sender)
    symbolic.ensure(self.target.balance >= balance)


@internal
def any_operation() -> bytes32:
    governor: address = symbolic.account("governor")
    payload: bytes32 = self.payload(self.any_payment())
    return keccak256(abi_encode(chain.id, self.target, governor, payload, symbolic.number("pin")))


@internal
def any_call(sender: address) -> bool:
    # Each function that changes something, with any arguments.
    payment: Payment = self.any_payment()
    payload: bytes32 = self.payload(payment)
    pin: uint256 = symbolic.number("pin")
    which: uint256 = symbolic.number("which")
    data: Bytes[8192] = b""    # a payment to the timelock
    if which == 0:
        data = abi_encode(
            payload,
            pin,
            symbolic.number("version"),
            method_id=method_id("schedule(bytes32,uint256,uint256)"),
        )
    elif which == 1:
        targets: DynArray[address, 1] = [payment.to]
        values: DynArray[uint256, 1] = [payment.amount]
        calldatas: DynArray[Bytes[32], 1] = [b""]
        data = abi_encode(
            targets,
            values,
            calldatas,
            payment.salt,
            method_id=method_id("execute(address[],uint256[],bytes[],bytes32)"),
        )
    elif which == 2:
        data = abi_encode(payload, pin, method_id=method_id("cancel(bytes32,uint256)"))
    elif which == 3:
        data = abi_encode(symbolic.number("delay"), method_id=method_id("updateDelay(uint256)"))
    elif which == 4:
        data = abi_encode("ipfs://", method_id=method_id("setDaoURI(string)"))
    return symbolic.send(self.target, sender, data)


@internal
def any_payment() -> Payment:
    return Payment(
        to=symbolic.account("to"), amount=symbolic.number("amount"), salt=symbolic.word("salt")
    )


@internal
@pure
def payload(payment: Payment) -> bytes32:
    targets: DynArray[address, 1] = [payment.to]
    values: DynArray[uint256, 1] = [payment.amount]
    calldatas: DynArray[Bytes[32], 1] = [b""]
    return keccak256(abi_encode(targets, values, calldatas, payment.salt))


@internal
@view
def head() -> (address, uint256):
    return staticcall Kernel(self.kernel).head(keccak256(abi_encode(NAMESPACE, GOVERNOR)))
