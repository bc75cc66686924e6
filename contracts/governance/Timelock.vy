# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Timelock
@license AGPL-3.0-only
@notice The treasury and the hand of a DAO: makes the calls that were voted, after
        a delay, for the governor in office and nobody else.
@dev The governor in office is what the kernel names under "governance.governor"
     in this DAO's namespace. Each operation is one word under a hash of chain,
     governor, payload and the code of the targets:

         ready at 40 | expires at 40 | version 32 | status 8

         schedule --delay--> READY --execute--> DONE
            |                  |
          cancel            14 days: EXPIRED       a new governor: DEAD
            v
         CANCELED

     Invariants GOV-6 to GOV-8: docs/invariants.md.
@custom:security The only contract of the suite that makes arbitrary calls. It
     never delegates a call. An operation is done before its first call, the code
     of every called target must be what was voted on, and one failed call undoes
     all. Who controls the namespace's governor entry controls the treasury after
     one more delay.
"""

from ...interfaces import ITimelock

implements: ITimelock

from ..lib import code_pins
from ..lib import kernel_client

initializes: kernel_client

exports: (kernel_client.kernel, kernel_client.namespace)

GOVERNOR: constant(bytes32) = 0x676f7665726e616e63652e676f7665726e6f7200000000000000000000000000
MIN_DELAY: constant(uint256) = 3_600          # holders must be able to react at all
MAX_DELAY: constant(uint256) = 30 * 86_400    # longer could not answer an emergency
GRACE: constant(uint256) = 14 * 86_400        # an old decision surprises nobody

MAX_ACTIONS: constant(uint256) = 10
MAX_CALLDATA: constant(uint256) = 2304        # 16 kernel changes
MAX_DATA: constant(uint256) = 4096            # with received tokens
MAX_IDS: constant(uint256) = 256              # received in one batch
MAX_URI: constant(uint256) = 256

SCHEDULED: constant(uint256) = 1
CANCELED: constant(uint256) = 2
DONE: constant(uint256) = 3

AT_EXPIRES: constant(uint256) = 40
AT_VERSION: constant(uint256) = 80
AT_STATUS: constant(uint256) = 112
BELOW_STATUS: constant(uint256) = 2**112 - 1
MASK_32: constant(uint256) = 2**32 - 1
MASK_40: constant(uint256) = 2**40 - 1

_delay: uint256                               # seconds
_operations: HashMap[bytes32, uint256]
daoURI: public(String[MAX_URI])               # ERC-4824


@deploy
def __init__(kernel: address, namespace: bytes32, delay: uint256, uri: String[MAX_URI]):
    """
    @notice Fix kernel and namespace for good.
    @param kernel The kernel that names the governor.
    @param namespace The DAO's namespace, which this timelock will own.
    @param delay Seconds from schedule to execution, 1 hour to 30 days.
    @param uri Where the DAO describes itself (ERC-4824), at most 256 bytes; may
           be empty.
    """
    kernel_client.__init__(kernel, namespace)
    self._set_delay(delay)
    if len(uri) != 0:
        self._set_uri(uri)


@external
@payable
def __default__():
    """
    @notice Receive ETH.
    @dev Never locked: a batch may withdraw from elsewhere into the treasury. The
         event fits in the 2,300 gas of a plain transfer.
    """
    assert len(msg.data) == 0, "timelock: unknown function"
    log ITimelock.Received(sender=msg.sender, amount=msg.value)


# ----- for the governor -----

@external
def schedule(payload: bytes32, code_pin: uint256, version: uint256) -> uint256:
    """
    @notice Let an operation wait. Only the governor in office.
    @param payload keccak256(abi_encode(targets, values, calldatas, salt)).
    @param code_pin The code of the called targets: see lib/code_pins.vy.
    @param version The kernel's version of the governor under which the decision
           began; must still be in force.
    @return When it may be executed, seconds.
    """
    self._check_version(version, self._check_governor())
    id: bytes32 = self._id(msg.sender, payload, code_pin)
    assert self._operations[id] == 0, "timelock: already scheduled"
    ready: uint256 = block.timestamp + self._delay
    self._operations[id] = (
        ready
        | ((ready + GRACE) << AT_EXPIRES)
        | (version << AT_VERSION)
        | (SCHEDULED << AT_STATUS)
    )
    log ITimelock.Scheduled(
        operation=id,
        governor=msg.sender,
        payload=payload,
        code_pin=code_pin,
        ready_at=ready,
    )
    return ready


@external
@nonreentrant
def execute(
    targets: DynArray[address, MAX_ACTIONS],
    values: DynArray[uint256, MAX_ACTIONS],
    calldatas: DynArray[Bytes[MAX_CALLDATA], MAX_ACTIONS],
    salt: bytes32,
):
    """
    @notice Make the calls of an operation, all or none. Only the governor in
            office, under the same kernel version as at schedule.
    @param targets Whom to call.
    @param values What each gets, wei, from this timelock.
    @param calldatas What each is told; empty for a plain transfer.
    @param salt The rest of the payload: a description's hash.
    @dev Not scheduled is also what was scheduled with other code at a target.
    """
    version: uint256 = self._check_governor()
    assert len(targets) == len(values), "timelock: lengths differ"
    assert len(targets) == len(calldatas), "timelock: lengths differ"
    called: DynArray[address, MAX_ACTIONS] = []
    for i: uint256 in range(len(targets), bound=MAX_ACTIONS):
        if len(calldatas[i]) != 0:
            called.append(targets[i])
    payload: bytes32 = keccak256(abi_encode(targets, values, calldatas, salt))
    id: bytes32 = self._id(msg.sender, payload, code_pins._pin(called))
    self._take(id, version)
    for i: uint256 in range(len(targets), bound=MAX_ACTIONS):
        raw_call(targets[i], calldatas[i], value=values[i])


@external
def cancel(payload: bytes32, code_pin: uint256):
    """
    @notice Drop a scheduled operation for ever. Only the governor in office.
    @param payload As scheduled.
    @param code_pin As scheduled.
    """
    self._check_governor()
    id: bytes32 = self._id(msg.sender, payload, code_pin)
    word: uint256 = self._operations[id]
    self._check_scheduled(word)
    self._operations[id] = self._with_status(word, CANCELED)
    log ITimelock.Canceled(operation=id)


# ----- for itself -----

@external
def updateDelay(delay: uint256):
    """
    @notice Change the delay of what is scheduled from now on. Only by this
            timelock's own executed call, so that a decrease waits the old delay.
    @param delay Seconds, 1 hour to 30 days.
    """
    self._check_itself()
    self._set_delay(delay)


@external
def setDaoURI(uri: String[MAX_URI]):
    """
    @notice Change where the DAO describes itself (ERC-4824). Only by this
            timelock's own executed call.
    @param uri The address of a JSON document, at most 256 bytes; empty for none.
    """
    self._check_itself()
    self._set_uri(uri)


# ----- views -----

@external
@view
def getMinDelay() -> uint256:
    """
    @notice The delay of what is scheduled now (OpenZeppelin's name).
    @return Seconds.
    """
    return self._delay


@external
@view
def operation(id: bytes32) -> ITimelock.Operation:
    """
    @notice All about an operation.
    @param id The operation.
    @return Its state, times and version.
    """
    word: uint256 = self._operations[id]
    return ITimelock.Operation(
        state=self._state(word),
        ready_at=word & MASK_40,
        expires_at=(word >> AT_EXPIRES) & MASK_40,
        version=(word >> AT_VERSION) & MASK_32,
    )


@external
@view
def window(governor: address, payload: bytes32, code_pin: uint256) -> (uint256, uint256):
    """
    @notice When an operation may be executed, as far as time goes.
    @param governor Who scheduled it.
    @param payload As scheduled.
    @param code_pin As scheduled.
    @return First and last second; zeros when never scheduled.
    """
    word: uint256 = self._operations[self._id(governor, payload, code_pin)]
    return word & MASK_40, (word >> AT_EXPIRES) & MASK_40


@external
@view
def operation_id(governor: address, payload: bytes32, code_pin: uint256) -> bytes32:
    """
    @notice The hash under which an operation is kept.
    @param governor Who scheduled it.
    @param payload As scheduled.
    @param code_pin As scheduled.
    @return Its id on this chain and in this timelock.
    """
    return self._id(governor, payload, code_pin)


@external
@view
def supportsInterface(interface_id: bytes4) -> bool:
    """
    @notice What this contract answers to (ERC-165).
    @param interface_id The interface.
    @return True for ERC-165, ERC-4824 and the receivers of ERC-721 and ERC-1155.
    """
    return interface_id in [0x01ffc9a7, 0x7034731b, 0x150b7a02, 0x4e2312e0]


@external
@view
def onERC721Received(
    operator: address, sender: address, id: uint256, data: Bytes[MAX_DATA]
) -> bytes4:
    """
    @notice Receive an ERC-721 token.
    @param operator Who sends.
    @param sender Whose it was.
    @param id The token.
    @param data Ignored, at most 4,096 bytes.
    @return The standard's magic value.
    """
    return method_id("onERC721Received(address,address,uint256,bytes)", output_type=bytes4)


@external
@view
def onERC1155Received(
    operator: address, sender: address, id: uint256, amount: uint256, data: Bytes[MAX_DATA]
) -> bytes4:
    """
    @notice Receive ERC-1155 tokens.
    @param operator Who sends.
    @param sender Whose they were.
    @param id The kind.
    @param amount How many.
    @param data Ignored, at most 4,096 bytes.
    @return The standard's magic value.
    """
    return method_id(
        "onERC1155Received(address,address,uint256,uint256,bytes)", output_type=bytes4
    )


@external
@view
def onERC1155BatchReceived(
    operator: address,
    sender: address,
    ids: DynArray[uint256, MAX_IDS],
    amounts: DynArray[uint256, MAX_IDS],
    data: Bytes[MAX_DATA],
) -> bytes4:
    """
    @notice Receive ERC-1155 tokens of several kinds.
    @param operator Who sends.
    @param sender Whose they were.
    @param ids The kinds, at most 256.
    @param amounts How many of each.
    @param data Ignored, at most 4,096 bytes.
    @return The standard's magic value.
    """
    return method_id(
        "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)", output_type=bytes4
    )


# ----- internal -----

@internal
def _set_delay(delay: uint256):
    assert delay >= MIN_DELAY and delay <= MAX_DELAY, "timelock: delay of 1 h to 30 d"
    log ITimelock.MinDelayChange(oldDuration=self._delay, newDuration=delay)
    self._delay = delay


@internal
def _set_uri(uri: String[MAX_URI]):
    self.daoURI = uri
    log ITimelock.DAOURIUpdate(daoAddress=self, daoURI=uri)


@internal
@view
def _check_itself():
    assert msg.sender == self, "timelock: only itself"


@internal
def _take(id: bytes32, version: uint256):
    # Done before its first call: whatever the calls do, it runs once.
    word: uint256 = self._operations[id]
    self._check_scheduled(word)
    self._check_version((word >> AT_VERSION) & MASK_32, version)
    assert block.timestamp >= word & MASK_40, "timelock: not ready"
    assert block.timestamp <= (word >> AT_EXPIRES) & MASK_40, "timelock: expired"
    self._operations[id] = self._with_status(word, DONE)
    log ITimelock.Executed(operation=id)


@internal
@view
def _check_governor() -> uint256:
    # Authority, whether paused or not: a pause must not lock the treasury.
    governor: address = empty(address)
    version: uint256 = 0
    governor, version = kernel_client._head(GOVERNOR)
    assert governor != empty(address) and msg.sender == governor, "timelock: not governor"
    return version


@internal
@pure
def _check_version(recorded: uint256, present: uint256):
    # A governor that left and came back has a new version: the old is void.
    assert recorded == present, "timelock: governor replaced"


@internal
@pure
def _check_scheduled(word: uint256):
    assert word != 0, "timelock: not scheduled"
    status: uint256 = word >> AT_STATUS
    assert status != DONE, "timelock: already done"
    assert status != CANCELED, "timelock: canceled"


@internal
@view
def _state(word: uint256) -> ITimelock.State:
    status: uint256 = word >> AT_STATUS
    if word == 0:
        return ITimelock.State.UNKNOWN
    if status == DONE:
        return ITimelock.State.DONE
    if status == CANCELED:
        return ITimelock.State.CANCELED
    if (word >> AT_VERSION) & MASK_32 != kernel_client._head(GOVERNOR)[1]:
        return ITimelock.State.DEAD
    if block.timestamp > (word >> AT_EXPIRES) & MASK_40:
        return ITimelock.State.EXPIRED
    if block.timestamp < word & MASK_40:
        return ITimelock.State.WAITING
    return ITimelock.State.READY


@internal
@pure
def _with_status(word: uint256, status: uint256) -> uint256:
    return (word & BELOW_STATUS) | (status << AT_STATUS)


@internal
@view
def _id(governor: address, payload: bytes32, code_pin: uint256) -> bytes32:
    return keccak256(abi_encode(chain.id, self, governor, payload, code_pin))
