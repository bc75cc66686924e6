"""Calling code that may be replaced, and replacing it: through the kernel, and by proxies."""

from eth_abi import encode
from eth_utils import keccak, to_checksum_address

from bench.book import Book
from bench.chain import Chain
from bench.contracts import solidity, vyper
from bench.governance import CHANGE, claim, deploy_kernel

KEY = b"store".ljust(32, b"\0")
ADMIN_SLOT = int.from_bytes(keccak(text="eip1967.proxy.admin"), "big") - 1


def play(chain: Chain, book: Book) -> None:
    deployer = chain.account()
    through_kernel(chain, book, deployer)
    through_proxies(chain, book, deployer)


def measure_calls(chain: Chain, book: Book, deployer: str, system: str, to: str) -> None:
    chain.send(deployer, to, "store(uint256)", 1)
    sent = chain.send(deployer, to, "store(uint256)", 2)
    book.note("call replaceable code, which sets a slot", system, sent)


def through_kernel(chain: Chain, book: Book, deployer: str) -> None:
    kernel = deploy_kernel(chain, deployer)
    stores = [chain.deploy(deployer, vyper("Store")) for _ in range(3)]
    namespace = claim(chain, kernel, deployer, deployer, KEY, stores[0])
    entry = keccak(encode(["bytes32", "bytes32"], [namespace, KEY]))
    caller = chain.deploy(deployer, vyper("KernelCaller"), "address,bytes32", kernel, entry)
    measure_calls(chain, book, deployer, "uraeus", caller)
    for version, store in enumerate(stores[1:], start=2):
        changes = [(KEY, store, chain.code_hash(store), version)]
        salt = keccak(text=str(version))
        schedule = f"schedule(bytes32,{CHANGE}[],bytes32,bool)"
        announced = chain.send(deployer, kernel, schedule, namespace, changes, salt, False)
        apply = f"apply(bytes32,{CHANGE}[],bytes32)"
        applied = chain.send(deployer, kernel, apply, namespace, changes, salt)
    book.note("replace the code", "uraeus", announced, applied)
    assert chain.ask(kernel, "module(bytes32)", "address", entry) == stores[-1]


def through_proxies(chain: Chain, book: Book, deployer: str) -> None:
    first, second = (chain.deploy(deployer, solidity("UupsStore")) for _ in range(2))
    upgrade = ("upgradeToAndCall(address,bytes)", second, b"")

    uups = chain.deploy(deployer, solidity("UupsProxy"), "address", first)
    measure_calls(chain, book, deployer, "openzeppelin-uups", uups)
    book.note("replace the code", "openzeppelin-uups", chain.send(deployer, uups, *upgrade))

    factory = chain.deploy(deployer, solidity("SoladyProxies"))
    [log] = chain.send(deployer, factory, "deploy(address)", first).logs
    proxy = to_checksum_address(log["data"][-40:])
    measure_calls(chain, book, deployer, "solady-uups", proxy)
    book.note("replace the code", "solady-uups", chain.send(deployer, proxy, *upgrade))

    code = solidity("TransparentProxy")
    transparent = chain.deploy(deployer, code, "address,address,bytes", first, deployer, b"")
    measure_calls(chain, book, deployer, "openzeppelin-transparent", transparent)
    admin = chain.rpc("eth_getStorageAt", transparent, hex(ADMIN_SLOT), "latest")
    sent = chain.send(
        deployer,
        to_checksum_address(admin[-40:]),
        "upgradeAndCall(address,address,bytes)",
        transparent,
        second,
        b"",
    )
    book.note("replace the code", "openzeppelin-transparent", sent)

    beacon = chain.deploy(deployer, solidity("Beacon"), "address", first)
    client = chain.deploy(deployer, solidity("BeaconClient"), "address", beacon)
    measure_calls(chain, book, deployer, "openzeppelin-beacon", client)
    sent = chain.send(deployer, beacon, "upgradeTo(address)", second)
    book.note("replace the code", "openzeppelin-beacon", sent)
