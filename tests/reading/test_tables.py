"""Bad files: each gives the place, what was found and what was expected, and no traceback."""

import os
from decimal import Decimal
from pathlib import Path

import pytest
from returns import GOOD, saved, workbook

from conftest import edit
from tongbao.basics.errors import DataError, UsageError
from tongbao.basics.period import Period
from tongbao.definition.project import Project
from tongbao.reading.cell import Source
from tongbao.reading.received import read_received

PERIOD = Period.parse("2021-01-to-02")
FOLDER = Path("data/raw/wenzhou-monthly/2021-01-to-02")


def receive(project: Path):
    found = Project.find(project)
    return read_received(found, found.get_series("wenzhou-monthly"), PERIOD)


def test_every_cell_knows_where_it_stands(project):
    cell = receive(project).tables["enforcement"].cell("longgang", "penalty_rate")
    assert cell.value == Decimal("7.69")
    assert cell.source == Source("data/raw/wenzhou-monthly/2021-01-to-02/annex1.csv", None, 14, "G")


def test_a_period_read_of_late_is_read_again_only_if_a_file_of_it_changed(project):
    path = project / FOLDER / "annex1.csv"
    known, moved = receive(project), project.with_name("elsewhere")
    assert receive(project) is known
    was = path.stat()
    edit(path, "7.69", "7.70")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))  # of one size, at one time
    changed = receive(project)
    assert changed.tables["enforcement"].cell("longgang", "penalty_rate").value == Decimal("7.70")
    assert changed.files != known.files
    edit(path, "7.70", "7.69")
    (project / FOLDER / "more").mkdir()
    assert receive(project) is known
    (project / FOLDER / "annex1.xlsx").touch()
    with pytest.raises(DataError, match="the same table twice"):
        receive(project)
    (project / FOLDER / "annex1.xlsx").unlink()
    path.rename(moved)
    path.symlink_to(moved)
    with pytest.raises(UsageError, match="leads out of the project"):
        receive(project)


def test_figures_keep_their_digits_and_blanks_stay_blank(project):
    table = receive(project).tables["hazchem"]
    assert table.cell("zhenan", "hazchem_fines").text == "5.10"
    assert str(table.cell("zhenan", "hazchem_fines").value) == "5.10"
    assert table.cell("wencheng", "hazchem_fines").value == 0
    assert receive(project).tables["enforcement"].cell("wencheng", "fines").value is None


def test_facts_keep_their_digits_and_know_their_cell(project):
    number = receive(project).facts["inspections"]
    assert (number.value, number.cell.value, number.cell.source.column) == (Decimal(248), Decimal(248), "C")


@pytest.mark.parametrize(
    ("fact", "typed", "value", "printed"),
    [
        ("inspections", '"1,248"', 1248, "1248"),
        ("inspections", "９５０", 950, "950"),
        ("inspections", "248家次", 248, "248"),
        ("february_drop", "30.50%", "30.50", "30.50"),
        ("february_drop", "３０％", 30, "30"),
        ("february_drop", "5-10", None, "5-10"),
    ],
)
def test_a_fact_is_read_as_a_cell_is(project, fact, typed, value, printed):
    old = "248" if fact == "inspections" else "30"
    edit(project / FOLDER / "facts.csv", f",{old},", f",{typed},")
    found = receive(project).facts[fact]
    assert (found.value, found.text) == (None if value is None else Decimal(value), printed)
    assert found.row["数值"] == found.cell.text == typed.strip('"'), "as written"


def test_a_stray_space_in_a_name_is_no_new_unit(project):
    assert "浙南产业 集聚区" in (project / FOLDER / "annex1.csv").read_text("utf-8")
    assert "zhenan" in receive(project).tables["enforcement"].rows


