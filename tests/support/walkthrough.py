"""docs/walkthrough.md, its outputs written anew: `python -m tests.support.walkthrough`.

Every block of shell in the page is run, in order, in one shell, in a clone of what is
committed, as a newcomer would. The block of text after it becomes what was printed.
`<!-- last N -->` before a block keeps its last lines only.
"""

import re
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.compiled import ROOT

PAGE = ROOT / "docs" / "walkthrough.md"
PORT = "8545"
BLOCK = re.compile(
    r"(?:<!-- last (?P<last>\d+) -->\n)?```sh\n(?P<commands>.*?)```\n"
    r"(?:\n```text\n(?P<printed>.*?)```\n)?",
    re.S,
)
WIDTH = 100
COLOUR = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


@dataclass(frozen=True)
class Block:
    commands: str
    printed: str | None
    last: int | None


def blocks(page: str) -> Iterator[Block]:
    for match in BLOCK.finditer(page):
        last = match["last"]
        yield Block(match["commands"], match["printed"], int(last) if last else None)


class Shell:
    """One shell for the whole page, so that it remembers."""

    def __init__(self, folder: Path, port: str) -> None:
        self.port = port
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.run(f"export COLUMNS={WIDTH} TERM=dumb NO_COLOR=1")

    def run(self, commands: str) -> str:
        marker = "that was it"
        mine = commands.replace(PORT, self.port)
        self.process.stdin.write(f"{mine}\nprintf '\\n%s %s\\n' '{marker}' $?\n")
        self.process.stdin.flush()
        printed = []
        for line in self.process.stdout:
            if line.startswith(marker):
                if line.split()[-1] != "0":
                    raise RuntimeError(f"{commands}\n{''.join(printed)}")
                break
            printed.append(line)
        else:
            raise RuntimeError(f"the shell ended in: {commands}\n{''.join(printed)}")
        return COLOUR.sub("", "".join(printed)).replace(self.port, PORT).strip("\n")

    def end(self) -> None:
        self.run("kill $(jobs -p)")
        self.process.stdin.close()
        self.process.wait()


def shortened(text: str, last: int | None) -> str:
    lines = [line.rstrip() for line in text.splitlines()]
    if last and len(lines) > last:
        lines = ["...", *lines[-last:]]
    return "\n".join(lines)


def written(page: str, shell: Shell) -> str:
    def fresh(match: re.Match[str]) -> str:
        last = int(match["last"]) if match["last"] else None
        printed = shortened(shell.run(match["commands"]), last)
        print(match["commands"] + printed, flush=True)
        head = f"<!-- last {last} -->\n" if last else ""
        block = f"{head}```sh\n{match['commands']}```\n"
        return block + (f"\n```text\n{printed}\n```\n" if printed else "")

    return BLOCK.sub(fresh, page)


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def main() -> None:
    with tempfile.TemporaryDirectory() as parent:
        clone = Path(parent) / "uraeus"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        shell = Shell(clone, free_port())
        try:
            text = written(PAGE.read_text(), shell)
        finally:
            shell.end()
        PAGE.write_text(text.replace(str(clone) + "/", ""))


if __name__ == "__main__":
    main()
