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
    """The checks of `checks/<name>Checks.vy`."""

    subject: str  # a contract of ours
    helpers: tuple[str, ...] = ()  # contracts beside the checks
    arrays: str = "1"  # lengths of dynamic arrays in calls
    bytes: str = "0"  # lengths of bytes and strings in calls
    wrong: tuple[Wrong, ...] = field(default=())
    # Not in what the digest is made of:
    part: str = field(default="", repr=False)  # where one contract has several suites
    bounds: str = field(default="", repr=False)  # what the checks leave out, for the report

    @property
    def name(self) -> str:
        return f"{self.subject}{self.part}"

    @property
    def contract(self) -> str:
        return f"{self.name}Checks"


KERNEL = Suite(
    "Kernel",
    bounds="Operations and claims of one change (the contract takes 16). Code of 32 bytes, "
    "whatever they are, the kernel's own, or none. Namespaces, entries and operations are "
    "the hashes that the contract makes of what they are of. Before year 36,000 and "
    "version 2**32 - 1. Not proved: KER-7, KER-9 (KER-10 is read off the code), two "
    "changes of one call, events.",
    wrong=(
        Wrong(
            "check_ker_1_2_3_entries_change_by_law",
            "a version may be skipped",
            (
                (
                    "settings: uint256 = (word & MASK_96) + 1\n    self._entries",
                    "settings: uint256 = (word & MASK_96) + 2\n    self._entries",
                ),
            ),
        ),
        Wrong(
            "check_ker_1_2_3_entries_change_by_law",
            "any code will do",
            (("assert module.codehash == code_hash", "assert module.codesize != 0"),),
        ),
        Wrong(
            "check_ker_3_announced_code_is_there",
            "announces what is not there",
            (("        self._check_change(change, entry, last)\n", ""),),
        ),
        Wrong(
            "check_ker_1_3_4_what_applies_was_announced_and_is_what_is_written",
            "what was canceled applies",
            (
                (
                    "op, IKernel.State.WAITING)\n    ready:",
                    "op, IKernel.State.CANCELED)\n    ready:",
                ),
            ),
        ),
        Wrong(
            "check_ker_12_a_rollback_restores_the_predecessor",
            "rolls back to where it was",
            (
                (
                    "predecessor: address = convert(self._pasts[id] >> AT_ADDRESS, address)",
                    "predecessor: address = convert(word >> AT_ADDRESS, address)",
                ),
            ),
        ),
        Wrong(
            "check_ker_4_11_announced_changes_live_by_law",
            "no notice",
            (
                (
                    "ready: uint256 = block.timestamp + ((namespace_word >> AT_NOTICE) & MASK_24)",
                    "ready: uint256 = block.timestamp",
                ),
            ),
        ),
        Wrong(
            "check_ker_4_11_announced_changes_live_by_law",
            "applies a second early",
            (("block.timestamp >= ready,", "block.timestamp + 1 >= ready,"),),
        ),
        Wrong(
            "check_ker_4_11_announced_settings_live_by_law",
            "an operation of a former owner applies",
            (
                (
                    "(word >> AT_OP_EPOCH) & MASK_32 == self._namespaces[ns] & MASK_32,",
                    "(word >> AT_OP_EPOCH) & MASK_32 <= self._namespaces[ns] & MASK_32,",
                ),
            ),
        ),
        Wrong(
            "check_ker_5_frozen_stays_and_is_not_paused",
            "the frozen may be paused",
            (("    self._check_not_frozen(word)\n    return word", "    return word"),),
        ),
        Wrong(
            "check_ker_6_no_call_touches_another_namespace",
            "claims what is another's",
            (
                (
                    "ns: bytes32 = self._id(convert(msg.sender, bytes32), label)",
                    "ns: bytes32 = self._id(convert(owner, bytes32), label)",
                ),
                ('    self._require(self._namespaces[ns] == 0, "kernel: already claimed")\n', ""),
            ),
        ),
        Wrong(
            "check_ker_8_no_zero_key",
            "a zero key may be filled",
            (
                (
                    "convert(change.key, uint256) > convert(last",
                    "convert(change.key, uint256) >= convert(last",
                ),
            ),
        ),
        Wrong(
            "check_ker_8_11_an_owner_is_not_zero_and_comes_with_an_epoch",
            "zero may own",
            (
                (
                    '    self._require(owner != empty(address), "kernel: zero owner")\n    ns:',
                    "    ns:",
                ),
            ),
        ),
        Wrong(
            "check_ker_8_11_an_owner_is_not_zero_and_comes_with_an_epoch",
            "a new owner in the old epoch",
            (("(word & MASK_96) + 1  # the next epoch", "word & MASK_96"),),
        ),
    ),
)

