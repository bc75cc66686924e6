"""Whom is compared with whom: where each is from, and what it does that the others do not."""

import json
from dataclasses import dataclass

from tests.support.compiled import ROOT

OURS = "uraeus"


@dataclass(frozen=True)
class System:
    name: str
    package: str  # of npm (empty: snekmate, of Python), as package.json pins it
    differs: str


def npm(package: str) -> str:
    version = json.loads((ROOT / "package.json").read_text())["devDependencies"][package]
    return version.removeprefix("npm:") if ":" in version else f"{package}@{version}"


OPENZEPPELIN, SOLADY, SNEKMATE = "@openzeppelin/contracts", "solady", ""

# By group: what a system's key means there. Ours comes first.
SYSTEMS: dict[str, dict[str, System]] = {
    "token": {
        OURS: System("VotesToken", "", "votes with history of balances of 96 bits, cap, permits"),
        "openzeppelin": System(
            "OpenZeppelin ERC20Votes", OPENZEPPELIN, "votes with history, up to 208 bits"
        ),
        "solady": System("Solady ERC20Votes", SOLADY, "votes with history"),
        "snekmate": System("snekmate ERC-20", SNEKMATE, "counts no votes: does less"),
    },
    "governor": {
        OURS: System(
            "Governor + Timelock",
            "",
            "fractional votes, late quorum, guardian, kernel look-up, proposals listed on chain, "
            "called code pinned",
        ),
        "openzeppelin": System(
            "OpenZeppelin Governor, bare",
            OPENZEPPELIN,
            "none of these: does less; simple counting, a timelock of its own ids",
        ),
        "openzeppelin-extended": System(
            "OpenZeppelin Governor, extended",
            OPENZEPPELIN,
            "fractional votes, late quorum, guardian, keyed nonces; does not list proposals "
            "or pin code",
        ),
    },
    "timelock": {
        OURS: System(
            "Timelock",
            "",
            "asks the kernel who is governor, pins the code of what it calls; its caller, the "
            "governor, has logged the calls and is the only one to execute",
        ),
        "openzeppelin": System(
            "OpenZeppelin TimelockController",
            OPENZEPPELIN,
            "logs each call; roles, predecessors; anyone executes",
        ),
        "solady": System(
            "Solady Timelock", SOLADY, "logs all calls at once (ERC-7821); anyone executes"
        ),
        "snekmate": System(
            "snekmate timelock_controller",
            SNEKMATE,
            "as OpenZeppelin's, executors by role; its arguments are allocated for their bounds",
        ),
    },
    "kernel": {
        OURS: System(
            "Kernel",
            "",
            "a caller asks for the address, and calls ordinary code with storage of its own; "
            "replacing is announced first, may be rolled back, and checks the code's hash: two "
            "transactions",
        ),
        "openzeppelin-uups": System(
            "OpenZeppelin ERC-1967 + UUPS", OPENZEPPELIN, "delegatecall; replaced at once"
        ),
        "solady-uups": System("Solady ERC-1967 + UUPS", SOLADY, "delegatecall; replaced at once"),
        "openzeppelin-transparent": System(
            "OpenZeppelin transparent proxy", OPENZEPPELIN, "delegatecall; replaced at once"
        ),
        "openzeppelin-beacon": System(
            "OpenZeppelin beacon proxy",
            OPENZEPPELIN,
            "delegatecall; one beacon for many, replaced at once",
        ),
    },
    "passes": {
        OURS: System("Pass", "", "a clone; tokens expire, and tell it (ERC-4906, ERC-5643)"),
        "unlock": System(
            "Unlock",
            "@unlock-protocol/contracts",
            "proxies; keys expire; protocol fees and hooks asked; bytecode as published",
        ),
        "openzeppelin": System("OpenZeppelin ERC721", OPENZEPPELIN, "no expiry: does less"),
        "solady": System("Solady ERC721", SOLADY, "no expiry: does less"),
        "erc721a": System(
            "ERC721A",
            "erc721a",
            "no expiry: does less; batches to one holder share a word, which their next "
            "owners pay for",
        ),
        "snekmate": System(
            "snekmate ERC-721",
            SNEKMATE,
            "no expiry; enumerable, a URI for each, asks the receiver: does other things",
        ),
    },
    "income": {
        OURS: System(
            "Splitter",
            "",
            "a clone that keeps its recipients in its code; one transaction pays all; who "
            "refuses is credited",
        ),
        "openzeppelin": System(
            "OpenZeppelin PaymentSplitter",
            "openzeppelin-4",
            "a contract of its own; a transaction for each recipient, whose sum this is",
        ),
        "snekmate": System(
            "snekmate batch_distributor",
            SNEKMATE,
            "keeps nothing: the payer lists everybody each time; does less",
        ),
    },
    "names": {
        OURS: System(
            "Names",
            "",
            "registry, registrar and ERC-721 in one; keeps the label; `register` also sets the "
            "address",
        ),
    },
}
