"""Our charts are what Vega-Lite's schema knows: a build does not look, so that a test has to."""

import altair as alt
import pandas as pd
import pytest
from altair.utils.schemapi import debug_mode
from jsonschema import ValidationError

from conftest import ROOT
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao.display.charts import charted
from tongbao.display.drawing import specification
from tongbao_chance import funnel_plot

CIRCULARS = (("wenzhou-monthly", "2021-01-to-02", 0), ("taizhou-andun", "2019-04-to-06", 1))  # and how many funnels


@pytest.mark.parametrize(("series", "period", "funnels"), CIRCULARS)
def test_charts_and_funnels_hold_to_the_schema(series, period, funnels, monkeypatch):
    bulletin = Bulletin.open(Project(ROOT), series, period, {})
    drawn = []
    draw = funnel_plot.draw
    monkeypatch.setattr(funnel_plot, "draw", lambda *args, **named: drawn.append(draw(*args, **named)) or drawn[-1])
    with debug_mode(arg=True):
        drawn += [charted(bulletin, name).canvas(640).draw() for name in bulletin.series.charts]
        bulletin.reviews["robustness"].sections()
        assert len(drawn) >= len(bulletin.series.charts) + funnels
        for drawing in drawn:
            assert drawing.to_dict(validate=True) == drawing.to_dict(validate=False)


def test_the_schema_refuses_what_it_does_not_know():
    bulletin = Bulletin.open(Project(ROOT), *CIRCULARS[0][:2], {})
    drawing = charted(bulletin, next(iter(bulletin.series.charts))).canvas(640).draw()
    drawing.width = "wide"
    with debug_mode(arg=True), pytest.raises(ValidationError):
        drawing.to_dict(validate=True)


def test_a_specification_is_the_same_at_every_width_of_terminal():
    """Altair names views after how their table prints."""

    def funnel():
        points = pd.DataFrame({"x": range(40), "y": range(40)})
        chart = alt.Chart(points).mark_point().encode(x="x", y="y")
        return alt.layer(chart, chart.mark_line()).add_params(alt.selection_point(fields=["x"]))

    wide = funnel()
    first = specification(wide)
    with pd.option_context("display.width", 20, "display.max_columns", 2, "display.max_rows", 2):
        narrow = funnel()
        second, named = specification(narrow), str(narrow.to_dict())
    assert second == first
    assert str(wide.to_dict()) != named  # else there would be nothing to see to
    assert "view_0" in str(first)
