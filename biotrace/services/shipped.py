"""Files that come with the package: reference tables and the demonstration."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

from biotrace.documents.casebook import read_casebook
from biotrace.model.casebook import Casebook
from biotrace.verify.places import Municipalities, Municipality
from biotrace.verify.prices import PriceTable, price_table

DEMO = "demo/soumu2017.yaml"


def demo_casebook() -> Casebook:
    """The audit's 98 routes as papers."""
    return read_casebook(_bytes(DEMO), DEMO)


def audit_routes() -> list[dict[str, str]]:
    """The audit's own table of the 98 routes, with its findings (図表2-(3)-イ-①)."""
    return list(csv.DictReader(io.StringIO(_bytes("soumu2017/routes.csv").decode())))


def audit_plants() -> list[dict[str, str]]:
    """The audit's table of what 21 plants planned and used (図表2-(3)-ア-④), in 10,000 t without water."""
    return list(csv.DictReader(io.StringIO(_bytes("soumu2017/plants.csv").decode())))


def audit_plant_totals() -> list[dict[str, str]]:
    """The totals that the audit prints under that table; they are not the sums of its rows."""
    return list(csv.DictReader(io.StringIO(_bytes("soumu2017/plants_printed_totals.csv").decode())))


@cache
def fit_prices() -> PriceTable:
    """What a kWh was paid, by the year of the plant's approval, class and output."""
    return price_table(csv.DictReader(io.StringIO(_bytes("fit_prices.csv").decode())))


def rule_example(code: str, kind: str) -> tuple[Path, bytes] | None:
    """A casebook that shows a rule, ``bad`` or ``good``, and where it lies; None where there is none."""
    place = Path(str(files("biotrace.data"))) / "rules" / f"{code}.{kind}.yaml"
    return (place, place.read_bytes()) if place.is_file() else None


@cache
def municipalities() -> Municipalities:
    """The table of municipalities and of what became of them."""
    return Municipalities(_municipalities())


def _municipalities() -> Iterator[Municipality]:
    for row in csv.DictReader(io.StringIO(_bytes("municipalities.csv").decode())):
        yield Municipality(
            code=row["code"],
            prefecture=row["prefecture"],
            name=row["name"],
            since=_day(row["from"]),
            ended=_day(row["ended"]),
            today=tuple(row["today"].split("/")) if row["today"] else (),
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _bytes(name: str) -> bytes:
    place = files("biotrace.data")
    for part in name.split("/"):
        place = place.joinpath(part)
    return place.read_bytes()
