"""How much has been certified on supporting documents (H314)."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx

from biotrace.model.document import Document
from biotrace.model.quantity import Unit

from .facts import is_felling_stage, is_valid_use
from .origins import allows_volume
from .subject import DocumentPool, Subject
from .tonnage import solid_volume


def certified_m3(s: Subject) -> int | None:
    """The certificate's quantity as cm³ of roundwood; None where no factor turns it into that."""
    return solid_volume(s.quantity, s.group, s.profile)


def limiting_documents(s: Subject) -> tuple[Document, ...]:
    """The documents whose volumes limit what can be certified on them."""
    return tuple(d for d in s.documents if allows_volume(d))


def beyond(s: Subject, amount: int) -> tuple[int, int] | None:
    """What would be certified on these documents and all pooled with them, and how much of it lies above; in cm³.

    None while the tolerance is kept. Volumes of several documents on one certificate are pooled: a quantity may
    rest on any of its documents, as far as they reach. Against a certificate in m³ only m³ count, against any
    other the estimates too.
    """
    documents = limiting_documents(s)
    pool = _joined(s, documents)
    uses = dict(pool.stated)
    if s.quantity.unit is not Unit.M3:
        for cited, estimated in pool.estimated.items():
            uses[cited] = uses.get(cited, 0) + estimated
    cited = frozenset(d.id for d in documents)
    uses[cited] = uses.get(cited, 0) + amount
    volumes = {d: v for d, v in pool.volumes.items() if any(d in c for c in uses)}
    tolerated = {d: int(v * (1 + s.profile.document_tolerance)) for d, v in volumes.items()}
    if _left_over(uses, tolerated) == 0:
        return None
    return sum(uses.values()), min(amount, _left_over(uses, volumes))


def register(s: Subject) -> None:
    """Count the certificate on its documents."""
    amount, documents = certified_m3(s), limiting_documents(s)
    if amount is None or not documents or not is_felling_stage(s) or s.is_supplement or not is_valid_use(s):
        return
    pool = _joined(s, documents)
    for document in pool.volumes:
        s.state.documents[document] = pool
    uses = pool.stated if s.quantity.unit is Unit.M3 else pool.estimated
    cited = frozenset(d.id for d in documents)
    uses[cited] = uses.get(cited, 0) + amount


def _joined(s: Subject, documents: tuple[Document, ...]) -> DocumentPool:
    """The documents with all that are pooled with one of them on some certificate."""
    joined = DocumentPool({d.id: _volume(d) for d in documents})
    known = {id(p): p for d in documents if (p := s.state.documents.get(d.id)) is not None}
    for pool in known.values():
        joined.volumes.update(pool.volumes)
        joined.stated.update(pool.stated)
        joined.estimated.update(pool.estimated)
    return joined


def _volume(document: Document) -> int:
    return (document.felling.volume or 0) if document.felling is not None else 0


def _left_over(uses: Mapping[frozenset[str], int], volumes: Mapping[str, int]) -> int:
    """What of the uses no document has room for, each use resting on any of its documents."""
    if len(volumes) == 1:
        return max(0, sum(uses.values()) - next(iter(volumes.values())))
    graph: nx.DiGraph[object] = nx.DiGraph()
    for cited, amount in uses.items():
        graph.add_edge("uses", cited, capacity=amount)
        for document in cited:
            graph.add_edge(cited, document)
    for document, volume in volumes.items():
        graph.add_edge(document, "volumes", capacity=volume)
    flow, _ = nx.maximum_flow(graph, "uses", "volumes")
    return sum(uses.values()) - int(flow)
