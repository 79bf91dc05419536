"""Workbooks made to do harm, and numbers that nothing keeps."""

import io
import zipfile

import pytest
from returns import as_csv, saved, workbook

from tongbao.basics.errors import DataError, legible
from tongbao.reading.grid import read_sheets
from tongbao.reading.labels import read_number


def archive(change, good=None):
    """A workbook whose parts are changed: ``change`` takes name and content."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(good or saved(workbook()))) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return out.getvalue()


def entity(name, data):
    outside = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return (
        data.replace(b"<worksheet", outside + b"<worksheet", 1).replace(b"<v>", b"<v>&a;", 1)
        if "sheet1" in name
        else data
    )


def laughs(name, data):
    more = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    inside = b'<!DOCTYPE x [<!ENTITY a "' + b"x" * 50 + b'">' + more + b"]>"
    return (
        data.replace(b"<workbook", inside + b"<workbook", 1).replace(b'name="', b'name="&j;', 1)
        if name == "xl/workbook.xml"
        else data
    )


def shorter_than_it_is(data):
    """The archive, whose directory says that its longest part has ten bytes, as its header does."""
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        longest = max(made.infolist(), key=lambda info: info.file_size)
    size = longest.file_size.to_bytes(4, "little")
    assert data.count(size) >= 2
    return data.replace(size, (10).to_bytes(4, "little"))


def read(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    return read_sheets(tmp_path / name, name)


@pytest.mark.parametrize(
    "data",
    [
        archive(laughs),
        shorter_than_it_is(saved(workbook())),
        saved(workbook())[:3000] + b"\xff" * 50 + saved(workbook())[3050:],
        archive(lambda name, data: data + b"<c " * 200_000 if "sheet1" in name else data),
    ],
    ids=["entities", "false length", "damage", "tags without end"],
)
def test_a_hostile_workbook_is_refused(tmp_path, data):
    with pytest.raises(DataError) as refused:
        read(tmp_path, "a.xlsx", data)
    assert refused.value.place == "a.xlsx"


def test_nothing_outside_is_read_for_a_workbook(tmp_path):
    try:
        sheets = read(tmp_path, "a.xlsx", archive(entity))
    except DataError:
        return
    assert not [cell.text for row in sheets[0].rows for cell in row if "root:" in cell.text]


def test_an_old_workbook_in_a_circle_is_refused(tmp_path):
    """Its first chain of sectors leads to itself: its reader would take all memory, and ends in a process of its own."""
    import xlwt

    book, out = xlwt.Workbook(), io.BytesIO()
    book.add_sheet("a").write(0, 0, "单位")
    book.save(out)
    data = bytearray(out.getvalue())
    directory = int.from_bytes(data[48:52], "little")
    table = int.from_bytes(data[76:80], "little")
    at = 512 * (table + 1) + 4 * directory
    data[at : at + 4] = directory.to_bytes(4, "little")
    with pytest.raises(DataError, match="not a workbook that can be read") as refused:
        read(tmp_path, "a.xls", bytes(data))
    assert refused.value.place == "a.xls"


@pytest.mark.parametrize("text", ["9" * 19, "0.1234567890123", "-" + "1" * 40 + ".5", "1" * 5000])
def test_more_digits_than_are_kept_are_no_figure(text):
    with pytest.raises(ValueError, match="more digits than are kept: 18 before the point and 12 behind it"):
        read_number(text)


@pytest.mark.parametrize("text", ["٣٤", "१२३", "𝟏𝟐", "½", "2①", "3²", "4₁", "Ⅻ", "NaN", "inf", "1e5", "0x10", "1_000"])
def test_other_digits(text):
    """Only full-width digits are 0 to 9 in another dress."""
    with pytest.raises(ValueError, match="not a number"):
        read_number(text)


def test_a_float_that_is_none_is_said(tmp_path):
    import duckdb

    duckdb.sql(
        "SELECT '甲' AS a, 'nan'::DOUBLE AS b, 'inf'::DOUBLE AS c, 1e300 AS d, 123456789012345678::BIGINT AS e"
    ).write_parquet(str(tmp_path / "a.parquet"))
    (_, row) = read_sheets(tmp_path / "a.parquet", "a.parquet")[0].rows
    assert [cell.problem for cell in row[1:3]] == ["not a number"] * 2
    assert "more digits" in row[3].problem
    assert (row[4].text, row[4].problem) == ("123456789012345678", None)


def test_messages_do_not_act(tmp_path):
    with pytest.raises(DataError) as refused:
        read(tmp_path, "a.csv", as_csv([["单位", "\x1b[31m\u202e"], ["甲", "a", "b"]]).encode())
    assert "\x1b" not in str(refused.value)
    assert legible("\x1b[31m\u202e") == "\\u001b[31m\\u202e"
