"""The report that voters read: the same content as Markdown, HTML and JSON.

It depends on nothing but what is proposed and what the rehearsal showed, so anybody who
rehearses at the same block gets the same bytes, and with them the same content address.
"""

import html
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts._lib import cid
from scripts._lib.build import artifact
from scripts._lib.files import write_atomically
from scripts._lib.upgrade import keys, words
from scripts._lib.upgrade.compare import Judgement, Verdict
from scripts._lib.upgrade.draft import Draft
from scripts._lib.upgrade.rehearse import Rehearsal
from scripts._lib.upgrade.situation import Situation

GRACE = 14 * 86_400  # of the governor's queue, the timelock and the kernel: how long each waits
ROLLBACK = 7 * 86_400
CONFIRM = 30 * 86_400


@dataclass(frozen=True)
class Section:
    title: str
    text: list[str] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    code: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Times:
    """The waits of this DAO, in seconds."""

    voting_delay: int
    voting_period: int
    timelock: int
    notice: int
    guardian: str | None

    @classmethod
    def of(cls, situation: Situation) -> "Times":
        governor, space = situation.governor, situation.space
        guardian = None if int(space.guardian, 16) == 0 else space.guardian
        delay, period = governor.votingDelay(), governor.votingPeriod()
        return cls(delay, period, situation.timelock.getMinDelay(), space.notice, guardian)


