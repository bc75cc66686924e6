"""The conditional jumps of a contract, each with its place in the sources.

The compiler's source map names no source for half of the jumps, and forgets those that its
assembler rewrites. So the last step of the compilation, from its intermediate representation to
bytes, is done again, and each jump is marked where it is made. The bytes that come out must be
those that the tests deploy: else `read` raises.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from vyper import ast as vy
from vyper.codegen.ir_node import IRnode
from vyper.compiler import CompilerData
from vyper.compiler.settings import anchor_settings
from vyper.ir import compile_ir

SELECTOR = re.compile(r"0x[0-9a-f]{8}: ")
RUNTIME, CONSTRUCTOR = "runtime", "constructor"
WIDTH = 120  # of a text in a name
REVERT = "_sym_revert"  # the shared place that reverts without a reason
CHECK = ("_check", "_require")  # what begins so returns or reverts: each call has two ways


@dataclass(frozen=True)
class Place:
    """Of a source. Lines are for people: they are in no file that is kept."""

    source: str
    function: str
    line: int
    text: str


@dataclass(frozen=True)
class Jump:
    """One with two ways, in one code of one contract."""

    code: str  # RUNTIME or CONSTRUCTOR
    at: int  # program counter
    kind: str
    place: Place
    taken: str  # what it means that it jumps
    passed: str  # and that it goes on

    @property
    def ours(self) -> bool:
        """The sources ask for it; else the compiler adds it."""
        return self.kind in OURS


@dataclass(frozen=True)
class Call:
    """Of a check: it returns, or it reverts."""

    code: str
    at: int
    place: Place


@dataclass
class Code:
    """What runs: the runtime code, or the constructor's."""

    name: str
    starts: bytes  # what the code begins with: arguments or immutables follow
    jumps: list[Jump] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    entries: dict[int, str] = field(default_factory=dict)  # of a jump into a function: its label
    functions: dict[int, str] = field(default_factory=dict)  # by program counter
    lines: dict[Place, set[int]] = field(default_factory=dict)  # of statements: where they run


# ----- marking -----


class Marks:
    """Marks instructions while the compiler makes them."""

    def __init__(self) -> None:
        self.open: list[IRnode] = []  # from the outermost in

    def made(self, plain: Any) -> Any:
        def make(node: IRnode, *args: Any, **kwargs: Any) -> Any:
            self.open.append(node)
            try:
                assembly = plain(node, *args, **kwargs)
                self.mark(node, assembly)
            finally:
                self.open.pop()
            return assembly

        return make

    def mark(self, node: IRnode, assembly: list[Any]) -> None:
        """What is not marked yet is made by this node itself."""
        source = next((each.ast_source for each in reversed(self.open) if each.ast_source), None)
        label = next((each for each in self.open if each.value == "label"), None)
        name = function(str(label.args[0].value)) if label else ""
        for before, item in zip([None, *assembly], assembly, strict=False):
            if isinstance(item, compile_ir.Instruction) and not hasattr(item, "mark"):
                item.mark = Mark(node, source, name, str(before), self.called(item, source))

    def called(self, item: str, source: vy.VyperNode | None) -> str:
        """The function that is entered, for a jump that belongs to no source."""
        if item != "JUMPI" or source is not None:
            return ""
        return next(filter(None, map(signature, reversed(self.open))), "")


@dataclass(frozen=True, eq=False)
class Mark:
    node: IRnode
    source: vy.VyperNode | None
    function: str
    before: str  # the instruction before: where a jump goes
    called: str  # signature of the function that is entered, where there is no source
    turned: bool = False  # it jumps where it went on


def signature(node: IRnode) -> str:
    """Of the function whose selector is asked for here."""
    if node.value != "if":
        return ""
    for each in walk(node):
        if each.annotation and SELECTOR.match(each.annotation):
            return each.annotation.split(": ")[1]
        if each.value == "label" and str(each.args[0].value).startswith("external "):
            return str(each.args[0].value).split(" ", 2)[2].removesuffix("_common")
    return ""


def function(label: str) -> str:
    """`internal 3 _pay(address)_cleanup` is in function `internal 3`."""
    return " ".join(label.split(" ")[:2])


def rewritten(plain: Any) -> Any:
    """Where the assembler writes a jump anew, the other way round, it keeps its mark."""

    def rewrite(assembly: list[Any]) -> bool:
        before = conditional(assembly)
        changed = plain(assembly)
        after = conditional(assembly)
        assert len(before) == len(after)
        for (_, old), (place, new) in zip(before, after, strict=True):
            if not hasattr(new, "mark"):
                assembly[place] = compile_ir.Instruction("JUMPI")
                assembly[place].mark = replace(old.mark, turned=not old.mark.turned)
        return changed

    return rewrite


