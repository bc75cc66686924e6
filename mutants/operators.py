"""What can be wrong with a contract: each mutant is one edit of its source.

The compiler's annotated tree says what type a thing has and what it folded to a constant,
so that few mutants do not compile. Names of constants are changed where they are used,
because a constant itself cannot depend on the block.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vyper import ast as vy
from vyper.semantics.types import AddressT, BoolT, BytesM_T, FlagT, IntegerT, TupleT, VyperType

COMPARISONS: dict[type, tuple[str, ...]] = {
    vy.Lt: ("<=", ">="),
    vy.LtE: ("<", ">"),
    vy.Gt: (">=", "<="),
    vy.GtE: (">", "<"),
    vy.Eq: ("!=",),
    vy.NotEq: ("==",),
    vy.In: ("not in",),
    vy.NotIn: ("in",),
}
OPERATIONS: dict[type, str] = {
    vy.Add: "-",
    vy.Sub: "+",
    vy.Mult: "//",
    vy.FloorDiv: "*",
    vy.Mod: "//",
    vy.Pow: "*",
    vy.BitAnd: "|",
    vy.BitOr: "&",
    vy.BitXor: "&",
    vy.LShift: ">>",
    vy.RShift: "<<",
}
SYMBOLS: dict[type, str] = {
    vy.Add: "+",
    vy.Sub: "-",
    vy.Mult: "*",
    vy.FloorDiv: "//",
    vy.BitAnd: "&",
    vy.BitOr: "|",
    vy.BitXor: "^",
}
BUILTINS = {
    "unsafe_add": "unsafe_sub",
    "unsafe_sub": "unsafe_add",
    "unsafe_mul": "unsafe_div",
    "unsafe_div": "unsafe_mul",
    "min": "max",
    "max": "min",
}
COMMUTE = {"unsafe_add", "unsafe_mul", "min", "max"}

# Arguments that the compiler must know, or that name a type: not evaluated when it runs.
LITERAL_CALLS = {"empty", "method_id", "range", "max_value", "min_value"}
LITERAL_PLACES = {"slice": (2,), "convert": (1,), "abi_decode": (1,), "_abi_decode": (1,)}
LITERAL_KEYWORDS = {
    *("bound", "output_type", "max_outsize", "revert_on_failure", "default_return_value"),
    *("is_delegate_call", "is_static_call", "skip_contract_check", "ensure_tuple"),
    *("raw_args", "code_offset", "unwrap_tuple", "method_id"),
}


@dataclass(frozen=True)
class Mutant:
    path: str  # of the source, from the root
    function: str
    start: int
    end: int
    old: str
    new: str
    statement: bool  # else an expression
    occurrence: int  # among the same edits of the function

    @cached_property
    def id(self) -> str:
        """The same wherever the function stands."""
        parts = (self.path, self.function, self.old, self.new, str(self.occurrence))
        return hashlib.sha256("\0".join(map(squeezed, parts)).encode()).hexdigest()[:10]

    def __str__(self) -> str:
        where = f" ({self.occurrence + 1})" if self.occurrence else ""
        return f"{self.function}: {squeezed(self.old)} -> {squeezed(self.new)}{where}"


Edit = tuple[vy.VyperNode, str, bool]  # what is replaced, by what, and whether a statement


def squeezed(text: str) -> str:
    return " ".join(text.split())


class Text:
    """A source, by the positions of its tree."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = [0]
        for line in source.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def span(self, node: vy.VyperNode) -> tuple[int, int]:
        return (
            self.lines[node.lineno - 1] + node.col_offset,
            self.lines[node.end_lineno - 1] + node.end_col_offset,
        )

    def of(self, node: vy.VyperNode) -> str:
        start, end = self.span(node)
        return self.source[start:end]


def mutants(module: vy.Module, path: str) -> list[Mutant]:
    text = Text(module.full_source_code)
    return [
        made
        for function in module.get_children(vy.FunctionDef)
        for made in of_function(function, text, path)
    ]


