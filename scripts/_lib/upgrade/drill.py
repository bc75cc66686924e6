"""An upgrade from its file to its record in one process, and every way in which it may end.

On the embedded chain, whose time is set, so that two drills of the same sources show the
same to the byte: the worked example of the docs is written by one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ape import accounts
from ape.exceptions import ContractLogicError

from scripts._lib import cid, contracts
from scripts._lib import suite as suites
from scripts._lib.build import artifact
from scripts._lib.console import console
from scripts._lib.day import Day, now, travel, travel_to
from scripts._lib.files import ROOT, write_atomically
from scripts._lib.intent import DAY, Intent
from scripts._lib.plan import text32
from scripts._lib.refusal import Refusal
from scripts._lib.upgrade import keys, steps, surface
from scripts._lib.upgrade.draft import Built, Desk, Draft, build, draft, judge
from scripts._lib.upgrade.rehearse import rehearse
from scripts._lib.upgrade.report import Report, Times
from scripts._lib.upgrade.request import FILE
from scripts._lib.upgrade.situation import situation
from scripts._lib.upgrade.stage import laid_back
from scripts._lib.upgrade.tables import call_lines

EXAMPLE = ROOT / "docs" / "examples" / "name-pricing-v2"
NAME = "name-pricing-v2"
BEGIN = 1_900_000_000  # 17 March 2030, after the day on which anybody runs this
YEAR = 365 * DAY
CONFIRM_WINDOW = 30 * DAY
LABEL = "alice"


@dataclass
class Drill:
    """One system, its people, and the diary."""

    intent: Intent
    records: Path
    day: Day

    def launch(self) -> None:
        travel_to(max(BEGIN, now() + 1))
        test = accounts.test_accounts
        self.deployer, self.anyone = test[0], test[8]
        self.suite = suites.deploy(self.intent, self.deployer, self.records, self.day.spent)
        self.situation = situation(self.records)
        guardian = self.intent.guardian
        if guardian is None:
            raise Refusal("The drill needs a guardian in the settings.")
        try:
            self.guardian = accounts[guardian.account]
            self.voters = [accounts[holder] for holder in self.intent.token.holders]
        except KeyError:
            raise Refusal("The drill needs test accounts as holders and guardian.") from None
        for voter in self.voters:
            self.situation.token.invoke_transaction("delegate", voter, sender=voter)
        self._register()
        travel(1)

    def _register(self) -> None:
        """Somebody who has to be served whatever happens to the prices."""
        names, owner = self.suite["Names"], self.anyone
        price = self.intent.prices.rates[-1]
        wanted = (LABEL, owner.address, YEAR, contracts.NO_ONE, [], False, price, bytes(32))
        names.commit(names.commitment(wanted, owner.address), sender=owner)
        travel(61)
        names.register(wanted, sender=owner, value=price)

    # ----- the way that it should go -----

    def papers(self, name: str, request: str) -> Desk:
        desk = Desk(self.situation, name)
        write_atomically(desk.path / FILE, request)
        return desk

    def prepare(self, desk: Desk, *, checked: bool = True) -> tuple[Draft, Built]:
        """Build, check, rehearse, report. Without a commit, which would be another every time."""
        made = build(self.situation, desk.request)
        made = replace(made, code=made.code.model_copy(update={"commit": None}))
        drafted = desk.save(draft(self.situation, desk.name, made))
        if checked:
            judgement = judge(made, self.situation.in_force(made.request.key))
            self.day.check(f"{desk.name}: the check passes", [], judgement.problems)
            rehearsal = rehearse(self.situation, drafted, made, lambda *_: None)
            names, times = self.situation.names(), Times.of(self.situation)
            content = Report(drafted, judgement, rehearsal, times, names).write(desk.path)
        else:
            new = surface.of(made.code.source, made.data)
            missing = list(keys.unkept(made.request.key, new))
            self.day.check(f"{desk.name}: the check would refuse it", True, bool(missing))
            warning = "# This one should not be proposed\n"
            write_atomically(desk.path / "report.md", warning)
            content = str(cid.of_file(warning.encode()))
        return desk.save(drafted.model_copy(update={"report": content})), made

    def announce(self, desk: Desk, drafted: Draft, made: Built) -> Draft:
        """From the deployment to the second in which the kernel announces it."""
        day, anyone, name = self.day, self.anyone, desk.name
        day.act(f"{name}: deploy", steps.deploy, desk, drafted, made.init_code, anyone)
        drafted = self.vote(desk, name)
        day.act(f"{name}: queue", steps.queue, desk, drafted, anyone)
        self.refused(
            f"{name}: nobody executes it early", "delay runs", steps.execute, desk, drafted
        )
        travel_to(self.governor(drafted).proposalEta(drafted.proposal_id))
        day.act(f"{name}: execute", steps.execute, desk, drafted, anyone)
        self.refused(f"{name}: nobody applies it early", "notice runs", steps.apply, desk, drafted)
        return drafted

    def vote(self, desk: Desk, name: str) -> Draft:
        day = self.day
        drafted, receipt = steps.propose(desk, desk.load(), self.voters[0])
        day.spent(f"{name}: propose", receipt.gas_used)
        travel_to(self.governor(drafted).proposalSnapshot(drafted.proposal_id) + 1)
        day.act(f"{name}: vote", steps.vote, desk, drafted, "for", "", self.voters[0])
        travel_to(self.governor(drafted).proposalDeadline(drafted.proposal_id) + 1)
        return drafted

    def install(self, desk: Desk, drafted: Draft) -> None:
        travel_to(steps.operation_of(self.situation, drafted).ready_at)
        self.day.act(f"{desk.name}: apply", steps.apply, desk, drafted, self.anyone)
        found = self.situation.module(drafted.key)
        self.day.check(f"{desk.name}: it is in force", drafted.to.address, found.address)

    # ----- the ways in which it may end -----

    def refused(self, what: str, reason: str, method: Callable[..., Any], *given: Any) -> None:
        try:
            method(*given, self.anyone)
            found = "no refusal"
        except Refusal as refusal:
            found = reason if reason in refusal.message else refusal.message
        self.day.check(what, reason, found)

    def governor(self, drafted: Draft) -> Any:
        return contracts.at(drafted.governor, "Governor")

    @contextmanager
    def scene(self, number: int, title: str) -> Iterator[None]:
        """What happens in it is laid back, on the chain and in the papers."""
        self.day.step(number, title)
        kept = {path: path.read_bytes() for path in self.situation.upgrades.path.rglob("*.json")}
        with laid_back():
            yield
        for path in self.situation.upgrades.path.rglob("*.json"):
            if path not in kept:
                path.unlink()
        for path, content in kept.items():
            path.write_bytes(content)

    def canceled_before_the_kernel(self, desk: Desk) -> None:
        drafted = self.vote(desk, "cancel")
        self.refused("cancel: nobody else cancels", "chain refuses", steps.cancel, desk, drafted)
        self.day.act("cancel: the guardian cancels", steps.cancel, desk, drafted, self.guardian)
        self.refused("cancel: nothing is left to queue", "canceled", steps.queue, desk, drafted)
        self._as_before("cancel", drafted)

    def canceled_in_the_notice(self, desk: Desk, drafted: Draft) -> None:
        self.day.act("notice: the guardian cancels", steps.cancel, desk, drafted, self.guardian)
        travel(self.intent.notice)
        self.refused("notice: nothing is left to apply", "canceled", steps.apply, desk, drafted)
        self._as_before("notice", drafted)

    def rolled_back(self, desk: Desk, drafted: Draft) -> None:
        self.refused("roll-back: nobody else may", "chain refuses", steps.roll_back, desk, drafted)
        travel(7 * DAY - 10)
        self.day.act("roll-back: the guardian", steps.roll_back, desk, drafted, self.guardian)
        self._as_before("roll-back", drafted)
        written = steps.record(desk, desk.load())
        self.day.check("roll-back: it is recorded, as a version", 3, written.to.version)

    def paused(self, drafted: Draft) -> None:
        """Prices that fail cost nobody their name: renewals go on at the cap."""
        pause = partial(steps.pause, self.situation, drafted.key, 14 * DAY)
        self.day.act("pause: the guardian", pause, self.guardian)
        names, owner = self.suite["Names"], self.anyone
        price = names.renewal_price(LABEL, YEAR)[1]
        self.day.check("pause: nothing is sold", "names: no price", self._price_of("bob"))
        self.day.act("pause: renew", names.renew, LABEL, YEAR, sender=owner, value=price)
        self.day.refused(
            "pause: not twice in 60 days",
            "kernel: paused lately",
            self.situation.kernel.pause,
            self.situation.namespace,
            text32(drafted.key),
            DAY,
            sender=self.guardian,
        )
        travel(14 * DAY)
        rate = self.intent.prices.rates[2]
        self.day.check("pause: it ends by itself", rate, self._price_of("bob"))

    def _price_of(self, label: str) -> int | str:
        try:
            return self.suite["Names"].registration_price(label, YEAR, 0)[0]
        except ContractLogicError as error:
            return error.revert_message

    def dead_governor(self) -> None:
        """A governor that can do nothing: no vote can undo it, so time does."""
        desk = self.papers("dead-governor", DEAD_GOVERNOR)
        drafted, made = self.prepare(desk, checked=False)
        self.install(desk, self.announce(desk, drafted, made))
        day, kernel = self.day, self.situation.kernel
        day.check("dead governor: it is in office", drafted.to.address, self._office())
        self.refused(
            "dead governor: nobody undoes it yet", "refuses", steps.roll_back, desk, drafted
        )
        travel(CONFIRM_WINDOW + 1)
        day.act("dead governor: anyone undoes it", steps.roll_back, desk, drafted, self.anyone)
        day.check("dead governor: the old one is back", drafted.was.address, self._office())
        again = self.papers("after-it", (EXAMPLE / FILE).read_text())
        drafted, made = self.prepare(again)
        self.install(again, self.announce(again, drafted, made))
        verified = kernel.verify(self.situation.namespace, text32(drafted.key))
        day.check("dead governor: and the system decides again", True, verified)

    def _office(self) -> str:
        return self.situation.governor.address

    def _as_before(self, scene: str, drafted: Draft) -> None:
        found = self.situation.module(drafted.key)
        self.day.check(f"{scene}: all is as before", drafted.was.address, found.address)


DEAD_GOVERNOR = """
title = "A governor that is none"
key = "governance.governor"
contract = "SplitterFactory"
confirm = true
why = "A drill: what if a governor is installed that can do nothing?"
[arguments]
implementation = "@Kernel"
"""


def run(intent: Intent, records: Path, docs: Path | None) -> dict[str, Any]:
    drill = Drill(intent, records, Day())
    day = drill.day
    day.step(1, "A system with its voters, its guardian and a name")
    drill.launch()
    day.step(2, "The upgrade is built, checked, rehearsed and reported")
    desk = drill.papers(NAME, (EXAMPLE / FILE).read_text())
    drafted, made = drill.prepare(desk)
    for line in call_lines(drill.situation, drafted, artifact("Kernel").abi):
        console.print(f"    {line}", markup=False, soft_wrap=True)
    with drill.scene(3, "What if the guardian cancels it after the vote"):
        day.act("cancel: deploy", steps.deploy, desk, drafted, made.init_code, drill.anyone)
        drill.canceled_before_the_kernel(desk)
    with drill.scene(4, "What if a governor dies"):
        drill.dead_governor()
    day.step(5, "It is proposed, voted for, queued, executed")
    drafted = drill.announce(desk, drafted, made)
    with drill.scene(6, "What if the guardian cancels it in the kernel's notice"):
        drill.canceled_in_the_notice(desk, drafted)
    day.step(7, "It is applied and recorded")
    drill.install(desk, drafted)
    written = steps.record(desk, desk.load())
    day.check(f"{NAME}: the record names it", drafted.to.address, written.to.address)
    with drill.scene(8, "What if it is rolled back"):
        drill.rolled_back(desk, drafted)
    with drill.scene(9, "What if it is paused"):
        drill.paused(drafted)
    if docs:
        _write_example(drill, desk, docs)
    return {"gas": day.gas, "checks": day.checks, "record": written.model_dump()}


# ----- the worked example -----

HEAD = """\
# What happened in the drill

<!-- Generated by `./dev docs`. -->

Everything that `ape run upgrade drill` did and checked, in order. "Refused" are things that were
tried and are meant to fail.
"""


def _write_example(drill: Drill, desk: Desk, docs: Path) -> None:
    for name in ("report.md", "report.html"):
        write_atomically(docs / name, (desk.path / name).read_text())
    lines = [HEAD, "| act | gas |", "|---|---:|"]
    lines += [f"| {act} | {gas:,} |" for act, gas in drill.day.gas.items() if ": " in act]
    lines += ["", "| check | |", "|---|---|"]
    lines += [
        f"| {what} | {'yes' if passed else 'NO'} |" for what, passed in drill.day.checks.items()
    ]
    write_atomically(docs / "drill.md", "\n".join(lines) + "\n")
