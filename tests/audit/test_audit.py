"""The number audit: clean on what was built; one digit changed anywhere, and it names the place."""

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tongbao.audit import audit
from tongbao.audit.paper import Paper, read_paper

from conftest import PARTS, tongbao
from pages import GOLDEN
from tongbao.definition.project import Project

documents = pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["series"])
WENZHOU = ("wenzhou-monthly", "2021-01-to-02")
TAIZHOU = ("taizhou-andun", "2019-04-to-06")


@pytest.fixture
def built(site, tmp_path):
    """What the audit reads, to be changed."""
    target = tmp_path / "built"
    for part in (*PARTS, "data/processed", "_site/reports"):
        source = site / part
        copy = target / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, copy) if source.is_dir() else shutil.copy2(source, copy)
    return target


def run(project, name):
    found = Project(project)
    return audit(found, name[0], found.get_period(*name))


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1), "utf-8")


def html(project, name):
    return project / "_site" / "reports" / name[0] / f"{name[1]}.html"


def findings(project, name):
    return project / "data" / "processed" / name[0] / name[1] / "findings.json"


def raw(project, name, file):
    return project / "data" / "raw" / name[0] / name[1] / file


def left(project, name, document=None):
    return [item for item in run(project, name).left if document in (None, item.document)]


def only(found):
    assert len(found) == 1, found
    return found[0]


