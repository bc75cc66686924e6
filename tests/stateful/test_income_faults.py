"""Splits and forwarders broken on purpose: each fault has to be caught by the test that it names.

A fault takes one check out of the source. The test is played against what is left, with
what its fixtures would give it; that it passes on the sound source, the test itself shows.
"""

import gc
import inspect
import shutil
from collections.abc import Callable
from typing import Any, NamedTuple

import boa
import pytest
from vyper.compiler.settings import OptimizationLevel

from tests.support import forwarders, income
from tests.support.compiled import ROOT, deployer
from tests.support.income import (
    ETH,
    Mode,
    ascending,
    create_split,
    new_accounts,
    new_recipient,
    receive,
)
from tests.unit.income import (
    test_attacks,
    test_claim,
    test_create,
    test_distribute,
    test_forwarder_attacks,
    test_forwarder_create,
    test_forwarder_flush,
    test_forwarder_names,
    test_forwarder_retarget,
)

Edit = tuple[str, str]
FILES = {
    "Splitter": "contracts/income/Splitter.vy",
    "SplitterFactory": "contracts/income/SplitterFactory.vy",
    "Forwarder": "contracts/income/Forwarder.vy",
    "ForwarderFactory": "contracts/income/ForwarderFactory.vy",
    "assets": "contracts/lib/assets.vy",
}
UNLOCKED = (
    ("# pragma nonreentrancy on", "# pragma nonreentrancy off"),
    ("@reentrant\n", ""),
)


# ----- what a fixture would give -----


def refused(income: Any) -> tuple[Any, Any]:
    """As in test_claim: a split that owes 10 wei of 20 to a wallet that refused them."""
    wallet = new_recipient(Mode.REFUSE)
    split = create_split(income, ascending([wallet, *new_accounts(1)]), [1, 1])
    receive(split, ETH, 20)
    split.distribute(ETH)
    return split, wallet


def account(role: str) -> Callable[[], str]:
    return lambda: boa.env.generate_address(role)


MAKERS: dict[str, Callable[..., Any]] = {
    **{
        role: account(role)
        for role in ("owner", "target", "fallback", "stranger", "moved", "buyer")
    },
    "income": income.deploy_income,
    "accounts": lambda: income.new_accounts(3),
    "refused": refused,
    "token": income.new_token,
    "forwarding": forwarders.deploy_forwarding,
    "names": lambda forwarding: forwarding.world.names,
    "resolver": lambda forwarding: forwarding.world.resolver,
    "node": lambda forwarding, owner: forwarding.world.register("alice", owner),
    "forwarder": lambda forwarding, owner, target: forwarding.to_address(owner, target),
    "follower": lambda forwarding, node, fallback: forwarding.to_name(node, fallback),
}


def play(test: Callable[..., None], given: dict[str, Any]) -> None:
    made = dict(given)

    def make(name: str) -> Any:
        if name not in made:
            needs = inspect.signature(MAKERS[name]).parameters if name in MAKERS else ()
            # Builders have defaults, which stay.
            wanted = [need for need in needs if needs[need].default is inspect.Parameter.empty]
            made[name] = MAKERS[name](*map(make, wanted))
        return made[name]

    arguments = {name: make(name) for name in inspect.signature(test).parameters}
    test(**arguments)


# ----- broken sources -----


def edited(name: str, edits: tuple[Edit, ...]) -> str:
    """The source with each text replaced; each must be there (once, but for the lock)."""
    source = (ROOT / FILES[name]).read_text()
    for old, new in edits:
        found = source.count(old)
        assert found == 1 or (old, new) in UNLOCKED, f"{found} times in the source: {old!r}"
        source = source.replace(old, new)
    return source


