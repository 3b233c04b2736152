"""Which certificates are counted together with some documents, up to their last use that is in question.

Documents are one pool where a certificate rests on both, where they may be copies of one another, or where one is
another's by way of a supplement. Certificates after a pool's last use wait: a greater pool may have a later one.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping

Citation = tuple[int, int]
"""(child, parent): the positions of an entry and of one that it cites."""


class Pools:
    """Entries, by position, in pools that are joined again and again."""

    def __init__(self, last_use: Mapping[int, int]) -> None:
        """``last_use``: of each document to begin with, up to which position certificates on it count."""
        self._parent: dict[int, int] = {}
        self._members: dict[int, int] = {}
        self._last: dict[int, int] = {}
        self._waiting: dict[int, list[Citation]] = {}
        self._changed: set[int] = set()
        for document, last in last_use.items():
            self._last[self._root(document)] = last

    def join(self, pairs: Iterable[Citation]) -> None:
        """Make one pool of the two entries of each pair."""
        for one, other in pairs:
            self._join(one, other)

    def wait(self, citations: Iterable[Citation]) -> None:
        """Have certificates wait to be counted with a document that they cite."""
        for certificate, document in citations:
            root = self._root(document)
            heapq.heappush(self._waiting.setdefault(root, []), (certificate, document))
            self._changed.add(root)

    def counted(self) -> set[int]:
        """The certificates that count now and did not before, joined with their documents."""
        found: set[int] = set()
        while self._changed:
            root = self._root(self._changed.pop())
            last, waiting = self._last.get(root, -1), self._waiting.get(root, [])
            while waiting and waiting[0][0] <= last:
                certificate, document = heapq.heappop(waiting)
                found.add(certificate)
                self._join(certificate, document)
                if self._root(document) != root:
                    break  # both lists are one now, and looked at again
        return found

    def _root(self, entry: int) -> int:
        if entry not in self._parent:
            self._parent[entry], self._members[entry] = entry, 1
            return entry
        root = entry
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[entry] != root:
            self._parent[entry], entry = root, self._parent[entry]
        return root

    def _join(self, one: int, other: int) -> None:
        great, small = self._root(one), self._root(other)
        if great == small:
            return
        if self._members[great] < self._members[small]:
            great, small = small, great
        self._parent[small] = great
        self._members[great] += self._members.pop(small)
        self._last[great] = max(self._last.get(great, -1), self._last.pop(small, -1))
        waiting, more = self._waiting.get(great, []), self._waiting.pop(small, [])
        if len(waiting) < len(more):
            waiting, more = more, waiting
        for citation in more:
            heapq.heappush(waiting, citation)
        self._waiting[great] = waiting
        self._changed.add(great)
