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
        ("    below: param.below_rate", "    bellow: param.below_rate", "    bellow", "did you mean below?"),
        ("    rule: list", "    rule: lists", "  fines_top:", "lists"),
        (": hazchem_fines\n    take:", ": hazchem_fine\n    take:", "measure: hazchem_fine", "mean hazchem_fines?"),
        ("below: param.below_rate", "below: param.belowrate", "    below: param.be", "did you mean param.below_rate?"),
        ("below: param.below_rate", "below: area.penaltyrate", "    below: area", "did you mean penalty_rate?"),
        ("below: param.below_rate", "below: 20 %", "    below: 20 %", "not a formula"),
        ("measure: collection_rate", "measure: area.fines", "measure: area.fines", "not a figure that each unit has"),
        ("type: number, default: 20", "type: number, default: 120", "  below_rate:", "must be a number from 0 to 100"),
        ("rank_of: hazchem_fines", "rank_of: fine", "rank_of: fine", "did you mean fines?"),
        ("- {table: hazchem", "- {table: hazchemical", "- {table: hazchemical", "did you mean hazchem?"),
        ("row_order: [lucheng, ", "row_order: [", "row_order", "every unit once"),
        ("- {id: longwan", "- {id: lucheng", "- {id: lucheng, zh: 龙湾区", "unit lucheng stands twice"),
        ("units: # in the order of annex 1", "units: []\nunits:", "units:", "stands twice"),
        ("      incomplete: *reached", "      incompleet: *reached", "    wording:", "incompleet"),
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


def test_a_case_that_only_the_series_can_word_must_be_worded(project):
    judge = '  weak: {rule: judge, when: {low: [{value: fines, below: 1}]}, wording: {low: "低"}}\n'
    assert "no wording for the case otherwise" in broken(project, "  fines_top:\n", f"{judge}  fines_top:\n")
