"""Who can decide: everybody who got votes, or to whom votes were delegated."""

from ape.contracts import ContractInstance
from eth_utils import to_checksum_address

from scripts._lib import contracts


def balances(token: ContractInstance, start: int) -> dict[str, int]:
    """Balances of who ever received tokens, and of who ever was a delegate."""
    accounts = {*_third(token, "Transfer", 2, start), *_third(token, "DelegateChanged", 3, start)}
    return {account: token.balanceOf(account) for account in sorted(accounts) if int(account, 16)}


def _third(token: ContractInstance, event: str, topic: int, start: int) -> set[str]:
    logs = contracts.logs(token, event, start)
    return {to_checksum_address(bytes(log["topics"][topic])[12:]) for log in logs}
