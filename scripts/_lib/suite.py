"""The suite from its settings to its records: drafted, checked, deployed, examined."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ape import chain
from ape.api import AccountAPI
from ape.contracts import ContractInstance
from eth_utils import keccak

from scripts._lib import contracts, create2, doctor, launch
from scripts._lib.amounts import ETH
from scripts._lib.history import History
from scripts._lib.intent import Intent
from scripts._lib.journal import Log, Step, Tell, carry_out, open_log
from scripts._lib.launch import Claim
from scripts._lib.plan import Plan, system
from scripts._lib.records import (
    BOOK,
    SOURCES,
    Argument,
    Book,
    Compiler,
    Folder,
    Journal,
    Module,
    Record,
    code_hash,
    commit,
    plain,
)
from scripts._lib.refusal import Differs, Refusal
from scripts._lib.rehearsal import Rehearsed
from scripts._lib.upgrade.record import Upgrades


@dataclass(frozen=True)
class Draft:
    """A deployment as it is meant, for the connected chain. Nothing was sent for it."""

    intent: Intent
    plan: Plan
    claim: Claim
    rehearsal: Rehearsed
    folder: Folder
    public: bool  # others have a stake in it: no shortcuts

    @cached_property
    def hash(self) -> str:
        """Of all that a deployment decides: where, by whom, which bytes, whose namespace."""
        guardian = self.claim.guardian
        content = {
            "chain": [self.folder.chain_id, self.folder.genesis],
            "claimer": self.claim.claimer,
            "label": self.claim.label,
            "owner": self.claim.owner,
            "notice": self.claim.notice,
            "guardian": [guardian.account, guardian.days] if guardian else None,
            "contracts": {
                name: [part.address, code_hash(part.init_code)]
                if part.init_code
                else [part.address]
                for name, part in self.plan.parts.items()
            },
            "modules": self.plan.modules,
        }
        return plain(keccak(json.dumps(content, sort_keys=True).encode()))

    def steps(self) -> list[Step]:
        """Every transaction of it that the chain still lacks."""
        steps = [
            *launch.deployments(self.plan, self.rehearsal),
            launch.claiming(self.plan, self.claim, self.rehearsal),
        ]
        return [step for step in steps if not step.done()]


@dataclass(frozen=True)
class Cost:
    """Of transactions that are still to be signed, at the gas price of now."""

    transactions: int
    gas: int
    price: int  # wei
    wei: int

    @classmethod
    def of(cls, steps: list[Step]) -> "Cost":
        gas, price = sum(step.gas for step in steps), chain.provider.gas_price
        signed = [step for step in steps if step.signed is None]
        return cls(len(signed), gas, price, gas * price + sum(step.value for step in steps))


@dataclass(frozen=True)
class Suite:
    """A deployment as it was found on the chain."""

    plan: Plan
    claim: Claim
    checks: list[doctor.Check]

    @property
    def addresses(self) -> dict[str, str]:
        return {name: part.address for name, part in self.plan.parts.items()}

    @property
    def passed(self) -> bool:
        return doctor.healthy(self.checks)

    def __getitem__(self, name: str) -> ContractInstance:
        return contracts.of(self.plan.parts[name])


def draft(intent: Intent, claimer: str, root: Path) -> Draft:
    """What these settings mean here, rehearsed; a Refusal if they cannot be meant."""
    folder = contracts.folder(root)
    public = not chain.provider.network.is_dev
    if public and None in {intent.chain_id, intent.claimer}:
        raise Refusal("The settings of a public network name their chain_id and their claimer.")
    if intent.chain_id not in {None, folder.chain_id}:
        raise Refusal(
            f"The settings are for chain {intent.chain_id}, and this is chain "
            f"{folder.chain_id}: check the network."
        )
    if intent.claimer not in {None, claimer}:
        raise Refusal(f"The settings name {intent.claimer} as claimer, not {claimer}.")
    plan = system(intent, claimer)
    timelock = plan.parts["Timelock"].address
    claim = Claim(claimer, intent.label, timelock, intent.notice, intent.guardian)
    return Draft(intent, plan, claim, launch.rehearsed(plan, claim), folder, public)


def deploy(intent: Intent, sender: AccountAPI, root: Path, tell: Tell) -> Suite:
    """All of it at once; `Suite.passed` says whether it was recorded."""

    def tell_own(what: str, gas: int) -> None:
        if what not in {launch.PAY, launch.PUT}:  # what a chain lacks is no part of the suite
            tell(what, gas)

    meant = draft(intent, sender.address, root)
    return apply(meant, sender, prepare(meant, sender), tell_own)


def prepare(meant: Draft, sender: AccountAPI) -> Log:
    """Everything that can be refused before anything is signed."""
    folder, at_commit = meant.folder, commit()
    if meant.public and (at_commit or "-dirty").endswith("-dirty"):
        raise Refusal(f"Commit what changed in {', '.join(SOURCES)}: others have to rebuild this.")
    if meant.claim.claimer != sender.address:
        raise Refusal(f"This is planned for {meant.claim.claimer}, not for {sender.address}.")
    begun = folder.journal()
    if begun and not begun.finished and begun.sender != sender.address:
        raise Refusal(f"{begun.sender} began a deployment here: go on with that account.")
    log = open_log(folder, meant.hash, sender.address, at_commit)
    check_records(meant)
    check_code(meant)
    _check_balance(meant, sender)
    return log


def check_records(meant: Draft) -> None:
    """What is on file of this deployment was not changed by hand."""
    for record in _records(meant, None):
        meant.folder.check(record.contract, record.address)
        meant.folder.merge(record)
    meant.folder.check_book(_book(meant))


def check_code(meant: Draft) -> None:
    """Nothing is built upon other code than is meant."""
    for name, part in meant.plan.parts.items():
        if contracts.code(part.address) not in {b"", meant.rehearsal.codes[name]}:
            raise Differs(f"There is other code at {part.address} than that of {name}.")


def _check_balance(meant: Draft, sender: AccountAPI) -> None:
    cost = Cost.of(meant.steps())
    if sender.balance < cost.wei:
        raise Refusal(
            f"{sender.address} has {ETH.show(sender.balance)}; {cost.transactions} transactions "
            f"cost about {ETH.show(cost.wei)} at {cost.price / 10**9:,.2f} gwei."
        )


def apply(meant: Draft, sender: AccountAPI, log: Log, tell: Tell) -> Suite:
    """Deploy what is missing, claim, check everything; write the records if all is well."""
    for step in launch.deployments(meant.plan, meant.rehearsal):
        carry_out(step, sender, log, tell)
    checks = list(_checks_of_parts(meant))
    if doctor.healthy(checks):  # nothing wrong ever gets into the namespace
        claiming = launch.claiming(meant.plan, meant.claim, meant.rehearsal)
        carry_out(claiming, sender, log, tell)
    checks += _checks_of_namespace(meant)
    suite = Suite(meant.plan, meant.claim, doctor.explained(checks, _history(meant)))
    if suite.passed:
        _write(meant, log.content)
        log.finish()
    return suite


def examine(meant: Draft) -> Suite:
    """Compare everything with the chain. What changed by the law since is no fault."""
    checks = [*_checks_of_parts(meant), *_checks_of_namespace(meant)]
    checks += doctor.of_views(meant.plan.parts.values(), meant.rehearsal)
    checks += doctor.of_upgrades(Upgrades(meant.folder).in_force().values())
    return Suite(meant.plan, meant.claim, doctor.explained(checks, _history(meant)))


def _checks_of_parts(meant: Draft) -> Iterator[doctor.Check]:
    yield from doctor.of_parts(meant.plan.parts.values(), meant.rehearsal.codes)
    token = contracts.of(meant.plan.parts["VotesToken"])
    holders = doctor.of_holders(token, meant.intent.token.holders)
    yield from doctor.of_what_answers("VotesToken", holders)


def _checks_of_namespace(meant: Draft) -> Iterator[doctor.Check]:
    kernel = contracts.of(meant.plan.parts["Kernel"])
    namespace = doctor.of_namespace(kernel, meant.claim, meant.plan)
    yield from doctor.of_what_answers("namespace", namespace)


def _history(meant: Draft) -> History:
    parts = {name: contracts.of(part) for name, part in meant.plan.parts.items()}
    return History(parts, meant.claim.namespace, meant.folder, Upgrades(meant.folder).all())


# ----- records -----


def _write(meant: Draft, journal: Journal) -> None:
    for fresh in _records(meant, journal):
        kept = fresh if fresh.transaction else meant.folder.merge(fresh)
        meant.folder.write(fresh.contract, kept)
    meant.folder.write(BOOK, _book(meant))


def _records(meant: Draft, journal: Journal | None) -> Iterator[Record]:
    makers = {part.address: name for name, part in meant.plan.parts.items()}
    for part in meant.plan.parts.values():
        # What another part created came with that part's transaction.
        maker = part.name if part.init_code else makers[part.creator]
        sent = journal.steps.get(f"deploy {maker}") if journal else None
        inputs = part.artifact.constructor if part.arguments else []
        made = part.init_code is not None
        yield Record(
            chain_id=meant.folder.chain_id,
            genesis=meant.folder.genesis,
            contract=part.name,
            source=part.artifact.source,
            address=part.address,
            creator=part.creator,
            salt=plain(create2.SALT) if made else None,
            init_code_hash=code_hash(part.init_code) if part.init_code else None,
            code_hash=code_hash(meant.rehearsal.codes[part.name]),
            arguments=[
                Argument(name=given["name"], type=given["type"], value=plain(value))
                for given, value in zip(inputs, part.arguments, strict=True)
            ],
            transaction=sent.transaction if sent else None,
            block=sent.block if sent else None,
            compiler=Compiler(**part.artifact.settings),
            commit=journal.commit if journal else None,
            abi=part.artifact.abi,
            storage_layout=part.artifact.layout.get("storage_layout", {}),
        )


def _book(meant: Draft) -> Book:
    modules = {
        key: Module(
            address=meant.plan.parts[name].address,
            version=1,
            code_hash=code_hash(meant.rehearsal.codes[name]),
        )
        for key, name in meant.plan.modules.items()
    }
    return Book(
        chain_id=meant.folder.chain_id,
        genesis=meant.folder.genesis,
        namespace=plain(meant.claim.namespace),
        claimer=meant.claim.claimer,
        label=meant.intent.label,
        contracts={name: part.address for name, part in meant.plan.parts.items()},
        modules=modules,
    )
