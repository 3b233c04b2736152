"""Facts about a record that more than one rule asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TypeVar

from biotrace.model.certificate import Certificate, Form, Medium, Origin
from biotrace.model.document import Document, DocumentContent, DocumentKind, Period
from biotrace.model.labels import label
from biotrace.model.party import Accreditation, Role
from biotrace.model.text import Text

from .case import Evidence, Placed
from .document_identity import number_key
from .effect import Effect
from .origins import is_imported, is_national, names_places, other_felling_proven, supports
from .period import covers, in_force, stated
from .places import MANY, Fit, Ground, Named, Spot, match, name_places, together
from .subject import Intake, Subject


def is_felling_stage(s: Subject) -> bool:
    """A certificate on 例1, 例2 or 1-1."""
    return s.certificate is not None and s.certificate.form.is_felling


def is_processing_stage(s: Subject) -> bool:
    """A certificate on 2-1 to 2-4."""
    return s.certificate is not None and not s.certificate.form.is_source


@lru_cache(maxsize=4)
def needs_no_accreditation(s: Subject) -> bool:
    """Whether the issuer needs no accreditation number (G3(3)①, G5(2))."""
    unnumbered = s.certificate is not None and s.certificate.accreditation_number is None
    return is_exempt_issuer(s) or (unnumbered and is_before_the_code(s))


@lru_cache(maxsize=4)
def is_exempt_issuer(s: Subject) -> bool:
    """Forest offices and municipalities; owners who do not do this as a business, or of 1-2 wood where it arises.

    Only where wood enters the chain (別記1): whoever issues 別記2 processes or trades.
    """
    certificate, party = s.certificate, s.issuer
    if certificate is None or party is None or not certificate.form.is_source:
        return False
    if Role.FOREST_OFFICE in party.roles or Role.MUNICIPALITY in party.roles:
        return True
    idle = not party.as_business and not any(role in party.roles for role in _HANDLING)
    return Role.OWNER in party.roles and (idle or certificate.form is Form.F1_2)


_HANDLING = (Role.PROCESSOR, Role.SAWMILL, Role.TRADER)
"""Who processes or trades as a business, whatever else is said of it."""


@lru_cache(maxsize=4)
def is_before_the_code(s: Subject) -> bool:
    """Whether the certificate is older than its issuer's body's code of conduct.

    Bodies had until 2012-09-01 to have one (G5(2)): one that came later exempts nobody, nor does a body's lateness
    exempt who is no member. No record tells of membership, so it is shown by an accreditation that came afterwards;
    the body had its code by the first of these. A company's own code stands for a body's. A date can be chosen, the
    log's time cannot: what its issuer signed and the log took later than the allowed delay is not taken for as old.
    """
    held = s.issuer.accreditations if s.issuer is not None else ()
    if s.certificate is None or not held or _is_logged_too_late(s):
        return False
    bodies = (s.case.parties.get(a.body) for a in held if a.body is not None)
    known = [body.code_from for body in bodies if body is not None and body.code_from is not None]
    return s.date < min([*known, *(a.start for a in held), s.profile.code_of_conduct_latest])


def _is_logged_too_late(s: Subject) -> bool:
    """Whether it was signed, not transcribed, and logged too long after the last day before a body's code (A203)."""
    if s.entry.evidence is not Evidence.SIGNED or s.entry.logged is None:
        return False
    return s.entry.logged >= s.profile.code_of_conduct_latest + timedelta(days=s.profile.allowed_delay_days)


@lru_cache(maxsize=4)
def own_code(s: Subject) -> bool:
    """Whether the issuer relies on a code of its own, outside any body."""
    held = s.issuer.accreditations if s.issuer is not None else ()
    return bool(held) and all(a.self_declared for a in held)


@lru_cache(maxsize=4)
def held_accreditations(s: Subject) -> tuple[Accreditation, ...]:
    """The issuer's accreditations under the number that the certificate states."""
    stated = s.certificate.accreditation_number if s.certificate is not None else None
    held = s.issuer.accreditations if s.issuer is not None else ()
    return tuple(a for a in held if a.number is not None and stated is not None and same_number(a.number, stated))


def same_number(one: str, other: str) -> bool:
    """Whether two numbers are the same apart from width, spaces, dashes and 第…号."""
    return number_key(one) == number_key(other)


@lru_cache(maxsize=4)
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
    if source is None or (source.buyer is None and source.form.is_felling):
        return True  # a missing recipient is H316's
    if s.delivery is None:
        return source.buyer == s.seller
    return s.seller == source.seller or (source.form.is_source and source.buyer == s.seller)


