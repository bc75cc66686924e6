"""Settings are refused in one sentence that names what is wrong."""

import pytest

from scripts._lib import intent
from scripts._lib.refusal import Refusal

LOCAL = intent.INTENTS / "ethereum-local.toml"
HOLDER = "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc"


@pytest.fixture
def changed(tmp_path):
    """The refusal of the local settings with one text replaced by another."""

    def change(old: str, new: str) -> str:
        text = LOCAL.read_text()
        assert text.count(old) == 1
        path = tmp_path / "settings.toml"
        path.write_text(text.replace(old, new))
        with pytest.raises(Refusal) as refusal:
            intent.load(path)
        assert "\n" not in refusal.value.message
        return refusal.value.message

    return change


@pytest.mark.parametrize("path", sorted(intent.INTENTS.glob("*.toml")), ids=lambda path: path.name)
def test_shipped_settings_are_valid(path):
    assert intent.load(path).label


def test_amounts_are_wei():
    settings = intent.load(LOCAL)
    assert settings.token.holders[HOLDER] == 6_000_000 * 10**18
    assert settings.prices.rates[-1] == 5 * 10**15


def test_network_without_settings_is_refused():
    with pytest.raises(Refusal, match=r"no settings for ethereum:sepolia: write deployments/int"):
        intent.of_network("ethereum", "sepolia")


def test_owner_that_cannot_answer_a_pause_is_refused(changed):
    message = changed("voting_delay = 86_400", f"voting_delay = {6 * 86_400 + 1}")
    assert message.startswith("settings.toml: governance: voting delay, period and timelock delay")


def test_owner_that_can_just_answer_a_pause_is_accepted(tmp_path):
    path = tmp_path / "settings.toml"
    text = LOCAL.read_text().replace("voting_delay = 86_400", f"voting_delay = {6 * 86_400}")
    path.write_text(text)
    governance = intent.load(path).governance
    total = governance.voting_delay + governance.voting_period + governance.timelock_delay
    assert total == 13 * 86_400


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("quorum = 10 ", "quorum = 0 ", "governance.quorum: Input should be greater"),
        ("quorum = 10 ", "quorum = 51 ", "governance.quorum: Input should be less"),
        ("timelock_delay = 172_800", "timelock_delay = 3_599", "governance.timelock_delay"),
        ("voting_period = 432_000", "voting_period = 3_599", "governance.voting_period"),
        ('threshold = "10000"', 'threshold = "0"', "governance.threshold"),
        ("late_extension = 86_400", "late_extension = 604_801", "governance.late_extension"),
        ("notice = 172_800", "notice = 2_592_001", "notice: Input should be less"),
        ("days = 180", "days = 366", "guardian.days: Input should be less"),
        ('cap = "100000000"', 'cap = "9999999"', "token: the holders get more than the cap"),
        ('"6000000"', "6000000", 'write amounts as text, e.g. "0.5"'),
        ('"6000000"', '"0.0000000000000000001"', "at most 18 decimals"),
        ('"6000000"', '"many"', "not an amount"),
        ('"6000000"', '"NaN"', "not an amount"),
        ('"2", "1", ', '"1", ', "prices.rates: List should have at least 5 items"),
        ('"2", "1", ', '"1", "2", ', "prices: a longer name is dearer"),
        ('"2", "1", ', '"5", "1", ', "prices: more than 4 ether per year"),
        (f'"{HOLDER}"', '"0x1"', "token.holders.0x1"),
        (f'"{HOLDER}"', f'"{HOLDER.replace("D1a", "d1a")}"', "the checksum of the address"),
        ('label = "uraeus"', 'label = "ur\u00e6us"', "label: not ASCII"),
        ('label = "uraeus"', 'label = ""', "label: String should have at least 1"),
        ('label = "uraeus"', 'lable = "uraeus"', "label: Field required"),
        ("[token]", "[tokens", "is not TOML"),
    ],
)
def test_bad_setting_is_refused(changed, old, new, reason):
    assert reason in changed(old, new)
