"""Deploy a plan's contracts and claim its namespace, so that the deployer never rules."""

from collections.abc import Callable
from dataclasses import dataclass

from ape import chain
from ape.api import AccountAPI, ReceiptAPI
from ape.contracts import ContractInstance

from scripts._lib import contracts, create2
from scripts._lib.intent import DAY, Guardian
from scripts._lib.plan import Plan, namespace_id, text32
from scripts._lib.records import code_hash
from scripts._lib.refusal import Refusal

Tell = Callable[[str, int], None]  # what was done, and its gas
Change = tuple[bytes, str, str, int]  # key, module, code hash, version


@dataclass(frozen=True)
class Claim:
    """A namespace as its claimer wants it."""

    claimer: str
    label: str | bytes  # text, or 32 bytes of a factory's
    owner: str
    notice: int  # seconds
    guardian: Guardian | None = None

    @property
    def namespace(self) -> bytes:
        return namespace_id(self.claimer, self.label32)

    @property
    def label32(self) -> bytes:
        return self.label if isinstance(self.label, bytes) else text32(self.label)


def deploy_missing(plan: Plan, sender: AccountAPI, tell: Tell) -> dict[str, ReceiptAPI]:
    """Deploy the parts that are not there yet. Returns their receipts by name."""
    create2.ensure_deployer(sender)
    receipts = {}
    for part in plan.parts.values():
        if part.init_code is None or contracts.code(part.address):
            continue
        receipt = create2.deploy(sender, part.init_code)
        if not contracts.code(part.address):
            raise Refusal(f"{part.name} was not deployed: its constructor reverted.")
        tell(f"deploy {part.name}", receipt.gas_used)
        receipts[part.name] = receipt
    return receipts


def first_changes(plan: Plan) -> list[Change]:
    """The plan's modules as the kernel takes them: keys ascending, version 1."""
    modules = [(key, plan.parts[name].address) for key, name in sorted(plan.modules.items())]
    return [(text32(key), module, code_hash(contracts.code(module)), 1) for key, module in modules]


def claim_once(
    claim: Claim, plan: Plan, kernel: ContractInstance, sender: AccountAPI, tell: Tell
) -> None:
    """Claim the namespace with all its modules in one call, unless it is claimed."""
    if kernel.namespace(claim.namespace).owner != contracts.NO_ONE:
        return
    guardian, until = contracts.NO_ONE, 0
    if claim.guardian:
        guardian = claim.guardian.account
        until = chain.pending_timestamp + claim.guardian.days * DAY
    receipt = kernel.claim(
        claim.label32,
        claim.owner,
        claim.notice,
        guardian,
        until,
        first_changes(plan),
        sender=sender,
    )
    tell(f"claim {claim.label}", receipt.gas_used)
