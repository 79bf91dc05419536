"""Our charts are what Vega-Lite's schema knows: a build does not look, so that a test has to."""

import pytest
from altair.utils.schemapi import debug_mode
from jsonschema import ValidationError

from conftest import ROOT
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao.display.charts import Bars
from tongbao_chance import funnel_plot

CIRCULARS = (("wenzhou-monthly", "2021-01-to-02", 0), ("taizhou-andun", "2019-04-to-06", 1))  # and how many funnels


@pytest.mark.parametrize(("series", "period", "funnels"), CIRCULARS)
def test_charts_and_funnels_hold_to_the_schema(series, period, funnels, monkeypatch):
    bulletin = Bulletin.open(Project(ROOT), series, period, {})
    drawn = []
    draw = funnel_plot.draw
    monkeypatch.setattr(funnel_plot, "draw", lambda *args, **named: drawn.append(draw(*args, **named)) or drawn[-1])
    with debug_mode(arg=True):
        drawn += [Bars(bulletin, name).draw() for name in bulletin.series.charts]
        bulletin.reviews["robustness"].display()
        assert len(drawn) >= len(bulletin.series.charts) + funnels
        for drawing in drawn:
            assert drawing.to_dict(validate=True) == drawing.to_dict(validate=False)


def test_the_schema_refuses_what_it_does_not_know():
    bulletin = Bulletin.open(Project(ROOT), *CIRCULARS[0][:2], {})
    drawing = Bars(bulletin, next(iter(bulletin.series.charts))).draw()
    drawing.width = "wide"
    with debug_mode(arg=True), pytest.raises(ValidationError):
        drawing.to_dict(validate=True)
