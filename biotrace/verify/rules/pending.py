"""Proof rules of the catalogue that this version does not run yet.

Where the subject of one exists, it answers "not checked", so that the verdict is incomplete: nothing is
confirmed for want of a check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from biotrace.model.certificate import Form, Origin
from biotrace.model.text import Text

from ..effect import Effect
from ..facts import is_before_the_code, is_exempt_issuer, is_felling_stage
from ..origins import OTHER_FELLING, other_felling_proven
from ..rule import NotChecked, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject

_REASON = Text("この版はこの規則をまだ検査しない", "this version does not run this rule yet")
_STREET_AND_GARDEN = (Origin.STREET_PRUNING, Origin.GARDEN_PRUNING)
_DRIFTWOOD = (Origin.DAM_DRIFTWOOD, Origin.DRIFTWOOD)


def _not_yet(_: Subject) -> Iterator[NotChecked]:
    yield NotChecked(_REASON)


def _pending(code: str, name: Text, clause: str, applies: Callable[[Subject], bool]) -> Rule:
    return Rule(
        code=code,
        name=name,
        clause=clause,
        scope=Scope.RECORD,
        proof=True,
        effect=Effect.UNPROVEN,
        explanation=_REASON,
        expected=name,
        remedy=Text("人が確かめる", "have a person look"),
        stages=CERTIFICATES,
        applies=applies,
        check=_not_yet,
    )


def _has_weeding(s: Subject) -> bool:
    c = s.certificate
    weeding = c is not None and (c.includes_weeding or Origin.WEEDING in c.origins)
    return is_felling_stage(s) and weeding and not other_felling_proven(s.documents)


def _loses_forest(s: Subject) -> bool:
    c = s.certificate
    other = c is not None and any(o in OTHER_FELLING for o in c.origins)
    return is_felling_stage(s) and other and any(d.remains_forest is False for d in s.documents)


def _from_no_procedure(*origins: Origin) -> Callable[[Subject], bool]:
    def applies(s: Subject) -> bool:
        c = s.certificate
        return c is not None and c.form is Form.F1_2 and (not origins or any(o in origins for o in c.origins))

    return applies


def _felled_before_guideline(s: Subject) -> bool:
    felled = s.certificate.felled if s.certificate is not None else None
    days = [felled.start if felled is not None else None]
    if days == [None]:
        days = [d.felling.start for d in s.documents if d.felling is not None]
    return is_felling_stage(s) and any(day is not None and day < s.profile.starts for day in days)


def _before_the_code(s: Subject) -> bool:
    unnumbered = s.certificate is not None and s.certificate.accreditation_number is None
    return unnumbered and is_before_the_code(s) and not is_exempt_issuer(s)


PENDING: tuple[Rule, ...] = (
    _pending("H307", Text("除伐の証明書", "local certificate for weeding"), "別記1", _has_weeding),
    _pending("H308", Text("伐採後も森林である土地", "land that stays forest"), "G2(1)②", _loses_forest),
    _pending(
        "G702", Text("混合の例外の条件", "conditions of the mixing exemption"), "G3(3)②", lambda s: s.exempt_mixture
    ),
    _pending("W801", Text("1-2 の記載事項", "entries of 1-2"), "G3(2)①イ(イ)", _from_no_procedure()),
    _pending(
        "W802",
        Text("街路樹・庭木の剪定枝", "street and garden prunings"),
        "A ウ",
        _from_no_procedure(*_STREET_AND_GARDEN),
    ),
    _pending("W803", Text("流木", "driftwood"), "G3(2)①イ(イ)", _from_no_procedure(*_DRIFTWOOD)),
    _pending(
        "W804", Text("造園工事の剪定枝", "landscaping prunings"), "A ウ", _from_no_procedure(Origin.LANDSCAPING_PRUNING)
    ),
    _pending("T991", Text("施行前の伐採", "felled before the guideline"), "G5(1)", _felled_before_guideline),
    _pending("T992", Text("規範策定前の証明", "certified before the code"), "G5(2)", _before_the_code),
)
