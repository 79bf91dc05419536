"""Synthetic records: the same each time, marked, and adding up to what is prescribed."""

import csv
import hashlib
import json
import sys
from decimal import Decimal

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT, tongbao
from pages import pdf_text
from synthetic_records import Group, main, read_groups, spread, write_csv, write_parquet
from tongbao.basics.errors import DataError
from tongbao.basics.period import Period
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project

PERIOD = Period.parse("2021-01-to-02")
ID = "2021-01-to-02"


@given(data=st.data(), inspections=st.integers(1, 200), seed=st.integers(0, 10**6))
def test_a_group_adds_up_exactly(tmp_path_factory, data, inspections, seed):
    penalties = data.draw(st.integers(0, inspections))
    accidents = data.draw(st.integers(0, penalties))
    accident_fines = data.draw(st.integers(accidents, 10**7)) if accidents else 0
    others = data.draw(st.integers(penalties - accidents, 10**7)) if penalties > accidents else 0
    group = Group(
        "鹿城区", inspections, penalties=penalties, cases=penalties, accident_penalties=accidents,
        fines=accident_fines + others, accident_fines=accident_fines,
        suspensions=data.draw(st.integers(0, inspections)), seized=data.draw(st.integers(0, 9999)) if penalties else 0,
    )  # fmt: skip
    path = tmp_path_factory.mktemp("group") / "cases.parquet"
    write_parquet(path, [(PERIOD, group)], seed)
    rows = pq.read_table(path).to_pylist()
    assert len(rows) == inspections
    decided = [row for row in rows if row["penalty_date"]]
    assert len(decided) == penalties
    assert sum(row["fine"] for row in decided) == group.fines
    assert sum(row["fine"] for row in decided if row["accident_fine"]) == accident_fines
    assert sum(row["seized"] or 0 for row in rows) == Decimal(group.seized) / 100
    assert sum(row["suspended"] for row in rows) == group.suspensions
    assert all(
        PERIOD.start <= row["inspection_date"] <= (row["penalty_date"] or PERIOD.end) <= PERIOD.end for row in rows
    )
    assert {row["note"] for row in rows} == {"合成数据"}


def test_the_same_bytes_each_time(tmp_path):
    groups = spread(2_000, Period.parse("2021"), ["鹿城区", "龙湾区"], seed=3)
    digests = set()
    for name in ("a", "b"):
        write_csv(tmp_path / name, groups, seed=3)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1
    write_csv(tmp_path / "c", groups, seed=4)
    assert hashlib.sha256((tmp_path / "c").read_bytes()).hexdigest() not in digests


@pytest.mark.parametrize("folder", ["assessment/2020", "assessment/2021", f"wenzhou-records/{ID}"])
def test_the_records_under_data_raw_are_those_that_the_totals_give(tmp_path, folder):
    totals = ROOT / f"benchmarks/totals/{folder.replace('/', '-')}.csv"
    groups = [(Period.parse(folder.rpartition("/")[2]), group) for group in read_groups(totals, totals.name)]
    write_csv(tmp_path / "cases.csv", groups)
    assert (tmp_path / "cases.csv").read_bytes() == (ROOT / f"data/raw/{folder}/synthetic-cases.csv").read_bytes()


def test_asking_for_records_writes_nothing(project):
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    for path in Project(project).records("wenzhou-records", PERIOD):
        path.unlink()
        del before[path]
    assert Project(project).records("wenzhou-records", PERIOD) == []
    after = {path: path.stat().st_mtime_ns for path in project.rglob("*") if path.is_file()}
    assert after == {path: time for path, time in before.items() if path.is_file()}


def test_records_to_try_say_that_they_are_made_up(tmp_path, monkeypatch, capsys):
    path = tmp_path / "cases.csv"
    monkeypatch.setattr(sys, "argv", ["synthetic_records.py", str(path), "--rows", "500", "--counties", "3"])
    main()
    assert capsys.readouterr().out.startswith("500 records")
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == 501
    assert all(line.endswith('"合成数据"') for line in lines[1:])


