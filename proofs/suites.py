"""What is proved: checks written in Vyper, and for each a wrong contract that it has to refute."""

from dataclasses import dataclass, field

EDIT = tuple[str, str]  # text that stands once in the contract, and what is put there


@dataclass(frozen=True)
class Wrong:
    """A contract with a fault, and the check that must find a counterexample."""

    check: str
    fault: str  # in words, for the report
    edits: tuple[EDIT, ...]


@dataclass(frozen=True)
class Suite:
    """The checks of `checks/<subject>Checks.vy`."""

    subject: str  # a contract of ours
    helpers: tuple[str, ...] = ()  # contracts beside the checks
    arrays: str = "1"  # lengths of dynamic arrays in calls
    bytes: str = "0"  # lengths of bytes and strings in calls
    wrong: tuple[Wrong, ...] = field(default=())

    @property
    def contract(self) -> str:
        return f"{self.subject}Checks"


TIMELOCK = Suite(
    "Timelock",
    helpers=("AnyKernel",),
    wrong=(
        Wrong(
            "check_gov_6_done_only_in_its_window",
            "executes a second early",
            (
                (
                    "assert block.timestamp >= word & MASK_40",
                    "assert block.timestamp + 1 >= word & MASK_40",
                ),
            ),
        ),
        Wrong(
            "check_gov_6_done_only_in_its_window",
            "executes for a replaced governor",
            (("    self._check_version((word >> AT_VERSION) & MASK_32, version)\n", ""),),
        ),
        Wrong(
            "check_gov_6_done_and_canceled_are_final",
            "what is done can be canceled",
            (('    assert status != DONE, "timelock: already done"\n', ""),),
        ),
        Wrong(
            "check_gov_6_waits_the_delay_in_force",
            "no delay",
            (
                (
                    "ready: uint256 = block.timestamp + self._delay",
                    "ready: uint256 = block.timestamp",
                ),
            ),
        ),
        Wrong(
            "check_gov_6_waits_the_delay_in_force",
            "scheduled again, it waits anew",
            (('    assert self._operations[id] == 0, "timelock: already scheduled"\n', ""),),
        ),
        Wrong(
            "check_gov_7_only_its_own_call_sets_the_delay",
            "anybody sets the delay",
            (('assert msg.sender == self, "timelock: only itself"', "assert msg.sender != self"),),
        ),
        Wrong(
            "check_gov_8_the_treasury_pays_for_nobody_else",
            "anybody executes",
            (
                (
                    'assert governor != empty(address) and msg.sender == governor, "timelock',
                    'assert governor != empty(address), "timelock',
                ),
            ),
        ),
    ),
)

VOTES_TOKEN = Suite(
    "VotesToken",
    bytes="65",
    wrong=(
        Wrong(
            "check_gov_1_only_the_timelock_mints_up_to_the_cap",
            "the cap may be passed by one",
            (("amount <= cap - checkpoints", "amount <= cap + 1 - checkpoints"),),
        ),
        Wrong(
            "check_gov_1_only_the_timelock_mints_up_to_the_cap",
            "anybody mints",
            (
                (
                    'assert msg.sender == timelock, "token',
                    'assert msg.sender != empty(address), "token',
                ),
            ),
        ),
        Wrong(
            "check_gov_1_nothing_else_moves_tokens",
            "a delegation empties the account",
            (("self._accounts[delegator] = amount | ", "self._accounts[delegator] = "),),
        ),
        Wrong(
            "check_gov_1_a_delegation_moves_its_votes",
            "votes are given twice",
            (
                (
                    "    self._move_votes(old, new, amount)\n",
                    "    self._move_votes(0, new, amount)\n",
                ),
            ),
        ),
    ),
)

SUITES = {suite.subject: suite for suite in (TIMELOCK, VOTES_TOKEN)}
