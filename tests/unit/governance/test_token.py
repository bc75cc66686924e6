"""VotesToken as an ERC-20 with permits and a capped mint."""

import boa
import pytest
from eth_utils import keccak

from tests.support.compiled import deployer
from tests.support.governance import DAY, EXCLUDED, NOBODY, TOKENS, events, key, sign

PERMIT = "address owner,address spender,uint256 value,uint256 nonce,uint256 deadline"
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def deploy(timelock, cap=100, holders=(), amounts=(), name="Votes", symbol="V"):
    return deployer("VotesToken").deploy(timelock, name, symbol, cap, list(holders), list(amounts))


# ----- creation -----


def test_create_fixes_everything(stranger, voter):
    token = deploy(stranger, 100, [voter, stranger], [60, 40])
    made = [tuple(log)[-3:] for log in events(token, "Transfer")]
    assert made == [(NOBODY, voter, 60), (NOBODY, stranger, 40)]
    assert (token.name(), token.symbol(), token.decimals()) == ("Votes", "V", 18)
    assert (token.timelock(), token.cap(), token.totalSupply()) == (stranger, 100, 100)
    assert (token.balanceOf(voter), token.balanceOf(stranger)) == (60, 40)
    assert token.CLOCK_MODE() == "mode=timestamp"
    assert token.version() == "1"
    assert token.clock() == boa.env.timestamp


def test_create_takes_the_treasury_out_of_the_quorum(stranger):
    token = deploy(stranger, 100, [stranger], [40])
    assert token.delegates(stranger) == token.excluded() == EXCLUDED
    assert token.getVotes(EXCLUDED) == 40


def test_create_adds_up_a_holder_named_twice(stranger, voter):
    token = deploy(stranger, 100, [voter, voter], [60, 40])
    assert token.balanceOf(voter) == token.totalSupply() == 100


def test_create_without_timelock_reverts():
    with boa.reverts("token: zero timelock"):
        deploy(NOBODY)


@pytest.mark.parametrize("cap", [0, 2**96])
def test_create_with_a_cap_out_of_bounds_reverts(stranger, cap):
    with boa.reverts("token: cap of 1 to 2**96 - 1"):
        deploy(stranger, cap)


def test_create_with_the_largest_cap(stranger, voter):
    token = deploy(stranger, 2**96 - 1, [voter], [2**96 - 1])
    token.delegate(voter, sender=voter)
    assert token.getVotes(voter) == token.balanceOf(voter) == token.totalSupply() == 2**96 - 1


def test_create_with_lists_of_two_lengths_reverts(stranger, voter):
    with boa.reverts("token: lengths differ"):
        deploy(stranger, 100, [voter], [])


def test_create_above_the_cap_reverts(stranger, voter):
    with boa.reverts("token: cap exceeded"):
        deploy(stranger, 100, [voter, stranger], [60, 41])


def test_create_with_a_zero_holder_reverts(stranger):
    with boa.reverts("token: to the zero address"):
        deploy(stranger, 100, [NOBODY], [1])


def test_create_without_a_name_reverts(stranger):
    with boa.reverts("eip712: empty name"):
        deploy(stranger, name="")


# ----- transfer -----


def test_transfer(token, voter, stranger):
    assert token.transfer(stranger, 50, sender=voter) is True
    [transfer] = events(token, "Transfer")
    assert (transfer.sender, transfer.receiver, transfer.amount) == (voter, stranger, 50)
    assert token.balanceOf(stranger) == 50
    assert token.balanceOf(voter) == 350 * TOKENS - 50


def test_transfer_moves_votes_to_the_receivers_delegate(token, voter, minority, proposer):
    token.delegate(proposer, sender=minority)
    token.transfer(minority, 50, sender=voter)
    moved = [
        (e.delegate, e.newVotes - e.previousVotes) for e in events(token, "DelegateVotesChanged")
    ]
    assert moved == [(voter, -50), (proposer, 50)]


def test_transfer_between_two_of_one_delegate_moves_no_votes(token, voter, minority):
    token.delegate(minority, sender=voter)
    token.transfer(minority, 50, sender=voter)
    assert events(token, "DelegateVotesChanged") == []
    assert token.getVotes(minority) == 600 * TOKENS


def test_transfer_to_oneself_changes_nothing(token, voter):
    token.transfer(voter, 350 * TOKENS, sender=voter)
    assert len(token.get_logs()) == 1
    assert token.balanceOf(voter) == token.getVotes(voter) == 350 * TOKENS


def test_transfer_of_nothing(token, stranger, voter):
    assert token.transfer(voter, 0, sender=stranger) is True
    assert [type(log).__name__ for log in token.get_logs()] == ["Transfer"]


@pytest.mark.parametrize("receiver", ["stranger", "voter"])
def test_transfer_above_the_balance_reverts(token, voter, receiver, request):
    with boa.reverts("token: balance too low"):
        token.transfer(request.getfixturevalue(receiver), 350 * TOKENS + 1, sender=voter)


def test_transfer_of_more_than_a_word_reverts(token, voter, stranger):
    with boa.reverts("token: balance too low"):
        token.transfer(stranger, 2**256 - 1, sender=voter)


def test_transfer_to_zero_reverts(token, voter):
    with boa.reverts("token: to the zero address"):
        token.transfer(NOBODY, 1, sender=voter)


# ----- allowances -----


