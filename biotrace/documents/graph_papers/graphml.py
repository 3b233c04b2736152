"""A graph as GraphML, for Gephi, yEd, Cytoscape or networkx: every stop and flow with all that is known of it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import networkx as nx

from biotrace.model.showing import showable_lines
from biotrace.model.text import Lang

from .as_data import flow_data, stop_data
from .graph import Graph

_FACT = "fact: "
_STRUCTURE = ("id", "source", "target")
"""Told by the graph itself."""


def graphml(graph: Graph, lang: Lang) -> bytes:
    """The graph with its head as attributes. Amounts are bone-dry grams; what is unknown has no attribute.

    A stop's facts are attributes of their own, ``fact: `` and their name; of one name, they share one, line by line.
    """
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    made.graph.update(
        name=showable_lines(graph.name), title=showable_lines(graph.title.get(lang)), **_facts(graph.facts, lang)
    )
    made.graph["notes"] = showable_lines("\n".join(note.get(lang) for note in graph.notes))
    keys = {stop.id: key for stop, key in zip(graph.stops, _keys(graph), strict=True)}
    for stop in graph.stops:
        own = {key: value for key, value in stop_data(stop, lang).items() if key != "facts"}
        made.add_node(keys[stop.id], **_known(own), **_facts(stop.facts, lang))
    for number, flow in enumerate(graph.flows):
        made.add_edge(keys[flow.source], keys[flow.target], f"flow-{number}", **_known(flow_data(flow, lang)))
    out = io.BytesIO()
    nx.write_graphml_xml(made, out, encoding="utf-8", named_key_ids=False)
    return out.getvalue()


def _keys(graph: Graph) -> list[str]:
    """The stops' ids, which XML can hold; the position instead where that would make two the same."""
    keys = [showable_lines(stop.id) for stop in graph.stops]
    return keys if len(set(keys)) == len(keys) else [f"stop-{number}" for number in range(len(keys))]


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        k: showable_lines(v) if isinstance(v, str) else v
        for k, v in values.items()
        if v is not None and k not in _STRUCTURE
    }


def _facts(facts: tuple[Any, ...], lang: Lang) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, said in facts:
        key = _FACT + showable_lines(name.get(lang))
        found[key] = (
            f"{found[key]}\n{showable_lines(said.get(lang))}" if key in found else showable_lines(said.get(lang))
        )
    return found
