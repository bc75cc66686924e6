"""An upgrade from its file to the calls that are voted on, kept in draft.json until recorded.

The address of the new module, its code hash, the kernel's operation and the proposal's
calldata follow from the file, the sources and the version in force: nothing here is chosen.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ape import chain
from ape.api import ReceiptAPI
from eth_utils import keccak
from pydantic import Field, ValidationError
from vyper.compiler import CompilerData

from scripts._lib import contracts, create2
from scripts._lib.build import artifact
from scripts._lib.files import ROOT, shown, write_atomically
from scripts._lib.plan import text32
from scripts._lib.records import (
    LOCAL_CHAINS,
    Address,
    Argument,
    Compiler,
    Hash,
    Module,
    OnChain,
    code_hash,
    commit,
    plain,
)
from scripts._lib.refusal import Refusal, fault
from scripts._lib.upgrade import keys, surface
from scripts._lib.upgrade.compare import Judgement
from scripts._lib.upgrade.record import Code
from scripts._lib.upgrade.request import FILE, Request, arguments, checked_name, read
from scripts._lib.upgrade.situation import InForce, Situation
from scripts._lib.upgrade.sources import compiled, constructor, init_code, source_of

Change = tuple[bytes, str, bytes, int]  # key, module, code hash, version
Call = tuple[str, int, bytes]  # target, wei, calldata


class Draft(OnChain):
    """What is proposed, to the byte."""

    name: str
    title: str
    why: str
    key: str
    namespace: Hash
    kernel: Address
    governor: Address
    was: Module
    to: Module
    code: Code
    confirm: bool
    kernel_salt: Hash
    operation: Hash
    calldata: str  # of Kernel.schedule
    report: str | None = None  # CID, once it is written
    description: str | None = None  # as proposed
    proposal: str | None = None
    transactions: dict[str, Hash] = Field(default_factory=dict)

    @property
    def change(self) -> Change:
        return (
            text32(self.key),
            self.to.address,
            bytes.fromhex(self.to.code_hash[2:]),
            self.to.version,
        )

    @property
    def apply_arguments(self) -> tuple[bytes, list[Change], bytes]:
        """Of the kernel's apply and rollback."""
        return bytes.fromhex(self.namespace[2:]), [self.change], bytes.fromhex(self.kernel_salt[2:])

    @property
    def calls(self) -> list[Call]:
        return [(self.kernel, 0, bytes.fromhex(self.calldata[2:]))]

    @property
    def text(self) -> str:
        """The proposal's description, without the suffix that names its proposer."""
        if self.report is None:
            raise Refusal(f"Write the report first: `ape run upgrade report {self.name}`.")
        at = self.code.commit or "unknown"
        return f"# {self.title}\n\n{self.why.strip()}\n\nReport: ipfs://{self.report}\nCommit: {at}"

    @property
    def hashed(self) -> tuple[list[str], list[int], list[bytes], bytes]:
        """What queue, execute and cancel are told."""
        if self.description is None:
            raise Refusal(f"Propose it first: `ape run upgrade propose {self.name}`.")
        targets, amounts, calldatas = map(list, zip(*self.calls, strict=True))
        return targets, amounts, calldatas, keccak(text=self.description)

    @property
    def proposal_id(self) -> int:
        if self.proposal is None:
            raise Refusal(f"Propose it first: `ape run upgrade propose {self.name}`.")
        return int(self.proposal)


@dataclass(frozen=True)
class Built:
    """The new module as the sources give it."""

    request: Request
    data: CompilerData
    arguments: tuple[Any, ...]
    init_code: bytes
    runtime: bytes
    code: Code

    @property
    def address(self) -> str:
        return create2.address_of(self.init_code)


