"""H315: a species on the certificate is not on its documents.

Papers write スギ, 杉 and すぎ for one species, and その他広葉樹 for many. Example: logs of ナラ on a notice for スギ.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.document import FellingFacts
from biotrace.model.text import Text

from ..effect import Effect
from ..facts import documents_rested_on, is_felling_stage
from ..rule import Fired, NotChecked, Rule, Scope
from ..species import is_among, species_named
from ..stage import FELLING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    papers = [species_named((d.felling or FellingFacts()).species) for d in documents_rested_on(s)]
    allowed = frozenset[str]().union(*papers)
    found = {name: is_among(name, allowed) for name in sorted(species_named(s.certificate.species))}
    if other := [name for name, among in found.items() if among is False] if allowed else []:
        mine, theirs = "、".join(other), "、".join(sorted(allowed))
        yield Fired(Text(f"書類（{theirs}）にない: {mine}", f"not on the documents ({theirs}): {mine}"))
    elif not all(papers) or None in found.values():
        yield NotChecked(
            Text("根拠書類の樹種と比べられない", "no document states species to compare by"), harmless=True
        )


RULE = Rule(
    code="H315",
    name=Text(
        "根拠書類にない樹種",
        "a species that is not on the document",
    ),
    clause="別記1",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "証明書の樹種が、添えた届出・許可・計画のどれにも書かれていない。「その他広葉樹」のような区分は、"
        "それに入る樹種を含むとみる。",
        "A species of the certificate stands on none of its notices, permits or plans. A group such as その他広葉樹 "
        "covers every species in it.",
    ),
    expected=Text(
        "根拠書類にある樹種",
        "species that the document names",
    ),
    remedy=Text(
        "樹種を確かめ、誤記なら差し替える。別の伐採の材が混じっていないか見る",
        "check the species; replace the certificate where it is a slip, and look for wood of another felling",
    ),
    stages=FELLING,
    applies=lambda s: (
        s.certificate is not None
        and bool(s.certificate.species)
        and is_felling_stage(s)
        and bool(documents_rested_on(s))
    ),
    check=_check,
    example=Text(
        "スギとヒノキの伐採届で、ナラ12㎥を証明している。",
        "12 m³ of oak on a notice for sugi and hinoki.",
    ),
)
