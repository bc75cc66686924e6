"""A rule in words: its grammar, read and printed. docs/access.md explains it to people.

    rule       alternative { [","] "or" alternative }
    alternative    part { "and" part }
    part       ["not"] ( phrase | "(" rule ")" )

An alternative of several parts next to others needs the comma before its "or", so
that nobody has to know which of "and" and "or" binds closer. Each kind of the gate's
terms has one phrase. Parentheses are a rule of their own, nested by the gate.

What is read is brought to one form, without parentheses that change no answer, not
even a doubtful one: (a) is a, a or (b or c) is a or b or c, a and (b and c) is a and
b and c, not (not a) is a. Nothing else is moved: by the gate's three values,
not (a and b) is not the same as not a or not b.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from scripts._lib.refusal import Refusal
from scripts._lib.rules import Kind

TOKEN = re.compile(r"[(),]|[^\s(),]+")
AMOUNT = re.compile(r"[0-9]{1,80}(\.[0-9]{1,80})?")
NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
DEPTH_MAX = 20  # of parentheses as written; most of them mean nothing

# # is an amount, * the name of a thing; the last word is the noun of its table.
PHRASES = {
    Kind.VALID_PASS: "a valid * pass",
    Kind.ERC20_BALANCE: "# * tokens",
    Kind.ERC721_BALANCE: "# * collectibles",
    Kind.ERC1155_BALANCE: "# * items",
    Kind.ERC721_OWNER: "the owner of the * piece",
    Kind.NAME_OWNER: "the owner of the * name",
    Kind.PRIMARY_NAME: "a primary name below the * name",
    Kind.PAST_VOTES: "# * votes",
    Kind.LISTED: "on the * list",
    Kind.ALLOW_LIST: "on the * allow-list",
    Kind.TIME_WINDOW: "during the * time",
    Kind.RULE: "within the * rule",
    Kind.CONDITION: "allowed by the * condition",
}
PATTERNS = {kind: phrase.split() for kind, phrase in PHRASES.items()}
CONNECTIVES = {"and", "or", "not"}
COUNTED = {pattern[-1]: pattern[-1][:-1] for pattern in PATTERNS.values() if pattern[0] == "#"}
RESERVED = {
    *CONNECTIVES,
    *COUNTED.values(),
    *(word for pattern in PATTERNS.values() for word in pattern),
}


@dataclass(frozen=True)
class Phrase:
    """One question, about a thing that has a name."""

    kind: Kind
    name: str
    amount: str = ""

    def __str__(self) -> str:
        words = [{"#": self.amount, "*": self.name}.get(word, word) for word in PATTERNS[self.kind]]
        if self.amount == "1":
            words[-1] = COUNTED[words[-1]]
        return " ".join(words)


@dataclass(frozen=True)
class Part:
    """A phrase or a rule in parentheses, or its contrary."""

    what: "Phrase | Sentence"
    negated: bool = False

    def __str__(self) -> str:
        words = f"({self.what})" if isinstance(self.what, Sentence) else str(self.what)
        return f"not {words}" if self.negated else words


@dataclass(frozen=True)
class Sentence:
    """Alternatives, each of parts that hold together."""

    alternatives: tuple[tuple[Part, ...], ...]

    def __str__(self) -> str:
        mixed = any(len(parts) > 1 for parts in self.alternatives)
        return (", or " if mixed else " or ").join(
            " and ".join(map(str, parts)) for parts in self.alternatives
        )

    @property
    def phrases(self) -> Iterator[Phrase]:
        for parts in self.alternatives:
            for part in parts:
                if isinstance(part.what, Sentence):
                    yield from part.what.phrases
                else:
                    yield part.what


Names = Mapping[Kind, Collection[str]]  # of the things that a phrase of the kind can be about


def parse(text: str, names: Names) -> Sentence:
    """A rule in words, in its one form; a Refusal that says where it is not understood."""
    reader = _Reader(TOKEN.findall(text.lower()), names)
    sentence = reader.sentence(0)
    if reader.next is not None:
        raise reader.lost()
    return sentence


# ----- one form -----


def sentence_of(alternatives: list[list[Part]]) -> Sentence:
    """The alternatives without parentheses that mean nothing."""
    found: list[tuple[Part, ...]] = []
    for parts in alternatives:
        flat = [inner for part in parts for inner in _together(part)]
        if len(flat) == 1 and isinstance(flat[0].what, Sentence) and not flat[0].negated:
            found += flat[0].what.alternatives
        else:
            found.append(tuple(flat))
    return Sentence(tuple(found))


def _together(part: Part) -> tuple[Part, ...]:
    """A part, or several that hold together."""
    if not isinstance(part.what, Sentence) or len(part.what.alternatives) > 1:
        return (part,)
    [parts] = part.what.alternatives
    if not part.negated:
        return parts
    if len(parts) == 1:  # the contrary of the contrary, or of a phrase
        return (Part(parts[0].what, not parts[0].negated),)
    return (part,)


# ----- reading -----


class _Reader:
    def __init__(self, tokens: list[str], names: Names) -> None:
        self.tokens = tokens
        self.at = 0
        self.names = names

    @property
    def next(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, *wanted: str) -> bool:
        """Go past these tokens, if they come next."""
        if tuple(self.tokens[self.at : self.at + len(wanted)]) != wanted:
            return False
        self.at += len(wanted)
        return True

    def lost(self, why: str = "") -> Refusal:
        before = " ".join(self.tokens[max(self.at - 4, 0) : self.at])
        after = " ".join(self.tokens[self.at : self.at + 4])
        where = f'"{after}"' if after else "the end"
        where += f' after "{before}"' if before else ""
        return Refusal(f"The rule is not understood at {where}{': ' + why if why else ''}.")

    def sentence(self, depth: int) -> Sentence:
        if depth > DEPTH_MAX:
            raise self.lost(f"more than {DEPTH_MAX} parentheses in each other")
        alternatives, commas = [self.alternative(depth)], []
        while True:
            if self.take(",", "or"):
                commas.append(True)
            elif self.take("or"):
                commas.append(False)
            else:
                break
            alternatives.append(self.alternative(depth))
        if self.next == ",":
            raise self.lost('a comma stands only before "or": put what belongs together into ()')
        if not all(commas) and any(len(parts) > 1 for parts in alternatives):
            raise Refusal(
                'The rule mixes "and" with "or": write a comma before each "or", as in '
                '"a, or b and c", or put what belongs together into ().'
            )
        return sentence_of(alternatives)

    def alternative(self, depth: int) -> list[Part]:
        parts = [self.part(depth)]
        while self.take("and"):
            parts.append(self.part(depth))
        return parts

    def part(self, depth: int) -> Part:
        negated = self.take("not")
        if self.take("("):
            what = self.sentence(depth + 1)
            if not self.take(")"):
                raise self.lost('")" is missing')
            return Part(what, negated)
        return Part(self.phrase(), negated)

    def phrase(self) -> Phrase:
        for kind, pattern in PATTERNS.items():
            found = self.match(kind, pattern)
            if found:
                return found
        raise self.lost("no phrase of rules begins so (docs/access.md lists them)")

    def match(self, kind: Kind, pattern: list[str]) -> Phrase | None:
        """The phrase, if it comes next; a Refusal if only its name is wrong."""
        start, amount, name = self.at, "", None
        for word in pattern:
            token = self.next
            if word == "*":
                if token is None or token in RESERVED or not NAME.fullmatch(token):
                    continue  # left out
                name = token
            elif word == "#" and AMOUNT.fullmatch(token or ""):
                amount = _plain(token or "")
            elif word == "#" or token not in (word, COUNTED.get(word, word)):
                self.at = start
                return None
            self.at += 1
        return Phrase(kind, self.named(kind, pattern[-1], name), amount)

    def named(self, kind: Kind, noun: str, name: str | None) -> str:
        known = self.names.get(kind, ())
        if name is None:
            if len(known) != 1:
                raise self.lost(f"which {noun}? The file names {_listed(known)}")
            return next(iter(known))
        if name not in known:
            raise self.lost(f'the file names no {noun} "{name}", but {_listed(known)}')
        return name


def _plain(amount: str) -> str:
    """Without zeros that say nothing."""
    whole, point, fraction = amount.partition(".")
    return (whole.lstrip("0") or "0") + (point + fraction).rstrip("0").rstrip(".")


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "none"
