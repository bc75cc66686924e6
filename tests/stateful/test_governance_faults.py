"""Governance broken on purpose: each fault has to be caught by a story.

A story is a directed walk with the machine's model (tests/support/governance_world.py).
Every check of the three contracts and of the modules they use is taken out or bent, one
at a time (tests/support/faults.py); a test sees that no check was forgotten.
"""

from collections.abc import Callable
from copy import copy
from typing import Any, NamedTuple

import boa
import pytest

from tests.support import faults as planting
from tests.support import governance, governance_world
from tests.support.faults import CAUGHT, Edit, checks, refused, unbroken
from tests.support.governance import (
    ABSTAIN,
    ACTIVE,
    AGAINST,
    CANCELED,
    DAY,
    DEFEATED,
    EXCLUDED,
    EXECUTED,
    EXPIRED,
    FOR,
    FRACTIONAL,
    GRACE,
    HOUR,
    NOBODY,
    SUCCEEDED,
    TOKENS,
    Proposal,
    Settings,
    deploy_dao,
    deploy_governor,
    key,
    sign,
    travel_to,
)
from tests.support.governance_world import CAP, SHARE, Known, Life

FAR = 2**40
SALT = bytes(32)
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
BALLOT = "uint256 proposalId,uint8 support,address voter,uint256 nonce"
EXTENDED = f"{BALLOT},string reason,bytes params"
PERMIT = "address owner,address spender,uint256 value,uint256 nonce,uint256 deadline"
DELEGATION = "address delegatee,uint256 nonce,uint256 expiry"
NAMED = f"address delegator,{DELEGATION}"
SIGNER = key("founder")
TERMS = Settings(DAY, 5 * DAY, 10 * TOKENS, 30, 12 * HOUR)


# ----- asking for refusals -----


def not_made(reason: str, name: str, *args: Any) -> None:
    with boa.reverts(reason), boa.env.anchor():
        governance.deployer(name).deploy(*args)


def settled(life: Life) -> None:
    """All rules, on all that there is."""
    life.judge()
    life.tokens.gov_1()


# ----- stories: tokens -----


def tokens_move(life: Life) -> None:
    votes, token = life.tokens, life.tokens.token
    a, b, c = life.holders[:3]
    for sender, receiver, amount in [(a, b, 5), (b, b, 7), (a, life.treasury, 9), (c, a, 0)]:
        votes.transfer(sender, receiver, amount)
        for _ in range(4):
            votes.gov_1()
    refused("token: balance too low", token.transfer, b, 101 * TOKENS, sender=a)
    refused("token: to the zero address", token.transfer, NOBODY, 1, sender=a)
    refused("token: allowance too low", token.transferFrom, a, b, 1, sender=b)
    token.approve(b, 10, sender=a)
    token.transferFrom(a, b, 4, sender=b)
    votes.balances[a] -= 4
    votes.balances[b] += 4
    assert token.allowance(a, b) == 6
    refused("token: allowance too low", token.transferFrom, a, b, 7, sender=b)
    token.approve(b, 2**256 - 1, sender=a)
    token.transferFrom(a, b, 1, sender=b)
    votes.balances[a] -= 1
    votes.balances[b] += 1
    assert token.allowance(a, b) == 2**256 - 1
    for holder, delegatee in [(a, NOBODY), (b, c), (a, b), (b, NOBODY)]:
        votes.delegate(holder, delegatee)
        for _ in range(8):
            votes.gov_1()
    votes.sums()


def tokens_are_minted(life: Life) -> None:
    votes, token, a = life.tokens, life.tokens.token, life.holders[0]
    refused("token: not timelock", token.mint, a, 1, sender=a)
    refused("token: to the zero address", token.mint, NOBODY, 1, sender=life.treasury)
    left = CAP - votes.supply
    refused("token: cap exceeded", token.mint, a, left + 1, sender=life.treasury)
    votes.mint(a, left, life.treasury)
    for _ in range(8):
        votes.gov_1()


def the_past_is_told(life: Life) -> None:
    votes, token = life.tokens, life.tokens.token
    a, b = life.holders[:2]
    refused("votes: second not over", token.getPastVotes, a, boa.env.timestamp)
    refused("votes: second not over", token.getPastTotalSupply, boa.env.timestamp)
    for number in range(40):
        votes.transfer(a, b, number + 1)
        if number % 5 == 0:
            votes.transfer(b, a, 1)  # twice in one second
            votes.mint(a, 1, life.treasury)
        life.wait(1 + number % 3)
    for second in [*votes.past, min(votes.past) - 1, max(votes.past) - 1]:
        told, supply = votes.at(second)
        assert token.getPastVotes(a, second) == told.get(a, 0)
        assert token.getPastTotalSupply(second) == supply


def signed_for_the_token(life: Life) -> None:
    token, now = life.tokens.token, boa.env.timestamp
    owner, friend = SIGNER.address, life.holders[1]

    def permit(value: int, nonce: int, deadline: int) -> tuple:
        made = {"owner": owner, "spender": friend, "value": value}
        made |= {"nonce": nonce, "deadline": deadline}
        return parts(sign(SIGNER, token, "Permit", PERMIT, made))

    good = permit(9, 0, now)
    refused("token: signature expired", token.permit, owner, friend, 9, now - 1,
            *permit(9, 0, now - 1))  # fmt: skip
    refused("token: invalid signature", token.permit, friend, friend, 9, now, *good)
    refused("token: invalid signature", token.permit, owner, friend, 8, now, *good)
    refused("token: invalid signature", token.permit, NOBODY, friend, 9, now, 29, *good[1:])
    refused("token: invalid signature", token.permit, owner, friend, 9, now, *mirrored(good))
    token.permit(owner, friend, 9, now, *good)
    assert token.allowance(owner, friend) == 9
    refused("token: invalid signature", token.permit, owner, friend, 9, now, *good)

    def delegation(nonce: int, expiry: int) -> tuple:
        made = {"delegatee": friend, "nonce": nonce, "expiry": expiry}
        return parts(sign(SIGNER, token, "Delegation", DELEGATION, made))

    by_sig = token.delegateBySig
    refused("token: signature expired", by_sig, friend, 1, now - 1, *delegation(1, now - 1))
    refused("token: wrong nonce", by_sig, friend, 2, now, *delegation(2, now))
    good = delegation(1, now)
    refused("token: invalid signature", by_sig, friend, 1, now, 29, *good[1:])
    refused("token: invalid signature", by_sig, friend, 1, now, *mirrored(good))
    by_sig(friend, 1, now, *good)
    refused("token: wrong nonce", by_sig, friend, 1, now, *good)
    life.tokens.delegates[owner] = friend
    named = {"delegator": owner, "delegatee": owner, "nonce": 2, "expiry": now}
    good = bytes(sign(SIGNER, token, "Delegation", NAMED, named).signature)
    refused("token: invalid signature", token.delegateBySignature, friend, owner, 0, now, good)
    refused("token: wrong nonce", token.delegateBySignature, owner, owner, 1, now, good)
    refused("token: signature expired", token.delegateBySignature, owner, owner, 2, now - 1, good)
    token.delegateBySignature(owner, owner, 2, now, good)
    life.tokens.delegates[owner] = owner
    assert token.nonces(owner) == 3
    life.tokens.sums()


