"""A graph of thousands of records as one that can be drawn: by party, step of the way, and verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import networkx as nx

from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text, same

from .graph import Flow, Graph, Stop
from .grouping import kind_of_rest, title_of_rests

MOST_DRAWN = 600
"""Stops that are drawn one by one."""
_NAMED = 20
"""Records of a box that are named in it."""

_Key = tuple[str, Text | None, str, int, str, bool]
"""Column, what kind of rest it is, party, how many steps it lies from where the wood begins at most, verdict, and
whether it is marked."""


def condensed(graph: Graph, most: int = MOST_DRAWN) -> Graph:
    """The graph where it has no more stops than ``most``; else one box for all stops of a column, party, step and
    verdict. Verdicts are never mixed, flows are added up, and a note says so.

    By steps, no wood seems to go back to where it came from. Only in a circle, where there are none, may it go from one
    stop to another within a box; there it counts once.
    """
    if len(graph.stops) <= most:
        return graph
    steps = _steps(graph)
    members: dict[_Key, list[Stop]] = {}
    for stop in graph.stops:
        step = steps.get(stop.id, 0)
        key = stop.column.value, kind_of_rest(stop), stop.party, step, stop.standing.value, stop.marked
        members.setdefault(key, []).append(stop)
    names = {key: f"group:{number}" for number, key in enumerate(members)}
    box = {stop.id: names[key] for key, stops in members.items() for stop in stops}
    within: dict[str, int] = {}
    flows: dict[tuple[str, str, bool], int | None] = {}
    for flow in graph.flows:
        source, target = box[flow.source], box[flow.target]
        if source == target:
            within[source] = within.get(source, 0) + (flow.grams or 0)
            continue
        between = source, target, flow.pooled
        known = flows.get(between, 0)
        flows[between] = None if known is None or flow.grams is None else known + flow.grams
    stops = tuple(_box(names[key], of, within.get(names[key], 0)) for key, of in members.items())
    note = Text(
        f"{len(graph.stops):,} 件の記録を、事業者・段・判定ごとの {len(stops):,} の箱にまとめて描いた"
        "（1件ずつは .csv .graphml .json）",
        f"{len(graph.stops):,} records are drawn as {len(stops):,} boxes by party, step and verdict"
        " (one by one in .csv, .graphml and .json)",
    )
    drawn = tuple(Flow(source, target, grams, pooled=pooled) for (source, target, pooled), grams in flows.items())
    return replace(graph, stops=stops, flows=drawn, notes=(*graph.notes, note))


def _steps(graph: Graph) -> dict[str, int]:
    """How far each stop lies from where the wood begins, by its longest way; nothing in a circle."""
    way: nx.DiGraph[str] = nx.DiGraph()
    way.add_nodes_from(stop.id for stop in graph.stops)
    way.add_edges_from((flow.source, flow.target) for flow in graph.flows)
    if not nx.is_directed_acyclic_graph(way):
        return {}
    return {stop: step for step, stops in enumerate(nx.topological_generations(way)) for stop in stops}


def _box(name: str, stops: Sequence[Stop], within: int) -> Stop:
    first = stops[0]
    if len(stops) == 1:
        return replace(first, id=name)
    grams = [stop.grams for stop in stops if stop.grams is not None]
    days = sorted(stop.day for stop in stops if stop.day is not None)
    more = len(stops) - _NAMED
    rest = Text(f" ほか {more:,} 件", f" and {more:,} more") if more > 0 else same("")
    facts = [(Text("件数", "records"), same(f"{len(stops):,}"))]
    if days:
        facts.append((Text("期間", "days"), same(f"{days[0]} 〜 {days[-1]}")))
    titles = [stop.title for stop in stops[:_NAMED]]
    facts.append((Text("記録", "records"), _joined(titles) + rest))
    title = title_of_rests(first, len(stops)) or Text(f"{len(stops):,} 件", f"{len(stops):,} records")
    return replace(
        first,
        id=name,
        title=title,
        place="",
        day=None,
        declared=_one(stop.declared for stop in stops),
        confirmed=_one(stop.confirmed for stop in stops),
        grams=max(0, sum(grams) - within) if len(grams) == len(stops) else None,
        facts=tuple(facts),
    )


def _joined(titles: Sequence[Text]) -> Text:
    return Text("、".join(t.ja for t in titles), ", ".join(t.en for t in titles))


def _one(values: Iterable[FuelClass | None]) -> FuelClass | None:
    """What all of them are, if they are one."""
    found = set(values)
    return found.pop() if len(found) == 1 else None
