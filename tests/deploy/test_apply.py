"""`apply` goes on where it was killed, sends nothing twice, and refuses before it signs."""

import json
import os
import signal
import subprocess
import time
from dataclasses import replace

import pytest
from ape import accounts
from web3.exceptions import Web3Exception

from scripts import deploy
from scripts._lib import intent, journal, records, suite
from scripts._lib.records import Folder
from scripts._lib.refusal import Differs, Refusal, Unfinished
from tests.support import ape
from tests.support.anvil import ask, laid_back, running_anvil
from tests.support.compiled import ROOT
from tests.support.script import NETWORK, Script, connected

pytestmark = [pytest.mark.no_anchor, pytest.mark.anvil]

PUBLIC = 10


class Killed(BaseException):
    """As by SIGKILL: nothing of ours catches it."""


@pytest.fixture(scope="module")
def chain():
    """An anvil without the keyless deployer, so that there is every kind of step."""
    with running_anvil("prague") as anvil, connected(anvil):
        for method, nothing in (("anvil_setCode", "0x"), ("anvil_setNonce", "0x0")):
            ask(anvil, method, suite.create2.DEPLOYER, nothing)
        yield anvil


@pytest.fixture(scope="module")
def payer(chain):
    return accounts.test_accounts[0]


@pytest.fixture(scope="module")
def rehearsed(chain, payer, tmp_path_factory):
    settings = intent.of_network("ethereum", "local")
    return suite.draft(settings, payer.address, tmp_path_factory.mktemp("unused"))


@pytest.fixture
def meant(chain, rehearsed, tmp_path):
    """The draft, with records of its own; the chain is laid back afterwards."""
    folder = Folder(rehearsed.folder.chain_id, rehearsed.folder.genesis, tmp_path)
    with laid_back(chain):
        yield replace(rehearsed, folder=folder)


def run(meant, payer):
    return suite.apply(meant, payer, suite.prepare(meant, payer), lambda *_: None)


@pytest.fixture
def kill(monkeypatch):
    """Kill a run once at every place that `chosen` picks; returns where it happened."""
    keep, broadcast = journal.Log._keep, journal.broadcast
    places, chosen = [], []

    def place(*where):
        if where not in places and chosen[0](*where):
            places.append(where)
            raise Killed

    def killing_keep(log, changed):
        steps = changed.get("steps", {"finish": None})
        step = list(steps)[-1]
        known = "receipt" if steps[step] and steps[step].block is not None else "hash"
        place(step, f"before its {known} is noted")
        keep(log, changed)
        place(step, f"after its {known} is noted")

    def killing_broadcast(raw, name):
        broadcast(raw, name)
        place(name, "after it was sent")

    monkeypatch.setattr(journal.Log, "_keep", killing_keep)
    monkeypatch.setattr(journal, "broadcast", killing_broadcast)

    def once_at(condition):
        chosen[:] = [condition]
        return places

    return once_at


MOMENTS = (
    "before its hash is noted",
    "after its hash is noted",
    "after it was sent",
    "before its receipt is noted",
    "after its receipt is noted",
)


def test_killed_at_every_step_it_goes_on_and_sends_nothing_twice(
    meant, payer, kill, chain, request
):
    """At every moment of each kind of step; of the many deployments at one moment each.

    With --deep at every moment of all.
    """
    steps = [step.name for step in meant.steps()]
    kinds = {*steps[:4], steps[-1], "finish"}

    def chosen(step, moment):
        every = step in kinds or request.config.getoption("--deep")
        return every or steps.index(step) % len(MOMENTS) == MOMENTS.index(moment)

    signed = sum(step.signed is None for step in meant.steps())
    nonce = chain.eth.get_transaction_count(payer.address)
    places = kill(chosen)
    for _ in range(len(MOMENTS) * len(steps) + 3):
        try:
            found = run(meant, payer)
            break
        except Killed:
            continue
    assert found.passed
    wanted = {(step, moment) for step in steps for moment in MOMENTS if chosen(step, moment)}
    assert set(places) == wanted | {("finish", moment) for moment in MOMENTS[:2]}
    assert chain.eth.get_transaction_count(payer.address) == nonce + signed
    kept = meant.folder.journal()
    assert kept.finished
    assert list(kept.steps) == steps
    for name, sent in kept.steps.items():
        receipt = chain.eth.get_transaction_receipt(sent.transaction)
        assert (receipt["status"], receipt["blockNumber"]) == (1, sent.block), name
        assert receipt["gasUsed"] == sent.gas
    for name in found.addresses:
        assert meant.folder.record(name).transaction is not None


