"""What tools that speak OpenZeppelin's governor rely on, byte for byte."""

import boa
import pytest
from eth_abi import encode
from eth_utils import function_signature_to_4byte_selector, keccak
from vyper.compiler.output import build_abi_output, build_method_identifiers_output

from tests.support.compiled import deployer
from tests.support.governance import EXCLUDED, TOKENS, Proposal
from tests.unit.governance.conftest import call

ACTIONS = "address[],uint256[],bytes[],bytes32"

# IGovernor of OpenZeppelin 5.7: what its ERC-165 id is made of.
IGOVERNOR = [
    "name()",
    "version()",
    "COUNTING_MODE()",
    f"hashProposal({ACTIONS})",
    f"getProposalId({ACTIONS})",
    "state(uint256)",
    "proposalThreshold()",
    "proposalSnapshot(uint256)",
    "proposalDeadline(uint256)",
    "proposalProposer(uint256)",
    "proposalEta(uint256)",
    "proposalNeedsQueuing(uint256)",
    "votingDelay()",
    "votingPeriod()",
    "quorum(uint256)",
    "getVotes(address,uint256)",
    "getVotesWithParams(address,uint256,bytes)",
    "hasVoted(uint256,address)",
    "propose(address[],uint256[],bytes[],string)",
    f"queue({ACTIONS})",
    f"execute({ACTIONS})",
    f"cancel({ACTIONS})",
    "castVote(uint256,uint8)",
    "castVoteWithReason(uint256,uint8,string)",
    "castVoteWithReasonAndParams(uint256,uint8,string,bytes)",
    "castVoteBySig(uint256,uint8,address,bytes)",
    "castVoteWithReasonAndParamsBySig(uint256,uint8,address,string,bytes,bytes)",
]
EXTENSIONS = [
    "clock()",
    "CLOCK_MODE()",
    "supportsInterface(bytes4)",
    "eip712Domain()",
    "nonces(address)",
    "nonces(address,uint192)",
    "token()",
    "timelock()",
    "proposalVotes(uint256)",
    "usedVotes(uint256,address)",
    "quorumNumerator()",
    "quorumNumerator(uint256)",
    "quorumDenominator()",
    "proposalCount()",
    "setVotingDelay(uint48)",
    "setVotingPeriod(uint32)",
    "setProposalThreshold(uint256)",
    "updateQuorumNumerator(uint256)",
    "lateQuorumVoteExtension()",
    "setLateQuorumVoteExtension(uint48)",
    "BALLOT_TYPEHASH()",
    "EXTENDED_BALLOT_TYPEHASH()",
    "daoURI()",
]
CREATED = (
    "ProposalCreated(uint256,address,address[],uint256[],string[],bytes[],uint256,uint256,string)"
)
GOVERNOR_EVENTS = {
    CREATED: 0,
    "ProposalQueued(uint256,uint256)": 0,
    "ProposalExecuted(uint256)": 0,
    "ProposalCanceled(uint256)": 0,
    "ProposalExtended(uint256,uint64)": 1,
    "VoteCast(address,uint256,uint8,uint256,string)": 1,
    "VoteCastWithParams(address,uint256,uint8,uint256,string,bytes)": 1,
    "VotingDelaySet(uint256,uint256)": 0,
    "VotingPeriodSet(uint256,uint256)": 0,
    "ProposalThresholdSet(uint256,uint256)": 0,
    "QuorumNumeratorUpdated(uint256,uint256)": 0,
    "LateQuorumVoteExtensionSet(uint64,uint64)": 0,
}
TOKEN_EVENTS = {
    "Transfer(address,address,uint256)": 2,
    "Approval(address,address,uint256)": 2,
    "DelegateChanged(address,address,address)": 3,
    "DelegateVotesChanged(address,uint256,uint256)": 1,
}
TOKEN_FUNCTIONS = [
    "transfer(address,uint256)",
    "transferFrom(address,address,uint256)",
    "approve(address,uint256)",
    "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
    "DOMAIN_SEPARATOR()",
    "delegate(address)",
    "delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)",
    "delegates(address)",
    "getVotes(address)",
    "getPastVotes(address,uint256)",
    "getPastTotalSupply(uint256)",
    "clock()",
    "CLOCK_MODE()",
]


def selectors(name: str) -> dict[str, str]:
    return build_method_identifiers_output(deployer(name).compiler_data)


def event_signatures(name: str) -> dict[str, int]:
    """Signature -> number of indexed arguments."""
    found = {}
    for entry in build_abi_output(deployer(name).compiler_data):
        if entry["type"] == "event":
            types = ",".join(argument["type"] for argument in entry["inputs"])
            found[f"{entry['name']}({types})"] = sum(a["indexed"] for a in entry["inputs"])
    return found


def interface_id(signatures: list[str]) -> bytes:
    number = 0
    for signature in signatures:
        number ^= int.from_bytes(function_signature_to_4byte_selector(signature), "big")
    return number.to_bytes(4, "big")


