"""H308: origin ②, but the land does not stay forest.

Felling under a plan, in a protection forest or national forest is thinned wood only on land that stays forest. Cleared
for building with lawful conversion papers the wood is general, without them unproven. Example: a plan forest cleared
for a solar park under a 開発許可. Papers for origin ② have no line for it, so silence is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.document import Document, DocumentKind
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.text import Text, join, same

from ..effect import Effect
from ..facts import AtPlace, documents_by_place, is_felling_stage, number_of
from ..origins import OTHER_FELLING, other_felling_proven
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject

_CONVERSION = DocumentKind.CONVERSION_PERMIT


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    places = documents_by_place(s)
    lost = [p for p in places if _converting(p)]
    if lost:
        papers = dict.fromkeys(d for p in lost for d in _converting(p))
        named = join([label(d.kind) + same(f" {number_of(d)}") for d in papers])
        lawful = all(any(d.kind is _CONVERSION for d in p.about) for p in lost)
        told = Text("（転用の手続あり）", " (lawful conversion)") if lawful else Text("", "")
        yield Fired(
            Text("森林でなくなる: ", "to be no forest: ") + named + told,
            effect=Effect.GENERAL if lawful else Effect.UNPROVEN,
        )
    elif not all(any(d.remains_forest for d in p.resting_on) for p in places):
        yield NotChecked(
            Text("伐採後も森林かどうかの記載がない", "no document says whether the land stays forest"), harmless=True
        )


def _converting(place: AtPlace) -> list[Document]:
    """What says that the place does not stay forest; conversion papers do, unless they say that it does."""
    return [d for d in place.about if d.remains_forest is False or (d.kind is _CONVERSION and not d.remains_forest)]


def _applies(s: Subject) -> bool:
    c = s.certificate
    if c is None or not is_felling_stage(s) or s.fuel_class is not FuelClass.THINNED or not s.documents:
        return False
    return any(o in OTHER_FELLING for o in c.origins) or other_felling_proven(s.documents, s.case.parties)


RULE = Rule(
    code="H308",
    name=Text(
        "伐採後の土地が森林でなくなる",
        "the land does not stay forest",
    ),
    clause="G2(1)②",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "経営計画・保安林・国有林の木材（②）は、伐採後の土地が引き続き森林であるものに限る。開発許可や確認通知書による"
        "転用なら一般木質、その書類もなければ由来不明になる。",
        "Wood under a management plan, from a protection forest or national forest (origin ②) is thinned only where "
        "the land stays forest. Under a conversion permit or confirmation it is general, without either unproven.",
    ),
    expected=Text(
        "伐採後も森林である土地",
        "land that stays forest",
    ),
    remedy=Text(
        "転用なら一般木質として証明し直し、開発許可書・確認通知書の写しを添える",
        "where it is converted, certify it as general and attach the conversion permit or confirmation",
    ),
    stages=FELLING,
    applies=_applies,
    check=_check,
    example=Text(
        "経営計画の森林2.40haを太陽光発電所のために伐採し、開発許可書を添えて間伐材等由来とした。",
        "2.40 ha of a plan forest, cleared for a solar park under a conversion permit and declared thinned.",
    ),
)
