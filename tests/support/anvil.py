"""A local node, for what boa cannot say: receipts."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

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
        yield web3
    finally:
        process.terminate()
        process.wait()


def wait_for(web3: Web3, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not web3.is_connected():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("anvil did not start")
        time.sleep(0.05)
