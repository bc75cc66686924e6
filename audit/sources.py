"""The contracts as the compiler sees them."""

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vyper import ast as vy_ast
from vyper.compiler import CompilerData
from vyper.semantics.types.function import ContractFunctionT
from vyper.semantics.types.module import ModuleT
from vyper.warnings import VyperWarning

from scripts._lib.files import ROOT
from scripts._lib.upgrade.sources import Tree

PAGES = ROOT / "docs" / "audit"
FOLDERS = ("kernel", "governance", "names", "income", "access")


@dataclass(frozen=True)
class Contract:
    source: str  # path below the root
    data: CompilerData

    @property
    def name(self) -> str:
        return Path(self.source).stem

    @property
    def module(self) -> ModuleT:
        return self.data.annotated_vyper_module._metadata["type"]

    def functions(self) -> Iterator[ContractFunctionT]:
        """What can be called from outside, in the order of the sources; no getters."""
        written = (
            each
            for each in self.module.exposed_functions
            if isinstance(each.decl_node, vy_ast.FunctionDef) and each.decl_node.lineno
        )
        return iter(sorted(written, key=self._place))

    def _place(self, function: ContractFunctionT) -> tuple[bool, str, int]:
        node = function.decl_node
        return module_of(node) != self.name, module_of(node), node.lineno


def module_of(node: vy_ast.VyperNode) -> str:
    """The contract or library that a node stands in."""
    return Path(node.module_node.path).stem


def analysed(source: str, root: Path = ROOT) -> Contract:
    bundle = Tree(root, {})
    data = CompilerData(bundle.load_file(source), input_bundle=bundle, no_bytecode_metadata=True)
    _ = data.storage_layout  # gives variables their places
    return Contract(source, data)


def contracts() -> tuple[Contract, ...]:
    """All that deploy, in the order in which the suite is read."""
    return _all()[0]


def compiler_warnings() -> tuple[str, ...]:
    """What the compiler said when it read them."""
    return _all()[1]


@cache
def _all() -> tuple[tuple[Contract, ...], tuple[str, ...]]:
    sources = [
        str(path.relative_to(ROOT))
        for folder in FOLDERS
        for path in sorted((ROOT / "contracts" / folder).glob("*.vy"))
    ]
    return listened(sources)


def listened(
    sources: Iterable[str], root: Path = ROOT
) -> tuple[tuple[Contract, ...], tuple[str, ...]]:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", VyperWarning)
        found = tuple(analysed(source, root) for source in sources)
    told = (str(each.message) for each in said if issubclass(each.category, VyperWarning))
    return found, tuple(told)
