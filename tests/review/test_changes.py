"""What counts as a change since the version published last, and what does not; where there is none to compare with."""

import json
import shutil
from copy import deepcopy
from dataclasses import replace

import pytest

from conftest import ROOT, edit, tongbao
from demo import ID, NAME
from pages import fresh_soup
from tongbao.basics.period import Period
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao_office.records import Version
from tongbao_review.baseline import Baseline, read_baseline
from tongbao_review.changes import compare
from tongbao_review.direction import direction_of
from tongbao_review.lines import read_lines
from tongbao_review.named import printed
from tongbao_review.page import review_page
from tongbao_review.subject import Subject
from tongbao_verify.page import read_page

PAGE = """<main><h1>通报</h1><section id="situation"><h2>一、情况</h2>
<p>共检查<span data-figure="visits@area">490</span>家次，处罚率低于20%的有甲县。各县要认真核对。</p>
<p>另有案件<span data-figure="cases@area">96</span>起（不含<span data-figure="k:unit@yi">乙县</span>、<span
data-figure="k:unit@wu">戊县</span>）。</p></section>
<section class="evidence"><h2 id="evidence">数字溯源</h2><p>检查490</p></section></main>"""
LOW = {"low": "处罚率低于20%的有甲县"}


@pytest.fixture
def record(demo_site):
    """The record of a bulletin, to be changed."""
    return json.loads(demo_site.joinpath("data/processed", *NAME, "findings.json").read_text("utf-8"))


def lines(folder, page, findings):
    path = folder / "page.html"
    path.write_text(page, "utf-8")
    return read_lines(read_page(path), findings)


def differing(old, new):
    return compare(old, new, {}, {})


@pytest.mark.parametrize(
    ("old", "new", "finding", "expected"),
    [
        ("", "", LOW["low"], []),
        ("490</span>", "491</span>", LOW["low"], [("共检查490家次", "共检查491家次", False)]),
        ("认真", "及时", LOW["low"], [("各县要认真", "各县要及时", True)]),
        # One more or fewer in a row of names are figures, not words.
        ('、<span\ndata-figure="k:unit@wu">戊县</span>', "", LOW["low"], [("另有案件96起", "另有案件96起", False)]),
        # What a finding says is told of the finding.
        ("的有甲县", "的有甲县和丙县", "处罚率低于20%的有甲县和丙县", []),
        ("</section>\n", "<p>新的一段。</p></section>\n", LOW["low"], [(None, "新的一段。", True)]),
        ("检查490</p>", "检查491</p>", LOW["low"], []),
    ],
)
def test_sentences_are_told_apart(tmp_path, record, old, new, finding, expected):
    before = lines(tmp_path, PAGE, LOW)
    after = lines(tmp_path, PAGE.replace(old, new, 1) if old else PAGE, {"low": finding})
    found = compare(record, record, {"zh": before}, {"zh": after}).lines["zh"]
    shown = [(one.old and one.old.text, one.new and one.new.text, one.words) for one in found]
    assert len(shown) == len(expected)
    for (was, now, words), (start, other, kind) in zip(shown, expected, strict=True):
        assert (was is None, words) == (start is None, kind)
        assert (was or "").startswith(start or "")
        assert now.startswith(other)


def test_a_sentence_knows_its_figures_and_its_place(tmp_path):
    first = next(line for line in lines(tmp_path, PAGE, LOW) if "共检查" in line.text)
    assert (first.anchor, first.heading) == ("situation", "一、情况")
    assert (first.keys("figure"), first.keys("finding")) == ({"visits@area"}, {"low"})
    assert first.text == "共检查490家次，处罚率低于20%的有甲县。"


def test_nothing_differs_from_itself(record):
    assert differing(record, record).is_empty


def test_a_total_that_is_on_record_for_the_first_time_is_no_new_cell(record):
    new = deepcopy(record)
    cell = new["cells"]["fines@jia"]
    new["cells"]["fines@total"] = cell | {"unit": None, "text": "28.4"}
    assert differing(record, new).is_empty
    cell["text"] = "10.9"
    assert [one.name for one in differing(record, new).cells] == ["fines@jia"]


