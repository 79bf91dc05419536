"""The forms of charts: what each draws, says and leaves out, with figures made up for it."""

import re
from collections.abc import Mapping

import pytest

from conftest import ROOT, bare_project, edit
from demo import write_demo
from tongbao.basics.marks import plain
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.loader import DefinitionError
from tongbao.definition.project import Project
from tongbao.display.canvas import NARROW, WIDE, Rows, range_of
from tongbao.display.charted import Charted
from tongbao.display.charts import charted
from tongbao.display.draughtsman import to_svg
from tongbao.display.drawing import ACCENT, specification

CHART = "penalty_rate: {measure: rate, form: line, periods: 6}"
WIDTHS = pytest.mark.parametrize("width", [WIDE, NARROW])


@pytest.fixture
def drawn(tmp_path):
    """A chart of the made-up quarter, declared as given."""

    def call(declared: str, **changes: Mapping[str, str]) -> Charted:
        root = bare_project(tmp_path / "project")
        write_demo(root)
        edit(root / "reports/demo/series.yml", CHART, f"penalty_rate: {declared}")
        files = {"series": "reports/demo/series.yml"} | {
            name: f"data/raw/demo/2021-q2/{name}.csv" for name in ("work", "more")
        }
        files["before_work"] = "data/raw/demo/2021-q1/work.csv"
        files["before"] = "data/raw/demo/2021-q1/more.csv"
        for name, edits in changes.items():
            for old, new in edits.items():
                edit(root / files[name], old, new)
        return charted(Bulletin.open(Project(root), "demo", "2021-q2", {}), "penalty_rate")

    return call


def texts(canvas) -> list[str]:
    return [plain(text["text"]) for text in canvas.texts]


@WIDTHS
def test_bars_start_at_zero_and_show_the_counts_behind_a_rate(drawn, width):
    chart = drawn("{measure: rate}")
    canvas = chart.canvas(width)
    assert {bar["value"] for bar in canvas.rects} == {0}
    assert [round(bar["to"], 2) for bar in canvas.rects] == [110, 40, 11, 6.25]  # 22/20, 36/90, 33/300, 5/80
    assert texts(canvas)[-4:] == ["110.0（22/20）", "40.0（36/90）", "11.0（33/300）", "6.3（5/80）"]
    assert canvas.ticks == []
    assert plain(chart.title) == "处罚率最高为乙县（110.0%），最低为丁县（6.3%）（合成数据）"
    assert plain(chart.subtitle) == "处罚率（%），括号内为立案/检查，2021年二季度"
    assert plain(chart.caption) == "未报送，不画：戊县。数据来源：各县填报（合成数据）。"


def test_who_is_blank_in_the_other_period_alone_is_said_to_be_so(drawn):
    growth = "  up: {label: {zh: 增减, en: change}, unit: 家, formula: hazchem - previous.hazchem, decimals: 0}\n"
    chart = drawn("{measure: up}", series={"indicators:\n": f"indicators:\n{growth}"}, before={"丙县,0": "丙县,"})
    assert plain(chart.caption) == (
        "无上期数据，不画：丙县。未报送，不画：丁县和戊县。数据来源：各县填报（合成数据）。"
    )


def test_who_reported_nothing_to_divide_by_is_not_said_not_to_have_reported(drawn):
    chart = drawn("{measure: rate}", work={"丁县,80,5": "丁县,0,0"})
    assert plain(chart.caption).startswith("无法计算，不画：丁县。未报送，不画：戊县。")


def test_values_close_together_are_dots_on_a_range_of_their_own(drawn):
    work = {
        "甲县,300,33": "甲县,300,180",
        "乙县,20,22": "乙县,20,13",
        "丙县,90,36": "丙县,90,50",
        "丁县,80,5": "丁县,80,47",
    }
    canvas = drawn("{measure: rate}", work=work).canvas(WIDE)
    assert canvas.rects == []
    assert [round(dot["value"], 2) for dot in canvas.points] == [65, 60, 58.75, 55.56]
    assert canvas.ticks == [55, 60, 65]
    assert canvas.high > 65  # room for labels


