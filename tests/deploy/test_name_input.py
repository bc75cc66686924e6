"""What is typed about names is refused for its reason, before anything is signed."""

from types import SimpleNamespace

import pytest
from eth_utils import keccak

from scripts._lib import cid, name_input, registration
from scripts._lib.refusal import Refusal
from tests.support.names import namehash

ACCOUNT = "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc"
PAGE = cid.of_file(b"page")


def test_names_are_normalised_and_completed():
    for typed in ("alice", "alice.os", "ALICE.os", " Alice "):
        assert name_input.labels_of(typed, "os") == ["alice"]
        assert name_input.second_level(typed, "os") == "alice"
    assert name_input.labels_of("Shop.alice.os", "os") == ["shop", "alice"]
    assert name_input.labels_of("os", "os") == ["os"]
    assert name_input.node_of(["shop", "alice"], "os") == namehash("shop.alice.os")


@pytest.mark.parametrize("typed, reason", [
    ("", "A name is needed"),
    ("a..os", "is no name"),
    ("al\u200dice", "is no name"),
    ("xn--a", "is no name"),
    ("alice.eth", "does not end in .os"),
    ("shop.alice.os", "is a sub-name"),
    ("-alice", "cannot be registered"),
    ("alice-", "cannot be registered"),
    ("al_ice", "is no name"),
    ("\u00e9", "cannot be registered"),
    ("\U0001f40d", "cannot be registered"),
    ("a" * 64, "at most 63"),
])  # fmt: skip
def test_names_that_cannot_be_registered(typed, reason):
    with pytest.raises(Refusal, match=reason):
        name_input.second_level(typed, "os")


@pytest.mark.parametrize("days", [-1, 0, 27, 3_651])
def test_times_that_are_not_sold(days):
    with pytest.raises(Refusal, match="28 to 3650 days"):
        name_input.seconds(days)


@pytest.mark.parametrize("typed, reason", [
    ("", "no address"),
    ("alice.os", "no address"),
    (ACCOUNT[:-1], "no address"),
    (ACCOUNT.lower(), "checksum"),
    (ACCOUNT[:-1] + "d", "checksum"),
])  # fmt: skip
def test_addresses(typed, reason):
    assert name_input.account(ACCOUNT) == ACCOUNT
    with pytest.raises(Refusal, match=reason):
        name_input.account(typed)


@pytest.mark.parametrize("typed, reason", [
    ("avatar", "KEY=TEXT"),
    ("=x", "KEY=TEXT"),
    ("k" * 129 + "=x", "key .* more than 128"),
    ("k=" + "x" * 1025, "text .* more than 1024"),
    ("k=" + "\u00e9" * 513, "text .* more than 1024"),
])  # fmt: skip
def test_text_records(typed, reason):
    assert name_input.text_record("url=a=b") == ("url", "a=b")
    assert name_input.text_record("url=") == ("url", "")
    with pytest.raises(Refusal, match=reason):
        name_input.text_record(typed)


def test_content_of_both_versions_of_a_cid():
    later = str(PAGE.set(base="base32", version=1))
    for typed in (str(PAGE), later, f"ipfs://{PAGE}"):
        assert cid.from_contenthash(name_input.content(typed)) == PAGE


@pytest.mark.parametrize("typed, reason", [
    ("", "no CID"),
    ("Qm", "no CID"),
    ("z", "no CID"),
    ("https://a.example", "no CID"),
    ("bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy", "kind raw"),
])  # fmt: skip
def test_content_that_clients_do_not_read(typed, reason):
    with pytest.raises(Refusal, match=reason):
        name_input.content(typed)


def test_a_label_is_hashed_after_it_is_normalised():
    [label] = name_input.labels_of("ALICE", "os")
    assert keccak(text=label) == keccak(text="alice")


# ----- what survives the end of the process -----


@pytest.fixture
def pending(tmp_path, monkeypatch):
    monkeypatch.setattr(registration, "chain", SimpleNamespace(chain_id=1337))
    return registration.Pending(tmp_path, "0x01", "alice", ACCOUNT)


def wanted(**changed):
    words = {
        "label": "alice", "owner": ACCOUNT, "duration": 28 * 86_400, "resolver": ACCOUNT,
        "data": ["00ff"], "primary": False, "max_price": 7, "secret": "11" * 32,
    }  # fmt: skip
    return registration.Wanted(**{**words, **changed})


def test_a_registration_is_kept_before_it_is_sent_and_taken_up(pending):
    first = wanted()
    assert registration.begin(pending, first) == (first, False)
    assert pending.path.stat().st_mode & 0o777 == 0o600
    assert pending.path.parent.stat().st_mode & 0o777 == 0o700
    again = wanted(secret="22" * 32, max_price=9)
    assert registration.begin(pending, again) == (first, True)  # with the first one's secret
    pending.forget()
    assert registration.begin(pending, again) == (again, False)


@pytest.mark.parametrize("changed", [{"primary": True}, {"data": []}, {"duration": 1}])
def test_a_registration_of_other_options_is_not_taken_up(pending, changed):
    registration.begin(pending, wanted())
    with pytest.raises(Refusal, match="with other options"):
        registration.begin(pending, wanted(**changed))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"label": "alice"}'])
def test_a_damaged_registration_is_refused(pending, text):
    pending.keep(wanted())
    pending.path.write_text(text)
    with pytest.raises(Refusal, match="is damaged"):
        registration.begin(pending, wanted())
