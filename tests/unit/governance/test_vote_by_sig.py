"""Governor: signed votes, by keys and by contracts, with nonces of two kinds."""

import boa
import pytest

from tests.support.compiled import deployer
from tests.support.governance import (
    AGAINST,
    FOR,
    FRACTIONAL,
    NOBODY,
    events,
    key,
    open_vote,
    propose,
    sign,
)
from tests.unit.governance.conftest import call

BALLOT = "uint256 proposalId,uint8 support,address voter,uint256 nonce"
EXTENDED = BALLOT + ",string reason,bytes params"
MINE = 90


@pytest.fixture(scope="module")
def signer(dao, voter):
    account = key("signer")
    dao.token.transfer(account.address, MINE, sender=voter)
    dao.token.delegate(account.address, sender=account.address)
    return account


@pytest.fixture(scope="module")
def wallet(dao, signer, voter):
    """A contract that votes, with the signer as its key."""
    made = deployer("Wallet").deploy(signer.address, "honest")
    dao.token.transfer(made.address, MINE, sender=voter)
    data = dao.token.delegate.prepare_calldata(made.address)
    made.act(dao.token.address, data)
    boa.env.time_travel(seconds=1)
    return made


@pytest.fixture
def vote(dao, signer, wallet, proposal, proposer):
    propose(dao, proposal, proposer)
    open_vote(dao, proposal)
    return proposal.id


def keyed(governor, voter, id) -> int:
    return governor.nonces(voter, id % 2**192)


def ballot(governor, account, id, support=FOR, voter=None, nonce=None):
    voter = voter or account.address
    nonce = keyed(governor, voter, id) if nonce is None else nonce
    message = {"proposalId": id, "support": support, "voter": str(voter), "nonce": nonce}
    return bytes(sign(account, governor, "Ballot", BALLOT, message).signature)


def extended(governor, account, id, support, reason, params, nonce=None):
    nonce = keyed(governor, account.address, id) if nonce is None else nonce
    message = {
        "proposalId": id,
        "support": support,
        "voter": account.address,
        "nonce": nonce,
        "reason": reason,
        "params": params,
    }
    return bytes(sign(account, governor, "ExtendedBallot", EXTENDED, message).signature)


# ----- castVoteBySig -----


def test_with_the_nonce_of_the_proposal(governor, signer, vote, stranger):
    signature = ballot(governor, signer, vote)
    assert governor.castVoteBySig(vote, FOR, signer.address, signature, sender=stranger) == MINE
    [cast] = events(governor, "VoteCast")
    assert (cast.voter, cast.support, cast.weight) == (signer.address, FOR, MINE)
    assert governor.proposalVotes(vote) == (0, MINE, 0)
    assert governor.nonces(signer.address) == 0


def test_with_the_plain_nonce(governor, signer, vote):
    signature = ballot(governor, signer, vote, nonce=0)
    governor.castVoteBySig(vote, FOR, signer.address, signature)
    assert governor.hasVoted(vote, signer.address)
    assert governor.nonces(signer.address) == 1


def test_in_any_order(dao, governor, signer, wallet, target, proposer):
    proposals = [propose(dao, call(target, number), proposer) for number in (1, 2)]
    signatures = [ballot(governor, signer, each.id) for each in proposals]
    open_vote(dao, proposals[1])
    for each, signature in reversed(list(zip(proposals, signatures, strict=True))):
        governor.castVoteBySig(each.id, FOR, signer.address, signature)
        assert governor.hasVoted(each.id, signer.address)


def test_of_a_contract(governor, wallet, signer, vote):
    signature = ballot(governor, signer, vote, voter=wallet.address)
    assert governor.castVoteBySig(vote, FOR, wallet.address, signature) == MINE


def test_of_a_contract_with_the_plain_nonce(governor, wallet, signer, vote):
    signature = ballot(governor, signer, vote, voter=wallet.address, nonce=0)
    governor.castVoteBySig(vote, FOR, wallet.address, signature)
    assert governor.nonces(wallet.address) == 1


def test_of_a_key_that_delegated_its_code(governor, signer, vote):
    boa.env.set_code(signer.address, b"\xef\x01\x00" + b"\x11" * 20)
    signature = ballot(governor, signer, vote)
    governor.castVoteBySig(vote, FOR, signer.address, signature)
    assert governor.hasVoted(vote, signer.address)


def test_twice_reverts(governor, signer, vote):
    signature = ballot(governor, signer, vote)
    governor.castVoteBySig(vote, FOR, signer.address, signature)
    with boa.reverts("governor: already voted"):
        governor.castVoteBySig(vote, FOR, signer.address, signature)


