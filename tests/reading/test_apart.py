"""Old workbooks are read in a process of their own, which has the time that their size accounts for."""

import resource
from pathlib import Path

import pytest

from tongbao.basics.errors import DataError
from tongbao.reading.apart import told_apart
from tongbao.reading.grid import read_sheets

BUSY = Path(__file__).with_name("busy.ods")  # 5 kB; found by fuzzing


def test_a_workbook_that_keeps_its_reader_busy_is_given_up(tmp_path):
    path = tmp_path / "busy"  # of no known kind, so that nothing is looked at before
    path.write_bytes(BUSY.read_bytes())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert told_apart(path) is None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 10  # without its bound: a minute


def test_one_whose_xml_is_broken_is_not_given_to_its_reader(tmp_path, monkeypatch):
    """The larger it is, the longer it would be read in a circle."""
    path = tmp_path / "return.ods"
    path.write_bytes(BUSY.read_bytes())
    monkeypatch.setattr("tongbao.reading.grid.told_apart", None)
    with pytest.raises(DataError, match=r"damaged workbook: content\.xml is not whole XML"):
        list(read_sheets(path, "return.ods"))
