"""Until when a paper is kept, for whom and why, in words."""

from __future__ import annotations

from datetime import date

from biotrace.model.text import Text, same
from biotrace.verify.profile import RINYA_2012

from .retain_papers import Duty
from .times import day_of

CLAUSE = "G3, 別記3 第五④"


def term(duty: Duty, years: int) -> Text:
    """The last day, who keeps it, and whose years they are."""
    until = Text(f"{duty.until} まで保存（{duty.party}、", f"kept until {duty.until} ({duty.party}, ")
    return until + why(duty, years) + Text("）", ")")


def why(duty: Duty, years: int) -> Text:
    """Whose years they are, from which day, how many, and by which clause."""
    record = duty.because.record
    if duty.asked:
        return Text(f"{record.subject} の回答期限", f"day set by {record.subject}")
    day: date = getattr(record.body, "date", None) or day_of(duty.because.logged_at)
    whose = Text(
        f"{record.subject}（{day}）" + ("の根拠" if duty.rests else ""),
        ("grounds of " if duty.rests else "") + f"{record.subject} of {day}",
    )
    longer = Text("、設定による", ", by setting") if years > RINYA_2012.retention_years else same("")
    return whose + Text(f"、{years}年、{CLAUSE}", f", {years} years, {CLAUSE}") + longer