def parts(made: Any) -> tuple[int, bytes, bytes]:
    return made.v, made.r.to_bytes(32, "big"), made.s.to_bytes(32, "big")


def mirrored(signature: tuple[int, bytes, bytes]) -> tuple[int, bytes, bytes]:
    v, r, s = signature
    return 55 - v, r, (ORDER - int.from_bytes(s, "big")).to_bytes(32, "big")


# ----- stories: what is made -----


def tokens_are_made(life: Life) -> None:
    a, b = life.holders[:2]
    make = ("VotesToken", life.treasury, "Votes", "VOTE", 100, [a], [1])
    bad = [
        ("token: zero timelock", 1, NOBODY),
        ("eip712: empty name", 2, ""),
        ("token: cap of 1 to 2**96 - 1", 4, 0),
        ("token: cap of 1 to 2**96 - 1", 4, 2**96),
        ("token: lengths differ", 5, [a, b]),
        ("token: cap exceeded", 6, [101]),
        ("token: to the zero address", 5, [NOBODY]),
    ]
    for reason, place, wrong in bad:
        not_made(reason, *make[:place], wrong, *make[place + 1 :])
    token = governance.deployer("VotesToken").deploy(*make[1:])
    assert token.delegates(life.treasury) == EXCLUDED


def timelocks_are_made(life: Life) -> None:
    kernel, namespace = life.dao.kernel.address, life.dao.namespace
    bad = [
        ("client: kernel has no code", life.payee, namespace, DAY),
        ("client: zero namespace", kernel, SALT, DAY),
        ("timelock: delay of 1 h to 30 d", kernel, namespace, HOUR - 1),
        ("timelock: delay of 1 h to 30 d", kernel, namespace, 30 * DAY + 1),
    ]
    for reason, *arguments in bad:
        not_made(reason, "Timelock", *arguments, "")


def governors_are_made(life: Life) -> None:
    dao, payee = life.dao, life.payee
    late = governance.deployer("ForeignVotes").deploy()
    late.set(False, 12, 0)
    other = governance.deployer("Timelock").deploy(dao.kernel.address, b"\x01" * 32, DAY, "")
    kernel = governance.deployer("Kernel").deploy()
    foreign = governance.deployer("Timelock").deploy(kernel.address, dao.namespace, DAY, "")
    make = [dao.kernel.address, dao.namespace, dao.token.address, dao.timelock.address, "Name"]
    bad = [
        ("governor: token has no code", 2, payee),
        ("governor: timelock has no code", 3, payee),
        ("governor: clock not in seconds", 2, late.address),
        ("governor: foreign timelock", 3, other.address),
        ("governor: foreign timelock", 3, foreign.address),
    ]
    for reason, place, wrong in bad:
        not_made(reason, "Governor", *make[:place], wrong, *make[place + 1 :], TERMS.astuple())
    for reason, *wrong in OUT_OF_BOUNDS:
        not_made(reason, "Governor", *make, tuple(wrong))
    deploy_governor(dao, settings=Settings(HOUR, HOUR, 2**128 - 1, 50, HOUR))
    deploy_governor(dao, settings=Settings(14 * DAY, 30 * DAY, 1, 1, 7 * DAY))


OUT_OF_BOUNDS = [
    ("governor: delay of 1 h to 14 d", HOUR - 1, DAY, 1, 1, 0),
    ("governor: delay of 1 h to 14 d", 14 * DAY + 1, DAY, 1, 1, 0),
    ("governor: period of 1 h to 30 d", HOUR, HOUR - 1, 1, 1, 0),
    ("governor: period of 1 h to 30 d", HOUR, 30 * DAY + 1, 1, 1, 0),
    ("governor: zero threshold", HOUR, DAY, 0, 1, 0),
    ("governor: threshold too high", HOUR, DAY, 2**128, 1, 0),
    ("governor: quorum of 1 to 50 %", HOUR, DAY, 1, 0, 0),
    ("governor: quorum of 1 to 50 %", HOUR, DAY, 1, 51, 0),
    ("governor: extension over 7 days", HOUR, 30 * DAY, 1, 1, 7 * DAY + 1),
    ("governor: extension over period", HOUR, HOUR, 1, 1, HOUR + 1),
]


# ----- stories: proposals -----


def note(life: Life, number: int, text: str = "note") -> Proposal:
    return Proposal(
        [str(life.target.address)], [0], [life.target.note.prepare_calldata(number)], text
    )


def proposals_are_made(life: Life) -> None:
    governor, a, b = life.dao.governor, life.holders[0], life.holders[1]
    plain = note(life, 1)
    refused("governor: no actions", governor.propose, [], [], [], "none", sender=a)
    for lists in (([b], [0, 0], [b""]), ([b], [0], [b"", b""])):
        refused("governor: lengths differ", governor.propose, *lists, "text", sender=a)
    refused("pin: target has no code", governor.propose, [b], [0], [b"\x01"], "text", sender=a)
    delegated = boa.env.generate_address()
    boa.env.set_code(delegated, bytes.fromhex("ef0100") + b"\x11" * 20)
    refused("pin: target not plain code", governor.propose, [delegated], [0], [b"\x01"], "text",
            sender=a)  # fmt: skip
    refused("governor: too few votes", governor.propose, *plain.spelled(), sender=life.payee)
    for hand in (b, b.upper().replace("0X", "0x")):
        text = f"mine #proposer={hand}"
        own = note(life, 1, text)
        refused("governor: for another proposer", governor.propose, *own.spelled(), sender=a)
    governor.propose(*own.spelled(), sender=b)
    for text in (f"mine #proposer={b} ", "x#proposer=0x" + "g" * 40):
        governor.propose(*note(life, 2, text).spelled(), sender=a)
    known = life.propose(a)
    assert governor.proposalCount() == 4
    assert governor.proposalAt(3) == known.proposal.id
    refused("governor: no such proposal", governor.proposalAt, 4)
    refused("governor: already proposed", governor.propose, *known.proposal.spelled(), sender=a)
    for view in (governor.state, governor.proposalSettings, governor.proposalQuorum):
        refused("governor: unknown proposal", view, 9)
    settled(life)


def thresholds_count(life: Life) -> None:
    """At the threshold, and one vote below it."""
    governor, a, poor = life.dao.governor, life.holders[0], life.payee
    life.tokens.balances[poor] = 0
    life.tokens.delegate(poor, poor)
    life.tokens.transfer(a, poor, 10 * TOKENS - 1)
    life.wait(1)
    refused("governor: too few votes", governor.propose, *note(life, 1).spelled(), sender=poor)
    life.tokens.transfer(a, poor, 1)
    life.wait(1)
    assert life.propose(poor)


def opened(life: Life, number: int = 0) -> Known:
    known = life.propose(life.holders[number])
    life.travel(known.snapshot + 1)
    return known


