"""What the compiler knows: sizes, interfaces, compiler bugs; and that every contract deploys."""

from pathlib import Path
from typing import Any

import boa
import pytest

from scripts._lib.build import artifact
from tests.hygiene import compiled_rules as rules
from tests.support.access import deploy_access
from tests.support.compiled import ROOT, deployer
from tests.support.dao_factory import deploy_factory
from tests.support.forwarders import deploy_forwarding
from tests.support.governance import deploy_dao
from tests.support.income import deploy_income
from tests.support.names import deploy_names

CONTRACTS = sorted(
    path.stem for path in ROOT.glob("contracts/**/*.vy") if "lib" not in path.parent.parts
)
# Whose init code is kept on the chain, for another contract to create it.
BLUEPRINTS = ("Governor", "Resolver", "ReverseResolver", "Timelock", "VotesToken")
LIBRARIES = sorted(path.stem for path in ROOT.glob("contracts/lib/*.vy"))


def tree_of(name: str) -> Any:
    return deployer(name).compiler_data.annotated_vyper_module


@pytest.mark.parametrize("name", CONTRACTS)
def test_contract_fits_the_size_limit(name):
    """With its immutables, which the constructor puts after the code."""
    data = deployer(name).compiler_data
    immutables = bytes(data.global_ctx.immutable_section_bytes)
    assert rules.oversized(data.bytecode_runtime + immutables) == []


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_blueprint_fits_the_size_limit(name):
    """As the scripts compile it: without the compiler's metadata."""
    assert rules.oversized(rules.ERC_5202 + artifact(name).init_code) == []


@pytest.mark.parametrize("name", CONTRACTS)
def test_contract_has_no_ternary_over_nested_arrays(name):
    assert rules.nested_array_ternaries(tree_of(name)) == []


@pytest.mark.parametrize("name", CONTRACTS)
def test_contract_matches_its_interface(name):
    assert rules.undeclared(tree_of(name), name) == []


def deployed() -> dict[str, Any]:
    """Every contract, made by the builders that the other tests use."""
    dao = deploy_dao({boa.env.generate_address("member"): 1})
    names = deploy_names()
    income, access = deploy_income(), deploy_access()
    forwarding = deploy_forwarding(names)
    return {
        "Kernel": dao.kernel,
        "VotesToken": dao.token,
        "Timelock": dao.timelock,
        "Governor": dao.governor,
        "DaoFactory": deploy_factory(dao.kernel),
        "Names": names.names,
        "Resolver": names.resolver,
        "ReverseResolver": names.reverse,
        "UniversalResolver": names.universal,
        "NamePricing": names.pricing,
        "NamePricingV2": deployer("NamePricingV2").deploy([0] * 5, [0] * 5, 0, 1, 0),
        "Splitter": income.implementation,
        "SplitterFactory": income.factory,
        "Forwarder": forwarding.implementation,
        "ForwarderFactory": forwarding.factory,
        "Pass": access.implementation,
        "PassFactory": access.factory,
        "PassRenderer": access.renderer,
        "Gate": access.gate,
        "List": deployer("List").deploy(),
        "Media": deployer("Media").deploy(names.names.address),
    }


def test_every_contract_deploys_with_its_own_code():
    contracts = deployed()
    assert sorted(contracts) == CONTRACTS
    for name, contract in contracts.items():
        code = bytes(boa.env.get_code(contract.address))
        compiled = deployer(name).compiler_data.bytecode_runtime
        assert code.startswith(compiled), name  # immutables follow


def test_one_contract_one_interface():
    interfaces = sorted(path.stem for path in ROOT.glob("interfaces/*.vyi"))
    assert interfaces == sorted(f"I{name}" for name in CONTRACTS)


def test_every_library_is_used():
    used = {
        Path(module.path).stem for name in CONTRACTS for module in rules.imported(tree_of(name))
    }
    assert [name for name in LIBRARIES if name not in used] == []


# ----- the rules themselves can fail -----


def test_size_rule_finds_the_first_size_that_is_refused():
    assert rules.oversized(bytes(24_575)) == []
    assert rules.oversized(bytes(24_576)) == ["24,576 bytes of code"]


@pytest.mark.parametrize(
    ("type_", "found"),
    [
        ("DynArray[DynArray[uint256, 2], 2]", True),
        ("uint256[2][3]", True),
        ("DynArray[uint256[2], 2]", True),
        ("DynArray[uint256, 2]", False),
        ("uint256[2]", False),
        ("Bytes[64]", False),
        ("uint256", False),
    ],
)
def test_ternary_rule_knows_nested_arrays(type_, found):
    source = f"""
@external
def pick(left: {type_}, right: {type_}, which: bool) -> {type_}:
    return left if which else right
"""
    tree = boa.loads_partial(source).compiler_data.annotated_vyper_module
    assert bool(rules.nested_array_ternaries(tree)) is found


INTERFACE = """
@external
def act(amount: uint256, to: address = empty(address)): ...

@external
@view
def seen() -> uint256: ...
"""
CONTRACT = """
from ..interfaces import IThing
from ethereum.ercs import IERC165

implements: IThing
implements: IERC165

@external
def act(amount: uint256, to: address = msg.sender):
    pass

@external
@view
def seen() -> uint256:
    return 1

@external
@view
def supportsInterface(interface_id: bytes4) -> bool:
    return False

@external
@payable
def __default__():
    pass
"""


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("", "", None),
        ("implements: IThing", "", "does not implement interfaces/IThing.vyi"),
        (
            "def act(",
            "def more(to: address):\n    pass\n\n@external\ndef act(",
            "more(address) is not in",
        ),
        ("@external\ndef act", "x: public(uint256)\n\n@external\ndef act", "x() is not in"),
    ],
)
def test_interface_rule_finds_what_differs(tmp_path, old, new, complaint):
    for folder, name, text in (
        ("interfaces", "IThing.vyi", INTERFACE),
        ("contracts", "Thing.vy", CONTRACT.replace(old, new, 1)),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text)
    compiled = boa.load_partial(str(tmp_path / "contracts" / "Thing.vy")).compiler_data
    complaints = rules.undeclared(compiled.annotated_vyper_module, "Thing")
    if complaint is None:
        assert complaints == []
    else:
        assert any(complaint in found for found in complaints), complaints
