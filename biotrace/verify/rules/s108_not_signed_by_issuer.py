"""S108: the issuer has not signed the record.

A transcription, or an entry of a casebook, is somebody's copy of a paper. It can be judged like any other, but a
copyist can err, and the issuer can deny it. Example: a stack of paper certificates typed into a casebook.
Mended when the issuer signs its own records.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..case import Evidence
from ..effect import Effect
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    if s.entry.evidence is Evidence.TRANSCRIBED:
        yield Fired(Text("紙からの転記（転記者の署名のみ）", "transcribed from paper: only the copyist signed"))
    elif s.entry.evidence is Evidence.UNSIGNED:
        yield Fired(Text("台帳の写し（署名なし）", "an entry of a casebook, without a signature"))


RULE = Rule(
    code="S108",
    name=Text("発行者の署名がない", "not signed by its issuer"),
    clause="G3",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "紙の証明書を写した記録には、発行者本人の署名がない。区分の判定は変わらないが、"
        "写し間違いの有無は原本で確かめる。",
        "A copy of a paper carries no signature of its issuer. The class stays; compare with the original if in doubt.",
    ),
    expected=Text("発行者の電子署名", "the issuer's signature"),
    remedy=Text("発行者に署名付きの証明書を発行してもらう", "have the issuer issue it as a signed record"),
    stages=CERTIFICATES,
    applies=lambda s: s.certificate is not None,
    check=_check,
    example=Text(
        "紙の証明書3通を手で写した台帳の写し。3通とも、発行者の電子署名がない。",
        "A casebook into which three paper certificates were typed: none of them bears its issuer's signature.",
    ),
)