def votes_are_cast(life: Life) -> None:
    governor = life.dao.governor
    a, b, c, d = life.holders
    known = life.propose(a)
    id = known.proposal.id
    refused("governor: unknown proposal", governor.castVote, 9, FOR, sender=a)
    for second in (known.made, known.snapshot):
        life.travel(second)
        refused("governor: vote not open", governor.castVote, id, FOR, sender=a)
    life.travel(known.snapshot + 1)
    refused("governor: no votes", governor.castVote, id, FOR, sender=life.payee)
    refused("governor: unknown support", governor.castVote, id, 3, sender=a)
    cast = governor.castVoteWithReasonAndParams
    refused("governor: params without split", cast, id, FOR, "", b"\x01", sender=a)
    refused("governor: params of 48 bytes", cast, id, FRACTIONAL, "", b"", sender=a)
    refused("governor: no votes", cast, id, FRACTIONAL, "", bytes(48), sender=a)
    too_much = (101 * TOKENS).to_bytes(16, "big")
    refused("governor: more than is left", cast, id, FRACTIONAL, "", bytes(32) + too_much, sender=a)
    life.vote(known, a, FRACTIONAL, (3, 2, 1))
    assert governor.hasVoted(id, a) and not governor.hasVoted(id, b)
    settled(life)
    over = (100 * TOKENS).to_bytes(16, "big")
    refused("governor: more than is left", cast, id, FRACTIONAL, "", over + bytes(32), sender=a)
    life.vote(known, a, FRACTIONAL, (1, 0, 0))
    life.vote(known, a, AGAINST)
    settled(life)
    refused("governor: already voted", governor.castVote, id, FOR, sender=a)
    life.vote(known, b, FOR)
    assert governor.castVoteWithReason(id, ABSTAIN, "why", sender=c) == SHARE
    life.count(known, c, [0, 0, SHARE])
    for turn in range(4):
        life.turn = turn
        settled(life)
    life.travel(known.deadline)
    life.vote(known, d, FOR)
    life.travel(known.deadline + 1)
    refused("governor: vote not open", governor.castVote, id, FOR, sender=life.borrower)
    settled(life)


def votes_are_signed(life: Life) -> None:
    governor, voter = life.dao.governor, SIGNER.address
    known = opened(life)
    id = known.proposal.id
    key_ = id % 2**192

    def signed(nonce: int, support: int = FOR) -> Any:
        message = {"proposalId": id, "support": support, "voter": voter, "nonce": nonce}
        return sign(SIGNER, governor, "Ballot", BALLOT, message)

    def split(nonce: int, params: bytes, reason: str = "why") -> bytes:
        message = {"proposalId": id, "support": FRACTIONAL, "voter": voter, "nonce": nonce}
        message |= {"reason": reason, "params": params}
        return bytes(sign(SIGNER, governor, "ExtendedBallot", EXTENDED, message).signature)

    good = signed(key_ << 64)
    bad = "governor: invalid signature"
    refused(bad, governor.castVoteBySig, id, AGAINST, voter, bytes(good.signature))
    refused(bad, governor.castVoteBySig, id, FOR, life.holders[1], bytes(good.signature))
    refused(bad, governor.castVoteBySig, id, FOR, voter, bytes(signed(7).signature))
    v, r, s = mirrored(parts(good))
    refused(bad, governor.castVoteBySig, id, FOR, voter, r + s + bytes([v]))
    refused(bad, governor.castVoteBySig, id, FOR, voter, bytes(good.signature)[:64])
    half = TOKENS.to_bytes(16, "big") + bytes(32)
    by_sig = governor.castVoteWithReasonAndParamsBySig
    made = split(key_ << 64, half)
    refused(bad, by_sig, id, FRACTIONAL, voter, "other", half, made)
    refused(bad, by_sig, id, FRACTIONAL, voter, "why", half[::-1], made)
    by_sig(id, FRACTIONAL, voter, "why", half, made)
    life.count(known, voter, [TOKENS, 0, 0])
    refused(bad, by_sig, id, FRACTIONAL, voter, "why", half, made)
    assert governor.nonces(voter, key_) == key_ << 64 | 1
    plain = split(0, half)
    by_sig(id, FRACTIONAL, voter, "why", half, plain)
    life.count(known, voter, [TOKENS, 0, 0])
    refused(bad, by_sig, id, FRACTIONAL, voter, "why", half, plain)
    assert governor.nonces(voter) == 1
    boa.env.evm.patch.chain_id += 1
    refused(bad, governor.castVoteBySig, id, FOR, voter, bytes(signed_at_home(life, id)))
    boa.env.evm.patch.chain_id -= 1
    governor.castVoteBySig(id, FOR, voter, bytes(signed(1).signature))
    life.count(known, voter, [0, SHARE - 2 * TOKENS, 0])
    settled(life)
    for mode in ("reverts", "empty", "short", "dirty"):
        wallet = governance.deployer("Wallet").deploy(NOBODY, mode)
        refused(bad, governor.castVoteBySig, id, FOR, wallet.address, b"\x01" * 65)
    honest = governance.deployer("Wallet").deploy(SIGNER.address, "honest")
    refused(bad, governor.castVoteBySig, id, FOR, honest.address, b"\x01" * 65)


def signed_at_home(life: Life, id: int) -> bytes:
    """A ballot for the chain before this one."""
    boa.env.evm.patch.chain_id -= 1
    message = {"proposalId": id, "support": FOR, "voter": SIGNER.address, "nonce": 1}
    made = sign(SIGNER, life.dao.governor, "Ballot", BALLOT, message)
    boa.env.evm.patch.chain_id += 1
    return made.signature


def late_quorum(life: Life) -> None:
    """Only the votes that make the quorum, only late, and only once."""
    a, b, c, _ = life.holders
    early, late, edge = life.propose(a), life.propose(b), life.propose(c)
    governor, id, first = life.dao.governor, late.proposal.id, late.deadline
    life.travel(early.snapshot + 1)
    life.vote(early, a, FOR)
    life.vote(early, b, ABSTAIN)
    life.travel(first - 12 * HOUR)  # a second too early
    life.vote(late, a, FOR)
    for voter in (a, b):
        life.vote(edge, voter, FOR)
    assert governor.proposalDeadline(id) == first
    life.travel(first - 11 * HOUR)
    life.vote(early, c, FOR)
    life.vote(late, c, AGAINST)
    assert governor.proposalDeadline(id) == first
    life.vote(late, b, ABSTAIN)
    assert governor.proposalDeadline(id) == first + 12 * HOUR == late.deadline
    settled(life)
    life.travel(late.deadline)
    life.vote(late, life.holders[3], FOR)
    settled(life)
    life.travel(late.deadline + 1)
    settled(life)
    assert early.deadline == edge.deadline == first


def outcomes(life: Life) -> None:
    """Ties, too few votes, abstentions; and each state at its first and last second."""
    a, b, c, d = life.holders
    lives = [life.propose(a), life.propose(b), life.propose(c), life.propose(d)]
    tie, few, made, lost = lives
    life.travel(tie.snapshot)
    settled(life)
    life.travel(tie.snapshot + 1)
    settled(life)
    for known, voter, support in [
        (tie, a, FOR), (tie, b, AGAINST), (tie, c, ABSTAIN), (few, a, FOR), (made, a, FOR),
        (made, b, ABSTAIN), (lost, a, FOR), (lost, b, AGAINST), (lost, c, AGAINST),
        (lost, d, ABSTAIN),
    ]:  # fmt: skip
        life.vote(known, voter, support)
    life.travel(tie.deadline)
    settled(life)
    life.travel(tie.deadline + 1)
    settled(life)
    states = [life.dao.governor.state(known.proposal.id) for known in lives]
    assert states == [DEFEATED, DEFEATED, SUCCEEDED, DEFEATED]
    for known in (tie, few, lost):
        refused("governor: not succeeded", life.dao.governor.queue, *known.proposal.hashed())
    life.travel(made.deadline + GRACE)
    settled(life)
    life.travel(made.deadline + GRACE + 1)
    settled(life)
    assert life.dao.governor.state(made.proposal.id) == EXPIRED
    refused("governor: not succeeded", life.dao.governor.queue, *made.proposal.hashed())


