"""Files that come with the package: reference tables and the demonstration."""

from __future__ import annotations

import csv
import io
from importlib.resources import files

from biotrace.documents.casebook import read_casebook
from biotrace.model.casebook import Casebook

DEMO = "demo/soumu2017.yaml"


def demo_casebook() -> Casebook:
    """The audit's 98 routes as papers."""
    return read_casebook(_bytes(DEMO), DEMO)


def audit_routes() -> list[dict[str, str]]:
    """The audit's own table of the 98 routes, with its findings (図表2-(3)-イ-①)."""
    return list(csv.DictReader(io.StringIO(_bytes("soumu2017/routes.csv").decode())))


def _bytes(name: str) -> bytes:
    place = files("biotrace.data")
    for part in name.split("/"):
        place = place.joinpath(part)
    return place.read_bytes()
