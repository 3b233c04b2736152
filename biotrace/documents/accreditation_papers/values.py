"""What several papers of 別記3 state, and how they write days, years and volumes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from biotrace.documents.forms import page
from biotrace.model.dates import in_era
from biotrace.model.quantity import plain

CM3 = 1_000_000
"""cm³ in one m³."""


@dataclass(frozen=True, slots=True)
class Business:
    """事業者. None: not known here, a line to write on. ``number``: 認定番号, on the papers that ask for it."""

    name: str | None
    address: str | None = None
    representative: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """The signed record that a paper rests on. ``qr_text``: see ``biotrace.chain.qrtext``; ``record_id``: hex.

    ``day``: on which it was signed. ``transcribed_by``: who copied it from a paper; the body did not sign it then.
    """

    record_id: str
    qr_text: str
    day: date
    transcribed_by: str | None = None

    @property
    def subject(self) -> str:
        """What a PDF says of it in its metadata."""
        return f"記録ID {self.record_id}"


@dataclass(frozen=True, slots=True)
class Handled:
    """原木（原料）入荷量 and チップ等出荷量: cm³ of solid wood. None: not known, left open."""

    logs_in: int | None = None
    chips_out: int | None = None


UNKNOWN = Handled()


def day_text(day: date | None, western: bool) -> str:
    """平成26年6月27日, or 2014年6月27日; for None the spaces in which to write one."""
    return "　　　　年　　月　　日" if day is None else page.day_text(day, western=western)


def fiscal_year_text(year: int | None, western: bool) -> str:
    """平成26年度, or 2014年度, by its first day, 1 April."""
    if year is None:
        return "　　　　年度"
    return f"{year}年度" if western else in_era(date(year, 4, 1)).split("年")[0] + "年度"


def volume_text(amount: int | None) -> str:
    """cm³ as ㎥, exact: 1,234.5 ㎥. Without an amount the unit alone, after the space in which to write."""
    return "㎥" if amount is None else f"{plain(Decimal(amount) / CM3)} ㎥"
