"""What was signed is never told as if it had not been: on the embedded chain."""

import pytest
from ape import accounts, networks
from ape.exceptions import ApeException, ContractLogicError, TransactionNotFoundError

from scripts._lib.refusal import Refusal, Unfinished
from scripts._lib.sending import send
from tests.support.commands import EMBEDDED

LOST = TransactionNotFoundError("0x12")


@pytest.fixture(scope="module")
def payer():
    with networks.parse_network_choice(EMBEDDED):
        yield accounts.test_accounts[0]


class Method:
    """A contract's, which ends as it is told, after it sent a transaction or before."""

    def __init__(self, signed: bool, error: ApeException | None, tried: bool = True) -> None:
        self.signed, self.error, self.tried = signed, error, tried

    def call(self, **_given):
        if not self.tried:
            raise self.error

    def __call__(self, sender):
        receipt = self.signed and sender.transfer(sender, 1)
        if self.error:
            raise self.error
        return receipt


@pytest.fixture
def pay(payer):
    return lambda *how: send("pay", Method(*how), sender=payer)


def test_what_is_done_is_told(pay, capsys):
    pay(True, None)
    assert "pay" in capsys.readouterr().out


def test_what_the_chain_refuses_is_not_signed(pay, payer):
    nonce = payer.nonce
    with pytest.raises(Refusal, match="The chain refuses to pay: pass: sold out"):
        pay(True, ContractLogicError("pass: sold out"), False)
    assert payer.nonce == nonce


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ContractLogicError("pass: sold out"), "The chain refuses to pay: pass: sold out."),
        (LOST, "Could not pay: Transaction '0x12' not found."),
    ],
)
def test_nothing_was_signed(pay, error, sentence):
    with pytest.raises(Refusal) as caught:
        pay(False, error)
    assert (caught.value.message, caught.value.exit_code) == (sentence, 1)


@pytest.mark.parametrize("error", [ContractLogicError("pass: sold out"), LOST])
def test_it_is_on_its_way(pay, payer, error):
    """A node that answers no more, and a transaction that failed in its block."""
    with pytest.raises(Unfinished) as caught:
        pay(True, error)
    told = caught.value.message
    assert caught.value.exit_code == 4
    assert told.startswith("The transaction to pay was sent, and failed or still waits: ")
    assert payer.address in told
