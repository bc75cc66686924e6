"""The figures beside the peers: nothing made of them is stale, and they hang together."""

import re
from xml.etree import ElementTree

import pytest

from bench import chart, pages, table
from bench.chart import picture
from bench.floors import FLOORS, Floor
from bench.results import MEASURED, RECORDED, read, result
from bench.systems import OURS, SYSTEMS
from tests.support.snapshot import SNAPSHOTS

# Where bench and tests/gas play the same operation from the same state, to the unit.
SAME = {
    "token": (
        "governance",
        {
            "transfer, both hold": "transfer, none delegated",
            "transfer, both delegated": "transfer, both delegated",
            "delegate, first": "delegate, first",
        },
    ),
    "governor": (
        "governance",
        {
            "vote, first": "fresh: castVote, first voter",
            "vote, later": "fresh: castVote, later voter",
            "vote, later, who voted before": "voted before: castVote, later voter",
        },
    ),
    "passes": (
        "access",
        {
            "mint, to a new holder": "mint granted pass",
            "sell a pass": "purchase",
            "renew a pass": "renew",
        },
    ),
    "income": (
        "income",
        {"create a split of 2": "create: 2 recipients"}
        | {f"pay {count} in ETH": f"distribute ETH: {count} recipients" for count in (2, 10, 100)},
    ),
    "names": (
        "names",
        {
            "commit": "commit",
            "register": "register, 6 characters",
            "register, with a primary name": "register + primary name",
            "set the address, first": "setAddr, first",
            "set the address, change": "setAddr, change",
            "set a text of 20 bytes, first": "setText 20 B, first",
            "renew": "renew",
            "transfer to a new holder": "transfer",
        },
    ),
}


@pytest.mark.parametrize("path", pages.pages(), ids=lambda path: path.name)
def test_page_is_fresh(path):
    assert path.read_text() == pages.pages()[path], "run ./dev fmt"


@pytest.mark.parametrize("group", SAME)
def test_our_figures_are_the_reviewed_ones(group):
    subsystem, same = SAME[group]
    reviewed, measured = read(SNAPSHOTS / f"{subsystem}.json"), read(MEASURED)[group]
    for operation, snapshot in same.items():
        ours = measured[operation][OURS]["gas"]
        assert ours == reviewed[snapshot]["gas"], f"{operation}: run ./dev bench"


def test_nothing_costs_less_than_its_floor():
    for group, rows in result().items():
        for operation, row in rows.items():
            every = [row["ours"], *row["measured"].values(), *row["recorded"].values()]
            assert row["floor"] <= min(every), f"{group}: {operation}"


def test_every_figure_has_a_row_and_a_system():
    measured, recorded = read(MEASURED), read(RECORDED)["systems"]
    assert set(measured) == set(FLOORS) == set(SYSTEMS)
    for group, rows in measured.items():
        assert set(rows) == set(FLOORS[group])
        assert {key for row in rows.values() for key in row} == set(SYSTEMS[group])
    for system in recorded.values():
        assert system["gas"] and set(system["gas"]) <= set(FLOORS[system["group"]])
        assert system["source"]


def test_best_peer_is_the_cheapest_also_where_it_was_recorded():
    best = {row["best_peer"]: row for rows in result().values() for row in rows.values()}
    assert set(read(RECORDED)["systems"]) & set(best)
    for key, row in best.items():
        every = row["measured"] | row["recorded"]
        assert every[key] == min(every.values())


def test_page_says_where_we_cost_more():
    row = {"ours": 110, "floor": 80, "best_peer": "solady", "recorded": {}}
    worse = row | {"measured": {"solady": 100, "snekmate": 120}}
    better = row | {"measured": {"solady": 125}}
    name = "Solady ERC20Votes"
    assert table.line("token", "x", worse) == (
        f"| x | 80 | 110 | {name} 100 | **+10.0 %** | snekmate ERC-20 120 |"
    )
    assert table.line("token", "x", better) == f"| x | 80 | 110 | {name} 125 | -12.0 % |  |"
    summary = "\n".join(table.summary({"token": {"x": worse, "y": better}}))
    assert "in 1 of 2 operations" in summary
    assert f"| Tokens that vote: x | 110 | {name} 100 | 10 (+10.0 %) |" in summary
    assert ": y |" not in summary


def test_floor_counts_what_it_names():
    assert Floor().gas(0) == 21_000
    one = Floor(fresh=1, changed=1, cleared=1, read=1, accounts=1, warm=1, paid=1)
    assert one.gas(64) == 64 + 21_000 + 22_100 + 5_000 + 200 + 2_100 + 2_600 + 100 + 9_300
    assert Floor(events=1, topics=3, logged=32).gas(0) == 21_000 + 375 + 3 * 375 + 256
    assert Floor(contracts=1, code=45).gas(0) == 21_000 + 32_000 + 9_000
    assert (Floor(read=1) + Floor(read=2) * 3).gas(0) == 4 * 21_000 + 7 * 2_100


def test_chart_is_text_and_fits():
    root = ElementTree.fromstring(picture(result()))
    written = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    for _, operation, name in chart.SHOWN:
        assert operation
        assert name in written
    for shape in root.iter("{http://www.w3.org/2000/svg}rect"):
        assert float(shape.get("x")) + float(shape.get("width")) < chart.WIDTH
    for group, operation, _ in chart.SHOWN:
        assert any(
            re.match(rf"{result()[group][operation]['ours']:,}$", str(line)) for line in written
        )
