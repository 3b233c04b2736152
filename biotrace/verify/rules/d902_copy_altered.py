"""D902: the copy of a paper that can be produced is not the one that the record named by its hash.

Example: a scan of a felling notice in which a parcel was painted over after the record was signed. Copies that are not
at hand are no subject of this rule; a casebook holds none.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..effect import Effect
from ..facts import altered_copies
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    for name, sha256 in altered_copies(s):
        yield Fired(
            Text(
                f"{name}: 写し {sha256.hex()[:12]}… の内容が変わっている",
                f"{name}: copy {sha256.hex()[:12]}… is altered",
            )
        )


def _applies(s: Subject) -> bool:
    at_hand = s.case.kept.files
    if not at_hand or s.certificate is None:
        return False
    certificates = (f for c in (s.certificate, *s.supplements) for f in c.files)
    return any(f.sha256 in at_hand for f in (*certificates, *(f for document in s.documents for f in document.files)))


RULE = Rule(
    code="D902",
    name=Text(
        "写しが記録のものと違う",
        "the copy is not the one that was recorded",
    ),
    clause="G3",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.VOID,
    explanation=Text(
        "記録は、書類の写し（ファイル）をその内容のハッシュで名指しする。手元の写しの内容が違えば、"
        "写しか記録のどちらかが当時のものではない。",
        "A record names the copies of papers by the hash of their content. If the copy at hand has another content, "
        "either it or the record is not what it was.",
    ),
    expected=Text(
        "記録が名指しする内容のままの写し",
        "a copy with the very content that the record names",
    ),
    remedy=Text(
        "控え、または書類を持つ相手から、もとの写しを取り戻す",
        "get the original copy back from a backup, or from who holds the paper",
    ),
    stages=CERTIFICATES,
    applies=_applies,
    check=_check,
    example=Text(
        "伐採届のスキャンを保存した後、地番236-2が236-1に書き換えられた。ハッシュが記録と合わない。",
        "Parcel 236-2 became 236-1 in the scan of a felling notice after it was recorded: its hash is another one.",
    ),
)