TIMELOCK = Suite(
    "Timelock",
    bounds="Operations of one plain payment; a kernel whose answers stay within a call. Not "
    "proved: batches, calls with data, GOV-2 to GOV-5, GOV-9, GOV-10.",
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
    bounds="Signatures of 65 bytes. The sums of the state before hold for the accounts in "
    "question.",
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

TRANSFERS = Suite(
    "VotesToken",
    part="Transfer",
    bounds="The balances of sender and receiver sum to at most the supply before, and no delegate "
    "has more votes than there may be tokens. No length is bounded.",
    wrong=(
        Wrong(
            "check_gov_1_a_transfer_moves_its_amount",
            "the sender keeps what was sent",
            (("self._accounts[owner] = unsafe_sub(word, amount)", "self._accounts[owner] = word"),),
        ),
        Wrong(
            "check_gov_1_a_transfer_moves_its_amount",
            "an allowance is not needed",
            (
                (
                    'assert amount <= allowed, "token: allowance too low"',
                    "assert amount <= max_value(uint256)",
                ),
            ),
        ),
        Wrong(
            "check_gov_1_a_transfer_to_oneself_moves_nothing",
            "a transfer to oneself adds up",
            (("    if owner == to:\n        return\n", ""),),
        ),
        Wrong(
            "check_gov_1_a_transfer_moves_its_votes_from_delegate_to_delegate",
            "votes stay behind",
            (
                (
                    "self._move_votes(word >> AT_DELEGATE, to_word >> AT_DELEGATE, amount)",
                    "self._move_votes(0, to_word >> AT_DELEGATE, amount)",
                ),
            ),
        ),
        Wrong(
            "check_gov_1_a_transfer_moves_its_votes_from_delegate_to_delegate",
            "a delegate gets one vote too many",
            (("checkpoints._add(target, amount)", "checkpoints._add(target, amount + 1)"),),
        ),
    ),
)

NAMES = Suite(
    "Names",
    helpers=("AnyKernel",),
    bytes="5",
    bounds="Live names of the second level with labels of five bytes, and calls about such "
    "names, by anybody. Who neither owns the name nor is an operator of its owner can only "
    "prolong it, transfer it where approved in this epoch, or, as the default resolver, raise its "
    "epoch. Before year 36,000. Not proved: sub-names, `register`, `renew`, `sweep`, "
    "`safeTransferFrom`, `createSubname`, `extend`, what a resolver keeps and whom it lets "
    "clear it, NAM-1, NAM-3 to NAM-7, NAM-9.",
    wrong=(
        Wrong(
            "check_nam_8_nobody_else_touches_a_name",
            "anybody controls a name",
            (("    self._check_controls(word)\n    return word", "    return word"),),
        ),
        Wrong(
            "check_nam_8_nobody_else_touches_a_name",
            "anybody clears a name",
            (('    assert msg.sender == _RESOLVER, "names: not resolver"\n', ""),),
        ),
        Wrong(
            "check_nam_2_epochs_never_fall_and_a_new_owner_sees_nothing_old",
            "a transfer stays in the epoch",
            (
                (
                    "self._move(node, self._next_epoch(word), receiver)",
                    "self._move(node, word, receiver)",
                ),
            ),
        ),
        Wrong(
            "check_nam_2_epochs_never_fall_and_a_new_owner_sees_nothing_old",
            "epochs are counted down",
            (("return word + (1 << AT_EPOCH)", "return word - (1 << AT_EPOCH)"),),
        ),
        Wrong(
            "check_nam_2_epochs_never_fall_and_a_new_owner_sees_nothing_old",
            "a migration keeps what was approved",
            (("    self._approvals[node] = 0\n", ""),),
        ),
    ),
)

SPLITTER = Suite(
    "Splitter",
    bounds="Splits of three (the contract takes 100), with every share, of which each recipient "
    "may refuse; rounds of ETH, of balances below 2**96 wei that cover what is owed; claims of the "
    "first recipient. The solver does not divide: that units times shares are at most what is "
    "divided, and less than the sum of shares below it, is assumed of the very terms that the "
    "contract comes to. Gas is not modelled. Not proved: rounds of tokens, recipients that call "
    "back, claims where a balance fell, INC-4 to INC-8, the factory.",
    wrong=(
        Wrong(
            "check_inc_2_3_a_round_is_in_exact_proportion",
            "a share is cut to a byte",
            (("unsafe_mul(units, row & SHARE_MASK)", "unsafe_mul(units, row & COUNT_MASK)"),),
        ),
        Wrong(
            "check_inc_2_3_a_round_is_in_exact_proportion",
            "what is owed is divided again",
            (("unsafe_div(unsafe_sub(balance, owed), total)", "unsafe_div(balance, total)"),),
        ),
        Wrong(
            "check_inc_1_2_a_round_loses_nothing_and_leaves_less_than_a_unit_each",
            "what was refused is not booked as owed",
            (("self._owed[token] = owed + refused", "self._owed[token] = owed"),),
        ),
        Wrong(
            "check_inc_2_less_than_a_unit_each_waits",
            "what is owed is divided again",
            (("unsafe_div(unsafe_sub(balance, owed), total)", "unsafe_div(balance, total)"),),
        ),
        Wrong(
            "check_inc_1_a_claim_pays_its_credit_once",
            "a credit can be claimed twice",
            (("    self._credits[token][account] = 0\n", ""),),
        ),
        Wrong(
            "check_inc_1_a_claim_pays_its_credit_once",
            "anybody has a credit sent elsewhere",
            (("assert to == account or msg.sender == account,", "assert to != empty(address),"),),
        ),
    ),
)

SUITES = {
    suite.name: suite for suite in (KERNEL, TIMELOCK, VOTES_TOKEN, TRANSFERS, NAMES, SPLITTER)
}
