"""The checker's parts by themselves: formulas, periods, numerals, raw files in every form."""

import sys
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
import xlwt

from tongbao.definition.loader import raw_definition
from tongbao_verify.definition import Definition
from tongbao_verify.formula import Evaluator, Months, UnreadableError, canonical, compared_with, months_of, together
from tongbao_verify.numerals import dates, labels, prints, read_numerals, says, some_of, value_of
from tongbao_verify.raw import letter, read_digits, read_number, read_sheets, read_table

ROOT = Path(__file__).parents[2]
FIGURES = {"fines": {"a": 4, "b": 2, "c": None, "area": 6}, "cases": {"a": 2, "b": 0, "c": 5, "area": 7}}
OWN = Months(2021, 4, 6)


def figure(name, scope, period, without):
    if period not in (None, OWN):
        return Fraction(10) if period == Months(2020, 1, 6) else None
    value = FIGURES[name][scope]
    return None if value is None else Fraction(value)


evaluate = Evaluator(["a", "b", "c"], OWN, figure, lambda groups, period: {}, lambda formula: ["a", "b", "c"])


@pytest.mark.parametrize(
    ("source", "scope", "value"),
    [
        ("fines / cases * 100", "a", 200),
        ("fines / cases", "b", None),
        ("fines - 1", "c", None),
        ("area.fines - fines", "a", 2),
        ("min(fines, 3) + max(fines, 3)", "a", 7),
        ("default(fines, 9)", "c", 9),
        ("round(5 / 2, 0)", "a", 3),
        ("floor(28, 10) + ceil(28, 10)", "a", 50),
        ("change(3, 4)", "a", -25),
        ("change(3, 0)", "a", None),
        ("change(0, 0)", "a", 0),
        ("sum(fines) + highest(cases) - lowest(cases)", "area", 11),
        ("mean(fines)", "area", 3),
        ("mean.fines", "a", 3),
        ("sum(fines, cases > 0)", "area", 4),
        ("rank(fines)", "b", 2),
        ("rank(-fines)", "b", 1),
        ("rank(fines)", "c", None),
        ("count(fines < 3)", "area", 1),
        ("count(blank(fines)) + count(reported(fines) and not fines == 4)", "area", 2),
        ("last_year.year_to_date.fines", "a", 10),
        ("previous.fines", "a", None),
        ("size", "area", 3),
        ("0.1 + 0.2", "a", Fraction(3, 10)),
    ],
)
def test_a_formula_is_evaluated_over_fractions(source, scope, value):
    assert evaluate(source, scope) == value


def test_it_is_what_a_claim_compares():
    assert evaluate("count(it > 2)", of="fines") == 1
    items = {"scope": "x", "of": {"x": "fines", "y": "cases"}}
    assert evaluate("rank(it)", **items) == 2
    assert evaluate("highest(it) - it", **items) == 1


def test_what_is_blank_in_the_area_is_so_without_those_who_have_a_part_alone():
    def found(name, scope, period, without):
        return None if len(without) == 3 else Fraction(4)

    def all_lack_one(node, period):
        return {name: frozenset("abc") for names in together(node) if len(names) > 1 for name in names}

    one = Evaluator(["a", "b", "c"], OWN, found, all_lack_one, lambda formula: ["a", "b", "c"])
    assert one("blank(fines) or blank(change(fines, last_year.fines))")
    assert not one("blank(fines) or reported(change(fines, last_year.fines))")


@pytest.mark.parametrize("source", ["fines +", "fines # 2", "fines ** 2", "open(1)", "fines[0]", "lambda: 1", "'a'"])
def test_anything_else_is_no_formula(source):
    with pytest.raises(UnreadableError):
        evaluate(source, "a")


def test_formulas_that_say_the_same_have_one_spelling():
    assert canonical("(a/b)*100") == canonical("a / b * 100")
    assert canonical("mean.a") == "mean(a)"
    assert canonical("previous.mean.a") == canonical("mean.a", "previous") == "mean(previous.a)"
    assert canonical("a / param.b", "last_year") == "last_year.a / param.b"


def test_periods_are_runs_of_months():
    assert months_of("2021-01-to-02") == Months(2021, 1, 2)
    assert months_of("2019-q2") == months_of("2019-04-to-06")
    assert months_of("2020-h2") == Months(2020, 7, 12)
    assert months_of("2020") == Months(2020, 1, 12)
    assert compared_with(Months(2021, 1, 3), "previous") == Months(2020, 10, 12)
    assert compared_with(Months(2021, 4, 4), "previous") == Months(2021, 3, 3)
    first, last = compared_with(Months(2021, 1, 5), "previous")[1:]
    assert first > last
    with pytest.raises(UnreadableError):
        months_of("2021-13x")


