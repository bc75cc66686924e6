"""The same story, through the same ABI, in OpenZeppelin's governance and in ours.

What must be the same is compared byte for byte; each difference that is meant is in a
list here, and a difference that no longer is one fails too. Differences of behaviour,
and their reasons, are in test_differences.py.
"""

import pytest
from vyper.compiler.output import build_abi_output

from tests.compat.peer import Abi, abi, type_of
from tests.compat.story import whole
from tests.compat.world import play
from tests.support.compiled import deployer

# ----- differences that are meant -----

# How each refuses: OpenZeppelin by custom errors, ours by sentences (docs/decisions.md).
REASONS = {
    ("ERC20InsufficientBalance", "token: balance too low"),
    ("ERC20InsufficientAllowance", "token: allowance too low"),
    ("ERC20InvalidReceiver", "token: to the zero address"),
    ("ERC2612ExpiredSignature", "token: signature expired"),
    ("ERC2612InvalidSigner", "token: invalid signature"),
    ("VotesExpiredSignature", "token: signature expired"),
    ("InvalidAccountNonce", "token: wrong nonce"),
    ("GovernorNonexistentProposal", "governor: unknown proposal"),
    ("GovernorInvalidProposalLength", "governor: no actions"),
    ("GovernorInvalidProposalLength", "governor: lengths differ"),
    ("GovernorInsufficientProposerVotes", "governor: too few votes"),
    ("GovernorRestrictedProposer", "governor: for another proposer"),
    ("GovernorUnexpectedProposalState", "governor: already proposed"),
    ("GovernorUnexpectedProposalState", "governor: vote not open"),
    ("GovernorUnexpectedProposalState", "governor: not succeeded"),
    ("GovernorUnexpectedProposalState", "governor: already final"),
    ("GovernorUnexpectedProposalState", "timelock: not scheduled"),
    ("TimelockUnexpectedOperationState", "timelock: not ready"),
    ("TimelockUnauthorizedCaller", "timelock: only itself"),
    ("GovernorUnableToCancel", "governor: may not cancel"),
    ("GovernorUnableToCancel", "governor: already final"),
    ("GovernorAlreadyCastVote", "governor: already voted"),
    ("GovernorInvalidVoteType", "governor: unknown support"),
    ("GovernorInvalidVoteParams", "governor: params without split"),
    ("GovernorInvalidVoteParams", "governor: params of 48 bytes"),
    ("GovernorExceedRemainingWeight", "governor: more than is left"),
    ("GovernorInvalidSignature", "governor: invalid signature"),
    ("GovernorOnlyExecutor", "governor: not timelock"),
}

# An error of OpenZeppelin's that no step meets, and why.
NEVER_MET = {
    "PeerGovernor": {
        "CheckpointUnorderedInsertion": "internal",
        "ERC6372InconsistentClock": "block numbers only",
        "FailedCall": "see test_differences.py: a call's own reason comes through",
        "GovernorAlreadyQueuedProposal": "unreachable: no longer succeeded",
        "GovernorDisabledDeposit": "ours has no function that receives",
        "GovernorInvalidQuorumFraction": "bounds: test_differences.py",
        "GovernorInvalidVotingPeriod": "bounds: test_differences.py",
        "GovernorPreventLateQuorumVoteExtensionTooLarge": "bounds: test_differences.py",
        "GovernorProposalQueueingFailed": "unreachable with a timelock",
        "GovernorProposalQueueingNotRequired": "unreachable with a timelock",
        "InvalidShortString": "internal",
        "SafeCastOverflowedUintDowncast": "internal",
        "StringTooLong": "internal",
    },
    "PeerVotes": {
        "CheckpointUnorderedInsertion": "internal",
        "ECDSAInvalidSignature": "malformed signatures: tests/unit/governance",
        "ECDSAInvalidSignatureLength": "unreachable: v, r, s",
        "ECDSAInvalidSignatureS": "malformed signatures: tests/unit/governance",
        "ERC20ExceededSafeSupply": "the supply here is far below",
        "ERC20InvalidApprover": "unreachable: zero sends nothing",
        "ERC20InvalidSender": "unreachable: zero sends nothing",
        "ERC20InvalidSpender": "test_differences.py",
        "ERC5805FutureLookup": "a view, which the views compare",
        "InvalidShortString": "internal",
        "SafeCastOverflowedUintDowncast": "internal",
        "StringTooLong": "internal",
    },
}

# By step's name: where the events of a step are not the same.
EVENTS = {
    # Ours tells the allowance that is left, so that events alone rebuild it.
    "transferFrom": (
        ["Transfer", "DelegateVotesChanged"],
        ["Approval", "Transfer", "DelegateVotesChanged"],
    ),
    # Ours logs an extension where it is written, before the vote that caused it.
    "castVote": (["VoteCast", "ProposalExtended"], ["ProposalExtended", "VoteCast"]),
}

# Functions that are left out, and why.
LEFT_OUT = {
    "PeerGovernor": {
        "onERC721Received(address,address,uint256,bytes)": "refuses in both",
        "onERC1155Received(address,address,uint256,uint256,bytes)": "refuses in both",
        "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)": "refuses in both",
        "relay(address,uint256,bytes)": "the governor holds nothing",
        "updateTimelock(address)": "the timelock is fixed",
        "proposalGuardian()": "the kernel knows the guardian",
        "setProposalGuardian(address)": "the kernel knows the guardian",
    },
    "PeerVotes": {
        "checkpoints(address,uint32)": "the past is asked by time",
        "numCheckpoints(address)": "the past is asked by time",
    },
}
EVENTS_LEFT_OUT = {
    "PeerGovernor": {
        "EIP712DomainChanged()": "the domain never changes",
        "ProposalGuardianSet(address,address)": "the kernel knows the guardian",
        "TimelockChange(address,address)": "the timelock is fixed",
    },
    "PeerVotes": {"EIP712DomainChanged()": "the domain never changes"},
}

