"""Family S as far as rules judge it: when a record was logged, against its own date (S107) and in A203."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.party import Accreditation
from biotrace.verify.case import Case, Evidence, case_of_casebook
from biotrace.verify.effect import Effect
from biotrace.verify.fold import Judged, fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import judge
from tests.casebooks import OTSU, change, clean

DAY = date(2014, 11, 19)
"""The day that p-1 and d-1 bear."""
SIGNED, TRANSCRIBED, UNSIGNED = Evidence.SIGNED, Evidence.TRANSCRIBED, Evidence.UNSIGNED


def logged_on(logged: date | None, book: Casebook, evidence: Evidence = SIGNED) -> Case:
    """The book as read from a ledger that took p-1 and d-1 on this day, and f-1 on its own date."""
    case = case_of_casebook(book)
    days = {e.value.id: e.value.date if e.value.id == "f-1" else logged for e in case.entries}
    entries = tuple(replace(e, evidence=evidence, logged=days[e.value.id]) for e in case.entries)
    return replace(case, entries=entries)


def of(record: str, case: Case) -> Judged:
    """One record, judged by all rules."""
    return fold(case, RULES, RINYA_2012).judged[record]


def s107(record: str, logged: date | None, evidence: Evidence = SIGNED) -> list[str]:
    """What S107 found on a record of the clean book."""
    found = [f for f in of(record, logged_on(logged, clean(), evidence)).findings if f.code == "S107"]
    assert all(f.effect is Effect.NOTICE for f in found)
    return [f"{f.found.ja} / {f.found.en}" for f in found]


def test_s107_allows_thirty_days_and_no_more() -> None:
    assert s107("p-1", DAY) == []
    assert s107("p-1", DAY + timedelta(days=30)) == []
    late = (
        "日付 2014-11-19、台帳に入ったのは 2014-12-20（31 日後、30 日まで） / "
        "dated 2014-11-19, logged on 2014-12-20: 31 days later, 30 are allowed"
    )
    assert s107("p-1", DAY + timedelta(days=31)) == [late]


def test_s107_speaks_of_what_is_dated_ahead_by_a_single_day() -> None:
    ahead = (
        "日付 2014-11-19 は、台帳に入った日 2014-11-18 より先 / "
        "dated 2014-11-19, later than the day it was logged, 2014-11-18"
    )
    assert s107("p-1", DAY - timedelta(days=1)) == [ahead]


def test_s107_is_asked_of_deliveries_too() -> None:
    assert len(s107("d-1", DAY + timedelta(days=31))) == 1


@pytest.mark.parametrize("evidence", [TRANSCRIBED, UNSIGNED])
def test_s107_is_not_asked_of_copies(evidence: Evidence) -> None:
    """A paper of 2014 copied in 2020 is no back-dating, and a casebook has no log."""
    judged = of("p-1", logged_on(date(2020, 1, 1), clean(), evidence))
    assert "S107" not in {f.code for f in judged.findings} | {u.code for u in judged.unchecked} | judged.passed


def test_s107_without_a_log_time_is_not_checked_and_changes_nothing() -> None:
    case = logged_on(None, clean())
    assert [(u.code, u.decisive) for u in of("p-1", case).unchecked] == [("S107", False), ("A203", False)]
    assert judge(case, RINYA_2012).lots[0].clean


def test_s107_leaves_the_lot_clean() -> None:
    (lot,) = judge(logged_on(date(2015, 2, 1), clean()), RINYA_2012).lots
    assert lot.clean
    assert "S107" in lot.fired


# A203: the date within the accreditation, the log time long after it


HELD = OTSU.accreditations[0]
"""2014-04-01 to 2017-03-31."""


def holding(*held: Accreditation, **changes: Any) -> Casebook:
    """The clean book with other accreditations of the mill; without any, with its only one altered."""
    return change(clean(), OTSU.id, accreditations=held or (replace(HELD, **changes),))


def renewed(start: date, **changes: Any) -> Casebook:
    """Accredited until 2014-11-30 and again from ``start``, for three years."""
    first = replace(HELD, until=date(2014, 11, 30))
    return holding(first, replace(HELD, start=start, until=date(2017, 11, 30), **changes))


def a203(logged: date | None, book: Casebook, evidence: Evidence = SIGNED) -> list[str]:
    """What A203 found on the chips."""
    found = [f for f in of("p-1", logged_on(logged, book, evidence)).findings if f.code == "A203"]
    assert all(f.effect is Effect.UNPROVEN for f in found)
    return [f"{f.message.ja}: {f.found.ja} / {f.message.en}: {f.found.en}" for f in found]


SOON = date(2014, 12, 1)
LATE = [
    ("the 31st day after the last", date(2014, 12, 31), holding(until=date(2014, 11, 30))),
    ("the 31st day after it was revoked", date(2015, 1, 1), holding(revoked=SOON)),
    ("revoked, though the stated end is far", date(2016, 1, 1), holding(revoked=SOON)),
    ("renewed after a gap of one day", date(2015, 1, 1), renewed(date(2014, 12, 2))),
    ("the renewal was revoked", date(2015, 3, 4), renewed(SOON, revoked=date(2015, 2, 1))),
    ("revoked, last day not stated", date(2015, 1, 1), holding(revoked=SOON, until=None)),
]
IN_TIME = [
    ("the 30th day after the last", date(2014, 12, 30), holding(until=date(2014, 11, 30))),
    ("the 30th day after it was revoked", date(2014, 12, 31), holding(revoked=SOON)),
    ("renewed without a gap", date(2017, 12, 30), renewed(SOON)),
    ("30 days after the renewal was revoked", date(2015, 3, 3), renewed(SOON, revoked=date(2015, 2, 1))),
    ("last day not stated, within the usual time", date(2017, 4, 30), holding(until=None)),
    ("logged before its date", date(2014, 11, 1), holding()),
]


@pytest.mark.parametrize(("logged", "book"), [row[1:] for row in LATE], ids=[row[0] for row in LATE])
def test_a203_is_not_beaten_by_a_date_chosen_afterwards(logged: date, book: Casebook) -> None:
    (found,) = a203(logged, book)
    assert f"台帳に入ったのは {logged}" in found
    assert "logged too long after the accreditation had ended: issued 2014-11-19, accredited 2014-04-01.." in found


@pytest.mark.parametrize(("logged", "book"), [row[1:] for row in IN_TIME], ids=[row[0] for row in IN_TIME])
def test_a203_is_silent_on_what_was_logged_in_time(logged: date, book: Casebook) -> None:
    assert a203(logged, book) == []


@pytest.mark.parametrize("evidence", [TRANSCRIBED, UNSIGNED])
def test_a203_takes_a_copy_whenever_it_is_logged(evidence: Evidence) -> None:
    assert a203(date(2020, 1, 1), holding(revoked=SOON), evidence) == []


def test_a203_without_a_stated_last_day_is_undecided_when_logged_after_the_usual_time() -> None:
    judged = of("p-1", logged_on(date(2017, 5, 1), holding(until=None)))
    assert [(u.code, u.decisive) for u in judged.unchecked] == [("A203", True)]


def test_a203_still_goes_by_the_date_itself() -> None:
    (found,) = a203(DAY, holding(until=date(2014, 11, 18)))
    assert "認定が証明日に有効でない" in found
