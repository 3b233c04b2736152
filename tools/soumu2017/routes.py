"""The audit's rows, each joined with its situation, its region and its printed example.

Where a figure is invented, ``pick`` invents it from the route's name: the same one in every run.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from .names import REGIONS, Region, stem
from .printed_examples import EXAMPLES, Example
from .situations import NATIONAL, PLAN, SITUATIONS, Situation

ROOT = Path(__file__).resolve().parents[2]
ROUTES = ROOT / "data" / "soumu2017" / "routes.csv"
PLANTS = ROOT / "data" / "soumu2017" / "plants.csv"

# The auditors' verdict (column audit_finding) is not among these and is dropped while reading: the casebook
# must carry facts only, and a label that is never read cannot leak into it.
FACT_COLUMNS = (
    "harvest_certificate",
    "evidence_document",
    "location_match",
    "processing_certificate",
    "final_felling_declared_as_thinned",
)


def pick(key: str, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high`` that depends on nothing but ``key``."""
    digest = hashlib.sha256(key.encode()).digest()
    return low + int.from_bytes(digest[:4], "big") % (high - low + 1)


@dataclass(frozen=True)
class Route:
    """One row of the audit's table with its situation and its place in the list."""

    name: str
    plant: int
    fuel_class: str
    facts: dict[str, str]
    serial: int
    window: tuple[date, date]

    @property
    def situation(self) -> Situation:
        return SITUATIONS[self.name]

    @property
    def region(self) -> Region:
        return REGIONS[self.plant]

    @property
    def town(self) -> str:
        """Where the trees stand."""
        region = self.region
        if region.linked:
            return region.towns[-1] if region.linked == self.name else self._one_of(region.towns[:-1])
        return self._one_of(region.towns)

    def _one_of(self, towns: tuple[str, ...]) -> str:
        return towns[self.serial % len(towns)]

    @property
    def example(self) -> Example | None:
        return EXAMPLES.get(self.name)

    @property
    def plant_id(self) -> str:
        return f"plant-{self.plant}"

    @property
    def processor_id(self) -> str:
        return f"proc-{self.plant}-{self.situation.processor}"

    @property
    def sold_by_office(self) -> bool:
        return self.situation.harvest.startswith("office_")

    @property
    def seller_id(self) -> str:
        """Who sold the logs."""
        if self.situation.harvest == "self":
            return self.processor_id
        return f"office-{self.name}" if self.sold_by_office else f"prod-{self.name}"

    @property
    def office(self) -> str:
        """The national forest's office for this region."""
        return f"{stem(self.region.towns[0])}森林管理署"

    @property
    def species(self) -> list[str]:
        if self.example:
            return list(self.example.species)
        if self.situation.hardwood:
            return ["コナラ", "ミズナラ"]
        return list(self.region.species[: self.pick("species", 1, 2)])

    @property
    def origin(self) -> str:
        """What the felling-stage certificate declares."""
        if self.fuel_class == "general":
            return "final_felling"
        by_kind = {PLAN: "management_plan", NATIONAL: "national_forest"}
        kind = self.situation.document or ""
        return by_kind.get(kind, "protection_forest" if kind.startswith("protection_") else "thinning")

    def pick(self, what: str, low: int, high: int) -> int:
        return pick(f"{self.name}/{what}", low, high)


def observed_months(text: str) -> tuple[date, date]:
    """``27.4-27.11``: from the first day to the last, in Heisei years and months."""
    (first_year, first_month), (last_year, last_month) = (map(int, part.split(".")) for part in text.split("-"))
    after = date(1988 + last_year + last_month // 12, last_month % 12 + 1, 1)
    return date(1988 + first_year, first_month, 1), after - timedelta(days=1)


def read_routes() -> list[Route]:
    """The audit's rows, without its verdicts."""
    with PLANTS.open(encoding="utf-8", newline="") as file:
        windows = {int(row["plant"]): observed_months(row["observed_period_heisei"]) for row in csv.DictReader(file)}
    with ROUTES.open(encoding="utf-8", newline="") as file:
        return [
            Route(
                name=row["route"],
                plant=int(row["plant"]),
                fuel_class=row["declared_class"],
                facts={column: row[column] for column in FACT_COLUMNS},
                serial=serial,
                window=windows[int(row["plant"])],
            )
            for serial, row in enumerate(csv.DictReader(file), start=1)
        ]
