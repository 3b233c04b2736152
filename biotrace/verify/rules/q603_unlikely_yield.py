"""Q603: bone-dry, unlikely much or little came out of what was drawn in.

Example: 6.58 t of chips (3.8 bone-dry t) from 100 m³ of sugi (45 bone-dry t), a yield of 0.08. Residues are what sawing
leaves over, so little of them is likely. Where more goes out than can have come in, Q602 speaks.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..effect import Effect
from ..inputs import balance, is_residue, yield_of
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    found = yield_of(s)
    if found is None:
        reason = Text("換算係数がなく歩留まりが分からない", "no factor to tell the yield by")
        yield NotChecked(reason, harmless=True)
        return
    low = 0 if is_residue(s.certificate) or s.exempt_mixture else s.profile.yield_low
    high = s.profile.yield_high
    if not low <= found <= high * (1 + s.profile.balance_tolerance):
        told, span = f"{float(found):.2f}", f"{float(low):.2f}"
        yield Fired(Text(f"全乾の歩留まり {told}", f"a bone-dry yield of {told}") + _span(span, f"{float(high):.2f}"))


def _span(low: str, high: str) -> Text:
    return Text(f"（目安 {low}〜{high}）", f" (expected {low} to {high})")


def _applies(s: Subject) -> bool:
    if s.certificate is None or not s.finds_source:
        return False
    return not balance(s).excess


RULE = Rule(
    code="Q603",
    name=Text(
        "歩留まりがありそうな範囲にない",
        "an unlikely yield",
    ),
    clause="G3",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "出荷と引き当てを標準の換算係数で全乾重量にして比べる。木材の大半はチップになり、増えることはない。"
        "0.4から1.0（計量の誤差3％まで）を外れたら、引き当ての書き誤りがないか人が見る。"
        "製材等残材は残りものなので下限を問わない。",
        "Out and in are compared bone-dry at default factors. Most of the wood becomes chips, and none is added: "
        "outside 0.4 to 1.0 (and 3 % for weighing) a person should see whether a draw was written down wrongly. "
        "Residues are what is left over, so they have no lower bound.",
    ),
    expected=Text(
        "歩留まり0.4〜1.0",
        "a yield of 0.4 to 1.0",
    ),
    remedy=Text(
        "引き当てた量と出荷量、水分を確かめる",
        "check what was drawn, what went out, and its moisture",
    ),
    stages=CERTIFICATES,
    applies=_applies,
    check=_check,
    example=Text(
        "スギ100㎥（全乾45.5トン）を引き当て、水分42％のチップ6.58トン（全乾3.82トン）を出荷した。歩留まり0.08。",
        "6.58 t of chips at 42 % moisture, 3.82 t bone-dry, draw on 100 m³ of sugi, 45.5 t: a yield of 0.08.",
    ),
)
