"""A name system on anvil, and the real clients that speak to it.

Skipped, with a loud line, where anvil, Node or the clients are missing; never in CI, which
installs them.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from ens import ENS
from eth_utils import keccak
from web3 import Web3

from scripts._lib import ens_client
from scripts._lib.build import artifact
from scripts._lib.plan import namespace_id, text32
from tests.support.anvil import running_anvil, travel
from tests.support.compiled import ROOT
from tests.support.names import PREMIUM_START, RATES, YEAR, ZERO, base_price, namehash

SNIPPETS = ROOT / ".build" / "clients"
SESSION = ROOT / "tests" / "clients" / "session.mjs"
COMMIT_MIN = 60


def missing(what: str) -> None:
    reason = f"!!! NO {what}: run `npm ci`; the real clients are not tested !!!"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass
class Chain:
    """A name system on anvil, and who acts on it."""

    web3: Web3
    names: Any
    resolver: Any
    reverse: Any
    universal: Any
    owner: str
    other: str

    def do(self, function: Any, sender: str | None = None, **more: Any) -> Any:
        sent = function.transact({"from": sender or self.owner, **more})
        receipt = self.web3.eth.wait_for_transaction_receipt(sent)
        assert receipt["status"] == 1
        return receipt

    def wait(self, seconds: int) -> None:
        travel(self.web3, seconds)

    def register(self, label: str, owner: str, primary: bool = False) -> bytes:
        functions = self.names.functions
        wanted = (label, owner, YEAR, ZERO, [], primary, 10**18, b"\x53" * 32)
        self.do(functions.commit(functions.commitment(wanted, owner).call()), owner)
        self.wait(COMMIT_MIN)
        self.do(functions.register(wanted), owner, value=base_price(len(label), YEAR))
        return namehash(f"{label}.os")

    @property
    def url(self) -> str:
        return self.web3.provider.endpoint_uri


def deploy(web3: Web3, sender: str) -> Chain:
    """The names of the suite, by the plan's own code, without the rest."""

    def put(name: str, *arguments: Any, blueprint: bool = False) -> str:
        made = artifact(name)
        code = made.blueprint if blueprint else made.init_code_with(arguments)
        sent = web3.eth.send_transaction({"from": sender, "data": code})
        return web3.eth.wait_for_transaction_receipt(sent)["contractAddress"]

    def at(name: str, address: str) -> Any:
        return web3.eth.contract(address=address, abi=artifact(name).abi)

    kernel = at("Kernel", put("Kernel"))
    pricing = put("NamePricing", RATES, PREMIUM_START)
    namespace = namespace_id(sender, text32("uraeus"))
    blueprints = [put(name, blueprint=True) for name in ("Resolver", "ReverseResolver")]
    names = at("Names", put("Names", kernel.address, namespace, "os", *blueprints))
    first = [(text32("names.pricing"), pricing, keccak(web3.eth.get_code(pricing)), 1)]
    claim = kernel.functions.claim(text32("uraeus"), sender, 0, ZERO, 0, first)
    web3.eth.wait_for_transaction_receipt(claim.transact({"from": sender}))
    return Chain(
        web3,
        names,
        at("Resolver", names.functions.default_resolver().call()),
        at("ReverseResolver", names.functions.reverse_resolver().call()),
        at("UniversalResolver", put("UniversalResolver", names.address)),
        web3.eth.accounts[1],
        web3.eth.accounts[2],
    )


@pytest.fixture(scope="session")
def chain() -> Iterator[Chain]:
    try:
        with running_anvil() as web3:
            yield deploy(web3, web3.eth.accounts[0])
    except pytest.skip.Exception:
        missing("ANVIL")


@pytest.fixture(scope="session")
def alice(chain: Chain) -> bytes:
    """alice.os, with a primary name; its owner has no other."""
    return chain.register("alice", chain.owner, primary=True)


@pytest.fixture(scope="session")
def ns(chain: Chain, alice: bytes) -> ENS:
    return ens_client.ready(chain.web3, chain.names.address, chain.universal.address)


@pytest.fixture(scope="session")
def speak(chain: Chain, alice: bytes):
    """Ask viem or ethers several things: [(function, arguments)] -> answers."""
    node = shutil.which("node")
    if node is None:
        missing("NODE")
    for package in ("viem", "ethers"):
        if not (ROOT / "node_modules" / package).is_dir():
            missing(package.upper())
    snippets = write_snippets()

    def ask(client: str, *questions: tuple[str, Any]) -> list[Any]:
        told = {
            "url": chain.url,
            "chainId": chain.web3.eth.chain_id,
            "names": chain.names.address,
            "universal": chain.universal.address,
            "snippet": snippets[client],
            "client": client,
            "questions": questions,
        }
        done = subprocess.run(
            [node, SESSION], input=json.dumps(told), capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask


def write_snippets() -> dict[str, str]:
    """The JavaScript of docs/names.md, as modules that Node finds the packages from."""
    SNIPPETS.mkdir(parents=True, exist_ok=True)
    written = {}
    for text in re.findall(r"```js\n(.*?)```", (ROOT / "docs" / "names.md").read_text(), re.S):
        client = "viem" if '"viem"' in text else "ethers"
        path = SNIPPETS / f"{client}.mjs"
        path.write_text(text)
        written[client] = path.as_uri()
    return written
