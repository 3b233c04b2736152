"""What a gate answers to one record: the rows of the table that apply, and what else a person should know."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from biotrace.model.certificate import Certificate
from biotrace.model.dates import last_day
from biotrace.model.delivery import Delivery
from biotrace.model.party import Accreditation, Party
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text
from biotrace.verify.facts import is_for_one_load
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.verdict import Status

from . import gate_notes as notes
from . import gate_words as words
from .arrival import difference
from .gate_past import Past
from .gate_row import Mark, Reason, Row
from .history import State
from .scan import Doubt, Scanned

SOON_DAYS = 30
"""So many days before its end an accreditation is spoken of."""
_ACCREDITATION = ("A201", "A202", "A203", "A204", "A205")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the answer is asked with. ``parties``: as they are known; ``known`` False: no trust file and no workspace.

    ``ours``: our plant's id and name (empty: not asked); ``own``: the workspace's party, where no plant was named;
    ``weight``: as measured.
    """

    today: date
    known: bool
    parties: Mapping[str, Party]
    ours: tuple[str, ...] = ()
    own: str | None = None
    weight: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``reasons``: every row that applies, the decisive one first. ``notes``: what changes nothing."""

    mark: Mark
    reasons: tuple[Reason, ...]
    notes: tuple[Text, ...]


def answer(scanned: Scanned, asked: Asked, past: Past | None = None, twice: str | None = None) -> Answer:
    """The answer to one scanned record. ``past``: what our ledger says; ``twice``: another file that shows it."""
    body = scanned.record.body
    found = list(_of_signature(scanned, asked, past))
    more: list[Text] = []
    if isinstance(body, Certificate):
        found += _of_past(scanned, past)
        found += _of_recipient(scanned, body, asked)
        found += _of_paper(scanned, body, asked, past)
        found += _of_lot(scanned, past)
        found += _of_weight(scanned, body, asked, past)
        more += _notes(body, asked, past)
    else:
        found.append(words.no_load(scanned))
    if twice is not None:
        found.append(words.twice(scanned, twice))
    order = list(Row)
    reasons = sorted(found, key=lambda reason: order.index(reason.row)) or [words.fine(scanned)]
    return Answer(reasons[0].row.mark, tuple(reasons), tuple(more))


def _of_signature(s: Scanned, asked: Asked, past: Past | None) -> Iterator[Reason]:
    if s.doubt is Doubt.UNKNOWN_KEY and past is not None and past.key_ended is not None:
        yield words.key_ended(s, *past.key_ended)
    elif s.doubt is Doubt.UNKNOWN_KEY and not asked.known:
        yield words.no_trust(s)
    elif s.doubt is not None:
        yield words.doubt(s, s.doubt)
    elif not s.named_by_trust:
        yield words.no_trust(s)
    if s.record.transcribed and s.doubt is None:
        yield words.copy(s)


def _of_past(s: Scanned, past: Past | None) -> Iterator[Reason]:
    if past is None:
        return
    body = s.record.body
    assert isinstance(body, Certificate)
    if past.standing.state is not State.VALID:
        yield words.withdrawn(s, past.standing)
    spent = past.left is None or is_for_one_load(body)
    if past.arrivals:
        row = Row.RECEIVED if spent else Row.PART_RECEIVED
        yield words.received(s, row, past.arrivals, past.left)
    elif past.uses and spent:
        yield words.used(s, past.uses)
    if past.same_number is not None:
        yield words.same_number(s, past.same_number)
    if past.doubtful:
        yield words.ledger_in_doubt(s)


def _of_recipient(s: Scanned, body: Certificate, asked: Asked) -> Iterator[Reason]:
    if asked.own is not None and asked.own == body.seller:
        yield words.own(s)
    elif asked.ours and body.buyer is None:
        yield words.no_recipient(s)
    elif asked.ours and body.buyer is not None:
        name = dict(s.record.names).get(body.buyer, body.buyer)
        if {_key(body.buyer), _key(name)}.isdisjoint(map(_key, asked.ours)):
            yield words.other_plant(s, name, asked.ours[-1])


def _of_paper(s: Scanned, body: Certificate, asked: Asked, past: Past | None) -> Iterator[Reason]:
    worse = [f for f in s.findings if not f.is_notice and f.code not in ("S101", "S102")]
    if accreditation := [f for f in worse if f.code in _ACCREDITATION]:
        yield words.not_accredited(s, accreditation[0])
    elif past is None or past.logged is None:
        end = _accredited_until(asked.parties.get(body.issuer), body.date)
        if end is not None and asked.today > end + timedelta(days=RINYA_2012.allowed_delay_days):
            yield words.accreditation_over(s, end)
    if lacking := [f for f in worse if f.code not in _ACCREDITATION]:
        yield words.paper_lacks(s, lacking[0])
    if body.date > asked.today:
        yield words.dated_ahead(s, body.date)
    open_questions = [u for u in s.unchecked if u.decisive]
    if open_questions and asked.known and s.doubt is None:
        yield words.not_checked(s, open_questions[0])


def _of_lot(s: Scanned, past: Past | None) -> Iterator[Reason]:
    lot = past.lot if past is not None else None
    if lot is None:
        return
    if lot.status is Status.INCOMPLETE:
        yield words.not_proven(s)
    elif lot.confirmed.rank > lot.declared.rank:
        yield words.lower_class(s, lot)


def _of_weight(s: Scanned, body: Certificate, asked: Asked, past: Past | None) -> Iterator[Reason]:
    if asked.weight is None:
        return
    before = past.arrivals if past is not None else ()
    arrived = Delivery("", "", asked.today, asked.weight, certificate=body.id)
    told = difference(body, arrived, before)
    if told is not None and (is_for_one_load(body) or _is_more(body.quantity, asked.weight)):
        yield words.weight(s, told)


def _is_more(certified: Quantity, measured: Quantity) -> bool:
    return not certified.same_measure(measured) or measured.amount > certified.amount


def _notes(body: Certificate, asked: Asked, past: Past | None) -> Iterator[Text]:
    end = _accredited_until(asked.parties.get(body.issuer), body.date)
    if end is not None and (days := (end - asked.today).days) <= SOON_DAYS:
        yield notes.expires(end, days)
    lot = past.lot if past is not None else None
    if lot is not None and lot.status is not Status.INCOMPLETE and lot.confirmed.rank <= lot.declared.rank:
        yield notes.traced(lot)
    elif lot is None:
        yield notes.not_traced()
    if not asked.ours:
        yield notes.recipient_not_asked()
    if asked.weight is not None:
        yield notes.weighed(body.quantity, asked.weight)
    if past is not None and not past.arrivals and past.uses and past.left is not None:
        yield notes.left(past.left)


def _accredited_until(party: Party | None, day: date) -> date | None:
    """The last day of the issuer's accreditations that were in force on that day, renewals without a gap included."""
    if party is None:
        return None
    terms = [(a.start, _last_day(a)) for a in party.accreditations]
    end = max((until for start, until in terms if start <= day <= until), default=None)
    while end is not None and (later := [u for s, u in terms if s <= end + timedelta(days=1) and u > end]):
        end = max(later)
    return end


def _last_day(held: Accreditation) -> date:
    last = held.until or last_day(held.start, RINYA_2012.accreditation_years)
    return last if held.revoked is None else min(last, held.revoked - timedelta(days=1))


def _key(name: str) -> str:
    """A name for comparison: without width and spaces."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
