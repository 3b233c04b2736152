"""Which document supports which origin (G2, 別記1; the table under family H of the catalogue)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from biotrace.model.certificate import Certificate, Form, Medium, Origin
from biotrace.model.document import Document, DocumentKind, FellingMethod
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party, Role

_K = DocumentKind
Parties = Mapping[str, Party]
"""Who is known, by id: a document may name its office by that."""

_SUPPORTED_BY: dict[Origin, frozenset[DocumentKind]] = {
    Origin.THINNING: frozenset(
        {
            _K.FELLING_NOTICE,
            _K.PROTECTION_THINNING_NOTICE,
            _K.PROTECTION_PERMIT,
            _K.MANAGEMENT_PLAN,
            _K.NATIONAL_CONTRACT,
            _K.LOCAL_WEEDING_CERTIFICATE,
        }
    ),
    Origin.PROTECTION_FOREST: frozenset(
        {_K.PROTECTION_PERMIT, _K.PROTECTION_THINNING_NOTICE, _K.PROTECTION_SELECTION_NOTICE}
    ),
    Origin.MANAGEMENT_PLAN: frozenset({_K.MANAGEMENT_PLAN}),
    Origin.NATIONAL_FOREST: frozenset({_K.NATIONAL_CONTRACT}),
    Origin.FINAL_FELLING: frozenset(
        {
            _K.FELLING_NOTICE,
            _K.PROTECTION_PERMIT,
            _K.PROTECTION_THINNING_NOTICE,
            _K.PROTECTION_SELECTION_NOTICE,
            _K.MANAGEMENT_PLAN,
            _K.NATIONAL_CONTRACT,
            _K.LEGALITY_CERTIFICATE,
            _K.COC_CERTIFICATE,
        }
    ),
    Origin.IMPORTED: frozenset({_K.LEGALITY_CERTIFICATE, _K.COC_CERTIFICATE}),
}

OTHER_FELLING = (Origin.PROTECTION_FOREST, Origin.MANAGEMENT_PLAN, Origin.NATIONAL_FOREST)
"""Origin ② of G2(1): felling other than thinning, from forests of these three kinds."""

_SUPPORTED_BY[Origin.WEEDING] = frozenset({_K.LOCAL_WEEDING_CERTIFICATE}).union(
    *(_SUPPORTED_BY[origin] for origin in OTHER_FELLING)
)

_SUPPORTING = frozenset().union(*_SUPPORTED_BY.values())
_NAMES_NO_PLACE = (_K.LEGALITY_CERTIFICATE, _K.COC_CERTIFICATE)

_OF_THE_STATE = re.compile(
    r"森林管理(署|局|事務所|センター)|営林(署|局)|林野庁|国有林野|農林水産(省|大臣)|(?<!消防)(?<!警察)(?<!税務)署長?(?=\s|$)"
)
"""How offices that sell national-forest wood are called: 北信森林管理署, 関東森林管理局, 上川中部署長, once 営林署."""
_PRIVATE = re.compile(r"会社|\([株有]\)|組合|法人|公社|財団|社団|商店|商会")
"""What a firm or association is called by, whatever else its name says of the forest: 林野開発有限会社 is no office."""
_BESIDE = re.compile(r"\((?![株有]\)).*?\)")
"""What stands in brackets beside a name: who acted for the office, who bought."""


def names_forest_office(contract: Document, parties: Parties) -> bool:
    """Whether a sales contract names a forest office as its seller (別記1 例2): a party that is one, or a name of one.

    A party that is known counts by its role alone.
    """
    named = contract.forest_office or contract.issuer or ""
    party = parties.get(named)
    if party is not None:
        return Role.FOREST_OFFICE in party.roles
    plain = _BESIDE.sub("", unicodedata.normalize("NFKC", named))
    return _OF_THE_STATE.search(plain) is not None and _PRIVATE.search(plain) is None


def supports(document: Document, origin: Origin, parties: Parties) -> bool:
    """Whether this document can support this origin.

    A felling notice supports thinning only with method 間伐, and a contract anything only with a forest office.
    """
    if document.kind not in _SUPPORTED_BY.get(origin, frozenset()):
        return False
    if document.kind is DocumentKind.NATIONAL_CONTRACT:
        return names_forest_office(document, parties)
    if document.kind is DocumentKind.FELLING_NOTICE and origin is Origin.THINNING:
        return document.felling is not None and document.felling.method is FellingMethod.THINNING
    return True


def supports_as(document: Document, origin: Origin, fuel_class: FuelClass, parties: Parties) -> bool:
    """The same for wood of a class: a final felling makes ``thinned`` wood by origin ② alone (G2(1)②)."""
    if origin is Origin.FINAL_FELLING and fuel_class is FuelClass.THINNED:
        return any(supports(document, other, parties) for other in OTHER_FELLING)
    return supports(document, origin, parties)


FOREST_ORIGINS = frozenset(_SUPPORTED_BY)
"""Kinds of wood that a felling-stage certificate can be for."""

RESIDUES = (Origin.OFFCUTS, Origin.SAWDUST, Origin.BARK)
"""Kinds of sawmill residue, as 2-3 names them."""

_JAPAN = ("jp", "jpn", "japan", "nippon", "国産", "国産材", "国内", "国内産")


def claimed_origins(certificate: Certificate) -> tuple[Origin, ...]:
    """The origins stated; where none is, those that the form and class leave open."""
    if is_imported(certificate):
        return (Origin.IMPORTED,)
    if certificate.origins:
        return certificate.origins
    if certificate.form is Form.F1_NATIONAL:
        return (Origin.NATIONAL_FOREST,)
    if certificate.fuel_class is FuelClass.THINNED:
        return (Origin.THINNING, Origin.PROTECTION_FOREST, Origin.MANAGEMENT_PLAN)
    return (Origin.FINAL_FELLING,)


def unsupported(certificate: Certificate, documents: Sequence[Document], parties: Parties) -> tuple[Origin, ...]:
    """Stated origins that no document supports; where none is stated, all that are open if none is supported."""
    fuel_class = certificate.fuel_class
    missing = tuple(
        o for o in claimed_origins(certificate) if not any(supports_as(d, o, fuel_class, parties) for d in documents)
    )
    if not certificate.origins and len(missing) < len(claimed_origins(certificate)):
        return ()
    return missing


def other_felling_proven(documents: Sequence[Document], parties: Parties) -> bool:
    """Whether a document proves origin ②, under which any lawful felling is ``thinned``."""
    return any(supports(d, o, parties) for d in documents for o in OTHER_FELLING)


def may_carry(document: Document, fuel_class: FuelClass, parties: Parties) -> bool:
    """Whether wood of that class may rest on the document at all, by whatever origin."""
    origins = (Origin.THINNING, *OTHER_FELLING) if fuel_class is FuelClass.THINNED else FOREST_ORIGINS
    return any(supports(document, origin, parties) for origin in origins)


def plain_final_fellings(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Plain felling notices for a final felling (皆伐, 択伐)."""
    return tuple(
        d
        for d in documents
        if d.kind is DocumentKind.FELLING_NOTICE
        and d.felling is not None
        and d.felling.method in (FellingMethod.CLEAR, FellingMethod.SELECTION)
    )


