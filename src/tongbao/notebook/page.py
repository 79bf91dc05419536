"""What a bulletin's notebook calls: one object for the bulletin, one short method for each cell."""

from __future__ import annotations

import ast

import pandas as pd
from IPython import get_ipython

from tongbao.basics.errors import UsageError, did_you_mean
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.kept import open_kept, project_at_hand
from tongbao.bulletin.saving import save
from tongbao.bulletin.table import findings_table, named_figures, quality_table
from tongbao.display import charts, evidence, tables, text
from tongbao.display.fonts import prepare_fonts
from tongbao.display.mime import Display, Part

# How the cell begins that papermill puts into a notebook.
_INJECTED = "# Parameters\n"


class Page:
    """The cells of a bulletin's notebook, in the order of the page."""

    def __init__(self, bulletin: Bulletin, *, is_saved: bool = False) -> None:
        self.bulletin = bulletin
        self._is_saved = is_saved
        self._to_show = {call for parts in bulletin.series.parts.values() for call in parts.values()}

    @property
    def indicators(self) -> pd.DataFrame:
        """Every figure as one tidy table, to look closer."""
        return named_figures(self.bulletin)

    @property
    def findings(self) -> pd.DataFrame:
        """Every finding with its sentence, a row each."""
        return findings_table(self.bulletin)

    @property
    def quality(self) -> pd.DataFrame:
        """What the checks found in the figures received, a row each."""
        return quality_table(self.bulletin)

    def save(self) -> None:
        """Write indicators, findings and quality under ``data/processed/<series>/<period>/``.

        In a build they stand there already: what it has computed for all editions it saves at once.
        """
        if not self._is_saved:
            save(self.bulletin)

    def masthead(self) -> Display:
        """Issuer, document number, title, addressees."""
        return text.masthead(self.bulletin)

    def main_points(self) -> Display:
        """要点."""
        return text.main_points(self.bulletin)

    def key_figures(self) -> Display:
        """The numbers at the head of the page."""
        return text.key_figures(self.bulletin)

    def opening(self) -> Display:
        """The paragraph before the first section."""
        return text.opening(self.bulletin)

    def section(self, section_id: str) -> Display:
        """A section of the circular."""
        self._shown("section", section_id)
        return text.section(self.bulletin, section_id)

    def chart(self, name: str) -> Display:
        """A chart of the series."""
        self._shown("chart", name)
        return charts.chart(self.bulletin, name)

    def closing(self) -> Display:
        """List of annexes, issuer and date."""
        return text.closing(self.bulletin)

    def annex(self, number: int) -> Display:
        """An annex, numbered from 1."""
        self._shown("annex", number)
        return tables.annex(self.bulletin, number)

    def notes(self) -> Display:
        """Data notes and the quality of reporting."""
        return text.notes(self.bulletin)

    def evidence(self) -> Display:
        """Each finding with its calculation and cells."""
        return evidence.evidence(self.bulletin)

    def review(self) -> Display:
        """What chance can do, for reviewers, to look at here: the review page has it, and no form of the bulletin."""
        sections = [section for one in self.bulletin.reviews.values() for section in one.sections()]
        return Display.of(*(Part.in_notebook(f"<h2>{one.heading}</h2>\n{one.html}") for one in sections))

    def provenance(self) -> Display:
        """Files, parameters and versions behind the page; the last cell.

        Raises:
            UsageError: the series declares a section, chart or annex that no cell has shown.
        """
        if self._to_show:
            raise UsageError(
                "the notebook leaves out what the series declares",
                place=f"notebooks/{self.bulletin.series.notebook}.ipynb",
                expected="a cell each for bulletin." + ", bulletin.".join(sorted(self._to_show)),
                hint=f"tongbao notebook {self.bulletin.series.id}",
            )
        return evidence.provenance(self.bulletin)

    def _shown(self, what: str, name: str | int) -> None:
        known = self.bulletin.series.parts[what]
        if name not in known:
            raise UsageError(
                f"series {self.bulletin.series.id} has no {what} {name}",
                place=f"notebooks/{self.bulletin.series.notebook}.ipynb",
                hint=did_you_mean(str(name), map(str, known)),
            )
        self._to_show.discard(known[name])


def open_bulletin(series: str, period: str, lang: str | None = None, **parameters: object) -> Page:
    """Read a period's figures and compute its bulletin.

    Arguments:
        series: the series' id, the folder under ``reports/``.
        period: ``2021-01-to-02``, ``2019-q2`` ….
        lang: the edition, ``zh`` or ``en``; the issuer's own language where it is not given.
        parameters: the series' parameters; ``None`` stands for the default.

    Raises:
        TongbaoError: unknown names, values out of range, or figures that cannot be used.
    """
    project = project_at_hand()
    declared = set(project.get_series(series).parameters)
    _refuse_unknown(series, declared)
    left_out = declared - set(parameters)
    if left_out:
        raise UsageError(
            f"the notebook does not pass the parameter {', '.join(sorted(left_out))} of series {series}",
            hint=f"tongbao notebook {series}",
        )
    prepare_fonts(project)  # so that `quarto render` by hand finds fonts and scripts
    kept = open_kept(project, series, period, parameters, lang)
    if kept is not None:
        return Page(kept, is_saved=True)
    bulletin = Bulletin.open(project, series, period, parameters, lang)
    bulletin.require_sound()
    return Page(bulletin)


def _refuse_unknown(series: str, parameters: set[str]) -> None:
    """Hold what papermill passed to be known: it puts it into a cell of its own and only warns of what is unknown.

    Raises:
        UsageError: a parameter that the series does not have.
    """
    shell = get_ipython()
    for cell in shell.user_ns.get("In", ()) if shell is not None else ():
        if not cell.startswith(_INJECTED):
            continue
        assigned = (node for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Assign))
        passed = [target.id for node in assigned for target in node.targets if isinstance(target, ast.Name)]
        for name in passed:
            known = {"series", "period", "lang", *parameters}
            if name not in known:
                raise UsageError(f"series {series} has no parameter {name}", hint=did_you_mean(name, known))
