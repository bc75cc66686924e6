"""What a DAO does in a life, told once for both worlds."""

from typing import Any

import boa

from tests.compat.world import (
    GOVERNOR,
    GUARDIAN,
    OWNER,
    PAYEE,
    PROPOSER,
    SIGNER,
    STRANGER,
    TARGET,
    TIMELOCK,
    TOKEN,
    VOTER,
    WALLET,
    World,
    place,
)
from tests.support.compiled import deployer
from tests.support.governance import (
    ABSTAIN,
    AGAINST,
    DAY,
    FOR,
    FRACTIONAL,
    HOUR,
    TOKENS,
    Proposal,
    travel_to,
)

BALLOT = "uint256 proposalId,uint8 support,address voter,uint256 nonce"
EXTENDED = f"{BALLOT},string reason,bytes params"
PERMIT = "address owner,address spender,uint256 value,uint256 nonce,uint256 deadline"
DELEGATION = "address delegatee,uint256 nonce,uint256 expiry"
ZERO = place(0)
FAR = 2**40
VOTERS = [PROPOSER, VOTER, SIGNER.address, WALLET, STRANGER]
INTERFACES = ["01ffc9a7", "cdbdfcee", "65455a86", "ffffffff"]
CONSTANTS = [
    "name", "version", "COUNTING_MODE", "CLOCK_MODE", "BALLOT_TYPEHASH", "EXTENDED_BALLOT_TYPEHASH",
    "eip712Domain", "token", "timelock", "quorumDenominator",
]  # fmt: skip
PRESENT = [
    "clock", "votingDelay", "votingPeriod", "proposalThreshold", "quorumNumerator()",
    "lateQuorumVoteExtension",
]  # fmt: skip
OF_A_PROPOSAL = [
    "state", "proposalSnapshot", "proposalDeadline", "proposalProposer", "proposalEta",
    "proposalNeedsQueuing", "proposalVotes",
]  # fmt: skip
OF_THE_TOKEN = [
    "name", "symbol", "decimals", "totalSupply", "clock", "CLOCK_MODE", "eip712Domain",
    "DOMAIN_SEPARATOR",
]  # fmt: skip


# ----- what can be read -----


def look_at(side: World, id: int) -> None:
    for view in OF_A_PROPOSAL:
        side.take(GOVERNOR, view, id)
    for voter in VOTERS:
        for view in ("hasVoted", "usedVotes"):
            side.take(GOVERNOR, view, id, voter)
        side.take(GOVERNOR, "nonces(address)", voter)


def look_around(side: World) -> None:
    before = boa.env.timestamp - 1
    for view in CONSTANTS + PRESENT:
        side.take(GOVERNOR, view)
    for interface in INTERFACES:
        side.take(GOVERNOR, "supportsInterface", bytes.fromhex(interface))
    for view in ("quorum", "quorumNumerator(uint256)"):
        side.take(GOVERNOR, view, before)
    side.take(TIMELOCK, "getMinDelay")
    look_at_tokens(side)
    for voter in VOTERS:
        side.take(GOVERNOR, "getVotes", voter, before)
        side.take(GOVERNOR, "getVotesWithParams", voter, before, b"")


def look_at_tokens(side: World) -> None:
    now = boa.env.timestamp
    for view in OF_THE_TOKEN:
        side.take(TOKEN, view)
    for account in [*VOTERS, ZERO]:
        for view in ("balanceOf", "delegates", "getVotes", "nonces"):
            side.take(TOKEN, view, account)
        side.take(TOKEN, "allowance", PROPOSER, account)
        for second in (now - 2 * DAY, now - 1, now, now + 1):
            side.take(TOKEN, "getPastVotes", account, second)
    for second in (now - 2 * DAY, now - 1, now):
        side.take(TOKEN, "getPastTotalSupply", second)


# ----- what is done again and again -----


def note(number: int, text: str) -> Proposal:
    """Tell the target a number, and pay somebody."""
    data = deployer("Target").at(TARGET).note.prepare_calldata(number)
    return Proposal([TARGET, PAYEE], [0, 7], [data, b""], text)


