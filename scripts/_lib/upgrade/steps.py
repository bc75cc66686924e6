"""The steps of an upgrade after its report: each looks at the chain first, then sends."""

from collections.abc import Callable
from typing import Any

from ape.api import AccountAPI, ReceiptAPI
from ape.contracts import ContractInstance
from eth_utils import keccak
from ethpm_types import ContractType

from scripts._lib import cid, contracts, create2
from scripts._lib.daos import STATES
from scripts._lib.day import now
from scripts._lib.records import plain
from scripts._lib.refusal import Differs, Refusal
from scripts._lib.sending import attempt, signing
from scripts._lib.upgrade import words
from scripts._lib.upgrade.draft import Desk, Draft, demand_clean, is_deployed
from scripts._lib.upgrade.record import Upgrade, Vote
from scripts._lib.upgrade.situation import Situation

PENDING, ACTIVE, CANCELED, DEFEATED, SUCCEEDED, QUEUED, EXPIRED, EXECUTED = range(8)
WAITING, READY, LATE, APPLIED, STOPPED, ROLLED_BACK, DEAD = (1 << bit for bit in range(7))
OF_KERNEL = {
    0: "not announced",
    WAITING: "its notice runs",
    READY: "ready to apply",
    LATE: "expired",
    APPLIED: "in force",
    STOPPED: "canceled",
    ROLLED_BACK: "rolled back",
    DEAD: "of a former owner",
}
SUPPORT = {"against": 0, "for": 1, "abstain": 2}


def deploy(desk: Desk, draft: Draft, init_code: bytes, sender: AccountAPI) -> ReceiptAPI | None:
    """Put the new module on the chain; nothing is done where it is."""
    demand_clean(draft.code)
    if is_deployed(draft):
        return None
    with signing(f"deploy {draft.code.contract}", sender):
        receipt = create2.deploy(sender, init_code)
    if not is_deployed(draft):
        raise Differs(f"{draft.code.contract} was not deployed: its constructor reverted.")
    desk.note(draft, "deploy", receipt)
    return receipt


def described(draft: Draft, proposer: str) -> str:
    """Nobody else can propose this text, so nobody can propose it first and cancel it."""
    return f"{draft.text}\n\n#proposer={proposer}"


def propose(desk: Desk, draft: Draft, sender: AccountAPI) -> tuple[Draft, ReceiptAPI | None]:
    """Without a receipt where the governor knows it: a run was ended before it was noted."""
    check_proposable(desk, draft, sender.address)
    governor, given = desk.situation.governor, proposal_arguments(draft, sender.address)
    receipt = None
    if not is_proposed(desk, draft, sender.address):
        receipt = send(governor.propose, *given, sender=sender)
    return noted_proposal(desk, draft, sender.address, receipt), receipt


def proposal_arguments(draft: Draft, proposer: str) -> tuple[list, list, list, str]:
    targets, amounts, calldatas = map(list, zip(*draft.calls, strict=True))
    return targets, amounts, calldatas, described(draft, proposer)


def is_proposed(desk: Desk, draft: Draft, proposer: str) -> bool:
    governor = desk.situation.governor
    return governor.proposalProposer(_proposal_id(governor, draft, proposer)) == proposer


def noted_proposal(desk: Desk, draft: Draft, proposer: str, receipt: ReceiptAPI | None) -> Draft:
    proposal = _proposal_id(desk.situation.governor, draft, proposer)
    text = described(draft, proposer)
    return desk.note(draft, "propose", receipt, description=text, proposal=str(proposal))


def _proposal_id(governor: Any, draft: Draft, proposer: str) -> int:
    *calls, text = proposal_arguments(draft, proposer)
    return governor.hashProposal(*calls, keccak(text=text))


def check_proposable(desk: Desk, draft: Draft, proposer: str) -> None:
    """Everything that would make the proposal fail later, before anything is signed."""
    situation = desk.situation
    if draft.proposal is not None:
        raise Refusal(f"It is proposed already, as {draft.proposal}: watch it.")
    _check_papers(desk, draft)
    if not is_deployed(draft):
        raise Refusal(f"Deploy the module first: `ape run upgrade deploy {draft.name}`.")
    if situation.module(draft.key) != draft.was:
        raise Refusal(f"{draft.key} has changed since the rehearsal: rehearse again.")
    governor = situation.governor
    if governor.address != draft.governor:
        raise Refusal("The governor has changed since the rehearsal: rehearse again.")
    needed = governor.proposalThreshold()
    votes = situation.token.getVotes(proposer)
    if votes < needed:
        raise Refusal(
            f"{proposer} has {_votes(votes)} votes, and a proposal needs {_votes(needed)}: "
            "delegate to it first."
        )
    if governor.getVotes(proposer, now() - 1) < needed:
        raise Refusal("Votes count from the second after their delegation: try again.")


