"""The file of a rule: a sentence, and what its names stand for."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from scripts._lib import allow_lists, contracts, rules, sentence, times
from scripts._lib.allow_lists import AllowList
from scripts._lib.amounts import asset
from scripts._lib.found import Found
from scripts._lib.intent import load
from scripts._lib.records import Hash, Strict
from scripts._lib.refusal import Refusal
from scripts._lib.rules import Kind, Rule, Term
from scripts._lib.sentence import NAME, RESERVED, Part, Phrase, Sentence

Where = Annotated[str, Field(min_length=1)]  # an address, or a name that resolves to one
Number = Annotated[int, Field(ge=0, lt=2**256)]
Asked = tuple[str, int, int]  # target, detail, argument
LAG_MAX = 2**48 - 1
PROOFS_MAX = 8


class Token(Strict):
    """One token, or the tokens of one id, of a contract."""

    contract: Where
    id: Number


class Name(Strict):
    name: str
    epoch: Annotated[int, Field(ge=1, lt=2**32)] | Literal["present"]


class Votes(Strict):
    token: Where
    lag: str | Annotated[int, Field(ge=1, le=LAG_MAX)] = "1 day"  # a number: of its clock's unit


class ListOf(Strict):
    id: Hash
    contract: Where | None = None  # the deployment's List


class Allowed(Strict):
    root: Hash | None = None
    accounts: Path | None = None  # beside the file

    @model_validator(mode="after")
    def _one_of_both(self) -> "Allowed":
        if (self.root is None) == (self.accounts is None):
            raise ValueError("give the root, or the file of its accounts: one of both")
        return self


class Time(Strict):
    since: Annotated[datetime | date | None, Field(alias="from")] = None
    until: datetime | date | None = None

    @model_validator(mode="after")
    def _is_not_empty(self) -> "Time":
        first, end = self.window
        if first >= end:
            raise ValueError("it ends before it begins")
        return self

    @property
    def window(self) -> tuple[int, int]:
        first = times.second(self.since) if self.since else 0
        return first, times.second(self.until) if self.until else 2**40 - 1


class Condition(Strict):
    contract: Where
    argument: Hash = "0x" + "00" * 32


def _table(noun: str) -> Any:
    return Field(default_factory=dict, alias=noun)


class RuleFile(Strict):
    """One table of named things for each noun of the grammar."""

    let_in: str
    passes: dict[str, Where] = _table("pass")
    tokens: dict[str, Where] = _table("token")
    collectibles: dict[str, Where] = _table("collectible")
    items: dict[str, Token] = _table("item")
    pieces: dict[str, Token] = _table("piece")
    names: dict[str, str | Name] = _table("name")
    votes: dict[str, Votes] = _table("votes")
    lists: dict[str, ListOf] = _table("list")
    allow_lists: dict[str, Allowed] = _table("allow-list")
    times: dict[str, Time] = _table("time")
    rules: dict[str, Hash] = _table("rule")
    conditions: dict[str, Condition] = _table("condition")

    @model_validator(mode="after")
    def _names_are_words(self) -> "RuleFile":
        for table in self.tables.values():
            for name in table:
                if not NAME.fullmatch(name) or name in RESERVED:
                    raise ValueError(
                        f'"{name}" cannot be a name in a rule: take letters a to z, digits and '
                        "hyphens, beginning with a letter, and no word of the grammar"
                    )
        return self

    @property
    def tables(self) -> dict[Kind, dict[str, Any]]:
        return {
            Kind.VALID_PASS: self.passes,
            Kind.ERC20_BALANCE: self.tokens,
            Kind.ERC721_BALANCE: self.collectibles,
            Kind.ERC1155_BALANCE: self.items,
            Kind.ERC721_OWNER: self.pieces,
            Kind.NAME_OWNER: self.names,
            Kind.PRIMARY_NAME: self.names,
            Kind.PAST_VOTES: self.votes,
            Kind.LISTED: self.lists,
            Kind.ALLOW_LIST: self.allow_lists,
            Kind.TIME_WINDOW: self.times,
            Kind.RULE: self.rules,
            Kind.CONDITION: self.conditions,
        }


class Written:
    """A rule that was written in a file, understood on the connected chain."""

    def __init__(self, path: Path, found: Found) -> None:
        self.path = path
        self.found = found
        self.file = load(path, RuleFile)
        self.sentence = sentence.parse(self.file.let_in, self.file.tables)
        self.rule = self._rule(self.sentence)
        self.rule.check()

    @cached_property
    def gate(self) -> contracts.ContractInstance:
        return self.found["Gate"]

    @cached_property
    def allowed(self) -> dict[str, AllowList]:
        """Those allow-lists of which the file names the accounts."""
        return {
            name: AllowList(
                allow_lists.accounts(self.path.parent / it.accounts, self.found.address)
            )
            for name, it in self.file.allow_lists.items()
            if it.accounts
        }

    def proofs(self, account: str) -> list[list[bytes]]:
        """What the account can show; of lists that a nested rule asks, too."""
        shown = [each.proof(account) for each in self.allowed.values()]
        proofs = [proof for proof in shown if proof is not None]
        if len(proofs) > PROOFS_MAX:
            raise Refusal(
                f"{account} is on {len(proofs)} allow-lists of {self.path.name}; the gate "
                f"looks at {PROOFS_MAX} proofs."
            )
        return proofs

    # ----- terms -----

    def _rule(self, said: Sentence) -> Rule:
        terms: list[Term] = []
        nested: dict[int, Rule] = {}
        for parts in said.alternatives:
            for number, part in enumerate(parts):
                term, inner = self._term(part)
                terms.append(term._replace(opens=number == 0))
                if inner:
                    nested[term.argument] = inner
        return Rule(tuple(terms), nested)

    def _term(self, part: Part) -> tuple[Term, Rule | None]:
        """The term of a part, which opens a clause; and the rule that it nests."""
        if isinstance(part.what, Sentence):
            return self._nesting(self._rule(part.what), part.negated)
        phrase = part.what
        if phrase.kind == Kind.ALLOW_LIST and part.negated:
            raise Refusal(
                f'"not {phrase}" has no meaning: who shows no proof would be in. '
                "Keep those who stay out on a list."
            )
        thing = self.file.tables[phrase.kind][phrase.name]
        try:
            if phrase.kind == Kind.RULE:
                return self._nesting(self._registered(thing), part.negated)
            asked = WAYS[phrase.kind](self, thing, phrase)
        except Refusal as refusal:
            raise Refusal(f'"{phrase}": {refusal.message}') from None
        return Term(phrase.kind, True, part.negated, *asked), None

    def _nesting(self, inner: Rule, negated: bool) -> tuple[Term, Rule]:
        return Term(Kind.RULE, True, negated, argument=_number(inner.id)), inner

    def _registered(self, id: str) -> Rule:
        rule = rules.registered(self.gate, bytes.fromhex(id[2:]))
        if rule is None:
            raise Refusal(f"no rule {id} is registered.")
        return rule

    # ----- target, detail and argument of a term -----

    def _pass(self, where: str, _: Phrase) -> Asked:
        return self._contract(where), 0, 0

    def _balance(self, where: str, phrase: Phrase) -> Asked:
        token = self._contract(where)
        return token, 0, _units(token, phrase.amount)

    def _collectibles(self, where: str, phrase: Phrase) -> Asked:
        return self._contract(where), 0, _count(phrase.amount)

    def _items(self, thing: Token, phrase: Phrase) -> Asked:
        return self._contract(thing.contract), _count(phrase.amount), thing.id

    def _piece(self, thing: Token, _: Phrase) -> Asked:
        return self._contract(thing.contract), 0, thing.id

    def _owned(self, thing: str | Name, _: Phrase) -> Asked:
        names = self.found["Names"]
        name, epoch = (thing, 0) if isinstance(thing, str) else (thing.name, thing.epoch)
        node = self.found.node(name)
        if epoch == "present":
            epoch = names.holder(node)[1]
            if epoch == 0:
                raise Refusal(f"{name} is not registered, or has expired.")
        return names.address, int(epoch), _number(node)

    def _above(self, thing: str | Name, _: Phrase) -> Asked:
        """The name that primary names are below; they follow who owns it."""
        name = thing if isinstance(thing, str) else thing.name
        return self.found["Names"].address, 0, _number(self.found.node(name))

    def _votes(self, thing: Votes, phrase: Phrase) -> Asked:
        token = self._contract(thing.token)
        return token, self._lag(token, thing.lag), _units(token, phrase.amount)

    def _listed(self, thing: ListOf, _: Phrase) -> Asked:
        where = self._contract(thing.contract or self.found["List"].address)
        return where, 0, int(thing.id, 16)

    def _allowed(self, thing: Allowed, phrase: Phrase) -> Asked:
        root = thing.root or "0x" + self.allowed[phrase.name].root.hex()
        return contracts.NO_ONE, 0, int(root, 16)

    def _window(self, thing: Time, _: Phrase) -> Asked:
        return contracts.NO_ONE, *thing.window

    def _condition(self, thing: Condition, _: Phrase) -> Asked:
        return self._contract(thing.contract), 0, int(thing.argument, 16)

    def _contract(self, where: str) -> str:
        address = self.found.address(where)
        if not contracts.code(address):
            raise Refusal(f"there is no contract at {address}: nobody would get an answer.")
        return address

    def _lag(self, token: str, lag: str | int) -> int:
        if isinstance(lag, int):
            return lag
        clock = contracts.at(token, "VotesToken")
        try:
            mode = clock.CLOCK_MODE()
        except Exception:  # whatever is there, it does not say
            mode = ""
        if mode != "mode=timestamp":
            raise Refusal(
                "its clock does not count seconds: write the lag as a number of its blocks."
            )
        return times.of_duration(lag)


def _units(token: str, amount: str) -> int:
    if float(amount) == 0:
        raise Refusal("everybody has none: ask for more.")
    return asset(token).read(amount)


def _count(amount: str) -> int:
    if "." in amount or not 0 < int(amount) < 2**72:
        raise Refusal("they are counted in whole numbers from 1 on.")
    return int(amount)


def _number(word: bytes) -> int:
    return int.from_bytes(word, "big")


WAYS: dict[Kind, Callable[[Written, Any, Phrase], Asked]] = {
    Kind.VALID_PASS: Written._pass,
    Kind.ERC20_BALANCE: Written._balance,
    Kind.ERC721_BALANCE: Written._collectibles,
    Kind.ERC1155_BALANCE: Written._items,
    Kind.ERC721_OWNER: Written._piece,
    Kind.NAME_OWNER: Written._owned,
    Kind.PRIMARY_NAME: Written._above,
    Kind.PAST_VOTES: Written._votes,
    Kind.LISTED: Written._listed,
    Kind.ALLOW_LIST: Written._allowed,
    Kind.TIME_WINDOW: Written._window,
    Kind.CONDITION: Written._condition,
}
