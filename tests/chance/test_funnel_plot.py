"""The funnel plot's drawing: names of the units outside, clear of each other, and limits that hold their shape."""

from itertools import combinations

import pytest

from conftest import ROOT
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao_chance import funnel_plot
from tongbao_chance.assess import assess
from tongbao_chance.display import sections


@pytest.fixture(scope="module")
def bulletin():
    return Bulletin.open(Project.find(ROOT), "taizhou-andun", "2019-04-to-06", {})


@pytest.fixture(scope="module")
def spec(bulletin):
    (rate,) = assess(bulletin.indicators, bulletin.findings).rates
    drawing = funnel_plot.draw(rate, bulletin.indicators, "zh", x_title="检查家次", y_title="检查处罚率（%）")
    return drawing.to_dict()


def layers(spec, kind):
    """Layers of one mark with their rows."""
    for layer in spec["layer"]:
        if layer["mark"]["type"] == kind:
            yield layer["mark"], spec["datasets"][layer["data"]["name"]]


def test_every_unit_is_a_point_and_only_those_outside_are_named(spec):
    ((_, points),) = layers(spec, "point")
    assert {row["unit"]: row["place"] for row in points} == {
        "黄岩区": "998", "玉环市": "998", "临海市": "inside", "温岭市": "inside", "三门县": "inside",
        "仙居县": "inside", "天台县": "998", "椒江区": "998", "路桥区": "998",
    }  # fmt: skip
    names = [row["label"] for mark, rows in layers(spec, "text") if mark.get("stroke") != "white" for row in rows]
    assert sorted(names) == sorted(["黄岩", "玉环", "天台", "椒江", "路桥"])


def test_names_stand_clear_of_each_other(spec):
    """A name is 12 pixels a letter, 14 high; 路桥 and 天台 lie 10 pixels apart."""
    boxes = []
    x_end, y_end = (spec["layer"][0]["encoding"][axis]["scale"]["domain"][1] for axis in "xy")
    for mark, rows in layers(spec, "text"):
        if mark.get("stroke") == "white":
            continue
        for row in rows:
            x = row["whole"] / x_end * spec["width"] + mark.get("dx", 0)
            y = spec["height"] * (1 - row["rate"] / y_end) + mark.get("dy", 0)
            long = 12 * len(row["label"])
            left = {"left": x, "right": x - long, "center": x - long / 2}[mark["align"]]
            up = {"middle": y - 7, "bottom": y - 14, "top": y}[mark["baseline"]]
            boxes.append((left, up, left + long, up + 14))
    assert len(boxes) == 5
    for first, second in combinations(boxes, 2):
        apart = first[2] <= second[0] or second[2] <= first[0] or first[3] <= second[1] or second[3] <= first[1]
        assert apart, (first, second)


def test_the_limits_are_two_pairs_of_lines_that_narrow(spec):
    lines = [rows for _, rows in layers(spec, "line")]
    assert len(lines) == 4
    inner_low, inner_high, outer_low, outer_high = ({row["whole"]: row["rate"] for row in rows} for rows in lines)
    for size in inner_low:
        assert outer_low[size] <= inner_low[size] <= inner_high[size] <= outer_high[size]
    sizes = sorted(size for size in inner_low if size >= 100)
    assert outer_high[sizes[-1]] - outer_low[sizes[-1]] < outer_high[sizes[0]] - outer_low[sizes[0]]


def test_rates_near_100_percent_are_told_apart_on_a_range_of_their_own(bulletin):
    """The same units with what they did not do: 79 to 98.2 %, where an axis from zero would keep them in a fifth."""
    (rate,) = assess(bulletin.indicators, bulletin.findings).rates
    turned = [
        one.model_copy(
            update={
                "rate": 100 - one.rate,
                "limits_95": tuple(100 - end for end in reversed(one.limits_95)),
                "limits_998": tuple(100 - end for end in reversed(one.limits_998)),
            }
        )
        for one in rate.units
    ]
    turned = rate.model_copy(update={"units": tuple(turned), "area": 100 - rate.area})
    drawing = funnel_plot.draw(turned, bulletin.indicators, "zh", x_title="家次", y_title="率（%）").to_dict()
    low, high = drawing["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert 70 < low < 79
    assert 98.2 < high < 105


def test_each_point_lies_on_its_side_of_the_lines(spec):
    """Inside is between the lines drawn for the sizes around it, outside beyond them."""
    lines = [rows for _, rows in layers(spec, "line")]
    ((_, points),) = layers(spec, "point")
    for point in points:
        inner_low, inner_high = (
            min(rows, key=lambda row: abs(row["whole"] - point["whole"]))["rate"] for rows in lines[:2]
        )
        inside = inner_low < point["rate"] < inner_high
        assert inside == (point["place"] == "inside"), point["unit"]


def test_a_series_without_rates_shows_nothing(bulletin):
    """Not even an empty section: the figures of a circular may all be counts."""
    none = assess(bulletin.indicators, bulletin.findings).model_copy(update={"rates": ()})
    assert sections(bulletin, none) == ()
