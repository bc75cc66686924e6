"""How a command ends when a node, a contract or a person ends it: on the embedded chain."""

from json import JSONDecodeError

import click
import pytest
from ape import accounts, chain, networks
from ape.exceptions import ContractLogicError, ProviderError
from click.testing import CliRunner
from eth_abi.exceptions import InvalidPointer
from eth_account import Account
from web3.exceptions import Web3RPCError

from scripts._lib import contracts, journal, options
from scripts._lib.ending import note_signed
from scripts._lib.journal import Step, carry_out, open_log
from scripts._lib.refusal import Differs, Refusal, Unfinished
from scripts._lib.sending import signing
from tests.support.commands import EMBEDDED

HASH = "0x" + "11" * 32


class Lost(OSError):
    """As `requests` says that a line broke off."""


@pytest.fixture(scope="module")
def payer():
    with networks.parse_network_choice(EMBEDDED):
        yield accounts.test_accounts[0]


def ended(error: BaseException, signed: bool):
    """A command of ours that signs, or does not, and then meets its end."""

    @click.command(cls=options.Command)
    def command() -> None:
        if signed:
            note_signed()
        raise error

    result = CliRunner().invoke(command, ["--network", EMBEDDED])
    assert isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Lost("the line is dead"), "The node does not answer as it should: the line is dead"),
        (
            JSONDecodeError("Expecting value", "<html>", 0),
            "The node does not answer as it should: Expecting value",
        ),
        (Web3RPCError("rate limit"), "The node does not answer as it should: "),
        (OSError(28, "No space left on device"), "Cannot go on: [Errno 28] No space left"),
        (ProviderError("rate limit"), "The node does not answer as it should: rate limit"),
        (InvalidPointer("no text"), "A contract does not answer as it should: no text"),
        (ContractLogicError("pass: no"), "A contract refuses to answer: pass: no."),
        (Refusal("No."), "No."),
    ],
)
def test_one_sentence_and_the_status_of_what_was_signed(payer, error, sentence):
    for signed in (False, True):
        result = ended(error, signed)
        assert f"Error: {sentence}" in result.output
        assert result.exit_code == (4 if signed else 1)


@pytest.mark.parametrize("error", [Lost("broke off"), JSONDecodeError("Expecting", "", 0)])
def test_a_node_that_breaks_off_while_it_is_connected_to(payer, monkeypatch, error):
    def broken(_):
        raise error

    monkeypatch.setattr(options, "parse_network", broken)
    result = ended(AssertionError(), False)
    assert result.exit_code == 1
    assert result.output.startswith("Error: Cannot connect: ")


@pytest.mark.parametrize(
    "said",
    [
        "502 Server Error: Bad Gateway for url: https://node.example/v3/0123456789abcdef",
        "HTTPSConnectionPool(host='node.example', port=443): Max retries exceeded with url: "
        "/v3/0123456789abcdef (Caused by ...)",
    ],
)
def test_the_key_of_a_node_is_not_told(payer, said):
    told = ended(Lost(said), False).output
    assert "node.example" in told
    assert "abcdef" not in told


def test_what_is_wrong_on_the_chain_stays_so(payer):
    assert ended(Differs("It differs."), True).exit_code == 3


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_ended_by_hand(payer, error):
    assert ended(error, False).exit_code == 1
    assert ended(error, True).exit_code == 4


def test_a_test_account_that_is_not_there(payer):
    with pytest.raises(Refusal, match=r"no account TEST::99: the last is TEST::\d+"):
        options.account("TEST::99")


# ----- a node that breaks off while something is signed -----


@pytest.mark.parametrize(
    ("error", "sends", "state"),
    [
        (Lost("broke off"), True, "was sent, and failed or still waits: broke off"),
        (Lost("broke off"), False, "may have been sent: broke off"),
        (KeyboardInterrupt(), True, "was sent, and failed or still waits: ended by hand"),
    ],
)
def test_what_may_be_on_its_way_is_not_told_as_refused(payer, error, sends, state):
    with pytest.raises(Unfinished, match=state), signing("pay", payer):
        if sends:
            payer.transfer(payer, 1)
        raise error


def test_ended_by_hand_before_it_was_sent(payer):
    with pytest.raises(KeyboardInterrupt), signing("pay", payer):
        raise KeyboardInterrupt


# ----- the journal of a deployment -----


@pytest.fixture
def pay(payer, tmp_path):
    """One step of a journal: a payment to somebody who has nothing."""
    poor = Account.create().address
    folder = contracts.folder(tmp_path)
    step = Step("pay", poor, bytes, 21_000, lambda: chain.get_balance(poor) == 1, value=1)
    return lambda: carry_out(
        step, payer, open_log(folder, HASH, payer.address, None), lambda *_: None
    )


def test_a_line_that_breaks_after_the_node_took_it(payer, pay, monkeypatch):
    nonce, eth = payer.nonce, chain.provider.web3.eth
    send = eth.send_raw_transaction

    def taken_and_lost(raw):
        send(raw)
        raise Lost("broke off")

    monkeypatch.setattr(eth, "send_raw_transaction", taken_and_lost)
    with pytest.raises(Unfinished, match="broke off"):
        pay()
    monkeypatch.undo()
    pay()
    assert payer.nonce == nonce + 1


def test_a_node_that_fails_while_it_is_waited_for(payer, pay, monkeypatch):
    eth, left = chain.provider.web3.eth, [Lost("broke off"), Web3RPCError("rate limit")]
    ask = eth.get_transaction_receipt

    def flaky(transaction):
        if left:
            raise left.pop()
        return ask(transaction)

    monkeypatch.setattr(journal, "POLL", 0)
    monkeypatch.setattr(eth, "get_transaction_receipt", flaky)
    pay()
    assert not left
