"""Prove what is in suites.py, and write down what was found: `./dev prove [SUITE...]`."""

import click

from proofs import report
from proofs.halmos import Answer, ask, checks_of, digest
from proofs.suites import SUITES, Suite
from scripts._lib.console import console
from scripts._lib.refusal import Refusal


@click.command()
@click.argument("names", metavar="[SUITE]...", nargs=-1)
def main(names: tuple[str, ...]) -> None:
    """Ask halmos about the named suites of checks, or about all of them."""
    unknown = sorted(set(names) - set(SUITES))
    if unknown:
        raise Refusal(f"Nothing is proved of {unknown[0]}, only of {', '.join(SUITES)}.")
    for name in names or SUITES:
        _prove(SUITES[name])
    report.write()


def _prove(suite: Suite) -> None:
    console.print(f"[bold]{suite.name}[/]: as it is")
    proofs = []
    for check in checks_of(suite):
        answer = ask(suite, check)
        _tell(answer, "proved" if answer.is_proof else "NOT PROVED", answer.is_proof)
        proofs.append(answer)
    refuted = []
    for wrong in suite.wrong:
        answer = ask(suite, wrong.check, wrong)
        _tell(answer, f"refutes: {wrong.fault}", answer.is_counterexample)
        refuted.append((wrong, answer))
    if not all(answer.is_proof for answer in proofs):
        raise Refusal(f"Not everything that is said of {suite.name} was proved.")
    if not all(answer.is_counterexample for _, answer in refuted):
        raise Refusal(f"A wrong {suite.name} was not told from the right one.")
    report.keep(suite, digest(suite), proofs, refuted)


def _tell(answer: Answer, said: str, good: bool) -> None:
    colour = "green" if good else "red"
    console.print(
        f"  [{colour}]{said}[/] {answer.check} [dim]{answer.paths:,} paths, {answer.seconds:,} s[/]"
    )


if __name__ == "__main__":
    main()
