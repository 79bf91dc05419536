"""What the checker must find: each fault put into a bulletin, and the words it is told in."""

import json
import shutil
from hashlib import sha256

import pytest
import sample

from tongbao_verify.checker import check, find_bulletins, main
from tongbao_verify.document import Document
from tongbao_verify.page import read_page

RAW = "data/raw/demo/2024-03/main.csv"
BEFORE = "data/raw/demo/2023-03/main.csv"
PAGE = "_site/reports/demo/2024-03.html"
RECORDS = ("data/processed/demo/2024-03/findings.json", "_site/reports/demo/2024-03.json")


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return sample.write(tmp_path_factory.mktemp("good"))


@pytest.fixture
def project(good, tmp_path):
    return shutil.copytree(good, tmp_path / "project")


def account(project):
    ((record, pages),) = find_bulletins(project)
    return check(record, pages, [project]), pages


def left(project):
    return list(account(project)[0].left)


def change(project, name, old, new):
    path = project / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def change_record(project, edit):
    """Edit the record, and its published copy with it."""
    for name in RECORDS:
        record = json.loads((project / name).read_text("utf-8"))
        edit(record)
        (project / name).write_text(json.dumps(record, ensure_ascii=False), "utf-8")


def receive(project, old, new):
    """A raw file that was read so: its SHA-256 on record is the new one."""
    change(project, RAW, old, new)
    digest = sha256((project / RAW).read_bytes()).hexdigest()
    change_record(project, lambda record: record["inputs"].update({RAW: digest}))


def test_a_whole_bulletin_is_clean(project):
    assert left(project) == []


def test_why_a_key_figure_has_no_change_is_said_on_the_page_alone(project):
    change(project, PAGE, "<p>现将", '<p class="not-compared">检查：2月未报送。</p>\n<p>现将')
    change_record(project, lambda record: record.update(not_compared=["检查：2月未报送。"]))
    record, pages = account(project)
    assert list(record.left) == []
    prints = Document("2024-03.html", "zh", record, read_page(pages.with_suffix(".html"))).check_page()
    assert [block for _, block, _ in prints if "未报送" in block] == []


def test_an_axis_may_begin_below_zero(project):
    change(project, PAGE, "<text>0</text><text>20</text>", "<text>\u221240</text><text>0</text>")
    assert left(project) == []
    change(project, PAGE, "<text>\u221240</text>", "<text>40</text>")
    assert [one.reason for one in left(project)] == ["an uneven scale"]


