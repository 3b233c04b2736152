"""Facts about a record that more than one rule asks for."""

from __future__ import annotations

from datetime import date

from biotrace.model.certificate import Form
from biotrace.model.document import DocumentContent
from biotrace.model.party import Accreditation, Role
from biotrace.model.text import Text

from .case import Placed
from .effect import Effect
from .origins import is_imported, names_places
from .places import Named, name_places, parcel_key
from .subject import Intake, Subject


def is_felling_stage(s: Subject) -> bool:
    """A certificate on 例1, 例2 or 1-1."""
    return s.certificate is not None and s.certificate.form.is_felling


def is_processing_stage(s: Subject) -> bool:
    """A certificate on 2-1 to 2-4."""
    return s.certificate is not None and not s.certificate.form.is_source


def accreditation_exemption(s: Subject) -> Text | None:
    """Why the issuer needs no accreditation number, or None where it does (G3(3)①, G5(2))."""
    certificate, party = s.certificate, s.issuer
    if certificate is None:
        return None
    if party is not None and (Role.FOREST_OFFICE in party.roles or Role.MUNICIPALITY in party.roles):
        return Text("森林管理署・地方公共団体が発行", "issued by a forest office or municipality")
    if party is not None and Role.OWNER in party.roles and (not party.as_business or certificate.form is Form.F1_2):
        return Text("業として営まない所有者が発行", "issued by an owner who does not do this as a business")
    starts = code_of_conduct_start(s)
    if certificate.date < starts:
        return Text(f"団体の自主行動規範 ({starts}) より前", f"before the body's code of conduct ({starts})")
    return None


def code_of_conduct_start(s: Subject) -> date:
    """The day from which the issuer's body had its code; unknown: the last day it could be (G5(2))."""
    held = s.issuer.accreditations if s.issuer is not None else ()
    bodies = (s.case.parties.get(a.body) for a in held if a.body is not None)
    known = [body.code_from for body in bodies if body is not None and body.code_from is not None]
    return min(known, default=s.profile.code_of_conduct_latest)


def own_code(s: Subject) -> bool:
    """Whether the issuer relies on a code of its own, outside any body."""
    held = s.issuer.accreditations if s.issuer is not None else ()
    return bool(held) and all(a.self_declared for a in held)


def held_accreditations(s: Subject) -> tuple[Accreditation, ...]:
    """The issuer's accreditations under the number that the certificate states."""
    stated = s.certificate.accreditation_number if s.certificate is not None else None
    held = s.issuer.accreditations if s.issuer is not None else ()
    return tuple(a for a in held if a.number is not None and stated is not None and same_number(a.number, stated))


def same_number(one: str, other: str) -> bool:
    """Whether two numbers are the same apart from width, spaces, dashes and 第…号."""
    return _number_key(one) == _number_key(other)


def _number_key(text: str) -> str:
    return parcel_key(text.replace("第", "").replace("号", "")).casefold()


def strangers(s: Subject) -> tuple[Intake, ...]:
    """Intakes whose certificate was not made out to the seller (P502).

    A delivery's seller must have issued the certificate; where processed wood came with a source certificate
    only, the delivery stands for the missing processing stage and its seller must have received it.
    """
    if s.seller is None:
        return ()
    return tuple(i for i in s.intakes if i.source is not None and not _entitled(s, i))


def _entitled(s: Subject, intake: Intake) -> bool:
    source = intake.source
    if source is None or (source.buyer is None and source.form.is_source):
        return True  # a missing recipient is H316's
    if s.delivery is None:
        return source.buyer == s.seller
    return s.seller == source.seller or (source.form.is_source and source.buyer == s.seller)


def withdrawals(s: Subject, *, before: bool) -> tuple[tuple[Intake, Placed], ...]:
    """Intakes on certificates that stood cancelled, replaced or on hold: before this record, or only after it."""
    found = []
    for intake in s.intakes:
        standing = s.case.withdrawn(intake.certificate, before=s.entry.order)
        now = s.case.withdrawn(intake.certificate)
        if before and standing is not None:
            found.append((intake, standing))
        elif not before and standing is None and now is not None:
            found.append((intake, now))
    return tuple(found)


def is_valid_use(s: Subject) -> bool:
    """Whether the record takes wood from what it draws on: no void, P502 or P508 of its own, not cancelled."""
    void = any(f.effect is Effect.VOID for f in s.entry.findings)
    return not (void or strangers(s) or withdrawals(s, before=True) or s.case.withdrawn(s.id))


def certificate_places(s: Subject) -> Named:
    """What the certificate and its supplements name."""
    return name_places(s.places)


def document_places(s: Subject) -> Named:
    """What the documents behind a certificate name; a cover page names nothing."""
    return name_places(
        place
        for document in names_places(s.documents)
        if document.content is DocumentContent.FULL
        for place in document.locations
    )


def places_apply(s: Subject) -> bool:
    """Family L: a felling-stage certificate of domestic wood with a document that can name a place."""
    return (
        is_felling_stage(s)
        and s.certificate is not None
        and not is_imported(s.certificate)
        and bool(names_places(s.documents))
    )
