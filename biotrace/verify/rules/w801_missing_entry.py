"""W801: a certificate on 1-2 does not say all that it has to: what the wood is, whose, from where, to whom.

Example: 1-2 for homestead trees without the owner's address. A private field that the verifier was not shown leaves the
rule not checked; once it was deleted lawfully, that changes nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Certificate, Origin, Statement
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.place import Place
from biotrace.model.private import PrivateField
from biotrace.model.retention import Deleted
from biotrace.model.text import Text, join

from ..effect import Effect
from ..no_procedure import DRIFTWOOD, KINDS, is_no_procedure
from ..origins import is_imported
from ..retention import deletions, ends
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import NO_PROCEDURE
from ..subject import Subject

_ADDRESSES = (PrivateField.OWNER_ADDRESS, PrivateField.FELLER_ADDRESS)


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    c = s.certificate
    assert c is not None
    missing = [name for name, absent in _entries(s, c) if absent]
    if missing:
        yield Fired(Text("記載がない: ", "missing: ") + join(missing))
    other = [label(origin) for origin in c.origins if origin not in KINDS]
    if other:
        yield Fired(
            join(other),
            message=Text("別記1-2の木材ではない", "not wood that 1-2 is for"),
            expected=Text("屋敷林・剪定枝・流木など", "homestead trees, prunings, driftwood …"),
            remedy=Text("伐採段階の証明書（別記1・1-1）を出してもらう", "have a felling-stage certificate issued"),
        )
    if is_imported(c) and Origin.IMPORTED not in c.origins:
        yield Fired(
            Text(f"産出国: {c.country}", f"country: {c.country}"),
            message=Text("別記1-2の木材ではない（輸入材）", "not wood that 1-2 is for: it is imported"),
            expected=Text("国内で発生した木材", "wood that arose in Japan"),
            remedy=Text(
                "合法性の証明書を添え、別記1-1で証明し直してもらう",
                "have it certified anew on 1-1, with a legality certificate",
            ),
        )
    if s.fuel_class is FuelClass.THINNED:
        yield Fired(
            s.fuel_class.label,
            message=Text("別記1-2の木材は一般木質まで", "wood on 1-2 is general at best"),
            expected=FuelClass.GENERAL.label,
            remedy=Text("一般木質として証明し直す", "certify it as general wood"),
            effect=Effect.GENERAL,
        )
    if _is_undisclosed(s, c):
        purged = any(d.day > ends(s) for d in deletions(s) if Deleted.PRIVATE_FIELDS in d.deleted)
        reason = Text("所有者・伐採者の住所が開示されていない", "the owner's or feller's address was not disclosed")
        yield NotChecked(reason, harmless=purged)


def _entries(s: Subject, c: Certificate) -> Iterator[tuple[Text, bool]]:
    yield Text("木材の種類", "what it is"), not c.origins
    known = s.issuer is not None and bool(s.issuer.address)
    sealed = _is_undisclosed(s, c) or any(field.field in _ADDRESSES for field in c.sealed)
    yield Text("所有者・伐採者の住所", "the owner's or feller's address"), not (known or sealed)
    drifted = bool(c.origins) and all(origin in DRIFTWOOD for origin in c.origins)
    yield Text("発生場所", "where it arose"), not any(_says_where(place, drifted) for place in s.places)
    yield Text("販売先", "recipient"), c.buyer is None
    all_of_it = Text("全てその木材である旨", "that all of it is that")
    yield all_of_it, Statement.ALL_OF_CLASS not in c.statements


def _is_undisclosed(s: Subject, c: Certificate) -> bool:
    if s.issuer is not None and s.issuer.address:
        return False
    if any(f.field in _ADDRESSES and f.field in s.entry.opened for f in c.sealed):
        return False
    party = s.issuer.sealed if s.issuer is not None else ()
    return any(f.field is PrivateField.ADDRESS for f in party) or any(f.field in _ADDRESSES for f in c.sealed)


def _says_where(place: Place, drifted: bool) -> bool:
    """A landing is where logs were stacked; driftwood arises where it was landed."""
    area = (place.prefecture, place.municipality, place.oaza, place.aza, *place.parcels, *place.compartments)
    return any(area) or (drifted and bool(place.landing))


RULE = Rule(
    code="W801",
    name=Text(
        "別記1-2に必要な記載がない",
        "1-2 does not say all that it has to",
    ),
    clause="G3(2)①イ(イ), G3(2)②イ(イ), 別記1-2",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "伐採届等を必要としない木材の証明書には、木材の種類、所有者か伐採者の氏名と住所、発生場所、数量、販売先、"
        "「全て…である」旨が欠かせない。住所が開示されていないときは検査できない。"
        "別記1-2で証明できるのは一般木質までである。",
        "A certificate for wood that needs no felling procedure names what it is, its owner or feller with address, "
        "where it arose, quantity and recipient, and says that all of it is that. An address that was not disclosed "
        "leaves the rule not checked. On 1-2 wood is general at best.",
    ),
    expected=Text(
        "必要な記載がすべてある",
        "every required entry",
    ),
    remedy=Text(
        "足りない項目を記載した証明書に差し替える",
        "replace the certificate with one that states what is missing",
    ),
    stages=NO_PROCEDURE,
    applies=is_no_procedure,
    check=_check,
    example=Text(
        "屋敷林のケヤキ8㎥の証明書に、所有者の住所と発生場所が書かれていない。",
        "1-2 for 8 m³ of zelkova from a homestead names neither the owner's address nor where the trees stood.",
    ),
)
