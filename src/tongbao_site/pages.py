"""The site's own pages, as HTML to be put into the frame; their words and templates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from pkgutil import get_data
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from tongbao.basics.language import unit_name
from tongbao.basics.period import long_date
from tongbao.basics.yaml_text import read_yaml
from tongbao.definition.formats import FORMATS
from tongbao.definition.model import Lang
from tongbao_site.entry import Entry, Shown
from tongbao_site.trends import Trend, trend

_TEXTS: Mapping[str, Mapping[str, str]] = read_yaml(get_data("tongbao_site", "words.yml") or b"")
WORDS = {lang: SimpleNamespace(**{name: text[lang] for name, text in _TEXTS.items()}) for lang in ("zh", "en")}
ROOT = "tongbaoroot"  # the way to the site's root, in a page that is not framed yet
_CHARTS = 4  # on a page


@dataclass(frozen=True)
class SitePage:
    """A page: where it stands in the site, its language, its title and what stands below it."""

    path: str
    lang: Lang
    title: str
    body: str

    @property
    def root(self) -> str:
        """The way from here to the site's root: ``../..``."""
        return "/".join([".."] * self.path.count("/")) or "."


def edition(name: str, lang: Lang) -> str:
    """A page's file in a language: ``index.html``, ``index.en.html``."""
    return f"{name}.html" if lang == "zh" else f"{name}.{lang}.html"


def index_page(
    entries: Sequence[Entry], lang: Lang, site: Path, *, search: bool = False, shown: Mapping[str, Shown]
) -> SitePage:
    """All bulletins by issuer, series and year, latest first; demonstrations from synthetic data apart.

    Arguments:
        entries: in this language, latest first.
        lang: the language.
        site: where their files stand: only what is there is offered.
        search: whether the site can be searched.
        shown: what is said of published bulletins, by ``series@period``.
    """
    units = {unit: names[lang] for entry in reversed(entries) for unit, names in entry.units.items()}
    body = _render(
        "index.html",
        lang,
        site,
        search=search,
        shown=shown,
        editions={"zh": "中文版", "en": "English edition"},
        real=_by_issuer((entry for entry in entries if not entry.synthetic), lang),
        synthetic=_by_issuer((entry for entry in entries if entry.synthetic), lang),
        of_series=list({entry.series: entry for entry in reversed(entries)}.values())[::-1],
        years=sorted({entry.when.start.year for entry in entries}, reverse=True),
        units=sorted(units.items(), key=lambda unit: unit[1]),
    )
    return SitePage(edition("index", lang), lang, WORDS[lang].page_title, body)


def series_page(entries: Sequence[Entry], lang: Lang, site: Path, drawings: Path) -> SitePage:
    """A series over its periods: the latest bulletin, trends, the table of all periods, the units.

    Arguments:
        entries: of the series, in this language, latest first.
        lang: the language.
        site: where their files stand.
        drawings: where drawn trends are kept.
    """
    latest = entries[0]
    drawn = _trends(entries, "area", list(latest.units), lang, WORDS[lang].units_grey, drawings)
    body = _render(
        "series.html",
        lang,
        site,
        entries=entries,
        drawn=drawn,
        measures=_measures(entries, "area"),
        units=_units(entries, lang).items(),
    )
    return SitePage(f"reports/{latest.series}/{edition('index', lang)}", lang, latest.subject[lang], body)


def unit_page(entries: Sequence[Entry], unit: str, lang: Lang, site: Path, drawings: Path) -> SitePage:
    """One unit over the periods of a series: its figures, ranks, trends, and how often findings name it.

    Arguments:
        entries: of the series, in this language, latest first.
        unit: its id.
        lang: the language.
        site: where their files stand.
        drawings: where drawn trends are kept.
    """
    words, latest = WORDS[lang], entries[0]
    name = _units(entries, lang)[unit]
    critical = [[one for one in entry.named if unit in one["units"] and one["level"] != "note"] for entry in entries]
    said = words.named_times if any(critical) else words.named_never
    summary = said.format(
        periods=len(entries), unit=name, attention=sum(map(bool, critical)), findings=sum(map(len, critical))
    )
    body = _render(
        "unit.html",
        lang,
        site,
        entries=entries,
        unit=unit,
        summary=summary,
        drawn=_trends(entries, unit, ["area"], lang, words.area_dashed.format(area=latest.area[lang]), drawings),
        measures=_measures(entries, unit),
        named=_named(entries, unit, lang),
    )
    title = words.unit_title.format(unit=name, subject=latest.subject[lang])
    return SitePage(f"reports/{latest.series}/units/{edition(unit, lang)}", lang, title, body)


def missing_page(lang: Lang) -> SitePage:
    """What a web server shows where there is no page."""
    words = WORDS[lang]
    body = f'<p>{words.missing}</p>\n<p><a href="{ROOT}/{edition("index", lang)}">{words.to_index}</a></p>'
    return SitePage(edition("404", lang), lang, words.missing_title, body)


