"""H306: declared as thinning, but the canopy was not closed before, or is not expected to close again in about 5 years.

Thinning is done where trees have begun to compete, and so that the gap closes again. Where a notice says otherwise the
felling was none, whatever it is called. Weeding comes before the canopy closes: where the local government's
certificate covers the place, a canopy still open is as it should be. Example: a notice with method 間伐 after which the
canopy is to close in 10 years. Not where origin ② is proven.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Origin
from biotrace.model.document import Document, DocumentKind, FellingFacts
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text

from ..effect import Effect
from ..facts import declares_weeding, documents_by_place, is_felling_stage, number_of, thinning_notices
from ..origins import claimed_origins
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    stated: list[bool | int | None] = []
    for document in thinning_notices(s):
        facts, number = document.felling or FellingFacts(), number_of(document)
        closed = _weeded(s, document) or facts.canopy_closed_before
        years = facts.closes_again_in_years
        if closed is False:
            yield Fired(Text(f"{number}: 伐採前にうっ閉していない", f"{number}: the canopy was not closed before"))
            return
        if years is not None and years > s.profile.closes_again_years:
            yield Fired(Text(f"{number}: 再びうっ閉するまで {years} 年", f"{number}: closes again in {years} years"))
            return
        stated += [closed, years]
    if None in stated:
        yield NotChecked(
            Text("根拠書類にうっ閉の記載がない", "a document does not say when the canopy closes"), harmless=True
        )


def _weeded(s: Subject, notice: Document) -> bool:
    """Whether the notice is for places that a local weeding certificate covers too."""
    weeding = DocumentKind.LOCAL_WEEDING_CERTIFICATE
    places = [p for p in documents_by_place(s) if notice in p.about]
    return declares_weeding(s) and all(any(d.kind is weeding for d in p.covering) for p in places)


def _applies(s: Subject) -> bool:
    c = s.certificate
    if c is None or s.fuel_class is not FuelClass.THINNED or Origin.THINNING not in claimed_origins(c):
        return False
    return is_felling_stage(s) and bool(thinning_notices(s))


RULE = Rule(
    code="H306",
    name=Text(
        "間伐なのにうっ閉していない、または再びうっ閉しない",
        "thinning where the canopy was not closed, or does not close again",
    ),
    clause="G2(1)①",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.GENERAL,
    explanation=Text(
        "間伐は、うっ閉した森林で行い、伐採年度からおおむね5年で再びうっ閉するものをいう。"
        "書類にそうでないと書かれていれば、②に当たらないかぎり一般木質になる。",
        "Thinning is done in a forest whose canopy has closed, and so that it closes again about five years after "
        "the felling year. Where the document says otherwise the wood is general, unless origin ② is proven.",
    ),
    expected=Text(
        "伐採前にうっ閉し、おおむね5年で再びうっ閉すること",
        "a canopy closed before, and closed again in about five years",
    ),
    remedy=Text(
        "一般木質として証明し直すか、②に当たることを示す書類（除伐なら地方公共団体の証明書）を添える",
        "certify it as general, or attach what proves origin ② (for weeding, the local government's certificate)",
    ),
    stages=FELLING,
    applies=_applies,
    check=_check,
    example=Text(
        "間伐の伐採届に、再びうっ閉するまで10年とある（おおむね5年まで）。",
        "A notice for thinning says that the canopy closes again in 10 years; about 5 make it thinning.",
    ),
)
