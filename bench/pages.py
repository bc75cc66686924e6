"""What is made of the measured and the recorded figures: data, table and chart."""

from pathlib import Path

from bench import chart, table
from bench.results import RESULT, result, text


def pages() -> dict[Path, str]:
    found = result()
    return {
        RESULT: text(found),
        table.PAGE: table.page(found),
        chart.PICTURE: chart.picture(found),
    }


def write() -> None:
    for path, content in pages().items():
        path.write_text(content)


if __name__ == "__main__":
    write()
