"""Which stops stand side by side: each one right of all that its wood came from."""

from __future__ import annotations

from collections.abc import Sequence

from .graph import Column, Graph

Arrow = tuple[int, int]
"""Positions of the stops that a flow goes from and to."""


def arrows(graph: Graph) -> list[Arrow]:
    """The graph's flows by the positions of their stops."""
    at = {stop.id: position for position, stop in enumerate(graph.stops)}
    return [(at[flow.source], at[flow.target]) for flow in graph.flows]


def going_back(count: int, flows: Sequence[Arrow]) -> frozenset[int]:
    """Positions of flows that close a circle, without which there is none. Honest papers make no circle."""
    onward: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for number, (source, target) in enumerate(flows):
        onward[source].append((number, target))
    back: set[int] = set()
    state = [0] * count  # 0: not met, 1: on the way, 2: done
    for start in range(count):
        if state[start]:
            continue
        state[start] = 1
        way = [(start, iter(onward[start]))]
        while way:
            stop, rest = way[-1]
            for number, target in rest:
                if state[target] == 1:
                    back.add(number)
                elif state[target] == 0:
                    state[target] = 1
                    way.append((target, iter(onward[target])))
                    break
            else:
                state[stop] = 2
                way.pop()
    return frozenset(back)


def layers_of(graph: Graph) -> tuple[list[int], frozenset[int]]:
    """Each stop's layer from 0 at the left, and the flows that ``going_back`` found, which no layer follows.

    By the longest path. Forests lead; where wood comes to rest at a plant or in stock is last of all; trade that
    nothing comes before stands just left of what draws on it.
    """
    flows = arrows(graph)
    count = len(graph.stops)
    back = going_back(count, flows)
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for number, (source, target) in enumerate(flows):
        if number not in back:
            before[target].append(source)
            after[source].append(target)
    order = _from_left(before, after)
    layer = _longest(graph, order, before)
    for stop in order:
        if not before[stop] and after[stop] and graph.stops[stop].column is not Column.FOREST:
            layer[stop] = min(layer[next_] for next_ in after[stop]) - 1
    ends = [i for i, s in enumerate(graph.stops) if s.column in (Column.PLANT, Column.STOCK) and not after[i]]
    inner = max((layer[i] for i in set(range(count)) - set(ends)), default=-1)
    last = max([inner + 1, *(layer[i] for i in ends)])
    for stop in ends:
        layer[stop] = last
    used = {number: position for position, number in enumerate(sorted(set(layer)))}
    return [used[number] for number in layer], back


def _from_left(before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]) -> list[int]:
    missing = [len(b) for b in before]
    order = [stop for stop, n in enumerate(missing) if n == 0]
    for stop in order:
        for target in after[stop]:
            missing[target] -= 1
            if missing[target] == 0:
                order.append(target)
    return order


def _longest(graph: Graph, order: Sequence[int], before: Sequence[Sequence[int]]) -> list[int]:
    """The longest path to each stop, none but forests left of the last forest that has only forests behind it."""
    layer = [0] * len(graph.stops)
    wild = [False] * len(graph.stops)
    for stop in order:
        wild[stop] = graph.stops[stop].column is Column.FOREST and all(wild[b] for b in before[stop])
        if wild[stop]:
            layer[stop] = max((layer[b] + 1 for b in before[stop]), default=0)
    first = max((layer[stop] + 1 for stop in order if wild[stop]), default=0)
    for stop in order:
        if not wild[stop]:
            layer[stop] = max([first, *(layer[b] + 1 for b in before[stop])])
    return layer