def test_a_file_that_changed_in_nothing_that_is_used_is_named(record):
    new = deepcopy(record)
    work, gone = "data/raw/demo/2021-q2/work.csv", "data/raw/demo/2020-06/work.csv"
    new["inputs"][work] = "0" * 64
    del new["inputs"][gone]
    for key in [key for key, cell in new["cells"].items() if cell["source"]["file"] == gone]:
        del new["cells"][key]
    found = differing(record, new)
    assert [(one.name, one.kind) for one in found.files] == [(work, "changed"), (gone, "removed")]
    assert found.cells == ()


def test_a_figure_is_told_once_whatever_calls_it(record):
    new = deepcopy(record)
    same = [key for key, figure in new["figures"].items() if figure["name"] == "change(cases, last_year.cases)"]
    of_area = [key for key in same if new["figures"][key]["scope"] == "area"]
    assert of_area == ["key-1:change", "on_year:change"]
    for key in of_area:
        new["figures"][key] |= {"value": "5", "text": "5.0"}
    (figure,) = differing(record, new).figures
    assert (figure.old["text"], figure.new["text"]) == ("4.0", "5.0")


OWN, THEN = "cases", "last_year.cases"
RISE, FALL = f"({OWN} - {THEN}) / {THEN} * 100", f"({THEN} - {OWN}) / {THEN} * 100"


def change(text, formula, name=f"change({OWN}, {THEN})"):
    return {"name": name, "text": text, "value": text, "unit": "%", "formula": formula}


@pytest.mark.parametrize(
    ("figure", "direction"),
    [
        (change("14.3", RISE), "up"),
        (change("14.3", FALL), "down"),
        (change("0.0", FALL), ""),
        (change("2", f"{THEN} - {OWN}"), "down"),
        # Each side the sum of its own units; of an earlier figure that is declared; of a formula.
        (change("14.3", f"(sum({THEN}) - sum({OWN})) / sum({THEN}) * 100"), "down"),
        (change("3", "fact.plan - done", "change(done, fact.plan)"), "down"),
        (change("3", "(a / b) - (previous.a / previous.b)", "change((a / b), (previous.a / previous.b))"), "up"),
        # In round steps, 30%以上.
        (change("30", f"floor({RISE}, 10)", f"floor({RISE}, 10)"), "up"),
        (change("30", f"ceil({FALL}, 10)", f"ceil({FALL}, 10)"), "down"),
        # A change of an author's own has its sign, and other differences have no direction.
        (change("-14.3", f"change({OWN}, {THEN})"), ""),
        (change("14.3", f"change({OWN}, {THEN})"), ""),
        (change("3", "(visits) - (cases)", "distance"), ""),
        (change("3", "floor(visits - cases, 10)", "floor(visits - cases, 10)"), ""),
        (change("3", None, "计划"), ""),
        (change("3", "cases + 1", "每百件 得分"), ""),
    ],
)
def test_a_change_goes_the_way_that_its_formula_says(figure, direction):
    assert direction_of(figure) == direction


def test_a_change_of_direction_is_told_where_the_size_is_the_same(demo_site, record):
    old, new = deepcopy(record), deepcopy(record)
    for side, formula in ((old, FALL), (new, RISE)):
        for key in ("key-1:change", "on_year:change"):
            side["figures"][key] |= {"value": "14.3", "text": "14.3", "formula": formula}
    (figure,) = differing(old, new).figures
    for lang, expected in (("zh", ("下降14.3%", "上升14.3%")), ("en", ("down 14.3%", "up 14.3%"))):
        bulletin = Bulletin.open(Project(demo_site), *NAME, {}).shown_in(lang)
        assert tuple(printed(bulletin, side) for side in (figure.old, figure.new)) == expected


def test_a_change_in_round_steps_is_the_same_figure_when_it_turns(record):
    old, new = deepcopy(record), deepcopy(record)
    for side, formula in ((old, FALL), (new, RISE)):
        name = f"floor({formula}, 10)"
        side["figures"]["on_year:bounded"] = record["figures"]["on_year:change"] | change("30", name, name)
    (figure,) = differing(old, new).figures
    assert [direction_of(side) for side in (figure.old, figure.new)] == ["down", "up"]