@dataclass(frozen=True)
class Report:
    draft: Draft
    judgement: Judgement
    rehearsal: Rehearsal
    times: Times
    names: dict[str, str]

    # ----- what it says -----

    def sections(self) -> list[Section]:
        return [
            self._change(),
            self._calls(),
            self._differences(),
            self._answers(),
            self._rehearsal(),
            self._window(),
            self._holders(),
            self._check(),
        ]

    def _change(self) -> Section:
        draft = self.draft
        code = draft.code
        rows = [
            ("key", draft.key, draft.key),
            ("contract", self._name(draft.was.address), code.contract),
            ("version", str(draft.was.version), str(draft.to.version)),
            ("address", draft.was.address, draft.to.address),
            ("code hash", draft.was.code_hash, draft.to.code_hash),
        ]
        text = [
            f"Built from `{code.source}`, {_at(code.commit)}, by vyper "
            f"{code.compiler.version}, optimised for {code.compiler.optimize}, for "
            f"{code.compiler.evm_version}, without metadata. Who asks it: "
            f"{keys.of(draft.key).asked_by}.",
            "Its constructor was told:",
        ]
        code_lines = [f"{each.name} = {_plain(each.value)}" for each in code.arguments] or [
            "nothing"
        ]
        return Section("What changes", text, ("", "now", "then"), rows, code_lines)

    def _calls(self) -> Section:
        lines = []
        names = {**self.names, self.draft.to.address: f"the new {self.draft.code.contract}"}
        for number, (target, wei, calldata) in enumerate(self.draft.calls, 1):
            head, *rest = words.call(artifact("Kernel").abi, calldata, names)
            lines += [f"{number}. {words.shown(target, names)}.{head}, with {wei} wei", *rest]
        text = [
            "The proposal makes these calls as the treasury, all or none. Only the kernel is "
            "called, and it announces: nothing is in force until it is applied after the notice."
        ]
        return Section("What the proposal calls", text, code=lines)

    def _differences(self) -> Section:
        rows = []
        for each in self.judgement.differences:
            reason = self.judgement.accepted.get(each.key, "")
            verdict = (
                "accepted: " + reason if each.verdict is Verdict.ACCEPT else each.verdict.value
            )
            rows.append((each.key, each.was or "-", each.now or "-", verdict))
        text = ["Storage, functions, events, roles, locks, constants, reasons, powers and sizes."]
        if not rows:
            text.append("Nothing that others rely on differs.")
        return Section("What is not the same", text, ("what", "was", "becomes", ""), rows)

    def _answers(self) -> Section:
        before, after = self.rehearsal.before, self.rehearsal.after
        rows = [
            (name, _plain(before.get(name, "-")), _plain(after.get(name, "-")))
            for name in sorted(before.keys() | after.keys())
            if before.get(name) != after.get(name)
        ]
        same = sum(before.get(name) == value for name, value in after.items())
        text = [f"{same} answers are the same in the second after `apply`; these are not:"]
        return Section("What it answers", text, ("question", "before", "after"), rows)

    def _rehearsal(self) -> Section:
        found = self.rehearsal
        rows = [(each.name, f"{each.gas:,}", words.span(each.after)) for each in found.steps]
        text = [
            f"On {found.where}. {found.held} facts of the system were the same before and after; "
            f"{' and '.join(found.moved)} changed, as meant. Gas in all: {found.gas:,}.",
        ]
        if found.rolled_back_by:
            text.append("Then the guardian rolled it back, and everything was as before.")
        if found.delegated:
            named = ", ".join(map(self._name, found.delegated))
            text.append(f"Holders who had not delegated their votes did so in it: {named}.")
        return Section("The rehearsal", text, ("step", "gas", "after"), rows)

    def _window(self) -> Section:
        times, stop = self.times, "the guardian cancels" if self.times.guardian else "nobody else"
        rows = [
            ("before the vote", words.span(times.voting_delay), "its proposer cancels"),
            ("vote", words.span(times.voting_period), "holders of votes say no"),
            ("succeeded", f"at most {words.span(GRACE)}", "anyone queues it; " + stop),
            ("delay of the treasury", words.span(times.timelock), stop),
            ("ready to execute", f"at most {words.span(GRACE)}", "anyone executes it; " + stop),
            ("notice of the kernel", words.span(times.notice), "another vote, or " + stop),
            ("ready to apply", f"at most {words.span(GRACE)}", "anyone applies it; " + stop),
            ("in force", words.span(ROLLBACK), "another vote, or the guardian, rolls it back"),
        ]
        if self.draft.confirm:
            rows.append(("to be confirmed", words.span(CONFIRM), "without a vote anyone undoes it"))
        total = times.voting_delay + times.voting_period + times.timelock + times.notice
        text = [f"At least {words.span(total)} from the proposal until it is in force."]
        return Section("When, and who can still stop it", text, ("while", "for", "and then"), rows)

    def _holders(self) -> Section:
        rows = list(keys.of(self.draft.key).holders.items())
        return Section("What you can still do", [], ("who", "may"), rows)

    def _check(self) -> Section:
        text = [
            "`ape run upgrade review PROPOSAL` builds the module from this commit again, and says "
            "whether the calldata on the chain is what this commit gives.",
            f"operation `{self.draft.operation}`, init code `{self.draft.code.init_code_hash}`",
        ]
        return Section("Check it yourself", text)

    def _name(self, address: str) -> str:
        return self.names.get(address, address)

    # ----- how it says it -----

    def markdown(self) -> str:
        lines = [f"# {self.draft.title}", "", self.draft.why]
        for section in self.sections():
            lines += ["", f"## {section.title}"]
            for paragraph in section.text:
                lines += ["", paragraph]
            if section.code:
                lines += ["", "```", *section.code, "```"]
            if section.rows:
                lines += ["", _row(section.columns), "|" + "---|" * len(section.columns)]
                lines += [_row(row) for row in section.rows]
        return "\n".join(lines) + "\n"

    def html(self) -> str:
        draft = self.draft
        body = [f"<h1>{_escaped(draft.title)}</h1>"]
        body += [f"<p>{_escaped(part)}</p>" for part in draft.why.split("\n\n")]
        for section in self.sections():
            body.append(f"<h2>{_escaped(section.title)}</h2>")
            body += [f"<p>{_escaped(paragraph)}</p>" for paragraph in section.text]
            if section.code:
                body.append(f"<pre>{_escaped(chr(10).join(section.code))}</pre>")
            if section.rows:
                body.append(_table(section))
        return PAGE.format(title=_escaped(draft.title), body="\n".join(body))

    def json(self) -> str:
        content = {
            "draft": self.draft.model_dump(
                exclude={"genesis", "report", "description", "proposal", "transactions"}
            ),
            "differences": [
                {
                    "what": each.key,
                    "was": each.was,
                    "becomes": each.now,
                    "verdict": each.verdict.value,
                    "reason": self.judgement.accepted.get(each.key),
                }
                for each in self.judgement.differences
            ],
            "rehearsal": self.rehearsal.model_dump(),
            "sections": [vars(section) for section in self.sections()],
        }
        return json.dumps(content, indent=2) + "\n"

    def write(self, folder: Path) -> str:
        """The three files; the content address of the Markdown, which people read."""
        text = self.markdown()
        write_atomically(folder / "report.md", text)
        write_atomically(folder / "report.html", self.html())
        write_atomically(folder / "report.json", self.json())
        return str(cid.of_file(text.encode()))


PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }}
table {{ border-collapse: collapse }}
td, th {{ border: 1px solid #ccc; padding: .3em .6em; text-align: left; overflow-wrap: anywhere }}
pre {{ background: #f4f4f4; padding: 1em; overflow-x: auto }}
</style>
{body}
</html>
"""


def _row(cells: tuple[str, ...]) -> str:
    """Of a table in Markdown, whatever is in the cells."""
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _table(section: Section) -> str:
    def line(cells: tuple[str, ...], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{_escaped(cell)}</{tag}>" for cell in cells) + "</tr>"

    rows = [line(section.columns, "th"), *(line(row, "td") for row in section.rows)]
    return "<table>\n" + "\n".join(rows) + "\n</table>"


def _escaped(text: str) -> str:
    return html.escape(text)


def _at(commit: str | None) -> str:
    return f"commit `{commit}`" if commit else "of no commit"


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_plain, value)) + "]"
    return str(value)