def test_periods_and_days_as_they_are_written():
    assert {"2021年1-2月", "1-2月", "January–February 2021"} <= labels(Months(2021, 1, 2))
    assert {"2019年二季度", "2019年4-6月", "Q2 2019"} <= labels(Months(2019, 4, 6))
    assert dates("2021-03-10") >= {"2021年3月10日", "10 March 2021"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("前三位共35.08%，椒江、黄岩两地，进一步统一为万元", ["三", "35.08", "两"]),
        ("fines (ten", []),
        ("fines (ten thousand", []),
        ("fines (hundred", []),
        ("ten of them", ["ten"]),
        ("in all (ten of them)", ["ten"]),
        ("1,090 visits; the two lowest, 3.5 ten thousand yuan", ["1,090", "two", "3.5"]),
        ("Fines (ten", []),
        ("ten of (ten), (ten more", ["ten", "ten", "ten"]),
        ("一是力度不足。二是填报不及时", ["一", "二"]),
        ("百分之三十的企业，第十二位，一家企业，一般性检查", ["百分之三十", "十二", "一"]),
        ("翻了一番，三分之一未整改，千余家，罚款过亿，超过百家", ["翻了一番", "三分之一", "千", "过亿", "超过百"]),
        ("减半，位列前三，唯一零立案，负增长，突破万起", ["减半", "三", "零", "负增长", "突破万"]),
        (
            "增长一倍，罚款壹拾贰万元、叁仟元整，处罚柒起，佰余件，无一区达标",
            ["一", "壹拾贰万", "叁仟", "柒", "佰", "一"],
        ),
        ("收拾个干净，大陆地区，陆续处罚，队伍名单，放肆、壹心", []),
        ("千方百计、千家万户，经过百日攻坚，零容忍，放在首位，名列前茅", []),
        ("a quarter of them, threefold, first place, scores of cases", ["quarter", "threefold", "first", "scores"]),
        ("the first places; First, in the first quarter of a year", ["quarter"]),
    ],
)
def test_numerals_are_read_where_they_count(text, found):
    assert [numeral[0] for numeral in read_numerals(text)] == found


def test_what_a_numeral_is_worth():
    texts = ("35.08", "十二", "两", "1,090", "三千五百", "一半", "")
    assert [value_of(text) for text in texts] == [Fraction("35.08"), 12, 2, 1090, 3500, None, None]


@pytest.mark.parametrize(
    ("text", "value", "cut", "right"),
    [
        ("38.10", Fraction(800, 21), False, True),
        ("38.09", Fraction(800, 21), False, False),
        ("17.77", Fraction(800, 45), False, False),
        ("17.77", Fraction(800, 45), True, True),
        ("-0.13", Fraction(-1, 8), False, True),
        ("", None, False, True),
        ("0", None, False, False),
        ("", Fraction(0), False, False),
    ],
)
def test_a_text_prints_a_value_rounded_half_up(text, value, cut, right):
    assert prints(text, value, cut=cut) is right


@pytest.mark.parametrize(
    ("shown", "text", "unit", "qualifier", "lang", "right"),
    [
        ("30%以上", "30", "%", "以上", "zh", True),
        ("30%", "30", "%", "以上", "zh", False),
        ("30% or more", "30", "%", "以上", "en", True),
        ("30%", "30", "%", "以上", "en", False),
        ("5,800", "5800", "家次", "", "en", True),
        ("5800", "5800", "家次", "", "en", False),
        ("5,800 visits", "5800", "家次", "", "en", True),
        ("两", "2", "个", "", "zh", True),
        ("第三", "3", "", "", "zh", True),
        ("第三", "4", "", "", "zh", False),
        ("2nd", "2", "", "", "en", True),
        ("11th", "11", "", "", "en", True),
        ("2th", "2", "", "", "en", False),
        ("Last", "1", "", "", "en", True),
        ("Class II", "class II", "", "", "en", True),
        ("class II", "Class II", "", "", "en", False),
        ("", "", "", "", "en", True),
        ("5", "", "", "", "en", False),
    ],
)
def test_a_figure_is_printed_alone_in_full_in_words_or_as_a_place(shown, text, unit, qualifier, lang, right):
    assert says(shown, text, unit, qualifier, lang) is right


def test_how_many_of_all_in_words():
    assert [some_of(count, 10, "zh") for count in (2, 3, 5, 6, 10)] == ["个别", "部分", "部分", "多数", "全部"]
    assert some_of(2, 3, "en") == "most"


