"""Return sheets: one pair per county that is asked something, cells marked where they stand."""

import openpyxl
from bs4 import BeautifulSoup

from conftest import tongbao

WENZHOU = "data/processed/wenzhou-monthly/2021-01-to-02/feedback"


def test_each_county_asked_gets_a_workbook_and_a_page(project):
    said = tongbao(project, "check", "wenzhou-monthly").stdout
    assert "3 return sheets: " in said
    names = sorted(path.name for path in (project / WENZHOU).iterdir())
    assert names == sorted(
        f"{unit}.{kind}" for unit in ("文成县", "平阳县", "浙南产业集聚区") for kind in ("html", "xlsx")
    )


def test_the_cell_in_question_is_marked_and_explained(project):
    tongbao(project, "check", "taizhou-andun")
    book = openpyxl.load_workbook(project / "data/processed/taizhou-andun/2019-04-to-06/feedback/路桥区.xlsx")
    overview, table = book["核对意见"], book["“2019安盾”2号专项执法行动情况统计表"]
    assert overview["A1"].value == "路桥区：2019年4-6月“2019安盾”2号专项执法行动数据核对意见"
    assert "现场检查记录（696份）大于检查家次（652家次）" in overview["E5"].value
    assert overview["D5"].value.endswith("annex.csv C4")
    header = [cell.value for cell in table[2]]
    records, cases = header.index("制作现场检查记录（份）"), header.index("立案调查（起）")
    assert table[3][records].value == "696"
    assert "存疑，请核实" in table[3][records].comment.text
    assert table[3][cases].comment is None
    assert not table[4][records].protection.locked
    assert table.protection.sheet


def test_the_page_says_the_same(project):
    tongbao(project, "check", "wenzhou-monthly")
    page = BeautifulSoup((project / WENZHOU / "浙南产业集聚区.html").read_text("utf-8"), "html.parser")
    assert "案件数为1起，罚款额却为空白" in page.get_text()
    marked = [cell.get_text() for cell in page.select("td.warning")]
    assert marked == ["（空白）", "1"]


def test_a_later_check_leaves_no_old_sheet(project):
    tongbao(project, "check", "taizhou-andun")
    path = project / "data/raw/taizhou-andun/2019-04-to-06/annex.csv"
    path.write_text(
        path.read_text("utf-8").replace("路桥区,652,696", "路桥区,652,596").replace("5633", "5533"), "utf-8"
    )
    tongbao(project, "check", "taizhou-andun")
    folder = project / "data/processed/taizhou-andun/2019-04-to-06/feedback"
    assert sorted(path.stem for path in folder.iterdir()) == ["温岭市", "温岭市"]


def test_a_county_whose_cells_cannot_be_read_gets_a_sheet(project):
    path = project / "data/raw/wenzhou-monthly/2021-01-to-02/annex1.csv"
    text = path.read_text("utf-8")
    assert "鹿城区,42.5,42.5," in text
    assert "龙湾区,34.3," in text
    path.write_text(
        text.replace("鹿城区,42.5,42.5,", "鹿城区,四十二,-1,")
        .replace("龙湾区,34.3,", "龙湾区,3 4.3,")
        .replace("瓯海区,23,", "瓯海区,<b>2\u202e3</b>,"),
        "utf-8",
    )
    finished = tongbao(project, "check", "wenzhou-monthly", code=1)
    assert "3 return sheets: " in finished.stdout
    assert "annex1.csv B2" in finished.stderr
    folder = project / "data/processed/wenzhou-monthly/2021-01-to-02/feedback"
    names = {f"{unit}.{suffix}" for unit in ("鹿城区", "龙湾区", "瓯海区") for suffix in ("html", "xlsx")}
    assert {file.name for file in folder.iterdir()} == names
    page = (folder / "鹿城区.html").read_text("utf-8")
    assert "罚款总数（万元）：“四十二”不是数字。" in page
    assert "“-1”超出范围，应不小于0。" in page
    sheet = openpyxl.load_workbook(folder / "龙湾区.xlsx").active
    asked = "全市安全生产执法有关数据汇总表", "annex1.csv B3", "罚款总数（万元）：“3 4.3”不是数字，中间有空格。"
    assert tuple(cell.value for cell in sheet[5])[2:] == asked
    page = (folder / "瓯海区.html").read_text("utf-8")
    assert "“&lt;b&gt;2\\u202e3&lt;/b&gt;”不是数字" in page
    assert "\u202e" not in page
