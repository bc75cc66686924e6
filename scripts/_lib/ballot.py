"""A proposal of a DAO, from its text to its execution."""

from dataclasses import dataclass
from typing import Any

from ape.api import AccountAPI, ReceiptAPI
from ape.contracts import ContractInstance
from eth_utils import keccak

from scripts._lib.day import Day, now, travel_to

FOR = 1
# States that a governor answers by number.
PENDING, SUCCEEDED, QUEUED, EXECUTED = 0, 4, 5, 7


@dataclass(frozen=True)
class Ballot:
    """One DAO with its voters, and anybody for what anybody may do."""

    dao: str  # what to call it in the diary
    governor: ContractInstance
    timelock: ContractInstance
    voters: dict[str, AccountAPI]
    anyone: AccountAPI
    day: Day

    def carry(self, calls: list[tuple[str, int, bytes]], description: str) -> ReceiptAPI:
        """Propose the calls (target, wei, calldata), vote, queue, execute."""
        targets, amounts, calldatas = map(list, zip(*calls, strict=True))
        content = targets, amounts, calldatas, keccak(text=description)
        proposal = self.governor.hashProposal(*content)
        self._propose((targets, amounts, calldatas, description), proposal)
        self._vote(content, proposal)
        return self._execute(content, proposal)

    def _propose(self, content: tuple[Any, ...], proposal: int) -> None:
        proposer, *_ = self.voters.values()
        self.day.act(f"{self.dao}: propose", self.governor.propose, *content, sender=proposer)
        self._expect_state("begins as pending", PENDING, proposal)

    def _vote(self, content: tuple[Any, ...], proposal: int) -> None:
        snapshot = self.governor.proposalSnapshot(proposal)
        travel_to(snapshot + 1)
        for name, voter in self.voters.items():
            vote = self.governor.castVote
            self.day.act(f"{self.dao}: {name} votes", vote, proposal, FOR, sender=voter)
        votes = sum(self.governor.getVotes(voter, snapshot) for voter in self.voters.values())
        in_favor = self.governor.proposalVotes(proposal)[1]
        self.day.check(f"{self.dao}: every vote counts", votes, in_favor)
        self._refused(
            "nobody queues while the vote is open",
            "governor: not succeeded",
            self.governor.queue,
            content,
        )
        travel_to(self.governor.proposalDeadline(proposal) + 1)
        self._expect_state("has succeeded", SUCCEEDED, proposal)

    def _execute(self, content: tuple[Any, ...], proposal: int) -> ReceiptAPI:
        self.day.act(f"{self.dao}: queue", self.governor.queue, *content, sender=self.anyone)
        self._expect_state("is queued", QUEUED, proposal)
        eta = self.governor.proposalEta(proposal)
        delay = self.timelock.getMinDelay()
        self.day.check(f"{self.dao}: the delay of the timelock runs", delay, eta - now())
        execute = self.governor.execute
        self._refused("nobody executes before it", "timelock: not ready", execute, content)
        travel_to(eta)
        receipt = self.day.act(f"{self.dao}: execute", execute, *content, sender=self.anyone)
        self._expect_state("is executed", EXECUTED, proposal)
        return receipt

    def _expect_state(self, what: str, state: int, proposal: int) -> None:
        self.day.check(f"{self.dao}: the proposal {what}", state, self.governor.state(proposal))

    def _refused(self, what: str, reason: str, method: Any, content: tuple[Any, ...]) -> None:
        self.day.refused(f"{self.dao}: {what}", reason, method, *content, sender=self.anyone)
