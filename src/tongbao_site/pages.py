"""The site's own pages, as HTML to be put into the frame; their words and templates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from pkgutil import get_data
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment

from tongbao.basics.language import UnitOfMeasure, unit_name
from tongbao.basics.own_templates import own_templates
from tongbao.basics.period import Period, long_date
from tongbao.basics.yaml_text import read_yaml
from tongbao.definition.formats import FORMATS
from tongbao.definition.model import Lang
from tongbao_site.entry import Entry, Shown
from tongbao_site.trends import Setting, Trend, changed_settings, draw

_TEXTS: Mapping[str, Mapping[str, str]] = read_yaml(get_data("tongbao_site", "words.yml") or b"")
WORDS = {lang: SimpleNamespace(**{name: text[lang] for name, text in _TEXTS.items()}) for lang in ("zh", "en")}
ROOT = "tongbaoroot"  # the way to the site's root, in a page that is not framed yet
_CHARTS = 4  # on a page, for periods of a length


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


def feed_name(lang: Lang) -> str:
    """The feed's file in a language: ``feed.xml``, ``feed.en.xml``."""
    return "feed.xml" if lang == "zh" else f"feed.{lang}.xml"


def index_page(
    entries: Sequence[Entry],
    lang: Lang,
    site: Path,
    *,
    search: bool = False,
    others: Sequence[Lang] = (),
    alone: bool = False,
    shown: Mapping[str, Shown],
) -> SitePage:
    """All bulletins by issuer, series and year, latest first; demonstrations from synthetic data apart.

    Arguments:
        entries: in this language, latest first.
        lang: the language.
        site: where their files stand: only what is there is offered.
        search: whether the site can be searched.
        others: languages that there is an index in, too.
        alone: whether there are no pages of series to lead to.
        shown: what is said of published bulletins, by ``series@period``.
    """
    units = {unit: names[lang] for entry in reversed(entries) for unit, names in entry.units.items()}
    body = render(
        "index.html",
        lang,
        site=site,
        search=search,
        others=others,
        alone=alone,
        shown=shown,
        editions={"zh": "中文版", "en": "English edition"},
        real=_by_issuer((entry for entry in entries if not entry.synthetic), lang),
        synthetic=_by_issuer((entry for entry in entries if entry.synthetic), lang),
        of_series=list({entry.series: entry for entry in reversed(entries)}.values())[::-1],
        years=sorted({entry.when.start.year for entry in entries}, reverse=True),
        units=sorted(units.items(), key=lambda unit: unit[1]),
    )
    return SitePage(edition("index", lang), lang, WORDS[lang].page_title, body)


def series_page(entries: Sequence[Entry], lang: Lang, site: Path, shown: Mapping[str, Shown]) -> SitePage:
    """A series over its periods: the latest bulletin, trends, the table of all periods, the units.

    Arguments:
        entries: of the series, in this language, latest first.
        lang: the language.
        site: where their files stand.
        shown: what is said of published bulletins, by ``series@period``.
    """
    latest, issued = entries[0], [entry for entry in entries if not entry.stands_alone(shown)]
    drawn = _trends(issued, "area", list(latest.units), lang, WORDS[lang].units_grey)
    body = render(
        "series.html",
        lang,
        site=site,
        entries=entries,
        issued=issued,
        shown=shown,
        drawn=drawn,
        measures=_measures(issued, "area"),
        units=_units(entries, lang).items(),
        feed=feed_name(lang),
    )
    return SitePage(f"reports/{latest.series}/{edition('index', lang)}", lang, series_title(latest, lang), body)


def unit_page(entries: Sequence[Entry], unit: str, lang: Lang, site: Path, shown: Mapping[str, Shown]) -> SitePage:
    """One unit over the periods of a series: its figures, ranks, trends, and how often findings name it.

    Arguments:
        entries: of the series, in this language, latest first.
        unit: its id.
        lang: the language.
        site: where their files stand.
        shown: what is said of published bulletins, by ``series@period``.
    """
    words, latest = WORDS[lang], entries[0]
    name, issued = _units(entries, lang)[unit], [entry for entry in entries if not entry.stands_alone(shown)]
    critical = [
        [one for one in entry.held.named if unit in one["units"] and one["level"] != "note"] for entry in issued
    ]
    said = words.named_times if any(critical) else words.named_never
    attention, findings = sum(map(bool, critical)), sum(map(len, critical))
    summary = said.format(periods=len(issued), unit=name, attention=attention, findings=findings) if issued else ""
    body = render(
        "unit.html",
        lang,
        site=site,
        entries=entries,
        issued=issued,
        shown=shown,
        unit=unit,
        summary=summary,
        drawn=_trends(issued, unit, ["area"], lang, words.area_dashed.format(area=latest.area[lang])),
        measures=_measures(issued, unit),
        named=_named(issued, unit, lang),
    )
    title = words.unit_title.format(unit=name, subject=series_title(latest, lang))
    return SitePage(f"reports/{latest.series}/units/{edition(unit, lang)}", lang, title, body)