def conditional(assembly: list[Any]) -> list[tuple[int, Any]]:
    return [(at, item) for at, item in enumerate(assembly) if item == "JUMPI"]


Noted = dict[int, tuple[str, Mark]]  # instructions and their marks, by program counter


def noted(plain: Any, found: dict[int, Noted]) -> Any:
    """The constructor's code holds the runtime code, which has a map of its own."""

    def note(maps: dict[str, Any], pc: int, item: Any) -> None:
        plain(maps, pc, item)
        if hasattr(item, "mark"):
            found.setdefault(id(maps), {})[pc] = (str(item), item.mark)

    return note


@contextmanager
def marking() -> Iterator[dict[int, Noted]]:
    """Within, what is assembled is noted by the identity of its source map."""
    found: dict[int, Noted] = {}
    inside = {
        "_compile_to_assembly": Marks().made(compile_ir._compile_to_assembly),
        "_optimize_inefficient_jumps": rewritten(compile_ir._optimize_inefficient_jumps),
        "note_line_num": noted(compile_ir.note_line_num, found),
    }
    with patch.multiple(compile_ir, **inside):
        yield found


# ----- reading -----


def read(data: CompilerData) -> list[Code]:
    """Runtime code and constructor of a contract, by the bytes that the tests deploy."""
    return [
        one(RUNTIME, data.ir_runtime, data.bytecode_runtime, data),
        one(CONSTRUCTOR, data.ir_nodes, data.bytecode, data),
    ]


def one(name: str, tree: IRnode, expected: bytes, data: CompilerData) -> Code:
    with anchor_settings(data.settings), marking() as found:
        assembly = compile_ir.compile_to_assembly(tree, optimize=data.settings.optimize)
        # arguments of the constructor are read from behind the metadata
        metadata = bytes.fromhex(data.integrity_sum) if name == CONSTRUCTOR else None
        made, maps = compile_ir.assembly_to_evm(assembly, compiler_metadata=metadata)
    if made != expected:
        raise ValueError(f"{data.contract_path}: compiled again, its {name} code is another")
    code = Code(name, made)
    for pc, (instruction, mark) in sorted(found[id(maps)].items()):
        place = place_of(mark)
        code.functions[pc] = mark.function
        if (line := statement(mark.source)) is not None:
            code.lines.setdefault(place_of(mark, line), set()).add(pc)
        if instruction == "JUMPI":
            kind = kind_of(mark)
            place = place_of(mark, loop_of(mark) if kind in (*LOOPS, "range") else None)
            place = place or Place("", "", 0, mark.called)
            code.jumps.append(Jump(name, pc, kind, place, *ways_of(mark, kind)))
        elif instruction == "JUMP" and is_call(mark):
            note_call(code, pc, mark, place)
    return code


def is_call(mark: Mark) -> bool:
    """Of a function; it leaves by its own `_cleanup`."""
    return mark.before.startswith("_sym_internal ") and not mark.before.endswith("_cleanup")


def note_call(code: Code, pc: int, mark: Mark, place: Place | None) -> None:
    label = mark.before.removeprefix("_sym_")
    code.entries[pc] = function(label)
    if place and label.split(" ")[2].startswith(CHECK):
        code.calls.append(Call(code.name, pc, place))


# ----- what a jump is for -----

ASKED = {
    vy.If: "if",
    vy.IfExp: "ternary",
    vy.BoolOp: "and, or",
    vy.Compare: "in",
    vy.Assert: "assert",
}
LOOPS = ("no round", "next round")
OURS = {*ASKED.values(), *LOOPS}
ARITHMETIC = ("safe", "clamp", "check nonzero")
ENTRY = ("bad calldatasize or callvalue", "nonpayable check")
ANSWER = ("returndatasize too small", "extcodesize is zero")
OUTBOUND = (vy.StaticCall, vy.ExtCall)


def kind_of(mark: Mark) -> str:
    node, source = mark.node, mark.source
    if node.value == "repeat":
        return kind_of_round(mark)
    if node.value == "if":
        return next((kind for type, kind in ASKED.items() if isinstance(source, type)), "") or (
            "function" if source is None else "call" if len(node.args) == 2 else "built-in"
        )
    if node.value not in ("assert", "assert_unreachable"):
        raise ValueError(f"a jump of a kind that is not known: {node.value}")
    return kind_of_guard(node, source)