def broken_deployer(name: str, edits: tuple[Edit, ...], folder: Any) -> Callable[[str], Any]:
    """`deployer`, but for what the edit reaches."""
    if name == "assets":
        for part in ("contracts/income", "contracts/lib", "interfaces"):
            shutil.copytree(ROOT / part, folder / part)
        (folder / FILES[name]).write_text(edited(name, edits))
        reached = {user: folder / FILES[user] for user in ("Splitter", "Forwarder")}
    else:
        reached = {name: ROOT / FILES[name]}
    made: dict[str, Any] = {}

    def find(wanted: str) -> Any:
        if wanted not in reached:
            return deployer(wanted)
        if wanted not in made:
            source = reached[wanted].read_text() if name == "assets" else edited(name, edits)
            made[wanted] = quickly_compiled(wanted, source, str(reached[wanted]))
        return made[wanted]

    return find


def quickly_compiled(name: str, source: str, path: str) -> Any:
    """In half the time: without optimisation, and without the garbage collector."""
    gc.disable()
    try:
        return boa.loads_partial(
            source,
            name=name,
            filename=path,
            dedent=False,
            compiler_args={"optimize": OptimizationLevel.NONE},
        )
    finally:
        gc.enable()


# ----- the faults -----


class Fault(NamedTuple):
    contract: str
    name: str
    test: Callable[..., None]
    given: dict[str, Any]
    edits: tuple[Edit, ...]


def fault(contract: str, name: str, test: Callable, *edits: Edit, **given: Any) -> Fault:
    return Fault(contract, name, test, given, edits)


def without(check: str) -> Edit:
    return (check, "pass")


