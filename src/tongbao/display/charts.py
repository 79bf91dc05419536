"""Charts: sorted horizontal bars with a reference line; SVG for print, the same drawing interactive on the page."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import altair as alt
import pandas as pd

from tongbao.basics.key import Key
from tongbao.basics.language import join_names, number_text, unit_name
from tongbao.basics.marks import Mark, backed, marked_text, plain
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.printed import chart_line
from tongbao.display.draughtsman import to_svg
from tongbao.display.drawing import ACCENT, GREY, INK, in_house_style, on_page, specification
from tongbao.display.mime import Display, Part
from tongbao.figures.figure import Figure
from tongbao.findings.leaving_out import told
from tongbao.findings.templates import fill
from tongbao.words import WORDS

_ROW, _WIDTH = 26, 470


def chart(bulletin: Bulletin, name: str) -> Display:
    """The chart ``name`` of the series as a numbered figure: SVG, the same interactive, its numbers as a table.

    Raises:
        KeyError: the series declares no such chart.
    """
    bars = Bars(bulletin, name)
    spec, message = specification(bars.draw()), bars.describe()
    svg = to_svg(spec)
    page = on_page(spec, svg, f"chart-{name}", message, bars.texts(), bars.table())
    caption = bulletin.narrative.heading(bars.declared.caption or bars.declared.title, "charts", name, "caption")
    return Display.of(
        Part.markdown(f'<div id="fig-{name.replace("_", "-")}" fig-alt="{html.escape(message)}">\n'),
        Part({"text/html": page, "image/svg+xml": svg, "text/plain": message}),
        Part.markdown(f"\n{caption}\n\n</div>\n"),  # after a blank line: Quarto puts an image right before
    )


def measure_title(bulletin: Bulletin, measure: str) -> str:
    """A measure with its unit of measurement, as axes and headers name it: 检查处罚率（%）."""
    unit = unit_name(bulletin.indicators.unit_of(measure), bulletin.lang).strip()
    name = bulletin.indicators.measure_name(measure, bulletin.lang)
    return WORDS[bulletin.lang].brackets.format(name, unit) if unit else name


@dataclass
class Bars:
    """The chart ``name`` of a series: its numbers, its drawing, its message."""

    bulletin: Bulletin
    name: str

    def __post_init__(self) -> None:
        self.declared = self.bulletin.series.charts[self.name]
        self.lang, self.words = self.bulletin.lang, WORDS[self.bulletin.lang]

    @cached_property
    def line(self) -> Figure | None:
        """What the bars are read against."""
        return chart_line(self.bulletin.indicators, self.declared)

    @cached_property
    def line_label(self) -> str:
        """The name of the reference line, marked, with whom its figure leaves out; empty without one."""
        if self.line is None or self.declared.reference is None:
            return ""
        series = self.bulletin.series
        value = Mark(str(self.line.key), number_text(self.line.text, self.lang))
        context = {"value": value, "area": series.area.get(self.lang)}
        where = series.where("charts", self.name, "reference", "label", self.lang)
        label = fill(self.declared.reference.label.get(self.lang), context, where)
        return told(label, {str(self.line.key): self.line}, self.bulletin.indicators, self.lang, f"chart-{self.name}")

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows of the chart, highest first; units without a figure are left out.

        Returns:
            ``id`` and ``unit`` (name), ``value`` (float, for drawing only), ``text`` (as printed), ``label``, ``rank``,
            ``low`` (below the reference line), ``key`` and ``rank_key`` (of the figure and of its rank).
        """
        indicators, measure = self.bulletin.indicators, self.declared.measure
        ranks = indicators.ranks(measure)
        line = self.line.value if self.line is not None else None
        rows = []
        for unit in sorted(ranks, key=ranks.__getitem__):
            figure = indicators.figure(measure, unit)
            if figure.value is None:
                continue
            text = number_text(figure.text, self.lang)
            low = line is not None and figure.value < line
            rows.append(
                {
                    "id": unit,
                    "unit": self.bulletin.series.unit(unit).name(self.lang),
                    "value": float(figure.value),
                    "text": text,
                    "label": f"{text} ▼" if low else text,
                    "rank": ranks[unit],
                    "low": low,
                    "key": str(figure.key),
                    "rank_key": str(Key(indicators.rank_formula(measure), unit)),
                }
            )
        columns = ["id", "unit", "value", "text", "label", "rank", "low", "key", "rank_key"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def subtitle(self) -> list[str]:
        """What is measured, and who is left out; marked."""
        lines = [self.bulletin.narrative.text(self.declared.subtitle, "charts", self.name, "subtitle")]
        values = self.bulletin.indicators.values(self.declared.measure)
        blank = [self._named(unit) for unit, value in values.items() if value is None]
        if blank:
            lines.append(self.words.not_drawn.format(self.words.comma.join(blank)))
        return lines

    def draw(self) -> alt.LayerChart:
        """The Altair chart: bars from zero, direct labels, the reference line named."""
        frame = self.frame
        line = float(self.line.value) if self.line is not None and self.line.value is not None else 0.0
        scale = alt.Scale(domain=[0, max([*frame["value"], line, 1.0]) * 1.12], nice=False)
        x = alt.X("value:Q", scale=scale, axis=alt.Axis(title=None, tickCount=5, grid=False))
        side = alt.Axis(title=None, ticks=False, domain=False, labelPadding=8)
        y = alt.Y("unit:N", sort=list(frame["unit"]), axis=side)
        tooltip = [
            alt.Tooltip("unit:N", title=self.words.unit),
            alt.Tooltip("text:N", title=measure_title(self.bulletin, self.declared.measure)),
            alt.Tooltip("rank:Q", title=self.words.rank),
        ]
        colour = alt.condition("datum.low", alt.value(ACCENT), alt.value(GREY))
        hover = alt.selection_point(name="hover", on="pointerover", fields=["unit"], empty=True, clear="pointerout")
        opacity = alt.condition(hover, alt.value(1), alt.value(0.45))
        bars = alt.Chart(frame).mark_bar(height=15).encode(x=x, y=y, color=colour, tooltip=tooltip, opacity=opacity)
        text = alt.Chart(frame).mark_text(align="left", dx=5, fontSize=12).encode(x=x, y=y, text="label:N")
        # A white rim keeps a label legible where the reference line runs behind it.
        rim = text.mark_text(align="left", dx=5, fontSize=12, stroke="white", strokeWidth=4, strokeJoin="round")
        labels = text.encode(color=alt.condition("datum.low", alt.value(ACCENT), alt.value(INK)))
        layers: list[Any] = [bars.add_params(hover), *self._draw_line(line), rim, labels]
        title = alt.TitleParams(
            self.bulletin.narrative.heading(self.declared.title, "charts", self.name, "title"),
            subtitle=[plain(line) for line in self.subtitle],
            anchor="start",
            frame="group",
            offset=26,
        )
        layered = alt.layer(*layers).properties(width=_WIDTH, height=_ROW * len(frame), title=title)
        return in_house_style(layered)

    def _draw_line(self, value: float) -> Iterator[alt.Chart]:
        if self.line is None:
            return
        row = pd.DataFrame({"value": [value], "label": [plain(self.line_label)], "key": [str(self.line.key)]})
        line = alt.Chart(row).encode(x="value:Q")
        yield line.mark_rule(color=INK, strokeDash=[5, 3], strokeWidth=1.2)
        yield line.mark_text(align="left", baseline="bottom", dx=4, y=-4, fontSize=12, color=INK).encode(text="label:N")

    def texts(self) -> list[str]:
        """The texts of the drawing with their marks; each label is drawn twice, on its rim."""
        rows = list(self.frame.itertuples())
        names = [self._named(str(row.id)) for row in rows]
        labels = [marked_text(str(row.key), str(row.text)) + str(row.label)[len(str(row.text)) :] for row in rows]
        return [*names, self.line_label, *labels, *labels, *self.subtitle]

    def table(self) -> str:
        """The numbers of the chart as a table, HTML."""
        words = self.words
        unit = unit_name(self.bulletin.indicators.unit_of(self.declared.measure), self.lang).strip()
        rows = "".join(
            f'<tr><th scope="row"{backed(self._key(str(row.id)))}>{html.escape(str(row.unit))}</th>'
            f"<td{backed(row.key)}>{html.escape(str(row.text))}</td><td{backed(row.rank_key)}>{row.rank}</td></tr>"
            for row in self.frame.itertuples()
        )
        return (
            f"<summary>{words.chart_data}</summary>\n<table><thead><tr>"
            f'<th scope="col">{words.unit}</th><th scope="col">{html.escape(words.value.format(unit))}</th>'
            f'<th scope="col">{words.rank}</th></tr></thead><tbody>{rows}</tbody></table>'
        )

    def describe(self) -> str:
        """The chart's message in words, as its text alternative."""
        frame, words = self.frame, self.words
        name = self.bulletin.indicators.measure_name(self.declared.measure, self.lang)
        if frame.empty:
            return words.none_reported.format(name)
        highest, lowest = (frame[frame["value"] == end] for end in (frame["value"].max(), frame["value"].min()))
        if len(highest) == len(frame):
            message = words.all_equal.format(name, self._with_unit(highest))
        else:
            ends = [text for end in (highest, lowest) for text in (self._joined(end), self._with_unit(end))]
            message = words.highest_lowest.format(name, *ends)
        label, low = plain(self.line_label), frame[frame["low"]][::-1]
        if label and low.empty:
            return message + words.below_line.format(label, 0)
        return message + (words.below_line_are.format(label, len(low), self._joined(low)) if label else "")

    def _joined(self, rows: pd.DataFrame) -> str:
        return join_names(list(rows["unit"]), lang=self.lang)

    def _with_unit(self, rows: pd.DataFrame) -> str:
        text = str(rows["text"].iloc[0])
        return text + unit_name(self.bulletin.indicators.unit_of(self.declared.measure), self.lang, text)

    def _key(self, unit: str) -> Key:
        return Key("unit", unit, owner=f"chart-{self.name}")

    def _named(self, unit: str) -> str:
        return marked_text(str(self._key(unit)), self.bulletin.series.unit(unit).name(self.lang))
