"""Delegation, by call and by signature, and the votes of past seconds."""

import boa
import pytest
from eth_account import Account

from tests.support.compiled import deployer
from tests.support.governance import DAY, EXCLUDED, NOBODY, TOKENS, events, key, sign, signable

DELEGATION = "address delegatee,uint256 nonce,uint256 expiry"
HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0  # of secp256k1
NAMED = "address delegator,address delegatee,uint256 nonce,uint256 expiry"


@pytest.fixture
def signer(token, voter):
    account = key("signer")
    token.transfer(account.address, 100, sender=voter)
    return account


def pass_second() -> int:
    """The second that is now over."""
    now = boa.env.timestamp
    boa.env.time_travel(seconds=1)
    return now


# ----- delegate -----


def test_delegate_moves_all_votes(token, voter, minority):
    token.delegate(minority, sender=voter)
    [changed] = events(token, "DelegateChanged")
    assert (changed.delegator, changed.fromDelegate, changed.toDelegate) == (voter, voter, minority)
    moved = [
        (e.delegate, e.previousVotes, e.newVotes) for e in events(token, "DelegateVotesChanged")
    ]
    assert moved == [
        (voter, 350 * TOKENS, 0),
        (minority, 250 * TOKENS, 600 * TOKENS),
    ]
    assert token.delegates(voter) == minority
    assert (token.getVotes(voter), token.getVotes(minority)) == (0, 600 * TOKENS)


def test_delegate_to_nobody_takes_the_votes_away(token, voter):
    token.delegate(NOBODY, sender=voter)
    assert token.delegates(voter) == NOBODY
    assert token.getVotes(voter) == token.getVotes(NOBODY) == 0
    assert token.balanceOf(voter) == 350 * TOKENS


def test_delegate_to_the_same_again_changes_no_votes(token, voter):
    token.delegate(voter, sender=voter)
    assert len(events(token, "DelegateChanged")) == 1
    assert events(token, "DelegateVotesChanged") == []


def test_delegate_without_tokens_counts_for_what_comes(token, stranger, voter):
    token.delegate(stranger, sender=stranger)
    assert token.getVotes(stranger) == 0
    token.transfer(stranger, 5, sender=voter)
    assert token.getVotes(stranger) == 5


def test_delegate_to_excluded(token, voter):
    token.delegate(EXCLUDED, sender=voter)
    assert token.getVotes(EXCLUDED) == 350 * TOKENS


# ----- by signature -----


def delegation(token, account, delegatee, nonce=0, expiry=None):
    expiry = boa.env.timestamp + DAY if expiry is None else expiry
    message = {"delegatee": delegatee, "nonce": nonce, "expiry": expiry}
    made = sign(account, token, "Delegation", DELEGATION, message)
    r, s = made.r.to_bytes(32, "big"), made.s.to_bytes(32, "big")
    return [delegatee, nonce, expiry, made.v, r, s]


def test_delegate_by_sig(token, signer, minority, stranger):
    token.delegateBySig(*delegation(token, signer, minority), sender=stranger)
    assert token.delegates(signer.address) == minority
    assert token.nonces(signer.address) == 1


def test_delegate_by_sig_twice_reverts(token, signer, minority):
    once = delegation(token, signer, minority)
    token.delegateBySig(*once)
    with boa.reverts("token: wrong nonce"):
        token.delegateBySig(*once)


def test_delegate_by_sig_with_a_future_nonce_reverts(token, signer, minority):
    with boa.reverts("token: wrong nonce"):
        token.delegateBySig(*delegation(token, signer, minority, nonce=1))


def test_delegate_by_sig_in_its_last_second_but_not_after(token, signer, minority):
    late = delegation(token, signer, minority, expiry=boa.env.timestamp)
    with boa.env.anchor():
        token.delegateBySig(*late)
    boa.env.time_travel(seconds=1)
    with boa.reverts("token: signature expired"):
        token.delegateBySig(*late)


def test_delegate_by_sig_by_the_largest_low_s(token, minority):
    """CVE-2022-35961: one more, and the other form of the same signature would be as good."""
    r, expiry = bytes(31) + b"\x01", boa.env.timestamp + DAY
    message = {"delegatee": minority, "nonce": 0, "expiry": expiry}
    asked = signable(token, "Delegation", DELEGATION, message)
    whoever = Account.recover_message(asked, (27, int.from_bytes(r), HALF_ORDER))
    token.delegateBySig(minority, 0, expiry, 27, r, HALF_ORDER.to_bytes(32, "big"))
    assert token.delegates(whoever) == minority
    with boa.reverts("token: invalid signature"):
        token.delegateBySig(minority, 0, expiry, 27, r, (HALF_ORDER + 1).to_bytes(32, "big"))