def passed(life: Life, value: int = 0, fails: bool = False) -> Known:
    known = life.propose(life.holders[0], value, fails)
    life.push(known)
    life.push(known)
    assert life.state(known) == SUCCEEDED
    return known


def whole_lives(life: Life) -> None:
    """From propose to execute, with every wrong moment; and what reverts leaves no trace."""
    governor, known = life.dao.governor, life.propose(life.holders[0], 7)
    paper = known.proposal.hashed()
    for name in ("queue", "execute", "cancel"):
        refused("governor: unknown proposal", getattr(governor, name), *note(life, 9).hashed())
    refused("governor: not succeeded", governor.queue, *paper)
    refused("timelock: not scheduled", governor.execute, *paper)
    life.push(known)
    refused("governor: not succeeded", governor.queue, *paper)
    life.push(known)
    refused("timelock: not scheduled", governor.execute, *paper)
    life.queue(known)
    settled(life)
    refused("governor: not succeeded", governor.queue, *paper)
    life.travel(known.eta - 1)
    refused("timelock: not ready", governor.execute, *paper)
    life.travel(known.eta)
    settled(life)
    life.execute(known)
    assert governor.state(known.proposal.id) == EXECUTED
    refused("governor: already final", governor.execute, *paper)
    refused("governor: already final", governor.cancel, *paper, sender=life.guardian)
    settled(life)
    failing = passed(life, 5, True)
    life.queue(failing)
    life.travel(failing.eta)
    life.execute(failing)
    settled(life)
    life.travel(failing.eta + GRACE)
    refused("target: refused", governor.execute, *failing.proposal.hashed())
    settled(life)
    life.travel(failing.eta + GRACE + 1)
    refused("timelock: expired", governor.execute, *failing.proposal.hashed())
    settled(life)


def code_is_pinned(life: Life) -> None:
    governor, address = life.dao.governor, life.target.address
    code, other = boa.env.get_code(address), boa.env.get_code(life.dao.token.address)
    known = passed(life)
    boa.env.set_code(address, other)
    refused("governor: code changed", governor.queue, *known.proposal.hashed())
    boa.env.set_code(address, code)
    life.queue(known)
    life.travel(known.eta)
    boa.env.set_code(address, other)
    refused("timelock: not scheduled", governor.execute, *known.proposal.hashed())
    boa.env.set_code(address, code)
    life.execute(known)
    settled(life)


def cancels(life: Life) -> None:
    a, b, guardian = life.holders[0], life.holders[1], life.guardian
    governor = life.dao.governor
    mine, poor, active, done, queued = (life.propose(a) for _ in range(5))
    no = "governor: may not cancel"
    for who in (b, life.payee):
        refused(no, governor.cancel, *mine.proposal.hashed(), sender=who)
    life.cancel(mine, a)
    refused("governor: already final", governor.cancel, *mine.proposal.hashed(), sender=guardian)
    assert governor.state(mine.proposal.id) == CANCELED
    life.tokens.transfer(a, b, 91 * TOKENS)
    life.wait(1)
    life.cancel(poor, life.payee)
    life.tokens.transfer(b, a, 91 * TOKENS)
    life.travel(active.snapshot + 1)
    refused(no, governor.cancel, *active.proposal.hashed(), sender=a)
    life.cancel(active, guardian)
    refused("governor: vote not open", governor.castVote, active.proposal.id, FOR, sender=b)
    for known in (done, queued):
        for holder in life.holders:
            life.vote(known, holder, FOR)
    life.travel(done.deadline + 1)
    life.tokens.transfer(a, b, 100 * TOKENS)
    life.wait(1)
    for who in (a, life.payee):  # never after the vote
        refused(no, governor.cancel, *done.proposal.hashed(), sender=who)
    life.cancel(done, guardian)
    refused("governor: not succeeded", governor.queue, *done.proposal.hashed())
    life.queue(queued)
    life.cancel(queued, guardian)
    operation = governance.operation_of(life.dao, queued.proposal)
    assert operation.state == 16  # canceled in the timelock too
    life.travel(queued.eta)
    refused("governor: already final", governor.execute, *queued.proposal.hashed())
    settled(life)


def the_guardian_is_removed(life: Life) -> None:
    """It can veto all but its own removal, and only that one."""
    dao, guardian, a = life.dao, life.guardian, life.holders[0]
    kernel = dao.kernel
    calls = [
        (dao.namespace, NOBODY, 0, SALT), (b"\x01" * 32, NOBODY, 0, SALT),
        (dao.namespace, a, 0, SALT), (dao.namespace, NOBODY, 1, SALT),
    ]  # fmt: skip
    data = [kernel.set_guardian.prepare_calldata(*call) for call in calls]
    to = str(kernel.address)
    honest = Proposal([to], [0], [data[0]], "removal")
    others = [
        *(Proposal([to], [0], [each], "no removal") for each in data[1:]),
        Proposal([to], [1], [data[0]], "with value"),
        Proposal([to, to], [0, 0], [data[0], data[1]], "with more"),
        Proposal([str(dao.token.address)], [0], [data[0]], "elsewhere"),
    ]
    for proposal in (honest, *others):
        dao.governor.propose(*proposal.spelled(), sender=a)
    no = "governor: may not cancel"
    refused(no, dao.governor.cancel, *honest.hashed(), sender=guardian)
    for proposal in others:
        dao.governor.cancel(*proposal.hashed(), sender=guardian)


def borrowing(life: Life) -> None:
    life.propose(life.holders[0])
    life.borrow()
    life.push(life.proposals[0])
    life.borrow()
    life.push(life.proposals[0])
    life.borrow()
    settled(life)


def replaced(life: Life) -> None:
    """What began under a governor dies with its term, also when it comes back."""
    queued, passed_, pending = passed(life), passed(life), life.propose(life.holders[0])
    life.queue(queued)
    governor, timelock = life.dao.governor, life.dao.timelock
    life.replace_governor()
    gone = "timelock: governor replaced"
    refused(gone, governor.queue, *passed_.proposal.hashed())
    life.travel(queued.eta)
    refused(gone, governor.execute, *queued.proposal.hashed())
    assert governance.operation_of(life.dao, queued.proposal).state == 32  # dead
    assert governor.proposalVersion(pending.proposal.id) == 1
    life.appoint(deploy_governor(life.dao, "newer"))
    spelled = note(life, 3).spelled()
    refused("governor: not in office", governor.propose, *spelled, sender=life.holders[0])
    out = "timelock: not governor"
    refused(out, governor.execute, *queued.proposal.hashed())
    refused(out, timelock.cancel, SALT, 0, sender=governor.address)


# ----- stories: the timelock and the settings -----


