"""Bundles hold what the bytes are made of, and are handed to explorers as they are."""

from types import SimpleNamespace

import pytest

from scripts._lib import intent, sources
from scripts._lib.build import artifact
from scripts._lib.plan import system
from scripts._lib.refusal import Refusal

CLAIMER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"


@pytest.fixture(scope="module")
def plan():
    return system(intent.of_network("ethereum", "local"), CLAIMER)


def test_bundle_compiles_to_the_init_code_of_the_plan():
    """NamePricing: two sources."""
    made = sources.bundle("NamePricing")
    assert sources.init_code(made) == artifact("NamePricing").init_code
    changed = {**made, "settings": {**made["settings"], "bytecodeMetadata": True}}
    assert sources.init_code(changed) != artifact("NamePricing").init_code


def test_bundle_tells_nothing_of_where_it_was_made():
    made = sources.bundle("Gate")
    assert "snekmate/utils/merkle_proof_verification.vy" in made["sources"]
    assert all(
        path.split("/")[0] in {"contracts", "interfaces", "snekmate"} for path in made["sources"]
    )
    assert made["settings"]["search_paths"] == ["."]


@pytest.mark.parametrize("broken", [{}, {"language": "Vyper", "sources": {}, "settings": {}}])
def test_bundle_that_does_not_compile_gives_nothing(broken):
    assert sources.init_code(broken) is None


@pytest.mark.parametrize("text", [b"{", b'{"a": ' * 50_000, b"\xff", b"[]"], ids=range(4))
def test_bundle_that_is_none_is_refused(tmp_path, text):
    """Whoever handed it on: nesting without an end would end the interpreter."""
    (tmp_path / "Media.json").write_bytes(text)
    with pytest.raises(Refusal, match=r"Media\.json is not JSON: remove it"):
        sources.kept("Media", tmp_path)


def test_bundle_on_file_is_the_one_that_was_written(tmp_path):
    for _ in range(2):
        assert sources.kept("NamePricing", tmp_path) == sources.bundle("NamePricing")


@pytest.fixture
def asked(monkeypatch):
    """What an explorer's client is asked, by either plugin's names."""
    monkeypatch.setattr(
        sources.contracts, "chain", SimpleNamespace(provider=SimpleNamespace(chain_id=10))
    )
    questions = []

    def ask(*arguments, **named):
        questions.append((arguments, named))
        return "job 1"

    return ask, questions


def test_sourcify_gets_our_bundle(plan, asked):
    ask, questions = asked
    explorer = SimpleNamespace(client=SimpleNamespace(submit_verification=ask))
    part, made = plan.parts["Media"], sources.bundle("Media")
    assert sources.publish(explorer, part, made, "0x12") == "job 1"
    [(arguments, named)] = questions
    assert arguments == (10, part.address)
    assert named["std_json_input"]["settings"]["bytecodeMetadata"] is False
    assert named["contract_identifier"] == "contracts/access/Media.vy:Media"
    assert named["creation_transaction_hash"] == "0x12"


def test_etherscan_gets_our_bundle_and_the_arguments(plan, asked):
    ask, questions = asked
    client = SimpleNamespace(verify_source_code=ask)
    factory = SimpleNamespace(get_contract_client=lambda address: client)
    part, made = plan.parts["Media"], sources.bundle("Media")
    assert sources.publish(SimpleNamespace(_client_factory=factory), part, made, None) == "job 1"
    [((given, version), named)] = questions
    assert (given, version) == (made, "0.4.3")
    names = plan.parts["Names"].address
    assert named["constructor_arguments"] == names[2:].lower().rjust(64, "0")
    assert named["language"] == "vyper"
