"""Plants, chip mills, log sellers and municipalities, with names, addresses and accreditations."""

from __future__ import annotations

from datetime import date, timedelta

from . import Entry
from .names import (
    BODIES,
    CONTRACTOR_NAMES,
    NUMBER_PREFIXES,
    OAZA,
    PROCESSOR_NAMES,
    PRODUCER_NAMES,
    Region,
    stem,
)
from .routes import Route, pick
from .situations import LINKED

OF_THE_README = "proc-3-a"


def address(region: Region, town: str, key: str) -> str:
    oaza = OAZA[pick(f"{key}/address", 0, len(OAZA) - 1)]
    return f"{region.prefecture}{town}大字{oaza}{pick(f'{key}/house', 3, 890)}番地"


def plant_party(number: int, region: Region) -> Entry:
    key = f"plant-{number}"
    return {
        "id": key,
        "name": f"{stem(region.towns[0])}木質発電株式会社 発電所No.{number}",
        "roles": ["plant"],
        "address": address(region, region.towns[0], key),
    }


def processor_party(route: Route) -> Entry:
    key, letter = route.processor_id, route.situation.processor
    town = route.region.towns["abcde".index(letter) % len(route.region.towns)]
    return {
        "id": key,
        "name": PROCESSOR_NAMES[letter].format(stem(town)),
        "roles": ["producer", "processor"] if route.situation.harvest == "self" else ["processor"],
        "address": address(route.region, town, key),
    }


def seller_party(route: Route, earlier: int) -> Entry:
    """Who sold the logs. ``earlier``: producers of the same town before this one, for a name of its own."""
    key = route.seller_id
    if route.sold_by_office:
        home = route.region.towns[0]
        where = address(route.region, home, key)
        return {"id": key, "name": route.office, "roles": ["forest_office"], "address": where}
    names = CONTRACTOR_NAMES if route.situation.document == "waste_manifest" else PRODUCER_NAMES
    turn = pick(route.town, 0, len(names) - 1)
    return {
        "id": key,
        "name": names[(turn + earlier) % len(names)].format(stem(route.town)),
        "roles": ["producer"],
        "address": address(route.region, route.town, key),
    }


def accreditation(key: str, serial: int, plant: int) -> Entry | list[Entry]:
    """Three years each; every ninth party, and the mill of route k1, has been renewed once.

    The reader of the README issues a certificate as the mill ``OF_THE_README``, on whatever day that is: A203 does not
    take one that is logged long after the accreditation, so this one does not run out.
    """
    body = str(BODIES[plant % len(BODIES)]["id"])
    number = f"{NUMBER_PREFIXES[body]}-{serial:03d}"
    if serial % 9 == 0 or key == "proc-11-a":
        first = date(2012, 9, 10) + timedelta(days=pick(f"{key}/accredited", 0, 90))
        second = three_years(first) + timedelta(days=1)
        requested = three_years(first) - timedelta(days=pick(f"{key}/requested", 35, 60))
        return [
            {"number": number, "body": body, "from": first, "until": three_years(first)}
            | {"renewal_requested": requested},
            {"number": number, "body": body, "from": second, "until": three_years(second)},
        ]
    start = date(2013, 4, 1) + timedelta(days=pick(f"{key}/accredited", 0, 360))
    until = date(2099, 12, 31) if key == OF_THE_README else three_years(start)
    return {"number": number, "body": body, "from": start, "until": until}


def three_years(start: date) -> date:
    """The last day of an accreditation that began on ``start``."""
    return date(start.year + 3, start.month, start.day) - timedelta(days=1)


def business_parties(routes: list[Route]) -> list[Entry]:
    """Plants, chip mills and log sellers, in this order, each once."""
    plants = {route.plant_id: plant_party(route.plant, route.region) for route in routes}
    mills: dict[str, Entry] = {}
    for route in routes:
        if route.situation.harvest == "self" or route.processor_id not in mills:
            mills[route.processor_id] = processor_party(route)
    sellers: dict[str, Entry] = {}
    in_town: dict[str, int] = {}
    for route in routes:
        if route.situation.harvest != "self":
            sellers[route.seller_id] = seller_party(route, in_town.get(route.town, 0))
            in_town[route.town] = in_town.get(route.town, 0) + 1
    parties = [*plants.values(), *mills.values(), *sellers.values()]
    accredit(parties, routes)
    return parties


def accredit(parties: list[Entry], routes: list[Route]) -> None:
    """Give every business its accreditation; offices need none, the sites of a manifest have none."""
    plant_of = {key: route.plant for route in routes for key in (route.plant_id, route.processor_id, route.seller_id)}
    outside = {route.seller_id for route in routes if route.situation.document == "waste_manifest"}
    members = [p for p in parties if "forest_office" not in p["roles"] and p["id"] not in outside]
    for serial, party in enumerate(members, start=1):
        party["accreditation"] = accreditation(party["id"], serial, plant_of[party["id"]])


def town_parties(routes: list[Route]) -> list[Entry]:
    """Municipalities that vouch for a concordance."""
    return [
        {"id": f"town-{route.name}", "name": route.town, "roles": ["municipality"]}
        | {"address": f"{route.region.prefecture}{route.town}"}
        for route in routes
        if route.name in LINKED
    ]


def accreditation_numbers(parties: list[Entry]) -> dict[str, str]:
    """Party id → the number it writes on its certificates."""
    numbers = {}
    for party in parties:
        held = party.get("accreditation")
        if held:
            numbers[party["id"]] = str((held[-1] if isinstance(held, list) else held)["number"])
    return numbers
