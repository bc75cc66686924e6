"""Governor: creation and propose."""

from dataclasses import replace

import boa
import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.support.compiled import deployer
from tests.support.governance import (
    DAY,
    GOVERNOR,
    HOUR,
    PENDING,
    TOKENS,
    Proposal,
    Settings,
    deploy_dao,
    deploy_governor,
    events,
    propose,
)
from tests.unit.governance.conftest import call

GOOD = Settings()


# ----- creation -----


def test_create_fixes_the_dao(dao, governor):
    assert governor.name() == "Studio"
    assert governor.version() == "1"
    assert governor.kernel() == dao.kernel.address
    assert governor.namespace() == dao.namespace
    assert governor.token() == dao.token.address
    assert governor.timelock() == dao.timelock.address
    assert governor.proposalCount() == 0


def test_create_takes_the_settings(governor):
    assert governor.votingDelay() == GOOD.voting_delay
    assert governor.votingPeriod() == GOOD.voting_period
    assert governor.proposalThreshold() == GOOD.threshold
    assert governor.quorumNumerator() == GOOD.quorum_numerator
    assert governor.quorumDenominator() == 100
    assert governor.lateQuorumVoteExtension() == GOOD.late_extension


LOWEST = Settings(HOUR, HOUR, 1, 1, 0)
HIGHEST = Settings(14 * DAY, 30 * DAY, 2**128 - 1, 50, 7 * DAY)


@pytest.mark.parametrize("settings", [LOWEST, HIGHEST])
def test_create_at_the_bounds(dao, settings):
    made = deploy_governor(dao, settings=settings)
    assert made.votingDelay() == settings.voting_delay
    assert made.votingPeriod() == settings.voting_period
    assert made.proposalThreshold() == settings.threshold
    assert made.quorumNumerator() == settings.quorum_numerator
    assert made.lateQuorumVoteExtension() == settings.late_extension


@pytest.mark.parametrize(
    "wrong, reason",
    [
        ({"voting_delay": HOUR - 1}, "governor: delay of 1 h to 14 d"),
        ({"voting_delay": 14 * DAY + 1}, "governor: delay of 1 h to 14 d"),
        ({"voting_period": HOUR - 1}, "governor: period of 1 h to 30 d"),
        ({"voting_period": 30 * DAY + 1}, "governor: period of 1 h to 30 d"),
        ({"threshold": 0}, "governor: zero threshold"),
        ({"threshold": 2**128}, "governor: threshold too high"),
        ({"quorum_numerator": 0}, "governor: quorum of 1 to 50 %"),
        ({"quorum_numerator": 51}, "governor: quorum of 1 to 50 %"),
        ({"late_extension": 7 * DAY + 1}, "governor: extension over 7 days"),
        ({"late_extension": DAY + 1, "voting_period": DAY}, "governor: extension over period"),
    ],
)
def test_create_out_of_bounds_reverts(dao, wrong, reason):
    with boa.reverts(reason):
        deploy_governor(dao, settings=replace(GOOD, **wrong))


def test_create_with_accounts_that_do_not_fit_reverts(dao, stranger):
    def create(
        kernel=dao.kernel,
        namespace=dao.namespace,
        token=dao.token,
        timelock=dao.timelock,
        name="Studio",
    ):
        accounts = [getattr(each, "address", each) for each in (kernel, token, timelock)]
        return deployer("Governor").deploy(
            accounts[0], namespace, accounts[1], accounts[2], name, GOOD.astuple()
        )

    with boa.reverts("client: kernel has no code"):
        create(kernel=stranger)
    with boa.reverts("client: zero namespace"):
        create(namespace=bytes(32))
    with boa.reverts("eip712: empty name"):
        create(name="")
    with boa.reverts("governor: token has no code"):
        create(token=stranger)
    with boa.reverts("governor: timelock has no code"):
        create(timelock=stranger)
    with boa.reverts("governor: foreign timelock"):
        create(namespace=b"\x01" * 32)
    with boa.reverts("governor: foreign timelock"):
        create(kernel=deployer("Kernel").deploy())


