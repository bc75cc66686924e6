"""Who may call a function: every condition that depends on the caller, or on a signature.

A value depends on the caller if it is computed from `msg.sender` (or `tx.origin`), in a function
or in those that it calls; on a signer if it is computed from what `ecrecover` or a contract's
`isValidSignature` answered. A condition is found where such a value decides whether a call
reverts: in an `assert`, a `raise`, or a check behind a branch or an early way out that it decides.

Storage is not followed: what an earlier call has stored for its caller is no condition of the
later one. So a function without a condition is open to anyone, as long as its state allows it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from vyper import ast as vy_ast
from vyper.semantics.types.function import ContractFunctionT

from audit.sources import module_of
from scripts._lib.upgrade.surface import source_text

Source = Callable[[vy_ast.VyperNode], bool]


def of_the_caller(node: vy_ast.VyperNode) -> bool:
    return isinstance(node, vy_ast.Attribute) and source_text(node) in {"msg.sender", "tx.origin"}


def of_a_signer(node: vy_ast.VyperNode) -> bool:
    if not isinstance(node, vy_ast.Call):
        return False
    called = getattr(node.func, "id", "")
    return called == "ecrecover" or (
        called == "raw_call" and "isValidSignature(" in source_text(node)
    )


@dataclass(frozen=True)
class Condition:
    """Where it stands and what it asks, as the source says it."""

    place: str  # "Kernel._check_owner"
    under: tuple[str, ...]  # branches around it that depend on the caller
    test: str  # what must hold; empty for a `raise`
    reason: str
    given: tuple[str, ...] = ()  # constants that its function was called with: "kind=TEXT"
    # Arguments of the function that checks, of which who calls it knows more: that which is
    # the test, that which is the reason, and those that are named in either.
    test_of: str = ""
    reason_of: str = ""
    named: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        asked = f"require {self.test}" if self.test else "refuse"
        return ": ".join((*self.under, asked))


@dataclass(frozen=True)
class Found:
    conditions: tuple[Condition, ...]
    returns: bool  # whether what it returns depends on the caller


class Search:
    """One source of dependence, followed through the functions of one contract."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._known: dict[tuple[ContractFunctionT, frozenset[str], bool], Found] = {}

    def conditions(self, function: ContractFunctionT) -> list[Condition]:
        """Of a call from outside, each once, in the order of the source."""
        defaults = function.default_values
        given = frozenset(
            name for name, value in defaults.items() if any(map(self.source, _inside(value)))
        )
        found = self.function(function, given, False).conditions
        return list(dict.fromkeys(map(_final, found)))

    def function(
        self, function: ContractFunctionT, arguments: frozenset[str], decided: bool
    ) -> Found:
        """`arguments` depend on the caller; `decided`: so does whether it runs at all."""
        key = (function, arguments, decided)
        if key not in self._known:
            self._known[key] = _Body(self, function, arguments, decided).found()
        return self._known[key]