def test_byte_order_mark_and_full_width_brackets_are_read(project):
    path = project / FOLDER / "annex1.csv"
    path.write_text("\ufeff" + path.read_text("utf-8").replace("（", "(").replace("）", ")"), "utf-8")
    assert receive(project).tables["enforcement"].cell("lucheng", "fines").value == Decimal("42.5")


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("龙湾区,34.3", "龙弯区,34.3", "annex1.csv A3", ["unknown reporting unit", "龙弯区", "did you mean 龙湾区?"]),
        ("龙湾区,34.3", "鹿城区,34.3", "annex1.csv A3", ["stands twice", "annex1.csv A2"]),
        ("龙湾区,34.3,34.3,4,100.00,1,92.86,1,100,1\n", "", "annex1.csv", ["missing", "龙湾区"]),
        ("龙湾区,34.3", "龙湾区,三十四", "annex1.csv B3", ["not a number", "三十四"]),
        ("龙湾区,34.3", "龙湾区,1e5", "annex1.csv B3", ["not a number", "1e5"]),
        ("龙湾区,34.3", "龙湾区,-34.3", "annex1.csv B3", ["out of range", "at least 0"]),
        ("龙湾区,34.3", '龙湾区,"34,3"', "annex1.csv B3", ["not a number"]),
        ("龙湾区,34.3", "龙湾区,34,3", "annex1.csv row 3", ["wrong number of cells", "11", "10"]),
        ("检查处罚率（%）", "处罚率", "annex1.csv row 1", ["column is missing", "检查处罚率（%）"]),
        ("收缴率（%）,排序", "收缴率（%）,名次", "annex1.csv J1", ["the series does not declare", "名次"]),
        ("单位,罚款", "区划,罚款", "annex1.csv", ["no header row", "区划", "单位", "unit_header"]),
        ("龙湾区,34.3", '"龙湾区,34.3', "annex1.csv", ["not valid CSV"]),
    ],
)  # fmt: skip
def test_a_broken_table_is_refused_at_its_place(project, old, new, place, words):
    edit(project / FOLDER / "annex1.csv", old, new)
    with pytest.raises(DataError) as caught:
        receive(project)
    assert place in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_ranks_and_computed_rates_may_be_left_out(project):
    path = project / FOLDER / "annex2.csv"
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    path.write_text("\n".join(",".join(row[:4] + row[5:]) for row in rows), "utf-8")
    assert "hazchem_fines_rank" not in receive(project).tables["hazchem"].rows["lucheng"]


def test_one_of_several_columns_of_ranks_may_be_left_out(project):
    """Each 排序 stands behind its own figure; the one of another column is not taken for it."""
    path = project / FOLDER / "annex1.csv"
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    path.write_text("\n".join(",".join(row[:3] + row[4:]) for row in rows), "utf-8")
    row = receive(project).tables["enforcement"].rows["longwan"]
    ranks = {name: str(cell.value) for name, cell in row.items() if name.endswith("_rank")}
    assert ranks == dict.fromkeys(ranks, "1")
    assert "non_accident_fines_rank" not in ranks
    assert len(ranks) == 3


def test_an_undeclared_column_is_named(project):
    path = project / FOLDER / "annex1.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[0] + ",编制人数", *(line + "," for line in lines[1:])]) + "\n", "utf-8")
    with pytest.raises(DataError, match=r"K1: a column that the series does not declare"):
        receive(project)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"", "file is empty"), (b"\n\n", "file is empty"), (b"\xff\xfe\xfd\xfc\x80", "encoding|header")],
)
def test_unreadable_files(project, content, complaint):
    (project / FOLDER / "annex1.csv").write_bytes(content)
    with pytest.raises(DataError, match=complaint):
        receive(project)


def test_a_missing_file_is_named(project):
    (project / FOLDER / "annex2.csv").unlink()
    (project / FOLDER / "汇总（最终版）.XLSX").write_bytes(b"")
    with pytest.raises(DataError, match=r"annex2.csv: file is missing") as refused:
        receive(project)
    assert refused.value.found == "汇总（最终版）.XLSX"
    assert refused.value.hint == "if 汇总（最终版）.XLSX is that table, name it annex2.xlsx"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("penalties,全市", "inspections,全市", "a fact stands twice"),
        ("全市检查企业,248", "全市检查企业,", "a fact without a value"),
        ("温州市应急管理局 2021年3月10日通报 一、基本情况", "", "a fact without a source"),
        ("全市检查企业,248", "全市检查企业,—", "a fact without a value"),
        ("全市检查企业,248", '全市检查企业,"1,20"', "facts.csv C2: not a number"),
        ("全市检查企业,248", "全市检查企业,97.2%", "facts.csv C2: a percentage where none is expected"),
        ("全市检查企业,248", "全市检查企业,1 200", "facts.csv C2: not a number: a space stands in it"),
        ("全市检查企业,248", "全市检查企业,24①", "facts.csv C2: not a number"),
        ("全市检查企业,248", "全市检查企业,2.48E+05", "facts.csv C2: not a number"),
        ("全市检查企业,248", "全市检查企业,0248", "facts.csv C2: not a plain number"),
        ("全市检查企业,248", "全市检查企业,约二百", "facts.csv C2: words with a unit of measurement"),
        ("全市检查企业,248", "全市检查企业,约248家", "facts.csv C2: words with a unit of measurement"),
        ("编号,名称", "编号,名字", "not the columns of a facts file"),
        ("inspections,全市", "全市检查 1,全市", "not a fact's id"),
        ("全市检查企业,248", "全市\u202e检查企业,248", "facts.csv B2: a sign that is not seen"),
    ],
)
def test_facts_need_an_id_a_value_and_a_source(project, old, new, complaint):
    edit(project / FOLDER / "facts.csv", old, new)
    with pytest.raises(DataError, match=complaint):
        receive(project)