def propose(side: World, proposal: Proposal, sender: str = PROPOSER) -> int:
    for view in ("hashProposal", "getProposalId"):
        side.take(GOVERNOR, view, *proposal.hashed())
    proposal.id = side.act(GOVERNOR, "propose", *proposal.spelled(), sender=sender)
    look_at(side, proposal.id)
    return proposal.id


def vote(side: World, id: int, sender: str, support: int) -> None:
    side.act(GOVERNOR, "castVote", id, support, sender=sender)
    look_at(side, id)


def do(side: World, name: str, proposal: Proposal, sender: str = STRANGER) -> None:
    """Queue, execute or cancel."""
    side.act(GOVERNOR, name, *proposal.hashed(), sender=sender)
    look_at(side, proposal.id)


def to_snapshot(side: World, id: int) -> None:
    travel_to(side.read(GOVERNOR, "proposalSnapshot", id))
    look_at(side, id)


def to_vote(side: World, id: int) -> None:
    to_snapshot(side, id)
    boa.env.time_travel(seconds=1)
    look_at(side, id)


def after_vote(side: World, id: int) -> None:
    travel_to(side.read(GOVERNOR, "proposalDeadline", id))
    look_at(side, id)
    boa.env.time_travel(seconds=1)
    look_at(side, id)


def to_eta(side: World, id: int) -> None:
    travel_to(side.read(GOVERNOR, "proposalEta", id))


def ballot(side: World, account: Any, id: int, support: int, voter: str, nonce: int) -> bytes:
    message = {"proposalId": id, "support": support, "voter": voter, "nonce": nonce}
    return bytes(side.sign(account, GOVERNOR, "Ballot", BALLOT, **message).signature)


def parts(made: Any) -> tuple[int, bytes, bytes]:
    return made.v, made.r.to_bytes(32, "big"), made.s.to_bytes(32, "big")


def split(*amounts: int) -> bytes:
    return b"".join(amount.to_bytes(16, "big") for amount in amounts)


# ----- the story -----


def tokens(side: World) -> None:
    """Transfers, allowances, delegation, and both kinds of signatures."""
    look_at_tokens(side)
    for holder in (PROPOSER, VOTER, WALLET):
        side.act(TOKEN, "delegate", holder, sender=holder)
    side.act(TOKEN, "transfer", STRANGER, 5, sender=PROPOSER)
    side.act(TOKEN, "transfer", VOTER, 5, sender=PROPOSER)
    side.act(TOKEN, "transfer", PROPOSER, 5, sender=PROPOSER)
    side.act(TOKEN, "transfer", VOTER, 0, sender=PROPOSER)
    side.act(TOKEN, "transfer", PROPOSER, 6, sender=STRANGER)
    side.act(TOKEN, "transfer", ZERO, 1, sender=PROPOSER)
    side.act(TOKEN, "transferFrom", PROPOSER, STRANGER, 1, sender=STRANGER)
    side.act(TOKEN, "approve", STRANGER, 10, sender=PROPOSER)
    side.act(TOKEN, "transferFrom", PROPOSER, STRANGER, 3, sender=STRANGER)
    side.act(TOKEN, "approve", STRANGER, 2**256 - 1, sender=PROPOSER)
    side.act(TOKEN, "transferFrom", PROPOSER, STRANGER, 3, sender=STRANGER)
    look_at_tokens(side)
    permits(side)
    delegations(side)
    boa.env.time_travel(seconds=1)
    look_at_tokens(side)


def permits(side: World) -> None:
    owner, now = SIGNER.address, boa.env.timestamp
    terms = {"owner": owner, "spender": STRANGER, "value": 9, "nonce": 0, "deadline": now}
    made = parts(side.sign(SIGNER, TOKEN, "Permit", PERMIT, **terms))
    side.act(TOKEN, "permit", owner, STRANGER, 9, now - 1, *made)
    side.act(TOKEN, "permit", VOTER, STRANGER, 9, now, *made)
    side.act(TOKEN, "permit", owner, STRANGER, 9, now, *made)
    side.act(TOKEN, "permit", owner, STRANGER, 9, now, *made)
    side.take(TOKEN, "allowance", owner, STRANGER)


