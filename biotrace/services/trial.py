"""What the rules would say of records that are not in the ledger yet, after everything that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from biotrace.model.document import Document
from biotrace.verify.booking import BookJudged
from biotrace.verify.case import Booked, Case, Entry
from biotrace.verify.fold import Fold, Folded
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import LotVerdict, pronounce


def next_verdict(
    case: Case, folded: Folded, entries: Sequence[Entry], documents: Sequence[Document] = ()
) -> LotVerdict:
    """The verdict on the last of ``entries``, which come next in order. ``documents``: new ones that they cite.

    ``folded``: the case, judged. Its state goes on with the entries, so this is to be asked once.
    """
    trial = replace(
        case,
        entries=(*case.entries, *entries),
        documents={**case.documents, **{document.id: document for document in documents}},
    )
    run = Fold(trial, RULES, RINYA_2012, folded.state)
    judged = dict(folded.judged)
    for entry in entries:
        judged[entry.value.id] = run.take(entry)
    return pronounce([entries[-1].value.id], trial, judged)[0]


def next_booking(case: Case, folded: Folded, booked: Booked) -> BookJudged:
    """What is said of a booking that comes next in order. Likewise to be asked once."""
    trial = replace(case, bookings=(*case.bookings, booked))
    return Fold(trial, RULES, RINYA_2012, folded.state).book(booked)
