"""The CIDs that Kubo 0.22 gave by `ipfs add --only-hash` for the same bytes."""

import runpy
from pathlib import Path

import pytest

from scripts._lib import cid
from tests.support.compiled import ROOT

CHUNK = 256 * 1024
PATTERN = bytes(i * 31 % 251 for i in range(251))

KUBO = {
    0: "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH",
    1: "QmS9JArPwa55ePgDnyg6TzX24mYTS1b1vLqWNebyVotKxQ",
    CHUNK - 1: "QmSgrFeJsqV9o75zCCp9w8coEnvV7w2cv331KTiSb3HCcv",
    CHUNK: "QmT8rD7ezuY8EWXZbpfYcyDFQ2SPjYBk6dB4NqneYPRxZS",
    CHUNK + 1: "QmUE3V3Sp6tLdSQDW4evXi5kazX9mH3VBnYLqzpHuAASG1",
    3 * CHUNK: "QmPk5STvpNhnq1pJKRAQjvgLbN8wUQtoyeSrTMaKZBbawg",
    174 * CHUNK: "QmZcHsnrwdAdxuqvsBMRV2yNGzsXvjk4cMGfQcBVTEZAXB",
    174 * CHUNK + 1: "QmVYLbcoJBdNX9YWuGTKFhcgR8ktzKWZtSNMsQmkRTTF78",
    175 * CHUNK + 7: "QmTKkgAD1FNvzKC6enb7mVEJicBCbT4nKRAEsDtPc2yyTs",
}
SONG = "QmWi5jFS8T6dEJviAjaLxME91PQNXVt8kmxYbMAHC37bqX"


@pytest.mark.parametrize("size", KUBO)
def test_file_of_each_shape_has_the_address_that_kubo_gives(size):
    content = (PATTERN * (size // len(PATTERN) + 1))[:size]
    assert str(cid.of_file(content)) == KUBO[size]


def test_shipped_song_has_several_chunks_and_the_address_that_kubo_gives():
    song = (ROOT / "media" / "first-song.wav").read_bytes()
    assert len(song) > 2 * CHUNK
    assert str(cid.of_file(song)) == SONG


def test_song_is_composed_to_the_same_bytes_again(tmp_path: Path):
    again = tmp_path / "song.wav"
    runpy.run_path(str(ROOT / "media" / "compose.py"))["main"](again)
    assert again.read_bytes() == (ROOT / "media" / "first-song.wav").read_bytes()


def test_contenthash_is_dag_pb_and_names_the_file_again():
    address = cid.of_file(b"")
    content = cid.contenthash(address)
    assert content.hex().startswith("e30101701220")
    assert content[6:] == address.raw_digest
    assert cid.from_contenthash(content) == address


def test_contenthash_of_another_network_is_refused():
    swarm = bytes.fromhex("e40101fa011b20") + bytes(32)
    with pytest.raises(ValueError, match="expected an IPFS content hash"):
        cid.from_contenthash(swarm)
