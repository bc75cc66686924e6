"""The deployed suite: launched, checked against the chain, recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ape import chain
from ape.api import AccountAPI, ReceiptAPI
from ape.contracts import ContractInstance

from scripts._lib import contracts, create2, doctor, launch
from scripts._lib.intent import Intent
from scripts._lib.launch import Claim, Tell
from scripts._lib.plan import Part, Plan, system
from scripts._lib.records import (
    BOOK,
    Argument,
    Book,
    Compiler,
    Folder,
    Module,
    Record,
    code_hash,
    commit,
    plain,
)


@dataclass(frozen=True)
class Suite:
    plan: Plan
    claim: Claim
    checks: list[doctor.Check]

    @property
    def addresses(self) -> dict[str, str]:
        return {name: part.address for name, part in self.plan.parts.items()}

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    def name_of(self, address: str) -> str:
        return next(name for name, part in self.plan.parts.items() if part.address == address)

    def __getitem__(self, name: str) -> ContractInstance:
        return contracts.of(self.plan.parts[name])


def deploy(intent: Intent, sender: AccountAPI, root: Path, tell: Tell) -> Suite:
    """Deploy what is missing, claim, check everything; write the records if all is well."""
    plan = system(intent, sender.address)
    timelock = plan.parts["Timelock"].address
    claim = Claim(sender.address, intent.label, timelock, intent.notice, intent.guardian)
    folder = Folder(chain.chain_id, chain.blocks[0].hash.to_0x_hex(), root)
    _check_records(folder, plan)

    receipts = launch.deploy_missing(plan, sender, tell)
    kernel = contracts.of(plan.parts["Kernel"])
    launch.claim_once(claim, plan, kernel, sender, tell)
    suite = Suite(plan, claim, list(_checks(plan, claim, intent)))
    if suite.passed:
        _write(folder, suite, receipts)
    return suite


def _checks(plan: Plan, claim: Claim, intent: Intent) -> Iterator[doctor.Check]:
    yield from doctor.of_parts(plan.parts.values())
    yield from doctor.of_holders(contracts.of(plan.parts["VotesToken"]), intent.token.holders)
    yield from doctor.of_namespace(contracts.of(plan.parts["Kernel"]), claim, plan)


def _check_records(folder: Folder, plan: Plan) -> None:
    """A damaged record is refused before anything is sent."""
    folder.book()
    for name in plan.parts:
        folder.record(name)


def _write(folder: Folder, suite: Suite, receipts: dict[str, ReceiptAPI]) -> None:
    at_commit = commit()
    for part in suite.plan.parts.values():
        # What another part created came with that part's transaction.
        maker = part.name if part.init_code else suite.name_of(part.creator)
        receipt = receipts.get(maker)
        folder.write(part.name, folder.merge(_record(folder, part, receipt, at_commit)))
    folder.write(BOOK, _book(folder, suite))


def _record(
    folder: Folder, part: Part, receipt: ReceiptAPI | None, at_commit: str | None
) -> Record:
    inputs = part.artifact.constructor if part.arguments else []
    made = part.init_code is not None
    return Record(
        chain_id=folder.chain_id,
        genesis=folder.genesis,
        contract=part.name,
        source=part.artifact.source,
        address=part.address,
        creator=part.creator,
        salt=plain(create2.SALT) if made else None,
        init_code_hash=code_hash(part.init_code) if made else None,
        code_hash=code_hash(contracts.code(part.address)),
        arguments=[
            Argument(name=given["name"], type=given["type"], value=plain(value))
            for given, value in zip(inputs, part.arguments, strict=True)
        ],
        transaction=receipt.txn_hash if receipt else None,
        block=receipt.block_number if receipt else None,
        compiler=Compiler(**part.artifact.settings),
        commit=at_commit,
        abi=part.artifact.abi,
        storage_layout=part.artifact.layout.get("storage_layout", {}),
    )


def _book(folder: Folder, suite: Suite) -> Book:
    modules = {}
    for key, name in suite.plan.modules.items():
        address = suite.plan.parts[name].address
        digest = code_hash(contracts.code(address))
        modules[key] = Module(address=address, version=1, code_hash=digest)
    return Book(
        chain_id=folder.chain_id,
        genesis=folder.genesis,
        namespace=plain(suite.claim.namespace),
        claimer=suite.claim.claimer,
        label=suite.claim.label,
        contracts=suite.addresses,
        modules=modules,
    )
