"""W805: 1-2 does not say that no construction waste is mixed in, or that the wood was felled lawfully.

The guideline names both, its printed form has no line for them. Example: 1-2 filled in as printed. What nobody felled,
driftwood, needs no word on felling.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Statement
from biotrace.model.labels import label
from biotrace.model.text import Text, join

from ..effect import Effect
from ..no_procedure import DRIFTWOOD, is_no_procedure
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import NO_PROCEDURE
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    origins = s.certificate.origins
    drifted = bool(origins) and all(origin in DRIFTWOOD for origin in origins)
    asked = (Statement.NO_CONSTRUCTION_WASTE, *(() if drifted else (Statement.LAWFUL,)))
    missing = [label(sentence) for sentence in asked if sentence not in s.certificate.statements]
    if missing:
        yield Fired(Text("記載がない: ", "missing: ") + join(missing))


RULE = Rule(
    code="W805",
    name=Text(
        "廃棄物の混入・適法な伐採についての記載がない",
        "nothing is said of construction waste, or of lawful felling",
    ),
    clause="G3(2)①イ(イ)",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "ガイドラインは、建設資材廃棄物が混入していないことと、法規制がなく適切に伐採した場合のその旨も書くよう"
        "求めるが、別記1-2の様式にはその欄がない。流木に伐採の文は求めない。",
        "The guideline asks that 1-2 also says that no construction waste is mixed in and that, where no rule "
        "applied, the wood was felled properly; the printed form has no line for either. Driftwood needs no word on "
        "felling.",
    ),
    expected=Text(
        "建設資材廃棄物が混入していない旨と、適切に伐採した旨",
        "that no construction waste is mixed in, and that the wood was felled properly",
    ),
    remedy=Text(
        "次の証明書から、余白に書き添えてもらう",
        "have both written beside the form from the next certificate on",
    ),
    stages=NO_PROCEDURE,
    applies=is_no_procedure,
    check=_check,
    example=Text(
        "別記1-2を様式どおりに記入した。建設資材廃棄物についての欄はなく、何も書かれていない。",
        "1-2 was filled in as printed: there is no line on construction waste, and nothing is said of it.",
    ),
)
