"""A whole build: what it writes, when it is up to date and why not, other parameters, the same bytes."""

import json
import re
import shutil
from decimal import Decimal

import pandas as pd
import pytest
from filelock import FileLock

from conftest import ROOT, edit, tongbao
from pages import GOLDEN, circular_text, page_path, pdf_circular_text, soup
from tongbao.basics.language import han_count

documents = pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["series"])


def processed(project, golden):
    return project / "data" / "processed" / golden["series"] / golden["period"]


def test_the_site_holds_index_pages_prints_and_data(site):
    names = {path.relative_to(site / "_site").as_posix() for path in (site / "_site").rglob("*") if path.is_file()}
    assert names >= {
        "index.html",
        "theme/bulletin.css",
        "theme/bulletin.js",
        "theme/charts.css",
        "theme/charts.js",
        *(
            f"reports/{golden['series']}/{golden['period']}.{suffix}"
            for golden in GOLDEN
            for suffix in ("html", "pdf", "docx", "csv")
        ),
    }


@documents
def test_indicators_are_tidy_in_csv_and_parquet(site, golden):
    folder = processed(site, golden)
    parquet = pd.read_parquet(folder / "indicators.parquet")
    csv = pd.read_csv(folder / "indicators.csv", dtype=str, keep_default_na=False)
    assert list(parquet.columns) == list(csv.columns)
    assert len(parquet) == len(csv)
    assert not parquet.duplicated(["measure", "unit"]).any()
    rates = parquet[(parquet["measure"] == "penalty_rate") & (parquet["unit"] == "area")]
    expected = {"taizhou-andun": Decimal(342) / 5800 * 100, "wenzhou-monthly": Decimal(87) / 248 * 100}
    assert abs(rates["value"].item() - expected[golden["series"]]) < Decimal("1e-12")
    assert rates["formula"].item()


@documents
def test_findings_follow_the_contract(site, golden):
    record = json.loads((processed(site, golden) / "findings.json").read_text("utf-8"))
    assert (record["series"], record["period"]) == (golden["series"], golden["period"])
    for finding in record["findings"]:
        assert finding["text"]["zh"]
        assert finding["text"]["en"]
        assert any(record["figures"][key]["cells"] for key in finding["figures"])
        assert finding["claims"]
    assert {cell for figure in record["figures"].values() for cell in figure["cells"]} == set(record["cells"])


@documents
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_number_in_a_sentence_is_bound_to_its_figure(site, golden, lang):
    record = json.loads((processed(site, golden) / "findings.json").read_text("utf-8"))
    for finding in record["findings"]:
        sentence, numbers = finding["text"][lang], finding["numbers"][lang]
        assert numbers
        assert [number["start"] for number in numbers] == sorted(number["start"] for number in numbers)
        for number in numbers:
            end = number["start"] + len(number["text"])
            assert sentence[number["start"] : end] == number["text"]
            if ":unit@" in number["key"]:
                continue
            figure = record["figures"][number["key"]]
            # A count before a measure word is a Chinese numeral: 两地.
            is_small = figure["text"].isdigit() and len(figure["text"]) <= 2
            counted = is_small and number["text"] == han_count(int(figure["text"]))
            same = figure["text"] == number["text"].replace(",", "") or counted
            if number["text"].startswith("CNY "):
                amount, *scale = number["text"].removeprefix("CNY ").replace(",", "").split()
                yuan = Decimal(amount) * {"million": 10**6}[scale[0]] if scale else Decimal(amount)
                same = yuan == Decimal(figure["text"]) * {"万元": 10**4}[figure["unit"]]
            assert same or figure["origin"] == "parameter"
        bound = {i for number in numbers for i in range(number["start"], number["start"] + len(number["text"]))}
        loose = "".join(character for i, character in enumerate(sentence) if i not in bound)
        for known in (record["period_label"], "附件1", "Annex 1", "January–February 2021"):
            loose = loose.replace(known, "")
        assert not re.search(r"\d", loose), loose


