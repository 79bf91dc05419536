"""A rule over one table as a whole project on disk, so that its record can be held by the independent checker."""

import csv
from pathlib import Path

import yaml

from conftest import bare_project
from province import define, findings_of, receive, units
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.proof import Proof
from tongbao.definition.project import Project
from tongbao_verify.record import Record

NAMES = {"cases": ("立案数", "cases"), "rate": ("检查处罚率", "penalty rate"), "visits": ("检查数", "visits")}
OWN = "2020-12"


def told(rule, now=None, **given):
    """What a rule says."""
    periods, more = _periods(now, given)
    defined = define({"annex": _columns(periods)}, {"it": rule}, _size(periods), **more)
    received = {period: receive(defined, period, rows) for period, rows in periods.items()}
    return findings_of(defined, received, next(iter(periods)))["it"].text


def hold(folder: Path, rule, now=None, **given):
    """The checker has nothing left over of the record of a bulletin with the rule."""
    periods, more = _periods(now, given)
    project = bare_project(folder / "project")
    (project / "reports/synthetic").mkdir()
    columns = _columns(periods)
    definition = define({"annex": columns}, {"it": rule}, _size(periods), **more)
    text = {"zh": "合成数据", "en": "synthetic"}
    said = {"zh": "{{ finding.it }}。", "en": "{{ finding.it }}."}
    table = {"file": "annex.csv", "title": text, "columns": columns}
    series = {
        "notebook": "none", "synthetic": True, "authority": text, "area": {"zh": "全市", "en": "the city"},
        "subject": text, "title": text, "addressees": text, "source": text, "units": units(_size(periods)),
        "tables": {"annex": table}, "findings": {"it": rule}, "main_points": [],
        "key_figures": [{"label": text, "value": next(iter(columns)), "against": "none"}],
        "opening": text, "annexes": [], **more,
        "sections": [{"id": "all", "heading": text, "paragraphs": [said]}],
    }  # fmt: skip
    if all(wording.en for wording in definition.findings["it"].wording.values()):
        series["languages"] = ["zh", "en"]
    (project / "reports/synthetic/series.yml").write_text(yaml.safe_dump(series, allow_unicode=True), "utf-8")
    for period, rows in periods.items():
        _write(project, period, rows, columns)
    bulletin = Bulletin.open(Project.find(project), "synthetic", next(iter(periods)), {})
    assert bulletin.findings["it"].text == told(rule, now, **given)
    record = Record(Proof(bulletin).record().model_dump(mode="json", by_alias=True), [project])
    record.check()
    assert list(record.left) == []


def _write(project, period, rows, columns):
    raw = project / "data/raw/synthetic" / period
    raw.mkdir(parents=True)
    with (raw / "annex.csv").open("w", encoding="utf-8") as file:
        written = csv.writer(file)
        written.writerow(["单位", *(declared["header"] for declared in columns.values())])
        for index, unit in enumerate(units(len(next(iter(rows.values()))))):
            values = (rows[name][index] if name in rows else None for name in columns)
            written.writerow([unit["zh"], *("" if value is None else value for value in values)])
    (project / f"reports/synthetic/{period}.md").write_text("---\nissued: 2021-01-10\n---\n", "utf-8")


def _periods(now, given):
    given = dict(given)
    named = {"last_year": "2019-12", "previous": "2020-11"}
    periods = given.pop("periods", None) or {OWN: now}
    others = {named[name]: given.pop(name) for name in named if name in given}
    return periods | {period: rows for period, rows in others.items() if rows is not None}, given


def _columns(periods):
    names = dict.fromkeys(name for rows in periods.values() for name in rows)
    return {
        name: {
            "header": NAMES[name][0],
            "label": dict(zip(("zh", "en"), NAMES[name], strict=True)),
            "short": dict(zip(("zh", "en"), NAMES[name], strict=True)),
            "unit": "%" if name == "rate" else "起",
            **({"area": "none"} if name == "rate" else {}),
        }
        for name in names
    }


def _size(periods):
    return len(next(iter(next(iter(periods.values())).values())))
