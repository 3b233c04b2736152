"""A graph as one page that needs nothing else: no server, no network, no script even, though it is nicer with one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from biotrace.model.text import Lang, Text

from . import words
from .graph import Flow, Graph, Stop
from .layout import Box, Laid, laid
from .legend import Entry, entries
from .legend_svg import sample
from .markup import Markup, element, empty, joined
from .page_paper import Paper, on_paper
from .page_script import HASH, SCRIPT
from .page_style import STYLE
from .paints import FONTS
from .shapes import sign
from .svg import anchor, inline

POLICY = f"default-src 'none'; style-src 'unsafe-inline'; script-src '{HASH}'; base-uri 'none'; form-action 'none'"
"""Whatever a record says, a page that holds it reaches nobody."""
_FEW = 40
"""Stops whose records are printed in full unless somebody says otherwise."""
_SHORT = (words.STAGE, words.DAY, words.DECLARED, words.CONFIRMED)
"""Columns whose cells stay on one line."""
_LONG = (words.PARTY, words.PLACE)
_GRAPH = Text("図", "Graph")
_CHOSEN = Text("選んだ記録", "The record chosen")
_HINT = Text(
    "箱をクリック（または Tab キーで移動）すると、その記録と、木材がたどった経路が表示されます。Esc で解除します。",
    "Click a box, or go to it with the Tab key, to see its record and the way of its wood. Esc clears.",
)
_STOPS = Text("記録の一覧", "Records")
_FLOWS = Text("木材の動きの一覧", "Flows of wood")
_RECORDS = Text("記録の内容", "What each record says")
_FIT = Text("幅に合わせる", "Fit to width")
_CLEAR = Text("選択を解除", "Clear")
_PRINT = Text("印刷", "Print")
_WITH_RECORDS = Text("記録の内容も印刷", "print what each record says")
_BACK = Text("図へ戻る", "back to the graph")
_MEMBERS = Text("まとめた記録", "Records in this box")


def html(graph: Graph, lang: Lang) -> str:
    """The page. Raises nothing for odd names: they are shown as text."""
    picture = laid(graph)
    title = graph.title.get(lang)
    paper = on_paper(picture)
    head = element(
        "head",
        Markup('<meta charset="utf-8">'),
        empty("meta", http_equiv="Content-Security-Policy", content=POLICY),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup('<meta name="referrer" content="no-referrer">'),
        element("title", title),
        element("style", Markup(STYLE + paper.style)),
    )
    body = element(
        "body",
        element("header", element("h1", title), _facts(graph.facts, lang)),
        element("main", _seen(picture, paper, lang), _notes(picture, lang), _stops(graph, lang), _flows(graph, lang)),
        _records(picture, lang),
        element("script", Markup(SCRIPT)),
    )
    return f'<!DOCTYPE html>\n<html lang="{lang}">\n{head}\n{body}\n</html>\n'


def _seen(picture: Laid, paper: Paper, lang: Lang) -> Markup:
    legend = [_legend_item(entry) for entry in entries(picture, lang)]
    graph = element(
        "div",
        inline(picture, lang),
        id="graph",
        class_="graph",
        role="region",
        tabindex=0,
        aria_label=_GRAPH.get(lang),
    )
    back = element("a", _BACK.get(lang), href="#graph", class_="back")
    panel = element(
        "aside",
        element("p", _HINT.get(lang), id="hint", class_="hint"),
        element("div", id="shown"),
        back,
        id="panel",
        class_="panel empty",
        aria_live="polite",
        aria_label=_CHOSEN.get(lang),
        hidden="",
    )
    desk = element("div", graph, panel, class_="desk")
    return joined(element("ul", *legend, class_="legend"), _tools(picture, lang), paper.pieces, desk)


def _legend_item(entry: Entry) -> Markup:
    if not entry.indent:
        return element("li", entry.said)
    wide = entry.indent - 6
    drawn = element("svg", sample(entry), width=wide, height=24, font_family=FONTS, aria_hidden="true")
    return element("li", drawn, element("span", entry.said))


def _tools(picture: Laid, lang: Lang) -> Markup:
    few = len(picture.graph.stops) <= _FEW
    box = empty("input", type="checkbox", id="with-records", checked="" if few else None)
    return element(
        "div",
        element("button", _FIT.get(lang), type="button", id="fit", aria_pressed="false"),
        element("button", _CLEAR.get(lang), type="button", id="clear"),
        element("button", _PRINT.get(lang), type="button", id="print"),
        element("label", box, " ", _WITH_RECORDS.get(lang)),
        class_="tools",
        hidden="",
    )


def _notes(picture: Laid, lang: Lang) -> Markup:
    notes = [element("li", note.get(lang)) for note in (*picture.graph.notes, *picture.notes)]
    return element("section", element("h2", words.NOTES.get(lang)), element("ul", *notes)) if notes else Markup()


def _facts(facts: Sequence[tuple[Text, Text]], lang: Lang) -> Markup:
    lines = [joined(element("dt", name.get(lang)), element("dd", said.get(lang))) for name, said in facts]
    return element("dl", *lines, class_="facts") if lines else Markup()


def _verdict(stop: Stop, lang: Lang) -> Markup:
    drawn = element("svg", sign(stop.standing, 9, 9), width=18, height=18, font_family=FONTS, aria_hidden="true")
    return element("span", drawn, words.STANDINGS[stop.standing].get(lang), class_="verdict")


def _stops(graph: Graph, lang: Lang) -> Markup:
    columns = (
        words.NAME, words.STANDING, words.STAGE, words.PARTY, words.PLACE, words.DAY, words.DECLARED, words.CONFIRMED,
        words.DRY,
    )  # fmt: skip
    rows = []
    for number, stop in enumerate(graph.stops):
        declared, confirmed = (words.CLASSES[c].get(lang) if c else "" for c in (stop.declared, stop.confirmed))
        mark = f"{words.MARKED} " if stop.marked else ""
        link = element("a", mark + stop.title.get(lang), href=f"#record-{number}")
        stage = words.COLUMNS[stop.column].get(lang)
        cells = (link, _verdict(stop, lang), stage, stop.party, stop.place, words.day(stop.day), declared, confirmed)
        rows.append(_row(columns, cells, stop.grams, lang))
    return _table(_STOPS.get(lang), columns, rows, lang)


def _flows(graph: Graph, lang: Lang) -> Markup:
    columns = (words.SOURCE, words.TARGET, words.KIND, words.NOTE, words.DRY)
    at = {stop.id: number for number, stop in enumerate(graph.stops)}
    rows = []
    for flow in graph.flows:
        ends = [_link(graph, at[end], lang) for end in (flow.source, flow.target)]
        note = flow.note.get(lang) if flow.note else ""
        rows.append(_row(columns, (*ends, _kind(flow).get(lang), note), flow.grams, lang))
    return _table(_FLOWS.get(lang), columns, rows, lang)


def _kind(flow: Flow) -> Text:
    return words.POOLED if flow.pooled else words.DRAWN


def _link(graph: Graph, number: int, lang: Lang) -> Markup:
    return element("a", graph.stops[number].title.get(lang), href=f"#record-{number}")


def _row(columns: Sequence[Text], cells: Sequence[str], grams: int | None, lang: Lang) -> Markup:
    names = [column.get(lang) for column in columns]
    first = element("th", cells[0], scope="row", data_name=names[0])
    classes = ["short" if column in _SHORT else "long" if column in _LONG else None for column in columns]
    rest = [element("td", c, data_name=n, class_=k) for c, n, k in zip(cells[1:], names[1:], classes[1:], strict=False)]
    return element("tr", first, *rest, element("td", words.tonnes(grams, lang), data_name=names[-1], class_="number"))


def _table(title: str, columns: Sequence[Text], rows: Sequence[Markup], lang: Lang) -> Markup:
    count = {"ja": f"{len(rows):,} 件", "en": f"{len(rows):,}"}[lang]
    caption = element("caption", f"{count}、" if lang == "ja" else f"{count}; ", words.UNIT.get(lang))
    heads = [element("th", column.get(lang), scope="col") for column in columns]
    table = element("table", caption, element("thead", element("tr", *heads)), element("tbody", *rows))
    return element("section", element("h2", title), element("div", table, class_="sheet"))


def _records(picture: Laid, lang: Lang) -> Markup:
    """What a click shows: every stop, and every box that stands for several."""
    graph = picture.graph
    at = {stop.id: number for number, stop in enumerate(graph.stops)}
    before: defaultdict[str, list[tuple[int, Flow]]] = defaultdict(list)
    after: defaultdict[str, list[tuple[int, Flow]]] = defaultdict(list)
    for flow in graph.flows:
        before[flow.target].append((at[flow.source], flow))
        after[flow.source].append((at[flow.target], flow))
    records = [
        element(
            "article",
            _said(stop, lang),
            _ways(graph, words.SOURCE, before[stop.id], lang),
            _ways(graph, words.TARGET, after[stop.id], lang),
            id=f"record-{number}",
        )
        for number, stop in enumerate(graph.stops)
    ]
    boxes = [(anchor(box, position), box) for position, box in enumerate(picture.boxes) if len(box.members) > 1]
    groups = [_group(graph, box, name, lang) for name, box in boxes]
    title = element("summary", element("h2", _RECORDS.get(lang)))
    return element("details", title, *records, *groups, id="records", class_="records", open="")


def _said(stop: Stop, lang: Lang) -> Markup:
    mark = f"{words.MARKED} " if stop.marked else ""
    own = (
        (words.PARTY, stop.party),
        (words.PLACE, stop.place),
        (words.DAY, words.day(stop.day)),
        (words.DECLARED, stop.declared.label.get(lang) if stop.declared else ""),
        (words.CONFIRMED, stop.confirmed.label.get(lang) if stop.confirmed else ""),
        (words.DRY, words.tonnes(stop.grams, lang)),
    )
    lines = [joined(element("dt", name.get(lang)), element("dd", said)) for name, said in own if said]
    verdict = joined(element("dt", words.STANDING.get(lang)), element("dd", _verdict(stop, lang)))
    facts = [joined(element("dt", name.get(lang)), element("dd", said.get(lang))) for name, said in stop.facts]
    return joined(element("h3", mark + stop.title.get(lang)), element("dl", verdict, *lines, *facts))


def _ways(graph: Graph, title: Text, ways: Sequence[tuple[int, Flow]], lang: Lang) -> Markup:
    if not ways:
        return Markup()
    items = []
    for number, flow in ways:
        said = f" {words.tonnes(flow.grams, lang)}"
        for note in (flow.note, words.POOLED if flow.pooled else None):
            said += {"ja": f"（{note.ja}）", "en": f" ({note.en})"}[lang] if note else ""
        items.append(element("li", _link(graph, number, lang), f" {graph.stops[number].party}", said))
    return joined(element("h4", title.get(lang)), element("ul", *items))


def _group(graph: Graph, box: Box, name: str, lang: Lang) -> Markup:
    items = [
        element("li", _link(graph, i, lang), f" {graph.stops[i].party} {words.tonnes(graph.stops[i].grams, lang)}")
        for i in box.members
    ]
    return element("article", _said(box.stop, lang), element("h4", _MEMBERS.get(lang)), element("ul", *items), id=name)