def is_for_one_load(certificate: Certificate) -> bool:
    """Whether the paper is for one vehicle's load: a delivery note, or a certificate that names the vehicle."""
    note = certificate.form is Form.F2_2 or certificate.medium is Medium.DELIVERY_NOTE
    return note or certificate.vehicle is not None


@lru_cache(maxsize=8)
def withdrawals(s: Subject, *, before: bool) -> tuple[tuple[Intake, Placed], ...]:
    """Intakes on certificates that stood cancelled, replaced or on hold: before this record, or only after it."""
    found = []
    for intake in s.intakes:
        if intake.source is None:
            continue  # a draw on a later entry is P503 only
        standing = s.case.withdrawn(intake.certificate, before=s.entry.order)
        now = s.case.withdrawn(intake.certificate)
        if before and standing is not None:
            found.append((intake, standing))
        elif not before and standing is None and now is not None:
            found.append((intake, now))
    return tuple(found)


def said(s: Subject, intake: Intake, placed: Placed) -> Text:
    """Which certificate, what was said of it, and when."""
    correction, name = placed.correction, s.label(intake.certificate)
    return Text(
        f"{name}: {correction.date} {label(correction.action).ja}",
        f"{name}: {correction.action} on {correction.date}",
    )


def altered_copies(s: Subject) -> Iterator[tuple[str, bytes]]:
    """Copies at hand that are not what records named: of the certificate's paper, supplements and documents (D902)."""
    at_hand = s.case.kept.files
    if not at_hand or s.certificate is None:
        return
    own = ((s.label(c.id), c.files) for c in (s.certificate, *s.supplements))
    named = (*own, *((d.number or d.id[:12], d.files) for d in s.documents))
    for name, files in named:
        yield from ((name, file.sha256) for file in files if at_hand.get(file.sha256) is False)


@lru_cache(maxsize=4)
def is_valid_use(s: Subject) -> bool:
    """Whether the record takes wood from what it draws on: no void, P502 or P508 of its own, and not cancelled.

    On hold it still counts, for it may be released.
    """
    void = s.id in s.case.circular or any(f.effect is Effect.VOID for f in s.entry.findings) or any(altered_copies(s))
    return not (void or s.case.ended(s.id) or strangers(s) or withdrawals(s, before=True))


# The rules ask several times for the places of the record at hand; comparing them is what costs most.
@lru_cache(maxsize=4)
def certificate_places(s: Subject) -> Named:
    """What the certificate and its supplements name.

    Where these name places, and nothing but precise ones, what the certificate itself leaves open is said.
    """
    national = s.certificate is not None and is_national(s.certificate)
    named = name_places(s.places, s.case.municipalities, on=s.date, national=national)
    if not s.supplements or not (named.vague or named.landings or named.unclear or named.annex):
        return named
    later = [place for c in s.supplements for place in c.locations]
    added = name_places(later, s.case.municipalities, on=s.date, national=national)
    if not added.spots or added.vague or added.landings or added.unclear or added.annex:
        return named
    return Named(named.spots, (), (), False)


@lru_cache(maxsize=4)
def document_places(s: Subject) -> Named:
    """What the documents behind a certificate name; the forest office's own certificate is its document too."""
    if is_own_document(s):
        return certificate_places(s)
    asked = names_places(s.documents)
    return together([_shown_on(document, s)[0] for document in asked])


def is_own_document(s: Subject) -> bool:
    """A forest office's own certificate without a contract (family H, note on national forest)."""
    c = s.certificate
    office = s.issuer is not None and Role.FOREST_OFFICE in s.issuer.roles
    return c is not None and is_national(c) and office and not names_places(s.documents)


@lru_cache(maxsize=4)
def places_apply(s: Subject) -> bool:
    """Family L: a felling-stage certificate of domestic wood with a document that can name a place."""
    c = s.certificate
    if c is None or not is_felling_stage(s) or s.is_supplement or is_imported(c):
        return False
    return is_own_document(s) or bool(names_places(s.documents))


@dataclass(frozen=True, slots=True)
class AtPlace:
    """Documents at one place of a certificate. ``about``: not shown to be for another place; ``covering``: shown to
    be for this one. What speaks against the wood need only be about its place; what speaks for it must cover it.
    """

    about: tuple[Document, ...]
    covering: tuple[Document, ...]

    @property
    def resting_on(self) -> tuple[Document, ...]:
        """What the wood of this place rests on; where nothing covers it (family L speaks), all that may."""
        return self.covering or self.about


T = TypeVar("T")