def kind_of_round(mark: Mark) -> str:
    if not str(mark.node.args[0].value).startswith(("range_ix", "for_list_ix")):
        return "copy"
    if mark.before.startswith(REVERT):
        return "range"
    return "next round" if mark.before.startswith("_sym_loop_start") else "no round"


def kind_of_guard(node: IRnode, source: vy.VyperNode | None) -> str:
    message = node.error_msg or ""
    return next(
        kind
        for kind, holds in (
            ("assert", message.startswith("user assert")),
            ("arithmetic", message.startswith(ARITHMETIC)),
            ("entry", message in ENTRY),
            ("answer", message in ANSWER or isinstance(source, OUTBOUND)),
            ("lock", "tload" in str(node.args[0])),
            ("argument", isinstance(source, vy.arg | vy.FunctionDef)),
            ("built-in", isinstance(source, vy.Call)),
            ("index", True),
        )
        if holds
    )


def ways_of(mark: Mark, kind: str) -> tuple[str, str]:
    """What it means that a jump is taken, and that it is not."""
    ways = ways_as_made(mark, kind)
    return ways[::-1] if mark.turned else ways


def ways_as_made(mark: Mark, kind: str) -> tuple[str, str]:
    """The optimizer exchanges the sides of a choice of two: these are told by what they hold."""
    node = mark.node
    if kind in LOOPS:
        return ("one more", "no more") if kind == "next round" else ("none", "some")
    if kind == "assert":  # with a reason it jumps over the refusal, else to it
        return ("false", "true") if node.value == "assert" else ("true", "false")
    if len(node.args) == 2 and kind in OURS:
        return "false", "true"
    on = goes_on(mark, kind) if kind in OURS else None
    return {True: ("false", "true"), False: ("true", "false"), None: ("jump", "go on")}[on]


def goes_on(mark: Mark, kind: str) -> bool | None:
    """Whether a choice of two goes on where its test is true, if that can be told."""
    first, second = mark.node.args[1:]
    values = [each.value if isinstance(each.value, int) else None for each in (first, second)]
    if kind in ("and, or", "in") and len({*values} & {0, 1}) == 1:
        at = next(at for at, value in enumerate(values) if value in (0, 1))
        return bool(values[at]) == (at == 0)
    if kind in ("if", "ternary"):
        test = mark.source.get_original_node()
        sides = listed(test.body), listed(test.orelse)
        for arm, is_first in ((first, True), (second, False)):
            for side, is_body in zip(sides, (True, False), strict=True):
                if any(is_below(each.ast_source, side) for each in walk(arm)):
                    return is_body == is_first
    return None


def listed(node: Any) -> list[vy.VyperNode]:
    return node if isinstance(node, list) else [node]


def is_below(node: vy.VyperNode | None, above: list[vy.VyperNode]) -> bool:
    ids = {each.node_id for each in above}
    while node is not None:
        if getattr(node, "node_id", None) in ids:
            return True
        node = node._parent
    return False


def loop_of(mark: Mark) -> vy.VyperNode:
    """A loop over a list has no source of its own: it is around its first statement."""
    if isinstance(mark.source, vy.For):
        return mark.source
    inside = (each.ast_source for each in walk(mark.node.args[4]))
    return next(each for each in inside if each is not None).get_ancestor(vy.For)


def walk(node: IRnode) -> Iterator[IRnode]:
    yield node
    for each in node.args:
        yield from walk(each)


# ----- where it is -----


def place_of(mark: Mark, node: vy.VyperNode | None = None) -> Place | None:
    node = node or mark.source
    if node is None:
        return None
    node = node.get_original_node()
    within = node if isinstance(node, vy.FunctionDef) else node.get_ancestor(vy.FunctionDef)
    source = Path(node.module_node.path).stem
    return Place(source, within.name if within else "", node.lineno, text_of(node))


def statement(node: vy.VyperNode | None) -> vy.VyperNode | None:
    """What a node is part of; none for what is no statement of a function."""
    while node is not None and not isinstance(node, vy.Stmt):
        node = None if isinstance(node, vy.FunctionDef) else node._parent
    return node if node is not None and node.get_ancestor(vy.FunctionDef) else None


def text_of(node: vy.VyperNode) -> str:
    """What decides, on one line."""
    if isinstance(node, vy.For):
        return f"for in {text_of(node.iter)}"
    if isinstance(node, vy.FunctionDef):
        return node.name
    node = getattr(node, "test", node)
    text = " ".join((node.node_source_code or type(node).__name__).split())
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}..."
