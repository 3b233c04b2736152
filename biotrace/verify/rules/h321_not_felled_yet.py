"""H321: by its own felling dates the wood was not felled yet when it was certified, or was felled at no time at all.

What a certificate certifies has been felled. Example: a certificate of 10 June for wood felled from 1 July on. That the
felling goes on after the day of issue is no finding: producers state the time of the whole felling. A time that ends
before it begins is none, and H311 and H312 cannot judge it.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.document import Period
from biotrace.model.text import Text

from ..effect import Effect
from ..period import is_reversed, stated
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import SOURCES
from ..subject import Subject


def fires_h321(s: Subject) -> bool:
    """Whether H321 has the word on the certificate's felling dates."""
    return any(isinstance(answer, Fired) for answer in _check(s))


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    felled = _felled(s)
    if felled is None:
        return
    if is_reversed(felled):
        yield Fired(
            Text(f"伐採は {felled.start} から {felled.until} まで", f"felled from {felled.start} to {felled.until}"),
            message=Text("伐採の終わりが始まりより前になっている", "the felling ends before it begins"),
        )
    elif felled.start is not None and felled.start > s.date:
        told = Text(f"証明日 {s.date}、伐採は {felled.start} から", f"issued {s.date}, felled from {felled.start}")
        yield Fired(told)
    elif felled.start is None and felled.until is not None and felled.until > s.date:
        yield NotChecked(Text("伐採の始まりが書かれていない", "the first day of felling is not stated"), harmless=True)


def _felled(s: Subject) -> Period | None:
    return stated(s.certificate.felled) if s.certificate is not None else None


RULE = Rule(
    code="H321",
    name=Text(
        "証明日にまだ伐採されていない",
        "not felled yet when it was certified",
    ),
    clause="G3(1)①ア, G3(2)①",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "証明書は、伐採した木材について、それを納入するときに交付する。伐採の始まりが証明書の日付より後なら、"
        "証明した木材はまだ立っていた。終わりが始まりより前の時期は、いつの伐採も示さない。"
        "伐採が証明書の日付の後まで続くことは差し支えない。",
        "A certificate comes with wood that has been felled, when it is handed on. Where the felling begins after the "
        "day of issue, what was certified was still standing. A time that ends before it begins shows no felling at "
        "all. That the felling goes on after the day of issue is in order.",
    ),
    expected=Text(
        "証明書の日付までに始まった伐採",
        "a felling that began by the day of issue",
    ),
    remedy=Text(
        "伐採の時期と証明書の日付を確かめ、誤記なら差し替える。伐採前の証明書は、伐採してから発行し直す",
        "check the felling dates and the day of issue; replace the certificate where it is a slip, and issue it after "
        "the felling where it came too early",
    ),
    stages=SOURCES,
    applies=lambda s: _felled(s) is not None,
    check=_check,
    example=Text(
        "2014年6月10日付けの証明書に、伐採は7月1日から25日までとある。",
        "A certificate of 10 June 2014 for wood felled from 1 to 25 July.",
    ),
)
