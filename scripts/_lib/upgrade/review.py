"""Whether a proposal on the chain is what a commit gives, to the byte."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ape import chain
from eth_abi import decode
from eth_utils import keccak

from scripts._lib import cid, contracts
from scripts._lib.build import artifact
from scripts._lib.doctor import Check
from scripts._lib.records import code_hash, plain
from scripts._lib.refusal import Refusal
from scripts._lib.upgrade import words
from scripts._lib.upgrade.draft import Desk, Draft, build, draft
from scripts._lib.upgrade.situation import Situation
from scripts._lib.upgrade.sources import at_commit, resolved


@dataclass(frozen=True)
class Proposal:
    """As the governor announced it."""

    id: int
    proposer: str
    targets: list[str]
    amounts: list[int]
    calldatas: list[bytes]
    description: str


@dataclass(frozen=True)
class Review:
    proposal: Proposal
    commit: str
    checks: list[Check]
    calls: list[str]

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)


def on_chain(situation: Situation, id: int) -> Proposal:
    """From the governor's event, whose content has to hash to the id."""
    governor = situation.governor
    [event] = [each for each in governor.contract_type.events if each.name == "ProposalCreated"]
    types = [each.canonical_type for each in event.inputs]
    for log in contracts.logs(governor, event.name, situation.first_block):
        data = bytes(log["data"])
        if int.from_bytes(data[:32], "big") != id:
            continue  # before its text is read: others may hold anything
        found = decode(types, data)
        _, proposer, targets, amounts, _, calldatas, *_, description = found
        checksummed = [chain.provider.network.ecosystem.decode_address(each) for each in targets]
        content = checksummed, list(amounts), list(calldatas), keccak(text=description)
        if governor.hashProposal(*content) != id:
            raise Refusal("The event does not belong to this id: do not trust this node.")
        who = chain.provider.network.ecosystem.decode_address(proposer)
        return Proposal(id, who, *content[:3], description)
    raise Refusal(f"The governor in office has no proposal {id}.")


def review(situation: Situation, id: int, commit: str | None) -> Review:
    proposal = on_chain(situation, id)
    desk, filed = _papers(situation, id)
    full = resolved(commit or filed.code.commit or "HEAD")
    root = at_commit(full)
    rebuilt = _rebuilt(desk, filed, root, full)
    names = {**situation.names(), rebuilt.to.address: f"the new {rebuilt.code.contract}"}
    calls = [
        line
        for target, calldata in zip(proposal.targets, proposal.calldatas, strict=True)
        for line in _call(situation, target, calldata, names)
    ]
    return Review(proposal, full, list(_checks(desk, proposal, rebuilt)), calls)


def _call(situation: Situation, target: str, calldata: bytes, names: dict[str, str]) -> list[str]:
    abi = artifact("Kernel").abi if target == situation.kernel.address else []
    head, *rest = words.call(abi, calldata, names)
    return [f"{words.shown(target, names)}.{head}", *rest]


def _papers(situation: Situation, id: int) -> tuple[Desk, Draft]:
    """Which upgrade of ours this is."""
    for path in sorted(situation.upgrades.path.glob("*/draft.json")):
        desk = Desk(situation, path.parent.name)
        found = desk.load()
        if found.proposal == str(id):
            return desk, found
    raise Refusal(f"No upgrade in {situation.upgrades.path.name}/ has proposal {id}.")


def _rebuilt(desk: Desk, filed: Draft, root: Path, commit: str) -> Draft:
    """From the file and the sources alone; the version is that of its proposal's time."""
    built = build(desk.situation, desk.request, root, commit)
    return draft(desk.situation, desk.name, built, filed.was)


def _checks(desk: Desk, proposal: Proposal, rebuilt: Draft) -> Iterator[Check]:
    calls = list(zip(proposal.targets, proposal.amounts, proposal.calldatas, strict=True))
    yield Check("proposal", "calls", 1, len(calls))
    target, amount, calldata = calls[0]
    yield Check("proposal", "target", rebuilt.kernel, target)
    yield Check("proposal", "wei", 0, amount)
    yield Check("proposal", "calldata", rebuilt.calldata, plain(calldata))
    found = code_hash(contracts.code(rebuilt.to.address))
    yield Check(rebuilt.code.contract, "code", rebuilt.to.code_hash, found)
    report = desk.path / "report.md"
    content = f"ipfs://{cid.of_file(report.read_bytes())}" if report.is_file() else "not here"
    named = next((w for w in proposal.description.split() if w.startswith("ipfs://")), "none")
    yield Check("description", "report", content, named)
    title = proposal.description.split("\n")[0]
    yield Check("description", "title", f"# {rebuilt.title}", title)
