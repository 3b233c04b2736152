"""What a party says that it destroyed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from biotrace.model.retention import Deleted, Tombstone

from .logged import Logged


def tombstones_of(entries: Iterable[Logged], party: str) -> Mapping[str, Mapping[Deleted, date]]:
    """By record id, what ``party`` says that it destroyed of it, with the first day of each."""
    found: defaultdict[str, dict[Deleted, date]] = defaultdict(dict)
    for entry in entries:
        body = entry.record.body
        if entry.sound and isinstance(body, Tombstone) and entry.record.issuer == party:
            for part in body.deleted:
                found[body.record].setdefault(part, body.date)
    return dict(found)