@documents
def test_every_figure_of_what_was_built_is_accounted_for(site, golden):
    account = run(site, (golden["series"], golden["period"]))
    assert account.left == []
    assert account.not_audited == []
    editions = ["html", "pdf"] + (["html, en", "pdf, en"] if account.id.startswith("wenzhou-monthly") else [])
    assert account.documents == ["findings.json", "quality.json", "robustness.json", *editions]
    for document in ("findings.json", "html", "pdf"):
        tally = account.tally(document)
        assert min(tally[kind] for kind in ("cell", "computed", "fact", "parameter", "unit name")) > 0
    cells = sum(
        bool(re.search(r"\d", cell)) for annex in golden["annexes"] for row in annex["rows"] for cell in row[1:]
    )
    for document in ("html", "pdf"):
        in_annexes = [e for e in account.entries if e.document == document and e.place.startswith("附件") and "," in e.place
                      and e.kind in ("cell", "computed")]  # fmt: skip
        assert len(in_annexes) == cells


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        # prose, from a finding
        (WENZHOU, '"headline.rate">35.08<', '"headline.rate">35.09<', ["基本情况", "recomputed 35.08", "fact.penalties"]),
        # prose, a fact written with its unit
        (WENZHOU, '"fact.february_drop">30%以上<', '"fact.february_drop">20%以上<', ["存在的主要问题", "30", "facts.csv C5"]),
        # prose, written by hand
        (TAIZHOU, "从6月份开始", "从7月份开始", ["信息报送把关不严", "从7月份"]),
        (TAIZHOU, "组成<span", "组成1<span", ["基本情况"]),
        # a digit slipped in before a marked number
        (WENZHOU, '起，罚款额<span class="figure-value" data-figure="headline.fines">', '起，罚款额1<span class="figure-value" data-figure="headline.fines">', ["基本情况", "edge of a marked number"]),
        # a list's length in Chinese numerals
        (WENZHOU, '"param.top_n">三<', '"param.top_n">四<', ["要点", "recomputed 3"]),
        (TAIZHOU, "两地没有查处", "三地没有查处", ["三"]),
        # a unit that is not the one marked
        (WENZHOU, '"rate_below.unit.longgang">龙港市<', '"rate_below.unit.longgang">龙湾区<', ["龙湾区", "龙港市"]),
        # title, date, document number, outline
        (WENZHOU, '<h1 class="title">关于2021年1-2月', '<h1 class="title">关于2021年1-3月', ["2021年1-3月"]),
        (TAIZHOU, "<li>2019年7月22日</li>", "<li>2019年7月23日</li>", ["2019年7月23日"]),
        (TAIZHOU, "〔2019〕69号</li>", "〔2019〕68号</li>", ["68"]),
        (TAIZHOU, "（三）重大违法查处不力", "（四）重大违法查处不力", ["out of order"]),
        # annex tables
        (WENZHOU, '"cell-fines-yueqing">89.64<', '"cell-fines-yueqing">89.46<', ["附件1, 乐清市, 罚款总数（万元）", "89.64", "annex1.csv B6"]),
        (TAIZHOU, 'id="cell-reported_rank-wenling" class="rank">4<', 'id="cell-reported_rank-wenling" class="rank">3<', ["温岭市, 排名", "recomputed 4"]),
        # key figures, charts, notes, evidence
        (WENZHOU, 'class="number"><span class="figure-value" data-figure="fines@area">299.74', 'class="number"><span class="figure-value" data-figure="fines@area">299.84', ["299.74"]),
        (WENZHOU, "<td>92.86</td><td>1</td>", "<td>92.86</td><td>2</td>", ["chart penalty_rate", "recomputed 1"]),
        (TAIZHOU, ">2.5 ▼</text>", ">2.3 ▼</text>", ["chart penalty_rate", "天台县: recomputed 2.5"]),
        (TAIZHOU, "÷检查家次，%，2019年4-6月</text>", "÷检查家次，%，2019年1-6月</text>", ["the series has", "2019年4-6月"]),
        (WENZHOU, "的有3个：", "的有4个：", ["chart penalty_rate", "3 are below"]),
        (TAIZHOU, "保留1位小数", "保留3位小数", ["数据说明"]),
        (TAIZHOU, "现场检查记录（696份）", "现场检查记录（697份）", ["697"]),
        (TAIZHOU, "342 ÷ 5800 × 100 = 5.9%", "342 ÷ 5801 × 100 = 5.9%", ["数字溯源", "does not hold"]),
        (TAIZHOU, "椒江区 立案调查 21</a>", "椒江区 立案调查 22</a>", ["数字溯源", "annex.csv H2"]),
        (TAIZHOU, "<td>4</td></tr>\n</tbody></table>\n</section>", "<td>5</td></tr>\n</tbody></table>\n</section>", ["来源与版本"]),
    ],
)  # fmt: skip
def test_one_digit_changed_on_the_page_is_named(built, name, old, new, words):
    if "来源与版本" in words:
        old, new = old.replace("\n", ""), new.replace("\n", "")
        text = (
            html(built, name)
            .read_text("utf-8")
            .replace("</tr></tbody></table>\n</section>", "</tr></tbody></table></section>")
        )
        html(built, name).write_text(text, "utf-8")
    edit(html(built, name), old, new)
    found = left(built, name, "html")
    assert found
    said = " ".join(f"{item.place} {item.text} {item.sentence} {item.reason}" for item in found)
    for word in words:
        assert word in said


def test_a_number_written_by_hand_is_left_over_with_its_line(built):
    """As after a build: the sentence stands in the period's text and on the page, and no figure is behind it."""
    for path in (html(built, WENZHOU), built / "reports" / WENZHOU[0] / f"{WENZHOU[1]}.md"):
        edit(path, "部分地区节后执法启动迟缓", "全市12家企业被约谈，部分地区节后执法启动迟缓")
    item = only([item for item in left(built, WENZHOU, "html") if item.text == "12"])
    assert item.sentence == "全市12家企业被约谈，部分地区节后执法启动迟缓，执法数据至今仍是零上报。"
    assert "written in reports/wenzhou-monthly/2021-01-to-02.md:8 without a figure" in item.reason


def test_a_digit_changed_in_the_periods_text_is_named_with_its_line(built):
    path = built / "reports" / TAIZHOU[0] / f"{TAIZHOU[1]}.md"
    edit(path, "从6月份开始", "从5月份开始")
    found = left(built, TAIZHOU)
    line = (
        path.read_text("utf-8")
        .splitlines()
        .index(next(t for t in path.read_text("utf-8").splitlines() if "从5月份" in t))
        + 1
    )
    assert any(item.place == f"reports/taizhou-andun/2019-04-to-06.md:{line}" and item.text == "5" for item in found)
    assert any("从6月份" in item.reason and item.document == "html" for item in found)


