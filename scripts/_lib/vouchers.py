"""Vouchers of a collection: what is signed (EIP-712), the file that is handed on, its check."""

import secrets
from pathlib import Path
from typing import Annotated, Any

from ape.api import AccountAPI
from ape.contracts import ContractInstance
from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from pydantic import Field, ValidationError

from scripts._lib.files import text_of, write_atomically
from scripts._lib.records import Address, Strict
from scripts._lib.refusal import Refusal, fault

QUANTITY_MAX = 32
MAX_PRICE = 2**112 - 1
FIELDS = {
    "plan": "uint256",
    "price": "uint256",
    "currency": "address",
    "quantity": "uint256",
    "recipient": "address",
    "deadline": "uint256",
    "nonce": "uint256",
    "epoch": "uint256",
}
DOMAIN = {
    "name": "string",
    "version": "string",
    "chainId": "uint256",
    "verifyingContract": "address",
}

Number = Annotated[int, Field(ge=0, lt=2**256)]


class Voucher(Strict):
    """`IPass.Voucher`, with the epoch of the creator who signs it."""

    plan: Annotated[Number, Field(ge=1)]
    price: Annotated[Number, Field(le=MAX_PRICE)]  # of one pass, smallest units
    currency: Address
    quantity: Annotated[int, Field(ge=1, le=QUANTITY_MAX)]
    recipient: Address
    deadline: Number  # seconds; the last at which it may be redeemed
    nonce: Number
    epoch: Number

    @property
    def words(self) -> tuple[Any, ...]:
        """As the contract takes it: without the epoch, which it knows."""
        return tuple(getattr(self, name) for name in FIELDS if name != "epoch")


class Signed(Strict):
    """A voucher as it is handed on, in a file of JSON."""

    chain_id: int
    collection: Address
    voucher: Voucher
    signature: Annotated[str, Field(pattern=r"^0x([0-9a-f]{2}){1,2048}$")]

    @property
    def typed_data(self) -> dict[str, Any]:
        return typed_data(self.chain_id, self.collection, self.voucher)

    @property
    def signature_bytes(self) -> bytes:
        return bytes.fromhex(self.signature[2:])

    def is_of_key(self, creator: str) -> bool:
        """Whether a plain account signed it; a contract's signature the chain alone can check."""
        try:
            signer = Account.recover_message(message(self.typed_data), signature=self.signature)
        except Exception:  # of any length and form: no key's signature
            return False
        return signer == creator


def typed_data(chain_id: int, collection: str, voucher: Voucher) -> dict[str, Any]:
    """For any wallet, as `eth_signTypedData_v4` takes it."""
    return {
        "types": {"EIP712Domain": _members(DOMAIN), "Voucher": _members(FIELDS)},
        "primaryType": "Voucher",
        "domain": {
            "name": "Uraeus Pass",
            "version": "1",
            "chainId": chain_id,
            "verifyingContract": collection,
        },
        "message": {name: getattr(voucher, name) for name in FIELDS},
    }


def _members(fields: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in fields.items()]


def message(typed: dict[str, Any]) -> SignableMessage:
    return encode_typed_data(full_message=typed)


def fresh(
    collection: ContractInstance,
    plan: int,
    price: int,
    quantity: int,
    recipient: str,
    deadline: int,
) -> Voucher:
    """A voucher of the present creator, with a nonce that no other has."""
    return Voucher(
        plan=plan,
        price=price,
        currency=collection.plan(plan).terms.currency,
        quantity=quantity,
        recipient=recipient,
        deadline=deadline,
        nonce=secrets.randbits(256),
        epoch=collection.collection().epoch,
    )


def sign(chain_id: int, collection: str, voucher: Voucher, signer: AccountAPI) -> Signed:
    """Sign with an account of Ape's."""
    signature = signer.sign_message(message(typed_data(chain_id, collection, voucher)))
    if signature is None:
        raise Refusal("The account did not sign.")
    return Signed(
        chain_id=chain_id,
        collection=collection,
        voucher=voucher,
        signature="0x" + signature.encode_rsv().hex(),
    )


def write(path: Path, signed: Signed) -> None:
    if path.exists():
        raise Refusal(f"{path.name} is there already: name another file.")
    write_atomically(path, signed.model_dump_json(indent=2) + "\n")


def read(path: Path) -> Signed:
    """A file that was handed on; a Refusal that names what is wrong with it."""
    try:
        return Signed.model_validate_json(text_of(path))
    except ValidationError as error:
        raise Refusal(f"{path.name}: {fault(error)}.") from None
