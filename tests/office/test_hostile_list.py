"""The list of what is published may come from elsewhere: it names nothing outside its folder."""

import json

import pytest

from tongbao.basics.errors import DataError
from tongbao_office.tree import LIST, read_list

DIGEST = "0" * 64
VERSION = {
    "number": 1,
    "published": "2021-07-10T08:00:00+08:00",
    "note": "",
    "changes": [],
    "digest": DIGEST,
    "folder": "reports/demo/2021-q2/",
    "resources": "assets/x",
    "files": ["2021-q2.html"],
}
ENTRY = {"series": "demo", "period": "2021-q2", "title": "x", "issued": "2021-07-10"}


def listed(folder, *, files=None, page="reports/demo/2021-q2.html", **version):
    bulletin = {"entry": ENTRY, "page": page, "versions": [VERSION | version], "draft": None}
    found = {"schema": 1, "bulletins": [bulletin], "files": files or {"a.html": DIGEST}}
    (folder / LIST).write_text(json.dumps(found | {"seal": DIGEST}))
    return read_list(folder)


def test_a_list_as_publishing_writes_it_is_read(tmp_path):
    assert listed(tmp_path).bulletins[0].page == "reports/demo/2021-q2.html"


@pytest.mark.parametrize(
    "changed",
    [
        {"files": {"../a.html": DIGEST}},
        {"files": {"/etc/passwd": DIGEST}},
        {"page": "../../x.html"},
        {"folder": "/tmp/"},  # noqa: S108
        {"resources": "a/../../x"},
    ],
)
def test_a_list_that_leads_out_is_refused(tmp_path, changed):
    with pytest.raises(DataError, match="not a list of what is published"):
        listed(tmp_path, **changed)
