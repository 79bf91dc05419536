"""Lists of key enterprises: who is on them, why, and in which order."""

import pytest
from cases import PERIOD, UNITS, as_csv, opened, rows

from tongbao.basics.errors import DataError, DefinitionError
from tongbao.basics.period import Period
from tongbao.definition.case_records import EnterpriseList
from tongbao.definition.loader import load_series
from tongbao_records.enterprises import list_enterprises

DECLARED = EnterpriseList.model_validate(
    {
        "criteria": {
            "serious": {"measure": "serious_hazards", "at_least": 1, "reason": "存在重大隐患{{ value }}项"},
            "many": {"measure": "hazards", "at_least": 10, "reason": "隐患{{ value }}项"},
            "slow": {"measure": "days_late", "at_least": "param.slow", "reason": "逾期{{ value }}天"},
        }
    }
)
CLEAN = {"serious_hazards": "0", "hazards": "1", "rectification_due": "2021-01-20", "rectification_done": "2021-01-20"}


def listed(folder, *changes, declared=DECLARED, period=PERIOD):
    records_ = rows(*[CLEAN | {"enterprise": f"{change['enterprise_code']}厂"} | change for change in changes])
    with opened(folder, ("a.csv", as_csv(records_))) as records:
        thresholds = declared.thresholds({"slow": 30})
        order = ["longwan", "lucheng"]
        return list_enterprises(records, declared, thresholds, period, UNITS, order, "a.csv")


def test_each_criterion_and_its_figure(tmp_path):
    found = listed(
        tmp_path,
        {"enterprise_code": "A", "serious_hazards": "1", "hazards": "2"},
        {"enterprise_code": "B", "hazards": "6"},
        {"enterprise_code": "B", "hazards": "4"},
        {"enterprise_code": "C", "rectification_done": "2021-02-19"},
        {"enterprise_code": "D", "rectification_done": None},
        {"enterprise_code": "E", "rectification_done": "2021-02-18", "hazards": "9"},
    )
    assert {e.code: e.met for e in found} == {"A": ("serious",), "B": ("many",), "C": ("slow",), "D": ("slow",)}
    late = {e.code: int(e.figures["days_late"]) for e in found}
    assert late == {"A": 0, "B": 0, "C": 30, "D": 39}  # still open: counted to the end of February
    assert {e.code: e.source.records for e in found} == {"A": 1, "B": 2, "C": 1, "D": 1}


def test_order_is_by_criteria_met_then_figures_then_county(tmp_path):
    found = listed(
        tmp_path,
        {"enterprise_code": "Z", "serious_hazards": "1", "hazards": "12"},
        {"enterprise_code": "Y", "serious_hazards": "3", "hazards": "3"},
        {"enterprise_code": "X", "serious_hazards": "1", "hazards": "3"},
        {"enterprise_code": "W", "serious_hazards": "1", "hazards": "3", "unit": "龙湾区"},
    )
    assert [e.code for e in found] == ["Z", "Y", "W", "X"]


def test_one_enterprise_under_two_names_of_its_county_is_one(tmp_path):
    (found,) = listed(
        tmp_path,
        {"enterprise_code": "A", "hazards": "6", "unit": "鹿城区"},
        {"enterprise_code": "A", "hazards": "5", "unit": "鹿城"},
        {"enterprise_code": "A", "hazards": "6", "unit": "龙湾区"},
    )
    assert (found.unit, found.figures["hazards"], found.source.records) == ("lucheng", 11, 2)


def test_a_code_is_one_however_it_is_typed_and_none_is_no_code(tmp_path):
    typed = ["91330000ab", "91330000AB", " ９１３３００００ＡＢ　", "91330000 AB"]
    none = ["", "无", "/", "—"]
    changes = [{"enterprise_code": code, "enterprise": "甲厂", "serious_hazards": "1"} for code in (*typed, *none)]
    (found,) = listed(tmp_path, *changes)
    assert (found.code, found.source.records) == ("91330000AB", 4)


def test_a_penalty_decided_after_the_period_is_none_of_it(tmp_path):
    punished = {"criteria": {"often": {"measure": "penalties", "at_least": 1, "reason": "受处罚{{ value }}次"}}}
    changes = [
        {"enterprise_code": "A", "penalty_date": "2021-02-28"},
        {"enterprise_code": "A", "penalty_date": "2021-03-01"},
        {"enterprise_code": "B", "penalty_date": "2061-02-02"},
    ]
    (found,) = listed(tmp_path, *changes, declared=EnterpriseList.model_validate(punished))
    assert (found.code, found.figures["penalties"]) == ("A", 1)


def test_only_the_last_months_and_only_what_was_due(tmp_path):
    year = Period.parse("2021")
    half = DECLARED.model_copy(update={"months": 6})
    changes = [
        {"enterprise_code": "A", "serious_hazards": "1", "hazards": "1", "inspection_date": "2021-06-30"},
        {"enterprise_code": "B", "serious_hazards": "1", "hazards": "1", "inspection_date": "2021-07-01"},
        {"enterprise_code": "C", "inspection_date": "2021-12-01", "rectification_due": "2022-02-01",
         "rectification_done": None},
    ]  # fmt: skip
    assert [e.code for e in listed(tmp_path, *changes, declared=half, period=year)] == ["B"]
    assert [e.code for e in listed(tmp_path, *changes, period=year)] == ["A", "B"]


def test_nobody(tmp_path):
    assert listed(tmp_path, {"enterprise_code": "A"}) == ()


def test_a_missing_field_is_no_empty_list(tmp_path):
    text = as_csv(rows({"enterprise": "甲厂"}))
    with opened(tmp_path, ("a.csv", text)) as records, pytest.raises(DataError, match="lack fields") as caught:
        list_enterprises(records, DECLARED, DECLARED.thresholds({"slow": 30}), PERIOD, UNITS, [], "a.csv")
    assert "rectification_due" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("measure: hazards,", "measure: hazard,", "hazards"),
        ("at_least: param.many_hazards", "at_least: param.many_hazard", "did you mean param.many_hazards"),
        ("{enterprises: key, title", "{enterprises: keys, title", "did you mean key"),
        ("listed: enterprises.key,", "listed: enterprises.kay,", "did you mean enterprises.key"),
        ("weight: 20,", "weight: 21,", "add up to 100, not 101"),
        (
            "measure: cases, unit: 起}",
            "measure: case, unit: 起}",
            "no measure case of case records; did you mean cases",
        ),
        ("measure: fines, unit: 万元,", "measure: fines, unit: 家,", "fines is counted in 元, not in 家"),
        ("where: {industry: 工贸}", "where: {industri: 工贸}", "no field industri of case records"),
        ("  files: assessment/{period}/*cases.*", "  headers: {}", "the key files is missing"),
    ],
)
def test_faults_of_a_definition_are_named_with_their_line(project, old, new, message):
    path = project / "reports/assessment/series.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_series(path, "reports/assessment/series.yml")
    assert message in str(caught.value)
    assert "reports/assessment/series.yml:" in str(caught.value)
