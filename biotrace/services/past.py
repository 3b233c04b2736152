"""A ledger as it stood earlier: what it held then, and what was known then to be wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import takewhile

from biotrace.chain.admit import Held
from biotrace.chain.integrity import IntegrityFinding, check_entries
from biotrace.chain.kinds import KeyEnd
from biotrace.errors import UsageError
from biotrace.model.text import Text
from biotrace.store.integrity import stored_entries
from biotrace.store.ledger import Ledger
from biotrace.store.view import foreign_record

from .ledger_case import Reading
from .logged import Logged
from .times import day_of

_BY_KEY = "S102"
"""The only rule of which a later record, the end of a key, can make an earlier one a case."""


class Past:
    """Earlier states of the ledger that ``reading`` was read from."""

    def __init__(self, ledger: Ledger, reading: Reading) -> None:
        self._ledger = ledger
        self._logged = {e.position: e for e in reading.logged}
        self._ends = [e.position for e in reading.logged if isinstance(e.record.body, KeyEnd)]
        self._known: dict[int, Mapping[int, list[IntegrityFinding]]] = {}

    def until(self, last: int, within: Iterable[int] | None = None) -> tuple[Logged, ...]:
        """The entries up to the position ``last``, each with what was wrong with it as far as these tell.

        ``within``: only those at these positions, ascending.
        """
        positions = self._logged if within is None else within
        kept = tuple(self._logged[p] for p in positions if p <= last and p in self._logged)
        end = next((position for position in self._ends if position > last), None)
        if end is None:
            return kept
        if end not in self._known:
            self._known[end] = self._key_faults(end)
        return tuple(_with_key_faults(e, self._known[end].get(e.position, [])) for e in kept)

    def on(self, day: date) -> tuple[Logged, ...]:
        """The entries logged up to that day's end (Asia/Tokyo), likewise."""
        last = max((e.position for e in self._logged.values() if day_of(e.logged_at) <= day), default=-1)
        return tuple(e for e in self.until(last) if day_of(e.logged_at) <= day)

    def _key_faults(self, before: int) -> Mapping[int, list[IntegrityFinding]]:
        """What is wrong with the keys of the entries before a position, judged as if none followed."""
        found: defaultdict[int, list[IntegrityFinding]] = defaultdict(list)
        prefix = takewhile(lambda entry: entry.position < before, stored_entries(self._ledger))
        for finding in check_entries(prefix, self._elsewhere):
            if finding.rule == _BY_KEY:
                found[finding.position].append(finding)
        return found

    def _elsewhere(self, record_id: bytes) -> Held | None:
        """What is remembered of a record of another log."""
        with self._ledger.database.reading() as connection:
            return foreign_record(connection, record_id)


def _with_key_faults(entry: Logged, faults: list[IntegrityFinding]) -> Logged:
    others = [finding for finding in entry.findings if finding.rule != _BY_KEY]
    return replace(entry, findings=(*others, *faults))


def not_logged_yet(entry: Logged, as_of: date) -> UsageError:
    """For a record asked for as of a day on which the ledger did not hold it."""
    subject, day = entry.record.subject, day_of(entry.logged_at)
    return UsageError(
        Text(
            f"「{subject}」が台帳に入ったのは {day} で、{as_of} の時点ではまだありません",
            f"{subject} was logged on {day}; on {as_of} the ledger did not hold it yet",
        ),
        Text(f"--as-of に {day} 以後の日を指定してください", f"give --as-of a day from {day} on"),
        code="not-yet-logged",
    )
