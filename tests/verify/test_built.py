"""What the checker must find in real bulletins: each change on a page or in print, and the words it is told in."""

import json
import re
import shutil

import pytest

from conftest import edit, review_page
from tongbao_verify import checker
from tongbao_verify.document import Document
from tongbao_verify.page import read_page

pytestmark = pytest.mark.xdist_group("held")  # what they look at is made once
WENZHOU, TAIZHOU = ("wenzhou-monthly", "2021-01-to-02"), ("taizhou-andun", "2019-04-to-06")
DEMO, ASSESSMENT = ("demo", "2021-q2"), ("assessment", "2021")
SITES = {WENZHOU: "site", TAIZHOU: "site", DEMO: "demo_site", ASSESSMENT: "assessment_site"}


@pytest.fixture
def built(request, tmp_path):
    """Copies the raw files, the record and the pages of a bulletin, which may be changed."""

    def copy(name, *suffixes):
        site, (series, period) = request.getfixturevalue(SITES[name]), name
        review_page(site, series, period)
        shutil.copytree(site / "data" / "raw" / series, tmp_path / "data" / "raw" / series)
        folders = (f"data/processed/{series}/{period}", f"_site/reports/{series}", f"_review/{series}")
        files = [
            file for folder in folders for file in (site / folder).iterdir() if file.suffix in (".json", *suffixes)
        ]
        for file in files:
            target = tmp_path / file.relative_to(site)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target)
        return tmp_path

    return copy


@pytest.fixture(scope="session")
def held(request, tmp_path_factory):
    """A bulletin's site and its record, held to the raw files once and nothing left over, to hold a page to."""
    records = {}

    def of(name):
        site = request.getfixturevalue(SITES[name])
        if name not in records:
            file, no_pages = (
                site.joinpath("data", "processed", *name, "findings.json"),
                tmp_path_factory.mktemp("pages"),
            )
            records[name] = checker.check(file, no_pages / name[1], [site])
            assert list(records[name].left) == []
        records[name].left.clear()  # of the page before
        return site, records[name]

    return of


def account(project, name):
    record = project.joinpath("data", "processed", *name, "findings.json")
    return checker.check(record, project.joinpath("_site", "reports", *name), [project])


def left(project, name):
    return list(account(project, name).left)


def said(found):
    return " ".join(f"{item.place} {item.text} {item.sentence} {item.reason}" for item in found)


@pytest.mark.parametrize("name", SITES, ids="-".join)
def test_nothing_is_left_over_of_what_was_built(built, name):
    assert left(built(name, ".html", ".pdf", ".docx"), name) == []


