"""A Safe as proposer, offline: each owner signs what the papers hold, the last one sends it.

ape-safe knows Safe's contracts and typed data. Nobody's transaction service is asked, and
what is signed can be read in safe.json; a wallet can be given the same call.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ape import accounts, chain
from ape.api import AccountAPI, ReceiptAPI
from ape.contracts import ContractInstance
from ape.exceptions import ContractLogicError, DecodingError
from ape.types import MessageSignature
from ape_safe.client.types import OperationType, create_safe_tx_def
from ape_safe.exceptions import ApeSafeError
from ape_safe.packages import PackageType
from ape_safe.utils import encode_signatures, get_safe_tx_hash
from packaging.version import Version
from pydantic import BaseModel, ConfigDict, ValidationError

from scripts._lib import contracts, found
from scripts._lib.files import write_atomically
from scripts._lib.records import Address, Hash
from scripts._lib.refusal import Differs, Refusal
from scripts._lib.upgrade import steps
from scripts._lib.upgrade.draft import Desk, Draft

ABI_VERSION = Version("1.4.1")  # what is used of it is the same since 1.3.0
FILE = "safe.json"
OLDEST = Version("1.3.0")


class Signed(BaseModel):
    """A transaction of a Safe on its way: safe.json."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    safe: Address
    nonce: int
    to: Address
    data: str
    hash: Hash
    signatures: dict[Address, str]


@dataclass(frozen=True)
class Safe:
    contract: ContractInstance
    version: str
    owners: list[str]
    threshold: int

    @property
    def address(self) -> str:
        return self.contract.address

    @property
    def nonce(self) -> int:
        return self.contract._view_methods_["nonce"]()  # `nonce` is Ape's, of accounts

    def transaction(self, to: str, data: bytes, nonce: int) -> Any:
        """A plain call without refund, as typed data."""
        define = create_safe_tx_def(
            version=self.version, contract_address=self.address, chain_id=chain.chain_id
        )
        return define(
            to=to,
            value=0,
            data=data,
            operation=OperationType.CALL,
            safeTxGas=0,
            baseGas=0,
            gasPrice=0,
            gasToken=contracts.NO_ONE,
            refundReceiver=contracts.NO_ONE,
            nonce=nonce,
        )


def load(name: str) -> Safe:
    """By its address, or by an alias that `ape safe add` gave it."""
    address = name if name.startswith("0x") else _of_alias(name)
    contract = ContractInstance(
        found.checked(address), PackageType.SINGLETON(ABI_VERSION).contract_type
    )
    if not contracts.code(contract.address):
        raise Refusal(f"There is no Safe at {contract.address} on this network.")
    try:
        version = contract.VERSION().replace("+L2", "")
        owners, threshold = list(contract.getOwners()), contract.getThreshold()
    except (ContractLogicError, DecodingError):
        raise Refusal(f"What is at {contract.address} does not answer as a Safe.") from None
    if Version(version) < OLDEST:
        raise Refusal(f"The Safe is of version {version}: take one from {OLDEST} on.")
    return Safe(contract, version, owners, threshold)


def _of_alias(alias: str) -> str:
    try:
        return accounts.containers["safe"].load_account(alias).address
    except ApeSafeError:
        raise Refusal(
            f"There is no Safe {alias}: name its address, or `ape safe add` it."
        ) from None


def propose(
    desk: Desk, draft: Draft, safe: Safe, signer: AccountAPI
) -> tuple[Draft, ReceiptAPI | None]:
    """Sign for the Safe; send it as soon as enough owners have signed.

    Without a receipt where it was signed only, or where the governor knows it already.
    """
    if signer.address not in safe.owners:
        raise Refusal(f"{signer.address} is no owner of the Safe {safe.address}.")
    steps.check_proposable(desk, draft, safe.address)
    if steps.is_proposed(desk, draft, safe.address):
        return steps.noted_proposal(desk, draft, safe.address, None), None
    governor = desk.situation.governor
    given = steps.proposal_arguments(draft, safe.address)
    data = bytes(governor.propose.encode_input(*given))
    signed = _sign(desk.path, safe, governor.address, data, signer)
    if len(signed.signatures) < safe.threshold:
        return draft, None
    receipt = _send(safe, signed, signer)
    if not steps.is_proposed(desk, draft, safe.address):
        raise Differs("The Safe's transaction went through, and the governor knows no proposal.")
    return steps.noted_proposal(desk, draft, safe.address, receipt), receipt


def _sign(folder: Path, safe: Safe, to: str, data: bytes, signer: AccountAPI) -> Signed:
    """One more signature on what the papers hold, if it is still what should be sent."""
    nonce = safe.nonce
    transaction = safe.transaction(to, data, nonce)
    hash_ = str(get_safe_tx_hash(transaction))
    fresh = Signed(
        safe=safe.address, nonce=nonce, to=to, data="0x" + data.hex(), hash=hash_, signatures={}
    )
    kept = read(folder)
    before = kept.signatures if kept and kept.hash == hash_ else {}
    owned = {owner: each for owner, each in before.items() if owner in safe.owners}
    if signer.address in owned:
        raise Refusal(f"{signer.address} has signed: another owner has to, by the same command.")
    signature = signer.sign_message(transaction)
    if signature is None:
        raise Refusal(f"{signer.address} did not sign.")
    signatures = {**owned, signer.address: "0x" + signature.encode_rsv().hex()}
    signed = fresh.model_copy(update={"signatures": signatures})
    write_atomically(folder / FILE, signed.model_dump_json(indent=2) + "\n")
    return signed


def read(folder: Path) -> Signed | None:
    try:
        return Signed.model_validate_json((folder / FILE).read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError:
        raise Refusal(f"{FILE} is damaged: remove it, and sign again.") from None


def _send(safe: Safe, signed: Signed, sender: AccountAPI) -> ReceiptAPI:
    transaction = safe.transaction(signed.to, bytes.fromhex(signed.data[2:]), signed.nonce)
    signatures = {owner: _split(each) for owner, each in signed.signatures.items()}
    arguments = [*list(transaction)[:-1], encode_signatures(signatures)]  # without the nonce
    return steps.send(safe.contract.execTransaction, *arguments, sender=sender)


def _split(signature: str) -> MessageSignature:
    content = bytes.fromhex(signature[2:])
    return MessageSignature(v=content[64], r=content[:32], s=content[32:64])
