"""What every contract and interface must keep to: STYLE in code.

Each rule takes a source and returns its complaints, one sentence each; none when
the source is clean. `test_rules.py` shows for each that it can complain.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from vyper import ast as vy_ast
from vyper.ast.parse import parse_to_ast

SPDX = "# SPDX-License-Identifier: AGPL-3.0-only"
PRAGMA = "# pragma version 0.4.3"
NONREENTRANCY = ("# pragma nonreentrancy on", "# pragma nonreentrancy off")
REASON = re.compile(r"([a-z][a-z0-9 ]*): \S.*")
REASON_BYTES = 32


@dataclass(frozen=True)
class Source:
    path: str
    text: str

    @classmethod
    def read(cls, path: Path, root: Path) -> "Source":
        return cls(str(path.relative_to(root)), path.read_text())

    @property
    def is_interface(self) -> bool:
        return self.path.endswith(".vyi")

    @property
    def is_library(self) -> bool:
        """Compiled into contracts, never deployed."""
        return self.path.startswith("contracts/lib/")

    @property
    def words(self) -> set[str]:
        """Of its folder and name, in singular and plural: what its reverts may go by."""
        folder, name = self.path.split("/")[-2:]
        words = {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+", f"{folder} {name}")}
        return words | {word.removesuffix("s") for word in words}

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def tree(self) -> vy_ast.Module:
        return parse_to_ast(self.text, is_interface=self.is_interface)

    def functions(self, *decorators: str) -> Iterator[vy_ast.FunctionDef]:
        """Functions that carry one of the decorators; all without any asked for."""
        for function in self.tree.get_children(vy_ast.FunctionDef):
            carried = {name_of(decorator) for decorator in function.decorator_list}
            if not decorators or carried & set(decorators):
                yield function


Rule = Callable[[Source], list[str]]


def name_of(node: vy_ast.VyperNode) -> str | None:
    return getattr(node, "id", None)


# ----- text -----


def licensed(source: Source) -> list[str]:
    """Explorers read the licence on the first line only."""
    return [] if source.lines[:1] == [SPDX] else [f"first line is not `{SPDX}`"]


def pinned(source: Source) -> list[str]:
    """The exact compiler; a range would let the code hash drift."""
    pragmas = [line for line in source.lines if re.match(r"#\s*(pragma\s+version|@version)", line)]
    if source.lines[1:2] == [PRAGMA] and pragmas == [PRAGMA]:
        return []
    return [f"second line is not `{PRAGMA}`, or it is not the only version pragma"]


def explicit_lock(source: Source) -> list[str]:
    """Whether the lock is on is never left to the compiler's default."""
    if source.is_interface or any(line in NONREENTRANCY for line in source.lines[2:4]):
        return []
    return ["no `# pragma nonreentrancy on` or `off` below the version"]


def ascii_only(source: Source) -> list[str]:
    """Other characters trigger compiler bugs."""
    return [
        f"line {number}: not ASCII"
        for number, line in enumerate(source.text.split("\n"), start=1)
        if not line.isascii()
    ]


# ----- NatSpec -----


def documented(source: Source) -> list[str]:
    """What a contract is and how it can be hurt; every function that people can call."""
    if source.is_interface:  # the contract documents it
        return []
    tags = ["@title", "@license", "@notice"] + ["@custom:security"] * (not source.is_library)
    complaints = [f"docstring has no {tag}" for tag in tags if tag not in doc_of(source.tree)]
    for function in source.functions("external", "deploy"):
        complaints += [f"{function.name}: {missing}" for missing in missing_tags(function)]
    return complaints


def missing_tags(function: vy_ast.FunctionDef) -> Iterator[str]:
    doc = doc_of(function)
    if "@notice" not in doc:
        yield "no @notice"
    described = re.findall(r"@param\s+(\w+)[ \t]+\S", doc)
    arguments = [argument.arg for argument in function.args.args]
    yield from (f"no @param {name}" for name in arguments if name not in described)
    yield from (f"@param {name} is no argument" for name in described if name not in arguments)
    if function.returns is not None and not re.search(r"@return\s+\S", doc):
        yield "no @return"


def doc_of(node: vy_ast.Module | vy_ast.FunctionDef) -> str:
    text = node.get("doc_string")
    return text.value if text else ""


# ----- reverts -----


def named_reverts(source: Source) -> list[str]:
    """Every revert says "<subsystem>: why" in at most 32 bytes, or why it cannot happen."""
    complaints = []
    for node in source.tree.get_descendants((vy_ast.Assert, vy_ast.Raise)):
        message = node.msg if isinstance(node, vy_ast.Assert) else node.exc
        if message is None and not says_why_not(source, node):
            complaints.append(f"line {node.lineno}: reverts without a reason")
    for text in reasons(source):
        complaints += [
            f"line {text.lineno}: {fault}" for fault in reason_faults(source, text.value)
        ]
    return complaints


