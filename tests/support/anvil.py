"""A local node, for what boa cannot say: receipts."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from web3 import HTTPProvider, Web3

from tests.support.compiled import ROOT

START_SECONDS = 20


def find_anvil() -> str:
    """The path of anvil; skips the test, loudly, where there is none."""
    path = os.pathsep.join([str(ROOT / "node_modules" / ".bin"), os.environ.get("PATH", "")])
    found = shutil.which("anvil", path=path)
    return found or pytest.skip("!!! NO ANVIL: run `npm ci`, or install Foundry !!!")


@contextmanager
def running_anvil(hardfork: str = "osaka", chain_id: int = 31337) -> Iterator[Web3]:
    """Anvil on a free port of the loopback, ended with the block."""
    command = [find_anvil(), "--silent", "--hardfork", hardfork, "--chain-id", str(chain_id)]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([*command, "--port", str(port)], stdin=subprocess.DEVNULL)
    try:
        web3 = Web3(HTTPProvider(f"http://127.0.0.1:{port}"))
        wait_for(web3, process)
        # By itself it follows the machine's clock: on a quick one two blocks share a second.
        ask(web3, "anvil_setBlockTimestampInterval", 1)
        yield web3
    finally:
        process.terminate()
        process.wait()


def ask(web3: Web3, method: str, *arguments: object) -> Any:
    answer = web3.provider.make_request(method, list(arguments))
    assert "error" not in answer, answer
    return answer["result"]


def travel(web3: Web3, seconds: int) -> None:
    """Mine a block that many seconds after the last."""
    now = web3.eth.get_block("latest")["timestamp"]
    ask(web3, "evm_setNextBlockTimestamp", now + seconds)
    ask(web3, "evm_mine")


@contextmanager
def laid_back(web3: Web3) -> Iterator[None]:
    """Whatever happens in the block is undone on the chain."""
    taken = ask(web3, "evm_snapshot")
    try:
        yield
    finally:
        assert ask(web3, "evm_revert", taken)


def wait_for(web3: Web3, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not web3.is_connected():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("anvil did not start")
        time.sleep(0.05)
