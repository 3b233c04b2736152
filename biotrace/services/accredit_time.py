"""How long an accreditation lasts, and when its renewal is due (別記3 の第六, 第十一)."""

from __future__ import annotations

from datetime import date

from biotrace.model import dates
from biotrace.model.dates import month_before
from biotrace.model.party import Accreditation
from biotrace.verify.profile import RINYA_2012


def last_day(start: date) -> date:
    """Accreditations are valid for three years (別記3 の【別記2】): the day before the third anniversary."""
    return dates.last_day(start, RINYA_2012.accreditation_years)


def ends(held: Accreditation) -> date:
    """The last day of a body's accreditation: the one stated, or the usual one. Revocation is not looked at."""
    return held.until or last_day(held.start)


def renewal_due(held: Accreditation) -> date:
    """The last day on which renewal may be applied for: a month before the end."""
    return month_before(ends(held))
