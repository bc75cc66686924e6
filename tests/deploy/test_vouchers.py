"""The voucher that scripts sign is the one that the contract knows."""

import json

import boa
import pytest
from eth_account import Account

from scripts._lib import vouchers
from scripts._lib.refusal import Refusal
from scripts._lib.vouchers import Signed, Voucher
from tests.support.access import ETHER, Setup, Terms, create_collection, deploy_access

CREATOR = Account.from_key(b"\x01" * 32)
RECIPIENT = Account.from_key(b"\x02" * 32).address
FIELDS = {
    "plan": 1, "price": ETHER // 20, "currency": "0x" + "00" * 20, "quantity": 2,
    "recipient": RECIPIENT, "deadline": 2**40, "nonce": 2**255 + 77, "epoch": 1,
}  # fmt: skip


class Signer:
    """As an account of Ape's signs."""

    def sign_message(self, message):
        signature = CREATOR.sign_message(message).signature
        return type("Signature", (), {"encode_rsv": lambda _: bytes(signature)})()


@pytest.fixture
def collection():
    with boa.env.anchor():
        access = deploy_access()
        yield create_collection(access, Setup(CREATOR.address, RECIPIENT, plans=[Terms()]))


@pytest.fixture
def signed(collection):
    chain = boa.env.evm.patch.chain_id
    return vouchers.sign(chain, collection.address, Voucher(**FIELDS), Signer())


def test_what_is_signed_and_written_is_redeemed(collection, signed, tmp_path):
    vouchers.write(tmp_path / "voucher.json", signed)
    read = vouchers.read(tmp_path / "voucher.json")
    assert read == signed
    assert read.is_of_key(CREATOR.address)
    boa.env.set_balance(RECIPIENT, ETHER)
    first = collection.redeem(
        read.voucher.words, read.signature_bytes, value=ETHER // 10, sender=RECIPIENT
    )
    assert [collection.ownerOf(first + n) for n in (0, 1)] == [RECIPIENT] * 2
    with pytest.raises(Refusal, match=r"voucher.json is there already"):
        vouchers.write(tmp_path / "voucher.json", signed)


@pytest.mark.parametrize("field", FIELDS)
def test_any_other_field_is_not_what_was_signed(collection, signed, field):
    value = RECIPIENT if field == "currency" else 3
    if field == "recipient":
        value = CREATOR.address
    changed = signed.model_copy(
        update={"voucher": signed.voucher.model_copy(update={field: value})}
    )
    assert not changed.is_of_key(CREATOR.address)


def test_it_is_of_one_chain_and_one_collection(signed):
    for changed in ({"chain_id": 5}, {"collection": RECIPIENT}):
        assert not signed.model_copy(update=changed).is_of_key(CREATOR.address)
    assert not signed.is_of_key(RECIPIENT)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"quantity": 33}, "voucher.json: voucher.quantity: Input should be less than"),
        ({"price": 2**112}, "voucher.json: voucher.price:"),
        ({"plan": 0}, "voucher.json: voucher.plan:"),
        ({"recipient": RECIPIENT.lower()}, "the checksum of the address is wrong"),
        ({"more": 1}, "voucher.json: voucher.more: Extra inputs"),
    ],
)
def test_a_damaged_file_is_refused(signed, tmp_path, change, sentence):
    file = tmp_path / "voucher.json"
    data = json.loads(signed.model_dump_json())
    data["voucher"] |= change
    file.write_text(json.dumps(data))
    with pytest.raises(Refusal, match=sentence):
        vouchers.read(file)


def test_what_is_no_voucher_is_refused(tmp_path):
    file = tmp_path / "voucher.json"
    file.write_text("{")
    with pytest.raises(Refusal, match=r"voucher\.json: the file: Invalid JSON"):
        vouchers.read(file)
    odd = Signed(
        chain_id=1, collection=RECIPIENT, voucher=Voucher(**FIELDS), signature="0x" + "00" * 65
    )
    assert not odd.is_of_key(CREATOR.address)