def of_function(function: vy.FunctionDef, text: Text, path: str) -> Iterator[Mutant]:
    seen: Counter[tuple[str, str]] = Counter()
    places: set[tuple[int, int, str]] = set()
    for node, new, statement in in_body(function.body, text):
        start, end = text.span(node)
        old = text.source[start:end]
        if (start, end, new) in places or squeezed(old) == squeezed(new):
            continue
        places.add((start, end, new))
        key = squeezed(old), squeezed(new)
        yield Mutant(path, function.name, start, end, old, new, statement, seen[key])
        seen[key] += 1


# ----- statements -----


def in_body(body: list[Any], text: Text) -> Iterator[Edit]:
    for place, statement in enumerate(body):
        yield from whole(statement, text)
        match statement:
            case vy.AnnAssign() if overwritten(statement, body[place + 1 :]):
                pass
            case vy.If():
                yield from condition(statement.test, text)
                yield from in_body(statement.body, text)
                yield from in_body(statement.orelse, text)
            case vy.For():
                yield from in_body(statement.body, text)
            case vy.Assert():
                yield from inside(statement.test, text)
            case vy.AnnAssign() | vy.Assign() | vy.AugAssign() | vy.Expr() | vy.Log():
                yield from inside(statement.value, text)
            case vy.Return() if statement.value is not None:
                yield from condition(statement.value, text)


def overwritten(declared: vy.AnnAssign, following: list[Any]) -> bool:
    """Declared for a tuple to be unpacked into: what it holds until then is never read."""
    name = declared.target.id
    for statement in following:
        if named(name, statement):
            return (
                isinstance(statement, vy.Assign)
                and named(name, statement.target)
                and not named(name, statement.value)
            )
    return False


def named(name: str, node: Any) -> bool:
    return any(each.id == name for each in node.get_descendants(vy.Name, include_self=True))


def whole(statement: Any, text: Text) -> Iterator[Edit]:
    """The statement is left out, or another is in its place."""
    match statement:
        case vy.Expr() if isinstance(statement.value, vy.Str):
            return
        case vy.Expr() | vy.Assert() | vy.Log() | vy.Assign() | vy.Raise():
            yield statement, "pass", True
        case vy.Continue() | vy.Break():
            yield statement, "pass", True
        case vy.AugAssign():
            yield statement, "pass", True
            symbol = SYMBOLS.get(type(statement.op))
            if symbol:
                target, value = text.of(statement.target), text.of(statement.value)
                yield statement, f"{target} {OPERATIONS[type(statement.op)]}= {value}", True
        case vy.Return() if isinstance(statement.get_ancestor(), (vy.If, vy.For)):
            yield statement, "pass", True  # where something follows; else it does not compile


# ----- expressions -----


def condition(node: Any, text: Text) -> Iterator[Edit]:
    """A truth that no operator below turns round."""
    turned = (vy.Compare, vy.BoolOp, vy.UnaryOp, vy.NameConstant)
    if isinstance(type_of(node), BoolT) and not isinstance(node, turned):
        yield node, f"not ({text.of(node)})", False
    yield from inside(node, text)


def inside(node: Any, text: Text) -> Iterator[Edit]:
    if node.has_folded_value or isinstance(node, vy.NameConstant):
        yield from constant(node, text)
        return
    match node:
        case vy.Compare():
            yield from compared(node, text)
        case vy.BinOp():
            left, right = text.of(node.left), text.of(node.right)
            symbol = OPERATIONS.get(type(node.op))
            if symbol:
                yield node, f"({left}) {symbol} ({right})", False
        case vy.BoolOp():
            yield from joined(node, text)
        case vy.UnaryOp() if isinstance(node.op, vy.Not):
            yield node, text.of(node.operand), False
        case vy.IfExp():
            yield from condition(node.test, text)
        case vy.Call():
            yield from called(node, text)
        case vy.Attribute() if isinstance(type_of(node), FlagT):
            yield from flag(node)
    for child in below(node):
        yield from inside(child, text)