STARVED = 'assert msg.gas >= needed, "income: too little gas"'
FAULTS = [
    fault("Splitter", "no lock", test_attacks.test_attack_reentering_from_eth_gains_nothing_inc_5,
          *UNLOCKED, attempt=0, across=True),
    fault("Splitter", "starving is refusing",
          test_attacks.test_attack_starved_eth_push_reverts_or_pays_inc_3, without(STARVED)),
    fault("Splitter", "starving a token is refusing",
          test_attacks.test_attack_starved_token_push_reverts_or_pays_inc_3, without(STARVED)),
    fault("Splitter", "no allowance of gas",
          test_attacks.test_attack_return_bomb_costs_the_caller_its_allowance_at_most,
          ("value=part, gas=allowance, revert", "value=part, revert")),
    fault("Splitter", "what is refused is lost",
          test_attacks.test_attack_hostile_recipient_of_eth_costs_others_nothing,
          without("self._credits[token][account] += part"), mode=Mode.REFUSE),
    fault("Splitter", "credits are divided again",
          test_distribute.test_distribute_leaves_credits_alone,
          without("self._owed[token] = owed + refused")),
    fault("Splitter", "a paused token is credited",
          test_attacks.test_attack_paused_token_waits_without_credits,
          without('assert token == empty(address) or refused != amount,'
                  ' "income: token refuses all"')),
    fault("Splitter", "no recipient is a split",
          test_attacks.test_attack_direct_calls_to_the_implementation_revert,
          without('assert self != _IMPLEMENTATION, "income: not a split"')),
    fault("Splitter", "recipients are read as arguments",
          test_attacks.test_attack_short_arguments_are_not_completed_by_recipients,
          without('assert start >= sent, "income: short calldata"'), sent=4),
    fault("Splitter", "claimed twice", test_claim.test_claim_by_anyone_pays_the_account,
          without("self._credits[token][account] = 0")),
    fault("Splitter", "claimed and still owed", test_claim.test_claim_by_anyone_pays_the_account,
          without("self._owed[token] = owed - credit")),
    fault("Splitter", "anyone claims anywhere", test_claim.test_claim_elsewhere_by_another_reverts,
          without('assert to == account or msg.sender == account, "income: not the account"')),
    fault("Splitter", "claimed for zero", test_claim.test_claim_to_the_zero_address_reverts,
          without('assert to != empty(address), "income: zero address"')),
    fault("Splitter", "claims without credit", test_claim.test_claim_without_credit_reverts,
          without('assert credit != 0, "income: no credit"')),
    fault("Splitter", "a refused claim is lost",
          test_claim.test_claim_that_is_refused_reverts_and_keeps_the_credit,
          without('assert paid, "income: payment refused"')),
    fault("Splitter", "anyone makes another's loss",
          test_attacks.test_attack_claim_for_another_at_the_bottom_of_a_rebase_reverts_inc_3,
          without('assert amount == credit or msg.sender == account, "income: short of tokens"')),
    fault("Splitter", "too large a product",
          test_claim.test_a_shortage_beyond_128_bits_neither_overflows_nor_overpays,
          ("(owed >> 128) + 1", "1")),
    fault("SplitterFactory", "lengths", test_create.test_create_with_lengths_that_differ_reverts,
          without('assert count == len(shares), "income: lengths differ"'), shares=[1, 1, 1, 1]),
    fault("SplitterFactory", "one recipient",
          test_create.test_create_with_less_than_two_recipients_reverts,
          without('assert count >= MIN_RECIPIENTS, "income: too few recipients"'), count=1),
    fault("SplitterFactory", "duplicates", test_attacks.test_attack_duplicate_recipients_revert,
          ("assert convert(recipient, uint256) > previous", "assert convert(recipient, uint256)"
           " >= previous")),
    fault("SplitterFactory", "disorder", test_attacks.test_attack_disordered_recipients_revert,
          ("assert convert(recipient, uint256) > previous",
           "assert convert(recipient, uint256) != previous")),
    fault("SplitterFactory", "zero share", test_create.test_create_with_a_zero_share_reverts,
          without('assert share != 0, "income: zero share"'), shares=[1, 0, 1]),
    fault("SplitterFactory", "total", test_attacks.test_attack_share_overflow_reverts,
          without('assert total <= MAX_TOTAL, "income: total over 1,000,000"')),
    fault("SplitterFactory", "not in lowest terms",
          test_create.test_create_brings_shares_to_lowest_terms,
          ("share = unsafe_div(share, divisor)", "share = share")),
    fault("SplitterFactory", "front-run",
          test_attacks.test_attack_front_run_creation_changes_nothing,
          ("    if not split.is_contract:", "    if True:")),
    fault("SplitterFactory", "codeless",
          test_create.test_a_factory_for_a_codeless_implementation_reverts,
          without('assert implementation.is_contract, "income: splitter has no code"')),
    fault("assets", "a codeless token", test_attacks.test_attack_codeless_token_reverts,
          without('assert token.is_contract, "income: token has no code"')),
    fault("assets", "failure is success",
          test_attacks.test_attack_hostile_token_hook_costs_others_nothing,
          ("return success and (len", "return (len"), mode=Mode.BURN),
    fault("assets", "no answer is false",
          test_attacks.test_attack_token_without_return_value_is_paid,
          ("len(answer) == 0 or ", "")),
    fault("assets", "any answer is true",
          test_attacks.test_attack_answer_that_is_not_true_is_a_refusal,
          ("convert(answer, uint256) == 1", "convert(answer, uint256) != 0"),
          answer=(2).to_bytes(32, "big")),
    fault("assets", "short answers are read",
          test_attacks.test_attack_answer_that_is_not_true_is_a_refusal,
          ("len(answer) == 32 and ", ""), answer=b"\1"),
    fault("assets", "a claim with an allowance of none",
          test_forwarder_flush.test_flush_pays_all_tokens, ("gas=allowance,", "gas=0,")),
    fault("Forwarder", "no lock",
          test_forwarder_attacks.test_attack_reentering_from_an_erc777_hook_gains_nothing,
          *UNLOCKED, attempt=2, across=False),
    fault("Forwarder", "anyone retargets",
          test_forwarder_retarget.test_retarget_by_anyone_else_reverts,
          ("and msg.sender == owner,", "and msg.sender != empty(address),"), who="stranger"),
    fault("Forwarder", "zero owns",
          test_forwarder_retarget.test_zero_owns_nothing_though_it_cannot_send,
          ("assert owner != empty(address) and ", "assert ")),
    fault("Forwarder", "zero accepts",
          test_forwarder_retarget.test_zero_owns_nothing_though_it_cannot_send,
          ("assert candidate != empty(address) and ", "assert ")),
    fault("Forwarder", "anyone accepts",
          test_forwarder_retarget.test_accept_of_what_was_not_offered_reverts,
          ("candidate != empty(address) and msg.sender == candidate", "True")),
    fault("Forwarder", "an acceptance stays open",
          test_forwarder_retarget.test_transfer_of_ownership_waits_for_its_acceptance,
          without("self._pending_owner = empty(address)")),
    fault("Forwarder", "to zero", test_forwarder_retarget.test_retarget_to_zero_reverts,
          without('assert target != empty(address), "income: zero address"')),
    fault("Forwarder", "to itself", test_forwarder_retarget.test_retarget_to_itself_reverts,
          without('assert target != self, "income: pays itself"')),
    fault("Forwarder", "ETH of the old target goes along",
          test_forwarder_attacks.test_attack_owner_cannot_leave_eth_out,
          without("self._leave(empty(address), old_target)")),
    fault("Forwarder", "tokens of the old target go along",
          test_forwarder_attacks.test_attack_change_of_target_in_front_of_a_flush_takes_nothing_named,
          without("self._leave(token, old_target)")),
    fault("Forwarder", "starving is refusing",
          test_forwarder_attacks.test_attack_owner_who_starves_the_old_target_keeps_nothing,
          without('assert msg.gas >= allowance * 64 // 63 + assets.CALL_GAS,'
                  ' "income: too little gas"')),
    fault("Forwarder", "an old target burns all",
          test_forwarder_attacks.test_attack_old_target_cannot_hold_the_owner,
          ("value=amount, gas=allowance,", "value=amount,"), mode=Mode.BURN),
    fault("Forwarder", "a refused flush is lost sight of",
          test_forwarder_flush.test_flush_to_who_refuses_reverts_and_waits,
          ('assert self._pay(token, payee, amount, msg.gas), "income: payment refused"',
           "self._pay(token, payee, amount, msg.gas)")),
    fault("Forwarder", "sold, and still followed",
          test_forwarder_names.test_flush_after_a_sale_pays_the_fallback_for_ever,
          ("return current == epoch", "return True")),
    fault("Forwarder", "grace is the end",
          test_forwarder_names.test_flush_in_grace_reverts_and_a_renewal_brings_it_back,
          ('assert name.state == INames.State.FREE, "income: name in grace"', "pass")),
    fault("Forwarder", "a dead name is in grace",
          test_forwarder_names.test_flush_of_a_name_that_never_was_pays_the_fallback,
          ("    if staticcall _NAMES.epoch(node) == epoch:", "    if True:"),
          ("State.FREE,", "State.LIVE,")),
    fault("Forwarder", "zero is an address",
          test_forwarder_names.test_flush_of_an_explicit_none_reverts_and_waits,
          ("assert word != 0 and word <=", "assert word <=")),
    fault("Forwarder", "a long word is an address",
          test_forwarder_attacks.test_attack_resolver_that_refuses_burns_bombs_or_answers_no_address,
          (" and word <= convert(max_value(uint160), uint256)", ""), mode=0, answer=b"\1" * 32),
    fault("Forwarder", "a long answer is an address",
          test_forwarder_attacks.test_attack_resolver_that_refuses_burns_bombs_or_answers_no_address,
          ("    if success and len(answer) == 32:", "    if success and len(answer) >= 32:"),
          mode=0, answer=bytes(12) + b"\1" * 84),
    fault("Forwarder", "a resolver may write",
          test_forwarder_attacks.test_attack_resolver_cannot_call_back,
          ("is_static_call=True", "is_static_call=False"),
          ("@internal\n@view\ndef _resolved", "@internal\ndef _resolved"),
          ("@internal\n@view\ndef _payee", "@internal\ndef _payee"),
          ("@external\n@view\n@reentrant\ndef target", "@external\n@reentrant\ndef target"),
          ("implements: IForwarder\n", "")),
    fault("Forwarder", "a name that pays the forwarder",
          test_forwarder_attacks.test_attack_name_that_resolves_to_the_forwarder_reverts,
          without('assert payee != self, "income: pays itself"')),
    fault("Forwarder", "the implementation is one",
          test_forwarder_attacks.test_attack_direct_calls_to_the_implementation_revert,
          without('assert self != _IMPLEMENTATION, "income: not a forwarder"')),
    fault("Forwarder", "terms of the implementation",
          test_forwarder_create.test_create_says_the_terms,
          ("    me: address = self\n", ""), ("slice(me.code,", "slice(self.code,")),
    fault("Forwarder", "codeless names",
          test_forwarder_create.test_a_forwarder_for_codeless_names_reverts,
          without('assert names.is_contract, "income: names has no code"')),
    fault("ForwarderFactory", "zero owner",
          test_forwarder_create.test_create_with_a_zero_owner_reverts,
          without('assert owner != empty(address), "income: zero owner"')),
    fault("ForwarderFactory", "zero target",
          test_forwarder_create.test_create_with_a_zero_target_reverts,
          without('assert target != empty(address), "income: zero address"')),
    fault("ForwarderFactory", "zero node",
          test_forwarder_create.test_create_for_name_with_a_zero_node_reverts,
          without('assert node != empty(bytes32), "income: zero node"'),
          function="create_for_name"),
    fault("ForwarderFactory", "zero epoch",
          test_forwarder_create.test_create_for_name_with_a_zero_epoch_reverts,
          without('assert epoch != 0, "income: zero epoch"'), function="create_for_name"),
    fault("ForwarderFactory", "zero fallback",
          test_forwarder_create.test_create_for_name_with_a_zero_fallback_reverts,
          without('assert fallback != empty(address), "income: zero fallback"'),
          function="create_for_name"),
    fault("ForwarderFactory", "any code is a forwarder",
          test_forwarder_create.test_is_forwarder_tells_whose_code_it_is,
          ("return account == self._address(slice(account.code, 0, SIZE), salt)", "return True")),
    fault("ForwarderFactory", "codeless",
          test_forwarder_create.test_a_factory_for_a_codeless_implementation_reverts,
          without('assert implementation.is_contract, "income: forwarder has no code"')),
]  # fmt: skip


