"""`tests/support/gas.py` says what a receipt says: each kind of cost, in boa and on anvil."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import boa
import pytest
from web3 import Web3

from tests.support.anvil import running_anvil
from tests.support.compiled import deployer
from tests.support.gas import transaction

pytestmark = [pytest.mark.anvil, pytest.mark.no_anchor]

SENDER = "0x" + "11" * 20
EMPTY = "0x" + "44" * 20  # an account that does not exist


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple = ()
    value: int = 0


@dataclass(frozen=True)
class Case:
    call: Call
    before: tuple[Call, ...] = field(default=())


PROBE, OTHER = "0x" + "22" * 20, "0x" + "33" * 20  # where both chains have the same code

CASES = {
    "set a slot": Case(Call("set", (7, 1))),
    "set a slot to what it is": Case(Call("set", (7, 0))),
    "change a slot": Case(Call("set", (7, 2)), (Call("set", (7, 1)),)),
    "clear a slot": Case(Call("set", (7, 0)), (Call("set", (7, 1)),)),
    "clear more than may be refunded": Case(
        Call("clear", (1, 40)), tuple(Call("set", (slot, 1)) for slot in range(1, 41))
    ),
    "set and set back": Case(Call("set_and_back", (7, 5)), (Call("set", (7, 1)),)),
    "set from zero and set back": Case(Call("set_and_back", (7, 5))),
    "log": Case(Call("note", (9, "of a few words"))),
    "transient slot, forgotten since": Case(Call("hold", (1,)), (Call("hold", (1,)),)),
    "call the block's producer, who is warm": Case(Call("call_producer")),
    "pay a contract": Case(Call("pay", (OTHER,), value=10**18)),
    "pay an account that does not exist": Case(Call("pay", (EMPTY,), value=1)),
    "pay nothing to an account that does not exist": Case(Call("pay", (EMPTY,))),
    "pay the sender, who is warm": Case(Call("pay", (SENDER,), value=1)),
    "pay oneself, who is warm": Case(Call("pay", (PROBE,), value=1)),
    "call another contract": Case(Call("set_elsewhere", (OTHER, 3, 4))),
    "call oneself": Case(Call("set_elsewhere", (PROBE, 3, 4))),
    "clear a slot of another contract": Case(
        Call("set_elsewhere", (OTHER, 3, 0)), (Call("set_elsewhere", (OTHER, 3, 4)),)
    ),
    "precompile": Case(Call("recover", (b"\x11" * 32, 5, 6))),
    "create a clone": Case(Call("clone", (OTHER,))),
    "calldata of zeros": Case(Call("read", (bytes(4_096),))),
    "calldata above the floor's price": Case(Call("read", (b"\xff" * 4_096,))),
    "no arguments": Case(Call("__default__")),
}


@pytest.fixture(scope="module")
def anvil() -> Iterator[Web3]:
    with running_anvil() as web3:
        rpc(web3, "anvil_impersonateAccount", SENDER)
        rpc(web3, "anvil_setBalance", SENDER, hex(10**24))
        for address in (PROBE, OTHER):
            rpc(web3, "anvil_setCode", address, "0x" + runtime().hex())
        yield web3


@pytest.fixture
def probe() -> Any:
    boa.env.set_balance(SENDER, 10**24)
    for address in (PROBE, OTHER):
        boa.env.set_code(address, runtime())
    return deployer("GasProbe").at(PROBE)


def runtime() -> bytes:
    return deployer("GasProbe").compiler_data.bytecode_runtime


def rpc(web3: Web3, method: str, *params: Any) -> Any:
    return web3.manager.request_blocking(method, list(params))


def gas_in_boa(probe: Any, call: Call) -> int:
    with transaction() as measured:
        if call.function == "__default__":
            boa.env.raw_call(PROBE, sender=SENDER)
        else:
            function = getattr(probe, call.function)
            function(*call.arguments, value=call.value, sender=SENDER)
    return measured.gas


def gas_on_anvil(web3: Web3, data: str, to: str | None = PROBE, value: int = 0) -> int:
    sent = {"from": SENDER, "data": data, "value": value, "gas": 16_000_000}
    hash_ = web3.eth.send_transaction(sent | ({"to": to} if to else {}))
    receipt = web3.eth.wait_for_transaction_receipt(hash_)
    assert receipt["status"] == 1
    return receipt["gasUsed"]


def calldata(probe: Any, call: Call) -> str:
    if call.function == "__default__":
        return "0x"
    return "0x" + getattr(probe, call.function).prepare_calldata(*call.arguments).hex()


@pytest.mark.parametrize("name", CASES)
def test_call_costs_what_the_receipt_says(anvil: Web3, probe: Any, name: str):
    case = CASES[name]
    snapshot = rpc(anvil, "evm_snapshot")
    for call in case.before:
        gas_in_boa(probe, call)
        gas_on_anvil(anvil, calldata(probe, call), value=call.value)
    in_boa = gas_in_boa(probe, case.call)
    on_anvil = gas_on_anvil(anvil, calldata(probe, case.call), value=case.call.value)
    rpc(anvil, "evm_revert", snapshot)
    assert in_boa == on_anvil


def test_deployment_costs_what_the_receipt_says(anvil: Web3):
    contract = deployer("GasProbe")
    with transaction() as measured:
        contract.deploy(7)
    init_code = contract.compiler_data.bytecode + (7).to_bytes(32)
    assert measured.gas == gas_on_anvil(anvil, "0x" + init_code.hex(), to=None)


def test_two_transactions_are_not_one():
    contract = deployer("GasProbe").deploy(0)
    with pytest.raises(AssertionError, match="one transaction at a time"), transaction():
        contract.set(1, 1)
        contract.set(1, 2)