def test_size_marks_and_numbers(tmp_path):
    path = tmp_path / "cases.parquet"
    assert write_parquet(path, spread(5_000, Period.parse("2021"), ["鹿城区", "龙湾区"], seed=3)) == 5_000
    table = pq.read_table(path)
    assert len(set(table["record_id"].to_pylist())) == 5_000
    assert pq.read_schema(path).metadata[b"synthetic"] == b"true"
    csv_path = tmp_path / "cases.csv"
    write_csv(csv_path, spread(50, PERIOD, ["鹿城区"], seed=3))
    assert pa_csv.read_csv(csv_path)["备注"].unique().to_pylist() == ["合成数据"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("unit,inspections,fins\n鹿城区,1,2\n", "not a column of synthetic totals"),
        ("unit,inspections\n鹿城区,1.5\n", "not a whole number"),
        ("unit,inspections,penalties\n鹿城区,1,2\n", "totals that no records can give"),
        ("unit,inspections,fines\n鹿城区,1,200\n", "totals that no records can give"),
    ],
)
def test_totals_that_cannot_be_used(tmp_path, text, message):
    path = tmp_path / "totals.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=message):
        read_groups(path, "totals.csv")


def printed_in_the_circular():
    """Annex 1 as the circular printed it, by county: fines, non-accident fines, penalty rate."""
    root = Project.find().root
    with (root / f"data/raw/wenzhou-monthly/{ID}/annex1.csv").open(encoding="utf-8") as stream:
        header, *rows = list(csv.reader(stream))
    assert header[1].startswith("罚款总数")
    assert header[6].startswith("检查处罚率")
    return {row[0].replace(" ", ""): (row[1], row[2], row[6]) for row in rows}


def test_wenzhou_from_records_prints_every_figure_of_the_circular(project):
    found = Project(project)
    counted = Bulletin.open(found, "wenzhou-records", ID, {})
    figures = counted.indicators
    assert figures.figure("inspections").text == "248"
    assert figures.figure("penalties").text == "87"
    assert figures.figure("fines").text == "299.74"
    for name, (fines, non_accident, rate) in printed_in_the_circular().items():
        unit = next(unit.id for unit in counted.series.units if unit.zh == name)
        assert figures.figure("fines", unit).text == fines
        assert figures.figure("non_accident_fines", unit).text == non_accident
        assert figures.figure("penalty_rate", unit).text == rate
    read = Bulletin.open(found, "wenzhou-monthly", ID, {})
    for measure in ("hazchem_cases", "hazchem_seized", "hazchem_fines", "transferred", "detained"):
        assert figures.values(measure) == read.indicators.values(measure)


@pytest.mark.further
def test_wenzhou_from_records_says_the_same_sentences(records_site):
    records = [
        json.loads((records_site / f"data/processed/{series}/{ID}/findings.json").read_text("utf-8"))
        for series in ("wenzhou-monthly", "wenzhou-records")
    ]
    read, counted = ([(f["id"], f["text"], f["units"]) for f in record["findings"]] for record in records)
    assert read == counted
    assert records[0]["main_points"] == records[1]["main_points"]
    assert [record["synthetic"] for record in records] == [False, True]


def test_synthetic_figures_are_marked_wherever_they_are_read(records_site):
    folder = records_site / "_site/reports/wenzhou-records"
    page = (folder / f"{ID}.html").read_text("utf-8")
    assert page.index("【合成数据】") < page.index("要点</h2>")
    assert page.count("（合成数据）") >= 4  # title, chart, two annexes
    assert "（合成数据）" in pdf_text(folder / f"{ID}.pdf")
    data = (folder / f"{ID}.csv").read_text("utf-8").splitlines()
    assert data[0].split(",")[2] == "synthetic"
    assert all(line.split(",")[2] == "True" for line in data[1:])
    index = (records_site / "_site/index.html").read_text("utf-8")
    assert index.index("wenzhou-monthly/") < index.index("演示：合成数据") < index.index("wenzhou-records/")


@pytest.mark.further
def test_records_behind_a_warning_go_back_to_their_county(project):
    path = project / f"data/raw/wenzhou-records/{ID}/synthetic-cases.csv"
    text = path.read_text("utf-8")
    lines = text.splitlines()
    header = [name.strip('"') for name in lines[0].split(",")]
    at, case = next((i, line.split(",")) for i, line in enumerate(lines) if i and line.split(",")[21])
    case[21] = "2021-01-01"  # decided before the case was opened
    assert header[21] == "处罚决定日期"
    path.write_text("\n".join([*lines[:at], ",".join(case), *lines[at + 1 :]]) + "\n", "utf-8")
    shown = tongbao(project, "--lang", "zh", "check", f"wenzhou-records@{ID}").stdout
    assert "处罚决定日期早于立案日期" in shown
    assert f"synthetic-cases.csv V{at + 1}" in shown
