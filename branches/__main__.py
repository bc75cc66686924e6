"""`./dev coverage [TESTS...]`: which branches of the deployed bytes do the tests take?

All unit and property tests, with what they took written down; or the named ones, of which is only
told what they leave untaken in the contracts that they come past.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import boa
import click
from rich.console import Console

from branches import report
from branches.recorder import FOLDER, read_seen, write_watched
from branches.results import Results, complaints, kinds, measured, reasons, save, without_metadata
from branches.subjects import TESTS, codes, key, watched
from scripts._lib.files import ROOT


@click.command(help=__doc__)
@click.argument("tests", nargs=-1)
@click.option("--workers", default=2, show_default=True, help="Processes that run tests.")
def main(tests: tuple[str, ...], workers: int) -> None:
    console = Console(stderr=True, highlight=False)
    console.print("compiling, with each jump marked")
    boa.interpret.set_search_paths([str(ROOT)])
    made = codes()
    with TemporaryDirectory() as folder:
        write_watched(Path(folder), watched(made))
        if code := run(Path(folder), tests or TESTS, workers):
            console.print("[red]Tests failed: nothing is written down.[/red]")
            sys.exit(code)
        if len(list(Path(folder).glob("seen-*.json"))) != 1 + workers:
            console.print("[red]A process did not say what it saw: nothing is written.[/red]")
            sys.exit(1)
        seen = read_seen(Path(folder))
    faults = []
    for name, listed in made.items():
        if tests and not any(key(name, code) in seen for code in listed):
            continue
        results = measured(name, listed, seen)
        console.print(summary(name, results))
        faults += complaints(name, results, without_metadata(listed[-1].starts), reasons(), kinds())
        if not tests:
            save(name, results)
    if not tests:
        report.write()
    for fault in faults:
        console.print(fault, markup=False)
    sys.exit(1 if faults else 0)


def run(folder: Path, tests: tuple[str, ...], workers: int) -> int:
    """A process of its own: what it imports must not be imported before it records."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(workers), "--dist", "worksteal"]
    command += ["-p", "branches.recorder", *tests]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | {FOLDER: str(folder)}, check=False
    ).returncode


def summary(name: str, results: Results) -> str:
    left = len(results.untaken)
    return f"{name}: {results.branches - left} of {results.branches} branches"


if __name__ == "__main__":
    main()
