"""Where we mean to differ from OpenZeppelin: what each does, side by side.

Each line says why; both answers are asserted, so that a difference cannot grow or go
unnoticed. How refusals are worded is in test_openzeppelin.py.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import boa
import pytest

from tests.compat.story import after_vote, ballot, note, propose, split, to_eta, to_vote
from tests.compat.world import (
    GOVERNOR,
    PAYEE,
    PROPOSER,
    SIGNER,
    STRANGER,
    TARGET,
    TIMELOCK,
    TOKEN,
    VOTER,
    World,
    play,
)
from tests.support.governance import (
    DAY,
    EXPIRED,
    FOR,
    FRACTIONAL,
    GRACE,
    HOUR,
    QUEUED,
    SUCCEEDED,
    TOKENS,
    Proposal,
    travel_to,
)


class Difference(NamedTuple):
    name: str
    why: str
    script: Callable[[World], Any]
    theirs: Any
    ours: Any


# ----- stories -----


def prepared(side: World) -> None:
    for holder in (PROPOSER, VOTER, SIGNER.address):
        side.act(TOKEN, "delegate", holder, sender=holder)
    boa.env.time_travel(seconds=1)


def voted(side: World, proposal: Proposal) -> int:
    """Proposed, and voted for by the proposer at once."""
    prepared(side)
    id = propose(side, proposal)
    to_vote(side, id)
    side.act(GOVERNOR, "castVote", id, FOR, sender=PROPOSER)
    return id


def queued(side: World, proposal: Proposal) -> int:
    id = voted(side, proposal)
    after_vote(side, id)
    side.act(GOVERNOR, "queue", *proposal.hashed())
    return id


def outcome(side: World) -> Any:
    """Whether the last step was done, or why not."""
    step = side.steps[-1]
    return True if step.done else step.reason


def nobody_queues(side: World) -> Any:
    id = voted(side, note(1, "forgotten"))
    after_vote(side, id)
    boa.env.time_travel(seconds=GRACE)
    return side.read(GOVERNOR, "state", id)


def nobody_executes(side: World) -> Any:
    id = queued(side, note(1, "forgotten"))
    to_eta(side, id)
    boa.env.time_travel(seconds=GRACE + 1)
    return side.read(GOVERNOR, "state", id)


def quorum_an_hour_early(side: World) -> Any:
    prepared(side)
    id = propose(side, note(1, "late"))
    deadline = side.read(GOVERNOR, "proposalDeadline", id)
    travel_to(deadline - HOUR)
    side.act(GOVERNOR, "castVote", id, FOR, sender=PROPOSER)
    return side.read(GOVERNOR, "proposalDeadline", id) - deadline


def numerator_of_before(side: World) -> Any:
    return side.read(GOVERNOR, "quorumNumerator(uint256)", 1)


def nonce_after_a_whole_vote(side: World) -> Any:
    prepared(side)
    id = propose(side, note(1, "signed"))
    to_vote(side, id)
    key, signer = id % 2**192, SIGNER.address
    signature = ballot(side, SIGNER, id, FOR, signer, key << 64)
    side.act(GOVERNOR, "castVoteBySig", id, FOR, signer, signature)
    assert outcome(side) is True
    return side.read(GOVERNOR, "nonces(address,uint192)", signer, key) - (key << 64)


def executed_with_eth(side: World) -> Any:
    proposal = note(1, "paid")
    to_eta(side, queued(side, proposal))
    boa.env.set_balance(STRANGER, 5)
    signature = side.signature(GOVERNOR, "execute")
    data = side.abi(GOVERNOR).encode_call(signature, proposal.hashed())
    made = boa.env.execute_code(to_address=GOVERNOR, sender=STRANGER, data=data, value=5)
    return not made.is_error


def called_without_code(side: World) -> Any:
    prepared(side)
    side.act(GOVERNOR, "propose", [PAYEE], [0], [b"\x01"], "no code", sender=PROPOSER)
    return outcome(side)


def code_swapped(side: World) -> Any:
    proposal = note(1, "trusted")
    to_eta(side, queued(side, proposal))
    boa.env.set_code(TARGET, bytes.fromhex("00"))
    side.act(GOVERNOR, "execute", *proposal.hashed())
    return outcome(side)


def setting(contract: str, name: str, number: int) -> Callable[[World], Any]:
    """Change a setting by a whole proposal."""

    def script(side: World) -> Any:
        data = side.abi(contract).encode_call(side.signature(contract, name), (number,))
        proposal = Proposal([contract], [0], [data], "a setting")
        to_eta(side, queued(side, proposal))
        side.act(GOVERNOR, "execute", *proposal.hashed())
        return outcome(side)

    return script


def treasury_in_the_quorum(side: World) -> Any:
    side.act(TOKEN, "transfer", TIMELOCK, 300 * TOKENS, sender=PROPOSER)
    boa.env.time_travel(seconds=1)
    return side.read(GOVERNOR, "quorum", boa.env.timestamp - 1)


def quorum_of_nothing(side: World) -> Any:
    return side.read(GOVERNOR, "quorum", 1)


def poor_proposer(side: World) -> Any:
    prepared(side)
    proposal = note(1, "poor")
    propose(side, proposal)
    side.act(TOKEN, "transfer", VOTER, 400 * TOKENS, sender=PROPOSER)
    boa.env.time_travel(seconds=1)
    side.act(GOVERNOR, "cancel", *proposal.hashed())
    return outcome(side)


def quorum_raised_while_pending(side: World) -> Any:
    """The quorum of a proposal that was made before, and starts after, the change."""
    data = side.abi(GOVERNOR).encode_call("updateQuorumNumerator(uint256)", (50,))
    change = Proposal([GOVERNOR], [0], [data], "raise the quorum")
    to_eta(side, queued(side, change))
    pending = propose(side, note(1, "pending"))
    side.act(GOVERNOR, "execute", *change.hashed())
    to_vote(side, pending)
    side.act(GOVERNOR, "castVote", pending, FOR, sender=PROPOSER)
    after_vote(side, pending)
    return side.read(GOVERNOR, "state", pending)


def receiver_interface(side: World) -> Any:
    return side.read(GOVERNOR, "supportsInterface", bytes.fromhex("4e2312e0"))


def split_of_nothing(side: World) -> Any:
    prepared(side)
    id = propose(side, note(1, "nothing"))
    to_vote(side, id)
    side.act(
        GOVERNOR, "castVoteWithReasonAndParams", id, FRACTIONAL, "", split(0, 0, 0), sender=VOTER
    )
    return outcome(side)


def vote_of_a_stranger(side: World) -> Any:
    prepared(side)
    id = propose(side, note(1, "stranger"))
    to_vote(side, id)
    side.act(GOVERNOR, "castVote", id, FOR, sender=STRANGER)
    return outcome(side)


def eleven_actions(side: World) -> Any:
    prepared(side)
    side.act(GOVERNOR, "propose", [PAYEE] * 11, [0] * 11, [b""] * 11, "long", sender=PROPOSER)
    return outcome(side)


def approved_zero(side: World) -> Any:
    side.act(TOKEN, "approve", "0x" + "00" * 20, 1, sender=PROPOSER)
    return outcome(side)


def zero_threshold(side: World) -> Any:
    return setting(GOVERNOR, "setProposalThreshold", 0)(side)


def executed_past_the_governor(side: World) -> Any:
    """OpenZeppelin's timelock runs for anyone what was queued; the governor logs nothing."""
    proposal = note(1, "past the governor")
    to_eta(side, queued(side, proposal))
    targets, values, calldatas, text = proposal.hashed()
    salt = bytes(a ^ b for a, b in zip(bytes.fromhex(GOVERNOR[2:]) + bytes(12), text, strict=True))
    side.act(TIMELOCK, "executeBatch", targets, values, calldatas, bytes(32), salt)
    return outcome(side)