# Names of arguments and fields that are not the same. `from` is a word of Vyper's.
NAMES: dict[str, dict[str, dict[str, str]]] = {
    "PeerGovernor": {},
    "PeerVotes": {
        "transfer": {"value": "amount"},
        "transferFrom": {"from": "owner", "value": "amount"},
        "approve": {"value": "amount"},
        "permit": {"value": "amount"},
        "balanceOf": {"account": "owner"},
        "allowance": {"owner": "arg0", "spender": "arg1"},
        "nonces": {"owner": "arg0"},
        "Transfer": {"from": "sender", "to": "receiver", "value": "amount"},
        "Approval": {"value": "amount"},
    },
}
OURS = {"PeerGovernor": "Governor", "PeerVotes": "VotesToken"}


# ----- what both do -----


@pytest.fixture(scope="module")
def told():
    return play(whole)


def test_the_same_is_done_and_the_same_refused(told):
    for number, (theirs, ours) in enumerate(zip(*(side.steps for side in told), strict=True)):
        assert (theirs.name, theirs.done) == (ours.name, ours.done), (
            f"step {number}: {theirs.name}: {theirs.reason!r} {ours.reason!r}"
        )


def test_refusals(told):
    pairs = {
        (theirs.reason, ours.reason)
        for theirs, ours in zip(*(side.steps for side in told), strict=True)
        if not theirs.done and not ours.done
    }
    assert pairs == REASONS


def test_answers(told):
    for number, (theirs, ours) in enumerate(zip(*(side.steps for side in told), strict=True)):
        assert theirs.answer == ours.answer, f"step {number}: {theirs.name}"


def test_events(told):
    for number, (theirs, ours) in enumerate(zip(*(side.steps for side in told), strict=True)):
        if theirs.events != ours.events:
            assert EVENTS.get(theirs.name) == (theirs.events, ours.events), f"step {number}"
            kept = [log for log, event in zip(ours.logs, ours.events, strict=True)
                    if event in theirs.events]  # fmt: skip
            assert sorted(theirs.logs) == sorted(kept), f"step {number}: {theirs.name}"
        else:
            assert theirs.logs == ours.logs, f"step {number}: {theirs.name}"


def test_events_that_are_meant_to_differ_do(told):
    found = {
        theirs.name
        for theirs, ours in zip(*(side.steps for side in told), strict=True)
        if theirs.events != ours.events
    }
    assert found == set(EVENTS)


def test_views(told):
    theirs, ours = (side.views for side in told)
    assert theirs.keys() == ours.keys()
    assert {key: (theirs[key], ours[key]) for key in theirs if theirs[key] != ours[key]} == {}


def test_digests(told):
    theirs, ours = (side.digests for side in told)
    assert theirs == ours
    assert len(set(theirs)) == 10


# ----- nothing of OpenZeppelin's is forgotten -----


def own(name: str) -> Abi:
    return Abi.of(build_abi_output(deployer(OURS[name]).compiler_data))


@pytest.mark.parametrize("name", OURS)
def test_every_function_is_played_or_left_out(told, name):
    theirs, ours = told
    assert theirs.called == ours.called
    played = {call.split(".")[1] for call in ours.called if call.startswith(f"{name}.")}
    functions = set(abi(name).functions)
    assert functions - played == set(LEFT_OUT[name])
    assert functions & set(own(name).functions) == functions - set(LEFT_OUT[name])


@pytest.mark.parametrize("name", OURS)
def test_every_event_is_seen_or_left_out(told, name):
    _, ours = told
    seen = {event for step in ours.steps for event in step.events}
    known = abi(name).events
    missing = {signature for signature, entry in known.items() if entry["name"] not in seen}
    assert missing == set(EVENTS_LEFT_OUT[name])


@pytest.mark.parametrize("name", OURS)
def test_every_error_is_met_or_has_a_reason_not_to_be(told, name):
    theirs, _ = told
    met = {step.reason for step in theirs.steps}
    known = {entry["name"] for entry in abi(name).errors.values()}
    assert known - met - {"ERC5805FutureLookup"} == set(NEVER_MET[name]) - {"ERC5805FutureLookup"}


def arguments(entry: dict, renamed: dict[str, str]) -> list[tuple]:
    return [
        (renamed.get(each["name"], each["name"]), type_of(each), each.get("indexed", False))
        for each in entry["inputs"]
    ]


def answers(entry: dict) -> list[str]:
    return [type_of(each) for each in entry.get("outputs", [])]


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("kind", ["functions", "events"])
def test_names_types_and_indexes(name, kind):
    ours, compared = getattr(own(name), kind), 0
    for signature, entry in getattr(abi(name), kind).items():
        if signature in ours:
            mine, renamed = ours[signature], NAMES[name].get(entry["name"], {})
            assert arguments(entry, renamed) == arguments(mine, {}), signature
            assert answers(entry) == answers(mine), signature
            compared += 1
    assert compared > 3


@pytest.mark.parametrize("name", OURS)
def test_what_changes_nothing_says_so(name):
    ours = own(name).functions
    for signature, entry in abi(name).functions.items():
        if signature in ours:
            reads = {"view", "pure"}
            kinds = (entry["stateMutability"], ours[signature]["stateMutability"])
            # ours takes no ETH: what is paid comes from the treasury
            assert (
                set(kinds) <= reads or kinds[0] == kinds[1] or kinds == ("payable", "nonpayable")
            ), signature