def test_a_declared_range_hides_no_one(drawn):
    canvas = drawn("{measure: rate, form: dots, range: [0, 50]}").canvas(WIDE)
    assert [round(dot["value"], 2) for dot in canvas.points] == [110, 40, 11, 6.25]
    assert (canvas.ticks[0], canvas.ticks[-1]) == (0, 150)
    assert all(0 <= canvas.at(dot["value"]) <= canvas.plot for dot in canvas.points)


@WIDTHS
def test_a_label_that_the_line_would_cross_stands_behind_it(drawn, width):
    chart = drawn('{measure: rate, reference: {value: param.below_rate, label: "线 {{ value }}%"}}')
    canvas = chart.canvas(width)
    line = canvas.at(20)
    (below,) = (text for text in canvas.texts if plain(text["text"]).startswith("6.3"))
    assert (plain(below["text"]), below["colour"]) == ("6.3（5/80）", ACCENT)
    assert below["x"] > line > canvas.at(6.25)
    assert {round(dash["value"]) for dash in canvas.dashes} == {20}
    assert chart.alternative.endswith("低于线 20%的有2个：丁县和甲县。")


@WIDTHS
def test_what_is_divided_keeps_its_brackets_and_no_sign_stands_behind_a_number(drawn, width):
    others = {"formula: cases / visits * 100": "formula: (visits - cases) / visits * 100"}
    chart = drawn('{measure: rate, reference: {value: param.below_rate, label: "线"}}', series=others)
    assert plain(chart.subtitle) == "处罚率（%），括号内为(检查 − 立案)/检查，2021年二季度"
    assert not [text for text in texts(chart.canvas(width)) if "▼" in text or "−" in text]


def test_a_dumbbell_tells_who_fell(drawn):
    chart = drawn("{measure: rate, form: dumbbell, title: 处罚率}")
    canvas = chart.canvas(WIDE)
    # Last year's quarter is summed from its months: 32/180, 34/120, 30/270, 4/90.
    assert [(round(one.value, 2), one.figures[1].text) for one in chart.rows] == [
        (110, "17.8"), (40, "28.3"), (11, "11.1"), (6.25, "4.4"),
    ]  # fmt: skip
    assert len(canvas.points) == 8
    assert len(canvas.rules) == 4
    assert [text for text in texts(canvas) if "▼" in text] == ["11.0 ▼"]
    assert plain(chart.message).endswith("较上年同期下降的有1个：甲县。")
    assert plain(chart.subtitle) == "处罚率（%），● 2021年二季度，○ 2020年二季度"


def test_a_dumbbell_without_the_other_period_shows_this_one():
    """And its title is no sentence on what is missing."""
    chart = charted(Bulletin.open(Project(ROOT), "hotline-monthly", "2026-09", {}), "satisfaction_month")
    canvas = chart.canvas(WIDE)
    assert (canvas.rules, len(canvas.points)) == ([], 8)
    assert plain(chart.title).startswith("群众满意率最高为")
    assert chart.heads == ["2026年9月"]


@WIDTHS
def test_a_line_joins_periods_that_follow_one_another(drawn, width):
    chart = drawn("{measure: rate, form: line, periods: 8}")
    canvas = chart.canvas(width)
    # 90/510; 100/660; none for two quarters; 109/550; 96/490.
    assert [(plain(row.name), row.figures[0].text) for row in chart.rows] == [
        ("2020年一季度", "17.6"), ("2020年二季度", "15.2"), ("2021年一季度", "19.8"), ("2021年二季度", "19.6"),
    ]  # fmt: skip
    assert len(canvas.points) == 4
    assert len(canvas.rules) == 2  # nothing bridges the quarters without figures
    assert [plain(name) for name in chart.not_drawn["blank"]] == ["2020年三季度", "2020年四季度"]
    assert plain(chart.message) == "处罚率由2020年一季度的17.6%变为2021年二季度的19.6%（不含戊县）。"
    assert {"17.6", "19.6"} <= set(texts(canvas))


