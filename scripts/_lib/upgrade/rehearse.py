"""Play the whole upgrade where it costs nothing: from the deployment to the roll-back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ape import chain
from ape.api import AccountAPI, ReceiptAPI
from ape.contracts import ContractInstance
from eth_utils import keccak
from ethpm_types import ContractType
from pydantic import BaseModel, ConfigDict
from vyper.compiler.output import build_abi_output

from scripts._lib import contracts, create2
from scripts._lib.day import now, travel, travel_to
from scripts._lib.refusal import Refusal
from scripts._lib.upgrade import facts, keys, voters
from scripts._lib.upgrade.draft import Built, Draft, is_deployed
from scripts._lib.upgrade.facts import Facts
from scripts._lib.upgrade.situation import Situation
from scripts._lib.upgrade.stage import actor, stage

FOR = 1
SUCCEEDED, QUEUED, EXECUTED = 4, 5, 7  # of a governor
APPLIED, ROLLED_BACK = 8, 32  # of the kernel
STAND_IN = "rehearsal"  # the text of a proposal whose report is not written yet
Tell = Callable[[str, int], None]


class Step(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    gas: int
    after: int  # seconds since the step before


class Rehearsal(BaseModel):
    """What a rehearsal showed; kept in rehearsal.json for the report."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    where: str
    init_code_hash: str
    calldata: str
    steps: list[Step]
    delegated: list[str]  # who holds votes and had not delegated them: it did so here
    voters: dict[str, str]  # account -> votes
    quorum: str
    before: Facts  # of the module of the key
    after: Facts
    held: int  # facts of the system that stayed
    moved: dict[str, tuple[Any, Any]]  # those that had to change
    rolled_back_by: str | None

    @property
    def gas(self) -> int:
        return sum(step.gas for step in self.steps)


