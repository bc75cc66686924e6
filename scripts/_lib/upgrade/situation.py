"""The system as the chain has it now: what is in force at each key, and who decides."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ape.contracts import ContractInstance
from vyper.compiler import CompilerData

from scripts._lib import contracts, create2
from scripts._lib.files import ROOT
from scripts._lib.found import Found, open_book
from scripts._lib.plan import entry_id
from scripts._lib.records import Argument, Module, code_hash
from scripts._lib.refusal import Refusal
from scripts._lib.upgrade import keys, surface
from scripts._lib.upgrade.record import Upgrades
from scripts._lib.upgrade.request import typed
from scripts._lib.upgrade.sources import at_commit, compiled, constructor, init_code


@dataclass(frozen=True)
class InForce:
    """A module of ours, and the sources that it was built from."""

    contract: str
    source: str
    root: Path
    module: Module
    init_code_hash: str
    arguments: list[Argument]

    def surface(self) -> surface.Surface:
        """Read from sources that give the very code that is in force."""
        data = compiled(self.source, self.root)
        inputs = constructor(data)
        given = [each.value for each in self.arguments]
        if len(given) != len(inputs) or code_hash(initial(data, given)) != self.init_code_hash:
            raise Refusal(
                f"The sources of {self.contract} are not those that are in force: "
                "check out the commit of its record."
            )
        return surface.of(self.source, data)


def initial(data: CompilerData, arguments: list[Any]) -> bytes:
    """Init code from arguments as records have them."""
    values = [
        typed(each, value, each["name"], _nothing)
        for each, value in zip(constructor(data), arguments, strict=True)
    ]
    return init_code(data, tuple(values))


def _nothing(name: str) -> Any:
    raise Refusal(f"A record names @{name}: restore the file.")


@dataclass(frozen=True)
class Situation:
    found: Found

    @cached_property
    def namespace(self) -> bytes:
        return bytes.fromhex(self.found.book.namespace[2:])

    @cached_property
    def upgrades(self) -> Upgrades:
        return Upgrades(self.found.folder)

    @property
    def kernel(self) -> ContractInstance:
        return self.found["Kernel"]

    @property
    def space(self) -> Any:
        return self.kernel.namespace(self.namespace)

    @property
    def governor(self) -> ContractInstance:
        """The one in office, asked of the kernel."""
        office, _ = self.kernel.head(entry_id(self.namespace, "governance.governor"))
        return contracts.at(office, "Governor")

    @property
    def timelock(self) -> ContractInstance:
        return contracts.at(self.space.owner, "Timelock")

    @property
    def token(self) -> ContractInstance:
        return contracts.at(self.governor.token(), "VotesToken")

    @property
    def first_block(self) -> int:
        """Before which nobody has votes."""
        record = self.found.folder.record("VotesToken")
        return (record and record.block) or 0

    def entry(self, key: str) -> Any:
        return self.kernel.entry(entry_id(self.namespace, key))

    def module(self, key: str) -> Module:
        entry = self.entry(key)
        return Module(
            address=entry.module,
            version=entry.version,
            code_hash="0x" + bytes(entry.code_hash).hex(),
        )

    def recorded(self, key: str) -> Module:
        """What the records say is in force."""
        changed = self.upgrades.in_force().get(key)
        if changed:
            return changed.to
        first = self.found.book.modules.get(key)
        if first is None:
            raise Refusal(f"The address book has no {key}: run `ape run deploy` again.")
        return first

    def in_force(self, key: str) -> InForce:
        """The module of a key, after seeing that records and chain agree about it."""
        keys.of(key)
        module, recorded = self.module(key), self.recorded(key)
        if module != recorded:
            raise Refusal(
                f"The kernel names {module.address}, version {module.version}, for {key}, and the "
                f"records {recorded.address}, version {recorded.version}: look at `ape run deploy`."
            )
        if code_hash(contracts.code(module.address)) != module.code_hash:
            raise Refusal(f"The code at {module.address} is not what was announced for {key}.")
        built = self._built(key, module)
        root = ROOT
        if built.commit and not built.commit.endswith("-dirty"):
            root = at_commit(built.commit)
        return InForce(
            built.contract, built.source, root, module, built.init_code_hash, built.arguments
        )

    def _built(self, key: str, module: Module) -> Any:
        """The record of how a module was built: of its upgrade, or of the first deployment."""
        for record in self.upgrades.all():
            if record.key == key and record.code and record.to.address == module.address:
                return record.code
        for name, address in self.found.book.contracts.items():
            if address == module.address and (record := self.found.folder.record(name)):
                return record
        raise Refusal(f"There is no record of how {module.address} was built.")

    def look_up(self, name: str) -> Any:
        """What an argument "@name" stands for."""
        if name == "namespace":
            return self.namespace
        if name not in self.found.book.contracts:
            raise Refusal(f"The deployment has no {name}: see the address book.")
        return self.found.book.contracts[name]

    def names(self) -> dict[str, str]:
        """Addresses -> what to call them."""
        known = {address: name for name, address in self.found.book.contracts.items()}
        for record in self.upgrades.all():
            if record.code:
                known[record.to.address] = record.code.contract
        known[create2.DEPLOYER] = "the keyless deployer"
        known[contracts.NO_ONE] = "nobody"
        known[self.found.book.namespace] = f"the system namespace {self.found.book.label}"
        guardian = self.space.guardian
        known.setdefault(guardian, "the guardian")
        return known


def situation(records: Path) -> Situation:
    return Situation(open_book(records))