PAGES = [
    # prose
    (WENZHOU, "", 'headline:rate">35.08<', 'headline:rate">35.09<', "recomputed 35.08"),
    (WENZHOU, "", 'february_drop">30%以上<', 'february_drop">20%以上<', "recomputed 30%以上"),
    (WENZHOU, "", "起，罚款额<span", "起，罚款额1<span", "edge of a marked number"),
    (WENZHOU, "", 'param.top_n">三<', 'param.top_n">四<', "recomputed 3"),
    (WENZHOU, "", 'rate_below:unit@longgang">龙港市<', 'rate_below:unit@longgang">龙湾区<', "not the name that is marked"),
    (TAIZHOU, "", ">两</span>地没有", ">三</span>地没有", "recomputed 2"),
    # what was written by hand, dates, number, ordinals
    (TAIZHOU, "", "从6月份开始", "从7月份开始", "neither marked nor written so by hand"),
    (WENZHOU, "", "部分地区节后", "全市12家企业被约谈，部分地区节后", "12"),
    (WENZHOU, "", '<h1 class="title">关于<span class="unbroken">2021年1-2月', '<h1 class="title">关于<span>2021年1-3月', "2021"),
    (TAIZHOU, "", ">2019年7月22日</time></li>", ">2019年7月23日</time></li>", "2019"),
    (WENZHOU, "", "[EB/OL]. (2021-03-10)", "[EB/OL]. (2021-03-11)", "neither marked nor written so by hand"),
    (TAIZHOU, "", "〔2019〕69号</li>", "〔2019〕68号</li>", "68"),
    (TAIZHOU, "", "（三）重大违法查处不力", "（四）重大违法查处不力", "heading 3 of its level"),
    # annexes, key figures, charts
    (WENZHOU, "", 'fines@yueqing">89.64<', 'fines@yueqing">89.46<', "recomputed 89.64"),
    (TAIZHOU, "", 'id="cell-reported_rank-wenling" data-figure="rank(penalty_rate)@wenling">4<', 'id="cell-reported_rank-wenling" data-figure="rank(penalty_rate)@wenling">3<', "recomputed 4"),
    (WENZHOU, "", 'class="number"><span class="figure-value" data-figure="fines@area">299.74', 'class="number"><span class="figure-value" data-figure="fines@area">299.84', "recomputed 299.74"),
    (WENZHOU, "", 'data-figure="penalty_rate@longwan" d="M0,27h', 'data-figure="penalty_rate@longwan" d="M0,27h1', "stand where"),
    (TAIZHOU, "", 'data-figure="penalty_rate@luqiao" d=', 'data-figure="penalty_rate@huangyan" d=', "stand where"),
    (TAIZHOU, "", "2.5</tspan>（", "2.3</tspan>（", "recomputed 2.5"),
    (TAIZHOU, "", "检查家次，2019年4-6月", "检查家次，2019年4-7月", "2019"),
    (WENZHOU, "", "的有3个：", "的有4个：", "not drawn"),
    # notes, evidence, provenance
    (TAIZHOU, "", "保留1位小数", "保留3位小数", "neither marked nor written so by hand"),
    (TAIZHOU, "", "342 ÷ 5800 × 100 = 5.9%", "342 ÷ 5801 × 100 = 5.9%", "it is 342 ÷ 5800"),
    (TAIZHOU, "", "椒江区 立案调查 21</a>", "椒江区 立案调查 22</a>", "the cell of cases@jiaojiang holds 21"),
    (TAIZHOU, "", "第2行H列", "第3行H列", "it is 2 H"),
    (WENZHOU, "", "2021-01-to-02/annex1.csv<", "2021-01-to-02/annex3.csv<", "the input is data/raw"),
    # faults of the returns
    (DEMO, "", 'faults:count">13<', 'faults:count">14<', "recomputed 13"),
    (DEMO, "", 'faults:kind1">3<', 'faults:kind1">2<', "recomputed 3"),
    (DEMO, "", 'unlogical:unit_count">3<', 'unlogical:unit_count">2<', "recomputed 3"),
    (DEMO, "", 'unlogical:unit_count">多数<', 'unlogical:unit_count">部分<', "recomputed 3"),
    (DEMO, "", 'many_low:count">部分<', 'many_low:count">多数<', "recomputed 2"),
    (DEMO, "", 'rate@area~2020-q2">15.2<', 'rate@area~2020-q2">15.4<', "recomputed 15.2"),
    (DEMO, "", 'data-figure="rate@area~2021-q1" transform', 'data-figure="rate@area~2020-q2" transform', "stand where"),
    (DEMO, "", "90 + 38 + 31 + 31 = 190", "91 + 38 + 31 + 31 = 190", "it is 90 + 38 + 31 + 31"),
    # a list of enterprises
    (ASSESSMENT, "", 'enterprise@3">合成企业', 'enterprise@3">合成工厂', "recomputed 合成企业"),
    (ASSESSMENT, "", 'industry@3">', 'industry@3">非', "recomputed"),
    # English
    (WENZHOU, ".en", 'headline:rate">35.08<', 'headline:rate">35.09<', "recomputed 35.08"),
    (WENZHOU, ".en", "30% or more</span>", "30%</span>", "recomputed 30%以上"),
    (WENZHOU, ".en", ">Longgang</span>", ">Longwan</span>", "not the name that is marked"),
    (WENZHOU, ".en", "Some districts were slow", "Two districts were slow", "Two"),
    (WENZHOU, ".en", "Second, enforcement", "Third, enforcement", "Third"),
    (WENZHOU, ".en", "Form A3", "Form A4", "A4"),
    (WENZHOU, ".en", "10 March 2021</time></li>", "11 March 2021</time></li>", "11"),
    (WENZHOU, ".en", 'headline:fines">CNY 2.9974 million', 'headline:fines">CNY 2.9947 million', "recomputed 299.74"),
    (WENZHOU, ".en", 'headline:fines">CNY 2.9974 million', 'headline:fines">CNY 2.9974 billion', "recomputed 299.74"),
    (WENZHOU, ".en", "January–February 2021</h1>", "January–March 2021</h1>", "2021"),
    (WENZHOU, ".en", "(2) Make good use", "(3) Make good use", "heading 2 of its level"),
    (WENZHOU, ".en", "Below threshold 20%: 3", "Below threshold 20%: 4", "not drawn"),
    (WENZHOU, ".en", "row 6, column B", "row 7, column B", "it is 6 B"),
    (WENZHOU, ".en", "2 decimals", "3 decimals", "neither marked nor written so by hand"),
]  # fmt: skip
REVIEWS = [
    (DEMO, 'fines@jia~2020-q2">3.7<', 'fines@jia~2020-q2">3.9<', "recomputed 3.7"),
    # open questions about the returns, the cells that they are about, the findings that rest on them
    (WENZHOU, 'issue:unit@zhenan">浙南产业集聚区<', 'issue:unit@zhenan">龙湾区<', "not the name that is marked"),
    (WENZHOU, "罚款额却为空白", "处罚额却为空白", "the page does not say this"),
    (TAIZHOU, "696</a>", "669</a>", "the cell of records@luqiao holds 696"),
    (TAIZHOU, "第4行C列", "第5行C列", "it is 4 C"),
    # the section on chance, its drawing and the data of that
    (TAIZHOU, 'chance:dispersion.penalty_rate">13.54<', 'chance:dispersion.penalty_rate">13.45<', "recomputed 13.54"),
    (TAIZHOU, 'chance:lower.penalty_rate@huangyan">16.3<', 'chance:lower.penalty_rate@huangyan">16.4<', "recomputed 16.3"),
    (TAIZHOU, 'chance:best.penalty_rate@yuhuan">2<', 'chance:best.penalty_rate@yuhuan">1<', "recomputed 2"),
    (TAIZHOU, 'chance:unit@huangyan">黄岩区<', 'chance:unit@huangyan">玉环市<', "not the name that is marked"),
    (TAIZHOU, 'cases@huangyan">49</span> ÷', 'cases@huangyan">48</span> ÷', "recomputed 49"),
    (TAIZHOU, 'data-figure="penalty_rate@huangyan" data-across="inspections@huangyan"', 'data-figure="penalty_rate@yuhuan" data-across="inspections@huangyan"', "stand where"),
    (TAIZHOU, 'data-across="inspections@huangyan"', 'data-across="inspections@yuhuan"', "stand where"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "edition", "old", "new", "reason"), PAGES, ids=lambda one: one if isinstance(one, str) else one[0]
)
def test_what_is_changed_on_the_page_is_named(held, tmp_path, name, edition, old, new, reason):
    site, record = held(name)
    page = tmp_path / f"{name[1]}{edition}.html"
    shutil.copy2(site.joinpath("_site", "reports", name[0], page.name), page)
    edit(page, old, new)
    checker.check_edition(record, page, "en" if edition else "zh")
    assert reason in said(record.left), record.left


