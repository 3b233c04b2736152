"""The time that a document allows felling in, and is in force."""

from __future__ import annotations

from biotrace.model.document import Document, Period


def felling_period(document: Document) -> Period | None:
    """The days on which the document lets the wood be felled."""
    return Period(document.felling.start, document.felling.until) if document.felling is not None else None


def in_force(document: Document) -> Period | None:
    """A document's stated period; else from acceptance to the end of the felling period."""
    if stated(document.valid) is not None:
        return document.valid
    return Period(document.accepted, document.felling.until if document.felling is not None else None)


def stated(period: Period | None) -> Period | None:
    """The period, unless neither end of it is stated."""
    return period if period is not None and (period.start or period.until) else None


def covers(span: Period, felled: Period) -> bool:
    """Whether all days of felling lie in the span; where one end of the felling is stated, that day."""
    first, last = felled.start or felled.until, felled.until or felled.start
    if first is None or last is None:
        return False
    return (span.start is None or span.start <= first) and (span.until is None or last <= span.until)


def is_reversed(period: Period) -> bool:
    """Whether it ends before it begins, and so is no time at all."""
    return period.start is not None and period.until is not None and period.until < period.start