def test_what_only_a_finding_says_is_told_by_the_finding(record):
    """A count that a sentence gives in one case only has not changed; a cell still leads to the sentence."""
    old = deepcopy(record)
    counted = record["figures"]["many_low:count"] | {"name": "count(not blank(rate))", "text": "4", "value": "4"}
    old["figures"]["many_low:reporting"] = counted
    (finding,) = [one for one in old["findings"] if one["id"] == "many_low"]
    finding["figures"].append("many_low:reporting")
    finding["text"] = {"zh": "4县均报送", "en": "all of 4"}
    for one, other in ((old, record), (record, old)):
        found = differing(one, other)
        assert found.figures == ()
        assert found.touched_by(counted["cells"][0]) & found.stated(found.findings[0])


def test_a_definition_is_told_by_its_places(record):
    new = deepcopy(record)
    new["definition"]["indicators"]["rate"]["formula"] = "cases / visits * 1000"
    new["parameters"]["below_rate"] = "25"
    found = differing(record, new)
    assert [(one.name, one.new) for one in found.definition] == [("indicators.rate.formula", "cases / visits * 1000")]
    assert [(one.name, one.old, one.new) for one in found.parameters] == [("below_rate", "20", "25")]


def test_what_the_series_no_longer_has_is_named_by_its_key(demo_site, record, tmp_path):
    old = deepcopy(record)
    for name in ("param.gone", "fact.gone", "gone"):
        one = {"name": name, "scope": "area", "text": "7", "value": "7"}
        old["figures"][name] = record["figures"]["fines@jia"] | one
    old["findings"].append(record["findings"][0] | {"id": "gone", "text": {"zh": "没有了", "en": "gone"}})
    digest = "0" * 64
    version = Version(number=1, published="2021-07-12T08:00:00+08:00", note="", changes=(), digest=digest, folder="f",
                      resources="r", files=())  # fmt: skip
    subject = Subject.of(Bulletin.open(Project(demo_site), *NAME, {}), "")
    subject = replace(subject, baseline=Baseline("site", version), changes=differing(old, record))
    text = fresh_text(review_page(subject, "zh"), tmp_path)
    assert "与site中的第1版（2021年7月12日）相比。" in text
    assert "Param.gone7万元（无）" in text
    assert text.count("Gone7万元（无）") == 2
    assert "没有了现在（无）" in text


def test_where_nothing_is_published_it_says_so(demo_site, tmp_path):
    bulletin = Bulletin.open(Project(demo_site), *NAME, {})
    shown = [
        fresh_text(review_page(Subject.of(bulletin, place), "zh"), tmp_path) for place in ("", str(tmp_path / "site"))
    ]
    assert "本项目还没有发布过。" in shown[0]
    assert f"{tmp_path / 'site'}中还没有发布过本期。" in shown[1]
    assert read_baseline(Project(demo_site), NAME[0], Period.parse(NAME[1]), "git:gh-pages").version is None


def fresh_text(page, folder):
    path = folder / "shown.html"
    path.write_text(page, "utf-8")
    return fresh_soup(path).find("section", id="changes").get_text()


def test_a_bulletin_in_error_gets_its_page_without_links_that_lead_nowhere(demo):
    edit(demo / "reports/demo/series.yml", "right: visits, level: warning", "right: visits, level: error")
    shutil.copytree(ROOT / "theme", demo / "theme", dirs_exist_ok=True)
    shutil.copyfile(ROOT / "requirements.lock", demo / "requirements.lock")
    done = tongbao(demo, "--lang", "zh", "review", ID, "--engine", "embedded", code=1)
    assert "乙县的立案（22起）大于检查（20家次）" in done.stderr
    page = fresh_soup(demo / "_review/demo/2021-q2.html")
    assert "不能生成。" in page.find("section", id="standing").get_text()
    first = page.select_one(".issue")
    assert (first.b.get_text(), first.select_one(".badge").get_text()) == ("错误", "须改正")
    assert [link for link in page.select("main a") if "_site" in link["href"]] == []


@pytest.mark.long
def test_what_was_built_with_other_parameters_is_reviewed_as_it_is(demo_site, tmp_path):
    project = shutil.copytree(demo_site, tmp_path / "project", symlinks=True)
    tongbao(project, "build", ID, "-p", "below_rate=30", "--engine", "embedded", "--jobs", "1")
    assert "built" not in tongbao(project, "review", ID, "--engine", "embedded").stdout
    standing = fresh_soup(project / "_review/demo/2021-q2.html").find("section", id="standing")
    assert "警戒线：30（默认20）" in standing.get_text()
