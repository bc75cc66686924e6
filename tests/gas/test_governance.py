"""Whole-transaction gas of governance, beside the targets of its design page."""

from typing import Any

import boa
import pytest

from tests.support import snapshot
from tests.support.compiled import deployer
from tests.support.dao_factory import NewToken, Setup, deploy_factory
from tests.support.gas import transaction
from tests.support.governance import (
    DAY,
    FOR,
    TOKENS,
    Dao,
    Proposal,
    close_vote,
    deploy_dao,
    key,
    open_vote,
    propose,
    ripen,
    sign,
)

pytestmark = pytest.mark.no_anchor

VOTERS = 10
TEXT = "32 bytes of description, exactly"


def measure(operation: str, call, *args, **kwargs) -> int:
    with transaction() as measured:
        call(*args, **kwargs)
    snapshot.check("governance", operation, measured.gas)
    return measured.gas


# Calldata costs by its bytes: whatever is in it has the same address in each run.
SPENDER, GRANTED, GOVERNOR = "0x" + "5e" * 20, "0x" + "6e" * 20, "0x" + "7e" * 20
FACTORY = "0x" + "8e" * 20


def account(role: str) -> str:
    return str(key(f"gas {role}").address)


def granted() -> Any:
    """What proposals call: a token on which the treasury has nothing but allowances."""
    return deployer("VotesToken").at(GRANTED)


def dao_of(voters: list[str], governor_at: str | None = None) -> Dao:
    dao = deploy_dao(dict.fromkeys(voters, 1_000 * TOKENS), governor_at=governor_at)
    arguments = (account("owner"), "Granted", "G", 1, [], [])
    deployer("VotesToken").deploy(*arguments, override_address=GRANTED)
    granted().approve(SPENDER, 10**6, sender=dao.timelock.address)
    boa.env.time_travel(seconds=DAY)
    return dao


def grant(number: int = 1) -> Proposal:
    """One action, that changes one slot which was not zero; 32 bytes of text."""
    data = granted().approve.prepare_calldata(SPENDER, number)
    return Proposal([GRANTED], [0], [data], TEXT)


def test_token():
    holder, receiver, bare, bare_receiver = (account(f"holder {n}") for n in range(4))
    dao = dao_of([holder, receiver])
    token = dao.token
    for poor in (bare, bare_receiver):
        token.transfer(poor, TOKENS, sender=holder)
    boa.env.time_travel(seconds=DAY)
    token.transfer(receiver, TOKENS, sender=holder)
    boa.env.time_travel(seconds=DAY)
    measure("transfer, both delegated", token.transfer, receiver, TOKENS, sender=holder)
    measure("transfer, none delegated", token.transfer, bare_receiver, 10**17, sender=bare)
    measure("delegate, first", token.delegate, bare, sender=bare)


def live(dao: Dao, proposal: Proposal, voters: list[str], prefix: str) -> int:
    """One proposal's whole life; every transaction measured. The sum of gas."""
    governor = dao.governor
    gas = measure(f"{prefix}: propose", governor.propose, *proposal.spelled(), sender=voters[0])
    proposal.id = governor.proposalAt(governor.proposalCount() - 1)
    open_vote(dao, proposal)
    for number, voter in enumerate(voters):
        operation = f"{prefix}: castVote, {'first' if number == 0 else 'later'} voter"
        gas += measure(operation, governor.castVote, proposal.id, FOR, sender=voter)
    close_vote(dao, proposal)
    gas += measure(f"{prefix}: queue", governor.queue, *proposal.hashed())
    ripen(dao, proposal)
    gas += measure(f"{prefix}: execute", governor.execute, *proposal.hashed())
    snapshot.check("governance", f"{prefix}: whole life, {len(voters)} voters", gas)
    return gas


def test_whole_life():
    voters = [account(f"voter {number}") for number in range(VOTERS)]
    dao = dao_of(voters)
    live(dao, grant(1), voters, "fresh")
    live(dao, grant(2), voters, "voted before")


def test_signed_vote():
    signer = key("gas signer")
    voters = [account("first"), signer.address]
    dao = dao_of(voters, GOVERNOR)
    proposal = propose(dao, grant(), voters[0])
    open_vote(dao, proposal)
    dao.governor.castVote(proposal.id, FOR, sender=voters[0])
    nonce = dao.governor.nonces(signer.address, proposal.id % 2**192)
    signed = sign(
        signer,
        dao.governor,
        "Ballot",
        "uint256 proposalId,uint8 support,address voter,uint256 nonce",
        {"proposalId": proposal.id, "support": FOR, "voter": signer.address, "nonce": nonce},
    )
    measure(
        "castVoteBySig, later voter",
        dao.governor.castVoteBySig,
        proposal.id,
        FOR,
        signer.address,
        bytes(signed.signature),
    )
    assert dao.governor.hasVoted(proposal.id, signer.address)


def test_largest_proposal():
    """The bounds can be used: ten actions of 2,304 bytes and 16,384 bytes of text."""
    proposer = account("proposer")
    dao = dao_of([proposer])
    full = Proposal([GRANTED] * 10, [0] * 10, [b"\x01" * 2_304] * 10, "x" * 16_384)
    measure(
        "propose, 10 actions of 2,304 B, 16,384 B text",
        dao.governor.propose,
        *full.spelled(),
        sender=proposer,
    )


def test_create_dao():
    """A DAO of ten members, of the most that a token starts with, and over a token that exists."""
    kernel = deployer("Kernel").deploy(override_address=GOVERNOR)
    factory = deploy_factory(kernel, at=FACTORY)
    creator, uri = account("creator"), "ipfs://QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"
    setup = Setup(uri=uri)

    def token(count: int) -> NewToken:
        return NewToken(
            tuple(account(f"member {n}") for n in range(count)), (1_000 * TOKENS,) * count
        )

    def create(operation: str, method: Any, what: Any, salt: int) -> int:
        return measure(operation, method, setup.astuple(), what, bytes([salt]) * 32, sender=creator)

    gas = create("create a DAO, new token, 10 holders", factory.create, token(10).astuple(), 1)
    assert gas < 10_000_000
    most = create("create a DAO, new token, 128 holders", factory.create, token(128).astuple(), 2)
    assert most < 16_777_216  # the most that one transaction may use (EIP-7825)
    boa.env.time_travel(seconds=DAY)
    row = factory.page(0, 1)[0]
    votes = deployer("Governor").at(row.governor).token()
    method = factory.create_with_token
    assert create("create a DAO, existing token", method, votes, 3) < gas
