"""The repository as a whole: nothing of one machine in it, and nothing generated is stale."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.support import gas_table
from tests.support.compiled import ROOT

# In pieces, so that this file is not found itself.
REGISTRIES = [
    "pypi" + r"\.org",
    "python" + r"hosted\.org",
    "yarn" + r"pkg\.com",
    "npm" + r"js\.(org|com)",
    "deb" + r"\.debian\.org",
    "proxy" + r"\.golang\.org",
]
MACHINE = [r"(?<![\w.])/" + folder + "/" for folder in ("work", "root", "home", "Users", "opt")]
FOREIGN = re.compile("|".join(REGISTRIES + MACHINE))


def committed() -> list[Path]:
    """All that is, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def foreign(text: str) -> list[str]:
    return [line for line in text.splitlines() if FOREIGN.search(line)]


def test_no_registry_and_no_path_of_a_machine_is_committed():
    found = {}
    for path in committed():
        try:
            lines = foreign(path.read_text())
        except UnicodeDecodeError:
            continue  # media
        if lines:
            found[str(path.relative_to(ROOT))] = lines
    assert found == {}


@pytest.mark.parametrize("name", ["work", "root", "home"])
def test_paths_of_a_machine_are_found(name):
    assert foreign(f"cd /{name}/main")
    assert foreign(f"'/{name}/main'")
    assert not foreign(f"docs/{name}/main ../{name}/x https://x.io/{name}y")


@pytest.mark.parametrize("host", ["pypi", "files.pythonhosted", "registry.npmjs"])
def test_registries_are_found(host):
    assert foreign(f"resolved: https://{host}.org/x.tgz")


def test_no_uv_lock():
    """It would write the address of whoever's registry into the repository."""
    assert ROOT / "uv.lock" not in committed()


# ----- the lock -----

LOCKED = re.compile(r"^([\w.-]+)==([^ ;\\]+)(?: ; [^\\]+)? \\$")
PROVIDED_BY = packages_distributions()  # "boa" -> ["titanoboa"]
DIRECT = re.compile(r"uraeus \(pyproject\.toml(?::dev)?\)$")


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def lock() -> str:
    return (ROOT / "requirements.lock").read_text()


def asked(project: dict) -> list[Requirement]:
    listed = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    return [Requirement(line) for line in listed]


def lock_faults(project: dict, lock: str) -> list[str]:
    """Where the lock is not what the project asks for, found without the network."""
    pinned: dict[str, list[Version]] = {}  # more than one where markers differ
    hashes: dict[str, int] = {}
    direct: set[str] = set()
    name = ""
    for line in lock.splitlines():
        if start := LOCKED.match(line):
            name = canonicalize_name(start[1])
            pinned.setdefault(name, []).append(Version(start[2]))
        elif line.startswith("    --hash=sha256:"):
            hashes[name] = hashes.get(name, 0) + 1
        elif DIRECT.search(line):
            direct.add(name)
        elif not line.startswith("    #"):
            return [f"line not understood: {line}"]
    wanted = {canonicalize_name(each.name): each for each in asked(project)}
    return [
        *(f"{name}: without hashes" for name in pinned if not hashes.get(name)),
        *(f"{name}: asked for, not locked" for name in sorted(wanted.keys() - direct)),
        *(f"{name}: locked, no longer asked for" for name in sorted(direct - wanted.keys())),
        *(
            f"{name}: {version} is not {wanted[name].specifier}"
            for name in sorted(wanted.keys() & pinned.keys())
            for version in pinned[name]
            if not wanted[name].specifier.contains(version, prereleases=True)
        ),
    ]


def test_lock_is_what_the_project_asks_for():
    assert lock_faults(project(), lock()) == [], "run ./dev lock"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("vyper==0.4.3 ", "vyper==0.4.2 ", "vyper: 0.4.2 is not ==0.4.3"),
        ("pyproject.toml:dev", "elsewhere", "ruff: asked for, not locked"),
        ("--hash=sha256:", "# ", "without hashes"),
        ("rich==", "rich>=", "line not understood"),
    ],
)
def test_stale_lock_is_found(old, new, fault):
    assert any(fault in found for found in lock_faults(project(), lock().replace(old, new)))


def test_dependency_that_was_removed_is_found():
    less = project()
    less["project"]["dependencies"] = [
        line for line in less["project"]["dependencies"] if not line.startswith("vyper")
    ]
    assert lock_faults(less, lock()) == ["vyper: locked, no longer asked for"]


def test_dependency_that_was_added_is_found():
    more = project()
    more["dependency-groups"]["dev"].append("left-pad")
    assert lock_faults(more, lock()) == ["left-pad: asked for, not locked"]


IMPORT = re.compile(r"^\s*(?:from|import) (\w+)", re.M)
OURS = {"audit", "bench", "branches", "mutants", "proofs", "scripts", "tests"}


