"""All of a contract that others may rely on, read from what the compiler knows of it.

The compiler's storage layout says where variables are. It does not say what is in them:
two struct fields of one type may change places, or two members of a flag, and the layout
stays. So each variable of the layout is joined with its declaration, and its type spelled
out to the last member. What cannot be joined or spelled is refused.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vyper import ast as vy_ast
from vyper.compiler import CompilerData
from vyper.compiler.output import build_layout_output
from vyper.evm.opcodes import DEFAULT_EVM_VERSION
from vyper.semantics.data_locations import DataLocation
from vyper.semantics.types import TupleT, VyperType
from vyper.semantics.types.bytestrings import _BytestringT
from vyper.semantics.types.function import ContractFunctionT
from vyper.semantics.types.module import InterfaceT, ModuleT
from vyper.semantics.types.primitives import _PrimT
from vyper.semantics.types.subscriptable import DArrayT, HashMapT, SArrayT
from vyper.semantics.types.user import EventT, FlagT, StructT

from scripts._lib.files import ROOT
from scripts._lib.refusal import Refusal
from scripts._lib.upgrade.sources import Edits, compiled

# What code can do beyond computing. A module that gains one of these is another thing.
POWERS = {
    "CALL",
    "CALLCODE",
    "CREATE",
    "CREATE2",
    "DELEGATECALL",
    "ORIGIN",
    "SELFDESTRUCT",
    "SSTORE",
    "STATICCALL",
}
LOCK = "$.nonreentrant_key"
LOCATIONS = {
    "storage_layout": DataLocation.STORAGE,
    "transient_storage_layout": DataLocation.TRANSIENT,
}

# A type, spelled out: ("struct", name, ((field, type), ...)), ("flag", name, members), ...
Spelled = tuple[Any, ...]


@dataclass(frozen=True)
class Variable:
    slot: int
    size: int  # slots
    type: Spelled


@dataclass(frozen=True)
class Function:
    arguments: tuple[tuple[str, Spelled], ...]
    returns: Spelled | None
    mutability: str
    locked: bool  # against reentrancy
    authority: frozenset[str]  # every condition and look-up that reads who calls


@dataclass(frozen=True)
class Event:
    arguments: tuple[tuple[str, Spelled, bool], ...]  # name, type, indexed


@dataclass(frozen=True)
class Surface:
    contract: str
    source: str
    storage: dict[str, Variable]
    transient: dict[str, Variable]
    functions: dict[str, Function]  # by signature; one with defaults has several
    events: dict[str, Event]
    raw_logs: frozenset[str]  # topics of events that are emitted by hand
    constants: dict[str, str]
    reasons: frozenset[str]  # of reverts
    powers: frozenset[str]
    setup: tuple[tuple[str, str], ...]  # arguments of the constructor
    setup_reads: frozenset[str]  # what the constructor reads of its chain or caller
    settings: dict[str, str]  # of the compiler
    code_size: int
    init_size: int

    @property
    def name(self) -> str:
        return Path(self.source).stem


def read(source: str, root: Path = ROOT, edits: Edits | None = None) -> Surface:
    return of(source, compiled(source, root, edits))


def of(source: str, data: CompilerData) -> Surface:
    module: ModuleT = data.annotated_vyper_module._metadata["type"]
    entered = reachable(module.exposed_functions)
    constructor = reachable([module.init_function] if module.init_function else [])
    bodies = [function.decl_node for function in entered]
    stored = {name: dict(variables(module, data, name, where)) for name, where in LOCATIONS.items()}
    return Surface(
        contract=Path(source).stem,
        source=source,
        storage=stored["storage_layout"],
        transient=stored["transient_storage_layout"],
        functions={
            signature: function_of(function)
            for function in module.exposed_functions
            for signature in signatures(function)
        },
        events={event.signature: event_of(event) for event in module.used_events},
        raw_logs=frozenset(_raw_logs(bodies)),
        constants=dict(_constants(module)),
        reasons=frozenset(_reasons(bodies)),
        powers=frozenset(POWERS & set(_flat(data.assembly_runtime))),
        setup=_setup(module),
        setup_reads=frozenset(_environment(function.decl_node for function in constructor)),
        settings={
            "optimize": str(data.settings.optimize),
            "evm version": data.settings.evm_version or DEFAULT_EVM_VERSION,
        },
        code_size=len(data.bytecode_runtime),
        init_size=len(data.bytecode),
    )


# ----- types -----


def spelled(type_: VyperType) -> Spelled:
    """A type to its last member, so that equal means equal."""
    found: Spelled
    match type_:
        case StructT():
            fields = tuple((name, spelled(member)) for name, member in type_.members.items())
            found = "struct", type_.name, fields
        case FlagT():
            found = "flag", type_.name, tuple(type_._flag_members)
        case HashMapT():
            found = "map", spelled(type_.key_type), spelled(type_.value_type)
        case SArrayT():
            found = "array", type_.length, spelled(type_.value_type)
        case DArrayT():
            found = "list", type_.length, spelled(type_.value_type)
        case TupleT():
            found = "tuple", tuple(spelled(member) for member in type_.member_types)
        case InterfaceT():
            found = "plain", "address"
        case _PrimT() | _BytestringT():
            found = "plain", str(type_)
        case _:
            raise Refusal(f"The layout check cannot read the type {type_}.")
    return found


def words(type_: Spelled | None) -> str:
    """As people write it."""
    match type_:
        case None:
            text = "nothing"
        case ("struct", name, fields):
            text = f"{name}({', '.join(f'{field}: {words(each)}' for field, each in fields)})"
        case ("flag", name, members):
            text = f"{name}({' | '.join(members)})"
        case ("map", key, value):
            text = f"HashMap[{words(key)}, {words(value)}]"
        case ("array", length, value):
            text = f"{words(value)}[{length}]"
        case ("list", length, value):
            text = f"DynArray[{words(value)}, {length}]"
        case ("tuple", members):
            text = f"({', '.join(map(words, members))})"
        case (_, name):
            text = str(name)
    return text


# ----- storage -----


def variables(
    module: ModuleT, data: CompilerData, part: str, location: DataLocation
) -> Iterator[tuple[str, Variable]]:
    """The compiler's layout, each entry joined with its declaration."""
    declared = {
        info.position.position: (name, info)
        for name, info in _declarations(module, "")
        if info.location == location and info.position is not None
    }
    for path, entry in entries(build_layout_output(data).get(part, {}), ""):
        if path == LOCK:
            continue  # has no declaration and no content
        name, info = declared.pop(entry["slot"], ("", None))
        if info is None or name != path or str(info.typ) != entry["type"]:
            raise Refusal(f"The layout check cannot find the declaration of {path}.")
        yield path, Variable(entry["slot"], entry["n_slots"], spelled(info.typ))
    if declared:
        names = ", ".join(name for name, _ in declared.values())
        raise Refusal(f"The layout check cannot find the place of {names}.")


