"""Fewer boxes where a layer has too many to be read: the small ones of one party as one, and their sum."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text

from .graph import Column, Flow, Graph, Stop
from .layers import arrows, layers_of

MOST_IN_LAYER = 16
"""Boxes in a layer before its small ones are drawn as one."""
_KEPT = 9
"""The largest of a crowded layer, which keep boxes of their own."""
_PARTIES = 5
"""Groups of a crowded layer that are told by party; the rest is told by verdict alone."""


@dataclass(frozen=True, slots=True)
class Node:
    """What gets a box. ``members``: positions of the stops that it stands for, one or many."""

    stop: Stop
    layer: int
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """What gets a band, by the positions of its nodes. ``back``: it closes a circle."""

    flow: Flow
    source: int
    target: int
    back: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """What of a graph is drawn. ``notes``: what was drawn together."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    notes: tuple[Text, ...]


def drawn(graph: Graph, most: int = MOST_IN_LAYER) -> Drawn:
    """The graph as it is drawn, with the small stops of layers that have more than ``most`` put together."""
    layer, back = layers_of(graph)
    nodes: list[Node] = []
    for number in sorted(set(layer)):
        nodes += _of_layer(graph, [i for i, own in enumerate(layer) if own == number], number, most)
    at = {member: position for position, node in enumerate(nodes) for member in node.members}
    groups = [node for node in nodes if len(node.members) > 1]
    notes = (_note(groups),) if groups else ()
    return Drawn(tuple(nodes), tuple(_links(graph, nodes, at, back)), notes)


def _note(groups: Sequence[Node]) -> Text:
    count = sum(len(node.members) for node in groups)
    return Text(
        f"数が多いので、小さい {count:,} 件を {len(groups):,} 個の箱（ほか n 件）にまとめて描いています。"
        "表・CSV・GraphML・JSON にはすべてあります",
        f"There are many: the {count:,} smallest are drawn as {len(groups):,} boxes (“n more”). "
        "Tables, CSV, GraphML and JSON have them all",
    )


def _of_layer(graph: Graph, stops: Sequence[int], layer: int, most: int) -> list[Node]:
    if len(stops) <= most:
        return [Node(graph.stops[i], layer, (i,)) for i in stops]
    by_size = sorted(stops, key=lambda i: (not graph.stops[i].marked, -(graph.stops[i].grams or 0), i))
    marked = sum(graph.stops[i].marked for i in stops)
    kept = by_size[: max(_KEPT, min(marked, most))]
    rest = by_size[len(kept) :]
    by_party = _parted(rest, lambda i: (graph.stops[i].party, *_alike(graph.stops[i])))
    by_party.sort(key=lambda group: (-sum(graph.stops[i].grams or 0 for i in group), group))
    other = [i for group in by_party[_PARTIES:] for i in group]
    groups = by_party[:_PARTIES] + _parted(other, lambda i: _alike(graph.stops[i]))
    return [Node(_whole(graph, group), layer, tuple(sorted(group))) for group in [[i] for i in kept] + groups]


def kind_of_rest(stop: Stop) -> Text | None:
    """How wood rests, such as in stock or without a delivery, which no box may mix; None for records and forests."""
    return stop.title if stop.column is Column.STOCK else None


def title_of_rests(stop: Stop, count: int) -> Text | None:
    """What a box of so many rests like that one is called; None for all else."""
    kind = kind_of_rest(stop)
    return None if kind is None else kind + Text(f" {count:,} 件", f": {count:,}")


def _alike(stop: Stop) -> tuple[Hashable, ...]:
    return stop.column, kind_of_rest(stop), stop.standing


def _parted(stops: Iterable[int], key: Callable[[int], Hashable]) -> list[list[int]]:
    parts: dict[Hashable, list[int]] = {}
    for stop in stops:
        parts.setdefault(key(stop), []).append(stop)
    return list(parts.values())


def _whole(graph: Graph, members: Sequence[int]) -> Stop:
    stops = [graph.stops[i] for i in members]
    if len(stops) == 1:
        return stops[0]
    parties = {s.party for s in stops}
    one = stops[0].party
    several = Text(f"{len(parties):,} 者", f"{len(parties):,} parties")
    known = [s.grams for s in stops if s.grams is not None]
    title = title_of_rests(stops[0], len(stops)) or Text(f"ほか {len(stops):,} 件", f"{len(stops):,} more")
    if len(parties) > 1:
        title += Text(f"（{several.ja}）", f" ({several.en})")
    return Stop(
        id=f"group:{stops[0].id}",
        title=title,
        party=one if len(parties) == 1 else "",
        place="",
        day=None,
        column=stops[0].column,
        declared=_shared([s.declared for s in stops]),
        confirmed=_shared([s.confirmed for s in stops]),
        standing=stops[0].standing,
        grams=sum(known) if known else None,
        facts=_unweighed(len(stops) - len(known)),
        marked=any(s.marked for s in stops),
    )


def _shared(found: Sequence[FuelClass | None]) -> FuelClass | None:
    return found[0] if len(set(found)) == 1 else None


def _unweighed(count: int) -> tuple[tuple[Text, Text], ...]:
    if not count:
        return ()
    return ((Text("合計にないもの", "not in the sum"), Text(f"量不明 {count:,} 件", f"{count:,} of unknown amount")),)


def _links(graph: Graph, nodes: Sequence[Node], at: dict[int, int], back: frozenset[int]) -> Iterable[Link]:
    parts: dict[tuple[int, int, bool, bool], list[Flow]] = {}
    for number, (source, target) in enumerate(arrows(graph)):
        flow = graph.flows[number]
        parts.setdefault((at[source], at[target], flow.pooled, number in back), []).append(flow)
    for (start, end, pooled, goes_back), flows in parts.items():
        known = [f.grams for f in flows if f.grams is not None]
        note = flows[0].note if len(flows) == 1 else _summed(len(flows), len(flows) - len(known))
        ids = nodes[start].stop.id, nodes[end].stop.id
        yield Link(Flow(*ids, sum(known) if known else None, note, pooled), start, end, goes_back)


def _summed(count: int, unknown: int) -> Text:
    said = Text(f"{count:,} 件の合計", f"sum of {count:,}")
    if not unknown:
        return said
    return said + Text(f"（量不明 {unknown:,} 件を除く）", f" ({unknown:,} of unknown amount left out)")