def search_page(lang: Lang) -> SitePage:
    """Where results of a search are shown."""
    return SitePage(edition("search", lang), lang, WORDS[lang].search, _render("search.html", lang, Path()))


def _units(entries: Iterable[Entry], lang: Lang) -> dict[str, str]:
    """The names of all units that there were, those of the latest period first."""
    found: dict[str, str] = {}
    for entry in entries:
        for unit, names in entry.units.items():
            found.setdefault(unit, names[lang])
    return found


def _measures(entries: Iterable[Entry], scope: str) -> list[tuple[str, dict[str, Any]]]:
    """The measures with a figure of a unit in any period."""
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        for name, made in entry.measures.items():
            if scope in entry.values.get(name, {}):
                found.setdefault(name, made)
    return list(found.items())


def _trends(
    entries: Sequence[Entry], scope: str, others: Sequence[str], lang: Lang, note: str, drawings: Path
) -> list[Trend]:
    """What the series charts, and its other rates, over the periods; nothing for a single period."""
    if len(entries) < 2:  # a trend takes two points
        return []
    known = dict(_measures(entries, scope))
    charted = [name for entry in entries for name in entry.charted]
    rates = [name for name, made in known.items() if made["unit"] == "%"]
    wanted = [name for name in dict.fromkeys((*charted, *rates)) if name in known][:_CHARTS]
    words = WORDS[lang]
    drawn = []
    for name in wanted:
        title = titled(known[name], lang)
        made = trend(entries[::-1], name, scope, others, drawings)
        if made is not None:
            said = words.trend_said.format(
                measure=title,
                first=made.first.when.label(lang),
                last=made.last.when.label(lang),
                **{"from": made.first.values[name][scope][0], "to": made.last.values[name][scope][0]},
            )
            accompanied = any(made.last.values[name].get(other, [None, None])[1] for other in others)
            drawn.append(Trend(title, note if accompanied else "", made.svg(said)))
    return drawn


def _named(entries: Sequence[Entry], unit: str, lang: Lang) -> list[dict[str, Any]]:
    """The findings that name a unit, as last worded, the most frequent first; critical ones before."""
    found: dict[str, list[tuple[Entry, dict[str, Any]]]] = defaultdict(list)
    for entry in entries:
        for one in entry.named:
            if unit in one["units"]:
                found[one["id"]].append((entry, one))
    rows = [
        {
            "text": times[0][1]["text"][lang],
            "times": len(times),
            "last": times[0][0],
            "attention": times[0][1]["level"] != "note",
        }
        for times in found.values()
    ]
    return sorted(rows, key=lambda row: (not row["attention"], -row["times"]))


def _by_issuer(entries: Iterable[Entry], lang: Lang) -> list[tuple[str, list[tuple[str, list[Entry]]]]]:
    issuers: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        issuers[entry.editions[lang]["authority"]][entry.series].append(entry)
    return [(issuer, list(series.items())) for issuer, series in issuers.items()]


def _by_year(entries: Sequence[Entry]) -> list[tuple[int, list[Entry]]]:
    ordered = sorted(entries, key=lambda entry: entry.when.start, reverse=True)
    return [(year, list(group)) for year, group in groupby(ordered, key=lambda entry: entry.when.start.year)]


def titled(measure: Mapping[str, Any], lang: Lang) -> str:
    """A measure with its unit of measurement, as headers name it."""
    unit = unit_name(measure["unit"], lang).strip()
    words = WORDS[lang]
    made = words.trend if unit else words.trend_plain
    return str(made.format(measure=measure["label"][lang], unit=unit))


def _ranked(entries: Iterable[Entry], measure: str, scope: str) -> bool:
    return any(entry.values.get(measure, {}).get(scope, [None] * 3)[2] is not None for entry in entries)


def _files(site: Path, entry: Entry, lang: Lang) -> list[dict[str, str]]:
    """What can be downloaded of a bulletin: what there is."""
    offered = [(made.label, entry.page(lang, made.name)) for made in FORMATS.values() if made.label]
    offered.append((WORDS[lang].data_of, f"{entry.period}.csv"))
    folder = site / "reports" / entry.series
    return [{"label": label, "href": name} for label, name in offered if (folder / name).is_file()]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tongbao_site", "templates"),
        autoescape=select_autoescape(["html", "xml"]),
        undefined=StrictUndefined,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "edition": edition,
        "by_year": _by_year,
        "titled": titled,
        "ranked": _ranked,
        "cell": lambda key: "cell-" + key.replace("@", "-"),
    }
    return environment


def _render(name: str, lang: Lang, site: Path, **values: object) -> str:
    environment = _environment().overlay()
    environment.filters = environment.filters | {
        "day": lambda text: long_date(date.fromisoformat(text), lang),
        "files": lambda entry, lang: _files(site, entry, lang),
    }
    return environment.get_template(name).render(values, lang=lang, w=WORDS[lang])


def render_xml(name: str, lang: Lang, **values: object) -> str:
    """A feed or a map of the site."""
    return _environment().get_template(name).render(values, lang=lang, w=WORDS[lang])
