"""What is written about a module that was replaced: deployments/<chain id>/upgrades/NNN.json.

The records of a chain, read in order, say what has to be in force at every key that was
ever changed: the `to` of its last one. A roll-back is a record too, since the kernel
counts it as a version. `python -m scripts._lib.upgrade.record` writes the schema anew.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from scripts._lib import create2
from scripts._lib.files import shown, write_atomically
from scripts._lib.records import (
    DEPLOYMENTS,
    LOCAL_CHAINS,
    Address,
    Argument,
    Commit,
    Compiler,
    Folder,
    Hash,
    Module,
    OnChain,
    Strict,
)
from scripts._lib.refusal import Refusal

SCHEMA = DEPLOYMENTS / "upgrades.schema.json"
NUMBER = "[0-9][0-9][0-9]"


class Code(Strict):
    """How the new module was built and where it was put."""

    contract: str
    source: str
    creator: Address
    salt: Hash
    init_code_hash: Hash
    arguments: list[Argument]
    compiler: Compiler
    commit: Commit | None = Field(description="null: built outside a git repository")


class Vote(Strict):
    """The proposal that announced it."""

    governor: Address
    proposal: str = Field(pattern=r"^[0-9]+$", description="id, decimal")
    description_hash: Hash
    report: str = Field(description="CID of the report, as the description names it")


class Upgrade(OnChain):
    """One change of what the kernel names, in force when this was written."""

    number: Annotated[int, Field(ge=1, le=999)]
    kind: Literal["upgrade", "rollback"]
    title: str
    namespace: Hash
    key: str
    operation: Hash
    kernel_salt: Hash
    confirm: bool
    was: Module
    to: Module
    code: Code | None = Field(description="null: a roll-back builds nothing")
    vote: Vote | None = Field(description="null: a guardian rolled it back without a vote")
    transactions: dict[str, Hash] = Field(description="step -> transaction")


class Upgrades:
    """The upgrades of one chain, in order."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.path = folder.path / "upgrades"

    def all(self) -> list[Upgrade]:
        """Every record of this chain; on local chains none of an earlier life of it."""
        found: dict[str, Upgrade] = {}
        records = []
        for path, record in self._read():
            before = found.get(record.key)
            if not consistent(record, before):
                raise Refusal(f"{shown(path)} was changed by hand: restore the file.")
            found[record.key] = record
            records.append(record)
        return records

    def in_force(self) -> dict[str, Upgrade]:
        """By key, what changed it last."""
        return {record.key: record for record in self.all()}

    def write(self, record: Upgrade) -> Path:
        path = self.path / f"{record.number:03}.json"
        write_atomically(path, record.model_dump_json(indent=2) + "\n")
        return path

    def next_number(self) -> int:
        return max((record.number for record in self.all()), default=0) + 1

    def _read(self) -> Iterable[tuple[Path, Upgrade]]:
        for number, path in enumerate(sorted(self.path.glob(f"{NUMBER}.json")), 1):
            record = self.folder.read(path, Upgrade)
            if record is None:
                continue
            if record.number != int(path.stem):
                raise Refusal(f"{shown(path)} is numbered {record.number}: restore the file.")
            if number != record.number and self.folder.chain_id not in LOCAL_CHAINS:
                raise Refusal(f"{shown(path)}: the upgrade before it is missing.")
            yield path, record


def consistent(record: Upgrade, before: Upgrade | None) -> bool:
    """The address follows from the code, the version from the one before."""
    follows = before is None or record.was == before.to
    code = record.code
    built = code is None or record.to.address == create2.address_from_hash(
        bytes.fromhex(code.init_code_hash[2:]), bytes.fromhex(code.salt[2:]), code.creator
    )
    kinds = (code is None) == (record.kind == "rollback")
    return follows and built and kinds and record.to.version == record.was.version + 1


def schema() -> str:
    return json.dumps(Upgrade.model_json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    write_atomically(SCHEMA, schema())