def test_killed_before_its_records_were_written_it_writes_them(meant, payer, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(suite, "_write", lambda *_: (_ for _ in ()).throw(Killed))
        run(meant, payer)
    assert meant.folder.book() is None
    assert run(meant, payer).passed
    assert meant.folder.book().claimer == payer.address
    assert meant.folder.record("Gate").block == meant.folder.journal().steps["deploy Gate"].block


def nothing_signed(meant, payer, chain, match, error=Refusal):
    """The refusal, which comes before anything is signed."""
    nonce = chain.eth.get_transaction_count(payer.address)
    with pytest.raises(error, match=match) as refusal:
        run(meant, payer)
    assert chain.eth.get_transaction_count(payer.address, "pending") == nonce
    assert "\n" not in refusal.value.message
    return refusal.value.message


def begun(meant, payer, kill, step="deploy Timelock"):
    kill(lambda *where: where == (step, "after it was sent"))
    with pytest.raises(Killed):
        run(meant, payer)


def test_other_plan_is_refused_and_both_hashes_are_shown(meant, payer, kill, chain):
    begun(meant, payer, kill)
    settings = meant.intent.model_copy(update={"notice": 86_400})
    other = suite.draft(settings, payer.address, meant.folder.path.parent)
    assert other.hash != meant.hash
    sentence = nothing_signed(other, payer, chain, "Another plan was begun here")
    assert meant.hash in sentence
    assert other.hash in sentence
    assert run(meant, payer).passed


def test_plan_depends_on_everything_that_is_deployed(meant, payer, tmp_path):
    def changed(**fields):
        settings = meant.intent.model_copy(update=fields)
        return suite.draft(settings, payer.address, tmp_path).hash

    guardian = meant.intent.guardian.model_copy(update={"days": 30})
    token = meant.intent.token.model_copy(update={"cap": 2**90})
    others = [changed(label="other"), changed(guardian=guardian), changed(token=token)]
    assert len({meant.hash, *others}) == 4
    assert changed() == meant.hash


def test_other_sender_is_refused(meant, payer, kill, chain):
    begun(meant, payer, kill)
    other = accounts.test_accounts[1]
    nothing_signed(meant, other, chain, f"planned for {payer.address}, not for {other.address}")
    theirs = suite.draft(meant.intent, other.address, meant.folder.path.parent)
    nothing_signed(theirs, other, chain, f"{payer.address} began a deployment here")


def test_sender_and_chain_that_the_settings_do_not_name_are_refused(meant, payer):
    def drafted(**fields):
        settings = meant.intent.model_copy(update=fields)
        return suite.draft(settings, payer.address, meant.folder.path.parent)

    drafted(chain_id=31337, claimer=payer.address)
    with pytest.raises(Refusal, match="for chain 1, and this is chain 31337: check the network"):
        drafted(chain_id=1)
    with pytest.raises(Refusal, match="as claimer, not 0xf39F"):
        drafted(claimer=accounts.test_accounts[1].address)


def test_public_settings_name_chain_and_claimer(meant, payer, monkeypatch):
    monkeypatch.setattr(type(suite.chain.provider.network), "is_dev", False)
    with pytest.raises(Refusal, match="name their chain_id and their claimer"):
        suite.draft(meant.intent, payer.address, meant.folder.path.parent)


def test_journal_of_another_chain_is_refused(meant, payer, kill, chain):
    begun(meant, payer, kill)
    shared = Folder(PUBLIC, "0x" + "11" * 32, meant.folder.path.parent)
    shared.write(records.JOURNAL, meant.folder.journal().model_copy(update={"chain_id": PUBLIC}))
    there = replace(meant, folder=shared)
    nothing_signed(there, payer, chain, "10/journal.json is of another chain: check the network")


def test_uncommitted_change_is_refused_on_a_public_chain(meant, payer, chain, monkeypatch):
    public = replace(meant, public=True)
    for state in ("4" * 40 + "-dirty", None):
        monkeypatch.setattr(suite, "commit", lambda state=state: state)
        nothing_signed(public, payer, chain, "Commit what changed in contracts, interfaces, scr")
    monkeypatch.setattr(suite, "commit", lambda: "4" * 40)
    suite.prepare(public, payer)


def test_dirt_is_told_from_records(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "ROOT", tmp_path)
    git = ["git", "-c", "user.name=n", "-c", "user.email=n@example.org", "-C", str(tmp_path)]
    for folder in ("contracts", "deployments"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "file").write_text("as committed")
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run([*git, *arguments], check=True)
    head = records.commit()
    (tmp_path / "deployments" / "file").write_text("recorded")
    assert records.commit() == head
    (tmp_path / "contracts" / "new").write_text("not committed")
    assert records.commit() == f"{head}-dirty"
    (tmp_path / "contracts" / "new").unlink()
    (tmp_path / "requirements.lock").write_text("not committed")
    assert records.commit() == f"{head}-dirty"


def test_too_little_balance_is_refused(meant, payer, chain):
    cost = suite.Cost.of(meant.steps())
    ask(chain, "anvil_setBalance", payer.address, hex(cost.wei - 1))
    sentence = nothing_signed(meant, payer, chain, "25 transactions cost about")
    assert "has 0." in sentence


def test_foreign_code_in_a_place_of_the_plan_is_refused(meant, payer, chain):
    ask(chain, "anvil_setCode", meant.plan.parts["Gate"].address, "0x60")
    nothing_signed(meant, payer, chain, "There is other code at 0x8096", Differs)


def test_tampered_files_are_refused(meant, payer, chain):
    run(meant, payer)
    for name, field, other in (
        ("Gate", "code_hash", "0x" + "12" * 32),
        ("Gate", "address", payer.address),
        ("addresses", "label", "other"),
        ("journal", "plan", "0x12"),
    ):
        path = meant.folder.file(name)
        text = path.read_text()
        path.write_text(json.dumps({**json.loads(text), field: other}))
        nothing_signed(meant, payer, chain, rf"{name}.json.* restore the file")
        path.write_text(text)
    assert run(meant, payer).passed


def test_what_somebody_else_deployed_is_taken_as_it_is(meant, payer, chain):
    other = accounts.test_accounts[1]
    for step in list(meant.steps())[:2]:
        journal.carry_out(step, other, suite.prepare(meant, payer), lambda *_: None)
    meant.folder.file("journal").unlink()
    suite.create2.deploy(other, meant.plan.parts["Gate"].init_code)
    assert run(meant, payer).passed
    steps = meant.folder.journal().steps
    assert "deploy Gate" not in steps
    assert len(steps) == 26 - 3
    assert meant.folder.record("Gate").transaction is None
    assert meant.folder.record("List").transaction == steps["deploy List"].transaction


def test_transaction_that_fails_is_told_and_sent_anew(meant, payer, chain, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(Unfinished, match="deploy Gate failed in"):
        data = suite.launch._deployment
        wrong = lambda part: bytes(32) + b"\xfe" if part.name == "Gate" else data(part)  # noqa: E731
        patch.setattr(suite.launch, "_deployment", wrong)
        run(meant, payer)
    assert run(meant, payer).passed


def test_node_that_takes_nothing_is_told(meant, payer, chain, monkeypatch):
    def refuse(_):
        raise Web3Exception("txpool is full")

    script = Script(chain, meant.folder.path.parent)
    with monkeypatch.context() as patch:
        patch.setattr(suite.chain.provider.web3.eth, "send_raw_transaction", refuse)
        sentence = script.refused(deploy.cli, "apply", status=4)
    assert sentence == "The node refused pay for the CREATE2 deployer: txpool is full"
    assert run(meant, payer).passed


def test_process_that_is_killed_between_sending_and_the_receipt(meant, payer, chain):
    """By the system, with the transaction waiting for a block."""
    ask(chain, "evm_setAutomine", False)
    root = meant.folder.path.parent
    process = subprocess.Popen(
        ["ape", "run", "deploy", "apply", *NETWORK, "--records", str(root)],
        cwd=ROOT,
        env={**os.environ, "PATH": ape.PATH, "APE_FOUNDRY_HOST": chain.provider.endpoint_uri},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 120
        while not int(ask(chain, "txpool_status")["pending"], 16):
            assert process.poll() is None and time.monotonic() < until
            time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        ask(chain, "evm_setAutomine", True)
    [(step, sent)] = meant.folder.journal().steps.items()
    assert (step, sent.block) == ("pay for the CREATE2 deployer", None)
    ask(chain, "evm_mine")
    output = Script(chain, root).done(deploy.cli, "apply")
    assert "Plan " + meant.hash in output.replace("\n", "")
    noted = meant.folder.journal().steps[step]
    assert noted.transaction == sent.transaction
    assert noted.block == chain.eth.get_transaction_receipt(sent.transaction)["blockNumber"]
    assert chain.eth.get_transaction_count(payer.address) == sent.nonce + 25


def test_plan_that_nobody_agreed_to_is_refused(meant, chain):
    script = Script(chain, meant.folder.path.parent)
    agreed = "0x" + "12" * 32
    sentence = script.refused(deploy.cli, "apply", "--plan", agreed)
    assert sentence == f"You agreed to plan {agreed}, and this is {meant.hash}."
    assert list(script.records.glob("*/*")) == []