@dataclass(frozen=True)
class Desk:
    """The papers of one upgrade: deployments/<chain id>/upgrades/<name>/."""

    situation: Situation
    name: str

    @property
    def path(self) -> Path:
        return self.situation.upgrades.path / checked_name(self.name)

    @property
    def request(self) -> Request:
        return read(self.path / FILE)

    def load(self) -> Draft:
        path = self.path / "draft.json"
        folder = self.situation.found.folder
        try:
            draft = Draft.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            raise Refusal(
                f"{self.name} was not rehearsed yet: `ape run upgrade rehearse {self.name}`."
            ) from None
        except ValidationError as error:
            raise Refusal(f"{shown(path)}: {fault(error)}: rehearse again.") from None
        if (draft.chain_id, draft.genesis) != (folder.chain_id, folder.genesis):
            raise Refusal(f"{shown(path)} is of another chain: check the network.")
        return draft

    def save(self, draft: Draft) -> Draft:
        write_atomically(self.path / "draft.json", draft.model_dump_json(indent=2) + "\n")
        return draft

    def note(self, draft: Draft, step: str, receipt: ReceiptAPI | None, **changed: Any) -> Draft:
        """The draft after a step, kept at once; without a receipt of a step that was found done."""
        transactions = {**draft.transactions, **({step: receipt.txn_hash} if receipt else {})}
        return self.save(draft.model_copy(update={**changed, "transactions": transactions}))


def build(
    situation: Situation, request: Request, root: Path = ROOT, at: str | None = None
) -> Built:
    """Compile, and let the constructor run where it will run."""
    source = source_of(request.contract, root)
    data = compiled(source, root)
    inputs = constructor(data)
    values = arguments(request, inputs, situation.look_up)
    whole = init_code(data, values)
    try:
        runtime = chain.provider.web3.eth.call({"data": "0x" + whole.hex()})
    except Exception as error:  # each provider has its own
        raise Refusal(f"The constructor of {request.contract} refuses: {_reason(error)}.") from None
    code = Code(
        contract=request.contract,
        source=source,
        creator=create2.DEPLOYER,
        salt=plain(create2.SALT),
        init_code_hash=code_hash(whole),
        arguments=[
            Argument(name=each["name"], type=each["type"], value=plain(value))
            for each, value in zip(inputs, values, strict=True)
        ],
        compiler=Compiler(**artifact(request.contract).settings),
        commit=at or commit(),
    )
    return Built(request, data, values, whole, bytes(runtime), code)


def _reason(error: Exception) -> str:
    text = error.args[0] if error.args and isinstance(error.args[0], str) else ""
    return text.split("execution reverted: ")[-1] or "without a reason"


def judge(built: Built, present: InForce) -> Judgement:
    new = surface.of(built.code.source, built.data)
    return keys.judged(built.request.key, present.surface(), new, built.request.accepts)


def draft(situation: Situation, name: str, built: Built, was: Module | None = None) -> Draft:
    """The calls that would put it in force, as things stand or stood."""
    request, folder = built.request, situation.found.folder
    if keys.of(request.key).confirm and not request.confirm:
        raise Refusal(
            f"{request.key} controls the owner: set confirm = true, so that it can be undone."
        )
    entry = situation.entry(request.key)
    past = was is not None
    was = was or situation.module(request.key)
    if entry.frozen and not past:
        raise Refusal(f"{request.key} is frozen for ever.")
    if was.address == built.address:
        raise Refusal(f"This very module is in force at {request.key} already.")
    to = Module(address=built.address, version=was.version + 1, code_hash=code_hash(built.runtime))
    salt = keccak(text=f"{request.key} {to.version} {request.title}")
    change = (text32(request.key), to.address, bytes.fromhex(to.code_hash[2:]), to.version)
    given = situation.namespace, [change], salt
    calldata = situation.kernel.schedule.encode_input(*given, request.confirm)
    return Draft(
        chain_id=folder.chain_id,
        genesis=folder.genesis,
        name=name,
        title=request.title,
        why=request.why.strip(),
        key=request.key,
        namespace=plain(situation.namespace),
        kernel=situation.kernel.address,
        governor=situation.governor.address,
        was=was,
        to=to,
        code=built.code,
        confirm=request.confirm,
        kernel_salt=plain(salt),
        operation=plain(bytes(situation.kernel.operation_id(*given))),
        calldata=plain(bytes(calldata)),
    )


def is_clean(code: Code) -> bool:
    return code.commit is not None and not code.commit.endswith("-dirty")


def demand_clean(code: Code) -> None:
    """On public chains only what anybody can rebuild is proposed."""
    if not is_clean(code) and chain.chain_id not in LOCAL_CHAINS:
        raise Refusal("Commit contracts, interfaces and scripts before a public upgrade.")


def is_deployed(draft: Draft) -> bool:
    found = contracts.code(draft.to.address)
    if found and code_hash(found) != draft.to.code_hash:
        raise Refusal(f"The code at {draft.to.address} is not what the sources give.")
    return bool(found)
