"""A DAO of ours and one of OpenZeppelin's with the same settings, for the groups that need one."""

from dataclasses import dataclass

from bench.chain import DAY, Chain
from bench.contracts import compat, ours, solidity
from tests.support.governance import GOVERNOR, LABEL, NOBODY, TOKENS, namespace_of

VOTING_DELAY, VOTING_PERIOD, DELAY = DAY, 5 * DAY, 2 * DAY
THRESHOLD, QUORUM, EXTENSION = 10 * TOKENS, 10, DAY // 2
CHANGE = "(bytes32,address,bytes32,uint256)"


@dataclass(frozen=True)
class Dao:
    governor: str
    token: str


def deploy_kernel(chain: Chain, deployer: str) -> str:
    return chain.deploy(deployer, ours("Kernel"))


def claim(chain: Chain, kernel: str, claimer: str, owner: str, key: bytes, module: str) -> bytes:
    """A namespace with one module in force, without notice; its id."""
    changes = [(key, module, chain.code_hash(module), 1)]
    signature = f"claim(bytes32,address,uint256,address,uint256,{CHANGE}[])"
    chain.send(claimer, kernel, signature, LABEL, owner, 0, NOBODY, 0, changes)
    return namespace_of(claimer, LABEL)


def our_token(chain: Chain, deployer: str, timelock: str, holders: list[str], each: int) -> str:
    types = "address,string,string,uint256,address[],uint256[]"
    shares = [each] * len(holders)
    arguments = (timelock, "Studio votes", "VOTE", 10**9 * TOKENS, holders, shares)
    return chain.deploy(deployer, ours("VotesToken"), types, *arguments)


def our_timelock(chain: Chain, deployer: str, kernel: str, namespace: bytes) -> str:
    types = "address,bytes32,uint256,string"
    return chain.deploy(deployer, ours("Timelock"), types, kernel, namespace, DELAY, "")


def our_dao(chain: Chain, deployer: str, holders: list[str], each: int) -> Dao:
    kernel, namespace = deploy_kernel(chain, deployer), namespace_of(deployer, LABEL)
    timelock = our_timelock(chain, deployer, kernel, namespace)
    token = our_token(chain, deployer, timelock, holders, each)
    settings = (VOTING_DELAY, VOTING_PERIOD, THRESHOLD, QUORUM, EXTENSION)
    types = "address,bytes32,address,address,string,(uint256,uint256,uint256,uint256,uint256)"
    arguments = (kernel, namespace, token, timelock, "Studio", settings)
    governor = chain.deploy(deployer, ours("Governor"), types, *arguments)
    claim(chain, kernel, deployer, timelock, GOVERNOR, governor)
    return Dao(governor, token)


def peer_token(chain: Chain, deployer: str, holders: list[str], each: int) -> str:
    types, shares = "string,string,address[],uint256[]", [each] * len(holders)
    code = compat("PeerVotes")
    return chain.deploy(deployer, code, types, "Studio votes", "VOTE", holders, shares)


def peer_dao(
    chain: Chain, deployer: str, holders: list[str], each: int, *, extended: bool = False
) -> Dao:
    """OpenZeppelin's governor, bare or with every extension whose face ours has."""
    token = peer_token(chain, deployer, holders, each)
    timelock = chain.deploy(deployer, solidity("OpenTimelock"), "uint256,address", DELAY, deployer)
    times = (VOTING_DELAY, VOTING_PERIOD, THRESHOLD)
    if extended:
        types = "string,address,address,uint48,uint32,uint256,uint256,uint48,address"
        arguments = ("Studio", token, timelock, *times, QUORUM, EXTENSION, NOBODY)
        governor = chain.deploy(deployer, compat("PeerGovernor"), types, *arguments)
    else:
        types = "address,address,uint48,uint32,uint256"
        governor = chain.deploy(deployer, solidity("PlainGovernor"), types, token, timelock, *times)
    for role in ("PROPOSER_ROLE", "CANCELLER_ROLE"):
        id = chain.ask(timelock, f"{role}()", "bytes32")
        chain.send(deployer, timelock, "grantRole(bytes32,address)", id, governor)
    return Dao(governor, token)
