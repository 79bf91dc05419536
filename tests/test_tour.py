"""The tour of docs/tour.md is a true one: each function is there, and 7.69 is what the table says it is."""

import csv
import importlib
import json
import re
from functools import reduce

import pypdfium2
import pytest

from conftest import ROOT
from pages import soup

TOUR = (ROOT / "docs" / "tour.md").read_text("utf-8")
STOPS = re.findall(r"`(tongbao[a-z_.]*):([A-Za-z_.]+)`", TOUR)


@pytest.mark.parametrize(("module", "name"), STOPS, ids=[":".join(stop) for stop in STOPS])
def test_every_stop_is_there(module, name):
    assert callable(reduce(getattr, name.split("."), importlib.import_module(module)))


def test_the_tour_never_turns_back():
    stages = [
        "definition", "reading", "figures", "checks", "findings", "bulletin", "display", "notebook", "run", "render",
    ]  # fmt: skip
    order = [stages.index(module.split(".")[1]) for module, _ in STOPS if module.startswith("tongbao.")]
    assert order == sorted(order)
    assert set(order) == set(range(len(stages)))


def test_the_figure_is_the_same_all_the_way(site):
    row, column = re.search(r"annex1.csv`, row (\d+), column ([A-Z])", TOUR).groups()
    with (ROOT / "data/raw/wenzhou-monthly/2021-01-to-02/annex1.csv").open(encoding="utf-8-sig", newline="") as file:
        cell = list(csv.reader(file))[int(row) - 1][ord(column) - ord("A")]
    assert cell == "7.69"
    record = json.loads((site / "data/processed/wenzhou-monthly/2021-01-to-02/findings.json").read_text("utf-8"))
    figure = record["figures"]["penalty_rate@longgang"]
    assert (figure["text"], figure["origin"]) == (cell, "reported")
    source = record["cells"][figure["cells"][0]]["source"]
    assert (source["row"], source["column"]) == (int(row), column)
    (below,) = [finding for finding in record["findings"] if finding["id"] == "rate_below"]
    assert below["units"][0] == "longgang"
    assert any(claim.get("that") == "it < param.below_rate" for claim in below["claims"])
    page = site / "_site/reports/wenzhou-monthly/2021-01-to-02.html"
    assert soup(page).find(id="cell-penalty_rate-longgang").text == cell
    document = pypdfium2.PdfDocument(page.with_suffix(".pdf"))
    assert any(cell in sheet.get_textpage().get_text_range() for sheet in document)
