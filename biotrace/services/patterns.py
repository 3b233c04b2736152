"""Looking for patterns worth a look, in a ledger or a casebook: what was seen, ranked. Never an accusation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from biotrace.errors import UsageError
from biotrace.model.party import Party
from biotrace.model.text import Text, same
from biotrace.verify.patterns import DEFAULT_SCORE, PRICE_CHANGES, Around, Kind, Looking, PriceChange, Sighting
from biotrace.verify.profile import RINYA_2012

from .find import find_party
from .patterns_read import OnProgress, Source, source_of_casebook, source_of_ledger
from .workspace import Workspace

CAUTION = Text(
    "違反の指摘や判定ではありません。書類と事情の確認をお勧めするものの一覧です",
    "no findings and no verdicts: things for which looking at papers and reasons is worth while",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to list. ``start``: only what has a record on that day or later; ``until``: records after it do not count.

    ``party``: id or name of whom it concerns. ``score``: the least. ``prices``: days on which prices changed; empty:
    the known ones.
    """

    start: date | None = None
    until: date | None = None
    party: str | None = None
    score: int = DEFAULT_SCORE
    prices: Sequence[date] = ()


@dataclass(frozen=True)
class Looked:
    """What was seen. ``listed``: the highest score first; ``below``: how many more score less than was asked for.

    ``taken``: certificates and deliveries that were looked at. ``unchecked``: what was not looked at, by pattern; None:
    by none of them.
    """

    source: Source
    asked: Asked
    party: Party | None
    listed: tuple[Sighting, ...]
    below: int
    taken: int
    unchecked: tuple[tuple[Kind | None, Text], ...]


def look_at_ledger(workspace: Workspace, asked: Asked, progress: OnProgress = lambda _, __: None) -> Looked:
    """Everything worth a look in the workspace's log.

    Raises UsageError for an unknown party, for days in the wrong order, and where there is nothing to look at.
    """
    return look(source_of_ledger(workspace), asked, progress)


def look_at_casebook(path: Path, asked: Asked) -> Looked:
    """The same in a casebook. Raises as ``read_casebook`` does too."""
    return look(source_of_casebook(path), asked)


def look(source: Source, asked: Asked, progress: OnProgress = lambda _, __: None) -> Looked:
    """The same in whatever ``source`` gives to see."""
    if asked.start is not None and asked.until is not None and asked.until < asked.start:
        raise UsageError(
            Text(f"--from {asked.start} が --to {asked.until} より後です", f"--from {asked.start} lies after --to"),
            Text("日付を確かめてください", "look at the days"),
        )
    party = None if asked.party is None else find_party(source.case.parties.values(), asked.party)
    looking = Looking(Around(source.case, RINYA_2012, _changes(asked.prices)))
    for entry in source.entries(progress):
        if asked.until is None or entry.value.date <= asked.until:
            looking.take(entry)
    if not looking.taken:
        raise UsageError(
            Text("見るべき証明書も納入もありません", "there is no certificate or delivery to look at"),
            Text("記録と、指定したなら --to を確かめてください", "look at the records, and at --to where given"),
            code="nothing-to-check",
        )
    wanted = [s for s in looking.sightings() if _concerns(s, asked, party)]
    listed = tuple(s for s in wanted if s.score >= asked.score)
    unchecked = (*((None, said) for said in source.unchecked), *looking.unchecked())
    return Looked(source, asked, party, listed, len(wanted) - len(listed), looking.taken, unchecked)


def _concerns(sighting: Sighting, asked: Asked, party: Party | None) -> bool:
    if asked.start is not None and sighting.sample.last < asked.start:
        return False
    return party is None or party.id in sighting.parties


def _changes(days: Sequence[date]) -> tuple[PriceChange, ...]:
    if not days:
        return PRICE_CHANGES
    given = Text("指定された価格改定の日", "a change of prices as given")
    return tuple(PriceChange(day, given + same(f" {day}"), "--price-change") for day in sorted(set(days)))
