"""What follows from a supposition in yen, for the lots of one plant and by its terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from biotrace.documents.report_papers.report import Cell, Column, Kind, Report, Table
from biotrace.model.delivery import Delivery
from biotrace.model.party import Party
from biotrace.model.text import Text, same
from biotrace.verify.overpayment import Figure, LotOverpaid, Overpayment, Terms, Yen
from biotrace.verify.overpayment_change import OverpaymentChange, overpaid_more
from biotrace.verify.overpayment_json import overpayment_data, yen_data

from .lot_check import Seen
from .plant_lots import Lot, arrived_at, one_plant, which_plant
from .report_overpayment import as_certified, priced_as_certified, terms_facts
from .report_overpayment_tables import ALL_OR_NOTHING, BY_TONNAGE, Named, tables, yen_said
from .report_parts import numbered
from .trace import WhatIf
from .trace_facts import party_name
from .trace_start import called

_NOW, _IF = Text("いまのまま", "as it stands"), Text("仮定のとおりなら", "if it were so")
_MORE = Text("増える額", "on top")


@dataclass(frozen=True, slots=True)
class WhatIfYen:
    """The yen of the lots of one plant that change. ``report``: for people, with formula and inputs.

    ``priced_as_certified``: lots that are certificates, priced as if all that they certify had been delivered.
    """

    plant: Party
    change: OverpaymentChange
    report: Report
    priced_as_certified: tuple[str, ...]


def what_if_yen(what: WhatIf, terms: Terms, asked: str | None = None) -> WhatIfYen | None:
    """What more would have been overpaid at the plant whose terms these are, on the lots that change.

    ``asked``: its name or id; without it all of them have to be of one plant. None where no lot changes. Raises
    UsageError where several plants took the lots in and none is asked for, and for a plant that took none of them.
    """
    seen = what.found.seen
    at = {e.value.id: e.value for e in seen.case.entries}
    if not what.changed:
        return None
    plants = {arrived_at(at[lot.before.id]) for lot in what.changed}
    if asked is None and len(plants) > 1:
        raise which_plant([seen.case.parties[plant] for plant in sorted(plants)])
    values = [at[lot.before.id] for lot in what.changed]
    if asked is not None:
        values = [value for value in values if asked in _names(seen, value)] or values
    plant = one_plant(values, seen.case, lambda value: called(value, seen.subjects), asked)
    lots = [lot for lot in what.changed if arrived_at(at[lot.before.id]) == plant.id]
    change = overpaid_more([lot.before for lot in lots], [lot.after for lot in lots], terms)
    named = [_named(seen, at, lot) for lot in change.after.lots]
    certified = priced_as_certified(named, seen.case)
    report = _report(plant, change, named, as_certified(named, seen.case))
    return WhatIfYen(plant, change, report, tuple(lot.found.lot.id for lot in certified))


def yen_of_what_if_data(found: WhatIfYen) -> dict[str, Any]:
    """The yen as plain data: before, after, and what comes on top."""
    change = found.change
    return {
        "plant": found.plant.id,
        "as_it_stands": overpayment_data(change.before),
        "if_it_were_so": overpayment_data(change.after),
        "on_top": {"by_tonnage": yen_data(change.by_tonnage), "all_or_nothing": yen_data(change.all_or_nothing)},
        "not_in_on_top": [lot.lot.id for lot in change.untold],
        "priced_as_certified": list(found.priced_as_certified),
    }


def _names(seen: Seen, value: Lot) -> tuple[str, str]:
    party = arrived_at(value)
    return party, party_name(seen, party)


def _named(seen: Seen, at: Mapping[str, Lot], lot: LotOverpaid) -> Named:
    value = at[lot.lot.id]
    supplier = value.sender if isinstance(value, Delivery) else value.seller
    return Named(lot, called(value, seen.subjects), value.date, party_name(seen, supplier))


def _report(plant: Party, change: OverpaymentChange, named: Sequence[Named], certified: Iterable[Text]) -> Report:
    facts = ((Text("発電所", "plant"), same(f"{plant.name} ({plant.id})")), *terms_facts(change.after.terms))
    untold = {lot.lot.id for lot in change.untold}
    return Report(
        name="what-if",
        title=Text("仮定のとおりなら、過払いの増える額（試算）", "Overpaid on top if it were so (estimate)"),
        facts=(*facts, (Text("ロット", "lots"), Text(f"変わるもの {len(named)} 件", f"{len(named)} that change"))),
        tables=(_sums(change), *tables(change.after, named, paper=False, today=_IF)),
        evidence=Table(Text("根拠", "records"), (), ()),
        attention=(*_attention([lot.name for lot in named if lot.found.lot.id in untold]), *certified),
    )


def _sums(change: OverpaymentChange) -> Table:
    columns = (
        Column(same(""), Kind.TEXT, 60),
        Column(BY_TONNAGE + Text("（円）", ", yen"), Kind.TEXT, 50),
        Column(ALL_OR_NOTHING + Text("（円）", ", yen"), Kind.TEXT, 50),
    )
    before, after = change.before.today, change.after.today
    rows: tuple[tuple[Cell, ...], ...] = (
        (_NOW, *(_figure(figure, change.before) for figure in (before.by_tonnage, before.all_or_nothing))),
        (_IF, *(_figure(figure, change.after) for figure in (after.by_tonnage, after.all_or_nothing))),
        (_MORE, *(_more(change, yen) for yen in (change.by_tonnage, change.all_or_nothing))),
    )
    return Table(_MORE, columns, rows, frozenset((2,)))


def _figure(figure: Figure, of: Overpayment) -> Text:
    """Never 0 for what has no price, or no weight."""
    if figure.has_no_price:
        return Text("単価なし", "not priced")
    unknown = len(of.weight_unknown)
    if unknown == len(of.lots):
        return Text("重さ不明", "weight unknown")
    more = (
        Text(f"（重さ不明の {unknown} 件を除く）", f" (without {unknown} of unknown weight)") if unknown else same("")
    )
    return yen_said(figure.yen) + more


def _more(change: OverpaymentChange, yen: Yen) -> Text:
    """Never 0 where none of the lots has an amount."""
    if len(change.untold) == len(change.after.lots):
        return Text("金額なし", "not priced")
    return yen_said(yen)


def _attention(untold: Sequence[str]) -> Iterator[Text]:
    if untold:
        yield Text(
            "重さか単価が分からず、増える額に入っていない: ", "weight or price unknown, not in what comes on top: "
        ) + (numbered(untold))
