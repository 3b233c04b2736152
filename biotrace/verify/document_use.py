"""How much has been certified on supporting documents (H314)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Beyond:
    """What is certified in all on some documents, what they allow, and what this certificate adds above; in cm³."""

    certified: int
    allowed: int
    over: int


def beyond(s: Subject, amount: int) -> Beyond | None:
    """What the certificate adds above what its documents and all pooled with them allow.

    None while the tolerance is kept. Volumes of several documents on one certificate are pooled: a quantity may
    rest on any of its documents, as far as they reach. Against a certificate in m³ only m³ count, against any
    other the estimates too.
    """
    documents = limiting_documents(s)
    pool = _joined(s, documents)
    uses = dict(pool.stated)
    if s.quantity.unit is not Unit.M3:
        for papers, estimated in pool.estimated.items():
            uses[papers] = uses.get(papers, 0) + estimated
    cited = frozenset(d.id for d in documents)
    after = {**uses, cited: uses.get(cited, 0) + amount}
    tolerated = {d: None if v is None else int(v * (1 + s.profile.document_tolerance)) for d, v in pool.volumes.items()}
    if _left_over(after, tolerated) <= _left_over(uses, tolerated):
        return None
    over = _left_over(after, pool.volumes) - _left_over(uses, pool.volumes)
    return Beyond(sum(after.values()), sum(v or 0 for v in pool.volumes.values()), over)


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


def _volume(document: Document) -> int | None:
    return document.felling.volume if document.felling is not None else None


def _left_over(uses: Mapping[frozenset[str], int], volumes: Mapping[str, int | None]) -> int:
    """What of the uses no document has room for, each use resting on any of its documents; None: no limit."""
    if all(len(cited) == 1 for cited in uses):  # the usual case, and the flow through a graph without forks
        rooms = ((amount, volumes[document]) for cited, amount in uses.items() for document in cited)
        return sum(max(0, amount - room) for amount, room in rooms if room is not None)
    graph: nx.DiGraph[object] = nx.DiGraph()
    graph.add_node("volumes")
    for cited, amount in uses.items():
        graph.add_edge("uses", cited, capacity=amount)
        for document in cited:
            graph.add_edge(cited, document)
    for document, volume in volumes.items():
        graph.add_edge(document, "volumes", **({} if volume is None else {"capacity": volume}))
    flow, _ = nx.maximum_flow(graph, "uses", "volumes")
    return sum(uses.values()) - int(flow)