def missing_page(lang: Lang) -> SitePage:
    """What a web server shows where there is no page."""
    words = WORDS[lang]
    body = f'<p>{words.missing}</p>\n<p><a href="{ROOT}/{edition("index", lang)}">{words.to_index}</a></p>'
    return SitePage(edition("404", lang), lang, words.missing_title, body)


def search_page(lang: Lang) -> SitePage:
    """Where results of a search are shown."""
    return SitePage(edition("search", lang), lang, WORDS[lang].search, render("search.html", lang, root=ROOT))


def updated(entry: Entry, shown: Mapping[str, Shown]) -> str:
    """When a bulletin was published, or issued: a time as Atom has it."""
    said = shown.get(entry.id)
    return said.published if said else f"{entry.issued}T00:00:00Z"


def series_title(entry: Entry, lang: Lang) -> str:
    """What a series is called, marked where its figures are made up."""
    subject = entry.subject[lang]
    return str(WORDS[lang].marked_synthetic.format(subject)) if entry.synthetic else subject


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
        for name, made in entry.held.measures.items():
            if _figure(entry, name, scope):
                found.setdefault(name, made)
    return list(found.items())


def _figure(entry: Entry, measure: str, scope: str) -> list[Any] | None:
    """What an entry holds of a unit's figure; nothing where it is blank."""
    found = entry.held.values.get(measure, {}).get(scope)
    return found if found and found[1] is not None else None


def _trends(entries: Sequence[Entry], scope: str, others: Sequence[str], lang: Lang, note: str) -> list[Trend]:
    """The trends over the months, then those over the quarters and so on: no line joins a month with a quarter."""
    kinds = _alike(entries)
    found = []
    for length, alike in kinds.items():
        by = _by_length(length, lang) if len(kinds) > 1 else ""
        found += _trends_over(alike, scope, others, lang, note, by)
    return found


def _alike(entries: Sequence[Entry]) -> dict[int, list[Entry]]:
    """Periods whose figures stand in one line, by their length; those of any that count from January, under 0."""
    counted = len({entry.when.length for entry in entries if entry.held.cumulative}) > 1
    found: dict[int, list[Entry]] = {}
    for entry in entries:
        found.setdefault(0 if counted and entry.held.cumulative else entry.when.length, []).append(entry)
    return dict(sorted(found.items()))


def _by_length(length: int, lang: Lang) -> str:
    """Over what periods a trend goes: 按季度."""
    words = WORDS[lang]
    named = {0: words.since_january, 1: words.by_month, 3: words.by_quarter, 6: words.by_half, 12: words.by_year}
    return str(named.get(length) or words.by_months.format(length))


def _trends_over(
    entries: Sequence[Entry], scope: str, others: Sequence[str], lang: Lang, note: str, by: str
) -> list[Trend]:
    """What the series charts, and its other rates, over periods of one length, as far as they change."""
    known = dict(_measures(entries, scope))
    charted = [name for entry in entries for name in entry.held.charted]
    rates = [name for name, made in known.items() if made["unit"] == "%"]
    found = []
    for name in dict.fromkeys((*charted, *rates)):
        own = [entry for entry in entries if _figure(entry, name, scope)]
        if name not in known or len(own) < 2:  # a line takes two points
            continue
        title, (latest, first) = titled(known[name], lang), (own[0], own[-1])
        title = WORDS[lang].trend_by.format(title, by) if by else title
        said = WORDS[lang].trend_said.format(
            measure=title,
            first=first.when.label(lang),
            last=latest.when.label(lang),
            **{"from": first.held.values[name][scope][0], "to": latest.held.values[name][scope][0]},
        )
        drawn = entries[entries.index(latest) : entries.index(first) + 1]
        breaks = tuple(_broken(entry, changed, lang) for entry, changed in changed_settings(drawn[::-1], name))
        if svg := draw(entries[::-1], name, scope, others, WORDS[lang].space.join((said, *breaks)), lang):
            accompanied = any(_figure(entry, name, other) for entry in own for other in others)
            found.append(Trend(title, note if accompanied else "", svg, breaks))
    return found[:_CHARTS]


