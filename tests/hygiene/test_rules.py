"""Each rule passes clean code, and complains when one thing in it is broken."""

import pytest

from tests.hygiene import rules
from tests.hygiene.rules import RULES, Rule, Source

CLEAN = '''# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Clean
@license AGPL-3.0-only
@notice Keeps to every rule.
@custom:security Nothing to lose.
"""

from ethereum.ercs import IERC20
from ..lib import ownable

initializes: ownable
exports: (ownable.owner,)

OFFSET: constant(uint256) = 3

_total: uint256


@deploy
def __init__(owner: address):
    """
    @notice Set the owner.
    @param owner The owner.
    """
    ownable.__init__(owner)


@external
@payable
def act(token: IERC20, blueprint: address, amount: uint256) -> uint256:
    """
    @notice Do a few things.
    @param token The token.
    @param blueprint The blueprint.
    @param amount How much, in units of the token.
    @return What is left.
    """
    assert amount != 0, "clean: zero amount"
    self._check(amount < 100, "clean: too much")
    if amount == 7:
        raise "clean: seven"
    assert self._total < 2**255  # dev: the supply is bounded
    extcall token.transfer(msg.sender, amount)
    ok: bool = extcall IERC20(blueprint).transfer(msg.sender, 1, default_return_value=True)
    create_from_blueprint(blueprint, code_offset=3)
    create_from_blueprint(blueprint, code_offset=OFFSET)
    both: uint256 = msg.value | amount
    return (amount | 1) if msg.value == 0 else both


@internal
@pure
def _check(ok: bool, reason: String[32]):
    assert ok, reason
'''

# rule, what to replace, by what, words of the complaint
BROKEN = [
    (rules.licensed, "AGPL-3.0-only\n# pragma", "MIT\n# pragma", "first line"),
    (rules.licensed, "# SPDX", "\n# SPDX", "first line"),
    (rules.pinned, "version 0.4.3", "version ^0.4.3", "second line"),
    (rules.pinned, "version 0.4.3", "version 0.4.2", "second line"),
    (
        rules.pinned,
        "nonreentrancy off",
        "nonreentrancy off\n#pragma version >0.3.0",
        "only version",
    ),
    (rules.explicit_lock, "# pragma nonreentrancy off\n", "", "nonreentrancy"),
    (rules.ascii_only, "Nothing to lose", "Nothing \N{RIGHTWARDS ARROW} lose", "line 8: not ASCII"),
    (rules.documented, "@title Clean\n", "", "no @title"),
    (rules.documented, "@license AGPL-3.0-only\n", "", "no @license"),
    (rules.documented, "@notice Keeps to", "Keeps to", "no @notice"),
    (rules.documented, "@custom:security", "@dev", "no @custom:security"),
    (rules.documented, "@notice Set the owner", "Set the owner", "__init__: no @notice"),
    (rules.documented, "    @param owner The owner.\n", "", "__init__: no @param owner"),
    (rules.documented, "@param amount How much", "@param sum How much", "act: no @param amount"),
    (rules.documented, "@param amount How much", "@param sum How much", "sum is no argument"),
    (rules.documented, "@param token The token.", "@param token", "act: no @param token"),
    (rules.documented, "    @return What is left.\n", "", "act: no @return"),
    (rules.named_reverts, ', "clean: zero amount"', "", "without a reason"),
    (rules.named_reverts, 'raise "clean: seven"', "raise", "without a reason"),
    (rules.named_reverts, "  # dev: the supply is bounded", "", "without a reason"),
    (rules.named_reverts, "clean: zero amount", "zero amount", "does not name its subsystem"),
    (
        rules.named_reverts,
        "clean: seven",
        "clean: seven is not allowed here, is it?",
        "reason of 4",
    ),
    (rules.named_reverts, "clean: too much", "too much", "does not name its subsystem"),
    (rules.named_reverts, "clean: zero amount", "kernel: zero amount", "names another subsystem"),
    (rules.safe_ternaries, "(amount | 1) if", "(amount | msg.value) if", "msg.value"),
    (rules.safe_ternaries, "(amount | 1) if", "(amount | len(msg.data)) if", "len(msg.data)"),
    (rules.safe_ternaries, "else both", "else (1 | (msg.value + 2))", "msg.value"),
    (rules.safe_ternaries, "if msg.value == 0", "if (msg.value | amount) == 0", "msg.value"),
    (rules.fixed_code_offset, "code_offset=3", "code_offset=amount", "not a constant"),
    (rules.fixed_code_offset, "code_offset=OFFSET", "code_offset=self._total", "not a constant"),
    (rules.checked_transfers, ", default_return_value=True", "", "default_return_value"),
    (rules.explicit_exports, "(ownable.owner,)", "ownable.__interface__", "__interface__"),
    (
        rules.events_in_interface,
        "_total:",
        "event Made:\n    by: address\n\n_total:",
        "Made belongs",
    ),
    (rules.events_in_interface, "_total:", "struct Pair:\n    a: bool\n\n_total:", "Pair belongs"),
    (rules.events_in_interface, "_total:", "flag Side:\n    LEFT\n\n_total:", "Side belongs"),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_clean_code_passes(rule: Rule):
    assert rule(Source("contracts/clean/Clean.vy", CLEAN)) == []


@pytest.mark.parametrize(
    ("rule", "old", "new", "complaint"), BROKEN, ids=lambda value: getattr(value, "__name__", None)
)
def test_broken_code_is_found(rule: Rule, old: str, new: str, complaint: str):
    assert CLEAN.count(old) == 1
    complaints = rule(Source("contracts/clean/Clean.vy", CLEAN.replace(old, new)))
    assert any(complaint in found for found in complaints), complaints


def test_every_rule_is_broken_once():
    assert {rule for rule, *_ in BROKEN} == set(RULES)
