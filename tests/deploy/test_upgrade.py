"""`ape run upgrade` on anvil, command by command, as people run it; refusals on the way.

One story in one process, since each deployment takes seconds.
"""

import json

import pytest
from ape import accounts
from ape_safe.factory import SafeFactory
from eth_abi import encode
from packaging.version import Version

from scripts import deploy, upgrade
from scripts._lib.build import artifact
from scripts._lib.records import Folder, Module, code_hash, plain
from scripts._lib.upgrade.draft import Draft
from scripts._lib.upgrade.drill import EXAMPLE
from scripts._lib.upgrade.record import Upgrades
from scripts._lib.upgrade.request import FILE
from tests.support import ape
from tests.support.anvil import laid_back, running_anvil, travel
from tests.support.compiled import ROOT
from tests.support.script import Script, connected

pytestmark = pytest.mark.no_anchor

DAY = 86_400
NAME = "prices"
VOTER = "TEST::5"  # holds most of the system's tokens
GUARDIAN = "TEST::9"
STRANGER = "TEST::8"


class Story(Script):
    """One system on one anvil."""

    def run(self, *arguments: object) -> str:
        return self.done(upgrade.cli, *arguments)

    def no(self, *arguments: object, status: int = 1) -> str:
        return self.refused(upgrade.cli, *arguments, status=status)

    def json(self, *arguments: object) -> dict:
        """What a machine reads on standard output; people read the rest."""
        return json.loads(self.run(*arguments, "--json"))

    def travel(self, seconds: int) -> None:
        travel(self.chain, seconds)

    @property
    def papers(self):
        return self.records / "31337" / "upgrades" / NAME

    def write(self, old: str = "", new: str = "") -> None:
        text = (EXAMPLE / FILE).read_text()
        assert old in text
        (self.papers / FILE).write_text(text.replace(old, new) if old else text)

    @property
    def book(self) -> dict[str, str]:
        return json.loads((self.records / "31337" / "addresses.json").read_text())["contracts"]

    def votes(self, delegate: str | None = None) -> None:
        """The largest holder's, for itself or another."""
        to = [delegate] if delegate else []
        assert int(self.json("delegate", *to, "--account", VOTER)["votes"]) == 6_000_000 * 10**18
        self.travel(1)


