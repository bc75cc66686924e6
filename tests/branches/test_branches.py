"""The tool itself: what is not done is reported, however the contract came to be."""

import boa
import pytest

from branches.jumps import read
from branches.recorder import Recorder, recording
from branches.results import measured
from branches.subjects import watched
from tests.support.gas import Chain

TOY = """\
# pragma version 0.4.3

LIMIT: immutable(uint256)
total: public(uint256)


@deploy
def __init__(limit: uint256):
    assert limit != 0, "toy: no limit"
    LIMIT = limit


@external
def add(amount: uint256, twice: bool) -> uint256:
    self._require(amount != 0, "toy: nothing")
    self._require(amount <= LIMIT, "toy: too much")
    if twice or amount == 7:
        self.total += amount
    for part: uint256 in range(amount, bound=7):
        if part == 5:
            continue
        self.total += 1
    return 1 if twice else 0


@internal
@pure
def _require(holds: bool, reason: String[32]):
    assert holds, reason
"""
ADD, MADE = "Toy.add", "constructor Toy.__init__"
FORWARD = "3d602d80600a3d3981f3363d3d373d3d3d363d73{}5af43d82803e903d91602b57fd5bf3"  # ERC-1167


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    path = tmp_path_factory.mktemp("toy") / "Toy.vy"
    path.write_text(TOY)
    return boa.load_partial(str(path))


@pytest.fixture
def codes(toy):
    return read(toy.compiler_data)


@pytest.fixture
def recorder(codes):
    recorder = Recorder(watched({"Toy": codes}))
    with recording(recorder):
        yield recorder


@pytest.fixture
def untaken(codes, recorder):
    return lambda: measured("Toy", codes, recorder.seen).untaken


def everything(made):
    for amount, twice in ((1, True), (7, True), (7, False), (2, False)):
        made.add(amount, twice)
    with boa.reverts("toy: nothing"):
        made.add(0, True)
    with boa.reverts("toy: too much"):
        made.add(8, False)


def test_all_ways_are_seen(toy, codes, recorder, untaken):
    everything(toy.deploy(7))
    with boa.reverts("toy: no limit"):
        toy.deploy(0)
    # zero is refused before the loop, and nobody asks for the total
    assert untaken() == [f"{ADD}: no round: for in range(amount, bound=7): never none"]
    assert measured("Toy", codes, recorder.seen).unseen == [
        "Toy.total: line: Return",
        ": function: total()",
        ": entry: total()",
    ]


def test_nothing_is_seen_of_what_never_ran(codes, recorder):
    found = measured("Toy", codes, recorder.seen)
    assert len(found.untaken) == found.branches == 20
    assert sum(": line: " in each for each in found.unseen) == found.lines == 12
    assert found.added == {}


@pytest.mark.parametrize(
    ("calls", "way"),
    [
        ([(1, True), (2, True)], f"{ADD}: ternary: twice: never false"),
        ([(1, False), (2, False)], f"{ADD}: ternary: twice: never true"),
        ([(1, True), (7, True)], f"{ADD}: and, or: twice or amount == 7: never false"),
        ([(1, False)], f"{ADD}: if: twice or amount == 7: never true"),
        ([(1, True)], f"{ADD}: next round: for in range(amount, bound=7): never one more"),
        ([(1, True)], f"{ADD}: if: part == 5: never true"),
        ([(1, True)], 'Toy.add: self._require(amount != 0, "toy: nothing"): never refuses'),
        ([(1, True)], "Toy._require: assert: holds: never false"),
        ([(1, True)], f"{MADE}: assert: limit != 0: never false"),
    ],
)
def test_way_that_is_never_taken_is_reported(toy, untaken, calls, way):
    made = toy.deploy(7)
    for call in calls:
        made.add(*call)
    assert way in untaken()


def test_each_call_of_a_check_is_told_apart(toy, untaken):
    """One refusal runs the check's assertion, but refuses one thing only."""
    made = toy.deploy(7)
    with boa.reverts("toy: too much"):
        made.add(8, True)
    told = {way for way in untaken() if "_require(" in way}
    assert told == {
        'Toy.add: self._require(amount != 0, "toy: nothing"): never refuses',
        'Toy.add: self._require(amount <= LIMIT, "toy: too much"): never returns',
    }


def clone(toy):
    address, _ = boa.env.deploy(bytecode=bytes.fromhex(FORWARD.format(toy.deploy(7).address[2:])))
    return toy.at(address)


def raw(toy):
    code = toy.compiler_data.bytecode + (7).to_bytes(32, "big")
    address, _ = boa.env.deploy(bytecode=code)
    return toy.at(address)


def from_blueprint(toy):
    maker = boa.loads("""
@external
def make(blueprint: address) -> address:
    return create_from_blueprint(blueprint, convert(7, uint256))
""")
    return toy.at(maker.make(toy.deploy_as_blueprint().address))


@pytest.mark.filterwarnings("ignore:casted bytecode")  # boa, of clones
@pytest.mark.parametrize("how", [clone, raw, from_blueprint])
def test_bytes_are_known_however_they_are_deployed(toy, untaken, how):
    everything(how(toy))
    assert [way for way in untaken() if not way.startswith("constructor")] == [
        f"{ADD}: no round: for in range(amount, bound=7): never none"
    ]
    assert f"{MADE}: assert: limit != 0: never true" not in untaken()


def test_other_chains_are_seen(toy, untaken):
    with boa.swap_env(Chain()):
        everything(toy.deploy(7))
    assert f"{ADD}: ternary: twice: never true" not in untaken()


def test_other_contracts_are_passed_over(toy, recorder):
    boa.loads(TOY.replace("part == 5", "part == 4"), 7).add(1, True)
    assert recorder.seen == {}


def test_added_jumps_are_counted_by_their_kind(toy, codes, recorder):
    """An overflow that a test meets is one that went both ways."""
    limit = toy.deploy(2**256 - 1)
    limit.add(1, True)
    with boa.reverts():
        limit.add(2**256 - 1, True)
    added = measured("Toy", codes, recorder.seen).added
    assert (added["arithmetic"].both, added["arithmetic"].one) == (1, 1)
    assert added["range"].both == 0


def test_jump_that_was_not_read_is_an_error(toy, codes, recorder):
    toy.deploy(7).add(1, True)
    codes[0].jumps = [each for each in codes[0].jumps if each.kind != "ternary"]
    with pytest.raises(ValueError, match="unknown jumps in its runtime code"):
        measured("Toy", codes, recorder.seen)


def test_what_runs_afterwards_is_not_recorded(toy, codes):
    """The recorder leaves boa as it was."""
    recorder = Recorder(watched({"Toy": codes}))
    with recording(recorder):
        pass
    assert toy.deploy(7).total() == 0
    assert recorder.seen == {}
