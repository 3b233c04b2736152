"""Wood that needs no felling procedure, on 1-2: what it can be, and whether it is waste (G3(2)①イ(イ), A ウ)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from biotrace.model.certificate import Form, Origin
from biotrace.model.document import Document, DocumentCopy, DocumentKind
from biotrace.model.labels import label
from biotrace.model.party import Role
from biotrace.model.text import Text, join

from .effect import Effect
from .rule import Fired
from .subject import Subject

DRIFTWOOD = (Origin.DAM_DRIFTWOOD, Origin.DRIFTWOOD)
"""What nobody felled."""

KINDS = frozenset(
    {
        *(Origin.HOMESTEAD, Origin.ORCHARD_PRUNING, Origin.STREET_PRUNING, Origin.GARDEN_PRUNING),
        *(Origin.LANDSCAPING_PRUNING, Origin.BAMBOO, Origin.SITE_CLEARING, *DRIFTWOOD),
    }
)
"""Kinds of wood that 1-2 is for."""


def is_no_procedure(s: Subject) -> bool:
    """A certificate on 1-2 that claims a class; one that only supplements another is judged with that."""
    c = s.certificate
    return c is not None and c.form is Form.F1_2 and s.needs_proof and not s.is_supplement


def named(s: Subject, kinds: Iterable[Origin]) -> tuple[Origin, ...]:
    """Which of these kinds the certificate names."""
    origins = s.certificate.origins if s.certificate is not None else ()
    return tuple(kind for kind in kinds if kind in origins)


def judge_waste(s: Subject, kinds: tuple[Origin, ...]) -> Iterator[Fired]:
    """Wood of which the ministries disagree whether it is waste: the municipality's written view decides."""
    if not kinds:
        return
    wood = join([label(kind) for kind in kinds])
    view = next((d for d in s.documents if _is_view(s, d)), None)
    if view is None:
        yield Fired(
            wood + Text("（廃棄物に当たらない旨の市町村の書面がない）", ", without a municipality's written view")
        )
        return
    number = view.number or view.id[:12]
    yield Fired(
        wood + Text(f"（市町村の書面 {number} がある）", f", with the municipality's written view {number}"),
        message=Text(
            "市町村が廃棄物に当たらないとした木材（区分はそのまま、省庁の見解は分かれる）",
            "no waste by the municipality's view; the class stays, though the ministries disagree",
        ),
        effect=Effect.NOTICE,
    )


def _is_view(s: Subject, document: Document) -> bool:
    """A municipality's written view that is at hand, and held on the certificate's day."""
    if document.kind is not DocumentKind.MUNICIPAL_OPINION or document.copy is not DocumentCopy.KEPT:
        return False
    issuer = s.case.parties.get(document.issuer) if document.issuer is not None else None
    if issuer is not None and Role.MUNICIPALITY not in issuer.roles:
        return False
    valid = document.valid
    ended = valid is not None and valid.until is not None and valid.until < s.date
    early = valid is not None and valid.start is not None and valid.start > s.date
    return not (ended or early)
