"""H318: the place is in a protection forest by another paper at hand, but the document is a plain felling notice.

Felling in a protection forest needs the prefecture's permit, or a notice to it; a felling notice to the municipality
is not for such places (森林法10条の8). Example: a felling notice for parcel 236-2, for which somebody else holds a
protection permit. That no paper names a place as protected proves nothing: then the rule could not be run.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.document import DocumentKind
from biotrace.model.text import Text

from ..effect import Effect
from ..facts import AtPlace, documents_by_spot, is_felling_stage
from ..places import Spot
from ..protection import PROTECTION_KINDS, find_protected
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    # What a notice for protection forests covers as well is in order: a parcel may lie partly in one.
    alone = [spot for spot, at in documents_by_spot(s) if _on_a_plain_notice(at) and not _covered(at)]
    for spot in alone:
        paper = _paper(s, spot)
        if paper is not None:
            yield Fired(
                Text(
                    f"{spot.written} は保安林（{paper} による）。書類は伐採届",
                    f"{spot.written} is in a protection forest (by {paper}); the document is a felling notice",
                )
            )
            return
    if alone:
        yield NotChecked(
            Text(
                "箇所が保安林かどうかを示す書類が手元にない", "no paper at hand shows whether it is a protection forest"
            ),
            harmless=True,
        )


def _paper(s: Subject, spot: Spot) -> str | None:
    """The paper that shows the spot to be in a protection forest, and had done so when the certificate was issued."""
    registers = (s.state.protected, s.case.protected)
    return next((p.paper for r in registers if (p := find_protected(r, spot, s.date)) is not None), None)


def _on_a_plain_notice(at: AtPlace) -> bool:
    return any(d.kind is DocumentKind.FELLING_NOTICE for d in at.resting_on)


def _covered(at: AtPlace) -> bool:
    return any(d.kind in PROTECTION_KINDS for d in at.covering)


RULE = Rule(
    code="H318",
    name=Text(
        "保安林なのに伐採届だけ",
        "a protection forest under a plain felling notice",
    ),
    clause="G2(1), 森林法10条の8",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "保安林の伐採には都道府県知事の許可か届出が要り、市町村への伐採届では足りない。"
        "同じ箇所を保安林として扱う許可・届出が手元のほかの書類にあれば、この箇所も保安林とみて注意する。",
        "Felling in a protection forest needs the prefecture's permit or a notice to it; a felling notice to the "
        "municipality does not do. Where another paper at hand treats the place as protection forest, it is one.",
    ),
    expected=Text(
        "保安林の許可書・間伐届・択伐届",
        "a protection-forest permit, thinning notice or selection notice",
    ),
    remedy=Text(
        "保安林かどうかを都道府県に確かめ、保安林なら許可書・届出の写しを添える",
        "ask the prefecture whether it is one; if so, attach the permit or notice for it",
    ),
    stages=FELLING,
    applies=lambda s: is_felling_stage(s) and any(_on_a_plain_notice(at) for _, at in documents_by_spot(s)),
    check=_check,
    example=Text(
        "236-2番地の伐採届だけを添えたが、同じ番地に別の人の保安林の間伐届がある。",
        "Only a felling notice for parcel 236-2, where somebody else's thinning notice says that it is protected.",
    ),
)