def _broken(entry: Entry, settings: Iterable[Setting], lang: Lang, measures: Sequence[str] = ()) -> str:
    """From when on figures cannot be compared with those before, as they are worked out with other parameters."""
    words = WORDS[lang]
    said = words.not_comparable_these if measures else words.not_comparable
    changed = words.comma.join(
        (words.changed if one.now else words.changed_otherwise).format(one.label[lang], one.before, one.now)
        for one in settings
    )
    return str(said.format(period=entry.when.label(lang), changed=changed, measures=words.comma.join(measures)))


def _breaks(entries: Sequence[Entry], measures: Iterable[tuple[str, Mapping[str, Any]]], lang: Lang) -> list[str]:
    """What is not comparable in a table of these periods, latest first: a sentence for each change of parameters."""
    found: dict[tuple[Period, str], tuple[Entry, list[Setting], list[str]]] = {}
    for name, made in measures:
        for alike in _alike(entries).values():
            for entry, settings in changed_settings(alike[::-1], name):
                same = found.setdefault((entry.when, repr(settings)), (entry, settings, []))
                same[2].append(made["label"][lang])
    return [
        _broken(entry, settings, lang, names) for _, (entry, settings, names) in sorted(found.items(), reverse=True)
    ]


def _left_out(
    entries: Iterable[Entry], measures: Sequence[tuple[str, Mapping[str, Any]]], scope: str, lang: Lang
) -> list[str]:
    """Whom the figures of these periods leave out, a sentence for each period and the same units."""
    words, said = WORDS[lang], []
    for entry in entries:
        by_units: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name, made in measures:
            if (figure := _figure(entry, name, scope)) and figure[4]:
                by_units[tuple(figure[4])].append(made["label"][lang])
        for units, labels in by_units.items():
            names, listed = (words.comma.join(one) for one in ((entry.units[u][lang] for u in units), labels))
            said.append(words.left_out.format(period=entry.when.label(lang), measures=listed, units=names))
    return said


def _named(entries: Sequence[Entry], unit: str, lang: Lang) -> list[dict[str, Any]]:
    """The findings that name a unit, as last worded, the most frequent first; critical ones before."""
    found: dict[str, list[tuple[Entry, dict[str, Any]]]] = defaultdict(list)
    for entry in entries:
        for one in entry.held.named:
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
    ordered = sorted(entries, key=lambda entry: entry.when, reverse=True)
    return [(year, list(group)) for year, group in groupby(ordered, key=lambda entry: entry.when.start.year)]


def titled(measure: Mapping[str, Any], lang: Lang) -> str:
    """A measure with its unit of measurement, as headers name it."""
    unit = unit_name(UnitOfMeasure(measure["unit"], measure["unit_en"]), lang).strip()
    words = WORDS[lang]
    made = words.trend if unit else words.trend_plain
    return str(made.format(measure=measure["label"][lang], unit=unit))


def _ranked(entries: Iterable[Entry], measures: Iterable[tuple[str, Any]], scope: str) -> set[str]:
    """The measures by which a unit has a rank in any period."""
    none = [None] * 3
    return {name for name, _ in measures if any(one.held.values.get(name, {}).get(scope, none)[2] for one in entries)}


def _files(entry: Entry, lang: Lang, site: Path) -> list[dict[str, str]]:
    """What can be downloaded of a bulletin: what there is."""
    offered = [(made.label, entry.page(lang, made.name)) for made in FORMATS.values() if made.label]
    offered.append((WORDS[lang].data_of, f"{entry.period}.csv"))
    folder = site / "reports" / entry.series
    return [{"label": label, "href": name} for label, name in offered if (folder / name).is_file()]


@cache
def _environment() -> Environment:
    filters: dict[str, Callable[..., Any]] = {
        "edition": edition,
        "by_year": _by_year,
        "titled": titled,
        "breaks": _breaks,
        "left_out": _left_out,
        "ranked": _ranked,
        "day": lambda text, lang: long_date(date.fromisoformat(text), lang),
        "files": _files,
        "updated": updated,
        "cell": lambda key: "cell-" + key.replace("@", "-"),
    }
    return own_templates("tongbao_site", "templates", filters)


def load_templates() -> None:
    """Compile all templates, which takes longer than to fill them in."""
    for name in _environment().list_templates():
        _environment().get_template(name)


def render(name: str, lang: Lang, **values: object) -> str:
    """A template of a page, a feed or a map of the site, filled in."""
    return _environment().get_template(name).render(values, lang=lang, w=WORDS[lang])