def test_for_another_reverts(governor, signer, voter, vote):
    signature = ballot(governor, signer, vote, voter=voter)
    with boa.reverts("governor: invalid signature"):
        governor.castVoteBySig(vote, FOR, voter, signature)


def test_with_another_support_reverts(governor, signer, vote):
    signature = ballot(governor, signer, vote)
    with boa.reverts("governor: invalid signature"):
        governor.castVoteBySig(vote, AGAINST, signer.address, signature)


def test_with_a_wrong_nonce_reverts(governor, signer, vote):
    signature = ballot(governor, signer, vote, nonce=1)
    with boa.reverts("governor: invalid signature"):
        governor.castVoteBySig(vote, FOR, signer.address, signature)


@pytest.mark.parametrize("signature", [b"", b"\x00" * 65, b"\x01" * 64, b"\x01" * 2_048])
def test_with_garbage_reverts(governor, signer, wallet, vote, signature):
    for account in (signer.address, wallet.address):
        with boa.reverts("governor: invalid signature"):
            governor.castVoteBySig(vote, FOR, account, signature)


def test_for_the_zero_address_reverts(governor, vote):
    with boa.reverts("governor: invalid signature"):
        governor.castVoteBySig(vote, FOR, NOBODY, b"\x01" * 64 + b"\x1b")
    with boa.reverts("governor: invalid signature"):
        governor.castVoteBySig(vote, FOR, NOBODY, bytes(65))


def test_on_the_unknown_reverts(governor, signer):
    signature = ballot(governor, signer, 5)
    with boa.reverts("governor: unknown proposal"):
        governor.castVoteBySig(5, FOR, signer.address, signature)


# ----- castVoteWithReasonAndParamsBySig -----


def cast(governor, account, id, support, reason, params, signature):
    return governor.castVoteWithReasonAndParamsBySig(
        id, support, account.address, reason, params, signature
    )


@pytest.mark.parametrize("nonce", [None, 0])
def test_extended(governor, signer, vote, nonce):
    signature = extended(governor, signer, vote, FOR, "why", b"", nonce)
    assert cast(governor, signer, vote, FOR, "why", b"", signature) == MINE
    assert [e.reason for e in events(governor, "VoteCast")] == ["why"]


def params(in_favor) -> bytes:
    return b"".join(part.to_bytes(16, "big") for part in (0, in_favor, 0))


def test_extended_split_counts_up_its_nonce(governor, signer, vote):
    first = keyed(governor, signer.address, vote)
    assert first == (vote % 2**192) << 64
    signature = extended(governor, signer, vote, FRACTIONAL, "", params(10))
    cast(governor, signer, vote, FRACTIONAL, "", params(10), signature)
    assert keyed(governor, signer.address, vote) == first + 1
    with boa.reverts("governor: invalid signature"):
        cast(governor, signer, vote, FRACTIONAL, "", params(10), signature)
    again = extended(governor, signer, vote, FRACTIONAL, "", params(10))
    cast(governor, signer, vote, FRACTIONAL, "", params(10), again)
    assert governor.usedVotes(vote, signer.address) == 20


def test_extended_split_with_the_plain_nonce_leaves_the_keyed_one(governor, signer, vote):
    first = keyed(governor, signer.address, vote)
    signature = extended(governor, signer, vote, FRACTIONAL, "", params(10), nonce=0)
    cast(governor, signer, vote, FRACTIONAL, "", params(10), signature)
    assert keyed(governor, signer.address, vote) == first
    assert governor.nonces(signer.address) == 1
    with boa.reverts("governor: invalid signature"):
        cast(governor, signer, vote, FRACTIONAL, "", params(10), signature)


def test_unsigned_split_leaves_the_nonce(governor, signer, vote):
    first = keyed(governor, signer.address, vote)
    governor.castVoteWithReasonAndParams(vote, FRACTIONAL, "", params(10), sender=signer.address)
    assert keyed(governor, signer.address, vote) == first


@pytest.mark.parametrize("changed", ["reason", "params", "support"])
def test_extended_with_anything_changed_reverts(governor, signer, vote, changed):
    signature = extended(governor, signer, vote, FRACTIONAL, "why", params(10))
    other = {
        "reason": (FRACTIONAL, "why not", params(10)),
        "params": (FRACTIONAL, "why", params(11)),
        "support": (FOR, "why", params(10)),
    }[changed]
    with boa.reverts("governor: invalid signature"):
        cast(governor, signer, vote, *other, signature)


def test_nonces_are_apart(governor, signer):
    assert governor.nonces(signer.address) == governor.nonces(signer.address, 0) == 0
    assert governor.nonces(signer.address, 7) == 7 << 64
