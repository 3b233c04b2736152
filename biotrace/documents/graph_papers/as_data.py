"""A graph as JSON: amounts in grams, days as ISO has them, verdicts and classes by their codes."""

from __future__ import annotations

from typing import Any

from biotrace.model.text import Lang, Text

from .graph import Flow, Graph, Stop


def graph_data(graph: Graph, lang: Lang) -> dict[str, Any]:
    """All of the graph; words in one language."""
    return {
        "graph": graph.name,
        "title": graph.title.get(lang),
        "facts": _facts(graph.facts, lang),
        "stops": [stop_data(stop, lang) for stop in graph.stops],
        "flows": [flow_data(flow, lang) for flow in graph.flows],
        "notes": [note.get(lang) for note in graph.notes],
    }


def stop_data(stop: Stop, lang: Lang) -> dict[str, Any]:
    """A stop. ``grams``: bone-dry, None where unknown."""
    return {
        "id": stop.id,
        "title": stop.title.get(lang),
        "party": stop.party,
        "place": stop.place,
        "day": stop.day.isoformat() if stop.day else None,
        "column": stop.column.value,
        "declared": stop.declared.value if stop.declared else None,
        "confirmed": stop.confirmed.value if stop.confirmed else None,
        "standing": stop.standing.value,
        "grams": stop.grams,
        "marked": stop.marked,
        "facts": _facts(stop.facts, lang),
    }


def flow_data(flow: Flow, lang: Lang) -> dict[str, Any]:
    """A flow. ``grams``: bone-dry, None where unknown; ``pooled``: it only may have gone so."""
    return {
        "source": flow.source,
        "target": flow.target,
        "grams": flow.grams,
        "pooled": flow.pooled,
        "note": flow.note.get(lang) if flow.note else None,
    }


def _facts(facts: tuple[tuple[Text, Text], ...], lang: Lang) -> list[dict[str, str]]:
    return [{"name": name.get(lang), "value": said.get(lang)} for name, said in facts]