@pytest.mark.parametrize(
    "name, expected",
    [("Governor", IGOVERNOR + EXTENSIONS), ("VotesToken", TOKEN_FUNCTIONS)],
)
def test_functions(name, expected):
    assert set(expected) <= set(selectors(name))


@pytest.mark.parametrize(
    "name, expected", [("Governor", GOVERNOR_EVENTS), ("VotesToken", TOKEN_EVENTS)]
)
def test_events(name, expected):
    assert event_signatures(name) == expected


def test_interface_ids(governor):
    for known in ("01ffc9a7", "7034731b", "cdbdfcee", "65455a86"):
        assert governor.supportsInterface(bytes.fromhex(known))
    assert not governor.supportsInterface(b"\xff" * 4)
    older = [each for each in IGOVERNOR if not each.startswith("getProposalId")]
    assert interface_id(IGOVERNOR).hex() == "cdbdfcee"
    assert interface_id(older).hex() == "65455a86"


@pytest.mark.parametrize("actions", range(11))
def test_the_id_is_that_of_openzeppelin(governor, actions):
    proposal = Proposal(
        ["0x" + f"{number:040x}" for number in range(actions)],
        list(range(actions)),
        [bytes(range(number * 7)) for number in range(actions)],
        "text",
    )
    encoded = encode(["address[]", "uint256[]", "bytes[]", "bytes32"], list(proposal.hashed()))
    expected = int.from_bytes(keccak(encoded), "big")
    assert governor.hashProposal(*proposal.hashed()) == expected
    assert governor.getProposalId(*proposal.hashed()) == expected


def test_the_id_of_the_largest_proposal(governor, target):
    whole = Proposal([str(target.address)] * 10, [2**256 - 1] * 10, [b"\xff" * 2_304] * 10)
    encoded = encode(["address[]", "uint256[]", "bytes[]", "bytes32"], list(whole.hashed()))
    assert governor.hashProposal(*whole.hashed()) == int.from_bytes(keccak(encoded), "big")


def test_modes(governor):
    assert governor.CLOCK_MODE() == "mode=timestamp"
    assert governor.excluded() == EXCLUDED
    assert governor.clock() == boa.env.timestamp
    assert (
        governor.COUNTING_MODE() == "support=bravo,fractional&quorum=for,abstain&params=fractional"
    )


def test_typehashes(governor):
    ballot = "Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)"
    longer = ballot.replace("Ballot", "ExtendedBallot")[:-1] + ",string reason,bytes params)"
    assert governor.BALLOT_TYPEHASH() == keccak(text=ballot)
    assert governor.EXTENDED_BALLOT_TYPEHASH() == keccak(text=longer)


def test_domain(governor):
    fields, name, version, chain, contract, salt, extensions = governor.eip712Domain()
    assert (fields, name, version) == (b"\x0f", "Studio", "1")
    assert (chain, contract) == (boa.env.evm.patch.chain_id, governor.address)
    assert (salt, extensions) == (bytes(32), [])


def test_votes_of_the_past(governor, token, voter):
    second = boa.env.timestamp - 1
    assert governor.getVotes(voter, second) == 350 * TOKENS
    assert governor.getVotesWithParams(voter, second, b"") == 350 * TOKENS


def test_views_of_the_unknown_are_empty(governor, voter):
    assert governor.proposalSnapshot(9) == governor.proposalDeadline(9) == 0
    assert governor.proposalEta(9) == governor.proposalVersion(9) == 0
    assert governor.proposalProposer(9) == "0x" + "00" * 20
    assert governor.proposalVotes(9) == (0, 0, 0)
    assert not governor.hasVoted(9, voter)
    assert governor.usedVotes(9, voter) == 0


def test_the_governor_keeps_nothing(governor, stranger):
    """OpenZeppelin's GovernorDisabledDeposit: what is sent to it would be lost."""
    boa.env.set_balance(stranger, 10)
    for data in (b"", *map(function_signature_to_4byte_selector, receivers())):
        with pytest.raises(Exception):  # noqa: B017 - no such function, no reason
            boa.env.raw_call(governor.address, data=data, value=0 if data else 1, sender=stranger)


def receivers() -> list[str]:
    return [
        "onERC721Received(address,address,uint256,bytes)",
        "onERC1155Received(address,address,uint256,uint256,bytes)",
        "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)",
    ]


@pytest.mark.parametrize("name", ["propose", "queue", "execute", "cancel", "castVote"])
def test_no_function_takes_eth(governor, target, stranger, name):
    boa.env.set_balance(stranger, 10)
    proposal = call(target, 1)
    arguments = {"propose": proposal.spelled(), "castVote": (1, 1)}.get(name, proposal.hashed())
    data = getattr(governor, name).prepare_calldata(*arguments)
    refused = boa.env.execute_code(governor.address, sender=stranger, data=data, value=1)
    assert refused.is_error
    assert refused.output == b""  # by no rule of the governor's own, which would say its name
