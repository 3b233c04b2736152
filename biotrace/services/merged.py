"""Our log and others' as one order in which everything comes after what it cites.

Each log's own order is kept. Between logs the log times decide, our own last where they are the same; where clocks
disagree so far that a record would come before one that it cites, the citation decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from biotrace.chain.record import cites

from .logged import Logged

OWN = ""
"""Stands for our own log among the names of logs, none of which is empty."""


def in_order(logs: Mapping[str, Sequence[Logged]]) -> list[Logged]:
    """All records of all logs, ``OWN`` among them, in one order. Each log's records come by index."""
    return _Merge(logs).run()


class _Merge:
    """How far each log has been taken, and where each record is."""

    def __init__(self, logs: Mapping[str, Sequence[Logged]]) -> None:
        self._logs = logs
        self._next = dict.fromkeys(logs, 0)
        self._place = {e.record.record_id: (name, i) for name, log in logs.items() for i, e in enumerate(log)}
        self._busy: set[str] = set()
        self._taken: list[Logged] = []

    def run(self) -> list[Logged]:
        while waiting := [name for name, log in self._logs.items() if self._next[name] < len(log)]:
            name = min(waiting, key=lambda n: (self._logs[n][self._next[n]].logged_at, n == OWN, n))
            self._take(name, self._next[name])
        return self._taken

    def _take(self, name: str, upto: int) -> None:
        """Take a log's records up to an index, each after what it cites in other logs."""
        if name in self._busy:
            return  # two logs that cite each other's later records: no honest order exists, so its own log's counts
        self._busy.add(name)
        while self._next[name] <= upto:
            entry = self._logs[name][self._next[name]]
            for cited in cites(entry.record):
                other, index = self._place.get(cited, (name, 0))
                if other != name and index >= self._next[other]:
                    self._take(other, index)
            self._taken.append(entry)
            self._next[name] += 1
        self._busy.discard(name)
