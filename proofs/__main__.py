"""Prove what is in suites.py, and write down what was found: `./dev prove [CONTRACT...]`."""

import click

from proofs import report
from proofs.halmos import Answer, ask, digest
from proofs.suites import SUITES, Suite
from scripts._lib.console import console
from scripts._lib.refusal import Refusal


@click.command()
@click.argument("subjects", metavar="[CONTRACT]...", nargs=-1)
def main(subjects: tuple[str, ...]) -> None:
    """Ask halmos about the named contracts, or about all of them."""
    unknown = sorted(set(subjects) - set(SUITES))
    if unknown:
        raise Refusal(f"Nothing is proved of {unknown[0]}, only of {', '.join(SUITES)}.")
    for subject in subjects or SUITES:
        _prove(SUITES[subject])
    report.write()


def _prove(suite: Suite) -> None:
    console.print(f"[bold]{suite.subject}[/]: as it is")
    proofs = ask(suite)
    for answer in proofs:
        _tell(answer, "proved" if answer.is_proof else "NOT PROVED", answer.is_proof)
    refuted = []
    for wrong in suite.wrong:
        [answer] = ask(suite, wrong)
        _tell(answer, f"refutes: {wrong.fault}", answer.is_counterexample)
        refuted.append((wrong, answer))
    if not all(answer.is_proof for answer in proofs):
        raise Refusal(f"Not everything that is said of {suite.subject} was proved.")
    if not all(answer.is_counterexample for _, answer in refuted):
        raise Refusal(f"A wrong {suite.subject} was not told from the right one.")
    report.keep(suite, digest(suite), proofs, refuted)


def _tell(answer: Answer, said: str, good: bool) -> None:
    colour = "green" if good else "red"
    console.print(
        f"  [{colour}]{said}[/] {answer.check} [dim]{answer.paths:,} paths, {answer.seconds:,} s[/]"
    )


if __name__ == "__main__":
    main()
