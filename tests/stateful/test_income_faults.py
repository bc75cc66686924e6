"""Splits and forwarders broken on purpose: each fault has to be caught by the test that it names.

A fault takes one check out of the source (tests/support/faults.py). The test is played
against what is left, with what its fixtures would give it.
"""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import boa
import pytest

from tests.support import faults as planting
from tests.support import forwarders, income
from tests.support.faults import CAUGHT, Edit, unbroken
from tests.support.income import Mode
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

MODULES = [income, forwarders, test_create, test_forwarder_create]


# ----- what a fixture would give -----


def account(role: str) -> Callable[[], str]:
    return lambda: boa.env.generate_address(role)


MAKERS: dict[str, Callable[..., Any]] = {
    **{
        role: account(role)
        for role in ("owner", "target", "fallback", "stranger", "moved", "buyer")
    },
    "income": income.deploy_income,
    "accounts": lambda: income.new_accounts(3),
    "refused": income.refused_split,
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


# ----- the faults -----


class Fault(NamedTuple):
    name: str
    test: Callable[..., None]
    given: dict[str, Any]
    edits: list[Edit]


def fault(
    name: str,
    path: str,
    test: Callable[..., None],
    old: str,
    new: str = "True",
    near: str = "",
    **given: Any,
) -> Fault:
    return Fault(name, test, given, [Edit(path, old, new, near)])


S, SF = "income/Splitter.vy", "income/SplitterFactory.vy"
F, FF = "income/Forwarder.vy", "income/ForwarderFactory.vy"
ASSETS = "lib/assets.vy"
ASCENDS = "convert(recipient, uint256) > previous"
YES = "success and (len(answer) == 0 or (len(answer) == 32 and convert(answer, uint256) == 1))"
OWNS = "owner != empty(address) and msg.sender == owner"
ACCEPTS = "candidate != empty(address) and msg.sender == candidate"
PAID = '        assert self._pay(token, payee, amount, msg.gas), "income: payment refused"\n'
ADDRESS = "word != 0 and word <= convert(max_value(uint160), uint256)"
ONE_WORD = "success and len(answer) == 32"
FAULTS = [
    # ----- splits -----
    fault("starving is refusing", S,
          test_attacks.test_attack_starved_eth_push_reverts_or_pays_inc_3, "msg.gas >= needed"),
    fault("starving a token is refusing", S,
          test_attacks.test_attack_starved_token_push_reverts_or_pays_inc_3, "msg.gas >= needed"),
    fault("no allowance of gas", S,
          test_attacks.test_attack_return_bomb_costs_the_caller_its_allowance_at_most,
          "allowance", "msg.gas", near="value=part, gas=allowance"),
    fault("what is refused is lost", S,
          test_attacks.test_attack_hostile_recipient_of_eth_costs_others_nothing,
          "        self._credits[token][account] += part\n", "", mode=Mode.REFUSE),
    fault("credits are divided again", S, test_distribute.test_distribute_leaves_credits_alone,
          "        self._owed[token] = owed + refused\n", ""),
    fault("a paused token is credited", S,
          test_attacks.test_attack_paused_token_waits_without_credits,
          "token == empty(address) or refused != amount"),
    fault("no recipient is a split", S,
          test_attacks.test_attack_direct_calls_to_the_implementation_revert,
          "self != _IMPLEMENTATION"),
    fault("recipients are read as arguments", S,
          test_attacks.test_attack_short_arguments_are_not_completed_by_recipients,
          "start >= sent", sent=4),
    fault("claimed twice", S, test_claim.test_claim_by_anyone_pays_the_account,
          "    self._credits[token][account] = 0\n", ""),
    fault("claimed and still owed", S, test_claim.test_claim_by_anyone_pays_the_account,
          "    self._owed[token] = owed - credit\n", ""),
    fault("anyone claims anywhere", S, test_claim.test_claim_elsewhere_by_another_reverts,
          "to == account or msg.sender == account"),
    fault("claimed for zero", S, test_claim.test_claim_to_the_zero_address_reverts,
          "to != empty(address)"),
    fault("claims without credit", S, test_claim.test_claim_without_credit_reverts,
          "credit != 0"),
    fault("a refused claim is lost", S,
          test_claim.test_claim_that_is_refused_reverts_and_keeps_the_credit,
          "paid", near='paid, "income: payment refused"'),
    fault("anyone makes another's loss", S,
          test_attacks.test_attack_claim_for_another_at_the_bottom_of_a_rebase_reverts_inc_3,
          "amount == credit or msg.sender == account"),
    fault("too large a product", S,
          test_claim.test_a_shortage_beyond_128_bits_neither_overflows_nor_overpays,
          "(owed >> 128) + 1", "1"),
    # ----- their factory -----
    fault("lengths", SF, test_create.test_create_with_lengths_that_differ_reverts,
          "count == len(shares)", shares=[1, 1, 1, 1]),
    fault("one recipient", SF, test_create.test_create_with_less_than_two_recipients_reverts,
          "count >= MIN_RECIPIENTS", count=1),
    fault("duplicates", SF, test_attacks.test_attack_duplicate_recipients_revert,
          ASCENDS, ASCENDS.replace(">", ">=")),
    fault("disorder", SF, test_attacks.test_attack_disordered_recipients_revert,
          ASCENDS, ASCENDS.replace(">", "!=")),
    fault("zero share", SF, test_create.test_create_with_a_zero_share_reverts,
          "share != 0", shares=[1, 0, 1]),
    fault("total", SF, test_attacks.test_attack_share_overflow_reverts, "total <= MAX_TOTAL"),
    fault("not in lowest terms", SF, test_create.test_create_brings_shares_to_lowest_terms,
          "unsafe_div(share, divisor)", "share"),
    fault("front-run", SF, test_attacks.test_attack_front_run_creation_changes_nothing,
          "not split.is_contract"),
    fault("codeless", SF, test_create.test_a_factory_for_a_codeless_implementation_reverts,
          "implementation.is_contract"),
    # ----- payments -----
    fault("a codeless token", ASSETS, test_attacks.test_attack_codeless_token_reverts,
          "token.is_contract"),
    fault("failure is success", ASSETS,
          test_attacks.test_attack_hostile_token_hook_costs_others_nothing,
          YES, YES.removeprefix("success and "), mode=Mode.BURN),
    fault("no answer is false", ASSETS,
          test_attacks.test_attack_token_without_return_value_is_paid,
          YES, YES.replace("len(answer) == 0 or ", "")),
    fault("any answer is true", ASSETS,
          test_attacks.test_attack_answer_that_is_not_true_is_a_refusal,
          YES, YES.replace("== 1", "!= 0"), answer=(2).to_bytes(32, "big")),
    fault("short answers are read", ASSETS,
          test_attacks.test_attack_answer_that_is_not_true_is_a_refusal,
          YES, YES.replace("len(answer) == 32 and ", ""), answer=b"\1"),
    fault("a claim with an allowance of none", ASSETS,
          test_forwarder_flush.test_flush_pays_all_tokens, "allowance", "0", near="gas=allowance,"),
    # ----- forwarders -----
    fault("anyone retargets", F, test_forwarder_retarget.test_retarget_by_anyone_else_reverts,
          OWNS, OWNS.replace("== owner", "!= empty(address)"), who="stranger"),
    fault("zero owns", F,
          test_forwarder_retarget.test_zero_owns_nothing_though_it_cannot_send,
          OWNS, "msg.sender == owner"),
    fault("zero accepts", F,
          test_forwarder_retarget.test_zero_owns_nothing_though_it_cannot_send,
          ACCEPTS, "msg.sender == candidate"),
    fault("anyone accepts", F,
          test_forwarder_retarget.test_accept_of_what_was_not_offered_reverts, ACCEPTS),
    fault("an acceptance stays open", F,
          test_forwarder_retarget.test_transfer_of_ownership_waits_for_its_acceptance,
          "    self._pending_owner = empty(address)\n", ""),
    fault("to zero", F, test_forwarder_retarget.test_retarget_to_zero_reverts,
          "target != empty(address)", near="assert target != empty(address)"),
    fault("to itself", F, test_forwarder_retarget.test_retarget_to_itself_reverts,
          "target != self"),
    fault("ETH of the old target goes along", F,
          test_forwarder_attacks.test_attack_owner_cannot_leave_eth_out,
          "    self._leave(empty(address), old_target)\n", ""),
    fault("tokens of the old target go along", F,
          test_forwarder_attacks.test_attack_change_of_target_in_front_of_a_flush_takes_nothing_named,
          "        self._leave(token, old_target)\n", ""),
    fault("starving the old target is refusing", F,
          test_forwarder_attacks.test_attack_owner_who_starves_the_old_target_keeps_nothing,
          "msg.gas >= allowance * 64 // 63 + assets.CALL_GAS"),
    fault("an old target burns all", F,
          test_forwarder_attacks.test_attack_old_target_cannot_hold_the_owner,
          "allowance", "msg.gas", near="value=amount, gas=allowance", mode=Mode.BURN),
    fault("a refused flush is lost sight of", F,
          test_forwarder_flush.test_flush_to_who_refuses_reverts_and_waits,
          PAID, "        self._pay(token, payee, amount, msg.gas)\n"),
    fault("sold, and still followed", F,
          test_forwarder_names.test_flush_after_a_sale_pays_the_fallback_for_ever,
          "current == epoch"),
    fault("grace is the end", F,
          test_forwarder_names.test_flush_in_grace_reverts_and_a_renewal_brings_it_back,
          "name.state == INames.State.FREE"),
    Fault("a dead name is in grace",
          test_forwarder_names.test_flush_of_a_name_that_never_was_pays_the_fallback, {},
          [Edit(F, "staticcall _NAMES.epoch(node) == epoch"),
           Edit(F, "name.state == INames.State.FREE", "name.state == INames.State.LIVE")]),
    fault("zero is an address", F,
          test_forwarder_names.test_flush_of_an_explicit_none_reverts_and_waits,
          ADDRESS, ADDRESS.removeprefix("word != 0 and ")),
    fault("a long word is an address", F,
          test_forwarder_attacks.test_attack_resolver_that_refuses_burns_bombs_or_answers_no_address,
          ADDRESS, "word != 0", mode=0, answer=b"\1" * 32),
    fault("a long answer is an address", F,
          test_forwarder_attacks.test_attack_resolver_that_refuses_burns_bombs_or_answers_no_address,
          ONE_WORD, ONE_WORD.replace("==", ">="), mode=0, answer=bytes(12) + b"\1" * 84),
    fault("a name that pays the forwarder", F,
          test_forwarder_attacks.test_attack_name_that_resolves_to_the_forwarder_reverts,
          "payee != self"),
    fault("the implementation is one", F,
          test_forwarder_attacks.test_attack_direct_calls_to_the_implementation_revert,
          "self != _IMPLEMENTATION"),
    fault("terms of the implementation", F,
          test_forwarder_create.test_create_says_the_terms,
          "slice(me.code, HEAD, TERMS)", "slice(self.code, HEAD, TERMS)"),
    fault("codeless names", F,
          test_forwarder_create.test_a_forwarder_for_codeless_names_reverts, "names.is_contract"),
    # ----- their factory -----
    fault("zero owner", FF, test_forwarder_create.test_create_with_a_zero_owner_reverts,
          "owner != empty(address)"),
    fault("zero target", FF, test_forwarder_create.test_create_with_a_zero_target_reverts,
          "target != empty(address)"),
    fault("zero node", FF, test_forwarder_create.test_create_for_name_with_a_zero_node_reverts,
          "node != empty(bytes32)", function="create_for_name"),
    fault("zero epoch", FF, test_forwarder_create.test_create_for_name_with_a_zero_epoch_reverts,
          "epoch != 0", function="create_for_name"),
    fault("zero fallback", FF,
          test_forwarder_create.test_create_for_name_with_a_zero_fallback_reverts,
          "fallback != empty(address)", function="create_for_name"),
    fault("any code is a forwarder", FF,
          test_forwarder_create.test_is_forwarder_tells_whose_code_it_is,
          "account == self._address(slice(account.code, 0, SIZE), salt)"),
    fault("a codeless forwarder", FF,
          test_forwarder_create.test_a_factory_for_a_codeless_implementation_reverts,
          "implementation.is_contract"),
]  # fmt: skip


# ----- each is caught -----


@pytest.fixture(scope="module", autouse=True)
def planted(tmp_path_factory):
    """What is deployed here has all faults, asleep."""
    with planting.planted(tmp_path_factory, FAULTS, MODULES):
        yield


@planting.each(FAULTS)
def test_a_fault_is_caught(number):
    """And nothing else: with the fault asleep the same test passes."""
    it = FAULTS[number - 1]
    with boa.env.anchor():
        play(it.test, it.given)
    with planting.awake(number), pytest.raises(CAUGHT):
        play(it.test, it.given)


# ----- faults that are no expressions -----

UNLOCKED = [("# pragma nonreentrancy on", "# pragma nonreentrancy off"), ("@reentrant\n", "")]
WRITING = [
    ("is_static_call=True", "is_static_call=False"),
    ("@internal\n@view\ndef _resolved", "@internal\ndef _resolved"),
    ("@internal\n@view\ndef _payee", "@internal\ndef _payee"),
    ("@external\n@view\n@reentrant\ndef target", "@external\n@reentrant\ndef target"),
    ("implements: IForwarder\n", ""),
]


REENTER_SPLIT = test_attacks.test_attack_reentering_from_eth_gains_nothing_inc_5
REENTER = test_forwarder_attacks.test_attack_reentering_from_an_erc777_hook_gains_nothing
CALL_BACK = test_forwarder_attacks.test_attack_resolver_cannot_call_back


@pytest.mark.parametrize(
    ("name", "changes", "test", "given"),
    [
        ("Splitter", UNLOCKED, REENTER_SPLIT, {"attempt": 0, "across": True}),
        ("Forwarder", UNLOCKED, REENTER, {"attempt": 2, "across": False}),
        ("Forwarder", WRITING, CALL_BACK, {}),
    ],
    ids=["a split without a lock", "a forwarder without a lock", "a resolver may write"],
)
def test_a_fault_that_is_no_expression_is_caught(tmp_path, name, changes, test, given):
    with boa.env.anchor():
        play(test, given)
    planting.rewrite(tmp_path, f"income/{name}.vy", *changes)
    with planting.broken(tmp_path, MODULES, name):
        income.deployer(name)  # that it compiles is no catch
        with pytest.raises(CAUGHT):
            play(test, given)


@pytest.mark.parametrize("path", [S, SF, F, FF, ASSETS])
def test_every_check_has_its_fault(path):
    assert unbroken(path, FAULTS) == []