def below(node: Any) -> Iterator[Any]:
    """The expressions of which this one consists, as far as they are evaluated."""
    match node:
        case vy.Compare() | vy.BinOp():
            yield node.left
            yield node.right
        case vy.BoolOp():
            yield from node.values
        case vy.UnaryOp():
            yield node.operand
        case vy.IfExp():
            yield from (node.test, node.body, node.orelse)
        case vy.StaticCall() | vy.ExtCall():
            yield node.value
        case vy.Call():
            yield from arguments(node)
            if isinstance(node.func, vy.Attribute):
                yield node.func.value
        case vy.Subscript():
            yield node.value
            if not isinstance(type_of(node.value), TupleT):
                yield node.slice
        case vy.Attribute():
            yield node.value
        case vy.Tuple() | vy.List():
            yield from node.elements


def arguments(call: vy.Call) -> Iterator[Any]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if name in LITERAL_CALLS:
        return
    literal = LITERAL_PLACES.get(name, ())
    yield from (each for place, each in enumerate(call.args) if place not in literal)
    yield from (each.value for each in call.keywords if each.arg not in LITERAL_KEYWORDS)


def compared(node: vy.Compare, text: Text) -> Iterator[Edit]:
    left, right = text.of(node.left), text.of(node.right)
    for symbol in COMPARISONS[type(node.op)]:
        yield node, f"({left}) {symbol} ({right})", False


def joined(node: vy.BoolOp, text: Text) -> Iterator[Edit]:
    values = [f"({text.of(each)})" for each in node.values]
    word, other = ("and", "or") if isinstance(node.op, vy.And) else ("or", "and")
    yield node, f" {other} ".join(values), False
    for place in range(len(values)):
        rest = values[:place] + values[place + 1 :]
        yield node, f" {word} ".join(rest), False


def called(node: vy.Call, text: Text) -> Iterator[Edit]:
    name = getattr(node.func, "id", "")
    given = [text.of(each) for each in node.args]
    if name in BUILTINS:
        yield node, f"{BUILTINS[name]}({', '.join(given)})", False
    if name in COMMUTE or node.keywords:
        return
    for place in range(len(given) - 1):
        one, other = node.args[place : place + 2]
        if same_type(one, other):
            swapped = [*given[:place], given[place + 1], given[place], *given[place + 2 :]]
            yield node, f"{text.of(node.func)}({', '.join(swapped)})", False


def constant(node: Any, text: Text) -> Iterator[Edit]:
    type_ = type_of(node)
    value = getattr(node.get_folded_value() if node.has_folded_value else node, "value", None)
    if isinstance(type_, BoolT) and isinstance(value, bool):
        yield node, str(not value), False
    elif isinstance(type_, IntegerT) and isinstance(value, int):
        low, high = type_.int_bounds
        yield from (
            (node, str(each), False) for each in (value + 1, value - 1) if low <= each <= high
        )
    elif isinstance(type_, BytesM_T) and type_.length == 32:
        yield node, f"0x{'00' * 32}", False
    elif isinstance(type_, AddressT) and isinstance(node, vy.Call):
        yield node, "self", False
    elif isinstance(type_, FlagT) and isinstance(node, vy.Attribute):
        yield from flag(node)


def flag(node: vy.Attribute) -> Iterator[Edit]:
    """The next member of the flag."""
    members = list(type_of(node)._flag_members)
    if node.attr in members:
        other = members[(members.index(node.attr) + 1) % len(members)]
        yield node, f"{node.value.node_source_code}.{other}", False


def type_of(node: Any) -> VyperType | None:
    return node._metadata.get("type")


def same_type(one: Any, other: Any) -> bool:
    left, right = type_of(one), type_of(other)
    return left is not None and right is not None and left == right
