"""P505: sawmill residues are claimed as thinned.

Example: offcuts of thinned logs on a 2-1.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Certificate, Form, Process
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.text import Text, join

from ..effect import Effect
from ..inputs import is_residue
from ..origins import RESIDUES
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import PROCESSING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    c = s.certificate
    assert c is not None
    sawn = c.form is Form.F2_3 or c.process is Process.SAWING
    if c.fuel_class is FuelClass.THINNED and (sawn or is_residue(c)):
        yield Fired(join(list(dict.fromkeys(_shown_by(c)))))


def _shown_by(c: Certificate) -> Iterator[Text]:
    """What on the certificate says that these are residues."""
    yield label(c.form)
    yield from (label(origin) for origin in c.origins if origin in RESIDUES)
    if c.goods is not None:
        yield label(c.goods)
    if c.process is Process.SAWING:
        yield label(c.process)


RULE = Rule(
    code="P505",
    name=Text(
        "製材等残材を間伐材等由来としている",
        "sawmill residues claimed as thinned",
    ),
    clause="G2(2)①",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.GENERAL,
    explanation=Text(
        "製材等残材は、原木の区分にかかわらず一般木質である。",
        "Sawmill residues are general wood whatever the logs' class.",
    ),
    expected=Text(
        "一般木質（別記2-3）",
        "general (別記2-3)",
    ),
    remedy=Text(
        "別記2-3により一般木質として証明し直す",
        "certify them as general on 別記2-3",
    ),
    stages=PROCESSING,
    applies=lambda s: s.certificate is not None and not s.certificate.form.is_source,
    check=_check,
    example=Text(
        "間伐材20㎥を製材した端材8トンを、間伐材等由来とした。",
        "8 t of offcuts from sawing 20 m³ of thinned logs, declared thinned.",
    ),
)