def test_create_with_a_token_of_another_clock_reverts(dao):
    foreign = deployer("ForeignVotes").deploy()
    foreign.set(False, 1, 0)
    with boa.reverts("governor: clock not in seconds"):
        deployer("Governor").deploy(
            dao.kernel.address,
            dao.namespace,
            foreign.address,
            dao.timelock.address,
            "x",
            GOOD.astuple(),
        )


# ----- propose -----


def test_propose(governor, proposal, proposer):
    now = boa.env.timestamp
    id = governor.propose(*proposal.spelled(), sender=proposer)
    [created] = events(governor, "ProposalCreated")
    assert id == governor.hashProposal(*proposal.hashed())
    assert governor.state(id) == PENDING
    assert governor.proposalSnapshot(id) == now + DAY == created.voteStart
    assert governor.proposalDeadline(id) == now + 6 * DAY == created.voteEnd
    assert governor.proposalProposer(id) == proposer == created.proposer
    assert governor.proposalEta(id) == 0
    assert governor.proposalVersion(id) == 1
    assert governor.proposalSettings(id) == GOOD.astuple()
    assert (governor.proposalCount(), governor.proposalAt(0)) == (1, id)
    assert (created.proposalId, created.description) == (id, proposal.description)
    assert created.targets == proposal.targets
    assert created.values == proposal.values
    assert created.calldatas == proposal.calldatas
    assert created.signatures == [""]


def test_propose_lists_every_proposal(dao, governor, target, proposer):
    ids = [propose(dao, call(target, number), proposer).id for number in range(3)]
    assert [governor.proposalAt(index) for index in range(governor.proposalCount())] == ids
    with boa.reverts("governor: no such proposal"):
        governor.proposalAt(3)


def test_propose_up_to_the_bounds(governor, token, proposer):
    whole = Proposal([str(token.address)] * 10, [0] * 10, [b"\x07" * 2_304] * 10, "x" * 16_384)
    id = governor.propose(*whole.spelled(), sender=proposer)
    assert id == governor.hashProposal(*whole.hashed())


@pytest.mark.parametrize("large", ["actions", "data", "text"])
def test_propose_above_the_bounds_reverts(governor, token, proposer, large):
    actions = 11 if large == "actions" else 1
    data = b"\x07" * (2_305 if large == "data" else 1)
    text = "x" * (16_385 if large == "text" else 1)
    whole = Proposal([str(token.address)] * actions, [0] * actions, [data] * actions, text)
    spelled = "propose(address[],uint256[],bytes[],string)"

    raw = keccak(text=spelled)[:4] + encode(
        ["address[]", "uint256[]", "bytes[]", "string"], list(whole.spelled())
    )
    with pytest.raises(Exception):  # noqa: B017 - the decoder gives no reason
        boa.env.raw_call(governor.address, data=raw, sender=proposer)


def test_propose_the_same_twice_reverts(governor, proposal, proposer, voter):
    governor.propose(*proposal.spelled(), sender=proposer)
    with boa.reverts("governor: already proposed"):
        governor.propose(*proposal.spelled(), sender=voter)


def test_propose_nothing_reverts(governor, proposer):
    with boa.reverts("governor: no actions"):
        governor.propose([], [], [], "nothing", sender=proposer)


@pytest.mark.parametrize("sizes", [(1, 2, 2), (2, 1, 2), (2, 2, 1), (1, 0, 1), (1, 1, 0)])
def test_propose_with_lists_of_different_lengths_reverts(governor, target, proposer, sizes):
    targets, values, calldatas = sizes
    with boa.reverts("governor: lengths differ"):
        governor.propose(
            [target.address] * targets, [0] * values, [b"\x01"] * calldatas, "", sender=proposer
        )