PAGES = {
    "a digit of a marked number": (">22.11</span>", ">22.12</span>", "recomputed 22.11"),
    "a digit in a table": (">20.00<", ">20.01<", "recomputed 20.00"),
    "a blank filled": ('data-figure="cases@bei"></span>', 'data-figure="cases@bei">3</span>', "recomputed blank"),
    "a name for another": ('below:unit@xi">西城区', 'below:unit@xi">东城区', "not the name that is marked: 西城区"),
    "a marked name": ('top:unit@nan">南城区', 'top:unit@nan">北城县', "not the name that is marked: 南城区"),
    "a number without a mark": ("继续推进", "继续推进12项", "neither marked nor written so by hand"),
    "a number in an element called like one that is not shown": ("继续推进", '继续推进<span class="script nav">12项</span>', "neither marked nor written so by hand"),
    "a name without a mark": ("西城区要整改", "西城区、北城县要整改", "neither marked nor written so by hand"),
    "a date": ("现将2024年3月", "现将2024年5月", "neither marked nor written so by hand"),
    "a declared name": ("报送A3表", "报送A4表", "neither marked nor written so by hand"),
    "words of a sentence": ("列前", "列后", "recorded: 处罚率列前2位为南城区和东城区"),
    "a qualifier": ("1234次以上", "1234次以下", "recomputed 1234次以上"),
    "a heading's ordinal": ("二、下一步", "三、下一步", "heading 2 of its level"),
    "a figure marked as a blank": ('<td><span data-figure="visits@dong">40</span>', '<td class="blank" data-figure="visits@dong"><span>—</span><span>未报送</span>', "recomputed 40"),
    "a number beside a blank's mark": ('<td><span data-figure="cases@bei"></span>', '<td class="blank" data-figure="cases@bei"><span>—3</span>', "recomputed blank"),
    "a rank of something else": ("<th>排名</th>", "<th>立案排名</th>", "here stand"),
    "a header without its unit": ("<th>检查（家次）</th>", "<th>检查</th>", "here stand"),
    "another unit above the table": ('<table class="annex-table"><thead><tr><th>单位</th><th>检查（家次）</th>', '<p class="table-aside">单位：起</p><table class="annex-table"><thead><tr><th>单位</th><th>检查</th>', "here stand"),
    "the row of another unit": ('annex-main:unit@dong">东城区', 'annex-main:unit@bei">北城县', "the row of bei"),
    "another name in a row": ('unit@dong">东城区', 'unit@dong">北城县', "not the name that is marked: 东城区"),
    "headers that changed places": ("<th>检查（家次）</th><th>立案（起）</th>", "<th>立案（起）</th><th>检查（家次）</th>", "here stand 检查（家次）, 立案（起）"),
    "columns that changed places": ('"visits@dong">40</span></td><td><span data-figure="cases@dong">8', '"cases@dong">8</span></td><td><span data-figure="visits@dong">40', "here stand visits, cases, rate, rank(rate)"),
    "a calculation": ("10 ÷ 25 × 100 = 40.00%", "10 ÷ 26 × 100 = 40.00%", "it is 10 ÷ 25 × 100 = 40.00"),
    "a formula's number": ("立案 ÷ 检查 × 100<", "立案 ÷ 检查 × 10<", "10 does not belong here"),
    "a cell in the evidence": ("南城区 立案 10", "南城区 立案 11", "the cell of cases@nan holds 10"),
    "a place in the evidence": ("第3行C列", "第4行C列", "it is 3 C"),
    "a digest": ('main.csv">', 'main.csv">0', "the input is"),
    "which way a key figure changed": ("同比下降<", "同比上升<", "recorded: 同比下降5.0%"),
    "what a key figure is compared with": ("同比下降<", "比2月下降<", "recorded: 同比下降5.0%"),
    "what a key figure is": ("<dt>检查<", "<dt>民间检查<", "recorded: 检查"),
    "the unit of a key figure": ("<span>家次<", "<span>家<", "recorded: 95家次"),
    "whom a key figure leaves out": ('<dd class="change">不含<span data-figure="blank:unit@bei">北城县</span></dd>', "", "recorded: 不含北城县"),
    "a data note": ("处罚率＝立案÷检查", "处罚率＝检查÷立案", "recorded: 处罚率＝立案÷检查"),
    "the unit of a chart's numbers": ("<th>区县</th><th>检查（家次）", "<th>区县</th><th>检查（家）", "the unit is 家次"),
    "a tick": ("<text>20</text>", "<text>25</text>", "an uneven scale"),
    "an axis in a text": ("继续推进", '继续推进<span data-proof="axis">12</span>项', "nothing on record proves this: axis"),
    "furniture": ("tongbao 0.1.0", "tongbao 0.2.0", "not among the page's own words"),
    "a method's number": ("保留2位", "保留3位", "neither marked nor written so by hand"),
    "a key that is not on record": ('data-figure="headline:rate"', 'data-figure="headline:share"', "no figure headline:share is on record"),
    "the description": ('content="全市检查95', 'content="全市检查96', "the page does not say this"),
    "the title in the head": ("<title>关于2024", "<title>关于2023", "the page does not say this"),
    "a sentence written by hand left out": ("4月份前报送A3表，", "", "the page does not say this: build it again"),
}  # fmt: skip


@pytest.mark.parametrize("fault", PAGES)
def test_a_fault_of_the_page_is_found(project, fault):
    old, new, reason = PAGES[fault]
    change(project, PAGE, old, new)
    assert any(reason in item.reason and item.document == "2024-03.html" for item in left(project)), left(project)


READING = {
    "two units swapped": ("东城区,40,8,20.00,2\n南城区,25,10,40.00,1", "南城区,40,8,20.00,2\n东城区,25,10,40.00,1"),
    "columns swapped": ("检查（家次）,立案（起）", "立案（起）,检查（家次）"),
    "a row put in": ("东城区,40", ",,,,\n东城区,40"),
    "decimals lost": ("西城区,30,3,", "西城区,30.5,3,"),
    "a digit": ("南城区,25,", "南城区,26,"),
    "a blank filled": ("北城县,,,,", "北城县,0,0,0.00,4"),
    "no number": ("北城县,,,,", "北城县,若干,,,"),
}


@pytest.mark.parametrize("fault", READING)
def test_figures_that_were_read_wrongly_are_found(project, fault):
    receive(project, *READING[fault])
    assert left(project)