@pytest.mark.parametrize("it", FAULTS, ids=lambda it: f"{it.contract} {it.name}")
def test_a_fault_is_caught(it, monkeypatch, tmp_path):
    find = broken_deployer(it.contract, it.edits, tmp_path)
    for module in (income, forwarders, test_create, test_forwarder_create):
        monkeypatch.setattr(module, "deployer", find)
    for name in ("Splitter", "Forwarder") if it.contract == "assets" else (it.contract,):
        assert find(name).compiler_data.bytecode  # that it compiles is no catch
    with pytest.raises((AssertionError, ValueError, boa.BoaError)):
        play(it.test, it.given)


def test_every_assert_of_the_contracts_has_a_fault():
    """A check that is added has to be added here too."""
    for name, file in FILES.items():
        broken = "".join(old for it in FAULTS if it.contract == name for old, _ in it.edits)
        for line in (ROOT / file).read_text().splitlines():
            if line.strip().startswith("assert "):
                message = line.rsplit('"', 2)[-2]
                known = message in broken or line.strip()[:40] in broken
                assert known or any(old in line for it in FAULTS for old, _ in it.edits), line


def test_an_edit_of_a_text_that_is_gone_fails_loudly():
    with pytest.raises(AssertionError, match="0 times in the source"):
        edited("Splitter", (("not in there", ""),))
    with pytest.raises(AssertionError, match="times in the source"):
        edited("Splitter", (("self", ""),))  # which of them?
