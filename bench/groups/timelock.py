"""Timelocks: schedule and execute one call, and five."""

from collections.abc import Callable
from itertools import count

from eth_abi import encode
from eth_utils import keccak

from bench.book import Book, Receipt
from bench.chain import Chain, calldata
from bench.contracts import solidity, vyper
from bench.governance import DELAY, claim, deploy_kernel, our_timelock
from tests.support.governance import GOVERNOR, LABEL, NOBODY, namespace_of

STORE = "store(uint256)"
NOTHING = bytes(32)
# ERC-7821 with a salt, as Solady's page advises.
MODE = bytes.fromhex("01000000000078210001").ljust(32, b"\0")
Calls = tuple[list[str], list[int], list[bytes]]
Step = Callable[[Calls, bytes], Receipt]


def play(chain: Chain, book: Book) -> None:
    deployer = chain.account()
    store = chain.deploy(deployer, vyper("Store"))
    chain.send(deployer, store, STORE, 1)
    numbers, salts = count(2), count(1)
    systems = {
        "uraeus": ours(chain, deployer),
        "openzeppelin": controller(chain, deployer, open_timelock(chain, deployer), "Batch"),
        "solady": solady(chain, deployer),
        "snekmate": controller(
            chain,
            deployer,
            chain.deploy(deployer, vyper("SnekTimelock"), "uint256,address", DELAY, deployer),
            "_batch",
        ),
    }
    for system, (schedule, execute) in systems.items():
        for size, what in ((1, "1 call"), (5, "5 calls")):
            datas = [calldata(STORE, next(numbers)) for _ in range(size)]
            calls = ([store] * size, [0] * size, datas)
            salt = bytes([next(salts)]) * 32
            book.note(f"schedule, {what}", system, schedule(calls, salt))
            chain.travel(chain.now + DELAY + 2)
            book.note(f"execute, {what}", system, execute(calls, salt))
            assert chain.ask(store, "value()", "bytes32") == datas[-1][4:], system


def ours(chain: Chain, deployer: str) -> tuple[Step, Step]:
    """Only a governor schedules: here a module without any code of its own to run."""
    kernel, namespace = deploy_kernel(chain, deployer), namespace_of(deployer, LABEL)
    timelock = our_timelock(chain, deployer, kernel, namespace)
    governor = chain.deploy(deployer, vyper("Store"))
    chain.fund(governor)
    claim(chain, kernel, deployer, timelock, GOVERNOR, governor)

    def schedule(calls: Calls, salt: bytes) -> Receipt:
        types = ["address[]", "uint256[]", "bytes[]", "bytes32"]
        payload, pin = keccak(encode(types, [*calls, salt])), NOTHING
        for target in calls[0]:
            pin = keccak(pin + chain.code_hash(target))
        pinned = int.from_bytes(pin, "big") % 2**168
        signature = "schedule(bytes32,uint256,uint256)"
        return chain.send(governor, timelock, signature, payload, pinned, 1)

    def execute(calls: Calls, salt: bytes) -> Receipt:
        signature = "execute(address[],uint256[],bytes[],bytes32)"
        return chain.send(governor, timelock, signature, *calls, salt)

    return schedule, execute


def open_timelock(chain: Chain, deployer: str) -> str:
    code = solidity("OpenTimelock")
    timelock = chain.deploy(deployer, code, "uint256,address", DELAY, deployer)
    role = chain.ask(timelock, "PROPOSER_ROLE()", "bytes32")
    chain.send(deployer, timelock, "grantRole(bytes32,address)", role, deployer)
    return timelock


def controller(chain: Chain, deployer: str, timelock: str, many: str) -> tuple[Step, Step]:
    """OpenZeppelin's interface, and snekmate's but for the ending of the names for many calls."""

    def spelled(name: str, calls: Calls, *rest: object) -> Receipt:
        delay = ",uint256" if name == "schedule" else ""
        if len(calls[0]) == 1:
            given = [each[0] for each in calls]
            signature = f"{name}(address,uint256,bytes,bytes32,bytes32{delay})"
        else:
            given = list(calls)
            signature = f"{name}{many}(address[],uint256[],bytes[],bytes32,bytes32{delay})"
        return chain.send(deployer, timelock, signature, *given, NOTHING, *rest)

    def schedule(calls: Calls, salt: bytes) -> Receipt:
        return spelled("schedule", calls, salt, DELAY)

    def execute(calls: Calls, salt: bytes) -> Receipt:
        return spelled("execute", calls, salt)

    return schedule, execute


def solady(chain: Chain, deployer: str) -> tuple[Step, Step]:
    timelock = chain.deploy(deployer, solidity("SoladyTimelock"))
    signature = "initialize(uint256,address,address[],address[],address[])"
    everybody = chain.ask(timelock, "OPEN_ROLE_HOLDER()", "address")
    roles = ([deployer], [everybody], [])
    chain.send(deployer, timelock, signature, DELAY, NOBODY, *roles)

    def data(calls: Calls, salt: bytes) -> bytes:
        more = encode(["bytes32", "bytes32"], [NOTHING, salt])
        rows = list(zip(*calls, strict=True))
        return encode(["(address,uint256,bytes)[]", "bytes"], [rows, more])

    def schedule(calls: Calls, salt: bytes) -> Receipt:
        signature = "propose(bytes32,bytes,uint256)"
        return chain.send(deployer, timelock, signature, MODE, data(calls, salt), DELAY)

    def execute(calls: Calls, salt: bytes) -> Receipt:
        return chain.send(deployer, timelock, "execute(bytes32,bytes)", MODE, data(calls, salt))

    return schedule, execute
