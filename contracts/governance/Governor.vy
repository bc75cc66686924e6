# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Governor
@license AGPL-3.0-only
@notice Turns votes into calls of a DAO's timelock: propose, vote, queue, execute.
        It speaks OpenZeppelin's functions, events, states and typed data.
@dev     Pending -> Active -> Succeeded -> Queued -> Executed
                      |           |          |
                   Defeated    Expired    Expired       Canceled: see `cancel`

     A proposal is two words, written once but for status and extension:

         hot    snapshot 40 | period 24 | extension 24 | quorum 8 | number 32 |
                settings 16 | version 32 | status 7 | extended 1 | pin's upper 72
         cold   proposer 160 | pin's lower 96

     and at its first votes `tally` (for 128 | against 128) and `abstain`. A voter
     has two bits per proposal in a word of 128 proposals, and only where votes
     were split a word with what was used (128) and how often signed (64).
     The head holds the settings in force and the counts; each settings is also a
     word appended to a list, and a proposal keeps the index in force:

         head      delay 24 | period 24 | extension 24 | quorum 8 | threshold 128 |
                   settings 16 | proposals 32
         settings  the same up to the threshold | since 40

     Invariants GOV-3 to GOV-7: docs/invariants.md.
@custom:security Has no use for ETH or tokens and refuses those that ask. Calls
     the token, the kernel and ERC-1271 voters by static calls only; the timelock,
     which is fixed, last: a status is written before the call. A governor that the kernel
     does not name can neither take proposals nor queue nor execute.
