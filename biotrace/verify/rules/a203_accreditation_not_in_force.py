"""A203: the accreditation was not yet, or no longer, in force when the certificate was issued.

In force on the last day stated, no longer on the day of revocation. Example: a certificate of 2017-04-03 under an
accreditation until 2017-03-31. Logging later than the expiry allows is checked once records carry a log time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from biotrace.model.dates import years_after
from biotrace.model.party import Accreditation
from biotrace.model.text import Text, join, same

from ..effect import Effect
from ..facts import held_accreditations, needs_no_accreditation, own_code
from ..rule import Fired, NotChecked, Rule, Scope
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    held = held_accreditations(s)
    answers = [_in_force(a, s.date, s.profile.accreditation_years) for a in held]
    if True in answers:
        return
    if None in answers:
        yield NotChecked(Text("認定の有効期限が分からない", "the accreditation's last day is not stated"))
        return
    periods = join([_period(a) for a in held])
    yield Fired(Text(f"証明日 {s.date}、認定期間 ", f"issued {s.date}, accredited ") + periods)


def _period(a: Accreditation) -> Text:
    revoked = Text(f" (取消 {a.revoked})", f" (revoked {a.revoked})") if a.revoked else Text("", "")
    return same(f"{a.start}..{a.until or ''}") + revoked


def _in_force(a: Accreditation, day: date, years: int) -> bool | None:
    """Whether it is in force; None where its last day is not stated and the usual time is over."""
    if day < a.start or (a.revoked is not None and day >= a.revoked):
        return False
    if a.until is not None:
        return day <= a.until
    return True if day < years_after(a.start, years) else None


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
        "その証明書は認定事業者のものとはいえない。",
        "An accreditation is valid for three years and can be revoked. A certificate dated outside that time is "
        "not an accredited business's.",
    ),
    expected=Text(
        "証明書の日付に有効な認定",
        "an accreditation in force on the certificate's date",
    ),
    remedy=Text(
        "認定の更新を確かめ、有効期間内の認定で発行し直してもらう",
        "check for a renewal and have it reissued under an accreditation in force",
    ),
    applies=lambda s: (
        s.certificate is not None and not own_code(s) and not needs_no_accreditation(s) and bool(held_accreditations(s))
    ),
    check=_check,
)