def test_a_raw_file_that_changed_is_found(project):
    change(project, RAW, "东城区,40", "东城区,40 ")
    assert any("SHA-256 is now" in item.reason for item in left(project))


def figure(record, key):
    return record["figures"][key]


def claim(record, finding, number=-1):
    return next(one for one in record["findings"] if one["id"] == finding)["claims"][number]


RECORDED = {
    "a value": (lambda r: figure(r, "rate@area").update(value="22.2", text="22.20"), "recomputed 22.1053"),
    "a text": (lambda r: figure(r, "rate@area").update(text="22.10"), "not the value 22.1053 rounded"),
    "a formula": (lambda r: figure(r, "rate@area").update(formula="visits / cases * 100"), "recomputed 452.381"),
    "a formula that declares otherwise": (lambda r: figure(r, "headline:rate").update(formula="cases / 95 * 110", value="24.315789473684", text="24.32", calculation=None), "recomputed 22.1053: rate"),
    "a calculation": (lambda r: figure(r, "rate@nan").update(calculation="10 ÷ 24 × 100 = 40.00"), "the calculation does not hold"),
    "another unit's cell": (lambda r: figure(r, "visits@dong").update(cells=["visits@nan"]), "recomputed 25"),
    "a parameter": (lambda r: figure(r, "below:threshold").update(value="16", text="16"), "recomputed 15"),
    "a fact": (lambda r: figure(r, "fact.calls").update(text="1243", value="1243"), "recomputed 1234"),
    "a fact's qualifier": (lambda r: figure(r, "fact.calls").update(qualifier="以下"), "the fact is 1234次以上"),
    "a cell that is none": (lambda r: figure(r, "visits@dong")["cells"].append("visits@nobody"), "no cell on record: visits@nobody"),
    "a name": (lambda r: figure(r, "visits@dong").update(name="cases"), "belongs to cases dong"),
    "an origin": (lambda r: figure(r, "visits@dong").update(origin="guessed"), "no origin: guessed"),
    "a cell's table": (lambda r: r["cells"]["visits@dong"].update(table="other"), "not of the table other"),
    "units that are looked at": (lambda r: claim(r, "below", -2).update(among=["xi"]), "looked at are dong、nan、xi、bei"),
    "a cell's text": (lambda r: r["cells"]["visits@dong"].update(text="41"), "holds 40"),
    "a cell's place": (lambda r: r["cells"]["visits@dong"]["source"].update(row=3), "main.csv B2 holds 40"),
    "a period to compare with": (lambda r: r["compared"].update({"2023-03": ["2023-04"]}), "not months 3-3 of 2023"),
    "members": (lambda r: claim(r, "below", -2).update(units=["dong", "xi"]), "members of it < param.below_rate: xi"),
    "a bound": (lambda r: claim(r, "below", -2).update(that="it < 25", units=["dong", "xi"]), "the rule picks by it < param.below_rate"),
    "a relation": (lambda r: claim(r, "below", -2).update(that="it >= param.below_rate", units=["dong", "nan"]), "the rule picks by it < param.below_rate"),
    "an order": (lambda r: claim(r, "top").update(units=["dong", "nan"]), "extreme of reported(it): nan、dong"),
    "an end": (lambda r: claim(r, "top").update(end="lowest", units=["xi", "dong"]), "the rule's order is its own"),
    "how many": (lambda r: claim(r, "top").update(take="1", units=["nan"]), "the rule takes 2"),
    "what is compared": (lambda r: claim(r, "top").update(of="visits"), "the rule compares rate"),
    "a figure compared": (lambda r: claim(r, "top")["compared"].update(nan="41"), "recomputed 40 for nan"),
    "a unit left out": (lambda r: claim(r, "top")["compared"].pop("xi"), "recomputed 10 for xi"),
    "a claim left out": (lambda r: r["findings"][1]["claims"].pop(), "no claim says who is first"),
    "a case": (lambda r: claim(r, "goal").update(when="rate >= 22.5"), "the figures do not make the case true"),
    "another case": (lambda r: (r["findings"][5].update(case="met"), claim(r, "goal").update(case="met")), "the rule declares rate >= 22.5"),
    "a direction": (lambda r: (r["findings"][4].update(case="rise"), claim(r, "year").update(case="rise")), "the rule declares change(visits, last_year.visits) > 0"),
    "a base": (lambda r: (r["findings"][4].update(case="zero_base"), claim(r, "year").update(case="zero_base", when="last_year.visits <= 110")), "the rule declares last_year.visits == 0"),
    "a judgement": (lambda r: claim(r, "trend").update(when="rate > 0"), "the rule declares rate > last_year.rate"),
    "a sentence's number": (lambda r: r["findings"][0]["text"].update(zh="全市检查96家次，处罚率为22.11%"), "does not stand at character 4"),
    "names in another order": (lambda r: r["findings"][1]["numbers"]["zh"].append(r["findings"][1]["numbers"]["zh"].pop(1)), "the claim names nan、dong"),
    "a name no claim is about": (lambda r: r["findings"][4]["numbers"]["zh"].append({"key": "year:unit@xi", "text": "", "start": 0}), "no claim is about them"),
    "a rule left out": (lambda r: r["findings"].pop(), "declared or recorded, but not both"),
}  # fmt: skip


