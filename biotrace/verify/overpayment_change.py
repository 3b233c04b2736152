"""How much more was overpaid, in yen, if something were so: the same lots judged twice, by the same terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .overpayment import Figure, LotOverpaid, Overpayment, Terms, Ways, Yen, overpaid
from .verdict import LotVerdict


@dataclass(frozen=True)
class OverpaymentChange:
    """Both: lot by lot, in the same order, by what is proven. ``before``: as it stands, ``after``: supposing more."""

    before: Overpayment
    after: Overpayment

    @property
    def by_tonnage(self) -> Yen:
        """What comes on top, only what is not confirmed being counted as a lower class."""
        return self._more(lambda ways: ways.by_tonnage)

    @property
    def all_or_nothing(self) -> Yen:
        """What comes on top, each lot counted as the lowest class in it."""
        return self._more(lambda ways: ways.all_or_nothing)

    @property
    def untold(self) -> tuple[LotOverpaid, ...]:
        """The lots that are in neither amount: their weight, or a price that they need, is not known."""
        return tuple(after for before, after in self._pairs if not (_is_told(before.today) and _is_told(after.today)))

    @property
    def _pairs(self) -> Iterator[tuple[LotOverpaid, LotOverpaid]]:
        return zip(self.before.lots, self.after.lots, strict=True)

    def _more(self, way: Callable[[Ways], Figure]) -> Yen:
        """End by end: the kWh, and the price claimed, are the same before and after."""
        low = high = Yen().low
        for before, after in self._pairs:
            if before.today is None or after.today is None or not (_is_told(before.today) and _is_told(after.today)):
                continue
            one, other = way(before.today).yen, way(after.today).yen
            low, high = low + other.low - one.low, high + other.high - one.high
        return Yen(min(low, high), max(low, high))


def _is_told(ways: Ways | None) -> bool:
    return ways is not None and not (ways.by_tonnage.not_priced or ways.all_or_nothing.not_priced)


def overpaid_more(before: Sequence[LotVerdict], after: Sequence[LotVerdict], terms: Terms) -> OverpaymentChange:
    """What follows in yen. ``before`` and ``after``: verdicts on the same lots of one plant, in one order."""
    return OverpaymentChange(overpaid(before, terms), overpaid(after, terms))
