"""A sub-name in its grace answers nothing, to every client, whatever the name above would say."""

import pytest
from eth_abi import encode
from vyper.compiler.output import build_abi_output

from tests.clients.conftest import Chain
from tests.support.compiled import deployer
from tests.support.names import DAY, IN_GRACE, namehash

pytestmark = [pytest.mark.anvil, pytest.mark.no_anchor]

NAMES = ["sub.graceful.os", "below.sub.graceful.os"]


def resolver_that_says(chain: Chain, account: str) -> str:
    """Of an owner who wants what is sent to names below: ENSIP-10, one answer to all."""
    made = deployer("ToldResolver").compiler_data
    sent = chain.web3.eth.send_transaction({"from": chain.owner, "data": made.bytecode})
    address = chain.web3.eth.wait_for_transaction_receipt(sent)["contractAddress"]
    told = chain.web3.eth.contract(address=address, abi=build_abi_output(made))
    answer = encode(["bytes"], [encode(["address"], [account])])
    chain.do(told.functions.set(True, False, answer))
    return address


@pytest.fixture(scope="module")
def above(chain, alice):
    node = chain.register("graceful", chain.owner)
    functions = chain.names.functions
    chain.do(functions.setResolver(node, resolver_that_says(chain, chain.owner)))
    soon = chain.web3.eth.get_block("latest")["timestamp"] + DAY
    chain.do(functions.createSubname(node, "sub", chain.other, soon))
    chain.wait(DAY)
    assert functions.info(namehash(NAMES[0])).call()[5] == IN_GRACE
    return node


def test_the_name_above_answers_for_others(speak, chain, above):
    """So that nothing below is nothing by the grace alone."""
    assert speak("ethers", ("resolveName", "other.graceful.os")) == [chain.owner]


def test_ethers(speak, above):
    assert speak("ethers", *(("resolveName", name) for name in NAMES)) == [None, None]


def test_viem(speak, above):
    asked = (("getEnsAddress", {"name": name}) for name in NAMES)
    assert speak("viem", *asked) == [None, None]


def test_web3py(ns, above):
    assert [ns.address(name) for name in NAMES] == [None, None]