def test_a_name_must_be_declared(built):
    edit(built / "reports" / WENZHOU[0] / f"{WENZHOU[1]}.md", "names: [三年行动]\n", "")
    item = next(item for item in left(built, WENZHOU, "html"))
    assert item.text == "三"
    assert "三年行动" in item.sentence
    assert "without a figure, a fact or a declared name" in item.reason


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f["text"].update(zh=f["text"]["zh"].replace("299.74", "299.75")), ["finding headline, zh", "299.75"]),
        (lambda f: f["text"].update(en=f["text"]["en"].replace("87", "78")), ["finding headline, en", "78"]),
        (lambda f: f["numbers"]["zh"][1].update(text="88"), ["finding headline, zh", "88"]),
        (lambda f: f["values"]["headline.rate"].update(text="35.80"), ["finding headline", "recomputed 35.08"]),
        (lambda f: f["values"]["headline.rate"].update(value="35.1"), ["finding headline", "recomputed"]),
        (lambda f: f["values"]["headline.rate"].update(calculation="88 ÷ 248 × 100 = 35.08"), ["does not hold"]),
        (lambda f: f["values"]["headline.fines"]["cells"][0].update(value="24.5"), ["annex1.csv B2 holds 42.5"]),
        (lambda f: f["values"]["headline.fines"]["cells"][0]["source"].update(row=3), ["annex1.csv B3 is not this cell"]),
        (lambda f: f.update(units=["lucheng"]), ["units picked: none"]),
        (lambda f: f.update(case="none"), ["makes the case"]),
    ],
)  # fmt: skip
def test_one_digit_changed_in_a_finding_is_named(built, change, words):
    path = findings(built, WENZHOU)
    record = json.loads(path.read_text("utf-8"))
    change(record["findings"][0])
    path.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    found = left(built, WENZHOU, "findings.json")
    said = " ".join(f"{item.place} {item.text} {item.reason}" for item in found)
    for word in words:
        assert word.replace("makes", "make") in said


@pytest.mark.parametrize(
    ("name", "file", "old", "new", "places"),
    [
        (WENZHOU, "facts.csv", "全市实施行政处罚,87", "全市实施行政处罚,86", ["基本情况", "finding headline", "chart"]),
        (WENZHOU, "annex1.csv", "龙港市,4.8,4.8", "龙港市,4.9,4.8", ["附件1, 龙港市, 罚款总数（万元）", "基本情况"]),
        (WENZHOU, "annex1.csv", "12.50,9", "7.50,9", ["附件1, 苍南县, 检查处罚率（%）", "finding rate_below"]),
        (TAIZHOU, "annex.csv", "椒江区,908", "椒江区,909", ["附件, 椒江区, 专项行动检查家数", "基本情况"]),
        (TAIZHOU, "serious-cases.csv", "黄岩区,0", "黄岩区,1", ["finding serious_none", "重大违法查处不力"]),
    ],
)
def test_one_digit_changed_in_a_raw_file_is_named_wherever_it_shows(built, name, file, old, new, places):
    edit(raw(built, name, file), old, new)
    for document in ("html", "findings.json", "pdf"):
        if file != "serious-cases.csv" or document != "pdf":
            assert left(built, name, document) or document == "pdf"
    said = " ".join(item.place for item in left(built, name))
    for place in places:
        assert place in said or place == "chart"


