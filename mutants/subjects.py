"""Which sources are mutated together, and which tests judge them.

A library is mutated once, as part of the contract that uses most of it.
"""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Subject:
    name: str
    sources: tuple[str, ...]  # that are mutated
    first: tuple[str, ...]  # tests of the contract itself, for all mutants
    then: tuple[str, ...]  # more of its subsystem, for those that survived
    root: Path = ROOT
    contract: str = ""  # that is compiled, where it is not the first source

    @property
    def compiled(self) -> str:
        return self.contract or self.sources[0]


def subject(contract: str, libraries: str, first: str, then: str = "") -> Subject:
    folder, name = contract.split("/")
    return Subject(
        name,
        (f"contracts/{contract}.vy", *(f"contracts/lib/{each}.vy" for each in libraries.split())),
        files(folder, first),
        files(folder, then),
    )


def files(folder: str, names: str) -> tuple[str, ...]:
    """`claim` is a unit test of the folder, `property:x` a property test."""
    return tuple(
        f"tests/property/test_{name.split(':')[1]}.py"
        if ":" in name
        else f"tests/unit/{folder}/test_{name}.py"
        for name in names.split()
    )


NAMES = "property:names_times property:names_labels property:names_records property:names_dns"

SUBJECTS = {
    each.name: each
    for each in (
        subject(
            "kernel/Kernel",
            "",
            "claim schedule apply cancel confirm freeze owner pause rollback settings views bits "
            "attacks",
            "property:kernel_words",
        ),
        Subject(
            "kernel_client",
            ("contracts/lib/kernel_client.vy",),
            ("tests/unit/kernel/test_client.py",),
            (),
            contract="tests/mocks/kernel/KernelUser.vy",
        ),
        subject(
            "governance/Timelock",
            "code_pins",
            "timelock",
            "queue_execute cancel attacks compatibility settings",
        ),
        subject(
            "income/Splitter",
            "assets",
            "distribute claim views attacks",
            "create property:income_rounds",
        ),
        subject(
            "governance/VotesToken",
            "checkpoints eip712 excluded_votes",
            "token delegate property:governance_checkpoints",
            "vote_by_sig vote attacks compatibility dao_factory",
        ),
        subject(
            "governance/Governor",
            "signatures",
            "propose vote vote_by_sig queue_execute cancel settings bits compatibility",
            "attacks",
        ),
        subject(
            "governance/DaoFactory", "", "dao_factory", "dao_factory_attacks property:dao_factory"
        ),
        subject("income/SplitterFactory", "", "create", "attacks property:income_rounds"),
        subject(
            "income/Forwarder",
            "",
            "forwarder_flush forwarder_retarget forwarder_names forwarder_create",
            "forwarder_attacks property:income_forwarders",
        ),
        subject(
            "income/ForwarderFactory",
            "",
            "forwarder_create",
            "forwarder_names forwarder_attacks property:income_forwarders",
        ),
        subject(
            "names/Names",
            "name_metadata",
            "commit register renew transfer epoch sweep subnames views metadata registry bits "
            "attacks",
            f"pricing {NAMES}",
        ),
        subject("names/Resolver", "packed_bytes", "records resolver bits attacks", NAMES),
        subject("names/ReverseResolver", "reverse_nodes", "reverse", "attacks universal"),
        subject("names/UniversalResolver", "dns_names", "universal", f"attacks {NAMES}"),
        subject("names/NamePricing", "", "pricing", f"register renew attacks {NAMES}"),
        subject("names/NamePricingV2", "", "pricing_v2", NAMES),
        subject(
            "access/Pass",
            "pass_token pass_funds erc721_receiver",
            "mint renew refund plans grant rental voucher auto_renew token sale money owner "
            "validity create bits",
            "attacks",
        ),
        subject("access/PassFactory", "", "create", "attacks"),
        subject("access/PassRenderer", "", "renderer", "property:access_renderer"),
        subject(
            "access/Gate",
            "gate_terms questions primary_names",
            "gate gate_kinds gate_nesting",
            "attacks property:access_gate",
        ),
        subject("access/List", "", "list", "gate_kinds attacks"),
        subject("access/Media", "", "media", "attacks"),
    )
}