BLANK_IN_Q1 = {"before_work": {"丁县,80,4,2.5,5.0,4": "丁县,,,,,"}}


def test_points_of_other_units_are_no_change_and_each_says_whom_it_leaves_out(drawn):
    chart = drawn("{measure: rate, form: line, periods: 2}", **BLANK_IN_Q1)
    said = "处罚率：2021年一季度为22.3%（2021年一季度不含丁县和戊县），2021年二季度为19.6%（不含戊县）"
    assert plain(chart.message) == f"{said}。"
    assert plain(chart.title) == f"{said}（合成数据）"
    assert plain(chart.caption) == "数据来源：各县填报（合成数据）。"


@pytest.mark.parametrize(
    ("changes", "said"),
    [(BLANK_IN_Q1, "2021年一季度不含丁县和戊县。2021年二季度不含戊县。"), ({}, "不含戊县。")],
)
def test_a_line_under_a_title_of_its_own_says_below_whom_its_points_leave_out(drawn, changes, said):
    chart = drawn("{measure: rate, form: line, periods: 2, title: 处罚率走势}", **changes)
    assert plain(chart.caption) == f"{said}数据来源：各县填报（合成数据）。"


def test_points_between_the_two_that_the_title_names_say_below_whom_they_leave_out(drawn):
    chart = drawn("{measure: rate, form: line, periods: 8}", **BLANK_IN_Q1)
    assert plain(chart.title).startswith("处罚率由2020年一季度的17.6%变为2021年二季度的19.6%（不含戊县）")
    assert "2021年一季度不含丁县和戊县。" in plain(chart.caption)


def test_one_period_is_a_bar_and_no_line(drawn):
    blank = {"甲县,1": "甲县,", "乙县,2": "乙县,", "丙县,0": "丙县,"}
    chart = drawn("{measure: hazchem, form: line, periods: 2}", before=blank)
    canvas = chart.canvas(WIDE)
    assert (canvas.points, canvas.rules, canvas.height) == ([], [], 26)
    assert [(bar["value"], bar["to"]) for bar in canvas.rects] == [(0, 3)]
    assert texts(canvas) == ["2021年二季度", "3"]
    assert plain(chart.title) == "危化品案件：2021年二季度为3起（不含丁县和戊县）（合成数据）"
    assert plain(chart.caption).startswith("未报送，不画：2021年一季度。")


@WIDTHS
def test_no_period_with_a_figure_is_a_picture_of_nothing(drawn, width):
    blank = {"甲县,1": "甲县,", "乙县,2": "乙县,", "丙县,0": "丙县,"}
    chart = drawn("{measure: hazchem, form: line, periods: 2}", before=blank, more=blank)
    picture = to_svg(specification(chart.canvas(width).draw()))
    assert 'width="0"' not in picture
    assert 'height="0"' not in picture
    assert plain(chart.title) == "危化品案件：各单位均未报送（合成数据）"
    assert plain(chart.caption).startswith("未报送，不画：2021年一季度和2021年二季度。")


@pytest.mark.parametrize(
    ("more", "title"),
    [
        ({"乙县,2": "乙县,", "丙县,0": "丙县,"}, "危化品案件：甲县为1起"),
        ({"乙县,2": "乙县,1", "丙县,0": "丙县,"}, "危化品案件：有数据的各单位均为1起"),
        (
            {"乙县,2": "乙县,1", "丙县,0": "丙县,1", "丁县,,": "丁县,1,", "戊县,,": "戊县,1,"},
            "危化品案件各单位均为1起",
        ),
    ],
)
def test_a_title_speaks_of_every_unit_only_where_all_have_a_figure(drawn, more, title):
    assert plain(drawn("{measure: hazchem}", more=more).title) == f"{title}（合成数据）"


