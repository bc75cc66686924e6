"""What is written about a deployment: a file per contract, an address book, a journal.

Local chains get records too, which are never committed. `python -m
scripts._lib.records` writes deployments/schema.json anew.
"""

import json
import subprocess
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from eth_utils import is_checksum_address, keccak
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.json_schema import models_json_schema

from scripts._lib import create2
from scripts._lib.files import ROOT, shown, write_atomically
from scripts._lib.refusal import Refusal, fault

DEPLOYMENTS = ROOT / "deployments"
SCHEMA = DEPLOYMENTS / "schema.json"
LOCAL_CHAINS = (1337, 31337)
SOURCES = ("contracts", "interfaces", "scripts", "requirements.lock")  # what decides the bytes
BOOK = "addresses"
JOURNAL = "journal"
# What the first deployment knows and a later look at the chain does not.
HISTORY = {"transaction", "block", "commit"}


def _checksummed(address: str) -> str:
    if not is_checksum_address(address):
        raise ValueError("the checksum of the address is wrong")
    return address


Address = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{40}$"), AfterValidator(_checksummed)]
Hash = Annotated[str, Field(pattern=r"^0x[0-9a-f]{64}$")]
Commit = Annotated[str, Field(pattern=r"^[0-9a-f]{40}(-dirty)?$")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Argument(Strict):
    name: str
    type: str
    value: Any = Field(description="numbers as decimal strings, bytes as hexadecimal ones")


class Compiler(Strict):
    version: str
    optimize: str
    evm_version: str
    bytecode_metadata: Literal[False]


class Module(Strict):
    address: Address
    version: int
    code_hash: Hash


class OnChain(Strict):
    chain_id: int
    genesis: Hash


class Record(OnChain):
    """One contract. What another contract created has no salt and no init code hash."""

    contract: str
    source: str
    address: Address
    creator: Address
    salt: Hash | None
    init_code_hash: Hash | None
    code_hash: Hash
    arguments: list[Argument]
    transaction: Hash | None = Field(description="null: it was there before this deployment")
    block: int | None
    compiler: Compiler
    commit: Commit | None = Field(description="null: deployed outside a git repository")
    abi: list[dict[str, Any]]
    storage_layout: dict[str, Any]


class Book(OnChain):
    """What makes a chain's system authentic: its claimer, its namespace, its contracts."""

    namespace: Hash
    claimer: Address
    label: str
    contracts: dict[str, Address]
    modules: dict[str, Module]


class Sent(Strict):
    """A transaction, written down before it is sent and again when it is in a block."""

    nonce: int
    transaction: Hash
    block: int | None = Field(default=None, description="null: not seen in a block yet")
    gas: int | None = None


class Journal(OnChain):
    """What an `apply` does. With it, one that was killed is taken up by the next."""

    plan: Hash
    sender: Address
    commit: Commit | None
    steps: dict[str, Sent]
    finished: bool


class Predicted(Strict):
    address: Address
    code_hash: Hash
    init_code_hash: Hash | None = Field(description="null: another contract creates it")


class Manifest(Strict):
    """Where everything is, on every chain, that depends on no settings and no claimer."""

    compiler: str
    creator: Address
    salt: Hash
    contracts: dict[str, Predicted]


Model = TypeVar("Model", bound=OnChain)


class Folder:
    """The records of one chain."""

    def __init__(self, chain_id: int, genesis: str, root: Path = DEPLOYMENTS) -> None:
        self.path = root / str(chain_id)
        self.chain_id = chain_id
        self.genesis = genesis

    def file(self, name: str) -> Path:
        return self.path / f"{name}.json"

    def book(self) -> Book | None:
        return self._read(BOOK, Book)

    def journal(self) -> Journal | None:
        return self._read(JOURNAL, Journal)

    def record(self, contract: str) -> Record | None:
        """A contract's record, after checking that it is consistent with itself."""
        record = self._read(contract, Record)
        if record is None:
            return None
        address = record.address
        if record.salt and record.init_code_hash:
            address = create2.address_from_hash(
                bytes.fromhex(record.init_code_hash[2:]), bytes.fromhex(record.salt[2:])
            )
        if (record.contract, record.address) != (contract, address):
            raise Refusal(f"{self.shown(contract)} was changed by hand: restore the file.")
        return record

    def check(self, contract: str, address: str) -> None:
        """Refuse a damaged record, and on public chains one of another deployment."""
        record = self.record(contract)
        if record and record.address != address and self.chain_id not in LOCAL_CHAINS:
            raise Refusal(
                f"{self.shown(contract)} records another deployment, at {record.address}: "
                "move that folder away to deploy anew."
            )

    def check_book(self, fresh: Book) -> None:
        """Refuse an address book of these contracts that says anything else of them."""
        book = self.book()
        if book is None or book == fresh:
            return
        if self.chain_id in LOCAL_CHAINS and book.contracts != fresh.contracts:
            return  # another deployment on a chain that nobody shares
        raise Refusal(f"{self.shown(BOOK)} is not what is planned: restore the file.")

    def merge(self, fresh: Record) -> Record:
        """What is found now, with the history that is on file; the rest has to agree."""
        old = self.record(fresh.contract)
        if old is None or old.address != fresh.address:
            return fresh
        for field in Record.model_fields.keys() - HISTORY:
            if getattr(old, field) != getattr(fresh, field):
                raise Refusal(
                    f"{self.shown(fresh.contract)}: its {field} is not what is deployed: "
                    "restore the file."
                )
        return fresh.model_copy(update=old.model_dump(include=HISTORY))

    def write(self, name: str, content: OnChain) -> None:
        write_atomically(self.file(name), content.model_dump_json(indent=2) + "\n")

    def read(self, path: Path, model: type[Model]) -> Model | None:
        """What was written about this very chain; of an earlier local one, nothing."""
        try:
            found = model.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise Refusal(f"{shown(path)}: {fault(error)}: restore the file.") from None
        if (found.chain_id, found.genesis) == (self.chain_id, self.genesis):
            return found
        if self.chain_id in LOCAL_CHAINS:
            return None
        raise Refusal(f"{shown(path)} is of another chain: check the network.")

    def _read(self, name: str, model: type[Model]) -> Model | None:
        return self.read(self.file(name), model)

    def shown(self, name: str) -> str:
        return shown(self.file(name))


def code_hash(code: bytes) -> str:
    return "0x" + keccak(code).hex()


def plain(value: Any) -> Any:
    """A constructor argument as JSON that no reader rounds."""
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value if isinstance(value, bool | str) else str(value)


def typed(kind: str, value: Any) -> Any:
    """The argument again, of a type without structs: the inverse of `plain`."""
    if isinstance(value, list):
        return [typed(kind[: kind.rindex("[")], item) for item in value]
    if kind.startswith("bytes"):
        return bytes.fromhex(value[2:])
    return int(value) if kind.startswith(("uint", "int")) else value


def commit() -> str | None:
    """The commit of the sources, marked when they differ from it."""

    def git(*arguments: str) -> str | None:
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else None

    head = git("rev-parse", "HEAD")
    if head is None:
        return None
    changed = git("status", "--porcelain", "--", *SOURCES)
    return f"{head}-dirty" if changed else head


def schema() -> str:
    _, definitions = models_json_schema(
        [(model, "validation") for model in (Record, Book, Journal, Manifest)],
        title="Deployments of Uraeus",
    )
    return json.dumps(definitions, indent=2) + "\n"


if __name__ == "__main__":
    write_atomically(SCHEMA, schema())