def units_told(project, title, header="处罚金额"):
    """Read the fines under a title row and a header; 万元 is declared."""
    path = project / FOLDER / "annex2.csv"
    text = path.read_text("utf-8").replace("处罚金额（万元）", header)
    path.write_text(f"{title}\n{text}" if title else text, "utf-8")
    receive(project)


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("危化品表,,,,,单位：元,", "单位:元"),
        ("（单位：元）,,,,,,", "单位:元"),
        ("填报单位：市局,,,,计量单位：元,,", "计量单位:元"),
        ("单位：市局 计量单位：元,,,,,,", "单位:市局 计量单位:元"),
        ("金额单位：人民币元,,,,,,", "金额单位:人民币元"),
        ("2021年1-2月 单 位：起、吨、元,,,,,,", "单 位:起、吨、元"),
        ("单位：,元,,,,,", "单位: 元"),
        ("单位：亿元,,,,,,", "单位:亿元"),
        ("（金额：元）,,,,,,", "金额:元"),
        ("单位（元）,,,,,,", "单位(元"),
        ("危化品表,,,单位 元,,,", "单位 元"),
        ("以元为单位,,,,,,", "以元为单位"),
        ("危化品打非治违报表（元）,,,,,,", "元"),
    ],
)
def test_a_line_above_the_table_gives_the_unit_where_the_header_does_not(project, title, found):
    with pytest.raises(DataError, match="a column is in another unit") as refused:
        units_told(project, title)
    assert refused.value.place.endswith("annex2.csv row 1")
    assert (refused.value.found.strip("() "), refused.value.expected) == (found, "处罚金额（万元）: figures in 万元")


@pytest.mark.parametrize(
    ("title", "header"),
    [
        ("单位：万元,,,,,,", "处罚金额"),
        ("单位：起、吨、万元、人,,,,,,", "处罚金额"),
        ("单位：元,,,,,,", "处罚金额（万元）"),
        ("单位：起,,,,,,", "处罚金额"),
        ("填报单位：元,,,,,,", "处罚金额"),
        ("单位：人民医院,,,,,,", "处罚金额"),
        ("危化品打非治违报表（试行）,,,,,,", "处罚金额"),
        ("单位 市局,,,,,,", "处罚金额"),
    ],
)
def test_a_line_above_the_table_that_fits_is_no_fault(project, title, header):
    units_told(project, title, header)


@pytest.mark.parametrize("across", ["A1:G1", "D1:G1"])
def test_a_unit_in_a_merged_line_is_of_each_column_below(project, across):
    (project / FOLDER / "annex2.csv").unlink()
    book = workbook([["", "", "", "", "", "", ""], [text.replace("（万元）", "") for text in GOOD[0]], *GOOD[1:]])
    book.active[across.partition(":")[0]] = "2021年1-2月危化品报表（单位：元）"
    book.active.merge_cells(across)
    (project / FOLDER / "annex2.xlsx").write_bytes(saved(book))
    with pytest.raises(DataError, match="a column is in another unit") as refused:
        receive(project)
    assert refused.value.expected == "处罚金额（万元）: figures in 万元"


def test_a_row_of_units_below_the_header_may_tell_another(project):
    path = project / FOLDER / "annex2.csv"
    header, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([header.replace("（万元）", ""), ",起,吨,元,,起,人", *rows]), "utf-8")
    with pytest.raises(DataError, match="a column is in another unit"):
        receive(project)


def test_a_declared_header_without_its_unit_takes_no_other(project):
    edit(project / "reports" / "wenzhou-monthly" / "series.yml", "header: 处罚金额（万元）", "header: 处罚金额")
    with pytest.raises(DataError, match="a column is in another unit") as refused:
        units_told(project, "", "处罚金额（元）")
    assert (refused.value.found, refused.value.expected) == ("处罚金额(元)", "处罚金额: figures in 万元")
