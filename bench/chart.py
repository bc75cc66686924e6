"""docs/bench.svg: ours, the best peer and the floor, operation by operation.

Each row is scaled to its best peer, as gas differs by orders of magnitude; the figures
themselves stand beside the bars. Text is text, and colours suit light and dark pages.
"""

from html import escape
from typing import Any

from bench.table import compared, label
from tests.support.compiled import ROOT

PICTURE = ROOT / "docs" / "bench.svg"

SHOWN = (
    ("token", "transfer, both hold", "token: transfer"),
    ("token", "transfer, both delegated", "token: transfer with votes"),
    ("token", "delegate, first", "token: delegate"),
    ("governor", "propose", "DAO: propose"),
    ("governor", "vote, later", "DAO: vote"),
    ("governor", "whole life, 10 voters", "DAO: a proposal's life"),
    ("kernel", "call replaceable code, which sets a slot", "kernel: call a module"),
    ("passes", "mint, to a new holder", "pass: grant"),
    ("passes", "sell a pass", "pass: sell"),
    ("income", "create a split of 10", "split: create for 10"),
    ("income", "pay 10 in ETH", "split: pay 10 in ETH"),
    ("income", "pay 10 in a token", "split: pay 10 in a token"),
    ("names", "register", "name: register"),
    ("names", "renew", "name: renew"),
    ("names", "set the address, first", "name: set the address"),
)

WIDTH, LEFT, TOP, ROW, BAR = 880, 196, 62, 42, 12
SCALE = 260  # pixels of the best peer's bar
MOST = 2  # times the best peer's; what fits

STYLE = """\
  <style>
    text { font: 13px system-ui, sans-serif; fill: #24292f; }
    .title { font-size: 15px; font-weight: 600; }
    .figure { font-size: 12px; }
    .ours { fill: #1a7f64; }
    .peer { fill: #9aa4af; }
    .floor { stroke: #c2410c; stroke-width: 2.5; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .ours { fill: #3fb98f; }
      .peer { fill: #66707b; }
      .floor { stroke: #ff9d5c; }
    }
  </style>"""


def picture(result: dict[str, Any]) -> str:
    height = TOP + ROW * len(SHOWN) + 6
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        "  <title>Gas of whole transactions: Uraeus, the best peer, the floor</title>",
        STYLE,
        *head(),
    ]
    for place, (group, operation, name) in enumerate(SHOWN):
        lines += bars(TOP + ROW * place, name, group, result[group][operation])
    return "\n".join([*lines, "</svg>", ""])


def text(x: float, y: float, content: str, style: str = "", end: bool = False) -> str:
    given = (f' class="{style}"' if style else "") + (' text-anchor="end"' if end else "")
    return f'  <text x="{x:g}" y="{y:g}"{given}>{escape(content)}</text>'


def bar(y: float, length: float, style: str) -> str:
    shape = f'x="{LEFT}" y="{y:g}" width="{length:.1f}" height="{BAR}" rx="2"'
    return f'  <rect {shape} class="{style}"/>'


def head() -> list[str]:
    def key(x: int, style: str, name: str) -> list[str]:
        shape = f'x="{x}" y="34" width="{BAR}" height="{BAR}" rx="2"'
        return [f'  <rect {shape} class="{style}"/>', text(x + 18, 45, name)]

    return [
        text(LEFT, 18, "Gas of whole transactions; shorter is cheaper", "title"),
        *key(LEFT, "ours", "Uraeus"),
        *key(LEFT + 90, "peer", "the best peer"),
        f'  <line x1="{LEFT + 206}" y1="33" x2="{LEFT + 206}" y2="47" class="floor"/>',
        text(LEFT + 216, 45, "the floor: what the chain takes at the least"),
    ]


def bars(top: float, name: str, group: str, row: dict[str, Any]) -> list[str]:
    ours, best = row["ours"], compared(row)
    assert best is not None
    assert ours <= MOST * best, f"{name}: no room for the bar"
    unit = SCALE / best
    ending = ours * unit
    at = LEFT + row["floor"] * unit
    peer = label(group, row["best_peer"])
    return [
        text(LEFT - 10, top + BAR + 5, name, end=True),
        bar(top, ending, "ours"),
        bar(top + BAR + 3, SCALE, "peer"),
        f'  <line x1="{at:.1f}" y1="{top - 2:g}" x2="{at:.1f}" y2="{top + 2 * BAR + 5:g}" '
        'class="floor"/>',
        text(LEFT + ending + 6, top + 10, f"{ours:,}", "figure"),
        text(LEFT + SCALE + 6, top + BAR + 14, f"{best:,} {peer}", "figure"),
    ]