def test_propose_at_the_threshold_but_not_below(governor, token, proposal, stranger, voter):
    token.delegate(stranger, sender=stranger)
    token.transfer(stranger, GOOD.threshold - 1, sender=voter)
    boa.env.time_travel(seconds=1)
    with boa.reverts("governor: too few votes"):
        governor.propose(*proposal.spelled(), sender=stranger)
    token.transfer(stranger, 1, sender=voter)
    with boa.reverts("governor: too few votes"):  # counts from the next second
        governor.propose(*proposal.spelled(), sender=stranger)
    boa.env.time_travel(seconds=1)
    governor.propose(*proposal.spelled(), sender=stranger)


def test_propose_a_call_without_code_reverts(governor, proposer, stranger):
    with boa.reverts("pin: target has no code"):
        governor.propose([stranger], [0], [b"\x01"], "", sender=proposer)


def test_propose_a_call_of_delegated_code_reverts(governor, proposer, stranger):
    boa.env.set_code(stranger, b"\xef\x01\x00" + b"\x11" * 20)
    with boa.reverts("pin: target not plain code"):
        governor.propose([stranger], [0], [b"\x01"], "", sender=proposer)


def test_propose_a_payment_to_a_plain_account(governor, proposer, stranger):
    id = governor.propose([stranger], [5], [b""], "pay", sender=proposer)
    assert governor.state(id) == PENDING


def test_propose_by_a_governor_out_of_office_reverts(dao, proposal, proposer):
    with boa.reverts("governor: not in office"):
        deploy_governor(dao).propose(*proposal.spelled(), sender=proposer)


def test_propose_before_the_namespace_is_claimed_reverts(proposal, proposer, balances):
    dao = deploy_dao(balances)
    dao.namespace = keccak(b"unclaimed")
    dao.timelock = deployer("Timelock").deploy(dao.kernel.address, dao.namespace, DAY, "")
    with boa.reverts("governor: not in office"):
        deploy_governor(dao).propose(*proposal.spelled(), sender=proposer)


# ----- the proposer's suffix -----


def test_suffix_lets_its_proposer(governor, target, proposer):
    governor.propose(*call(target, 1, f"text#proposer={proposer}").spelled(), sender=proposer)


@pytest.mark.parametrize("style", [str.lower, lambda a: "0x" + a[2:].upper()])
def test_suffix_keeps_others_out(governor, target, proposer, voter, style):
    for text in ("", "text "):
        named = call(target, 1, f"{text}#proposer={style(proposer)}").spelled()
        with boa.reverts("governor: for another proposer"):
            governor.propose(*named, sender=voter)


@pytest.mark.parametrize(
    "suffix",
    [
        "#proposer=0x" + "1" * 39,
        "#proposer=0x" + "1" * 39 + "g",
        "#proposer=0x" + "1" * 39 + "/",
        "#proposer=0x" + "1" * 39 + ":",
        "#proposer=0x" + "1" * 39 + "@",
        "#proposer=0x" + "1" * 39 + "`",
        "#proposer=0X" + "1" * 40,
        "#proposer=0x" + "1" * 40 + " ",
        "#proposer=0x" + "1" * 41,
        "#proposer 0x" + "1" * 40,
        "proposer=0x" + "1" * 40,
    ],
)
def test_malformed_suffix_is_plain_text(governor, target, voter, suffix):
    governor.propose(*call(target, 1, "text" + suffix).spelled(), sender=voter)


def test_threshold_counts_votes_not_tokens(governor, token, proposal, proposer, voter):
    token.delegate(voter, sender=proposer)
    boa.env.time_travel(seconds=1)
    assert token.balanceOf(proposer) == 400 * TOKENS
    with boa.reverts("governor: too few votes"):
        governor.propose(*proposal.spelled(), sender=proposer)


def test_the_key_of_the_governor(dao):
    assert dao.kernel.resolve(dao.namespace, GOVERNOR) == dao.governor.address