def test_delegate_by_sig_of_nobody_reverts(token, minority):
    with boa.reverts("token: invalid signature"):
        token.delegateBySig(minority, 0, 2**255, 27, bytes(32), bytes(32))


def named(token, account, delegator, delegatee, nonce=0, expiry=None):
    expiry = boa.env.timestamp + DAY if expiry is None else expiry
    message = {"delegator": delegator, "delegatee": delegatee, "nonce": nonce, "expiry": expiry}
    made = sign(account, token, "Delegation", NAMED, message)
    return [delegator, delegatee, nonce, expiry, bytes(made.signature)]


def test_delegate_by_signature_of_a_key(token, signer, minority, stranger):
    token.delegateBySignature(*named(token, signer, signer.address, minority), sender=stranger)
    assert token.delegates(signer.address) == minority
    assert token.nonces(signer.address) == 1


def test_delegate_by_signature_of_a_contract(token, signer, minority, voter):
    wallet = deployer("Wallet").deploy(signer.address, "honest")
    token.transfer(wallet.address, 40, sender=voter)
    token.delegateBySignature(*named(token, signer, wallet.address, minority))
    assert token.delegates(wallet.address) == minority
    assert token.getVotes(minority) == 250 * TOKENS + 40


def test_delegate_by_signature_twice_reverts(token, signer, minority):
    once = named(token, signer, signer.address, minority)
    token.delegateBySignature(*once)
    with boa.reverts("token: wrong nonce"):
        token.delegateBySignature(*once)


def test_delegate_by_signature_after_expiry_reverts(token, signer, minority):
    late = named(token, signer, signer.address, minority, expiry=boa.env.timestamp - 1)
    with boa.reverts("token: signature expired"):
        token.delegateBySignature(*late)


def test_delegate_by_signature_for_another_reverts(token, signer, minority, voter):
    with boa.reverts("token: invalid signature"):
        token.delegateBySignature(*named(token, signer, voter, minority))


def test_delegate_by_signature_that_does_not_name_the_delegator_reverts(token, signer, minority):
    delegatee, nonce, expiry, v, r, s = delegation(token, signer, minority)
    with boa.reverts("token: invalid signature"):
        token.delegateBySignature(signer.address, delegatee, nonce, expiry, r + s + bytes([v]))


# ----- past votes -----


def test_past_votes_at_and_between_checkpoints(token, voter, stranger):
    token.delegate(stranger, sender=stranger)
    marks = []
    for amount in (1, 2, 3, 4):
        token.transfer(stranger, amount, sender=voter)
        marks.append((pass_second(), token.getVotes(stranger)))
        boa.env.time_travel(seconds=9)
    for second, votes in marks:
        assert token.getPastVotes(stranger, second) == votes
        assert token.getPastVotes(stranger, second + 9) == votes
    assert token.getPastVotes(stranger, marks[0][0] - 1) == 0


def test_past_votes_take_the_last_of_a_second(token, voter, stranger):
    token.delegate(stranger, sender=stranger)
    for amount in (5, 6, 7):
        token.transfer(stranger, amount, sender=voter)
    second = pass_second()
    token.transfer(voter, 18, sender=stranger)
    assert token.getPastVotes(stranger, second) == 18
    assert token.getPastVotes(stranger, second - 1) == 0


def test_past_votes_do_not_change_later(token, voter, stranger):
    token.delegate(stranger, sender=stranger)
    second = pass_second()
    assert token.getPastVotes(stranger, second) == 0
    for amount in range(1, 6):
        token.transfer(stranger, amount, sender=voter)
        pass_second()
        assert token.getPastVotes(stranger, second) == 0


def test_past_supply(token, timelock, stranger):
    before = pass_second()
    token.mint(stranger, 5, sender=timelock.address)
    after = pass_second()
    assert token.getPastTotalSupply(before) == 1_000 * TOKENS
    assert token.getPastTotalSupply(after) == 1_000 * TOKENS + 5
    assert token.getPastTotalSupply(0) == 0


@pytest.mark.parametrize("ahead", [0, 1, 2**255])
def test_past_of_now_or_later_reverts(token, voter, ahead):
    with boa.reverts("votes: second not over"):
        token.getPastVotes(voter, boa.env.timestamp + ahead)
    with boa.reverts("votes: second not over"):
        token.getPastTotalSupply(boa.env.timestamp + ahead)
