"""What the rules would say of records that are not in the ledger yet, after everything that is."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace

from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.verify.booking import BookJudged
from biotrace.verify.case import Booked, Case, Entry
from biotrace.verify.fold import Fold, Folded
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.subject import State
from biotrace.verify.verdict import LotVerdict, pronounce


def next_verdict(
    case: Case, folded: Folded, entries: Sequence[Entry], documents: Sequence[Document] = ()
) -> LotVerdict:
    """The verdict on the last of ``entries``, which come next in order. ``documents``: new ones that they cite.

    ``folded``: the case, judged, or as far as they rest on it (``fold_for``). It is not changed.
    """
    trial = replace(
        case,
        entries=(*case.entries, *entries),
        documents={**case.documents, **{document.id: document for document in documents}},
    )
    run = Fold(trial, RULES, RINYA_2012, _apart(folded.state, entries))
    judged = dict(folded.judged)
    for entry in entries:
        judged[entry.value.id] = run.take(entry)
    return pronounce([entries[-1].value.id], trial, judged)[0]


def next_booking(case: Case, folded: Folded, booked: Booked) -> BookJudged:
    """What is said of a booking that comes next in order. Likewise."""
    trial = replace(case, bookings=(*case.bookings, booked))
    return Fold(trial, RULES, RINYA_2012, _apart(folded.state, ())).book(booked)


def gone_on(case: Case, folded: Folded, entry: Entry) -> tuple[Case, Folded]:
    """The case with one more entry, and that judged. ``folded`` is used up: its state goes on in the new one."""
    grown = replace(case, entries=(*case.entries, entry))
    run = Fold(grown, RULES, RINYA_2012, folded.state)
    return grown, Folded({**folded.judged, entry.value.id: run.take(entry)}, run.state, folded.books)


def _apart(state: State, entries: Sequence[Entry]) -> State:
    """The state to go on from by itself: what the entries change of it is a copy."""
    at_source = any(isinstance(e.value, Certificate) and e.value.documents for e in entries)
    drawn_on = {source for entry in entries for source in _sources(entry)} & state.closed.keys()
    return State(
        closed=state.closed | {source: copy.copy(state.closed[source]) for source in drawn_on},
        documents=copy.deepcopy(state.documents) if at_source else state.documents,
        copies=dict(state.copies),
        traits=dict(state.traits),
        protected=copy.deepcopy(state.protected) if at_source else state.protected,
        accounts=copy.deepcopy(state.accounts),
        grounds=copy.deepcopy(state.grounds),
        plants=copy.deepcopy(state.plants),
    )


def _sources(entry: Entry) -> Sequence[str]:
    """The certificates of which the entry takes."""
    if isinstance(entry.value, Delivery):
        return () if entry.value.certificate is None else (entry.value.certificate,)
    return [draw.certificate for draw in entry.value.draws]