DIFFERENCES = [
    Difference("not queued for 14 days", "an old decision surprises nobody",
               nobody_queues, SUCCEEDED, EXPIRED),
    Difference("not executed for 14 days", "an old decision surprises nobody",
               nobody_executes, QUEUED, EXPIRED),
    Difference("quorum an hour before the end", "the extension is added to the deadline",
               quorum_an_hour_early, 11 * HOUR, 12 * HOUR),
    Difference("numerator before there was one", "the first settings hold for all before",
               numerator_of_before, 0, 10),
    Difference("keyed nonce after a whole vote", "a whole vote cannot come twice",
               nonce_after_a_whole_vote, 1, 0),
    Difference("execute takes ETH", "msg.value must not meddle with committed values",
               executed_with_eth, True, False),
    Difference("calldata for an account without code", "the call would do nothing, and succeed",
               called_without_code, True, "pin: target has no code"),
    Difference("other code at a target", "code is pinned from propose to execute",
               code_swapped, True, "timelock: not scheduled"),
    Difference("no voting delay", "to see a proposal and to delegate",
               setting(GOVERNOR, "setVotingDelay", 0), True, "governor: delay of 1 h to 14 d"),
    Difference("a voting period of a minute", "nobody votes in less than an hour",
               setting(GOVERNOR, "setVotingPeriod", 60), True,
               "governor: period of 1 h to 30 d"),
    Difference("no quorum", "nothing may pass unseen",
               setting(GOVERNOR, "updateQuorumNumerator", 0), True,
               "governor: quorum of 1 to 50 %"),
    Difference("a quorum of all", "absentees must not rule",
               setting(GOVERNOR, "updateQuorumNumerator", 100), True,
               "governor: quorum of 1 to 50 %"),
    Difference("no threshold", "proposing must cost the stake of somebody",
               zero_threshold, True, "governor: zero threshold"),
    Difference("no delay", "holders must be able to react",
               setting(TIMELOCK, "updateDelay", 0), True, "timelock: delay of 1 h to 30 d"),
    Difference("an extension of a year", "a decision must be reachable",
               setting(GOVERNOR, "setLateQuorumVoteExtension", 365 * DAY),
               "GovernorPreventLateQuorumVoteExtensionTooLarge",
               "governor: extension over 7 days"),
    Difference("the treasury's own tokens in the quorum", "they never vote",
               treasury_in_the_quorum, 100 * TOKENS, 70 * TOKENS),
    Difference("quorum without a supply", "never zero",
               quorum_of_nothing, 0, 1),
    Difference("a proposer that fell below the threshold", "borrowed stakes propose nothing",
               poor_proposer, "GovernorUnableToCancel", True),
    Difference("quorum raised while pending", "nothing changes under a running proposal",
               quorum_raised_while_pending, 3, 4),
    Difference("governor as receiver of ERC-1155", "both refuse: ours says so",
               receiver_interface, True, False),
    Difference("a split of nothing", "an event without a vote misleads",
               split_of_nothing, True, "governor: no votes"),
    Difference("a vote without votes", "said as it is",
               vote_of_a_stranger, "GovernorAlreadyCastVote", "governor: no votes"),
    Difference("eleven actions", "memory is bounded",
               eleven_actions, True, ""),
    Difference("an approval of nobody", "harms nobody",
               approved_zero, "ERC20InvalidSpender", True),
    Difference("execution past the governor", "ProposalExecuted is never missing",
               executed_past_the_governor, True, "timelock: unknown function"),
]  # fmt: skip


@pytest.mark.parametrize("it", DIFFERENCES, ids=lambda it: it.name)
def test_difference(it):
    theirs, ours = play(it.script)
    assert (theirs, ours) == (it.theirs, it.ours), it.why
    assert theirs != ours
