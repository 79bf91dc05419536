"""Counting against a plain loop over the same records."""

from collections import defaultdict
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
from cases import GOOD, PERIOD, UNITS, as_csv, opened, rows

from synthetic_records import spread, write_parquet
from tongbao.basics.errors import DataError
from tongbao.basics.period import Period
from tongbao.definition.case_records import RecordCondition, RecordSource
from tongbao.reading.cell import RecordCount
from tongbao_records.count import Counted, count_records
from tongbao_records.files import open_records
from tongbao_records.measures import MEASURES

PERIODS = [Period.parse(text) for text in ("2020-12", "2021-01", "2021-02", "2021-01-to-02", "2021-q1", "2021", "2022")]
NAMES = ["第1县", "第2县", "第3县"]


def plain_count(records, period):
    """Every measure by its definition in words, record by record."""
    totals = defaultdict(lambda: defaultdict(Decimal))
    seen = defaultdict(set)

    def within(record, date):
        return record[date] is not None and period.start <= record[date] <= period.end

    for r in records:
        t = totals[r["unit"]]
        if within(r, "inspection_date"):
            t["inspections"] += 1
            seen[r["unit"]].add(r["enterprise_code"])
            t["mobile_inspections"] += r["terminal"] == "移动端"
            t["suspensions"] += r["suspended"]
            for name in ("site_records", "measures_ordered", "rectification_orders", "compulsory_measures", "hazards",
                         "serious_hazards"):  # fmt: skip
                t[name] += r[name]
        if within(r, "random_task_due"):
            t["random_tasks_due"] += 1
            t["random_tasks_on_time"] += r["random_task_done"] <= r["random_task_due"]
        if within(r, "rectification_due"):
            t["rectifications_due"] += 1
            done = r["rectification_done"]
            t["rectifications_on_time"] += done is not None and done <= r["rectification_due"]
        if within(r, "case_date"):
            t["cases"] += 1
            t["serious_cases"] += r["serious_violation"]
        if within(r, "penalty_date"):
            t["penalties"] += 1
            t["fines"] += r["fine"]
            t["non_accident_penalties"] += not r["accident_fine"]
            t["non_accident_fines"] += 0 if r["accident_fine"] else r["fine"]
            t["collected"] += r["collected"]
            t["seized"] += r["seized"] or 0
            t["transferred"] += r["transferred"]
            t["detained"] += r["detained"]
    for unit, codes in seen.items():
        totals[unit]["enterprises"] = Decimal(len(codes))
    return totals


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    path = tmp_path_factory.mktemp("records") / "cases.parquet"
    write_parquet(path, spread(6_000, Period.parse("2021"), NAMES, seed=5))
    return path


def test_every_measure_for_overlapping_periods(generated):
    names = {name: name for name in NAMES}
    with open_records([(generated, "cases.parquet")], RecordSource(files=("x",))) as records:
        totals = count_records(records, {name: Counted(name) for name in MEASURES}, PERIODS, names)
    rows_ = pq.read_table(generated).to_pylist()
    compared = 0
    for period in PERIODS:
        expected = plain_count(rows_, period)
        assert {unit for p, unit in totals if p == period} == {u for u, t in expected.items() if any(t.values())}
        for unit in {unit for p, unit in totals if p == period}:
            found = {name: total.value for name, total in totals[period, unit].items()}
            assert found == {name: expected[unit][name] for name in MEASURES}
            compared += len(found)
    assert compared >= len(MEASURES) * len(NAMES) * 5  # 2020-12 and 2022 hold no inspection, some things happen later


def test_conditions(tmp_path):
    records_ = rows({}, {"industry": "矿山"}, {"industry": None}, {"fine": "2999.99"}, {"suspended": "是"})
    wanted = {
        "is": Counted("inspections", {"industry": RecordCondition.model_validate("矿山")}),
        "one of": Counted("inspections", {"industry": RecordCondition.model_validate(["矿山", "工贸"])}),
        "not": Counted("inspections", {"industry": RecordCondition.model_validate({"not": "矿山"})}),
        "small": Counted("penalties", {"fine": RecordCondition.model_validate({"below": "3000"})}),
        "large": Counted("penalties", {"fine": RecordCondition.model_validate({"at_least": "3000"})}),
        "true": Counted("inspections", {"suspended": RecordCondition.model_validate({"is": True})}),
    }
    with opened(tmp_path, ("a.csv", as_csv(records_))) as records:
        totals = count_records(records, wanted, [PERIOD], UNITS)[PERIOD, "lucheng"]
    assert {name: int(total.value) for name, total in totals.items()} == {
        "is": 1, "one of": 4, "not": 4, "small": 1, "large": 4, "true": 1,
    }  # fmt: skip
    assert totals["small"].records == 1