@documents
def test_evidence_points_at_cells_that_hold_what_it_says(site, golden):
    record = json.loads((processed(site, golden) / "findings.json").read_text("utf-8"))
    assert len(record["cells"]) > 60
    for cell in record["cells"].values():
        source = cell["source"]
        lines = pd.read_csv(ROOT / source["file"], header=None, dtype=str, keep_default_na=False)
        assert lines.iloc[source["row"] - 1, ord(source["column"]) - ord("A")] == cell["text"]


@documents
def test_manifest_names_inputs_parameters_engine_and_outputs(site, golden):
    record = json.loads((processed(site, golden) / "manifest.json").read_text("utf-8"))
    raw = f"data/raw/{golden['series']}/{golden['period']}/"
    names = set(record["inputs"])
    assert {f"reports/{golden['series']}/series.yml", "_quarto.yml", "requirements.lock", raw + "facts.csv"} <= names
    assert record["engine"]["name"] == "embedded"
    assert {"pandoc", "typst"} <= set(record["engine"])
    assert record["parameters"]
    assert {name.rpartition(".")[2] for name in record["outputs"]} == {
        "html",
        "pdf",
        "docx",
        "csv",
        "xlsx",
        "parquet",
        "json",
    }


def test_nothing_is_built_twice_and_status_says_why(built):
    before = {path: path.stat().st_mtime_ns for path in (built / "_site").rglob("*") if path.is_file()}
    every = len(list((built / "data/processed").glob("*/*/manifest.json")))
    assert every == 2
    assert tongbao(built, "build", "--engine", "embedded").stdout.count("up to date") == every
    assert {path: path.stat().st_mtime_ns for path in before} == before

    edit(built / "data/raw/taizhou-andun/2019-04-to-06/facts.csv", ",24.8,", ",24.9,")
    page = built / "_site/reports/wenzhou-monthly/2021-01-to-02.html"
    edit(page, "35.08", "36.08")
    edit(processed(built, GOLDEN[1]) / "findings.json", "前三位", "前一位")  # as a notebook run by hand does
    said = tongbao(built, "status", "--engine", "embedded").stdout
    assert "data/raw/taizhou-andun/2019-04-to-06/facts.csv changed" in said
    assert "_site/reports/wenzhou-monthly/2021-01-to-02.html was changed after the build" in said
    assert "findings.json was changed after the build" in said

    pages = ("--format", "html", "--engine", "embedded")
    assert tongbao(built, "build", "taizhou-andun", *pages).stdout.count("built ") == 1
    assert "下降24.9%" in circular_text(built / "_site/reports/taizhou-andun/2019-04-to-06.html")
    index = built / "_site" / "index.html"
    assert "前一位" not in index.read_text("utf-8")  # what a hand left does not reach the index
    assert tongbao(built, "build", *pages).stdout.count("built ") == 1
    assert "36.08" not in page.read_text("utf-8")
    assert "前三位" in index.read_text("utf-8")


def test_another_threshold_changes_sentence_chart_and_status(built):
    """And a format that is left out is gone with its download: it would go on saying the old figures."""
    formats = ("--format", "html,pdf", "--engine", "embedded")
    tongbao(built, "build", "wenzhou-monthly@2021-01-to-02", "-p", "below_rate=35", *formats)
    sentence = "检查处罚率未达35%为龙港市、苍南县、泰顺县、瑞安市和瓯海区"
    page = page_path(built, GOLDEN[1], "html")
    assert sentence in circular_text(page)
    assert sentence in pdf_circular_text(page.with_suffix(".pdf"))
    chart = soup(page).select_one(".chart")
    assert soup(page).select_one(".chart-title").get_text(strip=True) == sentence
    texts = [text.get_text() for text in chart.select("svg.chart-wide text")]
    assert "警戒线 35%" in texts
    below = [text.get_text() for text in chart.select("svg.chart-wide text[fill*=accent]")]
    assert [text for text in below if text[0].isdigit()] == ["31.58", "30.30", "14.29", "12.50", "7.69"]
    assert "低于警戒线 35%的有5个" in chart.select_one("svg")["aria-label"]
    assert not page.with_suffix(".docx").exists()
    links = [link["href"] for link in soup(page).select(".masthead a.download")]
    assert links == ["2021-01-to-02.pdf", "2021-01-to-02.csv"]
    said = tongbao(built, "status", "wenzhou-monthly", "--engine", "embedded").stdout
    assert "parameter below_rate: built with 35, now 20" in said


