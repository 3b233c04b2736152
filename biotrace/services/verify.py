"""Verifying lots in a ledger: from the stored bytes to the verdict."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.text import Text
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding
from biotrace.verify.rules import NOT_RUN, RULES
from biotrace.verify.verdict import Verdict, judge, pronounce

from .ledger_case import Logged, Reading, case_of_ledger, integrity_finding, read_ledger
from .times import day_of
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Verified:
    """Verdicts from a ledger. ``damage``: what is wrong with any stored entry; ``entries``: how many were read."""

    verdict: Verdict
    damage: tuple[Finding, ...]
    entries: int
    subjects: dict[str, str]

    @property
    def clean(self) -> bool:
        """Every stored byte as signed, and every lot clean."""
        return not self.damage and self.verdict.clean


def verify_lots(workspace: Workspace, lots: Sequence[str], as_of: date | None = None) -> Verified:
    """Re-hash and verify the whole ledger, then judge ``lots`` over all that they rest on; without any, all lots.

    Raises UsageError for a lot that the ledger does not hold.
    """
    reading = read_ledger(workspace.ledger)
    today = day_of(workspace.clock())
    if lots:
        wanted = [find_lot(reading, text) for text in lots]
        within = set(workspace.ledger.closure([entry.position for entry in wanted]))
        case = case_of_ledger(reading.logged, today, within, as_of)
        judged = fold(case, RULES, RINYA_2012).judged
        ids = [entry.record.record_id.hex() for entry in wanted]
        _require_known(ids, judged, as_of)
        verdict = Verdict(RINYA_2012.name, case.today, pronounce(ids, case, judged), (), NOT_RUN)
    else:
        verdict = judge(case_of_ledger(reading.logged, today, None, as_of), RINYA_2012)
    damage = tuple(integrity_finding(f) for f in reading.damaged)
    return Verified(verdict, damage, len(reading.logged), reading.subjects())


def find_lot(reading: Reading, text: str) -> Logged:
    """The certificate or delivery that ``text`` means: its subject, its number, or the beginning of its record id.

    Raises UsageError where there is none, or more than one.
    """
    found = [e for e in reading.logged if isinstance(e.record.body, Certificate | Delivery) and _means(text, e)]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"{e.record.subject} ({e.record.record_id.hex()[:12]})" for e in found[:5])
        raise UsageError(
            Text(f"「{text}」に当たる記録が複数あります: {names}", f"{text} means more than one record: {names}"),
            Text("記録IDの先頭で指定してください", "name it by the beginning of its record id"),
            code="ambiguous",
        )
    hidden = [f for f in reading.damaged if f.record_id.hex().startswith(text)]
    what = Text("（壊れた記録です）", " (it is damaged)") if hidden else Text("", "")
    raise UsageError(
        Text(f"「{text}」という証明書・納入は台帳にありません", f"the ledger holds no certificate or delivery {text}")
        + what,
        Text(
            "名前、証明書番号、記録IDの先頭6文字以上のどれかで指定してください",
            "name it by its subject, its certificate number, or 6 or more digits of its record id",
        ),
        code="no-such-record",
    )


def _means(text: str, entry: Logged) -> bool:
    body = entry.record.body
    if entry.record.subject == text or (isinstance(body, Certificate) and body.number == text):
        return True
    return len(text) >= 6 and entry.record.record_id.hex().startswith(text.lower())


def _require_known(ids: Sequence[str], judged: Collection[str], as_of: date | None) -> None:
    missing = [i for i in ids if i not in judged]
    if missing:
        raise UsageError(
            Text(
                f"{as_of} の時点では、{missing[0][:12]} はまだ記録されていません",
                f"on {as_of}, {missing[0][:12]} was not yet logged",
            ),
            code="not-yet-logged",
        )
