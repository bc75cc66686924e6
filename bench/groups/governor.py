"""A proposal's whole life, ten voters, one action that changes one slot."""

from dataclasses import replace

from eth_utils import keccak

from bench.book import Book
from bench.chain import DAY, Chain, calldata
from bench.contracts import vyper
from bench.governance import Dao, our_dao, peer_dao
from tests.support.governance import FOR, TOKENS

VOTERS = 10
TEXT = "32 bytes of description, exactly"
PROPOSE = "propose(address[],uint256[],bytes[],string)"
HASHED = "(address[],uint256[],bytes[],bytes32)"


def play(chain: Chain, book: Book) -> None:
    deployer, voters = chain.account(), [chain.account() for _ in range(VOTERS)]
    store = chain.deploy(deployer, vyper("Store"))
    chain.send(deployer, store, "store(uint256)", 1)
    held = (voters, 1_000 * TOKENS)
    daos = {
        "uraeus": our_dao(chain, deployer, *held),
        "openzeppelin": peer_dao(chain, deployer, *held),
        "openzeppelin-extended": peer_dao(chain, deployer, *held, extended=True),
    }
    for system, dao in daos.items():
        for voter in voters:
            chain.send(voter, dao.token, "delegate(address)", voter)
        chain.travel(chain.now + DAY)
        live(chain, book, system, dao, voters, store, 2)
        once_more(chain, book, system, dao, voters, store)


def once_more(
    chain: Chain, book: Book, system: str, dao: Dao, voters: list[str], store: str
) -> None:
    """The next proposal, of which only what is cheaper then is noted."""
    again = Book()
    live(chain, again, system, dao, voters, store, 3)
    for figure in again.figures:
        if figure.operation in ("vote, later", "whole life, 10 voters"):
            operation = f"{figure.operation}, who voted before"
            book.figures.append(replace(figure, operation=operation))


def live(
    chain: Chain, book: Book, system: str, dao: Dao, voters: list[str], store: str, number: int
) -> None:
    actions = ([store], [0], [calldata("store(uint256)", number)])
    hashed = (*actions, keccak(text=TEXT))
    governor = dao.governor
    id = chain.ask(governor, PROPOSE, "uint256", *actions, TEXT, sender=voters[0])

    def after(view: str) -> None:
        chain.travel(chain.ask(governor, f"{view}(uint256)", "uint256", id) + 1)

    proposed = chain.send(voters[0], governor, PROPOSE, *actions, TEXT)
    after("proposalSnapshot")
    vote = "castVote(uint256,uint8)"
    votes = [chain.send(voter, governor, vote, id, FOR) for voter in voters]
    after("proposalDeadline")
    queued = chain.send(voters[0], governor, f"queue{HASHED}", *hashed)
    after("proposalEta")
    executed = chain.send(voters[0], governor, f"execute{HASHED}", *hashed)
    assert chain.ask(store, "value()", "uint256") == number

    book.note("propose", system, proposed)
    book.note("vote, first", system, votes[0])
    book.note("vote, later", system, votes[1])
    book.note("queue", system, queued)
    book.note("execute", system, executed)
    book.note("whole life, 10 voters", system, proposed, *votes, queued, executed)
