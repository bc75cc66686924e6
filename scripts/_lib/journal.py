"""What an `apply` does is on disk before it is done, so that the next run can go on from there.

Each transaction is noted when it is signed and before it is sent, and again when it is in
a block. A run that is killed in between leaves its hash: the next one asks the chain what
became of it, and sends nothing twice.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from ape import chain
from ape.api import AccountAPI, TransactionAPI
from ape.exceptions import ApeException
from eth_utils import keccak
from web3.exceptions import TransactionNotFound
from web3.types import TxReceipt

from scripts._lib.ending import NODE_ERRORS, note_signed
from scripts._lib.records import JOURNAL, LOCAL_CHAINS, Folder, Journal, Sent
from scripts._lib.refusal import Refusal, Unfinished

POLL = 0.2  # seconds

Tell = Callable[[str, int], None]  # what was done, and its gas


@dataclass(frozen=True)
class Step:
    """One transaction, and how the chain shows that it is not needed any more."""

    name: str
    receiver: str | None  # None: `signed` creates a contract
    data: Callable[[], bytes]  # made when its turn comes
    gas: int  # as rehearsed
    done: Callable[[], bool]
    value: int = 0  # wei
    signed: bytes | None = None  # a transaction that somebody else signed


class Log:
    """The journal of one run."""

    def __init__(self, folder: Folder, content: Journal) -> None:
        self.folder = folder
        self.content = content

    def sent(self, step: str) -> Sent | None:
        return self.content.steps.get(step)

    def note(self, step: str, sent: Sent) -> None:
        self._keep({"steps": {**self.content.steps, step: sent}})

    def finish(self) -> None:
        self._keep({"finished": True})

    def _keep(self, changed: dict[str, object]) -> None:
        self.content = self.content.model_copy(update=changed)
        self.folder.write(JOURNAL, self.content)


def open_log(folder: Folder, plan: str, sender: str, commit: str | None) -> Log:
    """The journal of this plan, begun before or now. Nothing is written yet."""
    found = folder.journal()
    over = found is not None and found.finished and folder.chain_id in LOCAL_CHAINS
    if found and found.plan == plan:
        return Log(folder, found)
    if found and not over:
        state = "finished" if found.finished else "begun"
        raise Refusal(
            f"Another plan was {state} here: {found.plan}, and this is {plan}. "
            f"Take that one's settings, sources (commit {found.commit}) and account "
            f"({found.sender}), or move {folder.shown(JOURNAL)} away."
        )
    empty = Journal(
        chain_id=folder.chain_id, genesis=folder.genesis, plan=plan, sender=sender,
        commit=commit, steps={}, finished=False,
    )  # fmt: skip
    return Log(folder, empty)


def carry_out(step: Step, sender: AccountAPI, log: Log, tell: Tell) -> None:
    """Take a step, once, however often this is called and wherever it was killed."""
    sent = log.sent(step.name)
    waiting = sent is not None and sent.block is None and _is_known(sent.transaction)
    if not waiting and not step.done():
        sent = _send(step, sender, log)
        waiting = True
    if waiting:
        receipt = _wait(step, sent.transaction)
        block, gas = receipt["blockNumber"], receipt["gasUsed"]
        log.note(step.name, sent.model_copy(update={"block": block, "gas": gas}))
        tell(step.name, gas)
    if not step.done():
        raise Unfinished(f"{step.name} failed in transaction {sent.transaction}: look at it there.")


def _send(step: Step, sender: AccountAPI, log: Log) -> Sent:
    raw = step.signed
    if raw is None:
        signed = _sign(step, sender)
        nonce, raw = signed.nonce, signed.serialize_transaction()
    else:
        nonce = 0
    sent = Sent(nonce=nonce, transaction="0x" + keccak(raw).hex())
    log.note(step.name, sent)
    note_signed()
    broadcast(raw, step.name)
    return sent


def _sign(step: Step, sender: AccountAPI) -> TransactionAPI:
    transaction = chain.provider.network.ecosystem.create_transaction(
        receiver=step.receiver, data=step.data(), value=step.value
    )
    try:
        signed = sender.sign_transaction(sender.prepare_transaction(transaction))
    except (ApeException, *NODE_ERRORS) as error:
        raise Unfinished(f"{step.name} was not signed: {error}") from None
    if signed is None:
        raise Unfinished(f"{step.name} was not signed.")
    return signed


def broadcast(raw: bytes, name: str) -> None:
    try:
        chain.provider.web3.eth.send_raw_transaction(raw)
    except NODE_ERRORS as error:
        raise Unfinished(f"The node refused {name}: {error}") from None


def _is_known(transaction: str) -> bool:
    try:
        chain.provider.web3.eth.get_transaction(transaction)
    except TransactionNotFound:
        return False
    return True


def _wait(step: Step, transaction: str) -> TxReceipt:
    """Until it is in a block, as deep as the network's settings ask for."""
    network, eth = chain.provider.network, chain.provider.web3.eth
    until = time.monotonic() + network.transaction_acceptance_timeout
    while time.monotonic() < until:
        try:
            receipt = eth.get_transaction_receipt(transaction)
            if eth.block_number >= receipt["blockNumber"] + network.required_confirmations:
                return receipt
        except NODE_ERRORS:
            pass  # it is not there yet, or the node answers again later
        time.sleep(POLL)
    raise Unfinished(
        f"{step.name} is not in a block yet: {transaction}. Run the same command again to go on."
    )