def allows_volume(document: Document) -> bool:
    """Whether a document is of a kind that limits how much may be felled: permits, notices, plans, contracts."""
    return document.kind in _SUPPORTING and document.kind not in _NAMES_NO_PLACE


def names_places(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Documents whose place a certificate's is compared with: permits, notices, plans, forest-office contracts."""
    return tuple(d for d in documents if d.kind in _SUPPORTING and (d.kind not in _NAMES_NO_PLACE or d.locations))


def is_legality_paper(certificate: Certificate) -> bool:
    """Whether the certificate is itself a legality or forest/CoC certificate."""
    return certificate.medium in (Medium.LEGALITY_CERTIFICATE, Medium.COC_CERTIFICATE)


def on_legality_guideline(certificate: Certificate, documents: Sequence[Document] = ()) -> bool:
    """Whether ``general`` wood rests on the 2006 legality guideline or forest/CoC certification (G3(2)①イ(ア)).

    By the certificate itself, or by its documents where they are of that kind only.
    """
    by_documents = bool(documents) and all(d.kind in _NAMES_NO_PLACE for d in documents)
    return certificate.fuel_class is not FuelClass.THINNED and (is_legality_paper(certificate) or by_documents)


def is_imported(certificate: Certificate) -> bool:
    """Wood from abroad."""
    country = certificate.country
    if country is None or Origin.IMPORTED in certificate.origins:
        return Origin.IMPORTED in certificate.origins
    plain = unicodedata.normalize("NFKC", country).strip().casefold()
    return not (plain in _JAPAN or plain.startswith("日本"))


def is_national(certificate: Certificate) -> bool:
    """National-forest wood, on 例2 or by its stated origin."""
    return certificate.form is Form.F1_NATIONAL or Origin.NATIONAL_FOREST in certificate.origins
