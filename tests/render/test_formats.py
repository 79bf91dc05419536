"""An output format is a record; both engines know how each is made."""

import pytest
import yaml

from conftest import ROOT
from tongbao.basics.errors import DefinitionError
from tongbao.definition.formats import FORMATS
from tongbao.definition.loader import load_series
from tongbao.render.embedded import _WRITERS


def test_each_engine_makes_every_format():
    assert set(_WRITERS) == set(FORMATS)
    settings = yaml.safe_load((ROOT / "_quarto.yml").read_text("utf-8"))
    assert set(settings["format"]) == {made.writer for made in FORMATS.values()}


def test_a_format_that_nobody_makes_is_refused_with_the_closest(project):
    path = project / "reports" / "taizhou-andun" / "series.yml"
    path.write_text(path.read_text("utf-8") + "formats: [html, pfd]\n", "utf-8")
    with pytest.raises(DefinitionError, match=r"series\.yml:\d+: formats.1: no format pfd; did you mean pdf"):
        load_series(path)
