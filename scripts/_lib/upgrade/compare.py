"""What a new module changes for everybody who relies on the old one.

Every difference is one of three: harmless (something was added at an end), one that the
upgrade's file has to accept with a reason, or one that no reason mends. Nothing that
differs is passed over: what no rule calls harmless has to be accepted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from scripts._lib.upgrade.surface import Function, Spelled, Surface, Variable, words

CODE_LIMIT = 24_576  # bytes, EIP-170
INIT_LIMIT = 49_152  # bytes, EIP-3860
# A module is an ordinary contract: it runs no code of others as its own, and stays.
FORBIDDEN = {"CALLCODE", "DELEGATECALL", "SELFDESTRUCT", "ORIGIN"}


class Verdict(Enum):
    HARMLESS = "harmless"
    ACCEPT = "to be accepted"
    NEVER = "refused"


@dataclass(frozen=True)
class Difference:
    rule: str  # such as "storage"; with `about` the key under which a file accepts it
    about: str
    was: str
    now: str
    verdict: Verdict

    @property
    def key(self) -> str:
        return f"{self.rule}: {self.about}"


@dataclass(frozen=True)
class Judgement:
    """The differences, and which of them stand in the way."""

    differences: list[Difference]
    accepted: dict[str, str]  # key -> reason

    @property
    def problems(self) -> list[str]:
        """One sentence each; none means that the upgrade may go on."""
        keys = {each.key for each in self.differences if each.verdict is Verdict.ACCEPT}
        stale = self.accepted.keys() - keys
        return [
            *(_sentence(each) for each in self._standing()),
            *(f"{key}: is accepted, but is not so" for key in sorted(stale)),
            *(f"{key}: is accepted without a reason" for key in self._without_reason()),
        ]

    @property
    def passed(self) -> bool:
        return not self.problems

    def _standing(self) -> list[Difference]:
        """What nobody may accept comes first."""
        standing = [each for each in self.differences if self.stands(each)]
        return sorted(standing, key=lambda each: each.verdict is not Verdict.NEVER)

    def stands(self, each: Difference) -> bool:
        if each.verdict is Verdict.ACCEPT:
            return each.key not in self.accepted
        return each.verdict is Verdict.NEVER

    def _without_reason(self) -> list[str]:
        return sorted(key for key, reason in self.accepted.items() if not reason.strip())


def judge(
    old: Surface,
    new: Surface,
    accepted: Mapping[str, str] | None = None,
    more: Iterable[Difference] = (),
) -> Judgement:
    found = [*_differences(old, new), *more]
    differences = sorted(found, key=lambda each: (each.rule, each.about))
    return Judgement(differences, dict(accepted or {}))


def _sentence(each: Difference) -> str:
    change = f"{each.was} became {each.now}" if each.was and each.now else each.was or each.now
    return f"{each.key}: {change}"


def _differences(old: Surface, new: Surface) -> Iterator[Difference]:
    yield from _of_storage("storage", old.storage, new.storage)
    yield from _of_storage("transient", old.transient, new.transient)
    yield from _of_constants(old, new)
    yield from _of_functions(old, new)
    yield from _of_events(old, new)
    yield from _of_reasons(old, new)
    yield from _of_powers(old, new)
    yield from _of_setup(old, new)
    yield from _of_code(new)
    for name in old.settings.keys() | new.settings.keys():
        was, now = old.settings.get(name, "none"), new.settings.get(name, "none")
        if was != now:
            yield Difference("compiler", name, was, now, Verdict.ACCEPT)


# ----- storage -----


def _of_storage(
    rule: str, old: Mapping[str, Variable], new: Mapping[str, Variable]
) -> Iterator[Difference]:
    end = max((each.slot + each.size for each in old.values()), default=0)
    for name, was in old.items():
        now = new.get(name)
        if now is None:
            yield Difference(rule, name, _place(was), "nothing", Verdict.ACCEPT)
        elif was != now:
            verdict = _of_type(was.type, now.type)
            if (was.slot, was.size) != (now.slot, now.size):
                verdict = Verdict.ACCEPT
            yield Difference(rule, name, _place(was), _place(now), verdict)
    for name in new.keys() - old.keys():
        verdict = Verdict.HARMLESS if new[name].slot >= end else Verdict.ACCEPT
        yield Difference(rule, name, "nothing", _place(new[name]), verdict)


def _place(variable: Variable) -> str:
    return f"{words(variable.type)} at slot {variable.slot}"


def _of_type(was: Spelled, now: Spelled) -> Verdict:
    """A flag may grow at its end, wherever in a type it stands; nothing else may change."""
    return Verdict.HARMLESS if grew(was, now) else Verdict.ACCEPT


def grew(was: Any, now: Any) -> bool:
    if was == now:
        return True
    match was, now:
        case ("flag", name, members), ("flag", other, more):
            return name == other and more[: len(members)] == members
        case tuple(), tuple():
            same = len(was) == len(now)
            return same and all(grew(*pair) for pair in zip(was, now, strict=True))
    return False


def _of_constants(old: Surface, new: Surface) -> Iterator[Difference]:
    """Bounds, and the places of fields that are packed into words by hand."""
    for name, was in old.constants.items():
        now = new.constants.get(name)
        if now is not None and was != now:
            yield Difference("constant", name, was, now, Verdict.ACCEPT)


# ----- what others call and read -----


def _of_functions(old: Surface, new: Surface) -> Iterator[Difference]:
    for signature, was in old.functions.items():
        now = new.functions.get(signature)
        if now is None:
            yield Difference("function", signature, "there", "gone", Verdict.ACCEPT)
        else:
            yield from _of_function(signature, was, now)
    for signature in new.functions.keys() - old.functions.keys():
        shown = _shown(new.functions[signature])
        yield Difference("function", signature, "nothing", shown, Verdict.HARMLESS)


def _of_function(signature: str, was: Function, now: Function) -> Iterator[Difference]:
    for about, before, after in (
        ("arguments", was.arguments, now.arguments),
        ("answer", was.returns, now.returns),
    ):
        if before != after:
            verdict = Verdict.HARMLESS if grew(before, after) else Verdict.ACCEPT
            spelled = (
                (_arguments(before), _arguments(after))
                if about == "arguments"
                else (words(before), words(after))
            )
            yield Difference("function", f"{signature} {about}", *spelled, verdict)
    if was.mutability != now.mutability:
        yield Difference(
            "function", f"{signature} mutability", was.mutability, now.mutability, Verdict.ACCEPT
        )
    if was.locked and not now.locked:
        yield Difference("lock", signature, "locked", "open to reentrancy", Verdict.ACCEPT)
    if now.locked and not was.locked:
        yield Difference("lock", signature, "open to reentrancy", "locked", Verdict.ACCEPT)
    if was.authority != now.authority:
        yield Difference(
            "role", signature, _listed(was.authority), _listed(now.authority), Verdict.ACCEPT
        )


def _listed(conditions: Iterable[str]) -> str:
    return "; ".join(sorted(conditions)) or "open to anybody"


def _arguments(arguments: tuple[tuple[str, Spelled], ...]) -> str:
    return "(" + ", ".join(f"{name}: {words(type_)}" for name, type_ in arguments) + ")"


def _shown(function: Function) -> str:
    return f"{function.mutability} {_arguments(function.arguments)} -> {words(function.returns)}"


def _of_events(old: Surface, new: Surface) -> Iterator[Difference]:
    for name, was in old.events.items():
        now = new.events.get(name)
        if now is None:
            yield Difference("event", name, "there", "gone", Verdict.ACCEPT)
        elif was != now:
            shown = [
                ", ".join(
                    f"{arg}: {words(type_)}{' indexed' * index}" for arg, type_, index in each
                )
                for each in (was.arguments, now.arguments)
            ]
            verdict = Verdict.HARMLESS if grew(was.arguments, now.arguments) else Verdict.ACCEPT
            yield Difference("event", name, *shown, verdict)
    for name in new.events.keys() - old.events.keys():
        yield Difference("event", name, "nothing", "there", Verdict.HARMLESS)
    for topic in old.raw_logs - new.raw_logs:
        yield Difference("event", topic, "there", "gone", Verdict.ACCEPT)
    for topic in new.raw_logs - old.raw_logs:
        yield Difference("event", topic, "nothing", "there", Verdict.ACCEPT)


def _of_reasons(old: Surface, new: Surface) -> Iterator[Difference]:
    for reason in old.reasons - new.reasons:
        yield Difference("reason", reason, "there", "gone", Verdict.ACCEPT)
    for reason in new.reasons - old.reasons:
        yield Difference("reason", reason, "nothing", "there", Verdict.HARMLESS)


# ----- what the code is -----


def _of_powers(old: Surface, new: Surface) -> Iterator[Difference]:
    for power in new.powers - old.powers:
        verdict = Verdict.NEVER if power in FORBIDDEN else Verdict.ACCEPT
        yield Difference("power", power, "", "is gained", verdict)
    for power in old.powers - new.powers:
        yield Difference("power", power, "there", "gone", Verdict.HARMLESS)


def _of_setup(old: Surface, new: Surface) -> Iterator[Difference]:
    """Arguments are shown with their values, so they may differ."""
    if old.setup != new.setup:
        was, now = (
            ", ".join(f"{name}: {type_}" for name, type_ in each.setup) or "nothing"
            for each in (old, new)
        )
        yield Difference("constructor", "arguments", was, now, Verdict.HARMLESS)
    for reading in new.setup_reads:
        yield Difference(
            "constructor", reading, "", "is read, so its address says nothing", Verdict.NEVER
        )


def _of_code(new: Surface) -> Iterator[Difference]:
    for about, size, limit in (
        ("runtime", new.code_size, CODE_LIMIT),
        ("creation", new.init_size, INIT_LIMIT),
    ):
        if size > limit:
            yield Difference("size", about, "", f"{size:,} of {limit:,} bytes", Verdict.NEVER)
