"""Every fault of a case record is found, with its place; good records give none."""

import pytest
from cases import PERIOD, SOURCE, as_csv, opened, rows

from synthetic_records import spread, write_csv
from tongbao.basics.catalogue import catalogue
from tongbao.basics.errors import DataError
from tongbao.basics.period import Period
from tongbao_records.examine import examine
from tongbao_records.files import open_records

ERRORS = [
    ({"inspection_date": None}, "检查日期为空白", "B3"),
    ({"inspection_date": "2021-02-30"}, "检查日期无法识别", "B3"),
    ({"inspection_date": "44201"}, "检查日期无法识别", "B3"),
    ({"record_id": None}, "检查编号为空白", "A3"),
    ({"unit": None}, "填报单位为空白", "C3"),
    ({"kind": "随便看看"}, "检查类型不是规定的用语", "F3"),
    ({"terminal": "PC端"}, "录入终端不是规定的用语", "G3"),
    ({"hazards": "三"}, "隐患数（项）无法识别", "H3"),
    ({"hazards": "1.5"}, "隐患数（项）无法识别", "H3"),
    ({"hazards": "-1"}, "隐患数（项）无法识别", "H3"),
    ({"suspended": "也许"}, "责令停产停业无法识别", "J3"),
    ({"fine": "五千"}, "罚款金额（元）无法识别", "N3"),
    ({"fine": "1e9"}, "罚款金额（元）无法识别", "N3"),
    ({"fine": "12.34567"}, "罚款金额（元）无法识别", "N3"),
    ({"collected": "6000"}, "已收缴罚款大于罚款金额", "P3"),
    ({"serious_hazards": "4"}, "重大隐患数大于隐患数", "I3"),
    ({"penalty_date": None}, "有罚款金额而没有处罚决定日期", "N3"),
    ({"accident_fine": None}, "有处罚决定而未填是否事故罚款", "O3"),
    ({"serious_violation": None}, "已立案而未填是否重大违法行为", "L3"),
    ({"record_id": "1"}, "检查编号重复", "A3"),
]
WARNINGS = [
    ({"fine": None, "collected": None}, "decision_needs_fine"),
    ({"case_date": "2021-01-01"}, "case_after_inspection"),
    ({"penalty_date": "2021-01-05"}, "penalty_after_case"),
]


@pytest.mark.parametrize(("change", "message", "place"), ERRORS, ids=[message for _, message, _ in ERRORS])
def test_errors(tmp_path, change, message, place):
    text = as_csv(rows({}, change))
    with opened(tmp_path, ("cases.csv", text)) as records, pytest.raises(DataError) as caught:
        examine(records, synthetic=False)
    assert message in caught.value.told("zh", catalogue("zh"))
    assert f"cases.csv {place}" in str(caught.value)


@pytest.mark.parametrize(("change", "rule"), WARNINGS)
def test_warnings(tmp_path, change, rule):
    with opened(tmp_path, ("cases.csv", as_csv(rows({}, change)))) as records:
        (fault,) = examine(records, synthetic=False)
    assert (fault.rule.name, fault.rule.level, fault.source.row, fault.unit) == (rule, "warning", 3, "鹿城区")


def test_good_records_give_none(tmp_path):
    with opened(tmp_path, ("cases.csv", as_csv(rows({}, {}, {})))) as records:
        assert examine(records, synthetic=False) == []
        assert examine(records, synthetic=False, within=(PERIOD.start, PERIOD.end), coded=True) == []


