"""Measure everything, and write down what it makes: `./dev bench`."""

from rich.progress import track

from bench.chain import anvil
from bench.floors import FLOORS
from bench.groups import played
from bench.pages import write
from bench.results import MEASURED, text, written_down


def measure() -> None:
    with anvil() as web3:
        books = {group: played(group, web3) for group in track(list(FLOORS), "measuring")}
    MEASURED.write_text(text(written_down(books)))


if __name__ == "__main__":
    measure()
    write()
