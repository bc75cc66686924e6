"""What was proved, kept as JSON by contract, and shown in docs/audit/proofs.md."""

import json
from typing import Any

from proofs.halmos import Answer
from proofs.suites import SUITES, Suite, Wrong
from scripts._lib.files import ROOT, write_atomically

RESULTS = ROOT / "proofs" / "results"
PAGE = ROOT / "docs" / "audit" / "proofs.md"
HEAD = """# What is proved, and what is not

Written by `./dev prove`. Halmos 0.3.3 asks an SMT solver about the bytes that are deployed. Each
check begins from **any** storage, caller and second, and allows one call with any arguments: one
step of an induction, so what it says holds after any number of calls. The checks are written in
Vyper, in `proofs/checks`. For each of them a wrong contract has to be refuted by a counterexample:
a check that cannot fail proves nothing. The seconds are those of the machine of the day, whatever
else it did.

Each section says for which configuration its proofs hold. **Not proved here**, and shown by the
tests of [invariants.md](../invariants.md) instead: every contract and law without a row below,
among them rounds of tokens and what is below a name; what longer arrays, data and signatures add;
what happens inside contracts that are called; events; gas. Taken on trust: the solver, halmos's
model of the EVM, that hashes are neither zero nor collide, and that no account of a call is the
contract that holds the check. What is assumed of a state before the call stands in the checks as
`symbolic.assume`, with its reason.
"""


def keep(
    suite: Suite, digest: str, proofs: list[Answer], refuted: list[tuple[Wrong, Answer]]
) -> None:
    """The answers about one contract."""
    found = {
        "digest": digest,
        "proved": [_plain(answer) for answer in proofs],
        "refuted": [_plain(answer) | {"fault": wrong.fault} for wrong, answer in refuted],
    }
    write_atomically(RESULTS / f"{suite.name}.json", json.dumps(found, indent=2) + "\n")


def kept(subject: str) -> dict[str, Any]:
    return json.loads((RESULTS / f"{subject}.json").read_text())


def write() -> None:
    write_atomically(PAGE, page())


def page() -> str:
    """The page that the kept answers make."""
    parts = [HEAD]
    for subject, suite in SUITES.items():
        if (RESULTS / f"{subject}.json").exists():
            parts.append(_section(suite, kept(subject)))
    return "\n".join(parts)


def _section(suite: Suite, found: dict[str, Any]) -> str:
    rows = [
        f"| {_words(each['check'])} | {each['paths']:,} | {each['seconds']:,.0f} | "
        + "; ".join(it["fault"] for it in found["refuted"] if it["check"] == each["check"])
        + " |"
        for each in found["proved"]
    ]
    return "\n".join(
        [
            f"## {suite.name}\n",
            f"`proofs/checks/{suite.contract}.vy`. {suite.bounds}\n",
            "| proved | paths | seconds | wrong contracts refuted |",
            "|---|---:|---:|---|",
            *rows,
            "",
        ]
    )


def _plain(answer: Answer) -> dict[str, Any]:
    return {"check": answer.check, "paths": answer.paths, "seconds": answer.seconds}


def _words(check: str) -> str:
    """A law's number, and what it says: check_gov_6_done_... is GOV-6: done ..."""
    law, number, *words = check.removeprefix("check_").split("_")
    numbers = [number]
    while words[0].isdigit():
        numbers.append(words.pop(0))
    return f"{', '.join(f'{law.upper()}-{each}' for each in numbers)}: {' '.join(words)}"


if __name__ == "__main__":
    write()
