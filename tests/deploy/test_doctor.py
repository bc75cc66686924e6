"""The doctor: red for each planted difference, and for nothing that the law allows."""

from dataclasses import replace

import pytest
from ape import accounts
from eth_utils import keccak

from scripts._lib import create2, intent, suite
from scripts._lib.build import artifact
from scripts._lib.plan import entry_id, namespace_id, text32
from scripts._lib.records import Folder, Module, code_hash
from scripts._lib.upgrade.record import Upgrade, Upgrades
from tests.support.anvil import ask, laid_back, running_anvil, travel
from tests.support.script import connected

pytestmark = [pytest.mark.no_anchor, pytest.mark.anvil]

DAY = 86_400
STRANGER = "0x000000000000000000000000000000000000dEaD"


@pytest.fixture(scope="module")
def anvil():
    with running_anvil("prague") as web3, connected(web3):
        yield web3


@pytest.fixture(scope="module")
def launched(anvil, tmp_path_factory):
    payer = accounts.test_accounts[0]
    settings = intent.of_network("ethereum", "local")
    meant = suite.draft(settings, payer.address, tmp_path_factory.mktemp("deployments"))
    assert suite.apply(meant, payer, suite.prepare(meant, payer), lambda *_: None).passed
    return meant


@pytest.fixture
def meant(anvil, launched):
    with laid_back(anvil):
        yield launched


def red(meant) -> set[tuple[str, str]]:
    return {(check.about, check.fact) for check in suite.examine(meant).checks if not check.passed}


def changed(meant) -> dict[tuple[str, str], str]:
    """What differs from the launch with a reason; nothing may be red."""
    found = suite.examine(meant)
    assert found.passed, red(meant)
    return {(check.about, check.fact): check.because for check in found.checks if check.because}


def test_everything_is_green_after_the_launch(meant):
    assert changed(meant) == {}


# ----- planted on the chain -----


class Planter:
    """Change what no transaction can."""

    def __init__(self, anvil, meant) -> None:
        self.anvil, self.meant = anvil, meant
        self.namespace = meant.claim.namespace

    def at(self, name: str) -> str:
        return self.meant.plan.parts[name].address

    def code(self, name: str, change) -> None:
        code = bytearray(self.anvil.eth.get_code(self.at(name)))
        ask(self.anvil, "anvil_setCode", self.at(name), "0x" + bytes(change(code)).hex())

    def slot(self, name: str, variable: str, *keys: bytes) -> int:
        """Where a variable of this layout is, or an entry of its nested mappings."""
        layout = self.meant.plan.parts[name].artifact.layout["storage_layout"]
        for part in variable.split("."):
            layout = layout[part]
        slot = layout["slot"]
        for key in keys:
            slot = int.from_bytes(keccak(slot.to_bytes(32, "big") + key), "big")
        return slot

    def storage(self, name: str, slot: int, change) -> None:
        address = self.at(name)
        old = int.from_bytes(self.anvil.eth.get_storage_at(address, slot), "big")
        new = change(old) % 2**256
        assert new != old
        ask(self.anvil, "anvil_setStorageAt", address, f"0x{slot:064x}", f"0x{new:064x}")


def last_byte(code):
    code[-1] ^= 1
    return code


def opcode(code):
    code[100] ^= 1
    return code


def key(name: str) -> bytes:
    """In Vyper's mappings, of a namespace's entry."""
    return entry_id(namespace(), name)


def namespace() -> bytes:
    return namespace_id(accounts.test_accounts[0].address, text32("uraeus"))


def word(address: str) -> bytes:
    return bytes(12) + bytes.fromhex(address[2:])


PRICING = "names.pricing"
HOLDER = "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc"

