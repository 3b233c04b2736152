"""A graph as two csv files: its stops and its flows."""

from __future__ import annotations

from decimal import Decimal

from biotrace.documents.workbook.write_csv import csv_files
from biotrace.documents.workbook.writing import Heading, Table
from biotrace.model.showing import showable_lines
from biotrace.model.text import Lang, Text

from . import words
from .graph import Flow, Graph, Stop

_T = 1_000_000
_ID = Text("記録ID", "record id")
_FROM_ID = Text("どこから（記録ID）", "from (record id)")
_TO_ID = Text("どこへ（記録ID）", "to (record id)")
_MARK = Text("対象", "subject")
_FACTS = Text("内容", "facts")
_STOPS = (
    _ID, words.NAME, words.STANDING, words.STAGE, words.PARTY, words.PLACE, words.DAY, words.DECLARED, words.CONFIRMED,
    words.DRY, _MARK, _FACTS,
)  # fmt: skip
_FLOWS = (_FROM_ID, words.SOURCE, _TO_ID, words.TARGET, words.DRY, words.KIND, words.NOTE)


def stops_csv(graph: Graph, lang: Lang) -> bytes:
    """The stops, as UTF-8 that Excel knows. Bone-dry tonnes to the gram, empty where unknown."""
    return _csv(_STOPS, tuple(_stop(stop, lang) for stop in graph.stops), lang)


def flows_csv(graph: Graph, lang: Lang) -> bytes:
    """The flows, likewise."""
    titles = {stop.id: stop.title.get(lang) for stop in graph.stops}
    return _csv(_FLOWS, tuple(_flow(flow, titles, lang) for flow in graph.flows), lang)


def _csv(columns: tuple[Text, ...], rows: tuple[tuple[str | Decimal | None, ...], ...], lang: Lang) -> bytes:
    table = Table("csv", tuple(Heading(column.get(lang)) for column in columns), rows)
    (data,) = csv_files([table], "utf-8-sig").values()
    return data


def _stop(stop: Stop, lang: Lang) -> tuple[str | Decimal | None, ...]:
    return (
        showable_lines(stop.id),
        showable_lines(stop.title.get(lang)),
        words.STANDINGS[stop.standing].get(lang),
        words.COLUMNS[stop.column].get(lang),
        showable_lines(stop.party),
        showable_lines(stop.place),
        stop.day.isoformat() if stop.day else "",
        stop.declared.label.get(lang) if stop.declared else "",
        stop.confirmed.label.get(lang) if stop.confirmed else "",
        _tonnes(stop.grams),
        words.MARKED if stop.marked else "",
        showable_lines("\n".join(f"{name.get(lang)}: {said.get(lang)}" for name, said in stop.facts)),
    )


def _flow(flow: Flow, titles: dict[str, str], lang: Lang) -> tuple[str | Decimal | None, ...]:
    kind = words.POOLED if flow.pooled else words.DRAWN
    return (
        showable_lines(flow.source),
        showable_lines(titles[flow.source]),
        showable_lines(flow.target),
        showable_lines(titles[flow.target]),
        _tonnes(flow.grams),
        kind.get(lang),
        showable_lines(flow.note.get(lang)) if flow.note else "",
    )


def _tonnes(grams: int | None) -> Decimal | None:
    return None if grams is None else Decimal(grams) / _T
