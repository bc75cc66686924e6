"""What is to be deployed on a network: one reviewed file each, checked before use."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    model_validator,
)

from scripts._lib.files import text_of
from scripts._lib.records import DEPLOYMENTS, Address
from scripts._lib.refusal import Refusal, fault

INTENTS = DEPLOYMENTS / "intents"
HOUR = 3_600
DAY = 86_400
WEI = 10**18
AMOUNT = re.compile(r"([0-9]+)(?:\.([0-9]{1,18}))?")
RATE_MAX = 4 * WEI  # what the rate cap of a name can hold
# A module can be paused for 14 days: its owner has to be able to answer by then.
ANSWER_MAX = 13 * DAY


def _wei(amount: object) -> int:
    if not isinstance(amount, str):
        raise ValueError('write amounts as text, e.g. "0.5"')
    match = AMOUNT.fullmatch(amount)
    if not match:
        raise ValueError("not an amount with at most 18 decimals")
    return int(match[1]) * WEI + int((match[2] or "").ljust(18, "0"))


def _label(text: str) -> str:
    if not text.isascii():
        raise ValueError("not ASCII")
    return text


Ether = Annotated[int, BeforeValidator(_wei), Field(lt=2**96)]
Text = Annotated[str, Field(min_length=1, max_length=31), AfterValidator(_label)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Guardian(Strict):
    account: Address
    days: Annotated[int, Field(ge=1, le=365)]


class Token(Strict):
    name: Text
    symbol: Text
    cap: Ether
    holders: Annotated[dict[Address, Ether], Field(min_length=1)]

    @model_validator(mode="after")
    def _supply_fits(self) -> "Token":
        if sum(self.holders.values()) > self.cap:
            raise ValueError("the holders get more than the cap")
        return self


class Governance(Strict):
    name: Text
    uri: Annotated[str, Field(max_length=256), AfterValidator(_label)] = ""  # ERC-4824
    voting_delay: Annotated[int, Field(ge=HOUR)]  # seconds
    voting_period: Annotated[int, Field(ge=HOUR)]  # seconds
    timelock_delay: Annotated[int, Field(ge=HOUR, le=30 * DAY)]  # seconds
    threshold: Annotated[Ether, Field(gt=0)]  # votes
    quorum: Annotated[int, Field(ge=1, le=50)]  # percent
    late_extension: Annotated[int, Field(ge=0, le=7 * DAY)]  # seconds

    @model_validator(mode="after")
    def _can_answer_a_pause(self) -> "Governance":
        if self.voting_delay + self.voting_period + self.timelock_delay > ANSWER_MAX:
            raise ValueError(
                "voting delay, period and timelock delay add up to more than 13 days, "
                "so the owner could not answer a pause"
            )
        return self

    @property
    def settings(self) -> tuple[int, ...]:
        """As the governor's constructor takes them."""
        return (
            self.voting_delay,
            self.voting_period,
            self.threshold,
            self.quorum,
            self.late_extension,
        )


TOKEN_KINDS = ("new", "existing")


def _token_kind(token: object) -> str:
    return "existing" if isinstance(token, str) else "new"


NewOrExisting = Annotated[
    Annotated[Token, Tag("new")] | Annotated[Address, Tag("existing")], Discriminator(_token_kind)
]


class Dao(Strict):
    """Token and governance of one DAO; the token is its own, or one that exists."""

    token: NewOrExisting
    governance: Governance


class Studio(Dao):
    """Anybody's DAO, as the factory opens it."""

    label: Text  # tells apart the DAOs of one creator
    notice: Annotated[int, Field(ge=0, le=30 * DAY)]  # seconds
    guardian: Guardian | None = None


class Prices(Strict):
    rates: Annotated[list[Ether], Field(min_length=5, max_length=5)]  # per year, by length
    premium: Ether  # at the second of release

    @model_validator(mode="after")
    def _rates_fall(self) -> "Prices":
        if self.rates[0] > RATE_MAX:
            raise ValueError("more than 4 ether per year")
        if self.rates != sorted(self.rates, reverse=True):
            raise ValueError("a longer name is dearer than a shorter one")
        return self


class Intent(Dao):
    token: Token
    label: Text  # of the system namespace
    top_level: Text  # of names
    notice: Annotated[int, Field(ge=0, le=30 * DAY)]  # seconds
    guardian: Guardian | None = None
    prices: Prices
    # Whose it is and where: needed on public networks, where a slip has no remedy.
    claimer: Address | None = None
    chain_id: Annotated[int, Field(ge=1)] | None = None


Model = TypeVar("Model", bound=Strict)


def load(path: Path, model: type[Model] = Intent) -> Model:
    """The settings in a file; a Refusal that names what is wrong with them."""
    try:
        return model.model_validate(tomllib.loads(text_of(path)))
    except ValidationError as error:
        raise Refusal(f"{path.name}: {fault(error, TOKEN_KINDS)}.") from None
    except (ValueError, RecursionError) as error:  # of numbers and nesting without an end, too
        raise Refusal(f"{path.name} is not TOML: {error}.") from None


def of_network(ecosystem: str, network: str) -> Intent:
    """The settings of a network."""
    path = INTENTS / f"{ecosystem}-{network.removesuffix('-fork')}.toml"
    if not path.exists():
        raise Refusal(
            f"There are no settings for {ecosystem}:{network}: "
            f"write deployments/intents/{path.name} after ethereum-local.toml."
        )
    return load(path)
