"""Arguments over the bounds of docs/names.md: refused before a line of the contract runs."""

import pytest

from tests.support.bounds import Bound, refused_without_a_reason
from tests.support.compiled import deployer
from tests.support.names import ZERO, ZERO32, deploy_names

TERM = (1, True, False, ZERO, 0, 0)
TERMS = "(uint256,bool,bool,address,uint256,uint256)[]"
PROOFS = ["address", "bytes32", "bytes32[][]"]
PUBLISH = ["bytes32", "bytes32", "bytes", "bytes32"]
VOUCHER = "(uint256,uint256,address,uint256,address,uint256,uint256)"

BOUNDS = [
    Bound("Gate", "register", [TERMS], [[TERM] * 16], [[TERM] * 17]),
    Bound("Gate", "check_with", PROOFS,
          [ZERO, ZERO32, [[ZERO32] * 32] * 8], [ZERO, ZERO32, [[]] * 9]),
    Bound("Gate", "check_with", PROOFS,
          [ZERO, ZERO32, [[]]], [ZERO, ZERO32, [[ZERO32] * 33]]),
    Bound("List", "add", ["bytes32", "address[]"],
          [ZERO32, [ZERO] * 500], [ZERO32, [ZERO] * 501]),
    Bound("Media", "publish", PUBLISH,
          [ZERO32, ZERO32, b"x" * 128, ZERO32], [ZERO32, ZERO32, b"x" * 129, ZERO32]),
    Bound("Pass", "mint_many", ["address[]", "uint256", "uint256"],
          [[ZERO] * 32, 1, 0], [[ZERO] * 33, 1, 0]),
    Bound("Pass", "settle", ["uint256[]"], [[0] * 32], [[0] * 33]),
    Bound("Pass", "redeem", [VOUCHER, "bytes"],
          [(1, 0, ZERO, 1, ZERO, 0, 0), b"x" * 2048], [(1, 0, ZERO, 1, ZERO, 0, 0), b"x" * 2049]),
]  # fmt: skip


@pytest.fixture(scope="module")
def made(access):
    return {
        "Gate": access.gate,
        "List": deployer("List").deploy(),
        "Media": deployer("Media").deploy(deploy_names().names.address),
        "Pass": access.implementation,
    }


@pytest.mark.parametrize("bound", BOUNDS, ids=str)
def test_what_is_too_long_is_refused_without_a_reason_and_nothing_shorter(made, bound):
    contract = made[bound.contract]
    asked = (contract, bound.name, bound.types)
    assert not refused_without_a_reason(*asked, bound.fits)
    assert refused_without_a_reason(*asked, bound.over)
