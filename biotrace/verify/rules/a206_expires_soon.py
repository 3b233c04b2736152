"""A206: the issuer's accreditation expires within a month, and no renewal was applied for.

A renewal is due a month before the last day. Example: an accreditation until 2017-03-31, looked at on 2017-03-10.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from biotrace.model.dates import last_day, month_before
from biotrace.model.party import Accreditation
from biotrace.model.text import Text

from ..effect import Effect
from ..facts import held_accreditations, needs_no_accreditation, own_code
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject

_DAY = timedelta(days=1)


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    every = s.issuer.accreditations if s.issuer is not None else ()
    for held in held_accreditations(s):
        last = _last_day(s, held)
        if held.renewal_requested is not None or not (s.case.today <= last and month_before(last) <= s.case.today):
            continue
        revoked = held.revoked is not None and held.revoked <= s.case.today
        followed = any(a.start <= last + _DAY and _last_day(s, a) > last for a in every)
        if not (revoked or followed):
            number = held.number or ""
            yield Fired(
                Text(f"{number}: {last} まで、更新の申請なし", f"{number}: until {last}, no renewal applied for")
            )


def _last_day(s: Subject, held: Accreditation) -> date:
    return held.until or last_day(held.start, s.profile.accreditation_years)


RULE = Rule(
    code="A206",
    name=Text(
        "認定がまもなく切れ、更新の申請がない",
        "the accreditation expires soon, and no renewal was applied for",
    ),
    clause="別記3 の【別記1ア】",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "認定の更新は、有効期間の終わる1か月前までに申請する。申請のないまま期限が来れば、"
        "その後の証明書は認定事業者のものでなくなる（A203）。",
        "A renewal is applied for a month before the accreditation ends. If it ends without one, later certificates "
        "are no longer an accredited business's (A203).",
    ),
    expected=Text(
        "期限の1か月前までの更新申請",
        "a renewal applied for a month before the end",
    ),
    remedy=Text(
        "発行者に更新を促し、申請したら認定の記録に加える",
        "remind the issuer, and record the application once it is made",
    ),
    stages=CERTIFICATES,
    applies=lambda s: (
        s.certificate is not None and not own_code(s) and not needs_no_accreditation(s) and bool(held_accreditations(s))
    ),
    check=_check,
    example=Text(
        "2017年3月10日、認定は2017年3月31日までだが、更新の申請がない。",
        "On 2017-03-10 the accreditation has three weeks left, until 2017-03-31, and no renewal was applied for.",
    ),
)