def test_transfer_from_uses_up_the_allowance(token, voter, stranger):
    assert token.approve(stranger, 60, sender=voter) is True
    assert token.transferFrom(voter, stranger, 50, sender=stranger) is True
    [approval] = events(token, "Approval")
    assert (approval.owner, approval.spender, approval.amount) == (voter, stranger, 10)
    assert token.allowance(voter, stranger) == 10
    with boa.reverts("token: allowance too low"):
        token.transferFrom(voter, stranger, 11, sender=stranger)


def test_transfer_from_leaves_the_largest_allowance(token, voter, stranger):
    token.approve(stranger, 2**256 - 1, sender=voter)
    token.transferFrom(voter, stranger, 50, sender=stranger)
    assert token.allowance(voter, stranger) == 2**256 - 1


def test_transfer_from_above_the_balance_reverts(token, voter, stranger):
    token.approve(stranger, 2**256 - 1, sender=voter)
    with boa.reverts("token: balance too low"):
        token.transferFrom(voter, stranger, 350 * TOKENS + 1, sender=stranger)


def test_transfer_from_to_zero_reverts(token, voter, stranger):
    token.approve(stranger, 1, sender=voter)
    with boa.reverts("token: to the zero address"):
        token.transferFrom(voter, NOBODY, 1, sender=stranger)


# ----- permit -----


@pytest.fixture
def owner():
    return key("owner")


@pytest.fixture
def permit(token, owner, stranger):
    def signed(amount=70, deadline=None, nonce=0, by=owner, contract=token):
        deadline = boa.env.timestamp + DAY if deadline is None else deadline
        message = {
            "owner": owner.address,
            "spender": stranger,
            "value": amount,
            "nonce": nonce,
            "deadline": deadline,
        }
        made = sign(by, contract, "Permit", PERMIT, message)
        r, s = made.r.to_bytes(32, "big"), made.s.to_bytes(32, "big")
        return [owner.address, stranger, amount, deadline, made.v, r, s]

    return signed


def test_permit(token, owner, stranger, permit):
    token.permit(*permit())
    assert token.allowance(owner.address, stranger) == 70
    assert token.nonces(owner.address) == 1


def test_permit_twice_reverts(token, permit):
    once = permit()
    token.permit(*once)
    with boa.reverts("token: invalid signature"):
        token.permit(*once)


def test_permit_in_its_last_second_but_not_after(token, permit):
    now = boa.env.timestamp
    late = permit(deadline=now)
    with boa.env.anchor():
        token.permit(*late)
    boa.env.time_travel(seconds=1)
    with boa.reverts("token: signature expired"):
        token.permit(*late)


def test_permit_by_another_reverts(token, permit):
    with boa.reverts("token: invalid signature"):
        token.permit(*permit(by=key("forger")))


@pytest.mark.parametrize("place, other", [(1, "0x" + "99" * 20), (2, 71), (4, 29), (5, bytes(32))])
def test_permit_with_anything_changed_reverts(token, permit, place, other):
    forged = permit()
    forged[place] = other
    with boa.reverts("token: invalid signature"):
        token.permit(*forged)


def test_permit_for_the_zero_address_reverts(token, stranger):
    with boa.reverts("token: invalid signature"):
        token.permit(NOBODY, stranger, 1, 2**255, 27, bytes(32), bytes(32))


def test_permit_with_the_mirrored_signature_reverts(token, permit):
    signed = permit()
    signed[4] = 55 - signed[4]
    signed[6] = (ORDER - int.from_bytes(signed[6], "big")).to_bytes(32, "big")
    with boa.reverts("token: invalid signature"):
        token.permit(*signed)


def test_domain_separator(token):
    _, name, version, chain, contract, salt, extensions = token.eip712Domain()
    assert (name, version, salt, extensions) == (token.name(), "1", bytes(32), [])
    kind = keccak(
        text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    )
    words = [kind, keccak(text=name), keccak(text=version), chain.to_bytes(32, "big")]
    words.append(bytes.fromhex(str(contract)[2:]).rjust(32, b"\0"))
    assert token.DOMAIN_SEPARATOR() == keccak(b"".join(words))
    assert str(contract) == str(token.address)


# ----- mint -----


def test_mint(token, timelock, voter, stranger):
    token.mint(stranger, 5, sender=timelock.address)
    token.mint(voter, 7, sender=timelock.address)
    assert token.balanceOf(stranger) == 5
    assert token.getVotes(voter) == 350 * TOKENS + 7
    assert token.totalSupply() == 1_000 * TOKENS + 12


def test_mint_up_to_the_cap(token, timelock, stranger):
    room = token.cap() - token.totalSupply()
    with boa.reverts("token: cap exceeded"):
        token.mint(stranger, room + 1, sender=timelock.address)
    with boa.reverts("token: cap exceeded"):
        token.mint(stranger, 2**256 - 1, sender=timelock.address)
    token.mint(stranger, room, sender=timelock.address)
    assert token.totalSupply() == token.cap()


def test_mint_by_anyone_else_reverts(token, governor, proposer):
    for account in (proposer, governor.address):
        with boa.reverts("token: not timelock"):
            token.mint(proposer, 1, sender=account)


def test_mint_to_zero_reverts(token, timelock):
    with boa.reverts("token: to the zero address"):
        token.mint(NOBODY, 1, sender=timelock.address)
