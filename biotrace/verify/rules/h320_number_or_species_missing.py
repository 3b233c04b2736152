"""H320: a felling-stage certificate without a number, or without species.

Both stand on the printed forms by custom; the guideline itself does not ask for them. The date of issue, the third such
entry, no certificate can be registered without. Example: a home-made 例1 without 樹種.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text, join

from ..effect import Effect
from ..facts import is_felling_stage
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    entries = ((Text("番号", "number"), s.certificate.number), (Text("樹種", "species"), s.certificate.species))
    missing = [name for name, stated in entries if not stated]
    if missing:
        yield Fired(Text("記載がない: ", "missing: ") + join(missing))


RULE = Rule(
    code="H320",
    name=Text(
        "番号または樹種の記載がない",
        "number or species missing",
    ),
    clause="別記1",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "証明書の番号と樹種は様式例の記載事項で、ガイドライン本文が必須とするものではない。"
        "ないと後からほかの書類と突き合わせにくいので、注意にとどめる。",
        "Number and species stand on the printed forms, while the guideline's text does not require them. Without "
        "them the certificate is hard to match with other papers later, so a person is told.",
    ),
    expected=Text(
        "証明書の番号と樹種",
        "the certificate's number, and species",
    ),
    remedy=Text(
        "次から番号と樹種を書いてもらう",
        "ask the issuer to state both from now on",
    ),
    stages=FELLING,
    applies=is_felling_stage,
    check=_check,
    example=Text(
        "手書きの例1に樹種の欄がない。",
        "A home-made form without a line for species.",
    ),
)
