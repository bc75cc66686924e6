"""What keeps a script from starting is said in one sentence."""

import json

import pytest
from click.testing import CliRunner

from scripts import creator_day, dao, deploy
from scripts._lib import intent

pytestmark = pytest.mark.no_anchor


@pytest.fixture
def refused(tmp_path):
    """The one sentence with which a script refuses its arguments."""

    def call(command, *arguments: str) -> str:
        result = CliRunner().invoke(command, [*arguments, "--records", str(tmp_path)])
        assert result.exit_code != 0, result.output
        [sentence] = [line for line in result.output.splitlines() if line.startswith("Error: ")]
        assert result.output.splitlines()[-1] == sentence
        assert list(tmp_path.glob("*/*.json")) == []
        return sentence

    return call


def test_all_in_one_process_on_the_embedded_chain(tmp_path):
    runner = CliRunner(mix_stderr=False)
    done = runner.invoke(deploy.cli, ["all", "--json", "--records", str(tmp_path)])
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["passed"] is True
    assert found["chain_id"] == 1337
    assert {path.stem for path in (tmp_path / "1337").iterdir()} == {
        "addresses",
        "journal",
        *found["contracts"],
    }
    for told in ("To sign", "claim uraeus", "balance", found["plan"][:40]):
        assert told in done.stderr


@pytest.mark.parametrize("script", [deploy, creator_day])
@pytest.mark.parametrize("network", ["nowhere", "ethereum:local:nobody", "ethereum:nowhere:node"])
def test_unknown_network(refused, script, network):
    command = ["apply"] if script is deploy else []
    sentence = refused(script.cli, *command, "--network", network)
    assert sentence.startswith("Error: There is no such network: take --network ethereum:local:")


def test_anvil_that_is_missing(refused, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("APE_FOUNDRY_HOST", raising=False)
    sentence = refused(deploy.cli, "apply", "--network", "ethereum:local:foundry")
    assert sentence == "Error: anvil is not on the PATH: install it, or take ethereum:local:test."


def test_bad_settings(refused, tmp_path):
    text = (intent.INTENTS / "ethereum-local.toml").read_text()
    settings = tmp_path / "bad.toml"
    settings.write_text(text.replace("quorum = 10 ", "quorum = 0 "))
    sentence = refused(deploy.cli, "apply", "--settings", str(settings))
    assert sentence.startswith("Error: bad.toml: governance.quorum:")


def test_settings_that_are_missing(refused, tmp_path):
    sentence = refused(deploy.cli, "apply", "--settings", str(tmp_path / "none.toml"))
    assert sentence.endswith("does not exist.")


def test_account_that_is_unknown(refused):
    assert "There is no account nobody" in refused(deploy.cli, "apply", "--account", "nobody")


def test_holders_that_cannot_vote_in_the_story(refused, tmp_path):
    holder = "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc"
    nobody = "0x000000000000000000000000000000000000dEaD"
    text = (intent.INTENTS / "ethereum-local.toml").read_text()
    settings = tmp_path / "foreign.toml"
    settings.write_text(text.replace(holder, nobody))
    sentence = refused(creator_day.cli, "--settings", str(settings))
    assert "needs test accounts as token.holders" in sentence


# ----- DAOs -----

STUDIO = (intent.INTENTS.parent / "daos" / "studio.toml").read_text()
NOT_CHECKSUMMED = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"


def test_dao_file_that_we_show_is_good(tmp_path):
    path = tmp_path / "studio.toml"
    path.write_text(STUDIO)
    assert intent.load(path, intent.Studio).governance.threshold == 10 * 10**18


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("[token]", "[token", "is not TOML"),
        ('label = "studio"', "", "label: Field required."),
        ('label = "studio"', 'label = "studio"\nlabels = "s"', "labels: Extra inputs"),
        ("quorum = 40", "quorum = 51", "governance.quorum:"),
        ("voting_period = 86_400", "voting_period = 1_123_200", "governance: voting delay, period"),
        ('cap = "1000"', 'cap = "99"', "token: the holders get more than the cap."),
        ('= "40"', "= 40", 'write amounts as text, e.g. "0.5".'),
        ('symbol = "STUDIO"', "", "token.symbol: Field required."),
    ],
)
def test_dao_file_that_is_wrong(refused, tmp_path, old, new, where):
    assert STUDIO.count(old) == 1
    path = tmp_path / "mine.toml"
    path.write_text(STUDIO.replace(old, new))
    sentence = refused(dao.cli, "create", str(path))
    assert sentence.startswith("Error: mine.toml")
    assert where in sentence


def test_dao_over_a_token_that_is_no_address(refused, tmp_path):
    head, rest = STUDIO.split("[token]")
    governance = rest[rest.index("[governance]") :]
    path = tmp_path / "mine.toml"
    for token, reason in [
        (NOT_CHECKSUMMED, "token: the checksum of the address is wrong."),
        ("studio", "token: String should match pattern"),
    ]:
        path.write_text(f'token = "{token}"\n{head}{governance}')
        assert reason in refused(dao.cli, "create", str(path))


def test_dao_without_a_system_on_record(refused):
    sentence = refused(dao.cli, "list")
    assert (
        sentence == "Error: No system is on record for this chain: name the factory by --factory."
    )


@pytest.mark.parametrize(
    ("factory", "reason"),
    [
        ("studio", "studio is not an address."),
        ("0x" + "77" * 20, "There is no factory at 0x7777777777777777777777777777777777777777"),
    ],
)
def test_dao_factory_that_is_none(refused, factory, reason):
    assert reason in refused(dao.cli, "list", "--factory", factory)
    assert reason in refused(dao.cli, "show", "0", "--factory", factory)