class _Body:
    """One function, called with some arguments that depend on the caller."""

    def __init__(
        self,
        search: Search,
        function: ContractFunctionT,
        arguments: frozenset[str],
        decided: bool,
    ) -> None:
        self.search = search
        self.node: vy_ast.FunctionDef = function.decl_node
        self.place = f"{module_of(self.node)}.{function.name}"
        self.parameters = [each.name for each in function.arguments]
        self.decided = decided
        self.values = _assigned(self.node)
        self.dependent = set(arguments)
        self.conditions: list[Condition] = []
        self.returns = False
        self._spread()

    def found(self) -> Found:
        self._walk(self.node.body, ())
        return Found(tuple(self.conditions), self.returns)

    # ----- what depends on the caller -----

    def _spread(self) -> None:
        """Through local variables, until nothing is added."""
        size = -1
        while size != len(self.dependent):
            size = len(self.dependent)
            for name, values in self.values.items():
                if any(map(self.depends, values)):
                    self.dependent.add(name)

    def depends(self, node: vy_ast.VyperNode) -> bool:
        if self.search.source(node):
            return True
        if isinstance(node, vy_ast.Name):
            return node.id in self.dependent
        if isinstance(node, vy_ast.Call) and (called := internal(node)):
            return self.search.function(called, self._passed(node, called), False).returns
        return any(map(self.depends, node.get_children()))

    def _passed(self, call: vy_ast.Call, called: ContractFunctionT) -> frozenset[str]:
        return frozenset(
            name for name, value in _arguments(call, called).items() if self.depends(value)
        )

    # ----- where it decides -----

    def _walk(self, body: Iterable[vy_ast.VyperNode], under: tuple[str, ...]) -> None:
        for statement in body:
            decided = self.decided or bool(under)
            match statement:
                case vy_ast.If():
                    self._called(statement.test, under)
                    under = self._branch(statement, under)
                    continue
                case vy_ast.For():
                    self._called(statement.iter, under)
                    self._walk(statement.body, under)
                    continue
                case vy_ast.Assert():
                    if decided or self.depends(statement.test):
                        self._add(under, statement.test, statement.msg)
                case vy_ast.Raise():
                    if decided:
                        self._add(under, None, statement.exc)
                case vy_ast.Return() if statement.value is not None:
                    self.returns |= decided or self.depends(statement.value)
                case vy_ast.Log():
                    continue
            self._called(statement, under)

    def _branch(self, statement: vy_ast.If, under: tuple[str, ...]) -> tuple[str, ...]:
        """Both ways of a branch, and what is decided after it."""
        if not self.depends(statement.test):
            self._walk(statement.body, under)
            self._walk(statement.orelse, under)
            return under
        test = source_text(statement.test)
        self._walk(statement.body, (*under, f"if {test}"))
        self._walk(statement.orelse, (*under, f"unless {test}"))
        leaves = statement.body and isinstance(
            statement.body[-1], vy_ast.Return | vy_ast.Continue | vy_ast.Break
        )
        return (*under, f"unless {test}") if leaves else under

    def _called(self, statement: vy_ast.VyperNode, under: tuple[str, ...]) -> None:
        """The conditions of the functions that a statement calls, in our words."""
        for call in statement.get_descendants(vy_ast.Call, include_self=True):
            called = internal(call)
            if called is None:
                continue
            values = _arguments(call, called)
            decided = self.decided or bool(under)
            found = self.search.function(called, self._passed(call, called), decided)
            for each in found.conditions:
                self.conditions.append(self._retold(each, values, under))

    def _retold(
        self, condition: Condition, values: dict[str, vy_ast.VyperNode], under: tuple[str, ...]
    ) -> Condition:
        told = replace(_final(condition), under=(*under, *condition.under))
        for name in sorted(condition.named & values.keys()):
            value = values[name]
            if _is_constant(value):
                told = replace(told, given=(*told.given, f"{name}={source_text(value)}"))
            else:
                told = replace(told, named=told.named | self._named(value))
        if condition.test_of in values:
            test, test_of = self._said(values[condition.test_of])
            told = replace(told, place=self.place, test=test, test_of=test_of)
        if condition.reason_of in values:
            reason, reason_of = self._said(values[condition.reason_of])
            told = replace(told, place=self.place, reason=reason, reason_of=reason_of)
        return told

    def _add(
        self,
        under: tuple[str, ...],
        test: vy_ast.VyperNode | None,
        reason: vy_ast.VyperNode | None,
    ) -> None:
        asked, test_of = self._said(test) if test is not None else ("", "")
        said, reason_of = self._said(reason) if reason is not None else ("", "")
        named = self._named(test) if test is not None else frozenset()
        condition = Condition(self.place, under, asked, said, (), test_of, reason_of, named)
        self.conditions.append(condition)

    def _named(self, node: vy_ast.VyperNode) -> frozenset[str]:
        names = _names(node)
        for name in _names(node):
            for value in self.values.get(name, []):
                names |= _names(value)
        return frozenset(names & set(self.parameters))

    def _said(self, node: vy_ast.VyperNode) -> tuple[str, str]:
        """A text, a variable's value where it has one only, or the argument that it is."""
        if isinstance(node, vy_ast.Str):
            return node.value, ""
        if isinstance(node, vy_ast.Name):
            if node.id in self.parameters:
                return node.id, node.id
            values = self.values.get(node.id, [])
            if len(values) == 1:
                return source_text(values[0]), ""
        return source_text(node), ""


def _final(condition: Condition) -> Condition:
    return replace(condition, test_of="", reason_of="", named=frozenset())


# ----- the tree -----


def _names(node: vy_ast.VyperNode) -> set[str]:
    return {each.id for each in node.get_descendants(vy_ast.Name, include_self=True)}


def _is_constant(node: vy_ast.VyperNode) -> bool:
    """A member of a flag, or what is empty."""
    if isinstance(node, vy_ast.Call):
        return getattr(node.func, "id", "") == "empty"
    return re.fullmatch(r"(\w+\.)+[A-Z_]+", source_text(node)) is not None


def _inside(node: vy_ast.VyperNode) -> Iterator[vy_ast.VyperNode]:
    yield from node.get_descendants(include_self=True)


def internal(call: vy_ast.Call) -> ContractFunctionT | None:
    """The function of ours that is called, if it is one."""
    called = call.func._metadata.get("type")
    if isinstance(called, ContractFunctionT) and not called.is_external:
        return called if isinstance(called.decl_node, vy_ast.FunctionDef) else None
    return None


def _arguments(call: vy_ast.Call, called: ContractFunctionT) -> dict[str, vy_ast.VyperNode]:
    given = dict(zip((each.name for each in called.arguments), call.args, strict=False))
    return given | {each.arg: each.value for each in call.keywords}


def _assigned(function: vy_ast.FunctionDef) -> dict[str, list[vy_ast.VyperNode]]:
    """Local variables, and everything that is assigned to them or to a part of them."""
    values: dict[str, list[vy_ast.VyperNode]] = {}
    for node in function.get_descendants(vy_ast.AnnAssign | vy_ast.Assign | vy_ast.AugAssign):
        for name in _targets(node.target) if node.value is not None else ():  # None: of a loop
            values.setdefault(name, []).append(node.value)
    for loop in function.get_descendants(vy_ast.For):
        values.setdefault(loop.target.target.id, []).append(loop.iter)
    return values


def _targets(node: vy_ast.VyperNode) -> Iterator[str]:
    if isinstance(node, vy_ast.Tuple):
        for each in node.elements:
            yield from _targets(each)
        return
    while isinstance(node, vy_ast.Attribute | vy_ast.Subscript):
        node = node.value
    if isinstance(node, vy_ast.Name) and node.id != "self":
        yield node.id