def compared(s: Subject, what: Callable[[Subject], T]) -> T:
    """``what`` tells of the certificate's places and its documents. Where these places are many, and said and
    compared before, it is not worked out again.
    """
    named = certificate_places(s)
    if len(named.spots) <= MANY:
        return what(s)
    key = (what, id(named), is_own_document(s), *(d.id for d in s.documents))
    # The places are kept with the answer, so that no others get their number meanwhile.
    found: tuple[Named, T] = s.case.compared.get(
        key, lambda: (named, what(s)), lambda _: len(named.spots) + len(document_places(s).spots)
    )
    return found[1]


@lru_cache(maxsize=4)
def documents_by_spot(s: Subject) -> list[tuple[Spot, AtPlace]]:
    """Each parcel or compartment of the certificate, with its documents."""
    return compared(s, _documents_by_spot)


def _documents_by_spot(s: Subject) -> list[tuple[Spot, AtPlace]]:
    named = [(d, _shown_on(d, s)[1]) for d in s.documents]
    groups: dict[tuple[Fit | None, ...], AtPlace] = {}
    return [(spot, _at(spot, named, s, groups)) for spot in certificate_places(s).spots]


@lru_cache(maxsize=4)
def documents_by_place(s: Subject) -> list[AtPlace]:
    """For each place of the certificate, its documents. Without a place: all documents, once."""
    groups = dict.fromkeys({id(at): at for _, at in documents_by_spot(s)}.values())
    return [g for g in groups if g.about] if groups else [AtPlace(s.documents, s.documents)]


@lru_cache(maxsize=4)
def documents_rested_on(s: Subject) -> tuple[Document, ...]:
    """The permits, notices, plans and contracts that the wood rests on, wherever it was felled."""
    named = names_places(s.documents)
    return tuple(dict.fromkeys(d for place in documents_by_place(s) for d in place.resting_on if d in named))


def proves_other_felling(s: Subject, documents: Sequence[Document]) -> bool:
    """Whether one of the documents proves origin ②, and none of what is stated says that it was not in force then."""
    felled = stated(s.certificate.felled) if s.certificate is not None else None

    def was_in_force(document: Document) -> bool:
        span = stated(in_force(document)) or Period()
        if felled is not None:
            return covers(span, felled)
        return span.start is None or span.start <= s.date

    return other_felling_proven([d for d in documents if was_in_force(d)], s.case.parties)


def thinning_notices(s: Subject) -> list[Document]:
    """Felling notices that the wood rests on as thinning, at places for which nothing proves origin ②."""
    places = (place for place in documents_by_place(s) if not proves_other_felling(s, place.resting_on))
    parties = s.case.parties
    notices = dict.fromkeys(d for place in places for d in place.about if supports(d, Origin.THINNING, parties))
    return [d for d in notices if d.kind is DocumentKind.FELLING_NOTICE]


def declares_weeding(s: Subject) -> bool:
    """Whether the certificate says that its wood is from weeding (除伐), or includes such wood."""
    return s.certificate is not None and (s.certificate.includes_weeding or Origin.WEEDING in s.certificate.origins)


def number_of(document: Document) -> str:
    """How a document is called in a sentence."""
    return document.number or document.id[:12]


def _at(
    spot: Spot, named: Sequence[tuple[Document, Ground]], s: Subject, groups: dict[tuple[Fit | None, ...], AtPlace]
) -> AtPlace:
    """The documents at a spot. ``groups``: those at others, by how each fits: a thousand spots have few of them."""
    fits = tuple(match(spot, allowed, s.case.links).fit if allowed.notations else None for _, allowed in named)
    if fits not in groups:
        groups[fits] = AtPlace(
            tuple(d for (d, _), fit in zip(named, fits, strict=True) if fit is not Fit.OUTSIDE),
            tuple(d for (d, _), fit in zip(named, fits, strict=True) if fit is Fit.INSIDE),
        )
    return groups[fits]


def _shown_on(document: Document, s: Subject) -> tuple[Named, Ground]:
    """The places on a document, and the same to be found by number."""

    def read() -> tuple[Named, Ground]:
        named = _places_on(document, s)
        return named, Ground(named.spots)

    return s.case.shown.get(document.id, read, lambda shown: len(shown[0].spots))


def _places_on(document: Document, s: Subject) -> Named:
    """The places on a document; a cover page names none."""
    shown = document.locations if document.content is DocumentContent.FULL else ()
    day = document.accepted or document.filed or (document.valid.start if document.valid is not None else None)
    national = document.kind is DocumentKind.NATIONAL_CONTRACT
    return name_places(shown, s.case.municipalities, on=day, national=national)
