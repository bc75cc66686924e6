"""Run ape scripts as a user does: in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.compiled import ROOT

TOOLS = [Path(sys.executable).parent, ROOT / "node_modules" / ".bin"]
PATH = os.pathsep.join([*map(str, TOOLS), os.environ["PATH"]])


def run(script: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """`ape run <script>` in the repository; what it prints is one text."""
    return subprocess.run(
        ["ape", "run", script, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PATH": PATH, "COLUMNS": "200", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
