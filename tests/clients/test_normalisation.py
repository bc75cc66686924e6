"""ENSIP-15, by two implementations that share no code: web3.py's and ens-normalize.js."""

import json
import random
import shutil
import subprocess

import pytest
from ens.utils import normalize_name

from tests.clients.conftest import missing
from tests.support.compiled import ROOT
from tests.support.names import LABEL

SCRIPT = """
import { readFileSync } from "node:fs";
import { ens_normalize } from "@adraffy/ens-normalize";
const tried = JSON.parse(readFileSync(0, "utf8")).map((text) => {
  try { return ens_normalize(text); } catch { return null; }
});
process.stdout.write(JSON.stringify(tried));
"""


def normalised(names: list[str]) -> list[str | None]:
    """By ens-normalize.js; None for what it refuses."""
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules" / "@adraffy" / "ens-normalize").is_dir():
        missing("NODE OR ENS-NORMALIZE")
    command = [node, "--input-type=module", "-e", SCRIPT]
    done = subprocess.run(
        command, input=json.dumps(names), capture_output=True, text=True, timeout=60, cwd=ROOT,
        check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def labels(count: int) -> list[str]:
    draw = random.Random(15)
    found = []
    while len(found) < count:
        alphabet = draw.choice(["abcdefghijklmnopqrstuvwxyz0123456789-", "ab-", "0-9", "xn-"])
        label = "".join(draw.choices(alphabet, k=min(63, 1 + int(draw.expovariate(0.1)))))
        if LABEL.fullmatch(label):
            found.append(label)
    return found


def test_registrable_labels_are_normal_by_two_implementations():
    names = [f"{label}.os" for label in labels(4000)]
    assert normalised(names) == names
    some = names[:400]  # the Python one takes a millisecond each
    assert [normalize_name(name) for name in some] == some


@pytest.mark.parametrize("name", ["a\0.os", "a\u200d.os", "\u0430lice.os", "ab--c.os", "a b.os"])
def test_look_alikes_are_refused_or_changed(name):
    assert normalised([name]) != [name] or not LABEL.fullmatch(name.split(".")[0])
