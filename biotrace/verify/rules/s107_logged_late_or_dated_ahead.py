"""S107: logged more than the allowed delay after its own date, or dated in the future.

The log's own time is what nobody can choose. A paper that reaches it long after the day it bears may have been made
up since; one dated ahead claims what has not happened. A person should look. Transcriptions are copies of older
papers, and casebooks have no log, so neither is asked. Example: a certificate dated 2014-06-27 and logged on
2014-11-19. Mended by logging on the day of issue; what was logged late stays so.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..case import Evidence
from ..effect import Effect
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import EVERY
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    logged, allowed = s.entry.logged, s.profile.allowed_delay_days
    if logged is None:
        yield NotChecked(Text("台帳に入った日が分からない", "when it was logged is not known"))
    elif s.date > logged:
        yield Fired(
            Text(
                f"日付 {s.date} は、台帳に入った日 {logged} より先",
                f"dated {s.date}, later than the day it was logged, {logged}",
            )
        )
    elif (days := (logged - s.date).days) > allowed:
        yield Fired(
            Text(
                f"日付 {s.date}、台帳に入ったのは {logged}（{days} 日後、{allowed} 日まで）",
                f"dated {s.date}, logged on {logged}: {days} days later, {allowed} are allowed",
            )
        )


RULE = Rule(
    code="S107",
    name=Text("日付と台帳に入った日が離れている", "logged late, or dated in the future"),
    clause="G3",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "台帳に入った時刻は誰にも選べない。日付からずっと後に入った記録は、後から作られたものかもしれず、"
        "先の日付の記録は、まだ起きていないことを述べている。区分の判定は変わらないが、人が確かめる。",
        "Nobody chooses the log's time. What reaches it long after its own date may have been made up since; what is "
        "dated ahead claims what has not happened. The class stays; a person should look.",
    ),
    expected=Text(
        "日付の当日から30日以内に台帳に入った記録",
        "a record logged within 30 days of its own date, and not before it",
    ),
    remedy=Text(
        "納品書・計量票などで、その日に取引があったことを確かめる",
        "see by delivery notes or weighbridge slips that it took place on that day",
    ),
    stages=EVERY,
    applies=lambda s: s.entry.evidence is Evidence.SIGNED,
    check=_check,
    example=Text(
        "2014年6月27日付けの証明書が、145日後の11月19日に台帳に入った（30日まで）。",
        "A certificate dated 27 June 2014 reached the log on 19 November, 145 days later; 30 are allowed.",
    ),
)
