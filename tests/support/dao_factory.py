"""DAOs made by the factory, and what the design says of their addresses."""

import warnings
from typing import Any, NamedTuple

import boa
from eth_abi import encode
from eth_utils import keccak, to_canonical_address, to_checksum_address

from tests.support.compiled import deployer
from tests.support.governance import DAY, NOBODY, TOKENS, Dao, Settings

PARTS = ("Timelock", "VotesToken", "Governor")


class NewToken(NamedTuple):
    """`IDaoFactory.NewToken`."""

    holders: tuple[str, ...] = ()
    amounts: tuple[int, ...] = ()
    name: str = "Studio votes"
    symbol: str = "VOTE"
    cap: int = 10**9 * TOKENS

    def astuple(self) -> tuple[Any, ...]:
        return (self.name, self.symbol, self.cap, list(self.holders), list(self.amounts))


class Setup(NamedTuple):
    """`IDaoFactory.Setup`."""

    name: str = "Studio"
    uri: str = "ipfs://studio"
    settings: Settings = Settings()
    delay: int = 2 * DAY
    notice: int = DAY
    guardian: str = NOBODY
    guardian_until: int = 0
    modules: tuple[tuple[Any, ...], ...] = ()

    def astuple(self) -> tuple[Any, ...]:
        return (
            self.name,
            self.uri,
            self.settings.astuple(),
            self.delay,
            self.notice,
            self.guardian,
            self.guardian_until,
            list(self.modules),
        )


def init_code(part: str) -> bytes:
    return deployer(part).compiler_data.bytecode


def deploy_factory(kernel: Any = None, at: str | None = None) -> Any:
    """The factory over fresh blueprints."""
    kernel = kernel or deployer("Kernel").deploy()
    blueprints = [deployer(part).deploy_as_blueprint().address for part in PARTS]
    return deployer("DaoFactory").deploy(kernel.address, *blueprints, override_address=at)


def create(factory: Any, creator: str, salt: bytes, setup: Setup, token: NewToken | str) -> Dao:
    """A DAO as its creator opens it."""
    if isinstance(token, str):
        made = factory.create_with_token(setup.astuple(), token, salt, sender=creator)
    else:
        made = factory.create(setup.astuple(), token.astuple(), salt, sender=creator)
    return dao_at(factory, setup, made)


def dao_at(factory: Any, setup: Setup, made: Any) -> Dao:
    addresses = (made.timelock, made.token, made.governor)
    with warnings.catch_warnings():  # boa finds that a foreign token's code is not ours
        warnings.simplefilter("ignore")
        timelock, token, governor = (
            deployer(part).at(address) for part, address in zip(PARTS, addresses, strict=True)
        )
    kernel = deployer("Kernel").at(factory.kernel())
    return Dao(
        kernel, bytes(made.namespace), timelock, token, governor, setup.settings, setup.delay
    )


def delegate_all(dao: Dao, holders: tuple[str, ...]) -> None:
    """Each holder votes with its own tokens; the clock has moved since."""
    for holder in holders:
        dao.token.delegate(holder, sender=holder)
    boa.env.time_travel(seconds=1)


# ----- addresses, computed without the factory -----


def create2(creator: str, salt: bytes, code: bytes) -> str:
    digest = keccak(b"\xff" + to_canonical_address(str(creator)) + salt + keccak(code))
    return to_checksum_address(digest[12:])


def predicted(
    factory: Any, creator: str, salt: bytes, setup: Setup, token: NewToken | str
) -> tuple[bytes, str, str, str]:
    """Namespace, timelock, token, governor, by the design page alone."""
    address, kernel = str(factory.address), str(factory.kernel())
    label = keccak(encode(["address", "bytes32"], [str(creator), salt]))
    namespace = keccak(encode(["address", "bytes32"], [address, label]))

    def of(part: str, types: list[str], arguments: list[Any]) -> str:
        return create2(address, label, init_code(part) + encode(types, arguments))

    timelock = of(
        "Timelock",
        ["address", "bytes32", "uint256", "string"],
        [kernel, namespace, setup.delay, setup.uri],
    )
    if not isinstance(token, str):
        name, symbol, cap, holders, amounts = token.astuple()
        token = of(
            "VotesToken",
            ["address", "string", "string", "uint256", "address[]", "uint256[]"],
            [timelock, name, symbol, cap, list(map(str, holders)), amounts],
        )
    governor = of(
        "Governor",
        ["address", "bytes32", "address", "address", "string", "uint256[5]"],
        [kernel, namespace, token, timelock, setup.name, list(setup.settings.astuple())],
    )
    return namespace, timelock, token, governor