PRINT = [
    (WENZHOU, "pdf", "检查处罚率为", "检查处罚率为1", ""),
    (WENZHOU, "pdf", "89.64", "89.46", "89.46"),
    (TAIZHOU, "pdf", "908", "909", "909"),
    (TAIZHOU, "pdf", "路桥", "椒江", ""),
    (TAIZHOU, "pdf", "全市 5.9%", "全市 5.9%\n全市 5.9%", "5.9"),  # true, but drawn once
    (WENZHOU, "pdf", "警戒线 20%", "警戒线 20%\n警戒线 20%", "20"),
    (TAIZHOU, "docx", "检查处罚率为5.9%", "检查处罚率为5.8%", "5.8"),
    (TAIZHOU, "docx", "从6月份开始", "从7月份开始", "7"),
]


@pytest.mark.parametrize(("name", "suffix", "old", "new", "text"), PRINT)
def test_what_is_changed_in_print_is_named(built, monkeypatch, name, suffix, old, new, text):
    read = getattr(checker, f"read_{suffix}")

    monkeypatch.setattr(checker, f"read_{suffix}", lambda path: read(path).replace(old, new, 1))
    found = [item for item in left(built(name, ".html", f".{suffix}"), name) if item.document.endswith(f".{suffix}")]
    assert text in said(found), found
    assert found


def test_the_print_of_another_edition_is_named(built):
    project = built(WENZHOU, ".html", ".pdf")
    folder = project / "_site" / "reports" / WENZHOU[0]
    shutil.copy2(folder / f"{WENZHOU[1]}.pdf", folder / f"{WENZHOU[1]}.en.pdf")
    assert any(item.document.endswith(".en.pdf") for item in left(project, WENZHOU))