PLANTED = {
    "an opcode of the kernel": (
        lambda plant: plant.code("Kernel", opcode),
        ("Kernel", "code"),
    ),
    "an immutable of the timelock": (
        lambda plant: plant.code("Timelock", last_byte),
        ("Timelock", "code"),
    ),
    "an immutable of a resolver that Names created": (
        lambda plant: plant.code("Resolver", last_byte),
        ("Resolver", "code"),
    ),
    "a byte of a blueprint": (
        lambda plant: plant.code("GovernorBlueprint", last_byte),
        ("GovernorBlueprint", "code"),
    ),
    "an implementation that is gone": (
        lambda plant: plant.code("Pass", lambda _: b""),
        ("Pass", "code"),
    ),
    "a module of the namespace with other code": (
        lambda plant: plant.code("Gate", last_byte),
        ("access.gate", "verified"),
    ),
    "the namespace's owner": (
        lambda plant: plant.storage(
            "Kernel",
            plant.slot("Kernel", "_namespaces", namespace()),
            lambda old: old & (2**96 - 1) | int(STRANGER, 16) << 96,
        ),
        ("namespace", "owner"),
    ),
    "its notice": (
        lambda plant: plant.storage(
            "Kernel", plant.slot("Kernel", "_namespaces", namespace()), lambda old: old ^ 1 << 32
        ),
        ("namespace", "notice"),
    ),
    "its epoch": (
        lambda plant: plant.storage(
            "Kernel", plant.slot("Kernel", "_namespaces", namespace()), lambda old: old + 1
        ),
        ("namespace", "epoch"),
    ),
    "its guardian": (
        lambda plant: plant.storage(
            "Kernel",
            plant.slot("Kernel", "_guardians", namespace()),
            lambda old: old & (2**96 - 1) | int(STRANGER, 16) << 96,
        ),
        ("namespace", "guardian"),
    ),
    "when its guardian's right ends": (
        lambda plant: plant.storage(
            "Kernel", plant.slot("Kernel", "_guardians", namespace()), lambda old: old + DAY
        ),
        ("namespace", "guardian until"),
    ),
    "its claimer": (
        lambda plant: plant.storage(
            "Kernel",
            plant.slot("Kernel", "_claimers", namespace()),
            lambda _: int(STRANGER, 16),
        ),
        ("namespace", "claimer"),
    ),
    "the module of a key": (
        lambda plant: plant.storage(
            "Kernel",
            plant.slot("Kernel", "_entries", key(PRICING)),
            lambda old: old & (2**96 - 1) | int(plant.at("Gate"), 16) << 96,
        ),
        (PRICING, "module"),
    ),
    "the version of a key": (
        lambda plant: plant.storage(
            "Kernel", plant.slot("Kernel", "_entries", key(PRICING)), lambda old: old + 2
        ),
        (PRICING, "version"),
    ),
    "the announced hash of a key": (
        lambda plant: plant.storage(
            "Kernel", plant.slot("Kernel", "_hashes", key(PRICING)) + 1, lambda old: old + 1
        ),
        (PRICING, "hash"),
    ),
    "a predecessor to roll back to": (
        lambda plant: plant.storage(
            "Kernel",
            plant.slot("Kernel", "_pasts", key(PRICING)),
            lambda old: old | int(STRANGER, 16) << 96,
        ),
        (PRICING, "predecessor"),
    ),
    "a pause that nobody ordered": (
        lambda plant: plant.storage(
            "Kernel",
            plant.slot("Kernel", "_entries", key(PRICING)),
            lambda old: old | (2**40 - 1) << 32,
        ),
        (PRICING, "paused until"),
    ),
    "a freeze that nobody ordered": (
        lambda plant: plant.storage(
            "Kernel", plant.slot("Kernel", "_entries", key(PRICING)), lambda old: old | 1 << 72
        ),
        (PRICING, "frozen"),
    ),
    "a key that nobody announced": (
        lambda plant: add_key(plant, b"names.other"),
        ("names.other", "module"),
    ),
    "the timelock's delay": (
        lambda plant: plant.storage(
            "Timelock", plant.slot("Timelock", "_delay"), lambda old: old + 1
        ),
        ("Timelock", "getMinDelay"),
    ),
    "the DAO's voting period": (
        lambda plant: plant.storage(
            "Governor", plant.slot("Governor", "_head"), lambda old: old + (1 << 24)
        ),
        ("Governor", "votingPeriod"),
    ),
    "a holder's balance": (
        lambda plant: plant.storage(
            "VotesToken",
            plant.slot("VotesToken", "_accounts", word(HOLDER)),
            lambda old: old + 1,
        ),
        ("VotesToken", f"balance of {HOLDER}"),
    ),
    "who may own what passes are cloned from": (
        lambda plant: plant.storage(
            "Pass", plant.slot("Pass", "_pending_owner"), lambda old: old + 1
        ),
        ("Pass", "pendingOwner"),
    ),
}


def add_key(plant, name: bytes) -> None:
    """Listed in the namespace, with a module."""
    length = plant.slot("Kernel", "_keys", namespace())
    count = int.from_bytes(plant.anvil.eth.get_storage_at(plant.at("Kernel"), length), "big")
    label = int.from_bytes(name.ljust(32, b"\0"), "big")
    plant.storage("Kernel", length, lambda old: old + 1)
    plant.storage("Kernel", length + 1 + count, lambda _: label)
    entry = plant.slot("Kernel", "_entries", entry_id(namespace(), name.decode()))
    plant.storage("Kernel", entry, lambda _: int(plant.at("Gate"), 16) << 96 | 1)