def the_timelock_alone(life: Life) -> None:
    """Its own checks, whatever the governor would do."""
    timelock, governor = life.dao.timelock, life.dao.governor.address
    out = "timelock: not governor"
    for who in (life.holders[0], life.treasury, life.guardian):
        refused(out, timelock.schedule, SALT, 0, 1, sender=who)
        refused(out, timelock.execute, [], [], [], SALT, sender=who)
        refused(out, timelock.cancel, SALT, 0, sender=who)
        if who != life.treasury:
            refused("timelock: only itself", timelock.updateDelay, DAY, sender=who)
            refused("timelock: only itself", timelock.setDaoURI, "x", sender=who)
    gone = "timelock: governor replaced"
    refused(gone, timelock.schedule, SALT, 0, 2, sender=governor)
    to = [life.payee]
    refused("timelock: lengths differ", timelock.execute, to, [], [b""], SALT, sender=governor)
    refused("timelock: lengths differ", timelock.execute, to, [0], [], SALT, sender=governor)
    lists = (to, [3], [b""], SALT)
    payload = life.dao.governor.hashProposal(*lists).to_bytes(32, "big")
    refused("timelock: not scheduled", timelock.cancel, payload, 0, sender=governor)
    ready = timelock.schedule(payload, 0, 1, sender=governor)
    assert ready == boa.env.timestamp + life.delay
    refused("timelock: already scheduled", timelock.schedule, payload, 0, 1, sender=governor)
    travel_to(ready)
    timelock.execute(*lists, sender=governor)
    assert boa.env.get_balance(life.payee) == 3
    refused("timelock: already done", timelock.execute, *lists, sender=governor)
    refused("timelock: already done", timelock.cancel, payload, 0, sender=governor)
    timelock.schedule(b"\x02" * 32, 0, 1, sender=governor)
    timelock.cancel(b"\x02" * 32, 0, sender=governor)
    refused("timelock: canceled", timelock.cancel, b"\x02" * 32, 0, sender=governor)
    made = boa.env.execute_code(
        to_address=timelock.address, sender=life.payee, data=b"\x01\x02\x03\x04"
    )
    assert made.is_error
    for delay in (HOUR - 1, 30 * DAY + 1):
        bounds = "timelock: delay of 1 h to 30 d"
        refused(bounds, timelock.updateDelay, delay, sender=life.treasury)
    timelock.updateDelay(3 * DAY, sender=life.treasury)
    assert timelock.getMinDelay() == 3 * DAY
    other = timelock.schedule(b"\x03" * 32, 0, 1, sender=governor)
    assert other == boa.env.timestamp + 3 * DAY


def done_before_its_calls(life: Life) -> None:
    """A batch that comes back: neither itself nor another queued one runs inside."""
    dao, governor, a = life.dao, life.dao.governor, life.holders[0]
    probe = governance.deployer("Target").deploy()
    outer = Proposal([str(probe.address)], [0], [probe.fire.prepare_calldata()], "outer")
    outer.id = governor.propose(*outer.spelled(), sender=a)
    inner = life.propose(a)
    life.travel(inner.snapshot + 1)
    for holder in life.holders:
        governor.castVote(outer.id, FOR, sender=holder)
        life.vote(inner, holder, FOR)
    life.travel(inner.deadline + 1)
    governor.queue(*outer.hashed())
    life.queue(inner)
    life.travel(inner.eta)
    for again in (outer, inner.proposal):
        probe.prepare(governor.address, governor.execute.prepare_calldata(*again.hashed()))
        made = boa.env.execute_code(
            to_address=governor.address, data=governor.execute.prepare_calldata(*outer.hashed())
        )
        assert made.is_error
    word = dao.timelock.execute.prepare_calldata(*outer.hashed())
    probe.prepare(dao.timelock.address, word)
    made = boa.env.execute_code(
        to_address=governor.address, data=governor.execute.prepare_calldata(*outer.hashed())
    )
    assert made.is_error
    settled(life)


def settings_change(life: Life) -> None:
    governor, idle = life.dao.governor, life.holders[3]
    life.tokens.delegate(idle, EXCLUDED)
    tenth = (life.tokens.supply - life.tokens.balances[idle]) // 10
    life.wait(1)
    running = life.propose(life.holders[0])
    setters = [
        ("setVotingDelay", 2 * DAY, [HOUR - 1, 14 * DAY + 1], "delay of 1 h to 14 d"),
        ("setVotingPeriod", 4 * DAY, [HOUR - 1, 30 * DAY + 1], "period of 1 h to 30 d"),
        ("setProposalThreshold", tenth, [tenth + 1], "threshold too high"),
        ("setProposalThreshold", 5, [0], "zero threshold"),
        ("updateQuorumNumerator", 40, [0, 51], "quorum of 1 to 50 %"),
        ("setLateQuorumVoteExtension", DAY, [4 * DAY + 1], "extension over period"),
    ]
    before = boa.env.timestamp
    life.wait(1)
    for name, number, wrong, reason in setters:
        setter = getattr(governor, name)
        for who in (life.holders[0], life.guardian, governor.address):
            refused("governor: not timelock", setter, number, sender=who)
        for each in wrong:
            refused(f"governor: {reason}", setter, each, sender=life.treasury)
        setter(number, sender=life.treasury)
    life.settings = Settings(2 * DAY, 4 * DAY, 5, 40, DAY)
    for turn in range(6):
        life.turn = turn
        life.gov_7()
    assert governor.quorumNumerator(before) == 30
    assert governor.quorumNumerator(boa.env.timestamp) == 40
    settled(life)
    life.propose(life.holders[1])
    life.travel(running.snapshot + 1)
    life.vote(running, life.holders[0], FOR)
    life.turn = 0
    settled(life)


def quorums(life: Life) -> None:
    """Excluded votes do not count; of a token that fails nothing does."""
    a, b, c, _ = life.holders
    life.tokens.delegate(a, EXCLUDED)
    life.wait(1)
    known = life.propose(b)
    life.travel(known.snapshot + 1)
    quorum = life.quorum(known)
    assert quorum == 90 * TOKENS
    assert life.dao.governor.proposalQuorum(known.proposal.id) == quorum
    assert life.dao.governor.quorum(known.snapshot) == quorum
    life.vote(known, b, FOR)
    life.travel(known.deadline + 1)
    settled(life)
    foreign = governance.deployer("ForeignVotes").deploy()
    foreign.set(False, 0, 2**128 - 1)
    dao = deploy_dao({}, claimer=c, settings=Settings(DAY, DAY, 1, 1, 0), token=foreign)
    foreign.give(a, 2**128 - 1)
    foreign.give(b, 1)
    foreign.give(c, 2**128)
    id = dao.governor.propose(*note(life, 1).spelled(), sender=a)
    travel_to(dao.governor.proposalSnapshot(id) + 1)
    many = "governor: too many votes"
    for support in (FOR, ABSTAIN):
        refused(many, dao.governor.castVote, id, support, sender=c)
    dao.governor.castVote(id, FOR, sender=a)
    refused(many, dao.governor.castVote, id, FOR, sender=b)
    foreign.set(True, 0, 0)
    assert dao.governor.state(id) == ACTIVE
    travel_to(dao.governor.proposalDeadline(id) + 1)
    assert dao.governor.state(id) == DEFEATED
    no = "governor: token does not answer"
    refused(no, dao.governor.proposalQuorum, id)
    refused(no, dao.governor.quorum, boa.env.timestamp - 1)
    boa.env.set_code(foreign.address, b"")
    assert dao.governor.state(id) == DEFEATED
    foreign_empty = deploy_dao({}, claimer=b, settings=Settings(DAY, DAY, 1, 1, 0))
    assert foreign_empty.governor.quorum(boa.env.timestamp - 1) == 1


