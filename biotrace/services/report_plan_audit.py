"""The audit's own table of plans and use (2017), worked out again by the code that serves a plant's ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from biotrace.documents.report_papers.report import Cell, Column, Kind, Report, Table
from biotrace.model.text import Text
from biotrace.verify.plan_use import Compared, scaled_back
from biotrace.verify.span import MONTHS_A_YEAR

from .report_parts import TOTAL
from .report_plan import SCALING, cells, compared_data, total
from .shipped import audit_plant_totals, audit_plants

_GRAMS = Kind.TEN_THOUSAND_T.scale
_FUELS = {
    "thinned": Text("間伐材等由来", "thinned"),
    "general_imported": Text("一般木質（輸入材）", "general, imported"),
    "general_domestic": Text("一般木質（国産材）", "general, domestic"),
    "construction": Text("建設資材廃棄物", "construction waste"),
}
_SOURCE = Text(
    "総務省行政評価局「森林の管理・活用に関する行政評価・監視結果報告書」平成29年7月、図表2-(3)-ア-④",
    "administrative evaluation bureau of the ministry of internal affairs, July 2017, 図表2-(3)-ア-④",
)


@dataclass(frozen=True, slots=True)
class AuditPlant:
    """A row of the audit's table: its fuels by column, in bone-dry grams."""

    number: int
    output: str
    period: str
    fuels: Mapping[str, Compared]

    @property
    def all_fuels(self) -> Compared:
        """Wood of all kinds together."""
        return total(list(self.fuels.values()))


def plants_of_audit() -> tuple[AuditPlant, ...]:
    """The 21 plants. What is printed as used is a year's: scaled to one by the audit where it saw less."""
    return tuple(_plant(row) for row in audit_plants())


def _plant(row: Mapping[str, str]) -> AuditPlant:
    months = int(row["observed_months"])
    fuels = {
        fuel: Compared(_grams(row[f"{fuel}_plan"]), scaled_back(_grams(row[f"{fuel}_actual"]), months), months)
        for fuel in _FUELS
    }
    return AuditPlant(int(row["plant"]), row["output_class"], row["observed_period_heisei"], fuels)


def _grams(text: str) -> int:
    """万t as printed, in grams."""
    return int(Decimal(text) * _GRAMS)


def audit_report() -> Report:
    """The audit's table worked out again: differences, sums of its rows, and beside them the totals that it prints."""
    plants = plants_of_audit()
    tables = (_sums_table(plants), _below_table(plants), _audit_table(plants))
    return Report(
        name="総務省2017計画と実績",
        title=Text("総務省 2017 の使用計画と実績（再計算）", "Plan and use of the audit of 2017, worked out again"),
        facts=((Text("出典", "source"), _SOURCE), (Text("単位", "unit"), Text("万t（全乾）", "10,000 t, bone-dry"))),
        tables=tables,
        main=2,
        evidence=_audit_evidence(plants),
        listed=False,
        notes=(
            SCALING,
            Text(
                "報告書の「使用実績量」は、観測が12か月未満の設備ではすでに1年分に換算された値（同表の注6）。"
                "ここでもう一度は換算しない。観測期間の量は、そこから戻した値で、印字の桁（0.1万t）までの精度",
                "what the report prints as used is a year's already, scaled by the audit (its note 6): it is not scaled"
                " again. What was observed is worked back from it, to the precision printed",
            ),
            Text(
                "0 は0.1万t未満（注4）。木材以外の燃料は含まない（注2）。報告書の計は設備1〜19の和で、20と21を含まない",
                "0: below 1,000 t (its note 4); wood alone (note 2); the totals printed are of plants 1 to 19",
            ),
        ),
        data=_audit_data(plants),
    )


_M = Kind.TEN_THOUSAND_T
_AUDIT = (
    Column(Text("設備", "plant"), Kind.COUNT, 10),
    Column(Text("出力", "output"), Kind.TEXT, 21),
    Column(Text("燃料", "fuel"), Kind.TEXT, 33),
    Column(Text("計画", "planned"), _M, 13),
    Column(Text("観測した期間（平成）", "observed, Heisei years"), Kind.TEXT, 22),
    Column(Text("か月", "months"), Kind.COUNT, 10),
    Column(Text("観測期間の量（逆算）", "observed, worked back"), _M, 21),
    Column(Text("1年分の使用", "a year's use"), _M, 15),
    Column(Text("差", "difference"), _M, 15),
)
_SUMS = (
    Column(Text("燃料", "fuel"), Kind.TEXT, 40),
    Column(Text("計画: 行の和", "planned: sum of rows"), _M, 20),
    Column(Text("使用: 行の和", "used: sum of rows"), _M, 20),
    Column(Text("計画: 1〜19", "planned: 1 to 19"), _M, 20),
    Column(Text("使用: 1〜19", "used: 1 to 19"), _M, 20),
    Column(Text("計画: 報告書の計", "planned: as printed"), _M, 20),
    Column(Text("使用: 報告書の計", "used: as printed"), _M, 20),
)
LAST_IN_PRINTED_TOTALS = 19