def undeclared_imports(text: str, declared: set[str]) -> list[str]:
    """Packages that code imports and that come only because another package wants them."""
    modules = set(IMPORT.findall(text)) - sys.stdlib_module_names - OURS
    return [
        module
        for module in sorted(modules)
        if not declared & set(map(canonicalize_name, PROVIDED_BY.get(module, [])))
    ]


def test_what_is_imported_is_asked_for():
    declared = {canonicalize_name(each.name) for each in asked(project())}
    code = [path for path in committed() if path.suffix == ".py"]
    found = {path.name: undeclared_imports(python_of(path), declared) for path in code}
    assert {name: modules for name, modules in found.items() if modules} == {}


def python_of(path: Path) -> str:
    """Without the Vyper that tests hold in texts."""
    return re.sub(r'""".*?"""|\'\'\'.*?\'\'\'', "", path.read_text(), flags=re.S)


def test_undeclared_import_is_found():
    text = "import os\nimport boa\nfrom tests import x\nfrom eth_abi.abi import encode\n"
    assert undeclared_imports(text, {"titanoboa"}) == ["eth_abi"]


# ----- documents -----


def test_gas_page_is_fresh():
    assert gas_table.PAGE.read_text() == gas_table.page(), "run ./dev fmt"


def test_gas_page_shows_what_misses_its_target():
    assert gas_table.line("apply", 61_000, 60_000) == "| apply | 61,000 | 60,000 | 1,000 |  |"
    assert gas_table.line("apply", 59_000, 60_000, "a peer") == (
        "| apply | 59,000 | 60,000 |  | a peer |"
    )


LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


def documents() -> list[Path]:
    return [path for path in committed() if path.suffix == ".md"]


def dead_links(text: str, folder: Path) -> list[str]:
    targets = LINK.findall(text)
    return [target for target in targets if "://" not in target and not (folder / target).exists()]


def test_links_of_documents_lead_somewhere():
    dead = {path.name: dead_links(path.read_text(), path.parent) for path in documents()}
    assert {name: links for name, links in dead.items() if links} == {}


def test_dead_link_is_found():
    assert dead_links("[here](nowhere.md) [there](https://example.org)", ROOT) == ["nowhere.md"]


NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def missing_tests(text: str) -> list[str]:
    """Tests that a document names and that do not exist."""
    missing = []
    for file, name in NAMED_TEST.findall(text):
        path = ROOT / file
        body = path.read_text() if path.is_file() else None
        if body is None or (
            name and not re.search(rf"\b(def|class) {name}\b|^{name} =", body, re.M)
        ):
            missing.append(f"{file}::{name}" if name else file)
    return missing


def test_tests_that_documents_name_exist():
    missing = {path.name: missing_tests(path.read_text()) for path in documents()}
    assert {name: tests for name, tests in missing.items() if tests} == {}


def test_name_of_a_missing_test_is_found():
    here = "tests/hygiene/test_repository.py"
    text = f"`{here}` `{here}::test_no_uv_lock` `{here}::test_gone` `tests/hygiene/gone.py`"
    assert missing_tests(text) == [f"{here}::test_gone", "tests/hygiene/gone.py"]


INVARIANTS = {"KER": 12, "GOV": 10, "NAM": 9, "INC": 7, "ACC": 7}
ROW = re.compile(r"^\| ([A-Z]{3}-\d+) \| (.+) \| (.*) ?\|$", re.M)


def unshown(page: str) -> list[str]:
    """Invariants without a row, or whose row names neither a test nor what it waits for."""
    rows = {number: shown for number, _, shown in ROW.findall(page)}
    numbers = [f"{part}-{n}" for part, last in INVARIANTS.items() for n in range(1, last + 1)]
    return [
        number
        for number in numbers
        if not NAMED_TEST.search(rows.get(number, ""))
        and not rows.get(number, "").startswith("Not yet: ")
    ]


def test_every_invariant_is_shown():
    assert unshown((ROOT / "docs" / "invariants.md").read_text()) == []


def test_invariant_without_a_test_is_found():
    page = (ROOT / "docs" / "invariants.md").read_text()
    assert "KER-12" in unshown(re.sub(r"^\| KER-12 .*\n", "", page, flags=re.M))
    assert "KER-11" in unshown(re.sub(r"^(\| KER-11 \|[^|]*\|).*$", r"\1 |", page, flags=re.M))


def test_invariants_that_sources_name_exist():
    named = {
        number
        for path in ROOT.glob("contracts/**/*.vy")
        for number in re.findall(r"\b(?:KER|GOV|NAM|INC|ACC)-\d+\b", path.read_text())
    }
    rows = {number for number, *_ in ROW.findall((ROOT / "docs" / "invariants.md").read_text())}
    assert named
    assert named <= rows