@documents
def test_one_digit_changed_in_the_pdf_is_named(site, golden, monkeypatch):
    name = (golden["series"], golden["period"])
    paper = read_paper(html(site, name).with_suffix(".pdf"))
    for words, small, text in [
        (paper.words.replace("检查处罚率为", "检查处罚率为1", 1), paper.small, "1"),
        (paper.words, paper.small.replace("龙港市 4.8", "龙港市 4.9").replace("三门县 342", "三门县 343"), None),
    ]:
        monkeypatch.setattr("tongbao.audit.engine.read_paper", lambda _, w=words, s=small: Paper(w, s))
        found = left(site, name, "pdf")
        assert found
        assert text is None or any(text in item.text for item in found)
        if text is None:
            assert any("龙港市" in item.place or "三门县" in item.place for item in found)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 0.999), digit=st.integers(1, 9))
@pytest.mark.long
@pytest.mark.parametrize(("name", "edition"), [(TAIZHOU, ""), (WENZHOU, ""), (WENZHOU, "en")])
def test_any_digit_of_the_page_when_changed_is_found(site, name, edition, monkeypatch, where, digit):
    """Every digit a reader sees, from the title to the reviewers' section on chance, with the drawing in it."""
    from tongbao.audit.page import _Builder

    page = html(site, name).with_suffix(f".{edition}.html" if edition else ".html")
    text = page.read_text("utf-8")
    end = text.index('id="provenance"')
    seen = [m.start(1) + d.start() for m in re.finditer(r">([^<]+)<", text)
            for d in re.finditer(r"(?<!&#x)(?<!&#x\d)\d", m[1])
            if text.index("<main") < m.start() < end]  # fmt: skip
    at = seen[int(where * len(seen))]
    changed = text[:at] + str((int(text[at]) + digit) % 10) + text[at + 1 :]

    def read(path: Path):
        builder = _Builder()
        builder.feed(changed if path == page else path.read_text("utf-8"))
        builder.close()
        return builder.root

    monkeypatch.setattr("tongbao.audit.engine.read_page", read)
    assert left(site, name, f"html, {edition}" if edition else "html"), changed[at - 40 : at + 20]


@pytest.mark.parametrize(
    ("change", "clean"),
    [("同比上升24.0%", True), ("同比上升24.1%", False), ("同比下降24.0%", False), ("上年同期未报送", True)],
)
def test_a_change_under_a_key_figure_is_worked_out_again(built, change, clean):
    before = built / "data" / "raw" / WENZHOU[0] / "2020-01-to-02"
    shutil.copytree(raw(built, WENZHOU, ""), before)
    edit(before / "facts.csv", "检查企业,248", "检查企业,200")
    edit(html(built, WENZHOU), '<dd class="change">无上年同期数据</dd>', f'<dd class="change">{change}</dd>')
    found = left(built, WENZHOU, "html")
    assert [item.place for item in found] == ([] if clean else ["key figure 检查企业"])


def test_verify_names_what_changed_since_the_build_and_exits_1(built, site):
    assert "as built" in tongbao(site, "verify", "wenzhou-monthly").stdout
    edit(html(built, WENZHOU), '"headline.rate">35.08<', '"headline.rate">35.09<')
    edit(raw(built, WENZHOU, "annex1.csv"), "龙港市,4.8", "龙港市,4.9")
    said = tongbao(built, "verify", "wenzhou-monthly", code=1).stdout
    assert "_site/reports/wenzhou-monthly/2021-01-to-02.html was changed after the build" in said
    assert "data/raw/wenzhou-monthly/2021-01-to-02/annex1.csv changed" in said
    said = tongbao(built, "verify", "--audit", "wenzhou-monthly@2021-01-to-02", code=1).stdout
    assert "35.09" in said
    assert "检查处罚率为35.09%" in said


def test_verify_for_machines(site):
    (record,) = json.loads(tongbao(site, "verify", "--audit", "--json", "taizhou-andun").stdout)
    assert record["changes"] == []
    assert record["audit"]["clean"] is True
    assert record["audit"]["left_over"] == []
    assert record["audit"]["documents"]["pdf"]["cell"] > 50


def test_what_was_never_built_cannot_be_audited(project):
    assert "not built" in tongbao(project, "verify", "--audit", code=1).stderr
    assert "never built" in tongbao(project, "verify", code=1).stdout
