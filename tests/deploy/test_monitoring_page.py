"""docs/monitoring.md and the audit pack name commands that there are."""

import re

import click
import pytest

from scripts import access, dao, deploy, income, names, upgrade
from scripts._lib.files import ROOT

SCRIPTS = {
    "access": access.cli,
    "dao": dao.cli,
    "deploy": deploy.cli,
    "income": income.cli,
    "names": names.cli,
    "upgrade": upgrade.cli,
}
PAGES = [ROOT / "docs" / "monitoring.md", *sorted((ROOT / "docs" / "audit").glob("*.md"))]
RUN = re.compile(r"ape run ([a-z][^`\n]*)")


def commands(text: str) -> list[str]:
    return sorted(set(RUN.findall(text)))


def faults(line: str) -> list[str]:
    """What of a line, without `ape run`, there is not."""
    script, *words = line.split()
    command: click.Command | None = SCRIPTS.get(script)
    while isinstance(command, click.Group):
        command = command.commands.get(words[0]) if words else None
        words = words[1:]
    if command is None:
        return [line]
    options = {option for parameter in command.params for option in parameter.opts}
    return [word for word in words if word.startswith("--") and word not in options]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_the_page_names_exist(page):
    assert [fault for line in commands(page.read_text()) for fault in faults(line)] == []


def test_runbook_names_commands():
    shown = {tuple(line.split()[:2]) for line in commands(PAGES[0].read_text())}
    wanted = {"doctor", "watch", "review", "cancel", "pause", "rollback"}
    assert {("upgrade", each) for each in wanted} <= shown


@pytest.mark.parametrize(
    "line", ["upgrade undo NAME", "deploy", "upgrade watch NAME --loud", "x y"]
)
def test_command_that_is_not_there_is_found(line):
    assert faults(line)