def test_whom_a_partial_table_is_not_about_lacks_nothing(drawn):
    partial = {"title: {zh: 其他情况表, en: Other}\n": "title: {zh: 其他情况表, en: Other}\n    partial: true\n"}
    chart = drawn("{measure: hazchem}", series=partial, more={"丙县,0": "丙县,", "丁县,,\n戊县,,\n": ""})
    assert plain(chart.caption) == "未报送，不画：丙县。数据来源：各县填报（合成数据）。"


@pytest.mark.parametrize("count", [36, 37, 95])
def test_what_is_higher_than_a_page_of_paper_is_drawn_in_pieces(count):
    names = [f"第{number}县" for number in range(count)]
    canvas = Rows(WIDE, names, head=22)
    canvas.write("线", 0, 10)
    for index in range(count):
        place = canvas.middle(index)
        canvas.rects.append({"value": 0, "to": index, "place": place - 8, "until": place + 8})
        canvas.write(str(index), 100, place)
    canvas.low, canvas.high = 0, count
    pieces = canvas.pieces()
    assert len(pieces) == -(-count // 36)
    assert max(piece.height for piece in pieces) <= 960
    assert [name for piece in pieces for name in piece.names] == names
    assert [bar["to"] for piece in pieces for bar in piece.rects] == [*range(count)]
    for piece in pieces:
        assert (piece.low, piece.high, piece.texts[len(piece.names)]["text"]) == (0, count, "线")
        assert {text["y"] for text in piece.texts[: len(piece.names)]} == {
            text["y"] for text in piece.texts[len(piece.names) + 1 :]
        }
        assert all(22 < bar["place"] < bar["until"] < piece.height for bar in piece.rects)


def test_a_heat_table_is_darkest_where_a_measure_is_worst(drawn):
    chart = drawn("{measure: rate, form: heat, beside: [visits, fines], title: 各项指标}")
    canvas = chart.canvas(WIDE)
    assert [plain(row.name) for row in chart.rows] == ["乙县", "丙县", "甲县", "丁县"]
    shades = [cell["shade"] for cell in canvas.cells]
    assert (shades[0], shades[3]) == (0, 0.42)  # the rate's best and worst
    assert shades[4:8] == [0.42, 0.315, 0, 0.33]  # visits: 20, 90, 300, 80
    assert len(shades) == 11  # one county's fines are blank
    assert plain(chart.subtitle) == "2021年二季度，底色越深越靠后"


def test_the_table_of_a_chart_has_what_it_draws(drawn):
    table = drawn("{measure: rate}").table()
    assert re.findall(r"<th scope=\"col\">([^<]*)", table) == ["单位", "处罚率（%）", "立案", "检查", "排名"]
    assert re.findall(r"<td[^>]*>([^<]*)", table)[:4] == ["110.0", "22", "20", "1"]


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("{measure: rate, form: heat, periods: 3}", "periods is for a chart with form: line"),
        (
            "{measure: rate, form: line, reference: {value: area, label: x}}",
            "reference is for a chart with form: bars or dots",
        ),
        ("{measure: rate, range: [90, 100]}", "range is for a chart with form: dots"),
        ("{measure: rate, form: dots, range: [100, 90]}", "from a smaller number to a larger one"),
        ("{measure: rate, form: heat, beside: [vists]}", "vists"),
        ("{measure: rate, form: pie}", "pie"),
    ],
)
def test_what_a_form_does_not_take_is_refused(drawn, declared, said):
    with pytest.raises(DefinitionError, match=re.escape(said)):
        drawn(declared)


@pytest.mark.parametrize(
    ("values", "most", "range_"),
    [
        ([92.74, 97.43, 95], 100.0, (92, 98, [92, 94, 96, 98])),
        ([99.2, 99.9], 100.0, (99.2, 100, [99.2, 99.4, 99.6, 99.8, 100])),
        ([100, 100], 100.0, (99, 100, [99, 100])),
        ([0, 0], None, (0, 1, [0, 1])),
    ],
)
def test_a_range_is_round_and_ends_where_shares_end(values, most, range_):
    low, high, ticks = range_of(values, most)
    assert (round(low, 6), round(high, 6), ticks) == range_