def reasons(source: Source) -> Iterator[vy_ast.Str]:
    """The texts that reverts carry, also those handed to a helper that asserts."""
    helpers = {"_require", "_fail"}  # also where a module lends them
    for function in source.functions():
        arguments = {argument.arg for argument in function.args.args}
        for node in function.get_descendants((vy_ast.Assert, vy_ast.Raise)):
            message = node.msg if isinstance(node, vy_ast.Assert) else node.exc
            if isinstance(message, vy_ast.Str):
                yield message
            elif name_of(message) in arguments:
                helpers.add(function.name)
    for call in source.tree.get_descendants(vy_ast.Call):
        if getattr(call.func, "attr", None) in helpers:
            yield from (argument for argument in call.args if isinstance(argument, vy_ast.Str))


def says_why_not(source: Source, node: vy_ast.VyperNode) -> bool:
    return "# dev: " in "".join(source.lines[node.lineno - 1 : node.end_lineno])


def reason_faults(source: Source, text: str) -> Iterator[str]:
    if len(text.encode()) > REASON_BYTES:
        yield f"reason of {len(text.encode())} bytes: {text!r}"
    if not (parts := REASON.fullmatch(text)):
        yield f"reason does not name its subsystem first: {text!r}"
    elif not source.is_library and not set(parts[1].split()) <= source.words:
        # (a library may speak for the contracts that it is part of)
        yield f"reason names another subsystem: {text!r}"


# ----- known compiler bugs of 0.4.3 (CVE-2026-114114 to 114118) -----


def safe_ternaries(source: Source) -> list[str]:
    """No `|` with msg.value or len(msg.data) inside a ternary."""
    return [
        f"line {node.lineno}: `|` with msg.value or len(msg.data) inside a ternary"
        for ternary in source.tree.get_descendants(vy_ast.IfExp)
        for node in ternary.get_descendants(vy_ast.BinOp)
        if isinstance(node.op, vy_ast.BitOr) and any(map(is_call_context, parts(node)))
    ]


def parts(node: vy_ast.VyperNode) -> list[vy_ast.VyperNode]:
    return node.get_descendants((vy_ast.Attribute, vy_ast.Call))


def is_call_context(node: vy_ast.VyperNode) -> bool:
    return node.node_source_code in ("msg.value", "len(msg.data)")


def fixed_code_offset(source: Source) -> list[str]:
    """The code_offset of a blueprint is a constant, never an argument."""
    constants = {
        name_of(declared.target)
        for declared in source.tree.get_children(vy_ast.VariableDecl)
        if declared.is_constant
    }
    return [
        f"line {call.lineno}: code_offset is not a constant"
        for call in source.tree.get_descendants(vy_ast.Call)
        for keyword in call.keywords
        if keyword.arg == "code_offset"
        and not isinstance(keyword.value, vy_ast.Int)
        and name_of(keyword.value) not in constants
    ]


# ----- shape -----


def checked_transfers(source: Source) -> list[str]:
    """A token's answer is checked: some return nothing, some return false."""
    return [
        f"line {call.lineno}: {call.func.attr} without default_return_value=True"
        for call in source.tree.get_descendants(vy_ast.Call)
        if isinstance(call.func, vy_ast.Attribute)
        and call.func.attr in ("transfer", "transferFrom", "approve")
        and "IERC20" in call.node_source_code
        and "default_return_value" not in {keyword.arg for keyword in call.keywords}
    ]


def explicit_exports(source: Source) -> list[str]:
    """Exports are listed one by one: never a whole module."""
    return [
        f"line {declared.lineno}: exports a whole __interface__"
        for declared in source.tree.get_children(vy_ast.ExportsDecl)
        for node in declared.get_descendants(vy_ast.Attribute)
        if node.attr == "__interface__"
    ]


def events_in_interface(source: Source) -> list[str]:
    """Events, structs and flags live in the interface, which tests and mocks share."""
    if source.is_interface or source.is_library:
        return []
    kinds = (vy_ast.EventDef, vy_ast.StructDef, vy_ast.FlagDef)
    return [
        f"line {node.lineno}: {node.name} belongs into the interface"
        for node in source.tree.get_children(kinds)
    ]


RULES: tuple[Rule, ...] = (
    licensed,
    pinned,
    explicit_lock,
    ascii_only,
    documented,
    named_reverts,
    safe_ternaries,
    fixed_code_offset,
    checked_transfers,
    explicit_exports,
    events_in_interface,
)