OLD = {"inspection_date": "2012-01-05", "case_date": None, "penalty_date": None, "fine": None}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"penalty_date": "2061-01-20"}, "day_after_period"),
        (
            {"inspection_date": "2021-03-01", "case_date": "2021-03-02", "penalty_date": "2021-03-02"},
            "day_after_period",
        ),
        (OLD, "days_before_period"),
        ({"enterprise_code": "无"}, "code_of_enterprise"),
    ],
)
def test_records_that_figures_pass_over_are_told(tmp_path, change, rule):
    within = (PERIOD.start, PERIOD.end)
    with opened(tmp_path, ("cases.csv", as_csv(rows({}, change)))) as records:
        (fault,) = examine(records, synthetic=False, within=within, coded=True)
        assert (fault.rule.name, fault.source.row) == (rule, 3)
        assert examine(records, synthetic=False) == []


def test_what_is_told_of_an_earlier_case_that_was_decided_now_is_nothing(tmp_path):
    earlier = {"inspection_date": "2020-12-30", "case_date": "2020-12-31", "penalty_date": "2021-01-04"}
    with opened(tmp_path, ("cases.csv", as_csv(rows(earlier)))) as records:
        assert examine(records, synthetic=False, within=(PERIOD.start, PERIOD.end)) == []


def test_two_enterprises_under_one_code_are_named_each(tmp_path):
    changes = [{"enterprise": name} for name in ("甲厂", "乙厂", "甲厂")] + [
        {"enterprise_code": "A2", "enterprise": "丙厂"}
    ]
    with opened(tmp_path, ("cases.csv", as_csv(rows(*changes)))) as records:
        found = examine(records, synthetic=False, coded=True)
    assert [(fault.rule.name, fault.source.row, fault.values[1][1]) for fault in found] == [
        ("one_name_for_a_code", 2, "甲厂"),
        ("one_name_for_a_code", 3, "乙厂"),
    ]


def test_all_faults_of_all_files_at_once(tmp_path):
    first, second = as_csv(rows({"hazards": "x"})), as_csv(rows({"record_id": "7", "fine": "y"}))
    with opened(tmp_path, ("a.csv", first), ("b.csv", second)) as records, pytest.raises(DataError) as caught:
        examine(records, synthetic=False)
    assert "a.csv H2" in str(caught.value)
    assert "b.csv N2" in str(caught.value)


def test_a_number_used_in_two_files(tmp_path):
    text = as_csv(rows({}))
    with opened(tmp_path, ("a.csv", text), ("b.csv", text)) as records, pytest.raises(DataError) as caught:
        examine(records, synthetic=False)
    assert "b.csv A2" in str(caught.value)
    assert "the first is at a.csv A2" in str(caught.value)


def test_many_of_one_fault_are_counted(tmp_path):
    with (
        opened(tmp_path, ("a.csv", as_csv(rows(*[{"hazards": "x"}] * 50)))) as records,
        pytest.raises(DataError) as caught,
    ):
        examine(records, synthetic=False)
    assert "30 more records have the same fault" in str(caught.value)


def test_doubtful_records_are_named_and_counted_for_each_unit(tmp_path):
    doubtful = {"case_date": "2021-01-01"}
    changes = [doubtful] * 25 + [doubtful | {"unit": "龙湾区"}] * 3
    with opened(tmp_path, ("a.csv", as_csv(rows(*changes)))) as records:
        faults = examine(records, synthetic=False)
    counts = {}
    for fault in faults:
        counts[fault.unit] = counts.get(fault.unit, 0) + 1 + fault.more
    assert counts == {"鹿城区": 25, "龙湾区": 3}
    assert len(faults) == 23


def test_synthetic_and_real_records_are_never_mixed(tmp_path):
    path = tmp_path / "cases.csv"
    write_csv(path, spread(50, Period.parse("2021-02"), ["鹿城区"], seed=1))
    with open_records([(path, "cases.csv")], SOURCE) as records:
        assert examine(records, synthetic=True) == []
        with pytest.raises(DataError, match="made-up records among real ones"):
            examine(records, synthetic=False)
    with (
        opened(tmp_path, ("real.csv", as_csv(rows({})))) as records,
        pytest.raises(DataError, match="an unmarked record"),
    ):
        examine(records, synthetic=True)
