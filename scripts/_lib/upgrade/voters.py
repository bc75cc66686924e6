"""Who can decide: everybody who got votes, or to whom votes were delegated."""

from typing import Any

from ape import chain
from ape.contracts import ContractInstance
from eth_utils import keccak, to_checksum_address


def balances(token: ContractInstance, start: int) -> dict[str, int]:
    """Balances of who ever received tokens, and of who ever was a delegate."""
    accounts = {*_third(token, "Transfer", 2, start), *_third(token, "DelegateChanged", 3, start)}
    return {account: token.balanceOf(account) for account in sorted(accounts) if int(account, 16)}


def _third(token: ContractInstance, event: str, topic: int, start: int) -> set[str]:
    [abi] = [each for each in token.contract_type.events if each.name == event]
    query: dict[str, Any] = {
        "address": token.address,
        "fromBlock": start,
        "toBlock": "latest",
        "topics": ["0x" + keccak(text=abi.selector).hex()],
    }
    logs = chain.provider.web3.eth.get_logs(query)
    return {to_checksum_address(bytes(log["topics"][topic])[12:]) for log in logs}
