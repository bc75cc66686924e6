"""The table of a split: what is refused, in one sentence that says where."""

import pytest

from scripts._lib import shares
from scripts._lib.amounts import ETH, Asset
from scripts._lib.found import checked
from scripts._lib.refusal import Refusal

ONE, TWO, THREE = (f"0x{number:040x}" for number in (1, 2, 3))


def table(*rows: tuple[str, str]) -> shares.Table:
    return shares.table([shares.Row(f"row {n}", *row) for n, row in enumerate(rows, 1)], checked)


def test_table_is_ascending_and_in_lowest_terms():
    made = table((THREE, "40"), (ONE, "20"), (TWO, "60"))
    assert made.addresses == [ONE, TWO, THREE]
    assert made.shares == [1, 3, 2]
    assert made.total == 6


def test_csv_with_a_header_comments_and_blank_lines(tmp_path):
    file = tmp_path / "team.csv"
    file.write_text(f"\ufeffRecipient, Share\n\n# the band\n{ONE}, 3\n {TWO},4\n")
    rows = shares.of_csv(file)
    assert [(row.where, row.recipient, row.share) for row in rows] == [
        ("team.csv, line 4", ONE, "3"),
        ("team.csv, line 5", TWO, "4"),
    ]


def test_csv_without_a_header(tmp_path):
    file = tmp_path / "team.csv"
    file.write_text(f"{ONE},3\n{TWO},4")
    assert [row.share for row in shares.of_csv(file)] == ["3", "4"]


@pytest.mark.parametrize("line", ["alone", "a,b,c", "a;1"])
def test_csv_with_other_than_two_columns(tmp_path, line):
    file = tmp_path / "team.csv"
    file.write_text(f"{ONE},3\n{line}\n")
    with pytest.raises(Refusal, match=r"team.csv, line 2: \d columns: write recipient,share"):
        shares.of_csv(file)


def test_csv_that_is_no_text(tmp_path):
    file = tmp_path / "team.csv"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Refusal, match="not a text file in UTF-8"):
        shares.of_csv(file)


def test_csv_that_is_missing(tmp_path):
    with pytest.raises(Refusal, match=r"Cannot read none.csv: No such file"):
        shares.of_csv(tmp_path / "none.csv")


def test_argument_without_a_share():
    with pytest.raises(Refusal, match=r"alice\.os: write recipient=share"):
        shares.of_arguments(["alice.os"])


@pytest.mark.parametrize("share", ["", "0", "-1", "1.5", "x", "1e3", "\u0661", str(2**32)])
def test_share_that_is_none(share):
    with pytest.raises(Refusal, match=r"row 2: the share .* is not a whole number from 1 to"):
        table((ONE, "1"), (TWO, share))


def test_shares_that_add_up_to_too_much():
    with pytest.raises(Refusal, match="add up to 1,000,001; a split takes 1,000,000"):
        table((ONE, "1"), (TWO, "1000000"))
    assert table((ONE, "2"), (TWO, "1999998")).total == 1_000_000


def test_recipient_that_is_there_before():
    with pytest.raises(Refusal, match=f"row 3: {ONE} is there before: row 1"):
        table((ONE, "1"), (TWO, "1"), (ONE, "2"))


@pytest.mark.parametrize("count", [0, 1, 101])
def test_too_few_or_too_many_recipients(count):
    rows = [(f"0x{number:040x}", "1") for number in range(1, count + 1)]
    with pytest.raises(Refusal, match=f"A split has 2 to 100 recipients, not {count}"):
        table(*rows)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not an address"),
        ("0x12", "is not an address"),
        ("0x" + "00" * 20, "The zero address cannot be paid"),
        ("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92267", "wrong checksum"),
    ],
)
def test_recipient_that_is_no_address(text, reason):
    with pytest.raises(Refusal, match=f"row 2: .*{reason}"):
        table((ONE, "1"), (text, "1"))


@pytest.mark.parametrize(
    ("decimals", "text", "units"), [(18, "0.5", 5 * 10**17), (0, "7", 7), (2, "1.05", 105)]
)
def test_amount_is_read_and_shown(decimals, text, units):
    asset = Asset(ONE, "T", decimals)
    assert asset.read(text) == units
    assert asset.show(units) == f"{text} T"


@pytest.mark.parametrize("text", ["", "x", "-1", "1,5", ".5", "1e18", "0", "0.0", "1" * 61])
def test_amount_that_is_none(text):
    with pytest.raises(Refusal):
        ETH.read(text)


def test_amount_with_too_many_decimals():
    with pytest.raises(Refusal, match="more than the 0 decimals of T"):
        Asset(ONE, "T", 0).read("1.5")
