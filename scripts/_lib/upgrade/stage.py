"""A chain to rehearse on: a fork of the connected one, or a snapshot that is laid back.

CREATE2 gives the new module the same address and code there, so what is rehearsed is what
will be proposed, to the byte.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ape import accounts, chain, networks
from ape.api import AccountAPI
from ape_test.provider import LocalProvider
from web3 import HTTPProvider, Web3

from scripts._lib.refusal import Refusal

START_SECONDS = 60
FUNDS = 10**20  # wei, for whoever has to pay gas on a fork


@contextmanager
def stage() -> Iterator[str]:
    """Everything in the block happens elsewhere. Yields what to call that place."""
    if isinstance(chain.provider, LocalProvider):
        with laid_back():
            yield "a snapshot of the embedded chain"
        return
    if shutil.which("anvil") is None:
        raise Refusal("anvil is not on the PATH: a rehearsal needs it to fork this network.")
    height = chain.blocks.height
    with (
        _anvil(chain.provider.web3.provider.endpoint_uri, chain.chain_id) as host,
        _host(host),
        networks.ethereum.local.use_provider("foundry", provider_settings={"host": host}),
    ):
        yield f"a fork of chain {chain.chain_id} at block {height:,}"


@contextmanager
def laid_back() -> Iterator[None]:
    """The chain is as before after the block. (`chain.isolate` would swallow what is raised.)"""
    taken = chain.snapshot()
    try:
        yield
    finally:
        chain.restore(taken)


@contextmanager
def _anvil(upstream: str, chain_id: int) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--fork-url", upstream, "--chain-id", str(chain_id), "--port", str(port)]
    process = subprocess.Popen(
        ["anvil", "--silent", "--hardfork", "prague", *options], stdin=subprocess.DEVNULL
    )
    try:
        host = f"http://127.0.0.1:{port}"
        _wait(Web3(HTTPProvider(host)), process)
        yield host
    finally:
        process.terminate()
        process.wait()


def _wait(web3: Web3, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not web3.is_connected():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Refusal(
                "anvil could not fork this network: is its node an archive of this block?"
            )
        time.sleep(0.05)


@contextmanager
def _host(host: str) -> Iterator[None]:
    """Ape's foundry provider reads its node from the environment first."""
    name = "APE_FOUNDRY_HOST"
    before = os.environ.get(name)
    os.environ[name] = host
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def actor(address: str) -> AccountAPI:
    """An account that signs nothing: on a fork anybody can be played."""
    if isinstance(chain.provider, LocalProvider):
        try:
            return accounts[address]
        except KeyError:
            raise Refusal(
                f"{address} cannot be played on the embedded chain: take anvil."
            ) from None
    player = accounts.test_accounts.impersonate_account(address)
    player.balance = max(player.balance, FUNDS)
    return player