STORIES = [
    tokens_move, tokens_are_minted, the_past_is_told, signed_for_the_token, tokens_are_made,
    timelocks_are_made, governors_are_made, proposals_are_made, thresholds_count, votes_are_cast,
    votes_are_signed, late_quorum, outcomes, whole_lives, code_is_pinned, cancels,
    the_guardian_is_removed, borrowing, replaced, the_timelock_alone, done_before_its_calls,
    settings_change, quorums,
]  # fmt: skip


# ----- faults -----


class Fault(NamedTuple):
    name: str
    story: Callable[[Life], None]
    edits: list[Edit]


def fault(
    name: str, story: Callable[[Life], None], path: str, old: str, new: str = "True", near: str = ""
) -> Fault:
    return Fault(name, story, [Edit(path, old, new, near)])


G, T, V = "governance/Governor.vy", "governance/Timelock.vy", "governance/VotesToken.vy"
POINTS, PINS, SIGS = "lib/checkpoints.vy", "lib/code_pins.vy", "lib/signatures.vy"
FAULTS = [
    # ----- the governor's checks -----
    fault("token without code", governors_are_made, G, "token_.is_contract"),
    fault("timelock without code", governors_are_made, G, "timelock_.is_contract"),
    fault("another clock", governors_are_made, G, "clock == block.timestamp"),
    fault("foreign kernel", governors_are_made, G,
          "staticcall ITimelock(timelock_).kernel() == kernel"),
    fault("foreign namespace", governors_are_made, G,
          "staticcall ITimelock(timelock_).namespace() == namespace"),
    fault("no actions", proposals_are_made, G, "count != 0"),
    fault("more values", proposals_are_made, G, "count == len(values)"),
    fault("more calldatas", proposals_are_made, G, "count == len(calldatas)"),
    fault("queue of anything", outcomes, G, "self._state(id, hot) == SUCCEEDED"),
    fault("queue after a change of code", code_is_pinned, G, "pin == self._pinned(id, hot)"),
    fault("execute of the final", whole_lives, G, "(hot >> AT_STATUS) & MASK_7 == 0",
          near="def execute("),
    fault("threshold over a tenth", settings_change, G, "newProposalThreshold <= tenth"),
    fault("threshold of votes that do not count", settings_change, G,
          "self._quorum(THRESHOLD_PERCENT, block.timestamp - 1)",
          "staticcall IVotesToken(token).getPastTotalSupply(block.timestamp - 1) // 10"),
    fault("listing beyond the end", proposals_are_made, G, "index < self._head >> AT_PROPOSALS"),
    fault("proposed twice", proposals_are_made, G, "self._proposals[id] == 0"),
    fault("no threshold", thresholds_count, G, "votes >= (head >> AT_S_THRESHOLD) & MASK_128"),
    fault("a vote less", thresholds_count, G, "votes >= (head >> AT_S_THRESHOLD) & MASK_128",
          "votes + 1 >= (head >> AT_S_THRESHOLD) & MASK_128"),
    fault("cancel of the final", cancels, G,
          "state in [PENDING, ACTIVE, SUCCEEDED, QUEUED]"),
    fault("anyone cancels", cancels, G, "self._may_cancel(id, hot, state, removes_guardian)"),
    fault("propose out of office", replaced, G, "governor == self"),
    fault("unknown proposals", proposals_are_made, G, "hot != 0", near="def _check_known("),
    fault("votes on the unknown", votes_are_cast, G, "hot != 0", near="def _vote("),
    fault("suffix for nobody", proposals_are_made, G,
          "proposer == convert(msg.sender, uint256)"),
    fault("vote at the snapshot", votes_are_cast, G, "block.timestamp > snapshot",
          "block.timestamp >= snapshot", near="def _vote("),
    fault("vote before the snapshot", votes_are_cast, G, "block.timestamp > snapshot",
          near="def _vote("),
    fault("vote after the deadline", votes_are_cast, G, "block.timestamp <= deadline",
          near="def _vote("),
    fault("vote too soon closed", votes_are_cast, G, "block.timestamp <= deadline",
          "block.timestamp < deadline", near="def _vote("),
    fault("vote on the canceled", cancels, G, "(hot >> AT_STATUS) & MASK_7 == 0",
          near="def _vote("),
    fault("votes twice", votes_are_cast, G, "receipt != SPENT"),
    fault("a voter with too many", quorums, G, "left <= MASK_128"),
    fault("sums with too many", quorums, G, "(in_favor | against) <= MASK_128"),
    fault("short params", votes_are_cast, G, "len(params) == PARAMS"),
    fault("more than is left", votes_are_cast, G, "used <= left"),
    fault("params without split", votes_are_cast, G, "len(params) == 0", near="used <= left"),
    fault("any kind of vote", votes_are_cast, G, "support == ABSTAIN"),
    fault("votes of nothing", votes_are_cast, G, "used != 0"),
    fault("any signature", votes_are_signed, G, "valid", near="self._require(valid"),
    fault("a token that does not answer", quorums, G, "quorum != max_value(uint256)"),
    fault("settings by anyone", settings_change, G, "msg.sender == timelock",
          near="def _open_settings("),
    fault("delay too short", governors_are_made, G, "delay >= MIN_VOTING_DELAY"),
    fault("delay too long", governors_are_made, G, "delay <= MAX_VOTING_DELAY"),
    fault("period too short", governors_are_made, G, "period >= MIN_VOTING_PERIOD"),
    fault("period too long", governors_are_made, G, "period <= MAX_VOTING_PERIOD"),
    fault("zero threshold", governors_are_made, G, "settings.threshold != 0"),
    fault("huge threshold", governors_are_made, G, "settings.threshold <= MASK_128"),
    fault("zero quorum", governors_are_made, G, "quorum != 0", near="quorum != 0 and"),
    fault("quorum of all", governors_are_made, G, "quorum <= MAX_QUORUM_NUMERATOR"),
    fault("long extension", governors_are_made, G,
          "settings.late_extension <= MAX_LATE_EXTENSION"),
    fault("extension over period", governors_are_made, G, "settings.late_extension <= period"),
    # ----- who may cancel -----
    fault("nobody is the guardian", cancels, G, "msg.sender == guardian", "False"),
    fault("everybody is the guardian", cancels, G, "msg.sender == guardian"),
    fault("the guardian keeps itself", the_guardian_is_removed, G, "not removes_guardian"),
    fault("cancel after the vote", cancels, G, "state != PENDING and state != ACTIVE", "False"),
    fault("its proposer at any time", cancels, G, "state == PENDING",
          near="if msg.sender == proposer"),
    fault("anyone as proposer", cancels, G, "msg.sender == proposer"),
    fault("cancel of the rich", cancels, G,
          "staticcall IVotesToken(token).getPastVotes(proposer, block.timestamp - 1) < threshold"),
    fault("a removal elsewhere", the_guardian_is_removed, G,
          "target == kernel_client._KERNEL.address"),
    fault("a removal of another", the_guardian_is_removed, G, "head == removal"),
    fault("a removal with value", the_guardian_is_removed, G, "values[0] == 0"),
    fault("a removal with more", the_guardian_is_removed, G,
          "len(targets) == 1 and len(calldatas) == 1 and len(values) == 1", "len(targets) != 0"),
    fault("canceled, but not in the timelock", cancels, G, "state == QUEUED",
          "False", near="self._proposals[id] = hot | (CANCELED"),
    fault("not marked as canceled", cancels, G,
          "    self._proposals[id] = hot | (CANCELED << AT_STATUS)\n", ""),
    fault("not marked as executed", whole_lives, G,
          "    self._proposals[id] = hot | (EXECUTED << AT_STATUS)\n", ""),
    # ----- states -----
    fault("pending a second less", outcomes, G, "block.timestamp <= hot & MASK_40",
          "block.timestamp < hot & MASK_40"),
    fault("active a second less", outcomes, G, "block.timestamp <= deadline",
          "block.timestamp < deadline", near="def _state("),
    fault("ties pass", outcomes, G, "in_favor <= tally >> AT_AGAINST",
          "in_favor < tally >> AT_AGAINST"),
    fault("a majority against passes", outcomes, G, "in_favor <= tally >> AT_AGAINST", "False"),
    fault("no quorum needed", outcomes, G, "in_favor >= quorum or in_favor"
          " + self._abstentions[id] >= quorum"),
    fault("abstentions make no quorum", outcomes, G,
          "in_favor >= quorum or in_favor"
          " + self._abstentions[id] >= quorum", "in_favor >= quorum"),
    fault("success for ever", outcomes, G, "block.timestamp > deadline + GRACE", "False"),
    fault("success a second less", outcomes, G, "block.timestamp > deadline + GRACE",
          "block.timestamp >= deadline + GRACE"),
    fault("queued for ever", whole_lives, G, "block.timestamp > window[1]", "False"),
    fault("defeats succeed", outcomes, G, "not self._passed(id, hot)", "False"),
    # ----- votes -----
    fault("spent is not remembered", votes_are_cast, G,
          "        self._receipts[page] = receipts | (SPENT << place)\n", ""),
    fault("parts are not remembered", votes_are_cast, G,
          "        self._receipts[page] = receipts | (PARTIAL << place)\n", ""),
    fault("parts are not added up", votes_are_cast, G, "receipt == PARTIAL", "False",
          near="left <= MASK_128"),
    fault("for is against", votes_are_cast, G,
          "            in_favor = left\n", "            against = left\n"),
    fault("abstentions are lost", votes_are_cast, G,
          "        self._abstentions[id] += abstain\n", ""),
    fault("votes are lost", votes_are_cast, G,
          "        self._tallies[id] = in_favor | (against << AT_AGAINST)\n", ""),
    fault("votes of now", borrowing, G,
          "staticcall IVotesToken(token).getPastVotes(voter, snapshot)",
          "staticcall IVotesToken(token).getVotes(voter)"),
    fault("signed parts come again", votes_are_signed, G, "(signed << AT_SIGNED)", "0"),
    fault("plain nonces come again", votes_are_signed, G,
          "    self._nonces[voter] = nonce + 1\n", ""),
    fault("prolonged for any vote", late_quorum, G, "before < quorum and before + added >= quorum"),
    fault("prolonged again", late_quorum, G, "before < quorum and before + added >= quorum",
          "before + added >= quorum"),
    fault("prolonged early", late_quorum, G,
          "unsafe_add(block.timestamp, extension) > deadline"),
    fault("prolonged a second too early", late_quorum, G,
          "unsafe_add(block.timestamp, extension) > deadline",
          "unsafe_add(block.timestamp, extension) >= deadline"),
    fault("never prolonged", late_quorum, G,
          "        self._proposals[id] = hot | EXTENDED\n", ""),
    # ----- quorum, settings, pins -----
    fault("excluded votes count", quorums, G,
          "max(1, numerator * (supply - idle) // QUORUM_DENOMINATOR)",
          "max(1, numerator * supply // QUORUM_DENOMINATOR)"),
    fault("quorum of nothing", quorums, G,
          "max(1, numerator * (supply - idle) // QUORUM_DENOMINATOR)",
          "numerator * (supply - idle) // QUORUM_DENOMINATOR"),
    fault("a failed read is a number", quorums, G, "not success or len(answer) != 32", "False"),
    fault("settings of now", settings_change, G, "(hot >> AT_INDEX) & MASK_16",
          "((self._head >> AT_S_COUNT) & MASK_16) - 1", near="def proposalSettings("),
    fault("settings overwritten", settings_change, G,
          "((index + 1) << AT_S_COUNT)", "(index << AT_S_COUNT)"),
    fault("the number is not counted", proposals_are_made, G,
          "    self._head = head + (1 << AT_PROPOSALS)\n", ""),
    # ----- the timelock -----
    fault("a call of nothing known", the_timelock_alone, T, "len(msg.data) == 0"),
    fault("scheduled twice", the_timelock_alone, T, "self._operations[id] == 0"),
    fault("fewer values", the_timelock_alone, T, "len(targets) == len(values)"),
    fault("fewer calldatas", the_timelock_alone, T, "len(targets) == len(calldatas)"),
    fault("delay too short for all", timelocks_are_made, T, "delay >= MIN_DELAY"),
    fault("delay too long for all", timelocks_are_made, T, "delay <= MAX_DELAY"),
    fault("delay by anyone", the_timelock_alone, T, "msg.sender == self"),
    fault("no delay", whole_lives, T, "block.timestamp >= word & MASK_40"),
    fault("a second too soon", whole_lives, T, "block.timestamp >= word & MASK_40",
          "block.timestamp + 1 >= word & MASK_40"),
    fault("no end", whole_lives, T, "block.timestamp <= (word >> AT_EXPIRES) & MASK_40"),
    fault("an end too soon", whole_lives, T, "block.timestamp <= (word >> AT_EXPIRES) & MASK_40",
          "block.timestamp < (word >> AT_EXPIRES) & MASK_40"),
    fault("any governor", the_timelock_alone, T,
          "governor != empty(address) and msg.sender == governor"),
    fault("any term of office", replaced, T, "recorded == present"),
    fault("what was never scheduled", the_timelock_alone, T, "word != 0"),
    fault("what is done", the_timelock_alone, T, "status != DONE"),
    fault("what was canceled", the_timelock_alone, T, "status != CANCELED"),
    fault("not marked as done", the_timelock_alone, T,
          "    self._operations[id] = self._with_status(word, DONE)\n", ""),
    fault("not marked as dropped", cancels, T,
          "    self._operations[id] = self._with_status(word, CANCELED)\n", ""),
    fault("no waiting", whole_lives, T, "block.timestamp + self._delay", "block.timestamp"),
    fault("half a grace", whole_lives, T, "(ready + GRACE)", "(ready + GRACE // 2)"),
    fault("an id without code", code_is_pinned, T,
          "code_pin", "empty(uint256)", near="abi_encode(chain.id, self, governor"),
    fault("values are not paid", whole_lives, T,
          "        raw_call(targets[i], calldatas[i], value=values[i])\n",
          "        raw_call(targets[i], calldatas[i])\n"),
    fault("a failed call is passed over", whole_lives, T,
          "        raw_call(targets[i], calldatas[i], value=values[i])\n",
          "        if not raw_call(targets[i], calldatas[i], value=values[i],"
          " revert_on_failure=False):\n            pass\n"),
    fault("pins are not asked", code_is_pinned, T, "code_pins._pin(called)",
          "convert(0, uint256)"),
    # ----- the token -----
    fault("no timelock", tokens_are_made, V, "timelock_ != empty(address)"),
    fault("no cap", tokens_are_made, V, "cap_ != 0"),
    fault("a cap too high", tokens_are_made, V, "cap_ <= MASK_96"),
    fault("more holders than amounts", tokens_are_made, V, "len(holders) == len(amounts)"),
    fault("beyond the allowance", tokens_move, V, "amount <= allowed"),
    fault("the allowance stays", tokens_move, V,
          "        self._approve(owner, msg.sender, unsafe_sub(allowed, amount))\n", ""),
    fault("the largest allowance shrinks", tokens_move, V, "allowed != max_value(uint256)"),
    fault("anyone mints", tokens_are_minted, V, "msg.sender == timelock"),
    fault("beyond the balance", tokens_move, V, "word & MASK_96 >= amount"),
    fault("beyond the cap", tokens_are_minted, V,
          "amount <= cap - checkpoints._latest(SUPPLY)"),
    fault("any nonce", signed_for_the_token, V, "nonce == self.nonces[account]"),
    fault("the nonce stays", signed_for_the_token, V,
          "    self.nonces[account] = nonce + 1\n", ""),
    fault("the permit's nonce stays", signed_for_the_token, V,
          "    self.nonces[owner] = nonce + 1\n", ""),
    fault("to nobody", tokens_move, V, "to != empty(address)"),
    fault("signed for ever", signed_for_the_token, V, "block.timestamp <= deadline"),
    fault("any signature of tokens", signed_for_the_token, V, "valid", near="assert valid"),
    fault("a permit of anyone", signed_for_the_token, V,
          "signer != empty(address) and signer == owner", "signer != empty(address)"),
    fault("a permit for zero", signed_for_the_token, V,
          "signer != empty(address) and signer == owner", "signer == owner"),
    fault("a delegation of zero", signed_for_the_token, V,
          "signer != empty(address)", near="DELEGATION_TYPEHASH, delegatee"),
    fault("oneself as another", tokens_move, V, "owner == to", "False"),
    fault("votes stay behind", tokens_move, V,
          "    self._move_votes(word >> AT_DELEGATE, to_word >> AT_DELEGATE, amount)\n", ""),
    fault("delegation moves nothing", tokens_move, V,
          "    self._move_votes(old, new, amount)\n", ""),
    fault("minted without votes", tokens_are_minted, V,
          "    self._move_votes(0, word >> AT_DELEGATE, amount)\n", ""),
    fault("minted beside the supply", tokens_are_minted, V,
          "    checkpoints._add(SUPPLY, amount)\n", ""),
    fault("votes of nobody", tokens_move, V, "target != 0"),
    fault("the treasury counts", tokens_are_made, V,
          "    self._delegate(timelock_, excluded_votes.ACCOUNT)\n", ""),
    # ----- what they share -----
    fault("the present as past", the_past_is_told, POINTS, "timepoint < block.timestamp"),
    fault("each change is kept", the_past_is_told, POINTS, "time != block.timestamp", "False"),
    fault("a step too far back", the_past_is_told, POINTS,
          "self._history[key][middle] >> AT_PAST_TIME <= timepoint",
          "self._history[key][middle] >> AT_PAST_TIME < timepoint"),
    fault("a leap too far back", the_past_is_told, POINTS,
          "self._history[key][place] >> AT_PAST_TIME <= timepoint",
          "self._history[key][place] >> AT_PAST_TIME < timepoint"),
    fault("the head too early", the_past_is_told, POINTS, "head >> AT_TIME <= timepoint",
          "head >> AT_TIME <= timepoint + 1"),
    fault("no beginning", the_past_is_told, POINTS, "high == 0", "False"),
    fault("calls without code", proposals_are_made, PINS, "target.codesize != 0"),
    fault("calls of delegated code", proposals_are_made, PINS,
          'slice(target.code, 0, 1) != b"\\xef"'),
    fault("the name of nobody", tokens_are_made, "lib/eip712.vy", "len(name) != 0"),
    fault("any chain", votes_are_signed, "lib/eip712.vy", "chain.id",
          "convert(1, uint256)", near="def _separator("),
    fault("no kernel", timelocks_are_made, "lib/kernel_client.vy", "kernel.is_contract"),
    fault("no namespace", timelocks_are_made, "lib/kernel_client.vy",
          "namespace != empty(bytes32)"),
    fault("mirrored signatures", votes_are_signed, SIGS, "convert(s, uint256) > HALF_ORDER",
          "False"),
    fault("any recovered account", votes_are_signed, SIGS, "recovered == signer"),
    fault("any contract's answer", votes_are_signed, SIGS,
          "success and len(answer) == 32 and convert(answer, bytes32) == MAGIC",
          "success and len(answer) == 32"),
    fault("a short answer", votes_are_signed, SIGS,
          "success and len(answer) == 32 and convert(answer, bytes32) == MAGIC",
          "success and len(answer) != 0"),
]  # fmt: skip


