"""P506: the form is another stage's or another class's.

The forms are examples of entries: another one proves as much, but somebody should look. Example: chips declared general
on 2-1. Where the class itself is too high for the wood, P505 and W801 say so; under the exemption any form will do.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Certificate, Form, Goods, Origin, Process
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.text import Text

from ..effect import Effect
from ..inputs import is_residue
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject

_THINNED, _GENERAL = FuelClass.THINNED, FuelClass.GENERAL
_CLASSES = {
    Form.F1_PRIVATE: (_THINNED,),
    Form.F1_NATIONAL: (_THINNED,),
    Form.F1_1: (_GENERAL,),
    Form.F1_2: (_THINNED, _GENERAL),  # thinned there is W801's
    Form.F2_1: (_THINNED,),
    Form.F2_2: (_THINNED, _GENERAL),
    Form.F2_3: (_THINNED, _GENERAL),  # thinned there is P505's
    Form.F2_4: (_GENERAL,),
}
_AND = Text("、", ", ")


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    c = s.certificate
    assert c is not None
    told = label(c.form)
    if c.mixed is None and c.fuel_class not in _CLASSES[c.form]:
        yield Fired(told + _AND + c.fuel_class.label)
    if c.form.is_source and c.draws:
        yield Fired(told + Text("、ほかの証明書を引き当てている", ", but it draws on other certificates"))
    national = c.origins == (Origin.NATIONAL_FOREST,)
    if c.origins and c.form in (Form.F1_PRIVATE, Form.F1_NATIONAL) and national is not (c.form is Form.F1_NATIONAL):
        yield Fired(told + _AND + label(c.origins[0]))
    if _is_sawn_on_another_form(c) or (c.form is Form.F2_3 and c.goods is Goods.LOGS):
        yield Fired(told + _AND + (label(c.goods) if c.goods is not None else Text("製材等残材", "sawmill residues")))


def _is_sawn_on_another_form(c: Certificate) -> bool:
    """A sawmill's own residues on the form that is for whoever trades or chips them."""
    return c.form is Form.F2_4 and c.process is Process.SAWING and is_residue(c)


RULE = Rule(
    code="P506",
    name=Text(
        "段階・区分に合わない様式",
        "another stage's or class's form",
    ),
    clause="別記1・別記2",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "例1・例2・2-1は間伐材等由来、1-1・1-2・2-3・2-4は一般木質の様式で、例2は国有林、2-3は製材等残材のもの。"
        "様式は記載事項の例なので、ほかの様式でも必要な記載があれば証明になるが、取り違えがないか人が見る。",
        "Forms 例1, 例2 and 2-1 are for thinned wood, 1-1, 1-2, 2-3 and 2-4 for general; 例2 is for national forest, "
        "2-3 for sawmill residues. They are examples of entries: another form proves as much if it says what is "
        "needed, but a person should see whether something was mixed up.",
    ),
    expected=Text(
        "その段階と区分の様式",
        "the form for this stage and class",
    ),
    remedy=Text(
        "区分と段階を確かめ、次から合う様式を使う",
        "check class and stage, and use the right form from now on",
    ),
    stages=CERTIFICATES,
    applies=lambda s: s.certificate is not None,
    check=_check,
    example=Text(
        "一般木質のチップ6.58トンを、間伐材等由来の様式である別記2-1で証明した。",
        "6.58 t of general chips are certified on 2-1, the form for thinned wood.",
    ),
)
