"""Rules that need types or bytecode: what the compiler knows of a contract."""

from collections.abc import Iterable, Iterator

from vyper import ast as vy_ast
from vyper.semantics.types import ModuleT, VyperType
from vyper.semantics.types.function import ContractFunctionT

SIZE_LIMIT = 24_576  # EIP-170
ERC_5202 = b"\xfe\x71\x00"  # what a blueprint begins with


def oversized(runtime: bytes) -> list[str]:
    """The chain refuses larger ones."""
    return [f"{len(runtime):,} bytes of code"] if len(runtime) >= SIZE_LIMIT else []


def nested_array_ternaries(tree: vy_ast.Module) -> list[str]:
    """No ternary over nested arrays: a compiler bug of 0.4.3."""
    return [
        f"{tree.path} line {ternary.lineno}: ternary over nested arrays"
        for module in (tree, *imported(tree))
        for ternary in module.get_descendants(vy_ast.IfExp)
        if is_nested_array(ternary._metadata["type"])
    ]


def imported(tree: vy_ast.Module) -> Iterator[vy_ast.Module]:
    """The modules compiled into this one, to any depth."""
    for info in tree._metadata["type"].imported_modules.values():
        yield info.module_node
        yield from imported(info.module_node)


def is_nested_array(type_: VyperType) -> bool:
    return is_array(type_) and is_array(type_.value_type)


def is_array(type_: VyperType) -> bool:
    return getattr(type_, "_is_array_type", False) and hasattr(type_, "value_type")


def undeclared(tree: vy_ast.Module, name: str) -> list[str]:
    """Each external function stands in I<name>, in a standard's interface, or in a module.

    That what stands there is the same here, mutability included, the compiler sees to.
    """
    module: ModuleT = tree._metadata["type"]
    interfaces = [each for each in module.implemented_interfaces if each.decl_node is not tree]
    own = f"interfaces/I{name}.vyi"
    if not any(each.decl_node.resolved_path.endswith(own) for each in interfaces):
        return [f"does not implement {own}"]
    declared = {
        signature
        for interface in interfaces
        for signature in signatures(interface.functions.values())
    }
    written_here = (
        function
        for function in module.exposed_functions
        if function.decl_node.module_node is tree  # else its module documents it
    )
    missing = [each for each in signatures(written_here) if each not in declared]
    return [f"{signature} is not in {own}" for signature in missing]


def signatures(functions: Iterable[ContractFunctionT]) -> Iterator[str]:
    """Such as "transfer(address,uint256)"; each default argument makes one more."""
    for function in functions:
        if not function.is_fallback and not function.is_constructor:
            yield from function.method_ids