def _check_papers(desk: Desk, draft: Draft) -> None:
    """What is signed is what was rehearsed, and what the report says."""
    kernel, given = desk.situation.kernel, draft.apply_arguments
    calldata = plain(bytes(kernel.schedule.encode_input(*given, draft.confirm)))
    if (draft.kernel, draft.calldata) != (kernel.address, calldata):
        raise Refusal("draft.json was changed by hand: rehearse again.")
    _ = draft.text  # has a report
    report = desk.path / "report.md"
    if not report.is_file() or str(cid.of_file(report.read_bytes())) != draft.report:
        raise Refusal("report.md is not the report whose address is proposed: write it again.")


def vote(desk: Desk, draft: Draft, support: str, reason: str, sender: AccountAPI) -> ReceiptAPI:
    _expect(desk, draft, {ACTIVE}, "vote")
    governor = _governor(draft)
    if governor.hasVoted(draft.proposal_id, sender.address):
        raise Refusal(f"{sender.address} has voted.")
    method = governor.castVoteWithReason if reason else governor.castVote
    given = (reason,) if reason else ()
    return send(method, draft.proposal_id, SUPPORT[support], *given, sender=sender)


def queue(desk: Desk, draft: Draft, sender: AccountAPI) -> ReceiptAPI:
    _expect(desk, draft, {SUCCEEDED}, "queue")
    return _noted(desk, draft, "queue", _governor(draft).queue, *draft.hashed, sender=sender)


def execute(desk: Desk, draft: Draft, sender: AccountAPI) -> ReceiptAPI:
    _expect(desk, draft, {QUEUED}, "execute")
    eta = _governor(draft).proposalEta(draft.proposal_id)
    if now() < eta:
        raise Refusal(f"The treasury's delay runs: it can be executed {words.away(eta, now())}.")
    return _noted(desk, draft, "execute", _governor(draft).execute, *draft.hashed, sender=sender)


def cancel(desk: Desk, draft: Draft, sender: AccountAPI) -> ReceiptAPI:
    """The proposal, or what it has announced: whichever is the later."""
    state, operation = proposal_state(draft), operation_of(desk.situation, draft)
    if operation.state in (WAITING, READY):
        kernel = desk.situation.kernel
        given = bytes.fromhex(draft.namespace[2:]), bytes.fromhex(draft.operation[2:])
        return _noted(desk, draft, "cancel", kernel.cancel, *given, sender=sender)
    if state in (PENDING, ACTIVE, SUCCEEDED, QUEUED):
        return _noted(desk, draft, "cancel", _governor(draft).cancel, *draft.hashed, sender=sender)
    raise Refusal(f"There is nothing to cancel: {standing(desk.situation, draft)}.")


def apply(desk: Desk, draft: Draft, sender: AccountAPI) -> ReceiptAPI:
    operation = operation_of(desk.situation, draft)
    if operation.state == WAITING:
        ready = words.away(operation.ready_at, now())
        raise Refusal(f"The kernel's notice runs: it can be applied {ready}.")
    if operation.state != READY:
        raise Refusal(f"It cannot be applied: {standing(desk.situation, draft)}.")
    kernel = desk.situation.kernel
    return _noted(desk, draft, "apply", kernel.apply, *draft.apply_arguments, sender=sender)


def roll_back(desk: Desk, draft: Draft, sender: AccountAPI) -> ReceiptAPI:
    operation = operation_of(desk.situation, draft)
    if operation.state != APPLIED:
        raise Refusal(f"It cannot be rolled back: {standing(desk.situation, draft)}.")
    kernel = desk.situation.kernel
    return _noted(desk, draft, "rollback", kernel.rollback, *draft.apply_arguments, sender=sender)


def delegate(situation: Situation, to: str, sender: AccountAPI) -> ReceiptAPI:
    token = situation.token
    if token.balanceOf(sender.address) == 0:
        raise Refusal(f"{sender.address} holds no tokens of the system.")
    # `token.delegate` is Ape's, for EIP-7702.
    with signing("delegate", sender):
        return token.invoke_transaction("delegate", to, sender=sender)


