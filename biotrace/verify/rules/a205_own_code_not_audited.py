"""A205: a company outside any body relies on a code of its own with no third party's audit, or equivalent, in force.

Whoever has no body looking at it must have somebody else look. Example: a mill states that it goes by its own code of
2014, audited until 2016-03-31, on a certificate of 2016-05-10. The audit counts from its first day to its last, both
included, and only while the code itself is in force; one of which no last day is stated counts from its first day on.
Mended by an audit that covers the day of issue, or by an accreditation.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.party import Accreditation
from biotrace.model.text import Text, join, same

from ..effect import Effect
from ..facts import needs_no_accreditation, own_code
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    codes = s.issuer.accreditations if s.issuer is not None else ()
    if not any(_audited(code, s) for code in codes):
        audits = join([_described(code) for code in codes])
        yield Fired(Text(f"証明日 {s.date}、", f"issued {s.date}; ") + audits)


def _audited(code: Accreditation, s: Subject) -> bool:
    in_force = code.start <= s.date and (code.until is None or s.date <= code.until)
    revoked = code.revoked is not None and s.date >= code.revoked
    audit = code.third_party_audit
    covered = audit is not None and audit.start <= s.date and (audit.until is None or s.date <= audit.until)
    return in_force and not revoked and covered


def _described(code: Accreditation) -> Text:
    """The code and its audit, with their times."""
    end = min((day for day in (code.until, code.revoked) if day is not None), default="")
    own = Text("自社の規範 ", "own code ") + same(f"{code.start}..{end}")
    audit = code.third_party_audit
    if audit is None:
        return own + Text("（監査なし）", " (no audit)")
    time = f"{audit.start}..{audit.until or ''}"
    return own + Text(f"（{audit.by}の監査 {time}）", f" (audited by {audit.by} {time})")


RULE = Rule(
    code="A205",
    name=Text(
        "自社の行動規範に有効な第三者監査がない",
        "own code of conduct without a third-party audit in force",
    ),
    clause="G3(3)①",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "団体に属さない事業者は、自社の行動規範によることもできる。ただし第三者による監査など、団体の認定に代わる確認が要る。"
        "証明書の日付に有効な監査がなければ、分別管理を誰も確かめていない。",
        "A company outside any body may go by a code of its own if a third party audits it, or the like. Without an "
        "audit in force on the day of issue nobody has looked at how it keeps classes apart.",
    ),
    expected=Text(
        "証明書の日付に有効な第三者監査",
        "a third party's audit in force on the certificate's date",
    ),
    remedy=Text(
        "監査の報告書で期間を確かめる。監査がなければ、監査か団体の認定を受けてから発行し直してもらう",
        "see the audit's report for its time; without one, have it reissued after an audit or an accreditation",
    ),
    stages=CERTIFICATES,
    applies=lambda s: s.certificate is not None and own_code(s) and not needs_no_accreditation(s),
    check=_check,
    example=Text(
        "自社の行動規範による素材生産会社で、監査は2016年3月31日まで。証明書は2016年5月10日付け。",
        "A log producer by its own code, audited until 31 March 2016, issues a certificate on 10 May 2016.",
    ),
)
