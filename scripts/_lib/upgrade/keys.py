"""What the keys of the system stand for: who asks the module there, and for what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vyper.compiler import CompilerData
from vyper.semantics.types.module import ModuleT

from scripts._lib.files import ROOT
from scripts._lib.refusal import Refusal
from scripts._lib.upgrade.compare import Difference, Judgement, Verdict, grew, judge
from scripts._lib.upgrade.sources import Tree
from scripts._lib.upgrade.surface import Function, Surface, function_of, signatures


@dataclass(frozen=True)
class Key:
    """One replaceable role of the system."""

    interface: str  # that whoever asks the key relies on
    asked_by: str
    holders: dict[str, str]  # who holds what -> what they can do until `apply`, and after
    confirm: bool = False  # it controls the owner, so the owner has to prove that it lives


FACTORY = {
    "who was made something by it": "keeps it as it is",
    "who is about to make something": "may do so at the present factory, also after `apply`",
}

KEYS = {
    "names.pricing": Key(
        "INamePricing",
        "Names, at every registration and renewal",
        {
            "holder of a name": "may renew at the present prices until `apply`, for up to ten "
            "years; after it at the new ones, and never above the cap of the name",
            "who has committed to a name": "may reveal at the present price until `apply`; after "
            "it pays the new one, and at most the largest price in the commitment",
            "holder who wants to leave": "may transfer or migrate the name at any time: no price "
            "is asked for that",
        },
    ),
    "governance.governor": Key(
        "IGovernor",
        "Timelock, before it schedules, executes or cancels",
        {
            "holder of votes": "may vote and delegate; what the present governor queued can be "
            "executed until `apply`, and not after it",
            "proposer": "may cancel their own proposals until `apply`",
            "whom the treasury owes": "is paid by what is executed before `apply`",
        },
        confirm=True,
    ),
    "governance.dao_factory": Key("IDaoFactory", "who opens a DAO", FACTORY),
    "treasury": Key(
        "ITimelock",
        "Names, when its proceeds are swept",
        {
            "anybody": "may sweep what names have earned to the present treasury until `apply`",
            "holder of a name": "is not concerned: a treasury that refuses stops the sweep alone",
        },
        confirm=True,
    ),
    "income.splitter_factory": Key("ISplitterFactory", "who makes a split", FACTORY),
    "income.forwarder_factory": Key("IForwarderFactory", "who makes a forwarder", FACTORY),
    "access.pass_factory": Key("IPassFactory", "who opens a collection", FACTORY),
    "access.gate": Key(
        "IGate",
        "gate-keepers, and plans, that look the gate up",
        {
            "holder of a pass": "is let in by the present gate, also after `apply` by whoever "
            "names its address",
            "who registered a rule": "finds it at the present gate only: it has to be registered "
            "again at the new one",
        },
    ),
    "access.list": Key(
        "IList",
        "rules that look the contract of lists up",
        {
            "owner of a list": "keeps it where it is: the new contract begins without lists",
            "who is on a list": "stays on it for every rule that names the present address",
        },
    ),
    "access.media": Key(
        "IMedia",
        "gate-keepers that look up what a name publishes",
        {
            "holder of a name": "finds what was published at the present contract only, and has "
            "to publish again at the new one",
        },
    ),
}


def of(key: str) -> Key:
    try:
        return KEYS[key]
    except KeyError:
        known = ", ".join(KEYS)
        raise Refusal(f"The system has no key {key}: it has {known}.") from None


def unkept(key: str, new: Surface, root: Path = ROOT) -> Iterator[Difference]:
    """What the key's interface promises and the new module does not keep."""
    for signature, promised in promises(of(key).interface, root).items():
        kept = new.functions.get(signature)
        if kept is None:
            yield Difference("key", signature, "", "is asked for, and missing", Verdict.NEVER)
        elif kept.mutability != promised.mutability or not grew(promised.returns, kept.returns):
            yield Difference(
                "key", signature, "", "is asked for, and answers otherwise", Verdict.NEVER
            )


def left_behind(old: Surface) -> Iterator[Difference]:
    """A module does not hand its storage on: the new one begins empty."""
    for name in old.storage:
        yield Difference("state", name, "", "stays in the old module", Verdict.ACCEPT)


def judged(
    key: str, old: Surface, new: Surface, accepted: Mapping[str, str] | None = None
) -> Judgement:
    """Everything that stands between a new module and a key of the system."""
    return judge(old, new, accepted, [*unkept(key, new), *left_behind(old)])


@cache
def promises(interface: str, root: Path) -> dict[str, Function]:
    bundle = Tree(root, {})
    data = CompilerData(bundle.load_file(f"interfaces/{interface}.vyi"), input_bundle=bundle)
    module: ModuleT = data.annotated_vyper_module._metadata["type"]
    return {
        signature: function_of(each)
        for each in module.functions.values()
        for signature in signatures(each)
    }
