"""What a function does beyond computing: state, calls, money, events.

Of all that it can reach: whether a branch is taken is not asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from vyper import ast as vy_ast
from vyper.semantics.data_locations import DataLocation
from vyper.semantics.types.function import ContractFunctionT
from vyper.semantics.types.user import EventT

from audit.sources import module_of
from scripts._lib.upgrade.surface import reachable, source_text

KEPT = {DataLocation.STORAGE, DataLocation.TRANSIENT}
CREATES = {"raw_create", "create_from_blueprint", "create_minimal_proxy_to", "create_copy_of"}
CALLS = {"raw_call", "send", "selfdestruct", *CREATES}
# What moves tokens, by the functions' names in the standards.
MOVES = {"transfer", "transferFrom", "safeTransferFrom", "safeTransfer", "mint", "burn"}


@dataclass(frozen=True)
class Call:
    kind: str  # "call", "static", "delegate", or the name of a builtin that creates
    target: str  # as the source says it
    value: str  # wei, as the source says it; empty for none
    moves: bool  # tokens, as far as its name tells

    @property
    def text(self) -> str:
        return f"{self.kind} `{self.target}`"


@dataclass(frozen=True)
class Effects:
    payable: bool
    locked: str  # "" for not, "whole", or the internal functions that take the lock
    writes: tuple[str, ...]  # storage, by name
    calls: tuple[Call, ...]
    events: tuple[str, ...]


def of(function: ContractFunctionT) -> Effects:
    parts = reachable([function])
    bodies = [each.decl_node for each in parts]
    inner = sorted(f"{each.name}" for each in parts[1:] if each.nonreentrant)
    return Effects(
        payable=function.is_payable,
        locked="whole" if function.nonreentrant else ", ".join(inner),
        writes=tuple(sorted(_writes(function))),
        calls=tuple(dict.fromkeys(call for body in bodies for call in _calls(body))),
        events=tuple(dict.fromkeys(event for body in bodies for event in events(body))),
    )


def _writes(function: ContractFunctionT) -> set[str]:
    home = module_of(function.decl_node)
    written = (access.variable for access in function.get_variable_writes())
    return {
        name if module_of(each.decl_node) == home else f"{module_of(each.decl_node)}.{name}"
        for each in written
        if each.location in KEPT and (name := each.decl_node.target.id)
    }


def _calls(body: vy_ast.VyperNode) -> Iterator[Call]:
    for node in body.get_descendants(vy_ast.ExtCall | vy_ast.StaticCall | vy_ast.Call):
        if isinstance(node, vy_ast.ExtCall | vy_ast.StaticCall):
            kind = "call" if isinstance(node, vy_ast.ExtCall) else "static"
            name = source_text(node.value.func)
            moves = kind == "call" and name.rpartition(".")[2] in MOVES
            yield Call(kind, name, _keyword(node.value, "value"), moves)
        elif getattr(node.func, "id", "") in CALLS:
            yield _built_in(node)


def _built_in(call: vy_ast.Call) -> Call:
    name = call.func.id
    kind, value, moves = name, _keyword(call, "value"), False
    if name == "raw_call":
        kind = "call"
        for option, other in (("is_delegate_call", "delegate"), ("is_static_call", "static")):
            if _keyword(call, option) == "True":
                kind = other
        moves = kind == "call" and any(asked in MOVES for asked in _selectors(call))
    elif name == "send":
        value = source_text(call.args[1])
    asked = "".join(f": {each}" for each in _selectors(call))
    return Call(kind, source_text(call.args[0]) + asked, value, moves)


def _selectors(call: vy_ast.Call) -> Iterator[str]:
    """The functions that are asked by hand, where the call itself names them."""
    for each in call.get_descendants(vy_ast.Call):
        if getattr(each.func, "id", "") == "method_id":
            yield each.args[0].value.partition("(")[0]
    for each in call.get_descendants(vy_ast.keyword):
        if each.arg == "method_id" and isinstance(each.value, vy_ast.Str):
            yield each.value.value.partition("(")[0]


def _keyword(call: vy_ast.Call, name: str) -> str:
    return next((source_text(each.value) for each in call.keywords if each.arg == name), "")


def events(body: vy_ast.VyperNode) -> Iterator[str]:
    """By name; those that are emitted by hand, by the constant that is their first topic."""
    for node in body.get_descendants(vy_ast.Log | vy_ast.Call):
        if isinstance(node, vy_ast.Log):
            event = node.value.func._metadata["type"].typedef
            assert isinstance(event, EventT)
            yield event.name
        elif getattr(node.func, "id", "") == "raw_log":
            yield f"raw {source_text(node.args[0].elements[0])}"