def entries(layout: dict[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, entry in layout.items():
        if isinstance(entry.get("type"), str):
            yield prefix + name, entry
        else:
            yield from entries(entry, f"{prefix}{name}.")


def _declarations(module: ModuleT, prefix: str) -> Iterator[tuple[str, Any]]:
    for name, info in module.variables.items():
        yield prefix + name, info
    for initialized in module.initialized_modules:
        info = initialized.module_info
        yield from _declarations(info.module_t, f"{prefix}{info.alias}.")


def _constants(module: ModuleT) -> Iterator[tuple[str, str]]:
    """Their values: places and masks of packed words are part of a layout."""
    for tree in (module.decl_node, *imported(module)):
        for node in tree.get_children(vy_ast.VariableDecl):
            if node.is_constant and node.value is not None:
                value = node.value.reduced()
                yield node.target.id, str(getattr(value, "value", source_text(value)))


def imported(module: ModuleT) -> Iterator[vy_ast.Module]:
    for info in module.imported_modules.values():
        if not str(info.module_node.resolved_path).endswith(".vyi"):
            yield info.module_node
            yield from imported(info.module_t)


# ----- functions -----


def signatures(function: ContractFunctionT) -> Iterable[str]:
    return ["fallback"] if function.is_fallback else function.method_ids


def function_of(function: ContractFunctionT) -> Function:
    bodies = [each.decl_node for each in reachable([function])]
    return Function(
        arguments=tuple((each.name, spelled(each.typ)) for each in function.arguments),
        returns=spelled(function.return_type) if function.return_type else None,
        mutability=str(function.mutability),
        locked=bool(function.nonreentrant),
        authority=frozenset(_authority(bodies)),
    )


def reachable(functions: Iterable[ContractFunctionT]) -> list[ContractFunctionT]:
    found: dict[ContractFunctionT, None] = {}
    for function in functions:
        found[function] = None
        found.update(dict.fromkeys(function.reachable_internal_functions))
    return [each for each in found if isinstance(each.decl_node, vy_ast.FunctionDef)]


def _setup(module: ModuleT) -> tuple[tuple[str, str], ...]:
    if module.init_function is None:
        return ()
    return tuple((each.name, words(spelled(each.typ))) for each in module.init_function.arguments)


def _authority(bodies: Iterable[vy_ast.VyperNode]) -> Iterator[str]:
    """What is asked of the caller, wherever it stands: conditions whole, else the nearest
    comparison, look-up or call around `msg.sender`.
    """
    for body in bodies:
        for node in body.get_descendants(vy_ast.Attribute):
            reads = source_text(node) in {"msg.sender", "tx.origin"}
            if reads and not node.get_ancestor(vy_ast.Log):
                yield source_text(_around(node))


def _around(node: vy_ast.VyperNode) -> vy_ast.VyperNode:
    nearest = None
    at = node
    while not isinstance(at, vy_ast.FunctionDef):
        parent = at.get_ancestor()
        if isinstance(parent, vy_ast.Assert | vy_ast.If | vy_ast.IfExp) and at is parent.test:
            return parent.test
        if nearest is None and isinstance(
            parent, vy_ast.Compare | vy_ast.Subscript | vy_ast.Call | vy_ast.BinOp
        ):
            nearest = parent
        at = parent
    return nearest or node


def _reasons(bodies: Iterable[vy_ast.VyperNode]) -> Iterator[str]:
    for body in bodies:
        for text in body.get_descendants(vy_ast.Str):
            if re.fullmatch(r"[a-z0-9 ]+: [^\n]+", text.value):
                yield text.value


def _environment(bodies: Iterable[vy_ast.VyperNode]) -> Iterator[str]:
    """Caller and chain: a constructor that reads them has no address of its own."""
    for body in bodies:
        for node in body.get_descendants(vy_ast.Attribute):
            text = source_text(node)
            if text.split(".")[0] in {"msg", "tx", "block", "chain"}:
                yield text


# ----- events -----


def event_of(event: EventT) -> Event:
    return Event(
        tuple(
            (name, spelled(type_), indexed)
            for (name, type_), indexed in zip(event.arguments.items(), event.indexed, strict=True)
        )
    )


def _raw_logs(bodies: Iterable[vy_ast.VyperNode]) -> Iterator[str]:
    for body in bodies:
        for call in body.get_descendants(vy_ast.Call):
            if getattr(call.func, "id", "") == "raw_log":
                yield source_text(call.args[0])


def _flat(assembly: Iterable[Any]) -> Iterator[str]:
    for item in assembly:
        if isinstance(item, list):
            yield from _flat(item)
        else:
            yield str(item)


def source_text(node: vy_ast.VyperNode) -> str:
    """Its source without comments, on one line."""
    code = re.sub(r"#.*", "", node.node_source_code)
    return re.sub(r"\s+", " ", code).replace("( ", "(").replace(" )", ")").strip()