def delegations(side: World) -> None:
    now = boa.env.timestamp
    terms = {"delegatee": SIGNER.address, "nonce": 1, "expiry": now}
    made = parts(side.sign(SIGNER, TOKEN, "Delegation", DELEGATION, **terms))
    side.act(TOKEN, "delegateBySig", SIGNER.address, 1, now - 1, *made)
    side.act(TOKEN, "delegateBySig", SIGNER.address, 1, now, *made)
    side.act(TOKEN, "delegateBySig", SIGNER.address, 1, now, *made)
    side.act(TOKEN, "delegate", ZERO, sender=STRANGER)


def proposals(side: World) -> None:
    """What may not be proposed, and a proposal's whole life."""
    look_around(side)
    first = note(1, "the first")
    side.take(GOVERNOR, "state", 1)
    side.act(GOVERNOR, "propose", [], [], [], "nothing", sender=PROPOSER)
    for lists in (([TARGET], [0, 0], [b""]), ([TARGET], [0], [b"", b""])):
        side.act(GOVERNOR, "propose", *lists, "lengths", sender=PROPOSER)
    side.act(GOVERNOR, "propose", *first.spelled(), sender=STRANGER)
    for hand in (VOTER.upper().replace("0X", "0x"), VOTER):
        own = note(2, f"mine #proposer={hand}")
        side.act(GOVERNOR, "propose", *own.spelled(), sender=PROPOSER)
    propose(side, note(2, f"mine #proposer={PROPOSER}"))
    propose(side, note(2, f"not quite #proposer={VOTER} "))
    id = propose(side, first)
    side.act(GOVERNOR, "propose", *first.spelled(), sender=PROPOSER)
    side.act(GOVERNOR, "castVote", 1, FOR, sender=VOTER)
    for name in ("queue", "execute", "cancel"):
        side.act(GOVERNOR, name, *note(3, "never proposed").hashed(), sender=GUARDIAN)
        do(side, name, first)
    side.act(GOVERNOR, "castVote", id, FOR, sender=VOTER)
    to_snapshot(side, id)
    side.act(GOVERNOR, "castVote", id, FOR, sender=VOTER)
    to_vote(side, id)
    votes(side, id)
    for name in ("queue", "execute", "cancel"):
        do(side, name, first)
    after_vote(side, id)
    side.act(GOVERNOR, "castVote", id, FOR, sender=STRANGER)
    do(side, "execute", first)
    do(side, "queue", first)
    do(side, "queue", first)
    do(side, "execute", first)
    to_eta(side, id)
    do(side, "execute", first)
    do(side, "execute", first)
    do(side, "cancel", first, GUARDIAN)
    side.views["paid"] = boa.env.get_balance(PAYEE)
    look_around(side)


def votes(side: World, id: int) -> None:
    """Every way to vote, and what each refuses."""
    cast, by_sig = "castVoteWithReasonAndParams", "castVoteWithReasonAndParamsBySig"
    vote(side, id, PROPOSER, FOR)
    vote(side, id, PROPOSER, FOR)
    vote(side, id, VOTER, 3)
    side.act(GOVERNOR, "castVoteWithReason", id, 3, "why", sender=VOTER)
    side.act(GOVERNOR, cast, id, FOR, "", b"\x01", sender=VOTER)
    side.act(GOVERNOR, cast, id, FRACTIONAL, "", split(1, 1), sender=VOTER)
    side.act(GOVERNOR, cast, id, FRACTIONAL, "", split(1, 1, 2**127), sender=VOTER)
    side.act(GOVERNOR, cast, id, FRACTIONAL, "some", split(3, 2, 1), sender=VOTER)
    look_at(side, id)
    side.act(GOVERNOR, "castVoteWithReason", id, AGAINST, "the rest \u2713", sender=VOTER)
    look_at(side, id)
    signer, key = SIGNER.address, id % 2**192
    side.take(GOVERNOR, "nonces(address,uint192)", signer, key)
    wrong = ballot(side, SIGNER, id, FOR, signer, 5)
    side.act(GOVERNOR, "castVoteBySig", id, FOR, signer, wrong)
    keyed = ballot(side, SIGNER, id, FOR, signer, key << 64)
    side.act(GOVERNOR, "castVoteBySig", id, AGAINST, signer, keyed)
    side.act(GOVERNOR, "castVoteBySig", id, FOR, signer, keyed)
    look_at(side, id)
    halves = split(0, TOKENS, 0)
    for nonce in (0, 0, key << 64, key << 64 | 1):  # plain, replayed, keyed, keyed again
        message = {"proposalId": id, "support": FRACTIONAL, "voter": WALLET, "nonce": nonce}
        message |= {"reason": "half", "params": halves}
        made = bytes(side.sign(OWNER, GOVERNOR, "ExtendedBallot", EXTENDED, **message).signature)
        side.act(GOVERNOR, by_sig, id, FRACTIONAL, WALLET, "half", halves, made)
        look_at(side, id)
        side.take(GOVERNOR, "nonces(address,uint192)", WALLET, key)
    plain = ballot(side, OWNER, id, ABSTAIN, WALLET, 1)
    side.act(GOVERNOR, "castVoteBySig", id, ABSTAIN, WALLET, plain)
    look_at(side, id)


