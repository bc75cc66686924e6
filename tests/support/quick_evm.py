"""py-evm and boa made quicker: most of the time of the tests is theirs.

Nothing here changes a result or an amount of gas; that gas is right is seen against
receipts of anvil in tests/gas/test_helper.py. What boa lays back after a test it also
forgets, and what it would make anew for every call it makes once.
"""

from collections import namedtuple
from functools import lru_cache
from typing import Any

from boa.contracts.abi import abi_contract
from boa.contracts.vyper.vyper_contract import FrameDetail, StorageModel, VyperContract
from boa.vm.py_evm import PyEVM
from eth.vm.code_stream import CodeStream
from eth.vm.computation import BaseComputation
from eth.vm.logic import stack

written: dict[Any, set[bytes]] = {}  # the accounts written to, by snapshot


def use() -> None:
    # On every revert boa decodes the whole storage of the contract for its message, from
    # traces that no anchor lays back. So it stumbles over slots of whatever had the
    # address in an earlier test (AttributeError: key_type), and takes longer with every test.
    StorageModel.dump = lambda self: FrameDetail("storage")
    PyEVM.snapshot, PyEVM.revert = snapshot, revert
    BaseComputation.extend_memory = extend_memory
    CodeStream.__init__ = begin
    stack.push_XX = push
    abi_contract.namedtuple = tuple_type
    VyperContract._deployment_source_map = property(deployment_source_map)


# py-evm notes a checkpoint, at every call, in the storage of every account that was ever
# written to, those among them that a revert laid back: calls would get slower with every
# test. What was first written to after a snapshot is as new after its revert.
snapshot_of, revert_to = PyEVM.snapshot, PyEVM.revert


def snapshot(evm: PyEVM) -> Any:
    taken = snapshot_of(evm)
    written[taken] = set(evm.vm.state._account_db._dirty_accounts)
    return taken


def revert(evm: PyEVM, taken: Any) -> None:
    revert_to(evm, taken)
    accounts = evm.vm.state._account_db
    for address in accounts._dirty_accounts - written.pop(taken, accounts._dirty_accounts):
        accounts._dirty_accounts.remove(address)
        accounts._account_stores.pop(address)


# Memory that is there already costs nothing more: so it is in nine of ten cases.
extend = BaseComputation.extend_memory


def extend_memory(computation: BaseComputation, start: int, size: int) -> None:
    if start + size > len(computation._memory._bytes):
        extend(computation, start, size)


# Which bytes of a code are opcodes, and which are data of a PUSH, does not change.
begin_stream = CodeStream.__init__


def begin(stream: CodeStream, code: bytes) -> None:
    begin_stream(stream, code)
    stream.invalid_positions, stream.valid_positions = positions(code)


@lru_cache(256)
def positions(_code: bytes) -> tuple[set[int], set[int]]:
    return set(), set()


# Numbers are pushed as numbers, not as bytes that each use has to convert.
def push(computation: BaseComputation, size: int) -> None:
    computation._stack.push_int(
        int.from_bytes(computation.code.read(size).ljust(size, b"\0"), "big")
    )


@lru_cache(None)
def made_type(name: str, fields: tuple[str, ...]) -> type:
    return namedtuple(name, fields, rename=True)


def tuple_type(name: str, fields: list[str], rename: bool) -> type:
    """Each type of tuple once, and not once for each answer."""
    assert rename
    return made_type(name, tuple(fields))


# Which line of the source a constructor's code is of: it is assembled anew for every contract
# that is deployed, which takes ten times as long as the deployment.
assemble = VyperContract._deployment_source_map.func


def deployment_source_map(contract: VyperContract) -> dict[str, Any]:
    data = contract.compiler_data
    if not hasattr(data, "deployment_source_map"):
        data.deployment_source_map = assemble(contract)
    return data.deployment_source_map
