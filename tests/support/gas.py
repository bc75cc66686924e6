"""Whole-transaction gas in boa, by the rules of the Prague and Osaka forks.

`boa.env.get_gas_used()` is execution gas with warm slots. A transaction also pays
21,000, its calldata (EIP-2028, with the floor of EIP-7623) and cold access
(EIP-2929), and gets back at most a fifth (EIP-3529). `tests/gas/test_helper.py`
proves these figures equal to the receipts of anvil.

What counts as a slot's original value is fixed by committing the state, which no
anchor survives. So tests that measure carry `@pytest.mark.no_anchor`: each has a
`Chain` of its own, and deploys what it needs itself (or by fixtures of function scope).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

import boa

INTRINSIC = 21_000
CREATE = 32_000
START = 1_800_000_001  # when tests begin: by the real clock no two runs would be the same


class Chain(boa.Env):
    """Draws the same addresses in every test, as their zero bytes cost less gas."""

    def __init__(self) -> None:
        self._random = Random("uraeus")  # boa's own goes on from test to test
        super().__init__()
        self.timestamp = START


@dataclass
class Measured:
    """Filled when the block of `transaction()` ends. Unit: gas."""

    gas: int = 0  # what the receipt would say
    execution: int = 0  # without intrinsic cost, calldata and refund


def calldata_tokens(data: bytes) -> int:
    zeros = data.count(0)
    return zeros + 4 * (len(data) - zeros)


def settle(data: bytes, execution: int, refund: int, create: bool = False) -> int:
    """The receipt's gasUsed, from what the execution used and may get back."""
    tokens = calldata_tokens(data)
    used = INTRINSIC + 4 * tokens + execution
    if create:
        used += CREATE  # the words of the init code (EIP-3860) are in the execution
    used -= min(refund, used // 5)
    return max(used, INTRINSIC + 10 * tokens)


def begin(*warm: bytes) -> None:
    """Start a transaction: cold slots, present values as the original ones.

    Precompiles and the block's producer are warm by py-evm's own doing.
    """
    state = boa.env.evm.vm.state
    state._account_db.lock_changes()
    state.clear_transient_storage()
    for address in warm:
        state.mark_address_warm(address)


@contextmanager
def transaction() -> Iterator[Measured]:
    """Measure the one contract call or deployment made inside the block."""
    evm, result, calls = boa.env.evm, Measured(), []
    execute, deploy = evm.execute_code, evm.deploy_code

    def measured_execute(**kwargs):
        begin(kwargs["sender"].canonical_address, kwargs["to"].canonical_address)
        computation = execute(**kwargs)
        calls.append((kwargs["data"], computation, False))
        return computation

    def measured_deploy(**kwargs):
        begin(kwargs["sender"].canonical_address, kwargs["target_address"].canonical_address)
        computation = deploy(**kwargs)
        calls.append((kwargs["bytecode"], computation, True))
        return computation

    evm.execute_code, evm.deploy_code = measured_execute, measured_deploy
    try:
        yield result
    finally:
        del evm.execute_code, evm.deploy_code
    if len(calls) != 1:
        raise AssertionError(f"measure one transaction at a time, not {len(calls)}")
    [(data, computation, create)] = calls
    result.execution = computation.get_gas_used()
    result.gas = settle(data, result.execution, computation.get_gas_refund(), create)