def _audit_table(plants: Sequence[AuditPlant]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    strong = set()
    for plant in plants:
        for fuel, compared in plant.fuels.items():
            if compared.planned or compared.observed:
                rows.append((plant.number, plant.output, _FUELS[fuel], *_figures(plant, compared)))
        strong.add(len(rows))
        rows.append((plant.number, plant.output, TOTAL, *_figures(plant, plant.all_fuels)))
    return Table(Text("設備ごと（万t、全乾）", "by plant, 10,000 t bone-dry"), _AUDIT, tuple(rows), frozenset(strong))


def _figures(plant: AuditPlant, compared: Compared) -> tuple[Cell, ...]:
    planned, *rest = cells(compared, _M)
    return planned, plant.period, *rest


def sums_of(plants: Sequence[AuditPlant]) -> dict[str, tuple[int, int]]:
    """Planned and used in a year, in grams, summed over the plants, by fuel, and of all under ``total``."""
    found = {}
    for fuel in (*_FUELS, "total"):
        of = [plant.all_fuels if fuel == "total" else plant.fuels[fuel] for plant in plants]
        found[fuel] = (sum(c.planned or 0 for c in of), round(sum((c.a_year or Fraction(0) for c in of), Fraction(0))))
    return found


def _sums_table(plants: Sequence[AuditPlant]) -> Table:
    everything = sums_of(plants)
    first = sums_of([p for p in plants if p.number <= LAST_IN_PRINTED_TOTALS])
    printed = {row["fuel"]: (_grams(row["plan"]), _grams(row["actual"])) for row in audit_plant_totals()}
    names = {**_FUELS, "total": TOTAL}
    rows = tuple((names[fuel], *everything[fuel], *first[fuel], *printed[fuel]) for fuel in everything)
    return Table(Text("計（万t、全乾）", "sums, 10,000 t bone-dry"), _SUMS, rows, frozenset((len(rows) - 1,)))


def below_plan(plants: Sequence[AuditPlant]) -> list[AuditPlant]:
    """The plants that used less thinned wood than planned."""
    return [p for p in plants if (p.fuels["thinned"].difference or 0) < 0]


def _below_table(plants: Sequence[AuditPlant]) -> Table:
    rows = tuple((p.number, p.output, _FUELS["thinned"], *_figures(p, p.fuels["thinned"])) for p in below_plan(plants))
    title = Text(f"間伐材等由来が計画を下回る設備 {len(rows)}", f"{len(rows)} plants below plan, thinned")
    return Table(title, _AUDIT, rows)


_EVIDENCE = (
    Column(Text("設備", "plant"), Kind.COUNT, 20),
    Column(Text("観測期間（平成）", "period, Heisei years"), Kind.TEXT, 40),
    Column(Text("月数", "months"), Kind.COUNT, 20),
    Column(Text("出典", "source"), Kind.TEXT, 80),
)


def _audit_evidence(plants: Sequence[AuditPlant]) -> Table:
    rows = tuple((p.number, p.period, p.all_fuels.months, _SOURCE) for p in plants)
    return Table(Text("根拠", "records"), _EVIDENCE, rows)


def _audit_data(plants: Sequence[AuditPlant]) -> dict[str, Any]:
    first = [p for p in plants if p.number <= LAST_IN_PRINTED_TOTALS]
    return {
        "source": _SOURCE.ja,
        "unit": "bone-dry grams",
        "months_a_year": MONTHS_A_YEAR,
        "plants": [
            {
                "plant": p.number,
                "output": p.output,
                "period": p.period,
                "fuels": {fuel: compared_data(compared) for fuel, compared in p.fuels.items()},
                "total": compared_data(p.all_fuels),
            }
            for p in plants
        ],
        "sums": {fuel: {"planned": a, "a_year": b} for fuel, (a, b) in sums_of(plants).items()},
        "sums_1_to_19": {fuel: {"planned": a, "a_year": b} for fuel, (a, b) in sums_of(first).items()},
        "printed_totals": {
            row["fuel"]: {"planned": _grams(row["plan"]), "a_year": _grams(row["actual"])}
            for row in audit_plant_totals()
        },
        "below_plan_in_thinned": [p.number for p in below_plan(plants)],
    }
