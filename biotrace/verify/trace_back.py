"""Where a lot's wood came from: the felling certificates with tonnes each, and every hand on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.place import Place

from .case import Case, Entry
from .fold import Judged
from .rule import Finding, Unchecked
from .verdict import LotVerdict, came_through, downwards, lineage


@dataclass(frozen=True, slots=True)
class Hand:
    """A record that the lot's wood went by. ``grams``: of the lot, bone-dry; None where they cannot be told.

    ``findings``, ``unchecked``: what the rules say of this record alone.
    """

    entry: Entry
    grams: int | None
    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """A certificate by which wood of the lot enters the chain. ``grams``: of the lot; None where it cannot be told.

    ``places``, ``documents``: of the certificate, and of certificates that supplement it. ``is_source``: whether it is
    of the felling stage, or 1-2: else the chain breaks off here.
    """

    certificate: Certificate
    grams: int | None
    places: tuple[Place, ...]
    documents: tuple[str, ...]
    is_source: bool


@dataclass(frozen=True, slots=True)
class Back:
    """A trace back. The origins' grams and ``missing`` add up to the lot's.

    ``hands``: in order, the lot last. ``flows``: (from record, to record) -> grams of the lot. ``missing``: grams that
    came, by what the papers say, from certificates that are not at hand; all of them where nothing came from anywhere.
    None: cannot be told.
    """

    lot: LotVerdict
    hands: tuple[Hand, ...]
    origins: tuple[Origin, ...]
    flows: Mapping[tuple[str, str], int | None]
    missing: int | None

    @property
    def without_certificate(self) -> bool:
        """Whether the lot is a delivery that names no certificate at all."""
        value = self.hands[-1].entry.value
        return isinstance(value, Delivery) and value.certificate is None


def trace_back(lot: LotVerdict, case: Case, judged: Mapping[str, Judged]) -> Back:
    """Where the lot came from, by explicit draws. ``judged``: it and all that it rests on, in this case."""
    graph = lineage({r: judged[r] for r in lot.records})
    order = downwards(graph)
    came = None if order is None else came_through(lot.id, judged, order)
    grams: Mapping[str, int | None] = dict.fromkeys(lot.records) if came is None else came.grams
    flows: Mapping[tuple[str, str], int | None]
    flows = {(source, record): None for record, source in graph.edges} if came is None else came.flows
    origins = tuple(_origin(judged[r], grams[r], case) for r, _ in lot.sources)
    known = [o.grams for o in origins if o.grams is not None]
    told = came is not None and lot.dry_grams is not None
    return Back(
        lot=lot,
        hands=tuple(Hand(judged[r].entry, grams[r], judged[r].findings, judged[r].unchecked) for r in lot.records),
        origins=origins,
        flows=flows,
        missing=(lot.dry_grams or 0) - sum(known) if told else None,
    )


def _origin(judged: Judged, grams: int | None, case: Case) -> Origin:
    certificate = judged.entry.value
    assert isinstance(certificate, Certificate), "a lot's sources are certificates"
    later = [e.value for e in case.supplements(certificate)]
    papers = [certificate, *(value for value in later if isinstance(value, Certificate))]
    return Origin(
        certificate=certificate,
        grams=grams,
        places=tuple(place for c in papers for place in c.locations),
        documents=tuple(dict.fromkeys(d for c in papers for d in c.documents)),
        is_source=certificate.form.is_source,
    )