@pytest.mark.parametrize("what", PLANTED)
def test_planted_difference_is_red(anvil, meant, what):
    change, where = PLANTED[what]
    change(Planter(anvil, meant))
    assert where in red(meant)


# ----- planted in what it is compared with -----


def test_claim_that_was_mined_hours_after_it_was_signed_is_no_fault(anvil, meant):
    plant = Planter(anvil, meant)
    end = plant.slot("Kernel", "_guardians", namespace())
    plant.storage("Kernel", end, lambda old: old - 5 * 3_600)
    assert not red(meant)


def test_other_settings_than_were_launched_are_red(meant):
    """They give other addresses, where nothing is."""
    governance = meant.intent.governance.model_copy(update={"quorum": 11})
    settings = meant.intent.model_copy(update={"governance": governance})
    other = suite.draft(settings, meant.claim.claimer, meant.folder.path.parent)
    assert {("Governor", "code"), ("governance.governor", "module")} <= red(other)


def test_other_terms_of_the_namespace_are_red(meant):
    claim = replace(meant.claim, notice=meant.claim.notice + 1)
    assert red(replace(meant, claim=claim)) == {("namespace", "notice")}


def test_other_compiled_code_is_red(meant):
    codes = {**meant.rehearsal.codes, "List": b"\x00" + meant.rehearsal.codes["List"]}
    looked = replace(meant, rehearsal=replace(meant.rehearsal, codes=codes))
    assert red(looked) == {("List", "code")}


# ----- what the law allows -----


def act(anvil, sender: str, contract: str, address: str, method: str, *arguments) -> dict:
    """A transaction of an account whose key nobody here has."""
    ask(anvil, "anvil_impersonateAccount", sender)
    ask(anvil, "anvil_setBalance", sender, hex(10**20))
    data = "0x" + artifact(contract).call(method, *arguments).hex()
    sent = anvil.eth.send_transaction({"from": sender, "to": address, "data": data})
    receipt = anvil.eth.wait_for_transaction_receipt(sent)
    assert receipt["status"] == 1
    return receipt


@pytest.fixture
def by(anvil, meant):
    """Acts of the timelock, or of whom else is named."""

    def act_on(contract: str, method: str, *arguments, sender: str | None = None):
        at = {name: part.address for name, part in meant.plan.parts.items()}
        return act(anvil, sender or at["Timelock"], contract, at[contract], method, *arguments)

    return act_on


def test_tokens_that_moved_are_no_fault(meant, by):
    by("VotesToken", "transfer", STRANGER, 5, sender=HOLDER)
    by("VotesToken", "mint", HOLDER, 2)
    assert changed(meant) == {
        ("VotesToken", "totalSupply"): "minted by votes",
        ("VotesToken", f"balance of {HOLDER}"): "3 transfers",
    }


def test_moved_tokens_do_not_hide_a_planted_balance(anvil, meant, by):
    by("VotesToken", "transfer", STRANGER, 5, sender=HOLDER)
    PLANTED["a holder's balance"][0](Planter(anvil, meant))
    assert red(meant) == {("VotesToken", f"balance of {HOLDER}")}


def test_settings_changed_by_vote_are_no_fault(meant, by):
    by("Governor", "setVotingDelay", 2 * DAY)
    by("Governor", "setVotingPeriod", 4 * DAY)
    by("Governor", "setProposalThreshold", 10**18)
    by("Governor", "updateQuorumNumerator", 5)
    by("Governor", "setLateQuorumVoteExtension", 0)
    by("Timelock", "updateDelay", DAY)
    by("Timelock", "setDaoURI", "ipfs://dao")
    told = {fact: because.split()[0] for (_, fact), because in changed(meant).items()}
    assert told == {
        "votingDelay": "VotingDelaySet",
        "votingPeriod": "VotingPeriodSet",
        "proposalThreshold": "ProposalThresholdSet",
        "quorumNumerator": "QuorumNumeratorUpdated",
        "lateQuorumVoteExtension": "LateQuorumVoteExtensionSet",
        "getMinDelay": "MinDelayChange",
        "daoURI": "DAOURIUpdate",
    }


def test_vote_does_not_explain_another_value(anvil, meant, by):
    by("Timelock", "updateDelay", DAY)
    PLANTED["the timelock's delay"][0](Planter(anvil, meant))
    assert red(meant) == {("Timelock", "getMinDelay")}


