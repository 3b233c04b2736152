"""H319: the certificate's permit data differ from the document, or two copies of one document differ in their facts.

The certificate states a date, an office and a number (別記1); each should be the document's. The form asks for the day
of the permit or of the notice (許可（届出）年月日), so acceptance and filing both do. Of two copies the later one seen
is the one that differs. Example: permit 26-14 copied once with 100 m³ and once with 300 m³.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Permit
from biotrace.model.document import Document, DocumentKind
from biotrace.model.text import Text, join

from ..document_identity import number_key, office_key, office_of
from ..document_use import has_identity, other_copies
from ..effect import Effect
from ..facts import is_felling_stage, number_of
from ..protection import PROTECTION_KINDS
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject

_ENTERED = (
    *PROTECTION_KINDS,
    *(DocumentKind.FELLING_NOTICE, DocumentKind.MANAGEMENT_PLAN, DocumentKind.LOCAL_WEEDING_CERTIFICATE),
)
"""Documents whose data the certificate states. Its forest office is another entry (H309)."""


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    found = [
        Text(f"{number_of(d)} の写しで違う: ", f"copies of {number_of(d)} differ in ") + join(facts)
        for d, facts in other_copies(s)
    ]
    permit, documents = _entered(s)
    compared = [list(_compared(s, permit, d)) for d in documents] if permit is not None else []
    if compared and not any(compared):
        yield NotChecked(
            Text("根拠書類に比べる日付・発行者・番号がない", "no date, issuer or number to compare by"), harmless=True
        )
    elif compared:
        nearest = min(([text for text in c if text is not None] for c in compared if c), key=len)
        found = nearest + found
    if found:
        yield Fired(join(found, "／", "; "))


def _compared(s: Subject, permit: Permit, document: Document) -> Iterator[Text | None]:
    """For each entry that both state: how it reads on both; None where it is the same."""
    days = [day for day in (document.accepted, document.filed) if day is not None]
    if permit.date is not None and days:
        yield None if permit.date in days else _differs(Text("年月日", "date"), permit.date, days[0])
    office = office_of(document)
    if (
        permit.issuer is not None
        and office is not None
        and not (_is_unknown(s, permit.issuer) or _is_unknown(s, office))
    ):
        mine, theirs = s.name(permit.issuer), s.name(office)
        alike = office_key(mine) == office_key(theirs)
        yield None if alike else _differs(Text("発行者", "issuer"), mine, theirs)
    if permit.number is not None and document.number is not None:
        alike = number_key(permit.number) == number_key(document.number)
        yield None if alike else _differs(Text("番号", "number"), permit.number, document.number)


def _is_unknown(s: Subject, office: str) -> bool:
    """Whether this is the id of a party that is not at hand, as in a bundle: no office is written in ASCII alone."""
    return office.isascii() and office not in s.case.parties


def _differs(name: Text, mine: object, theirs: object) -> Text:
    return name + Text(f": 証明書 {mine}、書類 {theirs}", f": certificate {mine}, document {theirs}")


def _entered(s: Subject) -> tuple[Permit | None, list[Document]]:
    """The certificate's permit data, and the documents that they can be about."""
    permit = s.certificate.permit if s.certificate is not None else None
    if permit is None or permit == Permit():
        return None, []
    return permit, [d for d in s.documents if d.kind in _ENTERED]


RULE = Rule(
    code="H319",
    name=Text(
        "証明書の許可・届出の記載が根拠書類と違う、または写しどうしが違う",
        "permit data differ from the document, or copies differ",
    ),
    clause="別記1",
    scope=Scope.LOT,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "証明書に書かれた許可・届出（計画は認定）の年月日・発行者・番号が、添えた書類と合わない。"
        "または、同じ書類（種類・発行者・番号・日付が同じ）の写しが二つあり、材積や箇所などが食い違う。",
        "Date, issuer or number of the permit, notice or plan on the certificate are not those of its document. Or "
        "two copies of one document (same kind, office, number and date) say different things.",
    ),
    expected=Text(
        "根拠書類のとおりの記載、食い違いのない写し",
        "entries as on the document, and copies that agree",
    ),
    remedy=Text(
        "原本を見て、誤記なら証明書を差し替えるか、正しい写しを付け直す",
        "look at the original; replace the certificate, or attach a right copy",
    ),
    stages=FELLING,
    applies=lambda s: is_felling_stage(s) and (bool(_entered(s)[1]) or has_identity(s)),
    check=_check,
    example=Text(
        "許可 26-14 の写しが二つあり、一方は材積100㎥、他方は300㎥。",
        "Permit 26-14 is at hand twice, once with 100 m³ and once with 300 m³.",
    ),
)
