"""P512: a 2-3 without the statement that all logs were thinned or general.

Example: a sawmill's own slip that names the residue only.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Form, Statement
from biotrace.model.text import Text

from ..effect import Effect
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import PROCESSING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    if Statement.LOGS_ALL_THINNED_OR_GENERAL not in s.certificate.statements:
        yield Fired(Text("原木についての文がない", "no such sentence"))


RULE = Rule(
    code="P512",
    name=Text(
        "原木の区分の記載がない（製材等残材）",
        "residues without the statement on the logs",
    ),
    clause="別記2-3",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "別記2-3には、原木が全て間伐材等由来または一般木質である旨の文がある。",
        "別記2-3 says that all logs were thinned or general wood.",
    ),
    expected=Text(
        "原木が全て間伐材等由来又は一般木質である旨",
        "that all logs were thinned or general",
    ),
    remedy=Text(
        "文のある証明書に差し替える",
        "replace it with one that carries the sentence",
    ),
    stages=PROCESSING,
    applies=lambda s: s.certificate is not None and s.certificate.form is Form.F2_3,
    check=_check,
    example=Text(
        "製材所の端材8トンの別記2-3に、原木が全て間伐材等由来又は一般木質である旨の文がない。",
        "A sawmill's 2-3 for 8 t of offcuts that does not say that all logs were thinned or general wood.",
    ),
)
