"""`ape run names ...` on anvil, as people use it, and what the real clients then see."""

import os
import stat
import subprocess
import time

import pytest

from scripts._lib import cid
from scripts._lib.plan import namespace_id, text32
from scripts._lib.records import BOOK, Book, Folder, plain
from tests.support import ape
from tests.support.compiled import ROOT
from tests.support.names import DAY, namehash

pytestmark = [pytest.mark.anvil, pytest.mark.no_anchor]

PAGE = cid.of_file(b"<h1>carol</h1>")
WAIT_SECONDS = 90


@pytest.fixture(scope="module")
def run(chain, alice, tmp_path_factory):
    """Run a command to its end: (status, what it printed). `run.start` only starts it."""
    root = tmp_path_factory.mktemp("names")
    web3 = chain.web3
    claimer = web3.eth.accounts[0]
    genesis = web3.eth.get_block(0)["hash"].to_0x_hex()
    folder = Folder(web3.eth.chain_id, genesis, root)
    book = Book(
        chain_id=web3.eth.chain_id,
        genesis=genesis,
        namespace=plain(namespace_id(claimer, text32("uraeus"))),
        claimer=claimer,
        label="uraeus",
        contracts={
            "Names": chain.names.address,
            "UniversalResolver": chain.universal.address,
        },
        modules={},
    )
    folder.write(BOOK, book)
    network = ("--network", "ethereum:local:foundry", "--records", root)
    environment = {"APE_FOUNDRY_HOST": chain.url}

    def command(name: str, *arguments: object) -> tuple[int, str]:
        done = ape.run("names", name, *arguments, *network, **environment)
        return done.returncode, done.stdout

    def start(name: str, *arguments: object) -> subprocess.Popen:
        return subprocess.Popen(
            ["ape", "run", "names", name, *map(str, arguments), *map(str, network)],
            cwd=ROOT,
            env={**os.environ, "PATH": ape.PATH, "COLUMNS": "200", **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    command.start, command.root = start, root
    return command


@pytest.fixture(scope="module")
def carol(run, chain):
    """carol.os, registered by the command line: killed after its commitment, given again."""
    pending = run.root / "pending"
    options = ("--primary", "--text", "url=https://c.example", "--content", PAGE)
    options = (*options, "--pending", pending)
    process = run.start("register", "Carol", *options)
    try:
        wait_for_block(chain, process)
    finally:
        process.kill()
        process.wait()
    [secret] = pending.rglob("*.json")
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert chain.names.functions.available("carol").call()
    committed = chain.web3.eth.block_number

    chain.wait(60)
    status, printed = run("register", "carol.os", *options)
    assert status == 0, printed
    assert "was committed to before: going on" in printed
    assert chain.web3.eth.block_number == committed + 2  # the waiting, and the reveal
    assert not list(pending.rglob("*.json"))
    return chain.web3.eth.accounts[0]


def wait_for_block(chain, process) -> None:
    """Until the commitment is mined."""
    before, deadline = chain.web3.eth.block_number, time.monotonic() + WAIT_SECONDS
    while chain.web3.eth.block_number == before:
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.1)


def test_registered_name_is_seen_by_every_client(carol, ns, speak):
    assert ns.address("carol.os") == carol
    assert ns.name(carol) == "carol.os"
    assert speak(
        "viem", ("getEnsAddress", {"name": "carol.os"}), ("getEnsName", {"address": carol})
    ) == [carol, "carol.os"]
    assert speak("ethers", ("resolveName", "carol.os"), ("getContentHash", ["carol.os"])) == [
        carol,
        f"ipfs://{PAGE}",
    ]


def test_show_and_set_and_renew(run, carol, chain):
    status, printed = run("set", "carol", "--text", "avatar=https://c.example/a.png")
    assert status == 0, printed
    expiry = chain.names.functions.info(namehash("carol.os")).call()[1]
    status, printed = run("renew", "carol", "--days", 28)
    assert status == 0, printed
    assert chain.names.functions.info(namehash("carol.os")).call()[1] == expiry + 28 * DAY
    status, printed = run("show", "CAROL.os")
    assert status == 0, printed
    for shown in ("carol.os", "registered, live", carol, str(PAGE), "https://c.example/a.png"):
        assert shown in printed


def test_sub_name(run, carol, chain):
    status, printed = run("subname", "shop.carol.os", carol)
    assert status == 0, printed
    assert chain.names.functions.full_name(namehash("shop.carol.os")).call() == "shop.carol.os"


def test_what_the_contract_refuses_is_told(run, carol):
    status, printed = run("set", "alice", "--text", "a=b")
    assert status == 1
    assert "The chain refuses to set records of alice.os: resolver: not authorised" in printed
