"""A203: the accreditation was not in force when the certificate was issued, or had ended long before it was logged.

In force on the last day stated, no longer on the day of revocation. Example: a certificate of 2017-04-03 under an
accreditation until 2017-03-31. A date can be chosen, the log's time cannot: what was logged later than expiry or
revocation plus the allowed delay is not taken to have been issued before it. A renewal that follows without a gap moves
the expiry on. Transcriptions, and casebooks, which have no log, are excepted from the second part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from biotrace.model.dates import last_day
from biotrace.model.party import Accreditation
from biotrace.model.text import Text, join, same

from ..case import Evidence
from ..effect import Effect
from ..facts import held_accreditations, needs_no_accreditation, own_code
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject

_DAY = timedelta(days=1)
_NOT_STATED = Text("認定の有効期限が分からない", "the accreditation's last day is not stated")


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    held = held_accreditations(s)
    answers = [_in_force(a, s.date, s.profile.accreditation_years) for a in held]
    if True in answers:
        yield from _logged_in_time(s, held, [a for a, answer in zip(held, answers, strict=True) if answer])
        return
    if None in answers:
        yield NotChecked(_NOT_STATED)
        return
    periods = join([_period(a) for a in held])
    yield Fired(Text(f"証明日 {s.date}、認定期間 ", f"issued {s.date}, accredited ") + periods)


def _logged_in_time(
    s: Subject, held: Sequence[Accreditation], covering: Sequence[Accreditation]
) -> Iterator[Fired | NotChecked]:
    """Whether the log took the record before the accreditations that cover its date had been over for too long."""
    logged = s.entry.logged
    if s.entry.evidence is not Evidence.SIGNED:
        return
    if logged is None:
        yield NotChecked(Text("台帳に入った日が分からない", "when it was logged is not known"), harmless=True)
        return
    delay = timedelta(days=s.profile.allowed_delay_days)
    if any(a.revoked is None and logged <= _last_day(a, s.profile.accreditation_years) + delay for a in covering):
        return  # the usual case, without asking for renewals
    ends = [_end(a, held, s.profile.accreditation_years) for a in covering]
    if any(logged <= end + delay for end, _ in ends):
        return
    if not all(stated for _, stated in ends):
        yield NotChecked(_NOT_STATED)
        return
    periods = join([_period(a) for a in covering])
    too_late = Text(
        f" の内だが、台帳に入ったのは {logged}（認定が終わってから {delay.days} 日まで）",
        f", but logged on {logged}, more than {delay.days} days after that ended",
    )
    yield Fired(
        Text(f"証明日 {s.date} は認定期間 ", f"issued {s.date}, accredited ") + periods + too_late,
        message=Text("認定が終わった後、遅れて台帳に入った", "logged too long after the accreditation had ended"),
        expected=Text(
            f"認定の終わりから {delay.days} 日以内に台帳に入った証明書",
            f"a certificate logged within {delay.days} days of the accreditation's end",
        ),
        remedy=Text(
            "認定が有効なうちに、実際の発行日で発行し直してもらう",
            "have it reissued under its true date while an accreditation is in force",
        ),
    )


def _end(a: Accreditation, held: Sequence[Accreditation], years: int) -> tuple[date, bool]:
    """The day of its revocation, or else its last day, and whether that is stated or taken from the usual time.

    Renewals without a gap move the last day on.
    """
    last = _last_day(a, years)
    if a.revoked is not None and a.revoked <= last:
        return a.revoked, True
    renewals = [r for r in held if r.start <= last + _DAY and _last_day(r, years) > last]
    return max([(last, a.until is not None), *(_end(r, held, years) for r in renewals)])


def _last_day(a: Accreditation, years: int) -> date:
    return a.until or last_day(a.start, years)


def _period(a: Accreditation) -> Text:
    revoked = Text(f" (取消 {a.revoked})", f" (revoked {a.revoked})") if a.revoked else Text("", "")
    return same(f"{a.start}..{a.until or ''}") + revoked


def _in_force(a: Accreditation, day: date, years: int) -> bool | None:
    """Whether it is in force; None where its last day is not stated and the usual time is over."""
    if day < a.start or (a.revoked is not None and day >= a.revoked):
        return False
    if a.until is not None:
        return day <= a.until
    return True if day <= last_day(a.start, years) else None


RULE = Rule(
    code="A203",
    name=Text(
        "認定が証明日に有効でない",
        "accreditation not in force on the day of issue",
    ),
    clause="G3(3)①",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "認定は認定の日から3年間有効で、取り消されることもある。証明書の日付に有効でなければ、"
        "その証明書は認定事業者のものとはいえない。認定が終わった後に遅れて台帳に入ったものも、"
        "日付をさかのぼらせたおそれがあり、同じに扱う。",
        "An accreditation is valid for three years and can be revoked. A certificate dated outside that time is "
        "not an accredited business's; nor is one that reached the log so late that its date may have been chosen.",
    ),
    expected=Text(
        "証明書の日付に有効な認定",
        "an accreditation in force on the certificate's date",
    ),
    remedy=Text(
        "認定の更新を確かめ、有効期間内の認定で発行し直してもらう",
        "check for a renewal and have it reissued under an accreditation in force",
    ),
    stages=CERTIFICATES,
    applies=lambda s: (
        s.certificate is not None and not own_code(s) and not needs_no_accreditation(s) and bool(held_accreditations(s))
    ),
    check=_check,
    example=Text(
        "認定は2017年3月31日までで、証明書の日付は2017年4月3日。3日間、認定がない。",
        "Accredited until 31 March 2017; the certificate is dated 3 April, three days later.",
    ),
)