def test_a_penalty_counts_where_it_was_decided(tmp_path):
    text = as_csv(rows({"inspection_date": "2020-12-30", "case_date": "2020-12-31", "penalty_date": "2021-02-28"}))
    with opened(tmp_path, ("a.csv", text)) as records:
        wanted = {"inspections": Counted("inspections"), "penalties": Counted("penalties")}
        totals = count_records(records, wanted, [PERIOD, Period.parse("2020-12")], UNITS)
    assert [int(t.value) for t in totals[PERIOD, "lucheng"].values()] == [0, 1]
    assert [int(t.value) for t in totals[Period.parse("2020-12"), "lucheng"].values()] == [1, 0]


def test_one_enterprise_under_two_spellings_of_its_county_is_one(tmp_path):
    text = as_csv(rows({"unit": "鹿城"}, {"unit": "鹿城区"}, {"unit": "龙湾区"}))
    with opened(tmp_path, ("a.csv", text)) as records:
        totals = count_records(records, {"enterprises": Counted("enterprises")}, [PERIOD], UNITS)
    assert {unit: int(found["enterprises"].value) for (_, unit), found in totals.items()} == {
        "lucheng": 1,
        "longwan": 1,
    }


def test_unknown_counties_are_all_named(tmp_path):
    text = as_csv(rows({"unit": "鹿诚区"}, {"unit": "火星县"}))
    with (
        opened(tmp_path, ("a.csv", text)) as records,
        pytest.raises(DataError, match="unknown reporting unit") as caught,
    ):
        count_records(records, {"inspections": Counted("inspections")}, [PERIOD], UNITS)
    assert "鹿诚区" in str(caught.value)
    assert "火星县" in str(caught.value)


def test_a_measure_without_its_field_is_no_zero(tmp_path):
    text = as_csv([{name: GOOD[name] for name in ("record_id", "inspection_date", "unit")}])
    with opened(tmp_path, ("a.csv", text)) as records, pytest.raises(DataError, match="no column for 录入终端"):
        count_records(records, {"mobile": Counted("mobile_inspections")}, [PERIOD], UNITS)


def test_what_is_counted_is_said_in_words():
    where = {
        "industry": RecordCondition.model_validate("危险化学品"),
        "kind": RecordCondition.model_validate({"not": "打非治违"}),
    }
    said = Counted("fines", where).describe()
    assert said.zh == "罚款金额（元）合计，按处罚决定日期；行业领域为危险化学品；检查类型不为打非治违"
    assert said.en == "fines by penalty date; industry is 危险化学品; kind is not 打非治违"
    assert RecordCount("a.csv", 4, said).told("en") == f"a.csv: 4 records: {said.en}"
    assert RecordCount("a.csv", 4, said).told("zh") == f"a.csv：4条记录，{said.zh}"


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        ({"is": False}, "事故罚款为否", "accident fine is no"),
        ({"is": ["甲", "乙"]}, "事故罚款为甲、乙", "accident fine is 甲 or 乙"),
        ({"at_least": 3, "below": 5}, "事故罚款低于5且不低于3", "accident fine is below 5 and is at least 3"),
    ],
)
def test_each_condition_is_said_in_both_languages(condition, zh, en):
    said = Counted("inspections", {"accident_fine": RecordCondition.model_validate(condition)}).describe()
    assert (said.zh, said.en) == (f"检查企业计数，按检查日期；{zh}", f"inspections by inspection date; {en}")


def test_a_sum_of_which_all_that_count_are_blank_is_none(tmp_path):
    """A record that may count for all that it says has an amount; the one that does count has none."""
    counted = Counted("fines", {"industry": RecordCondition.model_validate({"is": ["工贸"]})})
    decided = {"penalty_date": "2021-02-03", "fine": "100", "collected": "0", "accident_fine": "否"}
    for fine, value in (("", None), ("0", 0), ("50", 50)):
        may, does = (
            decided | {"record_id": "R1", "industry": ""},
            decided | {"record_id": "R2", "industry": "工贸", "fine": fine},
        )
        with opened(tmp_path, ("a.csv", as_csv(rows(may, does)))) as records:
            total = count_records(records, {"fines": counted}, [PERIOD], UNITS)[PERIOD, "lucheng"]["fines"]
        assert (total.value, total.records) == (value, 1)