def in_any_order(side: World) -> None:
    """Votes signed with keyed nonces may be brought in any order."""
    ids = [propose(side, note(number, f"order {number}")) for number in range(2)]
    to_vote(side, ids[1])
    signed = [ballot(side, SIGNER, id, FOR, SIGNER.address, (id % 2**192) << 64) for id in ids]
    for id, signature in reversed(list(zip(ids, signed, strict=True))):
        side.act(GOVERNOR, "castVoteBySig", id, FOR, SIGNER.address, signature)
        look_at(side, id)


def settings(side: World) -> None:
    """All settings in one proposal, its quorum reached in the last second."""
    words = [
        (GOVERNOR, "setVotingDelay", 2 * DAY),
        (GOVERNOR, "setVotingPeriod", 4 * DAY),
        (GOVERNOR, "setProposalThreshold", 20 * TOKENS),
        (GOVERNOR, "updateQuorumNumerator", 40),
        (GOVERNOR, "setLateQuorumVoteExtension", 6 * HOUR),
        (TIMELOCK, "updateDelay", 3 * DAY),
    ]
    for contract, name, number in words:
        side.act(contract, name, number, sender=PROPOSER)
    data = [
        side.abi(contract).encode_call(side.signature(contract, name), (number,))
        for contract, name, number in words
    ]
    change = Proposal([contract for contract, *_ in words], [0] * 6, data, "settings")
    id = propose(side, change)
    to_vote(side, id)
    travel_to(side.read(GOVERNOR, "proposalDeadline", id))
    vote(side, id, VOTER, FOR)
    boa.env.time_travel(seconds=1)
    vote(side, id, PROPOSER, FOR)
    after_vote(side, id)
    do(side, "queue", change)
    to_eta(side, id)
    do(side, "execute", change)
    look_around(side)
    boa.env.time_travel(seconds=1)
    look_around(side)


def ends(side: World) -> None:
    """Defeats, and every right to cancel."""
    lost, few, mine, vetoed, late = (note(number, f"end {number}") for number in range(5))
    for proposal in (lost, few, mine, vetoed, late):
        propose(side, proposal)
    for who in (VOTER, PROPOSER, PROPOSER):
        do(side, "cancel", mine, who)
    to_vote(side, late.id)
    do(side, "cancel", vetoed, PROPOSER)
    do(side, "cancel", vetoed, GUARDIAN)
    vote(side, vetoed.id, VOTER, FOR)
    vote(side, few.id, WALLET, FOR)
    for voter, support in ((PROPOSER, AGAINST), (VOTER, FOR), (SIGNER.address, ABSTAIN)):
        vote(side, lost.id, voter, support)
        vote(side, late.id, voter, FOR)
    after_vote(side, late.id)
    for proposal in (lost, few, mine, vetoed):
        look_at(side, proposal.id)
        do(side, "queue", proposal)
    do(side, "queue", late)
    do(side, "cancel", late, PROPOSER)
    do(side, "cancel", late, GUARDIAN)
    to_eta(side, late.id)
    do(side, "execute", late)


def whole(side: World) -> World:
    for chapter in (tokens, proposals, in_any_order, settings, ends):
        chapter(side)
    return side