@dataclass
class Play:
    """One rehearsal as it goes."""

    situation: Situation
    draft: Draft
    built: Built
    anyone: AccountAPI
    tell: Tell
    steps: list[Step] = field(default_factory=list)
    delegated: list[str] = field(default_factory=list)

    def act(self, name: str, method: Any, *arguments: Any, **options: Any) -> ReceiptAPI:
        began = now()
        try:
            receipt = method(*arguments, **options)
        except Exception as error:
            reason = getattr(error, "revert_message", None) or str(error).splitlines()[0]
            raise Refusal(f"The rehearsal fails at `{name}`: {reason}.") from None
        previous = self._at if self.steps else began
        self._at = receipt.timestamp
        self.steps.append(Step(name=name, gas=receipt.gas_used, after=receipt.timestamp - previous))
        self.tell(name, receipt.gas_used)
        return receipt

    def run(self) -> Rehearsal:
        situation, draft, key = self.situation, self.draft, self.draft.key
        system_before = facts.of_system(situation)
        old = contracts.at(draft.was.address, situation.in_force(key).contract)
        before = facts.of_module(situation, key, old)
        if not is_deployed(draft):
            self.act("deploy", create2.deploy, self.anyone, self.built.init_code)
        if not is_deployed(draft):
            raise Refusal("The rehearsal fails at `deploy`: there is no code afterwards.")
        used, quorum = self._vote_through()
        self._apply()
        system_after = facts.of_system(situation)
        new = ContractInstance(draft.to.address, contract_type(self.built))
        after = facts.of_module(situation, key, new)
        moved = self._check(system_before, system_after, after)
        guardian = self._roll_back(system_before)
        return Rehearsal(
            where="",
            init_code_hash=draft.code.init_code_hash,
            calldata=draft.calldata,
            steps=list(self.steps),
            delegated=self.delegated,
            voters={voter: str(votes) for voter, votes in used.items()},
            quorum=str(quorum),
            before=before,
            after=after,
            held=len(system_after) - len(moved),
            moved=moved,
            rolled_back_by=guardian,
        )

    # ----- the vote -----

    def _vote_through(self) -> tuple[dict[str, int], int]:
        governor = self.situation.governor
        able = self._voters(governor)
        targets, amounts, calldatas = map(list, zip(*self.draft.calls, strict=True))
        content = targets, amounts, calldatas, keccak(text=STAND_IN)
        proposer = actor(next(iter(able)))
        self.act(
            "propose", governor.propose, targets, amounts, calldatas, STAND_IN, sender=proposer
        )
        proposal = governor.hashProposal(*content)
        snapshot = governor.proposalSnapshot(proposal)
        travel_to(snapshot + 1)
        quorum = governor.quorum(snapshot)
        used: dict[str, int] = {}
        for voter, votes in able.items():
            self.act("vote", governor.castVote, proposal, FOR, sender=actor(voter))
            used[voter] = votes
            if sum(used.values()) >= 2 * quorum:
                break  # late votes may not lengthen it
        travel_to(governor.proposalDeadline(proposal) + 1)
        self._expect(governor.state(proposal), SUCCEEDED, "vote", "it does not succeed")
        self.act("queue", governor.queue, *content, sender=self.anyone)
        travel_to(governor.proposalEta(proposal))
        self.act("execute", governor.execute, *content, sender=self.anyone)
        self._expect(governor.state(proposal), EXECUTED, "execute", "it is not executed")
        return used, quorum

    def _voters(self, governor: ContractInstance) -> dict[str, int]:
        """Who can decide, strongest first; holders who never delegated do so here."""
        token = self.situation.token
        threshold = governor.proposalThreshold()
        members = voters.balances(token, self.situation.first_block)
        supply = token.totalSupply()
        needed = max(threshold, supply * governor.quorumNumerator() // 100)
        voting = {member: token.getVotes(member) for member in members}
        idle = sorted(members, key=lambda member: -members[member])
        for member in idle:
            if sum(voting.values()) >= 2 * needed:
                break
            if not voting[member] and members[member]:
                actor(member)
                token.invoke_transaction("delegate", member, sender=actor(member))
                voting[member] = token.getVotes(member)
                self.delegated.append(member)
        travel(1)  # votes count from the second after
        ordered = sorted(voting.items(), key=lambda item: -item[1])
        able = {member: votes for member, votes in ordered if votes}
        if not able or next(iter(able.values())) < threshold:
            raise Refusal("The rehearsal fails at `propose`: nobody has votes enough to propose.")
        return able

    # ----- the kernel -----

    def _apply(self) -> None:
        kernel, draft = self.situation.kernel, self.draft
        operation = kernel.operation(*self._operation())
        travel_to(operation.ready_at)
        self.act("apply", kernel.apply, *draft.apply_arguments, sender=self.anyone)
        state = kernel.operation(*self._operation()).state
        self._expect(state, APPLIED, "apply", "it is not applied")

    def _operation(self) -> tuple[bytes, bytes]:
        return self.situation.namespace, bytes.fromhex(self.draft.operation[2:])

    def _check(self, before: Facts, after: Facts, answers: Facts) -> dict[str, tuple[Any, Any]]:
        """Two facts of the system change, no other; and the module keeps its key's rules."""
        key, draft = self.draft.key, self.draft
        due = {f"{key}: module": draft.to.address, f"{key}: version": str(draft.to.version)}
        moved = facts.changed(before, after)
        for name, value in due.items():
            self._expect(after[name], value, "apply", f"{name} is {after[name]}")
        for name in sorted(moved - due.keys() - _of_the_governor(key)):
            raise Refusal(f"The rehearsal fails at `apply`: {name} has changed as well.")
        for sentence in facts.broken(key, answers):
            raise Refusal(f"The rehearsal fails at `apply`: {sentence}.")
        return {name: (before[name], after[name]) for name in sorted(moved)}

    def _roll_back(self, before: Facts) -> str | None:
        """The way back, by the guardian if there is one."""
        guardian = self.situation.space.guardian
        if guardian == contracts.NO_ONE:
            return None
        kernel, key = self.situation.kernel, self.draft.key
        arguments = self.draft.apply_arguments
        self.act("roll back", kernel.rollback, *arguments, sender=actor(guardian))
        self._expect(
            kernel.operation(*self._operation()).state, ROLLED_BACK, "roll back", "nothing happens"
        )
        left = facts.changed(before, facts.of_system(self.situation)) - {f"{key}: version"}
        for name in sorted(left):
            raise Refusal(f"The rehearsal fails at `roll back`: {name} does not come back.")
        return guardian

    def _expect(self, found: Any, due: Any, step: str, otherwise: str) -> None:
        if found != due:
            raise Refusal(f"The rehearsal fails at `{step}`: {otherwise}.")


def _of_the_governor(key: str) -> set[str]:
    """A new governor brings its own settings."""
    if key != "governance.governor":
        return set()
    return {
        f"governor: {name}" for name in ("voting delay", "voting period", "threshold", "quorum")
    }


def contract_type(built: Built) -> ContractType:
    abi = build_abi_output(built.data)
    return ContractType.model_validate({"contractName": built.code.contract, "abi": abi})


def rehearse(situation: Situation, draft: Draft, built: Built, tell: Tell) -> Rehearsal:
    keys.of(draft.key)
    with stage() as where:
        anyone = actor(chain.provider.network.ecosystem.decode_address(ANYONE))
        rehearsal = Play(situation, draft, built, anyone, tell).run()
    return rehearsal.model_copy(update={"where": where})


ANYONE = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"  # the first test account: no right at all
