"""The deployed suite: launched, checked against the chain, recorded."""

from dataclasses import dataclass
from pathlib import Path

from ape import chain
from ape.api import AccountAPI, ReceiptAPI
from ape.contracts import ContractInstance

from scripts._lib import contracts, create2, doctor, launch, rehearsal
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
        return doctor.healthy(self.checks)

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

    codes = rehearsal.codes(plan.parts.values())

    receipts = launch.deploy_missing(plan, sender, tell)
    checks = [
        *doctor.of_parts(plan.parts.values(), codes),
        *doctor.of_holders(contracts.of(plan.parts["VotesToken"]), intent.token.holders),
    ]
    kernel = contracts.of(plan.parts["Kernel"])
    if doctor.healthy(checks):  # nothing wrong ever gets into the namespace
        launch.claim_once(claim, plan, kernel, sender, tell)
    checks += doctor.of_namespace(kernel, claim, plan)
    suite = Suite(plan, claim, checks)
    if suite.passed:
        _write(folder, suite, receipts)
    return suite


def _check_records(folder: Folder, plan: Plan) -> None:
    """A damaged record is refused before anything is sent."""
    folder.book()
    for name, part in plan.parts.items():
        folder.check(name, part.address)


def _write(folder: Folder, suite: Suite, receipts: dict[str, ReceiptAPI]) -> None:
    at_commit = commit()
    for part in suite.plan.parts.values():
        # What another part created came with that part's transaction.
        maker = part.name if part.init_code else suite.name_of(part.creator)
        receipt = receipts.get(maker)
        record = _record(folder, part, receipt, at_commit)
        folder.write(part.name, record if receipt else folder.merge(record))
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
