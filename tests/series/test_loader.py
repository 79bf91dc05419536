from pathlib import Path

import pytest

from tongbao.errors import DefinitionError
from tongbao.series import load_series


def broken(project: Path, old: str, new: str) -> str:
    path = project / "reports" / "wenzhou-monthly" / "series.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_series(path)
    return str(caught.value)


def line_of(project: Path, words: str) -> str:
    path = project / "reports" / "wenzhou-monthly" / "series.yml"
    lines = path.read_text("utf-8").splitlines()
    return f"series.yml:{next(index for index, line in enumerate(lines, start=1) if words in line)}:"


@pytest.mark.parametrize(
    ("old", "new", "words", "complaint"),
    [
        ("\nopening:", "\nopenning:", "openning:", "unknown key openning; did you mean opening?"),
        ("    threshold: param.below_rate", "    treshold: param.below_rate", "treshold", "did you mean threshold?"),
        ("    rule: below", "    rule: beneath", "  rate_below:", "beneath"),
        (": hazchem_fines\n    n:", ": hazchem_fine\n    n:", "measure: hazchem_fine", "did you mean hazchem_fines?"),
        (": param.below_rate\n    w", ": param.belowrate\n    w", "  rate_below:", "did you mean param.below_rate?"),
        ("threshold: param.below_rate", "threshold: 20 %", "    threshold: 20 %", "not a formula"),
        ("type: number, default: 20", "type: number, default: 120", "  below_rate:", "must be a number from 0 to 100"),
        ("rank_of: hazchem_fines", "rank_of: fine", "rank_of: fine", "did you mean fines?"),
        ("- {table: hazchem", "- {table: hazchemical", "- {table: hazchemical", "did you mean hazchem?"),
        ("row_order: [lucheng, ", "row_order: [", "row_order", "every unit once"),
        ("- {id: longwan", "- {id: lucheng", "- {id: lucheng, zh: 龙湾区", "unit lucheng stands twice"),
        ("units: # in the order of annex 1", "units: []\nunits:", "units:", "stands twice"),
        ("      some_not: {", "      somenot: {", "    wording:", "somenot"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_and_line(project, old, new, words, complaint):
    error = broken(project, old, new)
    assert complaint in error
    if words not in ("    wording:", "units:"):
        assert line_of(project, words) in error
    assert "series.yml:" in error


def test_all_faults_come_at_once(project):
    path = project / "reports" / "wenzhou-monthly" / "series.yml"
    path.write_text(path.read_text("utf-8").replace("measure: hazchem_fines", "measure: hazchem_fine"), "utf-8")
    error = broken(project, "rank_of: penalty_rate}", "rank_of: penalty_rat}")
    assert "hazchem_fine is not declared" in error
    assert "penalty_rat is not declared" in error


def test_every_case_a_rule_can_meet_must_be_worded(project):
    path = project / "reports" / "wenzhou-monthly" / "series.yml"
    text = path.read_text("utf-8")
    start = text.index('      none: {zh: "各报送地区检查处罚率均达到')
    path.write_text(text[:start] + text[text.index("\n", start) + 1 :], "utf-8")
    with pytest.raises(DefinitionError, match="no wording for the case none"):
        load_series(path)
