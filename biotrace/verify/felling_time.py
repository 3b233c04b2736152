"""When the wood was felled, against the time that its documents allow (H311, H312)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from biotrace.model.document import Document, Period
from biotrace.model.text import Text

from .facts import documents_by_place
from .origins import names_places
from .period import covers, is_reversed, stated
from .rule import Fired, NotChecked
from .subject import Subject

Span = Callable[[Document], Period | None]


def judge_time(s: Subject, span_of: Span, no_span: Text) -> Iterator[Fired | NotChecked]:
    """Whether, for each place, some document about it covers all days of felling; ``span_of`` names its time."""
    felled = s.certificate.felled if s.certificate is not None else None
    if felled is None or (felled.start is None and felled.until is None):
        yield NotChecked(Text("伐採の時期が書かれていない", "no felling dates"), harmless=True)
        return
    if is_reversed(felled):  # H321 speaks
        yield NotChecked(Text("伐採の時期の終わりが始まりより前", "the felling ends before it begins"), harmless=True)
        return
    groups = [_spans(names_places(place.resting_on), span_of) for place in documents_by_place(s)]
    if not any(groups):
        yield NotChecked(no_span, harmless=True)
    for spans in groups:
        if spans and not any(covers(span, felled) for _, span in spans):
            yield Fired(_found(felled, *spans[0]))
            return


def _spans(documents: tuple[Document, ...], span_of: Span) -> list[tuple[Document, Period]]:
    return [(d, span) for d in documents if (span := stated(span_of(d))) is not None]


def _found(felled: Period, document: Document, span: Period) -> Text:
    number = document.number or document.id[:12]
    mine, theirs = (f"{time.start or ''}〜{time.until or ''}" for time in (felled, span))
    return Text(f"伐採は {mine}、{number} の期間は {theirs}", f"felled {mine}; {number} allows {theirs}")