def test_namespace_changed_by_its_owner_is_no_fault(meant, by):
    by("Kernel", "set_notice", namespace(), 10 * DAY, bytes(32))  # longer: at once
    by("Kernel", "freeze", namespace(), text32("treasury"))
    by("Kernel", "pause", namespace(), text32(PRICING), DAY, sender=meant.claim.guardian.account)
    assert {where: because.split()[0] for where, because in changed(meant).items()} == {
        ("namespace", "notice"): "NoticeSet",
        ("treasury", "frozen"): "Frozen",
        (PRICING, "paused until"): "Paused",
    }


@pytest.fixture
def replaced(anvil, meant, by, tmp_path):
    """Prices that an announced operation replaced, and the record of it."""
    rates, premium = list(meant.intent.prices.rates), 7
    init_code = artifact("NamePricing").init_code_with((rates, premium))
    sender = accounts.test_accounts[1].address
    sent = {"from": sender, "to": create2.DEPLOYER, "data": create2.SALT + init_code}
    anvil.eth.wait_for_transaction_receipt(anvil.eth.send_transaction(sent))
    address = create2.address_of(init_code)
    digest = keccak(anvil.eth.get_code(address))
    changes = [(text32(PRICING), address, digest, 2)]
    salt = bytes(32)
    by("Kernel", "schedule", namespace(), changes, salt, False)
    travel(anvil, meant.claim.notice + 1)
    by("Kernel", "apply", namespace(), changes, salt)
    kernel = suite.contracts.of(meant.plan.parts["Kernel"])
    was = meant.plan.parts["NamePricing"]
    record = Upgrade(
        chain_id=meant.folder.chain_id,
        genesis=meant.folder.genesis,
        number=1,
        kind="upgrade",
        title="Cheaper names",
        namespace="0x" + namespace().hex(),
        key=PRICING,
        operation="0x" + bytes(kernel.operation_id(namespace(), changes, salt)).hex(),
        kernel_salt="0x" + salt.hex(),
        confirm=False,
        was=Module(
            address=was.address, version=1, code_hash=code_hash(meant.rehearsal.codes[was.name])
        ),
        to=Module(address=address, version=2, code_hash="0x" + digest.hex()),
        code={
            "contract": "NamePricing",
            "source": was.artifact.source,
            "creator": create2.DEPLOYER,
            "salt": "0x" + create2.SALT.hex(),
            "init_code_hash": code_hash(init_code),
            "arguments": [
                {"name": "rates", "type": "uint256[5]", "value": [str(rate) for rate in rates]},
                {"name": "premium", "type": "uint256", "value": str(premium)},
            ],
            "compiler": was.artifact.settings,
            "commit": None,
        },
        vote=None,
        transactions={},
    )
    folder = Folder(meant.folder.chain_id, meant.folder.genesis, tmp_path)
    return replace(meant, folder=folder), record, changes


UPGRADED = {(PRICING, fact) for fact in ("module", "version", "hash", "predecessor")}


def test_module_that_a_recorded_operation_replaced_is_no_fault(replaced):
    meant, record, _ = replaced
    assert red(meant) == UPGRADED
    Upgrades(meant.folder).write(record)
    assert changed(meant) == dict.fromkeys(UPGRADED, "upgrade 001: Cheaper names")


def test_module_that_was_rolled_back_is_no_fault(replaced, by):
    meant, record, changes = replaced
    upgrades = Upgrades(meant.folder)
    upgrades.write(record)
    by("Kernel", "rollback", namespace(), changes, bytes(32))
    assert {(PRICING, "version")} < red(meant)  # the record says what is in force no more
    back = record.was.model_copy(update={"version": 3})
    undone = {"number": 2, "kind": "rollback", "title": "Back", "was": record.to, "to": back}
    upgrades.write(record.model_copy(update={**undone, "code": None}))
    assert changed(meant) == {
        (PRICING, "version"): "upgrade 002: Back",
        (PRICING, "predecessor"): "upgrade 002: Back",
    }


def test_record_of_another_operation_explains_nothing(replaced):
    meant, record, _ = replaced
    other = record.model_copy(update={"operation": "0x" + "12" * 32})
    Upgrades(meant.folder).write(other)
    assert red(meant) == UPGRADED


def test_record_of_another_module_explains_nothing(replaced):
    meant, record, _ = replaced
    to = record.to.model_copy(update={"code_hash": "0x" + "12" * 32})
    Upgrades(meant.folder).write(record.model_copy(update={"to": to}))
    assert red(meant) == {(PRICING, "hash")}


def test_recorded_arguments_that_give_other_code_are_red(replaced):
    meant, record, _ = replaced
    other = record.code.arguments[1].model_copy(update={"value": "8"})
    code = record.code.model_copy(update={"arguments": [record.code.arguments[0], other]})
    Upgrades(meant.folder).write(record.model_copy(update={"code": code}))
    assert red(meant) == {(PRICING, "source")}
