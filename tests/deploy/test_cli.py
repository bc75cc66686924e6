"""What keeps a script from starting is said in one sentence."""

import pytest
from click.testing import CliRunner

from scripts import creator_day, deploy
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


@pytest.mark.parametrize("script", [deploy, creator_day])
@pytest.mark.parametrize("network", ["nowhere", "ethereum:local:nobody", "ethereum:nowhere:node"])
def test_unknown_network(refused, script, network):
    sentence = refused(script.cli, "--network", network)
    assert sentence.startswith("Error: There is no such network: take --network ethereum:local:")


def test_anvil_that_is_missing(refused, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("APE_FOUNDRY_HOST", raising=False)
    sentence = refused(deploy.cli, "--network", "ethereum:local:foundry")
    assert sentence == "Error: anvil is not on the PATH: install it, or take ethereum:local:test."


def test_bad_settings(refused, tmp_path):
    text = (intent.INTENTS / "ethereum-local.toml").read_text()
    settings = tmp_path / "bad.toml"
    settings.write_text(text.replace("quorum = 10 ", "quorum = 0 "))
    sentence = refused(deploy.cli, "--settings", str(settings))
    assert sentence.startswith("Error: bad.toml: governance.quorum:")


def test_settings_that_are_missing(refused, tmp_path):
    sentence = refused(deploy.cli, "--settings", str(tmp_path / "none.toml"))
    assert sentence.endswith("does not exist.")


def test_account_that_is_unknown(refused):
    assert "There is no account nobody" in refused(deploy.cli, "--account", "nobody")


def test_holders_that_cannot_vote_in_the_story(refused, tmp_path):
    holder = "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc"
    nobody = "0x000000000000000000000000000000000000dEaD"
    text = (intent.INTENTS / "ethereum-local.toml").read_text()
    settings = tmp_path / "foreign.toml"
    settings.write_text(text.replace(holder, nobody))
    sentence = refused(creator_day.cli, "--settings", str(settings))
    assert "needs test accounts as token.holders" in sentence
