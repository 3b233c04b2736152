"""H307: weeding (除伐) without the local government's certificate, or with one that leaves out owner or species.

Its lawfulness is shown by a certificate under the local government's own scheme (owner, address, species, lawfulness).
The format has no entries for address and lawfulness of a document, so these two are not asked for. Weeding inside a
proven origin ② rests on that. Wins over H303. Example: 40 m³ with 除伐によるものを含む, and a notice for thinning only.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Origin
from biotrace.model.document import Document, DocumentKind
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.text import Text, join

from ..effect import Effect
from ..facts import (
    AtPlace,
    declares_weeding,
    documents_by_place,
    is_felling_stage,
    is_own_document,
    number_of,
    proves_other_felling,
)
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject


def fires_h307(s: Subject) -> bool:
    """Whether H307 has the word on this certificate."""
    return _applies(s) and any(_check(s))


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    if is_own_document(s):
        return
    places = documents_by_place(s)
    # Weeding alone is everywhere; weeding beside other fellings may be at any one of the places.
    enough = all if set(s.certificate.origins) == {Origin.WEEDING} else any
    if enough(proves_other_felling(s, p.resting_on) for p in places):
        return
    if not enough(proves_other_felling(s, p.resting_on) or bool(_local(p)) for p in places):
        held = join([label(d.kind) for d in s.documents]) if s.documents else Text("なし", "none")
        yield Fired(Text("書類: ", "documents: ") + held)
        return
    for document in dict.fromkeys(d for p in places for d in _local(p)):
        missing = [name for name, absent in _entries(document) if absent]
        if missing:
            number = number_of(document)
            yield Fired(Text(f"{number} に記載がない: ", f"{number} does not state: ") + join(missing))
            return


def _local(place: AtPlace) -> list[Document]:
    return [d for d in place.resting_on if d.kind is DocumentKind.LOCAL_WEEDING_CERTIFICATE]


def _entries(document: Document) -> Iterator[tuple[Text, bool]]:
    yield Text("所有者名", "owner"), not document.applicant
    yield Text("樹種", "species"), document.felling is None or not document.felling.species


def _applies(s: Subject) -> bool:
    return declares_weeding(s) and s.fuel_class is FuelClass.THINNED and is_felling_stage(s)


RULE = Rule(
    code="H307",
    name=Text(
        "除伐に地方公共団体の証明書がない",
        "weeding without the local government's certificate",
    ),
    clause="G2(1)①, 別記1 例1",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "除伐による木材は、地方公共団体が独自に行う証明制度等の証明書（所有者名、住所、樹種、法規制がなく適切に"
        "伐採した旨など）を添える。経営計画・保安林・国有林であることが示された森林での除伐には求めない。",
        "Wood from weeding comes with a certificate under the local government's own scheme: owner, address, "
        "species, and that no rule applied and it was felled properly. Not asked of weeding inside a forest that "
        "is proven to be under a management plan, a protection forest or national forest.",
    ),
    expected=Text(
        "所有者名・住所・樹種・適切に伐採した旨のある、地方公共団体の証明書",
        "the local government's certificate with owner, address, species and lawfulness",
    ),
    remedy=Text(
        "地方公共団体の証明書をもらって添える。あるなら所有者名と樹種を写す",
        "get the local government's certificate and attach it; where it is at hand, copy owner and species",
    ),
    stages=FELLING,
    applies=_applies,
    check=_check,
    example=Text(
        "「除伐によるものを含む」40㎥に、間伐の伐採届だけが付いている。",
        "40 m³ that include weeding come with the felling notice for the thinning only.",
    ),
)
