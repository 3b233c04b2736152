"""H322: a document is the same paper as an earlier one of another kind, number or day, whose volume then counts twice.

Example: permit 26-14 of 8 May and permit 26-14 of 9 May, by one office. What speaks for one paper: ``document_twins``.
Which of the two is written wrongly the papers do not say, so the volume of both stands until a person has looked.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.document import DocumentKind
from biotrace.model.labels import label
from biotrace.model.text import Text, join

from ..document_identity import Identity, office_of
from ..document_use import has_traits, twins
from ..effect import Effect
from ..facts import is_felling_stage
from ..rule import Fired, Rule, Scope
from ..stage import FELLING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired]:
    found = [_said(s.name(office_of(document)), here, first) for document, here, first in twins(s)]
    if found:
        yield Fired(join(found, "／", "; "))


def _said(office: str, here: Identity, first: Identity) -> Text:
    entries = (Text("種類", "kind"), None, Text("番号", "number"), Text("年月日", "date"))
    differing = [name for name, a, b in zip(entries, here, first, strict=True) if name is not None and a != b]
    return (
        Text(f"{office} の ", f"of {office}: ")
        + _named(here)
        + Text(" は、先に引かれた ", " may be ")
        + _named(first)
        + Text(" と同じ書類か（違うのは ", ", cited before (they differ in ")
        + join(differing)
        + Text("）", ")")
    )


def _named(identity: Identity) -> Text:
    kind, _, number, day = identity
    return label(DocumentKind(kind)) + Text(f" {number}（{day}）", f" {number} ({day})")


RULE = Rule(
    code="H322",
    name=Text(
        "一つの書類が二つの書類として引かれている疑い",
        "one document may be cited as two",
    ),
    clause="G3(1)①ア",
    scope=Scope.LOT,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "同じ発行者の書類で、箇所と材積が同じ、種類・番号・年月日のうち一つだけが違う。または、種類と番号が同じで、"
        "同じ年度の別の日付になっている（番号は年度ごとに付け直されるので、別の年度なら別の書類とみる）。"
        "同じ書類なら、その材積は二回使われている。",
        "Of two documents of one office, places and volume are the same, and only one of kind, number and date "
        "differs; or kind and number are the same, and the dates are two days of one fiscal year (numbers begin anew "
        "each fiscal year, so in another year it is another document). If they are one, its volume is used twice.",
    ),
    expected=Text(
        "一つの書類は、一つの種類・番号・年月日で引く",
        "one document cited by one kind, number and date",
    ),
    remedy=Text(
        "原本か発行者に当たり、同じ書類なら記載を正した書類に差し替える",
        "look at the original or ask the office; if it is one paper, replace the copy whose entries are wrong",
    ),
    stages=FELLING,
    applies=lambda s: is_felling_stage(s) and has_traits(s),
    check=_check,
    example=Text(
        "〇〇市の伐採届26-14が、5月8日と5月9日の2通ある。箇所も材積も同じ。",
        "Felling notice 26-14 of one city is there with the dates 8 May and 9 May, for the same place and volume.",
    ),
)
