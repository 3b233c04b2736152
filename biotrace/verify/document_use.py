"""What certificates put on supporting documents: volumes (H314), and what the papers themselves tell (H318, H319).

Two registered copies of one document are one document here: else a permit would be good for its volume once per copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import networkx as nx

from biotrace.model.document import Document
from biotrace.model.quantity import Unit
from biotrace.model.text import Text

from .document_identity import Identity, PaperKey, differing, digest, paper_key, together
from .effect import Effect
from .facts import documents_by_place, is_felling_stage, is_valid_use
from .origins import allows_volume
from .protection import add_protected
from .subject import DocumentPool, Subject
from .tonnage import solid_volume


@lru_cache(maxsize=4)
def certified_m3(s: Subject) -> int | None:
    """The certificate's quantity as cm³ of roundwood; None where no factor turns it into that."""
    return solid_volume(s.quantity, s.group, s.profile)


@lru_cache(maxsize=4)
def limiting_documents(s: Subject) -> tuple[Document, ...]:
    """The documents whose volumes limit what can be certified on them.

    One that is for other places than the certificate's lends it no volume, unless none is for them (L404 speaks).
    """
    limiting = tuple(d for d in s.documents if allows_volume(d))
    if len(limiting) < 2:
        return limiting
    about = {d.id for place in documents_by_place(s) for d in place.about}
    return tuple(d for d in limiting if d.id in about) or limiting


def volumes_known(s: Subject) -> bool:
    """Whether each of those documents, or an earlier copy of it, states a volume."""
    volumes = _joined(s).volumes
    return all(volumes[key] is not None for key in _cited(s))


def other_copies(s: Subject) -> Iterator[tuple[Document, list[Text]]]:
    """Documents of the certificate of which a copy seen before says otherwise, and in which facts (H319)."""
    seen: dict[Identity, bytes] = {}
    for document, key, facts in _identified(s):
        before = seen.get(key) or s.state.copies.get(key)
        if before is not None and (facts_that_differ := differing(before, facts)):
            yield document, facts_that_differ
        seen[key] = facts if before is None else together(before, facts)


def has_identity(s: Subject) -> bool:
    """Whether any document of the certificate can be told from others, so that copies of it can be compared."""
    return bool(_identified(s))


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
    pool, cited = _joined(s), _cited(s)
    uses = dict(pool.stated)
    if s.quantity.unit is not Unit.M3:
        for papers, estimated in pool.estimated.items():
            uses[papers] = uses.get(papers, 0) + estimated
    after = {**uses, cited: uses.get(cited, 0) + amount}
    if not _left_over(after, pool.volumes):
        return None
    tolerated = {d: None if v is None else int(v * (1 + s.profile.document_tolerance)) for d, v in pool.volumes.items()}
    if _left_over(after, tolerated) <= _left_over(uses, tolerated):
        return None
    over = _left_over(after, pool.volumes) - _left_over(uses, pool.volumes)
    return Beyond(sum(after.values()), sum(v or 0 for v in pool.volumes.values()), over)


def register(s: Subject) -> None:
    """Count the certificate on its documents, and keep what these tell of themselves."""
    if not is_felling_stage(s) or not s.documents or any(f.effect is Effect.VOID for f in s.entry.findings):
        return
    _register_papers(s)
    amount = certified_m3(s)
    if amount is None or not limiting_documents(s) or s.is_supplement or not is_valid_use(s):
        return
    pool, cited = _joined(s), _cited(s)
    for document in pool.volumes:
        s.state.documents[document] = pool
    uses = pool.stated if s.quantity.unit is Unit.M3 else pool.estimated
    uses[cited] = uses.get(cited, 0) + amount


def _register_papers(s: Subject) -> None:
    for _, key, facts in _identified(s):
        before = s.state.copies.get(key)
        s.state.copies[key] = facts if before is None else together(before, facts)
    for document in s.documents:
        add_protected(s.state.protected, document)


@lru_cache(maxsize=4)
def _identified(s: Subject) -> list[tuple[Document, Identity, bytes]]:
    """The documents that have an identity, with it and their facts."""
    known = ((document, *_worked_out(s, document)) for document in s.documents)
    return [(document, key, facts) for document, key, facts in known if len(key) == 4]


def _worked_out(s: Subject, document: Document) -> tuple[PaperKey, bytes]:
    """Key and facts of a document: many certificates cite the same one."""
    known = s.case.identities.get(document.id)
    if known is None:
        known = s.case.identities[document.id] = (paper_key(document, s.name), digest(document))
    return known


def key_of(s: Subject, document: Document) -> PaperKey:
    """By what a document is told from others: see ``paper_key``."""
    return _worked_out(s, document)[0]


@lru_cache(maxsize=4)
def _cited(s: Subject) -> frozenset[PaperKey]:
    return frozenset(key_of(s, d) for d in limiting_documents(s))


@lru_cache(maxsize=4)
def _joined(s: Subject) -> DocumentPool:
    """The limiting documents with all that are pooled with one of them on some certificate before this one."""
    joined = DocumentPool({})
    keys = [key_of(s, d) for d in limiting_documents(s)]
    known = {id(p): p for key in keys if (p := s.state.documents.get(key)) is not None}
    for pool in known.values():
        joined.volumes.update(pool.volumes)
        joined.stated.update(pool.stated)
        joined.estimated.update(pool.estimated)
    for key, document in zip(keys, limiting_documents(s), strict=True):
        joined.volumes[key] = _smaller(joined.volumes.get(key), _volume(document))
    return joined


def _smaller(one: int | None, other: int | None) -> int | None:
    """Where two copies differ, what both allow; a copy that states no volume leaves it to the other."""
    return min((v for v in (one, other) if v is not None), default=None)


def _volume(document: Document) -> int | None:
    return document.felling.volume if document.felling is not None else None


def _left_over(uses: Mapping[frozenset[PaperKey], int], volumes: Mapping[PaperKey, int | None]) -> int:
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
