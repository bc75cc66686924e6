"""`./dev mutate [CONTRACT...]`: make mutants, let the tests judge them, write down what is known.

Of an unchanged contract only what is not known is run; where a contract has changed,
each mutant meets first the test that killed it before.
"""

import sys

import boa
import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from mutants import report
from mutants.campaign import Campaign, FaultError
from mutants.operators import Mutant
from mutants.results import complaints, load, reasons, save
from mutants.subjects import ROOT, SUBJECTS, Subject


@click.command(help=__doc__)
@click.argument("contracts", nargs=-1, type=click.Choice(list(SUBJECTS)))
@click.option("--sample", type=click.IntRange(1), help="Judge so many of each contract at most.")
@click.option("--resume", is_flag=True, help="Try survivors without a reason again.")
@click.option("--own", is_flag=True, help="The contract's own tests alone: quicker, stricter.")
@click.option("--fresh", is_flag=True, help="Forget what is known.")
def main(
    contracts: tuple[str, ...], sample: int | None, resume: bool, own: bool, fresh: bool
) -> None:
    boa.interpret.set_search_paths([str(ROOT)])
    console = Console(stderr=True)
    faults = []
    for name in contracts or SUBJECTS:
        subject = SUBJECTS[name]
        campaign = Campaign(subject, None if fresh else load(subject))
        try:
            judge(subject, campaign, sample, resume, own, console)
        except FaultError as why:
            console.print(f"[red]{why}[/red]", highlight=False)
            sys.exit(1)
        results = campaign.results
        console.print(
            f"{name}: {results.run} of {results.possible} run, {len(results.killed)} killed, "
            f"{len(results.survived)} survived",
            highlight=False,
        )
        faults += complaints(subject, results, reasons())
    report.write()
    for fault in faults:
        console.print(fault, highlight=False)
    sys.exit(1 if faults else 0)


def judge(
    subject: Subject,
    campaign: Campaign,
    sample: int | None,
    resume: bool,
    own: bool,
    console: Console,
) -> None:
    """First by the contract's own tests; what survives, by more of its subsystem."""
    chosen = campaign.sample(sample) if sample else campaign.unknown()
    explained = {id for each in reasons() if each.contract == subject.name for id in each.ids}
    again = [each for each in campaign.survivors() if resume and each.id not in explained]
    new = {mutant.id for mutant in chosen} | {mutant.id for mutant in again}
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:

        def stage(name: str, batch: list[Mutant], tests: tuple[str, ...]) -> None:
            if not batch or not tests:
                return
            task = progress.add_task(f"{subject.name}, {name}", total=len(batch))

            def told(_mutant: Mutant) -> None:
                progress.advance(task)
                save(subject, campaign.results)

            campaign.run(batch, tests, told)

        stage("its own tests", [*chosen, *again], subject.first)
        left = [each for each in campaign.survivors() if each.id in new]
        stage("more tests", left, () if own else subject.then)


if __name__ == "__main__":
    main()