def test_prices_are_upgraded_on_anvil(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", ape.PATH)  # the rehearsal starts an anvil of its own
    with running_anvil("prague") as chain:
        story = Story(chain, tmp_path)
        nothing_without_a_deployment(story)
        story.done(deploy.cli, "apply")
        file_is_begun(story)
        file_that_is_wrong_is_refused(story)
        story.write()
        bad_upgrade_stops_at_the_check(story)
        rehearsal_leaves_the_chain_alone(story)
        report_is_addressed_by_its_content(story)
        module_is_deployed_once(story)
        proposal_needs_votes(story)
        proposal_is_what_the_sources_give(story)
        vote_is_watched(story)
        steps_wait_for_their_time(story)
        what_is_in_force_is_recorded(story)
        guardian_pauses_and_rolls_back(story)


def nothing_without_a_deployment(story):
    assert "There is no deployment on chain 31337" in story.no("watch", NAME)


def file_is_begun(story):
    begin = ("new", NAME, "--key", "names.pricing", "--contract", "NamePricingV2")
    assert "has no key names:" in story.no(*(*begin[:3], "names", *begin[4:]))
    assert "There is no contract Prices" in story.no(*begin[:5], "Prices")
    assert "takes" not in story.no("new", "No Name", *begin[2:])
    assert story.json(*begin)["present"]["version"] == 1
    text = (story.papers / FILE).read_text()
    assert 'first_step = ""  # uint256' in text
    assert f"{NAME} exists" in story.no(*begin)
    assert "was not rehearsed yet" in story.no("watch", NAME)


WRONG = [
    ('key = "names.pricing"', 'key = "names.prices"', "The system has no key names.prices"),
    ('steps = "26"', "", "NamePricingV2 also needs the argument steps."),
    ('steps = "26"', 'steps = "26"\nstep = "1"', "NamePricingV2 has no argument step:"),
    ('steps = "26"', 'steps = "-1"', "steps: '-1' is not of type uint256."),
    ('steps = "26"', 'steps = "@Nothing"', "The deployment has no Nothing"),
    ('steps = "26"', 'steps = "105"', "refuses: pricing: 1 to 104 steps."),
    ('    "5_000_000_000_000_000",\n', "", "old_rates: uint256[5] is a list of 5."),
    ("[accepts]", '[accepts]\n"storage: _x" = "y"', "storage: _x: is accepted, but is not so."),
    ("title =", 'note = "x"\ntitle =', "note: Extra inputs are not permitted."),
]


def file_that_is_wrong_is_refused(story):
    for old, new, reason in WRONG:
        story.write(old, new)
        status = 3 if "accepted" in reason else 1
        assert reason in story.no("check", NAME, status=status), old


def bad_upgrade_stops_at_the_check(story):
    """A contract that is no price module gets no further, whatever its file accepts."""
    text = 'title = "Lists for prices"\nkey = "names.pricing"\ncontract = "List"\nwhy = "No."\n'
    (story.papers / FILE).write_text(text)
    for command in ("check", "rehearse"):
        assert "is asked for, and missing" in story.no(command, NAME, status=3)
    story.write()
    assert story.json("check", NAME) == {"passed": True, "problems": []}


def rehearsal_leaves_the_chain_alone(story):
    assert "was not rehearsed yet" in story.no("report", NAME)
    height = story.chain.eth.block_number
    found = story.json("rehearse", NAME)
    assert story.chain.eth.block_number == height
    played = [step["name"] for step in found["rehearsal"]["steps"]]
    assert played == ["deploy", "propose", "vote", "queue", "execute", "apply", "roll back"]
    assert set(found["rehearsal"]["moved"]) == {"names.pricing: module", "names.pricing: version"}
    assert story.chain.eth.get_code(found["draft"]["to"]["address"]) == b""


def report_is_addressed_by_its_content(story):
    story.write('steps = "26"', 'steps = "25"')
    assert "have changed since the rehearsal" in story.no("report", NAME)
    story.write()
    first = story.json("report", NAME)
    assert first == story.json("report", NAME)
    assert first["report"].startswith("Qm")
    assert f"ipfs://{first['report']}" in first["description"]
    for kind in ("md", "html", "json"):
        assert (story.papers / f"report.{kind}").stat().st_size > 2_000


def module_is_deployed_once(story):
    assert "Deploy the module first" in story.no("propose", NAME, "--account", VOTER)
    story.write('steps = "26"', 'steps = "25"')
    assert "have changed since the rehearsal" in story.no("deploy", NAME)
    story.write()
    address = story.json("deploy", NAME)["address"]
    assert story.chain.eth.get_code(address) != b""
    assert "is there already" in story.run("deploy", NAME)


def proposal_needs_votes(story):
    refusal = story.no("propose", NAME, "--account", STRANGER)
    assert "has 0 votes, and a proposal needs 10,000: delegate to it first." in refusal
    assert "There is no account nobody" in story.no("propose", NAME, "--account", "nobody")
    assert "There is no Safe nobody" in story.no("propose", NAME, "--safe", "nobody")
    assert "Propose it first" in story.no("queue", NAME)
    tampered = [
        ("draft.json", '"version": 2', '"version": 3', "draft.json was changed by hand"),
        ("draft.json", '"confirm": false', '"confirm": true', "draft.json was changed by hand"),
        ("report.md", "Halve the prices", "Double the prices", "report.md is not the report"),
    ]
    for file, old, new, reason in tampered:
        text = (story.papers / file).read_text()
        assert old in text
        (story.papers / file).write_text(text.replace(old, new))
        assert reason in story.no("propose", NAME, "--account", VOTER)
        (story.papers / file).write_text(text)
    assert "holds no tokens" in story.no("delegate", "--account", STRANGER)
    assert "nobody is not an address." in story.no("delegate", "nobody", "--account", VOTER)
    with laid_back(story.chain):
        safe_proposes(story)
    story.votes()
    papers_of_others_are_refused(story)


def papers_of_others_are_refused(story):
    """They agree with themselves, and name another module or say another thing."""
    file = story.papers / "draft.json"
    text = file.read_text()
    ours = Draft.model_validate_json(text)
    gate = story.book["Gate"]
    code = Module(address=gate, version=2, code_hash=code_hash(story.chain.eth.get_code(gate)))
    other = ours.model_copy(update={"to": code})
    calldata = artifact("Kernel").call("schedule", *other.apply_arguments, other.confirm)
    for changed in ({"to": code, "calldata": plain(calldata)}, {"why": "So says the thief."}):
        file.write_text(ours.model_copy(update=changed).model_dump_json())
        told = story.no("propose", NAME, "--account", VOTER)
        assert told.startswith(f"draft.json is not what {FILE} and the sources here give"), told
    file.write_text(text)


def safe_proposes(story):
    """Two of three owners, one after the other, by the papers alone."""
    papers = (story.papers / "draft.json").read_text()
    owners = story.chain.eth.accounts[1:4]
    with connected(story.chain):
        SafeFactory.inject(Version("1.4.1"), accounts.test_accounts[0])
        safe = SafeFactory().create(owners, 2, version="1.4.1", sender=accounts.test_accounts[0])
    propose = ("propose", NAME, "--safe", safe.address, "--account")
    assert "has 0 votes" in story.no(*propose, "TEST::1")
    story.votes(safe.address)
    assert "is no owner of the Safe" in story.no(*propose, STRANGER)
    first = story.json(*propose, "TEST::1")
    assert (first["transaction"], list(first["signatures"])) == (None, [owners[0]])
    assert "has signed: another owner has to" in story.no(*propose, "TEST::1")
    signed = (story.papers / "draft.json").read_text()
    proposed = story.json(*propose, "TEST::3")
    assert proposed["description"].endswith(f"#proposer={safe.address}")
    found_proposed(story, signed, proposed, *propose, "TEST::3")
    assert "the proposal is pending" in story.run("watch", NAME)
    assert "does not answer as a Safe" in story.no(
        "propose", NAME, "--safe", story.book["Gate"], "--account", "TEST::1"
    )
    (story.papers / "draft.json").write_text(papers)


def found_proposed(story, before, proposed, *propose):
    """A run that was ended before it noted what it had sent is given again."""
    draft = story.papers / "draft.json"
    noted = draft.read_text()
    draft.write_text(before)
    again = story.json(*propose)
    del proposed["gas"]
    assert again == {**proposed, "transaction": None}
    assert json.loads(draft.read_text())["proposal"] == proposed["proposal"]
    draft.write_text(noted)


def proposal_is_what_the_sources_give(story):
    """Also for who does not trust the papers: from the chain and a commit."""
    propose, before = (
        ("propose", NAME, "--account", VOTER),
        (story.papers / "draft.json").read_text(),
    )
    proposed = story.json(*propose)
    assert proposed["description"].endswith(f"#proposer={story.chain.eth.accounts[5]}")
    found_proposed(story, before, proposed, *propose)
    assert "It is proposed already" in story.no("propose", NAME, "--account", VOTER)
    assert "has no proposal 7" in story.no("review", 7)
    text_that_is_none_hides_no_other(story)
    if not (ROOT / ".git").exists():
        return
    given = ("review", proposed["proposal"], "--commit")
    assert "There is no commit nowhere" in story.no(*given, "nowhere")
    found = story.json(*given, "HEAD")
    assert found["passed"], found
    assert any("the new NamePricingV2" in line for line in found["calls"])
    story.write('steps = "26"', 'steps = "25"')
    assert "is not what this commit gives" in story.no(*given, "HEAD", status=3)
    story.write()


def text_that_is_none_hides_no_other(story):
    """Whoever may propose may write what is not text: before ours, among the logs."""
    governor = artifact("Governor")
    types = ["address[]", "uint256[]", "bytes[]", "bytes"]
    given = encode(types, [[story.book["Kernel"]], [0], [b""], b"\xff\xfe"])
    selector = governor.call("propose", [], [], [], "")[:4]
    sent = {"from": story.chain.eth.accounts[5], "to": story.book["Governor"]}
    receipt = story.chain.eth.wait_for_transaction_receipt(
        story.chain.eth.send_transaction({**sent, "data": selector + given})
    )
    assert receipt["status"] == 1
    bad = int.from_bytes(receipt["logs"][0]["data"][:32], "big")
    assert "A contract does not answer as it should" in story.no("review", bad)


def vote_is_watched(story):
    assert "the proposal is pending" in story.no("vote", NAME, "for", "--account", VOTER)
    story.travel(DAY + 1)
    file = story.papers / "draft.json"
    text = file.read_text()
    file.write_text(text.replace("Report: ipfs", "Rapport: ipfs"))
    told = story.no("vote", NAME, "for", "--account", VOTER)
    assert told == "draft.json names another proposal than its own: it was changed by hand."
    file.write_text(text)
    story.run("vote", NAME, "for", "--reason", "cheaper", "--account", VOTER)
    assert "has voted." in story.no("vote", NAME, "against", "--account", VOTER)
    found = story.json("watch", NAME)
    assert found["standing"] == "the proposal is active"
    assert int(found["for"]) == 6_000_000 * 10**18 > int(found["quorum"])
    shown = story.run("watch", NAME)
    assert "6,000,000 of 1,000,000" in shown
    assert "in 4 days 23 hours" in shown


def steps_wait_for_their_time(story):
    assert "the proposal is active" in story.no("queue", NAME)
    story.travel(5 * DAY)
    story.run("queue", NAME)
    assert "it can be executed in 2 days" in story.no("execute", NAME)
    story.travel(2 * DAY)
    story.run("execute", NAME)
    assert "it can be applied in 2 days" in story.no("apply", NAME)
    assert "There is nothing to record: its notice runs." in story.no("record", NAME)
    assert "The chain is not as it should be." in story.no("doctor", NAME, status=3)
    story.travel(2 * DAY)
    assert story.json("apply", NAME)["standing"] == "in force"


def what_is_in_force_is_recorded(story):
    assert "NamePricingV2, version 2" in story.run("doctor", NAME)
    story.run("record", NAME)
    assert "It is on record." in story.no("record", NAME)
    genesis = "0x" + story.chain.eth.get_block(0)["hash"].hex().removeprefix("0x")
    [record] = Upgrades(Folder(31337, genesis, story.records)).all()
    assert (record.kind, record.to.version, record.code.contract) == (
        "upgrade",
        2,
        "NamePricingV2",
    )
    assert {"deploy", "propose", "queue", "execute", "apply"} == record.transactions.keys()


def guardian_pauses_and_rolls_back(story):
    assert "kernel: not owner" in story.no("pause", "names.pricing", "--account", STRANGER)
    story.run("pause", "names.pricing", "--days", 1, "--account", GUARDIAN)
    assert "There is nothing to cancel" in story.no("cancel", NAME, "--account", GUARDIAN)
    assert "may not roll back" in story.no("rollback", NAME, "--account", STRANGER)
    story.run("rollback", NAME, "--account", GUARDIAN)
    story.run("record", NAME)
    last = json.loads((story.papers.parent / "002.json").read_text())
    assert (last["kind"], last["to"]["version"]) == ("rollback", 3)
    assert story.done(deploy.cli, "doctor")