@pytest.mark.parametrize("fault", RECORDED)
def test_a_fault_of_the_record_is_found(project, fault):
    edit, reason = RECORDED[fault]
    change_record(project, edit)
    assert any(reason in item.reason for item in left(project)), left(project)


def test_a_fault_of_an_issue_is_found(project):
    change(project, "data/processed/demo/2024-03/quality.json", "cases < visits / 5", "cases > visits")
    assert any("the figures do not make this true: cases > visits" in item.reason for item in left(project))


def test_what_an_issue_claims_beside_the_figures_is_a_note(project):
    ((record, pages),) = find_bulletins(project)
    assert [note for note in check(record, pages, [project]).notes if "issue" in note] == [
        "issue off-total: claims on totals, dates, titles, case records and ratios are not held"
    ]


def test_claims_on_a_file_that_is_not_at_hand_are_notes_and_not_counted_as_held(project):
    ((record, pages),) = find_bulletins(project)
    whole = check(record, pages, [project]).held["claims"]
    change(project, "data/processed/demo/2024-03/quality.json", "cases < visits / 5", "cases < last_year.cases")
    (project / BEFORE).unlink()
    change_record(project, lambda record: [record["cells"].pop(f"cases@{unit}~2023-03") for unit in sample.UNITS])
    account = check(record, pages, [project])
    unread = f"{BEFORE}: not at hand"
    assert list(account.left) == []
    assert {f"issue fewer: {unread}", f"finding trend: {unread}"} <= {*account.notes}
    assert account.held["claims"] == whole - 2


def test_what_a_table_says_on_the_page_only_is_known(project):
    blank = '<td class="blank" data-figure="cases@bei"><span>—</span><span>未报送</span>'
    change(project, PAGE, '<td><span data-figure="cases@bei"></span>', blank)
    change(project, PAGE, "<th>排名</th>", '<th><span class="ranked">处罚率</span>排名</th>')
    change(
        project, PAGE, '<table class="annex-table">', '<p class="table-aside">单位：家次</p><table class="annex-table">'
    )
    change(project, PAGE, "<th>检查（家次）</th>", "<th>检查</th>")
    assert left(project) == []


def test_an_annex_as_data_is_held_to_the_page(project):
    rows = ["单位,检查（家次）,立案（起）,处罚率（%）,排名", "东城区,40,8,20.00,2", "南城区,25,10,40.00,1"]
    rows += ["西城区,30,3,10.00,3", "北城县,,,,", "合计,95,21,22.11,"]
    path = project / "_site/reports/demo/2024-03.annex-1.csv"
    path.write_text("\ufeff" + "\n".join(rows), "utf-8")
    assert left(project) == []
    path.write_text("\n".join(rows[:-1]), "utf-8")
    assert [item.reason for item in left(project)] == ["not the page's rows and columns"]
    path.write_text("\n".join(rows).replace("北城县,,", "北城县,0,"), "utf-8")
    assert [item.reason for item in left(project)] == ["the page says "]


def test_a_copy_is_checked_with_the_raw_files_beside_it_or_named(project, tmp_path, capsys):
    copy = shutil.copytree(project / "_site", tmp_path / "copy")
    assert main([str(copy)]) == 0
    assert "main.csv: not at hand" in capsys.readouterr().out
    assert main([str(copy), "--raw", str(project)]) == 0
    assert "main.csv" not in capsys.readouterr().out
    change(copy, "reports/demo/2024-03.html", "22.11</span>", "22.21</span>")
    assert main([str(copy), "--raw", str(project), "--json"]) == 1
    account = json.loads(capsys.readouterr().out)
    assert account["left"][0]["document"] == "2024-03.html"


def test_a_folder_without_bulletins_cannot_be_checked(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "no bulletin" in capsys.readouterr().err