RAW = [
    (WENZHOU, "facts.csv", "全市实施行政处罚,87", "全市实施行政处罚,86", "fact.penalties"),
    (WENZHOU, "annex1.csv", "龙港市,4.8,4.8", "龙港市,4.9,4.8", "fines@longgang"),
    (TAIZHOU, "annex.csv", "椒江区,908", "椒江区,909", "inspections@area"),
    (TAIZHOU, "serious-cases.csv", "黄岩区,0", "黄岩区,1", "serious_none"),
    (DEMO, "work.csv", "甲县,300,33", "甲县,300,34", "cases@jia"),
    (DEMO, "more.csv", "丁县,,", "丁县,3,", "hazchem@ding"),
    (DEMO, "../2020-05/work.csv", "甲县,90,11", "甲县,90,12", "headline:before"),
    (DEMO, "../2020-q1/work.csv", "乙县,150,32", "乙县,150,31", "headline:before"),
    (DEMO, "../2020-06/work.csv", "丁县,30,2", "丁县,30,", "rising"),
]


@pytest.mark.parametrize(("name", "file", "old", "new", "place"), RAW)
def test_what_is_changed_in_a_raw_file_is_named_wherever_it_shows(built, name, file, old, new, place):
    project = built(name)
    edit(project.joinpath("data", "raw", *name, file), old, new)
    assert place in said(left(project, name))


def claims_of(record, kind, field):
    return (claim for one in record["findings"] for claim in one["claims"] if claim["claim"] == kind and field in claim)


CLAIMS = [
    (TAIZHOU, "count", "units", lambda units: units[:-1], "the names that are counted"),
    (TAIZHOU, "count", "units", lambda units: ["huangyan", *units[1:]], "counts names that no claim is about"),
    (TAIZHOU, "members", "units", lambda units: units[1:], "members of"),
    (TAIZHOU, "extreme", "take", lambda take: f"{take} - 1", "the rule takes 4"),
    (DEMO, "members", "units", lambda units: units[1:], "members of"),
]


@pytest.mark.parametrize(("name", "kind", "field", "change", "reason"), CLAIMS)
def test_what_is_changed_in_a_claim_is_named(built, name, kind, field, change, reason):
    project = built(name)
    path = project.joinpath("data", "processed", *name, "findings.json")
    record = json.loads(path.read_text("utf-8"))
    claim = next(claims_of(record, kind, field))
    claim[field] = change(claim[field])
    path.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    assert checker.main([str(project)]) == 1
    assert reason in said(left(project, name))


def test_other_issues_beside_the_record_are_named(built):
    project = built(DEMO, ".html")
    edit(project.joinpath("data", "processed", *DEMO, "quality.json"), "丙县填报的排名", "丁县填报的排名")
    record = reviewed(project, DEMO)
    assert "the page does not say this" in said(record.left)


def reviewed(project, name):
    """The record of a bulletin once its review page is held to it."""
    record, page = account(project, name), project.joinpath("_review", *name).with_name(f"{name[1]}.html")
    assert list(record.left) == []
    Document(page.name, "zh", record, read_page(page)).check_review()
    return record


def test_faults_are_not_counted_again_where_what_the_checks_found_is_not_published(built):
    project = built(DEMO, ".html")
    project.joinpath("data", "processed", *DEMO, "quality.json").unlink()
    record = project.joinpath("data", "processed", *DEMO, "findings.json")
    account = checker.check(record, project.joinpath("_site", "reports", *DEMO), [project])
    assert list(account.left) == []
    assert any("what the checks found is not at hand" in note for note in account.notes)


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"), REVIEWS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_change_on_the_review_page_is_found(held, tmp_path, name, old, new, reason):
    site, record = held(name)
    page = shutil.copy2(review_page(site, *name), tmp_path / f"{name[1]}.html")
    edit(page, old, new)
    Document(page.name, "zh", record, read_page(page)).check_review()
    assert reason in said(record.left), record.left


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "edition"), [(TAIZHOU, ""), (WENZHOU, ""), (WENZHOU, ".en"), (DEMO, ""), (ASSESSMENT, "")]
)
def test_any_digit_of_the_page_when_changed_is_found(built, name, edition):
    """Every digit a reader sees, from the title to the reviewers' section on chance, with the drawing in it."""
    project = built(name, ".html")
    page = project.joinpath("_site", "reports", *name).with_name(f"{name[1]}{edition}.html")
    text = page.read_text("utf-8")
    seen = [piece.start(1) + found.start() for piece in re.finditer(r">([^<]+)<", text) if piece.start() > text.index("<main")
            for found in re.finditer(r"(?<!&#x)(?<!&#x\d)\d", piece[1])]  # fmt: skip
    for number, at in enumerate(seen[:: len(seen) // 12]):
        page.write_text(text[:at] + str((int(text[at]) + 1 + number % 9) % 10) + text[at + 1 :], "utf-8")
        assert left(project, name), text[at - 60 : at + 20]
