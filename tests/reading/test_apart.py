"""Old workbooks are read in a process of their own, which has the time that their size accounts for."""

import resource
from pathlib import Path

import pytest

from tongbao.basics.errors import DataError
from tongbao.reading.grid import read_sheets

BUSY = Path(__file__).with_name("busy.ods")  # 5 kB; found by fuzzing


def test_a_workbook_that_keeps_its_reader_busy_is_refused(tmp_path):
    path = tmp_path / "return.ods"
    path.write_bytes(BUSY.read_bytes())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(DataError, match=r"return\.ods"):
        list(read_sheets(path, "return.ods"))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 10  # without its bound: a minute