"""

from ...interfaces import IGovernor
from ...interfaces import IKernel
from ...interfaces import ITimelock
from ...interfaces import IVotesToken

implements: IGovernor

from ..lib import code_pins
from ..lib import eip712
from ..lib import excluded_votes
from ..lib import kernel_client
from ..lib import signatures

initializes: eip712
initializes: kernel_client

exports: (
    eip712.name,
    eip712.version,
    eip712.eip712Domain,
    excluded_votes.excluded,
    kernel_client.kernel,
    kernel_client.namespace,
)

GOVERNOR: constant(bytes32) = 0x676f7665726e616e63652e676f7665726e6f7200000000000000000000000000

# Bounds. Times in seconds.
MIN_VOTING_DELAY: constant(uint256) = 3_600            # to see a proposal and to delegate
MAX_VOTING_DELAY: constant(uint256) = 14 * 86_400
MIN_VOTING_PERIOD: constant(uint256) = 3_600           # nobody votes in less
MAX_VOTING_PERIOD: constant(uint256) = 30 * 86_400     # a decision must be reachable
MAX_LATE_EXTENSION: constant(uint256) = 7 * 86_400
MAX_QUORUM_NUMERATOR: constant(uint256) = 50           # absentees must not rule
QUORUM_DENOMINATOR: constant(uint256) = 100
THRESHOLD_PERCENT: constant(uint256) = 10              # by vote no more of the votes that count
GRACE: constant(uint256) = 14 * 86_400                 # to queue what succeeded

MAX_ACTIONS: constant(uint256) = 10
MAX_CALLDATA: constant(uint256) = 2304                 # 16 kernel changes
MAX_DESCRIPTION: constant(uint256) = 16384
MAX_REASON: constant(uint256) = 4096
MAX_SIGNATURE: constant(uint256) = 2048
PARAMS: constant(uint256) = 48                         # three uint128
SUFFIX: constant(uint256) = 52                         # "#proposer=0x" and 40 digits

# OpenZeppelin's states.
PENDING: constant(uint256) = 0
ACTIVE: constant(uint256) = 1
CANCELED: constant(uint256) = 2
DEFEATED: constant(uint256) = 3
SUCCEEDED: constant(uint256) = 4
QUEUED: constant(uint256) = 5
EXPIRED: constant(uint256) = 6
EXECUTED: constant(uint256) = 7

# Kinds of votes.
AGAINST: constant(uint8) = 0
IN_FAVOR: constant(uint8) = 1
ABSTAIN: constant(uint8) = 2
FRACTIONAL: constant(uint8) = 255

# A voter's receipt.
PARTIAL: constant(uint256) = 1
SPENT: constant(uint256) = 3

# Places in a hot word. A status is zero, CANCELED or EXECUTED.
AT_PERIOD: constant(uint256) = 40
AT_EXTENSION: constant(uint256) = 64
AT_QUORUM: constant(uint256) = 88
AT_NUMBER: constant(uint256) = 96
AT_INDEX: constant(uint256) = 128
AT_VERSION: constant(uint256) = 144
AT_STATUS: constant(uint256) = 176
EXTENDED: constant(uint256) = 2**183
AT_PIN_UPPER: constant(uint256) = 184
# in a cold word
AT_PIN_LOWER: constant(uint256) = 160
PIN_LOWER: constant(uint256) = 96
# in the head and in a word of settings; from period to quorum as in a hot word,
# which takes them over as they are
AT_S_PERIOD: constant(uint256) = 24
AT_S_EXTENSION: constant(uint256) = 48
AT_S_QUORUM: constant(uint256) = 72
AT_S_THRESHOLD: constant(uint256) = 80
AT_S_COUNT: constant(uint256) = 208
AT_PROPOSALS: constant(uint256) = 224
AT_S_SINCE: constant(uint256) = 208
# in the words of votes
AT_AGAINST: constant(uint256) = 128
AT_SIGNED: constant(uint256) = 128
AT_VOTER: constant(uint256) = 32

MASK_7: constant(uint256) = 2**7 - 1
MASK_8: constant(uint256) = 2**8 - 1
MASK_16: constant(uint256) = 2**16 - 1
MASK_24: constant(uint256) = 2**24 - 1
MASK_32: constant(uint256) = 2**32 - 1
MASK_40: constant(uint256) = 2**40 - 1
MASK_56: constant(uint256) = 2**56 - 1
MASK_128: constant(uint256) = 2**128 - 1
MASK_160: constant(uint256) = 2**160 - 1
MASK_192: constant(uint256) = 2**192 - 1

BALLOT_TYPEHASH: public(constant(bytes32)) = keccak256(
    "Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)"
)
EXTENDED_BALLOT_TYPEHASH: public(constant(bytes32)) = keccak256(
    "ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)"
)

token: public(immutable(address))       # ERC-5805, clock in seconds
timelock: public(immutable(address))

_proposals: HashMap[uint256, uint256]                       # id -> hot word
_details: HashMap[uint256, uint256]                         # id -> cold word
_ids: HashMap[uint256, uint256]                             # number -> id
_head: uint256                                              # settings and counts
_settings: HashMap[uint256, uint256]                        # index -> word
_tallies: HashMap[uint256, uint256]                         # id -> for 128 | against 128
_abstentions: HashMap[uint256, uint256]                     # id -> abstain
_receipts: HashMap[uint256, uint256]                        # voter | number / 128 -> bits
_splits: HashMap[address, HashMap[uint256, uint256]]        # voter -> uint192(id) -> word
_nonces: HashMap[address, uint256]


@deploy
def __init__(
    kernel: address,
    namespace: bytes32,
    token_: address,
    timelock_: address,
    name: String[64],
    settings: IGovernor.Settings,
):
    """
    @notice Fix the DAO that this governor serves. It has no power until the
            kernel names it "governance.governor" in the namespace.
    @param kernel The kernel.
    @param namespace The DAO's namespace.
    @param token_ The votes: ERC-5805 with a clock in seconds.
    @param timelock_ The timelock of the same kernel and namespace.
    @param name Name of this governor and of its typed data; not empty.
    @param settings The first settings. The threshold is not compared with the
           supply, which may not exist yet.
    """
    kernel_client.__init__(kernel, namespace)
    eip712.__init__(name)
    self._require(token_.is_contract, "governor: token has no code")
    self._require(timelock_.is_contract, "governor: timelock has no code")
    clock: uint256 = convert(staticcall IVotesToken(token_).clock(), uint256)
    self._require(clock == block.timestamp, "governor: clock not in seconds")
    self._require(
        staticcall ITimelock(timelock_).kernel() == kernel
        and staticcall ITimelock(timelock_).namespace() == namespace,
        "governor: foreign timelock",
    )
    token = token_
    timelock = timelock_
    self._append(settings)


# ----- life of a proposal -----

@external
def propose(
    targets: DynArray[address, MAX_ACTIONS],
    values: DynArray[uint256, MAX_ACTIONS],
    calldatas: DynArray[Bytes[MAX_CALLDATA], MAX_ACTIONS],
    description: String[MAX_DESCRIPTION],
) -> uint256:
    """
    @notice Put calls of the timelock to the vote, as OpenZeppelin's `propose`.
    @param targets Whom to call, 1 to 10. What gets calldata must have plain code,
           which is pinned: the call dies if it changes.
    @param values What each gets from the timelock, wei.
    @param calldatas What each is told, at most 2,304 bytes; empty for a transfer.
    @param description Text, at most 16,384 bytes. One that ends in "#proposer=0x"
           and an address can be proposed by that address only.
    @return The proposal's id.
    """
    count: uint256 = len(targets)
    assert count != 0, "governor: no actions"
    assert count == len(values) and count == len(calldatas), "governor: lengths differ"
    if len(description) >= SUFFIX:
        self._check_suffix(
            slice(convert(description, Bytes[MAX_DESCRIPTION]), len(description) - SUFFIX, SUFFIX)
        )
    called: DynArray[address, MAX_ACTIONS] = []
    unused: DynArray[String[1], MAX_ACTIONS] = []
    for i: uint256 in range(count, bound=MAX_ACTIONS):
        if len(calldatas[i]) != 0:
            called.append(targets[i])
        unused.append("")
    id: uint256 = convert(
        keccak256(abi_encode(targets, values, calldatas, keccak256(description))), uint256
    )
    snapshot: uint256 = 0
    deadline: uint256 = 0
    snapshot, deadline = self._propose(id, code_pins._pin(called))
    log IGovernor.ProposalCreated(
        proposalId=id,
        proposer=msg.sender,
        targets=targets,
        values=values,
        signatures=unused,
        calldatas=calldatas,
        voteStart=snapshot,
        voteEnd=deadline,
        description=description,
    )
    return id


@external
def castVote(proposalId: uint256, support: uint8) -> uint256:
    """
    @notice Vote with all the votes that the caller has left.
    @param proposalId An active proposal.
    @param support 0 against, 1 for, 2 abstain.
    @return Votes used.
    """
    weight: uint256 = self._vote(proposalId, msg.sender, support, b"", 0)
    log IGovernor.VoteCast(
        voter=msg.sender, proposalId=proposalId, support=support, weight=weight, reason=""
    )
    return weight


@external
def castVoteWithReason(proposalId: uint256, support: uint8, reason: String[MAX_REASON]) -> uint256:
    """
    @notice Vote with all the votes that the caller has left, and say why.
    @param proposalId An active proposal.
    @param support 0 against, 1 for, 2 abstain.
    @param reason Text, at most 4,096 bytes.
    @return Votes used.
    """
    weight: uint256 = self._vote(proposalId, msg.sender, support, b"", 0)
    self._log_vote(proposalId, msg.sender, support, weight, reason, b"")
    return weight


@external
def castVoteWithReasonAndParams(
    proposalId: uint256, support: uint8, reason: String[MAX_REASON], params: Bytes[PARAMS]
) -> uint256:
    """
    @notice Vote, or split votes.
    @param proposalId An active proposal.
    @param support 0 against, 1 for, 2 abstain; 255 to split.
    @param reason Text, at most 4,096 bytes.
    @param params Empty; to split, votes against, for and abstaining as three
           packed uint128. What is not used can be used later.
    @return Votes used.
    """
    weight: uint256 = self._vote(proposalId, msg.sender, support, params, 0)
    self._log_vote(proposalId, msg.sender, support, weight, reason, params)
    return weight


@external
def castVoteBySig(
    proposalId: uint256, support: uint8, voter: address, signature: Bytes[MAX_SIGNATURE]
) -> uint256:
    """
    @notice Bring another's signed vote.
    @param proposalId An active proposal.
    @param support 0 against, 1 for, 2 abstain.
    @param voter Who signed: a key or a contract (ERC-1271).
    @param signature Over `Ballot`, with the nonce of this proposal or the plain
           one: see `nonces`.
    @return Votes used.
    """
    ballot: bytes32 = keccak256(
        abi_encode(BALLOT_TYPEHASH, proposalId, support, voter, self._nonce(voter, proposalId))
    )
    signed: uint256 = 1
    if not signatures._is_valid(voter, eip712._digest(ballot), signature):
        ballot = keccak256(
            abi_encode(BALLOT_TYPEHASH, proposalId, support, voter, self._take_nonce(voter))
        )
        signed = 0
        self._check_signature(voter, ballot, signature)
    weight: uint256 = self._vote(proposalId, voter, support, b"", signed)
    log IGovernor.VoteCast(
        voter=voter, proposalId=proposalId, support=support, weight=weight, reason=""
    )
    return weight


@external
def castVoteWithReasonAndParamsBySig(
    proposalId: uint256,
    support: uint8,
    voter: address,
    reason: String[MAX_REASON],
    params: Bytes[PARAMS],
    signature: Bytes[MAX_SIGNATURE],
) -> uint256:
    """
    @notice Bring another's signed vote, with a reason, whole or split.
    @param proposalId An active proposal.
    @param support 0 against, 1 for, 2 abstain; 255 to split.
    @param voter Who signed: a key or a contract (ERC-1271).
    @param reason Text, at most 4,096 bytes.
    @param params As in `castVoteWithReasonAndParams`.
    @param signature Over `ExtendedBallot`, with the nonce of this proposal or the
           plain one: see `nonces`.
    @return Votes used.
    """
    texts: bytes32[2] = [keccak256(reason), keccak256(params)]
    ballot: bytes32 = keccak256(
        abi_encode(
            EXTENDED_BALLOT_TYPEHASH,
            proposalId,
            support,
            voter,
            self._nonce(voter, proposalId),
            texts,
        )
    )
    signed: uint256 = 1
    if not signatures._is_valid(voter, eip712._digest(ballot), signature):
        ballot = keccak256(
            abi_encode(
                EXTENDED_BALLOT_TYPEHASH,
                proposalId,
                support,
                voter,
                self._take_nonce(voter),
                texts,
            )
        )
        signed = 0
        self._check_signature(voter, ballot, signature)
    weight: uint256 = self._vote(proposalId, voter, support, params, signed)
    self._log_vote(proposalId, voter, support, weight, reason, params)
    return weight


@external
def queue(
    targets: DynArray[address, MAX_ACTIONS],
    values: DynArray[uint256, MAX_ACTIONS],
    calldatas: DynArray[Bytes[MAX_CALLDATA], MAX_ACTIONS],
    descriptionHash: bytes32,
) -> uint256:
    """
    @notice Hand a succeeded proposal to the timelock, where it waits the delay.
            Anyone may, within 14 days after the vote.
    @param targets As proposed.
    @param values As proposed.
    @param calldatas As proposed.
    @param descriptionHash keccak256 of the description.
    @return The proposal's id.
    """
    id: uint256 = convert(
        keccak256(abi_encode(targets, values, calldatas, descriptionHash)), uint256
    )
    hot: uint256 = self._check_known(id)
    assert self._state(id, hot) == SUCCEEDED, "governor: not succeeded"
    called: DynArray[address, MAX_ACTIONS] = []
    for i: uint256 in range(len(targets), bound=MAX_ACTIONS):
        if len(calldatas[i]) != 0:
            called.append(targets[i])
    pin: uint256 = code_pins._pin(called)
    assert pin == self._pinned(id, hot), "governor: code changed"
    version: uint256 = (hot >> AT_VERSION) & MASK_32
    eta: uint256 = extcall ITimelock(timelock).schedule(convert(id, bytes32), pin, version)
    log IGovernor.ProposalQueued(proposalId=id, etaSeconds=eta)
    return id


@external
def execute(
    targets: DynArray[address, MAX_ACTIONS],
    values: DynArray[uint256, MAX_ACTIONS],
    calldatas: DynArray[Bytes[MAX_CALLDATA], MAX_ACTIONS],
    descriptionHash: bytes32,
) -> uint256:
    """
    @notice Have the timelock make the calls of a queued proposal, all or none.
            Anyone may, from its ETA and for 14 days.
    @param targets As proposed.
    @param values As proposed.
    @param calldatas As proposed.
    @param descriptionHash keccak256 of the description.
    @return The proposal's id.
    """
    id: uint256 = convert(
        keccak256(abi_encode(targets, values, calldatas, descriptionHash)), uint256
    )
    hot: uint256 = self._check_known(id)
    assert (hot >> AT_STATUS) & MASK_7 == 0, "governor: already final"
    self._proposals[id] = hot | (EXECUTED << AT_STATUS)
    # The timelock's function is the same to the byte: it checks that this was
    # queued, the time, the version and the code. Encoding the arguments anew
    # would cost 10,000 gas.
    raw_call(timelock, msg.data)
    log IGovernor.ProposalExecuted(proposalId=id)
    return id


@external
def cancel(
    targets: DynArray[address, MAX_ACTIONS],
    values: DynArray[uint256, MAX_ACTIONS],
    calldatas: DynArray[Bytes[MAX_CALLDATA], MAX_ACTIONS],
    descriptionHash: bytes32,
) -> uint256:
    """
    @notice End a proposal for ever. Its proposer may while it is pending; anyone
            while it is pending or active and the proposer has fewer votes than
            the threshold was at propose; the namespace's guardian until it is
            executed, but never the removal of the guardian.
    @param targets As proposed.
    @param values As proposed.
    @param calldatas As proposed.
    @param descriptionHash keccak256 of the description.
    @return The proposal's id.
    """
    id: uint256 = convert(
        keccak256(abi_encode(targets, values, calldatas, descriptionHash)), uint256
    )
    removal: bool = False
    if len(targets) == 1 and len(calldatas) == 1 and len(values) == 1:
        if values[0] == 0 and len(calldatas[0]) == 132:
            removal = self._removes_guardian(targets[0], slice(calldatas[0], 0, 100))
    self._cancel(id, removal)
    return id


# ----- settings, by the timelock only -----

@external
def setVotingDelay(newVotingDelay: uint48):
    """
    @notice Change the time from propose to the snapshot, for later proposals.
    @param newVotingDelay Seconds, 1 hour to 14 days.
    """
    settings: IGovernor.Settings = self._open_settings()
    log IGovernor.VotingDelaySet(
        oldVotingDelay=settings.voting_delay, newVotingDelay=convert(newVotingDelay, uint256)
    )
    settings.voting_delay = convert(newVotingDelay, uint256)
    self._append(settings)


@external
def setVotingPeriod(newVotingPeriod: uint32):
    """
    @notice Change the time from the snapshot to the deadline, for later proposals.
    @param newVotingPeriod Seconds, 1 hour to 30 days, not below the extension.
    """
    settings: IGovernor.Settings = self._open_settings()
    log IGovernor.VotingPeriodSet(
        oldVotingPeriod=settings.voting_period, newVotingPeriod=convert(newVotingPeriod, uint256)
    )
    settings.voting_period = convert(newVotingPeriod, uint256)
    self._append(settings)


@external
def setProposalThreshold(newProposalThreshold: uint256):
    """
    @notice Change the votes needed to propose, from now on.
    @param newProposalThreshold Votes, 1 to a tenth of those that count.
    """
    settings: IGovernor.Settings = self._open_settings()
    tenth: uint256 = self._check_quorum(self._quorum(THRESHOLD_PERCENT, block.timestamp - 1))
    self._require(newProposalThreshold <= tenth, "governor: threshold too high")
    log IGovernor.ProposalThresholdSet(
        oldProposalThreshold=settings.threshold, newProposalThreshold=newProposalThreshold
    )
    settings.threshold = newProposalThreshold
    self._append(settings)


@external
def updateQuorumNumerator(newQuorumNumerator: uint256):
    """
    @notice Change the quorum, for later proposals.
    @param newQuorumNumerator Percent of the votes that count, 1 to 50.
    """
    settings: IGovernor.Settings = self._open_settings()
    log IGovernor.QuorumNumeratorUpdated(
        oldQuorumNumerator=settings.quorum_numerator, newQuorumNumerator=newQuorumNumerator
    )
    settings.quorum_numerator = newQuorumNumerator
    self._append(settings)


@external
def setLateQuorumVoteExtension(newVoteExtension: uint48):
    """
    @notice Change by how much a vote is prolonged, once, when its quorum is
            reached in its last such part; for later proposals.
    @param newVoteExtension Seconds, 0 (off) to 7 days, at most the period.
    """
    settings: IGovernor.Settings = self._open_settings()
    log IGovernor.LateQuorumVoteExtensionSet(
        oldVoteExtension=convert(settings.late_extension, uint64),
        newVoteExtension=convert(newVoteExtension, uint64),
    )
    settings.late_extension = convert(newVoteExtension, uint256)
    self._append(settings)


# ----- views: proposals -----

@external
@view
def hashProposal(
    targets: DynArray[address, MAX_ACTIONS],
    values: DynArray[uint256, MAX_ACTIONS],
    calldatas: DynArray[Bytes[MAX_CALLDATA], MAX_ACTIONS],
    descriptionHash: bytes32,
) -> uint256:
    """
    @notice The id of a proposal, as OpenZeppelin computes it.
    @param targets Whom to call.
    @param values Wei.
    @param calldatas What each is told.
    @param descriptionHash keccak256 of the description.
    @return uint256(keccak256(abi.encode(...))).
    """
    return self._hash(targets, values, calldatas, descriptionHash)


@external
@view
def getProposalId(
    targets: DynArray[address, MAX_ACTIONS],
    values: DynArray[uint256, MAX_ACTIONS],
    calldatas: DynArray[Bytes[MAX_CALLDATA], MAX_ACTIONS],
    descriptionHash: bytes32,
) -> uint256:
    """
    @notice The id of a proposal: the same as `hashProposal`.
    @param targets Whom to call.
    @param values Wei.
    @param calldatas What each is told.
    @param descriptionHash keccak256 of the description.
    @return uint256(keccak256(abi.encode(...))).
    """
    return self._hash(targets, values, calldatas, descriptionHash)


@external
@view
def state(proposalId: uint256) -> uint8:
    """
    @notice State of a proposal. Reverts only for an unknown id. Of a governor that
            was replaced, what succeeded or was queued is dead all the same.
    @param proposalId The proposal.
    @return 0 pending, 1 active, 2 canceled, 3 defeated, 4 succeeded, 5 queued,
            6 expired, 7 executed.
    """
    return convert(self._state(proposalId, self._check_known(proposalId)), uint8)


@external
@view
def proposalSnapshot(proposalId: uint256) -> uint256:
    """
    @notice The second at whose end votes are counted; voting opens after it.
    @param proposalId The proposal.
    @return Seconds; 0 when unknown.
    """
    return self._proposals[proposalId] & MASK_40


@external
@view
def proposalDeadline(proposalId: uint256) -> uint256:
    """
    @notice The last second of the vote, which grows at most once.
    @param proposalId The proposal.
    @return Seconds; 0 when unknown.
    """
    return self._deadline(self._proposals[proposalId])


@external
@view
def proposalProposer(proposalId: uint256) -> address:
    """
    @notice Who proposed.
    @param proposalId The proposal.
    @return The account; zero when unknown.
    """
    return self._proposer(proposalId)


@external
@view
def proposalEta(proposalId: uint256) -> uint256:
    """
    @notice When a queued proposal may be executed.
    @param proposalId The proposal.
    @return Seconds; 0 when never queued.
    """
    return self._window(proposalId, self._proposals[proposalId])[0]


@external
@view
def proposalNeedsQueuing(proposalId: uint256) -> bool:
    """
    @notice Whether a proposal waits in the timelock before it is executed.
    @param proposalId Any.
    @return Always true.
    """
    return True


@external
@view
def proposalVotes(proposalId: uint256) -> (uint256, uint256, uint256):
    """
    @notice The votes so far.
    @param proposalId The proposal.
    @return Against, for, abstaining.
    """
    tally: uint256 = self._tallies[proposalId]
    return tally >> AT_AGAINST, tally & MASK_128, self._abstentions[proposalId]


@external
@view
def proposalQuorum(proposalId: uint256) -> uint256:
    """
    @notice What for and abstaining votes of this proposal must reach together,
            by the settings that it was proposed under.
    @param proposalId A known proposal whose snapshot is over.
    @return Votes.
    """
    return self._check_quorum(self._proposal_quorum(self._check_known(proposalId)))


@external
@view
def proposalVersion(proposalId: uint256) -> uint256:
    """
    @notice The kernel's version of the governor when the proposal was made; when
            that has moved, it can no longer be queued or executed.
    @param proposalId The proposal.
    @return The version; 0 when unknown.
    """
    return (self._proposals[proposalId] >> AT_VERSION) & MASK_32


@external
@view
def proposalSettings(proposalId: uint256) -> IGovernor.Settings:
    """
    @notice The settings that a proposal was made under.
    @param proposalId A known proposal.
    @return The settings.
    """
    hot: uint256 = self._check_known(proposalId)
    return self._unpack(self._settings[(hot >> AT_INDEX) & MASK_16])


@external
@view
def proposalCount() -> uint256:
    """
    @notice How many proposals there are.
    @return Their number.
    """
    return self._head >> AT_PROPOSALS


@external
@view
def proposalAt(index: uint256) -> uint256:
    """
    @notice The id of a proposal by its number.
    @param index From 0; below `proposalCount`.
    @return The id.
    """
    self._require(index < self._head >> AT_PROPOSALS, "governor: no such proposal")
    return self._ids[index]


# ----- views: voters -----

@external
@view
def getVotes(account: address, timepoint: uint256) -> uint256:
    """
    @notice Votes of an account at the end of a second that is over.
    @param account The voter.
    @param timepoint Seconds; before now.
    @return Votes.
    """
    return staticcall IVotesToken(token).getPastVotes(account, timepoint)


@external
@view
def getVotesWithParams(account: address, timepoint: uint256, params: Bytes[PARAMS]) -> uint256:
    """
    @notice The same as `getVotes`.
    @param account The voter.
    @param timepoint Seconds; before now.
    @param params Ignored.
    @return Votes.
    """
    return staticcall IVotesToken(token).getPastVotes(account, timepoint)


@external
@view
def hasVoted(proposalId: uint256, account: address) -> bool:
    """
    @notice Whether an account has voted, with all or with a part of its votes.
    @param proposalId The proposal.
    @param account The voter.
    @return True if it has.
    """
    hot: uint256 = self._proposals[proposalId]
    return hot != 0 and self._receipt(hot, account) != 0


@external
@view
def usedVotes(proposalId: uint256, account: address) -> uint256:
    """
    @notice How many votes an account has used.
    @param proposalId The proposal.
    @param account The voter.
    @return Votes.
    """
    hot: uint256 = self._proposals[proposalId]
    receipt: uint256 = 0
    if hot != 0:
        receipt = self._receipt(hot, account)
    if receipt == SPENT:
        return staticcall IVotesToken(token).getPastVotes(account, hot & MASK_40)
    if receipt == PARTIAL:
        return self._splits[account][proposalId & MASK_192] & MASK_128
    return 0


@external
@view
def nonces(owner: address, key: uint192 = 0) -> uint256:
    """
    @notice The nonce for the next signed vote.
    @param owner The voter.
    @param key The lower 192 bits of a proposal's id, so that votes on several
           proposals can be signed in any order; 0 for the plain nonce.
    @return The nonce: a key's is the key in its upper 192 bits, and below how
            many votes signed with this key left a part unused.
    """
    if key == 0:
        return self._nonces[owner]
    return self._nonce(owner, convert(key, uint256))


# ----- views: settings -----

@external
@view
def votingDelay() -> uint256:
    """
    @notice Time from propose to the snapshot.
    @return Seconds.
    """
    return self._present().voting_delay


@external
@view
def votingPeriod() -> uint256:
    """
    @notice Time from the snapshot to the deadline.
    @return Seconds.
    """
    return self._present().voting_period


@external
@view
def proposalThreshold() -> uint256:
    """
    @notice Votes that a proposer needs.
    @return Votes.
    """
    return self._present().threshold


@external
@view
def lateQuorumVoteExtension() -> uint48:
    """
    @notice By how much a vote is prolonged when its quorum comes late.
    @return Seconds; 0 when off.
    """
    return convert(self._present().late_extension, uint48)


@external
@view
def quorumNumerator(timepoint: uint256 = max_value(uint256)) -> uint256:
    """
    @notice The quorum's percentage.
    @param timepoint Seconds; without it, now.
    @return Percent of the votes that count.
    """
    return self._numerator_at(timepoint)


@external
@view
def quorumDenominator() -> uint256:
    """
    @notice What the numerator is a part of.
    @return Always 100.
    """
    return QUORUM_DENOMINATOR


@external
@view
def quorum(timepoint: uint256) -> uint256:
    """
    @notice What for and abstaining votes must reach together, by the settings of
            that time. For a proposal ask `proposalQuorum`, which knows its own.
    @param timepoint Seconds; before now.
    @return Votes, at least 1.
    """
    return self._check_quorum(self._quorum(self._numerator_at(timepoint), timepoint))


# ----- views: constants -----

@external
@view
def clock() -> uint48:
    """
    @notice The clock of votes, the token's (ERC-6372).
    @return Seconds.
    """
    return convert(block.timestamp, uint48)


@external
@view
def CLOCK_MODE() -> String[16]:
    """
    @notice How the clock counts (ERC-6372).
    @return Always "mode=timestamp".
    """
    return "mode=timestamp"


@external
@view
def COUNTING_MODE() -> String[64]:
    """
    @notice How votes are counted, in OpenZeppelin's terms.
    @return Bravo's three kinds and split votes.
    """
    return "support=bravo,fractional&quorum=for,abstain&params=fractional"


@external
@view
def daoURI() -> String[256]:
    """
    @notice Where the DAO describes itself (ERC-4824): kept by the timelock, so that
            it outlives this governor.
    @return The address of a JSON document; empty when there is none.
    """
    return staticcall ITimelock(timelock).daoURI()


@external
@view
def supportsInterface(interfaceId: bytes4) -> bool:
    """
    @notice What this contract answers to (ERC-165).
    @param interfaceId The interface.
    @return True for ERC-165, ERC-4824 and OpenZeppelin's IGovernor, now and
            before 5.4.
    """
    return interfaceId in [0x01ffc9a7, 0x7034731b, 0xcdbdfcee, 0x65455a86]


# ----- proposals -----

@internal
@pure
def _hash(
    targets: DynArray[address, MAX_ACTIONS],
    values: DynArray[uint256, MAX_ACTIONS],
    calldatas: DynArray[Bytes[MAX_CALLDATA], MAX_ACTIONS],
    description_hash: bytes32,
) -> uint256:
    # For views: handing arrays over copies them, which transactions do not pay for.
    return convert(keccak256(abi_encode(targets, values, calldatas, description_hash)), uint256)


@internal
def _propose(id: uint256, pin: uint256) -> (uint256, uint256):
    assert self._proposals[id] == 0, "governor: already proposed"
    version: uint256 = self._check_office()
    votes: uint256 = staticcall IVotesToken(token).getPastVotes(msg.sender, block.timestamp - 1)
    head: uint256 = self._head
    assert votes >= (head >> AT_S_THRESHOLD) & MASK_128, "governor: too few votes"

    number: uint256 = head >> AT_PROPOSALS
    snapshot: uint256 = block.timestamp + (head & MASK_24)
    self._proposals[id] = (
        snapshot
        | (((head >> AT_S_PERIOD) & MASK_56) << AT_PERIOD)
        | (number << AT_NUMBER)
        | ((((head >> AT_S_COUNT) & MASK_16) - 1) << AT_INDEX)
        | (version << AT_VERSION)
        | ((pin >> PIN_LOWER) << AT_PIN_UPPER)
    )
    self._details[id] = convert(msg.sender, uint256) | (pin << AT_PIN_LOWER)
    self._ids[number] = id
    self._head = head + (1 << AT_PROPOSALS)
    return snapshot, snapshot + ((head >> AT_S_PERIOD) & MASK_24)


@internal
def _cancel(id: uint256, removes_guardian: bool):
    hot: uint256 = self._check_known(id)
    state: uint256 = self._state(id, hot)
    self._require(state in [PENDING, ACTIVE, SUCCEEDED, QUEUED], "governor: already final")
    self._require(self._may_cancel(id, hot, state, removes_guardian), "governor: may not cancel")
    self._proposals[id] = hot | (CANCELED << AT_STATUS)
    if state == QUEUED:
        extcall ITimelock(timelock).cancel(convert(id, bytes32), self._pinned(id, hot))
    log IGovernor.ProposalCanceled(proposalId=id)


@internal
@view
def _may_cancel(id: uint256, hot: uint256, state: uint256, removes_guardian: bool) -> bool:
    kernel: IKernel = IKernel(kernel_client._KERNEL.address)
    guardian: address = staticcall kernel.guardian(kernel_client._NAMESPACE)
    if guardian != empty(address) and msg.sender == guardian and not removes_guardian:
        return True
    if state != PENDING and state != ACTIVE:
        return False
    proposer: address = self._proposer(id)
    if msg.sender == proposer and state == PENDING:
        return True
    settings: uint256 = self._settings[(hot >> AT_INDEX) & MASK_16]
    threshold: uint256 = (settings >> AT_S_THRESHOLD) & MASK_128
    return staticcall IVotesToken(token).getPastVotes(proposer, block.timestamp - 1) < threshold


@internal
@view
def _removes_guardian(target: address, head: Bytes[100]) -> bool:
    # set_guardian(namespace, zero, zero, any salt) of the kernel
    removal: Bytes[100] = abi_encode(
        kernel_client._NAMESPACE,
        empty(address),
        empty(uint256),
        method_id=method_id("set_guardian(bytes32,address,uint256,bytes32)"),
    )
    return target == kernel_client._KERNEL.address and head == removal


@internal
@view
def _state(id: uint256, hot: uint256) -> uint256:
    status: uint256 = (hot >> AT_STATUS) & MASK_7
    if status != 0:
        return status
    if block.timestamp <= hot & MASK_40:
        return PENDING
    deadline: uint256 = self._deadline(hot)
    if block.timestamp <= deadline:
        return ACTIVE
    window: (uint256, uint256) = self._window(id, hot)
    if window[0] != 0:
        return EXPIRED if block.timestamp > window[1] else QUEUED
    if not self._passed(id, hot):
        return DEFEATED
    return EXPIRED if block.timestamp > deadline + GRACE else SUCCEEDED


@internal
@view
def _passed(id: uint256, hot: uint256) -> bool:
    tally: uint256 = self._tallies[id]
    in_favor: uint256 = tally & MASK_128
    if in_favor <= tally >> AT_AGAINST:
        return False
    quorum: uint256 = self._proposal_quorum(hot)
    return in_favor >= quorum or in_favor + self._abstentions[id] >= quorum


@internal
@pure
def _deadline(hot: uint256) -> uint256:
    deadline: uint256 = (hot & MASK_40) + ((hot >> AT_PERIOD) & MASK_24)
    if hot & EXTENDED != 0:
        return deadline + ((hot >> AT_EXTENSION) & MASK_24)
    return deadline


@internal
@view
def _proposer(id: uint256) -> address:
    return convert(convert(self._details[id] & MASK_160, uint160), address)


@internal
@view
def _pinned(id: uint256, hot: uint256) -> uint256:
    return ((hot >> AT_PIN_UPPER) << PIN_LOWER) | (self._details[id] >> AT_PIN_LOWER)


@internal
@view
def _window(id: uint256, hot: uint256) -> (uint256, uint256):
    # The timelock alone knows what is queued.
    pin: uint256 = self._pinned(id, hot)
    return staticcall ITimelock(timelock).window(self, convert(id, bytes32), pin)


@internal
@view
def _check_office() -> uint256:
    governor: address = empty(address)
    version: uint256 = 0
    governor, version = kernel_client._head(GOVERNOR)
    assert governor == self, "governor: not in office"
    return version


@internal
@view
def _check_known(id: uint256) -> uint256:
    hot: uint256 = self._proposals[id]
    assert hot != 0, "governor: unknown proposal"
    return hot


@internal
@view
def _check_suffix(suffix: Bytes[SUFFIX]):
    # A malformed suffix is plain text, and restricts nobody.
    if slice(suffix, 0, 12) != b"#proposer=0x":
        return
    proposer: uint256 = 0
    for i: uint256 in range(12, SUFFIX):
        digit: uint256 = self._digit(convert(slice(suffix, i, 1), uint256))
        if digit > 15:
            return
        proposer = (proposer << 4) | digit
    self._require(proposer == convert(msg.sender, uint256), "governor: for another proposer")


@internal
@pure
def _digit(character: uint256) -> uint256:
    # Of a hexadecimal number; 16 for what is none.
    if character >= 48 and character <= 57:
        return character - 48
    letter: uint256 = character | 32
    if letter >= 97 and letter <= 102:
        return letter - 87
    return 16


# ----- votes -----

@internal
def _vote(
    id: uint256, voter: address, support: uint8, params: Bytes[PARAMS], signed: uint256
) -> uint256:
    hot: uint256 = self._proposals[id]
    assert hot != 0, "governor: unknown proposal"
    snapshot: uint256 = hot & MASK_40
    extension: uint256 = (hot >> AT_EXTENSION) & MASK_24
    # Sums of 40 and 24 bits cannot overflow.
    deadline: uint256 = unsafe_add(snapshot, (hot >> AT_PERIOD) & MASK_24)
    if hot & EXTENDED != 0:
        deadline = unsafe_add(deadline, extension)
    assert (
        block.timestamp > snapshot
        and block.timestamp <= deadline
        and (hot >> AT_STATUS) & MASK_7 == 0
    ), "governor: vote not open"

    number: uint256 = (hot >> AT_NUMBER) & MASK_32
    place: uint256 = (number & 127) << 1
    page: uint256 = (convert(voter, uint256) << AT_VOTER) | (number >> 7)
    receipts: uint256 = self._receipts[page]
    receipt: uint256 = (receipts >> place) & 3
    assert receipt != SPENT, "governor: already voted"
    left: uint256 = staticcall IVotesToken(token).getPastVotes(voter, snapshot)
    # Of a foreign token: beyond this, sums would run into what lies beside them.
    assert left <= MASK_128, "governor: too many votes"
    if receipt == PARTIAL:
        left -= self._splits[voter][id & MASK_192] & MASK_128

    used: uint256 = left
    against: uint256 = 0
    in_favor: uint256 = 0
    abstain: uint256 = 0
    if support == FRACTIONAL:
        self._require(len(params) == PARAMS, "governor: params of 48 bytes")
        against = convert(slice(params, 0, 16), uint256)
        in_favor = convert(slice(params, 16, 16), uint256)
        abstain = convert(slice(params, 32, 16), uint256)
        used = against + in_favor + abstain
        self._require(used <= left, "governor: more than is left")
    else:
        assert len(params) == 0, "governor: params without split"
        if support == IN_FAVOR:
            in_favor = left
        elif support == AGAINST:
            against = left
        else:
            self._require(support == ABSTAIN, "governor: unknown support")
            abstain = left
    assert used != 0, "governor: no votes"

    if used == left:
        self._receipts[page] = receipts | (SPENT << place)
    else:
        # how much and, where signed for this proposal, how often
        self._splits[voter][id & MASK_192] += used + (signed << AT_SIGNED)
        self._receipts[page] = receipts | (PARTIAL << place)

    tally: uint256 = self._tallies[id]
    if unsafe_add(block.timestamp, extension) > deadline and hot & EXTENDED == 0:
        self._prolong(id, hot, deadline + extension, tally & MASK_128, in_favor + abstain)
    if abstain != 0:
        self._abstentions[id] += abstain
    if used != abstain:
        # All four have 128 bits: sums cannot overflow, and one that is too large shows above.
        in_favor = unsafe_add(in_favor, tally & MASK_128)
        against = unsafe_add(against, tally >> AT_AGAINST)
        assert (in_favor | against) <= MASK_128, "governor: too many votes"
        self._tallies[id] = in_favor | (against << AT_AGAINST)
    return used


@internal
def _prolong(id: uint256, hot: uint256, deadline: uint256, in_favor: uint256, added: uint256):
    # Only when these votes are the ones that reach the quorum.
    before: uint256 = in_favor + self._abstentions[id]
    quorum: uint256 = self._proposal_quorum(hot)
    if before < quorum and before + added >= quorum:
        self._proposals[id] = hot | EXTENDED
        log IGovernor.ProposalExtended(
            proposalId=id, extendedDeadline=convert(deadline, uint64)
        )


@internal
def _log_vote(
    id: uint256,
    voter: address,
    support: uint8,
    weight: uint256,
    reason: String[MAX_REASON],
    params: Bytes[PARAMS],
):
    if len(params) == 0:
        log IGovernor.VoteCast(
            voter=voter, proposalId=id, support=support, weight=weight, reason=reason
        )
    else:
        log IGovernor.VoteCastWithParams(
            voter=voter, proposalId=id, support=support, weight=weight, reason=reason, params=params
        )


@internal
@view
def _receipt(hot: uint256, voter: address) -> uint256:
    number: uint256 = (hot >> AT_NUMBER) & MASK_32
    page: uint256 = (convert(voter, uint256) << AT_VOTER) | (number >> 7)
    return (self._receipts[page] >> ((number & 127) << 1)) & 3


@internal
@view
def _nonce(voter: address, id: uint256) -> uint256:
    # Keyed by proposal. A whole vote needs no count: it cannot come twice.
    key: uint256 = id & MASK_192
    return (key << 64) | (self._splits[voter][key] >> AT_SIGNED)


@internal
def _take_nonce(voter: address) -> uint256:
    nonce: uint256 = self._nonces[voter]
    self._nonces[voter] = nonce + 1
    return nonce


@internal
@view
def _check_signature(voter: address, ballot: bytes32, signature: Bytes[MAX_SIGNATURE]):
    valid: bool = signatures._is_valid(voter, eip712._digest(ballot), signature)
    self._require(valid, "governor: invalid signature")


# ----- quorum -----

@internal
@view
def _proposal_quorum(hot: uint256) -> uint256:
    return self._quorum((hot >> AT_QUORUM) & MASK_8, hot & MASK_40)


@internal
@view
def _quorum(numerator: uint256, timepoint: uint256) -> uint256:
    # Out of reach when the token does not answer, so that `state` never reverts.
    supply: uint256 = self._read(
        abi_encode(timepoint, method_id=method_id("getPastTotalSupply(uint256)"))
    )
    idle: uint256 = self._read(
        abi_encode(
            excluded_votes.ACCOUNT, timepoint, method_id=method_id("getPastVotes(address,uint256)")
        )
    )
    if supply > MASK_128 or idle > supply:
        return max_value(uint256)
    return max(1, numerator * (supply - idle) // QUORUM_DENOMINATOR)


@internal
@view
def _read(question: Bytes[68]) -> uint256:
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        token, question, max_outsize=32, is_static_call=True, revert_on_failure=False
    )
    if not success or len(answer) != 32:
        return max_value(uint256)
    return convert(answer, uint256)


@internal
@pure
def _check_quorum(quorum: uint256) -> uint256:
    self._require(quorum != max_value(uint256), "governor: token does not answer")
    return quorum


# ----- settings -----

@internal
@view
def _open_settings() -> IGovernor.Settings:
    # The timelock calls only what was voted and has waited.
    self._require(msg.sender == timelock, "governor: not timelock")
    return self._present()


@internal
@view
def _present() -> IGovernor.Settings:
    return self._unpack(self._head)


@internal
def _append(settings: IGovernor.Settings):
    self._check_settings(settings)
    head: uint256 = self._head
    index: uint256 = (head >> AT_S_COUNT) & MASK_16
    self._require(index != MASK_16, "governor: too many settings")
    word: uint256 = (
        settings.voting_delay
        | (settings.voting_period << AT_S_PERIOD)
        | (settings.late_extension << AT_S_EXTENSION)
        | (settings.quorum_numerator << AT_S_QUORUM)
        | (settings.threshold << AT_S_THRESHOLD)
    )
    self._settings[index] = word | (block.timestamp << AT_S_SINCE)
    self._head = word | ((index + 1) << AT_S_COUNT) | ((head >> AT_PROPOSALS) << AT_PROPOSALS)


@internal
@pure
def _check_settings(settings: IGovernor.Settings):
    delay: uint256 = settings.voting_delay
    period: uint256 = settings.voting_period
    quorum: uint256 = settings.quorum_numerator
    self._require(
        delay >= MIN_VOTING_DELAY and delay <= MAX_VOTING_DELAY, "governor: delay of 1 h to 14 d"
    )
    self._require(
        period >= MIN_VOTING_PERIOD and period <= MAX_VOTING_PERIOD,
        "governor: period of 1 h to 30 d",
    )
    self._require(settings.threshold != 0, "governor: zero threshold")
    self._require(settings.threshold <= MASK_128, "governor: threshold too high")
    self._require(
        quorum != 0 and quorum <= MAX_QUORUM_NUMERATOR, "governor: quorum of 1 to 50 %"
    )
    self._require(
        settings.late_extension <= MAX_LATE_EXTENSION, "governor: extension over 7 days"
    )
    self._require(settings.late_extension <= period, "governor: extension over period")


@internal
@pure
def _unpack(word: uint256) -> IGovernor.Settings:
    return IGovernor.Settings(
        voting_delay=word & MASK_24,
        voting_period=(word >> AT_S_PERIOD) & MASK_24,
        threshold=(word >> AT_S_THRESHOLD) & MASK_128,
        quorum_numerator=(word >> AT_S_QUORUM) & MASK_8,
        late_extension=(word >> AT_S_EXTENSION) & MASK_24,
    )


@internal
@view
def _numerator_at(timepoint: uint256) -> uint256:
    # The last settings at or before that time; the first ones before all.
    low: uint256 = 0
    high: uint256 = (self._head >> AT_S_COUNT) & MASK_16
    for _: uint256 in range(17):
        if high - low <= 1:
            break
        middle: uint256 = (low + high) // 2
        if self._settings[middle] >> AT_S_SINCE <= timepoint:
            low = middle
        else:
            high = middle
    return (self._settings[low] >> AT_S_QUORUM) & MASK_8


# ----- reasons -----

@internal
@pure
def _require(holds: bool, reason: String[32]):
    # A reason written at an assert costs 119 bytes of code, given to this one 60.
    # Where voters pay for each hundred gas, it stands at the assert.
    assert holds, reason