def test_numbers_as_they_are_typed():
    assert read_number("１，２３４．５０") == Fraction("1234.5")
    assert read_number("12.5%", "%") == Fraction("12.5")
    assert read_number("47.1万元", "万元") == Fraction("47.1")
    assert [read_number(text, "", "*") for text in ("", "—", "/", "*")] == [None] * 4
    assert [read_number(text, unit) for text, unit in (("５％", "%"), ("12㎡", "m2"), ("3", "家次"))] == [5, 12, 3]
    for text in ("若干", "20①", "150²", "5½", "𝟐𝟎", "1２³", "٢"):
        with pytest.raises(UnreadableError):
            read_number(text, "起")
    typed = (("１，２３４．５０", ""), ("97.20%", "%"), ("+3家", "家"), ("—", ""))
    assert [read_digits(*one) for one in typed] == ["1234.50", "97.20", "3", ""]
    assert [letter(index) for index in (0, 9, 26, 701)] == ["A", "J", "AA", "ZZ"]


@pytest.fixture(scope="module")
def definition():
    return Definition(raw_definition(ROOT / "reports" / "wenzhou-monthly" / "series.yml", "series.yml"))


RAW = (ROOT / "data/raw/wenzhou-monthly/2021-01-to-02/annex2.csv").read_text("utf-8")
ROWS = [line.split(",") for line in RAW.splitlines()]


def numbers(path, definition):
    found = read_table(read_sheets(path), "hazchem", definition)
    units = {name: column.get("unit", "") for name, column in definition.columns.items()}
    return {key: read_number(cell.text, units[key[1]]) for key, cell in found.items() if key[0] != "total"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", RAW.encode("utf-8-sig")),
        ("a.csv", RAW.encode("gb18030")),
        ("a.txt", RAW.replace(",", "\t").encode("utf-16")),
        ("a.tsv", RAW.replace(",", "\t").encode()),
        ("a.csv", RAW.replace(",", ";").replace("\n", "\r\n").encode()),
        ("a.csv", f"2021年1-2月报表,,,,,,\n{RAW}合计,1,1,1,1,1,1\n注：估计数,,,,,,\n".encode()),
        ("a.csv", RAW.replace("地区,案件数", "地区,打非治违\n地区,案件数", 1).encode()),
        ("a.csv", RAW.replace("鹿城区", "鹿城").replace("处罚金额（万元）", "处罚金额").encode()),
        ("a.csv", "\n".join(",".join([str(n), *row, "无"]) for n, row in enumerate(ROWS)).replace("0,地区", "序号,地区").encode()),
    ],
)  # fmt: skip
def test_every_form_of_text_gives_the_same_figures(tmp_path, definition, name, data):
    (tmp_path / name).write_bytes(data)
    expected = tmp_path / "expected.csv"
    expected.write_text(RAW, "utf-8")
    assert numbers(tmp_path / name, definition) == numbers(expected, definition)
    assert len(numbers(expected, definition)) == 13 * 6


def test_a_workbook_gives_the_same_figures(tmp_path, definition):
    book = openpyxl.Workbook()
    for row in [["报表"], ["地区", "打非治违"], *ROWS]:
        book.active.append([float(text) if text.replace(".", "").isdigit() else text or None for text in row])
    book.active.merge_cells("A2:A3")
    book.active["A2"] = "地区"
    book.active.merge_cells("B2:D2")
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "expected.csv").write_text(RAW, "utf-8")
    assert numbers(tmp_path / "a.xlsx", definition) == numbers(tmp_path / "expected.csv", definition)


@pytest.mark.skipif(sys.platform != "linux", reason="memory has a bound that holds on Linux only")
def test_a_small_workbook_that_takes_gigabytes_is_not_read(tmp_path):
    book = xlwt.Workbook()
    for number in range(8):
        sheet = book.add_sheet(f"s{number}")
        sheet.write(0, 0, "地区")
        sheet.write(65535, 255, 1)  # half a gigabyte of cells between the two
    book.save(tmp_path / "a.xls")
    with pytest.raises(UnreadableError, match="takes too much memory or time to read"):
        read_sheets(tmp_path / "a.xls")
    (tmp_path / "a.xls").write_bytes((tmp_path / "a.xls").read_bytes()[:2000])
    with pytest.raises(UnreadableError, match=r"^(?!takes too much)."):  # what is wrong with it
        read_sheets(tmp_path / "a.xls")


def test_a_header_that_stands_several_times_belongs_to_the_column_before_it(definition):
    folder = ROOT / "data/raw/wenzhou-monthly/2021-01-to-02"
    cells = read_table(read_sheets(folder / "annex1.csv"), "enforcement", definition)
    assert cells["longgang", "penalty_rate"][2:] == (14, "G")
    assert cells["longgang", "penalty_rate_rank"][2:] == (14, "H")
    assert cells["zhenan", "fines"].text == ""