def test_the_index_and_shared_files_are_brought_back(built):
    names = ("index.html", "theme/bulletin.css", "theme/charts.js")
    for name in names:
        (built / "_site" / name).unlink()
    said = tongbao(built, "status", "--engine", "embedded").stdout
    assert all(f"_site/{name} is missing" in said for name in names)
    tongbao(built, "build", "--engine", "embedded")
    assert all((built / "_site" / name).is_file() for name in names)


def test_a_period_whose_figures_are_gone_leaves_the_site(built):
    own = [built / "reports/taizhou-andun" / name for name in ("analysis.ipynb", "notes.csv")]
    for path in own:
        path.touch()
    shutil.rmtree(built / "data/raw/taizhou-andun/2019-04-to-06")
    assert "removed" in tongbao(built, "build", "--engine", "embedded").stdout
    assert not (built / "_site/reports/taizhou-andun").exists()
    assert "2019安盾" not in (built / "_site/index.html").read_text("utf-8")
    assert all(path.is_file() for path in own)


def test_figures_of_last_year_are_inputs_too(built):
    before = built / "data/raw/wenzhou-monthly/2020-01-to-02"
    shutil.copytree(built / "data/raw/wenzhou-monthly/2021-01-to-02", before)
    said = tongbao(built, "status", "wenzhou-monthly@2021-01-to-02", "--engine", "embedded").stdout
    assert "2020-01-to-02/facts.csv new" in said


def test_a_failed_build_of_one_format_keeps_the_others(built):
    before = {path: path.read_bytes() for path in (built / "_site").rglob("*") if path.is_file()}
    with (built / "theme" / "title-block.html").open("a") as file:
        file.write("$if(")
    tongbao(built, "build", "taizhou-andun", "--format", "html", "--engine", "embedded", code=3)
    assert {path: path.read_bytes() for path in before} == before


def test_two_builds_at_once_are_refused(built):
    with FileLock(built / ".tongbao" / "build.lock"):
        finished = tongbao(built, "build", "--force", "--engine", "embedded", code=3)
    assert "another build is running" in finished.stderr


def test_what_the_notebook_leaves_out_is_not_lost_in_silence(project):
    path = project / "reports/wenzhou-monthly/series.yml"
    extra = "  - {id: extra, heading: {zh: 其他, en: More}, paragraphs: [{zh: 其他事项。, en: More.}]}\n"
    path.write_text(path.read_text("utf-8").replace("  - id: next\n", extra + "  - id: next\n"), "utf-8")
    finished = tongbao(project, "build", "wenzhou-monthly", "--engine", "embedded", code=2)
    assert 'bulletin.section("extra")' in finished.stderr


def test_a_removed_series_disappears_from_index_and_site(built):
    shutil.rmtree(built / "reports/wenzhou-monthly")
    tongbao(built, "build", "taizhou-andun", "--engine", "embedded")
    assert not (built / "_site/reports/wenzhou-monthly").exists()
    assert not (built / "data/processed/wenzhou-monthly").exists()
    assert (built / "data/raw/wenzhou-monthly").is_dir()  # figures as received are nobody's to remove
    index = (built / "_site/index.html").read_text("utf-8")
    assert "wenzhou-monthly" not in index
    assert "taizhou-andun" in index