# 65,535 changes of settings would be needed: tests/unit/governance/test_settings.py
UNREACHABLE = {
    "governance/Governor.vy": ['self._require(index != MASK_16, "governor: too many settings")']
}


# ----- each is caught -----


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A DAO of faulty contracts, with all faults asleep."""
    with planting.planted(tmp_path_factory, FAULTS, [governance, governance_world]):
        holders = [SIGNER.address, *(boa.env.generate_address(name) for name in "abc")]
        yield Life(TERMS, holders)


@pytest.fixture
def life(base):
    """The same DAO again for each story: boa lays the chain back, this the model."""
    return replace_model(base)


def replace_model(base: Life) -> Life:
    life = copy(base)
    life.tokens = copy(base.tokens)
    for name in ("balances", "delegates", "past"):
        setattr(life.tokens, name, dict(getattr(base.tokens, name)))
    life.proposals, life.neighbours = [], [life]
    return life


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_governance_passes_the_story(life, story):
    story(life)


@planting.each(FAULTS)
def test_a_fault_is_caught(life, number):
    with planting.awake(number), pytest.raises(CAUGHT):
        FAULTS[number - 1].story(life)


@pytest.mark.usefixtures("base")
def test_an_open_lock_is_caught(tmp_path):
    planting.rewrite(tmp_path, T, ("@nonreentrant\n", ""))
    with planting.broken(tmp_path, [governance, governance_world], "Timelock"):
        holders = [SIGNER.address, *(boa.env.generate_address(name) for name in "abc")]
        with pytest.raises(CAUGHT):
            done_before_its_calls(Life(TERMS, holders))


# ----- no check is forgotten -----

CHECKED = ["governance/Governor.vy", "governance/Timelock.vy", "governance/VotesToken.vy"]
SHARED = ["checkpoints", "code_pins", "eip712", "kernel_client", "signatures"]


@pytest.mark.parametrize("path", [*CHECKED, *(f"lib/{name}.vy" for name in SHARED)])
def test_every_check_has_its_fault(path):
    assert unbroken(path, FAULTS) == UNREACHABLE.get(path, [])


def test_checks_are_found():
    assert [len(checks(path)) for path in CHECKED] == [39, 13, 11]
