"""docs/access.md says what is so: its commands, its phrases, its files."""

import re

import click
import pytest

from scripts import access
from scripts._lib.collection_file import CollectionFile
from scripts._lib.files import ROOT
from scripts._lib.intent import load
from scripts._lib.rule_file import RuleFile
from scripts._lib.sentence import PHRASES, parse

PAGE = (ROOT / "docs" / "access.md").read_text()
COMMANDS = re.findall(r"^\./dev ape run access (.+?)(?: +#.*)?$", PAGE, re.M)
EXAMPLE = re.search(r"```toml\n(.*?)```", PAGE, re.S)[1]


def named(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that words begin with, and what is left."""
    command: click.Command = access.cli
    while isinstance(command, click.Group):
        name, *words = words
        command = command.commands[name]
    return command, words


@pytest.mark.parametrize("line", COMMANDS)
def test_command_takes_what_the_page_gives_it(line):
    command, words = named(re.findall(r'"[^"]*"|\S+', line))
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_every_command_is_on_the_page():
    shown = {named(line.split())[0] for line in COMMANDS}

    def all_of(group):
        for command in group.commands.values():
            yield from all_of(command) if isinstance(command, click.Group) else [command]

    assert set(all_of(access.cli)) == shown


def test_every_phrase_is_on_the_page():
    rows = re.findall(r"^\| `([^`]+)` \| `\[", PAGE, re.M)
    shown = [re.sub(r"^[0-9.]+", "#", row.replace("NAME", "*")) for row in rows]
    assert shown == list(PHRASES.values())


def test_the_rule_on_the_page_is_good(tmp_path):
    file = tmp_path / "song.toml"
    file.write_text(EXAMPLE)
    rule = load(file, RuleFile)
    said = str(parse(rule.let_in, rule.tables))
    assert said == "a valid studio pass, or 100 council votes and not on the ban list"


def test_the_collection_that_we_show_is_good():
    file = load(ROOT / "deployments" / "collections" / "studio.toml", CollectionFile)
    assert [plan.duration for plan in file.plans] == [30 * 86_400, 365 * 86_400, 3 * 86_400]
