"""`./dev` meets every bad start with one sentence, and does no work twice.

The interpreters, uv, ape and pytest are fakes on a PATH of their own, so that
nothing here installs anything.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.compiled import ROOT

COREUTILS = ("awk", "cat", "chmod", "cmp", "cp", "dirname", "grep", "head", "mkdir", "sh", "tail")
OFFLINE = "echo 'NewConnectionError: Failed to establish a new connection' >&2; exit 1"
TAMPERED = "echo 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS' >&2; exit 1"

# Stands for ape, pytest, uv: notes its arguments in $CALLS, then does as told.
TOOL = """#!/bin/sh
echo "{name} $*" >> "$CALLS"
{then}
"""

PYTHON = """#!/bin/sh
case "$*" in
*"import sys"*) echo "{version}" ;;
*ensurepip*) {ensurepip} ;;
"-m venv"*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" && cp "$TOOLS"/* "$4/bin" ;;
"-m pip install"*tools.txt) echo "pip installs tools" >> "$CALLS"; {uv} ;;
"-m pip install"*) echo "pip installs all" >> "$CALLS"; {pip} ;;
esac
"""


@dataclass
class Result:
    code: int
    out: str
    err: str


@dataclass
class Machine:
    """A checkout in a folder with a space in its name, and what is on its PATH."""

    checkout: Path
    bin: Path
    tools: Path
    calls_file: Path
    env: dict[str, str] = field(default_factory=dict)

    def add_python(
        self,
        name: str = "python3",
        version: str = "3.11.9",
        ensurepip: str = "exit 0",
        uv: str = 'cp "$TOOLS/../uv" "$(dirname "$0")"',
        pip: str = "exit 0",
    ) -> None:
        script = PYTHON.format(version=version, ensurepip=ensurepip, uv=uv, pip=pip)
        write_executable(self.bin / name, script)

    def add_uv(self, then: str) -> None:
        write_executable(self.tools.parent / "uv", TOOL.format(name="uv", then=then))

    def run(self, *arguments: str, cwd: Path | None = None) -> Result:
        done = subprocess.run(
            [str(self.checkout / "dev"), *arguments],
            cwd=cwd or self.checkout,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def calls(self) -> list[str]:
        """What was called since this was asked last."""
        lines = self.calls_file.read_text().splitlines() if self.calls_file.exists() else []
        self.calls_file.unlink(missing_ok=True)
        return lines


def write_executable(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    checkout, bin_, tools = tmp_path / "a checkout", tmp_path / "bin", tmp_path / "tools"
    for folder in (checkout, bin_, tools):
        folder.mkdir()
    shutil.copy(ROOT / "dev", checkout)
    (checkout / "requirements.lock").write_text(
        "ape==1 \\\n    --hash=sha256:00\nuv==1 \\\n    --hash=sha256:11\n    # via x\nuvloop==1\n"
    )
    for name in COREUTILS:
        (bin_ / name).symlink_to(shutil.which(name) or pytest.fail(f"{name} is missing"))
    for name in ("ape", "pytest", "ruff", "shellcheck"):
        write_executable(tools / name, TOOL.format(name=name, then=""))
    made = Machine(checkout, bin_, tools, tmp_path / "calls")
    made.env = {
        "PATH": str(bin_),
        "HOME": str(tmp_path),
        "CALLS": str(made.calls_file),
        "TOOLS": str(tools),
    }
    made.add_uv(then="exit 0")
    return made


def assert_one_sentence(result: Result, *words: str, code: int = 1) -> None:
    """The last line says what is wrong and what to do; before it only progress."""
    *progress, sentence = result.err.splitlines()
    assert result.code == code
    assert result.out == ""
    assert all(line.startswith(("dev: making", "dev: installing")) for line in progress)
    assert sentence.startswith("dev: ")
    assert sentence.endswith(".")
    for word in words:
        assert word in sentence


# ----- bad starts -----


def test_no_python(machine):
    assert_one_sentence(machine.run(), "no Python was found", "install Python 3.11 or 3.12")


@pytest.mark.parametrize("version", ["2.7.18", "3.1.1", "3.10.13", "3.13.0", "4.11.0"])
def test_only_an_unsupported_python(machine, version):
    machine.add_python(version=version)
    assert_one_sentence(machine.run(), version, "not supported", "install Python 3.11 or 3.12")
    assert not (machine.checkout / ".venv").exists()


def test_a_python_that_does_not_run_is_passed_over(machine):
    write_executable(machine.bin / "python3.12", "#!/bin/sh\nexit 127\n")  # a pyenv shim
    machine.add_python("python3.11", "3.11.2")
    result = machine.run()
    assert result.code == 0
    assert "with Python 3.11.2" in result.err


def test_the_named_python_is_the_only_one_tried(machine):
    machine.add_python("python3.11", "3.11.2")
    machine.add_python("old", "3.9.1")
    machine.env["URAEUS_PYTHON"] = str(machine.bin / "old")
    assert_one_sentence(machine.run(), "3.9.1", "URAEUS_PYTHON")


def test_no_venv_support(machine):
    machine.add_python(ensurepip="exit 1")
    assert_one_sentence(machine.run(), "no venv support", "apt install python3-venv")


def test_folder_that_cannot_be_written(machine):
    machine.add_python()
    (machine.checkout / ".venv").write_text("in the way")
    assert_one_sentence_about_venv(machine.run())


def assert_one_sentence_about_venv(result: Result) -> None:
    assert result.code == 1
    assert result.err.splitlines()[-1].startswith("dev: could not make ")


def test_offline_before_uv(machine):
    machine.add_python(uv=OFFLINE, pip=OFFLINE)
    assert_one_sentence(machine.run(), "check the network", "setup.log")


def test_offline_after_uv(machine):
    machine.add_python(pip=OFFLINE)
    machine.add_uv(then=OFFLINE)
    assert_one_sentence(machine.run("test"), "check the network", "setup.log")
    assert "NewConnectionError" in (machine.checkout / ".venv" / "setup.log").read_text()


def test_offline_set_up_is_tried_again(machine):
    machine.add_python(uv=OFFLINE)
    assert machine.run().code == 1
    machine.add_python()
    assert machine.run().code == 0


def test_package_with_another_hash(machine):
    machine.add_python(uv=TAMPERED)
    result = machine.run()
    assert_one_sentence(result, "not the one that requirements.lock names")
    assert "network" not in result.err


def test_unknown_command_needs_no_set_up(machine):
    assert_one_sentence(machine.run("tset"), "unknown command 'tset'", "./dev help", code=2)


@pytest.mark.parametrize("name", ["nonsense", "ethereum:mainnet:node", "ethereum:local", ""])
def test_unknown_network_needs_no_set_up(machine, name):
    result = machine.run("demo", "--network", name)
    assert_one_sentence(result, f"unknown network '{name}'", "ethereum:local:foundry")


@pytest.mark.parametrize("arguments", [("--network",), ("--json",), ("--json", "x", "--json")])
def test_option_without_value(machine, arguments):
    assert_one_sentence(machine.run("demo", *arguments), "needs a value", "./dev help")


def test_unknown_option(machine):
    assert_one_sentence(machine.run("demo", "--fast"), "unknown option '--fast'", "./dev help")


def test_foundry_without_anvil(machine):
    machine.add_python()
    result = machine.run("demo", "--network", "ethereum:local:foundry")
    assert_one_sentence(result, "anvil is not on PATH", "npm ci")


def test_bench_without_peers(machine):
    machine.add_python()
    assert_one_sentence(machine.run("bench"), "the peers or anvil are missing", "npm ci")


# ----- what it does -----


def test_second_run_installs_nothing(machine):
    machine.add_python()
    assert machine.run().code == 0
    assert machine.calls() == [
        "pip installs tools",
        "uv pip sync --require-hashes --no-build-isolation --no-python-downloads --system-certs"
        f" --python {machine.checkout}/.venv/bin/python {machine.checkout}/requirements.lock",
        "ape run creator_day --network ethereum:local:test",
    ]
    again = machine.run()
    assert (again.code, again.err) == (0, "")
    assert machine.calls() == ["ape run creator_day --network ethereum:local:test"]


def test_tools_come_with_their_hashes_from_the_lock(machine):
    machine.add_python()
    machine.run()
    extract = (machine.checkout / ".venv" / "tools.txt").read_text()
    assert extract == "uv==1 \\\n    --hash=sha256:11\n    # via x\n"


def test_changed_lock_is_synced_in_place(machine):
    machine.add_python()
    machine.run()
    kept = machine.checkout / ".venv" / "kept"
    kept.touch()
    with (machine.checkout / "requirements.lock").open("a") as lock:
        lock.write("new==1\n")
    machine.calls()
    assert machine.run().code == 0
    assert [call.split()[0] for call in machine.calls()] == ["uv", "ape"]
    assert kept.exists()


def test_moved_checkout_gets_a_new_environment(machine):
    machine.add_python()
    machine.run()
    machine.checkout = machine.checkout.rename(machine.checkout.parent / "moved here")
    assert "making .venv" in machine.run().err


def test_environment_of_a_removed_python_is_made_anew(machine):
    machine.add_python()
    machine.run()
    (machine.checkout / ".venv" / "bin" / "python").unlink()
    assert "making .venv" in machine.run().err


def test_pip_serves_where_uv_cannot(machine):
    machine.add_python()
    machine.add_uv(then=OFFLINE)
    assert machine.run().code == 0
    assert "pip installs all" in machine.calls()


def test_paths_are_the_callers(machine, tmp_path):
    machine.add_python()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    machine.run("demo", "--json", "out.json", "--network=ethereum:local:test", cwd=elsewhere)
    machine.run("demo", f"--json={tmp_path}/out.json", cwd=elsewhere)
    assert [call for call in machine.calls() if call.startswith("ape")] == [
        f"ape run creator_day --network ethereum:local:test --json {elsewhere}/out.json",
        f"ape run creator_day --network ethereum:local:test --json {tmp_path}/out.json",
    ]


def test_foundry_with_anvil_of_npm(machine):
    machine.add_python()
    tools = machine.checkout / "node_modules" / ".bin"
    tools.mkdir(parents=True)
    write_executable(tools / "anvil", "#!/bin/sh\n")
    assert machine.run("demo", "--network", "ethereum:local:foundry").code == 0
    assert machine.calls()[-1] == "ape run creator_day --network ethereum:local:foundry"


def test_arguments_of_tests_go_to_pytest(machine):
    machine.add_python()
    machine.run("test", "-k", "two words", "--deep")
    machine.run("test", "--update-gas")
    assert [call for call in machine.calls() if call.startswith("pytest")] == [
        "pytest -n 2 --dist worksteal -k two words --deep",
        "pytest -n 0 --dist worksteal --update-gas",
    ]


def test_exit_code_is_that_of_the_command(machine):
    write_executable(machine.tools / "pytest", "#!/bin/sh\nexit 5\n")
    machine.add_python()
    assert machine.run("test").code == 5
    assert machine.run("check").code == 5


def test_help_needs_nothing(machine):
    result = machine.run("help")
    assert (result.code, result.err) == (0, "")
    for command in ("test", "demo", "bench", "check", "fmt", "lock", "ape"):
        assert f"./dev {command}" in result.out


def test_environment_of_the_caller_does_not_leak(machine):
    machine.add_python()
    write_executable(
        machine.tools / "ape",
        '#!/bin/sh\necho "${VIRTUAL_ENV:-}|${PYTHONPATH:-}|${PYTHONHOME:-}|$PWD"\n',
    )
    machine.env |= {"VIRTUAL_ENV": "/elsewhere", "PYTHONPATH": "/elsewhere", "PYTHONHOME": "/x"}
    result = machine.run("ape", cwd=machine.bin)
    assert result.out == f"{machine.checkout}/.venv|||{machine.checkout}\n"


def test_shell_scripts_are_portable():
    """ShellCheck reads `dev` as POSIX sh and .ci/run as bash."""
    tool = shutil.which("shellcheck") or str(ROOT / ".venv" / "bin" / "shellcheck")
    done = subprocess.run(
        [tool, "dev", ".ci/run"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("", 0)
    assert os.access(ROOT / "dev", os.X_OK)
