"""What it takes to deploy a plan and claim its namespace, so that the deployer never rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from ape import chain

from scripts._lib import contracts, create2
from scripts._lib.intent import DAY, Guardian
from scripts._lib.journal import Step
from scripts._lib.plan import Part, Plan, namespace_id, text32
from scripts._lib.records import code_hash
from scripts._lib.refusal import Refusal
from scripts._lib.rehearsal import Rehearsed, Stage, rehearse

TRANSFER_GAS = 21_000
PAY, PUT = "pay for the CREATE2 deployer", "put the CREATE2 deployer there"

Change = tuple[bytes, str, bytes, int]  # key, module, code hash, version


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

    def arguments(self, now: int, changes: list[Change]) -> tuple[Any, ...]:
        """Of the kernel's `claim`."""
        guardian, until = contracts.NO_ONE, 0
        if self.guardian:
            guardian, until = self.guardian.account, now + self.guardian.days * DAY
        return self.label32, self.owner, self.notice, guardian, until, changes


def first_changes(plan: Plan, codes: dict[str, bytes]) -> list[Change]:
    """The plan's modules as the kernel takes them: keys ascending, version 1."""
    return [
        (text32(key), plan.parts[name].address, bytes.fromhex(code_hash(codes[name])[2:]), 1)
        for key, name in sorted(plan.modules.items())
    ]


def rehearsed(plan: Plan, claim: Claim) -> Rehearsed:
    """The whole launch on a chain in memory, where somebody else claims."""
    kernel = plan.parts["Kernel"]

    def claimed(stage: Stage, codes: dict[str, bytes]) -> int:
        arguments = claim.arguments(stage.now, first_changes(plan, codes))
        receipt = stage.send(kernel.address, kernel.artifact.call("claim", *arguments))
        if receipt["status"] != 1:
            raise Refusal("The kernel refuses this claim: check label, notice and guardian.")
        return receipt["gas_used"]

    return rehearse(plan.parts.values(), claimed)


def deployments(plan: Plan, rehearsal: Rehearsed) -> Iterator[Step]:
    """The keyless deployer, and every contract that it makes."""
    yield from _keyless_deployer()
    for part in plan.parts.values():
        if part.init_code is not None:
            yield Step(
                f"deploy {part.name}",
                create2.DEPLOYER,
                partial(_deployment, part),
                rehearsal.gas[part.name],
                partial(_is_code_at, part.address),
            )


def claiming(plan: Plan, claim: Claim, rehearsal: Rehearsed) -> Step:
    """One call: all modules, and the timelock as owner. The claimer keeps no right."""
    kernel = plan.parts["Kernel"]

    def data() -> bytes:
        changes = first_changes(plan, rehearsal.codes)
        return kernel.artifact.call("claim", *claim.arguments(chain.pending_timestamp, changes))

    return Step(
        f"claim {claim.label}",
        kernel.address,
        data,
        rehearsal.gas["claim"],
        partial(_is_claimed, kernel.address, claim.namespace),
    )


def _keyless_deployer() -> Iterator[Step]:
    missing = max(create2.SIGNER_FUNDS - chain.provider.get_balance(create2.SIGNER), 0)
    yield Step(
        PAY,
        create2.SIGNER,
        bytes,
        TRANSFER_GAS,
        lambda: (
            chain.provider.get_balance(create2.SIGNER) >= create2.SIGNER_FUNDS
            or _is_deployer_there()
        ),
        value=missing,
    )
    yield Step(
        PUT,
        None,
        bytes,
        0,
        _is_deployer_there,
        signed=bytes.fromhex(create2.CREATION[2:]),
    )


def _deployment(part: Part) -> bytes:
    return create2.SALT + (part.init_code or b"")


def _is_code_at(address: str) -> bool:
    return bool(contracts.code(address))


def _is_deployer_there() -> bool:
    code = contracts.code(create2.DEPLOYER)
    if code and code_hash(code) != create2.DEPLOYER_CODE_HASH:
        raise Refusal(f"The code at {create2.DEPLOYER} is not the keyless CREATE2 deployer.")
    return bool(code)


def _is_claimed(kernel: str, namespace: bytes) -> bool:
    if not contracts.code(kernel):
        return False
    owner = contracts.at(kernel, "Kernel").namespace(namespace).owner
    return owner != contracts.NO_ONE
