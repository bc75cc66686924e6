"""The walk-through speaks of commands that exist, and of the addresses of today."""

import re
import shlex
from importlib import import_module

import pytest
from click import Context, Group

from scripts._lib import create2, intent
from scripts._lib.plan import system
from scripts._lib.upgrade.drill import EXAMPLE
from scripts._lib.upgrade.request import FILE, arguments, read
from scripts._lib.upgrade.sources import compiled, constructor, init_code, source_of
from tests.support import walkthrough

pytestmark = pytest.mark.no_anchor

DEPLOYER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"  # the first test account
COMMAND = re.compile(r"^\./dev ape run (.*)$", re.M)
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{40}\b")


def page() -> str:
    return walkthrough.PAGE.read_text()


def parsed(line: str) -> None:
    """Raises what click says of a command that does not exist, or is told what it does not take."""
    name, *words = shlex.split(line.replace("$on", "").replace("$proposal", "7"))
    command = import_module(f"scripts.{name}").cli
    if isinstance(command, Group):
        verb = words.pop(0)
        command = command.get_command(Context(command), verb)
        assert command is not None, f"{name} has no {verb}"
    command.make_parser(Context(command)).parse_args(words)


def test_its_commands_exist():
    lines = COMMAND.findall(page())
    assert len(lines) > 15
    for line in lines:
        parsed(line)


@pytest.mark.parametrize("line", ["upgrade fly prices", "upgrade check prices --fast", "sing"])
def test_command_that_does_not_exist_is_found(line):
    with pytest.raises(Exception, match=r"has no|No such option|No module"):
        parsed(line)


def known() -> set[str]:
    """All contracts, the new module among them, and the accounts of the settings."""
    settings = intent.of_network("ethereum", "local")
    plan = system(settings, DEPLOYER)
    addresses = {part.address for part in plan.parts.values()}
    request = read(EXAMPLE / FILE)
    data = compiled(source_of(request.contract))
    values = arguments(request, constructor(data), lambda name: name)
    addresses |= {create2.address_of(init_code(data, values)), create2.DEPLOYER, create2.SIGNER}
    return addresses | {DEPLOYER, settings.guardian.account, *settings.token.holders}


def test_its_addresses_are_those_of_today():
    printed = [block.printed for block in walkthrough.blocks(page()) if block.printed]
    assert len(printed) > 10, "run python -m tests.support.walkthrough"
    shown = {address for text in printed for address in ADDRESS.findall(text)}
    assert shown
    assert shown <= known(), "run python -m tests.support.walkthrough"


def test_address_of_yesterday_is_found():
    assert "0x" + "11" * 20 not in known()
