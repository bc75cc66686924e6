"""Which contracts are measured, by which tests."""

from branches.jumps import Code, read
from branches.recorder import Watched
from tests.support.compiled import ROOT, deployer

TESTS = ("tests/unit", "tests/property")


def contracts() -> list[str]:
    """What is deployed. Libraries are measured in each contract that they are part of."""
    return sorted(path.stem for path in ROOT.glob("contracts/**/[A-Z]*.vy"))


def codes() -> dict[str, list[Code]]:
    return {name: read(deployer(name).compiler_data) for name in contracts()}


def watched(codes: dict[str, list[Code]]) -> dict[str, Watched]:
    return {
        key(name, code): Watched(
            code.starts, code.entries, code.functions, {call.at for call in code.calls}
        )
        for name, listed in codes.items()
        for code in listed
    }


def key(contract: str, code: Code) -> str:
    return f"{contract} {code.name}"
