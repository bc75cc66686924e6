"""The gate: builders of terms, contracts that answer as told, and what terms mean."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from eth_abi import encode
from eth_utils import keccak

from tests.support.access import ZERO, Kind, Term, Value

QUESTIONS = 64
CONDITIONS = 10
DEPTH = 3


def term(
    kind: Kind, target: Any = ZERO, detail: int = 0, argument: Any = 0, *, negated: bool = False
) -> Term:
    """A term that opens a clause."""
    if isinstance(argument, bytes):
        argument = int.from_bytes(argument, "big")
    target = str(getattr(target, "address", target))
    return Term(kind, True, negated, target, detail, argument)


def both(*terms: Term) -> list[Term]:
    """One clause."""
    return [each._replace(opens=number == 0) for number, each in enumerate(terms)]


def either(*terms: Term) -> list[Term]:
    """A clause for each."""
    return [each._replace(opens=True) for each in terms]


# ----- weights -----


class Weight(NamedTuple):
    """What a rule costs to ask, with the rules that it nests."""

    depth: int
    questions: int
    conditions: int

    @property
    def packed(self) -> int:
        return self.depth | self.questions << 8 | self.conditions << 16

    @property
    def is_light(self) -> bool:
        depth, questions, conditions = self
        return depth <= DEPTH and questions <= QUESTIONS and conditions <= CONDITIONS


CALLS = {Kind.PRIMARY_NAME: 4, Kind.NAME_OWNER: 2, Kind.PAST_VOTES: 2}


def weigh(terms: Sequence[Term], nested: Mapping[bytes, Weight]) -> Weight:
    inner = [nested[it.argument.to_bytes(32, "big")] for it in terms if it.kind == Kind.RULE]
    leaves = [it for it in terms if it.kind != Kind.RULE]
    return Weight(
        1 + max((each.depth for each in inner), default=0),
        sum(CALLS.get(it.kind, 1) for it in leaves) + sum(each.questions for each in inner),
        sum(it.kind == Kind.CONDITION for it in leaves) + sum(each.conditions for each in inner),
    )


# ----- allow-lists, as OpenZeppelin's StandardMerkleTree makes them -----


def leaf(account: str) -> bytes:
    return keccak(keccak(encode(["address"], [account])))


def pair(left: bytes, right: bytes) -> bytes:
    return keccak(b"".join(sorted([left, right])))


class AllowList:
    """A Merkle tree over accounts."""

    def __init__(self, accounts: Sequence[str]) -> None:
        self.accounts = sorted(accounts, key=leaf)
        self.layers = [[leaf(account) for account in self.accounts]]
        while len(layer := self.layers[-1]) > 1:
            pairs = [pair(*layer[i : i + 2]) for i in range(0, len(layer) - 1, 2)]
            self.layers.append(pairs + layer[len(layer) - len(layer) % 2 :])

    @property
    def root(self) -> bytes:
        return self.layers[-1][0]

    def proof(self, account: str) -> list[bytes]:
        place, proof = self.accounts.index(account), []
        for layer in self.layers[:-1]:
            if place ^ 1 < len(layer):
                proof.append(layer[place ^ 1])
            place //= 2
        return proof


# ----- contracts that answer as they are told -----

REVERT = None  # in place of an answer
BURN = "burn"


def speaking(answers: Mapping[str, bytes | str | None]) -> bytes:
    """Runtime code that gives a fixed answer to each function, and reverts for another."""
    head, bodies, data = bytes.fromhex("5f3560e01c"), b"", b""
    start = len(head) + 11 * len(answers) + 3
    for signature, answer in answers.items():
        head += b"\x80\x63" + keccak(text=signature)[:4] + b"\x14\x61"
        head += (start + len(bodies)).to_bytes(2, "big") + b"\x57"
        bodies += _body(answer, len(data))
        data += answer if isinstance(answer, bytes) else b""
    head += bytes.fromhex("5f5ffd")
    assert len(head) == start
    # each body copies its answer from the end of the code
    return head + bodies.replace(MARK, (len(head) + len(bodies)).to_bytes(2, "big")) + data


MARK = b"\xfa\xce"  # where the data starts, until that is known


def _body(answer: bytes | str | None, offset: int) -> bytes:
    if answer is REVERT:
        return bytes.fromhex("5b5f5ffd")
    if answer == BURN:
        return bytes.fromhex("5bfe")
    size = len(answer).to_bytes(2, "big")
    # CODECOPY(0, start + offset, size), RETURN(0, size)
    start = b"\x61" + MARK + b"\x61" + offset.to_bytes(2, "big") + b"\x01"
    return b"\x5b\x61" + size + start + b"\x5f\x39\x61" + size + b"\x5f\xf3"


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def text(name: str) -> bytes:
    return encode(["string"], [name])


# ----- what names mean -----


def nodes_of(name: str) -> list[bytes] | None:
    """The nodes of a name's ancestors and of the name, root first; None if a label is empty."""
    labels = name.split(".")
    if "" in labels:
        return None
    nodes = [bytes(32)]
    for label in reversed(labels):
        nodes.append(keccak(nodes[-1] + keccak(text=label)))
    return nodes


def fact(value: bool) -> Value:
    return Value.YES if value else Value.NO