def pause(situation: Situation, key: str, seconds: int, sender: AccountAPI) -> ReceiptAPI:
    """Stop the use of a key's module at once, for as long as a vote takes."""
    from_text = key.encode().ljust(32, b"\0")
    kernel = situation.kernel
    return send(kernel.pause, situation.namespace, from_text, seconds, sender=sender)


def record(desk: Desk, draft: Draft) -> Upgrade:
    """Write down what is in force now, after seeing that it is."""
    situation, key = desk.situation, draft.key
    present, operation = situation.module(key), operation_of(situation, draft)
    back = draft.was.model_copy(update={"version": draft.to.version + 1})
    if operation.state == APPLIED and present == draft.to:
        fields: dict[str, Any] = {"kind": "upgrade", "was": draft.was, "to": draft.to}
    elif operation.state == ROLLED_BACK and present == back:
        fields = {"kind": "rollback", "was": draft.to, "to": back}
    else:
        raise Refusal(f"There is nothing to record: {standing(situation, draft)}.")
    if situation.recorded(key) == present:
        raise Refusal("It is on record.")
    if fields["kind"] == "rollback" and situation.recorded(key) == draft.was:
        situation.upgrades.write(_record(desk, draft, "upgrade", draft.was, draft.to))
    found = _record(desk, draft, **fields)
    situation.upgrades.write(found)
    return found


def _record(desk: Desk, draft: Draft, kind: str, was: Any, to: Any) -> Upgrade:
    upgrades = desk.situation.upgrades
    built = kind == "upgrade"
    vote = Vote(
        governor=draft.governor,
        proposal=str(draft.proposal_id),
        description_hash="0x" + keccak(text=draft.description or "").hex(),
        report=draft.report or "",
    )
    return Upgrade(
        chain_id=draft.chain_id,
        genesis=draft.genesis,
        number=upgrades.next_number(),
        kind="upgrade" if built else "rollback",
        title=draft.title,
        namespace=draft.namespace,
        key=draft.key,
        operation=draft.operation,
        kernel_salt=draft.kernel_salt,
        confirm=draft.confirm,
        was=was,
        to=to,
        code=draft.code if built else None,
        vote=vote if built else None,
        transactions=draft.transactions,
    )


def contract(address: str, type_: ContractType) -> ContractInstance:
    return ContractInstance(address, type_)


# ----- where it stands -----


def proposal_state(draft: Draft) -> int:
    return _governor(draft).state(draft.proposal_id)


def operation_of(situation: Situation, draft: Draft) -> Any:
    namespace = bytes.fromhex(draft.namespace[2:])
    return situation.kernel.operation(namespace, bytes.fromhex(draft.operation[2:]))


def standing(situation: Situation, draft: Draft) -> str:
    """In words: of the kernel once it was announced there, of the governor before."""
    operation = operation_of(situation, draft)
    if operation.state:
        return OF_KERNEL[operation.state]
    if draft.proposal is None:
        return "it was not proposed"
    return f"the proposal is {STATES[proposal_state(draft)]}"


def _expect(desk: Desk, draft: Draft, states: set[int], verb: str) -> None:
    if _governor(draft).hashProposal(*draft.hashed) != draft.proposal_id:
        raise Refusal("draft.json names another proposal than its own: it was changed by hand.")
    if proposal_state(draft) not in states:
        raise Refusal(f"There is nothing to {verb}: {standing(desk.situation, draft)}.")


def _governor(draft: Draft) -> Any:
    """The one that it was proposed to."""
    return contracts.at(draft.governor, "Governor")


def _noted(
    desk: Desk, draft: Draft, step: str, method: Callable[..., Any], *arguments: Any, **more: Any
) -> ReceiptAPI:
    receipt = send(method, *arguments, **more)
    desk.note(draft, step, receipt)
    return receipt


def send(method: Any, *arguments: Any, sender: AccountAPI) -> ReceiptAPI:
    """Ask the chain first: what would revert is refused before it is signed."""
    attempt("do this", method, *arguments, sender=sender)
    with signing("do this", sender):
        return method(*arguments, sender=sender)


def _votes(amount: int) -> str:
    return f"{amount // 10**18:,}"
